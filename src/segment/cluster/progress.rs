//! How far is a clustering, and what is being done?

use crate::features::matrix::Matrix;
use crate::job::Progress;
use crate::segment::cluster::evaluate::Evaluation;
use crate::segment::cluster::job::{ClusterJob, Stage};
use crate::segment::cluster::options::CHOICE_ROWS;

impl ClusterJob {
    /// Never less than before.
    pub(in crate::segment::cluster) fn progress(&mut self) -> Progress {
        let tries = if self.plan.given { 1.0 } else { (self.range.1 - self.range.0 + 1) as f64 };
        let large = self.all.as_ref().is_some_and(|all| all.rows() > CHOICE_ROWS);
        // Where the search for k ends and the work on all rows begins.
        let (searched, ran) = if large { (if self.plan.given { 0.2 } else { 0.7 }, 0.9) } else { (0.9, 0.9) };
        let try_at = |part: f64| 0.1 + (searched - 0.1) * ((self.tried.len() as f64 + part) / tries).min(1.0);
        let (phase, ratio) = match &self.stage {
            Stage::Preparing(_) => ("preparing", 0.02),
            Stage::Loading(block, _) => {
                ("preparing", 0.05 + 0.04 * *block as f64 / self.all.as_ref().map_or(1, Matrix::blocks).max(1) as f64)
            }
            Stage::Sampling(_) => ("preparing", 0.1),
            Stage::Fitting(k, fit) => (phase(*k), try_at(fit.ratio() / 2.0)),
            Stage::Evaluating(found, evaluation) => {
                let phase = if self.plan.given { judging(evaluation) } else { phase(found.1.counts.len()) };
                (phase, try_at(0.5 + evaluation.ratio() / 2.0))
            }
            Stage::Running(run) => {
                let rest = run.run().iterations as f64;
                let share = (rest / self.plan.passes as f64).max(rest / (rest + 20.0));
                ("all rows", searched + (ran - searched) * share)
            }
            Stage::Measuring(_, measuring, _) | Stage::Settling(_, measuring) => {
                ("measuring", ran + 0.02 * measuring.ratio())
            }
            Stage::Placed(_) => ("silhouette", ran + 0.02),
            Stage::Judging(_, evaluation) => (judging(evaluation), ran + 0.02 + 0.05 * evaluation.ratio()),
            Stage::Comparing(_, null) => ("comparing with no groups", 0.97 + 0.03 * null.ratio()),
            Stage::Screening(_, next) if next.is_none() => ("preparing", 0.09),
            _ => ("comparing with no groups", 1.0),
        };
        self.ratio = self.ratio.max(ratio);
        Progress { phase, ratio: self.ratio, rows: self.all.as_ref().map_or(0, |all| all.rows() as u64) }
    }
}

fn judging(evaluation: &Evaluation) -> &'static str {
    if evaluation.is_separating() { "silhouette" } else { "checking stability" }
}

fn phase(k: usize) -> &'static str {
    const NAMES: [&str; 21] = [
        "clusters", "k = 1", "k = 2", "k = 3", "k = 4", "k = 5", "k = 6", "k = 7", "k = 8", "k = 9", "k = 10",
        "k = 11", "k = 12", "k = 13", "k = 14", "k = 15", "k = 16", "k = 17", "k = 18", "k = 19", "k = 20",
    ];
    NAMES.get(k).copied().unwrap_or(NAMES[0])
}
