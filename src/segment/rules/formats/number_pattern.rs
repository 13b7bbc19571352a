//! Which texts are numbers above or below a bound? A pattern for the entries of a list, which are texts.

use crate::segment::rules::tree::Comparison;

/// A regular expression that a plain decimal number fits, as a whole, if it stands so to the bound. No exponents.
pub fn pattern(comparison: Comparison, bound: f64) -> String {
    let bound = if bound == 0.0 { 0.0 } else { bound };
    let any = r"\d+(?:\.\d+)?";
    let written = bound.abs().to_string();
    let (whole, fraction) = written.split_once('.').unwrap_or((&written, ""));
    let above = |or_equal: bool| above(whole, fraction, or_equal);
    let below = |or_equal: bool| below(whole, fraction, or_equal);
    let equal = if fraction.is_empty() { format!(r"{whole}(?:\.0+)?") } else { format!(r"{whole}\.{fraction}0*") };
    let minus = |inner: String| if inner.is_empty() { inner } else { format!("-(?:{inner})") };
    let either = |parts: [String; 2]| parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("|");
    let said = match (comparison, bound > 0.0, bound < 0.0) {
        (Comparison::Equal, _, true) => minus(equal),
        (Comparison::Equal, true, _) => equal,
        (Comparison::Equal, ..) => format!("-?{equal}"),
        (Comparison::NotEqual, ..) => {
            return format!("{}|{}", pattern(Comparison::Less, bound), pattern(Comparison::Greater, bound));
        }
        (Comparison::Greater, true, _) => above(false),
        (Comparison::AtLeast, true, _) => above(true),
        (Comparison::Less, true, _) => either([below(false), minus(any.into())]),
        (Comparison::AtMost, true, _) => either([below(true), minus(any.into())]),
        (Comparison::Greater, _, true) => either([any.into(), minus(below(false))]),
        (Comparison::AtLeast, _, true) => either([any.into(), minus(below(true))]),
        (Comparison::Less, _, true) => minus(above(false)),
        (Comparison::AtMost, _, true) => minus(above(true)),
        (Comparison::Greater, ..) => above(false),
        (Comparison::AtLeast, ..) => format!(r"{any}|-0+(?:\.0+)?"),
        (Comparison::Less, ..) => minus(above(false)),
        (Comparison::AtMost, ..) => format!(r"-(?:{any})|0+(?:\.0+)?"),
    };
    format!("^(?:{said})$")
}

/// Unsigned numbers greater than the bound.
fn above(whole: &str, fraction: &str, or_equal: bool) -> String {
    let tail = r"(?:\.\d+)?";
    let mut parts = vec![format!(r"[1-9]\d{{{},}}{tail}", whole.len())];
    each_digit(whole, |before, digit, after| {
        if digit < 9 {
            parts.push(format!("{before}{}{}{tail}", range(digit + 1, 9), digits(after)));
        }
    });
    each_digit(fraction, |before, digit, _| {
        if digit < 9 {
            parts.push(format!(r"{whole}\.{before}{}\d*", range(digit + 1, 9)));
        }
    });
    parts.push(match (or_equal, fraction) {
        (true, "") => format!("{whole}{tail}"),
        (true, _) => format!(r"{whole}\.{fraction}\d*"),
        (false, _) => format!(r"{whole}\.{fraction}\d*[1-9]\d*"),
    });
    parts.join("|")
}

/// Unsigned numbers less than the bound.
fn below(whole: &str, fraction: &str, or_equal: bool) -> String {
    let tail = r"(?:\.\d+)?";
    let mut parts = Vec::new();
    if whole.len() > 1 {
        parts.push(format!(r"\d{{1,{}}}{tail}", whole.len() - 1));
    }
    each_digit(whole, |before, digit, after| {
        if digit > 0 {
            parts.push(format!("{before}{}{}{tail}", range(0, digit - 1), digits(after)));
        }
    });
    each_digit(fraction, |before, digit, _| {
        if before.is_empty() {
            parts.push(whole.to_string());
        } else {
            parts.push(format!(r"{whole}\.{before}"));
        }
        if digit > 0 {
            parts.push(format!(r"{whole}\.{before}{}\d*", range(0, digit - 1)));
        }
    });
    if or_equal {
        parts.push(match fraction {
            "" => format!(r"{whole}(?:\.0+)?"),
            _ => format!(r"{whole}\.{fraction}0*"),
        });
    }
    parts.join("|")
}

/// One digit of a range.
fn range(from: u32, to: u32) -> String {
    if from == to { from.to_string() } else { format!("[{from}-{to}]") }
}

/// So many digits.
fn digits(count: usize) -> String {
    match count {
        0 => String::new(),
        1 => r"\d".into(),
        more => format!(r"\d{{{more}}}"),
    }
}

/// Each digit with what stands before it and how many stand after it.
fn each_digit(digits: &str, mut visit: impl FnMut(&str, u32, usize)) {
    for (at, digit) in digits.char_indices() {
        visit(&digits[..at], digit.to_digit(10).unwrap_or(0), digits.len() - at - 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pattern_agrees_with_the_number() {
        let bounds = [0.0, 1.0, 3.0, 9.0, 10.0, 60.0, 99.0, 100.0, 0.5, 2.25, 19.09, -1.0, -10.5, 1234.0];
        let texts = [
            "0", "-0", "1", "1.0", "2", "3", "3.01", "8.99", "9", "9.5", "10", "10.0", "11", "59.9", "60", "61", "99",
            "99.001", "100", "101", "1000", "1234", "1234.5", "0.5", "0.50", "0.49", "0.51", "2.25", "2.2", "2.26",
            "2.250", "19", "19.0", "19.09", "19.1", "-1", "-1.0", "-0.5", "-2", "-10.5", "-10.4", "-10.6", "-11",
            "0.05",
        ];
        for bound in bounds {
            for (comparison, holds) in [
                (Comparison::Equal, (|a, b| a == b) as fn(f64, f64) -> bool),
                (Comparison::NotEqual, |a, b| a != b),
                (Comparison::Less, |a, b| a < b),
                (Comparison::AtMost, |a, b| a <= b),
                (Comparison::Greater, |a, b| a > b),
                (Comparison::AtLeast, |a, b| a >= b),
            ] {
                let pattern = pattern(comparison, bound);
                let regex = regex_lite::Regex::new(&pattern).expect("a pattern");
                for text in texts {
                    let number: f64 = text.parse().expect("a number");
                    assert_eq!(regex.is_match(text), holds(number, bound), "{text} {comparison:?} {bound}: {pattern}");
                }
                assert!(["", "x", "1x", "--1", "."].iter().all(|text| !regex.is_match(text)), "{pattern}");
            }
        }
    }
}
