//! Which bells, laid over each other, make the rows most likely? Gaussian mixtures by expectation and maximisation (Dempster,
//! Laird and Rubin 1977), the best of several starts: by turns from k-means and from random rows, each with the rows nearest to it.
//!
//! Likelihoods are those of the scaled values. What is left of a feature's variance in a bell, beside the features before
//! it, is held at a least one: a bell over equal rows would be infinitely likely. A feature of steps (counts, ages, cents) is
//! known to a step only, so that no bell of it is narrower than a step's own variance, a twelfth of its square (Sheppard);
//! others are held at a millionth of their variance over all rows. A start in which the latter happened does not count,
//! unless it did in all.

use crate::error::Result;
use crate::features::matrix::Matrix;
use crate::math::bells::{Bells, Reader, Reading, inverse_root};
use crate::math::rng::Rng;
use crate::math::tiles::TILE;
use crate::segment::cluster::budget::Budget;
use crate::segment::cluster::fit::{Fit, mix};
use crate::segment::cluster::found::{Found, Likelihood};
use crate::segment::cluster::method::Covariance;
use crate::segment::cluster::model::Model;

/// Least share of a feature's variance.
const FLOOR: f64 = 1e-6;
/// With more different values a feature's steps are too small to matter.
const VALUES: usize = 1_000;
/// At rest when the likelihood's logarithm changes by less than this share of itself, or of the number of rows if that is more.
const REST: f64 = 1e-9;
/// Starts that differ by less than this share reached the same.
const SAME: f64 = 1e-6;
/// The first start is the best of so many k-means starts.
const FIRST: usize = 5;
/// Passes of k-means.
const PASSES: usize = 100;
/// Tiles of rows read together.
const CHUNK: usize = 64;
/// Starts when nothing else is said, at least and at most. There are many hills: with seven bells of two columns, one start
/// in seven finds the highest.
const RESTARTS: (usize, usize) = (3, 40);
/// Rows × k × squared features × starts that the default aims at.
const START_WORK: usize = 4_000_000;

/// Starts for so much work a start, when nothing else is said.
pub fn default_restarts(rows: usize, k: usize, features: usize) -> usize {
    (START_WORK / (rows * k * features * features).max(1)).clamp(RESTARTS.0, RESTARTS.1)
}

/// The search in the making.
#[derive(Clone, Debug)]
pub struct Mixture {
    shape: Covariance,
    k: usize,
    seed: u64,
    restarts: usize,
    limit: usize,
    done: usize,
    running: Running,
    /// Least variances; none before the first start.
    floors: Vec<Floor>,
    /// Likelihoods of the starts that count, and how many do not.
    reached: Vec<f64>,
    collapsed: usize,
    best: Option<Run>,
}

#[derive(Clone, Debug)]
enum Running {
    Nothing,
    Start(Box<Fit>),
    Run(Box<Run>),
}

impl Mixture {
    /// `restarts` starts (at least one) with `k` bells, each for at most `limit` passes.
    pub fn new(shape: Covariance, k: usize, seed: u64, restarts: usize, limit: usize) -> Mixture {
        Mixture {
            shape,
            k,
            seed,
            restarts: restarts.max(1),
            limit,
            done: 0,
            running: Running::Nothing,
            floors: Vec::new(),
            reached: Vec::new(),
            collapsed: 0,
            best: None,
        }
    }

    /// Share of the starts that are done.
    pub fn ratio(&self) -> f64 {
        self.done as f64 / self.restarts as f64
    }

