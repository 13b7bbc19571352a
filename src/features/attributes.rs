//! A customer list joined to folded customers: its columns, by customer id.

use crate::error::{Code, Error, Result};
use crate::features::latest::take;
use crate::table::bitmap::Bitmap;
use crate::table::column::{Column, Data};
use crate::table::figures::{grouped, percent};
use crate::table::finding::{Example, Finding, Severity};
use crate::table::role::Role;
use crate::table::table::Table;
use crate::table::texts::TextsBuilder;
use std::collections::HashMap;
use std::rc::Rc;

/// Appends the columns of `attributes` to `customers` where the ids are the same text; the first row of an id counts. `key`
/// is the column of `attributes` with the ids, its customer id when left out.
/// Columns whose name is taken are left out. Customers without a row get missing values and are counted in a finding.
/// With `prospects`, those of `attributes` whom `customers` lacks are further rows, in their order there: of frequency, money
/// and refunds 0, without days.
///
/// # Errors
/// `missing-role` when either table has no customer id, `unknown-column`.
pub fn join(mut customers: Table, attributes: &Table, key: Option<&str>, prospects: bool) -> Result<Table> {
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
    let mut is_new = vec![true; attributes.row_count];
    let mut rows: Vec<Option<u32>> =
        (0..customers.row_count).map(|row| own.text_of(row).and_then(|id| row_of.get(&id).copied())).collect();
    rows.iter().flatten().for_each(|&row| is_new[row as usize] = false);
    let unmatched: Vec<usize> = (0..rows.len()).filter(|&row| rows[row].is_none()).collect();
    let examples = unmatched
        .iter()
        .take(Finding::EXAMPLES)
        .filter_map(|&row| own.text_of(row).map(|value| Example { row: row as u64 + 1, value }));
    let examples: Vec<Example> = examples.collect();
    let buyers = customers.row_count;
    if prospects {
        // An id's first row stands for it.
        let is_first = |row: usize| other.text_of(row).is_some_and(|id| row_of[&id] == row as u32);
        let new: Vec<usize> = other.valid.iter().filter(|&row| is_new[row] && is_first(row)).collect();
        append(&mut customers, other, &new);
        rows.extend(new.iter().map(|&row| Some(row as u32)));
    }
    for column in attributes.columns.iter().filter(|column| column.name != other.name) {
        if customers.columns.iter().all(|known| known.name != column.name) {
            customers.columns.push(Rc::new(take(column, &rows)));
        }
    }
    if !unmatched.is_empty() {
        let (rows, all) = (unmatched.len() as u64, buyers as u64);
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

/// Appends customers who have no orders, by the rows of their ids.
fn append(customers: &mut Table, ids: &Column, new: &[usize]) {
    let (before, added) = (customers.row_count, new.len());
    if added == 0 {
        return;
    }
    let rows: Vec<Option<u32>> = (0..before + added).map(|row| (row < before).then_some(row as u32)).collect();
    for column in &mut customers.columns {
        let mut longer = take(column, &rows);
        match &mut longer.data {
            Data::Number(values) if ["frequency", "monetary", "refunds"].contains(&column.name.as_str()) => {
                values[before..].fill(0.0);
                longer.valid = Bitmap::from_fn(before + added, |row| row >= before || column.valid.get(row));
            }
            Data::Text(_) if column.role == Role::CustomerId => {
                let mut texts = TextsBuilder::with_capacity(before + added);
                (0..before).for_each(|row| _ = texts.push(&column.text_of(row).unwrap_or_default()));
                new.iter().for_each(|&row| _ = texts.push(&ids.text_of(row).unwrap_or_default()));
                longer = Column::text(&column.name, Role::CustomerId, texts.finish(), Bitmap::ones(before + added));
            }
            _ => {}
        }
        *column = Rc::new(longer);
    }
    customers.row_count += added;
    let (rows, all) = (added as u64, customers.row_count as u64);
    let example = |(at, &row): (usize, &usize)| Example {
        row: (before + at) as u64 + 1,
        value: ids.text_of(row).unwrap_or_default(),
    };
    customers.findings.push(Finding {
        code: "prospects".into(),
        severity: Severity::Info,
        column: None,
        rows,
        share: rows as f64 / all as f64,
        examples: new.iter().enumerate().take(Finding::EXAMPLES).map(example).collect(),
        message: format!(
            "{} of {} customers ({}) are in the customer list and have no order. They are kept as prospects.",
            grouped(rows),
            grouped(all),
            percent(rows, all)
        ),
        repair: Vec::new(),
    });
}
