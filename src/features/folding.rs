//! What was met while orders were folded? Each kind that was left out or bent, with its number, share and first examples.

use crate::table::column::{Column, Data};
use crate::table::date::format_day;
use crate::table::figures::{grouped, percent};
use crate::table::finding::{Example, Finding, Severity};

/// Rows, or orders by the row they begin with, of one kind: how many, and the first few.
#[derive(Debug, Default)]
pub struct Noted {
    rows: u64,
    examples: Vec<Example>,
}

impl Noted {
    /// One more.
    #[inline]
    pub fn note(&mut self, row: usize, value: impl FnOnce() -> String) {
        self.rows += 1;
        if self.examples.len() < Finding::EXAMPLES {
            self.examples.push(Example { row: row as u64 + 1, value: value() });
        }
    }

    /// One fewer, of which no example was given.
    pub fn less(&mut self) {
        self.rows -= 1;
    }
}

impl From<u64> for Noted {
    fn from(rows: u64) -> Noted {
        Noted { rows, examples: Vec::new() }
    }
}

/// What follows from a column that was left out of memory.
pub fn unused(column: &Column, total: usize, what: &str) -> Finding {
    let message =
        format!("“{}” was not kept in memory: {what}. Load the file with it to have it counted.", column.name);
    about("column-not-loaded", column, total, message)
}

/// What is to be said of a column for the fold.
pub fn about(code: &str, column: &Column, total: usize, message: String) -> Finding {
    let rows = column.valid.count() as u64;
    Finding {
        code: code.into(),
        severity: Severity::Warning,
        column: Some(column.name.clone()),
        rows,
        share: rows as f64 / total.max(1) as f64,
        examples: Vec::new(),
        message,
        repair: Vec::new(),
    }
}

/// What was met on the way.
#[derive(Debug, Default)]
pub struct Findings {
    /// Columns that would have been asked, or have nothing to say.
    pub not_loaded: Vec<Finding>,
    /// Lines left out by the user's rule.
    pub excluded: u64,
    /// Lines of test orders.
    pub tests: Noted,
    /// Lines without a customer.
    pub nameless: Noted,
    /// Lines that take their customer from the line above.
    pub filled: Noted,
    /// Lines with refunded money beside the amount.
    pub refunded: Noted,
    /// Lines on which the order's total stands again.
    pub repeated: u64,
    /// Lines after the reference date.
    pub later: Noted,
    /// Lines without a day.
    pub undated: Noted,
    /// Lines below zero.
    pub negative: Noted,
    /// Orders of all kinds.
    pub orders: u64,
    /// Orders that were cancelled.
    pub cancelled: Noted,
    /// How the file says that they were.
    pub cancelled_by: String,
    /// Cancelled lines of other orders.
    pub cancelled_lines: u64,
    /// Orders of 0 that do not count.
    pub zero: Noted,
    /// Orders outside the window.
    pub outside: Noted,
}

/// What messages speak of besides.
#[derive(Debug)]
pub struct About<'a> {
    /// Lines in the file.
    pub lines: usize,
    /// The reference date.
    pub reference: i32,
    /// The column with the customers' ids.
    pub id: &'a str,
    /// First and last day of the window.
    pub window: Option<(i32, i32)>,
    /// Whether refunds do nothing.
    pub ignores_refunds: bool,
}

impl Findings {
    /// All that there is to say.
    pub fn tell(self, about: &About) -> Vec<Finding> {
        use Severity::{Info, Warning};
        let (lines, orders, id) = (about.lines as u64, self.orders, about.id);
        let by = self.cancelled_by;
        let mut findings = self.not_loaded;
        let mut tell = |code: &str, severity: Severity, noted: Noted, (all, things): (u64, &str), what: String| {
            if noted.rows > 0 {
                findings.push(Finding {
                    code: code.into(),
                    severity,
                    column: None,
                    rows: noted.rows,
                    share: noted.rows as f64 / all.max(1) as f64,
                    examples: noted.examples,
                    message: format!(
                        "{} of {} {things} ({}) {what}",
                        grouped(noted.rows),
                        grouped(all),
                        percent(noted.rows, all)
                    ),
                    repair: Vec::new(),
                });
            }
        };
        let (lines, orders) = ((lines, "rows"), (orders, "orders"));
        tell(
            "missing-customer-id",
            Warning,
            self.nameless,
            lines,
            format!("have no “{id}” and belong to no customer. They are left out."),
        );
        tell(
            "lines-filled",
            Info,
            self.filled,
            lines,
            format!("have no “{id}” of their own and belong to the customer of the order's first line."),
        );
        tell(
            "order-totals-repeated",
            Warning,
            self.repeated.into(),
            lines,
            "repeat the total of their order, which was counted once. Name the amount of the line as “amount” if it is none.".into(),
        );
        let refunded = if about.ignores_refunds { "which is not taken off" } else { "which was taken off" };
        let refunded_code = if about.ignores_refunds { "refunds-ignored" } else { "refunds-subtracted" };
        tell(refunded_code, Info, self.refunded, lines, format!("have refunded money, {refunded} the amount."));
        tell("excluded-lines", Info, self.excluded.into(), lines, "were excluded by your rule.".into());
        tell("test-orders", Info, self.tests, lines, "belong to test orders by your rule. They are left out.".into());
        tell(
            "orders-after-reference",
            Info,
            self.later,
            lines,
            format!("are later than the reference date {} and left out.", day(about.reference)),
        );
        let undated = match about.window {
            None => "have no date. They count for frequency and money, not for recency.",
            Some(_) => "have no date. Where only the orders of some days count, they do not.",
        };
        tell("undated-lines", Warning, self.undated, lines, undated.into());
        let negative = match about.ignores_refunds {
            false => "They lower the money; an order whose total is below zero is no order.",
            true => "An order whose total is below zero is no order, and does not lower the money.",
        };
        tell("refund-lines", Info, self.negative, lines, format!("are refunds (amounts below zero). {negative}"));
        let kept = "belong to orders that were kept. Their money is left out";
        tell("cancelled-lines", Info, self.cancelled_lines.into(), lines, format!("were cancelled but {kept}: {by}."));
        tell("cancelled-orders", Info, self.cancelled, orders, format!("were cancelled and left out: {by}."));
        let zero = "are worth 0, or have no amount. They are not counted as orders.";
        tell("zero-value-orders", Info, self.zero, orders, zero.into());
        let window = match about.window {
            Some((from, to)) if to == i32::MAX => format!("from {} on", day(from)),
            Some((from, to)) if from <= Data::NO_DAY + 1 => format!("up to {}", day(to)),
            Some((from, to)) => format!("from {} to {}", day(from), day(to)),
            None => String::new(),
        };
        let outside = format!("are outside the days that count ({window}) and left out.");
        tell("orders-outside-window", Info, self.outside, orders, outside);
        findings
    }
}

fn day(day: i32) -> String {
    if day == Data::NO_DAY { String::new() } else { format_day(day) }
}
