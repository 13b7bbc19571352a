//! One group against the baseline, column by column.

use crate::error::Result;
use crate::job::{Job, Progress, Step};
use crate::math::order;
use crate::math::stats::{mean, quantile_sorted, sum};
use crate::profile::compare::{Moments, adjust, categories, numbers};
use crate::profile::profile::{ColumnProfile, Profile, TOP, TopValue};
use crate::profile::sentence::strongest;
use crate::table::bitmap::Bitmap;
use crate::table::column::{Column, Data};
use crate::table::table::Table;
use std::rc::Rc;

/// Columns of more distinct values than this tell rows apart and are not profiled as categories.
pub const MOST_CATEGORIES: usize = 1_000;

/// Profiles groups of a table's rows, a column a step.
///
/// Members outside the baseline do not count. An empty group has n = 0, no means and NaN effects.
#[derive(Debug)]
pub struct ProfileJob {
    table: Rc<Table>,
    baseline: Bitmap,
    groups: Vec<(String, Bitmap)>,
    revenue: Option<String>,
    /// Columns that made the groups: described, but no news.
    defining: Vec<String>,
    /// Positions of the columns to describe.
    columns: Vec<usize>,
    /// For each column done, each group's description and probability.
    done: Vec<Vec<(ColumnProfile, f64)>>,
}

impl ProfileJob {
    /// Prepares the profiles. `baseline` is everyone when left out; `columns` limits and orders the columns, left out all
    /// but identifiers and personal ones are taken; `revenue` names the column of money; `defining` names columns that
    /// made the groups, which are described but not told as differences.
    ///
    /// # Errors
    /// `unknown-column` for a name that no column has, `wrong-type` when `revenue` is no number column.
    pub fn new(
        table: Rc<Table>,
        groups: Vec<(String, Bitmap)>,
        baseline: Option<Bitmap>,
        columns: Option<&[String]>,
        revenue: Option<String>,
        defining: Vec<String>,
    ) -> Result<ProfileJob> {
        let baseline = baseline.unwrap_or_else(|| Bitmap::ones(table.row_count));
        let chosen = match columns {
            Some(names) => names.iter().map(|name| table.position(name)).collect::<Result<Vec<_>>>()?,
            None => (0..table.columns.len()).filter(|&at| !table.columns[at].role.is_identifier()).collect(),
        };
        if let Some(name) = &revenue {
            table.numbers(name)?;
        }
        let columns = chosen.into_iter().filter(|&at| can_be_profiled(&table.columns[at])).collect();
        let groups = groups.into_iter().map(|(label, members)| (label, members.and(&baseline))).collect();
        Ok(ProfileJob { table, baseline, groups, revenue, defining, columns, done: Vec::new() })
    }

    /// Puts one group's columns together.
    fn assemble(&self, group: usize) -> Result<Profile> {
        let (label, members) = &self.groups[group];
        let probabilities: Vec<f64> = self.done.iter().map(|column| column[group].1).collect();
        let mut columns: Vec<ColumnProfile> = self.done.iter().map(|column| column[group].0.clone()).collect();
        for (column, p) in columns.iter_mut().zip(adjust(&probabilities)) {
            column.p_adjusted = p;
        }
        let values = self.revenue.as_ref().map(|name| self.table.numbers(name)).transpose()?;
        let money =
            |rows: &Bitmap| values.map(|values| sum(rows.iter().map(|row| values[row]).filter(|v| v.is_finite())));
        let (own, total) = (money(members), money(&self.baseline));
        let n = members.count();
        let news: Vec<&ColumnProfile> = columns.iter().filter(|column| !self.defining.contains(&column.name)).collect();
        Ok(Profile {
            label: label.clone(),
            n,
            share: n as f64 / self.baseline.count().max(1) as f64,
            revenue: own,
            revenue_share: own.zip(total).filter(|(_, total)| *total > 0.0).map(|(own, total)| own / total),
            differences: strongest(label, &news, n),
            columns,
        })
    }
}

impl Job for ProfileJob {
    type Output = Vec<Profile>;

    fn step(&mut self) -> Result<Step<Vec<Profile>>> {
        if let Some(&at) = self.columns.get(self.done.len()) {
            let members: Vec<&Bitmap> = self.groups.iter().map(|(_, members)| members).collect();
            self.done.push(describe(&self.table.columns[at], &members, &self.baseline));
            let ratio = self.done.len() as f64 / self.columns.len() as f64;
            return Ok(Step::Working(Progress { phase: "profiling", ratio, rows: self.table.row_count as u64 }));
        }
        Ok(Step::Done((0..self.groups.len()).map(|group| self.assemble(group)).collect::<Result<_>>()?))
    }
}

/// Whether a column can be described: it is in memory, and is no text that tells rows apart.
pub fn can_be_profiled(column: &Column) -> bool {
    match &column.data {
        Data::Unloaded(_) => false,
        Data::Text(texts) => texts.distinct() <= MOST_CATEGORIES,
        Data::List(lists) => lists.values().distinct() <= MOST_CATEGORIES,
        _ => true,
    }
}

