//! Which cluster is a new customer nearest to? The kept model on any table with the same columns, without fitting anew.

use crate::error::{Code, Error, Result};
use crate::features::matrix::{Feature, Rows, scaled};
use crate::math::stats::BLOCK;
use crate::math::tiles::TILE;
use crate::segment::cluster::clustering::Clustering;
use crate::segment::cluster::model::Model;
use crate::table::table::Table;

impl Clustering {
    /// The cluster of every row; −1 where a needed value is missing and none stands in. On the rows it was fitted to this
    /// gives exactly the assignments.
    ///
    /// # Errors
    /// As [`place`].
    pub fn apply(&self, table: &Table) -> Result<Vec<i32>> {
        place(&self.model, &self.scales, table)
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
