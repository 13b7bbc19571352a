//! Order lines folded into customers: who bought how recently, how often, for how much.
//!
//! *Order*: lines of one customer with the same order id; without an order id every row is an order. What shops write only on
//! an order's first line (customer, day, total) holds for its later lines. A total of the order that stands on each of its
//! lines counts once. *Refund*: an order whose total is below zero; it lowers the money and is no order. Refunded money
//! in a column of its own is taken off; a cancelled order is none. *Recency*: days from the last order to the reference
//! date. Orders after the reference date are left out, as if looking at that day.

use crate::error::{Code, Error, Result};
use crate::features::latest::{NOBODY, describes_customer, latest_rows, take};
use crate::features::money::{Totals, is_order_total, net};
use crate::features::orders::{Order, Orders};
use crate::features::purchases::PurchaseDays;
use crate::job::{Job, Progress, Step};
use crate::math::stats::BLOCK;
use crate::table::bitmap::Bitmap;
use crate::table::column::{Column, ColumnType, Data};
use crate::table::date::{MS_PER_DAY, format_day, parse_iso_day};
use crate::table::figures::{grouped, percent};
use crate::table::finding::{Example, Finding, Severity};
use crate::table::lines::later_lines;
use crate::table::role::Role;
use crate::table::table::{Kind, Table, not_loaded};
use crate::table::texts::{Texts, TextsBuilder};
use serde::Deserialize;
use std::rc::Rc;

/// Which columns to fold by. Columns that are left out are found by their role.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CustomersOptions {
    /// Column that tells customers apart.
    pub id: Option<String>,
    /// Column that tells orders apart.
    pub order: Option<String>,
    /// Column of the order's day.
    pub date: Option<String>,
    /// Column of the money.
    pub amount: Option<String>,
    /// ISO day to which recency is measured; the last day in the file when left out.
    pub reference_date: Option<String>,
    /// Whether cancelled orders count like others; they are left out when not said.
    pub keep_cancelled: bool,
}

/// Folds a table of order lines; gives a table with one row a customer, in the order of their first appearance.
///
/// Columns: the customer id under its own name, `recency_days`, `frequency`, `monetary`, `first_order`, `last_order`,
/// `average_order`, `tenure_days`, `refunds`, then the latest known value of every column that describes the person.
/// A customer all of whose lines are refunds has frequency 0, and no recency, dates or average.
#[derive(Debug)]
pub struct CustomersJob {
    lines: Rc<Table>,
    id: usize,
    reference: i32,
    /// The customer of a row; [`NOBODY`] where the id is missing or the row is excluded.
    customers: Vec<u32>,
    customer_ids: Texts,
    /// [`Data::NO_DAY`] where missing.
    days: Values<i32>,
    /// NaN where missing; empty where no column has any.
    amounts: Values<f64>,
    /// Rows that say that their order was cancelled.
    cancelled: Option<Bitmap>,
    /// None where every row is an order: then nothing is kept of them but the rows themselves.
    orders: Option<Orders>,
    findings: Findings,
    next_row: usize,
}

/// One value a row: those of a column as they are, or others made from it.
#[derive(Debug)]
enum Values<T> {
    Of(Rc<Column>, fn(&Data) -> &[T]),
    Made(Vec<T>),
}

impl<T> Values<T> {
    fn all(&self) -> &[T] {
        match self {
            Values::Of(column, values) => values(&column.data),
            Values::Made(values) => values,
        }
    }
}

fn days(data: &Data) -> &[i32] {
    if let Data::Date(days) = data { days } else { &[] }
}

fn numbers(data: &Data) -> &[f64] {
    if let Data::Number(numbers) = data { numbers } else { &[] }
}

