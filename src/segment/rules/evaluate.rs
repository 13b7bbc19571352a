//! Who is in, out or unknown? A rule answered for every row of a table, with the answer of each of its parts.
//!
//! Conditions run over whole columns; a text condition is asked once of each distinct value and then looked up.

use crate::error::{Code, Error, Result};
use crate::segment::rules::answer::Answer;
use crate::segment::rules::check::{Typed, check, typed};
use crate::segment::rules::format::format;
use crate::segment::rules::kernels::{compare, compare_pairs, mask, mask_pairs, one_of};
use crate::segment::rules::rule_error::first;
use crate::segment::rules::tree::{
    Combinator, Comparison, Condition, Direction, MissingAs, Operand, Part, Rule, Test, Unit, Value,
};
use crate::table::bitmap::Bitmap;
use crate::table::column::{Column, ColumnType, Data};
use crate::table::date::{MS_PER_DAY, days_in_month, from_civil, to_civil};
use crate::table::table::{Table, not_loaded};
use crate::table::texts::Texts;
use memchr::memmem::Finder;
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
    let errors = check(rule, &columns);
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
        let column = self.table.column(&condition.column)?;
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
            (Data::Text(values), _) => {
                let stand_in = stand_in.and_then(|value| match value {
                    Typed::Text(text) => Some(fold(text, condition.ignoring_case)),
                    _ => None,
                });
                self.text_condition(column, values, condition, stand_in.as_deref())?
            }
        };
        let answer = answer.negated_if(test.is_negated());
        Ok(match condition.missing_as {
            Some(MissingAs::Answer(truth)) => answer.unknown_as(truth),
            _ => answer,
        })
    }

    fn typed<'o>(&self, column: &Column, operand: &'o Operand) -> Result<Typed<'o>> {
        Ok(typed(&column.name, column.kind(), operand, &self.columns)?)
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

    fn text_condition(
        &self,
        column: &Column,
        texts: &Texts,
        condition: &Condition,
        stand_in: Option<&str>,
    ) -> Result<Answer> {
        let fold_case = condition.ignoring_case;
        let mut constants: Vec<Cow<str>> = Vec::new();
        let mut others: Vec<&Column> = Vec::new();
        for operand in condition.operands() {
            match self.typed(column, operand)? {
                Typed::Text(text) => constants.push(fold(text, fold_case)),
                Typed::Column(name) => others.push(self.table.column(name)?),
                other => return Err(clash(column, other)),
            }
        }
        let words = Words::new(column, texts, fold_case);
        let in_list = matches!(condition.test, Test::In { .. });
        // The part that meets constants only is asked of the distinct values; with columns on the right, each row is asked.
        let of_constants = if others.is_empty() || in_list {
            let mut values = words.values();
            values.extend(stand_in);
            let left = Rows { known: Cow::Owned(Bitmap::ones(values.len())), values: Cow::Owned(values) };
            let constants: Vec<&str> = constants.iter().map(Cow::as_ref).collect();
            let per_value = if in_list {
                left.among(&constants)
            } else {
                let mut next = constants.iter();
                text_test(&condition.test, &left, &mut |_| Ok(Right::One(next.next().copied().unwrap_or_default())))?
            };
            words.spread(&per_value.yes, stand_in.is_some())
        } else {
            Answer::everyone(column.len()).not()
        };
        if others.is_empty() {
            return Ok(of_constants);
        }
        let left = words.rows(stand_in);
        let right: Vec<Words> = others
            .iter()
            .map(|other| match &other.data {
                Data::Text(texts) => Ok(Words::new(other, texts, fold_case)),
                _ => Err(not_loaded(&other.name)),
            })
            .collect::<Result<_>>()?;
        let right: Vec<Rows<&str>> = right.iter().map(|words| words.rows(stand_in)).collect();
        if in_list {
            let answers = right.iter().map(|right| left.with_rows(Comparison::Equal, right)).collect();
            return Ok(any_of(of_constants, answers));
        }
        let (mut columns, mut constants) = (right.into_iter(), constants.iter());
        text_test(&condition.test, &left, &mut |operand| match &operand.value {
            Value::Column(_) => columns.next().map(Right::Rows).ok_or_else(broken),
            _ => constants.next().map(|text| Right::One(text.as_ref())).ok_or_else(broken),
        })
    }
}

// ---------------------------------------------------------------- tests made of comparisons

