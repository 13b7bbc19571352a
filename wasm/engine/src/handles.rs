//! Which thing does a number from JavaScript stand for?

/// Things by handle. There are few, so that a list will do.
pub(crate) struct Handles<T>(Vec<(u32, T)>);

impl<T> Default for Handles<T> {
    fn default() -> Handles<T> {
        Handles(Vec::new())
    }
}

impl<T> Handles<T> {
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn insert(&mut self, handle: u32, thing: T) {
        self.0.push((handle, thing));
    }

    pub(crate) fn get(&self, handle: u32) -> Option<&T> {
        self.0.iter().find(|(known, _)| *known == handle).map(|(_, thing)| thing)
    }

    pub(crate) fn get_mut(&mut self, handle: u32) -> Option<&mut T> {
        self.0.iter_mut().find(|(known, _)| *known == handle).map(|(_, thing)| thing)
    }

    pub(crate) fn remove(&mut self, handle: u32) -> Option<T> {
        let at = self.0.iter().position(|(known, _)| *known == handle)?;
        Some(self.0.swap_remove(at).1)
    }
}
