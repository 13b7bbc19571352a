//! What stands below the table? Totals and notes in its last rows, which would be taken for customers.

use crate::read::batch::Cells;
use crate::read::builder::shorten;
use crate::read::sample::is_value;
use crate::read::wire::Wire;
use std::ops::Range;

/// Rows that are kept from the end of what was read: those that may be totals and notes, and rows to compare them with.
const TAIL: usize = 32;
/// Rows that may be totals and notes.
const FOOTER: usize = 12;
/// Bytes of those rows that are little enough to be kept as they stand.
const FEW: usize = 16 * 1024;
/// Rows that must stand above them for comparison.
const BODY: usize = 3;

/// A row at the end of what was read.
#[derive(Clone, Debug)]
struct Line {
    /// Byte of the file at which it begins.
    start: u64,
    /// Whether a blank line stands above it.
    parted: bool,
    /// Its cells, long ones cut.
    cells: Vec<String>,
}

/// The last rows of what was read so far, whatever the batches. Kept in one piece, as they stand in the file where they can
/// be, since nearly always they are forgotten with the next batch.
#[derive(Clone, Debug, Default)]
pub struct Tail {
    /// Where each row begins, whether a blank line stands above it, and how many cells there are up to and including it.
    rows: Vec<(u64, bool, usize)>,
    /// The cells in order, perhaps with other bytes between, long ones cut where there are any.
    text: String,
    /// Where each cell lies in it.
    cells: Vec<Range<usize>>,
    /// Whether a blank line was the last thing that was read.
    parted: bool,
}

/// Rows below the table, and the byte at which they begin.
#[derive(Clone, Debug, PartialEq)]
pub struct Footer {
    /// Byte of the file.
    pub start: u64,
    /// Their cells.
    pub rows: Vec<String>,
}

impl Tail {
    /// Takes a batch that lies at `offset` of the file, from its row `first` on.
    pub fn take(&mut self, cells: &Cells<'_>, first: usize, offset: u64) {
        let rows = cells.len();
        let from = rows.saturating_sub(TAIL).max(first);
        if rows - from.min(rows) >= TAIL {
            self.rows.clear();
            self.text.clear();
            self.cells.clear();
        }
        let below_blank = cells.below_blank();
        let is_parted = |row: usize| below_blank.binary_search(&(row as u32)).is_ok();
        let mut end = self.cells.len();
        if from < rows {
            let start = cells.start(from) as usize;
            let plain = cells.sources().plain.get(start..).filter(|text| text.len() <= FEW);
            let ahead = self.text.len();
            self.text.push_str(plain.unwrap_or(""));
            for &field in cells.from_row(from) {
                if plain.is_none() || field.escaped {
                    self.push(head(cells.text(field)));
                } else {
                    self.cells.push(field.start as usize - start + ahead..field.end as usize - start + ahead);
                }
            }
        }
        for row in from..rows {
            end += cells.row(row).len();
            let parted = is_parted(row) || row == 0 && self.parted;
            self.rows.push((offset + cells.start(row), parted, end));
        }
        self.parted = is_parted(rows) || rows == 0 && self.parted;
        // Batches of few rows must not add up.
        if self.rows.len() > 32 * TAIL {
            let lines = self.lines();
            *self = Tail { parted: self.parted, ..Tail::default() };
            for line in lines {
                line.cells.iter().for_each(|cell| self.push(cell));
                self.rows.push((line.start, line.parted, self.cells.len()));
            }
        }
    }

    fn push(&mut self, cell: &str) {
        let start = self.text.len();
        self.text.push_str(cell);
        self.cells.push(start..self.text.len());
    }

    /// Hands the rows over, or takes them.
    pub fn wire(&mut self, wire: &mut Wire) {
        let mut parted = u64::from(self.parted);
        wire.number(&mut parted);
        self.parted = parted > 0;
        let rows = self.rows.iter().map(|&(start, parted, end)| [start, u64::from(parted), end as u64]);
        let mut rows: Vec<[u64; 3]> = rows.collect();
        wire.list(&mut rows, |wire, row| wire.numbers(row));
        self.rows = rows.into_iter().map(|[start, parted, end]| (start, parted > 0, end as usize)).collect();
        wire.text(&mut self.text);
        let mut cells = self.cells.iter().flat_map(|cell| [cell.start as u64, cell.end as u64]).collect();
        wire.words(&mut cells);
        self.cells = cells.as_chunks().0.iter().map(|&[start, end]| start as usize..end as usize).collect();
    }

