//! How many rows are in sets of rows, and what do they come to? Sets are bits, 64 rows to a word.

use super::stats::{BLOCK, Sum};
use wide::{f64x2, u64x2};

/// How many bits are set.
#[inline(never)]
pub fn count(words: &[u64]) -> usize {
    let (blocks, rest) = words.as_chunks::<16>();
    let rest: usize = rest.iter().map(|word| word.count_ones() as usize).sum();
    counted(blocks.iter().map(|block| std::array::from_fn(|at| two(block, at)))) + rest
}

/// How many bits are set in both; there are as many words of each.
#[inline(always)]
pub fn count_both(one: &[u64], other: &[u64]) -> usize {
    let ((ones, rest_of_one), (others, rest_of_other)) = (one.as_chunks::<16>(), other.as_chunks::<16>());
    let rest: usize =
        rest_of_one.iter().zip(rest_of_other).map(|(one, other)| (one & other).count_ones() as usize).sum();
    let both = |(one, other)| std::array::from_fn(|at| two(one, at) & two(other, at));
    counted(ones.iter().zip(others).map(both)) + rest
}

#[inline(always)]
fn two(block: &[u64; 16], at: usize) -> u64x2 {
    u64x2::new(block.as_chunks::<2>().0[at])
}

/// Words are added bit by bit, as adders in hardware do, so that of sixteen two are counted (Harley and Seal). Of a loop that counts
/// each, LLVM makes lanes and takes them apart again: wasm does not count the bits of lanes.
#[inline(always)]
fn counted(blocks: impl Iterator<Item = [u64x2; 8]>) -> usize {
    let [mut ones, mut twos, mut fours] = [u64x2::splat(0); 3];
    let mut found = 0;
    for [a, b, c, d, e, f, g, h] in blocks {
        let (first, two) = added(ones, a, b);
        let (second, another) = added(first, c, d);
        let (pairs, four) = added(twos, two, another);
        let (third, two) = added(second, e, f);
        let (fourth, another) = added(third, g, h);
        let (pairs, other) = added(pairs, two, another);
        let (quads, eights) = added(fours, four, other);
        (ones, twos, fours) = (fourth, pairs, quads);
        found += 8 * bits_of(eights);
    }
    found + 4 * bits_of(fours) + 2 * bits_of(twos) + bits_of(ones)
}

#[inline(always)]
fn bits_of(words: u64x2) -> usize {
    let [one, other] = words.to_array();
    (one.count_ones() + other.count_ones()) as usize
}

/// Three words added, bit by bit: what stays, and what is carried.
#[inline(always)]
fn added(one: u64x2, other: u64x2, third: u64x2) -> (u64x2, u64x2) {
    let differ = one ^ other;
    (differ ^ third, one & other | differ & third)
}

/// True where both are; false where either is, else unknown: `yes` and `known` of one answer become those of both.
#[inline(never)]
pub fn both(yes: &mut [u64], known: &mut [u64], other_yes: &[u64], other_known: &[u64]) {
    for (((yes, known), &other), &other_known) in yes.iter_mut().zip(known).zip(other_yes).zip(other_known) {
        *known = *known & other_known | *known & !*yes | other_known & !other;
        *yes &= other;
    }
}

/// True where either is; false where both are, else unknown.
#[inline(never)]
pub fn either(yes: &mut [u64], known: &mut [u64], other_yes: &[u64], other_known: &[u64]) {
    for (((yes, known), &other), &other_known) in yes.iter_mut().zip(known).zip(other_yes).zip(other_known) {
        *yes |= other;
        *known = *known & other_known | *yes;
    }
}

