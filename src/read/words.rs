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

/// Pairs of words for yes and no, in small letters and with blanks for hyphens. A column is boolean when all its cells come
/// from one pair. The last, [`FLAG`], is for columns whose name asks a question: 1 and 0 are numbers elsewhere.
pub const PAIRS: [(&str, &str); 30] = [
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
    ("sì", "no"),
    ("si", "no"),
    ("ja", "nee"),
    ("sim", "não"),
    ("sim", "nao"),
    ("verdadero", "falso"),
    ("vero", "falso"),
    ("verdadeiro", "falso"),
    ("waar", "onwaar"),
    ("s", "n"),
    ("o", "n"),
    ("v", "f"),
    ("subscribed", "unsubscribed"),
    ("opted in", "opted out"),
    ("opt in", "opt out"),
    ("granted", "denied"),
    ("on", "off"),
    ("enabled", "disabled"),
    ("checked", "unchecked"),
    ("1", "0"),
];

/// Number of the pair 1 and 0.
pub const FLAG: usize = PAIRS.len() - 1;

/// Longest word of [`PAIRS`] in bytes.
const LONGEST: usize = 12;

/// Whether a cell says a word of [`PAIRS`]: in any case, with blanks, hyphens or underscores.
pub fn says(cell: &str, word: &str) -> bool {
    let blank = |byte: u8| if matches!(byte, b'-' | b'_') { b' ' } else { byte.to_ascii_lowercase() };
    cell.len() == word.len() && cell.bytes().map(blank).eq(word.bytes())
        || !word.is_ascii() && cell.to_lowercase() == word
}

/// What a cell says in a pair, by its number in [`PAIRS`].
#[inline]
pub fn boolean(text: &str, pair: usize) -> Option<bool> {
    let word = text.trim();
    let (yes, no) = PAIRS[pair];
    if says(word, yes) {
        Some(true)
    } else if says(word, no) {
        Some(false)
    } else {
        None
    }
}

/// The pairs in which a cell says yes, and those in which it says no, as bits.
pub fn boolean_pairs(text: &str) -> (u32, u32) {
    let word = text.trim();
    if word.len() > LONGEST {
        return (0, 0);
    }
    (0..PAIRS.len()).fold((0, 0), |(yes, no), pair| {
        let bit = |known| u32::from(says(word, known)) << pair;
        (yes | bit(PAIRS[pair].0), no | bit(PAIRS[pair].1))
    })
}

/// The pair that explains every cell of a column, given the pairs left open by all of them and those in which a yes and
/// a no were seen. Single letters need both, and so does "no", which is also a country. `flag` says that the column's name
/// asks a question, so that 1 and 0 answer it.
pub fn pair_of(open: u32, yes: u32, no: u32, flag: bool) -> Option<usize> {
    (0..PAIRS.len()).find(|&pair| {
        let (seen_yes, seen_no) = (yes >> pair & 1 == 1, no >> pair & 1 == 1);
        let clear = PAIRS[pair].0.len() > 2 && seen_yes || PAIRS[pair].1.len() > 2 && seen_no;
        open >> pair & 1 == 1 && if pair == FLAG { flag } else { seen_yes && seen_no || clear }
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
            let (mut open, mut yes, mut no) = (u32::MAX, 0, 0);
            for cell in cells {
                let (y, n) = boolean_pairs(cell);
                (open, yes, no) = (open & (y | n), yes | y, no | n);
            }
            pair_of(open, yes, no, false).map(|pair| PAIRS[pair])
        };
        assert_eq!(pair(&["Yes", "no"]), Some(("yes", "no")));
        assert_eq!(pair(&["J", "n"]), Some(("j", "n")));
        assert_eq!(pair(&["TRUE"]), Some(("true", "false")));
        assert_eq!(pair(&["Subscribed", "UNSUBSCRIBED"]), Some(("subscribed", "unsubscribed")));
        assert_eq!(pair(&["opted-in", "opted_out"]), Some(("opted in", "opted out")));
        assert_eq!(pair(&["SIM", "NÃO"]), Some(("sim", "não")));
        assert_eq!(pair(&["sí", "no"]), Some(("sí", "no")));
        assert_eq!(pair(&["waar", "onwaar"]), Some(("waar", "onwaar")));
        assert_eq!(pair(&["1", "0"]), None);
        assert_eq!(pair(&["subscribed", "pending"]), None);
        assert_eq!(pair(&["NO", "no"]), None);
        assert_eq!(pair(&["y"]), None);
        assert_eq!(pair(&["yes", "nein"]), None);
        assert_eq!(pair(&["yes", "no", "maybe"]), None);
        assert_eq!(boolean("FALSE", 0), Some(false));
    }
}
