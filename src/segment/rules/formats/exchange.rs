//! Which format is it? The one door to all of them.

use crate::error::{Code, Error, Result};
use crate::segment::rules::format::format as write_text;
use crate::segment::rules::formats::fitted::fitted;
use crate::segment::rules::formats::imported::{Imported, Known};
use crate::segment::rules::formats::lowered::{Around, lower, refused};
use crate::segment::rules::formats::{
    cel, hubspot, jsonlogic, jsonlogic_out, klaviyo, mongodb, mongodb_out, rqb, shopify,
};
use crate::segment::rules::from_json::from_json;
use crate::segment::rules::json::to_json;
use crate::segment::rules::json_text::read_json;
use crate::segment::rules::tree::{MAX_DEPTH, MAX_JSON_LEVELS, Rule};
use crate::table::column::ColumnType;
use crate::table::date::parse_iso_day;
use serde_json::{Value as Json, json};

/// Formats that rules are read from.
pub const IMPORTS: [&str; 6] = ["jsonlogic", "mongodb", "react-querybuilder", "shopify", "hubspot", "klaviyo"];
/// Formats that rules are written in.
pub const EXPORTS: [&str; 4] = ["jsonlogic", "mongodb", "react-querybuilder", "cel"];

/// Reads a rule of another format. A text is taken for JSON, but for formats that are texts themselves.
///
/// # Errors
/// `bad-option` for an unknown format, `rule-syntax` for what is not in the format at all. What is in it and cannot be said
/// is no error: it is listed.
pub fn import(format: &str, source: &Json, known: &Known) -> Result<Imported> {
    if format == "shopify" {
        let query = source.as_str().ok_or_else(|| {
            Error::new(Code::RuleSyntax, "A Shopify segment query is a text, such as amount_spent >= 100.")
        })?;
        return Ok(fitted(shopify::import(query, known)?, known));
    }
    let parsed;
    let source = match source {
        Json::String(text) if text.trim_start().starts_with(['{', '[']) => {
            parsed = read_json(text).map_err(|error| {
                Error::new(
                    Code::RuleSyntax,
                    format!("The rule is no JSON ({error}). Copy all of it, from the first bracket to the last."),
                )
            })?;
            &parsed
        }
        source => source,
    };
    if depth(source) > MAX_JSON_LEVELS {
        return Err(too_deep());
    }
    let imported = match format {
        "jsonlogic" => jsonlogic::import(source, known),
        "mongodb" => mongodb::import(source, known)?,
        "hubspot" => hubspot::import(source, known)?,
        "klaviyo" => klaviyo::import(source, known)?,
        "react-querybuilder" => rqb::import(source)?,
        other => return Err(unknown(other, &IMPORTS)),
    };
    if imported.rule.depth() > MAX_DEPTH {
        return Err(too_deep());
    }
    Ok(fitted(imported, known))
}

fn too_deep() -> Error {
    let message = format!("A rule nested deeper than {MAX_DEPTH} levels cannot be read. Split it into simpler ones.");
    Error::new(Code::RuleSyntax, message).limit(MAX_DEPTH as f64)
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
        "react-querybuilder" => rqb::write(rule),
        "cel" => Ok(Json::String(cel::write(&lower(rule, around, "CEL")?))),
        other => Err(unknown(other, &EXPORTS)),
    }
}

/// The answer to a request to import, in JSON: `{ format, source, columns?, orders? }` gives `{ rule, text, unsupported, notes }`.
///
/// # Errors
/// Those of [`import`].
pub fn answer_import(request: &str) -> Result<String> {
    let request = read_request(request)?;
    let (columns, orders) = (columns_of(&request["columns"]), columns_of(&request["orders"]));
    let known = Known { columns: columns.as_deref(), orders: orders.as_deref() };
    let format = request["format"].as_str().unwrap_or_default();
    let Imported { rule, unsupported, notes } = import(format, &request["source"], &known)?;
    let text = write_text(&rule);
    Ok(json!({ "rule": to_json(&rule), "text": text, "unsupported": unsupported, "notes": notes }).to_string())
}

/// The answer to a request to export, in JSON: `{ format, rule, columns?, referenceDate? }` gives the rule.
///
/// # Errors
/// Those of [`export`], and of a rule that cannot be read.
pub fn answer_export(request: &str) -> Result<String> {
    let request = read_request(request)?;
    let columns = columns_of(&request["columns"]);
    let known = Known { columns: columns.as_deref(), orders: None };
    let reference_date = request["referenceDate"].as_str().map(parse_iso_day).transpose()?;
    let rule = from_json(&request["rule"])?;
    let format = request["format"].as_str().unwrap_or_default();
    Ok(export(format, &rule, &Around { known, reference_date })?.to_string())
}

/// A request as JSON.
///
/// # Errors
/// `bad-option`.
pub fn read_request(request: &str) -> Result<Json> {
    read_json(request).map_err(|error| Error::new(Code::BadOption, format!("The request is no JSON: {error}.")))
}

/// `[{ name, type }]`; a type that is null is not known.
fn columns_of(columns: &Json) -> Option<Vec<(String, Option<ColumnType>)>> {
    let column = |column: &Json| {
        let kind = serde_json::from_value(column["type"].clone()).ok();
        (column["name"].as_str().unwrap_or_default().to_string(), kind)
    };
    Some(columns.as_array()?.iter().map(column).collect())
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
            Json::Array(entries) if depth <= MAX_JSON_LEVELS => {
                waiting.extend(entries.iter().map(|inner| (inner, depth + 1)))
            }
            Json::Object(fields) if depth <= MAX_JSON_LEVELS => {
                waiting.extend(fields.values().map(|inner| (inner, depth + 1)))
            }
            _ => {}
        }
    }
    deepest
}
