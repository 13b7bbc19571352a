//! One column in the making: cells in, typed values and counts out.
//!
//! What is counted here is what the verification needs: a plan made from the head stands only if the totals agree.

use crate::math::cells::{self, DayOrders, Pair, Sorted, Spellings};
use crate::math::distinct::{Distinct, of_days, of_moments, of_numbers};
use crate::math::rows::{Column, Sources};
use crate::read::bits::Bits;
use crate::read::dates::{self, Moment};
use crate::read::infer::{Format, MarkEvidence, OrderEvidence};
use crate::read::number::{self, Decimal};
use crate::read::options::DateOrder;
use crate::read::wire::Wire;
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

/// The values of a column, whichever type it has.
#[derive(Debug)]
enum Store {
    Number(Vec<f64>),
    Text(TextsBuilder),
    Date(Vec<i32>),
    Time(Vec<i64>),
    Boolean(Bits),
}

/// A column in the making.
#[derive(Debug)]
pub struct Builder {
    format: Format,
    store: Store,
    /// Hashes of the distinct texts of a column that is not kept: its values are forgotten after every batch.
    unkept: Option<Distinct>,
    valid: Bits,
    /// What was counted.
    pub counts: Counts,
    /// The one currency that amounts may have.
    pub currency: Option<String>,
    sorted: Sorted,
    hashes: Vec<u64>,
}

impl Builder {
    /// Takes memory ahead for so many distinct texts with so many bytes in all.
    pub fn reserve_distinct(&mut self, values: usize, bytes: usize) {
        if let (Store::Text(texts), None) = (&mut self.store, &self.unkept) {
            texts.reserve_distinct(values, bytes);
        }
    }

    /// An empty column with room for so many rows.
    pub fn new(format: Format, loaded: bool, rows: usize) -> Builder {
        let kept = if loaded { rows } else { 0 };
        let store = match format {
            Format::Text | Format::List(_) => Store::Text(TextsBuilder::with_capacity(kept)),
            Format::Number(_) => Store::Number(Vec::with_capacity(kept)),
            Format::Date(_) => Store::Date(Vec::with_capacity(kept)),
            Format::Time(_) => Store::Time(Vec::with_capacity(kept)),
            Format::Boolean(_) => Store::Boolean(Bits::with_capacity(kept)),
        };
        Builder {
            format,
            store,
            unkept: (!loaded).then(Distinct::default),
            valid: Bits::with_capacity(rows),
            counts: Counts::default(),
            currency: None,
            sorted: Sorted::default(),
            hashes: Vec::new(),
        }
    }

    /// How cells are converted.
    pub fn format(&self) -> Format {
        self.format
    }

    /// Takes a column of a batch; `first` is the number of its first row, counted from 1.
    ///
    /// All cells go through a kernel that takes what is plainly written; the rest is looked at one by one.
    pub fn take(&mut self, sources: Sources<'_>, cells: Column<'_>, first: u64, missing: &[String]) {
        let mut sorted = std::mem::take(&mut self.sorted);
        let start = self.store.len();
        self.store.make_room(cells.len());
        // Words that the user calls missing may be plainly written, too.
        let may = missing.is_empty();
        self.store.sort(self.format, sources.plain.as_bytes(), cells, may, &mut sorted, &mut self.counts);
        for (word, at) in (0..cells.len()).step_by(64).enumerate() {
            let rows = (cells.len() - at).min(64);
            let (mut valid, mut odd) = (sorted.valid[word], sorted.odd[word]);
            self.counts.present += u64::from(valid.count_ones());
            if self.counts.missing_examples.len() < Finding::EXAMPLES {
                odd = u64::MAX >> (64 - rows) & !valid;
            }
            while odd != 0 {
                let bit = odd.trailing_zeros() as usize;
                odd &= odd - 1;
                let row = at + bit;
                let cell = sources.text(cells.get(row));
                let yes = self.look(start + row, first + row as u64, Some(cell), missing);
                valid |= u64::from(yes.is_some()) << bit;
                if yes == Some(true) {
                    sorted.yes[word] |= 1 << bit;
                }
            }
            self.valid.push_word(valid, rows);
            sorted.valid[word] = valid;
            if let Store::Boolean(values) = &mut self.store {
                values.push_word(sorted.yes[word] & valid, rows);
            }
        }
        match &mut self.unkept {
            None => {
                if let Store::Text(texts) = &mut self.store {
                    texts.append(sources, cells, &sorted.valid);
                }
            }
            Some(seen) => {
                self.store.clear();
                if seen.count() < UNLOADED_DISTINCT {
                    cells::hashes(sources, cells, &sorted.valid, &mut self.hashes);
                    seen.extend(&self.hashes);
                }
            }
        }
        self.sorted = sorted;
    }

