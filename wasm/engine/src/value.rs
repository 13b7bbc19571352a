//! What is every customer of a study worth, and what will they do?

use crate::convert;
use crate::error::Result;
use crate::session::Session;
use js_sys::{Float64Array, Int32Array, Reflect};
use marquetry::study::propensity::{Propensed, PropensityOptions};
use marquetry::study::value::Valued;
use marquetry::value::options::ValueOptions;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// What the figures of rows are called, in the order of [`Valued::figures`].
const FIGURES: [&str; 9] = [
    "pAlive",
    "expectedOrders",
    "expectedSpend",
    "lifetimeValue",
    "daysToNext",
    "expectedOrdersLow",
    "expectedOrdersHigh",
    "lifetimeValueLow",
    "lifetimeValueHigh",
];

#[wasm_bindgen]
impl Session {
    /// A job that models an outcome, keeps its probabilities as a column of the study and gives what was found.
    pub fn propensity(&mut self, study: u32, options: JsValue) -> Result<u32> {
        let settings: PropensityOptions = convert::options(options.clone())?;
        let job = self.store.study(study)?.propensity(&settings, convert::options(options)?)?;
        Ok(self.start(job, move |found: Propensed, store| {
            store.study_mut(study)?.keep_propensity(&found)?;
            let facts = convert::document(&found.document)?;
            let _ = Reflect::set(&facts, &"probability".into(), &Float64Array::from(found.probability.as_slice()));
            Ok(facts)
        }))
    }

    /// A job that fits value models, keeps their figures as columns of the study and gives what they say.
    pub fn value(&mut self, study: u32, options: JsValue) -> Result<u32> {
        let settings: ValueOptions = convert::options(options.clone())?;
        let job = self.store.study(study)?.value(&settings, convert::options(options)?)?;
        Ok(self.start(job, move |valued: Valued, store| {
            store.study_mut(study)?.keep_value(&valued)?;
            let facts = convert::document(&valued.document)?;
            for (name, values) in FIGURES.iter().zip(&valued.figures) {
                // Setting a property of a fresh ordinary object cannot fail.
                let _ = Reflect::set(&facts, &(*name).into(), &Float64Array::from(values.as_slice()));
            }
            let _ = Reflect::set(&facts, &"nextOrder".into(), &Int32Array::from(valued.next.as_slice()));
            Ok(facts)
        }))
    }
}