/// For each of some sets the values of its rows added up, block by block; rows that are not valid add nothing. Compensated
/// across pieces of `PIECE` words.
#[inline(never)]
pub fn sums(sets: &[&[u64]], valid: &[u64], values: &[f64]) -> Vec<f64> {
    // Of sets with few rows only those are looked at; the others are added up four in one reading: as many as registers hold.
    let (few, many): (Vec<usize>, Vec<usize>) =
        (0..sets.len()).partition(|&at| count(sets[at]) < values.len() / FEW_OF);
    let mut found = vec![0.0; sets.len()];
    for four in many.chunks(4).chain(few.chunks(4)) {
        let are_few = few.contains(&four[0]);
        let mut totals = [Sum::default(); 4];
        for block in 0..values.len().div_ceil(BLOCK) {
            let mut partial = [Sum::default(); 4];
            let (start, end) = (block * BLOCK, values.len().min((block + 1) * BLOCK));
            for piece in (start..end).step_by(64 * PIECE) {
                let values = &values[piece..end.min(piece + 64 * PIECE)];
                let words = std::array::from_fn(|at| {
                    let mut words = [0u64; PIECE];
                    let set = four.get(at).map_or(&[][..], |&set| &sets[set][piece / 64..]);
                    for (word, (set, valid)) in words.iter_mut().zip(set.iter().zip(&valid[piece / 64..])) {
                        *word = set & valid;
                    }
                    words
                });
                let sums =
                    if are_few { words.map(|words| sum_of_few(&words, values)) } else { sums_of_piece(&words, values) };
                partial.iter_mut().zip(sums).for_each(|(partial, sum)| partial.add(sum));
            }
            totals.iter_mut().zip(partial).for_each(|(total, partial)| total.add(partial.value()));
        }
        four.iter().zip(totals).for_each(|(&set, total)| found[set] = total.value());
    }
    found
}

/// A set has few rows if it has fewer than one in so many.
const FEW_OF: usize = 16;

/// What [`sums_of_piece`] gives for a set, the same additions in the same order but for those of nothing.
#[inline(always)]
fn sum_of_few(words: &[u64; PIECE], values: &[f64]) -> f64 {
    let mut lanes = [0.0; 2];
    for (&word, values) in words.iter().zip(values.chunks(64)) {
        let mut rest = word;
        while rest != 0 {
            let at = rest.trailing_zeros() as usize;
            lanes[at % 2] += values[at];
            rest &= rest - 1;
        }
    }
    lanes[0] + lanes[1]
}

/// Words whose rows are added up in one go.
const PIECE: usize = 8;

/// Every two bits of a word.
const BITS: [[u64; 2]; 32] = {
    let mut bits = [[1, 2]; 32];
    let mut at = 1;
    while at < 32 {
        bits[at] = [bits[at - 1][0] << 2, bits[at - 1][1] << 2];
        at += 1;
    }
    bits
};

#[inline(always)]
fn sums_of_piece(sets: &[[u64; PIECE]; 4], values: &[f64]) -> [f64; 4] {
    let mut lanes = [f64x2::splat(0.0); 4];
    for (at, values) in values.chunks(64).enumerate() {
        let words = [sets[0][at], sets[1][at], sets[2][at], sets[3][at]];
        if words == [0; 4] {
            continue;
        }
        let mut padded = [0.0; 64];
        let values = match values.first_chunk::<64>() {
            Some(values) => values,
            None => {
                padded[..values.len()].copy_from_slice(values);
                &padded
            }
        };
        let words = words.map(u64x2::splat);
        for (pair, bits) in values.as_chunks::<2>().0.iter().zip(&BITS) {
            let (pair, bits) = (f64x2::new(*pair), u64x2::new(*bits));
            for (lanes, word) in lanes.iter_mut().zip(words) {
                *lanes += pair & f64x2::from_bits((word & bits).simd_eq(bits));
            }
        }
    }
    lanes.map(|lanes| {
        let [one, other] = lanes.to_array();
        one + other
    })
}

/// Words that are looked at together: all sets' words of a block stay near the processor.
const STRETCH: usize = 256;

/// For every two sets in order (0 and 1, 0 and 2 … 1 and 2 …) how many rows are in both.
#[inline(never)]
pub fn pairs(sets: &[&[u64]]) -> Vec<u32> {
    let words = sets.first().map_or(0, |set| set.len());
    let mut found = vec![0; sets.len() * sets.len().saturating_sub(1) / 2];
    for start in (0..words).step_by(STRETCH) {
        let end = words.min(start + STRETCH);
        let mut counts = found.iter_mut();
        for (at, one) in sets.iter().enumerate() {
            for (other, count) in sets[at + 1..].iter().zip(&mut counts) {
                *count += count_both(&one[start..end], &other[start..end]) as u32;
            }
        }
    }
    found
}

