//! What tags does a part consist of? A scanner that takes its bytes in pieces of any size and keeps next to nothing.
//!
//! It judges more strictly than the reader behind it: tags must nest, a document type (which could define entities) is
//! refused wherever it stands, and so is an encoding in which such a thing could hide.

use crate::refuse::{damaged, suspicious};
use marquetry::error::{Error, Result};
use memchr::{memchr, memchr3, memmem};

/// Bytes of one tag, and levels of nesting.
const MOST_TAG: usize = 1 << 20;
const MOST_LEVELS: usize = 256;

/// What was met.
pub(crate) enum Event<'a> {
    /// `<name attributes>`, or `<name attributes/>`: then its end follows at once.
    Start(&'a [u8], Attributes<'a>),
    /// `</name>`.
    End(&'a [u8]),
    /// A piece of the text between tags; never empty.
    Text,
}

/// Scans one part.
#[derive(Debug, Default)]
pub(crate) struct Scanner {
    state: State,
    /// The beginning of a tag (or comment …) that goes on in the next piece.
    carry: Vec<u8>,
    /// Names of the open elements, one after the other, and where each begins.
    open: Vec<u8>,
    starts: Vec<usize>,
    elements: u64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum State {
    /// No byte was seen yet.
    #[default]
    Fresh,
    /// One byte a character in markup.
    Narrow,
    /// Two or four bytes a character: zeros are left out, which makes markup readable and mangles other text.
    Wide,
}

impl Scanner {
    /// Takes the next piece.
    pub(crate) fn feed(&mut self, piece: &[u8], each: &mut dyn FnMut(Event) -> Result<()>) -> Result<()> {
        if self.state == State::Fresh {
            self.state = match piece {
                [] => return Ok(()),
                [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..] | [0, ..] | [_, 0, ..] => State::Wide,
                _ => State::Narrow,
            };
            let mark = match piece {
                [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..] => 2,
                [0xEF, 0xBB, 0xBF, ..] => 3,
                _ => 0,
            };
            let first = piece[mark..].iter().find(|byte| !matches!(byte, 0 | b' ' | b'\t' | b'\r' | b'\n'));
            if first != Some(&b'<') {
                return Err(damaged("one of its parts is not XML"));
            }
            return self.take(&piece[mark..], each);
        }
        self.take(piece, each)
    }

    fn take(&mut self, piece: &[u8], each: &mut dyn FnMut(Event) -> Result<()>) -> Result<()> {
        if self.state == State::Wide || !self.carry.is_empty() {
            let mut bytes = std::mem::take(&mut self.carry);
            if self.state == State::Wide {
                bytes.extend(piece.iter().filter(|&&byte| byte != 0));
            } else {
                bytes.extend_from_slice(piece);
            }
            let used = self.scan(&bytes, each)?;
            bytes.drain(..used);
            self.carry = bytes;
        } else {
            let used = self.scan(piece, each)?;
            self.carry.extend_from_slice(&piece[used..]);
        }
        if self.carry.len() > MOST_TAG {
            return Err(suspicious("one of its tags is longer than a million bytes"));
        }
        Ok(())
    }

    /// Refuses a part that ends within something.
    pub(crate) fn finish(&self) -> Result<()> {
        if self.carry.is_empty() && self.starts.is_empty() && self.elements > 0 {
            return Ok(());
        }
        Err(damaged("one of its parts is cut off"))
    }

    /// Gives the bytes used; the rest is the beginning of something.
    fn scan(&mut self, bytes: &[u8], each: &mut dyn FnMut(Event) -> Result<()>) -> Result<usize> {
        let mut at = 0;
        loop {
            let text = memchr(b'<', &bytes[at..]).unwrap_or(bytes.len() - at);
            if text > 0 {
                each(Event::Text)?;
                at += text;
            }
            let rest = &bytes[at..];
            let Some(used) = self.markup(rest, each)? else { return Ok(at) };
            at += used;
        }
    }

