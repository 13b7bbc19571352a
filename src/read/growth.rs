//! How many different values will a whole column have? Told from its first rows.

/// How the different values of a column grow in number with its rows.
///
/// Values that come often are counted as they are. Whether the others come from a pool, or go on being new, the two halves of
/// the rows looked at tell, as two catches of fish tell how many there are: values that both have, among those that either
/// has (Lincoln and Petersen's estimate). Next to none in both is no pool: ids, or lines that are sorted by them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Growth {
    /// Rows looked at, and of those the ones with a value.
    rows: f64,
    present: f64,
    /// Values that come often; others in the first half, in the second, and in both.
    often: f64,
    halves: [f64; 2],
    both: f64,
    /// Bytes of a value on average.
    bytes: f64,
}

impl Growth {
    /// From how often each value stands in the first and the second half of the rows looked at, and the bytes of all values.
    pub fn of(uses: &[[u64; 2]], bytes: usize, rows: usize) -> Growth {
        /// A value that comes as often as this is no chance meeting.
        const OFTEN: u64 = 5;
        let present: u64 = uses.iter().flatten().sum();
        let mut growth = Growth { rows: rows as f64, present: present as f64, ..Growth::default() };
        for [first, second] in uses {
            match (first, second) {
                _ if first + second >= OFTEN => growth.often += 1.0,
                (1.., 1..) => growth.both += 1.0,
                (1.., _) => growth.halves[0] += 1.0,
                _ => growth.halves[1] += 1.0,
            }
        }
        growth.halves.iter_mut().for_each(|half| *half += growth.both);
        growth.bytes = bytes as f64 / uses.len().max(1) as f64;
        growth
    }

    /// Different values in so many rows.
    pub fn values(&self, rows: f64) -> f64 {
        /// Values in both halves up to which they may have met by chance, as at the seam between them.
        const CHANCE: f64 = 2.0;
        let cells = rows * self.present / self.rows.max(1.0);
        let half = (self.present / 2.0).max(1.0);
        let [first, second] = self.halves;
        let met = self.often + first + second - self.both;
        if cells <= self.present {
            return met.min(cells);
        }
        let others = if self.both <= CHANCE {
            (cells - self.present) * (second - self.both) / half + first + second - self.both
        } else {
            let pool = (first * second / self.both).max(first + second - self.both);
            pool * (1.0 - libm::pow(1.0 - first / pool, cells / half))
        };
        (self.often + others).clamp(met, cells.max(met))
    }

    /// Bytes of the values of so many rows.
    pub fn bytes(&self, rows: f64) -> f64 {
        self.values(rows) * self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::rng::Rng;
    use std::collections::BTreeMap;

    /// The estimate from the first rows against what all rows have.
    fn ratio(looked: usize, values: &[usize]) -> f64 {
        let mut uses: BTreeMap<usize, [u64; 2]> = BTreeMap::new();
        for (row, &value) in values[..looked].iter().enumerate() {
            uses.entry(value).or_default()[usize::from(row >= looked / 2)] += 1;
        }
        let all = values.iter().collect::<std::collections::BTreeSet<_>>().len();
        let uses: Vec<[u64; 2]> = uses.into_values().collect();
        Growth::of(&uses, 0, looked).values(values.len() as f64) / all as f64
    }

    #[test]
    fn ids_pools_and_sorted_lines_are_told_apart() {
        let mut rng = Rng::new(9);
        let rows = 400_000;
        let mut drawn = |pool| (0..rows).map(|_| rng.below(pool)).collect::<Vec<_>>();
        let (few, thousands, many) = (drawn(12), drawn(3_000), drawn(80_000));
        let ids: Vec<usize> = (0..rows).collect();
        let sorted: Vec<usize> = (0..rows).map(|row| row / 3).collect();
        let phrases: Vec<usize> = ids.iter().map(|&row| if row % 2 == 0 { row } else { rows + row % 7 }).collect();
        for (what, values) in [
            ("few", few),
            ("thousands", thousands),
            ("many", many),
            ("ids", ids),
            ("sorted", sorted),
            ("phrases", phrases),
        ] {
            let ratio = ratio(10_000, &values);
            assert!((0.85..1.15).contains(&ratio), "{what}: {ratio}");
        }
        assert_eq!(Growth::of(&[], 0, 100).values(1e6), 0.0);
    }
}
