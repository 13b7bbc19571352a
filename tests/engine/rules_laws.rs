//! The laws of rules: round trips are the identity, counts add up, the columnar evaluator equals a naive three-valued one,
//! and no input makes anything panic.

use crate::common::laws;
use marquetry::segment::rules::counts::{RuleCounts, at_row, counts};
use marquetry::segment::rules::evaluate::{Context, Verdict, evaluate};
use marquetry::segment::rules::format::format;
use marquetry::segment::rules::from_json::from_json;
use marquetry::segment::rules::json::to_json;
use marquetry::segment::rules::overlap::overlap;
use marquetry::segment::rules::parse::parse;
use marquetry::segment::rules::parse_operand::can_be_calculated;
use marquetry::segment::rules::tree::{
    Aggregate, Arithmetic, Combinator, Comparison, Condition, Direction, End, Holding, MAX_DEPTH, Measure, MissingAs,
    Operand, Part, PatternKind, Place, Reference, Rule, Sequence, Test, Top, Unit, Value, Which, Window,
};
use marquetry::segment::rules::vocabulary::{FUNCTIONS, MEASURES};
use marquetry::table::bitmap::Bitmap;
use marquetry::table::column::{Column, ColumnType, Data};
use marquetry::table::date::{MS_PER_DAY, from_civil, to_civil};
use marquetry::table::role::Role;
use marquetry::table::table::{Kind, Table};
use marquetry::table::texts::TextsBuilder;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use std::cmp::Ordering;
use std::collections::BTreeMap;

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, max_local_rejects: 1_000_000, failure_persistence: None, ..ProptestConfig::default() }
}

// ---------------------------------------------------------------- random rules

const COMPARISONS: [Comparison; 6] = [
    Comparison::Equal,
    Comparison::NotEqual,
    Comparison::Less,
    Comparison::AtMost,
    Comparison::Greater,
    Comparison::AtLeast,
];

fn condition(column: String, test: Test, ignoring_case: bool, missing_as: Option<MissingAs>) -> Rule {
    let missing_as = if matches!(test, Test::Missing { .. }) { None } else { missing_as };
    let subject = Value::Column(column).operand();
    Rule::Condition(Condition { subject, test, test_place: Place::default(), ignoring_case, missing_as })
}

fn tests(operand: BoxedStrategy<Operand>) -> BoxedStrategy<Test> {
    prop_oneof![
        4 => (select(&COMPARISONS[..]), operand.clone()).prop_map(|(comparison, with)| Test::Compare(comparison, with)),
        2 => (any::<bool>(), operand.clone(), operand.clone())
            .prop_map(|(negated, low, high)| Test::Between { negated, low, high, exclusive: false }),
        2 => (any::<bool>(), vec(operand.clone(), 1..5)).prop_map(|(negated, options)| Test::In { negated, options }),
        2 => (any::<bool>(), select(&[Part::Anywhere, Part::Start, Part::End][..]), operand)
            .prop_map(|(negated, part, what)| Test::Has { negated, part, what }),
        1 => any::<bool>().prop_map(|negated| Test::Missing { negated }),
        1 => (
            any::<bool>(),
            select(&[Direction::Last, Direction::Next][..]),
            1u32..40,
            select(&[Unit::Day, Unit::Week, Unit::Month, Unit::Year][..])
        )
            .prop_map(|(negated, direction, amount, unit)| Test::Within { negated, direction, amount, unit }),
    ]
    .boxed()
}

fn trees(leaf: BoxedStrategy<Rule>) -> BoxedStrategy<Rule> {
    let leaf = prop_oneof![1 => Just(Rule::Everyone), 20 => leaf];
    leaf.prop_recursive(5, 24, 4, |inner| {
        prop_oneof![
            1 => inner.clone().prop_map(|rule| Rule::Not(Box::new(rule))),
            3 => (any::<bool>(), vec(inner, 2..5)).prop_map(|(and, rules)| {
                Rule::Group(if and { Combinator::And } else { Combinator::Or }, rules)
            }),
        ]
    })
    .boxed()
}

/// Any name and any value, whether or not it makes sense: for the round trips.
fn wild_rules() -> BoxedStrategy<Rule> {
    const ODD: [&str; 12] =
        ["and", "Date", "in", "last", "größe", "a\"b", "x'y", "is", "2024 sales", "date", "the", "[a]"];
    let name = prop_oneof!["[a-z]{1,8}", "[A-Za-z ]{1,12}", ".{1,6}", select(&ODD[..]).prop_map(String::from)].boxed();
    let number = prop_oneof![
        any::<f64>().prop_filter("finite", |number| number.is_finite()),
        (-1000i32..1000).prop_map(f64::from),
        (-1000i32..1000).prop_map(|n| f64::from(n) / 8.0),
    ];
    let literal = prop_oneof![
        number.prop_map(Value::Number),
        ".{0,6}".prop_map(Value::Text),
        (0i32..40_000).prop_map(Value::Day),
    ]
    .boxed();
    let leaf = wild_leaf(name.clone(), literal.clone(), None);
    let filter = option::weighted(0.6, trees(leaf.boxed()).prop_map(Box::new)).boxed();
    trees(wild_leaf(name, literal, Some(filter)).boxed())
}

