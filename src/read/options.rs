//! What may be said about a file before it is read, and how large it may be.

use crate::error::{Code, Error, Result};
use crate::read::number::Decimal;
use crate::read::origin::Origin;
use crate::read::scan::Delimiter;
use crate::table::column::ColumnType;
use crate::table::finding::Repair;
use crate::table::role::Role;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Choices for reading. Whatever is left out is found out from the file.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ReadOptions {
    /// Name of the file, for messages.
    pub name: Option<String>,
    /// `auto`, `csv`, `json` or `ndjson`; other formats are refused here.
    pub format: Option<String>,
    /// Keep only these columns in memory; the others are still checked and counted.
    pub only: Option<Vec<String>>,
    /// One ASCII character, or `whitespace`.
    pub delimiter: Option<String>,
    /// One ASCII character, or empty for "quotes mean nothing".
    pub quote: Option<String>,
    /// `\` where it makes a quote or delimiter content; empty for "quotes are only doubled".
    pub escape: Option<String>,
    /// One ASCII character that begins lines which are no rows; empty for none.
    pub comment: Option<String>,
    /// Whether the first row names the columns.
    pub header: Option<bool>,
    /// Lines before the table; the table then begins right there.
    pub skip_lines: Option<usize>,
    /// Rows after the table, such as totals; 0 keeps them all.
    pub skip_footer: Option<usize>,
    /// Label of the encoding.
    pub encoding: Option<String>,
    /// `.` or `,`.
    pub decimal: Option<String>,
    /// `dmy`, `mdy` or `ymd`, for dates written with numbers only.
    pub date_order: Option<DateOrder>,
    /// Further text that stands for "missing", in any case.
    pub missing: Vec<String>,
    /// What is known about columns, by name.
    pub columns: BTreeMap<String, ColumnOption>,
    /// How large the file may be.
    pub limits: Limits,
    /// What the source was before it became text; set by whatever made the text, not by users.
    pub origin: Origin,
    /// Repairs that these options are, for the table's list; set by whoever reads a file again to repair it.
    pub repairs: Vec<Repair>,
}

/// What is known about one column.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ColumnOption {
    /// Its type; cells that do not fit become missing and are counted.
    #[serde(rename = "type")]
    pub kind: Option<ColumnType>,
    /// Its meaning.
    pub role: Option<Role>,
    /// Its decimal mark, where it is another than the file's.
    pub decimal: Option<Decimal>,
    /// The order of its dates, where it is another than the file's.
    pub date_order: Option<DateOrder>,
    /// The currency of its amounts: those with the sign or code of another one do not fit.
    pub currency: Option<String>,
    /// One ASCII character that parts the values of a list; the column then holds lists.
    pub separator: Option<String>,
}

impl ColumnOption {
    /// The separator that was asked for.
    ///
    /// # Errors
    /// `bad-option` unless it is one ASCII character.
    pub fn separator(&self) -> Result<Option<u8>> {
        match mark("separator", self.separator.as_deref())? {
            Some(None) => Err(bad("separator", "", "Give one plain character such as “;” or “,”.")),
            found => Ok(found.flatten()),
        }
    }
}

/// The order of day, month and year in dates such as 03/04/2026.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DateOrder {
    /// Day, month, year.
    Dmy,
    /// Month, day, year.
    Mdy,
    /// Year, month, day.
    Ymd,
}

impl DateOrder {
    /// As the option spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            DateOrder::Dmy => "dmy",
            DateOrder::Mdy => "mdy",
            DateOrder::Ymd => "ymd",
        }
    }
}

/// Sizes that are refused with `limit-exceeded` before memory is taken for them.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Limits {
    /// Bytes of the file.
    pub bytes: f64,
    /// Rows.
    pub rows: f64,
    /// Columns.
    pub columns: f64,
    /// Bytes of one cell; a whole row may have four times as many.
    pub field_bytes: f64,
    /// Bytes that loading takes, estimated before, and those that columns hold, counted while reading.
    pub memory_bytes: f64,
}

impl Default for Limits {
    fn default() -> Limits {
        const MIB: f64 = 1024.0 * 1024.0;
        Limits {
            bytes: 4096.0 * MIB,
            rows: 50_000_000.0,
            columns: 16_384.0,
            field_bytes: 4.0 * MIB,
            memory_bytes: 2048.0 * MIB,
        }
    }
}

impl ReadOptions {
    /// Rows below the table that may be left out.
    const FOOTER: usize = 31;

    /// What messages call the file.
    pub fn file(&self) -> String {
        self.name.as_ref().map_or_else(|| "The file".into(), |name| format!("“{name}”"))
    }

    /// The decimal mark that was chosen, or is known from what the source was.
    pub fn decimal(&self) -> Option<Decimal> {
        match self.decimal.as_deref() {
            Some(mark) => Some(if mark == "," { Decimal::Comma } else { Decimal::Point }),
            None => self.origin.points.then_some(Decimal::Point),
        }
    }

    /// The same options for a source that was rewritten.
    pub fn rewritten(self, origin: Origin) -> ReadOptions {
        ReadOptions { origin, ..self }
    }

