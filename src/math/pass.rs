//! What does one pass of k-means over some rows change? (Lloyd's two steps, assignment and sums, in one reading.)

use super::lanes::Scalar;
use super::nearest::Centers;
use super::tiles::TILE;

/// What a pass found, over one or more blocks.
#[derive(Clone, Debug, Default)]
pub struct Pass {
    /// k × features: what the sums of the members are (exact) or what they change by (quick).
    pub sums: Vec<f64>,
    /// The same for the number of members.
    pub counts: Vec<i64>,
    /// Rows whose cluster is another than before.
    pub changed: u64,
}

impl Pass {
    fn new(values: usize, features: usize) -> Pass {
        Pass { sums: vec![0.0; values], counts: vec![0; values / features], changed: 0 }
    }

    /// One block in 64 bits: every row is added to the sums of its cluster. `labels` has an entry a tile; lanes from
    /// `rows` on are no rows.
    pub fn exact(
        centers: &[f64],
        features: usize,
        tiles: &[[f64; TILE]],
        rows: usize,
        labels: &mut [[f32; TILE]],
    ) -> Pass {
        let mut found = Pass::new(centers.len(), features);
        Centers::<f64>::new(centers, features).assign(tiles, labels, |tile, before, now| {
            found.changed += (0..rows_of(tile, rows)).filter(|&lane| before[lane] != now[lane]).count() as u64;
        });
        for (index, (tile, labels)) in tiles.chunks_exact(features).zip(labels).enumerate() {
            for (lane, &label) in labels.iter().enumerate().take(rows_of(index, rows)) {
                found.add(tile, lane, label, 1.0);
            }
        }
        found
    }

    /// One block in 32 bits: only rows that change their cluster touch the sums.
    pub fn quick(
        centers: &[f64],
        features: usize,
        tiles: &[[f32; TILE]],
        rows: usize,
        labels: &mut [[f32; TILE]],
    ) -> Pass {
        let mut found = Pass::new(centers.len(), features);
        Centers::<f32>::new(centers, features).assign(tiles, labels, |tile, before, now| {
            let values = &tiles[tile * features..(tile + 1) * features];
            for lane in (0..rows_of(tile, rows)).filter(|&lane| before[lane] != now[lane]) {
                found.changed += 1;
                found.add(values, lane, now[lane], 1.0);
                if before[lane] >= 0.0 {
                    found.add(values, lane, before[lane], -1.0);
                }
            }
        });
        found
    }

    /// Both together, the later one second.
    pub fn merge(&mut self, later: Pass) {
        if self.sums.is_empty() {
            *self = later;
            return;
        }
        self.sums.iter_mut().zip(later.sums).for_each(|(sum, more)| *sum += more);
        self.counts.iter_mut().zip(later.counts).for_each(|(count, more)| *count += more);
        self.changed += later.changed;
    }

    #[inline(always)]
    fn add<T: Scalar>(&mut self, tile: &[[T; TILE]], lane: usize, label: f32, sign: f64) {
        let label = label as usize;
        self.counts[label] += sign as i64;
        for (sum, values) in self.sums[label * tile.len()..].iter_mut().zip(tile) {
            let value: f64 = values[lane].into();
            *sum += sign * value;
        }
    }
}

/// How many of a tile's lanes are rows.
fn rows_of(tile: usize, rows: usize) -> usize {
    rows.saturating_sub(tile * TILE).min(TILE)
}
