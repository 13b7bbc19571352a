//! Options are obeyed, limits hold before memory is taken, and everything unusual is counted with its rows.

use marquetry::error::{Code, Error};
use marquetry::job::run;
use marquetry::read::encoding::{Encoding, detect};
use marquetry::read::options::ReadOptions;
use marquetry::read::reader::ReadJob;
use marquetry::table::column::{ColumnType, Data};
use marquetry::table::finding::Finding;
use marquetry::table::role::Role;
use marquetry::table::table::Table;

fn read(text: &str, options: &str) -> Result<Table, Error> {
    read_bytes(text.as_bytes(), options)
}

fn read_bytes(bytes: &[u8], options: &str) -> Result<Table, Error> {
    let options: ReadOptions = serde_json::from_str(options).expect("options");
    let mut job = ReadJob::new(bytes.len() as u64, Encoding::utf8(), options)?;
    run(&mut job, bytes).map(|(table, _)| table)
}

fn finding<'a>(table: &'a Table, code: &str) -> &'a Finding {
    table.findings.iter().find(|finding| finding.code == code).unwrap_or_else(|| panic!("{code}: {:?}", table.findings))
}

#[test]
fn columns_that_are_not_kept_are_still_checked_and_counted() {
    let text = "id,amount,city\na,1,Bonn\nb,x,Kiel\nc,3,\nd,4,Bonn\ne,5,Ulm\nf,6,Ulm\ng,7,Ulm\nh,8,Ulm\ni,9,Ulm\nj,10,Ulm\nk,11,Ulm\n";
    let table = read(text, r#"{"only": ["id"]}"#).expect("a table");
    let amount = table.column("amount").expect("a column");
    assert_eq!(amount.data, Data::Unloaded(ColumnType::Number));
    assert_eq!((amount.len(), amount.missing(), amount.distinct), (11, 1, 10));
    assert_eq!(finding(&table, "type-misfit").examples[0].value, "x");
    let city = table.column("city").expect("a column");
    assert_eq!((city.kind(), city.missing(), city.distinct), (ColumnType::Text, 1, 3));
    let tags = "id,tags\na,\"vip, new\"\nb,vip\nc,\"new, vip\"\n";
    let kind = |options| read(tags, options).expect("a table").columns[1].kind();
    assert_eq!([kind("{}"), kind(r#"{"only": ["id"]}"#)], [ColumnType::List; 2]);
}

#[test]
fn what_is_said_about_columns_is_done() {
    let options = r#"{"columns": {"zip": {"type": "number"}, "who": {"role": "customer-id"}, "when": {"type": "date"}},
        "dateOrder": "mdy", "missing": ["unknown"]}"#;
    let table = read("zip,who,when\n01234,7,03/04/2026\n1,unknown,25/04/2026\n", options).expect("a table");
    assert_eq!(table.numbers("zip").expect("numbers"), [1234.0, 1.0]);
    let who = table.column("who").expect("a column");
    assert_eq!((who.role, who.role_confidence, who.missing()), (Role::CustomerId, 1.0, 1));
    assert_eq!(table.column("when").expect("a column").text_of(0).as_deref(), Some("2026-03-04"));
    assert_eq!(finding(&table, "dates-do-not-fit").examples[0].value, "25/04/2026");

    let table = read("a;b\n1.234;1,5\n", r#"{"decimal": ","}"#).expect("a table");
    assert_eq!(table.numbers("a").expect("numbers"), [1234.0]);
    let table = read("a'b'c\n'1'''2\n", r#"{"delimiter": "'", "quote": ""}"#).expect("a table");
    assert_eq!(table.columns[0].name, "a");
    let table = read("a,b\n1,2\n", r#"{"header": false}"#).expect("a table");
    assert_eq!((table.row_count, table.columns[1].name.as_str()), (2, "column_2"));
}

#[test]
fn questions_are_asked_with_their_evidence() {
    let table = read("id,day\na,03/04/2026\nb,05/04/2026\n", "{}").expect("a table");
    let question = &table.questions[0];
    assert_eq!((question.code.as_str(), question.taken.as_str()), ("date-order", "dmy"));
    assert!(question.evidence.contains("03/04/2026"), "{}", question.evidence);
    // Another column of the same file proves the order.
    let table = read("id,day,paid\na,03/04/2026,04/25/2026\nb,05/04/2026,04/26/2026\n", "{}").expect("a table");
    assert_eq!(table.column("day").expect("a column").text_of(0).as_deref(), Some("2026-03-04"));
    let table = read("id;x\na;1\nb;2\n", r#"{"delimiter": ","}"#).expect("a table");
    assert_eq!(
        (table.questions[0].code.as_str(), &table.questions[0].choices[..]),
        ("delimiter", &[";".into(), ",".into()][..])
    );
    let table = read("id,x\na,1.234\nb,2.345\n", r#"{"delimiter": ","}"#).expect("a table");
    assert_eq!((table.questions[0].code.as_str(), table.questions[0].taken.as_str()), ("decimal", "."));
}

#[test]
fn row_names_without_a_name_shift_no_column() {
    let table = read("age,city\n1,30,Bonn\n2,40,Kiel\n", "{}").expect("a table");
    let names: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["column_1", "age", "city"]);
    assert_eq!(table.numbers("age").expect("numbers"), [30.0, 40.0]);
    finding(&table, "row-names");
    // A delimiter at the end of each row is no row name.
    let table = read("age,city\n30,Bonn,\n40,Kiel,\n", "{}").expect("a table");
    assert_eq!((table.columns[0].name.as_str(), table.columns[2].name.as_str()), ("age", "column_3"));
}

#[test]
fn unusual_rows_are_counted_and_kept() {
    let table = read("a,b\n1,2\n\n3\n4,5,6,7\n8,9\n1,1\n1,1\n1,1\n1,1\n1,1\n1,1\n1,1\n1,1\n1,1\n1,1\n1,1\n", "{}")
        .expect("a table");
    assert_eq!(table.row_count, 15);
    assert_eq!(finding(&table, "short-rows").examples[0].row, 2);
    let long = finding(&table, "long-rows");
    assert_eq!((long.rows, long.examples[0].row, long.examples[0].value.as_str()), (1, 3, "6"));
    assert!(long.message.contains("The 2 cells"), "{}", long.message);
    assert!(finding(&table, "blank-lines").message.contains("1 line"));

    let table = read("a,b\nx,\"y\nz,w\n", r#"{"header": true, "quote": "\""}"#).expect("a table");
    assert_eq!((table.row_count, finding(&table, "unclosed-quote").examples[0].row), (1, 1));
    let table = read_bytes(b"id,name\n1,M\xFCller\n2,Meyer\0\n", "{}").expect("a table");
    assert_eq!(finding(&table, "encoding-damage").examples[0].value, "M\u{FFFD}ller");
    assert_eq!(finding(&table, "nul-bytes").examples[0].row, 2);
}

#[test]
fn limits_are_refused_with_the_number_and_the_row() {
    let long = format!("a,b\n1,\"{}\n", "x".repeat(3_000));
    let many: String = std::iter::once("a\n".to_string()).chain((0..50).map(|row| format!("{row}\n"))).collect();
    for (text, options, limit, row) in [
        ("a,b\n1,2\n", r#"{"limits": {"bytes": 5}}"#, 5.0, None),
        ("a,b\n1,2\n", r#"{"limits": {"columns": 1}}"#, 1.0, None),
        (many.as_str(), r#"{"limits": {"rows": 10}}"#, 10.0, Some(11)),
        (many.as_str(), r#"{"limits": {"memoryBytes": 100}}"#, 100.0, None),
        (long.as_str(), r#"{"limits": {"fieldBytes": 1000}}"#, 1000.0, Some(1)),
    ] {
        let error = read(text, options).expect_err("too large");
        assert_eq!(
            (error.code, error.details.limit, error.details.row),
            (Code::LimitExceeded, Some(limit), row),
            "{error}"
        );
    }
    let error = read("a,b\n1,2\n", r#"{"columns": {"c": {}}}"#).expect_err("no such column");
    assert_eq!(error.code, Code::UnknownColumn);
}

#[test]
fn a_small_file_becomes_no_large_table() {
    let names: Vec<String> = (0..5_000).map(|at| format!("c{at}")).collect();
    let (names, short) = (names.join(","), "1\n".repeat(1 << 19));
    let full = format!("{}1\n", "1,".repeat(4_999)).repeat(110);
    // Short rows in the first megabyte; and behind it.
    for text in [format!("{names}\n{short}"), format!("{names}\n{full}{short}")] {
        let error = read(&text, "{}").unwrap_err();
        assert_eq!(error.code, Code::LimitExceeded, "{error}");
        assert!(error.message.contains("5,000 columns and more than"), "{error}");
    }
}

#[test]
fn what_is_no_table_is_refused_by_name() {
    let zip = b"PK\x03\x04\x14\0\x06\0\x08\0xl/workbook.xml";
    let encoding = detect(zip, true, &ReadOptions::default());
    let error = ReadJob::new(zip.len() as u64, encoding, ReadOptions::default()).expect_err("no text");
    assert_eq!(error.code, Code::NotText);
    assert_eq!(read("", "{}").expect_err("empty").code, Code::EmptyFile);
    assert_eq!(read("id,name\n", "{}").expect_err("no rows").code, Code::NoRows);
}

#[test]
fn what_was_noticed_before_reading_comes_first() {
    let options = r#"{"origin": {"format": "xlsx",
        "findings": [{"code": "cell-error", "severity": "warning", "rows": 1, "examples": [{"row": 2, "value": "A3"}], "message": "One."}],
        "questions": [{"code": "sheet", "choices": ["Orders"], "taken": "Orders", "evidence": "Two sheets."}]}}"#;
    let table = read("a,b\n1,\n,2\n", options).expect("a table");
    assert_eq!(table.dialect.format, "xlsx");
    assert_eq!((table.findings[0].code.as_str(), table.findings[0].share), ("cell-error", 0.5));
    assert_eq!(table.questions[0].code, "sheet");
}

#[test]
fn a_column_has_its_own_decimal_mark_and_order_of_days() {
    let text = "a;b;c;d\n1,5;2.5;03/04/2026;03/04/2026\n2,5;3.5;05/06/2026;05/06/2026\n";
    let options = r#"{"columns": {"a": {"decimal": ","}, "b": {"decimal": "."}, "c": {"dateOrder": "mdy"}}, "dateOrder": "dmy",
        "repairs": [{"code": "use-decimal", "column": "a", "choice": ","}]}"#;
    let table = read(text, options).expect("a table");
    assert_eq!((table.numbers("a").expect("a"), table.numbers("b").expect("b")), (&[1.5, 2.5][..], &[2.5, 3.5][..]));
    let day = |name: &str| table.column(name).expect("a column").text_of(0);
    assert_eq!((day("c").as_deref(), day("d").as_deref()), (Some("2026-03-04"), Some("2026-04-03")));
    assert!(table.questions.is_empty(), "{:?}", table.questions);
    assert_eq!(table.repairs[0].code, "use-decimal");
}

#[test]
fn what_is_odd_is_told_with_its_rows() {
    let table = read("amount;since\n€ 5;01.02.26\nUSD 7;02.02.26\n€ 8;2026-02-03\n$ 9;04.02.26\n€ 3;05.02.26\n", "{}")
        .expect("a table");
    let rows =
        |code| finding(&table, code).examples.iter().map(|one| (one.row, one.value.as_str())).collect::<Vec<_>>();
    assert_eq!(rows("mixed-currencies"), [(2, "USD 7"), (4, "$ 9")]);
    let question = table.questions.iter().find(|question| question.code == "currency").expect("a question");
    assert_eq!((question.choices.join(" ").as_str(), question.taken.as_str()), ("EUR USD all", "all"));
    assert_eq!(rows("two-digit-years"), [(1, "01.02.26"), (2, "02.02.26"), (4, "04.02.26"), (5, "05.02.26")]);
    let euros = r#"{"columns": {"amount": {"type": "number", "currency": "EUR"}}}"#;
    let euros = read("amount;since\n€ 5;1\nUSD 7;2\n€ 8;3\n$ 9;4\n3;5\n", euros).expect("a table");
    assert_eq!(euros.columns[0].missing(), 2);
    assert_eq!(finding(&euros, "type-misfit").examples[1].value, "$ 9");
    assert!(euros.questions.iter().all(|question| question.code != "currency"));
    let table = read("id;city\n1;Ulm\n2;Bonn\n", r#"{"delimiter": ","}"#).expect("a table");
    let whole = finding(&table, "one-column");
    assert_eq!((whole.rows, whole.share, whole.examples[0].value.as_str()), (2, 1.0, "1;Ulm"));
    assert!(whole.message.contains("“;”: 1 in each row"), "{}", whole.message);
}

#[test]
fn lists_are_parted_by_the_mark_that_was_given() {
    let text = "id,colours\na,red/dark red\nb,blue\nc,blue/red\n";
    let table = read(text, r#"{"columns": {"colours": {"separator": "/"}}}"#).expect("a table");
    let Data::List(lists) = &table.columns[1].data else { panic!("{:?}", table.columns[1].kind()) };
    assert_eq!(lists.values().values().collect::<Vec<_>>(), ["red", "dark red", "blue"]);
    let names = "id,name\na,\"Smith, Ann\"\nb,Bob\n";
    let table = read(names, r#"{"columns": {"name": {"separator": ","}}}"#).expect("a table");
    assert_eq!((table.columns[1].kind(), table.columns[1].distinct), (ColumnType::List, 3));
}
