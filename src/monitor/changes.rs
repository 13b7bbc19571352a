//! What is different now? A study against another one, or against a baseline: who moved, what drifted, what wants attention.

use crate::error::{Code, Error, Result};
use crate::job::{Job, Progress, Step};
use crate::math::order::arranged;
use crate::monitor::alerts::{AlertRule, Known, Names, rules};
use crate::monitor::baseline::Baseline;
use crate::monitor::drift::{Index, Level, drift};
use crate::monitor::migration::{Cross, Flow};
use crate::monitor::roll::{BUCKETS, Roll, bucket_of, join};
use crate::monitor::sides::{Kind, Part, Side};
use crate::monitor::spread::{APART, Spread, unfollowed};
use crate::monitor::watch::{Lost, Watched};
use crate::table::column::Column;
use crate::table::figures::{grouped, percent};
use serde_json::{Value, json};
use std::rc::Rc;

/// Customers that are counted in one step.
const PIECE: usize = 16_384;
/// Who was not there then.
const NOBODY: u32 = u32::MAX;
/// Columns that are told of each segment, those that drifted most.
const MOST_DRIFTS: usize = 5;

/// The other side of a comparison.
#[derive(Debug)]
pub enum Before {
    /// A study.
    Study(Box<Side>),
    /// What was kept of one.
    Kept(Box<Baseline>),
}

impl Before {
    /// Its segments and groupings.
    pub fn parts(&self) -> &[Part] {
        match self {
            Before::Study(side) => &side.parts,
            Before::Kept(kept) => &kept.parts,
        }
    }

    /// The group of a customer in a part, −1 for none.
    pub fn group(&self, part: usize, customer: usize) -> i32 {
        match self {
            Before::Study(side) => side.groups[part].at(customer),
            Before::Kept(kept) => kept.patterns[kept.numbers[customer] as usize][part],
        }
    }

    fn customers(&self) -> usize {
        match self {
            Before::Study(side) => side.customers(),
            Before::Kept(kept) => kept.customers,
        }
    }

    fn watched(&self) -> &[Watched] {
        match self {
            Before::Study(side) => &side.watched,
            Before::Kept(kept) => &kept.watched,
        }
    }

    fn date(&self) -> &str {
        match self {
            Before::Study(side) => &side.date,
            Before::Kept(kept) => &kept.date,
        }
    }
}

/// What was found, and by whom it can be worked on.
#[derive(Debug)]
pub struct Changed {
    /// In the shape of the public interface.
    pub document: Value,
    /// The side of then.
    pub before: Before,
    /// The side of now.
    pub after: Side,
    /// By row of now: the customer of then, [`None`] for one who is new.
    then: Vec<u32>,
}

