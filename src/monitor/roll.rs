//! Who is who, without saying who? Customers as salted hashes of their keys, in buckets that are sorted one by one.
//!
//! A hash is the first 64 bits of SHA-256 over the salt and the key. Two customers of a million share one with a probability
//! of about 3 in 100 million.

use crate::math::order::pairs;
use crate::table::column::Column;
use crate::table::role::Role;
use sha2::{Digest, Sha256};
use std::rc::Rc;

/// Buckets: the first six bits of a hash say which.
pub const BUCKETS: usize = 64;
/// Customers that are hashed in one step.
const PIECE: usize = 16_384;

/// What tells customers apart, the surest first.
pub const KEYS: [Role; 3] = [Role::CustomerId, Role::Email, Role::Phone];

/// The customers of a table by their hashes.
#[derive(Debug)]
pub struct Roll {
    key: Rc<Column>,
    salted: Sha256,
    next: usize,
    /// Hash and row, by bucket; sorted once [`Roll::bucket`] was asked for.
    buckets: Vec<Vec<(u64, u32)>>,
    /// Rows without a key.
    pub keyless: Vec<u32>,
    /// Rows whose key an earlier row has, as far as buckets were asked for.
    pub repeated: usize,
}

impl Roll {
    /// Of the customers that a column tells apart. Addresses are compared without blanks around them and in small letters.
    pub fn new(key: Rc<Column>, salt: &str) -> Roll {
        let mut salted = Sha256::new();
        // With its length, so that no salt and key are another salt and key.
        salted.update((salt.len() as u64).to_le_bytes());
        salted.update(salt.as_bytes());
        let buckets = (0..BUCKETS).map(|_| Vec::new()).collect();
        Roll { key, salted, next: 0, buckets, keyless: Vec::new(), repeated: 0 }
    }

    /// Hashes some more; says whether all are done.
    pub fn step(&mut self) -> bool {
        let end = self.key.len().min(self.next + PIECE);
        for row in self.next..end {
            let Some(key) = self.key.key_of(row) else {
                self.keyless.push(row as u32);
                continue;
            };
            let mut hash = self.salted.clone();
            if self.key.role == Role::Email {
                hash.update(key.trim().to_lowercase().as_bytes());
            } else {
                hash.update(key.as_bytes());
            }
            let hash = hash.finalize();
            let hash = hash.iter().take(8).fold(0u64, |word, &byte| word << 8 | u64::from(byte));
            self.buckets[bucket_of(hash)].push((hash, row as u32));
        }
        self.next = end;
        end == self.key.len()
    }

    /// Share of the rows that are hashed, 0 to 1.
    pub fn ratio(&self) -> f64 {
        self.next as f64 / self.key.len().max(1) as f64
    }

    /// Takes out a bucket, by rising hash; customers of one key by rising row.
    pub fn bucket(&mut self, at: usize) -> Vec<(u64, u32)> {
        let mut bucket = std::mem::take(&mut self.buckets[at]);
        pairs(&mut bucket);
        self.repeated += bucket.windows(2).filter(|pair| pair[0].0 == pair[1].0).count();
        bucket
    }
}

/// The bucket of a hash.
pub fn bucket_of(hash: u64) -> usize {
    (hash >> 58) as usize
}

/// The pairs of customers of one bucket who have the same key: of those with a repeated key the first with the first, the
/// second with the second, and so on. Both sides by rising hash.
pub fn join(before: &[(u64, u32)], after: &[(u64, u32)], found: &mut dyn FnMut(u32, u32)) {
    let (mut i, mut j) = (0, 0);
    while i < before.len() && j < after.len() {
        let ((a, old), (b, new)) = (before[i], after[j]);
        if a == b {
            found(old, new);
        }
        i += usize::from(a <= b);
        j += usize::from(b <= a);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::bitmap::Bitmap;
    use crate::table::texts::TextsBuilder;

    fn roll(keys: &[&str], role: Role, salt: &str) -> Roll {
        let mut texts = TextsBuilder::default();
        keys.iter().for_each(|key| _ = texts.push(key));
        let valid = Bitmap::from_fn(keys.len(), |row| !keys[row].is_empty());
        let mut roll = Roll::new(Rc::new(Column::text("id", role, texts.finish(), valid)), salt);
        while !roll.step() {}
        roll
    }

    fn all(roll: &mut Roll) -> Vec<(u64, u32)> {
        (0..BUCKETS).flat_map(|at| roll.bucket(at)).collect()
    }

    #[test]
    fn hashes_are_those_of_the_salted_key_and_rise_through_the_buckets() {
        let mut one = roll(&["b", "a", "", "a"], Role::CustomerId, "s");
        let found = all(&mut one);
        assert!(found.windows(2).all(|pair| pair[0] <= pair[1]));
        assert_eq!((found.len(), one.keyless.as_slice(), one.repeated), (3, [2].as_slice(), 1));
        // printf '\x01\0\0\0\0\0\0\0sb' | sha256sum
        assert!(found.contains(&(0x13bb_2d68_fbb7_60b1, 0)), "{found:x?}");
        assert_ne!(all(&mut roll(&["b"], Role::CustomerId, "t"))[0].0, found[0].0);
        let [small, large] = ["a@b.c", " A@B.C "].map(|key| all(&mut roll(&[key], Role::Email, "s"))[0].0);
        assert_eq!(small, large);
    }

    #[test]
    fn repeated_keys_are_paired_one_by_one() {
        let (before, after) = ([(1, 0), (3, 1), (3, 2), (9, 3)], [(3, 7), (3, 8), (3, 9), (9, 4), (11, 5)]);
        let mut found = Vec::new();
        join(&before, &after, &mut |old, new| found.push((old, new)));
        assert_eq!(found, [(1, 7), (2, 8), (3, 4)]);
    }
}
