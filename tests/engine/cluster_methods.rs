//! Mixtures, Ward's method and HDBSCAN against published numbers and benchmark sets, and what must hold of them whatever the
//! data.

use crate::common::cluster_data::{adjusted_rand, benchmark, blobs, cluster, options, reference, table};
use marquetry::job::{Job, Step};
use marquetry::math::rng::Rng;
use marquetry::segment::cluster::clustering::{Clustering, Verdict};
use marquetry::segment::cluster::map::project;
use marquetry::study::study::Study;
use marquetry::study::views::StudyOptions;

fn near(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance * expected.abs(), "{found} is not {expected}");
}

#[test]
fn wards_tree_of_iris_has_the_heights_of_r() {
    let Some(iris) = reference("iris.csv") else { return };
    let found = cluster(&iris, options(&iris, "none", &["target"], r#"{"method":"ward","k":3}"#));
    let heights: Vec<f64> = found.dendrogram.unwrap().merges.iter().rev().take(3).map(|merge| merge.height).collect();
    for (height, expected) in heights.into_iter().zip([32.447607, 12.3003961, 6.3994068]) {
        near(height, expected, 1e-7);
    }
}

#[test]
fn mixtures_of_iris_are_as_likely_as_mclusts() {
    let Some(iris) = reference("iris.csv") else { return };
    let species: Vec<i32> = iris.numbers("target").unwrap().iter().map(|&value| value as i32).collect();
    // mclust's VII, VVI, EEE and VVV, which stop at a change of 1e-5, and the same hills climbed to the top (scikit-learn,
    // tol 1e-13). EII, EEI and VEV are shapes that are not offered. On the diagonal, other starts than mclust's find a higher
    // hill, as scikit-learn's from random rows do.
    for (shape, published, top, highest) in [
        ("spherical", -384.3168, -384.3140950608, -384.3140950608),
        ("diagonal", -307.18083, -307.1775715980, -306.8604617),
        ("tied", -256.35474, -256.3540431256, -256.3540431256),
        ("full", -180.18584, -180.1854771313, -180.1854771313),
    ] {
        let run = |more: &str| {
            let more = format!(r#"{{"method":"gaussian","k":3,"covariance":"{shape}"{more}}}"#);
            let found = cluster(&iris, options(&iris, "none", &["target"], &more));
            assert!(found.converged);
            assert_eq!(found.apply(&iris).unwrap(), found.assignments);
            found
        };
        let first = run(r#","restarts":1"#);
        near(first.log_likelihood.unwrap(), top, 1e-7);
        near(first.log_likelihood.unwrap(), published, 2e-5);
        let best = run("");
        println!("{shape}: {:?}, {:?} starts", best.log_likelihood, best.starts_at_best);
        near(best.log_likelihood.unwrap(), highest, 1e-7);
        assert!(best.starts_at_best.unwrap() >= 2);
        if shape == "full" {
            near(best.bic.unwrap(), 580.83963, 2e-6);
            near(adjusted_rand(&best.assignments, &species), 0.903874, 1e-5);
        }
    }
}

/// Adjusted Rand index on a benchmark set, rows that its labels call noise left out.
fn agreement(name: &str, more: &str) -> Option<f64> {
    let (table, labels) = benchmark(name)?;
    let start = std::time::Instant::now();
    let found = cluster(&table, options(&table, "none", &[], more));
    let pairs = labels.iter().zip(&found.assignments).filter(|(label, _)| **label != 0);
    let (labels, assignments): (Vec<i32>, Vec<i32>) = pairs.map(|(&label, &cluster)| (label, cluster)).unzip();
    let rand = adjusted_rand(&labels, &assignments);
    let points = serde_json::to_value(&found.model).unwrap()["points"].as_array().map_or(0, Vec::len);
    println!(
        "{name} {more}: {rand:.4}, k {}, {points} points for {} rows, {:?}",
        found.k,
        table.row_count,
        start.elapsed()
    );
    assert_eq!(found.apply(&table).unwrap(), found.assignments);
    Some(rand)
}

const SETS: [(&str, usize, [f64; 3]); 9] = [
    ("fcps_hepta", 7, [1.0, 1.0, 1.0]),
    ("fcps_lsun", 3, [1.0, 0.3688, 0.9894]),
    ("fcps_twodiamonds", 2, [1.0, 1.0, 0.965]),
    ("fcps_engytime", 2, [0.8716, 0.7185, 0.0018]),
    ("sipu_aggregation", 7, [0.995, 0.813, 0.809]),
    ("sipu_r15", 15, [0.993, 0.982, 0.920]),
    ("sipu_unbalance", 8, [1.0, 1.0, 1.0]),
    ("wut_mk1", 3, [0.99, 0.99, 0.879]),
    ("wut_x2", 3, [0.688, 0.191, 0.286]),
];

#[test]
fn full_mixtures_reach_what_others_reach() {
    for (name, k, [expected, ..]) in SETS {
        let Some(rand) = agreement(name, &format!(r#"{{"method":"gaussian","k":{k}}}"#)) else { return };
        // The likeliest mixture of x2 agrees better than the one that was published.
        assert!(rand > expected - 0.02, "{name}: {rand} is not {expected}");
    }
}

#[test]
fn ward_reaches_what_others_reach() {
    for (name, k, [_, expected, _]) in SETS {
        let Some(rand) = agreement(name, &format!(r#"{{"method":"ward","k":{k}}}"#)) else { return };
        assert!((rand - expected).abs() < 0.02, "{name}: {rand} is not {expected}");
    }
}

#[test]
fn hdbscan_reaches_what_others_reach() {
    for (name, _, [_, _, expected]) in SETS {
        let Some(rand) = agreement(name, r#"{"method":"hdbscan","minClusterSize":10}"#) else { return };
        assert!((rand - expected).abs() < 0.02, "{name}: {rand} is not {expected}");
    }
}

const METHODS: [&str; 6] = [
    r#""method":"gaussian","k":3"#,
    r#""method":"gaussian","k":3,"covariance":"tied""#,
    r#""method":"gaussian","k":3,"covariance":"diagonal""#,
    r#""method":"gaussian","k":3,"covariance":"spherical""#,
    r#""method":"ward","k":3"#,
    r#""method":"hdbscan","minClusterSize":12"#,
];

/// Clusters by z scores; what holds of every result is checked.
fn run(values: &[f64], width: usize, method: &str) -> Clustering {
    let data = table(values, width);
    let found = cluster(&data, options(&data, "z", &[], &format!("{{{method}}}")));
    assert_eq!(found.apply(&data).unwrap(), found.assignments, "{method}");
    assert_eq!(found.sizes.iter().sum::<usize>(), found.assignments.iter().filter(|&&cluster| cluster >= 0).count());
    let json = serde_json::to_string(&(&found, &found.document())).unwrap();
    assert!(!json.contains("null"), "every number is a number: {json}");
    found
}

fn same(one: &Clustering, other: &[i32], what: &str) {
    assert_eq!(adjusted_rand(&one.assignments, other), 1.0, "{what}");
    let noise = |labels: &[i32]| labels.iter().filter(|&&label| label < 0).count();
    assert_eq!(noise(&one.assignments), noise(other), "{what}");
}

#[test]
fn order_units_and_repeats_do_not_matter() {
    let (values, planted) = blobs(11, 240, 3, 3, 9.0);
    let planted: Vec<i32> = planted.into_iter().map(|group| group as i32).collect();
    let mut order: Vec<usize> = (0..240).collect();
    let mut rng = Rng::new(6);
    (1..240).rev().for_each(|at| order.swap(at, rng.below(at + 1)));
    let rows =
        |values: &[f64], change: &dyn Fn(&[f64]) -> Vec<f64>| values.chunks(3).flat_map(change).collect::<Vec<_>>();
    for method in METHODS {
        let found = run(&values, 3, method);
        if !method.contains("hdbscan") {
            same(&found, &planted, method);
        }
        assert_eq!(found.k, 3, "{method}: {:?}", found.sizes);
        assert_eq!(run(&values, 3, method), found, "the seed decides everything: {method}");
        let moved: Vec<f64> = order.iter().flat_map(|&row| values[row * 3..][..3].to_vec()).collect();
        let back: Vec<i32> = order.iter().map(|&row| found.assignments[row]).collect();
        same(&run(&moved, 3, method), &back, "rows in another order");
        let turned = rows(&values, &|row| vec![row[2], row[0], row[1]]);
        same(&run(&turned, 3, method), &found.assignments, "columns in another order");
        let units = rows(&values, &|row| vec![row[0] * 1_000.0 + 5e6, row[1] * -0.01 - 3.0, row[2]]);
        same(&run(&units, 3, method), &found.assignments, "other units");
        let constant: Vec<f64> = values.chunks(3).flat_map(|row| [row[0], row[1], 7.0, row[2]]).collect();
        let without = run(&constant, 4, method);
        assert_eq!(without.assignments, found.assignments, "a constant column");
        let twice: Vec<f64> = values.chunks(3).flat_map(|row| [row, row].concat()).collect();
        let doubled: Vec<i32> = found.assignments.iter().flat_map(|&cluster| [cluster; 2]).collect();
        same(&run(&twice, 3, &method.replace("12", "24")), &doubled, "every row twice");
    }
}

/// Ages, incomes and numbers of children: two columns without steps and one of five values, on which bells could shrink to
/// nothing.
#[test]
fn mixtures_of_counts_do_not_depend_on_the_order_of_rows() {
    let mut rng = Rng::new(9);
    let person = |at: usize| {
        let bell = |rng: &mut Rng| (0..12).map(|_| rng.unit()).sum::<f64>() - 6.0;
        let (age, income, kids) = [(24.0, 20.0, 0.4), (40.0, 55.0, 2.0), (62.0, 60.0, 0.1)][at % 3];
        let children = (kids + 0.8 * bell(&mut rng)).clamp(0.0, 4.0).round();
        [age + 5.0 * bell(&mut rng), income + 9.0 * bell(&mut rng), children]
    };
    let made: Vec<f64> = (0..300).flat_map(person).collect();
    orderless(&made);
    let Some(people) = reference("consumer_segments_simulated.csv") else { return };
    let columns = ["age", "income", "kids"].map(|name| people.numbers(name).unwrap());
    let values: Vec<f64> = (0..people.row_count).flat_map(|row| columns.map(|values| values[row])).collect();
    orderless(&values);
}

/// Rows of three values in another order, and every row twice, end in the same mixtures.
fn orderless(values: &[f64]) {
    let count = values.len() / 3;
    let mut order: Vec<usize> = (0..count).collect();
    let mut rng = Rng::new(17);
    (1..count).rev().for_each(|at| order.swap(at, rng.below(at + 1)));
    let moved: Vec<f64> = order.iter().flat_map(|&row| values[row * 3..][..3].to_vec()).collect();
    let twice: Vec<f64> = values.chunks(3).flat_map(|row| [row, row].concat()).collect();
    for method in &METHODS[..4] {
        let found = run(values, 3, method);
        println!("{method}: {:?}, {:?} starts, {:?}", found.log_likelihood, found.starts_at_best, found.notices);
        let back: Vec<i32> = order.iter().map(|&row| found.assignments[row]).collect();
        same(&run(&moved, 3, method), &back, "rows in another order");
        let doubled: Vec<i32> = found.assignments.iter().flat_map(|&cluster| [cluster; 2]).collect();
        same(&run(&twice, 3, method), &doubled, "every row twice");
    }
}

#[test]
fn few_different_rows_are_few_clusters() {
    let values = [1.0, 1.0, 2.0, 5.0, 9.0, 3.0].repeat(4);
    for method in &METHODS[..5] {
        let found = run(&values, 2, &method.replace("\"k\":3", "\"k\":6"));
        assert_eq!((found.k, &found.sizes[..]), (3, &[4; 3][..]), "{method}");
        assert!(found.notices.iter().any(|notice| notice.contains("only 3 different rows")), "{:?}", found.notices);
        if method.contains("gaussian") {
            assert!(found.notices.iter().any(|notice| notice.contains("nearly equal")), "{:?}", found.notices);
        }
    }
    let found = run(&values, 2, r#""method":"hdbscan","minClusterSize":4"#);
    assert_eq!((found.k, &found.sizes[..]), (3, &[4; 3][..]));
}

#[test]
fn a_range_of_k_is_chosen_from_and_one_tree_serves_all() {
    let (values, planted) = blobs(3, 200, 2, 4, 8.0);
    let planted: Vec<i32> = planted.into_iter().map(|group| group as i32).collect();
    for method in [r#""method":"ward""#, r#""method":"gaussian""#] {
        let found = run(&values, 2, &format!(r#"{method},"k":{{"min":2,"max":6}}"#));
        println!("{}", found.quality.reason);
        assert_eq!((found.k, found.candidates.len(), found.quality.verdict), (4, 5, Verdict::Clear), "{method}");
        same(&found, &planted, method);
        let likely = method.contains("gaussian");
        assert!(found.candidates.iter().all(|one| one.bic.is_some() == likely && one.icl.is_some() == likely));
        assert_eq!(found.quality.preferred.bic, likely.then_some(4), "{method}");
        let alone = run(&values, 2, &format!(r#"{method},"k":4"#));
        assert_eq!(alone.assignments, found.assignments, "{method}");
        if let Some(tree) = found.dendrogram {
            assert_eq!((tree.merges.len(), tree.sizes.iter().sum::<usize>()), (30, 200));
            assert!(tree.merges.windows(2).all(|pair| pair[0].height <= pair[1].height));
            assert!(tree.clusters.iter().all(|cluster| (0..4).contains(cluster)));
        }
    }
}

#[test]
fn what_lies_apart_is_not_clustered_and_k_is_not_looked_at() {
    let (mut values, _) = blobs(5, 200, 2, 2, 12.0);
    values.extend([-80.0, 90.0, 140.0, -70.0]);
    let found = run(&values, 2, r#""method":"hdbscan","minClusterSize":20,"k":7"#);
    assert_eq!((found.k, &found.assignments[200..]), (2, &[-1, -1][..]));
    let said = |text: &str| assert!(found.notices.iter().any(|notice| notice.contains(text)), "{:?}", found.notices);
    said("“k” was not looked at");
    said("are not clustered");
}

#[test]
fn nothing_dense_is_no_cluster_and_nothing_breaks() {
    let mut rng = Rng::new(1);
    let values: Vec<f64> = (0..160).map(|_| rng.unit()).collect();
    let found = run(&values, 2, r#""method":"hdbscan","minClusterSize":30"#);
    assert_eq!((found.k, found.quality.verdict), (0, Verdict::None));
    assert!(found.assignments.iter().all(|&cluster| cluster == -1));
    println!("{} {:?}", found.quality.reason, found.notices);
    let data = table(&values, 2);
    let map = project(&found, &data, 100).unwrap();
    assert!(map.rows.is_empty() && map.explained == [0.0, 0.0]);
    let mut study = Study::new(data, &StudyOptions::default()).unwrap();
    let (kept, grouping) = study.keep(found, None).unwrap();
    assert!(kept.labels.is_empty() && grouping.rules.is_empty());
    let mut job = study.tree(&kept.name, None, None).unwrap();
    let tree = loop {
        if let Step::Done(tree) = job.step().unwrap() {
            break tree;
        }
    };
    assert!(tree.leaves.is_empty(), "{tree:?}");
    assert_eq!(study.describe(&kept.name, "Cluster 1").unwrap_err().code, marquetry::error::Code::NotFound);
}
