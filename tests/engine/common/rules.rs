//! Random rules over random tables: everything the language can say, about tables in which everything is that may be in one.
//!
//! ```ignore
//! let mut rng = Rng::new(seed);
//! let (customers, orders) = table(&mut rng, 200);
//! let shape = Shape::default();                    // what may be said of such tables; take parts away to say less
//! let definitions = definitions(&mut rng, &shape); // its segments and parameters
//! let rule = rule(&mut rng, &shape);               // passes `check` against the two tables and the definitions
//! ```

use marquetry::math::rng::Rng;
use marquetry::segment::rules::definitions::Definitions;
use marquetry::segment::rules::tree::{
    Aggregate, Arithmetic, Combinator, Comparison, Condition, Direction, End, Function, Holding, Measure, MissingAs,
    Operand, Part, PatternKind, Place, Reference, Rule, Sequence, Test, Top, Unit, Value, Which, Window,
};
use marquetry::segment::rules::vocabulary::COMPARISONS;
use marquetry::table::bitmap::Bitmap;
use marquetry::table::column::{Column, ColumnType, Data};
use marquetry::table::date::{MS_PER_DAY, format_day, from_civil};
use marquetry::table::list::Lists;
use marquetry::table::role::Role;
use marquetry::table::table::{Kind, Table};
use marquetry::table::texts::TextsBuilder;

/// The reference date of everything here: 2026-03-31, a Tuesday and the end of a month.
pub fn reference() -> i32 {
    from_civil(2026, 3, 31).expect("a day")
}

/// What rules may speak of.
#[derive(Clone, Debug)]
pub struct Shape {
    /// Columns of the customers by name and type.
    pub columns: Vec<(String, ColumnType)>,
    /// Columns of the orders; none: nothing is said of orders.
    pub orders: Vec<(String, ColumnType)>,
    /// Segments that may be referred to; none: nothing is.
    pub segments: Vec<String>,
    /// Parameters by name, with what they stand for.
    pub parameters: Vec<(String, Value)>,
    /// Functions that may be called.
    pub functions: Vec<Function>,
    /// How deep groups, negations and calculations may nest.
    pub depth: usize,
}

impl Default for Shape {
    /// All of the language, about the tables that [`table`] makes.
    fn default() -> Shape {
        use ColumnType::{Boolean, Date, List, Number, Text, Time};
        let named = |columns: &[(&str, ColumnType)]| -> Vec<(String, ColumnType)> {
            columns.iter().map(|(name, kind)| (name.to_string(), *kind)).collect()
        };
        Shape {
            columns: named(&[
                ("id", Text),
                ("age", Number),
                ("total spend", Number),
                ("latitude", Number),
                ("longitude", Number),
                ("name", Text),
                ("like", Text),
                ("country \"of\" it", Text),
                ("joined", Date),
                ("birthday", Date),
                ("seen", Time),
                ("vip", Boolean),
                ("orders", Boolean),
                ("tags", List),
            ]),
            orders: named(&[
                ("customer", Text),
                ("order no", Text),
                ("ordered", Date),
                ("shipped", Time),
                ("amount", Number),
                ("pieces", Number),
                ("category", Text),
                ("name", Text),
                ("gift", Boolean),
                ("labels", List),
            ]),
            segments: ["VIP", "it's \"new\"", "Élan 2"].map(String::from).to_vec(),
            parameters: vec![
                ("least".into(), Value::Number(2.5)),
                ("town".into(), Value::Text("Berlin".into())),
                ("since".into(), Value::Day(reference() - 40)),
            ],
            functions: vec![
                Function::Length,
                Function::Absolute,
                Function::Year,
                Function::Quarter,
                Function::Month,
                Function::Day,
                Function::Weekday,
                Function::Hour,
                Function::DaysBetween,
                Function::ReferenceDate,
                Function::DistanceKm,
                Function::DistanceMiles,
                Function::PercentileRank,
                Function::Random,
            ],
            depth: 4,
        }
    }
}

