//! In which band is each value?

/// Adds to each band, for each edge that its value passes, one: a value above the edge, or at it where `closed_left`. NaN
/// passes none.
#[inline(never)]
pub fn raise(values: &[f64], edges: &[f64], closed_left: bool, bands: &mut [u8]) {
    for (band, &value) in bands.iter_mut().zip(values) {
        let mut passed = 0;
        for &edge in edges {
            passed += u8::from(value > edge) | u8::from(value == edge) & u8::from(closed_left);
        }
        *band += passed;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_belong_to_the_band_below_or_above() {
        let values = [1.0, 2.0, 3.0, f64::NAN];
        let of = |closed| {
            let mut bands = [1; 4];
            raise(&values, &[2.0, 2.5], closed, &mut bands);
            bands
        };
        assert_eq!((of(false), of(true)), ([1, 1, 3, 1], [1, 2, 3, 1]));
    }
}
