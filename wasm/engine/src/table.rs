//! What does a table say? Its facts, its columns, its rows.

use crate::convert;
use crate::error::Result;
use crate::session::Session;
use js_sys::{Float64Array, Int32Array};
use marquetry::table::column::{Column, Data};
use marquetry::table::date::{format_day, format_time};
use marquetry::table::table::{Table, not_loaded};
use marquetry::table::view::{Sort, select};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// What came with a table: everything but its rows.
pub(crate) fn facts(handle: u32, table: &Table) -> Result<JsValue> {
    Ok(convert::object([
        ("handle", handle.into()),
        ("rowCount", (table.row_count as f64).into()),
        ("columns", convert::plain(&table.infos())?),
        ("dialect", convert::plain(&table.dialect)?),
        ("findings", convert::plain(&table.findings)?),
        ("questions", convert::plain(&table.questions)?),
        ("kind", convert::plain(&table.kind)?),
        ("hasSource", table.layout.is_some().into()),
    ]))
}

#[wasm_bindgen]
impl Session {
    /// A whole column: numbers and times as Float64Array (missing: NaN), dates as Int32Array (missing: −2147483648), text
    /// as `{ text, ends, codes }`, yes/no as Int32Array of 1, 0 and −1 for missing.
    pub fn column(&self, table: u32, name: &str) -> Result<JsValue> {
        let column = self.store.table(table)?.column(name)?;
        Ok(match &column.data {
            Data::Number(values) => Float64Array::from(values.as_slice()).into(),
            Data::Date(values) => Int32Array::from(values.as_slice()).into(),
            Data::Time(values) => Float64Array::from(times(values, column).as_slice()).into(),
            Data::Text(values) => convert::texts(values, |row| column.valid.get(row)),
            Data::Boolean(_) => Int32Array::from(truths(column).as_slice()).into(),
            Data::Unloaded(_) => return Err(not_loaded(name).into()),
        })
    }

    /// The numbers of the rows that are in `within` (all when absent), sorted; ties keep the order of the file.
    pub fn select(&self, table: u32, within: Option<Vec<u32>>, sort: JsValue) -> Result<Vec<u32>> {
        let sort: Vec<Sort> = if sort.is_undefined() { Vec::new() } else { convert::options(sort)? };
        Ok(select(self.store.table(table)?, within, &sort)?)
    }

    /// The cells of some rows: an array of arrays of number, text, yes/no or null. Dates and times are ISO text.
    pub fn cells(&self, table: u32, rows: &[u32], columns: Vec<String>) -> Result<JsValue> {
        let table = self.store.table(table)?;
        let columns = columns.iter().map(|name| loaded(table, name)).collect::<Result<Vec<&Column>>>()?;
        let row = |&row: &u32| convert::array(columns.iter().map(|column| cell(column, row as usize)));
        Ok(convert::array(rows.iter().map(row)))
    }
}

fn loaded<'a>(table: &'a Table, name: &str) -> Result<&'a Column> {
    let column = table.column(name)?;
    if matches!(column.data, Data::Unloaded(_)) { Err(not_loaded(name).into()) } else { Ok(column) }
}

fn times(values: &[i64], column: &Column) -> Vec<f64> {
    values.iter().enumerate().map(|(row, &time)| if column.valid.get(row) { time as f64 } else { f64::NAN }).collect()
}

fn truths(column: &Column) -> Vec<i32> {
    let Data::Boolean(values) = &column.data else { return Vec::new() };
    (0..column.len()).map(|row| if column.valid.get(row) { i32::from(values.get(row)) } else { -1 }).collect()
}

fn cell(column: &Column, row: usize) -> JsValue {
    if row >= column.len() || !column.valid.get(row) {
        return JsValue::NULL;
    }
    match &column.data {
        Data::Number(values) => values[row].into(),
        Data::Text(values) => values.get(row).into(),
        Data::Date(values) => format_day(values[row]).into(),
        Data::Time(values) => format_time(values[row]).into(),
        Data::Boolean(values) => values.get(row).into(),
        Data::Unloaded(_) => JsValue::NULL,
    }
}
