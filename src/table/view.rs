//! Which rows, in which order? A view is a list of row numbers; the table itself never moves.

use crate::error::Result;
use crate::table::column::{Column, Data};
use crate::table::table::{Table, not_loaded};
use serde::Deserialize;
use std::cmp::Ordering;

/// One key of a sort.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sort {
    /// Name of the column.
    pub column: String,
    /// Greatest first. Missing values stand last either way.
    #[serde(default)]
    pub descending: bool,
}

/// The rows of `within` (all when absent; numbers past the end are ignored), ordered by the keys, the first key first.
/// Ties keep their order. Numbers and dates sort by value, text by its bytes, no before yes.
///
/// # Errors
/// `unknown-column`, or `wrong-type` for a column that was not kept in memory.
pub fn select(table: &Table, within: Option<Vec<u32>>, sort: &[Sort]) -> Result<Vec<u32>> {
    let mut rows = match within {
        Some(rows) => rows.into_iter().filter(|&row| (row as usize) < table.row_count).collect(),
        None => (0..table.row_count as u32).collect::<Vec<u32>>(),
    };
    let keys = sort.iter().map(|key| Key::new(table, key)).collect::<Result<Vec<Key>>>()?;
    if !keys.is_empty() {
        rows.sort_by(|&a, &b| {
            keys.iter().map(|key| key.compare(a as usize, b as usize)).find(|o| o.is_ne()).unwrap_or(Ordering::Equal)
        });
    }
    Ok(rows)
}

/// A column made ready to be compared.
struct Key<'a> {
    column: &'a Column,
    /// For text: the place of each code among the sorted distinct values.
    ranks: Vec<u32>,
    descending: bool,
}

impl<'a> Key<'a> {
    fn new(table: &'a Table, sort: &Sort) -> Result<Key<'a>> {
        let column = table.column(&sort.column)?;
        let ranks = match &column.data {
            Data::Text(texts) => {
                let mut codes: Vec<u32> = (0..texts.distinct() as u32).collect();
                codes.sort_by_key(|&code| texts.value(code));
                let mut ranks = vec![0; codes.len()];
                codes.iter().enumerate().for_each(|(rank, &code)| ranks[code as usize] = rank as u32);
                ranks
            }
            Data::Unloaded(_) => return Err(not_loaded(&sort.column)),
            _ => Vec::new(),
        };
        Ok(Key { column, ranks, descending: sort.descending })
    }

    fn compare(&self, a: usize, b: usize) -> Ordering {
        match (self.column.valid.get(a), self.column.valid.get(b)) {
            (true, true) => {}
            (one, other) => return other.cmp(&one),
        }
        let order = match &self.column.data {
            Data::Number(values) => values[a].total_cmp(&values[b]),
            Data::Date(values) => values[a].cmp(&values[b]),
            Data::Time(values) => values[a].cmp(&values[b]),
            Data::Boolean(values) => values.get(a).cmp(&values.get(b)),
            Data::Text(texts) => self.ranks[texts.codes()[a] as usize].cmp(&self.ranks[texts.codes()[b] as usize]),
            Data::Unloaded(_) => Ordering::Equal,
        };
        if self.descending { order.reverse() } else { order }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::bitmap::Bitmap;
    use crate::table::role::Role;
    use crate::table::table::Kind;
    use crate::table::texts::TextsBuilder;

    fn table() -> Table {
        let mut names = TextsBuilder::default();
        ["b", "a", "b", "", "a"].iter().for_each(|name| {
            names.push(name);
        });
        let present = Bitmap::from_fn(5, |row| row != 3);
        Table::computed(
            vec![
                Column::text("name", Role::Other, names.finish(), present),
                Column::number("x", Role::Other, vec![2.0, f64::NAN, 1.0, 5.0, -1.0]),
            ],
            Kind::Customers,
        )
    }

    fn by(keys: &[(&str, bool)]) -> Vec<u32> {
        let keys: Vec<Sort> =
            keys.iter().map(|&(column, descending)| Sort { column: column.into(), descending }).collect();
        select(&table(), None, &keys).unwrap()
    }

    #[test]
    fn missing_values_stand_last_in_both_directions() {
        assert_eq!(by(&[("x", false)]), [4, 2, 0, 3, 1]);
        assert_eq!(by(&[("x", true)]), [3, 0, 2, 4, 1]);
        assert_eq!(by(&[("name", true)]), [0, 2, 1, 4, 3]);
    }

    #[test]
    fn later_keys_break_ties() {
        assert_eq!(by(&[("name", false), ("x", false)]), [4, 1, 2, 0, 3]);
    }

    #[test]
    fn only_rows_asked_for_are_given() {
        assert_eq!(select(&table(), Some(vec![4, 2, 99]), &[]).unwrap(), [4, 2]);
        let unknown = Sort { column: "y".into(), descending: false };
        assert_eq!(select(&table(), None, &[unknown]).unwrap_err().code, crate::error::Code::UnknownColumn);
    }
}
