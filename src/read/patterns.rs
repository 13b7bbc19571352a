//! Does this text look like an e-mail address, a telephone number, a country, a postal code, a consent?
//!
//! Written for deciding what a column means, not for judging single customers: what nearly all values must pass may be
//! generous with rare forms.

/// An e-mail address as mailing tools take it: a local part of RFC 5321 (plain or quoted) and a host of at least two labels.
pub fn is_email(text: &str) -> bool {
    let Some((name, host)) = text.rsplit_once('@') else { return false };
    let quoted = name.len() > 2 && name.starts_with('"') && name.ends_with('"');
    let sign = |letter: char| letter.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(letter);
    let plain = !name.is_empty()
        && name.chars().all(sign)
        && !name.starts_with('.')
        && !name.ends_with('.')
        && !name.contains("..");
    let label = |label: &str| {
        !label.is_empty()
            && label.chars().all(|letter| letter.is_alphanumeric() || letter == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    (plain || quoted) && name.len() <= 64 && host.contains('.') && host.split('.').all(label)
}

/// A telephone number that says so itself: with the country's code behind `+` or `00`.
pub fn is_phone(text: &str) -> bool {
    let text = text.strip_prefix('\'').unwrap_or(text);
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    (text.starts_with('+') || text.starts_with("00"))
        && (8..=15).contains(&(digits - if text.starts_with("00") { 2.min(digits) } else { 0 }))
        && text.chars().all(|letter| letter.is_ascii_digit() || " +-./()\u{a0}".contains(letter))
}

/// Words by which mailing tools say whether a person may be written to.
pub fn is_consent(text: &str) -> bool {
    let word = text.to_ascii_lowercase().replace(['-', '_'], " ");
    let known = "|subscribed|unsubscribed|non subscribed|not subscribed|never subscribed|opted in|opted out|opt in|opt out|cleaned|";
    word.len() > 3 && known.contains(&format!("|{word}|"))
}

/// A country's code of two capital letters (ISO 3166-1, officially assigned).
pub fn is_country(text: &str) -> bool {
    const CODES: &str = "ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZCACCCDCFCGCHCICKCLCM\
        CNCOCRCUCVCWCXCYCZDEDJDKDMDODZECEEEGEHERESETFIFJFKFMFOFRGAGBGDGEGFGGGHGIGLGMGNGPGQGRGSGTGUGWGYHKHMHNHRHTHUIDIEILIMINIO\
        IQIRISITJEJMJOJPKEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLRLSLTLULVLYMAMCMDMEMFMGMHMKMLMMMNMOMPMQMRMSMTMUMVMWMXMYMZNANCNENFNGNI\
        NLNONPNRNUNZOMPAPEPFPGPHPKPLPMPNPRPSPTPWPYQARERORSRURWSASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSVSXSYSZTCTDTFTGTHTJTKTLTMTNTO\
        TRTTTVTWTZUAUGUMUSUYUZVAVCVEVGVIVNVUWFWSYEYTZAZMZW";
    text.len() == 2 && CODES.as_bytes().chunks(2).any(|code| code == text.as_bytes())
}

/// A postal code whose form no other number has: British, Canadian, Dutch, Polish, Portuguese.
pub fn is_postcode(text: &str) -> bool {
    let form: String = text
        .chars()
        .map(|letter| match letter {
            '0'..='9' => '9',
            'A'..='Z' | 'a'..='z' => 'A',
            other => other,
        })
        .collect();
    let known = "|A9 9AA|A99 9AA|AA9 9AA|AA99 9AA|A9A 9AA|AA9A 9AA|A9A 9A9|9999 AA|9999AA|99-999|9999-999|";
    form.len() > 4 && known.contains(&format!("|{form}|"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writings_are_told_apart() {
        for text in ["a@b.de", "o'neil+news@mail.example.co.uk", "\"a b\"@c.org", "jörg@müller.de"] {
            assert!(is_email(text), "{text}");
        }
        for text in ["a@b", "@b.de", "a b@c.de", "a@b..de", ".a@b.de", "a@-b.de", "a@b.de,c@d.de", ""] {
            assert!(!is_email(text), "{text}");
        }
        assert!(
            is_phone("+31 6 1234 5678") && is_phone("0049 (170) 123-456") && !is_phone("0001234") && !is_phone("+")
        );
        assert!(is_consent("Opted-In") && is_consent("cleaned") && !is_consent("no"));
        assert!(is_country("DE") && is_country("ZW") && !is_country("EU") && !is_country("AD ") && !is_country("DA"));
        assert!(is_postcode("SW1A 1AA") && is_postcode("1012 AB") && !is_postcode("10117") && !is_postcode(""));
    }
}