impl Shape {
    /// The columns of orders by name and type, and the one with their day, as `OrderColumns::Present` wants them.
    pub const ORDER_DATE: &'static str = "ordered";

    fn of_orders(&self) -> Shape {
        Shape {
            columns: self.orders.clone(),
            orders: Vec::new(),
            segments: Vec::new(),
            depth: self.depth.min(2),
            ..self.clone()
        }
    }
}

fn pick<'a, T>(rng: &mut Rng, choices: &'a [T]) -> &'a T {
    &choices[rng.below(choices.len())]
}

/// Once in so many times.
fn once_in(rng: &mut Rng, times: usize) -> bool {
    rng.below(times) == 0
}

// ---------------------------------------------------------------- values

const TEXTS: [&str; 34] = [
    "",
    " ",
    "a",
    "A",
    "ab",
    "aB",
    "b",
    "Berlin",
    "berlin",
    "BERLIN ",
    "Müller",
    "MÜLLER",
    "mu\u{308}ller",
    "ß",
    "SS",
    "İ",
    "it's",
    "say \"hi\"",
    "100%",
    "a_b",
    "a%b",
    "back\\slash",
    "line\nbreak",
    "日本",
    "🙂",
    "007",
    "7",
    "DE",
    "null",
    "true",
    "2026-03-31",
    "-",
    "tea",
    "Tea time",
];

fn text(rng: &mut Rng) -> String {
    pick(rng, &TEXTS).to_string()
}

/// Whole numbers and quarters, most of them small; and few that are large or no sum of powers of two.
fn number(rng: &mut Rng) -> f64 {
    match rng.below(8) {
        0..=3 => rng.below(12) as f64,
        4 => rng.below(400) as f64 / 4.0 - 20.0,
        5 => *pick(rng, &[-1.0, 0.0, -0.0, 0.5, -2.25, 18.0, 100.0, 1e6]),
        6 => *pick(rng, &[52.5, 13.25, -33.75, 151.0, 90.0, -180.0, 90.25, 181.0]),
        _ => *pick(rng, &[1e15, -1e15, 123_456_789.0, 0.001, 1e-7, 3.0]),
    }
}

/// What orders have: sums of quarters are the same in any order, and in any warehouse.
fn quarter(rng: &mut Rng) -> f64 {
    if once_in(rng, 3) { rng.below(400) as f64 / 4.0 - 20.0 } else { rng.below(12) as f64 }
}

fn day(rng: &mut Rng) -> i32 {
    const EDGES: [(i32, u32, u32); 15] = [
        (2024, 2, 29),
        (2000, 2, 29),
        (2023, 2, 28),
        (1996, 3, 1),
        (2026, 4, 1),
        (2026, 1, 1),
        (2025, 12, 31),
        (2025, 3, 31),
        (2026, 2, 28),
        (1970, 1, 1),
        (1969, 12, 31),
        (1900, 2, 28),
        (9999, 12, 31),
        (0, 1, 1),
        (1999, 4, 30),
    ];
    match rng.below(6) {
        0 => {
            let (year, month, day) = *pick(rng, &EDGES);
            from_civil(year, month, day).expect("a day")
        }
        1 => reference() + rng.below(800) as i32 - 400,
        2 => reference() - rng.below(20_000) as i32,
        _ => reference() + rng.below(40) as i32 - 30,
    }
}

fn moment(rng: &mut Rng) -> i64 {
    let of_day = match rng.below(4) {
        0 => 0,
        1 => MS_PER_DAY - 1,
        2 => rng.below(24) as i64 * 3_600_000,
        _ => rng.below(MS_PER_DAY as usize) as i64,
    };
    i64::from(day(rng)) * MS_PER_DAY + of_day
}

// ---------------------------------------------------------------- tables

