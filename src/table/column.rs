//! One column: typed values, which of them are there, and what the column means.

use crate::math::distinct;
use crate::math::extent::{greatest, smallest};
use crate::math::masks::finite;
use crate::math::memo::Memo;
use crate::math::slices::Slices;
use crate::table::bitmap::Bitmap;
use crate::table::date::{MS_PER_DAY, format_day, format_time};
use crate::table::list::Lists;
use crate::table::role::Role;
use crate::table::texts::Texts;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::rc::Rc;

/// The type of a column's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ColumnType {
    /// Finite 64-bit floats.
    Number,
    /// Text, compared byte by byte.
    Text,
    /// Civil days.
    Date,
    /// Moments, in milliseconds UTC.
    Time,
    /// Yes or no.
    Boolean,
    /// Several texts, such as tags.
    List,
}

/// The values of a column, one a row. A value whose validity bit is off means nothing.
#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    /// NaN where missing, finite elsewhere.
    Number(Vec<f64>),
    /// Codes into distinct values.
    Text(Texts),
    /// Days since 1970-01-01; [`Data::NO_DAY`] where missing.
    Date(Vec<i32>),
    /// Milliseconds since 1970-01-01 UTC; [`Data::NO_TIME`] where missing.
    Time(Vec<i64>),
    /// Set where true.
    Boolean(Bitmap),
    /// Several values a row.
    List(Lists),
    /// Checked and counted while reading, but not kept in memory.
    Unloaded(ColumnType),
}

impl Data {
    /// The day that stands for "missing".
    pub const NO_DAY: i32 = i32::MIN;
    /// The moment that stands for "missing".
    pub const NO_TIME: i64 = i64::MIN;
}

/// A named column of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Unique within its table.
    pub name: String,
    /// The values.
    pub data: Data,
    /// Which rows have a value.
    pub valid: Bitmap,
    /// What the column means.
    pub role: Role,
    /// How sure that is, 0 to 1; 1 when the user said so.
    pub role_confidence: f64,
    /// Share of the non-missing cells that fit the type, 0 to 1.
    pub fit: f64,
    /// Number of distinct values.
    pub distinct: usize,
    /// Up to five different values as they stood in the file.
    pub sample: Vec<String>,
    /// How dates are written: `dd.mm.yyyy`. Empty for other columns, and where it cannot be said.
    pub pattern: String,
    /// What was found from the values.
    pub derived: Derived,
}

/// What is found from a column's values once somebody asks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Derived {
    slices: Memo<Option<Slices>>,
    last_day: Memo<Option<i32>>,
}

/// What is known about a column, without its values.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ColumnInfo {
    /// Unique within its table.
    pub name: String,
    /// Type of the values.
    #[serde(rename = "type")]
    pub kind: ColumnType,
    /// What the column means.
    pub role: Role,
    /// How sure that is, 0 to 1.
    pub role_confidence: f64,
    /// Share of non-missing cells that fit the type.
    pub fit: f64,
    /// Rows without a value.
    pub missing: usize,
    /// Distinct values.
    pub distinct: usize,
    /// Up to five different values.
    pub sample: Vec<String>,
    /// How dates are written: `dd.mm.yyyy`. Empty for other columns, and where it cannot be said.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub pattern: String,
}

impl Column {
    /// A computed number column; NaN means missing. Infinities become missing too.
    pub fn number(name: impl Into<String>, role: Role, mut values: Vec<f64>) -> Column {
        let valid = Bitmap::from_words(finite(&values), values.len());
        if valid.count() < values.len() {
            values.iter_mut().filter(|value| !value.is_finite()).for_each(|value| *value = f64::NAN);
        }
        let sample = smallest(&values).iter().map(f64::to_string).collect();
        let distinct = distinct::of_numbers(&values, valid.words());
        Column::computed(name, role, Data::Number(values), valid, distinct, sample)
    }

