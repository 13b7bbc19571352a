//! Does a rule fit a table's columns? Names that exist, and comparisons of like with like.

use crate::error::Code;
use crate::read::words::{PAIRS, says};
use crate::segment::rules::calendar::parse_moment;
use crate::segment::rules::format::format_value;
use crate::segment::rules::patterns::Pattern;
use crate::segment::rules::rule_error::RuleError;
use crate::segment::rules::schema::Schema;
use crate::segment::rules::tree::{
    Aggregate, Comparison, Condition, Measure, MissingAs, Operand, Rule, Sequence, Test, Top, Unit, Value, Window,
};
use crate::table::column::ColumnType;
use crate::table::date::{format_day, parse_iso_day};
use crate::table::table::plural;

/// Every mistake of a rule against what it may speak of, in reading order; none when it can be evaluated.
pub fn check(rule: &Rule, schema: &Schema) -> Vec<RuleError> {
    let mut errors = check_leaves(rule, schema);
    if let Some(definitions) = schema.definitions {
        errors.extend(definitions.refuse_cycles(None, rule).err());
    }
    errors
}

/// The same but for segments that refer to themselves, over however many others.
pub fn check_leaves(rule: &Rule, schema: &Schema) -> Vec<RuleError> {
    rule.leaves().into_iter().flat_map(|leaf| check_leaf(leaf, schema)).collect()
}

fn check_leaf(leaf: &Rule, schema: &Schema) -> Vec<RuleError> {
    match leaf {
        Rule::Condition(condition) => check_condition(condition, schema),
        Rule::Sequence(sequence) => check_sequence(sequence, schema),
        Rule::Segment(reference) => {
            let definitions = schema.definitions.iter();
            definitions.filter_map(|definitions| definitions.segment(reference).err()).collect()
        }
        Rule::Everyone | Rule::Not(_) | Rule::Group(..) => Vec::new(),
    }
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
    /// A value of each row that is no column's own: calculated, or what orders come to; of a type that compares with this one.
    Each(&'a Operand),
    /// A parameter without a value: it fits whatever it will be.
    Open,
}

fn check_sequence(sequence: &Sequence, schema: &Schema) -> Vec<RuleError> {
    let orders = match schema.of_orders(sequence.place) {
        Ok(Some(orders)) => orders,
        Ok(None) => return Vec::new(),
        Err(error) => return vec![error],
    };
    let mut errors: Vec<RuleError> = schema.order_date(sequence.place).err().into_iter().collect();
    for filter in [&sequence.first, &sequence.second].into_iter().flatten() {
        errors.extend(check_filter(filter, &orders));
    }
    if sequence.unit == Unit::Hour {
        let message = "A sequence is counted in days, weeks, months, quarters or years.";
        errors.push(RuleError::new(Code::RuleType, sequence.place, message));
    }
    if let Some(same) = &sequence.same {
        errors.extend(orders.column(&same.name, same.place).err());
    }
    errors
}

/// What is asked of orders.
fn check_filter(filter: &Rule, orders: &Schema) -> Vec<RuleError> {
    let mut errors = check(filter, orders);
    for reference in filter.segments() {
        let message = format!("“{}” is a segment of customers, and orders are asked here.", reference.name);
        errors.push(RuleError::new(Code::RuleType, reference.place, message));
    }
    errors
}

fn check_aggregate(aggregate: &Aggregate, operand: &Operand, schema: &Schema) -> Vec<RuleError> {
    let orders = match schema.of_orders(operand.place) {
        Ok(Some(orders)) => orders,
        // The type of the whole is refused elsewhere where there are no orders.
        _ => return Vec::new(),
    };
    let mut errors: Vec<RuleError> = aggregate.filter.iter().flat_map(|filter| check_filter(filter, &orders)).collect();
    let by_day = matches!(aggregate.measure, Measure::Days | Measure::First | Measure::Last | Measure::Nth(_));
    if by_day || aggregate.window.is_some() {
        match schema.order_date(operand.place) {
            Err(error) => errors.push(error),
            Ok(date) => errors.extend(check_window(aggregate, date, operand, &orders)),
        }
    }
    errors
}

fn check_window(aggregate: &Aggregate, date: Option<&str>, operand: &Operand, orders: &Schema) -> Vec<RuleError> {
    match (&aggregate.window, date) {
        (Some(Window::AnyDays(_)), _)
            if !matches!(aggregate.measure, Measure::Orders | Measure::Lines | Measure::Days | Measure::Sum) =>
        {
            let message = "“in any … days” goes with count, days_active and sum only.";
            vec![RuleError::new(Code::RuleType, operand.place, message)]
        }
        (Some(Window::Passing(test)), Some(date)) => {
            let condition = Condition {
                subject: Operand { value: Value::Column(date.to_string()), place: operand.place },
                test: test.clone(),
                test_place: operand.place,
                ignoring_case: false,
                missing_as: None,
            };
            check_condition(&condition, orders)
        }
        _ => Vec::new(),
    }
}

/// What stands within a value: the orders that it counts, the values that it is calculated from.
fn check_inside(operand: &Operand, schema: &Schema) -> Vec<RuleError> {
    match &operand.value {
        Value::Orders(aggregate) => check_aggregate(aggregate, operand, schema),
        Value::Calculation(_, sides) => sides.iter().flat_map(|side| check_inside(side, schema)).collect(),
        Value::Call(_, operands) => operands.iter().flat_map(|operand| check_inside(operand, schema)).collect(),
        _ => Vec::new(),
    }
}

fn check_condition(condition: &Condition, schema: &Schema) -> Vec<RuleError> {
    let inside = |operand: &Operand| check_inside(operand, schema);
    let mut errors = inside(&condition.subject);
    let kind = match schema.kind(&condition.subject) {
        Ok(Some(kind)) => kind,
        Ok(None) => return errors,
        Err(error) => {
            errors.insert(0, error);
            return errors;
        }
    };
    let name = &said(&condition.subject);
    let column = match &condition.subject.value {
        Value::Column(name) => Some(name.as_str()),
        _ => None,
    };
    let mut refuse = |message: String, suggestions: &[&str]| {
        let error = RuleError::new(Code::RuleType, condition.test_place, message);
        let error = column.map(|name| error.clone().column(name)).unwrap_or(error);
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
        Test::Pattern { .. } | Test::Blank { .. } if !is_text(kind) => {
            refuse(
                format!("{holds}; only a text can fit a pattern or be blank. Use =, <, >, between or is missing."),
                &[],
            );
        }
        Test::Holds { .. } if kind != ColumnType::List => {
            refuse(format!("{holds}; only a list can have any, all or none of several values. Use in (…)."), &["in"]);
        }
        Test::Within { .. } | Test::Period { .. } | Test::Anniversary { .. } if !is_calendar(kind) => {
            refuse(format!("{holds}; only a date can lie in the last or next days."), &[]);
        }
        Test::Within { unit: Unit::Hour, .. } if kind == ColumnType::Date => {
            refuse(format!("{holds} without a time of day. Use days instead of hours."), &["days"]);
        }
        Test::Top(_) if kind != ColumnType::Number && !is_calendar(kind) => {
            refuse(format!("{holds}; only numbers and dates can be among the top or the bottom."), &[]);
        }
        Test::Pattern { kind, pattern, .. } => match schema.resolved(pattern) {
            Ok(Value::Text(text)) => {
                if let Err(message) = Pattern::new(*kind, text, condition.ignoring_case) {
                    refuse(message, &[]);
                }
            }
            Ok(Value::Parameter(_)) => {}
            Ok(other) => refuse(format!("A pattern is a text, not {}.", format_value(other)), &[]),
            Err(error) => errors.push(error),
        },
        Test::Top(Top { per, ties_by, .. }) => {
            for reference in per.iter().chain(ties_by) {
                match schema.column(&reference.name, reference.place) {
                    Ok(ColumnType::List) => refuse(
                        format!("“{}” holds lists, which make no groups and have no order.", reference.name),
                        &[],
                    ),
                    Ok(_) => {}
                    Err(error) => {
                        errors.push(error);
                        return errors;
                    }
                }
            }
        }
        Test::Has { .. }
        | Test::Blank { .. }
        | Test::Holds { .. }
        | Test::Within { .. }
        | Test::Period { .. }
        | Test::Anniversary { .. } => {}
    }
    if condition.ignoring_case && !is_text(kind) {
        let error = RuleError::new(
            Code::RuleType,
            condition.test_place,
            format!("{holds}, which have no capital letters. Leave out “ignoring case”."),
        );
        errors.push(column.map(|name| error.clone().column(name)).unwrap_or(error));
    }
    if !errors.is_empty() {
        return errors;
    }
    let stand_in = match &condition.missing_as {
        Some(MissingAs::Value(operand)) => Some(operand),
        _ => None,
    };
    let compared = if matches!(condition.test, Test::Pattern { .. }) { Vec::new() } else { condition.operands() };
    for operand in compared.into_iter().chain(stand_in) {
        match typed(name, kind, operand, schema) {
            Ok(_) => errors.extend(inside(operand)),
            Err(error) => errors.push(error),
        }
    }
    errors
}

/// A value as messages call it: a column by its bare name.
fn said(operand: &Operand) -> String {
    match &operand.value {
        Value::Column(name) => name.clone(),
        other => format_value(other),
    }
}

/// What an operand means beside `name`, which is of type `kind`.
///
/// # Errors
/// An unknown name, or a value of another type, with what would be right.
pub fn typed<'a>(
    name: &str,
    kind: ColumnType,
    operand: &'a Operand,
    schema: &Schema<'a>,
) -> Result<Typed<'a>, RuleError> {
    let value = schema.resolved(operand)?;
    match value {
        Value::Column(_) | Value::Calculation(..) | Value::Call(..) | Value::Orders(_) => {
            return typed_each(name, kind, operand, schema);
        }
        Value::Parameter(_) => return Ok(Typed::Open),
        _ => {}
    }
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

