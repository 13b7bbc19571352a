//! What do the models see of the purchase days up to a day, and what came after it?

use crate::features::purchases::PurchaseDays;
use crate::math::stats::sum;
use crate::value::history::History;
use crate::value::spend::Spending;

/// Customers as the models see them, in the order of [`PurchaseDays`].
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// Nothing for customers first seen later.
    pub histories: Vec<Option<History>>,
    /// Repeat days and their mean money; nothing without repeats, or where these brought nothing.
    pub spending: Vec<Option<Spending>>,
    /// Purchase days after the day.
    pub later: Vec<f64>,
    /// The first purchase day of all.
    pub first: i32,
    /// Customers first seen later.
    pub unseen: usize,
    /// Customers with repeats.
    pub repeaters: usize,
    /// Of these, those whose repeat days brought no money.
    pub without_money: usize,
}

impl Seen {
    /// Up to and including `end`, in units of so many days.
    pub fn until(purchases: &PurchaseDays, end: i32, unit: f64) -> Seen {
        let mut seen = Seen { first: i32::MAX, ..Seen::default() };
        for customer in 0..purchases.customers() {
            let (days, money) = purchases.of_customer(customer);
            let known = days.partition_point(|&day| day <= end);
            seen.later.push((days.len() - known) as f64);
            let (Some(&first), Some(&last)) = (days.first().filter(|_| known > 0), days[..known].last()) else {
                seen.histories.push(None);
                seen.spending.push(None);
                seen.unseen += 1;
                continue;
            };
            seen.first = seen.first.min(first);
            let since = |day: i32| f64::from(day - first) / unit;
            let repeats = (known - 1) as f64;
            seen.histories.push(Some(History { repeats, last: since(last), age: since(end) }));
            let mean = sum(money[1..known].iter().copied()) / repeats;
            let spending = (mean > 0.0).then_some(Spending { days: repeats, mean });
            seen.repeaters += usize::from(known > 1);
            seen.without_money += usize::from(known > 1 && spending.is_none());
            seen.spending.push(spending);
        }
        seen
    }
}
