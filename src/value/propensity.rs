//! How likely is an outcome? Customers of whom it is known are parted: models are fitted to one part, made into probabilities on
//! a second, and measured on the third, which neither has seen.
//!
//! Where too little is known for that, nothing is fitted; the reason is said, and a rule by recency stands in.

use crate::error::{Code, Error, Result};
use crate::job::{Job, Progress, Step};
use crate::math::order::{arranged, rising};
use crate::math::rng::Rng;
use crate::segment::cluster::fit::mix;
use crate::table::figures::{grouped, percent};
use crate::value::design::{Design, Input};
use crate::value::drivers::{Driver, SEEN, driver};
use crate::value::learners::{LOGISTIC_ROWS, Learner, TREE_ROWS, TREES, Tree};
use crate::value::logistic::Logistic;
use crate::value::measure::{Platt, Scores, Tenth, tenths};
use std::rc::Rc;

/// Customers with the outcome, and without, that are needed.
pub const FEWEST: usize = 50;
/// Share of the customers held back when nothing else is said.
pub const HELD_BACK: f64 = 0.25;
/// Of the others, the share that makes what models say into probabilities.
const CALIBRATING: f64 = 0.2;
/// Customers of either part that models are asked about at most.
const ASKED: usize = 20_000;
/// Customers whose probabilities are found in one step.
const PART: usize = 2_048;

/// What is to be told, and from what.
#[derive(Clone, Debug)]
pub struct Question {
    /// By what customers of whom it is known are told apart.
    pub known: Rc<Vec<Input>>,
    /// Of each of them 1 or 0; NaN where unknown.
    pub outcome: Vec<f64>,
    /// The same inputs of the customers who are scored: perhaps the same, perhaps as of a later day.
    pub scored: Rc<Vec<Input>>,
    /// How many these are.
    pub count: usize,
    /// Risk by recency for each of these, for want of a model; NaN where not known.
    pub recency: Vec<f64>,
    /// "logistic", "forest" or both.
    pub methods: Vec<&'static str>,
    /// Share held back.
    pub held_back: f64,
    /// Of the draws.
    pub seed: u64,
}

/// A model, and how it did on the customers held back.
#[derive(Debug)]
pub struct Candidate {
    /// The model.
    pub learner: Learner,
    /// What makes a probability of what it says.
    pub platt: Platt,
    /// On those held back.
    pub scores: Scores,
    /// Log-loss on those by whom it was calibrated: by this the better one is chosen.
    chosen_by: f64,
    /// Probabilities of those held back.
    probabilities: Vec<f64>,
}

/// What was found.
#[derive(Debug)]
pub struct Found {
    /// Of all customers asked about; NaN where not known.
    pub probability: Vec<f64>,
    /// Why there is no model; then `probability` is the risk by recency, and there is nothing below.
    pub refused: Option<String>,
    /// The better model first.
    pub candidates: Vec<Candidate>,
    /// The share of yes of everyone fitted to, as a probability for all, on those held back.
    pub baseline: Scores,
    /// That share.
    pub rate: f64,
    /// Customers of whom the outcome is known; of these yes; held back.
    pub n: usize,
    /// Yes.
    pub positives: usize,
    /// Held back, and of these measured.
    pub held_back: usize,
    /// Customers by whom probabilities were calibrated.
    pub calibrated: usize,
    /// The highest probabilities first.
    pub tenths: Vec<Tenth>,
    /// What counts most first.
    pub drivers: Vec<Driver>,
    /// How inputs became numbers.
    pub design: Design,
    /// What a reader should know.
    pub warnings: Vec<String>,
}

#[derive(Debug)]
enum Stage {
    /// The next input is to be taken in.
    Designing(usize),
    /// So many of the rows fitted to are in the present pass.
    Logistic(Logistic, Vec<usize>, usize),
    /// So many trees stand.
    Growing(Vec<Tree>),
    /// What a model says of those that calibrate it and of those held back.
    Asking(Learner, Vec<f64>),
    /// The next input is to be looked at as a driver.
    Driving(usize),
    Scoring(Vec<f64>),
    Over,
}

