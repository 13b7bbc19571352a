//! Where is a smooth function of a few numbers least? Quasi-Newton steps (BFGS; Nocedal and Wright 2006, chapter 6) with
//! gradients by central differences.
//!
//! The function is not called: the minimiser says at which point it wants to know it, and is told. So one evaluation may be a
//! pass over a million rows, done in steps.

/// Half the distance of central differences for gradients, and of those for curvature.
const DIFFERENCE: f64 = 1e-5;
const WIDE: f64 = 1e-3;
/// Share of the decrease that the slope promises, without which a step is halved.
const ARMIJO: f64 = 1e-4;
/// Steps at most, and halvings of one.
const STEPS: usize = 200;
const HALVINGS: usize = 40;

/// A search in the making.
#[derive(Clone, Debug)]
pub struct Minimiser {
    at: Vec<f64>,
    value: f64,
    gradient: Vec<f64>,
    /// The inverse of the curvature as known so far, row by row.
    inverse: Vec<f64>,
    direction: Vec<f64>,
    point: Vec<f64>,
    stage: Stage,
    steps: usize,
    tolerance: f64,
    /// Values at the points around `at`, two for each number.
    around: Vec<f64>,
    /// Where a step began, and the gradient there.
    before: Option<(Vec<f64>, Vec<f64>)>,
    converged: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Stage {
    First,
    /// The next of the points around.
    Around(usize),
    /// A step of this share along the direction, halved so often.
    Along(f64, usize),
    Over,
}

impl Minimiser {
    /// From a starting point. The search ends when a step promises to lower the function by less than `tolerance`.
    pub fn new(start: Vec<f64>, tolerance: f64) -> Minimiser {
        let size = start.len();
        let mut inverse = vec![0.0; size * size];
        inverse.iter_mut().step_by(size + 1).for_each(|one| *one = 1.0);
        Minimiser {
            point: start.clone(),
            at: start,
            value: f64::INFINITY,
            gradient: vec![0.0; size],
            direction: vec![0.0; size],
            inverse,
            stage: Stage::First,
            steps: 0,
            tolerance,
            around: vec![0.0; 2 * size],
            before: None,
            converged: false,
        }
    }

    /// From where this one is, with what was learned of the curvature; for a function of the same shape times `scale`, whose
    /// rounding is as much coarser.
    pub fn again(&self, scale: f64) -> Minimiser {
        let mut next = Minimiser::new(self.at.clone(), self.tolerance * scale);
        next.inverse = self.inverse.iter().map(|one| one / scale).collect();
        next
    }

    /// Where the function is wanted next; nothing when the search is over.
    pub fn wants(&self) -> Option<&[f64]> {
        (self.stage != Stage::Over).then_some(&self.point)
    }

    /// The least point known.
    pub fn at(&self) -> &[f64] {
        &self.at
    }

    /// The function there.
    pub fn value(&self) -> f64 {
        self.value
    }

    /// Whether no further step promised anything; otherwise the limit on steps ended the search.
    pub fn converged(&self) -> bool {
        self.converged
    }

    /// Takes the function's value where it was wanted. NaN counts as infinitely high.
    pub fn tell(&mut self, value: f64) {
        let value = if value.is_nan() { f64::INFINITY } else { value };
        match self.stage {
            Stage::First => {
                self.value = value;
                self.look_around(0);
            }
            Stage::Around(index) => {
                self.around[index] = value;
                if index + 1 < self.around.len() {
                    self.look_around(index + 1);
                } else {
                    self.turn();
                }
            }
            Stage::Along(share, halvings) => {
                let slope = dot(&self.gradient, &self.direction);
                if value <= self.value + ARMIJO * share * slope {
                    self.before = Some((std::mem::replace(&mut self.at, self.point.clone()), self.gradient.clone()));
                    self.value = value;
                    self.steps += 1;
                    self.look_around(0);
                } else if halvings < HALVINGS {
                    self.go_along(share / 2.0, halvings + 1);
                } else {
                    // Not even the smallest step goes down: rounding is all that is left.
                    self.converged = true;
                    self.stage = Stage::Over;
                }
            }
            Stage::Over => {}
        }
    }

    fn look_around(&mut self, index: usize) {
        self.point.clone_from(&self.at);
        self.point[index / 2] += if index.is_multiple_of(2) { DIFFERENCE } else { -DIFFERENCE };
        self.stage = Stage::Around(index);
    }

    fn go_along(&mut self, share: f64, halvings: usize) {
        for (point, (at, direction)) in self.point.iter_mut().zip(self.at.iter().zip(&self.direction)) {
            *point = at + share * direction;
        }
        self.stage = Stage::Along(share, halvings);
    }

    /// The gradient is known: learn from the step made, and choose the next direction.
    fn turn(&mut self) {
        for (slope, pair) in self.gradient.iter_mut().zip(self.around.chunks_exact(2)) {
            *slope = (pair[0] - pair[1]) / (2.0 * DIFFERENCE);
        }
        if let Some((at, gradient)) = self.before.take() {
            self.learn(&at, &gradient);
        }
        let size = self.at.len();
        for (row, direction) in self.direction.iter_mut().enumerate() {
            *direction = -dot(&self.inverse[row * size..(row + 1) * size], &self.gradient);
        }
        let promise = -dot(&self.gradient, &self.direction);
        if promise.is_nan() || promise <= self.tolerance || self.steps == STEPS {
            self.converged = promise.is_finite() && self.steps < STEPS;
            self.stage = Stage::Over;
            return;
        }
        // The parameters are logarithms: a step of more than 2 would be a leap.
        let longest = self.direction.iter().fold(0.0, |longest: f64, one| longest.max(one.abs()));
        self.go_along((2.0 / longest).min(1.0), 0);
    }

