//! Which of a text column's distinct values pass? Each is looked at once, and rows look their answer up by code.

use crate::error::{Code, Error, Result};
use crate::math::masks;
use crate::math::search::{self, Place, is_ascii};
use crate::segment::rules::answer::Answer;
use crate::segment::rules::kernels::{bitmap, holds};
use crate::segment::rules::rows::{FEW, Rows};
use crate::segment::rules::tree::Comparison;
use crate::table::bitmap::Bitmap;
use crate::table::column::{Column, Data};
use crate::table::list::Lists;
use crate::table::table::not_loaded;
use crate::table::texts::{Texts, TextsBuilder};
use std::borrow::Cow;
use std::rc::Rc;

/// Texts with their distinct values as they are compared: as they are, or in small letters.
#[derive(Clone, Debug)]
pub struct Words<'a> {
    /// A value a row, or a single one for all rows. Of lists: their single values, without rows.
    texts: Cow<'a, Texts>,
    /// Where they are lists: which values each row has.
    lists: Option<Cow<'a, Lists>>,
    known: Cow<'a, Bitmap>,
    stand_in: Option<String>,
    folded: Folded,
}

/// How capital letters are taken for small ones.
#[derive(Clone, Debug)]
pub enum Folded {
    /// They are not.
    Not,
    /// While looking: the texts are ASCII.
    Ascii,
    /// In a copy in small letters, where each value has an end of its own: small letters may be longer or shorter.
    Copy(Rc<Texts>),
}

impl Folded {
    /// Bytes held.
    pub fn bytes(&self) -> usize {
        match self {
            Folded::Copy(copy) => copy.bytes(),
            Folded::Not | Folded::Ascii => 0,
        }
    }

    /// Small letters for these texts.
    pub fn of(texts: &Texts) -> Folded {
        if is_ascii(texts.arena().as_bytes()) {
            return Folded::Ascii;
        }
        let (mut folded, mut ends) = (String::with_capacity(texts.arena().len()), Vec::with_capacity(texts.distinct()));
        for value in texts.values() {
            folded.extend(value.chars().flat_map(char::to_lowercase));
            ends.push(folded.len());
        }
        Folded::Copy(Rc::new(Texts::without_rows(folded, ends)))
    }
}

/// The texts of a column, or the single values of its lists.
///
/// # Errors
/// `wrong-type` when the column was not kept in memory.
pub fn texts_of(column: &Column) -> Result<&Texts> {
    match &column.data {
        Data::Text(texts) => Ok(texts),
        Data::List(lists) => Ok(lists.values()),
        _ => Err(not_loaded(&column.name)),
    }
}

impl<'a> Words<'a> {
    /// The texts or lists of a column.
    ///
    /// # Errors
    /// As for [`texts_of`].
    pub fn new(column: &'a Column, folded: Folded) -> Result<Words<'a>> {
        let lists = match &column.data {
            Data::List(lists) => Some(Cow::Borrowed(lists)),
            _ => None,
        };
        let (texts, known) = (Cow::Borrowed(texts_of(column)?), Cow::Borrowed(&column.valid));
        Ok(Words { texts, lists, known, stand_in: None, folded })
    }

    /// Texts that were computed, a value a row, and the rows that have one.
    pub fn computed(texts: Texts, known: Bitmap, fold_case: bool) -> Words<'a> {
        let folded = if fold_case { Folded::of(&texts) } else { Folded::Not };
        Words { texts: Cow::Owned(texts), lists: None, known: Cow::Owned(known), stand_in: None, folded }
    }