    /// Takes cells one by one.
    fn take_cells<'a>(&mut self, cells: impl Iterator<Item = Option<&'a str>>) {
        for (row, cell) in (1..).zip(cells) {
            let at = self.store.len();
            match &mut self.store {
                Store::Number(values) => values.push(f64::NAN),
                Store::Date(values) => values.push(Data::NO_DAY),
                Store::Time(values) => values.push(Data::NO_TIME),
                Store::Text(_) | Store::Boolean(_) => {}
            }
            let yes = self.look(at, row, cell, &[]);
            self.valid.push(yes.is_some());
            match &mut self.store {
                Store::Boolean(values) => values.push(yes == Some(true)),
                Store::Text(texts) => _ = texts.push(cell.unwrap_or("")),
                _ => {}
            }
        }
    }

    /// Looks at one cell and writes its value to a place; nothing if it holds none, and whether it says yes.
    fn look(&mut self, at: usize, row: u64, cell: Option<&str>, missing: &[String]) -> Option<bool> {
        let counts = &mut self.counts;
        let Some(cell) = cell.filter(|cell| !is_missing(cell, missing)) else {
            note(&mut counts.missing_examples, row, cell.unwrap_or(""));
            return None;
        };
        counts.present += 1;
        let found = match (self.format, &mut self.store) {
            (Format::Number(decimal), Store::Number(values)) => counts
                .number(cell, decimal, row, self.currency.as_deref())
                .map(|value| values[at] = value)
                .map(|()| false),
            (Format::Date(order), Store::Date(values)) => {
                counts.moment(cell, order, row).map(|moment| values[at] = moment.day).map(|()| false)
            }
            (Format::Time(order), Store::Time(values)) => {
                counts.moment(cell, order, row).map(|moment| values[at] = moment.utc).map(|()| false)
            }
            (Format::Boolean(pair), _) => boolean(cell, pair),
            _ => Some(false),
        };
        if found.is_none() {
            counts.misfit(row, cell);
        }
        found
    }

    /// Hands over what was read of a stretch.
    pub fn pack(mut self, wire: &mut Wire) {
        self.valid.pack(wire);
        self.counts.wire(wire);
        if let Some(seen) = self.unkept {
            return wire.words(&mut seen.keys());
        }
        match self.store {
            Store::Number(mut values) => wire.floats(&mut values),
            Store::Date(mut values) => wire.days(&mut values),
            Store::Time(mut values) => wire.moments(&mut values),
            Store::Boolean(values) => values.pack(wire),
            Store::Text(texts) => {
                let texts = texts.finish();
                wire.halves(&mut texts.codes().to_vec());
                wire.text(&mut texts.arena().to_string());
                wire.words(&mut texts.ends().iter().map(|&end| end as u64).collect());
            }
        }
    }

    /// Takes over what was read of a later stretch, after so many rows.
    pub fn join(&mut self, wire: &mut Wire, rows: u64) {
        let valid = self.valid.join(wire);
        let mut counts = Counts::default();
        counts.wire(wire);
        self.counts.add(counts, rows);
        let (mut words, mut halves) = (Vec::new(), Vec::new());
        if let Some(seen) = &mut self.unkept {
            wire.words(&mut words);
            return seen.extend_keys(&words);
        }
        match &mut self.store {
            Store::Number(values) => wire.floats(values),
            Store::Date(values) => wire.days(values),
            Store::Time(values) => wire.moments(values),
            Store::Boolean(values) => _ = values.join(wire),
            Store::Text(texts) => {
                let mut arena = String::new();
                wire.halves(&mut halves);
                wire.text(&mut arena);
                wire.words(&mut words);
                texts.join(&arena, &words, &halves, &valid);
            }
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
            }
            + self.unkept.as_ref().map_or(0, Distinct::bytes)
    }

    /// The values, which of them are there, the number of distinct ones, and the counts.
    pub fn finish(self) -> (Data, Bitmap, usize, Counts) {
        let valid = self.valid.finish();
        if let Some(seen) = self.unkept {
            let distinct = seen.count().min(UNLOADED_DISTINCT);
            return (Data::Unloaded(self.format.kind()), valid, distinct, self.counts);
        }
        let (data, distinct) = match self.store {
            Store::Number(values) => {
                let distinct = of_numbers(&values, valid.words());
                (Data::Number(values), distinct)
            }
            Store::Text(texts) => {
                let texts = texts.finish();
                let distinct = texts.distinct();
                (Data::Text(texts), distinct)
            }
            Store::Date(values) => {
                let distinct = of_days(&values, valid.words());
                (Data::Date(values), distinct)
            }
            Store::Time(values) => {
                let distinct = of_moments(&values, valid.words());
                (Data::Time(values), distinct)
            }
            Store::Boolean(values) => {
                let values = values.finish();
                let (yes, all) = (values.count(), valid.count());
                (Data::Boolean(values), usize::from(yes > 0) + usize::from(yes < all))
            }
        };
        (data, valid, distinct, self.counts)
    }
}

