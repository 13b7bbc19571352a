//! How will the file be read? Decided from its first bytes, verified against all of them afterwards.

use crate::error::{Code, Error, Result};
use crate::math::rows::Field;
use crate::read::batch::{Cells, Spill, clean};
use crate::read::footer::{Footer, Tail};
use crate::read::grammar::Marks;
use crate::read::growth::Growth;
use crate::read::infer::{Format, MarkEvidence, OrderEvidence, Settled, Tally};
use crate::read::json_shape::is_json;
use crate::read::limits;
use crate::read::lists::{is_list_name, mark_of};
use crate::read::names::{is_code_name, is_flag_name};
use crate::read::number::Decimal;
use crate::read::options::{DateOrder, ReadOptions};
use crate::read::scan::{Bounds, Delimiter, Rows, scan};
use crate::read::sniff::{Shape, Wanted, sniff};
use crate::read::words::is_missing;
use crate::table::column::ColumnType;
use crate::table::role::Role;
use crate::table::table::nearest_names;
use crate::table::texts::TextsBuilder;

/// Bytes from which the plan is made.
pub const HEAD: usize = 1024 * 1024;

/// Different texts of a column's head that are judged, evenly drawn, where more of the file follows.
const JUDGED: usize = 1_024;

/// How one column will be read.
#[derive(Clone, Debug)]
pub struct ColumnPlan {
    /// Unique within the table.
    pub name: String,
    /// How cells are converted.
    pub format: Format,
    /// Whether the type stands whatever the totals say: chosen by the user or told by the name.
    pub settled: bool,
    /// Whether the type is to be found from the distinct texts once all are known.
    pub open: bool,
    /// The type the user chose.
    pub wanted: Option<ColumnType>,
    /// The role the user chose.
    pub role: Option<Role>,
    /// Whether the values are kept in memory.
    pub loaded: bool,
    /// Up to five different cells of the head.
    pub sample: Vec<String>,
    /// How many different values further rows bring.
    pub growth: Growth,
    /// What the user chose for it, or for the whole file.
    pub given: Settled,
    /// The one currency that amounts may have.
    pub currency: Option<String>,
    /// What parts the values of its lists, where the user said so.
    pub separator: Option<u8>,
}

/// How the file will be read.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Delimiter, quote, lines before the table, header.
    pub shape: Shape,
    /// Byte at which the first row of data begins.
    pub body: usize,
    /// Byte after the last row of the table, where more follows.
    pub end: Option<u64>,
    /// Totals and notes below the table that are left out, where they are known.
    pub footer: Option<Footer>,
    /// Rows below the table that the user chose to leave out.
    pub skip_footer: Option<usize>,
    /// Comment lines above the first row of data.
    pub comments: Vec<String>,
    /// One a column.
    pub columns: Vec<ColumnPlan>,
    /// Decimal mark of the file, where columns do not prove their own.
    pub decimal: Decimal,
    /// Evidence for it.
    pub marks: MarkEvidence,
    /// Whether the header lacked the name of the first column.
    pub row_names: bool,
    /// The delimiter the file seems to have, and how many columns then, where the chosen one leaves everything in one.
    pub other_delimiter: Option<(Delimiter, usize)>,
    /// Texts that mean "missing", lower-case.
    pub missing: Vec<String>,
    /// Bytes of the head that its rows take, and their number: for estimates.
    pub sampled: (usize, usize),
}

