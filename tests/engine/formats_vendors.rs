//! Rules of shop and marketing systems in ours: what they become, what is noted, and that nothing is dropped silently.

use marquetry::error::Code;
use marquetry::segment::rules::format::format;
use marquetry::segment::rules::formats::exchange::{answer_export, answer_import, export, import};
use marquetry::segment::rules::formats::imported::{Imported, Known};
use marquetry::segment::rules::formats::lowered::Around;
use marquetry::segment::rules::parse::parse;
use marquetry::table::column::ColumnType;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value as Json, json};

type Columns = Vec<(String, Option<ColumnType>)>;

fn columns(named: &[(&str, ColumnType)]) -> Columns {
    named.iter().map(|(name, kind)| (name.to_string(), Some(*kind))).collect()
}

fn read(name: &str, source: &Json, known: &Known) -> Imported {
    let imported = import(name, source, known).unwrap_or_else(|error| panic!("{source}: {error}"));
    // Whatever is made can be written and read as text.
    let text = format(&imported.rule);
    assert_eq!(parse(&text).unwrap_or_else(|errors| panic!("{text}: {errors:?}")), imported.rule, "{text}");
    imported
}

/// The rule's text; everything could be said.
fn said(name: &str, source: Json) -> String {
    let imported = read(name, &source, &Known::default());
    assert!(imported.unsupported.is_empty(), "{source}: {:?}", imported.unsupported);
    format(&imported.rule)
}

#[test]
fn shopify_queries_become_rules() {
    for (query, rule) in [
        ("amount_spent >= 100", "amount_spent >= 100 treat missing as 0"),
        ("number_of_orders = 0", "number_of_orders = 0 treat missing as 0"),
        ("amount_spent BETWEEN 100 AND 999.99", "amount_spent between 100 and 999.99 treat missing as 0"),
        ("customer_tags CONTAINS 'VIP'", "customer_tags any of ('VIP') ignoring case treat missing as false"),
        ("customer_tags NOT CONTAINS 'VIP'", "customer_tags none of ('VIP') ignoring case treat missing as true"),
        ("email_subscription_status = 'SUBSCRIBED'", "email_subscription_status = 'SUBSCRIBED' treat missing as false"),
        ("rfm_group != 'CHAMPIONS'", "rfm_group != 'CHAMPIONS' treat missing as false"),
        ("last_order_date IS NULL", "last_order_date is missing"),
        ("last_order_date IS NOT NULL", "last_order_date is not missing"),
        ("amount_spent != NULL", "amount_spent is not missing"),
        ("amount_spent = null", "amount_spent is missing"),
        ("last_order_date > -90d", "last_order_date in last 90 days treat missing as false"),
        ("last_order_date >= -90d", "last_order_date in last 91 days treat missing as false"),
        (
            "last_order_date < -4w",
            "last_order_date not in last 29 days treat missing as false and last_order_date <= reference_date() treat missing as false",
        ),
        ("d <= -90d", "d not in last 90 days treat missing as false and d <= reference_date() treat missing as false"),
        ("d < -3m", "d not in last 3 months treat missing as false and d <= reference_date() treat missing as false"),
        ("d < today", "d < reference_date() treat missing as false"),
        ("d <= today", "d <= reference_date() treat missing as false"),
        (
            "d BETWEEN -90d AND -30d",
            "d in last 91 days treat missing as false and d not in last 30 days treat missing as false",
        ),
        (
            "orders_placed MATCHES (date < -90d)",
            "count(orders where date not in last 91 days treat missing as false <= reference_date()) >= 1",
        ),
        ("last_order_date = today", "last_order_date in last 1 day treat missing as false"),
        ("first_order_date > 2024-01-31", "first_order_date > date '2024-01-31' treat missing as false"),
        ("last_order_date BETWEEN -12m AND today", "last_order_date in last 12 months treat missing as false"),
        (
            "a = 1 OR b = 2 AND (c = 3 OR d = 4)",
            "a = 1 treat missing as false or (b = 2 treat missing as false and (c = 3 treat missing as false or d = 4 treat missing as false))",
        ),
        ("orders_placed MATCHES ()", "count(orders) >= 1"),
        ("orders_placed IS NULL", "count(orders) = 0"),
        ("orders_placed MATCHES (count >= 3, date > -90d)", "count(orders in last 90 days) >= 3"),
        ("orders_placed NOT MATCHES (date > -90d)", "not count(orders in last 90 days) >= 1"),
        (
            "orders_placed MATCHES (sum_amount > 500, date >= 2024-01-01)",
            "sum(amount of orders >= date '2024-01-01') > 500",
        ),
        (
            "products_purchased MATCHES (id IN (12, 34), date > -30d)",
            "count(orders where product_id in ('12', '34') treat missing as false in last 30 days) >= 1",
        ),
        ("products_purchased(id: 12) = true", "count(orders where product_id = '12' treat missing as false) >= 1"),
        (
            "customer_within_distance MATCHES (coordinates = '49.28,-123.12', distance_km = 25)",
            "distance_km(latitude, longitude, 49.28, -123.12) <= 25 treat missing as false",
        ),
        (
            "anniversary() MATCHES (date = today, attribute = 'birthdate')",
            "birthdate anniversary in next 1 day treat missing as false",
        ),
    ] {
        let written = parse(rule).map(|rule| format(&rule)).unwrap_or_else(|errors| panic!("{rule}: {errors:?}"));
        assert_eq!(said("shopify", json!(query)), written, "{query}");
    }
}

