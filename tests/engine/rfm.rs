//! RFM on real orders: published figures, and independence from the order of the rows.

use crate::common::{fold, load, shared};
use marquetry::features::rfm::{ScoreOptions, Scores, score};
use marquetry::job::run;
use marquetry::read::encoding::detect;
use marquetry::read::options::ReadOptions;
use marquetry::segment::rfm_groups::by_scheme;
use marquetry::study::load::LoadJob;
use marquetry::table::role::Role;
use marquetry::table::table::Table;
use std::collections::BTreeMap;

const ORDERS: &str = "data/rfm_data_orders.csv";

fn scores(table: &Table, compatibility: Option<&str>) -> Scores {
    let options = ScoreOptions { compatibility: compatibility.map(String::from), ..ScoreOptions::default() };
    score(table, &options).expect("scores")
}

/// A customer's recency, frequency and money, with the three scores as one number.
type Line = ((f64, f64, f64), u32);

/// Lines by customer.
fn by_customer(table: &Table, scores: &Scores) -> BTreeMap<String, Line> {
    let id = table.by_role(Role::CustomerId).expect("an id");
    let numbers = |name: &str| table.numbers(name).expect("a number column");
    let (recency, frequency, monetary) = (numbers("recency_days"), numbers("frequency"), numbers("monetary"));
    (0..table.row_count)
        .map(|row| {
            let digits = [scores.recency[row], scores.frequency[row], scores.monetary[row]];
            let code = digits.iter().fold(0, |code, &digit| code * 10 + u32::from(digit));
            (id.text_of(row).expect("an id"), ((recency[row], frequency[row], monetary[row]), code))
        })
        .collect()
}

#[test]
fn published_orders_give_the_published_customers() {
    let Some(bytes) = shared(ORDERS) else { return };
    let customers = fold(load(&bytes), Some("2006-12-31"));
    assert_eq!(customers.row_count, 995);
    assert_eq!(customers.numbers("frequency").expect("orders").iter().sum::<f64>(), 4_906.0);
    let scores = scores(&customers, Some("r-rfm"));
    let table = by_customer(&customers, &scores);
    let published: [(&str, Line); 5] = [
        ("Abbey O'Reilly", ((205.0, 6.0, 472.0), 343)),
        ("Add Senger", ((140.0, 3.0, 340.0), 412)),
        ("Aden Lesch", ((194.0, 4.0, 405.0), 323)),
        ("Aden Murphy", ((98.0, 7.0, 596.0), 544)),
        ("Admiral Senger", ((132.0, 5.0, 448.0), 433)),
    ];
    for (name, expected) in published {
        assert_eq!(table[name], expected, "{name}");
    }
    assert_eq!(scores.edges.recency, [115.0, 181.0, 297.4, 482.0]);
    assert_eq!(scores.edges.frequency, [4.0, 5.0, 6.0, 8.0]);
    assert_eq!(scores.edges.monetary, [255.8, 382.0, 506.4, 666.0]);
    let counts =
        |scores: &[u8]| (1..=5).map(|score| scores.iter().filter(|&&s| s == score).count()).collect::<Vec<_>>();
    assert_eq!(counts(&scores.recency), [197, 200, 199, 199, 200]);
    assert_eq!(counts(&scores.frequency), [268, 187, 176, 244, 120]);
    assert_eq!(counts(&scores.monetary), [200, 200, 198, 202, 195]);
    let groups = by_scheme("RFM", "segments-10", &scores).unwrap();
    let size = |name: &str| groups.sizes[groups.labels.iter().position(|label| label == name).unwrap()];
    for (name, expected) in [
        ("Champions", 35),
        ("Potential loyalists", 342),
        ("Loyal customers", 170),
        ("Promising", 9),
        ("New customers", 104),
        ("Cannot lose them", 47),
        ("At risk", 28),
        ("Need attention", 10),
        ("About to sleep", 102),
        ("Lost", 148),
    ] {
        assert_eq!(size(name), expected, "{name}");
    }
    assert!(groups.assignments.iter().all(|&group| group >= 0));
}

#[test]
fn the_order_of_the_rows_does_not_show() {
    let Some(bytes) = shared(ORDERS) else { return };
    let text = String::from_utf8(bytes).expect("UTF-8");
    let (header, body) = text.split_once('\n').expect("a header");
    let mut lines: Vec<&str> = body.lines().collect();
    lines.reverse();
    lines.rotate_left(1_234);
    let permuted = format!("{header}\n{}\n", lines.join("\n"));
    let (one, other) = (fold(load(text.as_bytes()), None), fold(load(permuted.as_bytes()), None));
    assert_eq!(by_customer(&one, &scores(&one, None)), by_customer(&other, &scores(&other, None)));
    assert_eq!(one.reference_date, other.reference_date);
}

