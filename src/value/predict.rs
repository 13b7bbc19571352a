//! What will they bring? Chances, orders and money expected of every customer, with what may come of it.

use crate::table::column::Data;
use crate::value::history::{Histories, History, NOWHERE};
use crate::value::options::Plan;
use crate::value::outcomes::{Outcomes, Purse, orders_ahead};
use crate::value::purchases::Fitted;
use crate::value::seen::Seen;
use crate::value::spend::GammaGamma;
use crate::value::walk::Walk;

/// Days in a month: a twelfth of a year of 365 days.
const MONTH: f64 = 365.0 / 12.0;
/// Days to the next order beyond which nobody waits for it: a hundred years.
const NEVER: f64 = 36_525.0;
/// A purse costs as much as so many histories; what may come of a day's customers as so many.
const PURSE: usize = 256;
const OUTCOME: usize = 4;

/// How far is looked ahead, and what later money counts.
#[derive(Clone, Debug)]
pub struct Horizon {
    /// Ends of the months, in the models' unit of time, and what money of each counts.
    months: Vec<(f64, f64)>,
}

impl Horizon {
    /// Month by month; orders of a month count at its end.
    pub fn of(plan: &Plan) -> Horizon {
        let monthly = libm::pow(1.0 + plan.discount, 1.0 / 12.0);
        let count = (plan.horizon / MONTH - 1e-9).ceil().max(1.0) as usize;
        let mut factor = 1.0;
        let month = |month: usize| {
            factor /= monthly;
            ((month as f64 * MONTH).min(plan.horizon) / plan.unit, factor)
        };
        Horizon { months: (1..=count).map(month).collect() }
    }

    /// At once, without a discount.
    pub fn at_once(ahead: f64) -> Horizon {
        Horizon { months: vec![(ahead, 1.0)] }
    }

    /// Its length in the models' unit of time.
    pub fn ahead(&self) -> f64 {
        self.months.last().map_or(0.0, |month| month.0)
    }

    /// Purchase days expected of one who is still there, and the same discounted.
    pub fn growth(&self, fitted: &Fitted, repeats: f64, age: f64) -> (f64, f64) {
        let (mut before, mut discounted) = (0.0, 0.0);
        for &(until, factor) in &self.months {
            let so_far = fitted.growth(repeats, age, until);
            discounted += (so_far - before) * factor;
            before = so_far;
        }
        (before, discounted)
    }
}

/// What a model says of a history.
#[derive(Clone, Copy, Debug)]
pub struct Ahead {
    /// Chance to be still there.
    pub alive: f64,
    /// Purchase days expected, and the same discounted.
    pub orders: f64,
    /// Discounted.
    pub discounted: f64,
}

/// A model that looks ahead, history by history. What customers with as many repeats and of the same age may expect as long as
/// they are there is found once.
#[derive(Clone, Debug)]
pub struct Forecast {
    walk: Walk,
    horizon: Horizon,
    /// By age: the run of repeats that it was found for, and the growth.
    known: Vec<(u32, (f64, f64))>,
}

impl Forecast {
    /// At its beginning.
    pub fn new(fitted: Fitted, horizon: Horizon, histories: &Histories) -> Forecast {
        Forecast { walk: Walk::new(fitted, histories), horizon, known: vec![(0, (0.0, 0.0)); histories.times.len()] }
    }

    /// Of the history at this place; places rise.
    pub fn at(&mut self, histories: &Histories, at: usize) -> Ahead {
        let (_, odds) = self.walk.at(histories, at);
        let known = &mut self.known[histories.moments[at][1] as usize];
        if known.0 != self.walk.run() {
            let History { repeats, age, .. } = histories.distinct[at];
            *known = (self.walk.run(), self.horizon.growth(&self.walk.fitted, repeats, age));
        }
        let (alive, (orders, discounted)) = (1.0 / (1.0 + libm::exp(odds)), known.1);
        Ahead { alive, orders: orders * alive, discounted: discounted * alive }
    }
}

/// What a model says of a history, and what may come of it. Money is in the purse's scale.
#[derive(Clone, Copy, Debug)]
struct Foreseen {
    ahead: Ahead,
    orders: [f64; 2],
    money: [f64; 2],
    /// Variances of orders and money.
    variances: [f64; 2],
}

/// The outlook of all histories in the making.
#[derive(Clone, Debug)]
pub struct Outlook {
    forecast: Forecast,
    spend: Option<GammaGamma>,
    purse: Option<Purse>,
    outcomes: Vec<Option<Outcomes>>,
    run: u32,
    found: Vec<Foreseen>,
}

impl Outlook {
    /// Nothing found yet.
    pub fn new(fitted: Fitted, spend: Option<GammaGamma>, horizon: Horizon, histories: &Histories) -> Outlook {
        let forecast = Forecast::new(fitted, horizon, histories);
        let found = Vec::with_capacity(histories.distinct.len());
        Outlook { forecast, spend, purse: None, outcomes: Vec::new(), run: 0, found }
    }

    /// Histories looked at so far.
    pub fn done(&self) -> usize {
        self.found.len()
    }

