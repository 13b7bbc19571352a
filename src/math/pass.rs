//! What does one pass of k-means over some rows change? (Lloyd's two steps, assignment and sums, in one reading.)
//!
//! Quick passes work on 32-bit tiles. Their sums are whole numbers, so the same labels give the same sums to the bit, in
//! whatever order, block or thread rows changed their cluster.

use super::nearest::{Centers, NO_LABEL, label_quickly};
use super::tiles::TILE;
use wide::f32x8;

/// What a pass found, over one or more blocks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pass {
    /// k × features, after an exact pass: the sums of the members.
    pub sums: Vec<f64>,
    /// k × features, after a quick pass: by how much the sums of the members change, in steps of [`step_of`].
    pub steps: Vec<i64>,
    /// The number of members (exact), or by how much it changes (quick).
    pub counts: Vec<i64>,
    /// Rows whose cluster is another than before.
    pub changed: u64,
}

/// The power of two by which values between −1 and 1 are multiplied before they are added as whole numbers: as fine as the
/// sum of so many rows allows.
pub fn step_of(rows: usize) -> f64 {
    let bits = usize::BITS - rows.leading_zeros();
    libm::ldexp(1.0, (61 - bits as i32).min(50))
}

/// A value in steps.
pub fn steps_of(value: f32, step: f64) -> i64 {
    (f64::from(value) * step + ROUNDING).to_bits() as i64 - ROUNDING.to_bits() as i64
}

/// Added to a number below 2⁵¹, this leaves it, rounded to a whole one, in the last bits.
const ROUNDING: f64 = 6_755_399_441_055_744.0;

impl Pass {
    fn counting(clusters: usize) -> Pass {
        Pass { counts: vec![0; clusters], ..Pass::default() }
    }

    /// One block in 64 bits: every row is added to the sums of its cluster. `labels` has an entry a tile; lanes from `rows`
    /// on are no rows. `quick` are the 32-bit tiles of the same rows and what they were multiplied by.
    pub fn exact(
        centers: &[f64],
        features: usize,
        quick: (&[[f32; TILE]], f64),
        tiles: &[[f64; TILE]],
        rows: usize,
        labels: &mut [[f32; TILE]],
    ) -> Pass {
        let mut found = Pass { sums: vec![0.0; centers.len()], ..Pass::counting(centers.len() / features) };
        let mut now = vec![[NO_LABEL; TILE]; labels.len()];
        label_quickly(centers, features, quick, tiles, &mut now, &[]);
        for (index, (tile, (before, now))) in tiles.chunks_exact(features).zip(labels.iter_mut().zip(&now)).enumerate()
        {
            for (lane, (&label, &before)) in now.iter().zip(before.iter()).enumerate().take(rows_of(index, rows)) {
                found.changed += u64::from(label != before);
                let label = number(label);
                found.counts[label] += 1;
                let sums = &mut found.sums[label * features..][..features];
                sums.iter_mut().zip(tile).for_each(|(sum, values)| *sum += values[lane & (TILE - 1)]);
            }
            *before = *now;
        }
        found
    }

    /// One block in 32 bits: only rows that change their cluster touch the sums.
    pub fn quick(
        centers: &[f64],
        features: usize,
        step: f64,
        tiles: &[[f32; TILE]],
        rows: usize,
        labels: &mut [[f32; TILE]],
    ) -> Pass {
        let mut moves = Moves::new(centers.len(), features, step);
        let centers = Centers::<f32>::new(centers, features);
        for (index, (tile, labels)) in tiles.chunks_exact(features).zip(labels).enumerate() {
            moves.relabel(tile, labels, centers.nearest(tile), rows_of(index, rows));
        }
        moves.done()
    }

    /// Both together, the later one second.
    pub fn merge(&mut self, later: Pass) {
        if self.counts.is_empty() {
            *self = later;
            return;
        }
        self.sums.iter_mut().zip(later.sums).for_each(|(sum, more)| *sum += more);
        self.steps.iter_mut().zip(later.steps).for_each(|(steps, more)| *steps += more);
        self.counts.iter_mut().zip(later.counts).for_each(|(count, more)| *count += more);
        self.changed += later.changed;
    }
}

/// Rows changing their clusters, in the making.
pub(crate) struct Moves {
    features: usize,
    step: f64,
    found: Pass,
}

impl Moves {
    pub(crate) fn new(values: usize, features: usize, step: f64) -> Moves {
        Moves { features, step, found: Pass { steps: vec![0; values], ..Pass::counting(values / features) } }
    }

    /// Gives the first `rows` rows of a tile their new labels.
    #[inline(always)]
    pub(crate) fn relabel(&mut self, tile: &[[f32; TILE]], labels: &mut [f32; TILE], label: f32x8, rows: usize) {
        let mut other = label.simd_ne(f32x8::new(*labels)).to_bitmask() & (0xff >> (TILE - rows));
        if other == 0 {
            return;
        }
        let (before, now) = (*labels, label.to_array());
        *labels = now;
        while other != 0 {
            let lane = other.trailing_zeros() as usize & (TILE - 1);
            other &= other - 1;
            self.row(tile, lane, before[lane], now[lane]);
        }
    }

    /// A row leaves its cluster, if it has one, for another.
    #[inline(always)]
    fn row(&mut self, tile: &[[f32; TILE]], lane: usize, from: f32, to: f32) {
        let features = self.features;
        let range = |label: usize| label * features..(label + 1) * features;
        let rounded = |values: &[f32; TILE]| (f64::from(values[lane]) * self.step + ROUNDING).to_bits() as i64;
        self.found.changed += 1;
        let to = number(to);
        self.found.counts[to] += 1;
        if from < 0.0 {
            for (to, values) in self.found.steps[range(to)].iter_mut().zip(tile) {
                *to = to.wrapping_add(rounded(values));
            }
            return;
        }
        let from = number(from);
        self.found.counts[from] -= 1;
        if let Ok([from, to]) = self.found.steps.get_disjoint_mut([range(from), range(to)]) {
            for ((from, to), values) in from.iter_mut().zip(to).zip(tile) {
                let value = rounded(values);
                *from = from.wrapping_sub(value);
                *to = to.wrapping_add(value);
            }
        }
    }

    pub(crate) fn done(self) -> Pass {
        let mut found = self.found;
        for (steps, &count) in found.steps.chunks_exact_mut(self.features).zip(&found.counts) {
            let added = count.wrapping_mul(ROUNDING.to_bits() as i64);
            steps.iter_mut().for_each(|step| *step = step.wrapping_sub(added));
        }
        found
    }
}

/// A label as a number. Adding 2²³ leaves the whole number in the last bits, faster than a conversion that minds all others.
#[inline(always)]
fn number(label: f32) -> usize {
    ((label + 8_388_608.0).to_bits() & 0x7f_ffff) as usize
}

/// How many of a tile's lanes are rows; at least one.
pub(crate) fn rows_of(tile: usize, rows: usize) -> usize {
    rows.saturating_sub(tile * TILE).clamp(1, TILE)
}