/// A table of so many customers and one of their orders, with missing values, repeated and unknown ids, odd texts and edge days.
pub fn table(rng: &mut Rng, rows: usize) -> (Table, Table) {
    let ids: Vec<String> = (0..rows).map(|row| format!("c{}", if once_in(rng, 20) { 0 } else { row })).collect();
    let lines = rows * rng.below(4);
    let owner = |rng: &mut Rng| match rng.below(12) {
        0 => "nobody".to_string(),
        // Some have many.
        1..=3 => format!("c{}", rng.below(rows.div_ceil(8).max(1))),
        _ => format!("c{}", rng.below(rows.max(1))),
    };
    let owners: Vec<String> = (0..lines).map(|_| owner(rng)).collect();
    let mut customers = Vec::new();
    for (name, kind) in Shape::default().columns {
        customers.push(match name.as_str() {
            "id" => texts(&name, Role::CustomerId, &ids, &some(rng, rows, 25)),
            _ => column(rng, &name, Role::Other, kind, rows),
        });
    }
    let mut orders = Vec::new();
    for (name, kind) in Shape::default().orders {
        orders.push(match name.as_str() {
            "customer" => texts(&name, Role::CustomerId, &owners, &some(rng, lines, 25)),
            "order no" => {
                let numbers: Vec<String> = (0..lines).map(|_| format!("o{}", rng.below(3))).collect();
                texts(&name, Role::OrderId, &numbers, &some(rng, lines, 6))
            }
            "ordered" => column(rng, &name, Role::Date, kind, lines),
            "amount" | "pieces" => {
                let role = if name == "amount" { Role::Amount } else { Role::Quantity };
                let valid = some(rng, lines, 8);
                let value = |row| if valid.get(row) { quarter(rng) } else { f64::NAN };
                Column::number(&name, role, (0..lines).map(value).collect())
            }
            _ => column(rng, &name, Role::Other, kind, lines),
        });
    }
    (computed(customers, rows, Kind::Customers), computed(orders, lines, Kind::Orders))
}

fn computed(columns: Vec<Column>, rows: usize, kind: Kind) -> Table {
    let mut table = Table::computed(columns, kind);
    table.row_count = rows;
    table
}

/// Rows that have a value: all but one of so many.
fn some(rng: &mut Rng, rows: usize, missing: usize) -> Bitmap {
    Bitmap::from_fn(rows, |_| !once_in(rng, missing))
}

fn texts(name: &str, role: Role, cells: &[String], valid: &Bitmap) -> Column {
    let mut builder = TextsBuilder::default();
    for (row, cell) in cells.iter().enumerate() {
        if valid.get(row) {
            builder.push(cell);
        } else {
            builder.push_missing();
        }
    }
    Column::text(name, role, builder.finish(), valid.clone())
}

fn column(rng: &mut Rng, name: &str, role: Role, kind: ColumnType, rows: usize) -> Column {
    let missing = *pick(rng, &[2, 5, 5, 10, 1_000]);
    let valid = some(rng, rows, missing);
    let at = |row: usize| valid.get(row);
    let any = |data: Data| Column { data, valid: valid.clone(), ..Column::number(name, role, vec![0.0; rows]) };
    match kind {
        ColumnType::Number => {
            Column::number(name, role, (0..rows).map(|row| if at(row) { number(rng) } else { f64::NAN }).collect())
        }
        ColumnType::Date => {
            Column::date(name, role, (0..rows).map(|row| if at(row) { day(rng) } else { Data::NO_DAY }).collect())
        }
        ColumnType::Time => {
            any(Data::Time((0..rows).map(|row| if at(row) { moment(rng) } else { Data::NO_TIME }).collect()))
        }
        ColumnType::Boolean => any(Data::Boolean(Bitmap::from_fn(rows, |row| at(row) && once_in(rng, 2)))),
        ColumnType::Text => {
            let cells: Vec<String> = (0..rows).map(|_| text(rng)).collect();
            texts(name, role, &cells, &valid)
        }
        ColumnType::List => {
            let mut cells = TextsBuilder::default();
            for row in 0..rows {
                let values: Vec<&str> = (0..rng.below(4)).map(|_| *pick(rng, &TEXTS)).collect();
                if at(row) {
                    cells.push(&values.join("|"));
                } else {
                    cells.push_missing();
                }
            }
            if rows > 0 && cells.distinct() == 0 {
                cells.number_of("");
            }
            // An empty cell is a list without values; within a cell an empty value is one.
            let split = |cell: &str, visit: &mut dyn FnMut(&str)| {
                if !cell.is_empty() {
                    cell.split('|').for_each(visit);
                }
            };
            any(Data::List(Lists::new(cells.finish(), &split)))
        }
    }
}