    /// Looks at the next histories, as many as `cost` allows.
    pub fn read(&mut self, histories: &Histories, cost: usize) {
        let mut spent = 0;
        while self.found.len() < histories.distinct.len() && spent < cost {
            let at = self.found.len();
            let ahead = self.forecast.at(histories, at);
            let History { repeats, age, .. } = histories.distinct[at];
            let (fitted, time) = (self.forecast.walk.fitted, self.forecast.horizon.ahead());
            if self.run != self.forecast.walk.run() {
                self.run = self.forecast.walk.run();
                self.outcomes.clear();
                self.outcomes.resize(histories.times.len(), None);
                // Who is known for the shortest time may buy most.
                let same = histories.distinct[at..].iter().take_while(|one| one.repeats == repeats);
                let youngest = same.fold(age, |least, one| least.min(one.age));
                let most = orders_ahead(&fitted, repeats, youngest, time).len() - 1;
                self.purse = self.spend.map(|model| Purse::new(model.p, model.p * repeats + model.q, most));
                spent += PURSE;
            }
            let place = &mut self.outcomes[histories.moments[at][1] as usize];
            let outcomes = place.get_or_insert_with(|| {
                spent += OUTCOME;
                Outcomes::new(&orders_ahead(&fitted, repeats, age, time), self.purse.as_ref())
            });
            let (orders, variance) = outcomes.orders(ahead.alive);
            let (money, of_money) =
                self.purse.as_ref().map_or(([f64::NAN; 2], f64::NAN), |purse| outcomes.money(ahead.alive, purse));
            self.found.push(Foreseen { ahead, orders, money, variances: [variance, of_money] });
            spent += 1;
        }
    }
}

/// Figures of every customer, in the order of the purchase days; NaN for those first seen after the calibration's end.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Predictions {
    /// Chance to be still buying, 0 to 1.
    pub alive: Vec<f64>,
    /// Purchase days expected within the horizon.
    pub orders: Vec<f64>,
    /// The ends of its interval.
    pub orders_low: Vec<f64>,
    /// The upper end.
    pub orders_high: Vec<f64>,
    /// Money expected a purchase day. NaN without a model of spending.
    pub spend: Vec<f64>,
    /// Money expected within the horizon, discounted to the calibration's end month by month. NaN without a model of spending.
    pub lifetime: Vec<f64>,
    /// The ends of its interval; NaN also where repeat orders brought no money.
    pub lifetime_low: Vec<f64>,
    /// The upper end.
    pub lifetime_high: Vec<f64>,
    /// Days from the calibration's end to the next purchase of a customer who still buys: 1 / the expected rate of buying.
    pub next: Vec<f64>,
    /// The day of it; [`Data::NO_DAY`] for who more likely has left than not, and beyond a hundred years.
    pub next_day: Vec<i32>,
    /// Variances of the orders and of the money, of all customers together.
    pub variances: [f64; 2],
}

impl Predictions {
    /// Of all customers, from the outlook of their histories up to the day `end`.
    pub fn of(outlook: &Outlook, seen: &Seen, histories: &Histories, unit: f64, end: i32) -> Predictions {
        let mut all = Predictions::default();
        let [r, alpha, ..] = outlook.forecast.walk.fitted.parameters;
        for (&place, spending) in histories.places.iter().zip(&seen.spending) {
            let mut day = Data::NO_DAY;
            let mut figures = [f64::NAN; 9];
            if place != NOWHERE {
                let Foreseen { ahead, orders, money, variances } = outlook.found[place as usize];
                let History { repeats, age, .. } = histories.distinct[place as usize];
                let spend = outlook.spend.map_or(f64::NAN, |model| model.expected(spending.as_ref()));
                // The purse's scale, and its share that is left of money that comes later.
                let known = spending.is_some() || repeats == 0.0;
                let own = spending.map_or(0.0, |own| own.days * own.mean);
                let scale = outlook.spend.filter(|_| known).map_or(f64::NAN, |model| model.gamma + own);
                let scale = scale * if ahead.orders > 0.0 { ahead.discounted / ahead.orders } else { 1.0 };
                let next = (alpha + age) / (r + repeats) * unit;
                if ahead.alive >= 0.5 && next < NEVER {
                    day = end + next.round() as i32;
                }
                let [low, high] = money.map(|money| money * scale);
                figures =
                    [ahead.alive, ahead.orders, orders[0], orders[1], spend, ahead.discounted * spend, low, high, next];
                all.variances[0] += variances[0];
                let of_money = variances[1] * scale * scale;
                all.variances[1] += if of_money.is_nan() { 0.0 } else { of_money };
            }
            for (list, figure) in all.lists().into_iter().zip(figures) {
                list.push(figure);
            }
            all.next_day.push(day);
        }
        all
    }

    fn lists(&mut self) -> [&mut Vec<f64>; 9] {
        [
            &mut self.alive,
            &mut self.orders,
            &mut self.orders_low,
            &mut self.orders_high,
            &mut self.spend,
            &mut self.lifetime,
            &mut self.lifetime_low,
            &mut self.lifetime_high,
            &mut self.next,
        ]
    }
}
