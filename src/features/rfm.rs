//! RFM scores: recency, frequency and money cut into bands, 1 (weakest) to `scale` (strongest) for each.
//!
//! Equal values always get equal scores, whatever the order of the rows; where ties leave a band empty, it stays empty.

use crate::error::{Code, Error, Result};
use crate::math::bands::raise;
use crate::math::order::{key, keys_of, numbers};
use crate::math::stats::{quantiles, sorted};
use crate::table::bitmap::Bitmap;
use crate::table::column::Data;
use crate::table::table::Table;
use serde::{Deserialize, Serialize};

/// Passes of k-means on one axis at most.
const PASSES: usize = 200;

/// How values are cut into bands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Bands {
    /// At the type-7 quantiles 1/scale, 2/scale …: bands of about equal size.
    #[default]
    Quantile,
    /// At the edges given.
    Fixed,
    /// Where values lie far apart: k-means on the one axis, from the quantiles, so that the result is the same every time.
    Kmeans,
}

impl Bands {
    /// The spelling, where it is not the usual way: so that a recipe tells how edges would be found anew.
    pub fn not_usual(self) -> Option<&'static str> {
        match self {
            Bands::Quantile => None,
            Bands::Fixed => Some("fixed"),
            Bands::Kmeans => Some("kmeans"),
        }
    }
}

/// Edges given by the user, `scale − 1` of them, none below the one before; between equal ones the band is empty.
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
    pub scale: Option<u32>,
    /// How values are cut.
    pub bands: Bands,
    /// Own edges; they replace the quantiles of the axes they name.
    pub edges: GivenEdges,
    /// `r-rfm`: edges and bands as R's package rfm has them (quantile + 1, bands closed on the left).
    pub compatibility: Option<String>,
    /// Whether frequency is banded among the customers of each recency score, and money among those of each pair of both.
    pub nested: bool,
    /// Own edges of nested bands.
    pub nested_edges: Option<NestedEdges>,
}

/// The edges of nested bands, by score from 1; those of a score that nobody has are empty.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct NestedEdges {
    /// By recency score.
    pub frequency: Vec<Vec<f64>>,
    /// By recency score, then frequency score.
    pub monetary: Vec<Vec<Vec<f64>>>,
}

/// The edges between bands, none below the one before: a value above an edge is in a higher band (with `r-rfm`: at or above).
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
    /// Where the bands meet; of nested bands those of recency only.
    pub edges: Edges,
    /// Where nested bands meet.
    pub nested: Option<NestedEdges>,
    /// How many bands an axis allows at most, whatever its edges: no more than it has different values.
    pub possible: Possible,
}

