//! Do these answers measure one thing, and how much of it has each respondent? Items of a Likert scale, turned round where they
//! are worded the other way, their mean as the score, and Cronbach's alpha.

use crate::error::{Code, Error, Result};
use crate::features::matrix::Values;
use crate::math::moments::Moments;
use crate::table::column::{Column, Data};
use crate::table::figures::{grouped, percent};
use crate::table::role::Role;
use crate::table::table::{Table, not_loaded, plural};
use serde::{Deserialize, Serialize};

/// A scale, as it is asked for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ScaleOptions {
    /// Name of the scale, and of the column with its scores.
    pub name: String,
    /// The columns with the answers, numbers all of them; at least two.
    pub items: Vec<String>,
    /// Those of them where agreeing means having less of it: their answers are turned round, lowest + highest − answer.
    pub reverse: Vec<String>,
    /// The lowest and the highest answer that the questionnaire offered; those given when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub range: Option<(f64, f64)>,
}

/// What a scale is worth.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ScaleInfo {
    /// Its name.
    pub name: String,
    /// The lowest and the highest answer, given or found.
    pub range: (f64, f64),
    /// Rows with a score: at least half of the items are answered.
    pub n: usize,
    /// Rows without one.
    pub missing: usize,
    /// Of the scores; nothing without scores.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mean: Option<f64>,
    /// Of the scores, with n in the denominator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deviation: Option<f64>,
    /// Cronbach's alpha (1951): k / (k − 1) × (1 − Σ variances of the items / variance of their sum). Below 0 where items go
    /// against each other; nothing where the sums do not differ.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alpha: Option<f64>,
    /// Rows alpha is taken over: those with all items answered.
    pub complete: usize,
    /// In the order asked for.
    pub items: Vec<ItemInfo>,
    /// What a reader should know.
    pub notices: Vec<String>,
}

/// What one item adds.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ItemInfo {
    /// Name of the column.
    pub name: String,
    /// Whether its answers were turned round.
    pub reversed: bool,
    /// Alpha of the others; nothing where only one is left.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alpha_without: Option<f64>,
    /// Pearson's correlation of its answers with the sum of the others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub correlation: Option<f64>,
}

fn bad(message: String) -> Error {
    Error::new(Code::BadOption, message)
}

/// The scores as a column, and what they are worth. A score is the mean of the answered items in the units of the answers;
/// rows that answered fewer than half have none.
///
/// # Errors
/// `bad-option` for a scale without a name, with fewer than two items or one named twice, with a reversed column that is no
/// item, with a range that does not rise or that an answer lies outside of; `unknown-column`; `wrong-type` for an item that
/// holds no numbers.
pub fn score(table: &Table, scale: &ScaleOptions) -> Result<(Column, ScaleInfo)> {
    let items = items(table, scale)?;
    let range = range(scale, &items, table.row_count)?;
    let turned: Vec<bool> = scale.items.iter().map(|item| scale.reverse.contains(item)).collect();
    let answer = |item: usize, row: usize| {
        let given = items[item].get(row);
        if turned[item] { range.0 + range.1 - given } else { given }
    };
    let mut scores = vec![f64::NAN; table.row_count];
    let mut complete = Vec::new();
    for (row, score) in scores.iter_mut().enumerate() {
        let answers: Vec<f64> = (0..items.len()).map(|item| answer(item, row)).filter(|one| !one.is_nan()).collect();
        if 2 * answers.len() >= items.len() {
            *score = answers.iter().sum::<f64>() / answers.len() as f64;
        }
        if answers.len() == items.len() {
            complete.push(answers);
        }
    }
    let there: Vec<f64> = scores.iter().copied().filter(|score| !score.is_nan()).collect();
    let (moments, missing) = (Moments::of(&there), scores.len() - there.len());
    let covariances = covariances(&complete, items.len());
    let all: Vec<usize> = (0..items.len()).collect();
    let items: Vec<ItemInfo> = scale
        .items
        .iter()
        .zip(turned)
        .enumerate()
        .map(|(at, (name, reversed))| {
            let others: Vec<usize> = all.iter().copied().filter(|&other| other != at).collect();
            ItemInfo {
                name: name.clone(),
                reversed,
                alpha_without: alpha(&covariances, &others),
                correlation: correlation(&covariances, at, &others),
            }
        })
        .collect();
    let alpha = alpha(&covariances, &all);
    let mut info = ScaleInfo {
        name: scale.name.clone(),
        range,
        n: there.len(),
        missing,
        mean: (!there.is_empty()).then_some(moments.mean),
        deviation: (!there.is_empty()).then(|| moments.deviation()),
        alpha,
        complete: complete.len(),
        items,
        notices: Vec::new(),
    };
    info.notices = notices(scale, &info);
    Ok((Column::number(&scale.name, Role::Psychographic, scores), info))
}

