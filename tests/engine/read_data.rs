//! Every table of the shared data reads as its list says: rows, columns, dialect, types, roles, and the traps that are
//! planted in it.

use crate::common::shared;
use marquetry::job::run;
use marquetry::quality::inspect::inspect;
use marquetry::read::encoding::detect;
use marquetry::read::options::ReadOptions;
use marquetry::read::preview::preview;
use marquetry::read::reader::ReadJob;
use marquetry::table::column::Column;
use marquetry::table::column::ColumnType::Boolean;
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
    /// Every column in file order: name, type, and role unless it is `other`.
    columns: &'static str,
    delimiter: &'static str,
    header: bool,
    newline: &'static str,
    kind: Kind,
}

const PLAIN: Expected =
    Expected { file: "", rows: 0, columns: "", delimiter: ",", header: true, newline: "\n", kind: Kind::Customers };

const EXPECTED: [Expected; 15] = [
    Expected {
        file: "CDNOW_sample.txt",
        rows: 6919,
        columns: "column_1:text:customer-id column_2:text column_3:date:date column_4:number:quantity \
            column_5:number:amount",
        delimiter: "whitespace",
        header: false,
        newline: "\r\n",
        kind: Kind::Orders,
    },
    Expected {
        file: "cdnow_customers_summary.csv",
        rows: 2357,
        columns: "ID:text:customer-id frequency:number recency:number T:number",
        ..PLAIN
    },
    Expected {
        file: "cdnow_customers_summary_with_transactions.csv",
        rows: 2357,
        columns: "ID:text:customer-id x:number t_x:number T:number zbar:number",
        newline: "\r\n",
        ..PLAIN
    },
    Expected {
        file: "rfm_data_orders.csv",
        rows: 4906,
        columns: "customer_id:text:customer-id order_date:date:date revenue:number:amount first_name:text:name \
            last_name:text:name email:text:email",
        kind: Kind::Orders,
        ..PLAIN
    },
    Expected {
        file: "mall_customers.csv",
        rows: 200,
        columns: "customer_id:text:customer-id gender:text:demographic age:number:demographic \
            annual_income_thousands:number:demographic spending_score:number",
        newline: "\r\n",
        ..PLAIN
    },
    Expected {
        file: "wholesale_customers.csv",
        rows: 440,
        columns: "Channel:number Region:number:region Fresh:number Milk:number Grocery:number Frozen:number \
            Detergents_Paper:number Delicatessen:number",
        ..PLAIN
    },
    Expected {
        file: "telco_customer_churn.csv",
        rows: 7043,
        columns: "customerID:text:customer-id gender:text:demographic SeniorCitizen:number:demographic \
            Partner:boolean:demographic Dependents:boolean:demographic tenure:number PhoneService:boolean \
            MultipleLines:text InternetService:text OnlineSecurity:text OnlineBackup:text \
            DeviceProtection:text TechSupport:text StreamingTV:text StreamingMovies:text Contract:text \
            PaperlessBilling:boolean PaymentMethod:text MonthlyCharges:number TotalCharges:number:amount \
            Churn:boolean",
        ..PLAIN
    },
    Expected {
        file: "soybean_small.csv",
        rows: 47,
        columns: "column_1:number column_2:number column_3:number column_4:number column_5:number column_6:number \
            column_7:number column_8:number column_9:number column_10:number column_11:number column_12:number \
            column_13:number column_14:number column_15:number column_16:number column_17:number \
            column_18:number column_19:number column_20:number column_21:number column_22:number \
            column_23:number column_24:number column_25:number column_26:number column_27:number \
            column_28:number column_29:number column_30:number column_31:number column_32:number \
            column_33:number column_34:number column_35:number column_36:text",
        header: false,
        ..PLAIN
    },
    Expected {
        file: "stocks.csv",
        rows: 12,
        columns: "column_1:text column_2:number column_3:text column_4:text",
        header: false,
        ..PLAIN
    },
    Expected {
        file: "carcinoma.csv",
        rows: 118,
        columns: "A:number B:number C:number D:number E:number F:number G:number",
        ..PLAIN
    },
    Expected { file: "values.csv", rows: 216, columns: "A:number B:number C:number D:number", ..PLAIN },
    Expected {
        file: "consumer_segments_simulated.csv",
        rows: 300,
        columns: "age:number:demographic gender:text:demographic income:number:demographic kids:number:demographic \
            ownHome:text:demographic subscribe:text Segment:text",
        ..PLAIN
    },
    Expected {
        file: "bank_additional.csv",
        rows: 4119,
        columns: "age:number:demographic job:text:demographic marital:text:demographic education:text:demographic \
            default:text housing:text loan:text contact:text month:text day_of_week:text duration:number \
            campaign:number pdays:number previous:number poutcome:text emp.var.rate:number \
            cons.price.idx:number cons.conf.idx:number euribor3m:number nr.employed:number y:boolean",
        delimiter: ";",
        newline: "\r\n",
        ..PLAIN
    },
    Expected {
        file: "iris.csv",
        rows: 150,
        columns: "sepal_length:number sepal_width:number petal_length:number petal_width:number target:number",
        ..PLAIN
    },
    Expected {
        file: "wine.csv",
        rows: 178,
        columns: "alcohol:number malic_acid:number ash:number alcalinity_of_ash:number magnesium:number \
            total_phenols:number flavanoids:number nonflavanoid_phenols:number proanthocyanins:number \
            color_intensity:number hue:number od280/od315_of_diluted_wines:number proline:number target:number",
        ..PLAIN
    },
];

/// As [`Expected::columns`] says it.
fn described(column: &Column) -> String {
    let word = |value: serde_json::Value| value.as_str().expect("a word").to_string();
    let kind = word(serde_json::to_value(column.kind()).expect("a type"));
    match column.role {
        Role::Other => format!("{}:{kind}", column.name),
        role => format!("{}:{kind}:{}", column.name, word(serde_json::to_value(role).expect("a role"))),
    }
}

#[test]
fn every_table_has_its_rows_columns_types_and_roles() {
    for expected in &EXPECTED {
        let Some(bytes) = shared(&format!("data/{}", expected.file)) else { continue };
        let table = read(&bytes);
        let file = expected.file;
        assert_eq!(table.row_count, expected.rows, "{file}");
        assert!(table.columns.iter().all(|column| column.len() == expected.rows), "{file}");
        let dialect = &table.dialect;
        assert_eq!(
            (dialect.delimiter.as_str(), dialect.header, dialect.newline.as_str(), dialect.skipped_lines),
            (expected.delimiter, expected.header, expected.newline, 0),
            "{file}"
        );
        assert_eq!(table.kind, expected.kind, "{file}");
        let found: Vec<String> = table.columns.iter().map(|column| described(column)).collect();
        let wanted: Vec<&str> = expected.columns.split(' ').collect();
        assert_eq!(found, wanted, "{file}");
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