    /// Lists that were computed.
    pub fn computed_lists(lists: Lists, known: Bitmap, fold_case: bool) -> Words<'a> {
        let words = Words::computed(lists.values().clone(), known, fold_case);
        Words { lists: Some(Cow::Owned(lists)), ..words }
    }

    /// The same text in every row.
    pub fn constant(text: &str, rows: usize, fold_case: bool) -> Words<'a> {
        let mut texts = TextsBuilder::default();
        texts.push(text);
        Words::computed(texts.finish(), Bitmap::ones(rows), fold_case)
    }

    /// The one text of all rows as it is compared, where it is one.
    pub fn single(&self) -> Option<Cow<'_, str>> {
        let single = self.lists.is_none() && self.texts.len() == 1 && self.known.has_all();
        single.then(|| self.value(0))
    }

    /// The one text as it was written.
    pub fn written(&self) -> Option<&str> {
        self.single().map(|_| self.texts.value(0))
    }

    /// Whether rows have several values.
    pub fn is_list(&self) -> bool {
        self.lists.is_some()
    }

    /// Rows that have a value.
    pub fn known(&self) -> &Bitmap {
        &self.known
    }

    /// What a value counts as where it is missing.
    pub fn filled(self, stand_in: Option<&str>) -> Words<'a> {
        let constant = self.lists.is_none() && self.texts.len() != self.known.len();
        let stand_in = stand_in.filter(|_| !constant);
        Words { stand_in: stand_in.map(|text| fold(text, self.folds()).into_owned()), ..self }
    }

    /// Whether capital and small letters are the same.
    pub fn folds(&self) -> bool {
        !matches!(self.folded, Folded::Not)
    }

    /// How each value compares with one. A list equals a text when one of its values does, and differs when none does.
    pub fn with(&self, comparison: Comparison, text: &str) -> Answer {
        match comparison {
            Comparison::Equal => self.having(text, Place::Whole),
            Comparison::NotEqual => self.having(text, Place::Whole).not(),
            _ => self.asked(&mut |value| holds(value, comparison, text)),
        }
    }

    /// Which have this text in the whole, at the start or at the end.
    pub fn having(&self, text: &str, place: Place) -> Answer {
        self.flagged(&|texts| texts.with(text.as_bytes(), place))
    }

    /// Which contain this text. A list contains its values.
    pub fn containing(&self, text: &str) -> Answer {
        if self.is_list() {
            self.having(text, Place::Whole)
        } else {
            self.flagged(&|texts| texts.containing(text.as_bytes()))
        }
    }

    /// Which have one of these; with `others` which have one that is none of these.
    pub fn among(&self, options: &[String], others: bool) -> Answer {
        if options.len() > FEW {
            let mut sorted: Vec<&str> = options.iter().map(String::as_str).collect();
            sorted.sort_unstable();
            return self.asked(&mut |value| sorted.binary_search(&value).is_ok() != others);
        }
        self.flagged(&|texts| {
            let mut found = vec![0; texts.ends.len().div_ceil(64)];
            for option in options {
                let option = texts.with(option.as_bytes(), Place::Whole);
                found.iter_mut().zip(option).for_each(|(found, option)| *found |= option);
            }
            if others {
                found.iter_mut().for_each(|word| *word = !*word);
            }
            found
        })
    }

    /// Asks each distinct value as it is compared, and the stand-in for missing ones.
    pub fn asked(&self, test: &mut dyn FnMut(&str) -> bool) -> Answer {
        let flags = Bitmap::from_fn(self.texts.distinct(), |code| test(&self.value(code as u32)));
        let stand_in = self.stand_in.as_deref().map(test);
        self.spread(flags.words(), stand_in)
    }

    /// Characters of each text as it was written: Unicode scalar values.
    pub fn lengths(&self) -> Rows<'a, f64> {
        let of = |text: &str| text.chars().count() as f64;
        let lengths: Vec<f64> = self.texts.values().map(of).collect();
        self.numbers(&lengths, self.texts.codes(), self.stand_in.as_deref().map(of))
    }

    /// Entries of each list.
    ///
    /// # Errors
    /// None for lists.
    pub fn entries(&self) -> Result<Rows<'a, f64>> {
        let lists = self.lists.as_ref().ok_or_else(broken)?;
        let cells = lists.cells();
        let entries: Vec<f64> = (0..cells.distinct()).map(|cell| lists.of_cell(cell).len() as f64).collect();
        Ok(self.numbers(&entries, cells.codes(), self.stand_in.as_ref().map(|_| 1.0)))
    }

    /// A number by code as a number a row.
    fn numbers(&self, of: &[f64], codes: &[u32], stand_in: Option<f64>) -> Rows<'a, f64> {
        let values = codes.iter().map(|&code| of.get(code as usize).copied().unwrap_or(0.0)).collect();
        Rows::computed(values, self.known.as_ref().clone()).filled(stand_in)
    }

    /// Asks the values of each row together with the other's.
    pub fn pairs(&self, other: &Words, test: &dyn Fn(&str, &str) -> bool) -> Answer {
        let rows = self.known.len();
        let known =
            |words: &Words| if words.stand_in.is_some() { Bitmap::ones(rows) } else { words.known.as_ref().clone() };
        let known = known(self).and(&known(other));
        let yes = Bitmap::from_fn(rows, |row| known.get(row) && test(&self.at(row), &other.at(row)));
        Answer::new(yes, known)
    }

    /// The value of a row that has one, as it is compared.
    fn at(&self, row: usize) -> Cow<'_, str> {
        match (&self.stand_in, self.texts.codes()) {
            (Some(stand_in), _) if !self.known.get(row) => Cow::Borrowed(stand_in),
            (_, [code]) => self.value(*code),
            (_, codes) => self.value(codes[row]),
        }
    }

    /// A distinct value as it is compared.
    fn value(&self, code: u32) -> Cow<'_, str> {
        match &self.folded {
            Folded::Not => Cow::Borrowed(self.texts.value(code)),
            Folded::Ascii => fold(self.texts.value(code), true),
            Folded::Copy(copy) => Cow::Borrowed(copy.value(code)),
        }
    }

    /// Searches all distinct values at once, and the stand-in. The search gives one bit a value.
    fn flagged(&self, search: &dyn Fn(search::Texts) -> Vec<u64>) -> Answer {
        let flags = search(match &self.folded {
            Folded::Copy(copy) => copy.searched(false),
            Folded::Ascii => self.texts.searched(true),
            Folded::Not => self.texts.searched(false),
        });
        let stand_in = self.stand_in.as_ref().map(|text| {
            let text = Texts::without_rows(text.clone(), vec![text.len()]);
            search(text.searched(false))[0] & 1 == 1
        });
        self.spread(&flags, stand_in)
    }

    /// Answers by code as answers by row. A stand-in's answer is that of the missing rows; without one they are unknown.
    fn spread(&self, per_value: &[u64], stand_in: Option<bool>) -> Answer {
        let rows = self.known.len();
        let flag = |code: usize| per_value.get(code / 64).is_some_and(|word| word >> (code % 64) & 1 == 1);
        let words = match &self.lists {
            None if self.texts.len() == 1 => {
                vec![if flag(self.texts.codes()[0] as usize) { u64::MAX } else { 0 }; rows.div_ceil(64)]
            }
            None if self.texts.is_one_a_row() => per_value.to_vec(),
            None => match self.texts.short_codes() {
                Some(codes) => masks::short_codes(codes, per_value),
                None => masks::codes(self.texts.codes(), per_value, self.texts.distinct()),
            },
            Some(lists) => {
                let cells = lists.cells().distinct();
                let holds = |cell| lists.of_cell(cell).iter().any(|&value| flag(value as usize));
                masks::codes(lists.cells().codes(), Bitmap::from_fn(cells, holds).words(), cells)
            }
        };
        let answer = Answer::new(bitmap(words, rows, false), self.known.as_ref().clone());
        match stand_in {
            Some(truth) => answer.unknown_as(truth),
            None => answer,
        }
    }
}

