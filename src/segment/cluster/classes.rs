//! Latent classes: which kinds of respondents would make these answers most likely? Within a class the answers to different
//! questions are independent (Lazarsfeld; fitted by EM after Goodman 1974). Rows with the same answers are one pattern that
//! counts so often. A question that was not answered says nothing of a row, which is what the likelihood of missing at
//! random asks for.

use crate::error::Result;
use crate::features::matrix::Matrix;
use crate::math::order::arranged;
use crate::math::rng::Rng;
use crate::math::stats::Sum;
use crate::math::tiles::TILE;
use crate::segment::cluster::budget::Budget;
use crate::segment::cluster::fit::mix;
use crate::segment::cluster::found::{Found, Goodness, Likelihood};
use crate::segment::cluster::model::Model;
use std::ops::Range;
use std::rc::Rc;

/// No chance of an answer and no share of a class is taken to be smaller: an answer nobody of a class gave stays possible.
pub const FLOOR: f64 = 1e-10;
/// A start rests when its log-likelihood grows by less than this share of itself in a pass.
const NEARLY: f64 = 1e-9;
/// The best start goes on to here.
const RESTS: f64 = 1e-13;
/// Starts whose log-likelihoods differ by less than this share have found the same.
const SAME: f64 = 1e-6;
/// What the exponential of one pattern and class costs, in multiply-adds of the quick kernel.
const EXP_COST: usize = 40;

/// The search in the making: seeded random starts, of which the best is brought to rest. It is meant for matrices of some ten
/// thousand rows.
#[derive(Clone, Debug)]
pub struct Classes {
    k: usize,
    seed: u64,
    restarts: usize,
    limit: usize,
    survey: Option<Rc<Survey>>,
    /// Log-likelihoods of the starts that are done.
    reached: Vec<f64>,
    running: Option<Run>,
    best: Option<Run>,
}

/// What was answered.
#[derive(Debug)]
struct Survey {
    /// Features, question by question: the possible answers.
    questions: Rc<Vec<Range<usize>>>,
    features: usize,
    /// The answers of each pattern, one a question, as features; [`UNANSWERED`] where there is none.
    patterns: Vec<Vec<u32>>,
    /// Rows with each pattern.
    counts: Vec<f64>,
    rows: f64,
}

const UNANSWERED: u32 = u32::MAX;

/// One start on its way to rest.
#[derive(Clone, Debug)]
struct Run {
    /// Natural logarithms of the classes' shares.
    shares: Vec<f64>,
    /// Features × classes: natural logarithms of the chances of each answer.
    answers: Vec<f64>,
    /// Of these, once they were looked at.
    log_likelihood: f64,
    entropy: f64,
    iterations: usize,
}

impl Classes {
    /// `restarts` random starts with k classes (at least one), each for at most `limit` passes.
    pub fn new(k: usize, seed: u64, restarts: usize, limit: usize) -> Classes {
        let restarts = if k == 1 { 1 } else { restarts.max(1) };
        Classes { k, seed, restarts, limit, survey: None, reached: Vec::new(), running: None, best: None }
    }

    /// Share of the starts that are done.
    pub fn ratio(&self) -> f64 {
        self.reached.len() as f64 / (self.restarts + 1) as f64
    }

    /// Works until the budget is spent; gives the best start after the last.
    ///
    /// # Errors
    /// Only if the matrix has lost its table.
    pub fn step(&mut self, matrix: &Matrix, budget: &mut Budget) -> Result<Option<Found>> {
        let survey = match &self.survey {
            Some(survey) => Rc::clone(survey),
            None => Rc::new(Survey::of(matrix)?),
        };
        self.survey = Some(Rc::clone(&survey));
        while self.reached.len() < self.restarts {
            let mut run = self.running.take().unwrap_or_else(|| {
                let rng = Rng::new(mix(self.seed, self.k as u64, self.reached.len() as u64));
                Run::start(&survey, self.k, rng)
            });
            if !run.step(&survey, NEARLY, self.limit, budget) {
                self.running = Some(run);
                return Ok(None);
            }
            self.reached.push(run.log_likelihood);
            if self.best.as_ref().is_none_or(|best| run.log_likelihood > best.log_likelihood) {
                self.best = Some(run);
            }
        }
        // The best start goes on as if its growth had not been looked at.
        let go_on = |best: Run| Run { log_likelihood: f64::NEG_INFINITY, ..best };
        let Some(mut best) = self.running.take().or_else(|| self.best.take().map(go_on)) else { return Ok(None) };
        if !best.step(&survey, RESTS, self.limit, budget) {
            self.running = Some(best);
            return Ok(None);
        }
        let close = SAME * best.log_likelihood.abs();
        let at_best = self.reached.iter().filter(|&&reached| reached >= best.log_likelihood - close).count();
        best.found(&survey, matrix, self.limit, at_best, self.restarts).map(Some)
    }
}

