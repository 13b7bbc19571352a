//! How far apart are two distributions? Counts in the same bins, or the values themselves, of two samples.
//!
//! Sources: population stability index and its sampling distribution after Yurdakul and Naranjo (2020); two-sample
//! Kolmogorov-Smirnov with the limiting distribution (Kolmogorov 1933, Smirnov 1948); the others are textbook.

use super::association::cramers_v;
use super::moments::Moments;
use super::special::chi_square_tail;
use super::stats::sum;

/// Counts of which a bin without any is floored at half a customer: 0.5 / n as a share.
pub const FLOOR: f64 = 0.5;

/// Population stability index: Σ (b − a) ln(b / a) over the bins' shares, at least 0, the same in both directions. A share
/// of 0 counts as 0.5 / n; bins that are empty on both sides are left out. NaN where either side has no counts at all.
pub fn psi(before: &[u64], after: &[u64]) -> f64 {
    sum(psi_parts(before, after))
}

/// What each bin adds to [`psi`].
pub fn psi_parts(before: &[u64], after: &[u64]) -> Vec<f64> {
    let [n1, n2] = [before, after].map(|counts| counts.iter().sum::<u64>() as f64);
    let part = |(&a, &b): (&u64, &u64)| {
        if n1 == 0.0 || n2 == 0.0 {
            return f64::NAN;
        }
        if a == 0 && b == 0 {
            return 0.0;
        }
        let (a, b) = ((a as f64).max(FLOOR) / n1, (b as f64).max(FLOOR) / n2);
        (b - a) * libm::log(b / a)
    };
    before.iter().zip(after).map(part).collect()
}

/// What [`psi`] is on average where nothing has changed and both are samples of their own: (bins − 1) (1/n1 + 1/n2), over the
/// bins that hold anybody.
pub fn expected_psi(before: &[u64], after: &[u64]) -> f64 {
    let (degrees, noise) = chance(before, after);
    degrees * noise
}

/// The probability of at least this index where nothing has changed: divided by 1/n1 + 1/n2 it is about chi-square with as many
/// degrees of freedom as there are bins less one. 1 for a single bin.
pub fn psi_tail(psi: f64, before: &[u64], after: &[u64]) -> f64 {
    let (degrees, noise) = chance(before, after);
    if degrees == 0.0 { 1.0 } else { chi_square_tail(psi / noise, degrees) }
}

fn chance(before: &[u64], after: &[u64]) -> (f64, f64) {
    let [n1, n2] = [before, after].map(|counts| counts.iter().sum::<u64>() as f64);
    let bins = before.iter().zip(after).filter(|(a, b)| **a + **b > 0).count();
    (bins.saturating_sub(1) as f64, 1.0 / n1 + 1.0 / n2)
}

/// Shares of counts; NaN where there are none.
fn shares(counts: &[u64]) -> Vec<f64> {
    let n = counts.iter().sum::<u64>() as f64;
    counts.iter().map(|&count| count as f64 / n).collect()
}

/// Half the sum of the absolute differences of shares: the least share of customers that would have to change their bin.
pub fn total_variation(before: &[u64], after: &[u64]) -> f64 {
    sum(shares(before).iter().zip(shares(after)).map(|(a, b)| (a - b).abs())) / 2.0
}

/// Hellinger's distance, 0 to 1.
pub fn hellinger(before: &[u64], after: &[u64]) -> f64 {
    let part = |(a, b): (&f64, f64)| (a.sqrt() - b.sqrt()) * (a.sqrt() - b.sqrt());
    (sum(shares(before).iter().zip(shares(after)).map(part)) / 2.0).sqrt()
}

/// Jensen and Shannon's divergence in nats, 0 to ln 2.
pub fn jensen_shannon(before: &[u64], after: &[u64]) -> f64 {
    let side = |share: f64, middle: f64| if share > 0.0 { share * libm::log(share / middle) } else { 0.0 };
    let part = |(&a, b): (&f64, f64)| (side(a, (a + b) / 2.0) + side(b, (a + b) / 2.0)) / 2.0;
    sum(shares(before).iter().zip(shares(after)).map(part))
}