#[test]
fn shopify_names_what_it_leaves_out() {
    let query = "amount_spent > 10 AND shopify_email.opened MATCHES (date > -30d)";
    let imported = read("shopify", &json!(query), &Known::default());
    assert_eq!(format(&imported.rule), "amount_spent > 10 treat missing as 0");
    assert_eq!(imported.unsupported.len(), 1);
    assert!(
        imported.unsupported[0].starts_with("shopify_email.opened MATCHES (date > -30d): "),
        "{:?}",
        imported.unsupported
    );
    assert!(imported.notes.iter().any(|note| note.contains("is 0 in Shopify")), "{:?}", imported.notes);
    // Where nothing is left nobody is in.
    let imported = read("shopify", &json!("storefront.product_viewed MATCHES (id = 1)"), &Known::default());
    assert_eq!((format(&imported.rule).as_str(), imported.unsupported.len()), ("not everyone", 1));
    for broken in [
        "",
        "amount_spent",
        "amount_spent >",
        "a = 1 AND",
        "(a = 1",
        "a = 'x",
        "a = 1 b = 2",
        "= 1",
        "a MATCHES (b)",
        "§",
    ] {
        assert_eq!(
            import("shopify", &json!(broken), &Known::default()).map_err(|error| error.code),
            Err(Code::RuleSyntax),
            "{broken}"
        );
    }
    assert_eq!(import("shopify", &json!({}), &Known::default()).map_err(|error| error.code), Err(Code::RuleSyntax));
}

#[test]
fn columns_of_the_table_stand_in_for_the_vendors_names() {
    let known = columns(&[
        ("Total Spent", ColumnType::Number),
        ("Tags", ColumnType::List),
        ("Default Address Country Code", ColumnType::Text),
        ("Accepts Email Marketing", ColumnType::Boolean),
    ]);
    let query = "amount_spent > 5 AND customer_tags CONTAINS 'vip' AND customer_countries CONTAINS 'DE' AND email_subscription_status = 'SUBSCRIBED'";
    let imported = read("shopify", &json!(query), &Known { columns: Some(&known), orders: None });
    let rule = "\"Total Spent\" > 5 treat missing as 0 and Tags any of ('vip') ignoring case treat missing as false \
                and \"Default Address Country Code\" in ('DE') ignoring case treat missing as false \
                and \"Accepts Email Marketing\" = true treat missing as false";
    assert_eq!(Ok(imported.rule), parse(rule));
    assert!(imported.notes.iter().any(|note| note.contains("“Total Spent”")), "{:?}", imported.notes);
}

