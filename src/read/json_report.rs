//! What was noticed about a JSON file, in words.

use crate::error::{Code, Error};
use crate::read::json_fields::{Fields, Noticed};
use crate::read::json_shape::List;
use crate::read::options::ReadOptions;
use crate::table::figures::grouped;
use crate::table::finding::{Finding, Severity};

/// A finding; its share is worked out by the reader.
fn finding(code: &str, severity: Severity, noticed: &Noticed, message: String) -> Finding {
    Finding {
        code: code.into(),
        severity,
        column: None,
        rows: noticed.records,
        share: 0.0,
        examples: noticed.examples.clone(),
        message,
        repair: Vec::new(),
    }
}

/// The rows are a list inside the file; what stands beside it is no part of them.
pub fn wrapper(name: &str, beside: &[String]) -> Finding {
    let mut message = format!("The rows are the list “{name}” inside the file.");
    if !beside.is_empty() {
        message += &format!(" What stands beside it was left out: “{}”.", beside.join("”, “"));
    }
    finding("json-wrapper", Severity::Info, &Noticed::default(), message)
}

/// Lists that are columns have not the same length.
pub fn ragged(lists: &[List], rows: u64) -> Option<Finding> {
    let short = lists.iter().min_by_key(|list| list.values).filter(|list| list.values < rows)?;
    let message = format!(
        "The lists of the file are not equally long: “{}” has {} values, the longest has {}. The rest of the shorter ones is missing, and values may stand in the wrong rows.",
        short.name,
        grouped(short.values),
        grouped(rows)
    );
    let mut found = finding("json-ragged-lists", Severity::Error, &Noticed::default(), message);
    found.rows = rows - short.values;
    Some(found)
}

/// Names that come twice, and lists that are more than values in a row.
pub fn of_fields(fields: &Fields) -> Vec<Finding> {
    let mut found = Vec::new();
    let records = |noticed: &Noticed| {
        let first = noticed.examples.first().map_or(0, |example| example.row);
        format!("{} (the first is {})", grouped(noticed.records), grouped(first))
    };
    if fields.doubled.records > 0 {
        let message = format!(
            "Records in which a name comes twice: {}. The last value was taken, the others were left out.",
            records(&fields.doubled)
        );
        found.push(finding("json-repeated-names", Severity::Warning, &fields.doubled, message));
    }
    for (_, name, noticed) in fields.nested() {
        let message = format!("“{name}” holds lists of records: {}. They were kept as JSON text.", records(noticed));
        let mut nested = finding("json-lists", Severity::Info, noticed, message);
        nested.column = Some(name);
        found.push(nested);
    }
    found
}

/// The error for a value that is no record, or not of the kind of those before it.
pub fn not_a_record(value: &[u8], number: u64, options: &ReadOptions) -> Error {
    let shown: String = String::from_utf8_lossy(&value[..value.len().min(80)]).chars().take(20).collect();
    let message = format!(
        "{} is valid JSON, but not a table: record {} is “{shown}”, and records are objects, or all of them lists. Export a list of objects.",
        options.file(),
        grouped(number)
    );
    Error::new(Code::NotATable, message).row(number)
}

/// The error for JSON without a record, or without a field.
pub fn nothing(rows: u64, options: &ReadOptions) -> Error {
    let (code, what) =
        if rows == 0 { (Code::NoRows, "an empty list") } else { (Code::NotATable, "records without any field") };
    Error::new(code, format!("{} holds {what}. Choose another file.", options.file()))
}
