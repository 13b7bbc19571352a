//! Where do rows and cells begin and end? RFC 4180 and its usual breaches, over bytes, a batch of rows at a time.
//!
//! A quotation mark opens a quoted cell only as the cell's first byte. Inside, a doubled mark stands for one; a mark that
//! is followed by the delimiter, a line end or the end of the file (blanks between do not count) closes the cell; any
//! other mark is content. A quote that is never closed takes the rest of the file. Lines end with `\n`, `\r\n` or `\r`,
//! mixed as they come. Lines that hold nothing but blanks are no rows. Where the grammar has an escape, a mark right behind
//! it is content; where it has a comment mark, lines that begin with it are no rows.

use crate::math::rows::{Field, Found, Places, Plain, plain_rows};
use crate::read::marks::Marks;

/// What separates cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delimiter {
    /// One ASCII character.
    Byte(u8),
    /// Runs of blanks and tabs; leading and trailing ones mean nothing.
    Whitespace,
}

/// How rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grammar {
    /// What separates cells.
    pub delimiter: Delimiter,
    /// What encloses cells that hold delimiters or line ends; none when quotes mean nothing.
    pub quote: Option<u8>,
    /// What makes the mark behind it content, besides doubling a quote.
    pub escape: Option<u8>,
    /// What begins a line that is no row.
    pub comment: Option<u8>,
}

impl Grammar {
    /// Quotes inside quotes are doubled, and every line that holds something is a row.
    pub const fn plain(delimiter: Delimiter, quote: Option<u8>) -> Grammar {
        Grammar { delimiter, quote, escape: None, comment: None }
    }
}

/// A cell of a batch: row and column, both from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    /// Row of the batch.
    pub row: u32,
    /// Cell of the row.
    pub column: u32,
}

/// Rows found in a stretch of bytes, and what was unusual about them.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    /// Cells of all rows, one row after another.
    pub fields: Vec<Field>,
    /// For each row, the number of cells up to and including it.
    pub ends: Vec<u32>,
    /// For each row, where it begins.
    pub starts: Vec<u32>,
    /// The cells among them that are not the text as it stands, rising.
    pub escaped: Vec<u32>,
    /// The first cell of each row with a quotation mark inside quotes that is neither doubled nor closing.
    pub stray: Vec<Spot>,
    /// The cell whose quote is never closed.
    pub unclosed: Option<Spot>,
    /// Comment lines: the row below each, and where it lies.
    pub comments: Vec<(u32, Field)>,
    /// Lines skipped because they hold nothing, and the rows that stand below them.
    pub blank_lines: u64,
    /// See `blank_lines`; the number of rows stands for a row that is not scanned yet.
    pub below_blank: Vec<u32>,
    /// Line ends met at the end of rows: `\n`, `\r\n`, `\r`.
    pub newlines: [u64; 3],
    /// Where the bytes that part cells stand.
    places: Places,
}

impl Rows {
    /// Number of rows.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The cells of a row.
    pub fn row(&self, row: usize) -> &[Field] {
        let start = if row == 0 { 0 } else { self.ends[row - 1] as usize };
        &self.fields[start..self.ends[row] as usize]
    }

    fn push(&mut self, start: usize, end: usize, escaped: bool) {
        if escaped {
            self.escaped.push(self.fields.len() as u32);
        }
        self.fields.push(Field { start: start as u32, end: end as u32, escaped });
    }

    /// Takes back the cells from this one on.
    fn truncate(&mut self, fields: usize) {
        self.fields.truncate(fields);
        let kept = self.escaped.partition_point(|&field| (field as usize) < fields);
        self.escaped.truncate(kept);
    }

    /// Forgets everything but the memory.
    pub fn clear(&mut self) {
        self.fields.clear();
        self.escaped.clear();
        self.ends.clear();
        self.starts.clear();
        self.stray.clear();
        self.unclosed = None;
        self.comments.clear();
        self.blank_lines = 0;
        self.below_blank.clear();
        self.newlines = [0; 3];
    }
}

/// A cell (or a row) is longer than allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLong {
    /// Row of this batch, from 0.
    pub row: usize,
    /// Cell of the row, from 0.
    pub column: usize,
    /// Whether the cell was opened by a quotation mark.
    pub quoted: bool,
}

