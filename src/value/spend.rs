//! How much do they spend a purchase day? Gamma-Gamma (Fader, Hardie and Lee 2005; Fader and Hardie 2013): amounts vary around
//! a mean of the customer's own, and these means vary between customers, independently of how often they buy.

use crate::math::order::arranged;
use crate::math::special::ln_gamma;
use crate::math::stats::{Sum, sum};

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

/// What customers with as many repeat purchase days have in common.
#[derive(Clone, Copy, Debug)]
struct Run {
    /// Repeat purchase days.
    days: f64,
    /// Customers.
    count: f64,
    /// Sum of the logarithms of their means.
    logs: f64,
    /// Where their totals end.
    end: usize,
}

/// Customers' spending by their number of repeat purchase days.
#[derive(Clone, Debug, Default)]
pub struct Spendings {
    runs: Vec<Run>,
    /// Money of all repeat days of each customer.
    totals: Vec<f64>,
    /// Mean of the customers' means.
    pub mean: f64,
}

impl Spendings {
    /// Of the customers who have any; their order does not show.
    pub fn of(customers: &[Option<Spending>]) -> Spendings {
        let known: Vec<Spending> = customers.iter().flatten().copied().collect();
        let order = arranged(known.len(), &|a, b| {
            known[a].days.total_cmp(&known[b].days).then(known[a].mean.total_cmp(&known[b].mean))
        });
        let mut found =
            Spendings { mean: sum(known.iter().map(|one| one.mean)) / known.len() as f64, ..Spendings::default() };
        for at in order {
            let Spending { days, mean } = known[at];
            if found.runs.last().is_none_or(|run| run.days != days) {
                found.runs.push(Run { days, count: 0.0, logs: 0.0, end: found.totals.len() });
            }
            found.totals.push(days * mean);
            if let Some(run) = found.runs.last_mut() {
                run.count += 1.0;
                run.logs += libm::log(mean);
                run.end += 1;
            }
        }
        found
    }

    /// Number of customers.
    pub fn customers(&self) -> usize {
        self.totals.len()
    }
}

/// The log-likelihood of all customers' spending in the making.
#[derive(Clone, Debug)]
pub struct SpendLikelihood {
    model: GammaGamma,
    run: usize,
    next: usize,
    total: Sum,
}

impl SpendLikelihood {
    /// Nothing summed yet.
    pub fn new(model: GammaGamma) -> SpendLikelihood {
        SpendLikelihood { model, run: 0, next: 0, total: Sum::default() }
    }

    /// Takes in the next `count` customers; gives the sum after the last.
    pub fn read(&mut self, spendings: &Spendings, count: usize) -> Option<f64> {
        let GammaGamma { p, q, gamma } = self.model;
        let until = (self.next + count).min(spendings.totals.len());
        while self.next < until {
            let run = &spendings.runs[self.run];
            let end = run.end.min(until);
            let (from, shape) = (self.next, p * run.days);
            let logs: f64 = spendings.totals[from..end].iter().map(|total| libm::log(gamma + total)).sum();
            self.total.add(-(shape + q) * logs);
            self.next = end;
            if end == run.end {
                let each = ln_gamma(shape + q) - ln_gamma(shape) - ln_gamma(q)
                    + q * libm::log(gamma)
                    + shape * libm::log(run.days);
                self.total.add(run.count * each);
                self.total.add((shape - 1.0) * run.logs);
                self.run += 1;
            }
        }
        (self.next == spendings.totals.len()).then(|| self.total.value())
    }
}

impl GammaGamma {
    /// Money expected a purchase day of a customer; of one without repeats, that of everyone, p·γ / (q − 1). NaN where
    /// there is no expectation (q ≤ 1 and no repeats).
    pub fn expected(&self, spending: Option<&Spending>) -> f64 {
        let GammaGamma { p, q, gamma } = *self;
        let (x, m) = spending.map_or((0.0, 0.0), |known| (known.days, known.mean));
        let weight = p * x + q - 1.0;
        if weight > 0.0 { p * (gamma + x * m) / weight } else { f64::NAN }
    }
}