/// Bands that the values of each axis allow at most, 1 to `scale`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Possible {
    /// Of different days.
    pub recency: u8,
    /// Of different numbers of orders.
    pub frequency: u8,
    /// Of different amounts.
    pub monetary: u8,
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
    let scale = scale as u8;
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
            "Nobody can be scored: no customer has an order that counts, with a day and an amount, up to the reference date. The findings tell what was left out (refunds, later or cancelled orders); if nothing was, check which columns are the date and the amount.",
        ));
    }
    let bands = Banding { scale, closed_left, bands: options.bands };
    let everyone: Vec<usize> = (0..table.row_count).filter(|&row| scored(row)).collect();
    let cut = |name: &str, values: &[f64], given: &Option<Vec<f64>>| -> Result<Vec<f64>> {
        match given {
            Some(edges) => checked_edges("edges.", name, edges, scale).map(|()| edges.clone()),
            None if options.bands == Bands::Fixed => {
                Err(Error::new(Code::BadOption, format!("Fixed bands need their edges: “edges.{name}” is missing.")))
            }
            None => Ok(bands.edges(values, &everyone)),
        }
    };
    let recency_edges = cut("recency", recency, &options.edges.recency)?;
    let mut scores = Scores {
        scale,
        recency: bands.scores(recency, &everyone, &recency_edges),
        frequency: vec![0; table.row_count],
        monetary: vec![0; table.row_count],
        edges: Edges { recency: recency_edges, frequency: Vec::new(), monetary: Vec::new() },
        nested: None,
        possible: Possible {
            recency: possible(recency, &everyone, scale),
            frequency: possible(frequency, &everyone, scale),
            monetary: possible(monetary, &everyone, scale),
        },
    };
    scores.recency.iter_mut().filter(|score| **score > 0).for_each(|score| *score = scale + 1 - *score);
    if options.nested {
        // A result's own edges, handed back, have none of frequency and money.
        let given = options.nested_edges.as_ref();
        let flat = |edges: &Option<Vec<f64>>| edges.as_ref().is_some_and(|edges| !edges.is_empty());
        let is_flat = flat(&options.edges.frequency) || flat(&options.edges.monetary);
        if options.bands == Bands::Fixed && given.is_none() || is_flat {
            return Err(Error::new(
                Code::BadOption,
                "Nested bands have edges of their own for each score; give them as “nestedEdges”, or let them be found.",
            ));
        }
        if let Some(given) = given {
            let known = given.frequency.iter().chain(given.monetary.iter().flatten()).filter(|edges| !edges.is_empty());
            for edges in known {
                checked_edges("nestedEdges", "", edges, scale)?;
            }
        }
        nest(&mut scores, &bands, (frequency, monetary), &everyone, given);
        return Ok(scores);
    }
    scores.edges.frequency = cut("frequency", frequency, &options.edges.frequency)?;
    scores.edges.monetary = cut("monetary", monetary, &options.edges.monetary)?;
    scores.frequency = bands.scores(frequency, &everyone, &scores.edges.frequency);
    scores.monetary = bands.scores(monetary, &everyone, &scores.edges.monetary);
    Ok(scores)
}

/// Frequency within recency, money within both. Edges that are not given are found.
fn nest(
    scores: &mut Scores,
    bands: &Banding,
    (frequency, monetary): (&[f64], &[f64]),
    everyone: &[usize],
    given: Option<&NestedEdges>,
) {
    let mut nested = NestedEdges::default();
    for recent in 1..=bands.scale {
        let at = usize::from(recent) - 1;
        let among: Vec<usize> = everyone.iter().copied().filter(|&row| scores.recency[row] == recent).collect();
        let known = given.and_then(|given| given.frequency.get(at).cloned());
        let edges = known.unwrap_or_else(|| bands.edges(frequency, &among));
        among.iter().for_each(|&row| scores.frequency[row] = bands.band(frequency[row], &edges));
        nested.frequency.push(edges);
        let mut of_frequency = Vec::new();
        for often in 1..=bands.scale {
            let both: Vec<usize> = among.iter().copied().filter(|&row| scores.frequency[row] == often).collect();
            let known = given.and_then(|given| given.monetary.get(at)?.get(usize::from(often) - 1).cloned());
            let edges = known.unwrap_or_else(|| bands.edges(monetary, &both));
            both.iter().for_each(|&row| scores.monetary[row] = bands.band(monetary[row], &edges));
            of_frequency.push(edges);
        }
        nested.monetary.push(of_frequency);
    }
    scores.nested = Some(nested);
}

/// How an axis is cut.
struct Banding {
    scale: u8,
    closed_left: bool,
    bands: Bands,
}

impl Banding {
    /// The edges among some rows; none among nobody.
    fn edges(&self, values: &[f64], rows: &[usize]) -> Vec<f64> {
        if rows.is_empty() {
            return Vec::new();
        }
        let shift = if self.closed_left { 1.0 } else { 0.0 };
        let mut keys: Vec<u64> = if rows.len() == values.len() {
            keys_of(values)
        } else {
            rows.iter().map(|&row| key(values[row])).collect()
        };
        let parts = (1..self.scale).map(|band| f64::from(band) / f64::from(self.scale));
        let quantiles = quantiles(&mut keys, parts).into_iter().map(|edge| edge + shift).collect();
        if self.bands == Bands::Kmeans {
            return natural(&sorted(rows.iter().map(|&row| values[row])), quantiles);
        }
        quantiles
    }

