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

    /// Visits each group with the entries of its rows that count, by day, and what these rows have in `of`.
    ///
    /// What rows have is fetched for many groups at a time: rows of a group lie anywhere, and the ways to memory overlap.
    #[inline(always)]
    fn each<T: Copy>(&self, rows: &[u64], of: &[T], mut visit: impl FnMut(usize, &[u64], &mut [T])) {
        let (mut entries, mut values, mut ends) = (Vec::new(), Vec::new(), Vec::new());
        let mut first = 0;
        while first < self.count() {
            entries.clear();
            values.clear();
            ends.clear();
            while entries.len() < FETCHED && first + ends.len() < self.count() {
                let group = self.group(first + ends.len()).iter();
                entries.extend(group.filter(|&&entry| has(rows, row_of(entry))));
                ends.push(entries.len());
            }
            values.extend(entries.iter().map(|&entry| of[row_of(entry)]));
            let mut start = 0;
            for (at, &end) in ends.iter().enumerate() {
                visit(first + at, &entries[start..end], &mut values[start..end]);
                start = end;
            }
            first += ends.len();
        }
    }

    /// How many different keys the rows that count have, in each group.
    #[inline(never)]
    pub fn distinct(&self, rows: &[u64], keys: &[u64]) -> Vec<f64> {
        let mut found = vec![0.0; self.count()];
        self.each(rows, keys, |group, _, keys| {
            order::keys(keys);
            found[group] = keys.chunk_by(|a, b| a == b).count() as f64;
        });
        found
    }

    /// The key that most rows have, of several the smallest; `u64::MAX` for none.
    #[inline(never)]
    pub fn most_frequent(&self, rows: &[u64], keys: &[u64]) -> Vec<u64> {
        let mut found = vec![u64::MAX; self.count()];
        self.each(rows, keys, |group, _, keys| {
            order::keys(keys);
            let mut most = 0;
            for run in keys.chunk_by(|a, b| a == b) {
                if run.len() > most {
                    (most, found[group]) = (run.len(), run[0]);
                }
            }
        });
        found
    }

    /// The n-th key of each group (from 1), by day and on one day by key; `u64::MAX` where there are fewer.
    #[inline(never)]
    pub fn nth(&self, rows: &[u64], keys: &[u64], n: usize) -> Vec<u64> {
        let mut found = vec![u64::MAX; self.count()];
        self.each(rows, keys, |group, entries, keys| {
            let Some(&nth) = entries.get(n - 1) else { return };
            // The day that has it, and its place among the rows of that day.
            let from = entries.partition_point(|entry| entry >> 32 < nth >> 32);
            let to = entries.partition_point(|entry| entry >> 32 <= nth >> 32);
            found[group] = order::nth(&mut keys[from..to], n - 1 - from);
        });
        found
    }

    /// The greatest key of each group's last day; `u64::MAX` for none.
    #[inline(never)]
    pub fn last(&self, rows: &[u64], keys: &[u64]) -> Vec<u64> {
        let mut found = vec![u64::MAX; self.count()];
        self.each(rows, keys, |group, entries, keys| {
            let Some(&last) = entries.last() else { return };
            let from = entries.partition_point(|entry| entry >> 32 < last >> 32);
            found[group] = keys[from..].iter().copied().max().unwrap_or(u64::MAX);
        });
        found
    }

    /// The greatest total over spans of so many days in a row that begin with the day of a row that counts; 0 for none.
    #[inline(never)]
    pub fn greatest_span(&self, rows: &[u64], length: u32, of: Spanned) -> Vec<f64> {
        let mut found = vec![0.0; self.count()];
        // It takes no room: nothing is fetched where rows or days are counted.
        let nothing = vec![(); rows.len() * 64];
        match of {
            Spanned::Rows => {
                self.each(rows, &nothing, |group, entries, _| found[group] = greatest(entries, length, |_| 1.0))
            }
            Spanned::Days => self.each(rows, &nothing, |group, entries, _| {
                let first_of_day = |at: usize| at == 0 || entries[at] >> 32 != entries[at - 1] >> 32;
                found[group] = greatest(entries, length, |at| if first_of_day(at) { 1.0 } else { 0.0 });
            }),
            Spanned::Sums(values) => self.each(rows, values, |group, entries, values| {
                found[group] = greatest(entries, length, |at| values[at]);
            }),
            Spanned::Numbers(numbers, limit) => {
                let mut times = vec![0u32; limit];
                self.each(rows, numbers, |group, entries, numbers| {
                    found[group] = most_different(entries, length, numbers, &mut times);
                });
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
        let either: Vec<u64> = first.iter().zip(second).map(|(first, second)| first | second).collect();
        // From the latest day back: the next row of `second` on a later day, and the one on the day at hand.
        let is_found = |entries: &mut dyn Iterator<Item = (u64, bool)>| {
            let (mut next, mut today, mut day) = (None, None, None);
            for (entry, is_followed) in entries {
                if day != Some(day_of(entry)) {
                    next = today.or(next);
                    (day, today) = (Some(day_of(entry)), None);
                }
                if is_followed && has(second, row_of(entry)) {
                    today = day;
                }
                if has(first, row_of(entry)) {
                    let end = until(day_of(entry));
                    let follows = next.is_some_and(|next| next <= end);
                    if absent.map_or(follows, |reference| end <= reference && !follows) {
                        return true;
                    }
                }
            }
            false
        };
        let mut note = |group: usize, yes: bool| found[group / 64] |= u64::from(yes) << (group % 64);
        match same {
            None => self.each(&either, &vec![(); either.len() * 64], |group, entries, _| {
                note(group, is_found(&mut entries.iter().rev().map(|&entry| (entry, true))));
            }),
            Some(keys) => {
                let mut pairs: Vec<(u64, u32)> = Vec::new();
                self.each(&either, keys, |group, entries, keys| {
                    pairs.clear();
                    pairs.extend(keys.iter().enumerate().map(|(at, &key)| (key, at as u32)));
                    order::pairs(&mut pairs);
                    let mut runs = pairs.chunk_by(|a, b| a.0 == b.0);
                    let by_key = |run: &[(u64, u32)]| {
                        is_found(&mut run.iter().rev().map(|&(key, at)| (entries[at as usize], key != u64::MAX)))
                    };
                    note(group, runs.any(by_key));
                });
            }
        }
        found
    }
}

/// Groups' rows that are fetched in one go.
const FETCHED: usize = 4_096;

/// The greatest sum over spans of so many days that begin with the day of an entry; 0 without entries.
#[inline(always)]
fn greatest(entries: &[u64], length: u32, weight: impl Fn(usize) -> f64) -> f64 {
    let (mut left, mut right, mut best, mut sum) = (0, 0, f64::NEG_INFINITY, Sum::default());
    while left < entries.len() {
        let first = day_of(entries[left]);
        while right < entries.len() && is_within(entries[right], first, length) {
            sum.add(weight(right));
            right += 1;
        }
        best = best.max(sum.value());
        while left < entries.len() && day_of(entries[left]) == first {
            sum.add(-weight(left));
            left += 1;
        }
    }
    if entries.is_empty() { 0.0 } else { best }
}

/// The same with how many different numbers there are; `times` has a 0 for each number, and gets it back.
fn most_different(entries: &[u64], length: u32, numbers: &[u32], times: &mut [u32]) -> f64 {
    let (mut left, mut right, mut best, mut different) = (0, 0, 0u32, 0u32);
    while left < entries.len() {
        let first = day_of(entries[left]);
        while right < entries.len() && is_within(entries[right], first, length) {
            let times = &mut times[numbers[right] as usize];
            different += u32::from(*times == 0);
            *times += 1;
            right += 1;
        }
        best = best.max(different);
        while left < entries.len() && day_of(entries[left]) == first {
            let times = &mut times[numbers[left] as usize];
            *times -= 1;
            different -= u32::from(*times == 0);
            left += 1;
        }
    }
    f64::from(best)
}

fn is_within(entry: u64, first: i32, length: u32) -> bool {
    i64::from(day_of(entry)) < i64::from(first) + i64::from(length)
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
