//! What does a row of an order file say? Whose it is, when, and how much; from the columns as they lie in memory.

use crate::error::{Code, Error, Result};
use crate::features::folding::Noted;
use crate::features::latest::NOBODY;
use crate::features::money::net;
use crate::features::orders::Order;
use crate::math::records::are_numbers;
use crate::table::bitmap::Bitmap;
use crate::table::column::{Column, Data};
use crate::table::date::MS_PER_DAY;
use crate::table::role::Role;
use crate::table::table::{Table, not_loaded};
use crate::table::texts::{Texts, TextsBuilder};
use std::rc::Rc;

/// One value a row: those of a column as they are, or others made from it.
#[derive(Debug)]
pub enum Values<T> {
    /// Of a column, by what finds them in it.
    Of(Rc<Column>, fn(&Data) -> &[T]),
    /// Made.
    Made(Vec<T>),
}

impl<T> Values<T> {
    /// All of them.
    pub fn all(&self) -> &[T] {
        match self {
            Values::Of(column, values) => values(&column.data),
            Values::Made(values) => values,
        }
    }
}

impl<T: Copy> Values<T> {
    /// Gives a row another value; those of a column are copied first.
    pub fn set(&mut self, row: usize, value: T) {
        match self {
            Values::Made(values) => values[row] = value,
            Values::Of(..) => {
                let mut values = self.all().to_vec();
                values[row] = value;
                *self = Values::Made(values);
            }
        }
    }
}

fn days(data: &Data) -> &[i32] {
    if let Data::Date(days) = data { days } else { &[] }
}

fn numbers(data: &Data) -> &[f64] {
    if let Data::Number(numbers) = data { numbers } else { &[] }
}

fn codes(data: &Data) -> &[u32] {
    if let Data::Text(texts) = data { texts.codes() } else { &[] }
}

/// The rows of an order file.
#[derive(Debug)]
pub struct Lines {
    /// The customer of a row; [`NOBODY`] where the id is missing or the row is left out.
    pub customers: Values<u32>,
    /// [`Data::NO_DAY`] where missing.
    pub days: Values<i32>,
    /// NaN where missing; empty where no column has any.
    pub amounts: Values<f64>,
    /// Rows that say that their order was cancelled.
    pub cancelled: Option<Bitmap>,
    /// The last day that is looked at.
    pub reference: i32,
}

impl Lines {
    /// The rows to be read one by one.
    pub fn view(&self) -> View<'_> {
        View {
            customers: self.customers.all(),
            days: self.days.all(),
            amounts: self.amounts.all(),
            cancelled: self.cancelled.as_ref(),
            reference: self.reference,
        }
    }
}

/// The rows, at hand.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// As in [`Lines`].
    pub customers: &'a [u32],
    /// As in [`Lines`].
    pub days: &'a [i32],
    /// As in [`Lines`].
    pub amounts: &'a [f64],
    /// As in [`Lines`].
    pub cancelled: Option<&'a Bitmap>,
    reference: i32,
}

impl View<'_> {
    /// The amount of a row, NaN where it is missing.
    #[inline(always)]
    pub fn amount(&self, row: usize) -> f64 {
        self.amounts.get(row).copied().unwrap_or(f64::NAN)
    }

    /// A row as an order of its own; none where it is nobody's, or later than the reference date.
    #[inline(always)]
    pub fn line(&self, row: usize) -> Option<Order> {
        let (customer, day, amount) = (self.customers[row], self.days[row], self.amount(row));
        // A missing day is before all others.
        if customer == NOBODY || day > self.reference {
            return None;
        }
        let total = if amount.is_finite() { amount + 0.0 } else { 0.0 };
        let cancelled = self.cancelled.is_some_and(|rows| rows.get(row));
        Some(Order { customer, day, total, cancelled, row: row as u32 })
    }
}

/// The column named, or the surest one with the role.
///
/// # Errors
/// `unknown-column`.
pub fn position(table: &Table, name: Option<&str>, role: Role) -> Result<Option<usize>> {
    match name {
        Some(name) => table.position(name).map(Some),
        None => table.by_role(role).map(|column| table.position(&column.name)).transpose(),
    }
}

