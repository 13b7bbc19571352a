//! What value has each row? Columns, literals and what is made of them, and how two of them compare.

use crate::error::Result;
use crate::segment::rules::answer::Answer;
use crate::segment::rules::calendar::day_of;
use crate::segment::rules::kernels::{holds, mirrored};
use crate::segment::rules::rows::Rows;
use crate::segment::rules::tree::Comparison;
use crate::segment::rules::words::{Words, broken};
use crate::table::bitmap::Bitmap;
use crate::table::column::{ColumnType, Data};
use crate::table::date::MS_PER_DAY;

/// A value a row (or one for all rows), and which rows have one.
#[derive(Clone, Debug)]
pub enum Values<'a> {
    /// Finite numbers.
    Number(Rows<'a, f64>),
    /// Civil days.
    Day(Rows<'a, i32>),
    /// Milliseconds since 1970, UTC.
    Moment(Rows<'a, i64>),
    /// Texts.
    Text(Words<'a>),
    /// Yes or no: unknown where there is no value.
    Boolean(Answer),
    /// Several texts a row.
    List(Words<'a>),
}

/// What stands in for missing values, of the type that it has.
#[derive(Clone, Copy, Debug, Default)]
pub struct StandIn<'a> {
    /// For numbers.
    pub number: Option<f64>,
    /// For days.
    pub day: Option<i32>,
    /// For moments.
    pub moment: Option<i64>,
    /// For texts and lists.
    pub text: Option<&'a str>,
    /// For yes and no.
    pub boolean: Option<bool>,
}

impl<'a> Values<'a> {
    /// Values that were computed, a value a row, and the rows that have one.
    ///
    /// # Errors
    /// None for data that is there.
    pub fn computed(data: Data, known: Bitmap, fold_case: bool) -> Result<Values<'a>> {
        Ok(match data {
            Data::Number(values) => Values::Number(Rows::computed(values, known)),
            Data::Date(days) => Values::Day(Rows::computed(days, known)),
            Data::Time(moments) => Values::Moment(Rows::computed(moments, known)),
            Data::Text(texts) => Values::Text(Words::computed(texts, known, fold_case)),
            Data::Boolean(truths) => Values::Boolean(Answer::new(truths, known)),
            Data::List(lists) => Values::List(Words::computed_lists(lists, known, fold_case)),
            Data::Unloaded(_) => return Err(broken()),
        })
    }

    /// Numbers, days or moments as data: a value a row, also where one is the same for all.
    ///
    /// # Errors
    /// None for those.
    pub fn each(&self) -> Result<Data> {
        fn all<T: Copy>(values: &[T], rows: usize) -> Vec<T> {
            if let [value] = values { vec![*value; rows] } else { values.to_vec() }
        }
        let rows = self.known().len();
        Ok(match self {
            Values::Number(numbers) => Data::Number(all(&numbers.values, rows)),
            Values::Day(days) => Data::Date(all(&days.values, rows)),
            Values::Moment(moments) => Data::Time(all(&moments.values, rows)),
            _ => return Err(broken()),
        })
    }

    /// The type of the values.
    pub fn kind(&self) -> ColumnType {
        match self {
            Values::Number(_) => ColumnType::Number,
            Values::Day(_) => ColumnType::Date,
            Values::Moment(_) => ColumnType::Time,
            Values::Text(_) => ColumnType::Text,
            Values::Boolean(_) => ColumnType::Boolean,
            Values::List(_) => ColumnType::List,
        }
    }

    /// Rows that have a value.
    pub fn known(&self) -> &Bitmap {
        match self {
            Values::Number(rows) => &rows.known,
            Values::Day(rows) => &rows.known,
            Values::Moment(rows) => &rows.known,
            Values::Text(words) | Values::List(words) => words.known(),
            Values::Boolean(answer) => &answer.known,
        }
    }

    /// Missing values replaced by what stands in for their type.
    pub fn filled(self, stand_in: &StandIn) -> Values<'a> {
        match self {
            Values::Number(rows) => Values::Number(rows.filled(stand_in.number)),
            Values::Day(rows) => Values::Day(rows.filled(stand_in.day)),
            Values::Moment(rows) => Values::Moment(rows.filled(stand_in.moment)),
            Values::Text(words) => Values::Text(words.filled(stand_in.text)),
            Values::List(words) => Values::List(words.filled(stand_in.text)),
            Values::Boolean(answer) => Values::Boolean(match stand_in.boolean {
                Some(truth) => answer.unknown_as(truth),
                None => answer,
            }),
        }
    }

    /// Civil days, of moments their own, UTC.
    pub fn days(self) -> Result<Rows<'a, i32>> {
        match self {
            Values::Day(rows) => Ok(rows),
            Values::Moment(rows) => {
                let days = rows.values.iter().map(|&moment| day_of(moment)).collect();
                Ok(Rows::computed(days, rows.known.into_owned()))
            }
            _ => Err(broken()),
        }
    }

    /// How each value compares with the other's in the same row. A moment that meets a day is compared by its own day, UTC.
    pub fn compare(&self, comparison: Comparison, other: &Values) -> Result<Answer> {
        Ok(match (self, other) {
            (Values::Number(left), Values::Number(right)) => left.compare(comparison, right),
            (Values::Day(left), Values::Day(right)) => left.compare(comparison, right),
            (Values::Moment(left), Values::Moment(right)) => left.compare(comparison, right),
            (Values::Moment(left), Values::Day(right)) => match right.single() {
                Some(day) => on_day(left, comparison, day),
                None => self.clone().days()?.compare(comparison, right),
            },
            (Values::Day(_), Values::Moment(_)) => other.compare(mirrored(comparison), self)?,
            (Values::Text(left) | Values::List(left), Values::Text(right)) => match (right.single(), left.single()) {
                (Some(text), _) => left.with(comparison, &text),
                (None, Some(text)) => right.with(mirrored(comparison), &text),
                (None, None) => left.pairs(right, &|left, right| holds(left, comparison, right)),
            },
            (Values::Boolean(left), Values::Boolean(right)) => {
                let differing = left.yes.and_not(&right.yes).or(&right.yes.and_not(&left.yes));
                let different = Answer::new(differing, left.known.and(&right.known));
                different.negated_if(comparison == Comparison::Equal)
            }
            _ => return Err(broken()),
        })
    }
}

/// Moments compared with a day by the moments at which it begins and ends.
fn on_day(moments: &Rows<i64>, comparison: Comparison, day: i32) -> Answer {
    let begin = i64::from(day) * MS_PER_DAY;
    let end = begin + MS_PER_DAY;
    match comparison {
        Comparison::Less | Comparison::AtLeast => moments.with(comparison, begin),
        Comparison::AtMost => moments.with(Comparison::Less, end),
        Comparison::Greater => moments.with(Comparison::AtLeast, end),
        Comparison::Equal | Comparison::NotEqual => {
            let on = moments.with(Comparison::AtLeast, begin).and(&moments.with(Comparison::Less, end));
            on.negated_if(comparison == Comparison::NotEqual)
        }
    }
}
