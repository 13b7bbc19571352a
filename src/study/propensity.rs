//! How likely is an outcome for each row of a study? What it is to be told by, the models, and their probabilities by row.

use crate::error::{Code, Error, Result};
use crate::features::customers::PurchasesJob;
use crate::features::purchases::PurchaseDays;
use crate::job::{Job, Progress, Step};
use crate::math::rng::Rng;
use crate::segment::cluster::fit::mix;
use crate::segment::explain::axes::Axis;
use crate::segment::explain::leaks::leak;
use crate::study::history::rows_of;
use crate::study::outcome_inputs::{input, yes_or_no};
use crate::study::outcome_view::document;
use crate::study::study::Study;
use crate::table::column::{Column, Data};
use crate::table::date::format_day;
use crate::table::figures::grouped;
use crate::table::protected::protected;
use crate::table::role::Role;
use crate::value::churn::{FEATURES, order_inputs, risk_by_recency, stayed_away};
use crate::value::design::{Input, MISSING, Values};
use crate::value::propensity::{Found, HELD_BACK, PropensityJob, Question};
use serde::Deserialize;
use serde_json::{Value, json};
use std::rc::Rc;

/// Days without an order, where recency stands in for a model of another outcome.
const YEAR: f64 = 365.0;
/// Rows by which columns are looked at that tell the outcome nearly alone.
const LOOKED_AT: usize = 10_000;

/// What is to be told.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PropensityOptions {
    /// A column of the study, and which of its values is the outcome.
    pub outcome: Option<OutcomeColumn>,
    /// No order within so many days.
    pub churn: Option<ChurnDays>,
    /// Columns to tell it by.
    pub features: Option<Vec<String>>,
    /// "logistic", "forest" or "best".
    pub method: Option<String>,
    /// Share of the customers held back.
    pub held_back: Option<f64>,
    /// Of the draws; the study's when left out.
    pub seed: Option<u64>,
    /// Of the column of probabilities.
    pub name: Option<String>,
}

/// An outcome as a column.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct OutcomeColumn {
    /// Its name.
    pub column: String,
    /// The value that is the outcome.
    pub positive: Value,
}

/// Churn by days.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ChurnDays {
    /// Days without an order.
    pub days: f64,
}

/// A model of an outcome and what it says of each row.
#[derive(Debug)]
pub struct Propensed {
    /// In the shape of the public interface, without the probabilities.
    pub document: Value,
    /// By row; NaN where not scored.
    pub probability: Vec<f64>,
    /// The column's name.
    pub name: String,
    /// What was asked for, for the recipe.
    pub definition: Value,
}

/// The work in the making.
#[derive(Debug)]
pub struct StudyPropensityJob {
    stage: Stage,
    asked: Asked,
}

/// What all stages know.
#[derive(Debug)]
struct Asked {
    name: String,
    method: String,
    definition: Value,
    /// In one sentence.
    sentence: String,
    warnings: Vec<String>,
    methods: Vec<&'static str>,
    held_back: f64,
    seed: u64,
    rows: usize,
    /// Of churn: the ids by row, inputs of the table and their names, and the window.
    churn: Option<Churn>,
    /// Where the figures of customers stand by row; none where they are the rows.
    places: Option<Vec<Option<usize>>>,
}

#[derive(Debug)]
struct Churn {
    ids: Rc<Column>,
    days: i32,
    reference: i32,
    wanted: Option<Vec<String>>,
    extra: Vec<Input>,
}

#[derive(Debug)]
enum Stage {
    Folding(Box<PurchasesJob>),
    Telling(Box<PropensityJob>),
    Over,
}

fn bad(message: String) -> Error {
    Error::new(Code::BadOption, message)
}

