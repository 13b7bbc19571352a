//! Where do the values of a JSON text begin and end, and are they well formed?
//!
//! The text may come in pieces: a [`Place`] is kept between them, and what it says does not depend on where they were
//! cut. It follows brackets, commas and keys itself; a value is found as a stretch of bytes and looked into only when
//! asked for, so that no more than one record is ever held. RFC 8259 to the letter: nothing is forgiven.

use std::borrow::Cow;
use std::ops::Range;

/// Brackets that may be open at once.
pub const DEPTH: usize = 64;

/// Why the text cannot be read, with the place in the bytes at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// What stands here cannot stand here.
    Wrong(usize),
    /// The text ends before it is complete.
    Ends,
    /// Brackets within brackets beyond [`DEPTH`].
    Deep(usize),
    /// A value longer than allowed begins here.
    Long(usize),
}

impl Fault {
    /// The same fault, seen from bytes of which these are a part that begins at `start`.
    pub fn within(self, start: usize) -> Fault {
        match self {
            Fault::Wrong(at) => Fault::Wrong(start + at),
            Fault::Deep(at) => Fault::Deep(start + at),
            Fault::Long(at) => Fault::Long(start + at),
            Fault::Ends => Fault::Ends,
        }
    }
}

/// What stands next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// The name of a field.
    Key,
    /// A value that begins with this byte.
    Value(u8),
    /// The end of the innermost open bracket.
    Close,
    /// The end of the text.
    End,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Expect {
    /// A value must come.
    #[default]
    Value,
    /// A bracket was just opened: its first value or key, or its end.
    First,
    Key,
    Colon,
    /// A value was just read: a comma, or the end.
    After,
}

/// How far a JSON text has been read.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// The next byte of the bytes at hand. Whoever drops bytes in front of it lowers it.
    pub at: usize,
    /// Whether lines of values are read, not one value.
    pub lines: bool,
    open: Vec<u8>,
    expect: Expect,
    /// Whether a line has ended since the last value.
    fresh: bool,
    /// How far the end of the value at `at` has been looked for: bytes, open brackets, inside quotes.
    seen: usize,
    depth: usize,
    quoted: bool,
}

impl Place {
    /// The beginning of a text, at this byte.
    pub fn new(at: usize, lines: bool) -> Place {
        Place { at, lines, ..Place::default() }
    }

    /// What stands next, past blanks, commas and colons; nothing if more bytes are needed to tell.
    pub fn look(&mut self, bytes: &[u8], last: bool) -> Result<Option<Next>, Fault> {
        loop {
            while let Some(byte) = bytes.get(self.at).filter(|byte| is_blank(**byte)) {
                self.fresh |= *byte == b'\n';
                self.at += 1;
            }
            let Some(&byte) = bytes.get(self.at) else {
                return match (last, self.open.is_empty() && self.expect == Expect::After) {
                    (false, _) => Ok(None),
                    (true, true) => Ok(Some(Next::End)),
                    (true, false) => Err(Fault::Ends),
                };
            };
            self.expect = match (self.expect, self.open.last(), byte) {
                (Expect::First | Expect::After, Some(b'['), b']') => return Ok(Some(Next::Close)),
                (Expect::First | Expect::After, Some(b'{'), b'}') => return Ok(Some(Next::Close)),
                (Expect::First | Expect::Key, Some(b'{'), b'"') => return Ok(Some(Next::Key)),
                (Expect::First, Some(b'['), _) | (Expect::Value, _, _) => return Ok(Some(Next::Value(byte))),
                (Expect::After, Some(b'{'), b',') => Expect::Key,
                (Expect::After, Some(_), b',') | (Expect::Colon, _, b':') => Expect::Value,
                (Expect::After, None, _) if self.lines && self.fresh => {
                    self.expect = Expect::Value;
                    continue;
                }
                _ => return Err(Fault::Wrong(self.at)),
            };
            self.at += 1;
        }
    }

    /// Goes into the object or list that stands next.
    pub fn enter(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        if self.open.len() == DEPTH {
            return Err(Fault::Deep(self.at));
        }
        self.open.push(bytes[self.at]);
        self.at += 1;
        self.expect = Expect::First;
        Ok(())
    }

    /// Goes out of the innermost open bracket, whose end stands next.
    pub fn leave(&mut self) {
        self.open.pop();
        self.at += 1;
        self.after(Expect::After);
    }