#[test]
fn shopify_moments_keep_their_time_of_day() {
    let known = columns(&[("ts", ColumnType::Time), ("d", ColumnType::Date)]);
    let known = Known { columns: Some(&known), orders: None };
    for (query, rule) in [
        ("ts > 2024-01-01T10:00:00", "ts > '2024-01-01T10:00:00Z' treat missing as false"),
        ("ts <= 2024-01-01T00:00:00Z", "ts <= '2024-01-01T00:00:00Z' treat missing as false"),
        (
            "ts BETWEEN 2024-01-01 AND 2024-02-01T23:59:59",
            "ts between date '2024-01-01' and '2024-02-01T23:59:59Z' treat missing as false",
        ),
        ("d < 2024-01-01T00:00:00", "d < date '2024-01-01' treat missing as false"),
    ] {
        let imported = read("shopify", &json!(query), &known);
        assert_eq!((format(&imported.rule).as_str(), imported.unsupported.len()), (rule, 0), "{query}");
    }
    for query in ["ts > 2024-01-01T10:00:00+02:00", "ts > 2024-01-01T25:00:00", "ts > 2024-02-30", "ts > 2024-01-01x"] {
        let imported = read("shopify", &json!(query), &known);
        assert_eq!((format(&imported.rule).as_str(), imported.unsupported.len()), ("not everyone", 1), "{query}");
    }
}

#[test]
fn what_the_columns_refuse_is_left_out_and_named() {
    let columns = columns(&[("spend", ColumnType::Number), ("d", ColumnType::Date), ("city", ColumnType::Text)]);
    let orders = vec![("day".to_string(), Some(ColumnType::Date)), ("amount".to_string(), Some(ColumnType::Number))];
    let with_empty: Columns = columns.iter().cloned().chain([("empty".to_string(), None)]).collect();
    let known = Known { columns: Some(&with_empty), orders: Some(&orders) };
    let query = |value: Json| {
        json!({ "combinator": "or", "rules": [
            { "field": "city", "operator": "=", "value": "Bonn" },
            { "combinator": "and", "not": true, "rules": [{ "field": "spend", "operator": ">", "value": value }, { "field": "d", "operator": "null" }] },
        ] })
    };
    for (name, source, rule, named) in [
        ("mongodb", json!({ "spend": { "$gt": "5" } }), "not everyone", &["spend > '5'", "“spend” holds numbers"][..]),
        (
            "mongodb",
            json!({ "spend": { "$gt": 5 }, "nowhere": 1 }),
            "spend > 5 treat missing as false",
            &["nowhere = 1"],
        ),
        ("mongodb", json!({ "empty": { "$gt": "5" } }), "empty > '5' treat missing as false", &[]),
        (
            "react-querybuilder",
            query(json!("10")),
            "city = 'Bonn' or not d is missing",
            &["spend > '10'", "Drop the quotes"],
        ),
        ("react-querybuilder", query(json!(10)), "city = 'Bonn' or not (spend > 10 and d is missing)", &[]),
        ("shopify", json!("d > 2024-01-01T10:00:00"), "not everyone", &["d > '2024-01-01T10:00:00Z'"]),
        ("shopify", json!("d > 2024-02-30"), "not everyone", &["d > 2024-02-30", "“2024-02-30” is no number"]),
        (
            "shopify",
            json!("city = 'Bonn' AND orders_placed MATCHES (date > 2024-01-01T10:00:00)"),
            "city = 'Bonn' treat missing as false",
            &["count(orders > '2024-01-01T10:00:00Z') >= 1"],
        ),
        ("shopify", json!("orders_placed MATCHES (date > -9d)"), "count(orders in last 9 days) >= 1", &[]),
    ] {
        let imported = read(name, &source, &known);
        assert_eq!(format(&imported.rule), rule, "{source}: {:?}", imported.unsupported);
        assert_eq!(imported.unsupported.len(), usize::from(!named.is_empty()), "{source}: {:?}", imported.unsupported);
        for part in named {
            assert!(imported.unsupported[0].contains(part), "{part}: {:?}", imported.unsupported);
        }
    }
}

