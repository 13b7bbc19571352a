//! How much do the best customers bring? Pareto's curve, deciles and Gini's coefficient of one column.
//!
//! Customers stand in order of their value, the highest first. Values below zero (refunds outweigh orders) count as 0 in all
//! shares, since nobody can bring less than nothing of a whole, and are told apart; missing values are left out. Equal values
//! may stand on both sides of a cut: the sums are the same whoever of them stands where.

use crate::error::{Code, Error, Result};
use crate::job::{Job, Progress, Step};
use crate::math::order;
use crate::math::stats::{BLOCK, Sum};
use crate::table::column::Column;
use crate::table::figures::{grouped, percent, short};
use crate::table::table::Table;
use serde_json::{Value, json};
use std::rc::Rc;

/// Works it out, a block of rows a step.
#[derive(Debug)]
pub struct ConcentrationJob {
    column: Rc<Column>,
    table: Rc<Table>,
    next_row: usize,
    /// Values above zero as keys, in runs that are sorted.
    runs: Vec<Vec<u64>>,
    zero: u64,
    negative: Vec<u64>,
}

impl ConcentrationJob {
    /// Of a number column of the table.
    ///
    /// # Errors
    /// `unknown-column`, `wrong-type`.
    pub fn new(table: Rc<Table>, column: &str) -> Result<ConcentrationJob> {
        table.numbers(column)?;
        let column = Rc::clone(&table.columns[table.position(column)?]);
        Ok(ConcentrationJob { column, table, next_row: 0, runs: Vec::new(), zero: 0, negative: Vec::new() })
    }

    /// Sorts the values of one block.
    fn take_block(&mut self) -> Result<()> {
        let end = (self.next_row + BLOCK).min(self.table.row_count);
        let mut run = Vec::new();
        for &value in &self.table.numbers(&self.column.name)?[self.next_row..end] {
            if value > 0.0 {
                run.push(order::key(value));
            } else if value < 0.0 {
                self.negative.push(order::key(value));
            } else if value == 0.0 {
                self.zero += 1;
            }
        }
        order::keys(&mut run);
        self.runs.push(run);
        self.next_row = end;
        Ok(())
    }

    /// Merges the two shortest neighbours among the runs.
    fn merge(&mut self) {
        let length = |at: &usize| self.runs[*at].len() + self.runs[at + 1].len();
        let Some(at) = (0..self.runs.len() - 1).min_by_key(length) else { return };
        let (left, right) = (self.runs.remove(at), std::mem::take(&mut self.runs[at]));
        let mut merged = Vec::with_capacity(left.len() + right.len());
        let (mut one, mut other) = (left.iter().peekable(), right.iter().peekable());
        while let (Some(&&a), Some(&&b)) = (one.peek(), other.peek()) {
            merged.push(if a <= b { one.next() } else { other.next() }.copied().unwrap_or_default());
        }
        merged.extend(one.chain(other));
        self.runs[at] = merged;
    }

    fn finish(&mut self) -> Result<Value> {
        let name = &self.column.name;
        let values: Vec<f64> = self.runs.pop().unwrap_or_default().into_iter().rev().map(order::number).collect();
        let (positive, below) = (values.len() as u64, self.negative.len() as u64);
        let n = positive + self.zero + below;
        if positive == 0 {
            return Err(Error::new(
                Code::TooFewRows,
                format!("No customer has a “{name}” above 0, so there is nothing to share out. Choose another column."),
            )
            .column(name));
        }
        // What the first so many customers bring; those of 0 or less are at the end, and bring nothing more.
        let (mut sums, mut sum, mut weighted) = (vec![0.0], Sum::default(), Sum::default());
        for (rank, &value) in values.iter().enumerate() {
            sum.add(value);
            sums.push(sum.value());
            weighted.add((n as f64 - 2.0 * rank as f64 - 1.0) * value);
        }
        let total = sum.value();
        let brought = |customers: u64| sums[customers.min(positive) as usize];
        let value_of = |rank: u64| values.get(rank as usize).copied().unwrap_or(0.0);
        let cut = |part: u64, parts: u64| (n * part).div_ceil(parts);
        let decile = |decile: u64| {
            let (from, to) = (cut(decile - 1, 10), cut(decile, 10));
            let own = brought(to) - brought(from);
            let ends = (to > from).then(|| (value_of(to - 1), value_of(from)));
            json!({
                "decile": decile,
                "n": to - from,
                "total": own,
                "share": own / total,
                "cumulativeShare": brought(to) / total,
                "least": ends.map(|ends| ends.0),
                "most": ends.map(|ends| ends.1),
            })
        };
        let mut cuts: Vec<u64> = (0..=100).map(|part| cut(part, 100)).collect();
        cuts.dedup();
        let point =
            |&customers: &u64| json!({ "customers": customers as f64 / n as f64, "value": brought(customers) / total });
        let half = sums.partition_point(|&sum| sum < total / 2.0) as u64;
        let top = brought(cut(1, 10)) / total;
        order::keys(&mut self.negative);
        let mut lost = Sum::default();
        self.negative.iter().for_each(|&key| lost.add(order::number(key)));
        let mut message = format!(
            "The best 10 % of {} customers bring {} of “{name}”; half of it comes from {} ({}).",
            grouped(n),
            percent((top * 1e6).round() as u64, 1_000_000),
            grouped(half),
            percent(half, n)
        );
        if below > 0 {
            message += &format!(
                " {} customers ({}) are below zero ({} in all) and count as 0.",
                grouped(below),
                percent(below, n),
                short(lost.value())
            );
        }
        Ok(json!({
            "column": name,
            "n": n,
            "missing": self.table.row_count as u64 - n,
            "total": total,
            "negative": { "n": below, "total": lost.value() },
            "zero": self.zero,
            "gini": weighted.value() / (n as f64 * total),
            "top10Share": top,
            "customersForHalf": half,
            "deciles": (1..=10).map(decile).collect::<Vec<Value>>(),
            "curve": cuts.iter().map(point).collect::<Vec<Value>>(),
            "message": message,
        }))
    }
}

