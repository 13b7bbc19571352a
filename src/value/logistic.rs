//! Which weighted sum of the columns tells an outcome best? Logistic regression with a ridge penalty, by Newton's method (iteratively
//! reweighted least squares), one pass over the customers for each step.
//!
//! Not smartcore's: its search took 4.5 s for 4,226 customers and 27 columns in a browser, in one call that cannot be stopped; this
//! one takes some eight passes in pieces, and gives the same bits everywhere.

use crate::math::minimise::inverse;
use crate::value::measure::sigmoid;

/// The weight of the squared coefficients: scikit-learn's default.
const PENALTY: f64 = 1.0;
/// Passes at most; and a step that moves no coefficient by more than this is the last.
const PASSES: usize = 50;
const STILL: f64 = 1e-10;

/// A regression in the making.
#[derive(Clone, Debug)]
pub struct Logistic {
    /// Coefficients of the columns, and the intercept, which is free of the penalty.
    pub weights: Vec<f64>,
    /// The last step.
    step: Vec<f64>,
    /// What is minimised, where the last step began.
    before: f64,
    loss: f64,
    gradient: Vec<f64>,
    /// Row by row; only what lies on the diagonal and right of it.
    curvature: Vec<f64>,
    passes: usize,
}

impl Logistic {
    /// Of so many columns.
    pub fn new(width: usize) -> Logistic {
        let size = width + 1;
        Logistic {
            weights: vec![0.0; size],
            step: vec![0.0; size],
            before: f64::INFINITY,
            loss: 0.0,
            gradient: vec![0.0; size],
            curvature: vec![0.0; size * size],
            passes: 0,
        }
    }

    /// The probability of each customer; cells lie column by column.
    pub fn says(&self, cells: &[f64], height: usize) -> Vec<f64> {
        let mut sums = vec![self.weights[self.weights.len() - 1]; height];
        for (column, weight) in cells.chunks_exact(height.max(1)).zip(&self.weights) {
            sums.iter_mut().zip(column).for_each(|(sum, cell)| *sum += weight * cell);
        }
        sums.iter_mut().for_each(|sum| *sum = sigmoid(*sum));
        sums
    }

    /// Takes some customers into the present pass.
    pub fn read(&mut self, mut cells: Vec<f64>, happened: &[bool]) {
        let height = happened.len();
        let said = self.says(&cells, height);
        cells.resize(cells.len() + height, 1.0);
        let mut off = Vec::with_capacity(height);
        for (&p, &happened) in said.iter().zip(happened) {
            self.loss -= libm::log((if happened { p } else { 1.0 - p }).max(1e-300));
            off.push(p - f64::from(u8::from(happened)));
        }
        let size = self.weights.len();
        let column = |at: usize| &cells[at * height..(at + 1) * height];
        for a in 0..size {
            self.gradient[a] += dot(column(a), &off);
            let weighted: Vec<f64> = column(a).iter().zip(&said).map(|(cell, p)| cell * p * (1.0 - p)).collect();
            for b in a..size {
                self.curvature[a * size + b] += dot(column(b), &weighted);
            }
        }
    }

    /// After a pass over all: steps to where the next one is to be made; whether that is the end.
    pub fn turn(&mut self) -> bool {
        let size = self.weights.len();
        let mut loss = std::mem::take(&mut self.loss);
        let mut gradient = std::mem::replace(&mut self.gradient, vec![0.0; size]);
        let mut curvature = std::mem::replace(&mut self.curvature, vec![0.0; size * size]);
        for a in 0..size {
            if a + 1 < size {
                loss += 0.5 * PENALTY * self.weights[a] * self.weights[a];
                gradient[a] += PENALTY * self.weights[a];
                curvature[a * size + a] += PENALTY;
            }
            for b in 0..a {
                curvature[a * size + b] = curvature[b * size + a];
            }
        }
        self.passes += 1;
        if loss > self.before + 1e-9 * self.before.abs() {
            // Too far: half of the way back.
            self.step.iter_mut().for_each(|step| *step /= 2.0);
            self.weights.iter_mut().zip(&self.step).for_each(|(weight, step)| *weight += step);
        } else if let Some(inverse) = inverse(&curvature, size) {
            self.before = loss;
            self.step = (0..size).map(|row| dot(&inverse[row * size..(row + 1) * size], &gradient)).collect();
            self.weights.iter_mut().zip(&self.step).for_each(|(weight, step)| *weight -= step);
        } else {
            return true;
        }
        self.passes == PASSES || self.step.iter().all(|step| step.abs() < STILL)
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