#[test]
fn hubspot_branches_become_rules() {
    let property =
        |name: &str, operation: Json| json!({ "filterType": "PROPERTY", "property": name, "operation": operation });
    let all = |filters: Vec<Json>| {
        json!({ "filterBranchType": "OR", "filters": [], "filterBranches": [
        { "filterBranchType": "AND", "filterBranches": [], "filters": filters }] })
    };
    let operation = |kind: &str, operator: &str, more: Json| {
        let mut operation =
            json!({ "operationType": kind, "operator": operator, "includeObjectsWithNoValueSet": false });
        more.as_object().into_iter().flatten().for_each(|(key, value)| operation[key] = value.clone());
        operation
    };
    for (filter, rule) in [
        (
            property("x", operation("NUMBER", "IS_GREATER_THAN_OR_EQUAL_TO", json!({ "value": 12 }))),
            "x >= 12 treat missing as false",
        ),
        (
            property(
                "x",
                operation("NUMBER", "IS_NOT_EQUAL_TO", json!({ "value": "12", "includeObjectsWithNoValueSet": true })),
            ),
            "x != 12 treat missing as true",
        ),
        (property("x", operation("ALL_PROPERTY", "IS_UNKNOWN", json!({}))), "x is missing"),
        (property("x", operation("BOOL", "IS_EQUAL_TO", json!({ "value": true }))), "x = true treat missing as false"),
        (
            property("x", operation("MULTISTRING", "IS_EQUAL_TO", json!({ "values": ["a", "b"] }))),
            "x in ('a', 'b') ignoring case treat missing as false",
        ),
        (
            property("x", operation("MULTISTRING", "DOES_NOT_CONTAIN", json!({ "values": ["a", "b"] }))),
            "x not contains 'a' ignoring case treat missing as false and x not contains 'b' ignoring case treat missing as false",
        ),
        (
            property("x", operation("ENUMERATION", "IS_NONE_OF", json!({ "values": ["a"] }))),
            "x not in ('a') treat missing as false",
        ),
        (
            property("x", operation("ENUMERATION", "CONTAINS_ALL", json!({ "values": ["a"] }))),
            "x all of ('a') treat missing as false",
        ),
        (
            property(
                "x",
                operation(
                    "TIME_RANGED",
                    "IS_BETWEEN",
                    json!({
                "lowerBoundTimePoint": { "timeType": "INDEXED", "indexReference": { "referenceType": "TODAY" }, "offset": { "days": -30 } },
                "upperBoundTimePoint": { "timeType": "INDEXED", "indexReference": { "referenceType": "NOW" } } }),
                ),
            ),
            "x in last 31 days treat missing as false",
        ),
        (
            property("x", operation("DATE", "IS_MORE_THAN_X_DAYS_AGO", json!({ "numberOfDays": 90 }))),
            "x not in last 91 days treat missing as false and x <= reference_date() treat missing as false",
        ),
        (
            property("x", operation("DATE", "IS_AFTER_DATE", json!({ "year": 2024, "month": 2, "day": 29 }))),
            "x > date '2024-02-29' treat missing as false",
        ),
    ] {
        let written = parse(rule).map(|rule| format(&rule)).unwrap_or_else(|errors| panic!("{rule}: {errors:?}"));
        assert_eq!(said("hubspot", all(vec![filter])), written);
    }
    let event = json!({ "filterBranch": { "filterBranchType": "AND", "filters": [], "filterBranches": [{
        "filterBranchType": "UNIFIED_EVENTS", "eventTypeId": "6-1", "operator": "HAS_COMPLETED", "filterBranches": [], "filters": [],
        "pruningRefineBy": { "type": "TIME_OFFSET", "timeOffset": { "amount": 90, "timeUnit": "DAYS", "offsetDirection": "PAST" } },
        "coalescingRefineBy": { "type": "NUM_OCCURRENCES", "minOccurrences": 3 } }] } });
    assert_eq!(said("hubspot", event), "count(orders in last 91 days) >= 3");
    let mixed = all(vec![
        property("x", operation("NUMBER", "IS_LESS_THAN", json!({ "value": 1 }))),
        json!({ "filterType": "IN_LIST", "listId": "7", "operator": "IN_LIST" }),
    ]);
    let imported = read("hubspot", &mixed, &Known::default());
    assert_eq!(format(&imported.rule), "x < 1 treat missing as false");
    assert!(
        imported.unsupported[0].starts_with("filterBranch.filterBranches[0].filters[1]: "),
        "{:?}",
        imported.unsupported
    );
}