/// A test of equality and order, said in single comparisons. The negation is left to the caller.
fn by_comparisons(test: &Test, ask: &dyn Fn(Comparison, &Operand) -> Result<Answer>) -> Result<Answer> {
    match test {
        Test::Compare(comparison, operand) => ask(*comparison, operand),
        Test::Between { low, high, .. } => Ok(ask(Comparison::AtLeast, low)?.and(&ask(Comparison::AtMost, high)?)),
        Test::In { options, .. } => {
            let answers: Vec<Answer> =
                options.iter().map(|option| ask(Comparison::Equal, option)).collect::<Result<_>>()?;
            answers.into_iter().reduce(|sofar, next| sofar.or(&next)).ok_or_else(broken)
        }
        Test::Has { .. } | Test::Missing { .. } | Test::Within { .. } => Err(broken()),
    }
}

/// A test of text against one text or a text a row.
fn text_test<'v>(
    test: &Test,
    left: &Rows<'v, &'v str>,
    operand: &mut dyn FnMut(&Operand) -> Result<Right<'v>>,
) -> Result<Answer> {
    let mut ask = |comparison, with: &Operand| {
        Ok(match operand(with)? {
            Right::One(text) => left.with(comparison, text),
            Right::Rows(rows) => left.with_rows(comparison, &rows),
        })
    };
    match test {
        Test::Compare(comparison, with) => ask(*comparison, with),
        Test::Between { low, high, .. } => Ok(ask(Comparison::AtLeast, low)?.and(&ask(Comparison::AtMost, high)?)),
        Test::Has { part, what, .. } => Ok(match (operand(what)?, part) {
            (Right::One(text), Part::Anywhere) => {
                let finder = Finder::new(text);
                left.passing(|value| finder.find(value.as_bytes()).is_some())
            }
            (Right::One(text), Part::Start) => left.passing(|value| value.starts_with(text)),
            (Right::One(text), Part::End) => left.passing(|value| value.ends_with(text)),
            (Right::Rows(rows), Part::Anywhere) => left.passing_pairs(&rows, |value, text| value.contains(text)),
            (Right::Rows(rows), Part::Start) => left.passing_pairs(&rows, |value, text| value.starts_with(text)),
            (Right::Rows(rows), Part::End) => left.passing_pairs(&rows, |value, text| value.ends_with(text)),
        }),
        Test::In { .. } | Test::Missing { .. } | Test::Within { .. } => Err(broken()),
    }
}

/// True if any of them is.
fn any_of(first: Answer, more: Vec<Answer>) -> Answer {
    more.iter().fold(first, |sofar, next| sofar.or(next))
}

/// A text, or a text a row.
enum Right<'v> {
    One(&'v str),
    Rows(Rows<'v, &'v str>),
}

// ---------------------------------------------------------------- values by row

/// A value a row, and which rows have one.
struct Rows<'a, T: Clone> {
    values: Cow<'a, [T]>,
    known: Cow<'a, Bitmap>,
}

impl<'a, T: Copy + PartialOrd> Rows<'a, T> {
    /// The column's values, the missing ones replaced where there is something to stand in.
    fn new(column: &'a Column, values: Cow<'a, [T]>, stand_in: Option<T>) -> Rows<'a, T> {
        let Some(stand_in) = stand_in else { return Rows { values, known: Cow::Borrowed(&column.valid) } };
        let mut values = values.into_owned();
        column.valid.not().iter().for_each(|row| values[row] = stand_in);
        Rows { values: Cow::Owned(values), known: Cow::Owned(Bitmap::ones(column.len())) }
    }

    fn with(&self, comparison: Comparison, value: T) -> Answer {
        Answer::new(&compare(&self.values, comparison, value), self.known.as_ref().clone())
    }

    fn with_rows(&self, comparison: Comparison, other: &Rows<T>) -> Answer {
        Answer::new(&compare_pairs(&self.values, comparison, &other.values), self.known.and(&other.known))
    }

    fn among(&self, options: &[T]) -> Answer {
        Answer::new(&one_of(&self.values, options), self.known.as_ref().clone())
    }

    fn passing(&self, test: impl Fn(T) -> bool) -> Answer {
        Answer::new(&mask(&self.values, test), self.known.as_ref().clone())
    }

    fn passing_pairs(&self, other: &Rows<T>, test: impl Fn(T, T) -> bool) -> Answer {
        Answer::new(&mask_pairs(&self.values, &other.values, test), self.known.and(&other.known))
    }
}

fn numbers<'a>(column: &'a Column, stand_in: Option<f64>) -> Result<Rows<'a, f64>> {
    match &column.data {
        Data::Number(values) => Ok(Rows::new(column, Cow::Borrowed(values.as_slice()), stand_in)),
        _ => Err(not_loaded(&column.name)),
    }
}

