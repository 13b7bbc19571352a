//! A tree of cuts that keeps clusters apart by their centres: iterative mistake minimisation (Dasgupta, Frost, Moshkovitz and
//! Rashtchian 2020) down to one leaf a cluster, grown on by what the distances gain (ExKMC: Frost, Moshkovitz and
//! Rashtchian 2020).
//!
//! At each place the cut is taken that lies between the centres there and parts the fewest rows from their own centre; those
//! rows do not count below it. Ties go to the first feature and the lowest cut.

use crate::math::order::{arrange, arranged};
use crate::segment::explain::cut::{readable, readable_day};

/// A binary tree over features; node 0 is the root.
#[derive(Clone, Debug, PartialEq)]
pub enum Cut {
    /// Rows with `value <= at` go to `low`, others to `high`.
    Split {
        /// Index of the feature.
        feature: usize,
        /// The cut.
        at: f64,
        /// Node of the lower side.
        low: usize,
        /// Node of the upper side.
        high: usize,
    },
    /// The cluster that ends here.
    Leaf(usize),
}

/// What a threshold tree is made from; no NaN anywhere.
#[derive(Clone, Copy, Debug)]
pub struct Clusters<'a> {
    /// Features × rows, in own units.
    pub values: &'a [Vec<f64>],
    /// Which features are days.
    pub days: &'a [bool],
    /// The cluster of each row.
    pub labels: &'a [usize],
    /// Clusters × features, in own units.
    pub centers: &'a [Vec<f64>],
    /// Rows × clusters: squared distances as the clustering measures them.
    pub distances: &'a [f64],
}

impl Clusters<'_> {
    fn cut(&self, feature: usize, below: f64, above: f64) -> f64 {
        if self.days[feature] && above.is_finite() { readable_day(below, above) } else { readable(below, above) }
    }
}

/// A tree with one leaf a cluster, then grown to `leaves` leaves of at least `rows_in_leaf` rows.
pub fn grow(clusters: &Clusters<'_>, leaves: usize, rows_in_leaf: usize) -> Vec<Cut> {
    let rows: Vec<usize> = (0..clusters.labels.len()).collect();
    let orders: Vec<Vec<usize>> =
        clusters.values.iter().map(|column| arranged(rows.len(), &|a, b| column[a].total_cmp(&column[b]))).collect();
    let mut tree = vec![Cut::Leaf(0)];
    let mut waiting = vec![(0, (0..clusters.centers.len()).collect::<Vec<_>>(), vec![true; rows.len()])];
    while let Some((node, centers, inside)) = waiting.pop() {
        tree[node] = Cut::Leaf(centers.first().copied().unwrap_or(0));
        let Some((feature, at)) = fewest_mistakes(clusters, &orders, &centers, &inside) else { continue };
        let low_center = |center: usize| clusters.centers[center][feature] <= at;
        let side = |low: bool| {
            let here = |row: usize| {
                inside[row] && (clusters.values[feature][row] <= at) == low && low_center(clusters.labels[row]) == low
            };
            let centers: Vec<usize> = centers.iter().copied().filter(|&center| low_center(center) == low).collect();
            (centers, rows.iter().map(|&row| here(row)).collect())
        };
        let first = tree.len();
        tree[node] = Cut::Split { feature, at, low: first, high: first + 1 };
        for (child, low) in [(first, true), (first + 1, false)] {
            tree.push(Cut::Leaf(0));
            let (centers, inside) = side(low);
            waiting.push((child, centers, inside));
        }
    }
    extend(clusters, &orders, &mut tree, leaves, rows_in_leaf);
    tree
}

/// The cluster of a row by the tree; `value` gives its features.
pub fn place(tree: &[Cut], value: &dyn Fn(usize) -> f64) -> usize {
    let mut node = 0;
    loop {
        match tree[node] {
            Cut::Leaf(cluster) => return cluster,
            Cut::Split { feature, at, low, high } => node = if value(feature) <= at { low } else { high },
        }
    }
}

