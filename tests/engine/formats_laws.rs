//! What is written in another format and read again has the same members, on random tables with missing values.

use marquetry::error::Code;
use marquetry::segment::rules::check::check;
use marquetry::segment::rules::evaluate::{Context, evaluate};
use marquetry::segment::rules::format::format;
use marquetry::segment::rules::formats::exchange::{export, import};
use marquetry::segment::rules::formats::imported::Known;
use marquetry::segment::rules::formats::lowered::Around;
use marquetry::segment::rules::schema::Schema;
use marquetry::segment::rules::tree::{
    Arithmetic, Combinator, Comparison, Condition, Direction, Holding, MissingAs, Part, PatternKind, Place, Rule, Test,
    Unit, Value,
};
use marquetry::table::bitmap::Bitmap;
use marquetry::table::column::{Column, ColumnType, Data};
use marquetry::table::date::from_civil;
use marquetry::table::list::Lists;
use marquetry::table::role::Role;
use marquetry::table::table::{Kind, Table};
use marquetry::table::texts::{Texts, TextsBuilder};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use std::cell::Cell;

const TEXTS: [&str; 8] = ["", "Paris", "paris", "PARIS tx", "a%b", "10", "x.y*", "Köln"];
const TAGS: [&str; 6] = ["a", "b", "a;b", "b;a;c", "10", "c"];
const NUMBERS: [&str; 2] = ["n1", "n2"];

fn reference() -> i32 {
    from_civil(2024, 3, 31).expect("a day")
}

/// One row: two numbers, a text, a day, yes/no, a list.
type Row = (Option<i32>, Option<i32>, Option<usize>, Option<i32>, Option<bool>, Option<usize>);

fn rows() -> BoxedStrategy<Vec<Row>> {
    let some = |strategy: BoxedStrategy<i32>| option::weighted(0.75, strategy);
    let number = || some((-3i32..4).boxed());
    let row = (
        number(),
        number(),
        option::weighted(0.75, 0..TEXTS.len()),
        some((-40i32..5).boxed()),
        option::weighted(0.75, any::<bool>()),
        option::weighted(0.75, 0..TAGS.len()),
    );
    vec(row, 1..60).boxed()
}

fn table(rows: &[Row]) -> Table {
    let numbers = |at: &dyn Fn(&Row) -> Option<i32>| {
        rows.iter().map(|row| at(row).map_or(f64::NAN, |n| f64::from(n) / 2.0)).collect()
    };
    let texts = |at: &dyn Fn(&Row) -> Option<&'static str>| -> (Texts, Bitmap) {
        let mut builder = TextsBuilder::default();
        for row in rows {
            match at(row) {
                Some(text) => _ = builder.push(text),
                None => builder.push_missing(),
            }
        }
        (builder.finish(), Bitmap::from_fn(rows.len(), |index| at(&rows[index]).is_some()))
    };
    let (city, city_valid) = texts(&|row| row.2.map(|index| TEXTS[index]));
    let (tags, tags_valid) = texts(&|row| row.5.map(|index| TAGS[index]));
    let mut list = Column::number("tags", Role::Other, vec![0.0; rows.len()]);
    list.data = Data::List(Lists::new(tags, &|cell, visit| cell.split(';').for_each(visit)));
    list.valid = tags_valid;
    let mut yes = Column::number("b1", Role::Other, vec![0.0; rows.len()]);
    yes.data = Data::Boolean(Bitmap::from_fn(rows.len(), |index| rows[index].4 == Some(true)));
    yes.valid = Bitmap::from_fn(rows.len(), |index| rows[index].4.is_some());
    let days = rows.iter().map(|row| row.3.map_or(Data::NO_DAY, |back| reference() + back)).collect();
    let columns = vec![
        Column::number("n1", Role::Other, numbers(&|row| row.0)),
        Column::number("n2", Role::Other, numbers(&|row| row.1)),
        Column::text("city", Role::Other, city, city_valid),
        Column::date("d1", Role::Other, days),
        yes,
        list,
    ];
    Table::computed(columns, Kind::Customers)
}

const COMPARISONS: [Comparison; 6] = [
    Comparison::Equal,
    Comparison::NotEqual,
    Comparison::Less,
    Comparison::AtMost,
    Comparison::Greater,
    Comparison::AtLeast,
];

