//! Names for RFM scores: ordered rules over the scores, first match wins.

use crate::error::{Code, Error, Result};
use crate::features::rfm::Scores;
use crate::segment::grouping::Grouping;
use crate::segment::rules::evaluate::Context;
use crate::segment::rules::parse::parse;
use crate::segment::tiers::{Tier, assign};
use crate::table::bitmap::Bitmap;
use crate::table::column::Column;
use crate::table::role::Role;
use crate::table::table::{Kind, Table};
use std::rc::Rc;

/// Eleven groups over recency and the mean of frequency and money, on scores of 1 to 5. Every scored customer is in one.
pub const ELEVEN: [(&str, &str); 11] = [
    ("Champions", "recency_score >= 4 and fm_score >= 4"),
    ("Cannot lose them", "recency_score <= 1 and fm_score >= 4"),
    ("Loyal customers", "recency_score >= 3 and fm_score >= 3"),
    ("At risk", "recency_score <= 2 and fm_score >= 3"),
    ("New customers", "recency_score >= 5 and fm_score < 2"),
    ("Potential loyalists", "recency_score >= 4 and fm_score >= 2"),
    ("Promising", "recency_score >= 4"),
    ("Need attention", "recency_score >= 3 and fm_score >= 2"),
    ("About to sleep", "recency_score >= 3"),
    ("Hibernating", "recency_score >= 2"),
    ("Lost", "recency_score >= 1"),
];

/// Six groups over the same scores.
pub const SIX: [(&str, &str); 6] = [
    ("Champions", "recency_score >= 4 and fm_score >= 4"),
    ("Loyal", "recency_score >= 3 and fm_score >= 3"),
    ("Recent", "recency_score >= 4"),
    ("Need attention", "recency_score >= 3"),
    ("At risk", "fm_score >= 3 or recency_score >= 2"),
    ("Inactive", "recency_score >= 1"),
];

/// Ten groups over all three scores; who suits none is in no group.
pub const TEN: [(&str, &str); 10] = [
    ("Champions", "recency_score = 5 and frequency_score = 5 and monetary_score = 5"),
    ("Potential loyalists", "recency_score >= 3 and frequency_score >= 3 and monetary_score >= 2"),
    (
        "Loyal customers",
        "recency_score between 2 and 4 and frequency_score between 2 and 5 and monetary_score between 2 and 4",
    ),
    ("Promising", "recency_score between 3 and 4 and frequency_score <= 3 and monetary_score >= 3"),
    ("New customers", "recency_score >= 4 and frequency_score <= 3"),
    ("Cannot lose them", "recency_score <= 2 and frequency_score between 3 and 4 and monetary_score >= 4"),
    ("At risk", "recency_score <= 2 and frequency_score between 2 and 5 and monetary_score >= 4"),
    ("Need attention", "recency_score <= 3 and frequency_score >= 3 and monetary_score >= 3"),
    ("About to sleep", "recency_score between 2 and 3 and frequency_score <= 3 and monetary_score <= 4"),
    ("Lost", "recency_score = 1"),
];

/// A built-in scheme as an editable list: rules over scores of 1 to 5.
#[derive(Clone, Debug, PartialEq)]
pub struct SchemeList {
    /// What options call it.
    pub name: &'static str,
    /// What it is.
    pub title: &'static str,
    /// Names and rules; the first rule that is true names the customer.
    pub groups: Vec<(String, String)>,
}

/// All built-in schemes, the 125 cells among them.
pub fn schemes() -> Vec<SchemeList> {
    let listed = |name, title| {
        let list = scheme_of(name).unwrap_or_default();
        let groups = list.iter().map(|(name, rule)| (name.to_string(), rule.to_string())).collect();
        SchemeList { name, title, groups }
    };
    let cell = |at: usize| {
        let [r, f, m] = [5 - at / 25, 5 - at / 5 % 5, 5 - at % 5];
        (format!("{r}{f}{m}"), format!("recency_score = {r} and frequency_score = {f} and monetary_score = {m}"))
    };
    vec![
        listed("segments-11", "Eleven groups by recency, and by the mean of frequency and money"),
        listed("segments-10", "Ten groups by all three scores, the first that fits"),
        listed("groups-6", "Six groups by recency, and by the mean of frequency and money"),
        SchemeList {
            name: "cells",
            title: "A group for each of the 125 combinations of scores",
            groups: (0..125).map(cell).collect(),
        },
    ]
}

