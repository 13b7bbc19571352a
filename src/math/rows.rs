//! Where do the rows and cells of plain delimited text begin and end? The way for nearly every row: 64 bytes are looked
//! at in one go, and what needs thinking (stray quotes, lone `\r`, blank and long rows) is left to the caller.

use wide::u8x16;

/// Where a cell lies in the bytes that were scanned, without its quotes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Field {
    /// First byte.
    pub start: u32,
    /// Byte after the last.
    pub end: u32,
    /// Whether it is not the text as it stands: quotation marks inside its quotes, or rewritten elsewhere.
    pub escaped: bool,
}

/// The bytes that part cells, as a register each.
#[derive(Clone, Copy, Debug)]
pub struct Classes {
    delimiter: u8x16,
    quote: u8x16,
}

impl Classes {
    /// The delimiter, `\n`, `\r` and the quote, if there is one.
    pub fn new(delimiter: u8, quote: Option<u8>) -> Classes {
        Classes { delimiter: u8x16::splat(delimiter), quote: u8x16::splat(quote.unwrap_or(delimiter)) }
    }

    /// Which of 64 bytes part cells, lowest byte in the lowest bit.
    #[inline]
    pub fn of(&self, bytes: &[u8; 64]) -> u64 {
        let (line_feed, carriage_return) = (u8x16::splat(b'\n'), u8x16::splat(b'\r'));
        let mut mask = 0;
        let (pieces, _) = bytes.as_chunks::<16>();
        for (index, piece) in pieces.iter().enumerate() {
            let piece = u8x16::new(*piece);
            let found = piece.simd_eq(self.delimiter)
                | piece.simd_eq(self.quote)
                | piece.simd_eq(line_feed)
                | piece.simd_eq(carriage_return);
            mask |= u64::from(found.to_bitmask()) << (16 * index);
        }
        mask
    }

    /// The same of fewer than 64 bytes.
    pub fn of_rest(&self, bytes: &[u8]) -> u64 {
        let mut padded = [0; 64];
        padded[..bytes.len()].copy_from_slice(bytes);
        self.of(&padded) & !(u64::MAX << bytes.len())
    }
}

/// The places of the bytes that part cells in a stretch of the bytes at hand, rising, and how far they are used up.
#[derive(Clone, Debug, Default)]
pub struct Places {
    places: Vec<u32>,
    count: usize,
    next: usize,
    /// The stretch.
    start: usize,
    stop: usize,
}

/// Bytes of a stretch: small enough for the processor's caches.
const STRETCH: usize = 64 * 1024;
/// Bytes of a row that nobody would call long; a stretch has no more of them than rows are wanted.
const ROW: usize = 256;

impl Places {
    /// Forgets the bytes, not the memory: others come.
    pub fn clear(&mut self) {
        (self.start, self.stop) = (0, 0);
    }

    /// Makes `at` the next place, looking at a new stretch if need be.
    fn seek(&mut self, bytes: &[u8], at: usize, rows: usize, classes: Classes) {
        if at < self.start || at >= self.stop {
            let stop = bytes.len().min(at + STRETCH.min(rows.saturating_mul(ROW)));
            self.find(&bytes[..stop], at, classes);
        }
        while self.next < self.count && (self.places[self.next] as usize) < at {
            self.next += 1;
        }
    }

    /// Finds the places from `start` on.
    fn find(&mut self, bytes: &[u8], start: usize, classes: Classes) {
        (self.count, self.next, self.start, self.stop) = (0, 0, start, bytes.len());
        // A block writes up to 64 places, wanted or not.
        let room = bytes.len() - start + 64;
        if self.places.len() < room {
            self.places.resize(room, 0);
        }
        let (blocks, rest) = bytes[start..].as_chunks::<64>();
        let mut block_start = start;
        for block in blocks {
            self.note(block_start, classes.of(block));
            block_start += 64;
        }
        self.note(block_start, classes.of_rest(rest));
    }

    #[inline]
    fn note(&mut self, block: usize, mut mask: u64) {
        let marks = mask.count_ones() as usize;
        let Some(places) = self.places[self.count..].first_chunk_mut::<64>() else { return };
        // Eight at once, wanted or not: cheaper than asking after each.
        for eight in places.as_chunks_mut::<8>().0 {
            for place in eight {
                *place = (block + mask.trailing_zeros() as usize) as u32;
                mask &= mask.wrapping_sub(1);
            }
            if mask == 0 {
                break;
            }
        }
        self.count += marks;
    }
}

