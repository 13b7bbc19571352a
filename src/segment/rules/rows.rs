//! Which values stand in a column's rows, and how do they compare?

use crate::error::Result;
use crate::segment::rules::answer::Answer;
use crate::segment::rules::calendar::day_of;
use crate::segment::rules::kernels::{compare, compare_pairs, mask_pairs, one_of};
use crate::segment::rules::tree::Comparison;
use crate::table::bitmap::Bitmap;
use crate::table::column::{Column, Data};
use crate::table::table::not_loaded;
use std::borrow::Cow;

/// A value a row, and which rows have one.
#[derive(Debug)]
pub struct Rows<'a, T: Clone> {
    values: Cow<'a, [T]>,
    known: Cow<'a, Bitmap>,
}

impl<'a, T: Copy + PartialOrd> Rows<'a, T> {
    /// The column's values, the missing ones replaced where there is something to stand in.
    pub fn new(column: &'a Column, values: Cow<'a, [T]>, stand_in: Option<T>) -> Rows<'a, T> {
        let Some(stand_in) = stand_in else { return Rows { values, known: Cow::Borrowed(&column.valid) } };
        let mut values = values.into_owned();
        column.valid.not().iter().for_each(|row| values[row] = stand_in);
        Rows { values: Cow::Owned(values), known: Cow::Owned(Bitmap::ones(column.len())) }
    }

    /// How each value compares with one value.
    pub fn with(&self, comparison: Comparison, value: T) -> Answer {
        Answer::new(&compare(&self.values, comparison, value), self.known.as_ref().clone())
    }

    /// How each value compares with the other's value in the same row.
    pub fn with_rows(&self, comparison: Comparison, other: &Rows<T>) -> Answer {
        Answer::new(&compare_pairs(&self.values, comparison, &other.values), self.known.and(&other.known))
    }

    /// Whether each value is one of these.
    pub fn among(&self, options: &[T]) -> Answer {
        Answer::new(&one_of(&self.values, options), self.known.as_ref().clone())
    }

    /// Whether each value passes a test together with the other's value in the same row.
    pub fn passing_pairs(&self, other: &Rows<T>, test: impl Fn(T, T) -> bool) -> Answer {
        Answer::new(&mask_pairs(&self.values, &other.values, test), self.known.and(&other.known))
    }
}

/// The values of a number column.
///
/// # Errors
/// `wrong-type` when the column was not kept in memory. The same goes for the functions below.
pub fn numbers<'a>(column: &'a Column, stand_in: Option<f64>) -> Result<Rows<'a, f64>> {
    match &column.data {
        Data::Number(values) => Ok(Rows::new(column, Cow::Borrowed(values.as_slice()), stand_in)),
        _ => Err(not_loaded(&column.name)),
    }
}

/// The civil days of a date or time column.
pub fn days<'a>(column: &'a Column, stand_in: Option<i32>) -> Result<Rows<'a, i32>> {
    match &column.data {
        Data::Date(values) => Ok(Rows::new(column, Cow::Borrowed(values.as_slice()), stand_in)),
        Data::Time(values) => Ok(Rows::new(column, values.iter().map(|&moment| day_of(moment)).collect(), stand_in)),
        _ => Err(not_loaded(&column.name)),
    }
}

/// The moments of a time column, in milliseconds UTC.
pub fn moments<'a>(column: &'a Column, stand_in: Option<i64>) -> Result<Rows<'a, i64>> {
    match &column.data {
        Data::Time(values) => Ok(Rows::new(column, Cow::Borrowed(values.as_slice()), stand_in)),
        _ => Err(not_loaded(&column.name)),
    }
}