// ---------------------------------------------------------------- definitions

/// The shape's segments, none of which leads back to itself, and its parameters.
pub fn definitions(rng: &mut Rng, shape: &Shape) -> Definitions {
    let mut definitions =
        Definitions { parameters: shape.parameters.iter().cloned().collect(), ..Definitions::default() };
    for (at, name) in shape.segments.iter().enumerate() {
        let before = Shape { segments: shape.segments[..at].to_vec(), depth: shape.depth.min(2), ..shape.clone() };
        definitions.segments.insert(name.clone(), rule(rng, &before));
    }
    definitions
}

// ---------------------------------------------------------------- rules

/// A rule about tables of this shape.
pub fn rule(rng: &mut Rng, shape: &Shape) -> Rule {
    let groups = if shape.depth == 0 { 0 } else { 6 };
    let inner = Shape { depth: shape.depth.saturating_sub(1), ..shape.clone() };
    match rng.below(10 + groups) {
        0 if once_in(rng, 4) => Rule::Everyone,
        1 if !shape.segments.is_empty() => Rule::Segment(reference_to(pick(rng, &shape.segments))),
        2 if !shape.orders.is_empty() => Rule::Sequence(Box::new(sequence(rng, shape))),
        0..=9 => Rule::Condition(condition(rng, shape)),
        10 | 11 => Rule::Not(Box::new(rule(rng, &inner))),
        _ => {
            let combinator = *pick(rng, &[Combinator::And, Combinator::Or]);
            let count = 2 + rng.below(3);
            Rule::Group(combinator, (0..count).map(|_| rule(rng, &inner)).collect())
        }
    }
}

fn reference_to(name: impl AsRef<str>) -> Reference {
    Reference { name: name.as_ref().to_string(), place: Place::default() }
}

fn sequence(rng: &mut Rng, shape: &Shape) -> Sequence {
    let orders = shape.of_orders();
    let filter = |rng: &mut Rng| (!once_in(rng, 3)).then(|| rule(rng, &Shape { depth: 1, ..orders.clone() }));
    let (first, second) = (filter(rng), filter(rng));
    let plain: Vec<&String> =
        shape.orders.iter().filter(|(_, kind)| *kind != ColumnType::List).map(|(name, _)| name).collect();
    Sequence {
        first,
        second,
        absent: once_in(rng, 2),
        amount: 1 + rng.below(40) as u32,
        unit: *pick(rng, &[Unit::Day, Unit::Day, Unit::Week, Unit::Month, Unit::Quarter, Unit::Year]),
        same: once_in(rng, 3).then(|| reference_to(pick(rng, &plain))),
        place: Place::default(),
    }
}

/// One condition.
pub fn condition(rng: &mut Rng, shape: &Shape) -> Condition {
    let subject = subject(rng, shape);
    let kind = kind_of(&subject, shape);
    let test = test(rng, shape, kind);
    let is_text = matches!(kind, ColumnType::Text | ColumnType::List);
    let ignoring_case = is_text && !test.is_always_known() && once_in(rng, 3);
    let missing_as = match rng.below(8) {
        _ if test.is_always_known() => None,
        0 => Some(MissingAs::Answer(once_in(rng, 2))),
        1 | 2 if kind != ColumnType::Boolean => Some(MissingAs::Value(literal(rng, shape, kind))),
        _ => None,
    };
    Condition { subject, test, test_place: Place::default(), ignoring_case, missing_as }
}

