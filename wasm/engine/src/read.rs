//! How do bytes become a table, and order lines customers?

use crate::convert;
use crate::error::Result;
use crate::session::{Session, Store};
use crate::table::facts;
use js_sys::Uint8Array;
use marquetry::features::propose::propose_join;
use marquetry::quality::repair::repair;
use marquetry::read::encoding::{Encoding, detect};
use marquetry::read::json::JsonJob;
use marquetry::read::json_shape::is_json;
use marquetry::read::options::ReadOptions;
use marquetry::read::preview::preview;
use marquetry::read::stretch::StretchJob;
use marquetry::study::load::{FoldJob, FoldOptions, LoadJob};
use marquetry::study::views::RuleInput;
use marquetry::table::finding::Repair;
use marquetry::table::table::Table;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::rc::Rc;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// The core's guess at an encoding, as JavaScript holds it between finding it out and reading.
#[derive(Serialize, Deserialize)]
struct EncodingView {
    name: String,
    confidence: f64,
    bom: usize,
    evidence: String,
}

impl EncodingView {
    fn of(encoding: Encoding) -> EncodingView {
        let Encoding { name, confidence, bom, evidence } = encoding;
        EncodingView { name, confidence, bom, evidence }
    }

    fn read(value: JsValue) -> Result<Encoding> {
        let EncodingView { name, confidence, bom, evidence } = convert::options_from(value)?;
        Ok(Encoding { name, confidence, bom, evidence })
    }
}

#[wasm_bindgen]
impl Session {
    /// The largest number of bytes that a source may have.
    #[wasm_bindgen(js_name = byteLimit)]
    pub fn byte_limit(&self, options: JsValue) -> Result<f64> {
        let options: ReadOptions = convert::options(options)?;
        options.check()?;
        Ok(options.limits.bytes)
    }

    /// How the first bytes are written; `whole` says that they are all there are. What no decoder takes is refused.
    pub fn detect(&self, head: &[u8], whole: bool, options: JsValue) -> Result<JsValue> {
        let encoding = detect(head, whole, &convert::options(options)?);
        encoding.check()?;
        convert::plain(&EncodingView::of(encoding))
    }

    /// What loading would decide, from the first bytes as UTF-8.
    pub fn preview(&self, head: &[u8], total_bytes: f64, encoding: JsValue, options: JsValue) -> Result<JsValue> {
        let options = convert::options(options)?;
        convert::plain(&preview(head, total_bytes as u64, &EncodingView::read(encoding)?, &options)?)
    }

    /// A job that rewrites a source of so many bytes of UTF-8 as CSV, if its first bytes say that it is JSON. It emits the
    /// CSV and gives the `origin` that is an option when that is loaded.
    pub fn rewrite(&mut self, head: &[u8], total_bytes: f64, options: JsValue) -> Result<Option<u32>> {
        let options: ReadOptions = convert::options(options)?;
        if !is_json(head, &options) {
            return Ok(None);
        }
        let job = JsonJob::new(total_bytes as u64, options)?;
        Ok(Some(self.start(job, |origin, _| convert::plain(&origin))))
    }

    /// A job that reads a source of so many bytes of UTF-8 and gives a table's facts. Stretches of it, that end at these
    /// bytes, are read in turn here and by so many other engines.
    pub fn load(
        &mut self,
        total_bytes: f64,
        encoding: JsValue,
        options: JsValue,
        ends: Vec<f64>,
        others: usize,
    ) -> Result<u32> {
        let job = LoadJob::new(total_bytes as u64, EncodingView::read(encoding)?, convert::options(options)?)?;
        let ends: Vec<u64> = ends.into_iter().map(|end| end as u64).collect();
        Ok(self.start(job.with_stretches(&ends, others), keep))
    }

    /// A job that reads a stretch of such a source for another engine and gives it packed. A session that does so does it
    /// for one source.
    pub fn stretch(&mut self, total_bytes: f64, options: JsValue, from: f64, to: f64) -> Result<u32> {
        let job = StretchJob::new(total_bytes as u64, convert::options(options)?, from as u64..to as u64)?;
        let job = match self.store.plan.take() {
            Some(plan) => job.with_plan(plan)?,
            None => job,
        };
        Ok(self.start(job, |packed, store| {
            store.plan = Some(packed.plan);
            Ok(Uint8Array::from(packed.bytes.as_slice()).into())
        }))
    }

    /// A new table with repairs applied, and the log: `{ table, log }`.
    pub fn repair(&mut self, table: u32, repairs: JsValue) -> Result<JsValue> {
        let repairs: Vec<Repair> = convert::options_from(repairs)?;
        let (repaired, log) = repair(self.store.table(table)?, &repairs)?;
        Ok(convert::object([("table", keep(repaired, &mut self.store)?), ("log", convert::plain(&log)?)]))
    }

    /// By which columns a table and another belong together, and what would be left over; nothing where they do not.
    #[wasm_bindgen(js_name = proposeJoin)]
    pub fn propose_join(&self, table: u32, other: u32) -> Result<JsValue> {
        convert::document(&propose_join(self.store.table(table)?, self.store.table(other)?))
    }

    /// A job that folds order lines into customers and gives the new table's facts.
    pub fn customers(&mut self, table: u32, options: JsValue, attributes: Option<u32>) -> Result<u32> {
        let options = fold_options(options)?;
        let attributes = attributes.map(|handle| self.store.table(handle).map(Rc::clone)).transpose()?;
        let job = FoldJob::new(Rc::clone(self.store.table(table)?), &options, attributes)?;
        Ok(self.start(job, keep))
    }
}

/// How order lines are folded.
pub(crate) fn fold_options(options: JsValue) -> Result<FoldOptions> {
    let counts: Option<Value> = convert::part(&options, "counts")?;
    let tests = counts.and_then(|mut counts| Some(counts.get_mut("test")?.take()));
    let tests = tests.filter(|test| !test.is_null() && *test != false);
    let mut definition: Value = convert::options(options.clone())?;
    // Another file is folded as of its own last day.
    definition.as_object_mut().map(|definition| definition.remove("referenceDate"));
    Ok(FoldOptions {
        columns: convert::options(options.clone())?,
        exclude: convert::part(&options, "exclude")?,
        tests: tests.map(RuleInput::from),
        attributes_key: convert::part(&options, "attributesKey")?,
        prospects: convert::part(&options, "prospects")?,
        definition,
    })
}

/// Takes a table in; gives its facts.
pub(crate) fn keep(table: Table, store: &mut Store) -> Result<JsValue> {
    let handle = store.add_table(table);
    facts(handle, store.table(handle)?)
}