    /// Works until the budget is spent; gives the best after the last start.
    ///
    /// # Errors
    /// None for a matrix of which everything is kept.
    pub fn step(&mut self, matrix: &Matrix, budget: &mut Budget) -> Result<Option<Found>> {
        while self.done < self.restarts {
            match std::mem::replace(&mut self.running, Running::Nothing) {
                Running::Nothing => {
                    if self.floors.is_empty() {
                        self.floors = floors(matrix, self.shape)?;
                    }
                    let seed = mix(self.seed, self.k as u64, 5_000 + self.done as u64);
                    self.running = Running::Start(Box::new(if self.done.is_multiple_of(2) {
                        Fit::new(self.k, seed, if self.done == 0 { FIRST } else { 1 }, PASSES)
                    } else {
                        let rows = Rng::new(seed).sample(matrix.rows(), self.k);
                        let center = |row: usize| matrix.fast().row(row).into_iter().map(|value| value / matrix.unit());
                        Fit::from_centers(matrix, rows.into_iter().flat_map(center).collect(), 1)
                    }));
                }
                Running::Start(mut fit) => match fit.step(matrix, budget)? {
                    Some(run) => {
                        let labels = run.labels(matrix.rows());
                        self.running = Running::Run(Box::new(Run::new(&self.floors, self.shape, self.k, labels)));
                    }
                    None => {
                        self.running = Running::Start(fit);
                        return Ok(None);
                    }
                },
                Running::Run(mut run) => {
                    if !run.step(matrix, self.limit, budget)? {
                        self.running = Running::Run(run);
                        return Ok(None);
                    }
                    self.finished(*run);
                }
            }
        }
        match self.best.take() {
            Some(best) => self.found(matrix, best).map(Some),
            None => Ok(None),
        }
    }

    /// Keeps the better run; one that did not collapse is better than one that did.
    fn finished(&mut self, run: Run) {
        self.done += 1;
        if run.held == Held::AtNothing {
            self.collapsed += 1;
        } else {
            self.reached.push(run.last);
        }
        let worth = |run: &Run| (run.held != Held::AtNothing, run.last);
        let better = |best: &Run| worth(&run) > worth(best);
        if self.best.as_ref().is_none_or(better) {
            self.best = Some(run);
        }
    }

    fn found(&self, matrix: &Matrix, best: Run) -> Result<Found> {
        let (k, width) = (self.k, matrix.features());
        let mut notices = Vec::new();
        match best.held {
            Held::Not => {}
            Held::AtStep => notices.push(
                "Some cluster’s rows are nearly equal in a column; its spread there was held at what one step of the column’s values leaves open."
                    .to_string(),
            ),
            Held::AtNothing => notices.push(
                "Some cluster’s rows are nearly equal in a column; its spread there was held at a thousandth of the column’s."
                    .to_string(),
            ),
        }
        if self.collapsed > 0 && best.held != Held::AtNothing {
            notices.push(format!(
                "{} of {} starts ended with a cluster of nearly equal rows and do not count.",
                self.collapsed, self.restarts
            ));
        }
        let same = |reached: &&f64| (**reached - best.last).abs() <= SAME * best.last.abs();
        let numbers = match self.shape {
            Covariance::Spherical => k,
            Covariance::Diagonal => k * width,
            Covariance::Tied => width * (width + 1) / 2,
            Covariance::Full => k * width * (width + 1) / 2,
        };
        let likelihood = Likelihood {
            log_likelihood: best.last,
            parameters: k - 1 + k * width + numbers,
            starts_at_best: if best.held == Held::AtNothing { 1 } else { self.reached.iter().filter(same).count() },
            entropy: best.entropy,
            goodness: None,
        };
        let (iterations, converged) = (best.iterations, best.converged);
        let model = best.model(width);
        let labels = model.place(width, &matrix.exact(0)?, matrix.rows());
        Ok(Found { iterations, converged, likelihood: Some(likelihood), notices, ..Found::new(model, labels) })
    }
}

/// The least variance of a feature, and whether its steps say so.
#[derive(Clone, Copy, Debug)]
struct Floor {
    variance: f64,
    of_steps: bool,
}

/// Whether some variance is held at its floor, and at which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Held {
    Not,
    AtStep,
    AtNothing,
}