impl Job for ConcentrationJob {
    type Output = Value;

    fn step(&mut self) -> Result<Step<Value>> {
        if self.next_row < self.table.row_count {
            self.take_block()?;
        } else if self.runs.len() > 1 {
            self.merge();
        } else {
            return self.finish().map(Step::Done);
        }
        let ratio = self.next_row as f64 / self.table.row_count as f64;
        Ok(Step::Working(Progress { phase: "sorting", ratio, rows: self.next_row as u64 }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::job::run;
    use crate::table::role::Role;
    use crate::table::table::Kind;

    fn of(values: &[f64]) -> Result<Value> {
        let column = Column::number("money", Role::Amount, values.to_vec());
        let table = Rc::new(Table::computed(vec![column], Kind::Customers));
        run(&mut ConcentrationJob::new(table, "money")?, &[]).map(|(value, _)| value)
    }

    #[test]
    fn by_hand() {
        let found = of(&[1.0, 3.0, f64::NAN, 2.0, 4.0]).unwrap();
        assert_eq!(
            (found["n"].as_u64(), found["missing"].as_u64(), found["total"].as_f64()),
            (Some(4), Some(1), Some(10.0))
        );
        // Σ (2i − n − 1) x / (n Σ x) = (−3 − 2 + 3 + 12) / 40.
        assert_eq!(found["gini"], json!(0.25));
        assert_eq!((&found["top10Share"], &found["customersForHalf"]), (&json!(0.4), &json!(2)));
        assert_eq!(found["curve"].as_array().map(Vec::len), Some(5));
        assert_eq!(of(&[5.0; 20]).unwrap()["gini"], json!(0.0));
        assert_eq!(of(&[5.0, 0.0, 0.0, 0.0]).unwrap()["gini"], json!(0.75));
    }

    #[test]
    fn below_zero_counts_as_nothing_and_is_told() {
        let found = of(&[10.0, -4.0, 0.0, 6.0, -1.0]).unwrap();
        assert_eq!((&found["total"], &found["zero"]), (&json!(16.0), &json!(1)));
        assert_eq!(found["negative"], json!({ "n": 2, "total": -5.0 }));
        let nothing = of(&[10.0, 0.0, 0.0, 6.0, 0.0]).unwrap();
        assert_eq!((&found["gini"], &found["curve"]), (&nothing["gini"], &nothing["curve"]));
        assert_eq!(of(&[-1.0, 0.0]).unwrap_err().code, Code::TooFewRows);
    }

    #[test]
    fn many_rows_in_any_order_come_to_the_same_and_add_up() {
        let values: Vec<f64> =
            (0..200_000_u32).map(|at| f64::from(at.wrapping_mul(2_654_435_761) % 1_000) / 7.0).collect();
        let mut turned = values.clone();
        turned.reverse();
        turned.rotate_left(777);
        let found = of(&values).unwrap();
        assert_eq!(found, of(&turned).unwrap());
        let deciles = found["deciles"].as_array().unwrap();
        let sum = |name: &str| deciles.iter().filter_map(|decile| decile[name].as_f64()).sum::<f64>();
        assert_eq!(sum("n"), 200_000.0);
        assert!((sum("share") - 1.0).abs() < 1e-12);
        assert!(deciles.windows(2).all(|pair| pair[0]["least"].as_f64() >= pair[1]["most"].as_f64()));
    }
}
