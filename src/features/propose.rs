//! By which columns do two tables belong together? Proposed by names and by how many values of one stand in the other.

use crate::table::column::{Column, ColumnType, Data};
use crate::table::figures::{grouped, percent};
use crate::table::finding::{Example, Finding, Severity};
use crate::table::role::Role;
use crate::table::table::Table;
use serde::Serialize;
use std::collections::HashMap;

/// Two columns with the same ids, and what they would leave over.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct JoinProposal {
    /// Column of this table.
    pub column: String,
    /// Column of the other table.
    pub other: String,
    /// Rows of this table with a value there.
    pub rows: u64,
    /// Those whose value stands in the other table.
    pub matched: u64,
    /// Those whose value does not.
    pub orphans: u64,
    /// `matched` of `rows`, 0 to 1.
    pub share: f64,
    /// Rows of the other table that no row of this one names.
    pub unused: u64,
    /// Rows of the other table whose value stands in an earlier row; the first one counts.
    pub repeated: u64,
    /// “98.4 % of orders find a customer; 311 do not.”
    pub message: String,
    /// What is left over: `orphan-rows`, `unused-rows`, `repeated-keys`.
    pub findings: Vec<Finding>,
}

/// Values of a column that are looked for, evenly spread, before all rows of the best pair are counted.
const LOOKED_AT: usize = 2_000;
/// A pair of columns must share this much of its values; with the same name or role a tenth of it will do.
const ENOUGH: f64 = 0.5;

/// The pair of columns that join `table` (orders) to `other` (customers) best; nothing where no pair has values in common.
pub fn propose_join(table: &Table, other: &Table) -> Option<JoinProposal> {
    let mut best: Option<(f64, &Column, &Column)> = None;
    for right in other.columns.iter().filter(|column| may_be_key(column) && column.distinct * 2 > column.valid.count())
    {
        let rows = first_rows(right);
        for left in table.columns.iter().filter(|column| may_be_key(column)) {
            let shared = shared(left, &rows);
            let kin = f64::from(u8::from(same_name(left, right))) + f64::from(u8::from(same_role(left, right)));
            let score = shared + kin / 4.0;
            let enough = if kin > 0.0 { shared > ENOUGH / 10.0 } else { shared >= ENOUGH && right.distinct >= 20 };
            if enough && best.as_ref().is_none_or(|best| score > best.0) {
                best = Some((score, left, right));
            }
        }
    }
    let (_, left, right) = best?;
    Some(count(table, left, other, right, &first_rows(right)))
}

fn may_be_key(column: &Column) -> bool {
    let whole = |values: &[f64]| values.iter().all(|value| value.is_nan() || value.fract() == 0.0);
    match &column.data {
        Data::Number(values) => whole(values),
        Data::Unloaded(_) => false,
        _ => column.kind() == ColumnType::Text,
    }
}

fn same_name(left: &Column, right: &Column) -> bool {
    let bare =
        |name: &str| -> String { name.to_lowercase().chars().filter(|letter| letter.is_alphanumeric()).collect() };
    bare(&left.name) == bare(&right.name)
}

fn same_role(left: &Column, right: &Column) -> bool {
    left.role == right.role && matches!(left.role, Role::CustomerId | Role::Email | Role::Phone)
}

/// The first row of each value.
fn first_rows(column: &Column) -> HashMap<String, u32> {
    let mut rows = HashMap::new();
    for row in column.valid.iter() {
        if let Some(value) = column.text_of(row) {
            rows.entry(value).or_insert(row as u32);
        }
    }
    rows
}

/// The share of some values, evenly spread, that are known.
fn shared(column: &Column, known: &HashMap<String, u32>) -> f64 {
    let step = column.len().div_ceil(LOOKED_AT).max(1);
    let values = (0..column.len()).step_by(step).filter_map(|row| column.text_of(row));
    let (mut all, mut found) = (0.0, 0.0);
    for value in values {
        all += 1.0;
        found += f64::from(u8::from(known.contains_key(&value)));
    }
    if all > 0.0 { found / all } else { 0.0 }
}

