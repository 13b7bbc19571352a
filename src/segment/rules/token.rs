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
    /// `= != < <= > >= ( ) ,`
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

/// Whether a name can stand in a rule without quotes.
pub fn is_bare(name: &str) -> bool {
    let mut characters = name.chars();
    characters.next().is_some_and(starts_word) && characters.all(continues_word) && !is_reserved(name)
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
    let mut reader = Reader { rest: text, at: 0 };
    let mut found = Vec::new();
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
            c if c.is_ascii_digit() || matches!(c, '-' | '+' | '.' | '−') => reader.number()?,
            c if starts_word(c) => Kind::Word(reader.take_while(continues_word).to_string()),
            _ => Kind::Sign(reader.sign()?),
        };
        found.push(Token { kind, place: Place { at: start, length: reader.at - start } });
    }
}

/// The text that is left, and how many UTF-16 units are behind.
struct Reader<'a> {
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
        let error = |message: String, better: String| Err(RuleError::syntax(place, message).suggest([better]));
        match number.parse::<f64>() {
            Ok(_) if plain && digits.len() > 1 && digits.starts_with('0') && digits.as_bytes()[1].is_ascii_digit() => {
                error(
                    format!(
                        "“{written}” begins with a zero, as a code does and a number does not. Put a code in single quotes."
                    ),
                    format!("'{written}'"),
                )
            }
            Ok(value) if plain && value.is_finite() => Ok(Kind::Number(value)),
            Ok(_) if plain => {
                error(format!("“{written}” is too large a number. The largest is about 1.8e308."), "1.7e308".into())
            }
            _ if written.chars().all(|c| !c.is_alphanumeric()) => error(
                format!(
                    "“{written}” stands where a value is expected; a rule cannot calculate. Numbers are written like 12.5 or -3."
                ),
                "0".into(),
            ),
            _ if looks_like_a_day(written) => error(
                format!(
                    "“{written}” is not a day of the calendar. Days are written year-month-day, for example '2026-01-31'."
                ),
                "'2026-01-31'".into(),
            ),
            _ => error(
                format!(
                    "“{written}” is not a number. Put a text in single quotes, and a column’s name in double quotes."
                ),
                format!("'{written}'"),
            )
            .map_err(|found| found.suggest([format!("\"{written}\"")])),
        }
    }

    fn sign(&mut self) -> Result<&'static str, RuleError> {
        const SIGNS: [(&str, &str); 13] = [
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
                Err(RuleError::syntax(
                    place,
                    format!(
                        "“{c}” has no meaning here. Texts stand in single quotes, names with signs or blanks in double quotes, numbers alone."
                    ),
                ))
            }
        }
    }
}

/// Digits in two or three parts with one kind of separator.
fn looks_like_a_day(written: &str) -> bool {
    ['-', '.'].iter().any(|&separator| {
        let parts: Vec<&str> = written.split(separator).collect();
        parts.len() == 3 && parts.iter().all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
    })
}
