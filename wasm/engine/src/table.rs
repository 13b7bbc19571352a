//! What does a table say? Its facts and its columns.

use crate::convert;
use crate::error::Result;
use crate::session::Session;
use js_sys::{Float64Array, Int32Array, Reflect};
use marquetry::quality::distribution::distribution;
use marquetry::quality::touches::touches;
use marquetry::study::study::Study;
use marquetry::study::views::StudyOptions;
use marquetry::table::column::{Column, Data};
use marquetry::table::finding::Finding;
use marquetry::table::table::{Table, not_loaded};
use std::rc::Rc;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// What comes with a table: everything but its rows.
pub(crate) fn facts(handle: u32, table: &Rc<Table>) -> Result<JsValue> {
    let recipe = Study::new(Rc::clone(table), &StudyOptions::default())?.recipe();
    Ok(convert::object([
        ("handle", handle.into()),
        ("rowCount", (table.row_count as f64).into()),
        ("columns", convert::plain(&table.infos())?),
        ("dialect", convert::plain(&table.dialect)?),
        (
            "findings",
            convert::array(
                table.findings.iter().map(|found| finding(table, found)).collect::<Result<Vec<_>>>()?.into_iter(),
            ),
        ),
        ("questions", convert::plain(&table.questions)?),
        ("kind", convert::plain(&table.kind)?),
        ("repairs", convert::plain(&table.repairs)?),
        ("hasSource", table.layout.is_some().into()),
        ("recipe", convert::document(&recipe)?),
    ]))
}

/// A finding with the analyses that it touches.
fn finding(table: &Table, finding: &Finding) -> Result<JsValue> {
    let plain = convert::plain(finding)?;
    let touched = convert::array(touches(table, finding).into_iter().map(JsValue::from));
    // Setting a property of a fresh ordinary object cannot fail.
    let _ = Reflect::set(&plain, &"touches".into(), &touched);
    Ok(plain)
}

#[wasm_bindgen]
impl Session {
    /// A whole column: numbers and times as Float64Array (missing: NaN), dates as Int32Array (missing: −2147483648), text
    /// as `{ text, ends, codes }`, yes/no as an array of "true", "false" and null, lists as an array of
    /// their values joined by “, ” and null.
    pub fn column(&self, table: u32, name: &str) -> Result<JsValue> {
        let column = self.store.table(table)?.column(name)?;
        Ok(match &column.data {
            Data::Number(values) => Float64Array::from(values.as_slice()).into(),
            Data::Date(values) => Int32Array::from(values.as_slice()).into(),
            Data::Time(values) => Float64Array::from(times(values, column).as_slice()).into(),
            Data::Text(values) => convert::texts(values, |row| column.valid.get(row)),
            Data::Boolean(_) => convert::array((0..column.len()).map(|row| truth(column, row))),
            Data::List(lists) => convert::array((0..column.len()).map(|row| match column.valid.get(row) {
                true => lists.get(row).collect::<Vec<_>>().join(", ").into(),
                false => JsValue::NULL,
            })),
            Data::Unloaded(_) => return Err(not_loaded(name).into()),
        })
    }
}

#[wasm_bindgen]
impl Session {
    /// How a column's values spread, for a small picture.
    pub fn distribution(&self, table: u32, name: &str) -> Result<JsValue> {
        convert::plain(&distribution(self.store.table(table)?.column(name)?))
    }
}

fn times(values: &[i64], column: &Column) -> Vec<f64> {
    values.iter().enumerate().map(|(row, &time)| if column.valid.get(row) { time as f64 } else { f64::NAN }).collect()
}

fn truth(column: &Column, row: usize) -> JsValue {
    column.text_of(row).map_or(JsValue::NULL, JsValue::from)
}
