//! What counts as an order? Refunds, cancelled orders, orders of nothing and orders outside a window, each by its own decision.

use crate::error::{Code, Error, Result};
use crate::features::lines::View;
use crate::features::orders::Order;
use crate::math::records::Lines;
use crate::table::bitmap::Bitmap;
use crate::table::column::Data;
use crate::table::date::parse_iso_day;
use serde::Deserialize;

/// The days whose orders count. Recency is still measured to the reference date.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Window {
    /// So many days up to and with the reference date.
    pub days: Option<f64>,
    /// The first ISO day.
    pub from: Option<String>,
    /// The last ISO day.
    pub to: Option<String>,
}

/// What becomes of orders whose total is below zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Refunds {
    /// They lower the money, and are no orders.
    #[default]
    Subtract,
    /// They do nothing but be counted; refunded money in a column of its own is not taken off.
    Ignore,
}

/// What is an order.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Counts {
    /// Orders below zero.
    pub refunds: Refunds,
    /// Whether cancelled orders count like others.
    pub cancelled: bool,
    /// Whether orders of 0 count; they do when not said. An order without any amount is one of 0.
    pub zero_value: Option<bool>,
}

/// What an order turns out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It counts.
    Counts,
    /// Below zero.
    Refund,
    /// Cancelled.
    Cancelled,
    /// Of 0, where such do not count.
    Zero,
    /// Not in the window, or without a day where there is one.
    Outside,
}

/// The decisions, worked out.
#[derive(Clone, Debug)]
pub struct Counting {
    /// First and last day, where orders outside do not count.
    pub window: Option<(i32, i32)>,
    /// Whether refunds do nothing.
    pub ignores_refunds: bool,
    keeps_cancelled: bool,
    drops_zero: bool,
}

impl Counting {
    /// From options; `reference` is the day to which recency is measured.
    ///
    /// # Errors
    /// `bad-option` for a window that is none, `bad-date`.
    pub fn new(counts: &Counts, window: Option<&Window>, reference: i32) -> Result<Counting> {
        Ok(Counting {
            window: window.map(|window| bounds(window, reference)).transpose()?,
            ignores_refunds: counts.refunds == Refunds::Ignore,
            keeps_cancelled: counts.cancelled,
            drops_zero: counts.zero_value == Some(false),
        })
    }

    /// The lines that count whatever is looked at besides, up to the reference date.
    pub fn plain<'a>(&self, lines: &View<'a>, reference: i32) -> Lines<'a> {
        let (first, last) = self.window.unwrap_or((Data::NO_DAY + 1, i32::MAX));
        Lines {
            owners: lines.customers,
            days: lines.days,
            amounts: lines.amounts,
            flagged: lines.cancelled.map(Bitmap::words),
            first,
            last: last.min(reference),
            least: if self.drops_zero { f64::MIN_POSITIVE } else { 0.0 },
        }
    }

    /// What an order is. A refund outside the window is outside.
    pub fn standing(&self, order: &Order) -> Standing {
        if order.cancelled && !self.keeps_cancelled {
            Standing::Cancelled
        } else if self.window.is_some_and(|(from, to)| order.day < from || order.day > to) {
            Standing::Outside
        } else if order.total < 0.0 {
            Standing::Refund
        } else if self.drops_zero && order.total == 0.0 {
            Standing::Zero
        } else {
            Standing::Counts
        }
    }
}

/// First and last day of a window.
fn bounds(window: &Window, reference: i32) -> Result<(i32, i32)> {
    let wrong = |message: String| Err(Error::new(Code::BadOption, message));
    let day = |day: &Option<String>| day.as_deref().map(parse_iso_day).transpose();
    // A missing day is before all others, so that it lies in no window.
    let (from, to) = (day(&window.from)?.unwrap_or(Data::NO_DAY + 1), day(&window.to)?.unwrap_or(i32::MAX));
    match window.days {
        Some(_) if window.from.is_some() || window.to.is_some() => {
            wrong("A window is “days” up to the reference date, or goes “from” and “to” days; not both.".into())
        }
        Some(days) if !(1.0..=1e6).contains(&days) || days.fract() != 0.0 => {
            wrong(format!("“window.days” is a whole number of days from 1, not {days}."))
        }
        Some(days) => Ok((reference.saturating_sub(days as i32).saturating_add(1), reference)),
        None if from > to => wrong("The window ends before it begins. Swap “from” and “to”.".into()),
        None => Ok((from, to)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(day: i32, total: f64) -> Order {
        Order { customer: 0, day, total, cancelled: false, row: 0 }
    }

    #[test]
    fn a_window_of_days_ends_with_the_reference_date() {
        let window = Window { days: Some(30.0), ..Window::default() };
        let counting = Counting::new(&Counts::default(), Some(&window), 100).unwrap();
        let standings = [70, 71, 100, 101, Data::NO_DAY].map(|day| counting.standing(&order(day, 5.0)));
        use Standing::{Counts as Yes, Outside};
        assert_eq!(standings, [Outside, Yes, Yes, Outside, Outside]);
        let open = Window { from: Some("1970-03-01".into()), ..Window::default() };
        let counting = Counting::new(&Counts::default(), Some(&open), 100).unwrap();
        assert_eq!([58, 59, 5_000].map(|day| counting.standing(&order(day, 5.0))), [Outside, Yes, Yes]);
    }

    #[test]
    fn each_kind_follows_its_own_decision() {
        let strict = Counts { zero_value: Some(false), ..Counts::default() };
        let of = |counts: &Counts, order: Order| Counting::new(counts, None, 0).unwrap().standing(&order);
        assert_eq!(of(&strict, order(0, 0.0)), Standing::Zero);
        assert_eq!(of(&Counts::default(), order(0, 0.0)), Standing::Counts);
        assert_eq!(of(&strict, order(0, -1.0)), Standing::Refund);
        let cancelled = Order { cancelled: true, ..order(0, 5.0) };
        assert_eq!(of(&strict, cancelled), Standing::Cancelled);
        assert_eq!(of(&Counts { cancelled: true, ..Counts::default() }, cancelled), Standing::Counts);
    }

    #[test]
    fn a_window_that_is_none_is_refused() {
        let refused = |window: Window| Counting::new(&Counts::default(), Some(&window), 100).unwrap_err().code;
        let days = |days: f64| Window { days: Some(days), ..Window::default() };
        assert_eq!([0.0, -1.0, 1.5, f64::NAN].map(|number| refused(days(number))), [Code::BadOption; 4]);
        let (from, to) = (Some("2026-02-01".to_string()), Some("2026-01-01".to_string()));
        assert_eq!(refused(Window { from: from.clone(), to, days: None }), Code::BadOption);
        assert_eq!(refused(Window { from, to: None, days: Some(9.0) }), Code::BadOption);
    }
}
