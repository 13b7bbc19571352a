//! What does a rule's JSON mean? JSON → tree: ours, or any query of react-querybuilder.
//!
//! Keys that mean nothing here (`id`, `path`, …) are passed over.

use crate::error::{Code, Error, Result};
use crate::segment::rules::json::{
    ANNIVERSARY, BETWEEN, HAS, HOLDS, IN, MISSING, PATTERN, PERIOD, TOP, WITHIN, measure_name,
};
use crate::segment::rules::parse_operand::can_be_calculated;
use crate::segment::rules::tree::{
    Aggregate, Arithmetic, Combinator, Condition, Direction, End, Function, Holding, MAX_AMOUNT, MAX_DEPTH, Measure,
    MissingAs, Operand, Part, PatternKind, Place, Reference, Rule, Sequence, Test, Top, Unit, Value, Which, Window,
    whole_amount,
};
use crate::segment::rules::vocabulary::{COMPARISONS, MEASURES};
use crate::table::date::parse_iso_day;
use serde_json::{Map, Value as Json};

/// A rule from JSON: ours, or any query of react-querybuilder. An empty group means everyone.
///
/// # Errors
/// `rule-syntax` with the path of the faulty part; `unsupported` for what react-querybuilder has and rules have not.
pub fn from_json(json: &Json) -> Result<Rule> {
    let mut path = Path::default();
    let rule = read_rule(json, &mut path)?;
    if rule.depth() > MAX_DEPTH { Err(path.too_deep()) } else { Ok(rule) }
}

/// The way from the root to the part at hand, for messages.
#[derive(Default)]
struct Path {
    indices: Vec<usize>,
    /// Whether the part is asked of orders.
    within_orders: bool,
}

impl Path {
    fn error(&self, code: Code, message: impl std::fmt::Display) -> Error {
        let path: Vec<String> = self.indices.iter().map(|index| format!("rules[{index}]")).collect();
        let whose = if self.within_orders { "In the orders’ rule" } else { "In the rule" };
        let place = if path.is_empty() { whose.to_string() } else { format!("{whose}’s {}", path.join(".")) };
        Error::new(code, format!("{place}: {message}"))
    }

    fn too_deep(&self) -> Error {
        let message =
            format!("A rule nested deeper than {MAX_DEPTH} levels cannot be read. Split it into simpler ones.");
        Error::new(Code::RuleSyntax, message).limit(MAX_DEPTH as f64)
    }

    fn syntax(&self, message: impl std::fmt::Display) -> Error {
        self.error(Code::RuleSyntax, message)
    }
}

fn read_rule(json: &Json, path: &mut Path) -> Result<Rule> {
    let Json::Object(fields) = json else {
        return Err(path.syntax(format!("found {}, expected an object with “rules” or with “field”.", describe(json))));
    };
    if fields.get("muted") == Some(&Json::Bool(true)) {
        return Err(path.error(Code::Unsupported, "muted rules are not offered. Remove it, or its “muted”."));
    }
    if let Some(name) = fields.get("segment") {
        return Ok(Rule::Segment(read_name(name, "segment", path)?));
    }
    if let Some(sequence) = fields.get("sequence") {
        return Ok(Rule::Sequence(Box::new(read_sequence(sequence, path)?)));
    }
    match (fields.get("rules"), fields.contains_key("field") || fields.contains_key("expression")) {
        (Some(Json::Array(rules)), false) => read_group(fields, rules, path),
        (Some(_), false) => Err(path.syntax("“rules” is not a list.")),
        (None, true) => Ok(Rule::Condition(read_condition(fields, path)?)),
        (None, false) => Err(path.syntax(
            "found neither “rules” (a group) nor “field” or “expression” (a condition), “segment” or “sequence”.",
        )),
        (Some(_), true) => Err(path.syntax("found both “rules” and “field”. A part is either a group or a condition.")),
    }
}

