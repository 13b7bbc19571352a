//! What do the rows of each group come to? Sums and counts in the order of the rows, and what needs the rows of a group in a row.
//!
//! Rows that count are bits, 64 a word, lowest row in the lowest bit; each of them has a group. What needs a group's rows one
//! behind the other takes them as [`Sorted`]. Nothing is allocated for a group: only for all of them.

use super::order;
use super::stats::Sum;

/// The rows of each group by day, then by row.
#[derive(Clone, Copy, Debug)]
pub struct Sorted<'a> {
    /// Where the entries of each group begin, and where those of the last end.
    pub starts: &'a [u32],
    /// The day (see [`day_key`]) in the upper half, the row in the lower one.
    pub entries: &'a [u64],
}

/// A day as the upper half of an entry, which orders as days do.
pub fn day_key(day: i32) -> u64 {
    u64::from(day as u32 ^ 1 << 31) << 32
}

/// The day of an entry.
pub fn day_of(entry: u64) -> i32 {
    (entry >> 32) as u32 as i32 ^ i32::MIN
}

/// The row of an entry.
pub fn row_of(entry: u64) -> usize {
    entry as u32 as usize
}

fn has(rows: &[u64], row: usize) -> bool {
    rows[row / 64] >> (row % 64) & 1 == 1
}

#[inline(always)]
fn each(rows: &[u64], mut visit: impl FnMut(usize)) {
    for (index, &word) in rows.iter().enumerate() {
        let mut rest = word;
        while rest != 0 {
            visit(index * 64 + rest.trailing_zeros() as usize);
            rest &= rest - 1;
        }
    }
}

/// Sorts rows by group and day; `groups[row]` at or above `count` means none. `days[row]` is one of the row's.
#[inline(never)]
pub fn sort(groups: &[u32], days: &[i32], count: usize) -> (Vec<u32>, Vec<u64>) {
    let mut starts = vec![0u32; count + 2];
    groups.iter().filter(|&&group| (group as usize) < count).for_each(|&group| starts[group as usize + 2] += 1);
    for at in 2..starts.len() {
        starts[at] += starts[at - 1];
    }
    let mut entries = vec![0u64; starts[count + 1] as usize];
    for (row, (&group, &day)) in groups.iter().zip(days).enumerate() {
        if (group as usize) < count {
            // While rows are put down, a group's beginning stands one place behind and runs up to its end.
            let place = &mut starts[group as usize + 1];
            entries[*place as usize] = day_key(day) | row as u64;
            *place += 1;
        }
    }
    starts.pop();
    for ends in starts.windows(2) {
        order::keys(&mut entries[ends[0] as usize..ends[1] as usize]);
    }
    (starts, entries)
}

/// How many rows that count each group has.
#[inline(never)]
pub fn counts(groups: &[u32], rows: &[u64], count: usize) -> Vec<f64> {
    let mut counts = vec![0u32; count];
    each(rows, |row| counts[groups[row] as usize] += 1);
    counts.into_iter().map(f64::from).collect()
}

/// The plain sum of each group's values, in the order of the rows; 0 for none.
#[inline(never)]
pub fn sums(groups: &[u32], rows: &[u64], values: &[f64], count: usize) -> Vec<f64> {
    let mut sums = vec![0.0; count];
    each(rows, |row| sums[groups[row] as usize] += values[row]);
    sums
}

/// The smallest key of each group; `u64::MAX` for none.
#[inline(never)]
pub fn smallest(groups: &[u32], rows: &[u64], keys: &[u64], count: usize) -> Vec<u64> {
    let mut smallest = vec![u64::MAX; count];
    each(rows, |row| {
        let known = &mut smallest[groups[row] as usize];
        *known = keys[row].min(*known);
    });
    smallest
}

/// Of the rows that count, the first with its number. Numbers are below `limit`.
#[inline(never)]
pub fn firsts(numbers: &[u32], rows: &[u64], limit: usize) -> Vec<u64> {
    let mut seen = vec![0u64; limit.div_ceil(64)];
    let mut first = vec![0u64; rows.len()];
    each(rows, |row| {
        let number = numbers[row] as usize;
        if !has(&seen, number) {
            seen[number / 64] |= 1 << (number % 64);
            first[row / 64] |= 1 << (row % 64);
        }
    });
    first
}

