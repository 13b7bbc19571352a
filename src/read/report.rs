//! What was noticed while reading, in words: findings with counts and examples, and questions with their evidence.

use crate::read::encoding::Encoding;
use crate::read::finish::Finished;
use crate::read::infer::Format;
use crate::read::names::is_currency_name;
use crate::read::number::{self, Decimal};
use crate::read::options::{DateOrder, ReadOptions, spelt};
use crate::read::pass::{Oddities, Oddity};
use crate::read::plan::Plan;
use crate::read::serials::is_calendar;
use crate::table::column::Data;
use crate::table::figures::{grouped, percent};
use crate::table::finding::{Example, Finding, Question, Severity};
use crate::table::table::plural;
use std::collections::BTreeMap;

/// Makes findings that all speak of the same number of rows.
struct Report {
    rows: u64,
    findings: Vec<Finding>,
}

impl Report {
    fn add(
        &mut self,
        code: &str,
        severity: Severity,
        rows: u64,
        examples: &[Example],
        message: String,
    ) -> &mut Finding {
        self.findings.push(Finding {
            code: code.into(),
            severity,
            column: None,
            rows,
            share: if self.rows == 0 { 0.0 } else { rows as f64 / self.rows as f64 },
            examples: examples.to_vec(),
            message,
            repair: Vec::new(),
        });
        let last = self.findings.len() - 1;
        &mut self.findings[last]
    }

    /// A finding about a column.
    fn about(
        &mut self,
        column: &str,
        code: &str,
        severity: Severity,
        rows: u64,
        examples: &[Example],
        message: String,
    ) {
        self.add(code, severity, rows, examples, message).column = Some(column.into());
    }

    fn odd(&mut self, code: &str, severity: Severity, found: &Oddity, message: impl Fn(&str) -> String) {
        if found.rows > 0 {
            let where_ = format!("{}{}", grouped(found.rows), first(&found.examples));
            self.add(code, severity, found.rows, &found.examples, message(&where_));
        }
    }
}

/// The findings of a reading.
pub fn findings(
    oddities: &Oddities,
    finished: &[Finished],
    plan: &Plan,
    corrections: &[String],
    rows: u64,
) -> Vec<Finding> {
    let mut report = Report { rows, findings: Vec::new() };
    let grammar = plan.shape.grammar;
    if plan.shape.skipped_lines > 0 {
        let message = format!("{} before the table were skipped.", lines(plan.shape.skipped_lines as u64));
        report.add("skipped-lines", Severity::Info, 0, &[], message);
    }
    if plan.row_names {
        let message =
            "The first row has one name less than there are columns; the first column was taken as the nameless one.";
        report.add("row-names", Severity::Info, 0, &[], message.into());
    }
    if !corrections.is_empty() {
        let message = format!(
            "The file was read twice, because what its beginning suggested did not hold further down: {}.",
            corrections.join(", ")
        );
        report.add("read-again", Severity::Info, 0, &[], message);
    }
    if oddities.blank_lines > 0 {
        let message = format!("{} hold nothing and were skipped.", lines(oddities.blank_lines));
        report.add("blank-lines", Severity::Info, 0, &[], message);
    }
    report.odd("comment-lines", Severity::Info, &oddities.comments, |found| {
        format!("Lines that begin with “{}” were taken as comments and left out: {found}.", spelt(grammar.comment))
    });
    if let Some(((row, column), value)) = &oddities.unclosed {
        let message = format!(
            "A quotation mark opened in row {}, column {} is never closed: everything after it became one cell. Mend the file, or read it with “quote” set to an empty text.",
            grouped(*row),
            grouped(*column)
        );
        report.add("unclosed-quote", Severity::Error, 1, &[Example { row: *row, value: value.clone() }], message);
    }
    let column = grouped(oddities.stray_column.unwrap_or(0));
    report.odd("stray-quotes", Severity::Warning, &oddities.stray, |found| {
        format!(
            "Rows with quotation marks inside a quoted cell that are not doubled: {found}, column {column} there. The marks were kept as text."
        )
    });
    report.odd("short-rows", Severity::Warning, &oddities.short, |found| {
        format!("Rows with fewer cells than there are columns: {found}. The rest of each such row is missing.")
    });
    let extra = oddities.extra_cells;
    report.odd("long-rows", Severity::Warning, &oddities.long, |found| {
        format!(
            "Rows with more cells than there are columns: {found}. The {} cells beyond the last column were left out. An unquoted delimiter inside a cell is the usual reason.",
            grouped(extra)
        )
    });
    report.odd("encoding-damage", Severity::Warning, &oddities.damaged, |found| {
        format!(
            "Rows with characters that could not be decoded: {found}. They show as �. Choose another encoding and read again."
        )
    });
    report.odd("nul-bytes", Severity::Warning, &oddities.nul, |found| {
        format!("Rows with NUL characters, which no text should have: {found}. They were kept.")
    });
    for found in finished {
        columns(&mut report, found);
    }
    report.findings
}

