//! Figures as a person would say them, for messages and sentences.

/// 12,345.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A share as a percentage with as many digits as it needs.
pub fn percent(part: u64, whole: u64) -> String {
    let share = 100.0 * part as f64 / whole.max(1) as f64;
    if share > 0.0 && share < 0.1 { format!("{share:.2} %") } else { format!("{share:.1} %") }
}

/// Three digits that matter, no more than two after the point.
pub fn short(value: f64) -> String {
    let digits = match value.abs() {
        size if size >= 100.0 || size == size.trunc() => 0,
        size if size >= 10.0 => 1,
        _ => 2,
    };
    let text = format!("{:.digits$}", value.abs());
    let (whole, fraction) = text.split_at(text.find('.').unwrap_or(text.len()));
    let sign = if value < 0.0 { "-" } else { "" };
    match whole.parse() {
        Ok(whole) => format!("{sign}{}{fraction}", grouped(whole)),
        Err(_) => format!("{sign}{text}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_read_as_people_say_them() {
        assert_eq!([0, 999, 1_000, 12_345_678].map(grouped), ["0", "999", "1,000", "12,345,678"]);
        assert_eq!([percent(11, 7_043), percent(1, 2), percent(1, 50_000)], ["0.2 %", "50.0 %", "0.00 %"]);
        assert_eq!([1_234_567.8, -12.345, 7.0, 0.256, 1e30].map(short)[..4], ["1,234,568", "-12.3", "7", "0.26"]);
        assert_eq!(short(f64::NAN), "NaN");
    }
}
