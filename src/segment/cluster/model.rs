//! Where does a row belong? All that is needed to place rows, those the clusters were found in and new ones alike.

use crate::math::bells::Bells;
use crate::math::measured::NO_CLUSTER;
use crate::math::nearest::{NO_LABEL, label};
use crate::math::tiles::TILE;
use serde::{Deserialize, Serialize};

/// A fitted model in scaled units. Clusters are numbered from 0.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Model {
    /// The nearest centre; ties go to the lower number.
    Centers {
        /// k × features.
        centers: Vec<Vec<f64>>,
    },
    /// The cluster of the nearest of several points.
    Prototypes {
        /// Points × features.
        points: Vec<Vec<f64>>,
        /// The cluster of each point; −1 is "not clustered".
        clusters: Vec<i32>,
    },
    /// The bell that gives a row the highest density × share.
    Gaussian {
        /// Shares of the bells; they add up to 1.
        shares: Vec<f64>,
        /// k × features.
        means: Vec<Vec<f64>>,
        /// Per bell the inverse L⁻¹ of its covariance's lower root (covariance = L·Lᵀ), features × features, row by row.
        roots: Vec<Vec<f64>>,
    },
    /// The class that makes a row's answers most likely.
    Classes {
        /// Shares of the classes; they add up to 1.
        shares: Vec<f64>,
        /// k × features: the natural logarithm of the chance of each answer.
        answers: Vec<Vec<f64>>,
    },
}

impl Model {
    /// Number of clusters.
    pub fn k(&self) -> usize {
        match self {
            Model::Centers { centers } => centers.len(),
            Model::Prototypes { clusters, .. } => clusters.iter().map(|&one| (one + 1) as usize).max().unwrap_or(0),
            Model::Gaussian { shares, .. } | Model::Classes { shares, .. } => shares.len(),
        }
    }

    /// The cluster of each of `rows` rows in `tiles` (whole tiles of `features`), or [`NO_CLUSTER`]: for rows nearest to a
    /// point outside all clusters, for rows of which a value is NaN, and for rows without an answer that the classes know.
    pub fn place(&self, features: usize, tiles: &[[f64; TILE]], rows: usize) -> Vec<u32> {
        let mut placed = match self {
            Model::Centers { centers } => nearest(centers, features, tiles, rows),
            Model::Prototypes { points, clusters } => nearest(points, features, tiles, rows)
                .into_iter()
                .map(|point| u32::try_from(clusters[point as usize]).unwrap_or(NO_CLUSTER))
                .collect(),
            Model::Gaussian { shares, means, roots } => {
                let lines = |root: &Vec<f64>| (0..features).flat_map(|a| root[a * features..][..=a].to_vec()).collect();
                let roots: Vec<Vec<f64>> = roots.iter().map(lines).collect();
                Bells::new(shares, means.concat(), roots.concat(), true).label(tiles, rows)
            }
            Model::Classes { .. } => {
                let mut scores = vec![0.0; self.k()];
                let mut values = vec![0.0; features];
                let best = |row: usize| {
                    let tile = &tiles[row / TILE * features..][..features];
                    values.iter_mut().zip(tile).for_each(|(value, lanes)| *value = lanes[row % TILE]);
                    self.scores(&values, &mut scores);
                    // Who answered nothing that is known could be of any class.
                    let known = !matches!(self, Model::Classes { .. }) || values.iter().any(|value| *value != 0.0);
                    (0..scores.len())
                        .reduce(|best, at| if scores[at] > scores[best] { at } else { best })
                        .filter(|_| known)
                };
                (0..rows).map(best).map(|best| best.map_or(NO_CLUSTER, |best| best as u32)).collect()
            }
        };
        for (row, label) in placed.iter_mut().enumerate() {
            let tile = &tiles[row / TILE * features..][..features];
            if tile.iter().any(|lanes| lanes[row % TILE].is_nan()) {
                *label = NO_CLUSTER;
            }
        }
        placed
    }

