//! The last part of the line: what leaves the house.

use crate::error::{Code, Error, Result};
use crate::export::csv::Style;
use crate::export::json::compact;
use crate::export::rows::RowsJob;
use crate::job::{Job, Step};
use crate::monitor::baseline::BaselineJob;
use serde::Deserialize;

/// What to export and how.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ExportOptions {
    /// `rows`, `members`, `recipe` or `baseline`.
    pub what: String,
    /// `csv` for rows and members, `json` for recipe and baseline; the only ones offered.
    pub format: Option<String>,
    /// Ids or names of segments, names of groupings; all of the study when left out.
    pub segments: Option<Vec<String>>,
    /// Columns of the table; all for rows, the customer id for members, when left out.
    pub columns: Option<Vec<String>>,
    /// Whether cells that look like formulas are disarmed; on when left out.
    pub escape_formulas: Option<bool>,
    /// `,` (default), `;` or a tab.
    pub delimiter: Option<String>,
    /// `.` (default) or `,` in computed numbers.
    pub decimal: Option<String>,
    /// What a baseline's keys are hashed with.
    pub salt: Option<String>,
}

impl ExportOptions {
    /// How cells are to be written.
    ///
    /// # Errors
    /// `bad-option` naming the option and what it can be.
    pub fn style(&self) -> Result<Style> {
        let one_of = |name: &str, value: &Option<String>, choices: &[char]| match value.as_deref() {
            None => Ok(choices[0]),
            Some(text) => choices.iter().copied().find(|choice| text.chars().eq([*choice])).ok_or_else(|| {
                Error::new(Code::BadOption, format!("“{name}” cannot be {text:?}; choose one of {choices:?}."))
            }),
        };
        Ok(Style {
            delimiter: one_of("delimiter", &self.delimiter, &[',', ';', '\t'])?,
            decimal: one_of("decimal", &self.decimal, &['.', ','])?,
            escape_formulas: self.escape_formulas.unwrap_or(true),
        })
    }

    /// Refuses a format that is not offered for what is exported.
    ///
    /// # Errors
    /// `unsupported`, saying what is offered.
    pub fn check_format(&self, offered: &str) -> Result<()> {
        match self.format.as_deref() {
            None => Ok(()),
            Some(format) if format == offered => Ok(()),
            Some(format) => Err(Error::new(
                Code::Unsupported,
                format!("“{}” cannot be exported as “{format}”; it is offered as “{offered}”.", self.what),
            )),
        }
    }
}

/// Emits a file.
#[derive(Debug)]
pub enum ExportJob {
    /// Rows of the table, block by block.
    Rows(RowsJob),
    /// A document that is already whole.
    Document(Option<Vec<u8>>),
    /// A baseline, once it is made.
    Baseline(Box<BaselineJob>),
}

impl Job for ExportJob {
    type Output = ();

    fn step(&mut self) -> Result<Step<()>> {
        match self {
            ExportJob::Rows(rows) => rows.step(),
            ExportJob::Document(document) => Ok(document.take().map_or(Step::Done(()), Step::Emit)),
            ExportJob::Baseline(job) => Ok(match job.step()? {
                Step::Done(baseline) => {
                    *self = ExportJob::Document(None);
                    Step::Emit(compact(baseline))
                }
                Step::Working(progress) => Step::Working(progress),
                _ => Step::Done(()),
            }),
        }
    }

    fn feed(&mut self, bytes: &[u8]) -> Result<()> {
        match self {
            ExportJob::Rows(rows) => rows.feed(bytes),
            ExportJob::Document(_) | ExportJob::Baseline(_) => Ok(()),
        }
    }
}
