//! Is a column still as it was? The figures of its change, and a sentence about them.

use crate::math::divergence::{
    chi_square, cohen_d, expected_psi, hellinger, jensen_shannon, kolmogorov_smirnov, kolmogorov_smirnov_of_bins,
    kolmogorov_smirnov_tail, psi, psi_parts, psi_tail, total_variation,
};
use crate::monitor::spread::{Cut, Spread};
use crate::table::figures::{percent, short};
use serde_json::{Value, json};

/// The usual bounds of the index between "stable", "some" and "strong": a convention, no test.
const BOUNDS: [f64; 2] = [0.1, 0.25];
/// A change that chance alone makes at least so often is no change, however large its index.
const CHANCE: f64 = 0.01;
/// With fewer customers than this on either side nothing is called strong.
const FEW: u64 = 500;

/// How much a column has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// No more than what chance or habit explain.
    Stable,
    /// Worth a look.
    Some,
    /// What was decided by it should be decided anew.
    Strong,
}

impl Level {
    /// As the public interface spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Level::Stable => "stable",
            Level::Some => "some",
            Level::Strong => "strong",
        }
    }
}

/// The index of one group's counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Index {
    /// The population stability index; NaN where a side has nobody.
    pub psi: f64,
    /// What it is on average where nothing has changed.
    pub expected: f64,
    /// The smaller side.
    pub n: u64,
    /// What that comes to.
    pub level: Level,
}

impl Index {
    /// Of counts in the same bins.
    pub fn of(before: &[u64], after: &[u64]) -> Index {
        let n = before.iter().sum::<u64>().min(after.iter().sum());
        let value = psi(before, after);
        let is_chance = psi_tail(value, before, after) > CHANCE;
        let level = match value {
            value if value.is_nan() || value < BOUNDS[0] || is_chance => Level::Stable,
            value if value < BOUNDS[1] || n < FEW => Level::Some,
            _ => Level::Strong,
        };
        Index { psi: value, expected: expected_psi(before, after), n, level }
    }
}

/// All that is said of a column, in the shape of the public interface, and its index.
pub fn drift(before: &Spread, after: &Spread) -> (Index, Value) {
    let (then, now) = (&before.counts[0], &after.counts[0]);
    let index = Index::of(then, now);
    let [n1, n2] = [then, now].map(|counts| counts.iter().sum::<u64>());
    let (last, parts) = (then.len() - 1, psi_parts(then, now));
    let share = |count: u64, n: u64| count as f64 / n.max(1) as f64;
    let bins: Vec<Value> = before
        .labels()
        .iter()
        .enumerate()
        .filter(|(bin, _)| then[*bin] + now[*bin] > 0)
        .map(|(bin, label)| {
            json!({ "label": label, "before": share(then[bin], n1), "after": share(now[bin], n2), "psi": parts[bin] })
        })
        .collect();
    let is_number = matches!(before.cut, Cut::Edges(_));
    let (known_then, known_now) = (&then[..last], &now[..last]);
    let mut all = json!({
        "column": before.column,
        "kind": if before.days { "date" } else if is_number { "number" } else { "category" },
        "psi": index.psi,
        "expectedPsi": index.expected,
        "n": index.n,
        "level": index.level.as_str(),
        "bins": bins,
        "missingBefore": then[last],
        "missingAfter": now[last],
        "totalVariation": total_variation(then, now),
        "hellinger": hellinger(then, now),
        "jensenShannon": jensen_shannon(then, now),
        "sentence": sentence(before, after, index),
    });
    // What cannot be told (nobody has a value, nothing spreads) is left out: JSON knows no NaN.
    let mut tell = |key: &str, value: f64| {
        if value.is_finite() {
            all[key] = json!(value);
        }
    };
    if is_number {
        for (key, value) in [
            ("meanBefore", before.moments.mean),
            ("meanAfter", after.moments.mean),
            ("medianBefore", before.median),
            ("medianAfter", after.median),
        ] {
            // Nobody has no mean, as well as no median.
            let of = if key.ends_with("Before") { before } else { after };
            tell(key, if of.moments.count > 0.0 { value } else { f64::NAN });
        }
    }
    let (test, effect) = if is_number {
        let from_values = !before.sorted.is_empty() && !after.sorted.is_empty();
        let value = if from_values {
            kolmogorov_smirnov(&before.sorted, &after.sorted)
        } else {
            kolmogorov_smirnov_of_bins(known_then, known_now)
        };
        let p = kolmogorov_smirnov_tail(value, before.moments.count, after.moments.count);
        let from = if from_values { "values" } else { "bins" };
        let test = json!({ "name": "ks", "value": value, "p": p, "from": from });
        (test, ("d", cohen_d(&before.moments, &after.moments)))
    } else {
        let test = chi_square(known_then, known_now);
        let (v, from) = (test.v, "values");
        let test =
            json!({ "name": "chi-square", "value": test.value, "p": test.p, "degrees": test.degrees, "from": from });
        (test, ("v", v))
    };
    if !test["value"].is_null() {
        all["statistic"] = test;
    }
    if effect.1.is_finite() {
        all["effect"] = json!({ "name": effect.0, "value": effect.1 });
    }
    (index, all)
}

