//! What do the rows of each owner come to? One small record an owner, filled row by row.

use super::order;
use super::stats::Sum;
use std::ops::Range;

/// Lines that are looked at together.
const CHUNK: usize = 256;

/// The day that stands for a missing one: before all others.
pub const NO_DAY: i32 = i32::MIN;

/// Parts a unit of money may be divided into, at most, for sums to be exact.
const FINEST: f64 = 10_000.0;
/// Whole numbers up to here are exact, and so are their sums.
const LARGEST_TOTAL: f64 = 9e15;

/// Days up to the reference that have a place of their own in a [`Record`]: 179 years.
const PLACES: i32 = u16::MAX as i32 - 1;

/// What is known of one owner, in 16 bytes: adding lines is looking up owners, and takes as long as their records are far apart.
#[derive(Clone, Copy, Debug)]
struct Record {
    /// Money in whole parts of the unit, where sums are exact.
    sum: f64,
    /// Rows, or whatever else is counted.
    orders: u32,
    /// The place of the first day, the highest number for none.
    first: u16,
    /// The place of the last day, 0 for none.
    last: u16,
}

/// Lines as they lie in memory, one value a row, and which of them are plain.
#[derive(Clone, Copy, Debug)]
pub struct Lines<'a> {
    /// The owner of each; no record's number for who has none.
    pub owners: &'a [u32],
    /// The day of each, [`NO_DAY`] where missing.
    pub days: &'a [i32],
    /// The money of each, NaN where missing; empty where there is none at all.
    pub amounts: &'a [f64],
    /// Bits of rows that are not plain whatever else they are.
    pub flagged: Option<&'a [u64]>,
    /// First day of plain lines.
    pub first: i32,
    /// Last day of plain lines.
    pub last: i32,
    /// Least amount of plain lines, 0 or more.
    pub least: f64,
}

/// The latest day, [`NO_DAY`] for none.
#[inline(never)]
pub fn latest(days: &[i32]) -> i32 {
    days.iter().copied().fold(NO_DAY, i32::max)
}

/// Whether codes below `count` are numbers by first appearance, and each appears.
#[inline(never)]
pub fn are_numbers(codes: &[u32], count: usize) -> bool {
    let mut next = 0;
    let known = codes.iter().all(|&code| {
        next += u32::from(code == next);
        code < next
    });
    known && next as usize == count
}

/// A record for each owner.
///
/// Money is added in whole parts of a unit, so that the order of the rows cannot show: in the largest parts (1, a tenth … a
/// ten-thousandth) in which every amount so far is a whole number. Where there are none, [`Tally::is_exact`] turns false, and
/// all is to be added again to a tally that keeps the amounts, and adds them from the smallest up at the end.
#[derive(Debug)]
pub struct Tally {
    /// One an owner.
    records: Vec<Record>,
    /// What is counted apart, one an owner.
    refunds: Vec<u32>,
    /// First and last of the days that have no place in a record, one pair an owner; empty while there are none.
    far: Vec<(i32, i32)>,
    /// The day whose place is 0.
    start: i32,
    /// Parts of a unit.
    scale: f64,
    /// All amounts without their signs, in parts.
    size: f64,
    is_exact: bool,
    kept: Option<Vec<(u64, u32)>>,
}

impl Tally {
    /// So many owners without rows, and the day up to which rows are looked at. `keeps` the amounts, where they are known to have
    /// no common part.
    pub fn new(customers: usize, reference: i32, keeps: bool) -> Tally {
        let record = Record { sum: 0.0, orders: 0, first: u16::MAX, last: 0 };
        Tally {
            records: vec![record; customers],
            refunds: vec![0; customers],
            far: Vec::new(),
            start: reference.saturating_sub(PLACES),
            scale: 1.0,
            size: 0.0,
            is_exact: true,
            kept: keeps.then(Vec::new),
        }
    }

    /// Whether all amounts so far could be added.
    pub fn is_exact(&self) -> bool {
        self.is_exact
    }

    /// One more order on a day, which may be missing.
    #[inline(always)]
    pub fn order(&mut self, customer: u32, day: i32) {
        self.records[customer as usize].orders += 1;
        self.met(customer, day, day);
    }

    /// One more of what is counted apart.
    pub fn refund(&mut self, customer: u32) {
        self.refunds[customer as usize] += 1;
    }

