//! k-prototypes for numbers and categories together (Huang 1998): a cluster stands around the means of its numbers and the most
//! frequent level of each category. The features carry what a different level costs, so the passes are those of k-means but
//! for the second half: where a mean of levels would come out, the mode does. Without numbers this is k-modes.

use crate::error::Result;
use crate::features::matrix::Matrix;
use crate::math::measured::{Known, Measured};
use crate::math::nearest::NO_LABEL;
use crate::math::pass::Pass;
use crate::math::rng::Rng;
use crate::math::stats::BLOCK;
use crate::math::tiles::TILE;
use crate::segment::cluster::budget::Budget;
use crate::segment::cluster::fit::mix;
use crate::segment::cluster::found::Found;
use crate::segment::cluster::model::Model;

/// Differences in cost below this share are rounding, not a better result.
const SAME: f64 = 1e-9;
/// What an exact multiply-add costs, measured against a quick one.
const EXACT_COST: usize = 3;

/// The search in the making: the best of several starts. It is meant for matrices of some ten thousand rows.
#[derive(Clone, Debug)]
pub struct Mixed {
    k: usize,
    seed: u64,
    restarts: usize,
    limit: usize,
    done: usize,
    at_best: usize,
    columns: Columns,
    starting: Option<Starting>,
    running: Option<Run>,
    best: Option<(f64, Run)>,
}

/// What the columns hold over all rows.
#[derive(Clone, Debug, Default)]
struct Columns {
    /// Per category: what its levels' features are where they are not 0.
    heights: Vec<f64>,
    /// Per feature: the sum.
    sums: Vec<f64>,
}

/// Prototypes in the making: rows of usual levels that are far from each other (Cao, Liang and Bai 2009), or drawn column by
/// column and moved to the most similar row (Huang 1998).
#[derive(Clone, Debug)]
struct Starting {
    rng: Rng,
    /// How usual each row is, for Cao's way, which knows no chance.
    density: Option<Vec<f64>>,
    /// Squared distance of each row from the nearest prototype so far.
    closest: Vec<f64>,
    /// Prototypes so far, rows of the matrix.
    centers: Vec<f64>,
}

/// One start on its way to rest.
#[derive(Clone, Debug)]
struct Run {
    /// k × features, scaled.
    centers: Vec<f64>,
    labels: Vec<[f32; TILE]>,
    iterations: usize,
    converged: bool,
    block: usize,
    partial: Pass,
}

impl Mixed {
    /// `restarts` starts with k prototypes (at least one), each for at most `limit` passes.
    pub fn new(k: usize, seed: u64, restarts: usize, limit: usize) -> Mixed {
        let restarts = restarts.max(1);
        let columns = Columns::default();
        Mixed { k, seed, restarts, limit, done: 0, at_best: 0, columns, starting: None, running: None, best: None }
    }

    /// Share of the starts that are done.
    pub fn ratio(&self) -> f64 {
        self.done as f64 / self.restarts as f64
    }

    /// Works until the budget is spent; gives the best start after the last.
    ///
    /// # Errors
    /// Only if the matrix has lost its table.
    pub fn step(&mut self, matrix: &Matrix, budget: &mut Budget) -> Result<Option<Found>> {
        if self.columns.sums.is_empty() {
            self.columns = Columns::of(matrix)?;
        }
        while self.done < self.restarts {
            if budget.is_spent() {
                return Ok(None);
            }
            let Some(mut run) = self.running.take() else {
                let mut starting = match self.starting.take() {
                    Some(starting) => starting,
                    None => {
                        let rng = Rng::new(mix(self.seed, self.k as u64, self.done as u64));
                        Starting::new(matrix, &self.columns, self.done == 0, rng)?
                    }
                };
                if starting.step(matrix, self.k, budget)? {
                    self.running = Some(Run::new(matrix, starting.centers));
                } else {
                    self.starting = Some(starting);
                }
                continue;
            };
            if run.step(matrix, &self.columns, self.limit, budget)? {
                self.finished(matrix, run)?;
            } else {
                self.running = Some(run);
            }
        }
        Ok(self.best.take().map(|(_, run)| run.found(matrix, self.restarts, self.at_best)))
    }

    fn finished(&mut self, matrix: &Matrix, run: Run) -> Result<()> {
        self.done += 1;
        let mut measured = Measured::new(self.k, matrix.features(), matrix.rows());
        for block in 0..matrix.blocks() {
            let rows = matrix.block(block).len();
            measured.read(&run.centers, matrix.quick(block), &matrix.exact(block)?, rows, Known::default());
        }
        let cost = measured.inertia();
        let least = self.best.as_ref().map_or(f64::INFINITY, |(least, _)| *least);
        if cost < least * (1.0 - SAME) || self.best.is_none() {
            (self.best, self.at_best) = (Some((cost, run)), 1);
        } else if cost <= least * (1.0 + SAME) {
            self.at_best += 1;
        }
        Ok(())
    }
}

