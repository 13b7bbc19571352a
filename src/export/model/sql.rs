//! How does a warehouse place a customer? Scaled values as columns, then the scores, then the label of the highest.
//!
//! Everything is 64-bit floats, added in the engine's order. A missing value makes all scores, and so the label, NULL.

use crate::error::{Error, Result};
use crate::export::model::placement::{Column, Input, Placement, Score};
use crate::export::sql::dialect::Dialect;
use crate::export::sql::writer::{Sql, Writer};
use crate::features::scale::{Scale, Transform};
use crate::segment::cluster::document::Saved;
use crate::table::column::ColumnType::{Boolean, Date, Number, Text};
use serde_json::Value;

/// Scores that are compared with each other at once; the best goes on to the next ones.
const AT_ONCE: usize = 32;
/// Columns that one query may add: warehouses end between 1,000 and 2,000.
const MOST_COLUMNS: usize = 600;
/// Points of a model that can be a column of a rule: there, all columns stay.
const MOST_IN_RULES: usize = 500;

impl Writer<'_> {
    /// The label of each customer's cluster; missing for who is in none. `keep` as for [`Writer::columns`].
    ///
    /// # Errors
    /// `unknown-column`; `unsupported` for columns that the dialect has no number for, and for models that are too large.
    pub fn clusters(&mut self, grouping: &Value, keep: &str) -> Result<Sql> {
        let name = grouping["name"].as_str().unwrap_or("Clusters");
        let placement = Placement::of(&Saved::read(&grouping["model"])?)?;
        let all_stay = keep == "c.*";
        if all_stay && placement.scores.len() > MOST_IN_RULES {
            let reason = "its model has more points than a rule can ask. Write the clusters themselves as SQL, and join their labels by the key.";
            return Err(self.dialect().unsupported(name, reason));
        }
        let asked = placement.columns.iter().map(|column| self.asked(column)).collect::<Result<Vec<Sql>>>()?;
        let values = self.values(&placement, &asked, keep);
        let inputs = placement
            .inputs
            .iter()
            .zip(&values)
            .map(|(input, value)| self.input(input, value, &placement))
            .collect::<Result<Vec<_>>>()?;
        let inputs = self.columns(keep, &inputs);
        let mut kept: Vec<String> = std::iter::once(keep.to_string()).collect();
        if !all_stay {
            kept.extend(inputs.iter().cloned());
        }
        let answered = self.answered(&placement, &inputs, &kept.join(", "));
        kept.extend(answered.iter().filter(|_| !all_stay).cloned());
        // The best so far: its score and its number.
        let mut best: Option<(String, String)> = None;
        let step = if placement.scores.iter().any(|score| matches!(score, Score::Bell { .. })) {
            (MOST_COLUMNS / inputs.len()).clamp(1, AT_ONCE)
        } else {
            AT_ONCE
        };
        for (part, scores) in placement.scores.chunks(step).enumerate() {
            let stay = |best: &Option<(String, String)>| {
                let best = best.iter().filter(|_| !all_stay).flat_map(|(score, number)| [score, number]);
                kept.iter().chain(best).cloned().collect::<Vec<_>>().join(", ")
            };
            let turns: Vec<String> = scores.iter().flat_map(|score| self.turns(score, &inputs)).collect();
            let turned = if turns.is_empty() { Vec::new() } else { self.columns(&stay(&best), &turns) };
            let mut turned = turned.as_slice();
            let mut said = Vec::new();
            for score in scores {
                let own = if let Score::Bell { turns, .. } = score { turns.len() } else { 0 };
                let known = answered.iter().map(|known| format!(" + {known}")).collect::<String>();
                said.push(score_of(score, &inputs, &turned[..own]) + &known);
                turned = &turned[own..];
            }
            let said = self.columns(&stay(&best), &said);
            let first = best.iter().cloned();
            let others = said.into_iter().enumerate().map(|(at, score)| (score, (part * step + at).to_string()));
            let rivals: Vec<(String, String)> = first.chain(others).collect();
            let decided = [winner(&rivals, |rival| &rival.0), winner(&rivals, |rival| &rival.1)];
            let decided = self.columns(&stay(&None), &decided);
            best = Some((decided[0].clone(), decided[1].clone()));
        }
        let label = self.label(&placement, &best.unwrap_or_default())?;
        Ok(Sql::new(self.column(&label), Text))
    }

    /// The label of the best rival's cluster.
    fn label(&self, placement: &Placement, (score, number): &(String, String)) -> Result<String> {
        let mut cases = String::new();
        for (cluster, label) in placement.labels.iter().enumerate() {
            let of = |at: &usize| placement.clusters[*at] == Some(cluster);
            let points: Vec<String> = (0..placement.scores.len()).filter(of).map(|at| at.to_string()).collect();
            if !points.is_empty() {
                let (points, label) = (points.join(", "), self.dialect().text(label)?);
                cases.push_str(&format!(" WHEN {score} IS NOT NULL AND {number} IN ({points}) THEN {label}"));
            }
        }
        Ok(if cases.is_empty() { "NULL".into() } else { format!("CASE{cases} END") })
    }

    /// A column that a model asks for: a number as a float, anything else as it is.
    fn asked(&mut self, column: &Column) -> Result<Sql> {
        let scope = self.setting.customers();
        let sql = self.named(&column.name, scope)?;
        let dialect = self.dialect();
        if column.levels.is_some() {
            return match sql.kind {
                Text => Ok(Sql::new(dialect.exact(&sql.text, false), Text)),
                Number | Boolean => Ok(sql),
                _ => Err(unfit(self, column, "only texts, numbers and yes/no are categories")),
            };
        }
        let text = match sql.kind {
            Number => sql.text,
            Boolean => {
                let (yes, no) = (self.truth(true), self.truth(false));
                format!("CASE WHEN {0} = {yes} THEN 1e0 WHEN {0} = {no} THEN 0e0 END", sql.text)
            }
            Date => dialect.as_number(&dialect.days_between(&dialect.day(0)?, &sql.text)),
            _ => {
                return Err(unfit(
                    self,
                    column,
                    "times, texts and lists are no numbers there. Use a date, or a number of days",
                ));
            }
        };
        Ok(Sql::new(text, Number))
    }

    /// What each feature is made of, with what stands in for missing numbers. Where a value is asked again and again for its
    /// landmarks, they are columns.
    fn values(&mut self, placement: &Placement, asked: &[Sql], keep: &str) -> Vec<Sql> {
        let mut values: Vec<Sql> = placement
            .inputs
            .iter()
            .map(|input| {
                let value = &asked[input.column()];
                match input {
                    Input::Number { fill: Some(fill), .. } => {
                        Sql::new(format!("COALESCE({}, {})", value.text, float(*fill)), Number)
                    }
                    _ => value.clone(),
                }
            })
            .collect();
        let is_ranked = |input: &Input| matches!(input, Input::Number { scale, .. } if !scale.landmarks.is_empty());
        if placement.inputs.iter().any(is_ranked) {
            let all: Vec<String> = values.iter().map(|value| value.text.clone()).collect();
            let names = self.columns(keep, &all);
            values.iter_mut().zip(names).for_each(|(value, name)| value.text = name);
        }
        values
    }

    /// The scaled value of a feature.
    fn input(&self, input: &Input, value: &Sql, placement: &Placement) -> Result<String> {
        let own = &value.text;
        let Input::Level { column, levels, within, without, missing } = input else {
            let Input::Number { scale, .. } = input else { return Ok(own.clone()) };
            return Ok(scaled(scale, own, if self.dialect() == Dialect::TSql { "LOG" } else { "LN" }));
        };
        let texts = placement.columns[*column].levels.as_deref().unwrap_or_default();
        let mut wanted = Vec::new();
        for level in levels.iter().filter_map(|level| texts.get(*level)) {
            wanted.push(match value.kind {
                Number => level.parse().map_or("NULL".into(), float),
                Boolean => self.truth(level == "true"),
                _ => self.dialect().exact_literal(&self.dialect().text(level)?),
            });
        }
        let has = match wanted.as_slice() {
            [] => String::new(),
            [one] => format!(" WHEN {own} = {one} THEN {}", float(*within)),
            several => format!(" WHEN {own} IN ({}) THEN {}", several.join(", "), float(*within)),
        };
        let gone = missing.map_or(String::new(), |missing| format!(" ELSE {}", float(missing)));
        Ok(format!("CASE{has} WHEN {own} IS NOT NULL THEN {}{gone} END", float(*without)))
    }

    /// For classes: 0 for who answered anything that is known, and missing for who did not.
    fn answered(&mut self, placement: &Placement, inputs: &[String], keep: &str) -> Option<String> {
        if !matches!(placement.scores[0], Score::Likely { .. }) {
            return None;
        }
        let any: Vec<String> = inputs.iter().map(|value| format!("{value} <> 0e0")).collect();
        self.columns(keep, &[format!("CASE WHEN {} THEN 0e0 END", any.join(" OR "))]).pop()
    }

    /// What a bell's score is made of besides constants.
    fn turns(&self, score: &Score, inputs: &[String]) -> Vec<String> {
        let Score::Bell { turns, .. } = score else { return Vec::new() };
        let term = |(feature, weight, mean): &(usize, f64, f64)| {
            format!("{} * ({} - {})", float(*weight), inputs[*feature], float(*mean))
        };
        turns.iter().map(|turn| turn.terms.iter().map(term).collect::<Vec<_>>().join(" + ")).collect()
    }
}

