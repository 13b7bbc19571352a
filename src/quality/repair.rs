//! Mend the table: only what was asked for, every change counted in a log.
//!
//! A repair gives a new table and leaves the old one as it is, so that undoing is going back to the old one, or repairing it
//! with a shorter list. The list stands in the table and in the recipe. Repairs that drop rows (`keep-first`, `keep-last`,
//! `merge`, `drop-duplicates`, `drop-future`, `drop-missing`, `set-aside-ragged`, `keep-currency`) leave the table without a layout: original
//! cells cannot be read again. So does `drop-column`, since cells are matched to columns by position.

use crate::error::{Code, Error, Result};
use crate::math::order;
use crate::quality::contact::{email, has_plan, phone};
use crate::quality::countries::iso;
use crate::quality::inspect::{inspect_again, rounded_rows};
use crate::quality::offers::READING;
use crate::quality::repeats::{duplicate_rows, for_each_group, person_keys, repeated_ids};
use crate::quality::rows::{clear, drop, fill_text, recount, rewrite};
use crate::quality::sentinels::{day_of, far_ahead, impossible_days, suspects};
use crate::table::bitmap::Bitmap;
use crate::table::column::{Column, Data};
use crate::table::date::{format_day, parse_iso_day};
use crate::table::figures::grouped;
use crate::table::finding::{Finding, Repair, Severity};
use crate::table::role::Role;
use crate::table::table::{Kind, Table, not_loaded};
use serde::Serialize;
use std::rc::Rc;

/// Every repair there is.
const KNOWN: &str = "keep-first, keep-last, merge, as-orders, drop-duplicates, drop-column, drop-missing, fill-missing, \
    set-missing, trim, normalise-email, normalise-phone, normalise-country, drop-future, keep-currency and set-aside-ragged";

/// What one repair did.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Logged {
    /// Which repair.
    pub code: String,
    /// Always good to know.
    pub severity: Severity,
    /// The column it changed, if it changed one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// Rows changed or removed.
    pub rows: u64,
    /// The same as a share of all rows there were.
    pub share: f64,
    /// The first few.
    pub examples: Vec<Change>,
    /// What was done, for a person.
    pub message: String,
}

/// One changed row, counted from 1 in the table that was repaired.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// Row of the table before.
    pub row: u64,
    /// The cell before.
    pub value: String,
    /// The cell after; nothing where the value or the whole row is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// Applies repairs one after another; gives the new table, inspected anew, and a log with one entry for each.
///
/// # Errors
/// `bad-option` for a repair that is not known or lacks its column, `unknown-column`, `wrong-type`, `missing-role`,
/// `too-few-rows` when nothing would be left.
pub fn repair(table: &Table, repairs: &[Repair]) -> Result<(Table, Vec<Logged>)> {
    let mut mended = table.clone();
    let mut log = Vec::new();
    for repair in repairs {
        log.push(apply(&mut mended, repair)?);
        mended.repairs.push(repair.clone());
        if mended.row_count == 0 {
            let message = format!("“{}” would leave no row. Choose another repair.", repair.code);
            return Err(Error::new(Code::TooFewRows, message));
        }
    }
    inspect_again(&mut mended, table);
    Ok((mended, log))
}

