//! How do options come in, and results go out?

use crate::error::{Result, Thrown};
use crate::plain;
use js_sys::{Array, Object, Reflect, Uint32Array};
use marquetry::error::{Code, Error};
use marquetry::table::texts::Texts;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;

/// The code that marks a missing row in [`texts`].
pub(crate) const MISSING_TEXT: u32 = u32::MAX;

/// Options from a plain object; nothing at all means all defaults.
pub(crate) fn options<T: DeserializeOwned + Default>(value: JsValue) -> Result<T> {
    if value.is_undefined() { Ok(T::default()) } else { options_from(value) }
}

/// Anything small from a plain value, by way of JSON.
pub(crate) fn options_from<T: DeserializeOwned>(value: JsValue) -> Result<T> {
    plain::read(&value)
        .map_err(|error| Thrown(Error::new(Code::BadOption, format!("An option cannot be used: {error}."))))
}

/// One property of an options object, where it is there.
pub(crate) fn part<T: DeserializeOwned>(options: &JsValue, name: &str) -> Result<Option<T>> {
    if !options.is_object() {
        return Ok(None);
    }
    options_from(Reflect::get(options, &name.into()).unwrap_or(JsValue::UNDEFINED))
}

/// A small result as a plain object; absent parts are `undefined`.
pub(crate) fn plain<T: Serialize + ?Sized>(value: &T) -> Result<JsValue> {
    write(value, Serializer::json_compatible().serialize_missing_as_null(false))
}

/// A result that holds JSON documents (rules, recipes) as a plain object; null stays null.
pub(crate) fn document<T: Serialize + ?Sized>(value: &T) -> Result<JsValue> {
    write(value, Serializer::json_compatible())
}

fn write<T: Serialize + ?Sized>(value: &T, serializer: Serializer) -> Result<JsValue> {
    value.serialize(&serializer).map_err(|error| Thrown(Error::new(Code::Internal, error.to_string())))
}

/// An object with these properties.
pub(crate) fn object<const N: usize>(properties: [(&str, JsValue); N]) -> JsValue {
    let object = Object::new();
    for (name, value) in properties {
        // Setting a property of a fresh ordinary object cannot fail.
        let _ = Reflect::set(&object, &name.into(), &value);
    }
    object.into()
}

/// An array of these values.
pub(crate) fn array(values: impl Iterator<Item = JsValue>) -> JsValue {
    values.collect::<Array>().into()
}

/// Text rows as `{ text, ends, codes }`: all distinct values as one string, where each ends in UTF-16 units, and one code
/// a row ([`MISSING_TEXT`] where missing). JavaScript cuts the values out, far faster than they could cross one by one.
pub(crate) fn texts(texts: &Texts, present: impl Fn(usize) -> bool) -> JsValue {
    let (mut text, mut ends, mut end) = (String::new(), Vec::with_capacity(texts.distinct()), 0);
    for value in texts.values() {
        text.push_str(value);
        end += value.encode_utf16().count() as u32;
        ends.push(end);
    }
    let codes: Vec<u32> =
        texts.codes().iter().enumerate().map(|(row, &code)| if present(row) { code } else { MISSING_TEXT }).collect();
    object([
        ("text", text.into()),
        ("ends", Uint32Array::from(ends.as_slice()).into()),
        ("codes", Uint32Array::from(codes.as_slice()).into()),
    ])
}
