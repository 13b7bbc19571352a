//! Which words are the same? Each distinct one is kept once and numbered in the order of first meeting.

use super::bytes::{hash, same, word};
use super::cells::make_room;
use super::rows::{Column, Sources};
use std::iter::once;

/// Distinct words, and where each of them is found again.
#[derive(Debug, Default)]
pub struct Dictionary {
    arena: Vec<u8>,
    ends: Vec<usize>,
    seen: Seen,
    /// Some words that were asked after lately, by their [`key`]; no word has the key 0.
    recent: Vec<([u64; 2], u32)>,
    /// Where nearly every word is new, words are taken unseen, and repeats are found later, many at once.
    unseen: Option<Unseen>,
    /// Words that were asked after, and how many were there and known when this was last looked at.
    asked: usize,
    looked: (usize, usize),
}

impl Dictionary {
    /// Takes memory ahead for so many words with so many bytes in all.
    pub fn reserve(&mut self, words: usize, bytes: usize) {
        self.ends.reserve(words);
        self.arena.reserve(bytes);
    }

    /// Number of words; of those that are taken unseen each counts.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        let unseen = self.unseen.as_ref().map_or(0, |unseen| unseen.hashes.len() * size_of::<u32>());
        self.arena.len() + self.ends.len() * size_of::<usize>() + self.seen.slots.len() * size_of::<u64>() + unseen
    }

    /// The words one behind the other, and where each ends. What was appended gets its final numbers, and memory that was
    /// taken ahead in vain is given back.
    pub fn into_parts(mut self, numbers: &mut [u32]) -> (String, Vec<usize>) {
        self.settle(numbers);
        self.arena.shrink_to_fit();
        self.ends.shrink_to_fit();
        // Only whole texts were put into it.
        (String::from_utf8(self.arena).unwrap_or_default(), self.ends)
    }

    /// The number of a word. Not to be mixed with [`Dictionary::append`].
    #[inline(never)]
    pub fn number_of(&mut self, word: &str) -> u32 {
        let bytes = word.as_bytes();
        self.number(short(bytes, 0, bytes.len()), bytes, 0, bytes.len())
    }

    /// Appends the numbers of a column's words, 0 where there is none. They are final only when
    /// [`Dictionary::into_parts`] says so; then they are those of one [`Dictionary::number_of`] after another.
    ///
    /// Faster in two ways. The places that a group of words needs are looked up together, so that their ways to memory
    /// overlap. And where most words are new, as in a column of ids, nothing is looked up: repeats are found afterwards,
    /// part by part, each part small enough for the processor's caches.
    #[inline(never)]
    pub fn append(&mut self, sources: Sources<'_>, cells: Column<'_>, valid: &[u64], numbers: &mut Vec<u32>) {
        self.choose(numbers);
        let start = numbers.len();
        make_room(numbers, cells.len());
        numbers.resize(start + cells.len(), 0);
        for ((group, &valid), numbers) in cells.groups().zip(valid).zip(numbers[start..].chunks_mut(64)) {
            let count = valid.count_ones() as usize;
            self.asked += count;
            let (mut places, mut rest) = ([0; 64], valid);
            for place in places.iter_mut().take(count) {
                *place = rest.trailing_zeros() as u8;
                rest &= rest - 1;
            }
            let places = &places[..count];
            let word = |place: u8| {
                let cell = group.get(usize::from(place));
                (sources.of(cell), cell.start as usize, cell.end as usize)
            };
            if self.unseen.is_none() && self.seen.slots.len() <= IN_CACHE {
                for &place in places {
                    let (bytes, start, end) = word(place);
                    numbers[usize::from(place)] = self.recent_number(bytes, start, end);
                }
                continue;
            }
            let mut hashes = [0; 64];
            for (&place, hash) in places.iter().zip(&mut hashes) {
                let (bytes, start, end) = word(place);
                *hash = short(bytes, start, end);
            }
            let hashes = &hashes[..count];
            if let Some(unseen) = &mut self.unseen {
                let numbered = places.iter().zip(self.ends.len() as u32..);
                numbered.for_each(|(&place, number)| numbers[usize::from(place)] = number);
                unseen.hashes.extend_from_slice(hashes);
                put(&mut self.arena, &mut self.ends, places.iter().map(|&place| word(place)));
                continue;
            }
            self.warm(hashes);
            for (&place, &hash) in places.iter().zip(hashes) {
                let (bytes, start, end) = word(place);
                numbers[usize::from(place)] = self.number(hash, bytes, start, end);
            }
        }
    }

    /// The numbers of distinct words that lie one behind the other and were met in so many rows; like those of
    /// [`Dictionary::append`], and with its `numbers`.
    #[inline(never)]
    pub fn join(&mut self, arena: &str, ends: &[u64], rows: usize, numbers: &mut [u32]) -> Vec<u32> {
        self.choose(numbers);
        self.asked += rows;
        let (bytes, mut start) = (arena.as_bytes(), 0);
        let mut joined = Vec::with_capacity(ends.len());
        for &end in ends {
            let end = (end as usize).clamp(start, bytes.len());
            let hash = short(bytes, start, end);
            joined.push(match &mut self.unseen {
                None => self.number(hash, bytes, start, end),
                Some(unseen) => {
                    unseen.hashes.push(hash);
                    put(&mut self.arena, &mut self.ends, once((bytes, start, end)));
                    self.ends.len() as u32 - 1
                }
            });
            start = end;
        }
        joined
    }

    /// The number of a word that was probably asked after a moment ago, as most are where there are few.
    #[inline]
    fn recent_number(&mut self, bytes: &[u8], start: usize, end: usize) -> u32 {
        let Some(key) = key(bytes, start, end) else {
            return self.number(short(bytes, start, end), bytes, start, end);
        };
        if self.recent.is_empty() {
            self.recent.resize(RECENT, ([0, 0], 0));
        }
        let place = (key[0] ^ key[1].rotate_left(29)).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - RECENT.ilog2());
        let known = self.recent[place as usize];
        if known.0 == key {
            return known.1;
        }
        let number = self.number(short(bytes, start, end), bytes, start, end);
        self.recent[place as usize] = (key, number);
        number
    }

    /// Looks, whenever the words have doubled in number, whether most of the last ones were new.
    fn choose(&mut self, numbers: &mut [u32]) {
        if self.len() < 2 * self.looked.0.max(MANY / 2) {
            return;
        }
        let (before, asked) = self.looked;
        if self.unseen.as_ref().is_some_and(|unseen| unseen.are_new(before)) {
            self.looked = (self.len(), self.asked);
            return;
        }
        let was_unseen = self.unseen.is_some();
        self.settle(numbers);
        let known = self.len();
        let mostly_new = known.saturating_sub(before) * 2 > self.asked - asked;
        self.looked = (known, self.asked);
        match (was_unseen, mostly_new) {
            (false, true) => {
                let room = self.ends.capacity();
                self.unseen = Some(Unseen { hashes: std::mem::take(&mut self.seen).hashes(known, room) });
            }
            (true, false) => {
                let unseen = self.unseen.take().unwrap_or_default();
                self.seen = Seen::of(&unseen.hashes);
            }
            _ => {}
        }
    }

    /// Makes one of words that were taken several times, and gives them their numbers.
    fn settle(&mut self, numbers: &mut [u32]) {
        let Some(unseen) = &mut self.unseen else { return };
        let (arena, ends) = (&self.arena, &self.ends);
        let repeats = unseen.repeats(|one, other| {
            let ((start, end), (other_start, other_end)) = (place(ends, one), place(ends, other));
            same(arena, start, end, arena, other_start, other_end)
        });
        if repeats.is_empty() {
            return;
        }
        // All in place: there may be no room for a second copy of millions of words.
        let mut number_of = Vec::with_capacity(self.ends.len());
        let (mut later, mut start) = (repeats.iter().peekable(), 0);
        let (mut kept, mut filled) = (0, 0);
        for old in 0..self.ends.len() {
            let end = self.ends[old];
            if let Some(&(_, first)) = later.next_if(|repeat| repeat.0 as usize == old) {
                number_of.push(number_of[first as usize]);
            } else {
                number_of.push(kept as u32);
                self.arena.copy_within(start..end, filled);
                filled += end - start;
                (self.ends[kept], unseen.hashes[kept]) = (filled, unseen.hashes[old]);
                kept += 1;
            }
            start = end;
        }
        self.arena.truncate(filled);
        self.ends.truncate(kept);
        unseen.hashes.truncate(kept);
        numbers.iter_mut().for_each(|number| *number = number_of[*number as usize]);
    }

    /// Reads what looking up these hashes will read, all at once.
    fn warm(&self, hashes: &[u32]) {
        let mask = self.seen.slots.len() - 1;
        let mut numbers = [u32::MAX; 64];
        for (number, &hash) in numbers.iter_mut().zip(hashes) {
            let entry = self.seen.slots[hash as usize & mask];
            *number = if (entry >> 32) as u32 == hash { (entry as u32).wrapping_sub(1) } else { u32::MAX };
        }
        let mut touched = 0;
        for number in numbers {
            let start = self.ends.get((number as usize).wrapping_sub(1)).copied().unwrap_or(0);
            touched ^= self.arena.get(start).copied().unwrap_or(0);
        }
        std::hint::black_box(touched);
    }

    #[inline]
    fn number(&mut self, hash: u32, bytes: &[u8], start: usize, end: usize) -> u32 {
        let (arena, ends) = (&mut self.arena, &mut self.ends);
        let is_word = |number: u32| {
            let (known_start, known_end) = place(ends, number);
            same(bytes, start, end, arena, known_start, known_end)
        };
        match self.seen.find(hash, is_word) {
            Ok(number) => number,
            Err(slot) => {
                put(arena, ends, once((bytes, start, end)));
                let number = (ends.len() - 1) as u32;
                self.seen.insert(slot, hash, number);
                number
            }
        }
    }
}

