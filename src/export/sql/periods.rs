//! In which period of the calendar, and how near to its yearly return? Everything is reckoned from the reference date here,
//! so that the statement holds days and no functions of the clock.

use crate::error::Result;
use crate::export::sql::writer::{Sql, Writer};
use crate::segment::rules::calendar::{period, within};
use crate::segment::rules::tree::{Direction, Function, Unit, Which};
use crate::table::date::{days_in_month, to_civil};

impl Writer<'_> {
    /// In the previous, this or the next day, week, month, quarter or year.
    ///
    /// # Errors
    /// `unsupported` for days that SQL does not know.
    pub fn period(&mut self, subject: &Sql, which: Which, unit: Unit, fiscal_from: Option<u8>) -> Result<String> {
        let span = period(self.setting.reference_date, which, unit, fiscal_from);
        let (from, to) = (self.dialect().day(span.from)?, self.dialect().day(span.to)?);
        let day = self.day_of(subject);
        Ok(format!("({day} >= {from} AND {day} < {to})"))
    }

    /// With its yearly return in so many days up to, or from, the reference date.
    ///
    /// # Errors
    /// `unsupported` for days that SQL does not know.
    pub fn anniversary(&mut self, subject: &Sql, direction: Direction, days: u32) -> Result<String> {
        let dialect = self.dialect();
        // The first and the last day on which it may fall.
        let span = within(self.setting.reference_date, direction, days, Unit::Day);
        let (first, last) = (span.from, span.to - 1);
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
