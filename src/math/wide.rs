//! Many numbers as bytes, the lowest first, and back. A loose end of bytes is left out.

/// Appends numbers of 64 bits.
#[inline(never)]
pub fn put_words(words: &[u64], to: &mut Vec<u8>) {
    words.iter().for_each(|word| to.extend_from_slice(&word.to_le_bytes()));
}

/// Appends numbers of 32 bits.
#[inline(never)]
pub fn put_halves(halves: &[u32], to: &mut Vec<u8>) {
    halves.iter().for_each(|half| to.extend_from_slice(&half.to_le_bytes()));
}

/// The numbers of 64 bits that bytes are.
#[inline(never)]
pub fn words(bytes: &[u8]) -> Vec<u64> {
    bytes.as_chunks().0.iter().map(|eight| u64::from_le_bytes(*eight)).collect()
}

/// The numbers of 32 bits that bytes are.
#[inline(never)]
pub fn halves(bytes: &[u8]) -> Vec<u32> {
    bytes.as_chunks().0.iter().map(|four| u32::from_le_bytes(*four)).collect()
}

/// Appends the bytes of floats.
#[inline(never)]
pub fn put_floats(values: &[f64], to: &mut Vec<u8>) {
    values.iter().for_each(|value| to.extend_from_slice(&value.to_le_bytes()));
}

/// Appends the floats that bytes are.
#[inline(never)]
pub fn extend_floats(bytes: &[u8], to: &mut Vec<f64>) {
    to.extend(bytes.as_chunks().0.iter().map(|eight| f64::from_le_bytes(*eight)));
}

/// Appends the bytes of signed numbers of 64 bits.
#[inline(never)]
pub fn put_signed(values: &[i64], to: &mut Vec<u8>) {
    values.iter().for_each(|value| to.extend_from_slice(&value.to_le_bytes()));
}

/// Appends the signed numbers of 64 bits that bytes are.
#[inline(never)]
pub fn extend_signed(bytes: &[u8], to: &mut Vec<i64>) {
    to.extend(bytes.as_chunks().0.iter().map(|eight| i64::from_le_bytes(*eight)));
}

/// Appends the bytes of signed numbers of 32 bits.
#[inline(never)]
pub fn put_signed_halves(values: &[i32], to: &mut Vec<u8>) {
    values.iter().for_each(|value| to.extend_from_slice(&value.to_le_bytes()));
}

/// Appends the signed numbers of 32 bits that bytes are.
#[inline(never)]
pub fn extend_signed_halves(bytes: &[u8], to: &mut Vec<i32>) {
    to.extend(bytes.as_chunks().0.iter().map(|four| i32::from_le_bytes(*four)));
}

/// The codes of the valid rows as other codes, 0 for all others; 64 validity bits a word.
#[inline(never)]
pub fn recode(codes: &[u32], valid: &[u64], other: &[u32], to: &mut Vec<u32>) {
    to.reserve(codes.len());
    for (codes, &valid) in codes.chunks(64).zip(valid) {
        let code = |(at, &code): (usize, &u32)| {
            if valid >> at & 1 == 1 { other.get(code as usize).copied().unwrap_or(0) } else { 0 }
        };
        to.extend(codes.iter().enumerate().map(code));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back_from_their_bytes() {
        let (floats, days, moments) = ([1.5, f64::NAN, -0.0], [i32::MIN, -1, 7], [i64::MIN, 9]);
        let (mut bytes, mut found) = (Vec::new(), Vec::new());
        put_floats(&floats, &mut bytes);
        extend_floats(&bytes, &mut found);
        assert_eq!(found.iter().map(|x| x.to_bits()).collect::<Vec<_>>(), floats.map(f64::to_bits));
        let (mut bytes, mut found) = (Vec::new(), Vec::new());
        put_signed_halves(&days, &mut bytes);
        bytes.push(1);
        extend_signed_halves(&bytes, &mut found);
        assert_eq!(found, days);
        let (mut bytes, mut found) = (Vec::new(), Vec::new());
        put_signed(&moments, &mut bytes);
        extend_signed(&bytes, &mut found);
        assert_eq!(found, moments);
        let mut bytes = Vec::new();
        put_words(&[u64::MAX, 1], &mut bytes);
        put_halves(&[7], &mut bytes);
        assert_eq!((words(&bytes), halves(&bytes[16..])), (vec![u64::MAX, 1], vec![7]));
    }

    #[test]
    fn codes_of_missing_rows_are_zero() {
        let mut found = vec![3];
        recode(&[0, 1, 1, 9], &[0b1011], &[7, 8], &mut found);
        assert_eq!(found, [3, 7, 8, 0, 0]);
    }
}