fn read_group(fields: &Map<String, Json>, entries: &[Json], path: &mut Path) -> Result<Rule> {
    // The outermost group may be a mere wrapper, and is then no level of its own.
    if path.indices.len() > MAX_DEPTH {
        return Err(path.too_deep());
    }
    // "and" binds stronger where the words stand between the rules.
    let mut any: Vec<Rule> = Vec::new();
    let mut all: Vec<Rule> = Vec::new();
    let between = entries.iter().any(Json::is_string);
    let combinator = match (between, fields.get("combinator")) {
        (true, _) => Combinator::And,
        (false, word) => read_combinator(word.unwrap_or(&Json::Null), entries.len(), path)?,
    };
    for (index, entry) in entries.iter().enumerate() {
        path.indices.push(index);
        if between && index % 2 == 1 {
            if read_combinator(entry, usize::MAX, path)? == Combinator::Or {
                any.push(Rule::group(Combinator::And, std::mem::take(&mut all)));
            }
        } else {
            all.push(read_rule(entry, path)?);
        }
        path.indices.pop();
    }
    if between && entries.len().is_multiple_of(2) {
        return Err(path.syntax("the list ends with “and” or “or”. Add a rule behind it."));
    }
    let rule = if between {
        any.push(Rule::group(Combinator::And, all));
        Rule::group(Combinator::Or, any)
    } else {
        Rule::group(combinator, all)
    };
    match fields.get("not") {
        None | Some(Json::Null | Json::Bool(false)) => Ok(rule),
        Some(Json::Bool(true)) => Ok(Rule::Not(Box::new(rule))),
        Some(other) => Err(path.syntax(format!("“not” is {}, expected true or false.", describe(other)))),
    }
}

/// The word between rules; with fewer than two rules it does not matter and may be absent.
fn read_combinator(word: &Json, rules: usize, path: &Path) -> Result<Combinator> {
    match word {
        Json::String(word) if word.eq_ignore_ascii_case("and") => Ok(Combinator::And),
        Json::String(word) if word.eq_ignore_ascii_case("or") => Ok(Combinator::Or),
        Json::String(word) if word.eq_ignore_ascii_case("xor") => {
            Err(path.error(Code::Unsupported, "“xor” is not offered. Write (a and not b) or (b and not a)."))
        }
        Json::Null if rules < 2 => Ok(Combinator::And),
        other => Err(path.syntax(format!("the combinator is {}, expected “and” or “or”.", describe(other)))),
    }
}

fn read_condition(fields: &Map<String, Json>, path: &Path) -> Result<Condition> {
    let text = |key: &str| match fields.get(key) {
        Some(Json::String(text)) if !text.is_empty() => Ok(text.as_str()),
        Some(other) => Err(path.syntax(format!("“{key}” is {}, expected a name.", describe(other)))),
        None => Err(path.syntax(format!("“{key}” is missing."))),
    };
    if fields.contains_key("match") {
        return Err(path.error(Code::Unsupported, "match modes (all, some, none of a list) are not offered."));
    }
    let subject = match fields.get("expression") {
        None => Value::Column(text("field")?.to_string()).operand(),
        Some(expression) => read_value(expression, false, path)?,
    };
    if matches!(
        subject.value,
        Value::Number(_) | Value::Text(_) | Value::Day(_) | Value::Boolean(_) | Value::Parameter(_)
    ) {
        return Err(path.syntax("“expression” is a value, expected something that differs from row to row."));
    }
    let operator = text("operator")?;
    let from_field = match fields.get("valueSource") {
        None | Some(Json::Null) => false,
        Some(Json::String(source)) if source == "value" => false,
        Some(Json::String(source)) if source == "field" => true,
        Some(other) => {
            return Err(path.syntax(format!("“valueSource” is {}, expected “value” or “field”.", describe(other))));
        }
    };
    let missing_as = match fields.get("missingAs") {
        None | Some(Json::Null) => None,
        Some(Json::Bool(answer)) => Some(MissingAs::Answer(*answer)),
        Some(other) => match read_value(other, false, path)? {
            operand @ Operand {
                value: Value::Number(_) | Value::Text(_) | Value::Day(_) | Value::Parameter(_), ..
            } => Some(MissingAs::Value(operand)),
            _ => return Err(path.syntax("“missingAs” is a column or a calculation, expected a value.")),
        },
    };
    let test = read_test(operator, fields, from_field, path)?;
    if missing_as.is_some() && test.is_always_known() {
        return Err(path.syntax(format!("“{operator}” is never unknown. Leave out “missingAs”.")));
    }
    let ignoring_case = read_flag(fields, "ignoreCase", path)?;
    Ok(Condition { subject, test, test_place: Place::default(), ignoring_case, missing_as })
}

