//! Is this cell a number, and which?
//!
//! Besides plain digits: thousands in groups (`1,234.50`, `1.234,50`, `1 234,5`, `1'234.50`; blanks may be non-breaking), a
//! currency's sign or code before or after, a percent sign (12 % is 12, as written: the unit stays the column's), accountants'
//! parentheses and trailing minus, and exponents. Which unit a cell names is told too, so that a mixture can be reported.

use serde::Deserialize;

/// The decimal mark. The other of the two groups thousands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Decimal {
    /// 1,234.50
    #[serde(rename = ".")]
    Point,
    /// 1.234,50
    #[serde(rename = ",")]
    Comma,
}

impl Decimal {
    /// The mark itself.
    pub fn mark(self) -> u8 {
        match self {
            Decimal::Point => b'.',
            Decimal::Comma => b',',
        }
    }

    /// The other one.
    pub fn other(self) -> Decimal {
        match self {
            Decimal::Point => Decimal::Comma,
            Decimal::Comma => Decimal::Point,
        }
    }
}

/// A number and what its writing says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Number {
    /// The value, finite.
    pub value: f64,
    /// Whether the other decimal mark would give another value or none: the writing proves the mark.
    pub proof: bool,
    /// Whether the other decimal mark would give another value: the writing leaves it open.
    pub ambiguous: bool,
    /// Digits only, with a zero before other digits, as codes have.
    pub leading_zero: bool,
    /// Digits only, more than an exact number can hold (15), or as many behind a plus as telephone numbers have.
    pub long: bool,
    /// The unit that stands beside it, for [`unit_name`]; 0 where there is none.
    pub unit: u8,
}

const POWERS: [f64; 16] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

/// The number a cell holds, or nothing. Values beyond the range of 64-bit floats are none.
#[inline]
pub fn parse(text: &str, decimal: Decimal) -> Option<Number> {
    plain(text.as_bytes(), decimal).or_else(|| written(text, decimal))
}

/// `-12.5` and its like: at most 15 digits, so that one exact division gives the nearest float.
#[inline]
fn plain(bytes: &[u8], decimal: Decimal) -> Option<Number> {
    let (negative, digits) = match bytes {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, bytes),
    };
    if digits.is_empty() || digits.len() > 16 {
        return None;
    }
    let (mut mantissa, mut point) = (0u64, usize::MAX);
    for (at, &byte) in digits.iter().enumerate() {
        let digit = byte.wrapping_sub(b'0');
        if digit < 10 {
            mantissa = mantissa * 10 + u64::from(digit);
        } else if byte == decimal.mark() && point == usize::MAX {
            point = at;
        } else {
            return None;
        }
    }
    let (whole, fraction) = if point == usize::MAX { (digits.len(), 0) } else { (point, digits.len() - point - 1) };
    if whole + fraction > 15 || whole + fraction == 0 {
        return None;
    }
    let value = mantissa as f64 / POWERS[fraction];
    let ambiguous = fraction == 3 && (1..=3).contains(&whole) && digits[0] != b'0';
    Some(Number {
        value: if negative { -value } else { value },
        proof: point != usize::MAX && !ambiguous,
        ambiguous,
        leading_zero: point == usize::MAX && whole > 1 && digits[0] == b'0' && !negative,
        long: false,
        unit: 0,
    })
}

/// Every other way of writing a number.
#[inline(never)]
fn written(text: &str, decimal: Decimal) -> Option<Number> {
    // No number is longer than the exact decimal expansion anyone writes; this bounds the work on long text cells.
    // A currency code and an exponent are four letters at most.
    let count = |test: fn(&u8) -> bool| text.as_bytes().iter().filter(|byte| test(byte)).count();
    if text.len() > 400 || count(u8::is_ascii_digit) == 0 || count(u8::is_ascii_alphabetic) > 4 {
        return None;
    }
    let bare = undress(text)?;
    let found = plain_text(bare.digits, decimal)?;
    let value = found.parse::<f64>().ok().filter(|value| value.is_finite())?;
    let other = plain_text(bare.digits, decimal.other()).and_then(|found| found.parse::<f64>().ok());
    let only_digits = bare.digits.bytes().all(|byte| byte.is_ascii_digit());
    // A plus before nine digits and more is a telephone number's.
    let is_phone = bare.digits.len() > 8 && text.trim_start().starts_with('+');
    let dressed = bare.digits.len() != text.trim().len();
    Some(Number {
        value: if bare.negative { -value } else { value },
        proof: other.is_none(),
        ambiguous: other.is_some_and(|other| other != value),
        leading_zero: only_digits && !dressed && bare.digits.len() > 1 && bare.digits.starts_with('0'),
        long: only_digits && (bare.digits.trim_start_matches('0').len() > 15 || is_phone),
        unit: bare.unit,
    })
}

struct Bare<'a> {
    digits: &'a str,
    negative: bool,
    unit: u8,
}

