//! What is an order worth? Refunds taken off, and money added up so that the order of the rows cannot show: in whole units of the smallest coin where the values allow it.

use crate::math::order;
use crate::math::stats::Sum;

/// The scale at which every amount is a whole number (1 for whole units, 100 for cents …), if there is one up to 10,000.
fn exact_scale(amounts: impl Iterator<Item = f64> + Clone) -> Option<f64> {
    const LARGEST_TOTAL: f64 = 9e15;
    [1.0, 10.0, 100.0, 1_000.0, 10_000.0].into_iter().find(|scale| {
        let mut total = 0.0;
        amounts.clone().filter(|amount| amount.is_finite()).all(|amount| {
            let whole = (amount * scale).round();
            total += whole.abs();
            whole / scale == amount && total < LARGEST_TOTAL
        })
    })
}

/// Amounts less the refunds beside them; what is missing counts as nothing, and is missing where both are.
pub fn net(amounts: &[f64], refunds: &[f64]) -> Vec<f64> {
    let scale = |amounts: &[f64]| exact_scale(amounts.iter().copied()).unwrap_or(0.0);
    let scale = scale(amounts).max(scale(refunds));
    let subtract = |amount: f64, refund: f64| {
        let whole = ((amount * scale).round() - (refund * scale).round()) / scale;
        // Whole coins stay whole coins; amounts with long fractions are subtracted as they are.
        if scale > 0.0 && (whole - (amount - refund)).abs() < 1e-9 { whole } else { amount - refund }
    };
    let pairs = amounts.iter().zip(refunds);
    pairs
        .map(|(&amount, &refund)| match (amount.is_nan(), refund.is_nan()) {
            (true, true) | (false, true) => amount,
            (true, false) => -refund,
            (false, false) => subtract(amount, refund),
        })
        .collect()
}

/// Whether a column's name says that it holds the money of a whole order, not of a line.
pub fn is_order_total(name: &str) -> bool {
    let name = name.to_lowercase();
    let holds = |parts: &[&str]| parts.iter().any(|part| name.contains(part));
    holds(&["total", "order", "gesamt", "bestell", "summe"]) && !holds(&["line", "item", "unit", "position", "artikel"])
}

/// Sums of amounts by group. NaN amounts add nothing.
#[derive(Debug)]
pub enum Totals {
    /// Whole multiples of `1 / scale`: exact, so the order of rows is irrelevant.
    Exact {
        /// Parts a unit is divided into.
        scale: f64,
        /// One sum a group, in parts.
        sums: Vec<i64>,
    },
    /// Amounts with long fractions: kept as [`order::key`] and group, and added from the smallest up at the end, for the same independence.
    Listed(Vec<(u64, u32)>),
}

impl Totals {
    /// Empty sums that suit these amounts.
    pub fn suited_to(amounts: impl Iterator<Item = f64> + Clone, groups: usize) -> Totals {
        match exact_scale(amounts.clone()) {
            Some(scale) => Totals::Exact { scale, sums: vec![0; groups] },
            None => Totals::Listed(Vec::with_capacity(amounts.count())),
        }
    }

    /// One group more.
    pub fn open(&mut self) {
        if let Totals::Exact { sums, .. } = self {
            sums.push(0);
        }
    }

    /// Adds an amount to a group.
    pub fn add(&mut self, group: u32, amount: f64) {
        if !amount.is_finite() {
            return;
        }
        match self {
            Totals::Exact { scale, sums } => sums[group as usize] += (amount * *scale).round() as i64,
            Totals::Listed(entries) => entries.push((order::key(amount), group)),
        }
    }

    /// One sum a group, 0 for groups without amounts.
    pub fn finish(self, groups: usize) -> Vec<f64> {
        match self {
            Totals::Exact { scale, sums } => sums.into_iter().map(|sum| sum as f64 / scale).collect(),
            Totals::Listed(mut entries) => {
                order::pairs(&mut entries);
                let mut sums = vec![Sum::default(); groups];
                entries.into_iter().for_each(|(key, group)| sums[group as usize].add(order::number(key)));
                sums.into_iter().map(|sum| sum.value()).collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cents_add_up_exactly_in_any_order() {
        let amounts = [0.1, 0.2, -0.3, 1e9, 19.99];
        let total = |order: &[usize]| {
            let mut totals = Totals::suited_to(amounts.iter().copied(), 1);
            order.iter().for_each(|&index| totals.add(0, amounts[index]));
            totals.finish(1)[0]
        };
        assert_eq!(total(&[0, 1, 2]), 0.0);
        assert_eq!(total(&[0, 1, 2, 3, 4]), total(&[4, 2, 3, 0, 1]));
    }

    #[test]
    fn refunds_are_taken_off_to_the_cent() {
        let nan = f64::NAN;
        assert_eq!(net(&[50.0, 19.99, 0.3], &[12.35, nan, 0.1]), [37.65, 19.99, 0.2]);
        assert_eq!(net(&[nan], &[5.0]), [-5.0]);
        assert!(net(&[nan], &[nan])[0].is_nan());
        assert!(is_order_total("Order Total") && is_order_total("Gesamtbetrag") && !is_order_total("Line total"));
        assert!(!is_order_total("revenue"));
    }

    #[test]
    fn long_fractions_add_up_the_same_in_any_order() {
        let amounts: Vec<f64> = (1..200).map(|i| 1.0 / f64::from(i)).collect();
        let mut there = Totals::suited_to(amounts.iter().copied(), 1);
        let mut back = Totals::suited_to(amounts.iter().copied(), 1);
        assert!(matches!(there, Totals::Listed(_)));
        amounts.iter().for_each(|&amount| there.add(0, amount));
        amounts.iter().rev().for_each(|&amount| back.add(0, amount));
        assert_eq!(there.finish(1), back.finish(1));
    }
}
