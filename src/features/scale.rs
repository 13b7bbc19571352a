//! How is a column brought onto a common scale? A transform and its fitted numbers, which can be stored and used again.

use crate::error::{Code, Error, Result};
use crate::math::moments::Moments;
use crate::math::special::normal_quantile;
use crate::math::stats::{quantile_sorted, sum};
use serde::{Deserialize, Serialize};

/// A column whose skewness lies above this counts as skewed under `auto`.
pub const STRONG_SKEW: f64 = 1.0;

/// With more zeros than this share a skewed column is taken by Yeo and Johnson's power rather than by its logarithm.
pub const MANY_ZEROS: f64 = 0.3;

/// What is done to a column's values before customers are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Transform {
    /// Chosen from skew, zeros and sign; see [`Scale::settle`].
    #[default]
    Auto,
    /// As it is.
    None,
    /// (x − mean) / standard deviation, with n (not n − 1) in the denominator.
    Z,
    /// ln(1 + x), then z.
    Log,
    /// Yeo and Johnson's power (2000), then z.
    YeoJohnson,
    /// (x − median) / interquartile range.
    Robust,
    /// Normal scores: the value's rank as a quantile of the bell curve.
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

    /// Whether values are bent, so that the mean of scaled values is not the scaled mean.
    pub fn bends(self) -> bool {
        matches!(self, Transform::Log | Transform::YeoJohnson | Transform::Quantile)
    }

    /// Whether numbers are fitted to the sorted values, besides mean and deviation.
    pub fn needs_order(self) -> bool {
        matches!(self, Transform::YeoJohnson | Transform::Robust | Transform::Quantile)
    }
}

/// A transform with its fitted numbers: the scaled value is (f(x) − center) / spread × weight, where f is what the transform
/// bends values by, if it does. Under `none` the spread is 1 and the center, which changes no distance, keeps digits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Scale {
    /// Never `auto`.
    pub transform: Transform,
    /// Mean of f(x) over the rows fitted; the median under `robust`; 0 under `quantile`.
    pub center: f64,
    /// Standard deviation of f(x) with n in the denominator; the interquartile range under `robust`; or 1.
    pub spread: f64,
    /// How much the column counts; 1 unless the user said otherwise.
    pub weight: f64,
    /// Under `yeo-johnson`: the power λ.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub lambda: Option<f64>,
    /// Under `quantile`: values with their scores, both rising. Between two of them f is a straight line, beyond them it
    /// stays at the last.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub landmarks: Vec<(f64, f64)>,
}

impl Scale {
    /// `auto` settled by what the values look like: `log` for skewed numbers of which none is negative and few are 0;
    /// `yeo-johnson` for skewed numbers with negatives or many zeros; else `z`. Only numbers are bent, no dates or flags.
    /// `zeros` is the share of values that are 0.
    pub fn settle(wanted: Transform, raw: &Moments, zeros: f64, number: bool) -> Transform {
        let skewness = raw.skewness();
        match wanted {
            Transform::Auto if number && raw.min >= 0.0 && skewness > STRONG_SKEW && zeros <= MANY_ZEROS => {
                Transform::Log
            }
            Transform::Auto if number && raw.min >= 0.0 && skewness > STRONG_SKEW => Transform::YeoJohnson,
            Transform::Auto if number && raw.min < 0.0 && skewness.abs() > STRONG_SKEW => Transform::YeoJohnson,
            Transform::Auto => Transform::Z,
            other => other,
        }
    }

    /// With nothing fitted yet; `sorted` are values in order, of which at least one.
    pub fn begin(transform: Transform, weight: f64, sorted: &[f64]) -> Scale {
        let mut scale = Scale { transform, center: 0.0, spread: 1.0, weight, lambda: None, landmarks: Vec::new() };
        match transform {
            Transform::YeoJohnson => scale.lambda = Some(likeliest_power(sorted)),
            Transform::Robust => {
                scale.center = quantile_sorted(sorted, 0.5);
                scale.spread = quantile_sorted(sorted, 0.75) - quantile_sorted(sorted, 0.25);
            }
            Transform::Quantile => scale.landmarks = landmarks(sorted),
            _ => {}
        }
        scale
    }

