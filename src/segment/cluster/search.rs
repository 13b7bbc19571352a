//! How are clusters of one k looked for? The same steps, whatever the method.

use crate::error::Result;
use crate::features::matrix::Matrix;
use crate::segment::cluster::budget::Budget;
use crate::segment::cluster::classes::Classes;
use crate::segment::cluster::density::Density;
use crate::segment::cluster::fit::Fit;
use crate::segment::cluster::found::Found;
use crate::segment::cluster::method::{Method, cluster_size};
use crate::segment::cluster::mixed::Mixed;
use crate::segment::cluster::mixture::Mixture;
use crate::segment::cluster::ward::Ward;

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
    /// Rows that the method's own options speak of: where fewer are searched, a sample or a draw, sizes shrink with them.
    pub of: usize,
}

/// A search in the making.
#[derive(Clone, Debug)]
pub enum Search {
    /// k-means.
    KMeans(Box<Fit>),
    /// Gaussian mixtures.
    Gaussian(Box<Mixture>),
    /// k-prototypes.
    Mixed(Box<Mixed>),
    /// Latent classes.
    Classes(Classes),
    /// HDBSCAN.
    Hdbscan(Density),
    /// Ward's agglomeration.
    Ward(Ward),
}

impl Seek {
    /// Begins.
    pub fn begin(&self, matrix: &Matrix) -> Search {
        let Seek { k, seed, restarts, passes, .. } = *self;
        match self.method {
            Method::Gaussian(shape) => Search::Gaussian(Box::new(Mixture::new(shape, k, seed, restarts, passes))),
            Method::KPrototypes { .. } => Search::Mixed(Box::new(Mixed::new(k, seed, restarts, passes))),
            Method::LatentClass => Search::Classes(Classes::new(k, seed, restarts, passes)),
            Method::Hdbscan { min_cluster_size } => {
                Search::Hdbscan(Density::new(matrix, cluster_size(min_cluster_size, self.of, matrix.rows())))
            }
            Method::Ward => Search::Ward(Ward::new(matrix, k, seed)),
            _ => Search::KMeans(Box::new(Fit::new(k, seed, restarts, passes))),
        }
    }
}

impl Search {
    /// Share that is done.
    pub fn ratio(&self) -> f64 {
        match self {
            Search::KMeans(fit) => fit.ratio(),
            Search::Gaussian(mixture) => mixture.ratio(),
            Search::Mixed(mixed) => mixed.ratio(),
            Search::Classes(classes) => classes.ratio(),
            Search::Hdbscan(density) => density.ratio(),
            Search::Ward(ward) => ward.ratio(),
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
            Search::Gaussian(mixture) => mixture.step(matrix, budget),
            Search::Hdbscan(density) => density.step(matrix, budget),
            Search::Ward(ward) => ward.step(matrix, budget),
        }
    }
}