/// A checked rule cannot fail like this.
pub fn broken() -> Error {
    Error::new(Code::Internal, "A checked rule could not be evaluated. Please report this.")
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

    #[test]
    fn what_is_found_in_values_is_found_in_their_rows() {
        let values = ["ab", "", "a", "aab", "b", "ba", "bab", "äb", "aa", "Ab", "xx"];
        for values in [&values[..], &["aB", "b", "AAb"][..]] {
            let mut texts = TextsBuilder::default();
            values.iter().for_each(|value| _ = texts.push(value));
            let texts = texts.finish();
            let column = Column::text("t", Role::Other, texts.clone(), Bitmap::ones(values.len()));
            for fold_case in [false, true] {
                let folded = if fold_case { Folded::of(&texts) } else { Folded::Not };
                let words = Words::new(&column, folded).unwrap();
                for needle in ["", "a", "ab", "bab", "aa", "ä", "xx", "z", "ba"] {
                    let value = |row: usize| fold(values[row], fold_case);
                    let rows = |test: &dyn Fn(&str) -> bool| Bitmap::from_fn(values.len(), |row| test(&value(row)));
                    assert_eq!(
                        *words.containing(needle).yes,
                        rows(&|value| value.contains(needle)),
                        "{needle} {fold_case}"
                    );
                    assert_eq!(*words.having(needle, Place::End).yes, rows(&|value| value.ends_with(needle)));
                    assert_eq!(*words.with(Comparison::Less, needle).yes, rows(&|value| value < needle));
                    assert_eq!(*words.with(Comparison::NotEqual, needle).yes, rows(&|value| value != needle));
                    let among = [needle.to_string(), "b".into()];
                    assert_eq!(*words.among(&among, true).yes, rows(&|value| value != needle && value != "b"));
                }
            }
        }
    }
}
