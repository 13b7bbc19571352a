//! What must hold of clusters whatever the data: order, units, repeats, edges. The same tests run natively and in wasm.

use crate::common::cluster_data::{adjusted_rand, blobs, cluster, normal, options, table};
use marquetry::error::Code;
use marquetry::math::rng::Rng;
use marquetry::segment::cluster::clustering::{Clustering, Verdict};
use marquetry::segment::cluster::job::ClusterJob;
use marquetry::segment::cluster::map::project;
use marquetry::segment::cluster::model::Model;
use marquetry::segment::cluster::options::ClusterOptions;
use marquetry::table::column::{Column, Data};
use marquetry::table::role::Role;
use marquetry::table::table::{Kind, Table};
use std::rc::Rc;

fn run(values: &[f64], width: usize, transform: &str, more: &str) -> Clustering {
    let data = table(values, width);
    let found = cluster(&data, options(&data, transform, &[], more));
    check(&found, &data);
    found
}

/// What holds of every result.
fn check(found: &Clustering, data: &Table) {
    assert_eq!(found.assignments.len(), data.row_count);
    assert_eq!(found.apply(data).unwrap(), found.assignments, "apply on the rows fitted gives the assignments");
    assert_eq!(found.sizes.len(), found.k);
    assert_eq!(found.sizes.iter().sum::<usize>(), found.assignments.iter().filter(|&&cluster| cluster >= 0).count());
    assert!(found.sizes.windows(2).all(|pair| pair[0] >= pair[1]) && found.sizes.iter().all(|&size| size > 0));
    assert!(found.assignments.iter().all(|&cluster| (-1..found.k as i32).contains(&cluster)));
    for (cluster, size) in found.sizes.iter().enumerate() {
        let members = found.assignments.iter().filter(|&&other| other == cluster as i32).count();
        assert_eq!(members, *size);
        for (name, &center) in found.features.iter().zip(&found.centers[cluster]) {
            let own = data.numbers(name).unwrap();
            let sum: f64 =
                (0..own.len()).filter(|&row| found.assignments[row] == cluster as i32).map(|row| own[row]).sum();
            let mean = sum / *size as f64;
            assert!((mean - center).abs() <= 1e-8 * (1.0 + mean.abs()), "centre {center} is not the mean {mean}");
        }
    }
    let within: f64 = found.variables.iter().map(|one| one.within_ss).sum();
    assert!((within - found.inertia).abs() <= 1e-9 * (1.0 + within));
    let quality = &found.quality;
    assert!(quality.stability.len() == found.k && (-1.0..=1.0).contains(&quality.silhouette));
    let json = serde_json::to_string(found).unwrap();
    assert!(!json.contains("null"), "every number is a number: {json}");
}

#[test]
fn rows_in_another_order_are_grouped_alike() {
    let (values, _) = blobs(1, 400, 3, 4, 8.0);
    let found = run(&values, 3, "z", "{}");
    println!("{}", found.quality.reason);
    let mut rng = Rng::new(2);
    let mut order: Vec<usize> = (0..400).collect();
    (1..400).rev().for_each(|at| order.swap(at, rng.below(at + 1)));
    let moved: Vec<f64> = order.iter().flat_map(|&row| values[row * 3..][..3].to_vec()).collect();
    let again = run(&moved, 3, "z", "{}");
    let back: Vec<i32> = order.iter().map(|&row| found.assignments[row]).collect();
    assert_eq!(again.assignments, back);
    assert!((again.inertia - found.inertia).abs() < 1e-9 * found.inertia);
}

#[test]
fn columns_in_another_order_are_grouped_alike() {
    let (values, _) = blobs(5, 300, 3, 3, 8.0);
    let turned: Vec<f64> = values.chunks(3).flat_map(|row| [row[2], row[0], row[1]]).collect();
    let (one, two) = (run(&values, 3, "z", "{}"), run(&turned, 3, "z", "{}"));
    assert_eq!(one.k, 3);
    assert_eq!(adjusted_rand(&one.assignments, &two.assignments), 1.0);
}

