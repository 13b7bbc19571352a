//! Order lines folded into customers: who bought how recently, how often, for how much.
//!
//! *Order*: lines of one customer with the same order id; without an order id every row is an order. What shops write only on
//! an order's first line (customer, day, total) holds for its later lines. A total of the order that stands on each of its
//! lines counts once. *Refund*: an order whose total is below zero; it lowers the money and is no order. Refunded money
//! in a column of its own is taken off; a cancelled order is none. *Recency*: days from the last order that counts to the
//! reference date. Orders after the reference date are left out, as if looking at that day. What counts is for
//! [`counting`](crate::features::counting) to say.

use crate::error::{Code, Error, Result};
use crate::features::cancelled::Cancelled;
use crate::features::counting::{Counting, Counts, Standing, Window};
use crate::features::folding::{About, Findings, Noted, about, unused};
use crate::features::latest::{NOBODY, describes_customer, latest_rows, take};
use crate::features::lines::{Lines, Values, amounts_of, days_of, number_customers, position};
use crate::features::money::is_order_total;
use crate::features::orders::{Order, Orders};
use crate::features::purchases::PurchaseDays;

use crate::job::{Job, Progress, Step};
use crate::math::records::{Tally, latest};
use crate::math::stats::BLOCK;
use crate::table::bitmap::Bitmap;
use crate::table::column::{Column, ColumnType, Data};
use crate::table::date::{format_day, parse_iso_day};
use crate::table::finding::{Finding, Severity};
use crate::table::lines::later_lines;
use crate::table::role::Role;
use crate::table::table::{Kind, Table};
use crate::table::texts::Texts;
use serde::Deserialize;
use std::rc::Rc;

/// Which columns to fold by, and which orders count. Columns that are left out are found by their role.
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
    /// Whether cancelled orders count like others; as [`Counts::cancelled`], which is the same.
    pub keep_cancelled: bool,
    /// What is an order.
    pub counts: Counts,
    /// The days whose orders count; all when left out.
    pub window: Option<Window>,
}

/// Rows that are left out whoever's they are.
#[derive(Clone, Debug, Default)]
pub struct LeftOut {
    /// By the user's rule.
    pub excluded: Option<Rc<Bitmap>>,
    /// Lines of test orders.
    pub tests: Option<Rc<Bitmap>>,
}

/// Folds a table of order lines; gives a table with one row a customer, in the order of their first appearance.
///
/// Columns: the customer id under its own name, `recency_days`, `frequency`, `monetary`, `first_order`, `last_order`,
/// `average_order`, `tenure_days`, `refunds`, then the latest known value of every column that describes the person.
/// A customer without an order that counts has frequency 0, and no recency, last order or average. The first order and the
/// tenure know no window: since when somebody is a customer does not change with the days that one looks at.
#[derive(Debug)]
pub struct CustomersJob {
    table: Rc<Table>,
    id: usize,
    lines: Lines,
    customer_ids: Texts,
    counting: Counting,
    /// None where every row is an order: then nothing is kept of them but the rows themselves.
    orders: Option<Orders>,
    tally: Tally,
    findings: Findings,
    next_row: usize,
}

