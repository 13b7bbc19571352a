//! From purchase days to what every customer may still bring, step by step.
//!
//! Each model is first fitted to some of the different histories, then to all from where that ended; the likeliest of those
//! asked for is taken. A step is one pass over a part of the customers.

use crate::error::{Code, Error, Result};
use crate::features::purchases::PurchaseDays;
use crate::job::{Job, Progress, Step};
use crate::table::column::Data;
use crate::table::date::format_day;
use crate::table::figures::grouped;
use crate::value::estimate::{Estimate, Estimation, FIRST_LOOK, Tried};
use crate::value::history::Histories;
use crate::value::holdout::{Holdout, Tracked, tracking};
use crate::value::options::Plan;
use crate::value::predict::{Horizon, Outlook, Predictions};
use crate::value::purchases::{Fitted, Purchases};
use crate::value::seen::Seen;
use crate::value::spend::{GammaGamma, SpendLikelihood, Spendings};
use crate::value::total::{Total, totals};
use crate::value::walk::Likelihood;
use crate::value::warn::{correlation, doubts, warnings};
use std::rc::Rc;

/// Histories of one step; a step takes some milliseconds.
const PART: usize = 16_384;
/// Histories looked ahead from in one step.
const OUTLOOK: usize = 1_024;

/// Everything that was found.
#[derive(Clone, Debug)]
pub struct ValueModel {
    /// The models that were tried; the likeliest first.
    pub tried: Vec<Tried>,
    /// The model of spending, and how it was found.
    pub spend: Option<(GammaGamma, Estimate)>,
    /// Among those it was fitted to: the correlation of repeat days and their mean money, which it takes for none, and the mean
    /// of that money.
    pub observed: [f64; 2],
    /// What it says of each customer.
    pub predictions: Predictions,
    /// Orders and value of all customers together.
    pub totals: [Total; 2],
    /// Days of a stretch of time, and what came in each against what was expected.
    pub tracking: (i32, Vec<Tracked>),
    /// How it did against what came after the calibration's end.
    pub holdout: Option<Holdout>,
    /// What a reader should know.
    pub warnings: Vec<String>,
    /// The last day that the models saw.
    pub calibration_end: i32,
    /// Customers with a history.
    pub customers: usize,
    /// Of these, those who came again.
    pub repeaters: usize,
}

/// The work in the making.
#[derive(Debug)]
pub struct ValueJob {
    plan: Plan,
    purchases: Rc<PurchaseDays>,
    /// The last day that the models see.
    end: i32,
    /// What is said of the data whatever the model.
    doubts: Vec<String>,
    seen: Seen,
    all: Histories,
    some: Histories,
    spending: Spendings,
    tried: Vec<Tried>,
    spend: Option<(GammaGamma, Estimate)>,
    stage: Stage,
}

#[derive(Debug)]
enum Stage {
    /// A model being fitted to some histories or to all.
    Fitting {
        model: usize,
        of_all: bool,
        estimation: Estimation,
        pass: Option<Likelihood>,
    },
    Spending {
        estimation: Estimation,
        pass: Option<SpendLikelihood>,
    },
    Predicting(Box<Outlook>),
    /// What is said of all is still to be found.
    Summing(Box<Outlook>),
    Over,
}

