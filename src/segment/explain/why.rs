//! Why is this customer here and not next door? The lead of its own cluster over the second best, feature by feature.
//!
//! By centres and prototypes a row belongs where its squared distance is least, and that is a sum over the features: each
//! one's share is (d₂² − d₁²) of that feature over that of all, a closed form. Mixtures and classes compare logarithms of
//! share × density; for bells the squared (Mahalanobis) distance is shared out as (x − μ)ₐ · (Σ⁻¹ (x − μ))ₐ, which adds up,
//! too, and what no feature says (sizes and spreads of the clusters) is a share of its own.

use crate::error::{Code, Error, Result};
use crate::features::matrix::{Rows, scaled};
use crate::math::order::arranged;
use crate::math::tiles::Tiles;
use crate::segment::cluster::clustering::Clustering;
use crate::segment::cluster::model::Model;
use crate::segment::explain::members::apart;
use crate::table::table::Table;
use serde::Serialize;

/// Why a row is where it is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Why {
    /// Its cluster.
    pub label: String,
    /// The second best; none where there is one cluster only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// (d₂ − d₁) / (d₂ + d₁) of the distances, or of the chances not to belong there: 0 on the border, 1 on the centre.
    pub margin: f64,
    /// What each column contributes, the largest share first. Shares add up to 1; below 0 speaks for the other cluster.
    pub features: Vec<Share>,
}

/// The share of one column.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Share {
    /// Name of the column; "size and spread" for what no column says.
    pub name: String,
    /// Its share; 0 for all where both clusters suit alike.
    pub share: f64,
}

/// Explains one row (from 0) of the table a clustering was fitted to.
///
/// # Errors
/// `bad-option` for a row there is not, `not-found` for one in no cluster.
pub fn why(clustering: &Clustering, table: &Table, row: usize) -> Result<Why> {
    let Some(&own) = clustering.assignments.get(row) else {
        let last = table.row_count.saturating_sub(1);
        return Err(Error::new(Code::BadOption, format!("There is no row {row}; rows are numbered from 0 to {last}.")));
    };
    let Ok(own) = usize::try_from(own) else {
        return Err(Error::new(Code::NotFound, format!("Row {row} belongs to no cluster of “{}”.", clustering.name)));
    };
    let width = clustering.scales.len();
    let mut tiles: Tiles<f64> = Tiles::zeros(1, width);
    scaled(table, &clustering.scales, &Rows::Some(vec![row as u32]), 0..1, 1.0, tiles.values_mut())?;
    let values: Vec<f64> = (0..width).map(|feature| tiles.get(0, feature)).collect();
    let mut scores = vec![0.0; clustering.k];
    clustering.model.scores(&values, &mut scores);
    let others = (0..scores.len()).filter(|&cluster| cluster != own && scores[cluster] > f64::NEG_INFINITY);
    let next = others.reduce(|best, at| if scores[at] > scores[best] { at } else { best });
    let label = clustering.labels[own].clone();
    let Some(next) = next else {
        return Ok(Why { label, next: None, margin: 1.0, features: Vec::new() });
    };
    let (near, far) = apart(&clustering.model, &scores, own);
    let margin = if near + far > 0.0 { (far - near) / (far + near) } else { 0.0 };
    let mut parts = vec![0.0; width + 1];
    for (cluster, sign) in [(own, 1.0), (next, -1.0)] {
        add(&clustering.model, &values, cluster, sign, &mut parts);
    }
    let total: f64 = parts.iter().sum();
    let mut features: Vec<Share> = Vec::new();
    let names = clustering.scales.iter().map(|feature| feature.column.as_str());
    for (name, part) in names.chain(["size and spread"]).zip(&parts) {
        let share = if total == 0.0 { 0.0 } else { part / total };
        match features.iter_mut().find(|known| known.name == name) {
            Some(known) => known.share += share,
            None => features.push(Share { name: name.to_string(), share }),
        }
    }
    if matches!(clustering.model, Model::Centers { .. } | Model::Prototypes { .. }) {
        features.pop();
    }
    let order = arranged(features.len(), &|a, b| features[b].share.total_cmp(&features[a].share));
    let features = order.into_iter().map(|at| features[at].clone()).collect();
    Ok(Why { label, next: Some(clustering.labels[next].clone()), margin, features })
}

/// Adds what each feature, and last what none, says for a cluster: the parts of its score.
fn add(model: &Model, row: &[f64], cluster: usize, sign: f64, parts: &mut [f64]) {
    let width = row.len();
    let mut distances = |point: &[f64]| {
        for ((part, value), center) in parts.iter_mut().zip(row).zip(point) {
            *part -= sign * (value - center) * (value - center);
        }
    };
    match model {
        Model::Centers { centers } => distances(&centers[cluster]),
        Model::Prototypes { points, clusters } => {
            let far = |point: &Vec<f64>| -> f64 { row.iter().zip(point).map(|(a, b)| (a - b) * (a - b)).sum() };
            let own = points.iter().zip(clusters).filter(|(_, of)| **of == cluster as i32).map(|(point, _)| point);
            let nearest = own.reduce(|best, point| if far(point) < far(best) { point } else { best });
            nearest.into_iter().for_each(|point| distances(point));
        }
        Model::Gaussian { shares, means, roots } => {
            let root = &roots[cluster];
            let away: Vec<f64> = row.iter().zip(&means[cluster]).map(|(value, mean)| value - mean).collect();
            let along: Vec<f64> = (0..width).map(|a| (0..=a).map(|b| root[a * width + b] * away[b]).sum()).collect();
            for b in 0..width {
                let back: f64 = (b..width).map(|a| root[a * width + b] * along[a]).sum();
                parts[b] -= sign * 0.5 * away[b] * back;
            }
            let spread: f64 = (0..width).map(|a| libm::log(root[a * width + a])).sum();
            parts[width] += sign * (libm::log(shares[cluster]) + spread);
        }
        Model::Classes { shares, answers } => {
            for ((part, value), chance) in parts.iter_mut().zip(row).zip(&answers[cluster]) {
                *part += if *value == 0.0 { 0.0 } else { sign * value * chance };
            }
            parts[width] += sign * libm::log(shares[cluster]);
        }
    }
}