/// Makes the plan from the first bytes; `whole` says that they are all there are.
///
/// # Errors
/// `empty-file`, `no-rows`, `unknown-column` for options about columns that are not there, `limit-exceeded`.
pub fn plan(head: &[u8], whole: bool, options: &ReadOptions) -> Result<Plan> {
    let start = if head.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
    if whole && head[start..].iter().all(u8::is_ascii_whitespace) {
        return Err(empty(options, head.len()));
    }
    refuse_json(head, options)?;
    let missing: Vec<String> = options.missing.iter().map(|word| word.trim().to_lowercase()).collect();
    let marks = Marks {
        delimiter: options.delimiter()?,
        quote: options.quote()?,
        escape: options.escape()?,
        comment: options.comment()?,
    };
    let wanted = Wanted { marks, header: options.header, skip_lines: options.skip_lines };
    let shape = match options.origin.width {
        0 => sniff(head, start, whole, wanted, &missing),
        width => Shape::canonical(width),
    };
    let settled = Settled { decimal: options.decimal(), order: options.date_order };
    let other_delimiter = (shape.width == 1 && marks.delimiter.is_some() && options.origin.format.is_none())
        .then(|| sniff(head, start, whole, Wanted { marks: Marks { delimiter: None, ..marks }, ..wanted }, &missing))
        .filter(|other| other.width > 1)
        .map(|other| (other.grammar.delimiter, other.width));
    limits::columns(shape.width, options)?;

    let bytes = &head[shape.start..shape.end.unwrap_or(head.len())];
    let whole = whole || shape.end.is_some();
    let (mut rows, mut spill) = (Rows::default(), Spill::default());
    let bounds = Bounds { last: whole, field_bytes: options.limits.field_bytes as usize, ..Bounds::all() };
    let end = scan(shape.grammar, bytes, 0, bounds, &mut rows)
        .map_err(|long| limits::too_long(long, long.row as u64 + 1 - u64::from(shape.header), options))?;
    let end = if rows.is_empty() {
        let bounds = Bounds { last: true, ..bounds };
        scan(shape.grammar, bytes, 0, bounds, &mut rows).map_err(|long| limits::too_long(long, 1, options))?
    } else {
        end
    };
    let first = usize::from(shape.header);
    let body = rows.starts.get(first).map_or(end, |&start| start as usize);
    let comment = |at: &Field| String::from_utf8_lossy(&bytes[at.start as usize..at.end as usize]).into_owned();
    let comments =
        rows.comments.iter().filter(|(_, at)| (at.start as usize) < body).map(|(_, at)| comment(at)).collect();
    limits::cells(rows.len() as u64, shape.width, head.len() as u64, options)?;
    let cells = clean(&bytes[..end], &mut rows, shape.grammar, &mut spill);
    let mut tail = Tail::default();
    tail.take(&cells, first, shape.start as u64);
    // What was rewritten is rows to its end.
    let skip_footer = if options.origin.width > 0 { Some(0) } else { options.skip_footer };
    let footer = if whole { tail.footer(skip_footer) } else { None };
    let until = cells.len() - footer.as_ref().map_or(0, |footer| footer.rows.len());
    let mut given: Vec<&str> = if shape.header && !cells.is_empty() { cells.row(0).collect() } else { Vec::new() };
    // Statistics programs write row names without a name for them: the first column is the nameless one.
    let row_names = is_short_of_row_names(given.len(), shape.width, &cells, until);
    if row_names {
        given.insert(0, "");
    }
    let names = unique_names(&given, shape.width);
    check_names(&names, options)?;
    if whole && until <= first {
        return Err(no_rows(names.len(), options));
    }

    let sampled_rows = until.saturating_sub(first);
    let (mut tallies, mut samples, mut lists) = (Vec::new(), Vec::new(), Vec::new());
    let is_loaded = |name: &String| options.only.as_ref().is_none_or(|only| only.contains(name));
    let given = |name: &String| {
        let option = options.columns.get(name).cloned().unwrap_or_default();
        Settled { decimal: option.decimal.or(settled.decimal), order: option.date_order.or(settled.order) }
    };
    for (column, name) in names.iter().enumerate() {
        let given = given(name);
        // Each text is judged once, however often it stands there.
        let (mut texts, mut uses) = (TextsBuilder::default(), Vec::new());
        for (row, cell) in cells.column(column).take(until).skip(first).enumerate() {
            let Some(cell) = cell.filter(|cell| !is_missing(cell, &missing)) else { continue };
            let number = texts.number_of(cell) as usize;
            uses.resize(uses.len().max(number + 1), [0; 2]);
            uses[number][usize::from(row >= sampled_rows / 2)] += 1;
        }
        let (texts, mut tally) = (texts.finish_distinct(), Tally::default());
        // Of a long file the head only says what to begin with: all cells are judged later.
        let step = if whole { 1 } else { texts.distinct().div_ceil(JUDGED).max(1) };
        texts.values().zip(&uses).step_by(step).for_each(|(text, [early, late])| tally.add(text, early + late, given));
        // Lists are told by all texts at the end; of a column whose texts are not kept the head must tell.
        let all = || uses.iter().map(|[early, late]| early + late).collect();
        lists.push(if is_loaded(name) { None } else { mark_of(&texts, &all, is_list_name(name)) });
        tallies.push((tally, Growth::of(&uses, texts.arena().len(), sampled_rows)));
        samples.push(texts.values().take(5).map(String::from).collect());
    }
    let marks = file_marks(tallies.iter().map(|(tally, _)| tally));
    let decimal = if marks.comma > marks.point { Decimal::Comma } else { Decimal::Point };
    let order = file_order(tallies.iter().map(|(tally, _)| &tally.orders));
    let columns = (0..).zip(names).zip(tallies).zip(samples.into_iter().zip(lists)).map(
        |(((at, name), (tally, growth)), (sample, list))| {
            let mut option = options.columns.get(&name).cloned().unwrap_or_default();
            let separator = option.separator().unwrap_or(None);
            option.kind = option.kind.or(separator.map(|_| ColumnType::List));
            option.kind = option.kind.or_else(|| options.origin.texts.contains(&at).then_some(ColumnType::Text));
            let loaded = is_loaded(&name);
            let code = option.role.is_none_or(Role::is_identifier) && is_code_name(&name);
            let given = given(&name);
            let found = tally.decide(given, decimal, order, is_flag_name(&name));
            let code = code && !matches!(found, Format::Boolean(_) | Format::Time(_));
            let format = match option.kind {
                Some(kind) => tally.format_of(kind, given, decimal, order),
                None if code => Format::Text,
                None if found == Format::Text => list.map_or(found, Format::List),
                None => found,
            };
            let settled = option.kind.is_some() || code;
            let open = !settled && format == Format::Text && (tally.present < 100 || tally.nearest() >= 0.5);
            ColumnPlan {
                name,
                format,
                settled,
                open,
                wanted: option.kind,
                role: option.role,
                loaded,
                sample,
                growth,
                given,
                currency: option.currency,
                separator,
            }
        },
    );
    let columns: Vec<ColumnPlan> = columns.collect();
    Ok(Plan {
        columns,
        body: shape.start + body,
        end: footer.as_ref().map(|footer| footer.start).or(shape.end.map(|end| end as u64)),
        footer,
        skip_footer,
        comments,
        decimal: settled.decimal.unwrap_or(decimal),
        marks,
        row_names,
        other_delimiter,
        missing,
        sampled: (end - body, sampled_rows),
        shape,
    })
}