    /// The band of a value, from 1.
    fn band(&self, value: f64, edges: &[f64]) -> u8 {
        let passed = edges.iter().filter(|&&edge| if self.closed_left { value >= edge } else { value > edge }).count();
        passed as u8 + 1
    }

    /// The band of each of some rows, 0 for others.
    fn scores(&self, values: &[f64], rows: &[usize], edges: &[f64]) -> Vec<u8> {
        let mut scores = vec![1; values.len()];
        raise(values, edges, self.closed_left, &mut scores);
        // Who is not scored has a value on some axes.
        let mut next = 0;
        for &row in rows {
            scores[next..row].fill(0);
            next = row + 1;
        }
        scores[next..].fill(0);
        scores
    }
}

/// How many bands of some rows can differ, up to `scale`.
fn possible(values: &[f64], rows: &[usize], scale: u8) -> u8 {
    let mut met: Vec<f64> = Vec::new();
    for &row in rows {
        if !met.contains(&values[row]) {
            met.push(values[row]);
            if met.len() >= usize::from(scale) {
                break;
            }
        }
    }
    met.len() as u8
}

/// The rows of customers who never had an order that counts, nor gave one back: of frequency 0, without refunds, and without
/// a first order (where the table has these columns). Customers whose orders lie outside a window are none.
pub fn prospects(table: &Table) -> Bitmap {
    let numbers = |name: &str| table.numbers(name).unwrap_or_default();
    let (frequency, refunds) = (numbers("frequency"), numbers("refunds"));
    let first = table.column("first_order").ok().filter(|column| matches!(column.data, Data::Date(_)));
    Bitmap::from_fn(frequency.len(), |row| {
        frequency[row] == 0.0
            && refunds.get(row).is_none_or(|&refunds| refunds <= 0.0 || refunds.is_nan())
            && first.is_none_or(|first| !first.valid.get(row))
    })
}

/// Edges of k-means on one axis (Lloyd's passes from the bands that `edges` make, which are rising): each is the largest
/// value of the band below, so that equal values stay together. Bands without values keep theirs.
fn natural(sorted: &[f64], mut edges: Vec<f64>) -> Vec<f64> {
    let mut sums = vec![0.0];
    for value in sorted {
        sums.push(sums[sums.len() - 1] + value);
    }
    for _ in 0..PASSES {
        let ends: Vec<usize> = edges.iter().map(|&edge| sorted.partition_point(|&value| value <= edge)).collect();
        let bounds: Vec<usize> = [0].into_iter().chain(ends).chain([sorted.len()]).collect();
        let means: Vec<f64> = bounds
            .windows(2)
            .map(|pair| {
                if pair[1] > pair[0] { (sums[pair[1]] - sums[pair[0]]) / (pair[1] - pair[0]) as f64 } else { f64::NAN }
            })
            .collect();
        let mut next = edges.clone();
        for (edge, pair) in next.iter_mut().zip(means.windows(2)) {
            let middle = pair[0] + (pair[1] - pair[0]) / 2.0;
            let below = if middle.is_nan() { 0 } else { sorted.partition_point(|&value| value <= middle) };
            if below > 0 {
                *edge = sorted[below - 1];
            }
        }
        // A band without values may have been left behind by the next one's edge; whose band is which does not change.
        numbers(&mut next);
        if next == edges {
            break;
        }
        edges = next;
    }
    edges
}