type Filter = BoxedStrategy<Option<Box<Rule>>>;

fn units(from: usize) -> impl Strategy<Value = Unit> {
    select(&Unit::ALL[from..])
}

/// A value of the language; with `filter` also what orders come to.
fn wild_value(
    name: BoxedStrategy<String>,
    literal: BoxedStrategy<Value>,
    filter: Option<Filter>,
) -> BoxedStrategy<Value> {
    let parameter = "[a-z_]{1,6}".prop_map(Value::Parameter);
    let simple = prop_oneof![
        6 => literal,
        1 => any::<bool>().prop_map(Value::Boolean),
        2 => name.clone().prop_map(Value::Column),
        1 => parameter,
    ];
    let simple = match filter {
        Some(filter) => prop_oneof![5 => simple, 1 => wild_aggregate(name, filter)].boxed(),
        None => simple.boxed(),
    };
    simple
        .prop_recursive(3, 8, 4, |inner| {
            let number =
                inner.clone().prop_map(|value| if can_be_calculated(&value) { value } else { Value::Number(-0.5) });
            let sides = (select(&Arithmetic::ALL[..]), number.clone(), number);
            let call = (select(&FUNCTIONS[..]), vec(inner, 4)).prop_map(|((function, _, takes), mut values)| {
                values.truncate(*takes.end());
                Value::Call(function, values.into_iter().map(Value::operand).collect())
            });
            prop_oneof![
                sides.prop_map(|(operation, left, right)| {
                    Value::Calculation(operation, Box::new([left.operand(), right.operand()]))
                }),
                call
            ]
        })
        .boxed()
}

fn reference(name: String) -> Reference {
    Reference { name, place: Place::default() }
}

fn wild_aggregate(name: BoxedStrategy<String>, filter: Filter) -> BoxedStrategy<Value> {
    let measures = MEASURES.iter().map(|(measure, _)| *measure);
    let measures: Vec<Measure> = measures.chain([Measure::Orders, Measure::Lines, Measure::Nth(3)]).collect();
    let day = (0i32..40_000).prop_map(|day| Value::Day(day).operand()).boxed();
    let window = prop_oneof![
        (1u32..400).prop_map(Window::AnyDays),
        (select(&COMPARISONS[..]), day.clone()).prop_map(|(how, day)| Window::Passing(Test::Compare(how, day))),
        (day.clone(), day, any::<bool>()).prop_map(|(low, high, exclusive)| Window::Passing(Test::Between {
            negated: false,
            low,
            high,
            exclusive
        })),
        spans(false).prop_map(Window::Passing),
    ];
    (select(measures), name, filter, option::of(window))
        .prop_map(|(measure, name, filter, window)| {
            let of = measure.has_column().then(|| reference(name));
            Value::Orders(Box::new(Aggregate { measure, of, filter: filter.map(|rule| *rule), window }))
        })
        .boxed()
}

/// Spans of days and periods of the calendar.
fn spans(negated: bool) -> BoxedStrategy<Test> {
    let direction = select(&[Direction::Last, Direction::Next][..]);
    let fiscal = (select(&[Unit::Quarter, Unit::Year][..]), (1u8..=12).prop_map(Some));
    let period = prop_oneof![units(1).prop_map(|unit| (unit, None)), fiscal];
    prop_oneof![
        (direction, 1u32..40, units(0)).prop_map(move |(direction, amount, unit)| Test::Within {
            negated,
            direction,
            amount,
            unit
        }),
        (select(&Which::ALL[..]), period).prop_map(move |(which, (unit, fiscal_from))| Test::Period {
            negated,
            which,
            unit,
            fiscal_from
        }),
    ]
    .boxed()
}

