//! Which rows pass? Comparisons of whole columns, 64 rows to a word, the first row in the lowest bit.
//!
//! Nothing here knows of missing values: a row without a value gets some bit, and the caller masks it. Bits past the last
//! row mean nothing.

use wide::{f64x8, i32x8, i64x8, u8x16, u32x8};

/// How values are compared. The other three comparisons are the opposites of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The same.
    Equal,
    /// Less than.
    Less,
    /// Less or the same.
    AtMost,
}

/// Eight times eight rows, made a word.
#[inline(always)]
fn words<T: Copy + Default>(values: &[T], eight: impl Fn(&[T; 8]) -> u32) -> Vec<u64> {
    let word = |rows: &[T]| {
        rows.as_chunks::<8>().0.iter().enumerate().fold(0, |word, (at, row)| word | u64::from(eight(row)) << (8 * at))
    };
    let (whole, rest) = values.as_chunks::<64>();
    let mut found = Vec::with_capacity(whole.len() + 1);
    found.extend(whole.iter().map(|rows| word(rows)));
    if !rest.is_empty() {
        let mut padded = [T::default(); 64];
        padded[..rest.len()].copy_from_slice(rest);
        found.push(word(&padded));
    }
    found
}

/// The same of two columns.
#[inline(always)]
fn words_of_two<T: Copy + Default>(left: &[T], right: &[T], eight: impl Fn(&[T; 8], &[T; 8]) -> u32) -> Vec<u64> {
    let mut found = Vec::with_capacity(left.len().div_ceil(64));
    for (left, right) in left.chunks(64).zip(right.chunks(64)) {
        let (mut one, mut other) = ([T::default(); 64], [T::default(); 64]);
        one[..left.len()].copy_from_slice(left);
        other[..right.len()].copy_from_slice(right);
        let pairs = one.as_chunks::<8>().0.iter().zip(other.as_chunks::<8>().0);
        found.push(
            pairs.enumerate().fold(0, |word, (at, (one, other))| word | u64::from(eight(one, other)) << (8 * at)),
        );
    }
    found
}

macro_rules! comparisons {
    ($with:ident, $pairs:ident, $value:ty, $lanes:ty, $at_most:expr) => {
        /// How each value compares with one.
        #[inline(never)]
        pub fn $with(values: &[$value], order: Order, than: $value) -> Vec<u64> {
            let than = <$lanes>::splat(than);
            match order {
                Order::Equal => words(values, |row| <$lanes>::new(*row).simd_eq(than).to_bitmask() as u32),
                Order::Less => words(values, |row| <$lanes>::new(*row).simd_lt(than).to_bitmask() as u32),
                Order::AtMost => words(values, |row| $at_most(<$lanes>::new(*row), than)),
            }
        }

        /// How each value compares with the other's in the same row.
        #[inline(never)]
        pub fn $pairs(left: &[$value], order: Order, right: &[$value]) -> Vec<u64> {
            match order {
                Order::Equal => {
                    words_of_two(left, right, |a, b| <$lanes>::new(*a).simd_eq(<$lanes>::new(*b)).to_bitmask() as u32)
                }
                Order::Less => {
                    words_of_two(left, right, |a, b| <$lanes>::new(*a).simd_lt(<$lanes>::new(*b)).to_bitmask() as u32)
                }
                Order::AtMost => words_of_two(left, right, |a, b| $at_most(<$lanes>::new(*a), <$lanes>::new(*b))),
            }
        }
    };
}

comparisons!(numbers, number_pairs, f64, f64x8, |a: f64x8, b: f64x8| a.simd_le(b).to_bitmask());
comparisons!(days, day_pairs, i32, i32x8, |a: i32x8, b: i32x8| !a.simd_gt(b).to_bitmask() & 0xFF);
comparisons!(moments, moment_pairs, i64, i64x8, |a: i64x8, b: i64x8| !a.simd_gt(b).to_bitmask() & 0xFF);

/// The values that are finite.
#[inline(never)]
pub fn finite(values: &[f64]) -> Vec<u64> {
    let most = f64x8::splat(f64::MAX);
    words(values, |row| f64x8::new(*row).abs().simd_le(most).to_bitmask())
}

