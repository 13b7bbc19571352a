//! What holds for every file: chunks do not matter, what is written is read, nothing makes the reader panic, and original
//! cells are the file's own.

use crate::common::shared;
use marquetry::error::Result;
use marquetry::job::run;
use marquetry::read::cells::{block_range, for_each_row};
use marquetry::read::encoding::{Encoding, detect};
use marquetry::read::options::ReadOptions;
use marquetry::read::preview::preview;
use marquetry::read::reader::ReadJob;
use marquetry::table::column::Data;
use marquetry::table::table::Table;
use proptest::prelude::*;

fn read(bytes: &[u8], chunk: u64, options: &ReadOptions) -> Result<Table> {
    let job = ReadJob::new(bytes.len() as u64, Encoding::utf8(), options.clone())?;
    run(&mut job.with_chunk(chunk), bytes).map(|(table, _)| table)
}

/// Equal to the bit: NaN equals NaN, so values are compared as their debug text and number columns by their bits.
fn assert_same(one: &Table, other: &Table) {
    let bits = |table: &Table| -> Vec<Vec<u64>> {
        let numbers = |data: &Data| match data {
            Data::Number(values) => values.iter().map(|value| value.to_bits()).collect(),
            _ => Vec::new(),
        };
        table.columns.iter().map(|column| numbers(&column.data)).collect()
    };
    assert_eq!(bits(one), bits(other));
    assert_eq!(format!("{one:?}"), format!("{other:?}"));
}

/// A file that changes its mind: every column looks otherwise in the first megabyte than in the rest.
fn turning_file() -> Vec<u8> {
    let mut text = String::from("id,amount,day,flag,mark,late,code\n");
    for row in 0..40_000u32 {
        text.push_str(&format!(
            "{row},{}.5,0{}/0{}/2026,yes,1.234,,{}\n",
            row % 100,
            row % 9 + 1,
            row % 8 + 1,
            row % 50 + 10
        ));
    }
    for row in 0..40_000u32 {
        let day = row % 28 + 1;
        text.push_str(&format!(
            "x{row},about {row},0{}/{day:02}/2026,maybe,\"1.234,5\",{row},0{}\n",
            row % 9 + 1,
            row % 50
        ));
    }
    text.into_bytes()
}

#[test]
fn totals_overrule_the_beginning() {
    let bytes = turning_file();
    assert!(bytes.len() > 2 << 20);
    let table = read(&bytes, 4 << 20, &ReadOptions::default()).expect("a table");
    let kinds: Vec<String> = table.columns.iter().map(|column| format!("{:?}", column.kind())).collect();
    assert_eq!(kinds, ["Text", "Text", "Date", "Text", "Number", "Number", "Text"]);
    assert_eq!(table.column("day").expect("a column").text_of(79_990).as_deref(), Some("2026-04-07"));
    assert_eq!(table.column("mark").expect("a column").text_of(0).as_deref(), Some("1234"));
    assert_eq!(table.column("late").expect("a column").missing(), 40_000);
    assert!(table.findings.iter().any(|finding| finding.code == "read-again"));
    for chunk in [1_000, 333_333, 1 << 20] {
        assert_same(&table, &read(&bytes, chunk, &ReadOptions::default()).expect("a table"));
    }
}

#[test]
fn wider_rows_further_down_get_their_columns() {
    let mut text = String::from("a,b\n");
    (0..300_000).for_each(|row| text.push_str(&format!("{row},1\n")));
    (0..600_000).for_each(|row| text.push_str(&format!("{row},1,{row}\n")));
    let table = read(text.as_bytes(), 4 << 20, &ReadOptions::default()).expect("a table");
    assert_eq!(table.columns.len(), 3);
    assert_eq!((table.columns[2].name.as_str(), table.columns[2].missing()), ("column_3", 300_000));
    let short = table.findings.iter().find(|finding| finding.code == "short-rows").expect("a finding");
    assert_eq!(short.rows, 300_000);
}

#[test]
fn any_split_of_a_real_file_gives_the_same_table() {
    for file in ["telco_customer_churn.csv", "CDNOW_sample.txt", "bank_additional.csv", "mall_customers.csv"] {
        let Some(bytes) = shared(&format!("data/{file}")) else { continue };
        let whole = read(&bytes, u64::MAX, &ReadOptions::default()).expect("a table");
        for chunk in [97, 4_096, 65_537] {
            assert_same(&whole, &read(&bytes, chunk, &ReadOptions::default()).expect("a table"));
        }
    }
}

#[test]
fn no_prefix_and_no_flipped_byte_of_a_real_file_panics() {
    for file in ["data/stocks.csv", "data/rfm_data_orders.csv", "suites/csv-spectrum/csvs/quotes_and_newlines.csv"] {
        let Some(bytes) = shared(file) else { continue };
        let bytes = &bytes[..bytes.len().min(1_500)];
        for end in 0..bytes.len() {
            let prefix = &bytes[..end];
            let encoding = detect(prefix, true, &ReadOptions::default());
            let _ = preview(prefix, end as u64, &encoding, &ReadOptions::default());
            let _ = read(prefix, 64, &ReadOptions::default());
            let mut flipped = bytes.to_vec();
            flipped[end] ^= 0xA5;
            let _ = read(&flipped, u64::MAX, &ReadOptions::default());
        }
    }
}

