//! Which rows pass? Comparisons of whole columns, 64 rows to a word.
//!
//! Nothing here knows of missing values: a row without a value gets some bit, and the caller masks it.

use crate::math::order::arranged;
use crate::segment::rules::tree::Comparison;
use crate::table::bitmap::Bitmap;
use std::cmp::Ordering;

/// The rows whose value passes the test.
pub fn mask<T: Copy>(values: &[T], test: impl Fn(T) -> bool) -> Bitmap {
    let word = |chunk: &[T]| {
        let mut flags = [0u8; 64];
        for (flag, &value) in flags.iter_mut().zip(chunk) {
            *flag = u8::from(test(value));
        }
        pack(&flags)
    };
    Bitmap::from_words(values.chunks(64).map(word).collect(), values.len())
}

/// The rows whose two values pass the test together.
pub fn mask_pairs<T: Copy>(left: &[T], right: &[T], test: impl Fn(T, T) -> bool) -> Bitmap {
    let word = |(left, right): (&[T], &[T])| {
        let mut flags = [0u8; 64];
        for (flag, (&left, &right)) in flags.iter_mut().zip(left.iter().zip(right)) {
            *flag = u8::from(test(left, right));
        }
        pack(&flags)
    };
    Bitmap::from_words(left.chunks(64).zip(right.chunks(64)).map(word).collect(), left.len())
}

/// The rows whose value compares so with one value.
pub fn compare<T: Copy + PartialOrd>(values: &[T], comparison: Comparison, with: T) -> Bitmap {
    match comparison {
        Comparison::Equal => mask(values, |value| value == with),
        Comparison::NotEqual => mask(values, |value| value != with),
        Comparison::Less => mask(values, |value| value < with),
        Comparison::AtMost => mask(values, |value| value <= with),
        Comparison::Greater => mask(values, |value| value > with),
        Comparison::AtLeast => mask(values, |value| value >= with),
    }
}

/// The rows whose two values compare so.
pub fn compare_pairs<T: Copy + PartialOrd>(left: &[T], comparison: Comparison, right: &[T]) -> Bitmap {
    mask_pairs(left, right, |left, right| {
        let order = left.partial_cmp(&right);
        match comparison {
            Comparison::Equal => order == Some(Ordering::Equal),
            Comparison::NotEqual => order != Some(Ordering::Equal),
            Comparison::Less => order == Some(Ordering::Less),
            Comparison::AtMost => order.is_some_and(Ordering::is_le),
            Comparison::Greater => order == Some(Ordering::Greater),
            Comparison::AtLeast => order.is_some_and(Ordering::is_ge),
        }
    })
}

/// The rows whose value is one of these. The list need not be sorted.
pub fn one_of<T: Copy + PartialOrd>(values: &[T], options: &[T]) -> Bitmap {
    if let [only] = options {
        return compare(values, Comparison::Equal, *only);
    }
    let order = |a: &T, b: &T| a.partial_cmp(b).unwrap_or(Ordering::Less);
    let sorted = arranged(options.len(), &|a, b| order(&options[a], &options[b]));
    let sorted: Vec<T> = sorted.into_iter().map(|at| options[at]).collect();
    mask(values, |value| sorted.binary_search_by(|option| order(option, &value)).is_ok())
}

/// 64 flags of 0 or 1 as the bits of a word, the first in the lowest bit.
///
/// Eight flags at once: the multiplication moves the lowest bit of byte `i` to bit `56 + i`, and no two meet.
fn pack(flags: &[u8; 64]) -> u64 {
    const GATHER: u64 = 0x0102_0408_1020_4080;
    let mut word = 0;
    for (index, eight) in flags.chunks_exact(8).enumerate() {
        let bytes = u64::from_le_bytes(eight.try_into().unwrap_or_default());
        word |= (bytes.wrapping_mul(GATHER) >> 56) << (8 * index);
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_comparison_at_every_length() {
        for length in [0usize, 1, 63, 64, 65, 200] {
            let left: Vec<i32> = (0..length as i32).map(|i| i * 7 % 5).collect();
            let right: Vec<i32> = (0..length as i32).map(|i| i * 3 % 5).collect();
            type Test = fn(&i32, &i32) -> bool;
            let all: [(Comparison, Test); 6] = [
                (Comparison::Equal, i32::eq),
                (Comparison::NotEqual, i32::ne),
                (Comparison::Less, |a, b| a < b),
                (Comparison::AtMost, |a, b| a <= b),
                (Comparison::Greater, |a, b| a > b),
                (Comparison::AtLeast, |a, b| a >= b),
            ];
            for (comparison, test) in all {
                assert_eq!(compare(&left, comparison, 2), Bitmap::from_fn(length, |row| test(&left[row], &2)));
                let pairs = compare_pairs(&left, comparison, &right);
                assert_eq!(pairs, Bitmap::from_fn(length, |row| test(&left[row], &right[row])));
            }
            assert_eq!(one_of(&left, &[4, 0, 9]), Bitmap::from_fn(length, |row| [0, 4].contains(&left[row])));
            assert_eq!(one_of(&left, &[]).count(), 0);
        }
    }

    #[test]
    fn zero_has_no_sign() {
        assert_eq!(one_of(&[0.0, -0.0, 1.0], &[-0.0, 3.0]).count(), 2);
    }
}
