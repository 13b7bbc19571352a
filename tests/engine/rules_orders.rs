//! The sentences of docs/LANGUAGE.md about orders and ranks, each by hand.

use crate::common::load;
use marquetry::segment::rules::cache::Cache;
use marquetry::segment::rules::evaluate::{Context, evaluate_with};
use marquetry::segment::rules::orders::Orders;
use marquetry::segment::rules::parse::parse;
use marquetry::table::date::parse_iso_day;
use std::rc::Rc;

/// Six customers: one with many orders, one with two, one whose only line has no day, one twice, one without an id.
const CUSTOMERS: &str = "customer_id,spend,country,rank_by\n\
    ann,10,DE,b\nben,20,DE,a\ncid,20,AT,\ndan,,AT,c\nann,5,,d\n,30,,e\n";

/// Order 1 has two lines; the last line but one has no order id, the last belongs to nobody.
const ORDERS: &str = "customer_id,order_id,order_date,amount,category,product\n\
    ann,1,2026-01-10,20,coffee,beans\n\
    ann,1,2026-01-10,5,filter,paper\n\
    ann,2,2026-02-01,15,coffee,beans\n\
    ann,3,2026-02-28,,tea,green\n\
    ben,4,2026-02-27,40,printer,laser\n\
    ben,5,2026-02-28,10,ink,\n\
    cid,6,,7,coffee,ground\n\
    ann,,2026-03-05,1,coffee,beans\n\
    zoe,7,2026-03-01,99,coffee,beans\n";

/// One sign a customer: in, out, unknown.
fn answers(text: &str) -> String {
    let (customers, lines) = (load(CUSTOMERS.as_bytes()), load(ORDERS.as_bytes()));
    let orders = Orders::new(Rc::new(lines), &customers, None).expect("orders");
    let day = parse_iso_day("2026-03-05").expect("a day");
    let context = Context { orders: Some(&orders), ..Context::on(day) };
    let rule = parse(text).unwrap_or_else(|errors| panic!("{text}: {errors:?}"));
    let cache = Cache::default();
    let asked = || evaluate_with(&rule, &customers, &context, &cache);
    let verdict = asked().unwrap_or_else(|error| panic!("{text}: {error}"));
    // What is no group nor a negation is kept, sequences too.
    assert!(cache.get(&verdict.text).is_some() || rule.depth() > 0, "{text}");
    assert_eq!(asked().as_ref(), Ok(&verdict), "{text}");
    let sign = |row| match (verdict.yes.get(row), verdict.known.get(row)) {
        (true, _) => '+',
        (false, true) => '-',
        (false, false) => '?',
    };
    (0..customers.row_count).map(sign).collect()
}

/// Each rule with the answers of ann, ben, cid, dan, ann again, and the customer without an id.
const CASES: [(&str, &str); 42] = [
    // Distinct orders; a line without an order id counts one. Customers who share an id share its orders.
    ("count(orders) = 4", "+---+-"),
    ("count(lines) = 5", "+---+-"),
    ("days_active(orders) = 4", "+---+-"),
    ("days_active(orders) = 0", "--++-+"),
    // Customers without orders have not bought, which is known.
    ("never(orders)", "---+-+"),
    ("count(orders) = 0", "---+-+"),
    ("not ever(orders where category = 'coffee')", "-+-+-+"),
    ("sum(amount of orders) = 0", "---+-+"),
    ("avg(amount of orders) > 0", "+++?+?"),
    ("avg(amount of orders) = 10.25", "+--?+?"),
    ("avg(amount of orders) > 0 treat missing as 1", "++++++"),
    ("min(amount of orders) = 1", "+--?+?"),
    ("max(amount of orders where category = 'coffee') = 20", "+?-?+?"),
    ("max(order_date of orders) = '2026-03-05'", "+-??+?"),
    ("min(category of orders) = 'coffee'", "+-+?+?"),
    // Only lines whose measured value is not missing.
    ("distinct(product of orders) = 3", "+---+-"),
    ("distinct(product of orders) = 1", "-++---"),
    ("sum(amount of orders) = 41", "+---+-"),
    // By day, and within a day from the smallest; lines without a day take no part.
    ("first(category of orders) = 'coffee'", "+-??+?"),
    ("first(amount of orders) = 5", "+-??+?"),
    ("last(amount of orders) = 1", "+-??+?"),
    ("nth(2, amount of orders) = 20", "+-??+?"),
    ("nth(2, amount of orders) = 10", "-+??-?"),
    ("nth(5, amount of orders) > 0", "??????"),
    ("most_frequent(category of orders) = 'coffee'", "+-+?+?"),
    ("most_frequent(category of orders) = 'ink'", "-+-?-?"),
    ("list(category of orders) all of ('coffee', 'tea')", "+--?+?"),
    // Windows; a line without a day lies in none.
    ("count(orders in last 7 days) = 2", "++--+-"),
    ("count(orders in this month) = 1", "+---+-"),
    ("count(orders before '2026-02-01') = 1", "+---+-"),
    ("count(orders where amount > 5 in last 40 days) = 2", "-+----"),
    ("count(orders in any 23 days) = 2", "++--+-"),
    ("count(orders in any 2 days) = 2", "-+----"),
    ("sum(amount of orders in any 30 days) = 50", "-+----"),
    // Ratios.
    ("count(orders where category = 'coffee') / count(orders) > 0.5", "+-+?+?"),
    // One order and then, on a later day, another.
    ("sequence(orders where category = 'printer' then orders where category = 'ink' within 1 day)", "-+----"),
    ("sequence(orders then orders within 6 days with same product)", "------"),
    ("sequence(orders then orders within 1 month with same product)", "+---+-"),
    ("sequence(orders where category = 'coffee' then not orders within 4 weeks)", "------"),
    ("sequence(orders where category = 'ink' then not orders within 5 days)", "-+----"),
    ("spend in top 2", "-++?-+"),
    ("spend in top 1 per country ties by rank_by", "-++?-+"),
];

#[test]
fn orders_and_ranks_by_hand() {
    let wrong: Vec<String> = CASES
        .iter()
        .map(|(rule, expected)| (rule, expected, answers(rule)))
        .filter(|(_, expected, found)| *expected != found)
        .map(|(rule, expected, found)| format!("{rule}: {found}, not {expected}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
