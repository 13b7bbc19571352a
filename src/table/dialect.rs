//! How the file is written, and where its rows lie.

use serde::{Deserialize, Serialize};

/// The way a text file writes its rows. `delimiter` is `whitespace` for files aligned by blanks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Dialect {
    /// `csv`, or `none` for tables that were computed.
    pub format: String,
    /// Name of the encoding as the platform's decoder knows it.
    pub encoding: String,
    /// One character, or `whitespace`.
    pub delimiter: String,
    /// One character, or empty for none.
    pub quote: String,
    /// What makes a quote or delimiter behind it content (`\`), or empty: inside quotes a quote is doubled.
    #[serde(default)]
    pub escape: String,
    /// What begins a line that is no row, or empty.
    #[serde(default)]
    pub comment: String,
    /// Whether the first row names the columns.
    pub header: bool,
    /// `\n`, `\r\n`, `\r` or `mixed`.
    pub newline: String,
    /// `.` or `,`.
    pub decimal: String,
    /// Lines before the header (or the first row) that are not part of the table.
    pub skipped_lines: usize,
    /// Rows after the last one, such as totals and notes, that are not part of the table.
    #[serde(default)]
    pub skipped_footer: usize,
}

impl Dialect {
    /// The dialect of a table that was never a file.
    pub fn computed() -> Dialect {
        Dialect {
            format: "none".into(),
            encoding: "utf-8".into(),
            delimiter: ",".into(),
            quote: "\"".into(),
            escape: String::new(),
            comment: String::new(),
            header: true,
            newline: "\n".into(),
            decimal: ".".into(),
            skipped_lines: 0,
            skipped_footer: 0,
        }
    }
}

/// Where rows begin in the UTF-8 bytes of the source, so that original cells can be read again.
///
/// `starts[i]` is the offset of row `i * ROWS_PER_START`; blank lines between rows belong to no row and are skipped again.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layout {
    /// Offsets of every [`Layout::ROWS_PER_START`]th row.
    pub starts: Vec<u64>,
    /// Offset after the last row.
    pub end: u64,
    /// Number of cells in a full row: named columns, whether loaded or not.
    pub width: usize,
}

impl Layout {
    /// Rows between two kept offsets.
    pub const ROWS_PER_START: usize = 4_096;
}
