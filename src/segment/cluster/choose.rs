//! How many clusters, and are there any? The rule for k, and the verdict in words.
//!
//! The rule: the highest silhouette among the k whose every cluster is found again in other draws of the customers (smallest
//! mean Jaccard index at least 0.75); where no k is, the highest silhouette. Of the k whose smallest cluster holds the share
//! asked for, if there are any. The verdict: "none" where the silhouette is
//! below 0.25 or no better than data without groups reach with the same k, "clear" from 0.5 on when stable, else "doubtful".
//! 0.25 and 0.5 are the bounds of Kaufman and Rousseeuw (1990); they are conventions.

use crate::segment::cluster::bootstrap::STABLE;
use crate::segment::cluster::clustering::{Candidate, Preferred, Verdict};
use crate::segment::cluster::method::Method;
use crate::segment::cluster::strength::PREDICTED;
use crate::table::figures::grouped;

/// Below this there is no structure.
pub const WEAK: f64 = 0.25;
/// From this on the structure is reasonable.
pub const REASONABLE: f64 = 0.5;
/// A silhouette must lie this much above that of data without groups.
pub const MARGIN: f64 = 0.04;

/// The position of the chosen candidate; equal silhouettes go to the smaller k. 0 for a single candidate. `least` is the share
/// that the smallest cluster shall hold.
pub fn choose(candidates: &[Candidate], least: f64) -> usize {
    let large = |candidate: &Candidate| candidate.smallest_share >= least;
    let large_only = candidates.iter().any(large);
    let best = |stable_only: bool| {
        let mut best: Option<usize> = None;
        for (index, candidate) in candidates.iter().enumerate() {
            let eligible = (!stable_only || candidate.stability >= STABLE) && (!large_only || large(candidate));
            if eligible && best.is_none_or(|so_far| candidate.silhouette > candidates[so_far].silhouette) {
                best = Some(index);
            }
        }
        best
    };
    best(true).or_else(|| best(false)).unwrap_or(0)
}

/// What each of the measures that do not decide would take.
pub fn preferred(candidates: &[Candidate]) -> Preferred {
    let within = |pair: &&[Candidate]| {
        let next = pair[1].gap.zip(pair[1].gap_error);
        pair[1].k == pair[0].k + 1 && pair[0].gap.zip(next).is_some_and(|(own, (gap, error))| own >= gap - error)
    };
    let predicted = |one: &&Candidate| one.prediction_strength.is_some_and(|strength| strength >= PREDICTED);
    Preferred {
        knee: knee(candidates),
        gap: candidates.windows(2).find(within).map(|pair| pair[0].k),
        prediction_strength: candidates.iter().rfind(predicted).map(|one| one.k),
        bic: likeliest(candidates),
    }
}

/// The k at which the inertia's fall bends most: farthest below the straight line from the first k to the last (Satopää and
/// others 2011). Nothing for fewer than three, or where it does not bend.
fn knee(candidates: &[Candidate]) -> Option<usize> {
    let (first, last) = (candidates.first()?, candidates.last()?);
    let (width, height) = ((last.k - first.k) as f64, first.inertia - last.inertia);
    let below = |one: &Candidate| (first.inertia - one.inertia) / height - (one.k - first.k) as f64 / width;
    let mut best: Option<(f64, usize)> = None;
    for one in candidates {
        let here = below(one);
        if here > best.map_or(0.01, |(most, _)| most) {
            best = Some((here, one.k));
        }
    }
    best.map(|(_, k)| k)
}

/// The k of the lowest BIC, the first of equals; nothing where there is but one.
fn likeliest(candidates: &[Candidate]) -> Option<usize> {
    let known = candidates.iter().filter_map(|one| Some((one.bic?, one.k)));
    let least = known.reduce(|best, one| if one.0 < best.0 { one } else { best });
    least.filter(|_| candidates.len() > 1).map(|(_, k)| k)
}

