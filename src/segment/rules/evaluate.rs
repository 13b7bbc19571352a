//! Who is in, out or unknown? A rule answered for every row of a table, with the answer of each of its parts.
//!
//! Conditions run over whole columns; a text condition is asked once of each distinct value and then looked up.

use crate::error::{Code, Error, Result};
use crate::segment::rules::answer::Answer;
use crate::segment::rules::calendar::{day_of, shift};
use crate::segment::rules::check::{Typed, check, typed};
use crate::segment::rules::format::format;
use crate::segment::rules::kernels::{compare, mask, one_of};
use crate::segment::rules::rows::{days, moments, numbers};
use crate::segment::rules::rule_error::first;
use crate::segment::rules::schema::Schema;
use crate::segment::rules::tree::{
    Combinator, Comparison, Condition, Direction, MissingAs, Operand, Part, Rule, Test, Value,
};
use crate::segment::rules::words::{Words, fold};
use crate::table::bitmap::Bitmap;
use crate::table::column::{Column, ColumnType, Data};
use crate::table::date::MS_PER_DAY;
use crate::table::table::{Table, not_loaded};
use std::borrow::Cow;

/// What a rule's answer depends on besides the rows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Context {
    /// The day to which "last" and "next" are measured, as days since 1970-01-01.
    pub reference_date: i32,
}

/// The answer of a rule and of each of its parts.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// Rows for which the rule is true. Part of `known`.
    pub yes: Bitmap,
    /// Rows for which it is true or false; the others are unknown.
    pub known: Bitmap,
    /// This part of the rule, in canonical text.
    pub text: String,
    /// The answers of a group's rules or of what a "not" negates; none for a condition.
    pub children: Vec<Verdict>,
}

/// Answers a rule for every row.
///
/// # Errors
/// What [`check`] finds first (`unknown-column`, `rule-type`), and `wrong-type` for a column that was not kept in memory.
pub fn evaluate(rule: &Rule, table: &Table, context: &Context) -> Result<Verdict> {
    let columns: Vec<(String, ColumnType)> = table.columns.iter().map(|c| (c.name.clone(), c.kind())).collect();
    let errors = check(rule, &Schema::of(&columns));
    if !errors.is_empty() {
        return Err(first(errors));
    }
    Evaluator { table, columns, context: *context }.rule(rule)
}

struct Evaluator<'a> {
    table: &'a Table,
    columns: Vec<(String, ColumnType)>,
    context: Context,
}

impl<'a> Evaluator<'a> {
    fn rule(&self, rule: &Rule) -> Result<Verdict> {
        let (answer, children) = match rule {
            Rule::Segment(_) | Rule::Sequence(_) => return Err(not_yet()),
            Rule::Everyone => (Answer::everyone(self.table.row_count), Vec::new()),
            Rule::Condition(condition) => (self.condition(condition)?, Vec::new()),
            Rule::Not(inner) => {
                let inner = self.rule(inner)?;
                let answer = Answer { yes: inner.yes.clone(), known: inner.known.clone() }.not();
                (answer, vec![inner])
            }
            Rule::Group(combinator, rules) => {
                let children: Vec<Verdict> = rules.iter().map(|rule| self.rule(rule)).collect::<Result<_>>()?;
                let everyone = Answer::everyone(self.table.row_count);
                let start = if *combinator == Combinator::And { everyone } else { everyone.not() };
                let answer = children.iter().fold(start, |sofar, child| {
                    let next = Answer { yes: child.yes.clone(), known: child.known.clone() };
                    if *combinator == Combinator::And { sofar.and(&next) } else { sofar.or(&next) }
                });
                (answer, children)
            }
        };
        Ok(Verdict { yes: answer.yes, known: answer.known, text: format(rule), children })
    }

    fn condition(&self, condition: &Condition) -> Result<Answer> {
        let Value::Column(subject) = &condition.subject.value else { return Err(not_yet()) };
        let column = self.table.column(subject)?;
        let stand_in = match &condition.missing_as {
            Some(MissingAs::Value(operand)) => Some(self.typed(column, operand)?),
            _ => None,
        };
        let test = &condition.test;
        let answer = match (&column.data, test) {
            (Data::Unloaded(_), _) => return Err(not_loaded(&column.name)),
            (_, Test::Missing { .. }) => Answer { yes: column.valid.not(), known: Bitmap::ones(column.len()) },
            (Data::Number(_), _) => self.number_condition(column, test, stand_in)?,
            (Data::Date(_) | Data::Time(_), _) => self.calendar_condition(column, test, stand_in)?,
            (Data::Boolean(values), _) => self.boolean_condition(column, values, test)?,
            (Data::Text(_) | Data::List(_), _) => {
                let stand_in = stand_in.and_then(|value| match value {
                    Typed::Text(text) => Some(fold(text, condition.ignoring_case)),
                    _ => None,
                });
                self.text_condition(column, condition, stand_in.as_deref())?
            }
        };
        let answer = answer.negated_if(test.is_negated());
        Ok(match condition.missing_as {
            Some(MissingAs::Answer(truth)) => answer.unknown_as(truth),
            _ => answer,
        })
    }

