//! Does this column hold lists, and which values does a cell have?
//!
//! Values are parted by one of `, ; |`, perhaps in brackets (`["a","b"]`, `{a,b}`) and perhaps each in quotes of its own
//! (`"VIP","Sale, 2026"`). Columns with a name such as “Tags” need cells that look so; other columns must prove by many
//! cells, by values that come again and by their places that they hold lists and not, say, names turned round.

use crate::read::names::words;
use crate::table::texts::{Texts, TextsBuilder};
use memchr::{memchr2, memchr3};

/// What may part the values, in the order in which ties are decided.
const MARKS: [u8; 3] = [b';', b'|', b','];

/// Words of names that speak for lists, in the seven languages.
const NAMES: &str = "tag tags label labels interest interests keyword keywords topic topics categories hobbies skills \
    segments lists groups audiences interessen schlagworte schlagwörter etiketten themen kategorien intereses etiquetas \
    categorías categorias intérêts interets étiquettes etiquettes catégories interessi etichette categorie interesses \
    labels onderwerpen categorieën";

/// Most different values that a list without a telling name may have.
const MOST_VALUES: usize = 1_000;

/// Whether a name speaks for lists.
pub fn is_list_name(name: &str) -> bool {
    words(name).last().is_some_and(|last| NAMES.split_ascii_whitespace().any(|known| known == last))
}

/// The mark that parts the values of a column; none where it holds plain texts. `uses` counts how often each distinct text
/// occurs; `named` says that the column's name or the user speaks for lists.
pub fn mark_of(texts: &Texts, uses: &dyn Fn() -> Vec<u64>, named: bool) -> Option<u8> {
    let arena = texts.arena().as_bytes();
    // Nearly every column: nothing in it parts or encloses values.
    memchr3(MARKS[0], MARKS[1], MARKS[2], arena).or_else(|| memchr2(b'[', b'{', arena))?;
    let uses = &uses();
    let mut holding = [0u64; MARKS.len()];
    let (mut present, mut bracketed) = (0, 0);
    for (text, &count) in texts.values().zip(uses) {
        present += count;
        bracketed += if inside_brackets(text).is_some() { count } else { 0 };
        for (held, mark) in holding.iter_mut().zip(MARKS) {
            *held += if text.as_bytes().contains(&mark) { count } else { 0 };
        }
    }
    let most = holding.iter().copied().max().unwrap_or(0);
    let mark = MARKS[holding.iter().position(|&held| held == most).unwrap_or(0)];
    if present > 0 && bracketed == present {
        // The brackets say it; within them commas are usual, and one value alone has no mark.
        return Some(if most == 0 { b',' } else { mark });
    }
    let enough = if named { most * 20 >= present } else { most * 2 >= present && proves_a_list(texts, uses, mark) };
    (most > 0 && enough).then_some(mark)
}

/// Few values in many cells, of different lengths, and in no fixed place.
fn proves_a_list(texts: &Texts, uses: &[u64], mark: u8) -> bool {
    let mut values = TextsBuilder::default();
    // How often each value stands first, and elsewhere.
    let mut places: Vec<[u64; 2]> = Vec::new();
    let (mut cells, mut long, mut items) = (0, 0, 0);
    for (text, &count) in texts.values().zip(uses) {
        let mut at = 0;
        split(text, mark, &mut |value| {
            let code = values.number_of(value) as usize;
            places.resize(places.len().max(code + 1), [0; 2]);
            places[code][usize::from(at > 0)] += count;
            at += 1;
        });
        cells += count;
        items += at * count;
        long += if at > 2 { count } else { 0 };
        if values.distinct() > MOST_VALUES {
            return false;
        }
    }
    let movable: u64 = places.iter().filter(|[first, later]| *first > 0 && *later > 0).map(|[a, b]| a + b).sum();
    cells >= 10 && long * 10 >= cells && values.distinct() as u64 * 4 <= items && movable * 2 >= items
}

