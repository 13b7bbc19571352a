//! An exclusive partition of a table's rows: RFM groups, tiers, clusters.

use serde::Serialize;

/// Each row in at most one labelled group. `assignments[row]` is the group's index, −1 for none of them.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Grouping {
    /// Name of the grouping, unique in its study.
    pub name: String,
    /// One label a group, in the grouping's own order.
    pub labels: Vec<String>,
    /// Rows in each group.
    pub sizes: Vec<usize>,
    /// One index a row.
    #[serde(skip)]
    pub assignments: Vec<i32>,
}

impl Grouping {
    /// A grouping from its assignments; sizes are counted.
    pub fn new(name: impl Into<String>, labels: Vec<String>, assignments: Vec<i32>) -> Grouping {
        let mut sizes = vec![0; labels.len()];
        assignments.iter().filter(|&&group| group >= 0).for_each(|&group| sizes[group as usize] += 1);
        Grouping { name: name.into(), labels, sizes, assignments }
    }
}