/// Where found rows are noted.
#[derive(Debug)]
pub struct Found<'a> {
    /// Cells of all rows, one row after another.
    pub fields: &'a mut Vec<Field>,
    /// For each row, the number of cells up to and including it.
    pub ends: &'a mut Vec<u32>,
    /// For each row, where it begins.
    pub starts: &'a mut Vec<u32>,
    /// Line ends: `\n`, `\r\n`, `\r`.
    pub newlines: &'a mut [u64; 3],
}

/// How plain rows are written, and when to stop.
#[derive(Clone, Copy, Debug)]
pub struct Plain {
    /// Parts cells; neither a line end nor the quote.
    pub delimiter: u8,
    /// Encloses cells.
    pub quote: Option<u8>,
    /// Rows there may be in all.
    pub rows: usize,
    /// Rows of more bytes are left to the caller.
    pub row_bytes: usize,
}

/// Notes the whole rows from `at` on that are plainly written, at most a stretch of them; gives the place after the last.
/// If that is `at`, the caller has to look at the row there.
#[inline(never)]
pub fn plain_rows(plain: Plain, bytes: &[u8], at: usize, places: &mut Places, found: &mut Found<'_>) -> usize {
    let wanted = plain.rows.saturating_sub(found.ends.len());
    places.seek(bytes, at, wanted, Classes::new(plain.delimiter, plain.quote));
    let (mut row, mut width) = (at, 0);
    while found.ends.len() < plain.rows {
        let first = found.fields.len();
        let marks = &places.places[places.next..places.count];
        let end = like_before(plain, bytes, row, &marks[..width.min(marks.len())], found.fields)
            .or_else(|| any_row(plain, bytes, row, marks, found.fields));
        let Some(end) = end.filter(|end| end.place - row <= plain.row_bytes) else {
            found.fields.truncate(first);
            break;
        };
        found.ends.push(found.fields.len() as u32);
        found.starts.push(row as u32);
        found.newlines[usize::from(end.crlf)] += 1;
        row = end.place + 1 + usize::from(end.crlf);
        places.next += end.marks;
        width = found.fields.len() - first;
    }
    row
}

/// Where a row ends.
struct End {
    /// The first byte of the line end.
    place: usize,
    crlf: bool,
    /// Marks up to the next row.
    marks: usize,
}

/// Notes the cells of a row of two and more that has as many marks as the one before has cells, none of them a quote or a `\r`, as
/// most have. Nothing is decided mark by mark.
#[inline(always)]
fn like_before(plain: Plain, bytes: &[u8], row: usize, marks: &[u32], fields: &mut Vec<Field>) -> Option<End> {
    let (&last, others) = marks.split_last().filter(|(_, others)| !others.is_empty())?;
    let place = last as usize;
    let other = |differ, &place: &u32| differ | bytes[place as usize] ^ plain.delimiter;
    if others.iter().fold(bytes[place] ^ b'\n', other) != 0 {
        return None;
    }
    let mut start = row as u32;
    fields.extend(marks.iter().map(|&end| Field {
        start: std::mem::replace(&mut start, end + 1),
        end,
        escaped: false,
    }));
    Some(End { place, crlf: false, marks: marks.len() })
}

/// Notes the cells of any row that is plainly written; of others some, and nothing is told.
#[inline(always)]
fn any_row(plain: Plain, bytes: &[u8], row: usize, marks: &[u32], fields: &mut Vec<Field>) -> Option<End> {
    let Plain { delimiter, quote, .. } = plain;
    let quote = quote.unwrap_or(delimiter);
    let first = fields.len();
    // The quotes of a cell do not belong to it.
    let (mut start, mut quotes) = (row, 0);
    let cell = |start: usize, place: usize, quotes: usize| Field {
        start: (start + quotes) as u32,
        end: (place - quotes) as u32,
        escaped: false,
    };
    let mut left = marks.iter().map(|&place| place as usize);
    while let Some(place) = left.next() {
        let byte = bytes[place];
        if byte == delimiter {
            fields.push(cell(start, place, quotes));
            (start, quotes) = (place + 1, 0);
        } else if byte == quote {
            if place != start {
                continue;
            }
            let close = left.find(|&place| bytes[place] == quote)?;
            match bytes.get(close + 1) {
                Some(&next) if next == delimiter || next == b'\n' || next == b'\r' => quotes = 1,
                _ => return None,
            }
        } else {
            let crlf = byte == b'\r';
            let lone = crlf && (bytes.get(place + 1) != Some(&b'\n') || left.next().is_none());
            let blank = fields.len() == first && is_blank(&bytes[row..place]);
            fields.push(cell(start, place, quotes));
            return (!lone && !blank).then(|| End { place, crlf, marks: marks.len() - left.len() });
        }
    }
    None
}

