//! How likely is each row under each of several bells, and what do the rows say about them? The kernel of Gaussian mixtures.

use super::lanes::Scalar;
use super::stats::Sum;
use super::tiles::TILE;

type Eight = <f64 as Scalar>::Lanes;

/// Below this a logarithm of a chance, measured against the largest, is no chance.
const NO_CHANCE: f64 = -40.0;

/// k bells. A bell's root is the inverse R of its covariance's lower root (covariance = L·Lᵀ, R = L⁻¹), either the lower
/// triangle row by row or, when it has no other entries, the diagonal alone.
#[derive(Clone, Debug)]
pub struct Bells {
    features: usize,
    triangle: bool,
    /// ln(share · |R|) − features / 2 · ln 2π of each.
    constants: Vec<f64>,
    means: Vec<f64>,
    roots: Vec<f64>,
}

/// What a pass over rows found.
#[derive(Clone, Debug)]
pub struct Reading {
    /// Per bell the sum of the rows' chances to belong to it.
    pub counts: Vec<f64>,
    /// Per bell and feature: chances × differences from the bell's mean.
    pub sums: Vec<f64>,
    /// Per bell: chances × products of two differences, in the layout of the roots.
    pub products: Vec<f64>,
    /// The sum of the rows' logarithms of likelihood.
    pub log_likelihood: f64,
    /// The sum of the entropies of the rows' chances, in nats.
    pub entropy: f64,
}

/// A pass in the making: eight rows side by side in every sum.
#[derive(Clone, Debug)]
pub struct Reader {
    counts: Vec<Eight>,
    sums: Vec<Eight>,
    products: Vec<Eight>,
    log_likelihood: Sum,
    entropy: Sum,
    differences: Vec<Eight>,
    scores: Vec<Eight>,
}

impl Bells {
    /// From shares, means (k × features) and roots, `triangle` or diagonals; a share of 0 counts as the smallest there is.
    pub fn new(shares: &[f64], means: Vec<f64>, roots: Vec<f64>, triangle: bool) -> Bells {
        let features = means.len() / shares.len().max(1);
        let size = roots.len() / shares.len().max(1);
        let constant = |(share, root): (&f64, &[f64])| {
            let along = (0..features).map(|at| libm::log(root[if triangle { at * (at + 3) / 2 } else { at }]));
            let volume: f64 = along.sum();
            libm::log(share.max(f64::MIN_POSITIVE)) + volume - 0.5 * features as f64 * libm::log(std::f64::consts::TAU)
        };
        let constants = shares.iter().zip(roots.chunks(size.max(1))).map(constant).collect();
        Bells { features, triangle, constants, means, roots }
    }

    /// Means, k × features.
    pub fn means(&self) -> &[f64] {
        &self.means
    }

    /// Roots in their layout.
    pub fn roots(&self) -> &[f64] {
        &self.roots
    }

    /// ln(share × density) of the eight rows of a tile under a bell; leaves the differences from its mean.
    #[inline(always)]
    fn score(&self, bell: usize, tile: &[[f64; TILE]], differences: &mut [Eight]) -> Eight {
        let means = &self.means[bell * self.features..][..self.features];
        for ((difference, values), &mean) in differences.iter_mut().zip(tile).zip(means) {
            *difference = Eight::new(*values) - Eight::splat(mean);
        }
        let size = self.roots.len() / self.constants.len();
        let root = &self.roots[bell * size..][..size];
        let mut square = Eight::splat(0.0);
        if self.triangle {
            let mut line = root;
            for at in 0..self.features {
                let (own, rest) = line.split_at(at + 1);
                line = rest;
                let mut along = Eight::splat(0.0);
                for (&weight, &difference) in own.iter().zip(differences.iter()) {
                    along += Eight::splat(weight) * difference;
                }
                square += along * along;
            }
        } else {
            for (&weight, &difference) in root.iter().zip(differences.iter()) {
                let along = Eight::splat(weight) * difference;
                square += along * along;
            }
        }
        Eight::splat(self.constants[bell]) - square * Eight::splat(0.5)
    }

    /// The bell of the highest score for each of `rows` rows; ties go to the lower number.
    pub fn label(&self, tiles: &[[f64; TILE]], rows: usize) -> Vec<u32> {
        let mut differences = vec![Eight::splat(0.0); self.features];
        let mut labels = Vec::with_capacity(rows + TILE);
        for tile in tiles.chunks_exact(self.features.max(1)) {
            let (mut best, mut label) = (Eight::splat(f64::NEG_INFINITY), Eight::splat(0.0));
            for bell in 0..self.constants.len() {
                let score = self.score(bell, tile, &mut differences);
                label = score.simd_gt(best).bitselect(Eight::splat(bell as f64), label);
                best = score.fast_max(best);
            }
            labels.extend(label.to_array().map(|label| label as u32));
        }
        labels.truncate(rows);
        labels
    }