fn apply(table: &mut Table, repair: &Repair) -> Result<Logged> {
    let choice = repair.choice.as_deref().filter(|choice| !choice.is_empty());
    match repair.code.as_str() {
        "keep-first" | "keep-last" => {
            let id = column_or(table, repair, Role::CustomerId)?;
            let first = repair.code == "keep-first";
            let rows = repeated_ids(id, first);
            let (which, name) = (if first { "later" } else { "earlier" }, &id.name);
            let message = format!("{} {which} rows with a “{name}” that stands elsewhere were removed.", count(&rows));
            Ok(remove(table, repair, &rows, message))
        }
        "merge" => merge(table, repair, choice),
        "drop-duplicates" => {
            let rows = duplicate_rows(table);
            let message = format!("{} rows that repeat an earlier row in every column were removed.", count(&rows));
            Ok(remove(table, repair, &rows, message))
        }
        "set-aside-ragged" => {
            let rows: Vec<usize> = table.ragged.iter().map(|&row| row as usize).collect();
            let message = format!("{} rows with too many or too few cells were set aside.", count(&rows));
            Ok(remove(table, repair, &rows, message))
        }
        "drop-future" => {
            let column = column_or(table, repair, Role::Date)?;
            let limit = choice.map(parse_iso_day).transpose()?.or_else(|| far_ahead(column)).unwrap_or(i32::MAX);
            let rows: Vec<usize> =
                column.valid.iter().filter(|&row| day_of(column, row).is_some_and(|day| day > limit)).collect();
            let until = if rows.is_empty() { String::new() } else { format!(" after {}", format_day(limit)) };
            let message = format!("{} rows with a “{}”{until} were removed.", count(&rows), column.name);
            Ok(remove(table, repair, &rows, message))
        }
        "keep-currency" => {
            let column = named(table, repair)?;
            let kept = choice.ok_or_else(|| needs(repair, "the currency to keep"))?;
            let other = |row: usize| column.text_of(row).is_none_or(|text| !text.trim().eq_ignore_ascii_case(kept));
            let rows: Vec<usize> = (0..table.row_count).filter(|&row| other(row)).collect();
            let message = format!("{} rows with another “{}” than {kept} were removed.", count(&rows), column.name);
            Ok(remove(table, repair, &rows, message))
        }
        "as-orders" => {
            let id = column_or(table, repair, Role::CustomerId)?;
            let message = format!("Each row is an order now; customers are made from them by “{}”.", id.name);
            let log = logged(table, repair, &[], message, &|_| (String::new(), None));
            table.kind = Kind::Orders;
            Ok(log)
        }
        "drop-missing" => {
            let column = named(table, repair)?;
            let rows: Vec<usize> = column.valid.not().iter().collect();
            let message = format!("{} rows without a “{}” were removed.", count(&rows), column.name);
            Ok(remove(table, repair, &rows, message))
        }
        "fill-missing" => fill(table, repair, choice.ok_or_else(|| needs(repair, "the value to fill in"))?),
        "drop-column" => {
            let position = table.position(&named(table, repair)?.name)?;
            if table.columns.len() == 1 {
                return Err(Error::new(Code::TooFewRows, "The only column cannot be removed."));
            }
            let name = table.columns.remove(position).name.clone();
            table.layout = None;
            Ok(logged(table, repair, &[], format!("Column “{name}” was removed."), &|_| (String::new(), None)))
        }
        "set-missing" => {
            let column = named(table, repair)?;
            let rows = match choice {
                Some(value) => {
                    column.valid.iter().filter(|&row| column.text_of(row).as_deref() == Some(value)).collect()
                }
                None => {
                    let mut rows = impossible_days(column);
                    rows.extend(suspects(column));
                    rows.extend(rounded_rows(column));
                    rows
                }
            };
            let message = format!("{} values of “{}” are now treated as missing.", count(&rows), column.name);
            let log = logged(table, repair, &rows, message, &|row| (column.text_of(row).unwrap_or_default(), None));
            let position = table.position(&log.column.clone().unwrap_or_default())?;
            clear(Column::changing(&mut table.columns[position]), &rows);
            Ok(log)
        }
        "trim" => write(table, repair, "blanks around it", &|text| Some(text.trim().to_string())),
        "normalise-email" => {
            let whole = choice == Some("whole");
            write(table, repair, "another form of its e-mail address", &|text| email(text, whole))
        }
        "normalise-phone" => {
            if let Some(country) = choice.filter(|country| !has_plan(country)) {
                let message = format!(
                    "“{country}” is no country whose telephone numbers are known. Choose two letters such as DE."
                );
                return Err(Error::new(Code::BadOption, message));
            }
            write(table, repair, "another form of its telephone number", &|text| phone(text, choice))
        }
        "normalise-country" => write(table, repair, "another form of its country", &|text| iso(text).map(String::from)),
        other => Err(Error::new(
            Code::BadOption,
            match other.strip_prefix("use-").filter(|option| READING.split(' ').any(|known| known == *option)) {
                Some(option) => format!("“{other}” reads the file again: load it with the option “{option}” instead."),
                None => format!("There is no repair “{other}”. Known are {KNOWN}."),
            },
        )),
    }
}

