//! The same bits everywhere: one seeded shop through the whole line, hashed. This file runs natively and as wasm32-wasip1;
//! `tests/golden.mjs` holds the package to the same hashes in Node and in Chromium.

use crate::common::{fold, load};
use marquetry::job::run;
use marquetry::study::study::Study;
use marquetry::study::views::{RfmOptions, RuleInput};
use marquetry::table::date::{format_day, from_civil};
use serde_json::{Value, from_value, json};
use std::fmt::Write;
use std::rc::Rc;

fn generator() -> impl FnMut(u32) -> u32 {
    let mut state = 20_251_121u32;
    move |below: u32| {
        state = state.wrapping_mul(1_103_515_245).wrapping_add(12_345) & 0x7fff_ffff;
        (state >> 8) % below
    }
}

/// Order lines from a linear congruence modulo 2³¹: whole numbers only, so that every language writes the same text.
fn shop() -> String {
    let mut next = generator();
    let first = from_civil(2024, 1, 1).expect("a day");
    let countries = ["DE", "AT", "CH", "FR", ""];
    let mut text = String::from("order_id,customer_id,order_date,amount,country\n");
    for order in 1..=4_000 {
        let customer = next(500);
        let day = first + if customer.is_multiple_of(4) { 500 } else { 0 } + next(200) as i32;
        let cents = 500 + next(3_000) * if customer.is_multiple_of(3) { 9 } else { 1 };
        let (date, country) = (format_day(day), countries[customer as usize % 5]);
        writeln!(text, "{order},{customer:04},{date},{}.{:02},{country}", cents / 100, cents % 100).expect("memory");
    }
    text
}

/// FNV-1a over bytes, 64 bits, as 16 hexadecimal digits.
fn hash(bytes: &[u8]) -> String {
    let step = |value: u64, byte: &u8| (value ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    format!("{:016x}", bytes.iter().fold(0xcbf2_9ce4_8422_2325, step))
}

fn golden() -> Value {
    let bytes = shop().into_bytes();
    let customers = fold(load(&bytes), Some("2026-01-01"));
    let options = from_value(json!({ "seed": 7 })).expect("options");
    let mut study = Study::new(Rc::new(customers), &options).expect("a study");
    study.rfm(&RfmOptions::default()).expect("RFM");
    study.segment("Big", &RuleInput::Text("monetary > 900 and recency_days <= 300".into())).expect("a segment");
    let features = ["recency_days", "frequency", "monetary"];
    let options = from_value(json!({ "features": features, "k": { "min": 2, "max": 5 } })).expect("options");
    let clusters = run(&mut study.cluster(options).expect("a job"), &[]).expect("clusters").0;
    let quality = [clusters.inertia, clusters.quality.silhouette, clusters.quality.calinski_harabasz];
    let figures = quality.iter().chain(clusters.centers.iter().flatten());
    let figures: Vec<u8> = figures.flat_map(|figure| figure.to_le_bytes()).collect();
    let k = clusters.k;
    study.keep(clusters, None).expect("kept");
    let options = from_value(json!({ "what": "members", "format": "csv" })).expect("options");
    let members = run(&mut study.export(&options).expect("an export"), &[]).expect("bytes").1;
    json!({ "shop": hash(&bytes), "k": k, "figures": hash(&figures), "members": hash(&members), "crowd": crowd() })
}

/// The clusters of more customers than one engine clusters alone when there are several.
fn crowd() -> String {
    let mut next = generator();
    let mut text = String::from("spend,orders,age\n");
    for row in 0..210_000u32 {
        let kind = row % 4;
        let (spend, orders) = (100 * kind + next(150), 60 * (kind * 3 % 4) + next(100));
        writeln!(text, "{spend},{orders},{}", next(1_000)).expect("memory");
    }
    let table = load(text.as_bytes());
    let study = Study::new(Rc::new(table), &from_value(json!({ "seed": 7 })).expect("options")).expect("a study");
    let features = ["spend", "orders", "age"].map(|column| json!({ "column": column, "transform": "z" }));
    let options = from_value(json!({ "features": features, "k": 5, "restarts": 2 })).expect("options");
    let clusters = run(&mut study.cluster(options).expect("a job"), &[]).expect("clusters").0;
    let labels = clusters.assignments.iter().flat_map(|label| label.to_le_bytes());
    let figures = std::iter::once(&clusters.inertia).chain(clusters.centers.iter().flatten());
    hash(&labels.chain(figures.flat_map(|figure| figure.to_le_bytes())).collect::<Vec<u8>>())
}

#[test]
fn the_line_gives_the_golden_bits() {
    let expected: Value = serde_json::from_str(include_str!("../golden/expected.json")).expect("JSON");
    assert_eq!(golden(), expected);
}
