//! How is a rule written? Tree → canonical text: one spelling for each tree, which reads back as the same tree.

use crate::segment::rules::token::{asks, is_bare};
use crate::segment::rules::tree::{
    Aggregate, Arithmetic, Combinator, Condition, Holding, Measure, MissingAs, Operand, Part, PatternKind, Rule, Test,
    Unit, Value, Window,
};
use crate::segment::rules::vocabulary::{MEASURES, MONTHS};
use crate::table::date::format_day;

/// The rule's canonical text: words in small letters, one blank between them, brackets around every group within a group.
///
/// Reading it again gives the same tree, as long as groups have two or more rules and numbers are finite, which is so for
/// every tree that came from text or JSON.
pub fn format(rule: &Rule) -> String {
    let mut text = String::new();
    write_rule(&mut text, rule, false);
    text
}

fn write_rule(text: &mut String, rule: &Rule, inside: bool) {
    match rule {
        Rule::Everyone => text.push_str("everyone"),
        Rule::Not(inner) => {
            text.push_str("not ");
            write_rule(text, inner, true);
        }
        Rule::Group(combinator, rules) => {
            if inside {
                text.push('(');
            }
            for (index, rule) in rules.iter().enumerate() {
                if index > 0 {
                    text.push_str(match combinator {
                        Combinator::And => " and ",
                        Combinator::Or => " or ",
                    });
                }
                write_rule(text, rule, true);
            }
            if inside {
                text.push(')');
            }
        }
        Rule::Condition(condition) => text.push_str(&format_condition(condition)),
        Rule::Segment(segment) => text.push_str(&format!("in segment {}", quoted(&segment.name))),
        Rule::Sequence(sequence) => {
            let orders = |filter: &Option<Rule>| match filter {
                None => "orders".to_string(),
                Some(rule) => format!("orders where {}", format(rule)),
            };
            let (first, second) = (orders(&sequence.first), orders(&sequence.second));
            let within = amount_of_time(sequence.amount, sequence.unit);
            let same = sequence.same.as_ref().map(|same| format!(" with same {}", format_name(&same.name)));
            let then = if sequence.absent { "then not" } else { "then" };
            text.push_str(&format!("sequence({first} {then} {second} within {within}{})", same.unwrap_or_default()));
        }
    }
}

fn format_condition(condition: &Condition) -> String {
    let mut text = format!("{} {}", format_value(&condition.subject.value), format_test(&condition.test));
    if condition.ignoring_case {
        text.push_str(" ignoring case");
    }
    match &condition.missing_as {
        None => {}
        Some(MissingAs::Answer(answer)) => text.push_str(&format!(" treat missing as {answer}")),
        Some(MissingAs::Value(operand)) => {
            text.push_str(&format!(" treat missing as {}", format_value(&operand.value)));
        }
    }
    text
}

fn format_test(test: &Test) -> String {
    match test {
        Test::Compare(comparison, operand) => format!("{} {}", comparison.symbol(), format_value(&operand.value)),
        Test::Between { negated, low, high, exclusive } => {
            let (low, high) = (format_value(&low.value), format_value(&high.value));
            let exclusive = if *exclusive { " exclusive" } else { "" };
            format!("{}between {low} and {high}{exclusive}", not(*negated))
        }
        Test::In { negated, options } => format!("{}in {}", not(*negated), format_list(options)),
        Test::Has { negated, part, what } => {
            let words = match (part, negated) {
                (Part::Anywhere, false) => "contains",
                (Part::Anywhere, true) => "does not contain",
                (Part::Start, false) => "starts with",
                (Part::Start, true) => "does not start with",
                (Part::End, false) => "ends with",
                (Part::End, true) => "does not end with",
            };
            format!("{words} {}", format_value(&what.value))
        }
        Test::Pattern { negated, kind, pattern } => {
            let word = match kind {
                PatternKind::Like => "like",
                PatternKind::Matches => "matches",
            };
            format!("{}{word} {}", not(*negated), format_value(&pattern.value))
        }
        Test::Missing { negated } => format!("is {}missing", not(*negated)),
        Test::Blank { negated } => format!("is {}blank", not(*negated)),
        Test::Holds { negated, how, options } => {
            let words = match (how, negated) {
                (Holding::Any, false) => "any of",
                (Holding::Any, true) => "none of",
                (Holding::All, false) => "all of",
                (Holding::All, true) => "not all of",
                (Holding::Exactly, false) => "exactly",
                (Holding::Exactly, true) => "not exactly",
            };
            format!("{words} {}", format_list(options))
        }
        Test::Within { negated, direction, amount, unit } => {
            format!("{}in {} {}", not(*negated), direction.name(), amount_of_time(*amount, *unit))
        }
        Test::Period { negated, which, unit, fiscal_from } => {
            let (not, which, unit) = (not(*negated), which.name(), unit.name());
            match fiscal_from {
                None => format!("{not}in {which} {unit}"),
                Some(month) => {
                    let month = MONTHS.get(usize::from(*month).wrapping_sub(1)).unwrap_or(&MONTHS[0]);
                    format!("{not}in {which} fiscal {unit} from {month}")
                }
            }
        }
        Test::Anniversary { negated, direction, days } => {
            format!("{}anniversary in {} {}", not(*negated), direction.name(), amount_of_time(*days, Unit::Day))
        }
        Test::Top(top) => {
            let mut text = format!("{}in {} {}", not(top.negated), top.end.name(), format_number(top.amount));
            if top.percent {
                text.push_str(" percent");
            }
            if let Some(group) = &top.per {
                text.push_str(&format!(" per {}", format_name(&group.name)));
            }
            if let Some(column) = &top.ties_by {
                text.push_str(&format!(" ties by {}", format_name(&column.name)));
            }
            text
        }
    }
}

