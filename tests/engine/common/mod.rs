//! What the promises share: finding the shared data, and driving the line over bytes in memory.

pub mod cluster_data;
pub mod done;
pub mod laws;
pub mod rules;
pub mod twin;

use marquetry::job::run;
use marquetry::read::encoding::detect;
use marquetry::read::options::ReadOptions;
use marquetry::study::load::{FoldJob, FoldOptions, LoadJob};
use marquetry::table::table::Table;
use std::path::PathBuf;
use std::rc::Rc;

/// The bytes of a shared file; says so, visibly, when it is not there.
pub fn shared(path: &str) -> Option<Vec<u8>> {
    let full = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared")).join(path);
    let bytes = std::fs::read(&full).ok();
    if bytes.is_none() {
        println!("skipped: 1 ({} is not there)", full.display());
    }
    bytes
}

/// Reads UTF-8 bytes as a file dropped on the page would be read.
pub fn load(bytes: &[u8]) -> Table {
    let options = ReadOptions::default();
    let encoding = detect(bytes, true, &options);
    let mut job = LoadJob::new(bytes.len() as u64, encoding, options).expect("readable options");
    run(&mut job, bytes).expect("a readable file").0
}

/// Folds order lines as of a day.
pub fn fold(lines: Table, reference_date: Option<&str>) -> Table {
    let mut options = FoldOptions::default();
    options.columns.reference_date = reference_date.map(String::from);
    let mut job = FoldJob::new(Rc::new(lines), &options, None).expect("foldable lines");
    run(&mut job, &[]).expect("customers").0
}
