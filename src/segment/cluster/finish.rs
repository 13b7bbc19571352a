//! From the final pass to what the user sees: clusters in order, centres in own units, names, notices.

use crate::error::Result;
use crate::features::matrix::Values;
use crate::features::prepare::Features;
use crate::features::scale::Transform;
use crate::math::stats::{BLOCK, Sum};
use crate::segment::cluster::clustering::{Candidate, Clustering, Quality, Verdict, order, variables};
use crate::segment::cluster::evaluate::Evaluated;
use crate::segment::cluster::lloyd::Lloyd;
use crate::segment::cluster::measure::Measured;
use crate::table::table::Table;

/// Everything that was found.
#[derive(Debug)]
pub struct Parts {
    /// The scaled columns.
    pub features: Features,
    /// The final run.
    pub run: Lloyd,
    /// The final pass.
    pub measured: Measured,
    /// Silhouette and stability.
    pub evaluated: Evaluated,
    /// What was tried.
    pub candidates: Vec<Candidate>,
    /// Whether there are clusters.
    pub verdict: Verdict,
    /// Why.
    pub reason: String,
    /// What was noticed so far.
    pub notices: Vec<String>,
    /// Seed of every draw.
    pub seed: u64,
    /// The limit on passes.
    pub passes: usize,
}

/// Puts the result together.
///
/// # Errors
/// `unknown-column` when the table is not the one prepared.
pub fn finish(table: &Table, parts: Parts) -> Result<Clustering> {
    let Parts { features, run, measured, evaluated, mut candidates, verdict, reason, mut notices, seed, passes } =
        parts;
    let centers = own_centers(table, &features, &measured)?;
    let order = order(&measured.counts, &centers);
    let mut place = vec![-1i32; measured.counts.len()];
    order.iter().enumerate().for_each(|(to, &from)| place[from] = to as i32);
    let mut assignments = vec![-1; table.row_count];
    for (position, &label) in measured.labels.iter().enumerate() {
        assignments[features.rows.at(position)] = place[label as usize];
    }
    let k = order.len();
    if k < measured.counts.len() {
        notices.push(format!("{} clusters ended without members and were left out.", measured.counts.len() - k));
    }
    if !run.converged {
        notices.push(format!(
            "The search was stopped after {passes} passes, before it came to rest. Allow more with “maxIterations”."
        ));
    }
    let inertia = measured.inertia();
    if let Some(chosen) = candidates.iter_mut().find(|one| one.k == k) {
        chosen.inertia = inertia;
    }
    let width = features.list.len();
    let scaled = |&cluster: &usize| run.centers[cluster * width..(cluster + 1) * width].to_vec();
    Ok(Clustering {
        name: "Clusters".into(),
        labels: (1..=k).map(|number| format!("Cluster {number}")).collect(),
        sizes: order.iter().map(|&cluster| measured.counts[cluster]).collect(),
        assignments,
        k,
        method: "kmeans".into(),
        seed,
        inertia,
        iterations: run.iterations,
        converged: run.converged,
        centers: order.iter().map(|&cluster| centers[cluster].clone()).collect(),
        features: features.list.iter().map(|one| one.column.clone()).collect(),
        transforms: features.list.iter().map(|one| one.scale.transform).collect(),
        quality: Quality {
            silhouette: evaluated.silhouette,
            sample_size: evaluated.sample,
            calinski_harabasz: measured.calinski_harabasz(),
            davies_bouldin: measured.davies_bouldin(),
            stability: order.iter().map(|&cluster| evaluated.stability[cluster]).collect(),
            verdict,
            reason,
        },
        candidates,
        variables: variables(&features.list, &measured),
        notices,
        scaled_centers: order.iter().map(scaled).collect(),
        scales: features.list,
    })
}

/// Means of the members in own units. Where scaling is a straight line they follow from the scaled means; where it is a
/// logarithm the members themselves are averaged, since the mean of logarithms is no mean of amounts.
fn own_centers(table: &Table, features: &Features, measured: &Measured) -> Result<Vec<Vec<f64>>> {
    let means: Vec<Option<Vec<f64>>> = (0..measured.counts.len()).map(|cluster| measured.mean(cluster)).collect();
    let mut centers = vec![vec![f64::NAN; features.list.len()]; means.len()];
    for (index, feature) in features.list.iter().enumerate() {
        if feature.scale.transform != Transform::Log {
            for (center, mean) in centers.iter_mut().zip(&means) {
                center[index] = mean.as_ref().map_or(f64::NAN, |mean| feature.scale.undo(mean[index]));
            }
            continue;
        }
        let mut sums = vec![Sum::default(); means.len()];
        if let Some(values) = Values::of(table, &feature.column)? {
            let mut own = Vec::with_capacity(BLOCK);
            for (block, labels) in measured.labels.chunks(BLOCK).enumerate() {
                own.clear();
                values.gather(&features.rows, block * BLOCK..block * BLOCK + labels.len(), &mut own);
                for (&label, &value) in labels.iter().zip(&own) {
                    sums[label as usize].add(if value.is_nan() { feature.fill.unwrap_or(f64::NAN) } else { value });
                }
            }
        }
        for ((center, sum), &count) in centers.iter_mut().zip(&sums).zip(&measured.counts) {
            center[index] = sum.value() / count as f64;
        }
    }
    Ok(centers)
}
