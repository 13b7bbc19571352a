//! How is this file written? Delimiter, lines before the table, header: found from the first bytes.

use crate::math::order::{arranged, rising};
use crate::read::dates;
use crate::read::infer::{Format, Settled, Tally};
use crate::read::number::{self, Decimal};
use crate::read::options::DateOrder;
use crate::read::scan::{Bounds, Delimiter, Grammar, Rows, scan};
use crate::read::words::is_missing;

/// Bytes that are looked at.
const SAMPLE: usize = 64 * 1024;
/// Rows that are looked at.
const ROWS: usize = 1_000;
/// Lines that may stand before the table.
const PREAMBLE: usize = 20;

/// How a file is written, as far as its first bytes tell.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    /// Delimiter and quote.
    pub grammar: Grammar,
    /// Byte at which the header, or the first row, begins.
    pub start: usize,
    /// Lines before that.
    pub skipped_lines: usize,
    /// Whether the first row names the columns.
    pub header: bool,
    /// Whether values speak neither for nor against a header.
    pub header_open: bool,
    /// Cells of a full row.
    pub width: usize,
}

/// What was chosen by the user.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted {
    /// Delimiter.
    pub delimiter: Option<Delimiter>,
    /// Quote; inner none: quotes mean nothing.
    pub quote: Option<Option<u8>>,
    /// Escape; inner none: quotes are only doubled.
    pub escape: Option<Option<u8>>,
    /// Mark of comment lines; inner none: there are none.
    pub comment: Option<Option<u8>>,
    /// Header.
    pub header: Option<bool>,
}

/// Finds the shape of a file from its first bytes, which begin at `start` (after a byte-order mark).
pub fn sniff(head: &[u8], start: usize, whole: bool, wanted: Wanted, missing: &[String]) -> Shape {
    let (declared, after) = separator_line(&head[start..]);
    let mut shape = Shape {
        grammar: Grammar {
            delimiter: Delimiter::Byte(b','),
            quote: wanted.quote.unwrap_or(Some(b'"')),
            escape: wanted.escape.flatten(),
            comment: wanted.comment.flatten(),
        },
        start: start + after,
        skipped_lines: usize::from(after > 0),
        header: true,
        header_open: false,
        width: 1,
    };
    let cut = head.len().min(shape.start + SAMPLE);
    let sample = Sample { bytes: &head[shape.start..cut], last: whole && cut == head.len(), missing };
    shape.grammar.delimiter = wanted.delimiter.or(declared).unwrap_or_else(|| sample.delimiter(shape.grammar.quote));
    let rows = sample.rows(shape.grammar);
    if rows.is_empty() {
        shape.header = wanted.header.unwrap_or(true);
        return shape;
    }
    let first = if shape.grammar.delimiter == Delimiter::Whitespace { 0 } else { sample.first_full_row(&rows) };
    if first > 0 {
        let offset = rows.starts[first] as usize;
        shape.skipped_lines += count_lines(&sample.bytes[..offset]);
        shape.start += offset;
    }
    (shape.header, shape.header_open) = match wanted.header {
        Some(header) => (header, false),
        None => sample.header(&rows, first),
    };
    let body = first + usize::from(shape.header);
    let named = if shape.header { rows.row(first).len() } else { 0 };
    shape.width = covering_width((body..rows.len()).map(|row| (rows.row(row).len(), 1))).max(named).max(1);
    shape
}

/// The smallest width that holds all cells of at least nine in ten rows; 0 for no rows.
pub fn covering_width(widths: impl Iterator<Item = (usize, u64)>) -> usize {
    let widths: Vec<(usize, u64)> = widths.collect();
    let total: u64 = widths.iter().map(|(_, rows)| rows).sum();
    let order = arranged(widths.len(), &|a, b| widths[a].0.cmp(&widths[b].0));
    let mut covered = 0;
    for (width, rows) in order.into_iter().map(|at| widths[at]) {
        covered += rows;
        if covered * 10 >= total * 9 {
            return width;
        }
    }
    0
}

/// A first line such as `sep=;`, which spreadsheet programs write and read: the delimiter and the length of the line.
fn separator_line(bytes: &[u8]) -> (Option<Delimiter>, usize) {
    let line_end = bytes.iter().take(12).position(|byte| matches!(byte, b'\r' | b'\n'));
    let Some(end) = line_end else { return (None, 0) };
    let line: Vec<u8> = bytes[..end].iter().copied().filter(|&byte| byte != b'"').collect();
    match line[..] {
        [s, e, p, b'=', delimiter] if [s, e, p].eq_ignore_ascii_case(b"sep") && delimiter.is_ascii() => {
            let newline = if bytes[end..].starts_with(b"\r\n") { 2 } else { 1 };
            (Some(Delimiter::Byte(delimiter)), end + newline)
        }
        _ => (None, 0),
    }
}