impl Starting {
    fn new(matrix: &Matrix, columns: &Columns, first: bool, rng: Rng) -> Result<Starting> {
        let density = if first { Some(columns.density(matrix)?) } else { None };
        Ok(Starting { rng, density, closest: vec![f64::INFINITY; matrix.rows()], centers: Vec::new() })
    }

    /// Chooses prototypes until the budget is spent; true when there are k.
    fn step(&mut self, matrix: &Matrix, k: usize, budget: &mut Budget) -> Result<bool> {
        let (rows, width) = (matrix.rows(), matrix.features());
        while self.centers.len() < k * width {
            if budget.is_spent() {
                return Ok(false);
            }
            let closest = &self.closest;
            let row = match &self.density {
                Some(density) if self.centers.is_empty() => best_of(rows, &|row| density[row]),
                Some(density) => best_of(rows, &|row| density[row] * closest[row]),
                None => {
                    let apart = distances(matrix, &drawn(matrix, &mut self.rng)?)?;
                    // A row like one that was taken would leave a cluster empty.
                    best_of(rows, &|row| if closest[row] > 0.0 { -apart[row] } else { f64::NEG_INFINITY })
                }
            };
            let center = row_of(matrix, row)?;
            let apart = distances(matrix, &center)?;
            self.closest.iter_mut().zip(apart).for_each(|(least, distance)| *least = least.min(distance));
            self.centers.extend(center);
            budget.spend(2 * EXACT_COST * rows * width);
        }
        Ok(true)
    }
}

impl Columns {
    fn of(matrix: &Matrix) -> Result<Columns> {
        let width = matrix.features();
        let mut found = Columns { heights: vec![0.0; matrix.groups().len()], sums: vec![0.0; width] };
        for block in 0..matrix.blocks() {
            let tiles = matrix.exact(block)?;
            for (at, _) in matrix.block(block).enumerate() {
                for (feature, sum) in found.sums.iter_mut().enumerate() {
                    *sum += tiles[at / TILE * width + feature][at % TILE];
                }
                for (height, group) in found.heights.iter_mut().zip(matrix.groups().iter()) {
                    *height = group
                        .clone()
                        .map(|feature| tiles[at / TILE * width + feature][at % TILE])
                        .fold(*height, f64::max);
                }
            }
        }
        Ok(found)
    }

    /// How usual each row's levels are: the mean over the categories of how often its level occurs (up to a factor that is the
    /// same for all rows); 1 without categories.
    fn density(&self, matrix: &Matrix) -> Result<Vec<f64>> {
        let groups = matrix.groups();
        let usual = |row: Vec<f64>| -> f64 {
            let shares =
                groups.iter().zip(&self.heights).filter(|(_, height)| **height > 0.0).map(|(group, height)| {
                    let held = group.clone().filter(|&feature| row[feature] > 0.0);
                    held.map(|feature| libm::round(self.sums[feature] / height)).sum::<f64>()
                });
            shares.sum()
        };
        let rows = 0..matrix.rows();
        rows.map(|row| Ok(if groups.is_empty() { 1.0 } else { usual(row_of(matrix, row)?) })).collect()
    }

    /// Puts the mode in place of the sums of a cluster's levels; of equally frequent levels the first.
    fn modes(&self, matrix: &Matrix, sums: &[f64], center: &mut [f64]) {
        for (group, &height) in matrix.groups().iter().zip(&self.heights) {
            // Counts, so that equally frequent levels are equal whatever the order in which they were added up.
            let count = |feature: usize| if height > 0.0 { libm::round(sums[feature] / height) } else { 0.0 };
            let mode = group.start + best_of(group.len(), &|level| count(group.start + level));
            center[group.clone()].fill(0.0);
            center[mode] = if count(mode) > 0.0 { height } else { 0.0 };
        }
    }
}

impl Run {
    fn new(matrix: &Matrix, centers: Vec<f64>) -> Run {
        let labels = vec![[NO_LABEL; TILE]; matrix.rows().div_ceil(TILE)];
        Run { centers, labels, iterations: 0, converged: false, block: 0, partial: Pass::default() }
    }

    /// Does passes until the budget is spent; true when at rest or at the limit.
    fn step(&mut self, matrix: &Matrix, columns: &Columns, limit: usize, budget: &mut Budget) -> Result<bool> {
        while !(self.converged || self.iterations >= limit) {
            if budget.is_spent() {
                return Ok(false);
            }
            let range = matrix.block(self.block);
            let labels = &mut self.labels[range.start / TILE..range.end.div_ceil(TILE)];
            let tiles = matrix.exact(self.block)?;
            let (width, quick) = (matrix.features(), matrix.quick(self.block));
            self.partial.merge(Pass::exact(&self.centers, width, quick, &tiles, range.len(), labels));
            budget.spend(EXACT_COST * range.len() * self.centers.len());
            self.block += 1;
            if self.block == matrix.blocks() {
                self.finish_pass(matrix, columns)?;
            }
        }
        Ok(true)
    }