fn typed_each<'a>(
    name: &str,
    kind: ColumnType,
    operand: &'a Operand,
    schema: &Schema<'a>,
) -> Result<Typed<'a>, RuleError> {
    let other_kind = schema.kind(operand).map_err(|mut error| {
        let Value::Column(other) = &operand.value else { return error };
        if is_text(kind) || kind == ColumnType::Boolean {
            let quoted = format_value(&Value::Text(other.clone()));
            error.message.push_str(&format!(" If it is a value of “{name}”, put it in single quotes: {quoted}."));
            error.suggestions.push(quoted);
        } else if is_calendar(kind) {
            error
                .message
                .push_str(" A day is written '2026-01-31'; the latest days are asked for with “in last 30 days”.");
        }
        error
    })?;
    let fits = other_kind
        .is_none_or(|other| kind == other && kind != ColumnType::List || (is_calendar(kind) && is_calendar(other)));
    match (&operand.value, other_kind) {
        (Value::Column(other), _) if fits => Ok(Typed::Column(other)),
        (_, _) if fits => Ok(Typed::Each(operand)),
        (_, other_kind) => {
            let other = said(operand);
            let theirs = other_kind.map_or("other values", plural);
            let message =
                format!("“{name}” holds {} and “{other}” holds {theirs}: they cannot be compared.", plural(kind));
            Err(RuleError::new(Code::RuleType, operand.place, message).column(name))
        }
    }
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