/// The memberships that occur, a bit a set in as many words as that takes, in the order in which rows first have them; and how
/// many rows have each. Bits past the last row must be 0, and there are `rows` rows.
#[inline(never)]
pub fn memberships(sets: &[&[u64]], rows: usize) -> (Vec<u64>, Vec<u32>) {
    let width = sets.len().div_ceil(64).max(1);
    let (mut found, mut counts): (Vec<u64>, Vec<u32>) = (Vec::new(), Vec::new());
    let mut slots = vec![0u32; 1 << 12];
    let mut block = vec![[0u64; 64]; width];
    let mut key = vec![0; width];
    for at in 0..rows.div_ceil(64) {
        for (sets, square) in sets.chunks(64).zip(&mut block) {
            square.fill(0);
            square.iter_mut().zip(sets).for_each(|(word, set)| *word = set[at]);
            transpose(square);
        }
        for row in 0..(rows - at * 64).min(64) {
            key.iter_mut().zip(&block).for_each(|(key, square)| *key = square[row]);
            let mut slot = hash(&key) & (slots.len() - 1);
            loop {
                let number = slots[slot] as usize;
                if number == 0 {
                    found.extend(&key);
                    counts.push(1);
                    slots[slot] = counts.len() as u32;
                    break;
                }
                if found[(number - 1) * width..number * width] == key {
                    counts[number - 1] += 1;
                    break;
                }
                slot = (slot + 1) & (slots.len() - 1);
            }
            if counts.len() * 2 > slots.len() {
                slots = enlarged(&found, width, slots.len() * 4);
            }
        }
    }
    (found, counts)
}

/// Decides speed only, never order.
#[inline(always)]
fn hash(key: &[u64]) -> usize {
    let mix = |hash: u64, part: &u64| (hash.rotate_left(29) ^ part).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let hash = key.iter().fold(0, mix);
    (hash ^ hash >> 32) as usize
}

/// A larger table of the same memberships.
#[cold]
fn enlarged(found: &[u64], width: usize, size: usize) -> Vec<u32> {
    let mut slots = vec![0u32; size];
    for (number, key) in found.chunks_exact(width).enumerate() {
        let mut slot = hash(key) & (size - 1);
        while slots[slot] != 0 {
            slot = (slot + 1) & (size - 1);
        }
        slots[slot] = number as u32 + 1;
    }
    slots
}