    /// A computed date column; [`Data::NO_DAY`] means missing.
    pub fn date(name: impl Into<String>, role: Role, values: Vec<i32>) -> Column {
        let days: Vec<f64> =
            values.iter().map(|&day| if day == Data::NO_DAY { f64::NAN } else { f64::from(day) }).collect();
        let valid = Bitmap::from_words(finite(&days), days.len());
        let sample = smallest(&days).iter().map(|&day| format_day(day as i32)).collect();
        let distinct = distinct::of_days(&values, valid.words());
        Column::computed(name, role, Data::Date(values), valid, distinct, sample)
    }

    /// A computed text column; rows outside `valid` are missing.
    pub fn text(name: impl Into<String>, role: Role, values: Texts, valid: Bitmap) -> Column {
        let sample = values.values().take(5).map(String::from).collect();
        let distinct = distinct::of_codes(values.codes(), valid.words(), values.distinct());
        Column::computed(name, role, Data::Text(values), valid, distinct, sample)
    }

    fn computed(
        name: impl Into<String>,
        role: Role,
        data: Data,
        valid: Bitmap,
        distinct: usize,
        sample: Vec<String>,
    ) -> Column {
        Column {
            name: name.into(),
            data,
            valid,
            role,
            role_confidence: 1.0,
            fit: 1.0,
            distinct,
            sample,
            pattern: String::new(),
            derived: Derived::default(),
        }
    }

    /// A column of which the values are to change: a copy where others hold it, too, and without what was found from them.
    pub fn changing(column: &mut Rc<Column>) -> &mut Column {
        let column = Rc::make_mut(column);
        column.derived = Derived::default();
        column
    }

    /// The numbers in slices, to be summed quickly; cut when first asked for. None where they are no decimals of few digits, or
    /// no numbers.
    pub fn slices(&self) -> Option<&Slices> {
        match &self.data {
            Data::Number(values) => self.derived.slices.get_or(|| Slices::of(values)).as_ref(),
            _ => None,
        }
    }

    /// The last day of dates or moments (UTC); found when first asked for. None without any, and of other values.
    pub fn last_day(&self) -> Option<i32> {
        *self.derived.last_day.get_or(|| match &self.data {
            Data::Date(days) => Some(greatest(days)).filter(|&day| day != Data::NO_DAY),
            Data::Time(times) => {
                self.valid.iter().map(|row| times[row]).max().map(|time| time.div_euclid(MS_PER_DAY) as i32)
            }
            _ => None,
        })
    }

    /// The values in these rows, in this order. Distinct values and samples stay as they were, and texts keep values that no
    /// row has any more: this is for tables that come and go.
    pub fn at(&self, rows: &[usize]) -> Column {
        let data = match &self.data {
            Data::Number(values) => Data::Number(rows.iter().map(|&row| values[row]).collect()),
            Data::Date(days) => Data::Date(rows.iter().map(|&row| days[row]).collect()),
            Data::Time(times) => Data::Time(rows.iter().map(|&row| times[row]).collect()),
            Data::Boolean(truths) => Data::Boolean(Bitmap::from_fn(rows.len(), |at| truths.get(rows[at]))),
            Data::Text(texts) => Data::Text(texts.with_codes(rows.iter().map(|&row| texts.codes()[row]).collect())),
            Data::List(lists) => Data::List(lists.at(&mut rows.iter().map(|&row| Some(row)))),
            Data::Unloaded(kind) => Data::Unloaded(*kind),
        };
        let valid = Bitmap::from_fn(rows.len(), |at| self.valid.get(rows[at]));
        Column {
            name: self.name.clone(),
            sample: self.sample.clone(),
            pattern: self.pattern.clone(),
            derived: Derived::default(),
            data,
            valid,
            ..*self
        }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.valid.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.valid.is_empty()
    }

