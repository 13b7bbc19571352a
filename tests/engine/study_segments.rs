//! What a study promises beyond single rules: orders joined to their customers, segments that follow each other, parameters,
//! exclusion, tiers for everyone, snapshots, scales.

use crate::common::{fold, load};
use marquetry::error::Code;
use marquetry::features::survey::ScaleOptions;
use marquetry::job::run;
use marquetry::study::study::Study;
use marquetry::study::views::{RfmOptions, RuleInput, StudyOptions, TierInput, parameters};
use marquetry::table::table::Table;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::rc::Rc;

const CUSTOMERS: &str = "customer_id,email,age,city
c1,Ann@example.org,30,Rome
c2,bob@example.org,40,Oslo
c3,cy@example.org,,Rome
c4,di@example.org,50,Bonn
c5,ed@example.org,60,Rome
";

const ORDERS: &str = "order_id,customer_id,order_date,amount,category
o1,c1,2026-01-05,10,tea
o1,c1,2026-01-05,20,mug
o2,c1,2026-03-20,30,tea
o3,c2,2026-03-01,40,tea
o4,c2,2026-03-03,50,ink
o5,c9,2026-03-04,60,tea
o6,,2026-03-04,70,tea
";

fn rule(text: &str) -> RuleInput {
    RuleInput::Text(text.into())
}

fn options() -> StudyOptions {
    StudyOptions { reference_date: Some("2026-03-31".into()), ..StudyOptions::default() }
}

fn study() -> Study {
    let study = Study::new(Rc::new(load(CUSTOMERS.as_bytes())), &options()).unwrap();
    study.with_orders(Rc::new(load(ORDERS.as_bytes())), &options()).unwrap()
}

fn members(study: &mut Study, text: &str) -> Vec<u32> {
    let segment = study.segment("asked", &rule(text)).unwrap_or_else(|error| panic!("{text}: {error}"));
    let found = study.members("asked").unwrap();
    let counts = segment.counts;
    assert_eq!(counts.within + counts.out + counts.unknown, 5);
    study.remove_segment("asked").unwrap();
    found
}

#[test]
fn rules_ask_orders() {
    let mut study = study();
    let all = [
        ("count(orders) = 2", vec![0, 1]),
        ("count(lines) = 3", vec![0]),
        ("never(orders)", vec![2, 3, 4]),
        ("not ever(orders where category = 'ink')", vec![0, 2, 3, 4]),
        ("sum(amount of orders) > 80", vec![1]),
        ("count(orders where category = 'tea' and amount > 25 in last 30 days) >= 1", vec![0]),
        ("count(orders where category = 'tea' and amount > 25 in last 31 days) >= 1", vec![0, 1]),
        ("count(orders in any 3 days) >= 2", vec![1]),
        ("last(category of orders) = 'ink'", vec![1]),
        ("avg(amount of orders) > 100 treat missing as true", vec![2, 3, 4]),
        ("sequence(orders where category = 'tea' then orders where category = 'ink' within 2 days)", vec![1]),
        ("sequence(orders where category = 'tea' then not orders within 30 days)", vec![0]),
        ("list(category of orders) all of ('tea', 'ink')", vec![1]),
        ("count(orders where category = 'mug') / count(orders) >= 0.5", vec![0]),
    ];
    for (text, expected) in all {
        assert_eq!(members(&mut study, text), expected, "{text}");
    }
    let told: Vec<(String, u64)> = study.findings().into_iter().map(|found| (found.code, found.rows)).collect();
    assert_eq!(told, [("orphan-rows".to_string(), 1), ("missing-customer-id".to_string(), 1)]);
    let without = Study::new(Rc::new(load(CUSTOMERS.as_bytes())), &options()).unwrap();
    assert_eq!(without.count(&rule("count(orders) > 1")).unwrap_err().code, Code::RuleType);
}

#[test]
fn folded_customers_find_their_own_orders_and_the_last_day_counts() {
    let lines = load(ORDERS.as_bytes());
    let customers = Rc::new(fold(lines.clone(), None));
    let study = Study::new(Rc::clone(&customers), &StudyOptions::default()).unwrap();
    let study = study.with_orders(Rc::new(lines.clone()), &StudyOptions::default()).unwrap();
    // Everyone who was folded has as many orders as were counted.
    assert_eq!(study.count(&rule("count(orders) = frequency")).unwrap().within, customers.row_count);
    let list = Study::new(Rc::new(load(CUSTOMERS.as_bytes())), &StudyOptions::default()).unwrap();
    let list = list.with_orders(Rc::new(lines), &StudyOptions::default()).unwrap();
    assert_eq!(list.count(&rule("reference_date() = '2026-03-20'")).unwrap().within, 5);
}

