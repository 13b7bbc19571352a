//! Which marks cut this file into cells? Delimiter, quote and escape are tried together; the combination wins that cuts
//! rows most evenly into cells that look like one value each and leaves no quote unexplained.

use crate::math::rows::Field;
use crate::read::sample::{Sample, is_value};
use crate::read::scan::{Delimiter, Grammar, Rows};

/// Rows that are looked at.
pub const ROWS: usize = 1_000;

/// What was chosen by the user; inner none: no such mark.
#[derive(Clone, Copy, Debug, Default)]
pub struct Marks {
    /// Delimiter.
    pub delimiter: Option<Delimiter>,
    /// Quote.
    pub quote: Option<Option<u8>>,
    /// Escape.
    pub escape: Option<Option<u8>>,
    /// Mark of comment lines.
    pub comment: Option<Option<u8>>,
}

const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// How well a grammar explains the sample.
struct Score {
    value: f64,
    /// Share of rows with the usual number of cells; 0 for a single column.
    even: f64,
    /// Whether some quote breaks the rules.
    broken: bool,
}

/// The grammar of a sample: a comma for files of one column, blanks where no mark cuts evenly and rows are aligned values.
pub fn grammar(sample: &Sample<'_>, wanted: Marks) -> Grammar {
    let usual = Grammar {
        delimiter: wanted.delimiter.unwrap_or(Delimiter::Byte(b',')),
        quote: wanted.quote.unwrap_or(Some(b'"')),
        escape: wanted.escape.flatten(),
        comment: wanted.comment.flatten(),
    };
    let mut best = (Score { value: 0.0, even: 0.0, broken: false }, usual);
    let mut try_all = |quote: Option<u8>, escape: Option<u8>| {
        for candidate in DELIMITERS {
            let delimiter = wanted.delimiter.unwrap_or(Delimiter::Byte(candidate));
            let grammar = Grammar { delimiter, quote, escape, ..usual };
            let score = score(sample, grammar);
            if score.value > best.0.value {
                best = (score, grammar);
            }
            if wanted.delimiter.is_some() {
                break;
            }
        }
        best.0.broken || best.0.value == 0.0
    };
    let mut broken = try_all(usual.quote, usual.escape);
    let pair = |test: &dyn Fn(u8, u8) -> bool| sample.bytes.windows(2).any(|pair| test(pair[0], pair[1]));
    let opens = |quote: u8| sample.bytes.first() == Some(&quote) || pair(&|a, b| b == quote && is_before_cell(a));
    if wanted.quote.is_none() && opens(b'\'') && !opens(b'"') {
        broken = try_all(Some(b'\''), usual.escape);
    }
    if wanted.escape.is_none() && pair(&|a, b| a == b'\\' && is_mark(b)) {
        broken = try_all(usual.quote, Some(b'\\'));
    }
    if wanted.quote.is_none() && broken {
        try_all(None, usual.escape);
    }
    let (score, mut found) = best;
    if wanted.delimiter.is_none() && score.even < 0.6 && is_aligned(sample, usual, score.even) {
        found = Grammar { delimiter: Delimiter::Whitespace, ..usual };
    }
    if wanted.comment.is_none() && found.delimiter != Delimiter::Whitespace {
        found.comment = comment(sample, &sample.rows(found, ROWS));
    }
    found
}

fn is_mark(byte: u8) -> bool {
    byte == b'"' || DELIMITERS.contains(&byte)
}

fn is_before_cell(byte: u8) -> bool {
    byte == b'\n' || byte == b'\r' || DELIMITERS.contains(&byte)
}

fn score(sample: &Sample<'_>, grammar: Grammar) -> Score {
    let rows = sample.rows(grammar, ROWS);
    let (width, even) = sample.usual_width(&rows);
    let even = if width < 2 { 0.0 } else { even };
    let wide = if width < 2 { 0.01 } else { even * (1.0 - 1.0 / (width + 1) as f64) };
    let fields = &rows.fields[..rows.fields.len().min(4_000)];
    let share = |test: &dyn Fn(&Field) -> bool| {
        fields.iter().filter(|field| test(field)).count() as f64 / fields.len().max(1) as f64
    };
    let text = |field: &Field| &sample.bytes[field.start as usize..field.end as usize];
    let is_quoted = |field: &Field| field.start > 0 && grammar.quote == Some(sample.bytes[field.start as usize - 1]);
    let single = share(&|field| {
        let raw = text(field);
        !raw.iter().any(|byte| DELIMITERS.contains(byte)) || is_value(&String::from_utf8_lossy(raw))
    });
    // Cells with quotes at their edges which this grammar does not know.
    let left = share(&|field| {
        !is_quoted(field) && matches!(text(field).trim_ascii(), [b'"' | b'\'', ..] | [.., b'"' | b'\''])
    });
    let quoted = share(&is_quoted);
    let bad = rows.stray.len() + usize::from(rows.unclosed.is_some());
    let clean = 1.0 - bad.min(rows.len()) as f64 / (rows.len() + 1) as f64;
    // A quote that is never closed takes the rest of the sample.
    let reach = rows.starts.last().map_or(0, |&start| start as usize) as f64 / sample.bytes.len().max(1) as f64;
    let open = rows.unclosed.is_some() || !sample.last && rows.len() < ROWS && reach < 0.5;
    let lost = if open { reach } else { 1.0 };
    let usual = match grammar.quote {
        // Apostrophes are quotes only where many cells stand in them rightly; marks at the edges of cells mostly mean something.
        Some(b'\'') if quoted < 0.1 || bad > 0 => 0.0,
        None => 0.8,
        Some(_) => 1.0,
    };
    let value = wide * single * (1.0 - left) * clean * lost * usual;
    Score { value, even, broken: bad > 0 || open }
}

/// Whether runs of blanks cut the sample into aligned values.
fn is_aligned(sample: &Sample<'_>, usual: Grammar, least: f64) -> bool {
    let rows = sample.rows(Grammar { delimiter: Delimiter::Whitespace, ..usual }, ROWS);
    let (width, even) = sample.usual_width(&rows);
    let fields = &rows.fields[..rows.fields.len().min(4_000)];
    let values = fields
        .iter()
        .filter(|field| is_value(&String::from_utf8_lossy(&sample.bytes[field.start as usize..field.end as usize])));
    width >= 2 && even >= 0.9 && even > least && values.count() * 2 >= fields.len()
}

/// The mark of comment lines: rows that begin with it are cut otherwise than the table, or few among such rows are not.
fn comment(sample: &Sample<'_>, rows: &Rows) -> Option<u8> {
    let begins = |row: usize| sample.bytes[rows.starts[row] as usize] == b'#';
    let (width, _) = sample.usual_width(rows);
    let is_full = |row: &usize| rows.row(*row).len() == width;
    let comments = (0..rows.len()).filter(|&row| begins(row)).count();
    let full = (0..rows.len()).filter(|&row| begins(row)).filter(is_full).count();
    // A full first row that begins with the mark holds the names, unless the first one without it does.
    let named = (0..rows.len()).find(is_full).is_some_and(begins)
        && (0..rows.len())
            .filter(|&row| !begins(row))
            .find(is_full)
            .is_some_and(|row| !sample.is_header(rows, row..rows.len()));
    let few = full == 0 || full < comments && comments * 2 <= rows.len();
    (comments > 0 && comments < rows.len() && width >= 2 && !named && few).then_some(b'#')
}
