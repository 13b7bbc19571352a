//! Does a text fit a pattern? `like` as in SQL, and regular expressions.

use crate::segment::rules::tree::PatternKind;
use crate::segment::rules::words::fold;
use regex_lite::{Regex, RegexBuilder};

/// The longest pattern, in bytes.
const LONGEST: usize = 1_000;
/// The largest compiled regular expression, in bytes.
const SIZE_LIMIT: usize = 1 << 20;

/// A pattern, ready to be asked.
#[derive(Clone, Debug)]
pub struct Pattern(Kind);

#[derive(Clone, Debug)]
enum Kind {
    Like(Vec<Piece>),
    Matches(Regex),
}

/// A part of a `like` pattern.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Piece {
    /// Any text, also none.
    Any,
    /// Any one character.
    One,
    /// This character.
    Letter(char),
}

impl Pattern {
    /// Reads a pattern. With `ignoring_case` the texts that are asked must be in small letters.
    ///
    /// # Errors
    /// What is wrong with it, as a sentence.
    pub fn new(kind: PatternKind, pattern: &str, ignoring_case: bool) -> Result<Pattern, String> {
        if pattern.len() > LONGEST {
            return Err(format!("A pattern has at most {LONGEST} bytes, this one has {}.", pattern.len()));
        }
        let pattern_kind = match kind {
            PatternKind::Like => Kind::Like(pieces(&fold(pattern, ignoring_case))?),
            PatternKind::Matches => {
                // The engine ignores the case of ASCII's letters alone. Those may be part of an escape, such as \D, and stay.
                let small = |letter: char| match letter.is_ascii() || !ignoring_case {
                    true => letter.to_string(),
                    false => letter.to_lowercase().collect(),
                };
                let pattern: String = pattern.chars().map(small).collect();
                let built = RegexBuilder::new(&pattern).case_insensitive(ignoring_case).size_limit(SIZE_LIMIT).build();
                Kind::Matches(built.map_err(|error| format!("The regular expression cannot be read: {error}."))?)
            }
        };
        Ok(Pattern(pattern_kind))
    }

    /// Whether a text fits.
    pub fn fits(&self, text: &str) -> bool {
        match &self.0 {
            Kind::Like(pieces) => like(pieces, text),
            Kind::Matches(regex) => regex.is_match(text),
        }
    }
}

fn pieces(pattern: &str) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        pieces.push(match letter {
            '%' => Piece::Any,
            '_' => Piece::One,
            '\\' => match letters.next() {
                Some(escaped @ ('%' | '_' | '\\')) => Piece::Letter(escaped),
                _ => return Err("A backslash in a pattern stands before %, _ or another backslash.".into()),
            },
            letter => Piece::Letter(letter),
        });
    }
    pieces.dedup_by(|next, piece| *next == Piece::Any && *piece == Piece::Any);
    Ok(pieces)
}

/// Goes back at most to the last "any", so that the time is bounded by the text's length times the pattern's.
fn like(pieces: &[Piece], text: &str) -> bool {
    let mut rest = text.chars();
    let mut at = 0;
    let mut retry: Option<(usize, std::str::Chars)> = None;
    loop {
        match pieces.get(at) {
            Some(Piece::Any) => {
                at += 1;
                retry = Some((at, rest.clone()));
                continue;
            }
            None if rest.as_str().is_empty() => return true,
            Some(piece) => {
                let letter = rest.next();
                let fits = match (piece, letter) {
                    (Piece::One, Some(_)) => true,
                    (Piece::Letter(wanted), Some(letter)) => *wanted == letter,
                    _ => false,
                };
                if fits {
                    at += 1;
                    continue;
                }
                if letter.is_none() {
                    return false;
                }
            }
            None => {}
        }
        let Some((behind_any, start)) = &mut retry else { return false };
        if start.next().is_none() {
            return false;
        }
        at = *behind_any;
        rest = start.clone();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn like_is_sqls() {
        for (pattern, text, fits) in [
            ("", "", true),
            ("", "a", false),
            ("%", "", true),
            ("a%", "abc", true),
            ("%c", "abc", true),
            ("%b%", "abc", true),
            ("a_c", "aöc", true),
            ("a_c", "ac", false),
            ("%aab", "aaab", true),
            ("%a%b", "ab a", false),
            ("a\\%", "a%", true),
            ("a\\%", "ab", false),
            ("\\\\", "\\", true),
            ("_%_", "a", false),
            ("%%a", "ba", true),
        ] {
            assert_eq!(Pattern::new(PatternKind::Like, pattern, false).unwrap().fits(text), fits, "{pattern} {text}");
        }
        assert!(Pattern::new(PatternKind::Like, "a\\", false).is_err());
        assert!(Pattern::new(PatternKind::Like, "KÖLN%", true).unwrap().fits("köln am rhein"));
    }

    #[test]
    fn bad_and_large_expressions_are_refused() {
        for pattern in ["(", "a{1000}{1000}{1000}", "(?=a)", &"a".repeat(2_000)] {
            assert!(Pattern::new(PatternKind::Matches, pattern, false).is_err(), "{pattern}");
        }
        assert!(Pattern::new(PatternKind::Matches, "^[a-c]+\\d$", true).unwrap().fits("abc1"));
    }
}
