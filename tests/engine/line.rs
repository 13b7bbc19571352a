//! The whole line, natively: a file goes in, named segments with reasons come out, and what was exported reads back.

use crate::common::{fold, load, shared};
use marquetry::job::run;
use marquetry::segment::cluster::options::ClusterOptions;
use marquetry::study::export::ExportOptions;
use marquetry::study::study::Study;
use marquetry::study::views::{ProfileOptions, RfmOptions, RuleInput, StudyOptions};
use marquetry::table::table::Table;
use serde_json::{Value, from_value, json};
use std::rc::Rc;

fn rule(text: &str) -> RuleInput {
    RuleInput::Text(text.to_string())
}

fn study_of(table: Table) -> Study {
    Study::new(Rc::new(table), &StudyOptions::default()).expect("a study")
}

/// A shop of 300 customers whose spending has two levels.
fn orders() -> String {
    let mut file = String::from("order_id,customer_id,order_date,amount,country\n");
    for order in 0..1_500u32 {
        let customer = order * 7 % 300;
        let amount = if customer % 3 == 0 { 180 + order % 41 } else { 12 + order % 9 };
        let country = ["DE", "AT", "CH"][(customer % 3) as usize];
        let day = order % 28 + 1;
        let month = order / 28 % 12 + 1;
        file.push_str(&format!("{order},{customer:04},2025-{month:02}-{day:02},{amount}.50,{country}\n"));
    }
    file
}

fn export(study: &Study, options: Value, source: &[u8]) -> String {
    let options: ExportOptions = from_value(options).expect("options");
    let mut job = study.export(&options).expect("an export");
    String::from_utf8(run(&mut job, source).expect("bytes").1).expect("UTF-8")
}

#[test]
fn orders_become_segments_with_reasons_and_an_export() {
    let customers = fold(load(orders().as_bytes()), Some("2026-01-01"));
    assert_eq!(customers.row_count, 300);
    let mut study = study_of(customers);

    let rfm = study.rfm(&RfmOptions::default()).expect("RFM");
    assert_eq!(rfm.grouping.sizes.iter().sum::<usize>(), 300);
    let rich = study.segment("Rich", &rule("monetary > 500")).expect("a segment");
    assert_eq!(rich.counts.within, 100);
    study.segment("German champions", &rule("\"RFM\" = 'Champions' and country = 'DE'")).expect("a segment of a group");
    let overlap = study.overlap(None).expect("overlap");
    assert_eq!(overlap.counts[0], 100);
    assert_eq!(overlap.none + overlap.intersections.iter().map(|part| part.count).sum::<usize>(), 300);

    let options: ClusterOptions =
        from_value(json!({ "features": ["monetary", "average_order"], "k": { "min": 2, "max": 4 } })).expect("options");
    let mut job = study.cluster(options).expect("a job");
    let clustering = run(&mut job, &[]).expect("clusters").0;
    assert_eq!(clustering.k, 2);
    let (_, clusters) = study.keep(clustering, None).expect("kept");
    assert_eq!(clusters.sizes, [200, 100]);
    let described = study.describe("Clusters", &clusters.labels[1]).expect("a description");
    assert_eq!((described.precision, described.recall), (1.0, 1.0), "{}", described.text);
    assert_eq!(study.count(&rule(&described.text)).expect("the rule as text").within, 100);
    assert!(described.name.contains("high monetary"), "{}", described.name);
    let mut job = study.tree("Clusters", None, None).expect("a job");
    let tree = run(&mut job, &[]).expect("a tree").0;
    assert_eq!((tree.fidelity, tree.leaves.iter().map(|leaf| leaf.n).sum::<usize>()), (1.0, 300));

    let mut job = study.profile(&ProfileOptions { of: "Rich".into(), ..ProfileOptions::default() }).expect("a job");
    let profile = run(&mut job, &[]).expect("a profile").0.remove(0);
    assert_eq!((profile.n, profile.label.as_str()), (100, "Rich"));
    assert!(profile.revenue_share.expect("money") > 0.8);
    assert!(profile.differences[0].starts_with("Rich: "), "{:?}", profile.differences);
    assert!(profile.differences.iter().all(|said| !said.contains("higher monetary")), "what made the group is no news");

    let exported = export(&study, json!({ "what": "members" }), &[]);
    assert!(exported.starts_with("customer_id,Rich,German champions,RFM,Clusters\r\n"), "{exported:.80}");
    assert_eq!(exported.lines().count(), 301);
    let back = load(exported.as_bytes());
    assert_eq!(back.row_count, 300);
    assert_eq!(back.column("customer_id").expect("ids").sample[0].len(), 4, "leading zeros are kept");

    let recipe = study.recipe();
    assert_eq!(recipe["segments"][1]["name"], "German champions");
    assert_eq!(recipe["groupings"][1]["kind"], "clusters");
}

