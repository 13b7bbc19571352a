//! What is wrong with this table, and what would mend it? Each finding has its count, its share, its first examples and
//! the names of the repairs that [`crate::quality::repair`] offers.

use crate::math::words::exponents;
use crate::quality::offers::offers;
use crate::quality::outliers::outliers;
use crate::quality::repeats::{duplicate_rows, near_duplicates, repeated_ids};
use crate::quality::sentinels::{day_of, far_ahead, impossible_days, suspects};
use crate::quality::spelling::{Spelling, currencies, spellings};
use crate::table::bitmap::Bitmap;
use crate::table::column::{Column, ColumnType, Data};
use crate::table::date::format_day;
use crate::table::figures::{grouped, percent};
use crate::table::finding::{Example, Finding, Severity};
use crate::table::lines::{is_of_the_order, later_lines};
use crate::table::protected::protected;
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
    let found = inspector.repeated_ids().into_iter().chain(inspector.duplicate_rows());
    found.chain(inspector.near_duplicates()).collect()
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
        inspector.future_dates(column),
        inspector.placeholders(column),
        inspector.outliers(column),
        inspector.currencies(column),
        inspector.personal_or_unique(column),
        inspector.protected(column),
    ];
    found.into_iter().flatten().chain(inspector.spellings(column)).collect()
}

/// Codes of the findings that this file makes; those of the reader speak of the file and stay true after a repair.
const CODES: &str = "duplicate-ids duplicate-rows near-duplicates scientific-ids mostly-missing constant-column negative-amounts \
    impossible-dates future-dates placeholder-values outliers personal-column id-like-column protected-attribute \
    untidy-text invalid-emails untidy-emails untidy-phones mixed-countries";

