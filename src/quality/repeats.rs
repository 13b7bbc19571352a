//! Which rows come again? By an id, in every column, or as the same person written differently.

use crate::math::bytes::is_lower_case;
use crate::math::order;
use crate::quality::contact::{email, phone};
use crate::table::bitmap::Bitmap;
use crate::table::column::{Column, Data};
use crate::table::role::Role;
use crate::table::table::Table;
use crate::table::texts::TextsBuilder;

/// A value as bits that are equal exactly when the values are; nothing where it is missing. Columns that are not in memory
/// have one value.
#[inline]
pub fn key(column: &Column, row: usize) -> Option<u64> {
    column.valid.get(row).then(|| match &column.data {
        Data::Number(values) => values[row].to_bits(),
        Data::Text(texts) => u64::from(texts.codes()[row]),
        Data::Date(days) => days[row] as u64,
        Data::Time(times) => times[row] as u64,
        Data::Boolean(values) => u64::from(values.get(row)),
        Data::List(lists) => u64::from(lists.cells().codes()[row]),
        Data::Unloaded(_) => 0,
    })
}

/// Whether the column is in memory and has no value twice: nearly every id.
fn all_different(column: &Column) -> bool {
    !matches!(column.data, Data::Unloaded(_)) && column.distinct == column.valid.count()
}

/// Rows whose id stands in another row too and that are not the first (or not the last) with it, rising. Missing ids are
/// no repetition of each other; an id that is not in memory has none.
pub fn repeated_ids(id: &Column, keep_first: bool) -> Vec<usize> {
    if all_different(id) {
        return Vec::new();
    }
    let rows = |repeated: &mut dyn FnMut(usize) -> bool| -> Vec<usize> {
        if keep_first {
            return id.valid.iter().filter(|&row| repeated(row)).collect();
        }
        let mut rows: Vec<usize> = (0..id.len()).rev().filter(|&row| id.valid.get(row) && repeated(row)).collect();
        rows.reverse();
        rows
    };
    match &id.data {
        Data::Unloaded(_) => Vec::new(),
        Data::Text(texts) => {
            let mut seen = Bitmap::zeros(texts.distinct());
            rows(&mut |row| {
                let code = texts.codes()[row] as usize;
                let again = seen.get(code);
                seen.set(code, true);
                again
            })
        }
        _ => {
            let mut seen = std::collections::HashSet::new();
            rows(&mut |row| !seen.insert(key(id, row)))
        }
    }
}

/// Rows that equal an earlier row in every column that is in memory, rising; missing equals missing.
pub fn duplicate_rows(table: &Table) -> Vec<usize> {
    let in_memory = |column: &&Column| !matches!(column.data, Data::Unloaded(_));
    let columns: Vec<&Column> = table.columns.iter().map(AsRef::as_ref).filter(in_memory).collect();
    // Rows that differ in one column differ.
    if columns.iter().any(|column| all_different(column) && column.missing() < 2) {
        return Vec::new();
    }
    let mut hashes = vec![0u64; table.row_count];
    for column in &columns {
        for (row, hash) in hashes.iter_mut().enumerate() {
            let key = key(column, row).map_or(1, |key| key.wrapping_mul(0xFF51_AFD7_ED55_8CCD) | 2);
            *hash = (hash.rotate_left(23) ^ key ^ key >> 32).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        }
    }
    // Rows with equal halves of a hash become neighbours, the earliest first: the other half makes room for the row.
    hashes.iter_mut().zip(0u64..).for_each(|(hash, row)| *hash = *hash >> 32 << 32 | row);
    order::keys(&mut hashes);
    let equal = |a: u32, b: u32| columns.iter().all(|column| key(column, a as usize) == key(column, b as usize));
    let mut rows = Vec::new();
    for group in hashes.chunk_by(|a, b| a >> 32 == b >> 32).filter(|group| group.len() > 1) {
        // Different rows may share a hash: each is compared with the different ones before it.
        let mut firsts: Vec<u32> = Vec::new();
        for row in group.iter().map(|&row| row as u32) {
            if firsts.iter().any(|&first| equal(first, row)) {
                rows.push(row as usize);
            } else {
                firsts.push(row);
            }
        }
    }
    order::rising(&mut rows);
    rows
}

