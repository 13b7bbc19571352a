//! What does a cell say, as text that reads back as the same value?

use calamine::{Data, DataRef};
use marquetry::table::date::{MS_PER_DAY, format_day, from_civil};
use std::fmt::Write;

/// The serial number after 9999-12-31.
const LAST_DAY: f64 = 2_958_466.0;

/// A cell of either format.
pub(crate) enum Value<'a> {
    Text(&'a str),
    Number(f64),
    Bool(bool),
    /// Days since the epoch, or a length of time in days.
    Days {
        days: f64,
        duration: bool,
    },
    /// ISO 8601, as OpenDocument and strict files write dates and times.
    Iso(&'a str),
    /// A calculation that failed, with its sign.
    Failed(String),
    Nothing,
}

impl<'a> From<&'a DataRef<'_>> for Value<'a> {
    fn from(value: &'a DataRef<'_>) -> Value<'a> {
        match value {
            DataRef::Int(number) => Value::Number(*number as f64),
            DataRef::Float(number) => Value::Number(*number),
            DataRef::String(text) => Value::Text(text),
            DataRef::SharedString(text) => Value::Text(text),
            DataRef::Bool(truth) => Value::Bool(*truth),
            DataRef::DateTime(time) => Value::Days { days: time.as_f64(), duration: time.is_duration() },
            DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Value::Iso(text),
            DataRef::Error(error) => Value::Failed(error.to_string()),
            DataRef::Empty => Value::Nothing,
        }
    }
}

impl<'a> From<&'a Data> for Value<'a> {
    fn from(value: &'a Data) -> Value<'a> {
        match value {
            Data::Int(number) => Value::Number(*number as f64),
            Data::Float(number) => Value::Number(*number),
            // The format has no cells of this kind: it writes the sign as text.
            Data::String(text) if is_error(text) => Value::Failed(text.clone()),
            Data::String(text) => Value::Text(text),
            Data::Bool(truth) => Value::Bool(*truth),
            Data::DateTime(time) => Value::Days { days: time.as_f64(), duration: time.is_duration() },
            Data::DateTimeIso(text) | Data::DurationIso(text) => Value::Iso(text),
            Data::Error(error) => Value::Failed(error.to_string()),
            Data::Empty => Value::Nothing,
        }
    }
}

/// The signs of failed calculations.
fn is_error(text: &str) -> bool {
    text.starts_with('#') && "#DIV/0! #N/A #NAME? #NULL! #NUM! #REF! #VALUE!".split(' ').any(|sign| sign == text)
        || text.starts_with("Err:5")
}

/// Appends a number: the shortest decimals that read back as the same one.
pub(crate) fn number(value: f64, out: &mut String) {
    // Writing to a String cannot fail.
    let _ = if value == 0.0 {
        write!(out, "0")
    } else if (1e-7..1e21).contains(&value.abs()) {
        write!(out, "{value}")
    } else {
        write!(out, "{value:e}")
    };
}

/// Appends a serial number of days as an ISO date, date and time, time of day, or `hours:minutes:seconds`.
///
/// Excel believes that 1900 was a leap year: its day 60 is a 29 February that never was, and is written as that.
pub(crate) fn days(value: f64, duration: bool, epoch_1904: bool, out: &mut String) {
    let known = (0.0..LAST_DAY).contains(&value) || duration && value.abs() < LAST_DAY;
    if !known {
        return number(value, out);
    }
    let ms = (value * MS_PER_DAY as f64).round() as i64;
    if duration {
        if ms < 0 {
            out.push('-');
        }
        return clock(ms.abs(), out);
    }
    let (day, rest) = (ms / MS_PER_DAY, ms % MS_PER_DAY);
    if value < 1.0 && !(epoch_1904 && rest == 0) {
        return clock(ms, out);
    }
    let first = |year, month, day| i64::from(from_civil(year, month, day).unwrap_or_default());
    match (epoch_1904, day) {
        (true, _) => out.push_str(&format_day((first(1904, 1, 1) + day) as i32)),
        (false, 60) => out.push_str("1900-02-29"),
        (false, _) => out.push_str(&format_day((first(1899, 12, 30) + day + i64::from(day < 60)) as i32)),
    }
    if rest > 0 {
        out.push('T');
        clock(rest, out);
    }
}

