//! How far may a customer's orders and money lie from what is expected of them? Their distribution within the horizon under the
//! fitted model, from what is known of the customer; not by chance, but summed up.
//!
//! Orders of one who is still there: a negative binomial number, cut short by leaving (Fader, Hardie and Lee 2005, equation 8,
//! with the parameters that a customer's history gives; for Pareto/NBD a mixture over lengths of life). Money of n orders: a
//! ratio of gamma variables, whose distribution is the incomplete beta function (Fader and Hardie 2013).

use crate::math::special::beta_share;
use crate::value::purchases::{Fitted, Purchases};

/// What an interval covers: so many outcomes of a hundred, as many missed below as above.
pub const INTERVAL: f64 = 0.8;
/// Its two ends.
const ENDS: [f64; 2] = [0.5 - INTERVAL / 2.0, 0.5 + INTERVAL / 2.0];
/// Chance that is left out at the far end.
const TAIL: f64 = 1e-6;
/// Orders ahead at most.
const MOST: usize = 50_000;
/// Equally likely lengths of life that stand for all.
const LIVES: usize = 12;
/// Points of the distribution of money.
const POINTS: usize = 64;

/// The chances of 0, 1, 2 … orders in the time `ahead` of a customer who is there at its beginning; they add up to 1.
pub fn orders_ahead(fitted: &Fitted, repeats: f64, age: f64, ahead: f64) -> Vec<f64> {
    let [r, alpha, a, b] = fitted.parameters;
    let rate = (r + repeats, alpha + age);
    let (mut chances, mut before) = (Vec::new(), 0.0);
    let mut add = |chance: f64| {
        chances.push(chance);
        before += chance;
        before < 1.0 - TAIL && chances.len() < MOST
    };
    if fitted.model == Purchases::ParetoNbd {
        // Who outlives the horizon, and those who leave within it.
        let whole = libm::exp(-a * libm::log1p(ahead / (b + age)));
        let left = |at: usize| {
            let share = 1.0 - (1.0 - whole) * (at as f64 + 0.5) / LIVES as f64;
            ((b + age) * libm::expm1(-libm::log(share) / a)).min(ahead)
        };
        let mut counts = vec![(whole, Counts::new(rate, ahead))];
        counts.extend((0..LIVES).map(|at| ((1.0 - whole) / LIVES as f64, Counts::new(rate, left(at)))));
        while add(counts.iter_mut().map(|(weight, count)| *weight * count.next()).sum()) {}
    } else {
        let b = b + repeats + if fitted.model == Purchases::MbgNbd { 1.0 } else { 0.0 };
        let mut count = Counts::new(rate, ahead);
        // The chance to have stayed after each of n orders; to have left after the nth; that there would be fewer than n.
        let (mut stays, mut leaves, mut fewer, mut n) = (1.0, 0.0, 0.0, 0.0);
        loop {
            let chance = count.next();
            if !add(stays * chance + leaves) {
                break;
            }
            fewer += chance;
            leaves = stays * a / (a + b + n) * (1.0f64 - fewer).max(0.0);
            stays *= (b + n) / (a + b + n);
            n += 1.0;
        }
    }
    let rest = 1.0 - chances.iter().sum::<f64>();
    if let Some(last) = chances.last_mut() {
        *last += rest.max(0.0);
    }
    chances
}

/// The chances of 0, 1, 2 … purchases in a time, for one whose rate is known to a gamma distribution.
#[derive(Clone, Copy, Debug)]
struct Counts {
    shape: f64,
    /// ln of the share of what was seen and lies ahead that lies ahead.
    ahead: f64,
    log: f64,
    n: f64,
}

impl Counts {
    fn new((shape, seen): (f64, f64), ahead: f64) -> Counts {
        let log = -shape * libm::log1p(ahead / seen);
        Counts { shape, ahead: libm::log(ahead / (seen + ahead)), log, n: 0.0 }
    }