    /// The BFGS update of the inverse curvature.
    fn learn(&mut self, at: &[f64], gradient: &[f64]) {
        let size = at.len();
        let step: Vec<f64> = self.at.iter().zip(at).map(|(now, before)| now - before).collect();
        let change: Vec<f64> = self.gradient.iter().zip(gradient).map(|(now, before)| now - before).collect();
        let along = dot(&step, &change);
        let least = 1e-12 * dot(&change, &change).sqrt() * dot(&step, &step).sqrt();
        if along.is_nan() || along <= least {
            return;
        }
        let bent: Vec<f64> = (0..size).map(|row| dot(&self.inverse[row * size..(row + 1) * size], &change)).collect();
        let stretch = (1.0 + dot(&change, &bent) / along) / along;
        for a in 0..size {
            for b in 0..size {
                self.inverse[a * size + b] +=
                    stretch * step[a] * step[b] - (bent[a] * step[b] + step[a] * bent[b]) / along;
            }
        }
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The points at which a function must be known for its curvature at `at`: the point itself, then those around it.
pub fn curvature_points(at: &[f64]) -> Vec<Vec<f64>> {
    let size = at.len();
    let moved = |moves: &[(usize, f64)]| {
        let mut point = at.to_vec();
        moves.iter().for_each(|&(index, by)| point[index] += by);
        point
    };
    let mut points = vec![at.to_vec()];
    for a in 0..size {
        points.extend([moved(&[(a, WIDE)]), moved(&[(a, -WIDE)])]);
    }
    for a in 0..size {
        for b in 0..a {
            points.extend([moved(&[(a, WIDE), (b, WIDE)]), moved(&[(a, -WIDE), (b, -WIDE)])]);
        }
    }
    points
}

/// The curvature (Hessian) from the values at [`curvature_points`], row by row.
pub fn curvature(size: usize, values: &[f64]) -> Vec<f64> {
    let mut matrix = vec![0.0; size * size];
    let around = |index: usize| values[1 + 2 * index] + values[2 + 2 * index];
    let mut pairs = values[1 + 2 * size..].chunks_exact(2);
    for a in 0..size {
        matrix[a * size + a] = (around(a) - 2.0 * values[0]) / (WIDE * WIDE);
        for b in 0..a {
            let both: f64 = pairs.next().map_or(f64::NAN, |pair| pair[0] + pair[1]);
            let mixed = (both - around(a) - around(b) + 2.0 * values[0]) / (2.0 * WIDE * WIDE);
            (matrix[a * size + b], matrix[b * size + a]) = (mixed, mixed);
        }
    }
    matrix
}

/// The inverse of a small symmetric positive definite matrix, row by row; nothing where it is not one.
pub fn inverse(matrix: &[f64], size: usize) -> Option<Vec<f64>> {
    let mut left = matrix.to_vec();
    let mut right = vec![0.0; size * size];
    right.iter_mut().step_by(size + 1).for_each(|one| *one = 1.0);
    for column in 0..size {
        let pivot = left[column * size + column];
        if pivot.is_nan() || pivot <= 0.0 {
            return None;
        }
        for at in 0..size {
            left[column * size + at] /= pivot;
            right[column * size + at] /= pivot;
        }
        for row in (0..size).filter(|&row| row != column) {
            let factor = left[row * size + column];
            for at in 0..size {
                left[row * size + at] -= factor * left[column * size + at];
                right[row * size + at] -= factor * right[column * size + at];
            }
        }
    }
    Some(right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bent_valley_is_followed_to_its_end() {
        // Rosenbrock's function.
        let valley = |x: &[f64]| (1.0 - x[0]) * (1.0 - x[0]) + 100.0 * (x[1] - x[0] * x[0]) * (x[1] - x[0] * x[0]);
        let mut search = Minimiser::new(vec![-1.2, 1.0], 1e-14);
        let mut asked = 0;
        while let Some(point) = search.wants() {
            let value = valley(point);
            search.tell(value);
            asked += 1;
        }
        assert!(search.converged() && (search.at()[0] - 1.0).abs() < 1e-5 && asked < 500, "{search:?} after {asked}");
    }

    #[test]
    fn curvature_and_its_inverse() {
        let function = |x: &[f64]| 2.0 * x[0] * x[0] + x[0] * x[1] + 1.5 * x[1] * x[1] - x[1];
        let values: Vec<f64> = curvature_points(&[0.3, 0.7]).iter().map(|point| function(point)).collect();
        let found = curvature(2, &values);
        for (value, expected) in found.iter().zip([4.0, 1.0, 1.0, 3.0]) {
            assert!((value - expected).abs() < 1e-6);
        }
        let back = inverse(&[4.0, 1.0, 1.0, 3.0], 2).unwrap();
        for (value, expected) in back.iter().zip([3.0 / 11.0, -1.0 / 11.0, -1.0 / 11.0, 4.0 / 11.0]) {
            assert!((value - expected).abs() < 1e-14);
        }
        assert_eq!(inverse(&[1.0, 2.0, 2.0, 1.0], 2), None);
    }
}
