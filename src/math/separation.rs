//! How much closer is every row to its own cluster than to the next? (Rousseeuw's silhouette, exact over the rows given.)

use super::lanes::{Lanes, Scalar};
use super::order::arranged;
use super::tiles::{TILE, Tiles};

/// Distances added in lanes before they go to a 64-bit sum.
const RUN: usize = 64;

/// Rows sorted by cluster, ready to be measured tile by tile.
#[derive(Clone, Debug)]
pub struct Silhouette {
    tiles: Tiles<f32>,
    /// Row-major copy in sorted order: the "other" row is read one value at a time.
    rows: Vec<f32>,
    labels: Vec<u32>,
    /// First sorted row of each cluster, and the number of rows at the end.
    starts: Vec<usize>,
}

impl Silhouette {
    /// `labels[row] < clusters` for every row of `tiles`, which has at least one feature.
    pub fn new(tiles: &Tiles<f32>, labels: &[u32], clusters: usize) -> Silhouette {
        let order = arranged(tiles.rows(), &|a, b| labels[a].cmp(&labels[b]));
        let sorted: Vec<u32> = order.iter().map(|&row| labels[row]).collect();
        let starts = (0..=clusters as u32).map(|cluster| sorted.partition_point(|&label| label < cluster)).collect();
        let rows = order.iter().flat_map(|&row| (0..tiles.features()).map(move |j| tiles.get(row, j))).collect();
        Silhouette { tiles: tiles.select(&order), rows, labels: sorted, starts }
    }

    /// Number of tiles to be measured.
    pub fn tiles(&self) -> usize {
        self.labels.len().div_ceil(TILE)
    }

    /// The sum of the silhouettes of a tile's rows.
    pub fn tile(&self, tile: usize) -> f64 {
        let rows = (self.labels.len() - tile * TILE).min(TILE);
        self.widths(tile).into_iter().take(rows).sum()
    }

    /// The cluster of each row, in the order of the tiles: rising.
    pub fn labels(&self) -> &[u32] {
        &self.labels
    }

    /// The silhouettes of a tile's rows, and numbers without meaning behind the last row. A row alone in its cluster counts
    /// 0, and so does every row when there is only one cluster or when both distances are 0.
    pub fn widths(&self, tile: usize) -> [f64; TILE] {
        type Eight = <f32 as Scalar>::Lanes;
        let features = self.tiles.features();
        let values = &self.tiles.values()[tile * features..(tile + 1) * features];
        let rows = tile * TILE..((tile + 1) * TILE).min(self.labels.len());
        let mut own = [0.0f64; TILE];
        let mut other = [f64::INFINITY; TILE];
        for (cluster, range) in self.starts.windows(2).enumerate() {
            let mut totals = [0.0f64; TILE];
            for run in self.rows[range[0] * features..range[1] * features].chunks(RUN * features) {
                let mut sums = Eight::splat(0.0);
                for row in run.chunks_exact(features) {
                    let mut squares = Eight::splat(0.0);
                    for (value, &there) in values.iter().zip(row) {
                        let difference = Eight::load(value) - Eight::splat(there);
                        squares += difference * difference;
                    }
                    sums += Lanes::<f32>::sqrt(squares);
                }
                totals.iter_mut().zip(sums.store()).for_each(|(total, sum)| *total += f64::from(sum));
            }
            let size = (range[1] - range[0]) as f64;
            for (lane, row) in rows.clone().enumerate() {
                if self.labels[row] as usize == cluster {
                    own[lane] = totals[lane] / (size - 1.0);
                } else if size > 0.0 {
                    other[lane] = other[lane].min(totals[lane] / size);
                }
            }
        }
        std::array::from_fn(|lane| width(own[lane], other[lane]))
    }
}

/// (b − a) / max(a, b); 0 where that has no meaning. `own` is NaN for a row alone (0 / 0).
fn width(own: f64, other: f64) -> f64 {
    let larger = own.max(other);
    if own.is_nan() || other.is_infinite() || larger <= 0.0 { 0.0 } else { (other - own) / larger }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;

    #[test]
    fn equals_the_definition() {
        let mut rng = Rng::new(5);
        let (rows, features, clusters) = (75, 3, 4);
        let values: Vec<f64> = (0..rows * features).map(|_| rng.unit()).collect();
        let mut labels: Vec<u32> = (0..rows).map(|_| rng.below(clusters - 1) as u32).collect();
        labels[7] = 3; // alone
        let distance = |a: usize, b: usize| -> f64 {
            (0..features).map(|j| (values[a * features + j] - values[b * features + j]).powi(2)).sum::<f64>().sqrt()
        };
        let mut expected = 0.0;
        for row in 0..rows {
            let mean = |cluster: u32| {
                let members: Vec<usize> = (0..rows).filter(|&r| r != row && labels[r] == cluster).collect();
                members.iter().map(|&r| distance(row, r)).sum::<f64>() / members.len() as f64
            };
            let own = mean(labels[row]);
            let other = (0..clusters as u32).filter(|&c| c != labels[row]).map(mean).fold(f64::INFINITY, f64::min);
            expected += if own.is_nan() { 0.0 } else { (other - own) / own.max(other) };
        }
        let measured = Silhouette::new(&Tiles::from_rows(&values, features), &labels, clusters);
        let total: f64 = (0..measured.tiles()).map(|tile| measured.tile(tile)).sum();
        assert!((total - expected).abs() < 1e-5 * rows as f64, "{total} {expected}");
    }

    #[test]
    fn one_cluster_and_equal_rows_count_nothing() {
        let tiles = Tiles::from_rows(&[1.0; 10], 1);
        for labels in [vec![0; 10], (0..10).map(|row| row % 2).collect()] {
            let measured = Silhouette::new(&tiles, &labels, 2);
            assert_eq!((0..measured.tiles()).map(|tile| measured.tile(tile)).sum::<f64>(), 0.0);
        }
    }
}
