//! What leaves a study? Profiles, exports and the recipe.

use crate::error::{Code, Error, Result};
use crate::export::json::document;
use crate::export::rows::{Belonging, RowsJob};
use crate::profile::job::ProfileJob;
use crate::segment::grouping::Grouping;
use crate::segment::rules::format::format;
use crate::segment::rules::json::to_json;
use crate::segment::rules::tree::Value as Literal;
use crate::study::export::{ExportJob, ExportOptions};
use crate::study::study::{RECIPE_VERSION, Study};
use crate::study::views::ProfileOptions;
use crate::table::bitmap::Bitmap;
use crate::table::column::Data;
use crate::table::date::format_day;
use crate::table::role::Role;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::rc::Rc;

impl Study {
    /// Prepares the profile of a segment or of every group of a grouping.
    ///
    /// # Errors
    /// `not-found`, `unknown-column`.
    pub fn profile(&self, options: &ProfileOptions) -> Result<ProfileJob> {
        let mut defining = Vec::new();
        let groups = match self.groupings.iter().find(|kept| kept.grouping.name == options.of) {
            Some(kept) => {
                let grouping = &kept.grouping;
                let members = |group: usize| {
                    Bitmap::from_fn(grouping.assignments.len(), |row| grouping.assignments[row] == group as i32)
                };
                grouping.labels.iter().enumerate().map(|(group, label)| (label.clone(), members(group))).collect()
            }
            None => {
                let segment = self.found(&options.of)?;
                defining.extend(segment.rule.columns().into_iter().map(str::to_string));
                vec![(segment.name.clone(), self.kept_rows(&segment.answer.yes))]
            }
        };
        let baseline = options.baseline.as_ref().map(|name| self.found(name)).transpose()?;
        let baseline = baseline.map(|segment| self.kept_rows(&segment.answer.yes));
        ProfileJob::new(
            Rc::clone(&self.base),
            groups,
            baseline,
            options.columns.as_deref(),
            self.revenue_name(),
            defining,
        )
    }

    /// Prepares an export.
    ///
    /// # Errors
    /// `not-found`, `unknown-column`, `unsupported` for what is not offered.
    pub fn export(&self, options: &ExportOptions) -> Result<ExportJob> {
        match options.what.as_str() {
            "recipe" => {
                options.check_format("json")?;
                Ok(ExportJob::Document(Some(document(self.recipe()))))
            }
            "baseline" => {
                options.check_format("json")?;
                let job = self.baseline(options.salt.as_deref().unwrap_or_default())?;
                Ok(ExportJob::Baseline(Box::new(job)))
            }
            "rows" | "members" => {
                options.check_format("csv")?;
                self.export_rows(options).map(ExportJob::Rows)
            }
            other => Err(Error::new(
                Code::Unsupported,
                format!("“{other}” cannot be exported; “rows”, “members”, “recipe” and “baseline” can."),
            )),
        }
    }

    /// Everything but the rows, as JSON: columns and their roles, repairs, segments, groupings with their fitted numbers, seed.
    pub fn recipe(&self) -> Value {
        let columns: Vec<Value> = self
            .base
            .columns
            .iter()
            .map(|column| json!({ "name": column.name, "type": column.kind(), "role": column.role }))
            .collect();
        let segments: Vec<Value> = self
            .segments
            .iter()
            .map(|segment| json!({ "name": segment.name, "text": format(&segment.rule), "rule": to_json(&segment.rule) }))
            .collect();
        let groupings: Vec<&Value> = self.groupings.iter().map(|kept| &kept.definition).collect();
        let mut recipe = json!({
            "version": RECIPE_VERSION,
            "referenceDate": format_day(self.reference_date),
            "seed": self.seed,
            "kind": self.base.kind,
            "dialect": self.base.dialect,
            "columns": columns,
            "repairs": self.base.repairs,
            "segments": segments,
            "groupings": groupings,
        });
        let mut add = |key: &str, part: Option<Value>| {
            if let Some(part) = part {
                recipe[key] = part;
            }
        };
        let parameters = &self.definitions.parameters;
        add("parameters", (!parameters.is_empty()).then(|| parameters_json(parameters)));
        let folded = &self.base.folded;
        add("fold", folded.as_object().filter(|options| !options.is_empty()).map(|_| folded.clone()));
        add("ordersKey", self.orders_key.clone().map(Value::from));
        let snapshots = self.snapshots.iter().map(|kept| kept.document.clone());
        add("snapshots", (!self.snapshots.is_empty()).then(|| snapshots.collect()));
        add("scales", self.scales_recipe());
        add("exclude", self.exclusion_recipe());
        add("value", self.valued.as_ref().map(|(definition, _)| definition.clone()));
        let outcomes = self.propensities.iter().map(|(definition, _)| definition.clone());
        add("propensities", (!self.propensities.is_empty()).then(|| outcomes.collect()));
        recipe
    }

