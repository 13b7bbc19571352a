//! From the final pass to what the user sees: clusters in order, centres in own units, names, notices.

use crate::error::Result;
use crate::features::matrix::Feature;
use crate::features::prepare::Features;
use crate::math::measured::{Measured, NO_CLUSTER};
use crate::math::stats::BLOCK;
use crate::segment::cluster::choose::{Evidence, preferred, verdict};
use crate::segment::cluster::clustering::{Candidate, Clustering, Quality, order, variables};
use crate::segment::cluster::evaluate::Evaluated;
use crate::segment::cluster::found::Found;
use crate::segment::cluster::model::Model;
use crate::segment::cluster::options::Plan;
use crate::segment::cluster::outliers::Outliers;
use crate::table::figures::{grouped, percent};
use crate::table::table::Table;

/// Merges of a tree that are shown, unless there are more clusters.
const MERGES: usize = 30;

/// Everything that was found.
#[derive(Debug)]
pub struct Parts {
    /// The scaled columns.
    pub features: Features,
    /// The final search.
    pub found: Found,
    /// The final pass.
    pub measured: Measured,
    /// Silhouette and stability.
    pub evaluated: Evaluated,
    /// What was tried.
    pub candidates: Vec<Candidate>,
    /// The highest silhouette of data without groups.
    pub null: f64,
    /// Who lies far outside.
    pub outliers: Outliers,
    /// What was noticed so far.
    pub notices: Vec<String>,
    /// Rows that were searched: those of the sample, where there was one and nothing was fitted on all rows.
    pub searched: usize,
}

/// One k that was tried on so many rows; `scale` extrapolates the inertia of a sample to all rows.
pub fn candidate(found: &Found, rows: usize, measured: &Measured, evaluated: &Evaluated, scale: f64) -> Candidate {
    Candidate {
        k: measured.counts.len(),
        inertia: measured.inertia() * scale,
        silhouette: evaluated.silhouette,
        calinski_harabasz: measured.calinski_harabasz(),
        davies_bouldin: measured.davies_bouldin(),
        stability: evaluated.least(),
        smallest_share: measured.counts.iter().copied().min().unwrap_or(0) as f64
            / measured.counts.iter().sum::<usize>().max(1) as f64,
        gap: evaluated.gap.map(|found| found.gap),
        gap_error: evaluated.gap.map(|found| found.error),
        prediction_strength: evaluated.strength,
        bic: found.likelihood.map(|one| one.bic(rows)),
        icl: found.likelihood.map(|one| one.icl(rows)),
    }
}

/// Puts a model's clusters into the order in which they are shown, where the rows of the table are `measured`; false when
/// they are in order already.
///
/// # Errors
/// `unknown-column` when the table is not the one prepared.
pub fn put_in_order(table: &Table, features: &Features, measured: &Measured, model: &mut Model) -> Result<bool> {
    let order = order(&measured.counts, &own_centers(table, features, measured)?);
    let moved = order.len() < measured.counts.len() || order.iter().enumerate().any(|(to, &from)| to != from);
    if moved {
        model.reorder(&order);
    }
    Ok(moved)
}