impl ValueJob {
    /// Looks at the purchase days; nothing heavy happens yet.
    ///
    /// # Errors
    /// `bad-date` for a calibration end outside the file's days; `too-few-rows` where there is nothing to fit.
    pub fn new(purchases: Rc<PurchaseDays>, plan: Plan) -> Result<ValueJob> {
        let end = plan.calibration_end.unwrap_or(purchases.end);
        if end > purchases.end {
            return Err(Error::new(
                Code::BadDate,
                format!(
                    "“calibrationEnd” is {}, but the orders are looked at up to {}. Choose an earlier day.",
                    format_day(end),
                    format_day(purchases.end)
                ),
            ));
        }
        let seen = Seen::until(&purchases, end, plan.unit);
        let day = if end == Data::NO_DAY { "the end".into() } else { format_day(end) };
        if seen.repeaters == 0 {
            return Err(Error::new(
                Code::TooFewRows,
                format!(
                    "{} customers bought up to {day}, none of them more than once. A model of purchases needs customers who came again.",
                    grouped((seen.histories.len() - seen.unseen) as u64),
                ),
            ));
        }
        let all = Histories::of(&seen.histories);
        let some = all.thinned(FIRST_LOOK);
        let spending = if plan.spend { Spendings::of(&seen.spending) } else { Spendings::default() };
        let mut job = ValueJob {
            plan,
            end,
            doubts: doubts(&seen, end, &purchases),
            purchases,
            seen,
            all,
            some,
            spending,
            tried: Vec::new(),
            spend: None,
            stage: Stage::Over,
        };
        job.stage = job.fitting(0);
        Ok(job)
    }

    /// From round starting values, to some of the histories.
    fn fitting(&self, model: usize) -> Stage {
        let time = (self.all.longest() / 4.0).max(1e-3);
        let start = match self.plan.models[model] {
            Purchases::ParetoNbd => [1.0, time, 1.0, time],
            _ => [1.0, time, 1.0, 2.0],
        };
        Stage::Fitting { model, of_all: false, estimation: Estimation::new(&start), pass: None }
    }

    fn after_purchases(&self) -> Result<Stage> {
        if self.spending.customers() < 3 {
            return self.predicting();
        }
        Ok(Stage::Spending { estimation: Estimation::new(&[2.0, 3.0, self.spending.mean]), pass: None })
    }

    fn predicting(&self) -> Result<Stage> {
        let spend = self.spend.as_ref().map(|(model, _)| *model);
        let outlook = Outlook::new(self.best()?.fitted, spend, Horizon::of(&self.plan), &self.all);
        Ok(Stage::Predicting(Box::new(outlook)))
    }