    /// For each cluster how well it suits a row: higher is better. Squared distances with a minus for centres and points
    /// (the nearest of a cluster's points; −∞ for a cluster without points); the logarithm of share × density for mixtures
    /// and classes, up to a constant that is the same for all.
    pub fn scores(&self, row: &[f64], scores: &mut [f64]) {
        match self {
            Model::Centers { centers } => {
                scores.iter_mut().zip(centers).for_each(|(score, center)| *score = -squared(row, center));
            }
            Model::Prototypes { points, clusters } => {
                scores.fill(f64::NEG_INFINITY);
                for (point, &cluster) in points.iter().zip(clusters) {
                    if let Some(score) = usize::try_from(cluster).ok().and_then(|cluster| scores.get_mut(cluster)) {
                        *score = score.max(-squared(row, point));
                    }
                }
            }
            Model::Gaussian { shares, means, roots } => {
                let width = row.len();
                for (cluster, score) in scores.iter_mut().enumerate() {
                    let (mean, root) = (&means[cluster], &roots[cluster]);
                    // One logarithm for several factors: this is asked for row by row.
                    let (mut square, mut volume, mut logarithm) = (0.0, shares[cluster].max(f64::MIN_POSITIVE), 0.0);
                    for a in 0..width {
                        let line = &root[a * width..][..=a];
                        let along: f64 = (0..=a).map(|b| line[b] * (row[b] - mean[b])).sum();
                        square += along * along;
                        volume *= line[a];
                        if a % 8 == 7 || a + 1 == width {
                            logarithm += libm::log(volume);
                            volume = 1.0;
                        }
                    }
                    *score = logarithm - 0.5 * square;
                }
            }
            Model::Classes { shares, answers } => {
                for (cluster, score) in scores.iter_mut().enumerate() {
                    let likely = answers[cluster].iter().zip(row).filter(|(_, value)| **value != 0.0);
                    *score = libm::log(shares[cluster]) + likely.map(|(chance, value)| chance * value).sum::<f64>();
                }
            }
        }
    }

    /// The same clusters in another order: cluster `order[i]` becomes cluster i; clusters not named are gone.
    pub fn reorder(&mut self, order: &[usize]) {
        let pick = |list: &mut Vec<Vec<f64>>| *list = order.iter().map(|&at| std::mem::take(&mut list[at])).collect();
        let some = |list: &mut Vec<f64>| *list = order.iter().map(|&at| list[at]).collect();
        match self {
            Model::Centers { centers } => pick(centers),
            Model::Prototypes { clusters, .. } => clusters.iter_mut().for_each(|cluster| {
                *cluster = order.iter().position(|&at| at as i32 == *cluster).map_or(-1, |at| at as i32);
            }),
            Model::Gaussian { shares, means, roots } => {
                some(shares);
                pick(means);
                pick(roots);
            }
            Model::Classes { shares, answers } => {
                some(shares);
                pick(answers);
            }
        }
    }
}

fn nearest(points: &[Vec<f64>], features: usize, tiles: &[[f64; TILE]], rows: usize) -> Vec<u32> {
    let mut labels = vec![[NO_LABEL; TILE]; rows.div_ceil(TILE)];
    label(&points.concat(), features, tiles, &mut labels);
    labels.as_flattened()[..rows].iter().map(|&label| label as u32).collect()
}

fn squared(row: &[f64], center: &[f64]) -> f64 {
    row.iter().zip(center).map(|(value, center)| (value - center) * (value - center)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::tiles::Tiles;

    #[test]
    fn every_kind_places_rows_and_follows_a_new_order() {
        let rows = [0.0, 0.0, 4.0, 1.0, 9.0, 2.0, f64::NAN, 0.0];
        let tiles = Tiles::<f64>::from_rows(&rows, 2);
        let round = |mean: [f64; 2]| (mean.to_vec(), vec![1.0, 0.0, 0.0, 1.0]);
        let (first, second) = (round([9.0, 2.0]), round([0.0, 0.0]));
        let models = [
            (Model::Centers { centers: vec![vec![9.0, 2.0], vec![0.0, 0.0]] }, [1, 1, 0, NO_CLUSTER]),
            (
                Model::Prototypes {
                    points: vec![vec![0.0, 0.0], vec![9.0, 2.0], vec![4.0, 1.0]],
                    clusters: vec![1, 0, -1],
                },
                [1, NO_CLUSTER, 0, NO_CLUSTER],
            ),
            (
                Model::Gaussian {
                    shares: vec![0.5, 0.5],
                    means: vec![first.0, second.0],
                    roots: vec![first.1, second.1],
                },
                [1, 1, 0, NO_CLUSTER],
            ),
            (
                Model::Classes { shares: vec![0.3, 0.7], answers: vec![vec![-0.1, -0.2], vec![-1.0, -0.5]] },
                [NO_CLUSTER, 0, 0, NO_CLUSTER],
            ),
        ];
        for (mut model, expected) in models {
            assert_eq!(model.place(2, tiles.values(), 4), expected, "{model:?}");
            assert_eq!(model.k(), 2);
            model.reorder(&[1, 0]);
            let turned = expected.map(|label| if label == NO_CLUSTER { label } else { 1 - label });
            assert_eq!(model.place(2, tiles.values(), 4), turned, "{model:?}");
        }
    }
}
