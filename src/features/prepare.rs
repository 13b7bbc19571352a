//! From a table's columns to scaled features, in small steps: which rows count, what the transforms fitted, what was noticed.

use crate::error::{Code, Error, Result};
use crate::features::categories::Category;
use crate::features::matrix::{Feature, Rows, Values};
use crate::features::scale::{STRONG_SKEW, Scale, Transform};
use crate::features::select::check;
use crate::features::wanted::{Kind, Missing, Wanted};
use crate::math::moments::Moments;
use crate::math::order;
use crate::math::rng::Rng;
use crate::math::stats::{BLOCK, sorted};
use crate::table::bitmap::Bitmap;
use crate::table::column::ColumnType;
use crate::table::figures::{grouped, percent, short};
use crate::table::table::{Table, plural};
use std::borrow::Cow;
use std::ops::Range;

/// Values that powers, quartiles and ranks are fitted to at most; above that a seeded sample of them.
pub const FITTED_ROWS: usize = 50_000;
/// The seed of that sample: the same column gives the same transform in whatever analysis.
const FITTED_SEED: u64 = 0x5CA1E;

/// Scaled columns of a table, ready to be compared.
#[derive(Clone, Debug, PartialEq)]
pub struct Features {
    /// One for each column of numbers that has more than one value; then one for each level of each category that has more
    /// than one.
    pub list: Vec<Feature>,
    /// The rows used.
    pub rows: Rows,
    /// Rows left out because a value is missing.
    pub dropped: usize,
    /// The largest absolute scaled value.
    pub largest: f64,
    /// How the values of each column that was asked for look, in the order of asking.
    pub looks: Vec<Look>,
    /// What a reader should know.
    pub notices: Vec<String>,
    /// What a difference in a category counts against a squared difference of numbers, where both were asked for.
    pub gamma: Option<f64>,
}

/// What a column's values look like, and what follows from it.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// Settled, never `auto`.
    pub transform: Transform,
    /// The least value.
    pub least: f64,
    /// The greatest.
    pub greatest: f64,
    /// Fisher's skewness; 0 where all values are equal.
    pub skewness: f64,
    /// Values that are 0; counted for columns of which the transform is chosen.
    pub zeros: usize,
    /// Why this transform, as a sentence.
    pub reason: String,
}

/// Features of a whole table at once.
///
/// # Errors
/// As [`Preparation::new`] and [`Preparation::step`].
pub fn prepare(table: &Table, wanted: &[Wanted], missing: Missing) -> Result<Features> {
    let mut preparation = Preparation::new(table, wanted, missing)?;
    loop {
        if let Some(features) = preparation.step(table)? {
            return Ok(features);
        }
    }
}

/// Features in the making.
#[derive(Debug)]
pub struct Preparation {
    /// The columns of numbers.
    wanted: Vec<Wanted>,
    /// Columns used as categories, and as far as they are read what is in them.
    coded: Vec<Wanted>,
    categories: Vec<Category>,
    missing: Missing,
    weighing: Weighing,
    fills: Vec<Option<f64>>,
    rows: Rows,
    dropped: usize,
    notices: Vec<String>,
    /// The rows that numbers are fitted to, where they are not all.
    fitted: Option<Rows>,
    /// Own units, then of f(x) where the transform bends values.
    raw: Vec<Moments>,
    zeros: Vec<usize>,
    shaped: Vec<Option<Moments>>,
    looks: Vec<Look>,
    scales: Vec<Scale>,
    stage: Stage,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Stage {
    Levels(usize),
    Fill(usize),
    Raw(usize),
    Ordered(usize),
    Shaped(usize),
}

/// What a difference in a category counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Weighing {
    /// A level's feature is plainly 1 or 0.
    Plain,
    /// So much as a squared difference of numbers (Huang's γ), or half the mean deviation of the scaled numbers, which is 1/2
    /// after z; 1 where there are no numbers that differ.
    Against(Option<f64>),
}

impl Preparation {
    /// Says what a difference in a category counts; [`Weighing::Plain`] unless this is called.
    pub fn weighing(mut self, weighing: Weighing) -> Preparation {
        self.weighing = weighing;
        self
    }

