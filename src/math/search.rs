//! Which of many short texts, one behind the other, have a text in them, at their start, at their end, or are it?

use super::bytes::same;
use super::memo::Memo;
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
    /// How many end at or before each 64th byte, once somebody asked: a place's text is near there.
    pub steps: &'a Memo<Vec<u32>>,
}

/// Bytes that are searched in one go; what is found in them stays near the processor.
const PIECE: usize = 4_096;
/// How far apart places are of which it is kept how many texts end before them.
const STEP: usize = 64;
/// Places that are written at once, whether there are so many or not.
const AT_ONCE: usize = 2;

/// What is looked for, as it is compared at once.
struct Wanted {
    /// Its first and last byte.
    ends: [u8; 2],
    /// Up to sixteen bytes of it, and a bit for each.
    beginning: [u8; 16],
    mask: u32,
    length: usize,
}

impl Wanted {
    /// Of nothing, what stands everywhere.
    fn new(what: &[u8]) -> Wanted {
        let mut beginning = [0; 16];
        let begins = what.len().min(16);
        beginning[..begins].copy_from_slice(&what[..begins]);
        Wanted {
            ends: [what.first(), what.last()].map(|byte| byte.copied().unwrap_or(0)),
            beginning,
            mask: (1 << begins) - 1,
            length: what.len(),
        }
    }

    /// Whether it stands at the start of these bytes, as far as sixteen go; `FOLD` as in [`Texts::fold`].
    #[inline(always)]
    fn begins<const FOLD: bool>(&self, bytes: &[u8; 16]) -> bool {
        let mut bytes = u8x16::new(*bytes);
        if FOLD {
            let capitals = bytes.max(u8x16::splat(b'A')).min(u8x16::splat(b'Z')).simd_eq(bytes);
            bytes |= capitals & u8x16::splat(0x20);
        }
        bytes.simd_eq(u8x16::new(self.beginning)).to_bitmask() & self.mask == self.mask
    }
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
    pub fn containing(&self, what: &[u8]) -> Vec<u64> {
        if self.fold { self.having::<true>(what) } else { self.having::<false>(what) }
    }

    #[inline(never)]
    fn having<const FOLD: bool>(&self, what: &[u8]) -> Vec<u64> {
        let mut found = vec![0; self.ends.len().div_ceil(64)];
        let Some(reach) = what.len().checked_sub(1) else {
            return vec![u64::MAX; found.len()];
        };
        let Some(starts) = self.bytes.len().checked_sub(reach) else { return found };
        // Candidates by their first and last byte, then those that stand, then their texts: piece by piece, so that what one
        // step finds the next has near, and each a loop that goes the same way whatever the bytes are.
        let mut places = [0; PIECE + AT_ONCE];
        for start in (0..starts).step_by(PIECE) {
            let end = starts.min(start + PIECE);
            let (fronts, backs) = (&self.bytes[start..end], &self.bytes[start + reach..end + reach]);
            let mut wanted = Wanted::new(what);
            let mut count = candidates::<FOLD>(fronts, backs, wanted.ends, &mut places);
            let window = self.bytes[start..].first_chunk().filter(|_| what.len() <= 16).unwrap_or_else(|| {
                // What is longer, or nearer to the end, than can be compared at once.
                let mut kept = 0;
                for at in 0..count {
                    places[kept] = places[at];
                    let place = start + usize::from(places[at]);
                    kept += usize::from(self.is(place, place + what.len(), what));
                }
                (count, wanted.mask) = (kept, 0);
                &[0; PIECE + 16]
            });
            if count > 0 {
                let steps = self.steps.get_or(|| self.ended_by_step());
                self.mark::<FOLD>(start, window, &places[..count], &wanted, steps, &mut found);
            }
        }
        found
    }

    #[inline(never)]
    fn ended_by_step(&self) -> Vec<u32> {
        let mut steps = Vec::with_capacity(self.bytes.len() / STEP + 1);
        for (ended, end) in (0..).zip(self.ends) {
            while steps.len() * STEP < *end {
                steps.push(ended);
            }
        }
        steps
    }

    /// Sets the bits of the texts in which a text stands at these places of a window from `from` on.
    #[inline(never)]
    fn mark<const FOLD: bool>(
        &self,
        from: usize,
        window: &[u8; PIECE + 16],
        places: &[u16],
        wanted: &Wanted,
        steps: &[u32],
        found: &mut [u64],
    ) {
        for place in places {
            let near = usize::from(*place) % PIECE;
            let place = from + near;
            let mut at = steps.get(place / STEP).map_or(0, |at| *at as usize);
            let end = loop {
                let Some(next) = self.ends.get(at..).and_then(|ends| ends.first_chunk::<4>()) else {
                    at += self.ends.get(at..).map_or(0, |ends| ends.partition_point(|end| *end <= place));
                    break self.ends.get(at).copied().unwrap_or(0);
                };
                let passed = next.iter().filter(|end| **end <= place).count();
                at += passed;
                if passed < 4 {
                    break next[passed & 3];
                }
            };
            let stands = window[near..].first_chunk().is_some_and(|bytes| wanted.begins::<FOLD>(bytes));
            if let Some(word) = found.get_mut(at / 64) {
                *word |= u64::from(stands & (place + wanted.length <= end)) << (at % 64);
            }
        }
    }

