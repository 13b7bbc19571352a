//! How often will they buy, and do they still? Three models of repeat purchases, each a rate of buying and a way of leaving
//! that differ from customer to customer.
//!
//! BG/NBD: Fader, Hardie and Lee (2005), leaving after a repeat purchase. MBG/NBD: Batislam, Denizel and Filiztekin (2007),
//! leaving after any purchase, the first included. Pareto/NBD: Schmittlein, Morrison and Colombo (1987), leaving at any time.
//! Everything is taken by logarithms; expectations of the first two in Euler's form of the hypergeometric function, which
//! neither overflows for many purchases nor cancels near a = 1.

use crate::math::series::{reduced_series, unit_series};
use crate::math::special::ln_gamma;
use crate::value::history::History;

/// Which model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purchases {
    /// Beta-geometric / negative binomial.
    BgNbd,
    /// The same, modified so that a customer may leave after the first purchase.
    MbgNbd,
    /// Pareto / negative binomial.
    ParetoNbd,
}

impl Purchases {
    /// All three, in the order in which ties are settled.
    pub const ALL: [Purchases; 3] = [Purchases::BgNbd, Purchases::MbgNbd, Purchases::ParetoNbd];

    /// The spelling in options and results.
    pub fn as_str(self) -> &'static str {
        match self {
            Purchases::BgNbd => "bg-nbd",
            Purchases::MbgNbd => "mbg-nbd",
            Purchases::ParetoNbd => "pareto-nbd",
        }
    }

    /// What its four parameters are called. Shapes have no unit; those named in [`Purchases::scales`] are times.
    pub fn names(self) -> [&'static str; 4] {
        match self {
            Purchases::BgNbd | Purchases::MbgNbd => ["r", "alpha", "a", "b"],
            Purchases::ParetoNbd => ["r", "alpha", "s", "beta"],
        }
    }

    /// Which parameters are measured in the unit of time, and grow with it.
    pub fn scales(self) -> [bool; 4] {
        [false, true, false, self == Purchases::ParetoNbd]
    }
}

/// A model with its parameters, in the order of [`Purchases::names`]; all above 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fitted {
    /// Which model.
    pub model: Purchases,
    /// Its parameters.
    pub parameters: [f64; 4],
}

/// What of a model's formulas depends on the number of repeats alone.
#[derive(Clone, Copy, Debug, Default)]
pub struct Repeats {
    /// Repeats.
    pub count: f64,
    /// r + x: the shape of what is known of the customer's rate.
    shape: f64,
    /// The logarithm of everything that customers with as many repeats share.
    front: f64,
    /// The logarithm of what stands before the odds of having left; −∞ where nobody can have left.
    odds: f64,
}

/// What of a model's formulas depends on one moment of a customer's time.
#[derive(Clone, Copy, Debug, Default)]
pub struct Moment {
    /// ln(α + t).
    pub alpha: f64,
    /// ln(β + t); only of Pareto/NBD.
    pub beta: f64,
    /// The hypergeometric series there, for so many repeats; only of Pareto/NBD.
    pub series: f64,
}

impl Fitted {
    /// What customers with so many repeats share.
    pub fn repeats(&self, count: f64) -> Repeats {
        let [r, alpha, a, b] = self.parameters;
        let shape = r + count;
        let buying = ln_gamma(shape) - ln_gamma(r) + r * libm::log(alpha);
        // Both ways of leaving: a customer who may leave after the first purchase stayed once more.
        let stays = |times: f64| ln_gamma(a + b) - ln_gamma(b) + ln_gamma(b + times) - ln_gamma(a + b + times);
        let (front, odds) = match self.model {
            Purchases::BgNbd if count == 0.0 => (buying, f64::NEG_INFINITY),
            Purchases::BgNbd => (buying + stays(count), libm::log(a / (b + count - 1.0))),
            Purchases::MbgNbd => (buying + stays(count + 1.0), libm::log(a / (b + count))),
            Purchases::ParetoNbd => (buying + a * libm::log(b), libm::log(a / (shape + a))),
        };
        Repeats { count, shape, front, odds }
    }

    /// The logarithms of a moment: all of it but for Pareto/NBD's series.
    pub fn logs(&self, time: f64) -> Moment {
        let [_, alpha, _, beta] = self.parameters;
        let beta = if self.model == Purchases::ParetoNbd { libm::log(beta + time) } else { 0.0 };
        Moment { alpha: libm::log(alpha + time), beta, series: 0.0 }
    }

    /// Whether moments have a series.
    pub fn has_series(&self) -> bool {
        self.model == Purchases::ParetoNbd
    }

    /// Pareto/NBD's series at a moment; 0 for the others, which have none.
    pub fn series(&self, repeats: &Repeats, time: f64) -> f64 {
        let [_, alpha, s, beta] = self.parameters;
        let (shape, c) = (repeats.shape, repeats.shape + s + 1.0);
        match self.model {
            Purchases::BgNbd | Purchases::MbgNbd => 0.0,
            Purchases::ParetoNbd if alpha >= beta => unit_series(shape, c, (alpha - beta) / (alpha + time)),
            Purchases::ParetoNbd => {
                (alpha + time) / (beta + time) * unit_series(s + 1.0, c, (beta - alpha) / (beta + time))
            }
        }
    }