#[test]
fn klaviyo_definitions_become_rules() {
    let group = |conditions: Vec<Json>| json!({ "condition_groups": [{ "conditions": conditions }] });
    let property = |name: &str, filter: Json| json!({ "type": "profile-property", "property": name, "filter": filter });
    let placed = |operator: &str, value: i32, time: Json| {
        json!({ "type": "profile-metric", "metric_id": "ABC", "measurement": "count",
        "measurement_filter": { "type": "numeric", "operator": operator, "value": value }, "timeframe_filter": time, "metric_filters": null })
    };
    for (condition, rule) in [
        (
            property("location['country']", json!({ "type": "string", "operator": "equals", "value": "Germany" })),
            "country = 'Germany' ignoring case treat missing as false",
        ),
        (
            property(
                "properties['Favourite colour']",
                json!({ "type": "string", "operator": "not-contains", "value": "red" }),
            ),
            "\"Favourite colour\" not contains 'red' ignoring case treat missing as true",
        ),
        (
            property("properties['n']", json!({ "type": "numeric", "operator": "less-than", "value": 3 })),
            "n < 3 treat missing as false",
        ),
        (property("email", json!({ "type": "existence", "operator": "is-set" })), "email is not missing"),
        (
            property("properties['l']", json!({ "type": "list", "operator": "contains", "value": "a" })),
            "l any of ('a') ignoring case treat missing as false",
        ),
        (
            property("created", json!({ "type": "date", "operator": "in-the-last", "unit": "day", "quantity": 30 })),
            "created in last 30 days treat missing as false",
        ),
        (
            property("created", json!({ "type": "date", "operator": "at-least", "unit": "day", "quantity": 90 })),
            "created not in last 90 days treat missing as false and created <= reference_date() treat missing as false",
        ),
        (placed("greater-than", 0, json!({ "type": "date", "operator": "alltime" })), "count(orders) > 0"),
        (
            placed("equals", 0, json!({ "type": "date", "operator": "in-the-last", "unit": "week", "quantity": 4 })),
            "count(orders in last 4 weeks) = 0",
        ),
        (
            json!({ "type": "profile-metric", "metric_id": "ABC", "measurement": "sum",
                "measurement_filter": { "type": "numeric", "operator": "greater-than-or-equal", "value": 100 },
                "metric_filters": [{ "property": "category", "filter": { "type": "string", "operator": "equals", "value": "coffee" } }] }),
            "sum(amount of orders where category = 'coffee' ignoring case treat missing as false) >= 100",
        ),
    ] {
        let written = parse(rule).map(|rule| format(&rule)).unwrap_or_else(|errors| panic!("{rule}: {errors:?}"));
        assert_eq!(said("klaviyo", group(vec![condition])), written);
    }
    // Groups are joined by "and", conditions in them by "or".
    let number = |n: i32| property("properties['n']", json!({ "type": "numeric", "operator": "equals", "value": n }));
    let member = json!({ "type": "profile-group-membership", "is_member": true, "group_ids": ["X"] });
    let definition = json!({ "data": { "attributes": { "name": "A", "definition": { "condition_groups": [
        { "conditions": [number(1), number(2), member] }, { "conditions": [number(3)] }] } } } });
    let imported = read("klaviyo", &definition, &Known::default());
    let expected = "(n = 1 treat missing as false or n = 2 treat missing as false) and n = 3 treat missing as false";
    assert_eq!(Ok(imported.rule), parse(expected));
    assert!(imported.unsupported[0].starts_with("condition_groups[0].conditions[2]: "), "{:?}", imported.unsupported);
}

#[test]
fn what_is_no_rule_of_a_format_at_all_is_refused() {
    let nothing = [json!("not json"), json!(5), json!(null), json!([]), json!(true)];
    for (name, more) in [
        ("mongodb", vec![json!("[]")]),
        ("hubspot", vec![json!({}), json!({ "filterBranch": null }), json!({ "condition_groups": [] })]),
        (
            "klaviyo",
            vec![json!({}), json!({ "condition_groups": [] }), json!({ "definition": { "condition_groups": {} } })],
        ),
    ] {
        for source in nothing.iter().chain(&more) {
            let refused = import(name, source, &Known::default()).map_err(|error| error.code);
            assert_eq!(refused, Err(Code::RuleSyntax), "{name} {source}");
        }
    }
    let empty_group = json!({ "condition_groups": [{ "conditions": [] }] });
    let imported = read("klaviyo", &empty_group, &Known::default());
    assert_eq!(format(&imported.rule), "not everyone");
    assert_eq!(imported.unsupported, ["condition_groups[0]: it has no conditions"]);
}

