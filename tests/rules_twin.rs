//! The evaluator against a naive twin, on random rules over random tables.

#[path = "common/rules.rs"]
mod rules;

use marquetry::math::rng::Rng;
use marquetry::segment::rules::check::check;
use marquetry::segment::rules::format::format;
use marquetry::segment::rules::schema::{OrderColumns, Schema};
use marquetry::table::column::ColumnType;
use marquetry::table::table::Table;
use rules::{Shape, definitions, rule, table};

fn columns(table: &Table) -> Vec<(String, ColumnType)> {
    table.columns.iter().map(|column| (column.name.clone(), column.kind())).collect()
}

#[test]
fn random_rules_suit_random_tables() {
    let mut rng = Rng::new(1);
    let shape = Shape::default();
    let (customers, orders) = table(&mut rng, 20);
    let (columns, lines) = (columns(&customers), columns(&orders));
    assert_eq!((&columns, &lines), (&shape.columns, &shape.orders));
    let definitions = definitions(&mut rng, &shape);
    let schema = Schema {
        columns: &columns,
        orders: OrderColumns::Present { columns: &lines, date: Some(Shape::ORDER_DATE) },
        definitions: Some(&definitions),
    };
    for _ in 0..5_000 {
        let rule = rule(&mut rng, &shape);
        let errors = check(&rule, &schema);
        assert!(errors.is_empty(), "{}: {errors:?}", format(&rule));
    }
}

#[test]
fn try_round_trips() {
    use marquetry::segment::rules::from_json::from_json;
    use marquetry::segment::rules::json::to_json;
    use marquetry::segment::rules::parse::parse;
    let mut rng = Rng::new(2);
    let mut failed = 0;
    for _ in 0..20_000 {
        let rule = rule(&mut rng, &Shape::default());
        let text = format(&rule);
        match parse(&text) {
            Ok(read) if read == rule => {}
            other => { failed += 1; if failed < 12 { println!("TEXT {text}\n   {}\n", match other { Ok(read) => format(&read), Err(e) => format!("{e:?}")}); } }
        }
        if from_json(&to_json(&rule)).as_ref() != Ok(&rule) { failed += 1; if failed < 12 { println!("JSON {text} {}", to_json(&rule)); } }
    }
    println!("{failed} failed");
}
