//! Templates: every one is a rule that can be read, checked and evaluated on the table it is offered for, and the others say
//! what the table lacks.

use crate::common::{fold, load, shared};
use marquetry::quality::distribution::distribution;
use marquetry::segment::rules::check::check;
use marquetry::segment::rules::evaluate::{Context, evaluate};
use marquetry::segment::rules::format::format;
use marquetry::segment::rules::parse::parse;
use marquetry::segment::rules::schema::Schema;
use marquetry::segment::templates::answer_templates;
use marquetry::table::column::ColumnType;
use marquetry::table::table::Table;
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;

/// The templates of a table, as the package asks for them.
fn templates(table: &Table) -> Vec<Json> {
    let mut spreads = Map::new();
    loop {
        let request = json!({ "columns": table.infos(), "spreads": spreads });
        let answer: Json =
            serde_json::from_str(&answer_templates(&request.to_string()).expect("a request")).expect("JSON");
        let wanted: Vec<&str> = answer["wanted"].as_array().expect("a list").iter().filter_map(Json::as_str).collect();
        if wanted.is_empty() {
            return answer["templates"].as_array().expect("a list").clone();
        }
        for name in wanted {
            let spread = distribution(table.column(name).expect("a column of the table"));
            assert!(spreads.insert(name.into(), json!(spread)).is_none(), "{name} is asked for once");
        }
    }
}

/// Each offered rule with its number of members.
fn offered(table: &Table) -> BTreeMap<String, (String, usize)> {
    let columns: Vec<(String, ColumnType)> =
        table.columns.iter().map(|column| (column.name.clone(), column.kind())).collect();
    let mut found = BTreeMap::new();
    for template in templates(table) {
        let text = |key: &str| template[key].as_str().unwrap_or_default().to_string();
        let missing = template["missing"].as_array().expect("a list");
        assert_eq!(missing.is_empty(), template["rule"].is_string(), "{template}");
        let Some(rule) = template["rule"].as_str() else { continue };
        let parsed = parse(rule).unwrap_or_else(|errors| panic!("{rule}: {errors:?}"));
        assert_eq!(check(&parsed, &Schema::of(&columns)), [], "{rule}");
        assert!(!template["columns"].as_array().expect("a list").is_empty(), "{template}");
        let context = Context::on(table.reference_date.unwrap_or_default());
        let verdict = evaluate(&parsed, table, &context).unwrap_or_else(|error| panic!("{rule}: {error}"));
        found.insert(text("id"), (format(&parsed), verdict.yes.count()));
    }
    found
}

#[test]
fn every_kind_has_three_and_every_objective_some() {
    let table = load(b"a,b\n1,2\n");
    let all = templates(&table);
    let count = |key: &str, value: &str| all.iter().filter(|template| template[key] == value).count();
    for kind in ["demographic", "geographic", "behavioural", "psychographic", "technographic"] {
        assert!(count("kind", kind) >= 3, "{kind}");
    }
    for objective in ["sell-more", "retain", "win-back", "serve-better", "save-cost"] {
        assert!(count("objective", objective) >= 3, "{objective}: {}", count("objective", objective));
    }
    let mut ids: Vec<&str> = all.iter().filter_map(|template| template["id"].as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all.len());
    // Nothing fits such a table, and each says what it lacks.
    assert!(all.iter().all(|template| !template["missing"].as_array().expect("a list").is_empty()), "{all:#?}");
    assert_eq!(
        all.iter().find(|template| template["id"] == "best").expect("it").get("missing"),
        Some(&json!(["what each customer has spent"]))
    );
}

#[test]
fn offered_templates_hold_on_real_tables() {
    for (file, at_least) in [
        ("telco_customer_churn.csv", 12),
        ("bank_additional.csv", 5),
        ("mall_customers.csv", 6),
        ("consumer_segments_simulated.csv", 7),
        ("rfm_data_orders.csv", 10),
    ] {
        let Some(bytes) = shared(&format!("data/{file}")) else { continue };
        let mut table = load(&bytes);
        if file == "rfm_data_orders.csv" {
            table = fold(table, None);
        }
        let offered = offered(&table);
        println!("{file}: {} rows, {} templates", table.row_count, offered.len());
        for (id, (rule, members)) in &offered {
            println!("  {id}: {rule} → {members}");
        }
        assert!(offered.len() >= at_least, "{file}: {}", offered.len());
        let useful = offered.values().filter(|(_, members)| (1..table.row_count).contains(members)).count();
        assert!(useful * 10 >= offered.len() * 8, "{file}: {useful} of {}", offered.len());
    }
}

#[test]
fn quantiles_are_rounded_and_close() {
    let text: String = "age\n".to_string() + &(0..1_000).map(|age| format!("{}\n", 20 + age % 60)).collect::<String>();
    let table = load(text.as_bytes());
    let offered = offered(&table);
    // True quartiles: 34.75 and 64.25.
    let bound =
        |id: &str| offered[id].0.rsplit(' ').next().and_then(|number| number.parse::<f64>().ok()).expect("a number");
    assert!((bound("young") - 34.75).abs() < 1.5 && bound("young").fract() == 0.0, "{}", offered["young"].0);
    assert!((bound("older") - 64.25).abs() < 1.5 && bound("older").fract() == 0.0, "{}", offered["older"].0);
}
