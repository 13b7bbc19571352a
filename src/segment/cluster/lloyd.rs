//! k-means from given centres: exact Lloyd passes, in steps of a few blocks.
//!
//! Many rows are first brought to rest in 32 bits, where only rows that change their cluster touch the 64-bit sums; then
//! passes over exact values settle what 32 bits could not tell apart. Few rows are exact from the first pass on, so that
//! small data follow the path of any other exact implementation. Passes are counted as scikit-learn counts them: the last
//! one is the one in which no label changes.

use crate::error::Result;
use crate::features::matrix::Matrix;
use crate::math::measured::Measured;
use crate::math::nearest::NO_LABEL;
use crate::math::pass::Pass;
use crate::math::tiles::TILE;
use crate::segment::cluster::budget::Budget;
use crate::segment::cluster::found::Found;
use crate::segment::cluster::model::Model;

/// Up to so many rows every pass is exact.
pub const EXACT_ROWS: usize = 4_096;

/// What an exact pass costs, measured against a quick one.
const EXACT_COST: usize = 3;

/// k-means on its way to rest.
#[derive(Clone, Debug)]
pub struct Lloyd {
    /// k × features, scaled.
    pub centers: Vec<f64>,
    /// Passes made.
    pub iterations: usize,
    /// Whether the last pass changed nothing.
    pub converged: bool,
    /// Rows in each cluster at the last pass.
    pub counts: Vec<i64>,
    features: usize,
    limit: usize,
    labels: Vec<[f32; TILE]>,
    /// Sums of members in quick units while quick, in scaled units while exact.
    sums: Vec<f64>,
    exact: bool,
    /// Exact passes begin: the first of them, if it changes nothing, only confirms and is not counted.
    confirming: bool,
    block: usize,
    partial: Pass,
}

impl Lloyd {
    /// From k × features starting centres in scaled units, for at most `limit` passes.
    pub fn new(matrix: &Matrix, centers: Vec<f64>, limit: usize) -> Lloyd {
        let features = matrix.features();
        let count = centers.len() / features;
        Lloyd {
            iterations: 0,
            converged: false,
            counts: vec![0; count],
            features,
            limit,
            labels: vec![[NO_LABEL; TILE]; matrix.rows().div_ceil(TILE)],
            sums: vec![0.0; centers.len()],
            exact: matrix.rows() <= EXACT_ROWS,
            confirming: false,
            block: 0,
            partial: Pass::default(),
            centers,
        }
    }

    /// The sum of squared distances of all rows from their centres.
    ///
    /// # Errors
    /// Only if the matrix has lost its table.
    pub fn inertia(&self, matrix: &Matrix) -> Result<f64> {
        let mut measured = Measured::new(self.counts.len(), self.features, matrix.rows());
        for block in 0..matrix.blocks() {
            measured.read(&self.centers, &matrix.exact(block)?, matrix.block(block).len());
        }
        Ok(measured.inertia())
    }

    /// What was found, with labels for the first `rows` rows.
    pub fn found(self, rows: usize) -> Found {
        let labels = self.labels(rows);
        let centers = self.centers.chunks_exact(self.features).map(<[f64]>::to_vec).collect();
        let (iterations, converged) = (self.iterations, self.converged);
        let model = Model::Centers { centers };
        Found { iterations, converged, ..Found::new(model, labels) }
    }

    /// The cluster of each row as of the last pass.
    pub fn labels(&self, rows: usize) -> Vec<u32> {
        let mut labels: Vec<u32> = self.labels.iter().flatten().map(|&label| label as u32).collect();
        labels.truncate(rows);
        labels
    }

    /// Does passes, or a part of one, until the budget is spent; true when at rest or at the limit.
    ///
    /// # Errors
    /// Only if the matrix has lost its table.
    pub fn step(&mut self, matrix: &Matrix, budget: &mut Budget) -> Result<bool> {
        while !(self.converged || self.iterations >= self.limit) {
            if budget.is_spent() {
                return Ok(false);
            }
            budget.spend(self.pass_block(matrix)?);
            if self.block == matrix.blocks() {
                self.finish_pass(matrix)?;
            }
        }
        Ok(true)
    }

