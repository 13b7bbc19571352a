//! What does a rule say? The syntax tree between text, JSON and evaluation.

/// How deep groups and negations may nest. Everything that walks a tree may recurse this far.
pub const MAX_DEPTH: usize = 200;

/// The longest span of days, weeks, months or years.
pub const MAX_AMOUNT: u32 = 100_000;

/// A number as an amount of units, if it is a whole one from 1 to [`MAX_AMOUNT`].
pub fn whole_amount(number: f64) -> Option<u32> {
    (number.fract() == 0.0 && (1.0..=f64::from(MAX_AMOUNT)).contains(&number)).then_some(number as u32)
}

/// A rule: conditions joined by "and", "or" and "not".
#[derive(Clone, Debug, PartialEq)]
pub enum Rule {
    /// Holds for every row, also for rows full of missing values. An empty group means this.
    Everyone,
    /// The opposite of a rule; unknown stays unknown.
    Not(Box<Rule>),
    /// Two or more rules joined by one word. [`Rule::group`] makes it.
    Group(Combinator, Vec<Rule>),
    /// One condition.
    Condition(Condition),
}

/// The word that joins the rules of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Combinator {
    /// All of them.
    And,
    /// Any of them.
    Or,
}

/// A question asked of one column.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// The column's name.
    pub column: String,
    /// Where the name stood.
    pub column_place: Place,
    /// What is asked.
    pub test: Test,
    /// Where the rest of the condition stood: everything behind the name.
    pub test_place: Place,
    /// Whether capital and small letters are the same.
    pub ignoring_case: bool,
    /// What a missing value counts as; without it the condition is unknown where a value is missing.
    pub missing_as: Option<MissingAs>,
}

/// What is asked of a column's value.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// `= != < <= > >=`
    Compare(Comparison, Operand),
    /// At least the first and at most the second.
    Between {
        /// Whether the opposite is asked.
        negated: bool,
        /// The lower bound, which belongs to it.
        low: Operand,
        /// The upper bound, which belongs to it.
        high: Operand,
    },
    /// Equal to one of them.
    In {
        /// Whether the opposite is asked.
        negated: bool,
        /// At least one.
        options: Vec<Operand>,
    },
    /// Has a text somewhere in it, at its start or at its end.
    Has {
        /// Whether the opposite is asked.
        negated: bool,
        /// Where.
        part: Part,
        /// The text.
        what: Operand,
    },
    /// Has no value. Never unknown.
    Missing {
        /// Whether the opposite is asked.
        negated: bool,
    },
    /// Lies in a span of civil days that begins or ends at the reference date.
    Within {
        /// Whether the opposite is asked.
        negated: bool,
        /// Before or after the reference date.
        direction: Direction,
        /// How many units, at least 1.
        amount: u32,
        /// The unit.
        unit: Unit,
    },
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Comparison {
    Equal,
    NotEqual,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

/// Where in a text another text is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Part {
    Anywhere,
    Start,
    End,
}

/// On which side of the reference date a span of days lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The days up to and including the reference date.
    Last,
    /// The days from the reference date on.
    Next,
}

/// A unit of civil time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Unit {
    Day,
    Week,
    Month,
    Year,
}

/// What a column is compared with, and where that stood.
#[derive(Clone, Debug, PartialEq)]
pub struct Operand {
    /// The value or column.
    pub value: Value,
    /// Where it stood.
    pub place: Place,
}

/// A literal or another column.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Finite.
    Number(f64),
    /// Any text; on a date column an ISO day.
    Text(String),
    /// Days since 1970-01-01.
    Day(i32),
    /// Yes or no.
    Boolean(bool),
    /// The value that another column has in the same row.
    Column(String),
}

/// What a missing value counts as.
#[derive(Clone, Debug, PartialEq)]
pub enum MissingAs {
    /// The condition's answer itself: true is in, false is out.
    Answer(bool),
    /// A number, text or day that stands in wherever the condition meets a missing value.
    Value(Operand),
}

