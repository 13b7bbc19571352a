//! How did such expectations do before? Against what came after the calibration's end, and week by week from the beginning.

use crate::features::purchases::PurchaseDays;
use crate::value::history::{Histories, NOWHERE};
use crate::value::predict::{Forecast, Horizon};
use crate::value::purchases::Fitted;
use crate::value::seen::Seen;

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
    pub fn of(fitted: &Fitted, seen: &Seen, histories: &Histories, days: f64, unit: f64) -> Holdout {
        let mut found = Holdout { days, by_repeats: vec![[0.0; 3]; MANY + 1], ..Holdout::default() };
        let mut forecast = Forecast::new(*fitted, Horizon::at_once(days / unit), histories);
        let expected: Vec<f64> = (0..histories.distinct.len()).map(|at| forecast.at(histories, at).orders).collect();
        let (mut off, mut customers) = (0.0, 0.0);
        for (&place, &came) in histories.places.iter().zip(&seen.later).filter(|(place, _)| **place != NOWHERE) {
            let expected = expected[place as usize];
            found.actual += came;
            found.expected += expected;
            off += (expected - came).abs();
            customers += 1.0;
            let group = &mut found.by_repeats[(histories.distinct[place as usize].repeats as usize).min(MANY)];
            group.iter_mut().zip([1.0, came, expected]).for_each(|(sum, more)| *sum += more);
        }
        found.mae = if customers > 0.0 { off / customers } else { 0.0 };
        found
    }
}

/// Repeat purchase days of one stretch of time: those that came, and those expected of customers as they joined.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tracked {
    /// The last day of the stretch.
    pub day: i32,
    /// Repeat purchase days that came.
    pub actual: f64,
    /// Those expected.
    pub expected: f64,
}

/// Longer than so many days is tracked by stretches of four weeks.
const WEEKLY: i32 = 2 * 366;

/// Week by week (or four weeks) from the first purchase day to the last day known; the last stretch may be shorter. Only customers
/// who joined by the calibration's end: the model knows no others.
pub fn tracking(fitted: &Fitted, purchases: &PurchaseDays, (first, end): (i32, i32), unit: f64) -> (i32, Vec<Tracked>) {
    let length = purchases.end - first;
    let step = if length <= WEEKLY { 7 } else { 28 };
    let mut joined = vec![0.0; (end - first).max(0) as usize + 1];
    let mut stretches: Vec<Tracked> = (1..=(length.max(1) + step - 1) / step)
        .map(|at| Tracked { day: (first + at * step).min(purchases.end), ..Tracked::default() })
        .collect();
    for customer in 0..purchases.customers() {
        let (days, _) = purchases.of_customer(customer);
        let Some(&own) = days.first().filter(|&&own| own <= end) else { continue };
        joined[(own - first) as usize] += 1.0;
        for &day in &days[1..] {
            stretches[((day - first - 1) / step) as usize].actual += 1.0;
        }
    }
    // By how many days ago somebody joined.
    let of_new: Vec<f64> = (0..=length.max(0)).map(|days| fitted.expected_of_new(f64::from(days) / unit)).collect();
    let mut before = 0.0;
    for stretch in &mut stretches {
        let passed = (stretch.day - first) as usize;
        let so_far: f64 =
            joined.iter().enumerate().take(passed + 1).map(|(day, count)| count * of_new[passed - day]).sum();
        stretch.expected = so_far - before;
        before = so_far;
    }
    (step, stretches)
}