    /// Begins a pass.
    pub fn reader(&self) -> Reader {
        let zeros = |count: usize| vec![Eight::splat(0.0); count];
        let k = self.constants.len();
        Reader {
            counts: zeros(k),
            sums: zeros(self.means.len()),
            products: zeros(self.roots.len()),
            log_likelihood: Sum::default(),
            entropy: Sum::default(),
            differences: zeros(self.means.len()),
            scores: zeros(k),
        }
    }
}

impl Reader {
    /// Reads `rows` rows; with labels given, each belongs to its bell for certain and nothing is said of likelihood.
    pub fn read(&mut self, bells: &Bells, tiles: &[[f64; TILE]], rows: usize, labels: Option<&[u32]>) {
        let width = bells.features;
        for (index, tile) in tiles.chunks_exact(width.max(1)).enumerate() {
            for (bell, score) in self.scores.iter_mut().enumerate() {
                *score = bells.score(bell, tile, &mut self.differences[bell * width..][..width]);
            }
            let lanes = (rows - index * TILE).min(TILE);
            match labels {
                Some(labels) => self.certain(&labels[index * TILE..][..lanes]),
                None => self.weigh(lanes),
            }
            self.add(bells);
        }
    }

    /// Chances of 1.
    fn certain(&mut self, labels: &[u32]) {
        for (bell, score) in self.scores.iter_mut().enumerate() {
            let mut chances = [0.0; TILE];
            chances.iter_mut().zip(labels).for_each(|(chance, &label)| *chance = f64::from(label == bell as u32));
            *score = Eight::new(chances);
        }
    }

    /// From scores to chances, by the largest score of each row, so that nothing overflows.
    fn weigh(&mut self, lanes: usize) {
        let largest = self.scores.iter().fold(Eight::splat(f64::NEG_INFINITY), |most, score| score.fast_max(most));
        let mut total = [0.0; TILE];
        // Sum of chance × score below the largest, before the chances add up to 1.
        let mut spread = [0.0; TILE];
        for score in &mut self.scores {
            let below = (*score - largest).to_array();
            let mut chances = [0.0; TILE];
            for lane in 0..lanes {
                if below[lane] > NO_CHANCE {
                    chances[lane] = libm::exp(below[lane]);
                    total[lane] += chances[lane];
                    spread[lane] += chances[lane] * below[lane];
                }
            }
            *score = Eight::new(chances);
        }
        let largest = largest.to_array();
        let mut share = [0.0; TILE];
        for lane in 0..lanes {
            let whole = libm::log(total[lane]);
            self.log_likelihood.add(largest[lane] + whole);
            self.entropy.add(whole - spread[lane] / total[lane]);
            share[lane] = 1.0 / total[lane];
        }
        let share = Eight::new(share);
        self.scores.iter_mut().for_each(|score| *score *= share);
    }

    fn add(&mut self, bells: &Bells) {
        let width = bells.features;
        let size = self.products.len() / self.counts.len();
        for (bell, &chance) in self.scores.iter().enumerate() {
            if chance.to_array() == [0.0; TILE] {
                continue;
            }
            self.counts[bell] += chance;
            let differences = &self.differences[bell * width..][..width];
            let products = &mut self.products[bell * size..][..size];
            let mut left = products;
            for (at, (&difference, sum)) in differences.iter().zip(&mut self.sums[bell * width..]).enumerate() {
                let weighted = chance * difference;
                *sum += weighted;
                let others = if bells.triangle { 0..at + 1 } else { at..at + 1 };
                let (line, rest) = left.split_at_mut(others.len());
                left = rest;
                for (product, &other) in line.iter_mut().zip(&differences[others]) {
                    *product += weighted * other;
                }
            }
        }
    }

    /// The sums over all rows read.
    pub fn finish(&self) -> Reading {
        let total = |lanes: &[Eight]| lanes.iter().map(|lanes| lanes.to_array().iter().sum()).collect();
        Reading {
            counts: total(&self.counts),
            sums: total(&self.sums),
            products: total(&self.products),
            log_likelihood: self.log_likelihood.value(),
            entropy: self.entropy.value(),
        }
    }
}

