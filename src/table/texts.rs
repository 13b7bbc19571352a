//! Text values by code: each distinct value is kept once, a row holds its number.

/// Distinct text values in the order in which they were first met, and one code a row.
///
/// A row that is missing carries the code 0 or any other: its validity bit decides, never the code.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Texts {
    codes: Vec<u32>,
    arena: String,
    ends: Vec<usize>,
}

impl Texts {
    /// Number of rows.
    pub fn len(&self) -> usize {
        self.codes.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }

    /// One code a row.
    pub fn codes(&self) -> &[u32] {
        &self.codes
    }

    /// The same values for other rows.
    pub fn with_codes(&self, codes: Vec<u32>) -> Texts {
        Texts { codes, arena: self.arena.clone(), ends: self.ends.clone() }
    }

    /// Number of distinct values.
    pub fn distinct(&self) -> usize {
        self.ends.len()
    }

    /// The value behind a code.
    pub fn value(&self, code: u32) -> &str {
        let code = code as usize;
        let start = if code == 0 { 0 } else { self.ends[code - 1] };
        &self.arena[start..self.ends[code]]
    }

    /// The value of a row, whether or not the row is valid; empty where there are no values at all.
    pub fn get(&self, row: usize) -> &str {
        if self.ends.is_empty() { "" } else { self.value(self.codes[row]) }
    }

    /// The distinct values, by code.
    pub fn values(&self) -> impl Iterator<Item = &str> {
        (0..self.distinct() as u32).map(|code| self.value(code))
    }

    /// The distinct values one behind the other, by code; for searches over all of them at once.
    pub fn arena(&self) -> &str {
        &self.arena
    }

    /// Where each distinct value ends in the arena, by code.
    pub fn ends(&self) -> &[usize] {
        &self.ends
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.codes.len() * 4 + self.arena.len() + self.ends.len() * size_of::<usize>()
    }
}

/// Makes [`Texts`] row by row.
#[derive(Debug, Default)]
pub struct TextsBuilder {
    texts: Texts,
    seen: Seen,
}

impl TextsBuilder {
    /// Room for so many rows.
    pub fn with_capacity(rows: usize) -> TextsBuilder {
        let mut builder = TextsBuilder::default();
        builder.texts.codes.reserve(rows);
        builder
    }

    /// Takes memory ahead for so many distinct values with so many bytes in all.
    pub fn reserve_distinct(&mut self, values: usize, bytes: usize) {
        self.texts.ends.reserve(values);
        self.texts.arena.reserve(bytes);
        self.seen.reserve(values);
    }

    /// Appends one row a cell, none for missing ones.
    ///
    /// The same as one [`TextsBuilder::push`] after another, but faster where there are many distinct values: the places
    /// that a group of cells needs are looked up together, so that their ways to memory overlap.
    pub fn push_all(&mut self, cells: &[Option<&str>]) {
        let mut hashes = [0; GROUP];
        for group in cells.chunks(GROUP) {
            for (place, cell) in hashes.iter_mut().zip(group) {
                *place = cell.map_or(0, |cell| hash(cell.as_bytes()));
            }
            if self.seen.slots.len() > IN_CACHE {
                self.warm(&hashes[..group.len()]);
            }
            for (&hash, cell) in hashes.iter().zip(group) {
                let code = cell.map_or(0, |cell| self.code_at(hash, cell));
                self.texts.codes.push(code);
            }
        }
    }

    /// Reads what looking up these hashes will read, all at once.
    fn warm(&self, hashes: &[u32]) {
        let mask = self.seen.slots.len() - 1;
        let mut codes = [u32::MAX; GROUP];
        for (code, &hash) in codes.iter_mut().zip(hashes) {
            let entry = self.seen.slots[hash as usize & mask];
            *code = if (entry >> 32) as u32 == hash { (entry as u32).wrapping_sub(1) } else { u32::MAX };
        }
        let mut touched = 0;
        for code in codes {
            let start = self.texts.ends.get((code as usize).wrapping_sub(1)).copied().unwrap_or(0);
            touched ^= self.texts.arena.as_bytes().get(start).copied().unwrap_or(0);
        }
        std::hint::black_box(touched);
    }

    /// Appends a row with this value and gives its code.
    pub fn push(&mut self, value: &str) -> u32 {
        let code = self.code_of(value);
        self.texts.codes.push(code);
        code
    }

    /// Appends a row that is missing.
    pub fn push_missing(&mut self) {
        self.texts.codes.push(0);
    }

    /// The number of a value, by first meeting, without appending a row.
    pub fn number_of(&mut self, value: &str) -> u32 {
        self.code_of(value)
    }

