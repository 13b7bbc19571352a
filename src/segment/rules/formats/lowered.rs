//! What does a rule ask in a logic of true and false only, where every missing value is asked for by name?
//!
//! JsonLogic, MongoDB and CEL have no "unknown". Who is in is said here in tests that are false where a value is missing,
//! so that "not" has gone down to the single tests and each format only has to write them.

use crate::error::{Code, Error, Result};
use crate::read::words::{PAIRS, says};
use crate::segment::rules::calendar::within;
use crate::segment::rules::format::format;
use crate::segment::rules::formats::imported::Known;
use crate::segment::rules::tree::{
    Arithmetic, Combinator, Comparison, Condition, Function, Holding, MissingAs, Operand, Part, PatternKind, Rule,
    Test, Unit, Value,
};
use crate::table::column::ColumnType;
use crate::table::date::{format_day, parse_iso_day};

/// A value that is written down. A day is its ISO text.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// Finite.
    Number(f64),
    /// Any text.
    Text(String),
    /// Yes or no.
    Boolean(bool),
}

/// What is compared.
#[derive(Clone, Debug, PartialEq)]
pub enum Expression {
    /// A column's value.
    Column(String),
    /// A column's value, or the literal where it is missing.
    Filled(String, Literal),
    /// The same for every row.
    Literal(Literal),
    /// A calculation. Divisors are literals other than 0.
    Calculation(Arithmetic, Box<[Expression; 2]>),
}

/// Where in a text another one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Place {
    Anywhere,
    Start,
    End,
    Whole,
}

/// What is asked of one column. Each holds only where the column has a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Question {
    /// Equal to one of them.
    Among(Vec<Literal>),
    /// Has a text in it, not an empty one.
    Has {
        /// Where.
        place: Place,
        /// Which.
        text: String,
        /// Whether capital and small letters are the same; then the text has only plain letters.
        ignoring_case: bool,
    },
    /// Has a part that fits a regular expression.
    Matches {
        /// The expression.
        pattern: String,
        /// Whether capital and small letters are the same.
        ignoring_case: bool,
    },
    /// A list with these values.
    Holds(Holding, Vec<String>),
    /// A list with any value.
    Filled,
}

/// A rule in two values.
#[derive(Clone, Debug, PartialEq)]
pub enum Logic {
    /// Everyone or nobody.
    Constant(bool),
    /// All of them.
    All(Vec<Logic>),
    /// Any of them.
    Any(Vec<Logic>),
    /// The column has no value; with `false` it has one.
    Missing(String, bool),
    /// False where a column in it is missing.
    Compare(Expression, Comparison, Expression),
    /// The column has a value, and of it the question is answered so.
    Asks(String, Question, bool),
}

/// What a rule depends on besides its text.
#[derive(Clone, Copy, Debug, Default)]
pub struct Around<'a> {
    /// The table's columns.
    pub known: Known<'a>,
    /// The day to which "last" and "next" are measured. Without it they cannot be said.
    pub reference_date: Option<i32>,
}

/// Who is in, in two values.
///
/// # Errors
/// `unsupported`, with every part that cannot be said and why.
pub fn lower(rule: &Rule, around: &Around, format_name: &str) -> Result<Logic> {
    let mut lowering = Lowering { around, reasons: Vec::new() };
    let logic = lowering.rule(rule, true);
    if lowering.reasons.is_empty() { Ok(logic) } else { Err(refused(&lowering.reasons, format_name)) }
}

/// The error that names every part that a format cannot say.
pub fn refused(reasons: &[String], format_name: &str) -> Error {
    let listed = reasons.join("; ");
    Error::new(
        Code::Unsupported,
        format!("{format_name} cannot say all of this rule: {listed}. Change these parts, or export SQL."),
    )
}

struct Lowering<'a> {
    around: &'a Around<'a>,
    reasons: Vec<String>,
}

type Said<T> = std::result::Result<T, &'static str>;

