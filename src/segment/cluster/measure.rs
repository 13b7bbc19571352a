//! Where does every row belong in the end? One exact pass over all rows from the final centres.

use crate::error::Result;
use crate::features::matrix::Matrix;
use crate::math::measured::Measured;

/// The pass in the making, block by block.
#[derive(Clone, Debug)]
pub struct Measuring {
    centers: Vec<f64>,
    block: usize,
    blocks: usize,
    found: Measured,
}

impl Measuring {
    /// For k × features centres in scaled units.
    pub fn new(matrix: &Matrix, centers: &[f64]) -> Measuring {
        let features = matrix.features();
        let found = Measured::new(centers.len() / features, features, matrix.rows());
        Measuring { centers: centers.to_vec(), block: 0, blocks: matrix.blocks(), found }
    }

    /// Share of the blocks that are done.
    pub fn ratio(&self) -> f64 {
        self.block as f64 / self.blocks.max(1) as f64
    }

    /// Reads one block; gives the result after the last.
    ///
    /// # Errors
    /// Only if the matrix has lost its table.
    pub fn step(&mut self, matrix: &Matrix) -> Result<Option<Measured>> {
        if self.block < matrix.blocks() {
            self.found.read(&self.centers, &matrix.exact(self.block)?, matrix.block(self.block).len());
            self.block += 1;
        }
        Ok((self.block == matrix.blocks()).then(|| std::mem::take(&mut self.found)))
    }

    /// All blocks at once.
    ///
    /// # Errors
    /// As [`Measuring::step`].
    pub fn all(matrix: &Matrix, centers: &[f64]) -> Result<Measured> {
        let mut measuring = Measuring::new(matrix, centers);
        loop {
            if let Some(measured) = measuring.step(matrix)? {
                return Ok(measured);
            }
        }
    }
}
