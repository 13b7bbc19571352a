//! How does one engine hand a part of a file that it has read to another? As bytes. What both sides have to agree on is
//! described once: the same calls write and read.

use crate::math::wide;

/// Bytes on their way out or in. What is read past their end is zero and empty: they come from an engine of our own, and a
/// part that was damaged on the way does not fit its file.
#[derive(Debug)]
pub enum Wire {
    /// Written so far.
    Out(Vec<u8>),
    /// All there are, and how many were read.
    In(Vec<u8>, usize),
}

/// Where many numbers go to, or come from.
enum Way<'a> {
    Out(&'a mut Vec<u8>),
    In(&'a [u8]),
}

impl Wire {
    /// A number.
    pub fn number(&mut self, number: &mut u64) {
        let mut eight = number.to_le_bytes();
        self.fixed(&mut eight);
        *number = u64::from_le_bytes(eight);
    }

    /// Several numbers.
    pub fn numbers<'a>(&mut self, numbers: impl IntoIterator<Item = &'a mut u64>) {
        numbers.into_iter().for_each(|number| self.number(number));
    }

    /// A list, each entry by the same calls.
    pub fn list<T: Default>(&mut self, list: &mut Vec<T>, each: impl Fn(&mut Wire, &mut T)) {
        let mut length = list.len() as u64;
        self.number(&mut length);
        if let Wire::In(bytes, at) = self {
            // Each entry has a byte at least.
            list.resize_with((length as usize).min(bytes.len() - *at), T::default);
        }
        list.iter_mut().for_each(|entry| each(self, entry));
    }

    /// A text.
    pub fn text(&mut self, text: &mut String) {
        let mut bytes = std::mem::take(text).into_bytes();
        self.bytes(&mut bytes);
        *text = String::from_utf8(bytes).unwrap_or_default();
    }

    /// Many bytes.
    pub fn bytes(&mut self, block: &mut Vec<u8>) {
        let mut length = block.len() as u64;
        self.number(&mut length);
        match self {
            Wire::Out(bytes) => bytes.extend_from_slice(block),
            Wire::In(bytes, at) => {
                let end = (*at + length as usize).min(bytes.len());
                *block = bytes[*at..end].to_vec();
                *at = end;
            }
        }
    }

    /// Many numbers of 64 bits.
    pub fn words(&mut self, words: &mut Vec<u64>) {
        self.many(8 * words.len(), &mut |way| match way {
            Way::Out(bytes) => wide::put_words(words, bytes),
            Way::In(bytes) => *words = wide::words(bytes),
        });
    }

    /// Many floats; those that come are appended.
    pub fn floats(&mut self, values: &mut Vec<f64>) {
        self.many(8 * values.len(), &mut |way| match way {
            Way::Out(bytes) => wide::put_floats(values, bytes),
            Way::In(bytes) => wide::extend_floats(bytes, values),
        });
    }

    /// Many moments; those that come are appended.
    pub fn moments(&mut self, values: &mut Vec<i64>) {
        self.many(8 * values.len(), &mut |way| match way {
            Way::Out(bytes) => wide::put_signed(values, bytes),
            Way::In(bytes) => wide::extend_signed(bytes, values),
        });
    }

    /// Many days; those that come are appended.
    pub fn days(&mut self, values: &mut Vec<i32>) {
        self.many(4 * values.len(), &mut |way| match way {
            Way::Out(bytes) => wide::put_signed_halves(values, bytes),
            Way::In(bytes) => wide::extend_signed_halves(bytes, values),
        });
    }

    /// Many numbers of 32 bits.
    pub fn halves(&mut self, halves: &mut Vec<u32>) {
        self.many(4 * halves.len(), &mut |way| match way {
            Way::Out(bytes) => wide::put_halves(halves, bytes),
            Way::In(bytes) => *halves = wide::halves(bytes),
        });
    }

    /// So many bytes, to be written or read.
    fn many(&mut self, length: usize, copy: &mut dyn FnMut(Way<'_>)) {
        let mut length = length as u64;
        self.number(&mut length);
        match self {
            Wire::Out(bytes) => copy(Way::Out(bytes)),
            Wire::In(bytes, at) => {
                let end = (*at + length as usize).min(bytes.len());
                copy(Way::In(&bytes[*at..end]));
                *at = end;
            }
        }
    }

    fn fixed(&mut self, eight: &mut [u8; 8]) {
        match self {
            Wire::Out(bytes) => bytes.extend_from_slice(eight),
            Wire::In(bytes, at) => {
                *eight = bytes.get(*at..).and_then(|rest| rest.first_chunk()).copied().unwrap_or_default();
                *at = (*at + 8).min(bytes.len());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both(wire: &mut Wire, text: &mut String, numbers: &mut Vec<u64>, halves: &mut Vec<u32>, list: &mut Vec<u64>) {
        wire.text(text);
        wire.words(numbers);
        wire.halves(halves);
        wire.list(list, |wire, number| wire.number(number));
    }

    #[test]
    fn what_goes_out_comes_in() {
        let mut out = Wire::Out(Vec::new());
        both(&mut out, &mut "ü".into(), &mut vec![1, u64::MAX], &mut vec![7], &mut vec![5, 6]);
        let Wire::Out(bytes) = out else { panic!() };
        for cut in [0, 3, bytes.len() - 1, bytes.len()] {
            let (mut text, mut numbers, mut halves, mut list) = Default::default();
            both(&mut Wire::In(bytes[..cut].to_vec(), 0), &mut text, &mut numbers, &mut halves, &mut list);
            if cut == bytes.len() {
                assert_eq!((text.as_str(), numbers, halves, list), ("ü", vec![1, u64::MAX], vec![7], vec![5, 6]));
            }
        }
    }
}
