//! How much may one step do? Work is counted, not timed: the core has no clock, and the same steps fall everywhere.

/// What is left of a step, in multiply-adds of the quick kernel.
#[derive(Debug)]
pub struct Budget {
    left: usize,
}

impl Default for Budget {
    /// A few milliseconds in a browser.
    fn default() -> Budget {
        Budget { left: 24_000_000 }
    }
}

impl Budget {
    /// Takes off what was done.
    pub fn spend(&mut self, work: usize) {
        self.left = self.left.saturating_sub(work);
    }

    /// Whether the step is over.
    pub fn is_spent(&self) -> bool {
        self.left == 0
    }
}
