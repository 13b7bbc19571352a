//! What do sets of rows come to, and which rows are below an amount, where the amounts are whole cents? Counted instead of added
//! and found bit by bit, from a bit-sliced index.
//!
//! Each amount is a whole number of the smallest unit above the least of all. The highest bit of 64 rows' amounts is a word,
//! their next bit another, and so on: the sum of a set's rows is what each bit is worth, times how many rows of the set have
//! it (O'Neil and Quass, “Improved query performance with variant indexes”, SIGMOD 1997). So a sum is exact whatever the
//! order, and reads about a quarter of the bytes.

use super::extent::extent_of_numbers;
use super::masks::Order;
use super::tally::{count, count_both};
use wide::{u8x16, u64x2};

/// Amounts of all rows as bits.
#[derive(Clone, Debug)]
pub struct Slices {
    /// For every stretch of rows its bits, the highest first. Rows without an amount have none.
    planes: Vec<[u64; STRETCH]>,
    bits: usize,
    /// The least amount, in units.
    least: i64,
    /// So many units are one.
    unit: f64,
    /// Whether every amount is the number nearest to its units, without noise.
    exact: bool,
}

/// Words of 64 rows in a stretch: its bits, 2 kB each, stay near the processor.
const STRETCH: usize = 256;
/// Units that are tried: ones, hundredths, ten-thousandths.
pub(crate) const UNITS: [f64; 3] = [1.0, 100.0, 10_000.0];
/// The most units: of more, a part of [`NOISE`] would be more than a few hundredths of one.
const LARGEST: f64 = (1u64 << 44) as f64;
/// More bits cost more than adding.
const MOST_BITS: u32 = 40;
/// How far an amount may be from its whole number of units, as a part of it: what a few additions in floating point leave.
const NOISE: f64 = 1.0 / (1u64 << 50) as f64;

/// The nearest whole number, of numbers up to 2⁵¹; of two the even one.
#[inline(always)]
pub(crate) fn whole(number: f64) -> f64 {
    const SHIFT: f64 = 3.0 * (1u64 << 51) as f64;
    (number + SHIFT) - SHIFT
}

/// Whether an amount is the number nearest to a whole number of units; what is missing is.
#[inline(always)]
pub(crate) fn is_exact(value: f64, unit: f64) -> bool {
    value.is_nan() | (whole(value * unit) / unit == value)
}

impl Slices {
    /// The slices of some amounts, NaN where there is none. Nothing where they are no whole numbers of a unit, or so far apart
    /// that adding is quicker.
    #[inline(never)]
    pub fn of(values: &[f64]) -> Option<Slices> {
        let unit = UNITS.into_iter().find(|&unit| are_whole(values, unit))?;
        let (least, most) = extent_of_numbers(values)?;
        let (least, most) = (whole(least * unit), whole(most * unit));
        let bits = u64::BITS - ((most - least) as u64).leading_zeros();
        if bits > MOST_BITS {
            return None;
        }
        let bits = bits as usize;
        let planes = vec![[0; STRETCH]; values.len().div_ceil(64 * STRETCH) * bits];
        let exact = values.iter().fold(true, |all, &value| all & is_exact(value, unit));
        let mut slices = Slices { planes, bits, least: least as i64, unit, exact };
        values.chunks(64).enumerate().for_each(|(at, rows)| slices.put(at, rows));
        Some(slices)
    }

    /// Puts down up to 64 rows, the word `at` of all.
    #[inline(always)]
    fn put(&mut self, at: usize, rows: &[f64]) {
        // Added to this, a smaller whole number is what its last bits say.
        const SHIFT: f64 = (1u64 << 52) as f64;
        let mut above = [0; 64];
        let least = self.least as f64;
        for (above, &value) in above.iter_mut().zip(rows) {
            let units = (value * self.unit - least + SHIFT).to_bits() ^ SHIFT.to_bits();
            *above = if value.is_nan() { 0 } else { units };
        }
        // The lowest bytes of all rows, then the next ones.
        let mut bytes = [[0u8; 64]; MOST_BITS.div_ceil(8) as usize];
        for (at, bytes) in bytes[..self.bits.div_ceil(8)].iter_mut().enumerate() {
            bytes.iter_mut().zip(&above).for_each(|(byte, above)| *byte = (above >> (8 * at)) as u8);
        }
        let planes = &mut self.planes[at / STRETCH * self.bits..][..self.bits];
        for (planes, bytes) in planes.rchunks_mut(8).zip(&bytes) {
            let mut lanes: [u8x16; 4] = std::array::from_fn(|lane| u8x16::new(bytes.as_chunks::<16>().0[lane]));
            for bit in (0..8).rev() {
                if let Some(plane) = planes.len().checked_sub(bit + 1) {
                    planes[plane][at % STRETCH] =
                        lanes.iter().rev().fold(0, |word, lane| word << 16 | u64::from(lane.to_bitmask()));
                }
                lanes = lanes.map(|lane| lane + lane);
            }
        }
    }

