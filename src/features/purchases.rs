//! On which days did each customer buy, and for how much? Orders of one day together.

use crate::features::counting::{Counting, Standing};
use crate::features::orders::Order;
use crate::math::groups::{day_of, row_of, sort};
use crate::math::{order, stats};
use crate::table::column::Data;
use crate::table::texts::Texts;

/// Purchase days by customer, in the order in which customers first appear among the lines. Cancelled orders and refunds
/// (orders whose total is below zero) are no purchases, nor are orders without a day; orders of 0 are, unless said otherwise.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PurchaseDays {
    /// The customers' ids, one a customer.
    pub ids: Texts,
    /// Where the days of each customer begin, and where those of the last end.
    starts: Vec<u32>,
    /// Days since 1970, rising for each customer.
    days: Vec<i32>,
    /// The money of each day.
    money: Vec<f64>,
    /// The orders of each day.
    orders: Vec<u32>,
    /// Refunds (a customer's number, a day or [`Data::NO_DAY`], money below zero), in the order of their rows.
    pub refunds: Vec<(u32, i32, f64)>,
    /// The last day that was looked at.
    pub end: i32,
    /// Orders that are no purchases: refunds, cancelled ones, and others that do not count.
    pub left_out: u64,
    /// Orders without a day.
    pub undated: u64,
}

impl PurchaseDays {
    /// From orders, in any order of rows, looked at up to `end`.
    pub fn of(orders: impl Iterator<Item = Order>, ids: Texts, end: i32, counting: &Counting) -> PurchaseDays {
        let mut found = PurchaseDays { end, ..PurchaseDays::default() };
        let (mut owners, mut days, mut totals) = (Vec::new(), Vec::new(), Vec::new());
        for order in orders {
            let standing = counting.standing(&order);
            if standing != Standing::Counts {
                found.left_out += 1;
                if standing == Standing::Refund && !counting.ignores_refunds {
                    found.refunds.push((order.customer, order.day, order.total));
                }
            } else if order.day == Data::NO_DAY {
                found.undated += 1;
            } else {
                owners.push(order.customer);
                days.push(order.day);
                totals.push(order.total);
            }
        }
        let (starts, entries) = sort(&owners, &days, ids.distinct());
        found.starts.push(0);
        for customer in 0..ids.distinct() {
            let own = &entries[starts[customer] as usize..starts[customer + 1] as usize];
            for same in own.chunk_by(|a, b| day_of(*a) == day_of(*b)) {
                // From the smallest up, so that the order of rows does not show.
                let mut amounts: Vec<f64> = same.iter().map(|&entry| totals[row_of(entry)]).collect();
                order::numbers(&mut amounts);
                found.days.push(day_of(same[0]));
                found.money.push(stats::sum(amounts));
                found.orders.push(same.len() as u32);
            }
            found.starts.push(found.days.len() as u32);
        }
        found.ids = ids;
        found
    }

    /// Number of customers.
    pub fn customers(&self) -> usize {
        self.ids.distinct()
    }

    /// How many orders there were on each purchase day of a customer.
    pub fn orders_of(&self, customer: usize) -> &[u32] {
        &self.orders[self.starts[customer] as usize..self.starts[customer + 1] as usize]
    }

    /// A customer's purchase days, rising, and the money of each.
    pub fn of_customer(&self, customer: usize) -> (&[i32], &[f64]) {
        let range = self.starts[customer] as usize..self.starts[customer + 1] as usize;
        (&self.days[range.clone()], &self.money[range])
    }
}
