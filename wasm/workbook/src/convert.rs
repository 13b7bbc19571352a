//! How does one sheet become CSV, step by step?

use crate::book::{Opened, ods, xlsx};
use crate::bytes::Source;
use crate::cell::{self, Value};
use crate::csv::Csv;
use crate::extent::{Extent, letters, reference};
use crate::refuse::damaged;
use calamine::{Data, Range, Reader, XlsxCellReader, XlsxError};
use marquetry::error::{Code, Error, Result};
use marquetry::job::{Job, Progress, Step};
use marquetry::table::figures::grouped;
use marquetry::table::finding::{Example, Finding, Severity};

/// Cells of one step, and bytes of one piece.
const CELLS: usize = 8_192;
const PIECE: usize = 256 << 10;
/// A wide sheet needs a value in one of so many cells.
const WIDE: u32 = 256;
const THINNEST: u64 = 200;

/// Writes one sheet.
pub struct Convert<'a> {
    cells: Cells<'a>,
    extent: Extent,
    epoch_1904: bool,
    most_rows: u64,
    csv: Csv,
    notes: Notes,
    over: bool,
}

enum Cells<'a> {
    Xlsx(Box<XlsxCellReader<'a, Source>>),
    /// The reader of this format has all cells already: they are gone through by place.
    Ods {
        range: Range<Data>,
        next: (u32, u32),
    },
}

/// What a sheet came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Converted {
    /// What was noticed.
    pub findings: Vec<Finding>,
    /// Row and column, from 0, at which the table begins.
    pub first: (u32, u32),
    /// Rows written, blank ones not counted.
    pub rows: u64,
    /// Rows of the whole sheet that hold something.
    pub of_rows: u64,
    /// Whether a number with decimals was written, so that `.` is known to be the decimal mark.
    pub decimals: bool,
}

#[derive(Debug, Default)]
struct Notes {
    decimals: bool,
    /// Failed calculations: cells, rows, the last of these rows, examples, and where the first one stands.
    failed: u64,
    failed_rows: u64,
    last_row: u32,
    examples: Vec<Example>,
}

impl std::fmt::Debug for Convert<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Convert({:?}, {:?})", self.extent, self.csv)
    }
}

impl<'a> Convert<'a> {
    pub(crate) fn new(
        reader: &'a mut Opened,
        name: &str,
        extent: Extent,
        most_rows: Option<u64>,
    ) -> Result<Convert<'a>> {
        check(name, &extent)?;
        let seen = extent.seen.unwrap_or(u64::MAX);
        let (cells, epoch_1904) = match reader {
            Opened::Xlsx(book) => {
                let epoch_1904 = book.has_1904_epoch();
                (Cells::Xlsx(Box::new(book.worksheet_cells_reader(name).map_err(xlsx)?)), epoch_1904)
            }
            Opened::Ods(book) => {
                let range = book.worksheet_range(name).map_err(ods)?;
                (Cells::Ods { range, next: extent.first }, false)
            }
        };
        Ok(Convert {
            cells,
            csv: Csv::new(extent.first, extent.columns()),
            extent,
            epoch_1904,
            most_rows: most_rows.unwrap_or(u64::MAX).min(seen),
            notes: Notes::default(),
            over: false,
        })
    }

    /// Writes the next cell; gives whether there was one.
    fn next(&mut self) -> Result<bool> {
        let Convert { cells, csv, notes, .. } = self;
        let mut write = |place, value: Value| write_cell(csv, notes, self.epoch_1904, place, value);
        match cells {
            Cells::Xlsx(reader) => match reader.next_cell() {
                Ok(Some(cell)) => write(cell.get_position(), cell.get_value().into())?,
                Ok(None) => return Ok(false),
                // A sign of a failed calculation that is younger than the reader, such as #SPILL!; the next cell is fine.
                Err(XlsxError::CellError(sign)) => notes.fail(csv.rows, None, &sign),
                Err(error) => return Err(xlsx(error)),
            },
            Cells::Ods { range, next } => {
                if next.0 > self.extent.last.0 {
                    return Ok(false);
                }
                if let Some(value) = range.get_value(*next) {
                    write(*next, value.into())?;
                }
                *next =
                    if next.1 < self.extent.last.1 { (next.0, next.1 + 1) } else { (next.0 + 1, self.extent.first.1) };
            }
        }
        Ok(true)
    }

    fn progress(&self) -> Step<Converted> {
        let ratio = self.csv.rows as f64 / self.extent.filled.min(self.most_rows).max(1) as f64;
        Step::Working(Progress { phase: "unpacking", ratio: ratio.min(1.0), rows: self.csv.rows })
    }
}

