//! A clustering explained by a tree of cuts in the columns' own units: each leaf a rule, each cluster the rules of its leaves.
//!
//! Two kinds can be had: CART, whose leaves name the cluster most frequent there, and the threshold tree, which keeps the
//! centres apart and has a leaf for each. Both are grown on a sample; their rules are counted on all rows.

use crate::error::{Code, Error, Result};
use crate::features::matrix::{Feature, Level, Rows, scaled};
use crate::job::{Job, Progress, Step};
use crate::math::rng::Rng;
use crate::math::stats::BLOCK;
use crate::math::tiles::{TILE, Tiles};
use crate::segment::cluster::clustering::Clustering;
use crate::segment::cluster::model::Model;
use crate::segment::explain::axes::{Axis, Kind as Scale};
use crate::segment::explain::grow::{Budget, Node, Parting, Target, Tree, grow};
use crate::segment::explain::imm::{self, Clusters, Cut};
use crate::segment::explain::nodes::{NodeInfo, nodes};
use crate::segment::explain::paths::{Stop, stops};
use crate::segment::rules::cache::Cache;
use crate::segment::rules::evaluate::{Context, evaluate_with};
use crate::segment::rules::tree::{Combinator, Rule, Value};
use crate::table::table::Table;
use std::rc::Rc;

/// Trees are grown on at most this many rows, drawn with a fixed seed; they are measured on all of them.
pub const GROWN_ON: usize = 20_000;
/// Rows × clusters of the distances that a threshold tree is made from.
const MOST_DISTANCES: usize = 2_000_000;
/// The most leaves that may be asked for.
pub const MOST_LEAVES: usize = 1_000;

/// How a clustering is explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// By the cluster most frequent in each leaf.
    Cart,
    /// By cuts between the centres.
    Threshold,
}

impl Kind {
    /// The kind of a name; nothing for none, which means the better of the two.
    ///
    /// # Errors
    /// `bad-option`.
    pub fn of(name: Option<&str>) -> Result<Option<Kind>> {
        match name {
            None => Ok(None),
            Some("cart") => Ok(Some(Kind::Cart)),
            Some("threshold") => Ok(Some(Kind::Threshold)),
            Some(other) => {
                Err(Error::new(Code::BadOption, format!("There is no tree “{other}”. Use “threshold” or “cart”.")))
            }
        }
    }

    /// The spelling in results.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Cart => "cart",
            Kind::Threshold => "threshold",
        }
    }
}

/// A leaf as a rule.
#[derive(Clone, Debug)]
pub struct Leaf {
    /// Who ends here.
    pub rule: Rule,
    /// The group it names.
    pub group: usize,
    /// Rows that end here, grouped or not.
    pub n: usize,
    /// Share of them that belong to the group, 0 to 1; NaN without rows.
    pub purity: f64,
}

/// A group as a rule.
#[derive(Clone, Debug)]
pub struct GroupRule {
    /// Who is taken for a member; nobody where no leaf names the group.
    pub rule: Rule,
    /// Whether a leaf names it.
    pub named: bool,
    /// Share of those taken who are members, 0 to 1; NaN when nobody is taken.
    pub precision: f64,
    /// Share of the members who are taken, 0 to 1; NaN without members.
    pub recall: f64,
}

/// A clustering explained.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// Which tree it is.
    pub kind: Kind,
    /// Share of the grouped rows whose leaf names their group; 0 without groups.
    pub fidelity: f64,
    /// Squared distances of the grouped rows from the mean of those whose leaves name the same group, over those from the
    /// means of the groups themselves: 1 where the tree loses nothing. NaN where all rows of each group are the same.
    pub cost_ratio: f64,
    /// The tree as it is drawn.
    pub nodes: Vec<NodeInfo>,
    /// The lower side of a split before the upper.
    pub leaves: Vec<Leaf>,
    /// One a group.
    pub groups: Vec<GroupRule>,
}

/// An explanation in the making.
#[derive(Debug)]
pub struct ExplainJob {
    table: Rc<Table>,
    clustering: Rc<Clustering>,
    kind: Option<Kind>,
    leaves: usize,
    sample: Option<Sample>,
    trees: Vec<(Kind, Tree)>,
    grown: Option<Grown>,
    cache: Cache,
    /// For each stop that is a leaf: rows that come there, and how many of them belong to its group.
    counts: Vec<(usize, usize)>,
    /// The group of the leaf of each row; −1 where none takes it.
    told: Vec<i32>,
    block: usize,
    costs: Costs,
}

