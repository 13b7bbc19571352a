//! A small decision tree (CART: Breiman, Friedman, Olshen and Stone, Gini impurity) grown best split first to a leaf budget.
//!
//! Equal values are never parted, so the order of rows cannot show; ties between cuts go to the first feature and the
//! lowest cut.

use crate::math::order::arrange;
use crate::segment::explain::cut::readable;

/// How large a tree may grow.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// Leaves at most, at least 1.
    pub leaves: usize,
    /// Rows a leaf must have at least.
    pub rows_in_leaf: usize,
}

/// A binary tree over numeric features; node 0 is the root.
#[derive(Clone, Debug, PartialEq)]
pub struct Tree {
    /// Parents before children.
    pub nodes: Vec<Node>,
}

/// A place in the tree.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// Rows with `value <= cut` go to `low`, others to `high`.
    Split {
        /// Index of the feature.
        feature: usize,
        /// The cut.
        cut: f64,
        /// Node of the lower side.
        low: usize,
        /// Node of the upper side.
        high: usize,
    },
    /// Rows of each group that end here.
    Leaf(Vec<usize>),
}

/// Grows a tree. `values[feature][row]` must have no NaN; `labels[row]` is below `groups`.
pub fn grow(values: &[Vec<f64>], labels: &[usize], groups: usize, budget: Budget) -> Tree {
    let rows: Vec<usize> = (0..labels.len()).collect();
    let mut tree = Tree { nodes: vec![Node::Leaf(counted(&rows, labels, groups))] };
    let mut open: Vec<(usize, Vec<usize>, Option<Split>)> = Vec::new();
    let split = best_split(values, labels, groups, &rows, budget.rows_in_leaf);
    open.push((0, rows, split));
    let mut leaves = 1;
    while leaves < budget.leaves {
        let Some(at) = best_open(&open) else { break };
        let (node, rows, split) = open.swap_remove(at);
        let Some(split) = split else { break };
        let (low, high): (Vec<usize>, Vec<usize>) =
            rows.into_iter().partition(|&row| values[split.feature][row] <= split.cut);
        let first_child = tree.nodes.len();
        tree.nodes[node] =
            Node::Split { feature: split.feature, cut: split.cut, low: first_child, high: first_child + 1 };
        for (child, rows) in [low, high].into_iter().enumerate() {
            tree.nodes.push(Node::Leaf(counted(&rows, labels, groups)));
            let split = best_split(values, labels, groups, &rows, budget.rows_in_leaf);
            open.push((first_child + child, rows, split));
        }
        leaves += 1;
    }
    collapse(&mut tree);
    tree
}

/// Takes back splits whose two sides say the same, from the leaves up: they part nothing and only lengthen the rules. What
/// was below them stays in the list and is no longer reached.
fn collapse(tree: &mut Tree) {
    for node in (0..tree.nodes.len()).rev() {
        let Node::Split { low, high, .. } = tree.nodes[node] else { continue };
        if let (Node::Leaf(low), Node::Leaf(high)) = (&tree.nodes[low], &tree.nodes[high])
            && majority(low) == majority(high)
        {
            tree.nodes[node] = Node::Leaf(low.iter().zip(high).map(|(low, high)| low + high).collect());
        }
    }
}

/// The group most frequent in a leaf; the lowest of equals, 0 without groups.
pub fn majority(counts: &[usize]) -> usize {
    (0..counts.len()).rev().max_by_key(|&group| counts[group]).unwrap_or(0)
}

/// The open leaf whose split gains most; the one opened first among equals.
fn best_open(open: &[(usize, Vec<usize>, Option<Split>)]) -> Option<usize> {
    let gain = |at: usize| open[at].2.as_ref().map_or(0.0, |split| split.gain);
    let better = |a: usize, b: usize| gain(a) > gain(b) || (gain(a) == gain(b) && open[a].0 < open[b].0);
    (0..open.len()).filter(|&at| gain(at) > 0.0).reduce(|best, at| if better(at, best) { at } else { best })
}

#[derive(Clone, Copy, Debug)]
struct Split {
    feature: usize,
    cut: f64,
    gain: f64,
}

