//! What did another system's rule become, what of it could not be said, and where does it mean something else there?

use crate::segment::rules::tree::{
    Aggregate, Combinator, Comparison, Condition, Measure, MissingAs, Operand, Place, Reference, Rule, Test, Value,
    Window,
};
use crate::table::column::ColumnType;

/// A rule that was read from another system's format.
#[derive(Clone, Debug, PartialEq)]
pub struct Imported {
    /// What could be said. Parts that could not are left out: of "all" and "any" the other parts stay. Nobody, where nothing is left.
    pub rule: Rule,
    /// What was left out, with its path and the reason; empty where the rule says everything.
    pub unsupported: Vec<String>,
    /// How the other system's meaning differs from ours, and what the rule does about it.
    pub notes: Vec<String>,
}

/// Columns by name and type; a column without a single value has none.
pub type KnownColumns = [(String, Option<ColumnType>)];

/// What is known of the table the rule is meant for. Without columns a value's type tells what its column holds.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known<'a> {
    /// The table's columns.
    pub columns: Option<&'a KnownColumns>,
    /// The columns of the order lines.
    pub orders: Option<&'a KnownColumns>,
}

impl Known<'_> {
    /// A column's type, where it is known.
    pub fn kind(&self, name: &str) -> Option<ColumnType> {
        self.columns?.iter().find(|(known, _)| known == name)?.1
    }

    /// Whether the table is known and has no such column.
    pub fn lacks(&self, name: &str) -> bool {
        self.columns.is_some_and(|columns| !columns.iter().any(|(known, _)| known == name))
    }
}

/// What an importer collects on its way.
#[derive(Debug, Default)]
pub struct Collected {
    unsupported: Vec<String>,
    notes: Vec<String>,
}

impl Collected {
    /// Leaves a part out. Gives `None`, the place of a part that is left out.
    pub fn leave_out(&mut self, path: &str, reason: impl std::fmt::Display) -> Option<Rule> {
        let place = if path.is_empty() { "the whole rule" } else { path };
        self.unsupported.push(format!("{place}: {reason}"));
        None
    }

    /// How many parts were left out so far.
    pub fn count(&self) -> usize {
        self.unsupported.len()
    }

    /// Says once how a meaning differs.
    pub fn note(&mut self, note: impl Into<String>) {
        let note = note.into();
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// The import's result.
    pub fn finish(self, rule: Option<Rule>) -> Imported {
        Imported { rule: rule.unwrap_or_else(nobody), unsupported: self.unsupported, notes: self.notes }
    }
}

/// The rule that nobody meets.
pub fn nobody() -> Rule {
    Rule::Not(Box::new(Rule::Everyone))
}

/// Everyone or nobody.
pub fn constant(answer: bool) -> Rule {
    if answer { Rule::Everyone } else { nobody() }
}

/// The opposite, without a double negation.
pub fn not(rule: Rule) -> Rule {
    match rule {
        Rule::Not(inner) => *inner,
        rule => Rule::Not(Box::new(rule)),
    }
}

/// A group without the parts that decide nothing; groups of the same kind in it are opened.
pub fn joined(combinator: Combinator, rules: Vec<Rule>) -> Rule {
    let idle = constant(combinator == Combinator::And);
    let deciding = constant(combinator == Combinator::Or);
    let mut left = Vec::new();
    for rule in rules {
        match rule {
            rule if rule == deciding => return deciding,
            rule if rule == idle => {}
            Rule::Group(word, inner) if word == combinator => left.extend(inner),
            rule => left.push(rule),
        }
    }
    if left.is_empty() { idle } else { Rule::group(combinator, left) }
}

/// The parts that are left of a group; `None` where there were some and none is.
pub fn joined_rest(combinator: Combinator, parts: Vec<Option<Rule>>) -> Option<Rule> {
    let some = !parts.is_empty();
    let rules: Vec<Rule> = parts.into_iter().flatten().collect();
    if some && rules.is_empty() { None } else { Some(joined(combinator, rules)) }
}

/// A condition on anything that is asked.
pub fn condition(subject: Value, test: Test, missing_as: Option<MissingAs>) -> Rule {
    let test_place = Place::default();
    Rule::Condition(Condition { subject: subject.operand(), test, test_place, ignoring_case: false, missing_as })
}

/// A condition on a column.
pub fn asked(column: &str, test: Test, missing_as: Option<bool>) -> Rule {
    condition(Value::Column(column.into()), test, missing_as.map(MissingAs::Answer))
}

/// The same rule with `ignoring case` in every condition.
pub fn ignoring_case(rule: Rule) -> Rule {
    match rule {
        Rule::Condition(condition) => Rule::Condition(Condition { ignoring_case: true, ..condition }),
        Rule::Not(inner) => Rule::Not(Box::new(ignoring_case(*inner))),
        Rule::Group(combinator, rules) => Rule::Group(combinator, rules.into_iter().map(ignoring_case).collect()),
        rule => rule,
    }
}

/// `column is missing`, or `is not missing`.
pub fn missing(column: &str, negated: bool) -> Rule {
    asked(column, Test::Missing { negated }, None)
}

/// A comparison with a literal.
pub fn compares(comparison: Comparison, value: Value) -> Test {
    Test::Compare(comparison, value.operand())
}

/// Equal to one of the values, or to none of them.
pub fn among(values: Vec<Value>, negated: bool) -> Test {
    Test::In { negated, options: operands(values) }
}

/// Values without a place.
pub fn operands(values: Vec<Value>) -> Vec<Operand> {
    values.into_iter().map(Value::operand).collect()
}

/// What a customer's orders come to.
pub fn of_orders(measure: Measure, of: Option<&str>, filter: Option<Rule>, window: Option<Window>) -> Value {
    let of = of.map(|name| Reference { name: name.into(), place: Place::default() });
    let filter = filter.filter(|rule| *rule != Rule::Everyone);
    Value::Orders(Box::new(Aggregate { measure, of, filter, window }))
}
