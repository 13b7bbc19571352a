//! How are scores named, how far do ways of naming agree, and how is money spread? What a study says beside its RFM groups.

use crate::error::{Code, Error, Result};
use crate::features::rfm::{Edges, Possible, ScoreOptions, Scores, score};
use crate::profile::concentration::ConcentrationJob;
use crate::segment::agreement::agreement;
use crate::segment::grouping::Grouping;
use crate::segment::rfm_groups::{SchemeList, by_cell, by_columns, by_rules, schemes, score_columns};
use crate::segment::rules::tree::Rule;
use crate::study::grouped::with_columns;
use crate::study::groupings::tiers_json;
use crate::study::study::{Kept, Study};
use crate::study::views::Scheme;
use crate::table::column::Column;
use serde_json::{Value, json};
use std::rc::Rc;

/// The scheme that is taken when nobody names one.
const USUAL: &str = "segments-11";
/// Groupings that can be compared at once.
const MOST: usize = 12;

/// The built-in schemes as lists that can be edited and handed back.
pub fn scheme_lists() -> Value {
    let group = |(name, rule): &(String, String)| json!({ "name": name, "rule": rule });
    let one = |list: SchemeList| {
        let groups: Vec<Value> = list.groups.iter().map(group).collect();
        json!({ "name": list.name, "title": list.title, "groups": groups })
    };
    schemes().into_iter().map(one).collect()
}

impl Study {
    /// Scores under the names of a scheme, and the scheme as a recipe keeps it.
    pub(in crate::study) fn grouped(
        &self,
        name: &str,
        scheme: Option<&Scheme>,
        scores: &Scores,
        columns: &[Rc<Column>],
    ) -> Result<(Grouping, Value)> {
        Ok(match scheme {
            None => (by_columns(name, USUAL, scores, columns)?, json!(USUAL)),
            Some(Scheme::Named(scheme)) if scheme == "cells" => (by_cell(name, scores), json!(scheme)),
            Some(Scheme::Named(scheme)) => (by_columns(name, scheme, scores, columns)?, json!(scheme)),
            Some(Scheme::Own(list)) => {
                let tiers = self.trees(list, &with_columns(&self.base, columns))?;
                let rules: Vec<Rule> = tiers.iter().map(|tier| tier.rule.clone()).collect();
                self.refuse_circles(name, &rules)?;
                (by_rules(name, &tiers, &self.base, scores, &self.context())?, json!(tiers_json(&tiers)))
            }
        })
    }

    /// Groupings beside each other, two by two: kept ones by name, and schemes (by name, or as own lists) of the scores of the
    /// RFM that is kept, else of RFM without options. The document has the shape of the public interface.
    ///
    /// # Errors
    /// `bad-option` for fewer than two or more than twelve, `not-found`; those of rules and scores.
    pub fn agreement(&self, of: &[Scheme]) -> Result<Value> {
        if !(2..=MOST).contains(&of.len()) {
            return Err(Error::new(
                Code::BadOption,
                format!("Name 2 to {MOST} groupings to compare, not {}.", of.len()),
            ));
        }
        let groupings = of.iter().map(|one| self.compared(one)).collect::<Result<Vec<Grouping>>>()?;
        let rows = self.base.row_count as u64;
        let mut pairs = Vec::new();
        for b in 1..groupings.len() {
            for a in 0..b {
                let found = agreement(&groupings[a], &groupings[b]);
                pairs.push(json!({
                    "a": a, "b": b, "adjustedRand": found.adjusted_rand, "cells": found.cells,
                    "n": found.n, "without": rows - found.n,
                }));
            }
        }
        Ok(json!({
            "names": groupings.iter().map(|one| one.name.as_str()).collect::<Vec<&str>>(),
            "labels": groupings.iter().map(|one| one.labels.as_slice()).collect::<Vec<&[String]>>(),
            "sizes": groupings.iter().map(|one| one.sizes.as_slice()).collect::<Vec<&[usize]>>(),
            "pairs": pairs,
        }))
    }

    fn compared(&self, one: &Scheme) -> Result<Grouping> {
        if let Scheme::Named(name) = one {
            if let Some(kept) = self.groupings.iter().find(|kept| kept.grouping.name == *name) {
                return Ok(kept.grouping.clone());
            }
            if schemes().iter().all(|scheme| scheme.name != name) {
                return Err(Error::new(Code::NotFound, format!("There is no grouping or scheme “{name}”.")));
            }
        }
        let name = if let Scheme::Named(name) = one { name.as_str() } else { "Own list" };
        let kept = self.groupings.iter().find(|kept| kept.definition["kind"] == "rfm");
        let scores = match kept.and_then(scores_of) {
            Some(scores) => scores,
            None => score(&self.base, &ScoreOptions::default())?,
        };
        Ok(self.grouped(name, Some(one), &scores, &score_columns(&scores).map(Rc::new))?.0)
    }

    /// Prepares how a column is spread over customers: the money, when none is named.
    ///
    /// # Errors
    /// `missing-role` where no column is money, `unknown-column`, `wrong-type`.
    pub fn concentration(&self, column: Option<&str>) -> Result<ConcentrationJob> {
        let money = match column {
            Some(name) => Some(name.to_string()),
            None => self.revenue_name(),
        };
        let money = money.ok_or_else(|| {
            Error::new(
                Code::MissingRole,
                "No column of customers holds money. Name the column that is to be shared out.",
            )
        })?;
        ConcentrationJob::new(Rc::clone(&self.table), &money)
    }
}

/// The scores that a kept RFM has as columns.
fn scores_of(kept: &Kept) -> Option<Scores> {
    let axis = |name: &str| -> Option<Vec<u8>> {
        let column = kept.columns.iter().find(|column| column.name == name)?;
        let crate::table::column::Data::Number(values) = &column.data else { return None };
        // Missing scores become 0.
        Some(values.iter().map(|&score| score as u8).collect())
    };
    Some(Scores {
        scale: kept.definition["scale"].as_u64()? as u8,
        recency: axis("recency_score")?,
        frequency: axis("frequency_score")?,
        monetary: axis("monetary_score")?,
        edges: Edges { recency: Vec::new(), frequency: Vec::new(), monetary: Vec::new() },
        nested: None,
        possible: Possible::default(),
    })
}
