//! Count, mean, spread and skew of many values in one reading: exact per piece, pieces merged in order.
//!
//! Merging follows the pairwise update formulas of Chan, Golub and LeVeque (second) and Pébay (third moment).

use wide::f64x2;

/// Values that are read a second time while they are still near the processor.
const PIECE: usize = 2_048;

/// What is known of the values so far.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moments {
    /// Number of values.
    pub count: f64,
    /// Arithmetic mean; 0 for none.
    pub mean: f64,
    /// Sum of squared differences from the mean.
    pub squares: f64,
    /// Sum of cubed differences from the mean.
    pub cubes: f64,
    /// Smallest value, +∞ for none.
    pub min: f64,
    /// Largest value, −∞ for none.
    pub max: f64,
}

impl Default for Moments {
    fn default() -> Moments {
        Moments { count: 0.0, mean: 0.0, squares: 0.0, cubes: 0.0, min: f64::INFINITY, max: f64::NEG_INFINITY }
    }
}

impl Moments {
    /// Of one block of values, none of them NaN.
    #[inline(never)]
    pub fn of(values: &[f64]) -> Moments {
        values.chunks(PIECE).map(Moments::of_piece).fold(Moments::default(), Moments::merge)
    }

    /// Of at least one value, read twice.
    fn of_piece(values: &[f64]) -> Moments {
        let (mut sums, mut min, mut max) = ([0.0; 8], [f64::INFINITY; 8], [f64::NEG_INFINITY; 8]);
        in_lanes(values, [&mut sums, &mut min, &mut max], |[sum, min, max], value| {
            [sum + value, value.simd_lt(min).bitselect(value, min), value.simd_gt(max).bitselect(value, max)]
        });
        let count = values.len() as f64;
        let (min, max) =
            (min.into_iter().fold(f64::INFINITY, f64::min), max.into_iter().fold(f64::NEG_INFINITY, f64::max));
        // A block of equal values has exactly that mean and no spread, whatever the sum was rounded to.
        let mean = if min == max { min } else { sums.iter().sum::<f64>() / count };
        let (mut squares, mut cubes) = ([0.0; 8], [0.0; 8]);
        in_lanes(values, [&mut squares, &mut cubes], |[squares, cubes], value| {
            let difference = value - f64x2::splat(mean);
            let square = difference * difference;
            [squares + square, cubes + square * difference]
        });
        Moments { count, mean, squares: squares.iter().sum(), cubes: cubes.iter().sum(), min, max }
    }

    /// Both together; the order matters in the last bits only.
    pub fn merge(self, other: Moments) -> Moments {
        if self.count == 0.0 || other.count == 0.0 {
            return if self.count == 0.0 { other } else { self };
        }
        let (a, b) = (self.count, other.count);
        let count = a + b;
        let gap = other.mean - self.mean;
        Moments {
            count,
            mean: self.mean + gap * (b / count),
            squares: self.squares + other.squares + gap * gap * (a * b / count),
            cubes: self.cubes
                + other.cubes
                + gap * gap * gap * (a * b * (a - b) / (count * count))
                + 3.0 * gap * (a * other.squares - b * self.squares) / count,
            min: self.min.min(other.min),
            max: self.max.max(other.max),
        }
    }

    /// Standard deviation with n in the denominator; NaN for none.
    pub fn deviation(&self) -> f64 {
        (self.squares / self.count).sqrt()
    }

    /// Fisher's skewness with n in the denominators; 0 where all values are equal.
    pub fn skewness(&self) -> f64 {
        let deviation = self.deviation();
        if deviation > 0.0 { self.cubes / self.count / (deviation * deviation * deviation) } else { 0.0 }
    }
}

/// Goes through values eight by eight, each of eight lanes with figures of its own. Two lanes lie in a register: arrays of
/// numbers would lie in memory, with each addition waiting for the one before to be written (2.6 times as long).
#[inline(always)]
fn in_lanes<const N: usize>(
    values: &[f64],
    mut figures: [&mut [f64; 8]; N],
    step: impl Fn([f64x2; N], f64x2) -> [f64x2; N],
) {
    let (whole, rest) = values.as_chunks::<8>();
    let two = |lanes: &[f64; 8], at: usize| f64x2::new([lanes[2 * at], lanes[2 * at + 1]]);
    let mut now: [[f64x2; N]; 4] = std::array::from_fn(|at| std::array::from_fn(|one| two(figures[one], at)));
    for eight in whole {
        now = std::array::from_fn(|at| step(now[at], two(eight, at)));
    }
    let mut note = |found: &[[f64x2; N]; 4], lanes: usize| {
        for (one, figure) in figures.iter_mut().enumerate() {
            (0..lanes).for_each(|lane| figure[lane] = found[lane / 2][one].to_array()[lane % 2]);
        }
    };
    note(&now, 8);
    let mut last = [0.0; 8];
    last[..rest.len()].copy_from_slice(rest);
    note(&std::array::from_fn(|at| step(now[at], two(&last, at))), rest.len());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;
    use crate::stats;

    #[test]
    fn blocks_merge_to_the_whole() {
        let mut rng = Rng::new(3);
        let values: Vec<f64> = (0..1_000).map(|_| libm::exp(3.0 * rng.unit()) + 1e6).collect();
        let merged = values.chunks(77).map(Moments::of).fold(Moments::default(), Moments::merge);
        let (mean, deviation) = stats::mean_and_deviation(&values);
        assert!((merged.mean - mean).abs() < 1e-9);
        assert!((merged.deviation() - deviation).abs() < 1e-9);
        assert!((merged.skewness() - stats::skewness(&values)).abs() < 1e-6);
        assert_eq!(merged.min, values.iter().copied().fold(f64::INFINITY, f64::min));
    }

    #[test]
    fn equal_values_have_no_spread() {
        let block = Moments::of(&[0.1; 77]);
        assert_eq!((block.mean, block.squares, block.merge(block).squares), (0.1, 0.0, 0.0));
        assert!(Moments::default().deviation().is_nan());
    }
}
