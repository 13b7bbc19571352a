//! How many different values does a column have? Exact.

use super::extent::{extent, extent_of_numbers};
use super::slices::{UNITS, is_exact, whole};
use super::tally::count as count_bits;

/// Different keys, counted. A table with linear probing, an eighth to five eighths full.
#[derive(Clone, Debug, Default)]
pub struct Distinct {
    slots: Vec<u64>,
    len: usize,
    zero: bool,
}

impl Distinct {
    /// Notes keys.
    #[inline(never)]
    pub fn extend(&mut self, keys: &[u64]) {
        keys.iter().for_each(|&key| self.note(mixed(key)));
    }

    #[inline]
    fn note(&mut self, key: u64) {
        // Zero marks a free slot.
        if key == 0 {
            self.zero = true;
            return;
        }
        if self.len * 8 >= self.slots.len() * 5 {
            self.grow();
        }
        self.len += usize::from(insert(&mut self.slots, key));
    }

    /// All keys, mixed: for [`Distinct::extend_keys`].
    pub fn keys(&self) -> Vec<u64> {
        let zero = self.zero.then_some(0);
        zero.into_iter().chain(self.slots.iter().copied().filter(|key| *key != 0)).collect()
    }

    /// Notes keys that are mixed already.
    #[inline(never)]
    pub fn extend_keys(&mut self, keys: &[u64]) {
        keys.iter().for_each(|&key| self.note(key));
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.len + usize::from(self.zero)
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.slots.len() * 8
    }

    #[cold]
    fn grow(&mut self) {
        let size = (self.slots.len() * 4).max(1_024);
        let old = std::mem::replace(&mut self.slots, vec![0; size]);
        old.into_iter().filter(|key| *key != 0).for_each(|key| {
            insert(&mut self.slots, key);
        });
    }
}

/// Different codes of the valid rows, which are below `most`.
#[inline(never)]
pub fn of_codes(codes: &[u32], valid: &[u64], most: usize) -> usize {
    let mut met = vec![0u8; most];
    for (codes, &valid) in codes.chunks(64).zip(valid) {
        for (at, &code) in codes.iter().enumerate() {
            if let Some(met) = met.get_mut(code as usize) {
                *met |= (valid >> at & 1) as u8;
            }
        }
    }
    met.into_iter().map(usize::from).sum()
}

/// How many valid rows have each code; codes are below `most`.
#[inline(never)]
pub fn uses(codes: &[u32], valid: &[u64], most: usize) -> Vec<u64> {
    let mut uses = vec![0; most];
    for (codes, &valid) in codes.chunks(64).zip(valid) {
        for (at, &code) in codes.iter().enumerate() {
            if let Some(uses) = uses.get_mut(code as usize) {
                *uses += valid >> at & 1;
            }
        }
    }
    uses
}

/// How many different numbers are valid; 64 validity bits a word. 0 and −0 are one.
#[inline(never)]
pub fn of_numbers(values: &[f64], valid: &[u64]) -> usize {
    of_units(values, valid).unwrap_or_else(|| count(values, valid, |value| (value + 0.0).to_bits()))
}

/// The same of days.
#[inline(never)]
pub fn of_days(values: &[i32], valid: &[u64]) -> usize {
    let Some((least, most)) = extent(values, valid) else { return 0 };
    let range = (i64::from(most) - i64::from(least)) as u64;
    if is_narrow(range, values.len()) {
        return of_places(values, valid, range, |day| day.wrapping_sub(least) as u32);
    }
    count(values, valid, |value| u64::from(value as u32))
}

/// The same of moments.
#[inline(never)]
pub fn of_moments(values: &[i64], valid: &[u64]) -> usize {
    count(values, valid, |value| value as u64)
}

/// How many different numbers there are, each the nearest to a whole number of hundredths, say, where these lie close. Nothing
/// of others.
fn of_units(values: &[f64], valid: &[u64]) -> Option<usize> {
    let (unit, first, range) = units(values, values.len())?;
    Some(of_places(values, valid, range, |value| (whole(value * unit) - first) as u32))
}

