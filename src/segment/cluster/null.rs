//! What silhouette does the same k reach where there is nothing to find? Data without groups that share the columns' spread
//! and correlations: a bell-shaped cloud, an evenly filled slanted box, and a cloud bent until each column is as skewed as it
//! is in the data (a shifted lognormal one: money without groups has few who spend much, and they look like a cluster).
//! Categories keep their shares and lose their ties to each other and to the numbers: each is drawn from any row.

use crate::error::Result;
use crate::features::matrix::{Groups, Matrix};
use crate::math::measured::NO_CLUSTER;
use crate::math::moments::Moments;
use crate::math::rng::Rng;
use crate::math::separation::Silhouette;
use crate::math::stats;
use crate::math::tiles::{TILE, Tiles};
use crate::segment::cluster::budget::Budget;
use crate::segment::cluster::fit::mix;
use crate::segment::cluster::search::{Search, Seek};
use std::rc::Rc;

/// Sets of each of the kinds.
pub const SETS: usize = 8;
const KINDS: usize = 3;
/// Standard deviations above the mean of a kind's sets that are still put down to chance.
const CHANCE: f64 = 3.0;
/// Rows in a set at most.
pub const ROWS: usize = 800;
const RESTARTS: usize = 2;
const PASSES: usize = 100;

/// The comparison in the making.
#[derive(Clone, Debug)]
pub struct Null {
    seek: Seek,
    rows: usize,
    /// The features that are numbers.
    numbers: Vec<usize>,
    /// Lower triangle of their covariance's root (Cholesky), numbers × numbers.
    root: Vec<f64>,
    /// The matrix itself, where there are categories to be drawn from.
    source: Option<Matrix>,
    groups: Groups,
    features: usize,
    /// Standard deviation of each number, and the power that bends a bell to its skewness.
    bends: Vec<(f64, f64)>,
    done: usize,
    /// Silhouettes of the sets of each kind.
    reached: [Moments; KINDS],
    running: Option<(Matrix, Search)>,
}

impl Null {
    /// For the spread of a small matrix, searched in the same way.
    ///
    /// # Errors
    /// None for a matrix of which everything is kept.
    pub fn new(matrix: &Matrix, seek: Seek) -> Result<Null> {
        let groups = Rc::clone(matrix.groups());
        let is_number = |feature: &usize| !groups.iter().any(|group| group.contains(feature));
        let numbers: Vec<usize> = (0..matrix.features()).filter(is_number).collect();
        let root = cholesky(covariance(matrix, &numbers)?, numbers.len());
        Ok(Null {
            seek,
            rows: matrix.rows().min(ROWS),
            root,
            bends: bends(matrix, &numbers)?,
            numbers,
            source: (!groups.is_empty()).then(|| matrix.clone()),
            groups,
            features: matrix.features(),
            done: 0,
            reached: [Moments::default(); KINDS],
            running: None,
        })
    }

    /// Share of the sets that are done.
    pub fn ratio(&self) -> f64 {
        self.done as f64 / (KINDS * SETS) as f64
    }

    /// Works until the budget is spent; after the last set, the silhouette that data without groups reach: of the kind
    /// that reaches most, the mean and what chance adds to it.
    ///
    /// # Errors
    /// None.
    pub fn step(&mut self, budget: &mut Budget) -> Result<Option<f64>> {
        while self.done < KINDS * SETS {
            let (matrix, mut search) = match self.running.take() {
                Some(running) => running,
                None => self.set()?,
            };
            let Some(found) = search.step(&matrix, budget)? else {
                self.running = Some((matrix, search));
                return Ok(None);
            };
            let clustered: Vec<usize> = (0..self.rows).filter(|&row| found.labels[row] != NO_CLUSTER).collect();
            let labels: Vec<u32> = clustered.iter().map(|&row| found.labels[row]).collect();
            let mut silhouette = Silhouette::new(&matrix.fast().select(&clustered), &labels, found.model.k());
            while !silhouette.is_done() {
                budget.spend(silhouette.step());
            }
            let kind = &mut self.reached[self.done % KINDS];
            *kind = kind.merge(Moments::of(&[silhouette.mean()]));
            self.done += 1;
        }
        let reach = self.reached.iter().map(|kind| kind.mean + CHANCE * kind.deviation());
        Ok(Some(reach.fold(f64::NEG_INFINITY, f64::max)))
    }

    /// A set of data without groups.
    fn set(&self) -> Result<(Matrix, Search)> {
        let mut rng = Rng::new(mix(self.seek.seed, self.seek.k as u64, 2_000 + self.done as u64));
        let kind = self.done % KINDS;
        let mut tiles = Tiles::<f64>::zeros(self.rows, self.features);
        for row in 0..self.rows {
            let mut one = || if kind == 1 { rng.unit() - 0.5 } else { normal(&mut rng) };
            let free: Vec<f64> = self.numbers.iter().map(|_| one()).collect();
            for (at, &feature) in self.numbers.iter().enumerate() {
                let line = &self.root[at * free.len()..][..=at];
                let value: f64 = line.iter().zip(&free).map(|(weight, value)| weight * value).sum();
                let (deviation, power) = self.bends[at];
                let bent = kind == 2 && power != 0.0 && deviation > 0.0;
                tiles.set(row, feature, if bent { bend(value / deviation, power) * deviation } else { value });
            }
        }
        if let Some(source) = &self.source {
            let levels = source.exact(0)?;
            for row in 0..self.rows {
                for group in self.groups.iter() {
                    let from = rng.below(source.rows());
                    for feature in group.clone() {
                        tiles.set(row, feature, levels[from / TILE * self.features + feature][from % TILE]);
                    }
                }
            }
        }
        let matrix = Matrix::kept(tiles, Rc::clone(&self.groups));
        let seek = Seek { seed: rng.next_u64(), restarts: RESTARTS, passes: PASSES, ..self.seek };
        let search = seek.begin(&matrix);
        Ok((matrix, search))
    }
}

