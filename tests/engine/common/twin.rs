//! A naive twin of the evaluator: one row after another, one value after another, straight from docs/LANGUAGE.md.

use marquetry::segment::rules::definitions::Definitions;
use marquetry::segment::rules::tree::{
    Aggregate, Arithmetic, Combinator, Comparison, Condition, Direction, End, Function, Holding, Measure, MissingAs,
    Operand, Part, PatternKind, Rule, Sequence, Test, Top, Unit, Value, Which, Window,
};
use marquetry::table::column::{Column, ColumnType, Data};
use marquetry::table::date::{MS_PER_DAY, days_in_month, format_day, format_time, from_civil, parse_iso_day, to_civil};
use marquetry::table::table::Table;
use sha2::{Digest, Sha256};
use std::cmp::Ordering;
use std::collections::BTreeSet;

/// What a row has somewhere.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    Missing,
    Number(f64),
    Text(String),
    Day(i32),
    Moment(i64),
    Boolean(bool),
    List(Vec<String>),
}

/// Everything that a rule's answer depends on.
#[derive(Clone, Copy)]
pub struct Twin<'a> {
    pub table: &'a Table,
    /// The order table, its column with customers' ids, that with order ids, and that with the day.
    pub orders: Option<(&'a Table, &'a str, &'a str, &'a str)>,
    /// The table's column with ids.
    pub key: &'a str,
    pub definitions: &'a Definitions,
    pub reference: i32,
}

pub fn cell(column: &Column, row: usize) -> Cell {
    if !column.valid.get(row) {
        return Cell::Missing;
    }
    match &column.data {
        Data::Number(values) => Cell::Number(values[row]),
        Data::Text(texts) => Cell::Text(texts.get(row).to_string()),
        Data::Date(days) => Cell::Day(days[row]),
        Data::Time(times) => Cell::Moment(times[row]),
        Data::Boolean(truths) => Cell::Boolean(truths.get(row)),
        Data::List(lists) => Cell::List(lists.get(row).map(String::from).collect()),
        Data::Unloaded(_) => panic!("not in memory"),
    }
}

fn day_of(moment: i64) -> i32 {
    moment.div_euclid(MS_PER_DAY) as i32
}

/// How two values of comparable types are ordered; nothing where one is missing. A moment meets a day by its own day.
fn order(left: &Cell, right: &Cell) -> Option<Ordering> {
    Some(match (left, right) {
        (Cell::Missing, _) | (_, Cell::Missing) => return None,
        (Cell::Number(a), Cell::Number(b)) => a.partial_cmp(b).expect("numbers"),
        (Cell::Text(a), Cell::Text(b)) => a.as_bytes().cmp(b.as_bytes()),
        (Cell::Day(a), Cell::Day(b)) => a.cmp(b),
        (Cell::Moment(a), Cell::Moment(b)) => a.cmp(b),
        (Cell::Moment(a), Cell::Day(b)) => day_of(*a).cmp(b),
        (Cell::Day(a), Cell::Moment(b)) => a.cmp(&day_of(*b)),
        (Cell::Boolean(a), Cell::Boolean(b)) => a.cmp(b),
        (Cell::List(a), Cell::List(b)) => a.cmp(b),
        _ => panic!("{left:?} beside {right:?}"),
    })
}