    /// Something that is no order, but from when on the customer is known.
    pub fn known(&mut self, customer: u32, day: i32) {
        self.met(customer, day, NO_DAY);
    }

    /// Days that may be the first or the last; a missing one is neither.
    fn met(&mut self, customer: u32, first: i32, last: i32) {
        // A missing day is before all others.
        let is_near = |day: i32| day > self.start && day <= self.start.saturating_add(PLACES);
        let place = |day: i32| day.wrapping_sub(self.start) as u16;
        let record = &mut self.records[customer as usize];
        if is_near(first) {
            record.first = record.first.min(place(first));
        }
        if is_near(last) {
            record.last = record.last.max(place(last));
        }
        if [first, last].into_iter().all(|day| day == NO_DAY || is_near(day)) {
            return;
        }
        self.far.resize(self.records.len(), (NO_DAY, NO_DAY));
        let far = &mut self.far[customer as usize];
        *far = (earlier(far.0, first), far.1.max(last));
    }

    /// Adds money, which is finite.
    pub fn add(&mut self, customer: u32, amount: f64) {
        if let Some(kept) = &mut self.kept {
            kept.push((order::key(amount), customer));
            return;
        }
        self.suit(amount);
        let parts = (amount * self.scale).round_ties_even();
        self.size += parts.abs();
        self.records[customer as usize].sum += parts;
        self.is_exact &= self.size < LARGEST_TOTAL;
    }

    /// Goes over to parts in which this amount is a whole number too, where it is none.
    fn suit(&mut self, amount: f64) {
        let mut scale = self.scale;
        while (amount * scale).round_ties_even() / scale != amount {
            scale *= 10.0;
            if scale > FINEST {
                self.is_exact = false;
                return;
            }
        }
        if scale > self.scale {
            let factor = scale / self.scale;
            self.records.iter_mut().for_each(|record| record.sum *= factor);
            (self.scale, self.size) = (scale, self.size * factor);
        }
    }

    /// Adds plain lines: owned, of a day from `first` to `last` and an amount of at least `least`. Gives the rows of the others,
    /// in which something is out of the ordinary, and how many were added.
    #[inline(never)]
    pub fn add_lines(&mut self, lines: &Lines, rows: Range<usize>, others: &mut Vec<u32>) -> u64 {
        let before = others.len();
        let mut from = rows.start;
        while from < rows.end {
            let to = (from + CHUNK).min(rows.end);
            self.add_chunk(lines, from..to, others);
            from = to;
        }
        (rows.len() - (others.len() - before)) as u64
    }

    /// In two passes, of which the first has nothing to look up.
    fn add_chunk(&mut self, lines: &Lines, rows: Range<usize>, others: &mut Vec<u32>) {
        let mut amounts = [0.0; CHUNK];
        if let Some(given) = lines.amounts.get(rows.clone()) {
            amounts[..given.len()].copy_from_slice(given);
        }
        let least = lines.least;
        let is_paid = |amount: f64| (amount >= least) & (amount <= f64::MAX);
        // NaN for what is not plain.
        let mut parts = [0.0; CHUNK];
        let mut in_parts = |scale: f64| {
            let mut inexact = 0;
            for (part, &amount) in parts.iter_mut().zip(&amounts) {
                let whole = (amount * scale).round_ties_even();
                inexact += i64::from(is_paid(amount) & (whole / scale != amount));
                *part = if is_paid(amount) { whole } else { f64::NAN };
            }
            inexact == 0
        };
        if !in_parts(self.scale) && self.kept.is_none() {
            amounts.iter().filter(|&&amount| is_paid(amount)).for_each(|&amount| self.suit(amount));
            in_parts(self.scale);
        }
        if let Some(words) = lines.flagged {
            let is_flagged = |row: usize| words[row / 64] >> (row % 64) & 1 == 1;
            rows.clone().filter(|&row| is_flagged(row)).for_each(|row| parts[row - rows.start] = f64::NAN);
        }
        let (first, last) =
            (lines.first.max(self.start.saturating_add(1)), lines.last.min(self.start.saturating_add(PLACES)));
        let (start, records) = (self.start, self.records.as_mut_slice());
        let owners_and_days = lines.owners[rows.clone()].iter().zip(&lines.days[rows.clone()]);
        for ((row, part), (&owner, &day)) in rows.clone().zip(&mut parts).zip(owners_and_days) {
            let is_plain = (day >= first) & (day <= last) & !part.is_nan();
            let Some(record) = records.get_mut(owner as usize).filter(|_| is_plain) else {
                *part = f64::NAN;
                others.push(row as u32);
                continue;
            };
            let place = day.wrapping_sub(start) as u16;
            record.orders += 1;
            record.first = record.first.min(place);
            record.last = record.last.max(place);
            record.sum += *part;
        }
        let is_plain = |at: &usize| !parts[*at].is_nan();
        match &mut self.kept {
            Some(kept) => {
                let all = (0..rows.len()).filter(is_plain);
                kept.extend(all.map(|at| (order::key(amounts[at]), lines.owners[rows.start + at])));
            }
            None => {
                // Whole numbers, so that their sum knows no order.
                let mut sums = [0.0; 4];
                for four in parts.chunks_exact(4) {
                    sums.iter_mut().zip(four).for_each(|(sum, &part)| *sum += if part >= 0.0 { part } else { 0.0 });
                }
                self.size += sums.iter().sum::<f64>();
            }
        }
        self.is_exact &= self.size < LARGEST_TOTAL;
    }