/// Every text file of the data and of the suites for CSV, by path.
fn fixtures() -> Vec<std::path::PathBuf> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared");
    let folders = [
        "data",
        "suites/csv-spectrum/csvs",
        "suites/csv-papaparse",
        "suites/csv-encodings-phpspreadsheet",
        "suites/encodings-cpython",
    ];
    let files =
        folders.iter().filter_map(|folder| std::fs::read_dir(format!("{root}/{folder}")).ok()).flatten().flatten();
    let is_text = |path: &std::path::PathBuf| {
        path.extension().is_none_or(|kind| ["csv", "txt", "tsv"].iter().any(|known| kind == *known)) && path.is_file()
    };
    let mut paths: Vec<std::path::PathBuf> = files.map(|file| file.path()).filter(is_text).collect();
    paths.sort();
    paths
}

#[test]
fn cut_and_damaged_copies_of_every_file_are_tables_or_typed_errors() {
    let paths = fixtures();
    if paths.is_empty() {
        println!("skipped: 1 (no shared data)");
        return;
    }
    let options = ReadOptions::default();
    let (mut tables, mut errors) = (0, 0);
    let mut seed = 1u32;
    let mut random = |below: usize| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 8) as usize % below.max(1)
    };
    for path in &paths {
        let Ok(bytes) = std::fs::read(path) else { continue };
        let bytes = &bytes[..bytes.len().min(2_000)];
        for at in 0..12 {
            let mut copy = bytes[..if at % 2 == 0 { bytes.len() } else { random(bytes.len()) }].to_vec();
            for _ in 0..at {
                let place = random(copy.len());
                copy.get_mut(place).into_iter().for_each(|byte| *byte ^= 1 << random(8));
            }
            let encoding = detect(&copy, true, &options);
            let _ = preview(&copy, copy.len() as u64, &encoding, &options);
            match (read(&copy, u64::MAX, &options), read(&copy, 211, &options)) {
                (Ok(one), Ok(other)) => {
                    assert_same(&one, &other);
                    tables += 1;
                }
                (Err(one), Err(other)) => {
                    assert!(one == other && !one.message.is_empty(), "{}: {one} and {other}", path.display());
                    errors += 1;
                }
                (one, other) => panic!("{}: {:?} whole, {:?} in pieces", path.display(), one.err(), other.err()),
            }
        }
    }
    println!("{} files: {tables} damaged copies are tables, {errors} typed errors", paths.len());
    assert!(tables > errors);
}

#[test]
fn original_cells_are_the_cells_of_the_file() {
    let Some(bytes) = shared("data/rfm_data_orders.csv") else { return };
    let table = read(&bytes, 50_000, &ReadOptions::default()).expect("a table");
    let layout = table.layout.as_ref().expect("a layout");
    assert_eq!(layout.starts.len(), 2);
    let mut oracle = csv::ReaderBuilder::new().flexible(true).from_reader(&bytes[..]);
    let mut expected = oracle.records();
    let mut rows = 0;
    for block in 0..layout.starts.len() {
        let range = block_range(layout, block);
        for_each_row(&table.dialect, layout, &bytes[range.start as usize..range.end as usize], &mut |row| {
            let record = expected.next().expect("a record").expect("UTF-8");
            assert_eq!(row, record.iter().map(Some).collect::<Vec<_>>());
            rows += 1;
        });
    }
    assert_eq!(rows, table.row_count);
    assert!(expected.next().is_none());
}

/// Any text but the characters that would make a line blank or a column something else than text.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-zäß ,;\"\n\r\t|']{0,8}x",
        1 => "[\"]{0,4}",
        1 => "-?[0-9]{1,6}(\\.[0-9]{1,3})?",
        1 => Just("=1+1".to_string()),
        1 => Just("€\u{202e}\u{200d}👩".to_string()),
    ]
}

fn rows() -> impl Strategy<Value = Vec<Vec<String>>> {
    (1usize..6).prop_flat_map(|width| prop::collection::vec(prop::collection::vec(cell(), width), 1..30))
}