/// Inspects a repaired table anew. What the reader found about the file stays, but for columns that are gone and for what the
/// repair has changed: missing values are counted again, and ragged rows that were set aside are told no more.
pub fn inspect_again(table: &mut Table, before: &Table) {
    let missing = |table: &Table, name: &str| table.column(name).map_or(0, Column::missing);
    let mut findings = std::mem::take(&mut table.findings);
    findings.retain(|found| {
        let code = found.code.as_str();
        let known = |name: &String| table.position(name).is_ok();
        let ragged = matches!(code, "short-rows" | "long-rows") && !before.ragged.is_empty() && table.ragged.is_empty();
        let recounted = code == "missing-values" && table.row_count != before.row_count;
        let own = CODES.split_ascii_whitespace().any(|own| own == code) || code == "missing-values";
        let same = code == "missing-values"
            && !recounted
            && found.column.as_ref().is_some_and(|name| missing(table, name) == missing(before, name));
        // Beside the numbers the reader finds currencies, in a column of their own this file does.
        let text = |name: &String| table.column(name).is_ok_and(|column| matches!(column.data, Data::Text(_)));
        let own = own || code == "mixed-currencies" && found.column.as_ref().is_some_and(text);
        // What did not fit is missing: where nothing is missing any more, a repair has seen to it.
        let misfit = matches!(code, "type-misfit" | "dates-do-not-fit" | "mixed-decimals");
        let mended =
            misfit && found.column.as_ref().is_some_and(|name| missing(table, name) == 0 && missing(before, name) > 0);
        found.column.as_ref().is_none_or(known) && !ragged && !mended && (!own || same)
    });
    let inspector = Inspector { table };
    let later = table.by_role(Role::OrderId).and_then(later_lines);
    for column in &table.columns {
        let told =
            findings.iter().any(|found| found.code == "missing-values" && found.column.as_ref() == Some(&column.name));
        // What stands once an order is not missing on its later lines.
        let blank = later.as_ref().filter(|later| is_of_the_order(column, later)).map_or(0, Bitmap::count);
        if column.missing() > blank && !told {
            findings.push(inspector.missing_values(column));
        }
    }
    findings.extend(inspect(table));
    table.findings = findings;
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
            "“{}” repeats in {} of {} rows. Is this a list of orders? Then say so; in a list of customers keep one row of each.",
            id.name,
            count(rows.len()),
            count(self.table.row_count)
        );
        let mut finding = self.finding("duplicate-ids", Severity::Warning, Some(id), &rows, message);
        finding.repair = ["as-orders", "keep-first", "keep-last", "merge"].map(String::from).into();
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
            count(rows.len())
        );
        let mut finding = self.finding("duplicate-rows", Severity::Warning, None, &rows, message);
        finding.repair = vec!["drop-duplicates".into()];
        Some(finding)
    }

    /// Ids that a spreadsheet wrote as 4.90151E+12: different customers may have become one.
    fn rounded_ids(&self, column: &Column) -> Option<Finding> {
        let rows = rounded_rows(column);
        let message = format!(
            "{} values of “{}” look like {}: a spreadsheet rounded them, different ones may now be equal. Export that column as text.",
            count(rows.len()),
            column.name,
            column.text_of(*rows.first()?)?
        );
        let mut finding = self.finding("scientific-ids", Severity::Error, Some(column), &rows, message);
        finding.repair = vec!["set-missing".into()];
        Some(finding)
    }

    fn empty_or_constant(&self, column: &Column) -> Option<Finding> {
        // What stands once an order is not missing on its later lines.
        let rows = self.table.row_count;
        let order = self.table.by_role(Role::OrderId).filter(|_| column.missing() * 2 > rows);
        let later = order.and_then(later_lines).filter(|later| is_of_the_order(column, later));
        let missing = column.missing() - later.map_or(0, |later| later.count());
        let name = &column.name;
        let (code, severity, count, message) = if missing * 2 > rows && missing < rows {
            let message = format!(
                "“{name}” is missing in {} of {} rows. Groups made from it describe few customers.",
                count(missing),
                count(rows)
            );
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
                count(rows.len())
            );
            self.finding("negative-amounts", Severity::Info, Some(column), &rows, message)
        })
    }

    /// Days before 1900 or after 2100 are slips of the pen or placeholders.
    fn impossible_dates(&self, column: &Column) -> Option<Finding> {
        let rows = impossible_days(column);
        (!rows.is_empty()).then(|| {
            let message = format!(
                "“{}” lies before 1900 or after 2100 in {} rows. Such days distort recency and the reference date.",
                column.name,
                count(rows.len())
            );
            let mut finding = self.finding("impossible-dates", Severity::Warning, Some(column), &rows, message);
            finding.repair = vec!["set-missing".into()];
            finding
        })
    }

    /// Days of orders far ahead of all others: the last one would become the reference date, and everyone long gone.
    fn future_dates(&self, column: &Column) -> Option<Finding> {
        let limit = if column.role == Role::Date { far_ahead(column)? } else { return None };
        let ahead = |row: &usize| day_of(column, *row).is_some_and(|day| day > limit);
        let rows: Vec<usize> = column.valid.iter().filter(ahead).collect();
        (!rows.is_empty()).then(|| {
            let message = format!(
                "“{}” lies far ahead of all other days in {} rows (after {}). The last day is the reference date, so recency would be wrong for everyone.",
                column.name,
                count(rows.len()),
                format_day(limit)
            );
            let mut finding = self.finding("future-dates", Severity::Warning, Some(column), &rows, message);
            finding.repair = vec!["drop-future".into()];
            finding
        })
    }

    /// Words, numbers and days that stand where nothing was known.
    fn placeholders(&self, column: &Column) -> Option<Finding> {
        let rows = suspects(column);
        let value = column.text_of(*rows.first()?)?;
        let message = format!(
            "“{}” holds “{value}” or the like in {} rows, which may stand for “not known”. As it is, it counts as a value like any other.",
            column.name,
            count(rows.len())
        );
        let mut finding = self.finding("placeholder-values", Severity::Info, Some(column), &rows, message);
        finding.repair = vec!["set-missing".into()];
        Some(finding)
    }

    fn missing_values(&self, column: &Column) -> Finding {
        let missing = column.missing();
        let rows: Vec<usize> = column.valid.not().iter().take(Finding::EXAMPLES).collect();
        let message = format!(
            "“{}” is missing in {} rows ({}). Rules treat such rows as unknown, not as 0.",
            column.name,
            count(missing),
            percent(missing as u64, self.table.row_count as u64)
        );
        let mut finding = self.finding("missing-values", Severity::Info, Some(column), &rows, message);
        (finding.rows, finding.share) = (missing as u64, missing as f64 / self.table.row_count as f64);
        finding.repair = offers(self.table, "missing-values", Some(&column.name));
        finding
    }

    /// The same person in several rows of a list of customers, by address, telephone number, or name and postcode.
    fn near_duplicates(&self) -> Vec<Finding> {
        let people = |column: &&std::rc::Rc<Column>| column.role.is_personal() && self.table.kind == Kind::Customers;
        let mut names = 0;
        let mut findings = Vec::new();
        for column in self.table.columns.iter().filter(people) {
            // All columns of names are compared together.
            names += usize::from(column.role == Role::Name);
            if column.role == Role::Name && names > 1 {
                continue;
            }
            let rows = near_duplicates(self.table, column);
            if rows.is_empty() {
                continue;
            }
            let by = if column.role == Role::Name { " and the postcode" } else { "" };
            let message = format!(
                "{} rows seem to be a person who stands in an earlier row too, by “{}”{by}. They count as several customers unless merged.",
                count(rows.len()),
                column.name
            );
            let mut finding = self.finding("near-duplicates", Severity::Warning, Some(column), &rows, message);
            finding.repair = vec!["merge".into()];
            findings.push(finding);
        }
        findings
    }

    /// Amounts of several currencies cannot be added up.
    fn currencies(&self, column: &Column) -> Option<Finding> {
        let money = |role| self.table.by_role(role).is_some();
        let found = currencies(column).filter(|_| money(Role::Amount) || money(Role::UnitPrice))?;
        let present = column.valid.count() as u64;
        let shares: Vec<String> =
            found.shares.iter().take(5).map(|(name, rows)| format!("{name} {}", percent(*rows, present))).collect();
        let message = format!(
            "{} currencies in “{}” ({}). Amounts are not comparable: keep one of them, or convert before loading.",
            found.shares.len(),
            column.name,
            shares.join(", ")
        );
        let mut finding = self.finding("mixed-currencies", Severity::Error, Some(column), &found.others, message);
        finding.repair = vec!["keep-currency".into()];
        Some(finding)
    }

    /// Several ways to write one thing, which would be several values.
    fn spellings(&self, column: &Column) -> Vec<Finding> {
        let tell = |found: Spelling| {
            let message = format!("{} values of “{}” {}", count(found.rows.len()), column.name, found.message);
            let mut finding = self.finding(found.code, found.severity, Some(column), &found.rows, message);
            finding.repair = found.repair.into_iter().map(String::from).collect();
            finding
        };
        spellings(column).into_iter().map(tell).collect()
    }

    /// Attributes that the law protects: marked, never hidden.
    fn protected(&self, column: &Column) -> Option<Finding> {
        let attribute = protected(&column.name).filter(|_| !column.role.is_identifier() && column.valid.count() > 0)?;
        let present = column.valid.count();
        let message = format!(
            "“{}” speaks of {attribute}, which the law protects. Look at it in profiles, but think twice before choosing customers by it.",
            column.name
        );
        let mut finding = self.finding("protected-attribute", Severity::Info, Some(column), &[], message);
        (finding.rows, finding.share) = (present as u64, present as f64 / self.table.row_count as f64);
        finding.repair = vec!["drop-column".into()];
        Some(finding)
    }

    fn outliers(&self, column: &Column) -> Option<Finding> {
        let Data::Number(values) = &column.data else { return None };
        let rows = outliers(values);
        (!rows.is_empty()).then(|| {
            let message = format!(
                "“{}” has {} values far from the rest. Averages and clusters lean towards them; look whether they are right.",
                column.name,
                count(rows.len())
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

/// Rows whose id a spreadsheet rounded, rising.
pub fn rounded_rows(column: &Column) -> Vec<usize> {
    let Data::Text(texts) = &column.data else { return Vec::new() };
    let mut rounded = exponents(texts.arena(), texts.ends());
    rounded.retain(|&code| is_scientific(texts.value(code)));
    if rounded.is_empty() {
        return Vec::new();
    }
    let rows = texts.rows_of(&rounded, &column.valid);
    // Elsewhere a stray one is a text like any other.
    let is_id = matches!(column.role, Role::CustomerId | Role::OrderId | Role::Product | Role::Phone);
    if is_id || rows.len() * 10 >= column.valid.count() { rows } else { Vec::new() }
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

fn count(rows: usize) -> String {
    grouped(rows as u64)
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
            text("mail", Role::Email, &["a@b.de", "d@e.fr", "g@h.it"]),
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

    #[test]
    fn people_spellings_and_currencies_are_looked_through() {
        let mut days: Vec<i32> = (0..30).map(|row| 20_000 + row).collect();
        days[4] = from_civil(2062, 1, 1).unwrap();
        let cell = |row: usize, cells: [&str; 3]| cells[row.min(2)].to_string();
        let column = |name: &str, role, cells: [&str; 3]| {
            let cells: Vec<String> =
                (0..30).map(|row| cell(row, cells).replace('#', &(row + 10).to_string())).collect();
            text(name, role, &cells.iter().map(String::as_str).collect::<Vec<_>>())
        };
        let found = codes(vec![
            column("id", Role::CustomerId, ["a#", "b#", "c#"]),
            column("mail", Role::Email, ["ann@x.de", " Ann@X.de", "c#@x.de"]),
            column("tel", Role::Phone, ["+49301234567", "0301234567", "+493012345#"]),
            column("name", Role::Name, ["Lee, Ann", "Ann Lee", "Bob #"]),
            column("zip", Role::Postcode, ["53111", "53111", "10#"]),
            column("land", Role::Country, ["Germany", "DE", "FR"]),
            column("Gender", Role::Demographic, ["f ", "m", "f"]),
            column("currency", Role::Other, ["EUR", "USD", "EUR"]),
            Column::date("order_date", Role::Date, days),
            Column::number("amount", Role::Amount, (0..30).map(f64::from).collect()),
        ]);
        let expected: Vec<(String, u64)> = [
            ("near-duplicates", 1),
            ("near-duplicates", 1),
            ("personal-column", 30),
            ("untidy-emails", 1),
            ("personal-column", 30),
            ("untidy-phones", 1),
            ("personal-column", 30),
            ("mixed-countries", 1),
            ("protected-attribute", 30),
            ("untidy-text", 1),
            ("mixed-currencies", 1),
            ("future-dates", 1),
        ]
        .map(|(code, rows)| (code.to_string(), rows))
        .to_vec();
        assert_eq!(found, expected);
    }
}