/// One day a row, [`Data::NO_DAY`] where missing. Moments are taken by their day in UTC.
///
/// # Errors
/// `wrong-type`.
pub fn days_of(column: &Rc<Column>) -> Result<Values<i32>> {
    match &column.data {
        Data::Date(_) => Ok(Values::Of(Rc::clone(column), days)),
        Data::Time(times) => {
            let day = |row: usize| times[row].div_euclid(MS_PER_DAY) as i32;
            let days = (0..times.len()).map(|row| if column.valid.get(row) { day(row) } else { Data::NO_DAY });
            Ok(Values::Made(days.collect()))
        }
        Data::Unloaded(_) => Err(not_loaded(&column.name)),
        _ => Err(Error::new(
            Code::WrongType,
            format!(
                "“{}” is to say when an order was, but it holds no dates. Choose another column for the date.",
                column.name
            ),
        )
        .column(&column.name)),
    }
}

/// One amount a row: the amount column, else unit price × quantity, else nothing at all (then money is 0). What was given back
/// is taken off, unless the amount was named or refunds are to do nothing; with the rows in which it was.
///
/// # Errors
/// `unknown-column`, `wrong-type`.
pub fn amounts_of(table: &Table, name: Option<&str>, ignores_refunds: bool) -> Result<(Values<f64>, Noted)> {
    let of = |name: &str| -> Result<Values<f64>> {
        table.numbers(name)?;
        Ok(Values::Of(Rc::clone(&table.columns[table.position(name)?]), numbers))
    };
    if let Some(name) = name {
        return Ok((of(name)?, Noted::default()));
    }
    let of_role = |role| table.by_role(role).map(|column| of(&column.name)).transpose();
    // Prices and pieces are asked for only where there is no amount: they may not be in memory.
    let gross = match of_role(Role::Amount)? {
        Some(amounts) => amounts,
        None => Values::Made(match (of_role(Role::UnitPrice)?, of_role(Role::Quantity)?) {
            (Some(prices), Some(pieces)) => prices.all().iter().zip(pieces.all()).map(|(price, n)| price * n).collect(),
            _ => Vec::new(),
        }),
    };
    let refunds = table.by_role(Role::Refund).map(|column| &column.data);
    let (Some(Data::Number(refunds)), false) = (refunds, gross.all().is_empty()) else {
        return Ok((gross, Noted::default()));
    };
    let mut refunded = Noted::default();
    for row in (0..refunds.len()).filter(|&row| refunds[row] > 0.0) {
        refunded.note(row, || refunds[row].to_string());
    }
    Ok((if ignores_refunds { gross } else { Values::Made(net(gross.all(), refunds)) }, refunded))
}

/// Customers numbered by first appearance among the rows that count: their ids, and the number of each row.
///
/// # Errors
/// `wrong-type` for ids that are not in memory.
pub fn number_customers(id: &Rc<Column>, left_out: Option<&Bitmap>) -> Result<(Texts, Values<u32>)> {
    if matches!(id.data, Data::Unloaded(_)) {
        return Err(not_loaded(&id.name));
    }
    // One address in capital and small letters is one customer.
    let is_email = id.role == Role::Email;
    if let Data::Text(texts) = &id.data
        && !is_email
        && left_out.is_none()
        && id.missing() == 0
        && are_numbers(texts.codes(), texts.distinct())
    {
        return Ok((texts.with_codes((0..texts.distinct() as u32).collect()), Values::Of(Rc::clone(id), codes)));
    }
    let counts = |row: usize| id.valid.get(row) && !left_out.is_some_and(|rows| rows.get(row));
    let plain = |text: &str| if is_email { text.trim().to_lowercase() } else { text.to_string() };
    let mut ids = TextsBuilder::default();
    let mut number_of_code: Vec<u32> = Vec::new();
    let customers = (0..id.len())
        .map(|row| {
            if !counts(row) {
                return NOBODY;
            }
            let Data::Text(texts) = &id.data else {
                return id.text_of(row).map_or(NOBODY, |value| ids.number_of(&value));
            };
            let code = texts.codes()[row];
            number_of_code.resize(texts.distinct(), NOBODY);
            let number = &mut number_of_code[code as usize];
            if *number == NOBODY {
                *number = ids.number_of(&plain(texts.value(code)));
            }
            *number
        })
        .collect();
    Ok((ids.finish_distinct(), Values::Made(customers)))
}