#[test]
fn segments_follow_each_other_and_never_in_a_circle() {
    let mut study = study();
    study.segment("Rome", &rule("city = 'Rome'")).unwrap();
    study.segment("Old Rome", &rule("in segment 'Rome' and age > 20")).unwrap();
    study.touched();
    let error = study.segment("Rome", &rule("in segment 'Old Rome'")).unwrap_err();
    assert_eq!(error.code, Code::RuleCycle);
    assert!(error.message.contains("Rome → \"Old Rome\" → Rome"), "{}", error.message);
    assert_eq!(study.count(&rule("in segment 'Rom'")).unwrap_err().code, Code::NotFound);
    assert_eq!(study.members("Old Rome").unwrap(), [0, 4]);
    // c3's age is missing: unknown here and there.
    assert_eq!(study.count(&rule("not in segment 'Old Rome'")).unwrap().unknown, 1);

    // What cannot refer to it is left alone.
    study.touched();
    study.segment("Far", &rule("not in segment 'Old Rome'")).unwrap();
    assert_eq!(study.touched().len(), 1);
    study.segment("Near", &rule("city = 'Bonn'")).unwrap();
    study.segment("Nearer", &rule("in segment 'Near'")).unwrap();
    study.touched();
    study.update("Near", &rule("city = 'Oslo'")).unwrap();
    assert_eq!(study.touched().into_iter().map(|segment| segment.name).collect::<Vec<_>>(), ["Near", "Nearer"]);
    ["Far", "Nearer", "Near"].iter().for_each(|name| study.remove_segment(name).unwrap());

    study.update("Rome", &rule("city = 'Oslo'")).unwrap();
    assert_eq!(study.members("Old Rome").unwrap(), [1]);
    let touched: Vec<String> = study.touched().into_iter().map(|segment| segment.name).collect();
    assert_eq!(touched, ["Rome", "Old Rome"]);

    let error = study.remove_segment("Rome").unwrap_err();
    assert!(error.message.contains("the rule of “Old Rome”"), "{}", error.message);
    study.rename("Rome", "It's Oslo").unwrap();
    assert_eq!(study.touched()[1].text, "in segment 'It''s Oslo' and age > 20");
    assert_eq!(study.rename("Old Rome", "It's Oslo").unwrap_err().code, Code::BadOption);
    let recipe = study.recipe();
    assert_eq!([&recipe["segments"][0]["name"], &recipe["segments"][1]["name"]], ["It's Oslo", "Old Rome"]);
    study.remove_segment("Old Rome").unwrap();
    study.remove_segment("It's Oslo").unwrap();
}

#[test]
fn parameters_change_what_depends_on_them_or_nothing() {
    let mut options = options();
    options.parameters = BTreeMap::from([("least".to_string(), json!(45))]);
    let mut study = Study::new(Rc::new(load(CUSTOMERS.as_bytes())), &options).unwrap();
    study.segment("old", &rule("age >= :least")).unwrap();
    study.exclude(&json!("age > :least + 10")).unwrap();
    assert_eq!(study.members("old").unwrap(), [3]);
    let set = |study: &mut Study, values: Value| {
        study.set_parameters(parameters(&serde_json::from_value(values).unwrap()).unwrap())
    };
    set(&mut study, json!({ "least": 35 })).unwrap();
    assert_eq!(
        (study.members("old").unwrap(), study.recipe()["parameters"].clone()),
        (vec![1], json!({ "least": 35.0 }))
    );
    assert_eq!(set(&mut study, json!({ "least": "tea" })).unwrap_err().code, Code::RuleType);
    assert_eq!(set(&mut study, json!({})).unwrap_err().code, Code::NotFound);
    assert_eq!(study.members("old").unwrap(), [1]);
    assert!(parameters(&BTreeMap::from([("x".to_string(), json!([1]))])).is_err());
}

