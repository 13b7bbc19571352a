//! Mend the table: only what was asked for, every change counted in a log.
//!
//! A repair gives a new table. Row repairs (`keep-first`, `keep-last`, `drop-duplicates`) drop rows, after which the rows
//! no longer lie in the source as the layout says: `layout` becomes none, and original cells cannot be read again. Column
//! repairs (`drop-column`, `set-missing`) leave rows where they are; dropping a column drops the layout too, since its
//! cells are matched to columns by position. Types are mended by reading the file again with the type said.

use crate::error::{Code, Error, Result};
use crate::math::order;
use crate::quality::repeats::{duplicate_rows, key, repeated_ids};
use crate::table::bitmap::Bitmap;
use crate::table::column::{Column, Data};
use crate::table::date::{MS_PER_DAY, from_civil};
use crate::table::finding::{Example, Finding, Severity};
use crate::table::role::Role;
use crate::table::table::Table;
use crate::table::texts::TextsBuilder;
use serde::Deserialize;
use std::rc::Rc;

/// One repair, as findings name it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Repair {
    /// `keep-first`, `keep-last`, `drop-duplicates`, `drop-column` or `set-missing`.
    pub code: String,
    /// The column it is about; for `keep-first` and `keep-last` the id, by default the customer id.
    #[serde(default)]
    pub column: Option<String>,
    /// For `set-missing`: the value to be treated as missing; without it days before 1900 or after 2100.
    #[serde(default)]
    pub choice: Option<String>,
}

/// Applies repairs one after another; gives the new table and a log with one finding for each.
///
/// # Errors
/// `bad-option` for a repair that is not known or lacks its column, `unknown-column`, `wrong-type`, `missing-role`,
/// `too-few-rows` when nothing would be left.
pub fn repair(table: &Table, repairs: &[Repair]) -> Result<(Table, Vec<Finding>)> {
    let mut table = table.clone();
    let mut log = Vec::new();
    for repair in repairs {
        log.push(apply(&mut table, repair)?);
    }
    Ok((table, log))
}

fn apply(table: &mut Table, repair: &Repair) -> Result<Finding> {
    let column = repair.column.as_deref();
    match repair.code.as_str() {
        "keep-first" | "keep-last" => {
            let id = match column {
                Some(name) => table.column(name)?,
                None => table.by_role(Role::CustomerId).ok_or_else(|| {
                    Error::new(
                        Code::MissingRole,
                        "No column is the customer id. Say which column tells customers apart.",
                    )
                })?,
            };
            loaded(id)?;
            let name = id.name.clone();
            let rows = repeated_ids(id, repair.code == "keep-first");
            let which = if repair.code == "keep-first" { "later" } else { "earlier" };
            let message = format!("{} {which} rows with a “{name}” that stands elsewhere were removed.", rows.len());
            let finding = log(table, repair, Some(&name), &rows, message);
            keep(table, &rows);
            Ok(finding)
        }
        "drop-duplicates" => {
            let rows = duplicate_rows(table);
            let message = format!("{} rows that repeat an earlier row in every column were removed.", rows.len());
            let finding = log(table, repair, None, &rows, message);
            keep(table, &rows);
            Ok(finding)
        }
        "drop-column" => {
            let position = table.position(named(repair, column)?)?;
            if table.columns.len() == 1 {
                return Err(Error::new(Code::TooFewRows, "The only column cannot be removed."));
            }
            let name = table.columns.remove(position).name.clone();
            table.layout = None;
            Ok(log(table, repair, Some(&name), &[], format!("Column “{name}” was removed.")))
        }
        "set-missing" => {
            let position = table.position(named(repair, column)?)?;
            loaded(&table.columns[position])?;
            let rows = rows_to_clear(&table.columns[position], repair.choice.as_deref())?;
            let name = table.columns[position].name.clone();
            let message = format!("{} values of “{name}” are now treated as missing.", rows.len());
            let finding = log(table, repair, Some(&name), &rows, message);
            clear(Rc::make_mut(&mut table.columns[position]), &rows);
            Ok(finding)
        }
        other => Err(Error::new(
            Code::BadOption,
            format!(
                "There is no repair “{other}”. Known are keep-first, keep-last, drop-duplicates, drop-column and set-missing."
            ),
        )),
    }
}

fn named<'a>(repair: &Repair, column: Option<&'a str>) -> Result<&'a str> {
    column.ok_or_else(|| Error::new(Code::BadOption, format!("The repair “{}” needs a column.", repair.code)))
}

fn loaded(column: &Column) -> Result<()> {
    match column.data {
        Data::Unloaded(_) => Err(crate::table::table::not_loaded(&column.name)),
        _ => Ok(()),
    }
}

fn log(table: &Table, repair: &Repair, column: Option<&str>, rows: &[usize], message: String) -> Finding {
    let value = |row: usize| column.and_then(|name| table.column(name).ok()?.text_of(row)).unwrap_or_default();
    Finding {
        code: repair.code.clone(),
        severity: Severity::Info,
        column: column.map(String::from),
        rows: rows.len() as u64,
        share: rows.len() as f64 / table.row_count.max(1) as f64,
        examples: rows
            .iter()
            .take(Finding::EXAMPLES)
            .map(|&row| Example { row: row as u64 + 1, value: value(row) })
            .collect(),
        message,
        repair: Vec::new(),
    }
}