/// The column inside each group, with the probability of its difference to the rest of the baseline.
fn describe(column: &Column, groups: &[&Bitmap], baseline: &Bitmap) -> Vec<(ColumnProfile, f64)> {
    let known = baseline.and(&column.valid);
    let of_numbers = |value: &dyn Fn(usize) -> f64| {
        let mut rows: Vec<(u64, u32)> = known.iter().map(|row| (order::key(value(row)), row as u32)).collect();
        order::pairs(&mut rows);
        let all: Vec<f64> = rows.iter().map(|&(key, _)| order::number(key)).collect();
        let everyone = (Moments::of(&all), mean(&all), quantile_sorted(&all, 0.5));
        groups
            .iter()
            .map(|members| {
                let own = rows.iter().filter(|(_, row)| members.get(*row as usize));
                let own: Vec<f64> = own.map(|&(key, _)| order::number(key)).collect();
                describe_numbers(blank(column, members, own.len()), &own, everyone)
            })
            .collect()
    };
    let of_categories = |count: &dyn Fn(&Bitmap) -> Vec<u64>, name: &dyn Fn(usize) -> String| {
        let everyone = count(&known);
        groups
            .iter()
            .map(|members| {
                let rows = members.and(&known);
                let sizes = [rows.count(), known.count()];
                describe_categories(blank(column, members, sizes[0]), &count(&rows), &everyone, sizes, name)
            })
            .collect()
    };
    match &column.data {
        Data::Number(values) => of_numbers(&|row| values[row]),
        Data::Date(days) => without_index(of_numbers(&|row| f64::from(days[row]))),
        Data::Time(times) => without_index(of_numbers(&|row| times[row] as f64)),
        Data::Text(texts) => of_categories(
            &|rows| {
                let mut counts = vec![0u64; texts.distinct()];
                rows.iter().for_each(|row| counts[texts.codes()[row] as usize] += 1);
                counts
            },
            &|code| texts.value(code as u32).to_string(),
        ),
        // A row counts once for each of its values, so that the shares may add up to more than one.
        Data::List(lists) => of_categories(
            &|rows| {
                let mut counts = vec![0u64; lists.values().distinct()];
                let cells = lists.cells().codes();
                let items = rows.iter().flat_map(|row| lists.of_cell(cells[row] as usize));
                items.for_each(|&value| counts[value as usize] += 1);
                counts
            },
            &|code| lists.values().value(code as u32).to_string(),
        ),
        Data::Boolean(truths) => of_categories(
            &|rows| {
                let yes = rows.count_and(truths) as u64;
                vec![rows.count() as u64 - yes, yes]
            },
            &|code| (code == 1).to_string(),
        ),
        Data::Unloaded(_) => Vec::new(),
    }
}

/// A day is not a multiple of another day.
fn without_index(mut described: Vec<(ColumnProfile, f64)>) -> Vec<(ColumnProfile, f64)> {
    described.iter_mut().for_each(|(column, _)| column.index = None);
    described
}

fn blank(column: &Column, members: &Bitmap, n: usize) -> ColumnProfile {
    ColumnProfile {
        name: column.name.clone(),
        n,
        missing: members.count() - n,
        mean: None,
        median: None,
        quantiles: None,
        baseline_mean: None,
        baseline_median: None,
        index: None,
        top: None,
        effect: f64::NAN,
        p_adjusted: f64::NAN,
    }
}

/// `own` is sorted; `everyone` is the baseline's moments, mean and median.
fn describe_numbers(mut into: ColumnProfile, own: &[f64], everyone: (Moments, f64, f64)) -> (ColumnProfile, f64) {
    let (moments, baseline_mean, baseline_median) = everyone;
    if !own.is_empty() {
        into.mean = Some(mean(own));
        into.median = Some(quantile_sorted(own, 0.5));
        into.quantiles = Some([0.05, 0.25, 0.5, 0.75, 0.95].map(|p| quantile_sorted(own, p)).to_vec());
    }
    if baseline_mean.is_finite() {
        into.baseline_mean = Some(baseline_mean);
        into.baseline_median = Some(baseline_median);
    }
    into.index = into.mean.filter(|_| baseline_mean > 0.0).map(|own| own / baseline_mean * 100.0);
    let group = Moments::of(own);
    let difference = numbers(group, moments.without(group));
    into.effect = difference.effect;
    (into, difference.p)
}

/// Counts by category and rows of the group and of the whole baseline, the group included.
fn describe_categories(
    mut into: ColumnProfile,
    own: &[u64],
    everyone: &[u64],
    rows: [usize; 2],
    name: &dyn Fn(usize) -> String,
) -> (ColumnProfile, f64) {
    let [n, all] = rows.map(|rows| rows as f64);
    let mut order: Vec<usize> = (0..own.len()).filter(|&code| own[code] > 0).collect();
    order::arrange(&mut order, &|a, b| own[b].cmp(&own[a]).then_with(|| name(a).cmp(&name(b))));
    let top = order.into_iter().take(TOP).map(|code| {
        let share = own[code] as f64 / n;
        TopValue { value: name(code), share, index: share / (everyone[code] as f64 / all) * 100.0 }
    });
    into.top = Some(top.collect());
    let rest: Vec<u64> = everyone.iter().zip(own).map(|(all, own)| all - own).collect();
    let difference = categories(own, &rest);
    into.effect = difference.effect;
    (into, difference.p)
}
