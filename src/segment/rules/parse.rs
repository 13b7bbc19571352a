//! What does this rule text mean? Text → tree, or a mistake with its place.
//!
//! Groups are read with a stack of our own, so that no text, however deep, can exhaust the machine's.

use crate::segment::rules::cursor::Cursor;
use crate::segment::rules::rule_error::{RuleError, too_deep};
use crate::segment::rules::token::{Kind, is_reserved, tokens};
use crate::segment::rules::tree::{
    Combinator, Comparison, Condition, MAX_DEPTH, MissingAs, Operand, Place, Reference, Rule, Sequence, Test, Value,
};

/// Reads a rule's text. `docs/LANGUAGE.md` has the grammar.
///
/// # Errors
/// The first mistake: where it is, what was found, what is expected, and what could stand there.
pub fn parse(text: &str) -> Result<Rule, Vec<RuleError>> {
    let tokens = tokens(text).map_err(|error| vec![error])?;
    let end = Place { at: text.encode_utf16().count(), length: 0 };
    let mut cursor = Cursor::new(&tokens, end);
    let rule = cursor.rule(false).and_then(|rule| match cursor.peek() {
        None => Ok(rule),
        Some(_) => Err(cursor.after_condition()),
    });
    rule.map_err(|error| vec![error])
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
    /// A rule up to what cannot go on it. A rule within a call ends at the call's own bracket.
    pub fn rule(&mut self, within_call: bool) -> Result<Rule, RuleError> {
        if self.peek().is_none() && !within_call {
            return Err(RuleError::syntax(
                Place::default(),
                "The rule is empty. Write a condition, for example spend > 100.",
            )
            .suggest(["everyone"]));
        }
        let first = self.place();
        let mut open: Vec<Frame> = Vec::new();
        let mut frame = Frame::default();
        let mut depth = 0;
        loop {
            let place = self.place();
            if self.word("not") {
                frame.negations += 1;
                depth += 1;
            } else if !self.opens_an_operand() && self.sign("(") {
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
                while !(within_call && open.is_empty()) && self.sign(")") {
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
        if !open.is_empty() {
            return Err(match self.peek() {
                Some(_) => self.after_condition(),
                None => RuleError::syntax(frame.open, "This bracket is never closed. Add “)” where the group ends.")
                    .suggest([")"]),
            });
        }
        let rule = frame.close();
        if rule.depth() > MAX_DEPTH { Err(too_deep(first.to(self.previous()))) } else { Ok(rule) }
    }

    /// `everyone`, a segment, a sequence, or one condition.
    fn part(&mut self) -> Result<Rule, RuleError> {
        if self.word("everyone") || self.word("true") {
            return Ok(Rule::Everyone);
        }
        if self.word("false") {
            return Ok(Rule::Not(Box::new(Rule::Everyone)));
        }
        if self.words(&["in", "segment"]) {
            return self.segment();
        }
        let called = matches!(self.ahead(1).map(|token| &token.kind), Some(Kind::Sign("(")));
        if called && self.is_word("sequence") {
            return self.sequence();
        }
        for (word, comparison, number) in [("never", Comparison::Equal, 0.0), ("ever", Comparison::AtLeast, 1.0)] {
            if called && self.is_word(word) {
                let subject = self.orders_counted()?;
                let test_place = subject.place;
                let test = Test::Compare(comparison, Value::Number(number).operand());
                return Ok(Rule::Condition(Condition {
                    subject,
                    test,
                    test_place,
                    ignoring_case: false,
                    missing_as: None,
                }));
            }
        }
        let subject = self.subject()?;
        let start = self.place();
        let test = self.test(&subject)?;
        let mut condition = Condition { subject, test, test_place: start, ignoring_case: false, missing_as: None };
        loop {
            let place = self.place();
            if self.words(&["ignoring", "case"]) {
                condition.ignoring_case = true;
            } else if self.words(&["treat", "missing", "as"]) {
                if condition.test.is_always_known() {
                    return Err(RuleError::syntax(
                        place.to(self.previous()),
                        "“is missing” and “is blank” are never unknown: there is nothing to treat. Leave this out.",
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

    /// The name behind `in segment`.
    fn segment(&mut self) -> Result<Rule, RuleError> {
        let place = self.place();
        match self.peek().map(|token| &token.kind) {
            Some(Kind::Text(name) | Kind::Name(name)) if !name.is_empty() => {
                self.skip();
                Ok(Rule::Segment(Reference { name: name.clone(), place }))
            }
            _ => Err(self.expected("the segment’s name in single quotes", &[])),
        }
    }

    /// `sequence(orders where … then not orders where … within 30 days with same product)`
    fn sequence(&mut self) -> Result<Rule, RuleError> {
        let start = self.place();
        self.skip();
        self.sign("(");
        self.of_orders(|cursor| cursor.sequence_within(start))
    }

    fn sequence_within(&mut self, start: Place) -> Result<Rule, RuleError> {
        let first = self.which_orders()?;
        if !self.word("then") {
            return Err(self.expected("“then” and the orders that follow", &["then orders", "then not orders"]));
        }
        let absent = self.word("not");
        let second = self.which_orders()?;
        if !self.word("within") {
            return Err(self.expected("“within” and how long after, as in within 30 days", &["within 30 days"]));
        }
        let (amount, unit) = self.amount_of_time()?;
        let same = if self.words(&["with", "same"]) { Some(self.reference()?) } else { None };
        self.close_call("the sequence")?;
        let place = start.to(self.previous());
        Ok(Rule::Sequence(Box::new(Sequence { first, absent, second, amount, unit, same, place })))
    }

    /// `orders`, `orders where …`
    fn which_orders(&mut self) -> Result<Option<Rule>, RuleError> {
        if !(self.word("orders") || self.word("lines")) {
            return Err(self.expected("“orders”, or “orders where” and a condition", &["orders", "orders where"]));
        }
        if self.word("where") { Ok(Some(self.rule(true)?)) } else { Ok(None) }
    }

    fn missing_as(&mut self) -> Result<MissingAs, RuleError> {
        let operand = self.operand()?;
        match &operand.value {
            Value::Boolean(answer) => Ok(MissingAs::Answer(*answer)),
            Value::Number(_) | Value::Text(_) | Value::Day(_) | Value::Parameter(_) => Ok(MissingAs::Value(operand)),
            Value::Column(name) => Err(RuleError::syntax(
                operand.place,
                format!("A missing value can be treated as a value, or as true or false, not as the column “{name}”."),
            )
            .suggest(["false".to_string(), format!("'{name}'")])),
            _ => Err(RuleError::syntax(
                operand.place,
                "A missing value can be treated as a value, or as true or false, not as something calculated.",
            )
            .suggest(["false"])),
        }
    }

    /// Whose value is asked.
    fn subject(&mut self) -> Result<Operand, RuleError> {
        let Some(token) = self.peek() else {
            return Err(RuleError::syntax(
                self.place(),
                "The rule stops where a condition is expected, for example spend > 100.",
            ));
        };
        let calculates = self.calculates_next();
        let error = match &token.kind {
            Kind::Name(name) if name.is_empty() => RuleError::syntax(token.place, "A column’s name is missing between the quotes."),
            Kind::Name(_) | Kind::Parameter(_) => return self.calculation_or_column(),
            Kind::Word(word) if self.is_word("and") || self.is_word("or") => RuleError::syntax(
                token.place,
                format!("“{word}” joins two conditions, and the one before it is missing."),
            ),
            Kind::Word(word) if is_reserved(word) => RuleError::syntax(
                token.place,
                format!("“{word}” is a word of the rule language, a column’s name is expected here. Put it in double quotes if it is one."),
            )
            .suggest([format!("\"{word}\"")]),
            Kind::Word(_) | Kind::Sign("(") => return self.calculation_or_column(),
            Kind::Number(_) if calculates => return self.calculation_or_column(),
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

    /// An operand that depends on the row.
    fn calculation_or_column(&mut self) -> Result<Operand, RuleError> {
        let operand = self.operand()?;
        match operand.value {
            Value::Parameter(name) => Err(RuleError::syntax(
                operand.place,
                format!("A condition begins with a column’s name. The parameter :{name} stands behind the comparison."),
            )),
            Value::Number(_) | Value::Text(_) | Value::Day(_) | Value::Boolean(_) => {
                Err(RuleError::syntax(operand.place, "A condition begins with a column’s name, not with a value."))
            }
            _ => Ok(operand),
        }
    }
}
