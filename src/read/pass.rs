//! One reading of the whole file by one plan: columns grow, everything unusual is counted, and at the end the totals say
//! whether the plan was right.

use crate::error::Result;
use crate::math::rows::Field;
use crate::read::batch::{Spill, clean};
use crate::read::builder::{Builder, add_examples, note, shorten, wire_examples};
use crate::read::footer::Tail;
use crate::read::infer::{Format, is_code, is_enough};
use crate::read::limits;
use crate::read::options::{DateOrder, ReadOptions};
use crate::read::plan::{ColumnPlan, Plan, file_order, unique_names};
use crate::read::scan::{Bounds, Rows, Spot, scan};
use crate::read::sniff::covering_width;
use crate::read::wire::Wire;
use crate::table::dialect::Layout;
use crate::table::finding::Example;
use std::collections::BTreeMap;

/// Rows that differ from the rule: how many, and the first few.
#[derive(Clone, Debug, Default)]
pub struct Oddity {
    /// Rows.
    pub rows: u64,
    /// The first of them.
    pub examples: Vec<Example>,
}

impl Oddity {
    fn note(&mut self, row: u64, value: &str) {
        self.rows += 1;
        note(&mut self.examples, row, value);
    }

    fn wire(&mut self, wire: &mut Wire) {
        wire.number(&mut self.rows);
        wire_examples(&mut self.examples, wire);
    }

    /// Adds what was noted after so many rows.
    fn add(&mut self, later: Oddity, rows: u64) {
        self.rows += later.rows;
        add_examples(&mut self.examples, later.examples, rows);
    }
}

/// What was unusual about the file as a whole.
#[derive(Clone, Debug, Default)]
pub struct Oddities {
    /// Lines that hold nothing.
    pub blank_lines: u64,
    /// Line ends: `\n`, `\r\n`, `\r`.
    pub newlines: [u64; 3],
    /// Rows with fewer cells than columns.
    pub short: Oddity,
    /// Rows with more cells than columns.
    pub long: Oddity,
    /// Short and long rows, counted from 0; none where there are more than a hundred thousand.
    pub ragged: Vec<u32>,
    /// Cells beyond the last column.
    pub extra_cells: u64,
    /// Rows with more cells than columns, of which the further ones are empty.
    pub trailing: Oddity,
    /// Rows with bytes that are not UTF-8.
    pub damaged: Oddity,
    /// Rows with NUL bytes.
    pub nul: Oddity,
    /// The column of the first of them, from 1.
    pub nul_column: u64,
    /// Rows with quotation marks inside quotes that are neither doubled nor closing.
    pub stray: Oddity,
    /// The column of the first of them, from 1.
    pub stray_column: u64,
    /// Row and column of the cell whose quote is never closed, both from 1, and how it begins.
    pub unclosed: Option<((u64, u64), String)>,
    /// Comment lines; the row is the one below.
    pub comments: Oddity,
    /// Rows by number of cells, where it is not the expected one.
    widths: BTreeMap<usize, u64>,
}

impl Oddities {
    /// Ragged rows that are listed, so that they can be set aside. Where more are ragged, the file is read the wrong way.
    const LISTED: u64 = 100_000;

    fn each(&mut self) -> [&mut Oddity; 7] {
        let Oddities { short, long, trailing, damaged, nul, stray, comments, .. } = self;
        [short, long, trailing, damaged, nul, stray, comments]
    }

    fn wire(&mut self, wire: &mut Wire) {
        self.each().into_iter().for_each(|oddity| oddity.wire(wire));
        wire.numbers([&mut self.blank_lines, &mut self.extra_cells, &mut self.nul_column, &mut self.stray_column]);
        wire.numbers(&mut self.newlines);
        wire.halves(&mut self.ragged);
        let mut widths: Vec<[u64; 2]> = self.widths.iter().map(|(&width, &rows)| [width as u64, rows]).collect();
        wire.list(&mut widths, |wire, entry| wire.numbers(entry));
        self.widths = widths.into_iter().map(|[width, rows]| (width as usize, rows)).collect();
        let mut unclosed: Vec<((u64, u64), String)> = self.unclosed.take().into_iter().collect();
        wire.list(&mut unclosed, |wire, ((row, column), text)| {
            wire.numbers([row, column]);
            wire.text(text);
        });
        self.unclosed = unclosed.pop();
    }