/// The tests that `tests` does not make.
fn wild_tests(name: BoxedStrategy<String>, operand: BoxedStrategy<Operand>) -> BoxedStrategy<Test> {
    let pattern = prop_oneof![".{0,6}".prop_map(Value::Text), "[a-z]{1,6}".prop_map(Value::Parameter)];
    let kinds = select(&[PatternKind::Like, PatternKind::Matches][..]);
    let holdings = select(&[Holding::Any, Holding::All, Holding::Exactly][..]);
    let direction = select(&[Direction::Last, Direction::Next][..]);
    let amount = prop_oneof![
        (1u32..2_000).prop_map(|amount| (f64::from(amount), false)),
        (1u32..800).prop_map(|amount| (f64::from(amount) / 8.0, true)),
    ];
    let column = option::of(name.prop_map(reference)).boxed();
    let top = (any::<bool>(), select(&[End::Top, End::Bottom][..]), amount, column.clone(), column);
    prop_oneof![
        (any::<bool>(), kinds, pattern).prop_map(|(negated, kind, pattern)| Test::Pattern {
            negated,
            kind,
            pattern: pattern.operand()
        }),
        any::<bool>().prop_map(|negated| Test::Blank { negated }),
        (any::<bool>(), holdings, vec(operand.clone(), 1..4)).prop_map(|(negated, how, options)| Test::Holds {
            negated,
            how,
            options
        }),
        (any::<bool>(), operand.clone(), operand).prop_map(|(negated, low, high)| Test::Between {
            negated,
            low,
            high,
            exclusive: true
        }),
        any::<bool>().prop_flat_map(spans),
        (any::<bool>(), direction, 1u32..=366).prop_map(|(negated, direction, days)| Test::Anniversary {
            negated,
            direction,
            days
        }),
        top.prop_map(|(negated, end, (amount, percent), per, ties_by)| {
            Test::Top(Top { negated, end, amount, percent, per, ties_by })
        }),
    ]
    .boxed()
}

/// Any leaf; with `filter` also those about orders.
fn wild_leaf(
    name: BoxedStrategy<String>,
    literal: BoxedStrategy<Value>,
    filter: Option<Filter>,
) -> BoxedStrategy<Rule> {
    let value = wild_value(name.clone(), literal.clone(), filter.clone());
    let operand = value.clone().prop_map(Value::operand).boxed();
    let missing = prop_oneof![
        any::<bool>().prop_map(MissingAs::Answer),
        literal.prop_map(|value| MissingAs::Value(value.operand())),
        "[a-z]{1,6}".prop_map(|name| MissingAs::Value(Value::Parameter(name).operand())),
    ];
    let depends_on_the_row = |value: &Value| {
        !matches!(value, Value::Number(_) | Value::Text(_) | Value::Day(_) | Value::Boolean(_) | Value::Parameter(_))
    };
    let subject = prop_oneof![
        2 => name.clone().prop_map(Value::Column),
        1 => value.prop_filter("depends on the row", depends_on_the_row),
    ];
    let test = prop_oneof![tests(operand.clone()), wild_tests(name.clone(), operand)];
    let asked =
        (subject, test, any::<bool>(), option::of(missing)).prop_map(|(subject, test, ignoring_case, missing_as)| {
            let missing_as = missing_as.filter(|_| !test.is_always_known());
            Rule::Condition(Condition {
                subject: subject.operand(),
                test,
                test_place: Place::default(),
                ignoring_case,
                missing_as,
            })
        });
    let segment = name.clone().prop_map(|name| Rule::Segment(reference(name)));
    let Some(filter) = filter else { return prop_oneof![8 => asked, 1 => segment].boxed() };
    let sequence = (filter.clone(), any::<bool>(), filter, 1u32..400, units(0), option::of(name)).prop_map(
        |(first, absent, second, amount, unit, same)| {
            let (first, second) = (first.map(|rule| *rule), second.map(|rule| *rule));
            let same = same.map(reference);
            Rule::Sequence(Box::new(Sequence { first, absent, second, amount, unit, same, place: Place::default() }))
        },
    );
    prop_oneof![8 => asked, 1 => segment, 1 => sequence].boxed()
}

/// JSON made of the words that rules use.
fn arbitrary_json() -> BoxedStrategy<serde_json::Value> {
    const SAID: [&str; 14] =
        ["and", "or", "xor", "=", "in", "null", "inLast", "contains", "a", "1,2", "field", "value", "day", ""];
    const KEYS: [&str; 15] = [
        "combinator",
        "rules",
        "not",
        "field",
        "operator",
        "value",
        "valueSource",
        "amount",
        "unit",
        "date",
        "column",
        "ignoreCase",
        "missingAs",
        "match",
        "muted",
    ];
    const OPERATORS: [&str; 6] = ["=", "in", "notBetween", "null", "inNext", "endsWith"];
    let scalar = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        (-3i32..3).prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        select(&SAID[..]).prop_map(Into::into),
    ];
    scalar
        .prop_recursive(4, 40, 5, move |inner| {
            let leaf = (select(&["a", "b c"][..]), select(&OPERATORS[..]), inner.clone()).prop_map(
                |(field, operator, value)| serde_json::json!({"field": field, "operator": operator, "value": value}),
            );
            prop_oneof![
                vec(inner.clone(), 0..4).prop_map(Into::into),
                vec((select(&KEYS[..]), inner.clone()), 0..4)
                    .prop_map(|fields| fields.into_iter().map(|(key, value)| (key.to_string(), value)).collect()),
                (any::<bool>(), vec(inner, 0..4))
                    .prop_map(|(not, rules)| serde_json::json!({"combinator": "or", "not": not, "rules": rules})),
                leaf,
            ]
        })
        .boxed()
}