/// Rows that trees are grown on.
#[derive(Debug)]
struct Sample {
    rows: Vec<usize>,
    labels: Vec<usize>,
    /// At least 1.
    groups: usize,
    /// In scaled units.
    tiles: Tiles<f64>,
    /// Clusters × features, in scaled units.
    centers: Vec<Vec<f64>>,
    axes: Vec<Axis>,
    budget: Budget,
}

/// A tree and what is needed to measure it.
#[derive(Debug)]
struct Grown {
    kind: Kind,
    axes: Vec<Axis>,
    tree: Tree,
    stops: Vec<Stop>,
}

/// Sums over rows that are in a group and in a leaf, in scaled units.
#[derive(Clone, Debug, Default)]
struct Costs {
    /// Squares of all values.
    squares: f64,
    /// Groups × features by the tree and by the clustering, and rows of each.
    sums: [Vec<f64>; 2],
    rows: [Vec<usize>; 2],
}

impl Costs {
    fn none(groups: usize, width: usize) -> Costs {
        Costs {
            squares: 0.0,
            sums: [(); 2].map(|()| vec![0.0; groups * width]),
            rows: [(); 2].map(|()| vec![0; groups]),
        }
    }

    /// Σ x² − Σ n · mean², the squared distances from the means: of the tree over those of the clustering; 1 where neither
    /// leaves any.
    fn ratio(&self, width: usize) -> f64 {
        let within = |sums: &Vec<f64>, rows: &Vec<usize>| {
            let of = |(sums, &n): (&[f64], &usize)| sums.iter().map(|sum| sum * sum).sum::<f64>() / n.max(1) as f64;
            self.squares - sums.chunks(width).zip(rows).map(of).sum::<f64>()
        };
        let (tree, clusters) = (within(&self.sums[0], &self.rows[0]), within(&self.sums[1], &self.rows[1]));
        if tree == clusters { 1.0 } else { tree / clusters.max(f64::MIN_POSITIVE) }
    }
}

impl ExplainJob {
    /// Of a clustering of this table. `leaves` is three a cluster when left out, and never fewer than two.
    ///
    /// # Errors
    /// `bad-option` for a number of leaves that makes no sense.
    pub fn new(
        table: Rc<Table>,
        clustering: Rc<Clustering>,
        kind: Option<Kind>,
        leaves: Option<usize>,
    ) -> Result<ExplainJob> {
        let leaves = leaves.unwrap_or((clustering.k * 3).max(2));
        check_leaves(leaves)?;
        let told = vec![-1; table.row_count];
        let costs = Costs::none(clustering.k, clustering.scales.len());
        Ok(ExplainJob {
            table,
            clustering,
            kind,
            leaves,
            sample: None,
            trees: Vec::new(),
            grown: None,
            cache: Cache::default(),
            counts: Vec::new(),
            told,
            block: 0,
            costs,
        })
    }

    /// The rows that trees are grown on.
    fn draw(&self) -> Result<Sample> {
        let (table, clustering) = (&self.table, &self.clustering);
        let (scales, groups) = (&clustering.scales, clustering.k.max(1));
        let mut rows: Vec<usize> = (0..table.row_count).filter(|&row| clustering.assignments[row] >= 0).collect();
        let most = GROWN_ON.min((MOST_DISTANCES / groups).max(1_000));
        if rows.len() > most {
            rows = Rng::new(0).sample(rows.len(), most).into_iter().map(|at| rows[at]).collect();
        }
        let labels: Vec<usize> = rows.iter().map(|&row| clustering.assignments[row] as usize).collect();
        let chosen = Rows::Some(rows.iter().map(|&row| row as u32).collect());
        let mut tiles = Tiles::zeros(rows.len(), scales.len());
        scaled(table, scales, &chosen, 0..rows.len(), 1.0, tiles.values_mut())?;
        let centers = centers(&clustering.model, &tiles, &labels, groups);
        let axes = axes(table, scales, &rows)?;
        let budget = Budget { leaves: self.leaves, rows_in_leaf: (rows.len() / 200).max(2) };
        Ok(Sample { rows, labels, groups, tiles, centers, axes, budget })
    }

