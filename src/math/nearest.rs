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

/// The least number that is added to what rounding may do to a score: products below it are no longer rounded by a share.
const FLOOR: f32 = 1e-37;

/// Centres laid out for the kernel: group by group, inside a group feature by feature.
#[derive(Clone, Debug)]
pub(crate) struct Centers<T> {
    groups: Vec<Group<T>>,
    /// What rounding may do to twice the difference of two 32-bit scores is at most `share` × (|x|² + `reach`).
    share: f32,
    reach: f32,
}

#[derive(Clone, Debug)]
struct Group<T> {
    size: usize,
    /// features × size.
    values: Vec<T>,
    /// −|c|²/2 of each.
    bias: Vec<T>,
    /// The number of each centre.
    numbers: Vec<T>,
}

/// What eight rows have for their nearest centre and the one after it.
pub(crate) struct Ranked {
    /// The number of the nearest; ties go to the lower one.
    pub(crate) label: f32x8,
    /// By how much the squared distance to the next centre is larger, at least, whatever rounding did. Not above 0 where it
    /// cannot be told which of the two is nearer.
    pub(crate) gap: f32x8,
    /// The sum of both distances, at most.
    span: f32x8,
}

impl Ranked {
    /// How far the centres may move, all in all, before another can be the nearest: with one by a, the others by b, a + b
    /// (Hamerly 2010). Where that is not above 0 it is of no use.
    #[inline(always)]
    pub(crate) fn margin(&self) -> f32x8 {
        self.gap / self.span
    }
}

