//! Which day is so many months away, and which moment does a text name?

use crate::segment::rules::tree::{Direction, Unit, Which};
use crate::table::date::{MS_PER_DAY, days_in_month, from_civil, parse_iso_day, to_civil};

/// The civil day of a moment, UTC.
pub fn day_of(moment: i64) -> i32 {
    moment.div_euclid(MS_PER_DAY) as i32
}

/// A day moved by whole units. Months and years go by the calendar and stop at a month's last day: 31 March less one month
/// is 28 or 29 February. Past the years 0 to 9999 it is as far away as can be.
pub fn shift(day: i32, amount: i64, unit: Unit) -> i32 {
    let farthest = if amount < 0 { i32::MIN } else { i32::MAX };
    let by_days = |days: i64| i32::try_from(i64::from(day) + days).unwrap_or(farthest);
    let by_months = |months: i64| {
        let (year, month, of_month) = to_civil(day);
        let total = i64::from(year) * 12 + i64::from(month) - 1 + months;
        let (year, month) = (total.div_euclid(12), total.rem_euclid(12) as u32 + 1);
        let year = i32::try_from(year).ok().filter(|year| (0..=9999).contains(year));
        year.and_then(|year| from_civil(year, month, of_month.min(days_in_month(year, month)))).unwrap_or(farthest)
    };
    match unit {
        // Hours are counted from moments, not from days.
        Unit::Hour => by_days(amount.div_euclid(24)),
        Unit::Day => by_days(amount),
        Unit::Week => by_days(amount * 7),
        Unit::Month => by_months(amount),
        Unit::Quarter => by_months(amount * 3),
        Unit::Year => by_months(amount * 12),
    }
}

/// Days from one on, up to but without another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The first.
    pub from: i32,
    /// The one after the last.
    pub to: i32,
}

/// The days of so many units that end with a day or begin with it.
pub fn within(reference: i32, direction: Direction, amount: u32, unit: Unit) -> Span {
    let amount = i64::from(amount);
    match direction {
        Direction::Last => {
            Span { from: shift(reference, -amount, unit).saturating_add(1), to: reference.saturating_add(1) }
        }
        Direction::Next => Span { from: reference, to: shift(reference, amount, unit) },
    }
}

/// The day, week, month, quarter or year that a day lies in, the one before it or the one after. `from` is the month in which
/// years begin, 1 where it is left out.
pub fn period(reference: i32, which: Which, unit: Unit, from: Option<u8>) -> Span {
    let (_, month, of_month) = to_civil(reference);
    let months = match unit {
        Unit::Month => 1,
        Unit::Quarter => 3,
        Unit::Year => 12,
        Unit::Hour | Unit::Day | Unit::Week => 0,
    };
    let start = match unit {
        Unit::Hour | Unit::Day => reference,
        // Day 0 was a Thursday; weeks begin on Monday.
        Unit::Week => shift(reference, -(i64::from(reference) + 3).rem_euclid(7), Unit::Day),
        Unit::Month | Unit::Quarter | Unit::Year => {
            let passed = (i64::from(month) - i64::from(from.unwrap_or(1))).rem_euclid(months);
            shift(shift(reference, 1 - i64::from(of_month), Unit::Day), -passed, Unit::Month)
        }
    };
    let (step, unit) = if months > 0 { (months, Unit::Month) } else { (1, unit) };
    let moved = |by: i64| shift(start, by * step, unit);
    let by = match which {
        Which::Previous => -1,
        Which::This => 0,
        Which::Next => 1,
    };
    Span { from: moved(by), to: moved(by + 1) }
}

/// Whether a day returns within a span of at most a year or so: the same day in a later year, 28 February for 29 February in
/// common years.
pub fn anniversary(day: i32, span: Span) -> bool {
    let (year, month, of_month) = to_civil(day);
    let (first, last) = (to_civil(span.from).0, to_civil(span.to.saturating_sub(1)).0);
    (first.max(year.saturating_add(1))..=last).any(|year| {
        let returned = from_civil(year, month, of_month.min(days_in_month(year, month)));
        returned.is_some_and(|day| (span.from..span.to).contains(&day))
    })
}

