//! What is asked of a value? Each test as a condition with three answers.

use crate::error::{Code, Error, Result};
use crate::export::sql::operand::StandIn;
use crate::export::sql::spell::Needle;
use crate::export::sql::writer::{Scope, Sql, Writer};
use crate::segment::rules::calendar::shift;
use crate::segment::rules::check::{Typed, typed};
use crate::segment::rules::format::format_value;
use crate::segment::rules::tree::{
    Comparison, Condition, Direction, MissingAs, Operand, Part, PatternKind, Test, Unit, Value,
};
use crate::segment::rules::words::fold;
use crate::table::column::ColumnType::{Boolean, Date, List, Number, Text, Time};
use crate::table::date::MS_PER_DAY;

impl Writer<'_> {
    /// A condition.
    ///
    /// # Errors
    /// `unsupported` for what the dialect cannot say.
    pub fn condition(&mut self, condition: &Condition, scope: Scope) -> Result<String> {
        let stand_in = match &condition.missing_as {
            Some(MissingAs::Value(operand)) => Some(scope.schema.resolved(operand)?.clone()),
            _ => None,
        };
        let subject = self.operand(&condition.subject, scope, stand_in.as_ref())?;
        let asked = self.test(condition, &subject, scope, stand_in.as_ref())?;
        let asked = if condition.test.is_negated() { format!("NOT ({asked})") } else { asked };
        Ok(match condition.missing_as {
            // Said so that a condition need not be a value, which it is not in SQL Server.
            Some(MissingAs::Answer(false)) => format!("CASE WHEN {asked} THEN 1 ELSE 0 END = 1"),
            Some(MissingAs::Answer(true)) => format!("CASE WHEN NOT ({asked}) THEN 0 ELSE 1 END = 1"),
            _ => asked,
        })
    }

    /// The test without its negation.
    fn test(&mut self, condition: &Condition, subject: &Sql, scope: Scope, stand_in: StandIn) -> Result<String> {
        let fold_case = condition.ignoring_case;
        if fold_case && let Some(note) = self.dialect().lower_note() {
            self.note(note);
        }
        let asked = |writer: &mut Self, comparison, operand: &Operand| {
            writer.compared(condition, subject, comparison, operand, scope, stand_in)
        };
        match &condition.test {
            Test::Compare(comparison, operand) => asked(self, *comparison, operand),
            Test::Between { low, high, exclusive, .. } => {
                let (from, to) = if *exclusive {
                    (Comparison::Greater, Comparison::Less)
                } else {
                    (Comparison::AtLeast, Comparison::AtMost)
                };
                Ok(format!("({} AND {})", asked(self, from, low)?, asked(self, to, high)?))
            }
            Test::In { options, .. } => {
                let any = options.iter().map(|option| asked(self, Comparison::Equal, option));
                let any = any.collect::<Result<Vec<_>>>()?;
                Ok(format!("({})", any.join(" OR ")))
            }
            Test::Has { part, what, .. } => self.has(condition, subject, *part, what, scope, stand_in),
            Test::Pattern { kind, pattern, .. } => self.pattern(condition, subject, *kind, pattern, scope),
            // An aggregate that is 0 for none has no missing values, and a stand-in leaves none either.
            Test::Missing { .. } => Ok(format!("{} IS NULL", subject.text)),
            Test::Blank { .. } => {
                let empty =
                    if subject.kind == List { subject.text.clone() } else { self.dialect().trimmed(&subject.text)? };
                Ok(format!("({} IS NULL OR {empty} = '')", subject.text))
            }
            Test::Holds { how, options, .. } => {
                let options = options
                    .iter()
                    .map(|option| match scope.schema.resolved(option)? {
                        Value::Text(text) => Ok(text.clone()),
                        other => Err(self
                            .dialect()
                            .unsupported(&format_value(other), "only texts can be looked for in lists there.")),
                    })
                    .collect::<Result<Vec<_>>>()?;
                self.holds(condition, subject, *how, &options)
            }
            Test::Within { direction, amount, unit: Unit::Hour, .. } => {
                let end = (i64::from(self.setting.reference_date) + 1) * MS_PER_DAY;
                let span = i64::from(*amount) * 3_600_000;
                let (from, to) = if *direction == Direction::Last { (end - span, end) } else { (end, end + span) };
                let (from, to) = (self.dialect().moment(from)?, self.dialect().moment(to)?);
                Ok(format!("({0} >= {from} AND {0} < {to})", subject.text))
            }
            Test::Within { direction, amount, unit, .. } => self.within(subject, *direction, *amount, *unit),
            Test::Period { which, unit, fiscal_from, .. } => self.period(subject, *which, *unit, *fiscal_from),
            Test::Anniversary { direction, days, .. } => self.anniversary(subject, *direction, *days),
            Test::Top(top) => self.top(subject, top, scope),
        }
    }

    /// How the subject compares with one operand.
    fn compared(
        &mut self,
        condition: &Condition,
        subject: &Sql,
        comparison: Comparison,
        operand: &Operand,
        scope: Scope,
        stand_in: StandIn,
    ) -> Result<String> {
        let dialect = self.dialect();
        let symbol = if comparison == Comparison::NotEqual { "<>" } else { comparison.symbol() };
        let right = match typed("", subject.kind, operand, &scope.schema)? {
            Typed::Number(number) => Sql::new(dialect.number(number), Number),
            Typed::Text(text) if subject.kind == List => {
                let has = self.list_has(subject, Part::Anywhere, text, condition.ignoring_case)?;
                return Ok(if comparison == Comparison::NotEqual { format!("NOT ({has})") } else { has });
            }
            Typed::Text(text) => {
                let literal = dialect.text(&fold(text, condition.ignoring_case))?;
                let left = self.folded(&subject.text, condition.ignoring_case);
                let ordered = !matches!(comparison, Comparison::Equal | Comparison::NotEqual);
                let (left, right) = (dialect.exact(&left, ordered), dialect.exact_literal(&literal));
                return Ok(format!("{left} {symbol} {right}"));
            }
            Typed::Day(day) => Sql::new(dialect.day(day)?, Date),
            Typed::Moment(moment) => Sql::new(dialect.moment(moment)?, Time),
            Typed::Boolean(truth) => Sql::new(self.truth(truth), Boolean),
            Typed::Column(_) | Typed::Each(_) => self.operand(operand, scope, stand_in)?,
            Typed::Open => return Err(Error::new(Code::NotFound, "A parameter of the rule has no value.")),
        };
        // A moment that meets a day is compared by its own day.
        if [subject.kind, right.kind].contains(&Date) {
            return Ok(format!("{} {symbol} {}", self.day_of(subject), self.day_of(&right)));
        }
        if subject.kind != Text {
            return Ok(format!("{} {symbol} {}", subject.text, right.text));
        }
        let (left, right) =
            (self.folded(&subject.text, condition.ignoring_case), self.folded(&right.text, condition.ignoring_case));
        Ok(format!("{} {symbol} {}", dialect.exact(&left, true), dialect.exact(&right, true)))
    }

    /// A text in small letters where case does not count.
    pub fn folded(&self, text: &str, fold_case: bool) -> String {
        if fold_case { self.dialect().lower(text) } else { text.to_string() }
    }

    fn has(
        &mut self,
        condition: &Condition,
        subject: &Sql,
        part: Part,
        what: &Operand,
        scope: Scope,
        stand_in: StandIn,
    ) -> Result<String> {
        let dialect = self.dialect();
        let text = self.folded(&subject.text, condition.ignoring_case);
        let ask = |needle: Needle| match part {
            Part::Anywhere => dialect.contains(&text, needle),
            Part::Start => dialect.starts(&text, needle),
            Part::End => dialect.ends(&text, needle),
        };
        match typed("", subject.kind, what, &scope.schema)? {
            Typed::Text(text) if subject.kind == List => self.list_has(subject, part, text, condition.ignoring_case),
            Typed::Text(text) => {
                let small = fold(text, condition.ignoring_case);
                Ok(ask(Needle::Literal(&small, &dialect.text(&small)?)))
            }
            _ => {
                let other = self.operand(what, scope, stand_in)?;
                Ok(ask(Needle::Each(&self.folded(&other.text, condition.ignoring_case))))
            }
        }
    }

    fn pattern(
        &mut self,
        condition: &Condition,
        subject: &Sql,
        kind: PatternKind,
        pattern: &Operand,
        scope: Scope,
    ) -> Result<String> {
        let dialect = self.dialect();
        let Value::Text(pattern) = scope.schema.resolved(pattern)? else {
            return Err(Error::new(Code::RuleType, "A pattern is a text."));
        };
        if subject.kind == List {
            let part = format!("{} '{pattern}'", if kind == PatternKind::Like { "like" } else { "matches" });
            return Err(
                dialect.unsupported(&part, "lists are single texts there. Use “any of”, “contains” or “starts with”.")
            );
        }
        let text = self.folded(&subject.text, condition.ignoring_case);
        if kind == PatternKind::Like {
            return dialect.like(&text, &fold(pattern, condition.ignoring_case));
        }
        self.note(
            "Regular expressions: classes such as \\d and \\w hold the letters and digits of ASCII in the study.",
        );
        dialect.matches(&text, pattern, condition.ignoring_case)
    }

    /// Days up to, or from, the reference date. A bound beyond the calendar is none.
    fn within(&mut self, subject: &Sql, direction: Direction, amount: u32, unit: Unit) -> Result<String> {
        let (dialect, reference) = (self.dialect(), self.setting.reference_date);
        let day = self.day_of(subject);
        let today = dialect.day(reference)?;
        let sign = if direction == Direction::Last { -1 } else { 1 };
        let far = shift(reference, sign * i64::from(amount), unit);
        let far = dialect.day(far).ok().filter(|_| (FIRST_DAY..=LAST_DAY).contains(&far));
        Ok(match (direction, far) {
            (Direction::Last, Some(far)) => format!("({day} > {far} AND {day} <= {today})"),
            (Direction::Last, None) => format!("{day} <= {today}"),
            (Direction::Next, Some(far)) => format!("({day} >= {today} AND {day} < {far})"),
            (Direction::Next, None) => format!("{day} >= {today}"),
        })
    }
}

/// 1 January of the year 1 and 31 December 9999.
const FIRST_DAY: i32 = -719_162;
const LAST_DAY: i32 = 2_932_896;
