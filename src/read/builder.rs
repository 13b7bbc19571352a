//! One column in the making: cells in, typed values and counts out.
//!
//! What is counted here is what the verification needs: a plan made from the head stands only if the totals agree.

use crate::read::batch::Cells;
use crate::read::bits::Bits;
use crate::read::dates::{self, Moment};
use crate::read::distinct::distinct;
use crate::read::infer::{Format, MarkEvidence, OrderEvidence};
use crate::read::number::{self, Decimal};
use crate::read::options::DateOrder;
use crate::read::words::{boolean, is_missing};
use crate::table::bitmap::Bitmap;
use crate::table::column::Data;
use crate::table::finding::{Example, Finding};
use crate::table::texts::{Texts, TextsBuilder};
use std::collections::HashSet;

/// Distinct values that are told apart in columns that are not kept in memory; above that the number is a lower bound.
pub const UNLOADED_DISTINCT: usize = 100_000;

/// What was counted over a column.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    /// Cells that are not missing.
    pub present: u64,
    /// Of those, cells that do not fit the type.
    pub misfits: u64,
    /// The first of them.
    pub misfit_examples: Vec<Example>,
    /// The first missing cells; an absent one is empty.
    pub missing_examples: Vec<Example>,
    /// Cells that look like codes: leading zeros, too many digits.
    pub codes: u64,
    /// Evidence about the decimal mark, from cells that fit and those that only fit the other mark.
    pub marks: MarkEvidence,
    /// Evidence about the order of day and month.
    pub orders: OrderEvidence,
    /// Days with a time that is not midnight.
    pub timed: u64,
    /// Days whose year is written with two digits.
    pub short_years: u64,
    /// Numbers by the unit beside them, as far as one was met.
    pub units: Vec<u64>,
}

#[derive(Debug)]
enum Store {
    Number(Vec<f64>),
    Text(TextsBuilder),
    Date(Vec<i32>),
    Time(Vec<i64>),
    Boolean(Bits),
    /// Hashes of distinct texts of a column that is not kept.
    Nothing(HashSet<u64>),
}

/// A column in the making.
#[derive(Debug)]
pub struct Builder {
    format: Format,
    store: Store,
    valid: Bits,
    /// What was counted.
    pub counts: Counts,
}

impl Builder {
    /// Takes memory ahead for so many distinct texts with so many bytes in all.
    pub fn reserve_distinct(&mut self, values: usize, bytes: usize) {
        if let Store::Text(texts) = &mut self.store {
            texts.reserve_distinct(values, bytes);
        }
    }

    /// An empty column with room for so many rows.
    pub fn new(format: Format, loaded: bool, rows: usize) -> Builder {
        let store = match format {
            _ if !loaded => Store::Nothing(HashSet::new()),
            Format::Text | Format::List(_) => Store::Text(TextsBuilder::with_capacity(rows)),
            Format::Number(_) => Store::Number(Vec::with_capacity(rows)),
            Format::Date(_) => Store::Date(Vec::with_capacity(rows)),
            Format::Time(_) => Store::Time(Vec::with_capacity(rows)),
            Format::Boolean(_) => Store::Boolean(Bits::with_capacity(rows)),
        };
        Builder { format, store, valid: Bits::with_capacity(rows), counts: Counts::default() }
    }

    /// How cells are converted.
    pub fn format(&self) -> Format {
        self.format
    }

    /// Takes a column of a batch; `first` is the number of its first row, counted from 1.
    pub fn take(&mut self, cells: &Cells<'_>, column: usize, first: u64, missing: &[String]) {
        self.take_cells(cells.column(column), first, missing);
    }