fn read_flag(fields: &Map<String, Json>, key: &str, path: &Path) -> Result<bool> {
    match fields.get(key) {
        None | Some(Json::Null | Json::Bool(false)) => Ok(false),
        Some(Json::Bool(true)) => Ok(true),
        Some(other) => Err(path.syntax(format!("“{key}” is {}, expected true or false.", describe(other)))),
    }
}

/// A test from `operator` and `value`.
fn read_test(operator: &str, fields: &Map<String, Json>, from_field: bool, path: &Path) -> Result<Test> {
    let value = fields.get("value").unwrap_or(&Json::Null);
    let one = || read_value(value, from_field, path);
    if let Some(comparison) = COMPARISONS.into_iter().find(|comparison| comparison.symbol() == operator) {
        return Ok(Test::Compare(comparison, one()?));
    }
    let among = |names: &[&str]| names.iter().position(|name| *name == operator).map(|at| (at / 2, at % 2 == 1));
    if let Some((part, negated)) = among(&HAS) {
        let part = [Part::Anywhere, Part::Start, Part::End][part];
        return Ok(Test::Has { negated, part, what: one()? });
    }
    if let Some((direction, negated)) = among(&WITHIN) {
        let direction = [Direction::Last, Direction::Next][direction];
        let (amount, unit) = read_amount(value, operator, path)?;
        return Ok(Test::Within { negated, direction, amount, unit });
    }
    if let Some((kind, negated)) = among(&MISSING) {
        return Ok(if kind == 0 { Test::Missing { negated } } else { Test::Blank { negated } });
    }
    if let Some((_, negated)) = among(&IN) {
        return Ok(Test::In { negated, options: read_options(operator, value, from_field, path)? });
    }
    if let Some((_, negated)) = among(&BETWEEN) {
        let Ok([low, high]) = <[Operand; 2]>::try_from(read_list(value, from_field, path)?) else {
            return Err(path.syntax(format!("“{operator}” needs exactly two values.")));
        };
        return Ok(Test::Between { negated, low, high, exclusive: read_flag(fields, "exclusive", path)? });
    }
    if let Some((kind, negated)) = among(&PATTERN) {
        let pattern = read_value(value, false, path)?;
        if !matches!(pattern.value, Value::Text(_) | Value::Parameter(_)) {
            return Err(path.syntax(format!("“{operator}” needs a pattern as a text.")));
        }
        return Ok(Test::Pattern { negated, kind: [PatternKind::Like, PatternKind::Matches][kind], pattern });
    }
    if let Some((how, negated)) = among(&HOLDS) {
        let how = [Holding::Any, Holding::All, Holding::Exactly][how];
        return Ok(Test::Holds { negated, how, options: read_options(operator, value, from_field, path)? });
    }
    if let Some((_, negated)) = among(&PERIOD) {
        return read_period(value, negated, path);
    }
    if let Some((_, negated)) = among(&ANNIVERSARY) {
        let direction = match value.get("direction").and_then(Json::as_str) {
            Some("last") => Some(Direction::Last),
            Some("next") => Some(Direction::Next),
            _ => None,
        };
        let days = value.get("days").and_then(Json::as_f64).and_then(whole_amount).filter(|&days| days <= 366);
        return match direction.zip(days) {
            Some((direction, days)) => Ok(Test::Anniversary { negated, direction, days }),
            None => Err(path.syntax(format!(
                "“{operator}” needs a value such as {{\"direction\": \"next\", \"days\": 7}}, with at most 366 days."
            ))),
        };
    }
    if let Some((end, negated)) = among(&TOP) {
        return read_top(value, [End::Top, End::Bottom][end], negated, path);
    }
    Err(path.syntax(format!("there is no operator “{operator}”.")))
}

