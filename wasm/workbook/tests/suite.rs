//! What do we read from workbooks of many programs? The same as openpyxl, cell by cell; what cannot be compared is counted.

mod common;

use common::{convert, files, open, suite};
use marquetry::error::Code;
use marquetry_workbook::book::Choice;
use serde_json::Value;
use std::collections::BTreeMap;

/// Cells of CSV by row and column, from 0; blank lines count.
fn cells(csv: &str) -> BTreeMap<(usize, usize), String> {
    let (mut found, mut at, mut text, mut quoted) = (BTreeMap::new(), (0, 0), String::new(), false);
    let mut letters = csv.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => text.extend(letters.next()),
            '"' => quoted = !quoted,
            ',' | '\n' if !quoted => {
                if !text.is_empty() {
                    found.insert(at, std::mem::take(&mut text));
                }
                at = if letter == ',' { (at.0, at.1 + 1) } else { (at.0 + 1, 0) };
            }
            _ => text.push(letter),
        }
    }
    found
}

/// Whether our text says what openpyxl read; `None` where the two understand the file differently on purpose.
fn agrees(kind: &str, value: &Value, ours: Option<&str>) -> Option<bool> {
    let same_number = |wanted: f64, ours: &str| {
        ours.parse::<f64>().is_ok_and(|ours| (ours - wanted).abs() <= 1e-9 * wanted.abs().max(1.0))
    };
    Some(match (kind, ours) {
        // Failed calculations are missing.
        ("e", ours) => ours.is_none(),
        // Blank text is no value.
        (_, None) => value.as_str().is_some_and(|text| text.trim().is_empty()),
        ("n", Some(ours)) => same_number(value.as_f64()?, ours),
        ("b", Some(ours)) => ours == if value.as_bool().unwrap_or(value == 1) { "true" } else { "false" },
        ("d", Some(ours)) => {
            let wanted = value.as_str()?;
            let (day, time) = wanted.split_once('T').unwrap_or((wanted, "00:00:00"));
            let (our_day, our_time) = ours.split_once('T').unwrap_or((ours, "00:00:00"));
            // openpyxl reads serial numbers below 1 as times, and says so with another kind.
            day == our_day && seconds(time)? - seconds(our_time)? < 0.01
        }
        ("t", Some(ours)) => (seconds(value.as_str()?)? - seconds(ours)?).abs() < 0.01,
        ("td", Some(ours)) => (value.as_f64()? - seconds(ours)?).abs() < 0.01,
        // openpyxl keeps the blanks around text, and line ends as they stand.
        (_, Some(ours)) => plain(value.as_str()?) == plain(ours),
    })
}

fn plain(text: &str) -> String {
    text.replace("\r\n", "\n").replace("_x000D_", "\r").replace('\r', "\n").trim().replace("\n\n", "\n")
}

fn seconds(clock: &str) -> Option<f64> {
    let (sign, clock) = clock.strip_prefix('-').map_or((1.0, clock), |rest| (-1.0, rest));
    let parts: Option<Vec<f64>> = clock.split(':').map(|part| part.parse().ok()).collect();
    match parts?.as_slice() {
        [hours, minutes, seconds] => Some(sign * (hours * 3600.0 + minutes * 60.0 + seconds)),
        _ => None,
    }
}

