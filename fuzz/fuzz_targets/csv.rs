//! Any bytes are a table or a typed error, and the same one in pieces.
#![no_main]

use libfuzzer_sys::fuzz_target;
use marquetry::job::run;
use marquetry::read::cells::{block_range, for_each_row};
use marquetry::read::encoding::Encoding;
use marquetry::read::options::ReadOptions;
use marquetry::read::reader::ReadJob;

fuzz_target!(|bytes: &[u8]| {
    let read = |chunk: u64| {
        let job = ReadJob::new(bytes.len() as u64, Encoding::utf8(), ReadOptions::default())?;
        run(&mut job.with_chunk(chunk), bytes).map(|(table, _)| table)
    };
    let (whole, pieces) = (read(u64::MAX), read(7));
    assert_eq!(format!("{whole:?}"), format!("{pieces:?}"));
    let Ok(table) = whole else { return };
    assert!(table.columns.iter().all(|column| column.len() == table.row_count));
    let Some(layout) = table.layout.as_ref() else { return };
    let mut rows = 0;
    for block in 0..layout.starts.len() {
        let range = block_range(layout, block);
        let cells = &bytes[range.start as usize..range.end as usize];
        for_each_row(&table.dialect, layout, cells, &mut |_| rows += 1);
    }
    assert_eq!(rows, table.row_count);
});