impl ColumnPlan {
    /// A column that the head did not show: its type is found from its texts.
    pub fn unknown(name: String) -> ColumnPlan {
        let format = Format::Text;
        ColumnPlan {
            name,
            format,
            settled: true,
            open: true,
            wanted: None,
            role: None,
            loaded: true,
            sample: Vec::new(),
            growth: Growth::default(),
            given: Settled::default(),
            currency: None,
            separator: None,
        }
    }
}

/// The order that the dated columns together prove; day first where nothing does.
pub fn file_order<'a>(columns: impl Iterator<Item = &'a OrderEvidence>) -> DateOrder {
    let mut all = OrderEvidence::default();
    for column in columns {
        all.day_first += column.day_first;
        all.month_first += column.month_first;
    }
    all.verdict().unwrap_or(DateOrder::Dmy)
}

/// Whether the header is one name short of every row, while the last cells (which a trailing delimiter would leave empty)
/// hold something.
fn is_short_of_row_names(named: usize, width: usize, cells: &Cells<'_>, until: usize) -> bool {
    let even = || (1..until).all(|row| cells.row(row).len() == width);
    let filled = || cells.column(width - 1).skip(1).flatten().any(|cell| !cell.trim().is_empty());
    named > 0 && named + 1 == width && until > 1 && even() && filled()
}

fn file_marks<'a>(tallies: impl Iterator<Item = &'a Tally>) -> MarkEvidence {
    let mut all = MarkEvidence::default();
    for tally in tallies.filter(|tally| tally.is_numeric()) {
        all.point += tally.marks.point;
        all.comma += tally.marks.comma;
        all.open += tally.marks.open;
    }
    all
}