/// The grouping with these rows, where they are in no group, under a label of their own; as it is where there are none.
pub fn with_label(mut grouping: Grouping, label: &str, rows: &Bitmap) -> Grouping {
    let free: Vec<usize> = rows.iter().filter(|&row| grouping.assignments[row] < 0).collect();
    if free.is_empty() {
        return grouping;
    }
    let known = grouping.labels.iter().position(|known| known == label);
    let group = known.unwrap_or(grouping.labels.len());
    if known.is_none() {
        grouping.labels.push(label.to_string());
    }
    free.into_iter().for_each(|row| grouping.assignments[row] = group as i32);
    Grouping::new(grouping.name, grouping.labels, grouping.assignments)
}

/// The ordered names and rules of a scheme: `segments-11`, `segments-10` or `groups-6`.
pub fn scheme_of(name: &str) -> Option<&'static [(&'static str, &'static str)]> {
    match name {
        "segments-11" => Some(&ELEVEN),
        "segments-10" => Some(&TEN),
        "groups-6" => Some(&SIX),
        _ => None,
    }
}

/// The score columns, missing where a customer is not scored: `recency_score`, `frequency_score`, `monetary_score`, and
/// `fm_score`, the mean of the latter two.
pub fn score_columns(scores: &Scores) -> [Column; 4] {
    let number = |score: u8| if score == 0 { f64::NAN } else { f64::from(score) };
    let column = |name: &str, values: &[u8]| {
        Column::number(name, Role::Other, values.iter().map(|&score| number(score)).collect())
    };
    let both = scores.frequency.iter().zip(&scores.monetary).map(|(&f, &m)| (number(f) + number(m)) / 2.0).collect();
    [
        column("recency_score", &scores.recency),
        column("frequency_score", &scores.frequency),
        column("monetary_score", &scores.monetary),
        Column::number("fm_score", Role::Other, both),
    ]
}

/// The table with the score columns in place of any of the same names.
pub fn with_scores(table: &Table, scores: &Scores) -> Table {
    let mut scored = table.clone();
    for column in score_columns(scores) {
        scored.columns.retain(|known| known.name != column.name);
        scored.columns.push(Rc::new(column));
    }
    scored
}

/// Groups by one of the named schemes (`segments-11`, `segments-10`, `groups-6`); scores on another scale are brought to 1…5 first.
///
/// # Errors
/// `unsupported` for another scheme.
pub fn by_scheme(name: &str, scheme: &str, scores: &Scores) -> Result<Grouping> {
    by_columns(name, scheme, scores, &score_columns(scores).map(Rc::new))
}

/// The same, with the columns that [`score_columns`] gave.
///
/// # Errors
/// `unsupported` for another scheme.
pub fn by_columns(name: &str, scheme: &str, scores: &Scores, columns: &[Rc<Column>]) -> Result<Grouping> {
    let list = scheme_of(scheme).ok_or_else(|| {
        Error::new(
            Code::Unsupported,
            format!(
                "There is no RFM scheme “{scheme}”. Choose “segments-11”, “segments-10”, “groups-6” or “cells”, or give your own list of names and rules."
            ),
        )
    })?;
    let tiers = list.iter().map(|(name, text)| tier(name, text)).collect::<Result<Vec<_>>>()?;
    if scores.scale == 5 {
        return assign(name, &tiers, None, None, &scored(columns), &Context::on(0));
    }
    let to_five = |values: &[u8]| {
        values.iter().map(|&score| (u16::from(score) * 5).div_ceil(u16::from(scores.scale)) as u8).collect()
    };
    let on_five = Scores {
        scale: 5,
        recency: to_five(&scores.recency),
        frequency: to_five(&scores.frequency),
        monetary: to_five(&scores.monetary),
        edges: scores.edges.clone(),
        nested: None,
        possible: scores.possible,
    };
    let brought = score_columns(&on_five).map(Rc::new);
    assign(name, &tiers, None, None, &scored(&brought), &Context::on(0))
}

/// The score columns as a table of their own.
fn scored(columns: &[Rc<Column>]) -> Table {
    let rows = columns.first().map_or(0, |column| column.len());
    Table { columns: columns.to_vec(), row_count: rows, ..Table::computed(Vec::new(), Kind::Customers) }
}

/// Groups by own ordered rules, which may use the score columns beside the table's own.
///
/// # Errors
/// Those of the rules.
pub fn by_rules(name: &str, tiers: &[Tier], table: &Table, scores: &Scores, context: &Context) -> Result<Grouping> {
    assign(name, tiers, None, None, &with_scores(table, scores), context)
}