/// The inverse of the lower root of a covariance given by its lower triangle, row by row. Where a feature has, beside those
/// before it, no more variance left than its floor (above 0), the floor stands in; says for which one did.
pub fn inverse_root(covariance: &[f64], floors: &[f64]) -> (Vec<f64>, Vec<bool>) {
    let size = floors.len();
    let at = |row: usize, column: usize| row * (row + 1) / 2 + column;
    let (mut root, mut floored) = (covariance.to_vec(), vec![false; size]);
    for row in 0..size {
        for column in 0..=row {
            let done: f64 = (0..column).map(|j| root[at(row, j)] * root[at(column, j)]).sum();
            let left = covariance[at(row, column)] - done;
            root[at(row, column)] = if row > column {
                left / root[at(column, column)]
            } else {
                let held = left.is_nan() || left <= floors[row];
                floored[row] = held;
                (if held { floors[row] } else { left }).sqrt()
            };
        }
    }
    let mut inverse = vec![0.0; covariance.len()];
    for column in 0..size {
        inverse[at(column, column)] = 1.0 / root[at(column, column)];
        for row in column + 1..size {
            let sum: f64 = (column..row).map(|j| root[at(row, j)] * inverse[at(j, column)]).sum();
            inverse[at(row, column)] = -sum / root[at(row, row)];
        }
    }
    (inverse, floored)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;
    use crate::tiles::Tiles;

    #[test]
    fn the_inverse_root_undoes_the_covariance() {
        let covariance = [4.0, 2.0, 5.0, 2.0, 1.0, 6.0];
        let (inverse, floored) = inverse_root(&covariance, &[1e-9; 3]);
        assert_eq!(floored, [false; 3]);
        let full = |a: usize, b: usize| covariance[a.max(b) * (a.max(b) + 1) / 2 + a.min(b)];
        let entry = |a: usize, b: usize| if b > a { 0.0 } else { inverse[a * (a + 1) / 2 + b] };
        for a in 0..3 {
            for b in 0..3 {
                let product: f64 =
                    (0..3).map(|i| (0..3).map(|j| entry(a, i) * full(i, j) * entry(b, j)).sum::<f64>()).sum();
                assert!((product - f64::from(u8::from(a == b))).abs() < 1e-12, "{a} {b} {product}");
            }
        }
        assert_eq!(inverse_root(&[1.0, 1.0, 1.0], &[1e-6; 2]).1, [false, true]);
    }

    #[test]
    fn a_reading_is_what_the_formula_says() {
        let mut rng = Rng::new(2);
        let values: Vec<f64> = (0..22).map(|_| rng.unit()).collect();
        let tiles = Tiles::<f64>::from_rows(&values, 2);
        let (shares, means) = ([0.3, 0.7], vec![0.2, 0.4, 0.9, 0.5]);
        let roots = vec![2.0, 0.5, 1.5, 1.0, -0.25, 3.0];
        let density = |bell: usize, row: &[f64]| {
            let (d, r) = ([row[0] - means[bell * 2], row[1] - means[bell * 2 + 1]], &roots[bell * 3..]);
            let square = (r[0] * d[0]).powi(2) + (r[1] * d[0] + r[2] * d[1]).powi(2);
            shares[bell] * r[0] * r[2] / std::f64::consts::TAU * (-0.5 * square).exp()
        };
        let bells = Bells::new(&shares, means.clone(), roots.clone(), true);
        let mut reader = bells.reader();
        reader.read(&bells, tiles.values(), 11, None);
        let found = reader.finish();
        let (mut likelihood, mut entropy, mut counts, mut cross) = (0.0, 0.0, [0.0; 2], [0.0; 2]);
        for row in values.chunks(2) {
            let densities = [density(0, row), density(1, row)];
            let total: f64 = densities.iter().sum();
            likelihood += total.ln();
            for bell in 0..2 {
                let chance = densities[bell] / total;
                counts[bell] += chance;
                entropy -= chance * chance.ln();
                cross[bell] += chance * (row[0] - means[bell * 2]) * (row[1] - means[bell * 2 + 1]);
            }
        }
        let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} is not {b}");
        near(found.log_likelihood, likelihood);
        near(found.entropy, entropy);
        for bell in 0..2 {
            near(found.counts[bell], counts[bell]);
            near(found.products[bell * 3 + 1], cross[bell]);
        }
        let best = |row: &[f64]| u32::from(density(1, row) > density(0, row));
        assert_eq!(bells.label(tiles.values(), 11), values.chunks(2).map(best).collect::<Vec<_>>());
    }
}
