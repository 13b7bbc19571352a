//! What comes next in a rule's text, and what should have come instead?

use crate::segment::rules::format::format_value;
use crate::segment::rules::rule_error::RuleError;
use crate::segment::rules::token::{Kind, Token};
use crate::segment::rules::tree::{Comparison, Condition, Place, Test, Value};
use crate::segment::rules::vocabulary::{FUNCTIONS, MEASURES};
use crate::table::date::format_day;
use crate::table::table::nearest_names;

/// A walk along the tokens of a rule.
#[derive(Debug)]
pub struct Cursor<'a> {
    tokens: &'a [Token],
    next: usize,
    end: Place,
    within_orders: bool,
}

impl<'a> Cursor<'a> {
    /// Before the first token. `end` is the place behind the last.
    pub fn new(tokens: &'a [Token], end: Place) -> Cursor<'a> {
        Cursor { tokens, next: 0, end, within_orders: false }
    }

    /// Reads something that is asked of orders. Orders have none of their own, so that nothing nests without end.
    ///
    /// # Errors
    /// Where orders are asked already.
    pub fn of_orders<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, RuleError>) -> Result<T, RuleError> {
        if std::mem::replace(&mut self.within_orders, true) {
            return Err(RuleError::syntax(
                self.previous(),
                "Orders have no orders of their own: ask something of a column here.",
            ));
        }
        let read = read(self);
        self.within_orders = false;
        read
    }