#[test]
fn mongodb_filters_keep_what_missing_means_there() {
    for (filter, rule) in [
        (json!({}), "everyone"),
        (json!({ "age": 5 }), "age = 5 treat missing as false"),
        (
            json!({ "age": { "$gt": 5, "$lte": 9 } }),
            "age > 5 treat missing as false and age <= 9 treat missing as false",
        ),
        (json!({ "age": { "$ne": 5 } }), "age != 5 treat missing as true"),
        (json!({ "age": null }), "age is missing"),
        (json!({ "age": { "$nin": [5, null] } }), "age not in (5) treat missing as false"),
        (json!({ "age": { "$in": [5, null] } }), "age in (5) treat missing as true"),
        (
            json!({ "name": { "$regex": "^Jo\\.", "$options": "i" } }),
            "name starts with 'Jo.' ignoring case treat missing as false",
        ),
        (json!({ "name": { "$not": { "$regex": "son$" } } }), "not name ends with 'son' treat missing as false"),
        (json!({ "tags": { "$all": ["a", "b"] } }), "tags all of ('a', 'b') treat missing as false"),
        (json!({ "tags": { "$size": 2 } }), "length(tags) = 2 treat missing as false"),
        (
            json!({ "$nor": [{ "a": 1 }, { "b": 2 }] }),
            "not (a = 1 treat missing as false or b = 2 treat missing as false)",
        ),
        (
            json!({ "at": { "$gte": { "$date": "2024-01-31T00:00:00Z" } } }),
            "at >= date '2024-01-31' treat missing as false",
        ),
    ] {
        let written = parse(rule).map(|rule| format(&rule)).unwrap_or_else(|errors| panic!("{rule}: {errors:?}"));
        assert_eq!(said("mongodb", filter.clone()), written, "{filter}");
    }
    let filter =
        json!({ "$or": [{ "a": 1 }, { "$where": "this.b" }, { "c": { "$elemMatch": { "d": 1 }, "$gt": 2 } }] });
    let imported = read("mongodb", &filter, &Known::default());
    assert_eq!(format(&imported.rule), "a = 1 treat missing as false or c > 2 treat missing as false");
    assert_eq!(imported.unsupported.len(), 2, "{:?}", imported.unsupported);
}

#[test]
fn jsonlogic_says_what_a_missing_value_counts_as() {
    for (logic, rule) in [
        (json!({ "<": [{ "var": "temp" }, 110] }), "temp < 110 treat missing as true"),
        (json!({ ">": [{ "var": "temp" }, 110] }), "temp > 110 treat missing as false"),
        (json!({ "<=": [1, { "var": "n" }, 5] }), "n between 1 and 5 treat missing as false"),
        (json!({ "==": [{ "var": "pie.filling" }, "apple"] }), "\"pie.filling\" = 'apple' treat missing as false"),
        (json!({ "!==": [{ "var": "a" }, null] }), "a is not missing"),
        (json!({ ">": [{ "+": [{ "var": "a" }, { "var": "b" }] }, 10] }), "a + b > 10 treat missing as 0"),
        (json!({ "missing": ["a", "b"] }), "a is missing or b is missing"),
        (json!({ "in": ["x", { "var": "name" }] }), "name contains 'x' treat missing as false"),
        (
            json!({ "some": [{ "var": "items" }, { ">": [{ "var": "qty" }, 1] }] }),
            "count(lines where qty > 1 treat missing as false) >= 1",
        ),
        (
            json!({ "all": [{ "var": "items" }, { ">": [{ "var": "qty" }, 1] }] }),
            "count(lines) >= 1 and count(lines where not qty > 1 treat missing as false) = 0",
        ),
        (
            json!({ "some": [{ "var": "tags" }, { "in": [{ "var": "" }, ["a", "b"]] }] }),
            "tags any of ('a', 'b') treat missing as false",
        ),
        (
            json!({ "if": [{ "var": "b" }, { "==": [{ "var": "n" }, 1] }, false] }),
            "b = true treat missing as false and n = 1 treat missing as false",
        ),
    ] {
        let written = parse(rule).map(|rule| format(&rule)).unwrap_or_else(|errors| panic!("{rule}: {errors:?}"));
        assert_eq!(said("jsonlogic", logic.clone()), written, "{logic}");
    }
    let logic = json!({ "and": [{ ">": [{ "var": "n" }, 1] }, { "reduce": [{ "var": "l" }, 1, 2] }, { "!": [{ "log": { "var": "x" } }] }] });
    let imported = read("jsonlogic", &logic, &Known::default());
    assert_eq!(format(&imported.rule), "n > 1 treat missing as false");
    assert_eq!(imported.unsupported.len(), 2);
    assert!(imported.unsupported[0].starts_with("and[1].reduce: "), "{:?}", imported.unsupported);
}

