//! How do the clusters lie to each other in two dimensions? The first two principal components of the scaled features.

use crate::error::{Code, Error, Result};
use crate::features::matrix::{Rows, scaled};
use crate::math::order::{arranged, rising};
use crate::math::rng::Rng;
use crate::math::stats;
use crate::math::tiles::Tiles;
use crate::segment::cluster::clustering::Clustering;
use crate::segment::cluster::fit::mix;
use crate::table::table::Table;
use serde::Serialize;
use smartcore::linalg::basic::arrays::Array;
use smartcore::linalg::basic::matrix::DenseMatrix;
use smartcore::linalg::traits::evd::EVDDecomposable;

/// Rows the axes are found from at most; above it a seeded sample serves. Many features lower it, but not below 2,000.
pub const AXIS_ROWS: usize = 50_000;
const AXIS_WORK: usize = 5_000_000;

/// Points of a map and what its axes mean.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Map {
    /// Table rows of the points, rising.
    #[serde(skip)]
    pub rows: Vec<u32>,
    /// First component of each point, in scaled units.
    #[serde(skip)]
    pub x: Vec<f32>,
    /// Second component; 0 when there is one feature only.
    #[serde(skip)]
    pub y: Vec<f32>,
    /// Share of the spread that each axis shows.
    pub explained: [f64; 2],
    /// Per feature: its weight in the first and the second axis. The largest weight of an axis is positive.
    pub loadings: Vec<Loading>,
    /// Rows the axes were found from.
    pub sample_size: usize,
}

/// The weights of one feature.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Loading {
    /// Name of the column.
    pub name: String,
    /// Weight in the first axis.
    pub x: f64,
    /// Weight in the second axis.
    pub y: f64,
}

/// A map of up to `max_points` clustered rows; above that a seeded sample in which every cluster keeps its share and at
/// least one row. Without clustered rows there are no points and no axes.
///
/// # Errors
/// `unknown-column` when the table is another; `bad-option` for no points.
pub fn project(clustering: &Clustering, table: &Table, max_points: usize) -> Result<Map> {
    if max_points == 0 {
        return Err(Error::new(Code::BadOption, "A map needs at least one point."));
    }
    let clustered: Vec<u32> =
        (0u32..).zip(&clustering.assignments).filter(|(_, cluster)| **cluster >= 0).map(|(row, _)| row).collect();
    if clustered.is_empty() {
        let loadings = clustering.features.iter().map(|name| Loading { name: name.clone(), x: 0.0, y: 0.0 }).collect();
        return Ok(Map { rows: clustered, x: vec![], y: vec![], explained: [0.0; 2], loadings, sample_size: 0 });
    }
    let mut rng = Rng::new(mix(clustering.seed, 3_000, 0));
    let width = clustering.scales.len().max(1);
    let most = (AXIS_WORK / (width * width)).clamp(2_000, AXIS_ROWS);
    let chosen: Vec<u32> = rng.sample(clustered.len(), most).into_iter().map(|at| clustered[at]).collect();
    let sample_size = chosen.len();
    let Axes { means, directions, explained } = axes(&values(clustering, table, chosen)?)?;
    let rows = points(clustering, &clustered, max_points, &mut rng);
    let tiles = values(clustering, table, rows.clone())?;
    let along = |axis: &[f64]| -> Vec<f32> {
        let place = |row: usize| {
            axis.iter().enumerate().map(|(j, weight)| weight * (tiles.get(row, j) - means[j])).sum::<f64>()
        };
        (0..rows.len()).map(|row| place(row) as f32).collect()
    };
    let (x, y) = (along(&directions[0]), along(&directions[1]));
    let names = clustering.features.iter().zip(directions[0].iter().zip(&directions[1]));
    let loadings = names.map(|(name, (&x, &y))| Loading { name: name.clone(), x, y }).collect();
    Ok(Map { rows, x, y, explained, loadings, sample_size })
}

fn values(clustering: &Clustering, table: &Table, rows: Vec<u32>) -> Result<Tiles<f64>> {
    let count = rows.len();
    let mut tiles = Tiles::zeros(count, clustering.scales.len());
    scaled(table, &clustering.scales, &Rows::Some(rows), 0..count, 1.0, tiles.values_mut())?;
    Ok(tiles)
}

/// Where the axes cross, their directions, and the shares of the spread they show.
struct Axes {
    means: Vec<f64>,
    directions: [Vec<f64>; 2],
    explained: [f64; 2],
}

fn axes(tiles: &Tiles<f64>) -> Result<Axes> {
    let (rows, width) = (tiles.rows(), tiles.features());
    let column = |j: usize| (0..rows).map(move |row| tiles.get(row, j));
    let means: Vec<f64> = (0..width).map(|j| stats::sum(column(j)) / rows as f64).collect();
    let mut covariance = vec![vec![0.0; width]; width];
    for a in 0..width {
        for b in 0..=a {
            let products = column(a).zip(column(b)).map(|(x, y)| (x - means[a]) * (y - means[b]));
            let mean = stats::sum(products) / rows as f64;
            (covariance[a][b], covariance[b][a]) = (mean, mean);
        }
    }
    let internal = |_| Error::new(Code::Internal, "The axes of the map could not be found. Please report this.");
    let matrix = DenseMatrix::from_2d_vec(&covariance).map_err(internal)?;
    let parts = matrix.evd(true).map_err(internal)?;
    let order = arranged(width, &|a, b| parts.d[b].total_cmp(&parts.d[a]));
    let total = stats::sum((0..width).map(|j| covariance[j][j]));
    let mut directions = [vec![0.0; width], vec![0.0; width]];
    let mut explained = [0.0; 2];
    for ((axis, share), &at) in directions.iter_mut().zip(&mut explained).zip(&order) {
        let weights: Vec<f64> = (0..width).map(|j| *parts.V.get((j, at))).collect();
        // An axis has no direction of its own: point it along its largest weight, the first of equals.
        let mut largest = 0.0f64;
        weights.iter().for_each(|&weight| {
            if weight.abs() > largest.abs() + 1e-9 {
                largest = weight;
            }
        });
        let sign = if largest < 0.0 { -1.0 } else { 1.0 };
        *axis = weights.iter().map(|weight| weight * sign).collect();
        *share = if total > 0.0 { parts.d[at].max(0.0) / total } else { 0.0 };
    }
    Ok(Axes { means, directions, explained })
}

fn points(clustering: &Clustering, clustered: &[u32], max_points: usize, rng: &mut Rng) -> Vec<u32> {
    if clustered.len() <= max_points {
        return clustered.to_vec();
    }
    let mut members: Vec<Vec<u32>> = vec![Vec::new(); clustering.k];
    clustered.iter().for_each(|&row| members[clustering.assignments[row as usize] as usize].push(row));
    let mut rows = Vec::with_capacity(max_points);
    for cluster in &members {
        let share = (cluster.len() as u64 * max_points as u64 / clustered.len() as u64) as usize;
        rows.extend(rng.sample(cluster.len(), share.max(1)).into_iter().map(|at| cluster[at] as usize));
    }
    rows.truncate(max_points);
    rising(&mut rows);
    rows.into_iter().map(|row| row as u32).collect()
}
