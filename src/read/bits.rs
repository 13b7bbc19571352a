//! A bitmap in the making, a word at a time.

use crate::read::wire::Wire;
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

    /// Appends so many bits, 1 to 64, the first lowest; those above are zero.
    #[inline]
    pub fn push_word(&mut self, word: u64, bits: usize) {
        let used = self.len & 63;
        self.open |= word << used;
        self.len += bits;
        if used + bits >= 64 {
            self.words.push(self.open);
            self.open = if used == 0 { 0 } else { word >> (64 - used) };
        }
    }

    /// Appends the first so many bits of words, those above being zero.
    pub fn push_words(&mut self, words: &[u64], bits: usize) {
        for (start, &word) in (0..bits).step_by(64).zip(words) {
            self.push_word(word, (bits - start).min(64));
        }
    }

    /// Hands the bits over.
    pub fn pack(self, wire: &mut Wire) {
        let map = self.finish();
        wire.number(&mut (map.len() as u64));
        wire.words(&mut map.words().to_vec());
    }

    /// Appends bits that were handed over; gives them as words, too.
    pub fn join(&mut self, wire: &mut Wire) -> Vec<u64> {
        let (mut bits, mut words) = (0, Vec::new());
        wire.number(&mut bits);
        wire.words(&mut words);
        self.push_words(&words, (bits as usize).min(words.len() * 64));
        words
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

    #[test]
    fn words_of_any_length_follow_each_other() {
        let (mut words, mut bits) = (Bits::default(), Bits::default());
        for (step, len) in [64, 1, 63, 64, 5, 60, 64, 64, 17].into_iter().enumerate() {
            let word = 0x9E37_79B9_7F4A_7C15u64.rotate_left(step as u32 * 7) >> (64 - len);
            words.push_word(word, len);
            (0..len).for_each(|at| bits.push(word >> at & 1 == 1));
        }
        assert_eq!(words.finish(), bits.finish());
    }
}