    fn next(&mut self) -> f64 {
        let chance = libm::exp(self.log);
        self.log += libm::log((self.shape + self.n) / (self.n + 1.0)) + self.ahead;
        self.n += 1.0;
        chance
    }
}

/// The money of n orders over the scale of what is known of a customer's spending (γ + the money of their repeat days), at
/// points that lie evenly on a logarithmic axis: the same for all with as many repeat days.
#[derive(Clone, Debug)]
pub struct Purse {
    /// Logarithms of the points.
    points: Vec<f64>,
    /// Numbers of orders: all small ones, fewer and fewer of the large ones.
    orders: Vec<usize>,
    /// For each of them, the chance that the money is at most that of a point.
    below: Vec<Vec<f64>>,
}

impl Purse {
    /// For amounts of shape `p`, rates of shape `q` (after what is known), and up to so many orders.
    pub fn new(p: f64, q: f64, most: usize) -> Purse {
        let mut orders: Vec<usize> = (1..=most.clamp(1, 16)).collect();
        while let Some(&last) = orders.last().filter(|&&last| last < most) {
            orders.push((last + last / 4).min(most));
        }
        let spread = |shape: f64| 1.0 / shape + 1.0 / (shape * shape);
        let width = 4.0 * (spread(p) + spread(q)).sqrt();
        let (low, high) = (libm::log(p / q) - width, libm::log(p * most.max(1) as f64 / q) + width);
        let points: Vec<f64> = (0..POINTS).map(|at| low + (high - low) * at as f64 / (POINTS - 1) as f64).collect();
        let below = |&n: &usize| {
            let share = |&point: &f64| beta_share(p * n as f64, q, 1.0 / (1.0 + libm::exp(-point)));
            points.iter().map(share).collect()
        };
        Purse { below: orders.iter().map(below).collect(), orders, points }
    }

    /// The distribution of money at the points, from the chances of orders.
    fn spread(&self, chances: &[f64]) -> Vec<f64> {
        let mut weights = vec![0.0; self.orders.len()];
        for (n, &chance) in chances.iter().enumerate().skip(1) {
            let upper = self.orders.partition_point(|&one| one < n);
            if upper == 0 || upper == self.orders.len() {
                weights[upper.min(self.orders.len() - 1)] += chance;
                continue;
            }
            let (from, to) = (self.orders[upper - 1] as f64, self.orders[upper] as f64);
            let share = (n as f64 - from) / (to - from);
            weights[upper - 1] += chance * (1.0 - share);
            weights[upper] += chance * share;
        }
        let mut spread = vec![chances[0]; self.points.len()];
        for (weight, below) in weights.iter().zip(&self.below).filter(|(weight, _)| **weight > 0.0) {
            spread.iter_mut().zip(below).for_each(|(sum, share)| *sum += weight * share);
        }
        spread
    }
}

/// What may come of one who is still there.
#[derive(Clone, Debug)]
pub struct Outcomes {
    /// Chance of at most 0, 1, 2 … orders.
    orders: Vec<f64>,
    /// Mean of the orders, and of their squares.
    of_orders: [f64; 2],
    /// Chance of money up to each point of the purse; empty without one.
    money: Vec<f64>,
    of_money: [f64; 2],
}

impl Outcomes {
    /// From the chances of orders.
    pub fn new(chances: &[f64], purse: Option<&Purse>) -> Outcomes {
        let (mut sum, mut of_orders) = (0.0, [0.0; 2]);
        let mut orders = Vec::with_capacity(chances.len());
        for (n, chance) in chances.iter().enumerate() {
            sum += chance;
            orders.push(sum);
            of_orders[0] += chance * n as f64;
            of_orders[1] += chance * (n as f64) * (n as f64);
        }
        let money = purse.map_or_else(Vec::new, |purse| purse.spread(chances));
        let (mut of_money, mut before, mut from) = ([0.0; 2], chances[0], 0.0);
        for (&point, &below) in purse.iter().flat_map(|purse| &purse.points).zip(&money) {
            // Between two points money counts as their mean.
            let to = libm::exp(point);
            let value = (from + to) / 2.0;
            of_money[0] += (below - before) * value;
            of_money[1] += (below - before) * value * value;
            (before, from) = (below, to);
        }
        Outcomes { orders, of_orders, money, of_money }
    }

