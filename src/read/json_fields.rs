//! Which columns do records of JSON have, and which cells does one record fill?
//!
//! Objects within a record are gone into, and their fields named with dots: `address.city`. A list, or an object within a
//! list, is one cell that holds its JSON. Names stand in the order in which they were first seen.

use crate::error::Result;
use crate::read::json_text::{Fault, Next, Place, Plain, check, plain};
use crate::read::number::{self, Decimal};
use crate::read::options::ReadOptions;
use crate::read::{builder, limits};
use crate::table::finding::Example;
use std::collections::BTreeMap;
use std::ops::Range;

/// What is unusual: records that have it, and the first of them.
#[derive(Clone, Debug, Default)]
pub struct Noticed {
    /// Records.
    pub records: u64,
    last: u64,
    /// The first few.
    pub examples: Vec<Example>,
}

impl Noticed {
    /// Notes one record, once.
    pub fn note(&mut self, record: u64, value: &str) {
        if std::mem::replace(&mut self.last, record) != record {
            self.records += 1;
            builder::note(&mut self.examples, record, value);
        }
    }
}

/// How values become cells, and what they show of the whole file.
#[derive(Clone, Debug, Default)]
pub struct Cells {
    /// Whether texts hold numbers with points or commas, so that the decimal mark of texts is for the reader to find.
    pub marked_texts: bool,
    /// Texts of the cells of one record, or of a stretch of rows.
    pub text: String,
}

/// A cell: nothing, or its place in the text. An empty text is not nothing.
pub type Cell = Option<Range<usize>>;

impl Cells {
    /// Adds a value; gives its cell and whether it is more than a list of plain values, so that it stays JSON. A list of
    /// plain values is written the way lists in cells are: `["a","b ""c""",1]`.
    pub fn add(&mut self, raw: &[u8]) -> std::result::Result<(Cell, bool), Fault> {
        let start = self.text.len();
        if matches!(raw[0], b'{' | b'[') {
            let nested = raw[0] == b'{' || !self.add_list(raw)?;
            if nested {
                check(raw, false)?;
                self.text.truncate(start);
                self.text.push_str(&String::from_utf8_lossy(raw));
            }
            return Ok((Some(start..self.text.len()), nested));
        }
        match plain(raw)? {
            Plain::Null => return Ok((None, false)),
            Plain::Text(text) => {
                let marked = text.len() < 40 && text.contains(['.', ',']);
                self.marked_texts |= marked && number::parse(&text, Decimal::Comma).is_some();
                self.text.push_str(&text);
            }
            Plain::Bare(bare) => {
                self.text.push_str(bare);
                // JSON's mark is the point. Where texts may prove a comma, no number may look like thousands.
                if let Some(point) = bare.find('.').filter(|_| self.marked_texts) {
                    let decimals = bare[point + 1..].bytes().take_while(u8::is_ascii_digit).count();
                    if decimals == 3 {
                        self.text.insert(start + point + 4, '0');
                    }
                }
            }
        }
        Ok((Some(start..self.text.len()), false))
    }
}

impl Cells {
    /// Adds a list, if it is one of plain values.
    fn add_list(&mut self, raw: &[u8]) -> std::result::Result<bool, Fault> {
        let mut place = Place::new(0, false);
        let mut before = '[';
        place.look(raw, true)?;
        place.enter(raw)?;
        while let Some(Next::Value(first)) = place.look(raw, true)? {
            if matches!(first, b'{' | b'[') {
                return Ok(false);
            }
            let range = place.take(raw, true, usize::MAX)?.unwrap_or_default();
            let value = plain(&raw[range.clone()]).map_err(|fault| fault.within(range.start))?;
            if value != Plain::Null {
                self.text.push(std::mem::replace(&mut before, ','));
            }
            match value {
                Plain::Null => {}
                Plain::Bare(bare) => self.text.push_str(bare),
                Plain::Text(text) => self.text.push_str(&format!("\"{}\"", text.replace('"', "\"\""))),
            }
        }
        self.text.push_str(if before == '[' { "[]" } else { "]" });
        Ok(true)
    }
}

/// A name at one place of the records, and what the present record has there.
#[derive(Clone, Debug, Default)]
struct Node {
    key: String,
    /// Length of the dotted name.
    length: usize,
    parent: usize,
    /// Its place among the children of its parent.
    order: usize,
    children: Vec<usize>,
    by_key: BTreeMap<String, usize>,
    /// The child that is expected next: records mostly name their fields in the same order.
    expected: usize,
    /// Whether any record has a plain value or a list here.
    filled: bool,
    /// The record that was here last.
    record: u64,
    /// The visits within it, in that record.
    within: Range<usize>,
    cell: Cell,
    nested: Noticed,
}

