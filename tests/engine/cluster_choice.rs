//! Is the number of clusters chosen honestly? Data without groups must be called so, planted groups must be found.
//!
//! The ordinary run takes four seeds of each, one a size; `MARQUETRY_SEEDS=100` takes as many as it says.

use crate::common::cluster_data::{adjusted_rand, blobs, cluster, normal, options, reference, table};
use marquetry::job::{Job, Step};
use marquetry::math::rng::Rng;
use marquetry::segment::cluster::clustering::{Clustering, Verdict};
use marquetry::segment::cluster::job::ClusterJob;

fn seeds() -> u64 {
    std::env::var("MARQUETRY_SEEDS").ok().and_then(|count| count.parse().ok()).unwrap_or(SHAPES.len() as u64)
}

/// Ways of having no groups: how a row of `width` values is drawn.
type Draw = fn(&mut Rng, usize) -> Vec<f64>;

fn bell(rng: &mut Rng, width: usize) -> Vec<f64> {
    (0..width).map(|_| normal(rng)).collect()
}

fn uniform(rng: &mut Rng, width: usize) -> Vec<f64> {
    (0..width).map(|_| rng.unit()).collect()
}

/// Every two columns share a third of their spread, the first two nearly all of it.
fn correlated(rng: &mut Rng, width: usize) -> Vec<f64> {
    let shared = normal(rng);
    let first = normal(rng);
    (0..width).map(|j| if j < 2 { first + 0.3 * normal(rng) } else { 0.6 * shared + 0.8 * normal(rng) }).collect()
}

/// Amounts: the exponential of a bell.
fn amounts(rng: &mut Rng, width: usize) -> Vec<f64> {
    (0..width).map(|j| 20.0 * libm::exp((0.6 + 0.2 * j as f64) * normal(rng))).collect()
}

/// Waiting times: most are short.
fn waiting(rng: &mut Rng, width: usize) -> Vec<f64> {
    (0..width).map(|_| -30.0 * libm::log(1.0 - rng.unit())).collect()
}

const SHAPES: [(usize, usize); 4] = [(150, 2), (400, 3), (800, 5), (300, 8)];