#[test]
fn every_excel_file_reads_as_openpyxl_reads_it() {
    let Ok(packed) = std::fs::read(suite("xlsx-calamine").join("expected-openpyxl.json.xz")) else {
        println!("skipped: 1 (no suite xlsx-calamine)");
        return;
    };
    let mut json = Vec::new();
    lzma_rs::xz_decompress(&mut packed.as_slice(), &mut json).expect("xz");
    let expected: BTreeMap<String, Value> = serde_json::from_slice(&json).expect("JSON");
    let (mut compared, mut wrong, mut left_out, mut refused) = (0, Vec::new(), BTreeMap::new(), Vec::new());
    let all = files("xlsx-calamine", &["xlsx", "xlsm"]);
    for (name, bytes) in &all {
        let mut book = match open(bytes) {
            Ok(book) => book,
            Err(error) => {
                println!("{name}: {error}");
                refused.push((name.as_str(), error.code));
                continue;
            }
        };
        let Some(sheets) = expected[name.as_str()]["sheets"].as_object() else {
            *left_out.entry("files that openpyxl cannot read").or_insert(0) += 1;
            for sheet in book.sheets().to_vec().iter().filter(|sheet| sheet.rows > 0) {
                convert(&mut book, Some(&Choice::Name(sheet.name.clone())))
                    .unwrap_or_else(|error| panic!("{name}: {error}"));
            }
            continue;
        };
        for (sheet, wanted) in sheets {
            let Some(found) = book.sheets().iter().find(|found| found.name == *sheet).cloned() else {
                *left_out.entry("chart sheets").or_insert(0) += 1;
                continue;
            };
            assert_eq!(found.visible, wanted["state"] == "visible", "{name} {sheet}");
            let list = wanted["cells"].as_array().expect("cells");
            let ours = match convert(&mut book, Some(&Choice::Name(sheet.clone()))) {
                Ok((converted, csv)) => {
                    let corner = converted.first;
                    cells(&csv)
                        .into_iter()
                        .map(|((row, column), text)| ((row + corner.0 as usize, column + corner.1 as usize), text))
                        .collect()
                }
                Err(error) if error.code == Code::NoRows => BTreeMap::new(),
                Err(error) => panic!("{name} {sheet}: {error}"),
            };
            for cell in list {
                let [row, column] = [0, 1].map(|at| cell[at].as_u64().expect("a place") as usize - 1);
                let kind = cell[2].as_str().expect("a kind");
                let ours = ours.get(&(row, column)).map(String::as_str);
                match agrees(kind, &cell[3], ours) {
                    Some(true) => compared += 1,
                    Some(false) => wrong.push(format!(
                        "{name} {sheet} row {} column {}: {kind} {} but {ours:?}",
                        row + 1,
                        column + 1,
                        cell[3]
                    )),
                    None => *left_out.entry("cells of a kind that cannot be compared").or_insert(0) += 1,
                }
            }
        }
    }
    println!("{} files, {compared} cells compared, left out: {left_out:?}", all.len());
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong[..wrong.len().min(60)].join("\n"));
    // The first has a part with a wrong checksum; openpyxl refuses both too.
    assert_eq!(refused, [("issue252.xlsx", Code::BadWorkbook), ("pass_protected.xlsx", Code::PasswordProtected)]);
    assert!(compared > 1_300);
}

#[test]
fn opendocument_files_open() {
    let mut refused = Vec::new();
    for (name, bytes) in files("xlsx-calamine", &["ods"]) {
        match open(&bytes) {
            Ok(mut book) => {
                for sheet in book.sheets().to_vec().iter().filter(|sheet| sheet.rows > 0) {
                    let (converted, csv) = convert(&mut book, Some(&Choice::Name(sheet.name.clone())))
                        .unwrap_or_else(|error| panic!("{name}: {error}"));
                    println!(
                        "{name} {}: {} rows, {} bytes {:?}",
                        sheet.name,
                        converted.rows,
                        csv.len(),
                        csv.lines().next()
                    );
                }
            }
            Err(error) => refused.push((name, error.code)),
        }
    }
    println!("refused: {refused:?}");
    let known = [("issue_594_dos.ods", Code::LimitExceeded), ("pass_protected.ods", Code::PasswordProtected)];
    assert!(refused.iter().all(|(name, code)| known.contains(&(name.as_str(), *code))), "{refused:?}");
}

#[test]
fn older_and_binary_formats_say_what_to_do() {
    for (name, bytes) in files("xlsx-calamine", &["xls", "xlsb"]) {
        let error = open(&bytes).expect_err(&name);
        let locked = name.starts_with("pass_protected");
        // This one is an empty stub and nothing that a program wrote.
        if name == "too_small.xls" {
            assert_eq!(error.code, Code::BadWorkbook);
            continue;
        }
        let wanted = if locked { Code::PasswordProtected } else { Code::Unsupported };
        assert!(error.code == wanted && (locked || error.message.contains("Save it as .xlsx")), "{name}: {error}");
    }
}
