//! The cells of a batch of rows as text: quotes resolved, damaged bytes replaced, nothing copied where nothing is wrong.

use crate::math::bytes::holds_zero;
use crate::math::rows::{Column, Field, Sources, is_even};
use crate::read::scan::{Grammar, Rows, Spot, unescape};

/// Memory that is used again from batch to batch.
#[derive(Debug, Default)]
pub struct Spill {
    /// Cells that had to be rewritten.
    text: String,
    /// Rows with bytes that are not UTF-8.
    damaged: Vec<u32>,
    /// Rows with NUL bytes.
    nul: Vec<u32>,
}

/// Read access to the cells of a batch.
#[derive(Clone, Copy, Debug)]
pub struct Cells<'a> {
    text: &'a str,
    spill: &'a Spill,
    rows: &'a Rows,
}

/// Makes the scanned rows readable. From here on a field that is `escaped` lies in the spill, as its final text.
pub fn clean<'a>(bytes: &'a [u8], rows: &'a mut Rows, grammar: Grammar, spill: &'a mut Spill) -> Cells<'a> {
    spill.text.clear();
    spill.damaged.clear();
    spill.nul.clear();
    if holds_zero(bytes) {
        let holds_nul = |field: &Field| bytes[field.start as usize..field.end as usize].contains(&0);
        spill.nul.extend((0..rows.len()).filter(|&row| rows.row(row).iter().any(holds_nul)).map(|row| row as u32));
    }
    let text = match simdutf8::basic::from_utf8(bytes) {
        Ok(text) => {
            for &at in &rows.escaped {
                let field = &mut rows.fields[at as usize];
                let start = spill.text.len();
                let content = &text[field.start as usize..field.end as usize];
                unescape(content, grammar, is_quoted(bytes, field, grammar), &mut spill.text);
                (field.start, field.end) = (start as u32, spill.text.len() as u32);
            }
            text
        }
        Err(_) => {
            rewrite(bytes, rows, grammar, spill);
            ""
        }
    };
    spill.damaged.dedup();
    Cells { text, spill, rows }
}

/// Copies every cell, with the replacement character for what is not UTF-8.
fn rewrite(bytes: &[u8], rows: &mut Rows, grammar: Grammar, spill: &mut Spill) {
    let mut first = 0;
    for (row, &last) in rows.ends.iter().enumerate() {
        for field in &mut rows.fields[first..last as usize] {
            let raw = &bytes[field.start as usize..field.end as usize];
            let content = String::from_utf8_lossy(raw);
            if std::str::from_utf8(raw).is_err() {
                spill.damaged.push(row as u32);
            }
            let start = spill.text.len();
            if field.escaped {
                unescape(&content, grammar, is_quoted(bytes, field, grammar), &mut spill.text);
            } else {
                spill.text.push_str(&content);
            }
            *field = Field { start: start as u32, end: spill.text.len() as u32, escaped: true };
        }
        first = last as usize;
    }
}

/// Whether a quotation mark stands right before the cell: no other cell has one there.
fn is_quoted(bytes: &[u8], field: &Field, grammar: Grammar) -> bool {
    field.start > 0 && grammar.quote == Some(bytes[field.start as usize - 1])
}

impl<'a> Cells<'a> {
    /// Number of rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Rows of the batch with bytes that are not UTF-8.
    pub fn damaged(&self) -> &'a [u32] {
        &self.spill.damaged
    }

    /// Where a row begins in the bytes of the batch.
    pub fn start(&self, row: usize) -> u64 {
        u64::from(self.rows.starts[row])
    }

    /// Rows that stand below blank lines, in order; the number of rows stands for the row after the batch.
    pub fn below_blank(&self) -> &'a [u32] {
        &self.rows.below_blank
    }

    /// The first cell of each row with stray quotation marks.
    pub fn stray(&self) -> &'a [Spot] {
        &self.rows.stray
    }

    /// The cell whose quote is never closed.
    pub fn unclosed(&self) -> Option<Spot> {
        self.rows.unclosed
    }

    /// Rows of the batch with NUL bytes.
    pub fn nul(&self) -> &'a [u32] {
        &self.spill.nul
    }

    /// The text of a cell.
    #[inline]
    pub fn text(&self, field: Field) -> &'a str {
        self.sources().text(field)
    }

    /// The cells of a row.
    pub fn row(&self, row: usize) -> impl ExactSizeIterator<Item = &'a str> {
        let cells = *self;
        self.rows.row(row).iter().map(move |&field| cells.text(field))
    }

    /// The cells from a row on.
    pub fn from_row(&self, row: usize) -> &'a [Field] {
        let first = if row == 0 { 0 } else { self.rows.ends[row - 1] };
        &self.rows.fields[first as usize..]
    }

    /// The cells of a column, nothing where a row is too short.
    #[inline]
    pub fn column(&self, column: usize) -> impl Iterator<Item = Option<&'a str>> {
        let (cells, rows) = (*self, self.rows);
        let mut start = 0;
        rows.ends.iter().map(move |&end| {
            let at = start + column;
            start = end as usize;
            if at < end as usize { Some(cells.text(rows.fields[at])) } else { None }
        })
    }

    /// Whether every row has so many cells.
    pub fn is_even(&self, width: usize) -> bool {
        is_even(&self.rows.ends, width)
    }

    /// Where the cells of a column lie, `even` rows having so many each; others are gathered.
    pub fn fields<'b>(&self, column: usize, even: Option<usize>, gathered: &'b mut Vec<Field>) -> Column<'b>
    where
        'a: 'b,
    {
        match even {
            Some(width) => Column::even(&self.rows.fields, width, column),
            None => Column::gather(&self.rows.fields, &self.rows.ends, column, gathered),
        }
    }

    /// The texts in which fields lie.
    pub fn sources(&self) -> Sources<'a> {
        Sources { plain: self.text, spilt: &self.spill.text }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::scan::{Bounds, Delimiter, Grammar, scan};

    #[test]
    fn damaged_bytes_are_replaced_and_counted() {
        let grammar = Grammar::plain(Delimiter::Byte(b','), Some(b'"'));
        let (mut rows, mut spill) = (Rows::default(), Spill::default());
        let bytes = b"a,\"b\"\"c\"\nM\xFCller,1\0\nd";
        assert!(scan(grammar, bytes, 0, Bounds::all(), &mut rows).is_ok());
        let cells = clean(bytes, &mut rows, grammar, &mut spill);
        let found: Vec<Vec<&str>> = (0..cells.len()).map(|row| cells.row(row).collect()).collect();
        assert_eq!(found, [vec!["a", "b\"c"], vec!["M\u{FFFD}ller", "1\0"], vec!["d"]]);
        assert_eq!(cells.column(1).collect::<Vec<_>>(), [Some("b\"c"), Some("1\0"), None]);
        assert_eq!((cells.damaged(), cells.nul()), (&[1][..], &[1][..]));
    }
}
