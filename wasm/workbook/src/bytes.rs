//! Which of the file's bytes are here, and what do they say?

use std::io::{Error, ErrorKind, Read, Result, Seek, SeekFrom};
use std::ops::Range;
use std::rc::Rc;

/// The file's bytes, shared by the look and the reader: all of them, or for a preview some stretches.
#[derive(Clone, Debug)]
pub struct Bytes(Rc<Pieces>);

/// Stretches of a file as they are handed over, rising. What lies between them takes no time and no memory that is touched.
#[derive(Debug)]
pub struct Pieces {
    size: usize,
    /// The stretches, one behind the other.
    bytes: Vec<u8>,
    /// Where each stretch begins: in the file, and in `bytes`.
    starts: Vec<(usize, usize)>,
}

impl Pieces {
    /// None yet, of a file of so many bytes.
    pub fn of(size: usize) -> Pieces {
        Pieces { size, bytes: Vec::with_capacity(size), starts: Vec::new() }
    }

    /// Takes the bytes of a place that lies behind all before.
    pub fn put(&mut self, at: usize, bytes: &[u8]) {
        let end = self.starts.last().map_or(0, |&(start, from)| start + self.bytes.len() - from);
        if at < end || bytes.len() > self.size.saturating_sub(at) {
            return;
        }
        if at > end || self.starts.is_empty() {
            self.starts.push((at, self.bytes.len()));
        }
        self.bytes.extend_from_slice(bytes);
    }

    /// The stretch in which a place lies, or the last one before it: where it begins, and its bytes.
    fn stretch(&self, at: usize) -> (usize, &[u8]) {
        let next = self.starts.partition_point(|&(start, _)| start <= at);
        let Some(&(start, from)) = next.checked_sub(1).and_then(|index| self.starts.get(index)) else {
            return (at, &[]);
        };
        let to = self.starts.get(next).map_or(self.bytes.len(), |&(_, to)| to);
        (start, &self.bytes[from..to])
    }
}

impl Bytes {
    /// All of a file's bytes.
    pub fn new(bytes: Vec<u8>) -> Bytes {
        Bytes::from(Pieces { size: bytes.len(), bytes, starts: vec![(0, 0)] })
    }

    /// How many the file has, here or not.
    pub(crate) fn len(&self) -> usize {
        self.0.size
    }

    /// Those of a place, if they are all here.
    pub(crate) fn get(&self, place: Range<usize>) -> Option<&[u8]> {
        let (start, bytes) = self.0.stretch(place.start);
        bytes.get(place.start - start..place.end.checked_sub(start)?)
    }

    /// As many of a place as are here from its beginning on.
    pub(crate) fn beginning(&self, place: Range<usize>) -> &[u8] {
        let (start, bytes) = self.0.stretch(place.start);
        let bytes = bytes.get(place.start - start..).unwrap_or_default();
        &bytes[..bytes.len().min(place.len())]
    }

    /// The last stretch: where it begins, and its bytes.
    pub(crate) fn last(&self) -> (usize, &[u8]) {
        self.0.stretch(usize::MAX)
    }
}

impl From<Pieces> for Bytes {
    fn from(pieces: Pieces) -> Bytes {
        Bytes(Rc::new(pieces))
    }
}

/// Reads the bytes like a file's; where none are here there are zeros.
#[derive(Debug)]
pub struct Source {
    bytes: Bytes,
    at: usize,
}

impl Source {
    /// From the beginning.
    pub fn new(bytes: Bytes) -> Source {
        Source { bytes, at: 0 }
    }
}

impl Read for Source {
    fn read(&mut self, to: &mut [u8]) -> Result<usize> {
        let to_end = self.bytes.len().saturating_sub(self.at);
        let place = self.at..self.at + to.len().min(to_end);
        let here = self.bytes.beginning(place.clone());
        let read = if here.is_empty() { place.len().min(1) } else { here.len() };
        match to.get_mut(..read) {
            Some(to) if here.is_empty() => to.fill(0),
            Some(to) => to.copy_from_slice(here),
            None => {}
        }
        self.at += read;
        Ok(read)
    }
}

impl Seek for Source {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => (self.bytes.len() as u64).checked_add_signed(by),
            SeekFrom::Current(by) => (self.at as u64).checked_add_signed(by),
        };
        let at = at.ok_or_else(|| Error::new(ErrorKind::InvalidInput, "a place before the beginning"))?;
        self.at = usize::try_from(at).unwrap_or(usize::MAX);
        Ok(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_here_is_read_and_zeros_elsewhere() {
        let mut pieces = Pieces::of(20);
        for (at, bytes) in [(2, "abc"), (5, "de"), (4, "no"), (10, "fg"), (18, "too long"), (19, "h")] {
            pieces.put(at, bytes.as_bytes());
        }
        let bytes = Bytes::from(pieces);
        assert_eq!((bytes.len(), bytes.last()), (20, (19, b"h".as_slice())));
        for (place, here, beginning) in [
            (2..7, Some("abcde"), "abcde"),
            (3..4, Some("b"), "b"),
            (6..9, None, "e"),
            (0..1, None, ""),
            (8..12, None, ""),
            (10..12, Some("fg"), "fg"),
            (19..20, Some("h"), "h"),
            (20..20, Some(""), ""),
            (19..21, None, "h"),
        ] {
            assert_eq!(bytes.get(place.clone()), here.map(str::as_bytes), "{place:?}");
            assert_eq!(bytes.beginning(place.clone()), beginning.as_bytes(), "{place:?}");
        }
        let mut reader = Source::new(bytes);
        let mut all = Vec::new();
        assert_eq!(reader.read_to_end(&mut all).expect("read"), 20);
        assert_eq!(all, b"\0\0abcde\0\0\0fg\0\0\0\0\0\0\0h");
        assert_eq!((reader.seek(SeekFrom::End(-9)).expect("sought"), reader.at), (11, 11));
        assert!(reader.seek(SeekFrom::Current(-12)).is_err());
        assert_eq!(reader.read(&mut [0; 4]).expect("read"), 1);
        assert_eq!(reader.seek(SeekFrom::Start(99)).expect("sought"), 99);
        assert_eq!(reader.read(&mut [0; 4]).expect("read"), 0);
    }
}
