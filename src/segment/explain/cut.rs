//! Cuts that a person can read: of all numbers that part the same values, one with the fewest digits.

use crate::table::date::{days_in_month, from_civil, to_civil};

/// A number `c` with `below <= c < above`, with as few digits as can be; so `x <= c` parts the same values as any number
/// between them. `below` must be less than `above`, both finite.
pub fn readable(below: f64, above: f64) -> f64 {
    if below < 0.0 && above >= 0.0 {
        return if above > 0.0 { 0.0 } else { -readable_from_above(-above, -below) };
    }
    if below < 0.0 { -readable_from_above(-above, -below) } else { shortest(below, above, false) }
}

/// The same for days: the end of a year that lies between, or of a month, or else the middle.
pub fn readable_day(below: f64, above: f64) -> f64 {
    let (year, month, _) = to_civil(below as i32);
    let ends = [from_civil(year, 12, 31), from_civil(year, month, days_in_month(year, month))];
    let end = ends.into_iter().flatten().map(f64::from).find(|&end| below <= end && end < above);
    end.unwrap_or(((below + above) / 2.0).floor().max(below))
}

/// The mirror image: `above < c <= below` read from the other side of zero.
fn readable_from_above(low: f64, high: f64) -> f64 {
    shortest(low, high, true)
}

/// Coarse decimal steps first: of the multiples that lie between, the one nearest the middle. `open_low` excludes `low` and includes `high`.
fn shortest(low: f64, high: f64, open_low: bool) -> f64 {
    for exponent in (-18..=18).rev() {
        let power = pow10(i32::abs(exponent));
        let scaled = if exponent >= 0 { low / power } else { low * power };
        if scaled > 9e15 {
            break;
        }
        let value = |whole: f64| if exponent >= 0 { whole * power } else { whole / power };
        let fits = |cut: f64| if open_low { low < cut && cut <= high } else { low <= cut && cut < high };
        let middle = (scaled + if exponent >= 0 { high / power } else { high * power }) / 2.0;
        let candidates = [middle.round(), scaled.ceil(), scaled.ceil() + 1.0];
        if let Some(cut) = candidates.into_iter().map(value).find(|&cut| fits(cut)) {
            return cut;
        }
    }
    if open_low { high } else { low }
}

fn pow10(exponent: i32) -> f64 {
    (0..exponent).fold(1.0, |power, _| power * 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_cut_at_the_end_of_years_and_months() {
        let day = |year, month, day| f64::from(from_civil(year, month, day).unwrap());
        assert_eq!(readable_day(day(2024, 11, 3), day(2025, 1, 7)), day(2024, 12, 31));
        assert_eq!(readable_day(day(2024, 2, 3), day(2024, 3, 1)), day(2024, 2, 29));
        assert_eq!(readable_day(day(2024, 2, 3), day(2024, 2, 4)), day(2024, 2, 3));
    }

    #[test]
    fn cuts_have_few_digits_and_part_the_same_values() {
        assert_eq!(readable(3.0, 4.0), 3.0);
        assert_eq!(readable(2.37, 2.61), 2.5);
        assert_eq!(readable(1_234.0, 2_345.0), 2_000.0);
        assert_eq!(readable(-5.0, 12.0), 0.0);
        assert_eq!(readable(-12.7, -3.2), -10.0);
        assert_eq!(readable(-0.31, 0.0), -0.2);
        assert_eq!(readable(0.0, 7.0), 0.0);
        for (below, above) in
            [(0.1, 0.1 + f64::EPSILON), (1e15, 1e15 + 1.0), (-1.0 - f64::EPSILON, -1.0), (5e-18, 6e-18), (1e200, 2e200)]
        {
            let cut = readable(below, above);
            assert!(below <= cut && cut < above, "{below} {cut} {above}");
        }
    }
}