fn counted(rows: &[usize], labels: &[usize], groups: usize) -> Vec<usize> {
    let mut counts = vec![0; groups];
    rows.iter().for_each(|&row| counts[labels[row]] += 1);
    counts
}

/// Rows times Gini impurity, up to a constant: n − Σ c² / n.
fn impurity(counts: &[usize], rows: usize) -> f64 {
    if rows == 0 {
        return 0.0;
    }
    let squares: f64 = counts.iter().map(|&count| (count as f64) * (count as f64)).sum();
    rows as f64 - squares / rows as f64
}

fn best_split(values: &[Vec<f64>], labels: &[usize], groups: usize, rows: &[usize], least: usize) -> Option<Split> {
    let all = counted(rows, labels, groups);
    let before = impurity(&all, rows.len());
    if before <= 0.0 || rows.len() < 2 * least.max(1) {
        return None;
    }
    let mut best: Option<Split> = None;
    let mut order = rows.to_vec();
    for (feature, column) in values.iter().enumerate() {
        arrange(&mut order, &|a, b| column[a].total_cmp(&column[b]).then(a.cmp(&b)));
        let (mut low, mut high) = (vec![0; groups], all.clone());
        for at in 0..order.len() - 1 {
            let label = labels[order[at]];
            low[label] += 1;
            high[label] -= 1;
            let (below, above) = (column[order[at]], column[order[at + 1]]);
            let (n_low, n_high) = (at + 1, order.len() - at - 1);
            if below == above || n_low < least || n_high < least {
                continue;
            }
            let gain = before - impurity(&low, n_low) - impurity(&high, n_high);
            if gain > best.map_or(1e-9 * before, |split| split.gain) {
                best = Some(Split { feature, cut: readable(below, above), gain });
            }
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tied_values_are_never_parted_whatever_the_order() {
        // Value 1: 20 of group 0 and 5 of group 1; value 2: 20 of group 1.
        let values: Vec<f64> = (0..45).map(|row| if row < 25 { 1.0 } else { 2.0 }).collect();
        let labels: Vec<usize> = (0..45).map(|row| usize::from(row >= 20)).collect();
        for shift in 0..45 {
            let turn = |row: usize| (row * 7 + shift) % 45;
            let turned: Vec<f64> = (0..45).map(|row| values[turn(row)]).collect();
            let names: Vec<usize> = (0..45).map(|row| labels[turn(row)]).collect();
            let tree = grow(&[turned], &names, 2, Budget { leaves: 4, rows_in_leaf: 1 });
            assert_eq!(tree.nodes[0], Node::Split { feature: 0, cut: 1.0, low: 1, high: 2 });
            assert_eq!(tree.nodes[1..], [Node::Leaf(vec![20, 5]), Node::Leaf(vec![0, 20])]);
        }
    }

    #[test]
    fn the_budget_holds_and_the_strongest_split_comes_first() {
        let line: Vec<f64> = (0..100).map(f64::from).collect();
        let labels: Vec<usize> = (0..100)
            .map(|row| {
                if row < 50 {
                    0
                } else if row < 90 {
                    1
                } else {
                    2
                }
            })
            .collect();
        let two = grow(std::slice::from_ref(&line), &labels, 3, Budget { leaves: 2, rows_in_leaf: 1 });
        assert_eq!(two.nodes.len(), 3);
        assert!(matches!(two.nodes[0], Node::Split { cut, .. } if cut == 49.0));
        let three = grow(&[line], &labels, 3, Budget { leaves: 9, rows_in_leaf: 1 });
        assert_eq!(three.nodes.iter().filter(|node| matches!(node, Node::Leaf(_))).count(), 3);
    }

    #[test]
    fn splits_that_say_the_same_on_both_sides_are_taken_back() {
        let line: Vec<f64> = (0..100).map(f64::from).collect();
        // Group 1 is a minority on either side of 50: parting 0 % from 20 % of it gains purity and changes no answer.
        let labels: Vec<usize> = (0..100).map(|row| usize::from(row >= 50 && row % 5 == 0)).collect();
        let tree = grow(&[line], &labels, 2, Budget { leaves: 2, rows_in_leaf: 5 });
        assert_eq!(tree.nodes[0], Node::Leaf(vec![90, 10]));
    }
}
