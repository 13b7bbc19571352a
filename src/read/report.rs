//! What was noticed while reading, in words: findings with counts and examples, and questions with their evidence.

use crate::math::order::arranged;
use crate::read::encoding::Encoding;
use crate::read::exports::Export;
use crate::read::finish::Finished;
use crate::read::infer::Format;
use crate::read::number::{self, Decimal};
use crate::read::options::{DateOrder, ReadOptions, spelt};
use crate::read::pass::{Oddities, Oddity};
use crate::read::plan::Plan;
use crate::read::scan::Delimiter;
use crate::read::serials::is_calendar;
use crate::read::sniff::Other;
use crate::table::bitmap::Bitmap;
use crate::table::figures::{grouped, percent};
use crate::table::finding::{Example, Finding, Question, Severity};
use crate::table::lines::{is_of_the_order, later_lines};
use crate::table::role::Role;
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
    ) -> &mut Finding {
        let finding = self.add(code, severity, rows, examples, message);
        finding.column = Some(column.into());
        finding
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
    export: Option<&Export>,
) -> Vec<Finding> {
    let mut report = Report { rows, findings: Vec::new() };
    if let Some(export) = export {
        let sure =
            finished.iter().filter(|found| found.column.role_confidence == 1.0 && found.column.role != Role::Other);
        let message = format!(
            "This looks like {}: {} of {} columns have their meaning from there.",
            export.said(),
            sure.count(),
            finished.len()
        );
        report.add("known-export", Severity::Info, 0, &[], message);
    }
    let grammar = plan.shape.grammar;
    if plan.shape.skipped_lines > 0 {
        let message = format!("{} before the table were skipped.", lines(plan.shape.skipped_lines as u64));
        report.add("skipped-lines", Severity::Info, 0, &[], message);
    }
    if let (Some(other), Some(only)) = (plan.other_delimiter, finished.first()) {
        let whole = only.column.sample.first().map(|value| Example { row: 1, value: value.clone() });
        report.add("one-column", Severity::Error, rows, whole.as_slice(), landed(other));
    }
    if let Some(footer) = &plan.footer {
        let found = footer.rows.len() as u64;
        let examples = (rows + 1..).zip(&footer.rows).map(|(row, value)| Example { row, value: value.clone() });
        let message = format!(
            "{} below the table, such as totals and notes, {} left out: “{}”. Set “skipFooter” to 0 to keep {}.",
            self::rows(found),
            if found == 1 { "was" } else { "were" },
            footer.rows[0],
            if found == 1 { "it" } else { "them" }
        );
        report.add(
            "footer-lines",
            Severity::Warning,
            found,
            &examples.take(Finding::EXAMPLES).collect::<Vec<_>>(),
            message,
        );
    }
    if !plan.shape.others.is_empty() {
        let others = &plan.shape.others;
        let line = |other: &Other| other.above as u64 + 1;
        let examples: Vec<Example> = others
            .iter()
            .take(Finding::EXAMPLES)
            .map(|other| Example { row: line(other), value: other.first.clone() })
            .collect();
        let places: Vec<String> = others
            .iter()
            .take(Finding::EXAMPLES)
            .map(|other| {
                format!("“{}” from line {} on ({})", other.first, grouped(line(other)), self::rows(other.rows as u64))
            })
            .collect();
        let message = format!(
            "The file holds {} tables, of which the one from line {} on was read. Left out: {}. To read another one, set “skipLines” to the number of lines above it.",
            grouped(others.len() as u64 + 1),
            grouped(plan.shape.skipped_lines as u64 + 1),
            places.join(", ")
        );
        let left = others.iter().map(|other| other.rows as u64).sum();
        report.add("other-tables", Severity::Warning, left, &examples, message);
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
    let column = grouped(oddities.stray_column);
    report.odd("stray-quotes", Severity::Warning, &oddities.stray, |found| {
        format!(
            "Rows with quotation marks inside a quoted cell that are not doubled: {found}, column {column} there. The marks were kept as text."
        )
    });
    report.odd("short-rows", Severity::Warning, &oddities.short, |found| {
        format!("Rows with fewer cells than there are columns: {found}. The rest of each such row is missing.")
    });
    report.odd("trailing-delimiters", Severity::Info, &oddities.trailing, |found| {
        format!("Rows that end in more delimiters than there are columns: {found}. Nothing was lost.")
    });
    let unnamed = format!("column_{}", plan.columns.len());
    if let Some(last) = finished.last().filter(|last| {
        plan.shape.header && plan.columns.len() > 1 && last.counts.present == 0 && last.column.name == unnamed
    }) {
        let message = format!(
            "Every row ends with a delimiter, which makes a last column without a name and without values: “{unnamed}”."
        );
        report.add("trailing-delimiters", Severity::Info, rows, &last.counts.missing_examples, message);
    }
    let beyond = match oddities.extra_cells {
        1 => "The cell beyond the last column was".to_string(),
        cells => format!("The {} cells beyond the last column were", grouped(cells)),
    };
    report.odd("long-rows", Severity::Warning, &oddities.long, |found| {
        format!(
            "Rows with more cells than there are columns: {found}. {beyond} left out. An unquoted delimiter inside a cell is the usual reason."
        )
    });
    report.odd("encoding-damage", Severity::Warning, &oddities.damaged, |found| {
        format!(
            "Rows with characters that could not be decoded: {found}. They show as �. Choose another encoding and read again."
        )
    });
    let nul = grouped(oddities.nul_column);
    report.odd("nul-bytes", Severity::Warning, &oddities.nul, |found| {
        format!("Rows with NUL characters, which no text should have: {found}, column {nul} there. They were kept.")
    });
    let order = finished.iter().map(|found| &found.column).find(|column| column.role == Role::OrderId);
    let later = order.and_then(later_lines);
    let mut filled = 0;
    for found in finished {
        let later = later.as_ref().filter(|later| is_of_the_order(&found.column, later));
        filled += u64::from(later.is_some());
        columns(&mut report, found, later);
    }
    if let (Some(later), Some(order), true) = (&later, order, filled > 0) {
        let lines = later.count() as u64;
        let message = format!(
            "Orders have several lines, told by “{}”, and {filled} columns stand only on the first line of each. They are blank in {} and count as known there.",
            order.name,
            self::rows(lines)
        );
        report.add("order-lines", Severity::Info, lines, &[], message);
    }
    report.findings
}

/// `later` are the lines that go on with an order, where the column speaks of the order and is blank there.
fn columns(report: &mut Report, found: &Finished, later: Option<&Bitmap>) {
    let (counts, name) = (&found.counts, &found.column.name);
    let missing = report.rows - counts.present - later.map_or(0, |later| later.count() as u64);
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
        let is_later = |row: u64| later.is_some_and(|later| later.get(row as usize - 1));
        let examples: Vec<Example> =
            counts.missing_examples.iter().filter(|example| !is_later(example.row)).cloned().collect();
        report.about(name, "missing-values", severity, missing, &examples, message);
    }
    // Where the other decimal mark is all that does not fit, that is told below.
    let explained = match found.format {
        Format::Number(Decimal::Point) => counts.marks.comma,
        Format::Number(Decimal::Comma) => counts.marks.point,
        _ => 0,
    };
    if counts.misfits > explained || counts.misfits > 0 && counts.marks.point.min(counts.marks.comma) == 0 {
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
        let (years, examples) = (counts.short_years, &counts.short_year_examples);
        let message = format!(
            "“{name}” has years of two digits in {}{}. 69 to 99 were read as 1969 to 1999, 00 to 68 as 2000 to 2068.",
            rows(years),
            example(examples)
        );
        report.about(name, "two-digit-years", Severity::Info, years, examples, message);
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
    let (percents, examples) = counts.units.get(1).map_or((0, &[][..]), |(count, examples)| (*count, examples));
    let plain = counts.fits_count() - percents;
    if percents > 0 && plain > 0 {
        let message = format!(
            "“{name}” has a percent sign in {} and none in {}. 12 % was read as 12: look whether both mean the same.",
            rows(percents),
            rows(plain)
        );
        report.about(name, "mixed-percent", Severity::Warning, percents.min(plain), examples, message);
    }
}

fn mark_name(decimal: Decimal) -> &'static str {
    if decimal == Decimal::Point { "point" } else { "comma" }
}

