//! Which format is it? The one door to all of them.

use crate::error::{Code, Error, Result};
use crate::segment::rules::formats::imported::{Imported, Known};
use crate::segment::rules::formats::lowered::{Around, lower, refused};
use crate::segment::rules::formats::{cel, jsonlogic, jsonlogic_out, mongodb, mongodb_out};
use crate::segment::rules::from_json::from_json;
use crate::segment::rules::tree::{MAX_DEPTH, Rule};
use serde_json::Value as Json;

/// Formats that rules are read from.
pub const IMPORTS: [&str; 3] = ["jsonlogic", "mongodb", "react-querybuilder"];
/// Formats that rules are written in.
pub const EXPORTS: [&str; 4] = ["jsonlogic", "mongodb", "react-querybuilder", "cel"];

/// Reads a rule of another format. A text is taken for JSON, but for formats that are texts themselves.
///
/// # Errors
/// `bad-option` for an unknown format, `rule-syntax` for what is not in the format at all. What is in it and cannot be said
/// is no error: it is listed.
pub fn import(format: &str, source: &Json, known: &Known) -> Result<Imported> {
    let parsed;
    let source = match source {
        Json::String(text) if text.trim_start().starts_with(['{', '[']) => {
            parsed = serde_json::from_str(text).map_err(|error| {
                Error::new(
                    Code::RuleSyntax,
                    format!("The rule is no JSON ({error}). Copy all of it, from the first bracket to the last."),
                )
            })?;
            &parsed
        }
        source => source,
    };
    if depth(source) > MAX_DEPTH {
        let message =
            format!("A rule nested deeper than {MAX_DEPTH} levels cannot be read. Split it into simpler ones.");
        return Err(Error::new(Code::RuleSyntax, message).limit(MAX_DEPTH as f64));
    }
    match format {
        "jsonlogic" => Ok(jsonlogic::import(source, known)),
        "mongodb" => Ok(mongodb::import(source, known)),
        "react-querybuilder" => Ok(Imported { rule: from_json(source)?, unsupported: Vec::new(), notes: Vec::new() }),
        other => Err(unknown(other, &IMPORTS)),
    }
}

/// Writes a rule in another format.
///
/// # Errors
/// `bad-option` for an unknown format; `unsupported`, naming every part that the format cannot say: nothing is left out.
pub fn export(format: &str, rule: &Rule, around: &Around) -> Result<Json> {
    let whole =
        |name: &str, written: std::result::Result<Json, String>| written.map_err(|reason| refused(&[reason], name));
    match format {
        "jsonlogic" => whole("JsonLogic", jsonlogic_out::write(&lower(rule, around, "JsonLogic")?)),
        "mongodb" => whole("MongoDB", mongodb_out::write(&lower(rule, around, "MongoDB")?)),
        "cel" => Ok(Json::String(cel::write(&lower(rule, around, "CEL")?))),
        other => Err(unknown(other, &EXPORTS)),
    }
}

fn unknown(format: &str, offered: &[&str]) -> Error {
    Error::new(Code::BadOption, format!("There is no rule format “{format}”. Choose one of {}.", offered.join(", ")))
}

/// How deep lists and objects nest; counting stops beyond what is allowed.
fn depth(json: &Json) -> usize {
    let mut waiting = vec![(json, 0)];
    let mut deepest = 0;
    while let Some((json, depth)) = waiting.pop() {
        deepest = deepest.max(depth);
        match json {
            Json::Array(entries) if depth <= MAX_DEPTH => {
                waiting.extend(entries.iter().map(|inner| (inner, depth + 1)))
            }
            Json::Object(fields) if depth <= MAX_DEPTH => {
                waiting.extend(fields.values().map(|inner| (inner, depth + 1)))
            }
            _ => {}
        }
    }
    deepest
}
