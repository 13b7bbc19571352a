//! How much tighter are the clusters than those of customers spread evenly over the same ranges? The gap statistic of
//! Tibshirani, Walther and Hastie (2001), over distances that are not squared, as R's `clusGap` measures by default.

use crate::error::Result;
use crate::features::matrix::Matrix;
use crate::math::moments::Moments;
use crate::math::rng::Rng;
use crate::math::tiles::Tiles;
use crate::math::within::within;
use crate::segment::cluster::budget::Budget;
use crate::segment::cluster::fit::mix;
use crate::segment::cluster::search::{Search, Seek};
use std::rc::Rc;

/// Even sets at least and at most: few rows, where a set costs next to nothing, get more.
pub const SETS: (usize, usize) = (10, 60);
/// Rows × (rows + starts × k × 20) × features × sets that are aimed at.
const WORK: usize = 60_000_000;
/// Starts in each set.
const RESTARTS: usize = 3;
/// Passes in each start.
const PASSES: usize = 100;

/// The statistic of one k.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GapFound {
    /// Mean logarithm of the even sets' spread within clusters minus that of the data: higher is tighter.
    pub gap: f64,
    /// Its standard error, √(1 + 1 / sets) × the sets' deviation.
    pub error: f64,
}

/// The comparison in the making.
#[derive(Clone, Debug)]
pub struct Gap {
    seek: Seek,
    rows: usize,
    /// Least value and width of each feature.
    ranges: Vec<(f64, f64)>,
    /// Logarithm of the data's spread within clusters.
    own: f64,
    sets: usize,
    done: usize,
    even: Moments,
    running: Option<(Matrix, Search)>,
}

impl Gap {
    /// For a small matrix of which each row has a label below `seek.k` or none. The even sets of every k are the same.
    pub fn new(matrix: &Matrix, seek: Seek, labels: &[u32]) -> Gap {
        let (rows, features) = (matrix.rows(), matrix.features());
        let range = |feature: usize| {
            let values: Vec<f64> = (0..rows).map(|row| f64::from(matrix.fast().get(row, feature))).collect();
            let moments = Moments::of(&values);
            (moments.min, moments.max - moments.min)
        };
        let work = rows * features * (rows + RESTARTS * seek.k * 20);
        Gap {
            seek: Seek { restarts: RESTARTS, passes: PASSES, ..seek },
            rows,
            ranges: (0..features).map(range).collect(),
            own: libm::log(within(matrix.fast(), labels, seek.k)),
            sets: (WORK / work.max(1)).clamp(SETS.0, SETS.1),
            done: 0,
            even: Moments::default(),
            running: None,
        }
    }

    /// Share of the sets that are done.
    pub fn ratio(&self) -> f64 {
        self.done as f64 / self.sets as f64
    }

    /// Works until the budget is spent; after the last set, the statistic, or nothing where all rows of a cluster are
    /// equal, in the data or in a set.
    ///
    /// # Errors
    /// What the search says.
    pub fn step(&mut self, budget: &mut Budget) -> Result<Option<Option<GapFound>>> {
        while self.done < self.sets {
            let (matrix, mut search) = self.running.take().unwrap_or_else(|| self.set());
            let Some(found) = search.step(&matrix, budget)? else {
                self.running = Some((matrix, search));
                return Ok(None);
            };
            let spread = within(matrix.fast(), &found.labels, found.model.k()) / matrix.unit();
            budget.spend(self.rows * self.rows * self.ranges.len());
            self.even = self.even.merge(Moments::of(&[libm::log(spread)]));
            self.done += 1;
        }
        let error = self.even.deviation() * (1.0 + 1.0 / self.sets as f64).sqrt();
        let found = GapFound { gap: self.even.mean - self.own, error };
        Ok(Some((found.gap.is_finite() && error.is_finite()).then_some(found)))
    }

    fn set(&self) -> (Matrix, Search) {
        let mut rng = Rng::new(mix(self.seek.seed, 5_000, self.done as u64));
        let mut tiles = Tiles::<f64>::zeros(self.rows, self.ranges.len());
        for row in 0..self.rows {
            for (feature, (least, width)) in self.ranges.iter().enumerate() {
                tiles.set(row, feature, least + width * rng.unit());
            }
        }
        let matrix = Matrix::kept(tiles, Rc::default());
        let search = Seek { seed: rng.next_u64(), ..self.seek }.begin(&matrix);
        (matrix, search)
    }
}
