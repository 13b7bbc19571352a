//! Between which values do whole numbers lie, all of them and nearly all of them?

/// The least and the greatest of the valid values; nothing where there are none. 64 validity bits a word.
#[inline(never)]
pub fn extent(values: &[i32], valid: &[u64]) -> Option<(i32, i32)> {
    let (mut least, mut greatest) = (i32::MAX, i32::MIN);
    for (values, &valid) in values.chunks(64).zip(valid) {
        if valid == u64::MAX {
            for &value in values {
                (least, greatest) = (least.min(value), greatest.max(value));
            }
            continue;
        }
        for (_, &value) in values.iter().enumerate().filter(|(at, _)| valid >> at & 1 == 1) {
            (least, greatest) = (least.min(value), greatest.max(value));
        }
    }
    (least <= greatest).then_some((least, greatest))
}

/// The greatest of some days or other whole numbers; `i32::MIN` of none.
#[inline(never)]
pub fn greatest(values: &[i32]) -> i32 {
    values.iter().fold(i32::MIN, |greatest, &value| greatest.max(value))
}

/// The least and the greatest of the numbers, NaN left out; nothing where there are no others.
#[inline(never)]
pub fn extent_of_numbers(values: &[f64]) -> Option<(f64, f64)> {
    let (mut least, mut greatest) = ([f64::INFINITY; 4], [f64::NEG_INFINITY; 4]);
    for values in values.chunks(4) {
        for ((least, greatest), &value) in least.iter_mut().zip(&mut greatest).zip(values) {
            *least = if value < *least { value } else { *least };
            *greatest = if value > *greatest { value } else { *greatest };
        }
    }
    let least = least.into_iter().fold(f64::INFINITY, |one, other| if other < one { other } else { one });
    let greatest = greatest.into_iter().fold(f64::NEG_INFINITY, |one, other| if other > one { other } else { one });
    (least <= greatest).then_some((least, greatest))
}

/// Places of the numbers below one bound or above the other, rising.
#[inline(never)]
pub fn outside(values: &[f64], from: f64, to: f64) -> Vec<usize> {
    let is_outside = |value: f64| value < from || value > to;
    let mut places = Vec::new();
    for (start, values) in (0..).step_by(64).zip(values.chunks(64)) {
        if values.iter().fold(false, |any, &value| any | is_outside(value)) {
            places.extend((start..).zip(values).filter(|(_, value)| is_outside(**value)).map(|(place, _)| place));
        }
    }
    places
}

/// Numbers of steps between least and greatest up to which values are counted step by step: enough for ten thousand years of
/// days.
const STEPS: usize = 1 << 22;

/// The valid values that stand so many places from the least and from the greatest, if all were sorted; nothing where
/// there are not that many, or where they lie too far apart to be counted one by one.
#[inline(never)]
pub fn inner(values: &[i32], valid: &[u64], from_ends: usize) -> Option<(i32, i32)> {
    let (least, greatest) = extent(values, valid)?;
    // The distance of two i32 does not fit a usize of 32 bits.
    let steps = i64::from(greatest) - i64::from(least) + 1;
    if steps > STEPS as i64 {
        return None;
    }
    let mut counts = vec![0u32; steps as usize];
    for (values, &valid) in values.chunks(64).zip(valid) {
        for (_, &value) in values.iter().enumerate().filter(|(at, _)| valid >> at & 1 == 1) {
            counts[(value - least) as usize] += 1;
        }
    }
    let reached = |left: &mut usize, &count: &u32| {
        let here = *left < count as usize;
        *left = left.saturating_sub(count as usize);
        here
    };
    let (mut below, mut above) = (from_ends, from_ends);
    let low = counts.iter().position(|count| reached(&mut below, count))?;
    let high = counts.iter().rposition(|count| reached(&mut above, count))?;
    Some((least + low as i32, least + high as i32))
}

/// The smallest different values, rising, at most five. NaN is none.
#[inline(never)]
pub fn smallest(values: &[f64]) -> Vec<f64> {
    // Places that are still free hold NaN, which is equal to nothing.
    let (mut found, mut bound) = ([f64::NAN; 5], f64::INFINITY);
    for values in values.chunks(64) {
        // Nearly all are known or above, as soon as there are so many.
        let is_new = |value: f64| found.iter().fold(value < bound, |is_new, &known| is_new & (value != known));
        if !values.iter().fold(false, |any, &value| any | is_new(value)) {
            continue;
        }
        for &value in values {
            if value < bound && !found.contains(&value) {
                let place = found.iter().filter(|&&known| known < value).count();
                found[place..].rotate_right(1);
                found[place] = value;
                bound = if found[4].is_nan() { bound } else { found[4] };
            }
        }
    }
    found.into_iter().filter(|value| !value.is_nan()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;

    #[test]
    fn as_sorting_says() {
        let mut rng = Rng::new(3);
        for count in [0, 1, 5, 64, 200, 1_000] {
            let values: Vec<i32> = (0..count).map(|_| rng.below(700) as i32 - 350).collect();
            let valid: Vec<u64> = (0..values.len().div_ceil(64)).map(|_| rng.next_u64() | rng.next_u64()).collect();
            let known = |(at, _): &(usize, &i32)| valid[at / 64] >> (at % 64) & 1 == 1;
            let mut sorted: Vec<i32> = values.iter().enumerate().filter(known).map(|(_, &value)| value).collect();
            sorted.sort_unstable();
            let ends = sorted.first().copied().zip(sorted.last().copied());
            assert_eq!(extent(&values, &valid), ends);
            assert_eq!(greatest(&values), values.iter().copied().max().unwrap_or(i32::MIN));
            for from_ends in [0, 3, 40] {
                let expected = sorted.get(from_ends).copied().zip(sorted.iter().rev().nth(from_ends).copied());
                assert_eq!(inner(&values, &valid, from_ends), expected);
            }
        }
        assert_eq!(extent(&[4, 5], &[0b10]), Some((5, 5)));
        let numbers = [f64::NAN, 3.5, -1.0, f64::NAN, 2.0, 9.0];
        assert_eq!(extent_of_numbers(&numbers), Some((-1.0, 9.0)));
        assert_eq!(extent_of_numbers(&numbers[..1]), None);
        assert_eq!(outside(&numbers, 0.0, 3.5), [2, 5]);
        assert_eq!(inner(&[i32::MIN, i32::MAX], &[0b11], 0), None);
    }

    #[test]
    fn the_smallest_different_values() {
        assert_eq!(smallest(&[3.0, 1.0, f64::NAN, 3.0, 2.0, 1.0, 9.0]), [1.0, 2.0, 3.0, 9.0]);
        assert_eq!(smallest(&[5.0, 5.0]), [5.0]);
        assert!(smallest(&[f64::NAN]).is_empty());
        let falling: Vec<f64> = (0..1_000).map(|at| f64::from((1_000 - at) / 3)).collect();
        assert_eq!(smallest(&falling), [0.0, 1.0, 2.0, 3.0, 4.0]);
    }
}