impl CustomersJob {
    /// Prepares the fold. `exclude` marks rows to leave out.
    ///
    /// # Errors
    /// `missing-role` when no column tells customers apart, `unknown-column`, `wrong-type`, `bad-date`.
    pub fn new(lines: Rc<Table>, options: &CustomersOptions, exclude: Option<&Bitmap>) -> Result<CustomersJob> {
        // Where nothing else tells customers apart, their address does.
        let mut id = position(&lines, options.id.as_deref(), Role::CustomerId)?;
        for role in [Role::Email, Role::Phone] {
            id = id.map_or_else(|| position(&lines, None, role), |id| Ok(Some(id)))?;
        }
        let id = id.ok_or_else(|| {
            Error::new(
                Code::MissingRole,
                "No column tells the customers apart. Say which one does: set its role to customer id, or name it as “id”.",
            )
        })?;
        let mut not_loaded = Vec::new();
        // Whoever keeps few columns may do without these, but is told what follows from it.
        let mut without = |role: Role, what: &str| {
            let column = lines.by_role(role).filter(|column| matches!(column.data, Data::Unloaded(_)));
            not_loaded.extend(column.map(|column| unused(column, lines.row_count, what)));
            column.is_some()
        };
        let order = if options.order.is_none() && without(Role::OrderId, "every row counts as an order of its own") {
            None
        } else {
            position(&lines, options.order.as_deref(), Role::OrderId)?
        };
        let date = position(&lines, options.date.as_deref(), Role::Date)?;
        let mut days = match date {
            Some(date) => days_of(&lines.columns[date])?,
            None => Values::Made(vec![Data::NO_DAY; lines.row_count]),
        };
        let (amounts, refunded) = amounts_of(&lines, options.amount.as_deref())?;
        if options.amount.is_none() && !amounts.all().is_empty() {
            without(Role::Refund, "refunds are not taken off");
        }
        let reference = match &options.reference_date {
            Some(day) => parse_iso_day(day)?,
            None => days.all().iter().copied().max().unwrap_or(Data::NO_DAY),
        };
        let later = match order {
            Some(order) => later_lines(&lines.columns[order]),
            None => None,
        };
        // A line without money of its own is a part of the order above, and left out with it.
        let is_part = |row: usize| {
            later.as_ref().is_some_and(|later| later.get(row))
                && amounts.all().get(row).map_or(days.all()[row] == Data::NO_DAY, |amount| amount.is_nan())
        };
        let mut excluded = Bitmap::zeros(lines.row_count);
        for row in 0..lines.row_count {
            let said = exclude.is_some_and(|exclude| exclude.get(row));
            excluded.set(row, said || row > 0 && is_part(row) && excluded.get(row - 1));
        }
        let (customer_ids, mut customers) = number_customers(&lines.columns[id], &excluded)?;
        let (mut filled, mut nameless) = (Noted::default(), lines.row_count - lines.columns[id].valid.count());
        for row in later.iter().flat_map(|later| later.iter()).filter(|&row| !excluded.get(row)) {
            if days.all()[row] == Data::NO_DAY {
                let day = days.all()[row - 1];
                days = match days {
                    Values::Of(..) => Values::Made(days.all().to_vec()),
                    made => made,
                };
                if let Values::Made(days) = &mut days {
                    days[row] = day;
                }
            }
            if !lines.columns[id].valid.get(row) && customers[row - 1] != NOBODY {
                customers[row] = customers[row - 1];
                nameless -= 1;
                filled.note(row, String::new);
            }
        }
        let cancellation = lines.by_role(Role::Cancellation).filter(|_| !options.keep_cancelled);
        let cancelled = match cancellation.map(|column| (&column.data, &column.valid)) {
            Some((Data::Boolean(values), valid)) => Some(values.and(valid)),
            Some((Data::Unloaded(ColumnType::Boolean), _)) => {
                without(Role::Cancellation, "cancelled orders count like others");
                None
            }
            Some((_, valid)) => Some(valid.clone()),
            None => None,
        };
        // Whoever names the amount knows what it is.
        let amount = lines.by_role(Role::Amount).filter(|_| order.is_some() && options.amount.is_none());
        let may_repeat = amount.is_some_and(|column| is_order_total(&column.name));
        let orders = order.map(|order| Orders::by(&lines.columns[order], amounts.all(), may_repeat)).transpose()?;
        let findings =
            Findings { not_loaded, refunded, nameless, filled, excluded: excluded.count(), ..Findings::default() };
        let next_row = 0;
        Ok(CustomersJob {
            id,
            reference,
            customers,
            customer_ids,
            days,
            amounts,
            cancelled,
            orders,
            findings,
            lines,
            next_row,
        })
    }

