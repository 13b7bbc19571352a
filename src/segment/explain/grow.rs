//! A small decision tree (CART: Breiman, Friedman, Olshen and Stone) grown best split first to a leaf budget. It parts groups
//! by Gini impurity and numbers by their variance, which is one and the same sum: n − Σ c² / n, and Σ y² − (Σ y)² / n.
//!
//! Equal values are never parted, so the order of rows cannot show. Levels of a category are parted as sets: sorted by their
//! share of each group in turn, every set from either end is tried (for two groups and for numbers the best set is among
//! them). Rows without a value go where they fit best. Ties go to the first axis and the lowest cut.

use crate::math::order::arranged;
use crate::segment::explain::axes::{Axis, Kind};
use crate::segment::explain::cut::{readable, readable_day};

/// How large a tree may grow.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// Leaves at most, at least 1.
    pub leaves: usize,
    /// Rows a leaf must have at least.
    pub rows_in_leaf: usize,
}

/// A binary tree; node 0 is the root.
#[derive(Clone, Debug, PartialEq)]
pub struct Tree {
    /// Parents before children. Some may be reached no more.
    pub nodes: Vec<Node>,
}

/// A place in the tree.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// Rows are parted.
    Split {
        /// Index of the axis.
        axis: usize,
        /// Who goes to the lower side.
        parting: Parting,
        /// Whether rows without a value go to the lower side.
        missing_low: bool,
        /// Node of the lower side.
        low: usize,
        /// Node of the upper side.
        high: usize,
    },
    /// The group of those who end here; 0 where numbers are parted.
    Leaf(usize),
}

/// Who goes to the lower side of a split.
#[derive(Clone, Debug, PartialEq)]
pub enum Parting {
    /// Values up to this; nobody for −∞, where only those without a value are parted from the others.
    Cut(f64),
    /// These levels; any other level goes to the upper side.
    Levels(Vec<bool>),
}

impl Parting {
    /// Whether a value that is there goes to the lower side.
    pub fn is_low(&self, value: f64) -> bool {
        match self {
            Parting::Cut(cut) => value <= *cut,
            Parting::Levels(levels) => levels.get(value as usize).copied().unwrap_or(false),
        }
    }
}

/// What the rows are to be parted by.
#[derive(Clone, Copy, Debug)]
pub enum Target<'a> {
    /// A group below the number given, each row.
    Groups(&'a [usize], usize),
    /// A number each row, with a mean near 0.
    Numbers(&'a [f64]),
}

impl Target<'_> {
    fn width(&self) -> usize {
        if let Target::Groups(_, groups) = self { *groups } else { 1 }
    }

    /// Where a row counts, and how much.
    fn of(&self, row: usize) -> (usize, f64) {
        match self {
            Target::Groups(labels, _) => (labels[row], 1.0),
            Target::Numbers(values) => (0, values[row]),
        }
    }
}

/// Sums of some rows, one a group.
#[derive(Clone, Debug)]
struct Tally {
    sums: Vec<f64>,
    squares: f64,
    rows: usize,
}

impl Tally {
    fn none(width: usize) -> Tally {
        Tally { sums: vec![0.0; width], squares: 0.0, rows: 0 }
    }

    fn add(&mut self, (at, amount): (usize, f64)) {
        self.squares += amount * (2.0 * self.sums[at] + amount);
        self.sums[at] += amount;
        self.rows += 1;
    }

    fn take(&mut self, (at, amount): (usize, f64)) {
        self.squares -= amount * (2.0 * self.sums[at] - amount);
        self.sums[at] -= amount;
        self.rows -= 1;
    }

    /// These and others together.
    fn with(&self, other: &Tally, sign: f64) -> Tally {
        let sums: Vec<f64> = self.sums.iter().zip(&other.sums).map(|(a, b)| a + sign * b).collect();
        let rows = if sign > 0.0 { self.rows + other.rows } else { self.rows - other.rows };
        Tally { squares: sums.iter().map(|sum| sum * sum).sum(), sums, rows }
    }

    /// Σ c² / n: the more, the purer.
    fn worth(&self) -> f64 {
        if self.rows == 0 { 0.0 } else { self.squares / self.rows as f64 }
    }
}

#[derive(Clone, Debug)]
struct Split {
    axis: usize,
    parting: Parting,
    missing_low: bool,
    gain: f64,
}

