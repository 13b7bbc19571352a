//! Which of many short texts, one behind the other, have a text in them, at their start, at their end, or are it?

use super::bytes::same;
use wide::u8x16;

/// Where the text must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// From the first byte to the last.
    Whole,
    /// At the start.
    Start,
    /// At the end.
    End,
}

/// Many texts: their bytes, and where each ends.
#[derive(Clone, Copy, Debug)]
pub struct Texts<'a> {
    /// One behind the other.
    pub bytes: &'a [u8],
    /// Rising.
    pub ends: &'a [usize],
    /// Whether ASCII's capitals are taken for small letters; what is looked for has none then.
    pub fold: bool,
}

impl Texts<'_> {
    /// Whether a stretch of the bytes is this.
    #[inline(always)]
    fn is(&self, at: usize, end: usize, what: &[u8]) -> bool {
        if self.fold {
            self.bytes[at..end].iter().zip(what).all(|(byte, what)| byte.to_ascii_lowercase() == *what)
        } else {
            same(self.bytes, at, end, what, 0, what.len())
        }
    }

    /// A bit for each text that has this in it.
    #[inline(never)]
    pub fn containing(&self, what: &[u8]) -> Vec<u64> {
        if what.is_empty() {
            return vec![u64::MAX; self.ends.len().div_ceil(64)];
        }
        let places = if self.fold { self.places::<true>(what) } else { self.places::<false>(what) };
        // Places rise, and texts mostly have one at most: to step through the texts is cheaper than to look for each place's.
        let (mut next, mut start) = (0, 0);
        let length = what.len() as u64;
        let mut word = |ends: &[usize]| {
            let mut word = 0;
            for (at, &end) in ends.iter().enumerate() {
                while places[next] < start {
                    next += 1;
                }
                let place = places[next];
                word |= u64::from(place + length <= end as u64) << at;
                next += usize::from(place < end as u64);
                start = end as u64;
            }
            word
        };
        self.ends.chunks(64).map(&mut word).collect()
    }

    /// Where this stands in the bytes, whether or not a border runs through it, and a last place beyond all. It has a byte at
    /// least.
    #[inline(always)]
    fn places<const FOLD: bool>(&self, what: &[u8]) -> Vec<u64> {
        const BEYOND: u64 = u64::MAX >> 1;
        let reach = what.len() - 1;
        let (Some(fronts), Some(backs)) =
            (self.bytes.get(..self.bytes.len().saturating_sub(reach)), self.bytes.get(reach..))
        else {
            return vec![BEYOND];
        };
        // Candidates begin with its first byte and have its last byte at the right distance.
        let cases = |byte: u8| [u8x16::splat(byte), u8x16::splat(byte.to_ascii_uppercase())];
        let (first, last) = (cases(what[0]), cases(what[reach]));
        let is = |bytes: &[u8; 16], [small, capital]: [u8x16; 2]| {
            let bytes = u8x16::new(*bytes);
            let found = bytes.simd_eq(small);
            if FOLD { found | bytes.simd_eq(capital) } else { found }
        };
        // Its beginning is compared at once, where so many bytes are left.
        let mut beginning = [0; 16];
        let begins = what.len().min(16);
        beginning[..begins].copy_from_slice(&what[..begins]);
        let (beginning, wanted) = (u8x16::new(beginning), (1u32 << begins) - 1);
        let stands = |place: usize| match self.bytes[place..].first_chunk::<16>() {
            Some(bytes) if !FOLD => {
                u8x16::new(*bytes).simd_eq(beginning).to_bitmask() & wanted == wanted
                    && (what.len() <= 16 || self.is(place, place + what.len(), what))
            }
            _ => self.is(place, place + what.len(), what),
        };
        let mut places = Vec::with_capacity(self.ends.len() / 4 + 1);
        let mut note = |at: usize, mut mask: u64| {
            while mask != 0 {
                let place = at + mask.trailing_zeros() as usize;
                mask &= mask - 1;
                if stands(place) {
                    places.push(place as u64);
                }
            }
        };
        let blocks = fronts.as_chunks::<64>().0.iter().zip(backs.as_chunks::<64>().0);
        for (block, (front, back)) in blocks.enumerate() {
            let (fronts, backs) = (front.as_chunks::<16>().0, back.as_chunks::<16>().0);
            let masks: [u8x16; 4] = std::array::from_fn(|at| is(&fronts[at], first) & is(&backs[at], last));
            if ((masks[0] | masks[1]) | (masks[2] | masks[3])).to_bitmask() != 0 {
                note(64 * block, masks.iter().rev().fold(0, |word, mask| word << 16 | u64::from(mask.to_bitmask())));
            }
        }
        for place in fronts.len() / 64 * 64..fronts.len() {
            note(place, 1);
        }
        places.push(BEYOND);
        places
    }

    /// A bit for each text that is this, begins or ends with it.
    #[inline(never)]
    pub fn with(&self, what: &[u8], place: Place) -> Vec<u64> {
        let mut found = vec![0; self.ends.len().div_ceil(64)];
        let mut start = 0;
        for (code, &end) in self.ends.iter().enumerate() {
            let length = end - start;
            let fits = if place == Place::Whole { length == what.len() } else { length >= what.len() };
            let at = if place == Place::End { end.wrapping_sub(what.len()) } else { start };
            if fits && self.is(at, at + what.len(), what) {
                found[code / 64] |= 1u64 << (code % 64);
            }
            start = end;
        }
        found
    }
}

/// Whether all bytes are ASCII.
#[inline(never)]
pub fn is_ascii(bytes: &[u8]) -> bool {
    let (blocks, rest) = bytes.as_chunks::<16>();
    let all = blocks.iter().fold(u8x16::splat(0), |all, block| all | u8x16::new(*block));
    all.to_bitmask() == 0 && rest.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;

    #[test]
    fn one_search_finds_what_a_search_per_value_finds() {
        let mut rng = Rng::new(3);
        for round in 0..300 {
            let letters = b"abAB.";
            let mut text = |longest: usize| -> Vec<u8> {
                let length = rng.next_u64() as usize % (longest + 1);
                (0..length).map(|_| letters[rng.next_u64() as usize % letters.len()]).collect()
            };
            let values: Vec<Vec<u8>> = (0..90).map(|_| text(if round % 2 == 0 { 4 } else { 40 })).collect();
            let what = text(6);
            let bytes = values.concat();
            let ends: Vec<usize> = values
                .iter()
                .scan(0, |end, value| {
                    *end += value.len();
                    Some(*end)
                })
                .collect();
            for fold in [false, true] {
                let what = if fold { what.to_ascii_lowercase() } else { what.clone() };
                let texts = Texts { bytes: &bytes, ends: &ends, fold };
                let (anywhere, whole) = (texts.containing(&what), texts.with(&what, Place::Whole));
                let (start, end) = (texts.with(&what, Place::Start), texts.with(&what, Place::End));
                for (code, value) in values.iter().enumerate() {
                    let value = if fold { value.to_ascii_lowercase() } else { value.clone() };
                    let bit = |words: &[u64]| words[code / 64] >> (code % 64) & 1 == 1;
                    let has = what.is_empty() || value.windows(what.len()).any(|part| part == what);
                    assert_eq!(bit(&anywhere), has, "{value:?} {what:?}");
                    assert_eq!(bit(&whole), value == what);
                    assert_eq!((bit(&start), bit(&end)), (value.starts_with(&what), value.ends_with(&what)));
                }
            }
        }
        assert!(is_ascii(&[b'a'; 40]) && !is_ascii("aaaaaaaaaaaaaaaaaaaaaä".as_bytes()));
    }
}
