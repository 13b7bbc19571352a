//! How do cells become CSV? Rows in order, every one as wide as the table, quotes only where they are needed.

/// Writes the rows of a box of a sheet.
#[derive(Debug)]
pub(crate) struct Csv {
    first_column: u32,
    width: u32,
    /// The row being filled, its cells one after the other in `text`, and where each begins.
    row: u32,
    text: String,
    cells: Vec<(u32, usize)>,
    out: Vec<u8>,
    pub(crate) rows: u64,
    pub(crate) blank: u64,
}

impl Csv {
    pub(crate) fn new(first: (u32, u32), width: u32) -> Csv {
        Csv {
            first_column: first.1,
            width,
            row: first.0,
            text: String::new(),
            cells: Vec::new(),
            out: Vec::new(),
            rows: 0,
            blank: 0,
        }
    }

    /// Opens a cell at or behind the row being filled; what is written to the text belongs to it. Nothing outside the box.
    pub(crate) fn cell(&mut self, (row, column): (u32, u32)) -> Option<&mut String> {
        let column = column.checked_sub(self.first_column).filter(|column| *column < self.width)?;
        if row < self.row {
            return None;
        }
        while self.row < row {
            self.end_row();
        }
        self.cells.push((column, self.text.len()));
        Some(&mut self.text)
    }

    /// Writes the row being filled, a blank line where it holds nothing.
    pub(crate) fn end_row(&mut self) {
        self.row += 1;
        if self.text.trim().is_empty() {
            self.blank += 1;
        } else {
            self.rows += 1;
            self.write();
        }
        self.out.push(b'\n');
        self.text.clear();
        self.cells.clear();
    }

    fn write(&mut self) {
        let mut ends: Vec<(u32, usize, usize)> = Vec::with_capacity(self.cells.len());
        for (at, &(column, start)) in self.cells.iter().enumerate() {
            ends.push((column, start, self.cells.get(at + 1).map_or(self.text.len(), |next| next.1)));
        }
        // Nearly always in order already; of two cells at one place the first stands.
        ends.sort_by_key(|cell| cell.0);
        ends.dedup_by_key(|cell| cell.0);
        let mut next = 0;
        for (column, start, end) in ends {
            self.out.resize(self.out.len() + (column - next) as usize, b',');
            next = column;
            field(&self.text[start..end], &mut self.out);
        }
        self.out.resize(self.out.len() + (self.width - 1 - next) as usize, b',');
    }

    /// Bytes written and not yet taken.
    pub(crate) fn len(&self) -> usize {
        self.out.len()
    }

    pub(crate) fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.out)
    }
}

fn field(text: &str, out: &mut Vec<u8>) {
    if text.bytes().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r')) {
        out.push(b'"');
        for part in text.split_inclusive('"') {
            out.extend_from_slice(part.as_bytes());
            if part.ends_with('"') {
                out.push(b'"');
            }
        }
        out.push(b'"');
    } else {
        out.extend_from_slice(text.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_as_wide_as_the_table() {
        let mut csv = Csv::new((2, 1), 3);
        for (place, text) in
            [((2, 1), "a"), ((2, 3), "say \"hi\", you"), ((3, 2), "\n"), ((5, 3), "z"), ((5, 1), "x"), ((5, 3), "zz")]
        {
            csv.cell(place).unwrap().push_str(text);
        }
        assert!(csv.cell((4, 1)).is_none() && csv.cell((6, 0)).is_none() && csv.cell((6, 4)).is_none());
        csv.end_row();
        assert_eq!(String::from_utf8(csv.take()).unwrap(), "a,,\"say \"\"hi\"\", you\"\n\n\nx,,z\n");
        assert_eq!((csv.rows, csv.blank), (2, 2));
    }
}
