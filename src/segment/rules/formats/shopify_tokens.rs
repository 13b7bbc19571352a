//! How is a Shopify segment query cut into words?

use crate::segment::rules::calendar::parse_moment;
use crate::segment::rules::formats::vendor::When;
use crate::segment::rules::tree::Unit;
use crate::table::date::parse_iso_day;

/// A word of a query.
#[derive(Clone, Debug, PartialEq)]
pub enum Token {
    /// A name or keyword.
    Word(String),
    /// What stood in quotes.
    Text(String),
    /// A number.
    Number(f64),
    /// A day, also one that moves, or a moment.
    Day(When),
    /// A day so many days, weeks, months or years ahead.
    Ahead(u32, Unit),
    /// `( ) , : = != > >= < <=`
    Sign(&'static str),
}

const SIGNS: [&str; 11] = ["!=", "<>", ">=", "<=", "=", ">", "<", "(", ")", ",", ":"];

/// The words, each with the place where it begins.
///
/// # Errors
/// What cannot be a word, and where it stands, counted in characters from 1.
pub fn tokens(query: &str) -> Result<Vec<(Token, usize)>, String> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(char) = query[at..].chars().next() {
        let rest = &query[at..];
        if char.is_whitespace() {
            at += char.len_utf8();
            continue;
        }
        let here = at;
        if let Some(sign) = SIGNS.into_iter().find(|sign| rest.starts_with(sign)) {
            at += sign.len();
            found.push((Token::Sign(if sign == "<>" { "!=" } else { sign }), here));
        } else if char == '\'' || char == '"' {
            let (text, length) = quoted(rest, char).ok_or_else(|| {
                format!("the text that begins at character {} has no end", query[..here].chars().count() + 1)
            })?;
            at += length;
            found.push((Token::Text(text), here));
        } else {
            let length =
                rest.find(|char: char| !(char.is_alphanumeric() || "_.-+".contains(char))).unwrap_or(rest.len());
            let word = &rest[..length];
            if word.is_empty() {
                return Err(format!("“{char}” at character {} is not expected", query[..here].chars().count() + 1));
            }
            // In a moment such as 2024-01-01T16:00:00 a colon is no sign of its own.
            let mut whole = length;
            if word.len() > 11 && word.get(..10).is_some_and(|day| parse_iso_day(day).is_ok()) {
                whole =
                    rest.find(|char: char| !(char.is_alphanumeric() || "_.-+:".contains(char))).unwrap_or(rest.len());
            }
            at += whole;
            found.push((word_of(&rest[..whole]), here));
        }
    }
    Ok(found)
}

fn quoted(rest: &str, quote: char) -> Option<(String, usize)> {
    let mut text = String::new();
    let mut chars = rest.char_indices().skip(1).peekable();
    while let Some((at, char)) = chars.next() {
        match char {
            '\\' => text.push(chars.next()?.1),
            char if char == quote && chars.peek().is_some_and(|(_, next)| *next == quote) => {
                chars.next();
                text.push(quote);
            }
            char if char == quote => return Some((text, at + char.len_utf8())),
            char => text.push(char),
        }
    }
    None
}

fn word_of(word: &str) -> Token {
    if let Ok(number) = word.parse::<f64>()
        && number.is_finite()
        && word.bytes().any(|byte| byte.is_ascii_digit())
    {
        return Token::Number(number);
    }
    if let Ok(day) = parse_iso_day(word) {
        return Token::Day(When::Day(day));
    }
    if let Some(ms) = parse_moment(word) {
        return Token::Day(When::Moment(ms));
    }
    match word.to_ascii_lowercase().as_str() {
        "today" => return Token::Day(When::Ago(0, Unit::Day)),
        "yesterday" => return Token::Day(When::Ago(1, Unit::Day)),
        "7_days_ago" => return Token::Day(When::Ago(7, Unit::Day)),
        "30_days_ago" => return Token::Day(When::Ago(30, Unit::Day)),
        "90_days_ago" => return Token::Day(When::Ago(90, Unit::Day)),
        "12_months_ago" => return Token::Day(When::Ago(12, Unit::Month)),
        _ => {}
    }
    let unit = match word.chars().last() {
        Some('d') => Unit::Day,
        Some('w') => Unit::Week,
        Some('m') => Unit::Month,
        Some('q') => Unit::Quarter,
        Some('y') => Unit::Year,
        _ => return Token::Word(word.into()),
    };
    let amount =
        |sign: char| word.strip_prefix(sign)?[..word.len() - 2].parse::<u32>().ok().filter(|amount| *amount <= 100_000);
    match (amount('-'), amount('+')) {
        (Some(amount), _) => Token::Day(When::Ago(amount, unit)),
        (_, Some(amount)) => Token::Ahead(amount, unit),
        _ => Token::Word(word.into()),
    }
}
