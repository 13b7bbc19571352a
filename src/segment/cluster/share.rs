//! How do several engines find the clusters of one table? The one that asks hands each of the others the exact values of
//! some blocks once, and the centres before each pass; what every block comes to is added in the blocks' order, so the answer
//! is that of one engine to the bit. Whatever an engine does not answer is done here.

use crate::error::Result;
use crate::features::matrix::Matrix;
use crate::math::bytes::{of_numbers, of_words, to_numbers, to_words};
use crate::math::pass::Pass;
use crate::math::tiles::Tiles;
use crate::segment::cluster::assign::{Aim, Assigned};
use crate::segment::cluster::budget::Budget;
use crate::segment::cluster::lloyd::Lloyd;
use std::ops::Range;
use std::rc::Rc;

/// Fewer rows are not shared out: to start another engine takes longer.
pub const SHARED_ROWS: usize = 200_000;

/// The words before the values of a block and before the centres of a pass: for whom (0 the first of the others), what, and
/// four more.
const HEAD: usize = 6;
const VALUES: u64 = 1;
const PASS: u64 = 2;

/// What is to happen next.
#[derive(Debug)]
pub enum Turn {
    /// More of the same.
    More,
    /// Another engine is to have these bytes.
    Tell(Vec<u8>),
    /// The answer of another engine, counted from 0, is waited for.
    Await(usize),
    /// The clusters are at rest.
    Rest,
}

/// A run of k-means shared out among engines.
#[derive(Debug)]
pub struct Shared {
    run: Lloyd,
    others: Vec<Other>,
    stage: Stage,
}

#[derive(Debug)]
struct Other {
    blocks: Range<usize>,
    /// Whether it answers.
    there: bool,
}

#[derive(Clone, Copy, Debug)]
enum Stage {
    /// The values of each block go out.
    Handing(usize),
    /// The centres go out to each engine.
    Aiming(usize),
    /// The own blocks, and those of engines that no longer answer.
    Own,
    /// The answers come in, engine by engine.
    Gathering(usize),
}

impl Shared {
    /// A run on all rows, with so many other engines.
    pub fn new(matrix: &Matrix, run: Lloyd, others: usize) -> Shared {
        let blocks = matrix.blocks();
        let others = if matrix.rows() < SHARED_ROWS { 0 } else { others.min(blocks - 1) };
        let from = |engine: usize| engine * blocks / (others + 1);
        let others: Vec<Other> =
            (1..=others).map(|engine| Other { blocks: from(engine)..from(engine + 1), there: true }).collect();
        let stage = Stage::Handing(others.first().map_or(blocks, |other| other.blocks.start));
        Shared { run, others, stage }
    }

    /// The run so far.
    pub fn run(&self) -> &Lloyd {
        &self.run
    }

    /// The same, to be settled.
    pub fn run_mut(&mut self) -> &mut Lloyd {
        &mut self.run
    }

    /// The run at rest.
    pub fn into_run(self) -> Lloyd {
        self.run
    }

    /// One turn.
    ///
    /// # Errors
    /// Only if the matrix has lost its table.
    pub fn step(&mut self, matrix: &Matrix, budget: &mut Budget) -> Result<Turn> {
        if self.others.is_empty() {
            return Ok(if self.run.step(matrix, budget)? { Turn::Rest } else { Turn::More });
        }
        loop {
            match self.stage {
                Stage::Handing(block) if block < matrix.blocks() => {
                    self.stage = Stage::Handing(block + 1);
                    return self.values(matrix, block).map(Turn::Tell);
                }
                Stage::Handing(_) => self.stage = Stage::Aiming(0),
                Stage::Aiming(_) if self.run.is_over() => return Ok(Turn::Rest),
                Stage::Aiming(0) => {
                    self.run.take_aim(matrix);
                    self.stage = Stage::Aiming(1);
                }
                Stage::Aiming(at) if at <= self.others.len() => {
                    self.stage = Stage::Aiming(at + 1);
                    if self.others[at - 1].there {
                        return Ok(Turn::Tell(order(at - 1, self.run.aim())));
                    }
                }
                Stage::Aiming(_) => self.stage = Stage::Own,
                Stage::Own => {
                    let mine = |block: usize| {
                        let other = self.others.iter().find(|other| other.blocks.contains(&block));
                        block < matrix.blocks() && other.is_none_or(|other| !other.there)
                    };
                    if !mine(self.run.block) {
                        let next = self.others.iter().position(|other| other.blocks.start == self.run.block);
                        self.stage = Stage::Gathering(next.unwrap_or(self.others.len()));
                    } else if budget.is_spent() {
                        return Ok(Turn::More);
                    } else {
                        budget.spend(self.run.pass_block(matrix)?);
                    }
                }
                Stage::Gathering(at) if at < self.others.len() => return Ok(Turn::Await(at)),
                Stage::Gathering(_) => {
                    // Whoever moves a row to an empty cluster needs to know where all rows are.
                    if self.run.has_empty() {
                        for at in 0..self.others.len() {
                            self.lose(matrix, at, true)?;
                        }
                    }
                    self.run.finish_pass(matrix)?;
                    self.stage = Stage::Aiming(0);
                }
            }
        }
    }

