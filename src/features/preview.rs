//! What does a column look like before and after its transform? Two histograms and the reason.

use crate::error::{Code, Error, Result};
use crate::features::matrix::{Feature, Rows, Values};
use crate::features::prepare::{Look, Preparation};
use crate::features::wanted::{Missing, Wanted};
use crate::job::{Job, Progress, Step};
use crate::math::stats::BLOCK;
use crate::table::table::Table;
use serde::Serialize;
use std::rc::Rc;

/// Bars of a histogram.
const BINS: usize = 30;

/// Counts of values between rising edges, one edge more than there are counts. The last bar holds its upper edge, too.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Histogram {
    /// In own units before, in scaled units after.
    pub edges: Vec<f64>,
    /// Values in each bar.
    pub counts: Vec<u32>,
}

/// A column before and after.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Preview {
    /// In own units.
    pub before: Histogram,
    /// As customers are compared.
    pub after: Histogram,
    /// The transform; never "auto".
    pub transform: &'static str,
    /// Why this one, as a sentence.
    pub reason: String,
    /// Fisher's skewness of the values.
    pub skew: f64,
    /// Values that are 0.
    pub zeros: usize,
    /// Rows without a value; they are in no bar.
    pub missing: usize,
    /// Rows with one.
    pub rows: usize,
}

/// A preview in the making.
#[derive(Debug)]
pub struct PreviewJob {
    table: Rc<Table>,
    preparation: Preparation,
    /// Once prepared: the feature, how its values look, the rows with a value, and the next block.
    prepared: Option<(Feature, Look, Rows, usize)>,
    before: Histogram,
    after: Histogram,
    zeros: usize,
}

impl PreviewJob {
    /// Of one column of numbers, dates or flags.
    ///
    /// # Errors
    /// As [`Preparation::new`].
    pub fn new(table: Rc<Table>, wanted: &Wanted) -> Result<PreviewJob> {
        let preparation = Preparation::new(&table, std::slice::from_ref(wanted), Missing::Drop)?;
        let (before, after) = (Histogram::default(), Histogram::default());
        Ok(PreviewJob { table, preparation, prepared: None, before, after, zeros: 0 })
    }
}

impl Histogram {
    /// Empty bars from least to greatest; a single one where these are equal.
    fn over(least: f64, greatest: f64) -> Histogram {
        let bins = if greatest > least { BINS } else { 1 };
        let edge =
            |at: usize| if at == bins { greatest } else { least + (greatest - least) * (at as f64 / bins as f64) };
        Histogram { edges: (0..=bins).map(edge).collect(), counts: vec![0; bins] }
    }

    fn add(&mut self, value: f64) {
        let bar = self.edges.partition_point(|&edge| edge <= value).saturating_sub(1);
        let last = self.counts.len() - 1;
        self.counts[bar.min(last)] += 1;
    }
}

impl Job for PreviewJob {
    type Output = Preview;

    fn step(&mut self) -> Result<Step<Preview>> {
        let lost = || Error::new(Code::Internal, "The preview lost what it had prepared. Please report this.");
        let Some((feature, look, rows, block)) = &mut self.prepared else {
            if let Some(mut features) = self.preparation.step(&self.table)? {
                let (Some(feature), Some(look)) = (features.list.pop(), features.looks.pop()) else {
                    return Err(lost());
                };
                self.before = Histogram::over(look.least, look.greatest);
                let (low, high) = (feature.scale.apply(look.least), feature.scale.apply(look.greatest));
                self.after = Histogram::over(low, high);
                self.prepared = Some((feature, look, features.rows, 0));
            }
            return Ok(Step::Working(Progress { phase: "preparing", ratio: 0.3, rows: 0 }));
        };
        let total = rows.len();
        let range = *block * BLOCK..((*block + 1) * BLOCK).min(total);
        if range.start < total {
            let source = Values::of(&self.table, &feature.column)?.ok_or_else(lost)?;
            for &value in source.at(rows, range.clone()).iter() {
                self.zeros += usize::from(value == 0.0);
                self.before.add(value);
                self.after.add(feature.scale.apply(value));
            }
            *block += 1;
            let ratio = 0.3 + 0.7 * range.end as f64 / total as f64;
            return Ok(Step::Working(Progress { phase: "counting", ratio, rows: range.end as u64 }));
        }
        Ok(Step::Done(Preview {
            before: std::mem::take(&mut self.before),
            after: std::mem::take(&mut self.after),
            transform: look.transform.as_str(),
            reason: look.reason.clone(),
            skew: look.skewness,
            zeros: self.zeros,
            missing: self.table.row_count - total,
            rows: total,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::scale::Transform;
    use crate::features::wanted::Kind;
    use crate::job::run;
    use crate::table::column::Column;
    use crate::table::role::Role;
    use crate::table::table::Kind as TableKind;

    fn preview(values: Vec<f64>, transform: Transform) -> Preview {
        let table = Table::computed(vec![Column::number("spend", Role::Other, values)], TableKind::Customers);
        let wanted = Wanted { column: "spend".into(), transform, weight: 1.0, kind: Kind::Number };
        run(&mut PreviewJob::new(Rc::new(table), &wanted).unwrap(), &[]).unwrap().0
    }

    #[test]
    fn every_value_is_in_one_bar_before_and_after() {
        let mut values: Vec<f64> = (0..2_000).map(|at| f64::from(at % 40).powi(3)).collect();
        values[7] = f64::NAN;
        let found = preview(values, Transform::Auto);
        assert_eq!((found.transform, found.zeros, found.missing, found.rows), ("log", 50, 1, 1_999));
        for histogram in [&found.before, &found.after] {
            assert_eq!((histogram.edges.len(), histogram.counts.iter().sum::<u32>()), (BINS + 1, 1_999));
            assert!(histogram.edges.windows(2).all(|pair| pair[0] < pair[1]));
        }
        assert!(found.skew > 1.0 && found.reason.contains("skewed"), "{}", found.reason);
        assert!(found.before.counts[0] > 4 * found.before.counts[29], "{found:?}");
        assert_eq!(found.before.edges[30], 59_319.0);
    }

    #[test]
    fn one_single_value_is_one_bar() {
        let found = preview(vec![4.0; 9], Transform::Quantile);
        assert_eq!((found.before.counts.as_slice(), found.after.counts.as_slice()), (&[9][..], &[9][..]));
    }
}