#[test]
fn the_seed_decides_everything() {
    let (values, _) = blobs(9, 500, 2, 5, 3.0);
    let one = run(&values, 2, "z", r#"{"k":{"min":2,"max":7},"seed":77}"#);
    assert_eq!(one, run(&values, 2, "z", r#"{"k":{"min":2,"max":7},"seed":77}"#));
    assert_eq!(one.seed, 77);
    let alone = run(&values, 2, "z", &format!(r#"{{"k":{},"seed":77}}"#, one.k));
    assert_eq!((alone.assignments, alone.centers), (one.assignments, one.centers));
}

#[test]
fn units_and_origins_do_not_matter_under_z() {
    let (values, _) = blobs(4, 300, 2, 4, 6.0);
    let other: Vec<f64> = values.chunks(2).flat_map(|row| [row[0] * 1_000.0 + 5e6, row[1] * -0.01 - 3.0]).collect();
    let (one, two) = (run(&values, 2, "z", r#"{"k":4}"#), run(&other, 2, "z", r#"{"k":4}"#));
    assert_eq!(adjusted_rand(&one.assignments, &two.assignments), 1.0);
    assert!((one.inertia - two.inertia).abs() < 1e-6 * one.inertia);
    let far: Vec<f64> = values.iter().map(|value| value * 1e12 + 1e15).collect();
    let three = run(&far, 2, "none", r#"{"k":4}"#);
    let near = run(&values, 2, "none", r#"{"k":4}"#);
    assert_eq!(adjusted_rand(&near.assignments, &three.assignments), 1.0);
}

/// Every transform but those that look at absolute sizes forgets units; these two forget factors.
#[test]
fn units_do_not_matter_under_any_transform_that_scales() {
    let (values, _) = blobs(4, 300, 2, 4, 6.0);
    for transform in ["z", "robust", "quantile"] {
        let other: Vec<f64> = values.chunks(2).flat_map(|row| [row[0] * 1_000.0 + 5e6, row[1] * 0.01 - 3.0]).collect();
        let (one, two) = (run(&values, 2, transform, r#"{"k":4}"#), run(&other, 2, transform, r#"{"k":4}"#));
        assert_eq!(adjusted_rand(&one.assignments, &two.assignments), 1.0, "{transform}");
        assert!((one.inertia - two.inertia).abs() < 1e-6 * one.inertia, "{transform}");
    }
    // Amounts in cents: 1 + x is nearly x, and the power bends nearly alike.
    let amounts: Vec<f64> = values.iter().map(|value| 50.0 * libm::exp(value / 6.0)).collect();
    let cents: Vec<f64> = amounts.iter().map(|value| value * 100.0).collect();
    for transform in ["log", "yeo-johnson"] {
        let (one, two) = (run(&amounts, 2, transform, r#"{"k":4}"#), run(&cents, 2, transform, r#"{"k":4}"#));
        assert!(adjusted_rand(&one.assignments, &two.assignments) > 0.98, "{transform}");
    }
}

#[test]
fn every_transform_keeps_what_holds_of_every_result() {
    let (values, _) = blobs(14, 400, 2, 3, 7.0);
    let signed: Vec<f64> = values.iter().map(|value| value - 8.0).collect();
    for transform in ["none", "z", "yeo-johnson", "robust", "quantile", "auto"] {
        let found = run(&signed, 2, transform, r#"{"k":3}"#);
        assert_eq!(found.sizes.len(), 3, "{transform}");
        let twice: Vec<f64> = signed.chunks(2).flat_map(|row| [row[0], row[1], row[0], row[1]]).collect();
        let doubled = run(&twice, 2, transform, r#"{"k":3}"#);
        let expected: Vec<i32> = found.assignments.iter().flat_map(|&cluster| [cluster, cluster]).collect();
        assert_eq!(adjusted_rand(&doubled.assignments, &expected), 1.0, "{transform}");
    }
}

#[test]
fn what_is_not_finite_never_reaches_a_distance() {
    let (mut values, _) = blobs(61, 60, 2, 2, 9.0);
    values[7] = f64::INFINITY;
    let data = table(&values, 2);
    let refused = |more: &str| {
        let mut job = ClusterJob::new(data.clone(), options(&data, "z", &[], more), 1)?;
        marquetry::job::run(&mut job, &[]).map(|(found, _)| found)
    };
    // A column never holds what is not finite: it is a missing value from the start.
    assert_eq!(data.columns[1].missing(), 1);
    assert_eq!(refused(r#"{"k":2}"#).unwrap().assignments[3], -1);
    let mut some = options(&data, "z", &[], r#"{"k":2}"#);
    some.initial = Some(vec![vec![0.0, 0.0], vec![1.0, f64::INFINITY]]);
    let error = ClusterJob::new(data.clone(), some, 1).unwrap_err();
    assert_eq!(error.code, Code::NotFinite);
    assert!(error.message.contains("row 2") && error.message.contains("column 2"), "{}", error.message);
}

#[test]
fn every_row_twice_is_the_same_partition_twice() {
    let (values, _) = blobs(6, 200, 2, 3, 7.0);
    let twice: Vec<f64> = values.chunks(2).flat_map(|row| [row[0], row[1], row[0], row[1]]).collect();
    let (one, two) = (run(&values, 2, "z", r#"{"k":3}"#), run(&twice, 2, "z", r#"{"k":3}"#));
    let doubled: Vec<i32> = one.assignments.iter().flat_map(|&cluster| [cluster, cluster]).collect();
    assert_eq!(two.assignments, doubled);
    assert!((two.inertia - 2.0 * one.inertia).abs() < 1e-9 * two.inertia);
}

#[test]
fn a_constant_column_is_dropped_with_a_notice_and_changes_nothing() {
    let (values, _) = blobs(8, 150, 2, 3, 7.0);
    let wide: Vec<f64> = values.chunks(2).flat_map(|row| [row[0], 5.0, row[1]]).collect();
    let (one, two) = (run(&values, 2, "z", r#"{"k":3}"#), run(&wide, 3, "z", r#"{"k":3}"#));
    assert_eq!(one.assignments, two.assignments);
    assert_eq!(two.features, ["a", "c"]);
    assert!(two.notices.iter().any(|notice| notice.contains("“b”")));
}

#[test]
fn as_many_clusters_as_different_rows_and_more() {
    let values: Vec<f64> = (0..40).flat_map(|row| [f64::from(row % 4), f64::from(row % 2)]).collect();
    let exact = run(&values, 2, "none", r#"{"k":4}"#);
    assert_eq!(exact.sizes, [10; 4]);
    assert_eq!(exact.inertia, 0.0);
    assert_eq!(exact.centers, [[0.0, 0.0], [1.0, 1.0], [2.0, 0.0], [3.0, 1.0]]);
    let more = run(&values, 2, "none", r#"{"k":9}"#);
    assert_eq!(more.k, 4);
    assert!(more.notices.iter().any(|notice| notice.contains("only 4 different rows")), "{:?}", more.notices);
    let range = run(&values, 2, "none", "{}");
    assert!(range.k <= 4 && range.candidates.len() == 3);
    let equal = run(&[3.0; 12], 2, "z", "{}");
    assert_eq!((equal.k, equal.inertia, equal.quality.verdict), (1, 0.0, Verdict::None));
}

#[test]
fn very_many_clusters_are_found_without_a_hitch() {
    let mut rng = Rng::new(90);
    let values: Vec<f64> = (0..1_500).flat_map(|_| [rng.unit(), rng.unit()]).collect();
    let found = run(&values, 2, "none", r#"{"k":400,"restarts":1,"maxIterations":30}"#);
    assert_eq!(found.k, 400);
    let all = run(&values[..60], 2, "none", r#"{"k":30}"#);
    assert_eq!((all.k, all.inertia), (30, 0.0));
}

#[test]
fn one_feature_and_one_row() {
    let values: Vec<f64> = (0..60).map(|row| f64::from(row % 3) * 10.0 + f64::from(row) * 0.01).collect();
    let found = run(&values, 1, "z", "{}");
    assert_eq!((found.k, found.sizes.clone()), (3, vec![20; 3]));
    let map = project(&found, &table(&values, 1), 100).unwrap();
    assert!(map.y.iter().all(|&y| y == 0.0) && (map.explained[0] - 1.0).abs() < 1e-12);
    let one = run(&[4.0], 1, "z", r#"{"k":3}"#);
    assert_eq!((one.k, one.centers.clone()), (1, vec![vec![4.0]]));
}

#[test]
fn inertia_falls_with_k() {
    let mut rng = Rng::new(12);
    let values: Vec<f64> = (0..600).map(|_| normal(&mut rng)).collect();
    let found = run(&values, 3, "none", r#"{"k":{"min":1,"max":9}}"#);
    assert_eq!(found.candidates.len(), 9);
    assert!(found.candidates.windows(2).all(|pair| pair[1].inertia < pair[0].inertia));
}

#[test]
fn rows_at_the_edges_of_tiles_and_blocks() {
    for rows in [1, 7, 8, 9, 4_095, 4_097, 20_001, 65_535, 65_537] {
        let groups = rows.min(3);
        let (values, planted) = blobs(rows as u64, rows, 2, groups, 30.0);
        let found = run(&values, 2, "none", r#"{"k":3}"#);
        let planted: Vec<i32> = planted.into_iter().map(|label| label as i32).collect();
        assert_eq!(adjusted_rand(&found.assignments, &planted), 1.0, "{rows} rows");
        assert!(found.converged);
    }
}

#[test]
fn quick_passes_end_where_exact_ones_do() {
    let (values, _) = blobs(31, 30_000, 5, 6, 2.0);
    let data = table(&values, 5);
    let mut some = options(&data, "none", &[], "{}");
    some.initial = Some((0..6).map(|at| values[at * 25_000..][..5].to_vec()).collect());
    let found = cluster(&data, some.clone());
    check(&found, &data);
    assert!(found.converged && found.iterations > 3);
    let mut centers = some.initial.clone().unwrap();
    let (mut labels, mut passes) = (vec![usize::MAX; 30_000], 0);
    loop {
        let now: Vec<usize> = values
            .chunks(5)
            .map(|row| {
                let distance = |center: &Vec<f64>| row.iter().zip(center).map(|(a, b)| (a - b) * (a - b)).sum::<f64>();
                (0..6).min_by(|&a, &b| distance(&centers[a]).total_cmp(&distance(&centers[b]))).unwrap()
            })
            .collect();
        passes += 1;
        if now == labels {
            break;
        }
        labels = now;
        for (at, center) in centers.iter_mut().enumerate() {
            let members: Vec<&[f64]> =
                values.chunks(5).zip(&labels).filter(|(_, label)| **label == at).map(|(row, _)| row).collect();
            for (j, value) in center.iter_mut().enumerate() {
                *value = members.iter().map(|row| row[j]).sum::<f64>() / members.len() as f64;
            }
        }
    }
    let labels: Vec<i32> = labels.into_iter().map(|label| label as i32).collect();
    assert_eq!(adjusted_rand(&found.assignments, &labels), 1.0);
    println!("{} passes against {passes} of a plain loop", found.iterations);
}

#[test]
fn the_limit_on_passes_is_kept_and_said() {
    let (values, _) = blobs(40, 30_000, 4, 8, 1.0);
    let data = table(&values, 4);
    for limit in [1, 5, 20] {
        let mut some = options(&data, "none", &[], "{}");
        some.initial = Some((0..8).map(|at| values[at * 12_000..][..4].to_vec()).collect());
        some.max_iterations = Some(limit);
        let found = cluster(&data, some);
        assert_eq!((found.iterations, found.converged), (limit, false));
        assert!(found.notices.iter().any(|notice| notice.contains("maxIterations")));
        assert_eq!(found.apply(&data).unwrap(), found.assignments);
    }
}

#[test]
fn a_start_with_empty_clusters_is_repaired() {
    let (values, _) = blobs(50, 90, 2, 3, 20.0);
    let data = table(&values, 2);
    let mut some = options(&data, "none", &[], "{}");
    some.initial = Some(vec![vec![0.0, 0.0], vec![1e6, 1e6], vec![-1e6, 1e6]]);
    let found = cluster(&data, some);
    check(&found, &data);
    assert_eq!((found.k, found.converged), (3, true));
    let one = cluster(&data, options(&data, "none", &[], r#"{"k":1}"#));
    assert!(found.inertia < one.inertia / 2.0);
}

#[test]
fn rows_with_missing_values_are_left_out_or_filled() {
    let (mut values, _) = blobs(60, 100, 2, 2, 20.0);
    values[10] = f64::NAN;
    values[151] = f64::NAN;
    let data = table(&values, 2);
    let dropped = cluster(&data, options(&data, "z", &[], r#"{"k":2}"#));
    assert_eq!(dropped.assignments.iter().filter(|&&cluster| cluster < 0).count(), 2);
    assert_eq!((dropped.assignments[5], dropped.assignments[75]), (-1, -1));
    assert_eq!(dropped.apply(&data).unwrap(), dropped.assignments);
    assert!(dropped.notices.iter().any(|notice| notice.contains("2 of 100")));
    let filled = cluster(&data, options(&data, "z", &[], r#"{"k":2,"missing":"median"}"#));
    assert!(filled.assignments.iter().all(|&cluster| cluster >= 0));
    assert_eq!(filled.apply(&data).unwrap(), filled.assignments);
}

#[test]
fn dates_and_flags_count_as_numbers_and_text_is_refused() {
    use marquetry::table::bitmap::Bitmap;
    use marquetry::table::texts::TextsBuilder;
    let mut data = Table::computed(
        vec![Column::date(
            "joined",
            Role::Other,
            (0..40).map(|row| if row < 20 { row } else { 9_000 + row }).collect(),
        )],
        Kind::Customers,
    );
    let mut flag = Column::number("member", Role::Other, vec![1.0; 40]);
    flag.data = Data::Boolean(Bitmap::from_fn(40, |row| row < 20));
    let mut texts = TextsBuilder::default();
    (0..40).for_each(|_| {
        texts.push("x");
    });
    data.columns
        .extend([flag, Column::text("city", Role::City, texts.finish(), Bitmap::ones(40))].map(std::rc::Rc::new));
    let data = Rc::new(data);
    let found = cluster(&data, options(&data, "auto", &["city"], r#"{"k":2}"#));
    assert_eq!(found.sizes, [20, 20]);
    for (center, expected) in found.centers.iter().flatten().zip([9.5, 1.0, 9_029.5, 0.0]) {
        assert!((center - expected).abs() < 1e-9, "{center} is not {expected}");
    }
    let refused = |options| ClusterJob::new(data.clone(), options, 1).unwrap_err();
    assert_eq!(refused(options(&data, "z", &["joined"], "{}")).code, Code::WrongType);
    let unknown: ClusterOptions = serde_json::from_str(r#"{"features":["joind"]}"#).unwrap();
    assert_eq!(refused(unknown).details.suggestions, ["joined"]);
    let twice: ClusterOptions = serde_json::from_str(r#"{"features":["joined","joined"]}"#).unwrap();
    assert_eq!(refused(twice).code, Code::BadOption);
}

#[test]
fn the_model_holds_what_apply_needs() {
    let (values, _) = blobs(70, 200, 3, 3, 6.0);
    let found = run(&values, 3, "auto", r#"{"k":3}"#);
    let model = found.document();
    assert_eq!(
        (model["version"].as_u64(), model["rows"].as_u64(), model["seed"].as_u64()),
        (Some(2), Some(200), Some(1))
    );
    assert_eq!(model["features"].as_array().unwrap().len(), 3);
    let kept: Model = serde_json::from_value(model["model"].clone()).unwrap();
    assert_eq!(kept, found.model);
    assert_eq!(model["features"][0]["scale"]["center"].as_f64(), Some(found.scales[0].scale.center));
}

/// Labels and centres of seeded data, as one number.
fn golden(rows: usize, width: usize, transform: &str, more: &str) -> u64 {
    let (mut values, _) = blobs(2_026, rows, width, 5, 3.0);
    // One skewed column of amounts.
    values.iter_mut().step_by(width).for_each(|value| *value = libm::exp(*value / 4.0));
    let found = run(&values, width, transform, more);
    let bits = found.assignments.iter().map(|&cluster| cluster as u64);
    let Model::Centers { centers } = &found.model else { panic!("k-means places by centres") };
    let centers = found.centers.iter().chain(centers).flatten().map(|value| value.to_bits());
    let quality = [found.inertia.to_bits(), found.quality.silhouette.to_bits(), found.iterations as u64];
    bits.chain(centers).chain(quality).fold(0xCBF2_9CE4_8422_2325, |hash, word| {
        word.to_le_bytes().iter().fold(hash, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3))
    })
}

#[test]
fn golden_hashes_are_the_same_everywhere() {
    let found =
        [golden(1_000, 3, "auto", "{}"), golden(70_000, 4, "z", r#"{"k":5}"#), golden(9_000, 2, "none", r#"{"k":7}"#)];
    println!("golden hashes of clusters: {found:#018x?}");
    assert_eq!(found, GOLDEN);
}

/// Made natively; wasm must agree to the bit.
const GOLDEN: [u64; 3] = [0xbb1f_ffcb_a799_b8c7, 0x311c_3bfc_e0e1_4632, 0xe03a_ae68_d904_c481];
