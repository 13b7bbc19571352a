//! What is kept of a study, to compare a later file with? Aggregates, and who was where as salted hashes: no rows, no names.
//!
//! The form is described in docs/BASELINE.md, with what it does not hide.

use crate::error::{Code, Error, Result};
use crate::job::{Job, Progress, Step};
use crate::math::stats::Sum;
use crate::monitor::packed::{decode, encode};
use crate::monitor::roll::{BUCKETS, KEYS, Roll};
use crate::monitor::sides::{Groups, Kind, Part, Side};
use crate::monitor::spread::Spread;
use crate::monitor::watch::Watched;
use crate::table::role::Role;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Version of the form.
const VERSION: u32 = 1;

/// What every baseline has, besides the recipe that makes it again.
const PARTS: [&str; 8] = ["referenceDate", "customers", "key", "salt", "parts", "watched", "columns", "members"];

/// A baseline that was read.
#[derive(Debug)]
pub struct Baseline {
    /// The reference date of then.
    pub date: String,
    /// What told customers apart, and what that column was called.
    pub key: (Role, String),
    /// What keys were hashed with.
    pub salt: String,
    /// Customers in all: those with a hash, then those without a key.
    pub customers: usize,
    /// Customers whose key an earlier one has.
    pub repeated: usize,
    /// Rising.
    pub hashes: Vec<u64>,
    /// The pattern of each customer.
    pub numbers: Vec<u32>,
    /// The group in each part (−1 for none).
    pub patterns: Vec<Vec<i32>>,
    /// The segments, then the groupings.
    pub parts: Vec<Part>,
    /// What each segment's members brought, where that was known.
    pub revenue: Vec<Option<f64>>,
    /// What rules asked for.
    pub watched: Vec<Watched>,
    /// How columns spread.
    pub spreads: Vec<Spread>,
}

impl Baseline {
    /// Reads what [`BaselineJob`] made.
    ///
    /// # Errors
    /// `bad-option` for anything else, `unsupported` for another version of the form.
    pub fn read(document: &Value) -> Result<Baseline> {
        if document["kind"] != "baseline" {
            let message =
                "This is no baseline. Give another study, or what `export({ what: “baseline” })` gave, read as JSON.";
            return Err(Error::new(Code::BadOption, message));
        }
        if document["version"].as_f64() != Some(f64::from(VERSION)) {
            let message = format!(
                "The baseline is of version {} of its form; this version reads {VERSION}. Export it again.",
                document["version"]
            );
            return Err(Error::new(Code::Unsupported, message));
        }
        let damaged = |what: String| {
            let message =
                format!("The baseline is damaged: {what} is missing, or not as it was written. Export it again.");
            Error::new(Code::BadOption, message)
        };
        let lost = PARTS.into_iter().find(|part| document[*part].is_null());
        let read = Baseline::parts_of(document)
            .ok_or_else(|| damaged(lost.map_or("a part of it".into(), |part| format!("its part “{part}”"))))?;
        for name in document["followed"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if !read.spreads.iter().any(|spread| spread.column == name) {
                return Err(damaged(format!("the column “{name}”")));
            }
        }
        for Part { name, .. } in read.parts.iter().filter(|part| part.kind == Kind::Segment) {
            if !read.watched.iter().any(|watched| watched.name == *name) {
                return Err(damaged(format!("in “watched”, the segment “{name}”")));
            }
        }
        Ok(read)
    }

    fn parts_of(document: &Value) -> Option<Baseline> {
        let text = |value: &Value| value.as_str().map(String::from);
        let whole = |value: &Value| value.as_f64().filter(|n| *n >= 0.0 && n.fract() == 0.0).map(|n| n as usize);
        let part = |part: &Value| {
            let labels = part["labels"].as_array()?.iter().map(text).collect::<Option<Vec<_>>>()?;
            Some(Part { name: text(&part["name"])?, labels, kind: Kind::of(part["kind"].as_str()?)? })
        };
        let parts: Vec<Part> = document["parts"].as_array()?.iter().map(part).collect::<Option<_>>()?;
        let segments = parts.iter().filter(|part| part.kind == Kind::Segment).count();
        let members = &document["members"];
        let bytes = decode(members["hashes"].as_str()?)?;
        let hashes: Vec<u64> = bytes.as_chunks::<8>().0.iter().map(|bytes| u64::from_be_bytes(*bytes)).collect();
        let numbers = decode(members["numbers"].as_str()?)?;
        let numbers: Vec<u32> = numbers.as_chunks::<4>().0.iter().map(|bytes| u32::from_be_bytes(*bytes)).collect();
        let pattern = |pattern: &Value| {
            let groups = pattern.as_array()?.iter().map(|group| group.as_f64().map(|group| group as i32));
            let groups = groups.collect::<Option<Vec<i32>>>()?;
            let suits = |(group, part): (&i32, &Part)| (-1..part.labels.len() as i32).contains(group);
            (groups.len() == parts.len() && groups.iter().zip(&parts).all(suits)).then_some(groups)
        };
        let patterns: Vec<Vec<i32>> = members["patterns"].as_array()?.iter().map(pattern).collect::<Option<_>>()?;
        let customers = whole(&document["customers"])?;
        let fits = numbers.len() == customers
            && bytes.len().is_multiple_of(8)
            && customers.checked_sub(whole(&document["key"]["without"])?) == Some(hashes.len())
            && hashes.is_sorted()
            && numbers.iter().all(|&number| (number as usize) < patterns.len());
        let key = &document["key"];
        let role = KEYS.into_iter().find(|role| json!(role) == key["role"])?;
        let spreads = document["columns"].as_array()?.iter().map(|spread| Spread::read(spread, segments));
        let revenue = document["parts"].as_array()?.iter().map(|part| part["revenue"].as_f64()).collect();
        fits.then_some(Baseline {
            date: text(&document["referenceDate"])?,
            key: (role, text(&key["column"])?),
            salt: text(&document["salt"])?,
            customers,
            repeated: whole(&key["repeated"])?,
            hashes,
            numbers,
            patterns,
            revenue,
            watched: document["watched"].as_array()?.iter().map(Watched::read).collect::<Option<_>>()?,
            spreads: spreads.collect::<Option<_>>()?,
            parts,
        })
    }
}