#[test]
fn cel_guards_every_value_that_may_be_missing() {
    let known = columns(&[("tags", ColumnType::List)]);
    let around = Around { known: Known { columns: Some(&known), orders: None }, reference_date: Some(19_813) };
    for (rule, expression) in [
        ("everyone", "true"),
        ("age > 5", "has(customer.age) && customer.age != null && customer.age > 5.0"),
        ("not age > 5", "has(customer.age) && customer.age != null && customer.age <= 5.0"),
        (
            "age > 5 treat missing as true",
            "!(has(customer.age) && customer.age != null) || (has(customer.age) && customer.age != null && customer.age > 5.0)",
        ),
        (
            "\"total spend\" = 5",
            "\"total spend\" in customer && customer[\"total spend\"] != null && customer[\"total spend\"] == 5.0",
        ),
        ("city contains 'a\"b'", "has(customer.city) && customer.city != null && customer.city.contains(\"a\\\"b\")"),
        (
            "city = 'a' ignoring case",
            "has(customer.city) && customer.city != null && customer.city.matches(\"^[aA]$\")",
        ),
        (
            "tags any of ('a', 'b')",
            "has(customer.tags) && customer.tags != null && customer.tags.exists(x, x in [\"a\", \"b\"])",
        ),
        (
            "d in last 2 days",
            "(has(customer.d) && customer.d != null && customer.d >= \"2024-03-30\") && (has(customer.d) && customer.d != null && customer.d <= \"2024-03-31\")",
        ),
        (
            "a + b > 2 treat missing as 0",
            "((has(customer.a) && customer.a != null ? customer.a : 0.0) + (has(customer.b) && customer.b != null ? customer.b : 0.0)) > 2.0",
        ),
    ] {
        let parsed = parse(rule).unwrap_or_else(|errors| panic!("{rule}: {errors:?}"));
        assert_eq!(export("cel", &parsed, &around).expect(rule), json!(expression), "{rule}");
    }
}

#[test]
fn what_a_format_cannot_say_is_named_whole() {
    let rule = parse("a in top 10 and count(orders) > 1 and n > 2 and in segment 'VIP'").expect("a rule");
    for name in ["jsonlogic", "mongodb", "cel", "react-querybuilder"] {
        let error = export(name, &rule, &Around::default()).expect_err("not all of it");
        assert_eq!(error.code, Code::Unsupported);
        for part in ["“a in top 10”", "“count(orders) > 1”", "“in segment 'VIP'”"] {
            assert!(error.message.contains(part), "{name}: {}", error.message);
        }
        assert!(!error.message.contains("n > 2"), "{name}: {}", error.message);
    }
    assert_eq!(export("xml", &rule, &Around::default()).map_err(|error| error.code), Err(Code::BadOption));
    assert_eq!(import("xml", &json!({}), &Known::default()).map_err(|error| error.code), Err(Code::BadOption));
}

