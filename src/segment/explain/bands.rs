//! How often does each group have each value? Categories by level, numbers and days by quarters of the customers.

use crate::error::Result;
use crate::features::matrix::Values;
use crate::math::order::{arranged, numbers};
use crate::math::stats::quantile_sorted;
use crate::segment::explain::cut::{readable, readable_day};
use crate::table::bitmap::Bitmap;
use crate::table::column::Data;
use crate::table::date::format_day;
use crate::table::figures::grouped;
use crate::table::table::Table;

/// Texts of more different values than this are names rather than categories.
const MOST_TEXTS: usize = 1_000;
/// Levels that are counted, the most frequent first.
const LEVELS: usize = 20;
/// Numbers of so few different values are counted by value.
const FEW_NUMBERS: usize = 6;

/// The values of a column that are counted.
#[derive(Debug)]
pub struct Bands {
    name: String,
    values: Vec<String>,
    by: By,
    /// Whether each value is a level, not a range.
    pub by_level: bool,
}

#[derive(Debug)]
enum By {
    /// The place of each code in the list of values; the list's length for others.
    Code(Vec<u8>),
    /// Up to and including each edge, and above the last.
    Edges(Vec<f64>),
    /// Exactly these numbers.
    Numbers(Vec<f64>),
    /// No, yes.
    Flag,
}

/// How often each group has each value.
#[derive(Debug)]
pub struct Told {
    /// Name of the column.
    pub name: String,
    /// The values, as they are said.
    pub values: Vec<String>,
    /// Groups × values: rows.
    pub counts: Vec<Vec<usize>>,
    /// Rows of each group that have any value.
    pub known: Vec<usize>,
    /// Whether groups may be named by it.
    pub named: bool,
}

impl Told {
    /// Share of a group that has a value, of those that have any; NaN for none.
    pub fn share(&self, group: usize, value: usize) -> f64 {
        self.counts[group][value] as f64 / self.known[group] as f64
    }

    /// The same of everyone.
    pub fn baseline(&self, value: usize) -> f64 {
        let having: usize = self.counts.iter().map(|counts| counts[value]).sum();
        having as f64 / self.known.iter().sum::<usize>() as f64
    }
}

impl Bands {
    /// The values of a column that are counted, after the rows of a sample. Nothing for lists, for columns that are not in
    /// memory or have no value there, and for texts that are nearly all different.
    ///
    /// # Errors
    /// `unknown-column`.
    pub fn of(table: &Table, name: &str, by_level: bool, sample: &[usize]) -> Result<Option<Bands>> {
        let column = table.column(name)?;
        let name = column.name.clone();
        if let Data::Text(texts) = &column.data {
            if texts.distinct() > MOST_TEXTS {
                return Ok(None);
            }
            let mut counts = vec![0usize; texts.distinct()];
            let known = sample.iter().filter(|&&row| column.valid.get(row));
            known.for_each(|&row| counts[texts.codes()[row] as usize] += 1);
            let text = |code: usize| texts.value(code as u32);
            let mut order =
                arranged(counts.len(), &|a, b| counts[b].cmp(&counts[a]).then_with(|| text(a).cmp(text(b))));
            order.truncate(LEVELS);
            order.retain(|&code| counts[code] > 0);
            let mut place = vec![order.len() as u8; counts.len()];
            order.iter().enumerate().for_each(|(at, &code)| place[code] = at as u8);
            let values = order.into_iter().map(|code| text(code).to_string()).collect();
            return Ok(Some(Bands { name, values, by: By::Code(place), by_level: true }));
        }
        if matches!(column.data, Data::Boolean(_)) {
            let values = ["no", "yes"].map(String::from).to_vec();
            return Ok(Some(Bands { name, values, by: By::Flag, by_level: true }));
        }
        let Some(source) = Values::of(table, &name)? else { return Ok(None) };
        let mut sorted: Vec<f64> = sample.iter().map(|&row| source.get(row)).filter(|value| !value.is_nan()).collect();
        numbers(&mut sorted);
        let mut distinct = sorted.clone();
        distinct.dedup();
        let days = !matches!(column.data, Data::Number(_));
        if distinct.is_empty() {
            return Ok(None);
        }
        if by_level || (distinct.len() <= FEW_NUMBERS && !days) {
            distinct.truncate(LEVELS);
            let values = distinct.iter().map(f64::to_string).collect();
            return Ok(Some(Bands { name, values, by: By::Numbers(distinct), by_level }));
        }
        let mut edges: Vec<f64> = Vec::new();
        for p in [0.25, 0.5, 0.75] {
            let at = distinct.partition_point(|&value| value <= quantile_sorted(&sorted, p)).max(1);
            if at < distinct.len() {
                let (below, above) = (distinct[at - 1], distinct[at]);
                edges.push(if days { readable_day(below, above) } else { readable(below, above) });
            }
        }
        edges.dedup();
        let show = |edge: f64| if days { format_day(edge.floor() as i32) } else { figure(edge) };
        let (up_to, over) = if days { ("until", "after") } else { ("up to", "over") };
        let mut values: Vec<String> =
            edges.first().map(|&edge| format!("{up_to} {}", show(edge))).into_iter().collect();
        values.extend(edges.windows(2).map(|pair| format!("{} to {}", show(pair[0]), show(pair[1]))));
        values.extend(edges.last().map(|&edge| format!("{over} {}", show(edge))));
        Ok(if values.is_empty() { None } else { Some(Bands { name, values, by: By::Edges(edges), by_level: false }) })
    }

    /// Counts all rows; −1 is no group.
    ///
    /// # Errors
    /// `unknown-column` when the table is another.
    pub fn told(self, table: &Table, assignments: &[i32], groups: usize) -> Result<Told> {
        let column = table.column(&self.name)?;
        // One more for values that are not listed.
        let width = self.values.len() + 1;
        let mut counts = vec![0usize; groups * width];
        let mut count = |valid: &Bitmap, place: &dyn Fn(usize) -> usize| {
            for (row, &group) in assignments.iter().enumerate() {
                if group >= 0 && valid.get(row) {
                    counts[group as usize * width + place(row)] += 1;
                }
            }
        };
        match (&self.by, &column.data) {
            (By::Code(place), Data::Text(texts)) => {
                let codes = texts.codes();
                count(&column.valid, &|row| usize::from(place[codes[row] as usize]));
            }
            (By::Flag, Data::Boolean(truths)) => count(&column.valid, &|row| usize::from(truths.get(row))),
            (By::Edges(edges), _) => {
                if let Some(source) = Values::of(table, &self.name)? {
                    count(&column.valid, &|row| {
                        let value = source.get(row);
                        edges.iter().take_while(|&&edge| value > edge).count()
                    });
                }
            }
            (By::Numbers(numbers), _) => {
                if let Some(source) = Values::of(table, &self.name)? {
                    count(&column.valid, &|row| {
                        let value = source.get(row);
                        numbers.iter().position(|&known| known == value).unwrap_or(numbers.len())
                    });
                }
            }
            _ => {}
        }
        let known = counts.chunks(width).map(|counts| counts.iter().sum()).collect();
        let counts = counts.chunks(width).map(|counts| counts[..width - 1].to_vec()).collect();
        Ok(Told { name: self.name, values: self.values, counts, known, named: false })
    }
}

/// A number with all its digits, thousands grouped.
fn figure(value: f64) -> String {
    if value.fract() == 0.0 && (10_000.0..1e15).contains(&value.abs()) {
        let sign = if value < 0.0 { "-" } else { "" };
        format!("{sign}{}", grouped(value.abs() as u64))
    } else {
        value.to_string()
    }
}
