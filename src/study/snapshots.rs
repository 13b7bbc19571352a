//! Who was in a segment then? Snapshots of segments that can be saved, and found again in another file.

use crate::error::{Code, Error, Result};
use crate::segment::rules::format::{format, format_name, format_value};
use crate::segment::rules::json::to_json;
use crate::segment::rules::keys::{NONE, shared_codes};
use crate::segment::rules::tree::Rule;
use crate::study::fingerprint::{of_columns, of_texts};
use crate::study::study::{Restored, Segment, Study};
use crate::study::views::{RestoredInfo, RuleInput};
use crate::table::bitmap::Bitmap;
use crate::table::column::{Column, Data};
use crate::table::date::format_day;
use crate::table::role::Role;
use crate::table::table::{Table, not_loaded};
use crate::table::texts::TextsBuilder;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::rc::Rc;

/// Version of a snapshot's form.
const SNAPSHOT_VERSION: u32 = 1;

impl Study {
    /// Who is in a segment on the reference date, as a document: name, rule, customers' keys, and fingerprints of the data and
    /// of the rule with everything it refers to. Members without a key are counted and left out.
    ///
    /// # Errors
    /// `not-found`; `missing-role` where nothing tells customers apart.
    pub fn snapshot(&self, segment: &str) -> Result<Value> {
        let segment = self.found(segment)?;
        let key = self.key()?;
        let members = self.kept_rows(&segment.answer.yes);
        let keys: Vec<_> = members.iter().filter_map(|row| key.key_of(row)).collect();
        let rules = self.reached(segment);
        Ok(json!({
            "version": SNAPSHOT_VERSION,
            "name": segment.name,
            "rule": to_json(&segment.rule),
            "text": format(&segment.rule),
            "date": format_day(self.reference_date),
            "n": members.count(),
            "withoutKey": members.count() - keys.len(),
            "key": key.name,
            "keys": keys,
            "fingerprint": { "data": self.data_fingerprint(key, &rules)?, "rule": self.rule_fingerprint(&rules) },
        }))
    }

    /// A segment of the customers of a snapshot, under its name or another: whoever has one of its keys, whatever the rule
    /// would say today. Rules may ask its column, true for members, as well.
    ///
    /// # Errors
    /// `bad-option` for a document that is no snapshot, or a name that is taken; `missing-role`.
    pub fn restore(&mut self, snapshot: &Value, name: Option<&str>) -> Result<RestoredInfo> {
        let text = |key: &str| snapshot.get(key).and_then(Value::as_str);
        let keys = snapshot.get("keys").and_then(Value::as_array);
        let (Some(keys), Some(name)) = (keys, name.or(text("name"))) else {
            return Err(Error::new(
                Code::BadOption,
                "This is no snapshot that can be restored: it has no name or no list of keys. Give what “snapshot” gave.",
            ));
        };
        if self.base.columns.iter().any(|column| column.name == name) {
            return Err(Error::new(
                Code::BadOption,
                format!("“{name}” is the name of a column. Restore the snapshot under another name."),
            ));
        }
        let mut builder = TextsBuilder::default();
        keys.iter().filter_map(Value::as_str).for_each(|key| _ = builder.number_of(key));
        let listed = builder.distinct();
        let wanted = Column::text("", Role::Other, builder.finish_distinct(), Bitmap::ones(listed));
        let key = self.key()?;
        let (own, wanted) = shared_codes(key, &wanted);
        let mut rows_of =
            vec![
                None;
                own.iter().chain(&wanted).filter(|&&code| code != NONE).max().map_or(0, |&code| code as usize + 1)
            ];
        wanted.iter().for_each(|&code| rows_of[code as usize] = Some(0usize));
        let rows = Bitmap::from_fn(own.len(), |row| {
            let rows = rows_of.get_mut(own[row] as usize).and_then(Option::as_mut);
            rows.map(|rows| *rows += 1).is_some()
        });
        let found = rows_of.iter().filter(|rows| rows.is_some_and(|rows| rows > 0)).count();
        let mut document = snapshot.clone();
        document["name"] = name.into();
        let column = Column {
            data: Data::Boolean(rows),
            valid: Bitmap::ones(own.len()),
            ..Column::number(name, Role::Other, vec![0.0; own.len()])
        };
        let kept = Restored { name: name.into(), document, column: Rc::new(column) };
        let before = self.snapshots.iter().position(|known| known.name == name).map(|at| self.snapshots.remove(at));
        self.snapshots.push(kept);
        let rule = RuleInput::Text(format!("{} = true", format_name(name)));
        let made = self.derive().and_then(|()| self.segment(name, &rule));
        if made.is_err() {
            self.snapshots.pop();
            self.snapshots.extend(before);
            self.derive()?;
        }
        Ok(RestoredInfo { segment: made?, found, missing: listed - found })
    }

