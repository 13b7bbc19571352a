//! Who went where? Customers of then and now by their groups, in counts and in money.

use crate::math::stats::Sum;
use crate::monitor::sides::{Kind, Part};
use crate::table::figures::{grouped, percent};
use serde_json::{Value, json};

/// What the group of those in none is called in a matrix.
const NONE: &str = "in no group";

/// One part on both sides.
#[derive(Clone, Debug)]
pub struct Cross {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// The labels of then, then those that are new.
    pub labels: Vec<String>,
    /// By label of then: where it stands among the labels.
    before: Vec<usize>,
    /// The same for now.
    after: Vec<usize>,
    /// Customers of both sides, by group of then and of now; the last group is that of those in none.
    cells: Vec<u64>,
    gone: Vec<u64>,
    arrived: Vec<u64>,
    /// Money of now.
    money: Vec<Sum>,
    money_arrived: Vec<Sum>,
    /// Money of then.
    money_gone: Vec<Sum>,
    money_then: Vec<Sum>,
    money_left: Vec<Sum>,
}

impl Cross {
    /// Of a part that there is on both sides, and nobody counted yet.
    pub fn new(before: &Part, after: &Part) -> Cross {
        let mut labels = before.labels.clone();
        for label in &after.labels {
            if !labels.contains(label) {
                labels.push(label.clone());
            }
        }
        let place = |label: &String| labels.iter().position(|known| known == label).unwrap_or_default();
        let size = labels.len() + 1;
        let sums = || vec![Sum::default(); size];
        Cross {
            name: after.name.clone(),
            kind: if before.kind == after.kind { after.kind } else { Kind::Grouping },
            before: before.labels.iter().map(place).collect(),
            after: after.labels.iter().map(place).collect(),
            cells: vec![0; size * size],
            gone: vec![0; size],
            arrived: vec![0; size],
            money: vec![Sum::default(); size * size],
            money_arrived: sums(),
            money_gone: sums(),
            money_then: sums(),
            money_left: sums(),
            labels,
        }
    }

    fn size(&self) -> usize {
        self.labels.len() + 1
    }

    fn place(&self, places: &[usize], group: i32) -> usize {
        usize::try_from(group).map_or(self.labels.len(), |group| places[group])
    }

    /// Counts a customer of now, with the group of then if there was one, and the money of now.
    pub fn add(&mut self, then: Option<i32>, now: i32, money: f64) {
        let column = self.place(&self.after, now);
        match then {
            Some(then) => {
                let cell = self.place(&self.before, then) * self.size() + column;
                self.cells[cell] += 1;
                self.money[cell].add(money);
            }
            None => {
                self.arrived[column] += 1;
                self.money_arrived[column].add(money);
            }
        }
    }

    /// Counts a customer of then: the group of now, or nothing where the customer is gone; with the money of then.
    pub fn add_before(&mut self, then: i32, now: Option<i32>, money: f64) {
        let row = self.place(&self.before, then);
        self.money_then[row].add(money);
        match now {
            None => {
                self.gone[row] += 1;
                self.money_gone[row].add(money);
            }
            Some(now) if self.place(&self.after, now) != row => self.money_left[row].add(money),
            Some(_) => {}
        }
    }

    /// Of each label: who stayed, came and went.
    pub fn flows(&self) -> Vec<Flow> {
        let size = self.size();
        let flow = |at: usize| {
            let row: u64 = (0..size).map(|column| self.cells[at * size + column]).sum();
            let column: u64 = (0..size).map(|row| self.cells[row * size + at]).sum();
            let stayed = self.cells[at * size + at];
            let others = (0..size).filter(|&row| row != at);
            let mut entered = self.money_arrived[at];
            others.clone().for_each(|row| entered.add(self.money[row * size + at].value()));
            let mut after = entered;
            after.add(self.money[at * size + at].value());
            let mut left = self.money_gone[at];
            left.add(self.money_left[at].value());
            Flow {
                label: self.labels[at].clone(),
                before: row + self.gone[at],
                after: column + self.arrived[at],
                stayed,
                entered: column - stayed + self.arrived[at],
                left: row - stayed + self.gone[at],
                is_new: self.arrived[at],
                lost: self.gone[at],
                money: [self.money_then[at].value(), after.value(), entered.value(), left.value()],
            }
        };
        (0..self.labels.len()).map(flow).collect()
    }

