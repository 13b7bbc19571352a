//! Is it still the same? SHA-256 over columns and texts, in hexadecimal digits.

use crate::table::column::Column;
use sha2::{Digest, Sha256};

/// Bytes that are hashed in one go.
const PIECE: usize = 1 << 16;

/// The hash of texts in this order. Each goes in with its length, so that no two lists of texts are one.
pub fn of_texts<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut hash = Hash::default();
    texts.into_iter().for_each(|text| hash.add(Some(text)));
    hash.finish()
}

/// The hash of columns in this order: of each its name, its number of rows, and its cells as canonical text.
pub fn of_columns<'a>(columns: impl IntoIterator<Item = &'a Column>) -> String {
    let mut hash = Hash::default();
    for column in columns {
        hash.add(Some(&column.name));
        hash.add(Some(&column.len().to_string()));
        (0..column.len()).for_each(|row| hash.add(column.key_of(row).as_deref()));
    }
    hash.finish()
}

#[derive(Default)]
struct Hash {
    hash: Sha256,
    waiting: Vec<u8>,
}

impl Hash {
    fn add(&mut self, text: Option<&str>) {
        let length = text.map_or(u64::MAX, |text| text.len() as u64);
        self.waiting.extend(length.to_le_bytes());
        self.waiting.extend(text.unwrap_or_default().as_bytes());
        if self.waiting.len() >= PIECE {
            self.hash.update(&self.waiting);
            self.waiting.clear();
        }
    }

    fn finish(mut self) -> String {
        self.hash.update(&self.waiting);
        let mut digits = String::new();
        for byte in self.hash.finalize() {
            digits.extend([byte >> 4, byte & 15].map(|digit| char::from_digit(digit.into(), 16).unwrap_or('0')));
        }
        digits
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::role::Role;

    #[test]
    fn a_fingerprint_tells_apart_what_is_different() {
        assert_eq!(of_texts(["a"]).len(), 64);
        assert_eq!(of_texts([]), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_ne!(of_texts(["ab", "c"]), of_texts(["a", "bc"]));
        let column = |name: &str, values: &[f64]| Column::number(name, Role::Other, values.to_vec());
        let first = of_columns([&column("n", &[1.0, f64::NAN])]);
        assert_eq!(first, of_columns([&column("n", &[1.0, f64::NAN])]));
        for other in [column("m", &[1.0, f64::NAN]), column("n", &[f64::NAN, 1.0]), column("n", &[1.0])] {
            assert_ne!(first, of_columns([&other]));
        }
    }
}
