//! How good are the clusters of one k? Silhouette, then stability, then what is shown beside them, in steps.

use crate::error::Result;
use crate::features::matrix::Matrix;
use crate::math::measured::NO_CLUSTER;
use crate::math::order::rising;
use crate::math::rng::Rng;
use crate::math::separation::Silhouette;
use crate::segment::cluster::bootstrap::Bootstrap;
use crate::segment::cluster::budget::Budget;
use crate::segment::cluster::gap::{Gap, GapFound};
use crate::segment::cluster::strength::Strength;

/// Up to so many rows the silhouette is taken over all of them.
pub const ALL_ROWS: usize = 10_000;
/// Rows of the sample above that.
pub const SAMPLE_ROWS: usize = 4_000;

/// The rows a silhouette is taken over: all that are in a cluster, or a seeded sample, which is the same for every k but for rows that are added
/// so that each cluster has at least two.
pub fn silhouette_rows(labels: &[u32], clusters: usize, rng: &mut Rng) -> Vec<usize> {
    let rows = labels.len();
    let mut chosen: Vec<usize> = (0..rows).filter(|&row| labels[row] != NO_CLUSTER).collect();
    if chosen.len() <= ALL_ROWS {
        return chosen;
    }
    chosen = rng.sample(chosen.len(), SAMPLE_ROWS).into_iter().map(|at| chosen[at]).collect();
    let mut counts = vec![0usize; clusters];
    chosen.iter().for_each(|&row| counts[labels[row] as usize] += 1);
    for cluster in (0..clusters).filter(|&cluster| counts[cluster] < 2) {
        let members = (0..rows).filter(|&row| labels[row] as usize == cluster);
        let more: Vec<usize> =
            members.filter(|row| chosen.binary_search(row).is_err()).take(2 - counts[cluster]).collect();
        chosen.extend(more);
        rising(&mut chosen);
    }
    chosen
}

/// A silhouette in the making.
#[derive(Debug)]
pub struct Separation {
    measured: Silhouette,
    rows: usize,
}

impl Separation {
    /// Over some rows of a matrix; `labels` belong to all its rows.
    pub fn new(matrix: &Matrix, rows: &[usize], labels: &[u32], clusters: usize) -> Separation {
        let chosen: Vec<u32> = rows.iter().map(|&row| labels[row]).collect();
        let measured = if rows.len() == matrix.rows() {
            Silhouette::new(matrix.fast(), &chosen, clusters)
        } else {
            Silhouette::new(&matrix.fast().select(rows), &chosen, clusters)
        };
        Separation { measured, rows: rows.len() }
    }

    /// Share that is done.
    pub fn ratio(&self) -> f64 {
        self.measured.ratio()
    }

    /// Works until the budget is spent; after the last row, the mean silhouette.
    pub fn step(&mut self, budget: &mut Budget) -> Option<f64> {
        while !self.measured.is_done() {
            if budget.is_spent() {
                return None;
            }
            budget.spend(self.measured.step());
        }
        Some(self.measured.mean())
    }
}

/// Silhouette and stability of one labelling in the making.
#[derive(Debug)]
pub struct Evaluation {
    separation: Separation,
    silhouette: Option<f64>,
    bootstrap: Bootstrap,
    stability: Option<Vec<f64>>,
    gap: Option<Gap>,
    gap_found: Option<GapFound>,
    strength: Option<Strength>,
}

/// What an evaluation found.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluated {
    /// Mean silhouette.
    pub silhouette: f64,
    /// Rows it was taken over.
    pub sample: usize,
    /// Mean Jaccard index of each cluster.
    pub stability: Vec<f64>,
    /// The gap statistic, where it was asked for and has a meaning.
    pub gap: Option<GapFound>,
    /// Prediction strength, the same.
    pub strength: Option<f64>,
}

impl Evaluated {
    /// The smallest mean Jaccard index; 0 without clusters.
    pub fn least(&self) -> f64 {
        self.stability.iter().copied().reduce(f64::min).unwrap_or(0.0)
    }
}

impl Evaluation {
    /// Of a silhouette and the draws to come, and of what else is to be measured.
    pub fn new(
        separation: Separation,
        bootstrap: Bootstrap,
        gap: Option<Gap>,
        strength: Option<Strength>,
    ) -> Evaluation {
        Evaluation { separation, silhouette: None, bootstrap, stability: None, gap, gap_found: None, strength }
    }

    /// Whether the silhouette is still to come.
    pub fn is_separating(&self) -> bool {
        self.silhouette.is_none()
    }

    /// Share that is done.
    pub fn ratio(&self) -> f64 {
        let others = self.gap.as_ref().map_or(1.0, Gap::ratio) + self.strength.as_ref().map_or(1.0, Strength::ratio);
        (self.separation.ratio() + self.bootstrap.ratio() + others) / 4.0
    }

    /// Works until the budget is spent; `draws` is the small matrix customers are drawn from.
    ///
    /// # Errors
    /// What the search says.
    pub fn step(&mut self, draws: &Matrix, budget: &mut Budget) -> Result<Option<Evaluated>> {
        if self.silhouette.is_none() {
            self.silhouette = self.separation.step(budget);
        }
        let Some(silhouette) = self.silhouette else {
            return Ok(None);
        };
        if self.stability.is_none() {
            self.stability = self.bootstrap.step(draws, budget)?;
        }
        let Some(stability) = &self.stability else {
            return Ok(None);
        };
        if let Some(gap) = &mut self.gap {
            let Some(found) = gap.step(budget)? else {
                return Ok(None);
            };
            (self.gap_found, self.gap) = (found, None);
        }
        let mut found = None;
        if let Some(strength) = &mut self.strength {
            match strength.step(budget)? {
                Some(strength) => found = strength,
                None => return Ok(None),
            }
        }
        let (sample, stability) = (self.separation.rows, stability.clone());
        Ok(Some(Evaluated { silhouette, sample, stability, gap: self.gap_found, strength: found }))
    }
}