    /// What each owner's rows come to, looked at from a day.
    #[inline(never)]
    pub fn finish(self, from: i32) -> Figures {
        let records = self.records;
        let money: Vec<f64> = match self.kept {
            None => records.iter().map(|record| record.sum / self.scale).collect(),
            Some(mut kept) => {
                order::pairs(&mut kept);
                let mut sums = vec![Sum::default(); records.len()];
                kept.into_iter().for_each(|(key, owner)| sums[owner as usize].add(order::number(key)));
                sums.into_iter().map(|sum| sum.value()).collect()
            }
        };
        let day = |place: u16| self.start.wrapping_add(i32::from(place));
        let near = records.iter().map(|record| {
            let first = if record.first == u16::MAX { NO_DAY } else { day(record.first) };
            (first, if record.last == 0 { NO_DAY } else { day(record.last) })
        });
        let (mut first, mut last): (Vec<i32>, Vec<i32>) = near.unzip();
        for (at, &far) in self.far.iter().enumerate() {
            (first[at], last[at]) = (earlier(first[at], far.0), last[at].max(far.1));
        }
        let since = |&day: &i32| if day == NO_DAY { f64::NAN } else { f64::from(from) - f64::from(day) };
        let each = |(money, record): (&f64, &Record)| {
            if record.orders == 0 { f64::NAN } else { money / f64::from(record.orders) }
        };
        Figures {
            average: money.iter().zip(&records).map(each).collect(),
            money,
            orders: records.iter().map(|record| f64::from(record.orders)).collect(),
            refunds: self.refunds.iter().map(|&refunds| f64::from(refunds)).collect(),
            since_first: first.iter().map(since).collect(),
            since_last: last.iter().map(since).collect(),
            first,
            last,
        }
    }
}

/// What the rows of each owner come to, one value an owner.
#[derive(Clone, Debug)]
pub struct Figures {
    /// All money added.
    pub money: Vec<f64>,
    /// Orders.
    pub orders: Vec<f64>,
    /// Money by order, NaN without orders.
    pub average: Vec<f64>,
    /// What was counted apart.
    pub refunds: Vec<f64>,
    /// Days from the first day, NaN where there is none.
    pub since_first: Vec<f64>,
    /// Days from the last day, NaN where there is none.
    pub since_last: Vec<f64>,
    /// The first day, [`NO_DAY`] where there is none.
    pub first: Vec<i32>,
    /// The last day, [`NO_DAY`] where there is none.
    pub last: Vec<i32>,
}

