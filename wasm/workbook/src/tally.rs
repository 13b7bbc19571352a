//! What does one part say that must be known before the reader opens it? Its kind, and totals: no cell is kept.

use crate::extent::{Extent, MOST_COLUMNS, MOST_ROWS, position, row};
use crate::refuse::{damaged, locked, suspicious, too_much};
use crate::xml::{Attributes, Event};
use marquetry::error::Result;

/// Blanks that one tag of an OpenDocument sheet may stand for, all together.
const MOST_BLANKS: u64 = 1 << 24;
/// Cells that the OpenDocument reader may hold at once.
const MOST_HELD: u64 = 5_000_000;

/// What is known of one part.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) kind: Kind,
    /// How many texts a list of them (`sst`) claims to hold, and how many there are.
    claimed: u64,
    texts: u64,
}

/// The kind of a part, by the name of its outermost element.
#[derive(Debug, Default)]
pub(crate) enum Kind {
    /// Nothing was seen yet.
    #[default]
    Fresh,
    /// `worksheet`.
    Sheet(Box<Cells>),
    /// `workbook`: for each sheet the name of its relation.
    Workbook(Vec<String>),
    /// `Relationships`: name, kind and target of each.
    Relations(Vec<[String; 3]>),
    /// `document-content` of an OpenDocument file: each sheet in turn.
    Document(Box<Document>),
    /// Anything else.
    Other,
}

/// Cells of an Excel sheet.
#[derive(Debug, Default)]
pub(crate) struct Cells {
    pub(crate) extent: Extent,
    /// The last row that the sheet itself names.
    declared: Option<u32>,
    inside: bool,
    row: u32,
    column: u32,
    /// The cell that is open, whether a value is open in it, was found in it, and whether it has a formula.
    cell: Option<(u32, u32)>,
    in_value: bool,
    value: bool,
    formula: bool,
}

/// Sheets of an OpenDocument file.
#[derive(Debug, Default)]
pub(crate) struct Document {
    pub(crate) sheets: Vec<Extent>,
    open: bool,
    row: u32,
    column: u32,
    rows: u32,
    columns: u32,
    in_cell: bool,
    value: bool,
    blanks: u64,
    /// Cells that the reader would hold so far, and up to which column of the row they are counted.
    held: u64,
    counted: u32,
}

impl Tally {
    pub(crate) fn take(&mut self, event: Event) -> Result<()> {
        match &event {
            Event::Start(b"sst", attributes) if attributes.get(b"uniqueCount").is_some() => {
                self.claimed = attributes.number(b"uniqueCount").unwrap_or(u64::MAX);
            }
            Event::Start(b"si", _) => self.texts += 1,
            _ => {}
        }
        match (&mut self.kind, event) {
            (Kind::Fresh, Event::Start(name, _)) => self.kind = Kind::of(name),
            (Kind::Sheet(cells), event) => return cells.take(event),
            (Kind::Document(document), event) => return document.take(event),
            (Kind::Workbook(sheets), Event::Start(b"sheet", attributes)) => sheets.push(text(&attributes, b"id")),
            (Kind::Relations(all), Event::Start(b"Relationship", attributes)) => {
                all.push([b"Id".as_slice(), b"Type", b"Target"].map(|name| text(&attributes, name)));
            }
            (Kind::Other, Event::Start(b"encryption-data", _)) => return Err(locked()),
            _ => {}
        }
        Ok(())
    }

    /// Makes an estimate of a sheet of which so many bytes of so many were seen; other parts are not estimated.
    pub(crate) fn estimate(&mut self, seen: u64, size: u64) -> bool {
        let Kind::Sheet(cells) = &mut self.kind else { return false };
        cells.extent.stretch(size as f64 / seen as f64, cells.declared);
        true
    }

    /// Judges the totals. Memory is reserved for as many texts as a list claims; some writers count wrongly, but none by far.
    pub(crate) fn finish(&self) -> Result<()> {
        if self.claimed > self.texts.saturating_mul(4) + 65_536 {
            return Err(suspicious("its list of texts claims to be far longer than it is"));
        }
        Ok(())
    }
}

impl Kind {
    fn of(name: &[u8]) -> Kind {
        match name {
            b"worksheet" => Kind::Sheet(Box::default()),
            b"workbook" => Kind::Workbook(Vec::new()),
            b"Relationships" => Kind::Relations(Vec::new()),
            b"document-content" => Kind::Document(Box::default()),
            _ => Kind::Other,
        }
    }
}

fn text(attributes: &Attributes, name: &[u8]) -> String {
    String::from_utf8_lossy(attributes.get(name).unwrap_or_default()).into_owned()
}