/// A standard normal value as one of a lognormal variable with mean 0 and deviation 1, skewed to the side of `power`'s sign.
fn bend(value: f64, power: f64) -> f64 {
    // Symmetric columns have a skewness of nothing but rounding: 1 must not be taken off after the powers.
    if power == 0.0 {
        return value;
    }
    let bent = libm::expm1(power * value - power * power / 2.0);
    bent / libm::expm1(power * power).sqrt() * power.signum()
}

/// The deviation of each of some features and the power under which [`bend`] gives it its skewness: (e^p² + 2) √(e^p² − 1).
fn bends(matrix: &Matrix, numbers: &[usize]) -> Result<Vec<(f64, f64)>> {
    let (rows, features) = (matrix.rows(), matrix.features());
    let tiles = matrix.exact(0)?;
    let power = |skewness: f64| {
        let (mut low, mut high) = (0.0, 1.5);
        for _ in 0..40 {
            let middle: f64 = (low + high) / 2.0;
            let spread = libm::exp(middle * middle);
            if (spread + 2.0) * libm::expm1(middle * middle).sqrt() < skewness.abs() {
                low = middle
            } else {
                high = middle
            }
        }
        low * skewness.signum()
    };
    let of = |feature: usize| {
        let values: Vec<f64> = (0..rows).map(|row| tiles[row / TILE * features + feature][row % TILE]).collect();
        let moments = Moments::of(&values);
        (moments.deviation(), power(moments.skewness()))
    };
    Ok(numbers.iter().map(|&feature| of(feature)).collect())
}

/// Mean products of differences from the mean, of some features by some features.
fn covariance(matrix: &Matrix, numbers: &[usize]) -> Result<Vec<f64>> {
    let (rows, width, features) = (matrix.rows(), matrix.features(), numbers.len());
    let tiles = matrix.exact(0)?;
    let column = |feature: usize| (0..rows).map(move |row| (row, feature));
    let value = |(row, feature): (usize, usize)| tiles[row / TILE * width + numbers[feature]][row % TILE];
    let means: Vec<f64> = (0..features).map(|j| stats::sum(column(j).map(value)) / rows as f64).collect();
    let mut covariance = vec![0.0; features * features];
    for a in 0..features {
        for b in 0..=a {
            let products = column(a).zip(column(b)).map(|(x, y)| (value(x) - means[a]) * (value(y) - means[b]));
            let mean = stats::sum(products) / rows as f64;
            (covariance[a * features + b], covariance[b * features + a]) = (mean, mean);
        }
    }
    Ok(covariance)
}

/// The lower root L of a covariance = L·Lᵀ; directions without spread get zeros.
fn cholesky(mut matrix: Vec<f64>, size: usize) -> Vec<f64> {
    for column in 0..size {
        let before: f64 = (0..column).map(|j| matrix[column * size + j] * matrix[column * size + j]).sum();
        let own = matrix[column * size + column];
        let left = own - before;
        let pivot = if left > own * 1e-12 { left.sqrt() } else { 0.0 };
        for row in column..size {
            let done: f64 = (0..column).map(|j| matrix[row * size + j] * matrix[column * size + j]).sum();
            let value = if pivot > 0.0 { (matrix[row * size + column] - done) / pivot } else { 0.0 };
            matrix[row * size + column] = if row == column { pivot } else { value };
        }
    }
    matrix
}

/// A draw from the bell curve (Box and Muller).
fn normal(rng: &mut Rng) -> f64 {
    let radius = (-2.0 * libm::log(1.0 - rng.unit())).sqrt();
    radius * libm::cos(std::f64::consts::TAU * rng.unit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bent_bells_have_the_skewness_of_the_data() {
        let mut rng = Rng::new(8);
        let waiting: Vec<f64> = (0..4_000).map(|_| -libm::log(1.0 - rng.unit())).collect();
        let both: Vec<f64> = waiting.iter().flat_map(|&value| [value, -3.0 * value]).collect();
        let matrix = Matrix::kept(Tiles::from_rows(&both, 2), Rc::default());
        let found = bends(&matrix, &[0, 1]).unwrap();
        assert!((found[0].1 + found[1].1).abs() < 1e-9 && (found[1].0 / found[0].0 - 3.0).abs() < 1e-9);
        let bent: Vec<f64> = (0..200_000).map(|_| bend(normal(&mut rng), found[1].1)).collect();
        let moments = Moments::of(&bent);
        assert!(moments.mean.abs() < 0.01 && (moments.deviation() - 1.0).abs() < 0.02, "{moments:?}");
        assert!((moments.skewness() + Moments::of(&waiting).skewness()).abs() < 0.3, "{}", moments.skewness());
    }

    #[test]
    fn the_root_times_itself_is_the_covariance() {
        let covariance = vec![4.0, 2.0, 2.0, 2.0, 5.0, 1.0, 2.0, 1.0, 6.0];
        let root = cholesky(covariance.clone(), 3);
        for a in 0..3 {
            for b in 0..=a {
                let product: f64 = (0..=b).map(|j| root[a * 3 + j] * root[b * 3 + j]).sum();
                assert!((product - covariance[a * 3 + b]).abs() < 1e-12);
            }
        }
        assert_eq!(cholesky(vec![1.0, 1.0, 1.0, 1.0], 2)[2..], [1.0, 0.0]);
    }
}