    /// Adds what was noted after so many rows.
    fn add(&mut self, mut later: Oddities, rows: u64) {
        if self.nul.rows == 0 {
            self.nul_column = later.nul_column;
        }
        if self.stray.rows == 0 {
            self.stray_column = later.stray_column;
        }
        self.each().into_iter().zip(later.each()).for_each(|(all, found)| all.add(std::mem::take(found), rows));
        self.blank_lines += later.blank_lines;
        self.extra_cells += later.extra_cells;
        self.newlines.iter_mut().zip(later.newlines).for_each(|(all, found)| *all += found);
        later.widths.into_iter().for_each(|(width, rows)| *self.widths.entry(width).or_default() += rows);
        self.ragged.extend(later.ragged.into_iter().map(|row| row + rows as u32));
        if self.short.rows + self.long.rows > Oddities::LISTED {
            self.ragged = Vec::new();
        }
        self.unclosed = later.unclosed.map(|((row, column), text)| ((row + rows, column), text));
    }
}

/// Rows before the next one whose start is kept.
fn rows_ahead(rows: u64) -> usize {
    let per_start = Layout::ROWS_PER_START as u64;
    ((per_start - rows % per_start) % per_start) as usize
}

/// One reading of the file.
#[derive(Debug)]
pub struct Pass {
    /// What it follows.
    pub plan: Plan,
    /// One a column.
    pub builders: Vec<Builder>,
    /// Rows so far.
    pub rows: u64,
    /// Where they lie.
    pub layout: Layout,
    /// What was unusual.
    pub oddities: Oddities,
    /// Where every row begins, where a stretch is read that does not know how many rows stand before it: from its first.
    starts: Option<(u64, Vec<u32>)>,
    scanned: Rows,
    spill: Spill,
    gathered: Vec<Field>,
    tail: Tail,
}

/// Rows of a batch, and bytes after which one ends: both small enough for the processor's caches.
pub const BATCH_ROWS: usize = 8_192;
const BATCH_BYTES: usize = 128 * 1024;

impl Pass {
    /// Nothing read yet; `rows` is an estimate that memory is reserved for, within the limit that was checked.
    pub fn new(plan: Plan, rows: u64) -> Pass {
        let room = rows as usize + rows as usize / 50;
        let builder = |column: &ColumnPlan| {
            let mut builder = Builder::new(column.format, column.loaded, room);
            builder.currency.clone_from(&column.currency);
            // Numbers in names and addresses grow longer as they go on.
            let (values, bytes) = (column.growth.values(room as f64), 1.1 * column.growth.bytes(room as f64));
            builder.reserve_distinct(values as usize, bytes as usize);
            builder
        };
        let builders = plan.columns.iter().map(builder).collect();
        let mut oddities = Oddities::default();
        plan.comments.iter().for_each(|line| oddities.comments.note(1, line));
        let layout = Layout { starts: Vec::new(), end: plan.body as u64, width: plan.columns.len() };
        Pass {
            plan,
            builders,
            rows: 0,
            layout,
            oddities,
            starts: None,
            scanned: Rows::default(),
            spill: Spill::default(),
            gathered: Vec::new(),
            tail: Tail::default(),
        }
    }

    /// The same for a stretch somewhere in the file.
    pub fn of_stretch(plan: Plan, rows: u64) -> Pass {
        Pass { oddities: Oddities::default(), starts: Some((0, Vec::new())), ..Pass::new(plan, rows) }
    }

    /// Bytes held.
    pub fn bytes(&self) -> u64 {
        self.builders.iter().map(Builder::bytes).sum::<usize>() as u64
    }