    /// Takes what the engine waited for came to; nothing where it does not answer.
    ///
    /// # Errors
    /// Only if the matrix has lost its table.
    pub fn join(&mut self, matrix: &Matrix, answer: &[u8]) -> Result<()> {
        if let Stage::Gathering(at) = self.stage {
            let blocks = self.others[at].blocks.len();
            match passes(answer, blocks, self.run.aim(), matrix.features()) {
                Some(passes) => passes.into_iter().for_each(|pass| self.run.merge(pass)),
                None => self.lose(matrix, at, false)?,
            }
            self.stage = Stage::Own;
        }
        Ok(())
    }

    /// From here on the blocks of another engine are done here. `done`: its part of this pass is known already.
    fn lose(&mut self, matrix: &Matrix, at: usize, done: bool) -> Result<()> {
        if std::mem::replace(&mut self.others[at].there, false) {
            for block in self.others[at].blocks.clone() {
                self.run.recall(matrix, block, done)?;
            }
        }
        Ok(())
    }

    fn values(&self, matrix: &Matrix, block: usize) -> Result<Vec<u8>> {
        let to = self.others.iter().position(|other| other.blocks.contains(&block)).unwrap_or(0);
        let (mine, mut scratch) = (self.others[to].blocks.clone(), Vec::new());
        let values = matrix.exact_in(block, &mut scratch)?;
        let rows = matrix.block(mine.end - 1).end - matrix.block(mine.start).start;
        let first = u64::from(block == mine.start);
        let head = [to as u64, VALUES, first, matrix.features() as u64, rows as u64, matrix.unit().to_bits()];
        let mut bytes = Vec::with_capacity(8 * HEAD + 64 * values.len());
        of_words(&head, &mut bytes);
        of_numbers(values, &mut bytes);
        Ok(bytes)
    }
}

fn order(to: usize, aim: &Aim) -> Vec<u8> {
    let (exact, timed) = (u64::from(aim.exact), u64::from(aim.time.is_some()));
    let mut words = vec![to as u64, PASS, exact, timed, aim.time.unwrap_or(0.0).to_bits(), aim.step.to_bits()];
    words.extend(aim.centers.iter().map(|value| value.to_bits()));
    let mut bytes = Vec::new();
    of_words(&words, &mut bytes);
    bytes
}

/// What each of some blocks came to; nothing where the bytes do not say so.
fn passes(answer: &[u8], blocks: usize, aim: &Aim, features: usize) -> Option<Vec<Pass>> {
    let (values, clusters) = (aim.centers.len(), aim.centers.len() / features);
    let words = to_words(answer);
    if words.len() != blocks * (1 + clusters + values) {
        return None;
    }
    let pass = |words: &[u64]| {
        let (head, sums) = words.split_at(1 + clusters);
        let mut pass = Pass { changed: head[0], ..Pass::default() };
        pass.counts = head[1..].iter().map(|&count| count as i64).collect();
        if aim.exact {
            pass.sums = sums.iter().map(|&sum| f64::from_bits(sum)).collect();
        } else {
            pass.steps = sums.iter().map(|&steps| steps as i64).collect();
        }
        pass
    };
    Some(words.chunks_exact(1 + clusters + values).map(pass).collect())
}

/// Some blocks of another engine's table, and their rows' clusters.
#[derive(Debug, Default)]
pub struct Share {
    values: Vec<[f64; 8]>,
    unit: f64,
    rows: usize,
    features: usize,
    held: Option<(Matrix, Assigned)>,
}