impl Lowering<'_> {
    /// Where the rule's answer is `want`.
    fn rule(&mut self, rule: &Rule, want: bool) -> Logic {
        match rule {
            Rule::Everyone => Logic::Constant(want),
            Rule::Not(inner) => self.rule(inner, !want),
            Rule::Group(combinator, rules) => {
                let parts = rules.iter().map(|rule| self.rule(rule, want)).collect();
                group((*combinator == Combinator::And) == want, parts)
            }
            Rule::Condition(condition) => {
                self.condition(condition, want).unwrap_or_else(|reason| self.refuse(rule, reason))
            }
            Rule::Segment(_) => self.refuse(rule, "another segment"),
            Rule::Sequence(_) => self.refuse(rule, "a sequence of orders"),
        }
    }

    fn refuse(&mut self, rule: &Rule, reason: &str) -> Logic {
        self.reasons.push(format!("“{}” ({reason})", format(rule)));
        Logic::Constant(false)
    }

    fn condition(&self, condition: &Condition, want: bool) -> Said<Logic> {
        match &condition.missing_as {
            None => self.test(condition, None, want),
            // Unknown counts as this: whatever is not the opposite.
            Some(MissingAs::Answer(answer)) if *answer == want => Ok(inverse(self.test(condition, None, !want)?)),
            Some(MissingAs::Answer(_)) => self.test(condition, None, want),
            Some(MissingAs::Value(operand)) => {
                let value = literal(&operand.value)?;
                let alone = matches!(condition.subject.value, Value::Column(_))
                    && condition.operands().iter().all(|operand| literal(&operand.value).is_ok());
                match alone.then(|| passes(condition, &value)).flatten() {
                    Some(answer) if answer == want => Ok(inverse(self.test(condition, None, !want)?)),
                    Some(_) => self.test(condition, None, want),
                    None if matches!(
                        condition.test,
                        Test::Compare(..) | Test::Between { .. } | Test::In { .. } | Test::Within { .. }
                    ) =>
                    {
                        self.test(condition, Some(&value), want)
                    }
                    None => Err("a value that stands in, in such a test"),
                }
            }
        }
    }

    /// Where the test's own answer is `want`, missing values aside.
    fn test(&self, condition: &Condition, filled: Option<&Literal>, want: bool) -> Said<Logic> {
        let test = &condition.test;
        let sense = want != test.is_negated();
        if let (Value::Column(name), Some(ColumnType::List)) =
            (&condition.subject.value, self.kind(&condition.subject.value))
        {
            return self.list(name, condition, sense);
        }
        let folding = condition.ignoring_case;
        match test {
            Test::Compare(comparison, operand) => {
                let comparison = if want { *comparison } else { opposite(*comparison) };
                self.compare(condition, filled, comparison, operand)
            }
            Test::Between { low, high, exclusive, .. } => {
                let (above, below) = match exclusive {
                    true => (Comparison::Greater, Comparison::Less),
                    false => (Comparison::AtLeast, Comparison::AtMost),
                };
                let side = |comparison, operand| {
                    self.compare(condition, filled, if sense { comparison } else { opposite(comparison) }, operand)
                };
                Ok(group(sense, vec![side(above, low)?, side(below, high)?]))
            }
            Test::In { options, .. } => {
                let literals: Said<Vec<Literal>> = options
                    .iter()
                    .map(|option| self.fitting(&condition.subject.value, literal(&option.value)?))
                    .collect();
                match (&condition.subject.value, literals) {
                    (Value::Column(name), Ok(literals))
                        if !folding
                            && filled.is_none()
                            && self.kind(&condition.subject.value) != Some(ColumnType::Time) =>
                    {
                        Ok(Logic::Asks(name.clone(), Question::Among(literals), sense))
                    }
                    _ => {
                        let comparison = if sense { Comparison::Equal } else { Comparison::NotEqual };
                        let each: Said<Vec<Logic>> =
                            options.iter().map(|option| self.compare(condition, filled, comparison, option)).collect();
                        Ok(group(!sense, each?))
                    }
                }
            }
            Test::Has { part, what, .. } => {
                let place = match part {
                    Part::Anywhere => Place::Anywhere,
                    Part::Start => Place::Start,
                    Part::End => Place::End,
                };
                has(column(condition)?, place, text(what)?, folding, sense)
            }
            Test::Pattern { kind: PatternKind::Matches, pattern, .. } => {
                let pattern = text(pattern)?.to_string();
                Ok(Logic::Asks(column(condition)?.into(), Question::Matches { pattern, ignoring_case: folding }, sense))
            }
            Test::Pattern { pattern, .. } => {
                let (place, what) =
                    simple_like(text(pattern)?).ok_or("a pattern with “_”, or with “%” in the middle")?;
                has(column(condition)?, place, &what, folding, sense)
            }
            Test::Missing { .. } => {
                let mut columns = Vec::new();
                columns_of(&self.expression(&condition.subject, None)?, &mut columns);
                Ok(group(!sense, columns.into_iter().map(|name| Logic::Missing(name, sense)).collect()))
            }
            Test::Blank { .. } => Err("“is blank” of a text; ask whether it is missing"),
            Test::Within { direction, amount, unit, .. } => {
                if *unit == Unit::Hour {
                    return Err("hours back from now");
                }
                let reference = self.around.reference_date.ok_or("days back from a reference date")?;
                let span = within(reference, *direction, *amount, *unit);
                let side = |comparison, day: i32| {
                    let day = Value::Day(day).operand();
                    self.compare(condition, filled, if sense { comparison } else { opposite(comparison) }, &day)
                };
                Ok(group(
                    sense,
                    vec![side(Comparison::AtLeast, span.from)?, side(Comparison::AtMost, span.to.saturating_sub(1))?],
                ))
            }
            Test::Period { .. } => Err("a period of the calendar; write the days themselves"),
            Test::Anniversary { .. } => Err("a yearly return"),
            Test::Top(_) => Err("a rank, which depends on the other customers"),
            Test::Holds { .. } => Err("values of a list, in a column that is not known to be one"),
        }
    }

    /// What is asked of a column of lists.
    fn list(&self, name: &str, condition: &Condition, sense: bool) -> Said<Logic> {
        let unequal = matches!(condition.test, Test::Compare(Comparison::NotEqual, _));
        let (how, options): (Holding, Vec<&Operand>) = match &condition.test {
            Test::Missing { .. } => return Ok(Logic::Missing(name.into(), sense)),
            Test::Blank { .. } if sense => return Ok(inverse(Logic::Asks(name.into(), Question::Filled, true))),
            Test::Blank { .. } => return Ok(Logic::Asks(name.into(), Question::Filled, true)),
            Test::Holds { how, options, .. } => (*how, options.iter().collect()),
            Test::In { options, .. } => (Holding::Any, options.iter().collect()),
            Test::Compare(Comparison::Equal | Comparison::NotEqual, option)
            | Test::Has { part: Part::Anywhere, what: option, .. } => (Holding::Any, vec![option]),
            _ => return Err("this test of a list"),
        };
        if condition.ignoring_case {
            return Err("a list, ignoring case");
        }
        let texts: Said<Vec<String>> = options.into_iter().map(|option| text(option).map(String::from)).collect();
        Ok(Logic::Asks(name.into(), Question::Holds(how, texts?), sense != unequal))
    }

    fn compare(
        &self,
        condition: &Condition,
        filled: Option<&Literal>,
        comparison: Comparison,
        operand: &Operand,
    ) -> Said<Logic> {
        let left = self.expression(&condition.subject, filled)?;
        let mut right = self.expression(operand, filled)?;
        if let Expression::Literal(value) = right {
            right = Expression::Literal(self.fitting(&condition.subject.value, value)?);
        }
        let equality = matches!(comparison, Comparison::Equal | Comparison::NotEqual);
        match (&left, &right) {
            (Expression::Column(name), Expression::Literal(Literal::Text(text)))
                if condition.ignoring_case && equality =>
            {
                return has(name, Place::Whole, text, true, comparison == Comparison::Equal);
            }
            _ if condition.ignoring_case => return Err("such a comparison, ignoring case"),
            // A moment is compared with a day by its own day.
            (Expression::Column(_) | Expression::Filled(..), Expression::Literal(Literal::Text(day)))
                if self.kind(&condition.subject.value) == Some(ColumnType::Time) =>
            {
                let Ok(day) = parse_iso_day(day) else { return Err("a moment; use a day") };
                let at = |comparison, day: i32| {
                    Logic::Compare(left.clone(), comparison, Expression::Literal(Literal::Text(format_day(day))))
                };
                let (begins, ends) = (day, day.saturating_add(1));
                return Ok(match comparison {
                    Comparison::Less => at(Comparison::Less, begins),
                    Comparison::AtMost => at(Comparison::Less, ends),
                    Comparison::Greater => at(Comparison::AtLeast, ends),
                    Comparison::AtLeast => at(Comparison::AtLeast, begins),
                    Comparison::Equal => group(true, vec![at(Comparison::AtLeast, begins), at(Comparison::Less, ends)]),
                    Comparison::NotEqual => {
                        group(false, vec![at(Comparison::Less, begins), at(Comparison::AtLeast, ends)])
                    }
                });
            }
            _ => {}
        }
        let kinds = [self.kind(&condition.subject.value), self.kind(&operand.value)];
        if kinds.contains(&Some(ColumnType::Time)) && kinds.contains(&Some(ColumnType::Date)) {
            return Err("a moment compared with a column of days");
        }
        Ok(Logic::Compare(left, comparison, right))
    }

    fn expression(&self, operand: &Operand, filled: Option<&Literal>) -> Said<Expression> {
        Ok(match &operand.value {
            Value::Column(name) => match filled {
                Some(literal) => Expression::Filled(name.clone(), literal.clone()),
                None => Expression::Column(name.clone()),
            },
            Value::Calculation(calculation, of) => {
                let [left, right] = [self.expression(&of[0], filled)?, self.expression(&of[1], filled)?];
                let safe = matches!(right, Expression::Literal(Literal::Number(number)) if number != 0.0);
                if *calculation == Arithmetic::Divide && !safe {
                    return Err("a division by what may be 0");
                }
                Expression::Calculation(*calculation, Box::new([left, right]))
            }
            Value::Call(Function::ReferenceDate, _) => {
                let day = self.around.reference_date.ok_or("the reference date")?;
                Expression::Literal(Literal::Text(format_day(day)))
            }
            Value::Call(..) => return Err("a function"),
            Value::Orders(_) => return Err("what the customer’s orders come to"),
            value => Expression::Literal(literal(value)?),
        })
    }

    /// A literal as the column beside it holds values: 'Yes' beside yes/no is true.
    fn fitting(&self, subject: &Value, literal: Literal) -> Said<Literal> {
        Ok(match (self.kind(subject), literal) {
            (Some(ColumnType::Boolean), Literal::Number(number)) => Literal::Boolean(number == 1.0),
            (Some(ColumnType::Boolean), Literal::Text(text)) => {
                let said = |word: &str| says(text.trim(), word);
                let answer = PAIRS.iter().find_map(|(yes, no)| said(yes).then_some(true).or(said(no).then_some(false)));
                Literal::Boolean(answer.ok_or("a text that is neither yes nor no")?)
            }
            (_, literal) => literal,
        })
    }

    fn kind(&self, value: &Value) -> Option<ColumnType> {
        if let Value::Column(name) = value { self.around.known.kind(name) } else { None }
    }
}