fn written(
    rows: &[Vec<String>],
    delimiter: u8,
    newline: u8,
    style: csv::QuoteStyle,
    quote: u8,
    escaped: bool,
) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(delimiter)
        .terminator(if newline == 0 { csv::Terminator::CRLF } else { csv::Terminator::Any(newline) })
        .quote_style(style)
        .quote(quote)
        .double_quote(!escaped)
        .from_writer(Vec::new());
    let names: Vec<String> = (0..rows[0].len()).map(|at| format!("name {at}")).collect();
    writer.write_record(&names).expect("in memory");
    rows.iter().for_each(|row| writer.write_record(row).expect("in memory"));
    writer.into_inner().expect("in memory")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read(
        rows in rows(),
        delimiter in prop::sample::select(vec![b',', b';', b'\t', b'|']),
        newline in prop::sample::select(vec![0, b'\n', b'\r']),
        style in prop::sample::select(vec![csv::QuoteStyle::Necessary, csv::QuoteStyle::Always, csv::QuoteStyle::NonNumeric]),
        quote in prop::sample::select(vec![b'"', b'\'']),
        escaped: bool,
        chunk in 1u64..400,
    ) {
        let bytes = written(&rows, delimiter, newline, style, quote, escaped);
        let options = ReadOptions {
            delimiter: Some(char::from(delimiter).to_string()),
            quote: Some(char::from(quote).to_string()),
            escape: Some(if escaped { "\\".into() } else { String::new() }),
            skip_lines: Some(0),
            skip_footer: Some(0),
            header: Some(true),
            ..ReadOptions::default()
        };
        let table = read(&bytes, chunk, &options).expect("a table");
        prop_assert_eq!(table.row_count, rows.len());
        let layout = table.layout.as_ref().expect("a layout");
        let range = block_range(layout, 0);
        let mut found: Vec<Vec<Option<String>>> = Vec::new();
        for_each_row(&table.dialect, layout, &bytes[range.start as usize..range.end as usize], &mut |row| {
            found.push(row.iter().map(|cell| cell.map(String::from)).collect());
        });
        let expected: Vec<Vec<Option<String>>> =
            rows.iter().map(|row| row.iter().cloned().map(Some).collect()).collect();
        prop_assert_eq!(found, expected);
        // Text columns hold their cells byte for byte; of the others a value that is there is the cell's.
        for (at, column) in table.columns.iter().enumerate() {
            for (row, cells) in rows.iter().enumerate() {
                if let (Data::Text(texts), true) = (&column.data, column.valid.get(row)) {
                    prop_assert_eq!(texts.get(row), &cells[at]);
                }
            }
        }
        assert_same(&table, &read(&bytes, u64::MAX, &options).expect("a table"));
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(prop_oneof![
        8 => prop::sample::select(b",;\t|\"\r\n 019-./:ae\xC3\xBC\xFF\0".to_vec()),
        1 => any::<u8>(),
    ], 0..400), chunk in 1u64..60) {
        let options = ReadOptions::default();
        let encoding = detect(&bytes, true, &options);
        let ahead = preview(&bytes, bytes.len() as u64, &encoding, &options);
        match (read(&bytes, chunk, &options), read(&bytes, u64::MAX, &options)) {
            (Ok(one), Ok(other)) => {
                assert_same(&one, &other);
                prop_assert!(one.columns.iter().all(|column| column.len() == one.row_count));
                if let Ok(ahead) = ahead {
                    prop_assert_eq!(ahead.columns.len(), one.columns.len());
                }
            }
            (Err(one), Err(other)) => prop_assert_eq!(one, other),
            (one, other) => prop_assert!(false, "{:?} in pieces, {:?} whole", one.err(), other.err()),
        }
    }

    #[test]
    fn unquoted_cells_agree_with_the_oracle(text in "[a-c1-9,\"\n]{0,60}") {
        // The oracle and this reader differ, by intent, in marks that are neither doubled nor closing.
        let cells = written_plainly(&text);
        let bytes = format!("h,h\n{cells}");
        let mut oracle = csv::ReaderBuilder::new().flexible(true).from_reader(bytes.as_bytes());
        let expected: Vec<Vec<String>> =
            oracle.records().map(|record| record.expect("UTF-8").iter().take(2).map(String::from).collect()).collect();
        let options = ReadOptions {
            header: Some(true),
            delimiter: Some(",".into()),
            ..ReadOptions::default()
        };
        match read(bytes.as_bytes(), 7, &options) {
            // Titles, notes and other tables are things that the oracle does not know.
            Ok(table) if table.findings.iter().any(|finding| {
                matches!(finding.code.as_str(), "skipped-lines" | "footer-lines" | "other-tables")
            }) => {}
            Ok(table) => {
                prop_assert_eq!(table.row_count, expected.len());
                let layout = table.layout.as_ref().expect("a layout");
                let range = block_range(layout, 0);
                let mut at = 0;
                for_each_row(&table.dialect, layout, &bytes.as_bytes()[range.start as usize..range.end as usize], &mut |row| {
                    let found: Vec<String> = row.iter().take(2).flatten().map(|cell| cell.to_string()).collect();
                    assert_eq!(found, expected[at]);
                    at += 1;
                });
            }
            Err(error) => prop_assert!(expected.is_empty(), "{}", error),
        }
    }
}

/// Text in which quotation marks only stand inside unquoted cells.
fn written_plainly(text: &str) -> String {
    text.split('\n')
        .map(|line| line.split(',').map(|cell| cell.trim_start_matches('"')).collect::<Vec<_>>().join(","))
        .collect::<Vec<_>>()
        .join("\n")
}