impl<T: Scalar> Centers<T> {
    /// From k × features values, row-major. `features` is not 0.
    pub(crate) fn new(values: &[f64], features: usize) -> Centers<T> {
        let count = values.len() / features;
        let parts = count.div_ceil(T::GROUP).max(1);
        let mut groups = Vec::with_capacity(parts);
        let mut longest = 0.0f64;
        for part in 0..parts {
            // Sizes differ by at most one, so that five centres do not pay for eight.
            let (first, end) = (part * count / parts, (part + 1) * count / parts);
            let members = &values[first * features..end * features];
            let mut packed = Vec::with_capacity(members.len());
            for feature in 0..features {
                packed.extend(members.iter().skip(feature).step_by(features).map(|&value| T::narrow(value)));
            }
            let mut bias = Vec::with_capacity(end - first);
            for center in members.chunks_exact(features) {
                let square = center.iter().map(|value| value * value).sum::<f64>();
                longest = longest.max(square);
                bias.push(T::narrow(-0.5 * square));
            }
            let numbers = (first..end).map(|number| T::narrow(number as f64)).collect();
            groups.push(Group { size: end - first, values: packed, bias, numbers });
        }
        // A score is a sum of features + 1 products of rounded numbers: its error is at most (features + 4) half-ulps of
        // |x|·|c| + |c|²/2, which is at most |x|²/2 + |c|². Twice the difference of two scores has four times that.
        let share = (features + 8) as f32 * f32::EPSILON;
        Centers { groups, share, reach: 2.0 * longest as f32 }
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

    /// The number of the nearest centre for the eight rows of one tile. Ties go to the lower number; numbers up to 2²⁴ are
    /// exact.
    #[inline(always)]
    pub(crate) fn nearest(&self, tile: &[[T; TILE]]) -> f32x8 {
        self.best(tile).1.quick()
    }
}

impl Centers<f32> {
    /// The nearest centre and the next for the eight rows of one tile. There are at least two centres.
    #[inline(always)]
    pub(crate) fn ranked(&self, tile: &[[f32; TILE]]) -> Ranked {
        let mut best = f32x8::splat(f32::NEG_INFINITY);
        let (mut second, mut label) = (best, f32x8::splat(0.0));
        for group in &self.groups {
            match group.size {
                1 => rank::<1>(tile, group, &mut best, &mut second, &mut label),
                2 => rank::<2>(tile, group, &mut best, &mut second, &mut label),
                3 => rank::<3>(tile, group, &mut best, &mut second, &mut label),
                4 => rank::<4>(tile, group, &mut best, &mut second, &mut label),
                _ => rank::<5>(tile, group, &mut best, &mut second, &mut label),
            }
        }
        let mut square = f32x8::splat(0.0);
        for values in tile {
            let values = f32x8::new(*values);
            square += values * values;
        }
        let error = (square + f32x8::splat(self.reach)) * f32x8::splat(self.share) + f32x8::splat(FLOOR);
        let (nearer, farther) = (square - (best + best), square - (second + second));
        let zero = f32x8::splat(0.0);
        let span = (nearer.larger(zero) + error).sqrt() + (farther.larger(zero) + error).sqrt();
        Ranked { label, gap: farther - nearer - error, span }
    }
}

#[inline(always)]
fn scores<T: Scalar, const SIZE: usize>(tile: &[[T; TILE]], group: &Group<T>) -> [T::Lanes; SIZE] {
    let rows = group.values.as_chunks::<SIZE>().0;
    let Some(bias) = group.bias.first_chunk::<SIZE>() else {
        return [T::Lanes::splat(T::narrow(f64::NEG_INFINITY)); SIZE];
    };
    let mut scores = bias.map(T::Lanes::splat);
    for (values, centers) in tile.iter().zip(rows) {
        let values = T::Lanes::load(values);
        for (score, &center) in scores.iter_mut().zip(centers) {
            *score = *score + values * T::Lanes::splat(center);
        }
    }
    scores
}

#[inline(always)]
fn scan<T: Scalar, const SIZE: usize>(tile: &[[T; TILE]], group: &Group<T>, best: &mut T::Lanes, label: &mut T::Lanes) {
    let scores = scores::<T, SIZE>(tile, group);
    for (&score, &number) in scores.iter().zip(&group.numbers) {
        *label = score.where_above(*best, T::Lanes::splat(number), *label);
        *best = score.larger(*best);
    }
}

#[inline(always)]
fn rank<const SIZE: usize>(
    tile: &[[f32; TILE]],
    group: &Group<f32>,
    best: &mut f32x8,
    second: &mut f32x8,
    label: &mut f32x8,
) {
    let scores = scores::<f32, SIZE>(tile, group);
    for (&score, &number) in scores.iter().zip(&group.numbers) {
        *label = score.where_above(*best, f32x8::splat(number), *label);
        *second = score.smaller(*best).larger(*second);
        *best = score.larger(*best);
    }
}

/// The nearest of k × features centres for every row of `tiles`, one entry a tile.
pub fn label(centers: &[f64], features: usize, tiles: &[[f64; TILE]], labels: &mut [[f32; TILE]]) {
    let centers = Centers::<f64>::new(centers, features);
    for (tile, label) in tiles.chunks_exact(features).zip(labels) {
        *label = centers.nearest(tile).to_array();
    }
}

/// The same from 32-bit tiles of the same rows, multiplied by `unit`: the exact ones decide only where the 32-bit ones cannot
/// tell, so that the answer is that of [`label`]. Tiles of which all rows are `sure` (a bit a row, a byte a tile; none need be
/// given) have their labels already.
pub fn label_quickly(
    centers: &[f64],
    features: usize,
    (quick, unit): (&[[f32; TILE]], f64),
    exact: &[[f64; TILE]],
    labels: &mut [[f32; TILE]],
    sure: &[u8],
) {
    if centers.len() < 2 * features {
        return labels.fill([0.0; TILE]);
    }
    let scaled: Vec<f64> = centers.iter().map(|value| value * unit).collect();
    let (rough, fine) = (Centers::<f32>::new(&scaled, features), Centers::<f64>::new(centers, features));
    let sure = sure.iter().copied().chain(std::iter::repeat(0));
    let tiles = quick.chunks_exact(features).zip(exact.chunks_exact(features));
    for (((tile, exact), label), _) in tiles.zip(labels).zip(sure).filter(|(_, sure)| *sure != u8::MAX) {
        let ranked = rough.ranked(tile);
        let told = ranked.gap.simd_gt(f32x8::splat(0.0)).all();
        *label = if told { ranked.label } else { fine.nearest(exact) }.to_array();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;
    use crate::tiles::Tiles;

    fn distance(values: &[f64], centers: &[f64], features: usize, row: usize, center: usize) -> f64 {
        let differences = (0..features).map(|j| values[row * features + j] - centers[center * features + j]);
        differences.map(|difference| difference * difference).sum()
    }

    fn check<T: Scalar>(tolerance: f64) {
        let mut rng = Rng::new(11);
        for (rows, features, count) in [(1, 1, 1), (7, 2, 3), (8, 3, 5), (9, 8, 8), (100, 5, 21), (64, 4, 11)] {
            let values: Vec<f64> = (0..rows * features).map(|_| rng.unit() - 0.5).collect();
            let centers: Vec<f64> = (0..count * features).map(|_| rng.unit() - 0.5).collect();
            let tiles = Tiles::<T>::from_rows(&values, features);
            let packed = Centers::<T>::new(&centers, features);
            for (index, tile) in tiles.values().chunks_exact(features).enumerate() {
                for (row, label) in (index * TILE..rows).zip(packed.nearest(tile).to_array()) {
                    let distance = |center| distance(&values, &centers, features, row, center);
                    let nearest = (0..count).map(distance).fold(f64::INFINITY, f64::min);
                    assert!(
                        distance(label as usize) <= nearest + tolerance,
                        "row {row} of {rows} × {features}, {count}"
                    );
                }
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
        let centers = Centers::<f32>::new(&[1.0, -1.0, 1.0], 1);
        assert_eq!(centers.nearest(&tiles.values()[..1]), f32x8::splat(0.0));
        assert_eq!(centers.ranked(&tiles.values()[..1]).label, f32x8::splat(0.0));
    }

    #[test]
    fn margins_are_never_too_wide() {
        let mut rng = Rng::new(3);
        let (features, count) = (3, 7);
        for stretch in [1e-12, 1e-3, 1.0] {
            let values: Vec<f64> = (0..800 * features).map(|_| stretch * (rng.unit() - 0.5)).collect();
            let centers: Vec<f64> = (0..count * features).map(|_| rng.unit() - 0.5).collect();
            let tiles = Tiles::<f32>::from_rows(&values, features);
            let packed = Centers::<f32>::new(&centers, features);
            for (index, tile) in tiles.values().chunks_exact(features).enumerate() {
                let ranked = packed.ranked(tile);
                let (labels, margins) = (ranked.label.to_array(), ranked.margin().to_array());
                for lane in (0..TILE).filter(|&lane| margins[lane] > 0.0) {
                    let own = labels[lane] as usize;
                    let distance = |center| distance(&values, &centers, features, index * TILE + lane, center).sqrt();
                    let next = (0..count).filter(|&center| center != own).map(distance).fold(f64::INFINITY, f64::min);
                    assert!(distance(own) + f64::from(margins[lane]) <= next, "{margins:?}");
                }
            }
        }
    }

    #[test]
    fn quick_labels_are_the_exact_ones_even_where_centres_nearly_coincide() {
        let mut rng = Rng::new(8);
        let features = 2;
        let values: Vec<f64> = (0..4_000).map(|_| 1e6 * (rng.unit() - 0.5)).collect();
        let mut centers: Vec<f64> = (0..12).map(|_| 1e6 * (rng.unit() - 0.5)).collect();
        let close: Vec<f64> = centers.iter().map(|value| value * (1.0 + 1e-9)).collect();
        centers.extend(close);
        let (exact, unit) = (Tiles::<f64>::from_rows(&values, features), libm::ldexp(1.0, -20));
        let scaled: Vec<f64> = values.iter().map(|value| value * unit).collect();
        let quick = Tiles::<f32>::from_rows(&scaled, features);
        let mut expected = vec![[NO_LABEL; TILE]; 250];
        let mut labels = expected.clone();
        label(&centers, features, exact.values(), &mut expected);
        label_quickly(&centers, features, (quick.values(), unit), exact.values(), &mut labels, &[]);
        assert_eq!(labels, expected);
        let told = Centers::<f32>::new(&centers[..12].iter().map(|c| c * unit).collect::<Vec<_>>(), features);
        let sure =
            quick.values().chunks_exact(features).filter(|tile| told.ranked(tile).gap.simd_gt(f32x8::splat(0.0)).all());
        assert!(sure.count() > 240, "where centres lie apart nearly every tile is told quickly");
    }
}