/// The cells of a column: every so-manieth of the fields from the first on.
#[derive(Clone, Copy, Debug)]
pub struct Column<'a> {
    fields: &'a [Field],
    step: usize,
}

impl<'a> Column<'a> {
    /// The column of rows that all have so many cells: nothing has to be looked for.
    pub fn even(fields: &'a [Field], width: usize, column: usize) -> Column<'a> {
        Column { fields: &fields[column.min(fields.len())..], step: width }
    }

    /// The column of rows of any length, gathered into memory that is used again; an empty cell where a row is too short.
    pub fn gather(fields: &[Field], ends: &[u32], column: usize, to: &'a mut Vec<Field>) -> Column<'a> {
        to.clear();
        let mut start = 0;
        to.extend(ends.iter().map(|&end| {
            let row = &fields[start..end as usize];
            start = end as usize;
            row.get(column).copied().unwrap_or_default()
        }));
        Column { fields: to, step: 1 }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.fields.len().div_ceil(self.step)
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// The cell of a row.
    pub fn get(&self, row: usize) -> Field {
        self.fields[row * self.step]
    }

    /// The cells, 64 rows at a time.
    #[inline]
    pub fn groups(&self) -> impl Iterator<Item = Column<'a>> + use<'a> {
        let step = self.step;
        self.fields.chunks(64 * step).map(move |fields| Column { fields, step })
    }

    /// The cells.
    #[inline]
    pub fn iter(&self) -> impl Iterator<Item = &'a Field> + use<'a> {
        self.fields.iter().step_by(self.step)
    }
}

/// Whether every row has so many cells.
#[inline(never)]
pub fn is_even(ends: &[u32], width: usize) -> bool {
    (1..).zip(ends).fold(true, |even, (row, &end)| even & (end as usize == row * width))
}

/// The texts in which fields lie: the bytes as they came, and what had to be written anew.
#[derive(Clone, Copy, Debug)]
pub struct Sources<'a> {
    /// Where fields lie that are not `escaped`.
    pub plain: &'a str,
    /// Where the others lie.
    pub spilt: &'a str,
}

impl<'a> Sources<'a> {
    /// The text of a cell.
    #[inline]
    pub fn text(&self, field: Field) -> &'a str {
        let from = if field.escaped { self.spilt } else { self.plain };
        &from[field.start as usize..field.end as usize]
    }

    /// The bytes in which a cell lies.
    #[inline]
    pub fn of(&self, field: Field) -> &'a [u8] {
        if field.escaped { self.spilt.as_bytes() } else { self.plain.as_bytes() }
    }
}

#[inline]
fn is_blank(bytes: &[u8]) -> bool {
    bytes.iter().all(|&byte| byte == b' ' || byte == b'\t')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mark_is_found_at_every_place() {
        for length in [1, 15, 16, 63, 64, 65, 200] {
            for place in 0..length {
                for mark in *b",\"\n\r" {
                    let mut bytes = vec![b'x'; length];
                    bytes[place] = mark;
                    let mut places = Places::default();
                    places.find(&bytes, 0, Classes::new(b',', Some(b'"')));
                    assert_eq!(places.places[..places.count], [place as u32]);
                }
            }
        }
        let mut places = Places::default();
        places.seek(&[b','; 130], 7, 99, Classes::new(b',', None));
        assert_eq!(places.places[..places.count], (7..130).collect::<Vec<u32>>());
    }

    #[test]
    fn plain_rows_are_noted_and_the_first_other_is_left() {
        let plain = Plain { delimiter: b',', quote: Some(b'"'), rows: 9, row_bytes: 99 };
        for other in [" \t\n", "\"d\"\"e\",f\n", "a\rb\n", "a,\"b\"c\n", "a,b"] {
            let text = format!("a,\"b,\"\r\n\"\",c\n{other}g,h\n");
            let (mut fields, mut ends, mut starts, mut newlines) = (vec![], vec![], vec![], [0; 3]);
            let found =
                &mut Found { fields: &mut fields, ends: &mut ends, starts: &mut starts, newlines: &mut newlines };
            let end = plain_rows(plain, text.as_bytes(), 0, &mut Places::default(), found);
            if other != "a,b" {
                assert_eq!(end, 13, "{other:?}");
                assert_eq!((ends, starts, newlines), (vec![2, 4], vec![0, 8], [1, 1, 0]));
            }
            let cells: Vec<&str> = fields.iter().map(|field| &text[field.start as usize..field.end as usize]).collect();
            assert_eq!(cells[..4], ["a", "b,", "", "c"]);
        }
    }
}
