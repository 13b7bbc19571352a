//! What holds for every JSON file: pieces do not matter, what is written is read, the syntax is the standard's, and nothing
//! makes the reader panic.

use crate::common::shared;
use marquetry::error::{Code, Error, Result};
use marquetry::job::{Job, Step, run};
use marquetry::read::cells::{block_range, for_each_row};
use marquetry::read::encoding::Encoding;
use marquetry::read::json::JsonJob;
use marquetry::read::options::ReadOptions;
use marquetry::read::origin::Origin;
use marquetry::read::preview::preview;
use marquetry::study::load::LoadJob;
use marquetry::table::column::Data;
use marquetry::table::table::Table;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

fn options(json: Value) -> ReadOptions {
    serde_json::from_value(json).expect("options")
}

fn convert_by(bytes: &[u8], options: &ReadOptions, chunk: u64) -> Result<(String, Origin)> {
    let mut job = JsonJob::new(bytes.len() as u64, options.clone())?.with_chunk(chunk);
    run(&mut job, bytes).map(|(origin, csv)| (String::from_utf8(csv).expect("UTF-8"), origin))
}

fn convert(text: &str) -> Result<(String, Origin)> {
    convert_by(text.as_bytes(), &options(json!({ "format": "json" })), u64::MAX)
}

fn csv(text: &str) -> String {
    convert(text).unwrap_or_else(|error| panic!("{text}: {error}")).0
}

fn fault(text: &str) -> Error {
    convert(text).expect_err(text)
}

fn load(text: &str) -> Table {
    let (csv, origin) = convert_by(text.as_bytes(), &ReadOptions::default(), u64::MAX).expect("records");
    let mut job =
        LoadJob::new(csv.len() as u64, Encoding::utf8(), ReadOptions::default().rewritten(origin)).expect("a job");
    run(&mut job, csv.as_bytes()).expect("a table").0
}