    /// Adds the last rows of a later stretch of so many rows.
    pub fn add(&mut self, mut later: Tail, rows: u64) {
        // Whether a blank line stands above a stretch, only the one before it knows.
        if let Some(first) = later.rows.first_mut().filter(|_| rows <= TAIL as u64) {
            first.1 |= self.parted;
        }
        if rows >= TAIL as u64 {
            *self = later;
            return;
        }
        let (cells, bytes) = (self.cells.len(), self.text.len());
        self.rows.extend(later.rows.into_iter().map(|(start, parted, end)| (start, parted, cells + end)));
        self.cells.extend(later.cells.into_iter().map(|cell| bytes + cell.start..bytes + cell.end));
        self.text.push_str(&later.text);
        self.parted = later.parted || rows == 0 && self.parted;
    }

    /// The last rows, in order.
    fn lines(&self) -> Vec<Line> {
        let cell = |at: usize| &self.text[self.cells[at].clone()];
        let last = self.rows.len().saturating_sub(TAIL)..self.rows.len();
        let line = |at: usize| {
            let (start, parted, end) = self.rows[at];
            let first = if at == 0 { 0 } else { self.rows[at - 1].2 };
            Line { start, parted, cells: (first..end).map(|at| shorten(cell(at))).collect() }
        };
        last.map(line).collect()
    }

    /// The rows below the table: as many as were chosen, or those that are totals and notes.
    pub fn footer(&self, chosen: Option<usize>) -> Option<Footer> {
        let lines = self.lines();
        let rows = chosen.map_or_else(|| footer(&lines), |rows| rows.min(lines.len().saturating_sub(1)));
        let below = &lines[lines.len() - rows..];
        let text =
            |line: &Line| line.cells.iter().filter(|cell| !cell.is_empty()).cloned().collect::<Vec<_>>().join(" | ");
        below.first().map(|first| Footer { start: first.start, rows: below.iter().map(text).collect() })
    }
}

/// As much of a cell as shows whether it is long.
fn head(cell: &str) -> &str {
    let end = if cell.len() <= 60 { None } else { cell.char_indices().nth(61) };
    &cell[..end.map_or(cell.len(), |(at, _)| at)]
}

/// How many of the last rows of a table are totals or notes: as many as can be, all of them such beside the rows above.
fn footer(tail: &[Line]) -> usize {
    let most = FOOTER.min(tail.len().saturating_sub(BODY));
    let is_blank = |line: &Line| filled(&line.cells) == 0;
    (1..=most)
        .rev()
        .find(|&rows| {
            let (above, below) = tail.split_at(tail.len() - rows);
            let body: Vec<&Line> = above.iter().filter(|line| !is_blank(line)).collect();
            body.len() >= BODY
                && below.iter().any(|line| !is_blank(line))
                && below.iter().all(|line| is_blank(line) || is_total(&body, line) || is_note(&body, line))
                && !below.last().is_some_and(is_blank)
        })
        .unwrap_or(0)
}

fn is_filled(cells: &[String], at: usize) -> bool {
    cells.get(at).is_some_and(|cell| !cell.trim().is_empty())
}

fn filled(cells: &[String]) -> usize {
    (0..cells.len()).filter(|&at| is_filled(cells, at)).count()
}

/// Words that begin a row of totals.
const TOTALS: &str = " total totals subtotal subtotals sum gesamt gesamtsumme summe zwischensumme insgesamt somme totale totaal totaux suma soma ";

/// A total names itself and leaves a cell empty that every row above it fills.
fn is_total(body: &[&Line], line: &Line) -> bool {
    let Some(first) = line.cells.iter().find(|cell| !cell.trim().is_empty()) else { return false };
    let lower = first.trim().to_lowercase();
    let mut words = lower.split(|letter: char| !letter.is_alphabetic()).filter(|word| !word.is_empty());
    let word = words.find(|word| *word != "grand");
    let width = body.iter().map(|line| line.cells.len()).max().unwrap_or(0);
    let always = |at: usize| body.iter().all(|line| is_filled(&line.cells, at));
    word.is_some_and(|word| TOTALS.contains(&format!(" {word} ")))
        && (0..width).any(|at| !is_filled(&line.cells, at) && always(at))
}

/// A note is a text alone in its row, below rows with several cells: it has a note's mark, stands apart and says more than
/// a word, or stands in a column of values.
fn is_note(body: &[&Line], line: &Line) -> bool {
    let text = line.cells[0].trim();
    let alone = filled(&line.cells) == 1 && !text.is_empty() && !is_value(text);
    if !alone || body.iter().any(|line| filled(&line.cells) < 2) {
        return false;
    }
    let marked = text.starts_with(['*', '(', '©', '†', '–', '—']) || text.starts_with("--");
    let valued = body.iter().all(|line| is_value(&line.cells[0]));
    marked || (line.parted || valued) && text.contains([' ', ':'])
}