    /// A row that counts, as an order of its own.
    fn line(&self, row: usize) -> Option<Order> {
        let (customer, day) = (self.customers[row], self.days.all()[row]);
        let later = day != Data::NO_DAY && day > self.reference;
        let amount = self.amounts.all().get(row).copied().unwrap_or(0.0);
        let total = if amount.is_finite() { amount + 0.0 } else { 0.0 };
        let cancelled = self.cancelled.as_ref().is_some_and(|rows| rows.get(row));
        (customer != NOBODY && !later).then_some(Order { customer, day, total, cancelled })
    }

    /// Looks at the rows of one block and gathers them into orders.
    fn fold_block(&mut self) {
        let end = (self.next_row + BLOCK).min(self.lines.row_count);
        for row in self.next_row..end {
            let Some(line) = self.line(row) else {
                if self.customers[row] != NOBODY {
                    let day = self.days.all()[row];
                    self.findings.later.note(row, || format_day(day));
                }
                continue;
            };
            if line.day == Data::NO_DAY {
                self.findings.undated.note(row, String::new);
            }
            let amount = self.amounts.all().get(row).copied().unwrap_or(f64::NAN);
            if amount < 0.0 {
                self.findings.negative.note(row, || amount.to_string());
            }
            if let Some(orders) = &mut self.orders {
                orders.add(row, line, amount);
            }
        }
        self.next_row = end;
    }

    /// The orders gathered from lines, after the last block; nothing where every line is one.
    fn gather(&mut self) -> Option<Vec<Order>> {
        let gathered = self.orders.take().map(Orders::finish);
        self.findings.repeated = gathered.as_ref().map_or(0, |(_, repeated)| *repeated);
        gathered.map(|(orders, _)| orders)
    }

    /// The orders that count, cancelled ones and refunds among them.
    fn each<'a>(&'a self, gathered: &'a Option<Vec<Order>>) -> impl Iterator<Item = Order> + Clone + 'a {
        let count = gathered.as_ref().map_or(self.lines.row_count, Vec::len);
        (0..count).filter_map(move |at| gathered.as_ref().map_or_else(|| self.line(at), |orders| Some(orders[at])))
    }

    /// Folds all lines up to customers and their purchase days, in place of the table.
    fn finish_days(&mut self) -> PurchaseDays {
        let gathered = self.gather();
        let ids = std::mem::take(&mut self.customer_ids);
        PurchaseDays::of(self.each(&gathered), ids, self.reference)
    }

    /// Adds up the customers from their orders and lays the columns out.
    fn finish(&mut self) -> Table {
        let count = self.customer_ids.distinct();
        let gathered = self.gather();
        let orders = self.each(&gathered);
        let mut money = Totals::suited_to(orders.clone().map(|order| order.total), count);
        let (mut frequency, mut refunds) = (vec![0.0; count], vec![0.0; count]);
        let (mut first, mut last) = (vec![Data::NO_DAY; count], vec![Data::NO_DAY; count]);
        let mut cancelled = 0;
        for Order { customer: owner, day, total, cancelled: is_cancelled } in orders {
            let customer = owner as usize;
            if is_cancelled {
                cancelled += 1;
                continue;
            }
            money.add(owner, total);
            if total < 0.0 {
                refunds[customer] += 1.0;
                continue;
            }
            frequency[customer] += 1.0;
            if day != Data::NO_DAY {
                last[customer] = last[customer].max(day);
                first[customer] = if first[customer] == Data::NO_DAY { day } else { first[customer].min(day) };
            }
        }
        drop(gathered);
        self.findings.cancelled = cancelled;
        let monetary = money.finish(count);
        let since = |days: &[i32]| -> Vec<f64> {
            let reference = self.reference;
            days.iter()
                .map(|&day| if day == Data::NO_DAY { f64::NAN } else { f64::from(reference) - f64::from(day) })
                .collect()
        };
        let average = monetary
            .iter()
            .zip(&frequency)
            .map(|(money, orders)| if *orders > 0.0 { money / orders } else { f64::NAN })
            .collect();
        let id = &self.lines.columns[self.id];
        let mut columns = vec![
            Column::text(&id.name, Role::CustomerId, std::mem::take(&mut self.customer_ids), Bitmap::ones(count)),
            Column::number("recency_days", Role::Other, since(&last)),
            Column::number("frequency", Role::Other, frequency),
            Column::number("monetary", Role::Amount, monetary),
            Column::number("average_order", Role::Other, average),
            Column::number("tenure_days", Role::Other, since(&first)),
            Column::number("refunds", Role::Other, refunds),
            Column::date("first_order", Role::Date, first),
            Column::date("last_order", Role::Other, last),
        ];
        for column in self.lines.columns.iter().filter(|column| describes_customer(column)) {
            if columns.iter().all(|known| known.name != column.name) {
                columns.push(take(column, &latest_rows(column, &self.customers, self.days.all(), count)));
            }
        }
        let mut table = Table::computed(columns, Kind::Customers);
        table.reference_date = (self.reference != Data::NO_DAY).then_some(self.reference);
        table.findings = std::mem::take(&mut self.findings).tell(self.lines.row_count, self.reference, &id.name);
        table.repairs.clone_from(&self.lines.repairs);
        table
    }
}