fn columns(report: &mut Report, found: &Finished) {
    let (counts, name) = (&found.counts, &found.column.name);
    let missing = report.rows - counts.present;
    if missing > 0 {
        let share = percent(missing, report.rows);
        let (severity, message) = if counts.present == 0 {
            (Severity::Warning, format!("“{name}” is empty in every row."))
        } else {
            (
                Severity::Info,
                format!(
                    "“{name}” is missing in {} ({share}). Rules treat such rows as unknown, not as 0.",
                    rows(missing)
                ),
            )
        };
        report.about(name, "missing-values", severity, missing, &counts.missing_examples, message);
    }
    if counts.misfits > 0 {
        let is_date = is_calendar(found.column.kind());
        let kind = plural(found.column.kind());
        let share = format!(
            "{} of {} values ({})",
            grouped(counts.misfits),
            grouped(counts.present),
            percent(counts.misfits, counts.present)
        );
        let example = example(&counts.misfit_examples);
        let (code, message) = if is_date {
            let what = format!("{share} are no days that exist or are written in another way{example}.");
            (
                "dates-do-not-fit",
                format!("“{name}”: {what} They were treated as missing; such orders are left out of recency."),
            )
        } else {
            let what = format!("“{name}” holds {kind}, but {share} are none{example}.");
            ("type-misfit", format!("{what} They were treated as missing."))
        };
        report.about(name, code, Severity::Warning, counts.misfits, &counts.misfit_examples, message);
    }
    if let Format::Number(decimal) = found.format {
        mixed_numbers(report, found, decimal);
    }
    mixed_currencies(report, found);
    if counts.short_years > 0 {
        let message = format!(
            "“{name}” has years of two digits in {}. 69 to 99 were read as 1969 to 1999, 00 to 68 as 2000 to 2068.",
            rows(counts.short_years)
        );
        report.about(name, "two-digit-years", Severity::Info, counts.short_years, &[], message);
    }
    if let Some(serial) = found.serial {
        let example = match (found.column.sample.first(), found.column.valid.iter().next()) {
            (Some(cell), Some(row)) => {
                format!(" ({cell} is {})", found.column.text_of(row).unwrap_or_default())
            }
            _ => String::new(),
        };
        let what = serial.name();
        let message = format!(
            "“{name}” holds numbers that look like {what}{example} and were read as {}. Set its type to number if they are none.",
            plural(found.column.kind())
        );
        report.about(name, "numbers-as-dates", Severity::Info, found.column.valid.count() as u64, &[], message);
    }
    let (stripped, examples) = &found.apostrophes;
    if *stripped > 0 {
        let message = format!(
            "“{name}” has an apostrophe before the value in {}{}. It was left out: spreadsheets and shops put it there to keep numbers as text.",
            rows(*stripped),
            example(examples)
        );
        report.about(name, "apostrophes", Severity::Info, *stripped, examples, message);
    }
}