/// A piece of the rule's text in UTF-16 units, as JavaScript counts them; empty where the rule did not come from text.
///
/// All places are equal: two rules are the same when they say the same, wherever the words stood.
#[derive(Clone, Copy, Debug, Default, Eq)]
pub struct Place {
    /// Where it begins.
    pub at: usize,
    /// How long it is.
    pub length: usize,
}

impl PartialEq for Place {
    fn eq(&self, _: &Place) -> bool {
        true
    }
}

impl Place {
    /// From the beginning of this place to the end of the other.
    pub fn to(self, other: Place) -> Place {
        Place { at: self.at, length: (other.at + other.length).saturating_sub(self.at) }
    }
}

impl Rule {
    /// A group in its simplest form: without rules it is everyone, with one rule it is that rule.
    pub fn group(combinator: Combinator, mut rules: Vec<Rule>) -> Rule {
        match rules.len() {
            0 => Rule::Everyone,
            1 => rules.remove(0),
            _ => Rule::Group(combinator, rules),
        }
    }

    /// How many groups and negations stand around the deepest rule; 0 for a condition alone.
    pub fn depth(&self) -> usize {
        let mut deepest = 0;
        let mut waiting = vec![(self, 0)];
        while let Some((rule, depth)) = waiting.pop() {
            deepest = deepest.max(depth);
            match rule {
                Rule::Not(inner) => waiting.push((inner, depth + 1)),
                Rule::Group(_, rules) => waiting.extend(rules.iter().map(|rule| (rule, depth + 1))),
                Rule::Everyone | Rule::Condition(_) => {}
            }
        }
        deepest
    }

    /// Every condition, in reading order.
    pub fn conditions(&self) -> Vec<&Condition> {
        let mut found = Vec::new();
        let mut waiting = vec![self];
        while let Some(rule) = waiting.pop() {
            match rule {
                Rule::Everyone => {}
                Rule::Not(inner) => waiting.push(inner),
                Rule::Group(_, rules) => waiting.extend(rules.iter().rev()),
                Rule::Condition(condition) => found.push(condition),
            }
        }
        found
    }
}

impl Condition {
    /// Everything the column is compared with.
    pub fn operands(&self) -> Vec<&Operand> {
        match &self.test {
            Test::Compare(_, operand) | Test::Has { what: operand, .. } => vec![operand],
            Test::Between { low, high, .. } => vec![low, high],
            Test::In { options, .. } => options.iter().collect(),
            Test::Missing { .. } | Test::Within { .. } => Vec::new(),
        }
    }
}

impl Test {
    /// Whether the opposite is asked. A comparison has its own opposite and is not negated.
    pub fn is_negated(&self) -> bool {
        match self {
            Test::Compare(..) => false,
            Test::Between { negated, .. }
            | Test::In { negated, .. }
            | Test::Has { negated, .. }
            | Test::Missing { negated }
            | Test::Within { negated, .. } => *negated,
        }
    }
}

impl Comparison {
    /// As it is written in rules and JSON.
    pub fn symbol(self) -> &'static str {
        match self {
            Comparison::Equal => "=",
            Comparison::NotEqual => "!=",
            Comparison::Less => "<",
            Comparison::AtMost => "<=",
            Comparison::Greater => ">",
            Comparison::AtLeast => ">=",
        }
    }
}

impl Unit {
    /// The unit in the singular.
    pub fn name(self) -> &'static str {
        match self {
            Unit::Day => "day",
            Unit::Week => "week",
            Unit::Month => "month",
            Unit::Year => "year",
        }
    }

    /// The unit by its name in the singular or plural, any case.
    pub fn named(name: &str) -> Option<Unit> {
        let name = name.to_ascii_lowercase();
        let all = [Unit::Day, Unit::Week, Unit::Month, Unit::Year];
        all.into_iter().find(|unit| name.strip_suffix('s').unwrap_or(&name) == unit.name())
    }
}

impl Value {
    /// The value without a place.
    pub fn operand(self) -> Operand {
        Operand { value: self, place: Place::default() }
    }
}
