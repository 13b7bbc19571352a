//! What can be asked of a study? Small answers at once, long work as jobs.

use crate::convert;
use crate::error::{Result, gone};
use crate::read::fold_options;
use crate::session::{Session, Store};
use marquetry::study::study::Study;
use marquetry::study::views::{ProfileOptions, RuleInput, StudyOptions, parameters};
use std::rc::Rc;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

impl Store {
    pub(crate) fn study(&self, handle: u32) -> Result<&Study> {
        self.studies.get(handle).ok_or_else(|| gone("study"))
    }

    pub(crate) fn study_mut(&mut self, handle: u32) -> Result<&mut Study> {
        self.studies.get_mut(handle).ok_or_else(|| gone("study"))
    }
}

#[wasm_bindgen]
impl Session {
    /// Opens a study of a table under a number that no other has; `fold` is what it was folded from the orders by.
    pub fn study(
        &mut self,
        study: u32,
        table: u32,
        options: JsValue,
        orders: Option<u32>,
        fold: JsValue,
    ) -> Result<()> {
        let options: StudyOptions = convert::options(options)?;
        let mut opened = Study::new(Rc::clone(self.store.table(table)?), &options)?;
        if let Some(orders) = orders {
            opened = opened.with_orders(Rc::clone(self.store.table(orders)?), &options)?;
        }
        if fold.is_object() {
            opened = opened.with_fold(fold_options(fold)?);
        }
        self.store.studies.insert(study, opened);
        Ok(())
    }

    /// Lets go of a study.
    #[wasm_bindgen(js_name = dropStudy)]
    pub fn drop_study(&mut self, study: u32) {
        self.store.studies.remove(study);
    }

    /// Everything but the rows.
    pub fn recipe(&self, study: u32) -> Result<JsValue> {
        convert::document(&self.store.study(study)?.recipe())
    }

    /// Keeps a rule under a name.
    pub fn segment(&mut self, study: u32, name: &str, rule: JsValue) -> Result<JsValue> {
        let rule: RuleInput = convert::options_from(rule)?;
        convert::document(&self.store.study_mut(study)?.segment(name, &rule)?)
    }

    /// Gives a segment another rule.
    pub fn update(&mut self, study: u32, id: &str, rule: JsValue) -> Result<JsValue> {
        let rule: RuleInput = convert::options_from(rule)?;
        convert::document(&self.store.study_mut(study)?.update(id, &rule)?)
    }

    /// Gives a segment another name.
    pub fn rename(&mut self, study: u32, id: &str, name: &str) -> Result<JsValue> {
        convert::document(&self.store.study_mut(study)?.rename(id, name)?)
    }

    /// Segments whose facts became others since this was last asked.
    pub fn touched(&mut self, study: u32) -> Result<JsValue> {
        convert::document(&self.store.study_mut(study)?.touched())
    }

    /// Who is in a segment, as a document.
    pub fn snapshot(&self, study: u32, id: &str) -> Result<JsValue> {
        convert::document(&self.store.study(study)?.snapshot(id)?)
    }

    /// The customers of such a document as a segment.
    pub fn restore(&mut self, study: u32, snapshot: JsValue, name: Option<String>) -> Result<JsValue> {
        let snapshot = convert::options_from(snapshot)?;
        convert::document(&self.store.study_mut(study)?.restore(&snapshot, name.as_deref())?)
    }

    /// Excludes whom a rule or a recipe's list says.
    pub fn exclude(&mut self, study: u32, of: JsValue) -> Result<JsValue> {
        let of = convert::options_from(of)?;
        convert::document(&self.store.study_mut(study)?.exclude(&of)?)
    }

    /// Excludes the customers of a table.
    #[wasm_bindgen(js_name = excludeListed)]
    pub fn exclude_listed(&mut self, study: u32, list: u32) -> Result<JsValue> {
        let list = Rc::clone(self.store.table(list)?);
        convert::document(&self.store.study_mut(study)?.exclude_listed(&list)?)
    }

    /// Gives the parameters of rules other values.
    #[wasm_bindgen(js_name = setParameters)]
    pub fn set_parameters(&mut self, study: u32, values: JsValue) -> Result<()> {
        let values = parameters(&convert::options_from(values)?)?;
        Ok(self.store.study_mut(study)?.set_parameters(values)?)
    }

    /// What was noticed when orders were joined.
    pub fn findings(&self, study: u32) -> Result<JsValue> {
        convert::plain(&self.store.study(study)?.findings())
    }

    /// Forgets a segment.
    pub fn remove(&mut self, study: u32, id: &str) -> Result<()> {
        Ok(self.store.study_mut(study)?.remove_segment(id)?)
    }

    /// The rows of a segment.
    pub fn members(&self, study: u32, id: &str) -> Result<Vec<u32>> {
        Ok(self.store.study(study)?.members(id)?)
    }

    /// Counts at every node of a rule.
    pub fn count(&self, study: u32, rule: JsValue) -> Result<JsValue> {
        let rule: RuleInput = convert::options_from(rule)?;
        convert::plain(&self.store.study(study)?.count(&rule)?)
    }

    /// Counts of one row at every node of a segment's rule.
    pub fn explain(&self, study: u32, row: u32, id: &str) -> Result<JsValue> {
        convert::plain(&self.store.study(study)?.explain(row as usize, id)?)
    }

    /// How segments overlap.
    pub fn overlap(&self, study: u32, segments: Option<Vec<String>>) -> Result<JsValue> {
        convert::plain(&self.store.study(study)?.overlap(segments.as_deref())?)
    }

    /// A job that gives the profiles of a segment or of every group of a grouping.
    pub fn profile(&mut self, study: u32, options: JsValue) -> Result<u32> {
        let options: ProfileOptions = convert::options(options)?;
        let job = self.store.study(study)?.profile(&options)?;
        Ok(self.start(job, |profiles, _| convert::plain(&profiles)))
    }

    /// A job that emits a file.
    pub fn export(&mut self, study: u32, options: JsValue) -> Result<u32> {
        let job = self.store.study(study)?.export(&convert::options(options)?)?;
        Ok(self.start(job, |(), _| Ok(JsValue::UNDEFINED)))
    }
}
