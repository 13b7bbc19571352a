//! Where in the file is the next record? Follows the bytes of a file piece by piece and knows line and column.

use crate::error::{Code, Error};
use crate::read::json_text::{DEPTH, Fault, Next, Place};
use crate::read::limits;
use crate::read::options::ReadOptions;
use crate::table::figures::grouped;
use std::ops::Range;

/// A place in the file; lines and characters before it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Mark {
    /// Bytes before it.
    pub offset: u64,
    lines: u64,
    letters: u64,
}

impl Mark {
    fn pass(&mut self, bytes: &[u8]) {
        let letters = |bytes: &[u8]| bytes.iter().filter(|&&byte| byte & 0xC0 != 0x80).count() as u64;
        self.offset += bytes.len() as u64;
        match bytes.iter().rposition(|&byte| byte == b'\n') {
            Some(at) => {
                self.lines += bytes.iter().filter(|&&byte| byte == b'\n').count() as u64;
                self.letters = letters(&bytes[at + 1..]);
            }
            None => self.letters += letters(bytes),
        }
    }
}

/// What the search for the next record came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// More bytes are needed.
    More,
    /// A record, in the bytes at hand.
    Record(Range<usize>),
    /// There are no more.
    Over,
}

/// A way through the file, from one place on.
#[derive(Debug)]
pub struct Walk {
    /// The bytes at hand.
    pub bytes: Vec<u8>,
    /// How far they are read.
    pub place: Place,
    /// Whether the end of the list is the end of the way.
    pub wrapped: bool,
    inside: bool,
    over: bool,
    /// Up to where lines are counted.
    counted: (usize, Mark),
    /// Where the bytes at hand end in the file, and where the file ends.
    fetched: u64,
    total: u64,
    /// Whether the file may go on after its last byte known.
    open: bool,
}

impl Walk {
    /// A way from a place on. Records are the lines, or the values of the list that begins there.
    pub fn new(start: Mark, total: u64, open: bool, lines: bool) -> Walk {
        let (bytes, place) = (Vec::new(), Place::new(0, lines));
        let (counted, fetched) = ((0, start), start.offset);
        Walk { bytes, place, wrapped: false, inside: lines, over: false, counted, fetched, total, open }
    }

    /// The bytes to ask for next; nothing if all are at hand.
    pub fn need(&self, chunk: u64) -> Option<Range<u64>> {
        (self.fetched < self.total).then(|| self.fetched..self.fetched.saturating_add(chunk).min(self.total))
    }

    /// Takes the bytes asked for.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.mark();
        self.bytes.drain(..self.place.at);
        self.bytes.extend_from_slice(bytes);
        (self.place.at, self.counted.0) = (0, 0);
        self.fetched += bytes.len() as u64;
    }

    /// Whether the bytes at hand are the last.
    pub fn last(&self) -> bool {
        self.fetched == self.total && !self.open
    }

    /// Bytes of the file that are done with.
    pub fn done(&self) -> u64 {
        self.fetched - (self.bytes.len() - self.place.at) as u64
    }

    /// The place of what stands next.
    pub fn mark(&mut self) -> Mark {
        let (from, mark) = &mut self.counted;
        mark.pass(&self.bytes[*from..self.place.at]);
        *from = self.place.at;
        *mark
    }

    /// What stands next; nothing if more bytes are needed.
    pub fn look(&mut self) -> Result<Option<Next>, Fault> {
        let last = self.last();
        self.place.look(&self.bytes, last)
    }

    /// The value or key that stands next; nothing if more bytes are needed.
    pub fn take(&mut self, options: &ReadOptions) -> Result<Option<Range<usize>>, Fault> {
        let last = self.last();
        self.place.take(&self.bytes, last, limits::row_limit(options) as usize)
    }

    /// The next record.
    pub fn record(&mut self, options: &ReadOptions) -> Result<Found, Fault> {
        while !self.over {
            let Some(next) = self.look()? else { return Ok(Found::More) };
            match next {
                Next::Value(_) if self.inside => return Ok(self.take(options)?.map_or(Found::More, Found::Record)),
                Next::Close => {
                    self.place.leave();
                    self.over = self.wrapped;
                }
                Next::End => self.over = true,
                _ => {
                    self.place.enter(&self.bytes)?;
                    self.inside = true;
                }
            }
        }
        Ok(Found::Over)
    }

    /// A fault as an error: where it is in the file, in which record, and what to do.
    pub fn error(&self, fault: Fault, record: Option<u64>, options: &ReadOptions) -> Error {
        let at = match fault {
            Fault::Wrong(at) | Fault::Deep(at) => at,
            Fault::Ends => self.bytes.len(),
            Fault::Long(_) => return limits::long_row(record.unwrap_or(1), options),
        };
        let (from, mut mark) = self.counted;
        mark.pass(&self.bytes[from.min(at)..at]);
        let (line, column) = (grouped(mark.lines + 1), grouped(mark.letters + 1));
        let record_text = record.map_or_else(String::new, |record| format!(" (record {})", grouped(record)));
        let place = format!("line {line}, column {column}{record_text}");
        let file = options.file();
        let message = match fault {
            Fault::Ends => {
                format!("{file} is not whole JSON: it ends at {place}, where more must come. Export it again.")
            }
            Fault::Deep(_) => format!(
                "{file} holds lists or objects within each other more than {DEPTH} deep at {place}. Export a flat list of records."
            ),
            _ => {
                // One character, so that the message does not depend on how much of the file is at hand.
                let shown = match self.bytes[at] {
                    byte if byte.is_ascii() => format!("“{}”", char::from(byte).escape_debug()),
                    _ => "what stands there".into(),
                };
                format!(
                    "{file} is not valid JSON at {place}: {shown} does not fit. Mend that place, or export the file again."
                )
            }
        };
        let mut error = Error::new(Code::BadJson, message)
            .hint("If the file is a table of text with separators, set “format” to “csv”.");
        (error.details.row, error.details.line) = (record, Some(mark.lines + 1));
        error
    }
}
