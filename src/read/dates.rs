//! Is this cell a day or a moment, and which?
//!
//! `2026-05-01`, `2026/5/1`, `20260501` · `01.05.2026` (day first) · `01/05/2026`, `1-5-26` and `01 05 2026` in the order that
//! the column's values or the user decide · `1 May 2026`, `May 1, 2026`, `1. Mai 2026`, `1 de mayo de 2026`, `Fri, 1st May 2026`
//! (English, German, French, Spanish, Italian, Portuguese, Dutch; whole and short names). Years of two digits are 1969 to
//! 2068. A time of day may follow, with or without a zone; without one it is taken as UTC.

use crate::read::options::DateOrder;
use crate::table::date::{MS_PER_DAY, from_civil};

/// Which orders of day and month the writing allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Orders {
    /// The writing leaves no choice.
    Fixed,
    /// Day first or month first, to different days.
    Either,
    /// Only day first makes a day.
    DayFirst,
    /// Only month first makes a day.
    MonthFirst,
}

/// A day, perhaps with a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Civil day as written, days since 1970-01-01.
    pub day: i32,
    /// Milliseconds since 1970-01-01 UTC.
    pub utc: i64,
    /// Whether the time of day is anything but midnight as written.
    pub timed: bool,
    /// Which orders of day and month the writing allows.
    pub orders: Orders,
    /// Whether the year is written with two digits.
    pub short_year: bool,
}

/// The moment a cell holds when numeric dates are in this order, or nothing.
#[inline]
pub fn parse(text: &str, order: DateOrder) -> Option<Moment> {
    let bytes = text.as_bytes();
    if bytes.len() == 10
        && bytes[4] == b'-'
        && bytes[7] == b'-'
        && let Some(day) = iso(bytes)
    {
        return Some(midnight(day, Orders::Fixed));
    }
    // No date has fewer than three digits, and none has an @: nearly every text that is none.
    let digits = || bytes.iter().filter(|byte| byte.is_ascii_digit()).count();
    if !(6..=64).contains(&bytes.len()) || digits() < 3 || bytes.contains(&b'@') {
        return None;
    }
    written(text.trim(), order)
}

/// `yyyymmdd` of the years 1900 to 2100.
pub fn compact(text: &str) -> Option<i32> {
    let bytes = text.as_bytes();
    if bytes.len() != 8 || !matches!(bytes[0], b'1' | b'2') {
        return None;
    }
    let year = digits(&bytes[..4])?;
    (1900..=2100).contains(&year).then(|| from_civil(year as i32, digits(&bytes[4..6])?, digits(&bytes[6..])?))?
}

fn iso(bytes: &[u8]) -> Option<i32> {
    from_civil(digits(&bytes[..4])? as i32, digits(&bytes[5..7])?, digits(&bytes[8..10])?)
}

fn midnight(day: i32, orders: Orders) -> Moment {
    Moment { day, utc: i64::from(day) * MS_PER_DAY, timed: false, orders, short_year: false }
}

#[inline(never)]
fn written(text: &str, order: DateOrder) -> Option<Moment> {
    if let Some(day) = compact(text) {
        return Some(midnight(day, Orders::Fixed));
    }
    let (date, time) = split_time(text);
    let (day, orders) = numeric(date, order).or_else(|| named(date).map(|day| (day, Orders::Fixed)))?;
    let short_year = !date.split(|letter: char| !letter.is_ascii_digit()).any(|digits| digits.len() == 4);
    let Some(time) = time else { return Some(Moment { short_year, ..midnight(day, orders) }) };
    let (of_day, offset) = time_of_day(time)?;
    let utc = i64::from(day) * MS_PER_DAY + of_day - offset;
    Some(Moment { day, utc, timed: of_day != 0, orders, short_year })
}

/// How a date is written, in the letters of spreadsheets: `dd.mm.yyyy`, `d mmmm yyyy`, `yyyy-mm-dd hh:mm`. Nothing for a text
/// that is none, and for weekdays and other words beside the month.
pub fn pattern(text: &str, order: DateOrder) -> Option<String> {
    let text = text.trim();
    parse(text, order)?;
    let (date, time) = split_time(text);
    let runs: Vec<&[u8]> = date.as_bytes().chunk_by(|one, other| kind(*one) == kind(*other)).collect();
    let (digits, words) = (|run: &&[u8]| kind(run[0]) == 0, runs.iter().filter(|run| kind(run[0]) == 1).count());
    let first = runs.iter().position(digits)?;
    let letters = match runs[first].len() {
        8 => return Some("yyyymmdd".into()),
        4 => "ymd",
        _ if words == 1 => "dy",
        _ if words > 1 => return None,
        _ if order == DateOrder::Ymd => "ymd",
        _ if order == DateOrder::Mdy && !date.contains('.') => "mdy",
        _ => "dmy",
    };
    let (mut pattern, mut letters) = (String::new(), letters.chars());
    for run in runs {
        match kind(run[0]) {
            0 => pattern.extend(std::iter::repeat_n(letters.next()?, run.len())),
            1 => pattern.push_str(if run.len() > 3 { "mmmm" } else { "mmm" }),
            _ => pattern.push_str(std::str::from_utf8(run).ok()?),
        }
    }
    if time.is_some() {
        pattern.push_str(" hh:mm");
    }
    Some(pattern)
}

