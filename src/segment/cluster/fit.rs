//! k-means for one k: the best of several seeded starts.

use crate::error::Result;
use crate::features::matrix::Matrix;
use crate::math::rng::Rng;
use crate::segment::cluster::budget::Budget;
use crate::segment::cluster::lloyd::Lloyd;
use crate::segment::cluster::start::Start;

/// Differences in inertia below this share are rounding, not a better result.
const SAME: f64 = 1e-9;

/// The search in the making. It is meant for matrices of some ten thousand rows: every result is measured in one step.
#[derive(Clone, Debug)]
pub struct Fit {
    k: usize,
    seed: u64,
    restarts: usize,
    limit: usize,
    done: usize,
    running: Running,
    best: Option<(f64, Lloyd)>,
}

#[derive(Clone, Debug)]
enum Running {
    Nothing,
    Start(Start),
    Lloyd(Box<Lloyd>),
}

impl Fit {
    /// `restarts` seeded starts with k centres (at least one), each for at most `limit` passes. The seed and k alone decide
    /// the draws: k = 4 gives the same result within a range of k as by itself.
    pub fn new(k: usize, seed: u64, restarts: usize, limit: usize) -> Fit {
        Fit { k, seed, restarts: restarts.max(1), limit, done: 0, running: Running::Nothing, best: None }
    }

    /// From given centres (k × features, scaled), once.
    pub fn from_centers(matrix: &Matrix, centers: Vec<f64>, limit: usize) -> Fit {
        let k = centers.len() / matrix.features();
        let running = Running::Lloyd(Box::new(Lloyd::new(matrix, centers, limit)));
        Fit { k, seed: 0, restarts: 1, limit, done: 0, running, best: None }
    }

    /// Share of the starts that are done.
    pub fn ratio(&self) -> f64 {
        self.done as f64 / self.restarts as f64
    }

    /// Works until the budget is spent; gives the best run after the last start.
    ///
    /// # Errors
    /// Only if the matrix has lost its table.
    pub fn step(&mut self, matrix: &Matrix, budget: &mut Budget) -> Result<Option<Lloyd>> {
        loop {
            match std::mem::replace(&mut self.running, Running::Nothing) {
                Running::Nothing => {
                    let rng = Rng::new(mix(self.seed, self.k as u64, self.done as u64));
                    self.running = Running::Start(Start::new(matrix, self.k, rng));
                }
                Running::Start(mut start) => match start.step(matrix, budget) {
                    Some(centers) => self.running = Running::Lloyd(Box::new(Lloyd::new(matrix, centers, self.limit))),
                    None => {
                        self.running = Running::Start(start);
                        return Ok(None);
                    }
                },
                Running::Lloyd(mut run) => {
                    if !run.step(matrix, budget)? {
                        self.running = Running::Lloyd(run);
                        return Ok(None);
                    }
                    if let Some(best) = self.finished(matrix, *run)? {
                        return Ok(Some(best));
                    }
                }
            }
        }
    }

    /// Keeps the better run; gives it after the last start.
    fn finished(&mut self, matrix: &Matrix, run: Lloyd) -> Result<Option<Lloyd>> {
        self.done += 1;
        if self.restarts == 1 {
            return Ok(Some(run));
        }
        let inertia = run.inertia(matrix)?;
        if self.best.as_ref().is_none_or(|(least, _)| inertia < least * (1.0 - SAME)) {
            self.best = Some((inertia, run));
        }
        Ok(if self.done < self.restarts { None } else { self.best.take().map(|(_, run)| run) })
    }
}

/// A seed of its own for each purpose.
pub fn mix(seed: u64, a: u64, b: u64) -> u64 {
    let spread = a.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ b.wrapping_mul(0xC2B2_AE3D_27D4_EB4F).rotate_left(31);
    Rng::new(seed ^ spread).next_u64()
}
