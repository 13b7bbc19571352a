//! What do a customer's orders come to? Their number, sum, first, most frequent …: one value a customer.

use crate::error::{Code, Error, Result};
use crate::math::groups::{Spanned, counts, firsts, smallest, sums};
use crate::segment::rules::keys::{Keys, NO_KEY};
use crate::segment::rules::orders::Orders;
use crate::segment::rules::tree::{Aggregate, Measure, Window};
use crate::table::bitmap::Bitmap;
use crate::table::column::{Column, Data};
use crate::table::list::Lists;
use crate::table::table::plural;
use crate::table::texts::TextsBuilder;

/// One value a customer, and who has one. `lines` are those that meet the condition and whose day passes the window; lines of
/// nobody, and those whose measured value is missing, are left out here.
///
/// Customers without such lines: 0 where orders, lines, days, values or money are counted, else nothing. A sum or mean that
/// is no finite number is missing, too. Sums run in the order of the lines; those over spans of days are compensated, so that
/// what leaves a span leaves nothing behind. In a span of days, lines without a day take no part.
///
/// # Errors
/// `unknown-column`, `wrong-type` for a column that cannot be measured so or is not in memory.
pub fn aggregate(aggregate: &Aggregate, orders: &Orders, lines: &Bitmap) -> Result<(Data, Bitmap)> {
    let column = aggregate.of.as_ref().map(|name| orders.table().column(&name.name)).transpose()?;
    let span = match aggregate.window {
        Some(Window::AnyDays(days)) => Some(days),
        _ => None,
    };
    let by_day = matches!(aggregate.measure, Measure::Days | Measure::First | Measure::Last | Measure::Nth(_));
    let mut lines = lines.and(if by_day || span.is_some() { orders.dated() } else { orders.owned() });
    if let Some(column) = column {
        lines = lines.and(&column.valid);
    }
    let measuring = Measuring { orders, lines: lines.words(), column };
    match span {
        Some(days) => measuring.span(aggregate.measure, days),
        None => measuring.measure(aggregate.measure),
    }
}

struct Measuring<'a> {
    orders: &'a Orders,
    lines: &'a [u64],
    column: Option<&'a Column>,
}

