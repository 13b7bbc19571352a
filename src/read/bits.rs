//! A bitmap in the making, a word at a time.

use crate::table::bitmap::Bitmap;

/// Bits pushed one after another.
#[derive(Clone, Debug, Default)]
pub struct Bits {
    words: Vec<u64>,
    open: u64,
    len: usize,
}

impl Bits {
    /// Room for so many bits.
    pub fn with_capacity(bits: usize) -> Bits {
        Bits { words: Vec::with_capacity(bits.div_ceil(64)), open: 0, len: 0 }
    }

    /// Appends a bit.
    #[inline]
    pub fn push(&mut self, bit: bool) {
        self.open |= u64::from(bit) << (self.len & 63);
        self.len += 1;
        if self.len & 63 == 0 {
            self.words.push(self.open);
            self.open = 0;
        }
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.words.len() * 8
    }

    /// The finished bitmap.
    pub fn finish(mut self) -> Bitmap {
        if self.len & 63 != 0 {
            self.words.push(self.open);
        }
        Bitmap::from_words(self.words, self.len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pushed_bits_are_the_bitmap() {
        for len in [0, 1, 63, 64, 65, 200] {
            let mut bits = Bits::default();
            (0..len).for_each(|at| bits.push(at % 3 == 0));
            assert_eq!(bits.finish(), Bitmap::from_fn(len, |at| at % 3 == 0));
        }
    }
}
