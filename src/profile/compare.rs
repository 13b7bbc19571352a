//! How much a group differs from the rest: effect size first, probability as a footnote.

use crate::math::order::arrange;
use crate::math::special::{chi_square_tail, student_two_sided};
use crate::math::stats::{mean, sum};

/// A difference between a group and the rest of the baseline.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// Numbers: Cohen's d with the pooled standard deviation, above 0 when the group is higher.
    /// Categories: Cramér's V, 0 to 1.
    pub effect: f64,
    /// Probability of at least this difference by chance: Welch's t, or chi-square without Yates' correction.
    /// NaN where it cannot be told (fewer than two values, no spread).
    pub p: f64,
}

/// A difference that cannot be told.
pub const UNTOLD: Difference = Difference { effect: f64::NAN, p: f64::NAN };

/// Count, mean and sum of squared deviations of some numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moments {
    n: f64,
    mean: f64,
    squares: f64,
}

impl Moments {
    /// Of numbers without NaN, in two passes.
    pub fn of(values: &[f64]) -> Moments {
        let center = mean(values);
        let squares = sum(values.iter().map(|value| (value - center) * (value - center)));
        Moments { n: values.len() as f64, mean: center, squares }
    }

    /// What is left of these when a part of them is taken out.
    pub fn without(self, part: Moments) -> Moments {
        let n = self.n - part.n;
        if part.n == 0.0 || n <= 0.0 {
            return if n <= 0.0 { Moments { n: 0.0, mean: f64::NAN, squares: 0.0 } } else { self };
        }
        let mean = (self.mean * self.n - part.mean * part.n) / n;
        let between = (part.mean - mean) * (part.mean - mean) * part.n * n / self.n;
        Moments { n, mean, squares: (self.squares - part.squares - between).max(0.0) }
    }
}

/// Numbers of the group against numbers of the rest.
pub fn numbers(group: Moments, rest: Moments) -> Difference {
    if group.n < 2.0 || rest.n < 2.0 {
        return UNTOLD;
    }
    let pooled = ((group.squares + rest.squares) / (group.n + rest.n - 2.0)).sqrt();
    if pooled == 0.0 {
        return if group.mean == rest.mean { Difference { effect: 0.0, p: 1.0 } } else { UNTOLD };
    }
    let error = |part: Moments| part.squares / (part.n - 1.0) / part.n;
    let (e1, e2) = (error(group), error(rest));
    let t = (group.mean - rest.mean) / (e1 + e2).sqrt();
    let degrees = (e1 + e2) * (e1 + e2) / (e1 * e1 / (group.n - 1.0) + e2 * e2 / (rest.n - 1.0));
    Difference { effect: (group.mean - rest.mean) / pooled, p: student_two_sided(t, degrees) }
}

/// Counts of each category in the group against the rest. Categories that occur in neither are ignored.
pub fn categories(group: &[u64], rest: &[u64]) -> Difference {
    let (n1, n2) = (group.iter().sum::<u64>() as f64, rest.iter().sum::<u64>() as f64);
    let used: Vec<(f64, f64)> =
        group.iter().zip(rest).filter(|(a, b)| *a + *b > 0).map(|(a, b)| (*a as f64, *b as f64)).collect();
    if n1 == 0.0 || n2 == 0.0 || used.len() < 2 {
        return if used.len() == 1 && n1 > 0.0 && n2 > 0.0 { Difference { effect: 0.0, p: 1.0 } } else { UNTOLD };
    }
    let n = n1 + n2;
    let chi = sum(used.iter().map(|(a, b)| {
        let (e1, e2) = ((a + b) * n1 / n, (a + b) * n2 / n);
        (a - e1) * (a - e1) / e1 + (b - e2) * (b - e2) / e2
    }));
    Difference { effect: (chi / n).sqrt(), p: chi_square_tail(chi, (used.len() - 1) as f64) }
}

/// Holm's step-down adjustment for looking at many columns at once; NaN stays NaN and does not count.
pub fn adjust(ps: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..ps.len()).filter(|&index| !ps[index].is_nan()).collect();
    arrange(&mut order, &|a, b| ps[a].total_cmp(&ps[b]));
    let mut adjusted = vec![f64::NAN; ps.len()];
    let mut floor = 0.0f64;
    for (rank, &index) in order.iter().enumerate() {
        floor = floor.max((ps[index] * (order.len() - rank) as f64).min(1.0));
        adjusted[index] = floor;
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn welch_and_cohen_on_a_worked_example() {
        let difference = numbers(Moments::of(&[3.0, 4.0, 5.0]), Moments::of(&[1.0, 2.0, 3.0]));
        assert!((difference.effect - 2.0).abs() < 1e-12);
        // t = 2 / sqrt(2/3) = 2.449490 on 4 degrees of freedom
        assert!((difference.p - 0.070_484).abs() < 1e-6, "{}", difference.p);
        assert_eq!(numbers(Moments::of(&[1.0, 1.0]), Moments::of(&[1.0, 1.0])).effect, 0.0);
        assert!(numbers(Moments::of(&[1.0]), Moments::of(&[1.0, 2.0])).effect.is_nan());
    }

    #[test]
    fn moments_of_the_rest_are_what_is_left() {
        let (part, rest) = ([3.0, 4.5, 5.0], [1.0, 2.0, 3.25, 8.0]);
        let all: Vec<f64> = part.iter().chain(&rest).copied().collect();
        let (left, expected) = (Moments::of(&all).without(Moments::of(&part)), Moments::of(&rest));
        assert!((left.mean - expected.mean).abs() < 1e-12 && (left.squares - expected.squares).abs() < 1e-12);
        assert_eq!(Moments::of(&all).without(Moments::of(&[])), Moments::of(&all));
        assert_eq!(Moments::of(&part).without(Moments::of(&part)).n, 0.0);
    }

    #[test]
    fn a_two_by_two_table_has_the_textbook_chi_square() {
        let difference = categories(&[10, 20, 0], &[20, 10, 0]);
        assert!((difference.effect - (1.0f64 / 9.0).sqrt()).abs() < 1e-12);
        assert!((difference.p - 0.009_823).abs() < 1e-6, "{}", difference.p);
        assert_eq!(categories(&[5], &[7]).effect, 0.0);
    }

    #[test]
    fn adjusted_probabilities_never_fall_below_the_raw_ones() {
        assert_eq!(adjust(&[0.01, f64::NAN, 0.04, 0.03])[0], 0.03);
        assert_eq!(adjust(&[0.01, 0.04, 0.03])[1], 0.06);
        assert_eq!(adjust(&[0.9, 0.8]), [1.0, 1.0]);
    }
}