/// What tells people apart by a column: equal numbers for the same person, nothing where there is nothing to compare by.
/// Addresses are compared in lower case, telephone numbers by their digits, names together with the postcode, in any order of
/// their words; every other column by its values.
pub fn person_keys(table: &Table, column: &Column) -> Vec<Option<u64>> {
    let Data::Text(texts) = &column.data else {
        let loaded = !matches!(column.data, Data::Unloaded(_));
        return (0..column.len()).map(|row| key(column, row).filter(|_| loaded)).collect();
    };
    let mut numbers = TextsBuilder::default();
    let mut number = |text: Option<String>| text.map(|text| u64::from(numbers.number_of(&text)));
    if column.role == Role::Name {
        return (0..column.len()).map(|row| number(name_and_place(table, row))).collect();
    }
    let of_value: Vec<Option<u64>> = texts
        .values()
        .map(|text| {
            number(match column.role {
                Role::Email => email(text, true),
                Role::Phone => phone(text, None).or_else(|| digits(text)),
                _ => Some(text.to_string()),
            })
        })
        .collect();
    let value = |row: usize| of_value[texts.codes()[row] as usize];
    (0..column.len()).map(|row| column.valid.get(row).then(|| value(row)).flatten()).collect()
}

fn digits(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    (digits.len() >= 7).then_some(digits)
}

/// All words of a row's names in order of the alphabet, and its postcode.
fn name_and_place(table: &Table, row: usize) -> Option<String> {
    let place = table.by_role(Role::Postcode)?.text_of(row)?;
    let names =
        table.columns.iter().filter(|column| column.role == Role::Name).filter_map(|column| column.text_of(row));
    let all = names.collect::<Vec<_>>().join(" ").to_lowercase();
    let mut words: Vec<&str> =
        all.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.sort_unstable();
    let place: String = place.chars().filter(|letter| letter.is_alphanumeric()).collect();
    (words.len() > 1 && !place.is_empty()).then(|| format!("{} {}", words.join(" "), place.to_lowercase()))
}

/// Calls `visit` with the rows of each key that several rows share, rising; groups in the order of their keys.
pub fn for_each_group(keys: &[Option<u64>], visit: &mut dyn FnMut(&[usize])) {
    let mut pairs: Vec<(u64, u32)> = keys.iter().zip(0..).filter_map(|(key, row)| key.map(|key| (key, row))).collect();
    order::pairs(&mut pairs);
    for group in pairs.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() > 1) {
        let rows: Vec<usize> = group.iter().map(|&(_, row)| row as usize).collect();
        visit(&rows);
    }
}

/// Whether two rows may have the same [`person_keys`]: told without making them, which takes its time.
fn may_repeat(table: &Table, column: &Column) -> bool {
    match (&column.data, column.role) {
        (_, Role::Name) => table.by_role(Role::Postcode).is_some(),
        (Data::Text(texts), Role::Email) => !all_different(column) || !is_lower_case(texts.arena().as_bytes()),
        (Data::Text(_), Role::Phone) => true,
        _ => !all_different(column),
    }
}

/// Rows of a person who stands in an earlier row too, with another customer id (or without any), rising.
pub fn near_duplicates(table: &Table, column: &Column) -> Vec<usize> {
    let id = table.by_role(Role::CustomerId).filter(|id| id.name != column.name);
    if !may_repeat(table, column) {
        return Vec::new();
    }
    let mut rows = Vec::new();
    for_each_group(&person_keys(table, column), &mut |group| {
        let first = group[0];
        rows.extend(
            group[1..]
                .iter()
                .copied()
                .filter(|&row| id.is_none_or(|id| key(id, row).is_none() || key(id, row) != key(id, first))),
        );
    });
    order::rising(&mut rows);
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::rng::Rng;
    use crate::table::role::Role;
    use crate::table::table::Kind;

    #[test]
    fn equal_rows_are_those_a_plain_comparison_finds() {
        let mut rng = Rng::new(3);
        let mut column = || {
            let values = (0..400).map(|_| [f64::NAN, 1.0, 2.0, 3.0, 4.0][rng.below(5)]).collect();
            Column::number("x", Role::Other, values)
        };
        let table = Table::computed(vec![column(), column(), column()], Kind::Customers);
        let row = |at: usize| table.columns.iter().map(|column| key(column, at)).collect::<Vec<_>>();
        let plain: Vec<usize> = (0..400).filter(|&at| (0..at).any(|before| row(before) == row(at))).collect();
        assert_eq!(duplicate_rows(&table), plain);
        assert_eq!(repeated_ids(&table.columns[0], true).len(), table.columns[0].valid.count() - 4);
        assert_eq!(repeated_ids(&table.columns[0], false).len(), table.columns[0].valid.count() - 4);
    }
}
