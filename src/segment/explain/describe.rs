//! A clustering in words: what each group has much or little of, against everyone who was grouped.

use crate::error::Result;
use crate::features::matrix::Values;
use crate::job::{Job, Progress, Step};
use crate::math::order::arranged;
use crate::math::rng::Rng;
use crate::math::stats::{Sum, sum};
use crate::segment::cluster::clustering::Clustering;
use crate::segment::explain::bands::{Bands, Told};
use crate::segment::explain::tree::{ExplainJob, Explanation, GROWN_ON};
use crate::table::column::ColumnType;
use crate::table::date::format_day;
use crate::table::figures::{grouped, percent, short};
use crate::table::table::Table;
use serde::Serialize;
use std::rc::Rc;

/// From this many standard deviations on a mean or a share counts as high or low.
const NOTABLE: f64 = 0.5;
/// From this many on it counts as very high or very low.
const STRIKING: f64 = 1.25;
/// Differences named in a sentence.
const IN_SENTENCE: usize = 3;
/// Differences that make the name.
const IN_NAME: usize = 2;
/// Levels that fewer have, of the group and of everyone, make no name.
const TOO_FEW: f64 = 0.05;

/// A group in words and figures.
#[derive(Clone, Debug, PartialEq)]
pub struct Words {
    /// Its strongest differences, such as "high income, mostly DE"; "average" when nothing stands out.
    pub name: String,
    /// Size and strongest differences with their means and shares.
    pub sentence: String,
    /// What it has more or less often than everyone, the strongest differences first.
    pub index: Vec<IndexEntry>,
}

/// How often a group has a value, against everyone who was grouped. Rows without a value count on neither side.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct IndexEntry {
    /// Name of the column.
    pub column: String,
    /// A level of a category, or a quarter of the numbers ("over 1,200").
    pub value: String,
    /// Share of the group, 0 to 1; NaN where none of it has a value.
    pub share: f64,
    /// Share of everyone, 0 to 1.
    pub baseline: f64,
    /// 100 × share / baseline.
    pub index: f64,
    /// Members who have the value.
    pub n: usize,
}

/// A clustering in rules and words.
#[derive(Clone, Debug)]
pub struct Explained {
    /// As a tree.
    pub tree: Explanation,
    /// One a group.
    pub words: Vec<Words>,
}

/// Words in the making: first the rules, then a column a step.
#[derive(Debug)]
pub struct DescribeJob {
    table: Rc<Table>,
    clustering: Rc<Clustering>,
    explain: ExplainJob,
    tree: Option<Explanation>,
    /// The columns, and whether customers were compared by them: of numbers, of levels.
    columns: Vec<(String, Compared)>,
    /// Columns done.
    next: usize,
    sample: Vec<usize>,
    told: Vec<Told>,
    axes: Vec<Axis>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Compared {
    No,
    AsNumber,
    ByLevel,
}

impl DescribeJob {
    /// Of a clustering of this table. `others` are columns to be looked at besides those that were compared; identifiers and
    /// personal ones of them are passed over.
    ///
    /// # Errors
    /// `unknown-column`.
    pub fn new(table: Rc<Table>, clustering: Rc<Clustering>, others: &[String]) -> Result<DescribeJob> {
        let mut columns: Vec<(String, Compared)> = Vec::new();
        for feature in &clustering.scales {
            let compared = if feature.level.is_some() { Compared::ByLevel } else { Compared::AsNumber };
            if columns.iter().all(|(name, _)| *name != feature.column) {
                columns.push((feature.column.clone(), compared));
            }
        }
        for name in others {
            if columns.iter().all(|(known, _)| known != name) && !table.column(name)?.role.is_identifier() {
                columns.push((name.clone(), Compared::No));
            }
        }
        let rows: Vec<usize> = (0..table.row_count).filter(|&row| clustering.assignments[row] >= 0).collect();
        let sample = Rng::new(0).sample(rows.len(), GROWN_ON).into_iter().map(|at| rows[at]).collect();
        let explain = ExplainJob::new(Rc::clone(&table), Rc::clone(&clustering), None, None)?;
        Ok(DescribeJob {
            table,
            clustering,
            explain,
            tree: None,
            columns,
            next: 0,
            sample,
            told: Vec::new(),
            axes: Vec::new(),
        })
    }

