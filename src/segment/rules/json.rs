//! How does a rule travel as data? Tree → JSON, a superset of react-querybuilder's query. `from_json` reads it.
//!
//! A value keeps its JSON type: `28` is a number and `"28"` a text. `docs/LANGUAGE.md` lists our additions to react-querybuilder's
//! shape.

use crate::segment::rules::tree::{
    Aggregate, Combinator, Condition, Measure, MissingAs, Operand, Rule, Sequence, Test, Top, Unit, Value, Window,
};
use crate::segment::rules::vocabulary::MEASURES;
use crate::table::date::format_day;
use serde_json::{Map, Value as Json, json};

/// The rule as JSON. It always begins with a group, as react-querybuilder wants it.
pub fn to_json(rule: &Rule) -> Json {
    match rule {
        Rule::Condition(_) | Rule::Segment(_) | Rule::Sequence(_) => {
            json!({ "combinator": "and", "rules": [node(rule)] })
        }
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
        Rule::Segment(segment) => json!({ "segment": segment.name }),
        Rule::Sequence(sequence) => json!({ "sequence": sequence_json(sequence) }),
    }
}

fn sequence_json(sequence: &Sequence) -> Json {
    let mut json = Map::new();
    let rule = |rule: &Option<Rule>| rule.as_ref().map_or(Json::Null, to_json);
    json.insert("first".into(), rule(&sequence.first));
    json.insert("absent".into(), sequence.absent.into());
    json.insert("second".into(), rule(&sequence.second));
    json.insert("within".into(), amount_json(sequence.amount, sequence.unit));
    if let Some(same) = &sequence.same {
        json.insert("same".into(), same.name.as_str().into());
    }
    Json::Object(json)
}

fn amount_json(amount: u32, unit: Unit) -> Json {
    json!({ "amount": amount, "unit": unit.name() })
}