/// Appends `09:15:00`, with `.123` where there are milliseconds; more than 99 hours are written out.
fn clock(ms: i64, out: &mut String) {
    let seconds = ms / 1000;
    let _ = write!(out, "{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    if ms % 1000 > 0 {
        let _ = write!(out, ".{:03}", ms % 1000);
    }
}

/// Appends an ISO text: a time at midnight goes, and `PT26H30M0S` becomes `26:30:00`.
pub(crate) fn iso(text: &str, out: &mut String) {
    match length(text) {
        Some(ms) => clock(ms, out),
        None => {
            let bare = text.strip_suffix("T00:00:00").or_else(|| text.strip_suffix("T00:00:00Z"));
            out.push_str(bare.unwrap_or(text));
        }
    }
}

/// Milliseconds of an ISO length of time that has no days or months.
fn length(text: &str) -> Option<i64> {
    let mut rest = text.strip_prefix("PT")?;
    let mut ms = 0.0;
    for (unit, size) in [('H', 3_600_000.0), ('M', 60_000.0), ('S', 1_000.0)] {
        if let Some((count, after)) = rest.split_once(unit) {
            ms += count.replace(',', ".").parse::<f64>().ok().filter(|count| (0.0..1e9).contains(count))? * size;
            rest = after;
        }
    }
    rest.is_empty().then_some(ms.round() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl Fn(&mut String)) -> String {
        let mut out = String::new();
        write(&mut out);
        out
    }

    #[test]
    fn numbers_read_back_as_themselves() {
        for (value, text) in [
            (5.0, "5"),
            (-0.0, "0"),
            (0.1 + 0.2, "0.30000000000000004"),
            (4_901_510_000_000.0, "4901510000000"),
            (1e21, "1e21"),
            (2.5e-9, "2.5e-9"),
            (-12.75, "-12.75"),
        ] {
            assert_eq!(written(|out| number(value, out)), text);
            assert_eq!(text.parse::<f64>().unwrap(), value);
        }
    }

    #[test]
    fn serial_days_are_those_of_their_epoch() {
        let day = |value, epoch| written(|out| days(value, false, epoch, out));
        for (value, text) in [
            (1.0, "1900-01-01"),
            (59.0, "1900-02-28"),
            (60.0, "1900-02-29"),
            (61.0, "1900-03-01"),
            (44_197.0, "2021-01-01"),
            (44_197.5, "2021-01-01T12:00:00"),
            (44_196.999_999_999_9, "2021-01-01"),
            (44_197.000_011_58, "2021-01-01T00:00:01.001"),
            (2_958_465.0, "9999-12-31"),
            (2_958_466.0, "2958466"),
            (-1.0, "-1"),
            (0.75, "18:00:00"),
            (0.0, "00:00:00"),
        ] {
            assert_eq!(day(value, false), text, "{value}");
        }
        assert_eq!((day(0.0, true), day(42_735.0, true)), ("1904-01-01".into(), "2021-01-01".into()));
        assert_eq!(day(1.0, true), "1904-01-02");
    }

    #[test]
    fn lengths_of_time_are_hours_minutes_seconds() {
        let length = |value| written(|out| days(value, true, false, out));
        assert_eq!(
            (length(1.25), length(10.0), length(-0.5)),
            ("30:00:00".into(), "240:00:00".into(), "-12:00:00".into())
        );
        for (text, same) in [
            ("PT26H30M0S", "26:30:00"),
            ("PT10H10M10.5S", "10:10:10.500"),
            ("2021-01-01T00:00:00", "2021-01-01"),
            ("P1D", "P1D"),
        ] {
            assert_eq!(written(|out| iso(text, out)), same);
        }
    }
}
