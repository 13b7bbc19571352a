//! A group in a few words: what it has much or little of, against everyone who was grouped.

use crate::error::Result;
use crate::features::matrix::Values;
use crate::math::order::arranged;
use crate::math::stats::{Sum, sum};
use crate::table::column::ColumnType;
use crate::table::date::format_day;
use crate::table::figures::{grouped, percent, short};
use crate::table::table::Table;

/// From this many standard deviations on a mean counts as high or low.
const NOTABLE: f64 = 0.5;
/// From this many on it counts as very high or very low.
const STRIKING: f64 = 1.25;
/// Differences named in a sentence.
const IN_SENTENCE: usize = 3;
/// Differences that make the name.
const IN_NAME: usize = 2;

/// A group in words.
#[derive(Clone, Debug, PartialEq)]
pub struct Words {
    /// Its strongest differences, such as "high income, low score"; "average" when nothing stands out.
    pub name: String,
    /// Size and strongest differences with their means.
    pub sentence: String,
}

/// Describes every group of `assignments` (−1 is no group) by the columns named; text columns are passed over.
///
/// # Errors
/// `unknown-column`.
pub fn describe(table: &Table, columns: &[String], assignments: &[i32], labels: &[String]) -> Result<Vec<Words>> {
    let mut means: Vec<Axis> = Vec::new();
    for name in columns {
        if let Some(values) = Values::of(table, name)? {
            means.push(Axis::of(name, table.column(name)?.kind(), &values, assignments, labels.len()));
        }
    }
    let mut sizes = vec![0usize; labels.len()];
    assignments.iter().filter(|&&group| group >= 0).for_each(|&group| sizes[group as usize] += 1);
    let all: usize = sizes.iter().sum();
    Ok(labels.iter().enumerate().map(|(group, label)| words(label, group, sizes[group], all, &means)).collect())
}

/// A column's mean in every group, and over all of them.
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
            ColumnType::Boolean => format!("{:.0} % yes", value * 100.0),
            _ => short(value),
        }
    }
}

fn words(label: &str, group: usize, size: usize, all: usize, axes: &[Axis]) -> Words {
    let strength = |at: usize| axes[at].distance(group).abs();
    let order = arranged(axes.len(), &|a, b| strength(b).total_cmp(&strength(a)));
    let order: Vec<&Axis> = order.into_iter().filter(|&at| strength(at) >= NOTABLE).map(|at| &axes[at]).collect();
    let degree = |axis: &Axis| {
        let distance = axis.distance(group);
        let very = if distance.abs() >= STRIKING { "very " } else { "" };
        let side = match (axis.kind, distance > 0.0) {
            (ColumnType::Date | ColumnType::Time, true) => "late",
            (ColumnType::Date | ColumnType::Time, false) => "early",
            (_, true) => "high",
            (_, false) => "low",
        };
        format!("{very}{side} {}", axis.name)
    };
    let (size, all) = (size as u64, all as u64);
    let opening = format!("{label}: {} of {} customers ({})", grouped(size), grouped(all), percent(size, all));
    if order.is_empty() {
        return Words { name: "average".into(), sentence: format!("{opening}, near the average in everything.") };
    }
    let name = order.iter().take(IN_NAME).map(|axis| degree(axis)).collect::<Vec<_>>().join(", ");
    let told = |axis: &&Axis| {
        format!("{} (mean {}, everyone {})", degree(axis), axis.show(axis.means[group]), axis.show(axis.mean))
    };
    let parts: Vec<String> = order.iter().take(IN_SENTENCE).map(told).collect();
    Words { name, sentence: format!("{opening} with {}.", parts.join(", ")) }
}