/// A test of counts in the same bins.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChiSquare {
    /// Pearson's, without a correction for continuity.
    pub value: f64,
    /// Bins that hold anybody, less one.
    pub degrees: f64,
    /// Probability of at least so large a value by chance.
    pub p: f64,
    /// Cramér's V.
    pub v: f64,
}

/// Pearson's test of homogeneity of two samples. Without a difference (0, p 1) where there is but one bin; NaN where a side has no
/// counts.
pub fn chi_square(before: &[u64], after: &[u64]) -> ChiSquare {
    let rows = [before, after].map(|counts| counts.iter().map(|&count| count as f64).collect::<Vec<f64>>());
    let [n1, n2] = [0, 1].map(|side| sum(rows[side].iter().copied()));
    let (degrees, _) = chance(before, after);
    if n1 == 0.0 || n2 == 0.0 {
        return ChiSquare { value: f64::NAN, degrees, p: f64::NAN, v: f64::NAN };
    }
    if degrees == 0.0 {
        return ChiSquare { value: 0.0, degrees, p: 1.0, v: 0.0 };
    }
    // With two rows the smaller dimension less one is 1.
    let v = cramers_v(&rows);
    let value = v * v * (n1 + n2);
    ChiSquare { value, degrees, p: chi_square_tail(value, degrees), v }
}

/// The largest difference of the shares of values up to any value: sorted samples without NaN. NaN for an empty one.
pub fn kolmogorov_smirnov(before: &[f64], after: &[f64]) -> f64 {
    if before.is_empty() || after.is_empty() {
        return f64::NAN;
    }
    let (n1, n2) = (before.len() as f64, after.len() as f64);
    let (mut i, mut j, mut largest) = (0, 0, 0.0f64);
    while i < before.len() && j < after.len() {
        let value = if before[i] <= after[j] { before[i] } else { after[j] };
        while i < before.len() && before[i] <= value {
            i += 1;
        }
        while j < after.len() && after[j] <= value {
            j += 1;
        }
        largest = largest.max((i as f64 / n1 - j as f64 / n2).abs());
    }
    largest
}

/// The same from counts in rising bins: at the bins' edges only, and so at most the whole statistic.
pub fn kolmogorov_smirnov_of_bins(before: &[u64], after: &[u64]) -> f64 {
    let (mut a, mut b, mut largest) = (0.0, 0.0, 0.0f64);
    for (one, other) in shares(before).iter().zip(shares(after)) {
        (a, b) = (a + one, b + other);
        largest = if (a - b).is_nan() { f64::NAN } else { largest.max((a - b).abs()) };
    }
    largest
}

/// The probability of at least so large a statistic by chance, in the limit of large samples: Kolmogorov's distribution at
/// √(n1 n2 / (n1 + n2)) · statistic.
pub fn kolmogorov_smirnov_tail(statistic: f64, n1: f64, n2: f64) -> f64 {
    let x = (n1 * n2 / (n1 + n2)).sqrt() * statistic;
    if x.is_nan() {
        return f64::NAN;
    }
    if x < 0.05 {
        return 1.0;
    }
    let pi = std::f64::consts::PI;
    if x < 1.0 {
        // The same function by Jacobi's theta transformation, which needs few terms here.
        let odd = |k: i32| f64::from(2 * k - 1) * pi / x;
        let below = sum((1..=20).map(|k| libm::exp(-odd(k) * odd(k) / 8.0))) * (2.0 * pi).sqrt() / x;
        return (1.0 - below).clamp(0.0, 1.0);
    }
    let term = |k: i32| {
        let sign = if k % 2 == 1 { 2.0 } else { -2.0 };
        sign * libm::exp(-2.0 * f64::from(k * k) * x * x)
    };
    sum((1..=20).map(term)).clamp(0.0, 1.0)
}

