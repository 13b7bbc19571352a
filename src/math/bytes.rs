//! What can be told of bytes, many at a time, without knowing what they spell?

use wide::u8x16;

/// The bytes of a field as the number they make in a register, the first lowest; at most eight.
#[inline]
pub(crate) fn word(bytes: &[u8], start: usize, length: usize) -> u64 {
    let all = match bytes[start..].first_chunk::<8>() {
        Some(eight) => u64::from_le_bytes(*eight),
        None => {
            let mut eight = [0; 8];
            eight[..length].copy_from_slice(&bytes[start..start + length]);
            u64::from_le_bytes(eight)
        }
    };
    if length == 0 { 0 } else { all & u64::MAX >> (64 - 8 * length) }
}

/// Words as bytes, the lowest first.
#[inline(never)]
pub fn of_words(words: &[u64], bytes: &mut Vec<u8>) {
    let start = bytes.len();
    bytes.resize(start + 8 * words.len(), 0);
    bytes[start..].as_chunks_mut::<8>().0.iter_mut().zip(words).for_each(|(to, word)| *to = word.to_le_bytes());
}

/// The words that bytes hold; what is left over at the end is passed over.
#[inline(never)]
pub fn to_words(bytes: &[u8]) -> Vec<u64> {
    bytes.as_chunks::<8>().0.iter().map(|word| u64::from_le_bytes(*word)).collect()
}

/// Numbers as bytes, the same way.
#[inline(never)]
pub fn of_numbers(numbers: &[[f64; 8]], bytes: &mut Vec<u8>) {
    let start = bytes.len();
    bytes.resize(start + 64 * numbers.len(), 0);
    let places = bytes[start..].as_chunks_mut::<8>().0.iter_mut();
    places.zip(numbers.as_flattened()).for_each(|(to, number)| *to = number.to_le_bytes());
}

/// Puts the numbers that bytes hold behind others, eight by eight.
#[inline(never)]
pub fn to_numbers(bytes: &[u8], numbers: &mut Vec<[f64; 8]>) {
    let eights = bytes.as_chunks::<64>().0.iter();
    numbers.extend(eights.map(|eight| {
        std::array::from_fn(|at| {
            let mut number = [0; 8];
            number.copy_from_slice(&eight[at * 8..at * 8 + 8]);
            f64::from_le_bytes(number)
        })
    }));
}

/// Whether a byte is zero.
#[inline(never)]
pub fn holds_zero(bytes: &[u8]) -> bool {
    let (blocks, rest) = bytes.as_chunks::<16>();
    // The smallest byte of each lane.
    let smallest = blocks.iter().fold(u8x16::splat(u8::MAX), |least, block| least.min(u8x16::new(*block)));
    smallest.to_array().contains(&0) || rest.contains(&0)
}

/// Whether all bytes are printable ASCII without blanks and capitals: what has one writing only.
#[inline(never)]
pub fn is_lower_case(bytes: &[u8]) -> bool {
    let (blocks, rest) = bytes.as_chunks::<16>();
    let within = |bytes: u8x16, low: u8, high: u8| bytes.max(u8x16::splat(low)).min(u8x16::splat(high)).simd_eq(bytes);
    let other = |bytes: u8x16| !within(bytes, b'!', b'~') | within(bytes, b'A', b'Z');
    let others = blocks.iter().fold(u8x16::splat(0), |others, block| others | other(u8x16::new(*block)));
    others.to_bitmask() == 0 && rest.iter().all(|byte| byte.is_ascii_graphic() && !byte.is_ascii_uppercase())
}

const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;

/// A fixed, unseeded hash of the bytes of a field (multiply and rotate over words of 8). It decides speed only, never order.
#[inline]
pub(crate) fn hash(bytes: &[u8], start: usize, end: usize) -> u64 {
    let length = end - start;
    let mix = |state: u64, word: u64| (state.rotate_left(23) ^ word).wrapping_mul(MULTIPLIER);
    let state = length as u64 ^ 0x517C_C1B7_2722_0A95;
    let state = if length <= 8 {
        mix(state, word(bytes, start, length))
    } else {
        let field = &bytes[start..end];
        let whole = field.as_chunks::<8>().0.iter().fold(state, |state, word| mix(state, u64::from_le_bytes(*word)));
        // The last word overlaps the one before it: cheaper than a tail byte by byte.
        field.last_chunk::<8>().map_or(whole, |last| mix(whole, u64::from_le_bytes(*last)))
    };
    (state ^ state >> 32).wrapping_mul(MULTIPLIER)
}

/// Whether a field is these bytes of others, from `at` on: eight at a time.
#[inline]
pub(crate) fn same(bytes: &[u8], start: usize, end: usize, others: &[u8], at: usize, other_end: usize) -> bool {
    let length = end - start;
    if length != other_end - at {
        return false;
    }
    if length <= 8 {
        return word(bytes, start, length) == word(others, at, length);
    }
    let (one, other) = (&bytes[start..end], &others[at..other_end]);
    let whole = one.as_chunks::<8>().0.iter().zip(other.as_chunks::<8>().0);
    one.last_chunk::<8>() == other.last_chunk::<8>() && whole.fold(true, |same, (one, other)| same & (one == other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lower_case_has_no_blanks_and_no_capitals() {
        assert!(is_lower_case(b"anna@example.org~!") && is_lower_case(b""));
        for place in 0..40 {
            for byte in *b" \0A\x7FZ\xFF" {
                let mut text = [b'x'; 40];
                text[place] = byte;
                assert_eq!((is_lower_case(&text), holds_zero(&text)), (false, byte == 0));
            }
        }
        assert!(!["a b", "aB", "ä", "a\n", "Z"].iter().any(|text| is_lower_case(text.as_bytes())));
    }

    #[test]
    fn equal_fields_have_equal_hashes_and_others_differ() {
        let text = b"abcdefghijklmnopqrstuvwxyz-abcdefghijklmnopqrstuvwxyz";
        for length in 0..26 {
            let other = 27 + length;
            assert!(same(text, 0, length, text, 27, other));
            assert_eq!(hash(text, 0, length), hash(text, 27, other));
            assert!(length == 0 || !same(text, 0, length, text, 28, other + 1));
            assert!(!same(text, 0, length, text, 27, other + 1));
        }
    }
}
