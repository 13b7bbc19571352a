//! Which few rows say where all others belong? A condensed set of rows: the nearest of them has the label of every row.
//!
//! Angiulli's fast condensed nearest neighbour (2005), which unlike Hart's (1968) does not depend on the order of the rows:
//! it begins with the row nearest to the mean of each label, and then adds, for each row of the set at once, the nearest of
//! those rows that it misplaces. In the end the model itself places every row; where rounding still misplaces one, it is
//! added too. So the labels given back are those the model gives, always.

use crate::error::Result;
use crate::features::matrix::Matrix;
use crate::math::measured::NO_CLUSTER;
use crate::math::reach::{point, squares};
use crate::math::tiles::TILE;
use crate::segment::cluster::budget::Budget;
use crate::segment::cluster::model::Model;

/// Tiles of rows that are placed together.
const CHUNK: usize = 64;

/// The set in the making.
#[derive(Clone, Debug)]
pub struct Condensing {
    labels: Vec<u32>,
    /// Rows of the set.
    chosen: Vec<usize>,
    /// Rows to be added, the next one last.
    next: Vec<usize>,
    /// For each row: the nearest of the set, by its number there, and the squared distance in quick units.
    nearest: Vec<(u32, f32)>,
    /// Labels that the finished set gives, as far as it was tried.
    placed: Vec<u32>,
    model: Option<Model>,
}

impl Condensing {
    /// For rows with a label each, [`NO_CLUSTER`] included; at least one row.
    pub fn new(matrix: &Matrix, labels: Vec<u32>) -> Condensing {
        let nearest = vec![(0, f32::INFINITY); labels.len()];
        let next = middles(matrix, &labels);
        Condensing { labels, chosen: Vec::new(), next, nearest, placed: Vec::new(), model: None }
    }

    /// Works until the budget is spent; in the end the model and the labels that it gives.
    ///
    /// # Errors
    /// None for a matrix of which everything is kept.
    pub fn step(&mut self, matrix: &Matrix, budget: &mut Budget) -> Result<Option<(Model, Vec<u32>)>> {
        loop {
            while let Some(&row) = self.next.last() {
                if budget.is_spent() {
                    return Ok(None);
                }
                budget.spend(matrix.rows() * (matrix.features() + 4));
                self.add(matrix, row);
                self.next.pop();
            }
            if self.model.is_none() {
                self.next = self.misplaced();
                if !self.next.is_empty() {
                    continue;
                }
                self.model = Some(self.model(matrix)?);
            }
            if !self.place(matrix, budget)? {
                return Ok(None);
            }
            self.next = (0..self.labels.len())
                .rev()
                .filter(|&row| self.placed[row] != self.labels[row] && !self.chosen.contains(&row))
                .collect();
            let placed = std::mem::take(&mut self.placed);
            if let (true, Some(model)) = (self.next.is_empty(), self.model.take()) {
                return Ok(Some((model, placed)));
            }
        }
    }

    fn add(&mut self, matrix: &Matrix, row: usize) {
        let number = self.chosen.len() as u32;
        let mut from = vec![[0.0f32; TILE]; matrix.rows().div_ceil(TILE)];
        squares(matrix.fast(), &point(matrix.fast(), row), &mut from);
        for (nearest, &square) in self.nearest.iter_mut().zip(from.as_flattened()) {
            if square < nearest.1 {
                *nearest = (number, square);
            }
        }
        self.chosen.push(row);
    }

    /// For each row of the set the nearest of those whose label it does not have; the lowest of equals, the last set row's
    /// first.
    fn misplaced(&self) -> Vec<usize> {
        let mut wrong: Vec<Option<usize>> = vec![None; self.chosen.len()];
        for (row, &(number, square)) in self.nearest.iter().enumerate() {
            let own = &mut wrong[number as usize];
            let differs = self.labels[row] != self.labels[self.chosen[number as usize]];
            // A twin of a row of the set with another label cannot be told from it.
            if differs && square > 0.0 && own.is_none_or(|other| square < self.nearest[other].1) {
                *own = Some(row);
            }
        }
        wrong.into_iter().rev().flatten().collect()
    }

