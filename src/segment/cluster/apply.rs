//! Which cluster is a new customer nearest to? The kept model on any table with the same columns, without fitting anew.

use crate::error::{Code, Error, Result};
use crate::features::categories::tally;
use crate::features::matrix::{Feature, Level, Rows, scaled};
use crate::math::stats::BLOCK;
use crate::math::tiles::TILE;
use crate::segment::cluster::clustering::Clustering;
use crate::segment::cluster::model::Model;
use crate::table::table::Table;
use serde::Serialize;

/// What a column of new rows holds that the model has never seen.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Unknown {
    /// Name of the column.
    pub column: String,
    /// Rows without a value.
    pub missing: usize,
    /// Rows with a value that has no level of its own.
    pub unseen_rows: usize,
    /// The most frequent of these values.
    pub unseen: Vec<Unseen>,
}

/// A value of a category that the model does not know.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Unseen {
    /// The value.
    pub value: String,
    /// Rows that have it.
    pub n: usize,
}

impl Clustering {
    /// The cluster of every row; −1 where a needed value is missing and none stands in. A value of a category that was never
    /// seen is like none of the levels, or like the rare ones that count as one. On the rows it was fitted to this gives
    /// exactly the assignments.
    ///
    /// # Errors
    /// As [`place`].
    pub fn apply(&self, table: &Table) -> Result<Vec<i32>> {
        place(&self.model, &self.scales, table)
    }

    /// What in a table the model does not know: missing values and values of categories without a level of their own (rare ones
    /// that shared a level when the clusters were found are among them). Columns of which all is known are not named.
    ///
    /// # Errors
    /// `unknown-column`.
    pub fn check(&self, table: &Table) -> Result<Vec<Unknown>> {
        let mut found = Vec::new();
        for features in self.scales.chunk_by(|a, b| a.column == b.column) {
            let column = table.column(&features[0].column)?;
            let known: Vec<&str> = features.iter().filter_map(level).collect();
            let (mut unseen, mut unseen_rows) = (Vec::new(), 0);
            if features[0].level.is_some() {
                let counted = tally(column, &Rows::All(table.row_count), &known);
                unseen_rows = counted.rows;
                unseen.extend(counted.names.into_iter().map(|(value, n)| Unseen { value, n }));
            }
            let missing = column.missing();
            if missing + unseen_rows > 0 {
                found.push(Unknown { column: column.name.clone(), missing, unseen_rows, unseen });
            }
        }
        Ok(found)
    }
}

fn level(feature: &Feature) -> Option<&str> {
    match &feature.level {
        Some(Level::Text(text)) => Some(text),
        _ => None,
    }
}

/// The cluster of every row of a table by a fitted model; −1 for no cluster.
///
/// # Errors
/// `unknown-column` or `wrong-type` when the table lacks a column that the model needs.
pub fn place(model: &Model, features: &[Feature], table: &Table) -> Result<Vec<i32>> {
    let width = features.len();
    for feature in features {
        if feature.values(table)?.is_none() {
            let held = if feature.level.is_some() { "categories" } else { "numbers" };
            return Err(Error::new(
                Code::WrongType,
                format!("Column “{}” held {held} when the clusters were found and does not here.", feature.column),
            )
            .column(&feature.column));
        }
    }
    let rows = Rows::All(table.row_count);
    let mut clusters = Vec::with_capacity(table.row_count);
    for start in (0..table.row_count).step_by(BLOCK) {
        let range = start..(start + BLOCK).min(table.row_count);
        let count = range.len();
        let mut tiles = vec![[0.0f64; TILE]; count.div_ceil(TILE) * width];
        scaled(table, features, &rows, range, 1.0, &mut tiles)?;
        // NO_CLUSTER as a signed number is −1.
        clusters.extend(model.place(width, &tiles, count).into_iter().map(|label| label as i32));
    }
    Ok(clusters)
}