/// Rows of one node, and for each axis those that have a value, in order.
#[derive(Clone, Debug)]
pub struct Part {
    /// All rows, rising.
    pub rows: Vec<usize>,
    /// By value.
    pub orders: Vec<Vec<usize>>,
}

impl Part {
    /// All rows of some axes.
    pub fn all(axes: &[Axis], rows: usize) -> Part {
        Part { rows: (0..rows).collect(), orders: axes.iter().map(Axis::order).collect() }
    }

    /// The rows that pass and those that do not, both in order.
    pub fn parted(self, rows: usize, passes: &dyn Fn(usize) -> bool) -> [Part; 2] {
        let mut low = vec![false; rows];
        self.rows.iter().for_each(|&row| low[row] = passes(row));
        let part = |side: bool| {
            let of = |list: &Vec<usize>| list.iter().copied().filter(|&row| low[row] == side).collect();
            Part { rows: of(&self.rows), orders: self.orders.iter().map(of).collect() }
        };
        [part(true), part(false)]
    }
}

/// Grows a tree for `target` over the axes' rows, of which there is at least one.
pub fn grow(axes: &[Axis], target: Target<'_>, budget: Budget) -> Tree {
    let rows = match target {
        Target::Groups(labels, _) => labels.len(),
        Target::Numbers(values) => values.len(),
    };
    let mut tree = Tree { nodes: Vec::new() };
    let mut open: Vec<(usize, Part, Option<Split>)> = Vec::new();
    let place = |tree: &mut Tree, open: &mut Vec<(usize, Part, Option<Split>)>, part: Part| {
        let (all, split) = best_split(axes, target, &part, budget.rows_in_leaf);
        tree.nodes.push(Node::Leaf(majority(&all.sums)));
        open.push((tree.nodes.len() - 1, part, split));
    };
    place(&mut tree, &mut open, Part::all(axes, rows));
    for _ in 1..budget.leaves {
        let gain = |at: usize| open[at].2.as_ref().map_or(0.0, |split| split.gain);
        let better = |a: usize, b: usize| gain(a) > gain(b) || (gain(a) == gain(b) && open[a].0 < open[b].0);
        let best =
            (0..open.len()).filter(|&at| gain(at) > 0.0).reduce(|best, at| if better(at, best) { at } else { best });
        let Some(best) = best else { break };
        let (node, part, Some(split)) = open.swap_remove(best) else { break };
        let values = &axes[split.axis].values;
        let is_low = |row: usize| {
            if values[row].is_nan() { split.missing_low } else { split.parting.is_low(values[row]) }
        };
        let [low, high] = part.parted(rows, &is_low);
        let first = tree.nodes.len();
        tree.nodes[node] = Node::Split {
            axis: split.axis,
            parting: split.parting,
            missing_low: split.missing_low,
            low: first,
            high: first + 1,
        };
        place(&mut tree, &mut open, low);
        place(&mut tree, &mut open, high);
    }
    if matches!(target, Target::Groups(..)) {
        collapse(&mut tree);
    }
    tree
}

/// Takes back splits whose two sides say the same, from the leaves up: they part nothing and only lengthen the rules. What
/// was below them stays in the list and is no longer reached.
fn collapse(tree: &mut Tree) {
    for node in (0..tree.nodes.len()).rev() {
        let Node::Split { low, high, .. } = tree.nodes[node] else { continue };
        if let (Node::Leaf(low), Node::Leaf(high)) = (&tree.nodes[low], &tree.nodes[high])
            && low == high
        {
            tree.nodes[node] = Node::Leaf(*low);
        }
    }
}

/// The group most frequent; the lowest of equals, 0 without groups.
fn majority(counts: &[f64]) -> usize {
    (0..counts.len()).reduce(|best, at| if counts[at] > counts[best] { at } else { best }).unwrap_or(0)
}

