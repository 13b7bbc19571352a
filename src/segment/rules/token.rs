//! Which words, values and signs does a rule's text consist of?

use crate::segment::rules::rule_error::RuleError;
use crate::segment::rules::tree::Place;
use crate::table::date::parse_iso_day;

/// A piece of rule text.
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// Where it stands.
    pub place: Place,
}

/// What a piece of rule text is.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A bare word: a name or a word of the language, as it was written.
    Word(String),
    /// A name in double quotes, brackets or backticks, without them.
    Name(String),
    /// A text in single quotes, without them.
    Text(String),
    /// A finite number.
    Number(f64),
    /// A bare ISO day.
    Day(i32),
    /// A parameter's name, without its colon.
    Parameter(String),
    /// `= != < <= > >= ( ) , + - * / % .`
    Sign(&'static str),
}

/// Words that must stand in double quotes when they are a column's name.
const RESERVED: [&str; 14] = [
    "and", "or", "not", "in", "is", "between", "like", "null", "true", "false", "everyone", "missing", "ignoring",
    "treat",
];

/// Whether a word is one of the language's own, in any case.
pub fn is_reserved(word: &str) -> bool {
    RESERVED.iter().any(|reserved| word.eq_ignore_ascii_case(reserved))
}

/// Words that ask something: where one stands within brackets, they hold a rule.
const ASKING: [&str; 29] = [
    "and",
    "or",
    "not",
    "in",
    "is",
    "between",
    "like",
    "matches",
    "match",
    "contains",
    "contain",
    "starts",
    "start",
    "begins",
    "begin",
    "ends",
    "end",
    "includes",
    "does",
    "before",
    "after",
    "on",
    "any",
    "none",
    "all",
    "exactly",
    "has",
    "anniversary",
    "everyone",
];

/// Whether a name within a calculation would be taken for a question.
pub fn asks(word: &str) -> bool {
    ASKING.iter().any(|asking| word.eq_ignore_ascii_case(asking))
}

/// Whether a name can stand in a rule without quotes.
pub fn is_bare(name: &str) -> bool {
    let mut characters = name.chars();
    characters.next().is_some_and(starts_word) && characters.all(continues_word) && !is_reserved(name)
}

/// Words after which `-3` is a number and not a subtraction.
const BEFORE_A_VALUE: [&str; 10] =
    ["where", "as", "on", "before", "after", "with", "contains", "contain", "includes", "date"];

impl Kind {
    /// Whether a value may end here, so that a sign behind it calculates.
    fn ends_a_value(&self) -> bool {
        match self {
            Kind::Word(word) => {
                !is_reserved(word) && !BEFORE_A_VALUE.iter().any(|before| word.eq_ignore_ascii_case(before))
            }
            Kind::Name(_) | Kind::Number(_) | Kind::Parameter(_) => true,
            Kind::Sign(sign) => *sign == ")",
            Kind::Text(_) | Kind::Day(_) => false,
        }
    }
}