/// Puts the result together.
///
/// # Errors
/// `unknown-column` when the table is not the one prepared.
pub fn finish(table: &Table, plan: &Plan, parts: Parts) -> Result<Clustering> {
    let Parts { features, mut found, measured, evaluated, mut candidates, null, outliers, mut notices, searched } =
        parts;
    notices.append(&mut found.notices);
    if candidates.is_empty() {
        candidates.push(candidate(&found, searched, &measured, &evaluated, 1.0));
    }
    let centers = own_centers(table, &features, &measured)?;
    let order = order(&measured.counts, &centers);
    let mut place = vec![-1i32; measured.counts.len()];
    order.iter().enumerate().for_each(|(to, &from)| place[from] = to as i32);
    let mut assignments = vec![-1; table.row_count];
    for (position, &label) in measured.labels.iter().enumerate() {
        if label != NO_CLUSTER {
            assignments[features.rows.at(position)] = place[label as usize];
        }
    }
    let k = order.len();
    let outside = measured.labels.iter().filter(|&&label| label == NO_CLUSTER).count();
    if outside > 0 {
        notices.push(format!(
            "{} of {} rows ({:.1} %) lie in no dense group and are not clustered.",
            grouped(outside as u64),
            grouped(measured.labels.len() as u64),
            outside as f64 / measured.labels.len() as f64 * 100.0
        ));
    }
    if k < measured.counts.len() {
        notices.push(format!("{} clusters ended without members and were left out.", measured.counts.len() - k));
    }
    let asked = plan.clusters.0;
    let said = format!("{k} clusters instead");
    if plan.given
        && !plan.method.finds_k()
        && k > 1
        && k < asked
        && !notices.iter().any(|notice| notice.contains(&said))
    {
        notices.push(format!("There are {said} of the {asked} asked for: no row suits the others best."));
    }
    let (smallest, all) = (measured.counts.iter().copied().min().unwrap_or(0), measured.labels.len());
    if (smallest as f64) < plan.least_share * all as f64 {
        notices.push(format!(
            "The smallest cluster holds {} of {} rows ({}), less than the {:.1} % that “minShare” asks for; {}.",
            grouped(smallest as u64),
            grouped(all as u64),
            percent(smallest as u64, all as u64),
            plan.least_share * 100.0,
            if plan.given {
                "the number of clusters was given"
            } else {
                "no number of clusters that was tried does better"
            }
        ));
    }
    if !found.converged {
        notices.push(format!(
            "The search was stopped after {} passes, before it came to rest. Allow more with “maxIterations”.",
            plan.passes
        ));
    }
    let (verdict, reason) = verdict(&Evidence {
        candidates: &candidates,
        k,
        method: plan.method,
        given: plan.given,
        least_share: plan.least_share,
        silhouette: evaluated.silhouette,
        sample: evaluated.sample,
        rows: measured.labels.len(),
        stability: &evaluated.stability,
        null,
    });
    let inertia = measured.inertia();
    let dendrogram = found.linkage.map(|linkage| {
        let mut top = linkage.dendrogram(measured.counts.len(), MERGES.max(measured.counts.len()));
        top.clusters.iter_mut().for_each(|cluster| *cluster = place[*cluster as usize]);
        top
    });
    if let Some(chosen) = candidates.iter_mut().find(|one| one.k == k) {
        chosen.inertia = inertia;
    }
    let mut model = found.model;
    model.reorder(&order);
    let likelihood = found.likelihood;
    Ok(Clustering {
        name: "Clusters".into(),
        labels: (1..=k).map(|number| format!("Cluster {number}")).collect(),
        sizes: order.iter().map(|&cluster| measured.counts[cluster]).collect(),
        assignments,
        k,
        method: plan.method.as_str().into(),
        seed: plan.seed,
        inertia,
        iterations: found.iterations,
        converged: found.converged,
        centers: order.iter().map(|&cluster| centers[cluster].clone()).collect(),
        features: features.list.iter().map(Feature::name).collect(),
        transforms: features.list.iter().map(|one| one.scale.transform).collect(),
        quality: Quality {
            silhouette: evaluated.silhouette,
            sample_size: evaluated.sample,
            calinski_harabasz: measured.calinski_harabasz(),
            davies_bouldin: measured.davies_bouldin(),
            stability: order.iter().map(|&cluster| evaluated.stability[cluster]).collect(),
            verdict,
            reason,
            preferred: preferred(&candidates),
        },
        candidates,
        variables: variables(&features.list, &measured),
        outliers,
        notices,
        log_likelihood: likelihood.map(|one| one.log_likelihood),
        bic: likelihood.map(|one| one.bic(searched)),
        starts_at_best: likelihood.map(|one| one.starts_at_best),
        aic: likelihood.map(|one| one.aic()),
        entropy_r2: likelihood.map(|one| one.entropy_r2(searched, model.k())),
        goodness: likelihood.and_then(|one| one.goodness),
        gamma: features.gamma,
        dendrogram,
        model,
        scales: features.list,
    })
}

/// Means of the members in own units. Where scaling is a straight line they follow from the scaled means; where it is
/// bent the members themselves are averaged, since the mean of logarithms is no mean of amounts.
fn own_centers(table: &Table, features: &Features, measured: &Measured) -> Result<Vec<Vec<f64>>> {
    let means: Vec<Option<Vec<f64>>> = (0..measured.counts.len()).map(|cluster| measured.mean(cluster)).collect();
    let mut centers = vec![vec![f64::NAN; features.list.len()]; means.len()];
    for (index, feature) in features.list.iter().enumerate() {
        if !feature.scale.transform.bends() {
            for (center, mean) in centers.iter_mut().zip(&means) {
                center[index] = mean.as_ref().map_or(f64::NAN, |mean| feature.scale.undo(mean[index]));
            }
            continue;
        }
        let mut sums = vec![0.0; means.len()];
        if let Some(values) = feature.values(table)? {
            for (block, labels) in measured.labels.chunks(BLOCK).enumerate() {
                let own = values.at(&features.rows, block * BLOCK..block * BLOCK + labels.len());
                let mut block = vec![0.0; means.len()];
                for (&label, &value) in labels.iter().zip(own.iter()).filter(|(label, _)| **label != NO_CLUSTER) {
                    block[label as usize] += if value.is_nan() { feature.fill.unwrap_or(value) } else { value };
                }
                sums.iter_mut().zip(block).for_each(|(sum, part)| *sum += part);
            }
        }
        for ((center, sum), &count) in centers.iter_mut().zip(&sums).zip(&measured.counts) {
            center[index] = sum / count as f64;
        }
    }
    Ok(centers)
}
