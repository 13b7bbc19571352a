//! How do lists, each of which is a column, become rows? Read side by side, a block of rows at a time.

use crate::error::Result;
use crate::read::json_fields::{Cell, Cells, write_row};
use crate::read::json_walk::{Found, Walk};
use crate::read::options::ReadOptions;
use std::ops::Range;

/// Cells of a block of rows.
const BLOCK: usize = 64 * 1024;
/// Bytes asked for at once, of all lists together.
const CHUNK: u64 = 16 * 1024 * 1024;

/// Lists that are written as rows.
#[derive(Debug)]
pub struct Columns {
    walks: Vec<Walk>,
    /// Cells of the present block, by column; the first columns have theirs.
    block: Vec<Vec<Cell>>,
    cells: Cells,
    /// Rows written, and rows there are.
    pub row: u64,
    rows: u64,
}

impl Columns {
    /// Ways along the lists, which have been checked before; shorter lists end in missing values.
    pub fn new(walks: Vec<Walk>, cells: Cells, rows: u64) -> Columns {
        Columns { walks, block: Vec::new(), cells, row: 0, rows }
    }

    /// Goes on until a block of rows is written (`None`) or bytes are needed.
    ///
    /// # Errors
    /// None on a text that was checked before.
    pub fn go_on(&mut self, out: &mut Vec<u8>, chunk: u64, options: &ReadOptions) -> Result<Option<Range<u64>>> {
        let width = self.walks.len();
        let height = (BLOCK / width.max(1)).clamp(1, (self.rows - self.row).max(1) as usize);
        loop {
            let reading = self.block.len().saturating_sub(1);
            let Some(cells) = self.block.last_mut() else {
                self.block.push(Vec::new());
                continue;
            };
            let walk = &mut self.walks[reading];
            let mut over = false;
            while cells.len() < height && !over {
                match walk.record(options).map_err(|fault| walk.error(fault, None, options))? {
                    Found::Record(range) => {
                        let added = self.cells.add(&walk.bytes[range.clone()]);
                        let (cell, _) = added.map_err(|fault| walk.error(fault.within(range.start), None, options))?;
                        cells.push(cell);
                    }
                    Found::More => match walk.need(chunk.min(CHUNK / width as u64).max(1)) {
                        Some(range) => return Ok(Some(range)),
                        None => over = true,
                    },
                    Found::Over => over = true,
                }
            }
            if self.block.len() < width {
                self.block.push(Vec::new());
                continue;
            }
            for row in 0..height.min((self.rows - self.row) as usize) {
                let cell = |column: &Vec<Cell>| column.get(row).cloned().flatten();
                write_row(out, self.block.iter().map(|column| cell(column).map(|cell| &self.cells.text[cell])));
            }
            self.row += height as u64;
            self.block.clear();
            self.cells.text.clear();
            return Ok(None);
        }
    }

    /// Whether all rows are written.
    pub fn is_over(&self) -> bool {
        self.row >= self.rows
    }

    /// Takes the bytes asked for.
    pub fn feed(&mut self, bytes: &[u8]) {
        let reading = self.block.len().saturating_sub(1);
        self.walks[reading].feed(bytes);
    }

    /// The share that is written.
    pub fn done(&self) -> f64 {
        self.row as f64 / self.rows.max(1) as f64
    }
}