fn read_options(operator: &str, value: &Json, from_field: bool, path: &Path) -> Result<Vec<Operand>> {
    let options = read_list(value, from_field, path)?;
    if options.is_empty() {
        Err(path.syntax(format!("“{operator}” needs at least one value.")))
    } else {
        Ok(options)
    }
}

fn read_amount(value: &Json, key: &str, path: &Path) -> Result<(u32, Unit)> {
    let amount = value.get("amount").and_then(Json::as_f64).and_then(whole_amount);
    let unit = value.get("unit").and_then(Json::as_str).and_then(Unit::named);
    amount.zip(unit).ok_or_else(|| {
        path.syntax(format!(
            "“{key}” needs a value such as {{\"amount\": 90, \"unit\": \"day\"}}, with a whole amount from 1 to {MAX_AMOUNT} and hour, day, week, month, quarter or year."
        ))
    })
}

fn read_period(value: &Json, negated: bool, path: &Path) -> Result<Test> {
    let which = value
        .get("which")
        .and_then(Json::as_str)
        .and_then(|name| Which::ALL.into_iter().find(|which| which.name() == name));
    let unit = value.get("unit").and_then(Json::as_str).and_then(Unit::named).filter(|unit| *unit != Unit::Hour);
    let fiscal_from = match value.get("fiscalFrom") {
        None | Some(Json::Null) => Some(None),
        Some(month) => month.as_u64().filter(|month| (1..=12).contains(month)).map(|month| Some(month as u8)),
    };
    match (which, unit, fiscal_from) {
        (Some(which), Some(unit), Some(fiscal_from))
            if fiscal_from.is_none() || matches!(unit, Unit::Quarter | Unit::Year) =>
        {
            Ok(Test::Period { negated, which, unit, fiscal_from })
        }
        _ => Err(path.syntax(
            "a period needs a value such as {\"which\": \"previous\", \"unit\": \"month\"}; “fiscalFrom”, a month from 1 to 12, goes with quarter and year only.",
        )),
    }
}

fn read_top(value: &Json, end: End, negated: bool, path: &Path) -> Result<Test> {
    let Json::Object(fields) = value else {
        return Err(path.syntax("a rank needs a value such as {\"amount\": 10, \"percent\": true}."));
    };
    let percent = read_flag(fields, "percent", path)?;
    let amount = fields.get("amount").and_then(Json::as_f64).filter(|&amount| {
        amount > 0.0 && if percent { amount <= 100.0 } else { amount.fract() == 0.0 && amount <= 1e9 }
    });
    let Some(amount) = amount else {
        return Err(
            path.syntax("a rank needs an “amount”: a whole number, or a share above 0 and up to 100 with “percent”.")
        );
    };
    let column =
        |key: &str| fields.get(key).filter(|name| !name.is_null()).map(|name| read_name(name, key, path)).transpose();
    Ok(Test::Top(Top { negated, end, amount, percent, per: column("per")?, ties_by: column("tiesBy")? }))
}

fn read_name(name: &Json, key: &str, path: &Path) -> Result<Reference> {
    match name.as_str() {
        Some(name) if !name.is_empty() => Ok(Reference { name: name.to_string(), place: Place::default() }),
        _ => Err(path.syntax(format!("“{key}” is {}, expected a name.", describe(name)))),
    }
}

/// A rule about orders, with a depth of its own.
fn read_filter(json: Option<&Json>, path: &Path) -> Result<Option<Rule>> {
    let Some(json) = json.filter(|json| !json.is_null()) else { return Ok(None) };
    debug_assert!(!path.within_orders, "orders have no orders of their own");
    let mut path = Path { indices: Vec::new(), within_orders: true };
    let rule = read_rule(json, &mut path)?;
    if rule.depth() > MAX_DEPTH { Err(path.too_deep()) } else { Ok(Some(rule)) }
}