// ---------------------------------------------------------------- random tables, and rules that fit them

/// A cell as the naive evaluator sees it.
#[derive(Clone, Debug, PartialEq, PartialOrd)]
enum Cell {
    Number(f64),
    Text(String),
    Day(i32),
    Moment(i64),
    Boolean(bool),
}

const COLUMNS: [(&str, ColumnType); 10] = [
    ("n1", ColumnType::Number),
    ("n2", ColumnType::Number),
    ("city", ColumnType::Text),
    ("home town", ColumnType::Text),
    ("d1", ColumnType::Date),
    ("d2", ColumnType::Date),
    ("t1", ColumnType::Time),
    ("t2", ColumnType::Time),
    ("b1", ColumnType::Boolean),
    ("b2", ColumnType::Boolean),
];
const TEXTS: [&str; 9] = ["", "Paris", "paris", "PARIS", "Köln", "KÖLN", "ar", "Köl", "Ünna"];
const REFERENCE: i32 = 19_813; // 2024-03-31

fn cells(kind: ColumnType) -> BoxedStrategy<Cell> {
    match kind {
        ColumnType::Number => (-6i32..6).prop_map(|n| Cell::Number(f64::from(n) / 2.0)).boxed(),
        ColumnType::Text => select(&TEXTS[..]).prop_map(|text| Cell::Text(text.into())).boxed(),
        ColumnType::Date => (-800i32..800).prop_map(|days| Cell::Day(REFERENCE + days / 20)).boxed(),
        ColumnType::Time => (-40i64..40)
            .prop_map(|quarters| Cell::Moment(i64::from(REFERENCE) * MS_PER_DAY + quarters * MS_PER_DAY / 4))
            .boxed(),
        ColumnType::Boolean => any::<bool>().prop_map(Cell::Boolean).boxed(),
        ColumnType::List => unreachable!("COLUMNS has no lists"),
    }
}

type Rows = Vec<Vec<Option<Cell>>>;

fn rows() -> BoxedStrategy<Rows> {
    let row: Vec<_> = COLUMNS.iter().map(|(_, kind)| option::weighted(0.8, cells(*kind))).collect();
    vec(row, 0..140).boxed()
}

fn table(rows: &Rows) -> Table {
    let columns = COLUMNS.iter().enumerate().map(|(index, (name, kind))| {
        let cells: Vec<Option<&Cell>> = rows.iter().map(|row| row[index].as_ref()).collect();
        let data = match kind {
            ColumnType::Number => Data::Number(gather(&cells, f64::NAN, |cell| match cell {
                Cell::Number(number) => Some(*number),
                _ => None,
            })),
            ColumnType::Date => Data::Date(gather(&cells, Data::NO_DAY, |cell| match cell {
                Cell::Day(day) => Some(*day),
                _ => None,
            })),
            ColumnType::Time => Data::Time(gather(&cells, Data::NO_TIME, |cell| match cell {
                Cell::Moment(moment) => Some(*moment),
                _ => None,
            })),
            ColumnType::Boolean => {
                Data::Boolean(Bitmap::from_fn(cells.len(), |row| cells[row] == Some(&Cell::Boolean(true))))
            }
            ColumnType::Text => {
                let mut texts = TextsBuilder::default();
                for cell in &cells {
                    match cell {
                        Some(Cell::Text(text)) => _ = texts.push(text),
                        _ => texts.push_missing(),
                    }
                }
                Data::Text(texts.finish())
            }
            ColumnType::List => unreachable!("COLUMNS has no lists"),
        };
        let mut column = Column::number(*name, Role::Other, vec![0.0; cells.len()]);
        column.valid = Bitmap::from_fn(cells.len(), |row| cells[row].is_some());
        column.data = data;
        column
    });
    Table::computed(columns.collect(), Kind::Customers)
}

fn gather<T: Copy>(cells: &[Option<&Cell>], missing: T, value: impl Fn(&Cell) -> Option<T>) -> Vec<T> {
    cells.iter().map(|cell| cell.and_then(&value).unwrap_or(missing)).collect()
}

fn literal(cell: Cell) -> Value {
    match cell {
        Cell::Number(number) => Value::Number(number),
        Cell::Text(text) => Value::Text(text),
        Cell::Day(day) => Value::Day(day),
        Cell::Moment(moment) => Value::Text(marquetry::table::date::format_time(moment)),
        Cell::Boolean(value) => Value::Boolean(value),
    }
}

