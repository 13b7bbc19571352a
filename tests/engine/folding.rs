//! What counts as an order, and who is a customer: each kind that is left out is told, and the order of rows never shows.

use crate::common::{self, load};
use marquetry::job::run;
use marquetry::study::load::{FoldJob, FoldOptions};
use marquetry::table::table::Table;
use std::rc::Rc;

const SHOP: &str = "customer_id,order_id,order_date,amount,kind\n\
    ann,1,2026-01-05,10.00,web\nann,2,2026-03-01,20.00,web\nann,3,2026-03-20,-5.00,web\n\
    bob,4,2026-01-10,7.50,web\nbob,5,2026-01-11,0,web\n\
    cid,6,2026-03-30,0,web\ncid,7,2026-03-31,99,test\ncid,7,2026-03-31,1,web\n\
    dan,8,2026-03-31,100,test\n";

fn fold(options: &str, attributes: Option<&str>) -> Table {
    let mut options: FoldOptions = serde_json::from_str(options).expect("options");
    options.columns.reference_date = Some("2026-03-31".into());
    let attributes = attributes.map(|text| Rc::new(load(text.as_bytes())));
    let mut job = FoldJob::new(Rc::new(load(SHOP.as_bytes())), &options, attributes).expect("foldable lines");
    run(&mut job, &[]).expect("customers").0
}

fn folded(text: &str) -> Table {
    let mut job = FoldJob::new(Rc::new(load(text.as_bytes())), &FoldOptions::default(), None).expect("orders");
    run(&mut job, &[]).expect("customers").0
}

fn column(table: &Table, name: &str) -> Vec<f64> {
    table.numbers(name).expect("a number column").to_vec()
}

/// Number, share and first example of a finding.
fn told(table: &Table, code: &str) -> (u64, f64, Option<(u64, String)>) {
    let found = table.findings.iter().find(|found| found.code == code).unwrap_or_else(|| panic!("no {code}"));
    (found.rows, found.share, found.examples.first().map(|example| (example.row, example.value.clone())))
}

