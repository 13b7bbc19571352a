//! What is said about a group and about each of its columns.

use serde::Serialize;

/// Most values listed for a category column.
pub const TOP: usize = 5;

/// A value of a column and how often it occurs in the group.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TopValue {
    /// The value as text.
    pub value: String,
    /// Share among the group's customers that have a value, 0 to 1.
    pub share: f64,
    /// Share against the baseline's share; 100 is the same, 200 twice as frequent.
    pub index: f64,
}

/// A column of a group beside the baseline.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ColumnProfile {
    /// Name of the column.
    pub name: String,
    /// Customers of the group that have a value.
    pub n: usize,
    /// Customers of the group that have none.
    pub missing: usize,
    /// Numbers: arithmetic mean.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mean: Option<f64>,
    /// Numbers: median (type 7).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub median: Option<f64>,
    /// Numbers: the 5, 25, 50, 75 and 95 % quantiles (type 7).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quantiles: Option<Vec<f64>>,
    /// Numbers: the baseline's mean.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baseline_mean: Option<f64>,
    /// Numbers: the baseline's median.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baseline_median: Option<f64>,
    /// Numbers: the mean against the baseline's, 100 is the same; absent where the baseline's is not above 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<f64>,
    /// Categories: the most frequent values, at most [`TOP`] of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub top: Option<Vec<TopValue>>,
    /// Cohen's d (numbers) or Cramér's V (categories) against the rest of the baseline; NaN where it cannot be told.
    pub effect: f64,
    /// Probability of at least this difference by chance, adjusted for the number of columns (Holm); NaN likewise.
    pub p_adjusted: f64,
}

/// A group against the baseline.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Profile {
    /// Name of the group.
    pub label: String,
    /// Customers in it.
    pub n: usize,
    /// Share of the baseline's customers, 0 to 1.
    pub share: f64,
    /// Its money.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revenue: Option<f64>,
    /// Its share of the baseline's money.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revenue_share: Option<f64>,
    /// Column by column, in the table's order.
    pub columns: Vec<ColumnProfile>,
    /// The strongest differences in words, strongest first; the first one is a whole sentence about the group.
    pub differences: Vec<String>,
}
