//! How much do they spend a purchase day? Gamma-Gamma (Fader, Hardie and Lee 2005; Fader and Hardie 2013): amounts vary around
//! a mean of the customer's own, and these means vary between customers, independently of how often they buy.

use crate::math::special::ln_gamma;

/// A customer's repeat purchase days and their mean money.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spending {
    /// Repeat purchase days; at least 1.
    pub days: f64,
    /// Mean money of these days; above 0.
    pub mean: f64,
}

/// The model with its parameters, all above 0. `gamma` is in the unit of money.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GammaGamma {
    /// Shape of the amounts of a customer.
    pub p: f64,
    /// Shape of the customers' rates.
    pub q: f64,
    /// Scale of the customers' rates.
    pub gamma: f64,
}

impl GammaGamma {
    /// Natural logarithm of the likelihood of one customer's mean.
    pub fn log_likelihood(&self, spending: &Spending) -> f64 {
        let GammaGamma { p, q, gamma } = *self;
        let Spending { days: x, mean: m } = *spending;
        let shape = p * x;
        ln_gamma(shape + q) - ln_gamma(shape) - ln_gamma(q)
            + q * libm::log(gamma)
            + (shape - 1.0) * libm::log(m)
            + shape * libm::log(x)
            - (shape + q) * libm::log(gamma + x * m)
    }

    /// Money expected a purchase day of a customer; of one without repeats, that of everyone, p·γ / (q − 1). NaN where
    /// there is no expectation (q ≤ 1 and no repeats).
    pub fn expected(&self, spending: Option<&Spending>) -> f64 {
        let GammaGamma { p, q, gamma } = *self;
        let (x, m) = spending.map_or((0.0, 0.0), |known| (known.days, known.mean));
        let weight = p * x + q - 1.0;
        if weight > 0.0 { p * (gamma + x * m) / weight } else { f64::NAN }
    }
}