    fn key(&self) -> Result<&Column> {
        let key = self.base.by_role(Role::CustomerId).ok_or_else(|| {
            Error::new(
                Code::MissingRole,
                "No column tells the customers apart, so that nobody could be found again. Set the role of one to customer id.",
            )
        })?;
        if matches!(key.data, Data::Unloaded(_)) { Err(not_loaded(&key.name)) } else { Ok(key) }
    }

    /// The segment's rule and, by name, the rules of all segments that it refers to.
    pub(in crate::study) fn reached<'s>(&'s self, segment: &'s Segment) -> Vec<(&'s str, &'s Rule)> {
        let mut reached = vec![("", &segment.rule)];
        let mut next = 0;
        while next < reached.len() {
            for reference in reached[next].1.segments() {
                if let Some((name, rule)) = self.definitions.segments.get_key_value(&reference.name)
                    && reached.iter().all(|(known, _)| known != name)
                {
                    reached.push((name, rule));
                }
            }
            next += 1;
        }
        reached[1..].sort_unstable_by_key(|(name, _)| *name);
        reached
    }

    fn rule_fingerprint(&self, rules: &[(&str, &Rule)]) -> String {
        let mut parts = Vec::new();
        let mut parameters = BTreeSet::new();
        for (name, rule) in rules {
            parts.extend([name.to_string(), format(rule)]);
            names_in(&to_json(rule), &["parameter"], &mut parameters);
        }
        for name in parameters {
            let value = self.definitions.parameters.get(&name).map(format_value);
            parts.extend([name, value.unwrap_or_default()]);
        }
        of_texts(parts.iter().map(String::as_str))
    }

    /// Over the key and the columns that the rules look at, by name; then over those of the orders, if they are looked at.
    fn data_fingerprint(&self, key: &Column, rules: &[(&str, &Rule)]) -> Result<String> {
        let own: BTreeSet<&str> = rules.iter().flat_map(|(_, rule)| rule.columns()).collect();
        let mut columns = vec![key];
        let add = |table: &Rc<Table>, names: &BTreeSet<String>| -> Vec<Rc<Column>> {
            table.columns.iter().filter(|column| names.contains(&column.name)).map(Rc::clone).collect()
        };
        let own = add(&self.table, &own.into_iter().map(String::from).collect());
        let mut asked = BTreeSet::new();
        let asks_orders = rules.iter().any(|(_, rule)| {
            let json = to_json(rule);
            names_in(&json, &["field", "column", "of", "same", "per", "tiesBy"], &mut asked);
            let mut orders = BTreeSet::new();
            names_in(&json, &["orders"], &mut orders);
            !orders.is_empty() || json.to_string().contains("\"sequence\"")
        });
        let theirs = match &self.orders {
            Some(orders) if asks_orders => {
                asked.extend(orders.defining().map(|column| column.name.clone()));
                add(orders.table(), &asked)
            }
            _ => Vec::new(),
        };
        columns.extend(own.iter().chain(&theirs).map(|column| &**column));
        if let Some(absent) = columns.iter().find(|column| matches!(column.data, Data::Unloaded(_))) {
            return Err(not_loaded(&absent.name));
        }
        Ok(of_columns(columns))
    }
}

/// The texts that stand under these keys, however deep.
fn names_in(json: &Value, keys: &[&str], found: &mut BTreeSet<String>) {
    match json {
        Value::Object(fields) => {
            for (key, value) in fields {
                match value {
                    Value::String(text) if keys.contains(&key.as_str()) => _ = found.insert(text.clone()),
                    value => names_in(value, keys, found),
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| names_in(value, keys, found)),
        _ => {}
    }
}
