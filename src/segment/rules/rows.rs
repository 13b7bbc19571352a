//! Which values stand in a column's rows, and how do they compare?

use crate::segment::rules::answer::Answer;
use crate::segment::rules::kernels::{Comparable, bitmap, compare, compare_pairs, holds, mirrored};
use crate::segment::rules::tree::Comparison;
use crate::table::bitmap::Bitmap;
use crate::table::column::Column;
use std::borrow::Cow;
use std::cmp::Ordering;

/// Up to so many values are looked for one after the other; more are sorted, and each row looks itself up.
pub const FEW: usize = 8;

/// A value a row, or one for all rows, and which rows have one.
#[derive(Clone, Debug)]
pub struct Rows<'a, T: Clone> {
    /// As many as there are rows, or a single one.
    pub values: Cow<'a, [T]>,
    /// Rows that have a value.
    pub known: Cow<'a, Bitmap>,
    /// The column whose values they are, as they are.
    column: Option<&'a Column>,
}

impl<'a, T: Comparable> Rows<'a, T> {
    /// A column's values.
    pub fn of(column: &'a Column, values: &'a [T]) -> Rows<'a, T> {
        Rows { values: Cow::Borrowed(values), known: Cow::Borrowed(&column.valid), column: Some(column) }
    }

    /// Values that were computed, and the rows that have one.
    pub fn computed(values: Vec<T>, known: Bitmap) -> Rows<'a, T> {
        Rows { values: Cow::Owned(values), known: Cow::Owned(known), column: None }
    }

    /// The same value in every row.
    pub fn constant(value: T, rows: usize) -> Rows<'a, T> {
        Rows::computed(vec![value], Bitmap::ones(rows))
    }

    /// The one value of all rows, where it is one.
    pub fn single(&self) -> Option<T> {
        match *self.values {
            [value] => Some(value).filter(|_| self.known.has_all()),
            _ => None,
        }
    }

    /// Missing values replaced by one, where there is one to stand in.
    pub fn filled(self, stand_in: Option<T>) -> Rows<'a, T> {
        let Some(stand_in) = stand_in else { return self };
        if self.values.len() != self.known.len() {
            // One value for all rows: there it is, or is missing in all.
            return if self.known.count() > 0 { self } else { Rows::constant(stand_in, self.known.len()) };
        }
        let mut values = self.values.into_owned();
        self.known.not().iter().for_each(|row| values[row] = stand_in);
        Rows::computed(values, Bitmap::ones(self.known.len()))
    }

    /// How each value compares with one value.
    pub fn with(&self, comparison: Comparison, value: T) -> Answer {
        let rows = self.known.len();
        let yes = match *self.values {
            [only] => bitmap(vec![0; rows.div_ceil(64)], rows, holds(&only, comparison, &value)),
            _ => compare(&self.values, self.column, comparison, value),
        };
        Answer::new(yes, self.known.as_ref().clone())
    }

    /// Which are one of these.
    pub fn among(&self, mut options: Vec<T>) -> Answer {
        if options.len() <= FEW || self.values.len() != self.known.len() {
            let none = Answer::new(Bitmap::zeros(self.known.len()), self.known.as_ref().clone());
            return options.iter().fold(none, |sofar, &option| sofar.or(&self.with(Comparison::Equal, option)));
        }
        let order = |a: &T, b: &T| a.partial_cmp(b).unwrap_or(Ordering::Less);
        options.sort_unstable_by(order);
        let found = |row: usize| options.binary_search_by(|option| order(option, &self.values[row])).is_ok();
        let yes = Bitmap::from_fn(self.known.len(), |row| self.known.get(row) && found(row));
        Answer::new(yes, self.known.as_ref().clone())
    }

    /// How each value compares with the other's value in the same row.
    pub fn compare(&self, comparison: Comparison, other: &Rows<T>) -> Answer {
        if let Some(value) = other.single() {
            return self.with(comparison, value);
        }
        if let Some(value) = self.single() {
            return other.with(mirrored(comparison), value);
        }
        Answer::new(compare_pairs(&self.values, comparison, &other.values), self.known.and(&other.known))
    }
}
