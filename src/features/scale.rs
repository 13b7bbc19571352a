//! How is a column brought onto a common scale? A transform and its fitted numbers, which can be stored and used again.

use crate::error::{Code, Error, Result};
use crate::math::moments::Moments;
use serde::{Deserialize, Serialize};

/// A column whose skewness lies above this and that has no negative value is taken by its logarithm under `auto`.
pub const STRONG_SKEW: f64 = 1.0;

/// What is done to a column's values before customers are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Transform {
    /// Chosen from skew and sign: `log` where skewness is above 1 and nothing is negative, else `z`.
    #[default]
    Auto,
    /// As it is.
    None,
    /// (x − mean) / standard deviation, with n (not n − 1) in the denominator.
    Z,
    /// ln(1 + x), then z.
    Log,
    /// Not offered yet.
    YeoJohnson,
    /// Not offered yet.
    Robust,
    /// Not offered yet.
    Quantile,
}

impl Transform {
    /// The spelling in options and results.
    pub fn as_str(self) -> &'static str {
        match self {
            Transform::Auto => "auto",
            Transform::None => "none",
            Transform::Z => "z",
            Transform::Log => "log",
            Transform::YeoJohnson => "yeo-johnson",
            Transform::Robust => "robust",
            Transform::Quantile => "quantile",
        }
    }

    /// Refuses what is named in the interface but not built.
    ///
    /// # Errors
    /// `unsupported`, naming the transforms there are.
    pub fn offered(self, column: &str) -> Result<()> {
        match self {
            Transform::Auto | Transform::None | Transform::Z | Transform::Log => Ok(()),
            other => Err(Error::new(
                Code::Unsupported,
                format!(
                    "The transform “{}” (column “{column}”) is not offered. Use auto, none, z or log.",
                    other.as_str()
                ),
            )
            .column(column)),
        }
    }
}

/// A transform with its fitted numbers: the scaled value is (f(x) − center) / spread × weight, where f is ln(1 + x) for
/// `log` and nothing otherwise. Under `none` the spread is 1 and the center, which changes no distance, keeps digits.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Scale {
    /// Never `auto`.
    pub transform: Transform,
    /// Mean of f(x) over the rows fitted.
    pub center: f64,
    /// Standard deviation of f(x) with n in the denominator, or 1.
    pub spread: f64,
    /// How much the column counts; 1 unless the user said otherwise.
    pub weight: f64,
}

impl Scale {
    /// `auto` settled by what the values look like. Only columns of numbers are taken by their logarithm.
    pub fn settle(wanted: Transform, raw: &Moments, number: bool) -> Transform {
        match wanted {
            Transform::Auto if number && raw.min >= 0.0 && raw.skewness() > STRONG_SKEW => Transform::Log,
            Transform::Auto => Transform::Z,
            other => other,
        }
    }

    /// From the moments of f(x).
    ///
    /// # Errors
    /// `not-finite` when the numbers are so large that their squares overflow.
    pub fn fit(transform: Transform, moments: &Moments, weight: f64, column: &str) -> Result<Scale> {
        let deviation = moments.deviation();
        if !(moments.mean.is_finite() && deviation.is_finite()) {
            return Err(Error::new(
                Code::NotFinite,
                format!("The numbers in “{column}” are too large to be squared ({:e}). Use another unit.", moments.max),
            )
            .column(column));
        }
        let spread = if transform == Transform::None || deviation == 0.0 { 1.0 } else { deviation };
        Ok(Scale { transform, center: moments.mean, spread, weight })
    }

    /// f(x): what is scaled. Under `log` a value below 0, which only new rows can have, counts as 0.
    #[inline(always)]
    pub fn shape(&self, value: f64) -> f64 {
        if self.transform == Transform::Log { libm::log1p(value.max(0.0)) } else { value }
    }

    /// What f(x) − center is multiplied by.
    pub fn factor(&self) -> f64 {
        self.weight / self.spread
    }

    /// The scaled value.
    pub fn apply(&self, value: f64) -> f64 {
        (self.shape(value) - self.center) * self.factor()
    }

    /// The value in own units that has this scaled value.
    pub fn undo(&self, scaled: f64) -> f64 {
        let shaped = scaled / self.factor() + self.center;
        if self.transform == Transform::Log { libm::expm1(shaped) } else { shaped }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn skewed_amounts_are_taken_by_their_logarithm_and_come_back() {
        let values = [0.0, 1.0, 2.0, 3.0, 4.0, 1_000.0];
        let raw = Moments::of(&values);
        let transform = Scale::settle(Transform::Auto, &raw, true);
        assert_eq!(transform, Transform::Log);
        assert_eq!(Scale::settle(Transform::Auto, &Moments::of(&[-1.0, 1.0, 1_000.0]), true), Transform::Z);
        let shaped = Moments::of(&values.map(libm::log1p));
        let scale = Scale::fit(transform, &shaped, 2.0, "spend").unwrap();
        for value in values {
            assert!((scale.undo(scale.apply(value)) - value).abs() < 1e-9 * (1.0 + value));
        }
        let total: f64 = values.iter().map(|&value| scale.apply(value)).sum();
        let squares: f64 = values.iter().map(|&value| scale.apply(value).powi(2)).sum();
        assert!(total.abs() < 1e-12 && (squares / 6.0 - 4.0).abs() < 1e-12);
    }

    #[test]
    fn what_is_not_built_is_refused_by_name() {
        let error = Transform::Quantile.offered("age").unwrap_err();
        assert_eq!(error.code, Code::Unsupported);
        assert!(error.message.contains("quantile") && error.message.contains("log"));
    }

    #[test]
    fn numbers_beyond_squaring_are_refused() {
        let error = Scale::fit(Transform::Z, &Moments::of(&[1e300, -1e300]), 1.0, "a").unwrap_err();
        assert_eq!(error.code, Code::NotFinite);
    }
}
