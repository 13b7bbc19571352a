//! How much closer is every row to its own cluster than to the next? (Rousseeuw's silhouette, exact over the rows given.)

use super::lanes::{Lanes, Scalar};
use super::order::arranged;
use super::stats::sum;
use super::tiles::{TILE, Tiles};

/// Distances added in lanes before they go to a 64-bit sum.
const RUN: usize = 64;

/// Tiles that are measured together where all their rows are of one cluster: as many as registers hold.
const TOGETHER: usize = 4;

type Eight = <f32 as Scalar>::Lanes;

/// Rows sorted by cluster, measured step by step. Every two rows are looked at once.
#[derive(Clone, Debug)]
pub struct Silhouette {
    tiles: Tiles<f32>,
    /// Row-major copy in sorted order: the "other" row is read one value at a time.
    rows: Vec<f32>,
    labels: Vec<u32>,
    /// First sorted row of each cluster, and the number of rows at the end.
    starts: Vec<usize>,
    /// Rows × clusters: the sum of the distances to the members.
    totals: Vec<f64>,
    /// Tiles whose rows are measured against all others.
    done: usize,
}

impl Silhouette {
    /// `labels[row] < clusters` for every row of `tiles`, which has at least one feature.
    pub fn new(tiles: &Tiles<f32>, labels: &[u32], clusters: usize) -> Silhouette {
        let order = arranged(tiles.rows(), &|a, b| labels[a].cmp(&labels[b]));
        let sorted: Vec<u32> = order.iter().map(|&row| labels[row]).collect();
        let starts = (0..=clusters as u32).map(|cluster| sorted.partition_point(|&label| label < cluster)).collect();
        let rows = order.iter().flat_map(|&row| (0..tiles.features()).map(move |j| tiles.get(row, j))).collect();
        let totals = vec![0.0; sorted.len() * clusters];
        Silhouette { tiles: tiles.select(&order), rows, labels: sorted, starts, totals, done: 0 }
    }

    /// Share of the pairs of rows that is done.
    pub fn ratio(&self) -> f64 {
        let rest = 1.0 - self.done as f64 / self.tiles().max(1) as f64;
        1.0 - rest * rest
    }

    /// Whether every row is measured.
    pub fn is_done(&self) -> bool {
        self.done == self.tiles()
    }

    fn tiles(&self) -> usize {
        self.labels.len().div_ceil(TILE)
    }

    /// The cluster of each row, in the order of the widths: rising.
    pub fn labels(&self) -> &[u32] {
        &self.labels
    }

    /// Measures some more rows, of which there must be some; gives the multiply-adds it took.
    pub fn step(&mut self) -> usize {
        let first = self.done * TILE;
        let last = first + TOGETHER * TILE - 1;
        let together = if self.labels.get(last) == Some(&self.labels[first]) {
            self.against_later::<TOGETHER>();
            TOGETHER
        } else {
            self.against_later::<1>();
            1
        };
        self.done += together;
        2 * TILE * together * (self.labels.len() - first) * self.tiles.features()
    }

    /// Measures the rows of some tiles against each other and all later rows, and these against them. Several tiles are of one
    /// cluster.
    #[inline(never)]
    fn against_later<const COUNT: usize>(&mut self) {
        let (features, clusters, count) = (self.tiles.features(), self.starts.len() - 1, self.labels.len());
        let begin = self.done * TILE;
        let end = count.min(begin + COUNT * TILE);
        let tile = |at: usize| &self.tiles.values()[(self.done + at) * features..][..features];
        let tiles: [&[[f32; TILE]]; COUNT] = std::array::from_fn(tile);
        for (cluster, range) in self.starts.windows(2).enumerate() {
            let mut totals = [[0.0f64; TILE]; COUNT];
            for start in (range[0].max(begin)..range[1]).step_by(RUN) {
                let mut sums = [Eight::splat(0.0); COUNT];
                for row in start..range[1].min(start + RUN) {
                    let mut distances = [Eight::splat(0.0); COUNT];
                    for (feature, &there) in self.rows[row * features..][..features].iter().enumerate() {
                        let there = Eight::splat(there);
                        for (squares, tile) in distances.iter_mut().zip(&tiles) {
                            let difference = Eight::load(&tile[feature]) - there;
                            *squares += difference * difference;
                        }
                    }
                    for (sum, distance) in sums.iter_mut().zip(&mut distances) {
                        *distance = Lanes::<f32>::sqrt(*distance);
                        *sum += *distance;
                    }
                    if row < end {
                        continue;
                    }
                    let totals = &mut self.totals[row * clusters..][..clusters];
                    if COUNT > 1 {
                        let all = distances.into_iter().fold(Eight::splat(0.0), |all, distance| all + distance);
                        let [a, b, c, d, e, f, g, h] = all.store();
                        totals[self.labels[begin] as usize] += f64::from(((a + b) + (c + d)) + ((e + f) + (g + h)));
                    } else {
                        for (&label, distance) in self.labels[begin..end].iter().zip(distances[0].store()) {
                            totals[label as usize] += f64::from(distance);
                        }
                    }
                }
                for (total, sum) in totals.iter_mut().zip(sums) {
                    total.iter_mut().zip(sum.store()).for_each(|(total, sum)| *total += f64::from(sum));
                }
            }
            for (row, total) in (begin..end).zip(totals.as_flattened()) {
                self.totals[row * clusters + cluster] += total;
            }
        }
    }

    /// The silhouettes of all rows, once they are measured. A row alone in its cluster counts 0, and so does every row when there
    /// is only one cluster or when both distances are 0.
    pub fn widths(&self) -> Vec<f64> {
        let sizes: Vec<f64> = self.starts.windows(2).map(|range| (range[1] - range[0]) as f64).collect();
        let of_row = |(totals, &label): (&[f64], &u32)| {
            let (mut own, mut other) = (0.0, f64::INFINITY);
            for (cluster, (total, &size)) in totals.iter().zip(&sizes).enumerate() {
                if cluster == label as usize {
                    own = total / (size - 1.0);
                } else if size > 0.0 {
                    other = f64::min(other, total / size);
                }
            }
            width(own, other)
        };
        self.totals.chunks_exact(sizes.len().max(1)).zip(&self.labels).map(of_row).collect()
    }

    /// The mean silhouette, once all rows are measured; 0 for no rows.
    pub fn mean(&self) -> f64 {
        sum(self.widths()) / self.labels.len().max(1) as f64
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
        let (rows, features, clusters) = (275, 3, 4);
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
        let mut measured = Silhouette::new(&Tiles::from_rows(&values, features), &labels, clusters);
        while !measured.is_done() {
            measured.step();
        }
        assert!((measured.mean() - expected / rows as f64).abs() < 1e-6, "{} {expected}", measured.mean());
    }

    #[test]
    fn one_cluster_and_equal_rows_count_nothing() {
        let tiles = Tiles::from_rows(&[1.0; 10], 1);
        for labels in [vec![0; 10], (0..10).map(|row| row % 2).collect()] {
            let mut measured = Silhouette::new(&tiles, &labels, 2);
            while !measured.is_done() {
                measured.step();
            }
            assert_eq!(measured.mean(), 0.0);
        }
    }
}
