//! One column in the making: cells in, typed values and counts out.
//!
//! What is counted here is what the verification needs: a plan made from the head stands only if the totals agree.

use crate::math::cells::{self, GROUP, Pair, Sorted, Spellings, hash};
use crate::math::distinct::Distinct;
use crate::math::rows::Field;
use crate::read::batch::Cells;
use crate::read::bits::Bits;
use crate::read::dates::{self, Moment};
use crate::read::infer::{Format, MarkEvidence, OrderEvidence};
use crate::read::number::{self, Decimal};
use crate::read::options::DateOrder;
use crate::read::words::{PAIRS, boolean, is_missing};
use crate::table::bitmap::Bitmap;
use crate::table::column::Data;
use crate::table::finding::{Example, Finding};
use crate::table::texts::{Texts, TextsBuilder};

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
    /// The first of them.
    pub short_year_examples: Vec<Example>,
    /// Numbers by the unit beside them, as far as one was met, with the first of each.
    pub units: Vec<(u64, Vec<Example>)>,
}

#[derive(Debug)]
enum Store {
    Number(Vec<f64>),
    Text(TextsBuilder),
    Date(Vec<i32>),
    Time(Vec<i64>),
    Boolean(Bits),
    /// Hashes of distinct texts of a column that is not kept.
    Nothing(Distinct),
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
            _ if !loaded => Store::Nothing(Distinct::default()),
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

    /// Takes a column of a batch, whose cells lie at `fields`; `first` is the number of its first row, counted from 1.
    ///
    /// A group of cells at a time goes through a kernel that takes what is plainly written; the rest is looked at one by
    /// one.
    pub fn take(&mut self, cells: &Cells<'_>, fields: &[Field], first: u64, missing: &[String]) {
        let pair = match self.format {
            Format::Boolean(pair) => Pair::new(PAIRS[pair].0, PAIRS[pair].1),
            _ => None,
        };
        let mut group = Group::default();
        for (first, fields) in (first..).step_by(GROUP).zip(fields.chunks(GROUP)) {
            let all = u64::MAX >> (GROUP - fields.len());
            // Words that the user calls missing may be plainly written, too.
            let plain = if missing.is_empty() {
                group.plain(self.format, pair, cells.bytes(), fields, &mut self.counts)
            } else {
                None
            };
            let Sorted { mut valid, mut odd } = plain.unwrap_or(Sorted { valid: 0, odd: all });
            if self.counts.missing_examples.len() < Finding::EXAMPLES {
                odd = all & !valid;
            }
            self.counts.present += u64::from(valid.count_ones());
            while odd != 0 {
                let at = odd.trailing_zeros() as usize;
                odd &= odd - 1;
                let cell = Some(cells.text(fields[at]));
                valid |=
                    u64::from(group.look(at, self.format, first + at as u64, cell, missing, &mut self.counts)) << at;
            }
            self.push(&group, valid, fields.len(), |at| cells.text(fields[at]));
        }
    }

    /// Takes cells one by one.
    fn take_cells<'a>(&mut self, cells: impl Iterator<Item = Option<&'a str>>) {
        let mut group = Group::default();
        for (row, cell) in (1..).zip(cells) {
            let valid = group.look(0, self.format, row, cell, &[], &mut self.counts);
            self.push(&group, u64::from(valid), 1, |_| cell.unwrap_or(""));
        }
    }

    /// Appends a group of cells, of which these are valid.
    fn push<'a>(&mut self, group: &Group, valid: u64, len: usize, text: impl Fn(usize) -> &'a str) {
        self.valid.push_word(valid, len);
        let is_valid = |at: usize| valid >> at & 1 == 1;
        match &mut self.store {
            Store::Number(values) => values.extend_from_slice(&group.numbers[..len]),
            Store::Date(values) => values.extend_from_slice(&group.days[..len]),
            Store::Time(values) => values.extend_from_slice(&group.times[..len]),
            Store::Boolean(values) => values.push_word(group.yes & valid, len),
            Store::Text(texts) => {
                let mut cells = [None; GROUP];
                cells.iter_mut().take(len).enumerate().for_each(|(at, cell)| *cell = is_valid(at).then(|| text(at)));
                texts.push_all(&cells[..len]);
            }
            Store::Nothing(seen) if seen.count() < UNLOADED_DISTINCT => {
                let (mut hashes, mut count) = ([0; GROUP], 0);
                for at in (0..len).filter(|&at| is_valid(at)) {
                    hashes[count] = hash(text(at).as_bytes());
                    count += 1;
                }
                seen.extend(&hashes[..count]);
            }
            Store::Nothing(_) => {}
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
                Store::Nothing(seen) => seen.bytes(),
            }
    }

    /// The values, which of them are there, the number of distinct ones, and the counts.
    pub fn finish(self) -> (Data, Bitmap, usize, Counts) {
        let valid = self.valid.finish();
        let (data, distinct) = match self.store {
            Store::Number(values) => {
                let distinct = distinct(&valid, |row| values[row].to_bits());
                (Data::Number(values), distinct)
            }
            Store::Text(texts) => {
                let texts = texts.finish();
                let distinct = texts.distinct();
                (Data::Text(texts), distinct)
            }
            Store::Date(values) => {
                let distinct = distinct(&valid, |row| values[row] as u64);
                (Data::Date(values), distinct)
            }
            Store::Time(values) => {
                let distinct = distinct(&valid, |row| values[row] as u64);
                (Data::Time(values), distinct)
            }
            Store::Boolean(values) => {
                let values = values.finish();
                let (yes, all) = (values.count(), valid.count());
                (Data::Boolean(values), usize::from(yes > 0) + usize::from(yes < all))
            }
            Store::Nothing(seen) => (Data::Unloaded(self.format.kind()), seen.count().min(UNLOADED_DISTINCT)),
        };
        (data, valid, distinct, self.counts)
    }
}