    fn finish_pass(&mut self, matrix: &Matrix, columns: &Columns) -> Result<()> {
        let found = std::mem::take(&mut self.partial);
        let width = matrix.features();
        (self.block, self.iterations) = (0, self.iterations + 1);
        for (index, center) in self.centers.chunks_exact_mut(width).enumerate() {
            let sums = &found.sums[index * width..][..width];
            if found.counts[index] > 0 {
                let count = found.counts[index] as f64;
                center.iter_mut().zip(sums).for_each(|(value, sum)| *value = sum / count);
                columns.modes(matrix, sums, center);
            }
        }
        let repaired = found.counts.contains(&0) && self.repair(matrix, &found.counts)?;
        self.converged = found.changed == 0 && !repaired;
        Ok(())
    }

    /// Moves each prototype without members to the row that is least like its own prototype. False when every row is like it.
    fn repair(&mut self, matrix: &Matrix, counts: &[i64]) -> Result<bool> {
        let width = matrix.features();
        let mut repaired = false;
        for empty in (0..counts.len()).filter(|&index| counts[index] == 0) {
            let mut farthest = (0.0, None);
            for row in 0..matrix.rows() {
                let label = self.labels[row / TILE][row % TILE] as usize;
                let values = row_of(matrix, row)?;
                let distance = squared(&values, &self.centers[label * width..][..width]);
                if counts[label] > 1 && distance > farthest.0 {
                    farthest = (distance, Some((row, values)));
                }
            }
            let Some((row, values)) = farthest.1 else { break };
            // The row now lies on its prototype, so that the next one is another.
            self.labels[row / TILE][row % TILE] = empty as f32;
            self.centers[empty * width..][..width].copy_from_slice(&values);
            repaired = true;
        }
        Ok(repaired)
    }

    fn found(self, matrix: &Matrix, starts: usize, at_best: usize) -> Found {
        let mut labels: Vec<u32> = self.labels.iter().flatten().map(|&label| label as u32).collect();
        labels.truncate(matrix.rows());
        let centers = self.centers.chunks_exact(matrix.features()).map(<[f64]>::to_vec).collect();
        let notice = format!(
            "{at_best} of {starts} starts came to this result. The first begins with usual customers far apart (Cao), the others with prototypes drawn by chance (Huang)."
        );
        Found {
            model: Model::Centers { centers },
            labels,
            iterations: self.iterations,
            converged: self.converged,
            linkage: None,
            likelihood: None,
            notices: vec![notice],
        }
    }
}

/// A prototype that is drawn: each number and each category from a row of its own, so that a level's chance is its frequency.
fn drawn(matrix: &Matrix, rng: &mut Rng) -> Result<Vec<f64>> {
    let mut values = vec![0.0; matrix.features()];
    let mut feature = 0;
    while feature < values.len() {
        let end = matrix.groups().iter().find(|group| group.start == feature).map_or(feature + 1, |group| group.end);
        let row = row_of(matrix, rng.below(matrix.rows()))?;
        values[feature..end].copy_from_slice(&row[feature..end]);
        feature = end;
    }
    Ok(values)
}

fn row_of(matrix: &Matrix, row: usize) -> Result<Vec<f64>> {
    let (width, at) = (matrix.features(), row % BLOCK);
    let tiles = matrix.exact(row / BLOCK)?;
    Ok(tiles[at / TILE * width..][..width].iter().map(|lanes| lanes[at % TILE]).collect())
}

/// Squared distances of all rows from a point.
fn distances(matrix: &Matrix, point: &[f64]) -> Result<Vec<f64>> {
    let mut distances = Vec::with_capacity(matrix.rows());
    for block in 0..matrix.blocks() {
        let end = distances.len() + matrix.block(block).len();
        for tile in matrix.exact(block)?.chunks_exact(point.len()) {
            let mut sums = [0.0; TILE];
            for (lanes, center) in tile.iter().zip(point) {
                sums.iter_mut().zip(lanes).for_each(|(sum, value)| *sum += (value - center) * (value - center));
            }
            distances.extend(sums);
        }
        distances.truncate(end);
    }
    Ok(distances)
}

fn squared(row: &[f64], center: &[f64]) -> f64 {
    row.iter().zip(center).map(|(value, center)| (value - center) * (value - center)).sum()
}

/// The first of the largest.
fn best_of(count: usize, worth: &dyn Fn(usize) -> f64) -> usize {
    (0..count).reduce(|best, at| if worth(at) > worth(best) { at } else { best }).unwrap_or(0)
}
