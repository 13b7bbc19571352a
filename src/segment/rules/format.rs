//! How is a rule written? Tree → canonical text: one spelling for each tree, which reads back as the same tree.

use crate::segment::rules::token::is_bare;
use crate::segment::rules::tree::{Combinator, Condition, Direction, MissingAs, Part, Rule, Test, Value};
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
    }
}

fn format_condition(condition: &Condition) -> String {
    let column = format_name(&condition.column);
    let mut text = match &condition.test {
        Test::Compare(comparison, operand) => {
            format!("{column} {} {}", comparison.symbol(), format_value(&operand.value))
        }
        Test::Between { negated, low, high } => {
            let (low, high) = (format_value(&low.value), format_value(&high.value));
            format!("{column} {}between {low} and {high}", not(*negated))
        }
        Test::In { negated, options } => {
            let options: Vec<String> = options.iter().map(|option| format_value(&option.value)).collect();
            format!("{column} {}in ({})", not(*negated), options.join(", "))
        }
        Test::Has { negated, part, what } => {
            let words = match (part, negated) {
                (Part::Anywhere, false) => "contains",
                (Part::Anywhere, true) => "does not contain",
                (Part::Start, false) => "starts with",
                (Part::Start, true) => "does not start with",
                (Part::End, false) => "ends with",
                (Part::End, true) => "does not end with",
            };
            format!("{column} {words} {}", format_value(&what.value))
        }
        Test::Missing { negated } => format!("{column} is {}missing", not(*negated)),
        Test::Within { negated, direction, amount, unit } => {
            let direction = match direction {
                Direction::Last => "last",
                Direction::Next => "next",
            };
            let plural = if *amount == 1 { "" } else { "s" };
            format!("{column} {}in {direction} {amount} {}{plural}", not(*negated), unit.name())
        }
    };
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

fn not(negated: bool) -> &'static str {
    if negated { "not " } else { "" }
}

/// A column's name, in double quotes where it needs them.
pub fn format_name(name: &str) -> String {
    if is_bare(name) { name.to_string() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}

/// A value as it is written in a rule.
pub fn format_value(value: &Value) -> String {
    match value {
        Value::Number(number) if *number == 0.0 || (1e-7..1e17).contains(&number.abs()) => number.to_string(),
        Value::Number(number) => format!("{number:e}"),
        Value::Text(text) => format!("'{}'", text.replace('\'', "''")),
        Value::Day(day) => format!("date '{}'", format_day(*day)),
        Value::Boolean(value) => value.to_string(),
        Value::Column(name) => format_name(name),
    }
}