#[test]
fn a_window_leaves_out_what_lies_outside_and_tells_it() {
    let all = fold("{}", None);
    assert_eq!(column(&all, "frequency"), [2.0, 2.0, 2.0, 1.0]);
    let month = fold(r#"{"window": {"days": 31}}"#, None);
    assert_eq!(column(&month, "frequency"), [1.0, 0.0, 2.0, 1.0]);
    assert_eq!(column(&month, "monetary"), [15.0, 0.0, 100.0, 100.0]);
    // To the reference date, not to the window's end; and a customer since the first order of all.
    assert_eq!(column(&month, "recency_days")[0], 30.0);
    assert_eq!(column(&month, "tenure_days"), column(&all, "tenure_days"));
    assert_eq!(told(&month, "orders-outside-window"), (3, 3.0 / 8.0, Some((1, "2026-01-05".into()))));
    let january = fold(r#"{"window": {"from": "2026-01-01", "to": "2026-01-31"}}"#, None);
    assert_eq!(column(&january, "frequency"), [1.0, 2.0, 0.0, 0.0]);
    assert_eq!(column(&january, "recency_days")[0], 85.0);
}

#[test]
fn each_kind_of_order_counts_as_said() {
    let strict = fold(r#"{"counts": {"zeroValue": false}}"#, None);
    assert_eq!(column(&strict, "frequency"), [2.0, 1.0, 1.0, 1.0]);
    assert_eq!(told(&strict, "zero-value-orders"), (2, 2.0 / 8.0, Some((5, "0".into()))));
    let gross = fold(r#"{"counts": {"refunds": "ignore"}}"#, None);
    assert_eq!((column(&gross, "monetary")[0], column(&gross, "refunds")[0]), (30.0, 1.0));
    assert!(gross.findings.iter().any(|found| found.message.contains("does not lower the money")));
    // Lines of test orders go; who has nothing else is no customer.
    let real = fold(r#"{"tests": "kind = 'test'"}"#, None);
    assert_eq!((real.row_count, column(&real, "monetary")), (3, vec![25.0, 7.5, 1.0]));
    assert_eq!(told(&real, "test-orders").0, 2);
    assert!(serde_json::from_str::<FoldOptions>(r#"{"counts": {"refunds": "maybe"}}"#).is_err());
}

#[test]
fn listed_customers_without_orders_are_prospects() {
    let list = "customer_id,city\nzoe,Ulm\nann,Linz\nyan,Bonn\nzoe,Graz\n";
    let joined = fold("{}", Some(list));
    assert_eq!(joined.row_count, 6);
    assert_eq!(column(&joined, "frequency"), [2.0, 2.0, 2.0, 1.0, 0.0, 0.0]);
    assert_eq!(column(&joined, "monetary")[4..], [0.0, 0.0]);
    assert!(column(&joined, "recency_days")[4].is_nan());
    let text = |name: &str, row: usize| joined.column(name).unwrap().text_of(row);
    assert_eq!([text("customer_id", 4), text("city", 4)], [Some("zoe".into()), Some("Ulm".into())]);
    assert_eq!([text("customer_id", 5), text("first_order", 5)], [Some("yan".into()), None]);
    assert_eq!(told(&joined, "prospects"), (2, 2.0 / 6.0, Some((5, "zoe".into()))));
    assert_eq!(told(&joined, "customers-without-attributes").0, 3);
    assert_eq!(fold(r#"{"prospects": false}"#, Some(list)).row_count, 4);
}

/// Amounts of long fractions, orders with and without ids: the same figures whatever the order of the lines.
#[test]
fn long_fractions_come_to_the_same_in_any_order_of_lines() {
    let line = |at: usize, parts: usize| {
        format!("c{},o{},2026-01-{:02},{}\n", at % 13, at / parts, at % 28 + 1, 1.0 / (at as f64 + 1.0))
    };
    for parts in [1, 3] {
        let header = "customer_id,order_id,order_date,amount\n";
        let lines: Vec<String> = (0..400).map(|at| line(at, parts)).collect();
        let figures = |lines: &mut dyn Iterator<Item = &String>| {
            let text = lines.fold(header.to_string(), |text, line| text + line);
            let table = common::fold(load(text.as_bytes()), None);
            let rows = (0..table.row_count).map(|row| {
                table.columns.iter().map(|column| column.text_of(row).unwrap_or_default()).collect::<Vec<_>>()
            });
            let mut rows: Vec<Vec<String>> = rows.collect();
            rows.sort();
            (rows, table.findings.iter().map(|found| found.message.clone()).collect::<Vec<_>>())
        };
        let there = figures(&mut lines.iter());
        assert_eq!(there.0.len(), 13);
        assert_eq!(there, figures(&mut lines.iter().rev()));
    }
}

#[test]
fn a_status_in_words_says_which_orders_were_cancelled_and_that_is_told() {
    let shop = |words: [&str; 3]| {
        let mut text = "customer_id,order_id,order_date,amount,financial_status\n".to_string();
        for (at, (customer, word)) in
            [("ann", words[0]), ("ann", words[1]), ("bob", words[2]), ("bob", words[1])].iter().enumerate()
        {
            text += &format!("{customer},{at},2026-01-0{},10,{word}\n", at + 1);
        }
        folded(&text)
    };
    for word in ["cancelled", "Canceled", "storniert", "annulée", "cancelado", "annullato", "anulado", "geannuleerd"] {
        let found = shop([word, "paid", "refunded"]);
        assert_eq!((column(&found, "frequency"), column(&found, "monetary")), (vec![1.0, 2.0], vec![10.0, 20.0]));
        assert_eq!(told(&found, "cancelled-orders"), (1, 0.25, Some((1, "10".into()))));
        let message = &found.findings.iter().find(|one| one.code == "cancelled-orders").unwrap().message;
        assert!(message.ends_with(&format!("left out: “financial_status” says “{word}”.")), "{message}");
    }
    let none = shop(["pending", "paid", "partially cancelled"]);
    assert_eq!(column(&none, "frequency"), [2.0, 2.0]);
    assert!(none.findings.iter().all(|one| one.code != "cancelled-orders"));
    // Of an order with other lines only the cancelled lines go.
    let lines = folded(
        "customer_id,order_id,order_date,amount,status\nann,1,2026-01-01,10,shipped\nann,1,2026-01-01,5,cancelled\n\
         bob,2,2026-01-02,7,cancelled\nbob,2,2026-01-02,8,cancelled\nann,3,2026-01-03,2,shipped\n",
    );
    assert_eq!((column(&lines, "frequency"), column(&lines, "monetary")), (vec![2.0, 0.0], vec![12.0, 0.0]));
    assert_eq!((told(&lines, "cancelled-lines").0, told(&lines, "cancelled-orders").0), (1, 1));
    // A list of customers keeps its status.
    let list = load(b"customer_id,status\na,active\nb,cancelled\nc,active\n");
    assert_eq!(list.column("status").unwrap().role, marquetry::table::role::Role::Other);
}

#[test]
fn numbers_of_orders_that_begin_anew_for_each_customer_are_orders_of_their_own() {
    let found = folded(
        "customer_id,order_id,order_date,amount\nann,1,2026-03-01,12\nbob,1,,13\nbob,1,2026-03-05,2\n,1,,4\ncid,2,2026-03-09,1\n",
    );
    assert_eq!((column(&found, "frequency"), column(&found, "monetary")), (vec![1.0; 3], vec![12.0, 19.0, 1.0]));
    // Ann's day is not Bob's, whose order has one of its own; the line without a name goes on with Bob's.
    assert_eq!(column(&found, "recency_days"), [8.0, 4.0, 0.0]);
    assert_eq!((told(&found, "undated-lines").0, told(&found, "lines-filled").0), (1, 1));
}

#[test]
fn noughts_and_ones_say_what_was_cancelled() {
    let text = "customer_id,order_id,order_date,amount,cancelled\nann,1,2026-01-01,10,0\nann,2,2026-01-02,10,1\nbob,3,2026-01-03,5,0\n";
    let found = folded(text);
    assert_eq!((column(&found, "frequency"), told(&found, "cancelled-orders").0), (vec![1.0, 1.0], 1));
}
