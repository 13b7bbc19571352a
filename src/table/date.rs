//! Civil days as numbers, days since 1970-01-01 in the proleptic Gregorian calendar. No clock and no time zone.
//!
//! The day arithmetic follows Howard Hinnant's public description of civil-calendar algorithms (400-year eras).

use crate::error::{Code, Error, Result};

/// Milliseconds in a civil day.
pub const MS_PER_DAY: i64 = 86_400_000;

/// The day number of a year, month (1–12) and day (1–31), or nothing if there is no such day. Years 0 to 9999.
pub fn from_civil(year: i32, month: u32, day: u32) -> Option<i32> {
    if !(0..=9999).contains(&year) || !(1..=12).contains(&month) || day < 1 || day > days_in_month(year, month) {
        return None;
    }
    let shifted = if month <= 2 { year - 1 } else { year };
    let era = shifted.div_euclid(400);
    let year_of_era = shifted.rem_euclid(400);
    let month_from_march = (month as i32 + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day as i32 - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    Some(era * 146_097 + day_of_era - 719_468)
}

/// Year, month (1–12) and day (1–31) of a day number.
pub fn to_civil(days: i32) -> (i32, u32, u32) {
    let shifted = i64::from(days) + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = (day_of_year - (153 * month_from_march + 2) / 5 + 1) as u32;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 } as u32;
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year as i32, month, day)
}

/// Days in a month of a year.
pub fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// `2026-11-30` for a day number.
pub fn format_day(days: i32) -> String {
    let (year, month, day) = to_civil(days);
    format!("{year:04}-{month:02}-{day:02}")
}

/// `2026-11-30T09:15:00Z` (with `.123` where there are milliseconds) for milliseconds since 1970 UTC.
pub fn format_time(ms: i64) -> String {
    let day = format_day(ms.div_euclid(MS_PER_DAY) as i32);
    let rest = ms.rem_euclid(MS_PER_DAY);
    let (hours, minutes, seconds, millis) = (rest / 3_600_000, rest / 60_000 % 60, rest / 1_000 % 60, rest % 1_000);
    let fraction = if millis == 0 { String::new() } else { format!(".{millis:03}") };
    format!("{day}T{hours:02}:{minutes:02}:{seconds:02}{fraction}Z")
}

/// The day number of an ISO day, exactly `yyyy-mm-dd`.
///
/// # Errors
/// `bad-date` when the text has another form or names a day that does not exist.
pub fn parse_iso_day(text: &str) -> Result<i32> {
    let parts: Vec<&str> = text.split('-').collect();
    let number = |part: &str, width: usize| {
        (part.len() == width && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse::<u32>().ok()).flatten()
    };
    let day = match parts[..] {
        [year, month, day] => number(year, 4)
            .zip(number(month, 2))
            .zip(number(day, 2))
            .and_then(|((year, month), day)| from_civil(year as i32, month, day)),
        _ => None,
    };
    day.ok_or_else(|| {
        Error::new(Code::BadDate, format!("“{text}” is not a day. Write it as year-month-day, for example 2026-11-30."))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_eight_centuries_goes_there_and_back() {
        let (first, last) = (from_civil(1600, 1, 1).unwrap(), from_civil(2400, 12, 31).unwrap());
        let mut expected = (1600, 1, 1);
        for days in first..=last {
            assert_eq!(to_civil(days), expected);
            assert_eq!(from_civil(expected.0, expected.1, expected.2), Some(days));
            expected.2 += 1;
            if expected.2 > days_in_month(expected.0, expected.1) {
                expected = if expected.1 == 12 { (expected.0 + 1, 1, 1) } else { (expected.0, expected.1 + 1, 1) };
            }
        }
        assert_eq!(from_civil(1970, 1, 1), Some(0));
        assert_eq!(from_civil(2026, 11, 21), Some(20_778));
    }

    #[test]
    fn days_that_do_not_exist_are_refused() {
        assert_eq!(from_civil(2026, 2, 29), None);
        assert_eq!(from_civil(1900, 2, 29), None);
        assert!(from_civil(2000, 2, 29).is_some());
        for text in ["2026-13-01", "2026-1-01", "26-01-01", "", "2026-02-30", "2026/01/01"] {
            assert_eq!(parse_iso_day(text).unwrap_err().code, Code::BadDate);
        }
        assert_eq!(format_day(parse_iso_day("2024-02-29").unwrap()), "2024-02-29");
    }

    #[test]
    fn times_before_the_epoch_are_well_formed() {
        assert_eq!(format_time(-1), "1969-12-31T23:59:59.999Z");
        assert_eq!(format_time(0), "1970-01-01T00:00:00Z");
    }
}
