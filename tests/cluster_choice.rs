//! Is the number of clusters chosen honestly? Data without groups must be called so, planted groups must be found.
//!
//! The ordinary run takes 20 seeds of each; `MARQUETRY_SEEDS=100` takes as many as it says.

mod cluster_data;

use cluster_data::{cluster, normal, options, table};
use marquetry::math::rng::Rng;
use marquetry::segment::cluster::clustering::{Clustering, Verdict};

fn seeds() -> u64 {
    std::env::var("MARQUETRY_SEEDS").ok().and_then(|count| count.parse().ok()).unwrap_or(20)
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

const KINDS: [(&str, Draw, &str); 6] = [
    ("bell", bell, "auto"),
    ("box", uniform, "auto"),
    ("correlated bell", correlated, "auto"),
    ("amounts", amounts, "auto"),
    ("waiting times", waiting, "auto"),
    ("waiting times as they are", waiting, "z"),
];
const SHAPES: [(usize, usize); 4] = [(150, 2), (400, 3), (800, 5), (300, 8)];

fn structureless(seed: u64, draw: Draw, rows: usize, width: usize, transform: &str) -> Clustering {
    let mut rng = Rng::new(70_000 + seed);
    let values: Vec<f64> = (0..rows).flat_map(|_| draw(&mut rng, width)).collect();
    let data = table(&values, width);
    cluster(&data, options(&data, transform, &[], &format!(r#"{{"seed":{seed}}}"#)))
}

#[test]
fn data_without_groups_are_called_so() {
    let seeds = seeds();
    let mut all = Vec::new();
    for (name, draw, transform) in KINDS {
        let mut called = 0;
        for seed in 0..seeds {
            let (rows, width) = SHAPES[seed as usize % SHAPES.len()];
            let found = structureless(seed, draw, rows, width, transform);
            called += u64::from(found.quality.verdict == Verdict::None);
            if found.quality.verdict != Verdict::None {
                println!("{name} {seed}: {rows} × {width}: {:?} {}", found.quality.verdict, found.quality.reason);
            }
        }
        println!("{name}: “none” said of {called} of {seeds}");
        all.push(called);
    }
    assert!(all.iter().all(|&called| called * 100 >= seeds * 95), "{all:?} of {seeds}");
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

#[test]
fn planted_groups_are_found() {
    let seeds = seeds();
    for apart in [6.0, 5.0] {
        let (mut found, mut clear) = (0, 0);
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
        println!("{apart} deviations apart: planted k found in {found} of {seeds}, groups seen in {clear}");
        assert!(found * 100 >= seeds * 95 && clear * 100 >= seeds * 95);
    }
}
