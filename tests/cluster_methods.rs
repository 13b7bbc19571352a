//! Mixtures, Ward's method and HDBSCAN against published numbers and benchmark sets.

mod cluster_data;

use cluster_data::{adjusted_rand, benchmark, cluster, options, reference};

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
