//! Which value is meant? Literals, columns, calculations, functions and what orders come to.

use crate::segment::rules::cursor::Cursor;
use crate::segment::rules::rule_error::{RuleError, too_deep};
use crate::segment::rules::token::{Kind, Token, asks, is_reserved};
use crate::segment::rules::tree::{
    Aggregate, Arithmetic, Function, MAX_DEPTH, Measure, Operand, Place, Reference, Test, Value, Window,
};
use crate::segment::rules::vocabulary::MEASURES;
use crate::table::date::parse_iso_day;

const EXPECTED: &str = "a value: a number, a text in single quotes, a day, true or false, or a column’s name";

/// An operand with how deep it nests, so that no text, however long, makes a tree too deep to walk.
type Deep = (Operand, usize);

impl Cursor<'_> {
    /// A literal, a column's name, or a calculation of them.
    pub fn operand(&mut self) -> Result<Operand, RuleError> {
        Ok(self.sum(0)?.0)
    }

    fn sum(&mut self, depth: usize) -> Result<Deep, RuleError> {
        let mut left = self.product(depth)?;
        loop {
            let operation = if self.sign("+") {
                Arithmetic::Add
            } else if self.sign("-") {
                Arithmetic::Subtract
            } else {
                return Ok(left);
            };
            left = calculation(operation, left, self.product(depth)?)?;
        }
    }

    fn product(&mut self, depth: usize) -> Result<Deep, RuleError> {
        let mut left = self.factor(depth)?;
        loop {
            let operation = if self.sign("*") {
                Arithmetic::Multiply
            } else if self.sign("/") {
                Arithmetic::Divide
            } else {
                return Ok(left);
            };
            left = calculation(operation, left, self.factor(depth)?)?;
        }
    }

    fn factor(&mut self, depth: usize) -> Result<Deep, RuleError> {
        let start = self.place();
        if depth > MAX_DEPTH {
            return Err(too_deep(start));
        }
        if self.sign("(") {
            let (operand, deep) = self.sum(depth + 1)?;
            if !self.sign(")") {
                return Err(self.expected("“)” after the calculation", &[")"]));
            }
            return Ok((Operand { place: start.to(self.previous()), ..operand }, deep + 1));
        }
        let called = matches!(self.ahead(1).map(|token| &token.kind), Some(Kind::Sign("(")));
        match self.peek().map(|token| &token.kind) {
            Some(Kind::Word(word)) if called && !is_reserved(word) => self.call(&word.to_ascii_lowercase(), depth),
            _ => Ok((self.simple()?, 0)),
        }
    }

    /// A literal, a parameter or a column's name.
    fn simple(&mut self) -> Result<Operand, RuleError> {
        let Some(token) = self.peek() else { return Err(self.expected(EXPECTED, &[])) };
        let mut place = token.place;
        let value = match &token.kind {
            Kind::Number(number) => Value::Number(*number),
            Kind::Text(text) => Value::Text(text.clone()),
            Kind::Day(day) => Value::Day(*day),
            Kind::Parameter(name) => Value::Parameter(name.clone()),
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

    /// A function or what orders come to: a word and its bracket.
    fn call(&mut self, word: &str, depth: usize) -> Result<Deep, RuleError> {
        let start = self.place();
        let measure = MEASURES.iter().find(|(_, name)| *name == word).map(|(measure, _)| *measure);
        let measure = measure.or(match word {
            "average" => Some(Measure::Average),
            "minimum" => Some(Measure::Minimum),
            "maximum" => Some(Measure::Maximum),
            "nth" => Some(Measure::Nth(1)),
            _ => None,
        });
        if word == "count" {
            return Ok((self.orders_counted()?, 1));
        }
        if let Some(measure) = measure {
            self.skip();
            self.sign("(");
            let value = Value::Orders(Box::new(self.aggregate(measure)?));
            return Ok((Operand { value, place: start.to(self.previous()) }, 1));
        }
        let Some((function, takes)) = Function::named(word) else { return Err(self.no_function(word)) };
        self.skip();
        self.sign("(");
        let mut operands = Vec::new();
        let mut deepest = 0;
        if !self.is_sign(")") {
            loop {
                let (operand, deep) = self.sum(depth + 1)?;
                deepest = deepest.max(deep);
                operands.push(operand);
                if !self.sign(",") {
                    break;
                }
            }
        }
        self.close_call(function.name())?;
        let place = start.to(self.previous());
        if !takes.contains(&operands.len()) {
            let many = match takes.end() {
                0 => "nothing".to_string(),
                end if end == takes.start() => format!("{end} {}", if *end == 1 { "value" } else { "values" }),
                end => format!("{} or {end} values", takes.start()),
            };
            let message = format!("{}(…) takes {many}, found {}.", function.name(), operands.len());
            return Err(RuleError::syntax(place, message));
        }
        bounded((Operand { value: Value::Call(function, operands), place }, deepest + 1))
    }

    /// `count(orders …)`, `count(lines …)`; `never` and `ever` have the same brackets.
    pub fn orders_counted(&mut self) -> Result<Operand, RuleError> {
        let start = self.place();
        self.skip();
        self.sign("(");
        let measure = if self.is_word("lines") { Measure::Lines } else { Measure::Orders };
        if !(self.is_word("orders") || self.is_word("lines")) {
            let found = self.expected(
                "“orders” or “lines”; distinct values of a column are distinct(column of orders)",
                &["orders"],
            );
            return Err(found);
        }
        let value = Value::Orders(Box::new(self.aggregate(measure)?));
        Ok(Operand { value, place: start.to(self.previous()) })
    }

    /// What stands in the brackets of an aggregate, and the bracket that closes it.
    fn aggregate(&mut self, measure: Measure) -> Result<Aggregate, RuleError> {
        self.of_orders(|cursor| cursor.aggregate_within(measure))
    }

    fn aggregate_within(&mut self, mut measure: Measure) -> Result<Aggregate, RuleError> {
        if matches!(measure, Measure::Nth(_)) {
            match self.amount() {
                Some(nth) => measure = Measure::Nth(nth),
                None => return Err(self.expected("which one, as in nth(2, amount of orders)", &["2"])),
            }
            if !self.sign(",") {
                return Err(self.expected("“,” and a column of orders", &[","]));
            }
        }
        let mut of = None;
        let dotted = matches!(self.ahead(1).map(|token| &token.kind), Some(Kind::Sign(".")));
        if measure.has_column() && dotted {
            self.skip();
            self.sign(".");
            of = Some(self.column_of_orders()?);
        } else {
            if measure.has_column() {
                of = Some(self.column_of_orders()?);
                if !self.word("of") {
                    return Err(self.expected("“of orders”", &["of orders"]));
                }
            }
            if !(self.word("orders") || self.word("lines")) {
                return Err(self.expected("“orders”", &["orders"]));
            }
        }
        let filter = if self.word("where") { Some(self.rule(true)?) } else { None };
        let window = if self.is_sign(")") { None } else { Some(self.window()?) };
        self.close_call("the orders")?;
        Ok(Aggregate { measure, of, filter, window })
    }

    fn column_of_orders(&mut self) -> Result<Reference, RuleError> {
        let operand = self.simple()?;
        match operand.value {
            Value::Column(name) => Ok(Reference { name, place: operand.place }),
            _ => Err(RuleError::syntax(operand.place, "The name of a column of orders is expected here.")),
        }
    }

    /// `in last 90 days`, `before '2026-01-31'`, `in any 30 days`
    fn window(&mut self) -> Result<Window, RuleError> {
        if self.words(&["in", "any"]) {
            return match self.amount() {
                Some(days) if self.word("days") || self.word("day") => Ok(Window::AnyDays(days)),
                _ => Err(self.expected("a whole number of days, as in any 30 days", &["30 days"])),
            };
        }
        let start = self.place();
        let asks = matches!(self.peek(), Some(Token { kind: Kind::Word(word), .. }) if asks(word))
            || matches!(self.peek(), Some(Token { kind: Kind::Sign("=" | "!=" | "<" | "<=" | ">" | ">="), .. }));
        if !asks {
            return Err(self.expected(
                "“)”, “where” and a condition, or a span of time such as in last 90 days",
                &[")", "in last 90 days"],
            ));
        }
        let day = Operand { value: Value::Column("the order’s date".into()), place: Place::default() };
        let test = self.test(&day)?;
        if test.is_negated()
            || !matches!(test, Test::Within { .. } | Test::Period { .. } | Test::Between { .. } | Test::Compare(..))
        {
            return Err(RuleError::syntax(
                start.to(self.previous()),
                "A span of time is expected here, such as in last 90 days. Other conditions stand behind “where”.",
            )
            .suggest(["in last 90 days"]));
        }
        Ok(Window::Passing(test))
    }

    /// The bracket that ends a call.
    pub fn close_call(&mut self, what: &str) -> Result<(), RuleError> {
        if self.sign(")") { Ok(()) } else { Err(self.expected(&format!("“)” after {what}"), &[")"])) }
    }

    /// Whether the bracket that comes next holds a calculation rather than rules.
    pub fn opens_an_operand(&self) -> bool {
        if !self.is_sign("(") {
            return false;
        }
        let (mut depth, mut calculates, mut ahead) = (0, false, 0);
        // Brackets within brackets at the very beginning are looked into as the first one is.
        let mut leading = true;
        let mut level = 1;
        while let Some(token) = self.ahead(ahead) {
            match &token.kind {
                Kind::Sign("(") => {
                    depth += 1;
                    if leading {
                        level = depth;
                    }
                }
                Kind::Sign(")") => {
                    depth -= 1;
                    if depth == 0 {
                        break;
                    }
                }
                kind => {
                    leading = false;
                    let same_level = depth <= level;
                    match kind {
                        Kind::Sign("+" | "-" | "*" | "/") if same_level => calculates = true,
                        Kind::Sign("=" | "!=" | "<" | "<=" | ">" | ">=") if same_level => return false,
                        Kind::Word(word) if same_level && asks(word) => return false,
                        _ => {}
                    }
                }
            }
            ahead += 1;
        }
        calculates
    }
}

fn calculation(operation: Arithmetic, left: Deep, right: Deep) -> Result<Deep, RuleError> {
    for side in [&left.0, &right.0] {
        if !can_be_calculated(&side.value) {
            return Err(RuleError::syntax(
                side.place,
                "Only numbers can be added, subtracted, multiplied and divided.",
            ));
        }
    }
    let place = left.0.place.to(right.0.place);
    let value = Value::Calculation(operation, Box::new([left.0, right.0]));
    bounded((Operand { value, place }, left.1.max(right.1) + 1))
}

fn bounded(operand: Deep) -> Result<Deep, RuleError> {
    if operand.1 > MAX_DEPTH { Err(too_deep(operand.0.place)) } else { Ok(operand) }
}

/// Whether a value may stand in a calculation, as far as can be told without the columns' types.
pub fn can_be_calculated(value: &Value) -> bool {
    !matches!(value, Value::Text(_) | Value::Day(_) | Value::Boolean(_))
}