/// The columns of an expression that must have a value.
pub fn columns_of(expression: &Expression, found: &mut Vec<String>) {
    match expression {
        Expression::Column(name) if !found.contains(name) => found.push(name.clone()),
        Expression::Calculation(_, of) => of.iter().for_each(|part| columns_of(part, found)),
        Expression::Column(_) | Expression::Filled(..) | Expression::Literal(_) => {}
    }
}

/// The comparison that holds where this one does not.
pub fn opposite(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::Equal => Comparison::NotEqual,
        Comparison::NotEqual => Comparison::Equal,
        Comparison::Less => Comparison::AtLeast,
        Comparison::AtMost => Comparison::Greater,
        Comparison::Greater => Comparison::AtMost,
        Comparison::AtLeast => Comparison::Less,
    }
}

/// All or any of the parts, in its simplest form.
fn group(all: bool, parts: Vec<Logic>) -> Logic {
    let mut left = Vec::new();
    for part in parts {
        match part {
            Logic::Constant(answer) if answer == all => {}
            Logic::Constant(answer) => return Logic::Constant(answer),
            Logic::All(inner) if all => left.extend(inner),
            Logic::Any(inner) if !all => left.extend(inner),
            part => left.push(part),
        }
    }
    match (left.len(), all) {
        (0, _) => Logic::Constant(all),
        (1, _) => left.remove(0),
        (_, true) => Logic::All(left),
        (_, false) => Logic::Any(left),
    }
}