/// `2026-01-31T09:15`, with seconds, milliseconds and `Z` where wanted, a blank instead of `T` allowed; always UTC.
pub fn parse_moment(text: &str) -> Option<i64> {
    let day = parse_iso_day(text.get(..10)?).ok()?;
    let clock = text.get(10..)?.strip_prefix(['T', ' '])?;
    let clock = clock.strip_suffix('Z').unwrap_or(clock);
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let number = |part: &str, widths: std::ops::RangeInclusive<usize>| {
        let digits = widths.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| part.parse::<i64>().ok()).flatten()
    };
    let parts: Vec<i64> = clock.split(':').map(|part| number(part, 2..=2)).collect::<Option<_>>()?;
    let (hours, minutes, seconds) = match parts[..] {
        [hours, minutes] => (hours, minutes, 0),
        [hours, minutes, seconds] => (hours, minutes, seconds),
        _ => return None,
    };
    if hours > 23 || minutes > 59 || seconds > 59 {
        return None;
    }
    let millis = number(&format!("{fraction:0<3}"), 3..=3)?;
    Some(i64::from(day) * MS_PER_DAY + ((hours * 60 + minutes) * 60 + seconds) * 1_000 + millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_and_years_stop_at_the_end_of_a_month() {
        let day = |text: &str| parse_iso_day(text).unwrap();
        assert_eq!(shift(day("2026-03-31"), -1, Unit::Month), day("2026-02-28"));
        assert_eq!(shift(day("2024-02-29"), -1, Unit::Year), day("2023-02-28"));
        assert_eq!(shift(day("2026-11-30"), 3, Unit::Month), day("2027-02-28"));
        assert_eq!(shift(day("2026-01-15"), -13, Unit::Month), day("2024-12-15"));
        assert_eq!(shift(day("2026-01-15"), 2, Unit::Week), day("2026-01-29"));
        assert_eq!(shift(day("2026-01-15"), -100_000, Unit::Year), i32::MIN);
        assert_eq!(shift(day("2026-01-15"), 100_000, Unit::Month), i32::MAX);
    }

    #[test]
    fn periods_are_those_of_the_calendar() {
        use Unit::{Day, Month, Quarter, Week, Year};
        use Which::{Next, Previous, This};
        let day = |text: &str| parse_iso_day(text).unwrap();
        // A Wednesday.
        let reference = day("2026-02-18");
        for (which, unit, from, first, after) in [
            (This, Day, None, "2026-02-18", "2026-02-19"),
            (Previous, Day, None, "2026-02-17", "2026-02-18"),
            (This, Week, None, "2026-02-16", "2026-02-23"),
            (Previous, Week, None, "2026-02-09", "2026-02-16"),
            (Next, Week, None, "2026-02-23", "2026-03-02"),
            (Previous, Month, None, "2026-01-01", "2026-02-01"),
            (This, Quarter, None, "2026-01-01", "2026-04-01"),
            (Previous, Quarter, None, "2025-10-01", "2026-01-01"),
            (Next, Year, None, "2027-01-01", "2028-01-01"),
            (This, Year, Some(4), "2025-04-01", "2026-04-01"),
            (This, Year, Some(2), "2026-02-01", "2027-02-01"),
            (Next, Quarter, Some(2), "2026-05-01", "2026-08-01"),
            (This, Quarter, Some(12), "2025-12-01", "2026-03-01"),
        ] {
            let span = Span { from: day(first), to: day(after) };
            assert_eq!(period(reference, which, unit, from), span, "{which:?} {unit:?} {from:?}");
        }
        for (reference, unit, from, first) in [
            ("2026-11-23", Week, None, "2026-11-23"),
            ("1969-12-31", Week, None, "1969-12-29"),
            ("2026-01-15", Quarter, Some(2), "2025-11-01"),
            ("2026-03-31", Year, Some(4), "2025-04-01"),
            ("2026-04-01", Year, Some(4), "2026-04-01"),
        ] {
            assert_eq!(period(day(reference), This, unit, from).from, day(first), "{reference} {unit:?} {from:?}");
        }
    }

    #[test]
    fn days_return_every_year_but_the_first() {
        let day = |text: &str| parse_iso_day(text).unwrap();
        let next = |reference: &str, days: u32| within(day(reference), Direction::Next, days, Unit::Day);
        let last = |reference: &str, days: u32| within(day(reference), Direction::Last, days, Unit::Day);
        assert!(anniversary(day("1990-02-29".replace("29", "28").as_str()), next("2026-02-28", 1)));
        assert!(anniversary(day("2024-02-29"), next("2026-02-28", 1)));
        assert!(
            !anniversary(day("2024-02-29"), next("2028-02-28", 1))
                && anniversary(day("2024-02-29"), next("2028-02-28", 2))
        );
        assert!(
            anniversary(day("1990-01-03"), next("2025-12-30", 7))
                && !anniversary(day("1990-01-03"), next("2025-12-30", 4))
        );
        assert!(
            anniversary(day("2025-12-25"), last("2026-12-31", 7))
                && !anniversary(day("2026-12-25"), last("2026-12-31", 7))
        );
        assert!(!anniversary(day("2025-12-24"), last("2026-12-31", 7)));
    }

    #[test]
    fn moments_are_read_as_they_are_written() {
        let ms = |text: &str| parse_moment(text);
        assert_eq!(ms("1970-01-02T00:00:01.5Z"), Some(MS_PER_DAY + 1_500));
        assert_eq!(ms("1970-01-01 01:02"), Some(3_720_000));
        for text in
            ["1970-01-01", "1970-01-01T24:00", "1970-01-01T1:00", "1970-01-01T01:00+02:00", "ä970-01-01T01:00", ""]
        {
            assert_eq!(ms(text), None, "{text}");
        }
    }
}
