//! What has changed since another study, or since a baseline of one?

use crate::error::{Code, Error, Result};
use crate::monitor::baseline::{Baseline, BaselineJob};
use crate::monitor::changes::{Before, ChangesJob};
use crate::monitor::roll::KEYS;
use crate::monitor::sides::{Groups, Kind, Part, Side};
use crate::monitor::watch::Watched;
use crate::segment::rules::from_json::from_json;
use crate::study::refit::StudyChangesJob;
use crate::study::study::{Kept, Study};
use crate::table::column::{Column, Data};
use crate::table::date::format_day;
use crate::table::role::Role;
use crate::table::table::not_loaded;
use serde_json::Value;
use std::rc::Rc;

/// RFM schemes whose groups stand from the best to the worst.
const ORDERED_SCHEMES: [&str; 1] = ["groups-6"];

impl Study {
    /// Compares this study with an earlier one. The options: “alerts”, “smallest” and “mapping” as for [`ChangesJob`], “refit” for the
    /// groupings found anew beside.
    ///
    /// # Errors
    /// `missing-role` where nothing tells the customers of both apart; `bad-option` for alerts that cannot be used.
    pub fn compare(&self, before: &Study, options: &Value) -> Result<StudyChangesJob> {
        let has = |study: &Study, role: Role| study.base.by_role(role).is_some();
        let role = KEYS.into_iter().find(|&role| has(self, role) && has(before, role)).ok_or_else(no_key)?;
        let job = ChangesJob::new(Before::Study(Box::new(before.side(role)?)), self.side(role)?, options)?;
        Ok(StudyChangesJob::new(job, self, options))
    }

    /// Compares this study with a baseline of an earlier one.
    ///
    /// # Errors
    /// As [`Study::compare`], and those of reading the baseline.
    pub fn compare_with(&self, baseline: &Value, options: &Value) -> Result<StudyChangesJob> {
        let kept = Baseline::read(baseline)?;
        let role = kept.key.0;
        if self.base.by_role(role).is_none() {
            let message = format!(
                "The baseline knows customers by “{}”, and no column of this table plays that role. Set the role of the column that holds the same.",
                kept.key.1
            );
            return Err(Error::new(Code::MissingRole, message).column(&kept.key.1));
        }
        let job = ChangesJob::new(Before::Kept(Box::new(kept)), self.side(role)?, options)?;
        Ok(StudyChangesJob::new(job, self, options))
    }

    /// Makes a baseline, with keys hashed with this salt.
    ///
    /// # Errors
    /// `missing-role` where nothing tells customers apart; `bad-option` for an empty salt.
    pub fn baseline(&self, salt: &str) -> Result<BaselineJob> {
        if salt.is_empty() {
            return Err(Error::new(Code::BadOption, "A baseline needs a salt: a text of at least one character."));
        }
        let role = KEYS.into_iter().find(|&role| self.base.by_role(role).is_some()).ok_or_else(no_key)?;
        Ok(BaselineJob::new(self.side(role)?, salt.to_string(), self.recipe()))
    }

    /// What a comparison needs to know of this study, with customers told apart by a role.
    fn side(&self, role: Role) -> Result<Side> {
        let shared = |column: &Column| self.base.position(&column.name).map(|at| Rc::clone(&self.base.columns[at]));
        let key = shared(self.base.by_role(role).ok_or_else(no_key)?)?;
        if matches!(key.data, Data::Unloaded(_)) {
            return Err(not_loaded(&key.name));
        }
        let money = self.base.by_role(Role::Amount).map(shared).transpose()?;
        let (mut parts, mut groups, mut watched) = (Vec::new(), Vec::new(), Vec::new());
        for segment in &self.segments {
            let labels = vec![segment.name.clone()];
            parts.push(Part { name: segment.name.clone(), labels, kind: Kind::Segment });
            groups.push(Groups::Members(self.kept_rows(&segment.answer.yes)));
            watched.push(Watched::of(&segment.name, &segment.rule, &segment.counts, &self.table));
        }
        for Kept { grouping, definition, .. } in &self.groupings {
            let is_ordered = definition["kind"] == "tiers"
                || definition["scheme"].as_str().is_some_and(|scheme| ORDERED_SCHEMES.contains(&scheme));
            let kind = if is_ordered { Kind::Ordered } else { Kind::Grouping };
            parts.push(Part { name: grouping.name.clone(), labels: grouping.labels.clone(), kind });
            groups.push(Groups::Numbers(grouping.assignments.clone()));
            for tier in definition["tiers"].as_array().into_iter().flatten() {
                let rule = from_json(&tier["rule"])?;
                let name = format!("{}: {}", grouping.name, tier["name"].as_str().unwrap_or_default());
                // A rule that can no longer be answered was answered when its tiers were made: they stay as they are.
                if let Ok(verdict) = self.evaluated(&rule) {
                    watched.push(Watched::of(&name, &rule, &self.counts_of(&verdict), &self.table));
                }
            }
        }
        let of_value = self.valued.iter().flat_map(|(_, columns)| columns);
        let derived = self.scales.iter().map(|kept| &kept.column).chain(of_value);
        Ok(Side {
            date: format_day(self.reference_date),
            day: self.reference_date,
            table: Rc::clone(&self.table),
            columns: self.base.columns.iter().chain(derived).cloned().collect(),
            key,
            money: money.filter(|column| matches!(column.data, Data::Number(_))),
            parts,
            groups,
            watched,
        })
    }
}

fn no_key() -> Error {
    Error::new(
        Code::MissingRole,
        "Customers are followed by their customer id, e-mail address or telephone number, and no such column is there on both sides. Set the role of the column that tells them apart.",
    )
}