fn literal(kind: ColumnType) -> BoxedStrategy<Value> {
    match kind {
        ColumnType::Number => (-3i32..4).prop_map(|n| Value::Number(f64::from(n) / 2.0)).boxed(),
        ColumnType::Date => (-40i32..5).prop_map(|back| Value::Day(reference() + back)).boxed(),
        ColumnType::Boolean => any::<bool>().prop_map(Value::Boolean).boxed(),
        ColumnType::List => select(&["a", "b", "c", "10", "z"][..]).prop_map(|tag| Value::Text(tag.into())).boxed(),
        _ => select(&TEXTS[..]).prop_map(|text| Value::Text(text.into())).boxed(),
    }
}

fn tests(kind: ColumnType) -> BoxedStrategy<Test> {
    let operand = || literal(kind).prop_map(Value::operand).boxed();
    let compare = (select(&COMPARISONS[..]), operand()).prop_map(|(comparison, with)| Test::Compare(comparison, with));
    let between = (any::<bool>(), operand(), operand(), any::<bool>())
        .prop_map(|(negated, low, high, exclusive)| Test::Between { negated, low, high, exclusive });
    let among = (any::<bool>(), vec(operand(), 1..4)).prop_map(|(negated, options)| Test::In { negated, options });
    let missing = any::<bool>().prop_map(|negated| Test::Missing { negated });
    let has = (any::<bool>(), select(&[Part::Anywhere, Part::Start, Part::End][..]), operand())
        .prop_map(|(negated, part, what)| Test::Has { negated, part, what });
    let holds = (any::<bool>(), select(&[Holding::Any, Holding::All, Holding::Exactly][..]), vec(operand(), 1..3))
        .prop_map(|(negated, how, options)| Test::Holds { negated, how, options });
    let within = (
        any::<bool>(),
        select(&[Direction::Last, Direction::Next][..]),
        1u32..30,
        select(&[Unit::Day, Unit::Week, Unit::Month][..]),
    )
        .prop_map(|(negated, direction, amount, unit)| Test::Within { negated, direction, amount, unit });
    let like = (any::<bool>(), select(&["Par%", "%ris", "%a%", "paris", "a\\%b", "%", "P_ris"][..])).prop_map(
        |(negated, pattern)| Test::Pattern {
            negated,
            kind: PatternKind::Like,
            pattern: Value::Text(pattern.into()).operand(),
        },
    );
    match kind {
        ColumnType::Number => prop_oneof![4 => compare, 2 => between, 2 => among, 1 => missing].boxed(),
        ColumnType::Date => prop_oneof![3 => compare, 2 => between, 1 => among, 1 => missing, 3 => within].boxed(),
        ColumnType::Boolean => {
            let equality = (any::<bool>(), operand()).prop_map(|(equal, with)| {
                Test::Compare(if equal { Comparison::Equal } else { Comparison::NotEqual }, with)
            });
            prop_oneof![3 => equality, 1 => missing].boxed()
        }
        ColumnType::List => prop_oneof![
            4 => holds,
            1 => among,
            1 => any::<bool>().prop_map(|negated| Test::Blank { negated }),
            1 => missing
        ]
        .boxed(),
        _ => prop_oneof![3 => compare, 1 => between, 2 => among, 3 => has, 1 => missing, 2 => like].boxed(),
    }
}

