//! A grouping explained by a tree of cuts in the columns' own units: each leaf a rule, each group the rules of its leaves.

use crate::error::Result;
use crate::features::matrix::Values;
use crate::math::rng::Rng;
use crate::segment::explain::grow::{Budget, Node, Tree, grow, majority};
use crate::segment::rules::evaluate::{Context, evaluate};
use crate::segment::rules::tree::{Combinator, Comparison, Condition, Place, Rule, Test, Value};
use crate::table::bitmap::Bitmap;
use crate::table::column::ColumnType;
use crate::table::table::Table;

/// The tree is grown on at most this many rows, drawn with a fixed seed; it is measured on all of them.
pub const GROWN_ON: usize = 20_000;

/// A leaf as a rule.
#[derive(Clone, Debug)]
pub struct Leaf {
    /// Who ends here.
    pub rule: Rule,
    /// The most frequent group here.
    pub group: usize,
    /// Rows that end here, grouped or not.
    pub n: usize,
    /// Share of them that belong to the group, 0 to 1; NaN without rows.
    pub purity: f64,
}

/// A group as a rule.
#[derive(Clone, Debug)]
pub struct GroupRule {
    /// Who is taken for a member.
    pub rule: Rule,
    /// Share of those who are members, 0 to 1; NaN when nobody is taken.
    pub precision: f64,
    /// Share of the members who are taken, 0 to 1; NaN without members.
    pub recall: f64,
}

/// A grouping explained.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// Share of the grouped rows whose leaf names their group.
    pub fidelity: f64,
    /// From the lowest cuts up.
    pub leaves: Vec<Leaf>,
    /// One a group.
    pub groups: Vec<GroupRule>,
}

/// Explains `assignments` (−1 is no group) by the columns named. Columns that are not numbers, days or yes/no are passed
/// over. Up to three leaves a group; without groups there are none, and the fidelity is 0.
///
/// # Errors
/// `unknown-column`.
pub fn explain(table: &Table, columns: &[String], assignments: &[i32], groups: usize) -> Result<Explanation> {
    if groups == 0 {
        return Ok(Explanation { fidelity: 0.0, leaves: Vec::new(), groups: Vec::new() });
    }
    let mut axes: Vec<(&str, ColumnType)> = Vec::new();
    let mut sources: Vec<Values<'_>> = Vec::new();
    for name in columns {
        let column = table.column(name)?;
        if let (Some(values), true) = (Values::of(table, name)?, column.kind() != ColumnType::Time) {
            axes.push((&column.name, column.kind()));
            sources.push(values);
        }
    }
    let usable = |row: &usize| assignments[*row] >= 0 && sources.iter().all(|source| !source.get(*row).is_nan());
    let mut rows: Vec<usize> = (0..table.row_count).filter(usable).collect();
    if rows.len() > GROWN_ON {
        rows = Rng::new(0).sample(rows.len(), GROWN_ON).into_iter().map(|at| rows[at]).collect();
    }
    let values: Vec<Vec<f64>> =
        sources.iter().map(|source| rows.iter().map(|&row| source.get(row)).collect()).collect();
    let labels: Vec<usize> = rows.iter().map(|&row| assignments[row] as usize).collect();
    let budget = Budget { leaves: (groups * 3).max(2), rows_in_leaf: (rows.len() / 200).max(2) };
    let tree = grow(&values, &labels, groups, budget);
    measure(table, &axes, &tree, assignments, groups)
}

/// Turns the leaves into rules and counts them on all rows.
fn measure(
    table: &Table,
    axes: &[(&str, ColumnType)],
    tree: &Tree,
    assignments: &[i32],
    groups: usize,
) -> Result<Explanation> {
    let context = Context::on(0);
    let everyone = vec![(f64::NEG_INFINITY, f64::INFINITY); axes.len()];
    let mut found = Vec::new();
    walk(tree, 0, everyone, &mut found);
    let sizes = |rows: &Bitmap| {
        let mut counts = vec![0usize; groups];
        rows.iter().filter(|&row| assignments[row] >= 0).for_each(|row| counts[assignments[row] as usize] += 1);
        counts
    };
    let (mut leaves, mut right) = (Vec::new(), 0);
    let mut taken: Vec<(Vec<Rule>, Bitmap)> = vec![(Vec::new(), Bitmap::zeros(table.row_count)); groups];
    for (bounds, counts) in found {
        let group = majority(&counts);
        let rule = rule_of(axes, &bounds);
        let rows = evaluate(&rule, table, &context)?.yes;
        let (n, own) = (rows.count(), sizes(&rows).get(group).copied().unwrap_or(0));
        right += own;
        if let Some((rules, members)) = taken.get_mut(group) {
            rules.push(rule.clone());
            *members = members.or(&rows);
        }
        leaves.push(Leaf { rule, group, n, purity: own as f64 / n as f64 });
    }
    let all = sizes(&Bitmap::ones(table.row_count));
    let groups = taken
        .into_iter()
        .enumerate()
        .map(|(group, (rules, rows))| {
            let own = sizes(&rows)[group] as f64;
            let rule = if rules.is_empty() { nobody() } else { Rule::group(Combinator::Or, rules) };
            GroupRule { rule, precision: own / rows.count() as f64, recall: own / all[group] as f64 }
        })
        .collect();
    Ok(Explanation { fidelity: right as f64 / all.iter().sum::<usize>() as f64, leaves, groups })
}

/// For each axis: above the first number, and at most the second.
type Bounds = Vec<(f64, f64)>;

/// Collects the leaves with the bounds that lead to them, and the rows of each group that grew there.
fn walk(tree: &Tree, node: usize, bounds: Bounds, found: &mut Vec<(Bounds, Vec<usize>)>) {
    match &tree.nodes[node] {
        Node::Leaf(counts) => found.push((bounds, counts.clone())),
        Node::Split { feature, cut, low, high } => {
            let (mut below, mut above) = (bounds.clone(), bounds);
            below[*feature].1 = below[*feature].1.min(*cut);
            above[*feature].0 = above[*feature].0.max(*cut);
            walk(tree, *low, below, found);
            walk(tree, *high, above, found);
        }
    }
}

/// `value > low and value <= high` for every axis that is bounded.
fn rule_of(axes: &[(&str, ColumnType)], bounds: &[(f64, f64)]) -> Rule {
    let mut conditions = Vec::new();
    for (&(name, kind), &(low, high)) in axes.iter().zip(bounds) {
        if kind == ColumnType::Boolean {
            if low.is_finite() || high.is_finite() {
                conditions.push(condition(name, Comparison::Equal, Value::Boolean(low.is_finite())));
            }
            continue;
        }
        let value =
            |cut: f64| if kind == ColumnType::Date { Value::Day(cut.floor() as i32) } else { Value::Number(cut) };
        if low.is_finite() {
            conditions.push(condition(name, Comparison::Greater, value(low)));
        }
        if high.is_finite() {
            conditions.push(condition(name, Comparison::AtMost, value(high)));
        }
    }
    Rule::group(Combinator::And, conditions)
}

/// The rule of a group that no leaf names.
fn nobody() -> Rule {
    Rule::Not(Box::new(Rule::Everyone))
}

fn condition(column: &str, comparison: Comparison, value: Value) -> Rule {
    Rule::Condition(Condition {
        subject: Value::Column(column.to_string()).operand(),
        test: Test::Compare(comparison, value.operand()),
        test_place: Place::default(),
        ignoring_case: false,
        missing_as: None,
    })
}