fn count_lines(bytes: &[u8]) -> usize {
    let feeds = bytes.iter().filter(|&&byte| byte == b'\n').count();
    if feeds > 0 { feeds } else { bytes.iter().filter(|&&byte| byte == b'\r').count() }
}

struct Sample<'a> {
    bytes: &'a [u8],
    last: bool,
    missing: &'a [String],
}

const CANDIDATES: [u8; 4] = [b',', b';', b'\t', b'|'];

impl Sample<'_> {
    fn rows(&self, grammar: Grammar) -> Rows {
        let mut rows = Rows::default();
        let bounds = Bounds { last: self.last, rows: ROWS, ..Bounds::all() };
        // Bounds on length are the reader's business; without them the scan cannot fail.
        let _ = scan(grammar, self.bytes, 0, bounds, &mut rows);
        if rows.is_empty() {
            let _ = scan(grammar, self.bytes, 0, Bounds { last: true, ..bounds }, &mut rows);
        }
        rows
    }

    fn cell(&self, rows: &Rows, row: usize, column: usize) -> Option<std::borrow::Cow<'_, str>> {
        let field = rows.row(row).get(column)?;
        Some(String::from_utf8_lossy(&self.bytes[field.start as usize..field.end as usize]))
    }

    /// The candidate that cuts rows most evenly into cells that look like one value each; blanks if none does and the
    /// rows are aligned numbers; a comma for files of one column.
    fn delimiter(&self, quote: Option<u8>) -> Delimiter {
        let mut best = (0.0, 0.0, Delimiter::Byte(b','));
        for candidate in CANDIDATES {
            let delimiter = Delimiter::Byte(candidate);
            let rows = self.rows(Grammar::plain(delimiter, quote));
            let (width, even) = usual_width(&rows);
            if width < 2 {
                continue;
            }
            let score = even * self.share(&rows, |cell| self.is_one_value(cell)) * (1.0 - 1.0 / (width + 1) as f64);
            if score > best.0 {
                best = (score, even, delimiter);
            }
        }
        if best.1 < 0.6 {
            let rows = self.rows(Grammar::plain(Delimiter::Whitespace, quote));
            let (width, even) = usual_width(&rows);
            let values = self.share(&rows, is_value);
            if width >= 2 && even >= 0.9 && even > best.1 && values >= 0.5 {
                return Delimiter::Whitespace;
            }
        }
        best.2
    }

    fn share(&self, rows: &Rows, test: impl Fn(&str) -> bool) -> f64 {
        let fields = &rows.fields[..rows.fields.len().min(4_000)];
        let passed = fields.iter().filter(|field| {
            let raw = &self.bytes[field.start as usize..field.end as usize];
            test(&String::from_utf8_lossy(raw))
        });
        passed.count() as f64 / fields.len().max(1) as f64
    }

    fn is_one_value(&self, cell: &str) -> bool {
        !cell.bytes().any(|byte| CANDIDATES.contains(&byte)) || is_value(cell)
    }

    /// The first row that belongs to the table: titles above it fill less than half of its cells.
    fn first_full_row(&self, rows: &Rows) -> usize {
        let (width, even) = usual_width(rows);
        if width < 2 || even <= 0.5 {
            return 0;
        }
        let filled = |row: usize| {
            (0..rows.row(row).len())
                .filter(|&at| self.cell(rows, row, at).is_some_and(|cell| !cell.trim().is_empty()))
                .count()
        };
        let needed = width.div_ceil(2).max(2);
        (0..rows.len().min(PREAMBLE)).find(|&row| filled(row) >= needed).unwrap_or(0)
    }

    /// Whether the first row names the columns, and whether that is open. A number or date above numbers or dates is
    /// data; words above them are names; words above words are names unless they come again below.
    fn header(&self, rows: &Rows, first: usize) -> (bool, bool) {
        let width = rows.row(first).len();
        let (mut names, mut data, mut again, mut years) = (0, 0, 0, 0);
        for column in 0..width {
            let Some(top) = self.cell(rows, first, column) else { continue };
            if is_missing(&top, self.missing) {
                continue;
            }
            let mut tally = Tally::default();
            let (mut repeated, mut body_years) = (false, true);
            for row in first + 1..rows.len() {
                let Some(cell) = self.cell(rows, row, column) else { continue };
                if is_missing(&cell, self.missing) {
                    continue;
                }
                repeated |= cell == top;
                body_years &= is_year(&cell);
                tally.add(&cell, 1, Settled::default());
            }
            let body = tally.decide(Settled::default(), Decimal::Point, DateOrder::Dmy, false);
            let codes = body == Format::Text && tally.nearest() >= 0.9;
            let typed = body != Format::Text || codes;
            let like_body = is_value(&top) || matches!(body, Format::Boolean(_)) && repeated;
            match (like_body, typed || tally.present == 0) {
                (true, true) if is_year(&top) && !body_years => years += 1,
                (true, true) => data += 1,
                (true, false) => {}
                (false, _) if typed => names += 1,
                (false, _) => again += usize::from(repeated),
            }
        }
        // Years above other numbers are names, if a word stands beside them.
        if data == 0 && years >= 2 && years < width {
            return (true, false);
        }
        match (names, data + years) {
            (0, 0) => (again == 0, rows.len() > first + 1),
            (names, data) => (names > data || data == 0, names > 0 && data > 0),
        }
    }
}

