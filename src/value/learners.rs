//! Who learns? Logistic regression, and smartcore's random forest.
//!
//! smartcore's random numbers differ between 32 and 64 bits: what a forest says in a browser and natively agrees roughly, not to the
//! bit. So do the figures made of it, and the choice between the two where they do equally well.

use crate::error::{Code, Error, Result};
use crate::value::logistic::Logistic;
use smartcore::ensemble::random_forest_regressor::{RandomForestRegressor, RandomForestRegressorParameters};
use smartcore::linalg::basic::arrays::Array;
use smartcore::linalg::basic::matrix::DenseMatrix;

/// Trees of a forest.
pub const TREES: usize = 40;
/// Rows that each tree is grown on at most.
pub const TREE_ROWS: usize = 2_000;
/// Rows that logistic regression is fitted to at most.
pub const LOGISTIC_ROWS: usize = 50_000;

/// A tree of the share of yes.
pub type Tree = RandomForestRegressor<f64, f64, DenseMatrix<f64>, Vec<f64>>;

/// A model that says how likely something is.
#[derive(Debug)]
pub enum Learner {
    /// A weighted sum of the matrix's columns.
    Logistic(Logistic),
    /// Trees whose mean counts: trees of the share of yes, as a probability forest.
    Forest(Vec<Tree>),
}

fn refused(_: impl std::fmt::Debug) -> Error {
    Error::new(Code::Internal, "A model of the outcome could not be fitted. Please report this.")
}

fn dense(cells: Vec<f64>, height: usize) -> Result<DenseMatrix<f64>> {
    let width = cells.len() / height.max(1);
    DenseMatrix::new(height, width, cells, true).map_err(refused)
}

impl Learner {
    /// One more tree of a forest.
    ///
    /// # Errors
    /// `internal` should it be refused.
    pub fn tree(cells: Vec<f64>, happened: &[bool], seed: u64) -> Result<Tree> {
        let y: Vec<f64> = happened.iter().map(|&one| f64::from(u8::from(one))).collect();
        let x = dense(cells, y.len())?;
        let width = x.shape().1;
        let parameters = RandomForestRegressorParameters::default()
            .with_n_trees(1)
            .with_max_depth(10)
            .with_min_samples_leaf(10)
            .with_m((width as f64).sqrt().ceil() as usize)
            .with_seed(seed);
        RandomForestRegressor::fit(&x, &y, parameters).map_err(refused)
    }

    /// "logistic" or "forest".
    pub fn name(&self) -> &'static str {
        match self {
            Learner::Logistic(_) => "logistic",
            Learner::Forest(_) => "forest",
        }
    }

    /// What it says of so many customers, 0 to 1.
    ///
    /// # Errors
    /// `internal` should it be refused.
    pub fn says(&self, cells: Vec<f64>, height: usize) -> Result<Vec<f64>> {
        match self {
            Learner::Logistic(model) => Ok(model.says(&cells, height)),
            Learner::Forest(trees) => {
                let x = dense(cells, height)?;
                let mut sums = vec![0.0; height];
                for tree in trees {
                    let said = tree.predict(&x).map_err(refused)?;
                    sums.iter_mut().zip(said).for_each(|(sum, one)| *sum += one / trees.len() as f64);
                }
                Ok(sums)
            }
        }
    }
}
