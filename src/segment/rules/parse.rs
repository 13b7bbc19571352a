//! What does this rule text mean? Text → tree, or a mistake with its place.
//!
//! Groups are read with a stack of our own, so that no text, however deep, can exhaust the machine's.

use crate::segment::rules::cursor::Cursor;
use crate::segment::rules::rule_error::RuleError;
use crate::segment::rules::token::{Kind, is_reserved, tokens};
use crate::segment::rules::tree::{
    Combinator, Comparison, Condition, Direction, MAX_AMOUNT, MAX_DEPTH, MissingAs, Operand, Part, Place, Rule, Test,
    Unit, Value, whole_amount,
};
use crate::table::date::parse_iso_day;

/// Reads a rule's text. `docs/LANGUAGE.md` has the grammar.
///
/// # Errors
/// The first mistake: where it is, what was found, what is expected, and what could stand there.
pub fn parse(text: &str) -> Result<Rule, Vec<RuleError>> {
    let tokens = tokens(text).map_err(|error| vec![error])?;
    let end = Place { at: text.encode_utf16().count(), length: 0 };
    Cursor::new(&tokens, end).rule().map_err(|error| vec![error])
}

/// An open bracket, or the whole text, with what stands in it so far.
#[derive(Default)]
struct Frame {
    /// Where the bracket stood.
    open: Place,
    /// The parts already closed by an "or".
    any: Vec<Rule>,
    /// The parts since the last "or".
    all: Vec<Rule>,
    /// How many "not" wait for the next part.
    negations: usize,
}

impl Frame {
    fn push(&mut self, mut rule: Rule) {
        for _ in 0..std::mem::take(&mut self.negations) {
            rule = Rule::Not(Box::new(rule));
        }
        self.all.push(rule);
    }

    fn close(mut self) -> Rule {
        self.any.push(Rule::group(Combinator::And, self.all));
        Rule::group(Combinator::Or, self.any)
    }
}

