//! Into which bucket does a customer fall? A number that looks random and depends on a text and a seed alone, so that it
//! stays the same when rows come and go, and any warehouse can compute it.

use crate::table::column::{Column, Data};
use sha2::{Digest, Sha256};

/// A number from 0 up to but without 100 for each row: of SHA-256 over the seed, a line feed and the cell's text (numbers in
/// their shortest decimal form, days in ISO), the first 13 hexadecimal digits / 2^52 × 100. NaN where the cell is missing.
pub fn random(column: &Column, seed: &str) -> Vec<f64> {
    let mut numbers = vec![f64::NAN; column.len()];
    match &column.data {
        Data::Text(texts) => {
            let of_code: Vec<f64> = texts.values().map(|text| bucket(seed, text)).collect();
            column.valid.iter().for_each(|row| numbers[row] = of_code[texts.codes()[row] as usize]);
        }
        Data::Number(values) => {
            // Zero has no sign.
            column.valid.iter().for_each(|row| numbers[row] = bucket(seed, &(values[row] + 0.0).to_string()));
        }
        _ => {
            let of_row = |row| column.text_of(row).map_or(f64::NAN, |text| bucket(seed, &text));
            column.valid.iter().for_each(|row| numbers[row] = of_row(row));
        }
    }
    numbers
}

fn bucket(seed: &str, text: &str) -> f64 {
    let hash = Sha256::new().chain_update(seed).chain_update("\n").chain_update(text).finalize();
    let digits = hash.iter().take(7).fold(0, |digits, &byte| digits << 8 | u64::from(byte)) >> 4;
    digits as f64 / (1u64 << 52) as f64 * 100.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::role::Role;

    #[test]
    fn buckets_are_those_of_any_other_sha_256() {
        // printf 'seed\n42' | sha256sum
        let digits = u64::from_str_radix("d8c097001d8f7", 16).unwrap();
        let column = Column::number("id", Role::CustomerId, vec![42.0, f64::NAN, -0.0, 0.0]);
        let numbers = random(&column, "seed");
        assert_eq!(numbers[0], digits as f64 / 4_503_599_627_370_496.0 * 100.0);
        assert!(numbers[1].is_nan() && numbers[2] == numbers[3]);
        assert_ne!(random(&column, "other")[0], numbers[0]);
        assert!(numbers.iter().all(|number| number.is_nan() || (0.0..100.0).contains(number)));
    }
}
