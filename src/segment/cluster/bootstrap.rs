//! Would the clusters be found again in other customers of the same kind? Hennig's cluster-wise stability (2007): customers
//! are drawn with replacement, clustered anew, and each cluster is compared with the nearest new one by Jaccard's index
//! over the customers drawn. Each customer drawn counts once, and columns that were scaled by their spread are scaled again.

use crate::error::Result;
use crate::features::matrix::Matrix;
use crate::math::measured::NO_CLUSTER;
use crate::math::moments::Moments;
use crate::math::rng::Rng;
use crate::math::tiles::{TILE, Tiles};
use crate::segment::cluster::budget::Budget;
use crate::segment::cluster::fit::mix;
use crate::segment::cluster::search::{Search, Seek};
use crate::table::bitmap::Bitmap;
use std::rc::Rc;

/// Draws at least and at most: few rows, where a draw costs next to nothing, get more.
pub const REPLICATES: (usize, usize) = (20, 100);
/// Rows × k × features × draws that are aimed at.
const WORK: usize = 2_000_000;
/// What a slow method's work counts against k-means's.
const SLOW: usize = 16;
/// Starts in each draw, of methods that are not slow.
const RESTARTS: usize = 3;
/// Passes in each start.
const PASSES: usize = 100;
/// A cluster counts as stable from this mean on.
pub const STABLE: f64 = 0.75;

/// The draws in the making.
#[derive(Clone, Debug)]
pub struct Bootstrap {
    /// Clusters that are to be found again.
    k: usize,
    seek: Seek,
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
    search: Search,
}

impl Bootstrap {
    /// `labels[row]` is below k or [`NO_CLUSTER`] for every row of the (small) matrix that will be handed to every step. Draws
    /// are searched as the clusters were.
    pub fn new(k: usize, seek: Seek, labels: Vec<u32>, rescale: Vec<bool>) -> Bootstrap {
        let work = (labels.len() * k * rescale.len()).max(1) * if seek.method.is_slow() { SLOW } else { 1 };
        let replicates = if k == 0 { 0 } else { (WORK / work).clamp(REPLICATES.0, REPLICATES.1) };
        Bootstrap { k, seek, labels, rescale, replicates, done: 0, totals: vec![0.0; k], running: None }
    }

    /// Share of the draws that are done.
    pub fn ratio(&self) -> f64 {
        self.done as f64 / self.replicates.max(1) as f64
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
            let Some(found) = draw.search.step(&draw.matrix, budget)? else {
                self.running = Some(draw);
                return Ok(None);
            };
            self.compare(&draw.rows, &found.labels, found.model.k());
            self.done += 1;
        }
        Ok(Some(self.totals.iter().map(|total| total / self.replicates as f64).collect()))
    }

    fn draw(&self, matrix: &Matrix) -> Result<Draw> {
        let count = matrix.rows();
        let mut rng = Rng::new(mix(self.seek.seed, self.k as u64, 1_000 + self.done as u64));
        let mut drawn = Bitmap::zeros(count);
        (0..count).for_each(|_| drawn.set(rng.below(count), true));
        let rows: Vec<usize> = drawn.iter().collect();
        let matrix = self.drawn(matrix, &rows)?;
        let restarts = if self.seek.method.is_slow() { 1 } else { RESTARTS };
        let seek = Seek { k: self.k, seed: rng.next_u64(), restarts, passes: PASSES, ..self.seek };
        let search = seek.begin(&matrix);
        Ok(Draw { rows, matrix, search })
    }

    fn compare(&mut self, rows: &[usize], new: &[u32], clusters: usize) {
        let mut table = vec![0.0; self.k * clusters];
        let (mut old_counts, mut new_counts) = (vec![0.0; self.k], vec![0.0; clusters]);
        for (&row, &new) in rows.iter().zip(new) {
            let old = self.labels[row];
            if old != NO_CLUSTER {
                old_counts[old as usize] += 1.0;
            }
            if new != NO_CLUSTER {
                new_counts[new as usize] += 1.0;
            }
            if old != NO_CLUSTER && new != NO_CLUSTER {
                table[old as usize * clusters + new as usize] += 1.0;
            }
        }
        for (old, total) in self.totals.iter_mut().enumerate() {
            let shared = table[old * clusters..(old + 1) * clusters].iter().zip(&new_counts);
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
        Ok(Matrix::kept(chosen, Rc::clone(matrix.groups())))
    }
}
