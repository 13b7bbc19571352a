//! Which lines are one order, and what is it worth? Lines of one customer with the same order id; without ids, every line.

use crate::error::Result;
use crate::features::money::Totals;
use crate::table::column::{Column, Data};
use crate::table::table::not_loaded;
use crate::table::texts::TextsBuilder;
use std::collections::HashMap;

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
}

/// Orders gathered from their lines by a code.
#[derive(Debug)]
pub struct Orders {
    codes: Vec<Option<u32>>,
    /// The order of a customer and a code; a line without a code is an order of its own.
    known: HashMap<(u32, u32), u32>,
    /// All but the totals, which are added up apart.
    orders: Vec<Order>,
    totals: Totals,
    /// Only where an order's total may stand on each of its lines.
    repeated: Option<Repeated>,
}

impl Orders {
    /// Gathers by this column, amounts such as these; `may_repeat` says that each line may have the total of its order.
    ///
    /// # Errors
    /// `wrong-type` for a column that is not in memory.
    pub fn by(column: &Column, amounts: &[f64], may_repeat: bool) -> Result<Orders> {
        let codes = match &column.data {
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
            codes,
            known: HashMap::new(),
            orders: Vec::new(),
            totals: Totals::suited_to(amounts.iter().copied(), 0),
            repeated: may_repeat.then(Repeated::default),
        })
    }

    /// Adds a line, whose amount may be missing (NaN).
    pub fn add(&mut self, row: usize, line: Order, amount: f64) {
        let next = self.orders.len() as u32;
        let order = match self.codes[row] {
            Some(code) => *self.known.entry((line.customer, code)).or_insert(next),
            None => next,
        };
        if order == next {
            self.orders.push(Order { cancelled: false, ..line });
            self.totals.open();
        }
        let known = &mut self.orders[order as usize];
        known.cancelled |= line.cancelled;
        if line.day != Data::NO_DAY && (known.day == Data::NO_DAY || line.day < known.day) {
            known.day = line.day;
        }
        if let Some(repeated) = &mut self.repeated {
            repeated.note(order as usize, amount);
        }
        self.totals.add(order, amount);
    }

    /// The orders with their totals, and the lines on which a total was repeated.
    pub fn finish(mut self) -> (Vec<Order>, u64) {
        let totals = self.totals.finish(self.orders.len());
        self.orders.iter_mut().zip(totals).for_each(|(order, total)| order.total = total);
        let Some(repeated) = self.repeated.filter(Repeated::is_sure) else { return (self.orders, 0) };
        for (order, (once, lines)) in self.orders.iter_mut().zip(repeated.orders) {
            order.total = if lines > 1 { once } else { order.total };
        }
        (self.orders, repeated.further)
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
