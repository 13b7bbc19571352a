//! What do a customer's orders come to? Their number, sum, first, most frequent …: one value a customer.

use crate::error::{Code, Error, Result};
use crate::math::groups::{Spanned, counts, firsts, smallest, sums};
use crate::math::order::{arranged, keys};
use crate::segment::rules::keys::{Keys, NO_KEY};
use crate::segment::rules::orders::Orders;
use crate::segment::rules::tree::{Aggregate, Measure, Window};
use crate::table::bitmap::Bitmap;
use crate::table::column::{Column, Data};
use crate::table::list::{Lists, Split};
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
            Measure::Minimum => {
                by_key(|this, keys| smallest(this.orders.customers(), this.lines, keys, this.orders.customer_count()))
            }
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

    /// All distinct texts of each customer, in the order of their bytes; of lists their single values.
    fn list(&self) -> Result<(Data, Bitmap)> {
        let column = self.column()?;
        let (texts, lists) = match &column.data {
            Data::Text(texts) => (texts, None),
            Data::List(lists) => (lists.values(), Some(lists)),
            _ => return Err(unfit(column, "texts")),
        };
        let ranked = arranged(texts.distinct(), &|a, b| texts.value(a as u32).cmp(texts.value(b as u32)));
        let mut rank = vec![0; ranked.len()];
        ranked.iter().enumerate().for_each(|(at, &code)| rank[code] = at as u64);
        // Customer by customer the ranks of the values.
        let mut found: Vec<u64> = Vec::new();
        for line in Bitmap::from_words(self.lines.to_vec(), column.len()).iter() {
            let customer = u64::from(self.orders.customers()[line]) << 32;
            match lists {
                None => found.push(customer | rank[texts.codes()[line] as usize]),
                Some(lists) => {
                    let items = lists.of_cell(lists.cells().codes()[line] as usize);
                    found.extend(items.iter().map(|&item| customer | rank[item as usize]));
                }
            }
        }
        keys(&mut found);
        found.dedup();
        let count = self.orders.customer_count();
        let mut starts = vec![found.len(); count + 1];
        found.iter().enumerate().rev().for_each(|(at, &found)| starts[(found >> 32) as usize] = at);
        // Whoever has none begins where the next one does.
        (0..count).rev().for_each(|customer| starts[customer] = starts[customer].min(starts[customer + 1]));
        let mut of: Vec<usize> = (0..count).collect();
        self.orders.repeated().iter().for_each(|&(row, first)| of[row as usize] = first as usize);
        // A cell spells the ranks of its values, since no sign is sure not to occur in one of them.
        let (mut cells, mut cell) = (TextsBuilder::with_capacity(count), String::new());
        for &customer in &of {
            cell.clear();
            for found in &found[starts[customer]..starts[customer + 1]] {
                cell.push_str(&(found & 0xffff_ffff).to_string());
                cell.push(',');
            }
            cells.push(&cell);
        }
        let value = |rank: &str| rank.parse::<usize>().map_or("", |rank| texts.value(ranked[rank] as u32));
        let split: &Split = &|cell, visit| cell.split_terminator(',').for_each(|rank| visit(value(rank)));
        let known = Bitmap::from_fn(count, |customer| starts[of[customer]] < starts[of[customer] + 1]);
        Ok((Data::List(Lists::new(cells.finish(), split)), known))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segment::rules::tree::{Place, Reference};
    use crate::table::role::Role;
    use crate::table::table::{Kind, Table};
    use std::rc::Rc;

    fn text(name: &str, role: Role, cells: &str) -> Column {
        let cells: Vec<&str> = cells.split(' ').collect();
        let mut builder = TextsBuilder::default();
        cells.iter().for_each(|cell| _ = builder.push(cell));
        Column::text(name, role, builder.finish(), Bitmap::from_fn(cells.len(), |row| cells[row] != "-"))
    }

    fn orders() -> Orders {
        let nan = f64::NAN;
        let lines = Table::computed(
            vec![
                text("buyer", Role::CustomerId, "a b a a b a x"),
                text("no", Role::OrderId, "1 1 1 2 - - 3"),
                Column::date("on", Role::Date, vec![10, 10, 10, 20, 30, Data::NO_DAY, 1]),
                Column::number("amount", Role::Amount, vec![5.0, -2.0, 2.5, nan, 1.0, 100.0, 7.0]),
                text("what", Role::Category, "tea tea mug - ale ale x"),
            ],
            Kind::Orders,
        );
        let customers = Table::computed(vec![text("id", Role::CustomerId, "b a c - a")], Kind::Customers);
        Orders::new(Rc::new(lines), &customers, None).unwrap()
    }

    /// Of customers b, a, c, nobody, and a again.
    fn all(measure: Measure, of: &str, window: Option<Window>) -> Vec<String> {
        let of = (!of.is_empty()).then(|| Reference { name: of.into(), place: Place::default() });
        let asked = Aggregate { measure, of, filter: None, window };
        let (data, known) = aggregate(&asked, &orders(), &Bitmap::ones(7)).unwrap();
        let column = Column { data, valid: known, ..Column::number("", Role::Other, vec![0.0; 5]) };
        let value = |row| match &column.data {
            Data::List(lists) => lists.get(row).collect::<Vec<_>>().join("+"),
            _ => column.text_of(row).unwrap_or_default(),
        };
        (0..5).map(value).collect()
    }

    #[test]
    fn every_measure_by_hand() {
        assert_eq!(all(Measure::Orders, "", None), ["2", "3", "0", "0", "3"]);
        assert_eq!(all(Measure::Lines, "", None), ["2", "4", "0", "0", "4"]);
        assert_eq!(all(Measure::Days, "", None), ["2", "2", "0", "0", "2"]);
        assert_eq!(all(Measure::Distinct, "what", None), ["2", "3", "0", "0", "3"]);
        assert_eq!(all(Measure::Sum, "amount", None), ["-1", "107.5", "0", "0", "107.5"]);
        assert_eq!(all(Measure::Average, "amount", None)[..3], ["-0.5", "35.833333333333336", ""]);
        assert_eq!(all(Measure::Minimum, "what", None), ["ale", "ale", "", "", "ale"]);
        assert_eq!(all(Measure::Maximum, "what", None), ["tea", "tea", "", "", "tea"]);
        assert_eq!(all(Measure::Maximum, "on", None), ["1970-01-31", "1970-01-21", "", "", "1970-01-21"]);
        assert_eq!(all(Measure::First, "what", None), ["tea", "mug", "", "", "mug"]);
        assert_eq!(all(Measure::Last, "amount", None), ["1", "5", "", "", "5"]);
        assert_eq!(all(Measure::Nth(2), "what", None), ["ale", "tea", "", "", "tea"]);
        assert_eq!(all(Measure::MostFrequent, "what", None), ["ale", "ale", "", "", "ale"]);
        assert_eq!(all(Measure::List, "what", None), ["ale+tea", "ale+mug+tea", "", "", "ale+mug+tea"]);
    }

    #[test]
    fn spans_of_days_leave_undated_lines_out() {
        let any = |days| Some(Window::AnyDays(days));
        assert_eq!(all(Measure::Lines, "", any(1)), ["1", "2", "0", "0", "2"]);
        assert_eq!(all(Measure::Lines, "", any(11)), ["1", "3", "0", "0", "3"]);
        assert_eq!(all(Measure::Orders, "", any(10)), ["1", "1", "0", "0", "1"]);
        assert_eq!(all(Measure::Orders, "", any(11)), ["1", "2", "0", "0", "2"]);
        assert_eq!(all(Measure::Days, "", any(21)), ["2", "2", "0", "0", "2"]);
        assert_eq!(all(Measure::Sum, "amount", any(3)), ["1", "7.5", "0", "0", "7.5"]);
    }

    #[test]
    fn what_cannot_be_measured_is_said() {
        let of = Some(Reference { name: "what".into(), place: Place::default() });
        let asked = Aggregate { measure: Measure::Sum, of, filter: None, window: None };
        let error = aggregate(&asked, &orders(), &Bitmap::ones(7)).unwrap_err();
        assert_eq!(
            (error.code, error.message.as_str()),
            (Code::WrongType, "“what” holds text; numbers are needed here.")
        );
    }
}