/// The columns of all records so far, and the cells of the last one.
#[derive(Clone, Debug)]
pub struct Fields {
    /// The texts.
    pub cells: Cells,
    /// Records with a name that comes twice in one object.
    pub doubled: Noticed,
    /// Records so far.
    pub records: u64,
    /// Columns so far, and bytes of their names.
    pub width: usize,
    named: usize,
    /// Columns at which to stop.
    most: usize,
    /// What records begin with, once there is one.
    pub kind: Option<u8>,
    /// Cells of the last record, where records are lists, and whether all of them are texts.
    length: usize,
    texts: bool,
    nodes: Vec<Node>,
    /// The nodes that the last record visited, in order.
    visits: Vec<usize>,
    columns: Vec<usize>,
}

const ROOT: usize = 0;

impl Fields {
    /// No records yet; growing stops past so many columns.
    pub fn new(options: &ReadOptions) -> Fields {
        Fields {
            cells: Cells::default(),
            doubled: Noticed::default(),
            records: 0,
            width: 0,
            named: 0,
            most: options.limits.columns as usize,
            kind: None,
            length: 0,
            texts: false,
            nodes: vec![Node::default()],
            visits: Vec::new(),
            columns: Vec::new(),
        }
    }

    /// Takes the next record, an object or a list, in place of the one before. Whoever calls this calls [`Fields::check`].
    pub fn take(&mut self, record: &[u8]) -> std::result::Result<(), Fault> {
        self.records += 1;
        self.cells.text.clear();
        self.visits.clear();
        self.kind = Some(record[0]);
        (self.length, self.texts) = (0, true);
        let (mut place, mut at, mut inside) = (Place::default(), ROOT, false);
        let is_list = record[0] == b'[';
        while let Some(next) = place.look(record, true)?
            && self.width <= self.most
        {
            match next {
                Next::Key => {
                    let range = place.take(record, true, usize::MAX)?.unwrap_or_default();
                    let key = plain(&record[range.clone()]).map_err(|fault| fault.within(range.start))?;
                    let Plain::Text(key) = key else { return Err(Fault::Wrong(range.start)) };
                    at = self.child(at, &key);
                }
                Next::Value(b'{') if !is_list => {
                    place.enter(record)?;
                    self.nodes[at].expected = 0;
                }
                Next::Value(b'[') if is_list && !inside => {
                    place.enter(record)?;
                    inside = true;
                }
                Next::Value(_) => {
                    let range = place.take(record, true, usize::MAX)?.unwrap_or_default();
                    if is_list {
                        at = self.position(self.length);
                        self.length += 1;
                        self.texts &= record[range.start] == b'"';
                    }
                    let (cell, nested) =
                        self.cells.add(&record[range.clone()]).map_err(|fault| fault.within(range.start))?;
                    let node = &mut self.nodes[at];
                    if nested {
                        node.nested.note(self.records, &String::from_utf8_lossy(&record[range]));
                    }
                    if cell.is_some() && !std::mem::replace(&mut node.filled, true) && !node.children.is_empty() {
                        self.width += 1;
                    }
                    self.nodes[at].cell = cell;
                    at = self.nodes[at].parent;
                }
                Next::Close => {
                    place.leave();
                    self.nodes[at].within.end = self.visits.len();
                    at = self.nodes[at].parent;
                }
                Next::End => break,
            }
        }
        Ok(())
    }

    /// The place of a name within an object of the present record. A name that comes twice forgets what it brought first.
    fn child(&mut self, parent: usize, key: &str) -> usize {
        let node = &self.nodes[parent];
        let expected = node.children.get(node.expected).copied().filter(|&child| self.nodes[child].key == key);
        let child = match expected.or_else(|| node.by_key.get(key).copied()) {
            Some(child) => child,
            None => self.grow(parent, key),
        };
        self.nodes[parent].expected = self.nodes[child].order + 1;
        if std::mem::replace(&mut self.nodes[child].record, self.records) == self.records {
            self.doubled.note(self.records, key);
            for at in self.nodes[child].within.clone() {
                self.nodes[self.visits[at]].record = 0;
            }
        }
        self.visits.push(child);
        self.nodes[child].cell = None;
        self.nodes[child].within = self.visits.len()..self.visits.len();
        child
    }

