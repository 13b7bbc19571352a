//! Who lies far outside? Customers whose robust z-score (Iglewicz and Hoaglin 1993) is beyond 3.5 in a compared column: that
//! far from its median, in units of the median distance from it. Looked at as scaled: what a logarithm brings in is not far.

use crate::features::matrix::{Feature, Matrix};
use crate::math::rng::Rng;
use crate::math::stats::{quantile_sorted, sorted};
use crate::segment::cluster::budget::Budget;
use crate::segment::cluster::fit::mix;
use crate::table::figures::{grouped, percent};
use serde::Serialize;

/// Beyond this a robust z-score is far outside.
pub const FAR: f64 = 3.5;
/// The median distance from the median of a bell curve with deviation 1.
const NORMAL: f64 = 0.6745;
/// Rows that medians are taken over at most.
const MEDIAN_ROWS: usize = 20_000;
/// Rows that are named at most.
const NAMED: usize = 1_000;

/// Rows far outside.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Outliers {
    /// Number of them.
    pub n: usize,
    /// Rows of the table, rising, up to 1,000 of them.
    pub rows: Vec<u32>,
    /// Columns in which any lies far outside, with their numbers.
    pub columns: Vec<Far>,
    /// Whether they were kept from shaping the clusters.
    pub set_aside: bool,
}

/// A column with rows far outside.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Far {
    /// Its name.
    pub name: String,
    /// Rows.
    pub n: usize,
}

/// The look at all rows in the making.
#[derive(Debug)]
pub struct Screen {
    /// Least and greatest usual quick value of each feature; nothing for categories, and where half the rows are equal.
    fences: Vec<Option<(f32, f32)>>,
    counts: Vec<usize>,
    block: usize,
    /// Positions in the matrix, rising.
    pub found: Vec<usize>,
}

impl Screen {
    /// For a matrix whose quick values are all there.
    pub fn new(matrix: &Matrix, features: &[Feature], seed: u64) -> Screen {
        let some = Rng::new(mix(seed, 4_000, 3)).sample(matrix.rows(), MEDIAN_ROWS);
        let fence = |feature: usize| {
            let values = sorted(some.iter().map(|&row| f64::from(matrix.fast().get(row, feature))));
            let middle = quantile_sorted(&values, 0.5);
            let distance = quantile_sorted(&sorted(values.iter().map(|value| (value - middle).abs())), 0.5);
            let far = FAR / NORMAL * distance;
            (distance > 0.0).then_some(((middle - far) as f32, (middle + far) as f32))
        };
        let number = |at: usize| if features[at].level.is_none() { fence(at) } else { None };
        let fences = (0..features.len()).map(number).collect();
        Screen { fences, counts: vec![0; features.len()], block: 0, found: Vec::new() }
    }

    /// Looks until the budget is spent; true after the last block.
    pub fn step(&mut self, matrix: &Matrix, budget: &mut Budget) -> bool {
        while self.block < matrix.blocks() && !budget.is_spent() {
            for row in matrix.block(self.block) {
                let mut outside = false;
                for (feature, count) in self.counts.iter_mut().enumerate() {
                    let value = matrix.fast().get(row, feature);
                    let far = self.fences[feature].is_some_and(|(least, greatest)| value < least || value > greatest);
                    *count += usize::from(far);
                    outside |= far;
                }
                if outside {
                    self.found.push(row);
                }
            }
            budget.spend(4 * matrix.block(self.block).len() * self.counts.len());
            self.block += 1;
        }
        self.block == matrix.blocks()
    }

    /// What was found, for a reader: `row` gives the table's row of a position.
    pub fn outliers(&self, features: &[Feature], set_aside: bool, row: &dyn Fn(usize) -> usize) -> Outliers {
        let far = features.iter().zip(&self.counts).filter(|(_, count)| **count > 0);
        Outliers {
            n: self.found.len(),
            rows: self.found.iter().take(NAMED).map(|&position| row(position) as u32).collect(),
            columns: far.map(|(feature, &n)| Far { name: feature.column.clone(), n }).collect(),
            set_aside,
        }
    }
}

impl Outliers {
    /// The sentence for the notices; nothing when there are none.
    pub fn notice(&self, rows: usize) -> Option<String> {
        let columns: Vec<String> =
            self.columns.iter().map(|far| format!("“{}” {}", far.name, grouped(far.n as u64))).collect();
        let then = if self.set_aside {
            "They did not shape the clusters; afterwards each was placed in the cluster it suits best."
        } else {
            "They take part and may pull clusters towards them; “set-aside” for outliers keeps them from that."
        };
        (self.n > 0).then(|| {
            format!(
                "{} of {} customers ({}) lie far outside the others in a compared column, more than {FAR} robust deviations from its median: {}. {then}",
                grouped(self.n as u64),
                grouped(rows as u64),
                percent(self.n as u64, rows as u64),
                columns.join(", ")
            )
        })
    }
}