/// Which other measures favour another k than the chosen one.
fn disagreement(preferred: &Preferred, k: usize) -> String {
    let said = [
        ("the gap statistic", preferred.gap),
        ("prediction strength", preferred.prediction_strength),
        ("BIC", preferred.bic),
        ("the bend of the inertia", preferred.knee),
    ];
    let others: Vec<String> = said
        .iter()
        .filter_map(|(what, favoured)| favoured.filter(|&other| other != k).map(|other| format!("{what} {other}")))
        .collect();
    if others.is_empty() {
        String::new()
    } else {
        format!(" Other measures favour another number: {}.", others.join(", "))
    }
}

/// What the verdict is made from.
#[derive(Clone, Debug)]
pub struct Evidence<'a> {
    /// Every k that was tried.
    pub candidates: &'a [Candidate],
    /// The clusters there are in the end.
    pub k: usize,
    /// How they were found.
    pub method: Method,
    /// Whether the number was given.
    pub given: bool,
    /// The share that the smallest cluster was to hold.
    pub least_share: f64,
    /// Silhouette of the final clusters.
    pub silhouette: f64,
    /// Rows it was taken over.
    pub sample: usize,
    /// Rows clustered.
    pub rows: usize,
    /// Mean Jaccard index of each cluster.
    pub stability: &'a [f64],
    /// The silhouette that data without groups reach at the same k.
    pub null: f64,
}

/// The verdict and the sentences that give its reason.
pub fn verdict(evidence: &Evidence<'_>) -> (Verdict, String) {
    let Evidence { k, silhouette, null, .. } = *evidence;
    if k == 0 {
        return (
            Verdict::None,
            "No part of the data is so much denser than its surroundings that it makes a cluster.".into(),
        );
    }
    if k < 2 {
        return (Verdict::None, "With one cluster there is nothing to compare.".into());
    }
    let least = evidence.stability.iter().copied().fold(1.0, f64::min);
    let over = if evidence.sample == evidence.rows {
        format!("all {} rows", grouped(evidence.rows as u64))
    } else {
        format!("a sample of {} of {} rows", grouped(evidence.sample as u64), grouped(evidence.rows as u64))
    };
    let measured = format!("silhouette {silhouette:.3} over {over}");
    let choice = if evidence.method.finds_k() {
        format!("{k} clusters were found: {measured}.")
    } else if evidence.given {
        format!("{k} clusters were asked for: {measured}.")
    } else {
        let (next, others) = (runner_up(evidence), disagreement(&preferred(evidence.candidates), k));
        format!("{k} clusters separate the customers best: {measured}{next}.{others}")
    };
    let found_again = if least >= STABLE {
        format!("Every cluster is found again in other draws of the customers (overlap at least {least:.2} of 1).")
    } else {
        format!(
            "Not every cluster is found again in other draws of the customers (smallest overlap {least:.2} of 1, {STABLE} is wanted)."
        )
    };
    let without = format!("Data without any groups, but with the same spread, reach {null:.3}.");
    if silhouette < WEAK {
        return (
            Verdict::None,
            format!(
                "No clear clusters: a silhouette below {WEAK} means that customers lie as near to other clusters as to their own. {choice}"
            ),
        );
    }
    if silhouette < null + MARGIN {
        return (Verdict::None, format!("No clear clusters: {without} {choice}"));
    }
    let clear = silhouette >= REASONABLE && least >= STABLE;
    (if clear { Verdict::Clear } else { Verdict::Doubtful }, format!("{choice} {found_again} {without}"))
}