/// Numbers with a point and with a comma as decimal mark, and shares beside plain numbers.
fn mixed_numbers(report: &mut Report, found: &Finished, decimal: Decimal) {
    let (counts, name) = (&found.counts, &found.column.name);
    let marks = counts.marks;
    if marks.point > 0 && marks.comma > 0 {
        let (own, other) =
            if decimal == Decimal::Point { (marks.point, marks.comma) } else { (marks.comma, marks.point) };
        let fits = |cell: &str, mark| number::parse(cell, mark).is_some();
        let proves = |cell: &&String| fits(cell, decimal) && !fits(cell, decimal.other());
        let sample = found.column.sample.iter().find(proves).map_or("", String::as_str);
        let others: Vec<Example> =
            counts.misfit_examples.iter().filter(|cell| fits(&cell.value, decimal.other())).cloned().collect();
        let message = format!(
            "“{name}” has decimals with a {} ({}, e.g. “{sample}”) and with a {} ({}{}). The second kind was treated as missing: choose one, or mend the file.",
            mark_name(decimal),
            grouped(own),
            mark_name(decimal.other()),
            grouped(other),
            example(&others)
        );
        let severity = if other * 10 > counts.present { Severity::Error } else { Severity::Warning };
        report.about(name, "mixed-decimals", severity, other, &others, message);
    }
    let percents = counts.units.get(1).copied().unwrap_or(0);
    let plain = counts.fits_count() - percents;
    if percents > 0 && plain > 0 {
        let message = format!(
            "“{name}” has a percent sign in {} and none in {}. 12 % was read as 12: look whether both mean the same.",
            rows(percents),
            rows(plain)
        );
        report.about(name, "mixed-percent", Severity::Warning, percents.min(plain), &[], message);
    }
}

fn mark_name(decimal: Decimal) -> &'static str {
    if decimal == Decimal::Point { "point" } else { "comma" }
}

/// Several currencies, beside the numbers or in a column of their own: amounts that must not be added up.
fn mixed_currencies(report: &mut Report, found: &Finished) {
    let column = &found.column;
    let mut shares: BTreeMap<String, u64> = BTreeMap::new();
    let mut currency_of_row: Vec<Option<&str>> = Vec::new();
    if let Data::Text(texts) = &column.data
        && texts.distinct() <= MOST_CURRENCIES
        && is_currency_name(&column.name)
    {
        let names: Vec<Option<&str>> = texts.values().map(number::currency_of).collect();
        currency_of_row = texts.codes().iter().map(|&code| names.get(code as usize).copied().flatten()).collect();
        for currency in column.valid.iter().filter_map(|row| currency_of_row[row]) {
            *shares.entry(currency.into()).or_default() += 1;
        }
    }
    for (unit, &count) in found.counts.units.iter().enumerate().skip(2).filter(|(_, count)| **count > 0) {
        *shares.entry(number::unit_name(unit as u8).into()).or_default() += count;
    }
    if shares.len() < 2 {
        return;
    }
    let mut shares: Vec<(u64, String)> = shares.into_iter().map(|(name, count)| (count, name)).collect();
    shares.sort_by(|a, b| b.0.cmp(&a.0));
    let all: u64 = shares.iter().map(|(count, _)| count).sum();
    let said: Vec<String> = shares.iter().map(|(count, name)| format!("{name} {}", percent(*count, all))).collect();
    let minor = |row: &usize| currency_of_row.get(*row).copied().flatten().is_some_and(|name| name != shares[0].1);
    let examples: Vec<Example> = column
        .valid
        .iter()
        .filter(minor)
        .take(Finding::EXAMPLES)
        .map(|row| Example { row: row as u64 + 1, value: column.text_of(row).unwrap_or_default() })
        .collect();
    let message = format!(
        "{} currencies in “{}” ({}). Amounts are not comparable: keep one currency, or convert before loading.",
        shares.len(),
        column.name,
        said.join(", ")
    );
    report.about(&column.name, "mixed-currencies", Severity::Warning, all - shares[0].0, &examples, message);
}

/// Different texts above which a column is not one of currencies.
const MOST_CURRENCIES: usize = 200;

