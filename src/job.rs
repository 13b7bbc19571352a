//! Long work as a thing that is stepped: so that progress is real and stopping is simply not stepping again.
//!
//! The core never calls out. Whoever drives a job asks for the next [`Step`] until it is [`Step::Done`]; between two steps
//! the driver may report progress, answer other requests, or drop the job.

use crate::error::Result;
use serde_json::Value;
use std::ops::Range;

/// How far a job has come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// What is being done, as a word a person understands.
    pub phase: &'static str,
    /// Share of the whole job that is done, 0 to 1, never falling.
    pub ratio: f64,
    /// Rows dealt with so far.
    pub rows: u64,
}

/// What a job says after one small piece of work (aim: well under 50 ms in a browser).
#[derive(Clone, Debug, PartialEq)]
pub enum Step<T> {
    /// There is more to do.
    Working(Progress),
    /// The job waits for exactly these bytes of its source, handed over with [`Job::feed`].
    Need(Range<u64>),
    /// The job waits for the part of its source that begins at this byte, read by another engine and handed over with
    /// [`Job::join`].
    Join(u64),
    /// A piece of outgoing bytes, in order.
    Emit(Vec<u8>),
    /// The job is over.
    Done(T),
}

/// Work that is done in steps.
pub trait Job {
    /// What the work gives in the end.
    type Output;

    /// Does one small piece of the work. After `Done` or an error the job must not be stepped again.
    fn step(&mut self) -> Result<Step<Self::Output>>;

    /// What is already known of the output, each time that has become more since it was last asked; most jobs know nothing
    /// before the end.
    fn partial(&mut self) -> Option<Value> {
        None
    }

    /// Takes the bytes asked for by the last `Need`. Jobs that read no source need not offer it.
    fn feed(&mut self, _bytes: &[u8]) -> Result<()> {
        Ok(())
    }

    /// Takes the part asked for by the last `Join`; without one (no bytes) the job does that part itself.
    fn join(&mut self, _part: Vec<u8>) -> Result<()> {
        Ok(())
    }
}

/// Drives a job to its end over a source that lies in memory; gives its result and everything it emitted.
pub fn run<T>(job: &mut impl Job<Output = T>, source: &[u8]) -> Result<(T, Vec<u8>)> {
    let mut emitted = Vec::new();
    loop {
        match job.step()? {
            Step::Working(_) => {}
            Step::Need(range) => job.feed(&source[range.start as usize..range.end as usize])?,
            Step::Join(_) => job.join(Vec::new())?,
            Step::Emit(bytes) => emitted.extend_from_slice(&bytes),
            Step::Done(output) => return Ok((output, emitted)),
        }
    }
}
