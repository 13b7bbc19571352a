//! Which parameters make what happened most likely? Maximum likelihood over logarithms of the parameters, one pass over the
//! customers for each point the search asks for.

use crate::math::minimise::{Minimiser, curvature, curvature_points, inverse};
use crate::value::purchases::Fitted;

/// Customers (or different histories) of the first look, before all are taken in.
pub const FIRST_LOOK: usize = 2_000;
/// A log-likelihood of the first look that rises by less than this is at rest.
const TOLERANCE: f64 = 1e-9;
/// A shape beyond this, or below its inverse, has run away: the data do not tell it. A time may be 100 times as far off.
pub const BOUND: f64 = 1e3;
/// So far from 1 a parameter's logarithm ends the search: the likelihood only creeps there, and each point costs the more.
const AWAY: f64 = 12.0;

/// What a search came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimate {
    /// The parameters themselves.
    pub parameters: Vec<f64>,
    /// Their standard errors, by the curvature there; NaN where it is flat.
    pub standard_errors: Vec<f64>,
    /// Covariances of the parameters' logarithms, row by row; nothing where the curvature is flat.
    pub covariance: Option<Vec<f64>>,
    /// Natural logarithm of the likelihood.
    pub log_likelihood: f64,
    /// Whether the search came to rest.
    pub converged: bool,
}

/// A fitted model of purchases, and how well it did.
#[derive(Clone, Debug)]
pub struct Tried {
    /// The model with its parameters.
    pub fitted: Fitted,
    /// How they were found.
    pub estimate: Estimate,
}

/// A search in the making: asks for the log-likelihood at points, until it is at rest and the curvature is known.
#[derive(Clone, Debug)]
pub struct Estimation {
    search: Minimiser,
    /// Points for the curvature, and the values told so far.
    around: Option<(Vec<Vec<f64>>, Vec<f64>)>,
}

impl Estimation {
    /// From starting parameters.
    pub fn new(start: &[f64]) -> Estimation {
        let start = start.iter().map(|&one| libm::log(one)).collect();
        Estimation { search: Minimiser::new(start, TOLERANCE), around: None }
    }

    /// From where another search ended, over `times` as many customers.
    pub fn after(first: &Estimation, times: f64) -> Estimation {
        Estimation { search: first.search.again(times), around: None }
    }

    /// The parameters at which the log-likelihood is wanted; nothing when all is known.
    pub fn wants(&self) -> Option<Vec<f64>> {
        let point = match &self.around {
            None => self.search.wants(),
            Some((points, values)) => points.get(values.len()).map(Vec::as_slice),
        };
        point.map(|point| point.iter().map(|&one| libm::exp(one)).collect())
    }

    /// Whether only the curvature is left to be found.
    pub fn at_rest(&self) -> bool {
        self.around.is_some()
    }

    /// Takes the log-likelihood at the parameters wanted.
    pub fn tell(&mut self, log_likelihood: f64) {
        match &mut self.around {
            Some((_, values)) => values.push(-log_likelihood),
            None => {
                self.search.tell(-log_likelihood);
                if self.search.at().iter().any(|one| one.abs() > AWAY) {
                    // Nothing is learnt from the curvature there.
                    self.around = Some((Vec::new(), Vec::new()));
                } else if self.search.wants().is_none() {
                    self.around = Some((curvature_points(self.search.at()), Vec::new()));
                }
            }
        }
    }

    /// The result, when nothing more is wanted.
    pub fn finish(&self) -> Estimate {
        let parameters: Vec<f64> = self.search.at().iter().map(|&one| libm::exp(one)).collect();
        let size = parameters.len();
        let around = self.around.as_ref().filter(|(points, _)| !points.is_empty());
        let covariance = around.and_then(|(_, values)| inverse(&curvature(size, values), size));
        // The error of ln θ times θ is that of θ.
        let error = |at: usize| covariance.as_ref().map_or(f64::NAN, |all| all[at * size + at].sqrt());
        let standard_errors = parameters.iter().enumerate().map(|(at, one)| one * error(at)).collect();
        Estimate {
            standard_errors,
            covariance,
            log_likelihood: -self.search.value(),
            converged: self.search.converged(),
            parameters,
        }
    }
}