/// Rows become columns: bit `c` of word `r` becomes bit `r` of word `c`. Halves of ever smaller squares change places.
#[inline(always)]
fn transpose(square: &mut [u64; 64]) {
    let (mut half, mut mask) = (32, 0x0000_0000_FFFF_FFFFu64);
    while half != 0 {
        let mut row = 0;
        while row < 64 {
            let moved = (square[row] >> half ^ square[row + half]) & mask;
            square[row] ^= moved << half;
            square[row + half] ^= moved;
            row = (row + half + 1) & !half;
        }
        half /= 2;
        mask ^= mask << half;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;

    #[test]
    fn pairs_and_memberships_are_counted_as_one_by_one() {
        let mut rng = Rng::new(9);
        for (sets, rows) in [(1, 10), (3, 64), (5, 1_000), (64, 3_000), (70, 20_000), (128, 5_000), (0, 7)] {
            let sets: Vec<Vec<u64>> = (0..sets)
                .map(|_| {
                    let mut words: Vec<u64> =
                        (0..usize::div_ceil(rows, 64)).map(|_| rng.next_u64() & rng.next_u64()).collect();
                    if rows % 64 > 0 {
                        *words.last_mut().unwrap() &= (1 << (rows % 64)) - 1;
                    }
                    words
                })
                .collect();
            let sets: Vec<&[u64]> = sets.iter().map(Vec::as_slice).collect();
            let mut expected = Vec::new();
            for (at, one) in sets.iter().enumerate() {
                for other in &sets[at + 1..] {
                    expected.push(one.iter().zip(*other).map(|(a, b)| (a & b).count_ones()).sum::<u32>());
                }
            }
            assert_eq!(pairs(&sets), expected);
            let (found, counts) = memberships(&sets, rows);
            let width = sets.len().div_ceil(64).max(1);
            let mut naive: Vec<(Vec<u64>, u32)> = Vec::new();
            for row in 0..rows {
                let mut key = vec![0u64; width];
                for (at, set) in sets.iter().enumerate() {
                    key[at / 64] |= (set[row / 64] >> (row % 64) & 1) << (at % 64);
                }
                if sets.len() > 5 {
                    continue;
                }
                match naive.iter_mut().find(|(known, _)| *known == key) {
                    Some((_, count)) => *count += 1,
                    None => naive.push((key, 1)),
                }
            }
            assert_eq!(counts.iter().sum::<u32>() as usize, rows);
            if sets.len() <= 5 {
                assert_eq!(
                    (found, counts),
                    (
                        naive.iter().flat_map(|(key, _)| key.clone()).collect(),
                        naive.iter().map(|(_, count)| *count).collect()
                    )
                );
            } else {
                // Each set's rows are those of the memberships that name it.
                for (at, set) in sets.iter().enumerate() {
                    let named = found.chunks(width).zip(&counts).filter(|(key, _)| key[at / 64] >> (at % 64) & 1 == 1);
                    assert_eq!(named.map(|(_, &count)| count as usize).sum::<usize>(), count(set));
                }
            }
        }
    }

    #[test]
    fn bits_are_counted_as_one_by_one() {
        let mut rng = Rng::new(6);
        for length in [0, 1, 15, 16, 17, 48, 1_000] {
            let mut words: Vec<u64> = (0..length).map(|_| rng.next_u64() & rng.next_u64()).collect();
            assert_eq!(count(&words), words.iter().map(|word| word.count_ones() as usize).sum());
            words.fill(u64::MAX);
            assert_eq!(count(&words), 64 * length);
        }
    }

    #[test]
    fn few_rows_are_added_up_like_many() {
        let mut rng = Rng::new(4);
        for length in [1, 63, 64, 300, 512] {
            let values: Vec<f64> = (0..length).map(|_| (rng.unit() - 0.5) * 1e9).collect();
            let mut word = || rng.next_u64() & rng.next_u64() & rng.next_u64();
            let mut words: [u64; PIECE] = std::array::from_fn(|_| word());
            words[length / 64..].iter_mut().for_each(|word| *word = 0);
            let found = sums_of_piece(&[words, words, words, words], &values)[0];
            assert_eq!(sum_of_few(&words, &values).to_bits(), found.to_bits());
            assert!(length < 64 || found != 0.0);
        }
    }

    #[test]
    fn sums_are_of_the_set_rows() {
        let rows = 2 * BLOCK + 77;
        let values: Vec<f64> = (0..rows).map(|row| if row % 5 == 0 { f64::NAN } else { row as f64 * 0.1 }).collect();
        let words: Vec<u64> = (0..rows.div_ceil(64))
            .map(|at| (0..64).filter(|bit| at * 64 + bit < rows && (at * 64 + bit) % 3 == 0).map(|bit| 1 << bit).sum())
            .collect();
        let exact: f64 = (0..rows).filter(|row| row % 3 == 0 && row % 5 != 0).sum::<usize>() as f64 * 0.1;
        let valid: Vec<u64> = values
            .chunks(64)
            .map(|rows| rows.iter().enumerate().map(|(at, value)| u64::from(!value.is_nan()) << at).sum())
            .collect();
        let none = vec![0; words.len()];
        let found = sums(&[&words, &none, &words, &none, &words], &valid, &values);
        assert_eq!(found, [found[0], 0.0, found[0], 0.0, found[0]]);
        assert!((found[0] - exact).abs() <= exact * 1e-14);
        assert_eq!(count(&words), rows.div_ceil(3));
    }
}