fn days<'a>(column: &'a Column, stand_in: Option<i32>) -> Result<Rows<'a, i32>> {
    match &column.data {
        Data::Date(values) => Ok(Rows::new(column, Cow::Borrowed(values.as_slice()), stand_in)),
        Data::Time(values) => Ok(Rows::new(column, values.iter().map(|&moment| day_of(moment)).collect(), stand_in)),
        _ => Err(not_loaded(&column.name)),
    }
}

fn moments<'a>(column: &'a Column, stand_in: Option<i64>) -> Result<Rows<'a, i64>> {
    match &column.data {
        Data::Time(values) => Ok(Rows::new(column, Cow::Borrowed(values.as_slice()), stand_in)),
        _ => Err(not_loaded(&column.name)),
    }
}

/// The civil day of a moment, UTC.
fn day_of(moment: i64) -> i32 {
    moment.div_euclid(MS_PER_DAY) as i32
}

/// A text column with its distinct values as they are compared: as they are, or in small letters.
struct Words<'a> {
    column: &'a Column,
    texts: &'a Texts,
    folded: Option<Vec<String>>,
}

impl<'a> Words<'a> {
    fn new(column: &'a Column, texts: &'a Texts, fold_case: bool) -> Words<'a> {
        let folded = fold_case.then(|| texts.values().map(|value| fold(value, true).into_owned()).collect());
        Words { column, texts, folded }
    }

    /// The distinct values by code.
    fn values(&self) -> Vec<&str> {
        match &self.folded {
            Some(folded) => folded.iter().map(String::as_str).collect(),
            None => self.texts.values().collect(),
        }
    }

    /// A value a row.
    fn rows<'s>(&'s self, stand_in: Option<&'s str>) -> Rows<'s, &'s str> {
        let values = self.values();
        let by_row = self.texts.codes().iter().map(|&code| values.get(code as usize).copied().unwrap_or_default());
        Rows::new(self.column, by_row.collect(), stand_in)
    }

    /// Answers by code as answers by row. With a stand-in, its answer stands behind those of the values.
    fn spread(&self, per_value: &Bitmap, stand_in: bool) -> Answer {
        let valid = &self.column.valid;
        let passes: Vec<u8> = (0..self.texts.distinct()).map(|code| u8::from(per_value.get(code))).collect();
        let yes = mask(self.texts.codes(), |code| passes.get(code as usize) == Some(&1));
        let answer = Answer::new(&yes, valid.clone());
        if stand_in { answer.unknown_as(per_value.get(self.texts.distinct())) } else { answer }
    }
}

/// The text as it is compared: each character in small letters where case does not count.
fn fold(text: &str, fold_case: bool) -> Cow<'_, str> {
    if !fold_case {
        Cow::Borrowed(text)
    } else if text.is_ascii() {
        Cow::Owned(text.to_ascii_lowercase())
    } else {
        Cow::Owned(text.chars().flat_map(char::to_lowercase).collect())
    }
}

// ---------------------------------------------------------------- calendar, impossible things

/// A day moved by whole units. Months and years go by the calendar and stop at a month's last day: 31 March less one month
/// is 28 or 29 February. Past the years 0 to 9999 it is as far away as can be.
fn shift(day: i32, amount: i64, unit: Unit) -> i32 {
    let farthest = if amount < 0 { i32::MIN } else { i32::MAX };
    let by_days = |days: i64| i32::try_from(i64::from(day) + days).unwrap_or(farthest);
    let by_months = |months: i64| {
        let (year, month, of_month) = to_civil(day);
        let total = i64::from(year) * 12 + i64::from(month) - 1 + months;
        let (year, month) = (total.div_euclid(12), total.rem_euclid(12) as u32 + 1);
        let year = i32::try_from(year).ok().filter(|year| (0..=9999).contains(year));
        year.and_then(|year| from_civil(year, month, of_month.min(days_in_month(year, month)))).unwrap_or(farthest)
    };
    match unit {
        Unit::Day => by_days(amount),
        Unit::Week => by_days(amount * 7),
        Unit::Month => by_months(amount),
        Unit::Year => by_months(amount * 12),
    }
}

/// A checked rule cannot compare what does not compare.
fn clash(column: &Column, found: Typed) -> Error {
    Error::new(Code::Internal, format!("A checked rule compared “{}” with {found:?}. Please report this.", column.name))
}

fn broken() -> Error {
    Error::new(Code::Internal, "A checked rule could not be evaluated. Please report this.")
}
