//! How files are really written: each case is a file with a habit or a fault, what must be read, and what must be said.

use marquetry::job::run;
use marquetry::read::cells::{block_range, for_each_row};
use marquetry::read::encoding::Encoding;
use marquetry::read::options::ReadOptions;
use marquetry::read::preview::preview;
use marquetry::read::reader::ReadJob;
use marquetry::table::finding::Finding;
use marquetry::table::table::Table;

fn read_with(text: &str, chunk: u64, options: &ReadOptions) -> Table {
    let job = ReadJob::new(text.len() as u64, Encoding::utf8(), options.clone()).expect("options").with_chunk(chunk);
    run(&mut { job }, text.as_bytes()).unwrap_or_else(|error| panic!("{error}: {text}")).0
}

fn read(text: &str) -> Table {
    let table = read_with(text, u64::MAX, &ReadOptions::default());
    let pieces = read_with(text, 3, &ReadOptions::default());
    assert_eq!(format!("{table:?}"), format!("{pieces:?}"), "{text}");
    let ahead =
        preview(text.as_bytes(), text.len() as u64, &Encoding::utf8(), &ReadOptions::default()).expect("a preview");
    assert_eq!((&ahead.dialect, ahead.columns.len()), (&table.dialect, table.columns.len()), "{text}");
    assert_eq!(ahead.rows.len(), table.row_count.min(50), "{text}");
    table
}

fn names(table: &Table) -> Vec<&str> {
    table.columns.iter().map(|column| column.name.as_str()).collect()
}

/// The cells of all rows as they stood.
fn cells(table: &Table, text: &str) -> Vec<Vec<String>> {
    let layout = table.layout.as_ref().expect("a layout");
    let mut rows = Vec::new();
    for block in 0..layout.starts.len() {
        let range = block_range(layout, block);
        for_each_row(&table.dialect, layout, &text.as_bytes()[range.start as usize..range.end as usize], &mut |row| {
            rows.push(row.iter().map(|cell| cell.unwrap_or("").to_string()).collect());
        });
    }
    rows
}

fn finding<'a>(table: &'a Table, code: &str) -> &'a Finding {
    let codes: Vec<&str> = table.findings.iter().map(|finding| finding.code.as_str()).collect();
    table.findings.iter().find(|finding| finding.code == code).unwrap_or_else(|| panic!("{code} is not in {codes:?}"))
}

/// Codes that say that something was bent; missing values are another matter.
fn bent(table: &Table) -> Vec<&str> {
    table.findings.iter().map(|finding| finding.code.as_str()).filter(|code| *code != "missing-values").collect()
}

#[test]
fn backslashes_escape_quotes_and_delimiters() {
    let text = r#"id,note,price
1,"He said \"hi, there\"",5
2,"plain, with comma",6
3,"ends with \"",7
"#;
    let table = read(text);
    assert_eq!((table.dialect.escape.as_str(), table.dialect.quote.as_str()), ("\\", "\""));
    assert_eq!(cells(&table, text)[0][1], "He said \"hi, there\"");
    assert_eq!(cells(&table, text)[2][1], "ends with \"");
    assert_eq!((table.row_count, bent(&table).len()), (3, 0), "{:?}", table.findings);

    let text = "id,street\n1,Main Street 5\\, Springfield\n2,Elm Street\n3,Oak\\, Road\n";
    let table = read(text);
    assert_eq!((table.dialect.escape.as_str(), table.columns.len()), ("\\", 2));
    assert_eq!(cells(&table, text)[0][1], "Main Street 5, Springfield");

    // A backslash at the end of a path is no escape.
    let text = "\"field 1\",\"field 2\\\"\n\"field 3\\\",\"field 4\"\n";
    let options = ReadOptions { header: Some(false), ..ReadOptions::default() };
    let table = read_with(text, 7, &options);
    assert_eq!((table.dialect.escape.as_str(), table.row_count), ("", 2));
    assert_eq!(cells(&table, text), [["field 1", "field 2\\"], ["field 3\\", "field 4"]]);
}

#[test]
fn other_quotes_and_none() {
    let text = "id,name,city\n1,'Smith, John','Bonn'\n2,'O''Neil, Ann','Kiel'\n";
    let table = read(text);
    assert_eq!(table.dialect.quote, "'");
    assert_eq!(cells(&table, text)[1], ["2", "O'Neil, Ann", "Kiel"]);

    // Apostrophes before ids and inside names are no quotes.
    for text in ["id,name\n'0012,O'Neil\n'0013,Ann\n", "id,name\n1,'tis me\n2,Ann 'the boss'\n3,'Bob'\n4,Cid\n5,Dan\n"]
    {
        assert_eq!(read(text).dialect.quote, "\"", "{text}");
    }

    // Inches: a mark that opens and never closes must not swallow the file.
    let mut text = String::from("id,size,price\n");
    (0..50).for_each(|row| text.push_str(&format!("{row},\"{row} inch,5\n")));
    let table = read(&text);
    assert_eq!((table.dialect.quote.as_str(), table.row_count, table.columns.len()), ("", 50, 3));
    assert_eq!(table.questions.iter().find(|question| question.code == "quote").map(|q| q.taken.as_str()), Some(""));
}

