//! How far is every row from the nearest point chosen so far? What k-means++ draws its next centre by.

use super::lanes::{Lanes, Scalar};
use super::rng::Rng;
use super::tiles::{TILE, Tiles};

/// Squared distances of all rows from the nearest of some points, one entry a tile, and their sum.
#[derive(Clone, Debug)]
pub struct Spread {
    squares: Vec<[f32; TILE]>,
    rows: usize,
    /// The sum over the rows.
    pub total: f64,
}

impl Spread {
    /// From one point. Differences are squared, so no digits cancel.
    pub fn new(tiles: &Tiles<f32>, point: &[f64]) -> Spread {
        let squares = vec![[f32::INFINITY; TILE]; tiles.rows().div_ceil(TILE)];
        let far = Spread { squares, rows: tiles.rows(), total: f64::INFINITY };
        let mut spread = far.clone();
        spread.narrow(&far, tiles, point);
        spread
    }

    /// What `before` becomes when one more point is chosen.
    pub fn narrow(&mut self, before: &Spread, tiles: &Tiles<f32>, point: &[f64]) {
        type Eight = <f32 as Scalar>::Lanes;
        let point: Vec<f32> = point.iter().map(|&value| value as f32).collect();
        for ((tile, out), before) in
            tiles.values().chunks_exact(point.len().max(1)).zip(&mut self.squares).zip(&before.squares)
        {
            let mut square = Eight::splat(0.0);
            for (values, &value) in tile.iter().zip(&point) {
                let difference = Eight::load(values) - Eight::splat(value);
                square += difference * difference;
            }
            for ((out, new), &old) in out.iter_mut().zip(square.store()).zip(before) {
                *out = if old < new { old } else { new };
            }
        }
        self.total = sum(&self.squares, self.rows);
    }

    /// A row with a chance in proportion to its square; any row when all squares are zero.
    pub fn draw(&self, rng: &mut Rng) -> usize {
        if self.total <= 0.0 {
            return rng.below(self.rows);
        }
        let mut left = rng.unit() * self.total;
        let mut last = 0;
        for (tile, values) in self.squares.iter().enumerate() {
            let here: f64 = values.iter().map(|&value| f64::from(value)).sum();
            if left >= here && (tile + 1) * TILE < self.rows {
                left -= here;
                continue;
            }
            for (lane, &value) in values.iter().enumerate().take(self.rows - tile * TILE) {
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