/// The currencies beside the numbers of a column with their counts, the most frequent first.
fn currencies(found: &Finished) -> Vec<(&'static str, u64)> {
    let mut shares: BTreeMap<&'static str, u64> = BTreeMap::new();
    // The first unit is percent.
    for (unit, (count, _)) in found.counts.units.iter().enumerate().skip(2).filter(|(_, (count, _))| *count > 0) {
        *shares.entry(number::unit_name(unit as u8)).or_default() += count;
    }
    let shares: Vec<(&str, u64)> = shares.into_iter().collect();
    let order = arranged(shares.len(), &|a, b| shares[b].1.cmp(&shares[a].1));
    order.into_iter().map(|at| shares[at]).collect()
}

/// Several currencies beside the numbers of one column: amounts that must not be added up. A column of currencies is
/// looked at with the others, by their roles.
fn mixed_currencies(report: &mut Report, found: &Finished) {
    let units = &found.counts.units;
    let met = || (2..units.len()).filter(|&unit| units[unit].0 > 0);
    let name_of = |unit: usize| number::unit_name(unit as u8);
    let shares = currencies(found);
    if shares.len() < 2 {
        return;
    }
    let all: u64 = shares.iter().map(|(_, count)| count).sum();
    let said: Vec<String> = shares.iter().map(|(name, count)| format!("{name} {}", percent(*count, all))).collect();
    let name = &found.column.name;
    let message = format!(
        "{} currencies in “{name}” ({}). Amounts are not comparable: keep one currency, or convert before loading.",
        shares.len(),
        said.join(", ")
    );
    let (main, most) = shares[0];
    // A currency has a sign and a code, each with its own first rows.
    let others: Vec<&Example> = met().filter(|&unit| name_of(unit) != main).flat_map(|unit| &units[unit].1).collect();
    let order = arranged(others.len(), &|a, b| others[a].row.cmp(&others[b].row));
    let others: Vec<Example> = order.iter().take(Finding::EXAMPLES).map(|&at| others[at].clone()).collect();
    report.about(name, "mixed-currencies", Severity::Error, all - most, &others, message);
}

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
    if let Some(found) = plan.other_delimiter {
        let (taken, other): (String, String) = (plan.shape.grammar.delimiter.into(), found.0.into());
        questions.push(ask("delimiter", None, &[&other, &taken], &taken, landed(found)));
    }
    if !plan.shape.others.is_empty() && options.skip_lines.is_none() {
        let taken = plan.shape.skipped_lines.to_string();
        let mut choices = vec![taken.clone()];
        choices.extend(plan.shape.others.iter().map(|other| other.above.to_string()));
        let choices: Vec<&str> = choices.iter().map(String::as_str).collect();
        let evidence =
            "The file holds several tables. The choices are the lines above each; the biggest was taken.".into();
        questions.push(ask("skip-lines", None, &choices, &taken, evidence));
    }
    if plan.shape.grammar.quote.is_none() && options.quote.is_none() {
        let evidence = "Quotation marks are opened and not closed, so that rows would run into one another: they were taken as part of the text.".into();
        questions.push(ask("quote", None, &["", "\""], "", evidence));
    }
    if plan.shape.header_open {
        let taken = if plan.shape.header { "true" } else { "false" };
        let evidence = "The first row looks like the rows below it: it may hold names or data.".into();
        questions.push(ask("header", None, &["true", "false"], taken, evidence));
    }
    for (found, column) in finished.iter().zip(&plan.columns) {
        let (name, counts) = (&found.column.name, &found.counts);
        let example = found.column.sample.first().map_or("", String::as_str);
        let mixed = currencies(found);
        if mixed.len() > 1 {
            let mut choices: Vec<&str> = mixed.iter().map(|(name, _)| *name).collect();
            choices.push("all");
            let evidence = "Amounts of several currencies cannot be added up: those of the others would be missing.";
            questions.push(ask("currency", Some(name), &choices, "all", evidence.into()));
        }
        match found.format {
            Format::Date(order) | Format::Time(order)
                if column.given.order.is_none() && counts.orders.is_question() =>
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
            Format::Number(decimal) if column.given.decimal.is_none() => {
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

/// What a chosen delimiter came to, and what the file's own seems to be.
fn landed((other, width): (Delimiter, usize)) -> String {
    let (other, each): (String, String) = (other.into(), grouped(width as u64 - 1));
    format!("Everything landed in one column. The file looks separated by “{other}”: {each} in each row.")
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
