//! What was noticed while reading, in words: findings with counts and examples, and questions with their evidence.

use crate::read::encoding::Encoding;
use crate::read::finish::Finished;
use crate::read::infer::Format;
use crate::read::number::Decimal;
use crate::read::options::{DateOrder, ReadOptions, spelt};
use crate::read::pass::{Oddities, Oddity};
use crate::read::plan::Plan;
use crate::read::sniff::Other;
use crate::table::figures::{grouped, percent};
use crate::table::finding::{Example, Finding, Question, Severity};
use crate::table::table::plural;

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
    let nul = grouped(oddities.nul_column);
    report.odd("nul-bytes", Severity::Warning, &oddities.nul, |found| {
        format!("Rows with NUL characters, which no text should have: {found}, column {nul} there. They were kept.")
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
        report.add("missing-values", severity, missing, &counts.missing_examples, message).column = Some(name.clone());
    }
    if counts.misfits > 0 {
        let kind = plural(found.column.kind());
        let example = counts
            .misfit_examples
            .first()
            .map_or_else(String::new, |example| format!(", e.g. “{}” in row {}", example.value, grouped(example.row)));
        let message = format!(
            "“{name}” holds {kind}, but {} of {} values ({}) are none{example}. They were treated as missing.",
            grouped(counts.misfits),
            grouped(counts.present),
            percent(counts.misfits, counts.present)
        );
        report.add("type-misfit", Severity::Warning, counts.misfits, &counts.misfit_examples, message).column =
            Some(name.clone());
    }
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
