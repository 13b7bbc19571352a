//! Who must not be in any segment? A rule or a list of customers that is taken out after every segment, tier and export.
//!
//! The rules themselves go on counting everyone: what was taken out is told beside their counts.

use crate::error::{Code, Error, Result};
use crate::segment::rules::format::format;
use crate::segment::rules::json::to_json;
use crate::study::fingerprint::of_texts;
use crate::study::study::{By, Exclusion, Study};
use crate::study::views::RuleInput;
use crate::table::bitmap::Bitmap;
use crate::table::column::{Column, Data};
use crate::table::role::Role;
use crate::table::table::{Table, not_loaded};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// What tells customers apart in both tables, the surest first.
const SHARED_ROLES: [Role; 3] = [Role::CustomerId, Role::Email, Role::Phone];
/// Hexadecimal digits that are kept of a hash: enough to tell any two customers apart.
const DIGITS: usize = 32;

impl Study {
    /// Excludes whoever a rule is true for, or whom a list of a recipe names; nobody with null. Gives how many that are.
    ///
    /// # Errors
    /// Those of the rule; `unknown-column` for the column of a list.
    pub fn exclude(&mut self, of: &Value) -> Result<Value> {
        self.exclusion = match (of, of.get("hashes").and_then(Value::as_array)) {
            (Value::Null, _) => None,
            (_, Some(hashes)) => {
                let column = of.get("column").and_then(Value::as_str).unwrap_or_default().to_string();
                let hashes = hashes.iter().filter_map(Value::as_str).map(String::from).collect();
                Some(self.listed(column, hashes)?)
            }
            (rule, None) => {
                let rule = RuleInput::from(rule.clone()).tree(&self.table)?;
                let rows = self.evaluated(&rule)?.yes.as_ref().clone();
                Some(Exclusion { by: By::Rule(rule), rows, missing: 0 })
            }
        };
        self.touch_all();
        Ok(self.exclusion_json().unwrap_or(Value::Null))
    }

    /// Excludes the customers of a list: those with the same customer id, or else address or telephone number. Addresses are
    /// compared without blanks around them and in small letters.
    ///
    /// # Errors
    /// `missing-role` where nothing in the list tells customers apart, `wrong-type` for columns that are not in memory.
    pub fn exclude_listed(&mut self, list: &Table) -> Result<Value> {
        let pair = |role: &Role| self.base.by_role(*role).zip(list.by_role(*role));
        let Some((own, other)) = SHARED_ROLES.iter().find_map(pair) else {
            return Err(Error::new(
                Code::MissingRole,
                "The list and this table have no customer id, e-mail address or telephone number in common. Say which columns have them by setting their roles.",
            ));
        };
        if matches!(other.data, Data::Unloaded(_)) {
            return Err(not_loaded(&other.name));
        }
        let hashes = (0..other.len()).filter_map(|row| hash(other, row, own.role)).collect();
        let column = own.name.clone();
        self.exclusion = Some(self.listed(column, hashes)?);
        self.touch_all();
        Ok(self.exclusion_json().unwrap_or(Value::Null))
    }

    fn listed(&self, column: String, hashes: BTreeSet<String>) -> Result<Exclusion> {
        let own = self.base.column(&column)?;
        if matches!(own.data, Data::Unloaded(_)) {
            return Err(not_loaded(&column));
        }
        let mut found = BTreeSet::new();
        let rows = Bitmap::from_fn(own.len(), |row| {
            let Some(hash) = hash(own, row, own.role).filter(|hash| hashes.contains(hash)) else { return false };
            found.insert(hash);
            true
        });
        Ok(Exclusion { missing: hashes.len() - found.len(), by: By::List { column, hashes }, rows })
    }

    /// Finds again who is excluded, when something that the rule refers to has changed.
    pub(in crate::study) fn exclude_again(&mut self) -> Result<()> {
        let rows = match &self.exclusion {
            Some(Exclusion { by: By::Rule(rule), .. }) => self.evaluated(rule)?.yes.as_ref().clone(),
            _ => return Ok(()),
        };
        if let Some(exclusion) = self.exclusion.as_mut().filter(|exclusion| exclusion.rows != rows) {
            exclusion.rows = rows;
            self.touch_all();
        }
        Ok(())
    }

    /// Those of the rows that are not excluded.
    pub(in crate::study) fn kept_rows(&self, rows: &Bitmap) -> Bitmap {
        self.exclusion.as_ref().map_or_else(|| rows.clone(), |exclusion| rows.and_not(&exclusion.rows))
    }

    /// How many of the rows are excluded; nothing where nobody is.
    pub(in crate::study) fn excluded(&self, rows: &Bitmap) -> Option<usize> {
        self.exclusion.as_ref().map(|exclusion| rows.count_and(&exclusion.rows))
    }

    /// Who is excluded, as it is told: with how many rows that are.
    fn exclusion_json(&self) -> Option<Value> {
        let exclusion = self.exclusion.as_ref()?;
        let rows = exclusion.rows.count();
        Some(match &exclusion.by {
            By::Rule(rule) => json!({ "rows": rows, "text": format(rule), "rule": to_json(rule) }),
            By::List { column, hashes } => {
                json!({ "rows": rows, "column": column, "listed": hashes.len(), "missing": exclusion.missing })
            }
        })
    }

    /// Who is excluded, for the recipe: a rule, or the hashes of a list's keys.
    pub(in crate::study) fn exclusion_recipe(&self) -> Option<Value> {
        self.exclusion.as_ref().map(|exclusion| match &exclusion.by {
            By::Rule(rule) => json!({ "text": format(rule), "rule": to_json(rule) }),
            By::List { column, hashes } => json!({ "column": column, "hashes": hashes }),
        })
    }
}

/// The hash of a key, nothing where it is missing.
fn hash(column: &Column, row: usize, role: Role) -> Option<String> {
    let key = column.key_of(row)?;
    let key = if role == Role::Email { key.trim().to_lowercase() } else { key.into_owned() };
    let mut hash = of_texts([key.as_str()]);
    hash.truncate(DIGITS);
    Some(hash)
}
