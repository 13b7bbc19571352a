//! Which values stand where nothing was known? “unknown”, 999, 1900-01-01: written into the file, but no facts.

use crate::math::extent::{extent, extent_of_numbers, inner};
use crate::math::words::without_digits;
use crate::table::column::{Column, Data};
use crate::table::date::{MS_PER_DAY, from_civil};
use std::borrow::Cow;

/// Words for "not known" that are no missing values by themselves, in seven languages.
const WORDS: &str = "unknown|not known|not available|not applicable|not set|not given|not specified|no data|no answer|no value|\
    missing|undefined|unspecified|n.a.|n. a.|tbd|tba|xxx|unbekannt|keine angabe|k.a.|k. a.|nicht angegeben|\
    nicht bekannt|ohne angabe|inconnu|inconnue|non renseigné|non renseigne|non disponible|non défini|desconocido|desconocida|\
    no disponible|sin datos|no especificado|sconosciuto|sconosciuta|non specificato|desconhecido|desconhecida|não informado|\
    nao informado|não disponível|onbekend|niet opgegeven|niet beschikbaar|geen opgave|#ref!|#value!|#div/0!|(blank)|(empty)";

/// Days that programs write where there is none. Those outside 1900 to 2100 are impossible anyway.
const DAYS: [(i32, u32, u32); 5] = [(1900, 1, 1), (1901, 1, 1), (1970, 1, 1), (2099, 12, 31), (2100, 1, 1)];

/// Bytes of the longest text that is looked up among the words.
const LONGEST: usize = 40;

/// Whether a text says "not known".
pub fn is_unknown(text: &str) -> bool {
    let text = text.trim().to_lowercase();
    !text.is_empty() && text.len() <= LONGEST && WORDS.split('|').any(|word| word == text)
}

/// Rows whose value seems to stand for "not known", rising.
pub fn suspects(column: &Column) -> Vec<usize> {
    let present = column.valid.count();
    let often = |rows: Vec<usize>| if rows.len() >= 3 && rows.len() * 100 >= present { rows } else { Vec::new() };
    match &column.data {
        Data::Text(texts) => {
            // Nearly every value has a digit or an @, which none of the words has.
            let mut codes = without_digits(texts.arena(), texts.ends(), LONGEST);
            codes.retain(|&code| is_unknown(texts.value(code)));
            texts.rows_of(&codes, &column.valid)
        }
        Data::Number(values) => match sentinel(values) {
            Some(sentinel) => column.valid.iter().filter(|&row| values[row] == sentinel).collect(),
            None => Vec::new(),
        },
        Data::Date(_) | Data::Time(_) => {
            let known = DAYS.map(|(year, month, day)| from_civil(year, month, day));
            let (first, last) = span(column);
            if !known.iter().flatten().any(|day| (first..=last).contains(day)) {
                return Vec::new();
            }
            often(column.valid.iter().filter(|&row| known.contains(&day_of(column, row))).collect())
        }
        Data::Boolean(_) | Data::List(_) | Data::Unloaded(_) => Vec::new(),
    }
}

/// The day of a row, where the column holds days or moments and the row has one.
pub fn day_of(column: &Column, row: usize) -> Option<i32> {
    match &column.data {
        Data::Date(days) => column.valid.get(row).then(|| days[row]),
        Data::Time(times) => column.valid.get(row).then(|| times[row].div_euclid(MS_PER_DAY) as i32),
        _ => None,
    }
}

/// The days of a column of days or moments, whatever stands in rows that have none.
fn days_of(column: &Column) -> Cow<'_, [i32]> {
    match &column.data {
        Data::Date(days) => Cow::Borrowed(days),
        Data::Time(times) => times.iter().map(|time| time.div_euclid(MS_PER_DAY) as i32).collect(),
        _ => Cow::Borrowed(&[]),
    }
}

/// The first and the last day of a column; turned round where it has none.
fn span(column: &Column) -> (i32, i32) {
    extent(&days_of(column), column.valid.words()).unwrap_or((i32::MAX, i32::MIN))
}

/// Rows with a day before 1900 or after 2100: slips of the pen or placeholders.
pub fn impossible_days(column: &Column) -> Vec<usize> {
    let (first, last) = (from_civil(1900, 1, 1).unwrap_or(i32::MIN), from_civil(2100, 12, 31).unwrap_or(i32::MAX));
    let (lowest, highest) = span(column);
    if lowest >= first && highest <= last {
        return Vec::new();
    }
    column.valid.iter().filter(|&row| day_of(column, row).is_some_and(|day| day < first || day > last)).collect()
}

/// The last day that does not lie far ahead of nearly all others; nothing where no day does. The core has no clock: a day is
/// far ahead when it lies further behind the 99th percentile than half the span of the middle 98 %, and at least a quarter of a
/// year. Fewer than 20 days say nothing.
pub fn far_ahead(column: &Column) -> Option<i32> {
    let (days, valid) = (days_of(column), column.valid.words());
    let (_, last) = extent(&days, valid)?;
    let count = column.valid.count();
    if count < 20 {
        return None;
    }
    let (low, high) = inner(&days, valid, count.div_ceil(100))?;
    let limit = high + ((high - low) / 2).max(92);
    (last > limit).then_some(limit)
}

/// A number of nines or −1 that stands in at least one row in twenty, at the end of the range and far from the next value.
fn sentinel(values: &[f64]) -> Option<f64> {
    const NUMBERS: [f64; 9] = [-1.0, -9.0, -99.0, -999.0, -9_999.0, 99.0, 999.0, 9_999.0, 99_999.0];
    let (low, high) = extent_of_numbers(values)?;
    let present = values.iter().filter(|value| !value.is_nan()).count();
    // It stands at an end of the range, so that all others are looked at for two numbers at most.
    NUMBERS.into_iter().filter(|&number| number == low || number == high).find(|&number| {
        let count = values.iter().filter(|&&value| value == number).count();
        if count * 20 < present || count == present {
            return false;
        }
        values
            .iter()
            .filter(|value| !value.is_nan() && **value != number)
            .all(|&value| value >= 0.0 && (number < 0.0 || value * 2.0 <= number))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::role::Role;

    #[test]
    fn words_for_nothing_are_known_in_any_case() {
        for text in ["Unknown", " keine Angabe ", "INCONNU", "onbekend", "não informado", "#REF!"] {
            assert!(is_unknown(text), "{text}");
        }
        for text in ["", "known", "no", "Xavier", "0"] {
            assert!(!is_unknown(text), "{text}");
        }
    }

    #[test]
    fn placeholder_days_must_come_often() {
        let day = from_civil(1970, 1, 1).unwrap();
        let dates = |count: usize| {
            let days = (0..100).map(|row| if row < count { day } else { 15_000 + row as i32 }).collect();
            suspects(&Column::date("since", Role::Other, days)).len()
        };
        assert_eq!([dates(0), dates(2), dates(3)], [0, 0, 3]);
    }

    #[test]
    fn a_day_of_another_decade_is_far_ahead_and_growth_is_not() {
        let mut days: Vec<i32> = (0..500).map(|at| 20_000 + at).collect();
        let column = |days: &[i32]| Column::date("d", Role::Date, days.to_vec());
        assert_eq!(far_ahead(&column(&days)), None);
        days[3] = 24_000;
        let limit = far_ahead(&column(&days)).unwrap();
        assert!((20_499..21_000).contains(&limit), "{limit}");
        assert_eq!(far_ahead(&column(&days[..10])), None);
    }
}
