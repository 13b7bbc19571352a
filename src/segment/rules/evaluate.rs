//! Who is in, out or unknown? A rule answered for every row of a table, with the answer of each of its parts.
//!
//! Conditions run over whole columns; a text condition is asked once of each distinct value and then looked up.

use crate::error::Result;
use crate::segment::rules::aggregate::aggregate;
use crate::segment::rules::answer::Answer;
use crate::segment::rules::cache::{Cache, Leaf};
use crate::segment::rules::calendar::day_of;
use crate::segment::rules::check::{Typed, check, check_leaves, typed};
use crate::segment::rules::definitions::Definitions;
use crate::segment::rules::format::format;
use crate::segment::rules::functions::{calculate, call};
use crate::segment::rules::keys::{Keys, codes};
use crate::segment::rules::orders::Orders;
use crate::segment::rules::passing::{Asked, passing};
use crate::segment::rules::random::random;
use crate::segment::rules::rank::Ranked;
use crate::segment::rules::rows::Rows;
use crate::segment::rules::rule_error::first;
use crate::segment::rules::schema::{OrderColumns, Schema};
use crate::segment::rules::sequence::sequence;
use crate::segment::rules::tree::{
    Condition, Function, MissingAs, Operand, Place, Rule, Sequence, Test, Top, Value, Window,
};
use crate::segment::rules::values::{StandIn, Values};
use crate::segment::rules::words::{Folded, Words, broken, texts_of};
use crate::table::bitmap::Bitmap;
use crate::table::column::{Column, ColumnType, Data};
use crate::table::date::MS_PER_DAY;
use crate::table::table::{Table, not_loaded};
use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

/// What a rule's answer depends on besides the rows.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The day to which "last" and "next" are measured, as days since 1970-01-01.
    pub reference_date: i32,
    /// What rules may refer to.
    pub definitions: &'a Definitions,
    /// The customers' orders, where there are any to ask.
    pub orders: Option<&'a Orders>,
}

/// Nothing to refer to.
static NOTHING: Definitions = Definitions { segments: BTreeMap::new(), parameters: BTreeMap::new() };

impl Context<'_> {
    /// A day, and nothing that rules may refer to, nor orders.
    pub fn on(reference_date: i32) -> Context<'static> {
        Context { reference_date, definitions: &NOTHING, orders: None }
    }
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

impl Verdict {
    /// The answer itself; the bits are shared.
    pub fn answer(&self) -> Answer {
        Answer { yes: Rc::clone(&self.yes), known: Rc::clone(&self.known) }
    }
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
    let evaluator = Evaluator { table, columns: &columns, context, cache, segments: RefCell::default() };
    let errors = check(rule, &evaluator.schema());
    if !errors.is_empty() {
        return Err(first(errors));
    }
    evaluator.referred(rule)?;
    evaluator.rule(rule)
}

struct Evaluator<'a> {
    table: &'a Table,
    columns: &'a [(String, ColumnType)],
    context: &'a Context<'a>,
    cache: &'a Cache,
    /// The answers of segments that the rule refers to.
    segments: RefCell<BTreeMap<&'a str, Answer>>,
}