    /// One block of one pass; gives the multiply-adds it took.
    fn pass_block(&mut self, matrix: &Matrix) -> Result<usize> {
        let range = matrix.block(self.block);
        let labels = &mut self.labels[range.start / TILE..range.end.div_ceil(TILE)];
        let found = if self.exact {
            Pass::exact(&self.centers, self.features, &matrix.exact(self.block)?, range.len(), labels)
        } else {
            let unit = matrix.unit();
            let scaled: Vec<f64> = self.centers.iter().map(|value| value * unit).collect();
            let width = self.features;
            let tiles = &matrix.fast().values()[range.start / TILE * width..range.end.div_ceil(TILE) * width];
            Pass::quick(&scaled, width, tiles, range.len(), labels)
        };
        self.partial.merge(found);
        self.block += 1;
        Ok(range.len() * self.centers.len() * if self.exact { EXACT_COST } else { 1 })
    }

    fn finish_pass(&mut self, matrix: &Matrix) -> Result<()> {
        let found = std::mem::take(&mut self.partial);
        self.block = 0;
        let rest = found.changed == 0;
        let unit = if self.exact { 1.0 } else { matrix.unit() };
        if self.exact {
            (self.sums, self.counts) = (found.sums, found.counts);
        } else {
            self.sums.iter_mut().zip(&found.sums).for_each(|(sum, change)| *sum += change);
            self.counts.iter_mut().zip(&found.counts).for_each(|(count, change)| *count += change);
        }
        if !(self.confirming && rest) {
            self.iterations += 1;
        }
        self.confirming = false;
        for (index, center) in self.centers.chunks_exact_mut(self.features).enumerate() {
            if self.counts[index] > 0 {
                let factor = self.counts[index] as f64 * unit;
                center.iter_mut().zip(&self.sums[index * self.features..]).for_each(|(c, sum)| *c = sum / factor);
            }
        }
        let repaired = self.counts.contains(&0) && self.repair(matrix)?;
        if rest && !repaired {
            if self.exact {
                self.converged = true;
            } else if self.iterations < self.limit {
                (self.exact, self.confirming) = (true, true);
            }
        }
        Ok(())
    }

    /// Moves each centre without members to the row that lies farthest from its own centre, which then leaves its former
    /// cluster. False when there is no such row.
    fn repair(&mut self, matrix: &Matrix) -> Result<bool> {
        let empty: Vec<usize> = (0..self.counts.len()).filter(|&index| self.counts[index] == 0).collect();
        let mut farthest: Vec<(f64, usize, Vec<f64>)> = Vec::new();
        for block in 0..matrix.blocks() {
            let tiles = matrix.exact(block)?;
            for (offset, row) in matrix.block(block).enumerate() {
                let label = self.labels[row / TILE][row % TILE] as usize;
                let values = (0..self.features).map(|j| tiles[offset / TILE * self.features + j][offset % TILE]);
                let center = &self.centers[label * self.features..(label + 1) * self.features];
                let distance: f64 = values.clone().zip(center).map(|(value, c)| (value - c) * (value - c)).sum();
                let worth = distance > 0.0
                    && self.counts[label] > 1
                    && (farthest.len() < empty.len() || farthest.last().is_some_and(|last| distance > last.0));
                if worth {
                    let place = farthest.partition_point(|(other, ..)| *other >= distance);
                    farthest.insert(place, (distance, row, values.collect()));
                    farthest.truncate(empty.len());
                }
            }
        }
        let repaired = !farthest.is_empty();
        let unit = if self.exact { 1.0 } else { matrix.unit() };
        for (&to, (_, row, values)) in empty.iter().zip(&farthest) {
            let from = self.labels[row / TILE][row % TILE] as usize;
            self.labels[row / TILE][row % TILE] = to as f32;
            self.counts[from] -= 1;
            self.counts[to] = 1;
            for (j, value) in values.iter().enumerate() {
                // While quick, the sums must hold what the tiles hold, so that a later change takes out the same number.
                let value = if self.exact { *value } else { f64::from(matrix.fast().get(*row, j)) };
                self.sums[from * self.features + j] -= value;
                self.sums[to * self.features + j] = value;
                self.centers[to * self.features + j] = value / unit;
                if self.counts[from] > 0 {
                    self.centers[from * self.features + j] =
                        self.sums[from * self.features + j] / (self.counts[from] as f64 * unit);
                }
            }
        }
        Ok(repaired)
    }
}