/// The type of what was made here.
fn kind_of(operand: &Operand, shape: &Shape) -> ColumnType {
    let column = |columns: &[(String, ColumnType)], name: &str| {
        columns.iter().find(|(known, _)| known == name).expect("a known column").1
    };
    match &operand.value {
        Value::Number(_) | Value::Calculation(..) => ColumnType::Number,
        Value::Text(_) => ColumnType::Text,
        Value::Day(_) => ColumnType::Date,
        Value::Boolean(_) => ColumnType::Boolean,
        Value::Column(name) => column(&shape.columns, name),
        Value::Parameter(name) => {
            let (_, value) = shape.parameters.iter().find(|(known, _)| known == name).expect("a known parameter");
            kind_of(&value.clone().operand(), shape)
        }
        Value::Call(Function::ReferenceDate, _) => ColumnType::Date,
        Value::Call(..) => ColumnType::Number,
        Value::Orders(aggregate) => match (aggregate.measure, &aggregate.of) {
            (Measure::List, _) => ColumnType::List,
            (Measure::Distinct | Measure::Sum | Measure::Average, _) | (_, None) => ColumnType::Number,
            (_, Some(of)) => column(&shape.orders, &of.name),
        },
    }
}

/// Whose value is asked: most often a column's, never a literal or a parameter.
fn subject(rng: &mut Rng, shape: &Shape) -> Operand {
    loop {
        let operand = match rng.below(10) {
            0..=5 => Value::Column(pick(rng, &shape.columns).0.clone()).operand(),
            6 => calculation(rng, shape),
            7 => match call(rng, shape, None) {
                Some(call) => call,
                None => continue,
            },
            _ if shape.orders.is_empty() => continue,
            _ => Value::Orders(Box::new(aggregate(rng, shape, None))).operand(),
        };
        return operand;
    }
}

/// A column of one of these types.
fn column_of(rng: &mut Rng, columns: &[(String, ColumnType)], kinds: &[ColumnType]) -> Option<String> {
    let fitting: Vec<&String> = columns.iter().filter(|(_, kind)| kinds.contains(kind)).map(|(name, _)| name).collect();
    (!fitting.is_empty()).then(|| pick(rng, &fitting).to_string())
}

/// Something to compare with a value of this type: most often a literal.
fn operand(rng: &mut Rng, shape: &Shape, kind: ColumnType) -> Operand {
    let other: &[ColumnType] = match kind {
        ColumnType::Date | ColumnType::Time => &[ColumnType::Date, ColumnType::Time],
        ColumnType::List => &[],
        ref kind => std::slice::from_ref(kind),
    };
    let made = match rng.below(12) {
        0 | 1 => column_of(rng, &shape.columns, other).map(|name| Value::Column(name).operand()),
        2 if kind == ColumnType::Number => Some(calculation(rng, shape)),
        3 if !other.is_empty() => call(rng, shape, Some(kind)),
        4 if !other.is_empty() && !shape.orders.is_empty() => {
            let aggregate = aggregate(rng, shape, Some(kind));
            let operand = Value::Orders(Box::new(aggregate)).operand();
            other.contains(&kind_of(&operand, shape)).then_some(operand)
        }
        _ => None,
    };
    made.unwrap_or_else(|| literal(rng, shape, kind))
}

