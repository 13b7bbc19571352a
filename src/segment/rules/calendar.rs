//! Which day is so many months away, and which moment does a text name?

use crate::segment::rules::tree::Unit;
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
