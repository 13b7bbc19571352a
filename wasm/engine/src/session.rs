//! Who owns what JavaScript holds handles of?

use crate::error::{Result, gone};
use crate::handles::Handles;
use crate::job::{Outcome, Running, Task};
use marquetry::job::Job;
use marquetry::read::plan::Plan;
use marquetry::segment::cluster::share::Share;
use marquetry::study::study::Study;
use marquetry::table::table::Table;

use std::rc::Rc;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// Everything that is kept between calls, by handle. A number is never given twice; those of studies come from outside.
#[derive(Default)]
pub(crate) struct Store {
    tables: Handles<Rc<Table>>,
    pub(crate) studies: Handles<Study>,
    /// How stretches of a source are read for another engine.
    pub(crate) plan: Option<Box<Plan>>,
    /// What it holds of another engine's table.
    pub(crate) share: Share,
    last: u32,
}

impl Store {
    pub(crate) fn next(&mut self) -> u32 {
        self.last += 1;
        self.last
    }

    pub(crate) fn add_table(&mut self, table: Table) -> u32 {
        let handle = self.next();
        self.tables.insert(handle, Rc::new(table));
        handle
    }

    pub(crate) fn table(&self, handle: u32) -> Result<&Rc<Table>> {
        self.tables.get(handle).ok_or_else(|| gone("table"))
    }
}

/// One engine: owns tables, studies and running jobs. The methods of each room stand in the room's own file.
#[wasm_bindgen]
#[derive(Default)]
pub struct Session {
    pub(crate) store: Store,
    jobs: Handles<Box<dyn Running>>,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Session({} tables, {} jobs)", self.store.tables.len(), self.jobs.len())
    }
}

impl Session {
    /// Takes a job in; gives its handle.
    pub(crate) fn start<J: Job + 'static>(
        &mut self,
        job: J,
        finish: impl FnOnce(J::Output, &mut Store) -> Result<JsValue> + 'static,
    ) -> u32 {
        self.start_running(Box::new(Task::new(job, finish)))
    }

    /// Takes any running thing in; gives its handle.
    pub(crate) fn start_running(&mut self, running: Box<dyn Running>) -> u32 {
        let handle = self.store.next();
        self.jobs.insert(handle, running);
        handle
    }
}

#[wasm_bindgen]
impl Session {
    /// An empty session.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Session {
        Session::default()
    }

    /// Does one small piece of a job: `{ phase, ratio, rows }`, `{ need: [start, end] }`, `{ join: start }`, `{ emit: bytes }`,
    /// `{ page: rows }` or `{ done: value }`. A job that is done or has failed is dropped.
    pub fn step(&mut self, job: u32) -> Result<JsValue> {
        let mut running = self.jobs.remove(job).ok_or_else(|| gone("job"))?;
        match running.step(&mut self.store)? {
            Outcome::Over(value) => Ok(value),
            Outcome::More(value) => {
                self.jobs.insert(job, running);
                Ok(value)
            }
        }
    }

    /// Hands over the bytes a job asked for.
    pub fn feed(&mut self, job: u32, bytes: &[u8]) -> Result<()> {
        self.jobs.get_mut(job).ok_or_else(|| gone("job"))?.feed(bytes)
    }

    /// Hands over the part of a source that a job asked for, read by another engine; no bytes where there is none.
    pub fn join(&mut self, job: u32, part: Vec<u8>) -> Result<()> {
        self.jobs.get_mut(job).ok_or_else(|| gone("job"))?.join(part)
    }

    /// Stops a job. Unknown handles are ignored: the job may just have ended.
    #[wasm_bindgen(js_name = dropJob)]
    pub fn drop_job(&mut self, job: u32) {
        self.jobs.remove(job);
    }

    /// Lets go of a table. Studies of it keep working.
    #[wasm_bindgen(js_name = dropTable)]
    pub fn drop_table(&mut self, table: u32) {
        self.store.tables.remove(table);
    }
}
