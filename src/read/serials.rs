//! Are these numbers days or moments? Seconds or milliseconds since 1970, or the day numbers of spreadsheets. Decided from
//! the name and from all values; what is merely possible stays a number.

use crate::read::builder::{Counts, note};
use crate::read::infer::is_enough;
use crate::read::names::{is_date_name, role_of_name};
use crate::table::bitmap::Bitmap;
use crate::table::column::{ColumnType, Data};
use crate::table::date::MS_PER_DAY;
use crate::table::role::Role;

/// What numbers count from which day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Serial {
    /// Seconds since 1970.
    Seconds,
    /// Milliseconds since 1970.
    Millis,
    /// Days of a spreadsheet, 1 being 1 January 1900.
    Days,
}

/// 1970-01-01 as a spreadsheet counts days.
const EPOCH_AS_DAYS: f64 = 25_569.0;

impl Serial {
    const ALL: [Serial; 3] = [Serial::Seconds, Serial::Millis, Serial::Days];

    /// For a person.
    pub fn name(self) -> &'static str {
        match self {
            Serial::Seconds => "seconds since 1970",
            Serial::Millis => "milliseconds since 1970",
            Serial::Days => "day numbers of a spreadsheet",
        }
    }

    /// Milliseconds since 1970, whole seconds for days.
    fn utc(self, value: f64) -> i64 {
        match self {
            Serial::Seconds => (value * 1_000.0).round() as i64,
            Serial::Millis => value.round() as i64,
            Serial::Days => ((value - EPOCH_AS_DAYS) * 86_400.0).round() as i64 * 1_000,
        }
    }

    /// Values that the name makes plausible: 1980 to 2100; for days 1927 to 2119, since births are dates too.
    fn is_likely(self, value: f64) -> bool {
        match self {
            Serial::Seconds => (315_532_800.0..4_102_444_800.0).contains(&value),
            Serial::Millis => (315_532_800e3..4_102_444_800e3).contains(&value),
            Serial::Days => (10_000.0..80_000.0).contains(&value),
        }
    }

    /// Values that are plausible whatever the name: whole, 2005 to 2035. Days are never.
    fn is_telling(self, value: f64) -> bool {
        let seconds = match self {
            Serial::Seconds => value,
            Serial::Millis => value / 1_000.0,
            Serial::Days => return false,
        };
        value.fract() == 0.0 && (1_104_537_600.0..2_051_222_400.0).contains(&seconds)
    }

    /// What the numbers of a column are, if they are days or moments; `wanted` is dates or times, where the user
    /// chose them.
    pub fn of(values: &[f64], valid: &Bitmap, name: &str, wanted: Option<ColumnType>) -> Option<Serial> {
        let present = valid.count();
        if present == 0 {
            return None;
        }
        let is_named = wanted.is_some() || is_date_name(name);
        let found = Serial::ALL.into_iter().find(|serial| {
            if is_named {
                let fits = valid.iter().filter(|&row| serial.is_likely(values[row])).count();
                return is_enough(fits as u64, present as u64);
            }
            let all = || valid.iter().map(|row| values[row]);
            let span = || all().fold(f64::MIN, f64::max) - all().fold(f64::MAX, f64::min);
            present >= 10
                && role_of_name(name).0 == Role::Other
                && all().all(|value| serial.is_telling(value))
                && serial.utc(span()) >= MS_PER_DAY
        });
        // Who chose dates gets dates, missing where nothing can be one.
        found.or(wanted.map(|_| Serial::Days))
    }

    /// The days or moments, and which are there; what cannot be one is counted as no fit.
    pub fn convert(
        self,
        values: &[f64],
        valid: &Bitmap,
        wanted: Option<ColumnType>,
        counts: &mut Counts,
    ) -> (Data, Bitmap) {
        let fits = Bitmap::from_fn(values.len(), |row| valid.get(row) && self.is_likely(values[row]));
        for row in valid.and_not(&fits).iter() {
            counts.misfits += 1;
            note(&mut counts.misfit_examples, row as u64 + 1, &values[row].to_string());
        }
        let days = self == Serial::Days && fits.iter().all(|row| values[row].fract() == 0.0);
        let data = if wanted == Some(ColumnType::Date) || wanted.is_none() && days {
            let day = |row: usize| self.utc(values[row]).div_euclid(MS_PER_DAY) as i32;
            Data::Date((0..values.len()).map(|row| if fits.get(row) { day(row) } else { Data::NO_DAY }).collect())
        } else {
            let time = |row: usize| if fits.get(row) { self.utc(values[row]) } else { Data::NO_TIME };
            Data::Time((0..values.len()).map(time).collect())
        };
        (data, fits)
    }
}

/// Whether a type says when something was.
pub fn is_calendar(kind: ColumnType) -> bool {
    matches!(kind, ColumnType::Date | ColumnType::Time)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(name: &str, values: &[f64]) -> Option<Serial> {
        Serial::of(values, &Bitmap::ones(values.len()), name, None)
    }

    #[test]
    fn names_and_ranges_make_numbers_days() {
        assert_eq!(found("created_at", &[1_700_000_000.0, 1_700_100_000.0]), Some(Serial::Seconds));
        assert_eq!(found("timestamp", &[1_700_000_000_000.0]), Some(Serial::Millis));
        assert_eq!(found("Order Date", &[45_000.0, 45_001.5]), Some(Serial::Days));
        assert_eq!(found("Umsatz", &[45_000.0, 45_001.0]), None);
        assert_eq!(found("value", &[1_700_000_000.0, 1_700_100_000.0]), None);
        let many: Vec<f64> = (0..20).map(|i| 1_700_000_000.0 + 10_000.0 * f64::from(i)).collect();
        assert_eq!(found("value", &many), Some(Serial::Seconds));
        assert_eq!(found("revenue", &many), None);
        assert_eq!(found("date", &[3.0, 40_000.0]), None);
    }

    #[test]
    fn spreadsheets_count_days_from_1900() {
        let (values, mut counts) = ([45_292.0, 25_569.0, f64::NAN], Counts::default());
        let valid = Bitmap::from_fn(3, |row| row < 2);
        let (data, fits) = Serial::Days.convert(&values, &valid, None, &mut counts);
        assert_eq!((data, fits.count()), (Data::Date(vec![19_723, 0, Data::NO_DAY]), 2));
        let (data, _) = Serial::Days.convert(&[45_292.5], &Bitmap::ones(1), None, &mut counts);
        assert_eq!(data, Data::Time(vec![19_723 * MS_PER_DAY + MS_PER_DAY / 2]));
        let (_, fits) = Serial::Seconds.convert(&[0.0], &Bitmap::ones(1), None, &mut counts);
        assert_eq!((fits.count(), counts.misfits), (0, 1));
    }
}