/// The least variance of each feature.
fn floors(matrix: &Matrix, shape: Covariance) -> Result<Vec<Floor>> {
    let (width, rows, tiles) = (matrix.features(), matrix.rows(), matrix.exact(0)?);
    // The matrix is centred, so differences from 0 lose no digits.
    let one = Bells::new(&[1.0], vec![0.0; width], vec![1.0; width], false);
    let mut reader = one.reader();
    reader.read(&one, &tiles, rows, Some(&vec![0; rows]));
    let all = reader.finish();
    let variances = all.products.iter().zip(&all.sums);
    let mut least: Vec<f64> = variances
        .map(|(square, sum)| (square - sum * sum / rows as f64) / rows as f64)
        .map(|variance| FLOOR * if variance > 0.0 { variance } else { 1.0 })
        .collect();
    let values = |feature: usize| {
        let tiles = tiles.iter().skip(feature).step_by(width.max(1));
        tiles.flatten().copied().take(rows)
    };
    let mut steps: Vec<f64> =
        (0..width).map(|feature| smallest_step(values(feature)).map_or(0.0, |step| step * step / 12.0)).collect();
    if shape == Covariance::Spherical {
        for all in [&mut least, &mut steps] {
            let mean = all.iter().sum::<f64>() / width as f64;
            all.fill(mean);
        }
    }
    let floor = |(least, step): (f64, f64)| Floor { variance: least.max(step), of_steps: step > least };
    Ok(least.into_iter().zip(steps).map(floor).collect())
}

/// The smallest difference between two different values, where there are few of them.
fn smallest_step(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut known: Vec<f64> = Vec::new();
    for value in values {
        if let Err(at) = known.binary_search_by(|other| other.total_cmp(&value)) {
            if known.len() == VALUES {
                return None;
            }
            known.insert(at, value);
        }
    }
    known.windows(2).map(|pair| pair[1] - pair[0]).filter(|&step| step > 0.0).min_by(f64::total_cmp)
}

/// One start on its way to rest.
#[derive(Clone, Debug)]
struct Run {
    shape: Covariance,
    shares: Vec<f64>,
    bells: Bells,
    floors: Vec<f64>,
    of_steps: Vec<bool>,
    held: Held,
    labels: Option<Vec<u32>>,
    reader: Reader,
    tile: usize,
    iterations: usize,
    converged: bool,
    last: f64,
    entropy: f64,
}

impl Run {
    /// From a first guess of the labels.
    fn new(floors: &[Floor], shape: Covariance, k: usize, labels: Vec<u32>) -> Run {
        let width = floors.len();
        let triangle = matches!(shape, Covariance::Tied | Covariance::Full);
        let size = if triangle { width * (width + 1) / 2 } else { width };
        // The matrix is centred, so differences from 0 lose no digits.
        let bells = Bells::new(&vec![1.0; k], vec![0.0; k * width], vec![1.0; k * size], triangle);
        Run {
            shape,
            shares: vec![1.0; k],
            reader: bells.reader(),
            bells,
            floors: floors.iter().map(|floor| floor.variance).collect(),
            of_steps: floors.iter().map(|floor| floor.of_steps).collect(),
            held: Held::Not,
            labels: Some(labels),
            tile: 0,
            iterations: 0,
            converged: false,
            last: f64::NEG_INFINITY,
            entropy: 0.0,
        }
    }

    /// Makes passes until the budget is spent; true when at rest or at the limit.
    fn step(&mut self, matrix: &Matrix, limit: usize, budget: &mut Budget) -> Result<bool> {
        let (width, rows, tiles) = (matrix.features(), matrix.rows(), matrix.exact(0)?);
        let count = rows.div_ceil(TILE);
        let numbers = self.bells.roots().len() + self.bells.means().len();
        loop {
            while self.tile < count {
                if budget.is_spent() {
                    return Ok(false);
                }
                let end = (self.tile + CHUNK).min(count);
                let (from, to) = (self.tile * TILE, rows.min(end * TILE));
                let labels = self.labels.as_ref().map(|labels| &labels[from..to]);
                self.reader.read(&self.bells, &tiles[self.tile * width..end * width], to - from, labels);
                budget.spend((to - from) * (4 * numbers + 40 * self.shares.len()));
                self.tile = end;
            }
            let found = self.reader.finish();
            if self.labels.take().is_none() {
                self.iterations += 1;
                let change = (found.log_likelihood - self.last).abs();
                self.converged = change <= REST * found.log_likelihood.abs().max(rows as f64);
                (self.last, self.entropy) = (found.log_likelihood, found.entropy);
                if self.converged || self.iterations >= limit {
                    return Ok(true);
                }
            }
            self.maximise(&found, rows);
            (self.reader, self.tile) = (self.bells.reader(), 0);
        }
    }