/// Equal edges leave the band between them empty, as quantiles of equal values do.
fn checked_edges(of: &str, name: &str, edges: &[f64], scale: u8) -> Result<()> {
    let wanted = usize::from(scale) - 1;
    if edges.len() != wanted
        || edges.iter().any(|edge| !edge.is_finite())
        || edges.windows(2).any(|pair| pair[0] > pair[1])
    {
        return Err(Error::new(
            Code::BadOption,
            format!(
                "“{of}{name}” must be {wanted} numbers for {scale} bands, none below the one before; found {edges:?}."
            ),
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::rng::Rng;
    use crate::math::stats::quantile_sorted;
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
    fn natural_bands_part_where_values_lie_apart() {
        let frequency = [1.0, 2.0, 1.0, 2.0, 20.0, 21.0, 22.0, 90.0, 91.0, 92.0];
        let options = ScoreOptions { scale: Some(3), bands: Bands::Kmeans, ..ScoreOptions::default() };
        let scores = score(&customers(&[1.0; 10], &frequency, &[1.0; 10]), &options).unwrap();
        assert_eq!(scores.frequency, [1, 1, 1, 1, 2, 2, 2, 3, 3, 3]);
        assert_eq!(scores.edges.frequency, [2.0, 22.0]);
        // Equal values cannot be parted, whatever the method.
        assert_eq!(scores.monetary, [1; 10]);
    }

    #[test]
    fn natural_edges_rise_even_among_few_values() {
        let mut rng = Rng::new(5);
        for _ in 0..3_000 {
            let values = sorted((0..2 + rng.below(14)).map(|_| 6.0 + (rng.below(9) * rng.below(9)) as f64 / 9.0));
            let edges =
                natural(&values, (1..10).map(|band| quantile_sorted(&values, f64::from(band) / 10.0)).collect());
            assert!(edges.is_sorted(), "{values:?} {edges:?}");
        }
    }

    #[test]
    fn nested_bands_are_cut_within_each_other_and_come_again_from_their_edges() {
        let ramp: Vec<f64> = (0..64).map(|at| f64::from(at * 29 % 64)).collect();
        let frequency: Vec<f64> = (0..64).map(|at| f64::from(1 + at * 13 % 17)).collect();
        let monetary: Vec<f64> = (0..64).map(|at| f64::from(at * 7 % 31)).collect();
        let table = customers(&ramp, &frequency, &monetary);
        let options = ScoreOptions { scale: Some(2), nested: true, ..ScoreOptions::default() };
        let scores = score(&table, &options).unwrap();
        for recent in 1..=2 {
            let among: Vec<usize> = (0..64).filter(|&row| scores.recency[row] == recent).collect();
            let low = among.iter().filter(|&&row| scores.frequency[row] == 1).count();
            assert!(among.len() == 32 && low.abs_diff(16) <= 2, "{low} of {}", among.len());
        }
        assert!(scores.edges.frequency.is_empty());
        let mut again = ScoreOptions {
            bands: Bands::Fixed,
            edges: GivenEdges { recency: Some(scores.edges.recency.clone()), ..GivenEdges::default() },
            nested_edges: scores.nested.clone(),
            ..options
        };
        assert_eq!(score(&table, &again).unwrap(), scores);
        // Lists that are not there are found; those that are there and empty leave everyone in the first band.
        let given = again.nested_edges.as_mut().unwrap();
        given.monetary[1].clear();
        assert_eq!(score(&table, &again).unwrap(), scores);
        again.nested_edges.as_mut().unwrap().frequency[0].clear();
        let flat = score(&table, &again).unwrap();
        assert!((0..64).all(|row| flat.recency[row] != 1 || flat.frequency[row] == 1));
    }

    #[test]
    fn unusable_options_say_what_is_wanted() {
        let table = customers(&[1.0], &[1.0], &[1.0]);
        let scale = ScoreOptions { scale: Some(11), ..ScoreOptions::default() };
        assert_eq!(score(&table, &scale).unwrap_err().code, Code::BadOption);
        let falling = GivenEdges { recency: Some(vec![3.0, 2.0, 1.0, 0.0]), ..GivenEdges::default() };
        let edges = ScoreOptions { edges: falling, ..ScoreOptions::default() };
        assert!(score(&table, &edges).unwrap_err().message.contains("4 numbers for 5 bands, none below"));
    }
}