    /// The type of the values.
    pub fn kind(&self) -> ColumnType {
        match &self.data {
            Data::Number(_) => ColumnType::Number,
            Data::Text(_) => ColumnType::Text,
            Data::Date(_) => ColumnType::Date,
            Data::Time(_) => ColumnType::Time,
            Data::Boolean(_) => ColumnType::Boolean,
            Data::List(_) => ColumnType::List,
            Data::Unloaded(kind) => *kind,
        }
    }

    /// Rows without a value.
    pub fn missing(&self) -> usize {
        self.valid.len() - self.valid.count()
    }

    /// What is known, without the values.
    pub fn info(&self) -> ColumnInfo {
        ColumnInfo {
            name: self.name.clone(),
            kind: self.kind(),
            role: self.role,
            role_confidence: self.role_confidence,
            fit: self.fit,
            missing: self.missing(),
            distinct: self.distinct,
            sample: self.sample.clone(),
            pattern: self.pattern.clone(),
        }
    }

    /// The value of a row as the text by which it is known again: as [`Column::text_of`], but zero has no sign.
    pub fn key_of(&self, row: usize) -> Option<Cow<'_, str>> {
        match &self.data {
            _ if !self.valid.get(row) => None,
            Data::Text(texts) => Some(texts.get(row).into()),
            Data::Number(values) => Some((values[row] + 0.0).to_string().into()),
            _ => self.text_of(row).map(Cow::from),
        }
    }

    /// The value of a row as canonical text (shortest digits, ISO dates, `true`/`false`, lists as they stood in the file), or
    /// nothing where it is missing or not loaded.
    pub fn text_of(&self, row: usize) -> Option<String> {
        if !self.valid.get(row) {
            return None;
        }
        match &self.data {
            Data::Number(values) => Some(values[row].to_string()),
            Data::Text(values) => Some(values.get(row).to_string()),
            Data::Date(values) => Some(format_day(values[row])),
            Data::Time(values) => Some(format_time(values[row])),
            Data::Boolean(values) => Some(values.get(row).to_string()),
            Data::List(lists) => Some(lists.cells().get(row).to_string()),
            Data::Unloaded(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_with_other_numbers_has_slices_of_its_own() {
        let column = Column::number("spent", Role::Amount, vec![1.25, f64::NAN, 3.5]);
        let sum = |column: &Column| column.slices().map(|slices| slices.sums(&[&[7]], column.valid.words()));
        assert_eq!(sum(&column), Some(vec![4.75]));
        let other = Column { data: Data::Number(vec![10.0, f64::NAN, 0.5]), ..column.clone() };
        assert_eq!(sum(&other), Some(vec![10.5]));
        assert_eq!(sum(&column.at(&[2])), Some(vec![3.5]));
        let third = Column { data: Data::Number(vec![1.0 / 3.0; 3]), ..column.clone() };
        assert_eq!(sum(&third), None);
        let whole = other.at(&[0]);
        whole.slices();
        assert_eq!(whole, whole.clone());
    }

    #[test]
    fn the_last_day_is_that_of_the_values_there_are() {
        let mut column = Rc::new(Column::date("d", Role::Date, vec![30, Data::NO_DAY, 20]));
        assert_eq!(
            (column.last_day(), column.at(&[1, 2]).last_day(), column.at(&[1]).last_day()),
            (Some(30), Some(20), None)
        );
        // One owner: the values change where they are.
        let changed = Column::changing(&mut column);
        changed.data = Data::Date(vec![10, Data::NO_DAY, 20]);
        assert_eq!(column.last_day(), Some(20));
        let valid = Bitmap::from_fn(3, |row| row != 1);
        let moments = Data::Time(vec![-1, i64::MAX, -MS_PER_DAY]);
        assert_eq!(Column { data: moments, valid, ..column.as_ref().clone() }.last_day(), Some(-1));
        assert_eq!(Column::number("n", Role::Other, vec![5.0]).last_day(), None);
    }
}
