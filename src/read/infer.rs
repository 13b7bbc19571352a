//! What type does a column have? Counted over cells, decided from the counts alone.
//!
//! A column keeps a type when at least nine in ten of its non-missing cells fit. Yes-or-no columns are the exception: all
//! cells must fit, since a third answer is an answer. Codes stay text: what has leading zeros, or more digits than a
//! number holds exactly, in at least one cell in a hundred.

use crate::read::dates::{self, Orders};
use crate::read::number::{self, Decimal};
use crate::read::options::DateOrder;
use crate::read::words::{boolean_pairs, pair_of};
use crate::table::column::ColumnType;

/// How the cells of a column are converted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// As they stand.
    Text,
    /// Numbers with this decimal mark.
    Number(Decimal),
    /// Days, numeric ones in this order.
    Date(DateOrder),
    /// Moments, numeric days in this order.
    Time(DateOrder),
    /// Yes and no, by number of the pair of words.
    Boolean(usize),
    /// Texts with several values each, parted by this mark; read as text and cut at the end, once all cells are known.
    List(u8),
}

impl Format {
    /// The type of the values.
    pub fn kind(self) -> ColumnType {
        match self {
            Format::Text => ColumnType::Text,
            Format::Number(_) => ColumnType::Number,
            Format::Date(_) => ColumnType::Date,
            Format::Time(_) => ColumnType::Time,
            Format::Boolean(_) => ColumnType::Boolean,
            Format::List(_) => ColumnType::List,
        }
    }
}

/// Whether so many of so many cells are enough to keep a type.
pub fn is_enough(fits: u64, present: u64) -> bool {
    present > 0 && fits * 10 >= present * 9
}

/// Whether so many cells that look like codes make the column one.
pub fn is_code(codes: u64, present: u64) -> bool {
    codes > 0 && codes * 100 >= present
}

/// Evidence about the decimal mark: cells that prove the point, the comma, or leave it open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MarkEvidence {
    /// Cells that only make sense with a decimal point.
    pub point: u64,
    /// Cells that only make sense with a decimal comma.
    pub comma: u64,
    /// Cells such as 1,234 that make sense with both, to different values.
    pub open: u64,
}

/// Evidence about the order of day and month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OrderEvidence {
    /// Cells that only make sense day first.
    pub day_first: u64,
    /// Cells that only make sense month first.
    pub month_first: u64,
    /// Cells that make sense both ways, to different days.
    pub either: u64,
}

impl OrderEvidence {
    /// Notes one cell.
    #[inline]
    pub fn note(&mut self, orders: Orders, count: u64) {
        match orders {
            Orders::Fixed => {}
            Orders::Either => self.either += count,
            Orders::DayFirst => self.day_first += count,
            Orders::MonthFirst => self.month_first += count,
        }
    }

    /// The cells that prove day first, or month first.
    pub fn proofs(&mut self, order: DateOrder) -> &mut u64 {
        if order == DateOrder::Mdy { &mut self.month_first } else { &mut self.day_first }
    }

    /// The order that most cells prove; none where nothing does.
    pub fn verdict(&self) -> Option<DateOrder> {
        match self.day_first.cmp(&self.month_first) {
            std::cmp::Ordering::Greater => Some(DateOrder::Dmy),
            std::cmp::Ordering::Less => Some(DateOrder::Mdy),
            std::cmp::Ordering::Equal if self.day_first > 0 => Some(DateOrder::Dmy),
            std::cmp::Ordering::Equal => None,
        }
    }

    /// Whether somebody should be asked.
    pub fn is_question(&self) -> bool {
        self.day_first > 0 && self.month_first > 0 || self.either > 0 && self.day_first + self.month_first == 0
    }
}

/// What is settled for the whole file or by the user before columns are judged.
#[derive(Clone, Copy, Debug, Default)]
pub struct Settled {
    /// Decimal mark, if it was chosen.
    pub decimal: Option<Decimal>,
    /// Order of numeric dates, if it was chosen.
    pub order: Option<DateOrder>,
}

