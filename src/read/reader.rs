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
use crate::read::stretch::join;
use crate::read::window::{Reached, Window};
use crate::table::column::Column;
use crate::table::dialect::Dialect;
use crate::table::table::Table;
use std::rc::Rc;

/// Reads a file of known size. `Need` asks for ranges in order; after the last one it may start again at the first row,
/// when the totals contradict what the beginning suggested.
#[derive(Debug)]
pub struct ReadJob {
    window: Window,
    encoding: Encoding,
    options: ReadOptions,
    /// Where stretches of the file end, the last of them first, and whether another engine reads each.
    stretches: Vec<(u64, bool)>,
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
            window: Window::new(total_bytes),
            encoding,
            options,
            stretches: Vec::new(),
            corrections: Vec::new(),
            state: State::Head,
        })
    }

    /// Asks for so many bytes at once. The table does not depend on it.
    pub fn with_chunk(mut self, bytes: u64) -> ReadJob {
        self.window = self.window.with_chunk(bytes);
        self
    }

    /// Has stretches of the file, that end at these bytes, read in turn here and by `others` more engines. The table does
    /// not depend on it.
    pub fn with_stretches(mut self, ends: &[u64], others: usize) -> ReadJob {
        let stretch = |(at, &end): (usize, &u64)| (end, at % (others + 1) > 0);
        self.stretches = ends.iter().enumerate().map(stretch).rev().collect();
        self
    }

    fn progress(&self, rows: u64) -> Progress {
        let done = self.window.offset() as f64 / self.window.total().max(1) as f64;
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
        let window = &mut self.window;
        if window.bytes().len() < HEAD && !window.is_last() {
            let cut = self.stretches.last().map_or(window.total(), |stretch| stretch.0);
            return Ok(Step::Need(window.need(cut)));
        }
        let head = &window.bytes()[..window.bytes().len().min(HEAD)];
        let plan = plan(head, head.len() as u64 == window.total(), &self.options)?;
        limits::memory(plan.estimate_memory(window.total()), &self.options)?;
        window.skip(plan.body);
        self.state = State::Reading(Box::new(self.pass(plan)));
        Ok(Step::Working(self.progress(0)))
    }

    fn pass(&self, plan: Plan) -> Pass {
        let rows = plan.estimate_rows(self.window.total()).min(self.options.limits.rows as u64);
        Pass::new(plan, rows)
    }

    fn read(&mut self, mut pass: Box<Pass>) -> Result<Step<Table>> {
        let total = self.window.total();
        let (cut, elsewhere) = self.stretches.last().copied().unwrap_or((total, false));
        let elsewhere = elsewhere && pass.plan.end.is_none();
        let reached = if elsewhere { None } else { Some(self.window.read(&mut pass, cut, &self.options)?) };
        limits::cells(pass.rows, pass.plan.columns.len(), total, &self.options)?;
        if reached == Some(Reached::End) {
            return self.end(pass);
        }
        let rows = pass.rows;
        self.state = State::Reading(pass);
        Ok(match reached {
            None => Step::Join(self.window.offset()),
            Some(Reached::Needs(range)) => Step::Need(range),
            Some(Reached::Cut) => {
                self.stretches.pop();
                Step::Working(self.progress(rows))
            }
            _ => Step::Working(self.progress(rows)),
        })
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
            limits::cells(pass.rows, plan.columns.len(), self.window.total(), &self.options)?;
            self.corrections = reasons;
            self.window.jump(plan.body as u64);
            self.stretches.clear();
            self.state = State::Reading(Box::new(Pass::new(plan, pass.rows)));
            return Ok(Step::Working(self.progress(0)));
        }
        let total = self.window.total();
        self.window.jump(total);
        pass.layout.end = pass.plan.end.unwrap_or(total);
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
        folded: serde_json::Value::Null,
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
        self.window.feed(bytes)
    }

    fn join(&mut self, part: Vec<u8>) -> Result<()> {
        let State::Reading(pass) = &mut self.state else { return Ok(()) };
        match join(pass, self.window.offset(), part, &self.options)? {
            // Whoever read it did so from the wrong place, or could not: it is read here.
            None => self.stretches.last_mut().into_iter().for_each(|stretch| stretch.1 = false),
            Some(end) => {
                self.stretches.pop();
                self.window.jump(end);
            }
        }
        Ok(())
    }
}
