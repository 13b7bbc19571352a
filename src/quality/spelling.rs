//! Is one thing written in several ways? Blanks, addresses, telephone numbers, countries, currencies.

use crate::math::order::arranged;
use crate::math::words::{not_addresses, not_framed};
use crate::quality::contact::{email, phone};
use crate::quality::countries::iso;
use crate::table::column::{Column, Data};
use crate::table::finding::Severity;
use crate::table::role::Role;
use crate::table::texts::TextsBuilder;

/// Rows that are not written as they should be.
#[derive(Debug)]
pub struct Spelling {
    /// Code of the finding.
    pub code: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// Rising.
    pub rows: Vec<usize>,
    /// The rest of the sentence that begins with their number and column.
    pub message: &'static str,
    /// What would mend it.
    pub repair: Option<&'static str>,
}

/// What is written untidily in a text column.
pub fn spellings(column: &Column) -> Vec<Spelling> {
    let Data::Text(texts) = &column.data else { return Vec::new() };
    let rows = |among: &[u32], odd: &dyn Fn(&str) -> bool| -> Vec<usize> {
        let odd: Vec<u32> = among.iter().copied().filter(|&code| odd(texts.value(code))).collect();
        texts.rows_of(&odd, &column.valid)
    };
    let all = || (0..texts.distinct() as u32).collect::<Vec<_>>();
    let mut found = Vec::new();
    let mut add = |code, severity, rows: Vec<usize>, message, repair| {
        if !rows.is_empty() {
            found.push(Spelling { code, severity, rows, message, repair });
        }
    };
    match column.role {
        Role::Email => {
            let among = not_addresses(texts.arena(), texts.ends());
            let (invalid, untidy) = (
                rows(&among, &|text| email(text, false).is_none()),
                rows(&among, &|text| email(text, false).is_some_and(|tidy| tidy != text)),
            );
            add(
                "invalid-emails",
                Severity::Warning,
                invalid,
                "are no e-mail addresses. Nobody can be reached by them.",
                None,
            );
            add(
                "untidy-emails",
                Severity::Info,
                untidy,
                "have blanks around them or capitals in the host. Written in one form they match other lists.",
                Some("normalise-email"),
            );
        }
        Role::Phone => add(
            "untidy-phones",
            Severity::Info,
            rows(&all(), &|text| phone(text, None).is_none_or(|tidy| tidy != text)),
            "are not in the international form (+49301234567) that other systems ask for. Say the country that numbers without a country code are from.",
            Some("normalise-phone"),
        ),
        Role::Country => {
            let codes: Vec<Option<&str>> = texts.values().map(iso).collect();
            let ways = |code: &str| codes.iter().filter(|known| **known == Some(code)).count();
            let several = |text: &str| iso(text).is_some_and(|code| code != text && ways(code) > 1);
            add(
                "mixed-countries",
                Severity::Warning,
                rows(&all(), &several),
                "name a country that is also written in another way. Each way counts as a country of its own.",
                Some("normalise-country"),
            );
        }
        _ => {}
    }
    if column.role != Role::Email {
        add(
            "untidy-text",
            Severity::Info,
            rows(&not_framed(texts.arena(), texts.ends()), &|text| text.trim().len() != text.len()),
            "have blanks around them. To a rule that is another text.",
            Some("trim"),
        );
    }
    found
}

/// Several currencies in one column.
#[derive(Debug)]
pub struct Currencies {
    /// Currencies with their rows, the most frequent first.
    pub shares: Vec<(String, u64)>,
    /// Rows that are not in the most frequent one, rising.
    pub others: Vec<usize>,
}

/// Names of columns that say the currency, in seven languages.
const NAMES: &str =
    "currency currencycode währung waehrung währungscode devise monnaie moneda divisa valuta moeda munt valutacode";

/// The currencies of a column, where it is one of currencies and holds several.
pub fn currencies(column: &Column) -> Option<Currencies> {
    let Data::Text(texts) = &column.data else { return None };
    let name: String = column.name.chars().filter(|letter| letter.is_alphanumeric()).collect::<String>().to_lowercase();
    if !NAMES.split_ascii_whitespace().any(|known| known == name) || !(2..=40).contains(&column.distinct) {
        return None;
    }
    // Each spelling's currency by number, and the rows of each.
    let mut named = TextsBuilder::default();
    let of_code: Vec<u32> = texts.values().map(|text| named.number_of(&text.trim().to_uppercase())).collect();
    let currency = |row: usize| of_code[texts.codes()[row] as usize] as usize;
    let mut rows = vec![0; named.distinct()];
    column.valid.iter().for_each(|row| rows[currency(row)] += 1);
    let (named, order) = (named.finish_distinct(), arranged(rows.len(), &|a, b| rows[b].cmp(&rows[a])));
    let main = *order.first()?;
    let used = order.iter().filter(|&&at| rows[at] > 0);
    let shares: Vec<(String, u64)> = used.map(|&at| (named.value(at as u32).to_string(), rows[at])).collect();
    let others = || column.valid.iter().filter(|&row| currency(row) != main).collect();
    (shares.len() > 1).then(|| Currencies { others: others(), shares })
}
