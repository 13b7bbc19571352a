//! In which week, month, quarter or year does a day lie? Periods of the calendar, numbered without a gap.

use crate::table::date::{from_civil, to_civil};
use serde::Deserialize;

/// The length of a period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Period {
    /// From Monday to Sunday, as ISO 8601 counts.
    Week,
    /// A calendar month.
    #[default]
    Month,
    /// Three months from January, April, July or October.
    Quarter,
    /// A calendar year.
    Year,
}

/// 1970-01-01 was a Thursday.
const DAYS_SINCE_MONDAY: i32 = 3;

impl Period {
    /// Its name in options and sentences.
    pub fn as_str(self) -> &'static str {
        match self {
            Period::Week => "week",
            Period::Month => "month",
            Period::Quarter => "quarter",
            Period::Year => "year",
        }
    }

    /// The number of the period in which a day lies. Later periods have higher numbers, the next the next one.
    pub fn of(self, day: i32) -> i32 {
        let (year, month, _) = to_civil(day);
        match self {
            Period::Week => (day + DAYS_SINCE_MONDAY).div_euclid(7),
            Period::Month => year * 12 + month as i32 - 1,
            Period::Quarter => year * 4 + (month as i32 - 1) / 3,
            Period::Year => year,
        }
    }

    /// The first day of a period.
    pub fn start(self, number: i32) -> i32 {
        let first = |months: i32| from_civil(months.div_euclid(12), months.rem_euclid(12) as u32 + 1, 1).unwrap_or(0);
        match self {
            Period::Week => number * 7 - DAYS_SINCE_MONDAY,
            Period::Month => first(number),
            Period::Quarter => first(number * 3),
            Period::Year => first(number * 12),
        }
    }

    /// The last day of a period.
    pub fn end(self, number: i32) -> i32 {
        self.start(number + 1) - 1
    }

    /// `2026-W07`, `2026-02`, `2026-Q1` or `2026`. A week belongs to the year of its Thursday.
    pub fn label(self, number: i32) -> String {
        let (year, month, _) = to_civil(self.start(number));
        match self {
            Period::Week => {
                let thursday = self.start(number) + 3;
                let year = to_civil(thursday).0;
                let week = (thursday - Period::Year.start(year)) / 7 + 1;
                format!("{year:04}-W{week:02}")
            }
            Period::Month => format!("{year:04}-{month:02}"),
            Period::Quarter => format!("{year:04}-Q{}", (month - 1) / 3 + 1),
            Period::Year => format!("{year:04}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::date::{format_day, parse_iso_day};

    #[test]
    fn every_day_lies_in_its_period_and_periods_have_no_gap() {
        for period in [Period::Week, Period::Month, Period::Quarter, Period::Year] {
            for day in parse_iso_day("1899-12-25").unwrap()..parse_iso_day("2105-01-10").unwrap() {
                let number = period.of(day);
                assert!((period.start(number)..=period.end(number)).contains(&day), "{period:?} {}", format_day(day));
                assert_eq!(period.of(day + 1) - number, i32::from(day == period.end(number)));
            }
        }
    }

    #[test]
    fn labels_are_those_of_the_calendar() {
        // Weeks as `date +%G-W%V` says.
        for (day, week, quarter) in [
            ("2026-01-01", "2026-W01", "2026-Q1"),
            ("2027-01-03", "2026-W53", "2027-Q1"),
            ("2024-12-30", "2025-W01", "2024-Q4"),
            ("2021-01-03", "2020-W53", "2021-Q1"),
            ("1997-09-30", "1997-W40", "1997-Q3"),
        ] {
            let number = parse_iso_day(day).unwrap();
            assert_eq!(Period::Week.label(Period::Week.of(number)), week);
            assert_eq!(Period::Quarter.label(Period::Quarter.of(number)), quarter);
            assert_eq!(Period::Month.label(Period::Month.of(number)), day[..7]);
            assert_eq!(Period::Year.label(Period::Year.of(number)), day[..4]);
        }
    }
}
