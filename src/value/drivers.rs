//! What drives an outcome? For each column: how much worse the model does when its values are dealt out among the customers
//! by chance (permutation importance, Breiman 2001, on customers held back), and which way it points.

use crate::error::Result;
use crate::math::order::arranged;
use crate::math::rng::Rng;
use crate::math::stats::{mean, quantile_sorted, sorted};
use crate::segment::cluster::fit::mix;
use crate::table::figures::short;
use crate::value::design::{Design, Input, MISSING, Values};
use crate::value::learners::Learner;
use crate::value::measure::{Platt, loss};

/// Customers held back that are looked at.
pub const SEEN: usize = 600;
/// A probability that moves by less than this does not move.
const STILL: f64 = 0.005;

/// What a column does.
#[derive(Clone, Debug, PartialEq)]
pub struct Driver {
    /// The column.
    pub feature: String,
    /// By how much the mean log-loss rises without it; below 0 by chance only.
    pub importance: f64,
    /// "raises" where the probability rises with the value, "lowers", or "mixed".
    pub direction: &'static str,
    /// Of logistic regression and a measure: for each standard deviation.
    pub coefficient: Option<f64>,
    /// Of logistic regression and a category: the levels' coefficients against the most frequent one.
    pub levels: Vec<(String, f64)>,
    /// The same in words.
    pub sentence: String,
}

/// Looks at one input; nothing for one that has no numbers. The probabilities are those of customers with the input's values
/// set, and everything else as it is.
pub fn driver(
    design: &Design,
    inputs: &[Input],
    at: usize,
    (rows, happened): (&[usize], &[bool]),
    (learner, platt): (&Learner, &Platt),
    seed: u64,
) -> Result<Option<Driver>> {
    let parts: Vec<usize> = (0..design.parts.len()).filter(|&part| design.parts[part].input == at).collect();
    if parts.is_empty() {
        return Ok(None);
    }
    let input = &inputs[at];
    let probabilities = |from: Option<&[usize]>| -> Result<Vec<f64>> {
        let cells = design.matrix(inputs, rows, from.map(|from| (at, from)));
        Ok(learner.says(cells, rows.len())?.into_iter().map(|said| platt.of(said)).collect())
    };
    let worth = |probabilities: &[f64]| {
        let losses: Vec<f64> = probabilities.iter().zip(happened).map(|(&p, &happened)| loss(p, happened)).collect();
        mean(&losses)
    };
    let mut dealt = rows.to_vec();
    let mut rng = Rng::new(mix(seed, 6_300, at as u64));
    for upper in (1..dealt.len()).rev() {
        dealt.swap(upper, rng.below(upper + 1));
    }
    let importance = worth(&probabilities(Some(&dealt))?) - worth(&probabilities(None)?);
    // What follows when everybody has the value of this customer.
    let everybody = |row: usize| -> Result<f64> { Ok(mean(&probabilities(Some(&vec![row; rows.len()]))?)) };
    let percent = |share: f64| format!("{:.0} %", 100.0 * share);
    let (direction, sentence) = match &input.values {
        Values::Numbers(values) => {
            let known = sorted(rows.iter().map(|&row| values[row]));
            let mut seen: Vec<(f64, f64)> = Vec::new();
            // Where these are one value, the ends of all.
            let at = |shares: [f64; 3]| shares.map(|share| quantile_sorted(&known, share));
            let mut points = at([0.1, 0.5, 0.9]);
            if points[0] == points[2] {
                points = at([0.0, 0.5, 1.0]);
            }
            for wanted in points {
                let off = |row: usize| (values[row] - wanted).abs();
                let nearest = rows.iter().copied().filter(|&row| !values[row].is_nan());
                let nearest = nearest.reduce(|best, row| if off(row) < off(best) { row } else { best });
                if let Some(row) = nearest.filter(|&row| seen.iter().all(|known| known.0 != values[row])) {
                    seen.push((values[row], everybody(row)?));
                }
            }
            let steps: Vec<f64> = seen.windows(2).map(|pair| pair[1].1 - pair[0].1).collect();
            let (up, down) = (steps.iter().any(|&by| by > STILL), steps.iter().any(|&by| by < -STILL));
            let direction = if up && !down {
                "raises"
            } else if down && !up {
                "lowers"
            } else {
                "mixed"
            };
            let said: Vec<String> =
                seen.iter().map(|(value, p)| format!("{} at {}", percent(*p), short(*value))).collect();
            (direction, format!("“{}”, all else as it is: {}.", input.name, said.join(", ")))
        }
        Values::Levels(codes, names) => {
            let mut seen = Vec::new();
            for level in levels_of(codes, rows).into_iter().take(4) {
                let name = if level == MISSING { "missing" } else { names[level as usize].as_str() };
                if let Some(&row) = rows.iter().find(|&&row| codes[row] == level) {
                    seen.push((name, everybody(row)?));
                }
            }
            let order = arranged(seen.len(), &|a, b| seen[b].1.total_cmp(&seen[a].1));
            let said: Vec<String> =
                order.into_iter().map(|at| format!("{} for “{}”", percent(seen[at].1), seen[at].0)).collect();
            ("mixed", format!("“{}”, all else as it is: {}.", input.name, said.join(", ")))
        }
    };
    let (mut coefficient, mut levels) = (None, Vec::new());
    if let Learner::Logistic(model) = learner {
        let coefficients = &model.weights;
        for part in parts {
            match design.parts[part].name.as_str() {
                "value" if matches!(input.values, Values::Numbers(_)) => coefficient = Some(coefficients[part]),
                name => levels.push((name.to_string(), coefficients[part])),
            }
        }
    }
    Ok(Some(Driver { feature: input.name.clone(), importance, direction, coefficient, levels, sentence }))
}

/// The levels among these rows, the most frequent first.
fn levels_of(codes: &[u32], rows: &[usize]) -> Vec<u32> {
    let mut found: Vec<(u32, usize)> = Vec::new();
    for &row in rows {
        match found.iter_mut().find(|(level, _)| *level == codes[row]) {
            Some((_, count)) => *count += 1,
            None => found.push((codes[row], 1)),
        }
    }
    let order = arranged(found.len(), &|a, b| found[b].1.cmp(&found[a].1).then(found[a].0.cmp(&found[b].0)));
    order.into_iter().map(|at| found[at].0).collect()
}
