//! How does JSON become rows? It is rewritten as CSV, so that the one reader does the rest: types, offsets, raw cells.
//!
//! Records are objects or lists: the values of a list, the lines of a file, or the values of the one list of records that
//! an object wraps; or an object holds a list for each column. They are read twice, one at a time: once for the names of
//! all columns, once to be written. A text is what it says, as a quoted cell of a CSV file is, so “123” can be a number and
//! “0123” stays text; a number keeps its digits. Null and absent are nothing; an empty text is quoted.

use crate::error::{Code, Error, Result};
use crate::job::{Job, Progress, Step};
use crate::read::json_columns::Columns;
use crate::read::json_fields::{Cells, Fields, write_row};
use crate::read::json_report;
use crate::read::json_shape::{BOM, Holds, List, Search};
use crate::read::json_text::{Next, Place, check};
use crate::read::json_walk::{Found, Mark, Walk};
use crate::read::limits;
use crate::read::options::ReadOptions;
use crate::read::origin::Origin;
use crate::read::plan::HEAD;
use std::ops::Range;

/// Bytes asked for at once, and bytes after which written rows are handed out.
const CHUNK: u64 = 1024 * 1024;
const PIECE: usize = 256 * 1024;

/// Rewrites a JSON file of known size as CSV; gives what it was.
#[derive(Debug)]
pub struct JsonJob {
    options: ReadOptions,
    total: u64,
    /// Whether the file may go on after these bytes.
    open: bool,
    chunk: u64,
    walk: Walk,
    /// Where the records begin, and whether in a list that ends before the file does.
    start: Mark,
    wrapped: bool,
    fields: Fields,
    /// Records met in the present pass.
    seen: u64,
    /// What makes it no table, told once the whole text is known to be JSON.
    problem: Option<Error>,
    origin: Origin,
    state: State,
    out: Vec<u8>,
    /// Progress at the beginning of the present pass, and its share.
    part: (f64, f64),
}

#[derive(Debug)]
enum State {
    Head,
    /// Through an object, for its lists.
    Search(Search),
    /// All records for the first time, for the names of the columns.
    Survey,
    /// All records for the second time.
    Write,
    /// Lists that are columns, side by side.
    Side(Columns),
    Done,
}

impl JsonJob {
    /// A job for a file of so many bytes of UTF-8.
    ///
    /// # Errors
    /// `bad-option`, `limit-exceeded`; while it runs also `bad-json`, `not-a-table`, `empty-file`, `no-rows`.
    pub fn new(total_bytes: u64, options: ReadOptions) -> Result<JsonJob> {
        options.check()?;
        limits::bytes(total_bytes, &options)?;
        Ok(JsonJob {
            total: total_bytes,
            open: false,
            chunk: CHUNK,
            walk: Walk::new(Mark::default(), total_bytes, false, false),
            start: Mark::default(),
            wrapped: false,
            fields: Fields::new(&options),
            seen: 0,
            problem: None,
            origin: Origin {
                format: Some("json".into()),
                header: Some(true),
                newline: Some("\n".into()),
                ..Origin::default()
            },
            state: State::Head,
            out: Vec::new(),
            part: (0.0, 0.5),
            options,
        })
    }

    /// Asks for so many bytes at once. What is written does not depend on it.
    pub fn with_chunk(mut self, bytes: u64) -> JsonJob {
        self.chunk = bytes.max(1);
        self
    }

    /// Finds out from the first bytes where records are.
    fn begin(&mut self) -> Result<State> {
        let head = &self.walk.bytes[..self.walk.bytes.len().min(HEAD)];
        let whole = head.len() as u64 == self.total && !self.open;
        let start = if head.starts_with(BOM) { BOM.len() } else { 0 };
        if whole && head[start..].iter().all(u8::is_ascii_whitespace) {
            let message = format!("{} holds nothing. Export it again or choose another file.", self.options.file());
            return Err(Error::new(Code::EmptyFile, message));
        }
        if head.iter().position(|&byte| byte == b'\n').is_some_and(|at| at > 0 && head[at - 1] == b'\r') {
            self.origin.newline = Some("\r\n".into());
        }
        // Lines of values, if a second one begins on a line of its own. Lists of records do not come in lines.
        let mut place = Place::new(start, true);
        let first = place.look(head, whole);
        let is_list = first == Ok(Some(Next::Value(b'[')));
        let of_records = |list: &[u8]| matches!(list[1..].trim_ascii_start(), [b'{' | b'[', ..]);
        let second = match first {
            Ok(Some(_)) => match place.take(head, whole, HEAD) {
                Ok(Some(range)) if !is_list || !of_records(&head[range.clone()]) => place.look(head, whole),
                _ => Ok(None),
            },
            other => other,
        };
        let lines = matches!(second, Ok(Some(Next::Value(_)))) || self.options.format.as_deref() == Some("ndjson");
        if lines {
            self.origin.format = Some("ndjson".into());
        }
        self.walk.place.at = start;
        self.start = self.walk.mark();
        self.restart(lines);
        if lines || is_list {
            return Ok(State::Survey);
        }
        self.part = (0.0, 0.2);
        Ok(State::Search(Search::default()))
    }

