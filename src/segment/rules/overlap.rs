//! Who is in several segments, and who is in none?

use crate::math::order::arranged;
use crate::math::tally;
use crate::table::bitmap::Bitmap;
use serde::Serialize;

/// How segments overlap.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Overlap {
    /// Names of the segments, as they were given.
    pub names: Vec<String>,
    /// Rows in each segment.
    pub counts: Vec<usize>,
    /// Every two segments, `a` < `b`, by their positions.
    pub pairs: Vec<Pair>,
    /// Pairs that say much the same.
    pub hints: Vec<Hint>,
    /// Rows by the exact set of segments they are in, the largest first, then by the segments' positions. Every row is in
    /// one of these, in `unlisted` or in `none`.
    pub intersections: Vec<Intersection>,
    /// Smaller sets that are not listed: of more than twelve segments there may be too many.
    pub unlisted_sets: usize,
    /// Rows in those.
    pub unlisted: usize,
    /// Rows in no segment.
    pub none: usize,
    /// Rows in two or more.
    pub several: usize,
}

/// Two segments.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Pair {
    /// Position of the first.
    pub a: usize,
    /// Position of the second.
    pub b: usize,
    /// Rows in both.
    pub both: usize,
    /// Rows in both / rows in either; 0 when both are empty.
    pub jaccard: f64,
    /// Rows in both / rows expected there if the two had nothing to do with each other; 1 is chance, 0 when one is empty.
    pub lift: f64,
}

/// Rows that are in exactly these segments and in no other of the compared ones.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Intersection {
    /// Positions of the segments, rising.
    #[serde(rename = "in")]
    pub within: Vec<usize>,
    /// Rows.
    pub count: usize,
}

/// Two segments of which one says little that the other does not.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Hint {
    /// Position of the one that might be done without.
    pub a: usize,
    /// Position of the other.
    pub b: usize,
    /// How they lie.
    pub kind: Redundancy,
}

/// How two segments lie that say much the same. Empty ones say nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Redundancy {
    /// They have the same rows.
    Identical,
    /// All rows of the first are in the second.
    Inside,
    /// More than [`MUCH`] of the rows in either are in both.
    Overlapping,
}

/// The share of common rows above which two segments are nearly one.
pub const MUCH: f64 = 0.8;
/// Segments that can be compared at once.
pub const MOST_SEGMENTS: usize = 128;
/// Sets that are listed: all there can be of twelve segments.
const MOST_LISTED: usize = 4_096;

/// Compares up to [`MOST_SEGMENTS`] segments over the same rows. Without a segment everything is empty or 0.
pub fn overlap(names: &[String], members: &[&Bitmap]) -> Overlap {
    let rows = members.first().map_or(0, |first| first.len());
    let words: Vec<&[u64]> = members.iter().map(|segment| segment.words()).collect();
    let counts: Vec<usize> = members.iter().map(|segment| segment.count()).collect();
    let mut sets = intersections(&words, rows);
    let both = both(&words, &sets);
    let numbers = (0..members.len()).flat_map(|a| (a + 1..members.len()).map(move |b| (a, b)));
    let pairs: Vec<Pair> = numbers.zip(&both).map(|((a, b), &both)| pair(a, b, both as usize, &counts, rows)).collect();
    let hints = pairs.iter().filter_map(|pair| hint(pair, &counts)).collect();

    let rows_of = |test: &dyn Fn(&Intersection) -> bool| sets.iter().filter(|set| test(set)).map(|set| set.count).sum();
    let (none, several) = (rows_of(&|set| set.within.is_empty()), rows_of(&|set| set.within.len() > 1));
    sets.retain(|set| !set.within.is_empty());
    let order = arranged(sets.len(), &|a, b| {
        let (a, b) = (&sets[a], &sets[b]);
        b.count.cmp(&a.count).then_with(|| a.within.cmp(&b.within))
    });
    let unlisted = order.iter().skip(MOST_LISTED).map(|&at| sets[at].count).sum();
    let unlisted_sets = order.len().saturating_sub(MOST_LISTED);
    let listed = order.into_iter().take(MOST_LISTED);
    let intersections = listed.map(|at| std::mem::take(&mut sets[at])).collect();
    Overlap { names: names.to_vec(), counts, pairs, hints, intersections, unlisted_sets, unlisted, none, several }
}

fn pair(a: usize, b: usize, both: usize, counts: &[usize], rows: usize) -> Pair {
    let either = counts[a] + counts[b] - both;
    let ratio = |part: f64, whole: f64| if whole == 0.0 { 0.0 } else { part / whole };
    Pair {
        a,
        b,
        both,
        jaccard: ratio(both as f64, either as f64),
        lift: ratio(both as f64 * rows as f64, counts[a] as f64 * counts[b] as f64),
    }
}

