//! Would half of the customers be put together by the clusters of the other half? The prediction strength of Tibshirani and
//! Walther (2005): the smallest share, over the clusters, of pairs that the other half's model leaves together.
//! Each half is searched once, from random rows, as R's fpc does: clusters that only a lucky start finds count as not
//! predicted.

use crate::error::Result;
use crate::features::matrix::Matrix;
use crate::math::measured::NO_CLUSTER;
use crate::math::rng::Rng;
use crate::math::stats::sum;
use crate::segment::cluster::budget::Budget;
use crate::segment::cluster::fit::{Fit, mix};
use crate::segment::cluster::found::Found;
use crate::segment::cluster::method::Method;
use crate::segment::cluster::search::{Search, Seek};

/// Splits at least and at most: few rows, where a split costs next to nothing, get more.
pub const SPLITS: (usize, usize) = (8, 200);
/// Rows × k × features × splits that are aimed at.
const WORK: usize = 500_000;
/// Passes in each start.
const PASSES: usize = 100;
/// Clusters that reach this predict each other well (the authors' bound is 0.8 to 0.9).
pub const PREDICTED: f64 = 0.8;

/// The splits in the making.
#[derive(Clone, Debug)]
pub struct Strength {
    matrix: Matrix,
    seek: Seek,
    splits: usize,
    /// The weaker cluster's share in each half of each split.
    shares: Vec<f64>,
    /// The halves that are searched, and what was found in the first of them.
    halves: Option<[Matrix; 2]>,
    first: Option<Found>,
    running: Option<Search>,
}

impl Strength {
    /// For a small matrix.
    pub fn new(matrix: Matrix, seek: Seek) -> Strength {
        let work = (matrix.rows() * matrix.features() * seek.k).max(1);
        Strength {
            seek: Seek { passes: PASSES, ..seek },
            splits: (WORK / work).clamp(SPLITS.0, SPLITS.1),
            shares: Vec::new(),
            halves: None,
            first: None,
            running: None,
            matrix,
        }
    }

    /// Share of the splits that are done.
    pub fn ratio(&self) -> f64 {
        self.shares.len() as f64 / (2 * self.splits) as f64
    }

    /// Works until the budget is spent; after the last split, the mean over the halves. Nothing for so few rows that a half
    /// holds fewer than two for each cluster.
    ///
    /// # Errors
    /// What the search says.
    pub fn step(&mut self, budget: &mut Budget) -> Result<Option<Option<f64>>> {
        if self.matrix.rows() < 4 * self.seek.k {
            return Ok(Some(None));
        }
        while self.shares.len() < 2 * self.splits {
            let split = (self.shares.len() / 2) as u64;
            let halves = match self.halves.take() {
                Some(halves) => halves,
                None => halves(&self.matrix, self.seek.seed, split)?,
            };
            let half = usize::from(self.first.is_some());
            let seed = mix(self.seek.seed, 6_000 + split, half as u64);
            let mut search = self.running.take().unwrap_or_else(|| begin(Seek { seed, ..self.seek }, &halves[half]));
            let found = search.step(&halves[half], budget)?;
            match (found, self.first.take()) {
                (None, first) => {
                    (self.first, self.running, self.halves) = (first, Some(search), Some(halves));
                    return Ok(None);
                }
                (Some(found), None) => (self.first, self.halves) = (Some(found), Some(halves)),
                (Some(second), Some(first)) => {
                    self.shares.push(left_together(&halves[0], &first, &second)?);
                    self.shares.push(left_together(&halves[1], &second, &first)?);
                }
            }
        }
        Ok(Some(Some(sum(self.shares.iter().copied()) / self.shares.len() as f64)))
    }
}

fn begin(seek: Seek, half: &Matrix) -> Search {
    if seek.method != Method::KMeans {
        return seek.begin(half);
    }
    let rows = Rng::new(seek.seed).sample(half.rows(), seek.k);
    let centers = rows.into_iter().flat_map(|row| half.fast().row(row)).map(|value| value / half.unit()).collect();
    Search::KMeans(Box::new(Fit::from_centers(half, centers, seek.passes)))
}

fn halves(matrix: &Matrix, seed: u64, split: u64) -> Result<[Matrix; 2]> {
    let rows = matrix.rows();
    let one = Rng::new(mix(seed, 6_000, 1_000 + split)).sample(rows, rows / 2);
    let other: Vec<usize> = (0..rows).filter(|row| one.binary_search(row).is_err()).collect();
    Ok([matrix.sample(&one)?, matrix.sample(&other)?])
}

/// The smallest share, over the clusters found in a half, of ordered pairs of members that the other half's model puts into
/// one cluster, too. Clusters of fewer than two rows have no pairs and are passed over.
fn left_together(half: &Matrix, own: &Found, other: &Found) -> Result<f64> {
    let placed = other.model.place(half.features(), &half.exact(0)?, half.rows());
    let (k, others) = (own.model.k(), other.model.k());
    let mut table = vec![0.0f64; k * others];
    let mut sizes = vec![0.0f64; k];
    for (&own, &other) in own.labels.iter().zip(&placed).filter(|(own, _)| **own != NO_CLUSTER) {
        sizes[own as usize] += 1.0;
        if other != NO_CLUSTER {
            table[own as usize * others + other as usize] += 1.0;
        }
    }
    let shares = sizes.iter().enumerate().filter(|(_, size)| **size > 1.0).map(|(cluster, size)| {
        let together: f64 = table[cluster * others..][..others].iter().map(|both| both * (both - 1.0)).sum();
        together / (size * (size - 1.0))
    });
    Ok(shares.fold(1.0, f64::min))
}
