//! Which orders are whose? The lines of a study's order table beside the customers of its own table.
//!
//! A line belongs to the customer whose id is the same text, byte for byte; numbers are the same by value, and a number and a
//! text by the number's shortest decimal form. An order is the lines of one customer with one order id; a line without an
//! id, and every line of a table without order ids, is an order of its own. A line's day is that of the column with the
//! role date. Customers who share an id have the same orders; a customer without an id has none.

use crate::error::{Code, Error, Result};
use crate::math::groups::{Sorted, sort};
use crate::segment::rules::cache::Cache;
use crate::segment::rules::calendar::day_of;
use crate::segment::rules::keys::{NONE, codes, shared_codes};
use crate::table::bitmap::Bitmap;
use crate::table::column::{Column, ColumnType, Data};
use crate::table::figures::{grouped, percent};
use crate::table::finding::{Example, Finding, Severity};
use crate::table::role::Role;
use crate::table::table::{Table, not_loaded};
use std::cell::OnceCell;
use std::rc::Rc;

/// An order table joined to the customers of a study. The joining is done once, when it is first needed.
#[derive(Debug)]
pub struct Orders {
    table: Rc<Table>,
    columns: Vec<(String, ColumnType)>,
    /// Conditions on lines that were answered.
    cache: Cache,
    customers: Rc<Column>,
    key: usize,
    /// Absent, too, where it is not in memory.
    date: Option<usize>,
    order: Option<usize>,
    joined: OnceCell<Joined>,
    numbers: OnceCell<(Vec<u32>, usize)>,
}

/// Lines by customer. The first row with an id stands for all customers who have it.
#[derive(Debug)]
struct Joined {
    /// The customer's row for each line; [`NONE`] for those of nobody.
    customers: Vec<u32>,
    /// Lines that are somebody's, and those of them that have a day.
    owned: Bitmap,
    dated: Bitmap,
    starts: Vec<u32>,
    entries: Vec<u64>,
    /// Rows of customers whose id an earlier row has, with that row.
    repeated: Vec<(u32, u32)>,
}

impl Orders {
    /// Prepares to join a table of order lines to a table of customers. `key` is the column of the lines with the customers'
    /// ids: the customer id when left out.
    ///
    /// # Errors
    /// `missing-role` when either has no customer id, `unknown-column`, `wrong-type` for ids that are not in memory.
    pub fn new(table: Rc<Table>, customers: &Table, key: Option<&str>) -> Result<Orders> {
        let own = position(customers, Role::CustomerId).ok_or_else(|| no_id("customers"))?;
        let key = match key {
            Some(name) => table.position(name)?,
            None => position(&table, Role::CustomerId).ok_or_else(|| no_id("orders"))?,
        };
        for column in [&customers.columns[own], &table.columns[key]] {
            if is_unloaded(column) {
                return Err(not_loaded(&column.name));
            }
        }
        let loaded = |role| position(&table, role).filter(|&at| !is_unloaded(&table.columns[at]));
        let is_day = |at: &usize| matches!(table.columns[*at].kind(), ColumnType::Date | ColumnType::Time);
        let (date, order) = (loaded(Role::Date).filter(is_day), loaded(Role::OrderId));
        let customers = Rc::clone(&customers.columns[own]);
        let columns = table.columns.iter().map(|column| (column.name.clone(), column.kind())).collect();
        Ok(Orders {
            table,
            columns,
            cache: Cache::default(),
            customers,
            key,
            date,
            order,
            joined: OnceCell::new(),
            numbers: OnceCell::new(),
        })
    }

    /// The order lines.
    pub fn table(&self) -> &Rc<Table> {
        &self.table
    }

    /// The column that holds the customers' ids.
    pub fn key(&self) -> &Column {
        &self.table.columns[self.key]
    }

    /// Its columns by name and type.
    pub fn columns(&self) -> &[(String, ColumnType)] {
        &self.columns
    }

    /// Conditions on lines that were answered; to be emptied when what rules depend on has changed.
    pub fn cache(&self) -> &Cache {
        &self.cache
    }

    /// The columns by which lines belong together: the customer's id, the day and the order's id.
    pub fn defining(&self) -> impl Iterator<Item = &Rc<Column>> {
        [Some(self.key), self.date, self.order].into_iter().flatten().map(|at| &self.table.columns[at])
    }

    /// The column that says when a line was ordered.
    pub fn date(&self) -> Option<&Column> {
        self.date.map(|at| &*self.table.columns[at])
    }

