//! Rows as bits: 64 rows a word, counted by popcount.

use crate::math::tally;

/// A set of row numbers below a fixed length. Bits at and past the length are always zero.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bitmap {
    words: Vec<u64>,
    len: usize,
}

impl Bitmap {
    /// No row set.
    pub fn zeros(len: usize) -> Bitmap {
        Bitmap { words: vec![0; len.div_ceil(64)], len }
    }

    /// Every row set.
    pub fn ones(len: usize) -> Bitmap {
        let mut map = Bitmap { words: vec![u64::MAX; len.div_ceil(64)], len };
        map.trim();
        map
    }

    /// The rows for which the test holds.
    pub fn from_fn(len: usize, mut test: impl FnMut(usize) -> bool) -> Bitmap {
        let mut map = Bitmap::zeros(len);
        for (index, word) in map.words.iter_mut().enumerate() {
            let start = index * 64;
            for row in start..(start + 64).min(len) {
                *word |= u64::from(test(row)) << (row - start);
            }
        }
        map
    }

    /// Number of rows the set ranges over.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether it ranges over no rows at all.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Whether a row is set. Rows at and past the length are not.
    pub fn get(&self, row: usize) -> bool {
        row < self.len && self.words[row / 64] >> (row % 64) & 1 == 1
    }

    /// Sets or clears one row below the length.
    pub fn set(&mut self, row: usize, value: bool) {
        assert!(row < self.len, "row {row} of a bitmap of {}", self.len);
        let bit = 1u64 << (row % 64);
        if value {
            self.words[row / 64] |= bit;
        } else {
            self.words[row / 64] &= !bit;
        }
    }

    /// Appends one row.
    pub fn push(&mut self, value: bool) {
        if self.len.is_multiple_of(64) {
            self.words.push(0);
        }
        self.len += 1;
        if value {
            self.set(self.len - 1, true);
        }
    }

    /// How many rows are set.
    pub fn count(&self) -> usize {
        tally::count(&self.words)
    }

    /// Whether every row is set.
    pub fn has_all(&self) -> bool {
        let (whole, rest) = self.words.split_at(self.len / 64);
        let is_whole = |words: &[u64]| words.iter().fold(u64::MAX, |all, word| all & word) == u64::MAX;
        // Where some are not, it shows soon.
        whole.chunks(256).all(is_whole) && rest.first().is_none_or(|&word| word == (1 << (self.len % 64)) - 1)
    }

    /// How many rows are set in both.
    pub fn count_and(&self, other: &Bitmap) -> usize {
        assert_eq!(self.len, other.len);
        self.words.iter().zip(&other.words).map(|(a, b)| (a & b).count_ones() as usize).sum()
    }

    /// The rows in both.
    pub fn and(&self, other: &Bitmap) -> Bitmap {
        self.zip(other, |a, b| a & b)
    }

    /// The rows in either.
    pub fn or(&self, other: &Bitmap) -> Bitmap {
        self.zip(other, |a, b| a | b)
    }

    /// The rows in this one and not in the other.
    pub fn and_not(&self, other: &Bitmap) -> Bitmap {
        self.zip(other, |a, b| a & !b)
    }

    /// The rows not in it.
    pub fn not(&self) -> Bitmap {
        let mut map = Bitmap { words: self.words.iter().map(|word| !word).collect(), len: self.len };
        map.trim();
        map
    }

    /// The set rows, rising.
    pub fn iter(&self) -> Set<'_> {
        Set { words: &self.words, index: 0, rest: self.words.first().copied().unwrap_or(0) }
    }

    /// The words, 64 rows each, lowest row in the lowest bit; for kernels.
    pub fn words(&self) -> &[u64] {
        &self.words
    }

    /// The words, to be changed by kernels; bits at and past the length must stay zero.
    pub fn words_mut(&mut self) -> &mut [u64] {
        &mut self.words
    }

    /// A set from words as [`Bitmap::words`] gives them; bits past the length are cleared.
    pub fn from_words(words: Vec<u64>, len: usize) -> Bitmap {
        assert_eq!(words.len(), len.div_ceil(64));
        let mut map = Bitmap { words, len };
        map.trim();
        map
    }

    fn zip(&self, other: &Bitmap, combine: impl Fn(u64, u64) -> u64) -> Bitmap {
        assert_eq!(self.len, other.len, "bitmaps over different tables");
        let words = self.words.iter().zip(&other.words).map(|(&a, &b)| combine(a, b)).collect();
        Bitmap { words, len: self.len }
    }

    fn trim(&mut self) {
        if let (false, Some(last)) = (self.len.is_multiple_of(64), self.words.last_mut()) {
            *last &= (1 << (self.len % 64)) - 1;
        }
    }
}

/// The set rows of a bitmap, rising.
#[derive(Clone, Debug)]
pub struct Set<'a> {
    words: &'a [u64],
    /// The word at hand, and its bits that are still to come.
    index: usize,
    rest: u64,
}

impl Iterator for Set<'_> {
    type Item = usize;

    // Compiled once: some forty loops use it.
    #[inline(never)]
    fn next(&mut self) -> Option<usize> {
        while self.rest == 0 {
            self.index += 1;
            self.rest = *self.words.get(self.index)?;
        }
        let bit = self.rest.trailing_zeros() as usize;
        self.rest &= self.rest - 1;
        Some(self.index * 64 + bit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_lengths_keep_their_tail_and_nothing_more() {
        for len in [0, 1, 63, 64, 65, 130] {
            let all = Bitmap::ones(len);
            assert_eq!(all.count(), len);
            assert!(all.has_all());
            assert!((0..len).all(|row| {
                let mut some = all.clone();
                some.set(row, false);
                !some.has_all()
            }));
            assert_eq!(all.not().count(), 0);
            assert_eq!(Bitmap::zeros(len).not(), all);
            let third = Bitmap::from_fn(len, |row| row % 3 == 0);
            assert_eq!(third.iter().collect::<Vec<_>>(), (0..len).filter(|row| row % 3 == 0).collect::<Vec<_>>());
            assert_eq!(third.count() + third.not().count(), len);
            let mut pushed = Bitmap::default();
            (0..len).for_each(|row| pushed.push(row % 3 == 0));
            assert_eq!(pushed, third);
        }
    }
}