/// Names for so many columns: absent ones by position, repeated ones numbered.
pub fn unique_names(given: &[&str], width: usize) -> Vec<String> {
    // One kind of map for all three, to be compiled once.
    type Names = std::collections::BTreeMap<String, usize>;
    let (mut taken, mut next) = (Names::new(), Names::new());
    let given: Vec<&str> = (0..width).map(|at| given.get(at).map_or("", |name| name.trim())).collect();
    let mut whole = Names::new();
    given.iter().for_each(|name| *whole.entry(name.to_string()).or_default() += 1);
    let mut names = Vec::with_capacity(width);
    for (at, name) in given.iter().enumerate() {
        let base = if name.is_empty() { format!("column_{}", at + 1) } else { name.to_string() };
        let mut unique = base.clone();
        while taken.contains_key(&unique) || unique != *name && whole.contains_key(&unique) {
            let number = next.entry(base.clone()).or_insert(1);
            *number += 1;
            unique = format!("{base}_{number}");
        }
        taken.insert(unique.clone(), at);
        names.push(unique);
    }
    names
}

fn check_names(names: &[String], options: &ReadOptions) -> Result<()> {
    let mut wanted = options.columns.keys().chain(options.only.iter().flatten());
    if let Some(name) = wanted.find(|name| !names.contains(name)) {
        let nearest = nearest_names(name, names.iter().map(String::as_str));
        let hint = match nearest.first() {
            Some(best) => format!("Did you mean “{best}”?"),
            None => "Look at the preview for the names there are.".into(),
        };
        return Err(Error::new(Code::UnknownColumn, format!("{} has no column “{name}”. {hint}", options.file()))
            .column(name.as_str())
            .suggestions(nearest));
    }
    Ok(())
}

fn empty(options: &ReadOptions, bytes: usize) -> Error {
    let what = if bytes == 0 { "is empty (0 bytes)" } else { "holds nothing but blank lines" };
    Error::new(Code::EmptyFile, format!("{} {what}. Export it again or choose another file.", options.file()))
}

/// The error for a file with a header and nothing below it.
pub fn no_rows(names: usize, options: &ReadOptions) -> Error {
    let names = if names == 1 { "one column name".into() } else { format!("{names} column names") };
    let message = format!("{} has {names} but no rows below.", options.file());
    Error::new(Code::NoRows, format!("{message} Choose another file, or say that the first row is data."))
        .hint("Set “header” to false if the first row is data.")
}

/// JSON is text too, but would come out as nonsense: whoever reads it has it rewritten before.
fn refuse_json(head: &[u8], options: &ReadOptions) -> Result<()> {
    if options.origin.format.is_none() && is_json(head, options) {
        let message = format!("{} is JSON, which must be rewritten before it is read.", options.file());
        return Err(Error::new(Code::Unsupported, message)
            .hint("Set “format” to “csv” to read it as a table of text all the same."));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_unique_by_position() {
        let names = |given: &[&str]| unique_names(given, given.len() + 1);
        assert_eq!(names(&["a", "", "a", "A"]), ["a", "column_2", "a_2", "A", "column_5"]);
        assert_eq!(names(&["c", "c", "c_2"]), ["c", "c_3", "c_2", "column_4"]);
        assert_eq!(names(&["", "column_1"]), ["column_1_2", "column_1", "column_3"]);
        assert_eq!(names(&["__proto__", " x "]), ["__proto__", "x", "column_3"]);
    }

    #[test]
    fn options_about_columns_that_are_not_there_are_refused() {
        let options: ReadOptions = serde_json::from_str(r#"{"only": ["amout"]}"#).unwrap();
        let error = plan(b"id,amount\n1,2\n", true, &options).unwrap_err();
        assert_eq!((error.code, &error.details.suggestions[..]), (Code::UnknownColumn, &["amount".to_string()][..]));
    }

    #[test]
    fn nothing_to_read_is_told_apart() {
        let code = |text: &[u8]| plan(text, true, &ReadOptions::default()).unwrap_err().code;
        assert_eq!(code(b""), Code::EmptyFile);
        assert_eq!(code(b"\xEF\xBB\xBF\n \n"), Code::EmptyFile);
        assert_eq!(code(b"id,name\n"), Code::NoRows);
        assert_eq!(code(b"[{\"a\": 1}]"), Code::Unsupported);
    }
}
