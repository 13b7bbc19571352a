//! Who is in several segments, and who is in none?

use crate::math::order::arranged;
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
    /// Rows by the exact set of segments they are in, the largest first, then by the segments' positions. Every row is in
    /// one of these or in `none`.
    pub intersections: Vec<Intersection>,
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
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Intersection {
    /// Positions of the segments, rising.
    #[serde(rename = "in")]
    pub within: Vec<usize>,
    /// Rows.
    pub count: usize,
}

/// Compares any number of segments over the same rows. Without a segment everything is empty or 0.
pub fn overlap(names: &[String], members: &[&Bitmap]) -> Overlap {
    let rows = members.first().map_or(0, |first| first.len());
    let counts: Vec<usize> = members.iter().map(|segment| segment.count()).collect();
    let mut pairs = Vec::new();
    for (a, first) in members.iter().enumerate() {
        for (b, second) in members.iter().enumerate().skip(a + 1) {
            pairs.push(pair(a, b, first.count_and(second), &counts, rows));
        }
    }

    let mut intersections = intersections(members, rows);
    let none = intersections.iter().filter(|set| set.within.is_empty()).map(|set| set.count).sum();
    let several = intersections.iter().filter(|set| set.within.len() > 1).map(|set| set.count).sum();
    intersections.retain(|set| !set.within.is_empty());
    let order = arranged(intersections.len(), &|a, b| {
        let (a, b) = (&intersections[a], &intersections[b]);
        b.count.cmp(&a.count).then_with(|| a.within.cmp(&b.within))
    });
    let intersections = order.into_iter().map(|at| intersections[at].clone()).collect();
    Overlap { names: names.to_vec(), counts, pairs, intersections, none, several }
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

/// The exact sets of segments that occur, each split off from a coarser set as one more segment is looked at.
fn intersections(members: &[&Bitmap], rows: usize) -> Vec<Intersection> {
    const UNSEEN: u32 = u32::MAX;
    let mut sets: Vec<Vec<usize>> = vec![Vec::new()];
    let mut set_of = vec![0u32; rows];
    for (position, segment) in members.iter().enumerate() {
        // For each set so far: its successor for rows outside the segment, and for rows inside.
        let mut successors = vec![[UNSEEN; 2]; sets.len()];
        let mut next: Vec<Vec<usize>> = Vec::new();
        for (chunk, &word) in set_of.chunks_mut(64).zip(segment.words()) {
            for (bit, set) in chunk.iter_mut().enumerate() {
                let inside = (word >> bit & 1) as usize;
                let successor = &mut successors[*set as usize][inside];
                if *successor == UNSEEN {
                    *successor = next.len() as u32;
                    let mut within = sets[*set as usize].clone();
                    within.extend((inside == 1).then_some(position));
                    next.push(within);
                }
                *set = *successor;
            }
        }
        sets = next;
    }
    let mut counts = vec![0; sets.len()];
    set_of.iter().for_each(|&set| counts[set as usize] += 1);
    sets.into_iter().zip(counts).map(|(within, count)| Intersection { within, count }).collect()
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
}
