//! How many different values does a column have? Exact.

/// Number of different keys. A table with linear probing, an eighth to five eighths full.
pub fn distinct(keys: impl Iterator<Item = u64>) -> usize {
    // Multiplying by an odd number keeps different keys different, and zero zero: zero marks a free slot.
    let scramble = |key: u64| (key ^ key >> 32).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let (mut slots, mut len, mut zero) = (vec![0u64; 1_024], 0, false);
    for key in keys {
        let key = scramble(key);
        if key == 0 {
            zero = true;
            continue;
        }
        if insert(&mut slots, key) {
            len += 1;
            if len * 8 > slots.len() * 5 {
                let size = slots.len() * 4;
                let old = std::mem::replace(&mut slots, vec![0; size]);
                old.into_iter().filter(|key| *key != 0).for_each(|key| {
                    insert(&mut slots, key);
                });
            }
        }
    }
    len + usize::from(zero)
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
    use crate::math::rng::Rng;
    use std::collections::BTreeSet;

    #[test]
    fn as_many_as_a_set_holds() {
        let mut rng = Rng::new(11);
        for (count, range) in [(0, 1), (1, 1), (10_000, 7), (20_000, 1 << 30), (5_000, 6_000)] {
            let keys: Vec<u64> = (0..count).map(|_| rng.below(range) as u64).collect();
            assert_eq!(distinct(keys.iter().copied()), keys.iter().collect::<BTreeSet<_>>().len());
            let floats: Vec<u64> = keys.iter().map(|&key| (key as f64 / 100.0).to_bits()).collect();
            assert_eq!(distinct(floats.into_iter()), keys.iter().collect::<BTreeSet<_>>().len());
        }
    }
}
