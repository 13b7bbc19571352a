//! Text values by code: each distinct value is kept once, a row holds its number.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Distinct text values in the order in which they were first met, and one code a row.
///
/// A row that is missing carries the code 0 or any other: its validity bit decides, never the code.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Texts {
    codes: Vec<u32>,
    arena: String,
    ends: Vec<usize>,
}

impl Texts {
    /// Number of rows.
    pub fn len(&self) -> usize {
        self.codes.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }

    /// One code a row.
    pub fn codes(&self) -> &[u32] {
        &self.codes
    }

    /// Number of distinct values.
    pub fn distinct(&self) -> usize {
        self.ends.len()
    }

    /// The value behind a code.
    pub fn value(&self, code: u32) -> &str {
        let code = code as usize;
        let start = if code == 0 { 0 } else { self.ends[code - 1] };
        &self.arena[start..self.ends[code]]
    }

    /// The value of a row, whether or not the row is valid; empty where there are no values at all.
    pub fn get(&self, row: usize) -> &str {
        if self.ends.is_empty() { "" } else { self.value(self.codes[row]) }
    }

    /// The distinct values, by code.
    pub fn values(&self) -> impl Iterator<Item = &str> {
        (0..self.distinct() as u32).map(|code| self.value(code))
    }

    /// The distinct values one behind the other, by code; for searches over all of them at once.
    pub fn arena(&self) -> &str {
        &self.arena
    }

    /// Where each distinct value ends in the arena, by code.
    pub fn ends(&self) -> &[usize] {
        &self.ends
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.codes.len() * 4 + self.arena.len() + self.ends.len() * size_of::<usize>()
    }
}

/// Makes [`Texts`] row by row.
#[derive(Debug, Default)]
pub struct TextsBuilder {
    texts: Texts,
    /// Hash of a value → codes of the values that have it.
    seen: HashMap<u64, Bucket, BuildHasherDefault<PassThrough>>,
}

impl TextsBuilder {
    /// Room for so many rows.
    pub fn with_capacity(rows: usize) -> TextsBuilder {
        let mut builder = TextsBuilder::default();
        builder.texts.codes.reserve(rows);
        builder
    }

    /// Appends a row with this value and gives its code.
    pub fn push(&mut self, value: &str) -> u32 {
        let code = self.code_of(value);
        self.texts.codes.push(code);
        code
    }

    /// Appends a row that is missing.
    pub fn push_missing(&mut self) {
        self.texts.codes.push(0);
    }

    /// The number of a value, by first meeting, without appending a row.
    pub fn number_of(&mut self, value: &str) -> u32 {
        self.code_of(value)
    }

    /// One row for each distinct value, in the order of first meeting.
    pub fn finish_distinct(mut self) -> Texts {
        self.texts.codes = (0..self.texts.distinct() as u32).collect();
        self.texts
    }

    /// Rows so far.
    pub fn len(&self) -> usize {
        self.texts.codes.len()
    }

    /// Whether there are no rows yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes held, with what finding known values takes.
    pub fn bytes(&self) -> usize {
        self.texts.bytes() + self.seen.len() * (size_of::<u64>() + size_of::<Bucket>())
    }

    /// The finished texts.
    pub fn finish(self) -> Texts {
        self.texts
    }

    fn code_of(&mut self, value: &str) -> u32 {
        let texts = &mut self.texts;
        let bucket = self.seen.entry(hash(value.as_bytes())).or_default();
        if let Some(code) = bucket.iter().find(|&code| texts.value(code) == value) {
            return code;
        }
        texts.arena.push_str(value);
        texts.ends.push(texts.arena.len());
        let code = (texts.ends.len() - 1) as u32;
        bucket.push(code);
        code
    }
}

/// The codes that share a hash: nearly always one, which is then kept in place.
#[derive(Debug, Default)]
struct Bucket {
    first: Option<u32>,
    more: Vec<u32>,
}

impl Bucket {
    fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.first.into_iter().chain(self.more.iter().copied())
    }

    fn push(&mut self, code: u32) {
        if self.first.is_none() {
            self.first = Some(code);
        } else {
            self.more.push(code);
        }
    }
}

/// A fixed, unseeded 64-bit hash of bytes (multiply and rotate over 8-byte words). It decides speed only, never order.
fn hash(bytes: &[u8]) -> u64 {
    const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut state = bytes.len() as u64 ^ 0x51_7C_C1_B7_27_22_0A_95;
    let mut words = bytes.chunks_exact(8);
    for word in &mut words {
        let word = u64::from_le_bytes(word.try_into().unwrap_or_default());
        state = (state.rotate_left(23) ^ word).wrapping_mul(MULTIPLIER);
    }
    let mut tail = [0; 8];
    tail[..words.remainder().len()].copy_from_slice(words.remainder());
    state = (state.rotate_left(23) ^ u64::from_le_bytes(tail)).wrapping_mul(MULTIPLIER);
    state ^ state >> 29
}

/// Keys are hashes already.
#[derive(Debug, Default)]
struct PassThrough(u64);

impl Hasher for PassThrough {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        self.0 = hash(bytes);
    }
    fn write_u64(&mut self, value: u64) {
        self.0 = value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_their_first_order_and_leading_zeros() {
        let mut builder = TextsBuilder::default();
        for value in ["007", "", "b", "007", "ü", ""] {
            builder.push(value);
        }
        let texts = builder.finish();
        assert_eq!(texts.codes(), [0, 1, 2, 0, 3, 1]);
        assert_eq!(texts.values().collect::<Vec<_>>(), ["007", "", "b", "ü"]);
        assert_eq!(texts.get(3), "007");
    }

    #[test]
    fn many_values_stay_apart() {
        let mut builder = TextsBuilder::default();
        let names: Vec<String> = (0..5_000).map(|i| format!("customer-{i:05}")).collect();
        names.iter().for_each(|name| {
            builder.push(name);
        });
        let texts = builder.finish();
        assert_eq!(texts.distinct(), 5_000);
        assert!(names.iter().enumerate().all(|(row, name)| texts.get(row) == name));
    }
}
