//! JsonLogic's community suite: what is imported answers as JsonLogic does, what is not says why.

use crate::common::shared;
use marquetry::job::run;
use marquetry::read::encoding::Encoding;
use marquetry::read::json::JsonJob;
use marquetry::read::options::ReadOptions;
use marquetry::segment::rules::evaluate::{Context, evaluate};
use marquetry::segment::rules::format::format;
use marquetry::segment::rules::formats::exchange::import;
use marquetry::segment::rules::formats::imported::Known;
use marquetry::segment::rules::orders::Orders;
use marquetry::study::load::LoadJob;
use marquetry::table::column::{Column, ColumnType};
use marquetry::table::table::Table;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::rc::Rc;

/// Records as a JSON file dropped on the page would be read.
fn load(records: &Json) -> Table {
    let bytes = records.to_string().into_bytes();
    let mut job = JsonJob::new(bytes.len() as u64, ReadOptions::default()).expect("a job");
    let (origin, csv) = run(&mut job, &bytes).expect("records");
    let options = ReadOptions::default().rewritten(origin);
    let mut job = LoadJob::new(csv.len() as u64, Encoding::utf8(), options).expect("a job");
    run(&mut job, &csv).expect("a table").0
}

/// File, rule, data and result.
type Case = (String, Json, Json, bool);

/// Every case with a boolean result, and how many there are in all.
fn cases() -> Option<(usize, Vec<Case>)> {
    let folder = "suites/rules-jsonlogic/suites/";
    let files: Vec<String> = serde_json::from_slice(&shared(&format!("{folder}index.json"))?).expect("an index");
    let (mut all, mut found) = (0, Vec::new());
    for file in files {
        let cases: Vec<Json> = serde_json::from_slice(&shared(&format!("{folder}{file}"))?).expect("cases");
        for case in cases.into_iter().filter(|case| !case.is_string()) {
            let at = |index: usize, key: &str| case.get(index).or_else(|| case.get(key)).cloned();
            all += 1;
            if let Some(Json::Bool(result)) = at(2, "result") {
                let (rule, data) = (at(0, "rule").expect("a rule"), at(1, "data").unwrap_or(Json::Null));
                found.push((file.clone(), rule, data, result));
            }
        }
    }
    Some((all, found))
}

/// Columns by name and type; one without a value has none.
fn known(table: &Table) -> Vec<(String, Option<ColumnType>)> {
    let kind = |column: &Column| (column.missing() < column.len()).then(|| column.kind());
    table.columns.iter().map(|column| (column.name.clone(), kind(column))).collect()
}

#[test]
fn the_community_suite_has_no_wrong_answer() {
    let Some((all, cases)) = cases() else { return };
    let (mut right, mut wrong, mut refused) = (0, Vec::new(), BTreeMap::<String, usize>::new());
    for (file, rule, data, expected) in &cases {
        // One row, as a JSON file of it is read. A list of records is the customer's order lines, in a file of their own.
        let mut record = data.as_object().cloned().unwrap_or_default();
        let is_lines =
            |value: &Json| value.as_array().is_some_and(|all| !all.is_empty() && all.iter().all(Json::is_object));
        let lines: Option<String> = record.iter().find(|(_, value)| is_lines(value)).map(|(name, _)| name.clone());
        let lines = lines.and_then(|name| record.remove(&name)).map(|mut lines| {
            let entries = lines.as_array_mut().expect("a list").iter_mut();
            entries.for_each(|entry| entry["customer_id"] = json!("c1"));
            Rc::new(load(&lines))
        });
        record.insert("customer_id".into(), json!("c1"));
        let table = load(&json!([record]));
        let orders = lines.map(|lines| Orders::new(lines, &table, Some("customer_id")).expect("orders"));
        let columns = known(&table);
        let order_columns = orders.as_ref().map(|orders| known(orders.table()));
        let imported = import("jsonlogic", rule, &Known { columns: Some(&columns), orders: order_columns.as_deref() });
        let imported = imported.expect("a format");
        if !imported.unsupported.is_empty() {
            *refused.entry(imported.unsupported.join("; ")).or_default() += 1;
            println!("refused: {file} {rule} {}", imported.unsupported.join("; "));
            continue;
        }
        let context = Context { orders: orders.as_ref(), ..Context::on(0) };
        match evaluate(&imported.rule, &table, &context) {
            Ok(verdict) if verdict.yes.get(0) == *expected && verdict.known.get(0) => right += 1,
            Ok(verdict) => wrong.push(format!(
                "{file} {rule} {data}: expected {expected}, {} gave {} {}",
                format(&imported.rule),
                verdict.yes.get(0),
                verdict.known.get(0)
            )),
            Err(error) => wrong.push(format!("{file} {rule} {data}: {} ({})", error.message, format(&imported.rule))),
        }
    }
    let refusals: usize = refused.values().sum();
    println!(
        "{all} cases, {} with a boolean result: {right} right, {} wrong, {refusals} refused",
        cases.len(),
        wrong.len()
    );
    println!("refused: {refused:#?}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(right * 10 >= cases.len() * 9, "{right} of {}", cases.len());
}

/// A piece within itself so many times.
fn nested(levels: usize, level: impl Fn(Json) -> Json) -> Json {
    (0..levels).fold(json!({ "var": "a" }), |inner, _| level(inner))
}

#[test]
fn what_is_said_once_and_written_twice_is_bounded() {
    let read = |logic: &Json| import("jsonlogic", logic, &Known::default()).expect("an import");
    let between = |inner| json!({ "<": [0, inner, 2] });
    let deep = read(&nested(40, between));
    assert!(deep.unsupported.is_empty(), "{:?}", deep.unsupported);
    assert_eq!(format(&deep.rule), format(&read(&nested(1, between)).rule));

    let doubling: [fn(Json) -> Json; 2] = [
        |inner| json!({ "==": [true, inner, true] }),
        |inner| json!({ "if": [inner, { "var": "b" }, { "var": "c" }] }),
    ];
    for level in doubling {
        assert!(read(&nested(5, level)).unsupported.is_empty());
        let deep = read(&json!({ "and": [{ "var": "kept" }, nested(40, level)] }));
        assert_eq!(format(&deep.rule), "kept = true treat missing as false");
        assert!(deep.unsupported.iter().any(|part| part.contains("more than 10,000 conditions")));
        assert!(deep.unsupported.iter().any(|part| part.starts_with("and[1].")), "{:?}", deep.unsupported);
    }
}

#[test]
fn a_pattern_that_is_too_long_is_left_out() {
    let read = |asked: Json| {
        let logic = json!({ "some": [{ "var": "tags" }, asked] });
        import("jsonlogic", &logic, &Known::default()).expect("an import").unsupported
    };
    assert!(read(json!({ ">": [{ "var": "" }, 1e5] })).is_empty());
    assert!(read(json!({ "in": ["x", { "var": "" }] })).is_empty());
    for asked in [json!({ ">": [{ "var": "" }, 1e40] }), json!({ "in": ["x".repeat(2000), { "var": "" }] })] {
        let unsupported = read(asked);
        assert!(unsupported.len() == 1 && unsupported[0].contains("so many characters"), "{unsupported:?}");
    }
}