    fn typed<'o>(&'o self, column: &Column, operand: &'o Operand) -> Result<Typed<'o>> {
        Ok(typed(&column.name, column.kind(), operand, &Schema::of(&self.columns))?)
    }

    fn number_condition(&self, column: &Column, test: &Test, stand_in: Option<Typed>) -> Result<Answer> {
        let stand_in = match stand_in {
            Some(Typed::Number(number)) => Some(number),
            _ => None,
        };
        let left = numbers(column, stand_in)?;
        if let Test::In { options, .. } = test {
            let mut constants = Vec::new();
            let mut answers = Vec::new();
            for option in options {
                match self.typed(column, option)? {
                    Typed::Number(number) => constants.push(number),
                    Typed::Column(name) => {
                        answers.push(left.with_rows(Comparison::Equal, &numbers(self.table.column(name)?, stand_in)?));
                    }
                    other => return Err(clash(column, other)),
                }
            }
            return Ok(any_of(left.among(&constants), answers));
        }
        by_comparisons(test, &|comparison, operand| match self.typed(column, operand)? {
            Typed::Number(number) => Ok(left.with(comparison, number)),
            Typed::Column(name) => Ok(left.with_rows(comparison, &numbers(self.table.column(name)?, stand_in)?)),
            other => Err(clash(column, other)),
        })
    }

    /// Dates and times. A time that meets a day or a date is compared by its own day, UTC.
    fn calendar_condition(&self, column: &Column, test: &Test, stand_in: Option<Typed>) -> Result<Answer> {
        let (day, moment) = match stand_in {
            Some(Typed::Day(day)) => (Some(day), Some(i64::from(day) * MS_PER_DAY)),
            Some(Typed::Moment(moment)) => (Some(day_of(moment)), Some(moment)),
            _ => (None, None),
        };
        if let Test::Within { direction, amount, unit, .. } = *test {
            let reference = self.context.reference_date;
            let left = days(column, day)?;
            return Ok(match direction {
                Direction::Last => left
                    .with(Comparison::Greater, shift(reference, -i64::from(amount), unit))
                    .and(&left.with(Comparison::AtMost, reference)),
                Direction::Next => left
                    .with(Comparison::AtLeast, reference)
                    .and(&left.with(Comparison::Less, shift(reference, i64::from(amount), unit))),
            });
        }
        by_comparisons(test, &|comparison, operand| match self.typed(column, operand)? {
            Typed::Day(other) => Ok(days(column, day)?.with(comparison, other)),
            Typed::Moment(other) => Ok(moments(column, moment)?.with(comparison, other)),
            Typed::Column(name) => {
                let other = self.table.column(name)?;
                if column.kind() == ColumnType::Time && other.kind() == ColumnType::Time {
                    Ok(moments(column, moment)?.with_rows(comparison, &moments(other, moment)?))
                } else {
                    Ok(days(column, day)?.with_rows(comparison, &days(other, day)?))
                }
            }
            other => Err(clash(column, other)),
        })
    }

    fn boolean_condition(&self, column: &Column, values: &Bitmap, test: &Test) -> Result<Answer> {
        by_comparisons(test, &|comparison, operand| {
            let equal = match self.typed(column, operand)? {
                Typed::Boolean(true) => Answer::new(values, column.valid.clone()),
                Typed::Boolean(false) => Answer::new(&values.not(), column.valid.clone()),
                Typed::Column(name) => {
                    let other = self.table.column(name)?;
                    let Data::Boolean(right) = &other.data else { return Err(not_loaded(name)) };
                    let same = values.and(right).or(&values.or(right).not());
                    Answer::new(&same, column.valid.and(&other.valid))
                }
                other => return Err(clash(column, other)),
            };
            Ok(equal.negated_if(comparison == Comparison::NotEqual))
        })
    }