    /// Checks the wish and finds the rows that count.
    ///
    /// # Errors
    /// As [`check`]; `too-few-rows` when no row has all values.
    pub fn new(table: &Table, wanted: &[Wanted], missing: Missing) -> Result<Preparation> {
        check(table, wanted)?;
        let count = table.row_count;
        let mut notices = Vec::new();
        let mut whole: Option<Bitmap> = None;
        for one in wanted {
            let column = table.column(&one.column)?;
            if column.missing() == 0 {
                continue;
            }
            if column.missing() == count {
                return Err(Error::new(
                    Code::TooFewRows,
                    format!("Column “{}” has no value in any row. Choose other columns.", one.column),
                )
                .column(&one.column));
            }
            let told = match (missing, one.kind) {
                (Missing::Drop, _) | (Missing::Category, Kind::Number | Kind::Auto) => {
                    whole = Some(whole.map_or_else(|| column.valid.clone(), |rows| rows.and(&column.valid)));
                    continue;
                }
                (Missing::Median, Kind::Category) => "its most frequent value stands in",
                (Missing::Median, _) => "its median stands in",
                (Missing::Category, _) => "that counts as a value of its own",
                (Missing::Likelihood, _) => "these rows are judged by their other answers",
            };
            notices.push(format!("“{}” is missing in {} rows; {told}.", one.column, column.missing()));
        }
        if missing == Missing::Likelihood {
            let mut answered = Bitmap::zeros(count);
            for one in wanted {
                answered = answered.or(&table.column(&one.column)?.valid);
            }
            whole = (answered.count() < count).then_some(answered);
        }
        let rows = match whole {
            None => Rows::All(count),
            Some(whole) => Rows::Some(whole.iter().map(|row| row as u32).collect()),
        };
        let dropped = count - rows.len();
        if rows.is_empty() {
            return Err(Error::new(
                Code::TooFewRows,
                format!(
                    "None of the {count} rows has a value in every chosen column. Choose fewer columns, or “median” for missing values."
                ),
            ));
        }
        if dropped > 0 {
            let a = if missing == Missing::Likelihood { "any" } else { "a" };
            notices.push(format!(
                "{dropped} of {count} rows have no value in {a} chosen column and belong to no cluster."
            ));
        }
        let (coded, wanted): (Vec<Wanted>, Vec<Wanted>) =
            wanted.iter().cloned().partition(|one| one.kind == Kind::Category);
        let width = wanted.len();
        Ok(Preparation {
            wanted,
            coded,
            categories: Vec::new(),
            missing,
            weighing: Weighing::Plain,
            fills: vec![None; width],
            rows,
            dropped,
            notices,
            fitted: None,
            raw: vec![Moments::default(); width],
            zeros: vec![0; width],
            shaped: vec![None; width],
            looks: Vec::with_capacity(width),
            scales: Vec::with_capacity(width),
            stage: Stage::Levels(0),
        })
    }

    /// Fits means, spreads and powers to the rows used but these (of the table, rising); they are still scaled.
    pub fn without(mut self, rows: &[u32]) -> Preparation {
        let used = (0..self.rows.len()).map(|position| self.rows.at(position) as u32);
        self.fitted = Some(Rows::Some(used.filter(|row| rows.binary_search(row).is_err()).collect()));
        self
    }