/// The unit of which all numbers are whole ones, the first of them, and how far the last lies from it; nothing where they lie
/// too far apart for so many numbers to be counted by place.
pub fn units(values: &[f64], count: usize) -> Option<(f64, f64, u64)> {
    let (least, most) = extent_of_numbers(values)?;
    let fits = |&unit: &f64| {
        let near = most.abs().max(least.abs()) * unit < LARGEST && is_narrow(((most - least) * unit) as u64, count);
        near && values.chunks(1_024).all(|values| values.iter().fold(true, |all, &value| all & is_exact(value, unit)))
    };
    let unit = UNITS.into_iter().find(fits)?;
    let first = whole(least * unit);
    Some((unit, first, (whole(most * unit) - first) as u64))
}

/// Whole numbers that [`whole`] knows.
const LARGEST: f64 = (1u64 << 50) as f64;

/// Whether a bit for every place takes little room beside the values: half of theirs, and 64 MiB at most.
fn is_narrow(range: u64, values: usize) -> bool {
    range < (values as u64 * 32).clamp(1 << 16, 1 << 29)
}

/// Different places of the valid values, from 0 to `range`. A missing value may have any place.
#[inline(always)]
fn of_places<T: Copy>(values: &[T], valid: &[u64], range: u64, place: impl Fn(T) -> u32) -> usize {
    let mut met = vec![0u64; (range / 64 + 1) as usize];
    for (values, &valid) in values.chunks(64).zip(valid) {
        for (at, &value) in values.iter().enumerate() {
            let place = place(value);
            if let Some(met) = met.get_mut((place / 64) as usize) {
                *met |= (valid >> at & 1) << (place % 64);
            }
        }
    }
    count_bits(&met)
}

/// Keys after which it is asked whether most are new.
const MANY: usize = 1 << 16;
/// Keys that are parted at once, at most on average.
pub const SHARE: usize = 1 << 22;

/// Where most of the first keys are different, all are parted, and each part is counted by itself.
#[inline(always)]
fn count<T: Copy>(values: &[T], valid: &[u64], key: impl Fn(T) -> u64) -> usize {
    let mut keys = Vec::with_capacity(MANY.min(values.len()));
    let gather = |values: &[T], valid: &[u64], keys: &mut Vec<u64>, (share, shares): (u64, u64)| {
        for (values, &valid) in values.chunks(64).zip(valid) {
            for (_, &value) in values.iter().enumerate().filter(|(at, _)| valid >> at & 1 == 1) {
                let key = key(value);
                if shares == 1 || (mixed(key) >> 24) % shares == share {
                    keys.push(key);
                }
            }
        }
    };
    const ALL: (u64, u64) = (0, 1);
    let (first, rest) = values.split_at(MANY.min(values.len()));
    gather(first, valid, &mut keys, ALL);
    let mut distinct = Distinct::default();
    distinct.extend(&keys);
    if distinct.count() * 2 > keys.len() && !rest.is_empty() {
        // A share of all keys at a time: those of a long column may not fit into memory beside it.
        let shares = (values.len() / SHARE + 1) as u64;
        let count = |share| {
            keys.clear();
            keys.reserve(values.len().min(SHARE));
            gather(values, valid, &mut keys, (share, shares));
            parted(&keys)
        };
        return (0..shares).map(count).sum();
    }
    let valid = &valid[(MANY / 64).min(valid.len())..];
    for (rest, valid) in rest.chunks(MANY).zip(valid.chunks(MANY / 64)) {
        keys.clear();
        gather(rest, valid, &mut keys, ALL);
        distinct.extend(&keys);
    }
    distinct.count()
}

/// How many different keys there are. Each of 256 parts is small enough for the processor's caches.
fn parted(keys: &[u64]) -> usize {
    let part_of = |key: u64| (mixed(key) >> 56) as usize;
    let mut places = [0; 256];
    keys.iter().for_each(|&key| places[part_of(key)] += 1);
    let largest = places.iter().copied().max().unwrap_or(0);
    let mut start = 0;
    for place in &mut places {
        start += std::mem::replace(place, start);
    }
    let mut parts = vec![0; keys.len()];
    for &key in keys {
        let place = &mut places[part_of(key)];
        parts[*place] = mixed(key);
        *place += 1;
    }
    // Every place is now where its part ends. The key that mixes to zero, the mark of a free slot, stands in the first.
    let mut slots = vec![0; (largest * 2).next_power_of_two()];
    let (mut count, mut start) = (usize::from(parts[..places[0]].contains(&0)), 0);
    for end in places {
        slots.fill(0);
        count += parts[start..end].iter().filter(|&&key| key != 0 && insert(&mut slots, key)).count();
        start = end;
    }
    count
}