/// A literal or a parameter beside values of this type.
fn literal(rng: &mut Rng, shape: &Shape, kind: ColumnType) -> Operand {
    let fits = |value: &Value| match kind {
        ColumnType::Number => matches!(value, Value::Number(_)),
        ColumnType::Text | ColumnType::List => matches!(value, Value::Text(_)),
        ColumnType::Date | ColumnType::Time => matches!(value, Value::Day(_)),
        ColumnType::Boolean => matches!(value, Value::Boolean(_)),
    };
    let parameters: Vec<&String> =
        shape.parameters.iter().filter(|(_, value)| fits(value)).map(|(name, _)| name).collect();
    if !parameters.is_empty() && once_in(rng, 12) {
        return Value::Parameter(pick(rng, &parameters).to_string()).operand();
    }
    let value = match kind {
        ColumnType::Number => Value::Number(number(rng)),
        ColumnType::Text | ColumnType::List => Value::Text(text(rng)),
        ColumnType::Date if once_in(rng, 3) => Value::Text(format_day(day(rng))),
        ColumnType::Time if once_in(rng, 2) => Value::Text(marquetry::table::date::format_time(moment(rng))),
        ColumnType::Date | ColumnType::Time => Value::Day(day(rng)),
        ColumnType::Boolean => pick(
            rng,
            &[
                Value::Boolean(true),
                Value::Boolean(false),
                Value::Number(1.0),
                Value::Text("Yes".into()),
                Value::Text("nein".into()),
            ],
        )
        .clone(),
    };
    value.operand()
}

fn calculation(rng: &mut Rng, shape: &Shape) -> Operand {
    let inner = Shape { depth: shape.depth.saturating_sub(1), ..shape.clone() };
    let side = |rng: &mut Rng| match rng.below(8) {
        0 | 1 => literal(rng, shape, ColumnType::Number),
        2 if shape.depth > 0 => calculation(rng, &inner),
        3 if shape.depth > 0 => operand(rng, &inner, ColumnType::Number),
        _ => match column_of(rng, &shape.columns, &[ColumnType::Number]) {
            Some(name) => Value::Column(name).operand(),
            None => literal(rng, shape, ColumnType::Number),
        },
    };
    let sides = [side(rng), side(rng)];
    Value::Calculation(*pick(rng, &Arithmetic::ALL), Box::new(sides)).operand()
}

/// A call that gives this type, or any; nothing where there is no column or function for it.
fn call(rng: &mut Rng, shape: &Shape, kind: Option<ColumnType>) -> Option<Operand> {
    use ColumnType::{Date, List, Number, Text, Time};
    let function = match kind {
        Some(Date | Time) => Function::ReferenceDate,
        None | Some(Number) => *pick(rng, &shape.functions),
        Some(_) => return None,
    };
    let fits = shape.functions.contains(&function) && (kind != Some(Number) || function != Function::ReferenceDate);
    if !fits {
        return None;
    }
    let of = |rng: &mut Rng, kinds: &[ColumnType]| {
        column_of(rng, &shape.columns, kinds).map(|name| Value::Column(name).operand())
    };
    let inner = Shape { depth: 0, ..shape.clone() };
    let operands = match function {
        Function::Length => vec![of(rng, &[Text, List])?],
        Function::Absolute => vec![calculation(rng, &inner)],
        Function::Year | Function::Quarter | Function::Month | Function::Day | Function::Weekday => {
            vec![of(rng, &[Date, Time])?]
        }
        Function::Hour => vec![of(rng, &[Time])?],
        Function::DaysBetween => {
            let from = if once_in(rng, 2) { of(rng, &[Date, Time])? } else { literal(rng, shape, Date) };
            vec![from, of(rng, &[Date, Time])?]
        }
        Function::ReferenceDate => Vec::new(),
        Function::DistanceKm | Function::DistanceMiles => {
            let here = [of(rng, &[Number])?, of(rng, &[Number])?];
            let there = [52.5, 13.25].map(|degrees| Value::Number(degrees).operand());
            here.into_iter().chain(there).collect()
        }
        Function::PercentileRank => {
            let group = once_in(rng, 2).then(|| of(rng, &[Text, Number, Date, ColumnType::Boolean])).flatten();
            std::iter::once(of(rng, &[Number, Date, Time])?).chain(group).collect()
        }
        Function::Random => vec![of(rng, &[Number, Text, Date, Time])?, Value::Text(text(rng)).operand()],
    };
    Some(Value::Call(function, operands).operand())
}

