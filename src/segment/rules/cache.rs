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
    /// With the time of the last use.
    leaves: BTreeMap<String, (Leaf, u64)>,
    /// How columns are compared where case does not count.
    folded: BTreeMap<String, Folded>,
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
        let mut kept = self.0.borrow_mut();
        kept.time += 1;
        let now = kept.time;
        let (leaf, used) = kept.leaves.get_mut(text)?;
        *used = now;
        Some(leaf.clone())
    }

    /// Keeps an answer, and lets go of others where they become too many.
    pub fn put(&self, text: &str, leaf: &Leaf) {
        let mut kept = self.0.borrow_mut();
        let bytes = size(text, leaf);
        if bytes > MOST_BYTES {
            return;
        }
        kept.remove(text);
        kept.time += 1;
        while kept.bytes + bytes > MOST_BYTES {
            let Some(oldest) = kept.leaves.iter().min_by_key(|(_, (_, used))| *used).map(|(text, _)| text.clone())
            else {
                return;
            };
            kept.remove(&oldest);
        }
        let now = kept.time;
        kept.leaves.insert(text.into(), (leaf.clone(), now));
        kept.bytes += bytes;
    }

    /// A column's texts in small letters. Copies take as much as the texts themselves, and only those that fit are kept.
    pub fn folded(&self, column: &str, texts: &Texts) -> Folded {
        if let Some(known) = self.0.borrow().folded.get(column) {
            return known.clone();
        }
        let folded = Folded::of(texts);
        let bytes = folded.bytes() + ENTRY_BYTES;
        let mut kept = self.0.borrow_mut();
        if kept.bytes + bytes <= MOST_BYTES {
            kept.bytes += bytes;
            kept.folded.insert(column.into(), folded.clone());
        }
        folded
    }

    /// Forgets everything: what the answers depend on has changed.
    pub fn clear(&self) {
        *self.0.borrow_mut() = Kept::default();
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.0.borrow().bytes
    }
}

impl Kept {
    fn remove(&mut self, text: &str) {
        if let Some((leaf, _)) = self.leaves.remove(text) {
            self.bytes -= size(text, &leaf);
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
}