fn best_split(axes: &[Axis], target: Target<'_>, part: &Part, least: usize) -> (Tally, Option<Split>) {
    let mut all = Tally::none(target.width());
    let mut total = 0.0;
    for &row in &part.rows {
        let (at, amount) = target.of(row);
        all.add((at, amount));
        total += amount * amount;
    }
    let before = total - all.worth();
    // Less than this is rounding.
    let nothing = 1e-9 * total;
    let mut search = Best { gain: nothing, least: least.max(1), base: all.worth(), split: None };
    if before > nothing && part.rows.len() >= 2 * search.least {
        for (axis, order) in part.orders.iter().enumerate() {
            let mut present = Tally::none(target.width());
            order.iter().for_each(|&row| present.add(target.of(row)));
            let missing = all.with(&present, -1.0);
            if missing.rows > 0 && axes[axis].levels() == 0 {
                search.offer(axis, &missing, &present, &|| (Parting::Cut(f64::NEG_INFINITY), true));
            }
            match &axes[axis].kind {
                Kind::Category(levels) => {
                    by_levels(axis, &axes[axis], levels.len(), target, order, &all, &missing, &mut search)
                }
                _ => in_order(axis, &axes[axis], target, order, present, &missing, &mut search),
            }
        }
    }
    (all, search.split)
}

/// The best split so far.
struct Best {
    gain: f64,
    least: usize,
    base: f64,
    split: Option<Split>,
}

impl Best {
    fn offer(&mut self, axis: usize, low: &Tally, high: &Tally, parting: &dyn Fn() -> (Parting, bool)) {
        if low.rows < self.least || high.rows < self.least {
            return;
        }
        let gain = low.worth() + high.worth() - self.base;
        if gain > self.gain {
            self.gain = gain;
            let (parting, missing_low) = parting();
            self.split = Some(Split { axis, parting, missing_low, gain });
        }
    }
}

/// Every cut between two different values, with those without a value on the side where they fit better (where there are
/// none here, on the larger one).
fn in_order(
    at: usize,
    axis: &Axis,
    target: Target<'_>,
    order: &[usize],
    mut high: Tally,
    missing: &Tally,
    search: &mut Best,
) {
    let mut low = Tally::none(target.width());
    for pair in order.windows(2) {
        low.add(target.of(pair[0]));
        high.take(target.of(pair[0]));
        let (below, above) = (axis.values[pair[0]], axis.values[pair[1]]);
        if below == above {
            continue;
        }
        let cut = || match axis.kind {
            Kind::Day => readable_day(below, above),
            _ => readable(below, above),
        };
        if missing.rows == 0 {
            let larger = low.rows > high.rows;
            search.offer(at, &low, &high, &|| (Parting::Cut(cut()), larger));
        } else {
            search.offer(at, &low, &high.with(missing, 1.0), &|| (Parting::Cut(cut()), false));
            search.offer(at, &low.with(missing, 1.0), &high, &|| (Parting::Cut(cut()), true));
        }
    }
}

