//! In which words is a workbook refused?

use marquetry::error::{Code, Error};
use marquetry::table::figures::grouped;

const AGAIN: &str = "Open it in a spreadsheet program, save it again, and load the copy.";

/// The error for a workbook that does not hold together.
pub(crate) fn damaged(why: &str) -> Error {
    Error::new(Code::BadWorkbook, format!("The workbook cannot be read: {why}. {AGAIN}")).hint(AGAIN)
}

/// The error for a workbook that no spreadsheet program writes.
pub(crate) fn suspicious(why: &str) -> Error {
    Error::new(
        Code::BadWorkbook,
        format!("The workbook was not opened, because {why}; no spreadsheet program writes such a file. {AGAIN}"),
    )
    .hint(AGAIN)
}

/// The error for a workbook that has a password.
pub(crate) fn locked() -> Error {
    let hint = "Remove it in your spreadsheet program and save again.";
    Error::new(Code::PasswordProtected, format!("The workbook is protected by a password. {hint}")).hint(hint)
}

/// The error for more of something than there may be.
pub(crate) fn too_much(what: &str, unit: &str, limit: u64) -> Error {
    let hint = "Save the sheet as CSV and load that.";
    let message = format!("{what} would have more than {} {unit}, the most that is opened. {hint}", grouped(limit));
    Error::new(Code::LimitExceeded, message).limit(limit as f64).hint(hint)
}
