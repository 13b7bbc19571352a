//! Where on a sheet do cells with something in them stand?

use crate::refuse::suspicious;
use marquetry::error::Result;

/// Rows and columns of the largest sheet there can be.
pub(crate) const MOST_ROWS: u32 = 1_048_576;
pub(crate) const MOST_COLUMNS: u32 = 16_384;

/// The smallest box around all cells with a value, and what else is known of a sheet. Rows and columns count from 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Extent {
    /// First row and column of the box.
    pub first: (u32, u32),
    /// Last row and column of the box.
    pub last: (u32, u32),
    /// Cells with a value.
    pub cells: u64,
    /// Rows with one.
    pub filled: u64,
    /// Areas of merged cells.
    pub merged: u64,
    /// Formulas whose result the file does not hold.
    pub uncomputed: u64,
    /// Rows with a value that were seen to their end, where the rest is an estimate.
    pub(crate) seen: Option<u64>,
    /// Whether a row stands behind one with a higher number.
    pub(crate) disorder: bool,
}

impl Extent {
    /// Takes in a cell with a value, and the cells that repeat it to the right and below.
    pub(crate) fn add(&mut self, (row, column): (u32, u32), (rows, columns): (u32, u32)) {
        let end = (row.saturating_add(rows - 1), column.saturating_add(columns - 1));
        if self.cells == 0 {
            (self.first, self.last) = ((row, column), end);
            self.filled = u64::from(rows);
        } else {
            self.disorder |= row < self.last.0 && rows == 1;
            self.filled += if row > self.last.0 { u64::from(end.0 - row) + 1 } else { 0 };
            self.first = (self.first.0.min(row), self.first.1.min(column));
            self.last = (self.last.0.max(end.0), self.last.1.max(end.1));
        }
        self.cells += u64::from(rows) * u64::from(columns);
    }

    /// What was seen was one part of the sheet: takes the declared last row where it is likely, else what the share says.
    pub(crate) fn stretch(&mut self, factor: f64, declared: Option<u32>) {
        let all = f64::from(MOST_ROWS - 1).min(f64::from(self.last.0 + 1) * factor);
        let likely = declared.filter(|&last| last >= self.last.0 && f64::from(last) < 2.0 * all);
        self.seen = Some(self.filled.saturating_sub(1));
        let last = likely.unwrap_or(all as u32).max(self.last.0);
        let share = (f64::from(last - self.first.0) + 1.0) / self.rows().max(1) as f64;
        self.filled = (self.filled as f64 * share).round() as u64;
        self.cells = (self.cells as f64 * share) as u64;
        self.last.0 = last;
    }

    /// Rows of the box.
    pub fn rows(&self) -> u64 {
        if self.cells == 0 { 0 } else { u64::from(self.last.0 - self.first.0) + 1 }
    }

    /// Columns of the box.
    pub fn columns(&self) -> u32 {
        if self.cells == 0 { 0 } else { self.last.1 - self.first.1 + 1 }
    }
}

/// Row and column (from 0) of a reference such as `B12`.
///
/// # Errors
/// `bad-workbook` for one that lies on no sheet.
pub(crate) fn position(reference: &[u8]) -> Result<(u32, u32)> {
    let letters = reference.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let (letters, digits) = reference.split_at(letters);
    let column = letters.iter().try_fold(0_u32, |sum, letter| {
        let next = sum * 26 + u32::from(letter.to_ascii_uppercase() - b'A') + 1;
        (next <= MOST_COLUMNS).then_some(next)
    });
    match (column, row(digits)) {
        (Some(column @ 1..), Some(row)) => Ok((row, column - 1)),
        _ => {
            let reference = String::from_utf8_lossy(&reference[..reference.len().min(20)]).into_owned();
            Err(suspicious(&format!("a cell says it stands at “{reference}”, and there is no such place")))
        }
    }
}

/// A row's number as one from 0.
pub(crate) fn row(digits: &[u8]) -> Option<u32> {
    if !(1..=7).contains(&digits.len()) || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let number = digits.iter().fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0'));
    (1..=MOST_ROWS).contains(&number).then(|| number - 1)
}

/// `B12` for a row and column.
pub(crate) fn reference((row, column): (u32, u32)) -> String {
    format!("{}{}", letters(column), row + 1)
}

/// `B` for a column.
pub(crate) fn letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        letters.push(char::from(b'A' + ((rest - 1) % 26) as u8));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_places_on_a_sheet() {
        for (text, place) in [("A1", (0, 0)), ("b12", (11, 1)), ("XFD1048576", (1_048_575, 16_383)), ("AA3", (2, 26))] {
            assert_eq!(position(text.as_bytes()).unwrap(), place);
            assert_eq!(reference(place), text.to_ascii_uppercase());
        }
        for text in ["", "A", "1", "A0", "XFE1", "A1048577", "AAAAAAAAAAAA1", "A-1", "$A$1", "A99999999999"] {
            assert!(position(text.as_bytes()).is_err(), "{text}");
        }
    }

    #[test]
    fn what_was_not_seen_is_estimated() {
        let seen = || {
            let mut extent = Extent::default();
            (0..100).for_each(|row| extent.add((row, 0), (1, 1)));
            extent
        };
        let stretched = |factor, declared| {
            let mut extent = seen();
            extent.stretch(factor, declared);
            (extent.rows(), extent.filled, extent.seen)
        };
        assert_eq!(stretched(10.0, Some(1_199)), (1_200, 1_200, Some(99)));
        assert_eq!(stretched(10.0, Some(3)), (1_001, 1_001, Some(99)));
        assert_eq!(stretched(10.0, None), (1_001, 1_001, Some(99)));
        assert_eq!(stretched(1e9, None).0, u64::from(MOST_ROWS));
    }

    #[test]
    fn the_box_is_the_smallest_around_all_values() {
        let mut extent = Extent::default();
        assert_eq!((extent.rows(), extent.columns()), (0, 0));
        extent.add((3, 4), (1, 1));
        extent.add((3, 2), (1, 1));
        extent.add((5, 3), (2, 1));
        assert_eq!((extent.first, extent.last), ((3, 2), (6, 4)));
        assert_eq!((extent.rows(), extent.columns(), extent.filled, extent.cells), (4, 3, 3, 4));
        assert!(!extent.disorder);
        extent.add((1, 1), (1, 1));
        assert!(extent.disorder);
    }
}
