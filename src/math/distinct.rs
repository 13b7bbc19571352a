//! How many different values does a column have? Exact.

/// Different keys, counted. A table with linear probing, an eighth to five eighths full.
#[derive(Clone, Debug, Default)]
pub struct Distinct {
    slots: Vec<u64>,
    len: usize,
    zero: bool,
}

impl Distinct {
    /// Notes keys.
    #[inline(never)]
    pub fn extend(&mut self, keys: &[u64]) {
        for &key in keys {
            // Multiplying by an odd number keeps different keys different, and zero zero: zero marks a free slot.
            let key = (key ^ key >> 32).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            if key == 0 {
                self.zero = true;
                continue;
            }
            if self.len * 8 >= self.slots.len() * 5 {
                self.grow();
            }
            self.len += usize::from(insert(&mut self.slots, key));
        }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.len + usize::from(self.zero)
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.slots.len() * 8
    }

    #[cold]
    fn grow(&mut self) {
        let size = (self.slots.len() * 4).max(1_024);
        let old = std::mem::replace(&mut self.slots, vec![0; size]);
        old.into_iter().filter(|key| *key != 0).for_each(|key| {
            insert(&mut self.slots, key);
        });
    }
}

/// Puts a key in its place; whether it is new.
#[inline]
fn insert(slots: &mut [u64], key: u64) -> bool {
    let mask = slots.len() - 1;
    // The upper bits of a product are the mixed ones.
    let mut slot = (key >> 32) as usize & mask;
    loop {
        match slots[slot] {
            0 => {
                slots[slot] = key;
                return true;
            }
            found if found == key => return false,
            _ => slot = (slot + 1) & mask,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;
    use std::collections::BTreeSet;

    #[test]
    fn as_many_as_a_set_holds() {
        let mut rng = Rng::new(11);
        for (count, range) in [(0, 1), (1, 1), (10_000, 7), (20_000, 1 << 30), (5_000, 6_000)] {
            let keys: Vec<u64> = (0..count).map(|_| rng.below(range) as u64).collect();
            let floats: Vec<u64> = keys.iter().map(|&key| (key as f64 / 100.0).to_bits()).collect();
            for keys in [&keys, &floats] {
                let mut distinct = Distinct::default();
                keys.chunks(1_000).for_each(|keys| distinct.extend(keys));
                assert_eq!(distinct.count(), keys.iter().collect::<BTreeSet<_>>().len());
            }
        }
    }
}