    /// What meets a constant is asked of the distinct values, what meets another column is asked of each row.
    fn text_condition(&self, column: &Column, condition: &Condition, stand_in: Option<&str>) -> Result<Answer> {
        let fold_case = condition.ignoring_case;
        let words = Words::new(column, fold_case)?;
        let is_list = matches!(column.data, Data::List(_));
        let other = |name: &str| Words::new(self.table.column(name)?, fold_case);
        let compared = |comparison, operand: &Operand| match self.typed(column, operand)? {
            // A list equals a text when one of its values does, and differs when none does.
            Typed::Text(text) if is_list => {
                let text = fold(text, fold_case);
                let equal = words.asked(stand_in, |values| compare(values, Comparison::Equal, &text));
                Ok(equal.negated_if(comparison == Comparison::NotEqual))
            }
            Typed::Text(text) => {
                let text = fold(text, fold_case);
                Ok(words.asked(stand_in, |values| compare(values, comparison, &text)))
            }
            Typed::Column(name) => Ok(words.rows(stand_in).with_rows(comparison, &other(name)?.rows(stand_in))),
            found => Err(clash(column, found)),
        };
        match &condition.test {
            Test::In { options, .. } => {
                let mut constants = Vec::new();
                let mut answers = Vec::new();
                for option in options {
                    match &option.value {
                        Value::Text(text) => constants.push(fold(text, fold_case)),
                        _ => answers.push(compared(Comparison::Equal, option)?),
                    }
                }
                let constants: Vec<&str> = constants.iter().map(Cow::as_ref).collect();
                Ok(any_of(words.asked(stand_in, |values| one_of(values, &constants)), answers))
            }
            Test::Has { part, what, .. } => match self.typed(column, what)? {
                Typed::Text(text) => {
                    let text: &str = &fold(text, fold_case);
                    Ok(match part {
                        Part::Anywhere if is_list => {
                            words.asked(stand_in, |values| mask(values, |value| value == text))
                        }
                        Part::Anywhere => words.containing(text, stand_in),
                        Part::Start => words.asked(stand_in, |values| mask(values, |value| value.starts_with(text))),
                        Part::End => words.asked(stand_in, |values| mask(values, |value| value.ends_with(text))),
                    })
                }
                Typed::Column(name) => {
                    let (right, test): (_, fn(&str, &str) -> bool) = match part {
                        Part::Anywhere => (other(name)?, |value, text| value.contains(text)),
                        Part::Start => (other(name)?, |value, text| value.starts_with(text)),
                        Part::End => (other(name)?, |value, text| value.ends_with(text)),
                    };
                    Ok(words.rows(stand_in).passing_pairs(&right.rows(stand_in), test))
                }
                found => Err(clash(column, found)),
            },
            test => by_comparisons(test, &compared),
        }
    }
}

// ---------------------------------------------------------------- tests made of comparisons

/// A test of equality and order, said in single comparisons. The negation is left to the caller.
fn by_comparisons(test: &Test, ask: &dyn Fn(Comparison, &Operand) -> Result<Answer>) -> Result<Answer> {
    match test {
        Test::Compare(comparison, operand) => ask(*comparison, operand),
        Test::Between { exclusive: true, .. } => Err(not_yet()),
        Test::Between { low, high, .. } => Ok(ask(Comparison::AtLeast, low)?.and(&ask(Comparison::AtMost, high)?)),
        Test::In { options, .. } => {
            let answers: Vec<Answer> =
                options.iter().map(|option| ask(Comparison::Equal, option)).collect::<Result<_>>()?;
            answers.into_iter().reduce(|sofar, next| sofar.or(&next)).ok_or_else(broken)
        }
        Test::Has { .. } | Test::Missing { .. } | Test::Within { .. } => Err(broken()),
        _ => Err(not_yet()),
    }
}

/// True if any of them is.
fn any_of(first: Answer, more: Vec<Answer>) -> Answer {
    more.iter().fold(first, |sofar, next| sofar.or(next))
}

// ---------------------------------------------------------------- impossible things

/// A checked rule cannot compare what does not compare.
fn clash(column: &Column, found: Typed) -> Error {
    Error::new(Code::Internal, format!("A checked rule compared “{}” with {found:?}. Please report this.", column.name))
}

fn not_yet() -> Error {
    Error::new(Code::Unsupported, "This part of a rule is not evaluated yet.")
}

fn broken() -> Error {
    Error::new(Code::Internal, "A checked rule could not be evaluated. Please report this.")
}
