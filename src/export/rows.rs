//! Rows of a table as CSV, with a column for every segment and grouping that was asked for.
//!
//! Cells of a file leave as they stood in it: they are read again from the source, block by block. Computed tables leave
//! in canonical text.

use crate::error::Result;
use crate::export::csv::{Style, write_row};
use crate::job::{Job, Progress, Step};
use crate::read::cells::{block_range, for_each_row};
use crate::table::bitmap::Bitmap;
use crate::table::column::{Column, Data};
use crate::table::dialect::Layout;
use crate::table::table::Table;
use std::borrow::Cow;
use std::ops::Range;
use std::rc::Rc;

/// A column that is not the table's: where a customer belongs, or what was worked out for it.
#[derive(Clone, Debug)]
pub enum Belonging {
    /// A rule segment: `yes`, `no`, or `unknown` where a value the rule needs is missing.
    Segment {
        /// Name of the segment.
        name: String,
        /// The members.
        yes: Bitmap,
        /// Where the rule has an answer.
        known: Bitmap,
    },
    /// A grouping: the label, empty where the customer is in no group.
    Grouping {
        /// Name of the grouping.
        name: String,
        /// Its labels.
        labels: Vec<String>,
        /// A label's index for each row, −1 for none.
        assignments: Vec<i32>,
    },
    /// What was worked out for each customer: a score, a value, a probability.
    Value(Rc<Column>),
}

impl Belonging {
    /// The column's header.
    pub fn name(&self) -> &str {
        match self {
            Belonging::Segment { name, .. } | Belonging::Grouping { name, .. } => name,
            Belonging::Value(column) => &column.name,
        }
    }

    /// Whether the row is a member: of the segment, or of any group.
    pub fn holds(&self, row: usize) -> bool {
        match self {
            Belonging::Segment { yes, .. } => yes.get(row),
            Belonging::Grouping { assignments, .. } => assignments[row] >= 0,
            Belonging::Value(_) => false,
        }
    }

    fn cell(&self, row: usize, style: Style) -> Cow<'_, str> {
        Cow::Borrowed(match self {
            Belonging::Segment { yes, .. } if yes.get(row) => "yes",
            Belonging::Segment { known, .. } if known.get(row) => "no",
            Belonging::Segment { .. } => "unknown",
            Belonging::Grouping { labels, assignments, .. } => {
                usize::try_from(assignments[row]).map_or("", |group| &labels[group])
            }
            Belonging::Value(column) => return Cow::Owned(typed_cell(column, row, style).unwrap_or_default()),
        })
    }
}

/// A computed value as text; nothing where it is missing.
fn typed_cell(column: &Column, row: usize, style: Style) -> Option<String> {
    let text = column.text_of(row)?;
    let is_number = matches!(column.data, Data::Number(_));
    Some(if is_number && style.decimal != '.' { text.replace('.', &style.decimal.to_string()) } else { text })
}

/// Writes rows as CSV; emits the bytes in order, a block of rows a step.
#[derive(Debug)]
pub struct RowsJob {
    table: Rc<Table>,
    columns: Vec<usize>,
    belongings: Vec<Belonging>,
    chosen: Option<Bitmap>,
    style: Style,
    block: usize,
    header_written: bool,
    fed: Option<Vec<u8>>,
}

impl RowsJob {
    /// Writes `columns` (positions), then the belongings, for the chosen rows (all, when none are named).
    pub fn new(
        table: Rc<Table>,
        columns: Vec<usize>,
        belongings: Vec<Belonging>,
        chosen: Option<Bitmap>,
        style: Style,
    ) -> RowsJob {
        RowsJob { table, columns, belongings, chosen, style, block: 0, header_written: false, fed: None }
    }

    fn header(&self) -> Vec<u8> {
        let mut out = Vec::new();
        let names = self.columns.iter().map(|&at| self.table.columns[at].name.as_str());
        write_row(&mut out, names.chain(self.belongings.iter().map(Belonging::name)).map(Some), self.style);
        out
    }

    fn is_chosen(&self, row: usize) -> bool {
        self.chosen.as_ref().is_none_or(|chosen| chosen.get(row))
    }

    fn write(&self, out: &mut Vec<u8>, row: usize, cells: &[Option<Cow<'_, str>>]) {
        let belongings: Vec<Cow<'_, str>> =
            self.belongings.iter().map(|belonging| belonging.cell(row, self.style)).collect();
        let belongings = belongings.iter().map(|cell| Some(&**cell));
        write_row(out, cells.iter().map(Option::as_deref).chain(belongings), self.style);
    }

    /// Rows of a block from the columns in memory.
    fn computed_block(&self, rows: Range<usize>) -> Vec<u8> {
        let mut out = Vec::new();
        for row in rows.filter(|&row| self.is_chosen(row)) {
            let cell = |&at: &usize| typed_cell(&self.table.columns[at], row, self.style).map(Cow::Owned);
            let cells: Vec<Option<Cow<'_, str>>> = self.columns.iter().map(cell).collect();
            self.write(&mut out, row, &cells);
        }
        out
    }

    /// Rows of a block from the source's own bytes.
    fn original_block(&self, layout: &Layout, first: usize, bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        let mut row = first;
        for_each_row(&self.table.dialect, layout, bytes, &mut |cells| {
            if self.is_chosen(row) {
                let cells: Vec<Option<Cow<'_, str>>> =
                    self.columns.iter().map(|&at| cells.get(at).copied().flatten().map(Cow::Borrowed)).collect();
                self.write(&mut out, row, &cells);
            }
            row += 1;
        });
        out
    }
}

impl Job for RowsJob {
    type Output = ();

    fn step(&mut self) -> Result<Step<()>> {
        if !std::mem::replace(&mut self.header_written, true) {
            return Ok(Step::Emit(self.header()));
        }
        let first = self.block * Layout::ROWS_PER_START;
        if first >= self.table.row_count {
            return Ok(Step::Done(()));
        }
        let rows = first..(first + Layout::ROWS_PER_START).min(self.table.row_count);
        if !rows.clone().any(|row| self.is_chosen(row)) {
            self.block += 1;
            let ratio = rows.end as f64 / self.table.row_count as f64;
            return Ok(Step::Working(Progress { phase: "writing", ratio, rows: rows.end as u64 }));
        }
        let written = match (&self.table.layout, self.fed.take()) {
            (None, _) => self.computed_block(rows),
            (Some(layout), None) => return Ok(Step::Need(block_range(layout, self.block))),
            (Some(layout), Some(bytes)) => self.original_block(layout, first, &bytes),
        };
        self.block += 1;
        Ok(Step::Emit(written))
    }

    fn feed(&mut self, bytes: &[u8]) -> Result<()> {
        self.fed = Some(bytes.to_vec());
        Ok(())
    }
}
