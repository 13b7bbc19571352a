//! What is wrong with this table, and what would mend it? Each finding has its count, its share, its first examples and
//! the names of the repairs that [`crate::quality::repair`] offers.

use crate::quality::outliers::outliers;
use crate::quality::repeats::{duplicate_rows, repeated_ids};
use crate::table::bitmap::Bitmap;
use crate::table::column::{Column, ColumnType, Data};
use crate::table::date::{MS_PER_DAY, from_civil};
use crate::table::figures::grouped;
use crate::table::finding::{Example, Finding, Severity};
use crate::table::lines::{is_of_the_order, later_lines};
use crate::table::role::Role;
use crate::table::table::{Kind, Table};

/// Everything that can be told from the typed values. Columns that were not kept in memory are judged by their counts.
pub fn inspect(table: &Table) -> Vec<Finding> {
    let mut findings = inspect_rows(table);
    (0..table.columns.len()).for_each(|column| findings.extend(inspect_column(table, column)));
    findings
}

/// What is wrong with the rows: ids and rows that come again. The first part of [`inspect`], for work in small steps.
pub fn inspect_rows(table: &Table) -> Vec<Finding> {
    let inspector = Inspector { table };
    inspector.repeated_ids().into_iter().chain(inspector.duplicate_rows()).collect()
}

/// What is wrong with one column, by position: a further part of [`inspect`].
pub fn inspect_column(table: &Table, column: usize) -> Vec<Finding> {
    let inspector = Inspector { table };
    let Some(column) = table.columns.get(column).filter(|_| table.row_count > 0) else { return Vec::new() };
    let found = [
        inspector.rounded_ids(column),
        inspector.empty_or_constant(column),
        inspector.negative_amounts(column),
        inspector.impossible_dates(column),
        inspector.placeholders(column),
        inspector.outliers(column),
        inspector.personal_or_unique(column),
    ];
    found.into_iter().flatten().collect()
}

struct Inspector<'a> {
    table: &'a Table,
}