/// The earlier of two days, either of which may be missing.
#[inline(always)]
fn earlier(one: i32, other: i32) -> i32 {
    // As an unsigned number a missing day is after all others, when the others are moved by it.
    let place = |day: i32| (day as u32).wrapping_add(0x7FFF_FFFF);
    if place(other) < place(one) { other } else { one }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The money of customers 0 and 1; nothing where the tally gave up.
    fn added(amounts: &[(u32, f64)], keeps: bool) -> Option<Vec<f64>> {
        let mut tally = Tally::new(2, 0, keeps);
        amounts.iter().for_each(|&(customer, amount)| tally.add(customer, amount));
        tally.is_exact().then(|| tally.finish(0).money)
    }

    #[test]
    fn cents_add_up_exactly_in_any_order() {
        let amounts = [(0, 0.1), (1, 5.0), (0, 0.2), (0, -0.3), (1, 19.99), (1, 0.0001)];
        let mut back = amounts;
        back.reverse();
        assert_eq!(added(&amounts, false), Some(vec![0.0, 24.9901]));
        assert_eq!(added(&back, false), added(&amounts, false));
    }

    #[test]
    fn long_fractions_and_huge_sums_want_the_amounts_kept() {
        let thirds: Vec<(u32, f64)> = (1..200).map(|at| (at % 2, 1.0 / f64::from(at))).collect();
        assert_eq!(added(&thirds, false), None);
        let back: Vec<(u32, f64)> = thirds.iter().rev().copied().collect();
        assert_eq!(added(&thirds, true), added(&back, true));
        assert_eq!(added(&[(0, 5e15), (1, 5e15)], false), None);
        assert_eq!(added(&[(0, 5e14), (1, 0.01)], false), None);
    }

    #[test]
    fn lines_out_of_the_ordinary_are_given_back() {
        let mut tally = Tally::new(2, 50, false);
        let (owners, days) = ([0, 1, 9, 0, 1, 0, 1], [5, 6, 6, 99, 7, 8, 9]);
        let amounts = [1.5, 2.0, 3.0, 4.0, -1.0, f64::NAN, 7.0];
        let lines = Lines {
            owners: &owners,
            days: &days,
            amounts: &amounts,
            flagged: Some(&[1 << 6]),
            first: 0,
            last: 50,
            least: 0.0,
        };
        let mut others = Vec::new();
        assert_eq!(tally.add_lines(&lines, 0..7, &mut others), 2);
        assert_eq!(others, [2, 3, 4, 5, 6]);
        let found = tally.finish(10);
        assert_eq!((found.money, found.last, found.since_first), (vec![1.5, 2.0], vec![5, 6], vec![5.0, 4.0]));
        assert_eq!((found.orders, found.average), (vec![1.0, 1.0], vec![1.5, 2.0]));
        assert_eq!(latest(&days), 99);
        assert_eq!(latest(&[]), NO_DAY);
        assert!(are_numbers(&[0, 1, 0, 2], 3) && !are_numbers(&[0, 1, 0], 3) && !are_numbers(&[1, 0], 2));
    }

    #[test]
    fn missing_days_are_neither_first_nor_last() {
        let none = NO_DAY;
        assert_eq!([earlier(none, 5), earlier(5, none), earlier(-3, 5), earlier(none, none)], [5, 5, -3, none]);
        assert_eq!(earlier(i32::MAX, i32::MIN + 1), i32::MIN + 1);
        let mut tally = Tally::new(1, 10, false);
        [3, none, -7].into_iter().for_each(|day| tally.order(0, day));
        let found = tally.finish(10);
        assert_eq!((found.orders[0], found.first[0], found.last[0]), (3.0, -7, 3));
    }

    #[test]
    fn days_of_any_distance_are_first_and_last() {
        let days = [NO_DAY, NO_DAY + 1, -1_000_000, 9 - PLACES, 10 - PLACES, 11 - PLACES, 0, 10];
        for (&one, &other) in days.iter().flat_map(|one| days.iter().map(move |other| (one, other))) {
            let mut tally = Tally::new(1, 10, false);
            let (owners, lined) = ([0, 0], [one, other]);
            let lines = Lines {
                owners: &owners,
                days: &lined,
                amounts: &[],
                flagged: None,
                first: NO_DAY + 1,
                last: 10,
                least: 0.0,
            };
            let mut others = Vec::new();
            tally.add_lines(&lines, 0..2, &mut others);
            others.iter().for_each(|&row| tally.order(0, lined[row as usize]));
            let found = tally.finish(10);
            assert_eq!((found.orders[0], found.first[0], found.last[0]), (2.0, earlier(one, other), one.max(other)));
        }
    }

    #[test]
    fn what_is_no_order_may_be_the_first_day_but_not_the_last() {
        let mut tally = Tally::new(2, 10, false);
        tally.known(0, 4);
        tally.order(0, 7);
        tally.known(0, 9);
        tally.known(1, -100_000);
        tally.refund(1);
        let found = tally.finish(10);
        assert_eq!((found.first, found.last), (vec![4, -100_000], vec![7, NO_DAY]));
        assert_eq!((found.orders, found.refunds), (vec![1.0, 0.0], vec![0.0, 1.0]));
    }
}
