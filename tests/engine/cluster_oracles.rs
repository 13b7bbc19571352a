//! k-means, its indices and its map against published and independently computed numbers.

use crate::common::cluster_data::{self, adjusted_rand, cluster, options, reference, table};
use marquetry::segment::cluster::clustering::{Clustering, Verdict};
use marquetry::segment::cluster::map::project;
use marquetry::table::column::Column;
use marquetry::table::role::Role;
use marquetry::table::table::{Kind, Table};
use std::rc::Rc;

fn near(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance * expected.abs().max(1e-300), "{found} is not {expected}");
}

fn sizes(clustering: &Clustering) -> Vec<usize> {
    let mut sizes = clustering.sizes.clone();
    sizes.sort_unstable();
    sizes
}

fn first_rows(table: &Table, names: &[&str], count: usize) -> Vec<Vec<f64>> {
    (0..count).map(|row| names.iter().map(|name| table.numbers(name).unwrap()[row]).collect()).collect()
}

fn target(table: &Table) -> Vec<i32> {
    table.numbers("target").unwrap().iter().map(|&value| value as i32).collect()
}

#[test]
fn iris_from_its_first_three_rows_takes_the_known_path() {
    let Some(iris) = reference("iris.csv") else { return };
    let mut some = options(&iris, "none", &["target"], "{}");
    some.initial = Some(first_rows(&iris, &["sepal_length", "sepal_width", "petal_length", "petal_width"], 3));
    let found = cluster(&iris, some);
    near(found.inertia, 78.855666, 1e-7);
    assert_eq!((found.iterations, sizes(&found)), (12, vec![39, 50, 61]));
    assert!(found.converged);
    near(found.quality.silhouette, 0.551192, 1e-5);
    near(found.quality.calinski_harabasz, 561.5937, 1e-6);
    near(found.quality.davies_bouldin, 0.666039, 1e-6);
    near(adjusted_rand(&found.assignments, &target(&iris)), 0.716342, 1e-5);
}