    /// The token so many behind the next one.
    pub fn ahead(&self, ahead: usize) -> Option<&'a Token> {
        self.tokens.get(self.next + ahead)
    }

    /// Takes the next token, whatever it is.
    pub fn skip(&mut self) {
        self.next += 1;
    }

    /// The next token.
    pub fn peek(&self) -> Option<&'a Token> {
        self.tokens.get(self.next)
    }

    /// The place of the next token; the end of the text when there is none.
    pub fn place(&self) -> Place {
        self.peek().map_or(self.end, |token| token.place)
    }

    /// The place of the token taken last.
    pub fn previous(&self) -> Place {
        self.next.checked_sub(1).and_then(|index| self.tokens.get(index)).map_or(Place::default(), |token| token.place)
    }

    /// Whether the token so many behind the next one is this word, in any case.
    pub fn word_at(&self, ahead: usize, wanted: &str) -> bool {
        matches!(self.ahead(ahead), Some(Token { kind: Kind::Word(word), .. }) if word.eq_ignore_ascii_case(wanted))
    }

    /// Whether the next token is this word, in any case.
    pub fn is_word(&self, wanted: &str) -> bool {
        self.word_at(0, wanted)
    }

    /// Takes the next word if it is this one.
    pub fn word(&mut self, wanted: &str) -> bool {
        self.words(&[wanted])
    }

    /// Takes the next words if they are these.
    pub fn words(&mut self, wanted: &[&str]) -> bool {
        let all = wanted.iter().enumerate().all(|(ahead, word)| self.word_at(ahead, word));
        self.next += if all { wanted.len() } else { 0 };
        all
    }

    /// Takes the next sign if it is this one.
    pub fn sign(&mut self, wanted: &str) -> bool {
        let is = self.is_sign(wanted);
        self.next += usize::from(is);
        is
    }

    /// Whether a sign that calculates stands behind the next token.
    pub fn calculates_next(&self) -> bool {
        matches!(self.ahead(1), Some(Token { kind: Kind::Sign("+" | "-" | "*" | "/"), .. }))
    }

    /// Whether the next token is this sign.
    pub fn is_sign(&self, wanted: &str) -> bool {
        matches!(self.peek(), Some(Token { kind: Kind::Sign(sign), .. }) if *sign == wanted)
    }

    /// "Found …, expected …" at the next token.
    pub fn expected(&self, what: &str, suggestions: &[&str]) -> RuleError {
        let message = match self.peek() {
            Some(token) => format!("Found {}, expected {what}.", describe(&token.kind)),
            None => format!("The rule stops here, expected {what}."),
        };
        RuleError::syntax(self.place(), message).suggest(suggestions.iter().copied())
    }

    /// A column's name is there, but nothing that is asked of it.
    pub fn no_test(&self, column: &str, column_place: Place, negated: bool) -> RuleError {
        const WORDS: [&str; 21] = [
            "contains",
            "does not contain",
            "starts with",
            "ends with",
            "in",
            "not in",
            "between",
            "is missing",
            "is blank",
            "like",
            "matches",
            "any of",
            "all of",
            "none of",
            "exactly",
            "anniversary",
            "before",
            "after",
            "on",
            "and",
            "or",
        ];
        let what = if negated {
            "“in”, “between”, “contain”, “start with” or “end with” after “not”".to_string()
        } else {
            format!("what to ask of “{column}”, such as =, !=, <, >, in, between, contains, starts with or is missing")
        };
        let Some(Token { kind: Kind::Word(word), place }) = self.peek() else {
            if negated && self.peek().is_some_and(|token| is_value(&token.kind)) {
                return RuleError::syntax(self.previous(), "“not equal” is written !=.").suggest(["!="]);
            }
            return self.expected(&what, &[]);
        };
        if column.eq_ignore_ascii_case("where") {
            return RuleError::syntax(column_place, "A rule is only the condition. Leave out “where”.");
        }
        let mut suggestions = nearest_words(word, &WORDS);
        let follows = self.ahead(1).map(|token| &token.kind);
        let compared = matches!(follows, Some(Kind::Sign("=" | "!=" | "<" | "<=" | ">" | ">=")))
            || matches!(follows, Some(Kind::Word(next)) if WORDS.iter().any(|known| known.split(' ').next() == Some(next)));
        if compared && suggestions.is_empty() {
            let place = column_place.to(*place);
            let message = format!("A name of several words stands in double quotes: \"{column} {word}\".");
            return RuleError::syntax(place, message).suggest([format!("\"{column} {word}\"")]);
        }
        suggestions.truncate(2);
        let mut error = self.expected(&what, &[]);
        if let Some(best) = suggestions.first() {
            error.message.push_str(&format!(" Did you mean “{best}”?"));
        }
        error.suggest(suggestions)
    }

    /// Something follows on a whole condition that cannot follow there.
    pub fn after_condition(&self) -> RuleError {
        const WORDS: [&str; 4] = ["and", "or", "ignoring case", "treat missing as"];
        match self.peek().map(|token| &token.kind) {
            Some(Kind::Sign(",")) => RuleError::syntax(
                self.place(),
                "Found “,” after a whole condition. Decimals are written with a point, 12.5; conditions are joined by “and” or “or”.",
            )
            .suggest(["and", "or"]),
            Some(Kind::Sign("%")) => RuleError::syntax(self.place(), "A number stands alone, without “%”. Leave it out."),
            Some(Kind::Word(word)) => {
                let nearest = if word.to_lowercase().starts_with("ignor") { vec!["ignoring case"] } else { nearest_words(word, &WORDS) };
                let suggestions = if nearest.is_empty() { vec!["and", "or"] } else { nearest };
                self.expected("“and”, “or” or the end of the rule", &suggestions)
            }
            _ => self.expected("“and”, “or” or the end of the rule", &["and", "or"]),
        }
    }

    /// Refuses a value where a condition should begin, as in `city = 'Rome' or 'Paris'`. `last` is the condition before it.
    pub fn value_alone(&self, last: &Condition) -> Result<(), RuleError> {
        let (Some(token), Test::Compare(comparison, _)) = (self.peek(), &last.test) else { return Ok(()) };
        if self.calculates_next() {
            return Ok(());
        }
        let value = match &token.kind {
            Kind::Text(text) => Value::Text(text.clone()),
            Kind::Number(number) => Value::Number(*number),
            Kind::Day(day) => Value::Day(*day),
            _ => return Ok(()),
        };
        let column = format_value(&last.subject.value);
        let whole = format!("{column} {} {}", comparison.symbol(), format_value(&value));
        let message =
            format!("A whole condition is expected here: {whole}. For one of several values write {column} in (…).");
        Err(RuleError::syntax(token.place, message).suggest([whole]))
    }

    /// Something else than "missing", "true" or "false" after `is`, which began at `start`.
    pub fn is_what(&self, start: Place, comparison: Comparison) -> RuleError {
        let (sign, place) = (comparison.symbol(), start.to(self.previous()));
        match self.peek().map(|token| &token.kind) {
            Some(kind) if is_value(kind) || matches!(kind, Kind::Name(_)) => {
                RuleError::syntax(place, format!("To compare with a value write “{sign}”.")).suggest([sign])
            }
            Some(Kind::Sign("=" | "!=" | "<" | "<=" | ">" | ">=")) => {
                RuleError::syntax(place, "The sign stands alone, without “is”. Leave “is” out.")
            }
            _ => self.expected(
                &format!("“missing”, “true” or “false” after “is”; to compare with a value write “{sign}”"),
                &["missing"],
            ),
        }
    }

    /// No unit where one is expected.
    pub fn unit_expected(&self) -> RuleError {
        const UNITS: [&str; 6] = ["days", "weeks", "months", "quarters", "years", "hours"];
        let near = match self.peek() {
            Some(Token { kind: Kind::Word(word), .. }) => nearest_words(word, &UNITS),
            _ => Vec::new(),
        };
        self.expected("days, weeks, months, quarters, years or hours", if near.is_empty() { &UNITS } else { &near })
    }

    /// A word with a bracket that is no function.
    pub fn no_function(&self, word: &str) -> RuleError {
        let known = FUNCTIONS.iter().map(|(_, name, _)| *name).chain(MEASURES.iter().map(|(_, name)| *name));
        let nearest = nearest_names(word, known.chain(["count", "nth", "never", "ever", "sequence"]));
        let hint = nearest.first().map(|best| format!(" Did you mean “{best}”?")).unwrap_or_default();
        let message = format!("There is no function “{word}”.{hint}");
        RuleError::syntax(self.place(), message).suggest(nearest)
    }
}

/// Words of the language near to what was written. Nothing much shorter is near: "where" is no slip for "on".
fn nearest_words(written: &str, words: &[&'static str]) -> Vec<&'static str> {
    let near = nearest_names(written, words.iter().copied().filter(|word| 2 * word.len() > written.len()));
    near.iter().filter_map(|near| words.iter().copied().find(|word| word == near)).collect()
}

fn is_value(kind: &Kind) -> bool {
    matches!(kind, Kind::Text(_) | Kind::Number(_) | Kind::Day(_))
}

fn describe(kind: &Kind) -> String {
    match kind {
        Kind::Word(word) => format!("“{word}”"),
        Kind::Name(name) => format!("the name “{name}”"),
        Kind::Text(text) => format!("the text '{text}'"),
        Kind::Number(number) => format!("the number {number}"),
        Kind::Day(day) => format!("the day {}", format_day(*day)),
        Kind::Parameter(name) => format!("the parameter :{name}"),
        Kind::Sign(sign) => format!("“{sign}”"),
    }
}
