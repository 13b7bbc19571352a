//! How are clusters of one k looked for? The same steps, whatever the method.

use crate::error::Result;
use crate::features::matrix::Matrix;
use crate::segment::cluster::budget::Budget;
use crate::segment::cluster::classes::Classes;
use crate::segment::cluster::fit::Fit;
use crate::segment::cluster::found::Found;
use crate::segment::cluster::method::Method;
use crate::segment::cluster::mixed::Mixed;

/// What is to be looked for.
#[derive(Clone, Copy, Debug)]
pub struct Seek {
    /// How.
    pub method: Method,
    /// How many; methods that find the number themselves ignore it.
    pub k: usize,
    /// Seed of every draw.
    pub seed: u64,
    /// Random starts, of which the best counts; methods without chance ignore it.
    pub restarts: usize,
    /// Passes at most in each start.
    pub passes: usize,
}

/// A search in the making.
#[derive(Clone, Debug)]
pub enum Search {
    /// k-means.
    KMeans(Fit),
    /// k-prototypes.
    Mixed(Mixed),
    /// Latent classes.
    Classes(Classes),
}

impl Seek {
    /// Begins.
    pub fn begin(&self, _matrix: &Matrix) -> Search {
        let Seek { k, seed, restarts, passes, .. } = *self;
        match self.method {
            Method::KPrototypes { .. } => Search::Mixed(Mixed::new(k, seed, restarts, passes)),
            Method::LatentClass => Search::Classes(Classes::new(k, seed, restarts, passes)),
            _ => Search::KMeans(Fit::new(k, seed, restarts, passes)),
        }
    }
}

impl Search {
    /// Share that is done.
    pub fn ratio(&self) -> f64 {
        match self {
            Search::KMeans(fit) => fit.ratio(),
            Search::Mixed(mixed) => mixed.ratio(),
            Search::Classes(classes) => classes.ratio(),
        }
    }

    /// Works until the budget is spent.
    ///
    /// # Errors
    /// What the method says, such as `too-few-rows`.
    pub fn step(&mut self, matrix: &Matrix, budget: &mut Budget) -> Result<Option<Found>> {
        match self {
            Search::Mixed(mixed) => mixed.step(matrix, budget),
            Search::Classes(classes) => classes.step(matrix, budget),
            Search::KMeans(fit) => Ok(fit.step(matrix, budget)?.map(|run| run.found(matrix.rows()))),
        }
    }
}