impl Study {
    /// Prepares a model of an outcome.
    ///
    /// # Errors
    /// `bad-option`, `unknown-column`, `wrong-type`; of churn also those of folding orders.
    pub fn propensity(&self, options: &PropensityOptions, definition: Value) -> Result<StudyPropensityJob> {
        let method = options.method.clone().unwrap_or_else(|| "best".into());
        let methods = match method.as_str() {
            "best" => vec!["logistic", "forest"],
            "logistic" => vec!["logistic"],
            "forest" => vec!["forest"],
            other => {
                return Err(bad(format!(
                    "There is no method “{other}”. Use “logistic”, “forest”, or “best” for the better one."
                )));
            }
        };
        let usual = match (&options.outcome, &options.churn) {
            (Some(outcome), None) => format!("{}_propensity", outcome.column),
            (None, Some(_)) => "churn_risk".into(),
            _ => return Err(bad("Say what is to be told: either “outcome” or “churn”.".into())),
        };
        let name = options.name.clone().unwrap_or(usual);
        self.check_name(&name)?;
        if self.base.columns.iter().any(|column| column.name == name) {
            return Err(bad(format!(
                "The table has a column “{name}” already. Give the probabilities another “name”."
            )));
        }
        let mut definition = definition;
        definition["name"] = json!(name);
        let mut asked = Asked {
            name,
            method,
            definition,
            sentence: String::new(),
            warnings: Vec::new(),
            methods,
            held_back: options.held_back.unwrap_or(HELD_BACK),
            seed: options.seed.unwrap_or(self.seed),
            rows: self.base.row_count,
            churn: None,
            places: None,
        };
        let stage = match (&options.churn, &options.outcome) {
            (Some(ChurnDays { days }), _) => {
                if !(1.0..=3_660.0).contains(days) || days.fract() != 0.0 {
                    return Err(bad(format!("“churn.days” is {days}; it is a whole number of days, up to ten years.")));
                }
                let of_orders = |name: &&String| FEATURES.contains(&name.as_str());
                let named: Vec<&String> = options.features.iter().flatten().filter(|name| !of_orders(name)).collect();
                let extra = named.iter().map(|name| input(&self.table, name)).collect::<Result<Vec<_>>>()?;
                if !extra.is_empty() {
                    asked.warnings.push("The columns named are known as they are today, not as they were then; one that was written down afterwards gives the outcome away.".into());
                }
                let (fold, ids) = self.folding()?;
                let (days, reference) = (*days as i32, self.reference_date);
                asked.churn = Some(Churn { ids, days, reference, wanted: options.features.clone(), extra });
                Stage::Folding(Box::new(fold))
            }
            (None, Some(outcome)) => {
                let question = self.question_of(outcome, options.features.as_deref(), &mut asked)?;
                Stage::Telling(Box::new(PropensityJob::new(question)?))
            }
            (None, None) => Stage::Over,
        };
        Ok(StudyPropensityJob { stage, asked })
    }

    /// Keeps the probabilities as a column that rules may ask for, in place of one of the same name.
    ///
    /// # Errors
    /// Those of rules that can no longer be answered.
    pub fn keep_propensity(&mut self, found: &Propensed) -> Result<()> {
        let column = Rc::new(Column::number(&found.name, Role::Other, found.probability.clone()));
        let before = self.propensities.clone();
        self.propensities.retain(|(_, known)| known.name != found.name);
        self.propensities.push((found.definition.clone(), column));
        self.derive().inspect_err(|_| self.propensities = before)
    }

    fn question_of(&self, outcome: &OutcomeColumn, features: Option<&[String]>, asked: &mut Asked) -> Result<Question> {
        let OutcomeColumn { column: name, positive } = outcome;
        let column = self.table.column(name)?;
        let (values, said) = yes_or_no(&self.table, column, positive)?;
        let names: Vec<String> = match features {
            Some(names) => names.to_vec(),
            None => {
                let mut names = self.describing();
                names.retain(|one| one != name);
                for left in names.iter().filter_map(|one| Some((one, protected(one)?))) {
                    asked.warnings.push(format!(
                        "“{}” was left out: it tells of {}, which the law protects; name it yourself if you may use it.",
                        left.0, left.1
                    ));
                }
                names.retain(|one| protected(one).is_none());
                names
            }
        };
        if names.contains(name) {
            return Err(bad(format!("“{name}” is the outcome itself and cannot tell it. Leave it out of “features”."))
                .column(name));
        }
        let inputs = names.iter().map(|name| input(&self.table, name)).collect::<Result<Vec<_>>>()?;
        asked.warnings.extend(self.leaks(name, &names, &values, asked.seed)?);
        let known = values.iter().filter(|value| !value.is_nan()).count();
        asked.sentence = format!(
            "The chance that “{name}” is {said}, learned from the {} customers of whom it is known.",
            grouped(known as u64)
        );
        let recency =
            match self.table.columns.iter().find(|column| column.name == "recency_days").map(|column| &column.data) {
                Some(Data::Number(days)) => days.iter().map(|&days| risk_by_recency(days, YEAR)).collect(),
                _ => vec![f64::NAN; self.base.row_count],
            };
        let known = Rc::new(inputs);
        Ok(Question {
            scored: Rc::clone(&known),
            known,
            outcome: values,
            count: self.base.row_count,
            recency,
            methods: asked.methods.clone(),
            held_back: asked.held_back,
            seed: asked.seed,
        })
    }

    /// Columns that tell the outcome nearly alone, as warnings.
    fn leaks(&self, name: &str, columns: &[String], values: &[f64], seed: u64) -> Result<Vec<String>> {
        let known: Vec<usize> = (0..values.len()).filter(|&row| !values[row].is_nan()).collect();
        let drawn = Rng::new(mix(seed, 6_400, 0)).sample(known.len(), LOOKED_AT);
        let rows: Vec<usize> = drawn.into_iter().map(|at| known[at]).collect();
        let mean = rows.iter().map(|&row| values[row]).sum::<f64>() / rows.len().max(1) as f64;
        let outcome: Vec<f64> = rows.iter().map(|&row| values[row] - mean).collect();
        let mut said = Vec::new();
        for column in columns {
            let axis = Axis::of(&self.table, column, false, &rows)?;
            said.extend(axis.and_then(|axis| leak(&axis, &outcome, true, name)).map(|leak| leak.text));
        }
        Ok(said)
    }
}