    /// The ends of the interval of orders for one who is still there with this chance, and the variance.
    pub fn orders(&self, alive: f64) -> ([f64; 2], f64) {
        let end = |end: f64| match level(end, alive) {
            level if level <= 0.0 => 0.0,
            level => self.orders.partition_point(|&sum| sum < level).min(self.orders.len() - 1) as f64,
        };
        (ENDS.map(end), variance(self.of_orders, alive))
    }

    /// The same of money, over the purse's scale.
    pub fn money(&self, alive: f64, purse: &Purse) -> ([f64; 2], f64) {
        let end = |end: f64| {
            let level = level(end, alive);
            if level <= self.orders[0] {
                return 0.0;
            }
            let upper = self.money.partition_point(|&sum| sum < level);
            if upper == 0 || upper == POINTS {
                return libm::exp(purse.points[upper.min(POINTS - 1)]);
            }
            let (from, to) = (self.money[upper - 1], self.money[upper]);
            let share = (level - from) / (to - from);
            libm::exp(purse.points[upper - 1] + share * (purse.points[upper] - purse.points[upper - 1]))
        };
        (ENDS.map(end), variance(self.of_money, alive))
    }
}

/// The level among those still there that is this level among all: who has left brings nothing.
fn level(end: f64, alive: f64) -> f64 {
    1.0 - (1.0 - end) / alive
}

fn variance([mean, square]: [f64; 2], alive: f64) -> f64 {
    alive * square - alive * mean * alive * mean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chances_add_up_and_have_the_mean_that_the_closed_form_gives() {
        for (model, exact) in [(Purchases::BgNbd, 1e-4), (Purchases::MbgNbd, 1e-4), (Purchases::ParetoNbd, 2e-3)] {
            let fitted = Fitted { model, parameters: [0.55, 10.6, 0.61, 11.7] };
            for (repeats, age) in [(0.0, 38.9), (2.0, 38.9), (29.0, 38.0), (1500.0, 52.0), (0.0, 0.0)] {
                let chances = orders_ahead(&fitted, repeats, age, 39.0);
                let mean: f64 = chances.iter().enumerate().map(|(n, chance)| n as f64 * chance).sum();
                assert!((chances.iter().sum::<f64>() - 1.0).abs() < 1e-9);
                let expected = fitted.growth(repeats, age, 39.0);
                assert!((mean / expected - 1.0).abs() < exact, "{model:?} {repeats}: {mean}, not {expected}");
            }
        }
    }

    #[test]
    fn money_of_orders_has_its_mean_and_who_has_left_brings_nothing() {
        let fitted = Fitted { model: Purchases::BgNbd, parameters: [0.243, 4.414, 0.793, 2.426] };
        let chances = orders_ahead(&fitted, 2.0, 38.86, 39.0);
        let (p, q) = (6.25, 6.25 * 2.0 + 3.74);
        let purse = Purse::new(p, q, chances.len() - 1);
        let outcomes = Outcomes::new(&chances, Some(&purse));
        // A gamma variable over another one of shape q has the mean p / (q − 1).
        let expected = outcomes.of_orders[0] * p / (q - 1.0);
        assert!((outcomes.of_money[0] / expected - 1.0).abs() < 0.03, "{} not {expected}", outcomes.of_money[0]);
        let ([low, high], variance) = outcomes.orders(1.0);
        assert!(low <= outcomes.of_orders[0] && outcomes.of_orders[0] <= high && variance > 0.0);
        assert_eq!(outcomes.orders(0.05).0, [0.0, 0.0]);
        assert_eq!(outcomes.money(0.05, &purse).0, [0.0, 0.0]);
        let ([low, high], _) = outcomes.money(0.9, &purse);
        assert!(0.0 <= low && low < high);
    }
}