/// What orders come to, of this type where it is given and possible.
fn aggregate(rng: &mut Rng, shape: &Shape, kind: Option<ColumnType>) -> Aggregate {
    use ColumnType::{Boolean, Date, Number, Text, Time};
    let single = [Number, Text, Date, Time, Boolean];
    let measure = match kind {
        None | Some(Number) => match rng.below(16) {
            0..=3 => Measure::Orders,
            4 => Measure::Lines,
            5 => Measure::Days,
            6 => Measure::Distinct,
            7 | 8 => Measure::Sum,
            9 => Measure::Average,
            10 => Measure::Minimum,
            11 => Measure::Maximum,
            12 => Measure::First,
            13 => Measure::Last,
            14 => Measure::Nth(1 + rng.below(3) as u32),
            _ if kind.is_none() => *pick(rng, &[Measure::MostFrequent, Measure::List]),
            _ => Measure::MostFrequent,
        },
        Some(Boolean) => *pick(rng, &[Measure::First, Measure::Last, Measure::MostFrequent]),
        Some(_) => {
            *pick(rng, &[Measure::Minimum, Measure::Maximum, Measure::First, Measure::Last, Measure::MostFrequent])
        }
    };
    let kinds: Vec<ColumnType> = match (measure, kind) {
        (Measure::Sum | Measure::Average, _) => vec![Number],
        (Measure::List, _) => vec![Text, ColumnType::List],
        (Measure::Distinct, _) => single.to_vec(),
        (_, Some(kind)) => vec![kind],
        (Measure::Minimum | Measure::Maximum, None) => vec![Number, Text, Date, Time],
        (_, None) => single.to_vec(),
    };
    let counted = matches!(measure, Measure::Orders | Measure::Lines | Measure::Days);
    let of = if counted { None } else { column_of(rng, &shape.orders, &kinds) };
    // Without a column of the type wanted, orders are counted.
    let measure = if of.is_none() && !counted { Measure::Orders } else { measure };
    let orders = Shape { depth: 1, ..shape.of_orders() };
    let filter = once_in(rng, 2).then(|| rule(rng, &orders));
    let spans = matches!(measure, Measure::Orders | Measure::Lines | Measure::Days | Measure::Sum);
    let window = match rng.below(8) {
        0 | 1 if spans => Some(Window::AnyDays(1 + rng.below(60) as u32)),
        2 => Some(Window::Passing(within(rng, false, Date))),
        3 => Some(Window::Passing(period(rng, false))),
        4 => Some(Window::Passing(between(rng, &orders, false, Date))),
        5 => Some(Window::Passing(compared(rng, &orders, Date))),
        _ => None,
    };
    Aggregate { measure, of: of.map(|name| reference_to(&name)), filter, window }
}

// ---------------------------------------------------------------- tests

