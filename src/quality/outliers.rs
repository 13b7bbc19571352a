//! Which numbers lie far from the rest? By distance from the median in robust units, on the column's own or its
//! logarithmic scale.

use crate::math::extent::{extent_of_numbers, outside};
use crate::math::order;

/// Robust z above which a value is called far away: (value − median) / (quartile distance / 1.349), which is the usual z
/// for normal values. Twice the customary 3.5, because money and counts have long tails that are no mistakes.
const FAR: f64 = 7.0;

/// Rows whose values lie far from the rest, rising. NaN is never far. Fewer than 20 values, or a middle half that is one
/// value, have no scale to measure by and therefore nothing far. Values that are nowhere negative are measured on the log
/// scale, where the long tail of money is not far.
pub fn outliers(values: &[f64]) -> Vec<usize> {
    let mut present = order::keys_of(values);
    if present.len() < 20 {
        return Vec::new();
    }
    let log = extent_of_numbers(values).is_some_and(|(least, _)| least >= 0.0);
    // Order statistics keep their order on any rising scale, so that only three values need the logarithm.
    let last = present.len() - 1;
    let (lower, upper) = (last / 4, last - last / 4);
    let middle = order::nth(&mut present, last / 2);
    // Either side of the middle holds its quarter already.
    let keys =
        [order::nth(&mut present[..last / 2], lower), middle, order::nth(&mut present[last / 2..], upper - last / 2)];
    let [low, middle, high] = keys.map(|key| {
        let value = order::number(key);
        if log { libm::log1p(value) } else { value }
    });
    let reach = FAR * (high - low) / 1.349;
    if reach <= 0.0 {
        return Vec::new();
    }
    let back = |value: f64| if log { libm::expm1(value) } else { value };
    let (from, to) = (back(middle - reach), back(middle + reach));
    outside(values, from, to)
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
        let mut signed: Vec<f64> = (0..100).map(|at| f64::from(at % 21) - 10.0).collect();
        signed[50] = -5_000.0;
        assert_eq!(outliers(&signed), [50]);
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
