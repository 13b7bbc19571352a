//! Where do the centres start? Greedy k-means++ (Arthur and Vassilvitskii 2007): every next centre is drawn with a chance in
//! proportion to its squared distance from those there are, the best of 2 + ln k draws is kept.

use crate::features::matrix::Matrix;
use crate::math::nearest::squared_distances;
use crate::math::rng::Rng;
use crate::math::tiles::TILE;
use crate::segment::cluster::budget::Budget;

/// Starting centres in the making.
#[derive(Clone, Debug)]
pub struct Start {
    k: usize,
    rng: Rng,
    /// In quick units, one row after the other.
    centers: Vec<f64>,
    /// Squared distance of every row from the nearest centre so far, and their sum.
    closest: Vec<[f32; TILE]>,
    total: f64,
    trial: Vec<[f32; TILE]>,
    best: Vec<[f32; TILE]>,
}

impl Start {
    /// For k centres of a matrix with at least one row; the first is any row.
    pub fn new(matrix: &Matrix, k: usize, mut rng: Rng) -> Start {
        let rows = matrix.rows();
        let centers = matrix.fast().row(rng.below(rows));
        let mut closest = vec![[0.0f32; TILE]; rows.div_ceil(TILE)];
        squared_distances(matrix.fast().values(), &centers, &mut closest);
        let total = sum(&closest, rows);
        Start { k, rng, centers, total, trial: closest.clone(), best: closest.clone(), closest }
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
            let mut found: Option<(f64, usize)> = None;
            for _ in 0..candidates {
                let row = draw(&self.closest, rows, self.total, &mut self.rng);
                squared_distances(tiles.values(), &tiles.row(row), &mut self.trial);
                for (trial, closest) in self.trial.iter_mut().zip(&self.closest) {
                    for (new, &old) in trial.iter_mut().zip(closest) {
                        *new = if old < *new { old } else { *new };
                    }
                }
                let potential = sum(&self.trial, rows);
                if found.is_none_or(|(least, _)| potential < least) {
                    found = Some((potential, row));
                    std::mem::swap(&mut self.trial, &mut self.best);
                }
            }
            if let Some((potential, row)) = found {
                self.centers.extend(tiles.row(row));
                std::mem::swap(&mut self.closest, &mut self.best);
                self.total = potential;
            }
        }
        Some(self.centers.iter().map(|value| value / matrix.unit()).collect())
    }
}

/// The sum over the rows, tile by tile.
fn sum(squares: &[[f32; TILE]], rows: usize) -> f64 {
    let mut lanes = [0.0f64; TILE];
    let (whole, rest) = squares.split_at(rows / TILE);
    for tile in whole {
        lanes.iter_mut().zip(tile).for_each(|(lane, &value)| *lane += f64::from(value));
    }
    rest.iter().flatten().take(rows % TILE).fold(lanes.iter().sum(), |total, &value| total + f64::from(value))
}

/// A row with a chance in proportion to its square; any row when all squares are zero.
fn draw(squares: &[[f32; TILE]], rows: usize, total: f64, rng: &mut Rng) -> usize {
    if total <= 0.0 {
        return rng.below(rows);
    }
    let mut left = rng.unit() * total;
    let mut last = 0;
    for (tile, values) in squares.iter().enumerate() {
        let here: f64 = values.iter().map(|&value| f64::from(value)).sum();
        if left >= here && (tile + 1) * TILE < rows {
            left -= here;
            continue;
        }
        for (lane, &value) in values.iter().enumerate().take(rows - tile * TILE) {
            if value > 0.0 {
                last = tile * TILE + lane;
                if left < f64::from(value) {
                    return last;
                }
                left -= f64::from(value);
            }
        }
    }
    last
}
