//! Any bytes are records or a typed error, the same ones in pieces, and what is written is a table of as many columns.
#![no_main]

use libfuzzer_sys::fuzz_target;
use marquetry::job::run;
use marquetry::read::encoding::Encoding;
use marquetry::read::json::JsonJob;
use marquetry::read::options::ReadOptions;
use marquetry::read::preview::preview;
use marquetry::read::reader::ReadJob;

fuzz_target!(|bytes: &[u8]| {
    let options = || ReadOptions { format: Some("json".into()), ..ReadOptions::default() };
    let rewrite = |chunk: u64| {
        let mut job = JsonJob::new(bytes.len() as u64, options())?.with_chunk(chunk);
        run(&mut job, bytes)
    };
    let (whole, pieces) = (rewrite(u64::MAX), rewrite(7));
    assert_eq!(format!("{whole:?}"), format!("{pieces:?}"));
    let _ = preview(bytes, bytes.len() as u64 + 1, &Encoding::utf8(), &options());
    let Ok((origin, csv)) = whole else { return };
    let width = origin.width;
    let job = ReadJob::new(csv.len() as u64, Encoding::utf8(), ReadOptions::default().rewritten(origin));
    if let Ok((table, _)) = job.and_then(|mut job| run(&mut job, &csv)) {
        assert_eq!(table.columns.len(), width);
    }
});
