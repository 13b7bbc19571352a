//! In what order? The sorts that all rooms share.
//!
//! A generic sort is compiled anew for every type and every closure, and some forty of them would outweigh all kernels of
//! the engine together. These few are compiled once: whatever is to be sorted is sorted as positions or as keys.

use std::cmp::Ordering;

/// Puts positions (of rows, names, anything) in order; equals keep theirs.
pub fn arrange(positions: &mut [usize], compare: &dyn Fn(usize, usize) -> Ordering) {
    positions.sort_by(|&a, &b| compare(a, b));
}

/// The positions 0 to `count` − 1 in order; equals in rising order.
pub fn arranged(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut positions: Vec<usize> = (0..count).collect();
    arrange(&mut positions, compare);
    positions
}

/// Sorts positions themselves, rising.
pub fn rising(positions: &mut [usize]) {
    arrange(positions, &|a, b| a.cmp(&b));
}

/// The number of different keys; sorts them.
pub fn distinct(mut keys: Vec<u64>) -> usize {
    keys.sort_unstable();
    keys.dedup();
    keys.len()
}

/// The key that would stand at `rank` if they were sorted. `rank` is below their number; the keys are moved about, none of
/// those before `rank` being larger.
pub fn nth(keys: &mut [u64], rank: usize) -> u64 {
    *keys.select_nth_unstable(rank).1
}

/// Sorts keys, rising.
pub fn keys(keys: &mut [u64]) {
    keys.sort_unstable();
}

/// Sorts keys with what hangs on them, by key and then by that.
pub fn pairs(pairs: &mut [(u64, u32)]) {
    pairs.sort_unstable();
}

/// Sorts numbers as [`f64::total_cmp`] does.
pub fn numbers(values: &mut [f64]) {
    let mut sorted: Vec<u64> = values.iter().map(|&value| key(value)).collect();
    keys(&mut sorted);
    values.iter_mut().zip(sorted).for_each(|(value, key)| *value = number(key));
}

/// A key that orders as [`f64::total_cmp`] orders numbers: the bits, all turned round below zero.
pub fn key(value: f64) -> u64 {
    let bits = value.to_bits();
    if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }
}

/// The keys of all numbers but NaN.
#[inline(never)]
pub fn keys_of(values: &[f64]) -> Vec<u64> {
    let mut keys = Vec::with_capacity(values.len());
    keys.extend(values.iter().filter(|value| !value.is_nan()).map(|&value| key(value)));
    keys
}

/// The number that [`key`] made this of.
pub fn number(key: u64) -> f64 {
    f64::from_bits(if key >> 63 == 1 { key & !(1 << 63) } else { !key })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;

    #[test]
    fn numbers_are_sorted_by_the_total_order() {
        let mut rng = Rng::new(5);
        let mut values: Vec<f64> = (0..500).map(|_| f64::from_bits(rng.next_u64())).collect();
        values.extend([0.0, -0.0, f64::INFINITY, f64::NEG_INFINITY, f64::NAN, -f64::NAN, f64::MIN_POSITIVE, 5e-324]);
        let mut expected = values.clone();
        expected.sort_by(f64::total_cmp);
        numbers(&mut values);
        let bits = |values: &[f64]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&values), bits(&expected));
    }

    #[test]
    fn equals_keep_their_order() {
        assert_eq!(arranged(5, &|a, b| (a % 2).cmp(&(b % 2))), [0, 2, 4, 1, 3]);
        assert_eq!(distinct(vec![3, 1, 3, 3, 1]), 2);
    }
}
