//! Text values by code: each distinct value is kept once, a row holds its number.

use crate::math::dictionary::Dictionary;
use crate::math::distinct;
use crate::math::masks;
use crate::math::memo::Memo;
use crate::math::rows::{Column, Sources};
use crate::math::search;
use crate::math::wide::recode;
use crate::table::bitmap::Bitmap;

/// Distinct text values in the order in which they were first met, and one code a row.
///
/// A row that is missing carries the code 0 or any other: its validity bit decides, never the code.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Texts {
    codes: Vec<u32>,
    arena: String,
    ends: Vec<usize>,
    /// Which value is near which place of the arena, for searches.
    steps: Memo<Vec<u32>>,
    /// Whether each row has a value of its own, in their order.
    one_a_row: Memo<bool>,
    /// The codes as bytes.
    short_codes: Memo<Option<Vec<u8>>>,
}

impl Texts {
    /// Values one behind the other, each with its end, and no rows.
    pub fn without_rows(arena: String, ends: Vec<usize>) -> Texts {
        Texts { arena, ends, ..Texts::default() }
    }

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

    /// The codes as bytes, where there are few values; those of missing rows may have become others.
    pub fn short_codes(&self) -> Option<&[u8]> {
        self.short_codes.get_or(|| masks::shortened(&self.codes, self.distinct())).as_deref()
    }

    /// The same values for other rows.
    pub fn with_codes(&self, codes: Vec<u32>) -> Texts {
        Texts { codes, ..Texts::without_rows(self.arena.clone(), self.ends.clone()) }
    }

    /// Number of distinct values.
    pub fn distinct(&self) -> usize {
        self.ends.len()
    }

    /// Whether the first row has the first value, the second the second, and so on: what is known of values is known of rows.
    pub fn is_one_a_row(&self) -> bool {
        let is_so = || self.codes.len() == self.ends.len() && (0..).zip(&self.codes).all(|(row, &code)| row == code);
        *self.one_a_row.get_or(is_so)
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

    /// How many of the valid rows have each distinct value.
    pub fn uses(&self, valid: &Bitmap) -> Vec<u64> {
        distinct::uses(&self.codes, valid.words(), self.distinct())
    }

    /// The valid rows with one of these codes, rising.
    pub fn rows_of(&self, codes: &[u32], valid: &Bitmap) -> Vec<usize> {
        if codes.is_empty() {
            return Vec::new();
        }
        let mut wanted = vec![false; self.distinct()];
        codes.iter().for_each(|&code| wanted[code as usize] = true);
        valid.iter().filter(|&row| wanted[self.codes[row] as usize]).collect()
    }

    /// The distinct values one behind the other, by code.
    pub fn arena(&self) -> &str {
        &self.arena
    }

    /// All distinct values, to be searched at once; with `fold`, ASCII's capitals are taken for small letters.
    pub fn searched(&self, fold: bool) -> search::Texts<'_> {
        search::Texts { bytes: self.arena.as_bytes(), ends: &self.ends, steps: &self.steps, fold }
    }

    /// Where each distinct value ends in the arena, by code.
    pub fn ends(&self) -> &[usize] {
        &self.ends
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        let steps = self.steps.get().map_or(0, Vec::len);
        let short_codes = self.short_codes.get().and_then(Option::as_ref).map_or(0, Vec::len);
        short_codes + (self.codes.len() + steps) * 4 + self.arena.len() + self.ends.len() * size_of::<usize>()
    }
}

/// Makes [`Texts`] row by row.
#[derive(Debug, Default)]
pub struct TextsBuilder {
    codes: Vec<u32>,
    values: Dictionary,
}

impl TextsBuilder {
    /// Room for so many rows.
    pub fn with_capacity(rows: usize) -> TextsBuilder {
        TextsBuilder { codes: Vec::with_capacity(rows), values: Dictionary::default() }
    }

    /// Takes memory ahead for so many distinct values with so many bytes in all.
    pub fn reserve_distinct(&mut self, values: usize, bytes: usize) {
        self.values.reserve(values, bytes);
    }

    /// Appends one row a cell, those that are not valid as missing: in the end the same as one [`TextsBuilder::push`] after
    /// another, but faster. Not to be mixed with it.
    pub fn append(&mut self, sources: Sources<'_>, cells: Column<'_>, valid: &[u64]) {
        self.values.append(sources, cells, valid, &mut self.codes);
    }

    /// Appends the rows of other texts: their distinct values, where each ends, the codes of the rows, and which are valid.
    pub fn join(&mut self, arena: &str, ends: &[u64], codes: &[u32], valid: &[u64]) {
        let numbers = self.values.join(arena, ends, codes.len(), &mut self.codes);
        recode(codes, valid, &numbers, &mut self.codes);
    }

    /// Appends a row with this value and gives its code.
    pub fn push(&mut self, value: &str) -> u32 {
        let code = self.number_of(value);
        self.codes.push(code);
        code
    }

    /// Appends a row that is missing.
    pub fn push_missing(&mut self) {
        self.codes.push(0);
    }

    /// The number of a value, by first meeting, without appending a row.
    pub fn number_of(&mut self, value: &str) -> u32 {
        self.values.number_of(value)
    }

    /// One row for each distinct value, in the order of first meeting.
    pub fn finish_distinct(mut self) -> Texts {
        self.codes = (0..self.distinct() as u32).collect();
        self.finish()
    }

    /// Distinct values so far.
    pub fn distinct(&self) -> usize {
        self.values.len()
    }

    /// Rows so far.
    pub fn len(&self) -> usize {
        self.codes.len()
    }

    /// Whether there are no rows yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes held, with what finding known values takes.
    pub fn bytes(&self) -> usize {
        self.codes.len() * 4 + self.values.bytes()
    }

    /// The finished texts.
    pub fn finish(mut self) -> Texts {
        let (arena, ends) = self.values.into_parts(&mut self.codes);
        Texts { codes: self.codes, ..Texts::without_rows(arena, ends) }
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
