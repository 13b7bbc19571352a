//! Several values a row, such as tags: each distinct cell is kept once, and so is each distinct single value.

use crate::table::texts::{Texts, TextsBuilder};

/// Visits the single values of a cell.
pub type Split<'a> = dyn Fn(&str, &mut dyn FnMut(&str)) + 'a;

/// Lists of text values, one a row.
///
/// A row holds the code of its cell; a cell holds the codes of its values, in the order in which they stood.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lists {
    cells: Texts,
    values: Texts,
    items: Vec<u32>,
    /// Where the values of each distinct cell end in `items`.
    ends: Vec<u32>,
}

impl Lists {
    /// Lists made from cells.
    pub fn new(cells: Texts, split: &Split) -> Lists {
        let (mut values, mut items, mut ends) = (TextsBuilder::default(), Vec::new(), Vec::new());
        for cell in cells.values() {
            split(cell, &mut |value| items.push(values.number_of(value)));
            ends.push(items.len() as u32);
        }
        Lists { cells, values: values.finish_distinct(), items, ends }
    }

    /// The cells as they stood in the file, one a row.
    pub fn cells(&self) -> &Texts {
        &self.cells
    }

    /// The distinct single values.
    pub fn values(&self) -> &Texts {
        &self.values
    }

    /// The codes (into [`Lists::values`]) of a distinct cell, by its code.
    pub fn of_cell(&self, cell: usize) -> &[u32] {
        let start = if cell == 0 { 0 } else { self.ends[cell - 1] };
        &self.items[start as usize..self.ends[cell] as usize]
    }

    /// The values of a row, whether or not the row is valid; none where there are no cells at all.
    pub fn get(&self, row: usize) -> impl Iterator<Item = &str> {
        let items = if self.ends.is_empty() { &[][..] } else { self.of_cell(self.cells.codes()[row] as usize) };
        items.iter().map(|&code| self.values.value(code))
    }

    /// The same cells in other rows: those that stood in `rows`, where `None` stands for a row that is missing.
    pub fn at(&self, rows: &mut dyn Iterator<Item = Option<usize>>) -> Lists {
        let codes = rows.map(|row| row.map_or(0, |row| self.cells.codes()[row])).collect();
        Lists { cells: self.cells.with_codes(codes), ..self.clone() }
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.cells.bytes() + self.values.bytes() + (self.items.len() + self.ends.len()) * size_of::<u32>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_give_the_values_of_their_cells() {
        let mut cells = TextsBuilder::default();
        ["a,b", "", "b,c,b", "a,b"].iter().for_each(|cell| {
            cells.push(cell);
        });
        let lists = Lists::new(cells.finish(), &|cell, visit| {
            cell.split(',').filter(|value| !value.is_empty()).for_each(visit);
        });
        let row = |lists: &Lists, row: usize| lists.get(row).collect::<Vec<_>>().join("|");
        assert_eq!([0, 1, 2, 3].map(|at| row(&lists, at)), ["a|b", "", "b|c|b", "a|b"]);
        assert_eq!((lists.values().distinct(), lists.cells().distinct()), (3, 3));
        let moved = lists.at(&mut [Some(2), None, Some(0)].into_iter());
        assert_eq!((row(&moved, 0), row(&moved, 2)), ("b|c|b".into(), "a|b".into()));
    }
}
