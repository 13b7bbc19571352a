//! What is asked for, as one JSON document: a study's recipe, the tables' names, and a segment or grouping of it.

use crate::error::{Code, Error, Result};
use crate::export::sql::dialect::Dialect;
use crate::segment::rules::json::from_json;
use crate::segment::rules::tree::Rule;
use serde_json::Value;

/// The answer to a request in JSON: `{ options, recipe, orders, segment: { name, rule } | grouping: name }`.
///
/// # Errors
/// `bad-option` for what cannot be read; `unsupported` for what the dialect cannot say, naming the part and the reason.
pub fn answer(request: &str) -> Result<String> {
    let request: Value = serde_json::from_str(request)
        .map_err(|error| Error::new(Code::BadOption, format!("The request is no JSON: {error}.")))?;
    let options = &request["options"];
    let dialect = Dialect::named(text(options, "dialect")?)?;
    let (table, key) = (dialect.table(text(options, "table")?)?, dialect.name(text(options, "key")?)?);
    let rule = from_json(&request["segment"]["rule"])?;
    if rule != Rule::Everyone {
        return Err(dialect.unsupported("a condition", "conditions are not translated yet."));
    }
    Ok(format!("SELECT c.{key}\nFROM {table} AS c"))
}

fn text<'a>(options: &'a Value, name: &str) -> Result<&'a str> {
    options[name].as_str().filter(|text| !text.is_empty()).ok_or_else(|| {
        Error::new(Code::BadOption, format!("SQL needs the option “{name}”: a text that is not empty."))
    })
}
