//! What will they bring? Chances, orders and money expected of every customer, and how such expectations did before.

use crate::value::history::History;
use crate::value::options::Plan;
use crate::value::purchases::Fitted;
use crate::value::seen::Seen;
use crate::value::spend::{GammaGamma, Spending};

/// Days in a month: a twelfth of a year of 365 days.
const MONTH: f64 = 365.0 / 12.0;

/// Figures of every customer, in the order of the purchase days; NaN for those first seen after the calibration's end.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Predictions {
    /// Chance to be still buying, 0 to 1.
    pub alive: Vec<f64>,
    /// Purchase days expected within the horizon.
    pub orders: Vec<f64>,
    /// Money expected a purchase day. NaN without a model of spending.
    pub spend: Vec<f64>,
    /// Money expected within the horizon, discounted to the calibration's end month by month. NaN without a model of spending.
    pub lifetime: Vec<f64>,
    /// Days from the calibration's end to the next purchase of a customer who still buys: 1 / the expected rate of buying.
    pub next: Vec<f64>,
}

impl Predictions {
    /// Adds the next `count` customers.
    pub fn read(&mut self, seen: &Seen, lifetime: &Lifetime<'_>, count: usize) {
        let from = self.alive.len();
        for (history, spending) in seen.histories.iter().zip(&seen.spending).skip(from).take(count) {
            let nothing = f64::NAN;
            let Some(history) = history else {
                for list in [&mut self.alive, &mut self.orders, &mut self.spend, &mut self.lifetime, &mut self.next] {
                    list.push(nothing);
                }
                continue;
            };
            let spend = lifetime.spend.map_or(nothing, |model| model.expected(spending.as_ref()));
            let (orders, discounted) = lifetime.ahead(history);
            self.alive.push(lifetime.fitted.alive(history));
            self.orders.push(orders);
            self.spend.push(spend);
            self.lifetime.push(discounted * spend);
            self.next.push(lifetime.until_next(history));
        }
    }
}

/// How far is looked ahead, and what later money counts.
#[derive(Clone, Copy, Debug)]
pub struct Lifetime<'a> {
    fitted: &'a Fitted,
    spend: Option<&'a GammaGamma>,
    /// Days in the models' unit of time.
    unit: f64,
    /// Days ahead.
    horizon: f64,
    /// What a month takes off.
    monthly: f64,
}

impl<'a> Lifetime<'a> {
    /// With these models.
    pub fn new(fitted: &'a Fitted, spend: Option<&'a GammaGamma>, plan: &Plan) -> Lifetime<'a> {
        let monthly = libm::pow(1.0 + plan.discount, 1.0 / 12.0);
        Lifetime { fitted, spend, unit: plan.unit, horizon: plan.horizon, monthly }
    }

    /// Purchase days expected within the horizon, and the same discounted: those of a month count at its end.
    pub fn ahead(&self, history: &History) -> (f64, f64) {
        let months = (self.horizon / MONTH - 1e-9).ceil().max(1.0) as usize;
        let (mut before, mut discounted, mut factor) = (0.0, 0.0, 1.0);
        for month in 1..=months {
            let until = (month as f64 * MONTH).min(self.horizon);
            let so_far = self.fitted.expected(history, until / self.unit);
            factor /= self.monthly;
            discounted += (so_far - before) * factor;
            before = so_far;
        }
        (before, discounted)
    }

    /// Days to the next purchase of one who still buys.
    fn until_next(&self, history: &History) -> f64 {
        let [r, alpha, ..] = self.fitted.parameters;
        (alpha + history.age) / (r + history.repeats) * self.unit
    }

    /// Money a customer of this spending is expected to bring a purchase day.
    pub fn money(&self, spending: Option<&Spending>) -> f64 {
        self.spend.map_or(f64::NAN, |model| model.expected(spending))
    }
}

/// Expectations against what happened after the calibration's end.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Holdout {
    /// Purchase days that came, of customers seen before.
    pub actual: f64,
    /// Purchase days expected of them.
    pub expected: f64,
    /// Mean over the customers of the difference without its sign.
    pub mae: f64,
    /// Length of the time after, in days.
    pub days: f64,
    /// By repeats before, 0 to 6 and 7 or more: customers, what came, what was expected.
    pub by_repeats: Vec<[f64; 3]>,
}

/// Customers with so many repeats or more are shown together.
const MANY: usize = 7;

impl Holdout {
    /// For so many days after the calibration's end; the models' unit of time has `unit` days.
    pub fn of(fitted: &Fitted, seen: &Seen, days: f64, unit: f64) -> Holdout {
        let mut found = Holdout { days, by_repeats: vec![[0.0; 3]; MANY + 1], ..Holdout::default() };
        let (mut off, mut customers) = (0.0, 0.0);
        for (history, &came) in seen.histories.iter().zip(&seen.later) {
            let Some(history) = history else { continue };
            let expected = fitted.expected(history, days / unit);
            found.actual += came;
            found.expected += expected;
            off += (expected - came).abs();
            customers += 1.0;
            let group = &mut found.by_repeats[(history.repeats as usize).min(MANY)];
            group.iter_mut().zip([1.0, came, expected]).for_each(|(sum, more)| *sum += more);
        }
        found.mae = if customers > 0.0 { off / customers } else { 0.0 };
        found
    }
}