    /// Reads one block; gives the features when all is read.
    ///
    /// # Errors
    /// `bad-option` for a logarithm of negative values; `not-finite` for numbers too large to be squared.
    pub fn step(&mut self, table: &Table) -> Result<Option<Features>> {
        let blocks = self.fit_rows().len().div_ceil(BLOCK);
        match self.stage {
            Stage::Levels(index) if index < self.coded.len() => {
                let one = &self.coded[index];
                let (category, notice) = Category::of(table, &one.column, one.weight, &self.rows, self.missing)?;
                self.categories.push(category);
                self.notices.extend(notice);
                self.stage = Stage::Levels(index + 1);
            }
            Stage::Levels(_) => {
                self.stage = if self.missing == Missing::Median { Stage::Fill(0) } else { Stage::Raw(0) }
            }
            Stage::Fill(index) if index < self.wanted.len() => {
                self.fills[index] = self.median(table, index)?;
                self.stage = Stage::Fill(index + 1);
            }
            Stage::Fill(_) => self.stage = Stage::Raw(0),
            Stage::Raw(block) if block < blocks => {
                for index in 0..self.wanted.len() {
                    let values = self.values(table, index, self.block(block))?;
                    self.raw[index] = self.raw[index].merge(Moments::of(&values));
                    if self.wanted[index].transform == Transform::Auto {
                        self.zeros[index] += values.iter().filter(|&&value| value == 0.0).count();
                    }
                }
                self.stage = Stage::Raw(block + 1);
            }
            Stage::Raw(_) => {
                self.settle(table)?;
                self.stage = Stage::Ordered(0);
            }
            Stage::Ordered(index) if index < self.wanted.len() => {
                let transform = self.looks[index].transform;
                let some = if transform.needs_order() { self.some(table, index)? } else { Vec::new() };
                self.scales.push(Scale::begin(transform, self.wanted[index].weight, &some));
                self.stage = Stage::Ordered(index + 1);
            }
            Stage::Ordered(_) => {
                let any = self.scales.iter().any(|scale| scale.transform.bends());
                self.stage = Stage::Shaped(if any { 0 } else { blocks });
            }
            Stage::Shaped(block) if block < blocks => {
                for (index, scale) in self.scales.iter().enumerate().filter(|(_, scale)| scale.transform.bends()) {
                    let values = self.values(table, index, self.block(block))?;
                    let values: Vec<f64> = values.iter().map(|&value| scale.shape(value)).collect();
                    let before = self.shaped[index].unwrap_or_default();
                    self.shaped[index] = Some(before.merge(Moments::of(&values)));
                }
                self.stage = Stage::Shaped(block + 1);
            }
            Stage::Shaped(_) => return self.finish(table).map(Some),
        }
        Ok(None)
    }

    /// The rows that numbers are fitted to.
    fn fit_rows(&self) -> &Rows {
        self.fitted.as_ref().unwrap_or(&self.rows)
    }

    /// The values a transform's order is found from, sorted, the least and the greatest of all among them.
    fn some(&mut self, table: &Table, index: usize) -> Result<Vec<f64>> {
        let count = self.fit_rows().len();
        let all = self.values(table, index, 0..count)?;
        if count <= FITTED_ROWS {
            return Ok(sorted(all.iter().copied()));
        }
        let chosen = Rng::new(FITTED_SEED).sample(count, FITTED_ROWS);
        let ends = [self.raw[index].min, self.raw[index].max];
        let values = sorted(chosen.into_iter().map(|position| all[position]).chain(ends));
        self.notices.push(format!(
            "The transform of “{}” was fitted to a sample of {} of {} rows.",
            self.wanted[index].column,
            grouped(FITTED_ROWS as u64),
            grouped(count as u64)
        ));
        Ok(values)
    }