/// Everyone for whom it is false, also where values are missing.
fn inverse(logic: Logic) -> Logic {
    match logic {
        Logic::Constant(answer) => Logic::Constant(!answer),
        Logic::All(parts) => group(false, parts.into_iter().map(inverse).collect()),
        Logic::Any(parts) => group(true, parts.into_iter().map(inverse).collect()),
        Logic::Missing(name, is) => Logic::Missing(name, !is),
        Logic::Asks(name, question, sense) => {
            group(false, vec![Logic::Missing(name.clone(), true), Logic::Asks(name, question, !sense)])
        }
        Logic::Compare(left, comparison, right) => {
            let mut columns = Vec::new();
            columns_of(&left, &mut columns);
            columns_of(&right, &mut columns);
            let mut parts: Vec<Logic> = columns.into_iter().map(|name| Logic::Missing(name, true)).collect();
            parts.push(Logic::Compare(left, opposite(comparison), right));
            group(false, parts)
        }
    }
}

fn has(column: &str, place: Place, text: &str, ignoring_case: bool, sense: bool) -> Said<Logic> {
    if ignoring_case && !text.is_ascii() {
        return Err("letters other than a to z, ignoring case");
    }
    if text.is_empty() && place != Place::Whole {
        return Ok(if sense { Logic::Missing(column.into(), false) } else { Logic::Constant(false) });
    }
    Ok(match (place, ignoring_case) {
        (Place::Whole, false) => Logic::Asks(column.into(), Question::Among(vec![Literal::Text(text.into())]), sense),
        _ => Logic::Asks(column.into(), Question::Has { place, text: text.into(), ignoring_case }, sense),
    })
}

