//! The whole way from bytes to a table, as a job that asks for its bytes in order.

use crate::error::{Code, Error, Result};
use crate::job::{Job, Progress, Step};
use crate::read::encoding::Encoding;
use crate::read::finish::{Finished, decimal_of, finish};
use crate::read::limits;
use crate::read::options::{DateOrder, ReadOptions, spelt};
use crate::read::pass::Pass;
use crate::read::plan::{HEAD, Plan, file_order, no_rows, plan};
use crate::read::report;
use crate::read::roles;
use crate::table::column::Column;
use crate::table::dialect::Dialect;
use crate::table::table::Table;
use std::ops::Range;
use std::rc::Rc;

/// Bytes asked for at once.
const CHUNK: u64 = 4 * 1024 * 1024;

/// Reads a file of known size. `Need` asks for ranges in order; after the last one it may start again at the first row,
/// when the totals contradict what the beginning suggested.
#[derive(Debug)]
pub struct ReadJob {
    total: u64,
    encoding: Encoding,
    options: ReadOptions,
    chunk: u64,
    /// Bytes that are not used up, and how many of them at the front are.
    buffer: Vec<u8>,
    used: usize,
    /// Where the buffer ends in the file.
    fetched: u64,
    corrections: Vec<String>,
    state: State,
}

#[derive(Debug)]
enum State {
    Head,
    Reading(Box<Pass>),
    Finishing(Box<Finishing>),
    Done,
}

#[derive(Debug)]
struct Finishing {
    pass: Pass,
    order: DateOrder,
    finished: Vec<Finished>,
}

impl ReadJob {
    /// A job for a file of so many bytes, which are UTF-8 below this line: whoever feeds it decodes anything else before.
    ///
    /// # Errors
    /// `bad-option`, `not-text`, `unsupported`, `empty-file`, `limit-exceeded`.
    pub fn new(total_bytes: u64, encoding: Encoding, options: ReadOptions) -> Result<ReadJob> {
        options.check()?;
        encoding.check()?;
        limits::bytes(total_bytes, &options)?;
        Ok(ReadJob {
            total: total_bytes,
            encoding,
            options,
            chunk: CHUNK,
            buffer: Vec::new(),
            used: 0,
            fetched: 0,
            corrections: Vec::new(),
            state: State::Head,
        })
    }

    /// Asks for so many bytes at once. The table does not depend on it.
    pub fn with_chunk(mut self, bytes: u64) -> ReadJob {
        self.chunk = bytes.max(1);
        self
    }

    fn need(&self) -> Range<u64> {
        self.fetched..self.fetched.saturating_add(self.chunk).min(self.total)
    }

    fn progress(&self, rows: u64) -> Progress {
        let done = (self.fetched - (self.buffer.len() - self.used) as u64) as f64 / self.total.max(1) as f64;
        match &self.state {
            State::Finishing(state) => {
                let share = state.finished.len() as f64 / state.pass.plan.columns.len().max(1) as f64;
                Progress { phase: "finishing", ratio: 0.97 + 0.03 * share, rows }
            }
            _ if self.corrections.is_empty() => Progress { phase: "reading", ratio: 0.9 * done, rows },
            _ => Progress { phase: "reading again", ratio: 0.9 + 0.07 * done, rows },
        }
    }

    /// Makes the plan once enough of the beginning is there.
    fn begin(&mut self) -> Result<Step<Table>> {
        if self.buffer.len() < HEAD && self.fetched < self.total {
            return Ok(Step::Need(self.need()));
        }
        let head = &self.buffer[..self.buffer.len().min(HEAD)];
        let plan = plan(head, head.len() as u64 == self.total, &self.options)?;
        limits::memory(plan.estimate_memory(self.total), &self.options)?;
        self.used = plan.body;
        self.state = State::Reading(Box::new(self.pass(plan)));
        Ok(Step::Working(self.progress(0)))
    }

    fn pass(&self, plan: Plan) -> Pass {
        let rows = plan.estimate_rows(self.total).min(self.options.limits.rows as u64);
        Pass::new(plan, rows)
    }

    fn read(&mut self, mut pass: Box<Pass>) -> Result<Step<Table>> {
        let end = pass.plan.end.unwrap_or(self.total);
        let last = self.fetched >= end;
        let stop = self.buffer.len() - self.fetched.saturating_sub(end) as usize;
        let offset = self.fetched - (self.buffer.len() - self.used) as u64;
        let used = pass.take(&self.buffer[self.used..stop], offset, last, &self.options)?;
        self.used += used;
        let rows = pass.rows;
        if used > 0 && (self.used < stop || !last) || used == 0 && !last {
            self.state = State::Reading(pass);
            return Ok(if used == 0 { Step::Need(self.need()) } else { Step::Working(self.progress(rows)) });
        }
        self.end(pass)
    }