    fn values<'a>(&self, table: &'a Table, index: usize, positions: Range<usize>) -> Result<Cow<'a, [f64]>> {
        let mut values = match Values::of(table, &self.wanted[index].column)? {
            Some(source) => source.at(self.fit_rows(), positions),
            None => Cow::Owned(vec![f64::NAN; positions.len()]),
        };
        if let Some(fill) = self.fills[index] {
            values.to_mut().iter_mut().filter(|value| value.is_nan()).for_each(|value| *value = fill);
        }
        Ok(values)
    }

    fn block(&self, block: usize) -> Range<usize> {
        block * BLOCK..((block + 1) * BLOCK).min(self.fit_rows().len())
    }

    /// The median of the values there are (type 7: the mean of the middle two for an even number).
    fn median(&self, table: &Table, index: usize) -> Result<Option<f64>> {
        let count = self.fit_rows().len();
        let values = self.values(table, index, 0..count)?;
        let mut keys: Vec<u64> =
            values.iter().filter(|value| !value.is_nan()).map(|&value| order::key(value)).collect();
        if keys.len() == count || keys.is_empty() {
            return Ok(None);
        }
        let (middle, even) = (keys.len() / 2, keys.len().is_multiple_of(2));
        let upper = order::number(order::nth(&mut keys, middle));
        let below = keys[..middle].iter().copied().max();
        let lower = if even { below.map_or(upper, order::number) } else { upper };
        Ok(Some(lower + (upper - lower) / 2.0))
    }

    fn settle(&mut self, table: &Table) -> Result<()> {
        for (index, one) in self.wanted.iter().enumerate() {
            let kind = table.column(&one.column)?.kind();
            let raw = &self.raw[index];
            let zeros = self.zeros[index];
            let share = zeros as f64 / raw.count.max(1.0);
            let transform = Scale::settle(one.transform, raw, share, kind == ColumnType::Number);
            if transform == Transform::Log && raw.min < 0.0 {
                return Err(Error::new(
                    Code::BadOption,
                    format!(
                        "“{}” holds negative {} (down to {}), of which no logarithm is taken. Use the transform auto, yeo-johnson or z.",
                        one.column,
                        plural(kind),
                        raw.min
                    ),
                )
                .column(&one.column));
            }
            let (least, greatest, skewness) = (raw.min, raw.max, raw.skewness());
            let look = Look { transform, least, greatest, skewness, zeros, reason: String::new() };
            let look = Look { reason: reason(one, &look, raw), ..look };
            if one.transform == Transform::Auto && transform.bends() {
                self.notices.push(look.reason.clone());
            }
            self.looks.push(look);
        }
        Ok(())
    }

    fn finish(&mut self, table: &Table) -> Result<Features> {
        let mut list = Vec::new();
        let mut largest = 0.0f64;
        let mut notices = std::mem::take(&mut self.notices);
        let mut deviations = Vec::new();
        for (index, one) in self.wanted.iter().enumerate() {
            let raw = self.raw[index];
            let constant = raw.min == raw.max;
            let remain = self.wanted.len() - index - 1 + list.len() + self.coded.len();
            if constant {
                notices.push(format!("“{}” has one single value and was left out.", one.column));
                // When nothing varies, one column stays to say so: one cluster.
                if remain > 0 {
                    continue;
                }
            }
            let moments = self.shaped[index].unwrap_or(raw);
            let begun = self.scales[index].clone();
            if begun.transform == Transform::Robust && begun.spread == 0.0 && !constant {
                notices.push(format!(
                    "Half of “{}” or more is one value, so it has no middle half to measure by; its standard deviation was used.",
                    one.column
                ));
            }
            let scale = begun.fitted(&moments, &one.column)?;
            let reach = (moments.max - scale.center).max(scale.center - moments.min) * scale.factor();
            largest = largest.max(reach);
            if let (Some(_), Some(source)) = (&self.fitted, Values::of(table, &one.column)?) {
                // Rows that were not fitted to may lie farther out.
                let all = source.at(&self.rows, 0..self.rows.len());
                let ends = |(least, greatest): (f64, f64), &value: &f64| (least.min(value), greatest.max(value));
                let (least, greatest) = all.iter().fold((f64::INFINITY, f64::NEG_INFINITY), ends);
                largest = largest.max(scale.apply(least).abs()).max(scale.apply(greatest).abs());
            }
            deviations.push(moments.deviation() * scale.factor());
            list.push(Feature { column: one.column.clone(), scale, fill: self.fills[index], level: None });
        }
        let gamma = match self.weighing {
            Weighing::Plain => None,
            Weighing::Against(given) => Some(given.unwrap_or_else(|| usual_gamma(&deviations))),
        };
        if let Some(gamma) = gamma.filter(|_| !self.categories.is_empty() && !list.is_empty()) {
            notices.push(format!(
                "A different value in a category counts as much as a squared difference of {} in scaled numbers (gamma).",
                short(gamma)
            ));
        }
        let mut categories = std::mem::take(&mut self.categories).into_iter().peekable();
        while let Some(category) = categories.next() {
            if category.len() < 2 {
                notices.push(format!("“{}” has one single value and was left out.", category.column()));
                if !list.is_empty() || categories.peek().is_some() {
                    continue;
                }
            }
            list.extend(category.features(gamma.unwrap_or(2.0)));
            largest = list.last().map_or(largest, |one| largest.max(one.scale.factor()));
        }
        let rows = std::mem::replace(&mut self.rows, Rows::All(0));
        Ok(Features {
            list,
            rows,
            dropped: self.dropped,
            largest,
            looks: std::mem::take(&mut self.looks),
            notices,
            gamma,
        })
    }
}