/// ", e.g. “31/02/26” in row 77".
fn example(examples: &[Example]) -> String {
    let said = |example: &Example| format!(", e.g. “{}” in row {}", example.value, grouped(example.row));
    examples.first().map_or_else(String::new, said)
}

/// The questions of a reading.
pub fn questions(encoding: &Encoding, finished: &[Finished], plan: &Plan, options: &ReadOptions) -> Vec<Question> {
    let mut questions: Vec<Question> = encoding.question().into_iter().collect();
    let ask = |code: &str, column: Option<&str>, choices: &[&str], taken: &str, evidence: String| Question {
        code: code.into(),
        column: column.map(String::from),
        choices: choices.iter().map(|choice| choice.to_string()).collect(),
        taken: taken.into(),
        evidence,
    };
    if let Some(other) = plan.other_delimiter {
        let (taken, other): (String, String) = (plan.shape.grammar.delimiter.into(), other.into());
        let evidence = format!("Everything landed in one column. The file looks separated by “{other}”.");
        questions.push(ask("delimiter", None, &[&other, &taken], &taken, evidence));
    }
    if plan.shape.header_open {
        let taken = if plan.shape.header { "true" } else { "false" };
        let evidence = "The first row looks like the rows below it: it may hold names or data.".into();
        questions.push(ask("header", None, &["true", "false"], taken, evidence));
    }
    for found in finished {
        let (name, counts) = (&found.column.name, &found.counts);
        let example = found.column.sample.first().map_or("", String::as_str);
        match found.format {
            Format::Date(order) | Format::Time(order)
                if options.date_order.is_none() && counts.orders.is_question() =>
            {
                let orders = counts.orders;
                let evidence = if orders.day_first + orders.month_first == 0 {
                    format!("{} values make sense day first and month first, e.g. “{example}”.", grouped(orders.either))
                } else {
                    format!(
                        "{} values only make sense day first, {} only month first.",
                        grouped(orders.day_first),
                        grouped(orders.month_first)
                    )
                };
                let choices = [DateOrder::Dmy.as_str(), DateOrder::Mdy.as_str()];
                questions.push(ask("date-order", Some(name), &choices, order.as_str(), evidence));
            }
            Format::Number(decimal) if options.decimal.is_none() => {
                let marks = counts.marks;
                let (own, other) = match decimal {
                    Decimal::Point => (marks.point, marks.comma),
                    Decimal::Comma => (marks.comma, marks.point),
                };
                let open = marks.open > 0 && own + other == 0 && plan.marks.point + plan.marks.comma == 0;
                if open || other > 0 {
                    let evidence = if open {
                        format!(
                            "{} values such as “{example}” make sense with a decimal point and with a decimal comma.",
                            grouped(marks.open)
                        )
                    } else {
                        format!(
                            "{} values only make sense with a decimal point, {} only with a decimal comma.",
                            grouped(marks.point),
                            grouped(marks.comma)
                        )
                    };
                    let taken = char::from(decimal.mark()).to_string();
                    questions.push(ask("decimal", Some(name), &[".", ","], &taken, evidence));
                }
            }
            _ => {}
        }
    }
    questions
}

/// Name of the line ends.
pub fn newline(counts: [u64; 3]) -> &'static str {
    match counts.map(|count| count > 0) {
        [_, false, false] => "\n",
        [false, true, false] => "\r\n",
        [false, false, true] => "\r",
        _ => "mixed",
    }
}

fn rows(number: u64) -> String {
    if number == 1 { "1 row".into() } else { format!("{} rows", grouped(number)) }
}

fn lines(number: u64) -> String {
    if number == 1 { "1 line".into() } else { format!("{} lines", grouped(number)) }
}

fn first(examples: &[Example]) -> String {
    examples.first().map_or_else(String::new, |example| format!(" (the first is row {})", grouped(example.row)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_have_one_name() {
        assert_eq!(
            [newline([1, 0, 0]), newline([0, 2, 0]), newline([0, 0, 1]), newline([1, 1, 0])],
            ["\n", "\r\n", "\r", "mixed"]
        );
    }
}
