//! Every table of the shared data reads as its list says: rows, columns, dialect, types, roles, and the traps that are
//! planted in it.

mod common;

use common::shared;
use marquetry::job::run;
use marquetry::quality::inspect::inspect;
use marquetry::read::encoding::detect;
use marquetry::read::options::ReadOptions;
use marquetry::read::preview::preview;
use marquetry::read::reader::ReadJob;
use marquetry::table::column::ColumnType::{self, Boolean, Date, Number, Text};
use marquetry::table::role::Role;
use marquetry::table::table::{Kind, Table};

fn read(bytes: &[u8]) -> Table {
    let options = ReadOptions::default();
    let encoding = detect(bytes, true, &options);
    let mut job = ReadJob::new(bytes.len() as u64, encoding, options).expect("a job");
    run(&mut job, bytes).expect("a table").0
}

struct Expected {
    file: &'static str,
    rows: usize,
    columns: usize,
    delimiter: &'static str,
    header: bool,
    newline: &'static str,
    kind: Kind,
    types: &'static [(&'static str, ColumnType)],
    roles: &'static [(&'static str, Role)],
}

const PLAIN: Expected = Expected {
    file: "",
    rows: 0,
    columns: 0,
    delimiter: ",",
    header: true,
    newline: "\n",
    kind: Kind::Customers,
    types: &[],
    roles: &[],
};

const EXPECTED: [Expected; 15] = [
    Expected {
        file: "CDNOW_sample.txt",
        rows: 6919,
        columns: 5,
        delimiter: "whitespace",
        header: false,
        newline: "\r\n",
        kind: Kind::Orders,
        types: &[
            ("column_1", Text),
            ("column_2", Text),
            ("column_3", Date),
            ("column_4", Number),
            ("column_5", Number),
        ],
        roles: &[
            ("column_1", Role::CustomerId),
            ("column_2", Role::Other),
            ("column_3", Role::Date),
            ("column_4", Role::Quantity),
            ("column_5", Role::Amount),
        ],
    },
    Expected {
        file: "cdnow_customers_summary.csv",
        rows: 2357,
        columns: 4,
        types: &[("ID", Text), ("T", Number)],
        roles: &[("ID", Role::CustomerId)],
        ..PLAIN
    },
    Expected {
        file: "cdnow_customers_summary_with_transactions.csv",
        rows: 2357,
        columns: 5,
        newline: "\r\n",
        types: &[("zbar", Number)],
        ..PLAIN
    },
    Expected {
        file: "rfm_data_orders.csv",
        rows: 4906,
        columns: 6,
        kind: Kind::Orders,
        types: &[("customer_id", Text), ("order_date", Date), ("revenue", Number), ("email", Text)],
        roles: &[
            ("customer_id", Role::CustomerId),
            ("order_date", Role::Date),
            ("revenue", Role::Amount),
            ("first_name", Role::Name),
            ("last_name", Role::Name),
            ("email", Role::Email),
        ],
        ..PLAIN
    },
    Expected {
        file: "mall_customers.csv",
        rows: 200,
        columns: 5,
        newline: "\r\n",
        types: &[("customer_id", Text), ("age", Number), ("spending_score", Number)],
        roles: &[("customer_id", Role::CustomerId), ("gender", Role::Demographic), ("spending_score", Role::Other)],
        ..PLAIN
    },
    Expected {
        file: "wholesale_customers.csv",
        rows: 440,
        columns: 8,
        types: &[("Channel", Number), ("Fresh", Number)],
        roles: &[("Region", Role::Region), ("Fresh", Role::Other)],
        ..PLAIN
    },
    Expected {
        file: "telco_customer_churn.csv",
        rows: 7043,
        columns: 21,
        types: &[
            ("customerID", Text),
            ("SeniorCitizen", Number),
            ("Partner", Boolean),
            ("MultipleLines", Text),
            ("tenure", Number),
            ("TotalCharges", Number),
            ("Churn", Boolean),
        ],
        roles: &[("customerID", Role::CustomerId), ("PhoneService", Role::Other), ("TotalCharges", Role::Amount)],
        ..PLAIN
    },
    Expected {
        file: "soybean_small.csv",
        rows: 47,
        columns: 36,
        header: false,
        types: &[("column_36", Text)],
        ..PLAIN
    },
    Expected {
        file: "stocks.csv",
        rows: 12,
        columns: 4,
        header: false,
        types: &[("column_1", Text), ("column_2", Number)],
        roles: &[("column_1", Role::Other)],
        ..PLAIN
    },
    Expected { file: "carcinoma.csv", rows: 118, columns: 7, types: &[("A", Number)], ..PLAIN },
    Expected { file: "values.csv", rows: 216, columns: 4, types: &[("D", Number)], ..PLAIN },
    Expected {
        file: "consumer_segments_simulated.csv",
        rows: 300,
        columns: 7,
        types: &[("age", Number), ("ownHome", Text), ("Segment", Text)],
        ..PLAIN
    },
    Expected {
        file: "bank_additional.csv",
        rows: 4119,
        columns: 21,
        delimiter: ";",
        newline: "\r\n",
        types: &[("age", Number), ("default", Text), ("euribor3m", Number), ("pdays", Number), ("y", Boolean)],
        roles: &[("cons.price.idx", Role::Other), ("job", Role::Demographic)],
        ..PLAIN
    },
    Expected { file: "iris.csv", rows: 150, columns: 5, types: &[("target", Number)], ..PLAIN },
    Expected { file: "wine.csv", rows: 178, columns: 14, types: &[("proline", Number)], ..PLAIN },
];

