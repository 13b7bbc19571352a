//! How is a value or a function spelt? One method for each thing that dialects say differently; what comes in is SQL already.

use crate::error::Result;
use crate::export::sql::dialect::Dialect::{self, *};
use crate::segment::rules::tree::{Function, Unit};
use crate::table::date::{MS_PER_DAY, format_day, to_civil};

/// What is looked for in a text.
#[derive(Clone, Copy, Debug)]
pub enum Needle<'a> {
    /// A literal: the text, and the text as SQL.
    Literal(&'a str, &'a str),
    /// Another value of the row.
    Each(&'a str),
}

impl Needle<'_> {
    fn sql(&self) -> &str {
        match self {
            Needle::Literal(_, sql) | Needle::Each(sql) => sql,
        }
    }
}

/// Everything that Unicode takes for a blank, so that `is blank` means the same everywhere.
const BLANKS: &str = "\t\n\u{b}\u{c}\r \u{85}\u{a0}\u{1680}\u{2000}\u{2001}\u{2002}\u{2003}\u{2004}\u{2005}\u{2006}\u{2007}\
    \u{2008}\u{2009}\u{200a}\u{2028}\u{2029}\u{202f}\u{205f}\u{3000}";

impl Dialect {
    /// The type of 64-bit floats.
    pub fn float(self) -> &'static str {
        match self {
            Sqlite => "REAL",
            BigQuery => "FLOAT64",
            TSql => "FLOAT",
            ClickHouse => "Nullable(Float64)",
            Ansi | Postgres | Redshift => "DOUBLE PRECISION",
            _ => "DOUBLE",
        }
    }

    /// A number as a literal that no dialect takes for a decimal of few places.
    pub fn number(self, number: f64) -> String {
        let size = number.abs();
        let text = if number.fract() == 0.0 && size < 1e15 {
            format!("{size:.0}")
        } else if (1e-5..1e15).contains(&size) {
            format!("{size}e0")
        } else {
            format!("{size:e}")
        };
        if number < 0.0 { format!("(-{text})") } else { text }
    }

    /// Any value as a 64-bit float.
    pub fn as_number(self, value: &str) -> String {
        format!("CAST({value} AS {})", self.float())
    }

    /// Whether a result beyond the range of floats ends the statement, rather than being infinite.
    pub fn ends_beyond(self) -> bool {
        matches!(self, Postgres | Redshift | TSql | MySql | BigQuery | Ansi)
    }

    /// No value instead of an infinite one. What is not a number cannot come of finite ones but through an infinite one.
    pub fn finite(self, value: &str) -> String {
        let (most, least) = match self {
            _ if self.ends_beyond() => return value.to_string(),
            Sqlite => ("9e999".into(), "-9e999".into()),
            ClickHouse => ("inf".into(), "-inf".into()),
            Trino => ("INFINITY()".into(), "-INFINITY()".into()),
            _ => (self.as_number("'Infinity'"), self.as_number("'-Infinity'")),
        };
        format!("NULLIF(NULLIF({value}, {most}), {least})")
    }

    /// A day as a literal.
    ///
    /// # Errors
    /// `unsupported` before the year 1, which most dialects do not know.
    pub fn day(self, day: i32) -> Result<String> {
        let text = format_day(day);
        if to_civil(day).0 < 1 {
            return Err(self.unsupported(&text, "days in SQL begin with the year 1."));
        }
        Ok(match self {
            Sqlite => format!("'{text}'"),
            TSql => format!("CAST('{text}' AS DATE)"),
            ClickHouse => format!("toDate32('{text}')"),
            _ => format!("DATE '{text}'"),
        })
    }

    /// A moment as a literal, in milliseconds since 1970 UTC.
    ///
    /// # Errors
    /// As for [`Dialect::day`].
    pub fn moment(self, moment: i64) -> Result<String> {
        let day = moment.div_euclid(MS_PER_DAY);
        let ms = moment.rem_euclid(MS_PER_DAY);
        let clock = format!("{:02}:{:02}:{:02}.{:03}", ms / 3_600_000, ms / 60_000 % 60, ms / 1_000 % 60, ms % 1_000);
        self.day(day as i32)?;
        let day = format_day(day as i32);
        Ok(match self {
            Sqlite => format!("'{day}T{clock}'"),
            TSql => format!("CAST('{day}T{clock}' AS DATETIME2(3))"),
            ClickHouse => format!("toDateTime64('{day} {clock}', 3, 'UTC')"),
            BigQuery => format!("TIMESTAMP '{day} {clock}+00'"),
            _ => format!("TIMESTAMP '{day} {clock}'"),
        })
    }

    /// A column's value as a day; also the day of a moment.
    pub fn as_day(self, value: &str) -> String {
        match self {
            Sqlite => format!("DATE({value})"),
            ClickHouse => format!("toDate32({value})"),
            _ => format!("CAST({value} AS DATE)"),
        }
    }

    /// A column's value as a moment.
    pub fn as_moment(self, value: &str) -> String {
        match self {
            Sqlite => format!("STRFTIME('%Y-%m-%dT%H:%M:%f', {value})"),
            ClickHouse => format!("toDateTime64({value}, 3, 'UTC')"),
            TSql => format!("CAST({value} AS DATETIME2(3))"),
            MySql => format!("CAST({value} AS DATETIME(3))"),
            Snowflake => format!("CAST({value} AS TIMESTAMP_NTZ)"),
            Databricks => format!("CAST({value} AS TIMESTAMP_NTZ)"),
            _ => format!("CAST({value} AS TIMESTAMP)"),
        }
    }

    /// A text as it is compared: byte for byte, whatever the column's collation. `ordered` where more than equality is asked.
    pub fn exact(self, text: &str, ordered: bool) -> String {
        match self {
            Postgres if ordered => format!("{text} COLLATE \"C\""),
            Sqlite => format!("{text} COLLATE BINARY"),
            // Neither case, nor accents, nor blanks at the end.
            MySql => format!("CONVERT({text} USING utf8mb4) COLLATE utf8mb4_0900_bin"),
            TSql => {
                format!("CONVERT(VARBINARY(MAX), CONVERT(VARCHAR(MAX), {text} COLLATE Latin1_General_100_BIN2_UTF8))")
            }
            // Blanks at the end do not count in comparisons of texts there.
            Redshift => format!("TO_VARBYTE({text}, 'utf8')"),
            _ => text.to_string(),
        }
    }

    /// A literal beside an exact text.
    pub fn exact_literal(self, text: &str) -> String {
        if matches!(self, TSql | Redshift) { self.exact(text, false) } else { text.to_string() }
    }

    /// A text in small letters.
    pub fn lower(self, text: &str) -> String {
        if self == ClickHouse { format!("lowerUTF8({text})") } else { format!("LOWER({text})") }
    }

    /// What is to be said where capital letters are folded; none where that is as in the engine.
    pub fn lower_note(self) -> Option<&'static str> {
        match self {
            Sqlite => Some("LOWER() of SQLite knows the letters A to Z only: “Ä” stays as it is."),
            DuckDb => Some("LOWER() of DuckDB makes one letter of “İ”, two are right."),
            DataFusion | Spark | Databricks | Trino | Snowflake => {
                Some("LOWER() may write “Σ” at the end of a word as “ς”, “σ” is right.")
            }
            Postgres | Redshift | MySql | TSql | Ansi => {
                Some("LOWER() follows the database's locale; letters other than A to Z may stay as they are.")
            }
            BigQuery | ClickHouse => None,
        }
    }

    /// The number of characters of a text.
    pub fn length(self, text: &str) -> String {
        match self {
            // Blanks at the end do not count otherwise, and characters beyond 16 bits count twice.
            TSql => format!("LEN(({text} COLLATE Latin1_General_100_CI_AS_SC) + N'.') - 1"),
            ClickHouse => format!("lengthUTF8({text})"),
            DuckDb | Sqlite | Snowflake | Redshift | Trino | Postgres => format!("LENGTH({text})"),
            _ => format!("CHAR_LENGTH({text})"),
        }
    }

    /// Whether a text has another somewhere in it.
    pub fn contains(self, text: &str, needle: Needle) -> String {
        let what = needle.sql();
        if let Needle::Literal("", _) = needle {
            return format!("{text} = {text}");
        }
        let found = match self {
            DuckDb | Snowflake => format!("CONTAINS({text}, {what})"),
            Sqlite | Spark | Databricks => format!("INSTR({text}, {what}) > 0"),
            MySql => format!("LOCATE({}, {}) > 0", self.exact(what, false), self.exact(text, false)),
            TSql => {
                let bytes = |text: &str| format!("{text} COLLATE Latin1_General_100_BIN2");
                format!("CHARINDEX({}, {}) > 0", bytes(what), bytes(text))
            }
            ClickHouse => format!("position({text}, {what}) > 0"),
            Ansi => format!("POSITION({what} IN {text}) > 0"),
            _ => format!("STRPOS({text}, {what}) > 0"),
        };
        match (self, needle) {
            // They do not find an empty text, which every text has.
            (TSql | BigQuery, Needle::Each(_)) => format!("({found} OR ({what} = '' AND {text} = {text}))"),
            _ => found,
        }
    }

    /// Whether a text begins with another.
    pub fn starts(self, text: &str, needle: Needle) -> String {
        let what = needle.sql();
        match self {
            Postgres | DuckDb | DataFusion | BigQuery | Trino => format!("STARTS_WITH({text}, {what})"),
            Spark | Databricks | Snowflake => format!("STARTSWITH({text}, {what})"),
            ClickHouse => format!("startsWith({text}, {what})"),
            _ => {
                let length = self.length(what);
                let first = match self {
                    Sqlite => format!("SUBSTR({text}, 1, {length})"),
                    Ansi => format!("SUBSTRING({text} FROM 1 FOR {length})"),
                    _ => format!("LEFT({text}, {length})"),
                };
                format!("{} = {}", self.exact(&first, false), self.exact_literal(what))
            }
        }
    }

    /// Whether a text ends with another.
    pub fn ends(self, text: &str, needle: Needle) -> String {
        let what = needle.sql();
        match self {
            DuckDb | DataFusion | BigQuery => format!("ENDS_WITH({text}, {what})"),
            Spark | Databricks | Snowflake => format!("ENDSWITH({text}, {what})"),
            ClickHouse => format!("endsWith({text}, {what})"),
            Postgres | Redshift | MySql | TSql => {
                let last = format!("RIGHT({text}, {})", self.length(what));
                format!("{} = {}", self.exact(&last, false), self.exact_literal(what))
            }
            Sqlite | Trino | Ansi => {
                let (whole, part) = (self.length(text), self.length(what));
                let last = match self {
                    Ansi => format!("SUBSTRING({text} FROM {whole} - {part} + 1)"),
                    _ => format!("SUBSTR({text}, {whole} - {part} + 1)"),
                };
                format!("({whole} >= {part} AND {} = {what})", self.exact(&last, false))
            }
        }
    }

    /// Whether a text fits a `like` pattern, which is written with the backslash before `%`, `_` and itself.
    ///
    /// # Errors
    /// As for [`Dialect::text`].
    pub fn like(self, text: &str, pattern: &str) -> Result<String> {
        if self == Sqlite {
            // LIKE takes A for a there, GLOB does not.
            return Ok(format!("{text} GLOB {}", self.text(&glob(pattern))?));
        }
        let text = match self {
            MySql => self.exact(text, false),
            TSql => format!("{text} COLLATE Latin1_General_100_BIN2"),
            _ => text.to_string(),
        };
        let pattern = if self == TSql { pattern.replace('[', "\\[") } else { pattern.to_string() };
        let escape = match self {
            // There the backslash is meant anyway.
            BigQuery | ClickHouse | Postgres => String::new(),
            _ => format!(" ESCAPE {}", self.text("\\")?),
        };
        Ok(format!("{text} LIKE {}{escape}", self.text(&pattern)?))
    }

    /// Whether a part of a text fits a regular expression.
    ///
    /// # Errors
    /// `unsupported` where expressions are of another kind.
    pub fn matches(self, text: &str, pattern: &str, ignoring_case: bool) -> Result<String> {
        let flag = if ignoring_case { "(?i)" } else { "" };
        let refuse = |reason| self.unsupported(&format!("matches '{pattern}'"), reason);
        let (lines, ended) = match self {
            // Java ends texts and lines at more places: also before a line break at the end, and at \r.
            Spark | Databricks => {
                ("(?d)", ending(pattern).ok_or_else(|| refuse("“m” and “x” mean something else there."))?)
            }
            _ => ("", pattern.to_string()),
        };
        let quoted = self.text(&format!("{lines}{flag}{ended}"))?;
        Ok(match self {
            DuckDb => format!("REGEXP_MATCHES({text}, {quoted})"),
            DataFusion | Trino => format!("REGEXP_LIKE({text}, {quoted})"),
            BigQuery => format!("REGEXP_CONTAINS({text}, {quoted})"),
            ClickHouse => format!("match({text}, {quoted})"),
            Spark | Databricks => format!("{text} RLIKE {quoted}"),
            _ => {
                return Err(refuse(
                    "its regular expressions are of another kind, or there are none. Use “like” or “contains”.",
                ));
            }
        })
    }

    /// A text without the blanks at both ends.
    ///
    /// # Errors
    /// As for [`Dialect::text`].
    pub fn trimmed(self, text: &str) -> Result<String> {
        let blanks = self.text(BLANKS)?;
        Ok(match self {
            Sqlite | DuckDb | BigQuery | Snowflake => format!("TRIM({text}, {blanks})"),
            DataFusion | Redshift => format!("BTRIM({text}, {blanks})"),
            TSql => format!("TRIM({blanks} FROM {text})"),
            // It trims one text, not each of several characters.
            MySql => format!("REGEXP_REPLACE({text}, '^[[:space:]]+|[[:space:]]+$', '')"),
            Ansi => format!("TRIM({text})"),
            _ => format!("TRIM(BOTH {blanks} FROM {text})"),
        })
    }

    /// A part of a day or moment, as a number.
    pub fn part(self, part: Function, value: &str) -> String {
        let word = part.name().to_uppercase();
        match (self, part) {
            (_, Function::Weekday) => self.weekday(value),
            (Sqlite, Function::Quarter) => format!("((CAST(STRFTIME('%m', {value}) AS INTEGER) + 2) / 3)"),
            (Sqlite, part) => {
                let mark = match part {
                    Function::Year => "Y",
                    Function::Month => "m",
                    Function::Day => "d",
                    _ => "H",
                };
                format!("CAST(STRFTIME('%{mark}', {value}) AS INTEGER)")
            }
            (Ansi, Function::Quarter) => format!("FLOOR((EXTRACT(MONTH FROM {value}) + 2) / 3)"),
            (TSql, _) => format!("DATEPART({word}, {value})"),
            (ClickHouse, Function::Day) => format!("toDayOfMonth({value})"),
            (ClickHouse, part) => {
                let name = part.name();
                format!("to{}{}({value})", name[..1].to_uppercase(), &name[1..])
            }
            (Spark | Databricks | MySql, _) => format!("{word}({value})"),
            _ => format!("EXTRACT({word} FROM {value})"),
        }
    }

    /// 1 for Monday to 7 for Sunday.
    fn weekday(self, day: &str) -> String {
        match self {
            DuckDb | Postgres | Ansi => format!("EXTRACT(ISODOW FROM {day})"),
            Sqlite => format!("((CAST(STRFTIME('%w', {day}) AS INTEGER) + 6) % 7 + 1)"),
            Spark | Databricks | MySql => format!("(WEEKDAY({day}) + 1)"),
            // Sunday is 0 there.
            DataFusion => format!("((EXTRACT(DOW FROM {day}) + 6) % 7 + 1)"),
            Redshift => format!("(MOD(EXTRACT(DOW FROM {day}) + 6, 7) + 1)"),
            // Sunday is 1 there.
            BigQuery => format!("(MOD(EXTRACT(DAYOFWEEK FROM {day}) + 5, 7) + 1)"),
            Snowflake => format!("DAYOFWEEKISO({day})"),
            // Where weeks begin is a setting there; 1 January 1900 was a Monday.
            TSql => format!("((DATEDIFF(DAY, '19000101', {day}) % 7 + 7) % 7 + 1)"),
            Trino => format!("DAY_OF_WEEK({day})"),
            ClickHouse => format!("toDayOfWeek({day})"),
        }
    }

    /// Days from one day to another.
    pub fn days_between(self, from: &str, to: &str) -> String {
        match self {
            DuckDb | Trino => format!("DATE_DIFF('day', {from}, {to})"),
            ClickHouse => format!("dateDiff('day', {from}, {to})"),
            Sqlite => format!("CAST(JULIANDAY({to}) - JULIANDAY({from}) AS INTEGER)"),
            Postgres => format!("({to} - {from})"),
            Snowflake | Redshift | TSql => format!("DATEDIFF(DAY, {from}, {to})"),
            Spark | Databricks | MySql => format!("DATEDIFF({to}, {from})"),
            DataFusion => format!("(CAST({to} AS INT) - CAST({from} AS INT))"),
            BigQuery => format!("DATE_DIFF({to}, {from}, DAY)"),
            Ansi => format!("EXTRACT(DAY FROM {to} - {from})"),
        }
    }

    /// A day so many units later; months end where the month does.
    pub fn later(self, day: &str, amount: u32, unit: Unit) -> String {
        let (amount, months) = match unit {
            Unit::Hour | Unit::Day => (amount, false),
            Unit::Week => (amount * 7, false),
            Unit::Month => (amount, true),
            Unit::Quarter => (amount * 3, true),
            Unit::Year => (amount * 12, true),
        };
        let word = if months { "MONTH" } else { "DAY" };
        match self {
            DuckDb => format!("CAST({day} + INTERVAL {amount} {word} AS DATE)"),
            Sqlite if months => {
                // What is added there runs over the end of a short month.
                let first = |months: u32| format!("{day}, 'start of month', '+{months} months'");
                let days = format!("'+' || (CAST(STRFTIME('%d', {day}) AS INTEGER) - 1) || ' days'");
                format!("MIN(DATE({}, {days}), DATE({}, '-1 day'))", first(amount), first(amount + 1))
            }
            Sqlite => format!("DATE({day}, '+{amount} days')"),
            Postgres | DataFusion => format!("CAST({day} + INTERVAL '{amount} {word}' AS DATE)"),
            Redshift => format!("CAST(DATEADD({word}, {amount}, {day}) AS DATE)"),
            Spark | Databricks if months => format!("ADD_MONTHS({day}, {amount})"),
            Spark | Databricks => format!("DATE_ADD({day}, {amount})"),
            BigQuery | MySql => format!("DATE_ADD({day}, INTERVAL {amount} {word})"),
            Snowflake | TSql => format!("DATEADD({word}, {amount}, {day})"),
            Trino => format!("DATE_ADD('{}', {amount}, {day})", word.to_lowercase()),
            ClickHouse => format!("add{}s({day}, {amount})", if months { "Month" } else { "Day" }),
            Ansi => format!("({day} + INTERVAL '{amount}' {word})"),
        }
    }

    /// A whole number as its digits.
    pub fn digits(self, number: &str) -> String {
        match self {
            BigQuery => format!("CAST(CAST({number} AS INT64) AS STRING)"),
            Spark | Databricks => format!("CAST(CAST({number} AS BIGINT) AS STRING)"),
            MySql => format!("CAST(CAST({number} AS SIGNED) AS CHAR)"),
            ClickHouse => format!("toString(toInt64({number}))"),
            Sqlite => format!("CAST(CAST({number} AS INTEGER) AS TEXT)"),
            TSql => format!("CAST(CAST({number} AS BIGINT) AS NVARCHAR(20))"),
            _ => format!("CAST(CAST({number} AS BIGINT) AS VARCHAR(20))"),
        }
    }

    /// The digits of a whole number whose size is below a bound; of others nothing.
    pub fn whole_digits(self, number: &str, below: &str) -> String {
        // SQLite may be built without FLOOR().
        let floor = if self == Sqlite { "ROUND" } else { "FLOOR" };
        let digits = self.digits(number);
        format!("CASE WHEN {number} = {floor}({number}) AND ABS({number}) < {below} THEN {digits} END")
    }

    /// A day as ISO text.
    pub fn iso(self, day: &str) -> String {
        match self {
            BigQuery | Spark | Databricks => format!("CAST({day} AS STRING)"),
            MySql => format!("CAST({day} AS CHAR)"),
            ClickHouse => format!("toString({day})"),
            Sqlite => day.to_string(),
            TSql => format!("CONVERT(NVARCHAR(10), {day}, 23)"),
            _ => format!("CAST({day} AS VARCHAR(10))"),
        }
    }

    /// A text with one text in it replaced by another, wherever it stands.
    pub fn replaced(self, text: &str, what: &str, with: &str) -> String {
        format!("REPLACE({text}, {what}, {with})")
    }

    /// All values of a group as one text; `mark` stands between them.
    pub fn listed(self, value: &str, mark: &str) -> String {
        match self {
            Sqlite => format!("GROUP_CONCAT({value}, {mark})"),
            MySql => format!("GROUP_CONCAT({value} SEPARATOR {mark})"),
            Spark | Databricks => format!("ARRAY_JOIN(COLLECT_LIST({value}), {mark})"),
            Trino => format!("ARRAY_JOIN(ARRAY_AGG({value}), {mark})"),
            ClickHouse => format!("arrayStringConcat(groupArray({value}), {mark})"),
            Snowflake | Redshift => format!("LISTAGG({value}, {mark})"),
            Ansi => format!("LISTAGG({value}, {mark}) WITHIN GROUP (ORDER BY {value})"),
            _ => format!("STRING_AGG({value}, {mark})"),
        }
    }

    /// Texts joined.
    pub fn joined(self, parts: &[String]) -> String {
        match self {
            MySql | BigQuery | ClickHouse | Spark | Databricks => format!("CONCAT({})", parts.join(", ")),
            // CONCAT() takes a missing text for an empty one there.
            TSql => format!("({})", parts.join(" + ")),
            _ => format!("({})", parts.join(" || ")),
        }
    }

    /// The first 52 bits of a text's SHA-256, as a number.
    ///
    /// # Errors
    /// `unsupported` where there is no such function.
    pub fn first_bits(self, text: &str) -> Result<String> {
        Ok(match self {
            DuckDb => format!("CAST('0x' || SUBSTR(SHA256({text}), 1, 13) AS BIGINT)"),
            Postgres => format!(
                "CAST(CAST('x000' || SUBSTR(ENCODE(SHA256(CONVERT_TO({text}, 'UTF8')), 'hex'), 1, 13) AS BIT(64)) AS BIGINT)"
            ),
            Spark | Databricks | MySql => format!("CONV(SUBSTR(SHA2({text}, 256), 1, 13), 16, 10)"),
            DataFusion => {
                let hash = format!("ENCODE(SHA256({text}), 'hex')");
                let digit = |at: u32| {
                    let worth = 16u64.pow(13 - at);
                    format!("(STRPOS('0123456789abcdef', SUBSTR({hash}, {at}, 1)) - 1) * {worth}")
                };
                format!("({})", (1..=13).map(digit).collect::<Vec<_>>().join(" + "))
            }
            BigQuery => format!("CAST(CONCAT('0x', SUBSTR(TO_HEX(SHA256({text})), 1, 13)) AS INT64)"),
            // Its number format has a letter a hexadecimal digit.
            Snowflake => format!("TO_NUMBER(SUBSTR(SHA2({text}, 256), 1, 13), '{}')", "X".repeat(13)),
            Redshift => format!("STRTOL(SUBSTRING(SHA2({text}, 256), 1, 13), 16)"),
            Trino => format!("FROM_BASE(SUBSTR(TO_HEX(SHA256(TO_UTF8({text}))), 1, 13), 16)"),
            TSql => format!(
                "CONVERT(BIGINT, SUBSTRING(HASHBYTES('SHA2_256', CONVERT(VARCHAR(MAX), ({text}) COLLATE Latin1_General_100_BIN2_UTF8)), 1, 7)) / 16"
            ),
            ClickHouse => format!("intDiv(reinterpretAsUInt64(reverse(substring(SHA256({text}), 1, 7))), 16)"),
            Sqlite | Ansi => {
                return Err(self.unsupported("random(…)", "it has no SHA-256, by which customers are drawn."));
            }
        })
    }
}

/// A regular expression in which `$` is the end of the text for Java, too; none where a flag gives it another meaning.
fn ending(pattern: &str) -> Option<String> {
    let flagged = pattern.match_indices("(?").any(|(at, _)| {
        let flags = pattern[at + 2..].split([':', ')', '<', 'P']).next().unwrap_or_default();
        flags.contains(['m', 'x'])
    });
    if flagged {
        return None;
    }
    let (mut out, mut in_class) = (String::new(), false);
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => out.extend(['\\'].into_iter().chain(letters.next())),
            '$' if !in_class => out.push_str("\\z"),
            letter => {
                in_class = (in_class || letter == '[') && letter != ']';
                out.push(letter);
            }
        }
    }
    Some(out)
}

/// A `like` pattern as SQLite's GLOB has it.
fn glob(pattern: &str) -> String {
    let mut out = String::new();
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        let literal = if letter == '\\' { letters.next() } else { None };
        match literal.unwrap_or(letter) {
            '%' if literal.is_none() => out.push('*'),
            '_' if literal.is_none() => out.push('?'),
            special @ ('*' | '?' | '[') => out.extend(['[', special, ']']),
            other => out.push(other),
        }
    }
    out
}