fn count(table: &Table, left: &Column, other: &Table, right: &Column, known: &HashMap<String, u32>) -> JoinProposal {
    let mut named = vec![false; right.len()];
    let mut orphans = Noted::default();
    let rows = left.valid.count() as u64;
    for row in left.valid.iter() {
        let Some(value) = left.text_of(row) else { continue };
        match known.get(&value) {
            Some(&at) => named[at as usize] = true,
            None => orphans.note(row, value),
        }
    }
    let (mut unused, mut repeated) = (Noted::default(), Noted::default());
    for row in right.valid.iter() {
        let value = right.text_of(row).unwrap_or_default();
        if known.get(&value).is_some_and(|&first| first as usize != row) {
            repeated.note(row, value);
        } else if !named[row] {
            unused.note(row, value);
        }
    }
    let matched = rows - orphans.rows;
    let left_over = match orphans.rows {
        0 => String::new(),
        some => format!("; {} do not", grouped(some)),
    };
    let message = format!("{} of rows find a match by “{}”{left_over}.", percent(matched, rows), left.name);
    let (orphan_rows, unused_rows, repeated_rows) = (orphans.rows, unused.rows, repeated.rows);
    let findings = [
        orphans.tell("orphan-rows", Severity::Warning, left, table.row_count, |n| {
            format!(
                "{n} rows name a “{}” that the other file does not have. Its columns will be missing for them.",
                left.name
            )
        }),
        unused.tell("unused-rows", Severity::Info, right, other.row_count, |n| {
            format!(
                "{n} rows of the other file are never named: customers without an order, for one. They will not appear."
            )
        }),
        repeated.tell("repeated-keys", Severity::Warning, right, other.row_count, |n| {
            format!("{n} rows of the other file repeat a “{}”. The first row of each counts.", right.name)
        }),
    ];
    JoinProposal {
        column: left.name.clone(),
        other: right.name.clone(),
        rows,
        matched,
        orphans: orphan_rows,
        share: matched as f64 / rows.max(1) as f64,
        unused: unused_rows,
        repeated: repeated_rows,
        message,
        findings: findings.into_iter().flatten().collect(),
    }
}

/// Rows of one kind: how many, and the first few.
#[derive(Default)]
struct Noted {
    rows: u64,
    examples: Vec<Example>,
}

impl Noted {
    fn note(&mut self, row: usize, value: String) {
        self.rows += 1;
        if self.examples.len() < Finding::EXAMPLES {
            self.examples.push(Example { row: row as u64 + 1, value });
        }
    }

    fn tell(
        self,
        code: &str,
        severity: Severity,
        column: &Column,
        all: usize,
        message: impl Fn(String) -> String,
    ) -> Option<Finding> {
        (self.rows > 0).then(|| Finding {
            code: code.into(),
            severity,
            column: Some(column.name.clone()),
            rows: self.rows,
            share: self.rows as f64 / all.max(1) as f64,
            message: message(grouped(self.rows)),
            examples: self.examples,
            repair: Vec::new(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::bitmap::Bitmap;
    use crate::table::table::Kind;
    use crate::table::texts::TextsBuilder;

    fn text(name: &str, role: Role, cells: impl Iterator<Item = String>) -> Column {
        let mut builder = TextsBuilder::default();
        cells.for_each(|cell| {
            builder.push(&cell);
        });
        let texts = builder.finish();
        let rows = texts.len();
        Column::text(name, role, texts, Bitmap::ones(rows))
    }

    #[test]
    fn the_key_is_found_by_its_values_and_what_is_left_over_is_counted() {
        let orders = Table::computed(
            vec![
                text("no", Role::OrderId, (0..400).map(|row| format!("o{row}"))),
                text("buyer", Role::CustomerId, (0..400).map(|row| format!("c{}", row % 110))),
                text("country", Role::Country, (0..400).map(|row| ["DE", "AT"][row % 2].into())),
            ],
            Kind::Orders,
        );
        let customers = Table::computed(
            vec![
                text("mail", Role::Email, (0..120).map(|row| format!("c{row}@x.de"))),
                text("id", Role::Other, (0..120).map(|row| format!("c{}", if row < 100 { row } else { row + 100 }))),
                text("country", Role::Country, (0..120).map(|_| "DE".into())),
            ],
            Kind::Customers,
        );
        let found = propose_join(&orders, &customers).unwrap();
        // c100 to c109 stand in no list; rows 100.. of the list are c200 and up.
        assert_eq!((found.column.as_str(), found.other.as_str()), ("buyer", "id"));
        assert_eq!((found.rows, found.orphans, found.matched, found.unused), (400, 30, 370, 20));
        assert_eq!(found.message, "92.5 % of rows find a match by “buyer”; 30 do not.");
        let codes: Vec<&str> = found.findings.iter().map(|found| found.code.as_str()).collect();
        assert_eq!(codes, ["orphan-rows", "unused-rows"]);
        assert_eq!(found.findings[0].examples[0], Example { row: 101, value: "c100".into() });
    }

    #[test]
    fn tables_without_common_values_are_not_joined() {
        let one = |prefix: &str| {
            Table::computed(
                vec![text("id", Role::CustomerId, (0..50).map(|row| format!("{prefix}{row}")))],
                Kind::Customers,
            )
        };
        assert_eq!(propose_join(&one("a"), &one("b")), None);
        let mut twice = one("a");
        twice.columns.push(std::rc::Rc::new(Column::number("n", Role::Other, vec![0.5; 50])));
        assert!(propose_join(&twice, &one("a")).is_some());
    }
}