/// A calculation of two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Operation {
    Add,
    Subtract,
    Multiply,
    Divide,
}

/// Two columns calculated row by row; one with a single value has it in every row.
#[inline(never)]
pub fn calculate(operation: Operation, left: &[f64], right: &[f64]) -> Vec<f64> {
    let rows = if left.len() == 1 { right.len() } else { left.len() };
    let mut values = if left.len() == rows { left.to_vec() } else { vec![left[0]; rows] };
    let single = [right.first().copied().unwrap_or(0.0)].repeat(if right.len() == rows { 0 } else { rows });
    let right = if right.len() == rows { right } else { &single };
    let pairs = values.iter_mut().zip(right);
    match operation {
        Operation::Add => pairs.for_each(|(value, other)| *value += other),
        Operation::Subtract => pairs.for_each(|(value, other)| *value -= other),
        Operation::Multiply => pairs.for_each(|(value, other)| *value *= other),
        Operation::Divide => pairs.for_each(|(value, other)| *value /= other),
    }
    values
}

/// Codes as bytes, for [`short_codes`]; nothing where there are more than 256. What is beyond becomes some code.
#[inline(never)]
pub fn shortened(codes: &[u32], distinct: usize) -> Option<Vec<u8>> {
    (distinct <= 256).then(|| codes.iter().map(|&code| code.min(255) as u8).collect())
}

/// The rows whose code has its bit set among the flags of up to 256: sixteen rows look sixteen codes up at once.
#[inline(never)]
pub fn short_codes(codes: &[u8], flags: &[u64]) -> Vec<u64> {
    let sixteen = |at: usize| {
        u8x16::new(std::array::from_fn(|code| ((flags[at / 4] >> (at % 4 * 16 + code) & 1) as u8).wrapping_neg()))
    };
    // Of codes without a flag nothing is looked up.
    let tables: Vec<(u8x16, u8x16)> = (0..4 * flags.len())
        .map(|at| (u8x16::splat(16 * at as u8), sixteen(at)))
        .filter(|(_, table)| table.to_bitmask() != 0)
        .collect();
    let word = |rows: &[u8; 64]| {
        rows.as_chunks::<16>().0.iter().rev().fold(0, |word, rows| {
            let rows = u8x16::new(*rows);
            // What is no code of a table is past its end, also from below.
            let found = tables
                .iter()
                .fold(u8x16::splat(0), |found, (first, table)| found | table.shuffle_zeroing(rows - *first));
            word << 16 | u64::from(found.to_bitmask())
        })
    };
    let (whole, rest) = codes.as_chunks::<64>();
    let mut found: Vec<u64> = Vec::with_capacity(whole.len() + 1);
    found.extend(whole.iter().map(word));
    if !rest.is_empty() {
        let mut padded = [0; 64];
        padded[..rest.len()].copy_from_slice(rest);
        found.push(word(&padded));
    }
    found
}

/// Fewer codes than this are looked for one by one in all rows.
const FEW: usize = 6;

