//! What was the study's table on a past day? The order lines up to it, and the customers who had one of them.
//!
//! Lines without a day stay: nobody knows when they were. A customer all of whose lines are later is not there yet; who has
//! no line at all is there on every day. What was folded from orders is folded anew; all other columns are those of today.

use crate::error::{Code, Error, Result};
use crate::features::customers::CustomersOptions;
use crate::job::{Job, Progress, Step};
use crate::quality::rows::pick;
use crate::segment::rules::orders::Orders;
use crate::study::load::{FoldJob, FoldOptions};
use crate::study::study::Study;
use crate::table::bitmap::Bitmap;
use crate::table::column::{Column, Data};
use crate::table::date::{MS_PER_DAY, format_day, parse_iso_day};
use crate::table::figures::{grouped, percent};
use crate::table::lines::later_lines;
use crate::table::role::Role;
use crate::table::table::Table;
use crate::table::texts::TextsBuilder;
use std::rc::Rc;

/// The tables of a past day.
#[derive(Debug)]
pub struct Past {
    /// The customers who were there.
    pub customers: Table,
    /// The order lines up to the day.
    pub lines: Table,
    /// What a reader should know.
    pub notices: Vec<String>,
}

/// The work in the making: a column or a block of lines a step.
#[derive(Debug)]
pub struct PastJob {
    day: i32,
    base: Rc<Table>,
    fold: Option<FoldOptions>,
    all: Rc<Table>,
    /// Lines that are kept; nothing where all are.
    kept: Option<Vec<usize>>,
    /// Customers with a line, and those with a line that is kept.
    with_line: Bitmap,
    with_kept: Bitmap,
    lines: Table,
    stage: Stage,
}

#[derive(Debug)]
enum Stage {
    /// Taking this column of the lines next.
    Lines(usize),
    Folding(Box<FoldJob>),
    /// The customers folded anew, where they are; the rows to take with their place among these; the columns so far.
    Customers(Option<Box<Table>>, Vec<(usize, Option<u32>)>, Vec<Rc<Column>>),
    Over,
}

impl Study {
    /// Prepares the tables as they were at the end of an ISO day.
    ///
    /// # Errors
    /// `bad-date` for no day, or one after the reference date; `missing-role` without orders or their dates; `too-few-rows`
    /// where nobody was there yet.
    pub fn as_of(&self, day: &str) -> Result<PastJob> {
        let orders = self.lines()?;
        let day = parse_iso_day(day)?;
        if day > self.reference_date {
            let (day, last) = (format_day(day), format_day(self.reference_date));
            let message = format!(
                "{day} is after the study's reference date {last}. Look at an earlier day, or load newer orders."
            );
            return Err(Error::new(Code::BadDate, message));
        }
        let all = Rc::clone(orders.table());
        let named = |name: Option<&String>, role| match name {
            Some(name) => all.column(name).map(Some),
            None => Ok(all.by_role(role)),
        };
        let fold = self.fold.as_ref().map(|fold| &fold.columns);
        let date = named(fold.and_then(|fold| fold.date.as_ref()), Role::Date)?;
        let order = named(fold.and_then(|fold| fold.order.as_ref()), Role::OrderId)?;
        let kept = lines_until(&all, date, order, day)?;
        let (with_line, with_kept) = owners(orders, &kept, self.base.row_count);
        if kept.count() == 0 {
            let message = format!("Nobody had ordered by {}. Look at a later day.", format_day(day));
            return Err(Error::new(Code::TooFewRows, message));
        }
        let lines = Table { columns: Vec::new(), layout: None, reference_date: Some(day), ..all.as_ref().clone() };
        let kept = (kept.count() < all.row_count).then(|| kept.iter().collect());
        let (base, fold) = (Rc::clone(&self.base), self.fold.clone());
        Ok(PastJob { day, base, fold, all, kept, with_line, with_kept, lines, stage: Stage::Lines(0) })
    }
}