fn condition_json(condition: &Condition) -> Json {
    let (operator, value) = test_json(&condition.test);
    let mut json = match &condition.subject.value {
        Value::Column(name) => json!({ "field": name, "operator": operator, "value": value }),
        other => json!({ "expression": value_json(other), "operator": operator, "value": value }),
    };
    // One column alone is said in react-querybuilder's own way.
    if let Test::Compare(_, Operand { value: Value::Column(name), .. })
    | Test::Has { what: Operand { value: Value::Column(name), .. }, .. } = &condition.test
    {
        json["value"] = Json::String(name.clone());
        json["valueSource"] = "field".into();
    }
    if let Test::Between { exclusive: true, .. } = &condition.test {
        json["exclusive"] = Json::Bool(true);
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

/// A test's operator and value.
fn test_json(test: &Test) -> (&'static str, Json) {
    let list = |options: &[Operand]| options.iter().map(|option| value_json(&option.value)).collect();
    let pick = |names: &[&'static str], index: usize, negated: bool| names[2 * index + usize::from(negated)];
    match test {
        Test::Compare(comparison, operand) => (comparison.symbol(), value_json(&operand.value)),
        Test::Between { negated, low, high, .. } => {
            (pick(&BETWEEN, 0, *negated), Json::Array(vec![value_json(&low.value), value_json(&high.value)]))
        }
        Test::In { negated, options } => (pick(&IN, 0, *negated), list(options)),
        Test::Has { negated, part, what } => (pick(&HAS, *part as usize, *negated), value_json(&what.value)),
        Test::Pattern { negated, kind, pattern } => {
            (pick(&PATTERN, *kind as usize, *negated), value_json(&pattern.value))
        }
        Test::Missing { negated } => (pick(&MISSING, 0, *negated), Json::Null),
        Test::Blank { negated } => (pick(&MISSING, 1, *negated), Json::Null),
        Test::Holds { negated, how, options } => (pick(&HOLDS, *how as usize, *negated), list(options)),
        Test::Within { negated, direction, amount, unit } => {
            (pick(&WITHIN, *direction as usize, *negated), amount_json(*amount, *unit))
        }
        Test::Period { negated, which, unit, fiscal_from } => {
            let mut value = json!({ "which": which.name(), "unit": unit.name() });
            if let Some(month) = fiscal_from {
                value["fiscalFrom"] = (*month).into();
            }
            (pick(&PERIOD, 0, *negated), value)
        }
        Test::Anniversary { negated, direction, days } => {
            (pick(&ANNIVERSARY, 0, *negated), json!({ "direction": direction.name(), "days": days }))
        }
        Test::Top(top) => (pick(&TOP, top.end as usize, top.negated), top_json(top)),
    }
}

fn top_json(top: &Top) -> Json {
    let mut value = json!({ "amount": number_json(top.amount) });
    if top.percent {
        value["percent"] = true.into();
    }
    for (key, column) in [("per", &top.per), ("tiesBy", &top.ties_by)] {
        if let Some(column) = column {
            value[key] = column.name.as_str().into();
        }
    }
    value
}

/// Operators, plain and negated, in the order of the tree's kinds ([`Part`](crate::segment::rules::tree::Part) and so on).
pub const HAS: [&str; 6] =
    ["contains", "doesNotContain", "beginsWith", "doesNotBeginWith", "endsWith", "doesNotEndWith"];
#[allow(missing_docs, reason = "said above")]
pub const WITHIN: [&str; 4] = ["inLast", "notInLast", "inNext", "notInNext"];
#[allow(missing_docs, reason = "said above")]
pub const BETWEEN: [&str; 2] = ["between", "notBetween"];
#[allow(missing_docs, reason = "said above")]
pub const IN: [&str; 2] = ["in", "notIn"];
#[allow(missing_docs, reason = "said above")]
pub const PATTERN: [&str; 4] = ["like", "notLike", "matches", "notMatches"];
#[allow(missing_docs, reason = "said above")]
pub const MISSING: [&str; 4] = ["null", "notNull", "blank", "notBlank"];
#[allow(missing_docs, reason = "said above")]
pub const HOLDS: [&str; 6] = ["anyOf", "noneOf", "allOf", "notAllOf", "exactly", "notExactly"];
#[allow(missing_docs, reason = "said above")]
pub const PERIOD: [&str; 2] = ["inPeriod", "notInPeriod"];
#[allow(missing_docs, reason = "said above")]
pub const ANNIVERSARY: [&str; 2] = ["anniversary", "notAnniversary"];
#[allow(missing_docs, reason = "said above")]
pub const TOP: [&str; 4] = ["inTop", "notInTop", "inBottom", "notInBottom"];

/// A whole number is written without ".0", as JavaScript does.
fn number_json(number: f64) -> Json {
    if number.fract() == 0.0 && number.abs() < 9e15 { json!(number as i64) } else { json!(number) }
}

fn value_json(value: &Value) -> Json {
    match value {
        Value::Number(number) => number_json(*number),
        Value::Text(text) => json!(text),
        Value::Day(day) => json!({ "date": format_day(*day) }),
        Value::Boolean(value) => json!(value),
        Value::Column(name) => json!({ "column": name }),
        Value::Parameter(name) => json!({ "parameter": name }),
        Value::Calculation(operation, sides) => {
            let sides: Vec<Json> = sides.iter().map(|side| value_json(&side.value)).collect();
            json!({ "calculate": operation.symbol(), "of": sides })
        }
        Value::Call(function, operands) => {
            let operands: Vec<Json> = operands.iter().map(|operand| value_json(&operand.value)).collect();
            json!({ "call": function.name(), "of": operands })
        }
        Value::Orders(aggregate) => aggregate_json(aggregate),
    }
}

/// How a measure is called in JSON.
pub fn measure_name(measure: Measure) -> &'static str {
    match measure {
        Measure::Orders => "count",
        Measure::Lines => "lines",
        Measure::Nth(_) => "nth",
        other => MEASURES.iter().find(|(known, _)| *known == other).map_or("", |(_, name)| name),
    }
}

fn aggregate_json(aggregate: &Aggregate) -> Json {
    let mut json = json!({ "orders": measure_name(aggregate.measure) });
    if let Measure::Nth(nth) = aggregate.measure {
        json["nth"] = nth.into();
    }
    if let Some(of) = &aggregate.of {
        json["of"] = of.name.as_str().into();
    }
    if let Some(filter) = &aggregate.filter {
        json["where"] = to_json(filter);
    }
    match &aggregate.window {
        None => {}
        Some(Window::AnyDays(days)) => json["window"] = json!({ "anyDays": days }),
        Some(Window::Passing(test)) => {
            let (operator, value) = test_json(test);
            json["window"] = json!({ "operator": operator, "value": value });
            if let Test::Between { exclusive: true, .. } = test {
                json["window"]["exclusive"] = true.into();
            }
        }
    }
    json
}
