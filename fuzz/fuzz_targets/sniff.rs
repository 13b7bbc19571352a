//! Any first bytes have an encoding, a shape and a preview, or a typed error.
#![no_main]

use libfuzzer_sys::fuzz_target;
use marquetry::read::encoding::detect;
use marquetry::read::options::ReadOptions;
use marquetry::read::preview::preview;

fuzz_target!(|bytes: &[u8]| {
    let options = ReadOptions::default();
    for whole in [true, false] {
        let encoding = detect(bytes, whole, &options);
        assert!((0.0..=1.0).contains(&encoding.confidence), "{encoding:?}");
        let total = bytes.len() as u64 + if whole { 0 } else { 1 << 20 };
        if let Ok(found) = preview(bytes, total, &encoding, &options) {
            assert!(found.rows.iter().all(|row| row.len() == found.columns.len()));
        }
    }
});
