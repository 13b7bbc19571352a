//! Which columns tell an outcome nearly alone? They most often were written down after it, and are of no use beforehand.

use crate::math::order::arranged;
use crate::segment::explain::axes::{Axis, Kind};
use serde::Serialize;

/// From this AUC (for yes or no) or R² (for numbers) on a column tells too much.
pub const TOO_GOOD: f64 = 0.98;

/// A column that tells an outcome nearly alone.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Leak {
    /// Name of the column.
    pub column: String,
    /// "AUC" or "R²".
    pub measure: &'static str,
    /// How well it does, 0.98 to 1.
    pub strength: f64,
    /// The same as a sentence.
    pub text: String,
}

/// Rows of equal value: how many, and the sum of their outcome.
#[derive(Clone, Copy, Debug, Default)]
struct Heap {
    n: f64,
    sum: f64,
}

/// Looks at one column. `outcome` has a mean near 0; with `is_share` it takes two values.
pub fn leak(axis: &Axis, outcome: &[f64], is_share: bool, name: &str) -> Option<Leak> {
    let mut heaps = heaps(axis, outcome);
    let strength = if is_share {
        area(&heaps.0, outcome).max(area(&with_missing(&mut heaps), outcome))
    } else {
        explained(axis, &heaps, outcome)
    };
    (strength > TOO_GOOD).then(|| {
        let measure = if is_share { "AUC" } else { "R²" };
        let text = format!(
            "“{}” tells “{name}” nearly alone ({measure} {strength:.3}). If it is only known afterwards, leave it out.",
            axis.name
        );
        Leak { column: axis.name.clone(), measure, strength, text }
    })
}

/// Rows of equal value, in the order in which they speak for the outcome; and those without a value.
fn heaps(axis: &Axis, outcome: &[f64]) -> (Vec<Heap>, Heap) {
    let mut heaps: Vec<Heap> = Vec::new();
    let mut last = f64::NAN;
    for row in axis.order() {
        if axis.values[row] != last {
            heaps.push(Heap::default());
            last = axis.values[row];
        }
        if let Some(heap) = heaps.last_mut() {
            heap.n += 1.0;
            heap.sum += outcome[row];
        }
    }
    if matches!(axis.kind, Kind::Category(_)) {
        let mean = |at: usize| heaps[at].sum / heaps[at].n;
        let order = arranged(heaps.len(), &|a, b| mean(a).total_cmp(&mean(b)));
        heaps = order.into_iter().map(|at| heaps[at]).collect();
    }
    let mut missing = Heap::default();
    for row in (0..outcome.len()).filter(|&row| axis.values[row].is_nan()) {
        missing.n += 1.0;
        missing.sum += outcome[row];
    }
    (heaps, missing)
}

/// Those without a value before all others, who count as one heap: whether a value is there may tell enough.
fn with_missing((heaps, missing): &mut (Vec<Heap>, Heap)) -> Vec<Heap> {
    let all = heaps.iter().fold(Heap::default(), |all, heap| Heap { n: all.n + heap.n, sum: all.sum + heap.sum });
    vec![*missing, all]
}

/// Area under the ROC curve (Mann and Whitney's U, ties at one half), whichever way round is larger.
fn area(heaps: &[Heap], outcome: &[f64]) -> f64 {
    // The outcome less its mean takes two values; of them the sums say how many of each there are.
    let (low, high) =
        outcome.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &y| (low.min(y), high.max(y)));
    let (mut below, mut wins, mut yes) = (0.0, 0.0, 0.0);
    for heap in heaps.iter().filter(|heap| heap.n > 0.0) {
        let own = ((heap.sum - heap.n * low) / (high - low)).round();
        let no = heap.n - own;
        wins += own * (below + no / 2.0);
        below += no;
        yes += own;
    }
    let area = wins / (yes * below);
    if area.is_nan() { 0.5 } else { area.max(1.0 - area) }
}

/// The squared correlation with a number's values, or the share of variance between a category's levels.
fn explained(axis: &Axis, (heaps, missing): &(Vec<Heap>, Heap), outcome: &[f64]) -> f64 {
    let total: f64 = outcome.iter().map(|y| y * y).sum();
    if matches!(axis.kind, Kind::Category(_)) {
        let between: f64 =
            heaps.iter().chain([missing]).filter(|heap| heap.n > 0.0).map(|heap| heap.sum * heap.sum / heap.n).sum();
        return between / total;
    }
    let known: Vec<usize> = axis.order();
    let n = known.len() as f64;
    let (x, y) = known.iter().fold((0.0, 0.0), |(x, y), &row| (x + axis.values[row] / n, y + outcome[row] / n));
    let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
    for &row in &known {
        let (dx, dy) = (axis.values[row] - x, outcome[row] - y);
        (xx, xy, yy) = (xx + dx * dx, xy + dx * dy, yy + dy * dy);
    }
    let squared = xy * xy / (xx * yy);
    // Few rows with a value tell little of the outcome, however well.
    if squared.is_nan() || known.len() * 2 < outcome.len() { 0.0 } else { squared }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(values: Vec<f64>) -> Axis {
        Axis { name: "x".into(), kind: Kind::Number, missing: values.iter().any(|value| value.is_nan()), values }
    }

    #[test]
    fn the_area_is_mann_and_whitneys() {
        // Yes at 3 and 4, no at 1, 2 and 3: wins 2 + 0.5 of 3 for the first, 3 of 3 for the second.
        let outcome = [-0.4, -0.4, -0.4, 0.6, 0.6];
        let (heaps, _) = heaps(&axis(vec![1.0, 2.0, 3.0, 3.0, 4.0]), &outcome);
        assert!((area(&heaps, &outcome) - 5.5 / 6.0).abs() < 1e-12);
    }

    #[test]
    fn a_date_of_leaving_gives_away_who_left() {
        let outcome: Vec<f64> = (0..100).map(|row| if row < 30 { 0.7 } else { -0.3 }).collect();
        let left = axis((0..100).map(|row| if row < 30 { f64::from(row % 7) } else { f64::NAN }).collect());
        let found = leak(&left, &outcome, true, "churned").unwrap();
        assert_eq!((found.strength, found.measure), (1.0, "AUC"));
        let other = axis((0..100).map(|row| f64::from(row % 7)).collect());
        assert_eq!(leak(&other, &outcome, true, "churned"), None);
        let twice = axis(outcome.iter().map(|y| y * 2.0 + 5.0).collect());
        assert!(leak(&twice, &outcome, false, "spend").unwrap().strength > 0.999);
    }
}
