//! Tables for the clustering tests: reference files where they are at hand, and seeded generated data.

use crate::common::done::done;
use marquetry::math::rng::Rng;
use marquetry::segment::cluster::clustering::Clustering;
use marquetry::segment::cluster::job::ClusterJob;
use marquetry::segment::cluster::options::ClusterOptions;
use marquetry::table::bitmap::Bitmap;
use marquetry::table::column::Column;
use marquetry::table::role::Role;
use marquetry::table::table::{Kind, Table};
use marquetry::table::texts::TextsBuilder;
use std::path::Path;
use std::rc::Rc;

/// The number columns of a reference file; prints a skip and gives nothing when the file is not at hand.
pub fn reference(name: &str) -> Option<Rc<Table>> {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data")).join(name);
    if !path.exists() {
        println!("skipped: 1 (reference file {name} is not at hand)");
        return None;
    }
    let mut reader = csv::Reader::from_path(path).unwrap();
    let names: Vec<String> = reader.headers().unwrap().iter().map(String::from).collect();
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.unwrap()).collect();
    let columns = names.iter().enumerate().filter_map(|(at, name)| {
        let values: Option<Vec<f64>> = rows.iter().map(|row| row[at].parse().ok()).collect();
        Some(Column::number(name, Role::Other, values?))
    });
    Some(Rc::new(Table::computed(columns.collect(), Kind::Customers)))
}

/// All columns of a reference file, those that are not numbers as text; columns of a file without a header are named c0, c1, c2 …
pub fn mixed_reference(name: &str, header: bool) -> Option<Rc<Table>> {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data")).join(name);
    if !path.exists() {
        println!("skipped: 1 (reference file {name} is not at hand)");
        return None;
    }
    let mut reader = csv::ReaderBuilder::new().has_headers(header).from_path(path).unwrap();
    let names: Vec<String> = reader.headers().unwrap().iter().map(String::from).collect();
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.unwrap()).collect();
    let columns = names.iter().enumerate().map(|(at, name)| {
        let name = if header { name.clone() } else { format!("c{at}") };
        let values: Vec<&str> = rows.iter().map(|row| &row[at]).collect();
        match values.iter().map(|value| value.parse().ok()).collect::<Option<Vec<f64>>>() {
            Some(numbers) => Column::number(name, Role::Other, numbers),
            None => texts(&name, &values),
        }
    });
    Some(Rc::new(Table::computed(columns.collect(), Kind::Customers)))
}

/// A text column; empty texts are missing.
pub fn texts(name: &str, values: &[&str]) -> Column {
    let mut builder = TextsBuilder::with_capacity(values.len());
    for value in values {
        match *value {
            "" => builder.push_missing(),
            text => _ = builder.push(text),
        }
    }
    let valid = Bitmap::from_fn(values.len(), |row| !values[row].is_empty());
    Column::text(name, Role::Other, builder.finish(), valid)
}

/// A table of number columns named a, b, c … from row-major values.
pub fn table(values: &[f64], width: usize) -> Rc<Table> {
    let columns = (0..width).map(|at| {
        let name = char::from(b'a' + at as u8).to_string();
        Column::number(name, Role::Other, values.iter().skip(at).step_by(width).copied().collect())
    });
    Rc::new(Table::computed(columns.collect(), Kind::Customers))
}

/// Options from JSON; all features by one transform where `transform` is not empty.
pub fn options(table: &Table, transform: &str, leave_out: &[&str], more: &str) -> ClusterOptions {
    let features: Vec<serde_json::Value> = table
        .columns
        .iter()
        .filter(|column| !leave_out.contains(&column.name.as_str()))
        .map(|column| serde_json::json!({ "column": column.name, "transform": transform }))
        .collect();
    let mut all: serde_json::Value = serde_json::from_str(more).unwrap();
    all["features"] = features.into();
    serde_json::from_value(all).unwrap()
}

/// Runs a clustering to its end; checks on the way that progress never falls.
pub fn cluster(table: &Rc<Table>, options: ClusterOptions) -> Clustering {
    done(ClusterJob::new(table.clone(), options, 1).unwrap())
}

/// One bell-shaped number.
pub fn normal(rng: &mut Rng) -> f64 {
    (0..12).map(|_| rng.unit()).sum::<f64>() - 6.0
}

/// `rows` × `width` values around `groups` planted centres, `apart` standard deviations from each other or more.
pub fn blobs(seed: u64, rows: usize, width: usize, groups: usize, apart: f64) -> (Vec<f64>, Vec<usize>) {
    let mut rng = Rng::new(seed);
    let mut centers: Vec<Vec<f64>> = Vec::new();
    while centers.len() < groups {
        let center: Vec<f64> = (0..width).map(|_| rng.unit() * apart * groups as f64).collect();
        let far =
            |other: &Vec<f64>| other.iter().zip(&center).map(|(a, b)| (a - b) * (a - b)).sum::<f64>() >= apart * apart;
        if centers.iter().all(far) {
            centers.push(center);
        }
    }
    let mut values = Vec::with_capacity(rows * width);
    let mut labels = Vec::with_capacity(rows);
    for row in 0..rows {
        let label = row * groups / rows;
        labels.push(label);
        values.extend(centers[label].iter().map(|center| center + normal(&mut rng)));
    }
    (values, labels)
}

/// Hubert and Arabie's adjusted Rand index of two labellings; 1 for the same partition.
pub fn adjusted_rand(a: &[i32], b: &[i32]) -> f64 {
    use std::collections::BTreeMap;
    let pairs = |n: f64| n * (n - 1.0) / 2.0;
    let mut both: BTreeMap<(i32, i32), f64> = BTreeMap::new();
    let (mut left, mut right) = (BTreeMap::new(), BTreeMap::new());
    for (&x, &y) in a.iter().zip(b) {
        *both.entry((x, y)).or_default() += 1.0;
        *left.entry(x).or_insert(0.0) += 1.0;
        *right.entry(y).or_insert(0.0) += 1.0;
    }
    let shared: f64 = both.values().map(|&n| pairs(n)).sum();
    let (one, two): (f64, f64) = (left.values().map(|&n| pairs(n)).sum(), right.values().map(|&n| pairs(n)).sum());
    let chance = one * two / pairs(a.len() as f64);
    let most = (one + two) / 2.0;
    if a.len() < 2 || most == chance { 1.0 } else { (shared - chance) / (most - chance) }
}

/// A benchmark set and its reference labels (0 is noise); prints a skip and gives nothing when it is not at hand.
pub fn benchmark(name: &str) -> Option<(Rc<Table>, Vec<i32>)> {
    use std::io::Read;
    let read = |kind: &str| -> Option<Vec<Vec<f64>>> {
        let path =
            Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/cb")).join(format!("{name}.{kind}.gz"));
        let mut text = String::new();
        flate2::read::GzDecoder::new(std::fs::File::open(path).ok()?).read_to_string(&mut text).unwrap();
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        Some(lines.map(|line| line.split_whitespace().map(|cell| cell.parse().unwrap()).collect()).collect())
    };
    let (Some(rows), Some(labels)) = (read("data"), read("labels0")) else {
        println!("skipped: 1 (benchmark set {name} is not at hand)");
        return None;
    };
    let width = rows[0].len();
    Some((table(&rows.concat(), width), labels.concat().into_iter().map(|label| label as i32).collect()))
}