fn rows_to_clear(column: &Column, value: Option<&str>) -> Result<Vec<usize>> {
    if let Some(value) = value {
        return Ok(column.valid.iter().filter(|&row| column.text_of(row).as_deref() == Some(value)).collect());
    }
    let (first, last) = (from_civil(1900, 1, 1).unwrap_or(i32::MIN), from_civil(2100, 12, 31).unwrap_or(i32::MAX));
    let day = |row: usize| match &column.data {
        Data::Date(days) => Some(days[row]),
        Data::Time(times) => Some(times[row].div_euclid(MS_PER_DAY) as i32),
        _ => None,
    };
    if !matches!(column.data, Data::Date(_) | Data::Time(_)) {
        return Err(
            Error::new(Code::BadOption, "Say which value is to be treated as missing.").column(column.name.as_str())
        );
    }
    Ok(column.valid.iter().filter(|&row| day(row).is_some_and(|day| day < first || day > last)).collect())
}

fn clear(column: &mut Column, rows: &[usize]) {
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

/// Keeps all rows but these, which are rising.
fn keep(table: &mut Table, dropped: &[usize]) {
    if dropped.is_empty() {
        return;
    }
    let mut gone = Bitmap::zeros(table.row_count);
    dropped.iter().for_each(|&row| gone.set(row, true));
    let rows: Vec<usize> = gone.not().iter().collect();
    for column in &mut table.columns {
        pick(Rc::make_mut(column), &rows);
    }
    table.row_count = rows.len();
    table.layout = None;
}

fn pick(column: &mut Column, rows: &[usize]) {
    let valid = Bitmap::from_fn(rows.len(), |row| column.valid.get(rows[row]));
    column.data = match &column.data {
        Data::Number(values) => Data::Number(rows.iter().map(|&row| values[row]).collect()),
        Data::Date(days) => Data::Date(rows.iter().map(|&row| days[row]).collect()),
        Data::Time(times) => Data::Time(rows.iter().map(|&row| times[row]).collect()),
        Data::Boolean(values) => Data::Boolean(Bitmap::from_fn(rows.len(), |row| values.get(rows[row]))),
        Data::Text(texts) => {
            let mut builder = TextsBuilder::with_capacity(rows.len());
            for &row in rows {
                if column.valid.get(row) {
                    builder.push(texts.get(row));
                } else {
                    builder.push_missing();
                }
            }
            Data::Text(builder.finish())
        }
        Data::List(lists) => Data::List(lists.at(&mut rows.iter().map(|&row| Some(row)))),
        Data::Unloaded(kind) => Data::Unloaded(*kind),
    };
    column.valid = valid;
    recount(column);
}

/// Counts the distinct values again; columns that are not in memory keep their old count.
fn recount(column: &mut Column) {
    if matches!(column.data, Data::Unloaded(_)) {
        return;
    }
    column.distinct = order::distinct(column.valid.iter().filter_map(|row| key(column, row)).collect());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::table::Kind;

    fn table() -> Table {
        let mut builder = TextsBuilder::default();
        ["a", "b", "a", "c", "b"].iter().for_each(|id| {
            builder.push(id);
        });
        let mut valid = Bitmap::ones(5);
        valid.set(3, false);
        let id = Column::text("id", Role::CustomerId, builder.finish(), valid);
        let mut table = Table::computed(
            vec![id, Column::number("x", Role::Other, vec![1.0, 2.0, 1.0, 4.0, 999.0])],
            Kind::Customers,
        );
        table.layout = Some(Default::default());
        table
    }

    fn repaired(code: &str, column: Option<&str>, choice: Option<&str>) -> Result<(Table, Vec<Finding>)> {
        let repair_ = Repair { code: code.into(), column: column.map(String::from), choice: choice.map(String::from) };
        repair(&table(), &[repair_])
    }

    #[test]
    fn one_row_of_each_id_is_kept() {
        let (first, log) = repaired("keep-first", None, None).unwrap();
        assert_eq!(first.numbers("x").unwrap(), [1.0, 2.0, 4.0]);
        assert_eq!((log[0].rows, log[0].examples[0].row, first.layout), (2, 3, None));
        let (last, _) = repaired("keep-last", Some("id"), None).unwrap();
        assert_eq!(last.numbers("x").unwrap(), [1.0, 4.0, 999.0]);
        assert_eq!(last.columns[0].distinct, 2);
    }

    #[test]
    fn equal_rows_and_columns_go_and_values_become_missing() {
        let (table, log) = repaired("drop-duplicates", None, None).unwrap();
        assert_eq!((table.row_count, log[0].rows), (4, 1));
        let (table, _) = repaired("drop-column", Some("x"), None).unwrap();
        assert_eq!(table.columns.len(), 1);
        let (table, log) = repaired("set-missing", Some("x"), Some("999")).unwrap();
        assert_eq!((table.columns[1].missing(), table.columns[1].distinct, log[0].rows), (1, 3, 1));
        assert!(table.layout.is_some());
    }

    #[test]
    fn repairs_that_cannot_be_done_are_refused() {
        assert_eq!(repaired("polish", None, None).unwrap_err().code, Code::BadOption);
        assert_eq!(repaired("drop-column", None, None).unwrap_err().code, Code::BadOption);
        assert_eq!(repaired("drop-column", Some("y"), None).unwrap_err().code, Code::UnknownColumn);
        assert_eq!(repaired("set-missing", Some("x"), None).unwrap_err().code, Code::BadOption);
    }
}