#[test]
fn iris_best_of_several_starts() {
    let Some(iris) = reference("iris.csv") else { return };
    for (k, expected) in
        [(1, 681.3706), (2, 152.347952), (3, 78.851441), (4, 57.228473), (5, 46.446182), (6, 39.039987)]
    {
        let found = cluster(&iris, options(&iris, "none", &["target"], &format!(r#"{{"k":{k},"restarts":50}}"#)));
        near(found.inertia, expected, 1e-6);
        if k == 3 {
            assert_eq!(sizes(&found), [38, 50, 62]);
            near(found.quality.silhouette, 0.552819, 1e-5);
            near(found.quality.calinski_harabasz, 561.62776, 1e-6);
            near(found.quality.davies_bouldin, 0.661972, 1e-6);
            near(adjusted_rand(&found.assignments, &target(&iris)), 0.730238, 1e-5);
            near(found.variables.iter().map(|one| one.within_ss).sum(), found.inertia, 1e-12);
        }
    }
    let z = cluster(&iris, options(&iris, "z", &["target"], r#"{"k":3}"#));
    near(z.inertia, 139.820496, 1e-6);
    assert_eq!(sizes(&z), [47, 50, 53]);
    near(z.quality.silhouette, 0.459948, 1e-5);
    near(z.quality.davies_bouldin, 0.833595, 1e-5);
    let mut some = options(&iris, "z", &["target"], "{}");
    some.initial = Some(first_rows(&iris, &["sepal_length", "sepal_width", "petal_length", "petal_width"], 3));
    near(cluster(&iris, some).inertia, 140.032753, 1e-6);
}

#[test]
fn three_starts_and_the_default_seed_suffice_for_iris_and_mall() {
    let Some(iris) = reference("iris.csv") else { return };
    near(cluster(&iris, options(&iris, "none", &["target"], r#"{"k":3}"#)).inertia, 78.851441, 1e-6);
    let Some(mall) = reference("mall_customers.csv") else { return };
    let names = &["customer_id", "age"];
    near(cluster(&mall, options(&mall, "none", names, r#"{"k":5}"#)).inertia, 44448.455448, 1e-6);
}

#[test]
fn clusters_of_iris_are_about_as_stable_as_published() {
    let Some(iris) = reference("iris.csv") else { return };
    let found = cluster(&iris, options(&iris, "none", &["target"], r#"{"k":3}"#));
    let least = found.quality.stability.iter().copied().fold(1.0, f64::min);
    println!("iris k = 3, mean Jaccard {:?}", found.quality.stability);
    assert!(least >= 0.93 - 0.03, "{least}");
    let found = cluster(&iris, options(&iris, "none", &["target"], r#"{"k":4}"#));
    let least = found.quality.stability.iter().copied().fold(1.0, f64::min);
    println!("iris k = 4, mean Jaccard {:?}", found.quality.stability);
    assert!((0.65..0.9).contains(&least), "{least}");
}

#[test]
fn wine_by_z_scores() {
    let Some(wine) = reference("wine.csv") else { return };
    let names: Vec<&str> =
        wine.columns.iter().map(|column| column.name.as_str()).filter(|name| *name != "target").collect();
    let mut some = options(&wine, "z", &["target"], "{}");
    some.initial = Some(first_rows(&wine, &names, 3));
    let found = cluster(&wine, some);
    near(found.inertia, 1279.731123, 1e-7);
    assert_eq!(sizes(&found), [51, 63, 64]);
    near(found.quality.silhouette, 0.282837, 1e-5);
    near(found.quality.calinski_harabasz, 70.7168, 1e-5);
    near(found.quality.davies_bouldin, 1.389997, 1e-5);
    let best = cluster(&wine, options(&wine, "z", &["target"], r#"{"k":3}"#));
    near(best.inertia, 1277.928489, 1e-6);
    assert_eq!(sizes(&best), [51, 62, 65]);
    near(adjusted_rand(&best.assignments, &target(&wine)), 0.897495, 1e-5);
    near(best.quality.silhouette, 0.284859, 1e-5);
    near(best.quality.calinski_harabasz, 70.94, 1e-5);
    near(best.quality.davies_bouldin, 1.389188, 1e-5);
    let raw = cluster(&wine, options(&wine, "none", &["target"], r#"{"k":3}"#));
    near(raw.inertia, 2370689.686783, 1e-6);
    near(raw.quality.silhouette, 0.571138, 1e-5);
    near(raw.quality.calinski_harabasz, 561.8157, 1e-6);
    near(raw.quality.davies_bouldin, 0.534243, 1e-5);
    near(adjusted_rand(&raw.assignments, &target(&wine)), 0.371114, 1e-5);
    assert_eq!(sizes(&raw), [47, 62, 69]);
}

#[test]
fn mall_customers_fall_into_five() {
    let Some(mall) = reference("mall_customers.csv") else { return };
    let names = &["customer_id", "age"];
    let chosen = cluster(&mall, options(&mall, "none", names, "{}"));
    assert_eq!(chosen.k, 5);
    near(chosen.inertia, 44448.455448, 1e-6);
    near(chosen.quality.silhouette, 0.553932, 1e-5);
    near(chosen.quality.calinski_harabasz, 247.3590, 1e-5);
    assert_eq!(chosen.sizes, [81, 39, 35, 23, 22]);
    assert_eq!(chosen.quality.sample_size, 200);
    println!("{:?}: {}", chosen.quality.verdict, chosen.quality.reason);
    assert_eq!(chosen.quality.verdict, Verdict::Clear);
    let expected = [181363.59596, 106348.373062, 73679.789039, 44448.455448, 37233.814511, 30227.606513, 24986.525641];
    for (candidate, expected) in chosen.candidates.iter().zip(expected) {
        let k = candidate.k;
        println!("k = {k}: {candidate:?}");
        let best = cluster(&mall, options(&mall, "none", names, &format!(r#"{{"k":{k},"restarts":300}}"#)));
        near(best.inertia, expected, 1e-6);
    }
    let highest = |value: fn(&marquetry::segment::cluster::clustering::Candidate) -> f64| {
        chosen.candidates.iter().max_by(|a, b| value(a).total_cmp(&value(b))).unwrap().k
    };
    assert_eq!(highest(|one| one.silhouette), 5);
    assert_ne!(highest(|one| one.calinski_harabasz), 5, "the indices are known to disagree here");
    assert_eq!(cluster(&mall, options(&mall, "auto", names, "{}")).k, 5);
    // The smallest of five holds 11 %, of four 14 %, of three 19 %.
    let large = cluster(&mall, options(&mall, "none", names, r#"{"minShare":0.13,"k":{"min":2,"max":6}}"#));
    assert!(large.sizes.iter().all(|&size| size >= 26), "{:?} {}", large.sizes, large.quality.reason);
    let given = cluster(&mall, options(&mall, "none", names, r#"{"minShare":0.13,"k":5}"#));
    assert_eq!(given.assignments, chosen.assignments);
    assert!(
        given.notices.iter().any(|notice| notice.contains("22 of 200 rows (11.0 %), less than the 13.0 %")),
        "{:?}",
        given.notices
    );
}

#[test]
fn wholesale_customers_by_logarithms() {
    let Some(wholesale) = reference("wholesale_customers.csv") else { return };
    let out = &["Channel", "Region"];
    // The published numbers take the plain logarithm of amounts that are all above 0; ours adds 1 so that 0 is allowed.
    let columns = wholesale.columns.iter().filter(|column| !out.contains(&column.name.as_str()));
    let plain = columns.map(|column| {
        let values = wholesale.numbers(&column.name).unwrap().iter().map(|&value| libm::log(value)).collect();
        Column::number(&column.name, Role::Other, values)
    });
    let plain = Rc::new(Table::computed(plain.collect(), Kind::Customers));
    for (k, expected) in [(2, 1847.979708), (3, 1558.046997), (4, 1391.824533), (5, 1271.278553)] {
        let more = format!(r#"{{"k":{k},"restarts":200}}"#);
        // At k = 4 and 5 the published best can be beaten, by less than 1 in 10,000.
        let found = cluster(&plain, options(&plain, "z", &[], &more)).inertia;
        assert!(found <= expected * (1.0 + 1e-6));
        near(found, expected, if k >= 4 { 1e-4 } else { 1e-6 });
        let ours = cluster(&wholesale, options(&wholesale, "auto", out, &more));
        near(ours.inertia, expected, 1e-2);
        assert_eq!(ours.notices.iter().filter(|notice| notice.contains("logarithm")).count(), 6);
        if k == 2 {
            let channel: Vec<i32> = wholesale.numbers("Channel").unwrap().iter().map(|&value| value as i32).collect();
            let found = cluster(&plain, options(&plain, "z", &[], &more));
            near(adjusted_rand(&found.assignments, &channel), 0.513543, 1e-5);
            let raw = cluster(&wholesale, options(&wholesale, "none", out, &more));
            near(adjusted_rand(&raw.assignments, &channel), -0.030609, 1e-4);
        }
    }
}

#[test]
fn maps_show_the_published_shares() {
    for (file, transform, expected) in [
        ("iris.csv", "none", [0.924619, 0.053066]),
        ("iris.csv", "z", [0.729624, 0.228508]),
        ("wine.csv", "z", [0.361988, 0.192075]),
    ] {
        let Some(data) = reference(file) else { return };
        let found = cluster(&data, options(&data, transform, &["target"], r#"{"k":3}"#));
        let map = project(&found, &data, 1_000).unwrap();
        assert_eq!(map.rows.len(), data.row_count);
        near(map.explained[0], expected[0], 2e-6);
        near(map.explained[1], expected[1], 1e-5);
        let mean = map.x.iter().map(|&x| f64::from(x)).sum::<f64>() / map.x.len() as f64;
        assert!(mean.abs() < 1e-5);
        for axis in
            [map.loadings.iter().map(|one| one.x).collect::<Vec<_>>(), map.loadings.iter().map(|one| one.y).collect()]
        {
            near(axis.iter().map(|weight| weight * weight).sum(), 1.0, 1e-9);
            assert!(
                axis.iter().copied().fold(f64::NEG_INFINITY, f64::max) >= axis.iter().fold(0.0, |m: f64, w| m.max(-w))
            );
        }
        let few = project(&found, &data, 60).unwrap();
        assert!(few.rows.len() <= 60 && few.rows.len() >= 50);
        assert!((0..3).all(|cluster| few.rows.iter().any(|&row| found.assignments[row as usize] == cluster)));
    }
}

#[test]
fn smartcore_finds_the_same_groups_where_they_are_plain() {
    use smartcore::cluster::kmeans::{KMeans, KMeansParameters};
    use smartcore::linalg::basic::matrix::DenseMatrix;
    let (values, planted) = cluster_data::blobs(3, 300, 3, 4, 12.0);
    let rows: Vec<Vec<f64>> = values.chunks(3).map(<[f64]>::to_vec).collect();
    let matrix = DenseMatrix::from_2d_vec(&rows).unwrap();
    // One start only: some seeds end in a poorer place, the best of a few does not.
    let best = (0..20u64)
        .map(|seed| {
            let parameters = KMeansParameters { seed: Some(seed), ..KMeansParameters::default().with_k(4) };
            let model: KMeans<f64, i32, DenseMatrix<f64>, Vec<i32>> = KMeans::fit(&matrix, parameters).unwrap();
            let labels: Vec<i32> = model.predict(&matrix).unwrap();
            labels
        })
        .max_by(|a, b| spread(&values, b).total_cmp(&spread(&values, a)))
        .unwrap();
    let data = table(&values, 3);
    let ours = cluster(&data, options(&data, "none", &[], r#"{"k":4}"#));
    assert_eq!(adjusted_rand(&ours.assignments, &best), 1.0);
    let planted: Vec<i32> = planted.into_iter().map(|label| label as i32).collect();
    assert_eq!(adjusted_rand(&ours.assignments, &planted), 1.0);
}

/// Sum of squares within groups, counted plainly.
fn spread(values: &[f64], labels: &[i32]) -> f64 {
    let groups = labels.iter().max().unwrap() + 1;
    let members =
        |group: i32| values.chunks(3).zip(labels).filter(move |(_, label)| **label == group).map(|(row, _)| row);
    (0..groups)
        .map(|group| {
            let count = members(group).count() as f64;
            (0..3)
                .map(|j| {
                    let mean = members(group).map(|row| row[j]).sum::<f64>() / count;
                    members(group).map(|row| (row[j] - mean).powi(2)).sum::<f64>()
                })
                .sum::<f64>()
        })
        .sum()
}

#[test]
fn gap_and_prediction_strength_of_iris_are_the_published_ones() {
    let Some(iris) = reference("iris.csv") else { return };
    let found = cluster(&iris, options(&iris, "none", &["target"], r#"{"k":{"min":1,"max":6}}"#));
    let gaps: Vec<f64> = found.candidates.iter().map(|one| one.gap.unwrap()).collect();
    let errors: Vec<f64> = found.candidates.iter().map(|one| one.gap_error.unwrap()).collect();
    let strengths: Vec<f64> = found.candidates.iter().filter_map(|one| one.prediction_strength).collect();
    println!("iris: gap {gaps:.3?} ± {errors:.3?}, prediction strength {strengths:.3?}");
    for (found, expected) in gaps.iter().zip([0.143, 0.606, 0.786, 0.845, 0.863, 0.898]) {
        assert!((found - expected).abs() <= 0.03, "{found} is not {expected}");
    }
    for (found, expected) in strengths.iter().zip([0.971, 0.649, 0.530]) {
        // The published numbers are means of fifty splits themselves, and their starts were refined in another way.
        assert!((found - expected).abs() <= 0.05, "{found} is not {expected}");
    }
    println!("{:?} {}", found.quality.preferred, found.quality.reason);
    assert_eq!((found.k, found.quality.preferred.prediction_strength), (2, Some(2)));
}
