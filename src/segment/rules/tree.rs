//! What does a rule say? The syntax tree between text, JSON and evaluation.

/// How deep groups and negations may nest. Everything that walks a tree may recurse this far.
pub const MAX_DEPTH: usize = 100;
/// How deep JSON may nest that has rules in it. A group is two levels there; a rule and the one that it asks of orders, or the
/// calculation in it, may both be as deep as they can, and what stands around them has room.
pub const MAX_JSON_LEVELS: usize = 5 * MAX_DEPTH;

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
    /// Whoever another segment of the study holds. Unknown where that segment's rule is unknown.
    Segment(Reference),
    /// Whoever has an order that another order follows, or does not. Never unknown.
    Sequence(Box<Sequence>),
}

/// A name that stands for something defined elsewhere, and where it stood.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    /// The name as it was defined.
    pub name: String,
    /// Where it stood.
    pub place: Place,
}

/// The word that joins the rules of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Combinator {
    /// All of them.
    And,
    /// Any of them.
    Or,
}

/// A question asked of one value of each row.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// Whose value is asked: most often a column. Never a literal.
    pub subject: Operand,
    /// What is asked.
    pub test: Test,
    /// Where the rest of the condition stood: everything behind the subject.
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
        /// The lower bound.
        low: Operand,
        /// The upper bound.
        high: Operand,
        /// Whether the bounds themselves are left out.
        exclusive: bool,
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
    /// Fits a pattern as a whole (`like`), or has a part that fits one (`matches`).
    Pattern {
        /// Whether the opposite is asked.
        negated: bool,
        /// How the pattern is written.
        kind: PatternKind,
        /// The pattern: a text or a parameter, never a column.
        pattern: Operand,
    },
    /// Has no value. Never unknown.
    Missing {
        /// Whether the opposite is asked.
        negated: bool,
    },
    /// A text that is missing or has nothing but blanks; a list that is missing or empty. Never unknown.
    Blank {
        /// Whether the opposite is asked.
        negated: bool,
    },
    /// A list that has any or all of the values, or these and no others.
    Holds {
        /// Whether the opposite is asked. "none of" is any, negated.
        negated: bool,
        /// Which of them it must have.
        how: Holding,
        /// At least one.
        options: Vec<Operand>,
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
    /// Lies in the calendar's day, week, month, quarter or year of the reference date, the one before, or the one after.
    Period {
        /// Whether the opposite is asked.
        negated: bool,
        /// Which of the three.
        which: Which,
        /// The unit; never hours.
        unit: Unit,
        /// The month in which years begin, 1 to 12; none is January, as in the calendar. Only for quarters and years.
        fiscal_from: Option<u8>,
    },
    /// Has its yearly return (a birthday) in a span of days that begins or ends at the reference date.
    Anniversary {
        /// Whether the opposite is asked.
        negated: bool,
        /// Before or after the reference date.
        direction: Direction,
        /// How many days, 1 to 366.
        days: u32,
    },
    /// Is among the greatest or smallest, of everyone or within groups. Rows without a value take no part and are unknown.
    Top(Top),
}

/// A place among the greatest or smallest values.
#[derive(Clone, Debug, PartialEq)]
pub struct Top {
    /// Whether the opposite is asked.
    pub negated: bool,
    /// From which end it is counted.
    pub end: End,
    /// How many rows, a whole number of at least 1; with `percent` a share above 0 and up to 100.
    pub amount: f64,
    /// Whether the amount is a percentage of the rows that have a value, rounded up.
    pub percent: bool,
    /// The column whose equal values make a group; rows without one are a group of their own.
    pub per: Option<Reference>,
    /// The column that decides between equal values, smallest first. Without it equal values stand or fall together: who
    /// shares the last place is in, so that there may be more than `amount`.
    pub ties_by: Option<Reference>,
}

/// From which end a rank is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum End {
    Top,
    Bottom,
}

/// How a pattern is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PatternKind {
    /// SQL's: `%` is any text, `_` any one character, `\` before either of them or itself means the character. The whole text.
    Like,
    /// A regular expression that is found anywhere in the text. Linear in the text's length; no look-around, no references back.
    Matches,
}

/// Which of several values a list must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Holding {
    Any,
    All,
    Exactly,
}

