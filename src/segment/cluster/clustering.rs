//! A finished clustering: who belongs where, how good that is, and the model that says it of new customers.

use crate::features::matrix::{Feature, groups};
use crate::features::scale::Transform;
use crate::math::association::cramers_v;
use crate::math::measured::Measured;
use crate::math::order::arrange;
use crate::math::stats::sum;
use crate::segment::cluster::found::Goodness;
use crate::segment::cluster::linkage::Dendrogram;
use crate::segment::cluster::model::Model;
use crate::segment::cluster::outliers::Outliers;
use serde::Serialize;
use serde_json::{Value, json};
use std::ops::Range;

/// Version of the model's JSON.
pub const MODEL_VERSION: u32 = 2;

/// Whether there are clusters at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Well separated, found again in other draws of customers, and unlike data without groups.
    Clear,
    /// Some of it.
    Doubtful,
    /// Nothing that data without groups would not show too.
    None,
}

/// How far the clusters can be trusted.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Quality {
    /// Mean silhouette over `sample_size` rows, −1 to 1; 0 for one cluster.
    pub silhouette: f64,
    /// Rows the silhouette was taken over: all of them up to a limit, else a seeded sample.
    pub sample_size: usize,
    /// Higher is better.
    pub calinski_harabasz: f64,
    /// Lower is better.
    pub davies_bouldin: f64,
    /// Per cluster: mean Jaccard index over bootstrap draws.
    pub stability: Vec<f64>,
    /// Whether there are clusters at all.
    pub verdict: Verdict,
    /// Why, in a few sentences.
    pub reason: String,
    /// What other measures favour.
    pub preferred: Preferred,
}

/// One k that was tried.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Candidate {
    /// Number of clusters.
    pub k: usize,
    /// Sum of squared distances over all rows (extrapolated where k was chosen on a sample; the notices say so).
    pub inertia: f64,
    /// Mean silhouette over the sample that is the same for every k.
    pub silhouette: f64,
    /// Over the rows k was chosen on.
    pub calinski_harabasz: f64,
    /// Over the same rows; lower is better.
    pub davies_bouldin: f64,
    /// The smallest mean Jaccard index of its clusters.
    pub stability: f64,
    /// Share of the clustered rows that the smallest cluster holds.
    pub smallest_share: f64,
    /// How much tighter the clusters are than those of evenly spread rows, as a logarithm; where it has a meaning.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gap: Option<f64>,
    /// Its standard error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gap_error: Option<f64>,
    /// The smallest share of pairs that clusters of other customers leave together, 0 to 1; where it was measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prediction_strength: Option<f64>,
    /// Schwarz's criterion over the rows k was chosen on, of methods with a likelihood; lower is better.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bic: Option<f64>,
    /// Biernacki, Celeux and Govaert's, which counts rows that lie between clusters against them; lower is better.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub icl: Option<f64>,
}

/// The k that each of the measures by itself would take, none of which decides; nothing where one favours none.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Preferred {
    /// The knee of the inertia.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub knee: Option<usize>,
    /// The smallest k whose gap is within one standard error of the next one's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gap: Option<usize>,
    /// The largest k with a prediction strength of 0.8 or more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prediction_strength: Option<usize>,
    /// The k of the lowest BIC, of methods with a likelihood.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bic: Option<usize>,
}

/// How strongly a column tells the clusters apart, descriptive: clusters were made to differ in it. Sums of squares are in
/// scaled units, so that all `within_ss` add up to the inertia.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Variable {
    /// Name of the column.
    pub name: String,
    /// Between per degree of freedom over within per degree of freedom; 0 where that has no meaning.
    pub f: f64,
    /// Share of the feature's spread that lies between the clusters, 0 to 1.
    pub eta_squared: f64,
    /// Squared differences between the clusters' means and the mean of all.
    #[serde(rename = "betweenSS")]
    pub between_ss: f64,
    /// Squared differences of the rows from their centres.
    #[serde(rename = "withinSS")]
    pub within_ss: f64,
    /// Of a category: Cramér's V of its levels and the clusters, 0 to 1; sums of squares are those of all its levels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cramers_v: Option<f64>,
}