#[test]
fn stray_and_unclosed_quotes_say_where() {
    let text = "id,note,x\n1,\"a \"b\" c\",2\n2,\"ok\",3\n3,\"the \"end\" x\",4\n4,\"fine, too\",5\n";
    let table = read(text);
    let stray = finding(&table, "stray-quotes");
    assert_eq!((stray.rows, stray.examples[0].row, stray.examples[0].value.as_str()), (2, 1, "a \"b\" c"));
    assert!(stray.message.contains("row 1") && stray.message.contains("column 2"), "{}", stray.message);
    assert_eq!(table.row_count, 4);

    let text = "id,note\n1,\"a, b\"\n2,\"c, d\"\n3,\"never\n4,closed\n";
    let table = read(text);
    let open = finding(&table, "unclosed-quote");
    assert_eq!((open.examples[0].row, open.rows), (3, 1));
    assert!(open.message.contains("row 3, column 2"), "{}", open.message);
}

#[test]
fn comment_lines_are_counted_and_left_out() {
    let text =
        "# exported 2026-01-01\n# by CRM, for you, and me\nid,name,amount\n1,Ann,5\n# a note\n2,Bob,6\n3,Cid,7\n";
    let table = read(text);
    assert_eq!(
        (table.dialect.comment.as_str(), table.row_count, names(&table)),
        ("#", 3, vec!["id", "name", "amount"])
    );
    let comments = finding(&table, "comment-lines");
    assert_eq!((comments.rows, comments.examples[2].row, comments.examples[2].value.as_str()), (3, 2, "# a note"));
    assert_eq!(cells(&table, text)[1], ["2", "Bob", "6"]);
    // Order numbers, a header and colours that begin with the mark are data.
    for text in [
        "order,amount\n#1001,5\n#1002,6\n#1003,7\n",
        "#,name,amount\n1,Ann,5\n2,Bob,6\n",
        "#id,name\n1,Ann\n2,Bob\n",
        "colour,n\n#fff,1\nred,2\nblue,3\n",
    ] {
        let table = read(text);
        assert_eq!((table.dialect.comment.as_str(), bent(&table).len()), ("", 0), "{text}");
    }
}

#[test]
fn titles_totals_and_notes_are_not_customers() {
    let text = "Sales report,,,\nMay 2026,,,\n,,,\nid,name,city,amount\n1,Ann,Bonn,5\n2,Bob,Kiel,6\n3,Cid,Ulm,7\n4,Dan,Jena,8\nTotal,,,26\n,,,\n* preliminary,,,\n";
    let table = read(text);
    assert_eq!((table.row_count, table.dialect.skipped_lines, table.dialect.skipped_footer), (4, 3, 3));
    assert_eq!(names(&table), ["id", "name", "city", "amount"]);
    let footer = finding(&table, "footer-lines");
    assert_eq!((footer.rows, footer.examples[0].row, footer.examples[0].value.as_str()), (3, 5, "Total | 26"));
    assert_eq!(cells(&table, text).len(), 4);
    let kept = read_with(text, 5, &ReadOptions { skip_footer: Some(0), ..ReadOptions::default() });
    assert_eq!((kept.row_count, kept.dialect.skipped_footer), (7, 0));

    let text = "Account: 12345\nFrom: 2026-01-01\n\ndate;payee;amount\n2026-01-02;Ann;1,5\n2026-01-03;Bob;2,5\n2026-01-04;Cid;3,5\n\nCreated by the bank\n";
    let table = read(text);
    assert_eq!((table.row_count, table.dialect.skipped_lines, table.dialect.skipped_footer), (3, 3, 1));
    assert_eq!(names(&table), ["date", "payee", "amount"]);

    // Key and value pairs right above the table.
    let text = "Account,12345\nOwner,Ann\nCurrency,EUR\ndate,payee,amount\n2026-01-02,Ann,5\n2026-01-03,Bob,6\n2026-01-04,Bob,6\n2026-01-05,Bob,6\n";
    let table = read(text);
    assert_eq!((table.row_count, table.dialect.skipped_lines), (4, 3));

    // A company of that name, a short last row and a file cut off are rows.
    for (text, rows) in [
        ("name,city,n\nShell,Ulm,1\nBP,Kiel,2\nEsso,Bonn,3\nTotal,Paris,4\n", 4),
        ("name,city,n\nAnn,Ulm,1\nBob,Kiel,2\nCid,Bonn,3\nDan\n", 4),
        ("id,city,n\n1,Ulm,1\n2,Kiel,2\n3,Bonn,3\n4", 4),
        ("id,name\n\n1,Ann\n2,Bob\n\n3,Cid\n", 3),
        ("id,name\n\n1,Ann\n\n2,Bob\n\n3,Cid\n4,Dan\n", 4),
    ] {
        let table = read(text);
        assert_eq!(
            (table.row_count, table.dialect.skipped_footer, table.dialect.skipped_lines),
            (rows, 0, 0),
            "{text}"
        );
    }
}

