//! Gauss' hypergeometric series, in the two forms that purchase models need, each summed where all its terms shrink.

/// Terms at most; then what is summed so far is given.
const TERMS: usize = 100_000;
/// A term below this share of the sum ends it.
const ENOUGH: f64 = 1e-17;

/// Beyond this the terms of a power series shrink too slowly.
const FAR: f64 = 0.9;
/// Parts of a continued fraction at most: they give twelve digits up to z = 0.9999, and four at 0.999999. Only likelihoods far
/// from any file's lie there, and a search that asked for more digits of them took a minute for a second's work.
const FRACTIONS: usize = 5_000;

/// Σ (b)ₙ / (c)ₙ · zⁿ from n = 0, which is ₂F₁(1, b; c; z), for b ≥ 0, c > b + 1 and 0 ≤ z < 1.
pub fn unit_series(b: f64, c: f64, z: f64) -> f64 {
    if z > FAR {
        return unit_fraction(b, c, z);
    }
    let (mut term, mut total) = (1.0, 1.0);
    for step in 0..TERMS {
        let n = step as f64;
        term *= (b + n) / (c + n) * z;
        total += term;
        if term < total * ENOUGH {
            break;
        }
    }
    total
}

/// The same as Gauss' continued fraction (Abramowitz and Stegun 15.2), by Lentz's method; near z = 1 it takes the square root of
/// the number of terms.
fn unit_fraction(b: f64, c: f64, z: f64) -> f64 {
    let (mut value, mut above, mut below) = (1.0, 1.0, 0.0);
    for step in 1..FRACTIONS {
        let m = (step / 2) as f64;
        let share = if step % 2 == 1 {
            (b + m) * (c - 1.0 + m) / ((c - 1.0 + 2.0 * m) * (c + 2.0 * m))
        } else {
            m * (c - 1.0 - b + m) / ((c - 2.0 + 2.0 * m) * (c - 1.0 + 2.0 * m))
        };
        below = 1.0 / (1.0 - share * z * below);
        above = 1.0 - share * z / above;
        value *= above * below;
        if (above * below - 1.0).abs() < 1e-15 {
            break;
        }
    }
    1.0 / value
}

/// (₂F₁(b, a; c; z) − 1) / a = Σ (b)ₙ (a + 1)ₙ₋₁ / ((c)ₙ n!) · zⁿ from n = 1, for c > 0 and 0 ≤ z < 1. At a = 0 it is the limit,
/// so that nothing cancels near it.
pub fn reduced_series(b: f64, a: f64, c: f64, z: f64) -> f64 {
    let (mut term, mut total) = (b / c * z, b / c * z);
    for step in 1..TERMS {
        let n = step as f64;
        term *= (b + n) * (a + n) / ((c + n) * (n + 1.0)) * z;
        total += term;
        if term.abs() <= total.abs() * ENOUGH {
            break;
        }
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closed_forms() {
        for z in [0.0, 0.1, 0.5, 0.9] {
            // ₂F₁(1, 1; 2; z) = −ln(1 − z) / z; ₂F₁(b, a; b; z) = (1 − z)⁻ᵃ.
            let expected = if z > 0.0 { -libm::log1p(-z) / z } else { 1.0 };
            assert!((unit_series(1.0, 2.0, z) - expected).abs() < 1e-14);
            let power = libm::expm1(-0.7 * libm::log1p(-z)) / 0.7;
            assert!((reduced_series(1.3, 0.7, 1.3, z) - power).abs() < 1e-13);
            assert!((reduced_series(1.0, 0.0, 1.0, z) + libm::log1p(-z)).abs() < 1e-14);
        }
        for (z, tolerance) in [(0.2, 1e-12), (0.95, 1e-12), (0.999, 1e-12), (0.9999, 2e-12), (0.999_999, 1e-4)] {
            let expected = -libm::log1p(-z) / z;
            let error = (unit_fraction(1.0, 2.0, z) / expected - 1.0).abs();
            assert!(error < tolerance, "{z}: {error}");
        }
        let plain = (0..40_000).fold((1.0, 1.0), |(term, total): (f64, f64), n| {
            let next = term * (40.5 + f64::from(n)) / (42.1 + f64::from(n)) * 0.999;
            (next, total + next)
        });
        assert!((unit_fraction(40.5, 42.1, 0.999) / plain.1 - 1.0).abs() < 1e-12);
    }
}