/// Of rivals, by score and number, what the highest has; of equal ones the first.
fn winner(rivals: &[(String, String)], what: fn(&(String, String)) -> &String) -> String {
    let Some((last, others)) = rivals.split_last() else { return String::new() };
    if others.is_empty() {
        return what(last).clone();
    }
    let cases = others.iter().enumerate().map(|(at, rival)| {
        let beats = rivals[at + 1..].iter().map(|(other, _)| format!("{} >= {other}", rival.0));
        format!(" WHEN {} THEN {}", beats.collect::<Vec<_>>().join(" AND "), what(rival))
    });
    format!("CASE{} ELSE {} END", cases.collect::<String>(), what(last))
}

fn unfit(writer: &Writer, column: &Column, reason: &str) -> Error {
    writer.dialect().unsupported(&format!("{} of the model", column.name), &format!("{reason}.")).column(&column.name)
}

/// A number that every dialect takes for a 64-bit float, with all its digits.
fn float(number: f64) -> String {
    let size = number.abs();
    let text = if (1e-5..1e15).contains(&size) || size == 0.0 { format!("{size}e0") } else { format!("{size:e}") };
    if number < 0.0 { format!("(-{text})") } else { text }
}

/// (f(x) − center) × factor.
fn scaled(scale: &Scale, value: &str, logarithm: &str) -> String {
    let shaped = match scale.transform {
        Transform::Log => format!("{logarithm}(1e0 + CASE WHEN {value} < 0e0 THEN 0e0 ELSE {value} END)"),
        Transform::YeoJohnson => {
            let log = format!("{logarithm}(1e0 + ABS({value}))");
            let grown = |power: f64| {
                if power == 0.0 {
                    log.clone()
                } else {
                    format!("(EXP({} * {log}) - 1e0) / {}", float(power), float(power))
                }
            };
            let lambda = scale.lambda.unwrap_or(1.0);
            format!("CASE WHEN {value} >= 0e0 THEN {} ELSE -({}) END", grown(lambda), grown(2.0 - lambda))
        }
        Transform::Quantile => along(&scale.landmarks, value),
        _ => value.to_string(),
    };
    format!("({shaped} - {}) * {}", float(scale.center), float(scale.factor()))
}