fn is_calendar(kind: ColumnType) -> bool {
    matches!(kind, ColumnType::Date | ColumnType::Time)
}

/// Conditions that fit the columns' types.
fn fitting_rules() -> BoxedStrategy<Rule> {
    let leaf = (0..COLUMNS.len()).prop_flat_map(|index| {
        let (name, kind) = COLUMNS[index];
        let value = match kind {
            ColumnType::Time => prop_oneof![cells(ColumnType::Time), cells(ColumnType::Date)].boxed(),
            kind => cells(kind),
        };
        let comparable = |other: ColumnType| other == kind || (is_calendar(other) && is_calendar(kind));
        let peers: Vec<&str> = COLUMNS.iter().filter(|(_, other)| comparable(*other)).map(|(name, _)| *name).collect();
        let operand = prop_oneof![
            3 => value.clone().prop_map(literal),
            1 => select(peers).prop_map(|name| Value::Column(name.into())),
        ]
        .prop_map(Value::operand)
        .boxed();
        let test = tests(operand).prop_filter("fits the type", move |test| match test {
            Test::Compare(Comparison::Equal | Comparison::NotEqual, _) | Test::In { .. } | Test::Missing { .. } => true,
            Test::Compare(..) | Test::Between { .. } => kind != ColumnType::Boolean,
            Test::Has { .. } => kind == ColumnType::Text,
            Test::Within { .. } => is_calendar(kind),
            // Only the tests that `tests` above makes come here; `rules_twin.rs` holds the whole language to its twin.
            _ => false,
        });
        let stand_in = value.prop_map(literal).prop_map(|value| match value {
            Value::Boolean(answer) => MissingAs::Answer(answer),
            value => MissingAs::Value(value.operand()),
        });
        let missing = prop_oneof![any::<bool>().prop_map(MissingAs::Answer), stand_in];
        (test, any::<bool>(), option::weighted(0.3, missing)).prop_map(move |(test, case, missing)| {
            condition(name.into(), test, case && kind == ColumnType::Text, missing)
        })
    });
    trees(leaf.boxed())
}

// ---------------------------------------------------------------- the naive twin

fn naive(rule: &Rule, row: &[Option<Cell>]) -> Option<bool> {
    match rule {
        Rule::Everyone => Some(true),
        Rule::Not(inner) => naive(inner, row).map(|answer| !answer),
        Rule::Group(Combinator::And, rules) => all_of(rules.iter().map(|rule| naive(rule, row))),
        Rule::Group(Combinator::Or, rules) => any_of(rules.iter().map(|rule| naive(rule, row))),
        Rule::Condition(condition) => naive_condition(condition, row),
        Rule::Segment(_) | Rule::Sequence(_) => unreachable!("these rules have neither"),
    }
}

fn all_of(answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let answers: Vec<_> = answers.collect();
    if answers.contains(&Some(false)) {
        Some(false)
    } else if answers.contains(&None) {
        None
    } else {
        Some(true)
    }
}

fn any_of(answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    all_of(answers.map(|answer| answer.map(|answer| !answer))).map(|answer| !answer)
}

fn column_of(condition: &Condition) -> &str {
    match &condition.subject.value {
        Value::Column(name) => name,
        _ => unreachable!("these rules ask columns only"),
    }
}

