//! What does each column add? Breiman's random forest (smartcore's regressor), asked how much its splits by each column
//! explained. Its random numbers differ between 32 and 64 bits, so that shares found in a browser and natively agree roughly,
//! not to the digit.

use crate::error::{Code, Error, Result};
use crate::math::order::arranged;
use crate::segment::cluster::fit::mix;
use crate::segment::explain::axes::{Axis, Kind};
use smartcore::ensemble::random_forest_regressor::{RandomForestRegressor, RandomForestRegressorParameters};
use smartcore::linalg::basic::matrix::DenseMatrix;

/// Trees of the forest.
pub const TREES: usize = 30;
/// Rows that each tree is grown on at most.
const ROWS: usize = 2_000;

/// A forest in the making, a tree a step.
#[derive(Debug)]
pub struct Importance {
    seed: u64,
    trees: usize,
    sums: Vec<f64>,
}

impl Importance {
    /// No trees yet.
    pub fn new(seed: u64) -> Importance {
        Importance { seed, trees: 0, sums: Vec::new() }
    }

    /// Trees so far.
    pub fn trees(&self) -> usize {
        self.trees
    }

    /// Grows one more tree, on rows that lie evenly spread and are others for each tree.
    ///
    /// # Errors
    /// `internal` should the forest refuse.
    pub fn grow(&mut self, axes: &[Axis], outcome: &[f64]) -> Result<()> {
        let step = outcome.len().div_ceil(ROWS).max(1);
        let rows: Vec<usize> = (self.trees % step..outcome.len()).step_by(step).collect();
        let columns: Vec<Vec<f64>> = axes.iter().map(|axis| filled(axis, outcome, &rows)).collect();
        let cells = columns.concat();
        let y: Vec<f64> = rows.iter().map(|&row| outcome[row]).collect();
        let refused =
            |_| Error::new(Code::Internal, "The importance of columns could not be found. Please report this.");
        let x = DenseMatrix::new(rows.len(), axes.len(), cells, true).map_err(refused)?;
        let parameters = RandomForestRegressorParameters::default()
            .with_n_trees(1)
            .with_max_depth(8)
            .with_min_samples_leaf(5)
            .with_m(axes.len().div_ceil(3))
            .with_seed(mix(self.seed, 5_000, 2 + self.trees as u64));
        let forest = RandomForestRegressor::fit(&x, &y, parameters).map_err(refused)?;
        self.sums.resize(axes.len(), 0.0);
        let found = forest.compute_feature_importances().map_err(refused)?;
        self.sums.iter_mut().zip(found).for_each(|(sum, share)| *sum += share);
        self.trees += 1;
        Ok(())
    }

    /// The share of each column, the largest first; they add up to 1.
    pub fn shares(&self, axes: &[Axis]) -> Vec<(String, f64)> {
        let total: f64 = self.sums.iter().sum();
        let order = arranged(self.sums.len(), &|a, b| self.sums[b].total_cmp(&self.sums[a]));
        order
            .into_iter()
            .map(|at| (axes[at].name.clone(), if total > 0.0 { self.sums[at] / total } else { 0.0 }))
            .collect()
    }
}

/// A column as the forest reads it: those without a value lie below all others, levels by their mean outcome.
fn filled(axis: &Axis, outcome: &[f64], rows: &[usize]) -> Vec<f64> {
    let Kind::Category(levels) = &axis.kind else {
        let known = axis.values.iter().filter(|value| !value.is_nan());
        let (low, high) = known.fold((0.0f64, 0.0f64), |(low, high), &value| (low.min(value), high.max(value)));
        let below = low - (high - low).max(1.0);
        return rows
            .iter()
            .map(|&row| axis.values[row])
            .map(|value| if value.is_nan() { below } else { value })
            .collect();
    };
    let place = |row: usize| if axis.values[row].is_nan() { levels.len() + 1 } else { axis.values[row] as usize };
    let mut sums = vec![(0.0, 0usize); levels.len() + 2];
    for (row, y) in outcome.iter().enumerate() {
        let sum = &mut sums[place(row)];
        *sum = (sum.0 + y, sum.1 + 1);
    }
    rows.iter().map(|&row| sums[place(row)]).map(|(sum, n)| sum / n as f64).collect()
}