/// One group for each combination of scores that occurs, `555` first; scores of 10 and more are parted by dots (`10.9.10`).
pub fn by_cell(name: &str, scores: &Scores) -> Grouping {
    let steps = usize::from(scores.scale) + 1;
    let digit = |scores: &[u8], row: usize| usize::from(scores[row]);
    let cell = |row: usize| {
        (digit(&scores.recency, row) * steps + digit(&scores.frequency, row)) * steps + digit(&scores.monetary, row)
    };
    let rows = 0..scores.recency.len();
    let mut occupied = vec![false; steps.pow(3)];
    rows.clone().filter(|&row| scores.recency[row] > 0).for_each(|row| occupied[cell(row)] = true);
    let (mut labels, mut index) = (Vec::new(), vec![-1; occupied.len()]);
    let parting = if scores.scale > 9 { "." } else { "" };
    for code in (0..occupied.len()).rev().filter(|&code| occupied[code]) {
        index[code] = labels.len() as i32;
        labels.push(format!("{}{parting}{}{parting}{}", code / steps / steps, code / steps % steps, code % steps));
    }
    Grouping::new(name, labels, rows.map(|row| index[cell(row)]).collect())
}

fn tier(name: &str, text: &str) -> Result<Tier> {
    let rule = parse(text).map_err(|errors| {
        let reason = errors.into_iter().next().map_or(String::new(), |error| error.message);
        Error::new(Code::Internal, format!("The built-in rule of “{name}” cannot be read: {reason}"))
    })?;
    Ok(Tier { name: name.to_string(), rule })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::rfm::{Edges, Possible};

    /// Every combination of scores once, and one customer who is not scored.
    fn all_cells(scale: u8) -> Scores {
        let mut scores = Scores {
            scale,
            recency: vec![0],
            frequency: vec![0],
            monetary: vec![0],
            edges: Edges { recency: vec![], frequency: vec![], monetary: vec![] },
            nested: None,
            possible: Possible::default(),
        };
        for cell in 0..usize::from(scale).pow(3) {
            let digit = |power: u32| (cell / usize::from(scale).pow(power) % usize::from(scale)) as u8 + 1;
            scores.recency.push(digit(2));
            scores.frequency.push(digit(1));
            scores.monetary.push(digit(0));
        }
        scores
    }

    #[test]
    fn every_scored_customer_has_a_name_and_every_name_a_customer() {
        for (scheme, names) in [("segments-11", 11), ("groups-6", 6)] {
            for scale in [5, 10] {
                let grouping = by_scheme("RFM", scheme, &all_cells(scale)).unwrap();
                assert_eq!(grouping.labels.len(), names);
                assert_eq!(grouping.assignments[0], -1);
                assert!(grouping.assignments[1..].iter().all(|&group| group >= 0));
                assert!(grouping.sizes.iter().all(|&size| size > 0), "{scheme} {:?}", grouping.sizes);
            }
        }
        let three = by_scheme("RFM", "segments-11", &all_cells(3)).unwrap();
        assert_eq!(three.sizes.iter().sum::<usize>(), 27);
    }

    #[test]
    fn lists_that_are_handed_back_give_the_same_groups() {
        let scores = all_cells(5);
        let table = Table::computed(score_columns(&scores).to_vec(), Kind::Customers);
        for SchemeList { name, groups, .. } in schemes() {
            let tiers: Vec<Tier> = groups.iter().map(|(name, text)| tier(name, text).unwrap()).collect();
            let own = by_rules("RFM", &tiers, &table, &scores, &Context::on(0)).unwrap();
            let built =
                if name == "cells" { by_cell("RFM", &scores) } else { by_scheme("RFM", name, &scores).unwrap() };
            assert_eq!(own, built, "{name}");
        }
    }

    #[test]
    fn who_is_in_no_group_gets_a_label_of_their_own() {
        let rows = Bitmap::from_fn(3, |row| row > 0);
        let grouping = Grouping::new("RFM", vec!["a".into()], vec![-1, 0, -1]);
        let labelled = with_label(grouping.clone(), "Prospects", &rows);
        assert_eq!((labelled.labels.len(), labelled.sizes, labelled.assignments), (2, vec![1, 1], vec![-1, 0, 1]));
        assert_eq!(with_label(grouping.clone(), "a", &rows).assignments, [-1, 0, 0]);
        assert_eq!(with_label(grouping.clone(), "Prospects", &Bitmap::zeros(3)), grouping);
    }

    #[test]
    fn cells_are_named_by_their_scores_best_first() {
        let grouping = by_cell("cells", &all_cells(5));
        assert_eq!((grouping.labels.len(), grouping.labels[0].as_str()), (125, "555"));
        assert_eq!(grouping.assignments[0], -1);
        assert_eq!(by_cell("cells", &all_cells(10)).labels[0], "10.10.10");
        assert!(by_scheme("RFM", "segments-9", &all_cells(5)).is_err());
    }
}