/// Makes a baseline of a side.
#[derive(Debug)]
pub struct BaselineJob {
    side: Side,
    salt: String,
    recipe: Value,
    roll: Roll,
    /// Buckets and columns that are done.
    bucket: usize,
    spreads: Vec<Value>,
    column: usize,
    hashes: Vec<u8>,
    numbers: Vec<u8>,
    patterns: BTreeMap<Vec<i32>, u32>,
}

impl BaselineJob {
    /// Of a side, with the recipe that makes it again.
    pub fn new(side: Side, salt: String, recipe: Value) -> BaselineJob {
        let roll = Roll::new(side.key.clone(), &salt);
        BaselineJob {
            roll,
            side,
            salt,
            recipe,
            bucket: 0,
            spreads: Vec::new(),
            column: 0,
            hashes: Vec::new(),
            numbers: Vec::new(),
            patterns: BTreeMap::new(),
        }
    }

    fn note(&mut self, row: u32) {
        let pattern: Vec<i32> = self.side.groups.iter().map(|groups| groups.at(row as usize)).collect();
        let next = self.patterns.len() as u32;
        let number = *self.patterns.entry(pattern).or_insert(next);
        self.numbers.extend(number.to_be_bytes());
    }

    fn document(&mut self) -> Value {
        for row in std::mem::take(&mut self.roll.keyless) {
            self.note(row);
        }
        let side = &self.side;
        let mut patterns = vec![&[][..]; self.patterns.len()];
        self.patterns.iter().for_each(|(pattern, &number)| patterns[number as usize] = pattern);
        let part = |(part, groups): (&Part, &Groups)| {
            let mut document = json!({ "name": part.name, "kind": part.kind.as_str(), "labels": part.labels });
            if let (Groups::Members(rows), Some(_)) = (groups, &side.money) {
                let mut revenue = Sum::default();
                rows.iter().for_each(|row| revenue.add(side.money_of(row)));
                document["revenue"] = json!(revenue.value());
            }
            document
        };
        let customers = side.customers();
        let without = customers - self.hashes.len() / 8;
        json!({
            "kind": "baseline",
            "version": VERSION,
            "referenceDate": side.date,
            "customers": customers,
            "key": { "role": side.key.role, "column": side.key.name, "without": without, "repeated": self.roll.repeated },
            "salt": self.salt,
            "parts": side.parts.iter().zip(&side.groups).map(part).collect::<Vec<Value>>(),
            "watched": side.watched.iter().map(Watched::document).collect::<Vec<Value>>(),
            "columns": self.spreads,
            "followed": self.spreads.iter().map(|spread| &spread["column"]).collect::<Vec<&Value>>(),
            "recipe": self.recipe,
            "members": { "patterns": patterns, "hashes": encode(&self.hashes), "numbers": encode(&self.numbers) },
        })
    }
}

impl Job for BaselineJob {
    type Output = Value;

    fn step(&mut self) -> Result<Step<Value>> {
        let rows = self.side.customers() as u64;
        let working = |phase, ratio| Ok(Step::Working(Progress { phase, ratio, rows }));
        if self.roll.ratio() < 1.0 && !self.roll.step() {
            return working("hashing", 0.5 * self.roll.ratio());
        }
        if self.bucket < BUCKETS {
            for (hash, row) in self.roll.bucket(self.bucket) {
                self.hashes.extend(hash.to_be_bytes());
                self.note(row);
            }
            self.bucket += 1;
            return working("sorting", 0.5 + 0.2 * self.bucket as f64 / BUCKETS as f64);
        }
        if let Some(column) = self.side.columns.get(self.column) {
            self.spreads
                .extend(Spread::of(column, self.side.day, &self.side.segments()).map(|spread| spread.document()));
            self.column += 1;
            return working("columns", 0.7 + 0.3 * self.column as f64 / self.side.columns.len() as f64);
        }
        Ok(Step::Done(self.document()))
    }
}
