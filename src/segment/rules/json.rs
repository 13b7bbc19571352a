//! How does a rule travel as data? Tree ⇄ JSON, a superset of react-querybuilder's query.
//!
//! A value keeps its JSON type: `28` is a number and `"28"` a text. Our additions to react-querybuilder's shape are the
//! operators `inLast`, `notInLast`, `inNext`, `notInNext` (value `{amount, unit}`), `ignoreCase`, `missingAs`, and the values
//! `{date: "2026-01-31"}` and `{column: "name"}`. Keys that mean nothing here (`id`, `path`, …) are passed over.

use crate::error::{Code, Error, Result};
use crate::segment::rules::tree::{
    Combinator, Comparison, Condition, Direction, MAX_AMOUNT, MAX_DEPTH, MissingAs, Operand, Part, Place, Rule, Test,
    Unit, Value, whole_amount,
};
use crate::table::date::{format_day, parse_iso_day};
use serde_json::{Map, Value as Json, json};

/// The rule as JSON. It always begins with a group, as react-querybuilder wants it.
pub fn to_json(rule: &Rule) -> Json {
    match rule {
        Rule::Condition(_) => json!({ "combinator": "and", "rules": [node(rule)] }),
        _ => node(rule),
    }
}

fn node(rule: &Rule) -> Json {
    match rule {
        Rule::Everyone => json!({ "combinator": "and", "rules": [] }),
        Rule::Group(combinator, rules) => {
            let word = if *combinator == Combinator::And { "and" } else { "or" };
            json!({ "combinator": word, "rules": rules.iter().map(node).collect::<Vec<_>>() })
        }
        Rule::Not(inner) => {
            let mut inner = match &**inner {
                // A second "not" needs a group of its own.
                Rule::Not(_) => json!({ "combinator": "and", "rules": [node(inner)] }),
                other => to_json(other),
            };
            inner["not"] = Json::Bool(true);
            inner
        }
        Rule::Condition(condition) => condition_json(condition),
    }
}

fn condition_json(condition: &Condition) -> Json {
    let (operator, value) = match &condition.test {
        Test::Compare(comparison, operand) => (comparison.symbol(), value_json(&operand.value)),
        Test::Between { negated, low, high } => (
            if *negated { "notBetween" } else { "between" },
            Json::Array(vec![value_json(&low.value), value_json(&high.value)]),
        ),
        Test::In { negated, options } => {
            let options = options.iter().map(|option| value_json(&option.value)).collect();
            (if *negated { "notIn" } else { "in" }, Json::Array(options))
        }
        Test::Has { negated, part, what } => {
            (HAS[2 * (*part as usize) + usize::from(*negated)], value_json(&what.value))
        }
        Test::Missing { negated } => (if *negated { "notNull" } else { "null" }, Json::Null),
        Test::Within { negated, direction, amount, unit } => {
            let operator = WITHIN[2 * (*direction as usize) + usize::from(*negated)];
            (operator, json!({ "amount": amount, "unit": unit.name() }))
        }
    };
    let mut json = json!({ "field": condition.column, "operator": operator, "value": value });
    // One column alone is said in react-querybuilder's own way.
    if let Test::Compare(_, Operand { value: Value::Column(name), .. })
    | Test::Has { what: Operand { value: Value::Column(name), .. }, .. } = &condition.test
    {
        json["value"] = Json::String(name.clone());
        json["valueSource"] = "field".into();
    }
    if condition.ignoring_case {
        json["ignoreCase"] = Json::Bool(true);
    }
    match &condition.missing_as {
        None => {}
        Some(MissingAs::Answer(answer)) => json["missingAs"] = Json::Bool(*answer),
        Some(MissingAs::Value(operand)) => json["missingAs"] = value_json(&operand.value),
    }
    json
}

/// By [`Part`], plain and negated.
const HAS: [&str; 6] = ["contains", "doesNotContain", "beginsWith", "doesNotBeginWith", "endsWith", "doesNotEndWith"];
/// By [`Direction`], plain and negated.
const WITHIN: [&str; 4] = ["inLast", "notInLast", "inNext", "notInNext"];

fn value_json(value: &Value) -> Json {
    match value {
        // A whole number is written without ".0", as JavaScript does.
        Value::Number(number) if number.fract() == 0.0 && number.abs() < 9e15 => json!(*number as i64),
        Value::Number(number) => json!(number),
        Value::Text(text) => json!(text),
        Value::Day(day) => json!({ "date": format_day(*day) }),
        Value::Boolean(value) => json!(value),
        Value::Column(name) => json!({ "column": name }),
    }
}

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
struct Path(Vec<usize>);