/// The straight lines between landmarks, each tried in turn.
fn along(marks: &[(f64, f64)], value: &str) -> String {
    let (Some(first), Some(last)) = (marks.first(), marks.last()) else { return value.to_string() };
    let mut cases = format!("CASE WHEN {value} < {} THEN {}", float(first.0), float(first.1));
    for pair in marks.windows(2) {
        let [(from, to), (next_from, next_to)] = pair else { continue };
        let (rise, run) = (float(next_to - to), float(next_from - from));
        let line = format!("{} + {rise} * (({value} - {}) / {run})", float(*to), float(*from));
        cases.push_str(&format!(" WHEN {value} < {} THEN {line}", float(*next_from)));
    }
    format!("{cases} WHEN {value} IS NOT NULL THEN {} END", float(last.1))
}

/// A score, from the left; of a bell from its turns.
fn score_of(score: &Score, inputs: &[String], turned: &[String]) -> String {
    let terms = |weights: &[f64]| {
        let terms = inputs.iter().zip(weights).map(|(value, weight)| format!("{value} * {}", float(*weight)));
        terms.collect::<Vec<_>>().join(" + ")
    };
    match score {
        Score::Near { start, weights } => format!("{} + {}", float(*start), terms(weights)),
        Score::Likely { start, weights } => format!("{} + ({})", float(*start), terms(weights)),
        Score::Bell { start, turns } => {
            let parts = turns.iter().zip(turned);
            let parts = parts.map(|(turn, t)| format!(" + ({} - 0.5e0 * {t} * {t})", float(turn.constant)));
            format!("{}{}", float(*start), parts.collect::<String>())
        }
    }
}
