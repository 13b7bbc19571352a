//! Of what are rules made that JsonLogic's choices and comparisons become?

use crate::segment::rules::formats::constant::comparison;
use crate::segment::rules::formats::imported::{compares, condition, constant, joined, missing, nobody, not};
use crate::segment::rules::tree::{Arithmetic, Combinator, Comparison, MissingAs, Rule, Test, Value};
use crate::table::column::ColumnType;
use serde_json::Value as Json;

/// The most conditions that are written twice, in all.
const MOST_COPIES: usize = 10_000;

/// What JsonLogic says once and a rule says in two places: within each other such parts would double at every level.
#[derive(Debug, Default)]
pub struct Copies(usize);

impl Copies {
    /// The rule once more.
    ///
    /// # Errors
    /// The reason, where too much would be written twice.
    pub fn of(&mut self, rule: &Rule) -> Result<Rule, String> {
        let copies = self.0 + conditions(rule);
        if copies > MOST_COPIES {
            return Err("as a rule it would repeat more than 10,000 conditions".into());
        }
        self.0 = copies;
        Ok(rule.clone())
    }
}

/// How many conditions a rule is made of, those of order lines included.
fn conditions(rule: &Rule) -> usize {
    match rule {
        Rule::Not(inner) => conditions(inner),
        Rule::Group(_, rules) => rules.iter().map(conditions).sum(),
        Rule::Condition(condition) => match &condition.subject.value {
            Value::Orders(aggregate) => 1 + aggregate.filter.as_ref().map_or(0, conditions),
            _ => 1,
        },
        _ => 0,
    }
}

/// `if a then b else if c then d else e`, of what each is true for.
///
/// # Errors
/// The reason, where too much would be written twice.
pub fn choose(mut rules: Vec<Rule>, copies: &mut Copies) -> Result<Rule, String> {
    let otherwise = if rules.len() % 2 == 1 { rules.pop() } else { None };
    let mut sofar = otherwise.unwrap_or_else(nobody);
    while let (Some(then), Some(condition)) = (rules.pop(), rules.pop()) {
        let yes = joined(Combinator::And, vec![copies.of(&condition)?, then]);
        let no = joined(Combinator::And, vec![not(condition), sofar]);
        sofar = joined(Combinator::Or, vec![yes, no]);
    }
    Ok(sofar)
}

/// The answer where a rule is true, and where it is false.
pub fn chosen(rule: Rule, yes: bool, no: bool) -> Rule {
    match (yes, no) {
        (true, false) => rule,
        (false, true) => not(rule),
        (answer, _) => constant(answer),
    }
}

/// An answer for every value, and one for none.
pub fn chosen_missing(value: &Value, answer: bool, at_missing: bool) -> Rule {
    match value {
        Value::Column(name) if answer != at_missing => missing(name, answer),
        _ => constant(answer),
    }
}

/// A value’s name, for messages.
pub fn said(value: &Value) -> &str {
    if let Value::Column(name) = value { name } else { "the calculation" }
}

/// Two columns or calculations; a missing value of theirs counts as the number. `plain` is what has no default of its own.
///
/// # Errors
/// The reason, where they cannot be compared.
pub fn columns_compared(
    symbol: &str,
    (left, kind): (Value, Option<ColumnType>),
    (right, other): (Value, Option<ColumnType>),
    missing_as: f64,
    plain: bool,
) -> Result<Rule, String> {
    let kinds = kind.or(other).zip(other.or(kind));
    let comparison = comparison(symbol);
    let equality = matches!(comparison, Comparison::Equal | Comparison::NotEqual);
    let numbers = matches!(kinds, None | Some((ColumnType::Number, ColumnType::Number)));
    let texts = kinds == Some((ColumnType::Text, ColumnType::Text));
    match (&left, &right) {
        // Strictly, null equals null alone.
        (Value::Column(first), Value::Column(second))
            if plain && equality && (texts || numbers && symbol.len() == 3) =>
        {
            let same =
                condition(left.clone(), compares(Comparison::Equal, right.clone()), Some(MissingAs::Answer(false)));
            let none = joined(Combinator::And, vec![missing(first, false), missing(second, false)]);
            let equal = joined(Combinator::Or, vec![same, none]);
            Ok(if comparison == Comparison::Equal { equal } else { not(equal) })
        }
        _ if numbers => {
            let number = MissingAs::Value(Value::Number(missing_as).operand());
            Ok(condition(left, Test::Compare(comparison, right.operand()), Some(number)))
        }
        _ => Err("two columns can be compared when both hold numbers".into()),
    }
}

/// Whether fields of the entries are asked, rather than the entries themselves; none where neither is.
pub fn names_fields(asked: &Json) -> Option<bool> {
    match asked {
        Json::Array(parts) => parts.iter().find_map(names_fields),
        Json::Object(fields) => fields.iter().find_map(|(key, inner)| match (key.as_str(), inner) {
            ("var" | "val", Json::String(name)) => Some(!name.is_empty()),
            ("var" | "val", Json::Array(steps)) => Some(steps.first().is_some_and(|step| step.as_str() != Some(""))),
            _ => names_fields(inner),
        }),
        _ => None,
    }
}

/// A calculation of two values.
pub fn calculated(calculation: Arithmetic, left: Value, right: Value) -> Value {
    Value::Calculation(calculation, Box::new([left.operand(), right.operand()]))
}