fn and(left: Option<bool>, right: Option<bool>) -> Option<bool> {
    match (left, right) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

fn or(left: Option<bool>, right: Option<bool>) -> Option<bool> {
    and(left.map(|left| !left), right.map(|right| !right)).map(|neither| !neither)
}

fn any(answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    answers.fold(Some(false), or)
}

fn small(text: &str, ignoring_case: bool) -> String {
    if ignoring_case { text.chars().flat_map(char::to_lowercase).collect() } else { text.to_string() }
}

/// A day some calendar months away, at the month's last day where it is shorter.
fn months_away(day: i32, months: i32) -> i32 {
    let (year, month, of_month) = to_civil(day);
    let since_zero = year * 12 + month as i32 - 1 + months;
    let (year, month) = (since_zero.div_euclid(12), since_zero.rem_euclid(12) as u32 + 1);
    let farthest = if months < 0 { i32::MIN } else { i32::MAX };
    from_civil(year, month, of_month.min(days_in_month(year, month))).unwrap_or(farthest)
}

fn away(day: i32, amount: i32, unit: Unit) -> i32 {
    match unit {
        Unit::Hour => panic!("hours are of moments"),
        Unit::Day => day + amount,
        Unit::Week => day + 7 * amount,
        Unit::Month => months_away(day, amount),
        Unit::Quarter => months_away(day, 3 * amount),
        Unit::Year => months_away(day, 12 * amount),
    }
}

/// Monday is 1. 1970-01-01 was a Thursday.
fn weekday(day: i32) -> i32 {
    (day + 3).rem_euclid(7) + 1
}

impl Twin<'_> {
    /// True, false or unknown.
    pub fn rule(&self, rule: &Rule, row: usize) -> Option<bool> {
        match rule {
            Rule::Everyone => Some(true),
            Rule::Not(inner) => self.rule(inner, row).map(|answer| !answer),
            Rule::Group(Combinator::And, rules) => rules.iter().map(|rule| self.rule(rule, row)).fold(Some(true), and),
            Rule::Group(Combinator::Or, rules) => any(rules.iter().map(|rule| self.rule(rule, row))),
            Rule::Condition(condition) => self.condition(condition, row),
            Rule::Segment(segment) => self.rule(&self.definitions.segments[&segment.name], row),
            Rule::Sequence(sequence) => Some(self.sequence(sequence, row)),
        }
    }

    fn kind(&self, value: &Value) -> ColumnType {
        match self.resolved(value) {
            Value::Number(_) | Value::Calculation(..) => ColumnType::Number,
            Value::Text(_) => ColumnType::Text,
            Value::Day(_) | Value::Call(Function::ReferenceDate, _) => ColumnType::Date,
            Value::Boolean(_) => ColumnType::Boolean,
            Value::Column(name) => self.table.column(name).expect("a column").kind(),
            Value::Call(..) => ColumnType::Number,
            Value::Orders(aggregate) => match (aggregate.measure, &aggregate.of) {
                (Measure::List, _) => ColumnType::List,
                (Measure::Distinct | Measure::Sum | Measure::Average, _) | (_, None) => ColumnType::Number,
                (_, Some(of)) => self.orders.expect("orders").0.column(&of.name).expect("a column").kind(),
            },
            Value::Parameter(name) => panic!("parameter {name}"),
        }
    }

    fn resolved<'v>(&'v self, value: &'v Value) -> &'v Value {
        if let Value::Parameter(name) = value { &self.definitions.parameters[name] } else { value }
    }

    /// A literal as it is meant beside values of a type; nothing where it is none.
    fn literal(&self, value: &Value, beside: ColumnType) -> Option<Cell> {
        Some(match (self.resolved(value), beside) {
            (Value::Number(number), ColumnType::Boolean) => Cell::Boolean(*number == 1.0),
            (Value::Number(number), _) => Cell::Number(*number),
            (Value::Boolean(truth), _) => Cell::Boolean(*truth),
            (Value::Day(day), _) => Cell::Day(*day),
            (Value::Text(text), ColumnType::Boolean) => {
                Cell::Boolean(["yes", "ja"].contains(&text.to_lowercase().as_str()))
            }
            (Value::Text(text), ColumnType::Date | ColumnType::Time) => match text.split_once('T') {
                None => Cell::Day(parse_iso_day(text).expect("a day")),
                Some((day, clock)) => {
                    let clock = clock.trim_end_matches('Z');
                    let (clock, milliseconds) = clock.split_once('.').unwrap_or((clock, "0"));
                    let parts: Vec<i64> = clock.split(':').map(|part| part.parse().expect("a number")).collect();
                    let seconds = (parts[0] * 60 + parts[1]) * 60 + parts[2];
                    let milliseconds: i64 = milliseconds.parse().expect("milliseconds");
                    let day = parse_iso_day(day).expect("a day");
                    Cell::Moment(i64::from(day) * MS_PER_DAY + seconds * 1_000 + milliseconds)
                }
            },
            (Value::Text(text), _) => Cell::Text(text.clone()),
            _ => return None,
        })
    }

    /// What stands in, where something of this type is missing.
    fn filled(&self, found: Cell, kind: ColumnType, stand_in: Option<&Cell>) -> Cell {
        match (found, kind, stand_in) {
            (Cell::Missing, ColumnType::Number, Some(Cell::Number(number))) => Cell::Number(*number),
            (Cell::Missing, ColumnType::Text, Some(Cell::Text(text))) => Cell::Text(text.clone()),
            (Cell::Missing, ColumnType::List, Some(Cell::Text(text))) => Cell::List(vec![text.clone()]),
            (Cell::Missing, ColumnType::Date, Some(Cell::Day(day))) => Cell::Day(*day),
            (Cell::Missing, ColumnType::Date, Some(Cell::Moment(moment))) => Cell::Day(day_of(*moment)),
            (Cell::Missing, ColumnType::Time, Some(Cell::Day(day))) => Cell::Moment(i64::from(*day) * MS_PER_DAY),
            (Cell::Missing, ColumnType::Time, Some(Cell::Moment(moment))) => Cell::Moment(*moment),
            (found, ..) => found,
        }
    }

    fn value(&self, value: &Value, row: usize, stand_in: Option<&Cell>) -> Cell {
        let kind = self.kind(value);
        let found = match self.resolved(value) {
            Value::Column(name) => cell(self.table.column(name).expect("a column"), row),
            Value::Calculation(arithmetic, sides) => {
                let [left, right] = [0, 1].map(|side| self.value(&sides[side].value, row, stand_in));
                match (left, right) {
                    (Cell::Number(left), Cell::Number(right)) => finite(match arithmetic {
                        Arithmetic::Add => left + right,
                        Arithmetic::Subtract => left - right,
                        Arithmetic::Multiply => left * right,
                        Arithmetic::Divide => left / right,
                    }),
                    _ => Cell::Missing,
                }
            }
            Value::Call(function, operands) => self.call(*function, operands, row, stand_in),
            Value::Orders(aggregate) => self.aggregate(aggregate, row),
            literal => self.literal(literal, kind).expect("a literal"),
        };
        self.filled(found, kind, stand_in)
    }

    fn call(&self, function: Function, operands: &[Operand], row: usize, stand_in: Option<&Cell>) -> Cell {
        let takes_days = !matches!(function, Function::Length | Function::Random);
        // Both look at a column as it is.
        let stand_in = stand_in.filter(|_| !matches!(function, Function::PercentileRank | Function::Random));
        let given: Vec<Cell> = operands
            .iter()
            .map(|operand| match (&operand.value, takes_days) {
                (Value::Text(_), true) => self.literal(&operand.value, ColumnType::Date).expect("a day"),
                (value, _) => self.value(value, row, stand_in),
            })
            .collect();
        let days: Vec<Option<i32>> = given
            .iter()
            .map(|cell| match cell {
                Cell::Day(day) => Some(*day),
                Cell::Moment(moment) => Some(day_of(*moment)),
                _ => None,
            })
            .collect();
        let of_day = |part: &dyn Fn(i32, (i32, u32, u32)) -> i32| match days[0] {
            Some(day) => Cell::Number(f64::from(part(day, to_civil(day)))),
            None => Cell::Missing,
        };
        match function {
            Function::Length => match &given[0] {
                Cell::Text(text) => Cell::Number(text.chars().count() as f64),
                Cell::List(list) => Cell::Number(list.len() as f64),
                _ => Cell::Missing,
            },
            Function::Absolute => match given[0] {
                Cell::Number(number) => Cell::Number(number.abs()),
                _ => Cell::Missing,
            },
            Function::Year => of_day(&|_, (year, ..)| year),
            Function::Quarter => of_day(&|_, (_, month, _)| (month as i32 - 1) / 3 + 1),
            Function::Month => of_day(&|_, (_, month, _)| month as i32),
            Function::Day => of_day(&|_, (.., day)| day as i32),
            Function::Weekday => of_day(&|day, _| weekday(day)),
            Function::Hour => match given[0] {
                Cell::Moment(moment) => Cell::Number((moment.rem_euclid(MS_PER_DAY) / 3_600_000) as f64),
                _ => Cell::Missing,
            },
            Function::DaysBetween => match (days[0], days[1]) {
                (Some(from), Some(to)) => Cell::Number(f64::from(to) - f64::from(from)),
                _ => Cell::Missing,
            },
            Function::ReferenceDate => Cell::Day(self.reference),
            Function::DistanceKm | Function::DistanceMiles => {
                let degrees: Vec<f64> = given
                    .iter()
                    .filter_map(|cell| if let Cell::Number(number) = cell { Some(*number) } else { None })
                    .collect();
                let [from, along, to, over] = degrees[..] else { return Cell::Missing };
                if from.abs() > 90.0 || to.abs() > 90.0 || along.abs() > 180.0 || over.abs() > 180.0 {
                    return Cell::Missing;
                }
                let [from, along, to, over] = [from, along, to, over].map(f64::to_radians);
                let square = |angle: f64| libm::sin(angle / 2.0) * libm::sin(angle / 2.0);
                let haversine = square(to - from) + libm::cos(from) * libm::cos(to) * square(over - along);
                let km = 2.0 * 6371.0088 * libm::asin(libm::sqrt(haversine.min(1.0)));
                Cell::Number(if function == Function::DistanceKm { km } else { km / 1.609344 })
            }
            Function::PercentileRank => {
                let group = |row: usize| operands.get(1).map(|operand| self.value(&operand.value, row, None));
                let mine = given[0].clone();
                let others: Vec<Cell> = (0..self.table.row_count)
                    .filter(|&other| group(other) == group(row))
                    .map(|other| self.value(&operands[0].value, other, stand_in))
                    .filter(|value| *value != Cell::Missing)
                    .collect();
                if mine == Cell::Missing {
                    return Cell::Missing;
                }
                let smaller = others.iter().filter(|other| order(other, &mine) == Some(Ordering::Less)).count();
                Cell::Number(if others.len() == 1 { 0.0 } else { 100.0 * smaller as f64 / (others.len() - 1) as f64 })
            }
            Function::Random => {
                let text = match &given[0] {
                    Cell::Missing => return Cell::Missing,
                    Cell::Number(number) => (number + 0.0).to_string(),
                    Cell::Day(day) => format_day(*day),
                    Cell::Moment(moment) => format_time(*moment),
                    Cell::Text(text) => text.clone(),
                    other => panic!("{other:?}"),
                };
                let Value::Text(seed) = &operands[1].value else { panic!("a seed") };
                let hash = Sha256::digest(format!("{seed}\n{text}"));
                let digits: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
                let number = u64::from_str_radix(&digits[..13], 16).expect("hexadecimal digits");
                Cell::Number(number as f64 / 2f64.powi(52) * 100.0)
            }
        }
    }

    // ------------------------------------------------------------ conditions

    fn condition(&self, condition: &Condition, row: usize) -> Option<bool> {
        let kind = self.kind(&condition.subject.value);
        let stand_in = match &condition.missing_as {
            Some(MissingAs::Value(operand)) => self.literal(&operand.value, kind),
            _ => None,
        };
        let subject = self.value(&condition.subject.value, row, stand_in.as_ref());
        let with = |operand: &Operand| match self.literal(&operand.value, kind) {
            Some(literal) => literal,
            None => self.value(&operand.value, row, stand_in.as_ref()),
        };
        let small = |text: &str| small(text, condition.ignoring_case);
        let compare = |comparison: Comparison, operand: &Operand| -> Option<bool> {
            let other = with(operand);
            let ordering = match (&subject, &other) {
                (Cell::Missing, _) | (_, Cell::Missing) => return None,
                (Cell::List(entries), Cell::Text(text)) => {
                    let has = entries.iter().any(|entry| small(entry) == small(text));
                    return Some(has == (comparison == Comparison::Equal));
                }
                (Cell::Text(left), Cell::Text(right)) => small(left).as_bytes().cmp(small(right).as_bytes()),
                (left, right) => order(left, right)?,
            };
            Some(match comparison {
                Comparison::Equal => ordering.is_eq(),
                Comparison::NotEqual => ordering.is_ne(),
                Comparison::Less => ordering.is_lt(),
                Comparison::AtMost => ordering.is_le(),
                Comparison::Greater => ordering.is_gt(),
                Comparison::AtLeast => ordering.is_ge(),
            })
        };
        // Whether a text, or one entry of a list, passes.
        let texts = |passes: &dyn Fn(&str) -> bool| match &subject {
            Cell::Text(text) => Some(passes(text)),
            Cell::List(entries) => Some(entries.iter().any(|entry| passes(entry))),
            _ => None,
        };
        let answer = match &condition.test {
            Test::Compare(comparison, operand) => compare(*comparison, operand),
            Test::Between { low, high, exclusive, .. } => {
                let [least, most] = if *exclusive {
                    [Comparison::Greater, Comparison::Less]
                } else {
                    [Comparison::AtLeast, Comparison::AtMost]
                };
                and(compare(least, low), compare(most, high))
            }
            Test::In { options, .. } => any(options.iter().map(|option| compare(Comparison::Equal, option))),
            Test::Has { part, what, .. } => match with(what) {
                Cell::Text(what) => {
                    let what = small(&what);
                    let is_list = matches!(subject, Cell::List(_));
                    texts(&|text| match part {
                        Part::Anywhere if is_list => small(text) == what,
                        Part::Anywhere => small(text).contains(&what),
                        Part::Start => small(text).starts_with(&what),
                        Part::End => small(text).ends_with(&what),
                    })
                }
                _ => None,
            },
            Test::Pattern { kind, pattern, .. } => {
                let Value::Text(pattern) = self.resolved(&pattern.value) else { panic!("a pattern") };
                match kind {
                    PatternKind::Like => texts(&|text| {
                        let letters = |text: &str| small(text).chars().collect::<Vec<char>>();
                        like(&letters(pattern), &letters(text))
                    }),
                    PatternKind::Matches => {
                        let case = if condition.ignoring_case { "(?i)" } else { "" };
                        let regex = regex_lite::Regex::new(&format!("{case}{pattern}")).expect("a pattern");
                        texts(&|text| regex.is_match(&small(text)))
                    }
                }
            }
            Test::Missing { .. } => Some(subject == Cell::Missing),
            Test::Blank { .. } => Some(match &subject {
                Cell::Text(text) => text.trim().is_empty(),
                Cell::List(entries) => entries.is_empty(),
                _ => true,
            }),
            Test::Holds { how, options, .. } => match &subject {
                Cell::List(entries) => {
                    let has: BTreeSet<String> = entries.iter().map(|entry| small(entry)).collect();
                    let wanted: BTreeSet<String> = options
                        .iter()
                        .map(|option| if let Cell::Text(text) = with(option) { small(&text) } else { panic!("a text") })
                        .collect();
                    Some(match how {
                        Holding::Any => has.intersection(&wanted).count() > 0,
                        Holding::All => wanted.is_subset(&has),
                        Holding::Exactly => wanted == has,
                    })
                }
                _ => None,
            },
            Test::Within { direction, amount, unit, .. } => self.within(&subject, *direction, *amount, *unit),
            Test::Period { which, unit, fiscal_from, .. } => self.period(&subject, *which, *unit, *fiscal_from),
            Test::Anniversary { direction, days, .. } => self.anniversary(&subject, *direction, *days),
            Test::Top(top) => self.top(top, &condition.subject.value, row, stand_in.as_ref()),
        };
        let answer = answer.map(|answer| answer != condition.test.is_negated());
        match condition.missing_as {
            Some(MissingAs::Answer(instead)) => answer.or(Some(instead)),
            _ => answer,
        }
    }

    fn within(&self, subject: &Cell, direction: Direction, amount: u32, unit: Unit) -> Option<bool> {
        if unit == Unit::Hour {
            let Cell::Moment(moment) = subject else { return None };
            let end = i64::from(self.reference + 1) * MS_PER_DAY;
            let span = i64::from(amount) * 3_600_000;
            return Some(match direction {
                Direction::Last => (end - span..end).contains(moment),
                Direction::Next => (end..end + span).contains(moment),
            });
        }
        let day = on_day(subject)?;
        Some(match direction {
            Direction::Last => away(self.reference, -(amount as i32), unit) < day && day <= self.reference,
            Direction::Next => self.reference <= day && day < away(self.reference, amount as i32, unit),
        })
    }

    fn period(&self, subject: &Cell, which: Which, unit: Unit, fiscal_from: Option<u8>) -> Option<bool> {
        let day = on_day(subject)?;
        let (_, month, of_month) = to_civil(self.reference);
        let first_of_month = self.reference - of_month as i32 + 1;
        let since_new_year = (month as i32 - i32::from(fiscal_from.unwrap_or(1))).rem_euclid(12);
        let this = match unit {
            Unit::Hour => panic!("no period of hours"),
            Unit::Day => self.reference,
            Unit::Week => self.reference - weekday(self.reference) + 1,
            Unit::Month => first_of_month,
            Unit::Quarter => months_away(first_of_month, -(since_new_year % 3)),
            Unit::Year => months_away(first_of_month, -since_new_year),
        };
        let start = match which {
            Which::Previous => away(this, -1, unit),
            Which::This => this,
            Which::Next => away(this, 1, unit),
        };
        Some((start..away(start, 1, unit)).contains(&day))
    }

    fn anniversary(&self, subject: &Cell, direction: Direction, days: u32) -> Option<bool> {
        let (year, month, day) = to_civil(on_day(subject)?);
        let (now, ..) = to_civil(self.reference);
        let span = match direction {
            Direction::Last => self.reference - days as i32 + 1..self.reference + 1,
            Direction::Next => self.reference..self.reference + days as i32,
        };
        Some((now - 2..now + 3).filter(|&return_year| return_year > year).any(|return_year| {
            let day = day.min(days_in_month(return_year, month));
            span.contains(&from_civil(return_year, month, day).expect("a day"))
        }))
    }

    fn top(&self, top: &Top, subject: &Value, row: usize, stand_in: Option<&Cell>) -> Option<bool> {
        let of = |name: &str, row: usize| cell(self.table.column(name).expect("a column"), row);
        let group = |row: usize| top.per.as_ref().map(|per| of(&per.name, row));
        let value = |row: usize| self.value(subject, row, stand_in);
        let mine = value(row);
        if mine == Cell::Missing {
            return None;
        }
        let rivals: Vec<usize> = (0..self.table.row_count)
            .filter(|&other| group(other) == group(row) && value(other) != Cell::Missing)
            .collect();
        let amount = if top.percent {
            (top.amount * rivals.len() as f64 / 100.0 * 0.999_999_999_999).ceil()
        } else {
            top.amount
        };
        let before = |other: usize| {
            let by_value = order(&value(other), &mine).expect("two values");
            let by_value = if top.end == End::Top { by_value.reverse() } else { by_value };
            let by_tie = match &top.ties_by {
                None => Ordering::Equal,
                Some(ties) => match (of(&ties.name, other), of(&ties.name, row)) {
                    (Cell::Missing, Cell::Missing) => other.cmp(&row),
                    (Cell::Missing, _) => Ordering::Greater,
                    (_, Cell::Missing) => Ordering::Less,
                    (theirs, mine) => order(&theirs, &mine).expect("two values").then(other.cmp(&row)),
                },
            };
            by_value.then(by_tie).is_lt()
        };
        Some((rivals.iter().filter(|&&other| before(other)).count() as f64) < amount)
    }

    // ------------------------------------------------------------ orders

    fn of_orders(&self) -> Twin<'_> {
        Twin { table: self.orders.expect("orders").0, orders: None, ..*self }
    }

    /// The customer's lines for which a rule is true.
    fn lines(&self, row: usize, filter: Option<&Rule>) -> Vec<usize> {
        let (lines, key, ..) = self.orders.expect("orders");
        let mine = cell(self.table.column(self.key).expect("the key"), row);
        let theirs = lines.column(key).expect("the key");
        let own = (0..lines.row_count).filter(|&line| mine != Cell::Missing && cell(theirs, line) == mine);
        own.filter(|&line| filter.is_none_or(|filter| self.of_orders().rule(filter, line) == Some(true))).collect()
    }

    fn day(&self, line: usize) -> Option<i32> {
        let (lines, .., date) = self.orders.expect("orders");
        on_day(&cell(lines.column(date).expect("the date"), line))
    }

    fn aggregate(&self, aggregate: &Aggregate, row: usize) -> Cell {
        let (table, _, order_id, date) = self.orders.expect("orders");
        let measured = aggregate.of.as_ref().map(|of| table.column(&of.name).expect("a column"));
        let value = |line: usize| measured.map_or(Cell::Missing, |column| cell(column, line));
        let mut lines = self.lines(row, aggregate.filter.as_ref());
        lines.retain(|&line| measured.is_none() || value(line) != Cell::Missing);
        if let Some(Window::Passing(test)) = &aggregate.window {
            let on = Value::Column(date.to_string()).operand();
            let (ignoring_case, missing_as) = (false, None);
            let passes = Condition { test_place: on.place, subject: on, test: test.clone(), ignoring_case, missing_as };
            lines.retain(|&line| self.of_orders().condition(&passes, line) == Some(true));
        }
        if let Some(Window::AnyDays(days)) = aggregate.window {
            lines.retain(|&line| self.day(line).is_some());
            let totals = lines.iter().map(|&first| {
                let start = self.day(first).expect("a day");
                let span = start..start + days as i32;
                let inside: Vec<usize> =
                    lines.iter().copied().filter(|&line| span.contains(&self.day(line).expect("a day"))).collect();
                match self.measure(aggregate.measure, &inside, order_id, &value) {
                    Cell::Number(number) => number,
                    other => panic!("{other:?}"),
                }
            });
            return Cell::Number(totals.reduce(f64::max).unwrap_or(0.0));
        }
        self.measure(aggregate.measure, &lines, order_id, &value)
    }

    fn measure(&self, measure: Measure, lines: &[usize], order_id: &str, value: &dyn Fn(usize) -> Cell) -> Cell {
        let table = self.orders.expect("orders").0;
        let numbers = || {
            lines.iter().map(|&line| if let Cell::Number(number) = value(line) { number } else { panic!("a number") })
        };
        let count = |count: usize| Cell::Number(count as f64);
        let sorted = |mut cells: Vec<Cell>| {
            cells.sort_by(|a, b| order(a, b).expect("values"));
            cells
        };
        let of_lines = || sorted(lines.iter().map(|&line| value(line)).collect());
        let by_day = || {
            let mut found: Vec<(i32, Cell)> =
                lines.iter().filter_map(|&line| Some((self.day(line)?, value(line)))).collect();
            found.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| order(&a.1, &b.1).expect("values")));
            found.into_iter().map(|(_, value)| value).collect::<Vec<Cell>>()
        };
        let or_missing = |cell: Option<&Cell>| cell.cloned().unwrap_or(Cell::Missing);
        match measure {
            Measure::Lines => count(lines.len()),
            Measure::Orders => {
                let id = |line: &usize| cell(table.column(order_id).expect("order ids"), *line);
                let named: BTreeSet<String> = lines
                    .iter()
                    .filter_map(|line| if let Cell::Text(id) = id(line) { Some(id) } else { None })
                    .collect();
                count(named.len() + lines.iter().filter(|line| id(line) == Cell::Missing).count())
            }
            Measure::Days => count(lines.iter().filter_map(|&line| self.day(line)).collect::<BTreeSet<i32>>().len()),
            Measure::Distinct => {
                let mut values = of_lines();
                values.dedup();
                count(values.len())
            }
            Measure::Sum => finite(numbers().sum::<f64>() + 0.0),
            Measure::Average => finite(numbers().sum::<f64>() / lines.len() as f64),
            Measure::Minimum => or_missing(of_lines().first()),
            Measure::Maximum => or_missing(of_lines().last()),
            Measure::First => or_missing(by_day().first()),
            Measure::Last => or_missing(by_day().last()),
            Measure::Nth(n) => or_missing(by_day().get(n as usize - 1)),
            Measure::MostFrequent => {
                let values = of_lines();
                let times = |cell: &Cell| values.iter().filter(|other| *other == cell).count();
                // The first of the most frequent ones is the smallest.
                let most = values.iter().map(times).max().unwrap_or(0);
                or_missing(values.iter().find(|cell| times(cell) == most))
            }
            Measure::List => {
                let mut texts = BTreeSet::new();
                for &line in lines {
                    match value(line) {
                        Cell::Text(text) => texts.extend([text]),
                        Cell::List(entries) => texts.extend(entries),
                        other => panic!("{other:?}"),
                    }
                }
                if texts.is_empty() { Cell::Missing } else { Cell::List(texts.into_iter().collect()) }
            }
        }
    }

    fn sequence(&self, sequence: &Sequence, row: usize) -> bool {
        let table = self.orders.expect("orders").0;
        let same = |first: usize, second: usize| match &sequence.same {
            None => true,
            Some(same) => {
                let of = |line| cell(table.column(&same.name).expect("a column"), line);
                of(first) != Cell::Missing && of(first) == of(second)
            }
        };
        let seconds = self.lines(row, sequence.second.as_ref());
        self.lines(row, sequence.first.as_ref()).into_iter().any(|first| {
            let Some(day) = self.day(first) else { return false };
            let end = away(day, sequence.amount as i32, sequence.unit);
            let followed = seconds.iter().any(|&second| {
                same(first, second) && self.day(second).is_some_and(|other| day < other && other <= end)
            });
            if sequence.absent { !followed && end <= self.reference } else { followed }
        })
    }
}

fn finite(number: f64) -> Cell {
    if number.is_finite() { Cell::Number(number) } else { Cell::Missing }
}

fn on_day(cell: &Cell) -> Option<i32> {
    match cell {
        Cell::Day(day) => Some(*day),
        Cell::Moment(moment) => Some(day_of(*moment)),
        _ => None,
    }
}

/// SQL's `like`, letter by letter.
fn like(pattern: &[char], text: &[char]) -> bool {
    match pattern {
        [] => text.is_empty(),
        ['%', rest @ ..] => (0..=text.len()).any(|from| like(rest, &text[from..])),
        ['_', rest @ ..] => !text.is_empty() && like(rest, &text[1..]),
        ['\\', letter, rest @ ..] => text.first() == Some(letter) && like(rest, &text[1..]),
        [letter, rest @ ..] => text.first() == Some(letter) && like(rest, &text[1..]),
    }
}
