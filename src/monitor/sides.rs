//! What is known of one side of a comparison: who is in which segment and group, what they bring, how columns spread.

use crate::monitor::watch::Watched;
use crate::table::bitmap::Bitmap;
use crate::table::column::{Column, Data};
use crate::table::table::Table;
use std::rc::Rc;

/// A segment or a grouping: something that customers are in, one group at most of each.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Its name.
    pub name: String,
    /// One a group; of a segment the one that is its name.
    pub labels: Vec<String>,
    /// What it is.
    pub kind: Kind,
}

/// What a part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A rule: in or not.
    Segment,
    /// Exclusive groups.
    Grouping,
    /// Exclusive groups, the first of which is the best.
    Ordered,
}

impl Kind {
    /// As a baseline spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Segment => "segment",
            Kind::Grouping => "grouping",
            Kind::Ordered => "ordered",
        }
    }

    /// From its spelling.
    pub fn of(text: &str) -> Option<Kind> {
        [Kind::Segment, Kind::Grouping, Kind::Ordered].into_iter().find(|kind| kind.as_str() == text)
    }
}

/// The group of each row within one part.
#[derive(Clone, Debug)]
pub enum Groups {
    /// Of a segment: its members.
    Members(Bitmap),
    /// Of a grouping: the label's number, −1 for none.
    Numbers(Vec<i32>),
}

impl Groups {
    /// The group of a row, −1 for none.
    pub fn at(&self, row: usize) -> i32 {
        match self {
            Groups::Members(rows) => i32::from(rows.get(row)) - 1,
            Groups::Numbers(numbers) => numbers[row],
        }
    }
}

/// One side as a study has it.
#[derive(Debug)]
pub struct Side {
    /// The reference date.
    pub date: String,
    /// The same, as a day.
    pub day: i32,
    /// The study's table, for the values that a column has.
    pub table: Rc<Table>,
    /// What tells its customers apart.
    pub key: Rc<Column>,
    /// What is followed for drift.
    pub columns: Vec<Rc<Column>>,
    /// What customers bring.
    pub money: Option<Rc<Column>>,
    /// The segments, then the groupings.
    pub parts: Vec<Part>,
    /// Of each part.
    pub groups: Vec<Groups>,
    /// What its rules ask for.
    pub watched: Vec<Watched>,
}

impl Side {
    /// Number of customers.
    pub fn customers(&self) -> usize {
        self.key.len()
    }

    /// What a customer brings; nothing where that is missing.
    pub fn money_of(&self, row: usize) -> f64 {
        match self.money.as_deref() {
            Some(Column { data: Data::Number(values), .. }) if values[row].is_finite() => values[row],
            _ => 0.0,
        }
    }

    /// The members of the segments, in their order.
    pub fn segments<'a>(&'a self) -> Vec<&'a Bitmap> {
        let members = |groups: &'a Groups| if let Groups::Members(rows) = groups { Some(rows) } else { None };
        self.groups.iter().filter_map(members).collect()
    }
}