impl Share {
    /// Takes values, or makes a pass and says what each block came to; no bytes where the message makes no sense.
    ///
    /// # Errors
    /// None: all values are kept.
    pub fn answer(&mut self, message: &[u8]) -> Result<Vec<u8>> {
        let Some((head, rest)) = message.split_at_checked(8 * HEAD) else { return Ok(Vec::new()) };
        match *to_words(head).as_slice() {
            [_, VALUES, first, features, rows, unit] => {
                if first == 1 {
                    *self = Share { unit: f64::from_bits(unit), ..Share::default() };
                    (self.rows, self.features) = (rows as usize, features as usize);
                    self.values.reserve_exact(self.rows.div_ceil(8).saturating_mul(self.features));
                }
                to_numbers(rest, &mut self.values);
                Ok(Vec::new())
            }
            [_, PASS, exact, timed, time, step] => {
                if self.held.is_none() && self.values.len() == self.rows.div_ceil(8) * self.features && self.rows > 0 {
                    let tiles = Tiles::of(std::mem::take(&mut self.values), self.rows, self.features);
                    let matrix = Matrix::part(tiles, self.unit, Rc::default());
                    let assigned = Assigned::new(&matrix);
                    self.held = Some((matrix, assigned));
                }
                let centers = to_words(rest).into_iter().map(f64::from_bits).collect();
                let time = (timed == 1).then(|| f64::from_bits(time));
                self.pass(&Aim { centers, exact: exact == 1, step: f64::from_bits(step), time })
            }
            _ => Ok(Vec::new()),
        }
    }

    fn pass(&mut self, aim: &Aim) -> Result<Vec<u8>> {
        let mut words = Vec::new();
        if let Some((matrix, assigned)) = &mut self.held {
            for block in 0..matrix.blocks() {
                let pass = assigned.pass(aim, matrix, block)?;
                words.push(pass.changed);
                words.extend(pass.counts.iter().map(|&count| count as u64));
                words.extend(pass.sums.iter().map(|sum| sum.to_bits()));
                words.extend(pass.steps.iter().map(|&steps| steps as u64));
            }
        }
        let mut bytes = Vec::new();
        of_words(&words, &mut bytes);
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::rng::Rng;

    fn run(
        matrix: &Matrix,
        centers: &[f64],
        others: usize,
        mut fails: impl FnMut(usize, usize) -> bool,
    ) -> (Lloyd, usize) {
        let mut shared = Shared::new(matrix, Lloyd::new(matrix, centers.to_vec(), 40), others);
        let mut shares: Vec<Share> = (0..others).map(|_| Share::default()).collect();
        let mut answers = vec![Vec::new(); others];
        let mut asked = 0;
        loop {
            match shared.step(matrix, &mut Budget::default()).unwrap() {
                Turn::More => {}
                Turn::Tell(bytes) => {
                    let to = bytes[0] as usize;
                    answers[to] = shares[to].answer(&bytes).unwrap();
                }
                Turn::Await(at) => {
                    asked += 1;
                    let answer = if fails(at, asked) { Vec::new() } else { std::mem::take(&mut answers[at]) };
                    shared.join(matrix, &answer).unwrap();
                }
                Turn::Rest => return (shared.into_run(), asked),
            }
        }
    }

    #[test]
    fn any_number_of_engines_and_any_failure_give_the_same_bits() {
        let mut rng = Rng::new(4);
        let (rows, features, k) = (265_003, 2, 5);
        let values: Vec<f64> = (0..rows * features).map(|_| 4.0 * rng.unit() + rng.unit().round() * 3.0).collect();
        let matrix = Matrix::kept(Tiles::from_rows(&values, features), Rc::default());
        // The last centre is nobody's nearest: a row is moved to it.
        let mut centers = values[..k * features].to_vec();
        centers[(k - 1) * features..].fill(1e6);
        let same = |one: &Lloyd, other: &Lloyd| {
            assert_eq!((&one.centers, &one.counts), (&other.centers, &other.counts));
            assert_eq!((one.iterations, one.converged), (other.iterations, other.converged));
        };
        for centers in [centers, values[..k * features].to_vec()] {
            let (alone, _) = run(&matrix, &centers, 0, |_, _| false);
            for others in 1..4 {
                let (shared, _) = run(&matrix, &centers, others, |_, _| false);
                same(&shared, &alone);
            }
            for fails_at in [1, 2, 9, 30] {
                let (shared, asked) = run(&matrix, &centers, 2, |at, asked| at == 0 && asked >= fails_at);
                same(&shared, &alone);
                assert!(asked > 0);
            }
        }
        let (_, asked) = run(&matrix, &values[..k * features], 2, |_, _| false);
        assert!(asked > 20, "the other engines were asked {asked} times");
    }
}
