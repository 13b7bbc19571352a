//! What number, day or word do these bytes spell, when they spell it the plain way? A batch of a column's cells at a time;
//! every other spelling is named as such and left to the caller.

use super::bytes::{hash, word};
use super::rows::{Column, Field, Sources};

/// Room for so many more. Where what was taken ahead is not enough, an eighth is added: twice as much, as lists take by
/// themselves, may be more than there is.
pub fn make_room<T>(list: &mut Vec<T>, more: usize) {
    if list.capacity() - list.len() < more {
        list.reserve_exact(more.max(list.len() / 8));
    }
}

/// What a batch of cells came to, 64 a word, the first in the lowest bit. A cell in neither is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sorted {
    /// Cells that hold a value, which was written down.
    pub valid: Vec<u64>,
    /// Cells that somebody has to look at.
    pub odd: Vec<u64>,
    /// Of the valid ones, those that say yes. Booleans only.
    pub yes: Vec<u64>,
}

/// What a cell came to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    Empty,
    Valid,
    Odd,
}

impl Sorted {
    /// Calls every cell odd.
    pub fn all_odd(&mut self, cells: usize) {
        self.clear();
        self.valid.resize(cells.div_ceil(64), 0);
        self.yes.resize(cells.div_ceil(64), 0);
        self.odd.extend((0..cells).step_by(64).map(|start| u64::MAX >> (64 - (cells - start).min(64))));
    }

    fn clear(&mut self) {
        self.valid.clear();
        self.odd.clear();
        self.yes.clear();
    }

    /// Looks at every cell of a column; its value has a place to be written to.
    #[inline(always)]
    fn sort<T>(&mut self, cells: Column<'_>, values: &mut [T], mut look: impl FnMut(&Field, &mut T) -> Found) {
        self.clear();
        for (group, values) in cells.groups().zip(values.chunks_mut(64)) {
            let (mut valid, mut odd) = (0, 0);
            for (at, (cell, value)) in group.iter().zip(values).enumerate() {
                let found = look(cell, value);
                valid |= u64::from(found == Found::Valid) << at;
                odd |= u64::from(found == Found::Odd) << at;
            }
            self.valid.push(valid);
            self.odd.push(odd);
        }
    }
}

/// What the plain spellings of numbers say about them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spellings {
    /// Cells that the other decimal mark would not make a number of.
    pub proofs: u64,
    /// Cells such as 1.234, which either mark makes a number of.
    pub open: u64,
    /// Digits only, with a zero before other digits.
    pub leading_zeros: u64,
}

const EACH: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;
const POWERS: [f64; 9] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8];

/// Whether every byte is a digit's value, 0 to 9.
#[inline]
fn are_digits(word: u64) -> bool {
    ((word.wrapping_add(0x76 * EACH)) | word) & HIGH == 0
}

/// The number that eight digits' values make, the first being the highest.
#[inline]
fn eight_digits(word: u64) -> u64 {
    let pairs = word.wrapping_mul(10).wrapping_add(word >> 8) & 0x00FF_00FF_00FF_00FF;
    let fours = pairs.wrapping_mul(100).wrapping_add(pairs >> 16) & 0x0000_FFFF_0000_FFFF;
    (fours.wrapping_mul(10_000).wrapping_add(fours >> 32)) & 0xFFFF_FFFF
}