    /// A bit for each text that is this, begins or ends with it.
    pub fn with(&self, what: &[u8], place: Place) -> Vec<u64> {
        if self.fold { self.standing::<true>(what, place) } else { self.standing::<false>(what, place) }
    }

    #[inline(never)]
    fn standing<const FOLD: bool>(&self, what: &[u8], place: Place) -> Vec<u64> {
        let mut found = vec![0; self.ends.len().div_ceil(64)];
        let (wanted, mut start) = (Wanted::new(what), 0);
        for (ends, found) in self.ends.chunks(64).zip(&mut found) {
            for (code, &end) in ends.iter().enumerate() {
                let length = end - start;
                let fits = if place == Place::Whole { length == what.len() } else { length >= what.len() };
                let at = if place == Place::End { end.wrapping_sub(what.len()) } else { start };
                start = end;
                if !fits {
                    continue;
                }
                let bytes = self.bytes.get(at..).and_then(<[u8]>::first_chunk);
                let mut stands = bytes.is_none_or(|bytes| wanted.begins::<FOLD>(bytes));
                if stands & (bytes.is_none() | (what.len() > 16)) {
                    stands = self.is(at, at + what.len(), what);
                }
                *found |= u64::from(stands) << code;
            }
        }
        found
    }
}

/// Where a byte of `fronts` is the first one that is wanted and its neighbour in `backs` the last one. Gives how many such
/// places it has put down.
#[inline(never)]
fn candidates<const FOLD: bool>(
    fronts: &[u8],
    backs: &[u8],
    wanted: [u8; 2],
    places: &mut [u16; PIECE + AT_ONCE],
) -> usize {
    let [first, last] = wanted.map(|byte| [u8x16::splat(byte), u8x16::splat(byte.to_ascii_uppercase())]);
    let is = |bytes: &[u8; 16], [small, capital]: [u8x16; 2]| {
        let bytes = u8x16::new(*bytes);
        let found = bytes.simd_eq(small);
        if FOLD { found | bytes.simd_eq(capital) } else { found }
    };
    let mut count = 0;
    let mut note = |at: usize, mut mask: u64| {
        let mut noted = count;
        count += mask.count_ones() as usize;
        // Writing what is not there costs less than guessing wrongly whether it is.
        while let Some(next) = places[noted..].first_chunk_mut::<AT_ONCE>() {
            for place in next {
                *place = (at + mask.trailing_zeros() as usize) as u16;
                mask &= mask.wrapping_sub(1);
            }
            noted += AT_ONCE;
            if noted >= count {
                break;
            }
        }
    };
    let blocks = fronts.as_chunks::<64>().0.iter().zip(backs.as_chunks::<64>().0);
    for (block, (front, back)) in blocks.enumerate() {
        let (fronts, backs) = (front.as_chunks::<16>().0, back.as_chunks::<16>().0);
        let bits = |at: usize| u64::from((is(&fronts[at], first) & is(&backs[at], last)).to_bitmask());
        note(64 * block, (bits(0) | bits(1) << 16) | (bits(2) << 32 | bits(3) << 48));
    }
    for place in fronts.len() / 64 * 64..fronts.len() {
        note(place, 1);
    }
    count
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
            let count = if round % 5 == 0 { 700 } else { 90 };
            // Those of 64 longer texts together do not fit sixteen bits.
            let longest = if round % 40 == 0 { 1_500 } else { [4, 40][round % 2] };
            let values: Vec<Vec<u8>> = (0..count).map(|_| text(longest)).collect();
            let bytes = values.concat();
            let what = match round % 3 {
                0 => bytes[bytes.len() - 20 - round % 20..][..round % 20].to_vec(),
                1 => values[round % 90].clone(),
                _ => text(6),
            };
            let ends: Vec<usize> = values
                .iter()
                .scan(0, |end, value| {
                    *end += value.len();
                    Some(*end)
                })
                .collect();
            let steps = Memo::default();
            for fold in [false, true] {
                let what = if fold { what.to_ascii_lowercase() } else { what.clone() };
                let texts = Texts { bytes: &bytes, ends: &ends, fold, steps: &steps };
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
