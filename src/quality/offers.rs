//! What mends a finding of the reader? It knows nothing of repairs itself.
//!
//! A repair `use-…` reads the file again with the option of that name (`use-date-order`: `dateOrder`) set to the choice. Whoever
//! holds the file does that; everything else is done on the table.

use crate::table::column::ColumnType;
use crate::table::table::Table;

/// The options that a repair `use-…` may set, as they follow `use-`.
pub const READING: &str =
    "delimiter quote escape comment header encoding decimal date-order skip-lines skip-footer sheet type role currency";

/// Names the repairs of all findings of a table that was just read.
pub fn offer(table: &mut Table) {
    let mut findings = std::mem::take(&mut table.findings);
    for found in &mut findings {
        if found.repair.is_empty() {
            found.repair = offers(table, &found.code, found.column.as_deref());
        }
    }
    table.findings = findings;
}

/// The repairs for one finding, the most usual first.
pub fn offers(table: &Table, code: &str, column: Option<&str>) -> Vec<String> {
    let column = column.and_then(|name| table.column(name).ok());
    let fills = column.is_some_and(|column| matches!(column.kind(), ColumnType::Number | ColumnType::Text));
    let offered = match code {
        "short-rows" | "long-rows" if !table.ragged.is_empty() => "set-aside-ragged",
        "one-column" => "use-delimiter",
        "encoding-damage" => "use-encoding",
        "stray-quotes" | "unclosed-quote" => "use-quote",
        "footer-lines" => "use-skip-footer",
        "other-tables" => "use-skip-lines",
        "mixed-decimals" => "use-decimal",
        "mixed-currencies" => "use-currency",
        "two-digit-years" | "numbers-as-dates" => "use-type",
        "dates-do-not-fit" => "use-date-order drop-missing",
        "type-misfit" if fills => "drop-missing fill-missing use-type",
        "type-misfit" => "drop-missing use-type",
        "missing-values" if column.is_some_and(|column| column.valid.count() == 0) => "drop-column",
        "missing-values" if fills => "drop-missing fill-missing",
        "missing-values" => "drop-missing",
        _ => "",
    };
    offered.split_ascii_whitespace().map(String::from).collect()
}