    /// Grows one more of the trees that are wanted; gives the better one after the last.
    fn grow(&mut self, sample: Sample) -> Result<()> {
        let kind = self.kind.unwrap_or(if self.trees.is_empty() { Kind::Cart } else { Kind::Threshold });
        self.trees.push((
            kind,
            match kind {
                Kind::Cart => grow(&sample.axes, Target::Groups(&sample.labels, sample.groups), sample.budget),
                Kind::Threshold => threshold(&self.table, &self.clustering.scales, &sample)?,
            },
        ));
        if self.kind.is_none() && self.trees.len() < 2 {
            self.sample = Some(sample);
            return Ok(());
        }
        let right = |tree: &Tree| {
            let is_right = |row: &usize| group_of(tree, &sample.axes, *row) == sample.labels[*row];
            (0..sample.rows.len()).filter(is_right).count()
        };
        let better =
            |best: (Kind, Tree), other: (Kind, Tree)| if right(&other.1) > right(&best.1) { other } else { best };
        if let Some((kind, tree)) = std::mem::take(&mut self.trees).into_iter().reduce(better) {
            let stops = stops(&tree, &sample.axes);
            self.grown = Some(Grown { kind, axes: sample.axes, tree, stops });
        }
        Ok(())
    }

    /// Counts one leaf on all rows.
    fn count(&self, grown: &Grown, stop: &Stop, told: &mut [i32]) -> Result<(usize, usize)> {
        let Node::Leaf(group) = grown.tree.nodes[stop.node] else { return Ok((0, 0)) };
        let rows = evaluate_with(&stop.rule, &self.table, &Context::on(0), &self.cache)?.yes;
        let (mut n, mut own) = (0, 0);
        for row in rows.iter() {
            told[row] = group as i32;
            n += 1;
            own += usize::from(self.clustering.assignments[row] == group as i32);
        }
        Ok((n, own))
    }

    /// Adds one block of rows to the costs of being told by the tree and of being clustered.
    fn cost(&mut self) -> Result<()> {
        let width = self.clustering.scales.len();
        let start = self.block * BLOCK;
        let range = start..(start + BLOCK).min(self.table.row_count);
        let mut tiles = vec![[0.0f64; TILE]; range.len().div_ceil(TILE) * width];
        scaled(&self.table, &self.clustering.scales, &Rows::All(self.table.row_count), range.clone(), 1.0, &mut tiles)?;
        let mut part = Costs::none(self.clustering.k, width);
        for (at, row) in range.enumerate() {
            let groups = [self.told[row], self.clustering.assignments[row]];
            if groups.iter().any(|&group| group < 0) {
                continue;
            }
            for (feature, lanes) in tiles[at / TILE * width..][..width].iter().enumerate() {
                let value = lanes[at % TILE];
                part.squares += value * value;
                for (sums, group) in part.sums.iter_mut().zip(groups) {
                    sums[group as usize * width + feature] += value;
                }
            }
            part.rows.iter_mut().zip(groups).for_each(|(rows, group)| rows[group as usize] += 1);
        }
        self.costs.squares += part.squares;
        for side in 0..2 {
            self.costs.sums[side].iter_mut().zip(&part.sums[side]).for_each(|(sum, part)| *sum += part);
            self.costs.rows[side].iter_mut().zip(&part.rows[side]).for_each(|(rows, part)| *rows += part);
        }
        Ok(())
    }