/// Lines of the day or before, and those of which nobody knows. A line without a day is of that of its order's line above.
fn lines_until(lines: &Table, date: Option<&Column>, order: Option<&Column>, last: i32) -> Result<Bitmap> {
    let day: &dyn Fn(usize) -> i32 = match date.map(|column| &column.data) {
        Some(Data::Date(days)) => &|row| days[row],
        Some(Data::Time(times)) => &|row| times[row].div_euclid(MS_PER_DAY) as i32,
        _ => {
            let message = "No column says when an order was made. Say which one does: set its role to date.";
            return Err(Error::new(Code::MissingRole, message));
        }
    };
    let is_known = |row: usize| date.is_some_and(|column| column.valid.get(row));
    let later = order.and_then(later_lines);
    let mut above = true;
    Ok(Bitmap::from_fn(lines.row_count, |row| {
        let goes_on = later.as_ref().is_some_and(|later| later.get(row));
        above = match is_known(row) {
            true => day(row) <= last,
            false => !goes_on || above,
        };
        above
    }))
}

/// Customers with a line, and those with a line that is kept.
fn owners(orders: &Orders, kept: &Bitmap, rows: usize) -> (Bitmap, Bitmap) {
    let (mut with_line, mut with_kept) = (Bitmap::zeros(rows), Bitmap::zeros(rows));
    for (line, &owner) in orders.customers().iter().enumerate().filter(|(_, owner)| (**owner as usize) < rows) {
        with_line.set(owner as usize, true);
        if kept.get(line) {
            with_kept.set(owner as usize, true);
        }
    }
    for &(row, first) in orders.repeated() {
        with_line.set(row as usize, with_line.get(first as usize));
        with_kept.set(row as usize, with_kept.get(first as usize));
    }
    (with_line, with_kept)
}

impl PastJob {
    /// One column of the lines, its values in the rows that are kept. What it says of itself stays that of all lines.
    fn line_column(&self, at: usize) -> Rc<Column> {
        let column = &self.all.columns[at];
        match &self.kept {
            Some(rows) => Rc::new(column.at(rows)),
            None => Rc::clone(column),
        }
    }

    /// What comes after the lines: they are folded, or the customers are chosen.
    fn after_lines(&mut self) -> Result<Stage> {
        let Some(fold) = &self.fold else { return Ok(self.chosen(None)) };
        let columns = CustomersOptions { reference_date: Some(format_day(self.day)), ..fold.columns.clone() };
        let options = FoldOptions { columns, ..fold.clone() };
        Ok(Stage::Folding(Box::new(FoldJob::new(Rc::new(self.lines.clone()), &options, None)?)))
    }

    /// The rows of the customers who were there. Those of today's prospects are there, too.
    fn chosen(&self, folded: Option<Box<Table>>) -> Stage {
        let rows = 0..self.base.row_count;
        let ids = self.base.by_role(Role::CustomerId);
        let own = folded.as_ref().and_then(|folded| folded.by_role(Role::CustomerId));
        let (Some(ids), Some(own)) = (ids, own) else {
            let there = rows.filter(|&row| self.with_kept.get(row) || !self.with_line.get(row));
            return Stage::Customers(None, there.map(|row| (row, None)).collect(), Vec::new());
        };
        let mut numbers = TextsBuilder::default();
        own.valid.iter().for_each(|row| _ = numbers.number_of(&own.text_of(row).unwrap_or_default()));
        let count = numbers.distinct() as u32;
        let place = |row: usize| Some(numbers.number_of(&ids.text_of(row)?)).filter(|&place| place < count);
        let there = rows.map(place).enumerate().collect::<Vec<(usize, Option<u32>)>>();
        let there = there.into_iter().filter(|(row, place)| place.is_some() || !self.with_line.get(*row)).collect();
        Stage::Customers(folded, there, Vec::new())
    }

    /// One column of the customers.
    fn customer_column(&self, at: usize, folded: Option<&Table>, rows: &[(usize, Option<u32>)]) -> Rc<Column> {
        let column = &self.base.columns[at];
        let of_lines = self.lines.columns.iter().any(|line| line.name == column.name);
        let fresh = folded.and_then(|folded| folded.columns.iter().find(|fresh| fresh.name == column.name));
        match (&column.data, fresh.filter(|_| !of_lines).map(|fresh| &fresh.data)) {
            (Data::Number(today), Some(Data::Number(then))) => {
                let value =
                    |&(row, place): &(usize, Option<u32>)| place.map_or(today[row], |place| then[place as usize]);
                Rc::new(Column::number(&column.name, column.role, rows.iter().map(value).collect()))
            }
            (Data::Date(today), Some(Data::Date(then))) => {
                let value =
                    |&(row, place): &(usize, Option<u32>)| place.map_or(today[row], |place| then[place as usize]);
                Rc::new(Column::date(&column.name, column.role, rows.iter().map(value).collect()))
            }
            _ if rows.len() == self.base.row_count => Rc::clone(column),
            _ => {
                let mut picked = column.as_ref().clone();
                pick(&mut picked, &rows.iter().map(|&(row, _)| row).collect::<Vec<usize>>());
                Rc::new(picked)
            }
        }
    }