    /// The matrix of a grouping in the shape of the public interface. `is_paid` says whether money of then and of now is known.
    pub fn matrix(&self, is_paid: [bool; 2]) -> Value {
        let size = self.size();
        let none = size - 1;
        // Whoever is in no group has a row and a column of their own, where there is anybody.
        let anybody = (0..size).any(|at| self.cells[none * size + at] + self.cells[at * size + none] > 0);
        let shown = if anybody || self.gone[none] + self.arrived[none] > 0 { size } else { none };
        let mut labels = self.labels.clone();
        if shown == size {
            labels.push(NONE.into());
        }
        let each = |of: &dyn Fn(usize) -> Value| (0..shown).map(of).collect::<Vec<Value>>();
        let matrix = each(&|row| json!(self.cells[row * size..row * size + shown]));
        let before = |at: usize| self.cells[at * size..(at + 1) * size].iter().sum::<u64>() + self.gone[at];
        let after = |at: usize| (0..size).map(|row| self.cells[row * size + at]).sum::<u64>() + self.arrived[at];
        let count = |keep: &dyn Fn(usize, usize) -> bool| -> u64 {
            let pairs = (0..shown).flat_map(|row| (0..shown).map(move |column| (row, column)));
            pairs.filter(|&(row, column)| keep(row, column)).map(|(row, column)| self.cells[row * size + column]).sum()
        };
        let stayed = count(&|row, column| row == column);
        let matched = count(&|_, _| true);
        let ordered = self.kind == Kind::Ordered;
        let mut all = json!({
            "grouping": self.name,
            "labels": labels,
            "matrix": matrix,
            "gone": self.gone[..shown],
            "arrived": self.arrived[..shown],
            "sizesBefore": each(&|at| json!(before(at))),
            "sizesAfter": each(&|at| json!(after(at))),
            "stayed": stayed,
            "moved": matched - stayed,
            "ordered": ordered,
            "sentence": format!(
                "Of {} customers of both dates, {} ({}) are in the same group of “{}” as then.",
                grouped(matched), grouped(stayed), percent(stayed, matched), self.name
            ),
        });
        if shown == size {
            all["none"] = json!(none);
        }
        if ordered {
            all["improved"] = json!(count(&|row, column| column < row && row < none));
            all["worsened"] = json!(count(&|row, column| row < column && column < none));
        }
        let money = |sum: &Sum| json!(sum.value());
        if is_paid[1] {
            all["money"] =
                json!(each(&|row| (0..shown).map(|column| money(&self.money[row * size + column])).collect()));
            all["moneyArrived"] = json!(each(&|at| money(&self.money_arrived[at])));
        }
        if is_paid[0] {
            all["moneyGone"] = json!(each(&|at| money(&self.money_gone[at])));
        }
        all
    }
}

/// What became of a segment, or of one group of a grouping.
#[derive(Clone, Debug, PartialEq)]
pub struct Flow {
    /// Its name.
    pub label: String,
    /// Members then; `stayed + left`.
    pub before: u64,
    /// Members now; `stayed + entered`.
    pub after: u64,
    /// In it then and now.
    pub stayed: u64,
    /// In it now and not then, new customers with them.
    pub entered: u64,
    /// In it then and not now, lost customers with them.
    pub left: u64,
    /// Of those who entered: customers there were not.
    pub is_new: u64,
    /// Of those who left: customers there are no more.
    pub lost: u64,
    /// Of all then (at the prices of then), of all now, of those who entered (now), of those who left (then).
    pub money: [f64; 4],
}

impl Flow {
    /// Share of the members of then who are members now; nothing where there were none.
    pub fn retention(&self) -> Option<f64> {
        (self.before > 0).then(|| self.stayed as f64 / self.before as f64)
    }
}
