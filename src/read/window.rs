//! Which bytes of the file are at hand, and how does a pass take them?

use crate::error::{Code, Error, Result};
use crate::read::estimate::CHUNK;
use crate::read::options::ReadOptions;
use crate::read::pass::{BATCH_ROWS, Pass};
use std::ops::Range;

/// Bytes asked for at once behind a cut, where only the end of a row is wanted.
const BEHIND_CUT: u64 = 64 * 1024;

/// A stretch of the file that is at hand, its front part used up.
#[derive(Debug)]
pub struct Window {
    total: u64,
    chunk: u64,
    buffer: Vec<u8>,
    used: usize,
    /// Where the buffer ends in the file.
    fetched: u64,
    asked: Range<u64>,
}

/// How far a batch came.
#[derive(Clone, Debug, PartialEq)]
pub enum Reached {
    /// There is more at hand.
    Middle,
    /// More bytes are needed.
    Needs(Range<u64>),
    /// The next row begins at the cut or behind it.
    Cut,
    /// No row is left.
    End,
}

impl Window {
    /// Nothing is at hand of a file of so many bytes.
    pub fn new(total: u64) -> Window {
        Window { total, chunk: CHUNK, buffer: Vec::new(), used: 0, fetched: 0, asked: 0..0 }
    }

    /// Asks for so many bytes at once.
    pub fn with_chunk(self, bytes: u64) -> Window {
        Window { chunk: bytes.max(1), ..self }
    }

    /// Bytes of the file.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// What is at hand and not used up.
    pub fn bytes(&self) -> &[u8] {
        &self.buffer[self.used..]
    }

    /// Where that begins in the file.
    pub fn offset(&self) -> u64 {
        self.fetched - (self.buffer.len() - self.used) as u64
    }

    /// Whether the file ends with what is at hand.
    pub fn is_last(&self) -> bool {
        self.fetched >= self.total
    }

    /// Uses up so many bytes.
    pub fn skip(&mut self, bytes: usize) {
        self.used += bytes;
    }

    /// Lets go of what is at hand and goes on at another place.
    pub fn jump(&mut self, to: u64) {
        (self.buffer, self.used, self.fetched) = (Vec::new(), 0, to);
    }

    /// The next bytes to ask for; up to a cut if one is ahead.
    pub fn need(&mut self, cut: u64) -> Range<u64> {
        let most = match cut {
            _ if cut >= self.total => self.chunk,
            _ if cut > self.fetched => self.chunk.min(cut - self.fetched),
            _ => self.chunk.min(BEHIND_CUT),
        };
        self.asked = self.fetched..self.fetched.saturating_add(most).min(self.total);
        self.asked.clone()
    }

    /// Takes the bytes that were asked for.
    pub fn feed(&mut self, bytes: &[u8]) -> Result<()> {
        if bytes.len() as u64 != self.asked.end - self.asked.start {
            return Err(Error::new(
                Code::Internal,
                "The file gave another number of bytes than it has. Open it again.",
            ));
        }
        self.buffer.drain(..self.used);
        self.used = 0;
        self.buffer.extend_from_slice(bytes);
        self.fetched += bytes.len() as u64;
        Ok(())
    }

    /// Has a pass take a batch of the rows that begin before the cut, which may be the end of the file.
    pub fn read(&mut self, pass: &mut Pass, cut: u64, options: &ReadOptions) -> Result<Reached> {
        let end = pass.plan.end.unwrap_or(self.total);
        let last = self.fetched >= end;
        let offset = self.offset();
        let until = |place: u64| self.buffer.len() - self.fetched.saturating_sub(place) as usize;
        if cut >= end {
            let stop = until(end);
            let used = pass.take(&self.buffer[self.used..stop], offset, last, BATCH_ROWS, options)?;
            self.used += used;
            return Ok(match used {
                0 if last => Reached::End,
                0 => Reached::Needs(self.need(end)),
                _ if last && self.used == stop => Reached::End,
                _ => Reached::Middle,
            });
        }
        if offset >= cut {
            return Ok(Reached::Cut);
        }
        let used = pass.take(&self.buffer[self.used..until(cut)], offset, false, BATCH_ROWS, options)?;
        self.used += used;
        if used > 0 {
            return Ok(Reached::Middle);
        }
        if self.fetched < cut {
            return Ok(Reached::Needs(self.need(cut)));
        }
        // The row that the cut goes through.
        let used = pass.take(&self.buffer[self.used..until(end)], offset, last, 1, options)?;
        self.used += used;
        Ok(match used {
            0 if last => Reached::End,
            0 => Reached::Needs(self.need(cut)),
            _ => Reached::Middle,
        })
    }
}