fn hint(pair: &Pair, counts: &[usize]) -> Option<Hint> {
    let &Pair { a, b, both, jaccard, .. } = pair;
    let smaller = if counts[b] < counts[a] { (b, a) } else { (a, b) };
    let kind = match (both == counts[a], both == counts[b]) {
        _ if both == 0 => return None,
        (true, true) => Redundancy::Identical,
        (true, false) | (false, true) => Redundancy::Inside,
        (false, false) if jaccard > MUCH => Redundancy::Overlapping,
        (false, false) => return None,
    };
    Some(Hint { a: smaller.0, b: smaller.1, kind })
}

/// The exact sets of segments that occur, with how many rows each has.
fn intersections(members: &[&[u64]], rows: usize) -> Vec<Intersection> {
    let (keys, counts) = tally::memberships(members, rows);
    let width = members.len().div_ceil(64).max(1);
    let positions = |key: &[u64]| (0..members.len()).filter(|at| key[at / 64] >> (at % 64) & 1 == 1).collect();
    let sets = keys.chunks(width).zip(counts);
    sets.map(|(key, count)| Intersection { within: positions(key), count: count as usize }).collect()
}

/// How many rows every two segments share: added up over the sets where those are few, else counted in the rows.
fn both(members: &[&[u64]], sets: &[Intersection]) -> Vec<u32> {
    let words = members.first().map_or(0, |first| first.len());
    let of_sets: usize = sets.iter().map(|set| set.within.len() * set.within.len()).sum();
    if of_sets > members.len() * members.len() * words / 4 {
        return tally::pairs(members);
    }
    let mut found = vec![0; members.len() * members.len().saturating_sub(1) / 2];
    for set in sets {
        for (at, &a) in set.within.iter().enumerate() {
            // The pairs of `a` begin behind those of all before it.
            let start = a * (2 * members.len() - a - 1) / 2;
            set.within[at + 1..].iter().for_each(|&b| found[start + b - a - 1] += set.count as u32);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_segments_by_hand() {
        let names: Vec<String> = ["a", "b", "c"].map(String::from).to_vec();
        let a = Bitmap::from_fn(10, |row| row < 5);
        let b = Bitmap::from_fn(10, |row| (3..8).contains(&row));
        let c = Bitmap::zeros(10);
        let overlap = overlap(&names, &[&a, &b, &c]);
        assert_eq!(overlap.counts, [5, 5, 0]);
        assert_eq!((overlap.none, overlap.several), (2, 2));
        assert_eq!(overlap.pairs[0], Pair { a: 0, b: 1, both: 2, jaccard: 0.25, lift: 0.8 });
        assert_eq!(overlap.pairs[2], Pair { a: 1, b: 2, both: 0, jaccard: 0.0, lift: 0.0 });
        assert_eq!((overlap.hints.len(), overlap.unlisted_sets, overlap.unlisted), (0, 0, 0));
        let sets: Vec<(Vec<usize>, usize)> =
            overlap.intersections.into_iter().map(|set| (set.within, set.count)).collect();
        assert_eq!(sets, [(vec![0], 3), (vec![1], 3), (vec![0, 1], 2)]);
    }

    #[test]
    fn no_segments_and_no_rows() {
        assert_eq!(overlap(&[], &[]).none, 0);
        let empty = Bitmap::zeros(0);
        assert_eq!(overlap(&["a".into()], &[&empty]).intersections, []);
    }

    #[test]
    fn segments_that_say_the_same_are_pointed_out() {
        let names: Vec<String> = (0..5).map(|at| at.to_string()).collect();
        let upto = |rows: usize| Bitmap::from_fn(100, move |row| row < rows);
        let sets = [upto(50), upto(40), upto(50), Bitmap::from_fn(100, |row| (1..52).contains(&row)), upto(0)];
        let found = overlap(&names, &sets.iter().collect::<Vec<_>>()).hints;
        let hints: Vec<_> = found.into_iter().map(|hint| (hint.a, hint.b, hint.kind)).collect();
        use Redundancy::{Identical, Inside, Overlapping};
        assert_eq!(
            hints,
            [(1, 0, Inside), (0, 2, Identical), (0, 3, Overlapping), (1, 2, Inside), (2, 3, Overlapping)]
        );
    }

    #[test]
    fn many_sets_are_counted_though_not_all_are_listed() {
        // Row r is in segment s where bit s of r is set: 8,192 rows, each with a set of its own.
        let names: Vec<String> = (0..13).map(|at| at.to_string()).collect();
        let sets: Vec<Bitmap> = (0..13).map(|at| Bitmap::from_fn(8_192, |row| row >> at & 1 == 1)).collect();
        let found = overlap(&names, &sets.iter().collect::<Vec<_>>());
        assert_eq!((found.intersections.len(), found.unlisted_sets, found.unlisted), (4_096, 4_095, 4_095));
        assert_eq!((found.none, found.several), (1, 8_192 - 1 - 13));
        assert!(found.pairs.iter().all(|pair| pair.both == 2_048));
    }
}