    /// Refuses values that cannot be used.
    ///
    /// # Errors
    /// `bad-option` naming the option, `unsupported` for formats that are not offered.
    pub fn check(&self) -> Result<()> {
        for column in self.columns.values() {
            column.separator()?;
        }
        match self.format.as_deref() {
            None | Some("auto" | "csv" | "json" | "ndjson") => {}
            Some(other @ ("xlsx" | "ods" | "parquet")) => {
                return Err(Error::new(
                    Code::Unsupported,
                    format!("Reading “{other}” files is not offered here. Save the data as CSV and load that."),
                ));
            }
            Some(other) => return Err(bad("format", other, "Leave it out, or write “csv”, “json” or “ndjson”.")),
        }
        self.delimiter()?;
        self.quote()?;
        self.escape()?;
        self.comment()?;
        if let Some(mark) = self.decimal.as_deref().filter(|mark| !matches!(*mark, "." | ",")) {
            return Err(bad("decimal", mark, "Write “.” or “,”."));
        }
        if let Some(rows) = self.skip_footer.filter(|rows| *rows > Self::FOOTER) {
            return Err(bad("skipFooter", &rows.to_string(), "Give a number of at most 31."));
        }
        let limits = &self.limits;
        for (name, value) in [
            ("limits.bytes", limits.bytes),
            ("limits.rows", limits.rows),
            ("limits.columns", limits.columns),
            ("limits.fieldBytes", limits.field_bytes),
            ("limits.memoryBytes", limits.memory_bytes),
        ] {
            if value.is_nan() || value < 1.0 {
                return Err(bad(name, &value.to_string(), "Give a number of at least 1."));
            }
        }
        Ok(())
    }

    /// The delimiter that was asked for.
    ///
    /// # Errors
    /// `bad-option` unless it is one ASCII character that cannot stand inside a number, or `whitespace`.
    pub fn delimiter(&self) -> Result<Option<Delimiter>> {
        match self.delimiter.as_deref() {
            None => Ok(None),
            Some("whitespace") => Ok(Some(Delimiter::Whitespace)),
            Some(text) => match text.as_bytes() {
                [byte] if byte.is_ascii() && !matches!(byte, b'\r' | b'\n' | 0) => Ok(Some(Delimiter::Byte(*byte))),
                _ => Err(bad("delimiter", text, "Give one plain character such as “,” or “;”, or “whitespace”.")),
            },
        }
    }

    /// The quotation mark that was asked for: outer none = not said, inner none = quotes mean nothing.
    ///
    /// # Errors
    /// `bad-option` unless it is one ASCII character or empty; the same for the next two.
    pub fn quote(&self) -> Result<Option<Option<u8>>> {
        mark("quote", self.quote.as_deref())
    }

    /// The escape that was asked for.
    ///
    /// # Errors
    /// As for [`ReadOptions::quote`].
    pub fn escape(&self) -> Result<Option<Option<u8>>> {
        mark("escape", self.escape.as_deref())
    }

    /// The mark of comment lines that was asked for.
    ///
    /// # Errors
    /// As for [`ReadOptions::quote`].
    pub fn comment(&self) -> Result<Option<Option<u8>>> {
        mark("comment", self.comment.as_deref())
    }
}

/// One ASCII character, or none where the text is empty.
fn mark(name: &str, text: Option<&str>) -> Result<Option<Option<u8>>> {
    match text.map(str::as_bytes) {
        None => Ok(None),
        Some([]) => Ok(Some(None)),
        Some([byte]) if byte.is_ascii() && !matches!(byte, b'\r' | b'\n' | 0) => Ok(Some(Some(*byte))),
        Some(_) => Err(bad(name, text.unwrap_or_default(), "Give one plain character, or an empty text for none.")),
    }
}

/// The error for an option's value.
fn bad(name: &str, value: &str, hint: &str) -> Error {
    Error::new(Code::BadOption, format!("The option “{name}” cannot be “{value}”. {hint}")).hint(hint)
}

impl From<Delimiter> for String {
    /// As the dialect spells it.
    fn from(delimiter: Delimiter) -> String {
        match delimiter {
            Delimiter::Byte(byte) => char::from(byte).to_string(),
            Delimiter::Whitespace => "whitespace".into(),
        }
    }
}

/// A mark as the dialect spells it.
pub fn spelt(mark: Option<u8>) -> String {
    mark.map_or_else(String::new, |byte| char::from(byte).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_read_from_json_and_keep_their_defaults() {
        let options: ReadOptions = serde_json::from_str(
            r#"{"delimiter": ";", "dateOrder": "mdy", "columns": {"zip": {"type": "text", "role": "postcode"}},
                "limits": {"rows": 10}, "sheet": 2}"#,
        )
        .unwrap();
        assert_eq!(options.delimiter().unwrap(), Some(Delimiter::Byte(b';')));
        assert_eq!(options.date_order, Some(DateOrder::Mdy));
        assert_eq!(options.columns["zip"].role, Some(Role::Postcode));
        assert_eq!(options.limits, Limits { rows: 10.0, ..Limits::default() });
        assert!(options.check().is_ok());
    }

    #[test]
    fn values_that_cannot_be_used_are_refused() {
        for json in [
            r#"{"delimiter": ""}"#,
            r#"{"delimiter": "§"}"#,
            r#"{"delimiter": "\n"}"#,
            r#"{"quote": "''"}"#,
            r#"{"decimal": ";"}"#,
            r#"{"columns": {"tags": {"separator": ""}}}"#,
            r#"{"columns": {"tags": {"separator": ", "}}}"#,
            r#"{"limits": {"rows": 0}}"#,
            r#"{"format": "pdf"}"#,
        ] {
            let options: ReadOptions = serde_json::from_str(json).unwrap();
            assert_eq!(options.check().unwrap_err().code, Code::BadOption, "{json}");
        }
        let options: ReadOptions = serde_json::from_str(r#"{"format": "xlsx"}"#).unwrap();
        assert_eq!(options.check().unwrap_err().code, Code::Unsupported);
    }
}
