//! How is the text of JSON read that has rules in it? As any, but that rules may nest deeper than parsers take by themselves.

use crate::segment::rules::tree::MAX_JSON_LEVELS;
use serde::Deserialize;
use serde_json::{Deserializer, Value};

/// Reads a text as JSON. Depth is limited before anything recurses.
///
/// # Errors
/// What is wrong with it, as a clause.
pub fn read_json(text: &str) -> Result<Value, String> {
    if levels(text) > MAX_JSON_LEVELS {
        return Err(format!("it is nested deeper than {MAX_JSON_LEVELS} levels"));
    }
    let mut reader = Deserializer::from_str(text);
    reader.disable_recursion_limit();
    let value = Value::deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
    value.map_err(|error| error.to_string())
}

/// How deep brackets nest, those in texts aside.
fn levels(text: &str) -> usize {
    let (mut open, mut deepest) = (0usize, 0);
    let (mut quoted, mut escaped) = (false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'[' | b'{' if !quoted => open += 1,
            b']' | b'}' if !quoted => open = open.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(open);
    }
    deepest
}