impl Job for CustomersJob {
    type Output = Table;

    fn step(&mut self) -> Result<Step<Table>> {
        if self.next_row < self.lines.row_count {
            self.fold_block();
            let ratio = self.next_row as f64 / self.lines.row_count as f64;
            return Ok(Step::Working(Progress { phase: "folding orders", ratio, rows: self.next_row as u64 }));
        }
        Ok(Step::Done(self.finish()))
    }
}

/// Finds the purchase days of every customer: the same fold, with another end.
#[derive(Debug)]
pub struct PurchasesJob(CustomersJob);

impl PurchasesJob {
    /// Prepares the fold.
    ///
    /// # Errors
    /// As [`CustomersJob::new`]; `missing-role` when no column says when an order was.
    pub fn new(lines: Rc<Table>, options: &CustomersOptions) -> Result<PurchasesJob> {
        if options.date.is_none() && lines.by_role(Role::Date).is_none() {
            return Err(Error::new(
                Code::MissingRole,
                "No column says when an order was made. Say which one does: set its role to date, or name it as “date”.",
            ));
        }
        CustomersJob::new(lines, options, None).map(PurchasesJob)
    }
}

impl Job for PurchasesJob {
    type Output = PurchaseDays;

    fn step(&mut self) -> Result<Step<PurchaseDays>> {
        let fold = &mut self.0;
        if fold.next_row < fold.lines.row_count {
            fold.fold_block();
            let ratio = fold.next_row as f64 / fold.lines.row_count as f64;
            return Ok(Step::Working(Progress { phase: "folding orders", ratio, rows: fold.next_row as u64 }));
        }
        Ok(Step::Done(fold.finish_days()))
    }
}

/// The column named, or the surest one with the role.
fn position(table: &Table, name: Option<&str>, role: Role) -> Result<Option<usize>> {
    match name {
        Some(name) => table.position(name).map(Some),
        None => table.by_role(role).map(|column| table.position(&column.name)).transpose(),
    }
}