/// The work in the making.
#[derive(Debug)]
pub struct PropensityJob {
    question: Question,
    refused: Option<String>,
    fit: Vec<usize>,
    calibrate: Vec<usize>,
    held: Vec<usize>,
    n: usize,
    positives: usize,
    held_back: usize,
    design: Design,
    waiting: Vec<&'static str>,
    candidates: Vec<Candidate>,
    drivers: Vec<Driver>,
    stage: Stage,
}

impl PropensityJob {
    /// Parts the customers; nothing heavy happens yet.
    ///
    /// # Errors
    /// `bad-option` for a share held back that makes no sense, and without inputs.
    pub fn new(question: Question) -> Result<PropensityJob> {
        if !(0.1..=0.5).contains(&question.held_back) {
            let message = format!("“heldBack” is a share from 0.1 to 0.5, not {}.", question.held_back);
            return Err(Error::new(Code::BadOption, message));
        }
        if question.known.is_empty() {
            return Err(Error::new(
                Code::BadOption,
                "No column is left to tell the outcome by. Name some as “features”.",
            ));
        }
        let (mut fit, mut calibrate, mut held) = (Vec::new(), Vec::new(), Vec::new());
        let (mut n, mut positives) = (0, 0);
        for (class, yes) in [(1u64, 1.0), (2, 0.0)] {
            let rows: Vec<usize> = (0..question.outcome.len()).filter(|&row| question.outcome[row] == yes).collect();
            n += rows.len();
            positives += if class == 1 { rows.len() } else { 0 };
            // Each part has its share of both outcomes.
            let mut rng = Rng::new(mix(question.seed, 6_000, class));
            let back = (rows.len() as f64 * question.held_back).round() as usize;
            let rest = part(&mut rng, rows, back, &mut held);
            let some = (rest.len() as f64 * CALIBRATING).round() as usize;
            fit.extend(part(&mut rng, rest, some, &mut calibrate));
        }
        [&mut fit, &mut calibrate, &mut held].into_iter().for_each(|rows| rising(rows));
        let negatives = n - positives;
        let count = |count: usize| grouped(count as u64);
        let refused = (positives.min(negatives) < FEWEST).then(|| {
            format!(
                "A model needs at least {FEWEST} customers with the outcome and {FEWEST} without; there are {} and {}.",
                count(positives),
                count(negatives)
            )
        });
        let held_back = held.len();
        let mut rng = Rng::new(mix(question.seed, 6_000, 3));
        for rows in [&mut calibrate, &mut held] {
            if rows.len() > ASKED {
                *rows = rng.sample(rows.len(), ASKED).into_iter().map(|at| rows[at]).collect();
            }
        }
        let stage = if refused.is_some() { Stage::Over } else { Stage::Designing(0) };
        Ok(PropensityJob {
            waiting: question.methods.clone(),
            question,
            refused,
            fit,
            calibrate,
            held,
            n,
            positives,
            held_back,
            design: Design::default(),
            candidates: Vec::new(),
            drivers: Vec::new(),
            stage,
        })
    }

    fn happened(&self, rows: &[usize]) -> Vec<bool> {
        rows.iter().map(|&row| self.question.outcome[row] == 1.0).collect()
    }

    fn known(&self, rows: &[usize]) -> Vec<f64> {
        self.design.matrix(&self.question.known, rows, None)
    }

    /// At most so many of the rows fitted to, by chance.
    fn some(&self, most: usize, draw: u64) -> Vec<usize> {
        let mut rng = Rng::new(mix(self.question.seed, 6_200, draw));
        rng.sample(self.fit.len(), most).into_iter().map(|at| self.fit[at]).collect()
    }

    fn after_this(&mut self) -> Stage {
        match self.waiting.first().copied() {
            None => {
                // The better one first; of equals the one that was asked for first.
                let order = arranged(self.candidates.len(), &|a, b| {
                    self.candidates[a].chosen_by.total_cmp(&self.candidates[b].chosen_by)
                });
                if order.first() == Some(&1) {
                    self.candidates.swap(0, 1);
                }
                Stage::Driving(0)
            }
            Some(name) => {
                self.waiting.remove(0);
                if name == "logistic" {
                    Stage::Logistic(Logistic::new(self.design.parts.len()), self.some(LOGISTIC_ROWS, 0), 0)
                } else {
                    Stage::Growing(Vec::new())
                }
            }
        }
    }