/// Appends the numbers of a column: a minus perhaps, digits, at most one decimal mark, nine characters without the minus
/// at most. One exact division gives the nearest float. What is no such number is NaN for now.
#[inline(never)]
pub fn numbers(
    bytes: &[u8],
    cells: Column<'_>,
    mark: u8,
    values: &mut Vec<f64>,
    sorted: &mut Sorted,
    spellings: &mut Spellings,
) {
    let start = values.len();
    values.resize(start + cells.len(), f64::NAN);
    let (mut proofs, mut opens, mut leading_zeros) = (0u32, 0u32, 0u32);
    sorted.sort(cells, &mut values[start..], |cell, value| {
        let (mut start, end) = (cell.start as usize, cell.end as usize);
        if cell.escaped {
            return Found::Odd;
        }
        if start == end {
            return Found::Empty;
        }
        let negative = bytes[start] == b'-';
        start += usize::from(negative);
        let length = end.wrapping_sub(start);
        // One character more than a register holds, if it is a digit, is put in front of the rest.
        let long = length == 9;
        let lead = if long { u64::from(bytes[start].wrapping_sub(b'0')) } else { 0 };
        start += usize::from(long);
        let rest = length.wrapping_sub(usize::from(long));
        if rest.wrapping_sub(1) >= 8 || lead > 9 {
            return Found::Odd;
        }
        let spelt = word(bytes, start, rest) ^ (b'0' as u64 * EACH) & u64::MAX >> (64 - 8 * rest);
        // A byte of zeros where the mark stands; only the lowest of them is sure to be one, and only that counts.
        let other = spelt ^ (u64::from(mark ^ b'0') * EACH);
        let marks = other.wrapping_sub(EACH) & !other & HIGH & u64::MAX >> (64 - 8 * rest);
        let (digits, fraction) = if marks == 0 {
            (spelt << (64 - 8 * rest), 0)
        } else {
            let place = marks.trailing_zeros() & !7;
            let before = spelt & ((1u64 << place) - 1);
            let after = spelt & (u64::MAX << place << 7 << 1);
            // The mark goes, what was before it closes up.
            ((after | before << 8) << (64 - 8 * rest), rest - 1 - (place / 8) as usize)
        };
        let whole = length - fraction - usize::from(marks != 0);
        if !are_digits(digits) || whole + fraction == 0 {
            return Found::Odd;
        }
        let mantissa = eight_digits(digits) + lead * if marks == 0 { 100_000_000 } else { 10_000_000 };
        let whole_number = mantissa as i64 as f64;
        let found = if fraction == 0 { whole_number } else { whole_number / POWERS[fraction] };
        // −0 and 0 are one value.
        *value = if negative { -found } else { found } + 0.0;
        let zero_first = bytes[start - usize::from(long)] == b'0';
        let open = fraction == 3 && whole.wrapping_sub(1) < 3 && !zero_first;
        opens += u32::from(open);
        proofs += u32::from(marks != 0 && !open);
        leading_zeros += u32::from(marks == 0 && whole > 1 && zero_first && !negative);
        Found::Valid
    });
    spellings.open += u64::from(opens);
    spellings.proofs += u64::from(proofs);
    spellings.leading_zeros += u64::from(leading_zeros);
}

/// Days before each month in a year that begins in March, the month after February first.
const DAYS_BEFORE: [u16; 13] = [0, 306, 337, 0, 31, 61, 92, 122, 153, 184, 214, 245, 275];
const DAYS_IN: [u8; 13] = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// What the plain spellings of days say about the order of day and month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DayOrders {
    /// Cells that only make sense in the order they were read in.
    pub proofs: u64,
    /// Cells that make sense in both orders, to different days.
    pub either: u64,
}

/// Appends the days (since 1970-01-01) of cells that spell `yyyy-mm-dd`, or `dd/mm/yyyy` with `/`, `-` or a blank between
/// (`mm/dd/yyyy` if `month_first`; neither if that is not said), or `dd.mm.yyyy`; what does not is missing for now.
#[inline(never)]
pub fn days(
    bytes: &[u8],
    cells: Column<'_>,
    month_first: Option<bool>,
    missing: i32,
    days: &mut Vec<i32>,
    sorted: &mut Sorted,
    orders: &mut DayOrders,
) {
    let start = days.len();
    days.resize(start + cells.len(), missing);
    sorted.sort(cells, &mut days[start..], |cell, day| {
        let (start, end) = (cell.start as usize, cell.end as usize);
        if cell.escaped {
            return Found::Odd;
        }
        if start == end {
            return Found::Empty;
        }
        let Ok(spelt) = <&[u8; 10]>::try_from(&bytes[start..end]) else { return Found::Odd };
        let found = match (spelt[4], month_first) {
            (b'-', _) => iso_day(spelt),
            (_, Some(month_first)) => numeric_day(spelt, month_first, orders),
            _ => None,
        };
        found.map_or(Found::Odd, |found| {
            *day = found;
            Found::Valid
        })
    });
}