impl Path {
    fn error(&self, code: Code, message: impl std::fmt::Display) -> Error {
        let path: Vec<String> = self.0.iter().map(|index| format!("rules[{index}]")).collect();
        let place =
            if path.is_empty() { "In the rule".to_string() } else { format!("In the rule’s {}", path.join(".")) };
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
    match (fields.get("rules"), fields.contains_key("field")) {
        (Some(Json::Array(rules)), false) => read_group(fields, rules, path),
        (Some(_), false) => Err(path.syntax("“rules” is not a list.")),
        (None, true) => Ok(Rule::Condition(read_condition(fields, path)?)),
        (None, false) => Err(path.syntax("found neither “rules” (a group) nor “field” (a condition).")),
        (Some(_), true) => Err(path.syntax("found both “rules” and “field”. A part is either a group or a condition.")),
    }
}

fn read_group(fields: &Map<String, Json>, entries: &[Json], path: &mut Path) -> Result<Rule> {
    // The outermost group may be a mere wrapper, and is then no level of its own.
    if path.0.len() > MAX_DEPTH {
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
        path.0.push(index);
        if between && index % 2 == 1 {
            if read_combinator(entry, usize::MAX, path)? == Combinator::Or {
                any.push(Rule::group(Combinator::And, std::mem::take(&mut all)));
            }
        } else {
            all.push(read_rule(entry, path)?);
        }
        path.0.pop();
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
    let (column, operator) = (text("field")?, text("operator")?);
    let from_field = match fields.get("valueSource") {
        None | Some(Json::Null) => false,
        Some(Json::String(source)) if source == "value" => false,
        Some(Json::String(source)) if source == "field" => true,
        Some(other) => {
            return Err(path.syntax(format!("“valueSource” is {}, expected “value” or “field”.", describe(other))));
        }
    };
    let value = fields.get("value").unwrap_or(&Json::Null);
    let missing_as = match fields.get("missingAs") {
        None | Some(Json::Null) => None,
        Some(Json::Bool(answer)) => Some(MissingAs::Answer(*answer)),
        Some(other) => match read_value(other, false, path)? {
            Operand { value: Value::Column(_), .. } => {
                return Err(path.syntax("“missingAs” is a column, expected a value."));
            }
            operand => Some(MissingAs::Value(operand)),
        },
    };
    let test = read_test(operator, value, from_field, path)?;
    if missing_as.is_some() && matches!(test, Test::Missing { .. }) {
        return Err(path.syntax(format!("“{operator}” is never unknown. Leave out “missingAs”.")));
    }
    let ignoring_case = match fields.get("ignoreCase") {
        None | Some(Json::Null | Json::Bool(false)) => false,
        Some(Json::Bool(true)) => true,
        Some(other) => return Err(path.syntax(format!("“ignoreCase” is {}, expected true or false.", describe(other)))),
    };
    let (column_place, test_place) = (Place::default(), Place::default());
    Ok(Condition { column: column.to_string(), column_place, test, test_place, ignoring_case, missing_as })
}

fn read_test(operator: &str, value: &Json, from_field: bool, path: &Path) -> Result<Test> {
    let one = || read_value(value, from_field, path);
    let comparison = match operator {
        "=" => Some(Comparison::Equal),
        "!=" => Some(Comparison::NotEqual),
        "<" => Some(Comparison::Less),
        "<=" => Some(Comparison::AtMost),
        ">" => Some(Comparison::Greater),
        ">=" => Some(Comparison::AtLeast),
        _ => None,
    };
    if let Some(comparison) = comparison {
        return Ok(Test::Compare(comparison, one()?));
    }
    if let Some(index) = HAS.iter().position(|name| *name == operator) {
        let part = [Part::Anywhere, Part::Start, Part::End][index / 2];
        return Ok(Test::Has { negated: index % 2 == 1, part, what: one()? });
    }
    if let Some(index) = WITHIN.iter().position(|name| *name == operator) {
        let direction = [Direction::Last, Direction::Next][index / 2];
        let amount = value.get("amount").and_then(Json::as_f64).and_then(whole_amount);
        let unit = value.get("unit").and_then(Json::as_str).and_then(Unit::named);
        let Some((amount, unit)) = amount.zip(unit) else {
            return Err(path.syntax(format!(
                "“{operator}” needs a value such as {{\"amount\": 90, \"unit\": \"day\"}}, with a whole amount from 1 to {MAX_AMOUNT} and day, week, month or year."
            )));
        };
        return Ok(Test::Within { negated: index % 2 == 1, direction, amount, unit });
    }
    match operator {
        "null" | "notNull" => Ok(Test::Missing { negated: operator == "notNull" }),
        "in" | "notIn" => {
            let options = read_list(value, from_field, path)?;
            if options.is_empty() {
                return Err(path.syntax(format!("“{operator}” needs at least one value.")));
            }
            Ok(Test::In { negated: operator == "notIn", options })
        }
        "between" | "notBetween" => {
            let Ok([low, high]) = <[Operand; 2]>::try_from(read_list(value, from_field, path)?) else {
                return Err(path.syntax(format!("“{operator}” needs exactly two values.")));
            };
            Ok(Test::Between { negated: operator == "notBetween", low, high })
        }
        _ => Err(path.syntax(format!("there is no operator “{operator}”."))),
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
    let name = |name: &Json| match name.as_str() {
        Some(name) if !name.is_empty() => Ok(Value::Column(name.to_string())),
        _ => Err(path.syntax(format!("the value is {}, expected a column’s name.", describe(name)))),
    };
    let value = match value {
        Json::Object(fields) if fields.len() == 1 && fields.contains_key("column") => name(&fields["column"])?,
        other if from_field => name(other)?,
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