    /// Customers, with and without orders.
    pub fn customer_count(&self) -> usize {
        self.customers.len()
    }

    /// The customer's row for each line; past all customers for lines of nobody.
    pub fn customers(&self) -> &[u32] {
        &self.joined().customers
    }

    /// Lines that are somebody's.
    pub fn owned(&self) -> &Bitmap {
        &self.joined().owned
    }

    /// Lines that are somebody's and have a day.
    pub fn dated(&self) -> &Bitmap {
        &self.joined().dated
    }

    /// The lines of each customer by day, undated ones first.
    pub fn sorted(&self) -> Sorted<'_> {
        let Joined { starts, entries, .. } = self.joined();
        Sorted { starts, entries }
    }

    /// The number of each line's order, and how many there are; nothing where every line is one.
    pub fn order_numbers(&self) -> Option<(&[u32], usize)> {
        let column = &self.table.columns[self.order?];
        let (numbers, count) = self.numbers.get_or_init(|| self.sorted().number(&codes(column).0));
        Some((numbers, *count))
    }

    /// Rows of customers whose id an earlier row has, with that row: what is found for it holds for them.
    pub fn repeated(&self) -> &[(u32, u32)] {
        &self.joined().repeated
    }

    /// What was noticed: lines that belong to nobody, have no id or no day, and columns that are not in memory.
    pub fn findings(&self) -> Vec<Finding> {
        let (key, all) = (&self.table.columns[self.key], self.table.row_count);
        let joined = self.joined();
        let mut findings = Vec::new();
        let mut tell = |code: &str, severity, lines: Bitmap, column: &Column, what: String| {
            let rows = lines.count() as u64;
            let example = |row| Example { row: row as u64 + 1, value: column.text_of(row).unwrap_or_default() };
            findings.extend((rows > 0).then(|| Finding {
                code: code.into(),
                severity,
                column: Some(column.name.clone()),
                rows,
                share: rows as f64 / all as f64,
                examples: lines.iter().take(Finding::EXAMPLES).map(example).collect(),
                message: format!(
                    "{} of {} order lines ({}) {what}",
                    grouped(rows),
                    grouped(all as u64),
                    percent(rows, all as u64)
                ),
                repair: Vec::new(),
            }));
        };
        tell(
            "orphan-rows",
            Severity::Warning,
            key.valid.and_not(&joined.owned),
            key,
            format!("name a “{}” that no customer of this file has. Rules about orders do not see them.", key.name),
        );
        tell(
            "missing-customer-id",
            Severity::Warning,
            key.valid.not(),
            key,
            format!("have no “{}” and belong to no customer. Rules about orders do not see them.", key.name),
        );
        if let Some(date) = self.date() {
            tell(
                "undated-lines",
                Severity::Warning,
                joined.owned.and_not(&joined.dated),
                date,
                "have no date. They count, but are in no span of days, nor first, last or in a sequence.".into(),
            );
        }
        for (role, found, what) in [
            (Role::Date, self.date, "rules about when orders were made find none"),
            (Role::OrderId, self.order, "every order line counts as an order of its own"),
        ] {
            if let (Some(at), None) = (position(&self.table, role), found) {
                let column = &self.table.columns[at];
                tell(
                    "column-not-loaded",
                    Severity::Warning,
                    column.valid.clone(),
                    column,
                    format!(
                        "have a “{}” that cannot be used: {what}. Load the orders with it as a date or an id.",
                        column.name
                    ),
                );
            }
        }
        findings
    }

    fn joined(&self) -> &Joined {
        self.joined.get_or_init(|| self.join())
    }

    fn join(&self) -> Joined {
        let key = &self.table.columns[self.key];
        let count = self.customers.len();
        let (own, line_codes) = shared_codes(&self.customers, key);
        // The first row with a code.
        let mut first =
            vec![
                NONE;
                own.iter().chain(&line_codes).filter(|&&code| code != NONE).max().map_or(0, |&code| code as usize + 1)
            ];
        let mut repeated = Vec::new();
        for (row, &code) in own.iter().enumerate().filter(|(_, code)| **code != NONE) {
            match &mut first[code as usize] {
                known if *known == NONE => *known = row as u32,
                known => repeated.push((row as u32, *known)),
            }
        }
        let customer = |&code: &u32| if code == NONE { NONE } else { first[code as usize] };
        let customers: Vec<u32> = line_codes.iter().map(customer).collect();
        let days = self.days();
        let owned = Bitmap::from_fn(customers.len(), |line| customers[line] != NONE);
        let dated = Bitmap::from_fn(customers.len(), |line| days[line] != Data::NO_DAY).and(&owned);
        let (starts, entries) = sort(&customers, &days, count);
        Joined { customers, owned, dated, starts, entries, repeated }
    }

    /// The day of each line, [`Data::NO_DAY`] where it has none.
    fn days(&self) -> Vec<i32> {
        let none = || vec![Data::NO_DAY; self.table.row_count];
        let Some(column) = self.date() else { return none() };
        let day: &dyn Fn(usize) -> i32 = match &column.data {
            Data::Date(days) => &|row| days[row],
            Data::Time(times) => &|row| day_of(times[row]),
            _ => return none(),
        };
        (0..column.len()).map(|row| if column.valid.get(row) { day(row) } else { Data::NO_DAY }).collect()
    }
}