fn runner_up(evidence: &Evidence<'_>) -> String {
    let chosen = evidence.candidates.get(choose(evidence.candidates, evidence.least_share));
    let others: Vec<Candidate> =
        evidence.candidates.iter().filter(|one| chosen.is_none_or(|chosen| chosen.k != one.k)).cloned().collect();
    let Some(next) = others.get(choose(&others, evidence.least_share)) else {
        return String::new();
    };
    let more = chosen.is_some_and(|chosen| next.silhouette > chosen.silhouette);
    let but = match (more, next.stability >= STABLE) {
        (true, _) => format!(", but not every one of them is found again: smallest overlap {:.2} of 1", next.stability),
        (false, true) => String::new(),
        (false, false) => {
            format!(", and not every one of them found again: smallest overlap {:.2} of 1", next.stability)
        }
    };
    format!(" (next: {} clusters with {:.3}{but})", next.k, next.silhouette)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(k: usize, silhouette: f64, stability: f64) -> Candidate {
        Candidate {
            k,
            inertia: 1.0,
            silhouette,
            calinski_harabasz: 1.0,
            davies_bouldin: 1.0,
            stability,
            smallest_share: 0.1,
            gap: None,
            gap_error: None,
            prediction_strength: None,
            bic: None,
            icl: None,
        }
    }

    #[test]
    fn the_stable_come_first_and_ties_go_to_fewer() {
        let some = [candidate(2, 0.4, 0.9), candidate(3, 0.7, 0.6), candidate(4, 0.4, 0.95)];
        assert_eq!(choose(&some, 0.0), 0);
        assert_eq!(choose(&some[1..2], 0.0), 0);
        assert_eq!(choose(&[candidate(2, 0.3, 0.1), candidate(3, 0.5, 0.2)], 0.0), 1);
        // Small clusters do not count as long as there are others.
        let small = Candidate { smallest_share: 0.02, ..some[0].clone() };
        assert_eq!(choose(&[small.clone(), some[1].clone(), some[2].clone()], 0.05), 2);
        assert_eq!(choose(&[small, some[1].clone()], 0.2), 0);
    }

    #[test]
    fn other_measures_are_told_where_they_disagree() {
        let shown = |k, inertia, gap, strength| Candidate {
            inertia,
            gap: Some(gap),
            gap_error: Some(0.01),
            prediction_strength: Some(strength),
            ..candidate(k, 0.5, 0.9)
        };
        let all = [
            shown(2, 100.0, 0.1, 0.95),
            shown(3, 20.0, 0.3, 0.9),
            shown(4, 15.0, 0.305, 0.5),
            shown(5, 12.0, 0.2, 0.4),
        ];
        let found = preferred(&all);
        assert_eq!(found, Preferred { knee: Some(3), gap: Some(3), prediction_strength: Some(3), bic: None });
        assert_eq!(disagreement(&found, 3), "");
        assert!(
            disagreement(&found, 2).contains("the gap statistic 3, prediction strength 3, the bend of the inertia 3")
        );
        assert_eq!(preferred(&all[..1]).knee, None);
        assert_eq!(preferred(&[candidate(2, 0.5, 0.9), candidate(3, 0.5, 0.9)]), Preferred::default());
        let likely = |k, bic| Candidate { bic: Some(bic), ..candidate(k, 0.5, 0.9) };
        let found = preferred(&[likely(2, 9.0), likely(3, 7.0), likely(4, 7.0)]);
        assert_eq!(found.bic, Some(3));
        assert!(disagreement(&found, 2).contains("BIC 3"));
    }

    #[test]
    fn the_verdict_follows_the_bounds() {
        let candidates = [candidate(2, 0.6, 0.9), candidate(3, 0.5, 0.9)];
        let evidence = |silhouette, stability, null| {
            let stability = [1.0, stability];
            let (verdict, reason) = verdict(&Evidence {
                candidates: &candidates,
                k: 2,
                method: Method::KMeans,
                given: false,
                least_share: 0.0,
                silhouette,
                sample: 50,
                rows: 80,
                stability: &stability,
                null,
            });
            assert!(
                reason.contains("2 clusters") && reason.contains("50 of 80") && reason.contains("next: 3"),
                "{reason}"
            );
            verdict
        };
        assert_eq!(evidence(0.6, 0.9, 0.4), Verdict::Clear);
        assert_eq!(evidence(0.6, 0.7, 0.4), Verdict::Doubtful);
        assert_eq!(evidence(0.4, 0.9, 0.3), Verdict::Doubtful);
        assert_eq!(evidence(0.6, 0.9, 0.6), Verdict::None);
        assert_eq!(evidence(0.2, 0.9, 0.0), Verdict::None);
    }
}