impl Store {
    /// Where the value of the next cell is written.
    fn len(&self) -> usize {
        match self {
            Store::Number(values) => values.len(),
            Store::Date(values) => values.len(),
            Store::Time(values) => values.len(),
            Store::Text(_) | Store::Boolean(_) => 0,
        }
    }

    fn make_room(&mut self, more: usize) {
        match self {
            Store::Number(values) => cells::make_room(values, more),
            Store::Date(values) => cells::make_room(values, more),
            Store::Time(values) => cells::make_room(values, more),
            Store::Text(_) | Store::Boolean(_) => {}
        }
    }

    fn clear(&mut self) {
        match self {
            Store::Number(values) => values.clear(),
            Store::Date(values) => values.clear(),
            Store::Time(values) => values.clear(),
            Store::Boolean(values) => *values = Bits::default(),
            Store::Text(_) => {}
        }
    }

    /// Takes what is plainly written and sorts out the rest; where `may` forbids it, all is the rest.
    fn sort(
        &mut self,
        format: Format,
        bytes: &[u8],
        cells: Column<'_>,
        may: bool,
        sorted: &mut Sorted,
        counts: &mut Counts,
    ) {
        match (self, format) {
            (Store::Text(_), _) if may => cells::texts(bytes, cells, sorted),
            (Store::Number(values), Format::Number(decimal)) if may => {
                let mut spellings = Spellings::default();
                cells::numbers(bytes, cells, decimal.mark(), values, sorted, &mut spellings);
                counts.codes += spellings.leading_zeros;
                counts.marks.open += spellings.open;
                *counts.proofs(decimal) += spellings.proofs;
            }
            (Store::Date(values), Format::Date(order)) if may => {
                let mut found = DayOrders::default();
                let month_first = (order != DateOrder::Ymd).then_some(order == DateOrder::Mdy);
                cells::days(bytes, cells, month_first, Data::NO_DAY, values, sorted, &mut found);
                counts.orders.either += found.either;
                *counts.orders.proofs(order) += found.proofs;
            }
            (Store::Time(values), _) if may => {
                cells::moments(bytes, cells, Data::NO_TIME, values, sorted, &mut counts.timed);
            }
            (Store::Boolean(_), Format::Boolean(pair)) if may => match Pair::new(PAIRS[pair].0, PAIRS[pair].1) {
                Some(pair) => cells::booleans(bytes, cells, pair, sorted),
                None => sorted.all_odd(cells.len()),
            },
            (store, _) => {
                match store {
                    Store::Number(values) => values.resize(values.len() + cells.len(), f64::NAN),
                    Store::Date(values) => values.resize(values.len() + cells.len(), Data::NO_DAY),
                    Store::Time(values) => values.resize(values.len() + cells.len(), Data::NO_TIME),
                    Store::Text(_) | Store::Boolean(_) => {}
                }
                sorted.all_odd(cells.len());
            }
        }
    }
}