fn items<'a>(table: &'a Table, scale: &ScaleOptions) -> Result<Vec<Values<'a>>> {
    if scale.name.trim().is_empty() {
        return Err(bad("A scale needs a name: that of the column with its scores.".into()));
    }
    if scale.items.len() < 2 {
        return Err(bad(format!("The scale “{}” needs at least two items; one answer alone is no scale.", scale.name)));
    }
    if let Some(strange) = scale.reverse.iter().find(|item| !scale.items.contains(item)) {
        return Err(bad(format!("“{strange}” is to be turned round, but is no item of “{}”.", scale.name)));
    }
    let values = scale.items.iter().enumerate().map(|(at, name)| {
        if scale.items[..at].contains(name) {
            return Err(bad(format!("“{name}” is an item of “{}” twice. Name it once.", scale.name)).column(name));
        }
        let column = table.column(name)?;
        match (&column.data, Values::of(table, name)?) {
            (Data::Number(_), Some(values)) => Ok(values),
            (Data::Unloaded(_), _) => Err(not_loaded(name)),
            _ => Err(Error::new(
                Code::WrongType,
                format!(
                    "“{name}” holds {}; items of a scale are numbers, such as 1 to 5. Number the answers first.",
                    plural(column.kind())
                ),
            )
            .column(name)),
        }
    });
    values.collect()
}

