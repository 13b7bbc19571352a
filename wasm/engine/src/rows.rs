//! How do rows cross, a page at a time, typed or as they stood in the file?

use crate::convert::{self, array, object};
use crate::error::Result;
use crate::job::{Outcome, Running};
use crate::session::{Session, Store};
use marquetry::job::{Job, Step};
use marquetry::study::rows::{OriginalRowsJob, RowsOptions, Selection, select};
use marquetry::table::column::{Column, Data};
use marquetry::table::date::{format_day, format_time};
use marquetry::table::table::{Table, not_loaded};
use std::rc::Rc;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// Rows that are turned into JavaScript values in one step.
const PAGE: usize = 2_048;
/// Rows whose original cells are read in one go, so that a block of the source is read once even for sorted rows.
const READ: usize = 16_384;

#[wasm_bindgen]
impl Session {
    /// A job that gives rows as pages: `{ page: cells[][] }`, again and again. Dates and times are ISO text.
    pub fn rows(&mut self, table: u32, options: JsValue) -> Result<u32> {
        let options: RowsOptions = convert::options(options)?;
        let table = Rc::clone(self.store.table(table)?);
        let mut selection = select(&table, &options)?;
        if !options.raw {
            keep_loaded(&table, &mut selection, options.columns.is_some())?;
        }
        Ok(self.start_running(Box::new(Pages { table, selection, next: 0, original: options.raw.then_some(None) })))
    }
}

/// Columns that were left out of memory are passed over, and refused when they were named.
fn keep_loaded(table: &Table, selection: &mut Selection, named: bool) -> Result<()> {
    let is_loaded = |at: &usize| !matches!(table.columns[*at].data, Data::Unloaded(_));
    match selection.columns.iter().find(|at| !is_loaded(at)) {
        Some(&at) if named => Err(not_loaded(&table.columns[at].name).into()),
        _ => {
            selection.columns.retain(is_loaded);
            Ok(())
        }
    }
}

/// Pages of a selection. `original` is there when original cells are wanted, and holds the reading under way.
struct Pages {
    table: Rc<Table>,
    selection: Selection,
    next: usize,
    original: Option<Option<OriginalRowsJob>>,
}

impl Pages {
    fn take(&mut self, rows: usize) -> Vec<usize> {
        let end = (self.next + rows).min(self.selection.rows.len());
        let rows = self.selection.rows[self.next..end].to_vec();
        self.next = end;
        rows
    }

    fn typed(&self, row: usize) -> JsValue {
        array(self.selection.columns.iter().map(|&at| cell(&self.table.columns[at], row)))
    }
}

impl Running for Pages {
    fn step(&mut self, _store: &mut Store) -> Result<Outcome> {
        let is_reading = matches!(self.original, Some(Some(_)));
        if self.next == self.selection.rows.len() && !is_reading {
            return Ok(Outcome::Over(object([("done", JsValue::UNDEFINED)])));
        }
        if self.original.is_none() {
            let rows = self.take(PAGE);
            return Ok(page(rows.into_iter().map(|row| self.typed(row))));
        }
        if !is_reading {
            let rows = self.take(READ);
            let selection = Selection { rows, columns: self.selection.columns.clone() };
            self.original = Some(Some(OriginalRowsJob::new(Rc::clone(&self.table), selection)));
        }
        let Some(Some(job)) = &mut self.original else { return Ok(page(std::iter::empty())) };
        Ok(match job.step()? {
            Step::Need(range) => Outcome::need(range),
            Step::Working(progress) => Outcome::working(progress),
            Step::Emit(_) | Step::Join(_) => page(std::iter::empty()),
            Step::Done(rows) => {
                self.original = Some(None);
                let text = |cell: Option<String>| cell.map_or(JsValue::NULL, JsValue::from);
                page(rows.into_iter().map(|cells| array(cells.into_iter().map(text))))
            }
        })
    }

    fn feed(&mut self, bytes: &[u8]) -> Result<()> {
        match &mut self.original {
            Some(Some(job)) => Ok(job.feed(bytes)?),
            _ => Ok(()),
        }
    }
}

fn page(rows: impl Iterator<Item = JsValue>) -> Outcome {
    Outcome::More(object([("page", array(rows))]))
}

fn cell(column: &Column, row: usize) -> JsValue {
    if !column.valid.get(row) {
        return JsValue::NULL;
    }
    match &column.data {
        Data::Number(values) => values[row].into(),
        Data::Text(values) => values.get(row).into(),
        Data::Date(values) => format_day(values[row]).into(),
        Data::Time(values) => format_time(values[row]).into(),
        Data::Boolean(values) => values.get(row).into(),
        Data::List(values) => array(values.get(row).map(JsValue::from)),
        Data::Unloaded(_) => JsValue::NULL,
    }
}