/// Digits, parts of words, or what stands between.
fn kind(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' => 0,
        b'A'..=b'Z' | b'a'..=b'z' | 128.. => 1,
        _ => 2,
    }
}

/// The part before the time of day, and the time if there is one: what holds the first colon, or follows a `T`.
fn split_time(text: &str) -> (&str, Option<&str>) {
    let Some(colon) = text.find(':') else { return (text, None) };
    match text[..colon].rfind([' ', 'T', 't']) {
        Some(at) => (text[..at].trim_end().trim_end_matches(','), Some(&text[at + 1..])),
        None => (text, None),
    }
}

/// Three numbers with one separator: `/`, `-`, `.` or a blank.
fn numeric(date: &str, order: DateOrder) -> Option<(i32, Orders)> {
    let separator = date.bytes().find(|byte| !byte.is_ascii_digit())?;
    if !matches!(separator, b'/' | b'-' | b'.' | b' ') {
        return None;
    }
    let mut parts = date.as_bytes().split(|&byte| byte == separator);
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let short = |part: &[u8]| (part.len() <= 2).then(|| digits(part)).flatten();
    if first.len() == 4 {
        return Some((from_civil(digits(first)? as i32, short(second)?, short(third)?)?, Orders::Fixed));
    }
    let (a, b) = (short(first)?, short(second)?);
    if order == DateOrder::Ymd {
        let year = year_of(first)?;
        return Some((from_civil(year, b, short(third)?)?, Orders::Fixed));
    }
    let year = year_of(third)?;
    let (day_first, month_first) = (from_civil(year, b, a), from_civil(year, a, b));
    if separator == b'.' {
        return Some((day_first?, Orders::Fixed));
    }
    let orders = match (day_first, month_first) {
        (Some(one), Some(other)) if one == other => Orders::Fixed,
        (Some(_), Some(_)) => Orders::Either,
        (Some(_), None) => Orders::DayFirst,
        _ => Orders::MonthFirst,
    };
    Some((if order == DateOrder::Mdy { month_first } else { day_first }?, orders))
}

/// A month by name: `1 May 2026`, `May 1, 2026`, `1-May-26`, `1. Mai 2026`, `Fri, 1 May 2026`, `1 de mayo de 2026`.
fn named(date: &str) -> Option<i32> {
    let words = date.split([' ', '-', '/', '.', ',']).filter(|part| !part.is_empty() && !is_filler(part));
    let mut parts = [""; 4];
    for (at, word) in words.enumerate() {
        *parts.get_mut(at)? = word;
    }
    let is_word = |part: &str| part.chars().all(char::is_alphabetic);
    let [first, second, third] = match parts {
        [first, second, third, ""] => [first, second, third],
        [weekday, first, second, third] if is_word(weekday) => [first, second, third],
        _ => return None,
    };
    // Nearly all that is no date fails here, before any name is looked up.
    let year = year_of(third.as_bytes())?;
    let (month, day) = match month_of(second) {
        Some(month) => (month, first),
        None => (month_of(first)?, second),
    };
    // 1st, 1er, 1º.
    let day = day.trim_end_matches(|letter: char| !letter.is_ascii_digit());
    if day.len() > 2 {
        return None;
    }
    from_civil(year, month, digits(day.as_bytes())?)
}

/// Words between the parts of a date: 1 *de* mayo *de* 2026, *le* 1 mai, May 1 2026 *at* 10:00.
fn is_filler(word: &str) -> bool {
    ["de", "del", "of", "le", "el", "the", "den", "at", "um"].iter().any(|known| word.eq_ignore_ascii_case(known))
}

/// Names of the months, one month a line: English, German, French, Spanish, Italian, Portuguese, Dutch.
const MONTHS: &str = "january jan januar jänner janvier janv enero ene gennaio gen janeiro januari
february feb februar février fevrier févr fév febrero febbraio fevereiro fev februari
march mar märz maerz mär mrz mars marzo março marco maart mrt
april apr avril avr abril abr aprile
may mai mayo maggio mag maio mei
june jun juni juin junio giugno giu junho
july jul juli juillet juil julio luglio lug julho
august aug août aout agosto ago augustus
september sep sept septembre septiembre settembre set setembro
october oct oktober okt octobre octubre ottobre ott outubro out
november nov novembre noviembre novembro
december dec dezember dez décembre decembre déc diciembre dic dicembre dezembro";