    fn past(&mut self, folded: Option<&Table>, rows: &[(usize, Option<u32>)], columns: Vec<Rc<Column>>) -> Past {
        let (there, all) = (rows.len() as u64, self.base.row_count as u64);
        let notices = self.notices(folded, there, all);
        let mut customers = self.base.as_ref().clone();
        customers.columns = columns;
        if rows.len() < customers.row_count {
            (customers.layout, customers.ragged) = (None, Vec::new());
        }
        customers.row_count = rows.len();
        customers.reference_date = Some(self.day);
        if let Some(folded) = folded {
            customers.findings.clone_from(&folded.findings);
        }
        let lines = std::mem::replace(&mut self.lines, Table::computed(Vec::new(), self.all.kind));
        Past { customers, lines, notices }
    }

    fn notices(&self, folded: Option<&Table>, there: u64, all: u64) -> Vec<String> {
        let day = format_day(self.day);
        let mut notices = Vec::new();
        if there < all {
            let (gone, of_all) = (all - there, percent(all - there, all));
            notices.push(format!(
                "{} of {} customers ({of_all}) had not ordered by {day} and are not there.",
                grouped(gone),
                grouped(all)
            ));
        }
        let today: Vec<&str> = self
            .base
            .columns
            .iter()
            .filter(|column| column.role != Role::CustomerId)
            .filter(|column| {
                let is_line = self.lines.columns.iter().any(|line| line.name == column.name);
                is_line || folded.is_none_or(|folded| folded.columns.iter().all(|fresh| fresh.name != column.name))
            })
            .map(|column| column.name.as_str())
            .collect();
        if let Some((first, more)) = today.split_first() {
            let others = if more.is_empty() { String::new() } else { format!(" and {} other columns", more.len()) };
            notices.push(format!(
                "“{first}”{others} are as they are today: the file does not say what they were on {day}."
            ));
        }
        let unlined = self.with_line.not().count() as u64;
        if unlined > 0 {
            notices.push(format!(
                "{} of {} customers ({}) have no orders at all and are there on every day.",
                grouped(unlined),
                grouped(all),
                percent(unlined, all)
            ));
        }
        notices
    }
}

impl Job for PastJob {
    type Output = Past;

    fn step(&mut self) -> Result<Step<Past>> {
        let working = |done: usize, of: usize, from: f64, share: f64| {
            let ratio = from + share * done as f64 / of.max(1) as f64;
            Ok(Step::Working(Progress { phase: "looking back", ratio, rows: 0 }))
        };
        match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Lines(at) if at < self.all.columns.len() => {
                let column = self.line_column(at);
                self.lines.columns.push(column);
                self.stage = Stage::Lines(at + 1);
                working(at, self.all.columns.len(), 0.0, 0.3)
            }
            Stage::Lines(_) => {
                self.lines.row_count = self.kept.as_ref().map_or(self.all.row_count, Vec::len);
                self.lines.ragged = Vec::new();
                self.stage = self.after_lines()?;
                working(0, 1, 0.3, 0.0)
            }
            Stage::Folding(mut fold) => match fold.step()? {
                Step::Done(folded) => {
                    self.stage = self.chosen(Some(Box::new(folded)));
                    working(1, 1, 0.3, 0.4)
                }
                step => {
                    self.stage = Stage::Folding(fold);
                    let done = if let Step::Working(progress) = step { progress.ratio } else { 0.0 };
                    working((done * 100.0) as usize, 100, 0.3, 0.4)
                }
            },
            Stage::Customers(folded, rows, mut columns) => {
                if columns.len() == self.base.columns.len() {
                    return Ok(Step::Done(self.past(folded.as_deref(), &rows, columns)));
                }
                columns.push(self.customer_column(columns.len(), folded.as_deref(), &rows));
                let done = columns.len();
                self.stage = Stage::Customers(folded, rows, columns);
                working(done, self.base.columns.len(), 0.7, 0.3)
            }
            Stage::Over => {
                Err(Error::new(Code::Internal, "A finished look back was stepped again. Please report this."))
            }
        }
    }
}
