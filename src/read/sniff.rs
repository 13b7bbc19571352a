//! How is this file written? Its marks, the lines before and after the table, its header: found from the first bytes.

use crate::math::order::arranged;
use crate::read::blocks::{Tables, first_row, tables};
use crate::read::grammar::{Marks, ROWS, grammar};
use crate::read::infer::{Format, Settled, Tally};
use crate::read::number::Decimal;
use crate::read::options::DateOrder;
use crate::read::sample::{Sample, is_value};
use crate::read::scan::{Delimiter, Grammar, Rows};
use crate::read::words::is_missing;
use std::ops::Range;

/// Bytes that are looked at for the marks.
const SAMPLE: usize = 64 * 1024;

/// How a file is written, as far as its first bytes tell.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    /// Delimiter, quote, escape, comment mark.
    pub grammar: Grammar,
    /// Byte at which the header, or the first row, begins.
    pub start: usize,
    /// Byte at which something else than the table follows, if it does so within the first bytes.
    pub end: Option<usize>,
    /// Lines before the start.
    pub skipped_lines: usize,
    /// Other tables in the first bytes.
    pub others: Vec<Other>,
    /// Whether the first row names the columns.
    pub header: bool,
    /// Whether values speak neither for nor against a header.
    pub header_open: bool,
    /// Cells of a full row.
    pub width: usize,
}

impl Shape {
    /// The shape of what was rewritten as CSV: so many columns with their names above them.
    pub fn canonical(width: usize) -> Shape {
        let grammar = Grammar::plain(Delimiter::Byte(b','), Some(b'"'));
        Shape {
            grammar,
            start: 0,
            end: None,
            skipped_lines: 0,
            others: Vec::new(),
            header: true,
            header_open: false,
            width,
        }
    }
}

/// A table beside the one that is read.
#[derive(Clone, Debug, PartialEq)]
pub struct Other {
    /// Lines of the file above it.
    pub above: usize,
    /// Its rows, the first one included.
    pub rows: usize,
    /// Its first row.
    pub first: String,
}

/// What was chosen by the user.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted {
    /// Delimiter, quote, escape, comment mark.
    pub marks: Marks,
    /// Header.
    pub header: Option<bool>,
    /// Lines before the table.
    pub skip_lines: Option<usize>,
}

/// Finds the shape of a file from its first bytes, which begin at `start` (after a byte-order mark).
pub fn sniff(head: &[u8], start: usize, whole: bool, wanted: Wanted, missing: &[String]) -> Shape {
    let (declared, after) = separator_line(&head[start..]);
    let (after, skipped_lines) = match wanted.skip_lines {
        Some(lines) => (length_of_lines(&head[start..], lines), lines),
        None => (after, usize::from(after > 0)),
    };
    let start = start + after;
    let cut = head.len().min(start + SAMPLE);
    let sample = Sample { bytes: &head[start..cut], last: whole && cut == head.len(), missing };
    let marks = Marks { delimiter: wanted.marks.delimiter.or(declared), ..wanted.marks };
    let mut shape = Shape {
        grammar: grammar(&sample, marks),
        start,
        end: None,
        skipped_lines,
        others: Vec::new(),
        header: wanted.header.unwrap_or(true),
        header_open: false,
        width: 1,
    };
    let sample = Sample { bytes: &head[start..], last: whole, missing };
    let rows = sample.rows(shape.grammar, usize::MAX);
    if rows.is_empty() {
        return shape;
    }
    let table = match shape.grammar.delimiter {
        Delimiter::Whitespace => 0..rows.len(),
        Delimiter::Byte(_) => choose(&mut shape, &sample, &rows, wanted.skip_lines.is_some()),
    };
    let first = table.start;
    if first > 0 {
        let offset = rows.starts[first] as usize;
        shape.skipped_lines += count_lines(&sample.bytes[..offset]);
        shape.start += offset;
    }
    shape.end = rows.starts.get(table.end).map(|&end| start + end as usize);
    if wanted.header.is_none() {
        (shape.header, shape.header_open) = header(&sample, &rows, first..table.end.min(first + ROWS));
    }
    let named = if shape.header { rows.row(first).len() } else { 0 };
    let body = (first + usize::from(shape.header)..table.end).take(ROWS);
    shape.width = covering_width(body.map(|row| (rows.row(row).len(), 1))).max(named).max(1);
    shape
}

/// The rows of the table that is read: the biggest, or the first where its place was chosen.
fn choose(shape: &mut Shape, sample: &Sample<'_>, rows: &Rows, placed: bool) -> Range<usize> {
    let Tables { all, biggest } = tables(sample, rows);
    let taken = if placed { 0 } else { biggest };
    for (at, table) in all.iter().enumerate().filter(|(at, _)| *at != taken) {
        let above = shape.skipped_lines + count_lines(&sample.bytes[..rows.starts[table.start] as usize]);
        let first = sample.cells(rows, table.start).collect::<Vec<_>>().join(" | ");
        let end = if at > taken || at + 1 < all.len() { table.end } else { rows.len() };
        shape.others.push(Other { above, rows: end - table.start, first });
    }
    let table = all[taken].clone();
    if placed { 0..table.end } else { first_row(sample, rows, table.clone())..table.end }
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

/// Bytes that so many lines take.
fn length_of_lines(bytes: &[u8], lines: usize) -> usize {
    let mut at = 0;
    for _ in 0..lines {
        let Some(end) = bytes[at..].iter().position(|byte| matches!(byte, b'\r' | b'\n')) else { return bytes.len() };
        at += end + if bytes[at + end..].starts_with(b"\r\n") { 2 } else { 1 };
    }
    at
}

fn count_lines(bytes: &[u8]) -> usize {
    let feeds = bytes.iter().filter(|&&byte| byte == b'\n').count();
    if feeds > 0 { feeds } else { bytes.iter().filter(|&&byte| byte == b'\r').count() }
}

/// Whether the first row names the columns, and whether that is open. A number or date above numbers or dates is
/// data; words above them are names; words above words are names unless they come again below.
fn header(sample: &Sample<'_>, rows: &Rows, table: Range<usize>) -> (bool, bool) {
    let first = table.start;
    let width = rows.row(first).len();
    let (mut names, mut data, mut again, mut years) = (0, 0, 0, 0);
    for column in 0..width {
        let Some(top) = sample.cell(rows, first, column) else { continue };
        if is_missing(&top, sample.missing) {
            continue;
        }
        let mut tally = Tally::default();
        let (mut repeated, mut body_years) = (false, true);
        for row in first + 1..table.end {
            let Some(cell) = sample.cell(rows, row, column) else { continue };
            if is_missing(&cell, sample.missing) {
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
        (0, 0) => (again == 0, table.end > first + 1),
        (names, data) => (names > data || data == 0, names > 0 && data > 0),
    }
}

fn is_year(cell: &str) -> bool {
    cell.len() == 4 && cell.parse::<u32>().is_ok_and(|year| (1900..=2100).contains(&year))
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
