//! How did a study's customers come and go?

use crate::convert;
use crate::error::Result;
use crate::read::keep;
use crate::session::Session;
use marquetry::value::periods::Period;
use serde_json::Value;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
impl Session {
    /// A job that gives the customers by the period of their first order.
    pub fn cohorts(&mut self, study: u32, options: JsValue) -> Result<u32> {
        let by: Option<Period> = convert::part(&options, "by")?;
        let job = self.store.study(study)?.purchases()?;
        Ok(self.start(job, move |purchases, store| {
            convert::document(&store.study(study)?.cohorts(&purchases, by.unwrap_or_default())?)
        }))
    }

    /// A job that puts customers into the stages of their life and keeps these as a grouping.
    pub fn stages(&mut self, study: u32, options: JsValue) -> Result<u32> {
        let options: Value = convert::options(options)?;
        let job = self.store.study(study)?.purchases()?;
        Ok(self.start(job, move |purchases, store| {
            convert::document(&store.study_mut(study)?.stages(&purchases, &options)?)
        }))
    }

    /// A job that gives the study's tables as they were on a past day: the facts of both.
    #[wasm_bindgen(js_name = asOf)]
    pub fn as_of(&mut self, study: u32, day: &str) -> Result<u32> {
        let job = self.store.study(study)?.as_of(day)?;
        Ok(self.start(job, |past, store| {
            Ok(convert::object([
                ("customers", keep(past.customers, store)?),
                ("orders", keep(past.lines, store)?),
                ("notices", convert::plain(&past.notices)?),
            ]))
        }))
    }

    /// Draws a control group and keeps it as a grouping.
    pub fn holdout(&mut self, study: u32, options: JsValue) -> Result<JsValue> {
        let options: Value = convert::options(options)?;
        convert::document(&self.store.study_mut(study)?.holdout(&options)?)
    }

    /// A job that gives hints at segments that one might do without.
    pub fn review(&mut self, study: u32, options: JsValue) -> Result<u32> {
        let options: Value = convert::options(options)?;
        let (job, review) = self.store.study(study)?.review(&options)?;
        Ok(self.start(job, |alike, _| convert::document(&review.finish(&alike))))
    }
}