    /// One piece of markup at the start of `rest`; nothing while its end is not there.
    fn markup(&mut self, rest: &[u8], each: &mut dyn FnMut(Event) -> Result<()>) -> Result<Option<usize>> {
        let until = |open: usize, close: &[u8]| {
            rest.get(open..).and_then(|body| memmem::find(body, close)).map(|found| open + found + close.len())
        };
        match rest {
            [] | [b'<'] | [b'<', b'!'] | [b'<', b'!', b'-'] => Ok(None),
            [b'<', b'!', b'-', b'-', ..] => Ok(until(4, b"-->")),
            [b'<', b'!', b'[', ..] if rest.len() < 9 => Ok(None),
            [b'<', b'!', b'[', b'C', b'D', b'A', b'T', b'A', b'[', ..] => {
                let end = until(9, b"]]>");
                if end.is_some_and(|end| end > 12) {
                    each(Event::Text)?;
                }
                Ok(end)
            }
            [b'<', b'!', ..] => Err(suspicious("one of its parts brings a document type of its own (DOCTYPE)")),
            [b'<', b'?', ..] => {
                let end = until(2, b"?>");
                end.map_or(Ok(()), |end| check_encoding(&rest[2..end - 2]))?;
                Ok(end)
            }
            _ => {
                let Some(end) = tag_end(rest) else { return Ok(None) };
                self.tag(&rest[1..end], each)?;
                Ok(Some(end + 1))
            }
        }
    }

    fn tag(&mut self, tag: &[u8], each: &mut dyn FnMut(Event) -> Result<()>) -> Result<()> {
        if let [b'/', name @ ..] = tag {
            let name = name.trim_ascii_end();
            let start = self.starts.pop().filter(|&start| self.open[start..] == *name).ok_or_else(crossed)?;
            self.open.truncate(start);
            return each(Event::End(local(name)));
        }
        let (tag, empty) = match tag {
            [tag @ .., b'/'] => (tag, true),
            _ => (tag, false),
        };
        let name = tag.iter().position(u8::is_ascii_whitespace).unwrap_or(tag.len());
        let (name, attributes) = tag.split_at(name);
        if name.is_empty() {
            return Err(damaged("one of its parts has a tag without a name"));
        }
        self.elements += 1;
        each(Event::Start(local(name), Attributes(attributes)))?;
        if empty {
            return each(Event::End(local(name)));
        }
        if self.starts.len() == MOST_LEVELS {
            return Err(suspicious("its tags nest too deeply"));
        }
        self.starts.push(self.open.len());
        self.open.extend_from_slice(name);
        Ok(())
    }
}

fn crossed() -> Error {
    damaged("the tags of one of its parts do not match")
}

/// Where the tag at the start ends: at the first `>` outside quotes.
fn tag_end(bytes: &[u8]) -> Option<usize> {
    let mut at = 1;
    loop {
        at += memchr3(b'>', b'"', b'\'', &bytes[at..])?;
        if bytes[at] == b'>' {
            return Some(at);
        }
        at += 1 + memchr(bytes[at], &bytes[at + 1..])? + 1;
    }
}

/// Other encodings than these could hide markup from the scanner.
fn check_encoding(declaration: &[u8]) -> Result<()> {
    let Some(rest) = declaration.strip_prefix(b"xml").filter(|rest| rest.first().is_some_and(u8::is_ascii_whitespace))
    else {
        return Ok(());
    };
    let name = Attributes(rest).get(b"encoding").unwrap_or(b"utf-8").to_ascii_lowercase();
    let usual: [&[u8]; 5] = [b"utf-8", b"utf-16", b"us-ascii", b"iso-8859-", b"windows-125"];
    if usual.iter().any(|usual| name.starts_with(usual)) {
        return Ok(());
    }
    Err(suspicious("one of its parts is written in an unusual encoding"))
}

/// A name without its prefix.
fn local(name: &[u8]) -> &[u8] {
    memchr(b':', name).map_or(name, |colon| &name[colon + 1..])
}

/// The attributes of a tag, as they stand.
#[derive(Clone, Copy)]
pub(crate) struct Attributes<'a>(&'a [u8]);

impl<'a> Attributes<'a> {
    /// The value of the first attribute of this name, whatever its prefix.
    pub(crate) fn get(&self, wanted: &[u8]) -> Option<&'a [u8]> {
        let mut rest = self.0;
        loop {
            let equals = memchr(b'=', rest)?;
            let name = local(rest[..equals].trim_ascii());
            rest = rest[equals + 1..].trim_ascii_start();
            let quote = *rest.first().filter(|quote| matches!(quote, b'"' | b'\''))?;
            let end = memchr(quote, &rest[1..])?;
            let value = &rest[1..=end];
            if name == wanted {
                return Some(value);
            }
            rest = &rest[end + 2..];
        }
    }

    /// A whole number; nothing where it is none.
    pub(crate) fn number(&self, wanted: &[u8]) -> Option<u64> {
        std::str::from_utf8(self.get(wanted)?).ok()?.trim().parse().ok()
    }
}
