//! How many are in, out and unknown, at every part of a rule?

use crate::math::slices::Slices;
use crate::math::tally;
use crate::segment::rules::evaluate::Verdict;
use crate::table::bitmap::Bitmap;
use crate::table::column::{Column, Data};
use serde::Serialize;

/// Three counts that sum to the number of rows, for a rule and for each part of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RuleCounts {
    /// Rows for which it is true.
    #[serde(rename = "in")]
    pub within: usize,
    /// Rows for which it is false.
    pub out: usize,
    /// Rows for which a missing value leaves it open.
    pub unknown: usize,
    /// This part of the rule, in canonical text.
    pub text: String,
    /// Revenue of the rows that are in; missing revenue adds nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revenue: Option<f64>,
    /// Rows that "treat missing as" decided: unknown without it. Only for conditions that say so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub treated: Option<usize>,
    /// Rows that are in and were taken out afterwards. Only at a whole rule, and where somebody is excluded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub excluded: Option<usize>,
    /// The counts of its parts; none for a condition.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<RuleCounts>,
}

/// What each row is worth.
#[derive(Clone, Copy, Debug)]
pub struct Revenue<'a> {
    /// A value a row.
    pub values: &'a [f64],
    /// Rows that have one.
    pub valid: &'a Bitmap,
    /// The values as slices, where they are decimals of few digits.
    pub slices: Option<&'a Slices>,
}

impl<'a> Revenue<'a> {
    /// What a column of numbers says; nothing for another.
    pub fn of(column: &'a Column) -> Option<Revenue<'a>> {
        match &column.data {
            Data::Number(values) => Some(Revenue { values, valid: &column.valid, slices: column.slices() }),
            _ => None,
        }
    }
}

/// Counts a verdict. The revenue is always the same one for verdicts of one cache.
pub fn counts(verdict: &Verdict, revenue: Option<Revenue>) -> RuleCounts {
    if let Some(revenue) = revenue {
        add_up(verdict, revenue);
    }
    counted(verdict, revenue.is_some())
}

fn counted(verdict: &Verdict, paid: bool) -> RuleCounts {
    let (within, known) = (verdict.yes.count(), verdict.known.count());
    RuleCounts {
        within,
        out: known - within,
        unknown: verdict.known.len() - known,
        text: verdict.text.clone(),
        revenue: verdict.revenue.get().copied().filter(|_| paid),
        treated: verdict.treated,
        excluded: None,
        children: verdict.children.iter().map(|child| counted(child, paid)).collect(),
    }
}

/// Finds the revenue of all parts that have none yet, several in one reading of the values.
fn add_up(verdict: &Verdict, revenue: Revenue) {
    let (mut open, mut waiting) = (Vec::new(), vec![verdict]);
    while let Some(verdict) = waiting.pop() {
        waiting.extend(&verdict.children);
        if verdict.revenue.get().is_none() {
            open.push(verdict);
        }
    }
    let sets: Vec<&[u64]> = open.iter().map(|verdict| verdict.yes.words()).collect();
    let sums = match revenue.slices {
        Some(slices) => slices.sums(&sets, revenue.valid.words()),
        None => tally::sums(&sets, revenue.valid.words(), revenue.values),
    };
    // A part that stands there twice has been added up twice, to the same.
    open.iter().zip(sums).for_each(|(verdict, sum)| _ = verdict.revenue.set(sum));
}

/// The verdict of one row, as counts of 0 and 1: which parts it passed, failed, or left open. A row past the end is
/// unknown throughout.
pub fn at_row(verdict: &Verdict, row: usize) -> RuleCounts {
    let (within, known) = (usize::from(verdict.yes.get(row)), usize::from(verdict.known.get(row)));
    RuleCounts {
        within,
        out: known - within,
        unknown: 1 - known,
        text: verdict.text.clone(),
        revenue: None,
        treated: None,
        excluded: None,
        children: verdict.children.iter().map(|child| at_row(child, row)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::role::Role;
    use std::rc::Rc;

    #[test]
    fn counts_have_the_published_shape() {
        let leaf = Verdict {
            yes: Rc::new(Bitmap::from_fn(5, |row| row == 1)),
            known: Rc::new(Bitmap::from_fn(5, |row| row < 3)),
            text: "a = 1".into(),
            treated: Some(1),
            revenue: Rc::default(),
            children: Vec::new(),
        };
        let not = Verdict {
            yes: Rc::new(Bitmap::from_fn(5, |row| row == 0 || row == 2)),
            known: leaf.known.clone(),
            text: "not a = 1".into(),
            treated: None,
            revenue: Rc::default(),
            children: vec![leaf],
        };
        let valid = Bitmap::from_fn(5, |row| row != 2);
        let revenue = Revenue { values: &[1.5, 2.0, f64::NAN, 4.0, 5.0], valid: &valid, slices: None };
        let json = serde_json::to_string(&counts(&not, Some(revenue))).unwrap();
        let expected = r#"{"in":2,"out":1,"unknown":2,"text":"not a = 1","revenue":1.5,"children":[{"in":1,"out":2,"unknown":2,"text":"a = 1","revenue":2.0,"treated":1}]}"#;
        assert_eq!(json, expected);
        // A column of such values gives the same, counted from slices.
        let column = Column::number("spent", Role::Amount, vec![1.5, 2.0, f64::NAN, 4.0, 5.0]);
        let not = Verdict { revenue: Rc::default(), ..not.clone() };
        let sliced = Revenue::of(&column).unwrap();
        assert!(sliced.slices.is_some());
        assert_eq!(serde_json::to_string(&counts(&not, Some(sliced))).unwrap(), expected);
        let one = at_row(&not, 1);
        assert_eq!((one.within, one.out, one.unknown), (0, 1, 0));
        assert_eq!(one.children[0].within, 1);
        assert_eq!(at_row(&not, 4).unknown, 1);
        assert_eq!(at_row(&not, 99).unknown, 1);
    }
}