#[test]
fn equal_values_get_equal_scores_on_tied_orders() {
    let Some(bytes) = shared("data/CDNOW_sample.txt") else { return };
    let customers = fold(load(&bytes), None);
    assert_eq!(customers.row_count, 2_357);
    let scores = scores(&customers, None);
    let frequency = customers.numbers("frequency").expect("orders");
    let mut score_of: BTreeMap<u64, u8> = BTreeMap::new();
    for (row, orders) in frequency.iter().enumerate() {
        let known = *score_of.entry(*orders as u64).or_insert(scores.frequency[row]);
        assert_eq!(known, scores.frequency[row], "{orders} orders");
    }
    assert!(score_of.len() > 5);
}

#[test]
fn refunds_lower_the_money_and_are_no_orders() {
    let file = "customer_id,order_id,order_date,amount\n\
        a,1,2026-01-01,10.10\na,1,2026-01-01,5.20\na,2,2026-02-01,-3.30\n\
        b,3,2026-02-10,-7.00\n,4,2026-02-11,1.00\na,5,2026-02-11,0.30\na,5,2026-02-11,0.30\n";
    let customers = fold(load(file.as_bytes()), Some("2026-02-11"));
    let row = |name: &str| customers.numbers(name).expect("a number column").to_vec();
    assert_eq!(customers.row_count, 2);
    assert_eq!(row("frequency"), [2.0, 0.0]);
    assert_eq!(row("refunds"), [1.0, 1.0]);
    assert_eq!(row("monetary"), [12.6, -7.0]);
    assert_eq!(row("recency_days")[0], 0.0);
    assert!(row("recency_days")[1].is_nan() && row("average_order")[1].is_nan());
    assert_eq!(row("tenure_days")[0], 41.0);
    let codes: Vec<&str> = customers.findings.iter().map(|finding| finding.code.as_str()).collect();
    assert_eq!(codes, ["missing-customer-id", "refund-lines"]);
}

#[test]
fn a_past_day_sees_only_what_had_happened() {
    let file = "customer_id,order_date,amount\na,2026-01-01,10\na,2026-03-01,5\nb,2026-03-02,5\nb,2026-03-05,5\n";
    let customers = fold(load(file.as_bytes()), Some("2026-02-01"));
    assert_eq!(customers.numbers("frequency").expect("orders"), [1.0, 0.0]);
    assert_eq!(customers.numbers("monetary").expect("money"), [10.0, 0.0]);
    assert_eq!(customers.findings[0].code, "orders-after-reference");
    assert_eq!(customers.findings[0].rows, 3);
}

/// Orders, refunds and cancellations that were left out of memory: the fold goes on without them, and says what that means.
#[test]
fn columns_that_are_not_in_memory_are_done_without_and_told() {
    let text = "id,who,day,amount,back,void\n1,a,2026-01-01,10,,no\n1,a,2026-01-01,5,2,no\n2,b,2026-01-02,7,,yes\n";
    let roles = r#"{"id": {"role": "order-id"}, "who": {"role": "customer-id"}, "day": {"role": "date"},
        "amount": {"role": "amount"}, "back": {"role": "refund"}, "void": {"role": "cancellation", "type": "boolean"}}"#;
    let folded = |only: &str| {
        let options: ReadOptions = serde_json::from_str(&format!("{{\"columns\": {roles}{only}}}")).unwrap();
        let mut job = LoadJob::new(text.len() as u64, detect(text.as_bytes(), true, &options), options).unwrap();
        let customers = fold(run(&mut job, text.as_bytes()).unwrap().0, None);
        let told = customers.findings.iter().filter(|found| found.code == "column-not-loaded");
        let names: Vec<String> = told.filter_map(|found| found.column.clone()).collect();
        let of = |name: &str| customers.numbers(name).unwrap().to_vec();
        (of("frequency"), of("monetary"), names)
    };
    assert_eq!(folded(""), (vec![1.0, 0.0], vec![13.0, 0.0], vec![]));
    let kept = folded(r#", "only": ["who", "day", "amount"]"#);
    let names = ["id", "back", "void"].map(String::from).to_vec();
    assert_eq!(kept, (vec![2.0, 1.0], vec![15.0, 7.0], names));
}
