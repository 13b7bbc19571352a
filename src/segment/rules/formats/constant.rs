//! What does a piece of JsonLogic come to that needs no data? JavaScript's truth, numbers and comparisons, for constants.
//!
//! Where implementations differ this follows the community's test suite: an impossible number is an error, not a value.

use crate::segment::rules::tree::Comparison;
use serde_json::{Value as Json, json};
use std::cmp::Ordering;

/// What a piece comes to, or why that cannot be said.
pub type Folded = Result<Json, String>;

/// The value of a piece of JsonLogic. `element` is what `var` looks into: the entry of a list of constants, if in one.
///
/// # Errors
/// The reason, for what needs the customer's data, fails by itself, or is no operation that is known.
pub fn fold(logic: &Json, element: Option<&Json>) -> Folded {
    match logic {
        Json::Array(entries) => {
            entries.iter().map(|entry| fold(entry, element)).collect::<Result<_, _>>().map(Json::Array)
        }
        Json::Object(fields) => match fields.iter().next() {
            None => Ok(logic.clone()),
            Some((operation, given)) if fields.len() == 1 => apply(operation, given, element),
            Some(_) => Err("an object with several keys is no operation".into()),
        },
        literal => Ok(literal.clone()),
    }
}

/// Whether any part asks for data.
pub fn needs_data(logic: &Json) -> bool {
    match logic {
        Json::Array(entries) => entries.iter().any(needs_data),
        Json::Object(fields) => fields.iter().any(|(key, inner)| {
            matches!(key.as_str(), "var" | "val" | "exists" | "missing" | "missing_some") || needs_data(inner)
        }),
        _ => false,
    }
}

/// Whether JsonLogic takes it for true: not 0, empty text, an empty list, null or false.
pub fn truthy(value: &Json) -> bool {
    match value {
        Json::Null => false,
        Json::Bool(value) => *value,
        Json::Number(number) => number.as_f64() != Some(0.0),
        Json::String(text) => !text.is_empty(),
        Json::Array(entries) => !entries.is_empty(),
        Json::Object(_) => true,
    }
}

/// A value as a number, as JavaScript makes one; none where it would be no number.
pub fn number(value: &Json) -> Option<f64> {
    match value {
        Json::Null => Some(0.0),
        Json::Bool(value) => Some(f64::from(u8::from(*value))),
        Json::Number(number) => number.as_f64(),
        Json::String(text) => match text.trim() {
            "" => Some(0.0),
            text if text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte)) => text.parse().ok(),
            _ => None,
        },
        Json::Array(_) | Json::Object(_) => None,
    }
}

/// Whether `left symbol right` holds.
///
/// # Errors
/// The reason where the two cannot be compared.
pub fn compare(symbol: &str, left: &Json, right: &Json) -> Result<bool, String> {
    if matches!(symbol, "===" | "!==") {
        let same = match (left, right) {
            (Json::Number(left), Json::Number(right)) => left.as_f64() == right.as_f64(),
            (Json::Array(_) | Json::Object(_), Json::Array(_) | Json::Object(_)) => {
                return Err("lists and objects have no equality".into());
            }
            (left, right) => left == right,
        };
        return Ok(same == (symbol == "==="));
    }
    let order = match (left, right) {
        (Json::String(left), Json::String(right)) => left.encode_utf16().cmp(right.encode_utf16()),
        _ => match number(left).zip(number(right)).and_then(|(left, right)| left.partial_cmp(&right)) {
            Some(order) => order,
            None => return Err(format!("{left} and {right} cannot be compared as numbers")),
        },
    };
    Ok(match symbol {
        "==" => order == Ordering::Equal,
        "!=" => order != Ordering::Equal,
        "<" => order == Ordering::Less,
        "<=" => order != Ordering::Greater,
        ">" => order == Ordering::Greater,
        _ => order != Ordering::Less,
    })
}

/// The comparison a symbol stands for.
pub fn comparison(symbol: &str) -> Comparison {
    match symbol {
        "==" | "===" => Comparison::Equal,
        "!=" | "!==" => Comparison::NotEqual,
        "<" => Comparison::Less,
        "<=" => Comparison::AtMost,
        ">" => Comparison::Greater,
        _ => Comparison::AtLeast,
    }
}

/// The symbol with its sides exchanged.
pub fn turned(symbol: &str) -> &str {
    match symbol {
        "<" => ">",
        "<=" => ">=",
        ">" => "<",
        ">=" => "<=",
        same => same,
    }
}

