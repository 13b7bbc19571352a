//! Workbooks for tests: read from the shared folder, or written here part by part.
#![allow(dead_code)]

use marquetry::error::Result;
use marquetry::job::run;
use marquetry_workbook::book::{Book, Choice};
use marquetry_workbook::bytes::Bytes;
use marquetry_workbook::convert::Converted;
use marquetry_workbook::look::Look;
use std::path::PathBuf;

/// A suite beside the repository.
pub fn suite(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/suites")).join(name)
}

/// Files of a suite with these endings, by name; none and a visible line where the suite is absent.
pub fn files(name: &str, endings: &[&str]) -> Vec<(String, Vec<u8>)> {
    let Ok(folder) = std::fs::read_dir(suite(name)) else {
        println!("skipped: 1 (no suite {name})");
        return Vec::new();
    };
    let mut found: Vec<(String, Vec<u8>)> = folder
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| endings.iter().any(|ending| path.extension().is_some_and(|found| found == *ending)))
        .map(|path| {
            (path.file_name().expect("a name").to_string_lossy().into_owned(), std::fs::read(&path).expect("bytes"))
        })
        .collect();
    found.sort();
    found
}

/// A workbook, opened behind the guard.
pub fn open(bytes: &[u8]) -> Result<Book> {
    let (safe, _) = run(&mut Look::new(Bytes::new(bytes.to_vec()))?, &[])?;
    Book::open(safe)
}

/// One sheet of it as CSV.
pub fn convert(book: &mut Book, wanted: Option<&Choice>) -> Result<(Converted, String)> {
    let sheet = book.choose(wanted)?;
    let (converted, csv) = run(&mut book.convert(sheet, None)?, &[])?;
    Ok((converted, String::from_utf8(csv).expect("UTF-8")))
}

/// The sheet that is taken when nobody says.
pub fn read(bytes: &[u8]) -> Result<(Converted, String)> {
    convert(&mut open(bytes)?, None)
}

/// A stored archive of these parts.
pub fn zip(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut out, mut list) = (Vec::new(), Vec::new());
    for (name, bytes) in parts {
        let mut crc = flate2::Crc::new();
        crc.update(bytes);
        let start = out.len() as u32;
        let mut head = vec![20, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        head.extend(crc.sum().to_le_bytes());
        head.extend((bytes.len() as u32).to_le_bytes());
        head.extend((bytes.len() as u32).to_le_bytes());
        head.extend((name.len() as u16).to_le_bytes());
        head.extend([0, 0]);
        out.extend(b"PK\x03\x04");
        out.extend(&head);
        out.extend(name.as_bytes());
        out.extend(*bytes);
        list.extend(b"PK\x01\x02\x14\x00");
        list.extend(&head);
        list.extend([0; 10]);
        list.extend(start.to_le_bytes());
        list.extend(name.as_bytes());
    }
    let start = out.len() as u32;
    out.extend(&list);
    out.extend(b"PK\x05\x06\0\0\0\0");
    for _ in 0..2 {
        out.extend((parts.len() as u16).to_le_bytes());
    }
    out.extend((list.len() as u32).to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend([0, 0]);
    out
}

/// An Excel workbook of these sheets (name, state, XML between `worksheet` tags) and further parts.
///
/// Style 1 is a date, 2 a date and time, 3 a length of time; text 0 is “name”, 1 “amount”.
pub fn xlsx(sheets: &[(&str, &str, &str)], epoch_1904: bool, more: &[(&str, &[u8])]) -> Vec<u8> {
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let relation = |id: &str, kind: &str, target: &str| {
        format!(r#"<Relationship Id="{id}" Type="{OFFICE}/{kind}" Target="{target}"/>"#)
    };
    let (mut list, mut relations, mut bodies) = (String::new(), String::new(), Vec::new());
    for (at, (name, state, body)) in sheets.iter().enumerate() {
        list += &format!(r#"<sheet name="{name}" sheetId="{0}" state="{state}" r:id="rId{0}"/>"#, at + 1);
        relations += &relation(&format!("rId{}", at + 1), "worksheet", &format!("worksheets/sheet{}.xml", at + 1));
        bodies.push((format!("xl/worksheets/sheet{}.xml", at + 1), format!("<worksheet>{body}</worksheet>")));
    }
    let book =
        format!(r#"<workbook><workbookPr date1904="{}"/><sheets>{list}</sheets></workbook>"#, u8::from(epoch_1904));
    let styles = r#"<styleSheet><numFmts><numFmt numFmtId="170" formatCode="[h]:mm:ss"/></numFmts>
        <cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/><xf numFmtId="170"/></cellXfs></styleSheet>"#;
    let mut parts: Vec<(&str, Vec<u8>)> = vec![
        ("[Content_Types].xml", b"<Types/>".to_vec()),
        (
            "_rels/.rels",
            format!("<Relationships>{}</Relationships>", relation("r", "officeDocument", "xl/workbook.xml")).into(),
        ),
        ("xl/workbook.xml", book.into()),
        ("xl/_rels/workbook.xml.rels", format!("<Relationships>{relations}</Relationships>").into()),
        ("xl/styles.xml", styles.into()),
        ("xl/sharedStrings.xml", b"<sst uniqueCount=\"2\"><si><t>name</t></si><si><t>amount</t></si></sst>".to_vec()),
    ];
    parts.extend(bodies.iter().map(|(name, body)| (name.as_str(), body.clone().into_bytes())));
    for (name, bytes) in more {
        parts.retain(|(known, _)| known != name);
        parts.push((name, bytes.to_vec()));
    }
    zip(&parts.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect::<Vec<_>>())
}

/// A sheet's rows, one string of cells each; rows count from 1.
pub fn rows(cells: &[&str]) -> String {
    let rows: String =
        cells.iter().enumerate().map(|(at, row)| format!(r#"<row r="{}">{row}</row>"#, at + 1)).collect();
    format!("<sheetData>{rows}</sheetData>")
}

/// Any archive, and any text in the parts of one, is a table or a typed error: what holds for any input of the reader. The first byte
/// says what the others are.
pub fn law(bytes: &[u8]) {
    const BODY: &str = r#"<sheetData><row><c t="s"><v>0</v></c><c s="1"><v>44197.5</v></c></row></sheetData>"#;
    let Some((part, bytes)) = bytes.split_first() else { return };
    // Bytes of a whole archive rarely get past its checksums: most are tried as the text of one part.
    let named = |name: &str| xlsx(&[("A", "visible", BODY)], false, &[(name, bytes)]);
    let archive = match part % 6 {
        0 => bytes.to_vec(),
        1 => xlsx(&[("A", "visible", &String::from_utf8_lossy(bytes))], false, &[]),
        2 => named("xl/sharedStrings.xml"),
        3 => named("xl/styles.xml"),
        4 => named("xl/workbook.xml"),
        _ => zip(&[
            ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
            ("content.xml", bytes),
            ("META-INF/manifest.xml", b"<m></m>"),
        ]),
    };
    if let Ok((converted, csv)) = read(&archive) {
        assert!(csv.lines().count() as u64 >= converted.rows);
    }
}