/// Words from which on it is asked whether most are new.
const MANY: usize = 1 << 15;

/// Words that are remembered as recent.
const RECENT: usize = 512;

/// The bytes of a word and their number as two registers, if it has 1 to 15.
#[inline]
fn key(bytes: &[u8], start: usize, end: usize) -> Option<[u64; 2]> {
    let length = end - start;
    match length {
        0 | 16.. => None,
        ..=8 => Some([word(bytes, start, length), (length as u64) << 56]),
        _ => Some([word(bytes, start, 8), word(bytes, start + 8, length - 8) | (length as u64) << 56]),
    }
}

/// Where a word begins and ends in the arena.
#[inline]
fn place(ends: &[usize], number: u32) -> (usize, usize) {
    let number = number as usize;
    (if number == 0 { 0 } else { ends[number - 1] }, ends[number])
}

/// Appends words, eight bytes at a time: asking for a copy of unknown length costs more than a short word.
#[inline]
fn put<'a>(arena: &mut Vec<u8>, ends: &mut Vec<usize>, words: impl Iterator<Item = (&'a [u8], usize, usize)> + Clone) {
    let mut at = arena.len();
    let bytes: usize = words.clone().map(|(_, start, end)| end - start).sum();
    arena.resize(at + bytes, 0);
    for (bytes, start, end) in words {
        let (from, to) = (&bytes[start..end], &mut arena[at..at + end - start]);
        let (eights, rest) = from.as_chunks::<8>();
        to.as_chunks_mut::<8>().0.iter_mut().zip(eights).for_each(|(place, eight)| *place = *eight);
        match (to.last_chunk_mut::<8>(), from.last_chunk::<8>()) {
            // The last eight overlap those before them: cheaper than byte by byte.
            (Some(place), Some(eight)) => *place = *eight,
            _ => to.copy_from_slice(rest),
        }
        at += end - start;
        ends.push(at);
    }
}