#[test]
fn excluded_customers_are_in_no_segment_tier_or_file() {
    let mut study = study();
    study.segment("Rome", &rule("city = 'Rome'")).unwrap();
    let told = study.exclude(&json!("age >= 60 or count(orders) > 1")).unwrap();
    assert_eq!((told["rows"].clone(), told["text"].clone()), (json!(3), json!("age >= 60 or count(orders) > 1")));
    assert_eq!(study.members("Rome").unwrap(), [2]);
    // The rule goes on counting everyone.
    let counts = &study.touched()[0].counts;
    assert_eq!((counts.within, counts.out, counts.unknown, counts.excluded), (3, 2, 0, Some(2)));
    assert_eq!(study.explain(0, "Rome").unwrap().excluded, Some(1));
    assert_eq!(study.overlap(None).unwrap().counts, [1]);

    let tier = |name: &str, text: &str| TierInput { name: name.into(), rule: rule(text) };
    let tiers = [tier("Rome", "city = 'Rome'"), tier("North", "city = 'Oslo'")];
    let grouping = study.tiers("Where", &tiers, Some("Elsewhere")).unwrap();
    assert_eq!(
        (grouping.labels, grouping.sizes),
        (vec!["Rome".into(), "North".into(), "Elsewhere".into()], vec![1, 0, 1])
    );
    assert_eq!(study.assignments("Where").unwrap(), [-1, -1, 0, 2, -1]);
    assert_eq!(study.recipe()["groupings"][0]["everyoneElse"], "Elsewhere");
    assert_eq!(study.tiers("Where", &tiers, Some("Rome")).unwrap_err().code, Code::BadOption);

    // A list finds its customers by address, however it is written; the recipe keeps no addresses.
    let list: Table = load(b"email\n ann@EXAMPLE.org\nnobody@example.org\nED@example.org\n");
    let told = study.exclude_listed(&list).unwrap();
    assert_eq!(told, json!({ "rows": 2, "column": "email", "listed": 3, "missing": 1 }));
    assert_eq!(study.members("Rome").unwrap(), [2]);
    let saved = study.recipe()["exclude"].clone();
    assert!(!saved.to_string().contains("example.org"));
    let mut again = self::study();
    again.exclude(&saved).unwrap();
    again.segment("Rome", &rule("city = 'Rome'")).unwrap();
    assert_eq!(again.members("Rome").unwrap(), [2]);
    study.exclude(&Value::Null).unwrap();
    assert_eq!(study.members("Rome").unwrap(), [0, 2, 4]);
    assert_eq!(study.touched()[0].counts.excluded, None);
    let unrelated = load(b"colour\nred\nblue\n");
    assert_eq!(study.exclude_listed(&unrelated).unwrap_err().code, Code::MissingRole);
}

#[test]
fn a_snapshot_is_found_again_in_another_file() {
    let mut study = study();
    study.segment("Rome", &rule("city = 'Rome'")).unwrap();
    study.segment("Buyers of Rome", &rule("in segment 'Rome' and not never(orders)")).unwrap();
    let snapshot = study.snapshot("Rome").unwrap();
    assert_eq!(
        [&snapshot["name"], &snapshot["text"], &snapshot["date"], &snapshot["n"], &snapshot["keys"]],
        [&json!("Rome"), &json!("city = 'Rome'"), &json!("2026-03-31"), &json!(3), &json!(["c1", "c3", "c5"])]
    );
    // The same data and rule have the same fingerprints; each of them tells of its own changes.
    let prints = |study: &Study, name: &str| {
        let print = study.snapshot(name).unwrap()["fingerprint"].clone();
        (print["data"].to_string(), print["rule"].to_string())
    };
    let (rome, buyers) = (prints(&study, "Rome"), prints(&study, "Buyers of Rome"));
    let mut twin = self::study();
    twin.segment("Rome", &rule("city = 'Rome'")).unwrap();
    assert_eq!(prints(&twin, "Rome"), rome);
    study.update("Rome", &rule("city in ('Rome')")).unwrap();
    assert_eq!(prints(&study, "Rome").0, rome.0);
    assert_ne!(prints(&study, "Rome").1, rome.1);
    assert_ne!(prints(&study, "Buyers of Rome").1, buyers.1, "the rule it refers to has changed");

    // Next month's file: c3 has moved away from the list, c1 from Rome.
    let later = "customer_id,city\nc5,Bonn\nc7,Rome\nc1,Oslo\n";
    let mut next = Study::new(Rc::new(load(later.as_bytes())), &options()).unwrap();
    let restored = next.restore(&snapshot, None).unwrap();
    assert_eq!((restored.found, restored.missing, restored.segment.text.as_str()), (2, 1, "Rome = true"));
    assert_eq!(next.members("Rome").unwrap(), [0, 2]);
    assert_eq!(next.count(&rule("in segment 'Rome' and city != 'Rome'")).unwrap().within, 2);
    assert_eq!(next.rename("Rome", "Roma").unwrap_err().code, Code::BadOption);
    assert_eq!(next.recipe()["snapshots"][0]["keys"], json!(["c1", "c3", "c5"]));
    next.restore(&snapshot, Some("Rome in March")).unwrap();
    assert_eq!(next.restore(&snapshot, Some("city")).unwrap_err().code, Code::BadOption);
    assert_eq!(next.restore(&json!({ "name": "x" }), None).unwrap_err().code, Code::BadOption);
    next.remove_segment("Rome").unwrap();
    assert_eq!(next.count(&rule("Rome = true")).unwrap_err().code, Code::UnknownColumn);
}

