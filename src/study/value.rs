//! What is each row of a study worth? The purchase days of its orders, the models fitted to them, and their figures by row.

use crate::error::{Code, Error, Result};
use crate::features::customers::PurchasesJob;
use crate::features::purchases::PurchaseDays;
use crate::job::{Job, Progress, Step};
use crate::study::history::{no_id, rows_of};
use crate::study::study::Study;
use crate::table::column::{Column, Data};
use crate::table::date::format_day;
use crate::table::role::Role;
use crate::value::estimate::{Estimate, Tried};
use crate::value::holdout::Tracked;
use crate::value::job::{ValueJob, ValueModel};
use crate::value::options::{Plan, ValueOptions};
use crate::value::outcomes::INTERVAL;
use crate::value::spend::GammaGamma;
use crate::value::warn::RELATED;
use serde_json::{Map, Value, json};
use std::rc::Rc;

/// Columns whose figures rules may ask for, in the order of [`Valued::figures`].
pub const COLUMNS: [&str; 4] = ["p_alive", "expected_orders", "expected_spend", "lifetime_value"];
/// The column of the day of the next order.
pub const NEXT: &str = "next_order";

/// A value model and what it says of each row.
#[derive(Debug)]
pub struct Valued {
    /// In the shape of the public interface, without the figures of rows.
    pub document: Value,
    /// By row: chance to be still buying, orders expected, money an order, money in all, days to the next order, and the ends of
    /// the intervals of orders and of money. NaN for customers without orders and for those first seen after the calibration's end.
    pub figures: [Vec<f64>; 9],
    /// By row: the day of the next order.
    pub next: Vec<i32>,
    /// What was asked for, for the recipe.
    pub definition: Value,
}

/// The work in the making.
#[derive(Debug)]
pub struct StudyValueJob {
    stage: Stage,
    plan: Plan,
    definition: Value,
    customers: Rc<Column>,
}

#[derive(Debug)]
enum Stage {
    Folding(Box<PurchasesJob>),
    /// The purchase days are there.
    Looking(Rc<PurchaseDays>),
    Fitting(Box<ValueJob>, Rc<PurchaseDays>),
    /// Everything is there but its place in the rows.
    Placing(Box<ValueModel>, Rc<PurchaseDays>),
    Over,
}

impl Study {
    /// Prepares value models of the study's customers from its orders.
    ///
    /// # Errors
    /// `missing-orders` where the study has none; those of the options and of folding.
    pub fn value(&self, options: &ValueOptions, definition: Value) -> Result<StudyValueJob> {
        let plan = options.plan()?;
        let (fold, customers) = self.folding()?;
        Ok(StudyValueJob { stage: Stage::Folding(Box::new(fold)), plan, definition, customers })
    }

    /// A job that finds the purchase days of the study's customers, and the column of their ids.
    ///
    /// # Errors
    /// `missing-role` where the study has no orders; those of folding.
    pub(in crate::study) fn folding(&self) -> Result<(PurchasesJob, Rc<Column>)> {
        let fold = self.purchases()?;
        let customers = self.base.by_role(Role::CustomerId).ok_or_else(no_id)?;
        Ok((fold, self.base.columns[self.base.position(&customers.name)?].clone()))
    }

    /// Keeps the figures as columns that rules may ask for, in place of earlier ones.
    ///
    /// # Errors
    /// Those of rules that can no longer be answered.
    pub fn keep_value(&mut self, valued: &Valued) -> Result<()> {
        let columns = COLUMNS.iter().zip(&valued.figures);
        let columns = columns.map(|(name, values)| Rc::new(Column::number(*name, Role::Other, values.clone())));
        let next = Rc::new(Column::date(NEXT, Role::Other, valued.next.clone()));
        let before = self.valued.replace((valued.definition.clone(), columns.chain([next]).collect()));
        self.derive().inspect_err(|_| self.valued = before)
    }
}

impl Job for StudyValueJob {
    type Output = Valued;

    fn step(&mut self) -> Result<Step<Valued>> {
        match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Folding(mut fold) => {
                let step = fold.step()?;
                let Step::Done(purchases) = step else {
                    self.stage = Stage::Folding(fold);
                    return Ok(working(step, 0.0, 0.15));
                };
                self.stage = Stage::Looking(Rc::new(purchases));
                Ok(Step::Working(Progress { phase: "folding orders", ratio: 0.15, rows: 0 }))
            }
            Stage::Looking(purchases) => {
                let job = ValueJob::new(Rc::clone(&purchases), self.plan.clone())?;
                self.stage = Stage::Fitting(Box::new(job), purchases);
                Ok(Step::Working(Progress { phase: "folding orders", ratio: 0.2, rows: 0 }))
            }
            Stage::Fitting(mut job, purchases) => {
                let step = job.step()?;
                let Step::Done(model) = step else {
                    self.stage = Stage::Fitting(job, purchases);
                    return Ok(working(step, 0.2, 0.8));
                };
                self.stage = Stage::Placing(Box::new(model), purchases);
                Ok(Step::Working(Progress { phase: "predicting", ratio: 1.0, rows: 0 }))
            }
            Stage::Placing(model, purchases) => Ok(Step::Done(self.by_row(*model, &purchases))),
            Stage::Over => {
                Err(Error::new(Code::Internal, "A finished value model was stepped again. Please report this."))
            }
        }
    }
}