#[test]
fn totals_at_the_end_of_a_large_file_are_found_too() {
    let mut text = String::from("id,name,amount\n");
    (0..90_000).for_each(|row| text.push_str(&format!("{row},customer {row},{}\n", row % 7)));
    text.push_str("Grand total,,270000\n");
    assert!(text.len() > 1 << 20);
    let table = read_with(&text, 100_000, &ReadOptions::default());
    assert_eq!((table.row_count, table.dialect.skipped_footer), (90_000, 1));
    assert_eq!(finding(&table, "footer-lines").examples[0].row, 90_001);
    assert_eq!(
        format!("{:?}", table.findings),
        format!("{:?}", read_with(&text, u64::MAX, &ReadOptions::default()).findings)
    );
    assert_eq!(cells(&table, &text).len(), 90_000);
    let chosen = read_with(&text, 1 << 20, &ReadOptions { skip_footer: Some(3), ..ReadOptions::default() });
    assert_eq!((chosen.row_count, chosen.dialect.skipped_footer), (89_998, 3));
}

#[test]
fn the_biggest_of_several_tables_is_read_and_the_others_are_named() {
    let text = "Regions\nregion,head\nNorth,5\nSouth,6\n\nCustomers\nid,name,city\n1,Ann,Bonn\n2,Bob,Kiel\n3,Cid,Ulm\n\nOrders\norder,customer,date,amount\n7,1,2026-01-02,5\n8,2,2026-01-03,6\n";
    let table = read(text);
    assert_eq!((names(&table), table.row_count, table.dialect.skipped_lines), (vec!["id", "name", "city"], 3, 6));
    let others = finding(&table, "other-tables");
    let places: Vec<(u64, &str)> =
        others.examples.iter().map(|example| (example.row, example.value.as_str())).collect();
    assert_eq!(places, [(2, "region | head"), (13, "order | customer | date | amount")]);
    let question = table.questions.iter().find(|question| question.code == "skip-lines").expect("a question");
    assert_eq!((question.taken.as_str(), question.choices.clone()), ("6", vec!["6".into(), "1".into(), "12".into()]));
    for (lines, expected, rows) in
        [(1, vec!["region", "head"], 2), (12, vec!["order", "customer", "date", "amount"], 2)]
    {
        let options = ReadOptions { skip_lines: Some(lines), ..ReadOptions::default() };
        let table = read_with(text, 4, &options);
        assert_eq!((names(&table), table.row_count, table.dialect.skipped_lines), (expected, rows, lines));
    }
}

#[test]
fn trailing_delimiters_leave_an_empty_column_and_no_alarm() {
    let text = "a,b,c,\n1,2,3,\n4,5,6,\n";
    let table = read(text);
    assert_eq!(names(&table), ["a", "b", "c", "column_4"]);
    assert_eq!(finding(&table, "trailing-delimiters").rows, 2);
    let text = "a,b,c\n1,2,3,\n4,5,6,\n";
    assert_eq!(names(&read(text)), ["a", "b", "c", "column_4"]);
    let mut text = String::from("a,b\n");
    (0..30).for_each(|row| text.push_str(if row == 4 { "1,2,,\n" } else { "1,2\n" }));
    let table = read(&text);
    assert_eq!((bent(&table), table.columns.len()), (vec!["trailing-delimiters"], 2));
    assert_eq!(finding(&table, "trailing-delimiters").examples[0].row, 5);
}

#[test]
fn mixed_newlines_nul_bytes_ragged_and_blank_rows_are_reported() {
    let text = "id,name,n\r\n1,Ann,5\n2,B\0b,6\r\n\n   \r\n3,Cid\n4,Smith, John,7\n";
    let text = &format!("{text}{}", "5,Eve,8\n".repeat(10));
    let table = read(text);
    assert_eq!((table.row_count, table.dialect.newline.as_str()), (14, "mixed"));
    let place = |code| finding(&table, code).examples[0].row;
    assert_eq!((place("nul-bytes"), place("short-rows"), place("long-rows")), (2, 3, 4));
    assert!(finding(&table, "nul-bytes").message.contains("column 2"), "{}", finding(&table, "nul-bytes").message);
    assert!(finding(&table, "blank-lines").message.contains("2 lines"));
}

#[test]
fn aligned_columns_duplicate_and_empty_names_and_no_header() {
    assert_eq!(read(" 1  2.5 7\n 2  3.5 8\n").dialect.delimiter, "whitespace");
    assert_eq!(names(&read("a,,a\n1,2,3\n4,5,6\n")), ["a", "column_2", "a_2"]);
    let table = read("1,Ann,5\n2,Bob,6\n");
    assert_eq!((table.dialect.header, names(&table)), (false, vec!["column_1", "column_2", "column_3"]));
}
