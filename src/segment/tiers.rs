//! Ordered rules, first match wins: an exclusive grouping made of rules.

use crate::error::{Code, Error, Result};
use crate::segment::grouping::Grouping;
use crate::segment::rules::evaluate::{Context, evaluate};
use crate::segment::rules::tree::Rule;
use crate::table::bitmap::Bitmap;
use crate::table::table::Table;

/// A named rule in an ordered list.
#[derive(Clone, Debug, PartialEq)]
pub struct Tier {
    /// The label of those who match.
    pub name: String,
    /// Who may match.
    pub rule: Rule,
}

/// Puts each row into the first tier whose rule is true for it. Where none is (false or unknown) it goes to `everyone_else`,
/// or nowhere (−1), as do the excluded rows.
///
/// # Errors
/// Those of the rules: unknown columns, clashing types. `bad-option` where everyone else is called as one of the tiers.
pub fn assign(
    name: &str,
    tiers: &[Tier],
    everyone_else: Option<&str>,
    excluded: Option<&Bitmap>,
    table: &Table,
    context: &Context,
) -> Result<Grouping> {
    let rest = if everyone_else.is_some() { tiers.len() as i32 } else { -1 };
    if let Some(tier) = tiers.iter().find(|tier| everyone_else == Some(&tier.name)) {
        let message = format!("“{}” is already the name of a tier. Call everyone else otherwise.", tier.name);
        return Err(Error::new(Code::BadOption, message));
    }
    let mut assignments = vec![rest; table.row_count];
    let mut free = Bitmap::ones(table.row_count);
    for (index, tier) in tiers.iter().enumerate() {
        let members = evaluate(&tier.rule, table, context)?.yes.and(&free);
        members.iter().for_each(|row| assignments[row] = index as i32);
        free = free.and_not(&members);
    }
    if let Some(excluded) = excluded {
        excluded.iter().for_each(|row| assignments[row] = -1);
    }
    let labels = tiers.iter().map(|tier| tier.name.clone()).chain(everyone_else.map(String::from));
    Ok(Grouping::new(name, labels.collect(), assignments))
}
