//! Where do the centres start? Greedy k-means++ (Arthur and Vassilvitskii 2007): every next centre is drawn with a chance in
//! proportion to its squared distance from those there are, the best of 2 + ln k draws is kept.

use crate::features::matrix::Matrix;
use crate::math::nearest::squared_distances;
use crate::math::rng::Rng;
use crate::math::tiles::TILE;

/// k × features starting centres in scaled units: rows of the matrix. Fewer than k distinct rows give repeated centres.
pub fn plus_plus(matrix: &Matrix, k: usize, rng: &mut Rng) -> Vec<f64> {
    let tiles = matrix.fast();
    let rows = matrix.rows();
    let candidates = 2 + libm::log(k.max(1) as f64) as usize;
    let point = |row: usize| tiles.row(row);
    let mut centers = point(rng.below(rows));
    let mut closest = vec![[0.0f32; TILE]; rows.div_ceil(TILE)];
    squared_distances(tiles.values(), &centers, &mut closest);
    let mut total = sum(&closest, rows);
    let (mut trial, mut best) = (closest.clone(), closest.clone());
    for _ in 1..k {
        let mut found: Option<(f64, usize)> = None;
        for _ in 0..candidates {
            let row = draw(&closest, rows, total, rng);
            squared_distances(tiles.values(), &point(row), &mut trial);
            for (trial, closest) in trial.iter_mut().zip(&closest) {
                for (new, &old) in trial.iter_mut().zip(closest) {
                    *new = if old < *new { old } else { *new };
                }
            }
            let potential = sum(&trial, rows);
            if found.is_none_or(|(least, _)| potential < least) {
                found = Some((potential, row));
                std::mem::swap(&mut trial, &mut best);
            }
        }
        if let Some((potential, row)) = found {
            centers.extend(point(row));
            std::mem::swap(&mut closest, &mut best);
            total = potential;
        }
    }
    centers.iter().map(|value| value / matrix.unit()).collect()
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
