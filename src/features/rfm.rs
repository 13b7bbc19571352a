//! RFM scores: recency, frequency and money cut into bands, 1 (weakest) to `scale` (strongest) for each.
//!
//! Equal values always get equal scores, whatever the order of the rows; where ties leave a band empty, it stays empty.

use crate::error::{Code, Error, Result};
use crate::math::stats::{quantile_sorted, sorted};
use crate::table::table::Table;
use serde::{Deserialize, Serialize};

/// How values are cut into bands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Bands {
    /// At the type-7 quantiles 1/scale, 2/scale …: bands of about equal size.
    #[default]
    Quantile,
    /// At the edges given.
    Fixed,
}

/// Edges given by the user; each rising, `scale − 1` of them.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct GivenEdges {
    /// In days.
    pub recency: Option<Vec<f64>>,
    /// In orders.
    pub frequency: Option<Vec<f64>>,
    /// In money.
    pub monetary: Option<Vec<f64>>,
}

/// Options of the scores.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ScoreOptions {
    /// Number of bands, 2 to 10; 5 when left out.
    pub scale: Option<u8>,
    /// How values are cut.
    pub bands: Bands,
    /// Own edges; they replace the quantiles of the axes they name.
    pub edges: GivenEdges,
    /// `r-rfm`: edges and bands as R's package rfm has them (quantile + 1, bands closed on the left).
    pub compatibility: Option<String>,
}

/// The edges between bands, rising: a value above an edge is in a higher band (with `r-rfm`: at or above).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Edges {
    /// In days.
    pub recency: Vec<f64>,
    /// In orders.
    pub frequency: Vec<f64>,
    /// In money.
    pub monetary: Vec<f64>,
}

/// One score a customer and axis, 1 to `scale`; 0 for customers who cannot be scored (no order, or a value is missing).
#[derive(Clone, Debug, PartialEq)]
pub struct Scores {
    /// Number of bands.
    pub scale: u8,
    /// The most recent customers score highest.
    pub recency: Vec<u8>,
    /// The most frequent customers score highest.
    pub frequency: Vec<u8>,
    /// The customers of most money score highest.
    pub monetary: Vec<u8>,
    /// Where the bands meet.
    pub edges: Edges,
}

/// Scores a table with the columns `recency_days`, `frequency` and `monetary`.
///
/// # Errors
/// `missing-role` when the table has no such columns (fold orders first), `bad-option` for an unusable scale or edges,
/// `too-few-rows` when no customer can be scored.
pub fn score(table: &Table, options: &ScoreOptions) -> Result<Scores> {
    let scale = options.scale.unwrap_or(5);
    if !(2..=10).contains(&scale) {
        return Err(
            Error::new(Code::BadOption, format!("RFM can have 2 to 10 bands an axis, not {scale}.")).limit(10.0)
        );
    }
    let closed_left = match options.compatibility.as_deref() {
        None => false,
        Some("r-rfm") => true,
        Some(other) => {
            return Err(Error::new(Code::BadOption, format!("“{other}” is no known compatibility; there is “r-rfm”.")));
        }
    };
    let axis = |name: &str| {
        table.numbers(name).map_err(|error| match error.code {
            Code::UnknownColumn => Error::new(
                Code::MissingRole,
                format!("RFM needs a column “{name}”. Fold the order lines into customers first, or rename your column to “{name}”."),
            )
            .column(name),
            _ => error,
        })
    };
    let (recency, frequency, monetary) = (axis("recency_days")?, axis("frequency")?, axis("monetary")?);
    let scored = |row: usize| frequency[row] > 0.0 && recency[row].is_finite() && monetary[row].is_finite();
    if !(0..table.row_count).any(scored) {
        return Err(Error::new(
            Code::TooFewRows,
            "No customer has an order with a date and an amount, so nobody can be scored. Check which columns are the date and the amount.",
        ));
    }
    let cut = |name: &str, values: &[f64], given: &Option<Vec<f64>>| -> Result<Vec<f64>> {
        if let Some(edges) = given {
            return checked_edges(name, edges, scale);
        }
        if options.bands == Bands::Fixed {
            return Err(Error::new(
                Code::BadOption,
                format!("Fixed bands need their edges: “edges.{name}” is missing."),
            ));
        }
        let values = sorted((0..values.len()).filter(|&row| scored(row)).map(|row| values[row]));
        let shift = if closed_left { 1.0 } else { 0.0 };
        Ok((1..scale).map(|band| quantile_sorted(&values, f64::from(band) / f64::from(scale)) + shift).collect())
    };
    let edges = Edges {
        recency: cut("recency", recency, &options.edges.recency)?,
        frequency: cut("frequency", frequency, &options.edges.frequency)?,
        monetary: cut("monetary", monetary, &options.edges.monetary)?,
    };
    let band = |value: f64, edges: &[f64]| {
        let passed = edges.iter().filter(|&&edge| if closed_left { value >= edge } else { value > edge }).count();
        passed as u8 + 1
    };
    let scores = |values: &[f64], edges: &[f64], low_is_strong: bool| -> Vec<u8> {
        (0..values.len())
            .map(|row| match (scored(row), band(values[row], edges)) {
                (false, _) => 0,
                (true, band) if low_is_strong => scale + 1 - band,
                (true, band) => band,
            })
            .collect()
    };
    Ok(Scores {
        scale,
        recency: scores(recency, &edges.recency, true),
        frequency: scores(frequency, &edges.frequency, false),
        monetary: scores(monetary, &edges.monetary, false),
        edges,
    })
}