/// The hashes of words that were taken without asking whether they are known.
#[derive(Debug, Default)]
struct Unseen {
    hashes: Vec<u32>,
}

impl Unseen {
    /// Parts in which repeats are looked for, by the upper bits of the hash: 256, each for some thousand words.
    const PART_BITS: u32 = 8;

    /// Whether three in four of the words from this one on had not come before, as one in 64 of them says.
    fn are_new(&self, from: usize) -> bool {
        let sampled = (from..self.hashes.len()).step_by(64);
        let mut sample: Vec<(u32, usize)> = sampled.map(|at| (self.hashes[at], at)).collect();
        sample.sort_unstable();
        // Most hashes are told by 16 of their bits to be none of the sample's.
        let mut marks = vec![0_u64; 1 << 10];
        sample.iter().for_each(|(hash, _)| marks[*hash as usize >> 6 & 1_023] |= 1 << (hash & 63));
        let mut came_before = 0;
        for (at, hash) in self.hashes.iter().enumerate() {
            if marks[*hash as usize >> 6 & 1_023] >> (hash & 63) & 1 == 0 {
                continue;
            }
            let first = sample.partition_point(|(other, _)| other < hash);
            // One that is found is not counted again.
            for (_, place) in sample[first..].iter_mut().take_while(|(other, _)| other == hash) {
                if *place > at {
                    (came_before, *place) = (came_before + 1, 0);
                }
            }
        }
        came_before * 4 < sample.len()
    }