/// The cut between these centres that parts the fewest of the rows inside from their own; nothing for a single centre, or
/// where all are the same.
fn fewest_mistakes(
    clusters: &Clusters<'_>,
    orders: &[Vec<usize>],
    centers: &[usize],
    inside: &[bool],
) -> Option<(usize, f64)> {
    let mut best: Option<(usize, usize, f64)> = None;
    for (feature, order) in orders.iter().enumerate() {
        let column = &clusters.values[feature];
        let place = |center: usize| clusters.centers[center][feature];
        let mut sorted = centers.to_vec();
        arrange(&mut sorted, &|a, b| place(a).total_cmp(&place(b)));
        let rows: Vec<usize> = order.iter().copied().filter(|&row| inside[row]).collect();
        let mut sizes = vec![0usize; clusters.centers.len()];
        rows.iter().for_each(|&row| sizes[clusters.labels[row]] += 1);
        let mut low_rows = vec![0usize; clusters.centers.len()];
        let mut is_low = vec![false; clusters.centers.len()];
        let (mut mistakes, mut at_row, mut at_center) = (0usize, 0, 0);
        loop {
            let next = |at_row: usize, at_center: usize| {
                let row = rows.get(at_row).map_or(f64::INFINITY, |&row| column[row]);
                row.min(sorted.get(at_center).map_or(f64::INFINITY, |&center| place(center)))
            };
            let value = next(at_row, at_center);
            if at_center >= sorted.len() || !value.is_finite() {
                break;
            }
            while at_center < sorted.len() && place(sorted[at_center]) <= value {
                let center = sorted[at_center];
                // Its rows above were right and are mistakes now; those below were mistakes and are right.
                mistakes = mistakes + sizes[center] - 2 * low_rows[center];
                is_low[center] = true;
                at_center += 1;
            }
            while at_row < rows.len() && column[rows[at_row]] <= value {
                let label = clusters.labels[rows[at_row]];
                if is_low[label] {
                    mistakes -= 1
                } else {
                    mistakes += 1
                }
                low_rows[label] += 1;
                at_row += 1;
            }
            if at_center > 0 && at_center < sorted.len() && best.is_none_or(|(least, ..)| mistakes < least) {
                best = Some((mistakes, feature, clusters.cut(feature, value, next(at_row, at_center))));
            }
        }
    }
    best.map(|(_, feature, at)| (feature, at))
}

/// A split that brings rows nearer to the clusters their leaves stand for.
#[derive(Clone, Copy, Debug)]
struct Gain {
    gain: f64,
    feature: usize,
    at: f64,
    /// The clusters of the lower and the upper side.
    clusters: [usize; 2],
}

/// Splits leaves further, the one that gains most first.
fn extend(clusters: &Clusters<'_>, orders: &[Vec<usize>], tree: &mut Vec<Cut>, leaves: usize, rows_in_leaf: usize) {
    let rows = clusters.labels.len();
    let mut place = vec![0usize; rows];
    for (row, place) in place.iter_mut().enumerate() {
        while let Cut::Split { feature, at, low, high } = tree[*place] {
            *place = if clusters.values[feature][row] <= at { low } else { high };
        }
    }
    let mut open: Vec<(usize, Option<Gain>)> = (0..tree.len())
        .filter(|&node| matches!(tree[node], Cut::Leaf(_)))
        .map(|node| (node, largest_gain(clusters, orders, &place, node, rows_in_leaf)))
        .collect();
    for _ in open.len()..leaves {
        let gain = |at: usize| open[at].1.map_or(0.0, |gain| gain.gain);
        let better = |a: usize, b: usize| gain(a) > gain(b) || (gain(a) == gain(b) && open[a].0 < open[b].0);
        let best =
            (0..open.len()).filter(|&at| gain(at) > 0.0).reduce(|best, at| if better(at, best) { at } else { best });
        let Some((node, Some(gain))) = best.map(|best| open.swap_remove(best)) else { break };
        let first = tree.len();
        tree[node] = Cut::Split { feature: gain.feature, at: gain.at, low: first, high: first + 1 };
        for (row, place) in place.iter_mut().enumerate().filter(|(_, place)| **place == node) {
            *place = first + usize::from(clusters.values[gain.feature][row] > gain.at);
        }
        for (side, cluster) in gain.clusters.into_iter().enumerate() {
            tree.push(Cut::Leaf(cluster));
            open.push((first + side, largest_gain(clusters, orders, &place, first + side, rows_in_leaf)));
        }
    }
}

