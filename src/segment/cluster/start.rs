//! Where do the centres start? Greedy k-means++ (Arthur and Vassilvitskii 2007): every next centre is drawn with a chance in
//! proportion to its squared distance from those there are, the best of 2 + ln k draws is kept.

use crate::features::matrix::Matrix;
use crate::math::rng::Rng;
use crate::math::spread::Spread;
use crate::segment::cluster::budget::Budget;

/// Starting centres in the making.
#[derive(Clone, Debug)]
pub struct Start {
    k: usize,
    rng: Rng,
    /// In quick units, one row after the other.
    centers: Vec<f64>,
    /// From the centres so far; with the draw that is being tried; with the best draw.
    closest: Spread,
    trial: Spread,
    best: Spread,
}

impl Start {
    /// For k centres of a matrix with at least one row; the first is any row.
    pub fn new(matrix: &Matrix, k: usize, mut rng: Rng) -> Start {
        let centers = matrix.fast().row(rng.below(matrix.rows()));
        let closest = Spread::new(matrix.fast(), &centers);
        Start { k, rng, centers, trial: closest.clone(), best: closest.clone(), closest }
    }

    /// Draws centres until the budget is spent; after the last, gives k × features centres in scaled units, rows of the
    /// matrix. Fewer than k distinct rows give repeated centres.
    pub fn step(&mut self, matrix: &Matrix, budget: &mut Budget) -> Option<Vec<f64>> {
        let (tiles, rows, width) = (matrix.fast(), matrix.rows(), matrix.features());
        let candidates = 2 + libm::log(self.k.max(1) as f64) as usize;
        while self.centers.len() < self.k * width {
            if budget.is_spent() {
                return None;
            }
            budget.spend(rows * candidates * (width + 4));
            let mut found: Option<usize> = None;
            for _ in 0..candidates {
                let row = self.closest.draw(&mut self.rng);
                self.trial.narrow(&self.closest, tiles, &tiles.row(row));
                if found.is_none() || self.trial.total < self.best.total {
                    found = Some(row);
                    std::mem::swap(&mut self.trial, &mut self.best);
                }
            }
            if let Some(row) = found {
                self.centers.extend(tiles.row(row));
                std::mem::swap(&mut self.closest, &mut self.best);
            }
        }
        Some(self.centers.iter().map(|value| value / matrix.unit()).collect())
    }
}
