//! Clusters as rules: the threshold tree and CART against published numbers, rules counted a second way, and what is said of
//! clusters, rows and outcomes.

use crate::common::cluster_data::{self, cluster, options, reference};
use crate::common::{load, shared};
use marquetry::error::Code;
use marquetry::features::matrix::{Feature, Level};
use marquetry::features::scale::{Scale, Transform};
use marquetry::job::run;
use marquetry::math::association::cramers_v;
use marquetry::math::measured::Measured;
use marquetry::math::rng::Rng;
use marquetry::math::tiles::Tiles;
use marquetry::segment::cluster::clustering::{Clustering, variables};
use marquetry::segment::cluster::model::Model;
use marquetry::segment::explain::tree::{ExplainJob, Explanation, Kind};
use marquetry::segment::rules::evaluate::{Context, evaluate};
use marquetry::study::study::Study;
use marquetry::study::views::{OutcomeInfo, OutcomeOptions, RuleInput, StudyOptions};
use marquetry::table::column::{Column, Data};
use marquetry::table::role::Role;
use marquetry::table::table::{Kind as TableKind, Table};
use std::rc::Rc;

fn near(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance * expected.abs(), "{found} is not {expected}");
}

fn explained(table: &Rc<Table>, found: &Clustering, kind: Option<Kind>, leaves: usize) -> Explanation {
    run(&mut ExplainJob::new(Rc::clone(table), Rc::new(found.clone()), kind, Some(leaves)).unwrap(), &[]).unwrap().0
}

/// Rows of one leaf's rule, one after the other by the tree's drawing.
fn sizes(tree: &Explanation) -> Vec<usize> {
    tree.leaves.iter().map(|leaf| leaf.n).collect()
}