#[test]
fn every_form_becomes_the_same_rows() {
    let expected = "name,age\nZoë,41\n\"a,\"\"b\"\"\",\n";
    for text in [
        r#"[{"name":"Zoë","age":41},{"name":"a,\"b\"","age":null}]"#,
        r#"[{"age" : 41 , "name" : "Zo\u00eb"}]"#,
        "\u{feff} { \"name\":\"Zoë\",\"age\":41}\r\n\r\n{\"name\":\"a,\\\"b\\\"\"}\r\n",
        r#"{"name":["Zoë","a,\"b\""],"age":[41]}"#,
        r#"{"meta":{"page":1},"data":{"customers":[{"name":"Zoë","age":41},{"name":"a,\"b\""}]},"next":null}"#,
        r#"[["name","age"],["Zoë",41],["a,\"b\"",null]]"#,
        "[\"name\",\"age\"]\n[\"Zoë\",41]\n[\"a,\\\"b\\\"\",null]",
    ] {
        if text.contains("Zo\\u") {
            assert_eq!(csv(text), "age,name\n41,Zoë\n");
        } else {
            assert_eq!(csv(text), expected, "{text}");
        }
    }
    assert_eq!(
        csv(r#"{"name":"Ann","address":{"zip":"01234","tags":["a","b"]}}"#),
        "name,address.zip,address.tags\nAnn,01234,\"[\"\"a\"\",\"\"b\"\"]\"\n"
    );
    assert_eq!(csv("[[1,2],[3]]"), ",\"\"\n1,2\n3\n".replace(",\"\"\n", ",\n"));
}

#[test]
fn columns_are_the_union_of_names_in_the_order_they_are_met() {
    assert_eq!(
        csv(r#"[{"b":1,"n":null},{"a":{"x":1,"y":{"z":2}},"b":2},{"n":{"k":3},"e":{},"a":4}]"#),
        "b,a,a.x,a.y.z,n.k,e\n1,,,,,\n2,,1,2,,\n,4,,,3,\n"
    );
    // Missing is nothing, an empty text is quoted, and a row of nothing is still a row.
    assert_eq!(csv(r#"[{"a":""},{"a":null},{}]"#), "a\n\"\"\n\"\"\n\"\"\n");
    assert_eq!(csv(r#"[{"a":"","b":1},{"b":null}]"#), "a,b\n\"\",1\n,\n");
    assert_eq!(csv(r#"[{"a":{"x":{"k":1},"x":{"k":2,"l":3}},"b":1,"a":{"x":{"l":4}}}]"#), "a.x.k,a.x.l,b\n,4,1\n");
    let (text, origin) = convert(r#"[{"a":1,"a":{"x":1},"a":{"y":2}},{"a":3}]"#).expect("records");
    assert_eq!(text, "a,a.x,a.y\n,,2\n3,,\n");
    let found: Vec<(&str, u64)> = origin.findings.iter().map(|found| (found.code.as_str(), found.rows)).collect();
    assert_eq!(found, [("json-repeated-names", 1)]);
}

#[test]
fn values_keep_what_they_say() {
    let table = load(
        r#"[{"id":12345678901234567890,"zip":"01234","n":"123","p":1.234,"flag":true,"day":"2026-01-31","big":1e400},
            {"id":12345678901234567891,"zip":"00001","n":"7","p":-2.500,"flag":false,"day":"2026-02-01","big":2},
            {"id":9007199254740993000,"zip":"99999","n":"","p":3,"flag":null,"day":null,"big":"NA"}]"#,
    );
    let kinds: Vec<String> =
        table.columns.iter().map(|column| format!("{} {:?}", column.name, column.kind())).collect();
    assert_eq!(kinds, ["id Text", "zip Text", "n Number", "p Number", "flag Boolean", "day Date", "big Text"]);
    assert_eq!(table.columns[0].text_of(1).as_deref(), Some("12345678901234567891"));
    assert_eq!(table.columns[3].text_of(0).as_deref(), Some("1.234"));
    assert!(table.questions.is_empty(), "{:?}", table.questions);
    assert_eq!(
        (table.dialect.format.as_str(), table.dialect.newline.as_str(), table.dialect.header),
        ("json", "\n", true)
    );
    // Texts may prove a decimal comma; the numbers beside them keep their point.
    let table = load(r#"[{"price":"1.234,50","score":1.234},{"price":"0,5","score":5.678}]"#);
    assert_eq!(table.columns[0].text_of(0).as_deref(), Some("1234.5"));
    assert_eq!(table.columns[1].text_of(0).as_deref(), Some("1.234"));
}

#[test]
fn lists_of_plain_values_are_lists() {
    let table = load(
        r#"[{"id":1,"t":["VIP","say \"hi\", A\u0042C",7,null,true]},{"id":2,"t":[]},{"id":3,"t":null},{"id":4,"t":["VIP"]}]"#,
    );
    let column = table.column("t").expect("a column");
    assert_eq!((format!("{:?}", column.kind()).as_str(), column.missing()), ("List", 1));
    let Data::List(lists) = &column.data else { panic!("{column:?}") };
    assert_eq!(lists.get(0).collect::<Vec<_>>(), ["VIP", "say \"hi\", ABC", "7", "true"]);
    assert_eq!(lists.get(1).count(), 0);
    assert!(table.findings.iter().all(|found| found.code != "json-lists"));
}

#[test]
fn every_record_is_a_row_whatever_it_looks_like() {
    // As lines of CSV these would be a title, a header, a comment, a second table and a total.
    let records = |name: &str, extra: &str| -> String {
        let mut rows = vec![format!(r##"{{"{name}":"sep=;"}}"##), format!(r##"{{"{name}":"# note","n":"n"}}"##)];
        rows.extend((0..30).map(|row| format!(r##"{{"{name}":"a{row}","n":{row},"m":{}}}"##, row * 2)));
        rows.push("{}".into());
        rows.push(format!(r##"{{"{name}":"Total","n":435,"m":870}}"##));
        format!("[{}{extra}]", rows.join(","))
    };
    for name in ["", "#id", "sep=;", "  ", "\u{feff}x", "a,b", "1"] {
        let table = load(&records(name, ""));
        assert_eq!((table.row_count, table.columns.len(), table.dialect.skipped_lines), (34, 3, 0), "{name:?}");
        assert_eq!(table.columns[0].text_of(33).as_deref(), Some("Total"), "{name:?}");
        assert_eq!(table.dialect.skipped_footer, 0);
    }
}

#[test]
fn what_was_taken_and_left_is_told() {
    let table = load(r#"{"total":2,"customers":[{"id":1,"items":[{"sku":"a"}]},{"id":2}],"ids":[1]}"#);
    let wrapper = table.findings.iter().find(|found| found.code == "json-wrapper").expect("a finding");
    assert!(
        wrapper.message.contains("“customers”") && wrapper.message.contains("“total”, “ids”"),
        "{}",
        wrapper.message
    );
    let lists = table.findings.iter().find(|found| found.code == "json-lists").expect("a finding");
    assert_eq!((lists.column.as_deref(), lists.rows, lists.examples[0].row), (Some("items"), 1, 1));
    assert_eq!((lists.share, lists.examples[0].value.as_str()), (0.5, "[{\"sku\":\"a\"}]"));
    assert_eq!(table.column("items").expect("a column").text_of(0).as_deref(), Some("[{\"sku\":\"a\"}]"));
    let (_, origin) = convert(r#"{"a":[1,2,3],"b":[1]}"#).expect("columns");
    assert_eq!((origin.findings[0].code.as_str(), origin.findings[0].rows), ("json-ragged-lists", 2));
    let table = load("[[1,\"x\"],[2]]");
    assert_eq!((table.dialect.header, table.columns[1].name.as_str()), (false, "column_2"));
    assert!(table.findings.iter().any(|found| found.code == "short-rows"));
    let first = convert_by(b"[[\"x\",\"y\"],[\"z\",\"w\"]]", &options(json!({ "header": false })), 9).expect("rows");
    assert_eq!(first.0, ",\nx,y\nz,w\n");
}

#[test]
fn faults_say_what_and_where() {
    for (text, code, place) in [
        ("[{\"a\":1},\n {\"a\":01}]", Code::BadJson, "line 2, column 7 (record 2)"),
        ("[{\"a\":1},\n]", Code::BadJson, "line 2, column 1"),
        ("[{\"a\":NaN}]", Code::BadJson, "“N” does not fit"),
        ("[{\"ä\":\"\\ud800\"}]", Code::BadJson, "line 1, column 8"),
        ("[{\"a\":1}] x", Code::BadJson, "column 11"),
        ("[{\"a\":1}][{\"a\":1}]", Code::BadJson, "column 10"),
        ("{\"a\":1}\n{\"a\":}\n", Code::BadJson, "line 2, column 6 (record 2)"),
        ("[{\"a\":1},{\"a\":", Code::BadJson, "it ends at line 1, column 15 (record 2)"),
        ("{\"data\":[{\"a\":1}]", Code::BadJson, "it ends at"),
        ("[1,2]", Code::NotATable, "record 1 is “1”"),
        ("[{\"a\":1},null]", Code::NotATable, "record 2 is “null”"),
        ("\"text\"", Code::NotATable, "“\"text\"”"),
        ("[{}]", Code::NotATable, "without any field"),
        ("[]", Code::NoRows, "an empty list"),
        (" \n", Code::EmptyFile, "holds nothing"),
        ("{\"a\":[{\"x\":1}],\"b\":[{\"x\":1}]}", Code::NotATable, "(“a”, “b”)"),
    ] {
        let error = fault(text);
        assert_eq!(error.code, code, "{text}: {error}");
        assert!(error.message.contains(place), "{text}: {error}");
    }
    let deep = format!("[{{\"a\":{}1{}}}]", "[".repeat(63), "]".repeat(63));
    assert!(fault(&deep).message.contains("more than 64 deep"));
    assert!(convert(&deep.replacen("[1]", "1", 1)).is_ok());
    assert!(fault(&"[".repeat(200_000)).message.contains("more than 64 deep"));
    assert_eq!(fault("{\"a\":1}\n{\"a\":x}").details.line, Some(2));
}

#[test]
fn hostile_shapes_take_no_more_time_than_their_size() {
    // A wide object under a name that comes again and again; names that never come again; records that are all alike.
    let wide: String = (0..5_000).map(|at| format!("\"k{at}\":1,")).collect();
    let again = "\"a\":{\"k1\":1},".repeat(50_000);
    let text = format!("[{{\"a\":{{{wide}\"z\":1}},{again}\"b\":1}}]");
    let (csv, origin) = convert(&text).expect("records");
    assert_eq!((csv.lines().count(), origin.width), (2, 5_002));
    assert!(csv.ends_with(&format!("\n,1{},1\n", ",".repeat(4_999))), "{}", &csv[csv.len() - 20..]);
    let reversed: String = (0..2_000).map(|row| format!("{{\"a{}\":1,\"b\":{row}}}\n", 1_999 - row)).collect();
    assert_eq!(convert(&reversed).expect("records").1.width, 2_001);
}

#[test]
fn limits_hold_before_memory_is_taken() {
    let over = |text: &str, limits: Value| {
        let error = convert_by(text.as_bytes(), &options(json!({ "limits": limits })), 7).expect_err(text);
        assert_eq!(error.code, Code::LimitExceeded, "{error}");
        error.message
    };
    let wide: String = (0..300).map(|row| format!("{{\"k{row}\":1}}\n")).collect();
    over(&wide, json!({ "bytes": 10 }));
    over(&wide, json!({ "columns": 100 }));
    over(&wide, json!({ "rows": 100 }));
    assert!(over(&wide, json!({ "bytes": 10_000 })).contains("300 columns and more than 10,000 cells"));
    over("[{\"a\":\"0123456789012345678901234567890\"}]", json!({ "fieldBytes": 8 }));
    let lists: String = (0..200).map(|row| format!("\"k{row}\":[1],")).collect();
    over(&format!("{{{}\"z\":[1]}}", lists), json!({ "columns": 100 }));
    let long = "k".repeat(30);
    over(&format!("[{{\"{long}\":{{\"a\":1,\"b\":2,\"c\":3}}}}]"), json!({ "fieldBytes": 25 }));
}

/// The verdict of the standard's suite on one text: is it JSON at all?
fn is_valid(bytes: &[u8], chunk: u64) -> bool {
    match convert_by(bytes, &options(json!({ "format": "json" })), chunk) {
        Ok(_) => true,
        Err(error) => {
            let known = matches!(error.code, Code::BadJson | Code::NotATable | Code::NoRows | Code::EmptyFile);
            assert!(known, "{error}");
            matches!(error.code, Code::NotATable | Code::NoRows)
        }
    }
}

#[test]
fn the_suite_of_the_standard_is_judged_as_it_says() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/suites/json-jsontestsuite/test_parsing");
    let Ok(files) = std::fs::read_dir(folder) else {
        println!("skipped: 318 ({folder} is not there)");
        return;
    };
    let (mut valid, mut tables, mut invalid, mut open) = (0, 0, 0, 0);
    for file in files {
        let path = file.expect("a file").path();
        let name = path.file_name().expect("a name").to_string_lossy().to_string();
        let bytes = std::fs::read(&path).expect("bytes");
        for chunk in [1, 3, u64::MAX] {
            // Two deep texts are too long to be read byte by byte in a test.
            let chunk = if bytes.len() > 50_000 { u64::MAX } else { chunk };
            let found = is_valid(&bytes, chunk);
            assert!(!name.starts_with("y_") || found, "{name} is JSON");
            assert!(!name.starts_with("n_") || !found, "{name} is not JSON");
        }
        match &name[..2] {
            "y_" => {
                valid += 1;
                tables += usize::from(convert_by(&bytes, &options(json!({ "format": "json" })), 9).is_ok());
            }
            "n_" => invalid += 1,
            _ => open += 1,
        }
    }
    println!(
        "JSONTestSuite: {valid} valid ({tables} are tables, the others hold no records), {invalid} invalid, {open} left open by the standard"
    );
    assert_eq!((valid, invalid, open), (95, 188, 35));
    assert!(tables >= 10, "{tables}");
}

#[test]
fn no_prefix_and_no_flipped_byte_panics_or_hangs() {
    let table =
        json!([{"id": "a\n\"é", "n": -1.5e3, "deep": {"x": [1, {"y": null}], "z": true}}, {"id": null, "more": "x"}]);
    let columns = json!({"id": ["a", "b\\"], "n": [1, 2]});
    let lines = "{\"a\":1,\"b\":{\"c\":\"x\"}}\n{\"a\":2}\n{\"b\":[]}\n".to_string();
    let wrapped = json!({"data": [{"a": 1}], "x": "y"});
    for text in [table.to_string(), columns.to_string(), lines, wrapped.to_string()] {
        let whole = text.as_bytes();
        for end in 0..whole.len() {
            for flip in [0x01, 0x08, 0x20, 0x5B, 0x80, 0xA5] {
                let mut flipped = whole.to_vec();
                flipped[end] ^= flip;
                let forced = options(json!({ "format": "json" }));
                let results = [convert_by(&flipped, &forced, 1), convert_by(&flipped, &forced, u64::MAX)];
                assert_eq!(format!("{:?}", results[0]), format!("{:?}", results[1]));
                let _ = preview(&flipped, flipped.len() as u64, &Encoding::utf8(), &forced);
            }
            let prefix = &whole[..end];
            // A text that is cut off is never taken for a whole one, but for lines, which end where they end.
            let cut = convert_by(prefix, &options(json!({ "format": "json" })), 2);
            let at_line = text.ends_with('\n') && (prefix.ends_with(b"\n") || whole[end] == b'\n');
            assert_eq!(cut.is_ok(), at_line && end > 0, "{:?}", String::from_utf8_lossy(prefix));
            let _ = preview(prefix, whole.len() as u64, &Encoding::utf8(), &ReadOptions::default());
        }
    }
}

#[test]
fn a_preview_shows_the_beginning_of_what_load_reads() {
    let mut text = String::from("[");
    for row in 0..60_000 {
        text.push_str(&format!("{{\"id\":{row},\"name\":\"customer {row}\",\"address\":{{\"city\":\"Ulm\"}}}},\n"));
    }
    text.push_str("{\"id\":60000}]");
    assert!(text.len() > 2 << 20);
    for whole in [text.clone(), format!("{{\"page\":1,\"data\":{text}}}")] {
        let total = whole.len() as u64;
        let shown = preview(&whole.as_bytes()[..1 << 20], total, &Encoding::utf8(), &ReadOptions::default())
            .expect("a preview");
        let table = load(&whole);
        assert_eq!(shown.dialect, table.dialect);
        let names = |infos: &[marquetry::table::column::ColumnInfo]| {
            infos.iter().map(|info| format!("{} {:?} {:?}", info.name, info.kind, info.role)).collect::<Vec<_>>()
        };
        assert_eq!(names(&shown.columns), names(&table.infos()));
        assert_eq!((shown.rows.len(), shown.rows[1].join("|")), (50, "1|customer 1|Ulm".into()));
        let off = shown.estimate.rows as f64 / table.row_count as f64;
        assert!((0.9..1.1).contains(&off), "{off}");
    }
    assert_eq!(load(&text).row_count, 60_001);
    let small = preview(b"{\"a\":[1,2],\"b\":[\"x\",\"y\"]}", 27, &Encoding::utf8(), &ReadOptions::default())
        .expect("a preview");
    assert_eq!(small.rows, [["1", "x"], ["2", "y"]]);
}

#[test]
fn real_records_read_back_as_they_were_written() {
    let Some(bytes) = shared("data/telco_customer_churn.csv") else { return };
    let mut reader = csv::Reader::from_reader(&bytes[..]);
    let names: Vec<String> = reader.headers().expect("names").iter().map(String::from).collect();
    let rows: Vec<Vec<String>> =
        reader.records().map(|row| row.expect("a row").iter().map(String::from).collect()).collect();
    let record = |row: &Vec<String>| {
        let cells = names.iter().cloned().zip(row.iter().map(|cell| Value::from(cell.as_str())));
        Value::Object(cells.collect::<Map<String, Value>>()).to_string()
    };
    let lines: String = rows.iter().map(|row| record(row) + "\n").collect();
    let table = load(&lines);
    assert_eq!((table.row_count, table.columns.len(), table.dialect.format.as_str()), (7_043, 21, "ndjson"));
    assert_eq!(table.column("TotalCharges").expect("a column").missing(), 11);
    assert!(table.findings.iter().all(|found| !found.code.starts_with("json")), "{:?}", table.findings);
}

/// Cells of any kind: texts with everything that CSV and JSON must escape, numbers, truths, nothing.
fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => "[a-zß ,;\"\\\\\n\r\t/{}\\[\\]:\u{1}\u{2028}😀]{0,9}".prop_map(Value::from),
        1 => (-1e9..1e9f64).prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(Value::Null),
    ]
}

fn rows() -> impl Strategy<Value = Vec<Vec<Value>>> {
    (1usize..5).prop_flat_map(|width| prop::collection::vec(prop::collection::vec(value(), width), 1..20))
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The table as JSON in every form, names first.
fn forms(rows: &[Vec<Value>]) -> [String; 4] {
    let name = |at: usize| format!("c{at}");
    let object =
        |row: &Vec<Value>| Value::Object(row.iter().enumerate().map(|(at, cell)| (name(at), cell.clone())).collect());
    let names: Vec<Value> = (0..rows[0].len()).map(|at| Value::from(name(at))).collect();
    let lists: Vec<Value> = std::iter::once(&names).chain(rows).map(|row| Value::from(row.clone())).collect();
    let columns: Map<String, Value> =
        (0..rows[0].len()).map(|at| (name(at), rows.iter().map(|row| row[at].clone()).collect())).collect();
    [
        serde_json::to_string_pretty(&rows.iter().map(object).collect::<Vec<_>>()).expect("JSON"),
        rows.iter().map(|row| object(row).to_string() + "\r\n").collect(),
        Value::from(lists).to_string(),
        Value::Object(columns).to_string(),
    ]
}

proptest! {
    #[test]
    fn any_split_gives_the_same_rows_and_they_are_the_ones_written(rows in rows(), chunk in 1u64..60) {
        let forced = options(json!({ "format": "json" }));
        for text in forms(&rows) {
            let (csv, origin) = convert_by(text.as_bytes(), &forced, u64::MAX).expect("records");
            let split = convert_by(text.as_bytes(), &forced, chunk).expect("records");
            prop_assert_eq!(&split, &(csv.clone(), origin.clone()));
            // The marks of JSON's numbers may have been made plain where texts hold commas; their value stays.
            let mut reader = csv::ReaderBuilder::new().from_reader(csv.as_bytes());
            let read: Vec<Vec<String>> =
                reader.records().map(|row| row.expect("a row").iter().map(String::from).collect()).collect();
            let same = |cell: &String, value: &Value| match value {
                Value::Number(number) => cell.parse() == Ok(number.as_f64().expect("a number")),
                other => *cell == shown(other),
            };
            prop_assert_eq!(read.len(), rows.len());
            for (read, row) in read.iter().zip(&rows) {
                prop_assert!(read.len() == row.len() && read.iter().zip(row).all(|(cell, value)| same(cell, value)), "{:?} {:?}", read, row);
            }
            // Read by ourselves: as many rows, and the cells again from their places.
            let options = ReadOptions::default().rewritten(origin);
            let mut job = LoadJob::new(csv.len() as u64, Encoding::utf8(), options).expect("a job");
            let table = run(&mut job, csv.as_bytes()).expect("a table").0;
            prop_assert_eq!(table.row_count, rows.len());
            let layout = table.layout.as_ref().expect("a layout");
            let range = block_range(layout, 0);
            let mut again = Vec::new();
            for_each_row(&table.dialect, layout, &csv.as_bytes()[range.start as usize..range.end as usize], &mut |row| {
                again.push(row.iter().map(|cell| cell.unwrap_or("").to_string()).collect::<Vec<_>>());
            });
            prop_assert_eq!(again, read);
        }
    }

    #[test]
    fn the_verdict_is_that_of_another_parser(text in "[\\[\\]{},:\"\\\\u0d8a1e.+\\-ntrue \n]{0,24}", bytes in prop::collection::vec(any::<u8>(), 0..40)) {
        for bytes in [text.as_bytes(), &bytes] {
            let mut stream = serde_json::Deserializer::from_slice(bytes).into_iter::<Value>();
            let values = stream.by_ref().take_while(|value| value.is_ok()).count();
            let one = serde_json::from_slice::<Value>(bytes).is_ok();
            let found = is_valid(bytes, 3);
            // Numbers beyond the range of floats are theirs to refuse; several values must stand on lines of their own.
            let range = serde_json::from_slice::<serde::de::IgnoredAny>(bytes).is_ok();
            prop_assert!(found == one || found && (values > 1 || range), "{:?}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), chunk in 1u64..50) {
        for format in ["json", "ndjson"] {
            let options = options(json!({ "format": format }));
            let _ = convert_by(&bytes, &options, chunk);
            let _ = preview(&bytes, bytes.len() as u64 + chunk, &Encoding::utf8(), &options);
        }
    }
}

/// The memory that a job holds is a record and a piece, whatever the file's size: it hands out what it has.
#[test]
fn pieces_are_handed_out_as_they_come() {
    let text: String =
        (0..60_000).map(|row| format!("{{\"id\":{row},\"text\":\"some words to fill the line\"}}\n")).collect();
    let mut job = JsonJob::new(text.len() as u64, ReadOptions::default()).expect("a job");
    let (mut pieces, mut largest, mut latest) = (0, 0, 0.0);
    loop {
        match job.step().expect("a step") {
            Step::Need(range) => job.feed(&text.as_bytes()[range.start as usize..range.end as usize]).expect("fed"),
            Step::Emit(piece) => (pieces, largest) = (pieces + 1, largest.max(piece.len())),
            Step::Join(_) => unreachable!("JSON is not read in stretches"),
            Step::Working(progress) => {
                assert!(progress.ratio >= latest && progress.ratio <= 1.0, "{} after {latest}", progress.ratio);
                latest = progress.ratio;
            }
            Step::Done(_) => break,
        }
    }
    assert!(pieces >= 5 && largest < 300 * 1024, "{pieces} pieces, the largest {largest}");
}
