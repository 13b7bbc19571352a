//! How far do two groupings say the same? Their cross table, and Rand's index adjusted for chance.

use crate::segment::grouping::Grouping;

/// Two groupings of the same rows beside each other.
#[derive(Clone, Debug, PartialEq)]
pub struct Agreement {
    /// Rows by group of the one, then group of the other.
    pub cells: Vec<Vec<u32>>,
    /// Rows that are in a group of both.
    pub n: u64,
    /// Share of pairs of rows on which both agree (together in both, or apart in both), adjusted so that chance gives 0 and
    /// the same groups give 1 (Hubert and Arabie 1985). 1 where both put all rows into one group, or each into its own.
    pub adjusted_rand: f64,
}

/// Counts the rows, those that are in no group of one of them left out.
pub fn agreement(one: &Grouping, other: &Grouping) -> Agreement {
    let mut cells = vec![vec![0; other.labels.len()]; one.labels.len()];
    let pairs = one.assignments.iter().zip(&other.assignments).filter(|(a, b)| **a >= 0 && **b >= 0);
    pairs.for_each(|(&a, &b)| cells[a as usize][b as usize] += 1);
    let sizes = |of: &dyn Fn(usize) -> u64, count: usize| -> f64 { (0..count).map(|at| twos(of(at))).sum() };
    let row = |at: usize| cells[at].iter().map(|&n| u64::from(n)).sum::<u64>();
    let column = |at: usize| cells.iter().map(|row| u64::from(row[at])).sum::<u64>();
    let n = (0..cells.len()).map(row).sum();
    let both: f64 = cells.iter().flatten().map(|&cell| twos(cell.into())).sum();
    let (ones, others) = (sizes(&row, one.labels.len()), sizes(&column, other.labels.len()));
    let expected = ones * others / twos(n).max(1.0);
    let most = (ones + others) / 2.0;
    let adjusted_rand = if most == expected { 1.0 } else { (both - expected) / (most - expected) };
    Agreement { cells, n, adjusted_rand }
}

/// Pairs of so many.
fn twos(n: u64) -> f64 {
    let n = n as f64;
    n * (n - 1.0) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(one: &[i32], other: &[i32]) -> Agreement {
        let grouping = |groups: &[i32]| {
            let labels = (0..=groups.iter().copied().max().unwrap_or(0)).map(|label| label.to_string()).collect();
            Grouping::new("g", labels, groups.to_vec())
        };
        agreement(&grouping(one), &grouping(other))
    }

    #[test]
    fn published_pairs_have_the_published_index() {
        let near = |found: f64, published: f64| assert!((found - published).abs() < 1e-6, "{found} {published}");
        near(of(&[0, 0, 0, 1, 1, 1], &[0, 0, 1, 1, 2, 2]).adjusted_rand, 0.242424);
        near(of(&[0, 0, 1, 2], &[0, 0, 1, 1]).adjusted_rand, 0.571429);
        near(of(&[0, 1, 0, 1], &[0, 0, 1, 1]).adjusted_rand, -0.5);
        assert_eq!(of(&[1, 0, 0], &[0, 1, 1]).adjusted_rand, 1.0);
        // Three clusters of 6, 6 and 5 points: 5 x, 1 o; 1 x, 4 o, 1 d; 2 x, 3 d (Manning, Raghavan, Schütze 2008, figure 16.4).
        let classes = [0, 0, 0, 0, 0, 1, 0, 1, 1, 1, 1, 2, 0, 0, 2, 2, 2];
        near(of(&[0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2], &classes).adjusted_rand, 0.242915);
    }

    #[test]
    fn who_is_in_no_group_of_one_is_left_out() {
        let found = of(&[0, 0, 1, -1], &[1, 1, 0, 0]);
        assert_eq!((found.n, found.cells), (3, vec![vec![0, 2], vec![1, 0]]));
        assert_eq!(of(&[-1], &[0]).adjusted_rand, 1.0);
    }
}
