//! Who stands for a cluster, and who stands on its border?

use crate::error::Result;
use crate::features::matrix::{Rows, scaled};
use crate::math::stats::BLOCK;
use crate::math::tiles::TILE;
use crate::segment::cluster::clustering::Clustering;
use crate::segment::cluster::model::Model;
use crate::table::table::Table;

/// Rows named of each kind.
const NAMED: usize = 5;

/// Members of a cluster worth looking at; rows of the table.
#[derive(Clone, Debug, PartialEq)]
pub struct Members {
    /// Nearest to the centre (or most likely a member), nearest first.
    pub typical: Vec<u32>,
    /// Nearly as near to another centre: smallest (d₂ − d₁) / (d₂ + d₁) first, a margin and not a probability. Empty when
    /// there is no other cluster.
    pub borderline: Vec<u32>,
}

/// Looks through the members of one cluster of the table it was fitted to.
///
/// # Errors
/// `unknown-column` when the table has lost a column of the model.
pub fn members(clustering: &Clustering, table: &Table, cluster: usize) -> Result<Members> {
    let width = clustering.scales.len();
    let mut scores = vec![0.0; clustering.k];
    let (mut typical, mut borderline) = (Vec::new(), Vec::new());
    for start in (0..table.row_count).step_by(BLOCK) {
        let range = start..(start + BLOCK).min(table.row_count);
        let mut tiles = vec![[0.0f64; TILE]; range.len().div_ceil(TILE) * width];
        scaled(table, &clustering.scales, &Rows::All(table.row_count), range.clone(), 1.0, &mut tiles)?;
        for (at, row) in range.enumerate() {
            if clustering.assignments[row] != cluster as i32 {
                continue;
            }
            let values: Vec<f64> = (0..width).map(|feature| tiles[at / TILE * width + feature][at % TILE]).collect();
            clustering.model.scores(&values, &mut scores);
            let (own, next) = apart(&clustering.model, &scores, cluster);
            keep_smallest(&mut typical, own, row as u32);
            if next.is_finite() {
                let margin = if next + own > 0.0 { (next - own) / (next + own) } else { 0.0 };
                keep_smallest(&mut borderline, margin, row as u32);
            }
        }
    }
    let rows = |kept: Vec<(f64, u32)>| kept.into_iter().map(|(_, row)| row).collect();
    Ok(Members { typical: rows(typical), borderline: rows(borderline) })
}

/// How far a row is from its own cluster and from the next: distances, or the chance not to belong there.
pub(in crate::segment::explain) fn apart(model: &Model, scores: &[f64], own: usize) -> (f64, f64) {
    let best =
        (0..scores.len()).filter(|&other| other != own).map(|other| scores[other]).fold(f64::NEG_INFINITY, f64::max);
    match model {
        Model::Centers { .. } | Model::Prototypes { .. } => ((-scores[own]).sqrt(), (-best).sqrt()),
        Model::Gaussian { .. } | Model::Classes { .. } => {
            let chance = |score: f64| 1.0 / scores.iter().map(|other| libm::exp(other - score)).sum::<f64>();
            (1.0 - chance(scores[own]), 1.0 - chance(best))
        }
    }
}

/// Keeps the few smallest values, rising; of equal ones the lower row.
fn keep_smallest(kept: &mut Vec<(f64, u32)>, value: f64, row: u32) {
    let at = kept.partition_point(|&(known, _)| known <= value);
    if at < NAMED {
        kept.insert(at, (value, row));
        kept.truncate(NAMED);
    }
}