    /// One row for each distinct value, in the order of first meeting.
    pub fn finish_distinct(mut self) -> Texts {
        self.texts.codes = (0..self.texts.distinct() as u32).collect();
        self.texts
    }

    /// Distinct values so far.
    pub fn distinct(&self) -> usize {
        self.texts.distinct()
    }

    /// Rows so far.
    pub fn len(&self) -> usize {
        self.texts.codes.len()
    }

    /// Whether there are no rows yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes held, with what finding known values takes.
    pub fn bytes(&self) -> usize {
        self.texts.bytes() + self.seen.slots.len() * size_of::<u64>()
    }

    /// The finished texts.
    pub fn finish(self) -> Texts {
        self.texts
    }

    #[inline]
    fn code_of(&mut self, value: &str) -> u32 {
        self.code_at(hash(value.as_bytes()), value)
    }

    #[inline]
    fn code_at(&mut self, hash: u32, value: &str) -> u32 {
        let texts = &mut self.texts;
        match self.seen.find(hash, |code| texts.value(code) == value) {
            Ok(code) => code,
            Err(slot) => {
                texts.arena.push_str(value);
                texts.ends.push(texts.arena.len());
                let code = (texts.ends.len() - 1) as u32;
                self.seen.insert(slot, hash, code);
                code
            }
        }
    }
}

/// Cells that are looked up together.
const GROUP: usize = 64;
/// Slots that fit into the processor's nearest cache.
const IN_CACHE: usize = 4_096;

/// Codes by the hash of their value: open addressing with linear probing, eight bytes a slot, so that millions of
/// distinct values stay within reach of the processor's caches.
#[derive(Debug, Default)]
struct Seen {
    /// Hash in the upper half, code + 1 in the lower; 0 for a free slot. A power of two of them.
    slots: Vec<u64>,
    len: usize,
}

impl Seen {
    /// The code whose value passes the test, or the slot where it belongs.
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
            let code = entry as u32 - 1;
            if (entry >> 32) as u32 == hash && same(code) {
                return Ok(code);
            }
            slot = (slot + 1) & mask;
        }
    }

    fn insert(&mut self, slot: usize, hash: u32, code: u32) {
        self.slots[slot] = u64::from(hash) << 32 | (u64::from(code) + 1);
        self.len += 1;
    }

    /// Room for so many values without growing.
    fn reserve(&mut self, values: usize) {
        let needed = (values * 8).div_ceil(5) + 1;
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

/// A fixed, unseeded hash of bytes (multiply and rotate over 8-byte words). It decides speed only, never order.
#[inline]
fn hash(bytes: &[u8]) -> u32 {
    const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;
    let mix = |state: u64, word: u64| (state.rotate_left(23) ^ word).wrapping_mul(MULTIPLIER);
    let mut state = bytes.len() as u64 ^ 0x51_7C_C1_B7_27_22_0A_95;
    // The last word overlaps the one before it: cheaper than a tail byte by byte.
    match (bytes.last_chunk::<8>(), bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        (Some(last), ..) => {
            for word in bytes.as_chunks::<8>().0 {
                state = mix(state, u64::from_le_bytes(*word));
            }
            state = mix(state, u64::from_le_bytes(*last));
        }
        (_, Some(first), Some(last)) => {
            let (first, last) = (u32::from_le_bytes(*first), u32::from_le_bytes(*last));
            state = mix(state, u64::from(first) | u64::from(last) << 32);
        }
        _ => {
            for &byte in bytes {
                state = mix(state, u64::from(byte));
            }
        }
    }
    state = (state ^ state >> 32).wrapping_mul(MULTIPLIER);
    (state >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_their_first_order_and_leading_zeros() {
        let mut builder = TextsBuilder::default();
        for value in ["007", "", "b", "007", "ü", ""] {
            builder.push(value);
        }
        let texts = builder.finish();
        assert_eq!(texts.codes(), [0, 1, 2, 0, 3, 1]);
        assert_eq!(texts.values().collect::<Vec<_>>(), ["007", "", "b", "ü"]);
        assert_eq!(texts.get(3), "007");
    }

    #[test]
    fn many_values_stay_apart() {
        let mut builder = TextsBuilder::default();
        let names: Vec<String> = (0..5_000).map(|i| format!("customer-{i:05}")).collect();
        names.iter().for_each(|name| {
            builder.push(name);
        });
        let texts = builder.finish();
        assert_eq!(texts.distinct(), 5_000);
        assert!(names.iter().enumerate().all(|(row, name)| texts.get(row) == name));
    }
}
