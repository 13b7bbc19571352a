//! Which words are the same? Each distinct one is kept once and numbered in the order of first meeting.

use super::cells::{GROUP, hash};

/// Distinct words, and where each of them is found again.
#[derive(Debug, Default)]
pub struct Dictionary {
    arena: String,
    ends: Vec<usize>,
    seen: Seen,
}

impl Dictionary {
    /// Takes memory ahead for so many words with so many bytes in all.
    pub fn reserve(&mut self, words: usize, bytes: usize) {
        self.ends.reserve(words);
        self.arena.reserve(bytes);
        self.seen.reserve(words);
    }

    /// Number of words.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.arena.len() + self.ends.len() * size_of::<usize>() + self.seen.slots.len() * size_of::<u64>()
    }

    /// The words one behind the other, and where each ends.
    pub fn into_parts(self) -> (String, Vec<usize>) {
        (self.arena, self.ends)
    }

    /// The number of a word.
    #[inline(never)]
    pub fn number_of(&mut self, word: &str) -> u32 {
        self.number(short(word), word)
    }

    /// Appends the numbers of words, 0 where there is none.
    ///
    /// The same as one [`Dictionary::number_of`] after another, but faster where there are many words: the places that a
    /// group needs are looked up together, so that their ways to memory overlap.
    #[inline(never)]
    pub fn numbers_of(&mut self, words: &[Option<&str>], numbers: &mut Vec<u32>) {
        let mut hashes = [0; GROUP];
        for group in words.chunks(GROUP) {
            for (place, word) in hashes.iter_mut().zip(group) {
                *place = word.map_or(0, short);
            }
            if self.seen.slots.len() > IN_CACHE {
                self.warm(&hashes[..group.len()]);
            }
            numbers
                .extend(hashes.iter().zip(group).map(|(&hash, word)| word.map_or(0, |word| self.number(hash, word))));
        }
    }

    /// Reads what looking up these hashes will read, all at once.
    fn warm(&self, hashes: &[u32]) {
        let mask = self.seen.slots.len() - 1;
        let mut numbers = [u32::MAX; GROUP];
        for (number, &hash) in numbers.iter_mut().zip(hashes) {
            let entry = self.seen.slots[hash as usize & mask];
            *number = if (entry >> 32) as u32 == hash { (entry as u32).wrapping_sub(1) } else { u32::MAX };
        }
        let mut touched = 0;
        for number in numbers {
            let start = self.ends.get((number as usize).wrapping_sub(1)).copied().unwrap_or(0);
            touched ^= self.arena.as_bytes().get(start).copied().unwrap_or(0);
        }
        std::hint::black_box(touched);
    }

    #[inline]
    fn number(&mut self, hash: u32, word: &str) -> u32 {
        let (arena, ends) = (&mut self.arena, &mut self.ends);
        let is_word = |number: u32| {
            let number = number as usize;
            let start = if number == 0 { 0 } else { ends[number - 1] };
            arena.as_bytes().get(start..ends[number]).is_some_and(|known| same(known, word.as_bytes()))
        };
        match self.seen.find(hash, is_word) {
            Ok(number) => number,
            Err(slot) => {
                arena.push_str(word);
                ends.push(arena.len());
                let number = (ends.len() - 1) as u32;
                self.seen.insert(slot, hash, number);
                number
            }
        }
    }
}

/// The part of a hash that is kept.
#[inline]
fn short(word: &str) -> u32 {
    (hash(word.as_bytes()) >> 32) as u32
}

/// Whether two stretches of bytes are equal: eight at a time, which is most of a cell.
#[inline]
fn same(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    match (one.last_chunk::<8>(), other.last_chunk::<8>()) {
        (Some(tail), Some(other_tail)) => {
            let whole = one.as_chunks::<8>().0.iter().zip(other.as_chunks::<8>().0);
            tail == other_tail && whole.fold(true, |same, (one, other)| same & (one == other))
        }
        _ => one.iter().zip(other).fold(0, |differ, (one, other)| differ | (one ^ other)) == 0,
    }
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

    /// Room for so many words without growing.
    fn reserve(&mut self, words: usize) {
        let needed = (words * 8).div_ceil(5) + 1;
        if needed > self.slots.len() {
            self.resize(needed.next_power_of_two().max(64));
        }
    }

    #[cold]
    fn grow(&mut self) {
        self.resize((self.slots.len() * 2).max(64));
    }

    fn resize(&mut self, size: usize) {
        let old = std::mem::replace(&mut self.slots, vec![0; size]);
        for entry in old.into_iter().filter(|entry| *entry != 0) {
            let mut slot = (entry >> 32) as usize & (size - 1);
            while self.slots[slot] != 0 {
                slot = (slot + 1) & (size - 1);
            }
            self.slots[slot] = entry;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_all_lengths_stay_apart() {
        let letters = "abcdefghijklmnopqrstuvwxyzä0123456789";
        let ends = letters.char_indices().map(|(at, _)| at).skip(1);
        let mut words: Vec<String> = ends.map(|end| letters[..end].to_string()).collect();
        words.extend((0..5_000).map(|number| format!("customer-{number:05}")));
        let other: Vec<String> = words.iter().map(|word| format!("{}x", &word[1..])).collect();
        let all: Vec<Option<&str>> = words.iter().chain(&other).chain(&words).map(|word| Some(word.as_str())).collect();
        let (mut dictionary, mut numbers) = (Dictionary::default(), Vec::new());
        dictionary.numbers_of(&all, &mut numbers);
        let mut known: Vec<Option<&str>> = Vec::new();
        for (word, number) in all.iter().zip(numbers) {
            let expected = known.iter().position(|known| known == word).unwrap_or(known.len());
            if expected == known.len() {
                known.push(*word);
            }
            assert_eq!(number as usize, expected, "{word:?}");
        }
        assert_eq!(dictionary.len(), known.len());
        assert_eq!(dictionary.number_of("customer-00007"), words.len() as u32 - 4_993);
    }
}
