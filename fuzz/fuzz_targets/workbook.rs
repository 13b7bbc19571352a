//! Any archive, and any text in the parts of one, is a table or a typed error.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../wasm/workbook/tests/common/mod.rs"]
mod common;

const BODY: &str = r#"<sheetData><row><c t="s"><v>0</v></c><c s="1"><v>44197.5</v></c></row></sheetData>"#;

fuzz_target!(|bytes: &[u8]| {
    let Some((part, bytes)) = bytes.split_first() else { return };
    // Bytes of a whole archive rarely get past its checksums: most are tried as the text of one part.
    let named = |name: &str| common::xlsx(&[("A", "visible", BODY)], false, &[(name, bytes)]);
    let archive = match part % 6 {
        0 => bytes.to_vec(),
        1 => common::xlsx(&[("A", "visible", &String::from_utf8_lossy(bytes))], false, &[]),
        2 => named("xl/sharedStrings.xml"),
        3 => named("xl/styles.xml"),
        4 => named("xl/workbook.xml"),
        _ => common::zip(&[
            ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
            ("content.xml", bytes),
            ("META-INF/manifest.xml", b"<m></m>"),
        ]),
    };
    if let Ok((converted, csv)) = common::read(&archive) {
        assert!(csv.lines().count() as u64 >= converted.rows);
    }
});