impl Inspector<'_> {
    fn finding(
        &self,
        code: &str,
        severity: Severity,
        column: Option<&Column>,
        rows: &[usize],
        message: String,
    ) -> Finding {
        let example = |&row: &usize| Example {
            row: row as u64 + 1,
            value: column.and_then(|column| column.text_of(row)).map_or_else(String::new, |text| shorten(&text)),
        };
        Finding {
            code: code.into(),
            severity,
            column: column.map(|column| column.name.clone()),
            rows: rows.len() as u64,
            share: rows.len() as f64 / self.table.row_count as f64,
            examples: rows.iter().take(Finding::EXAMPLES).map(example).collect(),
            message,
            repair: Vec::new(),
        }
    }

    /// In a list of customers every id stands once.
    fn repeated_ids(&self) -> Option<Finding> {
        if self.table.kind != Kind::Customers {
            return None;
        }
        let id = self.table.by_role(Role::CustomerId)?;
        let rows = repeated_ids(id, true);
        if rows.is_empty() {
            return None;
        }
        let message = format!(
            "“{}” repeats in {} of {} rows. If this is a list of customers, keep one row of each; if rows are orders, say which column is the date.",
            id.name,
            rows.len(),
            self.table.row_count
        );
        let mut finding = self.finding("duplicate-ids", Severity::Warning, Some(id), &rows, message);
        finding.repair = vec!["keep-first".into(), "keep-last".into()];
        Some(finding)
    }

    fn duplicate_rows(&self) -> Option<Finding> {
        // Without an id, equal rows are expected: two customers may answer alike.
        self.table.by_role(Role::CustomerId)?;
        let rows = duplicate_rows(self.table);
        if rows.is_empty() {
            return None;
        }
        let message = format!(
            "{} rows repeat an earlier row in every column. They are counted twice unless removed.",
            rows.len()
        );
        let mut finding = self.finding("duplicate-rows", Severity::Warning, None, &rows, message);
        finding.repair = vec!["drop-duplicates".into()];
        Some(finding)
    }

    /// Ids that a spreadsheet wrote as 4.90151E+12: different customers may have become one.
    fn rounded_ids(&self, column: &Column) -> Option<Finding> {
        let Data::Text(texts) = &column.data else { return None };
        let rounded: Vec<bool> = texts.values().map(is_scientific).collect();
        let rows: Vec<usize> = column.valid.iter().filter(|&row| rounded[texts.codes()[row] as usize]).collect();
        // Elsewhere a stray one is a text like any other.
        let is_id = matches!(column.role, Role::CustomerId | Role::OrderId | Role::Product | Role::Phone);
        let enough = !rows.is_empty() && (is_id || rows.len() * 10 >= column.valid.count());
        enough.then(|| {
            let message = format!(
                "{} values of “{}” look like {}: a spreadsheet rounded them, different ones may now be equal. Export that column as text.",
                grouped(rows.len() as u64),
                column.name,
                texts.get(rows[0])
            );
            self.finding("scientific-ids", Severity::Error, Some(column), &rows, message)
        })
    }

    fn empty_or_constant(&self, column: &Column) -> Option<Finding> {
        // What stands once an order is not missing on its later lines.
        let rows = self.table.row_count;
        let order = self.table.by_role(Role::OrderId).filter(|_| column.missing() * 2 > rows);
        let later = order.and_then(later_lines).filter(|later| is_of_the_order(column, later));
        let missing = column.missing() - later.map_or(0, |later| later.count());
        let name = &column.name;
        let (code, severity, count, message) = if missing * 2 > rows && missing < rows {
            let message =
                format!("“{name}” is missing in {missing} of {rows} rows. Groups made from it describe few customers.");
            ("mostly-missing", Severity::Warning, missing, message)
        } else if column.distinct == 1 && rows > 1 && column.missing() < rows {
            let value = column.sample.first().map_or("", String::as_str);
            let message = format!("“{name}” has the one value “{}” and tells nothing apart.", shorten(value));
            ("constant-column", Severity::Info, rows - missing, message)
        } else {
            return None;
        };
        let wanted = if code == "mostly-missing" { column.valid.not() } else { Bitmap::zeros(rows) };
        let examples: Vec<usize> = wanted.iter().take(Finding::EXAMPLES).collect();
        let mut finding = self.finding(code, severity, Some(column), &examples, message);
        (finding.rows, finding.share) = (count as u64, count as f64 / rows as f64);
        finding.repair = vec!["drop-column".into()];
        Some(finding)
    }

    fn negative_amounts(&self, column: &Column) -> Option<Finding> {
        let Data::Number(values) = &column.data else { return None };
        if !matches!(column.role, Role::Amount | Role::Quantity | Role::UnitPrice) {
            return None;
        }
        let rows: Vec<usize> = (0..values.len()).filter(|&row| values[row] < 0.0).collect();
        (!rows.is_empty()).then(|| {
            let message = format!(
                "“{}” is negative in {} rows: refunds or cancelled lines. They are subtracted from totals and are no orders.",
                column.name,
                rows.len()
            );
            self.finding("negative-amounts", Severity::Info, Some(column), &rows, message)
        })
    }

    /// Days before 1900 or after 2100 are slips of the pen or placeholders.
    fn impossible_dates(&self, column: &Column) -> Option<Finding> {
        let first = from_civil(1900, 1, 1)?;
        let last = from_civil(2100, 12, 31)?;
        let strange = |day: i32| day < first || day > last;
        let rows: Vec<usize> = match &column.data {
            Data::Date(days) => column.valid.iter().filter(|&row| strange(days[row])).collect(),
            Data::Time(times) => {
                column.valid.iter().filter(|&row| strange(times[row].div_euclid(MS_PER_DAY) as i32)).collect()
            }
            _ => return None,
        };
        (!rows.is_empty()).then(|| {
            let message = format!(
                "“{}” lies before 1900 or after 2100 in {} rows. Such days distort recency and the reference date.",
                column.name,
                rows.len()
            );
            let mut finding = self.finding("impossible-dates", Severity::Warning, Some(column), &rows, message);
            finding.repair = vec!["set-missing".into()];
            finding
        })
    }

    /// Words and numbers that stand where nothing was known.
    fn placeholders(&self, column: &Column) -> Option<Finding> {
        const WORDS: [&str; 9] = [
            "unknown",
            "unbekannt",
            "not available",
            "missing",
            "n.a.",
            "k.a.",
            "keine angabe",
            "not set",
            "undefined",
        ];
        let rows: Vec<usize> = match &column.data {
            Data::Text(texts) => {
                let found: Vec<bool> = texts
                    .values()
                    .map(|value| WORDS.iter().any(|word| value.trim().eq_ignore_ascii_case(word)))
                    .collect();
                column.valid.iter().filter(|&row| found[texts.codes()[row] as usize]).collect()
            }
            Data::Number(values) => {
                let sentinel = sentinel(values)?;
                column.valid.iter().filter(|&row| values[row] == sentinel).collect()
            }
            _ => return None,
        };
        let value = column.text_of(*rows.first()?)?;
        let message = format!(
            "“{}” holds “{value}” in {} rows, which may stand for “not known”. Read the file again with “{value}” among the missing words if so.",
            column.name,
            rows.len()
        );
        let mut finding = self.finding("placeholder-values", Severity::Info, Some(column), &rows, message);
        finding.repair = vec!["set-missing".into()];
        Some(finding)
    }

    fn outliers(&self, column: &Column) -> Option<Finding> {
        let Data::Number(values) = &column.data else { return None };
        let rows = outliers(values);
        (!rows.is_empty()).then(|| {
            let message = format!(
                "“{}” has {} values far from the rest. Averages and clusters lean towards them; look whether they are right.",
                column.name,
                rows.len()
            );
            self.finding("outliers", Severity::Info, Some(column), &rows, message)
        })
    }

    fn personal_or_unique(&self, column: &Column) -> Option<Finding> {
        let name = &column.name;
        let count = column.valid.count();
        let (code, message) = if column.role.is_personal() {
            ("personal-column", format!("“{name}” names people. It is kept out of clusters and charts."))
        } else if column.role == Role::Other
            && column.kind() == ColumnType::Text
            && count >= 20
            && column.distinct == count
        {
            ("id-like-column", format!("“{name}” is different in every row, like an id. It is kept out of clusters."))
        } else {
            return None;
        };
        let mut finding = self.finding(code, Severity::Info, Some(column), &[], message);
        (finding.rows, finding.share) = (count as u64, count as f64 / self.table.row_count as f64);
        finding.repair = vec!["drop-column".into()];
        Some(finding)
    }
}

