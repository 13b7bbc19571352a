//! What is most special about a group, in words.

use crate::math::order::arranged;
use crate::profile::profile::{ColumnProfile, TopValue};
use crate::table::figures::short;

/// Differences below this effect are not worth a sentence (Cohen's "small" is 0.2; for Cramér's V half of it).
const WORTH_TELLING: f64 = 0.2;
/// Sentences kept.
const MOST: usize = 5;
/// Groups below this size get no sentence: chance alone would write it.
const FEWEST: usize = 5;

/// The strongest differences, strongest first. The first is a whole sentence about the group, with its strongest two or
/// three differences; the others are one difference each. Empty when nothing stands out.
pub fn strongest(label: &str, columns: &[&ColumnProfile], n: usize) -> Vec<String> {
    if n < FEWEST {
        return Vec::new();
    }
    let told: Vec<(f64, String)> = columns.iter().filter_map(|column| tell(column)).collect();
    let order = arranged(told.len(), &|a, b| told[b].0.total_cmp(&told[a].0));
    let phrases: Vec<String> = order.into_iter().take(MOST).map(|at| told[at].1.clone()).collect();
    if phrases.is_empty() {
        return Vec::new();
    }
    let (lead, others) = phrases.split_at(phrases.len().min(3));
    let joined = match lead {
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
        [] => String::new(),
    };
    let mut sentences = vec![format!("{label}: {joined}.")];
    sentences.extend(others.iter().map(|phrase| format!("Also {phrase}.")));
    sentences
}

/// One difference and its strength on the scale of Cohen's d.
fn tell(column: &ColumnProfile) -> Option<(f64, String)> {
    if column.effect.is_nan() {
        return None;
    }
    if let (Some(own), Some(base)) = (column.median, column.baseline_median) {
        let strength = column.effect.abs();
        if strength < WORTH_TELLING || column.index.is_none() {
            return None;
        }
        let word = if column.effect > 0.0 { "higher" } else { "lower" };
        let (own, base) = if own == base { (column.mean?, column.baseline_mean?) } else { (own, base) };
        let what = if column.median == column.baseline_median { "mean" } else { "median" };
        return Some((strength, format!("{word} {} ({what} {} against {})", column.name, short(own), short(base))));
    }
    let strength = column.effect * 2.0;
    let top = column.top.as_ref()?;
    let over = top.iter().filter(|value| value.share >= 0.1).max_by(|a, b| lift(a).total_cmp(&lift(b)))?;
    (strength >= WORTH_TELLING && over.index > 105.0).then(|| {
        let base = over.share / over.index * 100.0;
        (
            strength,
            format!(
                "more often {} “{}” ({:.0} % against {:.0} %)",
                column.name,
                over.value,
                over.share * 100.0,
                base * 100.0
            ),
        )
    })
}

/// How many points of share a value gains over the baseline.
fn lift(value: &TopValue) -> f64 {
    value.share - value.share / value.index * 100.0
}
