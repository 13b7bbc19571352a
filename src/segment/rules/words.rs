//! Which of a text column's distinct values pass? Each is looked at once, and rows look their answer up by code.

use crate::error::Result;
use crate::segment::rules::answer::Answer;
use crate::segment::rules::kernels::mask;
use crate::segment::rules::rows::Rows;
use crate::table::bitmap::Bitmap;
use crate::table::column::{Column, Data};
use crate::table::list::Lists;
use crate::table::table::not_loaded;
use memchr::memmem::Finder;
use std::borrow::Cow;

/// A text column with its distinct values as they are compared: as they are, or in small letters.
#[derive(Debug)]
pub struct Words<'a> {
    column: &'a Column,
    codes: &'a [u32],
    /// Where the column holds lists: which values each distinct cell has.
    lists: Option<&'a Lists>,
    /// The values one behind the other, and where each ends.
    arena: Cow<'a, str>,
    ends: Cow<'a, [usize]>,
}

impl<'a> Words<'a> {
    /// The texts of a column, or the single values of its lists, in small letters where case does not count.
    pub fn new(column: &'a Column, fold_case: bool) -> Result<Words<'a>> {
        let (texts, codes, lists) = match &column.data {
            Data::Text(texts) => (texts, texts.codes(), None),
            Data::List(lists) => (lists.values(), lists.cells().codes(), Some(lists)),
            _ => return Err(not_loaded(&column.name)),
        };
        let (arena, ends) = (texts.arena(), texts.ends());
        if !fold_case || arena.is_ascii() {
            return Ok(Words { column, codes, lists, arena: fold(arena, fold_case), ends: Cow::Borrowed(ends) });
        }
        // Small letters may be longer or shorter, so that every value gets a new end.
        let mut folded = String::with_capacity(arena.len());
        let mut new_ends = Vec::with_capacity(ends.len());
        for value in texts.values() {
            folded.extend(value.chars().flat_map(char::to_lowercase));
            new_ends.push(folded.len());
        }
        Ok(Words { column, codes, lists, arena: Cow::Owned(folded), ends: Cow::Owned(new_ends) })
    }

    /// The distinct values by code.
    pub fn values(&self) -> Vec<&str> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(self.ends.iter()).map(|(start, &end)| &self.arena[start..end]).collect()
    }

    /// A value a row.
    pub fn rows<'s>(&'s self, stand_in: Option<&'s str>) -> Rows<'s, &'s str> {
        let values = self.values();
        let by_row = self.codes.iter().map(|&code| values.get(code as usize).copied().unwrap_or_default());
        Rows::new(self.column, by_row.collect(), stand_in)
    }

    /// Asks each distinct value, and the stand-in for missing ones. The test gives one bit a value.
    pub fn asked(&self, stand_in: Option<&str>, test: impl Fn(&[&str]) -> Bitmap) -> Answer {
        self.spread(&test(&self.values()), stand_in.map(|text| test(&[text]).get(0)))
    }

    /// Asks which values contain a text.
    pub fn containing(&self, text: &str, stand_in: Option<&str>) -> Answer {
        self.spread(&self.found(text), stand_in.map(|value| value.contains(text)))
    }

    /// The distinct values in which a text occurs, found in one search over all of them.
    fn found(&self, text: &str) -> Bitmap {
        if text.is_empty() {
            return Bitmap::ones(self.ends.len());
        }
        let finder = Finder::new(text);
        let mut found = Bitmap::zeros(self.ends.len());
        let (mut from, mut code) = (0, 0);
        while let Some(offset) = finder.find(&self.arena.as_bytes()[from..]) {
            let at = from + offset;
            while self.ends[code] <= at {
                code += 1;
            }
            if at + text.len() <= self.ends[code] {
                found.set(code, true);
                from = self.ends[code];
            } else {
                // It runs over the border between two values.
                from = at + 1;
            }
        }
        found
    }

    /// Answers by code as answers by row. A stand-in's answer is that of the missing rows; without one they are unknown.
    fn spread(&self, per_value: &Bitmap, stand_in: Option<bool>) -> Answer {
        let yes = match self.lists {
            None => mask(self.codes, |code| per_value.get(code as usize)),
            Some(lists) => {
                let holds = |cell| lists.of_cell(cell).iter().any(|&value| per_value.get(value as usize));
                let per_cell = Bitmap::from_fn(lists.cells().distinct(), holds);
                mask(self.codes, |code| per_cell.get(code as usize))
            }
        };
        let answer = Answer::new(&yes, self.column.valid.clone());
        match stand_in {
            Some(truth) => answer.unknown_as(truth),
            None => answer,
        }
    }
}

/// The text as it is compared: each character in small letters where case does not count.
pub fn fold(text: &str, fold_case: bool) -> Cow<'_, str> {
    if !fold_case {
        Cow::Borrowed(text)
    } else if text.is_ascii() {
        Cow::Owned(text.to_ascii_lowercase())
    } else {
        Cow::Owned(text.chars().flat_map(char::to_lowercase).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::role::Role;
    use crate::table::texts::TextsBuilder;

    #[test]
    fn one_search_finds_what_a_search_per_value_finds() {
        // "a" before "aab": "aa" over the border must not hide the "aa" behind it.
        let values = ["ab", "", "a", "aab", "b", "ba", "bab", "äb", "aa", "Ab", "xx"];
        let mut texts = TextsBuilder::default();
        values.iter().for_each(|value| _ = texts.push(value));
        let texts = texts.finish();
        let column = Column::text("t", Role::Other, texts.clone(), Bitmap::ones(values.len()));
        for fold_case in [false, true] {
            let words = Words::new(&column, fold_case).unwrap();
            for needle in ["", "a", "ab", "bab", "aa", "ä", "xx", "z", "ba"] {
                let expected = Bitmap::from_fn(texts.distinct(), |code| {
                    fold(texts.value(code as u32), fold_case).contains(needle)
                });
                assert_eq!(words.found(needle), expected, "{needle} {fold_case}");
            }
        }
    }
}
