//! Hostile and damaged workbooks are refused with a typed error, or give a small right table: quickly, and with little memory.

mod common;

use common::{files, open, read, rows, xlsx, zip};
use marquetry::error::{Code, Error};
use marquetry::job::run;
use marquetry_workbook::book::{Book, Choice};
use marquetry_workbook::bytes::Bytes;
use marquetry_workbook::look::Look;
use proptest::prelude::*;
use std::time::{Duration, Instant};

fn refused(bytes: &[u8]) -> Error {
    match read(bytes) {
        Ok((_, csv)) => panic!("was read as {csv:?}"),
        Err(error) => error,
    }
}

#[test]
fn the_generated_hostile_suite_is_answered() {
    let all = files("xlsx-generated-hostile", &["xlsx"]);
    let mut refusals = Vec::new();
    for (name, bytes) in &all {
        let began = Instant::now();
        match (read(bytes), name.as_str()) {
            // A cell that claims a wrong extent for its sheet, or a strange header, harms nobody.
            (Ok((converted, csv)), "ok.xlsx" | "far-dimension.xlsx" | "header-proto-formula.xlsx") => {
                assert_eq!((converted.rows, csv.lines().count()), (2, 2), "{name}");
                assert_eq!(csv.lines().nth(1), Some("1,2.5"), "{name}");
            }
            (Ok((_, csv)), _) => panic!("{name} was read as {csv:?}"),
            (Err(error), _) => {
                assert!(matches!(error.code, Code::BadWorkbook | Code::LimitExceeded), "{name}: {error}");
                refusals.push(format!("{name}: {error}"));
            }
        }
        assert!(began.elapsed() < Duration::from_secs(2), "{name} took {:?}", began.elapsed());
    }
    println!("{}", refusals.join("\n"));
    assert_eq!(refusals.len(), all.len().saturating_sub(3), "{refusals:#?}");
}

#[test]
fn what_is_no_workbook_is_named() {
    assert_eq!(refused(b"\xD0\xCF\x11\xE0 an old one").code, Code::Unsupported);
    let mut locked = b"\xD0\xCF\x11\xE0".to_vec();
    locked.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(refused(&locked).code, Code::PasswordProtected);
    assert_eq!(refused(&zip(&[("readme.txt", b"a")])).code, Code::NotText);
    assert_eq!(refused(&zip(&[("_rels/.rels", b"<a/>"), ("xl/workbook.bin", b"a")])).code, Code::Unsupported);
    let manifest = b"<m><file-entry><encryption-data/></file-entry></m>";
    let ods = zip(&[("content.xml", b"<a/>"), ("META-INF/manifest.xml", manifest)]);
    assert_eq!(refused(&ods).code, Code::PasswordProtected);
    let mut encrypted = zip(&[("_rels/.rels", b"<a/>")]);
    let entry = encrypted.windows(4).position(|four| four == b"PK\x01\x02").expect("an entry");
    encrypted[entry + 8] = 1;
    assert_eq!(refused(&encrypted).code, Code::PasswordProtected);
}