/// A pattern of "like" that only has "%" at its ends.
fn simple_like(pattern: &str) -> Option<(Place, String)> {
    let (open, rest) = pattern.strip_prefix('%').map_or((false, pattern), |rest| (true, rest));
    let (mut inner, mut chars, mut close) = (String::new(), rest.chars().peekable(), false);
    while let Some(char) = chars.next() {
        match char {
            '\\' => inner.push(chars.next()?),
            '%' if chars.peek().is_none() => close = true,
            '%' | '_' => return None,
            char => inner.push(char),
        }
    }
    Some(match (open, close) {
        (true, true) => (Place::Anywhere, inner),
        (false, true) => (Place::Start, inner),
        (true, false) => (Place::End, inner),
        (false, false) => (Place::Whole, inner),
    })
}

fn column(condition: &Condition) -> Said<&str> {
    if let Value::Column(name) = &condition.subject.value { Ok(name) } else { Err("a text that is calculated") }
}

fn text(operand: &Operand) -> Said<&str> {
    if let Value::Text(text) = &operand.value { Ok(text) } else { Err("a text that is not written out") }
}

fn literal(value: &Value) -> Said<Literal> {
    Ok(match value {
        Value::Number(number) => Literal::Number(*number),
        Value::Text(text) => Literal::Text(text.clone()),
        Value::Day(day) => Literal::Text(format_day(*day)),
        Value::Boolean(value) => Literal::Boolean(*value),
        Value::Parameter(_) => return Err("a parameter; write its value"),
        _ => return Err("a value that is not written out"),
    })
}

/// Whether a value passes a test of literals; none where that is not worked out here.
fn passes(condition: &Condition, value: &Literal) -> Option<bool> {
    let folded = |text: &str| if condition.ignoring_case { text.to_lowercase() } else { text.to_string() };
    let order = |operand: &Operand| match (value, literal(&operand.value).ok()?) {
        (Literal::Number(left), Literal::Number(right)) => left.partial_cmp(&right),
        (Literal::Text(left), Literal::Text(right)) => Some(folded(left).cmp(&folded(&right))),
        (Literal::Boolean(left), Literal::Boolean(right)) => Some(left.cmp(&right)),
        _ => None,
    };
    let holds = |comparison, operand: &Operand| {
        let order = order(operand)?;
        Some(match comparison {
            Comparison::Equal => order.is_eq(),
            Comparison::NotEqual => order.is_ne(),
            Comparison::Less => order.is_lt(),
            Comparison::AtMost => order.is_le(),
            Comparison::Greater => order.is_gt(),
            Comparison::AtLeast => order.is_ge(),
        })
    };
    let plain = match &condition.test {
        Test::Compare(comparison, operand) => holds(*comparison, operand)?,
        Test::Between { low, high, exclusive: false, .. } => {
            holds(Comparison::AtLeast, low)? && holds(Comparison::AtMost, high)?
        }
        Test::Between { low, high, .. } => holds(Comparison::Greater, low)? && holds(Comparison::Less, high)?,
        Test::In { options, .. } => {
            let equal: Option<Vec<bool>> = options.iter().map(|option| holds(Comparison::Equal, option)).collect();
            equal?.contains(&true)
        }
        Test::Has { part, what, .. } => {
            let Literal::Text(value) = value else { return None };
            let (value, what) = (folded(value), folded(text(what).ok()?));
            match part {
                Part::Anywhere => value.contains(&what),
                Part::Start => value.starts_with(&what),
                Part::End => value.ends_with(&what),
            }
        }
        _ => return None,
    };
    Some(plain != condition.test.is_negated())
}