impl Survey {
    fn of(matrix: &Matrix) -> Result<Survey> {
        let (width, questions) = (matrix.features(), Rc::clone(matrix.groups()));
        let mut answers: Vec<Vec<u32>> = Vec::with_capacity(matrix.rows());
        for block in 0..matrix.blocks() {
            let tiles = matrix.exact(block)?;
            for (at, _) in matrix.block(block).enumerate() {
                let given = |feature: &usize| tiles[at / TILE * width + feature][at % TILE] != 0.0;
                let answer =
                    |question: &Range<usize>| question.clone().find(given).map_or(UNANSWERED, |one| one as u32);
                answers.push(questions.iter().map(answer).collect());
            }
        }
        let (mut patterns, mut counts): (Vec<Vec<u32>>, Vec<f64>) = (Vec::new(), Vec::new());
        for row in arranged(answers.len(), &|a, b| answers[a].cmp(&answers[b])) {
            match (patterns.last(), counts.last_mut()) {
                (Some(last), Some(count)) if *last == answers[row] => *count += 1.0,
                _ => {
                    patterns.push(std::mem::take(&mut answers[row]));
                    counts.push(1.0);
                }
            }
        }
        Ok(Survey { questions, features: width, patterns, counts, rows: matrix.rows() as f64 })
    }

    /// Possible patterns of answers.
    fn cells(&self) -> f64 {
        self.questions.iter().map(|question| question.len() as f64).product()
    }
}

impl Run {
    /// Classes of equal shares whose chances are drawn evenly.
    fn start(survey: &Survey, k: usize, mut rng: Rng) -> Run {
        let mut answers: Vec<f64> = (0..survey.features * k).map(|_| rng.unit()).collect();
        normalise(&mut answers, survey, k);
        let shares = vec![-libm::log(k as f64); k];
        Run { shares, answers, log_likelihood: f64::NEG_INFINITY, entropy: 0.0, iterations: 0 }
    }

    /// Passes until the log-likelihood grows by less than a share of itself; true when at rest or at the limit.
    fn step(&mut self, survey: &Survey, rests: f64, limit: usize, budget: &mut Budget) -> bool {
        let k = self.shares.len();
        while self.iterations < limit {
            if budget.is_spent() {
                return false;
            }
            budget.spend(survey.patterns.len() * k * (2 * survey.questions.len() + EXP_COST));
            let before = self.log_likelihood;
            let (shares, answers) = self.expect(survey);
            self.iterations += 1;
            // NaN cannot come up: every chance has a floor. At −∞, which only the first pass sees, the growth is infinite.
            if self.log_likelihood - before <= rests * self.log_likelihood.abs() {
                return true;
            }
            self.maximise(survey, shares, answers);
        }
        self.expect(survey);
        true
    }

    /// Where each pattern's rows belong under these chances: how many are expected in each class, and how many of them with each
    /// answer. Notes the log-likelihood and the entropy.
    fn expect(&mut self, survey: &Survey) -> (Vec<f64>, Vec<f64>) {
        let k = self.shares.len();
        let (mut shares, mut answers) = (vec![0.0; k], vec![0.0; self.answers.len()]);
        let (mut total, mut entropy) = (Sum::default(), Sum::default());
        let mut scores = vec![0.0; k];
        for (pattern, &count) in survey.patterns.iter().zip(&survey.counts) {
            let log = self.score(pattern, &mut scores);
            total.add(count * log);
            for (score, share) in scores.iter_mut().zip(&mut shares) {
                let chance = *score;
                if chance > 0.0 {
                    entropy.add(-count * chance * libm::log(chance));
                }
                *score = count * chance;
                *share += *score;
            }
            for &answer in pattern.iter().filter(|&&answer| answer != UNANSWERED) {
                let expected = &mut answers[answer as usize * k..][..k];
                expected.iter_mut().zip(&scores).for_each(|(sum, rows)| *sum += rows);
            }
        }
        (self.log_likelihood, self.entropy) = (total.value(), entropy.value());
        (shares, answers)
    }