/// A finished clustering, in the shape of the public interface.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Clustering {
    /// Name of the grouping.
    pub name: String,
    /// "Cluster 1" …, by size, then by centre.
    pub labels: Vec<String>,
    /// Rows in each.
    pub sizes: Vec<usize>,
    /// One a row of the table; −1 is "not clustered".
    #[serde(skip)]
    pub assignments: Vec<i32>,
    /// Number of clusters.
    pub k: usize,
    /// As [`crate::segment::cluster::method::Method::as_str`] spells it.
    pub method: String,
    /// Start of every random draw.
    pub seed: u64,
    /// Sum of squared distances from the centres in scaled units.
    pub inertia: f64,
    /// Passes of the final run, the one that changed nothing included.
    pub iterations: usize,
    /// Whether the last pass changed nothing.
    pub converged: bool,
    /// Means of the members in the columns' own units.
    pub centers: Vec<Vec<f64>>,
    /// Names of the features: the column's, or "column = level" for a level of a category.
    pub features: Vec<String>,
    /// How each was scaled, in the same order.
    pub transforms: Vec<Transform>,
    /// How far the clusters can be trusted.
    pub quality: Quality,
    /// The numbers of clusters that were tried.
    pub candidates: Vec<Candidate>,
    /// Natural logarithm of the likelihood of the best start, for mixtures and latent classes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log_likelihood: Option<f64>,
    /// Schwarz's criterion of the same; lower is better.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bic: Option<f64>,
    /// Starts that reached it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub starts_at_best: Option<usize>,
    /// Akaike's criterion of the same; lower is better.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aic: Option<f64>,
    /// How sure it is where the rows belong, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entropy_r2: Option<f64>,
    /// Observed against expected patterns of answers, of latent classes without missing answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goodness: Option<Goodness>,
    /// What a different value in a category counts against a squared difference of scaled numbers, of k-prototypes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gamma: Option<f64>,
    /// The upper end of the tree of merges, for Ward's method: its last 30 merges, over the rows searched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dendrogram: Option<Dendrogram>,
    /// What each feature contributes.
    pub variables: Vec<Variable>,
    /// Who lies far outside.
    pub outliers: Outliers,
    /// What a reader should know: rows left out, columns dropped, samples taken.
    pub notices: Vec<String>,
    /// The features with their fitted numbers, for [`Clustering::apply`] and the model.
    #[serde(skip)]
    pub scales: Vec<Feature>,
    /// What places rows, in scaled units.
    #[serde(skip)]
    pub model: Model,
}

impl Clustering {
    /// The model as the project's own versioned JSON: all that is needed to place new customers.
    pub fn document(&self) -> Value {
        json!({
            "version": MODEL_VERSION,
            "kind": "clustering",
            "method": self.method,
            "seed": self.seed,
            "labels": self.labels,
            "features": self.scales,
            "model": self.model,
            "rows": self.assignments.iter().filter(|&&cluster| cluster >= 0).count(),
        })
    }
}

/// What each column contributes, from the final pass: the levels of a category together.
pub fn variables(features: &[Feature], measured: &Measured) -> Vec<Variable> {
    let rows: usize = measured.counts.iter().sum();
    let clusters = measured.counts.iter().filter(|&&count| count > 0).count();
    let (between, groups) = (measured.between(), groups(features));
    let variable = |of: Range<usize>| {
        let (between_ss, within_ss) =
            (sum(between[of.clone()].iter().copied()), sum(measured.within[of.clone()].iter().copied()));
        let total = between_ss + within_ss;
        let defined = clusters > 1 && rows > clusters && within_ss > 0.0;
        let f = between_ss / (clusters as f64 - 1.0) / (within_ss / (rows as f64 - clusters as f64));
        let category = features[of.start].level.is_some();
        Variable {
            name: features[of.start].column.clone(),
            f: if defined { f } else { 0.0 },
            eta_squared: if total > 0.0 { between_ss / total } else { 0.0 },
            between_ss,
            within_ss,
            cramers_v: if category { Some(cramers_v(&having(features, measured, of))) } else { None },
        }
    };
    let starts = (0..features.len()).filter(|&at| groups.iter().all(|group| !(group.start < at && at < group.end)));
    let whole = |at: usize| groups.iter().find(|group| group.start == at).cloned().unwrap_or(at..at + 1);
    starts.map(|at| variable(whole(at))).collect()
}

/// Clusters × levels: members who have each level of a category. The mean of an indicator is the share that has it.
fn having(features: &[Feature], measured: &Measured, of: Range<usize>) -> Vec<Vec<f64>> {
    let counts = |cluster: usize| {
        let mean = measured.mean(cluster);
        let count = measured.counts[cluster] as f64;
        let share = |level: usize| mean.as_ref().map_or(0.0, |mean| features[level].scale.undo(mean[level]));
        of.clone().map(|level| (share(level) * count).round()).collect()
    };
    (0..measured.counts.len()).map(counts).collect()
}

/// The order in which clusters are shown: larger first, then by centre from the first feature on. Clusters without members
/// are left out.
pub fn order(sizes: &[usize], centers: &[Vec<f64>]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..sizes.len()).filter(|&cluster| sizes[cluster] > 0).collect();
    arrange(&mut order, &|a, b| {
        let by_center = || {
            let pairs = centers[a].iter().zip(&centers[b]);
            pairs.map(|(x, y)| x.total_cmp(y)).find(|order| order.is_ne()).unwrap_or(std::cmp::Ordering::Equal)
        };
        sizes[b].cmp(&sizes[a]).then_with(by_center)
    });
    order
}