impl<'a> Evaluator<'a> {
    fn schema(&self) -> Schema<'a> {
        let orders = match self.context.orders {
            Some(orders) => OrderColumns::Present {
                columns: orders.columns(),
                date: orders.date().map(|column| column.name.as_str()),
            },
            None => OrderColumns::Absent,
        };
        Schema { columns: self.columns, orders, definitions: Some(self.context.definitions) }
    }

    /// Answers the segments that a rule refers to, those first to which others refer: however long the chain, nothing
    /// recurses along it.
    fn referred(&self, rule: &Rule) -> Result<()> {
        let definitions = self.context.definitions;
        let mut waiting: Vec<(String, bool)> = rule.segments().iter().map(|name| (name.name.clone(), false)).collect();
        while let Some((name, ready)) = waiting.pop() {
            let Some((name, rule)) = definitions.segments.get_key_value(&name) else { return Err(broken()) };
            if self.segments.borrow().contains_key(name.as_str()) {
                continue;
            }
            if ready {
                let answer = self.rule(rule)?.answer();
                self.segments.borrow_mut().insert(name, answer);
                continue;
            }
            // That nothing goes round was found with the rule itself.
            let errors = check_leaves(rule, &self.schema());
            if !errors.is_empty() {
                return Err(first(errors));
            }
            waiting.push((name.clone(), true));
            waiting.extend(rule.segments().iter().map(|name| (name.name.clone(), false)));
        }
        Ok(())
    }

    fn rule(&self, rule: &Rule) -> Result<Verdict> {
        let text = format(rule);
        let (leaf, children) = match rule {
            Rule::Everyone => (Leaf::new(Answer::constant(self.table.row_count, true)), Vec::new()),
            Rule::Condition(condition) => (self.kept(&text, &|| self.leaf(condition))?, Vec::new()),
            Rule::Segment(reference) => {
                let answer = self.segments.borrow().get(reference.name.as_str()).cloned();
                (Leaf::new(answer.ok_or_else(broken)?), Vec::new())
            }
            Rule::Sequence(asked) => (self.kept(&text, &|| self.sequence(asked))?, Vec::new()),
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

    /// The answer to a text, looked up or found.
    fn kept(&self, text: &str, find: &dyn Fn() -> Result<Leaf>) -> Result<Leaf> {
        if let Some(known) = self.cache.get(text) {
            return Ok(known);
        }
        let leaf = find()?;
        self.cache.put(text, &leaf);
        Ok(leaf)
    }

    fn sequence(&self, asked: &Sequence) -> Result<Leaf> {
        let orders = self.context.orders.ok_or_else(broken)?;
        let first = self.lines(orders, asked.first.as_ref(), None)?;
        let second = self.lines(orders, asked.second.as_ref(), None)?;
        let found = sequence(asked, orders, [&first, &second], self.context.reference_date)?;
        Ok(Leaf::new(Answer::new(found, Bitmap::ones(self.table.row_count))))
    }

    fn leaf(&self, condition: &Condition) -> Result<Leaf> {
        let answer = self.condition(condition, condition.missing_as.as_ref())?;
        // What "treat missing as" decided is what is unknown without it.
        let treated = match condition.missing_as {
            Some(_) => Some(answer.known.count() - self.condition(condition, None)?.known.count()),
            None => None,
        };
        Ok(Leaf { treated, ..Leaf::new(answer) })
    }

    fn condition(&self, condition: &Condition, missing_as: Option<&MissingAs>) -> Result<Answer> {
        let Condition { subject, test, .. } = condition;
        let stand_in = match missing_as {
            // What is never unknown has nothing to stand in for.
            Some(MissingAs::Value(value)) if !test.is_always_known() => self.stand_in(value),
            _ => StandIn::default(),
        };
        let asking = Asking { evaluator: self, fold_case: condition.ignoring_case, stand_in };
        let subject = asking.values(subject)?;
        let answer = match test {
            Test::Missing { .. } => Answer::new(subject.known().not(), Bitmap::ones(self.table.row_count)),
            Test::Top(top) => self.top(top, &subject)?,
            _ => passing(test, &subject, &asking)?,
        };
        let answer = answer.negated_if(test.is_negated());
        Ok(match missing_as {
            Some(MissingAs::Answer(truth)) => answer.unknown_as(*truth),
            _ => answer,
        })
    }

    /// Who is among the greatest or smallest.
    fn top(&self, top: &Top, subject: &Values) -> Result<Answer> {
        let known = subject.known();
        let keys = Keys::new(&subject.each()?).ok_or_else(broken)?.keys;
        let groups = match &top.per {
            Some(per) => Some(codes(self.table.column(&per.name)?).0),
            None => None,
        };
        let ranked = Ranked { keys: &keys, known, groups: groups.as_deref() };
        let found = match &top.ties_by {
            Some(ties) => {
                let column = self.table.column(&ties.name)?;
                ranked.top(top, Some((&Keys::of(column)?.keys, &column.valid)))
            }
            None => ranked.top(top, None),
        };
        Ok(Answer::new(found, known.clone()))
    }

    /// The order lines for which a rule is true and whose day passes a test.
    fn lines(&self, orders: &Orders, filter: Option<&Rule>, window: Option<&Test>) -> Result<Bitmap> {
        let context = Context { orders: None, ..*self.context };
        let (table, columns, cache) = (&**orders.table(), orders.columns(), orders.cache());
        let lines = Evaluator { table, columns, context: &context, cache, segments: RefCell::default() };
        let mut found = match filter {
            Some(filter) => lines.rule(filter)?.yes.as_ref().clone(),
            None => Bitmap::ones(table.row_count),
        };
        if let (Some(window), Some(date)) = (window, orders.date()) {
            let subject = Value::Column(date.name.clone()).operand();
            let (test_place, test) = (Place::default(), window.clone());
            let condition = Condition { subject, test, test_place, ignoring_case: false, missing_as: None };
            found = found.and(&lines.condition(&condition, None)?.yes);
        }
        Ok(found)
    }

    /// What a value says as a number, a text, a day, a moment, a yes or no: it stands in for each.
    fn stand_in<'o>(&'o self, value: &'o Operand) -> StandIn<'o> {
        let schema = self.schema();
        let mut stand_in = StandIn::default();
        for kind in [ColumnType::Time, ColumnType::Number, ColumnType::Text, ColumnType::Boolean] {
            match typed("", kind, value, &schema) {
                Ok(Typed::Number(number)) => stand_in.number = Some(number),
                Ok(Typed::Text(text)) => stand_in.text = Some(text),
                Ok(Typed::Boolean(truth)) => stand_in.boolean = Some(truth),
                Ok(Typed::Day(day)) => {
                    (stand_in.day, stand_in.moment) = (Some(day), Some(i64::from(day) * MS_PER_DAY));
                }
                Ok(Typed::Moment(moment)) => (stand_in.day, stand_in.moment) = (Some(day_of(moment)), Some(moment)),
                Ok(Typed::Column(_) | Typed::Each(_) | Typed::Open) | Err(_) => {}
            }
        }
        stand_in
    }
}

/// One condition being asked.
struct Asking<'e, 'a> {
    evaluator: &'e Evaluator<'a>,
    fold_case: bool,
    stand_in: StandIn<'e>,
}

impl<'e, 'a> Asking<'e, 'a> {
    /// The values of a column, a literal or a calculation, and where there are none what stands in for them.
    fn values(&self, operand: &Operand) -> Result<Values<'a>> {
        let rows = self.evaluator.table.row_count;
        let schema = self.evaluator.schema();
        let values = match schema.resolved(operand)? {
            Value::Number(number) => Values::Number(Rows::constant(*number, rows)),
            Value::Text(text) => Values::Text(Words::constant(text, rows, self.fold_case)),
            Value::Day(day) => Values::Day(Rows::constant(*day, rows)),
            Value::Boolean(truth) => Values::Boolean(Answer::constant(rows, *truth)),
            Value::Column(name) => self.column(name)?,
            Value::Calculation(arithmetic, sides) => {
                let [Values::Number(left), Values::Number(right)] = [self.values(&sides[0])?, self.values(&sides[1])?]
                else {
                    return Err(broken());
                };
                Values::Number(calculate(*arithmetic, &left, &right))
            }
            // Both look at a column as it is, whatever stands in for what they give.
            Value::Call(Function::PercentileRank, operands) => {
                let column = self.named(operands.first())?;
                let groups = match operands.get(1) {
                    Some(group) => Some(codes(self.named(Some(group))?).0),
                    None => None,
                };
                let keys = Keys::of(column)?.keys;
                let ranked = Ranked { keys: &keys, known: &column.valid, groups: groups.as_deref() };
                Values::Number(Rows::computed(ranked.percentile_rank(), column.valid.clone()))
            }
            Value::Call(Function::Random, operands) => {
                let column = self.named(operands.first())?;
                let seed = match operands.get(1).map(|seed| schema.resolved(seed)).transpose()? {
                    Some(Value::Text(seed)) => seed,
                    _ => return Err(broken()),
                };
                Values::Number(Rows::computed(random(column, seed), column.valid.clone()))
            }
            Value::Call(function, operands) => {
                let values: Vec<Values> = operands.iter().map(|operand| self.values(operand)).collect::<Result<_>>()?;
                call(*function, values, self.evaluator.context.reference_date, rows)?
            }
            Value::Orders(asked) => {
                let orders = self.evaluator.context.orders.ok_or_else(broken)?;
                let window = match &asked.window {
                    Some(Window::Passing(test)) => Some(test),
                    _ => None,
                };
                let lines = self.evaluator.lines(orders, asked.filter.as_ref(), window)?;
                let (data, known) = aggregate(asked, orders, &lines)?;
                Values::computed(data, known, self.fold_case)?
            }
            Value::Parameter(_) => return Err(broken()),
        };
        Ok(values.filled(&self.stand_in))
    }

    /// The column that an operand names.
    fn named(&self, operand: Option<&Operand>) -> Result<&'a Column> {
        match operand.map(|operand| &operand.value) {
            Some(Value::Column(name)) => self.evaluator.table.column(name),
            _ => Err(broken()),
        }
    }

    fn column(&self, name: &str) -> Result<Values<'a>> {
        let column = self.evaluator.table.column(name)?;
        let words = || {
            let folded = match self.fold_case {
                true => self.evaluator.cache.folded(name, texts_of(column)?),
                false => Folded::Not,
            };
            Words::new(column, folded)
        };
        Ok(match &column.data {
            Data::Unloaded(_) => return Err(not_loaded(&column.name)),
            Data::Number(values) => Values::Number(Rows::of(column, values)),
            Data::Date(days) => Values::Day(Rows::of(column, days)),
            Data::Time(moments) => Values::Moment(Rows::of(column, moments)),
            Data::Boolean(values) => Values::Boolean(Answer::new(values.clone(), column.valid.clone())),
            Data::Text(_) => Values::Text(words()?),
            Data::List(_) => Values::List(words()?),
        })
    }
}

impl<'a> Asked<'a> for Asking<'_, 'a> {
    fn beside(&self, kind: ColumnType, operand: &Operand) -> Result<Values<'a>> {
        let rows = self.evaluator.table.row_count;
        Ok(match typed("", kind, operand, &self.evaluator.schema())? {
            Typed::Number(number) => Values::Number(Rows::constant(number, rows)),
            Typed::Day(day) => Values::Day(Rows::constant(day, rows)),
            Typed::Moment(moment) => Values::Moment(Rows::constant(moment, rows)),
            Typed::Text(text) => Values::Text(Words::constant(text, rows, self.fold_case)),
            Typed::Boolean(truth) => Values::Boolean(Answer::constant(rows, truth)),
            Typed::Column(_) | Typed::Each(_) => self.values(operand)?,
            Typed::Open => return Err(broken()),
        })
    }

    fn folds(&self) -> bool {
        self.fold_case
    }

    fn reference_date(&self) -> i32 {
        self.evaluator.context.reference_date
    }
}