    /// The bells that make what was read most likely.
    fn maximise(&mut self, found: &Reading, rows: usize) {
        let (k, width) = (self.shares.len(), self.floors.len());
        let size = self.bells.roots().len() / k;
        let (mut means, mut roots) = (self.bells.means().to_vec(), self.bells.roots().to_vec());
        let mut covariances = found.products.clone();
        let triangle = matches!(self.shape, Covariance::Tied | Covariance::Full);
        for cluster in 0..k {
            let (count, sums) = (found.counts[cluster], &found.sums[cluster * width..][..width]);
            self.shares[cluster] = count / rows as f64;
            let mut own = covariances[cluster * size..][..size].iter_mut();
            for (a, &sum) in sums.iter().enumerate() {
                for &other in if triangle { &sums[..=a] } else { &sums[a..=a] } {
                    if let Some(product) = own.next() {
                        // Products were taken around the means before; around the new ones they are smaller.
                        *product -= sum * (other / count.max(f64::MIN_POSITIVE));
                    }
                }
                means[cluster * width + a] += if count > 0.0 { sum / count } else { 0.0 };
            }
        }
        if self.shape == Covariance::Tied {
            let pooled: Vec<f64> =
                (0..size).map(|at| (0..k).map(|cluster| covariances[cluster * size + at]).sum()).collect();
            covariances = pooled.repeat(k);
        }
        self.held = Held::Not;
        for cluster in 0..k {
            let count = if self.shape == Covariance::Tied { rows as f64 } else { found.counts[cluster] };
            // Of a bell that nobody belongs to, nothing can be learnt.
            if count < 1e-6 {
                self.held = Held::AtNothing;
                continue;
            }
            let mut own: Vec<f64> = covariances[cluster * size..][..size].iter().map(|sum| sum / count).collect();
            if self.shape == Covariance::Spherical {
                let mean = own.iter().sum::<f64>() / width as f64;
                own.fill(mean);
            }
            let root = &mut roots[cluster * size..][..size];
            let held: Vec<bool>;
            if triangle {
                let (inverse, floored) = inverse_root(&own, &self.floors);
                root.copy_from_slice(&inverse);
                held = floored;
            } else {
                held = own.iter().zip(&self.floors).map(|(variance, floor)| variance <= floor).collect();
                for ((root, &variance), &floor) in root.iter_mut().zip(&own).zip(&self.floors) {
                    *root = 1.0 / variance.max(floor).sqrt();
                }
            }
            for (_, &of_steps) in held.iter().zip(&self.of_steps).filter(|(held, _)| **held) {
                self.held = self.held.max(if of_steps { Held::AtStep } else { Held::AtNothing });
            }
        }
        self.bells = Bells::new(&self.shares, means, roots, triangle);
    }

    fn model(self, width: usize) -> Model {
        let size = self.bells.roots().len() / self.shares.len();
        let triangle = matches!(self.shape, Covariance::Tied | Covariance::Full);
        let entry = |root: &[f64], a: usize, b: usize| match a.cmp(&b) {
            std::cmp::Ordering::Less => 0.0,
            std::cmp::Ordering::Equal if !triangle => root[a],
            _ if triangle => root[a * (a + 1) / 2 + b],
            _ => 0.0,
        };
        let square =
            |root: &[f64]| (0..width * width).map(|at| entry(root, at / width, at % width)).collect::<Vec<f64>>();
        Model::Gaussian {
            means: self.bells.means().chunks(width).map(<[f64]>::to_vec).collect(),
            roots: self.bells.roots().chunks(size).map(square).collect(),
            shares: self.shares,
        }
    }
}
