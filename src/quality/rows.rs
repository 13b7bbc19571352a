//! How are rows and values taken out of a table, or written anew?

use crate::math::order;
use crate::quality::repeats::key;
use crate::table::bitmap::Bitmap;
use crate::table::column::{Column, Data};
use crate::table::table::Table;
use crate::table::texts::{Texts, TextsBuilder};

/// Keeps all rows but these, in any order. Where a kept row lacks a value, `instead` names the row to take it from.
pub fn drop(table: &mut Table, dropped: &[usize], instead: &dyn Fn(&Column, usize) -> usize) {
    if dropped.is_empty() {
        return;
    }
    let mut gone = Bitmap::zeros(table.row_count);
    dropped.iter().for_each(|&row| gone.set(row, true));
    let kept: Vec<usize> = gone.not().iter().collect();
    for column in &mut table.columns {
        let sources: Vec<usize> =
            kept.iter().map(|&row| if column.valid.get(row) { row } else { instead(column, row) }).collect();
        pick(Column::changing(column), &sources);
    }
    // Ragged rows keep their mark under their new number.
    let ragged = Bitmap::from_fn(table.row_count, |row| table.ragged.binary_search(&(row as u32)).is_ok());
    table.ragged = kept.iter().zip(0..).filter(|&(&row, _)| ragged.get(row)).map(|(_, at)| at).collect();
    table.row_count = kept.len();
    table.layout = None;
}

/// The column's values in these rows, in this order.
pub fn pick(column: &mut Column, rows: &[usize]) {
    *column = column.at(rows);
    if let Data::Text(texts) = &column.data {
        let mut builder = TextsBuilder::with_capacity(rows.len());
        for row in 0..rows.len() {
            if column.valid.get(row) {
                builder.push(texts.get(row));
            } else {
                builder.push_missing();
            }
        }
        column.data = Data::Text(builder.finish());
    }
    recount(column);
}

/// Makes these rows of a column missing.
pub fn clear(column: &mut Column, rows: &[usize]) {
    for &row in rows {
        column.valid.set(row, false);
        match &mut column.data {
            Data::Number(values) => values[row] = f64::NAN,
            Data::Date(days) => days[row] = Data::NO_DAY,
            Data::Time(times) => times[row] = Data::NO_TIME,
            Data::Boolean(values) => values.set(row, false),
            Data::Text(_) | Data::List(_) | Data::Unloaded(_) => {}
        }
    }
    recount(column);
}

/// Writes a text column anew, value by value; gives the rows that changed and the rows whose value could not be decided
/// (those stay). Other columns have no text to write.
pub fn rewrite(column: &mut Column, write: &dyn Fn(&str) -> Option<String>) -> (Vec<usize>, Vec<usize>) {
    let Data::Text(texts) = &column.data else { return (Vec::new(), Vec::new()) };
    let written: Vec<Option<String>> = texts.values().map(write).collect();
    let (mut changed, mut left) = (Vec::new(), Vec::new());
    let mut builder = TextsBuilder::with_capacity(column.len());
    for row in 0..column.len() {
        let own = texts.get(row);
        match written.get(texts.codes()[row] as usize) {
            Some(_) if !column.valid.get(row) => {
                builder.push_missing();
                continue;
            }
            Some(Some(new)) => {
                builder.push(new);
                if new != own {
                    changed.push(row);
                }
            }
            Some(None) => {
                builder.push(own);
                left.push(row);
            }
            None => builder.push_missing(),
        }
    }
    let mut rewritten = builder.finish();
    std::mem::swap(
        &mut rewritten,
        match &mut column.data {
            Data::Text(texts) => texts,
            _ => return (Vec::new(), Vec::new()),
        },
    );
    recount(column);
    (changed, left)
}

/// Texts with this one where a row has none.
pub fn fill_text(texts: &Texts, valid: &Bitmap, value: &str) -> Texts {
    let mut builder = TextsBuilder::with_capacity(valid.len());
    for row in 0..valid.len() {
        builder.push(if valid.get(row) { texts.get(row) } else { value });
    }
    builder.finish()
}

/// Counts the distinct values and takes samples again; columns that are not in memory keep theirs.
pub fn recount(column: &mut Column) {
    if matches!(column.data, Data::Unloaded(_)) {
        return;
    }
    column.distinct = order::distinct(column.valid.iter().filter_map(|row| key(column, row)).collect());
    if let Data::Text(texts) = &column.data {
        let mut sample: Vec<String> = Vec::new();
        for row in column.valid.iter() {
            let value = texts.get(row);
            if sample.len() == column.distinct.min(5) {
                break;
            }
            if sample.iter().all(|known| known != value) {
                sample.push(value.to_string());
            }
        }
        column.sample = sample;
    }
}