#[test]
fn original_cells_leave_as_they_came() {
    let file = "id;name;note\r\n007;\"Ann \"\"A\"\"\";=1+1\r\n008;Bob;\"two\nlines\"\r\n\r\n009;Cem;1,50\r\n";
    let table = load(file.as_bytes());
    let mut study = study_of(table);
    study.segment("Not Bob", &rule("name != 'Bob'")).expect("a segment");
    let exact = export(
        &study,
        json!({ "what": "rows", "escapeFormulas": false, "delimiter": ";", "segments": [] }),
        file.as_bytes(),
    );
    assert_eq!(exact, "id;name;note\r\n007;\"Ann \"\"A\"\"\";=1+1\r\n008;Bob;\"two\nlines\"\r\n009;Cem;1,50\r\n");
    let guarded = export(&study, json!({ "what": "rows" }), file.as_bytes());
    assert!(guarded.contains("'=1+1,yes\r\n") && guarded.contains(",no\r\n"), "{guarded}");
    assert_eq!(load(guarded.as_bytes()).row_count, 3);
}

#[test]
fn formula_payloads_leave_disarmed() {
    let Some(bytes) = shared("suites/export-formula-injection/payloads.json") else { return };
    let suite: Value = serde_json::from_slice(&bytes).expect("JSON");
    let dangerous = suite["dangerous"].as_array().expect("payloads");
    let triggers = dangerous.iter().filter(|case| case["trigger"] == true);
    let mut count = 0;
    for payload in triggers.map(|case| case["payload"].as_str().expect("text")) {
        assert!(marquetry::export::csv::looks_like_formula(payload), "{payload:?}");
        count += 1;
    }
    assert!(count > 30);
    for harmless in suite["benign_must_round_trip"].as_array().expect("cells") {
        let cell = harmless.as_str().expect("text");
        let file = format!("id,cell\n1,\"{}\"\n2,x\n", cell.replace('"', "\"\""));
        let exact = export(
            &study_of(load(file.as_bytes())),
            json!({ "what": "rows", "escapeFormulas": false }),
            file.as_bytes(),
        );
        let mut reader = csv::Reader::from_reader(exact.as_bytes());
        let first = reader.records().next().expect("a row").expect("readable");
        assert_eq!(&first[1], cell);
    }
}

#[test]
fn a_segment_keeps_its_rule_when_the_new_one_cannot_be_read() {
    let mut study = study_of(fold(load(orders().as_bytes()), None));
    let made = study.segment("Rich", &rule("monetary > 500")).expect("a segment");
    for broken in ["monetary >", "money > 5", "country > 5"] {
        let error = study.update(&made.id, &rule(broken)).expect_err(broken);
        assert!(error.details.at.is_some(), "{broken}: {error}");
    }
    assert_eq!(study.members(&made.id).expect("members").len(), 100);
    assert_eq!(study.update("Rich", &rule("monetary <= 500")).expect("an update").counts.within, 200);
}