#[test]
fn the_threshold_tree_costs_what_was_published() {
    let Some(iris) = reference("iris.csv") else { return };
    let found = cluster(&iris, options(&iris, "none", &["target"], r#"{"k":3,"restarts":50}"#));
    let tree = explained(&iris, &found, Some(Kind::Threshold), 3);
    near(tree.cost_ratio, 1.036524, 1e-6);
    near(tree.fidelity, 0.973333, 1e-6);
    // The published cuts are 2.45 and 5.15; ours part the same rows.
    let petal = iris.numbers("petal_length").unwrap();
    let below = |cut: f64| petal.iter().filter(|&&value| value <= cut).count();
    assert_eq!(sizes(&tree), [below(2.45), below(5.15) - below(2.45), 150 - below(5.15)]);
    assert_eq!(tree.nodes[0].feature.as_deref(), Some("petal_length"));
    assert_eq!((tree.nodes.len(), tree.leaves.len()), (5, 3));
    assert!(tree.groups.iter().all(|group| group.named));
    // Grown on by what the distances gain it comes nearer.
    let more = explained(&iris, &found, Some(Kind::Threshold), 6);
    assert!(
        more.cost_ratio < tree.cost_ratio && more.fidelity >= tree.fidelity,
        "{} {}",
        more.cost_ratio,
        more.fidelity
    );

    let Some(wine) = reference("wine.csv") else { return };
    let found = cluster(&wine, options(&wine, "z", &["target"], r#"{"k":3,"restarts":50}"#));
    near(found.inertia, 1277.928489, 1e-6);
    let tree = explained(&wine, &found, Some(Kind::Threshold), 3);
    near(tree.cost_ratio, 1.046995, 1e-6);
    near(tree.fidelity, 0.932584, 1e-6);
}

#[test]
fn cart_of_three_leaves_is_as_faithful_as_published() {
    let Some(iris) = reference("iris.csv") else { return };
    let mut some = options(&iris, "none", &["target"], "{}");
    let names = ["sepal_length", "sepal_width", "petal_length", "petal_width"];
    some.initial = Some((0..3).map(|row| names.map(|name| iris.numbers(name).unwrap()[row]).to_vec()).collect());
    let found = cluster(&iris, some);
    near(explained(&iris, &found, Some(Kind::Cart), 3).fidelity, 0.966667, 1e-6);
}

#[test]
fn cramers_v_of_telco_as_published() {
    let Some(bytes) = shared("data/telco_customer_churn.csv") else { return };
    let telco = load(&bytes);
    let codes = |name: &str| -> Vec<usize> {
        let column = telco.column(name).unwrap();
        let text = |row: usize| column.text_of(row).unwrap();
        let mut levels: Vec<String> = (0..telco.row_count).map(text).collect();
        levels.sort();
        levels.dedup();
        (0..telco.row_count).map(|row| levels.binary_search(&text(row)).unwrap()).collect()
    };
    let churn = codes("Churn");
    for (name, expected) in [
        ("Contract", 0.410116),
        ("InternetService", 0.322455),
        ("PaymentMethod", 0.303359),
        ("SeniorCitizen", 0.150889),
        ("gender", 0.008612),
    ] {
        let codes = codes(name);
        let mut counts = vec![vec![0.0; 2]; codes.iter().max().unwrap() + 1];
        codes.iter().zip(&churn).for_each(|(&a, &b)| counts[a][b] += 1.0);
        assert!((cramers_v(&counts) - expected).abs() < 1e-6, "{name} {}", cramers_v(&counts));
    }
}

#[test]
fn variables_of_iris_by_species_as_published() {
    let Some(iris) = reference("iris.csv") else { return };
    let names = ["sepal_length", "sepal_width", "petal_length", "petal_width"];
    let species = iris.numbers("target").unwrap().iter().map(|&value| value as i32).collect();
    let found = mixed(&iris, &names, "target", &[], species, 3);
    let expected = [(119.2645, 0.61870573), (49.16004, 0.40078285), (1180.1612, 0.94137172), (960.00715, 0.92888293)];
    for (variable, (f, eta_squared)) in found.variables.iter().zip(expected) {
        near(variable.f, f, 1e-6);
        near(variable.eta_squared, eta_squared, 1e-7);
    }
}

/// A clustering of the shop's rows by hand: numbers and a category as the mixed methods would leave them.
fn mixed(
    table: &Table,
    columns: &[&str],
    category: &str,
    levels: &[&str],
    assignments: Vec<i32>,
    k: usize,
) -> Clustering {
    let scale = |values: &[f64]| {
        let n = values.len() as f64;
        let center = values.iter().sum::<f64>() / n;
        let spread = (values.iter().map(|value| (value - center) * (value - center)).sum::<f64>() / n).sqrt();
        Scale { transform: Transform::Z, center, spread, weight: 1.0, lambda: None, landmarks: Vec::new() }
    };
    let mut scales: Vec<Feature> = Vec::new();
    for name in columns {
        let scale = scale(table.numbers(name).unwrap());
        scales.push(Feature { column: name.to_string(), scale, fill: None, level: None });
    }
    for level in levels {
        let scale = Scale {
            transform: Transform::None,
            center: 0.0,
            spread: 1.0,
            weight: 0.5,
            lambda: None,
            landmarks: Vec::new(),
        };
        let level = Some(Level::Text(level.to_string()));
        scales.push(Feature { column: category.to_string(), scale, fill: None, level });
    }
    let width = scales.len();
    let mut rows = Vec::new();
    for row in 0..table.row_count {
        for feature in &scales {
            rows.push(feature.scale.apply(feature.values(table).unwrap().unwrap().get(row)));
        }
    }
    let tiles = Tiles::<f64>::from_rows(&rows, width);
    let labels: Vec<u32> = assignments.iter().map(|&label| label as u32).collect();
    let mut measured = Measured::new(k, width, table.row_count);
    measured.add(&vec![0.0; k * width], tiles.values(), &labels);
    let centers: Vec<Vec<f64>> = (0..k).map(|cluster| measured.mean(cluster).unwrap()).collect();
    let mut again = Measured::new(k, width, table.row_count);
    again.add(&centers.concat(), tiles.values(), &labels);
    let numbers = Rc::new(table.clone());
    let mut found =
        cluster(&numbers, serde_json::from_value(serde_json::json!({ "features": columns, "k": k })).unwrap());
    found.labels = (1..=k).map(|number| format!("Cluster {number}")).collect();
    found.sizes = again.counts.clone();
    found.variables = variables(&scales, &again);
    (found.assignments, found.k, found.model, found.scales) = (assignments, k, Model::Centers { centers }, scales);
    found
}

fn consumers() -> Option<Rc<Table>> {
    Some(Rc::new(load(&shared("data/consumer_segments_simulated.csv")?)))
}

#[test]
fn consumers_by_numbers_and_codes() {
    let Some(consumers) = consumers() else { return };
    // The published numbers take each answer as the place of its word in the alphabet.
    let codes = |name: &str| -> Vec<f64> {
        let column = consumers.column(name).unwrap();
        if let Ok(numbers) = consumers.numbers(name) {
            return numbers.to_vec();
        }
        let words: Vec<String> = (0..consumers.row_count).map(|row| column.text_of(row).unwrap()).collect();
        let known: std::collections::BTreeSet<&String> = words.iter().collect();
        words.iter().map(|word| known.iter().position(|one| *one == word).unwrap() as f64).collect()
    };
    let columns = ["age", "gender", "income", "kids", "ownHome", "subscribe"];
    let columns = columns.map(|name| Column::number(name, Role::Other, codes(name))).to_vec();
    let coded = Rc::new(Table::computed(columns, TableKind::Customers));
    near(cluster(&coded, options(&coded, "none", &[], r#"{"k":4,"restarts":50}"#)).inertia, 12315469827.0, 1e-6);
    // Published for spreads that divide by n − 1; ours divide by n.
    let z = cluster(&coded, options(&coded, "z", &[], r#"{"k":4,"restarts":100}"#)).inertia;
    near(z * 299.0 / 300.0, 987.86889, 1e-6);
}

#[test]
fn categories_are_explained_as_sets_and_measured_by_cramers_v() {
    let Some(table) = consumers() else { return };
    let Data::Text(texts) = &table.column("Segment").unwrap().data else { panic!("Segment is text") };
    let assignments: Vec<i32> = texts.codes().iter().map(|&code| code as i32).collect();
    let levels: Vec<&str> = texts.values().collect();
    let found = mixed(&table, &["age", "income"], "Segment", &levels, assignments, levels.len());
    let names: Vec<&str> = found.variables.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["age", "income", "Segment"]);
    assert_eq!(found.variables[0].cramers_v, None);
    near(found.variables[2].cramers_v.unwrap(), 1.0, 1e-12);
    near(found.variables[2].eta_squared, 1.0, 1e-9);
    for kind in [Kind::Cart, Kind::Threshold] {
        let tree = explained(&table, &found, Some(kind), levels.len());
        assert_eq!((tree.fidelity, tree.cost_ratio), (1.0, 1.0), "{kind:?}");
        assert_eq!(tree.leaves.len(), levels.len());
    }
}

#[test]
fn rules_of_clusters_are_counted_a_second_way() {
    let Some(table) = consumers() else { return };
    let found = cluster(&table, serde_json::from_str(r#"{"features":["age","income","kids"],"k":4}"#).unwrap());
    for kind in [Kind::Threshold, Kind::Cart] {
        for leaves in [4, 12] {
            let tree = explained(&table, &found, Some(kind), leaves);
            println!(
                "consumers, {kind:?}, {leaves} leaves: fidelity {:.4}, cost ratio {:.4}",
                tree.fidelity, tree.cost_ratio
            );
            assert!(tree.fidelity > 0.9 && tree.cost_ratio >= 1.0 && tree.cost_ratio < 1.4);
            check(&table, &found, &tree);
        }
    }
    let both = [Kind::Threshold, Kind::Cart].map(|kind| explained(&table, &found, Some(kind), 12).fidelity);
    near(explained(&table, &found, None, 12).fidelity, both[0].max(both[1]), 1e-12);
}

/// Leaves part the table, nodes add up, and precision and recall are those of the rules.
fn check(table: &Table, found: &Clustering, tree: &Explanation) {
    assert_eq!(sizes(tree).iter().sum::<usize>(), table.row_count);
    for node in &tree.nodes {
        if let (Some(low), Some(high)) = (node.low, node.high) {
            assert_eq!(node.n, tree.nodes[low].n + tree.nodes[high].n);
            assert!(node.feature.is_some() && node.label.is_none());
        } else {
            assert!(node.label.is_some() && node.purity.unwrap() <= 1.0);
        }
    }
    let mut right = 0;
    for (group, said) in tree.groups.iter().enumerate() {
        let rows: Vec<usize> = evaluate(&said.rule, table, &Context::on(0)).unwrap().yes.iter().collect();
        let own = rows.iter().filter(|&&row| found.assignments[row] == group as i32).count();
        right += own;
        near(said.precision, own as f64 / rows.len() as f64, 1e-12);
        near(said.recall, own as f64 / found.sizes[group] as f64, 1e-12);
    }
    near(tree.fidelity, right as f64 / found.sizes.iter().sum::<usize>() as f64, 1e-12);
}

fn study(table: &Rc<Table>) -> Study {
    Study::new(Rc::clone(table), &StudyOptions::default()).unwrap()
}

#[test]
fn words_index_reasons_and_silhouettes_of_the_consumers() {
    let Some(table) = consumers() else { return };
    let mut study = study(&table);
    let found = cluster(&table, serde_json::from_str(r#"{"features":["age","income","kids"],"k":4}"#).unwrap());
    let (found, _) = study.keep(found, None).unwrap();
    for (cluster, label) in found.labels.iter().enumerate() {
        let told = study.describe("Clusters", label).unwrap();
        println!("{} ({})", told.sentence, told.name);
        assert_eq!(told.note, None);
        // Entries by category and by quarter, counted again.
        let own = told.index.iter().find(|entry| entry.column == "ownHome" && entry.value == "ownYes").unwrap();
        let home = table.column("ownHome").unwrap();
        let having = (0..table.row_count).filter(|&row| home.text_of(row).as_deref() == Some("ownYes"));
        let members = having.clone().filter(|&row| found.assignments[row] == cluster as i32).count();
        assert_eq!(own.n, members);
        near(own.baseline, having.count() as f64 / table.row_count as f64, 1e-12);
        near(own.index, 100.0 * members as f64 / found.sizes[cluster] as f64 / own.baseline, 1e-12);
        let quarters: Vec<_> = told.index.iter().filter(|entry| entry.column == "income").collect();
        assert_eq!(quarters.len(), 4);
        near(quarters.iter().map(|entry| entry.share).sum(), 1.0, 1e-12);
        assert!(quarters.iter().all(|entry| (entry.baseline - 0.25).abs() < 0.02), "{quarters:?}");
        assert!(told.index.iter().all(|entry| entry.column != "Clusters"));
    }
    for row in [0, 17, 299] {
        let why = study.why("Clusters", row).unwrap();
        near(why.features.iter().map(|one| one.share).sum(), 1.0, 1e-9);
        assert_eq!(why.label, found.labels[found.assignments[row] as usize]);
        let Model::Centers { centers } = &found.model else { panic!("k-means has centres") };
        let values: Vec<f64> =
            found.scales.iter().map(|one| one.scale.apply(table.numbers(&one.column).unwrap()[row])).collect();
        let far = |center: &Vec<f64>| -> f64 { center.iter().zip(&values).map(|(a, b)| (a - b) * (a - b)).sum() };
        let mut distances: Vec<f64> = centers.iter().map(far).collect();
        distances.sort_by(f64::total_cmp);
        let (first, second) = (distances[0].sqrt(), distances[1].sqrt());
        near(why.margin, (second - first) / (second + first), 1e-9);
    }
    assert_eq!(study.why("Clusters", 300).unwrap_err().code, Code::BadOption);
    let blades = run(&mut study.silhouettes("Clusters").unwrap(), &[]).unwrap().0;
    assert!((blades.mean - found.quality.silhouette).abs() < 1e-6, "{} {}", blades.mean, found.quality.silhouette);
    assert_eq!((blades.sample_size, blades.clusters.len()), (300, 4));
    let total: f64 = blades.clusters.iter().map(|blade| blade.mean * blade.n as f64).sum();
    near(total / 300.0, blades.mean, 1e-9);
    assert!(blades.clusters.iter().all(|blade| blade.values.windows(2).all(|pair| pair[0] >= pair[1])));
}

#[test]
fn silhouettes_of_a_sample_are_those_of_the_clustering() {
    let mut rng = Rng::new(3);
    let values: Vec<f64> = (0..36_000).map(|at| rng.unit() + if at % 6 < 3 { 0.0 } else { 0.8 }).collect();
    let table = cluster_data::table(&values, 3);
    let mut study = study(&table);
    let found = cluster(&table, options(&table, "z", &[], r#"{"k":3}"#));
    let (found, _) = study.keep(found, Some("Three")).unwrap();
    let blades = run(&mut study.silhouettes("Three").unwrap(), &[]).unwrap().0;
    assert_eq!(blades.sample_size, found.quality.sample_size);
    assert!((blades.mean - found.quality.silhouette).abs() < 1e-6, "{} {}", blades.mean, found.quality.silhouette);
    assert!(blades.clusters.iter().all(|blade| blade.values.len() == 200));
}

#[test]
fn rows_drawn_around_become_a_rule() {
    let Some(table) = consumers() else { return };
    let study = study(&table);
    let age = table.numbers("age").unwrap();
    let wanted: Vec<u32> = (0..table.row_count).filter(|&row| age[row] > 55.0).map(|row| row as u32).collect();
    let found = study.explain_rows(&wanted, Some(&["age".into(), "income".into()])).unwrap();
    assert_eq!((found.precision, found.recall, found.n), (1.0, 1.0, wanted.len()));
    assert!(found.text.starts_with("age > "), "{}", found.text);
    let all: Vec<u32> = (0..table.row_count as u32).collect();
    assert_eq!(study.explain_rows(&all, None).unwrap().text, "everyone");
    for rows in [vec![], vec![300]] {
        assert_eq!(study.explain_rows(&rows, None).unwrap_err().code, Code::BadOption);
    }
}

fn outcome(text: &str) -> OutcomeOptions {
    OutcomeOptions { outcome: RuleInput::Text(text.into()), columns: None, leaves: None, holdout: None }
}

fn told(study: &Study, options: &OutcomeOptions) -> OutcomeInfo {
    OutcomeInfo::of(run(&mut study.outcome(options).unwrap(), &[]).unwrap().0)
}

#[test]
fn who_leaves_telco_and_the_test_on_customers_held_back() {
    let Some(bytes) = shared("data/telco_customer_churn.csv") else { return };
    let telco = Rc::new(load(&bytes));
    let study = study(&telco);
    let found = told(&study, &outcome("Churn"));
    println!("{} {}: {:.3}", found.outcome, found.measure, found.value);
    for leaf in &found.leaves {
        let test = leaf.test.unwrap();
        println!(
            "{:.3} lift {:.2}; held back {} {:.3} lift {:.2} ({:.2} to {:.2}): {}",
            leaf.value, leaf.lift, test.n, test.value, test.lift, test.lift_low, test.lift_high, leaf.text
        );
        assert!(test.low <= test.value && test.value <= test.high && test.n > 0);
    }
    println!("{:?}", found.importance);
    assert_eq!((found.measure, found.trained + found.tested, found.tested), ("share", 7_043, 2_113));
    assert_eq!(found.leaves.iter().map(|leaf| leaf.n).sum::<usize>(), 7_043);
    assert!(found.leaves.windows(2).all(|pair| pair[0].value >= pair[1].value));
    assert!(found.leaves[0].test.unwrap().lift_low > 1.5 && found.leaves.len() == 8);
    // The month-to-month contract tells most (Cramér's V .41 is the largest), and nothing gives churn away.
    assert_eq!(found.nodes[0].feature.as_deref(), Some("Contract"));
    assert!(found.leaks.is_empty());
    let left_out =
        |name: &str| found.notices.iter().any(|notice| notice.starts_with(&format!("“{name}” was left out")));
    assert!(left_out("gender") && left_out("SeniorCitizen") && found.importance.iter().all(|one| one.name != "gender"));
    let total: f64 = found.importance.iter().map(|one| one.share).sum();
    near(total, 1.0, 1e-9);
    let again = told(&study, &outcome("Churn"));
    assert_eq!(
        found.leaves.iter().map(|leaf| &leaf.text).collect::<Vec<_>>(),
        again.leaves.iter().map(|leaf| &leaf.text).collect::<Vec<_>>()
    );
    // A rule is an outcome as well; its own columns take no part.
    let rich = told(&study, &OutcomeOptions { holdout: Some(0.0), ..outcome("MonthlyCharges > 80") });
    assert!(rich.leaves.iter().all(|leaf| leaf.test.is_none() && !leaf.text.contains("MonthlyCharges")));
    assert_eq!(rich.outcome, "MonthlyCharges > 80");
    // So is a number, and what is nearly the same number is flagged.
    let charges = told(&study, &OutcomeOptions { leaves: Some(4), ..outcome("TotalCharges") });
    assert_eq!((charges.measure, charges.leaves.len()), ("mean", 4));
    for (asked, code) in [
        (outcome("Contract"), Code::WrongType),
        (outcome("tenure > 1000"), Code::BadOption),
        (OutcomeOptions { holdout: Some(1.0), ..outcome("Churn") }, Code::BadOption),
        (OutcomeOptions { leaves: Some(1), ..outcome("Churn") }, Code::BadOption),
        (OutcomeOptions { columns: Some(vec!["Churn".into()]), ..outcome("Churn") }, Code::BadOption),
        (OutcomeOptions { columns: Some(vec!["nothing".into()]), ..outcome("Churn") }, Code::UnknownColumn),
    ] {
        assert_eq!(study.outcome(&asked).unwrap_err().code, code, "{asked:?}");
    }
}

#[test]
fn a_column_written_down_afterwards_is_flagged_and_noise_has_no_lift() {
    let mut rng = Rng::new(9);
    let n = 2_000;
    let left: Vec<bool> = (0..n).map(|_| rng.unit() < 0.3).collect();
    let noise: Vec<f64> = (0..n).map(|_| rng.unit()).collect();
    let fee: Vec<f64> = left.iter().map(|&left| if left { rng.unit() } else { f64::NAN }).collect();
    let answer: Vec<f64> = left.iter().map(|&left| if left { 1.0 } else { 0.0 }).collect();
    let other = Role::Other;
    let columns = vec![
        Column::number("left", other, answer),
        Column::number("noise", other, noise),
        Column::number("fee", other, fee),
    ];
    let table = Rc::new(Table::computed(columns, marquetry::table::table::Kind::Customers));
    let study = study(&table);
    let found = told(&study, &outcome("left"));
    assert_eq!(found.leaks.iter().map(|leak| leak.column.as_str()).collect::<Vec<_>>(), ["fee"]);
    assert_eq!(found.leaves[0].text, "fee is not missing");
    assert!(found.notices.iter().any(|notice| notice.contains("“fee” tells “left” nearly alone")));
    let honest = told(&study, &OutcomeOptions { columns: Some(vec!["noise".into()]), ..outcome("left") });
    assert!(honest.leaks.is_empty());
    let test = honest.leaves[0].test.unwrap();
    assert!(test.lift_low < 1.0, "noise cannot be sure to help: {test:?}");
}
