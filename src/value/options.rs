//! What can be asked of value models, and what is refused before any work begins.

use crate::error::{Code, Error, Result};
use crate::table::date::parse_iso_day;
use crate::table::figures::grouped;
use crate::value::purchases::Purchases;
use serde::Deserialize;

/// What to fit and how far to look ahead; everything may be left out.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ValueOptions {
    /// "bg-nbd", "mbg-nbd", "pareto-nbd" or "best".
    pub model: Option<String>,
    /// "gamma-gamma" or "none".
    pub spend: Option<String>,
    /// Days ahead that orders and value are expected for.
    pub horizon_days: Option<f64>,
    /// What a year takes off money that comes later: 0.1 is ten percent.
    pub discount_yearly: Option<f64>,
    /// "day" or "week".
    pub time_unit: Option<String>,
    /// ISO day: the models see what happened up to it, and what came later is the check.
    pub calibration_end: Option<String>,
}

/// Days ahead when nothing is said.
pub const HORIZON: f64 = 365.0;
/// Days ahead at most: ten years. What is expected still farther off is no forecast, and takes seconds to work out.
const FARTHEST: f64 = 3_653.0;
/// Discount when nothing is said.
pub const DISCOUNT: f64 = 0.1;

/// Options that were checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Models to be tried; the likeliest is taken.
    pub models: Vec<Purchases>,
    /// Whether spending is modelled.
    pub spend: bool,
    /// Days ahead.
    pub horizon: f64,
    /// Yearly discount, from 0.
    pub discount: f64,
    /// Days in a unit of time.
    pub unit: f64,
    /// The last day that the models see.
    pub calibration_end: Option<i32>,
}

fn bad(message: String) -> Error {
    Error::new(Code::BadOption, message)
}

impl ValueOptions {
    /// Checks everything that can be checked without the orders.
    ///
    /// # Errors
    /// `bad-option`, `bad-date`.
    pub fn plan(&self) -> Result<Plan> {
        let models = match self.model.as_deref().unwrap_or("best") {
            "best" => Purchases::ALL.to_vec(),
            name => Purchases::ALL.into_iter().filter(|model| model.as_str() == name).collect(),
        };
        if models.is_empty() {
            let name = self.model.as_deref().unwrap_or_default();
            return Err(bad(format!(
                "There is no model “{name}”. Use “bg-nbd”, “mbg-nbd”, “pareto-nbd”, or “best” for the likeliest of them."
            )));
        }
        let spend = match self.spend.as_deref().unwrap_or("gamma-gamma") {
            "gamma-gamma" => true,
            "none" => false,
            other => return Err(bad(format!("There is no model of spending “{other}”. Use “gamma-gamma” or “none”."))),
        };
        let unit = match self.time_unit.as_deref().unwrap_or("week") {
            "week" => 7.0,
            "day" => 1.0,
            other => return Err(bad(format!("“timeUnit” is “day” or “week”, not “{other}”."))),
        };
        let horizon = self.horizon_days.unwrap_or(HORIZON);
        if !(horizon > 0.0 && horizon <= FARTHEST) {
            return Err(bad(format!(
                "“horizonDays” is {horizon}; it must lie above 0 and within ten years ({} days).",
                grouped(FARTHEST as u64)
            )));
        }
        let discount = self.discount_yearly.unwrap_or(DISCOUNT);
        if !(0.0..=10.0).contains(&discount) {
            return Err(bad(format!(
                "“discountYearly” is {discount}; it must lie between 0 and 10 (0.1 is ten percent)."
            )));
        }
        let calibration_end = self.calibration_end.as_deref().map(parse_iso_day).transpose()?;
        Ok(Plan { models, spend, horizon, discount, unit, calibration_end })
    }
}
