//! Which conditions are answered already? The same one of several rules, or of one rule as it was before an edit.
//!
//! An answer is kept under the condition's canonical text. Whatever else it depends on (the table's columns, the reference
//! date, definitions, orders) is the business of whoever owns the cache: it is to be emptied when any of them changes.

use crate::segment::rules::answer::Answer;
use crate::segment::rules::words::Folded;
use crate::table::texts::Texts;
use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

/// Bytes of answers that are kept; the one longest unused goes first. 250 conditions over a million rows.
const MOST_BYTES: usize = 64 << 20;
/// Bytes of texts in small letters that are kept besides, likewise.
const MOST_FOLDED: usize = 64 << 20;
/// What an entry takes besides its bits, roughly.
const ENTRY_BYTES: usize = 256;

/// A condition's answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Leaf {
    /// For each row.
    pub answer: Answer,
    /// Rows that "treat missing as" decided, where it is asked for.
    pub treated: Option<usize>,
    /// What the rows that are in come to, once somebody asked.
    pub revenue: Rc<OnceCell<f64>>,
}

/// Answers of conditions over one table.
#[derive(Debug, Default)]
pub struct Cache(RefCell<Kept>);

#[derive(Debug, Default)]
struct Kept {
    leaves: Shelf<Leaf>,
    /// How columns are compared where case does not count.
    folded: Shelf<Folded>,
}

/// Things by name, each with its bytes and the time of its last use.
#[derive(Debug)]
struct Shelf<T> {
    things: BTreeMap<String, (T, usize, u64)>,
    bytes: usize,
    time: u64,
}

impl Leaf {
    /// An answer that nothing more is known of.
    pub fn new(answer: Answer) -> Leaf {
        Leaf { answer, treated: None, revenue: Rc::default() }
    }
}

impl Cache {
    /// The answer to a condition, if it is there.
    pub fn get(&self, text: &str) -> Option<Leaf> {
        self.0.borrow_mut().leaves.get(text)
    }

    /// Keeps an answer, and lets go of others where they become too many.
    pub fn put(&self, text: &str, leaf: &Leaf) {
        self.0.borrow_mut().leaves.put(text, leaf, size(text, leaf), MOST_BYTES);
    }

    /// A column's texts in small letters. Copies take as much as the texts themselves.
    pub fn folded(&self, column: &str, texts: &Texts) -> Folded {
        let folded = &mut self.0.borrow_mut().folded;
        folded.get(column).unwrap_or_else(|| {
            let made = Folded::of(texts);
            folded.put(column, &made, made.bytes() + ENTRY_BYTES, MOST_FOLDED);
            made
        })
    }

    /// Forgets everything: what the answers depend on has changed.
    pub fn clear(&self) {
        *self.0.borrow_mut() = Kept::default();
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        let kept = self.0.borrow();
        kept.leaves.bytes + kept.folded.bytes
    }
}

impl<T> Default for Shelf<T> {
    fn default() -> Shelf<T> {
        Shelf { things: BTreeMap::new(), bytes: 0, time: 0 }
    }
}

impl<T: Clone> Shelf<T> {
    fn get(&mut self, name: &str) -> Option<T> {
        self.time += 1;
        let (thing, _, used) = self.things.get_mut(name)?;
        *used = self.time;
        Some(thing.clone())
    }

    /// Keeps a thing if it fits at all; what was longest unused makes room.
    fn put(&mut self, name: &str, thing: &T, bytes: usize, most: usize) {
        if bytes > most {
            return;
        }
        self.remove(name);
        while self.bytes + bytes > most {
            let oldest = self.things.iter().min_by_key(|(_, (_, _, used))| *used);
            let Some(oldest) = oldest.map(|(name, _)| name.clone()) else { return };
            self.remove(&oldest);
        }
        self.time += 1;
        self.things.insert(name.into(), (thing.clone(), bytes, self.time));
        self.bytes += bytes;
    }

    fn remove(&mut self, name: &str) {
        if let Some((_, bytes, _)) = self.things.remove(name) {
            self.bytes -= bytes;
        }
    }
}

/// Shared bits are counted wherever they are held: at worst less is kept than might be.
fn size(text: &str, leaf: &Leaf) -> usize {
    (leaf.answer.yes.words().len() + leaf.answer.known.words().len()) * 8 + text.len() + ENTRY_BYTES
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::texts::TextsBuilder;

    #[test]
    fn what_is_longest_unused_goes_first_and_bytes_are_bounded() {
        let cache = Cache::default();
        let rows = 64 << 20;
        let leaf = Leaf::new(Answer::constant(rows, true));
        ["a", "b", "c"].iter().for_each(|text| cache.put(text, &leaf));
        assert!(cache.get("a").is_some() && cache.bytes() <= MOST_BYTES);
        cache.put("d", &leaf);
        cache.put("d", &leaf);
        assert_eq!(["a", "b", "c", "d"].map(|text| cache.get(text).is_some()), [true, false, true, true]);
        assert_eq!(cache.bytes(), 3 * size("a", &leaf));
        let too_large = Leaf { answer: Answer::constant(8 * rows, true), ..leaf.clone() };
        cache.put("e", &too_large);
        assert_eq!((cache.get("e"), cache.bytes()), (None, 3 * size("a", &leaf)));
        cache.clear();
        assert_eq!((cache.get("a"), cache.bytes()), (None, 0));
    }

    #[test]
    fn texts_in_small_letters_have_room_of_their_own() {
        let cache = Cache::default();
        let leaf = Leaf::new(Answer::constant(64 << 20, true));
        ["a", "b", "c"].iter().for_each(|text| cache.put(text, &leaf));
        let before = cache.bytes();
        let mut texts = TextsBuilder::default();
        texts.push(&"É".repeat(15 << 20));
        let texts = texts.finish();
        ["d", "e", "f"].iter().for_each(|column| _ = cache.folded(column, &texts));
        // Two of thirty megabytes fit; no answer had to go.
        assert_eq!(["a", "b", "c"].map(|text| cache.get(text).is_some()), [true; 3]);
        let kept = &cache.0.borrow().folded;
        assert_eq!(kept.things.keys().collect::<Vec<_>>(), ["e", "f"]);
        assert!(kept.bytes > 60 << 20 && kept.bytes <= MOST_FOLDED && before > 0);
    }
}
