//! Can the scores be told apart? Customers with equal values always share a score, so that a scale of five may show fewer.

use crate::features::rfm::Scores;
use crate::table::bitmap::Bitmap;
use crate::table::figures::{grouped, percent};
use crate::table::finding::{Finding, Severity};

/// One finding `not-scored` for customers who have no score and are no prospects: all they did was give back, their orders lie
/// outside the window, or their last day or their money is not known. None where there are none.
pub fn not_scored(scores: &Scores, prospects: &Bitmap) -> Option<Finding> {
    let left = |row: &usize| scores.recency[*row] == 0 && !prospects.get(*row);
    let (rows, all) = ((0..scores.recency.len()).filter(left).count() as u64, scores.recency.len() as u64);
    (rows > 0).then(|| Finding {
        code: "not-scored".into(),
        severity: Severity::Info,
        column: None,
        rows,
        share: rows as f64 / all as f64,
        examples: Vec::new(),
        message: format!(
            "{} of {} customers ({}) have no scores and are in no group: they have refunds only, no order in the days that count, or no date or amount.",
            grouped(rows),
            grouped(all),
            percent(rows, all)
        ),
        repair: Vec::new(),
    })
}

/// One finding `few-levels` for each axis on which some score is given to nobody, with the customers of the most frequent score.
pub fn few_levels(scores: &Scores) -> Vec<Finding> {
    let possible = scores.possible;
    let axes = [
        ("recency_days", &scores.recency, possible.recency),
        ("frequency", &scores.frequency, possible.frequency),
        ("monetary", &scores.monetary, possible.monetary),
    ];
    let tell = |(name, axis, possible): (&str, &Vec<u8>, u8)| {
        let mut sizes = vec![0_u64; usize::from(scores.scale) + 1];
        axis.iter().for_each(|&score| sizes[usize::from(score)] += 1);
        let (given, all) = (sizes[1..].iter().filter(|&&size| size > 0).count(), sizes[1..].iter().sum());
        let most = sizes[1..].iter().copied().max().unwrap_or(0);
        (given < usize::from(scores.scale)).then(|| Finding {
            code: "few-levels".into(),
            severity: Severity::Info,
            column: Some(name.into()),
            rows: most,
            share: most as f64 / (all as f64).max(1.0),
            examples: Vec::new(),
            message: format!(
                "Scores need spread: {} customers ({}) share one score of “{name}”, because equal values never get different ones. {given} {} of {} {} shown. {}",
                grouped(most),
                percent(most, all),
                if given == 1 { "level" } else { "levels" },
                scores.scale,
                if given == 1 { "is" } else { "are" },
                match possible {
                    1 => "One is possible: all customers have the same value.".into(),
                    few if few < scores.scale => format!("{few} are possible: there are no more different values."),
                    all => format!("{all} would be possible with edges of your own."),
                }
            ),
            repair: Vec::new(),
        })
    };
    axes.into_iter().filter_map(tell).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::rfm::{Edges, Possible};

    #[test]
    fn a_score_that_nobody_has_is_told() {
        let edges = Edges { recency: Vec::new(), frequency: Vec::new(), monetary: Vec::new() };
        let all = vec![1, 2, 3, 3, 0];
        let scores = Scores {
            scale: 3,
            recency: all.clone(),
            frequency: vec![1, 1, 1, 3, 0],
            monetary: all,
            edges,
            nested: None,
            possible: Possible { recency: 3, frequency: 2, monetary: 3 },
        };
        let found = few_levels(&scores);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].column.as_deref(), found[0].rows, found[0].share), (Some("frequency"), 3, 0.75));
        let end = "2 levels of 3 are shown. 2 are possible: there are no more different values.";
        assert!(found[0].message.ends_with(end), "{}", found[0].message);
    }
}
