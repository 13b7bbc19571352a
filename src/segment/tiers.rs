//! Ordered rules, first match wins: an exclusive grouping made of rules.

use crate::error::Result;
use crate::segment::grouping::Grouping;
use crate::segment::rules::evaluate::{Context, evaluate};
use crate::segment::rules::tree::Rule;
use crate::table::table::Table;

/// A named rule in an ordered list.
#[derive(Clone, Debug, PartialEq)]
pub struct Tier {
    /// The label of those who match.
    pub name: String,
    /// Who may match.
    pub rule: Rule,
}

/// Puts each row into the first tier whose rule is true for it; −1 where none is (false or unknown).
///
/// # Errors
/// Those of the rules: unknown columns, clashing types.
pub fn assign(name: &str, tiers: &[Tier], table: &Table, context: &Context) -> Result<Grouping> {
    let mut assignments = vec![-1; table.row_count];
    for (index, tier) in tiers.iter().enumerate() {
        for row in evaluate(&tier.rule, table, context)?.yes.iter() {
            if assignments[row] < 0 {
                assignments[row] = index as i32;
            }
        }
    }
    Ok(Grouping::new(name, tiers.iter().map(|tier| tier.name.clone()).collect(), assignments))
}