    /// Goes to where the records begin.
    fn restart(&mut self, lines: bool) {
        self.walk = Walk::new(self.start, self.total, self.open, lines);
        self.walk.wrapped = self.wrapped;
        self.seen = 0;
    }

    /// Goes where the search has found records.
    fn searched(&mut self, search: Search) -> Result<State> {
        self.part = (0.2, 0.3);
        match search.result(&self.options)? {
            Holds::Fields => self.restart(true),
            Holds::Records(list, beside) => {
                self.origin.findings.push(json_report::wrapper(&list.name, &beside));
                (self.start, self.wrapped) = (list.start, true);
                self.restart(false);
            }
            Holds::Columns(lists, cells) => return self.side(lists, cells),
        }
        Ok(State::Survey)
    }

    /// Lists that are columns: all is known that must be.
    fn side(&mut self, lists: Vec<List>, cells: Cells) -> Result<State> {
        let rows = lists.iter().map(|list| list.values).max().unwrap_or(0);
        limits::rows(rows, &self.options)?;
        limits::cells(rows, lists.len(), self.total, &self.options)?;
        limits::names(lists.iter().map(|list| list.name.len()).sum(), &self.options)?;
        write_row(&mut self.out, lists.iter().map(|list| Some(list.name.as_str())));
        self.origin.findings.extend(json_report::ragged(&lists, rows).filter(|_| !self.open));
        (self.origin.width, self.origin.points, self.part) = (lists.len(), !cells.marked_texts, (0.2, 0.8));
        let walk = |list: &List| {
            let mut walk = Walk::new(list.start, self.total, self.open, false);
            walk.wrapped = true;
            walk
        };
        Ok(State::Side(Columns::new(lists.iter().map(walk).collect(), cells, rows)))
    }

    /// Takes one record for the first time.
    fn survey(&mut self, range: Range<usize>) -> Result<()> {
        self.seen += 1;
        let record = &self.walk.bytes[range.clone()];
        let kind = record[0];
        let fits = matches!(kind, b'{' | b'[') && self.fields.kind.is_none_or(|known| known == kind);
        let taken = if fits && self.problem.is_none() {
            self.fields.take(record)
        } else {
            let checked = check(record, false);
            if checked.is_ok() && self.problem.is_none() {
                self.problem = Some(json_report::not_a_record(record, self.seen, &self.options));
            }
            checked
        };
        taken.map_err(|fault| self.walk.error(fault.within(range.start), Some(self.seen), &self.options))?;
        self.fields.check(&self.options)?;
        // The first list may hold the names.
        if kind == b'[' && self.fields.records == 1 && self.origin.width == 0 {
            self.origin.width = self.fields.width;
            let header = self.options.header.unwrap_or(self.fields.is_all_texts());
            self.origin.header = Some(header);
            if header {
                self.fields.name();
                self.seen = 0;
            }
        }
        limits::rows(self.fields.records, &self.options)
    }

    /// All records were seen: now it is known what will be written.
    fn surveyed(&mut self) -> Result<State> {
        if let Some(problem) = self.problem.take() {
            return Err(problem);
        }
        let (rows, width) = (self.fields.records, self.fields.width);
        if width == 0 {
            return Err(json_report::nothing(rows, &self.options));
        }
        limits::cells(rows, width, self.total, &self.options)?;
        self.fields.settle();
        self.fields.write_names(&mut self.out);
        self.origin.findings.extend(json_report::of_fields(&self.fields));
        self.origin.texts = self.fields.nested().map(|(column, _, _)| column).collect();
        (self.origin.width, self.origin.points) = (width, !self.fields.cells.marked_texts);
        self.part = (0.5, 0.5);
        let lines = self.walk.place.lines;
        self.restart(lines);
        Ok(State::Write)
    }