    /// The end of the file: read it again if the totals say so, otherwise finish.
    fn end(&mut self, mut pass: Box<Pass>) -> Result<Step<Table>> {
        if pass.rows == 0 {
            return Err(no_rows(pass.plan.columns.len(), &self.options));
        }
        if self.corrections.is_empty()
            && let Some((plan, reasons)) = pass.correction()
        {
            limits::columns(plan.columns.len(), &self.options)?;
            self.corrections = reasons;
            (self.buffer, self.used, self.fetched) = (Vec::new(), 0, plan.body as u64);
            self.state = State::Reading(Box::new(Pass::new(plan, pass.rows)));
            return Ok(Step::Working(self.progress(0)));
        }
        self.buffer = Vec::new();
        self.used = 0;
        pass.layout.end = pass.plan.end.unwrap_or(self.total);
        let order = file_order(pass.builders.iter().map(|builder| &builder.counts.orders));
        let rows = pass.rows;
        pass.builders.reverse();
        self.state = State::Finishing(Box::new(Finishing { pass: *pass, order, finished: Vec::new() }));
        Ok(Step::Working(self.progress(rows)))
    }

    fn finish(&mut self, mut state: Box<Finishing>) -> Result<Step<Table>> {
        if let Some(builder) = state.pass.builders.pop() {
            let plan = &state.pass.plan;
            let found = finish(builder, &plan.columns[state.finished.len()], plan, state.order);
            state.finished.push(found);
            let rows = state.pass.rows;
            self.state = State::Finishing(state);
            return Ok(Step::Working(self.progress(rows)));
        }
        Ok(Step::Done(assemble(state.pass, state.finished, &self.encoding, &self.options, &self.corrections)))
    }
}

/// Puts the finished columns together to a table.
pub fn assemble(
    pass: Pass,
    mut finished: Vec<Finished>,
    encoding: &Encoding,
    options: &ReadOptions,
    corrections: &[String],
) -> Table {
    let plan = &pass.plan;
    let mut columns: Vec<&mut Column> = finished.iter_mut().map(|found| &mut found.column).collect();
    let (kind, export) = roles::propose(&mut columns, plan.shape.header);
    let findings = report::findings(&pass.oddities, &finished, plan, corrections, pass.rows, export);
    let questions = report::questions(encoding, &finished, plan, options);
    let grammar = plan.shape.grammar;
    let dialect = Dialect {
        format: "csv".into(),
        encoding: encoding.name.clone(),
        delimiter: grammar.delimiter.into(),
        quote: spelt(grammar.quote),
        escape: spelt(grammar.escape),
        comment: spelt(grammar.comment),
        header: options.origin.header.unwrap_or(plan.shape.header),
        newline: report::newline(pass.oddities.newlines).into(),
        decimal: char::from(decimal_of(&finished, plan).mark()).to_string(),
        skipped_lines: plan.shape.skipped_lines,
        skipped_footer: plan.footer.as_ref().map_or(0, |footer| footer.rows.len()),
    };
    let mut table = Table {
        columns: finished.into_iter().map(|found| Rc::new(found.column)).collect(),
        row_count: pass.rows as usize,
        dialect,
        findings,
        questions,
        kind,
        layout: Some(pass.layout),
        reference_date: None,
        repairs: options.repairs.clone(),
        ragged: pass.oddities.ragged,
    };
    options.origin.mark(&mut table);
    table
}

impl Job for ReadJob {
    type Output = Table;

    fn step(&mut self) -> Result<Step<Table>> {
        match std::mem::replace(&mut self.state, State::Done) {
            State::Head => {
                self.state = State::Head;
                self.begin()
            }
            State::Reading(pass) => self.read(pass),
            State::Finishing(state) => self.finish(state),
            State::Done => {
                Err(Error::new(Code::Internal, "A finished reading was asked to go on. Please report this."))
            }
        }
    }

    fn feed(&mut self, bytes: &[u8]) -> Result<()> {
        if bytes.len() as u64 != self.need().end - self.need().start {
            return Err(Error::new(
                Code::Internal,
                "The file gave another number of bytes than it has. Open it again.",
            ));
        }
        self.buffer.drain(..self.used);
        self.used = 0;
        self.buffer.extend_from_slice(bytes);
        self.fetched += bytes.len() as u64;
        Ok(())
    }
}