    fn advance(&mut self) -> Result<Option<ValueModel>> {
        self.stage = match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Fitting { model, of_all, mut estimation, pass } => {
                let set = if of_all { &self.all } else { &self.some };
                // The first look only finds the place; its curvature is of no interest.
                let wanted = if !of_all && estimation.at_rest() { None } else { estimation.wants() };
                let kind = self.plan.models[model];
                match wanted {
                    Some(parameters) => {
                        let mut pass = pass.unwrap_or_else(|| Likelihood::new(fitted(kind, &parameters), set));
                        let told = pass.read(set, PART);
                        told.into_iter().for_each(|total| estimation.tell(total));
                        Stage::Fitting { model, of_all, estimation, pass: told.is_none().then_some(pass) }
                    }
                    None if of_all => {
                        let estimate = estimation.finish();
                        self.tried.push(Tried { fitted: fitted(kind, &estimate.parameters), estimate });
                        if model + 1 < self.plan.models.len() {
                            self.fitting(model + 1)
                        } else {
                            self.after_purchases()?
                        }
                    }
                    None => {
                        let times = self.all.customers() / self.some.customers();
                        Stage::Fitting { model, of_all: true, estimation: Estimation::after(&estimation, times), pass }
                    }
                }
            }
            Stage::Spending { mut estimation, pass } => match estimation.wants() {
                Some(parameters) => {
                    let mut pass = pass.unwrap_or_else(|| SpendLikelihood::new(gamma_gamma(&parameters)));
                    let told = pass.read(&self.spending, PART);
                    told.into_iter().for_each(|total| estimation.tell(total));
                    Stage::Spending { estimation, pass: told.is_none().then_some(pass) }
                }
                None => {
                    let estimate = estimation.finish();
                    self.spend = Some((gamma_gamma(&estimate.parameters), estimate));
                    self.predicting()?
                }
            },
            Stage::Predicting(outlook) if outlook.done() == self.all.distinct.len() => Stage::Summing(outlook),
            Stage::Predicting(mut outlook) => {
                outlook.read(&self.all, OUTLOOK);
                Stage::Predicting(outlook)
            }
            Stage::Summing(outlook) => return self.finish(&outlook).map(Some),
            Stage::Over => {
                return Err(Error::new(
                    Code::Internal,
                    "A finished value model was stepped again. Please report this.",
                ));
            }
        };
        Ok(None)
    }

    /// The likeliest model; of equals the first.
    fn best(&self) -> Result<&Tried> {
        let better = |a: &Tried, b: &Tried| a.estimate.log_likelihood > b.estimate.log_likelihood;
        self.tried
            .iter()
            .reduce(|best, one| if better(one, best) { one } else { best })
            .ok_or_else(|| Error::new(Code::Internal, "No value model was fitted. Please report this."))
    }

    fn finish(&mut self, outlook: &Outlook) -> Result<ValueModel> {
        let best = self.best()?.clone();
        let Plan { unit, .. } = self.plan;
        let predictions = Predictions::of(outlook, &self.seen, &self.all, unit, self.end);
        let known = (&self.seen, &self.all);
        let totals = totals(&best, self.spend.as_ref(), &predictions, known, &Horizon::of(&self.plan));
        let tracking = tracking(&best.fitted, &self.purchases, (self.seen.first, self.end), unit);
        let after = f64::from(self.purchases.end - self.end);
        let holdout = (after > 0.0).then(|| Holdout::of(&best.fitted, &self.seen, &self.all, after, unit));
        let related = correlation(&self.seen);
        let mut warnings = warnings(&best, self.spend.as_ref(), &self.seen, related);
        warnings.append(&mut self.doubts);
        let mut tried = std::mem::take(&mut self.tried);
        if let Some(at) = tried.iter().position(|one| one.fitted.model == best.fitted.model) {
            tried[..=at].rotate_right(1);
        }
        Ok(ValueModel {
            tried,
            spend: self.spend.take(),
            observed: [related, self.spending.mean],
            predictions,
            totals,
            tracking,
            holdout,
            warnings,
            calibration_end: self.end,
            customers: self.seen.histories.len() - self.seen.unseen,
            repeaters: self.seen.repeaters,
        })
    }

    fn progress(&self) -> Progress {
        let models = self.plan.models.len() as f64;
        let (phase, ratio) = match &self.stage {
            Stage::Fitting { model, of_all, .. } => {
                let part = if *of_all { 0.4 } else { 0.1 };
                (self.plan.models[*model].as_str(), 0.8 * (*model as f64 + part) / models)
            }
            Stage::Spending { .. } => ("spending", 0.82),
            Stage::Predicting(outlook) => {
                ("predicting", 0.85 + 0.15 * outlook.done() as f64 / self.all.distinct.len().max(1) as f64)
            }
            Stage::Summing(_) | Stage::Over => ("predicting", 1.0),
        };
        Progress { phase, ratio, rows: self.seen.histories.len() as u64 }
    }
}

impl Job for ValueJob {
    type Output = ValueModel;

    fn step(&mut self) -> Result<Step<ValueModel>> {
        Ok(match self.advance()? {
            Some(model) => Step::Done(model),
            None => Step::Working(self.progress()),
        })
    }
}

fn fitted(model: Purchases, parameters: &[f64]) -> Fitted {
    let mut four = [f64::NAN; 4];
    four.iter_mut().zip(parameters).for_each(|(to, from)| *to = *from);
    Fitted { model, parameters: four }
}

fn gamma_gamma(parameters: &[f64]) -> GammaGamma {
    let at = |index: usize| parameters.get(index).copied().unwrap_or(f64::NAN);
    GammaGamma { p: at(0), q: at(1), gamma: at(2) }
}
