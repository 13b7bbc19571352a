//! What does a rule or a model say in another language? Each function takes one request as JSON text and gives text, or the bytes of
//! a file.
//!
//! Useful for: the wrapper in `js/src/wasm.ts`. Nothing here knows rows: what a request needs besides the rule (columns,
//! other segments, the reference date) stands in it. A module of its own keeps the engine small.

use js_sys::{Error as JsError, JSON, Reflect};
use marquetry::error::Error;
use marquetry::export::model::request;
use marquetry::export::sql::request::answer;
use marquetry::segment::rules::formats::exchange::{answer_export, answer_import};
use marquetry::segment::templates::answer_templates;
use std::sync::Mutex;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

static LAST_PANIC: Mutex<Option<String>> = Mutex::new(None);

/// Runs once when the module is instantiated: keeps a panic's message, since the trap that follows carries none.
#[wasm_bindgen(start)]
pub fn start() {
    std::panic::set_hook(Box::new(|panic| {
        if let Ok(mut last) = LAST_PANIC.lock() {
            *last = Some(panic.to_string());
        }
    }));
}

/// The message of the panic that ended this instance, if one did.
#[wasm_bindgen(js_name = lastPanic)]
pub fn last_panic() -> Option<String> {
    LAST_PANIC.lock().ok().and_then(|last| last.clone())
}

/// A segment or a grouping as one SELECT statement.
#[wasm_bindgen]
pub fn sql(request: &str) -> Result<String, Thrown> {
    Ok(answer(request)?)
}

/// A saved model as the bytes of an ONNX file.
#[wasm_bindgen]
pub fn onnx(request: &str) -> Result<Vec<u8>, Thrown> {
    Ok(request::onnx(request)?)
}

/// A saved model as the text of a PMML file.
#[wasm_bindgen]
pub fn pmml(request: &str) -> Result<String, Thrown> {
    Ok(request::pmml(request)?)
}

/// Another system's rule in ours: JSON in, JSON out.
#[wasm_bindgen(js_name = importRule)]
pub fn import_rule(request: &str) -> Result<String, Thrown> {
    Ok(answer_import(request)?)
}

/// A rule in another system's format: JSON in, JSON out.
#[wasm_bindgen(js_name = exportRule)]
pub fn export_rule(request: &str) -> Result<String, Thrown> {
    Ok(answer_export(request)?)
}

/// Ready rules for a table: JSON in, JSON out.
#[wasm_bindgen]
pub fn templates(request: &str) -> Result<String, Thrown> {
    Ok(answer_templates(request)?)
}

/// The core's error on its way out.
#[derive(Debug)]
pub struct Thrown(Error);

impl From<Error> for Thrown {
    fn from(error: Error) -> Thrown {
        Thrown(error)
    }
}

impl From<Thrown> for JsValue {
    fn from(Thrown(error): Thrown) -> JsValue {
        let thrown = JsError::new(&error.message);
        thrown.set_name("MarquetryError");
        let details = serde_json::to_string(&*error.details).ok().and_then(|text| JSON::parse(&text).ok());
        // Setting a property of a fresh ordinary object cannot fail.
        let _ = Reflect::set(&thrown, &"code".into(), &error.code.as_str().into());
        let _ = Reflect::set(&thrown, &"details".into(), &details.unwrap_or(JsValue::UNDEFINED));
        thrown.into()
    }
}
