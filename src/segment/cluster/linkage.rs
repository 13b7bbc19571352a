//! Who was merged with whom, and at what height? The tree that agglomeration leaves, and its cut into any number of clusters.

use crate::math::order::arranged;
use serde::Serialize;

/// Two clusters that became one.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Merge {
    /// Numbers below the number of leaves are leaves; `leaves + i` is what merge i made. The lower number stands left.
    pub left: usize,
    /// The other.
    pub right: usize,
    /// How far they are apart: the root of twice the squared distances within that merging adds, which for two single rows is
    /// their distance (R calls it ward.D2). In scaled units, never falling from merge to merge.
    pub height: f64,
    /// Rows in both.
    pub size: usize,
}

/// The whole tree.
#[derive(Clone, Debug, PartialEq)]
pub struct Linkage {
    /// Rows of each part, the smallest things that were merged.
    weights: Vec<usize>,
    /// The part of each row.
    part: Vec<u32>,
    merges: Vec<Merge>,
}

/// The upper end of the tree.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Dendrogram {
    /// Rows in each leaf.
    pub sizes: Vec<usize>,
    /// The cluster of each leaf, from 0.
    pub clusters: Vec<i32>,
    /// From the lowest up; one fewer than leaves.
    pub merges: Vec<Merge>,
}

impl Linkage {
    /// From merges in any order that never names a part after it was merged into another: (into, from, what it adds to the
    /// squared distances within).
    pub fn new(weights: Vec<usize>, part: Vec<u32>, found: &[(usize, usize, f64)]) -> Linkage {
        let count = weights.len();
        let mut sizes = weights.clone();
        // The cluster that each part stands for now, as a number of the tree.
        let mut node: Vec<usize> = (0..count).collect();
        let mut into: Vec<usize> = (0..count).collect();
        let mut merges = Vec::with_capacity(found.len());
        for (number, at) in arranged(found.len(), &|a, b| found[a].2.total_cmp(&found[b].2)).into_iter().enumerate() {
            let (one, other, cost) = found[at];
            let (one, other) = (root(&mut into, one), root(&mut into, other));
            into[other] = one;
            sizes[one] += sizes[other];
            let (left, right) = (node[one].min(node[other]), node[one].max(node[other]));
            merges.push(Merge { left, right, height: (2.0 * cost).sqrt(), size: sizes[one] });
            node[one] = count + number;
        }
        Linkage { weights, part, merges }
    }

    /// The merges, from the lowest up.
    pub fn merges(&self) -> &[Merge] {
        &self.merges
    }

    /// For every number of the tree the cluster it lies in when cut into `k` (at most the parts), `None` above the cut.
    fn cut(&self, k: usize) -> Vec<Option<u32>> {
        let (count, left) = (self.weights.len(), self.weights.len().saturating_sub(k));
        let mut cluster: Vec<Option<u32>> = vec![None; count + self.merges.len()];
        let mut next = 0..;
        if let (true, Some(root)) = (k <= 1 || count == 1, cluster.last_mut()) {
            *root = next.next();
        }
        for (number, merge) in self.merges.iter().enumerate().rev() {
            for child in [merge.left, merge.right] {
                let above = cluster[count + number];
                cluster[child] = above.or_else(|| if child < count + left { next.next() } else { None });
            }
        }
        cluster
    }

    /// The cluster of each row when cut into `k`, or into as many as there are parts.
    pub fn labels(&self, k: usize) -> Vec<u32> {
        let cluster = self.cut(k.min(self.weights.len()));
        self.part.iter().map(|&part| cluster[part as usize].unwrap_or(0)).collect()
    }

    /// The last `merges` merges, and of what lies below them the clusters of the cut into `k`, a number not above theirs + 1.
    pub fn dendrogram(&self, k: usize, merges: usize) -> Dendrogram {
        let count = self.weights.len();
        let first = self.merges.len().saturating_sub(merges);
        let cluster = self.cut(k);
        let mut number = vec![0; count + self.merges.len()];
        let (mut sizes, mut clusters) = (Vec::new(), Vec::new());
        for child in self.merges[first..].iter().flat_map(|merge| [merge.left, merge.right]) {
            if child < count + first {
                number[child] = sizes.len();
                sizes.push(if child < count { self.weights[child] } else { self.merges[child - count].size });
                clusters.push(cluster[child].map_or(-1, |cluster| cluster as i32));
            }
        }
        for at in first..self.merges.len() {
            number[count + at] = sizes.len() + at - first;
        }
        let renamed = self.merges[first..].iter().map(|merge| {
            let (one, other) = (number[merge.left], number[merge.right]);
            Merge { left: one.min(other), right: one.max(other), ..merge.clone() }
        });
        Dendrogram { merges: renamed.collect(), sizes, clusters }
    }
}

fn root(into: &mut [usize], mut at: usize) -> usize {
    while into[at] != at {
        into[at] = into[into[at]];
        at = into[at];
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 0 and 1 at 1, 2 and 3 at 2, both at 8, 4 with all at 18.
    fn five() -> Linkage {
        Linkage::new(
            vec![1, 1, 1, 1, 3],
            vec![0, 1, 2, 3, 4, 4, 4],
            &[(2, 3, 2.0), (0, 1, 0.5), (0, 2, 32.0), (0, 4, 162.0)],
        )
    }

    #[test]
    fn a_cut_gives_as_many_clusters_as_asked() {
        let tree = five();
        assert_eq!(tree.merges().iter().map(|merge| merge.height).collect::<Vec<_>>(), [1.0, 2.0, 8.0, 18.0]);
        assert_eq!(tree.labels(1), [0; 7]);
        assert_eq!(tree.labels(2), [1, 1, 1, 1, 0, 0, 0]);
        assert_eq!(tree.labels(3), [1, 1, 2, 2, 0, 0, 0]);
        for k in 1..=9 {
            let mut labels = tree.labels(k);
            labels.sort_unstable();
            labels.dedup();
            assert_eq!(labels, (0..k.min(5) as u32).collect::<Vec<_>>());
        }
        assert_eq!(Linkage::new(vec![2], vec![0, 0], &[]).labels(3), [0, 0]);
    }

    #[test]
    fn the_upper_end_has_leaves_of_its_own() {
        let top = five().dendrogram(2, 2);
        assert_eq!(top.sizes, [2, 2, 3]);
        assert_eq!(top.clusters, [1, 1, 0]);
        let merges: Vec<_> = top.merges.iter().map(|one| (one.left, one.right, one.height, one.size)).collect();
        assert_eq!(merges, [(0, 1, 8.0, 4), (2, 3, 18.0, 7)]);
        assert_eq!(five().dendrogram(2, 40).sizes.len(), 5);
    }
}
