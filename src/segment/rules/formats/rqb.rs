//! Which of our rules are plain queries of react-querybuilder, and which of its queries can be read? Our JSON is a superset of
//! its shape, so both only have to look.

use crate::error::Result;
use crate::segment::rules::format::format;
use crate::segment::rules::formats::imported::{Collected, Imported, joined_rest, not};
use crate::segment::rules::formats::lowered::refused;
use crate::segment::rules::from_json::from_json;
use crate::segment::rules::json::to_json;
use crate::segment::rules::tree::{Combinator, Condition, Operand, Rule, Test, Value};
use crate::table::date::format_day;
use serde_json::Value as Json;

/// Reads a query. Parts that cannot be read are left out and named.
///
/// # Errors
/// `rule-syntax` for what is no group at all.
pub fn import(source: &Json) -> Result<Imported> {
    if source.get("rules").is_none_or(|rules| !rules.is_array()) {
        return from_json(source).map(|rule| Collected::default().finish(Some(rule)));
    }
    let mut collected = Collected::default();
    let rule = read(source, "", &mut collected);
    Ok(collected.finish(rule))
}

fn read(json: &Json, path: &str, collected: &mut Collected) -> Option<Rule> {
    let error = match from_json(json) {
        Ok(rule) => return Some(rule),
        Err(error) => error,
    };
    let combinator = match json["combinator"].as_str().map(str::to_ascii_lowercase).as_deref() {
        Some("and") => Combinator::And,
        Some("or") => Combinator::Or,
        _ => return collected.leave_out(path, error.message),
    };
    let Some(rules) = json["rules"].as_array() else { return collected.leave_out(path, error.message) };
    let dot = if path.is_empty() { "" } else { "." };
    let parts = (rules.iter().enumerate())
        .map(|(index, rule)| read(rule, &format!("{path}{dot}rules[{index}]"), collected))
        .collect();
    let rule = joined_rest(combinator, parts);
    if json["not"] == Json::Bool(true) { rule.map(not) } else { rule }
}

/// Writes a rule in the operators and values that every react-querybuilder has. Days become ISO texts.
///
/// # Errors
/// `unsupported`, naming every part that needs one of our additions.
pub fn write(rule: &Rule) -> Result<Json> {
    let mut reasons = Vec::new();
    for leaf in rule.leaves() {
        let reason = match leaf {
            Rule::Condition(condition) => lacking(condition),
            Rule::Segment(_) => Some("another segment"),
            _ => Some("a sequence of orders"),
        };
        reasons.extend(reason.map(|reason| format!("“{}” ({reason})", format(leaf))));
    }
    if !reasons.is_empty() {
        return Err(refused(&reasons, "react-querybuilder"));
    }
    Ok(to_json(&without_days(rule.clone())))
}

/// What react-querybuilder has no word for in a condition.
fn lacking(condition: &Condition) -> Option<&'static str> {
    let column = |operand: &&Operand| matches!(operand.value, Value::Column(_));
    let literal = |operand: &&Operand| {
        matches!(operand.value, Value::Number(_) | Value::Text(_) | Value::Day(_) | Value::Boolean(_))
    };
    let operands = condition.operands();
    let several = !matches!(condition.test, Test::Compare(..) | Test::Has { .. });
    match &condition.test {
        _ if !matches!(condition.subject.value, Value::Column(_)) => Some("a calculation"),
        _ if condition.ignoring_case => Some("ignoring case"),
        _ if condition.missing_as.is_some() => Some("treat missing as"),
        Test::Between { exclusive: true, .. } => Some("exclusive"),
        Test::Compare(..) | Test::Between { .. } | Test::In { .. } | Test::Has { .. } | Test::Missing { .. } => {
            if operands.iter().all(literal) || !several && operands.iter().all(column) {
                None
            } else {
                Some("such values")
            }
        }
        _ => Some("its operator"),
    }
}

fn without_days(rule: Rule) -> Rule {
    let text = |operand: Operand| match operand.value {
        Value::Day(day) => Value::Text(format_day(day)).operand(),
        _ => operand,
    };
    match rule {
        Rule::Not(inner) => Rule::Not(Box::new(without_days(*inner))),
        Rule::Group(combinator, rules) => Rule::Group(combinator, rules.into_iter().map(without_days).collect()),
        Rule::Condition(condition) => {
            let test = match condition.test {
                Test::Compare(comparison, operand) => Test::Compare(comparison, text(operand)),
                Test::Between { negated, low, high, exclusive } => {
                    Test::Between { negated, low: text(low), high: text(high), exclusive }
                }
                Test::In { negated, options } => Test::In { negated, options: options.into_iter().map(text).collect() },
                test => test,
            };
            Rule::Condition(Condition { test, ..condition })
        }
        rule => rule,
    }
}