/// The number of different keys of the valid rows.
fn distinct(valid: &Bitmap, key: impl Fn(usize) -> u64) -> usize {
    let (mut distinct, mut keys) = (Distinct::default(), [0; GROUP]);
    for (start, &word) in (0..).step_by(GROUP).zip(valid.words()) {
        let (mut rest, mut count) = (word, 0);
        while rest != 0 {
            keys[count] = key(start + rest.trailing_zeros() as usize);
            (count, rest) = (count + 1, rest & (rest - 1));
        }
        distinct.extend(&keys[..count]);
    }
    distinct.count()
}

/// The values of some cells of a column, whichever type it has.
struct Group {
    numbers: [f64; GROUP],
    days: [i32; GROUP],
    times: [i64; GROUP],
    yes: u64,
}

impl Default for Group {
    fn default() -> Group {
        Group { numbers: [f64::NAN; GROUP], days: [Data::NO_DAY; GROUP], times: [Data::NO_TIME; GROUP], yes: 0 }
    }
}

impl Group {
    /// Takes what is plainly written; nothing if the format has no plain way.
    fn plain(
        &mut self,
        format: Format,
        pair: Option<Pair>,
        bytes: &[u8],
        fields: &[Field],
        counts: &mut Counts,
    ) -> Option<Sorted> {
        Some(match format {
            Format::Text | Format::List(_) => cells::texts(bytes, fields),
            Format::Number(decimal) => {
                let mut spellings = Spellings::default();
                let sorted = cells::numbers(bytes, fields, decimal.mark(), &mut self.numbers, &mut spellings);
                counts.codes += spellings.leading_zeros;
                counts.marks.open += spellings.open;
                *counts.proofs(decimal) += spellings.proofs;
                sorted
            }
            Format::Date(_) => cells::days(bytes, fields, Data::NO_DAY, &mut self.days),
            Format::Boolean(_) => {
                let (yes, sorted) = cells::booleans(bytes, fields, pair?);
                self.yes = yes;
                sorted
            }
            Format::Time(_) => return None,
        })
    }

    /// Looks at one cell; whether it holds a value.
    fn look(
        &mut self,
        at: usize,
        format: Format,
        row: u64,
        cell: Option<&str>,
        missing: &[String],
        counts: &mut Counts,
    ) -> bool {
        (self.numbers[at], self.days[at], self.times[at]) = (f64::NAN, Data::NO_DAY, Data::NO_TIME);
        self.yes &= !(1 << at);
        let Some(cell) = cell.filter(|cell| !is_missing(cell, missing)) else {
            note(&mut counts.missing_examples, row, cell.unwrap_or(""));
            return false;
        };
        counts.present += 1;
        let valid = match format {
            Format::Text | Format::List(_) => true,
            Format::Number(decimal) => {
                counts.number(cell, decimal, row).map(|value| self.numbers[at] = value).is_some()
            }
            Format::Date(order) | Format::Time(order) => counts
                .moment(cell, order, row)
                .map(|moment| (self.days[at], self.times[at]) = (moment.day, moment.utc))
                .is_some(),
            Format::Boolean(pair) => boolean(cell, pair).map(|yes| self.yes |= u64::from(yes) << at).is_some(),
        };
        if !valid {
            counts.misfit(row, cell);
        }
        valid
    }
}

impl Counts {
    /// Cells that fit the type.
    pub fn fits_count(&self) -> u64 {
        self.present - self.misfits
    }

    #[inline]
    fn number(&mut self, cell: &str, decimal: Decimal, row: u64) -> Option<f64> {
        let Some(number) = number::parse(cell, decimal) else {
            if number::parse(cell, decimal.other()).is_some() {
                *self.proofs(decimal.other()) += 1;
            }
            return None;
        };
        self.codes += u64::from(number.leading_zero || number.long);
        self.marks.open += u64::from(number.ambiguous);
        if number.unit > 0 {
            self.unit(number.unit, row, cell);
        }
        *self.proofs(decimal) += u64::from(number.proof);
        // −0 and 0 are one value.
        Some(number.value + 0.0)
    }

    #[cold]
    fn unit(&mut self, unit: u8, row: u64, cell: &str) {
        let unit = usize::from(unit);
        self.units.resize(self.units.len().max(unit + 1), Default::default());
        let (count, examples) = &mut self.units[unit];
        *count += 1;
        note(examples, row, cell);
    }

    fn proofs(&mut self, decimal: Decimal) -> &mut u64 {
        match decimal {
            Decimal::Point => &mut self.marks.point,
            Decimal::Comma => &mut self.marks.comma,
        }
    }

    #[inline]
    fn moment(&mut self, cell: &str, order: DateOrder, row: u64) -> Option<Moment> {
        let found = dates::parse(cell, order);
        let other = if order == DateOrder::Dmy { DateOrder::Mdy } else { DateOrder::Dmy };
        if let Some(moment) = found.or_else(|| dates::parse(cell, other)) {
            self.orders.note(moment.orders, 1);
            self.timed += u64::from(moment.timed);
            if moment.short_year {
                self.short_years += 1;
                note(&mut self.short_year_examples, row, cell);
            }
        }
        found
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

/// Turns a text column into one of another format, cell by cell, with the counts that go with it.
pub fn convert(texts: &Texts, valid: &Bitmap, format: Format, missing: &[Example]) -> Builder {
    let mut builder = Builder::new(format, true, texts.len());
    builder.take_cells((0..texts.len()).map(|row| valid.get(row).then(|| texts.get(row))));
    builder.counts.missing_examples = missing.to_vec();
    builder
}