fn month_of(name: &str) -> Option<u32> {
    if !(3..=12).contains(&name.len()) || name.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let name = name.to_lowercase();
    let is_named = |names: &str| names.split(' ').any(|known| known == name);
    (1..).zip(MONTHS.lines()).find(|(_, names)| is_named(names)).map(|(month, _)| month)
}

/// A year of four digits, or of two: 69–99 are 1969–1999, 00–68 are 2000–2068.
fn year_of(part: &[u8]) -> Option<i32> {
    let year = digits(part)? as i32;
    match part.len() {
        4 => Some(year),
        2 => Some(if year >= 69 { 1900 + year } else { 2000 + year }),
        _ => None,
    }
}

/// Milliseconds since midnight and the zone's offset in milliseconds: `9:15`, `09:15:30.5 +02:00`, `9:15 pm`, `…Z`.
fn time_of_day(text: &str) -> Option<(i64, i64)> {
    let end =
        text.find(|letter: char| !letter.is_ascii_digit() && !matches!(letter, ':' | '.' | ',')).unwrap_or(text.len());
    let (clock, rest) = (&text[..end], text[end..].trim());
    let mut parts = clock.split(':');
    let (hour, minute, second) = (parts.next()?, parts.next()?, parts.next().unwrap_or("0"));
    if parts.next().is_some() || hour.len() > 2 || minute.len() != 2 {
        return None;
    }
    let (second, fraction) = second.split_once(['.', ',']).unwrap_or((second, ""));
    if second.len() > 2 || fraction.len() > 20 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let millis: i64 = format!("{fraction:0<3}")[..3].parse().ok()?;
    let number = |part: &str| digits(part.as_bytes()).map(i64::from);
    let (mut hour, minute, second) = (number(hour)?, number(minute)?, number(second)?);
    let lower = rest.to_ascii_lowercase();
    let half = ["am", "pm", "a.m.", "p.m."].into_iter().find(|half| lower.starts_with(half));
    let zone = match half {
        Some(half) => {
            if !(1..=12).contains(&hour) {
                return None;
            }
            hour = hour % 12 + if half.starts_with('p') { 12 } else { 0 };
            rest[half.len()..].trim()
        }
        None => rest,
    };
    // A leap second counts as the last moment of its minute.
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    Some(((hour * 3_600 + minute * 60 + second.min(59)) * 1_000 + millis, zone_offset(zone)?))
}

/// `Z`, `UTC`, `+02:00`, `+0200`, `+02`, `GMT+0200 (CEST)`; the offset in milliseconds.
fn zone_offset(zone: &str) -> Option<i64> {
    let zone = zone.split_once('(').map_or(zone, |(zone, _)| zone.trim_end());
    let begins = |known: &&str| zone.get(..known.len()).is_some_and(|start| start.eq_ignore_ascii_case(known));
    let zone = ["utc", "gmt", "z"].iter().find(|known| begins(known)).map_or(zone, |known| &zone[known.len()..]);
    let sign = match zone.as_bytes() {
        [] => return Some(0),
        [b'+', ..] => 1,
        [b'-', ..] => -1,
        _ => return None,
    };
    let written: Vec<u8> = zone[1..].bytes().filter(|byte| *byte != b':').collect();
    let (hours, minutes) = match written.len() {
        2 => (digits(&written)?, 0),
        4 => (digits(&written[..2])?, digits(&written[2..])?),
        _ => return None,
    };
    (hours <= 18 && minutes < 60).then(|| sign * i64::from(hours * 60 + minutes) * 60_000)
}

