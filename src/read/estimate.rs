//! How much memory will reading take? Estimated from the first rows, before any is taken.
//!
//! What is estimated is the most that the engine's memory grows by while a file is loaded: typed columns with some room, the
//! tables by which known values are found again, and what the checks of a column need for a moment.

use crate::read::infer::Format;
use crate::read::plan::{ColumnPlan, Plan};
use crate::table::column::ColumnType;

/// How the different values of a column grow in number with its rows.
///
/// Values that come often are counted as they are. Whether the others come from a pool, or go on being new, the two halves of
/// the rows looked at tell, as two catches of fish tell how many there are: values that both have, among those that either
/// has (Lincoln and Petersen's estimate). Next to none in both is no pool: ids, or lines that are sorted by them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Growth {
    /// Rows looked at, and of those the ones with a value.
    rows: f64,
    present: f64,
    /// Values that come often; others in the first half, in the second, and in both.
    often: f64,
    halves: [f64; 2],
    both: f64,
    /// Bytes of a value on average.
    bytes: f64,
}

impl Growth {
    /// From how often each value stands in the first and the second half of the rows looked at, and the bytes of all values.
    pub fn of(uses: &[[u64; 2]], bytes: usize, rows: usize) -> Growth {
        /// A value that comes as often as this is no chance meeting.
        const OFTEN: u64 = 5;
        let present: u64 = uses.iter().flatten().sum();
        let mut growth = Growth { rows: rows as f64, present: present as f64, ..Growth::default() };
        for [first, second] in uses {
            match (first, second) {
                _ if first + second >= OFTEN => growth.often += 1.0,
                (1.., 1..) => growth.both += 1.0,
                (1.., _) => growth.halves[0] += 1.0,
                _ => growth.halves[1] += 1.0,
            }
        }
        growth.halves.iter_mut().for_each(|half| *half += growth.both);
        growth.bytes = bytes as f64 / uses.len().max(1) as f64;
        growth
    }

    /// Different values in so many rows.
    pub fn values(&self, rows: f64) -> f64 {
        /// Values in both halves up to which they may have met by chance, as at the seam between them.
        const CHANCE: f64 = 2.0;
        let cells = rows * self.present / self.rows.max(1.0);
        let half = (self.present / 2.0).max(1.0);
        let [first, second] = self.halves;
        let met = self.often + first + second - self.both;
        if cells <= self.present {
            return met.min(cells);
        }
        let others = if self.both <= CHANCE {
            (cells - self.present) * (second - self.both) / half + first + second - self.both
        } else {
            let pool = (first * second / self.both).max(first + second - self.both);
            pool * (1.0 - libm::pow(1.0 - first / pool, cells / half))
        };
        (self.often + others).clamp(met, cells.max(met))
    }

    /// Bytes of the values of so many rows.
    pub fn bytes(&self, rows: f64) -> f64 {
        self.values(rows) * self.bytes
    }
}

/// Slots of the table in which so many values are found again.
fn slots(values: f64) -> f64 {
    ((values * 1.6) as usize + 64).next_power_of_two() as f64
}

impl ColumnPlan {
    /// Bytes that so many rows take in memory.
    fn kept(&self, rows: f64) -> f64 {
        /// Where a text ends.
        const END: f64 = 4.0;
        let values = match self.format.kind() {
            _ if !self.loaded => 0.0,
            ColumnType::Number | ColumnType::Time => 8.0 * rows,
            ColumnType::Date => 4.0 * rows,
            ColumnType::Boolean => rows / 8.0,
            ColumnType::Text | ColumnType::List => {
                4.0 * rows + self.growth.values(rows) * END + self.growth.bytes(rows)
            }
        };
        rows / 8.0 + values
    }

    /// Bytes by which values that were met are known again while the rows are read.
    fn known(&self, rows: f64) -> f64 {
        let values = self.growth.values(rows);
        match self.format {
            _ if !self.loaded => 8.0 * slots(values.min(100_000.0)),
            Format::Text | Format::List(_) => 8.0 * slots(values),
            _ => 0.0,
        }
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
        let kept: f64 = self.columns.iter().map(|column| column.kept(rows)).sum();
        let known: f64 = self.columns.iter().map(|column| column.known(rows)).sum();
        (kept + known) as u64
    }
}
