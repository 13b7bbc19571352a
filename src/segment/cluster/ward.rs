//! Which clusters come of merging, step by step, the two that cost least? Ward's agglomeration (1963) by chains of nearest
//! neighbours: exact, with means and weights instead of a table of all distances, so that memory grows with the rows only.
//!
//! Up to [`MOST_ROWS`] rows each row is a leaf; above, the leaves are [`PARTS`] small k-means clusters with their weights. One
//! tree serves every number of clusters.

use crate::error::Result;
use crate::features::matrix::Matrix;
use crate::math::merging::Merging;
use crate::math::tiles::{TILE, Tiles};
use crate::segment::cluster::budget::Budget;
use crate::segment::cluster::fit::Fit;
use crate::segment::cluster::found::Found;
use crate::segment::cluster::linkage::Linkage;
use crate::segment::cluster::prototypes::Condensing;
use crate::table::figures::grouped;
use std::rc::Rc;

/// Up to so many rows are merged one by one.
pub const MOST_ROWS: usize = 5_000;
/// The k-means clusters that are merged above that.
pub const PARTS: usize = 1_000;
/// Passes of that k-means: its clusters need not be at rest to be small.
const PASSES: usize = 20;
/// What a merge kernel's feature costs against a quick one.
const COST: usize = 3;

/// The agglomeration in the making.
#[derive(Clone, Debug)]
pub struct Ward {
    k: usize,
    stage: Stage,
    linkage: Option<Rc<Linkage>>,
    notices: Vec<String>,
}

#[derive(Clone, Debug)]
enum Stage {
    Rows,
    Parts(Box<Fit>),
    Merging(Chain),
    Cutting,
    Condensing(Condensing),
}

/// Clusters each of which is the cheapest partner of the one before, until two are each other's.
#[derive(Clone, Debug)]
struct Chain {
    merging: Merging,
    weights: Vec<usize>,
    part: Vec<u32>,
    chain: Vec<usize>,
    /// No cluster stands below this.
    first: usize,
    found: Vec<(usize, usize, f64)>,
}

impl Ward {
    /// For `k` clusters.
    pub fn new(matrix: &Matrix, k: usize, seed: u64) -> Ward {
        let (stage, notices) = if matrix.rows() > MOST_ROWS {
            let notice = format!(
                "More than {} rows were first put into {} small groups by k-means; these were then merged.",
                grouped(MOST_ROWS as u64),
                grouped(PARTS as u64)
            );
            (Stage::Parts(Box::new(Fit::new(PARTS, seed, 1, PASSES))), vec![notice])
        } else {
            (Stage::Rows, Vec::new())
        };
        Ward { k, stage, linkage: None, notices }
    }

    /// Another number of clusters from a tree there is.
    pub fn cut(linkage: Rc<Linkage>, k: usize) -> Ward {
        Ward { k, stage: Stage::Cutting, linkage: Some(linkage), notices: Vec::new() }
    }

    /// Share that is done.
    pub fn ratio(&self) -> f64 {
        match &self.stage {
            Stage::Rows | Stage::Parts(_) => 0.0,
            Stage::Merging(chain) => chain.found.len() as f64 / chain.weights.len() as f64,
            Stage::Cutting | Stage::Condensing(_) => 1.0,
        }
    }

    /// Works until the budget is spent.
    ///
    /// # Errors
    /// None for a matrix of which everything is kept.
    pub fn step(&mut self, matrix: &Matrix, budget: &mut Budget) -> Result<Option<Found>> {
        loop {
            self.stage = match &mut self.stage {
                Stage::Rows => {
                    let mut means = Tiles::zeros(matrix.rows(), matrix.features());
                    means.values_mut().copy_from_slice(&matrix.exact(0)?);
                    Stage::Merging(Chain::new(means, vec![1; matrix.rows()], (0..matrix.rows() as u32).collect()))
                }
                Stage::Parts(fit) => match fit.step(matrix, budget)? {
                    None => return Ok(None),
                    Some(run) => {
                        let found = run.found(matrix.rows());
                        Stage::Merging(Chain::of_parts(matrix, &found.labels)?)
                    }
                },
                Stage::Merging(chain) => {
                    if !chain.step(budget) {
                        return Ok(None);
                    }
                    let (weights, part) = (std::mem::take(&mut chain.weights), std::mem::take(&mut chain.part));
                    self.linkage = Some(Rc::new(Linkage::new(weights, part, &chain.found)));
                    Stage::Cutting
                }
                Stage::Cutting => {
                    let labels = self.linkage.as_ref().map_or_else(Vec::new, |linkage| linkage.labels(self.k));
                    Stage::Condensing(Condensing::new(matrix, labels))
                }
                Stage::Condensing(condensing) => {
                    let Some((model, labels)) = condensing.step(matrix, budget)? else {
                        return Ok(None);
                    };
                    let (linkage, notices) = (self.linkage.take(), std::mem::take(&mut self.notices));
                    return Ok(Some(Found { linkage, notices, ..Found::new(model, labels) }));
                }
            }
        }
    }
}

impl Chain {
    fn new(means: Tiles<f64>, weights: Vec<usize>, part: Vec<u32>) -> Chain {
        let own: Vec<f64> = weights.iter().map(|&weight| weight as f64).collect();
        let merging = Merging::new(means, &own);
        Chain { merging, weights, part, chain: Vec::new(), first: 0, found: Vec::new() }
    }

    /// From the means of groups of rows; a group without rows is none.
    fn of_parts(matrix: &Matrix, labels: &[u32]) -> Result<Chain> {
        let (tiles, width) = (matrix.exact(0)?, matrix.features());
        let mut number = vec![u32::MAX; PARTS];
        let (mut weights, mut sums) = (Vec::new(), Vec::new());
        let mut part = Vec::with_capacity(labels.len());
        for (row, &label) in labels.iter().enumerate() {
            if number[label as usize] == u32::MAX {
                number[label as usize] = weights.len() as u32;
                weights.push(0);
                sums.resize(weights.len() * width, 0.0);
            }
            let at = number[label as usize];
            part.push(at);
            weights[at as usize] += 1;
            for (feature, sum) in sums[at as usize * width..][..width].iter_mut().enumerate() {
                *sum += tiles[row / TILE * width + feature][row % TILE];
            }
        }
        for (sums, &weight) in sums.chunks_mut(width).zip(&weights) {
            sums.iter_mut().for_each(|sum| *sum /= weight as f64);
        }
        Ok(Chain::new(Tiles::from_rows(&sums, width), weights, part))
    }

    /// Merges until the budget is spent; true when one cluster is left.
    fn step(&mut self, budget: &mut Budget) -> bool {
        let work = COST * self.merging.len() * (self.merging.features() + 4);
        while self.found.len() + 1 < self.weights.len() {
            if budget.is_spent() {
                return false;
            }
            budget.spend(work);
            let Some(&last) = self.chain.last() else {
                while !self.merging.stands(self.first) {
                    self.first += 1;
                }
                self.chain.push(self.first);
                continue;
            };
            let Some((other, cost)) = self.merging.cheapest(last) else {
                return true;
            };
            // Of equals the one before is taken, so that the chain comes to an end.
            match self.chain.len().checked_sub(2).map(|at| (self.chain[at], self.merging.cost(last, self.chain[at]))) {
                Some((before, back)) if back <= cost => {
                    self.chain.truncate(self.chain.len() - 2);
                    let (into, from) = (last.min(before), last.max(before));
                    self.merging.merge(from, into);
                    self.found.push((into, from, back));
                }
                _ => self.chain.push(other),
            }
        }
        true
    }
}
