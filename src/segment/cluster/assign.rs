//! Which rows change their cluster in this pass? One engine's share of the rows, block by block.

use crate::error::Result;
use crate::features::matrix::Matrix;
use crate::math::calm::Calm;
use crate::math::measured::Known;
use crate::math::nearest::NO_LABEL;
use crate::math::pass::Pass;
use crate::math::stats::BLOCK;
use crate::math::tiles::TILE;

/// What a pass goes by.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Aim {
    /// k × features: in scaled units when exact, otherwise as the quick tiles hold values.
    pub centers: Vec<f64>,
    /// Whether 64 bits decide.
    pub exact: bool,
    /// What quick values are multiplied by before they are added as whole numbers.
    pub step: f64,
    /// Once few rows change their cluster: the clock that goes as the centres move.
    pub time: Option<f64>,
}

/// The clusters of a matrix's rows as of the last pass.
#[derive(Clone, Debug)]
pub struct Assigned {
    /// [`NO_LABEL`] before the first pass. Out of date where a block is calm.
    pub labels: Vec<[f32; TILE]>,
    /// Rows of which the cluster is known to be that of the nearest centre as centres were moved after the last pass: a bit a
    /// row, a byte a tile.
    sure: Vec<u8>,
    /// Blocks of which the rows stand in the order of their times.
    calm: Vec<Option<Calm>>,
    scratch: Vec<[f64; TILE]>,
}

impl Assigned {
    /// Of a matrix before the first pass.
    pub fn new(matrix: &Matrix) -> Assigned {
        Assigned {
            labels: vec![[NO_LABEL; TILE]; matrix.rows().div_ceil(TILE)],
            sure: vec![0; matrix.rows().div_ceil(TILE)],
            calm: vec![None; matrix.blocks()],
            scratch: Vec::new(),
        }
    }

    /// One block of a pass.
    ///
    /// # Errors
    /// Only if the matrix has lost its table.
    pub fn pass(&mut self, aim: &Aim, matrix: &Matrix, block: usize) -> Result<Pass> {
        if aim.time.is_none() {
            self.wake(block, f64::INFINITY);
        }
        let range = matrix.block(block);
        let (rows, width, quick) = (range.len(), matrix.features(), matrix.quick(block));
        let labels = &mut self.labels[range.start / TILE..range.end.div_ceil(TILE)];
        if aim.exact {
            let exact = matrix.exact_in(block, &mut self.scratch)?;
            return Ok(Pass::exact(&aim.centers, width, quick, exact, rows, labels));
        }
        let Some(time) = aim.time else {
            return Ok(Pass::quick(&aim.centers, width, aim.step, quick.0, rows, labels));
        };
        if let Some(calm) = &mut self.calm[block] {
            return Ok(calm.pass(&aim.centers, aim.step, time));
        }
        let (calm, pass) = Calm::new(&aim.centers, width, aim.step, quick.0, rows, labels, time);
        self.calm[block] = Some(calm);
        Ok(pass)
    }

    /// All blocks back to the rows' own order; what is not needed any more is let go. Of calm blocks it is known where rows
    /// belong that are not due when the clock has come to `time`.
    pub fn settle(&mut self, time: f64) {
        (0..self.calm.len()).for_each(|block| self.wake(block, time));
        self.scratch = Vec::new();
    }

    /// The clusters after [`Assigned::settle`].
    pub fn known(&self) -> Known<'_> {
        Known { labels: &self.labels, sure: &self.sure }
    }

    /// Nothing is known any more: centres move on.
    pub fn doubt(&mut self) {
        self.sure.fill(0);
    }

    fn wake(&mut self, block: usize, time: f64) {
        if let Some(calm) = self.calm[block].take() {
            let first = block * (BLOCK / TILE);
            calm.labels(time, &mut self.labels[first..], &mut self.sure[first..]);
        }
    }
}
