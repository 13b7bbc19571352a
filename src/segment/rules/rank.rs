//! Who has the most, and what share of all has less? Ranks of values among everyone or within groups.
//!
//! Only rows that have a value take part. Equal values have the rank of the first of them.

use crate::math::order;
use crate::segment::rules::tree::{End, Top};
use crate::table::bitmap::Bitmap;

/// What a share is taken by before it is rounded up: 1.1 percent of 100,000 is not 1,100.0000000000002, which were 1,101.
pub const LEAN: f64 = 0.999_999_999_999;

/// What is ranked.
#[derive(Clone, Copy, Debug)]
pub struct Ranked<'a> {
    /// One key a row (see [`crate::segment::rules::keys::Keys`]).
    pub keys: &'a [u64],
    /// Rows that have a value.
    pub known: &'a Bitmap,
    /// The group of each row as a code, [`crate::segment::rules::keys::NONE`] for those that are a group together; without it all rows are one.
    pub groups: Option<&'a [u32]>,
}

impl Ranked<'_> {
    /// The rows among the greatest or smallest. `ties` are keys that decide between equal values, smallest first, and which
    /// rows have one: those without come last, and then the earlier row is first. Without it equal values stand or fall
    /// together, so that there may be more than were asked for.
    pub fn top(&self, top: &Top, ties: Option<(&[u64], &Bitmap)>) -> Bitmap {
        let mut found = Bitmap::zeros(self.keys.len());
        self.each_group(top.end == End::Top, ties, &mut |rows| {
            let share = (top.amount * rows.len() as f64 / 100.0 * LEAN).ceil();
            let amount = if top.percent { share } else { top.amount };
            let mut rank = 0;
            for (at, &row) in rows.iter().enumerate() {
                if ties.is_some() || at == 0 || self.keys[row as usize] != self.keys[rows[at - 1] as usize] {
                    rank = at + 1;
                }
                if rank as f64 > amount {
                    break;
                }
                found.set(row as usize, true);
            }
        });
        found
    }

    /// 100 × (rank − 1) / (n − 1) from the smallest value on, 0 where n is 1; NaN for rows without a value.
    pub fn percentile_rank(&self) -> Vec<f64> {
        let mut found = vec![f64::NAN; self.keys.len()];
        self.each_group(false, None, &mut |rows| {
            let (mut before, others) = (0, (rows.len() - 1).max(1));
            for (at, &row) in rows.iter().enumerate() {
                if at > 0 && self.keys[row as usize] != self.keys[rows[at - 1] as usize] {
                    before = at;
                }
                found[row as usize] = 100.0 * before as f64 / others as f64;
            }
        });
        found
    }

    /// Visits the rows of each group that has any, from the first rank to the last.
    fn each_group(&self, descending: bool, ties: Option<(&[u64], &Bitmap)>, visit: &mut dyn FnMut(&[u32])) {
        // Between equal values the place decides: that among the ties, else the row.
        let places = ties.map(|(keys, known)| {
            let mut placed: Vec<(u64, u32)> =
                (0..keys.len()).map(|row| (if known.get(row) { keys[row] } else { u64::MAX }, row as u32)).collect();
            order::pairs(&mut placed);
            placed
        });
        let rows = match &places {
            Some(places) => places.iter().map(|&(_, row)| row).filter(|&row| self.known.get(row as usize)).collect(),
            None => self.known.iter().map(|row| row as u32).collect::<Vec<u32>>(),
        };
        let turned = if descending { u64::MAX } else { 0 };
        let key = |(place, &row): (usize, &u32)| (self.keys[row as usize] ^ turned, place as u32);
        let mut sorted: Vec<(u64, u32)> = rows.iter().enumerate().map(key).collect();
        order::pairs(&mut sorted);
        let ranked: Vec<u32> = sorted.into_iter().map(|(_, place)| rows[place as usize]).collect();
        let Some(groups) = self.groups else {
            if !ranked.is_empty() {
                visit(&ranked);
            }
            return;
        };
        // Put down group by group, each in the order of the ranks.
        let mut by_group: Vec<(u64, u32)> =
            ranked.iter().enumerate().map(|(rank, &row)| (u64::from(groups[row as usize]), rank as u32)).collect();
        order::pairs(&mut by_group);
        let mut members: Vec<u32> = Vec::new();
        for group in by_group.chunk_by(|a, b| a.0 == b.0) {
            members.clear();
            members.extend(group.iter().map(|&(_, rank)| ranked[rank as usize]));
            visit(&members);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segment::rules::keys::{Keys, NONE};
    use crate::table::column::Data;

    fn top(end: End, amount: f64, percent: bool) -> Top {
        Top { negated: false, end, amount, percent, per: None, ties_by: None }
    }

    #[test]
    fn ranks_by_hand() {
        let data = Data::Number(vec![5.0, 9.0, f64::NAN, 9.0, 1.0, 5.0]);
        let keys = Keys::new(&data).unwrap().keys;
        let known = Bitmap::from_fn(6, |row| row != 2);
        let all = Ranked { keys: &keys, known: &known, groups: None };
        let rows = |found: Bitmap| found.iter().collect::<Vec<_>>();
        assert_eq!(rows(all.top(&top(End::Top, 1.0, false), None)), [1, 3]);
        assert_eq!(rows(all.top(&top(End::Top, 2.0, false), None)), [1, 3]);
        assert_eq!(rows(all.top(&top(End::Top, 3.0, false), None)), [0, 1, 3, 5]);
        assert_eq!(rows(all.top(&top(End::Bottom, 1.0, false), None)), [4]);
        // 20 % of five rows is one, 21 % two.
        assert_eq!(rows(all.top(&top(End::Bottom, 20.0, true), None)), [4]);
        assert_eq!(rows(all.top(&top(End::Bottom, 21.0, true), None)), [0, 4, 5]);
        let (ties, has_tie) = (vec![2, 9, 9, 1, 9, 1], Bitmap::from_fn(6, |row| row != 0));
        let decided = |amount| rows(all.top(&top(End::Top, amount, false), Some((&ties, &has_tie))));
        assert_eq!(decided(1.0), [3]);
        assert_eq!(decided(3.0), [1, 3, 5]);
        let ranks = all.percentile_rank();
        assert_eq!((ranks[0], ranks[1], ranks[4]), (25.0, 75.0, 0.0));
        assert!(ranks[2].is_nan());
        let grouped = Ranked { groups: Some(&[7, 7, 7, NONE, NONE, NONE]), ..all };
        assert_eq!(rows(grouped.top(&top(End::Top, 1.0, false), None)), [1, 3]);
        assert_eq!(rows(grouped.top(&top(End::Bottom, 1.0, false), None)), [0, 4]);
        assert_eq!(grouped.percentile_rank()[3], 100.0);
    }
}
