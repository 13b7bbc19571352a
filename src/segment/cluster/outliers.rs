//! Who lies far outside? Customers beyond the outer fences of Tukey (1977) in a compared column: more than three times the
//! width of the middle half above or below it. Looked at as scaled: what a logarithm brings in is not far. Fences by the
//! median distance from the median would take whole groups for outliers wherever one group holds more than half.

use crate::features::matrix::{Feature, Matrix};
use crate::math::order::rising;
use crate::math::rng::Rng;
use crate::math::stats::{quantile_sorted, sorted};
use crate::segment::cluster::budget::Budget;
use crate::segment::cluster::fit::mix;
use crate::table::figures::{grouped, percent};
use serde::Serialize;

/// Widths of the middle half between it and the fences.
pub const FAR: f64 = 3.0;
/// Where more than this share of the rows is beyond a column's fences, these rows are a group and no outliers.
const CROWD: f64 = 0.05;
/// Rows that quartiles are taken over at most.
const QUARTILE_ROWS: usize = 20_000;
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
    /// Least and greatest usual quick value of each feature; nothing for categories, and where the middle half is equal.
    fences: Vec<Option<(f32, f32)>>,
    /// Positions beyond the fences of each feature.
    beyond: Vec<Vec<usize>>,
    block: usize,
    rows: usize,
}

impl Screen {
    /// For a matrix whose quick values are all there.
    pub fn new(matrix: &Matrix, features: &[Feature], seed: u64) -> Screen {
        let some = Rng::new(mix(seed, 4_000, 3)).sample(matrix.rows(), QUARTILE_ROWS);
        let fence = |feature: usize| {
            let values = sorted(some.iter().map(|&row| f64::from(matrix.fast().get(row, feature))));
            let (low, high) = (quantile_sorted(&values, 0.25), quantile_sorted(&values, 0.75));
            let far = FAR * (high - low);
            (far > 0.0).then_some(((low - far) as f32, (high + far) as f32))
        };
        let number = |at: usize| if features[at].level.is_none() { fence(at) } else { None };
        let fences = (0..features.len()).map(number).collect();
        Screen { fences, beyond: vec![Vec::new(); features.len()], block: 0, rows: matrix.rows() }
    }

    /// Looks until the budget is spent; true after the last block.
    pub fn step(&mut self, matrix: &Matrix, budget: &mut Budget) -> bool {
        while self.block < matrix.blocks() && !budget.is_spent() {
            for (feature, beyond) in self.beyond.iter_mut().enumerate() {
                let Some((least, greatest)) = self.fences[feature] else {
                    continue;
                };
                for row in matrix.block(self.block) {
                    let value = matrix.fast().get(row, feature);
                    if value < least || value > greatest {
                        beyond.push(row);
                    }
                }
            }
            budget.spend(4 * matrix.block(self.block).len() * self.fences.len());
            self.block += 1;
        }
        self.block == matrix.blocks()
    }

    fn is_crowd(&self, beyond: &[usize]) -> bool {
        beyond.len() as f64 > CROWD * self.rows as f64
    }

    /// The rows found, as positions in the matrix, rising.
    pub fn found(&self) -> Vec<usize> {
        let few = self.beyond.iter().filter(|beyond| !self.is_crowd(beyond));
        let mut found: Vec<usize> = few.flatten().copied().collect();
        rising(&mut found);
        found.dedup();
        found
    }

    /// What was found, for a reader: `row` gives the table's row of a position.
    pub fn outliers(&self, features: &[Feature], set_aside: bool, row: &dyn Fn(usize) -> usize) -> Outliers {
        let found = self.found();
        let far = features.iter().zip(&self.beyond).filter(|(_, far)| !far.is_empty() && !self.is_crowd(far));
        Outliers {
            n: found.len(),
            rows: found.iter().take(NAMED).map(|&position| row(position) as u32).collect(),
            columns: far.map(|(feature, far)| Far { name: feature.column.clone(), n: far.len() }).collect(),
            set_aside,
        }
    }

    /// A sentence for each column in which too many lie far outside to be outliers.
    pub fn crowds(&self, features: &[Feature]) -> Vec<String> {
        let crowds = features.iter().zip(&self.beyond).filter(|(_, beyond)| self.is_crowd(beyond));
        crowds
            .map(|(feature, beyond)| {
                format!(
                    "In “{}” {} of {} customers ({}) lie far from the middle half of all. So many are a group rather than outliers, and are treated like all others.",
                    feature.column,
                    grouped(beyond.len() as u64),
                    grouped(self.rows as u64),
                    percent(beyond.len() as u64, self.rows as u64)
                )
            })
            .collect()
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
                "{} of {} customers ({}) lie far outside the others in a compared column, more than {FAR} times the width of its middle half beyond it: {}. {then}",
                grouped(self.n as u64),
                grouped(rows as u64),
                percent(self.n as u64, rows as u64),
                columns.join(", ")
            )
        })
    }
}