fn read_sequence(json: &Json, path: &Path) -> Result<Sequence> {
    let Json::Object(fields) = json else { return Err(path.syntax("“sequence” is not an object.")) };
    // What orders are asked for has no orders of its own, so that reading it ends.
    if path.within_orders {
        return Err(path.syntax("orders have no orders of their own."));
    }
    let (amount, unit) = read_amount(fields.get("within").unwrap_or(&Json::Null), "within", path)?;
    Ok(Sequence {
        first: read_filter(fields.get("first"), path)?,
        absent: read_flag(fields, "absent", path)?,
        second: read_filter(fields.get("second"), path)?,
        amount,
        unit,
        same: fields
            .get("same")
            .filter(|name| !name.is_null())
            .map(|name| read_name(name, "same", path))
            .transpose()?,
        place: Place::default(),
    })
}

fn read_aggregate(fields: &Map<String, Json>, path: &Path) -> Result<Aggregate> {
    if path.within_orders {
        return Err(path.syntax("orders have no orders of their own."));
    }
    let name = fields.get("orders").and_then(Json::as_str).unwrap_or_default();
    let nth = fields.get("nth").and_then(Json::as_f64).and_then(whole_amount);
    let plain = [Measure::Orders, Measure::Lines].into_iter().chain(MEASURES.iter().map(|(measure, _)| *measure));
    let measure = match (name, nth) {
        ("nth", Some(nth)) => Some(Measure::Nth(nth)),
        _ => plain.into_iter().find(|&measure| measure_name(measure) == name),
    };
    let Some(measure) = measure else {
        return Err(path.syntax(format!("“orders” is “{name}”, expected count, lines, days_active, distinct, sum, avg, min, max, first, last, most_frequent, list, or nth with a number “nth”.")));
    };
    let of = fields.get("of").filter(|name| !name.is_null()).map(|name| read_name(name, "of", path)).transpose()?;
    if of.is_some() != measure.has_column() {
        let what =
            if measure.has_column() { "needs a column in “of”" } else { "has no column: leave out “of”" };
        return Err(path.syntax(format!("“{name}” {what}.")));
    }
    let window = match fields.get("window") {
        None | Some(Json::Null) => None,
        Some(Json::Object(window)) => Some(read_window(window, path)?),
        Some(other) => return Err(path.syntax(format!("“window” is {}, expected an object.", describe(other)))),
    };
    Ok(Aggregate { measure, of, filter: read_filter(fields.get("where"), path)?, window })
}

fn read_window(fields: &Map<String, Json>, path: &Path) -> Result<Window> {
    if let Some(days) = fields.get("anyDays") {
        return match days.as_f64().and_then(whole_amount) {
            Some(days) => Ok(Window::AnyDays(days)),
            None => Err(path.syntax("“anyDays” is not a whole number of days.")),
        };
    }
    let operator = fields.get("operator").and_then(Json::as_str).unwrap_or_default();
    let test = read_test(operator, fields, false, path)?;
    if !test.is_negated()
        && matches!(test, Test::Within { .. } | Test::Period { .. } | Test::Between { .. } | Test::Compare(..))
    {
        Ok(Window::Passing(test))
    } else {
        Err(path.syntax(format!("“{operator}” is no span of time.")))
    }
}

/// A list, or a text with commas as react-querybuilder writes it; then each piece is a text without blanks around it.
fn read_list(value: &Json, from_field: bool, path: &Path) -> Result<Vec<Operand>> {
    match value {
        Json::Array(values) => values.iter().map(|value| read_value(value, from_field, path)).collect(),
        Json::String(text) => text
            .split(',')
            .map(str::trim)
            .filter(|piece| !piece.is_empty())
            .map(|piece| read_value(&Json::String(piece.to_string()), from_field, path))
            .collect(),
        other => Ok(vec![read_value(other, from_field, path)?]),
    }
}

fn read_value(value: &Json, from_field: bool, path: &Path) -> Result<Operand> {
    read_operand(value, from_field, 0, path)
}

