//! Models of outcomes: against scikit-learn on Telco's customers (scripts/propensity.py), and on customers whose chances are known.

use crate::common::done;
use marquetry::math::rng::Rng;
use marquetry::value::design::{Design, Input, MISSING, Values};
use marquetry::value::logistic::Logistic;
use marquetry::value::measure::{Scores, sigmoid};
use marquetry::value::propensity::{Found, HELD_BACK, PropensityJob, Question};
use std::rc::Rc;

/// What comes of a question.
fn answered(question: Question) -> Found {
    done::done(PropensityJob::new(question).unwrap())
}

/// Telco's customers: inputs and who churned.
fn telco() -> Option<(Vec<Input>, Vec<bool>)> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/telco_customer_churn.csv");
    let Ok(mut reader) = csv::Reader::from_path(path) else {
        println!("skipped: 1 (reference file telco_customer_churn.csv is not at hand)");
        return None;
    };
    let header = reader.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let of = |name: &str| -> Vec<&str> {
        let at = header.iter().position(|known| known == name).unwrap();
        rows.iter().map(|row| &row[at]).collect()
    };
    let mut inputs = Vec::new();
    for name in ["tenure", "MonthlyCharges", "TotalCharges"] {
        let values = of(name).into_iter().map(|value| value.trim().parse().unwrap_or(f64::NAN)).collect();
        inputs.push(Input { name: name.into(), values: Values::Numbers(values) });
    }
    for name in ["Contract", "InternetService", "PaymentMethod", "PaperlessBilling"] {
        let mut names: Vec<String> = Vec::new();
        let code = |value: &str| match names.iter().position(|known| known == value) {
            Some(at) => at as u32,
            None => {
                names.push(value.into());
                names.len() as u32 - 1
            }
        };
        let codes = of(name).into_iter().map(code).collect();
        inputs.push(Input { name: name.into(), values: Values::Levels(codes, names) });
    }
    Some((inputs, of("Churn").into_iter().map(|value| value == "Yes").collect()))
}

#[test]
fn logistic_regression_is_that_of_scikit_learn() {
    let Some((inputs, happened)) = telco() else { return };
    let (fit, held): (Vec<usize>, Vec<usize>) = (0..happened.len()).partition(|row| row % 4 != 0);
    let mut design = Design::default();
    inputs.iter().for_each(|input| design.add(input, &fit));
    let of = |rows: &[usize]| -> Vec<bool> { rows.iter().map(|&row| happened[row]).collect() };
    let mut model = Logistic::new(design.parts.len());
    loop {
        // In pieces, as the job does.
        fit.chunks(1_000).for_each(|rows| model.read(design.matrix(&inputs, rows, None), &of(rows)));
        if model.turn() {
            break;
        }
    }
    let (intercept, coefficients) = model.weights.split_last().unwrap();
    let expected = [
        -1.450000932,
        -0.074166985,
        0.731378713,
        -0.510590829,
        -1.625113269,
        -0.785089408,
        -0.909303590,
        -1.786068459,
        -0.558616442,
        -0.318277037,
        -0.442737943,
        -0.449902315,
    ];
    assert_eq!(coefficients.len(), expected.len());
    for ((found, expected), part) in coefficients.iter().zip(expected).zip(&design.parts) {
        assert!((found - expected).abs() < 1e-8, "{part:?}: {found} is not {expected}");
    }
    assert!((intercept + 0.009972997).abs() < 1e-8, "{intercept}");
    let said = model.says(&design.matrix(&inputs, &held, None), held.len());
    let scores = Scores::of(&said, &of(&held));
    for (found, expected) in [(scores.auc, 0.829777550), (scores.log_loss, 0.431577011), (scores.brier, 0.140479609)] {
        assert!((found - expected).abs() < 1e-8, "{found} is not {expected}");
    }
}

/// Customers whose chance depends on two measures and a category; a third measure says nothing.
fn customers(count: usize, bent: bool) -> (Vec<Input>, Vec<f64>, Vec<f64>) {
    let mut rng = Rng::new(3);
    let (mut first, mut second, mut noise, mut codes) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut chances, mut outcome) = (Vec::new(), Vec::new());
    for row in 0..count {
        let (a, b, code) = (4.0 * rng.unit() - 2.0, 4.0 * rng.unit() - 2.0, rng.below(3) as u32);
        let z = if bent { 4.0 * (a * b).clamp(-1.0, 1.0) } else { 1.5 * a - 0.7 * b + f64::from(code) - 1.5 };
        let chance = sigmoid(z);
        first.push(a);
        second.push(if row % 10 == 0 { f64::NAN } else { b });
        noise.push(rng.unit());
        codes.push(if row % 50 == 0 { MISSING } else { code });
        chances.push(chance);
        outcome.push(f64::from(u8::from(rng.unit() < chance)));
    }
    let numbers = |name: &str, values| Input { name: name.into(), values: Values::Numbers(values) };
    let levels = Values::Levels(codes, ["low", "middle", "high"].map(String::from).to_vec());
    let inputs = vec![
        numbers("first", first),
        numbers("second", second),
        numbers("noise", noise),
        Input { name: "level".into(), values: levels },
    ];
    (inputs, chances, outcome)
}