/// Which period of the calendar, seen from the reference date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Which {
    Previous,
    This,
    Next,
}

/// Two orders of one customer, the second within so long after the first.
#[derive(Clone, Debug, PartialEq)]
pub struct Sequence {
    /// What the first order must meet; none: any order with a date.
    pub first: Option<Rule>,
    /// Whether a second order must be absent.
    pub absent: bool,
    /// What the second order must meet.
    pub second: Option<Rule>,
    /// How long after the first the second may come; a later day than the first's, at most so much later.
    pub amount: u32,
    /// The unit; never hours.
    pub unit: Unit,
    /// The column of orders that must be equal in both.
    pub same: Option<Reference>,
    /// Where it stood.
    pub place: Place,
}

/// What a customer's orders come to.
#[derive(Clone, Debug, PartialEq)]
pub struct Aggregate {
    /// What is made of them.
    pub measure: Measure,
    /// The column of orders that is measured; none where orders, lines or days are counted.
    pub of: Option<Reference>,
    /// Which orders; none: all.
    pub filter: Option<Rule>,
    /// When they were made; none: ever.
    pub window: Option<Window>,
}

/// What is made of a customer's orders. Only lines count whose measured value is not missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Distinct orders; lines without an order id count one each, and every line where there are no order ids. 0 for none.
    Orders,
    /// Lines. 0 for none.
    Lines,
    /// Distinct days on which there was one. 0 for none.
    Days,
    /// Distinct values. 0 for none.
    Distinct,
    /// The sum of numbers. 0 for none.
    Sum,
    /// The arithmetic mean; missing for none.
    Average,
    /// The smallest number, text or day; missing for none.
    Minimum,
    /// The greatest; missing for none.
    Maximum,
    /// The value on the earliest day, on one day the smallest; missing for none. Lines without a date take no part.
    First,
    /// The value on the latest day, on one day the greatest; missing for none.
    Last,
    /// The n-th value by day, on one day from the smallest; missing where there are fewer.
    Nth(u32),
    /// The value that most lines have, of several the smallest; missing for none.
    MostFrequent,
    /// All distinct texts, as a list; missing for none.
    List,
}

/// When orders were made.
#[derive(Clone, Debug, PartialEq)]
pub enum Window {
    /// Their day passes this test: [`Test::Within`], [`Test::Period`], [`Test::Between`] or [`Test::Compare`].
    Passing(Test),
    /// The span of so many days in a row in which the measure is greatest. Only for orders, lines, days and sums.
    AnyDays(u32),
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
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

impl Unit {
    /// All of them, shortest first.
    pub const ALL: [Unit; 6] = [Unit::Hour, Unit::Day, Unit::Week, Unit::Month, Unit::Quarter, Unit::Year];
}

/// A value of each row, and where it stood.
#[derive(Clone, Debug, PartialEq)]
pub struct Operand {
    /// The literal, the column or the calculation.
    pub value: Value,
    /// Where it stood.
    pub place: Place,
}

/// A literal, a column, or something made of them.
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
    /// The value that a column has in the same row.
    Column(String),
    /// A literal that is given by its name when the rule is evaluated.
    Parameter(String),
    /// Two numbers calculated. Missing where one is missing or the result is no finite number (a division by 0).
    Calculation(Arithmetic, Box<[Operand; 2]>),
    /// A function of values of the same row. Missing where one of them is missing, unless its description says otherwise.
    Call(Function, Vec<Operand>),
    /// What the customer's orders come to.
    Orders(Box<Aggregate>),
}

/// A calculation of two numbers, as 64-bit floats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
}

