//! Which two clusters cost least to merge? Ward's kernel: weighted points, one against all.

use super::lanes::Scalar;
use super::tiles::{TILE, Tiles};

type Eight = <f64 as Scalar>::Lanes;

/// Clusters as their means and weights. Merging one into another leaves a gap.
#[derive(Clone, Debug)]
pub struct Merging {
    means: Tiles<f64>,
    weights: Vec<[f64; TILE]>,
    /// 0, or ∞ for gaps: added to every cost.
    gone: Vec<[f64; TILE]>,
}

impl Merging {
    /// Of points with weights above 0, one a point.
    pub fn new(means: Tiles<f64>, weights: &[f64]) -> Merging {
        let tiles = weights.len().div_ceil(TILE);
        let (mut own, mut gone) = (vec![[0.0; TILE]; tiles], vec![[f64::INFINITY; TILE]; tiles]);
        own.as_flattened_mut()[..weights.len()].copy_from_slice(weights);
        gone.as_flattened_mut()[..weights.len()].fill(0.0);
        Merging { means, weights: own, gone }
    }

    /// Number of points at the start.
    pub fn len(&self) -> usize {
        self.means.rows()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.means.rows() == 0
    }

    /// Number of features.
    pub fn features(&self) -> usize {
        self.means.features()
    }

    /// Whether a cluster was not merged into another.
    pub fn stands(&self, at: usize) -> bool {
        self.gone[at / TILE][at % TILE] == 0.0
    }

    /// What merging two adds to the sum of squares within clusters; the same bits whichever is named first.
    pub fn cost(&self, a: usize, b: usize) -> f64 {
        let (one, other) = (self.weights[a / TILE][a % TILE], self.weights[b / TILE][b % TILE]);
        let square: f64 = (0..self.means.features())
            .map(|feature| self.means.get(a, feature) - self.means.get(b, feature))
            .fold(0.0, |sum, difference| sum + difference * difference);
        one * other / (one + other) * square
    }

    /// The other cluster that is cheapest to merge with, and the cost; nothing when there is no other. Ties go to the lower
    /// number.
    pub fn cheapest(&mut self, at: usize) -> Option<(usize, f64)> {
        let mean = self.means.row(at);
        let weight = Eight::splat(self.weights[at / TILE][at % TILE]);
        self.gone[at / TILE][at % TILE] = f64::INFINITY;
        let (mut least, mut tile_of) = (Eight::splat(f64::INFINITY), Eight::splat(-1.0));
        let tiles = self.means.values().chunks_exact(mean.len().max(1));
        for (index, ((tile, weights), gone)) in tiles.zip(&self.weights).zip(&self.gone).enumerate() {
            let mut square = Eight::splat(0.0);
            for (values, &value) in tile.iter().zip(&mean) {
                let difference = Eight::splat(value) - Eight::new(*values);
                square += difference * difference;
            }
            let other = Eight::new(*weights);
            let cost = weight * other / (weight + other) * square + Eight::new(*gone);
            tile_of = least.simd_gt(cost).bitselect(Eight::splat(index as f64), tile_of);
            least = cost.fast_min(least);
        }
        self.gone[at / TILE][at % TILE] = 0.0;
        let (least, tile_of) = (least.to_array(), tile_of.to_array());
        let mut found: Option<(usize, f64)> = None;
        for lane in (0..TILE).filter(|&lane| tile_of[lane] >= 0.0) {
            let other = tile_of[lane] as usize * TILE + lane;
            if found.is_none_or(|(so_far, cost)| least[lane] < cost || (least[lane] == cost && other < so_far)) {
                found = Some((other, least[lane]));
            }
        }
        found
    }

    /// Merges `from` into `to`.
    pub fn merge(&mut self, from: usize, to: usize) {
        let (one, other) = (self.weights[to / TILE][to % TILE], self.weights[from / TILE][from % TILE]);
        let both = one + other;
        for feature in 0..self.means.features() {
            let mean = (one * self.means.get(to, feature) + other * self.means.get(from, feature)) / both;
            self.means.set(to, feature, mean);
        }
        self.weights[to / TILE][to % TILE] = both;
        self.gone[from / TILE][from % TILE] = f64::INFINITY;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;

    #[test]
    fn the_cheapest_is_cheapest_and_merging_costs_what_it_says() {
        let mut rng = Rng::new(8);
        let values: Vec<f64> = (0..57).map(|_| rng.unit()).collect();
        let mut merging = Merging::new(Tiles::from_rows(&values, 3), &[1.0; 19]);
        let mut members: Vec<Vec<usize>> = (0..19).map(|row| vec![row]).collect();
        let within = |members: &[Vec<usize>]| -> f64 {
            let squares = members.iter().map(|rows| {
                let mean = |j: usize| rows.iter().map(|row| values[row * 3 + j]).sum::<f64>() / rows.len() as f64;
                rows.iter().map(|row| (0..3).map(|j| (values[row * 3 + j] - mean(j)).powi(2)).sum::<f64>()).sum::<f64>()
            });
            squares.sum()
        };
        for left in (1..19).rev() {
            let at = (0..19).find(|&at| merging.stands(at)).unwrap();
            let (other, cost) = merging.cheapest(at).unwrap();
            let naive = (0..19).filter(|&b| b != at && merging.stands(b)).map(|b| merging.cost(at, b));
            assert_eq!(naive.fold(f64::INFINITY, f64::min), cost);
            assert_eq!(merging.cost(other, at), cost);
            let before = within(&members.iter().filter(|rows| !rows.is_empty()).cloned().collect::<Vec<_>>());
            merging.merge(other, at);
            let moved = std::mem::take(&mut members[other]);
            members[at].extend(moved);
            let after = within(&members.iter().filter(|rows| !rows.is_empty()).cloned().collect::<Vec<_>>());
            assert!((after - before - cost).abs() < 1e-12, "{before} + {cost} is not {after}");
            assert_eq!((0..19).filter(|&at| merging.stands(at)).count(), left);
        }
        assert_eq!(merging.cheapest(0), None);
    }
}
