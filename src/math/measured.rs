//! How good are these centres? Sums over all rows, read block by block, and the indices that follow from them.

use super::nearest::{NO_LABEL, label_quickly};
use super::stats::{Sum, sum};
use super::tiles::TILE;
use std::ops::Range;

/// The label of a row that belongs to no cluster.
pub const NO_CLUSTER: u32 = u32::MAX;

/// What a pass over all rows found. Everything is in scaled units.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Measured {
    /// The cluster of every row, or [`NO_CLUSTER`]: such rows count nowhere else.
    pub labels: Vec<u32>,
    /// Members of each cluster.
    pub counts: Vec<usize>,
    /// Clusters × features: sums of the members.
    pub sums: Vec<f64>,
    /// Per cluster: squared distances of the members from the centre.
    pub squares: Vec<f64>,
    /// Per cluster: distances of the members from the centre.
    pub distances: Vec<f64>,
    /// Per feature: squared differences of all rows from their centres.
    pub within: Vec<f64>,
}

/// Rows of which the nearest centre is known already; nothing of none.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known<'a> {
    /// Their labels, an entry a tile.
    pub labels: &'a [[f32; TILE]],
    /// Which of them are surely so: a bit a row, a byte a tile.
    pub sure: &'a [u8],
}

impl<'a> Known<'a> {
    /// What is known of the rows of some tiles.
    pub fn of(self, tiles: Range<usize>) -> Known<'a> {
        if self.sure.is_empty() {
            return Known::default();
        }
        Known { labels: &self.labels[tiles.clone()], sure: &self.sure[tiles] }
    }
}

impl Measured {
    /// Of no rows yet, with room for `rows`.
    pub fn new(clusters: usize, features: usize, rows: usize) -> Measured {
        Measured {
            labels: Vec::with_capacity(rows),
            counts: vec![0; clusters],
            sums: vec![0.0; clusters * features],
            squares: vec![0.0; clusters],
            distances: vec![0.0; clusters],
            within: vec![0.0; features],
        }
    }

    /// Adds a block of `rows` rows, each to the nearest of k × features centres. `quick` are the 32-bit tiles of the same
    /// rows and what they were multiplied by; `known` what is known of them.
    pub fn read(
        &mut self,
        centers: &[f64],
        quick: (&[[f32; TILE]], f64),
        tiles: &[[f64; TILE]],
        rows: usize,
        known: Known<'_>,
    ) {
        let mut labels = known.labels.to_vec();
        labels.resize(rows.div_ceil(TILE), [NO_LABEL; TILE]);
        label_quickly(centers, self.within.len(), quick, tiles, &mut labels, known.sure);
        let labels: Vec<u32> = labels.as_flattened()[..rows].iter().map(|&label| label as u32).collect();
        self.add(centers, tiles, &labels);
    }

    /// Adds a block of rows whose clusters are known, measured against k × features centres.
    pub fn add(&mut self, centers: &[f64], tiles: &[[f64; TILE]], labels: &[u32]) {
        let features = self.within.len();
        let mut sums = vec![0.0; self.sums.len()];
        let mut squares = vec![0.0; self.squares.len()];
        let mut distances = vec![0.0; self.distances.len()];
        let mut within = vec![0.0; features];
        self.labels.extend_from_slice(labels);
        for (tile, labels) in tiles.chunks_exact(features).zip(labels.chunks(TILE)) {
            for (lane, &label) in labels.iter().enumerate() {
                if label == NO_CLUSTER {
                    continue;
                }
                let label = label as usize;
                let center = &centers[label * features..(label + 1) * features];
                let members = &mut sums[label * features..(label + 1) * features];
                let mut square = 0.0;
                for (((values, &center), sum), within) in tile.iter().zip(center).zip(members).zip(&mut within) {
                    let value = values[lane & (TILE - 1)];
                    let difference = value - center;
                    *sum += value;
                    *within += difference * difference;
                    square += difference * difference;
                }
                squares[label] += square;
                distances[label] += square.sqrt();
                self.counts[label] += 1;
            }
        }
        for (into, from) in [
            (&mut self.sums, sums),
            (&mut self.squares, squares),
            (&mut self.distances, distances),
            (&mut self.within, within),
        ] {
            into.iter_mut().zip(from).for_each(|(total, part)| *total += part);
        }
    }

    /// The sum of squared distances of all rows from their centres.
    pub fn inertia(&self) -> f64 {
        sum(self.squares.iter().copied())
    }

    /// Mean of a cluster's members, or nothing when it has none.
    pub fn mean(&self, cluster: usize) -> Option<Vec<f64>> {
        let (features, count) = (self.within.len(), self.counts[cluster]);
        let sums = &self.sums[cluster * features..(cluster + 1) * features];
        (count > 0).then(|| sums.iter().map(|sum| sum / count as f64).collect())
    }

    /// Per feature: members × squared difference of a cluster's mean from the mean of all, over all clusters.
    pub fn between(&self) -> Vec<f64> {
        let rows: usize = self.counts.iter().sum();
        (0..self.within.len())
            .map(|feature| {
                let column = || self.sums.iter().skip(feature).step_by(self.within.len());
                let mean = sum(column().copied()) / rows as f64;
                let mut total = Sum::default();
                for (sum, &count) in column().zip(&self.counts).filter(|(_, count)| **count > 0) {
                    let difference = sum / count as f64 - mean;
                    total.add(difference * difference * count as f64);
                }
                total.value()
            })
            .collect()
    }

    /// Calinski and Harabasz' index: between per degree of freedom over within per degree of freedom. 0 for one cluster,
    /// for as many clusters as rows, and where every row sits on its centre.
    pub fn calinski_harabasz(&self) -> f64 {
        let rows: usize = self.counts.iter().sum();
        let clusters = self.counts.iter().filter(|&&count| count > 0).count();
        let (within, between) = (self.inertia(), sum(self.between()));
        if clusters < 2 || rows <= clusters || within <= 0.0 {
            return 0.0;
        }
        between / (clusters - 1) as f64 / (within / (rows - clusters) as f64)
    }

    /// Davies and Bouldin's index: mean over the clusters of the worst ratio of two clusters' mean distances from their
    /// centres to the distance between these; lower is better. 0 for one cluster. Coinciding centres are passed over.
    pub fn davies_bouldin(&self) -> f64 {
        let means: Vec<(Vec<f64>, f64)> = (0..self.counts.len())
            .filter_map(|cluster| Some((self.mean(cluster)?, self.distances[cluster] / self.counts[cluster] as f64)))
            .collect();
        let worst = means.iter().enumerate().map(|(a, (center, spread))| {
            let others = means.iter().enumerate().filter(|(b, _)| *b != a).filter_map(|(_, (other, more))| {
                let gap: f64 = center.iter().zip(other).map(|(x, y)| (x - y) * (x - y)).sum::<f64>().sqrt();
                (gap > 0.0).then(|| (spread + more) / gap)
            });
            others.fold(0.0, f64::max)
        });
        sum(worst) / means.len().max(1) as f64
    }
}