fn apply(operation: &str, given: &Json, element: Option<&Json>) -> Folded {
    // What is not in a list stands for a list of one.
    let one = std::slice::from_ref(given);
    let parts = given.as_array().map_or(one, Vec::as_slice);
    let at = |index: usize| parts.get(index).map_or(Ok(Json::Null), |part| fold(part, element));
    match operation {
        "var" | "val" => look_up(given, element),
        "!" => Ok(json!(!truthy(&at(0)?))),
        "!!" => Ok(json!(truthy(&at(0)?))),
        "and" | "or" if !given.is_array() => Err(format!("“{operation}” needs a list")),
        "and" | "or" => {
            let mut last = json!(false);
            for part in parts {
                last = fold(part, element)?;
                if truthy(&last) == (operation == "or") {
                    break;
                }
            }
            Ok(last)
        }
        "??" => {
            for part in parts {
                let value = fold(part, element)?;
                if !value.is_null() {
                    return Ok(value);
                }
            }
            Ok(Json::Null)
        }
        "if" | "?:" => {
            for pair in parts.chunks(2) {
                match pair {
                    [condition, then] if truthy(&fold(condition, element)?) => return fold(then, element),
                    [otherwise] => return fold(otherwise, element),
                    _ => {}
                }
            }
            Ok(Json::Null)
        }
        "==" | "!=" | "===" | "!==" | "<" | "<=" | ">" | ">=" => {
            if parts.len() < 2 {
                return Err(format!("“{operation}” needs two values"));
            }
            let mut left = at(0)?;
            for index in 1..parts.len() {
                let right = at(index)?;
                if !compare(operation, &left, &right)? {
                    return Ok(json!(false));
                }
                left = right;
            }
            Ok(json!(true))
        }
        "in" => {
            let (needle, hay) = (at(0)?, at(1)?);
            match &hay {
                Json::String(text) => Ok(json!(text.contains(&written(&needle)?))),
                Json::Array(entries) => {
                    let mut found = false;
                    for entry in entries {
                        found = found || compare("===", &needle, entry)?;
                    }
                    Ok(json!(found))
                }
                _ => Ok(json!(false)),
            }
        }
        "all" | "some" | "none" => {
            let entries = match at(0)? {
                Json::Array(entries) => entries,
                _ => Vec::new(),
            };
            let asked = parts.get(1).unwrap_or(&Json::Null);
            let mut passing = 0;
            for entry in &entries {
                passing += usize::from(truthy(&fold(asked, Some(entry))?));
            }
            Ok(json!(match operation {
                "all" => passing == entries.len() && passing > 0,
                "some" => passing > 0,
                _ => passing == 0,
            }))
        }
        "map" | "filter" => {
            let mut made = Vec::new();
            for entry in at(0)?.as_array().into_iter().flatten() {
                let value = fold(parts.get(1).unwrap_or(&Json::Null), Some(entry))?;
                match operation {
                    "map" => made.push(value),
                    _ if truthy(&value) => made.push(entry.clone()),
                    _ => {}
                }
            }
            Ok(Json::Array(made))
        }
        "merge" => {
            let mut merged = Vec::new();
            for value in spread(given, element)? {
                match value {
                    Json::Array(entries) => merged.extend(entries),
                    value => merged.push(value),
                }
            }
            Ok(Json::Array(merged))
        }
        "cat" => {
            let texts: Vec<String> = spread(given, element)?.iter().map(written).collect::<Result<_, _>>()?;
            Ok(json!(texts.concat()))
        }
        "+" | "-" | "*" | "/" | "%" | "min" | "max" => calculate(operation, &spread(given, element)?),
        "throw" => Err("it throws an error".into()),
        _ => Err(format!("“{operation}” is not offered")),
    }
}

/// The values an operation is given; a piece that comes to a list gives all of them.
fn spread(given: &Json, element: Option<&Json>) -> Result<Vec<Json>, String> {
    Ok(match fold(given, element)? {
        Json::Array(values) => values,
        value => vec![value],
    })
}

fn calculate(operation: &str, values: &[Json]) -> Folded {
    let mut numbers = Vec::new();
    for value in values {
        numbers.push(number(value).ok_or_else(|| format!("{value} is no number"))?);
    }
    let start = match (operation, numbers.as_slice()) {
        ("+", _) => 0.0,
        ("*", _) => 1.0,
        ("-", [one]) => return finite(-one),
        ("/", [one]) => return finite(1.0 / one),
        ("%", [_]) | (_, []) => return Err(format!("“{operation}” has too few values")),
        (_, [first, ..]) => *first,
    };
    let rest = if matches!(operation, "+" | "*") { &numbers[..] } else { &numbers[1..] };
    finite(rest.iter().fold(start, |sofar, next| match operation {
        "+" => sofar + next,
        "*" => sofar * next,
        "-" => sofar - next,
        "/" => sofar / next,
        "%" => sofar % next,
        "min" => sofar.min(*next),
        _ => sofar.max(*next),
    }))
}

fn finite(number: f64) -> Folded {
    if number.is_finite() { Ok(json!(number)) } else { Err("a calculation has no finite result".into()) }
}

/// A value as text.
fn written(value: &Json) -> Result<String, String> {
    match value {
        Json::Null => Ok(String::new()),
        Json::Bool(value) => Ok(value.to_string()),
        Json::String(text) => Ok(text.clone()),
        Json::Number(number) => match number.as_f64() {
            Some(number) if number == 0.0 || (1e-6..1e21).contains(&number.abs()) => Ok(number.to_string()),
            _ => Err(format!("{number} as text")),
        },
        Json::Array(_) | Json::Object(_) => Err("a list or an object as text".into()),
    }
}

/// What `var` or `val` finds in an entry of a list of constants.
fn look_up(given: &Json, element: Option<&Json>) -> Folded {
    let element = element.ok_or("it needs the customer’s data")?;
    let steps: Vec<&str> = match given {
        Json::String(path) if path.is_empty() => Vec::new(),
        Json::String(path) => path.split('.').collect(),
        Json::Array(entries) if entries.is_empty() => Vec::new(),
        _ => return Err("a way into the data that is not a plain name".into()),
    };
    let found = steps.iter().try_fold(element, |at, step| at.get(*step));
    Ok(found.cloned().unwrap_or(Json::Null))
}