/// Bounds of one call of [`scan`].
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// No more bytes follow: what is open now ends here.
    pub last: bool,
    /// Rows after which to stop.
    pub rows: usize,
    /// Bytes after which to stop, at the end of a row.
    pub bytes: usize,
    /// Bytes that a cell may have; a row may have four times as many.
    pub field_bytes: usize,
}

impl Bounds {
    /// The whole of what is given.
    pub fn all() -> Bounds {
        Bounds { last: true, rows: usize::MAX, bytes: usize::MAX, field_bytes: usize::MAX / 8 }
    }
}

/// Splits `bytes[at..]` into whole rows, adds them to `rows` and gives the place after the last of them. A row that may
/// go on after the end of the bytes is left for the next call, unless `bounds.last`.
///
/// # Errors
/// [`TooLong`] for a cell or row beyond the bounds, also before its end is seen.
pub fn scan(grammar: Grammar, bytes: &[u8], at: usize, bounds: Bounds, rows: &mut Rows) -> Result<usize, TooLong> {
    let plain = match grammar {
        Grammar { delimiter: Delimiter::Byte(byte), quote, escape: None, comment: None } if Some(byte) != quote => {
            Some(Plain { delimiter: byte, quote, rows: bounds.rows, row_bytes: bounds.field_bytes })
        }
        _ => None,
    };
    rows.places.clear();
    let mut scanner = Scanner {
        bytes,
        delimiter: match grammar.delimiter {
            Delimiter::Byte(byte) => byte,
            Delimiter::Whitespace => b' ',
        },
        quote: grammar.quote,
        escape: grammar.escape,
        marks: match grammar.delimiter {
            Delimiter::Byte(byte) => Marks::new(byte, grammar.quote),
            Delimiter::Whitespace => Marks::new(b' ', grammar.quote),
        },
        bounds,
        rows,
    };
    let stop = bytes.len().min(at.saturating_add(bounds.bytes));
    let mut at = at;
    while scanner.rows.len() < bounds.rows && at < stop {
        if let Some(next) = plain.map(|plain| scanner.plain_rows(plain, at)).filter(|&next| next > at) {
            at = next;
            continue;
        }
        let (fields, stray) = (scanner.rows.fields.len(), scanner.rows.stray.len());
        let next = match grammar.delimiter {
            _ if Some(bytes[at]) == grammar.comment => scanner.comment(at)?,
            Delimiter::Byte(_) => scanner.row(at)?,
            Delimiter::Whitespace => scanner.blank_separated_row(at)?,
        };
        let Some(next) = next else {
            scanner.rows.truncate(fields);
            scanner.rows.stray.truncate(stray);
            break;
        };
        at = next;
    }
    Ok(at)
}

/// How the search for a cell's end came out.
enum Cell {
    /// The cell is over; the place after it holds a delimiter, a line end or nothing.
    Ends(usize),
    /// More bytes are needed to tell.
    Open,
}

struct Scanner<'a> {
    bytes: &'a [u8],
    delimiter: u8,
    quote: Option<u8>,
    escape: Option<u8>,
    marks: Marks,
    bounds: Bounds,
    rows: &'a mut Rows,
}