    /// Words that came before, each with its first coming; by number.
    fn repeats(&self, same: impl Fn(u32, u32) -> bool) -> Vec<(u32, u32)> {
        let part_of = |hash: u32| (hash >> (32 - Unseen::PART_BITS)) as usize;
        let mut places = [0; 1 << Unseen::PART_BITS];
        self.hashes.iter().for_each(|&hash| places[part_of(hash)] += 1);
        let largest = places.iter().copied().max().unwrap_or(0);
        let mut start = 0;
        for place in &mut places {
            start += std::mem::replace(place, start);
        }
        let mut parts = vec![0; self.hashes.len()];
        for (number, &hash) in (0..).zip(&self.hashes) {
            let place = &mut places[part_of(hash)];
            parts[*place] = u64::from(hash) << 32 | number;
            *place += 1;
        }
        // Every place is now where its part ends.
        let (mut repeats, mut start) = (Vec::new(), 0);
        let mut slots = vec![0; (largest * 2).next_power_of_two()];
        for end in places {
            slots.fill(0);
            for &entry in &parts[start..end] {
                let (hash, number) = ((entry >> 32) as u32, entry as u32);
                let mut slot = hash as usize & (slots.len() - 1);
                loop {
                    let known = slots[slot];
                    if known == 0 {
                        // Number + 1, so that 0 is a free slot.
                        slots[slot] = entry + 1;
                        break;
                    }
                    if (known >> 32) as u32 == hash && same(known as u32 - 1, number) {
                        repeats.push((number, known as u32 - 1));
                        break;
                    }
                    slot = (slot + 1) & (slots.len() - 1);
                }
            }
            start = end;
        }
        repeats.sort_unstable();
        repeats
    }
}

/// The part of a hash that is kept.
#[inline]
fn short(bytes: &[u8], start: usize, end: usize) -> u32 {
    (hash(bytes, start, end) >> 32) as u32
}

/// Slots that fit into the processor's nearest cache.
const IN_CACHE: usize = 4_096;

/// Numbers by the hash of their word: open addressing with linear probing, eight bytes a slot, so that millions of
/// words stay within reach of the processor's caches.
#[derive(Debug, Default)]
struct Seen {
    /// Hash in the upper half, number + 1 in the lower; 0 for a free slot. A power of two of them.
    slots: Vec<u64>,
    len: usize,
}

impl Seen {
    /// The number whose word passes the test, or the slot where it belongs.
    #[inline]
    fn find(&mut self, hash: u32, same: impl Fn(u32) -> bool) -> Result<u32, usize> {
        // At most five slots in eight are taken, so that a free one is near.
        if self.len * 8 >= self.slots.len() * 5 {
            self.grow();
        }
        let mask = self.slots.len() - 1;
        let mut slot = hash as usize & mask;
        loop {
            let entry = self.slots[slot];
            if entry == 0 {
                return Err(slot);
            }
            let number = entry as u32 - 1;
            if (entry >> 32) as u32 == hash && same(number) {
                return Ok(number);
            }
            slot = (slot + 1) & mask;
        }
    }

    fn insert(&mut self, slot: usize, hash: u32, number: u32) {
        self.slots[slot] = u64::from(hash) << 32 | (u64::from(number) + 1);
        self.len += 1;
    }

    /// The hashes of so many words, with room for more.
    fn hashes(self, words: usize, room: usize) -> Vec<u32> {
        let mut hashes = Vec::with_capacity(room);
        hashes.resize(words, 0);
        for entry in self.slots.into_iter().filter(|entry| *entry != 0) {
            hashes[entry as u32 as usize - 1] = (entry >> 32) as u32;
        }
        hashes
    }

    /// The table of words with these hashes, which are all different words.
    fn of(hashes: &[u32]) -> Seen {
        let mut seen = Seen { slots: vec![0; (hashes.len() * 2).next_power_of_two()], len: hashes.len() };
        for (number, &hash) in (1..).zip(hashes) {
            seen.place(u64::from(hash) << 32 | number);
        }
        seen
    }

    /// Puts an entry into the next free slot.
    fn place(&mut self, entry: u64) {
        let mask = self.slots.len() - 1;
        let mut slot = (entry >> 32) as usize & mask;
        while self.slots[slot] != 0 {
            slot = (slot + 1) & mask;
        }
        self.slots[slot] = entry;
    }