    /// Takes one batch of at most so many rows from bytes that lie at `offset` of the file; gives the bytes used, 0 where the
    /// first row may go on after them.
    pub fn take(&mut self, bytes: &[u8], offset: u64, last: bool, rows: usize, options: &ReadOptions) -> Result<usize> {
        self.scanned.clear();
        let field_bytes = options.limits.field_bytes as usize;
        let bounds = Bounds { last, rows, bytes: BATCH_BYTES, field_bytes };
        let used = scan(self.plan.shape.grammar, bytes, 0, bounds, &mut self.scanned)
            .map_err(|long| limits::too_long(long, self.rows + long.row as u64 + 1, options))?;
        let first = self.rows + 1;
        limits::rows(self.rows + self.scanned.len() as u64, options)?;
        self.note_rows(bytes, offset, first);
        let cells = clean(&bytes[..used], &mut self.scanned, self.plan.shape.grammar, &mut self.spill);
        let width = self.builders.len();
        let even = cells.is_even(width).then_some(width);
        for (column, builder) in self.builders.iter_mut().enumerate() {
            let fields = cells.fields(column, even, &mut self.gathered);
            builder.take(cells.sources(), fields, first, &self.plan.missing);
        }
        self.tail.take(&cells, 0, offset);
        let oddities = &mut self.oddities;
        let cells_of = |row| cells.row(row);
        for row in (0..cells.len()).filter(|_| even.is_none()) {
            let mut found = cells_of(row);
            let cells = found.len();
            if cells == width {
                continue;
            }
            *oddities.widths.entry(cells).or_default() += 1;
            if cells > width && cells_of(row).skip(width).all(|cell| cell.trim().is_empty()) {
                oddities.trailing.note(first + row as u64, &format!("{cells} of {width} cells"));
                continue;
            }
            match oddities.short.rows + oddities.long.rows {
                ..Oddities::LISTED => oddities.ragged.push((first - 1) as u32 + row as u32),
                _ => oddities.ragged = Vec::new(),
            }
            if cells < width {
                oddities.short.note(first + row as u64, &format!("{cells} of {width} cells"));
            } else {
                oddities.extra_cells += (cells - width) as u64;
                oddities.long.note(first + row as u64, found.nth(width).unwrap_or(""));
            }
        }
        let cell = |spot: Spot| cells.row(spot.row as usize).nth(spot.column as usize).unwrap_or("");
        let place = |spot: Spot| (first + u64::from(spot.row), u64::from(spot.column) + 1);
        for &spot in cells.stray() {
            if oddities.stray.rows == 0 {
                oddities.stray_column = place(spot).1;
            }
            oddities.stray.note(place(spot).0, cell(spot));
        }
        if let Some(spot) = cells.unclosed() {
            oddities.unclosed = Some((place(spot), shorten(cell(spot))));
        }
        let text_of = |row: u32| {
            let mut damaged = cells.row(row as usize).filter(|cell| cell.contains(['\u{FFFD}', '\0']));
            damaged.next().unwrap_or("").to_string()
        };
        cells.damaged().iter().for_each(|&row| oddities.damaged.note(first + u64::from(row), &text_of(row)));
        if oddities.nul.rows == 0
            && let Some(&row) = cells.nul().first()
        {
            let column = cells_of(row as usize).position(|cell| cell.contains('\0'));
            oddities.nul_column = column.unwrap_or(0) as u64 + 1;
        }
        cells.nul().iter().for_each(|&row| oddities.nul.note(first + u64::from(row), &text_of(row)));
        self.rows += cells.len() as u64;
        limits::memory(self.bytes(), options)?;
        Ok(used)
    }

    /// What the scanner noticed, and where the rows lie.
    fn note_rows(&mut self, bytes: &[u8], offset: u64, first: u64) {
        let (scanned, oddities) = (&self.scanned, &mut self.oddities);
        oddities.blank_lines += scanned.blank_lines;
        oddities.newlines.iter_mut().zip(scanned.newlines).for_each(|(all, found)| *all += found);
        for (row, at) in &scanned.comments {
            let line = String::from_utf8_lossy(&bytes[at.start as usize..at.end as usize]);
            oddities.comments.note(first + u64::from(*row), &line);
        }
        if let Some((begin, starts)) = &mut self.starts {
            if self.rows == 0 {
                *begin = offset;
            }
            let ahead = (offset - *begin) as u32;
            starts.extend(scanned.starts.iter().map(|start| ahead + start));
            return;
        }
        for row in (rows_ahead(self.rows)..scanned.len()).step_by(Layout::ROWS_PER_START) {
            self.layout.starts.push(offset + u64::from(scanned.starts[row]));
        }
    }

    /// Hands over what was read of a stretch.
    pub fn pack(mut self, wire: &mut Wire) {
        wire.number(&mut self.rows);
        let (mut begin, mut starts) = self.starts.unwrap_or_default();
        wire.number(&mut begin);
        wire.halves(&mut starts);
        self.oddities.wire(wire);
        self.tail.wire(wire);
        self.builders.into_iter().for_each(|builder| builder.pack(wire));
    }