    #[inline]
    fn take_cells<'a>(&mut self, cells: impl Iterator<Item = Option<&'a str>>, first: u64, missing: &[String]) {
        let (counts, valid) = (&mut self.counts, &mut self.valid);
        let mut row = first;
        // One loop per type, so that nothing is decided again for every cell.
        macro_rules! each {
            ($convert:expr, $push:expr) => {
                for cell in cells {
                    let value = match cell {
                        Some(cell) if !is_missing(cell, missing) => {
                            counts.present += 1;
                            let value = $convert(cell, &mut *counts);
                            if value.is_none() {
                                counts.misfit(row, cell);
                            }
                            value
                        }
                        absent => {
                            note(&mut counts.missing_examples, row, absent.unwrap_or(""));
                            None
                        }
                    };
                    valid.push(value.is_some());
                    $push(value);
                    row += 1;
                }
            };
        }
        match (&mut self.store, self.format) {
            (Store::Number(values), Format::Number(decimal)) => {
                each!(|cell, counts: &mut Counts| counts.number(cell, decimal), |value: Option<f64>| values
                    .push(value.unwrap_or(f64::NAN)))
            }
            (Store::Text(texts), _) => {
                let mut values = Vec::with_capacity(cells.size_hint().0);
                each!(|cell, _: &mut Counts| Some(cell), |value: Option<&'a str>| values.push(value));
                texts.push_all(&values);
            }
            (Store::Date(values), Format::Date(order)) => {
                each!(
                    |cell, counts: &mut Counts| counts.moment(cell, order).map(|moment| moment.day),
                    |value: Option<i32>| values.push(value.unwrap_or(Data::NO_DAY))
                )
            }
            (Store::Time(values), Format::Time(order)) => {
                each!(
                    |cell, counts: &mut Counts| counts.moment(cell, order).map(|moment| moment.utc),
                    |value: Option<i64>| values.push(value.unwrap_or(Data::NO_TIME))
                )
            }
            (Store::Boolean(values), Format::Boolean(pair)) => {
                each!(|cell, _: &mut Counts| boolean(cell, pair), |value: Option<bool>| values
                    .push(value == Some(true)))
            }
            (Store::Nothing(seen), format) => {
                each!(|cell, counts: &mut Counts| counts.fits(cell, format).then_some(cell), |value: Option<&str>| {
                    if let Some(value) = value.filter(|_| seen.len() < UNLOADED_DISTINCT) {
                        seen.insert(hash(value.as_bytes()));
                    }
                })
            }
            // A store is made for its format, in `new`.
            _ => {}
        }
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.valid.bytes()
            + match &self.store {
                Store::Number(values) => values.len() * 8,
                Store::Text(texts) => texts.bytes(),
                Store::Date(values) => values.len() * 4,
                Store::Time(values) => values.len() * 8,
                Store::Boolean(values) => values.bytes(),
                Store::Nothing(seen) => seen.len() * 16,
            }
    }

    /// The values, which of them are there, the number of distinct ones, and the counts.
    pub fn finish(self) -> (Data, Bitmap, usize, Counts) {
        let valid = self.valid.finish();
        let (data, distinct) = match self.store {
            Store::Number(values) => {
                let distinct = distinct(valid.iter().map(|row| values[row].to_bits()));
                (Data::Number(values), distinct)
            }
            Store::Text(texts) => {
                let texts = texts.finish();
                let distinct = texts.distinct();
                (Data::Text(texts), distinct)
            }
            Store::Date(values) => {
                let distinct = distinct(valid.iter().map(|row| values[row] as u64));
                (Data::Date(values), distinct)
            }
            Store::Time(values) => {
                let distinct = distinct(valid.iter().map(|row| values[row] as u64));
                (Data::Time(values), distinct)
            }
            Store::Boolean(values) => {
                let values = values.finish();
                let (yes, all) = (values.count(), valid.count());
                (Data::Boolean(values), usize::from(yes > 0) + usize::from(yes < all))
            }
            Store::Nothing(seen) => (Data::Unloaded(self.format.kind()), seen.len()),
        };
        (data, valid, distinct, self.counts)
    }
}

impl Counts {
    /// Cells that fit the type.
    pub fn fits_count(&self) -> u64 {
        self.present - self.misfits
    }

    #[inline]
    fn number(&mut self, cell: &str, decimal: Decimal) -> Option<f64> {
        let Some(number) = number::parse(cell, decimal) else {
            if number::parse(cell, decimal.other()).is_some() {
                *self.proofs(decimal.other()) += 1;
            }
            return None;
        };
        self.codes += u64::from(number.leading_zero || number.long);
        self.marks.open += u64::from(number.ambiguous);
        if number.unit > 0 {
            self.unit(number.unit);
        }
        *self.proofs(decimal) += u64::from(number.proof);
        // −0 and 0 are one value.
        Some(number.value + 0.0)
    }

    #[cold]
    fn unit(&mut self, unit: u8) {
        let unit = usize::from(unit);
        self.units.resize(self.units.len().max(unit + 1), 0);
        self.units[unit] += 1;
    }

    fn proofs(&mut self, decimal: Decimal) -> &mut u64 {
        match decimal {
            Decimal::Point => &mut self.marks.point,
            Decimal::Comma => &mut self.marks.comma,
        }
    }

    #[inline]
    fn moment(&mut self, cell: &str, order: DateOrder) -> Option<Moment> {
        let found = dates::parse(cell, order);
        let other = if order == DateOrder::Dmy { DateOrder::Mdy } else { DateOrder::Dmy };
        if let Some(moment) = found.or_else(|| dates::parse(cell, other)) {
            self.orders.note(moment.orders, 1);
            self.timed += u64::from(moment.timed);
            self.short_years += u64::from(moment.short_year);
        }
        found
    }

    fn fits(&mut self, cell: &str, format: Format) -> bool {
        match format {
            Format::Text | Format::List(_) => true,
            Format::Number(decimal) => self.number(cell, decimal).is_some(),
            Format::Date(order) | Format::Time(order) => self.moment(cell, order).is_some(),
            Format::Boolean(pair) => boolean(cell, pair).is_some(),
        }
    }

    #[cold]
    fn misfit(&mut self, row: u64, cell: &str) {
        self.misfits += 1;
        note(&mut self.misfit_examples, row, cell);
    }
}

/// Keeps the first few examples, long cells cut.
#[inline]
pub fn note(examples: &mut Vec<Example>, row: u64, cell: &str) {
    if examples.len() < Finding::EXAMPLES {
        examples.push(Example { row, value: shorten(cell) });
    }
}

/// A cell for a message: at most 60 characters.
pub fn shorten(cell: &str) -> String {
    match cell.char_indices().nth(60) {
        Some((at, _)) => format!("{}…", &cell[..at]),
        None => cell.to_string(),
    }
}

/// FNV-1a: only counts distinct texts of columns that are not kept.
fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xCBF2_9CE4_8422_2325, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01B3))
}

/// Turns a text column into one of another format, cell by cell, with the counts that go with it.
pub fn convert(texts: &Texts, valid: &Bitmap, format: Format, missing: &[Example]) -> Builder {
    let mut builder = Builder::new(format, true, texts.len());
    builder.take_cells((0..texts.len()).map(|row| valid.get(row).then(|| texts.get(row))), 1, &[]);
    builder.counts.missing_examples = missing.to_vec();
    builder
}