impl CustomersJob {
    /// Prepares the fold.
    ///
    /// # Errors
    /// `missing-role` when no column tells customers apart, `unknown-column`, `wrong-type`, `bad-date`, `bad-option` for a
    /// window that is none.
    pub fn new(table: Rc<Table>, options: &CustomersOptions, left_out: LeftOut) -> Result<CustomersJob> {
        // Where nothing else tells customers apart, their address does.
        let mut id = position(&table, options.id.as_deref(), Role::CustomerId)?;
        for role in [Role::Email, Role::Phone] {
            id = id.map_or_else(|| position(&table, None, role), |id| Ok(Some(id)))?;
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
            let column = table.by_role(role).filter(|column| matches!(column.data, Data::Unloaded(_)));
            not_loaded.extend(column.map(|column| unused(column, table.row_count, what)));
            column.is_some()
        };
        let order = if options.order.is_none() && without(Role::OrderId, "every row counts as an order of its own") {
            None
        } else {
            position(&table, options.order.as_deref(), Role::OrderId)?
        };
        let date = position(&table, options.date.as_deref(), Role::Date)?;
        let days = match date {
            Some(date) => days_of(&table.columns[date])?,
            None => Values::Made(vec![Data::NO_DAY; table.row_count]),
        };
        let reference = match &options.reference_date {
            Some(day) => parse_iso_day(day)?,
            None => latest(days.all()),
        };
        let counts = Counts { cancelled: options.counts.cancelled || options.keep_cancelled, ..options.counts.clone() };
        let counting = Counting::new(&counts, options.window.as_ref(), reference)?;
        let (amounts, refunded) = amounts_of(&table, options.amount.as_deref(), counting.ignores_refunds)?;
        if options.amount.is_none() && !amounts.all().is_empty() && !counting.ignores_refunds {
            without(Role::Refund, "refunds are not taken off");
        }
        let cancelled = match table.by_role(Role::Cancellation).map(|column| (column, column.kind())) {
            _ if counts.cancelled => Cancelled::default(),
            // Of days it is enough to know where there is one.
            Some((column, kind))
                if !matches!(column.data, Data::Unloaded(_)) || matches!(kind, ColumnType::Date | ColumnType::Time) =>
            {
                let found = Cancelled::of(column);
                if found.said.is_empty() {
                    let name = &column.name;
                    let message = format!("No order counts as cancelled: no value of “{name}” is a word for it.");
                    let told = about("no-cancelled-orders", column, table.row_count, message);
                    not_loaded.push(Finding { severity: Severity::Info, ..told });
                }
                found
            }
            _ => {
                without(Role::Cancellation, "cancelled orders count like others");
                Cancelled::default()
            }
        };
        // Where numbers of orders begin anew for each customer, equal ones may stand below each other.
        let later = order.and_then(|order| later_lines(&table.columns[order]));
        let later = later.map(|later| of_one_customer(&table.columns[id], &later));
        // Whoever names the amount knows what it is.
        let amount = table.by_role(Role::Amount).filter(|_| order.is_some() && options.amount.is_none());
        let may_repeat = amount.is_some_and(|column| is_order_total(&column.name));
        let orders = order.map(|order| &table.columns[order]).filter(|column| !tells_rows_apart(column));
        let Cancelled { rows: cancelled, kept, said } = cancelled;
        let findings = Findings { not_loaded, refunded, cancelled_by: said, ..Findings::default() };
        let orders = orders.map(|column| Orders::by(column, amounts.all(), may_repeat, kept)).transpose()?;
        let lines = Lines { customers: Values::Made(Vec::new()), days, amounts, cancelled, reference };
        let mut job = CustomersJob {
            id,
            lines,
            customer_ids: Texts::default(),
            counting,
            orders,
            tally: Tally::new(0, reference, false),
            findings,
            table,
            next_row: 0,
        };
        job.name_rows(left_out, later.as_ref())?;
        job.tally = Tally::new(job.customer_ids.distinct(), reference, false);
        Ok(job)
    }

    /// Finds whose each row is. What stands only on an order's first line is filled in on the later ones.
    fn name_rows(&mut self, left_out: LeftOut, later: Option<&Bitmap>) -> Result<()> {
        let (count, id) = (self.table.row_count, Rc::clone(&self.table.columns[self.id]));
        let days = self.lines.days.all();
        // A line without money of its own is a part of the order above, and left out with it.
        let is_part = |row: usize| {
            later.is_some_and(|later| later.get(row))
                && self.lines.amounts.all().get(row).map_or(days[row] == Data::NO_DAY, |amount| amount.is_nan())
        };
        let with_parts = |rows: &Bitmap| {
            let mut whole = Bitmap::zeros(count);
            (0..count).for_each(|row| whole.set(row, rows.get(row) || row > 0 && is_part(row) && whole.get(row - 1)));
            whole
        };
        let excluded = left_out.excluded.as_deref().map(with_parts);
        let mut tests = left_out.tests.as_deref().map(with_parts);
        if let (Some(tests), Some(excluded)) = (&mut tests, &excluded) {
            *tests = tests.and_not(excluded);
        }
        self.findings.excluded = excluded.as_ref().map_or(0, Bitmap::count) as u64;
        for row in tests.iter().flat_map(Bitmap::iter) {
            self.findings.tests.note(row, || id.text_of(row).unwrap_or_default());
        }
        let out = match (excluded, tests) {
            (Some(one), Some(other)) => Some(one.or(&other)),
            (one, other) => one.or(other),
        };
        let (customer_ids, mut customers) = number_customers(&id, out.as_ref())?;
        self.customer_ids = customer_ids;
        self.findings.nameless = Noted::from(id.missing() as u64);
        for row in later.iter().flat_map(|later| later.iter()) {
            if out.as_ref().is_some_and(|out| out.get(row)) {
                continue;
            }
            if self.lines.days.all()[row] == Data::NO_DAY {
                let day = self.lines.days.all()[row - 1];
                self.lines.days.set(row, day);
            }
            if !id.valid.get(row) && customers.all()[row - 1] != NOBODY {
                let owner = customers.all()[row - 1];
                customers.set(row, owner);
                self.findings.nameless.less();
                self.findings.filled.note(row, String::new);
            }
        }
        self.lines.customers = customers;
        Ok(())
    }

