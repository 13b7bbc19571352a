//! What is asked of a value? The part of a condition behind its subject.

use crate::segment::rules::cursor::Cursor;
use crate::segment::rules::format::format_value;
use crate::segment::rules::rule_error::RuleError;
use crate::segment::rules::token::Kind;
use crate::segment::rules::tree::{
    Comparison, Direction, End, Holding, MAX_AMOUNT, Operand, Part, PatternKind, Reference, Test, Top, Unit, Value,
    Which, whole_amount,
};
use crate::segment::rules::vocabulary::{COMPARISONS, MONTHS};

impl Cursor<'_> {
    /// Everything behind the subject but for `ignoring case` and `treat missing as`.
    pub fn test(&mut self, subject: &Operand) -> Result<Test, RuleError> {
        for comparison in COMPARISONS {
            if self.sign(comparison.symbol()) {
                return Ok(Test::Compare(comparison, self.operand()?));
            }
        }
        const DAYS: [(&[&str], Comparison); 6] = [
            (&["before"], Comparison::Less),
            (&["after"], Comparison::Greater),
            (&["on", "or", "before"], Comparison::AtMost),
            (&["on", "or", "after"], Comparison::AtLeast),
            (&["not", "on"], Comparison::NotEqual),
            (&["on"], Comparison::Equal),
        ];
        for (words, comparison) in DAYS {
            if self.words(words) {
                return Ok(Test::Compare(comparison, self.operand()?));
            }
        }
        if self.is_word("is") {
            return self.is();
        }
        let negated = self.words(&["does", "not"]) || self.word("not");
        if self.word("between") {
            return self.between(negated);
        }
        if self.word("in") {
            return self.in_something(negated);
        }
        for (words, kind) in
            [("like", PatternKind::Like), ("matches", PatternKind::Matches), ("match", PatternKind::Matches)]
        {
            if self.word(words) {
                return Ok(Test::Pattern { negated, kind, pattern: self.pattern()? });
            }
        }
        for (words, how, opposite) in [
            (&["any", "of"][..], Holding::Any, false),
            (&["none", "of"], Holding::Any, true),
            (&["all", "of"], Holding::All, false),
            (&["exactly"], Holding::Exactly, false),
        ] {
            if self.words(words) {
                if !self.sign("(") {
                    return Err(self.expected("a list such as ('a', 'b')", &["('a', 'b')"]));
                }
                return Ok(Test::Holds { negated: negated != opposite, how, options: self.list()? });
            }
        }
        if self.words(&["has", "anniversary"]) || self.word("anniversary") {
            return self.anniversary(negated);
        }
        const PARTS: [(&[&str], Part); 9] = [
            (&["contains"], Part::Anywhere),
            (&["contain"], Part::Anywhere),
            (&["starts", "with"], Part::Start),
            (&["start", "with"], Part::Start),
            (&["begins", "with"], Part::Start),
            (&["begin", "with"], Part::Start),
            (&["ends", "with"], Part::End),
            (&["end", "with"], Part::End),
            (&["includes"], Part::Anywhere),
        ];
        for (words, part) in PARTS {
            if self.words(words) {
                return Ok(Test::Has { negated, part, what: self.operand()? });
            }
        }
        let name = match &subject.value {
            Value::Column(name) => name.clone(),
            _ => format_value(&subject.value),
        };
        Err(self.no_test(&name, subject.place, negated))
    }

    fn between(&mut self, negated: bool) -> Result<Test, RuleError> {
        let low = self.operand()?;
        if !self.word("and") {
            return Err(self.expected("“and” and the upper bound, as in between 1 and 10", &["and"]));
        }
        let high = self.operand()?;
        Ok(Test::Between { negated, low, high, exclusive: self.word("exclusive") })
    }

    /// What follows on `is`.
    fn is(&mut self) -> Result<Test, RuleError> {
        let start = self.place();
        self.word("is");
        let negated = self.word("not");
        if self.word("missing") || self.word("null") {
            return Ok(Test::Missing { negated });
        }
        if self.word("blank") || self.word("empty") {
            return Ok(Test::Blank { negated });
        }
        let comparison = if negated { Comparison::NotEqual } else { Comparison::Equal };
        for (word, value) in [("true", true), ("false", false)] {
            let place = self.place();
            if self.word(word) {
                return Ok(Test::Compare(comparison, Operand { value: Value::Boolean(value), place }));
            }
        }
        Err(self.is_what(start, comparison))
    }

    /// The text behind `like` or `matches`.
    fn pattern(&mut self) -> Result<Operand, RuleError> {
        let operand = self.operand()?;
        match operand.value {
            Value::Text(_) | Value::Parameter(_) => Ok(operand),
            _ => Err(RuleError::syntax(operand.place, "A pattern is a text in single quotes, such as 'A%'.")),
        }
    }

    /// What follows on `(` in a list, with the bracket that closes it.
    fn list(&mut self) -> Result<Vec<Operand>, RuleError> {
        let mut options = vec![self.operand()?];
        while self.sign(",") {
            options.push(self.operand()?);
        }
        if self.sign(")") { Ok(options) } else { Err(self.expected("“,” or “)” in the list", &[",", ")"])) }
    }

    /// What follows on `in`: a list, a span of days, a period of the calendar, a place among the greatest.
    fn in_something(&mut self, negated: bool) -> Result<Test, RuleError> {
        if self.sign("(") {
            return Ok(Test::In { negated, options: self.list()? });
        }
        self.word("the");
        for (word, end) in [("top", End::Top), ("bottom", End::Bottom)] {
            if self.word(word) {
                return self.top(negated, end);
            }
        }
        let follows_a_number = matches!(self.ahead(1).map(|token| &token.kind), Some(Kind::Number(_)));
        for (word, which) in [("previous", Which::Previous), ("this", Which::This), ("next", Which::Next)] {
            if !follows_a_number && self.word(word) {
                return self.period(negated, which);
            }
        }
        if let Some(direction) = self.direction() {
            if let Some(Kind::Word(word)) = self.peek().map(|token| &token.kind)
                && let Some(unit) = Unit::named(word)
            {
                let unit = unit.name();
                let choices = [format!("previous {unit}"), format!("last 1 {unit}")];
                let message = format!(
                    "“last {unit}” can mean two things: the {unit} before this one by the calendar (in previous {unit}), or the days up to the reference date (in last 1 {unit})."
                );
                return Err(RuleError::syntax(self.previous().to(self.place()), message).suggest(choices));
            }
            let (amount, unit) = self.amount_of_time()?;
            return Ok(Test::Within { negated, direction, amount, unit });
        }
        Err(self.expected(
            "a list such as ('a', 'b'), days such as “last 90 days” or “this month”, or a rank such as “top 10 percent”",
            &["('a', 'b')", "last 90 days", "next 30 days", "this month", "top 10 percent"],
        ))
    }

    fn direction(&mut self) -> Option<Direction> {
        if self.word("last") || self.word("past") {
            Some(Direction::Last)
        } else if self.word("next") {
            Some(Direction::Next)
        } else {
            None
        }
    }

    /// `90 days`
    pub fn amount_of_time(&mut self) -> Result<(u32, Unit), RuleError> {
        let Some(amount) = self.amount() else {
            return Err(self.expected(
                &format!("a whole number from 1 to {MAX_AMOUNT}, then days, weeks, months or years"),
                &["90 days"],
            ));
        };
        let Some(unit) = self.unit() else { return Err(self.unit_expected()) };
        Ok((amount, unit))
    }

    /// Takes a whole number that may count units.
    pub fn amount(&mut self) -> Option<u32> {
        let Some(Kind::Number(number)) = self.peek().map(|token| &token.kind) else { return None };
        let amount = whole_amount(*number)?;
        self.skip();
        Some(amount)
    }

    fn unit(&mut self) -> Option<Unit> {
        let Some(Kind::Word(word)) = self.peek().map(|token| &token.kind) else { return None };
        let unit = Unit::named(word)?;
        self.skip();
        Some(unit)
    }

    /// What follows on `this`: `month`, `fiscal year from april`
    fn period(&mut self, negated: bool, which: Which) -> Result<Test, RuleError> {
        let fiscal = self.word("fiscal");
        let units: &[&str] = if fiscal { &["quarter", "year"] } else { &["day", "week", "month", "quarter", "year"] };
        let place = self.place();
        let unit = match self.unit() {
            Some(unit) if units.contains(&unit.name()) => unit,
            Some(_) => {
                let message = format!("Write {} here.", units.join(", "));
                return Err(RuleError::syntax(place, message).suggest(units.iter().copied()));
            }
            None => return Err(self.expected(&units.join(", "), units)),
        };
        if !fiscal {
            return Ok(Test::Period { negated, which, unit, fiscal_from: None });
        }
        let month = if self.word("from") { self.month() } else { None };
        match month {
            Some(month) => Ok(Test::Period { negated, which, unit, fiscal_from: Some(month) }),
            None => Err(self.expected("the month in which the fiscal year begins, as in from april", &["from april"])),
        }
    }

    fn month(&mut self) -> Option<u8> {
        let month = MONTHS.iter().position(|month| self.is_word(month))?;
        self.skip();
        Some(month as u8 + 1)
    }

    /// What follows on `anniversary`: `in next 7 days`
    fn anniversary(&mut self, negated: bool) -> Result<Test, RuleError> {
        let span = self.word("in").then(|| {
            self.word("the");
            self.direction()
        });
        let Some(direction) = span.flatten() else {
            return Err(self.expected("“in next” or “in last” and a number of days", &["in next 7 days"]));
        };
        let days = match self.peek().map(|token| &token.kind) {
            Some(Kind::Number(number)) if *number <= 366.0 => self.amount(),
            _ => None,
        };
        match days {
            Some(days) if self.word("days") || self.word("day") => Ok(Test::Anniversary { negated, direction, days }),
            _ => Err(self.expected("a whole number of days from 1 to 366", &["7 days"])),
        }
    }

    /// What follows on `top`: `10`, `10 percent`, `2 per account ties by id`
    fn top(&mut self, negated: bool, end: End) -> Result<Test, RuleError> {
        let place = self.place();
        let amount = match self.peek().map(|token| &token.kind) {
            Some(Kind::Number(number)) if *number > 0.0 => *number,
            _ => return Err(self.expected("how many, as in top 10 or top 10 percent", &["10", "10 percent"])),
        };
        self.skip();
        let percent = self.word("percent") || self.sign("%");
        if !(if percent { amount <= 100.0 } else { amount.fract() == 0.0 && amount <= 1e9 }) {
            let message =
                if percent { "A share is at most 100 percent." } else { "A number of rows is a whole number." };
            return Err(RuleError::syntax(place, message));
        }
        let per = if self.word("per") { Some(self.reference()?) } else { None };
        let ties_by = if self.words(&["ties", "by"]) { Some(self.reference()?) } else { None };
        Ok(Test::Top(Top { negated, end, amount, percent, per, ties_by }))
    }

    /// A column's name alone.
    pub fn reference(&mut self) -> Result<Reference, RuleError> {
        let place = self.place();
        match self.operand()?.value {
            Value::Column(name) => Ok(Reference { name, place }),
            _ => Err(RuleError::syntax(place.to(self.previous()), "A column’s name alone is expected here.")),
        }
    }
}
