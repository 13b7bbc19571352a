//! From purchase days to what every customer may still bring, step by step.
//!
//! Each model is first fitted to some of the different histories, then to all from where that ended; the likeliest of those
//! asked for is taken. A step is one pass over a part of the customers.

use crate::error::{Code, Error, Result};
use crate::features::purchases::PurchaseDays;
use crate::job::{Job, Progress, Step};
use crate::table::column::Data;
use crate::table::date::format_day;
use crate::value::estimate::{Estimate, Estimation, FIRST_LOOK, Tried};
use crate::value::history::Histories;
use crate::value::options::Plan;
use crate::value::predict::{Holdout, Lifetime, Predictions};
use crate::value::purchases::{Fitted, Purchases};
use crate::value::seen::Seen;
use crate::value::spend::{GammaGamma, Spending};
use crate::value::warn::{doubts, warnings};

/// Histories of one step; a step takes some milliseconds.
const PART: usize = 8_192;
/// Customers that can be fitted at all.
pub const LEAST_CUSTOMERS: usize = 10;

/// Everything that was found.
#[derive(Clone, Debug)]
pub struct ValueModel {
    /// The models that were tried; the likeliest first.
    pub tried: Vec<Tried>,
    /// The model of spending, and how it was found.
    pub spend: Option<(GammaGamma, Estimate)>,
    /// What it says of each customer.
    pub predictions: Predictions,
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
    /// The last day that is known, and the last that the models see.
    known_until: i32,
    end: i32,
    /// What is said of the data whatever the model.
    doubts: Vec<String>,
    seen: Seen,
    all: Histories,
    some: Histories,
    spending: Vec<Spending>,
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
        pass: Pass,
    },
    Spending {
        estimation: Estimation,
        pass: Pass,
    },
    Predicting(Predictions),
    Over,
}

/// One evaluation in the making.
#[derive(Debug, Default)]
struct Pass {
    next: usize,
    total: f64,
}

impl ValueJob {
    /// Looks at the purchase days; nothing heavy happens yet.
    ///
    /// # Errors
    /// `bad-date` for a calibration end outside the file's days; `too-few-rows` where there is nothing to fit.
    pub fn new(purchases: &PurchaseDays, plan: Plan) -> Result<ValueJob> {
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
        let seen = Seen::until(purchases, end, plan.unit);
        let histories: Vec<_> = seen.histories.iter().flatten().copied().collect();
        let day = if end == Data::NO_DAY { "the end".into() } else { format_day(end) };
        if histories.len() < LEAST_CUSTOMERS || seen.repeaters == 0 {
            return Err(Error::new(
                Code::TooFewRows,
                format!(
                    "{} customers bought up to {day}, {} of them more than once. A model of purchases needs at least {LEAST_CUSTOMERS} customers, some of whom came again.",
                    histories.len(),
                    seen.repeaters
                ),
            ));
        }
        let all = Histories::of(&histories);
        let some = all.thinned(FIRST_LOOK);
        let spending = if plan.spend { seen.spending.iter().flatten().copied().collect() } else { Vec::new() };
        let mut job = ValueJob {
            plan,
            known_until: purchases.end,
            end,
            doubts: doubts(&seen, end, purchases),
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
        Stage::Fitting { model, of_all: false, estimation: Estimation::new(&start), pass: Pass::default() }
    }

    fn after_purchases(&self) -> Stage {
        if self.spending.len() < 3 {
            return self.predicting();
        }
        let mean = self.spending.iter().map(|one| one.mean).sum::<f64>() / self.spending.len() as f64;
        Stage::Spending { estimation: Estimation::new(&[2.0, 3.0, mean]), pass: Pass::default() }
    }

    fn predicting(&self) -> Stage {
        Stage::Predicting(Predictions::default())
    }

    fn advance(&mut self) -> Result<Option<ValueModel>> {
        self.stage = match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Fitting { model, of_all, mut estimation, mut pass } => {
                let set = if of_all { &self.all } else { &self.some };
                // The first look only finds the place; its curvature is of no interest.
                let wanted = if !of_all && estimation.at_rest() { None } else { estimation.wants() };
                let kind = self.plan.models[model];
                match wanted {
                    Some(parameters) => {
                        let fitted = fitted(kind, &parameters);
                        let part = pass.next..(pass.next + PART).min(set.distinct.len());
                        let pairs = set.distinct[part.clone()].iter().zip(&set.weights[part.clone()]);
                        pass.total += pairs.map(|(one, weight)| weight * fitted.log_likelihood(one)).sum::<f64>();
                        pass.next = part.end;
                        if pass.next == set.distinct.len() {
                            estimation.tell(pass.total);
                            pass = Pass::default();
                        }
                        Stage::Fitting { model, of_all, estimation, pass }
                    }
                    None if of_all => {
                        let estimate = estimation.finish();
                        self.tried.push(Tried { fitted: fitted(kind, &estimate.parameters), estimate });
                        if model + 1 < self.plan.models.len() {
                            self.fitting(model + 1)
                        } else {
                            self.after_purchases()
                        }
                    }
                    None => {
                        let times = self.all.customers() / self.some.customers();
                        Stage::Fitting { model, of_all: true, estimation: Estimation::after(&estimation, times), pass }
                    }
                }
            }
            Stage::Spending { mut estimation, mut pass } => match estimation.wants() {
                Some(parameters) => {
                    let model = gamma_gamma(&parameters);
                    let part = pass.next..(pass.next + PART).min(self.spending.len());
                    pass.total += self.spending[part.clone()].iter().map(|one| model.log_likelihood(one)).sum::<f64>();
                    pass.next = part.end;
                    if pass.next == self.spending.len() {
                        estimation.tell(pass.total);
                        pass = Pass::default();
                    }
                    Stage::Spending { estimation, pass }
                }
                None => {
                    let estimate = estimation.finish();
                    self.spend = Some((gamma_gamma(&estimate.parameters), estimate));
                    self.predicting()
                }
            },
            Stage::Predicting(mut predictions) => {
                if predictions.alive.len() < self.seen.histories.len() {
                    let lifetime =
                        Lifetime::new(&self.best()?.fitted, self.spend.as_ref().map(|(model, _)| model), &self.plan);
                    predictions.read(&self.seen, &lifetime, PART / 8);
                    Stage::Predicting(predictions)
                } else {
                    return self.finish(predictions).map(Some);
                }
            }
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

    fn finish(&mut self, predictions: Predictions) -> Result<ValueModel> {
        let best = self.best()?.clone();
        let holdout = (self.end < self.known_until)
            .then(|| Holdout::of(&best.fitted, &self.seen, f64::from(self.known_until - self.end), self.plan.unit));
        let mut warnings = warnings(&best, self.spend.as_ref(), &self.seen);
        warnings.append(&mut self.doubts);
        let mut tried = std::mem::take(&mut self.tried);
        if let Some(at) = tried.iter().position(|one| one.fitted.model == best.fitted.model) {
            tried[..=at].rotate_right(1);
        }
        Ok(ValueModel {
            tried,
            spend: self.spend.take(),
            predictions,
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
            Stage::Predicting(predictions) => {
                ("predicting", 0.85 + 0.15 * predictions.alive.len() as f64 / self.seen.histories.len().max(1) as f64)
            }
            Stage::Over => ("predicting", 1.0),
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
