//! What do these customers have in common? A readable rule for any set of rows, such as those drawn around on a map.

use crate::error::{Code, Error, Result};
use crate::math::order::arranged;
use crate::math::rng::Rng;
use crate::segment::explain::axes::Axis;
use crate::segment::explain::grow::{Budget, Target, grow};
use crate::segment::explain::paths::stops;
use crate::segment::explain::tree::GROWN_ON;
use crate::segment::rules::cache::Cache;
use crate::segment::rules::evaluate::{Context, evaluate_with};
use crate::segment::rules::tree::{Combinator, Rule};
use crate::table::bitmap::Bitmap;
use crate::table::table::Table;

/// Leaves of the tree the rule is made from.
const LEAVES: usize = 8;

/// A rule for a set of rows, and how well it fits.
#[derive(Clone, Debug)]
pub struct Fitting {
    /// The rule.
    pub rule: Rule,
    /// Share of those it takes who are of the set, 0 to 1.
    pub precision: f64,
    /// Share of the set that it takes, 0 to 1.
    pub recall: f64,
    /// Rows that it takes.
    pub n: usize,
}

/// A rule over the columns named that takes these rows as nearly as a small tree can: of its leaves, purest first, as many
/// as raise the harmonic mean of precision and recall. Counted on all rows.
///
/// # Errors
/// `unknown-column`; `bad-option` for no rows, or where no column can part them.
pub fn rule_for(table: &Table, wanted: &Bitmap, columns: &[String]) -> Result<Fitting> {
    let (inside, outside): (Vec<usize>, Vec<usize>) = (0..table.row_count).partition(|&row| wanted.get(row));
    if inside.is_empty() {
        return Err(Error::new(Code::BadOption, "There are no rows to find a rule for. Choose at least one."));
    }
    let mut rng = Rng::new(0);
    let mut rows: Vec<usize> = Vec::new();
    for side in [&inside, &outside] {
        rows.extend(rng.sample(side.len(), GROWN_ON / 2).into_iter().map(|at| side[at]));
    }
    let labels: Vec<usize> = rows.iter().map(|&row| usize::from(wanted.get(row))).collect();
    let mut axes = Vec::new();
    for name in columns {
        axes.extend(Axis::of(table, name, false, &rows)?);
    }
    let budget = Budget { leaves: LEAVES, rows_in_leaf: (inside.len().min(GROWN_ON / 2) / 50).clamp(1, 50) };
    let tree = grow(&axes, Target::Groups(&labels, 2), budget);
    let cache = Cache::default();
    let mut leaves: Vec<(Rule, usize, usize)> = Vec::new();
    for stop in stops(&tree, &axes).into_iter().filter(|stop| stop.sides.is_none()) {
        let rows = evaluate_with(&stop.rule, table, &Context::on(0), &cache)?.yes;
        leaves.push((stop.rule, rows.count(), rows.count_and(wanted)));
    }
    if leaves.len() < 2 && !outside.is_empty() {
        let message = "No column tells these rows from the others. Name other columns, or choose other rows.";
        return Err(Error::new(Code::BadOption, message));
    }
    let purity = |at: usize| leaves[at].2 as f64 / leaves[at].1 as f64;
    let order = arranged(leaves.len(), &|a, b| purity(b).total_cmp(&purity(a)));
    let (mut rules, mut n, mut own, mut best) = (Vec::new(), 0, 0, 0.0);
    for (rule, count, right) in order.into_iter().map(|at| &leaves[at]).filter(|(_, count, _)| *count > 0) {
        let fit = 2.0 * (own + right) as f64 / (n + count + inside.len()) as f64;
        if fit <= best {
            break;
        }
        (n, own, best) = (n + count, own + right, fit);
        rules.push(rule.clone());
    }
    Ok(Fitting {
        rule: Rule::group(Combinator::Or, rules),
        precision: own as f64 / n as f64,
        recall: own as f64 / inside.len() as f64,
        n,
    })
}