fn largest_gain(
    clusters: &Clusters<'_>,
    orders: &[Vec<usize>],
    place: &[usize],
    node: usize,
    rows_in_leaf: usize,
) -> Option<Gain> {
    let width = clusters.centers.len();
    let distances = |row: usize| &clusters.distances[row * width..][..width];
    let nearest = |sums: &[f64]| {
        let best = (0..width).reduce(|best, at| if sums[at] < sums[best] { at } else { best }).unwrap_or(0);
        (best, sums[best])
    };
    let mut all = vec![0.0; width];
    let mut count = 0;
    for row in (0..place.len()).filter(|&row| place[row] == node) {
        all.iter_mut().zip(distances(row)).for_each(|(sum, distance)| *sum += distance);
        count += 1;
    }
    let least = rows_in_leaf.max(1);
    if count < 2 * least {
        return None;
    }
    let before = nearest(&all).1;
    let mut best: Option<Gain> = None;
    for (feature, order) in orders.iter().enumerate() {
        let column = &clusters.values[feature];
        let here: Vec<usize> = order.iter().copied().filter(|&row| place[row] == node).collect();
        let (mut low, mut high) = (vec![0.0; width], all.clone());
        for (at, pair) in here.windows(2).enumerate() {
            for ((low, high), distance) in low.iter_mut().zip(&mut high).zip(distances(pair[0])) {
                *low += distance;
                *high -= distance;
            }
            let (below, above) = (column[pair[0]], column[pair[1]]);
            if below == above || at + 1 < least || count - at - 1 < least {
                continue;
            }
            let (to_low, to_high) = (nearest(&low), nearest(&high));
            let gain = before - to_low.1 - to_high.1;
            // Both sides at the same cluster part nothing.
            if to_low.0 != to_high.0 && gain > best.map_or(1e-9 * before, |best| best.gain) {
                let sides = [to_low.0, to_high.0];
                best = Some(Gain { gain, feature, at: clusters.cut(feature, below, above), clusters: sides });
            }
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn centres_are_parted_with_the_fewest_mistakes_and_every_cluster_has_its_leaf() {
        // Three clusters on a line, at 0, 10 and 20; one row of the first lies at 14, nearer to the others.
        let line = vec![-1.0, 0.0, 1.0, 14.0, 9.0, 10.0, 11.0, 19.0, 20.0, 21.0];
        let labels = [0, 0, 0, 0, 1, 1, 1, 2, 2, 2];
        let centers = [vec![0.0], vec![10.0], vec![20.0]];
        let distances: Vec<f64> = line
            .iter()
            .flat_map(|value| [0.0, 10.0, 20.0].map(|center: f64| (value - center) * (value - center)))
            .collect();
        let values = [line];
        let clusters =
            Clusters { values: &values, days: &[false], labels: &labels, centers: &centers, distances: &distances };
        let tree = grow(&clusters, 3, 1);
        assert_eq!(tree.iter().filter(|cut| matches!(cut, Cut::Leaf(_))).count(), 3);
        // The row at 14 is one mistake wherever the first cut lies below it; parting 2 from 1 first costs it, too.
        let placed: Vec<usize> = (0..10).map(|row| place(&tree, &|feature| values[feature][row])).collect();
        assert_eq!(placed, [0, 0, 0, 1, 1, 1, 1, 2, 2, 2]);
        // With leaves to spare nothing is gained: each leaf already names the nearest centre.
        assert_eq!(grow(&clusters, 6, 1), tree);
    }

    #[test]
    fn centres_in_one_place_cannot_be_parted() {
        let values = [vec![1.0, 2.0]];
        let centers = [vec![1.5], vec![1.5]];
        let clusters =
            Clusters { values: &values, days: &[false], labels: &[0, 1], centers: &centers, distances: &[0.25; 4] };
        assert_eq!(grow(&clusters, 2, 1), [Cut::Leaf(0)]);
    }
}
