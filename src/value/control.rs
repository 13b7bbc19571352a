//! Who gets no campaign, so that it can be seen what the campaign did, and how small an effect can be seen at all?
//!
//! The share of two groups is compared by the normal approximation, two-sided, pooled under "no difference", as in Fleiss,
//! Levin and Paik, Statistical Methods for Rates and Proportions (2003), section 4.2, without the correction for continuity:
//! with shares `p1` (control) and `p2`, `r` treated customers for one in the control group and `p = (p1 + r·p2) / (1 + r)`,
//! the control group must have `n = (z(1−α/2)·√((1 + 1/r)·p(1−p)) + z(power)·√(p1(1−p1) + p2(1−p2)/r))² / (p2 − p1)²`.

use crate::error::{Code, Error, Result};
use crate::math::order::arranged;
use crate::math::special::normal_quantile;
use serde_json::Value;

/// Customers in a group below which the approximation says nothing.
const LEAST: f64 = 30.0;

/// What is to be found, and how surely.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Design {
    /// Share of the control group, above 0 and below 1.
    pub share: f64,
    /// Share of customers who do what is hoped for without the campaign.
    pub rate: f64,
    /// By how much the campaign is hoped to raise that, relative to it.
    pub lift: Option<f64>,
    /// Chance to find a difference that is there.
    pub power: f64,
    /// Chance to find one that is not, on both sides together.
    pub alpha: f64,
}

impl Design {
    /// From `share`, `rate`, `lift`, `power` and `alpha`; 0.1, 0.05, none, 0.8 and 0.05 when left out.
    ///
    /// # Errors
    /// `bad-option` for what is no share, and for a lift that nothing could have.
    pub fn read(options: &Value) -> Result<Design> {
        let share = |name: &str, default: f64| match &options[name] {
            Value::Null => Ok(default),
            given => given.as_f64().filter(|value| *value > 0.0 && *value < 1.0).ok_or_else(|| {
                Error::new(Code::BadOption, format!("“{name}” is a share above 0 and below 1, not {given}."))
            }),
        };
        let rate = share("rate", 0.05)?;
        let lift = match &options["lift"] {
            Value::Null => None,
            given => {
                let usable = given.as_f64().filter(|lift| *lift > 0.0 && rate * (1.0 + lift) < 1.0);
                Some(usable.ok_or_else(|| {
                    let message = format!(
                        "“lift” is a number above 0 that leaves the rate below 1, not {given}: 0.1 raises a rate of 5 % to 5.5 %."
                    );
                    Error::new(Code::BadOption, message)
                })?)
            }
        };
        Ok(Design {
            share: share("share", 0.1)?,
            rate,
            lift,
            power: share("power", 0.8)?,
            alpha: share("alpha", 0.05)?,
        })
    }

    /// Customers that the control group needs to find a rise to this share, with `ratio` treated customers for each of them;
    /// not rounded.
    pub fn needed(&self, raised: f64, ratio: f64) -> f64 {
        let (p1, p2) = (self.rate, raised);
        let pooled = (p1 + ratio * p2) / (1.0 + ratio);
        let none = ((1.0 + 1.0 / ratio) * pooled * (1.0 - pooled)).sqrt();
        let some = (p1 * (1.0 - p1) + p2 * (1.0 - p2) / ratio).sqrt();
        let sure = normal_quantile(1.0 - self.alpha / 2.0) * none + normal_quantile(self.power) * some;
        sure * sure / ((p2 - p1) * (p2 - p1))
    }

    /// The smallest rise (in points of the share) that groups of these sizes find; nothing where even everyone would not do, and
    /// where one has fewer than 30 customers, of whom the approximation says nothing.
    pub fn detectable(&self, control: f64, treated: f64) -> Option<f64> {
        let ratio = treated / control;
        let finds = |raised: f64| self.needed(raised, ratio) <= control;
        if control < LEAST || treated < LEAST || !finds(1.0) {
            return None;
        }
        let (mut low, mut high) = (self.rate, 1.0);
        // Halving more often than a float has digits.
        for _ in 0..60 {
            let middle = f64::midpoint(low, high);
            (low, high) = if finds(middle) { (low, middle) } else { (middle, high) };
        }
        Some(high - self.rate)
    }
}

/// For each row: whether it is in the control group. In every stratum (−1 is none) those with the lowest ranks are, as many as
/// the share of it rounded to the nearest; equal ranks by row.
pub fn draw(strata: &[i32], ranks: &[f64], share: f64) -> Vec<bool> {
    let order = arranged(strata.len(), &|a, b| strata[a].cmp(&strata[b]).then(ranks[a].total_cmp(&ranks[b])));
    let mut control = vec![false; strata.len()];
    for stratum in order.chunk_by(|&a, &b| strata[a] == strata[b]).filter(|rows| strata[rows[0]] >= 0) {
        let n = (share * stratum.len() as f64).round() as usize;
        stratum[..n].iter().for_each(|&row| control[row] = true);
    }
    control
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn strata_give_their_share_whatever_the_order_of_rows() {
        let strata: Vec<i32> = (0..1000).map(|row| [0, 0, 0, 1, -1][row % 5]).collect();
        let ranks: Vec<f64> = (0..1000).map(|row| ((row * 7919) % 1009) as f64).collect();
        let control = draw(&strata, &ranks, 0.25);
        let n = |stratum: i32| (0..1000).filter(|&row| strata[row] == stratum && control[row]).count();
        assert_eq!([n(0), n(1), n(-1)], [150, 50, 0]);
        let back = |list: &[f64]| list.iter().rev().copied().collect::<Vec<f64>>();
        let turned = draw(&strata.iter().rev().copied().collect::<Vec<i32>>(), &back(&ranks), 0.25);
        assert_eq!(turned.into_iter().rev().collect::<Vec<bool>>(), control);
    }

    #[test]
    fn sizes_are_those_of_the_formula_and_what_is_found_is_its_inverse() {
        let design = |rate: f64| Design::read(&json!({ "rate": rate })).unwrap();
        // By decimal arithmetic of 50 digits, with z(0.975) = 1.959963984540054… and z(0.8) = 0.841621233572914….
        for (rate, raised, ratio, expected) in SIZES {
            let found = design(rate).needed(raised, ratio);
            assert!((found / expected - 1.0).abs() < 1e-9, "{rate} {raised} {ratio}: {found}");
            let back = design(rate).detectable(expected, expected * ratio).unwrap();
            assert!((back / (raised - rate) - 1.0).abs() < 1e-7, "{back}");
        }
        assert!(design(0.05).detectable(30.0, 270.0).is_some());
        assert_eq!(design(0.05).detectable(29.0, 270.0), None);
        assert_eq!(design(0.05).detectable(0.0, 270.0), None);
        for wrong in [json!({ "share": 1 }), json!({ "rate": 0 }), json!({ "lift": 30 }), json!({ "power": "x" })] {
            assert_eq!(Design::read(&wrong).unwrap_err().code, Code::BadOption);
        }
    }

    /// Rate, raised rate, treated for one in the control group, control group needed.
    const SIZES: [(f64, f64, f64, f64); 5] = [
        (0.05, 0.055, 1.0, 31233.437940130007),
        (0.05, 0.06, 9.0, 4650.542160595712),
        (0.1, 0.12, 1.0, 3840.8474824362725),
        (0.02, 0.03, 4.0, 2494.7804037161945),
        (0.5, 0.6, 0.25, 970.5318153083281),
    ];
}