    /// The place of a cell of a list.
    fn position(&mut self, at: usize) -> usize {
        let child = self.nodes[ROOT].children.get(at).copied();
        let child = child.unwrap_or_else(|| self.grow(ROOT, ""));
        self.nodes[child].record = self.records;
        child
    }

    fn grow(&mut self, parent: usize, key: &str) -> usize {
        let child = self.nodes.len();
        let node = &mut self.nodes[parent];
        let (length, order) = (node.length + key.len() + 1, node.children.len());
        // What holds fields is a column only if it also holds plain values.
        let only_parent = parent != ROOT && node.children.is_empty() && !node.filled;
        self.width += usize::from(!only_parent);
        node.children.push(child);
        node.by_key.insert(key.into(), child);
        self.named += length;
        self.nodes.push(Node { key: key.into(), length, parent, order, ..Node::default() });
        child
    }

    /// Whether the last record is a list of nothing but texts.
    pub fn is_all_texts(&self) -> bool {
        self.texts && self.length > 0
    }

    /// Takes the cells of the last record, a list, as the names of the columns.
    pub fn name(&mut self) {
        for at in 0..self.length {
            let child = self.nodes[ROOT].children[at];
            let cell = self.nodes[child].cell.take().unwrap_or_default();
            self.nodes[child] = Node { key: self.cells.text[cell].into(), order: at, ..Node::default() };
        }
        self.records = 0;
    }

    /// Fixes the columns after all records were taken: from here on the same records are taken again, to be written.
    pub fn settle(&mut self) {
        let is_column = |&at: &usize| self.nodes[at].filled || self.nodes[at].children.is_empty();
        self.columns = (1..self.nodes.len()).filter(is_column).collect();
        self.records = 0;
        self.nodes.iter_mut().for_each(|node| node.record = 0);
    }

    /// The columns that hold lists of records: number, name, and which records.
    pub fn nested(&self) -> impl Iterator<Item = (usize, String, &Noticed)> {
        let found = self.columns.iter().enumerate().filter(|&(_, &at)| self.nodes[at].nested.records > 0);
        found.map(|(column, &at)| (column, self.name_of(at), &self.nodes[at].nested))
    }

    /// The name of a column, dotted.
    fn name_of(&self, at: usize) -> String {
        let node = &self.nodes[at];
        if node.parent == ROOT { node.key.clone() } else { format!("{}.{}", self.name_of(node.parent), node.key) }
    }

    /// Writes the names as a row of CSV.
    pub fn write_names(&self, out: &mut Vec<u8>) {
        let names: Vec<String> = self.columns.iter().map(|&at| self.name_of(at)).collect();
        write_row(out, names.iter().map(|name| Some(name.as_str()).filter(|name| !name.is_empty())));
    }

    /// Writes the last record as a row of CSV. A list that is too short gives a row that is too short.
    pub fn write(&self, out: &mut Vec<u8>) {
        let columns = if self.length > 0 { &self.columns[..self.length] } else { &self.columns[..] };
        let cells = columns.iter().map(|&at| {
            let node = &self.nodes[at];
            node.cell.clone().filter(|_| node.record == self.records).map(|cell| &self.cells.text[cell])
        });
        write_row(out, cells);
    }

    /// Refuses too many columns, or names too long to stand in one row.
    ///
    /// # Errors
    /// `limit-exceeded`.
    pub fn check(&self, options: &ReadOptions) -> Result<()> {
        limits::columns(self.width, options)?;
        limits::names(self.named, options)
    }
}

/// Writes a row of CSV. An empty text is quoted, a missing one is nothing; so is a row that would be a blank line.
pub fn write_row<'a>(out: &mut Vec<u8>, cells: impl Iterator<Item = Option<&'a str>>) {
    let start = out.len();
    for (at, cell) in cells.enumerate() {
        if at > 0 {
            out.push(b',');
        }
        let Some(cell) = cell else { continue };
        let edge = |c: char| c.is_whitespace() || c == '\u{feff}';
        if cell.is_empty() || cell.contains([',', '"', '\n', '\r']) || cell.starts_with(edge) || cell.ends_with(edge) {
            out.push(b'"');
            out.extend_from_slice(cell.replace('"', "\"\"").as_bytes());
            out.push(b'"');
        } else {
            out.extend_from_slice(cell.as_bytes());
        }
    }
    if out.len() == start {
        out.extend_from_slice(b"\"\"");
    }
    out.push(b'\n');
}