/// Counts over the non-missing cells of a column.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Non-missing cells.
    pub present: u64,
    /// Bytes of the non-missing cells.
    pub bytes: u64,
    numbers: [u64; 2],
    /// Cells that are numbers with one decimal mark or the other.
    any: u64,
    codes: u64,
    /// Evidence about the decimal mark.
    pub marks: MarkEvidence,
    dates: [u64; 3],
    timed: u64,
    /// Evidence about the order of day and month.
    pub orders: OrderEvidence,
    /// Pairs of words that explain every cell, as bits inverted, so that none seen is zero.
    closed: u32,
    yes: u32,
    no: u32,
}

impl Tally {
    /// Counts a cell that occurs so many times.
    pub fn add(&mut self, cell: &str, count: u64, settled: Settled) {
        self.present += count;
        self.bytes += cell.len() as u64 * count;
        let (yes, no) = if self.closed == u32::MAX { (0, 0) } else { boolean_pairs(cell) };
        self.closed |= !(yes | no);
        self.yes |= yes;
        self.no |= no;
        let point = number::parse(cell, Decimal::Point);
        let comma = number::parse(cell, Decimal::Comma);
        self.numbers[0] += if point.is_some() { count } else { 0 };
        self.numbers[1] += if comma.is_some() { count } else { 0 };
        self.any += if point.is_some() || comma.is_some() { count } else { 0 };
        match (point, comma) {
            (Some(_), None) => self.marks.point += count,
            (None, Some(_)) => self.marks.comma += count,
            (Some(number), Some(_)) if number.ambiguous => self.marks.open += count,
            _ => {}
        }
        if point.is_some_and(|number| number.leading_zero || number.long) {
            self.codes += count;
        }
        let order = settled.order.unwrap_or(DateOrder::Dmy);
        if order == DateOrder::Ymd {
            let found = dates::parse(cell, order);
            self.dates[2] += if found.is_some() { count } else { 0 };
            self.timed += if found.is_some_and(|moment| moment.timed) { count } else { 0 };
            return;
        }
        let day_first = dates::parse(cell, DateOrder::Dmy);
        let month_first = match day_first {
            Some(moment) if moment.orders == Orders::Fixed => day_first,
            _ => dates::parse(cell, DateOrder::Mdy),
        };
        self.dates[0] += if day_first.is_some() { count } else { 0 };
        self.dates[1] += if month_first.is_some() { count } else { 0 };
        if let Some(moment) = day_first.or(month_first) {
            self.orders.note(moment.orders, count);
            self.timed += if moment.timed { count } else { 0 };
        }
    }

    /// The type that the counts speak for; `decimal` and `order` decide where they leave it open. `flag` says that the
    /// column's name asks a question.
    pub fn decide(&self, settled: Settled, decimal: Decimal, order: DateOrder, flag: bool) -> Format {
        if self.present == 0 {
            return Format::Text;
        }
        if let Some(pair) = pair_of(!self.closed, self.yes, self.no, flag) {
            return Format::Boolean(pair);
        }
        let order = settled.order.or(self.orders.verdict()).unwrap_or(order);
        if is_enough(self.dates[order as usize], self.present) {
            return self.day_or_moment(order);
        }
        let decimal = self.decimal(settled, decimal);
        // Where both marks occur, the cells with the rarer one are left out and reported: better than no numbers at all.
        let fits = self.numbers[decimal as usize];
        let mixed = settled.decimal.is_none() && is_enough(self.any, self.present) && fits * 2 >= self.present;
        if (mixed || is_enough(fits, self.present)) && !is_code(self.codes, self.present) {
            return Format::Number(decimal);
        }
        Format::Text
    }

