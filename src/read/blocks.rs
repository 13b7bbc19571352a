//! Which rows are the table? Titles above it and other tables in the same file are told apart.

use crate::math::order::arranged;
use crate::read::sample::{Sample, usual};
use crate::read::scan::Rows;
use std::ops::Range;

/// Lines that may stand right above the table.
const PREAMBLE: usize = 20;

/// The tables of a file: rows that belong to each, and the one with the most rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Tables {
    /// At least one.
    pub all: Vec<Range<usize>>,
    /// Place of the biggest among them.
    pub biggest: usize,
}

/// Finds the tables among rows. Blank lines and rows of empty cells part a file; a new table begins below them where the
/// first full row names what stands below it, and where that row is not the former table's header again.
pub fn tables(sample: &Sample<'_>, rows: &Rows) -> Tables {
    let mut all: Vec<Range<usize>> = Vec::new();
    let width = |row: usize| rows.row(row).len();
    for part in parts(sample, rows) {
        let first = begin(sample, rows, part.clone());
        let named = first.filter(|&first| sample.is_header(rows, first..part.end));
        match (all.last_mut(), first, named) {
            (None, _, Some(first)) => all.push(first..part.end),
            // A row of the same kind above a blank line is its header, or a row like the others.
            (None, Some(first), None) => {
                let like = |&row: &usize| width(row) == width(first) && sample.filled(rows, row) >= 2;
                all.push((0..first).find(like).unwrap_or(first)..part.end);
            }
            (None, None, None) => {}
            (Some(table), _, Some(first)) if !sample.cells(rows, first).eq(sample.cells(rows, table.start)) => {
                all.push(first..part.end);
            }
            // A line with another number of cells is a title if a table follows, and a row of this one if none does.
            (Some(table), ..) => {
                if first.is_some() || part.len() > 1 || width(part.start) == width(table.start) {
                    table.end = part.end;
                }
            }
        }
    }
    match all.last_mut() {
        Some(last) => last.end = rows.len(),
        None => all.push(0..rows.len()),
    }
    let order = arranged(all.len(), &|a, b| all[b].len().cmp(&all[a].len()));
    Tables { biggest: order[0], all }
}

/// Stretches of rows between blank lines and rows of empty cells.
fn parts(sample: &Sample<'_>, rows: &Rows) -> Vec<Range<usize>> {
    let mut parts: Vec<Range<usize>> = Vec::new();
    let mut below = rows.below_blank.iter().peekable();
    let mut open = false;
    for row in 0..rows.len() {
        let parted = below.next_if(|&&next| next as usize <= row).is_some();
        if sample.cells(rows, row).all(|cell| cell.trim().is_empty()) {
            open = false;
            continue;
        }
        match parts.last_mut() {
            Some(last) if open && !parted => last.end = row + 1,
            _ => parts.push(row..row + 1),
        }
        open = true;
    }
    parts
}

/// The first row of a part that could be a table: two rows or more of the same width, after titles of one cell.
fn begin(sample: &Sample<'_>, rows: &Rows, part: Range<usize>) -> Option<usize> {
    let end = part.end;
    let first = part.take(PREAMBLE).find(|&row| sample.filled(rows, row) >= 2)?;
    let mut widths: Vec<usize> = (first..end).map(|row| rows.row(row).len()).collect();
    let (width, even) = usual(&mut widths);
    (end - first >= 2 && width >= 2 && even >= 0.8).then_some(first)
}

/// The first row of a table that is none of the titles above it, which fill less than half of its cells or are several
/// rows narrower than the one below them.
pub fn first_row(sample: &Sample<'_>, rows: &Rows, table: Range<usize>) -> usize {
    let start = table.start;
    let mut widths: Vec<usize> = table.clone().take(1_000).map(|row| rows.row(row).len()).collect();
    let (width, even) = usual(&mut widths);
    if width < 2 || even <= 0.5 {
        return start;
    }
    let needed = width.div_ceil(2).max(2);
    // Names alone, with nothing below them, are no table.
    let above = || table.clone().take(PREAMBLE).filter(|&row| row + 1 < table.end);
    let full = |row: &usize| rows.row(*row).len() >= width && sample.filled(rows, *row) >= needed;
    let first = above().find(|&row| sample.filled(rows, row) >= needed).unwrap_or(start);
    match above().find(full) {
        // One narrower row may be the header of rows that end in a delimiter or begin with a name; two are not.
        Some(row) if row > first + 1 || row == first + 1 && sample.is_header(rows, row..table.end) => row,
        _ => first,
    }
}
