//! In which group is a customer? Tiers and RFM groups as CASE, from their frozen definitions in the recipe.

use crate::error::{Code, Error, Result};
use crate::export::sql::writer::{NOWHERE, Scope, Sql, Writer};
use crate::segment::rfm_groups::{ELEVEN, scheme_of};
use crate::segment::rules::check::check;
use crate::segment::rules::format::format;
use crate::segment::rules::from_json::from_json;
use crate::segment::rules::parse::parse;
use crate::segment::rules::rule_error::first;
use crate::segment::rules::schema::Schema;
use crate::segment::rules::tree::Rule;
use crate::table::column::ColumnType::{self, Boolean, Number, Text};
use serde_json::Value;

/// The columns that RFM adds to a table besides its labels.
pub const SCORES: [&str; 4] = ["recency_score", "frequency_score", "monetary_score", "fm_score"];

/// The columns that a grouping of a recipe adds, or a snapshot that was restored.
pub fn columns_of(grouping: &Value) -> Vec<(String, ColumnType)> {
    if is_snapshot(grouping) {
        return vec![(grouping["name"].as_str().unwrap_or_default().to_string(), Boolean)];
    }
    let scores = if grouping["kind"] == "rfm" { &SCORES[..] } else { &[] };
    let label = grouping["name"].as_str().unwrap_or_default().to_string();
    let listed = grouping["columns"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let numbers = scores.iter().copied().chain(listed).map(|name| (name.to_string(), Number));
    numbers.chain([(label, Text)]).collect()
}

impl Writer<'_> {
    /// A column that a grouping adds: a label or a score.
    ///
    /// # Errors
    /// `unsupported` for what the dialect cannot say.
    pub fn derived(&mut self, name: &str, at: usize) -> Result<Sql> {
        let grouping = &self.setting.groupings[at];
        if is_snapshot(grouping) {
            return self.snapshot(grouping);
        }
        if grouping["kind"] == "rfm" {
            let (scores, label) = self.rfm(grouping)?;
            let score = SCORES.iter().position(|known| *known == name);
            return Ok(score.map_or(label, |at| scores[at].clone()));
        }
        if grouping["kind"] == "clusters" {
            return self.clusters(grouping, "c.*");
        }
        self.tiers(grouping)
    }

    /// The label of each customer; missing for who is in no tier.
    ///
    /// # Errors
    /// As for [`Writer::derived`].
    pub fn tiers(&mut self, grouping: &Value) -> Result<Sql> {
        if let "stages" | "holdout" = grouping["kind"].as_str().unwrap_or_default() {
            let why =
                "it rests on every customer's orders or rank, as they were counted here. Export the rows with it.";
            return Err(self.dialect().unsupported(grouping["name"].as_str().unwrap_or_default(), why));
        }
        let scope = self.setting.customers();
        let mut label = self.labelled(&listed(&grouping["tiers"])?, scope)?;
        if let Some(rest) = grouping["everyoneElse"].as_str() {
            label = format!("COALESCE({label}, {})", self.dialect().text(rest)?);
        }
        if let Some(kept) = self.kept()? {
            label = format!("CASE WHEN {kept} THEN {label} END");
        }
        Ok(Sql::new(self.column(&label), Text))
    }

    /// The condition that the study excludes somebody not; none where it excludes nobody.
    ///
    /// # Errors
    /// `unsupported` for a list of customers, of whom a recipe keeps hashes only.
    pub fn kept(&mut self) -> Result<Option<String>> {
        let exclude = &self.setting.exclude;
        if exclude.is_null() {
            return Ok(None);
        }
        if exclude["rule"].is_null() {
            return Err(self.dialect().unsupported(
                "the list of customers whom the study excludes",
                "a study keeps no more than a hash of each. Exclude by a rule, or export the members.",
            ));
        }
        let excluded = self.rule(&from_json(&exclude["rule"])?, self.setting.customers())?;
        self.note(format!("The study excludes: {}.", exclude["text"].as_str().unwrap_or_default()));
        Ok(Some(format!("CASE WHEN {excluded} THEN 0 ELSE 1 END = 1")))
    }

    /// Whether a customer was in a snapshot: their key is one of a list.
    fn snapshot(&mut self, snapshot: &Value) -> Result<Sql> {
        let scope = self.setting.customers();
        let name = snapshot["key"].as_str().unwrap_or(&self.setting.key);
        let kind = scope.schema.column(name, NOWHERE)?;
        let key = Sql::new(format!("c.{}", self.dialect().name(name)?), kind);
        let key = self.keyed(&key, Text);
        let keys = snapshot["keys"].as_array().map_or(&[][..], Vec::as_slice).iter().filter_map(Value::as_str);
        let keys =
            keys.map(|key| Ok(self.dialect().exact_literal(&self.dialect().text(key)?))).collect::<Result<Vec<_>>>()?;
        let among = if keys.is_empty() { "1 = 0".into() } else { format!("{key} IN ({})", keys.join(", ")) };
        let (yes, no) = (self.truth(true), self.truth(false));
        Ok(Sql::new(self.column(&format!("CASE WHEN {among} THEN {yes} ELSE {no} END")), Boolean))
    }

    /// The score of a value by rising edges: from the highest down, the first that is passed decides.
    fn banded(&self, value: &str, edges: &Value, (scale, at_edge): (u64, &str), low_is_strong: bool) -> String {
        let edges = edges.as_array().map_or(&[][..], Vec::as_slice);
        let band = |(at, edge): (usize, &Value)| {
            let band = at as u64 + 2;
            let score = if low_is_strong { scale + 1 - band } else { band };
            format!(" WHEN {value} {at_edge} {} THEN {score}", self.dialect().number(edge.as_f64().unwrap_or_default()))
        };
        let bands: String = edges.iter().enumerate().rev().map(band).collect();
        let weakest = if low_is_strong { scale } else { 1 };
        if bands.is_empty() { weakest.to_string() } else { format!("CASE{bands} ELSE {weakest} END") }
    }

    /// The scores of each customer (recency, frequency, monetary, the mean of the latter two), and the label; all missing for
    /// who cannot be scored.
    ///
    /// # Errors
    /// As for [`Writer::derived`]; `unknown-column` where the table lacks what is scored.
    pub fn rfm(&mut self, grouping: &Value) -> Result<([Sql; 4], Sql)> {
        let scope = self.setting.customers();
        let scale = grouping["scale"].as_u64().unwrap_or(5);
        let at_edge = if grouping["compatibility"] == "r-rfm" { ">=" } else { ">" };
        let mut values = Vec::new();
        for name in ["recency_days", "frequency", "monetary"] {
            scope.schema.column(name, NOWHERE)?;
            values.push(self.named(name, scope)?.text);
        }
        let scored = format!("{} > 0 AND {} IS NOT NULL AND {} IS NOT NULL", values[1], values[0], values[2]);
        let mut scores: Vec<String> = Vec::new();
        for (value, axis) in values.iter().zip(["recency", "frequency", "monetary"]) {
            let banded = |edges: &Value| self.banded(value, edges, (scale, at_edge), axis == "recency");
            // Nested bands have edges of their own for each score of the axes before.
            let within = |score: &str, parts: Vec<String>| {
                let parts = parts.iter().enumerate().map(|(at, part)| format!(" WHEN {} THEN {part}", at + 1));
                format!("CASE {score}{} END", parts.collect::<String>())
            };
            let each = |list: &Value| list.as_array().into_iter().flatten().map(banded).collect::<Vec<String>>();
            let text = match &grouping["nestedEdges"][axis] {
                Value::Null => banded(&grouping["edges"][axis]),
                nested if axis == "frequency" => within(&scores[0], each(nested)),
                nested => {
                    let lists = nested.as_array().into_iter().flatten();
                    within(&scores[0], lists.map(|list| within(&scores[1], each(list))).collect())
                }
            };
            scores.push(self.column(&format!("CASE WHEN {scored} THEN {text} END")));
        }
        let dialect = self.dialect();
        let mean =
            |scores: &[String]| format!("({}) / 2", dialect.as_number(&format!("{} + {}", scores[1], scores[2])));
        let sql = |scores: &[String]| {
            let number = |text: &String| Sql::new(dialect.as_number(text), Number);
            [number(&scores[0]), number(&scores[1]), number(&scores[2]), Sql::new(mean(scores), Number)]
        };
        let label = match &grouping["scheme"] {
            Value::String(name) if name == "cells" => {
                let parting = if scale > 9 { "'.'" } else { "''" };
                let digits: Vec<String> = scores.iter().map(|score| dialect.digits(score)).collect();
                let parts = [digits[0].clone(), parting.into(), digits[1].clone(), parting.into(), digits[2].clone()];
                format!("CASE WHEN {} IS NOT NULL THEN {} END", scores[0], dialect.joined(&parts))
            }
            Value::String(name) => {
                // Scores on another scale are brought to 1…5 first, rounded up.
                let on_five: Vec<String> = scores
                    .iter()
                    .map(|score| {
                        if scale == 5 {
                            return score.clone();
                        }
                        let steps: String = (1..=scale)
                            .map(|from| format!(" WHEN {from} THEN {}", (from * 5).div_ceil(scale)))
                            .collect();
                        self.column(&format!("CASE {score}{steps} END"))
                    })
                    .collect();
                let list = scheme_of(name).unwrap_or(&ELEVEN);
                let tiers = list
                    .iter()
                    .map(|(name, text)| Ok((name.to_string(), parse(text).map_err(first)?)))
                    .collect::<Result<Vec<_>>>()?;
                self.with_scores(sql(&on_five), |writer, scope| writer.labelled(&tiers, scope))?
            }
            own => {
                let tiers = listed(own)?;
                self.with_scores(sql(&scores), |writer, scope| writer.labelled(&tiers, scope))?
            }
        };
        let mut label = label;
        // Customers who never ordered; recipes of earlier versions do not name them.
        if let Some(unscored) = grouping["unscored"].as_str() {
            let mut never = format!("{} = 0", values[1]);
            if scope.schema.column("refunds", NOWHERE).is_ok_and(|kind| kind == Number) {
                let refunds = self.named("refunds", scope)?.text;
                never += &format!(" AND COALESCE({refunds}, 0) <= 0");
            }
            if scope.schema.column("first_order", NOWHERE).is_ok_and(|kind| kind == ColumnType::Date) {
                never += &format!(" AND {} IS NULL", self.named("first_order", scope)?.text);
            }
            label = self.column(&label);
            label = format!("COALESCE({label}, CASE WHEN {never} THEN {} END)", self.dialect().text(unscored)?);
        }
        let label = Sql::new(self.column(&label), Text);
        Ok((sql(&scores), label))
    }

    /// The label of the first rule that is true.
    fn labelled(&mut self, tiers: &[(String, Rule)], scope: Scope) -> Result<String> {
        let mut cases = String::new();
        for (label, rule) in tiers {
            if let Some(error) = check(rule, &scope.schema).into_iter().next() {
                return Err(Error::new(
                    error.code,
                    format!("The rule of “{label}”, {}: {}", format(rule), error.message),
                ));
            }
            let rule = self.rule(rule, scope)?;
            cases.push_str(&format!("\n    WHEN {rule} THEN {}", self.dialect().text(label)?));
        }
        // Without a tier there is no case that could be said.
        Ok(if cases.is_empty() { "NULL".into() } else { format!("CASE{cases}\n  END") })
    }

    /// Rules in which the names of scores stand for these, whatever the table has under those names.
    fn with_scores<T>(&mut self, scores: [Sql; 4], work: impl FnOnce(&mut Self, Scope) -> Result<T>) -> Result<T> {
        let setting = self.setting;
        let mut columns: Vec<(String, ColumnType)> =
            setting.columns.iter().filter(|(name, _)| !SCORES.contains(&name.as_str())).cloned().collect();
        columns.extend(SCORES.map(|name| (name.to_string(), Number)));
        let whole = setting.customers();
        let scope = Scope { schema: Schema { columns: &columns, ..whole.schema }, alias: "c" };
        let before = self.scores.replace(scores);
        let done = work(self, scope);
        self.scores = before;
        done
    }
}

fn is_snapshot(grouping: &Value) -> bool {
    grouping["keys"].is_array()
}

/// Rules with their labels, as a recipe has them.
fn listed(tiers: &Value) -> Result<Vec<(String, Rule)>> {
    let list = tiers
        .as_array()
        .ok_or_else(|| Error::new(Code::BadOption, "The recipe holds a grouping without its rules."))?;
    list.iter()
        .map(|tier| Ok((tier["name"].as_str().unwrap_or_default().to_string(), from_json(&tier["rule"])?)))
        .collect()
}
