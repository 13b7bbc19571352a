//! Does a rule fit a table's columns? Names that exist, and comparisons of like with like.

use crate::error::Code;
use crate::read::words::{PAIRS, says};
use crate::segment::rules::calendar::parse_moment;
use crate::segment::rules::format::{format_name, format_value};
use crate::segment::rules::rule_error::RuleError;
use crate::segment::rules::tree::{Comparison, Condition, MissingAs, Operand, Place, Rule, Test, Value};
use crate::table::column::ColumnType;
use crate::table::date::{format_day, parse_iso_day};
use crate::table::table::{nearest_names, plural};

/// Every mistake of a rule against these columns, in reading order; none when it can be evaluated.
pub fn check(rule: &Rule, columns: &[(String, ColumnType)]) -> Vec<RuleError> {
    rule.conditions().into_iter().flat_map(|condition| check_condition(condition, columns)).collect()
}

/// What an operand means beside a column of a certain type.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Typed<'a> {
    /// Beside numbers.
    Number(f64),
    /// Beside text.
    Text(&'a str),
    /// Beside dates, and beside times that are compared by their day.
    Day(i32),
    /// Beside times: milliseconds since 1970 UTC.
    Moment(i64),
    /// Beside yes/no values.
    Boolean(bool),
    /// Another column, of a type that compares with this one.
    Column(&'a str),
}

fn check_condition(condition: &Condition, columns: &[(String, ColumnType)]) -> Vec<RuleError> {
    let kind = match kind_of(&condition.column, condition.column_place, columns) {
        Ok(kind) => kind,
        Err(error) => return vec![error],
    };
    let mut errors = Vec::new();
    let name = &condition.column;
    let mut refuse = |message: String, suggestions: &[&str]| {
        let error = RuleError::new(Code::RuleType, condition.test_place, message).column(name);
        errors.push(error.suggest(suggestions.iter().copied()));
    };
    let holds = format!("“{name}” holds {}", plural(kind));
    match &condition.test {
        Test::Compare(Comparison::Equal | Comparison::NotEqual, _) | Test::In { .. } | Test::Missing { .. } => {}
        Test::Compare(..) | Test::Between { .. } if kind == ColumnType::List => {
            refuse(format!("{holds}, which have no order. Use =, contains or in."), &["contains"]);
        }
        Test::Compare(comparison, _) if kind == ColumnType::Boolean => {
            let sign = comparison.symbol();
            refuse(
                format!("{holds}, of which none is less than the other. Use = or != instead of {sign}."),
                &["= true", "= false"],
            );
        }
        Test::Between { .. } if kind == ColumnType::Boolean => {
            refuse(format!("{holds}: nothing lies between them. Write = true or = false."), &["= true", "= false"]);
        }
        Test::Compare(..) | Test::Between { .. } => {}
        Test::Has { .. } if !is_text(kind) => {
            refuse(
                format!("{holds}; only a text can contain, start or end with something. Use =, <, >, between or in."),
                &[],
            );
        }
        Test::Within { .. } if !is_calendar(kind) => {
            refuse(format!("{holds}; only a date can lie in the last or next days."), &[]);
        }
        Test::Has { .. } | Test::Within { .. } => {}
    }
    if condition.ignoring_case && !is_text(kind) {
        refuse(format!("{holds}, which have no capital letters. Leave out “ignoring case”."), &[]);
    }
    if !errors.is_empty() {
        return errors;
    }
    let stand_in = match &condition.missing_as {
        Some(MissingAs::Value(operand)) => Some(operand),
        _ => None,
    };
    let operands = condition.operands().into_iter().chain(stand_in);
    errors.extend(operands.filter_map(|operand| typed(name, kind, operand, columns).err()));
    errors
}

fn kind_of(name: &str, place: Place, columns: &[(String, ColumnType)]) -> Result<ColumnType, RuleError> {
    match columns.iter().find(|(known, _)| known == name) {
        Some((_, kind)) => Ok(*kind),
        None => {
            let nearest = nearest_names(name, columns.iter().map(|(known, _)| known.as_str()));
            let hint = nearest.first().map(|best| format!(" Did you mean “{best}”?")).unwrap_or_default();
            let message = format!("There is no column “{name}”.{hint}");
            let names = nearest.iter().map(|name| format_name(name));
            Err(RuleError::new(Code::UnknownColumn, place, message).column(name).suggest(names))
        }
    }
}

/// What an operand means beside the column `name` of type `kind`.
///
/// # Errors
/// An unknown column, or a value of another type, with what would be right.
pub fn typed<'a>(
    name: &str,
    kind: ColumnType,
    operand: &'a Operand,
    columns: &[(String, ColumnType)],
) -> Result<Typed<'a>, RuleError> {
    if let Value::Column(other) = &operand.value {
        return typed_column(name, kind, other, operand.place, columns);
    }
    let value = &operand.value;
    let fitting = match (kind, value) {
        (ColumnType::Number, Value::Number(number)) => Some(Typed::Number(*number)),
        (ColumnType::Text | ColumnType::List, Value::Text(text)) => Some(Typed::Text(text)),
        (ColumnType::Date | ColumnType::Time, Value::Day(day)) => Some(Typed::Day(*day)),
        (ColumnType::Date, Value::Text(text)) => parse_iso_day(text).ok().map(Typed::Day),
        (ColumnType::Time, Value::Text(text)) => {
            parse_iso_day(text).ok().map(Typed::Day).or_else(|| parse_moment(text).map(Typed::Moment))
        }
        (ColumnType::Boolean, Value::Boolean(value)) => Some(Typed::Boolean(*value)),
        (ColumnType::Boolean, Value::Text(text)) => yes_or_no(text).map(Typed::Boolean),
        (ColumnType::Boolean, Value::Number(number)) if *number == 0.0 || *number == 1.0 => {
            Some(Typed::Boolean(*number == 1.0))
        }
        _ => None,
    };
    fitting.ok_or_else(|| {
        let written = format_value(value);
        let (expected, better) = expected(kind, value);
        let message = format!("“{name}” holds {}, {written} is not one. {expected}", singular_list(kind));
        RuleError::new(Code::RuleType, operand.place, message).column(name).suggest(better)
    })
}