/// Takes off blanks, signs, parentheses, one currency and a percent sign.
fn undress(text: &str) -> Option<Bare<'_>> {
    let mut rest = text.trim();
    let mut negative = false;
    if let Some(inside) = rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        (rest, negative) = (inside.trim(), true);
    }
    let (mut signed, mut unit) = (negative, 0);
    // A sign may stand before or after the currency: -$5, $-5, 5- and 5 €-.
    for _ in 0..3 {
        let dressed = rest.len();
        if let Some(inside) = rest.strip_prefix(['-', '−', '+']).or_else(|| rest.strip_suffix(['-', '−'])) {
            if signed {
                return None;
            }
            negative = !rest.starts_with('+');
            (rest, signed) = (inside.trim(), true);
        }
        if let Some((inside, found)) = without_unit(rest) {
            if unit > 0 {
                return None;
            }
            (rest, unit) = (inside.trim(), found);
        }
        if rest.len() == dressed {
            break;
        }
    }
    Some(Bare { digits: rest, negative, unit })
}

/// What may stand before or after a number, each with its ISO code where that is another: percent, signs, codes. A sign that
/// several countries use stands for the largest ($ for USD); of two that begin alike the longer stands first.
const UNITS: &str = "% €=EUR US$=USD C$=CAD A$=AUD R$=BRL $=USD £=GBP ¥=JPY ₹=INR ₽=RUB ₺=TRY ₩=KRW ₴=UAH ₫=VND ฿=THB ₪=ILS \
    zł=PLN kr.=kr kr Kč=CZK Fr.=CHF EUR USD GBP CHF JPY CNY CAD AUD NZD SEK NOK DKK ISK PLN CZK HUF RON BGN TRY INR BRL MXN \
    ARS CLP COP ZAR SGD HKD THB IDR MYR PHP KRW VND ILS AED SAR EGP RUB UAH";

/// The text without the unit at its beginning or end, and the unit.
fn without_unit(text: &str) -> Option<(&str, u8)> {
    // Most texts have no unit at either end, and two bytes tell: a digit, or one letter beside a digit, as in `C1042`.
    let bytes = text.as_bytes();
    let bare = |end: Option<&u8>, next: Option<&u8>| {
        let digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
        end.is_none() || digit(end) || end.is_some_and(u8::is_ascii_alphabetic) && digit(next)
    };
    let (mut front, mut back) = (bytes.iter(), bytes.iter().rev());
    let (begun, ended) = (bare(front.next(), front.next()), bare(back.next(), back.next()));
    if begun && ended {
        return None;
    }
    (1u8..).zip(UNITS.split_ascii_whitespace()).find_map(|(unit, written)| {
        let written = written.as_bytes();
        let sign = &written[..written.iter().position(|&byte| byte == b'=').unwrap_or(written.len())];
        let end = bytes.len().checked_sub(sign.len())?;
        if !begun && sign != b"%" && bytes[..sign.len()].eq_ignore_ascii_case(sign) {
            Some((&text[sign.len()..], unit))
        } else if !ended && bytes[end..].eq_ignore_ascii_case(sign) {
            Some((&text[..end], unit))
        } else {
            None
        }
    })
}

/// `EUR`, `%` …: the unit of a [`Number`].
pub fn unit_name(unit: u8) -> &'static str {
    let written = UNITS.split_ascii_whitespace().nth(usize::from(unit).wrapping_sub(1)).unwrap_or("");
    written.split_once('=').map_or(written, |(_, code)| code)
}

