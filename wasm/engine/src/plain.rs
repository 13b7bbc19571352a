//! How is a plain JavaScript value read into the core's options?
//!
//! JavaScript's own JSON cleans it (`undefined` properties go, dates become text), and it is read as a [`Value`] once. Every
//! option type is then compiled against this one small reader, not against a parser of text.

use js_sys::{Array, JSON, Object};
use marquetry::segment::rules::tree::MAX_JSON_LEVELS;
use serde::Deserialize;
use serde::de::{
    DeserializeSeed, Deserializer, Error as _, Expected, IntoDeserializer, MapAccess, SeqAccess, Unexpected, Visitor,
};
use serde_json::{Error, Value};
use std::vec::IntoIter;
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

/// The error of a value of another kind than the type takes. One for all types: each of them is compiled with what it takes only.
#[inline(never)]
fn unlike(value: &Value, expected: &dyn Expected) -> Error {
    let found = match value {
        Value::Null => Unexpected::Unit,
        Value::Bool(truth) => Unexpected::Bool(*truth),
        Value::Number(number) => match (number.as_u64(), number.as_i64()) {
            (Some(number), _) => Unexpected::Unsigned(number),
            (None, Some(number)) => Unexpected::Signed(number),
            (None, None) => Unexpected::Float(number.as_f64().unwrap_or(f64::NAN)),
        },
        Value::String(text) => Unexpected::Str(text),
        Value::Array(_) => Unexpected::Seq,
        Value::Object(_) => Unexpected::Map,
    };
    Error::invalid_type(found, expected)
}

struct Plain(Value);

/// The values of a list.
struct Items(IntoIter<Value>);

/// The fields of an object; the value belongs to the key that was given last.
struct Fields(serde_json::map::IntoIter, Value);

impl Fields {
    #[inline(never)]
    fn next(&mut self) -> Option<Plain> {
        let (key, value) = self.0.next()?;
        self.1 = value;
        Some(Plain(Value::String(key)))
    }
}

impl<'de> SeqAccess<'de> for Items {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        self.0.next().map(|value| seed.deserialize(Plain(value))).transpose()
    }
}

impl<'de> MapAccess<'de> for Fields {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        self.next().map(|key| seed.deserialize(key)).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        seed.deserialize(Plain(self.1.take()))
    }
}

/// Types that take numbers.
macro_rules! numbers {
    ($($name:ident)*) => {
        $(fn $name<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            match self.0 {
                Value::Number(number) => number.deserialize_any(visitor),
                other => Err(unlike(&other, &visitor)),
            }
        })*
    };
}

/// Types that take texts.
macro_rules! texts {
    ($($name:ident)*) => {
        $(fn $name<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            match self.0 {
                Value::String(text) => visitor.visit_string(text),
                other => Err(unlike(&other, &visitor)),
            }
        })*
    };
}

impl<'de> Deserializer<'de> for Plain {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(truth) => visitor.visit_bool(truth),
            Value::Number(number) => number.deserialize_any(visitor),
            Value::String(text) => visitor.visit_string(text),
            Value::Array(list) => visitor.visit_seq(Items(list.into_iter())),
            Value::Object(map) => visitor.visit_map(Fields(map.into_iter(), Value::Null)),
        }
    }

    numbers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_u8 deserialize_u16 deserialize_u32
        deserialize_u64 deserialize_f32 deserialize_f64
    }

    texts! { deserialize_str deserialize_string deserialize_identifier }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Bool(truth) => visitor.visit_bool(truth),
            other => Err(unlike(&other, &visitor)),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Array(list) => visitor.visit_seq(Items(list.into_iter())),
            other => Err(unlike(&other, &visitor)),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Object(map) => visitor.visit_map(Fields(map.into_iter(), Value::Null)),
            other => Err(unlike(&other, &visitor)),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_map(visitor)
    }

    /// One of some words: no option is a choice with values of its own.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.0 {
            Value::String(word) => visitor.visit_enum(word.into_deserializer()),
            other => Err(unlike(&other, &visitor)),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _name: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    serde::forward_to_deserialize_any! {
        i128 u128 char bytes byte_buf unit unit_struct tuple tuple_struct ignored_any
    }
}