    fn export_rows(&self, options: &ExportOptions) -> Result<RowsJob> {
        let style = options.style()?;
        let names: Vec<String> = match &options.segments {
            Some(names) => names.clone(),
            None => {
                let segments = self.segments.iter().map(|segment| segment.name.clone());
                segments.chain(self.groupings.iter().map(|kept| kept.grouping.name.clone())).collect()
            }
        };
        let is_members = options.what == "members";
        let own = self.base.columns.len();
        let wanted = match (&options.columns, self.base.by_role(Role::CustomerId)) {
            (Some(names), _) => names.iter().map(|name| self.table.position(name)).collect::<Result<Vec<_>>>()?,
            (None, Some(id)) if is_members => vec![self.base.position(&id.name)?],
            _ => (0..own).collect(),
        };
        let (mut columns, mut belongings) = (Vec::new(), Vec::new());
        for at in wanted {
            if at < own {
                columns.push(at);
            } else {
                // What the study has worked out is in no file: it is written from memory, after the columns of the table.
                belongings.push(Belonging::Value(Rc::clone(&self.table.columns[at])));
            }
        }
        for name in &names {
            // Scores stand before their groups, for every customer.
            if let Some(kept) = self.groupings.iter().find(|kept| !is_members && kept.grouping.name == *name) {
                for column in &kept.columns {
                    let is_there = belongings.iter().any(|known: &Belonging| known.name() == column.name)
                        || self.base.position(&column.name).is_ok();
                    if matches!(column.data, Data::Number(_)) && !is_there {
                        belongings.push(Belonging::Value(Rc::clone(column)));
                    }
                }
            }
            belongings.push(self.belonging(name)?);
        }
        let rows = self.base.row_count;
        let chosen =
            is_members.then(|| Bitmap::from_fn(rows, |row| belongings.iter().any(|belonging| belonging.holds(row))));
        Ok(RowsJob::new(Rc::clone(&self.base), columns, belongings, chosen, style))
    }

    fn belonging(&self, name: &str) -> Result<Belonging> {
        if let Some(kept) = self.groupings.iter().find(|kept| kept.grouping.name == name) {
            let Grouping { name, labels, mut assignments, .. } = kept.grouping.clone();
            if let Some(exclusion) = &self.exclusion {
                exclusion.rows.iter().for_each(|row| assignments[row] = -1);
            }
            return Ok(Belonging::Grouping { name, labels, assignments });
        }
        let segment = self.found(name)?;
        let (yes, mut known) = (self.kept_rows(&segment.answer.yes), segment.answer.known.as_ref().clone());
        // Whoever is excluded is not in, whatever is known.
        if let Some(exclusion) = &self.exclusion {
            known = known.or(&exclusion.rows);
        }
        Ok(Belonging::Segment { name: segment.name.clone(), yes, known })
    }

    pub(in crate::study) fn revenue_name(&self) -> Option<String> {
        let column = self.base.by_role(Role::Amount)?;
        matches!(column.data, Data::Number(_)).then(|| column.name.clone())
    }
}

fn parameters_json(parameters: &BTreeMap<String, Literal>) -> Value {
    let value = |literal: &Literal| match literal {
        Literal::Number(number) => json!(number),
        Literal::Boolean(truth) => json!(truth),
        Literal::Text(text) => json!(text),
        _ => Value::Null,
    };
    parameters.iter().map(|(name, literal)| (name.clone(), value(literal))).collect()
}
