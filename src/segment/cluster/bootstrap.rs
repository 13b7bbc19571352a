//! Would the clusters be found again in other customers of the same kind? Hennig's cluster-wise stability (2007): customers
//! are drawn with replacement, clustered anew, and each cluster is compared with the nearest new one by Jaccard's index
//! over the customers drawn. Each customer drawn counts once, and columns that were scaled by their spread are scaled again.

use crate::error::Result;
use crate::features::matrix::Matrix;
use crate::math::moments::Moments;
use crate::math::rng::Rng;
use crate::math::tiles::{TILE, Tiles};
use crate::segment::cluster::budget::Budget;
use crate::segment::cluster::fit::{Fit, mix};
use crate::table::bitmap::Bitmap;

/// Draws at least and at most: few rows, where a draw costs next to nothing, get more.
pub const REPLICATES: (usize, usize) = (20, 100);
/// Rows × k × features × draws that are aimed at.
const WORK: usize = 2_000_000;
/// Starts in each draw.
const RESTARTS: usize = 3;
/// Passes in each start.
const PASSES: usize = 100;
/// A cluster counts as stable from this mean on.
pub const STABLE: f64 = 0.75;

/// The draws in the making.
#[derive(Clone, Debug)]
pub struct Bootstrap {
    k: usize,
    seed: u64,
    labels: Vec<u32>,
    /// Columns to be scaled again.
    rescale: Vec<bool>,
    replicates: usize,
    done: usize,
    totals: Vec<f64>,
    running: Option<Draw>,
}

/// One draw: the rows, their values and the search in them.
#[derive(Clone, Debug)]
struct Draw {
    rows: Vec<usize>,
    matrix: Matrix,
    fit: Fit,
}

impl Bootstrap {
    /// `labels[row] < k` for every row of the (small) matrix that will be handed to every step.
    pub fn new(k: usize, seed: u64, labels: Vec<u32>, rescale: Vec<bool>) -> Bootstrap {
        let work = (labels.len() * k * rescale.len()).max(1);
        let replicates = (WORK / work).clamp(REPLICATES.0, REPLICATES.1);
        Bootstrap { k, seed, labels, rescale, replicates, done: 0, totals: vec![0.0; k], running: None }
    }

    /// Share of the draws that are done.
    pub fn ratio(&self) -> f64 {
        self.done as f64 / self.replicates as f64
    }

    /// Draws until the budget is spent; after the last, the mean Jaccard index of each cluster. A cluster of which nobody
    /// was drawn counts 0.
    ///
    /// # Errors
    /// None for a matrix of which everything is kept.
    pub fn step(&mut self, matrix: &Matrix, budget: &mut Budget) -> Result<Option<Vec<f64>>> {
        while self.done < self.replicates {
            let mut draw = match self.running.take() {
                Some(draw) => draw,
                None => self.draw(matrix)?,
            };
            let Some(run) = draw.fit.step(&draw.matrix, budget)? else {
                self.running = Some(draw);
                return Ok(None);
            };
            self.compare(&draw.rows, &run.labels(draw.rows.len()));
            self.done += 1;
        }
        Ok(Some(self.totals.iter().map(|total| total / self.replicates as f64).collect()))
    }

    fn draw(&self, matrix: &Matrix) -> Result<Draw> {
        let count = matrix.rows();
        let mut rng = Rng::new(mix(self.seed, self.k as u64, 1_000 + self.done as u64));
        let mut drawn = Bitmap::zeros(count);
        (0..count).for_each(|_| drawn.set(rng.below(count), true));
        let rows: Vec<usize> = drawn.iter().collect();
        let matrix = self.drawn(matrix, &rows)?;
        Ok(Draw { rows, matrix, fit: Fit::new(self.k, rng.next_u64(), RESTARTS, PASSES) })
    }

    fn compare(&mut self, rows: &[usize], new: &[u32]) {
        let mut table = vec![0.0; self.k * self.k];
        let (mut old_counts, mut new_counts) = (vec![0.0; self.k], vec![0.0; self.k]);
        for (&row, &new) in rows.iter().zip(new) {
            let (old, new) = (self.labels[row] as usize, new as usize);
            table[old * self.k + new] += 1.0;
            old_counts[old] += 1.0;
            new_counts[new] += 1.0;
        }
        for (old, total) in self.totals.iter_mut().enumerate() {
            let shared = table[old * self.k..(old + 1) * self.k].iter().zip(&new_counts);
            let jaccard =
                shared.filter(|(both, _)| **both > 0.0).map(|(both, new)| both / (old_counts[old] + new - both));
            *total += jaccard.fold(0.0, f64::max);
        }
    }

    fn drawn(&self, matrix: &Matrix, rows: &[usize]) -> Result<Matrix> {
        let tiles = matrix.exact(0)?;
        let features = matrix.features();
        let mut chosen = Tiles::<f64>::zeros(rows.len(), features);
        for feature in 0..features {
            let value = |row: usize| tiles[row / TILE * features + feature][row % TILE];
            let factor = if self.rescale[feature] {
                let spread = |rows: &mut dyn Iterator<Item = usize>| {
                    let values: Vec<f64> = rows.map(value).collect();
                    Moments::of(&values).deviation()
                };
                let ratio = spread(&mut (0..matrix.rows())) / spread(&mut rows.iter().copied());
                if ratio.is_finite() && ratio > 0.0 { ratio } else { 1.0 }
            } else {
                1.0
            };
            rows.iter().enumerate().for_each(|(to, &from)| chosen.set(to, feature, value(from) * factor));
        }
        Ok(Matrix::kept(chosen))
    }
}
