//! The evaluator equals a naive twin at every part of 10,000 random rules over random tables, and keeps the laws of
//! three-valued logic on them.

use crate::common::rules::{Shape, definitions, reference, rule, table};
use crate::common::twin;
use crate::common::twin::Twin;
use marquetry::math::rng::Rng;
use marquetry::segment::rules::check::check;
use marquetry::segment::rules::definitions::Definitions;
use marquetry::segment::rules::evaluate::{Context, Verdict, evaluate};
use marquetry::segment::rules::format::format;
use marquetry::segment::rules::from_json::from_json;
use marquetry::segment::rules::json::to_json;
use marquetry::segment::rules::orders::Orders;
use marquetry::segment::rules::parse::parse;
use marquetry::segment::rules::schema::{OrderColumns, Schema};
use marquetry::segment::rules::tree::Rule;
use marquetry::table::column::{Column, ColumnType, Data};
use marquetry::table::table::Table;
use std::rc::Rc;

fn columns(table: &Table) -> Vec<(String, ColumnType)> {
    table.columns.iter().map(|column| (column.name.clone(), column.kind())).collect()
}

/// A table with its orders and what its rules may refer to.
struct World {
    customers: Table,
    lines: Rc<Table>,
    orders: Orders,
    definitions: Definitions,
}

impl World {
    fn new(rng: &mut Rng, rows: usize) -> World {
        let (customers, lines) = table(rng, rows);
        World::of(customers, lines, definitions(rng, &Shape::default()))
    }

    fn of(customers: Table, lines: Table, definitions: Definitions) -> World {
        let lines = Rc::new(lines);
        let orders = Orders::new(Rc::clone(&lines), &customers, None).expect("orders of customers");
        World { customers, lines, orders, definitions }
    }

    fn evaluate(&self, rule: &Rule) -> Verdict {
        let context =
            Context { reference_date: reference(), definitions: &self.definitions, orders: Some(&self.orders) };
        evaluate(rule, &self.customers, &context).unwrap_or_else(|error| panic!("{}: {error}", format(rule)))
    }

    fn twin(&self) -> Twin<'_> {
        Twin {
            table: &self.customers,
            orders: Some((&self.lines, "customer", "order no", Shape::ORDER_DATE)),
            key: "id",
            definitions: &self.definitions,
            reference: reference(),
        }
    }
}

fn answer(verdict: &Verdict, row: usize) -> Option<bool> {
    verdict.known.get(row).then(|| verdict.yes.get(row))
}

/// Holds a verdict against the twin's answer at every part; gives how many parts there were.
fn compare(world: &World, rule: &Rule, verdict: &Verdict) -> usize {
    let (within, known) = (verdict.yes.count(), verdict.known.count());
    assert_eq!(verdict.yes.and(&verdict.known).count(), within, "nobody is in without being known");
    let parts: Vec<&Rule> = match rule {
        Rule::Not(inner) => {
            let inner_within = verdict.children[0].yes.count();
            assert_eq!(
                (known - within, known),
                (inner_within, verdict.children[0].known.count()),
                "NOT swaps in and out"
            );
            vec![inner]
        }
        Rule::Group(_, rules) => rules.iter().collect(),
        _ => Vec::new(),
    };
    // The smallest part that differs says most.
    let inside: usize = parts.iter().zip(&verdict.children).map(|(part, verdict)| compare(world, part, verdict)).sum();
    let twin = world.twin();
    for row in 0..world.customers.row_count {
        let (ours, theirs) = (answer(verdict, row), twin.rule(rule, row));
        if ours != theirs {
            let cells: Vec<String> = world
                .customers
                .columns
                .iter()
                .map(|column| format!("{}: {:?}", column.name, twin::cell(column, row)))
                .collect();
            panic!("row {row}: {ours:?}, the twin says {theirs:?}\n{}\n{}", format(rule), cells.join(", "));
        }
    }
    1 + inside
}