fn checked_edges(name: &str, edges: &[f64], scale: u8) -> Result<Vec<f64>> {
    let wanted = usize::from(scale) - 1;
    if edges.len() != wanted
        || edges.iter().any(|edge| !edge.is_finite())
        || edges.windows(2).any(|pair| pair[0] > pair[1])
    {
        return Err(Error::new(
            Code::BadOption,
            format!("“edges.{name}” must be {wanted} rising numbers for {scale} bands; found {edges:?}."),
        ));
    }
    Ok(edges.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::column::Column;
    use crate::table::role::Role;
    use crate::table::table::Kind;

    fn customers(recency: &[f64], frequency: &[f64], monetary: &[f64]) -> Table {
        let column = |name: &str, values: &[f64]| Column::number(name, Role::Other, values.to_vec());
        Table::computed(
            vec![column("recency_days", recency), column("frequency", frequency), column("monetary", monetary)],
            Kind::Customers,
        )
    }

    #[test]
    fn one_time_buyers_share_a_score_and_leave_bands_empty() {
        let frequency = [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 2.0, 2.0, 3.0, 9.0];
        let ramp: Vec<f64> = (0..10).map(f64::from).collect();
        let scores = score(&customers(&ramp, &frequency, &ramp), &ScoreOptions::default()).unwrap();
        assert_eq!(scores.frequency, [1, 1, 1, 1, 1, 1, 4, 4, 5, 5]);
        assert_eq!(scores.recency, [5, 5, 4, 4, 3, 3, 2, 2, 1, 1]);
        assert_eq!(scores.monetary, [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
    }

    #[test]
    fn customers_without_orders_are_not_scored_and_move_no_edge() {
        let with = customers(&[1.0, 2.0, f64::NAN], &[1.0, 2.0, 0.0], &[5.0, 6.0, -3.0]);
        let without = customers(&[1.0, 2.0], &[1.0, 2.0], &[5.0, 6.0]);
        let (with, without) = (score(&with, &ScoreOptions::default()), score(&without, &ScoreOptions::default()));
        let (with, without) = (with.unwrap(), without.unwrap());
        assert_eq!(with.edges, without.edges);
        assert_eq!((with.recency[2], with.frequency[2], with.monetary[2]), (0, 0, 0));
    }

    #[test]
    fn unusable_options_say_what_is_wanted() {
        let table = customers(&[1.0], &[1.0], &[1.0]);
        let scale = ScoreOptions { scale: Some(11), ..ScoreOptions::default() };
        assert_eq!(score(&table, &scale).unwrap_err().code, Code::BadOption);
        let falling = GivenEdges { recency: Some(vec![3.0, 2.0, 1.0, 0.0]), ..GivenEdges::default() };
        let edges = ScoreOptions { edges: falling, ..ScoreOptions::default() };
        assert!(score(&table, &edges).unwrap_err().message.contains("4 rising numbers"));
    }
}
