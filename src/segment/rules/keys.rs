//! Values as whole numbers that are equal and ordered as the values are, so that one loop and one sort serve all types.

use crate::error::Result;
use crate::math::order;
use crate::table::bitmap::Bitmap;
use crate::table::column::{Column, Data};
use crate::table::table::not_loaded;
use crate::table::texts::{Texts, TextsBuilder};

/// The code of a row without a value.
pub const NONE: u32 = u32::MAX;

/// The key of a row without a value, where one is wanted. Real keys are above 0 and below it, turned round, too.
pub const NO_KEY: u64 = u64::MAX;

/// A column's values as keys: numbers by value (0 has no sign), texts and lists (by their cells) byte by byte.
#[derive(Debug)]
pub struct Keys<'a> {
    data: &'a Data,
    /// One a row; where it is missing any.
    pub keys: Vec<u64>,
    /// For texts: their codes, by rank.
    ranked: Vec<usize>,
}

impl<'a> Keys<'a> {
    /// The keys of a column.
    ///
    /// # Errors
    /// `wrong-type` when it was not kept in memory.
    pub fn of(column: &'a Column) -> Result<Keys<'a>> {
        Keys::new(&column.data).ok_or_else(|| not_loaded(&column.name))
    }

    /// The keys of values; none of what is not in memory.
    pub fn new(data: &'a Data) -> Option<Keys<'a>> {
        let mut ranked = Vec::new();
        let keys = match data {
            Data::Number(values) => values.iter().map(|&value| order::key(value + 0.0)).collect(),
            Data::Date(days) => days.iter().map(|&day| u64::from(day as u32 ^ 1 << 31)).collect(),
            Data::Time(times) => times.iter().map(|&time| time as u64 ^ 1 << 63).collect(),
            Data::Boolean(truths) => (0..truths.len()).map(|row| 1 + u64::from(truths.get(row))).collect(),
            Data::Text(texts) => by_rank(texts, &mut ranked),
            Data::List(lists) => by_rank(lists.cells(), &mut ranked),
            Data::Unloaded(_) => return None,
        };
        Some(Keys { data, keys, ranked })
    }

    /// The values behind keys of this column, and which there are: those that are not [`NO_KEY`].
    pub fn values(&self, keys: &[u64]) -> (Data, Bitmap) {
        let known = Bitmap::from_fn(keys.len(), |row| keys[row] != NO_KEY);
        let texts = |texts: &Texts| {
            let code = |&key: &u64| if key == NO_KEY { 0 } else { self.ranked[key as usize - 1] as u32 };
            texts.with_codes(keys.iter().map(code).collect())
        };
        let data = match self.data {
            Data::Date(_) => Data::Date(keys.iter().map(|&key| key as u32 as i32 ^ i32::MIN).collect()),
            Data::Time(_) => Data::Time(keys.iter().map(|&key| (key ^ 1 << 63) as i64).collect()),
            Data::Boolean(_) => Data::Boolean(Bitmap::from_fn(keys.len(), |row| keys[row] == 2)),
            Data::Text(values) => Data::Text(texts(values)),
            Data::List(lists) => Data::Text(texts(lists.cells())),
            Data::Number(_) | Data::Unloaded(_) => Data::Number(
                keys.iter().map(|&key| if key == NO_KEY { f64::NAN } else { order::number(key) }).collect(),
            ),
        };
        (data, known)
    }
}

fn by_rank(texts: &Texts, ranked: &mut Vec<usize>) -> Vec<u64> {
    *ranked = order::arranged(texts.distinct(), &|a, b| texts.value(a as u32).cmp(texts.value(b as u32)));
    let mut rank = vec![1; ranked.len().max(1)];
    ranked.iter().enumerate().for_each(|(at, &code)| rank[code] = at as u64 + 1);
    texts.codes().iter().map(|&code| rank[code as usize]).collect()
}

/// One code a row, from 0 up and equal for equal values, [`NONE`] where missing; and for each code a row that has it.
pub fn codes(column: &Column) -> (Vec<u32>, Vec<u32>) {
    let (mut codes, mut rows) = (vec![NONE; column.len()], Vec::new());
    match &column.data {
        Data::Text(texts) => {
            let mut number = vec![NONE; texts.distinct()];
            for row in column.valid.iter() {
                let number = &mut number[texts.codes()[row] as usize];
                if *number == NONE {
                    *number = rows.len() as u32;
                    rows.push(row as u32);
                }
                codes[row] = *number;
            }
        }
        Data::Number(values) => {
            let key = |row: usize| (order::key(values[row] + 0.0), row as u32);
            let mut sorted: Vec<(u64, u32)> = column.valid.iter().map(key).collect();
            order::pairs(&mut sorted);
            for run in sorted.chunk_by(|a, b| a.0 == b.0) {
                run.iter().for_each(|&(_, row)| codes[row as usize] = rows.len() as u32);
                rows.push(run[0].1);
            }
        }
        _ => {
            let mut seen = TextsBuilder::default();
            for row in column.valid.iter() {
                codes[row] = column.text_of(row).map_or(NONE, |text| seen.number_of(&text));
                rows.extend((codes[row] as usize == rows.len()).then_some(row as u32));
            }
        }
    }
    (codes, rows)
}

/// Codes of the rows of two columns, equal for values that are the same text in both, byte for byte; a number has its
/// shortest decimal text. [`NONE`] where missing.
pub fn shared_codes(left: &Column, right: &Column) -> (Vec<u32>, Vec<u32>) {
    let mut seen = TextsBuilder::default();
    let mut of = |column: &Column| -> Vec<u32> {
        let (mut codes, rows) = codes(column);
        let number = |&row: &u32| match &column.data {
            Data::Text(texts) => seen.number_of(texts.get(row as usize)),
            // Zero has no sign.
            Data::Number(values) => seen.number_of(&(values[row as usize] + 0.0).to_string()),
            _ => column.text_of(row as usize).map_or(NONE, |text| seen.number_of(&text)),
        };
        let numbers: Vec<u32> = rows.iter().map(number).collect();
        codes.iter_mut().filter(|code| **code != NONE).for_each(|code| *code = numbers[*code as usize]);
        codes
    };
    (of(left), of(right))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_order_as_values_do_and_lead_back_to_them() {
        let mut texts = TextsBuilder::default();
        ["b", "", "ä", "b", "B"].iter().for_each(|text| _ = texts.push(text));
        let all = [
            Data::Number(vec![1.5, -2.0, 0.0, 1e300, -1e-300]),
            Data::Date(vec![3, -3, 0, 20_000, -700_000]),
            Data::Time(vec![3, -3, 0, i64::MAX / 2, -700_000]),
            Data::Text(texts.finish()),
            Data::Boolean(Bitmap::from_fn(5, |row| row % 2 == 0)),
        ];
        let orders = [[1, 4, 2, 0, 3], [4, 1, 2, 0, 3], [4, 1, 2, 0, 3], [1, 4, 0, 3, 2], [1, 3, 0, 2, 4]];
        for (data, expected) in all.iter().zip(orders) {
            let keys = Keys::new(data).unwrap();
            assert_eq!(order::arranged(5, &|a, b| keys.keys[a].cmp(&keys.keys[b])), expected, "{data:?}");
            assert!(keys.keys.iter().all(|&key| key != 0 && key != NO_KEY));
            let (back, known) = keys.values(&keys.keys);
            assert_eq!((&back, known.count()), (data, 5));
        }
        let zeros = Data::Number(vec![0.0, -0.0]);
        let keys = Keys::new(&zeros).unwrap();
        assert_eq!(keys.keys[0], keys.keys[1]);
        assert_eq!(keys.values(&[NO_KEY, keys.keys[0]]).1.iter().collect::<Vec<_>>(), [1]);
    }
}