#[test]
fn sizes_are_measured() {
    let body = rows(&[r#"<c r="A1"><v>1</v></c>"#]);
    let honest = xlsx(&[("A", "visible", &body)], false, &[("xl/empty.xml", b"")]);
    assert_eq!(read(&honest).expect("a table").1, "1\n");
    let entries = || honest.windows(4).enumerate().filter(|(_, four)| *four == b"PK\x01\x02").map(|(at, _)| at);
    for entry in entries().take(entries().count() - 1) {
        for size in [0_u8, 1, 200] {
            let mut lying = honest.clone();
            lying[entry + 24] = size;
            assert_eq!(refused(&lying).code, Code::BadWorkbook);
        }
    }
}

#[test]
fn a_document_type_is_found_in_any_part_and_encoding() {
    let body = rows(&[r#"<c r="A1"><v>1</v></c>"#]);
    let evil = "<!DOCTYPE a [<!ENTITY b \"c\">]><a/>";
    let wide = |big: bool| -> Vec<u8> {
        let text = format!("<?xml version='1.0' encoding='UTF-16'?>{evil}");
        let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
        units.flat_map(|unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    };
    let late = format!("<a><!-- > -->{evil}</a>");
    let coded = format!("<?xml version='1.0' encoding='utf-7'?>{evil}");
    let marked = [b"\xEF\xBB\xBF \n".as_slice(), evil.as_bytes()].concat();
    for bad in
        [evil.as_bytes(), late.as_bytes(), coded.as_bytes(), &wide(true), &wide(false), &wide(false)[2..], &marked]
    {
        for part in ["xl/sharedStrings.xml", "docProps/app.xml", "xl/worksheets/sheet1.xml", "customXml/item1.xml"] {
            let error = refused(&xlsx(&[("A", "visible", &body)], false, &[(part, bad)]));
            assert_eq!(error.code, Code::BadWorkbook, "{part}: {error}");
        }
    }
    // The same characters as a cell's text are no document type.
    let text = rows(&[r#"<c r="A1" t="str"><v><![CDATA[<!DOCTYPE a>]]></v></c>"#, r#"<c r="A2" t="str"><v>x</v></c>"#]);
    assert!(open(&xlsx(&[("A", "visible", &text)], false, &[])).is_ok());
}

#[test]
fn claims_are_not_believed() {
    let body = rows(&[r#"<c r="A1"><v>1</v></c>"#]);
    let sheet = |body: &str| xlsx(&[("A", "visible", body)], false, &[]);
    let texts = |bytes: &[u8]| xlsx(&[("A", "visible", &body)], false, &[("xl/sharedStrings.xml", bytes)]);
    for bad in [
        texts(b"<sst uniqueCount='4000000000'/>"),
        texts(b"<a><sst uniqueCount='99999999999999999999999'></sst></a>"),
        sheet(&format!("<dimension ref='C3:A1'/>{body}")),
        sheet(&format!("<dimension ref='A1:ZZZZZZ9'/>{body}")),
        sheet("<sheetData><row r='99999999'><c><v>1</v></c></row></sheetData>"),
        sheet("<sheetData><row r='1048576'><c><v>1</v></c></row><row><c><v>1</v></c></row></sheetData>"),
        sheet("<sheetData><row><c r='XFE1'><v>1</v></c></row></sheetData>"),
        sheet("<sheetData><row r='2'><c r='A2'><v>1</v></c></row><row r='1'><c r='A1'><v>1</v></c></row></sheetData>"),
        sheet("<sheetData><row><c><v>1</v></row></c></sheetData>"),
        sheet("<sheetData><row><c><v>1</v></c></row>"),
        sheet(&format!("<sheetData>{}{}</sheetData>", "<x>".repeat(300), "</x>".repeat(300))),
        sheet(&format!("<sheetData a=\"{}\"/>", "x".repeat(2 << 20))),
    ] {
        let error = refused(&bad);
        assert_eq!(error.code, Code::BadWorkbook, "{error}");
    }
    let far = rows(&[r#"<c r="A1"><v>1</v></c><c r="XFD1"><v>1</v></c>"#]);
    assert_eq!(refused(&sheet(&far)).code, Code::LimitExceeded);
}

/// An OpenDocument file with this body of one sheet.
fn ods(body: &str) -> Vec<u8> {
    let content = format!(
        "<office:document-content><office:body><office:spreadsheet><table:table table:name=\"S\">{body}</table:table></office:spreadsheet></office:body></office:document-content>"
    );
    zip(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", content.as_bytes()),
        ("META-INF/manifest.xml", b"<manifest:manifest></manifest:manifest>"),
    ])
}

#[test]
fn repetitions_are_counted_before_they_are_made() {
    let cell = |attributes: &str| {
        format!("<table:table-cell office:value-type=\"float\" office:value=\"1\" {attributes}></table:table-cell>")
    };
    let row = |attributes: &str, cells: &str| format!("<table:table-row {attributes}>{cells}</table:table-row>");
    let (csv, end) = (read(&ods(&row("table:number-rows-repeated=\"3\"", &cell("")))).expect("a table").1, row("", ""));
    assert_eq!(csv, "1\n1\n1\n");
    let empty = "<table:table-cell table:number-columns-repeated=\"16000\"/><table:table-cell/>";
    for bad in [
        row("table:number-rows-repeated=\"1048576\"", &cell("table:number-columns-repeated=\"16384\"")),
        row("", &cell(""))
            + &row("table:number-rows-repeated=\"900000\"", "<table:table-cell/>")
            + &row("", &cell("table:number-columns-repeated=\"100\"")),
        row("", empty).repeat(1_000),
        row(
            "",
            "<table:table-cell office:value-type=\"string\"><text:p><text:s text:c=\"4000000000\"/></text:p></table:table-cell>",
        ),
        row("", &cell("table:number-columns-repeated=\"many\"")) + &end,
    ] {
        let error = refused(&ods(&bad));
        assert!(matches!(error.code, Code::BadWorkbook | Code::LimitExceeded), "{error}");
    }
}

/// A small generator of numbers; the same at every run.
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *state >> 33
}

#[test]
fn cut_and_flipped_copies_of_every_fixture_are_answered() {
    let mut all = files("xlsx-calamine", &["xlsx", "xlsm", "ods"]);
    all.push(("generated".into(), xlsx(&[("A", "visible", &rows(&[r#"<c r="A1" t="s"><v>0</v></c>"#]))], true, &[])));
    let (mut tables, mut errors, mut state) = (0, 0, 7);
    for (name, bytes) in all.iter().filter(|(_, bytes)| bytes.len() < 400_000) {
        for round in 0..12 {
            let mut copy = bytes.clone();
            if round % 3 == 0 {
                copy.truncate((next(&mut state) as usize) % copy.len());
            } else {
                // Flips near the end meet the archive's list, others its parts.
                for _ in 0..=round {
                    let from = if round % 3 == 1 { copy.len().saturating_sub(2_000) } else { 0 };
                    let at = from + next(&mut state) as usize % (copy.len() - from);
                    copy[at] ^= 1 << (next(&mut state) % 8);
                }
            }
            let began = Instant::now();
            let answer = std::panic::catch_unwind(|| read(&copy).map(|_| ()));
            assert!(began.elapsed() < Duration::from_secs(5), "{name}, round {round}: {:?}", began.elapsed());
            match answer {
                Ok(Ok(())) => tables += 1,
                Ok(Err(_)) => errors += 1,
                Err(_) => panic!("{name}, round {round} panicked"),
            }
        }
    }
    println!("{tables} tables, {errors} typed errors");
    assert!(errors > 0);
}

#[test]
fn flipped_markup_of_unpacked_parts_is_answered() {
    // Most flips in packed bytes break the packing; these reach the reader behind it.
    let body = rows(&[
        r#"<c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>b</t></is></c>"#,
        r#"<c r="A2" s="1"><v>44197.5</v></c><c r="B2" t="e"><v>#N/A</v></c><c r="C2" t="b"><v>1</v></c>"#,
        r#"<c r="A3"><f>1+1</f><v>2</v></c><c r="B3" t="d"><v>2021-01-01T00:00:00</v></c>"#,
    ]);
    let text = "<table:table-row table:number-rows-repeated=\"2\"><table:table-cell office:value-type=\"string\"><text:p>a<text:s text:c=\"2\"/></text:p></table:table-cell><table:table-cell table:number-columns-repeated=\"3\"/><table:covered-table-cell office:value-type=\"date\" office:date-value=\"2021-01-01\"/></table:table-row>";
    let texts = "<sst uniqueCount=\"2\"><si><t>name</t></si><si><r><t>a</t></r><rPh><t>b</t></rPh></si></sst>";
    let book = "<workbook><workbookPr date1904=\"1\"/><sheets><sheet name=\"A\" r:id=\"rId1\"/></sheets><definedNames><definedName name=\"a\">A1</definedName></definedNames></workbook>";
    let styles = "<styleSheet><numFmts count=\"1\"><numFmt numFmtId=\"170\" formatCode=\"[h]:mm\"/></numFmts><fonts><font><sz val=\"11\"/><color theme=\"1\"/></font></fonts><cellXfs count=\"2\"><xf numFmtId=\"0\"/><xf numFmtId=\"170\" applyAlignment=\"1\"><alignment indent=\"1\"/></xf></cellXfs></styleSheet>";
    let (mut tables, mut errors, mut state) = (0, 0, 11);
    for (part, original) in [
        ("", body.as_str()),
        ("ods", text),
        ("xl/sharedStrings.xml", texts),
        ("xl/workbook.xml", book),
        ("xl/styles.xml", styles),
    ] {
        for _ in 0..2_000 {
            let mut copy = original.as_bytes().to_vec();
            for _ in 0..=next(&mut state) % 3 {
                let at = next(&mut state) as usize % copy.len();
                copy[at] = b"<>/\"= 0129AZ:az!?&;\xFF"[next(&mut state) as usize % 20];
            }
            let copy = String::from_utf8_lossy(&copy).into_owned();
            let bytes = match part {
                "ods" => ods(&copy),
                "" => xlsx(&[("A", "visible", &copy)], false, &[]),
                part => xlsx(&[("A", "visible", &body)], false, &[(part, copy.as_bytes())]),
            };
            let began = Instant::now();
            match std::panic::catch_unwind(|| read(&bytes).map(|_| ())) {
                Ok(Ok(())) => tables += 1,
                Ok(Err(_)) => errors += 1,
                Err(_) => panic!("panicked on {part} {copy:?}"),
            }
            assert!(began.elapsed() < Duration::from_secs(5), "{part} {copy:?}");
        }
    }
    println!("{tables} tables, {errors} typed errors");
    assert!(tables > 100 && errors > 100);
}

#[test]
fn sheets_are_chosen_by_name_and_place() {
    let one = rows(&[r#"<c r="A1"><v>1</v></c>"#]);
    let two = rows(&[r#"<c r="A1"><v>2</v></c>"#, r#"<c r="A2"><v>3</v></c>"#]);
    let bytes =
        xlsx(&[("Secret", "hidden", &one), ("Empty", "visible", &rows(&[])), ("Orders", "visible", &two)], false, &[]);
    let mut book = open(&bytes).expect("a workbook");
    assert_eq!(book.choose(None).expect("a sheet"), 2);
    let question = book.question(2).expect("a question");
    assert_eq!((question.choices, question.taken.as_str()), (vec!["Secret".into(), "Orders".into()], "Orders"));
    assert!(question.evidence.contains("Orders (2 × 1)") && question.evidence.contains("Secret (1 × 1, hidden)"));
    assert_eq!(common::convert(&mut book, Some(&Choice::Name("secret".into()))).expect("a sheet").1, "1\n");
    assert_eq!(book.choose(Some(&Choice::Index(2))).expect("a sheet"), 2);
    assert_eq!(book.choose(Some(&Choice::Index(1))).unwrap_err().code, Code::NoRows);
    let error = book.choose(Some(&Choice::Name("Order".into()))).unwrap_err();
    assert_eq!((error.code, error.details.suggestions.len()), (Code::NotFound, 3));
    assert_eq!(book.choose(Some(&Choice::Index(3))).unwrap_err().code, Code::NotFound);
}

#[test]
fn a_preview_looks_at_the_beginning_of_a_long_sheet() {
    let cells = |row: usize| format!("<row><c><v>{row}</v></c><c t=\"str\"><v>{}</v></c></row>", "x".repeat(60));
    let body: String = (0..60_000).map(cells).collect();
    let bytes = xlsx(&[("A", "visible", &format!("<sheetData>{body}</sheetData>"))], false, &[]);
    let look = Look::new(Bytes::new(bytes.clone())).expect("a workbook").brief();
    let mut book = Book::open(run(&mut { look }, &[]).expect("a look").0).expect("a book");
    let rows = book.sheets()[0].rows;
    assert!((59_000..61_000).contains(&rows), "{rows}");
    let (converted, csv) = run(&mut book.convert(0, Some(500)).expect("a job"), &[]).expect("a table");
    assert_eq!(
        (converted.rows, csv.iter().filter(|byte| **byte == b'\n').count(), converted.of_rows),
        (500, 500, rows)
    );
    let whole = read(&bytes).expect("a table");
    assert!(whole.1.as_bytes().starts_with(&csv) && whole.0.rows == 60_000);
}

#[test]
fn cells_become_text_and_oddities_are_counted() {
    let body = rows(&[
        "",
        r#"<c r="B2" t="s"><v>0</v></c><c r="C2" t="s"><v>1</v></c><c r="D2" t="inlineStr"><is><t>when</t></is></c>"#,
        r#"<c r="B3" t="str"><v>A, "B"</v></c><c r="C3"><v>0.1</v></c><c r="D3" s="1"><v>60</v></c>"#,
        r#"<c r="B4" t="b"><v>1</v></c><c r="C4" t="e"><v>#N/A</v></c><c r="D4" s="2"><v>44197.5</v></c>"#,
        "",
        r#"<c r="B6"><f>A1</f></c><c r="C6" t="e"><v>#SPILL!</v></c><c r="D6" s="3"><v>1.25</v></c>"#,
    ]) + r#"<mergeCells><mergeCell ref="B2:B3"/></mergeCells>"#;
    let (converted, csv) = read(&xlsx(&[("A", "visible", &body)], false, &[])).expect("a table");
    assert_eq!(csv, "name,amount,when\n\"A, \"\"B\"\"\",0.1,1900-02-29\ntrue,,2021-01-01T12:00:00\n\n,,30:00:00\n");
    let told: Vec<(&str, u64)> =
        converted.findings.iter().map(|finding| (finding.code.as_str(), finding.rows)).collect();
    assert_eq!(told, [("blank-margin", 0), ("cell-error", 2), ("formula-not-computed", 0), ("merged-cells", 0)]);
    let examples = &converted.findings[1].examples;
    assert_eq!((examples[0].row, examples[0].value.as_str()), (2, "#N/A in C4"));
    assert_eq!(examples[1].value, "#SPILL!");
    assert!(converted.findings[0].message.contains("B2: 1 blank row above it and 1 blank column"));
    assert!(converted.decimals);
    let (_, csv) =
        read(&xlsx(&[("A", "visible", &rows(&[r#"<c s="1"><v>42735</v></c>"#]))], true, &[])).expect("a table");
    assert_eq!(csv, "2021-01-01\n");
}

/// What parts of workbooks are made of, in any order.
fn markup() -> impl Strategy<Value = Vec<u8>> {
    let pieces = [
        "<sheetData>",
        "</sheetData>",
        "<row>",
        "<row r=\"2\">",
        "</row>",
        "<c>",
        "<c r=\"B2\" t=\"s\">",
        "<c s=\"1\">",
        "</c>",
        "<v>",
        "</v>",
        "<sst uniqueCount=\"3\">",
        "</sst>",
        "<si>",
        "</si>",
        "<t>",
        "</t>",
        "<styleSheet>",
        "<cellXfs>",
        "<xf numFmtId=\"14\"/>",
        "<workbook>",
        "<sheets>",
        "<sheet name=\"A\" r:id=\"rId1\"/>",
        "</sheets>",
        "</workbook>",
        "<table:table table:name=\"S\">",
        "<table:table-row table:number-rows-repeated=\"9\">",
        "</table:table-row>",
        "</table:table>",
        "<text:p>",
        "</text:p>",
        "<table:table-cell office:value-type=\"float\" office:value=\"1\">",
        "</table:table-cell>",
        "1",
        "-",
        "e9",
        "&amp;",
        "&#0;",
        "<!--",
        "-->",
        "]]>",
    ];
    let piece = prop_oneof![
        9 => prop::sample::select(pieces.to_vec()).prop_map(|piece| piece.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 1..4),
    ];
    (any::<u8>(), prop::collection::vec(piece, 0..40)).prop_map(|(part, pieces)| [vec![part], pieces.concat()].concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), markup in markup()) {
        common::law(&bytes);
        common::law(&markup);
    }
}