impl Changed {
    /// Who a customer was then.
    pub fn then(&self, row: usize) -> Option<usize> {
        Some(self.then[row]).filter(|&then| then != NOBODY).map(|then| then as usize)
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Stage {
    HashingBefore,
    HashingAfter,
    Matching(usize),
    Counting(usize),
    CountingBefore(usize),
    Drifting(usize),
}

/// The comparison in the making.
#[derive(Debug)]
pub struct ChangesJob {
    stage: Stage,
    rules: Vec<AlertRule>,
    /// What columns of then are called now, where that is otherwise.
    mapping: Value,
    /// Taken out at the end.
    sides: Option<(Before, Side)>,
    roll_before: Option<Roll>,
    roll: Roll,
    then: Vec<u32>,
    /// By customer of then: the row of now.
    now: Vec<u32>,
    /// Parts of both sides: their numbers then and now.
    pairs: Vec<(usize, usize)>,
    crosses: Vec<Cross>,
    drifts: Vec<(Index, Value)>,
    /// By pair that is a segment: the drift of columns among its members.
    within: Vec<Vec<(String, Index)>>,
    notices: Vec<String>,
}

impl ChangesJob {
    /// Prepares a comparison; `options` hold “alerts” and “smallest”, and as “mapping” what columns are called now.
    ///
    /// # Errors
    /// Those of [`rules`] and [`AlertRule::check`].
    pub fn new(before: Before, after: Side, options: &Value) -> Result<ChangesJob> {
        let rules = rules(options)?;
        let (salt, roll_before) = match &before {
            Before::Study(side) => ("", Some(Roll::new(side.key.clone(), ""))),
            Before::Kept(kept) => (kept.salt.as_str(), None),
        };
        let roll = Roll::new(after.key.clone(), salt);
        let mut notices = Vec::new();
        let parts = before.parts();
        let place =
            |part: &Part, list: &[Part]| list.iter().position(|other| other.name == part.name && other.is_like(part));
        let both = |(at, part): (usize, &Part)| place(part, parts).map(|then| (then, at));
        let pairs: Vec<(usize, usize)> = after.parts.iter().enumerate().filter_map(both).collect();
        for (missing, list, where_it_is) in [(&after.parts[..], parts, "now"), (parts, &after.parts[..], "then")] {
            for part in missing.iter().filter(|part| place(part, list).is_none()) {
                notices.push(format!("“{}” is there {where_it_is} only, so nobody can be followed in it.", part.name));
            }
        }
        for then in before.watched() {
            let now = after.watched.iter().find(|now| now.name == then.name);
            notices.extend(now.and_then(|now| then.reworded(now, &options["mapping"])));
        }
        let known = known(&before, &after, &pairs, &options["mapping"]);
        let mut untold = String::new();
        for (name, why) in known.unfollowed.iter().filter(|one| one.1 != APART) {
            let mark = if untold.is_empty() { "" } else { ", " };
            untold += &format!("{mark}“{name}” ({why})");
        }
        if !untold.is_empty() {
            notices.push(format!("Whether these columns have changed is not told: {untold}."));
        }
        for rule in &rules {
            for notice in rule.check(&known)? {
                if !notices.contains(&notice) {
                    notices.push(notice);
                }
            }
        }
        let crosses = pairs.iter().map(|&(then, now)| Cross::new(&parts[then], &after.parts[now])).collect();
        let segments = pairs.iter().filter(|(_, now)| after.parts[*now].kind == Kind::Segment).count();
        Ok(ChangesJob {
            stage: Stage::HashingBefore,
            rules,
            mapping: options["mapping"].clone(),
            then: vec![NOBODY; after.customers()],
            now: vec![NOBODY; before.customers()],
            sides: Some((before, after)),
            roll_before,
            roll,
            pairs,
            crosses,
            drifts: Vec::new(),
            within: vec![Vec::new(); segments],
            notices,
        })
    }

    /// Pairs the customers of one bucket.
    fn match_bucket(&mut self, before: &Before, bucket: usize) {
        let after = self.roll.bucket(bucket);
        let old = match (&mut self.roll_before, before) {
            (Some(roll), _) => roll.bucket(bucket),
            (None, Before::Kept(kept)) => {
                let start = kept.hashes.partition_point(|&hash| bucket_of(hash) < bucket);
                let own = kept.hashes[start..].iter().take_while(|&&hash| bucket_of(hash) == bucket);
                own.zip(start as u32..).map(|(&hash, at)| (hash, at)).collect()
            }
            (None, Before::Study(_)) => Vec::new(),
        };
        let (then, now) = (&mut self.then, &mut self.now);
        join(&old, &after, &mut |old, new| {
            then[new as usize] = old;
            now[old as usize] = new;
        });
    }

    fn count(&mut self, before: &Before, after: &Side, from: usize) {
        for row in from..(from + PIECE).min(self.then.len()) {
            let then = Some(self.then[row]).filter(|&then| then != NOBODY);
            let money = after.money_of(row);
            for (&(old, new), cross) in self.pairs.iter().zip(&mut self.crosses) {
                cross.add(then.map(|then| before.group(old, then as usize)), after.groups[new].at(row), money);
            }
        }
    }

    fn count_before(&mut self, before: &Before, after: &Side, from: usize) {
        for customer in from..(from + PIECE).min(self.now.len()) {
            let now = Some(self.now[customer]).filter(|&now| now != NOBODY);
            let money = if let Before::Study(side) = before { side.money_of(customer) } else { 0.0 };
            for (&(old, new), cross) in self.pairs.iter().zip(&mut self.crosses) {
                let group = now.map(|now| after.groups[new].at(now as usize));
                cross.add_before(before.group(old, customer), group, money);
            }
        }
    }

    /// The drift of one column, for everyone and within the segments of both sides.
    fn drift(&mut self, before: &Before, after: &Side, column: usize) {
        let is_segment = |part: &Part| part.kind == Kind::Segment;
        let members = after.segments();
        let then = match before {
            Before::Study(side) => Spread::of(&side.columns[column], side.day, &side.segments()),
            Before::Kept(kept) => kept.spreads.get(column).cloned(),
        };
        let Some(mut then) = then else { return };
        if let Some(name) = self.mapping[&then.column].as_str() {
            then.column = name.into();
        }
        let Some(own) = after.columns.iter().find(|own| own.name == then.column) else {
            self.notices.push(format!("“{}” is no column now, so its drift cannot be told.", then.column));
            return;
        };
        let Some(now) = then.again(own, after.day, &members) else {
            self.notices
                .push(format!("“{}” holds other kinds of values now, so its drift cannot be told.", then.column));
            return;
        };
        let (index, document) = drift(&then, &now);
        // Counts stand in the order of the segments, behind everyone's.
        let number = |parts: &[Part], at: usize| 1 + parts[..at].iter().filter(|part| is_segment(part)).count();
        let segments = self.pairs.iter().filter(|(_, at)| is_segment(&after.parts[*at]));
        for (&(old, new), within) in segments.zip(&mut self.within) {
            let (old, new) = (number(before.parts(), old), number(&after.parts, new));
            within.push((then.column.clone(), Index::of(&then.counts[old], &now.counts[new])));
        }
        self.drifts.push((index, document));
    }

    fn document(&mut self, before: &Before, after: &Side) -> Value {
        let matched = self.then.iter().filter(|&&then| then != NOBODY).count();
        let (customers_before, customers_after) = (before.customers(), after.customers());
        let (gone, arrived) = (customers_before - matched, customers_after - matched);
        self.tell_keys(before, after, matched);
        let revenue = |part: usize, flow: &Flow| match before {
            Before::Study(side) => side.money.as_ref().map(|_| flow.money[0]),
            Before::Kept(kept) => kept.revenue[part],
        };
        let is_paid = [matches!(before, Before::Study(side) if side.money.is_some()), after.money.is_some()];
        let (mut segments, mut migration, mut alerts) = (Vec::new(), Vec::new(), Vec::new());
        let mut within = self.within.iter();
        for (cross, &(old, _)) in self.crosses.iter().zip(&self.pairs) {
            let is_segment = cross.kind == Kind::Segment;
            let grouping = Some(cross.name.as_str()).filter(|_| !is_segment);
            let flows = cross.flows();
            for flow in &flows {
                alerts.extend(self.rules.iter().filter_map(|rule| rule.of_flow(grouping, flow)));
            }
            if !is_segment {
                migration.push(cross.matrix(is_paid));
                continue;
            }
            let columns = within.next().cloned().unwrap_or_default();
            for (column, index) in &columns {
                let sentence = format!(
                    "“{column}” has changed among the customers of “{}” (PSI {:.3}; about {:.3} comes by chance alone).",
                    cross.name, index.psi, index.expected
                );
                alerts.extend(
                    self.rules.iter().filter_map(|rule| rule.of_drift(Some(&cross.name), column, index, &sentence)),
                );
            }
            let Some(flow) = flows.first() else { continue };
            let mut segment = segment_document(flow, &columns);
            let mut paid = |key: &str, value: Option<f64>| {
                if let Some(value) = value {
                    segment[key] = json!(value);
                }
            };
            paid("revenueBefore", revenue(old, flow));
            paid("revenueAfter", is_paid[1].then_some(flow.money[1]));
            paid("revenueEntered", is_paid[1].then_some(flow.money[2]));
            paid("revenueLeft", is_paid[0].then_some(flow.money[3]));
            segments.push(segment);
        }
        for (index, document) in &self.drifts {
            let (column, sentence) = (document["column"].as_str(), document["sentence"].as_str());
            let (column, sentence) = (column.unwrap_or_default(), sentence.unwrap_or_default());
            alerts.extend(self.rules.iter().filter_map(|rule| rule.of_drift(None, column, index, sentence)));
        }
        for lost in lost(before, after) {
            alerts.extend(self.rules.iter().filter_map(|rule| rule.of_lost(&lost)));
        }
        // The strongest first; the sort keeps the table's order of equals.
        let order = arranged(self.drifts.len(), &|a, b| {
            let psi = |at: usize| self.drifts[at].0.psi;
            psi(b).total_cmp(&psi(a))
        });
        json!({
            "before": { "date": before.date(), "customers": customers_before },
            "after": { "date": after.date, "customers": customers_after },
            "key": after.key.name,
            "matched": matched,
            "gone": gone,
            "arrived": arrived,
            "segments": segments,
            "migration": migration,
            "drift": order.iter().map(|&at| &self.drifts[at].1).collect::<Vec<&Value>>(),
            "alerts": alerts,
            "notices": self.notices,
        })
    }

    /// How well customers were found again.
    fn tell_keys(&mut self, before: &Before, after: &Side, matched: usize) {
        let key = &after.key.name;
        let (keyless, repeated) = match (before, &self.roll_before) {
            (Before::Kept(kept), _) => (kept.customers - kept.hashes.len(), kept.repeated),
            (_, Some(roll)) => (roll.keyless.len(), roll.repeated),
            _ => (0, 0),
        };
        let told =
            |count: usize, of: usize| format!("{} ({})", grouped(count as u64), percent(count as u64, of as u64));
        let then = (before.customers(), keyless, repeated, "then", "gone");
        let now = (after.customers(), self.roll.keyless.len(), self.roll.repeated, "now", "new");
        for (customers, keyless, repeated, when, what) in [then, now] {
            if keyless > 0 {
                let of = told(keyless, customers);
                self.notices.push(format!(
                    "{of} customers of {when} have no “{key}”: nobody knows them again, so they count as {what}."
                ));
            }
            if repeated > 0 {
                let of = told(repeated, customers);
                self.notices.push(format!("{of} rows of {when} have a “{key}” that an earlier row has, too. The first was compared with the first, the second with the second, and so on."));
            }
        }
        if matched == 0 && before.customers() > 0 && after.customers() > 0 {
            self.notices.push(format!("No customer of then was found by “{key}”. If that cannot be, the ids are written otherwise now, or are others."));
        }
    }
}

fn segment_document(flow: &Flow, columns: &[(String, Index)]) -> Value {
    let order = arranged(columns.len(), &|a, b| columns[b].1.psi.total_cmp(&columns[a].1.psi));
    let told = order.into_iter().map(|at| &columns[at]).filter(|(_, index)| index.level > Level::Stable);
    let told = told.take(MOST_DRIFTS).map(|(column, index)| {
        json!({ "column": column, "psi": index.psi, "expectedPsi": index.expected, "n": index.n, "level": index.level.as_str() })
    });
    json!({
        "name": flow.label,
        "before": flow.before,
        "after": flow.after,
        "stayed": flow.stayed,
        "entered": flow.entered,
        "left": flow.left,
        "isNew": flow.is_new,
        "lost": flow.lost,
        "net": flow.after as i64 - flow.before as i64,
        "retention": flow.retention(),
        "drift": told.collect::<Vec<Value>>(),
    })
}

/// What alerts can be about, given the parts that both sides have.
fn known(before: &Before, after: &Side, pairs: &[(usize, usize)], mapping: &Value) -> Known {
    let parts = || before.parts().iter().chain(&after.parts);
    let paired = || pairs.iter().flat_map(|&(old, new)| [&before.parts()[old], &after.parts[new]]);
    let segment = |part: &&Part| part.kind == Kind::Segment;
    let name = |part: &Part| part.name.clone();
    let labels = |part: &Part| part.labels.clone();
    let watched = |list: &[Watched]| list.iter().map(|one| one.name.clone()).collect::<Vec<String>>();
    let segments = Names {
        all: parts().filter(segment).map(name).collect(),
        followed: paired().filter(segment).map(name).collect(),
    };
    let (rules_then, rules_now) = (watched(before.watched()), watched(&after.watched));
    let is_followed = |column: &&Rc<Column>| unfollowed(column).is_none();
    let column_name = |column: &Rc<Column>| column.name.clone();
    let columns_then: Vec<String> = match before {
        Before::Study(side) => side.columns.iter().filter(is_followed).map(column_name).collect(),
        Before::Kept(kept) => kept.spreads.iter().map(|spread| spread.column.clone()).collect(),
    };
    let columns_now: Vec<String> = after.columns.iter().filter(is_followed).map(column_name).collect();
    let reason = |column: &Rc<Column>| Some((column.name.clone(), unfollowed(column)?));
    let unfollowed: Vec<(String, &'static str)> = after.columns.iter().filter_map(reason).collect();
    let now = |name: &String| mapping[name].as_str().unwrap_or(name).to_string();
    Known {
        labels: Names { all: parts().flat_map(labels).collect(), followed: paired().flat_map(labels).collect() },
        watched: Names {
            all: [&segments.all[..], &rules_then, &rules_now].concat(),
            followed: rules_then.iter().filter(|name| rules_now.contains(name)).cloned().collect(),
        },
        columns: Names {
            followed: columns_then.iter().map(now).filter(|name| columns_now.contains(name)).collect(),
            all: columns_then
                .into_iter()
                .chain(columns_now)
                .chain(unfollowed.iter().map(|one| one.0.clone()))
                .collect(),
        },
        unfollowed,
        segments,
    }
}

/// What the rules of both sides find no more.
fn lost(before: &Before, after: &Side) -> Vec<Lost> {
    let same =
        |now: &Watched| before.watched().iter().find(|then| then.name == now.name).map(|then| (then, now.clone()));
    let both = after.watched.iter().filter_map(same);
    both.flat_map(|(then, now)| then.lost(&now, &after.table)).collect()
}

impl Part {
    /// Whether another part is of the same kind.
    fn is_like(&self, other: &Part) -> bool {
        (self.kind == Kind::Segment) == (other.kind == Kind::Segment)
    }
}

impl Job for ChangesJob {
    type Output = Changed;

    fn step(&mut self) -> Result<Step<Changed>> {
        let Some((before, after)) = self.sides.take() else {
            let message = "A finished comparison was stepped again. Please report this.";
            return Err(Error::new(Code::Internal, message));
        };
        let columns = match &before {
            Before::Study(side) => side.columns.len(),
            Before::Kept(kept) => kept.spreads.len(),
        };
        let (phase, ratio) = match self.stage {
            Stage::HashingBefore => {
                let ratio = self.roll_before.as_mut().map_or(1.0, |roll| if roll.step() { 1.0 } else { roll.ratio() });
                self.stage = if ratio < 1.0 { Stage::HashingBefore } else { Stage::HashingAfter };
                ("finding customers", 0.2 * ratio)
            }
            Stage::HashingAfter => {
                let ratio = if self.roll.step() { 1.0 } else { self.roll.ratio() };
                self.stage = if ratio < 1.0 { Stage::HashingAfter } else { Stage::Matching(0) };
                ("finding customers", 0.2 + 0.2 * ratio)
            }
            Stage::Matching(bucket) => {
                self.match_bucket(&before, bucket);
                self.stage = if bucket + 1 < BUCKETS { Stage::Matching(bucket + 1) } else { Stage::Counting(0) };
                ("finding customers", 0.4 + 0.1 * bucket as f64 / BUCKETS as f64)
            }
            Stage::Counting(from) => {
                self.count(&before, &after, from);
                let all = self.then.len();
                self.stage = if from + PIECE < all { Stage::Counting(from + PIECE) } else { Stage::CountingBefore(0) };
                ("counting", 0.5 + 0.1 * (from as f64 / all.max(1) as f64))
            }
            Stage::CountingBefore(from) => {
                self.count_before(&before, &after, from);
                let all = self.now.len();
                let next = from + PIECE;
                self.stage = if next < all { Stage::CountingBefore(next) } else { Stage::Drifting(0) };
                ("counting", 0.6 + 0.1 * (from as f64 / all.max(1) as f64))
            }
            Stage::Drifting(column) if column < columns => {
                self.drift(&before, &after, column);
                self.stage = Stage::Drifting(column + 1);
                ("comparing columns", 0.7 + 0.3 * (column + 1) as f64 / columns as f64)
            }
            Stage::Drifting(_) => {
                let document = self.document(&before, &after);
                let then = std::mem::take(&mut self.then);
                return Ok(Step::Done(Changed { document, before, after, then }));
            }
        };
        let rows = after.customers() as u64;
        self.sides = Some((before, after));
        Ok(Step::Working(Progress { phase, ratio, rows }))
    }
}