    fn model(&self, matrix: &Matrix) -> Result<Model> {
        let (tiles, width) = (matrix.exact(0)?, matrix.features());
        let value = |row: usize, feature: usize| tiles[row / TILE * width + feature][row % TILE];
        Ok(Model::Prototypes {
            points: self.chosen.iter().map(|&row| (0..width).map(|feature| value(row, feature)).collect()).collect(),
            // NO_CLUSTER as a signed number is −1.
            clusters: self.chosen.iter().map(|&row| self.labels[row] as i32).collect(),
        })
    }

    /// Places some rows; true when all are.
    fn place(&mut self, matrix: &Matrix, budget: &mut Budget) -> Result<bool> {
        let (tiles, width, rows) = (matrix.exact(0)?, matrix.features(), self.labels.len());
        if let Some(model) = &self.model {
            while self.placed.len() < rows {
                if budget.is_spent() {
                    return Ok(false);
                }
                let (start, count) = (self.placed.len(), (rows - self.placed.len()).min(CHUNK * TILE));
                let tiles = &tiles[start / TILE * width..(start + count).div_ceil(TILE) * width];
                self.placed.extend(model.place(width, tiles, count));
                budget.spend(3 * count * self.chosen.len() * width);
            }
        }
        Ok(true)
    }
}

/// For each label, in the order in which they first come, the row nearest to the mean of its rows; the last label first.
fn middles(matrix: &Matrix, labels: &[u32]) -> Vec<usize> {
    let (tiles, width) = (matrix.fast(), matrix.features());
    let most = labels.iter().filter(|&&label| label != NO_CLUSTER).max().map_or(0, |&label| label as usize + 1);
    let place = |label: u32| if label == NO_CLUSTER { most } else { label as usize };
    let (mut sums, mut counts) = (vec![0.0; (most + 1) * width], vec![0.0; most + 1]);
    for (row, &label) in labels.iter().enumerate() {
        counts[place(label)] += 1.0;
        (0..width).for_each(|feature| sums[place(label) * width + feature] += f64::from(tiles.get(row, feature)));
    }
    let mut found: Vec<Option<(f64, usize)>> = vec![None; most + 1];
    for (row, &label) in labels.iter().enumerate() {
        let at = place(label);
        let square: f64 = (0..width)
            .map(|feature| f64::from(tiles.get(row, feature)) - sums[at * width + feature] / counts[at])
            .fold(0.0, |sum, difference| sum + difference * difference);
        if found[at].is_none_or(|(least, _)| square < least) {
            found[at] = Some((square, row));
        }
    }
    found.into_iter().rev().flatten().map(|(_, row)| row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::rng::Rng;
    use crate::math::tiles::Tiles;
    use std::rc::Rc;

    fn condense(values: &[f64], labels: Vec<u32>) -> (Model, Vec<u32>) {
        let matrix = Matrix::kept(Tiles::from_rows(values, 2), Rc::default());
        let mut condensing = Condensing::new(&matrix, labels);
        loop {
            if let Some(found) = condensing.step(&matrix, &mut Budget::default()).unwrap() {
                return found;
            }
        }
    }

    #[test]
    fn the_few_place_all() {
        let mut rng = Rng::new(4);
        let values: Vec<f64> = (0..1_200).map(|_| rng.unit()).collect();
        let ring = |row: &[f64]| {
            let far = (row[0] - 0.5).powi(2) + (row[1] - 0.5).powi(2);
            if far < 0.05 {
                1
            } else if far < 0.15 {
                NO_CLUSTER
            } else {
                0
            }
        };
        let labels: Vec<u32> = values.chunks(2).map(ring).collect();
        let (model, placed) = condense(&values, labels.clone());
        assert_eq!(placed, labels);
        let Model::Prototypes { points, clusters } = model else { panic!("another model") };
        println!("{} of 600 rows", points.len());
        assert!(points.len() < 200 && clusters.len() == points.len());
    }

    #[test]
    fn twins_with_two_labels_come_to_an_end_and_one_label_needs_one_row() {
        let (_, placed) = condense(&[1.0, 1.0, 1.0, 1.0, 5.0, 5.0], vec![0, 1, 1]);
        assert_eq!(placed, [0, 0, 1]);
        let (model, placed) = condense(&[1.0, 1.0, 2.0, 1.0], vec![NO_CLUSTER; 2]);
        assert_eq!((model.k(), placed), (0, vec![NO_CLUSTER; 2]));
    }
}