/// Joins the rows of one person to one: the latest (by date, else by place) or the first stays, and takes from the others
/// what it lacks.
fn merge(table: &mut Table, repair: &Repair, choice: Option<&str>) -> Result<Logged> {
    let column = column_or(table, repair, Role::CustomerId)?;
    let latest = match choice {
        None | Some("latest") => true,
        Some("first") => false,
        Some(_) => return Err(needs(repair, "“latest” or “first” as its choice")),
    };
    let date = table.by_role(Role::Date);
    let day = |row: usize| date.and_then(|date| day_of(date, row)).unwrap_or(i32::MIN);
    // The rows of each group, the one that stays first, and the group of each row.
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut group_of: Vec<Option<u32>> = vec![None; table.row_count];
    for_each_group(&person_keys(table, column), &mut |group| {
        let mut rows = group.to_vec();
        if latest {
            order::arrange(&mut rows, &|a, b| (day(b), b).cmp(&(day(a), a)));
        }
        rows.iter().for_each(|&row| group_of[row] = Some(groups.len() as u32));
        groups.push(rows);
    });
    let members = |row: usize| group_of[row].map_or(&[][..], |group| &groups[group as usize][..]);
    let dropped: Vec<usize> =
        (0..table.row_count).filter(|&row| members(row).first().is_some_and(|&kept| kept != row)).collect();
    let which = if latest { "latest" } else { "first" };
    let message = format!(
        "{} rows were merged into {} with the same “{}”: the {which} row of each stays and takes what it lacks from the others.",
        count(&dropped),
        grouped(groups.len() as u64),
        column.name
    );
    let log = logged(table, repair, &dropped, message, &|row| {
        (
            column.text_of(row).unwrap_or_default(),
            Some(format!("merged into row {}", grouped(members(row)[0] as u64 + 1))),
        )
    });
    let source = |column: &Column, row: usize| {
        members(row).iter().copied().find(|&other| column.valid.get(other)).unwrap_or(row)
    };
    drop(table, &dropped, &source);
    Ok(log)
}

/// Writes a value where a number or a text is missing.
fn fill(table: &mut Table, repair: &Repair, value: &str) -> Result<Logged> {
    let position = table.position(&named(table, repair)?.name)?;
    let rows: Vec<usize> = table.columns[position].valid.not().iter().collect();
    let message = format!("{} missing values of “{}” are now “{value}”.", count(&rows), table.columns[position].name);
    let column = Column::changing(&mut table.columns[position]);
    match &mut column.data {
        Data::Number(values) => {
            let number = value.parse().ok().filter(|number: &f64| number.is_finite());
            let number = number.ok_or_else(|| needs(repair, "a number, since the column holds numbers"))?;
            rows.iter().for_each(|&row| values[row] = number);
        }
        Data::Text(texts) => *texts = fill_text(texts, &column.valid, value),
        _ => return Err(needs(repair, "a column of numbers or of text").column(&column.name)),
    }
    column.valid = Bitmap::ones(column.valid.len());
    recount(column);
    Ok(logged(table, repair, &rows, message, &|_| (String::new(), Some(value.into()))))
}

/// Drops rows, with a log of what stood in the repair's column, or in the first.
fn remove(table: &mut Table, repair: &Repair, rows: &[usize], message: String) -> Logged {
    let shown = repair.column.as_deref().and_then(|name| table.column(name).ok());
    let shown = shown.or(table.by_role(Role::CustomerId)).or(table.columns.first().map(|column| &**column));
    let log = logged(table, repair, rows, message, &|row| {
        (shown.and_then(|column| column.text_of(row)).unwrap_or_default(), None)
    });
    drop(table, rows, &|_, row| row);
    log
}

