//! Can the scores be told apart? Customers with equal values always share a score, so that a scale of five may show fewer.

use crate::features::rfm::Scores;
use crate::table::figures::{grouped, percent};
use crate::table::finding::{Finding, Severity};

/// One finding `few-levels` for each axis on which some score is given to nobody, with the customers of the most frequent score.
pub fn few_levels(scores: &Scores) -> Vec<Finding> {
    let axes = [("recency_days", &scores.recency), ("frequency", &scores.frequency), ("monetary", &scores.monetary)];
    let tell = |(name, axis): (&str, &Vec<u8>)| {
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
                "Scores need spread: {} customers ({}) share one score of “{name}”, because equal values never get different ones. {given} {} of {} {} shown.",
                grouped(most),
                percent(most, all),
                if given == 1 { "level" } else { "levels" },
                scores.scale,
                if given == 1 { "is" } else { "are" }
            ),
            repair: Vec::new(),
        })
    };
    axes.into_iter().filter_map(tell).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::rfm::Edges;

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
        };
        let found = few_levels(&scores);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].column.as_deref(), found[0].rows, found[0].share), (Some("frequency"), 3, 0.75));
        assert!(found[0].message.contains("2 levels of 3"), "{}", found[0].message);
    }
}