#[test]
fn nothing_goes_in_a_circle_through_tiers_either() {
    let mut study = study();
    let tier = |rule: &str| vec![TierInput { name: "a".into(), rule: RuleInput::Text(rule.into()) }];
    study.segment("A", &rule("age > 1")).unwrap();
    study.tiers("T", &tier("in segment 'A'"), None).unwrap();
    study.segment("B", &rule("T = 'a' and in segment 'A'")).unwrap();
    for by in ["T = 'a'", "in segment 'B'"] {
        let error = study.update("A", &rule(by)).unwrap_err();
        assert_eq!(error.code, Code::RuleCycle, "{by}");
        assert!(error.message.contains("A → "), "{}", error.message);
    }
    let error = study.tiers("T", &tier("in segment 'B'"), None).unwrap_err();
    assert!(error.message.contains("T → B → T"), "{}", error.message);
    study.tiers("T", &tier("age > 40"), None).unwrap();
    study.update("A", &rule("T = 'a'")).unwrap();
}

#[test]
fn segments_follow_a_grouping_or_snapshot_that_is_made_anew() {
    let mut study = study();
    let tier = |name: &str, text: &str| TierInput { name: name.into(), rule: rule(text) };
    study.tiers("Where", &[tier("South", "city = 'Rome'")], Some("North")).unwrap();
    study.segment("southern", &rule("Where = 'South'")).unwrap();
    study.segment("old and southern", &rule("age >= 40 and in segment 'southern'")).unwrap();
    study.segment("old", &rule("age >= 50")).unwrap();
    study.exclude(&json!("Where = 'North' and age >= 50")).unwrap();
    assert_eq!([study.members("southern").unwrap(), study.members("old").unwrap()], [vec![0, 2, 4], vec![4]]);
    study.touched();
    // Oslo goes south, Rome is nowhere; Bonn was excluded from tiers, and so is no longer north and excluded.
    study.tiers("Where", &[tier("South", "city = 'Oslo'"), tier("North", "city = 'Bonn'")], None).unwrap();
    assert_eq!(study.members("southern").unwrap(), [1]);
    assert_eq!(study.members("old and southern").unwrap(), [1]);
    assert_eq!(study.members("old").unwrap(), [3, 4]);
    assert_eq!(study.overlap(None).unwrap().counts, [1, 1, 2]);
    let touched = study.touched();
    let counts = |name: &str| touched.iter().find(|segment| segment.name == name).map(|segment| segment.counts.within);
    assert_eq!([counts("southern"), counts("old and southern")], [Some(1), Some(1)]);
    // A label that is gone is nobody's.
    study.tiers("Where", &[tier("West", "city = 'Bonn'")], None).unwrap();
    assert_eq!(study.members("southern").unwrap(), [0u32; 0]);

    let keys = |keys: Value| json!({ "name": "VIP", "keys": keys });
    study.restore(&keys(json!(["c1"])), None).unwrap();
    study.segment("old or VIP", &rule("VIP = true or age >= 50")).unwrap();
    study.restore(&keys(json!(["c2", "c3"])), None).unwrap();
    assert_eq!(study.members("old or VIP").unwrap(), [1, 2, 3, 4]);

    // A column that turns into numbers has no truth any more: then nothing is changed.
    let mut folded = Study::new(Rc::new(fold(load(ORDERS.as_bytes()), None)), &options()).unwrap();
    folded.restore(&json!({ "name": "recency_score", "keys": ["c1"] }), None).unwrap();
    assert_eq!(folded.rfm(&RfmOptions::default()).unwrap_err().code, Code::RuleType);
    assert_eq!(folded.members("recency_score").unwrap(), [0]);
    assert_eq!(folded.recipe()["groupings"], json!([]));
    assert_eq!(folded.count(&rule("recency_score = true")).unwrap().within, 1);
}