/// Visits the values of a cell: trimmed, out of their quotes, empty ones left out.
pub fn split(cell: &str, mark: u8, visit: &mut dyn FnMut(&str)) {
    let cell = cell.trim();
    let mut rest = inside_brackets(cell).unwrap_or(cell).trim_start();
    while !rest.is_empty() {
        let quote = rest.chars().next().filter(|first| matches!(first, '"' | '\''));
        let quoted = quote.and_then(|quote| closing(rest, quote, mark));
        let (value, after) = match quoted {
            Some(end) => (&rest[1..end], &rest[end + 1..]),
            None => rest.split_at(rest.bytes().position(|byte| byte == mark).unwrap_or(rest.len())),
        };
        let value = value.trim();
        if !value.is_empty() {
            match quoted.and(quote) {
                Some(quote) if value.contains(quote) => {
                    visit(&value.replace(&format!("{quote}{quote}"), &quote.to_string()))
                }
                _ => visit(value),
            }
        }
        rest = after.trim_start();
        rest = rest.strip_prefix(char::from(mark)).unwrap_or(rest).trim_start();
    }
}

/// Where the quote that opens a text is closed again: before the mark or the end. A doubled quote is content.
fn closing(text: &str, quote: char, mark: u8) -> Option<usize> {
    let mut quotes = text.match_indices(quote).skip(1).map(|(at, _)| at);
    while let Some(at) = quotes.next() {
        let after = &text[at + 1..];
        if after.starts_with(quote) {
            quotes.next();
        } else if after.trim_start().bytes().next().is_none_or(|next| next == mark) {
            return Some(at);
        }
    }
    None
}

fn inside_brackets(cell: &str) -> Option<&str> {
    let cell = cell.trim();
    let inside = |open, close| cell.strip_prefix(open).and_then(|rest: &str| rest.strip_suffix(close));
    inside('[', ']').or_else(|| inside('{', '}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(cell: &str, mark: u8) -> Vec<String> {
        let mut found = Vec::new();
        split(cell, mark, &mut |value| found.push(value.to_string()));
        found
    }

    fn mark(cells: &[&str], named: bool) -> Option<u8> {
        let mut builder = TextsBuilder::default();
        cells.iter().for_each(|cell| _ = builder.push(cell));
        let texts = builder.finish();
        let mut uses = vec![0; texts.distinct()];
        texts.codes().iter().for_each(|&code| uses[code as usize] += 1);
        mark_of(&texts, &|| uses.clone(), named)
    }

    #[test]
    fn cells_are_cut_into_values() {
        for (cell, mark, expected) in [
            ("vip, newsletter", b',', &["vip", "newsletter"][..]),
            ("vip", b',', &["vip"]),
            (" a ;; b ; ", b';', &["a", "b"]),
            ("\"VIP\",\"Sale, 2026\",\"said \"\"yes\"\"\"", b',', &["VIP", "Sale, 2026", "said \"yes\""]),
            ("[\"a\", \"b,c\"]", b',', &["a", "b,c"]),
            ("['a', 'b']", b',', &["a", "b"]),
            ("{a,b}", b',', &["a", "b"]),
            ("[]", b',', &[]),
            ("\"open, b", b',', &["\"open", "b"]),
            ("5\" pipe, 6\" pipe", b',', &["5\" pipe", "6\" pipe"]),
            ("d'or, l'eau", b',', &["d'or", "l'eau"]),
        ] {
            assert_eq!(values(cell, mark), expected, "{cell}");
        }
    }

    #[test]
    fn names_ask_less_than_values_must_prove() {
        assert!(is_list_name("TAGS") && is_list_name("Contact Tags") && !is_list_name("Tag der Bestellung"));
        assert_eq!(mark(&["vip", "vip, new", "new"], true), Some(b','));
        assert_eq!(mark(&["vip", "new"], true), None);
        assert_eq!(mark(&["[\"a\"]", "[]"], false), Some(b','));
        let tags = ["a;b;c", "b;a", "c;b;a", "b", "a;c", "b;c;a"];
        let many: Vec<&str> = tags.iter().cycle().take(30).copied().collect();
        assert_eq!(mark(&many, false), Some(b';'));
        let names: Vec<&str> = ["Smith, Ann", "Smith, Bob", "Jones, Ann"].iter().cycle().take(30).copied().collect();
        assert_eq!(mark(&names, false), None);
        let reviews: Vec<String> = (0..30).map(|i| format!("good {i}, fast {i}, cheap {i}")).collect();
        assert_eq!(mark(&reviews.iter().map(String::as_str).collect::<Vec<_>>(), false), None);
    }
}