impl Measuring<'_> {
    fn measure(&self, measure: Measure) -> Result<(Data, Bitmap)> {
        let (customers, count) = (self.orders.customers(), self.orders.customer_count());
        let (sorted, lines) = (self.orders.sorted(), self.lines);
        let by_key = |found: fn(&Self, &[u64]) -> Vec<u64>| self.by_key(found);
        match measure {
            Measure::Orders => Ok(self.numbers(match self.orders.order_numbers() {
                Some((numbers, limit)) => counts(customers, &firsts(numbers, lines, limit), count),
                None => counts(customers, lines, count),
            })),
            Measure::Lines => Ok(self.numbers(counts(customers, lines, count))),
            Measure::Days => Ok(self.numbers(sorted.days(lines))),
            Measure::Distinct => Ok(self.numbers(sorted.distinct(lines, &Keys::of(self.column()?)?.keys))),
            Measure::Sum => Ok(self.numbers(sums(customers, lines, self.values()?, count))),
            Measure::Average => {
                let mut means = sums(customers, lines, self.values()?, count);
                // 0 / 0 is no number, and so missing.
                means.iter_mut().zip(counts(customers, lines, count)).for_each(|(mean, lines)| *mean /= lines);
                Ok(self.numbers(means))
            }
            Measure::Minimum => by_key(|this, keys| {
                smallest(this.orders.customers(), this.lines, keys, this.orders.customer_count())
            }),
            Measure::Maximum => by_key(|this, keys| {
                let turned: Vec<u64> = keys.iter().map(|key| !key).collect();
                let found = smallest(this.orders.customers(), this.lines, &turned, this.orders.customer_count());
                found.into_iter().map(|key| if key == NO_KEY { NO_KEY } else { !key }).collect()
            }),
            Measure::First => by_key(|this, keys| this.orders.sorted().nth(this.lines, keys, 1)),
            Measure::Last => by_key(|this, keys| this.orders.sorted().last(this.lines, keys)),
            Measure::MostFrequent => by_key(|this, keys| this.orders.sorted().most_frequent(this.lines, keys)),
            Measure::Nth(n) => {
                let keys = Keys::of(self.column()?)?;
                Ok(self.decoded(&keys, sorted.nth(lines, &keys.keys, n.max(1) as usize)))
            }
            Measure::List => self.list(),
        }
    }

    fn span(&self, measure: Measure, days: u32) -> Result<(Data, Bitmap)> {
        let of = match (measure, self.orders.order_numbers()) {
            (Measure::Orders, Some((numbers, limit))) => Spanned::Numbers(numbers, limit),
            (Measure::Orders | Measure::Lines, _) => Spanned::Rows,
            (Measure::Days, _) => Spanned::Days,
            (Measure::Sum, _) => Spanned::Sums(self.values()?),
            _ => return Err(broken()),
        };
        Ok(self.numbers(self.orders.sorted().greatest_span(self.lines, days, of)))
    }

    /// Numbers by customer; those that are not finite are missing.
    fn numbers(&self, mut numbers: Vec<f64>) -> (Data, Bitmap) {
        self.orders.repeated().iter().for_each(|&(row, first)| numbers[row as usize] = numbers[first as usize]);
        let known = Bitmap::from_fn(numbers.len(), |row| numbers[row].is_finite());
        numbers.iter_mut().filter(|number| !number.is_finite()).for_each(|number| *number = f64::NAN);
        (Data::Number(numbers), known)
    }

    fn by_key(&self, found: fn(&Self, &[u64]) -> Vec<u64>) -> Result<(Data, Bitmap)> {
        let keys = Keys::of(self.column()?)?;
        Ok(self.decoded(&keys, found(self, &keys.keys)))
    }

    fn decoded(&self, keys: &Keys, mut found: Vec<u64>) -> (Data, Bitmap) {
        self.orders.repeated().iter().for_each(|&(row, first)| found[row as usize] = found[first as usize]);
        keys.values(&found)
    }

    /// All distinct texts of each customer, in the order of their bytes.
    fn list(&self) -> Result<(Data, Bitmap)> {
        let column = self.column()?;
        let Data::Text(texts) = &column.data else { return Err(unfit(column, "texts")) };
        let keys = Keys::of(column)?;
        let mut row_of = vec![0; texts.distinct() + 1];
        column.valid.iter().for_each(|row| row_of[keys.keys[row] as usize] = row);
        let count = self.orders.customer_count();
        let (mut found, mut ends) = (Vec::new(), vec![0; count + 1]);
        self.orders.sorted().runs(self.lines, &keys.keys, &mut |customer, key, _| {
            found.push(key);
            ends[customer + 1] = found.len();
        });
        // Whoever has none ends where the one before does.
        (1..=count).for_each(|at| ends[at] = ends[at].max(ends[at - 1]));
        let mut of: Vec<usize> = (0..count).collect();
        self.orders.repeated().iter().for_each(|&(row, first)| of[row as usize] = first as usize);
        // A cell spells the keys of its values, since nothing else is sure not to occur in one of them.
        let (mut cells, mut cell) = (TextsBuilder::with_capacity(count), String::new());
        for &customer in &of {
            cell.clear();
            for key in &found[ends[customer]..ends[customer + 1]] {
                cell.push_str(&key.to_string());
                cell.push(',');
            }
            cells.push(&cell);
        }
        let value = |key: &str| key.parse::<usize>().map_or("", |key| texts.get(row_of[key]));
        let lists = Lists::new(cells.finish(), &|cell, visit| cell.split_terminator(',').for_each(|key| visit(value(key))));
        Ok((Data::List(lists), Bitmap::from_fn(count, |customer| ends[of[customer]] < ends[of[customer] + 1])))
    }

    fn column(&self) -> Result<&Column> {
        self.column.ok_or_else(broken)
    }

    fn values(&self) -> Result<&[f64]> {
        let column = self.column()?;
        match &column.data {
            Data::Number(values) => Ok(values),
            _ => Err(unfit(column, "numbers")),
        }
    }
}

fn unfit(column: &Column, wanted: &str) -> Error {
    let message = format!("“{}” holds {}; {wanted} are needed here.", column.name, plural(column.kind()));
    Error::new(Code::WrongType, message).column(&column.name)
}

/// A checked rule cannot measure nothing.
fn broken() -> Error {
    Error::new(Code::Internal, "A checked rule could not be evaluated. Please report this.")
}