    /// The bytes of the value or key that stands next; nothing if more are needed. A value that lies inside one opening
    /// and one closing bracket has been weighed, not checked: [`check`] does that.
    pub fn take(&mut self, bytes: &[u8], last: bool, limit: usize) -> Result<Option<Range<usize>>, Fault> {
        let start = self.at;
        let stop = bytes.len().min(start.saturating_add(limit).saturating_add(1));
        let mut at = start + self.seen;
        let mut end = None;
        if matches!(bytes[start], b'"' | b'{' | b'[') {
            while at < stop && end.is_none() {
                match bytes[at] {
                    // What follows a backslash is never the end.
                    b'\\' if self.quoted && at + 1 == bytes.len() => break,
                    b'\\' if self.quoted => at += 1,
                    b'"' => {
                        self.quoted = !self.quoted;
                        end = (!self.quoted && self.depth == 0).then_some(at + 1);
                    }
                    _ if self.quoted => {}
                    b'{' | b'[' if self.open.len() + self.depth == DEPTH => return Err(Fault::Deep(at)),
                    b'{' | b'[' => self.depth += 1,
                    b'}' | b']' => {
                        self.depth -= 1;
                        end = (self.depth == 0).then_some(at + 1);
                    }
                    _ => {}
                }
                at += 1;
            }
        } else {
            at += bytes[at..stop].iter().take_while(|byte| !is_blank(**byte) && !b",:[]{}\"".contains(byte)).count();
            end = (at < bytes.len() || last).then_some(at);
        }
        self.seen = at - start;
        if self.seen > limit {
            return Err(Fault::Long(start));
        }
        let Some(end) = end else { return if last { Err(Fault::Ends) } else { Ok(None) } };
        if end == start {
            return Err(Fault::Wrong(start));
        }
        self.at = end;
        let was_key = matches!(self.open.last(), Some(b'{')) && matches!(self.expect, Expect::First | Expect::Key);
        self.after(if was_key { Expect::Colon } else { Expect::After });
        Ok(Some(start..end))
    }

