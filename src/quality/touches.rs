//! Which analysis does a finding touch?

use crate::table::column::ColumnType;
use crate::table::finding::Finding;
use crate::table::role::Role;
use crate::table::table::Table;

/// Findings about whole rows: every count is another one with them.
const ROWS: &str = "duplicate-ids duplicate-rows near-duplicates short-rows long-rows stray-quotes unclosed-quote one-column \
    customers-without-attributes orphan-rows";
/// Findings that only say how the file was read.
const READING: &str = "known-export order-lines skipped-lines row-names read-again blank-lines repaired";

/// The analyses that a finding touches: `RFM`, `rules`, `clusters`, `export`; none where it only says how the file was read.
pub fn touches(table: &Table, finding: &Finding) -> Vec<&'static str> {
    let of = |codes: &str| codes.split_ascii_whitespace().any(|code| code == finding.code);
    if of(READING) {
        return Vec::new();
    }
    if of(ROWS) {
        return vec!["RFM", "rules", "clusters", "export"];
    }
    let column = finding.column.as_deref().and_then(|name| table.column(name).ok());
    match (finding.code.as_str(), column) {
        ("personal-column", _) => vec!["clusters", "export"],
        ("protected-attribute", _) => vec!["rules", "clusters"],
        ("id-like-column" | "constant-column", _) => vec!["clusters"],
        (
            "lines-filled"
            | "order-totals-repeated"
            | "refunds-subtracted"
            | "cancelled-orders"
            | "cancelled-lines"
            | "no-cancelled-orders"
            | "column-not-loaded",
            _,
        ) => vec!["RFM"],
        ("mixed-currencies", _) => vec!["RFM", "rules", "clusters"],
        (_, None) => vec!["rules", "export"],
        (_, Some(column)) => match column.role {
            Role::CustomerId | Role::OrderId => vec!["RFM", "export"],
            Role::Date | Role::Amount | Role::Refund | Role::Cancellation | Role::UnitPrice | Role::Quantity => {
                vec!["RFM", "rules", "clusters"]
            }
            Role::Email | Role::Phone | Role::Name | Role::Consent => vec!["rules", "export"],
            _ if column.kind() == ColumnType::Number => vec!["rules", "clusters"],
            _ => vec!["rules"],
        },
    }
}