/// The rows whose code has its bit set among the `distinct` flags; codes beyond have none.
#[inline(never)]
pub fn codes(codes: &[u32], flags: &[u64], distinct: usize) -> Vec<u64> {
    let beyond = if distinct.is_multiple_of(64) { 0 } else { flags[distinct / 64] >> (distinct % 64) };
    let set: usize = flags.iter().map(|word| word.count_ones() as usize).sum::<usize>() - beyond.count_ones() as usize;
    if set == 0 || set == distinct {
        return vec![if set == 0 { 0 } else { u64::MAX }; codes.len().div_ceil(64)];
    }
    let inverted = distinct - set < set;
    if set.min(distinct - set) < FEW {
        let flip = if inverted { u64::MAX } else { 0 };
        let listed: Vec<u32x8> = (0..distinct as u32)
            .filter(|&code| (flags[code as usize / 64] >> (code % 64) & 1 == 1) != inverted)
            .map(u32x8::splat)
            .collect();
        let any = |row: &[u32; 8]| {
            let row = u32x8::new(*row);
            listed.iter().fold(u32x8::splat(0), |found, code| found | row.simd_eq(*code)).to_bitmask()
        };
        let mut found = words(codes, any);
        found.iter_mut().for_each(|word| *word ^= flip);
        return found;
    }
    let rising = u32x8::new([0, 1, 2, 3, 4, 5, 6, 7]);
    let word = |rows: &[u32]| {
        // Where every row has a new value, codes rise by one: their flags stand side by side already.
        let first = rows[0];
        let in_turn = rows.len() == 64
            && rows[63].wrapping_sub(first) == 63
            && rows.as_chunks::<8>().0.iter().enumerate().all(|(at, row)| {
                (u32x8::new(*row).simd_eq(rising + u32x8::splat(first + 8 * at as u32))).to_bitmask() == 0xFF
            });
        if in_turn {
            let (at, shift) = (first as usize / 64, first % 64);
            let low = flags[at] >> shift;
            return if shift == 0 { low } else { low | flags.get(at + 1).map_or(0, |next| next << (64 - shift)) };
        }
        rows.iter().enumerate().fold(0, |word, (at, &code)| {
            let flags = flags.get(code as usize / 64).copied().unwrap_or(0);
            word | (flags >> (code % 64) & 1) << at
        })
    };
    codes.chunks(64).map(word).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bit(words: &[u64], row: usize) -> bool {
        words[row / 64] >> (row % 64) & 1 == 1
    }

    #[test]
    fn every_comparison_at_every_length() {
        for length in [0usize, 1, 7, 63, 64, 65, 200] {
            let left: Vec<i32> = (0..length as i32).map(|i| i * 7 % 5).collect();
            let right: Vec<i32> = (0..length as i32).map(|i| i * 3 % 5).collect();
            let floats = |values: &[i32]| values.iter().map(|&x| f64::from(x)).collect::<Vec<f64>>();
            let longs = |values: &[i32]| values.iter().map(|&x| i64::from(x) << 40).collect::<Vec<i64>>();
            let (left_floats, right_floats) = (floats(&left), floats(&right));
            let (left_longs, right_longs) = (longs(&left), longs(&right));
            type Test = fn(&i32, &i32) -> bool;
            let all: [(Order, Test); 3] = [(Order::Equal, i32::eq), (Order::Less, i32::lt), (Order::AtMost, i32::le)];
            for (order, test) in all {
                let found =
                    [days(&left, order, 2), numbers(&left_floats, order, 2.0), moments(&left_longs, order, 2 << 40)];
                let pairs = [
                    day_pairs(&left, order, &right),
                    number_pairs(&left_floats, order, &right_floats),
                    moment_pairs(&left_longs, order, &right_longs),
                ];
                for row in 0..length {
                    assert!(found.iter().all(|words| bit(words, row) == test(&left[row], &2)), "{order:?} {row}");
                    assert!(pairs.iter().all(|words| bit(words, row) == test(&left[row], &right[row])));
                }
            }
        }
    }

    #[test]
    fn codes_find_their_flags_however_many() {
        for distinct in [1usize, 5, 16, 64, 70, 256, 300] {
            let scattered: Vec<u32> = (0..1_000u32).map(|row| row * 7919 % distinct as u32).collect();
            let in_turn: Vec<u32> = (0..distinct as u32).collect();
            for every in [1usize, 2, 3, 50, 1_000] {
                for inverted in [false, true] {
                    let mut flags = vec![0u64; distinct.div_ceil(64)];
                    (0..distinct)
                        .filter(|code| (code % every == 0) != inverted)
                        .for_each(|code| flags[code / 64] |= 1 << (code % 64));
                    for list in [&scattered, &in_turn, &in_turn[1..].to_vec(), &Vec::new()] {
                        let short = shortened(list, distinct).map(|list| short_codes(&list, &flags));
                        let found = codes(list, &flags, distinct);
                        assert!(
                            short.is_none_or(|short| (0..list.len()).all(|row| bit(&short, row) == bit(&found, row)))
                        );
                        assert!(
                            list.iter().enumerate().all(|(row, &code)| bit(&found, row) == bit(&flags, code as usize))
                        );
                    }
                }
            }
        }
        assert_eq!(codes(&[0, 0], &[], 0), [0]);
        assert_eq!(codes(&[0, 20, u32::MAX, 1, 16], &[1], 2)[0] & 0x1F, 1);
    }
}