impl Asked {
    /// What churn is told by, from the purchase days.
    fn question(&mut self, churn: Churn, purchases: &PurchaseDays) -> Result<Question> {
        let Churn { ids, days, reference, wanted, extra } = churn;
        let cut = reference - days;
        let places = rows_of(purchases, &ids);
        let is_wanted = |input: &Input| wanted.as_ref().is_none_or(|names| names.contains(&input.name));
        // Columns of the table by customer, as the orders number them.
        let mut row_of = vec![None; purchases.customers()];
        for (row, place) in places.iter().enumerate() {
            if let Some(place) = place {
                row_of[*place] = Some(row);
            }
        }
        let turned: Vec<Input> = extra
            .into_iter()
            .map(|Input { name, values }| {
                let values = match values {
                    Values::Numbers(values) => {
                        Values::Numbers(row_of.iter().map(|row| row.map_or(f64::NAN, |row| values[row])).collect())
                    }
                    Values::Levels(codes, names) => {
                        Values::Levels(row_of.iter().map(|row| row.map_or(MISSING, |row| codes[row])).collect(), names)
                    }
                };
                Input { name, values }
            })
            .collect();
        let inputs = |day: i32| -> Vec<Input> {
            order_inputs(purchases, day, days).into_iter().filter(is_wanted).chain(turned.iter().cloned()).collect()
        };
        let known = inputs(cut);
        let scored = inputs(reference);
        let recency = order_inputs(purchases, reference, days).swap_remove(0);
        let recency = match recency.values {
            Values::Numbers(values) => values.into_iter().map(|one| risk_by_recency(one, f64::from(days))).collect(),
            Values::Levels(..) => Vec::new(),
        };
        let outcome = stayed_away(purchases, cut, days);
        let seen = outcome.iter().filter(|one| !one.is_nan()).count();
        self.sentence = format!(
            "No order within {} days. Learned from the {} customers who had ordered by {}: what their orders said up to that day, and whether any came in the {days} days after it. The chances are those of no order in the {days} days after {}.",
            grouped(days as u64),
            grouped(seen as u64),
            format_day(cut),
            format_day(reference)
        );
        self.places = Some(places);
        Ok(Question {
            known: Rc::new(known),
            scored: Rc::new(scored),
            outcome,
            count: purchases.customers(),
            recency,
            methods: self.methods.clone(),
            held_back: self.held_back,
            seed: self.seed,
        })
    }

    fn finish(&mut self, found: Found) -> Propensed {
        let mut warnings = std::mem::take(&mut self.warnings);
        warnings.extend(found.warnings.iter().cloned());
        let probability = match &self.places {
            None => found.probability.clone(),
            Some(places) => {
                let figure = |place: &Option<usize>| place.map_or(f64::NAN, |place| found.probability[place]);
                places.iter().map(figure).collect()
            }
        };
        let without = probability.iter().filter(|one| one.is_nan()).count();
        if without > 0 {
            warnings.push(format!(
                "{} of {} customers get no figure: nothing is known of their orders.",
                grouped(without as u64),
                grouped(self.rows as u64)
            ));
        }
        Propensed {
            document: document((&self.name, &self.method, &self.sentence), &found, &warnings),
            probability,
            name: self.name.clone(),
            definition: self.definition.clone(),
        }
    }
}

impl Job for StudyPropensityJob {
    type Output = Propensed;

    fn step(&mut self) -> Result<Step<Propensed>> {
        let (working, from, share) = match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Folding(mut fold) => match (fold.step()?, self.asked.churn.take()) {
                (Step::Done(purchases), Some(churn)) => {
                    let question = self.asked.question(churn, &purchases)?;
                    self.stage = Stage::Telling(Box::new(PropensityJob::new(question)?));
                    (Progress { phase: "folding orders", ratio: 1.0, rows: 0 }, 0.0, 0.2)
                }
                (step, churn) => {
                    self.asked.churn = churn;
                    self.stage = Stage::Folding(fold);
                    (progress(&step), 0.0, 0.2)
                }
            },
            Stage::Telling(mut job) => match job.step()? {
                Step::Done(found) => return Ok(Step::Done(self.asked.finish(found))),
                step => {
                    self.stage = Stage::Telling(job);
                    (progress(&step), 0.2, 0.8)
                }
            },
            Stage::Over => {
                return Err(Error::new(
                    Code::Internal,
                    "A finished propensity model was stepped again. Please report this.",
                ));
            }
        };
        Ok(Step::Working(Progress { ratio: from + share * working.ratio, ..working }))
    }
}

fn progress<T>(step: &Step<T>) -> Progress {
    if let Step::Working(progress) = step { *progress } else { Progress { phase: "predicting", ratio: 1.0, rows: 0 } }
}
