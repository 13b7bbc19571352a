//! Which rows need not be looked at, since the centres hardly move any more? (Hamerly's bounds, 2010, on one block of rows.)
//!
//! A row that was nearer to its centre than to the next by some margin stays with it until the centres have moved by as much.
//! So each row has a time on a clock that goes as the centres move. Rows are put side by side by their times: then whole tiles
//! are due or are not, and what is not due is not even read.

use super::nearest::Centers;
use super::pass::{Moves, Pass, rows_of};
use super::tiles::TILE;
use wide::f32x8;

/// Rows that are put in order among each other: so few that their values stay in the cache meanwhile.
const STRETCH: usize = 4_096;

/// Steps in which margins are told apart when rows are put in order.
const STEPS: usize = 256;

/// A block of rows, each stretch of it in the order of the rows' times.
#[derive(Clone, Debug)]
pub struct Calm {
    features: usize,
    rows: usize,
    tiles: Vec<[f32; TILE]>,
    labels: Vec<[f32; TILE]>,
    /// When each row must be looked at again.
    until: Vec<[f32; TILE]>,
    /// The row at each place, counted from the beginning of its stretch.
    rows_at: Vec<u16>,
}

impl Calm {
    /// A pass that looks at every row of a block and puts them in order. There are at least two centres; `labels` are those
    /// of the pass before. The clock stands at `time`.
    pub fn new(
        centers: &[f64],
        features: usize,
        step: f64,
        tiles: &[[f32; TILE]],
        rows: usize,
        labels: &mut [[f32; TILE]],
        time: f64,
    ) -> (Calm, Pass) {
        let mut moves = Moves::new(centers.len(), features, step);
        let centers = Centers::<f32>::new(centers, features);
        let mut calm = Calm {
            features,
            rows,
            tiles: Vec::with_capacity(tiles.len()),
            labels: Vec::with_capacity(labels.len()),
            until: Vec::with_capacity(labels.len()),
            rows_at: Vec::with_capacity(rows),
        };
        let time = f32x8::splat(late(time));
        let mut margins = [[0.0; TILE]; STRETCH / TILE];
        for start in (0..rows).step_by(STRETCH) {
            let (rows, first) = ((rows - start).min(STRETCH), start / TILE);
            let tiles = &tiles[first * features..];
            let labels = &mut labels[first..];
            for (index, tile) in tiles.chunks_exact(features).enumerate().take(rows.div_ceil(TILE)) {
                let ranked = centers.ranked(tile);
                margins[index] = ranked.margin().to_array();
                moves.relabel(tile, &mut labels[index], ranked.label, rows_of(index, rows));
            }
            let order = order(&margins.as_flattened()[..rows]);
            let places = first + rows.div_ceil(TILE);
            calm.tiles.resize(places * features, [0.0; TILE]);
            calm.labels.resize(places, [0.0; TILE]);
            calm.until.resize(places, [f32::INFINITY; TILE]);
            for (index, rows) in (first..).zip(order.chunks(TILE)) {
                let place = &mut calm.tiles[index * features..][..features];
                let (kept, times) = (&mut calm.labels[index], &mut calm.until[index]);
                for (lane, &row) in rows.iter().enumerate() {
                    let (tile, at) = (row as usize / TILE, row as usize % TILE);
                    let from = &tiles[tile * features..][..features];
                    place.iter_mut().zip(from).for_each(|(to, from)| to[lane & (TILE - 1)] = from[at]);
                    (kept[lane], times[lane]) = (labels[tile][at], margins[tile][at]);
                }
                *times = until(time, f32x8::new(*times));
            }
            calm.rows_at.extend(order);
        }
        (calm, moves.done())
    }

    /// A pass over the rows that are due at this time.
    pub fn pass(&mut self, centers: &[f64], step: f64, time: f64) -> Pass {
        let mut moves = Moves::new(centers.len(), self.features, step);
        let centers = Centers::<f32>::new(centers, self.features);
        let time = f32x8::splat(late(time));
        for (index, tile) in self.tiles.chunks_exact(self.features).enumerate() {
            if f32x8::new(self.until[index]).simd_gt(time).all() {
                continue;
            }
            let ranked = centers.ranked(tile);
            self.until[index] = until(time, ranked.margin());
            moves.relabel(tile, &mut self.labels[index], ranked.label, rows_of(index, self.rows));
        }
        moves.done()
    }

    /// The labels in the rows' own order; and which rows, a bit each of their tile, are not due before or at a time.
    pub fn labels(&self, time: f64, labels: &mut [[f32; TILE]], sure: &mut [u8]) {
        let time = late(time);
        let stretches = labels.as_flattened_mut().chunks_mut(STRETCH).zip(sure.chunks_mut(STRETCH / TILE));
        let from = self.labels.as_flattened().chunks(STRETCH).zip(self.until.as_flattened().chunks(STRETCH));
        for (((to, sure), (labels, until)), rows) in stretches.zip(from).zip(self.rows_at.chunks(STRETCH)) {
            for ((&row, &label), &until) in rows.iter().zip(labels).zip(until) {
                to[row as usize] = label;
                sure[row as usize / TILE] |= u8::from(until > time) << (row as usize % TILE);
            }
        }
    }
}

/// Rows from the narrowest margin to the widest, roughly; beyond twice the mean in any order.
fn order(margins: &[f32]) -> Vec<u16> {
    let mean = margins.iter().map(|&margin| f64::from(margin)).sum::<f64>() / margins.len() as f64;
    let scale = (STEPS as f64 / (2.0 * mean)) as f32;
    let step = |margin: f32| ((margin * scale) as usize).min(STEPS - 1);
    let mut starts = [0usize; STEPS + 1];
    margins.iter().for_each(|&margin| starts[step(margin) + 1] += 1);
    (1..=STEPS).for_each(|at| starts[at] += starts[at - 1]);
    let mut order = vec![0; margins.len()];
    for (row, &margin) in margins.iter().enumerate() {
        let place = &mut starts[step(margin)];
        order[*place] = row as u16;
        *place += 1;
    }
    order
}

/// A time as rows are asked by it: no rounding makes it earlier than it is.
fn late(time: f64) -> f32 {
    (time * (1.0 + f64::from(2.0 * f32::EPSILON))) as f32
}

/// The time until which a margin lasts; a little less, so that no rounding makes it later than it is.
#[inline(always)]
fn until(time: f32x8, margin: f32x8) -> [f32; TILE] {
    let less = f32x8::splat(1.0 - 8.0 * f32::EPSILON);
    (time * less + margin * less).to_array()
}