    /// Center and spread from the moments of f(x).
    ///
    /// # Errors
    /// `not-finite` when the numbers are so large that their squares overflow.
    pub fn fitted(mut self, moments: &Moments, column: &str) -> Result<Scale> {
        let deviation = moments.deviation();
        if !(moments.mean.is_finite() && deviation.is_finite()) {
            return Err(Error::new(
                Code::NotFinite,
                format!("The numbers in “{column}” are too large to be squared ({:e}). Use another unit.", moments.max),
            )
            .column(column));
        }
        match self.transform {
            Transform::Quantile => {}
            Transform::Robust if self.spread > 0.0 => {}
            Transform::Robust => self.spread = deviation,
            Transform::None => self.center = moments.mean,
            _ => (self.center, self.spread) = (moments.mean, deviation),
        }
        if self.spread == 0.0 {
            self.spread = 1.0;
        }
        Ok(self)
    }

    /// f(x): what is scaled. Under `log` a value below 0, which only new rows can have, counts as 0. NaN stays NaN.
    #[inline(always)]
    pub fn shape(&self, value: f64) -> f64 {
        match self.transform {
            _ if value.is_nan() => value,
            Transform::Log => libm::log1p(value.max(0.0)),
            Transform::YeoJohnson => bent(value, self.lambda.unwrap_or(1.0)),
            Transform::Quantile => along(&self.landmarks, value, |mark| (mark.0, mark.1)),
            _ => value,
        }
    }

    /// What f(x) − center is multiplied by.
    pub fn factor(&self) -> f64 {
        self.weight / self.spread
    }

    /// The scaled value.
    pub fn apply(&self, value: f64) -> f64 {
        (self.shape(value) - self.center) * self.factor()
    }

    /// The value in own units that has this scaled value; under `quantile` the nearest there is, under `yeo-johnson`
    /// infinite where the power reaches no such value.
    pub fn undo(&self, scaled: f64) -> f64 {
        let shaped = scaled / self.factor() + self.center;
        match self.transform {
            Transform::Log => libm::expm1(shaped),
            Transform::YeoJohnson => straightened(shaped, self.lambda.unwrap_or(1.0)),
            Transform::Quantile => along(&self.landmarks, shaped, |mark| (mark.1, mark.0)),
            _ => shaped,
        }
    }
}

/// Most landmarks of a quantile transform.
const LANDMARKS: usize = 1_000;

/// Values with their normal scores Φ⁻¹((rank − ½) / n); equal values have the score of their middle rank.
fn landmarks(sorted: &[f64]) -> Vec<(f64, f64)> {
    let (count, last) = (sorted.len().min(LANDMARKS), (sorted.len() - 1) as f64);
    let mut marks: Vec<(f64, f64)> = Vec::with_capacity(count);
    let mut first = 0.0;
    for at in 0..count {
        let place = if count > 1 { at as f64 / (count - 1) as f64 } else { 0.5 };
        let (value, rank) = (quantile_sorted(sorted, place), place * last);
        match marks.last_mut() {
            Some(mark) if mark.0 == value => mark.1 = (first + rank) / 2.0,
            _ => {
                first = rank;
                marks.push((value, rank));
            }
        }
    }
    marks.iter_mut().for_each(|mark| mark.1 = normal_quantile((mark.1 + 0.5) / sorted.len() as f64));
    marks
}

/// The straight line between the two marks on either side of `at`, of which `sides` gives from and to.
fn along(marks: &[(f64, f64)], at: f64, sides: fn(&(f64, f64)) -> (f64, f64)) -> f64 {
    let after = marks.partition_point(|mark| sides(mark).0 <= at);
    let Some(before) = after.checked_sub(1) else {
        return marks.first().map_or(0.0, |mark| sides(mark).1);
    };
    let (from, to) = sides(&marks[before]);
    match marks.get(after).map(sides) {
        Some((next_from, next_to)) => to + (next_to - to) * ((at - from) / (next_from - from)),
        None => to,
    }
}

/// Yeo and Johnson's power of a value: ((1 + x)^λ − 1) / λ above 0, −((1 − x)^(2 − λ) − 1) / (2 − λ) below.
fn bent(value: f64, lambda: f64) -> f64 {
    let grown = |log: f64, power: f64| if power == 0.0 { log } else { libm::expm1(power * log) / power };
    if value >= 0.0 { grown(libm::log1p(value), lambda) } else { -grown(libm::log1p(-value), 2.0 - lambda) }
}

