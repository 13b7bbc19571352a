//! What stood in the file? Original cells, read again from the rows' places.

use crate::read::batch::{Spill, clean};
use crate::read::scan::{Bounds, Delimiter, Grammar, Rows, scan};
use crate::table::dialect::{Dialect, Layout};
use std::ops::Range;

/// The bytes of a block of [`Layout::ROWS_PER_START`] rows; empty past the last block.
pub fn block_range(layout: &Layout, block: usize) -> Range<u64> {
    let start = layout.starts.get(block).copied().unwrap_or(layout.end);
    let end = layout.starts.get(block + 1).copied().unwrap_or(layout.end);
    start..end.max(start)
}

/// Visits the rows that lie in `bytes`, exactly one block's range, in order. A row is given as one cell for each of the
/// layout's columns, with quotes resolved and damaged bytes replaced, and nothing where the row is too short; cells beyond
/// the last column are left out, as they are in the table.
pub fn for_each_row(dialect: &Dialect, layout: &Layout, bytes: &[u8], visit: &mut dyn FnMut(&[Option<&str>])) {
    let grammar = grammar_of(dialect);
    let (mut rows, mut spill) = (Rows::default(), Spill::default());
    let mut at = 0;
    while at < bytes.len() {
        rows.clear();
        let bounds = Bounds { rows: 256, ..Bounds::all() };
        let rest = &bytes[at..];
        let Ok(used) = scan(grammar, rest, 0, bounds, &mut rows) else { return };
        let cells = clean(&rest[..used], &mut rows, grammar, &mut spill);
        let mut row_cells = vec![None; layout.width];
        for row in 0..cells.len() {
            row_cells.fill(None);
            row_cells.iter_mut().zip(cells.row(row)).for_each(|(place, cell)| *place = Some(cell));
            visit(&row_cells);
        }
        at += used;
    }
}

fn grammar_of(dialect: &Dialect) -> Grammar {
    Grammar {
        delimiter: match dialect.delimiter.as_bytes() {
            [byte] => Delimiter::Byte(*byte),
            _ => Delimiter::Whitespace,
        },
        quote: dialect.quote.bytes().next(),
        escape: dialect.escape.bytes().next(),
        comment: dialect.comment.bytes().next(),
    }
}