fn leaf() -> BoxedStrategy<Rule> {
    let columns = [
        ("n1", ColumnType::Number),
        ("city", ColumnType::Text),
        ("d1", ColumnType::Date),
        ("b1", ColumnType::Boolean),
        ("tags", ColumnType::List),
    ];
    let condition = |subject: Value, test: Test, fold: bool, missing: Option<MissingAs>| {
        let missing_as = missing.filter(|_| !test.is_always_known());
        let ignoring_case = fold && !test.is_always_known();
        Rule::Condition(Condition {
            subject: subject.operand(),
            test,
            test_place: Place::default(),
            ignoring_case,
            missing_as,
        })
    };
    let plain = select(columns.to_vec()).prop_flat_map(move |(name, kind)| {
        let stand_in = match kind {
            ColumnType::List => any::<bool>().prop_map(MissingAs::Answer).boxed(),
            kind => prop_oneof![
                2 => any::<bool>().prop_map(MissingAs::Answer),
                1 => literal(kind).prop_map(|value| MissingAs::Value(value.operand()))
            ]
            .boxed(),
        };
        (tests(kind), any::<bool>(), option::of(stand_in)).prop_map(move |(test, fold, missing)| {
            // A boolean that stands in is the answer itself.
            let missing = missing.map(|missing| match missing {
                MissingAs::Value(operand) => match operand.value {
                    Value::Boolean(answer) => MissingAs::Answer(answer),
                    _ => MissingAs::Value(operand),
                },
                answer => answer,
            });
            condition(Value::Column(name.into()), test, fold && kind == ColumnType::Text, missing)
        })
    });
    let column = select(&NUMBERS[..]).prop_map(|name| Value::Column(name.into()));
    let sides = (
        select(&Arithmetic::ALL[..]),
        column.clone(),
        prop_oneof![column.clone().boxed(), literal(ColumnType::Number)],
    );
    let calculation = sides.prop_map(|(calculation, left, right)| {
        Value::Calculation(calculation, Box::new([left.operand(), right.operand()]))
    });
    let subject = prop_oneof![column.clone().boxed(), calculation.boxed()];
    let with = prop_oneof![column.boxed(), literal(ColumnType::Number)];
    let stand_in = prop_oneof![
        any::<bool>().prop_map(MissingAs::Answer),
        literal(ColumnType::Number).prop_map(|value| MissingAs::Value(value.operand()))
    ];
    let several = (subject, select(&COMPARISONS[..]), with, option::of(stand_in)).prop_map(
        move |(subject, comparison, with, missing)| {
            condition(subject, Test::Compare(comparison, with.operand()), false, missing)
        },
    );
    prop_oneof![4 => plain, 1 => several].boxed()
}

fn rules() -> BoxedStrategy<Rule> {
    let leaf = prop_oneof![1 => Just(Rule::Everyone), 20 => leaf()];
    leaf.prop_recursive(4, 16, 3, |inner| {
        prop_oneof![
            1 => inner.clone().prop_map(|rule| Rule::Not(Box::new(rule))),
            3 => (any::<bool>(), vec(inner, 2..4)).prop_map(|(and, rules)| {
                Rule::Group(if and { Combinator::And } else { Combinator::Or }, rules)
            }),
        ]
    })
    .boxed()
}

/// Writes and reads random rules; gives how many of them the format could say.
fn same_members(format_name: &str, cases: u32) -> (u32, u32) {
    let (said, all) = (Cell::new(0), Cell::new(0));
    let config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(rule in rules(), rows in rows())| {
        let table = table(&rows);
        let types: Vec<(String, ColumnType)> = table.columns.iter().map(|column| (column.name.clone(), column.kind())).collect();
        prop_assume!(check(&rule, &Schema::of(&types)).is_empty());
        all.set(all.get() + 1);
        let columns: Vec<(String, Option<ColumnType>)> = types.into_iter().map(|(name, kind)| (name, Some(kind))).collect();
        let known = Known { columns: Some(&columns), orders: None };
        let context = Context::on(reference());
        let written = match export(format_name, &rule, &Around { known, reference_date: Some(reference()) }) {
            Ok(written) => written,
            Err(error) => {
                prop_assert_eq!(error.code, Code::Unsupported, "{}", error.message);
                return Ok(());
            }
        };
        said.set(said.get() + 1);
        let read = import(format_name, &written, &known).expect("its own format");
        prop_assert!(read.unsupported.is_empty(), "{} → {written}: {:?}", format(&rule), read.unsupported);
        let ours = evaluate(&rule, &table, &context).expect("a checked rule");
        let theirs = match evaluate(&read.rule, &table, &context) {
            Ok(theirs) => theirs,
            Err(error) => panic!("{} → {written} → {}: {error}", format(&rule), format(&read.rule)),
        };
        prop_assert_eq!(&ours.yes, &theirs.yes, "{} → {} → {}", format(&rule), written, format(&read.rule));
        if format_name != "react-querybuilder" {
            prop_assert_eq!(theirs.known.count(), rows.len(), "{} is never unknown", format(&read.rule));
        }
    });
    println!("{format_name}: {} of {} random rules said, written and read again", said.get(), all.get());
    (said.get(), all.get())
}

#[test]
fn jsonlogic_gives_the_same_members() {
    let (said, all) = same_members("jsonlogic", 3_000);
    assert!(said * 2 > all, "{said} of {all}");
}

#[test]
fn mongodb_gives_the_same_members() {
    let (said, all) = same_members("mongodb", 3_000);
    assert!(said * 2 > all, "{said} of {all}");
}

#[test]
fn react_querybuilder_gives_the_same_members() {
    let (said, _) = same_members("react-querybuilder", 3_000);
    assert!(said > 300, "{said}");
}
