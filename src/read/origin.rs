//! What was a source before it became the text that is read here, and what was noticed on the way?
//!
//! Some files are no text with one row a line: a workbook, a JSON document. Something before this reader turns them into
//! canonical CSV (UTF-8, comma, quotes where needed) and hands its own findings and questions along with the text.

use crate::table::finding::{Finding, Question};
use crate::table::table::Table;
use serde::Deserialize;

/// The former life of a source. Empty for a file that is read as it is.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Origin {
    /// `xlsx`, `ods`, `json` …: what the dialect is to call the file.
    pub format: Option<String>,
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
        let share =
            |rows: u64| if table.row_count == 0 { 0.0 } else { (rows as f64 / table.row_count as f64).min(1.0) };
        let findings = self.findings.iter().map(|finding| Finding { share: share(finding.rows), ..finding.clone() });
        table.findings.splice(0..0, findings.collect::<Vec<_>>());
        table.questions.splice(0..0, self.questions.iter().cloned());
    }
}