    /// Takes one record for the second time.
    fn write(&mut self, range: Range<usize>) -> Result<()> {
        self.seen += 1;
        if self.seen == 1 && self.origin.header == Some(true) && self.fields.kind == Some(b'[') {
            return Ok(());
        }
        let taken = self.fields.take(&self.walk.bytes[range.clone()]);
        taken.map_err(|fault| self.walk.error(fault.within(range.start), Some(self.seen), &self.options))?;
        self.fields.write(&mut self.out);
        Ok(())
    }

    /// Reads records until bytes are needed (then the state stays), or there are no more, or enough is written.
    fn records(&mut self, surveying: bool) -> Result<Option<Range<u64>>> {
        while self.out.len() < PIECE {
            let found = self.walk.record(&self.options);
            match found.map_err(|fault| self.walk.error(fault, Some(self.seen + 1), &self.options))? {
                Found::Record(range) if surveying => self.survey(range)?,
                Found::Record(range) => self.write(range)?,
                Found::More => match self.walk.need(self.chunk) {
                    Some(range) => {
                        self.state = if surveying { State::Survey } else { State::Write };
                        return Ok(Some(range));
                    }
                    None => break,
                },
                Found::Over => break,
            }
        }
        self.state = match surveying {
            true => self.surveyed()?,
            false if self.out.len() < PIECE => State::Done,
            false => State::Write,
        };
        Ok(None)
    }

    fn progress(&self) -> Progress {
        let done = match &self.state {
            State::Side(columns) => columns.done(),
            _ => self.walk.done() as f64 / self.total.max(1) as f64,
        };
        Progress { phase: "converting", ratio: self.part.0 + self.part.1 * done, rows: self.seen }
    }
}

impl Job for JsonJob {
    type Output = Origin;

    fn step(&mut self) -> Result<Step<Origin>> {
        if self.out.len() >= PIECE || matches!(self.state, State::Done) && !self.out.is_empty() {
            return Ok(Step::Emit(std::mem::take(&mut self.out)));
        }
        let need = match std::mem::replace(&mut self.state, State::Done) {
            State::Head => {
                let need = self.walk.need(self.chunk).filter(|_| self.walk.bytes.len() < HEAD);
                self.state = if need.is_some() { State::Head } else { self.begin()? };
                need
            }
            State::Search(mut search) => {
                let over = search.go_on(&mut self.walk, &self.options)?;
                let need = self.walk.need(self.chunk).filter(|_| !over);
                self.state = if need.is_some() { State::Search(search) } else { self.searched(search)? };
                need
            }
            State::Survey => self.records(true)?,
            State::Write => self.records(false)?,
            State::Side(columns) if columns.is_over() => None,
            State::Side(mut columns) => {
                let need = columns.go_on(&mut self.out, self.chunk, &self.options)?;
                self.state = State::Side(columns);
                need
            }
            State::Done => return Ok(Step::Done(self.origin.clone())),
        };
        Ok(need.map_or_else(|| Step::Working(self.progress()), Step::Need))
    }

    fn feed(&mut self, bytes: &[u8]) -> Result<()> {
        match &mut self.state {
            State::Side(columns) => columns.feed(bytes),
            _ => self.walk.feed(bytes),
        }
        Ok(())
    }
}

/// The first rows of a file of so many bytes, as CSV, from its first bytes; what it is; and bytes of CSV in all, estimated.
///
/// # Errors
/// As for the whole file, as far as the first bytes show it.
pub fn peek(head: &[u8], total_bytes: u64, options: &ReadOptions) -> Result<(Vec<u8>, Origin, u64)> {
    limits::bytes(total_bytes, options)?;
    let head = &head[..head.len().min(HEAD)];
    let mut job = JsonJob::new(head.len() as u64, options.clone())?;
    job.open = (head.len() as u64) < total_bytes;
    let mut rows = Vec::new();
    loop {
        match job.step()? {
            Step::Working(_) | Step::Join(_) => {}
            Step::Need(range) => job.feed(&head[range.start as usize..range.end as usize])?,
            Step::Emit(piece) => rows.extend_from_slice(&piece),
            Step::Done(origin) => {
                let scale = total_bytes as f64 / head.len().max(1) as f64;
                let all = if job.open { (rows.len() as f64 * scale) as u64 } else { rows.len() as u64 };
                return Ok((rows, origin, all));
            }
        }
        if rows.len() >= HEAD {
            let scale = total_bytes as f64 / job.walk.done().max(1) as f64;
            let all = (rows.len() as f64 * scale) as u64;
            return Ok((rows, job.origin, all));
        }
    }
}