/// Multiplying by an odd number keeps different keys different, and zero zero.
#[inline]
fn mixed(key: u64) -> u64 {
    (key ^ key >> 32).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// Puts a key in its place; whether it is new.
#[inline]
fn insert(slots: &mut [u64], key: u64) -> bool {
    let mask = slots.len() - 1;
    // The upper bits of a product are the mixed ones.
    let mut slot = (key >> 32) as usize & mask;
    loop {
        match slots[slot] {
            0 => {
                slots[slot] = key;
                return true;
            }
            found if found == key => return false,
            _ => slot = (slot + 1) & mask,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;
    use std::collections::BTreeSet;

    #[test]
    fn codes_of_valid_rows_count_once() {
        let codes: Vec<u32> = (0..130).map(|row| row % 7).collect();
        assert_eq!(of_codes(&codes, &[u64::MAX, u64::MAX, 3], 7), 7);
        assert_eq!(of_codes(&codes, &[0b101, 0, 2], 9), 3);
        assert_eq!(of_codes(&[0, 0], &[0], 0), 0);
        assert_eq!(uses(&codes, &[u64::MAX, u64::MAX, 3], 7), [19, 19, 19, 19, 18, 18, 18]);
        assert_eq!(uses(&codes, &[0b1000_0101, 0, 2], 4), [2, 0, 1, 1]);
    }

    #[test]
    fn as_many_as_a_set_holds() {
        let mut rng = Rng::new(11);
        for (count, range) in [(0, 1), (1, 1), (10_000, 7), (20_000, 1 << 30), (5_000, 6_000)] {
            let keys: Vec<u64> = (0..count).map(|_| rng.below(range) as u64).collect();
            let floats: Vec<u64> = keys.iter().map(|&key| (key as f64 / 100.0).to_bits()).collect();
            for keys in [&keys, &floats] {
                let mut distinct = Distinct::default();
                keys.chunks(1_000).for_each(|keys| distinct.extend(keys));
                assert_eq!(distinct.count(), keys.iter().collect::<BTreeSet<_>>().len());
            }
        }
    }

    #[test]
    fn valid_values_are_counted_whether_most_repeat_or_not() {
        let mut rng = Rng::new(12);
        for (count, range) in [(0, 1), (100, 7), (70_000, 1 << 30), (200_000, 1 << 30), (200_000, 900)] {
            let numbers: Vec<f64> = (0..count).map(|_| rng.below(range) as f64).collect();
            let valid: Vec<u64> = (0..numbers.len().div_ceil(64)).map(|_| rng.next_u64()).collect();
            let known = |(at, _): &(usize, &f64)| valid[at / 64] >> (at % 64) & 1 == 1;
            let present = numbers.iter().enumerate().filter(known).map(|(_, value)| value.to_bits());
            let expected = present.collect::<BTreeSet<_>>().len();
            let days: Vec<i32> = numbers.iter().map(|&number| number as i32).collect();
            let moments: Vec<i64> = numbers.iter().map(|&number| -number as i64).collect();
            assert_eq!(of_numbers(&numbers, &valid), expected);
            for parts in [100.0, 10_000.0, 3.0, -7e8] {
                let mut amounts: Vec<f64> = numbers.iter().map(|number| (number - 400.0) / parts).collect();
                assert_eq!(of_numbers(&amounts, &valid), expected, "{count} below {range} by {parts}");
                amounts.extend([0.0, -0.0, f64::NAN, 1e300, f64::INFINITY, 1e300]);
                let bits = amounts.iter().filter(|value| !value.is_nan()).map(|value| (value + 0.0).to_bits());
                let mut all = vec![u64::MAX; amounts.len().div_ceil(64)];
                let missing = amounts.len() - 4;
                all[missing / 64] &= !(1 << (missing % 64));
                assert_eq!(of_numbers(&amounts, &all), bits.collect::<BTreeSet<_>>().len());
            }
            assert_eq!((of_days(&days, &valid), of_moments(&moments, &valid)), (expected, expected));
        }
    }
}
