//! How do customers of a new file fall into clusters that were found before? A saved model places them; nothing is fitted.

use crate::error::Result;
use crate::features::matrix::Feature;
use crate::features::scale::Transform;
use crate::segment::cluster::apply::{Unknown, place};
use crate::segment::cluster::clustering::{Clustering, Preferred, Quality, Verdict};
use crate::segment::cluster::document::Saved;
use crate::segment::cluster::outliers::Outliers;
use crate::segment::grouping::Grouping;
use crate::study::study::Study;
use crate::study::views::GroupingInfo;
use crate::table::figures::{grouped, percent};
use crate::table::table::Table;
use serde::Serialize;
use serde_json::{Value, json};
use std::rc::Rc;

/// Clusters of a saved model on a table, in the shape of the public interface.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Placed {
    /// The clusters as a grouping; labels are the model's, in its order.
    #[serde(flatten)]
    pub grouping: GroupingInfo,
    /// Number of clusters.
    pub k: usize,
    /// The method by which the model was found.
    pub method: String,
    /// The seed it was found with.
    pub seed: u64,
    /// Means of the members here in own units; NaN for a cluster without members.
    pub centers: Vec<Vec<f64>>,
    /// Names of the features.
    pub features: Vec<String>,
    /// How each is scaled.
    pub transforms: Vec<Transform>,
    /// Rows in no cluster because a value is missing and none stands in.
    pub missing: usize,
    /// What the columns hold that the model does not know, missing values included.
    pub unknown: Vec<Unknown>,
    /// What a reader should know.
    pub notices: Vec<String>,
    /// The model, as it was given.
    pub document: Value,
}

impl Study {
    /// Places the customers by a saved model and keeps the clusters under a name (the next free one of "Clusters",
    /// "Clusters 2" … when none is given); those of the same name are replaced. On the file that the model was found on, the
    /// clusters are those that were found.
    ///
    /// # Errors
    /// As [`Saved::read`]; `unknown-column` and `wrong-type` where the table lacks what the model needs; `bad-option` when the
    /// name is a segment's.
    pub fn place(&mut self, document: &Value, name: Option<&str>) -> Result<Placed> {
        let saved = Saved::read(document)?;
        let assignments = place(&saved.model, &saved.features, &self.table)?;
        let name = name.map_or_else(|| self.free_name("Clusters"), String::from);
        let facts = Facts::of(&saved.features, &self.table, &assignments, saved.labels.len())?;
        let grouping = Grouping::new(name.clone(), saved.labels.clone(), assignments.clone());
        let mut clustering = Clustering {
            name: name.clone(),
            k: saved.labels.len(),
            sizes: grouping.sizes.clone(),
            assignments,
            method: saved.method,
            seed: saved.seed,
            labels: saved.labels,
            features: saved.features.iter().map(Feature::name).collect(),
            transforms: saved.features.iter().map(|feature| feature.scale.transform).collect(),
            centers: facts.centers,
            notices: facts.notices,
            model: saved.model,
            scales: saved.features,
            // Nothing was searched here, so there is nothing to say of a search.
            inertia: f64::NAN,
            iterations: 0,
            converged: true,
            quality: Quality {
                silhouette: f64::NAN,
                sample_size: 0,
                calinski_harabasz: f64::NAN,
                davies_bouldin: f64::NAN,
                stability: Vec::new(),
                verdict: Verdict::None,
                reason: String::new(),
                preferred: Preferred::default(),
            },
            candidates: Vec::new(),
            log_likelihood: None,
            bic: None,
            starts_at_best: None,
            aic: None,
            entropy_r2: None,
            goodness: None,
            gamma: None,
            dendrogram: None,
            variables: Vec::new(),
            outliers: Outliers::default(),
        };
        let unknown = clustering.check(&self.table)?;
        let without = |one: &Unknown| one.unseen_rows > 0;
        clustering.notices.extend(unknown.iter().filter(|one| without(one)).map(|one| {
            format!(
                "“{}” has values in {} that are none of those the model knows by name.",
                one.column,
                share(one.unseen_rows, self.table.row_count)
            )
        }));
        let definition = json!({ "kind": "clusters", "name": name, "model": document });
        let grouping = self.keep_grouping(grouping, definition, Some(Rc::new(clustering.clone())), Vec::new())?;
        Ok(Placed {
            grouping,
            k: clustering.k,
            method: clustering.method,
            seed: clustering.seed,
            centers: clustering.centers,
            features: clustering.features,
            transforms: clustering.transforms,
            missing: facts.missing,
            unknown,
            notices: clustering.notices,
            document: document.clone(),
        })
    }
}

fn share(count: usize, rows: usize) -> String {
    let (count, rows) = (count as u64, rows as u64);
    format!("{} of {} rows ({})", grouped(count), grouped(rows), percent(count, rows))
}

/// What is noticed while rows are placed.
struct Facts {
    centers: Vec<Vec<f64>>,
    missing: usize,
    notices: Vec<String>,
}

impl Facts {
    fn of(features: &[Feature], table: &Table, assignments: &[i32], k: usize) -> Result<Facts> {
        let rows = table.row_count;
        let mut notices = Vec::new();
        let mut counts = vec![0usize; k];
        assignments
            .iter()
            .filter_map(|&cluster| usize::try_from(cluster).ok())
            .for_each(|cluster| counts[cluster] += 1);
        let mut centers = vec![vec![0.0; features.len()]; k];
        let mut incomplete = vec![false; rows];
        for (at, feature) in features.iter().enumerate() {
            let Some(values) = feature.values(table)? else { continue };
            let mut filled = 0;
            for (row, &cluster) in assignments.iter().enumerate() {
                let mut value = values.get(row);
                if value.is_nan() {
                    match feature.fill {
                        Some(fill) => (value, filled) = (fill, filled + 1),
                        None => incomplete[row] = true,
                    }
                }
                if let Ok(cluster) = usize::try_from(cluster) {
                    centers[cluster][at] += value;
                }
            }
            if let (Some(fill), 1.., None) = (feature.fill, filled, &feature.level) {
                notices.push(format!(
                    "“{}” is missing in {}; {fill} stands in, as the model says.",
                    feature.column,
                    share(filled, rows)
                ));
            }
        }
        for (center, &count) in centers.iter_mut().zip(&counts) {
            center.iter_mut().for_each(|sum| *sum /= count as f64);
        }
        let missing = incomplete.iter().filter(|incomplete| **incomplete).count();
        if missing > 0 {
            notices.push(format!(
                "{} have no value in a column that the model needs, and belong to no cluster.",
                share(missing, rows)
            ));
        }
        Ok(Facts { centers, missing, notices })
    }
}