/// Sets of levels. "Missing" is one more level, "any other" is always on the upper side.
#[allow(clippy::too_many_arguments, reason = "what a node knows of an axis")]
fn by_levels(
    at: usize,
    axis: &Axis,
    levels: usize,
    target: Target<'_>,
    order: &[usize],
    all: &Tally,
    missing: &Tally,
    search: &mut Best,
) {
    let mut tallies = vec![Tally::none(target.width()); levels + 1];
    order.iter().for_each(|&row| tallies[axis.values[row] as usize].add(target.of(row)));
    tallies[levels] = missing.clone();
    let here: Vec<usize> = (0..=levels).filter(|&level| tallies[level].rows > 0).collect();
    // With two groups the one's share is the rest of the other's.
    let width = if target.width() == 2 { 1 } else { target.width() };
    for group in 0..width {
        let share = |position: usize| {
            let tally = &tallies[here[position]];
            tally.sums[group] / tally.rows as f64
        };
        let rising = arranged(here.len(), &|a, b| share(a).total_cmp(&share(b)));
        let sides: [&mut dyn Iterator<Item = &usize>; 2] = [&mut rising.iter().rev(), &mut rising.iter()];
        for side in sides {
            let mut low = Tally::none(target.width());
            let mut set = vec![false; levels + 1];
            for &position in side.take(here.len().div_ceil(2)) {
                low = low.with(&tallies[here[position]], 1.0);
                set[here[position]] = true;
                let high = all.with(&low, -1.0);
                let missing_low = if missing.rows > 0 { set[levels] } else { low.rows > high.rows };
                search.offer(at, &low, &high, &|| (Parting::Levels(set[..levels].to_vec()), missing_low));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segment::rules::tree::Value;

    fn axis(kind: Kind, values: Vec<f64>) -> Axis {
        Axis { name: "a".into(), missing: values.iter().any(|value| value.is_nan()), kind, values }
    }

    fn leaves(tree: &Tree) -> usize {
        tree.nodes.iter().filter(|node| matches!(node, Node::Leaf(_))).count()
    }

    #[test]
    fn tied_values_are_never_parted_whatever_the_order() {
        // Value 1: 20 of group 0 and 5 of group 1; value 2: 20 of group 1.
        let values: Vec<f64> = (0..45).map(|row| if row < 25 { 1.0 } else { 2.0 }).collect();
        let labels: Vec<usize> = (0..45).map(|row| usize::from(row >= 20)).collect();
        for shift in 0..45 {
            let turn = |row: usize| (row * 7 + shift) % 45;
            let turned: Vec<f64> = (0..45).map(|row| values[turn(row)]).collect();
            let names: Vec<usize> = (0..45).map(|row| labels[turn(row)]).collect();
            let axes = [axis(Kind::Number, turned)];
            let tree = grow(&axes, Target::Groups(&names, 2), Budget { leaves: 4, rows_in_leaf: 1 });
            let parting = Parting::Cut(1.0);
            assert_eq!(tree.nodes[0], Node::Split { axis: 0, parting, missing_low: true, low: 1, high: 2 });
            assert_eq!(tree.nodes[1..], [Node::Leaf(0), Node::Leaf(1)]);
        }
    }

    #[test]
    fn the_budget_holds_and_the_strongest_split_comes_first() {
        let line = [axis(Kind::Number, (0..100).map(f64::from).collect())];
        let labels: Vec<usize> = (0..100).map(|row| usize::from(row >= 50) + usize::from(row >= 90)).collect();
        let target = Target::Groups(&labels, 3);
        let two = grow(&line, target, Budget { leaves: 2, rows_in_leaf: 1 });
        assert_eq!(two.nodes.len(), 3);
        assert!(matches!(&two.nodes[0], Node::Split { parting, .. } if *parting == Parting::Cut(49.0)));
        assert_eq!(leaves(&grow(&line, target, Budget { leaves: 9, rows_in_leaf: 1 })), 3);
    }

    #[test]
    fn splits_that_say_the_same_on_both_sides_are_taken_back() {
        let line = [axis(Kind::Number, (0..100).map(f64::from).collect())];
        // Group 1 is a minority on either side of 50: parting 0 % from 20 % of it gains purity and changes no answer.
        let labels: Vec<usize> = (0..100).map(|row| usize::from(row >= 50 && row % 5 == 0)).collect();
        let tree = grow(&line, Target::Groups(&labels, 2), Budget { leaves: 2, rows_in_leaf: 5 });
        assert_eq!(tree.nodes[0], Node::Leaf(0));
    }

    #[test]
    fn levels_are_parted_as_sets_and_missing_values_go_where_they_fit() {
        let names = ["a", "b", "c", "d"].map(|name| Value::Text(name.into())).to_vec();
        // Levels 1 and 3 and those without a value are group 1; any other (level 4) is group 0.
        let values: Vec<f64> = (0..120).map(|row| if row % 6 == 5 { f64::NAN } else { f64::from(row % 6) }).collect();
        let labels: Vec<usize> = (0..120).map(|row| usize::from([1, 3, 5].contains(&(row % 6)))).collect();
        let axes = [axis(Kind::Category(names), values)];
        let tree = grow(&axes, Target::Groups(&labels, 2), Budget { leaves: 4, rows_in_leaf: 1 });
        let parting = Parting::Levels(vec![false, true, false, true]);
        assert_eq!(tree.nodes[0], Node::Split { axis: 0, parting, missing_low: true, low: 1, high: 2 });
        assert_eq!(tree.nodes[1..], [Node::Leaf(1), Node::Leaf(0)]);
        // Numbers: those without a value have an outcome of their own.
        let values: Vec<f64> = (0..90).map(|row| if row % 3 == 0 { f64::NAN } else { f64::from(row) }).collect();
        let outcome: Vec<f64> = (0..90).map(|row| if row % 3 == 0 { 2.0 } else { -1.0 }).collect();
        let axes = [axis(Kind::Number, values)];
        let tree = grow(&axes, Target::Numbers(&outcome), Budget { leaves: 2, rows_in_leaf: 1 });
        let parting = Parting::Cut(f64::NEG_INFINITY);
        assert_eq!(tree.nodes[0], Node::Split { axis: 0, parting, missing_low: true, low: 1, high: 2 });
    }
}