fn straightened(value: f64, lambda: f64) -> f64 {
    let shrunk = |value: f64, power: f64| {
        libm::expm1(if power == 0.0 { value } else { libm::log1p((power * value).max(-1.0)) / power })
    };
    if value >= 0.0 { shrunk(value, lambda) } else { -shrunk(-value, 2.0 - lambda) }
}

/// Bounds of λ.
const POWERS: (f64, f64) = (-5.0, 5.0);

/// The λ under which the bent values are likeliest to come from a bell curve, by golden sections; 1 where all are equal.
fn likeliest_power(sorted: &[f64]) -> f64 {
    if sorted.first() == sorted.last() {
        return 1.0;
    }
    let jacobian = sum(sorted.iter().map(|&value| libm::copysign(libm::log1p(value.abs()), value)));
    let mut bent_values = vec![0.0; sorted.len()];
    let mut likelihood = |lambda: f64| {
        bent_values.iter_mut().zip(sorted).for_each(|(to, &value)| *to = bent(value, lambda));
        let variance = Moments::of(&bent_values).squares / sorted.len() as f64;
        let found = (lambda - 1.0) * jacobian - 0.5 * sorted.len() as f64 * libm::log(variance);
        // Powers that overflow, or leave no spread at all, are not to be chosen.
        if found.is_finite() { found } else { f64::NEG_INFINITY }
    };
    let golden = (5.0f64.sqrt() - 1.0) / 2.0;
    let (mut low, mut high) = POWERS;
    let (mut left, mut right) = (high - golden * (high - low), low + golden * (high - low));
    let (mut at_left, mut at_right) = (likelihood(left), likelihood(right));
    while high - low > 1e-7 {
        if at_left >= at_right {
            (high, right, at_right) = (right, left, at_left);
            left = high - golden * (high - low);
            at_left = likelihood(left);
        } else {
            (low, left, at_left) = (left, right, at_right);
            right = low + golden * (high - low);
            at_right = likelihood(right);
        }
    }
    (low + high) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::stats::sorted;

    fn fitted(transform: Transform, values: &[f64], weight: f64) -> Scale {
        let scale = Scale::begin(transform, weight, &sorted(values.iter().copied()));
        let shaped: Vec<f64> = values.iter().map(|&value| scale.shape(value)).collect();
        scale.fitted(&Moments::of(&shaped), "spend").unwrap()
    }

    #[test]
    fn every_transform_comes_back_to_own_units() {
        let values = [-7.5, -1.0, -0.25, 0.0, 1.0, 2.0, 3.0, 4.0, 1_000.0];
        for transform in [Transform::None, Transform::Z, Transform::YeoJohnson, Transform::Robust, Transform::Quantile]
        {
            let scale = fitted(transform, &values, 2.0);
            let mut before = f64::NEG_INFINITY;
            for value in values {
                let scaled = scale.apply(value);
                assert!((scale.undo(scaled) - value).abs() < 1e-9 * (1.0 + value.abs()), "{transform:?} {value}");
                assert!(scaled > before, "{transform:?} keeps the order");
                before = scaled;
            }
            let kept: Scale = serde_json::from_str(&serde_json::to_string(&scale).unwrap()).unwrap();
            assert_eq!(kept, scale);
            assert!(scale.apply(f64::NAN).is_nan());
        }
        let amounts = &values[3..];
        let scale = fitted(Transform::Log, amounts, 2.0);
        let scaled: Vec<f64> = amounts.iter().map(|&value| scale.apply(value)).collect();
        let moments = Moments::of(&scaled);
        assert!(moments.mean.abs() < 1e-12 && (moments.deviation() - 2.0).abs() < 1e-12);
        assert!(amounts.iter().zip(&scaled).all(|(&own, &z)| (scale.undo(z) - own).abs() < 1e-9 * (1.0 + own)));
    }

    #[test]
    fn auto_looks_at_skew_zeros_and_sign() {
        let settle = |values: &[f64]| {
            let zeros = values.iter().filter(|&&value| value == 0.0).count() as f64 / values.len() as f64;
            Scale::settle(Transform::Auto, &Moments::of(values), zeros, true)
        };
        assert_eq!(settle(&[0.0, 1.0, 2.0, 3.0, 4.0, 1_000.0]), Transform::Log);
        assert_eq!(settle(&[0.0, 0.0, 0.0, 0.0, 4.0, 1_000.0]), Transform::YeoJohnson);
        assert_eq!(settle(&[-1.0, 1.0, 2.0, 3.0, 4.0, 1_000.0]), Transform::YeoJohnson);
        assert_eq!(settle(&[-1_000.0, 1.0, 2.0, 3.0, 4.0]), Transform::YeoJohnson);
        assert_eq!(settle(&[1.0, 2.0, 3.0]), Transform::Z);
        let dates = Moments::of(&[0.0, 1.0, 2.0, 3.0, 4.0, 1_000.0]);
        assert_eq!(Scale::settle(Transform::Auto, &dates, 0.1, false), Transform::Z);
    }

    /// λ and scaled values as SciPy and scikit-learn give them.
    #[test]
    fn the_likeliest_power_is_the_published_one() {
        let values = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 100.0];
        let scale = fitted(Transform::YeoJohnson, &values, 1.0);
        assert!((scale.lambda.unwrap() + 0.502195).abs() < 1e-6, "{:?}", scale.lambda);
        let expected =
            [-1.902943, -1.065143, -0.566098, -0.225726, 0.025415, 0.220529, 0.377756, 0.507953, 0.618069, 2.010188];
        for (value, expected) in values.into_iter().zip(expected) {
            assert!((scale.apply(value) - expected).abs() < 2e-6, "{value}: {}", scale.apply(value));
        }
        let signed = fitted(Transform::YeoJohnson, &[-5.0, -1.0, 0.0, 1.0, 10.0, 50.0], 1.0);
        assert!((signed.lambda.unwrap() - 0.457657).abs() < 1e-6, "{:?}", signed.lambda);
        // Box and Cox's power of values above 0 is that of Yeo and Johnson of the values less 1.
        let less = values.map(|value| value - 1.0);
        let power = fitted(Transform::YeoJohnson, &less, 1.0).lambda.unwrap();
        assert!((power + 0.285147).abs() < 1e-6, "{power}");
        assert_eq!(fitted(Transform::YeoJohnson, &[4.0; 5], 1.0).apply(4.0), 0.0);
        assert_eq!((bent(3.0, 0.0), bent(-3.0, 2.0)), (libm::log(4.0), -libm::log(4.0)));
        assert_eq!(straightened(1e9, -1.0), f64::INFINITY, "a power below 0 has a ceiling");
    }

    #[test]
    fn robust_is_median_and_quartiles_or_the_deviation() {
        let scale = fitted(Transform::Robust, &[1.0, 2.0, 3.0, 4.0, 1_000.0], 1.0);
        assert_eq!((scale.center, scale.spread), (3.0, 2.0));
        let flat = fitted(Transform::Robust, &[5.0, 5.0, 5.0, 5.0, 10.0], 1.0);
        assert_eq!((flat.center, flat.spread), (5.0, 2.0));
    }

    #[test]
    fn normal_scores_share_the_middle_rank_and_stop_at_the_ends() {
        let scale = fitted(Transform::Quantile, &[1.0, 2.0, 2.0, 3.0], 1.0);
        assert_eq!(scale.landmarks.iter().map(|mark| mark.0).collect::<Vec<_>>(), [1.0, 2.0, 3.0]);
        assert!(scale.apply(2.0).abs() < 1e-12);
        assert!((scale.apply(3.0) - 1.150349380376008).abs() < 1e-9, "Φ⁻¹(7/8)");
        assert_eq!((scale.apply(9.0), scale.apply(-9.0)), (scale.apply(3.0), scale.apply(1.0)));
        assert_eq!(scale.apply(2.5), scale.apply(3.0) / 2.0);
        let many: Vec<f64> = (0..5_000).map(f64::from).collect();
        let scale = fitted(Transform::Quantile, &many, 1.0);
        let moments = Moments::of(&many.iter().map(|&value| scale.apply(value)).collect::<Vec<_>>());
        assert_eq!(scale.landmarks.len(), LANDMARKS);
        assert!(moments.mean.abs() < 1e-9 && (moments.deviation() - 1.0).abs() < 1e-3, "{moments:?}");
    }

    #[test]
    fn numbers_beyond_squaring_are_refused() {
        let scale = Scale::begin(Transform::Z, 1.0, &[]);
        assert_eq!(scale.fitted(&Moments::of(&[1e300, -1e300]), "a").unwrap_err().code, Code::NotFinite);
    }
}
