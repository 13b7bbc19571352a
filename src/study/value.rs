//! What is each row of a study worth? The purchase days of its orders, the models fitted to them, and their figures by row.

use crate::error::{Code, Error, Result};
use crate::features::customers::{CustomersOptions, PurchasesJob};
use crate::features::purchases::PurchaseDays;
use crate::job::{Job, Progress, Step};
use crate::study::study::Study;
use crate::table::column::Column;
use crate::table::date::format_day;
use crate::table::role::Role;
use crate::table::texts::TextsBuilder;
use crate::value::estimate::{Estimate, Tried};
use crate::value::job::{ValueJob, ValueModel};
use crate::value::options::{Plan, ValueOptions};
use crate::value::spend::GammaGamma;
use serde_json::{Map, Value, json};
use std::rc::Rc;

/// Columns whose figures rules may ask for, in the order of [`Valued::figures`].
pub const COLUMNS: [&str; 4] = ["p_alive", "expected_orders", "expected_spend", "lifetime_value"];

/// A value model and what it says of each row.
#[derive(Debug)]
pub struct Valued {
    /// In the shape of the public interface, without the figures of rows.
    pub document: Value,
    /// By row: chance to be still buying, orders expected, money an order, money in all, days to the next order. NaN for
    /// customers without orders and for those first seen after the calibration's end.
    pub figures: [Vec<f64>; 5],
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
    Fitting(Box<(ValueJob, PurchaseDays)>),
    Over,
}

impl Study {
    /// Prepares value models of the study's customers from its orders.
    ///
    /// # Errors
    /// `missing-orders` where the study has none; those of the options and of folding.
    pub fn value(&self, options: &ValueOptions, definition: Value) -> Result<StudyValueJob> {
        let plan = options.plan()?;
        let no_orders = || {
            Error::new(
                Code::MissingRole,
                "Value is worked out from orders, and this study has none. Fold order lines into customers, or give the study its order table as “orders”.",
            )
        };
        let orders = self.orders.as_ref().ok_or_else(no_orders)?;
        let customers = self.base.by_role(Role::CustomerId).ok_or_else(no_orders)?;
        let fold = CustomersOptions {
            id: Some(orders.key().name.clone()),
            reference_date: Some(format_day(self.reference_date)),
            ..CustomersOptions::default()
        };
        let stage = Stage::Folding(Box::new(PurchasesJob::new(Rc::clone(orders.table()), &fold)?));
        let customers = self.base.columns[self.base.position(&customers.name)?].clone();
        Ok(StudyValueJob { stage, plan, definition, customers })
    }

    /// Keeps the figures as columns that rules may ask for, in place of earlier ones.
    ///
    /// # Errors
    /// Those of rules that can no longer be answered.
    pub fn keep_value(&mut self, valued: &Valued) -> Result<()> {
        let columns = COLUMNS.iter().zip(&valued.figures);
        let columns = columns.map(|(name, values)| Rc::new(Column::number(*name, Role::Other, values.clone())));
        let before = self.valued.replace((valued.definition.clone(), columns.collect()));
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
                    return Ok(working(step, 0.0, 0.2));
                };
                let job = ValueJob::new(&purchases, self.plan.clone())?;
                self.stage = Stage::Fitting(Box::new((job, purchases)));
                Ok(Step::Working(Progress { phase: "folding orders", ratio: 0.2, rows: 0 }))
            }
            Stage::Fitting(mut fitting) => {
                let step = fitting.0.step()?;
                let Step::Done(model) = step else {
                    self.stage = Stage::Fitting(fitting);
                    return Ok(working(step, 0.2, 0.8));
                };
                Ok(Step::Done(self.by_row(model, fitting.1)))
            }
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
    fn by_row(&self, model: ValueModel, purchases: PurchaseDays) -> Valued {
        let count = purchases.customers();
        let mut numbers = TextsBuilder::default();
        (0..count).for_each(|customer| _ = numbers.number_of(purchases.ids.value(customer as u32)));
        let rows: Vec<Option<usize>> = (0..self.customers.len())
            .map(|row| {
                let number = numbers.number_of(&self.customers.text_of(row)?) as usize;
                (number < count).then_some(number)
            })
            .collect();
        let found = &model.predictions;
        let lists = [&found.alive, &found.orders, &found.spend, &found.lifetime, &found.next];
        let figures =
            lists.map(|list| rows.iter().map(|row| row.map_or(f64::NAN, |customer| list[customer])).collect());
        Valued { document: document(&model, &self.plan), figures, definition: self.definition.clone() }
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
    let Estimate { parameters, standard_errors, log_likelihood, converged } = estimate;
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