/// Cohen's d: the difference of the means over the pooled standard deviation (n − 1), above 0 when `after` is higher. 0 where both
/// are one and the same value; NaN where a side has fewer than two values, or nothing spreads.
pub fn cohen_d(before: &Moments, after: &Moments) -> f64 {
    let degrees = before.count + after.count - 2.0;
    if before.count < 2.0 || after.count < 2.0 {
        return f64::NAN;
    }
    let gap = after.mean - before.mean;
    let pooled = ((before.squares + after.squares) / degrees).sqrt();
    if gap == 0.0 {
        0.0
    } else if pooled > 0.0 {
        gap / pooled
    } else {
        f64::NAN
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
    }

    #[test]
    fn published_pairs_of_distributions() {
        let (before, after) = ([50, 30, 20], [40, 30, 30]);
        near(psi(&before, &after), 0.062_860_865_942_237_39);
        near(psi(&after, &before), 0.062_860_865_942_237_39);
        assert!((jensen_shannon(&before, &after) - 0.007_817_400_2).abs() < 1e-10);
        assert!((hellinger(&before, &after) - 0.088_529_261_9).abs() < 1e-10);
        near(total_variation(&before, &after), 0.1);
        let ten = [5, 8, 9, 10, 10, 10, 11, 11, 12, 14];
        near(psi(&[10; 10], &ten), 0.059_185_359_407_673_83);
        near(expected_psi(&[20; 10], &[20; 10]), 9.0 * 0.01);
    }

    #[test]
    fn empty_bins_are_floored_and_bins_of_nobody_left_out() {
        let floored = (0.5 - 0.005) * libm::log(0.5 / 0.005);
        near(psi(&[100, 0], &[50, 50]), (0.5 - 1.0) * libm::log(0.5) + floored);
        assert_eq!(psi(&[100, 0, 7], &[100, 0, 7]), 0.0);
        near(psi(&[3, 0, 7], &[70, 0, 30]), psi(&[3, 7], &[70, 30]));
        near(expected_psi(&[3, 0, 7], &[7, 0, 3]), 0.2);
        assert!(psi(&[0, 0], &[1, 2]).is_nan());
        assert_eq!((psi(&[], &[]), psi_tail(0.0, &[5], &[5])), (0.0, 1.0));
    }

    #[test]
    fn samples_apart_and_samples_alike() {
        assert_eq!(kolmogorov_smirnov(&[1.0, 2.0], &[3.0, 4.0]), 1.0);
        assert_eq!(kolmogorov_smirnov(&[1.0, 1.0, 2.0], &[1.0, 1.0, 2.0]), 0.0);
        assert_eq!(kolmogorov_smirnov(&[1.0, 2.0, 3.0, 4.0], &[2.5, 3.5]), 0.5);
        assert!(kolmogorov_smirnov(&[], &[1.0]).is_nan());
        assert_eq!(kolmogorov_smirnov_of_bins(&[2, 0], &[1, 1]), 0.5);
        // Kolmogorov's distribution at 0.5, 1 and 1.36, where both series meet and in the tail.
        for (x, p) in [(0.5, 0.963_945_243_664_875_1), (1.0, 0.269_999_671_677_354_5), (1.36, 0.049_485_876_755_377_74)]
        {
            near(kolmogorov_smirnov_tail(x, 2.0, 2.0), p);
        }
        assert_eq!(kolmogorov_smirnov_tail(0.0, 5.0, 5.0), 1.0);
    }

    #[test]
    fn textbook_effects() {
        let one = chi_square(&[10, 20, 0], &[20, 10, 0]);
        near(one.value, 60.0 / 9.0);
        near(one.v, 1.0 / 3.0);
        assert_eq!((one.degrees, chi_square(&[5], &[7]).p), (1.0, 1.0));
        near(cohen_d(&Moments::of(&[1.0, 2.0, 3.0]), &Moments::of(&[3.0, 4.0, 5.0])), 2.0);
        assert_eq!(cohen_d(&Moments::of(&[1.0, 1.0]), &Moments::of(&[1.0, 1.0])), 0.0);
        assert!(cohen_d(&Moments::of(&[1.0]), &Moments::of(&[1.0, 2.0])).is_nan());
    }
}
