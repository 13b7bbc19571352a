//! Which rows pass a test? Each test of a condition, asked of the values of all rows. Negation is left to the caller.

use crate::error::Result;
use crate::math::search::Place;
use crate::segment::rules::answer::Answer;
use crate::segment::rules::calendar::{Span, anniversary, period, within};
use crate::segment::rules::functions::by_day;
use crate::segment::rules::patterns::Pattern;
use crate::segment::rules::rows::Rows;
use crate::segment::rules::tree::{Comparison, Direction, Holding, Operand, Part, Test, Unit};
use crate::segment::rules::values::Values;
use crate::segment::rules::words::{Words, broken};
use crate::table::column::ColumnType;
use crate::table::date::MS_PER_DAY;
use std::borrow::Cow;

/// What a test is asked with.
pub trait Asked<'a> {
    /// The values of an operand beside values of a type, constants for literals.
    fn beside(&self, kind: ColumnType, operand: &Operand) -> Result<Values<'a>>;
    /// Whether capital and small letters are the same.
    fn folds(&self) -> bool;
    /// The day to which "last" and "next" are measured.
    fn reference_date(&self) -> i32;
}

/// The rows that pass.
///
/// # Errors
/// None for a checked rule.
pub fn passing<'a>(test: &Test, subject: &Values<'a>, asked: &dyn Asked<'a>) -> Result<Answer> {
    let kind = subject.kind();
    let compare = |comparison, operand: &Operand| subject.compare(comparison, &asked.beside(kind, operand)?);
    match test {
        Test::Compare(comparison, operand) => compare(*comparison, operand),
        Test::Between { low, high, exclusive: false, .. } => {
            Ok(compare(Comparison::AtLeast, low)?.and(&compare(Comparison::AtMost, high)?))
        }
        Test::Between { low, high, .. } => {
            Ok(compare(Comparison::Greater, low)?.and(&compare(Comparison::Less, high)?))
        }
        Test::In { options, .. } => among(subject, options, asked),
        Test::Has { part, what, .. } => match (subject, asked.beside(kind, what)?) {
            (Values::Text(words) | Values::List(words), Values::Text(what)) => Ok(has(words, *part, &what)),
            _ => Err(broken()),
        },
        Test::Pattern { kind: written, pattern, .. } => match (subject, asked.beside(ColumnType::Text, pattern)?) {
            (Values::Text(words) | Values::List(words), Values::Text(pattern)) => {
                let pattern = pattern.written().ok_or_else(broken)?;
                let pattern = Pattern::new(*written, pattern, asked.folds()).map_err(|_| broken())?;
                Ok(words.asked(&mut |value| pattern.fits(value)))
            }
            _ => Err(broken()),
        },
        Test::Blank { .. } => match subject {
            Values::Text(words) => Ok(words.asked(&mut |value| value.trim().is_empty()).unknown_as(true)),
            Values::List(words) => Ok(words.entries()?.with(Comparison::Equal, 0.0).unknown_as(true)),
            _ => Err(broken()),
        },
        Test::Holds { how, options, .. } => holding(subject, *how, options, asked),
        Test::Within { direction, amount, unit: Unit::Hour, .. } => {
            let Values::Moment(moments) = subject else { return Err(broken()) };
            let end = (i64::from(asked.reference_date()) + 1) * MS_PER_DAY;
            let span = i64::from(*amount) * 3_600_000;
            let (from, to) = if *direction == Direction::Last { (end - span, end) } else { (end, end + span) };
            Ok(moments.with(Comparison::AtLeast, from).and(&moments.with(Comparison::Less, to)))
        }
        Test::Within { direction, amount, unit, .. } => {
            in_span(subject, within(asked.reference_date(), *direction, *amount, *unit))
        }
        Test::Period { which, unit, fiscal_from, .. } => {
            in_span(subject, period(asked.reference_date(), *which, *unit, *fiscal_from))
        }
        Test::Anniversary { direction, days, .. } => {
            let span = within(asked.reference_date(), *direction, *days, Unit::Day);
            let returns = by_day(subject.clone().days()?, |day| f64::from(u8::from(anniversary(day, span))));
            Ok(returns.with(Comparison::Equal, 1.0))
        }
        Test::Missing { .. } | Test::Top(_) => Err(broken()),
    }
}

/// From a day on, up to but without another.
fn in_span(subject: &Values, span: Span) -> Result<Answer> {
    let rows = subject.known().len();
    let day = |day| Values::Day(Rows::constant(day, rows));
    let from = subject.compare(Comparison::AtLeast, &day(span.from))?;
    Ok(from.and(&subject.compare(Comparison::Less, &day(span.to))?))
}

/// Equal to one of several. Texts, numbers and days that are constant are looked for together.
fn among<'a>(subject: &Values<'a>, options: &[Operand], asked: &dyn Asked<'a>) -> Result<Answer> {
    let (mut texts, mut numbers, mut days) = (Vec::new(), Vec::new(), Vec::new());
    let mut answer: Option<Answer> = None;
    let mut add = |next: Answer| {
        answer = Some(match answer.take() {
            Some(sofar) => sofar.or(&next),
            None => next,
        });
    };
    for option in options {
        let option = asked.beside(subject.kind(), option)?;
        match (subject, &option) {
            (Values::Text(_) | Values::List(_), Values::Text(words)) if words.single().is_some() => {
                texts.extend(words.single().map(Cow::into_owned));
            }
            (Values::Number(_), Values::Number(number)) if number.single().is_some() => numbers.extend(number.single()),
            (Values::Day(_), Values::Day(day)) if day.single().is_some() => days.extend(day.single()),
            _ => add(subject.compare(Comparison::Equal, &option)?),
        }
    }
    match subject {
        Values::Text(words) | Values::List(words) if !texts.is_empty() => add(words.among(&texts, false)),
        Values::Number(rows) if !numbers.is_empty() => add(rows.among(numbers)),
        Values::Day(rows) if !days.is_empty() => add(rows.among(days)),
        _ => {}
    }
    answer.ok_or_else(broken)
}

/// Which texts have another in them.
fn has(words: &Words, part: Part, what: &Words) -> Answer {
    match (part, what.single()) {
        (Part::Anywhere, Some(text)) => words.containing(&text),
        (Part::Start, Some(text)) => words.having(&text, Place::Start),
        (Part::End, Some(text)) => words.having(&text, Place::End),
        (Part::Anywhere, None) => words.pairs(what, &|value, text| value.contains(text)),
        (Part::Start, None) => words.pairs(what, &|value, text| value.starts_with(text)),
        (Part::End, None) => words.pairs(what, &|value, text| value.ends_with(text)),
    }
}

/// Which lists have some values.
fn holding<'a>(subject: &Values<'a>, how: Holding, options: &[Operand], asked: &dyn Asked<'a>) -> Result<Answer> {
    let Values::List(words) = subject else { return Err(broken()) };
    let mut texts = Vec::new();
    for option in options {
        let Values::Text(option) = asked.beside(ColumnType::List, option)? else { return Err(broken()) };
        texts.push(option.single().ok_or_else(broken)?.into_owned());
    }
    if how == Holding::Any {
        return Ok(words.among(&texts, false));
    }
    let all = texts.iter().map(|text| words.having(text, Place::Whole)).reduce(|sofar, next| sofar.and(&next));
    let all = all.ok_or_else(broken)?;
    Ok(if how == Holding::All { all } else { all.and(&words.among(&texts, true).not()) })
}
