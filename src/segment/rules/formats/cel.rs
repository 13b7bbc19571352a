//! How does CEL say a rule? An expression over the map `customer`, where an absent key or null is a missing value.

use crate::segment::rules::formats::lowered::{Expression, Literal, Logic, Place, Question, columns_of};
use crate::segment::rules::formats::written::regex_of;
use crate::segment::rules::tree::{Comparison, Holding};

/// The rule as an expression. Numbers are doubles, days ISO texts.
pub fn write(logic: &Logic) -> String {
    said(logic, false)
}

fn said(logic: &Logic, inside: bool) -> String {
    match logic {
        Logic::Constant(answer) => answer.to_string(),
        Logic::All(parts) => joined(parts, " && ", inside),
        Logic::Any(parts) => joined(parts, " || ", inside),
        Logic::Missing(name, true) => format!("!({})", present(name)),
        Logic::Missing(name, false) => bracketed(present(name), inside),
        Logic::Compare(left, comparison, right) => {
            let mut columns = Vec::new();
            columns_of(left, &mut columns);
            columns_of(right, &mut columns);
            let symbol = if *comparison == Comparison::Equal { "==" } else { comparison.symbol() };
            guarded(&columns, &format!("{} {symbol} {}", value(left), value(right)), inside)
        }
        Logic::Asks(name, question, sense) => {
            let asked = asks(name, question);
            let asked = if *sense { asked } else { format!("!({asked})") };
            guarded(std::slice::from_ref(name), &asked, inside)
        }
    }
}

fn joined(parts: &[Logic], word: &str, inside: bool) -> String {
    bracketed(parts.iter().map(|part| said(part, true)).collect::<Vec<_>>().join(word), inside)
}

fn bracketed(text: String, inside: bool) -> String {
    if inside { format!("({text})") } else { text }
}

fn guarded(columns: &[String], asked: &str, inside: bool) -> String {
    let guards: Vec<String> = columns.iter().map(|name| present(name)).collect();
    match guards.is_empty() {
        true => asked.to_string(),
        false => bracketed(format!("{} && {asked}", guards.join(" && ")), inside),
    }
}

fn asks(name: &str, question: &Question) -> String {
    let column = select(name);
    let list = |options: &[String]| options.iter().map(|option| quoted(option)).collect::<Vec<_>>().join(", ");
    match question {
        Question::Among(options) => {
            format!("{column} in [{}]", options.iter().map(literal).collect::<Vec<_>>().join(", "))
        }
        Question::Has { place, text, ignoring_case: true } => {
            format!("{column}.matches({})", quoted(&either_case(&regex_of(*place, text, "$"))))
        }
        Question::Has { place, text, .. } => {
            let text = quoted(text);
            match place {
                Place::Anywhere => format!("{column}.contains({text})"),
                Place::Start => format!("{column}.startsWith({text})"),
                Place::End => format!("{column}.endsWith({text})"),
                Place::Whole => format!("{column} == {text}"),
            }
        }
        Question::Matches { pattern, ignoring_case } => {
            let pattern = if *ignoring_case { format!("(?i){pattern}") } else { pattern.clone() };
            format!("{column}.matches({})", quoted(&pattern))
        }
        Question::Filled => format!("size({column}) > 0"),
        Question::Holds(Holding::Any, options) => format!("{column}.exists(x, x in [{}])", list(options)),
        Question::Holds(how, options) => {
            let mut parts: Vec<String> =
                options.iter().map(|option| format!("{} in {column}", quoted(option))).collect();
            if *how == Holding::Exactly {
                parts.push(format!("{column}.all(x, x in [{}])", list(options)));
            }
            bracketed(parts.join(" && "), true)
        }
    }
}

fn value(expression: &Expression) -> String {
    match expression {
        Expression::Column(name) => select(name),
        Expression::Literal(value) => literal(value),
        Expression::Filled(name, value) => format!("({} ? {} : {})", present(name), select(name), literal(value)),
        Expression::Calculation(calculation, of) => {
            format!("({} {} {})", value(&of[0]), calculation.symbol(), value(&of[1]))
        }
    }
}

fn literal(literal: &Literal) -> String {
    match literal {
        Literal::Number(number) => format!("{number:?}"),
        Literal::Text(text) => quoted(text),
        Literal::Boolean(value) => value.to_string(),
    }
}

/// The pattern with both forms of each letter; flags within patterns are not known everywhere.
fn either_case(pattern: &str) -> String {
    let mut either = String::new();
    for char in pattern.chars() {
        match char.is_ascii_alphabetic() {
            true => either.extend(['[', char.to_ascii_lowercase(), char.to_ascii_uppercase(), ']']),
            false => either.push(char),
        }
    }
    either
}

/// Words that CEL keeps for itself.
const RESERVED: &str = " as break const continue else false for function if import in let loop namespace null package return true var void while ";

fn is_plain(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && !RESERVED.contains(&format!(" {name} "))
}

fn select(name: &str) -> String {
    if is_plain(name) { format!("customer.{name}") } else { format!("customer[{}]", quoted(name)) }
}

fn present(name: &str) -> String {
    let there = if is_plain(name) { format!("has(customer.{name})") } else { format!("{} in customer", quoted(name)) };
    format!("{there} && {} != null", select(name))
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for char in text.chars() {
        match char {
            '"' | '\\' => quoted.extend(['\\', char]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            char if char.is_control() => quoted.push_str(&format!("\\u{:04x}", u32::from(char))),
            char => quoted.push(char),
        }
    }
    quoted + "\""
}