    /// Takes over what was read of the stretch that begins where this pass has come to.
    pub fn join(&mut self, wire: &mut Wire) {
        let (mut rows, mut begin, mut starts) = (0, 0, Vec::new());
        wire.number(&mut rows);
        wire.number(&mut begin);
        wire.halves(&mut starts);
        let kept = starts.iter().skip(rows_ahead(self.rows)).step_by(Layout::ROWS_PER_START);
        self.layout.starts.extend(kept.map(|&start| begin + u64::from(start)));
        let mut oddities = Oddities::default();
        oddities.wire(wire);
        self.oddities.add(oddities, self.rows);
        let mut tail = Tail::default();
        tail.wire(wire);
        self.tail.add(tail, rows);
        self.builders.iter_mut().for_each(|builder| builder.join(wire, self.rows));
        self.rows += rows;
    }

    /// The plan that the totals call for, if it is another one; with what was wrong, for a person.
    pub fn correction(&self) -> Option<(Plan, Vec<String>)> {
        let mut plan = self.plan.clone();
        let mut reasons = Vec::new();
        let order = file_order(self.builders.iter().map(|builder| &builder.counts.orders));
        for (column, builder) in plan.columns.iter_mut().zip(&self.builders) {
            if let Some(format) = contradiction(column, builder, order) {
                reasons.push(format!("“{}”", column.name));
                (column.format, column.open) = (format, format == Format::Text);
            }
        }
        let narrow: u64 = self.rows - self.oddities.widths.values().sum::<u64>();
        let widths = self.oddities.widths.iter().map(|(&width, &rows)| (width, rows));
        let width = covering_width(widths.chain([(plan.columns.len(), narrow)]));
        if width > plan.columns.len() && self.oddities.long.rows > 0 {
            reasons.push(format!("{} columns instead of {}", width, plan.columns.len()));
            let names: Vec<&str> = self.plan.columns.iter().map(|column| column.name.as_str()).collect();
            for name in unique_names(&names, width).split_off(names.len()) {
                plan.columns.push(ColumnPlan::unknown(name));
            }
        }
        if plan.end.is_none()
            && let Some(footer) = self.tail.footer(plan.skip_footer)
        {
            reasons.push("the last rows are totals or notes".into());
            (plan.end, plan.footer) = (Some(footer.start), Some(footer));
        }
        (!reasons.is_empty()).then_some((plan, reasons))
    }
}

/// The format that a column's totals call for when they contradict its plan; text where only all its texts can tell.
fn contradiction(column: &ColumnPlan, builder: &Builder, order: DateOrder) -> Option<Format> {
    let counts = &builder.counts;
    if counts.present == 0 {
        return None;
    }
    // A type that was chosen or told by the name stands; the order of day and month is still verified.
    let enough = column.settled || is_enough(counts.fits_count(), counts.present);
    match column.format {
        Format::Text | Format::List(_) => None,
        Format::Boolean(_) => (counts.misfits > 0 && !column.settled).then_some(Format::Text),
        Format::Number(decimal) => {
            let (own, other) = match decimal {
                crate::read::number::Decimal::Point => (counts.marks.point, counts.marks.comma),
                crate::read::number::Decimal::Comma => (counts.marks.comma, counts.marks.point),
            };
            let other_mark = column.given.decimal.is_none() && other > own;
            (!enough || !column.settled && (is_code(counts.codes, counts.present) || other_mark))
                .then_some(Format::Text)
        }
        Format::Date(own) | Format::Time(own) => {
            let wanted = column.given.order.or(counts.orders.verdict()).unwrap_or(order);
            let date = matches!(column.format, Format::Date(_));
            if date && counts.timed > 0 && !column.settled {
                return Some(Format::Text);
            }
            if wanted == own {
                return (!enough).then_some(Format::Text);
            }
            let (lost, gained) = match wanted {
                DateOrder::Mdy => (counts.orders.day_first, counts.orders.month_first),
                _ => (counts.orders.month_first, counts.orders.day_first),
            };
            let fits = counts.fits_count() + gained - lost.min(counts.fits_count());
            if !column.settled && !is_enough(fits, counts.present) {
                return Some(Format::Text);
            }
            let differs = counts.orders.either + lost + gained > 0;
            differs.then_some(if date { Format::Date(wanted) } else { Format::Time(wanted) })
        }
    }
}