    fn after(&mut self, expect: Expect) {
        (self.expect, self.fresh, self.seen, self.depth, self.quoted) = (expect, false, 0, 0, false);
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// Checks everything within one value, or within lines of values.
pub fn check(value: &[u8], lines: bool) -> Result<(), Fault> {
    let mut place = Place::new(0, lines);
    while let Some(next) = place.look(value, true)? {
        match next {
            Next::Value(b'{' | b'[') => place.enter(value)?,
            Next::Key | Next::Value(_) => {
                if let Some(range) = place.take(value, true, usize::MAX)? {
                    plain(&value[range.clone()]).map_err(|fault| fault.within(range.start))?;
                }
            }
            Next::Close => place.leave(),
            Next::End => break,
        }
    }
    Ok(())
}

/// What a value that is neither an object nor a list says.
#[derive(Clone, Debug, PartialEq)]
pub enum Plain<'a> {
    /// Nothing.
    Null,
    /// Yes or no, or a number, as it stands.
    Bare(&'a str),
    /// Text.
    Text(Cow<'a, str>),
}

/// Reads a value that is neither an object nor a list.
pub fn plain(raw: &[u8]) -> Result<Plain<'_>, Fault> {
    match raw {
        b"null" => Ok(Plain::Null),
        [b'"', inner @ .., b'"'] => text(inner).map(Plain::Text).map_err(|fault| fault.within(1)),
        _ => match std::str::from_utf8(raw) {
            Ok(bare) if matches!(bare, "true" | "false") || is_number(raw) => Ok(Plain::Bare(bare)),
            _ => Err(Fault::Wrong(0)),
        },
    }
}

fn is_number(raw: &[u8]) -> bool {
    fn digits(rest: &mut &[u8]) -> usize {
        let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        *rest = &rest[count..];
        count
    }
    let mut rest = raw.strip_prefix(b"-").unwrap_or(raw);
    let zero = rest.first() == Some(&b'0');
    let whole = digits(&mut rest);
    if whole == 0 || zero && whole > 1 {
        return false;
    }
    if let [b'.', fraction @ ..] = rest {
        rest = fraction;
        if digits(&mut rest) == 0 {
            return false;
        }
    }
    if let [b'e' | b'E', exponent @ ..] = rest {
        rest = if let [b'+' | b'-', unsigned @ ..] = exponent { unsigned } else { exponent };
        if digits(&mut rest) == 0 {
            return false;
        }
    }
    rest.is_empty()
}

/// The text between two quotation marks.
fn text(inner: &[u8]) -> Result<Cow<'_, str>, Fault> {
    if let Some(at) = inner.iter().position(|&byte| byte < 0x20) {
        return Err(Fault::Wrong(at));
    }
    let whole = std::str::from_utf8(inner).map_err(|error| Fault::Wrong(error.valid_up_to()))?;
    let mut clean = String::new();
    let mut rest = whole;
    while let Some(at) = rest.find('\\') {
        clean.push_str(&rest[..at]);
        let place = whole.len() - rest.len() + at;
        let (letter, used) = escape(&rest.as_bytes()[at + 1..]).ok_or(Fault::Wrong(place))?;
        clean.push(letter);
        rest = &rest[at + 1 + used..];
    }
    if rest.len() == whole.len() {
        return Ok(Cow::Borrowed(whole));
    }
    clean.push_str(rest);
    Ok(Cow::Owned(clean))
}

/// The character for which the bytes after a backslash stand, and how many of them. Half of a pair stands for none.
fn escape(bytes: &[u8]) -> Option<(char, usize)> {
    let unit = |at: usize| {
        let hex = bytes.get(at..at + 4)?;
        hex.iter().try_fold(0, |unit, &byte| Some(unit * 16 + char::from(byte).to_digit(16)?))
    };
    let simple = match bytes.first()? {
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        byte @ (b'"' | b'\\' | b'/') => char::from(*byte),
        b'u' => {
            let first = unit(1)?;
            if !(0xD800..0xDC00).contains(&first) {
                return Some((char::from_u32(first)?, 5));
            }
            let second = unit(7).filter(|second| (0xDC00..0xE000).contains(second) && &bytes[5..7] == b"\\u")?;
            return Some((char::from_u32(0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00))?, 11));
        }
        _ => return None,
    };
    Some((simple, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_plain_as_they_stand() {
        for raw in ["0", "-0", "10.50", "1e400", "12345678901234567890", "-1.5E-7", "true", "false"] {
            assert_eq!(plain(raw.as_bytes()), Ok(Plain::Bare(raw)));
        }
        assert_eq!(plain(b"null"), Ok(Plain::Null));
        for (raw, expected) in
            [(r#""""#, ""), (r#""a\n\"\\\/""#, "a\n\"\\/"), (r#""\u20ac\ud83d\ude00""#, "€😀"), (r#""€""#, "€")]
        {
            assert_eq!(plain(raw.as_bytes()), Ok(Plain::Text(expected.into())), "{raw}");
        }
    }

    #[test]
    fn what_is_wrong_is_pointed_at() {
        for (raw, at) in [("01", 0), ("1.", 0), ("+1", 0), (".5", 0), ("1e", 0), ("NaN", 0), ("nul", 0), ("TRUE", 0)] {
            assert_eq!(plain(raw.as_bytes()), Err(Fault::Wrong(at)), "{raw}");
        }
        for (raw, at) in
            [(r#""a\x""#, 2), (r#""\ud800""#, 1), (r#""b\udc00\ud800""#, 2), (r#""\u+123""#, 1), ("\"a\tb\"", 2)]
        {
            assert_eq!(plain(raw.as_bytes()), Err(Fault::Wrong(at)), "{raw}");
        }
        assert_eq!(plain(b"\"a\xFF\""), Err(Fault::Wrong(2)));
        for (text, fault) in [
            ("[1,]", Fault::Wrong(3)),
            ("{\"a\":1,}", Fault::Wrong(7)),
            ("[1 2]", Fault::Wrong(3)),
            ("[1]]", Fault::Wrong(3)),
            ("[1}", Fault::Wrong(2)),
            ("{\"a\"", Fault::Ends),
            ("[\"a", Fault::Ends),
            ("", Fault::Ends),
            ("{\"a\":1}{\"a\":2}", Fault::Wrong(7)),
        ] {
            assert_eq!(check(text.as_bytes(), false), Err(fault), "{text}");
        }
        assert_eq!(check(&[b'['; DEPTH + 1], false), Err(Fault::Deep(DEPTH)));
    }

    #[test]
    fn lines_of_values_need_their_line_ends() {
        assert_eq!(check(b"{\"a\":1}\r\n\n[2]\n", true), Ok(()));
        assert_eq!(check(b"{} {}", true), Err(Fault::Wrong(3)));
        assert_eq!(check(b"{}\n{}", false), Err(Fault::Wrong(3)));
    }
}