/// The day of `dd/mm/yyyy` or `mm/dd/yyyy`.
fn numeric_day(spelt: &[u8; 10], month_first: bool, orders: &mut DayOrders) -> Option<i32> {
    let &[a, b, separator, c, d, other, year @ ..] = spelt;
    if separator != other || !matches!(separator, b'/' | b'-' | b' ' | b'.') {
        return None;
    }
    let [y, e, x, r] = year;
    let day_of = |[a, b]: [u8; 2], [c, d]: [u8; 2]| iso_day(&[y, e, x, r, b'-', c, d, b'-', a, b]);
    let (first, second) = ([a, b], [c, d]);
    if separator == b'.' {
        return day_of(first, second);
    }
    let (read, swapped) = if month_first { (second, first) } else { (first, second) };
    let found = day_of(read, swapped)?;
    match day_of(swapped, read) {
        None => orders.proofs += 1,
        Some(day) => orders.either += u64::from(day != found),
    }
    Some(found)
}

/// Appends the moments (milliseconds since 1970-01-01) of cells that spell `yyyy-mm-dd hh:mm:ss`, or with a T between, and
/// perhaps a Z behind; what does not is missing for now. `timed` counts those that are not midnight.
#[inline(never)]
pub fn moments(
    bytes: &[u8],
    cells: Column<'_>,
    missing: i64,
    times: &mut Vec<i64>,
    sorted: &mut Sorted,
    timed: &mut u64,
) {
    let start = times.len();
    times.resize(start + cells.len(), missing);
    let mut late = 0u32;
    sorted.sort(cells, &mut times[start..], |cell, time| {
        let (start, end) = (cell.start as usize, cell.end as usize);
        if cell.escaped {
            return Found::Odd;
        }
        if start == end {
            return Found::Empty;
        }
        let text = &bytes[start..end];
        let Ok(spelt) = <&[u8; 19]>::try_from(text.strip_suffix(b"Z").unwrap_or(text)) else { return Found::Odd };
        let (day, clock) = (spelt.first_chunk::<10>().and_then(iso_day), spelt.last_chunk::<8>());
        let (Some(day), Some(seconds)) = (day, clock.and_then(seconds)) else { return Found::Odd };
        if spelt[10] != b' ' && spelt[10] != b'T' {
            return Found::Odd;
        }
        *time = i64::from(day) * 86_400_000 + i64::from(seconds) * 1_000;
        late += u32::from(seconds > 0);
        Found::Valid
    });
    *timed += u64::from(late);
}

/// The seconds of `hh:mm:ss`, or nothing if there is no such time of day.
#[inline]
fn seconds(spelt: &[u8; 8]) -> Option<u32> {
    let digit = |at: usize| u32::from(spelt[at].wrapping_sub(b'0'));
    let pair = |at: usize| digit(at) * 10 + digit(at + 1);
    let digits = [0, 1, 3, 4, 6, 7].into_iter().all(|at| digit(at) <= 9);
    let known = digits && spelt[2] == b':' && spelt[5] == b':' && pair(0) < 24 && pair(3) < 60 && pair(6) < 60;
    known.then(|| pair(0) * 3_600 + pair(3) * 60 + pair(6))
}

