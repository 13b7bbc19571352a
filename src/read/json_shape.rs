//! Is it JSON, and where in an object are the records: in a list it wraps, in lists that are columns, or is it one itself?

use crate::error::{Code, Error, Result};
use crate::read::json_fields::Cells;
use crate::read::json_text::{Fault, Next};
use crate::read::json_walk::{Mark, Walk};
use crate::read::limits;
use crate::read::options::ReadOptions;

/// The mark that some programs put before UTF-8.
pub const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Whether a file is to be read as JSON: by the option, or because it begins as nothing else does.
pub fn is_json(head: &[u8], options: &ReadOptions) -> bool {
    match options.format.as_deref() {
        Some("json" | "ndjson") => true,
        Some("csv") => false,
        _ => {
            let text = head.strip_prefix(BOM).unwrap_or(head);
            let mut letters = text.iter().filter(|byte| !byte.is_ascii_whitespace());
            let pair = (letters.next(), letters.next());
            matches!(pair, (Some(b'{'), Some(b'"' | b'}')) | (Some(b'['), Some(b'{' | b'[' | b'"' | b']')))
        }
    }
}

/// A list that was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct List {
    /// The names that lead to it, dotted.
    pub name: String,
    /// Whether it stands in the outermost object.
    pub top: bool,
    /// Where its bracket stands.
    pub start: Mark,
    /// Its values.
    pub values: u64,
    /// Whether they are records: objects or lists.
    pub records: bool,
}

/// What an object holds.
#[derive(Clone, Debug)]
pub enum Holds {
    /// One list of records, and beside it these names.
    Records(List, Vec<String>),
    /// A list for each column; and what their values show.
    Columns(Vec<List>, Cells),
    /// Fields: it is a record itself.
    Fields,
}

/// The search through one object, from its beginning to its end.
#[derive(Debug, Default)]
pub struct Search {
    path: Vec<String>,
    key: String,
    lists: Vec<List>,
    in_list: bool,
    /// Names at the top that hold no list; the first few.
    beside: Vec<String>,
    others: u64,
    cells: Cells,
}

/// Names that are kept for a message.
const NAMES: usize = 5;

impl Search {
    /// Goes on until more bytes are needed (`false`) or the text is over (`true`).
    ///
    /// # Errors
    /// The fault, and `limit-exceeded` for too many lists.
    pub fn go_on(&mut self, walk: &mut Walk, options: &ReadOptions) -> Result<bool> {
        let over = self.step(walk, options).map_err(|fault| walk.error(fault, None, options))?;
        limits::columns(self.lists.len(), options)?;
        Ok(over)
    }

    fn step(&mut self, walk: &mut Walk, options: &ReadOptions) -> std::result::Result<bool, Fault> {
        while let Some(next) = walk.look()? {
            match next {
                Next::Value(b'{') if !self.in_list => {
                    walk.place.enter(&walk.bytes)?;
                    self.path.push(std::mem::take(&mut self.key));
                }
                Next::Value(b'[') if !self.in_list => {
                    let names: Vec<&str> = self.path.iter().skip(1).chain([&self.key]).map(String::as_str).collect();
                    let (name, top) = (names.join("."), names.len() == 1);
                    self.lists.push(List { name, top, start: walk.mark(), values: 0, records: false });
                    self.in_list = true;
                    walk.place.enter(&walk.bytes)?;
                    if self.lists.len() as f64 > options.limits.columns {
                        return Ok(false);
                    }
                }
                Next::Key | Next::Value(_) => {
                    let Some(range) = walk.take(options)? else { return Ok(false) };
                    let raw = &walk.bytes[range.clone()];
                    self.cells.text.clear();
                    self.cells.add(raw).map_err(|fault| fault.within(range.start))?;
                    if next == Next::Key {
                        self.key.clone_from(&self.cells.text);
                    } else if let Some(list) = self.lists.last_mut().filter(|_| self.in_list) {
                        list.values += 1;
                        list.records |= matches!(raw[0], b'{' | b'[');
                    } else {
                        self.others += 1;
                        if self.beside.len() < NAMES && self.path.len() == 1 {
                            self.beside.push(self.key.clone());
                        }
                    }
                }
                Next::Close => {
                    walk.place.leave();
                    if !std::mem::take(&mut self.in_list) {
                        self.path.pop();
                    }
                }
                Next::End => return Ok(true),
            }
        }
        Ok(false)
    }

    /// What was found.
    ///
    /// # Errors
    /// `not-a-table` for several lists of records.
    pub fn result(self, options: &ReadOptions) -> Result<Holds> {
        let (records, plain): (Vec<List>, Vec<List>) = self.lists.into_iter().partition(|list| list.records);
        let names = |lists: &[List]| lists.iter().take(NAMES).map(|list| list.name.clone()).collect::<Vec<String>>();
        match records.len() {
            0 if self.others == 0 && !plain.is_empty() && plain.iter().all(|list| list.top) => {
                Ok(Holds::Columns(plain, self.cells))
            }
            0 => Ok(Holds::Fields),
            1 => {
                let beside = self.beside.into_iter().chain(names(&plain)).collect();
                Ok(Holds::Records(records.into_iter().next().unwrap_or_default(), beside))
            }
            _ => {
                let names = names(&records);
                let message = format!(
                    "{} holds several lists of records (“{}”), and a table is one. Save the one you want as a file of its own.",
                    options.file(),
                    names.join("”, “")
                );
                Err(Error::new(Code::NotATable, message).suggestions(names))
            }
        }
    }
}
