//! From a finished reading to columns: open texts get their type, lists are cut, numbers that count days become days.

use crate::read::builder::{Builder, Counts, convert, note};
use crate::read::dates::pattern;
use crate::read::infer::{Format, Settled, Tally};
use crate::read::lists::{is_list_name, mark_of, split};
use crate::read::names::is_flag_name;
use crate::read::number::Decimal;
use crate::read::options::DateOrder;
use crate::read::plan::{ColumnPlan, Plan};
use crate::read::serials::{Serial, is_calendar};
use crate::table::bitmap::Bitmap;
use crate::table::column::{Column, Data, Derived};
use crate::table::finding::Example;
use crate::table::list::Lists;
use crate::table::role::Role;
use crate::table::texts::{Texts, TextsBuilder};
use memchr::memchr;

/// A finished column with what was counted over it.
#[derive(Debug)]
pub struct Finished {
    /// The column, its role still open unless the user chose it.
    pub column: Column,
    /// How its cells were converted.
    pub format: Format,
    /// What was counted.
    pub counts: Counts,
    /// What the numbers count, where they became days or moments.
    pub serial: Option<Serial>,
    /// Cells that lost an apostrophe before them.
    pub apostrophes: (u64, Vec<Example>),
}

/// Finishes one column.
pub fn finish(builder: Builder, column: &ColumnPlan, plan: &Plan, order: DateOrder) -> Finished {
    let mut format = builder.format();
    let (mut data, mut valid, mut distinct, mut counts) = builder.finish();
    let mut sample = column.sample.clone();
    if let (Data::Text(texts), true) = (&data, column.open) {
        for value in texts.values() {
            if sample.len() < 5 && !sample.iter().any(|known| known == value) {
                sample.push(value.to_string());
            }
        }
        let tally = tally(texts, &texts.uses(&valid), column.given);
        let found = tally.decide(column.given, plan.decimal, order, is_flag_name(&column.name));
        if found != Format::Text {
            format = found;
            (data, valid, distinct, counts) =
                convert(texts, &valid, found, &column.currency, &counts.missing_examples).finish();
        }
    }
    let mut apostrophes = (0, Vec::new());
    if let Data::Text(texts) = &mut data {
        if let Some(bare) = without_apostrophes(texts, &valid, &mut apostrophes) {
            (distinct, *texts) = (bare.distinct(), bare);
            sample.iter_mut().filter(|cell| is_marked(cell)).for_each(|cell| _ = cell.remove(0));
        }
        let chosen = matches!(format, Format::List(_));
        let named = chosen || is_list_name(&column.name);
        let may = chosen || !column.settled || column.open;
        let found = || if may { mark_of(texts, &|| texts.uses(&valid), named) } else { None };
        let mark = column.separator.or_else(found);
        // Who chose lists gets lists, of one value each where nothing parts them.
        if let Some(mark) = mark.or(chosen.then_some(b',')) {
            let lists = Lists::new(std::mem::take(texts), &|cell, visit| split(cell, mark, visit));
            (format, distinct) = (Format::List(mark), lists.values().distinct());
            data = Data::List(lists);
        }
    }
    let mut serial = None;
    if let Data::Number(values) = &data {
        let wanted = column.wanted.filter(|&kind| is_calendar(kind));
        let may = wanted.is_some() || !column.settled || column.open;
        serial = Serial::of(values, &valid, &column.name, wanted).filter(|_| may);
        if let Some(serial) = serial {
            (data, valid) = serial.convert(values, &valid, wanted, &mut counts);
        }
    }
    let fit = if counts.present == 0 { 1.0 } else { counts.fits_count() as f64 / counts.present as f64 };
    let (role, role_confidence) = column.role.map_or((Role::Other, 0.0), |role| (role, 1.0));
    let pattern = match format {
        Format::Date(order) | Format::Time(order) => sample.iter().find_map(|cell| pattern(cell, order)),
        _ => None,
    };
    let pattern = pattern.unwrap_or_default();
    let (name, derived) = (column.name.clone(), Derived::default());
    let column = Column { name, data, valid, role, role_confidence, fit, distinct, sample, pattern, derived };
    Finished { column, format, counts, serial, apostrophes }
}

/// Whether a cell is a code behind an apostrophe, by which spreadsheets and shops keep numbers as text: `'+3161…`, `'0042`.
fn is_marked(cell: &str) -> bool {
    matches!(cell.as_bytes(), [b'\'', b'+' | b'0'..=b'9', ..])
}

/// The texts without the apostrophes before codes, where there are any; counts the cells.
fn without_apostrophes(texts: &Texts, valid: &Bitmap, found: &mut (u64, Vec<Example>)) -> Option<Texts> {
    memchr(b'\'', texts.arena().as_bytes())?;
    let marked: Vec<bool> = texts.values().map(is_marked).collect();
    if !marked.contains(&true) {
        return None;
    }
    for row in valid.iter().filter(|&row| marked[texts.codes()[row] as usize]) {
        found.0 += 1;
        note(&mut found.1, row as u64 + 1, texts.get(row));
    }
    if found.0 == 0 {
        return None;
    }
    let mut bare = TextsBuilder::default();
    let codes: Vec<u32> =
        texts.values().zip(marked).map(|(value, marked)| bare.number_of(&value[usize::from(marked)..])).collect();
    let rows = texts.codes().iter().map(|&code| codes.get(code as usize).copied().unwrap_or(0)).collect();
    Some(bare.finish_distinct().with_codes(rows))
}

/// The counts that inference needs, over all cells, by way of the distinct texts.
fn tally(texts: &Texts, uses: &[u64], given: Settled) -> Tally {
    let mut tally = Tally::default();
    texts.values().zip(uses).for_each(|(value, &count)| tally.add(value, count, given));
    tally
}

/// The decimal mark that the columns use: the file's own, unless all its number columns use the other.
pub fn decimal_of(finished: &[Finished], plan: &Plan) -> Decimal {
    let uses = |mark| finished.iter().filter(|found| found.format == Format::Number(mark)).count();
    if uses(plan.decimal) == 0 && uses(plan.decimal.other()) > 0 { plan.decimal.other() } else { plan.decimal }
}
