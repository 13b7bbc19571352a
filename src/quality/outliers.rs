//! Which numbers lie far from the rest? By distance from the median in robust units, on the column's own or its
//! logarithmic scale.

use crate::math::stats::{quantile_sorted, sorted};

/// Robust z above which a value is called far away (Iglewicz and Hoaglin 1993: 3.5 with the median absolute deviation;
/// doubled here, because money and counts have long tails that are no mistakes).
const FAR: f64 = 7.0;

/// Rows whose values lie far from the rest, rising. Columns of few different values, and those whose middle half is one
/// value, have none: there is no scale to measure by. Values that are all positive are measured on the log scale, where
/// the long tail of money is not far.
pub fn outliers(values: &[f64]) -> Vec<usize> {
    let ordered = sorted(values.iter().copied());
    if ordered.len() < 20 || ordered.windows(2).filter(|pair| pair[0] != pair[1]).count() < 10 {
        return Vec::new();
    }
    let log = ordered[0] >= 0.0;
    let scale = |value: f64| if log { libm::log1p(value) } else { value };
    let center = scale(quantile_sorted(&ordered, 0.5));
    let distances = sorted(ordered.iter().map(|&value| (scale(value) - center).abs()));
    // 1.4826 makes the median absolute deviation a standard deviation for normal values.
    let unit = 1.4826 * quantile_sorted(&distances, 0.5);
    if unit <= 0.0 {
        return Vec::new();
    }
    let far = |value: f64| !value.is_nan() && (scale(value) - center).abs() > FAR * unit;
    (0..values.len()).filter(|&row| far(values[row])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slipped_decimal_point_is_far_and_a_long_tail_is_not() {
        let mut values: Vec<f64> = (0..200).map(|at| 20.0 + f64::from(at % 17)).collect();
        assert!(outliers(&values).is_empty());
        values[7] = 24_000.0;
        values[9] = f64::NAN;
        assert_eq!(outliers(&values), [7]);
        let tail: Vec<f64> = (0..200).map(|at| libm::exp(f64::from(at) / 30.0)).collect();
        assert!(outliers(&tail).is_empty());
    }

    #[test]
    fn without_a_scale_nothing_is_far() {
        assert!(outliers(&[0.0; 100]).is_empty());
        let mut flags = vec![0.0; 100];
        flags[3] = 1.0;
        assert!(outliers(&flags).is_empty());
        assert!(outliers(&[]).is_empty());
    }
}