    fn column(&mut self) -> Result<()> {
        let (name, compared) = &self.columns[self.next];
        let (assignments, k) = (&self.clustering.assignments, self.clustering.k);
        let bands = Bands::of(&self.table, name, *compared == Compared::ByLevel, &self.sample)?;
        let by_level = bands.as_ref().is_some_and(|bands| bands.by_level);
        if let Some(bands) = bands {
            let mut told = bands.told(&self.table, assignments, k)?;
            told.named = *compared != Compared::No && by_level;
            self.told.push(told);
        }
        if *compared == Compared::AsNumber
            && !by_level
            && let Some(values) = Values::of(&self.table, name)?
        {
            self.axes.push(Axis::of(name, self.table.column(name)?.kind(), &values, assignments, k));
        }
        Ok(())
    }

    fn words(&self) -> Vec<Words> {
        (0..self.clustering.k).map(|group| words(&self.clustering, group, &self.axes, &self.told)).collect()
    }
}

impl Job for DescribeJob {
    type Output = Explained;

    fn step(&mut self) -> Result<Step<Explained>> {
        let rows = self.table.row_count as u64;
        let working = |ratio: f64| Step::Working(Progress { phase: "explaining", ratio, rows });
        if self.tree.is_none() {
            return Ok(match self.explain.step()? {
                Step::Done(tree) => {
                    self.tree = Some(tree);
                    working(0.5)
                }
                Step::Working(progress) => working(progress.ratio / 2.0),
                _ => working(0.0),
            });
        }
        if self.next < self.columns.len() {
            self.column()?;
            self.next += 1;
            return Ok(working(0.5 + 0.5 * self.next as f64 / self.columns.len() as f64));
        }
        let words = self.words();
        match self.tree.take() {
            Some(tree) => Ok(Step::Done(Explained { tree, words })),
            None => Ok(working(1.0)),
        }
    }
}

/// A column's mean in every group, and over all of them.
#[derive(Debug)]
struct Axis {
    name: String,
    kind: ColumnType,
    means: Vec<f64>,
    mean: f64,
    deviation: f64,
}

impl Axis {
    fn of(name: &str, kind: ColumnType, values: &Values<'_>, assignments: &[i32], groups: usize) -> Axis {
        let mut totals = vec![(Sum::default(), 0usize); groups];
        let grouped = || {
            let rows = assignments.iter().enumerate().filter(|(_, group)| **group >= 0);
            rows.map(|(row, &group)| (group as usize, values.get(row))).filter(|(_, value)| !value.is_nan())
        };
        for (group, value) in grouped() {
            totals[group].0.add(value);
            totals[group].1 += 1;
        }
        let count = totals.iter().map(|(_, count)| count).sum::<usize>() as f64;
        let mean = sum(totals.iter().map(|(total, _)| total.value())) / count;
        let squares = sum(grouped().map(|(_, value)| (value - mean) * (value - mean)));
        Axis {
            name: name.to_string(),
            kind,
            means: totals.iter().map(|(total, count)| total.value() / *count as f64).collect(),
            mean,
            deviation: (squares / count).sqrt(),
        }
    }

    /// Standard deviations between a group's mean and everyone's; 0 where all are equal.
    fn distance(&self, group: usize) -> f64 {
        let distance = (self.means[group] - self.mean) / self.deviation;
        if distance.is_finite() { distance } else { 0.0 }
    }

    fn show(&self, value: f64) -> String {
        match self.kind {
            ColumnType::Date | ColumnType::Time => format_day(value.round() as i32),
            _ => short(value),
        }
    }

