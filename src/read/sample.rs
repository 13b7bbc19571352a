//! The first bytes of a file, cut into rows by a grammar that is being tried.

use crate::math::order::rising;
use crate::read::dates;
use crate::read::number::{self, Decimal};
use crate::read::options::DateOrder;
use crate::read::scan::{Bounds, Grammar, Rows, scan};
use std::borrow::Cow;
use std::ops::Range;

/// Bytes of the table's surroundings that are looked at.
#[derive(Clone, Copy, Debug)]
pub struct Sample<'a> {
    /// From the first line on.
    pub bytes: &'a [u8],
    /// Whether they are all there are.
    pub last: bool,
    /// Texts that mean "missing", lower-case.
    pub missing: &'a [String],
}

impl Sample<'_> {
    /// Up to `most` rows; one open row where no other is whole.
    pub fn rows(&self, grammar: Grammar, most: usize) -> Rows {
        let mut rows = Rows::default();
        let bounds = Bounds { last: self.last, rows: most, ..Bounds::all() };
        // Bounds on length are the reader's business; without them the scan cannot fail.
        let _ = scan(grammar, self.bytes, 0, bounds, &mut rows);
        if rows.is_empty() {
            let _ = scan(grammar, self.bytes, 0, Bounds { last: true, ..bounds }, &mut rows);
        }
        rows
    }

    /// A cell as it stands between its quotes.
    pub fn cell(&self, rows: &Rows, row: usize, column: usize) -> Option<Cow<'_, str>> {
        let field = rows.row(row).get(column)?;
        Some(String::from_utf8_lossy(&self.bytes[field.start as usize..field.end as usize]))
    }

    /// The cells of a row.
    pub fn cells(&self, rows: &Rows, row: usize) -> impl Iterator<Item = Cow<'_, str>> {
        let width = rows.row(row).len();
        (0..width).filter_map(move |column| self.cell(rows, row, column))
    }

    /// Cells of a row that hold something.
    pub fn filled(&self, rows: &Rows, row: usize) -> usize {
        self.cells(rows, row).filter(|cell| !cell.trim().is_empty()).count()
    }

    /// The most frequent number of cells (the larger of equals), and the share of rows that have it. Rows that may be
    /// comments do not count where there are others.
    pub fn usual_width(&self, rows: &Rows) -> (usize, f64) {
        let widths = |comments: bool| -> Vec<usize> {
            let is_comment = |row: usize| self.bytes[rows.starts[row] as usize] == b'#';
            (0..rows.len()).filter(|&row| comments || !is_comment(row)).map(|row| rows.row(row).len()).collect()
        };
        let mut found = widths(false);
        if found.is_empty() {
            found = widths(true);
        }
        usual(&mut found)
    }

    /// Whether the first of some rows holds names: filled to its end, all different, no values, and values below one of
    /// them.
    pub fn is_header(&self, rows: &Rows, part: Range<usize>) -> bool {
        let names: Vec<Cow<'_, str>> = self.cells(rows, part.start).collect();
        let width = names.iter().rposition(|name| !name.trim().is_empty()).map_or(0, |last| last + 1);
        let body = (part.start + 1..part.end).take(20);
        let valued = |column: usize| {
            let values = body.clone().filter(|&row| self.cell(rows, row, column).is_some_and(|cell| is_value(&cell)));
            values.count() * 2 > body.len()
        };
        let is_name = |(at, name): (usize, &Cow<'_, str>)| {
            !name.trim().is_empty() && !is_value(name) && !names[..at].contains(name)
        };
        names[..width].iter().enumerate().all(is_name) && (0..width).any(valued)
    }
}

/// The most frequent of some numbers (the larger of equals), and its share.
pub fn usual(widths: &mut [usize]) -> (usize, f64) {
    rising(widths);
    let best = widths.chunk_by(|a, b| a == b).max_by_key(|equal| equal.len());
    best.map_or((0, 0.0), |equal| (equal[0], equal.len() as f64 / widths.len() as f64))
}

/// Whether a cell is a number or a date, in any writing.
pub fn is_value(cell: &str) -> bool {
    number::parse(cell, Decimal::Point).is_some()
        || number::parse(cell, Decimal::Comma).is_some()
        || dates::parse(cell, DateOrder::Dmy).is_some()
        || dates::parse(cell, DateOrder::Mdy).is_some()
}