    fn finish(&mut self, grown: Grown) -> Explanation {
        let Clustering { k, sizes, .. } = &*self.clustering;
        let rows = self.table.row_count;
        let counts: Vec<usize> = self.counts.iter().map(|(n, _)| *n).collect();
        let mut nodes = nodes(&grown.tree, &grown.axes, &grown.stops, &counts, rows);
        let mut leaves = Vec::new();
        let mut taken = vec![(0, 0); *k];
        for ((stop, &(n, own)), info) in grown.stops.into_iter().zip(&self.counts).zip(&mut nodes) {
            if let Node::Leaf(group) = grown.tree.nodes[stop.node] {
                let purity = own as f64 / n as f64;
                (info.label, info.purity) = (self.clustering.labels.get(group).cloned(), Some(purity));
                // Without clusters there is a place, but nothing that it could name.
                if let Some(taken) = taken.get_mut(group) {
                    *taken = (taken.0 + n, taken.1 + own);
                    leaves.push(Leaf { rule: stop.rule, group, n, purity });
                }
            }
        }
        let said = |(group, &(n, own)): (usize, &(usize, usize))| {
            let rules: Vec<Rule> =
                leaves.iter().filter(|leaf| leaf.group == group).map(|leaf| leaf.rule.clone()).collect();
            GroupRule {
                named: !rules.is_empty(),
                rule: if rules.is_empty() { nobody() } else { Rule::group(Combinator::Or, rules) },
                precision: own as f64 / n as f64,
                recall: own as f64 / sizes[group] as f64,
            }
        };
        let groups: Vec<GroupRule> = taken.iter().enumerate().map(said).collect();
        let right: usize = self.counts.iter().map(|(_, own)| own).sum();
        Explanation {
            kind: grown.kind,
            fidelity: right as f64 / sizes.iter().sum::<usize>().max(1) as f64,
            cost_ratio: self.costs.ratio(self.clustering.scales.len()),
            nodes,
            leaves,
            groups,
        }
    }
}

impl Job for ExplainJob {
    type Output = Explanation;

    fn step(&mut self) -> Result<Step<Explanation>> {
        let rows = self.table.row_count;
        let blocks = rows.div_ceil(BLOCK);
        let ratio = match self.grown.take() {
            None => {
                match self.sample.take() {
                    None => self.sample = Some(self.draw()?),
                    Some(sample) => self.grow(sample)?,
                }
                if self.grown.is_some() { 0.3 } else { 0.1 * (1 + self.trees.len()) as f64 }
            }
            Some(grown) if self.counts.len() < grown.stops.len() => {
                let mut told = std::mem::take(&mut self.told);
                let counted = self.count(&grown, &grown.stops[self.counts.len()], &mut told)?;
                self.told = told;
                self.counts.push(counted);
                let ratio = 0.3 + 0.5 * self.counts.len() as f64 / grown.stops.len() as f64;
                self.grown = Some(grown);
                ratio
            }
            Some(grown) if self.block < blocks => {
                self.cost()?;
                self.block += 1;
                self.grown = Some(grown);
                0.8 + 0.2 * self.block as f64 / blocks as f64
            }
            Some(grown) => return Ok(Step::Done(self.finish(grown))),
        };
        Ok(Step::Working(Progress { phase: "explaining", ratio, rows: rows as u64 }))
    }
}

/// Refuses numbers of leaves that make no sense.
///
/// # Errors
/// `bad-option`.
pub fn check_leaves(leaves: usize) -> Result<()> {
    if (2..=MOST_LEAVES).contains(&leaves) {
        return Ok(());
    }
    Err(Error::new(Code::BadOption, format!("A tree has 2 to {MOST_LEAVES} leaves, not {leaves}."))
        .limit(MOST_LEAVES as f64))
}

/// The rule of a group that no leaf names.
pub fn nobody() -> Rule {
    Rule::Not(Box::new(Rule::Everyone))
}

/// The columns that were compared, each once, over some rows. Those that trees cannot cut are passed over.
fn axes(table: &Table, scales: &[Feature], rows: &[usize]) -> Result<Vec<Axis>> {
    let mut axes: Vec<Axis> = Vec::new();
    for (at, feature) in scales.iter().enumerate() {
        if scales[..at].iter().all(|earlier| earlier.column != feature.column) {
            axes.extend(Axis::of(table, &feature.column, feature.level.is_some(), rows)?);
        }
    }
    Ok(axes)
}

/// Clusters × features in scaled units: the model's centres, or the means of the sample's members.
fn centers(model: &Model, tiles: &Tiles<f64>, labels: &[usize], k: usize) -> Vec<Vec<f64>> {
    if let Model::Centers { centers } = model {
        return centers.clone();
    }
    let mut sums = vec![vec![0.0; tiles.features()]; k];
    let mut counts = vec![0usize; k];
    for (row, &label) in labels.iter().enumerate() {
        counts[label] += 1;
        sums[label].iter_mut().enumerate().for_each(|(feature, sum)| *sum += tiles.get(row, feature));
    }
    for (sums, &count) in sums.iter_mut().zip(&counts) {
        sums.iter_mut().for_each(|sum| *sum /= count.max(1) as f64);
    }
    sums
}

