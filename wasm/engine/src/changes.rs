//! What has changed since another study, or since a baseline?

use crate::convert;
use crate::error::Result;
use crate::session::Session;
use serde_json::Value;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
impl Session {
    /// A job that compares a study with an earlier one, or with a baseline where there is none.
    pub fn compare(&mut self, study: u32, before: Option<u32>, baseline: JsValue, options: JsValue) -> Result<u32> {
        let options: Value = convert::options(options)?;
        let after = self.store.study(study)?;
        let job = match before {
            Some(before) => after.compare(self.store.study(before)?, &options)?,
            None => after.compare_with(&convert::options_from(baseline)?, &options)?,
        };
        Ok(self.start(job, |changes, _| convert::document(&changes)))
    }
}
