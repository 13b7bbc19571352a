//! What was a source before it became the text that is read here, and what was noticed on the way?
//!
//! Some files are no text with one row a line: a workbook, a JSON document. Something before this reader turns them into
//! canonical CSV (UTF-8, comma, quotes where needed) and hands its own findings and questions along with the text.

use crate::table::finding::{Finding, Question};
use crate::table::table::Table;
use serde::{Deserialize, Serialize};

/// The former life of a source. Empty for a file that is read as it is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Origin {
    /// `xlsx`, `ods`, `json` …: what the dialect is to call the file.
    pub format: Option<String>,
    /// Columns, where the first row is known to be their names; 0 where that is to be found out.
    pub width: usize,
    /// Whether those names are the source's own.
    pub header: Option<bool>,
    /// How its lines end.
    pub newline: Option<String>,
    /// Whether every number is known to have a decimal point.
    pub points: bool,
    /// Columns whose cells are text, whatever they look like.
    pub texts: Vec<usize>,
    /// What was noticed; rows count as everywhere, shares are worked out here.
    pub findings: Vec<Finding>,
    /// What could not be decided alone.
    pub questions: Vec<Question>,
}

impl Origin {
    /// Writes it into the table that was read: what came first is said first.
    pub(crate) fn mark(&self, table: &mut Table) {
        if let Some(format) = &self.format {
            table.dialect.format.clone_from(format);
        }
        if let Some(newline) = &self.newline {
            table.dialect.newline.clone_from(newline);
        }
        let share =
            |rows: u64| if table.row_count == 0 { 0.0 } else { (rows as f64 / table.row_count as f64).min(1.0) };
        let findings = self.findings.iter().map(|finding| Finding { share: share(finding.rows), ..finding.clone() });
        table.findings.splice(0..0, findings.collect::<Vec<_>>());
        table.questions.splice(0..0, self.questions.iter().cloned());
    }
}
