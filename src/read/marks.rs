//! Where is the next byte that matters? Delimiters, line ends and quotes, found 64 bytes at a time.

use crate::math::rows::Classes;

/// Finds marks in a stretch of bytes, remembering the 64 bytes it looked at last.
#[derive(Clone, Debug)]
pub struct Marks {
    classes: Classes,
    /// Start of the remembered block, and its marks, lowest byte in the lowest bit.
    block: usize,
    mask: u64,
}

impl Marks {
    /// Marks of a grammar: the delimiter, `\n`, `\r` and the quote, if there is one.
    pub fn new(delimiter: u8, quote: Option<u8>) -> Marks {
        Marks { classes: Classes::new(delimiter, quote), block: usize::MAX, mask: 0 }
    }

    /// The first mark at or after `at`, or the length if there is none. Always ask over the same bytes.
    #[inline]
    pub fn find(&mut self, bytes: &[u8], at: usize) -> usize {
        if at >= bytes.len() {
            return bytes.len();
        }
        let mut block = at & !63;
        if block != self.block {
            self.look(bytes, block);
        }
        let mut mask = self.mask & u64::MAX << (at & 63);
        while mask == 0 {
            block += 64;
            if block >= bytes.len() {
                return bytes.len();
            }
            self.look(bytes, block);
            mask = self.mask;
        }
        block + mask.trailing_zeros() as usize
    }

    #[inline]
    fn look(&mut self, bytes: &[u8], block: usize) {
        self.block = block;
        self.mask = match bytes[block..].first_chunk::<64>() {
            Some(found) => self.classes.of(found),
            None => self.classes.of_rest(&bytes[block..]),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mark_is_found_at_every_place() {
        for length in [1, 15, 16, 63, 64, 65, 200] {
            for place in 0..length {
                for mark in *b",\"\n\r" {
                    let mut bytes = vec![b'x'; length];
                    bytes[place] = mark;
                    let mut marks = Marks::new(b',', Some(b'"'));
                    assert_eq!(marks.find(&bytes, 0), place);
                    assert_eq!(marks.find(&bytes, place), place);
                    assert_eq!(marks.find(&bytes, place + 1), length);
                }
            }
        }
        assert_eq!(Marks::new(b'\0', None).find(b"abc", 0), 3);
    }
}
