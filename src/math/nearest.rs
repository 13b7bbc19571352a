//! Which centre is nearest? The one loop that decides how fast clusters come.
//!
//! Squared distance |x − c|² is smallest where x·c − |c|²/2 is largest, which needs no root and one multiply-add a feature.
//! Centres are taken in small groups whose eight-row scores stay in registers while the features of a tile stream by.
//! The form cancels digits when data lie far from zero: callers centre their data first.

use super::lanes::{Lanes, Scalar};
use super::tiles::TILE;
use wide::f32x8;

/// The label of a row that has none yet.
pub const NO_LABEL: f32 = -1.0;

/// Centres laid out for the kernel: group by group, inside a group feature by feature.
#[derive(Clone, Debug)]
pub(crate) struct Centers<T> {
    features: usize,
    groups: Vec<Group<T>>,
}

#[derive(Clone, Debug)]
struct Group<T> {
    first: usize,
    size: usize,
    /// features × size.
    values: Vec<T>,
    /// −|c|²/2 of each.
    bias: Vec<T>,
}

impl<T: Scalar> Centers<T> {
    /// From k × features values, row-major. `features` is not 0.
    pub(crate) fn new(values: &[f64], features: usize) -> Centers<T> {
        let count = values.len() / features;
        let parts = count.div_ceil(T::GROUP).max(1);
        let mut groups = Vec::with_capacity(parts);
        for part in 0..parts {
            // Sizes differ by at most one, so that five centres do not pay for eight.
            let (first, end) = (part * count / parts, (part + 1) * count / parts);
            let members = &values[first * features..end * features];
            let mut packed = Vec::with_capacity(members.len());
            for feature in 0..features {
                packed.extend(members.iter().skip(feature).step_by(features).map(|&value| T::narrow(value)));
            }
            let bias = members
                .chunks_exact(features)
                .map(|center| T::narrow(-0.5 * center.iter().map(|value| value * value).sum::<f64>()))
                .collect();
            groups.push(Group { first, size: end - first, values: packed, bias });
        }
        Centers { features, groups }
    }

    /// The best score and its centre's number for the eight rows of one tile. Ties go to the lower number.
    #[inline(always)]
    fn best(&self, tile: &[[T; TILE]]) -> (T::Lanes, T::Lanes) {
        let mut best = T::Lanes::splat(T::narrow(f64::NEG_INFINITY));
        let mut label = T::Lanes::splat(T::narrow(0.0));
        for group in &self.groups {
            match group.size {
                1 => scan::<T, 1>(tile, group, &mut best, &mut label),
                2 => scan::<T, 2>(tile, group, &mut best, &mut label),
                3 => scan::<T, 3>(tile, group, &mut best, &mut label),
                4 => scan::<T, 4>(tile, group, &mut best, &mut label),
                _ => scan::<T, 5>(tile, group, &mut best, &mut label),
            }
        }
        (best, label)
    }

    /// Finds the nearest centre of every row of `tiles` (whole tiles of `features`), writes it to `labels` (one entry a
    /// tile; numbers up to 2²⁴ are exact) and calls `changed(tile, before, now)` for each tile in which any label is new.
    #[inline(always)]
    pub(crate) fn assign(
        &self,
        tiles: &[[T; TILE]],
        labels: &mut [[f32; TILE]],
        mut changed: impl FnMut(usize, [f32; TILE], [f32; TILE]),
    ) {
        for (index, (tile, before)) in tiles.chunks_exact(self.features).zip(labels).enumerate() {
            let (_, label) = self.best(tile);
            let label = label.quick();
            if label.simd_ne(f32x8::new(*before)).any() {
                let now = label.to_array();
                changed(index, *before, now);
                *before = now;
            }
        }
    }
}

#[inline(always)]
fn scan<T: Scalar, const SIZE: usize>(tile: &[[T; TILE]], group: &Group<T>, best: &mut T::Lanes, label: &mut T::Lanes) {
    let (Some(bias), rows) = (group.bias.first_chunk::<SIZE>(), group.values.as_chunks::<SIZE>().0) else {
        return;
    };
    let mut scores = bias.map(T::Lanes::splat);
    for (values, centers) in tile.iter().zip(rows) {
        let values = T::Lanes::load(values);
        for (score, &center) in scores.iter_mut().zip(centers) {
            *score = *score + values * T::Lanes::splat(center);
        }
    }
    for (offset, &score) in scores.iter().enumerate() {
        let number = T::Lanes::splat(T::narrow((group.first + offset) as f64));
        *label = score.where_above(*best, number, *label);
        *best = score.larger(*best);
    }
}

/// The nearest of k × features centres for every row of `tiles`, one entry a tile.
pub fn label(centers: &[f64], features: usize, tiles: &[[f64; TILE]], labels: &mut [[f32; TILE]]) {
    Centers::<f64>::new(centers, features).assign(tiles, labels, |_, _, _| {});
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;
    use crate::tiles::Tiles;

    fn check<T: Scalar>(tolerance: f64) {
        let mut rng = Rng::new(11);
        for (rows, features, count) in [(1, 1, 1), (7, 2, 3), (8, 3, 5), (9, 8, 8), (100, 5, 21), (64, 4, 11)] {
            let values: Vec<f64> = (0..rows * features).map(|_| rng.unit() - 0.5).collect();
            let centers: Vec<f64> = (0..count * features).map(|_| rng.unit() - 0.5).collect();
            let tiles = Tiles::<T>::from_rows(&values, features);
            let mut labels = vec![[NO_LABEL; TILE]; rows.div_ceil(TILE)];
            let mut touched = 0;
            Centers::<T>::new(&centers, features).assign(tiles.values(), &mut labels, |_, _, _| touched += 1);
            assert_eq!(touched, labels.len());
            for row in 0..rows {
                let distance = |center: usize| -> f64 {
                    (0..features).map(|j| (values[row * features + j] - centers[center * features + j]).powi(2)).sum()
                };
                let nearest = (0..count).map(distance).fold(f64::INFINITY, f64::min);
                let label = labels[row / TILE][row % TILE];
                assert!(distance(label as usize) <= nearest + tolerance, "row {row} of {rows} × {features}, {count}");
            }
        }
    }

    #[test]
    fn every_group_size_and_remainder_finds_the_nearest() {
        check::<f32>(1e-6);
        check::<f64>(1e-14);
    }

    #[test]
    fn ties_go_to_the_lower_number() {
        let tiles = Tiles::<f32>::from_rows(&[0.0; 9], 1);
        let mut labels = vec![[-1.0; TILE]; 2];
        Centers::<f32>::new(&[1.0, -1.0, 1.0], 1).assign(tiles.values(), &mut labels, |_, _, _| {});
        assert!(labels.iter().flatten().all(|&label| label == 0.0));
    }
}
