//! Where in their life as a customer is everybody? Prospect, new, active, at risk, lapsed or reactivated, by each customer's own
//! rhythm or by fixed days.
//!
//! *Rhythm*: the days that usually lie between two orders of a customer. With `n` pauses between order days and their median
//! `m` it is `(n·m + 2·f) / (n + 2)`, where `f` is the file's: the median of the medians of all customers with a pause. So a
//! customer with one order day has the file's rhythm, and own pauses soon outweigh it (the credibility weight `n / (n + k)`
//! of Bühlmann's, with `k` = 2). The median, since one long pause shall not make a customer slow.
//!
//! The first that is true decides: *prospect*, no order; *lapsed* and *at risk*, the last order is longer ago than so many
//! rhythms (or days); *new*, the first order is at most so many days ago; *reactivated*, the pause before the last order was as
//! long as that of a lapsed customer, by the rhythm there was before it; *active*, all others.

use crate::error::{Code, Error, Result};
use crate::features::purchases::PurchaseDays;
use crate::math::order;
use crate::math::stats::quantile_sorted;
use serde_json::Value;

/// The stages, in the order of a customer's life.
pub const STAGES: [&str; 6] = ["prospect", "new", "active", "at risk", "lapsed", "reactivated"];
/// Pauses that the file's rhythm weighs.
const WEIGHT: f64 = 2.0;
/// The rhythm of a file in which nobody has ordered on two days.
pub const NO_RHYTHM: f64 = 90.0;

/// When a customer is what. All numbers are resolved, so that a recipe says the same of another file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plan {
    /// Whether the next two are multiples of the rhythm, and not days.
    pub by_rhythm: bool,
    /// At risk when the last order is longer ago than this.
    pub at_risk_after: f64,
    /// Lapsed when it is longer ago than this.
    pub lapsed_after: f64,
    /// New when the first order is at most so many days ago.
    pub new_days: f64,
    /// Days between two orders in the file.
    pub rhythm: f64,
}

/// A customer's order days in short. NaN where there is none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Course {
    /// Days with an order.
    pub order_days: f64,
    /// Days from the last of them to the reference date.
    pub since_last: f64,
    /// Days from the first.
    pub since_first: f64,
    /// The customer's rhythm in days.
    pub rhythm: f64,
    /// Days from the order day before the last to the last.
    pub pause: f64,
    /// The rhythm as it was before that pause.
    rhythm_before: f64,
}

/// The median pause in days, and how many there are; `pauses` need no order.
fn usual(mut pauses: Vec<f64>) -> (f64, f64) {
    order::numbers(&mut pauses);
    (quantile_sorted(&pauses, 0.5), pauses.len() as f64)
}

fn pauses(days: &[i32]) -> Vec<f64> {
    days.windows(2).map(|days| f64::from(days[1]) - f64::from(days[0])).collect()
}

/// The rhythm of a file, and how many customers it is known from; NaN where none has two order days.
pub fn file_rhythm(purchases: &PurchaseDays) -> (f64, usize) {
    let days = (0..purchases.customers()).map(|customer| purchases.of_customer(customer).0);
    let (median, n) = usual(days.filter(|days| days.len() > 1).map(|days| usual(pauses(days)).0).collect());
    (median, n as usize)
}

impl Plan {
    /// From `by` ("rhythm" or "days"), `atRiskAfter`, `lapsedAfter`, `newDays` and `rhythm`, each with a default: 2 and 4
    /// rhythms, and one rhythm for who is new; or 90, 180 and 30 days. `lapsedAfter` is at least twice `atRiskAfter` where nobody
    /// says it. `rhythm` is the file's where nobody says another.
    ///
    /// # Errors
    /// `bad-option` for other values.
    pub fn read(options: &Value, rhythm: f64) -> Result<Plan> {
        let by_rhythm = match &options["by"] {
            Value::Null => true,
            Value::String(by) if by == "rhythm" => true,
            Value::String(by) if by == "days" => false,
            other => return Err(Error::new(Code::BadOption, format!("“by” is “rhythm” or “days”, not {other}."))),
        };
        let number = |name: &str, default: f64| match &options[name] {
            Value::Null => Ok(default),
            given => given
                .as_f64()
                .filter(|value| *value > 0.0 && value.is_finite())
                .ok_or_else(|| Error::new(Code::BadOption, format!("“{name}” is a number above 0, not {given}."))),
        };
        let rhythm = number("rhythm", if rhythm > 0.0 { rhythm } else { NO_RHYTHM })?;
        let [at_risk, lapsed, new] = if by_rhythm { [2.0, 4.0, rhythm.ceil()] } else { [90.0, 180.0, 30.0] };
        let at_risk_after = number("atRiskAfter", at_risk)?;
        let lapsed_after = number("lapsedAfter", lapsed.max(2.0 * at_risk_after))?;
        if lapsed_after <= at_risk_after {
            let message = format!(
                "“lapsedAfter” is {lapsed_after} and “atRiskAfter” {at_risk_after}: customers are at risk before they lapse. Choose a larger “lapsedAfter”."
            );
            return Err(Error::new(Code::BadOption, message));
        }
        Ok(Plan { by_rhythm, at_risk_after, lapsed_after, new_days: number("newDays", new)?, rhythm })
    }