/// The group that a tree gives a row of the axes.
pub fn group_of(tree: &Tree, axes: &[Axis], row: usize) -> usize {
    let mut node = 0;
    loop {
        match &tree.nodes[node] {
            Node::Leaf(group) => return *group,
            Node::Split { axis, parting, missing_low, low, high } => {
                let value = axes[*axis].values[row];
                let is_low = if value.is_nan() { *missing_low } else { parting.is_low(value) };
                node = if is_low { *low } else { *high };
            }
        }
    }
}

/// The threshold tree over features, said in columns.
fn threshold(table: &Table, scales: &[Feature], sample: &Sample) -> Result<Tree> {
    let Sample { rows, labels, tiles, centers, axes, budget, .. } = sample;
    // Features that a tree can cut, each with its axis and, of a category, how its level is parted from the others.
    let mut cuttable: Vec<(usize, usize, Option<Parting>)> = Vec::new();
    for (at, feature) in scales.iter().enumerate() {
        let Some(axis) = axes.iter().position(|axis| axis.name == feature.column) else { continue };
        match &feature.level {
            None => cuttable.push((at, axis, None)),
            Some(level) => cuttable.extend(parting_of(&axes[axis], level).map(|parting| (at, axis, Some(parting)))),
        }
    }
    let mut values = Vec::with_capacity(cuttable.len());
    for &(at, ..) in &cuttable {
        let (source, fill) = (scales[at].values(table)?, scales[at].fill.unwrap_or(0.0));
        let own = |&row: &usize| source.as_ref().map_or(fill, |source| source.get(row));
        let filled = |value: f64| if value.is_nan() { fill } else { value };
        values.push(rows.iter().map(|row| filled(own(row))).collect());
    }
    let own = |center: &Vec<f64>| cuttable.iter().map(|&(at, ..)| scales[at].scale.undo(center[at])).collect();
    let own_centers: Vec<Vec<f64>> = centers.iter().map(own).collect();
    let far = |row: usize, center: &Vec<f64>| -> f64 {
        center
            .iter()
            .enumerate()
            .map(|(at, center)| (tiles.get(row, at) - center) * (tiles.get(row, at) - center))
            .sum()
    };
    let distances: Vec<f64> =
        (0..rows.len()).flat_map(|row| centers.iter().map(move |center| far(row, center))).collect();
    let days: Vec<bool> = cuttable.iter().map(|&(_, axis, _)| axes[axis].kind == Scale::Day).collect();
    let clusters = Clusters { values: &values, days: &days, labels, centers: &own_centers, distances: &distances };
    let cuts = imm::grow(&clusters, budget.leaves, budget.rows_in_leaf);
    let said = |cut: Cut| match cut {
        Cut::Leaf(group) => Node::Leaf(group),
        Cut::Split { feature, at, low, high } => {
            let (feature, axis, level) = &cuttable[feature];
            match (level, &axes[*axis].kind) {
                (None, _) => {
                    let missing_low = scales[*feature].fill.is_some_and(|fill| fill <= at);
                    Node::Split { axis: *axis, parting: Parting::Cut(at), missing_low, low, high }
                }
                // Who has the level lies above the cut, and is the lower side of what is said.
                (Some(parting), _) => {
                    let missing_low = *parting == Parting::Cut(f64::NEG_INFINITY);
                    Node::Split { axis: *axis, parting: parting.clone(), missing_low, low: high, high: low }
                }
            }
        }
    };
    Ok(Tree { nodes: cuts.into_iter().map(said).collect() })
}

/// How a level is parted from all others: it alone is low. Nothing for a level that the axis does not list, and for the rest.
fn parting_of(axis: &Axis, level: &Level) -> Option<Parting> {
    let text = match level {
        Level::Text(text) => text,
        Level::Missing => return Some(Parting::Cut(f64::NEG_INFINITY)),
        Level::Other(_) => return None,
    };
    match &axis.kind {
        Scale::Category(levels) => {
            let same = |value: &Value| match value {
                Value::Text(known) => known == text,
                Value::Number(number) => text.parse() == Ok(*number),
                _ => false,
            };
            let at = levels.iter().position(same)?;
            Some(Parting::Levels((0..levels.len()).map(|other| other == at).collect()))
        }
        Scale::Flag if text == "false" => Some(Parting::Cut(0.0)),
        _ => None,
    }
}
