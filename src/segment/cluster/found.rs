//! What does a search find, whatever the method?

use crate::segment::cluster::linkage::Linkage;
use crate::segment::cluster::model::Model;
use std::rc::Rc;

/// What a search found.
#[derive(Clone, Debug)]
pub struct Found {
    /// What places rows. On the rows searched it gives `labels`.
    pub model: Model,
    /// The cluster of each row, or [`crate::math::measured::NO_CLUSTER`].
    pub labels: Vec<u32>,
    /// Passes of the best start, the one that changed nothing included.
    pub iterations: usize,
    /// Whether the last pass changed nothing (or too little to matter, for likelihoods).
    pub converged: bool,
    /// What methods with a likelihood know besides.
    pub likelihood: Option<Likelihood>,
    /// The tree of merges, of methods that merge.
    pub linkage: Option<Rc<Linkage>>,
    /// What a reader should know.
    pub notices: Vec<String>,
}

impl Found {
    /// Labels at rest after one pass, of a method without more to say.
    pub fn new(model: Model, labels: Vec<u32>) -> Found {
        let notices = Vec::new();
        Found { model, labels, iterations: 1, converged: true, likelihood: None, linkage: None, notices }
    }
}

/// How likely a model makes the rows it was fitted to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Likelihood {
    /// Natural logarithm of the likelihood, of the best start.
    pub log_likelihood: f64,
    /// Numbers that were fitted.
    pub parameters: usize,
    /// Starts that reached the best, up to 1e-6 of it.
    pub starts_at_best: usize,
    /// Sum over the rows of the entropy of their chances to belong to each cluster, in nats.
    pub entropy: f64,
}

impl Likelihood {
    /// Schwarz's criterion, −2 ln L + parameters × ln n: lower is better.
    pub fn bic(&self, rows: usize) -> f64 {
        -2.0 * self.log_likelihood + self.parameters as f64 * libm::log(rows as f64)
    }

    /// Biernacki, Celeux and Govaert's criterion: BIC and twice the entropy; lower is better.
    pub fn icl(&self, rows: usize) -> f64 {
        self.bic(rows) + 2.0 * self.entropy
    }
}