impl Cells {
    fn take(&mut self, event: Event) -> Result<()> {
        match event {
            Event::Start(b"sheetData", _) => self.inside = true,
            Event::End(b"sheetData") => self.inside = false,
            Event::Start(b"mergeCell", _) => self.extent.merged += 1,
            Event::Start(b"dimension", attributes) => {
                let reference = attributes.get(b"ref").unwrap_or_default();
                let mut corners = reference.split(|byte| *byte == b':').map(position);
                if let (Some(first), Some(last)) = (corners.next().transpose()?, corners.next().transpose()?)
                    && (last.0 < first.0 || last.1 < first.1)
                {
                    return Err(suspicious("one of its sheets ends before it begins"));
                }
                self.declared =
                    reference.split(|byte| *byte == b':').next_back().map(position).transpose()?.map(|at| at.0);
            }
            _ if !self.inside => {}
            Event::Start(b"row", attributes) => {
                if let Some(digits) = attributes.get(b"r") {
                    self.row = row(digits).ok_or_else(|| suspicious("a row has a number that no row has"))?;
                }
            }
            Event::End(b"row") => (self.row, self.column) = (self.row + 1, 0),
            Event::Start(b"c", attributes) => {
                let place = match attributes.get(b"r") {
                    Some(reference) => position(reference)?,
                    None => (self.row, self.column),
                };
                if place.0 >= MOST_ROWS || place.1 >= MOST_COLUMNS {
                    return Err(suspicious("a cell stands outside the largest sheet there can be"));
                }
                self.column = place.1;
                (self.cell, self.value, self.in_value, self.formula) = (Some(place), false, false, false);
            }
            Event::Start(b"v" | b"t", _) => self.in_value = self.cell.is_some(),
            Event::End(b"v" | b"t") => self.in_value = false,
            Event::Start(b"f", _) => self.formula = true,
            Event::Text => self.value |= self.in_value,
            Event::End(b"c") => {
                if let Some(place) = self.cell.take() {
                    if self.value {
                        self.extent.add(place, (1, 1));
                    }
                    self.extent.uncomputed += u64::from(self.formula && !self.value);
                }
                self.column += 1;
            }
            _ => {}
        }
        Ok(())
    }
}

impl Document {
    fn take(&mut self, event: Event) -> Result<()> {
        match event {
            Event::Start(b"table", attributes) => {
                if self.open {
                    return Err(suspicious("one of its sheets stands inside another"));
                }
                if attributes.get(b"name").is_some() {
                    self.open = true;
                    self.sheets.push(Extent::default());
                    (self.row, self.column) = (0, 0);
                }
            }
            Event::End(b"table") => {
                self.open = false;
                if let Some(extent) = self.sheets.last() {
                    self.held += extent.rows() * u64::from(extent.last.1 + 1);
                }
                return self.check();
            }
            Event::Start(b"table-row", attributes) => {
                self.rows = repeat(&attributes, b"number-rows-repeated", MOST_ROWS - self.row.min(MOST_ROWS))?;
                (self.column, self.counted) = (0, 0);
            }
            Event::End(b"table-row") => self.row += self.rows,
            Event::Start(b"table-cell" | b"covered-table-cell", attributes) if self.open => {
                let room = MOST_COLUMNS - self.column.min(MOST_COLUMNS);
                self.columns = repeat(&attributes, b"number-columns-repeated", room)?;
                self.in_cell = true;
                // Every cell up to the last one that is written in a row is held, also where it is empty.
                self.held += u64::from(self.column - self.counted);
                self.counted = self.column;
                self.value = attributes.get(b"value-type").is_some() || attributes.get(b"formula").is_some();
                let spans = [b"number-columns-spanned".as_slice(), b"number-rows-spanned"];
                if spans.iter().any(|name| attributes.number(name).is_some_and(|count| count > 1))
                    && let Some(extent) = self.sheets.last_mut()
                {
                    extent.merged += 1;
                }
            }
            Event::End(b"table-cell" | b"covered-table-cell") if self.open => {
                if self.value
                    && self.rows > 0
                    && self.columns > 0
                    && let Some(extent) = self.sheets.last_mut()
                {
                    extent.add((self.row, self.column), (self.rows, self.columns));
                }
                self.check()?;
                self.column += self.columns;
                self.in_cell = false;
            }
            Event::Start(b"s", attributes) if self.in_cell => {
                self.blanks += attributes.number(b"c").unwrap_or(1).min(MOST_BLANKS + 1);
                if self.blanks > MOST_BLANKS {
                    return Err(suspicious("its cells hold millions of blanks"));
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn check(&self) -> Result<()> {
        let open = if self.open { self.sheets.last() } else { None };
        let held = self.held + open.map_or(0, |extent| extent.rows() * u64::from(extent.last.1 + 1));
        if held > MOST_HELD { Err(too_much("The OpenDocument sheets", "cells", MOST_HELD)) } else { Ok(()) }
    }
}

/// How often a row or cell is repeated, at most `room` times.
fn repeat(attributes: &Attributes, name: &[u8], room: u32) -> Result<u32> {
    match attributes.get(name) {
        None => Ok(1.min(room)),
        Some(_) => {
            let count =
                attributes.number(name).ok_or_else(|| damaged("a cell is repeated in a way that is no number"))?;
            Ok(count.min(u64::from(room)) as u32)
        }
    }
}