impl Job for Convert<'_> {
    type Output = Converted;

    fn step(&mut self) -> Result<Step<Converted>> {
        if self.over {
            let findings = findings(&self.extent, &self.notes);
            let (rows, of_rows) = (self.csv.rows, self.extent.filled);
            let (first, decimals) = (self.extent.first, self.notes.decimals);
            return Ok(Step::Done(Converted { findings, first, rows, of_rows, decimals }));
        }
        for _ in 0..CELLS {
            if self.csv.rows >= self.most_rows || !self.next()? {
                self.over = true;
                if self.csv.rows < self.most_rows {
                    self.csv.end_row();
                }
                return Ok(Step::Emit(self.csv.take()));
            }
            if self.csv.len() >= PIECE {
                return Ok(Step::Emit(self.csv.take()));
            }
        }
        Ok(self.progress())
    }
}

fn write_cell(csv: &mut Csv, notes: &mut Notes, epoch_1904: bool, place: (u32, u32), value: Value) -> Result<()> {
    if let Value::Nothing = value {
        return Ok(());
    }
    let row = csv.rows;
    let Some(out) = csv.cell(place) else {
        return match value {
            Value::Text(text) if text.trim().is_empty() => Ok(()),
            _ => Err(damaged("the cells of a sheet stand in no order")),
        };
    };
    match value {
        Value::Text(text) => out.push_str(text),
        Value::Number(number) => {
            notes.decimals |= number.fract() != 0.0;
            cell::number(number, out);
        }
        Value::Bool(truth) => out.push_str(if truth { "true" } else { "false" }),
        Value::Days { days, duration } => cell::days(days, duration, epoch_1904, out),
        Value::Iso(text) => cell::iso(text, out),
        Value::Failed(sign) => notes.fail(row, Some(place), &sign),
        Value::Nothing => {}
    }
    Ok(())
}

impl Notes {
    /// A failed calculation, below so many rows with values.
    fn fail(&mut self, above: u64, place: Option<(u32, u32)>, sign: &str) {
        self.failed += 1;
        if place.is_none_or(|(row, _)| self.failed_rows == 0 || row != self.last_row) {
            self.failed_rows += 1;
        }
        self.last_row = place.map_or(self.last_row, |place| place.0);
        if self.examples.len() < Finding::EXAMPLES {
            let value = place.map_or_else(|| sign.into(), |place| format!("{sign} in {}", reference(place)));
            self.examples.push(Example { row: above.max(1), value });
        }
    }
}

/// Refuses what cannot be written as a table of a sensible size.
fn check(name: &str, extent: &Extent) -> Result<()> {
    if extent.disorder {
        return Err(damaged("the rows of a sheet stand in no order"));
    }
    let box_cells = extent.filled * u64::from(extent.columns());
    if extent.columns() > WIDE && extent.cells * THINNEST < box_cells {
        let hint = "Delete the columns that only look empty, save the workbook and load it again.";
        let message = format!(
            "The sheet “{name}” reaches to column {}, but only {} of its {} cells hold something. {hint}",
            letters(extent.last.1),
            grouped(extent.cells),
            grouped(box_cells)
        );
        return Err(Error::new(Code::LimitExceeded, message).limit(f64::from(WIDE)).hint(hint));
    }
    Ok(())
}

fn findings(extent: &Extent, notes: &Notes) -> Vec<Finding> {
    let mut all = Vec::new();
    let mut add = |code: &str, severity, rows, examples: &[Example], message| {
        all.push(Finding {
            code: code.into(),
            severity,
            column: None,
            rows,
            share: 0.0,
            examples: examples.to_vec(),
            message,
            repair: Vec::new(),
        });
    };
    let (above, left) = extent.first;
    if above + left > 0 {
        let message = format!(
            "The table begins in cell {}: {} above it and {} to its left were skipped.",
            reference(extent.first),
            counted(u64::from(above), "blank row"),
            counted(u64::from(left), "blank column")
        );
        add("blank-margin", Severity::Info, 0, &[], message);
    }
    if let Some(first) = notes.examples.first() {
        let message = format!(
            "A calculation failed in {}, the first shows “{}”. They were treated as missing.",
            counted(notes.failed, "cell"),
            first.value
        );
        add("cell-error", Severity::Warning, notes.failed_rows, &notes.examples, message);
    }
    if extent.uncomputed > 0 {
        let message = format!(
            "The file holds no result for {} with a formula; they are missing. Open it in a spreadsheet program, save it and load it again.",
            counted(extent.uncomputed, "cell")
        );
        add("formula-not-computed", Severity::Warning, 0, &[], message);
    }
    if extent.merged > 0 {
        let message = format!(
            "The sheet has {}. The value stands in the first cell of each; the others are empty.",
            counted(extent.merged, "area")
        ) + " Such areas are made of merged cells.";
        add("merged-cells", Severity::Info, 0, &[], message);
    }
    all
}

fn counted(number: u64, what: &str) -> String {
    format!("{} {what}{}", grouped(number), if number == 1 { "" } else { "s" })
}