    /// Looks at the rows of one block, and gathers them into orders or counts each as one.
    fn fold_block(&mut self) {
        let CustomersJob { lines, orders, tally, findings, counting, .. } = self;
        let view = lines.view();
        let rows = self.next_row..(self.next_row + BLOCK).min(self.table.row_count);
        let end = rows.end;
        let mut others = Vec::new();
        if orders.is_none() {
            // Nearly all lines are plain, and added where that is fast.
            let plain = counting.plain(&view, lines.reference);
            findings.orders += tally.add_lines(&plain, rows.clone(), &mut others);
        } else {
            others.extend(rows.map(|row| row as u32));
        }
        for row in others.into_iter().map(|row| row as usize) {
            let Some(line) = view.line(row) else {
                if view.customers[row] != NOBODY {
                    findings.later.note(row, || format_day(view.days[row]));
                }
                continue;
            };
            if line.day == Data::NO_DAY {
                findings.undated.note(row, String::new);
            }
            let amount = view.amount(row);
            if amount < 0.0 {
                findings.negative.note(row, || amount.to_string());
            }
            match orders {
                Some(orders) => orders.add(row, line, amount),
                None => count(line, counting, tally, findings),
            }
        }
        self.next_row = end;
        if !self.tally.is_exact() {
            self.begin_again();
        }
    }

    /// Counts all orders anew, and keeps their amounts until they can be added in order.
    fn begin_again(&mut self) {
        self.tally = Tally::new(self.customer_ids.distinct(), self.lines.reference, true);
        self.next_row = 0;
        let findings = &mut self.findings;
        for noted in [&mut findings.later, &mut findings.undated, &mut findings.negative] {
            *noted = Noted::default();
        }
        for noted in [&mut findings.cancelled, &mut findings.zero, &mut findings.outside] {
            *noted = Noted::default();
        }
        findings.orders = 0;
    }

    /// The orders gathered from lines, after the last block; nothing where every line is one.
    fn gather(&mut self) -> Option<Vec<Order>> {
        let gathered = self.orders.take().map(Orders::finish);
        gathered.map(|gathered| {
            (self.findings.repeated, self.findings.cancelled_lines) = (gathered.repeated, gathered.cancelled_lines);
            gathered.orders
        })
    }

    /// Folds all lines up to customers and their purchase days, in place of the table.
    fn finish_days(&mut self) -> PurchaseDays {
        let gathered = self.gather();
        let ids = std::mem::take(&mut self.customer_ids);
        let count = gathered.as_ref().map_or(self.table.row_count, Vec::len);
        let view = self.lines.view();
        let each = |at| gathered.as_ref().map_or_else(|| view.line(at), |orders| Some(orders[at]));
        PurchaseDays::of((0..count).filter_map(each), ids, self.lines.reference, &self.counting)
    }

    /// Counts orders that were gathered from lines.
    fn count_gathered(&mut self) {
        if let Some(orders) = self.gather() {
            let all = |job: &mut CustomersJob| {
                orders.iter().for_each(|order| count(*order, &job.counting, &mut job.tally, &mut job.findings));
            };
            all(self);
            if !self.tally.is_exact() {
                let lines = std::mem::take(&mut self.findings);
                self.tally = Tally::new(self.customer_ids.distinct(), self.lines.reference, true);
                all(self);
                let Findings { orders, cancelled, zero, outside, .. } = std::mem::take(&mut self.findings);
                self.findings = Findings { orders, cancelled, zero, outside, ..lines };
            }
        }
    }

