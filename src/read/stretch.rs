//! A stretch of a file, read by an engine of its own: N engines read N stretches at once, and the one that owns the table
//! joins them. The result is that of one engine reading all, to the bit.
//!
//! Where a stretch's first row begins is a guess: behind the first line end that rows like the plan's follow. The owner
//! knows for certain, since it has read everything before; if the guess was wrong it reads the stretch itself.

use crate::error::{Code, Error, Result};
use crate::job::{Job, Progress, Step};
use crate::read::limits;
use crate::read::options::ReadOptions;
use crate::read::pass::Pass;
use crate::read::plan::{HEAD, Plan, plan};
use crate::read::scan::{Bounds, Rows, scan};
use crate::read::window::{Reached, Window};
use crate::read::wire::Wire;
use memchr::memchr_iter;
use std::ops::Range;

/// Bytes in which a first row is looked for, line ends that are tried, and rows that must look right behind one.
const SEARCHED: usize = 256 * 1024;
const TRIED: usize = 64;
const ROWS: usize = 8;

/// A stretch that was read, and the plan it was read by, which serves for the next one of the file.
#[derive(Debug)]
pub struct Packed {
    /// For [`join`].
    pub bytes: Vec<u8>,
    /// For [`StretchJob::with_plan`].
    pub plan: Box<Plan>,
}

/// Reads the rows that begin in a stretch of the file; gives them packed, or an error where that cannot be done.
#[derive(Debug)]
pub struct StretchJob {
    window: Window,
    options: ReadOptions,
    stretch: Range<u64>,
    state: State,
}

#[derive(Debug)]
enum State {
    Head,
    Searching(Box<Plan>),
    Reading(Box<Pass>, u64),
    Done,
}

impl StretchJob {
    /// A job for a stretch that does not begin with the file.
    ///
    /// # Errors
    /// `bad-option`.
    pub fn new(total_bytes: u64, options: ReadOptions, stretch: Range<u64>) -> Result<StretchJob> {
        options.check()?;
        Ok(StretchJob { window: Window::new(total_bytes), options, stretch, state: State::Head })
    }

    /// Does without the beginning of the file, from which this plan was made.
    pub fn with_plan(mut self, plan: Box<Plan>) -> Result<StretchJob> {
        self.approach(plan)?;
        Ok(self)
    }

    fn begin(&mut self) -> Result<Step<Packed>> {
        let window = &mut self.window;
        if window.bytes().len() < HEAD && !window.is_last() {
            self.state = State::Head;
            return Ok(Step::Need(window.need(HEAD as u64)));
        }
        let head = &window.bytes()[..window.bytes().len().min(HEAD)];
        let plan = plan(head, window.is_last(), &self.options)?;
        self.approach(Box::new(plan))?;
        Ok(Step::Working(Progress { phase: "reading", ratio: 0.0, rows: 0 }))
    }

    fn approach(&mut self, plan: Box<Plan>) -> Result<()> {
        if plan.end.is_some() || self.stretch.start <= plan.body as u64 {
            return Err(unfit());
        }
        self.window.jump(self.stretch.start - 1);
        self.state = State::Searching(plan);
        Ok(())
    }

    fn search(&mut self, plan: Box<Plan>) -> Result<Step<Packed>> {
        let window = &mut self.window;
        if window.bytes().len() < SEARCHED && !window.is_last() {
            self.state = State::Searching(plan);
            return Ok(Step::Need(window.need(self.stretch.start + SEARCHED as u64)));
        }
        let start = first_row(window.bytes(), &plan).ok_or_else(unfit)?;
        window.skip(start);
        let share = (self.stretch.end - self.stretch.start) as f64 / window.total() as f64;
        let rows = (plan.estimate_rows(window.total()).min(self.options.limits.rows as u64) as f64 * share) as u64;
        self.state = State::Reading(Box::new(Pass::of_stretch(*plan, rows)), window.offset());
        Ok(Step::Working(Progress { phase: "reading", ratio: 0.0, rows: 0 }))
    }

    fn read(&mut self, mut pass: Box<Pass>, start: u64) -> Result<Step<Packed>> {
        let reached = self.window.read(&mut pass, self.stretch.end, &self.options)?;
        limits::cells(pass.rows, pass.plan.columns.len(), self.window.total(), &self.options)?;
        match reached {
            Reached::Middle => {
                let rows = pass.rows;
                self.state = State::Reading(pass, start);
                Ok(Step::Working(Progress { phase: "reading", ratio: 0.5, rows }))
            }
            Reached::Needs(range) => {
                self.state = State::Reading(pass, start);
                Ok(Step::Need(range))
            }
            Reached::Cut | Reached::End => {
                let room = pass.bytes() as usize + 8 * pass.rows as usize;
                let (mut wire, mut start, mut end) = (Wire::Out(Vec::with_capacity(room)), start, self.window.offset());
                wire.numbers([&mut start, &mut end]);
                let plan = Box::new(pass.plan.clone());
                pass.pack(&mut wire);
                match wire {
                    Wire::Out(bytes) => Ok(Step::Done(Packed { bytes, plan })),
                    Wire::In(..) => Err(unfit()),
                }
            }
        }
    }
}

/// Takes a packed stretch into a pass that ends where it begins; the place after it, or nothing if it begins elsewhere.
pub fn join(pass: &mut Pass, at: u64, packed: Vec<u8>, options: &ReadOptions) -> Result<Option<u64>> {
    let (mut wire, mut start, mut end) = (Wire::In(packed, 0), 0, 0);
    wire.numbers([&mut start, &mut end]);
    if start != at || end <= start {
        return Ok(None);
    }
    pass.join(&mut wire);
    limits::rows(pass.rows, options)?;
    limits::memory(pass.bytes(), options)?;
    Ok(Some(end))
}

/// Where the first row begins behind a line end, such that rows like the plan's follow.
fn first_row(bytes: &[u8], plan: &Plan) -> Option<usize> {
    memchr_iter(b'\n', bytes).map(|at| at + 1).take(TRIED).find(|&start| {
        let (mut rows, bounds) = (Rows::default(), Bounds { last: false, rows: ROWS, ..Bounds::all() });
        let scanned = scan(plan.shape.grammar, bytes, start, bounds, &mut rows);
        let even = || (0..rows.len()).all(|row| rows.row(row).len() == plan.columns.len());
        scanned.is_ok() && rows.stray.is_empty() && !rows.is_empty() && even()
    })
}

fn unfit() -> Error {
    Error::new(Code::Internal, "This stretch cannot be read by itself.")
}

impl Job for StretchJob {
    type Output = Packed;

    fn step(&mut self) -> Result<Step<Packed>> {
        match std::mem::replace(&mut self.state, State::Done) {
            State::Head => self.begin(),
            State::Searching(plan) => self.search(plan),
            State::Reading(pass, start) => self.read(pass, start),
            State::Done => Err(unfit()),
        }
    }

    fn feed(&mut self, bytes: &[u8]) -> Result<()> {
        self.window.feed(bytes)
    }
}