fn position(table: &Table, role: Role) -> Option<usize> {
    let found = table.by_role(role)?;
    table.columns.iter().position(|column| column.name == found.name)
}

fn is_unloaded(column: &Column) -> bool {
    matches!(column.data, Data::Unloaded(_))
}

fn no_id(which: &str) -> Error {
    Error::new(
        Code::MissingRole,
        format!(
            "The table of {which} has no column with the role customer id, so that orders cannot be told apart by customer. Say which column has the ids: set its role to customer id."
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::table::Kind;
    use crate::table::texts::TextsBuilder;

    fn text(name: &str, role: Role, cells: &[Option<&str>]) -> Column {
        let mut builder = TextsBuilder::default();
        cells.iter().for_each(|cell| match cell {
            Some(cell) => _ = builder.push(cell),
            None => builder.push_missing(),
        });
        Column::text(name, role, builder.finish(), Bitmap::from_fn(cells.len(), |row| cells[row].is_some()))
    }

    fn lines() -> Rc<Table> {
        let nan = f64::NAN;
        Rc::new(Table::computed(
            vec![
                Column::number("buyer", Role::CustomerId, vec![7.0, 1.5, -0.0, 7.0, nan, 7.0, 99.0]),
                text("no", Role::OrderId, &[Some("a"), Some("a"), None, Some("a"), None, None, Some("b")]),
                Column::date("on", Role::Date, vec![30, 10, 11, 20, 5, Data::NO_DAY, 6]),
            ],
            Kind::Orders,
        ))
    }

    #[test]
    fn lines_find_their_customers_by_text_and_what_is_left_over_is_told() {
        let ids = [Some("1.5"), Some("7"), None, Some("0"), Some("7.0"), Some("7")];
        let customers = Table::computed(vec![text("id", Role::CustomerId, &ids)], Kind::Customers);
        let orders = Orders::new(lines(), &customers, None).unwrap();
        assert_eq!(orders.customers(), [1, 0, 3, 1, NONE, 1, NONE]);
        assert_eq!(orders.repeated(), [(5, 1)]);
        assert_eq!((orders.owned().count(), orders.dated().count()), (5, 4));
        let (numbers, count) = orders.order_numbers().unwrap();
        assert_eq!((count, numbers[0] == numbers[3]), (4, true));
        assert!(numbers[0] != numbers[1] && numbers[0] != numbers[5]);
        let told: Vec<(String, u64)> = orders.findings().into_iter().map(|found| (found.code, found.rows)).collect();
        let expected = [("orphan-rows", 1), ("missing-customer-id", 1), ("undated-lines", 1)];
        assert_eq!(told, expected.map(|(code, rows)| (code.to_string(), rows)));
        assert_eq!(
            orders.findings()[0].message,
            "1 of 7 order lines (14.3 %) name a “buyer” that no customer of this file has. Rules about orders do not see them."
        );
    }

    #[test]
    fn tables_without_ids_are_refused() {
        let nobody = Table::computed(vec![Column::number("age", Role::Other, vec![1.0])], Kind::Customers);
        assert_eq!(Orders::new(lines(), &nobody, None).unwrap_err().code, Code::MissingRole);
        let somebody = Table::computed(vec![text("id", Role::CustomerId, &[Some("7")])], Kind::Customers);
        assert_eq!(Orders::new(lines(), &somebody, Some("byer")).unwrap_err().code, Code::UnknownColumn);
        assert_eq!(Orders::new(Rc::new(nobody), &somebody, None).unwrap_err().code, Code::MissingRole);
        let orders = Orders::new(lines(), &somebody, Some("buyer")).unwrap();
        assert_eq!(orders.owned().count(), 3);
    }
}