/// A function of values of the same row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// `length(text)`: characters (Unicode scalar values); of a list its entries.
    Length,
    /// `absolute(number)`
    Absolute,
    /// `year(day)`: of a time its day's, UTC; so for the five below.
    Year,
    /// `quarter(day)`: 1 to 4
    Quarter,
    /// `month(day)`: 1 to 12
    Month,
    /// `day(day)`: of the month, 1 to 31
    Day,
    /// `weekday(day)`: 1 for Monday to 7 for Sunday
    Weekday,
    /// `hour(time)`: 0 to 23, UTC
    Hour,
    /// `days_between(from, to)`: positive where `to` is later
    DaysBetween,
    /// `reference_date()`: the study's
    ReferenceDate,
    /// `distance_km(latitude, longitude, latitude, longitude)`: along the sphere of radius 6371.0088 km, in degrees
    DistanceKm,
    /// `distance_miles(…)`: the same in miles of 1.609344 km
    DistanceMiles,
    /// `percentile_rank(column)`, `percentile_rank(column, group)`: 100 × (rank − 1) / (n − 1) among the rows that have a
    /// value, equal values having the rank of the first; 0 where n is 1
    PercentileRank,
    /// `random(column, 'seed')`: a number from 0 up to but without 100 that depends on the column's text and the seed alone
    Random,
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
                Rule::Everyone | Rule::Condition(_) | Rule::Segment(_) | Rule::Sequence(_) => {}
            }
        }
        deepest
    }

    /// Every condition, in reading order; not those asked of orders.
    pub fn conditions(&self) -> Vec<&Condition> {
        self.leaves()
            .into_iter()
            .filter_map(|leaf| if let Rule::Condition(found) = leaf { Some(found) } else { None })
            .collect()
    }

    /// The segments it refers to, in reading order.
    pub fn segments(&self) -> Vec<&Reference> {
        self.leaves()
            .into_iter()
            .filter_map(|leaf| if let Rule::Segment(found) = leaf { Some(found) } else { None })
            .collect()
    }

    /// The table's columns of which it speaks, in reading order, with repetitions; not those of orders.
    pub fn columns(&self) -> Vec<&str> {
        let mut found = Vec::new();
        for condition in self.conditions() {
            let mut waiting: Vec<&Operand> = condition.operands().into_iter().rev().collect();
            waiting.push(&condition.subject);
            while let Some(operand) = waiting.pop() {
                match &operand.value {
                    Value::Column(name) => found.push(name.as_str()),
                    Value::Calculation(_, sides) => waiting.extend(sides.iter().rev()),
                    Value::Call(_, operands) => waiting.extend(operands.iter().rev()),
                    _ => {}
                }
            }
            if let Test::Top(top) = &condition.test {
                found.extend(top.per.iter().chain(&top.ties_by).map(|reference| reference.name.as_str()));
            }
        }
        found
    }

    /// Everything that is not made of other rules, in reading order.
    pub fn leaves(&self) -> Vec<&Rule> {
        let mut found = Vec::new();
        let mut waiting = vec![self];
        while let Some(rule) = waiting.pop() {
            match rule {
                Rule::Not(inner) => waiting.push(inner),
                Rule::Group(_, rules) => waiting.extend(rules.iter().rev()),
                Rule::Everyone => {}
                Rule::Condition(_) | Rule::Segment(_) | Rule::Sequence(_) => found.push(rule),
            }
        }
        found
    }
}

impl Condition {
    /// Everything the subject is compared with.
    pub fn operands(&self) -> Vec<&Operand> {
        self.test.operands()
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
            | Test::Pattern { negated, .. }
            | Test::Missing { negated }
            | Test::Blank { negated }
            | Test::Holds { negated, .. }
            | Test::Within { negated, .. }
            | Test::Period { negated, .. }
            | Test::Anniversary { negated, .. }
            | Test::Top(Top { negated, .. }) => *negated,
        }
    }

    /// Everything the subject is compared with.
    pub fn operands(&self) -> Vec<&Operand> {
        match self {
            Test::Compare(_, operand) | Test::Has { what: operand, .. } | Test::Pattern { pattern: operand, .. } => {
                vec![operand]
            }
            Test::Between { low, high, .. } => vec![low, high],
            Test::In { options, .. } | Test::Holds { options, .. } => options.iter().collect(),
            Test::Missing { .. }
            | Test::Blank { .. }
            | Test::Within { .. }
            | Test::Period { .. }
            | Test::Anniversary { .. }
            | Test::Top(_) => Vec::new(),
        }
    }

    /// Whether the test never leaves anyone unknown.
    pub fn is_always_known(&self) -> bool {
        matches!(self, Test::Missing { .. } | Test::Blank { .. })
    }
}

impl Value {
    /// The value without a place.
    pub fn operand(self) -> Operand {
        Operand { value: self, place: Place::default() }
    }
}