#[test]
fn all_segments_say_who_is_excluded_when_that_changes() {
    let mut study = study();
    study.segment("Staff", &rule("city = 'Oslo'")).unwrap();
    study.segment("Rome", &rule("city = 'Rome'")).unwrap();
    study.exclude(&json!("in segment 'Staff'")).unwrap();
    study.touched();
    study.update("Staff", &rule("city = 'Rome' and age > 50")).unwrap();
    let told: Vec<_> = study.touched().into_iter().map(|segment| (segment.name, segment.counts.excluded)).collect();
    assert_eq!(told, [("Staff".to_string(), Some(1)), ("Rome".to_string(), Some(1))]);
    // Another rule for the same customers is no news for others.
    study.update("Staff", &rule("age > 50")).unwrap();
    assert_eq!(study.touched().len(), 1);
}

#[test]
fn what_tiers_speak_of_stays() {
    let mut study = study();
    let tier = |text: &str| [TierInput { name: "first".into(), rule: rule(text) }];
    study.restore(&json!({ "name": "VIP", "keys": ["c1"] }), None).unwrap();
    study.segment("Rome", &rule("city = 'Rome'")).unwrap();
    study.tiers("Levels", &tier("age > 50 or VIP = true"), None).unwrap();
    study.tiers("Places", &tier("not in segment 'Rome'"), None).unwrap();
    for (name, grouping) in [("VIP", "Levels"), ("Rome", "Places")] {
        let error = study.remove_segment(name).unwrap_err();
        assert_eq!(error.code, Code::BadOption);
        assert!(error.message.contains(&format!("the rules of “{grouping}”")), "{}", error.message);
        study.tiers(grouping, &tier("city = 'Rome' or city = 'VIP'"), None).unwrap();
        study.remove_segment(name).unwrap();
    }
}

#[test]
fn scales_are_columns_for_rules_and_clusters_and_stand_in_the_recipe() {
    let mut text = String::from("customer_id,q1,q2,q3,plan\n");
    for row in 0..40 {
        let (likes, other) = (1 + row % 5, 1 + (row * 3) % 5);
        let third = if row == 7 { String::new() } else { (6 - likes).to_string() };
        text += &format!("c{row},{likes},{likes},{third},{}\n", ["a", "b"][usize::from(other > 2)]);
    }
    let table = Rc::new(load(text.as_bytes()));
    let mut study = Study::new(Rc::clone(&table), &options()).unwrap();
    let asked = json!([{ "name": "joy", "items": ["q1", "q2", "q3"], "reverse": ["q3"], "range": [1.0, 5.0] }]);
    let wanted: Vec<ScaleOptions> = serde_json::from_value(asked.clone()).unwrap();
    let infos = study.scales(&wanted).unwrap();
    assert_eq!((infos[0].n, infos[0].missing, infos[0].complete), (40, 0, 39));
    assert!((infos[0].alpha.unwrap() - 1.0).abs() < 1e-12);
    assert_eq!(study.segment("glad", &rule("joy >= 4")).unwrap().counts.within, 16);
    assert_eq!(study.recipe()["scales"], asked);
    let clusters = json!({ "features": ["joy", "plan"], "method": "kprototypes", "k": 2 });
    let clusters = run(&mut study.cluster(serde_json::from_value(clusters).unwrap()).unwrap(), &[]).unwrap().0;
    assert_eq!(clusters.features, ["joy", "plan = b", "plan = a"]);
    // The other way round the scale says something else, and the segment follows.
    let turned = ScaleOptions { reverse: Vec::new(), items: vec!["q1".into(), "q2".into()], ..wanted[0].clone() };
    study.scales(&[ScaleOptions { reverse: vec!["q1".into(), "q2".into()], ..turned }]).unwrap();
    assert_eq!(study.members("glad").unwrap()[..3], [0, 1, 5]);
    assert_eq!(study.recipe()["scales"].as_array().unwrap().len(), 1);
    for (name, code) in [("q1", Code::BadOption), ("glad", Code::BadOption), ("", Code::BadOption)] {
        let wanted = [ScaleOptions { name: name.into(), ..wanted[0].clone() }];
        assert_eq!(study.scales(&wanted).unwrap_err().code, code, "{name}");
    }
}