    fn candidate(&self, learner: Learner, said: &[f64]) -> Candidate {
        let (calibrating, held) = said.split_at(self.calibrate.len());
        let (own, others) = (self.happened(&self.calibrate), self.happened(&self.held));
        let platt = Platt::fit(calibrating, &own);
        let of = |said: &[f64]| -> Vec<f64> { said.iter().map(|&said| platt.of(said)).collect() };
        let probabilities = of(held);
        let chosen_by = Scores::of(&of(calibrating), &own).log_loss;
        Candidate { learner, platt, scores: Scores::of(&probabilities, &others), chosen_by, probabilities }
    }

    fn advance(&mut self) -> Result<Option<Found>> {
        self.stage = match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Designing(at) => match self.question.known.get(at) {
                Some(input) => {
                    self.design.add(input, &self.fit);
                    Stage::Designing(at + 1)
                }
                None if self.design.parts.is_empty() => {
                    self.refused = Some(
                        "Every column is the same for all customers; there is nothing to tell the outcome by.".into(),
                    );
                    Stage::Over
                }
                None => self.after_this(),
            },
            Stage::Logistic(mut model, rows, next) => {
                let end = (next + PART).min(rows.len());
                model.read(self.known(&rows[next..end]), &self.happened(&rows[next..end]));
                match end == rows.len() {
                    false => Stage::Logistic(model, rows, end),
                    true if model.turn() => Stage::Asking(Learner::Logistic(model), Vec::new()),
                    true => Stage::Logistic(model, rows, 0),
                }
            }
            Stage::Growing(trees) if trees.len() == TREES => Stage::Asking(Learner::Forest(trees), Vec::new()),
            Stage::Growing(mut trees) => {
                let draw = 1 + trees.len() as u64;
                let rows = self.some(TREE_ROWS, draw);
                let seed = mix(self.question.seed, 6_100, draw);
                trees.push(Learner::tree(self.known(&rows), &self.happened(&rows), seed)?);
                Stage::Growing(trees)
            }
            Stage::Asking(learner, mut said) => {
                let all = self.calibrate.len() + self.held.len();
                let rows: Vec<usize> =
                    self.calibrate.iter().chain(&self.held).skip(said.len()).take(PART).copied().collect();
                said.extend(learner.says(self.known(&rows), rows.len())?);
                if said.len() < all {
                    Stage::Asking(learner, said)
                } else {
                    let candidate = self.candidate(learner, &said);
                    self.candidates.push(candidate);
                    self.after_this()
                }
            }
            Stage::Driving(at) if at < self.question.known.len() => {
                let best = &self.candidates[0];
                // Every so many-th stands for all.
                let step = self.held.len().div_ceil(SEEN).max(1);
                let rows: Vec<usize> = self.held.iter().copied().step_by(step).collect();
                let happened = self.happened(&rows);
                let found = driver(
                    &self.design,
                    &self.question.known,
                    at,
                    (&rows, &happened),
                    (&best.learner, &best.platt),
                    self.question.seed,
                )?;
                self.drivers.extend(found);
                Stage::Driving(at + 1)
            }
            Stage::Driving(_) => Stage::Scoring(Vec::with_capacity(self.question.count)),
            Stage::Scoring(mut found) if found.len() < self.question.count => {
                let rows: Vec<usize> = (found.len()..self.question.count.min(found.len() + PART)).collect();
                let Candidate { learner, platt, .. } = &self.candidates[0];
                let cells = self.design.matrix(&self.question.scored, &rows, None);
                found.extend(learner.says(cells, rows.len())?.into_iter().map(|said| platt.of(said)));
                Stage::Scoring(found)
            }
            Stage::Scoring(found) => return Ok(Some(self.finish(found))),
            Stage::Over if self.refused.is_some() => return Ok(Some(self.refuse())),
            Stage::Over => {
                return Err(Error::new(
                    Code::Internal,
                    "A finished propensity model was stepped again. Please report this.",
                ));
            }
        };
        Ok(None)
    }

    /// Nothing was fitted: risk by recency.
    fn refuse(&mut self) -> Found {
        let nothing = Scores { auc: f64::NAN, log_loss: f64::NAN, brier: f64::NAN };
        Found {
            probability: std::mem::take(&mut self.question.recency),
            refused: self.refused.take(),
            candidates: Vec::new(),
            baseline: nothing,
            rate: self.positives as f64 / self.n as f64,
            n: self.n,
            positives: self.positives,
            held_back: 0,
            calibrated: 0,
            tenths: Vec::new(),
            drivers: Vec::new(),
            design: Design::default(),
            warnings: Vec::new(),
        }
    }

    fn finish(&mut self, probability: Vec<f64>) -> Found {
        let happened = self.happened(&self.held);
        let own = self.happened(&self.fit);
        let rate = own.iter().filter(|&&one| one).count() as f64 / own.len() as f64;
        let baseline = Scores::of(&vec![rate; happened.len()], &happened);
        let best = &self.candidates[0];
        let mut warnings = Vec::new();
        let share = |part: usize, of: usize| {
            format!("{} of {} ({})", grouped(part as u64), grouped(of as u64), percent(part as u64, of as u64))
        };
        if best.scores.log_loss >= baseline.log_loss {
            warnings.push(
                "On the customers held back the model does no better than giving everyone the same chance; do not act on it.".into(),
            );
        }
        let rarer = self.positives.min(self.n - self.positives);
        if rarer < 10 * FEWEST {
            warnings.push(format!(
                "The rarer of the two outcomes is known of {} only; the figures are rough.",
                share(rarer, self.n)
            ));
        }
        if best.learner.name() == "logistic" && self.fit.len() > LOGISTIC_ROWS {
            warnings.push(format!(
                "The model was fitted to {} customers drawn by chance; probabilities were found for all.",
                share(LOGISTIC_ROWS, self.fit.len())
            ));
        }
        let order =
            arranged(self.drivers.len(), &|a, b| self.drivers[b].importance.total_cmp(&self.drivers[a].importance));
        Found {
            tenths: tenths(&best.probabilities, &happened),
            drivers: order.into_iter().map(|at| self.drivers[at].clone()).collect(),
            probability,
            refused: None,
            candidates: std::mem::take(&mut self.candidates),
            baseline,
            rate,
            n: self.n,
            positives: self.positives,
            held_back: self.held_back,
            calibrated: self.calibrate.len(),
            design: std::mem::take(&mut self.design),
            warnings,
        }
    }

    fn progress(&self) -> Progress {
        let share = |done: usize, of: usize| done as f64 / of.max(1) as f64;
        let (phase, ratio) = match &self.stage {
            Stage::Designing(at) => ("preparing columns", 0.1 * share(*at, self.question.known.len())),
            Stage::Logistic(..) => ("logistic regression", 0.1),
            Stage::Growing(trees) => ("random forest", 0.2 + 0.3 * share(trees.len(), TREES)),
            Stage::Asking(..) => ("measuring", if self.waiting.is_empty() { 0.5 } else { 0.15 }),
            Stage::Driving(at) => ("drivers", 0.6 + 0.1 * share(*at, self.question.known.len())),
            Stage::Scoring(found) => ("predicting", 0.7 + 0.3 * share(found.len(), self.question.count)),
            Stage::Over => ("predicting", 1.0),
        };
        Progress { phase, ratio, rows: self.question.count as u64 }
    }
}

/// Moves `count` of the rows, drawn by chance, to `to`; gives the others.
fn part(rng: &mut Rng, rows: Vec<usize>, count: usize, to: &mut Vec<usize>) -> Vec<usize> {
    let mut chosen = vec![false; rows.len()];
    rng.sample(rows.len(), count).into_iter().for_each(|at| chosen[at] = true);
    to.extend(rows.iter().zip(&chosen).filter(|(_, chosen)| **chosen).map(|(&row, _)| row));
    rows.into_iter().zip(chosen).filter(|(_, chosen)| !chosen).map(|(row, _)| row).collect()
}

impl Job for PropensityJob {
    type Output = Found;

    fn step(&mut self) -> Result<Step<Found>> {
        Ok(match self.advance()? {
            Some(found) => Step::Done(found),
            None => Step::Working(self.progress()),
        })
    }
}
