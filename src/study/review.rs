//! Are there segments that one might do without? Too small, nearly another one, told apart by nothing, or without anybody.

use crate::error::{Code, Error, Result};
use crate::profile::apart::{Alike, ApartJob};
use crate::segment::rules::overlap::MUCH;
use crate::study::study::Study;
use crate::table::bitmap::Bitmap;
use crate::table::figures::{grouped, percent};
use serde_json::{Value, json};
use std::rc::Rc;

/// Customers below which a segment is too small, when nobody says.
const SMALLEST: f64 = 30.0;
/// Customers below which it cannot be told whether a group differs: a middling difference (Cohen's d of 0.5) from a far larger
/// group is found in four of five cases from (1.96 + 0.84)² / 0.5² ≈ 31 on (two-sided at 5 %; Cohen 1988, chapter 2).
const TELLING: usize = 30;
/// Pairs of groups that are compared column by column.
const MOST_PAIRS: usize = 10_000;

/// What is known before columns are compared.
#[derive(Debug)]
pub struct Review {
    /// Segments, then the labels of groupings: the name, and how many rows.
    groups: Vec<(String, usize)>,
    hints: Vec<Value>,
}

impl Study {
    /// Looks at all segments and groups; hand what its job finds to [`Review::finish`]. Who is excluded does not count.
    ///
    /// # Errors
    /// `bad-option` for a size below 0 or a share that is none; `limit-exceeded` for more segments than can be compared.
    pub fn review(&self, options: &Value) -> Result<(ApartJob, Review)> {
        let number = |name: &str, default: f64, most: f64| match &options[name] {
            Value::Null => Ok(default),
            given => given.as_f64().filter(|value| (0.0..=most).contains(value)).ok_or_else(|| {
                Error::new(Code::BadOption, format!("“{name}” is a number from 0 to {most}, not {given}."))
            }),
        };
        let (smallest, much) = (number("smallest", SMALLEST, f64::MAX)?, number("overlap", MUCH, 1.0)?);
        let names: Vec<String> = self.segments.iter().map(|segment| segment.name.clone()).collect();
        let mut members: Vec<Bitmap> =
            self.segments.iter().map(|segment| self.kept_rows(&segment.answer.yes)).collect();
        let found = self.overlap(None)?;
        let rows = self.base.row_count;
        let mut groups: Vec<(String, usize)> = names.into_iter().zip(members.iter().map(Bitmap::count)).collect();
        let segments = groups.len();
        // Siblings: every two segments, and every two labels of one grouping.
        let mut pairs: Vec<(usize, usize)> = pairs_of(0, segments);
        for grouping in self.groupings.iter().map(|kept| &kept.grouping) {
            let start = groups.len();
            for (label, at) in grouping.labels.iter().zip(0..) {
                let own = self.kept_rows(&Bitmap::from_fn(rows, |row| grouping.assignments[row] == at));
                groups.push((format!("{}: {label}", grouping.name), own.count()));
                members.push(own);
            }
            // A control group is meant to be like the others.
            if self.kept(&grouping.name)?.definition["kind"] != "holdout" {
                pairs.extend(pairs_of(start, groups.len()));
            }
        }
        let mut hints = Vec::new();
        for (name, n) in &groups {
            let (of, share) = (grouped(rows as u64), percent(*n as u64, rows as u64));
            if *n == 0 {
                let message = format!("“{name}” has nobody: change its rule, or do without it.");
                hints.push(hint("unused", &[name], 0, None, message));
            } else if (*n as f64) < smallest {
                let message = format!(
                    "“{name}” has {} of {of} customers ({share}): too few to act on, or to tell from chance.",
                    grouped(*n as u64)
                );
                hints.push(hint("too-small", &[name], *n, Some(*n as f64 / rows.max(1) as f64), message));
            }
        }
        let least = smallest.max(2.0);
        let mut comparable = vec![true; segments * segments];
        for pair in &found.pairs {
            let (small, large) =
                if found.counts[pair.b] < found.counts[pair.a] { (pair.b, pair.a) } else { (pair.a, pair.b) };
            let share = pair.both as f64 / found.counts[small].max(1) as f64;
            let alone = (found.counts[small] - pair.both) as f64;
            comparable[pair.a * segments + pair.b] = alone >= least && share <= much;
            if pair.both > 0 && share > much {
                let (a, b) = (&groups[small], &groups[large].0);
                let message = format!(
                    "{} of the {} customers in “{}” ({}) are in “{b}”, too: one of the two may do.",
                    grouped(pair.both as u64),
                    grouped(a.1 as u64),
                    a.0,
                    percent(pair.both as u64, a.1 as u64)
                );
                hints.push(hint("overlapping", &[&a.0, b], pair.both, Some(share), message));
            }
        }
        let is_asked = |&(a, b): &(usize, usize)| {
            let large = |at: usize| groups[at].1 as f64 >= least;
            large(a) && large(b) && (b >= segments || comparable[a * segments + b])
        };
        pairs.retain(is_asked);
        if pairs.len() > MOST_PAIRS {
            let message = format!(
                "{} pairs of groups would be compared, and {} are at most. Remove a grouping with many labels first.",
                grouped(pairs.len() as u64),
                grouped(MOST_PAIRS as u64)
            );
            return Err(Error::new(Code::LimitExceeded, message).limit(MOST_PAIRS as f64));
        }
        Ok((ApartJob::new(Rc::clone(&self.base), members, pairs), Review { groups, hints }))
    }
}

impl Review {
    /// The hints in the shape of the public interface, with the pairs that no column tells apart.
    pub fn finish(mut self, alike: &[Alike]) -> Value {
        for &Alike { pair: (a, b), alone } in alike {
            let (small, large) = if self.groups[b].1 < self.groups[a].1 { (b, a) } else { (a, b) };
            let ((small, n), (large, _)) = (&self.groups[small], &self.groups[large]);
            let (code, message) = if alone < TELLING {
                let message = format!(
                    "Whether anything tells “{small}” from “{large}” cannot be said: {alone} customers are in one of them only; at least {TELLING} are needed."
                );
                ("too-few-to-tell", message)
            } else {
                let message = format!(
                    "No column tells “{small}” from “{large}”: their customers are alike in all that the file says of them."
                );
                ("indistinguishable", message)
            };
            self.hints.push(hint(code, &[small, large], *n, None, message));
        }
        self.hints.into()
    }
}

fn pairs_of(from: usize, to: usize) -> Vec<(usize, usize)> {
    (from..to).flat_map(|a| (a + 1..to).map(move |b| (a, b))).collect()
}

fn hint(code: &str, segments: &[&str], n: usize, share: Option<f64>, message: String) -> Value {
    let mut hint = json!({ "code": code, "segments": segments, "n": n, "message": message });
    if let Some(share) = share {
        hint["share"] = share.into();
    }
    hint
}
