//! Which columns say nearly the same? Two of them count double in every distance.

use crate::error::Result;
use crate::features::matrix::{Feature, Matrix};
use crate::math::moments::Moments;
use crate::math::stats::sum;
use crate::math::tiles::TILE;
use crate::table::figures::grouped;

/// From this correlation on, in either direction, two columns are nearly the same.
const SAME: f64 = 0.98;

/// A sentence for each two columns of numbers that are nearly the same over the rows of a small matrix. Both stay.
///
/// # Errors
/// None for a matrix of which everything is kept.
pub fn near_duplicates(matrix: &Matrix, features: &[Feature]) -> Result<Vec<String>> {
    let tiles = matrix.exact(0)?;
    let width = matrix.features();
    let standard = |feature: usize| {
        let values: Vec<f64> = (0..matrix.rows()).map(|row| tiles[row / TILE * width + feature][row % TILE]).collect();
        let moments = Moments::of(&values);
        let length = moments.squares.sqrt();
        values.into_iter().map(|value| (value - moments.mean) / length).collect::<Vec<f64>>()
    };
    let numbers: Vec<usize> = (0..width).filter(|&at| features[at].level.is_none()).collect();
    let values: Vec<Vec<f64>> = numbers.iter().map(|&at| standard(at)).collect();
    let mut found = Vec::new();
    for (second, b) in values.iter().enumerate() {
        for (first, a) in values[..second].iter().enumerate() {
            let correlation = sum(a.iter().zip(b).map(|(x, y)| x * y));
            if correlation.abs() > SAME {
                found.push(format!(
                    "“{}” and “{}” say nearly the same (correlation {correlation:.3} over {} rows), so what they say counts double. Leave one out if that is not meant.",
                    features[numbers[first]].column,
                    features[numbers[second]].column,
                    grouped(matrix.rows() as u64)
                ));
            }
        }
    }
    Ok(found)
}
