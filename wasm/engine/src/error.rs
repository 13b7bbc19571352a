//! How does the core's error reach JavaScript? As an `Error` named `MarquetryError` with `code` and `details`.

use crate::convert;
use js_sys::{Error as JsError, Reflect};
use marquetry::error::{Code, Error};
use wasm_bindgen::JsValue;

/// The core's error on its way out.
#[derive(Debug)]
pub struct Thrown(pub(crate) Error);

/// The result of every exported method.
pub type Result<T> = std::result::Result<T, Thrown>;

impl From<Error> for Thrown {
    fn from(error: Error) -> Thrown {
        Thrown(error)
    }
}

impl From<Thrown> for JsValue {
    fn from(Thrown(error): Thrown) -> JsValue {
        let thrown = JsError::new(&error.message);
        thrown.set_name("MarquetryError");
        let details = convert::plain(&*error.details).unwrap_or(JsValue::UNDEFINED);
        // Setting a property of a fresh ordinary object cannot fail.
        let _ = Reflect::set(&thrown, &"code".into(), &error.code.as_str().into());
        let _ = Reflect::set(&thrown, &"details".into(), &details);
        thrown.into()
    }
}

/// The error for a handle that stands for nothing (any more).
pub(crate) fn gone(what: &str) -> Thrown {
    Thrown(Error::new(Code::NotFound, format!("This {what} is closed.")))
}