/// Writes a text column anew and says what could not be decided.
fn write(table: &mut Table, repair: &Repair, what: &str, write: &dyn Fn(&str) -> Option<String>) -> Result<Logged> {
    let position = table.position(&named(table, repair)?.name)?;
    let before = Rc::clone(&table.columns[position]);
    if !matches!(before.data, Data::Text(_)) {
        let message = format!("“{}” holds no text, so “{}” has nothing to change.", before.name, repair.code);
        return Err(Error::new(Code::WrongType, message).column(&before.name));
    }
    let (changed, left) = rewrite(Column::changing(&mut table.columns[position]), write);
    let after = &table.columns[position];
    let mut message = format!("{} values of “{}” had {what}.", count(&changed), before.name);
    if let Some(&first) = left.first() {
        let example = before.text_of(first).unwrap_or_default();
        message += &format!(
            " {} could not be decided, e.g. “{example}” in row {}; they were left alone.",
            count(&left),
            grouped(first as u64 + 1)
        );
    }
    Ok(logged(table, repair, &changed, message, &|row| (before.text_of(row).unwrap_or_default(), after.text_of(row))))
}

fn logged(
    table: &Table,
    repair: &Repair,
    rows: &[usize],
    message: String,
    change: &dyn Fn(usize) -> (String, Option<String>),
) -> Logged {
    let example = |&row: &usize| {
        let (value, after) = change(row);
        Change { row: row as u64 + 1, value, after }
    };
    Logged {
        code: repair.code.clone(),
        severity: Severity::Info,
        column: repair.column.clone(),
        rows: rows.len() as u64,
        share: rows.len() as f64 / table.row_count.max(1) as f64,
        examples: rows.iter().take(Finding::EXAMPLES).map(example).collect(),
        message,
    }
}

fn needs(repair: &Repair, what: &str) -> Error {
    Error::new(Code::BadOption, format!("The repair “{}” needs {what}.", repair.code))
}

fn named<'a>(table: &'a Table, repair: &Repair) -> Result<&'a Column> {
    let name = repair.column.as_deref().ok_or_else(|| needs(repair, "a column"))?;
    let column = table.column(name)?;
    match column.data {
        // A column can be dropped unseen, but not mended.
        Data::Unloaded(_) if repair.code != "drop-column" => Err(not_loaded(name)),
        _ => Ok(column),
    }
}

fn column_or<'a>(table: &'a Table, repair: &Repair, role: Role) -> Result<&'a Column> {
    if repair.column.is_some() {
        return named(table, repair);
    }
    let column = table.by_role(role).ok_or_else(|| {
        Error::new(Code::MissingRole, format!("“{}” does not know which column to go by. Name it.", repair.code))
    })?;
    match column.data {
        Data::Unloaded(_) => Err(not_loaded(&column.name)),
        _ => Ok(column),
    }
}

