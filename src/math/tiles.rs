//! A matrix as tiles of eight rows with the features inside: one load brings eight rows of one feature, ready to be
//! multiplied by one number of a centre.

use super::lanes::{LANES, Scalar};
use std::ops::Range;

/// Rows in a tile. [`crate::stats::BLOCK`] is a multiple of it.
pub const TILE: usize = LANES;

/// Rows × features. Tile `t` holds rows `8t..8t + 8`; lanes past the last row are zero.
#[derive(Clone, Debug, PartialEq)]
pub struct Tiles<T> {
    features: usize,
    rows: usize,
    values: Vec<[T; TILE]>,
}

impl<T: Scalar> Tiles<T> {
    /// All zero.
    pub fn zeros(rows: usize, features: usize) -> Tiles<T> {
        Tiles { features, rows, values: vec![[T::default(); TILE]; rows.div_ceil(TILE) * features] }
    }

    /// With room for so many rows, of which none is there yet.
    pub fn reserved(rows: usize, features: usize) -> Tiles<T> {
        Tiles { features, rows, values: Vec::with_capacity(rows.div_ceil(TILE) * features) }
    }

    /// The tiles of some rows, to be written, the first of which begins a tile; what is not there yet is made, all zero.
    pub fn part_mut(&mut self, rows: Range<usize>) -> &mut [[T; TILE]] {
        let part = rows.start / TILE * self.features..rows.end.div_ceil(TILE) * self.features;
        if self.values.len() < part.end {
            self.values.resize(part.end, [T::default(); TILE]);
        }
        &mut self.values[part]
    }

    /// Of so many rows that lie in tiles already.
    pub fn of(values: Vec<[T; TILE]>, rows: usize, features: usize) -> Tiles<T> {
        Tiles { features, rows, values }
    }

    /// From row-major values; their number is a multiple of `features`, which is not 0.
    pub fn from_rows(values: &[f64], features: usize) -> Tiles<T> {
        let mut tiles = Tiles::zeros(values.len() / features, features);
        for (row, cells) in values.chunks_exact(features).enumerate() {
            for (feature, &value) in cells.iter().enumerate() {
                tiles.set(row, feature, T::narrow(value));
            }
        }
        tiles
    }

    /// Number of features.
    pub fn features(&self) -> usize {
        self.features
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// One value.
    #[inline(always)]
    pub fn get(&self, row: usize, feature: usize) -> T {
        self.values[row / TILE * self.features + feature][row % TILE]
    }

    /// Writes one value.
    #[inline(always)]
    pub fn set(&mut self, row: usize, feature: usize, value: T) {
        self.values[row / TILE * self.features + feature][row % TILE] = value;
    }

    /// One row.
    pub fn row(&self, row: usize) -> Vec<f64> {
        (0..self.features).map(|feature| self.get(row, feature).into()).collect()
    }

    /// All tiles, each `features` long.
    pub fn values(&self) -> &[[T; TILE]] {
        &self.values
    }

    /// All tiles, to be written.
    pub fn values_mut(&mut self) -> &mut [[T; TILE]] {
        &mut self.values
    }

    /// The chosen rows, in the given order.
    pub fn select(&self, rows: &[usize]) -> Tiles<T> {
        let mut chosen = Tiles::zeros(rows.len(), self.features);
        for (to, &from) in rows.iter().enumerate() {
            for feature in 0..self.features {
                chosen.set(to, feature, self.get(from, feature));
            }
        }
        chosen
    }
}
