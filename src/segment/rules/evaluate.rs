//! Who is in, out or unknown? A rule answered for every row of a table, with the answer of each of its parts.
//!
//! Conditions run over whole columns; a text condition is asked once of each distinct value and then looked up.

use crate::error::Result;
use crate::math::search::Place;
use crate::segment::rules::answer::Answer;
use crate::segment::rules::cache::{Cache, Leaf};
use crate::segment::rules::calendar::{day_of, shift};
use crate::segment::rules::check::{Typed, check, typed};
use crate::segment::rules::format::format;
use crate::segment::rules::rows::{Rows, moments, numbers};
use crate::segment::rules::rule_error::first;
use crate::segment::rules::tree::{Comparison, Condition, Direction, MissingAs, Operand, Part, Rule, Test, Value};
use crate::segment::rules::values::{StandIn, Values, broken};
use crate::segment::rules::words::{Folded, Words, fold, texts_of};
use crate::table::bitmap::Bitmap;
use crate::table::column::{ColumnType, Data};
use crate::table::date::MS_PER_DAY;
use crate::table::table::{Table, not_loaded};
use std::borrow::Cow;
use std::cell::OnceCell;
use std::rc::Rc;

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
    pub yes: Rc<Bitmap>,
    /// Rows for which it is true or false; the others are unknown.
    pub known: Rc<Bitmap>,
    /// This part of the rule, in canonical text.
    pub text: String,
    /// Rows that "treat missing as" decided, for conditions that say so.
    pub treated: Option<usize>,
    /// What the rows that are in come to, once somebody asked.
    pub revenue: Rc<OnceCell<f64>>,
    /// The answers of a group's rules or of what a "not" negates; none for a condition.
    pub children: Vec<Verdict>,
}

/// Answers a rule for every row.
///
/// # Errors
/// What [`check`] finds first (`unknown-column`, `rule-type`), and `wrong-type` for a column that was not kept in memory.
pub fn evaluate(rule: &Rule, table: &Table, context: &Context) -> Result<Verdict> {
    evaluate_with(rule, table, context, &Cache::default())
}

/// The same with conditions that were answered before; see [`Cache`] for what the owner has to mind.
///
/// # Errors
/// As for [`evaluate`].
pub fn evaluate_with(rule: &Rule, table: &Table, context: &Context, cache: &Cache) -> Result<Verdict> {
    let columns: Vec<(String, ColumnType)> = table.columns.iter().map(|c| (c.name.clone(), c.kind())).collect();
    let errors = check(rule, &columns);
    if !errors.is_empty() {
        return Err(first(errors));
    }
    Evaluator { table, columns, context: *context, cache }.rule(rule)
}

struct Evaluator<'a> {
    table: &'a Table,
    columns: Vec<(String, ColumnType)>,
    context: Context,
    cache: &'a Cache,
}

impl<'a> Evaluator<'a> {
    fn rule(&self, rule: &Rule) -> Result<Verdict> {
        let text = format(rule);
        let (leaf, children) = match rule {
            Rule::Everyone => (Leaf::new(Answer::constant(self.table.row_count, true)), Vec::new()),
            Rule::Condition(condition) => (self.leaf(&text, condition)?, Vec::new()),
            Rule::Not(inner) => {
                let inner = self.rule(inner)?;
                (Leaf::new(inner.answer().not()), vec![inner])
            }
            Rule::Group(combinator, rules) => {
                let children: Vec<Verdict> = rules.iter().map(|rule| self.rule(rule)).collect::<Result<_>>()?;
                let join = |sofar: Answer, child: &Verdict| sofar.joined(*combinator, &child.answer());
                let answer = match children.split_first() {
                    Some((first, rest)) => rest.iter().fold(first.answer(), join),
                    None => return Err(broken()),
                };
                (Leaf::new(answer), children)
            }
        };
        let Leaf { answer: Answer { yes, known }, treated, revenue } = leaf;
        Ok(Verdict { yes, known, text, treated, revenue, children })
    }

    /// A condition's answer, looked up or found.
    fn leaf(&self, text: &str, condition: &Condition) -> Result<Leaf> {
        if let Some(known) = self.cache.get(text) {
            return Ok(known);
        }
        let answer = self.condition(condition, condition.missing_as.as_ref())?;
        // What "treat missing as" decided is what is unknown without it.
        let treated = match condition.missing_as {
            Some(_) => Some(answer.known.count() - self.condition(condition, None)?.known.count()),
            None => None,
        };
        let leaf = Leaf { treated, ..Leaf::new(answer) };
        self.cache.put(text, &leaf);
        Ok(leaf)
    }

    fn condition(&self, condition: &Condition, missing_as: Option<&MissingAs>) -> Result<Answer> {
        let Condition { test, ignoring_case, .. } = condition;
        if let Test::Missing { negated } = test {
            let column = self.table.column(&condition.column)?;
            if let Data::Unloaded(_) = column.data {
                return Err(not_loaded(&column.name));
            }
            let known = Answer { yes: Rc::new(column.valid.clone()), known: Rc::new(Bitmap::ones(column.len())) };
            return Ok(known.negated_if(!negated));
        }
        let asking = Asking {
            evaluator: self,
            fold_case: *ignoring_case,
            stand_in: self.stand_in(condition, missing_as)?,
            condition,
        };
        let subject = asking.column(&condition.column)?;
        let answer = asking.test(subject, test)?.negated_if(test.is_negated());
        Ok(match missing_as {
            Some(MissingAs::Answer(truth)) => answer.unknown_as(*truth),
            _ => answer,
        })
    }

