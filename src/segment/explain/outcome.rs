//! Who responds, churns, buys most? Customers cut into segments by an outcome, and each segment tested on customers held back.
//!
//! The tree is grown on one part of the customers, drawn with the seed, and every leaf's rule is counted on the other part:
//! only that lift can be hoped for. A column that tells the outcome nearly alone is flagged, since it most often was written
//! down after the outcome.

use crate::error::{Code, Error, Result};
use crate::job::{Job, Progress, Step};
use crate::math::order::arranged;
use crate::math::rng::Rng;
use crate::math::stats::sum;
use crate::segment::cluster::fit::mix;
use crate::segment::explain::axes::Axis;
use crate::segment::explain::grow::{Budget, Target, Tree, grow};
use crate::segment::explain::importance::{Importance, TREES};
use crate::segment::explain::leaks::{Leak, leak};
use crate::segment::explain::nodes::{NodeInfo, nodes};
use crate::segment::explain::paths::{Stop, stops};
use crate::segment::explain::tree::{GROWN_ON, check_leaves};
use crate::segment::rules::cache::Cache;
use crate::segment::rules::evaluate::{Context, evaluate_with};
use crate::segment::rules::tree::Rule;
use crate::table::bitmap::Bitmap;
use crate::table::figures::{grouped, percent};
use crate::table::table::Table;
use serde::Serialize;
use std::rc::Rc;

/// Leaves when nothing else is said.
pub const LEAVES: usize = 8;
/// Share of the customers held back when nothing else is said.
pub const HOLDOUT: f64 = 0.3;
/// Customers with a known outcome that are needed.
const FEWEST: usize = 40;
/// The 97.5 % point of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// What is to be explained.
#[derive(Clone, Debug)]
pub struct Question {
    /// The column's name, or the rule's text.
    pub name: String,
    /// One a row: 1 and 0 for yes and no, or a number; NaN where unknown.
    pub values: Vec<f64>,
    /// Whether it is yes or no.
    pub is_share: bool,
    /// The columns that may part customers.
    pub columns: Vec<String>,
    /// What is known before: columns left out.
    pub notices: Vec<String>,
    /// Leaves at most.
    pub leaves: usize,
    /// Share of the customers held back for the test, 0 to 0.9.
    pub holdout: f64,
    /// Of the draws.
    pub seed: u64,
}

/// Customers that were held back and came to a leaf.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Tested {
    /// How many.
    pub n: usize,
    /// Their share or mean; NaN for none.
    pub value: f64,
    /// Its 95 % interval: Wilson's for shares, ± 1.96 standard errors for means.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// Their value over that of all held back: 1 is no better than everyone. NaN where that is not above 0.
    pub lift: f64,
    /// The lower end of the interval over that of all held back.
    pub lift_low: f64,
    /// The upper end.
    pub lift_high: f64,
}

/// A leaf as a segment.
#[derive(Clone, Debug)]
pub struct OutcomeLeaf {
    /// Who ends here.
    pub rule: Rule,
    /// Rows that end here, whatever is known of them.
    pub n: usize,
    /// Share or mean of those the tree was grown on; NaN for none.
    pub value: f64,
    /// Over that of all the tree was grown on; NaN where that is not above 0.
    pub lift: f64,
    /// The same on those held back; none where nobody was.
    pub test: Option<Tested>,
}

/// Customers cut by an outcome.
#[derive(Clone, Debug)]
pub struct OutcomeTree {
    /// The column's name, or the rule's text.
    pub outcome: String,
    /// Whether values are shares of yes, or else means.
    pub is_share: bool,
    /// Customers the tree was made from, and held back.
    pub trained: usize,
    /// Held back.
    pub tested: usize,
    /// Share or mean of those it was made from.
    pub value: f64,
    /// Leaves, the highest value first.
    pub leaves: Vec<OutcomeLeaf>,
    /// The tree as it is drawn.
    pub nodes: Vec<NodeInfo>,
    /// What each column adds in a random forest: shares of 1, the largest first.
    pub importance: Vec<(String, f64)>,
    /// Columns that tell the outcome nearly alone.
    pub leaks: Vec<Leak>,
    /// What a reader should know.
    pub notices: Vec<String>,
}

/// Sums of an outcome.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    n: usize,
    sum: f64,
    squares: f64,
}

impl Tally {
    fn add(&mut self, value: f64) {
        self.n += 1;
        self.sum += value;
        self.squares += value * value;
    }

    fn mean(self) -> f64 {
        self.sum / self.n as f64
    }

    /// The 95 % interval of the mean. Wilson, "Probable inference", 1927, for shares.
    fn interval(self, is_share: bool) -> (f64, f64) {
        let (n, mean) = (self.n as f64, self.mean());
        if is_share {
            let middle = (mean + Z * Z / (2.0 * n)) / (1.0 + Z * Z / n);
            let half = Z / (1.0 + Z * Z / n) * (mean * (1.0 - mean) / n + Z * Z / (4.0 * n * n)).sqrt();
            return (middle - half, middle + half);
        }
        let variance = (self.squares - self.sum * mean).max(0.0) / (n - 1.0);
        let half = Z * (variance / n).sqrt();
        (mean - half, mean + half)
    }
}