    /// A bit for each of so many rows whose amount compares so, exactly as the numbers themselves do; rows without an amount get
    /// some bit. Nothing where amounts have noise about their units.
    #[inline(never)]
    pub fn compared(&self, order: Order, than: f64, rows: usize) -> Option<Vec<u64>> {
        if !self.exact || than.is_nan() {
            return None;
        }
        let words = rows.div_ceil(64);
        let below = self.below(self.first(|amount| amount >= than), words);
        Some(match order {
            Order::Less => below,
            Order::AtMost => self.below(self.first(|amount| amount > than), words),
            Order::Equal => {
                let mut equal = self.below(self.first(|amount| amount > than), words);
                equal.iter_mut().zip(below).for_each(|(equal, below)| *equal &= !below);
                equal
            }
        })
    }

    /// The first units above the least for which a test holds that then holds of all greater amounts; one past what the bits
    /// can say where there are none.
    fn first(&self, holds: impl Fn(f64) -> bool) -> u64 {
        let (mut from, mut to) = (0, 1 << self.bits);
        while from < to {
            let middle = (from + to) / 2;
            if holds((self.least + middle as i64) as f64 / self.unit) { to = middle } else { from = middle + 1 }
        }
        from
    }

    /// The rows with fewer units above the least.
    fn below(&self, limit: u64, words: usize) -> Vec<u64> {
        if limit >> self.bits > 0 {
            return vec![u64::MAX; words];
        }
        if self.bits == 0 {
            return vec![0; words];
        }
        let mut found = vec![0; self.planes.len() / self.bits * STRETCH];
        let bits: Vec<u64x2> =
            (0..self.bits).rev().map(|bit| u64x2::splat(u64::from(limit >> bit & 1 == 1).wrapping_neg())).collect();
        for (planes, found) in self.planes.chunks(self.bits).zip(found.as_chunks_mut::<STRETCH>().0) {
            for (at, found) in found.as_chunks_mut::<8>().0.iter_mut().enumerate() {
                let mut below = [u64x2::splat(0); 4];
                // From the lowest bit on: a higher one decides anew, and where it is the same leaves it as it is.
                for (plane, &bit) in planes.iter().zip(&bits).rev() {
                    let rows = plane.as_chunks::<8>().0[at].as_chunks::<2>().0;
                    for (below, &rows) in below.iter_mut().zip(rows) {
                        let zeros = !u64x2::new(rows);
                        *below = (*below & bit) | (zeros & (*below | bit));
                    }
                }
                found.as_chunks_mut::<2>().0.iter_mut().zip(below).for_each(|(found, below)| *found = below.to_array());
            }
        }
        found.truncate(words);
        found
    }

    /// What the amounts of each set's rows come to; `valid` are the rows that have one.
    #[inline(never)]
    pub fn sums(&self, sets: &[&[u64]], valid: &[u64]) -> Vec<f64> {
        let mut found = vec![0i128; sets.len()];
        // All sets are asked of a stretch while its slices are near the processor.
        for (stretch, valid) in valid.chunks(STRETCH).enumerate() {
            let planes = &self.planes[stretch * self.bits..(stretch + 1) * self.bits];
            for (set, found) in sets.iter().zip(&mut found) {
                let mut rows = [0; STRETCH];
                let set = &set[stretch * STRETCH..];
                rows.iter_mut().zip(set.iter().zip(valid)).for_each(|(rows, (set, valid))| *rows = set & valid);
                let count = count(&rows);
                if count > 0 {
                    let above = planes.iter().fold(0, |above, plane| 2 * above + count_both(plane, &rows) as i64);
                    *found += i128::from(above) + i128::from(self.least) * count as i128;
                }
            }
        }
        found.into_iter().map(|units| units as f64 / self.unit).collect()
    }
}