    /// The logarithm of a pattern's chance, and the chances of the classes given the pattern.
    fn score(&self, pattern: &[u32], scores: &mut [f64]) -> f64 {
        let k = scores.len();
        scores.copy_from_slice(&self.shares);
        for &answer in pattern.iter().filter(|&&answer| answer != UNANSWERED) {
            let chances = &self.answers[answer as usize * k..][..k];
            scores.iter_mut().zip(chances).for_each(|(score, chance)| *score += chance);
        }
        let largest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        scores.iter_mut().for_each(|score| *score = libm::exp(*score - largest));
        let sum: f64 = scores.iter().sum();
        scores.iter_mut().for_each(|score| *score /= sum);
        largest + libm::log(sum)
    }

    /// The chances that make what is expected most likely.
    fn maximise(&mut self, survey: &Survey, shares: Vec<f64>, answers: Vec<f64>) {
        let k = shares.len();
        self.shares = shares.iter().map(|rows| libm::log((rows / survey.rows).max(FLOOR))).collect();
        self.answers = answers;
        normalise(&mut self.answers, survey, k);
    }

    fn found(self, survey: &Survey, matrix: &Matrix, limit: usize, at_best: usize, starts: usize) -> Result<Found> {
        let k = self.shares.len();
        let free: usize = survey.questions.iter().map(|question| question.len() - 1).sum();
        let parameters = k - 1 + k * free;
        let likelihood = Likelihood {
            log_likelihood: self.log_likelihood,
            parameters,
            starts_at_best: at_best,
            entropy: self.entropy,
            goodness: self.goodness(survey, parameters),
        };
        let at_floor = self.answers.iter().filter(|&&chance| chance <= libm::log(FLOOR * 1.001)).count();
        let mut notices = vec![format!("{at_best} of {starts} random starts reached the best likelihood.")];
        if at_floor > 0 {
            notices.push(format!(
                "{at_floor} of {} chances of an answer came out as nought; they are kept at {FLOOR:e}, so that nobody is impossible.",
                k * survey.features
            ));
        }
        let classes = 0..k;
        let answers = classes.map(|class| self.answers.iter().skip(class).step_by(k).copied().collect()).collect();
        let model = Model::Classes { shares: self.shares.iter().map(|&share| libm::exp(share)).collect(), answers };
        let mut labels = Vec::with_capacity(matrix.rows());
        for block in 0..matrix.blocks() {
            labels.extend(model.place(survey.features, &matrix.exact(block)?, matrix.block(block).len()));
        }
        Ok(Found {
            model,
            labels,
            iterations: self.iterations,
            converged: self.iterations < limit,
            linkage: None,
            likelihood: Some(likelihood),
            notices,
        })
    }

    /// Observed patterns against expected ones; nothing where a question was left unanswered, since then patterns are of
    /// different kinds.
    fn goodness(&self, survey: &Survey, parameters: usize) -> Option<Goodness> {
        if survey.patterns.iter().flatten().any(|&answer| answer == UNANSWERED) {
            return None;
        }
        let (mut g, mut chi, mut seen) = (Sum::default(), Sum::default(), Sum::default());
        let mut scores = vec![0.0; self.shares.len()];
        for (pattern, &count) in survey.patterns.iter().zip(&survey.counts) {
            let expected = survey.rows * libm::exp(self.score(pattern, &mut scores));
            g.add(2.0 * count * libm::log(count / expected));
            chi.add((count - expected) * (count - expected) / expected);
            seen.add(expected);
        }
        // A pattern that nobody has adds what was expected of it: together, all rows that were not expected of the others.
        Some(Goodness {
            g_squared: g.value(),
            chi_squared: chi.value() + (survey.rows - seen.value()).max(0.0),
            degrees_of_freedom: (survey.cells() - 1.0).min(survey.rows) - parameters as f64,
        })
    }
}

/// From rows expected with each answer to logarithms of chances, question by question and class by class.
fn normalise(answers: &mut [f64], survey: &Survey, k: usize) {
    for question in survey.questions.iter() {
        for class in 0..k {
            let places = question.clone().map(|feature| feature * k + class);
            let total: f64 = places.clone().map(|at| answers[at]).sum();
            for at in places {
                // A class to which nobody belongs any more has no opinion.
                let chance = if total > 0.0 { answers[at] / total } else { 1.0 / question.len() as f64 };
                answers[at] = libm::log(chance.max(FLOOR));
            }
        }
    }
}
