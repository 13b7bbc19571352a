//! What does a rule say, without a table to ask?

use crate::convert;
use crate::error::Result;
use crate::session::Session;
use marquetry::segment::rules::check::check;
use marquetry::segment::rules::format::format;
use marquetry::segment::rules::from_json::from_json;
use marquetry::segment::rules::json::to_json;
use marquetry::segment::rules::parse::parse;
use marquetry::segment::rules::rule_error::RuleError;
use marquetry::segment::rules::schema::Schema;
use marquetry::table::column::ColumnType;
use serde::Deserialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// A column's name and type, all that checking a rule needs.
#[derive(Deserialize)]
struct Named {
    name: String,
    #[serde(rename = "type")]
    kind: ColumnType,
}

#[wasm_bindgen]
impl Session {
    /// `{ rule, errors }` of a rule's text; names and types are checked when columns are given.
    #[wasm_bindgen(js_name = parseRule)]
    pub fn parse_rule(&self, text: &str, columns: JsValue) -> Result<JsValue> {
        let columns: Option<Vec<Named>> = convert::options_from(columns)?;
        let (rule, errors) = match (parse(text), columns) {
            (Err(errors), _) => (JsValue::UNDEFINED, errors),
            (Ok(rule), None) => (convert::document(&to_json(&rule))?, Vec::new()),
            (Ok(rule), Some(columns)) => {
                let columns: Vec<_> = columns.into_iter().map(|column| (column.name, column.kind)).collect();
                (convert::document(&to_json(&rule))?, check(&rule, &Schema::of(&columns)))
            }
        };
        let errors = errors.iter().map(view).collect::<Result<Vec<JsValue>>>()?;
        Ok(convert::object([("rule", rule), ("errors", convert::array(errors.into_iter()))]))
    }

    /// A rule's JSON as canonical text.
    #[wasm_bindgen(js_name = formatRule)]
    pub fn format_rule(&self, rule: JsValue) -> Result<String> {
        Ok(format(&from_json(&convert::options_from(rule)?)?))
    }
}

fn view(error: &RuleError) -> Result<JsValue> {
    Ok(convert::object([
        ("at", error.at.into()),
        ("length", error.length.into()),
        ("message", error.message.as_str().into()),
        ("suggestions", convert::plain(&error.suggestions)?),
    ]))
}
