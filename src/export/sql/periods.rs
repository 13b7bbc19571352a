//! In which period of the calendar, and how near to its yearly return? Everything is reckoned from the reference date here,
//! so that the statement holds days and no functions of the clock.

use crate::error::Result;
use crate::export::sql::writer::{Sql, Writer};
use crate::segment::rules::calendar::shift;
use crate::segment::rules::tree::{Direction, Function, Unit, Which};
use crate::table::date::{days_in_month, from_civil, to_civil};

/// Monday, 5 January 1970.
const A_MONDAY: i32 = 4;

impl Writer<'_> {
    /// In the previous, this or the next day, week, month, quarter or year.
    ///
    /// # Errors
    /// `unsupported` for days that SQL does not know.
    pub fn period(&mut self, subject: &Sql, which: Which, unit: Unit, fiscal_from: Option<u8>) -> Result<String> {
        let this = beginning(self.setting.reference_date, unit, fiscal_from);
        let (from, to) = match which {
            Which::Previous => (shift(this, -1, unit), this),
            Which::This => (this, shift(this, 1, unit)),
            Which::Next => (shift(this, 1, unit), shift(this, 2, unit)),
        };
        let (from, to) = (self.dialect().day(from)?, self.dialect().day(to)?);
        let day = self.day_of(subject);
        Ok(format!("({day} >= {from} AND {day} < {to})"))
    }

    /// With its yearly return in so many days up to, or from, the reference date.
    ///
    /// # Errors
    /// `unsupported` for days that SQL does not know.
    pub fn anniversary(&mut self, subject: &Sql, direction: Direction, days: u32) -> Result<String> {
        let (dialect, reference) = (self.dialect(), self.setting.reference_date);
        let days = days as i32;
        // The first and the last day on which it may fall.
        let (first, last) = if direction == Direction::Last {
            (reference - days + 1, reference)
        } else {
            (reference, reference + days - 1)
        };
        let day = self.day_of(subject);
        let of_year =
            format!("({} * 100 + {})", dialect.part(Function::Month, &day), dialect.part(Function::Day, &day));
        let year = dialect.part(Function::Year, &day);
        let years = to_civil(first).0..=to_civil(last).0;
        let spans = years.map(|in_year| {
            let number = |day: i32| {
                let (_, month, of_month) = to_civil(day);
                month * 100 + of_month
            };
            let from = if to_civil(first).0 == in_year { number(first) } else { 101 };
            let mut to = if to_civil(last).0 == in_year { number(last) } else { 1231 };
            // In common years who was born on 29 February has the 28th.
            if days_in_month(in_year, 2) == 28 && to == 228 {
                to = 229;
            }
            format!("({of_year} BETWEEN {from} AND {to} AND {year} < {in_year})")
        });
        Ok(format!("({})", spans.collect::<Vec<_>>().join(" OR ")))
    }
}

/// The first day of the period that a day lies in.
fn beginning(day: i32, unit: Unit, fiscal_from: Option<u8>) -> i32 {
    let (year, month, _) = to_civil(day);
    let first = u32::from(fiscal_from.unwrap_or(1));
    // Months since the fiscal year began.
    let into = (month + 12 - first) % 12;
    let back = match unit {
        Unit::Hour | Unit::Day => return day,
        Unit::Week => return day - (day - A_MONDAY).rem_euclid(7),
        Unit::Month => 0,
        Unit::Quarter => into % 3,
        Unit::Year => into,
    };
    shift(from_civil(year, month, 1).unwrap_or(day), -i64::from(back), Unit::Month)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::date::parse_iso_day;

    #[test]
    fn periods_begin_where_the_calendar_says() {
        let day = |text: &str| parse_iso_day(text).unwrap();
        let begins = |text, unit, fiscal, expected| assert_eq!(beginning(day(text), unit, fiscal), day(expected));
        begins("2026-11-22", Unit::Week, None, "2026-11-16");
        begins("2026-11-23", Unit::Week, None, "2026-11-23");
        begins("1969-12-31", Unit::Week, None, "1969-12-29");
        begins("2026-11-22", Unit::Quarter, None, "2026-10-01");
        begins("2026-03-31", Unit::Year, Some(4), "2025-04-01");
        begins("2026-01-15", Unit::Quarter, Some(2), "2025-11-01");
        begins("2026-04-01", Unit::Year, Some(4), "2026-04-01");
    }
}
