//! What differs between SQL dialects? Names, texts and the few functions that have no common spelling, as data.

use crate::error::{Code, Error, Result};

/// A language of SQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Dialect {
    Ansi,
    DuckDb,
    Sqlite,
    Postgres,
    Spark,
    DataFusion,
    BigQuery,
    Snowflake,
    Redshift,
    Databricks,
    MySql,
    TSql,
    Trino,
    ClickHouse,
}

use Dialect::*;

impl Dialect {
    /// All of them, in the order of the public interface.
    pub const ALL: [Dialect; 14] = [
        Ansi, DuckDb, Sqlite, Postgres, Spark, DataFusion, BigQuery, Snowflake, Redshift, Databricks, MySql, TSql,
        Trino, ClickHouse,
    ];

    /// The word of the public interface and the name that people know it by.
    pub fn names(self) -> (&'static str, &'static str) {
        match self {
            Ansi => ("ansi", "ANSI SQL"),
            DuckDb => ("duckdb", "DuckDB"),
            Sqlite => ("sqlite", "SQLite"),
            Postgres => ("postgres", "PostgreSQL"),
            Spark => ("spark", "Spark"),
            DataFusion => ("datafusion", "DataFusion"),
            BigQuery => ("bigquery", "BigQuery"),
            Snowflake => ("snowflake", "Snowflake"),
            Redshift => ("redshift", "Redshift"),
            Databricks => ("databricks", "Databricks"),
            MySql => ("mysql", "MySQL"),
            TSql => ("tsql", "SQL Server"),
            Trino => ("trino", "Trino"),
            ClickHouse => ("clickhouse", "ClickHouse"),
        }
    }

    /// The dialect of a word of the public interface.
    ///
    /// # Errors
    /// `bad-option`, listing what there is.
    pub fn named(name: &str) -> Result<Dialect> {
        Dialect::ALL.into_iter().find(|dialect| dialect.names().0 == name).ok_or_else(|| {
            let all: Vec<&str> = Dialect::ALL.iter().map(|dialect| dialect.names().0).collect();
            Error::new(Code::BadOption, format!("There is no SQL dialect “{name}”. Choose one of: {}.", all.join(", ")))
        })
    }

    /// What the dialect cannot say, as an error that names the part and the reason.
    pub fn unsupported(self, part: &str, reason: &str) -> Error {
        Error::new(Code::Unsupported, format!("{} cannot say “{part}”: {reason}", self.names().1))
    }

    /// A name in the dialect's quotes, whatever characters it has.
    ///
    /// # Errors
    /// `unsupported` for a name with control characters, which no dialect takes.
    pub fn name(self, name: &str) -> Result<String> {
        if name.chars().any(char::is_control) || name.is_empty() {
            return Err(self.unsupported(name, "a name in SQL cannot be empty or hold control characters. Rename it."));
        }
        Ok(match self {
            Spark | Databricks | MySql => format!("`{}`", name.replace('`', "``")),
            BigQuery | ClickHouse => format!("`{}`", name.replace('\\', "\\\\").replace('`', "\\`")),
            TSql => format!("[{}]", name.replace(']', "]]")),
            _ => format!("\"{}\"", name.replace('"', "\"\"")),
        })
    }

    /// A table's name; dots part its catalogue and schema from it, double quotes around a part keep its dots. Within them a
    /// double quote is written twice.
    ///
    /// # Errors
    /// `bad-option` for an empty part and for quotes that do not stand around a whole part; as for [`Dialect::name`].
    pub fn table(self, path: &str) -> Result<String> {
        let wrong = || {
            let message = format!(
                "“{path}” is no table’s name. Write its parts with dots between them, such as sales.customers, and put double quotes around a whole part that has dots or quotes; a quote within is written twice."
            );
            Error::new(Code::BadOption, message)
        };
        let (mut parts, mut rest) = (Vec::new(), path);
        loop {
            let mut part = String::new();
            if let Some(mut quoted) = rest.strip_prefix('"') {
                loop {
                    let (inside, behind) = quoted.split_once('"').ok_or_else(wrong)?;
                    part.push_str(inside);
                    rest = behind;
                    let Some(more) = behind.strip_prefix('"') else { break };
                    part.push('"');
                    quoted = more;
                }
            } else {
                let (plain, behind) = rest.split_at(rest.find(['.', '"']).unwrap_or(rest.len()));
                part.push_str(plain);
                rest = behind;
            }
            if part.is_empty() {
                return Err(wrong());
            }
            parts.push(self.name(&part)?);
            if rest.is_empty() {
                return Ok(parts.join("."));
            }
            rest = rest.strip_prefix('.').ok_or_else(wrong)?;
        }
    }

    /// Whether a backslash within quotes begins something else than a backslash.
    fn escapes(self) -> bool {
        matches!(self, Spark | Databricks | BigQuery | MySql | Snowflake | Redshift | ClickHouse)
    }

    /// A text in quotes, safe whatever it holds.
    ///
    /// # Errors
    /// `unsupported` for a text with the character NUL, which PostgreSQL and others cannot hold.
    pub fn text(self, text: &str) -> Result<String> {
        if text.contains('\0') {
            return Err(self.unsupported("a text with the character NUL", "such texts are cut off or refused in SQL."));
        }
        let mut inside = String::with_capacity(text.len() + 2);
        for letter in text.chars() {
            match letter {
                '\'' if matches!(self, Spark | Databricks | BigQuery) => inside.push_str("\\'"),
                '\'' => inside.push_str("''"),
                '\\' if self.escapes() || (self == Postgres) => inside.push_str("\\\\"),
                '\n' if self.escapes() => inside.push_str("\\n"),
                '\r' if self.escapes() => inside.push_str("\\r"),
                letter => inside.push(letter),
            }
        }
        // With E the backslash means the same whatever the server's settings say.
        let prefix = match self {
            Postgres if text.contains('\\') => "E",
            TSql => "N",
            _ => "",
        };
        Ok(format!("{prefix}'{inside}'"))
    }
}