fn test(rng: &mut Rng, shape: &Shape, kind: ColumnType) -> Test {
    let negated = once_in(rng, 3);
    let is_calendar = matches!(kind, ColumnType::Date | ColumnType::Time);
    let is_text = matches!(kind, ColumnType::Text | ColumnType::List);
    loop {
        let test = match rng.below(14) {
            0..=3 => compared(rng, shape, kind),
            4 if !matches!(kind, ColumnType::Boolean | ColumnType::List) => between(rng, shape, negated, kind),
            5 => {
                let count = 1 + rng.below(4);
                Test::In { negated, options: (0..count).map(|_| operand(rng, shape, kind)).collect() }
            }
            6 if is_text => {
                let part = *pick(rng, &[Part::Anywhere, Part::Start, Part::End]);
                Test::Has { negated, part, what: operand(rng, shape, kind) }
            }
            7 if is_text => {
                let (kind, patterns): (_, &[&str]) = if once_in(rng, 2) {
                    (PatternKind::Like, &["%", "_", "a%", "%er%", "_e%", "%\\%", "", "B%n", "m_ller", "it's", "%\n%"])
                } else {
                    (PatternKind::Matches, &["", "^a", "e", "r$", "[A-Z]", "b.r", "^$", "\\d+", "ü|🙂", "a|t"])
                };
                Test::Pattern { negated, kind, pattern: Value::Text(pick(rng, patterns).to_string()).operand() }
            }
            8 => Test::Missing { negated },
            9 if is_text => Test::Blank { negated },
            10 if kind == ColumnType::List => {
                let how = *pick(rng, &[Holding::Any, Holding::All, Holding::Exactly]);
                let count = 1 + rng.below(3);
                Test::Holds { negated, how, options: (0..count).map(|_| literal(rng, shape, kind)).collect() }
            }
            11 if is_calendar => within(rng, negated, kind),
            12 if is_calendar && once_in(rng, 2) => {
                let direction = *pick(rng, &[Direction::Last, Direction::Next]);
                Test::Anniversary { negated, direction, days: *pick(rng, &[1, 7, 30, 31, 365, 366]) }
            }
            12 if is_calendar => period(rng, negated),
            13 if is_calendar || kind == ColumnType::Number => Test::Top(top(rng, shape, negated)),
            _ => continue,
        };
        return test;
    }
}

fn compared(rng: &mut Rng, shape: &Shape, kind: ColumnType) -> Test {
    let comparison = match kind {
        ColumnType::Boolean | ColumnType::List => *pick(rng, &[Comparison::Equal, Comparison::NotEqual]),
        _ => *pick(rng, &COMPARISONS),
    };
    Test::Compare(comparison, operand(rng, shape, kind))
}

fn between(rng: &mut Rng, shape: &Shape, negated: bool, kind: ColumnType) -> Test {
    let (low, high) = (operand(rng, shape, kind), operand(rng, shape, kind));
    Test::Between { negated, low, high, exclusive: once_in(rng, 3) }
}

fn within(rng: &mut Rng, negated: bool, kind: ColumnType) -> Test {
    let unit = *pick(rng, if kind == ColumnType::Time { &Unit::ALL } else { &Unit::ALL[1..] });
    let amount = *pick(rng, &[1, 2, 3, 7, 12, 30, 90, 100_000]);
    Test::Within { negated, direction: *pick(rng, &[Direction::Last, Direction::Next]), amount, unit }
}

fn period(rng: &mut Rng, negated: bool) -> Test {
    let unit = *pick(rng, &Unit::ALL[1..]);
    let may_be_fiscal = matches!(unit, Unit::Quarter | Unit::Year);
    let fiscal_from = (may_be_fiscal && once_in(rng, 2)).then(|| 1 + rng.below(12) as u8);
    Test::Period { negated, which: *pick(rng, &Which::ALL), unit, fiscal_from }
}

fn top(rng: &mut Rng, shape: &Shape, negated: bool) -> Top {
    let percent = once_in(rng, 2);
    let plain: Vec<&String> =
        shape.columns.iter().filter(|(_, kind)| *kind != ColumnType::List).map(|(name, _)| name).collect();
    let some = |rng: &mut Rng| once_in(rng, 3).then(|| reference_to(pick(rng, &plain)));
    Top {
        negated,
        end: *pick(rng, &[End::Top, End::Bottom]),
        amount: *pick(rng, if percent { &[10.0, 0.5, 33.25, 100.0] } else { &[1.0, 3.0, 10.0, 1_000.0] }),
        percent,
        per: some(rng),
        ties_by: some(rng),
    }
}