impl Scanner<'_> {
    /// As many rows from `at` as are plainly written, in a stretch of the bytes; the place after them.
    fn plain_rows(&mut self, plain: Plain, at: usize) -> usize {
        let Rows { fields, ends, starts, newlines, places, .. } = &mut *self.rows;
        plain_rows(plain, self.bytes, at, places, &mut Found { fields, ends, starts, newlines })
    }

    /// One row from `start`; the place after its line end, or nothing if the row may go on.
    #[inline]
    fn row(&mut self, start: usize) -> Result<Option<usize>, TooLong> {
        let (bytes, first) = (self.bytes, self.rows.fields.len());
        let mut at = start;
        loop {
            let quoted = at < bytes.len() && Some(bytes[at]) == self.quote;
            let end = if quoted {
                match self.quoted(at, first)? {
                    Cell::Ends(end) => end,
                    Cell::Open => return Ok(None),
                }
            } else {
                let mut end = self.marks.find(bytes, at);
                while end < bytes.len()
                    && (Some(bytes[end]) == self.quote && bytes[end] != self.delimiter || self.is_escaped(at, end))
                {
                    end = self.marks.find(bytes, end + 1);
                }
                self.check(start, at, end, first, false)?;
                if end == bytes.len() && !self.bounds.last {
                    return Ok(None);
                }
                self.rows.push(at, end, self.holds_escape(at, end));
                end
            };
            if end < bytes.len() && bytes[end] == self.delimiter {
                at = end + 1;
                continue;
            }
            return Ok(self.finish(start, end, first));
        }
    }

    /// A row whose cells are separated by runs of blanks.
    fn blank_separated_row(&mut self, start: usize) -> Result<Option<usize>, TooLong> {
        let (bytes, first) = (self.bytes, self.rows.fields.len());
        let mut at = start;
        loop {
            at += bytes[at..].iter().take_while(|&&byte| is_blank(byte)).count();
            if at == bytes.len() && !self.bounds.last {
                return Ok(None);
            }
            if at == bytes.len() || matches!(bytes[at], b'\r' | b'\n') {
                return Ok(self.finish(start, at, first));
            }
            if Some(bytes[at]) == self.quote {
                match self.quoted(at, first)? {
                    Cell::Ends(end) => at = end,
                    Cell::Open => return Ok(None),
                }
            } else {
                let length = bytes[at..].iter().take_while(|&&b| !is_blank(b) && b != b'\r' && b != b'\n').count();
                let end = at + length;
                self.check(start, at, end, first, false)?;
                if end == bytes.len() && !self.bounds.last {
                    return Ok(None);
                }
                self.rows.push(at, end, false);
                at = end;
            }
        }
    }

    /// A quoted cell that opens at `open`: notes it and gives the place after it.
    fn quoted(&mut self, open: usize, first: usize) -> Result<Cell, TooLong> {
        let bytes = self.bytes;
        let spot = Spot { row: self.rows.len() as u32, column: (self.rows.fields.len() - first) as u32 };
        let quote = bytes[open];
        let (start, mut escaped, mut at) = (open + 1, false, open + 1);
        loop {
            at = self.marks.find(bytes, at);
            while at < bytes.len() && bytes[at] != quote {
                at = self.marks.find(bytes, at + 1);
            }
            self.check(open, start, at, first, true)?;
            if at == bytes.len() {
                if !self.bounds.last {
                    return Ok(Cell::Open);
                }
                self.rows.unclosed = Some(spot);
                break;
            }
            if self.is_escaped(start, at) {
                at += 1;
                continue;
            }
            if bytes.get(at + 1) == Some(&quote) {
                escaped = true;
                at += 2;
                continue;
            }
            let after = at + 1 + bytes[at + 1..].iter().take_while(|&&b| is_blank(b) && b != self.delimiter).count();
            if after == bytes.len() && !self.bounds.last {
                return Ok(Cell::Open);
            }
            if after == bytes.len() || bytes[after] == self.delimiter || matches!(bytes[after], b'\r' | b'\n') {
                self.rows.push(start, at, escaped || self.holds_escape(start, at));
                return Ok(Cell::Ends(after));
            }
            escaped = true;
            if self.rows.stray.last().is_none_or(|last| last.row != spot.row) {
                self.rows.stray.push(spot);
            }
            at += 1;
        }
        self.rows.push(start, at, escaped || self.holds_escape(start, at));
        Ok(Cell::Ends(at))
    }

    /// Whether the mark at `at` stands behind an escape that is not itself escaped; the cell begins at `start`.
    #[inline]
    fn is_escaped(&self, start: usize, at: usize) -> bool {
        let Some(escape) = self.escape else { return false };
        self.bytes[start..at].iter().rev().take_while(|&&byte| byte == escape).count() % 2 == 1
    }

    #[inline]
    fn holds_escape(&self, start: usize, end: usize) -> bool {
        self.escape.is_some_and(|escape| self.bytes[start..end].contains(&escape))
    }

    /// A comment line from `start`; the place after its line end, or nothing if it may go on.
    #[cold]
    fn comment(&mut self, start: usize) -> Result<Option<usize>, TooLong> {
        let line = &self.bytes[start..];
        let end = start + line.iter().position(|&byte| matches!(byte, b'\r' | b'\n')).unwrap_or(line.len());
        self.check(start, start, end, self.rows.fields.len(), false)?;
        if end == self.bytes.len() && !self.bounds.last {
            return Ok(None);
        }
        let next = self.line_end(end);
        if next.is_some() {
            let place = Field { start: start as u32, end: end as u32, escaped: false };
            self.rows.comments.push((self.rows.len() as u32, place));
        }
        Ok(next.map(|(next, _)| next))
    }

    /// The place after the line end at `end` and whether there is one; nothing if more bytes are needed to tell.
    #[inline]
    fn line_end(&mut self, end: usize) -> Option<(usize, bool)> {
        let bytes = self.bytes;
        let (next, kind) = match bytes.get(end) {
            Some(b'\n') => (end + 1, 0),
            Some(_) if bytes.get(end + 1) == Some(&b'\n') => (end + 2, 1),
            Some(_) if end + 1 == bytes.len() && !self.bounds.last => return None,
            Some(_) => (end + 1, 2),
            None => return Some((end, false)),
        };
        self.rows.newlines[kind] += 1;
        Some((next, true))
    }

    /// Ends the row at `end`, which is a line end or the end of the bytes.
    #[inline]
    fn finish(&mut self, start: usize, end: usize, first: usize) -> Option<usize> {
        let bytes = self.bytes;
        let (next, newline) = self.line_end(end)?;
        let found = &self.rows.fields[first..];
        // A line of blanks is no row, but a quoted cell of blanks is.
        let blank = match found {
            [] => true,
            [one] => one.start as usize == start && bytes[start..end].iter().all(|&byte| is_blank(byte)),
            _ => false,
        };
        if blank {
            self.rows.truncate(first);
            self.rows.blank_lines += u64::from(newline);
            let below = self.rows.len() as u32;
            if newline && self.rows.below_blank.last() != Some(&below) {
                self.rows.below_blank.push(below);
            }
        } else {
            self.rows.ends.push(self.rows.fields.len() as u32);
            self.rows.starts.push(start as u32);
        }
        Some(next)
    }

    #[inline]
    fn check(&self, row: usize, start: usize, end: usize, first: usize, quoted: bool) -> Result<(), TooLong> {
        let limit = self.bounds.field_bytes;
        if end - start > limit || end - row > limit.saturating_mul(4) {
            return Err(TooLong { row: self.rows.len(), column: self.rows.fields.len() - first, quoted });
        }
        Ok(())
    }
}

