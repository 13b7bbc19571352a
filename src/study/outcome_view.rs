//! What is said of a model of an outcome? Its measures, tenths and drivers, in the shape of the public interface.

use crate::value::drivers::Driver;
use crate::value::measure::{Scores, Tenth};
use crate::value::propensity::{Candidate, Found};
use serde_json::{Map, Value, json};

fn scores(scores: &Scores) -> Value {
    json!({ "auc": scores.auc, "logLoss": scores.log_loss, "brier": scores.brier })
}

/// Everything but the probabilities: what was asked for (`name`, `method`) and its definition in words.
pub(in crate::study) fn document(
    (name, method, sentence): (&str, &str, &str),
    found: &Found,
    warnings: &[String],
) -> Value {
    let best = found.candidates.first();
    let candidate = |one: &Candidate| {
        let mut all = scores(&one.scores);
        all["method"] = json!(one.learner.name());
        all
    };
    let positives: f64 = found.tenths.iter().map(|one| one.positives).sum();
    let tested: usize = found.tenths.iter().map(|one| one.n).sum();
    let (mut so_far, mut of) = (0.0, 0);
    let decile = |(at, one): (usize, &Tenth)| {
        (so_far, of) = (so_far + one.positives, of + one.n);
        let all = positives / tested as f64;
        let rate = one.positives / one.n as f64;
        json!({
            "decile": at + 1,
            "n": one.n,
            "positives": one.positives,
            "rate": rate,
            "lift": rate / all,
            "cumulativeLift": so_far / of as f64 / all,
            "captured": so_far / positives,
        })
    };
    let part = |one: &Tenth| {
        json!({
            "from": one.from,
            "to": one.to,
            "n": one.n,
            "predicted": one.predicted,
            "observed": one.positives / one.n as f64,
        })
    };
    let driver = |one: &Driver| {
        let mut all = Map::new();
        let mut put = |name: &str, value: Value| _ = all.insert(name.into(), value);
        put("feature", json!(one.feature));
        put("importance", json!(one.importance));
        put("direction", json!(one.direction));
        put("sentence", json!(one.sentence));
        if let Some(coefficient) = one.coefficient {
            put("coefficient", json!(coefficient));
            put("oddsRatio", json!(libm::exp(coefficient)));
        }
        if !one.levels.is_empty() {
            let level = |(name, coefficient): &(String, f64)| json!({ "level": name, "coefficient": coefficient, "oddsRatio": libm::exp(*coefficient) });
            put("levels", one.levels.iter().map(level).collect());
        }
        Value::Object(all)
    };
    let deciles: Vec<Value> = found.tenths.iter().enumerate().map(decile).collect();
    let calibration: Vec<Value> = found.tenths.iter().rev().map(part).collect();
    let nothing = Scores { auc: f64::NAN, log_loss: f64::NAN, brier: f64::NAN };
    let mut all = scores(best.map_or(&nothing, |best| &best.scores));
    let mut put = |name: &str, value: Value| all[name] = value;
    put("name", json!(name));
    put("column", json!(name));
    put("definition", json!(sentence));
    put("asked", json!(method));
    put("method", json!(best.map_or("recency", |best| best.learner.name())));
    put("n", json!(found.n));
    put("positives", json!(found.positives));
    put("heldBack", json!(found.held_back));
    put("calibratedOn", json!(found.calibrated));
    let baseline = json!({ "logLoss": found.baseline.log_loss, "brier": found.baseline.brier, "rate": found.rate });
    put("baseline", baseline);
    put("candidates", found.candidates.iter().map(candidate).collect());
    put("calibration", Value::Array(calibration));
    put("deciles", Value::Array(deciles));
    put("drivers", found.drivers.iter().map(driver).collect());
    put("warnings", json!(warnings));
    if let Some(reason) = &found.refused {
        put("refused", json!(reason));
    }
    if let Some(best) = best {
        put("calibrationMethod", json!({ "name": "platt", "slope": best.platt.slope, "shift": best.platt.shift }));
    }
    all
}