/// Customers being cut by an outcome.
#[derive(Debug)]
pub struct OutcomeJob {
    table: Rc<Table>,
    question: Question,
    cache: Cache,
    /// Rows held back.
    held: Bitmap,
    train: Tally,
    test: Tally,
    grown: Option<Grown>,
    /// For each stop that is a leaf.
    counted: Vec<(usize, Tally, Tally)>,
    leaks: Vec<Leak>,
    importance: Importance,
}

#[derive(Debug)]
struct Grown {
    axes: Vec<Axis>,
    /// The outcome of the rows that the tree was grown on, less its mean.
    outcome: Vec<f64>,
    tree: Tree,
    stops: Vec<Stop>,
    /// Axes that were looked at alone.
    looked: usize,
}

impl OutcomeJob {
    /// Checks the question and draws who is held back.
    ///
    /// # Errors
    /// `bad-option` for leaves, a holdout or columns that make no sense and for an outcome that is the same for all;
    /// `too-few-rows` where too few outcomes are known; `unknown-column`.
    pub fn new(table: Rc<Table>, question: Question) -> Result<OutcomeJob> {
        check_leaves(question.leaves)?;
        if !(0.0..=0.9).contains(&question.holdout) {
            let message = format!("“holdout” is a share from 0 to 0.9, not {}.", question.holdout);
            return Err(Error::new(Code::BadOption, message));
        }
        if question.columns.is_empty() {
            return Err(Error::new(Code::BadOption, "No column is left to cut customers by. Name the columns to use."));
        }
        for name in &question.columns {
            table.column(name)?;
        }
        let known: Vec<usize> = (0..table.row_count).filter(|&row| !question.values[row].is_nan()).collect();
        if known.len() < FEWEST {
            let message = format!(
                "The outcome “{}” is known of {} customers only; {FEWEST} are needed to find segments and test them.",
                question.name,
                known.len()
            );
            return Err(Error::new(Code::TooFewRows, message));
        }
        let first = question.values[known[0]];
        if known.iter().all(|&row| question.values[row] == first) {
            let message =
                format!("The outcome “{}” is the same for everyone. There is nothing to find.", question.name);
            return Err(Error::new(Code::BadOption, message));
        }
        let mut held = Bitmap::zeros(table.row_count);
        let back = (known.len() as f64 * question.holdout).round() as usize;
        for at in Rng::new(mix(question.seed, 5_000, 0)).sample(known.len(), back) {
            held.set(known[at], true);
        }
        let (mut train, mut test) = (Tally::default(), Tally::default());
        for &row in &known {
            if held.get(row) { &mut test } else { &mut train }.add(question.values[row]);
        }
        let importance = Importance::new(question.seed);
        Ok(OutcomeJob {
            table,
            question,
            cache: Cache::default(),
            held,
            train,
            test,
            grown: None,
            counted: Vec::new(),
            leaks: Vec::new(),
            importance,
        })
    }

    fn grow(&self) -> Result<Grown> {
        let values = &self.question.values;
        let known = |row: &usize| !values[*row].is_nan() && !self.held.get(*row);
        let mut rows: Vec<usize> = (0..self.table.row_count).filter(known).collect();
        if rows.len() > GROWN_ON {
            rows = Rng::new(mix(self.question.seed, 5_000, 1))
                .sample(rows.len(), GROWN_ON)
                .into_iter()
                .map(|at| rows[at])
                .collect();
        }
        let mut axes = Vec::new();
        for name in &self.question.columns {
            axes.extend(Axis::of(&self.table, name, false, &rows)?);
        }
        let mean = sum(rows.iter().map(|&row| values[row])) / rows.len() as f64;
        let outcome: Vec<f64> = rows.iter().map(|&row| values[row] - mean).collect();
        let budget = Budget { leaves: self.question.leaves, rows_in_leaf: (rows.len() / 50).max(5) };
        let tree = grow(&axes, Target::Numbers(&outcome), budget);
        let stops = stops(&tree, &axes);
        Ok(Grown { axes, outcome, tree, stops, looked: 0 })
    }

    fn count(&self, stop: &Stop) -> Result<(usize, Tally, Tally)> {
        let (mut train, mut test) = (Tally::default(), Tally::default());
        if stop.sides.is_some() {
            return Ok((0, train, test));
        }
        let rows = evaluate_with(&stop.rule, &self.table, &Context::on(0), &self.cache)?.yes;
        for row in rows.iter().filter(|&row| !self.question.values[row].is_nan()) {
            if self.held.get(row) { &mut test } else { &mut train }.add(self.question.values[row]);
        }
        Ok((rows.count(), train, test))
    }

