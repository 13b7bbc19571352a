//! Who stays, of those who came at the same time? Customers by the period of their first order, and what they did since.
//!
//! A cohort is all customers whose first order lies in one week, month, quarter or year of the calendar. In each period
//! since then *active* are those with at least one order in it. Revenue is net: a refund counts in the period in which it was
//! made, and in the cohort of the customer. A cell is incomplete where the reference date lies before the period's last day.

use crate::error::{Code, Error, Result};
use crate::features::purchases::PurchaseDays;
use crate::math::order::arranged;
use crate::table::column::Data;
use crate::table::figures::grouped;
use crate::value::periods::Period;

/// Cells (cohorts times periods) that are worked out at all.
pub const MOST_CELLS: usize = 500_000;

/// Customers who came in one period. Lists have one entry a period from the first order's on, up to that of the reference date.
#[derive(Clone, Debug, PartialEq)]
pub struct Cohort {
    /// The number of the period.
    pub period: i32,
    /// Customers in it.
    pub customers: u32,
    /// What they spent on the day of their first order.
    pub first_revenue: f64,
    /// Customers with an order in the period.
    pub active: Vec<u32>,
    /// Orders in the period.
    pub orders: Vec<u32>,
    /// Money of the period's orders less its refunds.
    pub revenue: Vec<f64>,
    /// Customers who ordered again on a later day, whenever that was.
    pub repeated: u32,
}

/// The cohorts of a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cohorts {
    /// The earliest first; periods in which nobody came have none.
    pub cohorts: Vec<Cohort>,
    /// Whether the period of the reference date is not over on it.
    pub is_last_incomplete: bool,
    /// Share of customers who were active so many periods after their first: over all cohorts for which that period is over,
    /// each customer counted once.
    pub average: Vec<f64>,
    /// Customers without an order that has a day.
    pub without_orders: u32,
    /// Refunds in the cells, and their money (below zero).
    pub refunds: (u32, f64),
    /// Refunds in no cell: without a day, from before the customer's first order, or of customers without one.
    pub unplaced: (u32, f64),
}

/// The cohorts of the customers for whom `counts` is true.
///
/// # Errors
/// `limit-exceeded` where there would be more than [`MOST_CELLS`] cells.
pub fn cohorts(purchases: &PurchaseDays, counts: &[bool], by: Period) -> Result<Cohorts> {
    let mut found = Cohorts::default();
    let first = |customer: usize| purchases.of_customer(customer).0.first().map(|&day| by.of(day));
    let firsts: Vec<Option<i32>> =
        counts.iter().enumerate().map(|(customer, counts)| first(customer).filter(|_| *counts)).collect();
    found.without_orders =
        firsts.iter().zip(counts).filter(|(first, counts)| **counts && first.is_none()).count() as u32;
    let order = arranged(firsts.len(), &|a, b| firsts[a].cmp(&firsts[b]));
    let mut periods: Vec<i32> = order.into_iter().filter_map(|customer| firsts[customer]).collect();
    periods.dedup();
    let Some(last) = periods.last().map(|_| by.of(purchases.end)) else { return Ok(found) };
    found.is_last_incomplete = purchases.end < by.end(last);
    let width = |period: i32| (last - period + 1) as usize;
    let cells: usize = periods.iter().map(|&period| width(period)).sum();
    if cells > MOST_CELLS {
        let message = format!(
            "Cohorts by {} would have {} cells, and {} are worked out at most. Choose longer periods, or look for orders with a wrong date.",
            by.as_str(),
            grouped(cells as u64),
            grouped(MOST_CELLS as u64)
        );
        return Err(Error::new(Code::LimitExceeded, message).limit(MOST_CELLS as f64));
    }
    let empty = |&period: &i32| Cohort {
        period,
        customers: 0,
        first_revenue: 0.0,
        active: vec![0; width(period)],
        orders: vec![0; width(period)],
        revenue: vec![0.0; width(period)],
        repeated: 0,
    };
    found.cohorts = periods.iter().map(empty).collect();
    let place = |period: i32| periods.partition_point(|&known| known < period);
    for (customer, own) in firsts.iter().enumerate() {
        let Some(own) = *own else { continue };
        let cohort = &mut found.cohorts[place(own)];
        let (days, money) = purchases.of_customer(customer);
        cohort.customers += 1;
        cohort.first_revenue += money[0];
        cohort.repeated += u32::from(days.len() > 1);
        let mut before = -1;
        for ((&day, &money), &orders) in days.iter().zip(money).zip(purchases.orders_of(customer)) {
            let since = by.of(day) - own;
            let cell = since as usize;
            cohort.active[cell] += u32::from(since != before);
            cohort.orders[cell] += orders;
            cohort.revenue[cell] += money;
            before = since;
        }
    }
    for &(customer, day, money) in purchases.refunds.iter().filter(|refund| counts[refund.0 as usize]) {
        let own = firsts[customer as usize].filter(|&own| day != Data::NO_DAY && by.of(day) >= own);
        let told = match own {
            Some(own) => {
                found.cohorts[place(own)].revenue[(by.of(day) - own) as usize] += money;
                &mut found.refunds
            }
            None => &mut found.unplaced,
        };
        *told = (told.0 + 1, told.1 + money);
    }
    found.average = average(&found);
    Ok(found)
}

fn average(found: &Cohorts) -> Vec<f64> {
    let complete = |cohort: &Cohort| cohort.active.len() - usize::from(found.is_last_incomplete);
    let most = found.cohorts.iter().map(complete).max().unwrap_or(0);
    let share = |since: usize| {
        let over = found.cohorts.iter().filter(|cohort| complete(cohort) > since);
        let [active, all] = over.fold([0.0, 0.0], |[active, all], cohort| {
            [active + f64::from(cohort.active[since]), all + f64::from(cohort.customers)]
        });
        active / all
    };
    (0..most).map(share).collect()
}