#[test]
fn ten_thousand_random_rules_have_the_answers_of_a_naive_twin() {
    let mut rng = Rng::new(2026);
    let (mut parts, mut decided) = (0, 0);
    for _ in 0..500 {
        let rows = rng.below(41);
        let world = World::new(&mut rng, rows);
        for _ in 0..20 {
            let rule = rule(&mut rng, &Shape::default());
            let verdict = world.evaluate(&rule);
            parts += compare(&world, &rule, &verdict);
            let within = verdict.yes.count();
            decided += usize::from(within > 0 && within < rows);
        }
    }
    // Rules that say the same of everyone would prove little.
    assert!(parts > 35_000 && decided > 4_000, "{parts} parts, {decided} rules that divide their table");
}

#[test]
fn not_swaps_in_and_out_and_counts_sum_to_all() {
    let mut rng = Rng::new(7);
    let world = World::new(&mut rng, 200);
    for _ in 0..1_000 {
        let rule = rule(&mut rng, &Shape::default());
        let verdict = world.evaluate(&rule);
        let opposite = world.evaluate(&Rule::Not(Box::new(rule.clone())));
        let (within, out) = (verdict.yes.count(), verdict.known.count() - verdict.yes.count());
        assert_eq!((opposite.yes.count(), opposite.known.count() - opposite.yes.count()), (out, within));
        assert_eq!(opposite.known, verdict.known, "{}", format(&rule));
        assert_eq!(within + out + verdict.known.not().count(), 200);
    }
}

#[test]
fn the_order_of_rows_does_not_matter() {
    let mut rng = Rng::new(11);
    for _ in 0..40 {
        let (customers, lines) = table(&mut rng, 60);
        // Of rows that are equal in everything the place in the table decides, where ties are to be decided.
        let shape = Shape { segments: Vec::new(), ..Shape::default() };
        let definitions = definitions(&mut rng, &shape);
        let (places, line_places) = (shuffled(&mut rng, customers.row_count), shuffled(&mut rng, lines.row_count));
        let moved = World::of(taken(&customers, &places), taken(&lines, &line_places), definitions.clone());
        let world = World::of(customers, lines, definitions);
        let rules: Vec<Rule> = std::iter::repeat_with(|| rule(&mut rng, &shape))
            .filter(|rule| !format(rule).contains(" ties by "))
            .take(20)
            .collect();
        for rule in rules {
            let (before, after) = (world.evaluate(&rule), moved.evaluate(&rule));
            for (row, &place) in places.iter().enumerate() {
                assert_eq!(answer(&after, row), answer(&before, place), "{}", format(&rule));
            }
        }
    }
}

fn shuffled(rng: &mut Rng, count: usize) -> Vec<usize> {
    let mut places: Vec<usize> = (0..count).collect();
    (1..count).rev().for_each(|at| places.swap(at, rng.below(at + 1)));
    places
}

/// A table's rows in another order.
fn taken(table: &Table, places: &[usize]) -> Table {
    let column = |column: &Rc<Column>| {
        let data = match &column.data {
            Data::Number(values) => Data::Number(places.iter().map(|&row| values[row]).collect()),
            Data::Date(days) => Data::Date(places.iter().map(|&row| days[row]).collect()),
            Data::Time(times) => Data::Time(places.iter().map(|&row| times[row]).collect()),
            Data::Boolean(truths) => {
                Data::Boolean(marquetry::table::bitmap::Bitmap::from_fn(places.len(), |row| truths.get(places[row])))
            }
            Data::Text(texts) => Data::Text(texts.with_codes(places.iter().map(|&row| texts.codes()[row]).collect())),
            Data::List(lists) => Data::List(lists.at(&mut places.iter().map(|&row| Some(row)))),
            Data::Unloaded(kind) => Data::Unloaded(*kind),
        };
        let valid = marquetry::table::bitmap::Bitmap::from_fn(places.len(), |row| column.valid.get(places[row]));
        Rc::new(Column { data, valid, ..column.as_ref().clone() })
    };
    Table { columns: table.columns.iter().map(column).collect(), ..table.clone() }
}

#[test]
fn random_rules_are_well_formed_and_survive_text_and_json() {
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
    for _ in 0..10_000 {
        let rule = rule(&mut rng, &shape);
        let text = format(&rule);
        let errors = check(&rule, &schema);
        assert!(errors.is_empty(), "{text}: {errors:?}");
        assert_eq!(parse(&text).as_ref(), Ok(&rule), "{text}");
        assert_eq!(from_json(&to_json(&rule)).as_ref(), Ok(&rule), "{text}");
    }
}
