//! By what can rows be parted? Columns as axes: numbers, days and yes/no in order, texts (and codes) by their levels.

use crate::error::Result;
use crate::features::matrix::Values;
use crate::math::order::{arrange, arranged, keys};
use crate::segment::rules::tree::Value;
use crate::table::column::Data;
use crate::table::table::Table;
use std::cmp::Ordering;

/// Levels of a category that a tree may name; the rarer ones count as "any other".
pub const MOST_LEVELS: usize = 50;

/// What an axis's numbers stand for.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// The column's numbers.
    Number,
    /// Days since 1970-01-01.
    Day,
    /// 1 for yes, 0 for no.
    Flag,
    /// Positions in a list of levels, the most frequent first; the list's length for any other value.
    Category(Vec<Value>),
}

/// A column over some rows.
#[derive(Clone, Debug)]
pub struct Axis {
    /// Name of the column.
    pub name: String,
    /// What its numbers stand for.
    pub kind: Kind,
    /// One a row; NaN where missing.
    pub values: Vec<f64>,
    /// Whether any is missing: only then a tree says where those go that have no value.
    pub missing: bool,
}

impl Axis {
    /// A column over the rows named, as a category where it is text or where `by_level` asks for it. Nothing for moments,
    /// lists and columns that are not in memory.
    ///
    /// # Errors
    /// `unknown-column`.
    pub fn of(table: &Table, name: &str, by_level: bool, rows: &[usize]) -> Result<Option<Axis>> {
        let column = table.column(name)?;
        let numbers = || -> Result<Vec<f64>> {
            let source = Values::of(table, name)?;
            Ok(source.map_or_else(Vec::new, |source| rows.iter().map(|&row| source.get(row)).collect()))
        };
        let (kind, values) = match &column.data {
            Data::Number(_) if !by_level => (Kind::Number, numbers()?),
            Data::Date(_) => (Kind::Day, numbers()?),
            Data::Boolean(_) => (Kind::Flag, numbers()?),
            Data::Number(_) => levels_of_numbers(&numbers()?),
            Data::Text(texts) => {
                let mut counts = vec![0usize; texts.distinct()];
                let codes = texts.codes();
                rows.iter().filter(|&&row| column.valid.get(row)).for_each(|&row| counts[codes[row] as usize] += 1);
                let frequent = most_frequent(&counts, &|a, b| texts.value(a as u32).cmp(texts.value(b as u32)));
                let place = places(&frequent, counts.len());
                let level = |&row: &usize| if column.valid.get(row) { place[codes[row] as usize] } else { f64::NAN };
                let names = frequent.iter().map(|&code| Value::Text(texts.value(code as u32).to_string())).collect();
                (Kind::Category(names), rows.iter().map(level).collect())
            }
            Data::Time(_) | Data::List(_) | Data::Unloaded(_) => return Ok(None),
        };
        let missing = values.iter().any(|value: &f64| value.is_nan());
        Ok(Some(Axis { name: column.name.clone(), kind, values, missing }))
    }

    /// Number of levels; 0 for what has an order.
    pub fn levels(&self) -> usize {
        if let Kind::Category(levels) = &self.kind { levels.len() } else { 0 }
    }

    /// The rows that have a value, by value, equal ones in their own order.
    pub fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.values.len()).filter(|&row| !self.values[row].is_nan()).collect();
        arrange(&mut order, &|a, b| self.values[a].total_cmp(&self.values[b]));
        order
    }
}

/// Numbers as codes.
fn levels_of_numbers(values: &[f64]) -> (Kind, Vec<f64>) {
    // Adding 0 makes one number of −0 and 0.
    let bits = |value: f64| (value + 0.0).to_bits();
    let mut distinct: Vec<u64> = values.iter().filter(|value| !value.is_nan()).map(|&value| bits(value)).collect();
    keys(&mut distinct);
    distinct.dedup();
    let code = |value: f64| distinct.binary_search(&bits(value)).unwrap_or(0);
    let mut counts = vec![0usize; distinct.len()];
    values.iter().filter(|value| !value.is_nan()).for_each(|&value| counts[code(value)] += 1);
    let number = |code: usize| f64::from_bits(distinct[code]);
    let frequent = most_frequent(&counts, &|a, b| number(a).total_cmp(&number(b)));
    let place = places(&frequent, counts.len());
    let level = |&value: &f64| if value.is_nan() { value } else { place[code(value)] };
    let names = frequent.iter().map(|&code| Value::Number(number(code))).collect();
    (Kind::Category(names), values.iter().map(level).collect())
}

/// The codes that occur, the most frequent first, at most [`MOST_LEVELS`]; equal ones by `otherwise`.
fn most_frequent(counts: &[usize], otherwise: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order = arranged(counts.len(), &|a, b| counts[b].cmp(&counts[a]).then_with(|| otherwise(a, b)));
    order.truncate(MOST_LEVELS);
    order.retain(|&code| counts[code] > 0);
    order
}

/// The place of each code in the list; its length for a code that is not in it.
fn places(frequent: &[usize], codes: usize) -> Vec<f64> {
    let mut place = vec![frequent.len() as f64; codes];
    frequent.iter().enumerate().for_each(|(at, &code)| place[code] = at as f64);
    place
}