fn question(inputs: Vec<Input>, outcome: Vec<f64>) -> Question {
    let inputs = Rc::new(inputs);
    Question {
        scored: Rc::clone(&inputs),
        known: inputs,
        count: outcome.len(),
        recency: vec![0.25; outcome.len()],
        outcome,
        methods: vec!["logistic", "forest"],
        held_back: HELD_BACK,
        seed: 42,
    }
}

#[test]
fn probabilities_are_those_that_made_the_outcome() {
    let (inputs, chances, outcome) = customers(6_000, false);
    let found = answered(question(inputs, outcome.clone()));
    assert_eq!(found.candidates[0].learner.name(), "logistic");
    assert_eq!((found.n, found.held_back, found.candidates.len()), (6_000, 1_500, 2));
    let off = found.probability.iter().zip(&chances).map(|(p, chance)| (p - chance).abs()).sum::<f64>() / 6_000.0;
    assert!(off < 0.05, "{off}");
    let happened: Vec<bool> = outcome.iter().map(|&one| one == 1.0).collect();
    let best = Scores::of(&chances, &happened);
    let own = &found.candidates[0].scores;
    assert!((own.auc - best.auc).abs() < 0.03 && own.log_loss < found.baseline.log_loss - 0.1, "{own:?} {best:?}");
    // Calibrated: what is predicted of a tenth is what comes, but for luck.
    for tenth in &found.tenths {
        let observed = tenth.positives / tenth.n as f64;
        assert!((observed - tenth.predicted).abs() < 0.12, "{tenth:?}");
    }
    assert_eq!(found.tenths.iter().map(|one| one.n).sum::<usize>(), 1_500);
    let names: Vec<&str> = found.drivers.iter().map(|one| one.feature.as_str()).collect();
    assert_eq!((names[0], names[3]), ("first", "noise"));
    let driver = |name: &str| found.drivers.iter().find(|one| one.feature == name).unwrap();
    assert_eq!((driver("first").direction, driver("second").direction), ("raises", "lowers"));
    assert!(driver("first").coefficient.unwrap() > 1.0 && driver("noise").importance.abs() < 0.005);
    assert!(driver("level").levels.iter().any(|(name, _)| name == "(missing)"), "{:?}", driver("level"));
}

#[test]
fn what_no_line_parts_the_forest_finds() {
    let (inputs, _, outcome) = customers(6_000, true);
    let found = answered(question(inputs, outcome));
    let [best, other] = &found.candidates[..] else { panic!("two were asked for") };
    assert_eq!((best.learner.name(), other.learner.name()), ("forest", "logistic"));
    assert!(best.scores.auc > 0.8 && other.scores.auc < 0.6, "{:?} {:?}", best.scores, other.scores);
}

#[test]
fn the_same_seed_gives_the_same_and_chance_is_called_chance() {
    let (inputs, _, _) = customers(2_000, false);
    let mut rng = Rng::new(9);
    let outcome: Vec<f64> = (0..2_000).map(|_| f64::from(u8::from(rng.unit() < 0.3))).collect();
    let once = answered(question(inputs.clone(), outcome.clone()));
    let again = answered(question(inputs, outcome));
    let bits = |found: &Found| found.probability.iter().map(|one| one.to_bits()).collect::<Vec<_>>();
    assert_eq!(bits(&once), bits(&again));
    assert!((once.candidates[0].scores.auc - 0.5).abs() < 0.1, "{:?}", once.candidates[0].scores);
}

#[test]
fn too_few_are_refused_and_recency_stands_in() {
    let (inputs, _, mut outcome) = customers(1_000, false);
    let mut left = 49;
    for one in &mut outcome {
        if *one == 1.0 && left > 0 {
            left -= 1;
        } else if *one == 1.0 {
            *one = f64::NAN;
        }
    }
    let found = answered(question(inputs, outcome));
    assert!(found.refused.as_ref().unwrap().contains("there are 49 and"), "{:?}", found.refused);
    assert!(found.candidates.is_empty() && found.probability.iter().all(|&one| one == 0.25));
}

#[test]
fn a_column_that_is_the_same_for_all_tells_nothing() {
    let inputs = vec![Input { name: "same".into(), values: Values::Numbers(vec![1.0; 400]) }];
    let found = answered(question(inputs, (0..400).map(|row| f64::from(row % 2)).collect()));
    assert!(found.refused.unwrap().contains("nothing to tell"));
}