    /// Adds up the customers from their orders and lays the columns out.
    fn finish(&mut self) -> Table {
        self.count_gathered();
        let customers = self.customer_ids.distinct();
        let reference = self.lines.reference;
        let found = std::mem::replace(&mut self.tally, Tally::new(0, reference, false)).finish(reference);
        let id = &self.table.columns[self.id];
        let all = Bitmap::ones(customers);
        let mut columns = vec![
            Column::text(&id.name, Role::CustomerId, std::mem::take(&mut self.customer_ids), all),
            Column::number("recency_days", Role::Other, found.since_last),
            Column::number("frequency", Role::Other, found.orders),
            Column::number("monetary", Role::Amount, found.money),
            Column::number("average_order", Role::Other, found.average),
            Column::number("tenure_days", Role::Other, found.since_first),
            Column::number("refunds", Role::Other, found.refunds),
            Column::date("first_order", Role::Date, found.first),
            Column::date("last_order", Role::Other, found.last),
        ];
        let view = self.lines.view();
        for column in self.table.columns.iter().filter(|column| describes_customer(column)) {
            if columns.iter().all(|known| known.name != column.name) {
                columns.push(take(column, &latest_rows(column, view.customers, view.days, customers)));
            }
        }
        let mut table = Table::computed(columns, Kind::Customers);
        table.reference_date = (reference != Data::NO_DAY).then_some(reference);
        table.findings = std::mem::take(&mut self.findings).tell(&About {
            lines: self.table.row_count,
            reference,
            id: &id.name,
            window: self.counting.window,
            ignores_refunds: self.counting.ignores_refunds,
        });
        table.repairs.clone_from(&self.table.repairs);
        table
    }
}

/// The later lines that name no other customer than the line above.
fn of_one_customer(id: &Column, later: &Bitmap) -> Bitmap {
    let both = |row: usize| id.valid.get(row) && id.valid.get(row - 1);
    let same = |row: usize| match &id.data {
        Data::Text(texts) => texts.codes()[row] == texts.codes()[row - 1],
        _ => id.text_of(row) == id.text_of(row - 1),
    };
    Bitmap::from_fn(later.len(), |row| later.get(row) && (!both(row) || same(row)))
}

/// Adds an order to its customer, or says why not.
#[inline(always)]
fn count(order: Order, counting: &Counting, tally: &mut Tally, findings: &mut Findings) {
    let Order { customer, day, total, .. } = order;
    findings.orders += 1;
    match counting.standing(&order) {
        Standing::Counts => {
            tally.order(customer, day);
            tally.add(customer, total);
        }
        Standing::Refund => {
            tally.refund(customer);
            if !counting.ignores_refunds {
                tally.add(customer, total);
            }
        }
        Standing::Cancelled => findings.cancelled.note(order.row as usize, || total.to_string()),
        Standing::Zero => findings.zero.note(order.row as usize, || total.to_string()),
        Standing::Outside => {
            // A refund is no first order.
            if total >= 0.0 {
                tally.known(customer, day);
            }
            let text = || if day == Data::NO_DAY { String::new() } else { format_day(day) };
            findings.outside.note(order.row as usize, text);
        }
    }
}

/// Whether each row has an order id of its own: then lines need not be gathered into orders.
fn tells_rows_apart(column: &Column) -> bool {
    matches!(&column.data, Data::Text(texts) if texts.distinct() == column.len()) && column.missing() == 0
}

impl Job for CustomersJob {
    type Output = Table;

    fn step(&mut self) -> Result<Step<Table>> {
        if self.next_row < self.table.row_count {
            self.fold_block();
            let ratio = self.next_row as f64 / self.table.row_count as f64;
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
        PurchasesJob::without(lines, options, LeftOut::default())
    }

    /// Prepares the fold of all but some rows.
    ///
    /// # Errors
    /// As [`PurchasesJob::new`].
    pub fn without(lines: Rc<Table>, options: &CustomersOptions, left_out: LeftOut) -> Result<PurchasesJob> {
        if options.date.is_none() && lines.by_role(Role::Date).is_none() {
            return Err(Error::new(
                Code::MissingRole,
                "No column says when an order was made. Say which one does: set its role to date, or name it as “date”.",
            ));
        }
        CustomersJob::new(lines, options, left_out).map(PurchasesJob)
    }
}

impl Job for PurchasesJob {
    type Output = PurchaseDays;

    fn step(&mut self) -> Result<Step<PurchaseDays>> {
        let fold = &mut self.0;
        if fold.next_row < fold.table.row_count {
            fold.fold_block();
            let ratio = fold.next_row as f64 / fold.table.row_count as f64;
            return Ok(Step::Working(Progress { phase: "folding orders", ratio, rows: fold.next_row as u64 }));
        }
        Ok(Step::Done(fold.finish_days()))
    }
}