/// One day a row, [`Data::NO_DAY`] where missing. Moments are taken by their day in UTC.
fn days_of(column: &Rc<Column>) -> Result<Values<i32>> {
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
/// is taken off, unless the amount was named; with the rows in which it was.
fn amounts_of(table: &Table, name: Option<&str>) -> Result<(Values<f64>, Noted)> {
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
    Ok((Values::Made(net(gross.all(), refunds)), refunded))
}

/// Customers numbered by first appearance among the rows that count.
fn number_customers(id: &Column, excluded: &Bitmap) -> Result<(Texts, Vec<u32>)> {
    if matches!(id.data, Data::Unloaded(_)) {
        return Err(not_loaded(&id.name));
    }
    let counts = |row: usize| id.valid.get(row) && !excluded.get(row);
    // One address in capital and small letters is one customer.
    let plain = |text: &str| match id.role {
        Role::Email => text.trim().to_lowercase(),
        _ => text.to_string(),
    };
    let mut ids = TextsBuilder::default();
    let mut number_of_code: Vec<Option<u32>> = Vec::new();
    let customers = (0..id.len())
        .map(|row| {
            if !counts(row) {
                return NOBODY;
            }
            let Data::Text(texts) = &id.data else {
                return id.text_of(row).map_or(NOBODY, |value| ids.number_of(&value));
            };
            let code = texts.codes()[row] as usize;
            number_of_code.resize(texts.distinct(), None);
            *number_of_code[code].get_or_insert_with(|| ids.number_of(&plain(texts.value(code as u32))))
        })
        .collect();
    Ok((ids.finish_distinct(), customers))
}

/// What follows from a column that was left out of memory.
fn unused(column: &Column, total: usize, what: &str) -> Finding {
    let name = &column.name;
    let rows = column.valid.count() as u64;
    Finding {
        code: "column-not-loaded".into(),
        severity: Severity::Warning,
        column: Some(name.clone()),
        rows,
        share: rows as f64 / total.max(1) as f64,
        examples: Vec::new(),
        message: format!("“{name}” was not kept in memory: {what}. Load the file with it to have it counted."),
        repair: Vec::new(),
    }
}

/// What was met on the way.
#[derive(Debug, Default)]
struct Findings {
    not_loaded: Vec<Finding>,
    excluded: usize,
    /// Lines without a customer.
    nameless: usize,
    filled: Noted,
    refunded: Noted,
    /// Lines on which the order's total stands again.
    repeated: u64,
    /// Orders that were cancelled.
    cancelled: u64,
    later: Noted,
    undated: Noted,
    negative: Noted,
}

/// Rows of one kind: how many, and the first few.
#[derive(Debug, Default)]
struct Noted {
    rows: u64,
    examples: Vec<Example>,
}

impl Noted {
    fn note(&mut self, row: usize, value: impl FnOnce() -> String) {
        self.rows += 1;
        if self.examples.len() < Finding::EXAMPLES {
            self.examples.push(Example { row: row as u64 + 1, value: value() });
        }
    }
}

impl Findings {
    fn tell(self, total: usize, reference: i32, id: &str) -> Vec<Finding> {
        let day = if reference == Data::NO_DAY { String::new() } else { format_day(reference) };
        let counted = |rows| Noted { rows, examples: Vec::new() };
        let (unnamed, excluded) = (counted(self.nameless as u64), counted(self.excluded as u64));
        let mut findings = self.not_loaded;
        let mut tell = |code: &str, severity, noted: Noted, what: String| {
            if noted.rows > 0 {
                let (rows, all) = (noted.rows, total as u64);
                findings.push(Finding {
                    code: code.into(),
                    severity,
                    column: None,
                    rows,
                    share: rows as f64 / all.max(1) as f64,
                    examples: noted.examples,
                    message: format!("{} of {} rows ({}) {what}", grouped(rows), grouped(all), percent(rows, all)),
                    repair: Vec::new(),
                });
            }
        };
        tell(
            "missing-customer-id",
            Severity::Warning,
            unnamed,
            format!("have no “{id}” and belong to no customer. They are left out."),
        );
        tell(
            "lines-filled",
            Severity::Info,
            self.filled,
            format!("have no “{id}” of their own and belong to the customer of the order's first line."),
        );
        tell(
            "order-totals-repeated",
            Severity::Warning,
            counted(self.repeated),
            "repeat the total of their order, which was counted once. Name the amount of the line as “amount” if it is none.".into(),
        );
        tell(
            "refunds-subtracted",
            Severity::Info,
            self.refunded,
            "have refunded money, which was taken off the amount.".into(),
        );
        tell("excluded-lines", Severity::Info, excluded, "were excluded by your rule.".into());
        tell(
            "orders-after-reference",
            Severity::Info,
            self.later,
            format!("are later than the reference date {day} and left out."),
        );
        tell(
            "undated-lines",
            Severity::Warning,
            self.undated,
            "have no date. They count for frequency and money, not for recency.".into(),
        );
        tell(
            "refund-lines",
            Severity::Info,
            self.negative,
            "are refunds (amounts below zero). They lower the money; an order whose total is below zero is no order."
                .into(),
        );
        if self.cancelled > 0 {
            findings.push(Finding {
                code: "cancelled-orders".into(),
                severity: Severity::Info,
                column: None,
                rows: self.cancelled,
                share: self.cancelled as f64 / total.max(1) as f64,
                examples: Vec::new(),
                message: format!("{} orders were cancelled and left out.", grouped(self.cancelled)),
                repair: Vec::new(),
            });
        }
        findings
    }
}
