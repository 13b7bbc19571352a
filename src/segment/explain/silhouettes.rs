//! How well does each customer sit in its cluster? The silhouettes behind the mean, cluster by cluster, as curves to draw.

use crate::error::Result;
use crate::features::matrix::{Rows, scaled};
use crate::job::{Job, Progress, Step};
use crate::math::measured::NO_CLUSTER;
use crate::math::order::numbers;
use crate::math::rng::Rng;
use crate::math::separation::Silhouette;
use crate::math::stats::sum;
use crate::math::tiles::Tiles;
use crate::segment::cluster::budget::Budget;
use crate::segment::cluster::clustering::Clustering;
use crate::segment::cluster::evaluate::silhouette_rows;
use crate::segment::cluster::fit::mix;
use crate::table::table::Table;

/// Points of a cluster's curve at most.
const POINTS: usize = 200;

/// The silhouettes of one cluster.
#[derive(Clone, Debug, PartialEq)]
pub struct Blade {
    /// Rows of the sample that belong to it.
    pub n: usize,
    /// Their mean, −1 to 1; NaN for none.
    pub mean: f64,
    /// Share below 0, who are nearer to another cluster; NaN for none.
    pub below: f64,
    /// The values, falling; of more than 200 every so many-th, the first and the last among them.
    pub values: Vec<f32>,
}

/// Silhouettes by cluster.
#[derive(Clone, Debug, PartialEq)]
pub struct Silhouettes {
    /// One a cluster.
    pub clusters: Vec<Blade>,
    /// Rows they were taken over: those of the clustering's own silhouette.
    pub sample_size: usize,
    /// Mean over all of them; that of the clustering, up to rounding.
    pub mean: f64,
}

/// Silhouettes in the making.
#[derive(Debug)]
pub struct SilhouettesJob {
    measured: Silhouette,
    clusters: usize,
}

impl SilhouettesJob {
    /// Over the rows that the silhouette of a clustering of this table was taken over.
    ///
    /// # Errors
    /// `unknown-column` when the table has lost a column of the model.
    pub fn new(table: &Table, clustering: &Clustering) -> Result<SilhouettesJob> {
        let label = |&cluster: &i32| u32::try_from(cluster).unwrap_or(NO_CLUSTER);
        let labels: Vec<u32> = clustering.assignments.iter().map(label).collect();
        let rows = silhouette_rows(&labels, clustering.k, &mut Rng::new(mix(clustering.seed, 4_000, 2)));
        let chosen: Vec<u32> = rows.iter().map(|&row| labels[row]).collect();
        let width = clustering.scales.len();
        let mut exact: Tiles<f64> = Tiles::zeros(rows.len(), width);
        let some = Rows::Some(rows.iter().map(|&row| row as u32).collect());
        scaled(table, &clustering.scales, &some, 0..rows.len(), 1.0, exact.values_mut())?;
        let largest = exact.values().iter().flatten().fold(0.0, |largest: f64, value| largest.max(value.abs()));
        // Powers of two change no digit; without them the squares of very large values would overflow.
        let unit = libm::ldexp(1.0, -libm::frexp(largest).1.clamp(-1_000, 1_000));
        let mut tiles: Tiles<f32> = Tiles::zeros(rows.len(), width);
        for (to, from) in tiles.values_mut().iter_mut().zip(exact.values()) {
            *to = from.map(|value| (value * unit) as f32);
        }
        Ok(SilhouettesJob { measured: Silhouette::new(&tiles, &chosen, clustering.k), clusters: clustering.k })
    }

    fn finish(&self) -> Silhouettes {
        let (labels, widths) = (self.measured.labels(), self.measured.widths());
        let blade = |cluster: usize| {
            let of = labels.iter().zip(&widths).filter(|(label, _)| **label as usize == cluster);
            let mut values: Vec<f64> = of.map(|(_, width)| *width).collect();
            numbers(&mut values);
            values.reverse();
            let n = values.len();
            let points = n.min(POINTS);
            let thinned = (0..points).map(|at| values[at * (n - 1) / (points - 1).max(1)] as f32).collect();
            Blade {
                n,
                mean: sum(values.iter().copied()) / n as f64,
                below: values.iter().filter(|width| **width < 0.0).count() as f64 / n as f64,
                values: thinned,
            }
        };
        Silhouettes {
            clusters: (0..self.clusters).map(blade).collect(),
            sample_size: labels.len(),
            mean: self.measured.mean(),
        }
    }
}

impl Job for SilhouettesJob {
    type Output = Silhouettes;

    fn step(&mut self) -> Result<Step<Silhouettes>> {
        let mut budget = Budget::default();
        while !self.measured.is_done() && !budget.is_spent() {
            budget.spend(self.measured.step());
        }
        if self.measured.is_done() {
            return Ok(Step::Done(self.finish()));
        }
        let rows = self.measured.labels().len() as u64;
        Ok(Step::Working(Progress { phase: "silhouettes", ratio: self.measured.ratio(), rows }))
    }
}