#[test]
fn every_table_has_its_rows_columns_types_and_roles() {
    for expected in &EXPECTED {
        let Some(bytes) = shared(&format!("data/{}", expected.file)) else { continue };
        let table = read(&bytes);
        let file = expected.file;
        assert_eq!((table.row_count, table.columns.len()), (expected.rows, expected.columns), "{file}");
        assert!(table.columns.iter().all(|column| column.len() == expected.rows), "{file}");
        let dialect = &table.dialect;
        assert_eq!(
            (dialect.delimiter.as_str(), dialect.header, dialect.newline.as_str(), dialect.skipped_lines),
            (expected.delimiter, expected.header, expected.newline, 0),
            "{file}"
        );
        assert_eq!(table.kind, expected.kind, "{file}");
        for (name, kind) in expected.types {
            assert_eq!(table.column(name).expect("a column").kind(), *kind, "{file}: {name}");
        }
        for (name, role) in expected.roles {
            assert_eq!(table.column(name).expect("a column").role, *role, "{file}: {name}");
        }
        assert!(table.by_role(Role::OrderId).is_none(), "{file}: no file names its orders");
    }
}

#[test]
fn blanks_and_placeholders_are_found_and_counted() {
    let Some(bytes) = shared("data/telco_customer_churn.csv") else { return };
    let telco = read(&bytes);
    let charges = telco.column("TotalCharges").expect("a column");
    assert_eq!((charges.missing(), charges.fit), (11, 1.0));
    let finding =
        telco.findings.iter().find(|found| found.column.as_deref() == Some("TotalCharges")).expect("a finding");
    assert_eq!((finding.code.as_str(), finding.rows), ("missing-values", 11));
    assert_eq!((finding.examples[0].row, finding.examples[0].value.as_str()), (489, " "));

    let Some(bytes) = shared("data/bank_additional.csv") else { return };
    let bank = read(&bytes);
    let found = inspect(&bank);
    let rows = |name: &str| {
        let of =
            |code: &str| found.iter().find(|f| f.code == code && f.column.as_deref() == Some(name)).map(|f| f.rows);
        of("placeholder-values")
    };
    assert_eq!(
        (rows("default"), rows("housing"), rows("pdays"), rows("age")),
        (Some(803), Some(105), Some(3959), None)
    );

    // Told that the word means "missing", the columns have their yes and no.
    let options = ReadOptions { missing: vec!["unknown".into()], ..ReadOptions::default() };
    let encoding = detect(&bytes, true, &options);
    let mut job = ReadJob::new(bytes.len() as u64, encoding, options).expect("a job");
    let bank = run(&mut job, &bytes).expect("a table").0;
    let default = bank.column("default").expect("a column");
    assert_eq!((default.kind(), default.missing()), (Boolean, 803));
}

#[test]
fn codes_keep_their_zeros_and_days_are_days() {
    let Some(bytes) = shared("data/mall_customers.csv") else { return };
    assert_eq!(read(&bytes).column("customer_id").expect("a column").text_of(0).as_deref(), Some("0001"));
    let Some(bytes) = shared("data/CDNOW_sample.txt") else { return };
    let cdnow = read(&bytes);
    assert_eq!(cdnow.column("column_3").expect("a column").text_of(0).as_deref(), Some("1997-01-01"));
    assert_eq!(cdnow.column("column_1").expect("a column").distinct, 2357);
    let total: f64 = cdnow.numbers("column_5").expect("numbers").iter().sum();
    assert!((total - 244_091.94).abs() < 0.01, "{total}");
}

#[test]
fn a_preview_decides_as_the_reading_does() {
    for expected in &EXPECTED {
        let Some(bytes) = shared(&format!("data/{}", expected.file)) else { continue };
        let table = read(&bytes);
        let options = ReadOptions::default();
        let head = &bytes[..bytes.len().min(64 * 1024)];
        let encoding = detect(head, head.len() == bytes.len(), &options);
        let found = preview(head, bytes.len() as u64, &encoding, &options).expect("a preview");
        let newline = table.dialect.newline.clone();
        assert_eq!(found.dialect, marquetry::table::dialect::Dialect { newline, ..table.dialect.clone() });
        let decided = |name: &str, kind, role| (name.to_string(), kind, role);
        let ahead: Vec<_> =
            found.columns.iter().map(|column| decided(&column.name, column.kind, column.role)).collect();
        let read: Vec<_> =
            table.columns.iter().map(|column| decided(&column.name, column.kind(), column.role)).collect();
        assert_eq!(ahead, read, "{}", expected.file);
        assert_eq!(found.rows.len(), 50.min(expected.rows));
        let error = found.estimate.rows as f64 / expected.rows as f64 - 1.0;
        assert!(error.abs() < 0.1, "{}: {} rows estimated", expected.file, found.estimate.rows);
    }
}