/// What has changed, in words.
fn sentence(before: &Spread, after: &Spread, index: Index) -> String {
    let name = &before.column;
    if index.psi.is_nan() {
        return format!("“{name}” cannot be compared: there is nobody on one side.");
    }
    let figures = format!("PSI {:.3}; about {:.3} comes by chance alone", index.psi, index.expected);
    let how = match index.level {
        Level::Stable => return format!("“{name}” is much as it was ({figures})."),
        Level::Some => "has changed somewhat",
        Level::Strong => "has changed strongly",
    };
    let few = if index.n < FEW { format!("; only {} customers, so take care", index.n) } else { String::new() };
    let moved = match before.cut {
        Cut::Edges(_) if before.median != after.median => {
            let unit = if before.days { " days before the reference date" } else { "" };
            Some(format!("its median went from {} to {}{unit}", short(before.median), short(after.median)))
        }
        _ => largest_step(before, after),
    };
    let moved = moved.map(|moved| format!(": {moved}")).unwrap_or_default();
    format!("“{name}” {how}{moved} ({figures}{few}).")
}

/// The bin whose share changed most.
fn largest_step(before: &Spread, after: &Spread) -> Option<String> {
    let (then, now) = (&before.counts[0], &after.counts[0]);
    let [n1, n2] = [then, now].map(|counts| counts.iter().sum::<u64>());
    let step = |bin: usize| (now[bin] as f64 / n2 as f64 - then[bin] as f64 / n1 as f64).abs();
    // The first of equals.
    let bin = (0..then.len()).rev().max_by(|&a, &b| step(a).total_cmp(&step(b)))?;
    let label = &before.labels()[bin];
    Some(format!("“{label}” went from {} to {} of all", percent(then[bin], n1), percent(now[bin], n2)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::column::Column;
    use crate::table::role::Role;

    fn spread(values: Vec<f64>) -> (Column, Spread) {
        let column = Column::number("money", Role::Other, values);
        let spread = Spread::of(&column, 0, &[]).unwrap();
        (column, spread)
    }

    #[test]
    fn the_same_values_are_stable_and_others_are_not() {
        let (column, then) = spread((0..1_000).map(|row| f64::from(row % 97)).collect());
        let (index, same) = drift(&then, &then.again(&column, 0, &[]).unwrap());
        assert_eq!((index.psi, index.level, &same["statistic"]["value"]), (0.0, Level::Stable, &json!(0.0)));
        let (shifted, _) = spread((0..1_000).map(|row| f64::from(row % 97) + 40.0).collect());
        let now = then.again(&shifted, 0, &[]).unwrap();
        let (index, other) = drift(&then, &now);
        assert_eq!((index.level, &other["statistic"]["from"]), (Level::Strong, &json!("values")));
        assert!(other["sentence"].as_str().unwrap().starts_with("“money” has changed strongly: its median went from"));
        let psi: f64 = other["bins"].as_array().unwrap().iter().map(|bin| bin["psi"].as_f64().unwrap()).sum();
        assert!((psi - index.psi).abs() < 1e-12);
        let stored = Spread::read(&then.document(), 0).unwrap();
        let (from_bins, document) = drift(&stored, &now);
        assert_eq!((from_bins, &document["effect"]), (index, &other["effect"]));
        assert_eq!(document["statistic"]["from"], "bins");
    }

    #[test]
    fn few_customers_are_not_shouted_about() {
        // Two samples of 40 out of one distribution: the index is beyond every bound, and only chance.
        let sample = |seed: u64| {
            let mut rng = crate::math::rng::Rng::new(seed);
            (0..40).map(|_| rng.unit()).collect::<Vec<f64>>()
        };
        let (_, then) = spread(sample(1));
        let (now, _) = spread(sample(2));
        let (index, _) = drift(&then, &then.again(&now, 0, &[]).unwrap());
        assert!(index.psi > 0.25 && index.expected > 0.4, "{index:?}");
        assert_eq!(index.level, Level::Stable);
        // A real change among few is told, but not shouted.
        let (now, _) = spread(vec![5.0; 40]);
        assert_eq!(drift(&then, &then.again(&now, 0, &[]).unwrap()).0.level, Level::Some);
    }

    /// scripts/drift.mjs compares many more; these are its figures (SciPy 1.16.3, NumPy 2.3.5) of two samples that need no file.
    #[test]
    fn figures_are_those_of_scipy() {
        let near = |found: &Value, expected: f64| {
            let found = found.as_f64().unwrap();
            assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
        };
        let (_, then) = spread((0..60).map(|at| f64::from(at * 37 % 101) / 7.0).collect());
        let (now, _) = spread((0..45).map(|at| f64::from(at * 53 % 97) / 6.0 + 1.0).collect());
        let (_, found) = drift(&then, &then.again(&now, 0, &[]).unwrap());
        for (key, expected) in [
            ("psi", 0.223_939_030_563_969_2),
            ("expectedPsi", 0.35),
            ("totalVariation", 0.177_777_777_777_777_8),
            ("hellinger", 0.166_039_692_458_138),
            ("jensenShannon", 0.027_164_412_889_208_91),
            ("meanBefore", 7.073_809_523_809_524),
            ("meanAfter", 8.518_518_518_518_517),
            ("medianBefore", 7.071_428_571_428_571),
            ("medianAfter", 8.666_666_666_666_668),
        ] {
            near(&found[key], expected);
        }
        near(&found["statistic"]["value"], 0.177_777_777_777_777_78);
        near(&found["statistic"]["p"], 0.390_665_879_942_506_4);
        near(&found["effect"]["value"], 0.323_815_303_268_710_4);
        let texts = |counts: &[(&str, usize)]| {
            let values = counts.iter().flat_map(|(value, count)| std::iter::repeat_n(*value, *count));
            let mut texts = crate::table::texts::TextsBuilder::default();
            values
                .clone()
                .for_each(|value| if value.is_empty() { texts.push_missing() } else { _ = texts.push(value) });
            let known: Vec<bool> = values.map(|value| !value.is_empty()).collect();
            let valid = crate::table::bitmap::Bitmap::from_fn(known.len(), |row| known[row]);
            Column::text("plan", Role::Other, texts.finish(), valid)
        };
        let then = Spread::of(&texts(&[("a", 30), ("b", 12), ("c", 6), ("", 3)]), 0, &[]).unwrap();
        let now = then.again(&texts(&[("a", 18), ("b", 22), ("d", 2)]), 0, &[]).unwrap();
        let (_, found) = drift(&then, &now);
        near(&found["psi"], 0.658_408_961_929_395_6);
        near(&found["expectedPsi"], 0.173_669_467_787_114_84);
        near(&found["hellinger"], 0.383_190_237_961_309_8);
        near(&found["statistic"]["value"], 13.601_628_151_260_503);
        near(&found["statistic"]["p"], 0.003_500_749_500_505_542);
        near(&found["effect"]["value"], 0.388_753_394_429_775_1);
        assert_eq!(found["statistic"]["degrees"], 3.0);
    }
}