    /// The best format of a type that was chosen by name.
    pub fn format_of(&self, kind: ColumnType, settled: Settled, decimal: Decimal, order: DateOrder) -> Format {
        let order = settled.order.or(self.orders.verdict()).unwrap_or(order);
        match kind {
            ColumnType::Number => Format::Number(self.decimal(settled, decimal)),
            ColumnType::Text => Format::Text,
            ColumnType::List => Format::List(0),
            // Days may be counted in numbers, which are turned into days at the end.
            ColumnType::Date | ColumnType::Time
                if !is_enough(self.dates[order as usize], self.present) && is_enough(self.any, self.present) =>
            {
                Format::Number(self.decimal(settled, decimal))
            }
            ColumnType::Date => Format::Date(order),
            ColumnType::Time => Format::Time(order),
            ColumnType::Boolean => {
                let seen = self.yes | self.no;
                Format::Boolean(if seen == 0 { 0 } else { seen.trailing_zeros() as usize })
            }
        }
    }

    /// Share of the cells that fit the nearest type other than text.
    pub fn nearest(&self) -> f64 {
        let most = self.dates.iter().copied().max().unwrap_or(0).max(self.any);
        let words = if self.closed == u32::MAX { 0 } else { self.present };
        most.max(words) as f64 / self.present.max(1) as f64
    }

    /// Whether most cells are numbers in some writing: such columns vote on the file's decimal mark.
    pub fn is_numeric(&self) -> bool {
        is_enough(self.any, self.present)
    }

    fn day_or_moment(&self, order: DateOrder) -> Format {
        if self.timed > 0 { Format::Time(order) } else { Format::Date(order) }
    }

    fn decimal(&self, settled: Settled, default: Decimal) -> Decimal {
        settled.decimal.unwrap_or(match self.marks.point.cmp(&self.marks.comma) {
            std::cmp::Ordering::Greater => Decimal::Point,
            std::cmp::Ordering::Less => Decimal::Comma,
            std::cmp::Ordering::Equal => default,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(cells: &[&str]) -> Format {
        let mut tally = Tally::default();
        cells.iter().for_each(|cell| tally.add(cell, 1, Settled::default()));
        tally.decide(Settled::default(), Decimal::Point, DateOrder::Dmy, false)
    }

    #[test]
    fn nine_in_ten_decide() {
        assert_eq!(format(&["1", "2", "3", "4", "5", "6", "7", "8", "9", "x"]), Format::Number(Decimal::Point));
        assert_eq!(format(&["1", "2", "3", "4", "5", "6", "7", "8", "x", "y"]), Format::Text);
        assert_eq!(format(&["yes", "no", "yes", "no", "yes", "no", "yes", "no", "yes", "unknown"]), Format::Text);
        assert_eq!(format(&["Yes", "No"]), Format::Boolean(1));
        assert_eq!(format(&["0", "1"]), Format::Number(Decimal::Point));
        assert_eq!(format(&[]), Format::Text);
    }

    #[test]
    fn codes_stay_text() {
        assert_eq!(format(&["0001", "0002"]), Format::Text);
        assert_eq!(format(&["01234", "90210", "33333"]), Format::Text);
        assert_eq!(format(&["4111111111111111", "5500000000000004"]), Format::Text);
        assert_eq!(format(&["0.5", "00.5", "0"]), Format::Number(Decimal::Point));
    }

    #[test]
    fn all_values_decide_marks_and_orders() {
        assert_eq!(format(&["1.234", "12,5"]), Format::Number(Decimal::Comma));
        assert_eq!(format(&["1.234", "1.234,5"]), Format::Number(Decimal::Comma));
        assert_eq!(format(&["1,234", "5"]), Format::Number(Decimal::Point));
        assert_eq!(format(&["03/04/2026", "04/25/2026"]), Format::Date(DateOrder::Mdy));
        assert_eq!(format(&["03/04/2026", "25/04/2026"]), Format::Date(DateOrder::Dmy));
        assert_eq!(format(&["03/04/2026"]), Format::Date(DateOrder::Dmy));
        assert_eq!(format(&["19970101", "19971231"]), Format::Date(DateOrder::Dmy));
        assert_eq!(format(&["2026-01-01 10:00", "2026-01-02"]), Format::Time(DateOrder::Dmy));
    }
}