fn count(rows: &[usize]) -> String {
    grouped(rows.len() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::date::from_civil;
    use crate::table::texts::TextsBuilder;

    fn text(name: &str, role: Role, cells: &[&str]) -> Column {
        let mut builder = TextsBuilder::default();
        cells.iter().for_each(|cell| {
            builder.push(cell);
        });
        Column::text(name, role, builder.finish(), Bitmap::from_fn(cells.len(), |row| !cells[row].is_empty()))
    }

    fn table() -> Table {
        let mut table = Table::computed(
            vec![
                text("id", Role::CustomerId, &["a", "b", "a", "", "b"]),
                Column::number("x", Role::Other, vec![1.0, 2.0, 1.0, 4.0, 999.0]),
            ],
            Kind::Customers,
        );
        table.layout = Some(Default::default());
        table
    }

    fn one(code: &str, column: Option<&str>, choice: Option<&str>) -> Repair {
        Repair { code: code.into(), column: column.map(String::from), choice: choice.map(String::from) }
    }

    fn repaired(code: &str, column: Option<&str>, choice: Option<&str>) -> Result<(Table, Vec<Logged>)> {
        repair(&table(), &[one(code, column, choice)])
    }

    #[test]
    fn one_row_of_each_id_is_kept() {
        let (first, log) = repaired("keep-first", None, None).unwrap();
        assert_eq!(first.numbers("x").unwrap(), [1.0, 2.0, 4.0]);
        assert_eq!((log[0].rows, log[0].examples[0].row, first.layout), (2, 3, None));
        let (last, _) = repaired("keep-last", Some("id"), None).unwrap();
        assert_eq!(last.numbers("x").unwrap(), [1.0, 4.0, 999.0]);
        assert_eq!((last.columns[0].distinct, last.repairs.len()), (2, 1));
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
        assert!(table.findings.iter().any(|found| found.code == "missing-values" && found.rows == 1));
    }

    #[test]
    fn people_are_merged_and_what_the_kept_row_lacks_is_filled() {
        let day = |day| from_civil(2026, 1, day).unwrap();
        let table = Table::computed(
            vec![
                text("id", Role::CustomerId, &["1", "2", "3", "4"]),
                text("mail", Role::Email, &["Ann@x.de", "bob@x.de", " ann@X.de", ""]),
                Column::date("seen", Role::Date, vec![day(1), day(2), day(3), day(4)]),
                text("city", Role::City, &["Bonn", "Ulm", "", "Kiel"]),
            ],
            Kind::Customers,
        );
        let merged = |choice| {
            let (table, log) = repair(&table, &[one("merge", Some("mail"), choice)]).unwrap();
            let ids: Vec<String> = (0..table.row_count).filter_map(|row| table.columns[0].text_of(row)).collect();
            let city = table.columns[3].text_of(ids.iter().position(|id| id == "3").unwrap_or(0)).unwrap();
            (ids.concat(), city, log[0].examples[0].clone())
        };
        let latest = merged(None);
        assert_eq!((latest.0.as_str(), latest.1.as_str()), ("234", "Bonn"));
        assert_eq!((latest.2.row, latest.2.after.as_deref()), (1, Some("merged into row 3")));
        assert_eq!(merged(Some("first")).0, "124");
        assert_eq!(repair(&table, &[one("merge", Some("mail"), Some("any"))]).unwrap_err().code, Code::BadOption);
    }

    #[test]
    fn text_is_written_in_one_form_and_what_is_unclear_stays() {
        let table = Table::computed(
            vec![
                text("mail", Role::Email, &[" A@B.De", "x", "a@b.de"]),
                text("phone", Role::Phone, &["030 1234567", "+44 20 7946 0958", "ask"]),
                text("land", Role::Country, &["Germany", "DE", "Narnia"]),
            ],
            Kind::Customers,
        );
        let list = [
            one("normalise-email", Some("mail"), None),
            one("normalise-phone", Some("phone"), Some("DE")),
            one("normalise-country", Some("land"), None),
        ];
        let (mended, log) = repair(&table, &list).unwrap();
        let row = |row| mended.columns.iter().filter_map(|column| column.text_of(row)).collect::<Vec<_>>().join("|");
        assert_eq!([row(0), row(1), row(2)], ["A@b.de|+49301234567|DE", "x|+442079460958|DE", "a@b.de|ask|Narnia"]);
        assert_eq!(log.iter().map(|log| log.rows).collect::<Vec<_>>(), [1, 2, 1]);
        assert!(log.iter().all(|log| log.message.contains("1 could not be decided")), "{log:?}");
        assert_eq!(log[0].examples[0].after.as_deref(), Some("A@b.de"));
        // Undone by leaving it out, replayed by the list that stands in the table.
        assert_eq!(repair(&table, &mended.repairs).unwrap().0, mended);
        assert_eq!(repair(&table, &list[1..]).unwrap().0.columns[0], table.columns[0]);
    }

    #[test]
    fn rows_are_dropped_by_day_currency_and_shape() {
        let day = |year| from_civil(year, 5, 1).unwrap();
        let mut table = Table::computed(
            vec![
                Column::date("paid", Role::Date, vec![day(2025), day(2026), day(2062)]),
                text("currency", Role::Other, &["EUR", "usd", "eur"]),
            ],
            Kind::Orders,
        );
        table.ragged = vec![1];
        let rows = |list: &[Repair]| repair(&table, list).map(|(table, _)| table.row_count);
        assert_eq!(rows(&[one("drop-future", None, Some("2026-12-31"))]).unwrap(), 2);
        assert_eq!(rows(&[one("drop-future", None, None)]).unwrap(), 3);
        assert_eq!(rows(&[one("keep-currency", Some("currency"), Some("EUR"))]).unwrap(), 2);
        assert_eq!(rows(&[one("keep-currency", Some("currency"), Some("GBP"))]).unwrap_err().code, Code::TooFewRows);
        let after_another = [one("keep-currency", Some("currency"), Some("USD")), one("set-aside-ragged", None, None)];
        assert_eq!(rows(&after_another).unwrap_err().code, Code::TooFewRows);
        assert_eq!(rows(&[one("set-aside-ragged", None, None)]).unwrap(), 2);
    }

    #[test]
    fn missing_values_are_dropped_or_filled_and_rows_become_orders() {
        let mut table = table();
        Rc::make_mut(&mut table.columns[1]).valid.set(1, false);
        let done = |code, column, choice| repair(&table, &[one(code, column, choice)]).unwrap();
        let (dropped, log) = done("drop-missing", Some("x"), None);
        assert_eq!((dropped.row_count, log[0].rows, log[0].examples[0].row), (4, 1, 2));
        let (filled, log) = done("fill-missing", Some("x"), Some("0.5"));
        assert_eq!((filled.numbers("x").unwrap()[1], filled.columns[1].missing()), (0.5, 0));
        assert_eq!((log[0].rows, log[0].examples[0].after.as_deref()), (1, Some("0.5")));
        let (filled, _) = done("fill-missing", Some("id"), Some("nobody"));
        assert_eq!(filled.columns[0].text_of(3).as_deref(), Some("nobody"));
        assert!(
            filled.findings.iter().all(|found| found.code != "missing-values" || found.column.as_deref() != Some("id"))
        );
        let (orders, _) = done("as-orders", None, None);
        assert_eq!((orders.kind, table.kind), (Kind::Orders, Kind::Customers));
        assert!(orders.findings.iter().all(|found| found.code != "duplicate-ids"));
        let refused = |choice| repair(&table, &[one("fill-missing", Some("x"), choice)]).unwrap_err().code;
        assert_eq!([refused(Some("much")), refused(None)], [Code::BadOption; 2]);
    }

    #[test]
    fn rounded_ids_become_missing() {
        let ids = text("id", Role::CustomerId, &["4.90151E+12", "17", "4.90151E+12"]);
        let (mended, log) =
            repair(&Table::computed(vec![ids], Kind::Customers), &[one("set-missing", Some("id"), None)]).unwrap();
        assert_eq!((mended.columns[0].missing(), log[0].rows), (2, 2));
    }

    #[test]
    fn repairs_that_cannot_be_done_are_refused() {
        let code = |code, column, choice| repaired(code, column, choice).unwrap_err().code;
        assert_eq!(code("polish", None, None), Code::BadOption);
        let reads = repaired("use-decimal", Some("x"), Some(",")).unwrap_err();
        assert!(reads.message.contains("reads the file again"), "{}", reads.message);
        assert_eq!(code("drop-column", None, None), Code::BadOption);
        assert_eq!(code("drop-column", Some("y"), None), Code::UnknownColumn);
        assert_eq!(code("trim", Some("x"), None), Code::WrongType);
        assert_eq!(code("drop-future", None, None), Code::MissingRole);
        assert_eq!(code("normalise-phone", Some("id"), Some("Narnia")), Code::BadOption);
    }
}
