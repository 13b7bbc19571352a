//! Does this cell say "nothing", "yes" or "no"?

/// Whether a cell stands for a missing value: empty, blanks, one of the usual words in any case, or one of `more` (which
/// must be lower-case).
#[inline]
pub fn is_missing(text: &str, more: &[String]) -> bool {
    match text.as_bytes() {
        [] => true,
        // Nearly every cell: it begins as none of the usual words does.
        [b'-', b'0'..=b'9', ..] if more.is_empty() => false,
        [b'!'..=b'~', ..] if more.is_empty() && !matches!(text.as_bytes()[0], b'n' | b'N' | b'-' | b'?' | b'#') => {
            false
        }
        _ => is_missing_word(text.trim(), more),
    }
}

fn is_missing_word(word: &str, more: &[String]) -> bool {
    const WORDS: [&str; 10] = ["na", "n/a", "nan", "null", "none", "-", "–", "?", "#n/a", ""];
    WORDS.iter().any(|known| word.eq_ignore_ascii_case(known))
        || (!more.is_empty() && more.iter().any(|known| *known == word.to_lowercase()))
}

/// Pairs of words for yes and no. A column is boolean when all its cells come from one pair.
pub const PAIRS: [(&str, &str); 12] = [
    ("true", "false"),
    ("yes", "no"),
    ("ja", "nein"),
    ("y", "n"),
    ("j", "n"),
    ("t", "f"),
    ("wahr", "falsch"),
    ("oui", "non"),
    ("vrai", "faux"),
    ("sí", "no"),
    ("si", "no"),
    ("ja", "nee"),
];

/// Longest word of [`PAIRS`] in bytes.
const LONGEST: usize = 6;

/// What a cell says in a pair, by its number in [`PAIRS`].
#[inline]
pub fn boolean(text: &str, pair: usize) -> Option<bool> {
    let word = text.trim();
    let (yes, no) = PAIRS[pair];
    if word.eq_ignore_ascii_case(yes) {
        Some(true)
    } else if word.eq_ignore_ascii_case(no) {
        Some(false)
    } else {
        None
    }
}

/// The pairs in which a cell says yes, and those in which it says no, as bits.
pub fn boolean_pairs(text: &str) -> (u16, u16) {
    let word = text.trim();
    if word.len() > LONGEST {
        return (0, 0);
    }
    let bits = |test: &dyn Fn(usize) -> bool| {
        (0..PAIRS.len()).filter(|&pair| test(pair)).fold(0, |bits, pair| bits | 1 << pair)
    };
    (bits(&|pair| word.eq_ignore_ascii_case(PAIRS[pair].0)), bits(&|pair| word.eq_ignore_ascii_case(PAIRS[pair].1)))
}

/// The pair that explains every cell of a column, given the pairs left open by all of them and those in which a yes and
/// a no were seen. Single letters need both, and so does "no", which is also a country.
pub fn pair_of(open: u16, yes: u16, no: u16) -> Option<usize> {
    (0..PAIRS.len()).find(|&pair| {
        let (seen_yes, seen_no) = (yes >> pair & 1 == 1, no >> pair & 1 == 1);
        let clear = PAIRS[pair].0.len() > 2 && seen_yes || PAIRS[pair].1.len() > 2 && seen_no;
        open >> pair & 1 == 1 && (seen_yes && seen_no || clear)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_is_known_in_any_case() {
        for text in ["", " ", "\t", "NA", "n/a", "NaN", "Null", "NONE", "-", "–", "?", "#N/A", " na "] {
            assert!(is_missing(text, &[]), "{text:?}");
        }
        for text in ["0", "no", "nano", "x", "Nan a", "unknown", "—"] {
            assert!(!is_missing(text, &[]), "{text:?}");
        }
        let more = ["unknown".to_string(), "999".into()];
        assert!(is_missing("Unknown", &more) && is_missing("999", &more) && is_missing("", &more));
    }

    #[test]
    fn one_pair_must_explain_all_cells() {
        let pair = |cells: &[&str]| {
            let (mut open, mut yes, mut no) = (u16::MAX, 0, 0);
            for cell in cells {
                let (y, n) = boolean_pairs(cell);
                (open, yes, no) = (open & (y | n), yes | y, no | n);
            }
            pair_of(open, yes, no).map(|pair| PAIRS[pair])
        };
        assert_eq!(pair(&["Yes", "no"]), Some(("yes", "no")));
        assert_eq!(pair(&["J", "n"]), Some(("j", "n")));
        assert_eq!(pair(&["TRUE"]), Some(("true", "false")));
        assert_eq!(pair(&["NO", "no"]), None);
        assert_eq!(pair(&["y"]), None);
        assert_eq!(pair(&["yes", "nein"]), None);
        assert_eq!(pair(&["yes", "no", "maybe"]), None);
        assert_eq!(boolean("FALSE", 0), Some(false));
    }
}