impl Cursor<'_> {
    fn rule(&mut self) -> Result<Rule, RuleError> {
        if self.peek().is_none() {
            return Err(RuleError::syntax(
                Place::default(),
                "The rule is empty. Write a condition, for example spend > 100.",
            )
            .suggest(["everyone"]));
        }
        let mut open: Vec<Frame> = Vec::new();
        let mut frame = Frame::default();
        let mut depth = 0;
        loop {
            let place = self.place();
            if self.word("not") {
                frame.negations += 1;
                depth += 1;
            } else if self.sign("(") {
                open.push(std::mem::take(&mut frame));
                frame.open = place;
                depth += 1;
            } else {
                if let Some(Rule::Condition(last)) = frame.all.last().or(frame.any.last()) {
                    self.value_alone(last)?;
                }
                let part = self.part()?;
                depth -= frame.negations;
                frame.push(part);
                while self.sign(")") {
                    let Some(outer) = open.pop() else {
                        let place = self.previous();
                        return Err(RuleError::syntax(
                            place,
                            "This bracket closes nothing. Leave it out, or open it before.",
                        ));
                    };
                    let inner = std::mem::replace(&mut frame, outer).close();
                    depth -= 1 + frame.negations;
                    frame.push(inner);
                }
                if self.word("or") {
                    let all = std::mem::take(&mut frame.all);
                    frame.any.push(Rule::group(Combinator::And, all));
                } else if !self.word("and") {
                    break;
                }
            }
            if depth > MAX_DEPTH {
                return Err(too_deep(place));
            }
        }
        match self.peek() {
            Some(_) => Err(self.after_condition()),
            None if !open.is_empty() => {
                Err(RuleError::syntax(frame.open, "This bracket is never closed. Add “)” where the group ends.")
                    .suggest([")"]))
            }
            None => {
                let rule = frame.close();
                if rule.depth() > MAX_DEPTH {
                    Err(too_deep(Place { at: 0, length: self.place().at }))
                } else {
                    Ok(rule)
                }
            }
        }
    }

    /// `everyone`, or one condition.
    fn part(&mut self) -> Result<Rule, RuleError> {
        if self.word("everyone") || self.word("true") {
            return Ok(Rule::Everyone);
        }
        if self.word("false") {
            return Ok(Rule::Not(Box::new(Rule::Everyone)));
        }
        let (column, column_place) = self.column()?;
        let start = self.place();
        let test = self.test(&column, column_place)?;
        let mut condition =
            Condition { column, column_place, test, test_place: start, ignoring_case: false, missing_as: None };
        loop {
            let place = self.place();
            if self.words(&["ignoring", "case"]) {
                condition.ignoring_case = true;
            } else if self.words(&["treat", "missing", "as"]) {
                if matches!(condition.test, Test::Missing { .. }) {
                    return Err(RuleError::syntax(
                        place.to(self.previous()),
                        "“is missing” is never unknown: there is nothing to treat. Leave this out.",
                    ));
                }
                condition.missing_as = Some(self.missing_as()?);
            } else if self.is_word("ignoring") {
                return Err(self.expected("“ignoring case”", &["ignoring case"]));
            } else if self.is_word("treat") {
                return Err(self.expected("“treat missing as” and a value", &["treat missing as false"]));
            } else {
                condition.test_place = start.to(self.previous());
                return Ok(Rule::Condition(condition));
            }
        }
    }

    fn column(&mut self) -> Result<(String, Place), RuleError> {
        let Some(token) = self.peek() else {
            return Err(RuleError::syntax(
                self.place(),
                "The rule stops where a condition is expected, for example spend > 100.",
            ));
        };
        let error = match &token.kind {
            Kind::Name(name) if name.is_empty() => RuleError::syntax(token.place, "A column’s name is missing between the quotes."),
            Kind::Name(name) => {
                self.skip();
                return Ok((name.clone(), token.place));
            }
            Kind::Word(word) if self.is_word("and") || self.is_word("or") => RuleError::syntax(
                token.place,
                format!("“{word}” joins two conditions, and the one before it is missing."),
            ),
            Kind::Word(word) if is_reserved(word) => RuleError::syntax(
                token.place,
                format!("“{word}” is a word of the rule language, a column’s name is expected here. Put it in double quotes if it is one."),
            )
            .suggest([format!("\"{word}\"")]),
            Kind::Word(word) => {
                self.skip();
                return Ok((word.clone(), token.place));
            }
            Kind::Text(text) => RuleError::syntax(
                token.place,
                format!("A condition begins with a column’s name, this is a text. Names stand in double quotes: \"{text}\"."),
            )
            .suggest([format!("\"{text}\"")]),
            Kind::Number(_) | Kind::Day(_) => RuleError::syntax(
                token.place,
                "A condition begins with a column’s name, not with a value. Write for example spend > 100, not 100 < spend.",
            ),
            Kind::Sign(sign) => RuleError::syntax(token.place, format!("Found “{sign}” where a column’s name is expected.")),
        };
        Err(error)
    }

    fn test(&mut self, column: &str, column_place: Place) -> Result<Test, RuleError> {
        for comparison in [
            Comparison::Equal,
            Comparison::NotEqual,
            Comparison::Less,
            Comparison::AtMost,
            Comparison::Greater,
            Comparison::AtLeast,
        ] {
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
        if self.is_word("like") || (self.is_word("not") && self.word_at(1, "like")) {
            return Err(self.like());
        }
        let negated = self.words(&["does", "not"]) || self.word("not");
        if self.word("between") {
            let low = self.operand()?;
            if !self.word("and") {
                return Err(self.expected("“and” and the upper bound, as in between 1 and 10", &["and"]));
            }
            return Ok(Test::Between { negated, low, high: self.operand()? });
        }
        if self.word("in") {
            return self.in_something(negated);
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
        Err(self.no_test(column, column_place, negated))
    }

    /// What follows on `is`.
    fn is(&mut self) -> Result<Test, RuleError> {
        let start = self.place();
        self.word("is");
        let negated = self.word("not");
        if self.word("missing") || self.word("null") {
            return Ok(Test::Missing { negated });
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

    /// What follows on `in`: a list, or a span of days.
    fn in_something(&mut self, negated: bool) -> Result<Test, RuleError> {
        if self.sign("(") {
            let mut options = vec![self.operand()?];
            while self.sign(",") {
                options.push(self.operand()?);
            }
            if !self.sign(")") {
                return Err(self.expected("“,” or “)” in the list", &[",", ")"]));
            }
            return Ok(Test::In { negated, options });
        }
        self.span_of_days(negated)
    }

    /// `last 90 days`
    fn span_of_days(&mut self, negated: bool) -> Result<Test, RuleError> {
        self.word("the");
        let direction = if self.word("last") || self.word("past") {
            Direction::Last
        } else if self.word("next") {
            Direction::Next
        } else {
            return Err(self.expected(
                "a list such as ('a', 'b'), or a span of days such as “last 90 days”",
                &["('a', 'b')", "last 90 days", "next 30 days"],
            ));
        };
        let amount = match self.peek().map(|token| &token.kind) {
            Some(Kind::Number(number)) => whole_amount(*number),
            _ => None,
        };
        let Some(amount) = amount else {
            return Err(self.expected(
                &format!("a whole number from 1 to {MAX_AMOUNT}, then days, weeks, months or years"),
                &["90 days"],
            ));
        };
        self.skip();
        let unit = match self.peek().map(|token| &token.kind) {
            Some(Kind::Word(word)) => Unit::named(word),
            _ => None,
        };
        let Some(unit) = unit else {
            return Err(self.unit_expected());
        };
        self.skip();
        Ok(Test::Within { negated, direction, amount, unit })
    }

    fn missing_as(&mut self) -> Result<MissingAs, RuleError> {
        let operand = self.operand()?;
        match operand.value {
            Value::Boolean(answer) => Ok(MissingAs::Answer(answer)),
            Value::Column(name) => Err(RuleError::syntax(
                operand.place,
                format!("A missing value can be treated as a value, or as true or false, not as the column “{name}”."),
            )
            .suggest(["false".to_string(), format!("'{name}'")])),
            _ => Ok(MissingAs::Value(operand)),
        }
    }

    /// A literal or a column's name.
    fn operand(&mut self) -> Result<Operand, RuleError> {
        const EXPECTED: &str = "a value: a number, a text in single quotes, a day, true or false, or a column’s name";
        let Some(token) = self.peek() else { return Err(self.expected(EXPECTED, &[])) };
        let mut place = token.place;
        let value = match &token.kind {
            Kind::Number(number) => Value::Number(*number),
            Kind::Text(text) => Value::Text(text.clone()),
            Kind::Day(day) => Value::Day(*day),
            Kind::Name(name) if !name.is_empty() => Value::Column(name.clone()),
            Kind::Word(word) => match word.to_ascii_lowercase().as_str() {
                "true" => Value::Boolean(true),
                "false" => Value::Boolean(false),
                "null" | "missing" => {
                    return Err(RuleError::syntax(
                        token.place,
                        "No value equals a missing one. Write “is missing” or “is not missing” after the column’s name.",
                    )
                    .suggest(["is missing", "is not missing"]));
                }
                "date" => match self.ahead(1).map(|following| (&following.kind, following.place)) {
                    Some((Kind::Text(text), behind)) => {
                        self.skip();
                        place = place.to(behind);
                        Value::Day(
                            parse_iso_day(text)
                                .map_err(|error| RuleError::syntax(behind, error.message).suggest(["'2026-01-31'"]))?,
                        )
                    }
                    _ => Value::Column(word.clone()),
                },
                _ if is_reserved(word) => return Err(self.expected(EXPECTED, &[])),
                _ => Value::Column(word.clone()),
            },
            _ => return Err(self.expected(EXPECTED, &[])),
        };
        self.skip();
        Ok(Operand { value, place })
    }
}

fn too_deep(place: Place) -> RuleError {
    RuleError::syntax(
        place,
        format!("This is nested deeper than {MAX_DEPTH} levels. Split the rule into simpler ones."),
    )
}