/// The values that a calculation or a call is made of.
fn read_parts(fields: &Map<String, Json>, depth: usize, path: &Path) -> Result<Vec<Operand>> {
    if depth >= MAX_DEPTH {
        return Err(path.too_deep());
    }
    match fields.get("of") {
        Some(Json::Array(parts)) => parts.iter().map(|part| read_operand(part, false, depth + 1, path)).collect(),
        _ => Err(path.syntax("“of” is not a list of values.")),
    }
}

fn read_calculation(fields: &Map<String, Json>, depth: usize, path: &Path) -> Result<Value> {
    let sign = fields["calculate"].as_str().unwrap_or_default();
    let operation = Arithmetic::ALL.into_iter().find(|operation| operation.symbol() == sign);
    let Some(operation) = operation else {
        return Err(path.syntax(format!("“calculate” is {}, expected +, -, * or /.", describe(&fields["calculate"]))));
    };
    let Ok(sides) = <[Operand; 2]>::try_from(read_parts(fields, depth, path)?) else {
        return Err(path.syntax(format!("“{sign}” needs exactly two values.")));
    };
    if !sides.iter().all(|side| can_be_calculated(&side.value)) {
        return Err(path.syntax("only numbers can be added, subtracted, multiplied and divided."));
    }
    Ok(Value::Calculation(operation, Box::new(sides)))
}

fn read_call(fields: &Map<String, Json>, depth: usize, path: &Path) -> Result<Value> {
    let Some((function, takes)) = fields["call"].as_str().and_then(Function::named) else {
        return Err(path.syntax(format!("there is no function {}.", describe(&fields["call"]))));
    };
    let operands = read_parts(fields, depth, path)?;
    if !takes.contains(&operands.len()) {
        return Err(path.syntax(format!("“{}” does not take {} values.", function.name(), operands.len())));
    }
    Ok(Value::Call(function, operands))
}

fn read_operand(value: &Json, from_field: bool, depth: usize, path: &Path) -> Result<Operand> {
    let name = |name: &Json| match name.as_str() {
        Some(name) if !name.is_empty() => Ok(Value::Column(name.to_string())),
        _ => Err(path.syntax(format!("the value is {}, expected a column’s name.", describe(name)))),
    };
    let value = match value {
        Json::Object(fields) if fields.len() == 1 && fields.contains_key("column") => name(&fields["column"])?,
        other if from_field => name(other)?,
        Json::Object(fields) if fields.len() == 1 && fields.contains_key("parameter") => {
            Value::Parameter(read_name(&fields["parameter"], "parameter", path)?.name)
        }
        Json::Object(fields) if fields.contains_key("calculate") => read_calculation(fields, depth, path)?,
        Json::Object(fields) if fields.contains_key("call") => read_call(fields, depth, path)?,
        Json::Object(fields) if fields.contains_key("orders") => Value::Orders(Box::new(read_aggregate(fields, path)?)),
        Json::Object(fields) if fields.len() == 1 && fields.contains_key("date") => {
            let day = fields["date"].as_str().unwrap_or_default();
            Value::Day(parse_iso_day(day).map_err(|error| path.syntax(error.message))?)
        }
        Json::String(text) => Value::Text(text.clone()),
        Json::Bool(value) => Value::Boolean(*value),
        Json::Number(number) => match number.as_f64().filter(|number| number.is_finite()) {
            Some(number) => Value::Number(number),
            None => return Err(path.syntax(format!("{number} is too large a number."))),
        },
        Json::Null => {
            return Err(path.syntax("the value is null, which nothing equals. Use the operators “null” and “notNull”."));
        }
        other => {
            return Err(path.syntax(format!(
                "the value is {}, expected a number, a text, true, false or a date.",
                describe(other)
            )));
        }
    };
    Ok(value.operand())
}

fn describe(json: &Json) -> String {
    match json {
        Json::Null => "nothing".into(),
        Json::Bool(value) => value.to_string(),
        Json::Number(number) => format!("the number {number}"),
        Json::String(text) => format!("“{text}”"),
        Json::Array(_) => "a list".into(),
        Json::Object(_) => "an object".into(),
    }
}
