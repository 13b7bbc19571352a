//! What takes a reading of all values to find: found when first asked for, and kept.

use std::cell::OnceCell;
use std::fmt::{self, Debug, Formatter};

/// Something found from values, once somebody asked. No part of what it stands in: a copy, which may get other values, begins
/// without, and no two differ by it.
pub struct Memo<T>(OnceCell<T>);

impl<T> Memo<T> {
    /// What was found, or is now.
    pub fn get_or(&self, find: impl FnOnce() -> T) -> &T {
        self.0.get_or_init(find)
    }

    /// What was found, if somebody asked.
    pub fn get(&self) -> Option<&T> {
        self.0.get()
    }
}

impl<T> Default for Memo<T> {
    fn default() -> Memo<T> {
        Memo(OnceCell::new())
    }
}

impl<T> Clone for Memo<T> {
    fn clone(&self) -> Memo<T> {
        Memo::default()
    }
}

impl<T> PartialEq for Memo<T> {
    fn eq(&self, _: &Memo<T>) -> bool {
        true
    }
}

impl<T> Debug for Memo<T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.get().is_some() { "Asked" } else { "Unasked" })
    }
}
