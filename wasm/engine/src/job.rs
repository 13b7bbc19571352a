//! How is a job of the core stepped from JavaScript, whatever it gives in the end?

use crate::convert::{array, document, object};
use crate::error::Result;
use crate::session::Store;
use js_sys::Uint8Array;
use marquetry::job::{Job, Progress, Step};
use std::ops::Range;
use wasm_bindgen::JsValue;

/// What one step came to.
pub(crate) enum Outcome {
    /// `{ phase, ratio, rows, candidates? }`, `{ need: [start, end] }`, `{ join: start }`, `{ emit: bytes }` or `{ page: rows }`: there is more to do.
    More(JsValue),
    /// `{ done: value }`: the job is over.
    Over(JsValue),
}

impl Outcome {
    pub(crate) fn working(progress: Progress) -> Outcome {
        Outcome::with(progress, JsValue::UNDEFINED)
    }

    fn with(progress: Progress, candidates: JsValue) -> Outcome {
        Outcome::More(object([
            ("phase", progress.phase.into()),
            ("ratio", progress.ratio.into()),
            ("rows", (progress.rows as f64).into()),
            ("candidates", candidates),
        ]))
    }

    pub(crate) fn need(range: Range<u64>) -> Outcome {
        let range = [range.start, range.end].into_iter().map(|offset| (offset as f64).into());
        Outcome::More(object([("need", array(range))]))
    }
}

/// A job whose output is turned into a JavaScript value, so that jobs of all kinds fit one list.
pub(crate) trait Running {
    /// Does one small piece of the work.
    fn step(&mut self, store: &mut Store) -> Result<Outcome>;
    /// Takes the bytes asked for.
    fn feed(&mut self, bytes: &[u8]) -> Result<()>;
    /// Takes the part asked for. Work that never asks need not offer it.
    fn join(&mut self, _part: Vec<u8>) -> Result<()> {
        Ok(())
    }
}

/// A job of the core and what becomes of its output.
pub(crate) struct Task<J, F> {
    job: J,
    finish: Option<F>,
}

impl<J, F> Task<J, F> {
    pub(crate) fn new(job: J, finish: F) -> Task<J, F> {
        Task { job, finish: Some(finish) }
    }
}

impl<J: Job, F: FnOnce(J::Output, &mut Store) -> Result<JsValue>> Running for Task<J, F> {
    fn step(&mut self, store: &mut Store) -> Result<Outcome> {
        Ok(match self.job.step()? {
            Step::Working(progress) => match self.job.partial() {
                None => Outcome::working(progress),
                Some(candidates) => Outcome::with(progress, document(&candidates)?),
            },
            Step::Need(range) => Outcome::need(range),
            Step::Join(at) => Outcome::More(object([("join", (at as f64).into())])),
            Step::Emit(bytes) => Outcome::More(object([("emit", Uint8Array::from(bytes.as_slice()).into())])),
            Step::Done(output) => {
                let value = match self.finish.take() {
                    Some(finish) => finish(output, store)?,
                    None => JsValue::UNDEFINED,
                };
                Outcome::Over(object([("done", value)]))
            }
        })
    }

    fn feed(&mut self, bytes: &[u8]) -> Result<()> {
        Ok(self.job.feed(bytes)?)
    }

    fn join(&mut self, part: Vec<u8>) -> Result<()> {
        Ok(self.job.join(part)?)
    }
}