fn starts_word(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

fn continues_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Cuts a rule's text into tokens.
///
/// # Errors
/// A quote without its partner, a number that is none, a sign the language does not have.
pub fn tokens(text: &str) -> Result<Vec<Token>, RuleError> {
    let mut reader = Reader { whole: text, rest: text, at: 0 };
    let mut found: Vec<Token> = Vec::new();
    loop {
        reader.take_while(char::is_whitespace);
        let Some(first) = reader.peek() else { return Ok(found) };
        let start = reader.at;
        let kind = match first {
            '\'' => Kind::Text(reader.quoted('\'', "text")?),
            '‘' | '’' | '‚' => Kind::Text(reader.quoted('’', "text")?),
            '"' => Kind::Name(reader.quoted('"', "name")?),
            '“' | '”' | '„' => Kind::Name(reader.curly_name()?),
            '`' => Kind::Name(reader.quoted('`', "name")?),
            '[' => Kind::Name(reader.quoted(']', "name")?),
            ':' => reader.parameter()?,
            '.' if reader.stands_within_a_name() => Kind::Sign(reader.dot()),
            '-' | '+' | '−' if reader.calculates(found.last()) => Kind::Sign(reader.plus_or_minus()),
            c if c.is_ascii_digit() || matches!(c, '-' | '+' | '.' | '−') => reader.number()?,
            c if starts_word(c) => {
                let in_brackets = matches!(found.last(), Some(Token { kind: Kind::Sign("(" | ","), .. }));
                let word = reader.word(in_brackets)?;
                if let Some(verb) = reader.short_not(word) {
                    let place = Place { at: start, length: reader.at - start };
                    found.push(Token { kind: Kind::Word(verb.into()), place });
                    found.push(Token { kind: Kind::Word("not".into()), place });
                    continue;
                }
                Kind::Word(word.to_string())
            }
            _ => Kind::Sign(reader.sign()?),
        };
        found.push(Token { kind, place: Place { at: start, length: reader.at - start } });
    }
}

/// The text that is left, and how many UTF-16 units are behind.
struct Reader<'a> {
    whole: &'a str,
    rest: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn take(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(bytes);
        self.at += taken.encode_utf16().count();
        self.rest = rest;
        taken
    }

    fn take_while(&mut self, test: impl Fn(char) -> bool) -> &'a str {
        self.take(self.rest.find(|c| !test(c)).unwrap_or(self.rest.len()))
    }

    /// Whether the sign that comes next stands between two values, rather than before a number.
    fn calculates(&self, before: Option<&Token>) -> bool {
        let behind = self.rest.chars().nth(1);
        behind.is_some_and(char::is_whitespace) || before.is_some_and(|token| token.kind.ends_a_value())
    }

    fn plus_or_minus(&mut self) -> &'static str {
        let plus = self.peek() == Some('+');
        self.take(self.peek().map_or(0, char::len_utf8));
        if plus { "+" } else { "-" }
    }

    /// Whether a point joins `orders` and the name of one of its columns.
    fn stands_within_a_name(&self) -> bool {
        let behind = &self.whole[..self.whole.len() - self.rest.len()];
        let follows = self.rest[1..].chars().next();
        behind.ends_with(continues_word) && follows.is_some_and(|c| starts_word(c) || matches!(c, '"' | '[' | '`'))
    }

    fn dot(&mut self) -> &'static str {
        self.take(1);
        "."
    }

    /// `:name`
    fn parameter(&mut self) -> Result<Kind, RuleError> {
        let start = self.at;
        self.take(1);
        let name = if self.peek().is_some_and(starts_word) { self.take_while(continues_word) } else { "" };
        if name.is_empty() {
            let place = Place { at: start, length: 1 };
            return Err(RuleError::syntax(
                place,
                "A colon begins a parameter’s name, such as :minimum. Leave it out, or add the name.",
            ));
        }
        Ok(Kind::Parameter(name.to_string()))
    }

    /// A bare word. One that goes on with a sign, as `order-date` does, is a name that lacks its quotes; only `orders.amount`
    /// is said so within brackets.
    fn word(&mut self, in_brackets: bool) -> Result<&'a str, RuleError> {
        let start = self.at;
        let (before, word) = (self.rest, self.take_while(continues_word));
        let dotted = ["orders", "lines"].iter().any(|events| word.eq_ignore_ascii_case(events));
        if in_brackets && dotted && self.peek() == Some('.') {
            return Ok(word);
        }
        let joined = before.find(|c| !(continues_word(c) || "-.:/#@$".contains(c))).unwrap_or(before.len());
        if joined == word.len() {
            return Ok(word);
        }
        let name = before[..joined].trim_end_matches(|c| !continues_word(c));
        let name = if name.len() > word.len() { name } else { &before[..joined] };
        let place = Place { at: start, length: name.encode_utf16().count() };
        let message = format!(
            "A name with signs in it stands in double quotes: \"{name}\". To calculate, put blanks around the sign."
        );
        Err(RuleError::syntax(place, message).suggest([format!("\"{name}\"")]))
    }

    /// The `'t` of "doesn't" and "isn't": takes it and gives the verb.
    fn short_not(&mut self, word: &str) -> Option<&'static str> {
        let verb = match word.to_ascii_lowercase().as_str() {
            "doesn" => "does",
            "isn" => "is",
            _ => return None,
        };
        let short = ["'t", "’t"].into_iter().find(|short| self.rest.starts_with(short))?;
        self.take(short.len());
        Some(verb)
    }

    /// Everything up to the closing mark; the mark written twice stands for itself.
    fn quoted(&mut self, close: char, what: &str) -> Result<String, RuleError> {
        let start = self.at;
        let open = self.take(self.peek().map_or(0, char::len_utf8));
        let mut value = String::new();
        loop {
            let Some(end) = self.rest.find(close) else {
                self.take(self.rest.len());
                let place = Place { at: start, length: self.at - start };
                let message = format!("This {what} begins with {open} but does not end. Close it with {close} .");
                return Err(RuleError::syntax(place, message).suggest([close.to_string()]));
            };
            value.push_str(&self.take(end + close.len_utf8())[..end]);
            if self.peek() != Some(close) {
                return Ok(value);
            }
            value.push(close);
            self.take(close.len_utf8());
        }
    }

    /// A name in curly quotes, which word processors and our own messages write: “…” or „…“.
    fn curly_name(&mut self) -> Result<String, RuleError> {
        let inside = &self.rest[self.peek().map_or(0, char::len_utf8)..];
        let close = inside.chars().find(|c| matches!(c, '“' | '”')).unwrap_or('”');
        self.quoted(close, "name")
    }

    /// A number or a bare ISO day.
    fn number(&mut self) -> Result<Kind, RuleError> {
        let start = self.at;
        let behind = &self.whole[..self.whole.len() - self.rest.len()];
        let after_comma = behind.strip_suffix(',').is_some_and(|front| front.ends_with(|c: char| c.is_ascii_digit()));
        let mut previous = ' ';
        let end = self.rest.char_indices().find(|&(index, c)| {
            let signed = index == 0
                || (matches!(previous, 'e' | 'E') && self.rest[..index].contains(|d: char| d.is_ascii_digit()));
            let belongs = continues_word(c)
                || c == '.'
                || (matches!(c, '-' | '+' | '−') && (signed || previous.is_ascii_digit()));
            previous = c;
            !belongs
        });
        let written = self.take(end.map_or(self.rest.len(), |(index, _)| index));
        let place = Place { at: start, length: self.at - start };
        if let Ok(day) = parse_iso_day(written) {
            return Ok(Kind::Day(day));
        }
        let number = written.replacen('−', "-", 1);
        let digits = number.trim_start_matches(['-', '+']);
        let plain = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
            && digits.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'-' | b'+'));
        let (message, suggestions) = match number.parse::<f64>() {
            Ok(_) if plain && digits.len() > 1 && digits.starts_with('0') && digits.as_bytes()[1].is_ascii_digit() => {
                let code = "begins with a zero, as a code does and a number does not. Put a code in single quotes.";
                if after_comma {
                    let message = "Numbers have no commas: a thousand is 1000, one and a half is 1.5.".to_string();
                    return Err(RuleError::syntax(place, message));
                }
                (format!("“{written}” {code}"), vec![format!("'{written}'")])
            }
            Ok(value) if plain && value.is_finite() => return Ok(Kind::Number(value)),
            Ok(_) if plain => (format!("“{written}” is too large a number. The largest is about 1.7e308."), vec![]),
            _ if digits.starts_with(starts_word) || !written.contains(|c: char| c.is_alphanumeric()) => {
                (format!("“{written}” has no value before it. A column is turned around by 0 - column."), vec![])
            }
            _ if looks_like_a_day(written) => (
                format!(
                    "“{written}” is not a day of the calendar. Days are written year-month-day, for example '2026-01-31'."
                ),
                vec![],
            ),
            _ => (
                format!(
                    "“{written}” is not a number. Put a text in single quotes, and a column’s name in double quotes."
                ),
                vec![format!("'{written}'"), format!("\"{written}\"")],
            ),
        };
        Err(RuleError::syntax(place, message).suggest(suggestions))
    }

    fn sign(&mut self) -> Result<&'static str, RuleError> {
        const SIGNS: [(&str, &str); 17] = [
            ("!=", "!="),
            ("<>", "!="),
            ("≠", "!="),
            ("<=", "<="),
            ("≤", "<="),
            (">=", ">="),
            ("≥", ">="),
            ("<", "<"),
            (">", ">"),
            ("=", "="),
            ("(", "("),
            (")", ")"),
            (",", ","),
            ("*", "*"),
            ("/", "/"),
            ("%", "%"),
            ("÷", "/"),
        ];
        const FOREIGN: [(&str, &str); 11] = [
            ("===", "="),
            ("!==", "!="),
            ("==", "="),
            ("=>", ">="),
            ("=<", "<="),
            ("&&", "and"),
            ("||", "or"),
            ("&", "and"),
            ("|", "or"),
            ("!", "not"),
            (";", ""),
        ];
        let start = self.at;
        let mine = SIGNS.iter().find(|(sign, _)| self.rest.starts_with(sign));
        let foreign = FOREIGN.iter().find(|(sign, _)| self.rest.starts_with(sign));
        match (mine, foreign) {
            (Some((sign, meaning)), None) => {
                self.take(sign.len());
                Ok(meaning)
            }
            (Some((sign, meaning)), Some((other, _))) if sign.len() > other.len() => {
                self.take(sign.len());
                Ok(meaning)
            }
            (_, Some((sign, better))) => {
                self.take(sign.len());
                let place = Place { at: start, length: self.at - start };
                Err(match *better {
                    "" => RuleError::syntax(place, format!("“{sign}” is not needed. Leave it out.")),
                    _ => RuleError::syntax(place, format!("“{sign}” is not used in rules. Write “{better}” instead."))
                        .suggest([*better]),
                })
            }
            (None, None) => {
                let c = self.peek().unwrap_or(' ');
                self.take(c.len_utf8());
                let place = Place { at: start, length: self.at - start };
                let message = match c {
                    '^' => "Powers are not offered: numbers are added, subtracted, multiplied and divided.".to_string(),
                    '€' | '$' | '£' | '¥' => format!("A number stands alone, without “{c}”. Leave it out."),
                    _ => format!(
                        "“{c}” has no meaning here. Texts stand in single quotes, names with signs or blanks in double quotes."
                    ),
                };
                Err(RuleError::syntax(place, message))
            }
        }
    }
}

/// Digits in three parts with one kind of separator.
fn looks_like_a_day(written: &str) -> bool {
    ['-', '.'].iter().any(|&separator| {
        let parts: Vec<&str> = written.split(separator).collect();
        parts.len() == 3 && parts.iter().all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
    })
}