    /// The course of a customer with these order days, rising, looked at on a day.
    pub fn course(&self, days: &[i32], end: i32) -> Course {
        let since = |day: Option<&i32>| day.map_or(f64::NAN, |&day| f64::from(end) - f64::from(day));
        let own = |pauses: &[f64]| {
            let (median, n) = usual(pauses.to_vec());
            if n > 0.0 { (n * median + WEIGHT * self.rhythm) / (n + WEIGHT) } else { self.rhythm }
        };
        let pauses = pauses(days);
        let (pause, before) = pauses.split_last().map_or((f64::NAN, &[][..]), |(last, before)| (*last, before));
        Course {
            order_days: days.len() as f64,
            since_last: since(days.last()),
            since_first: since(days.first()),
            rhythm: if days.is_empty() { f64::NAN } else { own(&pauses) },
            pause,
            rhythm_before: own(before),
        }
    }

    /// The number of the stage among [`STAGES`].
    pub fn stage(&self, course: &Course) -> usize {
        let unit = |rhythm: f64| if self.by_rhythm { rhythm } else { 1.0 };
        if course.order_days == 0.0 {
            0
        } else if course.since_last > self.lapsed_after * unit(course.rhythm) {
            4
        } else if course.since_last > self.at_risk_after * unit(course.rhythm) {
            3
        } else if course.since_first <= self.new_days {
            1
        } else if course.pause > self.lapsed_after * unit(course.rhythm_before) {
            5
        } else {
            2
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_rhythm_is_shrunk_to_the_files_and_every_stage_is_reached() {
        let plan = Plan::read(&json!({}), 30.0).unwrap();
        assert_eq!((plan.at_risk_after, plan.lapsed_after, plan.new_days), (2.0, 4.0, 30.0));
        let course = plan.course(&[0, 10, 20], 100);
        // Two pauses of 10 days and two of the file's 30.
        assert_eq!((course.rhythm, course.since_last, course.since_first, course.pause), (20.0, 80.0, 100.0, 10.0));
        let stage = |days: &[i32], end: i32| STAGES[plan.stage(&plan.course(days, end))];
        assert_eq!(stage(&[], 100), "prospect");
        assert_eq!(stage(&[0], 30), "new");
        assert_eq!(stage(&[0], 31), "active");
        assert_eq!(stage(&[0, 10, 20], 60), "active");
        assert_eq!(stage(&[0, 10, 20], 61), "at risk");
        assert_eq!(stage(&[0, 10, 20], 100), "at risk");
        assert_eq!(stage(&[0, 10, 20], 101), "lapsed");
        // The rhythm before the pause was 20 days, four of which are 80.
        assert_eq!(stage(&[0, 10, 20, 100], 100), "active");
        assert_eq!(stage(&[0, 10, 20, 101], 101), "reactivated");
        assert_eq!(stage(&[0, 10, 20, 101, 111], 111), "active");
        assert!(plan.course(&[], 3).rhythm.is_nan());
    }

    #[test]
    fn days_are_days_and_what_cannot_be_meant_is_refused() {
        let plan = Plan::read(&json!({ "by": "days", "atRiskAfter": 60, "lapsedAfter": 90 }), f64::NAN).unwrap();
        assert_eq!((plan.new_days, plan.rhythm), (30.0, NO_RHYTHM));
        let stage = |days: &[i32], end: i32| STAGES[plan.stage(&plan.course(days, end))];
        assert_eq!(
            [30, 31, 60, 61, 90, 91].map(|end| stage(&[0], end)),
            ["new", "active", "active", "at risk", "at risk", "lapsed"]
        );
        assert_eq!(stage(&[0, 91], 91), "reactivated");
        for wrong in [
            json!({ "by": "weeks" }),
            json!({ "newDays": -1 }),
            json!({ "atRiskAfter": 5, "lapsedAfter": 5 }),
            json!({ "rhythm": "x" }),
        ] {
            assert_eq!(Plan::read(&wrong, 30.0).unwrap_err().code, Code::BadOption);
        }
    }
}
