//! k-means from given centres: exact Lloyd passes, in steps of a few blocks.
//!
//! Many rows are first brought to rest in 32 bits, where only rows that change their cluster touch the sums, and in the end
//! only rows are looked at that may change it; then passes over exact values settle what 32 bits could not tell apart. Few
//! rows are exact from the first pass on, so that small data follow the path of any other exact implementation. Passes are
//! counted as scikit-learn counts them: the last one is the one in which no label changes.

use crate::error::Result;
use crate::features::matrix::Matrix;
use crate::math::measured::{Known, Measured};
use crate::math::pass::{Pass, step_of, steps_of};
use crate::math::tiles::TILE;
use crate::segment::cluster::assign::{Aim, Assigned};
use crate::segment::cluster::budget::Budget;
use crate::segment::cluster::found::Found;
use crate::segment::cluster::model::Model;

/// Up to so many rows every pass is exact.
pub const EXACT_ROWS: usize = 4_096;

/// What an exact pass costs, measured against a quick one.
const EXACT_COST: usize = 3;

/// Rows are put in the order of their times once so few change their cluster that it pays (measured): no more than one in
/// this number ÷ (k × features), and never more than one in [`RESTLESS`].
const CALM: u64 = 1_800;
const RESTLESS: u64 = 10;
/// Passes that must be left.
const LEFT: usize = 6;
/// Values that are kept a second time for it at most.
const MOST_KEPT: u64 = 1 << 26;

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
    rows: Assigned,
    /// While quick: sums of the members, in steps.
    steps: Vec<i64>,
    step: f64,
    /// What this pass goes by, and what the one before went by.
    aim: Aim,
    before: Option<Aim>,
    /// While quick and calm.
    clock: Option<f64>,
    /// While exact: sums of the members, in scaled units.
    sums: Vec<f64>,
    exact: bool,
    /// Exact passes begin: the first of them, if it changes nothing, only confirms and is not counted.
    confirming: bool,
    /// Whether somebody measures all rows from the centres afterwards: [`Lloyd::settle`] then stands for that first pass.
    measured: bool,
    /// For that it waits now.
    waiting: bool,
    /// The next block of this pass.
    pub block: usize,
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
            rows: Assigned::new(matrix),
            steps: vec![0; centers.len()],
            step: step_of(matrix.rows()),
            aim: Aim::default(),
            before: None,
            clock: None,
            sums: Vec::new(),
            exact: matrix.rows() <= EXACT_ROWS,
            confirming: false,
            measured: false,
            waiting: false,
            block: 0,
            partial: Pass::default(),
            centers,
        }
    }

    /// The same for who measures all rows from the centres in the end, and calls [`Lloyd::settle`] with what came of it.
    pub fn measured_afterwards(self) -> Lloyd {
        Lloyd { measured: true, ..self }
    }

    /// After rest in 32 bits: whether that is rest in 64, too. It is where the exact means of the rows that are nearest to each
    /// centre lie where the centre lies, as far as 32 bits can tell; otherwise exact passes are to follow.
    pub fn settle(&mut self, measured: &Measured, unit: f64) -> bool {
        let waiting = std::mem::replace(&mut self.waiting, false);
        // Values of at most 1 are rounded by half as much.
        let near = f64::from(f32::EPSILON) / 2.0 / unit;
        let is_mean = |(cluster, center): (usize, &[f64])| {
            let mean = measured.mean(cluster).unwrap_or_default();
            mean.len() == center.len() && mean.iter().zip(center).all(|(mean, center)| (mean - center).abs() <= near)
        };
        self.converged |= waiting && self.centers.chunks_exact(self.features).enumerate().all(is_mean);
        self.is_over()
    }

    /// The sum of squared distances of all rows from their centres.
    ///
    /// # Errors
    /// Only if the matrix has lost its table.
    pub fn inertia(&self, matrix: &Matrix) -> Result<f64> {
        let mut measured = Measured::new(self.counts.len(), self.features, matrix.rows());
        for block in 0..matrix.blocks() {
            let range = matrix.block(block);
            let known = self.known().of(range.start / TILE..range.end.div_ceil(TILE));
            measured.read(&self.centers, matrix.quick(block), &matrix.exact(block)?, range.len(), known);
        }
        Ok(measured.inertia())
    }

    /// What was found, with labels for the first `rows` rows.
    pub fn found(self, rows: usize) -> Found {
        let labels = self.labels(rows);
        let (iterations, converged) = (self.iterations, self.converged);
        Found { iterations, converged, ..Found::new(self.model(), labels) }
    }

    /// The centres so far.
    pub fn model(&self) -> Model {
        Model::Centers { centers: self.centers.chunks_exact(self.features).map(<[f64]>::to_vec).collect() }
    }

    /// The cluster of each row as of the last pass.
    pub fn labels(&self, rows: usize) -> Vec<u32> {
        let mut labels: Vec<u32> = self.rows.labels.iter().flatten().map(|&label| label as u32).collect();
        labels.truncate(rows);
        labels
    }

    /// Does passes, or a part of one, until the budget is spent; true when at rest or at the limit.
    ///
    /// # Errors
    /// Only if the matrix has lost its table.
    pub fn step(&mut self, matrix: &Matrix, budget: &mut Budget) -> Result<bool> {
        while !self.is_over() {
            if budget.is_spent() {
                return Ok(false);
            }
            if self.block == 0 {
                self.take_aim(matrix);
            }
            budget.spend(self.pass_block(matrix)?);
            if self.block == matrix.blocks() {
                self.finish_pass(matrix)?;
            }
        }
        Ok(true)
    }

    /// Whether no pass is left to be made.
    pub fn is_over(&self) -> bool {
        self.converged || self.waiting || self.iterations >= self.limit
    }

    /// One block of this pass; gives the multiply-adds it took.
    ///
    /// # Errors
    /// Only if the matrix has lost its table.
    pub fn pass_block(&mut self, matrix: &Matrix) -> Result<usize> {
        let found = self.rows.pass(&self.aim, matrix, self.block)?;
        self.merge(found);
        Ok(matrix.block(self.block - 1).len() * self.centers.len() * if self.exact { EXACT_COST } else { 1 })
    }

    /// Adds what the next block came to.
    pub fn merge(&mut self, found: Pass) {
        self.partial.merge(found);
        self.block += 1;
    }

    /// What the pass to come goes by. The clock goes on by as much as any centre and any other moved together: no row comes
    /// nearer to another centre, against its own, by more than that.
    pub fn take_aim(&mut self, matrix: &Matrix) {
        let centers = if self.exact {
            self.centers.clone()
        } else {
            self.centers.iter().map(|value| f64::from((value * matrix.unit()) as f32)).collect()
        };
        self.clock = self.clock.map(|clock| clock + self.moved(&centers));
        self.rows.doubt();
        let aim = Aim { centers, exact: self.exact, step: self.step, time: self.clock };
        let before = std::mem::replace(&mut self.aim, aim);
        self.before = (!before.centers.is_empty()).then_some(before);
    }

    /// By how much the clock goes on from what the last pass went by.
    fn moved(&self, centers: &[f64]) -> f64 {
        let (mut most, mut next) = (0.0f64, 0.0f64);
        for (new, old) in centers.chunks_exact(self.features).zip(self.aim.centers.chunks_exact(self.features)) {
            let square: f64 = new.iter().zip(old).map(|(new, old)| (new - old) * (new - old)).sum();
            (most, next) = (most.max(square.sqrt()), next.max(most.min(square.sqrt())));
        }
        (most + next) * (1.0 + 1e-9)
    }

    /// What the clock has come to with the centres where they are.
    fn now(&self, unit: f64) -> f64 {
        let centers: Vec<f64> = self.centers.iter().map(|value| value * unit).collect();
        self.clock.unwrap_or_default() + self.moved(&centers)
    }

    /// What is known of where rows belong by the centres, after the last pass.
    pub fn known(&self) -> Known<'_> {
        self.rows.known()
    }

    /// What this pass goes by.
    pub fn aim(&self) -> &Aim {
        &self.aim
    }

    /// Finds the clusters of a block that another engine knew: as of this pass, if that is done, or of the one before.
    ///
    /// # Errors
    /// Only if the matrix has lost its table.
    pub fn recall(&mut self, matrix: &Matrix, block: usize, done: bool) -> Result<()> {
        if let Some(aim) = if done { Some(&self.aim) } else { self.before.as_ref() } {
            self.rows.pass(&Aim { time: None, ..aim.clone() }, matrix, block)?;
        }
        Ok(())
    }

    /// Whether a cluster has lost its last member in this pass.
    pub fn has_empty(&self) -> bool {
        let quick = !self.exact;
        let counts = self.counts.iter().zip(&self.partial.counts);
        counts.map(|(before, now)| if quick { before + now } else { *now }).any(|count| count == 0)
    }

    /// From what all blocks came to, to the next centres.
    ///
    /// # Errors
    /// Only if the matrix has lost its table.
    pub fn finish_pass(&mut self, matrix: &Matrix) -> Result<()> {
        let found = std::mem::take(&mut self.partial);
        self.block = 0;
        let rest = found.changed == 0;
        if self.exact {
            (self.sums, self.counts) = (found.sums, found.counts);
        } else {
            self.steps.iter_mut().zip(&found.steps).for_each(|(steps, change)| *steps += change);
            self.counts.iter_mut().zip(&found.counts).for_each(|(count, change)| *count += change);
        }
        if !(self.confirming && rest) {
            self.iterations += 1;
        }
        self.confirming = false;
        (0..self.counts.len()).for_each(|cluster| self.center(cluster, matrix.unit()));
        let empty = self.counts.contains(&0);
        if empty || rest || self.iterations >= self.limit {
            self.rows.settle(self.now(matrix.unit()));
            self.clock = None;
        } else if !self.exact && self.clock.is_none() && self.is_calm(found.changed, matrix.rows()) {
            self.clock = Some(0.0);
        }
        let repaired = empty && self.repair(matrix)?;
        if repaired {
            self.rows.doubt();
        }
        if rest && !repaired {
            if self.exact {
                self.converged = true;
            } else if self.iterations < self.limit {
                (self.exact, self.confirming, self.waiting) = (true, true, self.measured);
            }
        }
        Ok(())
    }

    /// Whether it pays to put the rows in the order of their times.
    fn is_calm(&self, changed: u64, rows: usize) -> bool {
        let (rows, values) = (rows as u64, self.centers.len() as u64);
        self.counts.len() > 1
            && changed * RESTLESS <= rows
            && changed * CALM <= rows * values
            && self.iterations + LEFT <= self.limit
            && rows * self.features as u64 <= MOST_KEPT
    }

    /// Brings a centre to the mean of its members, if it has any.
    fn center(&mut self, cluster: usize, unit: f64) {
        let (count, range) = (self.counts[cluster] as f64, cluster * self.features..(cluster + 1) * self.features);
        if count > 0.0 {
            let center = self.centers[range.clone()].iter_mut();
            if self.exact {
                center.zip(&self.sums[range]).for_each(|(center, sum)| *center = sum / count);
            } else {
                let divisor = self.step * count;
                center.zip(&self.steps[range]).for_each(|(center, &steps)| *center = steps as f64 / divisor / unit);
            }
        }
    }

    /// Moves each centre without members to the row that lies farthest from its own centre, which then leaves its former
    /// cluster. False when there is no such row.
    fn repair(&mut self, matrix: &Matrix) -> Result<bool> {
        let empty: Vec<usize> = (0..self.counts.len()).filter(|&index| self.counts[index] == 0).collect();
        let mut farthest: Vec<(f64, usize, Vec<f64>)> = Vec::new();
        for block in 0..matrix.blocks() {
            let tiles = matrix.exact(block)?;
            for (offset, row) in matrix.block(block).enumerate() {
                let label = self.rows.labels[row / TILE][row % TILE] as usize;
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
        for (&to, (_, row, values)) in empty.iter().zip(&farthest) {
            let (tile, lane) = (row / TILE, row % TILE);
            let from = self.rows.labels[tile][lane] as usize;
            self.rows.labels[tile][lane] = to as f32;
            self.counts[from] -= 1;
            self.counts[to] = 1;
            for (j, &value) in values.iter().enumerate() {
                let (from, to) = (from * self.features + j, to * self.features + j);
                if self.exact {
                    self.sums[from] -= value;
                    self.sums[to] = value;
                } else {
                    let steps = steps_of(matrix.fast().get(*row, j), self.step);
                    self.steps[from] -= steps;
                    self.steps[to] = steps;
                }
            }
            self.center(from, matrix.unit());
            self.center(to, matrix.unit());
        }
        Ok(repaired)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::rng::Rng;
    use crate::math::tiles::Tiles;
    use crate::segment::cluster::measure::Measuring;
    use std::rc::Rc;

    /// Overlapping clouds; every tenth row far out when `far`, so that one feature's unit hides what the others hold.
    fn clouds(seed: u64, rows: usize, features: usize, far: bool) -> Matrix {
        let mut rng = Rng::new(seed);
        let middles: Vec<f64> = (0..9 * features).map(|_| 4.0 * rng.unit()).collect();
        let mut tiles = Tiles::<f64>::zeros(rows, features);
        for row in 0..rows {
            let cloud = rng.below(9);
            for j in 0..features {
                let out = if far && row % 10 == 0 { 1e5 * rng.unit() } else { 0.0 };
                tiles.set(row, j, middles[cloud * features + j] + rng.unit() + rng.unit() + out);
            }
        }
        Matrix::kept(tiles, Rc::new(Vec::new()))
    }

    fn pass(run: &mut Lloyd, matrix: &Matrix) {
        run.take_aim(matrix);
        loop {
            run.pass_block(matrix).unwrap();
            if run.block == matrix.blocks() {
                return run.finish_pass(matrix).unwrap();
            }
        }
    }

    /// All rows by the centres, with what the run knows of them and without.
    fn measured(run: &Lloyd, matrix: &Matrix) -> Measured {
        let mut measuring = Measuring::new(matrix, &run.model());
        loop {
            if let Some(found) = measuring.step_knowing(matrix, run.known()).unwrap() {
                assert_eq!(found, Measuring::all(matrix, &run.model()).unwrap());
                return found;
            }
        }
    }

    #[test]
    fn rows_that_are_passed_over_would_not_have_changed() {
        let (mut calm_passes, mut sure, mut unsure) = (0, 0, 0);
        for (seed, rows, features, k, far) in [
            (1, 5_000, 1, 3, false),
            (2, 9_003, 4, 5, false),
            (3, 70_001, 8, 20, false),
            (4, 20_000, 3, 12, true),
            (5, 6_001, 2, 2, false),
        ] {
            let matrix = clouds(seed, rows, features, far);
            let centers: Vec<f64> =
                (0..k).flat_map(|at| matrix.fast().row(at * 7)).map(|v| v / matrix.unit()).collect();
            let mut timed = Lloyd::new(&matrix, centers.clone(), 60);
            let mut plain = Lloyd::new(&matrix, centers, 60);
            while !(timed.converged || timed.iterations == 60) {
                pass(&mut timed, &matrix);
                pass(&mut plain, &matrix);
                (plain.clock, timed.clock) = (None, timed.clock.or((!timed.exact).then_some(0.0)));
                let mut settled = timed.clone();
                settled.rows.settle(timed.now(matrix.unit()));
                measured(&settled, &matrix);
                let known = settled.known().sure.iter().map(|sure| sure.count_ones()).sum::<u32>();
                (sure, unsure) = (sure + known as usize, unsure + rows - known as usize);
                assert_eq!((&settled.rows.labels, &timed.counts), (&plain.rows.labels, &plain.counts), "seed {seed}");
                assert_eq!((&timed.steps, &timed.centers), (&plain.steps, &plain.centers), "seed {seed}");
                assert_eq!((timed.iterations, timed.exact), (plain.iterations, plain.exact));
                calm_passes += usize::from(timed.aim.time.is_some());
            }
        }
        assert!(calm_passes > 40, "{calm_passes} passes passed rows over");
        assert!(sure > unsure, "{sure} rows were known, {unsure} were not");
    }

    #[test]
    fn rest_in_32_bits_is_rest_where_the_exact_means_are_the_centres() {
        let mut went_on = 0;
        for (seed, rows, features, k, far) in
            [(1, 5_000, 1, 3, false), (2, 9_003, 4, 5, false), (3, 30_001, 8, 20, false), (4, 20_000, 3, 12, true)]
        {
            let matrix = clouds(seed, rows, features, far);
            let centers: Vec<f64> =
                (0..k).flat_map(|at| matrix.fast().row(at * 7)).map(|v| v / matrix.unit()).collect();
            let run = |mut run: Lloyd| {
                loop {
                    while !run.step(&matrix, &mut Budget::default()).unwrap() {}
                    let measured = measured(&run, &matrix);
                    if run.settle(&measured, matrix.unit()) {
                        return (run, measured);
                    }
                    went_on += 1;
                }
            };
            let (mut quick, mut exact) = (run, Vec::new());
            for lloyd in [Lloyd::new(&matrix, centers.clone(), 200), Lloyd::new(&matrix, centers, 200)] {
                exact.push(quick(if exact.is_empty() { lloyd.measured_afterwards() } else { lloyd }));
            }
            let [(quick, found), (plain, expected)] = &exact[..] else { panic!() };
            assert!(quick.converged && plain.converged);
            assert_eq!((&found.labels, quick.iterations), (&expected.labels, plain.iterations), "seed {seed}");
            assert!((found.inertia() / expected.inertia() - 1.0).abs() < 1e-12);
        }
        println!("{went_on} runs went on in 64 bits");
    }
}
