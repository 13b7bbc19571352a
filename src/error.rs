//! What went wrong, where, and what to do about it: one type for every room.
//!
//! An error carries plain data only (a row, a column's name, a limit), never another room's type, so that every room can
//! use it and it needs nobody.

use serde::Serialize;
use std::fmt;

/// The stable name of a kind of error. It is part of the public interface: scripts match on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Code {
    /// An option has a value that cannot be used.
    BadOption,
    /// A date option is not an ISO day such as 2026-11-30.
    BadDate,
    /// The file holds no bytes.
    EmptyFile,
    /// The file holds a header but no rows.
    NoRows,
    /// The bytes are not text in any encoding the reader knows (a picture, an archive, a database).
    NotText,
    /// A JSON text breaks the rules of JSON, or ends too early.
    BadJson,
    /// The JSON is valid, but no list of records can be found in it.
    NotATable,
    /// A workbook is damaged, or built in a way that no spreadsheet program builds it.
    BadWorkbook,
    /// The file is protected by a password.
    PasswordProtected,
    /// A limit on bytes, rows, columns, field length or memory would be passed.
    LimitExceeded,
    /// A name that no column has.
    UnknownColumn,
    /// A column of this type cannot be used that way.
    WrongType,
    /// An analysis needs a role (customer id, date, amount) that no column plays.
    MissingRole,
    /// Too few rows with values are left for the analysis.
    TooFewRows,
    /// A rule's text or JSON cannot be read.
    RuleSyntax,
    /// A rule compares things that cannot be compared.
    RuleType,
    /// A segment's rule leads back to itself.
    RuleCycle,
    /// A name (of a segment, a parameter, a label, a sheet) that nothing has.
    NotFound,
    /// A value that is not a number reached a place that only takes numbers.
    NotFinite,
    /// The request is understood but not offered.
    Unsupported,
    /// The engine broke its own promise; please report it.
    Internal,
}

impl Code {
    /// Every code, for the documentation and its test.
    pub const ALL: [Code; 21] = [
        Code::BadOption,
        Code::BadDate,
        Code::EmptyFile,
        Code::NoRows,
        Code::NotText,
        Code::BadJson,
        Code::NotATable,
        Code::BadWorkbook,
        Code::PasswordProtected,
        Code::LimitExceeded,
        Code::UnknownColumn,
        Code::WrongType,
        Code::MissingRole,
        Code::TooFewRows,
        Code::RuleSyntax,
        Code::RuleType,
        Code::RuleCycle,
        Code::NotFound,
        Code::NotFinite,
        Code::Unsupported,
        Code::Internal,
    ];

    /// The kebab-case spelling users see.
    pub fn as_str(self) -> &'static str {
        match self {
            Code::BadOption => "bad-option",
            Code::BadDate => "bad-date",
            Code::EmptyFile => "empty-file",
            Code::NoRows => "no-rows",
            Code::NotText => "not-text",
            Code::BadJson => "bad-json",
            Code::NotATable => "not-a-table",
            Code::BadWorkbook => "bad-workbook",
            Code::PasswordProtected => "password-protected",
            Code::LimitExceeded => "limit-exceeded",
            Code::UnknownColumn => "unknown-column",
            Code::WrongType => "wrong-type",
            Code::MissingRole => "missing-role",
            Code::TooFewRows => "too-few-rows",
            Code::RuleSyntax => "rule-syntax",
            Code::RuleType => "rule-type",
            Code::RuleCycle => "rule-cycle",
            Code::NotFound => "not-found",
            Code::NotFinite => "not-finite",
            Code::Unsupported => "unsupported",
            Code::Internal => "internal",
        }
    }
}

/// Where the trouble is, as plain data. Absent parts are left out of the JSON.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Details {
    /// Row of the file, counted from 1 and without the header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<u64>,
    /// Name of the column.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// Line of the file, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// Position in a rule's text, in UTF-16 units as JavaScript counts them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<usize>,
    /// Length of the faulty part of a rule's text, in UTF-16 units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub length: Option<usize>,
    /// The limit that would be passed, in the unit the message names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<f64>,
    /// What to do next, when it is more than the message says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// Nearest names, best first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub suggestions: Vec<String>,
}

/// One error: a stable [`Code`], a sentence that says what happened, where and what to do, and the same as data.
#[derive(Clone, Debug, PartialEq)]
pub struct Error {
    /// Stable name of the kind.
    pub code: Code,
    /// One or two sentences for a person.
    pub message: String,
    /// The place, as data.
    pub details: Box<Details>,
}

/// The result of everything that can fail here.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// An error with a message and no place yet.
    pub fn new(code: Code, message: impl Into<String>) -> Error {
        Error { code, message: message.into(), details: Box::default() }
    }

    /// Names the row, counted from 1 without the header.
    pub fn row(mut self, row: u64) -> Error {
        self.details.row = Some(row);
        self
    }

    /// Names the column.
    pub fn column(mut self, name: impl Into<String>) -> Error {
        self.details.column = Some(name.into());
        self
    }

    /// Names the place in a rule's text.
    pub fn span(mut self, at: usize, length: usize) -> Error {
        self.details.at = Some(at);
        self.details.length = Some(length);
        self
    }

    /// Names the limit that would be passed.
    pub fn limit(mut self, limit: f64) -> Error {
        self.details.limit = Some(limit);
        self
    }

    /// Says what to do next.
    pub fn hint(mut self, hint: impl Into<String>) -> Error {
        self.details.hint = Some(hint.into());
        self
    }

    /// Offers the nearest names.
    pub fn suggestions(mut self, names: Vec<String>) -> Error {
        self.details.suggestions = names;
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.message, self.code.as_str())
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_distinct_kebab_case() {
        let mut names: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert!(names.iter().all(|name| name.chars().all(|c| c.is_ascii_lowercase() || c == '-')));
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Code::ALL.len());
    }
}