/// A number of nines or −1 that stands in at least one row in twenty, at the end of the range and far from the next value.
fn sentinel(values: &[f64]) -> Option<f64> {
    const NUMBERS: [f64; 9] = [-1.0, -9.0, -99.0, -999.0, -9_999.0, 99.0, 999.0, 9_999.0, 99_999.0];
    let present = values.iter().filter(|value| !value.is_nan()).count();
    NUMBERS.into_iter().find(|&number| {
        let count = values.iter().filter(|&&value| value == number).count();
        let others = || values.iter().copied().filter(|&value| !value.is_nan() && value != number);
        if count == 0 || count * 20 < present || count == present {
            return false;
        }
        if number < 0.0 {
            others().all(|value| value >= 0.0)
        } else {
            others().all(|value| value >= 0.0 && value * 2.0 <= number)
        }
    })
}

fn is_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.trim().split_once(['e', 'E']) else { return false };
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, "0"));
    whole.len() == 1 && digits(whole) && digits(fraction) && exponent.strip_prefix('+').is_some_and(digits)
}

fn shorten(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::texts::TextsBuilder;

    fn text(name: &str, role: Role, cells: &[&str]) -> Column {
        let mut builder = TextsBuilder::default();
        cells.iter().for_each(|cell| {
            builder.push(cell);
        });
        Column::text(name, role, builder.finish(), Bitmap::ones(cells.len()))
    }

    fn codes(columns: Vec<Column>) -> Vec<(String, u64)> {
        inspect(&Table::computed(columns, Kind::Customers)).into_iter().map(|found| (found.code, found.rows)).collect()
    }

    #[test]
    fn ids_and_rows_that_repeat_are_counted() {
        let columns = vec![
            text("id", Role::CustomerId, &["a", "b", "a", "a"]),
            Column::number("x", Role::Other, vec![1.0, 2.0, 1.0, 3.0]),
        ];
        assert_eq!(codes(columns), [("duplicate-ids".into(), 2), ("duplicate-rows".into(), 1)]);
    }

    #[test]
    fn strange_values_are_counted() {
        let found = codes(vec![
            text("id", Role::CustomerId, &["4.90151E+12", "2", "3"]),
            Column::number("amount", Role::Amount, vec![-5.0, 3.0, f64::NAN]),
            Column::date("day", Role::Date, vec![from_civil(1, 1, 1).unwrap(), 0, 1]),
            text("default", Role::Other, &["unknown", "no", "Unknown"]),
            Column::number("pdays", Role::Other, vec![999.0, 999.0, 4.0]),
            Column::number("same", Role::Other, vec![1.0, 1.0, 1.0]),
            Column::number("rare", Role::Other, vec![f64::NAN, f64::NAN, 1.0]),
            text("mail", Role::Email, &["a@b.c", "d@e.f", "g@h.i"]),
        ]);
        let expected: Vec<(String, u64)> = [
            ("scientific-ids", 1),
            ("negative-amounts", 1),
            ("impossible-dates", 1),
            ("placeholder-values", 2),
            ("placeholder-values", 2),
            ("constant-column", 3),
            ("mostly-missing", 2),
            ("personal-column", 3),
        ]
        .map(|(code, rows)| (code.to_string(), rows))
        .to_vec();
        assert_eq!(found, expected);
    }
}
