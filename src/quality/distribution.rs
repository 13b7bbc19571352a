//! How do a column's values spread? Few enough bars for a small picture.

use crate::math::order::{arranged, key, nth, number};
use crate::table::column::{Column, Data};
use serde::Serialize;

/// Bars of numbers, days and moments.
const BARS: usize = 24;
/// Values of text.
const VALUES: usize = 5;

/// Rows by range, for what can be measured, or by value.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Distribution {
    /// Where the first bar begins: a number, a day since 1970 or milliseconds since then.
    pub from: f64,
    /// Where the last bar ends.
    pub to: f64,
    /// Rows in each bar. All bars are equally wide; one value in a hundred at either end counts to the bar at that end, so that a
    /// single outlier does not flatten the rest.
    pub bars: Vec<u32>,
    /// The most frequent values, the most frequent first; equals in the order of the file. For text and yes/no.
    pub values: Vec<String>,
    /// Their rows.
    pub rows: Vec<u32>,
}

/// The distribution of a column; empty where it has no values or is not in memory.
pub fn distribution(column: &Column) -> Distribution {
    let measure: &dyn Fn(usize) -> f64 = match &column.data {
        Data::Number(values) => &|row| values[row],
        Data::Date(days) => &|row| f64::from(days[row]),
        Data::Time(times) => &|row| times[row] as f64,
        Data::Text(_) | Data::Boolean(_) => return by_value(column),
        _ => return Distribution::default(),
    };
    let mut keys: Vec<u64> = column.valid.iter().map(|row| key(measure(row))).collect();
    let Some(last) = keys.len().checked_sub(1) else { return Distribution::default() };
    let rank = keys.len() / 100;
    let (from, to) = (number(nth(&mut keys, rank)), number(nth(&mut keys, last - rank)));
    let mut bars = vec![0; if to > from { BARS } else { 1 }];
    let width = (to - from) / bars.len() as f64;
    for row in column.valid.iter() {
        let bar = if width > 0.0 { ((measure(row) - from) / width) as usize } else { 0 };
        let end = bars.len() - 1;
        bars[bar.min(end)] += 1;
    }
    Distribution { from, to, bars, ..Distribution::default() }
}

fn by_value(column: &Column) -> Distribution {
    let (mut counts, mut first): (Vec<u32>, Vec<usize>) = (Vec::new(), Vec::new());
    for row in column.valid.iter() {
        let code = match &column.data {
            Data::Text(texts) => texts.codes()[row] as usize,
            Data::Boolean(values) => usize::from(values.get(row)),
            _ => continue,
        };
        if code >= counts.len() {
            counts.resize(code + 1, 0);
            first.resize(code + 1, row);
        }
        if counts[code] == 0 {
            first[code] = row;
        }
        counts[code] += 1;
    }
    let order = arranged(counts.len(), &|a, b| counts[b].cmp(&counts[a]));
    let top = || order.iter().take(VALUES).filter(|&&code| counts[code] > 0);
    Distribution {
        values: top().filter_map(|&code| column.text_of(first[code])).collect(),
        rows: top().map(|&code| counts[code]).collect(),
        ..Distribution::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::bitmap::Bitmap;
    use crate::table::role::Role;
    use crate::table::texts::TextsBuilder;

    #[test]
    fn bars_hold_every_row_and_an_outlier_flattens_nothing() {
        let mut values: Vec<f64> = (0..240).map(f64::from).collect();
        values.extend([f64::NAN, 1e9]);
        let found = distribution(&Column::number("x", Role::Other, values));
        assert_eq!((found.bars.len(), found.bars.iter().sum::<u32>()), (24, 241));
        assert!(found.to < 240.0 && found.bars.iter().all(|&rows| (8..=14).contains(&rows)), "{found:?}");
        assert_eq!(distribution(&Column::number("x", Role::Other, vec![7.0; 3])).bars, [3]);
        assert_eq!(distribution(&Column::number("x", Role::Other, vec![f64::NAN])), Distribution::default());
    }

    #[test]
    fn the_most_frequent_values_come_first() {
        let mut builder = TextsBuilder::default();
        ["a", "b", "b", "c", "d", "e", "f", "b"].iter().for_each(|cell| {
            builder.push(cell);
        });
        let mut valid = Bitmap::ones(8);
        valid.set(7, false);
        let found = distribution(&Column::text("x", Role::Other, builder.finish(), valid));
        assert_eq!(found.values, ["b", "a", "c", "d", "e"]);
        assert_eq!(found.rows, [2, 1, 1, 1, 1]);
    }
}
