//! What will all customers bring together, and how sure is that? Single outcomes even out over many customers; what the
//! parameters may be off does not. Both are in the interval, by the delta method; that the future may differ from the past is not.

use crate::math::special::normal_quantile;
use crate::value::estimate::{Estimate, Tried};
use crate::value::history::{Histories, NOWHERE};
use crate::value::outcomes::INTERVAL;
use crate::value::predict::{Forecast, Horizon, Predictions};
use crate::value::purchases::Fitted;
use crate::value::seen::Seen;
use crate::value::spend::GammaGamma;

/// By how much the logarithm of a parameter is moved to see what follows.
const MOVE: f64 = 1e-3;
/// Histories by which that is seen.
const MOST: usize = 1_024;

/// A sum over all customers.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Total {
    /// What is expected.
    pub expected: f64,
    /// The ends of the interval; not below 0.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

impl Total {
    /// From the variance of outcomes, and the relative one of parameters.
    fn of(expected: f64, outcomes: f64, relative: f64) -> Total {
        let half = normal_quantile(0.5 + INTERVAL / 2.0) * (outcomes + relative * expected * expected).sqrt();
        Total { expected, low: (expected - half).max(0.0), high: expected + half }
    }
}

/// Orders and value of all customers.
pub fn totals(
    best: &Tried,
    spend: Option<&(GammaGamma, Estimate)>,
    predictions: &Predictions,
    (seen, histories): (&Seen, &Histories),
    horizon: &Horizon,
) -> [Total; 2] {
    let known = |list: &[f64]| list.iter().filter(|one| !one.is_nan()).sum::<f64>();
    // What the customers of a history spend a purchase day, all of them together.
    let mut money = vec![0.0; histories.distinct.len()];
    for (&place, spend) in histories.places.iter().zip(&predictions.spend) {
        if place != NOWHERE && !spend.is_nan() {
            money[place as usize] += spend;
        }
    }
    let some = histories.thinned(MOST);
    let step = histories.distinct.len().div_ceil(MOST).max(1);
    let money: Vec<f64> = money.into_iter().step_by(step).collect();
    let sums = |parameters: &[f64]| {
        let mut fitted = Fitted { parameters: [0.0; 4], ..best.fitted };
        fitted.parameters.copy_from_slice(parameters);
        let mut forecast = Forecast::new(fitted, horizon.clone(), &some);
        let mut sums = [0.0; 2];
        for (at, money) in money.iter().enumerate() {
            let ahead = forecast.at(&some, at);
            sums[0] += some.weights[at] * ahead.orders;
            sums[1] += money * ahead.discounted;
        }
        sums
    };
    let of_purchases = |which: usize| relative(&best.estimate, &|parameters| sums(parameters)[which]);
    let orders = Total::of(known(&predictions.orders), predictions.variances[0], of_purchases(0));
    let Some((_, estimate)) = spend else {
        return [orders, Total { expected: f64::NAN, low: f64::NAN, high: f64::NAN }];
    };
    // Orders, discounted, at what other parameters of spending would make of them.
    let of_spending = relative(estimate, &|parameters| {
        let model = GammaGamma { p: parameters[0], q: parameters[1], gamma: parameters[2] };
        let all = predictions.lifetime.iter().zip(&predictions.spend).zip(&seen.spending);
        let value = all.map(|((value, spend), own)| value / spend * model.expected(own.as_ref()));
        value.filter(|value| value.is_finite()).sum()
    });
    let value = Total::of(known(&predictions.lifetime), predictions.variances[1], of_purchases(1) + of_spending);
    [orders, value]
}

/// The relative variance of a sum that comes of the parameters it is made with; 0 where their covariance is not known.
fn relative(estimate: &Estimate, sum: &dyn Fn(&[f64]) -> f64) -> f64 {
    let Some(covariance) = &estimate.covariance else { return 0.0 };
    let size = estimate.parameters.len();
    let moved = |at: usize, by: f64| {
        let mut parameters = estimate.parameters.clone();
        parameters[at] *= libm::exp(by);
        libm::log(sum(&parameters))
    };
    let slope: Vec<f64> = (0..size).map(|at| (moved(at, MOVE) - moved(at, -MOVE)) / (2.0 * MOVE)).collect();
    let pairs = (0..size * size).map(|at| slope[at / size] * slope[at % size] * covariance[at]);
    pairs.sum::<f64>().max(0.0)
}