fn is_value(cell: &str) -> bool {
    number::parse(cell, Decimal::Point).is_some()
        || number::parse(cell, Decimal::Comma).is_some()
        || dates::parse(cell, DateOrder::Dmy).is_some()
        || dates::parse(cell, DateOrder::Mdy).is_some()
}

fn is_year(cell: &str) -> bool {
    cell.len() == 4 && cell.parse::<u32>().is_ok_and(|year| (1900..=2100).contains(&year))
}

/// The most frequent number of cells (the larger of equals), and the share of rows that have it.
fn usual_width(rows: &Rows) -> (usize, f64) {
    let mut widths: Vec<usize> = (0..rows.len()).map(|row| rows.row(row).len()).collect();
    rising(&mut widths);
    let best = widths.chunk_by(|a, b| a == b).max_by_key(|equal| equal.len());
    best.map_or((0, 0.0), |equal| (equal[0], equal.len() as f64 / rows.len() as f64))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(text: &str) -> Shape {
        sniff(text.as_bytes(), 0, true, Wanted::default(), &[])
    }

    #[test]
    fn delimiters_are_told_by_even_rows_of_single_values() {
        for (text, delimiter) in [
            ("a,b\n1,2\n", Delimiter::Byte(b',')),
            ("a;b\n1,5;2,5\n3,5;4,5\n", Delimiter::Byte(b';')),
            ("a\tb c\n1\t2 x\n", Delimiter::Byte(b'\t')),
            ("a|b\nx,y|1\nx,z|2\n", Delimiter::Byte(b'|')),
            (" 1  2.5\n 2  3.5\n", Delimiter::Whitespace),
            ("name\nJohn Smith\nAnn Lee\n", Delimiter::Byte(b',')),
            ("sep=;\na;b\n", Delimiter::Byte(b';')),
            ("n;x\n\"Smith; John\";1\n\"a,b\";2\n", Delimiter::Byte(b';')),
        ] {
            assert_eq!(shape(text).grammar.delimiter, delimiter, "{text:?}");
        }
    }

    #[test]
    fn headers_are_told_by_what_stands_below() {
        for (text, header, open) in [
            ("id,age\na,1\nb,2\n", true, false),
            ("a,1\nb,2\n", false, false),
            ("1,2\n3,4\n", false, false),
            ("city,mood\nBonn,good\nKiel,bad\n", true, true),
            ("Bonn,good\nKiel,bad\nBonn,bad\n", false, true),
            ("country,2019,2020\nDE,5,7\nFR,6,8\n", true, false),
            ("\"A\",\"B\"\n2,2\n", true, false),
            ("churn\nyes\nno\n", true, false),
            ("id,zip\n1,01234\n2,02345\n", true, false),
        ] {
            let found = shape(text);
            assert_eq!((found.header, found.header_open), (header, open), "{text:?}");
        }
    }

    #[test]
    fn titles_above_the_table_are_skipped() {
        let found = shape("Report of May\n\nid,name,amount\n1,Ann,2\n2,Bob,3\n3,Cid,4\n");
        assert_eq!((found.skipped_lines, found.start, found.header, found.width), (2, 15, true, 3));
        let found = shape("sep=;\nReport;;\nid;name;amount\n1;Ann;2\n2;Bob;3\n");
        assert_eq!((found.skipped_lines, found.header), (2, true));
        assert_eq!(shape("a,b,c\nd\ne,f,g\n").skipped_lines, 0);
    }
}