fn typed_column<'a>(
    name: &str,
    kind: ColumnType,
    other: &'a str,
    place: Place,
    columns: &[(String, ColumnType)],
) -> Result<Typed<'a>, RuleError> {
    let quoted = format_value(&Value::Text(other.to_string()));
    let other_kind = kind_of(other, place, columns).map_err(|mut error| {
        if is_text(kind) || kind == ColumnType::Boolean {
            error.message.push_str(&format!(" If it is a value of “{name}”, put it in single quotes: {quoted}."));
            error.suggestions.push(quoted);
        } else if is_calendar(kind) {
            error
                .message
                .push_str(" A day is written '2026-01-31'; the latest days are asked for with “in last 30 days”.");
        }
        error
    })?;
    if kind == other_kind && kind != ColumnType::List || (is_calendar(kind) && is_calendar(other_kind)) {
        return Ok(Typed::Column(other));
    }
    let message =
        format!("“{name}” holds {} and “{other}” holds {}: they cannot be compared.", plural(kind), plural(other_kind));
    Err(RuleError::new(Code::RuleType, place, message).column(name))
}

fn is_calendar(kind: ColumnType) -> bool {
    matches!(kind, ColumnType::Date | ColumnType::Time)
}

fn is_text(kind: ColumnType) -> bool {
    matches!(kind, ColumnType::Text | ColumnType::List)
}

/// "numbers", "texts" …: what a single value must be one of.
fn singular_list(kind: ColumnType) -> &'static str {
    match kind {
        ColumnType::Text | ColumnType::List => "texts",
        _ => plural(kind),
    }
}

/// What to write beside a column of this type, and the value mended where it can be.
fn expected(kind: ColumnType, value: &Value) -> (String, Option<String>) {
    match (kind, value) {
        (ColumnType::Number, Value::Text(text)) => match text.trim().parse::<f64>() {
            Ok(number) if number.is_finite() => ("Drop the quotes.".into(), Some(format_value(&Value::Number(number)))),
            _ => ("Write a number, for example 100.".into(), None),
        },
        (ColumnType::Number, _) => ("Write a number, for example 100.".into(), None),
        (ColumnType::Text | ColumnType::List, value) => {
            let text = match value {
                Value::Day(day) => format_day(*day),
                other => format_value(other),
            };
            let quoted = format!("'{text}'");
            (format!("Put it in single quotes: {quoted}."), Some(quoted))
        }
        (ColumnType::Date, _) => {
            ("Write a day as year-month-day in single quotes, for example '2026-01-31'.".into(), None)
        }
        (ColumnType::Time, _) => {
            ("Write a day such as '2026-01-31' or a moment such as '2026-01-31T09:15:00Z'.".into(), None)
        }
        (ColumnType::Boolean, _) => ("Write true or false.".into(), None),
    }
}

/// A word that the reader takes for yes or no, in any case, or 1 or 0: whoever sees "Yes" in the file writes 'Yes'.
fn yes_or_no(text: &str) -> Option<bool> {
    let said = |word: &str| says(text.trim(), word);
    PAIRS.iter().find_map(|(yes, no)| said(yes).then_some(true).or(said(no).then_some(false)))
}
