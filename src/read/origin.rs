//! What was a file before it was rewritten as CSV? Told to the reader, so that the table says what the file was.

use crate::table::finding::Finding;

/// A file that was rewritten as CSV: commas, `"` quotes, the names in the first row.
#[derive(Clone, Debug, PartialEq)]
pub struct Origin {
    /// Its own format, as the dialect spells it.
    pub format: &'static str,
    /// Whether the names are the file's own.
    pub header: bool,
    /// Columns.
    pub width: usize,
    /// How its lines end.
    pub newline: &'static str,
    /// Whether the point is known to be the decimal mark of every number.
    pub points: bool,
    /// What was noticed.
    pub findings: Vec<Finding>,
}
