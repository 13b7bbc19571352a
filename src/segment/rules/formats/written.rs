//! How is a literal written in another format? What several of them share.

use crate::segment::rules::formats::lowered::{Literal, Place};
use crate::segment::rules::tree::Value;
use crate::table::date::parse_iso_day;
use serde_json::{Value as Json, json};

/// A literal as JSON; a whole number without ".0", as JavaScript writes it.
pub fn literal_json(literal: &Literal) -> Json {
    match literal {
        Literal::Number(number) if number.fract() == 0.0 && number.abs() < 9e15 => json!(*number as i64),
        Literal::Number(number) => json!(number),
        Literal::Text(text) => json!(text),
        Literal::Boolean(value) => json!(value),
    }
}

/// A literal from JSON; a text stays one, also where it is a day. None for null, lists and objects.
pub fn literal_from(json: &Json) -> Option<Value> {
    match json {
        Json::Number(number) => number.as_f64().filter(|number| number.is_finite()).map(Value::Number),
        Json::String(text) => Some(Value::Text(text.clone())),
        Json::Bool(value) => Some(Value::Boolean(*value)),
        _ => None,
    }
}

/// The day at the beginning of an ISO text such as 2026-01-31T00:00:00Z.
pub fn day_from(text: &str) -> Option<Value> {
    text.get(..10).and_then(|day| parse_iso_day(day).ok()).map(Value::Day)
}

/// The text as a regular expression that means itself.
pub fn regex_escaped(text: &str) -> String {
    let mut escaped = String::new();
    for char in text.chars() {
        if r"\.+*?()|[]{}^$".contains(char) {
            escaped.push('\\');
        }
        escaped.push(char);
    }
    escaped
}

/// A regular expression that finds a text in its place. The end is the very end, also before a line's end.
pub fn regex_of(place: Place, text: &str, end: &str) -> String {
    let text = regex_escaped(text);
    match place {
        Place::Anywhere => text,
        Place::Start => format!("^{text}"),
        Place::End => format!("{text}{end}"),
        Place::Whole => format!("^{text}{end}"),
    }
}