/// The day number of `yyyy-mm-dd`, or nothing if there is no such day.
#[inline]
pub fn iso_day(spelt: &[u8; 10]) -> Option<i32> {
    let digit = |at: usize| u32::from(spelt[at].wrapping_sub(b'0'));
    let pair = |at: usize| digit(at) * 10 + digit(at + 1);
    let first = u64::from_le_bytes([spelt[0], spelt[1], spelt[2], spelt[3], spelt[5], spelt[6], spelt[8], spelt[9]]);
    if spelt[4] != b'-' || spelt[7] != b'-' || !are_digits(first ^ (u64::from(b'0') * EACH)) {
        return None;
    }
    let (year, month, day) = (pair(0) * 100 + pair(2), pair(5) as usize, pair(8));
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = u32::from(*DAYS_IN.get(month)?) + u32::from(month == 2 && leap);
    if day.wrapping_sub(1) >= last {
        return None;
    }
    // Years from March on, so that the leap day is the last; one era up, so that nothing is below zero.
    let year = year + 400 - u32::from(month <= 2);
    let days = year * 365 + year / 4 - year / 100 + year / 400 + u32::from(DAYS_BEFORE[month]) + day - 1;
    Some(days as i32 - 719_468 - 146_097)
}

/// Two words of at most eight ASCII letters, as [`booleans`] wants them.
#[derive(Clone, Copy, Debug)]
pub struct Pair {
    yes: (u64, usize),
    no: (u64, usize),
}

/// A letter's lower case, eight times.
const LOWER: u64 = 0x20 * EACH;

impl Pair {
    /// The words, in any case; nothing if they are of other letters.
    pub fn new(yes: &str, no: &str) -> Option<Pair> {
        let word = |text: &str| {
            let plain = (1..=8).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphabetic());
            plain.then(|| (word(text.as_bytes(), 0, text.len()) | LOWER, text.len()))
        };
        Some(Pair { yes: word(yes)?, no: word(no)? })
    }
}

/// Which cells of a column say yes; `valid` are those that say yes or no.
#[inline(never)]
pub fn booleans(bytes: &[u8], cells: Column<'_>, pair: Pair, sorted: &mut Sorted) {
    sorted.clear();
    for group in cells.groups() {
        let (mut yes, mut valid, mut odd) = (0, 0, 0);
        for (at, cell) in group.iter().enumerate() {
            let (start, end) = (cell.start as usize, cell.end as usize);
            let length = end.wrapping_sub(start);
            if cell.escaped || length > 8 {
                odd |= 1 << at;
            } else if length > 0 {
                let found = (word(bytes, start, length) | LOWER, length);
                yes |= u64::from(found == pair.yes) << at;
                let known = found == pair.yes || found == pair.no;
                valid |= u64::from(known) << at;
                odd |= u64::from(!known) << at;
            }
        }
        sorted.yes.push(yes);
        sorted.valid.push(valid);
        sorted.odd.push(odd);
    }
}

/// Which cells of a column are text for certain: five bytes and more that neither begin nor end with a blank or with what is
/// not ASCII, and shorter ones that begin like none of the words for "nothing".
#[inline(never)]
pub fn texts(bytes: &[u8], cells: Column<'_>, sorted: &mut Sorted) {
    sorted.clear();
    for group in cells.groups() {
        let (mut valid, mut odd) = (0, 0);
        for (at, cell) in group.iter().enumerate() {
            let (start, end) = (cell.start as usize, cell.end as usize);
            if cell.escaped {
                odd |= 1 << at;
            } else if start < end {
                let (first, last) = (bytes[start], bytes[end - 1]);
                let printable = |byte: u8| byte.wrapping_sub(b'!') <= b'~' - b'!';
                let short = end - start < 5 && matches!(first, b'n' | b'N' | b'-' | b'?' | b'#');
                let sure = printable(first) && (printable(last) || end - start < 5) && !short;
                valid |= u64::from(sure) << at;
                odd |= u64::from(!sure) << at;
            }
        }
        sorted.valid.push(valid);
        sorted.odd.push(odd);
    }
}

