//! Tail probabilities of the usual tests, by continued fractions (Lentz's method, after Abramowitz and Stegun 6.5.31 and
//! 26.5.8). Through `libm`, so that the last bit is the same on every target.

const STEPS: usize = 500;
const TINY: f64 = 1e-300;
const ENOUGH: f64 = 1e-15;

/// Natural logarithm of the gamma function for x > 0.
pub fn ln_gamma(x: f64) -> f64 {
    libm::lgamma(x)
}

/// Probability that a chi-square variable with `degrees` degrees of freedom is at least `x`. 1 for x ≤ 0, NaN for NaN.
pub fn chi_square_tail(x: f64, degrees: f64) -> f64 {
    if x.is_nan() || degrees.is_nan() {
        return f64::NAN;
    }
    upper_gamma(degrees / 2.0, x / 2.0)
}

/// Two-sided probability of Student's t with `degrees` degrees of freedom being at least as far from 0 as `t`.
pub fn student_two_sided(t: f64, degrees: f64) -> f64 {
    if t.is_nan() || degrees.is_nan() {
        return f64::NAN;
    }
    beta_share(degrees / 2.0, 0.5, degrees / (degrees + t * t))
}

/// The value below which a standard normal variable lies with probability `p`; ±9 at most, NaN for NaN.
pub fn normal_quantile(p: f64) -> f64 {
    if p.is_nan() {
        return p;
    }
    let tail = p.min(1.0 - p);
    // A square of a normal variable is chi-square with one degree of freedom.
    let (mut low, mut high) = (0.0, 9.0);
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        if chi_square_tail(middle * middle, 1.0) / 2.0 > tail { low = middle } else { high = middle }
    }
    if p < 0.5 { -low } else { low }
}

/// The regularised upper incomplete gamma function Q(a, x).
fn upper_gamma(a: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 1.0;
    }
    let scale = libm::exp(-x + a * libm::log(x) - ln_gamma(a));
    if x < a + 1.0 {
        let (mut term, mut total) = (1.0 / a, 1.0 / a);
        for step in 1..STEPS {
            term *= x / (a + step as f64);
            total += term;
            if term < total * ENOUGH {
                break;
            }
        }
        return (1.0 - total * scale).clamp(0.0, 1.0);
    }
    let mut b = x + 1.0 - a;
    let mut c = 1.0 / TINY;
    let mut d = 1.0 / b;
    let mut fraction = d;
    for step in 1..STEPS {
        let step = step as f64;
        let numerator = -step * (step - a);
        b += 2.0;
        d = 1.0 / away_from_zero(numerator * d + b);
        c = away_from_zero(b + numerator / c);
        fraction *= d * c;
        if (d * c - 1.0).abs() < ENOUGH {
            break;
        }
    }
    (scale * fraction).clamp(0.0, 1.0)
}

/// The regularised incomplete beta function I_x(a, b).
pub fn beta_share(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    let front = ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b) + a * libm::log(x) + b * libm::log1p(-x);
    if x < (a + 1.0) / (a + b + 2.0) {
        (libm::exp(front) * beta_fraction(a, b, x) / a).clamp(0.0, 1.0)
    } else {
        (1.0 - libm::exp(front) * beta_fraction(b, a, 1.0 - x) / b).clamp(0.0, 1.0)
    }
}

fn beta_fraction(a: f64, b: f64, x: f64) -> f64 {
    let mut c = 1.0;
    let mut d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut fraction = d;
    for step in 1..STEPS {
        let m = step as f64;
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / away_from_zero(1.0 + even * d);
        c = away_from_zero(1.0 + even / c);
        fraction *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / away_from_zero(1.0 + odd * d);
        c = away_from_zero(1.0 + odd / c);
        fraction *= d * c;
        if (d * c - 1.0).abs() < ENOUGH {
            break;
        }
    }
    fraction
}

fn away_from_zero(value: f64) -> f64 {
    if value.abs() < TINY { TINY } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values with closed forms.
    #[test]
    fn tails_match_closed_forms() {
        for x in [0.1, 1.0, 2.5, 10.0, 60.0] {
            let expected = libm::exp(-x / 2.0);
            assert!((chi_square_tail(x, 2.0) / expected - 1.0).abs() < 1e-12, "{x}");
            let normal = libm::erfc(libm::sqrt(x / 2.0));
            assert!((chi_square_tail(x, 1.0) / normal - 1.0).abs() < 1e-10, "{x}");
            let cauchy = 1.0 - 2.0 / std::f64::consts::PI * libm::atan(x);
            assert!((student_two_sided(x, 1.0) - cauchy).abs() < 1e-12, "{x}");
            let two = 1.0 - x / libm::sqrt(2.0 + x * x);
            assert!((student_two_sided(x, 2.0) - two).abs() < 1e-12, "{x}");
        }
        for x in [0.0, 0.3, 1.0, 1.959963984540054, 4.0] {
            let below = 1.0 - 0.5 * libm::erfc(x / std::f64::consts::SQRT_2);
            assert!((normal_quantile(below) - x).abs() < 1e-8 && (normal_quantile(1.0 - below) + x).abs() < 1e-8);
        }
        assert_eq!((normal_quantile(0.5), normal_quantile(0.0)), (0.0, -9.0));
        assert_eq!(student_two_sided(0.0, 5.0), 1.0);
        assert!(chi_square_tail(f64::NAN, 1.0).is_nan());
    }
}
