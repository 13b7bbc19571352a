//! A customer list joined to folded customers: its columns, by customer id.

use crate::error::{Code, Error, Result};
use crate::features::latest::take;
use crate::table::figures::{grouped, percent};
use crate::table::finding::{Example, Finding, Severity};
use crate::table::role::Role;
use crate::table::table::Table;
use std::collections::HashMap;
use std::rc::Rc;

/// Appends the columns of `attributes` to `customers` where the ids are the same text; the first row of an id counts. `key`
/// is the column of `attributes` with the ids, its customer id when left out.
/// Columns whose name is taken are left out. Customers without a row get missing values and are counted in a finding.
///
/// # Errors
/// `missing-role` when either table has no customer id, `unknown-column`.
pub fn join(mut customers: Table, attributes: &Table, key: Option<&str>) -> Result<Table> {
    let no_id = |which: &str| {
        Error::new(
            Code::MissingRole,
            format!("The {which} has no column with the role customer id, so the two cannot be joined."),
        )
    };
    let own = customers.by_role(Role::CustomerId).ok_or_else(|| no_id("table of customers"))?;
    let other = match key {
        Some(name) => attributes.column(name)?,
        None => attributes.by_role(Role::CustomerId).ok_or_else(|| no_id("attributes table"))?,
    };
    let mut row_of: HashMap<String, u32> = HashMap::new();
    for row in other.valid.iter() {
        if let Some(id) = other.text_of(row) {
            row_of.entry(id).or_insert(row as u32);
        }
    }
    let rows: Vec<Option<u32>> =
        (0..customers.row_count).map(|row| own.text_of(row).and_then(|id| row_of.get(&id).copied())).collect();
    let unmatched: Vec<usize> = (0..rows.len()).filter(|&row| rows[row].is_none()).collect();
    let examples = unmatched
        .iter()
        .take(Finding::EXAMPLES)
        .filter_map(|&row| own.text_of(row).map(|value| Example { row: row as u64 + 1, value }));
    let examples: Vec<Example> = examples.collect();
    for column in attributes.columns.iter().filter(|column| column.name != other.name) {
        if customers.columns.iter().all(|known| known.name != column.name) {
            customers.columns.push(Rc::new(take(column, &rows)));
        }
    }
    if !unmatched.is_empty() {
        let (rows, all) = (unmatched.len() as u64, customers.row_count as u64);
        customers.findings.push(Finding {
            code: "customers-without-attributes".into(),
            severity: Severity::Warning,
            column: None,
            rows,
            share: rows as f64 / all as f64,
            examples,
            message: format!(
                "{} of {} customers with orders ({}) are not in the customer list. Its columns are missing for them.",
                grouped(rows),
                grouped(all),
                percent(rows, all)
            ),
            repair: Vec::new(),
        });
    }
    Ok(customers)
}
