//! Does a text say that an order was cancelled? In English, German, French, Spanish, Italian, Portuguese and Dutch.

/// How such words begin: cancelled, canceled, cancelado, cancellato · storniert, Storno, stornato · annulé, annullato,
/// annulliert · anulado · geannuleerd.
const STEMS: &str = "cancel storn annul anul geannul";
/// What takes it back as the word before.
const NOT: &str = "not no never be nicht non nao não niet nie pas sin sem sans nunca mai ikke zu";
/// Words that may stand between.
const BETWEEN: &str = "yet been was is noch wurde ist encore";
/// Beginnings of words before that take it back: in part, or something else than the order.
const OTHERWISE: &str = "part parc parz teil gedeelt refund return";
/// Beginnings of words that take it back on either side: what is only asked for, was refused or undone.
const ASKED: &str = "request pending angefr revers denied deni refus reject declin abgel abgew";
/// How a word begins, anywhere after, that says that it was undone.
const UNDONE: &str = "reinst";

/// Whether the text is a status of an order that was cancelled as a whole. Case and signs between words do not matter.
pub fn is_cancelled(text: &str) -> bool {
    let begins = |word: &str, list: &str| list.split(' ').any(|start| word.starts_with(start));
    let among = |word: &str, list: &str| list.split(' ').any(|known| known == word);
    let lower = text.to_lowercase();
    let words = lower.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    // Without the words between, and what is free of it (“stornofrei”).
    let words: Vec<&str> = words.filter(|word| !among(word, BETWEEN) && !word.ends_with("frei")).collect();
    words.iter().enumerate().any(|(at, word)| {
        let is_free = at == 0 || {
            let before = words[at - 1];
            !among(before, NOT) && !begins(before, OTHERWISE) && !begins(before, ASKED)
        };
        let after = &words[at + 1..];
        let is_undone =
            after.first().is_some_and(|next| begins(next, ASKED)) || after.iter().any(|word| begins(word, UNDONE));
        begins(word, STEMS) && is_free && !is_undone
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_it_are_known_in_seven_languages() {
        let said = "Cancelled|canceled by customer|has been cancelled|Storniert|Auftrag storniert|annulée|Cancelado|annullato|Geannuleerd|\
            cancelled - payment reversed|CANCELLED_BY_SELLER|order no 5: cancelled";
        said.split('|').for_each(|text| assert!(is_cancelled(text.trim()), "{text}"));
    }

    #[test]
    fn what_is_denied_asked_for_or_undone_is_none() {
        let other = "paid|shipped|not cancelled|never canceled|not yet cancelled|to be cancelled|cancellation denied|cancellation was refused|\
            cancellation requested|cancelled in error - reinstated|Stornierung abgelehnt|nicht storniert|stornofrei|pas annulée|\
            sin cancelar|partially cancelled|refund cancelled|";
        other.split('|').for_each(|text| assert!(!is_cancelled(text.trim()), "{text}"));
    }
}
