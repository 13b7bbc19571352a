//! What do sets of rows come to, where the amounts are whole cents? Counted instead of added, from a bit-sliced index.
//!
//! Each amount is a whole number of the smallest unit above the least of all. The highest bit of 64 rows' amounts is a word,
//! their next bit another, and so on: the sum of a set's rows is what each bit is worth, times how many rows of the set have
//! it (O'Neil and Quass, “Improved query performance with variant indexes”, SIGMOD 1997). So a sum is exact whatever the
//! order, and reads about a quarter of the bytes.

use super::extent::extent_of_numbers;
use super::tally::{count, count_both};
use wide::u8x16;

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
}

/// Words of 64 rows in a stretch: its bits, 2 kB each, stay near the processor.
const STRETCH: usize = 256;
/// Units that are tried: ones, hundredths, ten-thousandths.
const UNITS: [f64; 3] = [1.0, 100.0, 10_000.0];
/// The most units: of more, a part of [`NOISE`] would be more than a few hundredths of one.
const LARGEST: f64 = (1u64 << 44) as f64;
/// More bits cost more than adding.
const MOST_BITS: u32 = 40;
/// How far an amount may be from its whole number of units, as a part of it: what a few additions in floating point leave.
const NOISE: f64 = 1.0 / (1u64 << 50) as f64;

/// The nearest whole number, of numbers up to 2⁵¹; of two the even one.
#[inline(always)]
fn whole(number: f64) -> f64 {
    const SHIFT: f64 = 3.0 * (1u64 << 51) as f64;
    (number + SHIFT) - SHIFT
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
        let mut slices = Slices { planes, bits, least: least as i64, unit };
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
