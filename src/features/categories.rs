//! Which values does a category have? A column whose values are alike or not becomes one feature a value (a level): 1 where
//! the column has it, else 0. The squared distance of two rows then counts the categories in which they differ.

use crate::error::Result;
use crate::features::matrix::{Feature, Level, Rows};
use crate::features::scale::{Scale, Transform};
use crate::features::wanted::{Kind, Missing, Wanted};
use crate::math::order;
use crate::table::column::{Column, Data};
use crate::table::figures::{grouped, percent};
use crate::table::table::Table;
use std::cmp::Ordering;

/// Levels of one category at most; rarer values share one level more.
pub const MOST_LEVELS: usize = 50;
/// A column with more different values than this share of its rows only tells rows apart.
pub const ID_SHARE: f64 = 0.95;

/// Features that a column makes at most.
pub fn most_features(table: &Table, wanted: &Wanted) -> usize {
    match (wanted.kind, table.column(&wanted.column)) {
        (Kind::Category, Ok(column)) => column.distinct.min(MOST_LEVELS) + 1,
        _ => 1,
    }
}

/// A column as a category.
#[derive(Clone, Debug, PartialEq)]
pub struct Category {
    column: String,
    weight: f64,
    /// The most frequent first; equally frequent ones by name, or by number where the column holds numbers.
    levels: Vec<Level>,
    /// What the features of the levels have where the value is missing.
    fills: Vec<Option<f64>>,
}

impl Category {
    /// Levels of a column over some rows, and what a reader should know of them.
    ///
    /// # Errors
    /// `unknown-column`.
    pub fn of(
        table: &Table,
        name: &str,
        weight: f64,
        rows: &Rows,
        missing: Missing,
    ) -> Result<(Category, Option<String>)> {
        let column = table.column(name)?;
        let Tally { names, values, rows: answered } = tally(column, rows, &[]);
        let rare = answered - names.iter().map(|(_, count)| count).sum::<usize>();
        let names: Vec<String> = names.into_iter().map(|(name, _)| name).collect();
        let notice = (rare > 0).then(|| {
            format!(
                "“{name}” has {} different values. The {} most frequent count as they are; the others, which {} rows ({}) have, count as one.",
                grouped(values as u64),
                names.len(),
                grouped(rare as u64),
                percent(rare as u64, answered as u64)
            )
        });
        let other = (rare > 0).then(|| Level::Other(names.clone()));
        let mut levels: Vec<Level> = names.into_iter().map(Level::Text).chain(other).collect();
        let fills = match missing {
            Missing::Drop => vec![None; levels.len()],
            // The first level is the most frequent one.
            Missing::Median => (0..levels.len()).map(|at| Some(f64::from(u8::from(at == 0)))).collect(),
            Missing::Category | Missing::Likelihood => vec![Some(0.0); levels.len()],
        };
        let mut category = Category { column: name.to_string(), weight, levels: Vec::new(), fills };
        if missing == Missing::Category && answered < rows.len() {
            levels.push(Level::Missing);
            category.fills.push(None);
        }
        category.levels = levels;
        Ok((category, notice))
    }

    /// Number of levels.
    pub fn len(&self) -> usize {
        self.levels.len()
    }

    /// Whether there is no level: no row has a value.
    pub fn is_empty(&self) -> bool {
        self.levels.is_empty()
    }

    /// Name of the column.
    pub fn column(&self) -> &str {
        &self.column
    }

    /// One feature a level. Two rows of different levels then differ by `apart` × the square of the column's weight in their
    /// squared distance, whatever the levels are: half of it from either level.
    pub fn features(self, apart: f64) -> impl Iterator<Item = Feature> {
        let weight = (apart / 2.0).sqrt() * self.weight;
        let scale =
            Scale { transform: Transform::None, center: 0.0, spread: 1.0, weight, lambda: None, landmarks: Vec::new() };
        let column = self.column;
        let one =
            move |(level, fill)| Feature { column: column.clone(), scale: scale.clone(), fill, level: Some(level) };
        self.levels.into_iter().zip(self.fills).map(one)
    }
}

/// What a column holds in some rows.
#[derive(Clone, Debug)]
pub struct Tally {
    /// The most frequent values and their rows.
    pub names: Vec<(String, usize)>,
    /// Different values.
    pub values: usize,
    /// Rows with a value.
    pub rows: usize,
}