/// Why a column is scaled as it is.
fn reason(one: &Wanted, look: &Look, raw: &Moments) -> String {
    let (name, skew) = (&one.column, look.skewness);
    if one.transform != Transform::Auto {
        return format!("“{name}”: the transform “{}” was asked for.", look.transform.as_str());
    }
    match look.transform {
        Transform::Log => {
            format!("“{name}” is strongly skewed ({skew:.1}), so customers are compared by its logarithm.")
        }
        Transform::YeoJohnson if raw.min < 0.0 => format!(
            "“{name}” is strongly skewed ({skew:.1}) and has negative values, so customers are compared by a power of it (Yeo-Johnson)."
        ),
        Transform::YeoJohnson => format!(
            "“{name}” is strongly skewed ({skew:.1}) and 0 in {} of the rows, so customers are compared by a power of it (Yeo-Johnson).",
            percent(look.zeros as u64, raw.count as u64)
        ),
        _ if skew.abs() > STRONG_SKEW => {
            format!(
                "“{name}” is skewed ({skew:.1}) in a way that no logarithm mends, so it is only brought to a common scale."
            )
        }
        _ => format!("“{name}” is not strongly skewed ({skew:.1}), so it is only brought to a common scale."),
    }
}

/// Huang's proposal (1998): half the mean deviation of the scaled numbers.
fn usual_gamma(deviations: &[f64]) -> f64 {
    let mean = deviations.iter().sum::<f64>() / deviations.len() as f64;
    if mean > 0.0 { mean / 2.0 } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::column::Column;
    use crate::table::role::Role;
    use crate::table::table::Kind;

    fn table(columns: &[(&str, Vec<f64>)]) -> Table {
        let columns = columns.iter().map(|(name, values)| Column::number(*name, Role::Other, values.clone())).collect();
        Table::computed(columns, Kind::Customers)
    }

    fn wanted(names: &[&str]) -> Vec<Wanted> {
        let one = |name: &&str| Wanted { transform: Transform::Z, ..Wanted::plain(name) };
        names.iter().map(one).collect()
    }

    #[test]
    fn missing_rows_are_dropped_and_counted_or_filled_in_own_units() {
        let table = table(&[("a", vec![1.0, f64::NAN, 3.0, 9.0]), ("b", vec![1.0, 2.0, f64::NAN, 4.0])]);
        let dropped = prepare(&table, &wanted(&["a", "b"]), Missing::Drop).unwrap();
        assert_eq!((dropped.rows.clone(), dropped.dropped), (Rows::Some(vec![0, 3]), 2));
        assert_eq!(dropped.notices.len(), 1);
        let filled = prepare(&table, &wanted(&["a", "b"]), Missing::Median).unwrap();
        assert_eq!(filled.rows, Rows::All(4));
        assert_eq!(filled.list.iter().map(|one| one.fill).collect::<Vec<_>>(), [Some(3.0), Some(2.0)]);
        assert_eq!(filled.list[0].scale.center, 4.0);
    }

    #[test]
    fn constants_go_and_the_last_one_stays() {
        let table = table(&[("a", vec![5.0; 3]), ("b", vec![1.0, 2.0, 4.0]), ("c", vec![7.0; 3])]);
        let some = prepare(&table, &wanted(&["a", "b", "c"]), Missing::Drop).unwrap();
        assert_eq!(some.list.iter().map(|one| one.column.as_str()).collect::<Vec<_>>(), ["b"]);
        let none = prepare(&table, &wanted(&["a", "c"]), Missing::Drop).unwrap();
        assert_eq!(none.list.len(), 1);
        assert_eq!(none.list[0].scale.apply(5.0 + 2.0), 0.0);
    }

    #[test]
    fn nothing_left_says_so() {
        let table = table(&[("a", vec![1.0, f64::NAN]), ("b", vec![f64::NAN, 2.0])]);
        assert_eq!(prepare(&table, &wanted(&["a", "b"]), Missing::Drop).unwrap_err().code, Code::TooFewRows);
        let mut log = wanted(&["a"]);
        log[0].transform = Transform::Log;
        let negative = super::tests::table(&[("a", vec![1.0, -2.0])]);
        assert_eq!(prepare(&negative, &log, Missing::Drop).unwrap_err().code, Code::BadOption);
    }
}
