//! Are there as many different rows as clusters? Counting stops as soon as the answer is known.

use crate::math::tiles::Tiles;
use std::ops::Range;

/// Counts different rows up to a bound. Rows that agree in their 32-bit values count as equal.
#[derive(Debug)]
pub struct Distinct {
    enough: usize,
    /// Sorted.
    seen: Vec<Vec<u32>>,
}

impl Distinct {
    /// Stops at `enough`.
    pub fn new(enough: usize) -> Distinct {
        Distinct { enough, seen: Vec::new() }
    }

    /// Reads some rows.
    pub fn add(&mut self, tiles: &Tiles<f32>, rows: Range<usize>) {
        for row in rows {
            if self.seen.len() >= self.enough {
                return;
            }
            // −0 and 0 are one number: adding 0 makes both 0.
            let row: Vec<u32> = (0..tiles.features()).map(|j| (tiles.get(row, j) + 0.0).to_bits()).collect();
            if let Err(at) = self.seen.binary_search(&row) {
                self.seen.insert(at, row);
            }
        }
    }

    /// The number of different rows, at most `enough`.
    pub fn count(&self) -> usize {
        self.seen.len()
    }
}