#[test]
fn react_querybuilder_leaves_out_what_it_cannot_read() {
    let query = json!({ "combinator": "and", "rules": [
        { "field": "a", "operator": "=", "value": 1 },
        { "combinator": "xor", "rules": [{ "field": "b", "operator": "=", "value": 1 }, { "field": "c", "operator": "=", "value": 1 }] },
        { "field": "d", "operator": "=", "value": 1, "muted": true }] });
    let imported = read("react-querybuilder", &query, &Known::default());
    assert_eq!(format(&imported.rule), "a = 1");
    assert!(
        imported.unsupported[0].starts_with("rules[1]: ") && imported.unsupported[1].starts_with("rules[2]: "),
        "{:?}",
        imported.unsupported
    );
}

#[test]
fn requests_are_answered_in_json() {
    let answer = answer_import(&json!({ "format": "mongodb", "source": "{\"a\": {\"$gt\": 1}}" }).to_string())
        .expect("an answer");
    let answer: Json = serde_json::from_str(&answer).expect("JSON");
    assert_eq!((&answer["text"], &answer["unsupported"]), (&json!("a > 1 treat missing as false"), &json!([])));
    let request =
        json!({ "format": "mongodb", "rule": answer["rule"], "columns": [{ "name": "a", "type": "number" }] });
    assert_eq!(answer_export(&request.to_string()).expect("an answer"), "{\"a\":{\"$gt\":1}}");
    let deep = (0..300).fold(json!(true), |inner, _| json!({ "!": [inner] }));
    assert_eq!(import("jsonlogic", &deep, &Known::default()).map_err(|error| error.code), Err(Code::RuleSyntax));
    assert_eq!(answer_import("{").map_err(|error| error.code), Err(Code::BadOption));
    let broken = json!({ "format": "hubspot", "source": "{\"a\"" });
    assert_eq!(answer_import(&broken.to_string()).map_err(|error| error.code), Err(Code::RuleSyntax));
}

/// JSON made of the words that these formats use.
fn any_json() -> BoxedStrategy<Json> {
    const KEYS: [&str; 28] = [
        "and",
        "or",
        "!",
        "var",
        "==",
        "<",
        "in",
        "some",
        "substr",
        "$and",
        "$not",
        "$in",
        "$regex",
        "$expr",
        "$date",
        "a",
        "filterBranchType",
        "filters",
        "filterBranches",
        "operation",
        "operator",
        "value",
        "values",
        "property",
        "condition_groups",
        "conditions",
        "filter",
        "type",
    ];
    const WORDS: [&str; 14] = [
        "",
        "a",
        "AND",
        "PROPERTY",
        "NUMBER",
        "IS_EQUAL_TO",
        "profile-property",
        "numeric",
        "equals",
        "$a",
        "^x$",
        "ä(",
        "2024-02-30",
        "in-the-last",
    ];
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
        (-3i64..400).prop_map(Json::from),
        select(&WORDS[..]).prop_map(Json::from),
    ];
    leaf.prop_recursive(5, 40, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Json::Array),
            proptest::collection::vec((select(&KEYS[..]), inner), 1..4)
                .prop_map(|fields| fields.into_iter().map(|(key, value)| (key.to_string(), value)).collect()),
        ]
    })
    .boxed()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_json_makes_an_importer_panic(json in any_json(), text in ".{0,40}") {
        for name in ["jsonlogic", "mongodb", "react-querybuilder", "hubspot", "klaviyo", "shopify"] {
            for source in [&json, &json!(text)] {
                if let Ok(imported) = import(name, source, &Known::default()) {
                    format(&imported.rule);
                }
            }
        }
    }

    #[test]
    fn no_words_make_the_shopify_reader_panic(words in proptest::collection::vec(select(&[
        "a", "AND", "OR", "NOT", "(", ")", "=", ">=", "-90d", "-d", "-", "+3w", "today", "'x'", "'", "1e999", "MATCHES", "CONTAINS", "BETWEEN",
        "IS", "NULL", ",", ":", "count", "date", "orders_placed", "anniversary", "2024-01-31T1:ä", "ääääääääää", "IN",
    ][..]), 0..12)) {
        for glue in [" ", ""] {
            let _ = import("shopify", &json!(words.join(glue)), &Known::default());
        }
    }
}