fn naive_condition(condition: &Condition, row: &[Option<Cell>]) -> Option<bool> {
    let index_of = |name: &str| COLUMNS.iter().position(|(known, _)| *known == name).unwrap();
    let kind = COLUMNS[index_of(column_of(condition))].1;
    let cell_of = |name: &str| match (&row[index_of(name)], &condition.missing_as) {
        (None, Some(MissingAs::Value(operand))) => {
            Some(match (cell(&operand.value, kind), COLUMNS[index_of(name)].1) {
                // A day that stands in for a moment is its midnight, a moment that stands in for a day is its day.
                (Cell::Day(day), ColumnType::Time) => Cell::Moment(i64::from(day) * MS_PER_DAY),
                (Cell::Moment(moment), ColumnType::Date) => Cell::Day(moment.div_euclid(MS_PER_DAY) as i32),
                (cell, _) => cell,
            })
        }
        (value, _) => value.clone(),
    };
    let left = cell_of(column_of(condition));
    let right = |operand: &Operand| match &operand.value {
        Value::Column(name) => cell_of(name),
        value => Some(cell(value, kind)),
    };
    let fold = condition.ignoring_case;
    let compare = |comparison: Comparison, operand: &Operand| {
        let order = order(left.clone()?, right(operand)?, fold);
        Some(match comparison {
            Comparison::Equal => order == Ordering::Equal,
            Comparison::NotEqual => order != Ordering::Equal,
            Comparison::Less => order == Ordering::Less,
            Comparison::AtMost => order != Ordering::Greater,
            Comparison::Greater => order == Ordering::Greater,
            Comparison::AtLeast => order != Ordering::Less,
        })
    };
    let answer = match &condition.test {
        Test::Compare(comparison, operand) => compare(*comparison, operand),
        Test::Between { low, high, .. } => {
            all_of([compare(Comparison::AtLeast, low), compare(Comparison::AtMost, high)].into_iter())
        }
        Test::In { options, .. } => any_of(options.iter().map(|option| compare(Comparison::Equal, option))),
        Test::Has { part, what, .. } => match (left.clone(), right(what)) {
            (Some(Cell::Text(text)), Some(Cell::Text(what))) => {
                let (text, what) = if fold { (small(&text), small(&what)) } else { (text, what) };
                Some(match part {
                    Part::Anywhere => text.contains(&what),
                    Part::Start => text.starts_with(&what),
                    Part::End => text.ends_with(&what),
                })
            }
            _ => None,
        },
        Test::Missing { .. } => Some(left.is_none()),
        Test::Within { direction, amount, unit, .. } => left.map(|cell| {
            let day = match cell {
                Cell::Day(day) => day,
                Cell::Moment(moment) => moment.div_euclid(MS_PER_DAY) as i32,
                _ => unreachable!(),
            };
            match direction {
                Direction::Last => naive_shift(-(*amount as i32), *unit) < day && day <= REFERENCE,
                Direction::Next => REFERENCE <= day && day < naive_shift(*amount as i32, *unit),
            }
        }),
        _ => unreachable!("these rules have no other tests"),
    };
    let answer = answer.map(|answer| answer != condition.test.is_negated());
    match condition.missing_as {
        Some(MissingAs::Answer(truth)) => Some(answer.unwrap_or(truth)),
        _ => answer,
    }
}

fn cell(value: &Value, kind: ColumnType) -> Cell {
    match value {
        Value::Number(number) => Cell::Number(*number),
        Value::Text(text) if kind == ColumnType::Text => Cell::Text(text.clone()),
        Value::Text(text) => {
            // A moment as `format_time` wrote it, on a quarter of a day.
            let day = marquetry::table::date::parse_iso_day(&text[..10]).unwrap();
            let hours: i64 = text[11..13].parse().unwrap();
            Cell::Moment(i64::from(day) * MS_PER_DAY + hours * 3_600_000)
        }
        Value::Day(day) => Cell::Day(*day),
        Value::Boolean(value) => Cell::Boolean(*value),
        _ => unreachable!(),
    }
}

fn order(left: Cell, right: Cell, fold: bool) -> Ordering {
    let day = |moment: i64| moment.div_euclid(MS_PER_DAY) as i32;
    match (left, right) {
        (Cell::Text(left), Cell::Text(right)) if fold => small(&left).as_bytes().cmp(small(&right).as_bytes()),
        (Cell::Text(left), Cell::Text(right)) => left.as_bytes().cmp(right.as_bytes()),
        (Cell::Moment(left), Cell::Day(right)) => day(left).cmp(&right),
        (Cell::Day(left), Cell::Moment(right)) => left.cmp(&day(right)),
        (left, right) => left.partial_cmp(&right).unwrap(),
    }
}

