//! What is too large? Checked before memory is taken; every refusal says which limit, how large the file is, what to do.

use crate::error::{Code, Error, Result};
use crate::read::options::ReadOptions;
use crate::read::scan::TooLong;
use crate::table::figures::grouped;

fn exceeded(message: String, limit: f64, hint: &str) -> Error {
    Error::new(Code::LimitExceeded, format!("{message} {hint}")).limit(limit).hint(hint)
}

/// A number of bytes for a person.
fn size(bytes: f64) -> String {
    match bytes {
        bytes if bytes >= 1e9 => format!("{:.1} GB", bytes / 1e9),
        bytes if bytes >= 1e6 => format!("{:.1} MB", bytes / 1e6),
        bytes => format!("{bytes:.0} bytes"),
    }
}

/// Bytes of the file.
pub fn bytes(total: u64, options: &ReadOptions) -> Result<()> {
    let limit = options.limits.bytes;
    if total as f64 > limit {
        let message = format!("{} has {}, the limit is {}.", options.file(), size(total as f64), size(limit));
        return Err(exceeded(message, limit, "Split the file, or raise “limits.bytes”."));
    }
    Ok(())
}

/// Rows of the file.
pub fn rows(rows: u64, options: &ReadOptions) -> Result<()> {
    let limit = options.limits.rows;
    if rows as f64 > limit {
        let message = format!("{} has more than {limit:.0} rows.", options.file());
        return Err(exceeded(message, limit, "Split the file, or raise “limits.rows”.").row(limit as u64 + 1));
    }
    Ok(())
}

/// Columns of the file.
pub fn columns(columns: usize, options: &ReadOptions) -> Result<()> {
    let limit = options.limits.columns;
    if columns as f64 > limit {
        let message = format!("{} has {columns} columns, the limit is {limit:.0}.", options.file());
        return Err(exceeded(message, limit, "Check the delimiter, or raise “limits.columns”."));
    }
    Ok(())
}

/// Bytes that loading takes, estimated before, or that columns hold, counted while reading.
pub fn memory(needed: u64, options: &ReadOptions) -> Result<()> {
    let limit = options.limits.memory_bytes;
    if needed as f64 > limit {
        let (needed, allowed) = (size(needed as f64), size(limit));
        let message = format!("{} needs about {needed} of memory, the limit is {allowed}.", options.file());
        return Err(exceeded(message, limit, "Keep fewer columns with “only”, or raise “limits.memoryBytes”."));
    }
    Ok(())
}

/// The most bytes that one row may have.
pub fn row_limit(options: &ReadOptions) -> f64 {
    4.0 * options.limits.field_bytes
}

/// Bytes of the names of all columns, which stand in one row.
pub fn names(bytes: usize, options: &ReadOptions) -> Result<()> {
    if bytes as f64 > row_limit(options) { Err(long_row(0, options)) } else { Ok(()) }
}

/// The error for a record that is too long for a row; 0 is the row of names.
pub fn long_row(row: u64, options: &ReadOptions) -> Error {
    let at = if row == 0 { "The names of all columns together".into() } else { format!("Record {}", grouped(row)) };
    let message = format!("{at} would take more than {}.", size(row_limit(options)));
    exceeded(message, row_limit(options), "Look whether it is one record, or raise “limits.fieldBytes”.").row(row)
}

/// Cells of a table out of so many bytes. Short rows leave most of theirs out, and are as wide as all others in memory: a small
/// file may ask for any amount of it.
pub fn cells(rows: u64, columns: usize, bytes: u64, options: &ReadOptions) -> Result<()> {
    /// Ordinary tables have fewer than one cell a byte.
    const PER_BYTE: u64 = 16;
    let limit = options.limits.bytes.min((PER_BYTE * bytes.max(1 << 20)) as f64);
    if rows as f64 * columns as f64 > limit {
        let shape = format!("{} columns and more than {} cells", grouped(columns as u64), grouped(limit as u64));
        let message = format!("{} comes to {shape}, nearly all of them empty.", options.file());
        return Err(exceeded(message, limit, "Look whether it is one table, and keep fewer columns in the file."));
    }
    Ok(())
}

/// A cell or row beyond its bound; `row` counts from 1 without the header, which is row 0.
pub fn too_long(long: TooLong, row: u64, options: &ReadOptions) -> Error {
    let limit = options.limits.field_bytes;
    let at = if row == 0 { "The header".to_string() } else { format!("Row {row}") };
    let message = format!("{at} has a cell (number {}) longer than {}.", long.column + 1, size(limit));
    let hint = if long.quoted {
        "A quotation mark may have been opened there and never closed: mend it, or set “quote” to an empty text."
    } else {
        "Check the delimiter and the line ends, or raise “limits.fieldBytes”."
    };
    exceeded(message, limit, hint).row(row)
}