    fn stand_in<'o>(&self, condition: &'o Condition, missing_as: Option<&'o MissingAs>) -> Result<StandIn<'o>> {
        let mut stand_in = StandIn::default();
        if let Some(MissingAs::Value(operand)) = missing_as {
            let kind = self.table.column(&condition.column)?.kind();
            match typed(&condition.column, kind, operand, &self.columns)? {
                Typed::Number(number) => stand_in.number = Some(number),
                Typed::Text(text) => stand_in.text = Some(text),
                Typed::Day(day) => {
                    (stand_in.day, stand_in.moment) = (Some(day), Some(i64::from(day) * MS_PER_DAY));
                }
                Typed::Moment(moment) => (stand_in.day, stand_in.moment) = (Some(day_of(moment)), Some(moment)),
                Typed::Boolean(_) | Typed::Column(_) => {}
            }
        }
        Ok(stand_in)
    }
}

/// One condition being asked.
struct Asking<'e, 'a> {
    evaluator: &'e Evaluator<'a>,
    condition: &'e Condition,
    fold_case: bool,
    stand_in: StandIn<'e>,
}

impl<'a> Asking<'_, 'a> {
    fn column(&self, name: &str) -> Result<Values<'a>> {
        let column = self.evaluator.table.column(name)?;
        let words = || {
            let folded = match self.fold_case {
                true => self.evaluator.cache.folded(name, texts_of(column)?),
                false => Folded::Not,
            };
            Words::new(column, folded)
        };
        let values = match &column.data {
            Data::Unloaded(_) => return Err(not_loaded(&column.name)),
            Data::Number(_) => Values::Number(numbers(column)?),
            Data::Date(days) => Values::Day(Rows { values: Cow::Borrowed(days), known: Cow::Borrowed(&column.valid) }),
            Data::Time(_) => Values::Moment(moments(column)?),
            Data::Boolean(values) => Values::Boolean(Answer::new(values.clone(), column.valid.clone())),
            Data::Text(_) => Values::Text(words()?),
            Data::List(_) => Values::List(words()?),
        };
        Ok(values.filled(&self.stand_in))
    }

    /// An operand's values beside those of a type.
    fn beside(&self, kind: ColumnType, operand: &Operand) -> Result<Values<'a>> {
        let rows = self.evaluator.table.row_count;
        Ok(match typed(&self.condition.column, kind, operand, &self.evaluator.columns)? {
            Typed::Number(number) => Values::Number(Rows::constant(number, rows)),
            Typed::Day(day) => Values::Day(Rows::constant(day, rows)),
            Typed::Moment(moment) => Values::Moment(Rows::constant(moment, rows)),
            Typed::Text(text) => Values::Text(Words::constant(text, rows, self.fold_case)),
            Typed::Boolean(truth) => Values::Boolean(Answer::constant(rows, truth)),
            Typed::Column(name) => self.column(name)?,
        })
    }

    fn test(&self, subject: Values<'a>, test: &Test) -> Result<Answer> {
        let kind = subject.kind();
        let compare = |comparison, operand: &Operand| subject.compare(comparison, &self.beside(kind, operand)?);
        match test {
            Test::Compare(comparison, operand) => compare(*comparison, operand),
            Test::Between { low, high, .. } => {
                Ok(compare(Comparison::AtLeast, low)?.and(&compare(Comparison::AtMost, high)?))
            }
            Test::In { options, .. } => self.among(&subject, options),
            Test::Has { part, what, .. } => {
                let (Values::Text(words) | Values::List(words), Values::Text(what)) =
                    (&subject, self.beside(kind, what)?)
                else {
                    return Err(broken());
                };
                Ok(has(words, *part, &what))
            }
            Test::Within { direction, amount, unit, .. } => {
                let day = |comparison, day| {
                    subject.compare(comparison, &Values::Day(Rows::constant(day, self.evaluator.table.row_count)))
                };
                let (reference, amount) = (self.evaluator.context.reference_date, i64::from(*amount));
                Ok(match direction {
                    Direction::Last => day(Comparison::Greater, shift(reference, -amount, *unit))?
                        .and(&day(Comparison::AtMost, reference)?),
                    Direction::Next => day(Comparison::AtLeast, reference)?
                        .and(&day(Comparison::Less, shift(reference, amount, *unit))?),
                })
            }
            Test::Missing { .. } => Err(broken()),
        }
    }

    /// Equal to one of several. Texts are looked for together.
    fn among(&self, subject: &Values<'a>, options: &[Operand]) -> Result<Answer> {
        let mut texts = Vec::new();
        let mut answer: Option<Answer> = None;
        let mut add = |next: Answer| {
            answer = Some(match answer.take() {
                Some(sofar) => sofar.or(&next),
                None => next,
            });
        };
        for option in options {
            match (subject, &option.value) {
                (Values::Text(_) | Values::List(_), Value::Text(text)) => texts.push(fold(text, self.fold_case)),
                _ => add(subject.compare(Comparison::Equal, &self.beside(subject.kind(), option)?)?),
            }
        }
        if let (Values::Text(words) | Values::List(words), false) = (subject, texts.is_empty()) {
            add(words.among(&texts, false));
        }
        answer.ok_or_else(broken)
    }
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

impl Verdict {
    /// The answer itself; the bits are shared.
    pub fn answer(&self) -> Answer {
        Answer { yes: Rc::clone(&self.yes), known: Rc::clone(&self.known) }
    }
}