fn format_list(options: &[Operand]) -> String {
    let options: Vec<String> = options.iter().map(|option| format_value(&option.value)).collect();
    format!("({})", options.join(", "))
}

fn amount_of_time(amount: u32, unit: Unit) -> String {
    format!("{amount} {}{}", unit.name(), if amount == 1 { "" } else { "s" })
}

fn not(negated: bool) -> &'static str {
    if negated { "not " } else { "" }
}

/// A column's name, in double quotes where it needs them.
pub fn format_name(name: &str) -> String {
    if is_bare(name) { name.to_string() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}

/// A text in single quotes.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn format_number(number: f64) -> String {
    if number == 0.0 || (1e-7..1e17).contains(&number.abs()) { number.to_string() } else { format!("{number:e}") }
}

/// A value as it is written in a rule.
pub fn format_value(value: &Value) -> String {
    match value {
        Value::Number(number) => format_number(*number),
        Value::Text(text) => quoted(text),
        Value::Day(day) => format!("date '{}'", format_day(*day)),
        Value::Boolean(value) => value.to_string(),
        Value::Column(name) => format_name(name),
        Value::Parameter(name) => format!(":{name}"),
        Value::Calculation(operation, sides) => {
            let [left, right] = &**sides;
            let binding = binding(*operation);
            let side = |value: &Value, weaker: bool| match value {
                // A name that asks something would make rules of the brackets around the calculation.
                Value::Column(name) if asks(name) => format!("\"{name}\""),
                Value::Calculation(..) if weaker => format!("({})", format_value(value)),
                value => format_value(value),
            };
            let weaker =
                |value: &Value, than: u8| matches!(value, Value::Calculation(inner, _) if self::binding(*inner) < than);
            let left = side(&left.value, weaker(&left.value, binding));
            let right = side(&right.value, weaker(&right.value, binding + 1));
            format!("{left} {} {right}", operation.symbol())
        }
        Value::Call(function, operands) => {
            let operands: Vec<String> = operands.iter().map(|operand| format_value(&operand.value)).collect();
            format!("{}({})", function.name(), operands.join(", "))
        }
        Value::Orders(aggregate) => format_aggregate(aggregate),
    }
}

/// How strongly an operation holds its values together.
fn binding(operation: Arithmetic) -> u8 {
    match operation {
        Arithmetic::Add | Arithmetic::Subtract => 1,
        Arithmetic::Multiply | Arithmetic::Divide => 2,
    }
}

fn format_aggregate(aggregate: &Aggregate) -> String {
    let named = MEASURES.iter().find(|(measure, _)| *measure == aggregate.measure).map(|(_, name)| *name);
    let (name, nth) = match aggregate.measure {
        Measure::Nth(nth) => ("nth", format!("{nth}, ")),
        _ => (named.unwrap_or("count"), String::new()),
    };
    let of = aggregate.of.as_ref().map(|of| format!("{} of ", format_name(&of.name))).unwrap_or_default();
    let source = if aggregate.measure == Measure::Lines { "lines" } else { "orders" };
    let filter = aggregate.filter.as_ref().map(|rule| format!(" where {}", format(rule))).unwrap_or_default();
    let window = match &aggregate.window {
        None => String::new(),
        Some(Window::Passing(test)) => format!(" {}", format_test(test)),
        Some(Window::AnyDays(days)) => format!(" in any {}", amount_of_time(*days, Unit::Day)),
    };
    format!("{name}({nth}{of}{source}{filter}{window})")
}
