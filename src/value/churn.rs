//! Who stays away? What the orders of a customer say up to a day, and whether any came in the days after it.

use crate::features::purchases::PurchaseDays;
use crate::math::stats::sum;
use crate::value::design::{Input, Values};

/// What is known of a customer from the orders, in the order of [`order_inputs`]. Orders of one day count once.
pub const FEATURES: [&str; 9] = [
    "recency_days",
    "order_days",
    "monetary",
    "average_order",
    "tenure_days",
    "days_between_orders",
    "recency_over_rhythm",
    "recent_order_days",
    "recent_monetary",
];

/// The features of every customer as of a day, from orders up to and including it; NaN for customers without any by then.
/// `recent` are the last `window` days. `days_between_orders` is the mean gap, NaN for who came once; `recency_over_rhythm` is
/// the recency over it.
pub fn order_inputs(purchases: &PurchaseDays, day: i32, window: i32) -> Vec<Input> {
    let count = purchases.customers();
    let mut lists: [Vec<f64>; FEATURES.len()] = FEATURES.map(|_| Vec::with_capacity(count));
    for customer in 0..count {
        let (days, money) = purchases.of_customer(customer);
        let known = days.partition_point(|&one| one <= day);
        let mut figures = [f64::NAN; FEATURES.len()];
        if known > 0 {
            let (first, last) = (days[0], days[known - 1]);
            let recent = days.partition_point(|&one| one <= day - window).min(known);
            let of = |range: std::ops::Range<usize>| sum(money[range].iter().copied());
            let (recency, orders, monetary) = (f64::from(day - last), known as f64, of(0..known));
            let rhythm = if known > 1 { f64::from(last - first) / (orders - 1.0) } else { f64::NAN };
            figures = [
                recency,
                orders,
                monetary,
                monetary / orders,
                f64::from(day - first),
                rhythm,
                recency / rhythm,
                (known - recent) as f64,
                of(recent..known),
            ];
        }
        lists.iter_mut().zip(figures).for_each(|(list, figure)| list.push(figure));
    }
    let inputs = FEATURES.into_iter().zip(lists);
    inputs.map(|(name, values)| Input { name: name.into(), values: Values::Numbers(values) }).collect()
}

/// For every customer 1 where no order came in the `window` days after `day`, 0 where one did; NaN for those without any order by
/// `day`.
pub fn stayed_away(purchases: &PurchaseDays, day: i32, window: i32) -> Vec<f64> {
    let away = |customer: usize| {
        let (days, _) = purchases.of_customer(customer);
        let known = days.partition_point(|&one| one <= day);
        if known == 0 {
            return f64::NAN;
        }
        f64::from(u8::from(days.get(known).is_none_or(|&next| next > day + window)))
    };
    (0..purchases.customers()).map(away).collect()
}

/// Risk by a rule, for want of a model: the days since the last order over those of the definition, 1 at most. It orders customers;
/// it is no probability.
pub fn risk_by_recency(recency_days: f64, window: f64) -> f64 {
    if recency_days.is_nan() { f64::NAN } else { (recency_days / window).clamp(0.0, 1.0) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::counting::{Counting, Counts};
    use crate::features::orders::Order;
    use crate::table::texts::TextsBuilder;

    #[test]
    fn only_orders_up_to_the_day_are_seen() {
        let mut ids = TextsBuilder::default();
        ["a", "b", "c"].into_iter().for_each(|id| _ = ids.push(id));
        let counting = Counting::new(&Counts::default(), None, 200).unwrap();
        let order = |customer: u32, day: i32, total: f64| Order { customer, day, total, cancelled: false, row: 0 };
        let orders = [order(0, 0, 10.0), order(0, 30, 20.0), order(0, 95, 5.0), order(1, 50, 7.0), order(2, 120, 1.0)];
        let purchases = PurchaseDays::of(orders.into_iter(), ids.finish(), 200, &counting);
        let inputs = order_inputs(&purchases, 90, 50);
        let of = |customer: usize| -> Vec<f64> {
            let value =
                |input: &Input| if let Values::Numbers(values) = &input.values { values[customer] } else { f64::NAN };
            inputs.iter().map(value).collect()
        };
        assert_eq!(of(0), [60.0, 2.0, 30.0, 15.0, 90.0, 30.0, 2.0, 0.0, 0.0]);
        assert_eq!(of(1)[..2], [40.0, 1.0]);
        assert!(of(1)[5].is_nan() && of(2).iter().all(|one| one.is_nan()));
        assert_eq!(of(1)[7..], [1.0, 7.0]);
        let away = stayed_away(&purchases, 90, 50);
        assert_eq!(away[..2], [0.0, 1.0]);
        assert!(away[2].is_nan());
        assert_eq!((risk_by_recency(45.0, 90.0), risk_by_recency(400.0, 90.0)), (0.5, 1.0));
    }
}