/// Counts the values of a column in some rows, but for those that are known already. Columns that are no category (dates,
/// lists) hold none.
pub fn tally(column: &Column, rows: &Rows, known: &[&str]) -> Tally {
    let answered = || (0..rows.len()).map(|position| rows.at(position)).filter(|&row| column.valid.get(row));
    match &column.data {
        Data::Text(texts) => {
            let mut counts = vec![0; texts.distinct()];
            answered().for_each(|row| counts[texts.codes()[row] as usize] += 1);
            let text = |code: usize| texts.value(code as u32);
            most(counts, known, &|a, b| text(a).cmp(text(b)), &|code| text(code).to_string())
        }
        Data::Boolean(values) => {
            let yes = answered().filter(|&row| values.get(row)).count();
            let counts = vec![answered().count() - yes, yes];
            most(counts, known, &|a, b| a.cmp(&b), &|value| (value == 1).to_string())
        }
        Data::Number(values) => {
            // −0 and 0 are one number: adding 0 makes both 0.
            let mut keys: Vec<u64> = answered().map(|row| order::key(values[row] + 0.0)).collect();
            order::keys(&mut keys);
            let runs: Vec<&[u64]> = keys.chunk_by(|a, b| a == b).collect();
            let counts = runs.iter().map(|run| run.len()).collect();
            most(counts, known, &|a, b| a.cmp(&b), &|run| order::number(runs[run][0]).to_string())
        }
        _ => most(Vec::new(), known, &|a, b| a.cmp(&b), &|_| String::new()),
    }
}

/// The most frequent of counted values; equally frequent ones in their order.
fn most(
    mut counts: Vec<usize>,
    known: &[&str],
    order: &dyn Fn(usize, usize) -> Ordering,
    name: &dyn Fn(usize) -> String,
) -> Tally {
    if !known.is_empty() {
        let is_known = |value: usize| known.contains(&name(value).as_str());
        counts.iter_mut().enumerate().filter(|(value, _)| is_known(*value)).for_each(|(_, count)| *count = 0);
    }
    let mut best: Vec<usize> = Vec::new();
    for value in (0..counts.len()).filter(|&value| counts[value] > 0) {
        let before = |known: &usize| counts[value].cmp(&counts[*known]).then_with(|| order(*known, value)).is_lt();
        let at = best.partition_point(before);
        if at < MOST_LEVELS {
            best.insert(at, value);
            best.truncate(MOST_LEVELS);
        }
    }
    Tally {
        names: best.iter().map(|&value| (name(value), counts[value])).collect(),
        values: counts.iter().filter(|&&count| count > 0).count(),
        rows: counts.iter().sum(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::role::Role;
    use crate::table::table::Kind as TableKind;

    fn numbers(values: Vec<f64>) -> Table {
        Table::computed(vec![Column::number("a", Role::Other, values)], TableKind::Customers)
    }

    fn levels(table: &Table, missing: Missing) -> Vec<(Level, Option<f64>)> {
        let (category, _) = Category::of(table, "a", 1.0, &Rows::All(table.row_count), missing).unwrap();
        category.features(2.0).map(|one| (one.level.unwrap(), one.fill)).collect()
    }

    #[test]
    fn frequent_levels_come_first_and_missing_is_what_was_asked_for() {
        let table = numbers(vec![3.0, 1.0, 2.0, 2.0, f64::NAN, -0.0, 0.0]);
        let text = |text: &str| Level::Text(text.into());
        let names = ["0", "2", "1", "3"].map(text);
        assert_eq!(levels(&table, Missing::Drop), names.clone().map(|name| (name, None)));
        let filled = levels(&table, Missing::Median);
        assert_eq!(filled.iter().map(|one| one.1).collect::<Vec<_>>(), [1.0, 0.0, 0.0, 0.0].map(Some));
        let own = levels(&table, Missing::Category);
        assert_eq!((own.len(), own[4].clone()), (5, (Level::Missing, None)));
        assert!(levels(&table, Missing::Likelihood).iter().all(|one| one.1 == Some(0.0)));
    }

    #[test]
    fn rare_values_share_a_level() {
        let table = numbers((0..120).map(|row| f64::from(row % 60)).collect());
        let (category, notice) = Category::of(&table, "a", 1.0, &Rows::All(120), Missing::Drop).unwrap();
        assert_eq!(category.len(), MOST_LEVELS + 1);
        let notice = notice.unwrap();
        assert!(notice.contains("60 different values") && notice.contains("20 rows (16.7 %)"), "{notice}");
        let features: Vec<Feature> = category.features(2.0).collect();
        let sum = |row: usize| -> f64 {
            features.iter().map(|one| one.scale.apply(one.values(&table).unwrap().unwrap().get(row))).sum()
        };
        assert!((0..120).all(|row| sum(row) == 1.0), "every row has one level");
        assert_eq!(features[50].values(&table).unwrap().unwrap().get(55), 1.0);
        assert_eq!(features[50].values(&table).unwrap().unwrap().get(49), 0.0);
    }
}