/// Whether all amounts are whole numbers of a unit.
#[inline(always)]
fn are_whole(values: &[f64], unit: f64) -> bool {
    // What is missing compares with nothing, so that it is not broken.
    let is_broken = |&value: &f64| {
        let units = value * unit;
        ((units - whole(units)).abs() > units.abs() * NOISE) | (units.abs() > LARGEST)
    };
    // Most that are not show it soon.
    !values.chunks(1_024).any(|values| values.iter().fold(false, |any, value| any | is_broken(value)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;
    use crate::stats::sum;

    /// Words of rows.
    fn set(rows: usize, test: impl Fn(usize) -> bool) -> Vec<u64> {
        (0..rows.div_ceil(64))
            .map(|at| (0..64).filter(|bit| at * 64 + bit < rows && test(at * 64 + bit)).map(|bit| 1 << bit).sum())
            .collect()
    }

    #[test]
    fn sums_are_those_of_adding() {
        let mut rng = Rng::new(2);
        for rows in [1, 63, 64, 65, 1_000] {
            for (unit, spread) in [(1.0, 1.0), (1.0, 300.0), (100.0, 200_000.0), (10_000.0, 5e10)] {
                let values: Vec<f64> = (0..rows)
                    .map(|_| if rng.unit() < 0.1 { f64::NAN } else { ((rng.unit() - 0.3) * spread).round() / unit })
                    .collect();
                let valid = set(rows, |row| !values[row].is_nan());
                let sets = [
                    set(rows, |_| true),
                    set(rows, |row| row % 3 == 1),
                    set(rows, |_| false),
                    set(rows, |row| row < 70),
                ];
                let Some(slices) = Slices::of(&values) else {
                    assert!(values.iter().all(|value| value.is_nan()));
                    continue;
                };
                let sums = slices.sums(&sets.each_ref().map(Vec::as_slice), &valid);
                for (set, found) in sets.iter().zip(sums) {
                    let added = sum((0..rows)
                        .filter(|row| set[row / 64] >> (row % 64) & 1 == 1 && !values[*row].is_nan())
                        .map(|row| values[row]));
                    assert!((found - added).abs() <= 1e-9 * added.abs().max(1e-9), "{found} {added}");
                    // Exact to the unit, whatever adding made of it.
                    assert_eq!(found, (added * unit).round() / unit);
                }
            }
        }
    }

    #[test]
    fn amounts_compare_as_their_numbers_do() {
        let mut rng = Rng::new(4);
        for rows in [1, 64, 65, 17_000] {
            for (unit, spread) in [(1.0, 0.0), (1.0, 30.0), (100.0, 200_000.0), (10_000.0, 5e10)] {
                let values: Vec<f64> = (0..rows)
                    .map(|_| if rng.unit() < 0.1 { f64::NAN } else { ((rng.unit() - 0.3) * spread).round() / unit })
                    .collect();
                let Some(slices) = Slices::of(&values) else { continue };
                let one = *values.iter().find(|value| !value.is_nan()).unwrap();
                let around = [one, one.next_up(), one.next_down(), one + 0.5 / unit];
                let far = [0.0, -0.0, -1e300, 1e300, f64::INFINITY, f64::NEG_INFINITY, spread, -spread];
                for than in around.into_iter().chain(far) {
                    for order in [Order::Equal, Order::Less, Order::AtMost] {
                        let found = slices.compared(order, than, rows).unwrap();
                        let expected = crate::masks::numbers(&values, order, than);
                        for row in (0..rows).filter(|row| !values[*row].is_nan()) {
                            let bit = |words: &[u64]| words[row / 64] >> (row % 64) & 1;
                            assert_eq!(bit(&found), bit(&expected), "{} {order:?} {than}", values[row]);
                        }
                    }
                }
                assert_eq!(slices.compared(Order::Less, f64::NAN, rows), None);
            }
        }
        // Three tenths by adding are more than three tenths; the slices do not see it, and say so.
        let noisy = Slices::of(&[0.1 + 0.2, 0.3]).unwrap();
        assert_eq!(noisy.compared(Order::AtMost, 0.3, 2), None);
    }

    #[test]
    fn what_is_no_decimal_has_no_slices() {
        assert!(Slices::of(&[1.0, 1.0 / 3.0]).is_none());
        assert!(Slices::of(&[0.00001]).is_none());
        assert!(Slices::of(&[0.0, 2e12]).is_none());
        assert!(Slices::of(&[1e300]).is_none());
        assert!(Slices::of(&[1e15 + 0.5]).is_none());
        assert!(Slices::of(&[]).is_none());
        assert!(Slices::of(&[f64::NAN]).is_none());
        // What adding in floating point leaves of three tenths.
        let slices = Slices::of(&[0.1 + 0.2, -5.0]).unwrap();
        assert_eq!(slices.sums(&[&[1], &[3]], &[3]), [0.3, -4.7]);
        // One amount for all takes no bits.
        assert_eq!(Slices::of(&[-2.5, -2.5]).unwrap().sums(&[&[3]], &[3]), [-5.0]);
    }
}