    #[cold]
    fn grow(&mut self) {
        let size = (self.slots.len() * 2).max(64);
        let old = std::mem::replace(&mut self.slots, vec![0; size]);
        old.into_iter().filter(|entry| *entry != 0).for_each(|entry| self.place(entry));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;
    use crate::rows::Field;
    use std::collections::{BTreeMap, BTreeSet};

    /// Appends the words in batches, with an empty cell among them now and then, and gives their final numbers.
    fn appended(words: &[String]) -> (Vec<u32>, Vec<String>) {
        let (mut dictionary, mut numbers) = (Dictionary::default(), Vec::new());
        for batch in words.chunks(1_000) {
            let (mut plain, mut fields, mut valid) = (String::new(), Vec::new(), vec![0; batch.len().div_ceil(64)]);
            for (at, word) in batch.iter().enumerate() {
                let start = plain.len() as u32;
                plain.push_str(word);
                fields.push(Field { start, end: plain.len() as u32, escaped: false });
                valid[at / 64] |= u64::from(!word.is_empty()) << (at % 64);
            }
            let cells = Column::even(&fields, 1, 0);
            dictionary.append(Sources { plain: &plain, spilt: "" }, cells, &valid, &mut numbers);
        }
        let (arena, ends) = dictionary.into_parts(&mut numbers);
        let start = |at: usize| if at == 0 { 0 } else { ends[at - 1] };
        (numbers, ends.iter().enumerate().map(|(at, &end)| arena[start(at)..end].to_string()).collect())
    }

    /// Numbers as they ought to be.
    fn numbered(words: &[String]) -> (Vec<u32>, Vec<String>) {
        let (mut known, mut distinct) = (BTreeMap::new(), Vec::new());
        let mut number = |word: &String| {
            *known.entry(word.clone()).or_insert_with(|| {
                distinct.push(word.clone());
                distinct.len() as u32 - 1
            })
        };
        let numbers = words.iter().map(|word| if word.is_empty() { 0 } else { number(word) }).collect();
        (numbers, distinct)
    }

    #[test]
    fn words_of_all_lengths_stay_apart() {
        let letters = "abcdefghijklmnopqrstuvwxyzä0123456789";
        let ends = letters.char_indices().map(|(at, _)| at).skip(1);
        let mut words: Vec<String> = ends.map(|end| letters[..end].to_string()).collect();
        words.extend((0..5_000).map(|number| format!("customer-{number:05}")));
        words.extend(words.iter().map(|word| format!("{}x", &word[1..])).collect::<Vec<_>>());
        words.extend(words.clone());
        words.insert(77, String::new());
        assert_eq!(appended(&words), numbered(&words));
        let mut dictionary = Dictionary::default();
        let one_by_one: Vec<u32> = words.iter().map(|word| dictionary.number_of(word)).collect();
        assert_eq!(one_by_one.iter().collect::<BTreeSet<_>>().len(), dictionary.len());
        assert_eq!(dictionary.number_of(&words[9]), one_by_one[9]);
    }

    #[test]
    fn whether_words_are_new_is_told_by_some() {
        for (again, new) in [(0, true), (10, true), (40, false), (100, false)] {
            // So many in a hundred of the later ones came before: each another one, or all the same.
            for one in [false, true] {
                let number = |at: u32| match at {
                    40_000.. if at % 97 * 100 < again * 97 => {
                        if one {
                            7
                        } else {
                            at - 40_000
                        }
                    }
                    _ => at,
                };
                let hashes = (0..80_000).map(|at| number(at).wrapping_mul(0x9E37_79B9)).collect();
                assert_eq!(Unseen { hashes }.are_new(40_000), new, "{again} {one}");
            }
        }
        // The first that is looked at did not come before.
        assert!(Unseen { hashes: vec![3; 64] }.are_new(0));
    }

    #[test]
    fn mostly_new_words_are_numbered_like_all_others() {
        let mut rng = Rng::new(5);
        // New ones, then half of them again, then nearly nothing new, then new ones again.
        let ranges = [(100_000, 1 << 31), (90_000, 100_000), (200_000, 3_000), (150_000, 1 << 31)];
        let words: Vec<String> = ranges
            .into_iter()
            .flat_map(|(count, range)| vec![range; count])
            .map(|range| format!("{}", rng.below(range)))
            .map(|word| if word.ends_with("77") { String::new() } else { word })
            .collect();
        let (found, expected) = (appended(&words), numbered(&words));
        assert_eq!(found.1, expected.1);
        assert!(found.0 == expected.0);
    }
}
