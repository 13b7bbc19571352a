//! How much memory will reading take? Estimated from the first rows, before any is taken.
//!
//! What is estimated is the most that the engine's memory grows by while a file is loaded: typed columns with some room, the
//! tables by which known values are found again, and what the checks of a column need for a moment.

use crate::math::distinct::{SHARE, units};
use crate::read::builder::UNLOADED_DISTINCT;
use crate::read::infer::Format;
use crate::read::names::role_of_name;
use crate::read::number;
use crate::read::plan::{ColumnPlan, HEAD, Plan};
use crate::table::column::ColumnType;
use crate::table::role::Role;

/// Bytes of the file that are read at once.
pub const CHUNK: u64 = 4 * 1024 * 1024;

/// What a column takes while a file is loaded, in bytes.
#[derive(Clone, Copy, Debug, Default)]
struct Need {
    /// Held in the end.
    kept: f64,
    /// Of those, the texts themselves.
    texts: f64,
    /// Held until its last row is read, by which values that were met are known again.
    known: f64,
    /// For a moment after that, to tell different values apart.
    finish: f64,
    /// For a moment when all columns stand, to check it.
    check: f64,
}

impl ColumnPlan {
    fn need(&self, rows: f64) -> Need {
        let (values, bytes) = (self.growth.values(rows), self.growth.bytes(rows));
        let slots = |values: f64| 8.0 * ((values * 1.6) as usize + 64).next_power_of_two() as f64;
        let bits = rows / 8.0;
        if !self.loaded {
            return Need { kept: bits, known: slots(values.min(UNLOADED_DISTINCT as f64)), ..Need::default() };
        }
        // Values that are mostly new are told apart all at once, the others one by one.
        let new = values > 0.5 * rows;
        match self.format.kind() {
            ColumnType::Boolean => Need { kept: 2.0 * bits, ..Need::default() },
            ColumnType::Date => Need { kept: bits + 4.0 * rows, ..Need::default() },
            ColumnType::Number | ColumnType::Time => {
                let finish = match self.places(rows) {
                    Some(places) => places / 8.0,
                    None if new => 16.0 * rows.min(SHARE as f64),
                    None => slots(values),
                };
                Need { kept: bits + 8.0 * rows, finish, check: 8.0 * rows, ..Need::default() }
            }
            ColumnType::Text | ColumnType::List => {
                let (known, finish) = if new { (6.0 * values, 8.0 * values) } else { (slots(values), 0.0) };
                // People are compared by what they are called, and by telephone numbers in their one form.
                let personal = matches!(role_of_name(&self.name).0, Role::Phone);
                let check = if personal { bytes + 30.0 * values + 40.0 * rows } else { 0.0 };
                Need { kept: bits + 4.0 * rows + 4.0 * values + bytes, texts: bytes, known, finish, check }
            }
        }
    }

    /// How many places the numbers of so many rows may have by which different ones are counted, judged by the sample: four
    /// times as far apart as its numbers, or one a row. Nothing where they are not counted so.
    fn places(&self, rows: f64) -> Option<f64> {
        let Format::Number(decimal) = self.format else { return None };
        let number = |cell: &String| number::parse(cell, decimal).map(|number| number.value);
        let sample: Option<Vec<f64>> = self.sample.iter().map(number).collect();
        let (_, _, range) = units(&sample?, rows as usize)?;
        Some((4.0 * range as f64).max(rows))
    }
}

impl Plan {
    /// Rows of a file of so many bytes, estimated.
    pub fn estimate_rows(&self, total_bytes: u64) -> u64 {
        let (bytes, rows) = self.sampled;
        let body = self.end.unwrap_or(total_bytes).saturating_sub(self.body as u64) as f64;
        if bytes == 0 { 0 } else { (body / bytes as f64 * rows as f64).round() as u64 }
    }

    /// Bytes by which the engine's memory grows while a file of so many bytes is loaded, estimated.
    pub fn estimate_memory(&self, total_bytes: u64) -> u64 {
        let rows = self.estimate_rows(total_bytes) as f64;
        let mut all = Need::default();
        for need in self.columns.iter().map(|column| column.need(rows)) {
            (all.kept, all.known) = (all.kept + need.kept, all.known + need.known);
            all.texts += need.texts;
            (all.finish, all.check) = (all.finish.max(need.finish), all.check.max(need.check));
        }
        // The file's own bytes: its beginning, cut into rows for the plan, and the pieces on their way to the rows, of which
        // the one that is not used up and the next lie side by side.
        let (head, pieces) = (5 * total_bytes.min(HEAD as u64), 3 * total_bytes.saturating_sub(CHUNK).min(CHUNK));
        // Where several engines read, the one with the table is handed a stretch's columns at a time, its texts twice. Whether
        // they do is not known here: a part of it is within the margin for one engine and mostly for several.
        const STRETCH: f64 = 32.0 * 1024.0 * 1024.0;
        let share = if total_bytes as f64 > STRETCH / 2.0 { (STRETCH / total_bytes as f64).min(0.5) } else { 0.0 };
        let handed = 0.3 * share * (all.kept + all.texts);
        // What is given back lies between what stays, in pieces that are mostly too small for what comes later.
        // Only what is needed to check columns may find room where the file's pieces were.
        head + (all.kept + handed + all.known + (all.finish + all.check).max(pieces as f64)) as u64
    }

    /// The part of one of its columns in that: what grows with the rows.
    pub fn column_memory(&self, column: &ColumnPlan, total_bytes: u64) -> u64 {
        let need = column.need(self.estimate_rows(total_bytes) as f64);
        (need.kept + need.known) as u64
    }
}