#[inline]
fn digits(bytes: &[u8]) -> Option<u32> {
    if bytes.is_empty() || bytes.len() > 9 {
        return None;
    }
    bytes.iter().try_fold(0u32, |number, byte| byte.is_ascii_digit().then(|| number * 10 + u32::from(byte - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::date::{format_day, format_time};

    fn day(text: &str, order: DateOrder) -> Option<String> {
        parse(text, order).filter(|moment| !moment.timed).map(|moment| format_day(moment.day))
    }

    #[test]
    fn days_in_many_writings() {
        for text in [
            "2026-05-01",
            "2026/5/1",
            "2026.05.01",
            "20260501",
            "01.05.2026",
            "1.5.26",
            "01/05/2026",
            "1-5-26",
            "1 May 2026",
            "May 1, 2026",
            "1-May-26",
            "1. Mai 2026",
            "1st May 2026",
            "01 05 2026",
            "1 mai 2026",
            "1er mai 2026",
            "le 1 mai 2026",
            "1 de mayo de 2026",
            "1 maggio 2026",
            "1º de maio de 2026",
            "1 mei 2026",
            "Fri, 1 May 2026",
            "Friday, May 1, 2026",
            "Freitag, 1. Mai 2026",
            "2026-05-01 00:00",
            "2026-05-01T00:00:00Z",
            " 2026-05-01 ",
        ] {
            assert_eq!(day(text, DateOrder::Dmy).as_deref(), Some("2026-05-01"), "{text}");
        }
        assert_eq!(day("05/01/2026", DateOrder::Mdy).as_deref(), Some("2026-05-01"));
        assert_eq!(day("26/05/01", DateOrder::Ymd).as_deref(), Some("2026-05-01"));
        assert_eq!(day("3. März 1999", DateOrder::Dmy).as_deref(), Some("1999-03-03"));
        for text in [
            "2026-02-30",
            "0000-00-00",
            "31/02/26",
            "1/2",
            "2026-05",
            "May 2026",
            "12.5",
            "1.2.3.4",
            "20261301",
            "abc def ghi",
            "18000101x",
            "1/1/1",
            "call 1 May 2026 again",
            "1 234 567",
            "12 34",
            "31 02 2026",
            "1 Foo 2026",
        ] {
            assert_eq!(parse(text, DateOrder::Dmy), None, "{text}");
        }
    }

    #[test]
    fn moments_are_told_in_utc() {
        for (text, utc) in [
            ("2026-05-01 10:00:00 +0200", "2026-05-01T08:00:00Z"),
            ("2026-05-01T10:00:00.25Z", "2026-05-01T10:00:00.250Z"),
            ("01/05/2026 9:15 PM", "2026-05-01T21:15:00Z"),
            ("1.5.2026 09:15", "2026-05-01T09:15:00Z"),
            ("2026-05-01T23:30-05:00", "2026-05-02T04:30:00Z"),
            ("Fri May 01 2026 10:00:00 GMT+0200 (CEST)", "2026-05-01T08:00:00Z"),
            ("Fri, 01 May 2026 10:00:00 +0200", "2026-05-01T08:00:00Z"),
            ("May 1, 2026 at 10:00 AM", "2026-05-01T10:00:00Z"),
        ] {
            assert_eq!(
                parse(text, DateOrder::Dmy).map(|moment| format_time(moment.utc)).as_deref(),
                Some(utc),
                "{text}"
            );
        }
        for text in
            ["2026-05-01 25:00", "2026-05-01 10:61", "2026-05-01 10:00 +9900", "2026-05-01 10:00 nonsense", "10:00"]
        {
            assert_eq!(parse(text, DateOrder::Dmy), None, "{text}");
        }
    }

    #[test]
    fn months_are_known_in_seven_languages() {
        for (month, names) in (1..).zip(MONTHS.lines()) {
            for name in names.split(' ') {
                let mut capital = name.to_string();
                capital[..1].make_ascii_uppercase();
                assert_eq!(month_of(&capital), Some(month), "{name}");
            }
        }
        let short = |text| parse(text, DateOrder::Dmy).map(|moment| moment.short_year);
        assert_eq!(
            [short("1.5.26"), short("1.5.2026"), short("1-May-26"), short("2026-05-01")].map(Option::unwrap),
            [true, false, true, false]
        );
    }

    #[test]
    fn patterns_say_how_a_date_is_written() {
        let written = |text: &str| pattern(text, DateOrder::Mdy).unwrap_or_default();
        for (text, expected) in [
            ("2026-05-01", "yyyy-mm-dd"),
            ("01.05.2026", "dd.mm.yyyy"),
            ("5/1/26", "m/d/yy"),
            ("20260501", "yyyymmdd"),
            ("2026-05-01 10:00:00", "yyyy-mm-dd hh:mm"),
            ("1 May 2026", "d mmm yyyy"),
            ("May 1, 2026", "mmm d, yyyy"),
            ("Fri, 1 May 2026", ""),
            ("about May", ""),
        ] {
            assert_eq!(written(text), expected, "{text}");
        }
        assert_eq!(pattern("5/1/26", DateOrder::Dmy).as_deref(), Some("d/m/yy"));
    }

    #[test]
    fn numbers_tell_which_orders_they_allow() {
        let orders = |text, order| parse(text, order).map(|moment| moment.orders);
        assert_eq!(orders("03/04/2026", DateOrder::Dmy), Some(Orders::Either));
        assert_eq!(orders("03/03/2026", DateOrder::Dmy), Some(Orders::Fixed));
        assert_eq!(orders("25/04/2026", DateOrder::Dmy), Some(Orders::DayFirst));
        assert_eq!(orders("25/04/2026", DateOrder::Mdy), None);
        assert_eq!(orders("04/25/2026", DateOrder::Mdy), Some(Orders::MonthFirst));
        assert_eq!(orders("03.04.2026", DateOrder::Mdy), Some(Orders::Fixed));
    }
}
