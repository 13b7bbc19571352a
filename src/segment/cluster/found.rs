//! What does a search find, whatever the method?

use crate::segment::cluster::linkage::Linkage;
use crate::segment::cluster::model::Model;
use serde::Serialize;
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
    /// How well the model's patterns of answers match those observed, of latent classes without missing answers.
    pub goodness: Option<Goodness>,
}

/// Observed against expected patterns of answers.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Goodness {
    /// The likelihood-ratio statistic, 2 Σ observed × ln(observed / expected).
    pub g_squared: f64,
    /// Pearson's, Σ (observed − expected)² / expected.
    pub chi_squared: f64,
    /// Possible patterns less one (or rows, where these are fewer) less the numbers fitted; where below 0 there are too many
    /// classes for the answers to tell.
    pub degrees_of_freedom: f64,
}

impl Likelihood {
    /// Schwarz's criterion, −2 ln L + parameters × ln n: lower is better.
    pub fn bic(&self, rows: usize) -> f64 {
        -2.0 * self.log_likelihood + self.parameters as f64 * libm::log(rows as f64)
    }

    /// Akaike's criterion, −2 ln L + 2 parameters: lower is better.
    pub fn aic(&self) -> f64 {
        2.0 * (self.parameters as f64 - self.log_likelihood)
    }

    /// How sure it is where the rows belong, 1 for certain, 0 for not at all (Ramaswamy and others 1993): 1 − entropy / (n ln k);
    /// 1 for one cluster.
    pub fn entropy_r2(&self, rows: usize, k: usize) -> f64 {
        if k < 2 { 1.0 } else { 1.0 - self.entropy / (rows as f64 * libm::log(k as f64)) }
    }

    /// Biernacki, Celeux and Govaert's criterion: BIC and twice the entropy; lower is better.
    pub fn icl(&self, rows: usize) -> f64 {
        self.bic(rows) + 2.0 * self.entropy
    }
}
