//! Does any column tell two groups apart? Those customers who are in one only, column by column, like a profile.

use crate::error::Result;
use crate::job::{Job, Progress, Step};
use crate::profile::compare::{Difference, Moments, adjust, categories, numbers};
use crate::profile::job::can_be_profiled;
use crate::table::bitmap::Bitmap;
use crate::table::column::{Column, Data};
use crate::table::table::Table;
use std::rc::Rc;

/// The adjusted probability below which a difference is no chance.
pub const CHANCE: f64 = 0.05;
/// The effect (Cohen's d or Cramér's V) below which a difference is none that matters.
pub const SLIGHT: f64 = 0.1;

/// Finds the pairs of groups that no column tells apart: none has at once an adjusted probability below [`CHANCE`] (Holm's, over
/// the columns of the pair) and an effect of at least [`SLIGHT`]. A pair a step.
#[derive(Debug)]
pub struct ApartJob {
    table: Rc<Table>,
    columns: Vec<usize>,
    groups: Vec<Bitmap>,
    pairs: Vec<(usize, usize)>,
    next: usize,
    alike: Vec<Alike>,
}

/// A pair of groups that no column tells apart.
#[derive(Clone, Copy, Debug)]
pub struct Alike {
    /// The groups.
    pub pair: (usize, usize),
    /// Customers who are in one only, of the smaller side: so many were compared.
    pub alone: usize,
}

impl ApartJob {
    /// Prepares to compare these pairs of groups over all columns that describe customers.
    pub fn new(table: Rc<Table>, groups: Vec<Bitmap>, pairs: Vec<(usize, usize)>) -> ApartJob {
        let describes = |at: &usize| {
            let column = &table.columns[*at];
            !column.role.is_identifier() && can_be_profiled(column)
        };
        let columns = (0..table.columns.len()).filter(describes).collect();
        ApartJob { columns, table, groups, pairs, next: 0, alike: Vec::new() }
    }

    fn alike(&self, pair: (usize, usize)) -> Option<Alike> {
        let (a, b) = (&self.groups[pair.0], &self.groups[pair.1]);
        let (a, b) = (a.and_not(b), b.and_not(a));
        let found: Vec<Difference> =
            self.columns.iter().map(|&at| difference(&self.table.columns[at], &a, &b)).collect();
        let adjusted = adjust(&found.iter().map(|difference| difference.p).collect::<Vec<f64>>());
        let are_apart = found.iter().zip(adjusted).any(|(one, p)| p < CHANCE && one.effect.abs() >= SLIGHT);
        (!are_apart).then(|| Alike { pair, alone: a.count().min(b.count()) })
    }
}

impl Job for ApartJob {
    type Output = Vec<Alike>;

    fn step(&mut self) -> Result<Step<Vec<Alike>>> {
        let Some(&pair) = self.pairs.get(self.next) else {
            return Ok(Step::Done(std::mem::take(&mut self.alike)));
        };
        self.alike.extend(self.alike(pair));
        self.next += 1;
        let ratio = self.next as f64 / self.pairs.len() as f64;
        Ok(Step::Working(Progress { phase: "comparing", ratio, rows: self.table.row_count as u64 }))
    }
}

/// Hands on the codes of a row's values, one for most columns.
type Codes<'a> = dyn Fn(usize, &mut dyn FnMut(usize)) + 'a;

/// How the values of a column differ between two groups that share no row.
fn difference(column: &Column, a: &Bitmap, b: &Bitmap) -> Difference {
    let known = [a, b].map(|rows| rows.and(&column.valid));
    let of_numbers = |value: &dyn Fn(usize) -> f64| {
        let [a, b] = known.each_ref().map(|rows| Moments::of(&rows.iter().map(value).collect::<Vec<f64>>()));
        numbers(a, b)
    };
    let of_codes = |count: usize, codes: &Codes| {
        let [a, b] = known.each_ref().map(|rows| {
            let mut counts = vec![0; count];
            rows.iter().for_each(|row| codes(row, &mut |code| counts[code] += 1));
            counts
        });
        categories(&a, &b)
    };
    match &column.data {
        Data::Number(values) => of_numbers(&|row| values[row]),
        Data::Date(days) => of_numbers(&|row| f64::from(days[row])),
        Data::Time(times) => of_numbers(&|row| times[row] as f64),
        Data::Boolean(truths) => of_codes(2, &|row, count| count(usize::from(truths.get(row)))),
        Data::Text(texts) => of_codes(texts.distinct(), &|row, count| count(texts.codes()[row] as usize)),
        Data::List(lists) => of_codes(lists.values().distinct(), &|row, count| {
            let values = lists.of_cell(lists.cells().codes()[row] as usize);
            values.iter().for_each(|&value| count(value as usize));
        }),
        Data::Unloaded(_) => Difference { effect: f64::NAN, p: f64::NAN },
    }
}