/// The hashes of a column's valid cells.
#[inline(never)]
pub fn hashes(sources: Sources<'_>, cells: Column<'_>, valid: &[u64], hashes: &mut Vec<u64>) {
    hashes.clear();
    for (group, valid) in cells.groups().zip(valid) {
        for (_, &cell) in group.iter().enumerate().filter(|(at, _)| valid >> at & 1 == 1) {
            hashes.push(hash(sources.of(cell), cell.start as usize, cell.end as usize));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(cells: &[&str]) -> (Vec<u8>, Vec<Field>) {
        let (mut bytes, mut fields) = (Vec::new(), Vec::new());
        for cell in cells {
            let start = bytes.len() as u32;
            bytes.extend_from_slice(cell.as_bytes());
            fields.push(Field { start, end: bytes.len() as u32, escaped: false });
            bytes.push(b',');
        }
        (bytes, fields)
    }

    fn column(fields: &[Field]) -> Column<'_> {
        Column::even(fields, 1, 0)
    }

    #[test]
    fn plain_numbers_are_those_of_the_standard_parser() {
        let mut rng = crate::rng::Rng::new(9);
        for _ in 0..1_500 {
            let texts: Vec<String> = (0..100)
                .map(|_| {
                    let digits = 1 + rng.below(9);
                    let mut text: Vec<u8> = (0..digits).map(|_| b"0123456789..-x/:"[rng.below(16)]).collect();
                    if rng.below(3) > 0 {
                        text.retain(u8::is_ascii_digit);
                        if rng.below(2) > 0 && text.len() < 9 {
                            text.insert(rng.below(text.len() + 1), b'.');
                        }
                        if rng.below(4) == 0 {
                            text.insert(0, b'-');
                        }
                    }
                    String::from_utf8(text).unwrap()
                })
                .collect();
            let (bytes, fields) = fields(&texts.iter().map(String::as_str).collect::<Vec<_>>());
            let (mut values, mut sorted, mut spellings) = (vec![7.0], Sorted::default(), Spellings::default());
            numbers(&bytes, column(&fields), b'.', &mut values, &mut sorted, &mut spellings);
            let values = &values[1..];
            for (at, text) in texts.iter().enumerate() {
                let expected = text.parse::<f64>().ok();
                let bit = |words: &[u64]| words[at / 64] >> (at % 64) & 1 == 1;
                let (valid, odd) = (bit(&sorted.valid), bit(&sorted.odd));
                assert_eq!((valid, odd), (!odd && !text.is_empty(), !valid && !text.is_empty()));
                let plain = text.trim_start_matches('-').len() < 9 && expected.is_some();
                assert!(if valid { expected == Some(values[at]) } else { !plain }, "{text:?}");
            }
        }
    }

    #[test]
    fn spellings_tell_what_the_mark_means() {
        let told = |text: &str| {
            let (bytes, fields) = fields(&[text]);
            let mut spellings = Spellings::default();
            numbers(&bytes, column(&fields), b',', &mut Vec::new(), &mut Sorted::default(), &mut spellings);
            (spellings.proofs, spellings.open, spellings.leading_zeros)
        };
        assert_eq!(
            [told("1,5"), told("12,345"), told("0,123"), told("1234,567")],
            [(1, 0, 0), (0, 1, 0), (1, 0, 0), (1, 0, 0)]
        );
        assert_eq!(
            [told("007"), told("0"), told("0,07"), told("-07"), told("012345678")],
            [(0, 0, 1), (0, 0, 0), (1, 0, 0), (0, 0, 0), (0, 0, 1)]
        );
    }

    #[test]
    fn days_count_from_1970() {
        let cells = [
            "1970-01-01",
            "2026-11-21",
            "2000-02-29",
            "1900-02-29",
            "0000-01-01",
            "9999-12-31",
            "2026-13-01",
            "",
            "2026-1-01",
        ];
        let (bytes, fields) = fields(&cells);
        let (mut found, mut sorted, mut orders) = (Vec::new(), Sorted::default(), DayOrders::default());
        days(&bytes, column(&fields), None, i32::MIN, &mut found, &mut sorted, &mut orders);
        assert_eq!(found, [0, 20_778, 11_016, i32::MIN, -719_528, 2_932_896, i32::MIN, i32::MIN, i32::MIN]);
        assert_eq!((&sorted.valid[..], &sorted.odd[..]), (&[0b0_0011_0111][..], &[0b1_0100_1000][..]));
    }

    #[test]
    fn numeric_days_follow_the_order_and_tell_about_it() {
        let told = |text: &str, month_first: bool| {
            let (bytes, fields) = fields(&[text]);
            let (mut found, mut sorted, mut orders) = (Vec::new(), Sorted::default(), DayOrders::default());
            days(&bytes, column(&fields), Some(month_first), -1, &mut found, &mut sorted, &mut orders);
            (found[0], orders.proofs, orders.either)
        };
        assert_eq!([told("02/01/1970", false), told("02/01/1970", true)], [(1, 0, 1), (31, 0, 1)]);
        assert_eq!([told("13/01/1970", false), told("13/01/1970", true)], [(12, 1, 0), (-1, 0, 0)]);
        assert_eq!([told("01-01-1970", true), told("02.01.1970", true)], [(0, 0, 0), (1, 0, 0)]);
        assert_eq!([told("02/01-1970", false), told("2/01/19700", false)], [(-1, 0, 0), (-1, 0, 0)]);
    }

    #[test]
    fn moments_count_milliseconds() {
        let cells = ["1970-01-01 00:00:01", "1970-01-02T00:00:00Z", "1970-01-01 24:00:00", "1970-01-01x00:00:00", ""];
        let (bytes, fields) = fields(&cells);
        let (mut found, mut sorted, mut timed) = (Vec::new(), Sorted::default(), 0);
        moments(&bytes, column(&fields), -1, &mut found, &mut sorted, &mut timed);
        assert_eq!((&found[..], timed), (&[1_000, 86_400_000, -1, -1, -1][..], 1));
        assert_eq!((sorted.valid[0], sorted.odd[0]), (0b0_0011, 0b0_1100));
    }

    #[test]
    fn words_are_known_in_any_case() {
        let (bytes, fields) = fields(&["yes", "NO", "", "maybe", "Yes ", "nope", "y"]);
        let pair = Pair::new("Yes", "no").unwrap();
        let mut sorted = Sorted::default();
        booleans(&bytes, column(&fields), pair, &mut sorted);
        assert_eq!(sorted, Sorted { valid: vec![0b11], odd: vec![0b111_1000], yes: vec![0b1] });
        assert!(Pair::new("sí", "no").is_none());
    }

    #[test]
    fn what_lies_elsewhere_is_never_looked_for_here() {
        for length in 0..70 {
            let cells = [Field { start: 7, end: 7 + length, escaped: true }];
            let cells = column(&cells);
            let (mut sorted, mut orders, mut timed) = (Sorted::default(), DayOrders::default(), 0);
            let mut odd = |look: &mut dyn FnMut(&mut Sorted)| {
                look(&mut sorted);
                assert_eq!((sorted.valid[0], sorted.odd[0]), (0, 1));
            };
            odd(&mut |sorted| numbers(b"", cells, b'.', &mut Vec::new(), sorted, &mut Spellings::default()));
            odd(&mut |sorted| days(b"", cells, Some(true), 0, &mut Vec::new(), sorted, &mut orders));
            odd(&mut |sorted| moments(b"", cells, 0, &mut Vec::new(), sorted, &mut timed));
            odd(&mut |sorted| booleans(b"", cells, Pair::new("yes", "no").unwrap(), sorted));
            odd(&mut |sorted| texts(b"", cells, sorted));
        }
    }

    #[test]
    fn what_may_mean_nothing_is_looked_at() {
        let (bytes, fields) =
            fields(&["a", "", "na", "Nadia", " x", "x\u{a0}", "\u{a0}", "long \u{a0}", "–", "n/a ab"]);
        let mut sorted = Sorted::default();
        texts(&bytes, column(&fields), &mut sorted);
        assert_eq!((sorted.valid[0], sorted.odd[0]), (0b10_0010_1001, 0b01_1101_0100));
    }
}