impl Sorted<'_> {
    /// Number of groups.
    fn count(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    fn group(&self, group: usize) -> &[u64] {
        &self.entries[self.starts[group] as usize..self.starts[group + 1] as usize]
    }

    /// A number for each pair of a group and a code that occurs; rows without a code (`u32::MAX`) get one each. Rows of no
    /// group get 0. With the number of numbers.
    #[inline(never)]
    pub fn number(&self, codes: &[u32]) -> (Vec<u32>, usize) {
        let mut numbers = vec![0; codes.len()];
        let (mut next, mut pairs) = (0, Vec::new());
        for group in 0..self.count() {
            pairs.clear();
            pairs.extend(
                self.group(group).iter().map(|&entry| u64::from(codes[row_of(entry)]) << 32 | entry & 0xffff_ffff),
            );
            order::keys(&mut pairs);
            let mut before = None;
            for &pair in &pairs {
                let code = pair >> 32;
                if before != Some(code) || code == u64::from(u32::MAX) {
                    next += 1;
                }
                before = Some(code);
                numbers[row_of(pair)] = next - 1;
            }
        }
        (numbers, next as usize)
    }

    /// How many different days the rows that count have, in each group. Every one of them has a day.
    #[inline(never)]
    pub fn days(&self, rows: &[u64]) -> Vec<f64> {
        let mut found = vec![0.0; self.count()];
        for (group, found) in found.iter_mut().enumerate() {
            let mut before = None;
            for &entry in self.group(group) {
                if before != Some(entry >> 32) && has(rows, row_of(entry)) {
                    before = Some(entry >> 32);
                    *found += 1.0;
                }
            }
        }
        found
    }

    /// How many different keys the rows that count have, in each group.
    #[inline(never)]
    pub fn distinct(&self, rows: &[u64], keys: &[u64]) -> Vec<f64> {
        let mut found = vec![0.0; self.count()];
        self.runs(rows, keys, &mut |group, _, _| found[group] += 1.0);
        found
    }

    /// The key that most rows have, of several the smallest; `u64::MAX` for none.
    #[inline(never)]
    pub fn most_frequent(&self, rows: &[u64], keys: &[u64]) -> Vec<u64> {
        let mut found = vec![(u64::MAX, 0); self.count()];
        self.runs(rows, keys, &mut |group, key, times| {
            if times > found[group].1 {
                found[group] = (key, times);
            }
        });
        found.into_iter().map(|(key, _)| key).collect()
    }

    /// Visits each group's different keys, rising, with how often they occur.
    #[inline(never)]
    pub fn runs(&self, rows: &[u64], keys: &[u64], visit: &mut dyn FnMut(usize, u64, usize)) {
        let mut scratch = Vec::new();
        for group in 0..self.count() {
            scratch.clear();
            scratch.extend(
                self.group(group).iter().map(|&entry| row_of(entry)).filter(|&row| has(rows, row)).map(|row| keys[row]),
            );
            order::keys(&mut scratch);
            for run in scratch.chunk_by(|a, b| a == b) {
                visit(group, run[0], run.len());
            }
        }
    }

    /// The n-th key of each group (from 1), by day and on one day by key; `u64::MAX` where there are fewer.
    #[inline(never)]
    pub fn nth(&self, rows: &[u64], keys: &[u64], n: usize) -> Vec<u64> {
        let mut found = vec![u64::MAX; self.count()];
        let mut scratch = Vec::new();
        for (group, found) in found.iter_mut().enumerate() {
            let mut passed = 0;
            for day in self.group(group).chunk_by(|a, b| a >> 32 == b >> 32) {
                scratch.clear();
                scratch
                    .extend(day.iter().map(|&entry| row_of(entry)).filter(|&row| has(rows, row)).map(|row| keys[row]));
                if passed + scratch.len() >= n {
                    *found = order::nth(&mut scratch, n - passed - 1);
                    break;
                }
                passed += scratch.len();
            }
        }
        found
    }

    /// The greatest key of each group's last day; `u64::MAX` for none.
    #[inline(never)]
    pub fn last(&self, rows: &[u64], keys: &[u64]) -> Vec<u64> {
        let mut found = vec![u64::MAX; self.count()];
        for (group, found) in found.iter_mut().enumerate() {
            let mut last = None;
            for &entry in self.group(group).iter().rev() {
                let (day, row) = (entry >> 32, row_of(entry));
                if last.is_some_and(|(known, _)| known != day) {
                    break;
                }
                if has(rows, row) {
                    last = Some((day, last.map_or(keys[row], |(_, key): (u64, u64)| key.max(keys[row]))));
                }
            }
            *found = last.map_or(u64::MAX, |(_, key)| key);
        }
        found
    }

    /// The greatest total over spans of so many days in a row that begin with the day of a row that counts; 0 for none.
    #[inline(never)]
    pub fn greatest_span(&self, rows: &[u64], length: u32, of: Spanned) -> Vec<f64> {
        let mut found = vec![0.0; self.count()];
        let numbers = if let Spanned::Numbers(_, limit) = of { limit } else { 0 };
        let mut inside = vec![0u32; numbers];
        let mut entries: Vec<u64> = Vec::new();
        for (group, found) in found.iter_mut().enumerate() {
            entries.clear();
            entries.extend(self.group(group).iter().filter(|&&entry| has(rows, row_of(entry))));
            let (mut left, mut right, mut best) = (0, 0, f64::NEG_INFINITY);
            let (mut sum, mut different) = (Sum::default(), 0u32);
            while left < entries.len() {
                let first = day_of(entries[left]);
                while right < entries.len() && i64::from(day_of(entries[right])) < i64::from(first) + i64::from(length)
                {
                    let row = row_of(entries[right]);
                    match of {
                        Spanned::Rows => {}
                        Spanned::Days => {
                            different += u32::from(right == 0 || day_of(entries[right - 1]) != day_of(entries[right]))
                        }
                        Spanned::Sums(values) => sum.add(values[row]),
                        Spanned::Numbers(numbers, _) => {
                            let times = &mut inside[numbers[row] as usize];
                            different += u32::from(*times == 0);
                            *times += 1;
                        }
                    }
                    right += 1;
                }
                best = best.max(match of {
                    Spanned::Rows => (right - left) as f64,
                    Spanned::Sums(_) => sum.value(),
                    Spanned::Days | Spanned::Numbers(..) => f64::from(different),
                });
                different -= u32::from(matches!(of, Spanned::Days));
                while left < entries.len() && day_of(entries[left]) == first {
                    let row = row_of(entries[left]);
                    match of {
                        Spanned::Rows | Spanned::Days => {}
                        Spanned::Sums(values) => sum.add(-values[row]),
                        Spanned::Numbers(numbers, _) => {
                            let times = &mut inside[numbers[row] as usize];
                            *times -= 1;
                            different -= u32::from(*times == 0);
                        }
                    }
                    left += 1;
                }
            }
            if best > f64::NEG_INFINITY {
                *found = best;
            }
        }
        found
    }

    /// The groups in which a row of `first` has a row of `second` on a later day, no later than `until` says of its own; or, of
    /// `absent`, in which one has none and its time was over on the day given. With `same`, only rows of equal keys belong
    /// together, and those with the key `u64::MAX` to nobody. Every row that counts has a day. Groups come as bits.
    #[inline(never)]
    pub fn followed(
        &self,
        [first, second]: [&[u64]; 2],
        until: &dyn Fn(i32) -> i32,
        absent: Option<i32>,
        same: Option<&[u64]>,
    ) -> Vec<u64> {
        let mut found = vec![0; self.count().div_ceil(64)];
        let mut rows: Vec<(u64, u32)> = Vec::new();
        for group in 0..self.count() {
            let entries = self.group(group);
            rows.clear();
            for (at, row) in entries.iter().map(|&entry| row_of(entry)).enumerate() {
                if has(first, row) || has(second, row) {
                    rows.push((same.map_or(0, |keys| keys[row]), at as u32));
                }
            }
            if same.is_some() {
                order::pairs(&mut rows);
            }
            let is_found = rows.chunk_by(|a, b| a.0 == b.0).any(|run| {
                // From the latest day back: the next row of `second` on a later day, and the one on the day at hand.
                let (mut next, mut today) = (None, None);
                let mut day = None;
                run.iter().rev().any(|&(key, at)| {
                    let entry = entries[at as usize];
                    if day != Some(day_of(entry)) {
                        next = today.or(next);
                        (day, today) = (Some(day_of(entry)), None);
                    }
                    let row = row_of(entry);
                    if has(second, row) && (same.is_none() || key != u64::MAX) {
                        today = day;
                    }
                    has(first, row) && {
                        let end = until(day_of(entry));
                        match absent {
                            None => next.is_some_and(|next| next <= end),
                            Some(reference) => end <= reference && next.is_none_or(|next| next > end),
                        }
                    }
                })
            });
            found[group / 64] |= u64::from(is_found) << (group % 64);
        }
        found
    }
}