/// The progress of a part as progress of the whole.
fn working<T>(step: Step<T>, from: f64, share: f64) -> Step<Valued> {
    match step {
        Step::Working(progress) => Step::Working(Progress { ratio: from + share * progress.ratio, ..progress }),
        _ => Step::Working(Progress { phase: "predicting", ratio: from + share, rows: 0 }),
    }
}

impl StudyValueJob {
    fn by_row(&self, model: ValueModel, purchases: &PurchaseDays) -> Valued {
        let rows = rows_of(purchases, &self.customers);
        let found = &model.predictions;
        let lists = [
            &found.alive,
            &found.orders,
            &found.spend,
            &found.lifetime,
            &found.next,
            &found.orders_low,
            &found.orders_high,
            &found.lifetime_low,
            &found.lifetime_high,
        ];
        let figures =
            lists.map(|list| rows.iter().map(|row| row.map_or(f64::NAN, |customer| list[customer])).collect());
        let next = rows.iter().map(|row| row.map_or(Data::NO_DAY, |customer| found.next_day[customer])).collect();
        Valued { document: document(&model, &self.plan), figures, next, definition: self.definition.clone() }
    }
}

fn document(model: &ValueModel, plan: &Plan) -> Value {
    let candidates: Vec<Value> = model.tried.iter().map(|tried| fitted(tried, model.customers)).collect();
    let mut all = json!({
        "candidates": candidates,
        "warnings": model.warnings,
        "calibrationEnd": format_day(model.calibration_end),
        "timeUnit": if plan.unit > 1.0 { "week" } else { "day" },
        "horizonDays": plan.horizon,
        "discountYearly": plan.discount,
        "customers": model.customers,
        "repeaters": model.repeaters,
    });
    let (days, stretches) = &model.tracking;
    let (mut actual, mut expected) = (0.0, 0.0);
    let stretch = |one: &Tracked| {
        (actual, expected) = (actual + one.actual, expected + one.expected);
        json!({
            "day": format_day(one.day),
            "actual": one.actual,
            "expected": one.expected,
            "cumulativeActual": actual,
            "cumulativeExpected": expected,
        })
    };
    all["tracking"] = stretches.iter().map(stretch).collect();
    all["trackingDays"] = json!(days);
    all["interval"] = json!(INTERVAL);
    let [orders, value] = &model.totals;
    all["total"] = json!({
        "expectedOrders": orders.expected,
        "expectedOrdersLow": orders.low,
        "expectedOrdersHigh": orders.high,
        "lifetimeValue": value.expected,
        "low": value.low,
        "high": value.high,
    });
    if let Some(Value::Object(best)) = candidates.first() {
        best.iter().for_each(|(name, value)| all[name] = value.clone());
    }
    if let Some((spend, estimate)) = &model.spend {
        let GammaGamma { p, q, gamma } = *spend;
        let names = ["p", "q", "gamma"];
        all["spend"] = json!({
            "model": "gamma-gamma",
            "parameters": named(&names, &[p, q, gamma]),
            "standardErrors": named(&names, &estimate.standard_errors),
            "logLikelihood": estimate.log_likelihood,
            "observedMean": model.observed[1],
            "correlation": model.observed[0],
            "assumption": if model.observed[0].abs() > RELATED { "doubtful" } else { "holds" },
        });
    }
    if let Some(holdout) = &model.holdout {
        let group = |(repeats, [customers, actual, expected]): (usize, &[f64; 3])| json!({ "repeats": repeats, "customers": customers, "actual": actual, "expected": expected });
        all["holdout"] = json!({
            "actual": holdout.actual,
            "expected": holdout.expected,
            "mae": holdout.mae,
            "days": holdout.days,
            "byRepeats": holdout.by_repeats.iter().enumerate().map(group).collect::<Vec<Value>>(),
        });
    }
    all
}

fn fitted(tried: &Tried, customers: usize) -> Value {
    let Tried { fitted, estimate } = tried;
    let Estimate { parameters, standard_errors, log_likelihood, converged, .. } = estimate;
    let names = fitted.model.names();
    json!({
        "model": fitted.model.as_str(),
        "parameters": named(&names, parameters),
        "standardErrors": named(&names, standard_errors),
        "logLikelihood": log_likelihood,
        "bic": 4.0 * libm::log(customers as f64) - 2.0 * log_likelihood,
        "converged": converged,
    })
}

/// Numbers by name. What is not known (a standard error where the curvature is flat) is null.
fn named(names: &[&str], values: &[f64]) -> Value {
    let pairs = names.iter().zip(values).map(|(name, value)| ((*name).to_string(), json!(value)));
    Value::Object(pairs.collect::<Map<String, Value>>())
}