    fn finish(&mut self, grown: Grown) -> OutcomeTree {
        let is_share = &self.question.is_share;
        let rows = self.table.row_count;
        let counts: Vec<usize> = self.counted.iter().map(|(n, ..)| *n).collect();
        let mut nodes = nodes(&grown.tree, &grown.axes, &grown.stops, &counts, rows);
        let over = |value: f64, all: Tally| if all.mean() > 0.0 { value / all.mean() } else { f64::NAN };
        let mut leaves: Vec<OutcomeLeaf> = Vec::new();
        for ((stop, &(n, train, test)), info) in grown.stops.into_iter().zip(&self.counted).zip(&mut nodes) {
            if stop.sides.is_some() {
                continue;
            }
            info.value = Some(train.mean());
            let tested = || {
                let (low, high) = test.interval(*is_share);
                let all = self.test;
                let (lift, lift_low, lift_high) = (over(test.mean(), all), over(low, all), over(high, all));
                Tested { n: test.n, value: test.mean(), low, high, lift, lift_low, lift_high }
            };
            leaves.push(OutcomeLeaf {
                rule: stop.rule,
                n,
                value: train.mean(),
                lift: over(train.mean(), self.train),
                test: (self.test.n > 0).then(tested),
            });
        }
        let order = arranged(leaves.len(), &|a, b| leaves[b].value.total_cmp(&leaves[a].value));
        let mut notices = std::mem::take(&mut self.question.notices);
        let Question { name, values, is_share, columns, .. } = &self.question;
        let unknown = values.iter().filter(|value| value.is_nan()).count();
        let share = |part: usize, of: usize| {
            format!("{} of {} ({})", grouped(part as u64), grouped(of as u64), percent(part as u64, of as u64))
        };
        if unknown > 0 {
            notices.push(format!(
                "The outcome “{name}” is not known of {} customers; they were left out.",
                share(unknown, rows)
            ));
        }
        if self.train.n > grown.outcome.len() {
            notices.push(format!(
                "The segments were found on {} customers; all were counted.",
                share(grown.outcome.len(), self.train.n)
            ));
        }
        let used = |column: &&String| grown.axes.iter().all(|axis| axis.name != **column);
        let passed: Vec<String> = columns.iter().filter(used).map(|column| format!("“{column}”")).collect();
        if !passed.is_empty() {
            notices.push(format!("Columns of times and lists cannot be cut and were left out: {}.", passed.join(", ")));
        }
        notices.extend(self.leaks.iter().map(|leak| leak.text.clone()));
        OutcomeTree {
            outcome: name.clone(),
            is_share: *is_share,
            trained: self.train.n,
            tested: self.test.n,
            value: self.train.mean(),
            leaves: order.into_iter().map(|at| leaves[at].clone()).collect(),
            nodes,
            importance: self.importance.shares(&grown.axes),
            leaks: std::mem::take(&mut self.leaks),
            notices,
        }
    }
}

impl Job for OutcomeJob {
    type Output = OutcomeTree;

    fn step(&mut self) -> Result<Step<OutcomeTree>> {
        let ratio = match self.grown.take() {
            None => {
                self.grown = Some(self.grow()?);
                0.2
            }
            Some(grown) if self.counted.len() < grown.stops.len() => {
                self.counted.push(self.count(&grown.stops[self.counted.len()])?);
                let ratio = 0.2 + 0.3 * self.counted.len() as f64 / grown.stops.len() as f64;
                self.grown = Some(grown);
                ratio
            }
            Some(mut grown) if grown.looked < grown.axes.len() => {
                let (axis, name) = (&grown.axes[grown.looked], &self.question.name);
                self.leaks.extend(leak(axis, &grown.outcome, self.question.is_share, name));
                grown.looked += 1;
                let ratio = 0.5 + 0.1 * grown.looked as f64 / grown.axes.len() as f64;
                self.grown = Some(grown);
                ratio
            }
            Some(grown) if self.importance.trees() < TREES && !grown.axes.is_empty() => {
                self.importance.grow(&grown.axes, &grown.outcome)?;
                let ratio = 0.6 + 0.4 * self.importance.trees() as f64 / TREES as f64;
                self.grown = Some(grown);
                ratio
            }
            Some(grown) => return Ok(Step::Done(self.finish(grown))),
        };
        Ok(Step::Working(Progress { phase: "segmenting by outcome", ratio, rows: self.table.row_count as u64 }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wilsons_interval_has_its_known_values() {
        let tally = |yes: usize, n: usize| {
            let mut tally = Tally::default();
            (0..n).for_each(|at| tally.add(if at < yes { 1.0 } else { 0.0 }));
            tally.interval(true)
        };
        // 81 of 263: Newcombe 1998, table I.
        let (low, high) = tally(81, 263);
        assert!((low - 0.2553).abs() < 5e-5 && (high - 0.3662).abs() < 5e-5, "{low} {high}");
        let (low, high) = tally(0, 20);
        assert!(low.abs() < 1e-12 && (high - 0.1611).abs() < 5e-5, "{low} {high}");
    }
}