/// What is totalled over a span of days.
#[derive(Clone, Copy, Debug)]
pub enum Spanned<'a> {
    /// The rows.
    Rows,
    /// Their different days.
    Days,
    /// Their different numbers, all below the limit.
    Numbers(&'a [u32], usize),
    /// Their values, compensated: what leaves a span leaves nothing behind.
    Sums(&'a [f64]),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bits(rows: &[usize], count: usize) -> Vec<u64> {
        let mut words = vec![0; count.div_ceil(64)];
        rows.iter().for_each(|row| words[row / 64] |= 1 << (row % 64));
        words
    }

    #[test]
    fn rows_are_sorted_by_group_and_day() {
        let groups = [1, 0, 1, u32::MAX, 1];
        let (starts, entries) = sort(&groups, &[5, -3, i32::MIN, 1, 5], 3);
        assert_eq!(starts, [0, 1, 4, 4]);
        let rows: Vec<usize> = entries.iter().map(|&entry| row_of(entry)).collect();
        assert_eq!(rows, [1, 2, 0, 4]);
        assert_eq!(entries.iter().map(|&entry| day_of(entry)).collect::<Vec<_>>(), [-3, i32::MIN, 5, 5]);
    }

    #[test]
    fn groups_by_hand() {
        //        row: 0  1  2  3  4  5
        let groups = [0, 0, 0, 1, 0, 0];
        let days = [10, 12, 10, 11, 30, 31];
        let keys = [7, 9, 3, 5, 9, 1];
        let (starts, entries) = sort(&groups, &days, 3);
        let sorted = Sorted { starts: &starts, entries: &entries };
        let all = bits(&[0, 1, 2, 3, 4, 5], 6);
        assert_eq!(counts(&groups, &all, 3), [5.0, 1.0, 0.0]);
        assert_eq!(smallest(&groups, &all, &keys, 3), [1, 5, u64::MAX]);
        assert_eq!(sorted.days(&all), [4.0, 1.0, 0.0]);
        assert_eq!(sorted.distinct(&all, &keys), [4.0, 1.0, 0.0]);
        assert_eq!(sorted.most_frequent(&all, &keys), [9, 5, u64::MAX]);
        assert_eq!(sorted.nth(&all, &keys, 1), [3, 5, u64::MAX]);
        assert_eq!(sorted.nth(&all, &keys, 2), [7, u64::MAX, u64::MAX]);
        assert_eq!(sorted.nth(&all, &keys, 5), [1, u64::MAX, u64::MAX]);
        assert_eq!(sorted.last(&bits(&[0, 2, 3], 6), &keys), [7, 5, u64::MAX]);
        // Rows 0 and 1 are one number, 2 has none, nor has 4.
        let (numbers, limit) = sorted.number(&[4, 4, u32::MAX, 4, u32::MAX, 8]);
        assert_eq!((limit, numbers[0] == numbers[1]), (5, true));
        assert_eq!(counts(&groups, &firsts(&numbers, &all, limit), 3), [4.0, 1.0, 0.0]);
    }

    #[test]
    fn a_row_is_followed_by_one_of_a_later_day() {
        //        row: 0  1  2  3  4
        let groups = [0, 0, 1, 1, 2];
        let (starts, entries) = sort(&groups, &[10, 10, 10, 17, 10], 3);
        let sorted = Sorted { starts: &starts, entries: &entries };
        let (first, all) = (bits(&[0, 2, 4], 5), bits(&[0, 1, 2, 3, 4], 5));
        let week = |day: i32| day + 7;
        let found = |absent, same| sorted.followed([&first, &all], &week, absent, same)[0];
        assert_eq!(found(None, None), 0b010);
        assert_eq!(found(Some(17), None), 0b101);
        assert_eq!(found(Some(16), None), 0);
        assert_eq!(found(None, Some(&[1, 1, 1, 1, 1])), 0b010);
        assert_eq!(found(None, Some(&[1, 1, 1, 2, 1])), 0);
        const NONE: u64 = u64::MAX;
        assert_eq!(found(None, Some(&[NONE; 5])), 0);
        assert_eq!(found(Some(17), Some(&[NONE; 5])), 0b111);
    }

    #[test]
    fn the_greatest_span_begins_with_a_row() {
        let (starts, entries) = sort(&[0, 0, 0, 0], &[1, 3, 10, 10], 2);
        let sorted = Sorted { starts: &starts, entries: &entries };
        let all = bits(&[0, 1, 2, 3], 4);
        assert_eq!(sorted.greatest_span(&all, 3, Spanned::Rows), [2.0, 0.0]);
        assert_eq!(sorted.greatest_span(&all, 10, Spanned::Rows), [4.0, 0.0]);
        assert_eq!(sorted.greatest_span(&all, 9, Spanned::Days), [2.0, 0.0]);
        assert_eq!(sorted.greatest_span(&all, 10, Spanned::Days), [3.0, 0.0]);
        assert_eq!(sorted.greatest_span(&all, 3, Spanned::Numbers(&[5, 5, 2, 2], 6)), [1.0, 0.0]);
        // The span of three days from day 1 has both; none has the 5 alone.
        assert_eq!(sorted.greatest_span(&all, 3, Spanned::Sums(&[5.0, -10.0, -20.0, -2.0])), [-5.0, 0.0]);
        assert_eq!(sorted.greatest_span(&all, 1, Spanned::Sums(&[0.1, 0.2, 0.3, 0.3])), [0.6, 0.0]);
    }
}