impl Counts {
    /// Hands the counts over, or takes them.
    fn wire(&mut self, wire: &mut Wire) {
        let Counts { present, misfits, codes, marks, orders, timed, short_years, .. } = self;
        wire.numbers([present, misfits, codes, timed, short_years]);
        wire.numbers([&mut marks.point, &mut marks.comma, &mut marks.open]);
        wire.numbers([&mut orders.day_first, &mut orders.month_first, &mut orders.either]);
        wire.list(&mut self.units, |wire, (count, examples)| {
            wire.number(count);
            wire_examples(examples, wire);
        });
        wire_examples(&mut self.short_year_examples, wire);
        wire_examples(&mut self.misfit_examples, wire);
        wire_examples(&mut self.missing_examples, wire);
    }

    /// Adds what was counted after so many rows.
    fn add(&mut self, later: Counts, rows: u64) {
        self.present += later.present;
        self.misfits += later.misfits;
        self.codes += later.codes;
        self.timed += later.timed;
        self.short_years += later.short_years;
        self.marks.point += later.marks.point;
        self.marks.comma += later.marks.comma;
        self.marks.open += later.marks.open;
        self.orders.day_first += later.orders.day_first;
        self.orders.month_first += later.orders.month_first;
        self.orders.either += later.orders.either;
        self.units.resize(self.units.len().max(later.units.len()), Default::default());
        for ((count, examples), (found, others)) in self.units.iter_mut().zip(later.units) {
            *count += found;
            add_examples(examples, others, rows);
        }
        add_examples(&mut self.short_year_examples, later.short_year_examples, rows);
        add_examples(&mut self.misfit_examples, later.misfit_examples, rows);
        add_examples(&mut self.missing_examples, later.missing_examples, rows);
    }

    /// Cells that fit the type.
    pub fn fits_count(&self) -> u64 {
        self.present - self.misfits
    }

    #[inline]
    fn number(&mut self, cell: &str, decimal: Decimal, row: u64, currency: Option<&str>) -> Option<f64> {
        let Some(number) = number::parse(cell, decimal) else {
            if number::parse(cell, decimal.other()).is_some() {
                *self.proofs(decimal.other()) += 1;
            }
            return None;
        };
        // The first unit is percent.
        if number.unit > 1 && currency.is_some_and(|kept| kept != number::unit_name(number.unit)) {
            return None;
        }
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

/// Hands examples over, or takes them.
pub fn wire_examples(examples: &mut Vec<Example>, wire: &mut Wire) {
    wire.list(examples, |wire, example| {
        wire.number(&mut example.row);
        wire.text(&mut example.value);
    });
}

/// Adds the first of the examples that were kept after so many rows.
pub fn add_examples(examples: &mut Vec<Example>, later: Vec<Example>, rows: u64) {
    let room = Finding::EXAMPLES - examples.len();
    examples.extend(later.into_iter().take(room).map(|example| Example { row: example.row + rows, ..example }));
}

/// A cell for a message: at most 60 characters.
pub fn shorten(cell: &str) -> String {
    match cell.char_indices().nth(60) {
        Some((at, _)) => format!("{}…", &cell[..at]),
        None => cell.to_string(),
    }
}

/// Turns a text column into one of another format, cell by cell, with the counts that go with it.
pub fn convert(
    texts: &Texts,
    valid: &Bitmap,
    format: Format,
    currency: &Option<String>,
    missing: &[Example],
) -> Builder {
    let mut builder = Builder::new(format, true, texts.len());
    builder.currency.clone_from(currency);
    builder.take_cells((0..texts.len()).map(|row| valid.get(row).then(|| texts.get(row))));
    builder.counts.missing_examples = missing.to_vec();
    builder
}
