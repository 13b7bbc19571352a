//! Where does every row belong in the end? One exact pass over all rows by the final model, and a second one where the means
//! from which distances are measured come out of the first.

use crate::error::Result;
use crate::features::matrix::Matrix;
use crate::math::measured::{Known, Measured};
use crate::math::tiles::TILE;
use crate::segment::cluster::model::Model;

/// The passes in the making, block by block.
#[derive(Clone, Debug)]
pub struct Measuring {
    model: Model,
    /// k × features that distances are measured from: the model's centres, or the means of the members once they are known.
    centers: Vec<f64>,
    /// Labels of the first pass, when there is a second.
    labels: Option<Vec<u32>>,
    block: usize,
    blocks: usize,
    found: Measured,
    scratch: Vec<[f64; TILE]>,
}

impl Measuring {
    /// For a model in scaled units.
    pub fn new(matrix: &Matrix, model: &Model) -> Measuring {
        let width = matrix.features();
        let centers = match model {
            Model::Centers { centers } => centers.concat(),
            _ => vec![0.0; model.k() * width],
        };
        let found = Measured::new(model.k(), width, matrix.rows());
        Measuring {
            model: model.clone(),
            centers,
            labels: None,
            block: 0,
            blocks: matrix.blocks(),
            found,
            scratch: Vec::new(),
        }
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
        self.step_knowing(matrix, Known::default())
    }

    /// The same where it is known of rows of the matrix which of the model's centres is the nearest.
    ///
    /// # Errors
    /// As [`Measuring::step`].
    pub fn step_knowing(&mut self, matrix: &Matrix, known: Known<'_>) -> Result<Option<Measured>> {
        if self.block < self.blocks {
            let (tiles, range) = (matrix.exact_in(self.block, &mut self.scratch)?, matrix.block(self.block));
            match (&self.model, &self.labels) {
                (Model::Centers { .. }, _) => {
                    let known = known.of(range.start / TILE..range.end.div_ceil(TILE));
                    self.found.read(&self.centers, matrix.quick(self.block), tiles, range.len(), known);
                }
                (model, None) => {
                    let labels = model.place(matrix.features(), tiles, range.len());
                    self.found.add(&self.centers, tiles, &labels);
                }
                (_, Some(labels)) => self.found.add(&self.centers, tiles, &labels[range]),
            }
            self.block += 1;
        }
        if self.block < self.blocks {
            return Ok(None);
        }
        let found = std::mem::take(&mut self.found);
        if self.labels.is_none() && !matches!(self.model, Model::Centers { .. }) {
            let width = matrix.features();
            let means = (0..self.model.k()).map(|cluster| found.mean(cluster).unwrap_or_else(|| vec![0.0; width]));
            self.centers = means.collect::<Vec<_>>().concat();
            self.labels = Some(found.labels);
            self.found = Measured::new(self.model.k(), width, matrix.rows());
            self.block = 0;
            return Ok(None);
        }
        Ok(Some(found))
    }

    /// All blocks at once.
    ///
    /// # Errors
    /// As [`Measuring::step`].
    pub fn all(matrix: &Matrix, model: &Model) -> Result<Measured> {
        let mut measuring = Measuring::new(matrix, model);
        loop {
            if let Some(measured) = measuring.step(matrix)? {
                return Ok(measured);
            }
        }
    }
}
