//! What a saved model must say in other systems' formats, and what it refuses. That they place customers alike is held by
//! `node scripts/models.mjs`, with the systems themselves.

use marquetry::error::{Code, Error};
use marquetry::export::model::request::{onnx, pmml};
use marquetry::export::sql::dialect::Dialect;
use marquetry::export::sql::request::answer;
use serde_json::{Value, json};

fn number(column: &str) -> Value {
    json!({ "column": column, "scale": { "transform": "z", "center": 2.5, "spread": 0.5, "weight": 1 } })
}

fn level(column: &str, level: Value) -> Value {
    let scale = json!({ "transform": "none", "center": 0, "spread": 1, "weight": 0.5 });
    json!({ "column": column, "scale": scale, "level": level })
}

fn model(features: Vec<Value>, points: usize) -> Value {
    let centers: Vec<Vec<f64>> = (0..points).map(|at| features.iter().map(|_| at as f64).collect()).collect();
    let labels: Vec<String> = (1..=points).map(|number| format!("it's {number}")).collect();
    json!({
        "version": 2, "kind": "clustering", "method": "kmeans", "seed": 1, "rows": 10, "labels": labels, "features": features,
        "model": { "kind": "centers", "centers": centers },
    })
}

fn sql(dialect: &str, model: &Value, of: Value) -> Result<String, Error> {
    let columns: Vec<Value> =
        [("id", "text"), ("n", "number"), ("born", "date"), ("seen", "time"), ("vip", "boolean"), ("word", "text")]
            .map(|(name, kind)| json!({ "name": name, "type": kind }))
            .to_vec();
    let mut request = json!({
        "options": { "dialect": dialect, "table": "customers", "key": "id" },
        "recipe": {
            "referenceDate": "2026-01-31", "columns": columns, "segments": [],
            "groupings": [{ "kind": "clusters", "name": "Clusters", "model": model }],
        },
    });
    request.as_object_mut().unwrap().extend(of.as_object().unwrap().clone());
    answer(&request.to_string())
}

fn clusters(dialect: &str, model: &Value) -> Result<String, Error> {
    sql(dialect, model, json!({ "grouping": "Clusters" }))
}

fn of(form: fn(&str) -> Result<String, Error>, model: &Value) -> Result<String, Error> {
    form(&json!({ "model": model }).to_string())
}

#[test]
fn every_dialect_places_by_every_kind_of_column() {
    let features = vec![
        number("n"),
        number("born"),
        number("vip"),
        level("word", json!({ "text": "it's" })),
        level("word", json!({ "other": ["it's"] })),
        level("word", json!("missing")),
    ];
    let model = model(features, 3);
    for dialect in Dialect::ALL {
        let (word, _) = dialect.names();
        let said = clusters(word, &model).unwrap_or_else(|error| panic!("{word}: {error}"));
        assert!(said.contains(&dialect.text("it's 3").unwrap()), "{word}: {said}");
        assert!(said.contains(dialect.float()), "{word} calculates with floats: {said}");
        let once = said.contains("MATERIALIZED");
        assert_eq!(once, ["postgres", "sqlite"].contains(&word), "{word}");
    }
}

#[test]
fn a_cluster_is_a_condition_of_a_rule() {
    let rule = json!({ "field": "Clusters", "operator": "=", "value": "it's 1" });
    let segment = json!({ "segment": { "name": "s", "rule": rule } });
    let said = sql("duckdb", &model(vec![number("n")], 2), segment.clone()).unwrap();
    assert!(said.contains("SELECT c.*") && said.contains("= 'it''s 1'"), "{said}");
    let error = sql("duckdb", &model(vec![number("n")], 501), segment).unwrap_err();
    assert_eq!(error.code, Code::Unsupported);
    assert!(clusters("duckdb", &model(vec![number("n")], 501)).is_ok());
}

#[test]
fn what_cannot_be_said_is_refused_with_the_column() {
    let time = clusters("spark", &model(vec![number("seen")], 2)).unwrap_err();
    assert_eq!(time.code, Code::Unsupported);
    assert_eq!(time.details.column.as_deref(), Some("seen"));
    assert_eq!(clusters("spark", &model(vec![number("nowhere")], 2)).unwrap_err().code, Code::UnknownColumn);
    let both = model(vec![number("n"), level("n", json!({ "text": "2" }))], 2);
    let as_onnx = |model: &Value| onnx(&json!({ "model": model }).to_string());
    assert_eq!(as_onnx(&both).unwrap_err().code, Code::Unsupported);
    assert_eq!(of(pmml, &both).unwrap_err().code, Code::Unsupported);
    for text in ["a\u{1}", "\u{ffff}"] {
        let odd = model(vec![level("word", json!({ "text": text }))], 2);
        assert_eq!(of(pmml, &odd).unwrap_err().code, Code::Unsupported, "{text:?}");
        assert!(as_onnx(&odd).is_ok(), "ONNX takes any text");
    }
    assert_eq!(onnx("{").unwrap_err().code, Code::BadOption);
    assert_eq!(of(pmml, &json!({})).unwrap_err().code, Code::BadOption);
}

#[test]
fn names_are_text_in_xml_and_never_another_name() {
    let model = model(vec![number("a<b & \"c\""), number("mq_x0"), number("label")], 2);
    let said = of(pmml, &model).unwrap();
    assert!(said.contains("<DataField name=\"a&lt;b &amp; &quot;c&quot;\""), "{said}");
    assert!(said.contains("DerivedField name=\"mq__x0\""), "{said}");
    assert!(said.contains("<OutputField name=\"cluster label\""), "{said}");
    let bytes = onnx(&json!({ "model": model }).to_string()).unwrap();
    let has = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(has("column label") && has("mq__1") && !has("mq_1\""), "inputs and outputs are told apart");
    assert_eq!(bytes, onnx(&json!({ "model": model }).to_string()).unwrap());
}