/// The digits with groups closed and `.` as the mark, ready for the standard parser; nothing if the groups are wrong.
fn plain_text(digits: &str, decimal: Decimal) -> Option<String> {
    let mark = char::from(decimal.mark());
    let (body, exponent) = match digits.find(['e', 'E']) {
        Some(at) => (&digits[..at], Some(&digits[at + 1..])),
        None => (digits, None),
    };
    let (whole, fraction) = match body.split_once(mark) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (body, None),
    };
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let mut plain = String::with_capacity(digits.len() + 2);
    match whole.chars().find(|letter| !letter.is_ascii_digit()) {
        None => plain.push_str(whole),
        Some(separator) => {
            let grouping = [char::from(decimal.other().mark()), ' ', '\u{a0}', '\u{202f}', '\u{2009}', '\'', '’'];
            if !grouping.contains(&separator) {
                return None;
            }
            let groups: Vec<&str> = whole.split(separator).collect();
            let (first, last) = (groups[0], groups.len() - 1);
            // Indian grouping has pairs before the last three: 12,34,567.
            let inner = |group: &&str| group.len() == 3 || (separator == ',' && group.len() == 2);
            let fits = (1..=3).contains(&first.len())
                && !first.starts_with('0')
                && groups[last].len() == 3
                && groups[1..last].iter().all(inner)
                && groups.iter().all(|group| is_digits(group));
            if !fits {
                return None;
            }
            groups.iter().for_each(|group| plain.push_str(group));
        }
    }
    let fraction = fraction.unwrap_or("");
    if !is_digits(fraction) || plain.is_empty() && fraction.is_empty() {
        return None;
    }
    if !fraction.is_empty() {
        plain.push('.');
        plain.push_str(fraction);
    }
    if let Some(exponent) = exponent {
        let bare = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        if bare.is_empty() || bare.len() > 4 || !is_digits(bare) {
            return None;
        }
        plain.push('e');
        plain.push_str(exponent);
    }
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(text: &str) -> Option<f64> {
        parse(text, Decimal::Point).map(|number| number.value)
    }

    fn comma(text: &str) -> Option<f64> {
        parse(text, Decimal::Comma).map(|number| number.value)
    }

    #[test]
    fn the_usual_writings() {
        for (text, value) in [
            ("0", 0.0),
            ("-12.5", -12.5),
            (".5", 0.5),
            ("5.", 5.0),
            ("+3", 3.0),
            ("1e3", 1000.0),
            ("1.5E-2", 0.015),
            ("1,234.50", 1234.5),
            ("12,34,567", 1_234_567.0),
            ("1 234.5", 1234.5),
            ("1'234.50", 1234.5),
            ("$1,234", 1234.0),
            ("-$5", -5.0),
            ("$-5", -5.0),
            ("(5.00)", -5.0),
            ("(€ 1,000)", -1000.0),
            ("12 %", 12.0),
            (" 7 ", 7.0),
            ("\u{2212}7", -7.0),
            ("7-", -7.0),
            ("12 EUR", 12.0),
            ("EUR 12", 12.0),
            ("12 €", 12.0),
            ("US$ 12.50", 12.5),
            ("12 US$", 12.0),
            ("12 kr.", 12.0),
            ("eur 1e3", 1000.0),
            ("1\u{a0}234.5\u{a0}€", 1234.5),
            ("123456789012345678", 123456789012345680.0),
            ("0.1234567890123456789", 0.123_456_789_012_345_68),
        ] {
            assert_eq!(point(text), Some(value), "{text}");
        }
        for (text, value) in
            [("1.234,50", 1234.5), ("1 234,5", 1234.5), ("0,5", 0.5), ("1.234", 1234.0), ("12,50 €", 12.5)]
        {
            assert_eq!(comma(text), Some(value), "{text}");
        }
    }

    #[test]
    fn what_is_no_number() {
        for text in [
            "",
            "-",
            ".",
            "e5",
            "1e",
            "1e99999",
            "1e400",
            "12,34",
            "1,2345",
            "1..2",
            "1.2.3",
            "--5",
            "(-5)",
            "5 5",
            "0,123",
            "abc",
            "1a",
            "NaN",
            "inf",
            "0x10",
            "$",
            "%",
            "%5",
            "5 % €",
            "EUR",
            "12 EUX",
            "$5$",
            "1,234,56",
            "2026-01-02",
            "12:30",
            "1e+",
            "１２",
        ] {
            assert_eq!(point(text), None, "{text}");
        }
    }

    #[test]
    fn writing_proves_or_leaves_open_the_mark() {
        let flags = |text| parse(text, Decimal::Point).map(|n| (n.proof, n.ambiguous));
        assert_eq!(flags("12.5"), Some((true, false)));
        assert_eq!(flags("1.234"), Some((false, true)));
        assert_eq!(flags("1,234"), Some((false, true)));
        assert_eq!(flags("1,234.5"), Some((true, false)));
        assert_eq!(flags("1234"), Some((false, false)));
        assert_eq!(flags("0.123"), Some((true, false)));
        assert!(parse("007", Decimal::Point).is_some_and(|n| n.leading_zero));
        assert!(parse("0.07", Decimal::Point).is_some_and(|n| !n.leading_zero));
        assert!(parse("1234567890123456", Decimal::Point).is_some_and(|n| n.long));
    }

    #[test]
    fn units_have_one_name() {
        let unit = |text| unit_name(parse(text, Decimal::Point).map_or(0, |number| number.unit));
        let named = ["12 €", "EUR 12", "$5", "-5 US$", "(C$ 5)", "5 zł", "12%", "12"].map(unit);
        assert_eq!(named, ["EUR", "EUR", "USD", "USD", "CAD", "PLN", "%", ""]);
    }

    #[test]
    fn the_short_way_agrees_with_the_standard_parser() {
        let mut rng = crate::math::rng::Rng::new(5);
        for _ in 0..20_000 {
            let digits = (rng.next_u64() % 10u64.pow(1 + rng.below(14) as u32)).to_string();
            let text = match rng.below(digits.len() + 1) {
                at if at < digits.len() => format!("-{}.{}", &digits[..at], &digits[at..]),
                _ => digits,
            };
            assert_eq!(point(&text), text.parse::<f64>().ok(), "{text}");
        }
    }
}
