//! Which conditions of an imported rule does the table refuse that it is meant for? They are left out and named like whatever
//! else could not be said, by their own text, so that what is given can be used.

use crate::segment::rules::check::check;
use crate::segment::rules::format::format;
use crate::segment::rules::formats::imported::{Imported, Known, KnownColumns, joined_rest, nobody, not};
use crate::segment::rules::schema::{OrderColumns, Schema};
use crate::segment::rules::tree::Rule;
use crate::table::column::ColumnType;

/// The rule without what does not fit the columns, where they are known. A column without a single value fits whatever is asked.
pub fn fitted(imported: Imported, known: &Known) -> Imported {
    let Some(columns) = known.columns else { return imported };
    let customers = typed(columns);
    let lines = known.orders.map(typed).filter(|lines| Some(lines.len()) == known.orders.map(<[_]>::len));
    let orders = lines.as_ref().map_or(OrderColumns::Unchecked, |columns| {
        let date = columns.iter().find(|(_, kind)| matches!(kind, ColumnType::Date | ColumnType::Time));
        OrderColumns::Present { columns, date: date.map(|(name, _)| name.as_str()) }
    });
    let schema = Schema { columns: &customers, orders, definitions: None };
    let is_open = |name: &&str| columns.iter().any(|(known, kind)| known == name && kind.is_none());
    let mut refused = Vec::new();
    for leaf in imported.rule.leaves() {
        if leaf.columns().iter().any(is_open) {
            continue;
        }
        if let Some(error) = check(leaf, &schema).first() {
            refused.push((leaf.clone(), format!("{}: {}", format(leaf), error.message)));
        }
    }
    if refused.is_empty() {
        return imported;
    }
    let (leaves, reasons): (Vec<Rule>, Vec<String>) = refused.into_iter().unzip();
    let Imported { rule, mut unsupported, notes } = imported;
    unsupported.extend(reasons);
    Imported { rule: without(rule, &leaves).unwrap_or_else(nobody), unsupported, notes }
}

fn typed(columns: &KnownColumns) -> Vec<(String, ColumnType)> {
    columns.iter().filter_map(|(name, kind)| Some((name.clone(), (*kind)?))).collect()
}

fn without(rule: Rule, refused: &[Rule]) -> Option<Rule> {
    match rule {
        Rule::Not(inner) => without(*inner, refused).map(not),
        Rule::Group(combinator, rules) => {
            joined_rest(combinator, rules.into_iter().map(|rule| without(rule, refused)).collect())
        }
        leaf => (!refused.contains(&leaf)).then_some(leaf),
    }
}