fn is_blank(byte: u8) -> bool {
    byte == b' ' || byte == b'\t'
}

/// Appends the content of a cell with each doubled quotation mark made one and each escape resolved. Outside of quotes,
/// doubled marks mean nothing, and delimiters and line ends may be escaped.
pub fn unescape(content: &str, grammar: Grammar, quoted: bool, to: &mut String) {
    let Grammar { quote, escape, .. } = grammar;
    let is_mark = |byte: u8| quoted && Some(byte) == quote || Some(byte) == escape;
    let is_resolved = |byte: u8, next: u8| match Some(byte) == escape {
        _ if Some(next) == quote => true,
        true if quoted => next == byte,
        true => next == byte || matches!(next, b'\r' | b'\n') || grammar.delimiter == Delimiter::Byte(next),
        false => false,
    };
    let mut rest = content;
    while let Some(at) = rest.bytes().position(is_mark) {
        let bytes = rest.as_bytes();
        let kept = match bytes.get(at + 1) {
            Some(&next) if is_resolved(bytes[at], next) => {
                to.push_str(&rest[..at]);
                to.push(char::from(next));
                at + 2
            }
            _ => {
                to.push_str(&rest[..at + 1]);
                at + 1
            }
        };
        rest = &rest[kept..];
    }
    to.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMA: Grammar = Grammar::plain(Delimiter::Byte(b','), Some(b'"'));
    const BLANKS: Grammar = Grammar::plain(Delimiter::Whitespace, Some(b'"'));
    const ESCAPED: Grammar = Grammar { escape: Some(b'\\'), comment: Some(b'#'), ..COMMA };

    fn cells(grammar: Grammar, text: &str) -> Vec<Vec<String>> {
        let mut rows = Rows::default();
        assert_eq!(scan(grammar, text.as_bytes(), 0, Bounds::all(), &mut rows), Ok(text.len()));
        let cell = |field: &Field| {
            let content = &text[field.start as usize..field.end as usize];
            let mut clean = String::new();
            if field.escaped {
                let quoted = text[..field.start as usize].ends_with('"');
                unescape(content, grammar, quoted, &mut clean)
            } else {
                clean.push_str(content)
            }
            clean
        };
        (0..rows.len()).map(|row| rows.row(row).iter().map(cell).collect()).collect()
    }

    #[test]
    fn quotes_and_their_breaches() {
        for (text, expected) in [
            ("a,b\r\n1,\n", vec![vec!["a", "b"], vec!["1", ""]]),
            ("\"a,\n\"\"b\",c", vec![vec!["a,\n\"b", "c"]]),
            ("a\rb\n\n  \nc\r\n", vec![vec!["a"], vec!["b"], vec!["c"]]),
            ("a,b \"c\",\"d\" ,e", vec![vec!["a", "b \"c\"", "d", "e"]]),
            ("\"a \"b\" c\",d", vec![vec!["a \"b\" c", "d"]]),
            ("\"\"\n\" \"\n", vec![vec![""], vec![" "]]),
            ("a,\"b\nc,d", vec![vec!["a", "b\nc,d"]]),
            (",\n,", vec![vec!["", ""], vec!["", ""]]),
        ] {
            assert_eq!(cells(COMMA, text), expected, "{text:?}");
        }
    }

    #[test]
    fn blanks_align_columns() {
        assert_eq!(cells(BLANKS, " 1  2\t3 \r\n\n \"a b\" c"), vec![vec!["1", "2", "3"], vec!["a b", "c"]]);
    }

    #[test]
    fn rows_that_may_go_on_wait_and_stray_marks_are_noted() {
        let open = Bounds { last: false, ..Bounds::all() };
        for text in ["a,b", "a,\"b\n", "a,\"b\"", "a\r", "a,\"b\"  "] {
            let mut rows = Rows::default();
            assert_eq!(scan(COMMA, text.as_bytes(), 0, open, &mut rows), Ok(0), "{text:?}");
            assert!(rows.is_empty() && rows.fields.is_empty());
        }
        let mut rows = Rows::default();
        assert_eq!(scan(COMMA, b"x\n\"a\"b\",c\n\"d", 0, Bounds::all(), &mut rows), Ok(12));
        let spot = |row, column| Spot { row, column };
        assert_eq!((rows.stray, rows.unclosed), (vec![spot(1, 0)], Some(spot(2, 0))));
    }

    #[test]
    fn escapes_make_marks_content() {
        for (text, expected) in [
            (r#""a \"b\"",c"#, vec!["a \"b\"", "c"]),
            (r#""a\\","b\n","c""d""#, vec![r"a\", r"b\n", "c\"d"]),
            (r#"a\,b,c:\\d,\e,5"""#, vec!["a,b", r"c:\d", r"\e", "5\"\""]),
            ("a\\\nb,c", vec!["a\nb", "c"]),
        ] {
            assert_eq!(cells(ESCAPED, text), [expected], "{text:?}");
        }
    }

    #[test]
    fn comment_lines_are_no_rows() {
        let text = "#one\na,#b\r\n# two\r\n\nc,d\n#end";
        assert_eq!(cells(ESCAPED, text), vec![vec!["a", "#b"], vec!["c", "d"]]);
        let mut rows = Rows::default();
        assert_eq!(scan(ESCAPED, text.as_bytes(), 0, Bounds::all(), &mut rows), Ok(text.len()));
        let found: Vec<(u32, &str)> =
            rows.comments.iter().map(|(row, at)| (*row, &text[at.start as usize..at.end as usize])).collect();
        assert_eq!((found, rows.blank_lines), (vec![(0, "#one"), (1, "# two"), (2, "#end")], 1));
    }

    #[test]
    fn long_cells_are_refused_before_their_end() {
        let bounds = Bounds { last: false, field_bytes: 4, ..Bounds::all() };
        let mut rows = Rows::default();
        let expected = Err(TooLong { row: 1, column: 1, quoted: true });
        assert_eq!(scan(COMMA, b"ok\nab,\"12345", 0, bounds, &mut rows), expected);
    }
}
