//! Which lines are one order, and what is it worth? Lines of one customer with the same order id; without ids, every line.

use crate::error::Result;
use crate::features::money::Totals;
use crate::table::bitmap::Bitmap;
use crate::table::column::{Column, Data};
use crate::table::table::not_loaded;
use crate::table::texts::TextsBuilder;
use std::collections::HashMap;

/// No order.
const NONE: u32 = u32::MAX;

/// An order, or a line of one.
#[derive(Clone, Copy, Debug)]
pub struct Order {
    /// Whose it is.
    pub customer: u32,
    /// Its day, [`Data::NO_DAY`] where it has none.
    pub day: i32,
    /// Its money; 0 where it has none.
    pub total: f64,
    /// Whether it was cancelled.
    pub cancelled: bool,
    /// The row it begins with.
    pub row: u32,
}

/// Orders gathered from their lines by a code.
#[derive(Debug)]
pub struct Orders {
    codes: Vec<Option<u32>>,
    /// The first order with a code, where there is one; a line without a code is an order of its own.
    first: Vec<u32>,
    /// Orders of further customers with the same code.
    further: HashMap<(u32, u32), u32>,
    /// All but the totals, which are added up apart.
    orders: Vec<Order>,
    totals: Totals,
    /// Only where an order's total may stand on each of its lines.
    repeated: Option<Repeated>,
    /// Lines that say of themselves that they were not cancelled.
    kept: Option<Bitmap>,
    /// Orders with such lines, and all cancelled lines with their amounts.
    has_kept: Vec<bool>,
    cancelled: Vec<(u32, f64)>,
}

/// What was gathered.
#[derive(Debug)]
pub struct Gathered {
    /// The orders with their totals.
    pub orders: Vec<Order>,
    /// Lines on which a total was repeated.
    pub repeated: u64,
    /// Cancelled lines of orders that were not cancelled as a whole: their money is not in the total.
    pub cancelled_lines: u64,
}

impl Orders {
    /// Gathers by this column, amounts such as these; `may_repeat` says that each line may have the total of its order, `kept`
    /// which lines say that they were not cancelled.
    ///
    /// # Errors
    /// `wrong-type` for a column that is not in memory.
    pub fn by(column: &Column, amounts: &[f64], may_repeat: bool, kept: Option<Bitmap>) -> Result<Orders> {
        let codes: Vec<Option<u32>> = match &column.data {
            Data::Unloaded(_) => return Err(not_loaded(&column.name)),
            Data::Text(texts) => {
                (0..column.len()).map(|row| column.valid.get(row).then(|| texts.codes()[row])).collect()
            }
            _ => {
                let mut seen = TextsBuilder::default();
                (0..column.len()).map(|row| column.text_of(row).map(|value| seen.number_of(&value))).collect()
            }
        };
        Ok(Orders {
            first: vec![NONE; codes.iter().flatten().max().map_or(0, |&code| code as usize + 1)],
            codes,
            further: HashMap::new(),
            orders: Vec::new(),
            totals: Totals::suited_to(amounts.iter().copied(), 0),
            repeated: may_repeat.then(Repeated::default),
            kept,
            has_kept: Vec::new(),
            cancelled: Vec::new(),
        })
    }

    /// Adds a line, whose amount may be missing (NaN).
    pub fn add(&mut self, row: usize, line: Order, amount: f64) {
        let next = self.orders.len() as u32;
        let order = self.codes[row].map_or(next, |code| {
            let first = &mut self.first[code as usize];
            if *first == NONE {
                *first = next;
            }
            // Nearly always all lines of a code are one customer's.
            match self.orders.get(*first as usize) {
                Some(known) if known.customer != line.customer => {
                    *self.further.entry((line.customer, code)).or_insert(next)
                }
                _ => *first,
            }
        });
        if order == next {
            self.orders.push(Order { cancelled: false, ..line });
            self.totals.open();
            self.has_kept.push(false);
        }
        self.has_kept[order as usize] |= self.kept.as_ref().is_some_and(|kept| kept.get(row));
        let known = &mut self.orders[order as usize];
        known.cancelled |= line.cancelled;
        if line.day != Data::NO_DAY && (known.day == Data::NO_DAY || line.day < known.day) {
            known.day = line.day;
        }
        if let Some(repeated) = &mut self.repeated {
            repeated.note(order as usize, amount);
        }
        if line.cancelled {
            self.cancelled.push((order, amount));
        } else {
            self.totals.add(order, amount);
        }
    }

    /// All that was gathered. An order is cancelled when some line says so and none says otherwise.
    pub fn finish(mut self) -> Gathered {
        let mut cancelled_lines = 0;
        for (order, amount) in std::mem::take(&mut self.cancelled) {
            if self.has_kept[order as usize] {
                self.orders[order as usize].cancelled = false;
                cancelled_lines += 1;
            } else {
                self.totals.add(order, amount);
            }
        }
        let totals = self.totals.finish(self.orders.len());
        self.orders.iter_mut().zip(totals).for_each(|(order, total)| order.total = total);
        let mut repeated = 0;
        if let Some(found) = self.repeated.filter(Repeated::is_sure) {
            for (order, (once, lines)) in self.orders.iter_mut().zip(found.orders) {
                order.total = if lines > 1 { once } else { order.total };
            }
            repeated = found.further;
        }
        Gathered { orders: self.orders, repeated, cancelled_lines }
    }
}

/// Totals of orders that may stand on each line: the first amount of each order, and its lines with an amount.
#[derive(Debug, Default)]
struct Repeated {
    orders: Vec<(f64, u32)>,
    /// Lines beyond the first of their order.
    further: u64,
    /// Whether they all have the amount of the first.
    differ: bool,
}

impl Repeated {
    fn note(&mut self, order: usize, amount: f64) {
        self.orders.resize(self.orders.len().max(order + 1), (0.0, 0));
        if amount.is_nan() {
            return;
        }
        let (once, lines) = &mut self.orders[order];
        *lines += 1;
        if *lines == 1 {
            *once = amount;
        } else {
            self.further += 1;
            self.differ |= *once != amount;
        }
    }

    /// Whether at least three orders have several lines, all with one amount.
    fn is_sure(&self) -> bool {
        !self.differ && self.orders.iter().filter(|(_, lines)| *lines > 1).count() >= 3
    }
}