fn range(scale: &ScaleOptions, items: &[Values<'_>], rows: usize) -> Result<(f64, f64)> {
    let mut found = (f64::INFINITY, f64::NEG_INFINITY);
    for (values, name) in items.iter().zip(&scale.items) {
        for row in 0..rows {
            let value = values.get(row);
            found = (found.0.min(value), found.1.max(value));
            if let Some((least, most)) = scale.range.filter(|range| value < range.0 || value > range.1) {
                let message = format!(
                    "“{name}” holds {value}, but the answers of “{}” run from {least} to {most}. Mend the answer or the range.",
                    scale.name
                );
                return Err(bad(message).column(name).row(row as u64 + 1));
            }
        }
    }
    let range = scale.range.unwrap_or(found);
    if !(range.0.is_finite() && range.1.is_finite() && range.0 < range.1) {
        return Err(bad(format!(
            "The answers of “{}” run from {} to {}; they must differ. Choose other items or say the “range”.",
            scale.name, range.0, range.1
        )));
    }
    Ok(range)
}

/// Covariances of the items over rows with all of them answered, with n − 1 in the denominator.
fn covariances(rows: &[Vec<f64>], items: usize) -> Vec<Vec<f64>> {
    let count = rows.len() as f64;
    let mean = |item: usize| rows.iter().map(|row| row[item]).sum::<f64>() / count;
    let means: Vec<f64> = (0..items).map(mean).collect();
    let product = |a: usize, b: usize| -> f64 {
        rows.iter().map(|row| (row[a] - means[a]) * (row[b] - means[b])).sum::<f64>() / (count - 1.0)
    };
    (0..items).map(|a| (0..items).map(|b| product(a, b)).collect()).collect()
}

fn alpha(covariances: &[Vec<f64>], items: &[usize]) -> Option<f64> {
    let count = items.len() as f64;
    let of_items: f64 = items.iter().map(|&item| covariances[item][item]).sum();
    let of_sum: f64 = items.iter().map(|&a| items.iter().map(|&b| covariances[a][b]).sum::<f64>()).sum();
    (count > 1.0 && of_sum > 0.0).then(|| count / (count - 1.0) * (1.0 - of_items / of_sum))
}

fn correlation(covariances: &[Vec<f64>], item: usize, others: &[usize]) -> Option<f64> {
    let with: f64 = others.iter().map(|&other| covariances[item][other]).sum();
    let of_others: f64 = others.iter().map(|&a| others.iter().map(|&b| covariances[a][b]).sum::<f64>()).sum();
    let spread = (covariances[item][item] * of_others).sqrt();
    (spread > 0.0).then(|| with / spread)
}

fn notices(scale: &ScaleOptions, info: &ScaleInfo) -> Vec<String> {
    let mut notices = Vec::new();
    let rows = info.n + info.missing;
    if info.missing > 0 {
        notices.push(format!(
            "{} of {} rows ({}) answered fewer than half of the items and have no score.",
            grouped(info.missing as u64),
            grouped(rows as u64),
            percent(info.missing as u64, rows as u64)
        ));
    }
    if scale.range.is_none() && info.items.iter().any(|item| item.reversed) {
        let (least, most) = info.range;
        notices.push(format!(
            "Answers were turned round within {least} to {most}, the lowest and highest given. Say the “range” if more was offered."
        ));
    }
    for item in &info.items {
        if item.correlation.is_some_and(|correlation| correlation < 0.0) {
            let turned = if item.reversed {
                "It was turned round; perhaps it should not be"
            } else {
                "Perhaps it is to be turned round"
            };
            notices.push(format!("“{}” goes against the other items. {turned}.", item.name));
        }
    }
    if info.alpha.is_some_and(|alpha| alpha < 0.7) {
        notices
            .push("The items hang together loosely (alpha below 0.7): compare scores of this scale with care.".into());
    }
    notices
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::table::Kind;

    fn table(columns: &[(&str, &[f64])]) -> Table {
        let columns = columns.iter().map(|(name, values)| Column::number(*name, Role::Other, values.to_vec()));
        Table::computed(columns.collect(), Kind::Customers)
    }

    fn scale(items: &[&str], reverse: &[&str]) -> ScaleOptions {
        let texts = |list: &[&str]| list.iter().map(|one| one.to_string()).collect();
        ScaleOptions { name: "mood".into(), items: texts(items), reverse: texts(reverse), range: None }
    }

    fn near(found: Option<f64>, expected: f64) {
        assert!(found.is_some_and(|found| (found - expected).abs() < 1e-12), "{found:?} is not {expected}");
    }

    #[test]
    fn scores_and_alpha_by_hand() {
        // Variances 5/2, 5/2 and 10/4; the sum 3, 6, 9, 12, 15 has 45/2: alpha = 3/2 × (1 − 7.5/22.5) = 1.
        let rising: [f64; 5] = [1.0, 2.0, 3.0, 4.0, 5.0];
        let falling = rising.map(|value| 6.0 - value);
        let same = table(&[("a", &rising), ("b", &falling), ("c", &rising)]);
        let (column, info) = score(&same, &scale(&["a", "b", "c"], &["b"])).unwrap();
        near(info.alpha, 1.0);
        assert_eq!(column.data, Data::Number(rising.to_vec()));
        assert_eq!((info.n, info.missing, info.range, info.complete), (5, 0, (1.0, 5.0), 5));
        near(info.items[1].correlation, 1.0);
        // Items 1 2 3 4 and 2 1 4 3: variances 5/3 each, sums 3 3 7 7 with 16/3: alpha = 2 × (1 − (10/3) / (16/3)) = 3/4.
        let crossed = table(&[("a", &[1.0, 2.0, 3.0, 4.0]), ("b", &[2.0, 1.0, 4.0, 3.0])]);
        let (_, info) = score(&crossed, &scale(&["a", "b"], &[])).unwrap();
        near(info.alpha, 0.75);
        near(info.items[0].correlation, 0.6);
        assert_eq!(info.items[0].alpha_without, None);
        assert!(info.notices.is_empty(), "{:?}", info.notices);
    }

    #[test]
    fn half_of_the_items_make_a_score_and_wrong_wording_is_told() {
        let gap = f64::NAN;
        let items = table(&[
            ("a", &[1.0, 5.0, gap, 3.0, 4.0]),
            ("b", &[2.0, gap, gap, 3.0, 5.0]),
            ("c", &[gap, gap, gap, 3.0, 1.0]),
            ("d", &[1.0, 4.0, 2.0, 2.0, 4.0]),
        ]);
        let (column, info) = score(&items, &scale(&["a", "b", "c", "d"], &[])).unwrap();
        let Data::Number(scores) = column.data else { panic!() };
        assert_eq!(scores[..2], [4.0 / 3.0, 4.5]);
        assert!(scores[2].is_nan() && info.missing == 1 && info.complete == 2);
        assert!(info.notices.iter().any(|notice| notice.contains("“c” goes against")), "{:?}", info.notices);
        assert!(info.notices[0].contains("1 of 5 rows (20.0 %)"), "{:?}", info.notices);
    }

    #[test]
    fn what_is_no_scale_is_refused() {
        let items = table(&[("a", &[1.0, 2.0]), ("b", &[2.0, 9.0]), ("c", &[3.0, 3.0]), ("d", &[3.0, 3.0])]);
        let code = |scale: &ScaleOptions| score(&items, scale).unwrap_err().code;
        assert_eq!(code(&scale(&["a"], &[])), Code::BadOption);
        assert_eq!(code(&scale(&["a", "a"], &[])), Code::BadOption);
        assert_eq!(code(&scale(&["a", "b"], &["c"])), Code::BadOption);
        assert_eq!(code(&scale(&["a", "z"], &[])), Code::UnknownColumn);
        assert_eq!(code(&scale(&["c", "d"], &[])), Code::BadOption);
        let outside = ScaleOptions { range: Some((1.0, 5.0)), ..scale(&["a", "b"], &[]) };
        let error = score(&items, &outside).unwrap_err();
        assert!(error.message.contains("“b” holds 9"), "{error:?}");
        assert_eq!((error.details.row, error.details.column.as_deref()), (Some(2), Some("b")));
    }
}
