//! How is a plain JavaScript value read into the core's options?
//!
//! JavaScript's own JSON cleans it (`undefined` properties go, dates become text), and it is read as a [`Value`] once. Every
//! option type is then compiled against this one small reader, not against a parser of text.

use js_sys::{Array, JSON, Object};
use marquetry::segment::rules::tree::MAX_JSON_LEVELS;
use serde::Deserialize;
use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{Deserializer, Error as _, IntoDeserializer, Unexpected, Visitor};
use serde_json::{Error, Value};
use wasm_bindgen::{JsCast, JsValue};

/// A plain value as any type that can be read.
pub(crate) fn read<T: for<'de> Deserialize<'de>>(value: &JsValue) -> Result<T, Error> {
    let clean = JSON::stringify(value).ok().and_then(|text| JSON::parse(&text.as_string()?).ok());
    T::deserialize(Plain(value_of(&clean.unwrap_or(JsValue::NULL), MAX_JSON_LEVELS)?))
}

fn value_of(value: &JsValue, levels: usize) -> Result<Value, Error> {
    let Some(levels) = levels.checked_sub(1) else { return Err(Error::custom("recursion limit exceeded")) };
    Ok(if let Some(text) = value.as_string() {
        Value::String(text)
    } else if let Some(number) = value.as_f64() {
        number_of(number)
    } else if let Some(truth) = value.as_bool() {
        Value::Bool(truth)
    } else if let Some(list) = value.dyn_ref::<Array>() {
        Value::Array(list.iter().map(|item| value_of(&item, levels)).collect::<Result<_, Error>>()?)
    } else if let Some(object) = value.dyn_ref::<Object>() {
        let mut map = serde_json::Map::new();
        for key in Object::keys(object) {
            let item = js_sys::Reflect::get(object, &key).unwrap_or(JsValue::NULL);
            map.insert(key.as_string().unwrap_or_default(), value_of(&item, levels)?);
        }
        Value::Object(map)
    } else {
        Value::Null
    })
}

/// Whole numbers are told from others by their value, as in the text of JSON.
fn number_of(number: f64) -> Value {
    if number.fract() == 0.0 && (0.0..u64::MAX as f64).contains(&number) {
        Value::from(number as u64)
    } else if number.fract() == 0.0 && (i64::MIN as f64..0.0).contains(&number) {
        Value::from(number as i64)
    } else {
        Value::from(number)
    }
}

struct Plain(Value);

impl<'de> IntoDeserializer<'de, Error> for Plain {
    type Deserializer = Plain;

    fn into_deserializer(self) -> Plain {
        self
    }
}

impl<'de> Deserializer<'de> for Plain {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(truth) => visitor.visit_bool(truth),
            Value::Number(number) => number.deserialize_any(visitor),
            Value::String(text) => visitor.visit_string(text),
            Value::Array(list) => visitor.visit_seq(SeqDeserializer::new(list.into_iter().map(Plain))),
            Value::Object(map) => {
                visitor.visit_map(MapDeserializer::new(map.into_iter().map(|(key, value)| (key, Plain(value)))))
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let found = match self.0 {
            Value::Object(map) => {
                return visitor
                    .visit_map(MapDeserializer::new(map.into_iter().map(|(key, value)| (key, Plain(value)))));
            }
            Value::Null => Unexpected::Unit,
            Value::Bool(truth) => Unexpected::Bool(truth),
            Value::Number(ref number) => match number.as_u64() {
                Some(number) => Unexpected::Unsigned(number),
                None => Unexpected::Float(number.as_f64().unwrap_or(f64::NAN)),
            },
            Value::String(ref text) => Unexpected::Str(text),
            Value::Array(_) => Unexpected::Seq,
        };
        Err(Error::invalid_type(found, &visitor))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.0.deserialize_enum(name, variants, visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _name: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map identifier ignored_any
    }
}