fn small(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

fn naive_shift(amount: i32, unit: Unit) -> i32 {
    let (mut year, month, day) = to_civil(REFERENCE);
    let months = match unit {
        Unit::Day => return REFERENCE + amount,
        Unit::Week => return REFERENCE + 7 * amount,
        Unit::Month => amount,
        Unit::Year => 12 * amount,
        Unit::Hour | Unit::Quarter => unreachable!("these rules have neither"),
    };
    let mut month = month as i32;
    for _ in 0..months.abs() {
        month += months.signum();
        if month == 0 {
            (year, month) = (year - 1, 12);
        }
        if month == 13 {
            (year, month) = (year + 1, 1);
        }
    }
    (1..=day).rev().find_map(|day| from_civil(year, month as u32, day)).unwrap()
}

// ---------------------------------------------------------------- laws

fn every_node(verdict: &Verdict, counts: &RuleCounts, rows: usize) -> Result<(), TestCaseError> {
    prop_assert_eq!(counts.within + counts.out + counts.unknown, rows, "{}", &counts.text);
    prop_assert_eq!(verdict.yes.and_not(&verdict.known).count(), 0, "in but not known: {}", &counts.text);
    prop_assert_eq!(verdict.children.len(), counts.children.len());
    if let (true, [child]) = (counts.text.starts_with("not "), &counts.children[..]) {
        prop_assert_eq!((counts.within, counts.out, counts.unknown), (child.out, child.within, child.unknown));
    }
    verdict.children.iter().zip(&counts.children).try_for_each(|(verdict, counts)| every_node(verdict, counts, rows))
}

fn add_up(total: &mut RuleCounts, one: &RuleCounts) {
    total.within += one.within;
    total.out += one.out;
    total.unknown += one.unknown;
    total.children.iter_mut().zip(&one.children).for_each(|(total, one)| add_up(total, one));
}

fn zeroed(counts: &RuleCounts) -> RuleCounts {
    let children = counts.children.iter().map(zeroed).collect();
    RuleCounts {
        within: 0,
        out: 0,
        unknown: 0,
        text: counts.text.clone(),
        revenue: None,
        treated: None,
        excluded: None,
        children,
    }
}

/// The same without what a row alone cannot tell.
fn without_treated(counts: &RuleCounts) -> RuleCounts {
    let children = counts.children.iter().map(without_treated).collect();
    RuleCounts { treated: None, children, ..counts.clone() }
}

const WORDS: [&str; 71] = [
    "+",
    "-",
    "*",
    "/",
    "%",
    ".",
    ":p",
    "like",
    "matches",
    "blank",
    "any of",
    "exactly",
    "last",
    "this",
    "fiscal",
    "year from april",
    "anniversary",
    "top",
    "percent",
    "per",
    "ties by",
    "in segment",
    "count(",
    "sum(",
    "orders",
    "lines",
    "where",
    "of",
    "sequence(",
    "then",
    "within 3 days",
    "a",
    "n1",
    "city",
    "and",
    "or",
    "not",
    "(",
    ")",
    "in",
    "is",
    "missing",
    "between",
    "=",
    "<=",
    "'x'",
    "'",
    "\"n\"",
    "5",
    "-1e3",
    "2026-01-31",
    "date",
    "last",
    "90",
    "days",
    ",",
    "contains",
    "does",
    "starts",
    "with",
    "ignoring",
    "case",
    "treat",
    "as",
    "true",
    "like",
    "everyone",
    "“",
    "==",
    "[",
    "null",
];

proptest! {
    #![proptest_config(cases(10_000))]

    #[test]
    fn tree_to_text_to_tree_and_back(rule in wild_rules()) {
        let text = format(&rule);
        let again = parse(&text).map_err(|errors| TestCaseError::fail(format!("{text}\n{errors:?}")))?;
        prop_assert_eq!(&again, &rule, "{}", &text);
        prop_assert_eq!(format(&again), text);
    }

    #[test]
    fn tree_to_json_to_tree_and_back(rule in wild_rules()) {
        let json = to_json(&rule);
        prop_assert!(json["rules"].is_array());
        prop_assert_eq!(&from_json(&json).map_err(|error| TestCaseError::fail(error.message))?, &rule);
        let through_text: serde_json::Value = serde_json::from_str(&json.to_string()).unwrap();
        prop_assert_eq!(&from_json(&through_text).unwrap(), &rule);
        prop_assert_eq!(to_json(&from_json(&through_text).unwrap()), json);
    }

    #[test]
    fn arbitrary_text_never_panics(text in ".{0,60}") {
        laws::rule(&text);
    }

    #[test]
    fn arbitrary_words_never_panic(words in vec(select(&WORDS[..]), 0..14)) {
        laws::rule(&words.join(" "));
    }

    #[test]
    fn arbitrary_json_never_panics(json in arbitrary_json()) {
        laws::rule_json(&json);
    }
}

proptest! {
    #![proptest_config(cases(1_500))]

    #[test]
    fn the_evaluator_equals_the_naive_twin(rows in rows(), rules in vec(fitting_rules(), 3)) {
        let table = table(&rows);
        for rule in &rules {
            let verdict = evaluate(rule, &table, &Context::on(REFERENCE))
                .map_err(|error| TestCaseError::fail(format!("{}: {}", format(rule), error.message)))?;
            for (index, row) in rows.iter().enumerate() {
                let answer = verdict.known.get(index).then(|| verdict.yes.get(index));
                prop_assert_eq!(answer, naive(rule, row), "row {} of {:?} for {}", index, row, format(rule));
            }
            let counted = counts(&verdict, None);
            every_node(&verdict, &counted, rows.len())?;
            let mut total = zeroed(&counted);
            (0..rows.len()).for_each(|row| add_up(&mut total, &at_row(&verdict, row)));
            prop_assert_eq!(total, without_treated(&counted));
        }
    }

    #[test]
    fn not_swaps_in_and_out(rows in rows(), rule in fitting_rules()) {
        let table = table(&rows);
        let context = Context::on(REFERENCE);
        let plain = counts(&evaluate(&rule, &table, &context).unwrap(), None);
        let negated = counts(&evaluate(&Rule::Not(Box::new(rule)), &table, &context).unwrap(), None);
        prop_assert_eq!((plain.within, plain.out, plain.unknown), (negated.out, negated.within, negated.unknown));
    }

    #[test]
    fn overlap_equals_a_naive_count(
        segments in (0usize..150).prop_flat_map(|rows| vec(vec(any::<bool>(), rows), 1..7))
    ) {
        let rows = segments[0].len();
        let names: Vec<String> = (0..segments.len()).map(|index| format!("s{index}")).collect();
        let bitmaps: Vec<Bitmap> = segments.iter().map(|segment| Bitmap::from_fn(rows, |row| segment[row])).collect();
        let found = overlap(&names, &bitmaps.iter().collect::<Vec<_>>());

        let mut sets: BTreeMap<Vec<usize>, usize> = BTreeMap::new();
        for row in 0..rows {
            *sets.entry((0..segments.len()).filter(|&index| segments[index][row]).collect()).or_default() += 1;
        }
        prop_assert_eq!(found.none, sets.remove(&Vec::new()).unwrap_or(0));
        let several: usize = sets.iter().filter(|(set, _)| set.len() > 1).map(|(_, count)| count).sum();
        prop_assert_eq!(found.several, several);
        let mut expected: Vec<(Vec<usize>, usize)> = sets.into_iter().collect();
        expected.sort_by_key(|(set, count)| (usize::MAX - count, set.clone()));
        let sets: Vec<(Vec<usize>, usize)> =
            found.intersections.iter().map(|set| (set.within.clone(), set.count)).collect();
        prop_assert_eq!(&sets, &expected);
        prop_assert_eq!(found.none + sets.iter().map(|(_, count)| count).sum::<usize>(), rows);
        prop_assert_eq!(found.pairs.len(), segments.len() * (segments.len() - 1) / 2);
        for pair in &found.pairs {
            let (a, b) = (&segments[pair.a], &segments[pair.b]);
            let both = (0..rows).filter(|&row| a[row] && b[row]).count();
            let either = (0..rows).filter(|&row| a[row] || b[row]).count();
            prop_assert_eq!(pair.both, both);
            prop_assert_eq!(pair.jaccard, if either == 0 { 0.0 } else { both as f64 / either as f64 });
            let expected = found.counts[pair.a] as f64 * found.counts[pair.b] as f64;
            prop_assert_eq!(pair.lift, if expected == 0.0 { 0.0 } else { both as f64 * rows as f64 / expected });
        }
    }
}

#[test]
fn depth_is_limited_and_size_is_not() {
    let deeper = format!("deeper than {MAX_DEPTH}");
    let deep = |levels: usize| format!("{}a = 1{}", "(b = 1 or ".repeat(levels), ")".repeat(levels));
    let rule = parse(&deep(MAX_DEPTH)).unwrap();
    assert_eq!(rule.depth(), MAX_DEPTH);
    assert_eq!(parse(&format(&rule)).unwrap(), rule);
    assert_eq!(from_json(&to_json(&rule)).unwrap(), rule);
    let negated = parse(&format!("{}a = 1", "not ".repeat(MAX_DEPTH))).unwrap();
    assert_eq!(from_json(&to_json(&negated)).unwrap(), negated);
    for text in [deep(MAX_DEPTH + 1), deep(100_000), "(".repeat(1_000_000), "not ".repeat(1_000_000)] {
        let errors = parse(&text).unwrap_err();
        assert!(errors[0].message.contains(&deeper), "{}", errors[0].message);
    }
    let mixed = format!("{}a = 1{}", "(x = 1 or y = 1 and ".repeat(150), ")".repeat(150));
    assert!(parse(&mixed).unwrap_err()[0].message.contains(&deeper));
    let mut json = serde_json::json!({"field": "a", "operator": "=", "value": 1});
    for _ in 0..1_000 {
        json = serde_json::json!({"combinator": "or", "rules": [json, {"field": "b", "operator": "=", "value": 1}]});
    }
    assert!(from_json(&json).unwrap_err().message.contains(&deeper));

    let wide = (0..2_000).map(|index| format!("n1 = {index}")).collect::<Vec<_>>().join(" or ");
    let rule = parse(&wide).unwrap();
    assert_eq!(format(&rule), wide);
    assert_eq!(from_json(&to_json(&rule)).unwrap(), rule);
    let rows = vec![[vec![Some(Cell::Number(2.0))], vec![None; 9]].concat()];
    let verdict = evaluate(&rule, &table(&rows), &Context::on(0)).unwrap();
    assert_eq!((verdict.yes.count(), verdict.children.len()), (1, 2_000));
}
