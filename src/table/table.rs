//! Columns of equal length, what was noticed about them, and where their rows lie in the source.

use crate::error::{Code, Error, Result};
use crate::math::order::arranged;
use crate::table::column::{Column, ColumnInfo, ColumnType, Data};
use crate::table::dialect::{Dialect, Layout};
use crate::table::finding::{Finding, Question, Repair};
use crate::table::role::Role;
use serde::Serialize;
use serde_json::Value;
use std::rc::Rc;

/// What a row stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A row is a customer.
    Customers,
    /// A row is an order or a line of one: customers must be folded from them.
    Orders,
}

/// A table. All columns have `row_count` rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// In file order; shared, so that tables made from one another cost nothing for the columns they keep.
    pub columns: Vec<Rc<Column>>,
    /// Number of rows.
    pub row_count: usize,
    /// How the file was written.
    pub dialect: Dialect,
    /// What was noticed.
    pub findings: Vec<Finding>,
    /// What was decided for the user.
    pub questions: Vec<Question>,
    /// What a row stands for.
    pub kind: Kind,
    /// Where rows lie in the source; none for computed tables.
    pub layout: Option<Layout>,
    /// The day to which times are measured, for tables that were computed for one.
    pub reference_date: Option<i32>,
    /// The repairs that were made to it, or to the order lines it was folded from, in order.
    pub repairs: Vec<Repair>,
    /// With what options it was folded from order lines, as they were given; null for other tables.
    pub folded: Value,
    /// Rows that had more or fewer cells than there are columns, rising; none where they were too many to be listed.
    pub ragged: Vec<u32>,
}

impl Table {
    /// A table that was computed, not read: no findings, no source.
    pub fn computed(columns: Vec<Column>, kind: Kind) -> Table {
        let row_count = columns.first().map_or(0, Column::len);
        debug_assert!(columns.iter().all(|column| column.len() == row_count));
        Table {
            columns: columns.into_iter().map(Rc::new).collect(),
            row_count,
            dialect: Dialect::computed(),
            findings: Vec::new(),
            questions: Vec::new(),
            kind,
            layout: None,
            reference_date: None,
            repairs: Vec::new(),
            folded: Value::Null,
            ragged: Vec::new(),
        }
    }

    /// What is known of every column.
    pub fn infos(&self) -> Vec<ColumnInfo> {
        self.columns.iter().map(|column| column.info()).collect()
    }

    /// The position of a column.
    ///
    /// # Errors
    /// `unknown-column` with the nearest names.
    pub fn position(&self, name: &str) -> Result<usize> {
        self.columns.iter().position(|column| column.name == name).ok_or_else(|| {
            let nearest = nearest_names(name, self.columns.iter().map(|column| column.name.as_str()));
            let hint = match nearest.first() {
                Some(best) => format!("Did you mean “{best}”?"),
                None => "Look at the table's columns for the names there are.".into(),
            };
            Error::new(Code::UnknownColumn, format!("There is no column “{name}”. {hint}"))
                .column(name)
                .suggestions(nearest)
        })
    }

    /// A column by name.
    ///
    /// # Errors
    /// `unknown-column` with the nearest names.
    pub fn column(&self, name: &str) -> Result<&Column> {
        self.position(name).map(|position| &*self.columns[position])
    }

    /// The values of a number column, NaN where missing.
    ///
    /// # Errors
    /// `unknown-column`, or `wrong-type` when the column holds something else or was not loaded.
    pub fn numbers(&self, name: &str) -> Result<&[f64]> {
        let column = self.column(name)?;
        match &column.data {
            Data::Number(values) => Ok(values),
            Data::Unloaded(_) => Err(not_loaded(name)),
            _ => Err(Error::new(
                Code::WrongType,
                format!("Column “{name}” holds {}, a number is needed here.", plural(column.kind())),
            )
            .column(name)),
        }
    }

    /// The first column with a role, the surest first.
    pub fn by_role(&self, role: Role) -> Option<&Column> {
        let mut best: Option<&Rc<Column>> = None;
        for column in self.columns.iter().filter(|column| column.role == role) {
            if best.is_none_or(|found| column.role_confidence > found.role_confidence) {
                best = Some(column);
            }
        }
        best.map(|column| &**column)
    }
}

/// The error for a column that was checked but left out of memory.
pub fn not_loaded(name: &str) -> Error {
    Error::new(
        Code::WrongType,
        format!("Column “{name}” was not kept in memory. Load the file again with it in “only”, or without “only”."),
    )
    .column(name)
}

/// "numbers", "text", "dates" … for messages.
pub fn plural(kind: ColumnType) -> &'static str {
    match kind {
        ColumnType::Number => "numbers",
        ColumnType::Text => "text",
        ColumnType::Date => "dates",
        ColumnType::Time => "times",
        ColumnType::Boolean => "yes/no values",
        ColumnType::List => "lists",
    }
}

/// Up to three names that are near to what was written: same letters in another case first, then by edit distance.
pub fn nearest_names<'a>(wanted: &str, mut names: impl Iterator<Item = &'a str>) -> Vec<String> {
    nearest_of(wanted, &mut names)
}

fn nearest_of(wanted: &str, names: &mut dyn Iterator<Item = &str>) -> Vec<String> {
    let wanted = wanted.to_lowercase();
    let limit = (wanted.chars().count() / 3).max(2);
    let scored: Vec<(usize, &str)> = names
        .map(|name| {
            let lower = name.to_lowercase();
            let contained = wanted.chars().count() >= 3 && (lower.contains(&wanted) || wanted.contains(&lower));
            let distance = edit_distance(&wanted, &lower);
            (if contained { distance.min(limit) } else { distance }, name)
        })
        .filter(|(distance, _)| *distance <= limit)
        .collect();
    let order = arranged(scored.len(), &|a, b| scored[a].0.cmp(&scored[b].0));
    order.into_iter().take(3).map(|at| scored[at].1.to_string()).collect()
}

/// Levenshtein's distance in characters, with a swap of neighbours counted as one change.
fn edit_distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().take(64).collect(), b.chars().take(64).collect());
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    (0..=a.len()).for_each(|i| rows[i][0] = i);
    (0..=b.len()).for_each(|j| rows[0][j] = j);
    for i in 1..=a.len() {
        for j in 1..=b.len() {
            let replace = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            rows[i][j] = replace.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                rows[i][j] = rows[i][j].min(rows[i - 2][j - 2] + 1);
            }
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_column_offers_the_nearest() {
        let table = Table::computed(
            ["Contract", "TotalCharges", "MonthlyCharges"]
                .map(|name| Column::number(name, Role::Other, vec![1.0]))
                .to_vec(),
            Kind::Customers,
        );
        let error = table.position("contarct").unwrap_err();
        assert_eq!(error.code, Code::UnknownColumn);
        assert_eq!(error.details.suggestions, ["Contract"]);
        assert_eq!(table.position("Totalcharges").unwrap_err().details.suggestions[0], "TotalCharges");
        assert!(table.position("zzzzzzzz").unwrap_err().details.suggestions.is_empty());
    }
}