    fn tell(&self, group: usize) -> Difference {
        let distance = self.distance(group);
        let very = if distance.abs() >= STRIKING { "very " } else { "" };
        let side = match (self.kind, distance > 0.0) {
            (ColumnType::Date | ColumnType::Time, true) => "late",
            (ColumnType::Date | ColumnType::Time, false) => "early",
            (_, true) => "high",
            (_, false) => "low",
        };
        let (own, all) = (self.show(self.means[group]), self.show(self.mean));
        Difference {
            strength: distance.abs(),
            name: format!("{very}{side} {}", self.name),
            figures: format!("(mean {own}, everyone {all})"),
        }
    }
}

/// Something that stands out.
struct Difference {
    strength: f64,
    name: String,
    figures: String,
}

/// The level by which a group differs most; one it has more of goes before one it has less of.
fn strongest_level(told: &Told, group: usize) -> Option<Difference> {
    let shares = |value: usize| (told.share(group, value), told.baseline(value));
    let distance = |value: usize| {
        let (share, baseline) = shares(value);
        let distance = (share - baseline) / (baseline * (1.0 - baseline)).sqrt();
        // Of two levels that differ alike, as those of yes and no do, the one there is more of is told.
        if distance.is_finite() { distance + 1e-9 } else { 0.0 }
    };
    let usual = |value: &usize| shares(*value).0.max(shares(*value).1) >= TOO_FEW;
    let stronger = |a: usize, b: usize| if distance(b).abs() > distance(a).abs() { b } else { a };
    let value = (0..told.values.len()).filter(usual).reduce(stronger)?;
    let (share, baseline) = shares(value);
    let often = match distance(value) > 0.0 {
        true if share >= 0.5 => "mostly",
        true => "more often",
        false => "rarely",
    };
    let of = |share: f64| percent((share * 10_000.0).round() as u64, 10_000);
    let level = &told.values[value];
    // "mostly DE" says enough, "mostly yes" and "mostly 3" do not.
    let speaks = level.chars().filter(|letter| letter.is_alphabetic()).count() >= 2
        && !["yes", "no"].contains(&&*level.to_lowercase());
    let what = if speaks { level.clone() } else { format!("{} “{level}”", told.name) };
    Some(Difference {
        strength: distance(value).abs(),
        name: format!("{often} {what}"),
        figures: format!("({}: {}, everyone {})", told.name, of(share), of(baseline)),
    })
}

fn words(clustering: &Clustering, group: usize, axes: &[Axis], told: &[Told]) -> Words {
    let mut found: Vec<Difference> = axes.iter().map(|axis| axis.tell(group)).collect();
    found.extend(told.iter().filter(|told| told.named).filter_map(|told| strongest_level(told, group)));
    found.retain(|one| one.strength >= NOTABLE);
    let order = arranged(found.len(), &|a, b| found[b].strength.total_cmp(&found[a].strength));
    let sizes = &clustering.sizes;
    let (size, all) = (sizes[group] as u64, sizes.iter().sum::<usize>() as u64);
    let label = &clustering.labels[group];
    let opening = format!("{label}: {} of {} customers ({})", grouped(size), grouped(all), percent(size, all));
    let names: Vec<&str> = order.iter().take(IN_NAME).map(|&at| found[at].name.as_str()).collect();
    let told_in_full = |&at: &usize| format!("{} {}", found[at].name, found[at].figures);
    let parts: Vec<String> = order.iter().take(IN_SENTENCE).map(told_in_full).collect();
    let index = index(told, group);
    if order.is_empty() {
        return Words {
            name: "average".into(),
            sentence: format!("{opening}, near the average in everything."),
            index,
        };
    }
    Words { name: names.join(", "), sentence: format!("{opening} with {}.", parts.join(", ")), index }
}

fn index(told: &[Told], group: usize) -> Vec<IndexEntry> {
    let mut entries = Vec::new();
    for told in told {
        for (value, name) in told.values.iter().enumerate() {
            let (share, baseline) = (told.share(group, value), told.baseline(value));
            entries.push(IndexEntry {
                column: told.name.clone(),
                value: name.clone(),
                share,
                baseline,
                index: 100.0 * share / baseline,
                n: told.counts[group][value],
            });
        }
    }
    let strength = |at: usize| {
        let IndexEntry { share, baseline, .. } = entries[at];
        let strength = (share - baseline).abs() / (baseline * (1.0 - baseline)).sqrt();
        if strength.is_finite() { strength } else { 0.0 }
    };
    let order = arranged(entries.len(), &|a, b| strength(b).total_cmp(&strength(a)));
    order.into_iter().map(|at| entries[at].clone()).collect()
}