    /// ln of the likelihood of still being there at the end, and ln of (chance to have left) / (chance to be there): from the
    /// moments of the last purchase and of the end. −∞ where nobody can have left.
    pub fn told(&self, repeats: &Repeats, last: &Moment, end: &Moment) -> (f64, f64) {
        let Repeats { shape, front, odds, .. } = *repeats;
        let there = front - shape * end.alpha;
        if self.model != Purchases::ParetoNbd {
            return (there, odds + shape * (end.alpha - last.alpha));
        }
        let s = self.parameters[2];
        // ln of the ratio of (α + t)^−(r + x) (β + t)^−s at the last purchase and at the end.
        let ratio = shape * (end.alpha - last.alpha) + s * (end.beta - last.beta);
        let (early, late) = (last.series, end.series);
        let left = if ratio > 30.0 {
            // e^ratio may overflow, and what is taken off is below the last digit.
            ratio + libm::log(early - late * libm::exp(-ratio))
        } else {
            libm::log((libm::expm1(ratio) * early + (early - late)).max(0.0))
        };
        (there - s * end.beta, odds + left)
    }

    /// The same of one history.
    fn of_history(&self, history: &History) -> (f64, f64) {
        let repeats = self.repeats(history.repeats);
        let moment = |time: f64| Moment { series: self.series(&repeats, time), ..self.logs(time) };
        self.told(&repeats, &moment(history.last), &moment(history.age))
    }

    /// Natural logarithm of the likelihood of one customer's history.
    pub fn log_likelihood(&self, history: &History) -> f64 {
        let (there, odds) = self.of_history(history);
        there + log_one_plus(odds)
    }

    /// Chance that the customer still buys at the end of their history. Exactly 1 without repeats under BG/NBD, by its making.
    pub fn alive(&self, history: &History) -> f64 {
        1.0 / (1.0 + libm::exp(self.of_history(history).1))
    }

    /// Purchase days expected in the time `ahead` after the end of the history.
    pub fn expected(&self, history: &History, ahead: f64) -> f64 {
        self.growth(history.repeats, history.age, ahead) * self.alive(history)
    }

    /// The same of one who is known to be still there: it does not depend on when the last purchase was.
    pub fn growth(&self, x: f64, age: f64, ahead: f64) -> f64 {
        let [r, alpha, a, b] = self.parameters;
        match self.model {
            Purchases::BgNbd => (a + b + x - 1.0) * beta_growth(r + x, a, b + x - 1.0, (alpha + age, ahead)),
            Purchases::MbgNbd => (a + b + x) * beta_growth(r + x, a, b + x, (alpha + age, ahead)),
            Purchases::ParetoNbd => (r + x) / (alpha + age) * self.gamma_growth(age, ahead),
        }
    }

    /// Purchase days after the first expected of a new customer in the time `within`.
    pub fn expected_of_new(&self, within: f64) -> f64 {
        self.expected(&History { repeats: 0.0, last: 0.0, age: 0.0 }, within)
    }

    /// ∫ of the chance to be there over the time ahead, for exponential lives with gamma rates.
    fn gamma_growth(&self, age: f64, ahead: f64) -> f64 {
        let [_, _, s, beta] = self.parameters;
        let (log, power) = (libm::log1p(ahead / (beta + age)), 1.0 - s);
        let growth = if (power * log).abs() < 1e-300 { log } else { libm::expm1(power * log) / power };
        (beta + age) * growth
    }
}

/// [1 − (1 − z)^(a − 1) ₂F₁(…)] / (a − 1) with z = ahead / (end + ahead), as in Euler's form; its limit at a = 1.
fn beta_growth(r: f64, a: f64, b: f64, (end, ahead): (f64, f64)) -> f64 {
    let z = ahead / (end + ahead);
    let log = libm::log1p(-z);
    let power = a - 1.0;
    let falls = if (power * log).abs() < 1e-300 { log } else { libm::expm1(power * log) / power };
    let series = reduced_series(a + b - r, power, a + b, z);
    -(falls + series + power * falls * series)
}

/// ln(1 + eˣ).
pub fn log_one_plus(x: f64) -> f64 {
    if x > 0.0 { x + libm::log1p(libm::exp(-x)) } else { libm::log1p(libm::exp(x)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: f64, expected: f64, tolerance: f64) {
        assert!((found - expected).abs() <= tolerance * expected.abs(), "{found} is not {expected}");
    }

    #[test]
    fn expectations_do_not_jump_where_a_is_one() {
        let history = History { repeats: 2.0, last: 30.43, age: 38.86 };
        for model in Purchases::ALL {
            let expected = |a: f64| Fitted { model, parameters: [0.243, 4.414, a, 2.426] }.expected(&history, 39.0);
            near(expected(1.0 - 1e-9), expected(1.0), 1e-8);
            near(expected(1.0 + 1e-9), expected(1.0), 1e-8);
        }
    }

    #[test]
    fn a_short_time_ahead_brings_the_rate_of_buying() {
        let history = History { repeats: 3.0, last: 20.0, age: 25.0 };
        for model in Purchases::ALL {
            let fitted = Fitted { model, parameters: [0.5, 6.0, 0.9, 2.0] };
            let rate = (0.5 + 3.0) / (6.0 + 25.0) * fitted.alive(&history);
            near(fitted.expected(&history, 1e-6), rate * 1e-6, 1e-5);
        }
    }
}
