//! Which of many words deserve a second look? The words lie one behind the other in an arena; of nearly all, a glance at
//! their bytes says that nothing is the matter. The rest are given by number, rising.

/// Calls the test with every word's bytes; gives the numbers of those for which it does not hold.
#[inline(always)]
fn others(arena: &str, ends: &[usize], plain: impl Fn(&[u8]) -> bool) -> Vec<u32> {
    let (mut others, mut start) = (Vec::new(), 0);
    for (number, &end) in (0..).zip(ends) {
        if !plain(&arena.as_bytes()[start..end]) {
            others.push(number);
        }
        start = end;
    }
    others
}

/// Words that do not both begin and end with a printable ASCII character.
#[inline(never)]
pub fn not_framed(arena: &str, ends: &[usize]) -> Vec<u32> {
    others(arena, ends, |word| match word {
        [first, .., last] => first.is_ascii_graphic() && last.is_ascii_graphic(),
        [only] => only.is_ascii_graphic(),
        [] => false,
    })
}

/// Words of at most so many bytes that have neither a digit nor an `@`, or begin with `#`.
#[inline(never)]
pub fn without_digits(arena: &str, ends: &[usize], most: usize) -> Vec<u32> {
    others(arena, ends, |word| {
        let (Some(first), Some(last)) = (word.first(), word.last()) else { return true };
        let told = |byte: &u8| byte.is_ascii_digit() || *byte == b'@';
        word.len() > most || *first != b'#' && (told(last) || word.iter().any(told))
    })
}

/// Words that may be numbers with an exponent: an E within, and before it a digit with nothing or a decimal mark behind.
#[inline(never)]
pub fn exponents(arena: &str, ends: &[usize]) -> Vec<u32> {
    others(arena, ends, |word| {
        let word = word.trim_ascii_start();
        !matches!(word, [b'0'..=b'9', b'.' | b',' | b'e' | b'E', ..] | [128..=255, ..])
    })
}

/// What a byte may be in a plain e-mail address.
const LETTER: u8 = 1;
const DOT: u8 = 2;
const AT: u8 = 4;
const KINDS: [u8; 256] = {
    let mut kinds = [0; 256];
    let letters = b"abcdefghijklmnopqrstuvwxyz0123456789_+-";
    let mut at = 0;
    while at < letters.len() {
        kinds[letters[at] as usize] = LETTER;
        at += 1;
    }
    kinds[b'.' as usize] = DOT;
    kinds[b'@' as usize] = AT;
    kinds
};

/// Words that are not for certain an e-mail address in its one form: lower-case letters, digits and `._+-` around one `@`,
/// a dot and two letters at least behind it, and no dot beside a dot there or right behind the `@`.
#[inline(never)]
pub fn not_addresses(arena: &str, ends: &[usize]) -> Vec<u32> {
    others(arena, ends, |word| {
        let (mut at, mut dot, mut last, mut seen) = (0, 0, DOT, LETTER);
        for (place, &byte) in word.iter().enumerate() {
            let kind = KINDS[byte as usize];
            if kind == LETTER {
                last = kind;
                continue;
            }
            let allowed = if kind == AT { at == 0 && place > 0 } else { kind == DOT && (at == 0 || last == LETTER) };
            if !allowed {
                return false;
            }
            if kind == AT {
                at = place
            } else {
                dot = place
            }
            (last, seen) = (kind, seen | kind);
        }
        seen & AT != 0 && dot > at && word.len() - dot > 2
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(words: &[&str], look: impl Fn(&str, &[usize]) -> Vec<u32>) -> Vec<u32> {
        let mut end = 0;
        let ends: Vec<usize> = words
            .iter()
            .map(|word| {
                end += word.len();
                end
            })
            .collect();
        look(&words.concat(), &ends)
    }

    #[test]
    fn blanks_and_letters_of_other_alphabets_at_the_ends_are_looked_at() {
        assert_eq!(told(&["a", "ab", "a b", " a", "a\t", "ä", "aä", "", "\0a"], not_framed), [3, 4, 5, 6, 7, 8]);
    }

    #[test]
    fn words_without_digits_are_looked_at() {
        let words = ["unknown", "a1", "a@b", "#n/a 1", "", "1", "much too long"];
        assert_eq!(told(&words, |arena, ends| without_digits(arena, ends, 10)), [0, 3]);
    }

    #[test]
    fn one_digit_and_an_exponent_is_looked_at() {
        assert_eq!(told(&["4.9E+12", "49E+12", "x", " 4e+12", "", "7", "\u{a0}4E+1"], exponents), [0, 3, 6]);
    }

    #[test]
    fn what_is_no_address_for_certain_is_looked_at() {
        let plain = ["a@b.de", "a.b+c_1@x-y.example.org", "user1@shop.example", "..a@b.de"];
        assert_eq!(told(&plain, not_addresses), []);
        let words =
            ["", "@b.de", "a@b", "a@b.d", "a@.de", "a@b..de", "a@@b.de", "a@b@c.de", "A@b.de", "a b@c.de", "a.b@c"];
        assert_eq!(told(&words, not_addresses), (0..words.len() as u32).collect::<Vec<_>>());
    }
}
