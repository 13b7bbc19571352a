//! Sums, means and quantiles whose result does not depend on how the rows were split.

use super::order;

/// Rows in a block. Partial results are made per block and merged in block order, whatever the number of workers.
pub const BLOCK: usize = 65_536;

/// Compensated sum (Neumaier): 1e16 + 1 − 1e16 is 1. Values are added in order; 0 for none.
pub fn sum(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut total = Sum::default();
    values.into_iter().for_each(|value| total.add(value));
    total.value()
}

/// A compensated sum in the making.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sum {
    total: f64,
    lost: f64,
}

impl Sum {
    /// Adds one value.
    pub fn add(&mut self, value: f64) {
        let next = self.total + value;
        self.lost +=
            if self.total.abs() >= value.abs() { (self.total - next) + value } else { (value - next) + self.total };
        self.total = next;
    }

    /// The sum so far.
    pub fn value(&self) -> f64 {
        self.total + self.lost
    }
}

/// The arithmetic mean; NaN for none.
pub fn mean(values: &[f64]) -> f64 {
    sum(values.iter().copied()) / values.len() as f64
}

/// Mean and standard deviation with n in the denominator (two passes); NaN for none.
pub fn mean_and_deviation(values: &[f64]) -> (f64, f64) {
    let center = mean(values);
    let squares = sum(values.iter().map(|value| (value - center) * (value - center)));
    (center, (squares / values.len() as f64).sqrt())
}

/// Fisher's skewness (third standardised moment, n in the denominators); 0 where all values are equal, NaN for none.
pub fn skewness(values: &[f64]) -> f64 {
    let (center, deviation) = mean_and_deviation(values);
    if deviation == 0.0 {
        return 0.0;
    }
    let cubes = sum(values.iter().map(|value| {
        let z = (value - center) / deviation;
        z * z * z
    }));
    cubes / values.len() as f64
}

/// The `p`-quantile of sorted values, type 7 of Hyndman and Fan (linear between order statistics, R's and NumPy's default).
/// `p` is clamped to 0..1; NaN for none.
pub fn quantile_sorted(sorted: &[f64], p: f64) -> f64 {
    if sorted.is_empty() {
        return f64::NAN;
    }
    let position = (sorted.len() - 1) as f64 * p.clamp(0.0, 1.0);
    let lower = position.floor() as usize;
    let upper = (lower + 1).min(sorted.len() - 1);
    sorted[lower] + (position - lower as f64) * (sorted[upper] - sorted[lower])
}

/// The quantiles of some numbers, given by their [`order::key`]s, at rising parts: as [`quantile_sorted`], but without sorting
/// them all. The keys are moved about.
pub fn quantiles(keys: &mut [u64], parts: impl Iterator<Item = f64>) -> Vec<f64> {
    // All before `from` are no larger than those after it.
    let (mut from, last) = (0, keys.len().saturating_sub(1));
    let at = |keys: &mut [u64], from: usize, rank: usize| order::number(order::nth(&mut keys[from..], rank - from));
    parts
        .map(|part| {
            let position = last as f64 * part.clamp(0.0, 1.0);
            let lower = position.floor() as usize;
            let low = at(keys, from, lower);
            from = lower;
            let high = if lower < last { at(keys, lower + 1, lower + 1) } else { low };
            low + (position - lower as f64) * (high - low)
        })
        .collect()
}

/// The values that are numbers, sorted. NaN is left out.
pub fn sorted(values: impl IntoIterator<Item = f64>) -> Vec<f64> {
    let mut numbers: Vec<f64> = values.into_iter().filter(|value| !value.is_nan()).collect();
    order::numbers(&mut numbers);
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_need_no_sorted_numbers() {
        let values: Vec<f64> = (0..97).map(|at| f64::from(at * 37 % 19) / 7.0 - 1.0).collect();
        let sorted = sorted(values.iter().copied());
        let parts: Vec<f64> = (0..=20).map(|part| f64::from(part) / 20.0).collect();
        let expected: Vec<f64> = parts.iter().map(|&part| quantile_sorted(&sorted, part)).collect();
        let mut keys = order::keys_of(&values);
        assert_eq!(quantiles(&mut keys, parts.into_iter()), expected);
        assert_eq!(quantiles(&mut [order::key(3.0)], [0.2, 0.8].into_iter()), [3.0, 3.0]);
    }

    #[test]
    fn sums_survive_cancellation() {
        assert_eq!(sum([1e16, 1.0, -1e16]), 1.0);
        assert_eq!(sum(std::iter::repeat_n(0.1, 10)), 1.0);
        assert_eq!(sum([]), 0.0);
    }

    #[test]
    fn quantiles_are_type_seven() {
        let values = sorted([7.0, 1.0, f64::NAN, 3.0, 5.0]);
        assert_eq!(quantile_sorted(&values, 0.5), 4.0);
        assert_eq!(quantile_sorted(&values, 0.2), 2.2);
        assert_eq!(quantile_sorted(&values, 1.0), 7.0);
        assert!(quantile_sorted(&[], 0.5).is_nan());
    }
}