fn structureless(seed: u64, draw: Draw, rows: usize, width: usize, transform: &str) -> Clustering {
    let mut rng = Rng::new(70_000 + seed);
    let values: Vec<f64> = (0..rows).flat_map(|_| draw(&mut rng, width)).collect();
    let data = table(&values, width);
    cluster(&data, options(&data, transform, &[], &format!(r#"{{"seed":{seed}}}"#)))
}

/// Of data without groups, at least 95 in a hundred must be called so.
fn no_groups(draw: Draw, transform: &str) {
    let (mut called, seeds) = (0, seeds());
    for seed in 0..seeds {
        let (rows, width) = SHAPES[seed as usize % SHAPES.len()];
        let found = structureless(seed, draw, rows, width, transform);
        called += u64::from(found.quality.verdict == Verdict::None);
        if found.quality.verdict != Verdict::None {
            println!("{seed}: {rows} × {width}: {:?} {}", found.quality.verdict, found.quality.reason);
        }
    }
    println!("“none” said of {called} of {seeds}");
    assert!(called * 100 >= seeds * 95, "{called} of {seeds}");
}

#[test]
fn a_bell_has_no_groups() {
    no_groups(bell, "auto");
}

#[test]
fn a_box_has_no_groups() {
    no_groups(uniform, "auto");
}

#[test]
fn a_slanted_bell_has_no_groups() {
    no_groups(correlated, "auto");
}

#[test]
fn amounts_have_no_groups() {
    no_groups(amounts, "auto");
}

#[test]
fn waiting_times_have_no_groups() {
    no_groups(waiting, "auto");
}

#[test]
fn waiting_times_as_they_are_have_no_groups() {
    no_groups(waiting, "z");
}

/// `rows` around `groups` centres that lie at least `apart` standard deviations from each other in a box they fill.
fn planted(seed: u64, rows: usize, width: usize, groups: usize, apart: f64) -> Vec<f64> {
    let mut rng = Rng::new(80_000 + seed);
    let mut side = apart * 1.2 * libm::pow(groups as f64, 1.0 / width as f64);
    let mut centers: Vec<Vec<f64>> = Vec::new();
    let mut tries = 0;
    while centers.len() < groups {
        let center: Vec<f64> = (0..width).map(|_| rng.unit() * side).collect();
        let square = |other: &Vec<f64>| other.iter().zip(&center).map(|(a, b)| (a - b) * (a - b)).sum::<f64>();
        if centers.iter().all(|other| square(other) >= apart * apart) {
            centers.push(center);
        }
        tries += 1;
        if tries % 200 == 0 {
            side *= 1.1;
        }
    }
    (0..rows).flat_map(|row| centers[row % groups].iter().map(|c| c + normal(&mut rng)).collect::<Vec<_>>()).collect()
}

/// Of data with groups `apart` deviations from each other, at least 95 in a hundred must give as many as were planted.
fn groups_are_found(apart: f64) {
    let (mut found, mut clear, seeds) = (0, 0, seeds());
    for seed in 0..seeds {
        let groups = 2 + seed as usize % 7;
        let (rows, width) = [(400, 2), (600, 3), (800, 5), (1_000, 8)][(seed as usize / 7) % 4];
        let values = planted(seed, rows, width, groups, apart);
        let data = table(&values, width);
        let result = cluster(&data, options(&data, "z", &[], &format!(r#"{{"seed":{seed}}}"#)));
        found += u64::from(result.k == groups);
        clear += u64::from(result.quality.verdict != Verdict::None);
        if result.k != groups || result.quality.verdict == Verdict::None {
            println!(
                "{seed}: {groups} groups in {rows} × {width}: {}: {:?} {}",
                result.k, result.quality.verdict, result.quality.reason
            );
        }
    }
    println!("planted k found in {found} of {seeds}, groups seen in {clear}");
    assert!(found * 100 >= seeds * 95 && clear * 100 >= seeds * 95);
}

#[test]
fn groups_six_deviations_apart_are_found() {
    groups_are_found(6.0);
}

#[test]
fn groups_five_deviations_apart_are_found() {
    groups_are_found(5.0);
}

#[test]
fn scores_are_told_one_k_at_a_time() {
    let (values, _) = blobs(3, 300, 2, 3, 8.0);
    let data = table(&values, 2);
    let mut job = ClusterJob::new(data.clone(), options(&data, "z", &[], r#"{"k":{"min":2,"max":6}}"#), 1).unwrap();
    let mut told = Vec::new();
    let found = loop {
        match job.step().unwrap() {
            Step::Done(found) => break found,
            _ => told.extend(job.partial()),
        }
    };
    assert_eq!(told.iter().map(|news| news.as_array().unwrap().len()).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    let last = serde_json::to_value(&found.candidates).unwrap();
    let same = |name: &str| (0..5).all(|at| told[4][at][name] == last[at][name] && !last[at][name].is_null());
    for name in [
        "k",
        "silhouette",
        "calinskiHarabasz",
        "daviesBouldin",
        "stability",
        "smallestShare",
        "gap",
        "predictionStrength",
    ] {
        assert!(same(name), "{name}: {} and {last}", told[4]);
    }
    assert_eq!(found.k, 3);
    println!("{:?} {}", found.quality.preferred, found.quality.reason);
    assert_eq!((found.quality.preferred.knee, found.quality.preferred.gap), (Some(3), Some(3)));
}

/// Three groups, and five customers who spend a hundred times as much.
fn with_whales() -> (Vec<f64>, Vec<i32>) {
    let (mut values, planted) = blobs(21, 600, 2, 3, 9.0);
    let mut planted: Vec<i32> = planted.into_iter().map(|label| label as i32).collect();
    for at in 0..5 {
        values.splice(0..0, [2_000.0 + 50.0 * f64::from(at), 5.0]);
        planted.insert(0, -1);
    }
    (values, planted)
}

#[test]
fn those_far_outside_are_told_and_do_not_shape_clusters_when_set_aside() {
    let (values, planted) = with_whales();
    let data = table(&values, 2);
    let kept = cluster(&data, options(&data, "z", &[], r#"{"k":3}"#));
    assert_eq!((kept.outliers.n, kept.outliers.rows.clone(), kept.outliers.set_aside), (5, vec![0, 1, 2, 3, 4], false));
    assert_eq!(kept.outliers.columns.iter().map(|far| (far.name.as_str(), far.n)).collect::<Vec<_>>(), [("a", 5)]);
    assert!(kept.notices.iter().any(|one| one.contains("5 of 605 customers (0.8 %)")), "{:?}", kept.notices);
    let aside = cluster(&data, options(&data, "z", &[], r#"{"k":3,"outliers":"set-aside"}"#));
    assert!(aside.outliers.set_aside && aside.notices.iter().any(|one| one.contains("did not shape")));
    assert_eq!(aside.notices.iter().filter(|one| one.contains("far outside")).count(), 1);
    assert!(aside.assignments.iter().all(|&cluster| cluster >= 0), "they are placed");
    assert_eq!(aside.sizes.iter().sum::<usize>(), 605);
    assert_eq!(aside.apply(&data).unwrap(), aside.assignments);
    assert_eq!(adjusted_rand(&aside.assignments[5..], &planted[5..]), 1.0, "the planted groups are found");
    assert_ne!(adjusted_rand(&kept.assignments[5..], &planted[5..]), 1.0, "which the far ones hid");
    let without = table(&values[10..], 2);
    let alone = cluster(&without, options(&without, "z", &[], r#"{"k":3}"#));
    assert_eq!(alone.scales, aside.scales, "neither scales nor centres follow them");
    for (cluster, center) in aside.centers.iter().enumerate() {
        let own: Vec<f64> =
            (0..605).filter(|&row| aside.assignments[row] == cluster as i32).map(|row| values[row * 2]).collect();
        let mean = own.iter().sum::<f64>() / own.len() as f64;
        assert!((mean - center[0]).abs() < 1e-8 * (1.0 + mean.abs()), "centres are the means of all members");
    }
    let many: Vec<f64> = values
        .chunks(2)
        .enumerate()
        .flat_map(|(at, row)| [if at % 10 == 0 { 900.0 } else { row[0] }, row[1]])
        .collect();
    let crowd = table(&many, 2);
    let crowd = cluster(&crowd, options(&crowd, "z", &[], r#"{"k":3,"outliers":"set-aside"}"#));
    assert_eq!(crowd.outliers.n, 0);
    assert!(crowd.notices.iter().any(|one| one.contains("a group rather than outliers")), "{:?}", crowd.notices);
    let range = cluster(&data, options(&data, "z", &[], r#"{"outliers":"set-aside"}"#));
    assert_eq!((range.k, range.quality.verdict), (3, Verdict::Clear), "{}", range.quality.reason);
}

#[test]
fn columns_that_say_nearly_the_same_are_told_and_kept() {
    let (values, _) = blobs(22, 200, 2, 3, 8.0);
    let wide: Vec<f64> = values
        .chunks(2)
        .enumerate()
        .flat_map(|(at, row)| [row[0], row[1], -2.0 * row[0] + 0.01 * (at % 7) as f64])
        .collect();
    let data = table(&wide, 3);
    let found = cluster(&data, options(&data, "z", &[], r#"{"k":3}"#));
    let told: Vec<&String> = found.notices.iter().filter(|one| one.contains("nearly the same")).collect();
    assert!(told.len() == 1 && told[0].contains("“a” and “c”") && told[0].contains("-1.000"), "{:?}", found.notices);
    assert_eq!(found.features.len(), 3);
}

#[test]
fn wholesale_customers_are_taken_by_logarithms_of_their_own_accord() {
    let Some(wholesale) = reference("wholesale_customers.csv") else { return };
    let found = cluster(&wholesale, options(&wholesale, "auto", &["Channel", "Region"], r#"{"k":2}"#));
    let channel: Vec<i32> = wholesale.numbers("Channel").unwrap().iter().map(|&value| value as i32).collect();
    let alike = adjusted_rand(&found.assignments, &channel);
    println!("wholesale: auto, k = 2, agreement with the channel {alike:.3}");
    assert!(alike > 0.5, "{alike}");
}
