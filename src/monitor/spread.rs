//! How does a column spread, for everyone and in each segment? Counts in bins that are cut once and used again on later files.

use crate::math::moments::Moments;
use crate::math::order::{arranged, numbers};
use crate::math::stats::{BLOCK, quantile_sorted};
use crate::table::bitmap::Bitmap;
use crate::table::column::{Column, Data};
use crate::table::date::MS_PER_DAY;
use serde_json::{Value, json};

/// Bins of numbers: ten, cut at the nine deciles.
const BINS: usize = 10;
/// Texts with more different values than this are names rather than categories, and are not followed.
const MOST_TEXTS: usize = 1_000;
/// Values of a category that have a bin of their own at most, the most frequent ones.
const MOST_LEVELS: usize = 30;
/// A value has a bin of its own from so many customers on, and from this share of them on.
const RARE: (u64, f64) = (5, 0.005);
/// What the bin of all other values is called.
const OTHERS: &str = "other values";

/// Where the bins of a column are cut. A last bin, of rows without a value, is always there.
#[derive(Clone, Debug, PartialEq)]
pub enum Cut {
    /// Rising: a value is in the bin behind the last edge that is not above it; the outer bins are open.
    Edges(Vec<f64>),
    /// Values with a bin of their own, the most frequent first, and how many different ones share the bin of the others.
    Levels(Vec<String>, usize),
}

/// A column in bins.
#[derive(Clone, Debug, PartialEq)]
pub struct Spread {
    /// Name of the column.
    pub column: String,
    /// Where its bins are cut.
    pub cut: Cut,
    /// Rows by bin, the one of missing values last: everyone's, then those of each segment.
    pub counts: Vec<Vec<u64>>,
    /// Of numbers: count, mean and squares (of categories nothing).
    pub moments: Moments,
    /// Of numbers: the median, type 7; NaN for none.
    pub median: f64,
    /// Whether the numbers are days before the reference date.
    pub days: bool,
    /// Of numbers in memory: all that are not missing, rising.
    pub sorted: Vec<f64>,
}

impl Spread {
    /// Cuts a column into bins of its own: numbers at their type-7 deciles (each once; a value that is several of them has a bin for
    /// itself), dates as days before the reference date, categories by value. Nothing where [`unfollowed`] has a reason.
    pub fn of(column: &Column, reference: i32, segments: &[&Bitmap]) -> Option<Spread> {
        if unfollowed(column).is_some() {
            return None;
        }
        Spread::counted(column, reference, None, segments)
    }

    /// The same bins over another column. Nothing where it is of another kind: numbers then, texts now.
    pub fn again(&self, column: &Column, reference: i32, segments: &[&Bitmap]) -> Option<Spread> {
        let found = Spread::counted(column, reference, Some(&self.cut), segments)?;
        (found.days == self.days).then(|| Spread { column: self.column.clone(), ..found })
    }

    fn counted(column: &Column, reference: i32, cut: Option<&Cut>, segments: &[&Bitmap]) -> Option<Spread> {
        let ago = |day: i64| (i64::from(reference) - day) as f64;
        let days: Option<Vec<f64>> = match &column.data {
            Data::Date(days) => Some(days.iter().map(|&day| ago(day.into())).collect()),
            Data::Time(times) => Some(times.iter().map(|time| ago(time.div_euclid(MS_PER_DAY))).collect()),
            _ => None,
        };
        let mut spread = Spread {
            column: column.name.clone(),
            days: days.is_some(),
            cut: Cut::Edges(Vec::new()),
            counts: Vec::new(),
            moments: Moments::default(),
            median: f64::NAN,
            sorted: Vec::new(),
        };
        let values = if let Data::Number(values) = &column.data { Some(values) } else { days.as_ref() };
        let bins = match (&column.data, cut, values) {
            (_, None | Some(Cut::Edges(_)), Some(values)) => {
                let mut sorted: Vec<f64> = column.valid.iter().map(|row| values[row] + 0.0).collect();
                numbers(&mut sorted);
                spread.moments = sorted.chunks(BLOCK).map(Moments::of).fold(Moments::default(), Moments::merge);
                spread.median = quantile_sorted(&sorted, 0.5);
                spread.cut = cut.cloned().unwrap_or_else(|| Cut::Edges(deciles(&sorted)));
                spread.sorted = sorted;
                let Cut::Edges(edges) = &spread.cut else { return None };
                let bin = |row: usize| edges.iter().filter(|&&edge| edge <= values[row]).count() as u8;
                by_row(column, edges.len() as u8 + 1, &bin)
            }
            (Data::Text(texts), None | Some(Cut::Levels(..)), _) => {
                let counts = texts.uses(&column.valid);
                let name = |code: usize| texts.value(code as u32);
                spread.cut = cut.cloned().unwrap_or_else(|| levels(&counts, &name));
                let Cut::Levels(levels, _) = &spread.cut else { return None };
                let others = levels.len() as u8;
                let bins: Vec<u8> = (0..counts.len())
                    .map(|code| levels.iter().position(|level| level == name(code)).map_or(others, |at| at as u8))
                    .collect();
                by_row(column, others + 1, &|row| bins[texts.codes()[row] as usize])
            }
            (Data::Boolean(truths), None | Some(Cut::Levels(..)), _) => {
                spread.cut =
                    cut.cloned().unwrap_or_else(|| Cut::Levels(["true", "false"].map(String::from).to_vec(), 0));
                let Cut::Levels(levels, _) = &spread.cut else { return None };
                let at = |truth: bool| {
                    let text = if truth { "true" } else { "false" };
                    levels.iter().position(|level| level == text).unwrap_or(levels.len()) as u8
                };
                by_row(column, levels.len() as u8 + 1, &|row| at(truths.get(row)))
            }
            _ => return None,
        };
        let last = spread.bins() - 1;
        let mut everyone = vec![0u64; last + 1];
        bins.iter().for_each(|&bin| everyone[usize::from(bin)] += 1);
        spread.counts.push(everyone);
        for rows in segments {
            let mut counts = vec![0u64; last + 1];
            rows.iter().for_each(|row| counts[usize::from(bins[row])] += 1);
            spread.counts.push(counts);
        }
        Some(spread)
    }

    /// Bins, with the one of missing values.
    pub fn bins(&self) -> usize {
        match &self.cut {
            Cut::Edges(edges) => edges.len() + 2,
            Cut::Levels(levels, _) => levels.len() + 2,
        }
    }

    /// What the bins are called.
    pub fn labels(&self) -> Vec<String> {
        let mut labels: Vec<String> = match &self.cut {
            Cut::Edges(edges) => {
                // The edge behind a value with a bin of its own is told by that value.
                let alone = |at: usize| at.checked_sub(1).map(|at| edges[at]).filter(|low| low.next_up() == edges[at]);
                let label = |at: usize| match (at.checked_sub(1), edges.get(at)) {
                    (None, None) => "all".into(),
                    (None, Some(high)) => format!("below {high}"),
                    (Some(low), None) => {
                        alone(low).map_or_else(|| format!("{} and more", edges[low]), |value| format!("above {value}"))
                    }
                    (Some(low), Some(high)) => match (alone(low), alone(at)) {
                        (_, Some(value)) => format!("{value}"),
                        (Some(value), None) => format!("above {value} to below {high}"),
                        (None, None) => format!("{} to below {high}", edges[low]),
                    },
                };
                (0..=edges.len()).map(label).collect()
            }
            Cut::Levels(levels, pooled) => {
                let others = if *pooled > 0 { format!("{OTHERS} ({pooled} then)") } else { OTHERS.into() };
                levels.iter().cloned().chain([others]).collect()
            }
        };
        labels.push("missing".into());
        labels
    }

    /// For a baseline: no values but edges and the names of frequent categories.
    pub fn document(&self) -> Value {
        let mut document = json!({ "column": self.column, "counts": self.counts });
        match &self.cut {
            Cut::Edges(edges) => {
                document["edges"] = json!(edges);
                document["mean"] = json!(self.moments.mean);
                document["squares"] = json!(self.moments.squares);
                document["median"] = json!(self.median);
            }
            Cut::Levels(levels, pooled) => {
                document["levels"] = json!(levels);
                document["pooled"] = json!(pooled);
            }
        }
        if self.days {
            document["days"] = true.into();
        }
        document
    }

    /// From such a document. Nothing where it is not as it is written, for so many segments.
    pub fn read(document: &Value, segments: usize) -> Option<Spread> {
        let list = |value: &Value| -> Option<Vec<f64>> { value.as_array()?.iter().map(Value::as_f64).collect() };
        let cut = match document.get("edges") {
            Some(edges) => {
                let edges = list(edges)?;
                let rising = edges.windows(2).all(|pair| pair[0] < pair[1]);
                Cut::Edges(Some(edges).filter(|edges| rising && edges.len() < BINS)?)
            }
            None => {
                let names = document.get("levels")?.as_array()?.iter();
                let names: Vec<String> = names.map(|name| name.as_str().map(String::from)).collect::<Option<_>>()?;
                let pooled = document.get("pooled")?.as_f64()? as usize;
                Cut::Levels(Some(names).filter(|names| names.len() <= MOST_LEVELS)?, pooled)
            }
        };
        let counts = document.get("counts")?.as_array()?.iter();
        let counts: Vec<Vec<u64>> = counts
            .map(|counts| Some(list(counts)?.into_iter().map(|count| count as u64).collect()))
            .collect::<Option<_>>()?;
        // A median of nobody is no number, and null in JSON.
        let number = |name: &str| document.get(name).and_then(Value::as_f64).unwrap_or(f64::NAN);
        let mut spread = Spread {
            column: document.get("column")?.as_str()?.to_string(),
            cut,
            moments: Moments { mean: number("mean"), squares: number("squares"), ..Moments::default() },
            median: number("median"),
            days: document.get("days").is_some_and(|days| *days == true),
            sorted: Vec::new(),
            counts,
        };
        let bins = spread.bins();
        if spread.counts.len() != segments + 1 || spread.counts.iter().any(|counts| counts.len() != bins) {
            return None;
        }
        spread.moments.count = spread.counts[0][..bins - 1].iter().sum::<u64>() as f64;
        Some(spread)
    }
}

/// Why columns that tell customers apart are not followed.
pub const APART: &str = "it tells customers apart";

/// Why a column is not followed, where it is not.
pub fn unfollowed(column: &Column) -> Option<&'static str> {
    match &column.data {
        _ if column.role.is_identifier() => Some(APART),
        Data::Text(texts) if texts.distinct() > MOST_TEXTS => Some("it has more than 1,000 different texts"),
        Data::List(_) => Some("it holds lists"),
        Data::Unloaded(_) => Some("it was not kept in memory"),
        _ => None,
    }
}

/// The bin of each row; `missing` where there is no value.
fn by_row(column: &Column, missing: u8, bin: &dyn Fn(usize) -> u8) -> Vec<u8> {
    let mut bins = vec![missing; column.len()];
    column.valid.iter().for_each(|row| bins[row] = bin(row));
    bins
}

/// Type-7 deciles, each once. Behind a value that is more than one of them stands the next number as an edge, too, so that the value
/// has a bin of its own: else moves out of it could not be seen. Never more edges than deciles.
fn deciles(sorted: &[f64]) -> Vec<f64> {
    if sorted.is_empty() {
        return Vec::new();
    }
    let deciles: Vec<f64> = (1..BINS).map(|at| quantile_sorted(sorted, at as f64 / BINS as f64)).collect();
    let edges = |tied: &[f64]| [Some(tied[0]), Some(tied[0].next_up()).filter(|up| tied.len() > 1 && up.is_finite())];
    let mut edges: Vec<f64> = deciles.chunk_by(|one, other| one == other).flat_map(edges).flatten().collect();
    edges.dedup();
    edges
}

/// The values that are frequent enough for a bin of their own, the most frequent first; ties by name.
fn levels<'a>(counts: &[u64], name: &dyn Fn(usize) -> &'a str) -> Cut {
    let n: u64 = counts.iter().sum();
    let least = RARE.0.max((RARE.1 * n as f64).ceil() as u64);
    let order = arranged(counts.len(), &|a, b| counts[b].cmp(&counts[a]).then_with(|| name(a).cmp(name(b))));
    let used = counts.iter().filter(|&&count| count > 0).count();
    let frequent = order.into_iter().take(MOST_LEVELS).filter(|&code| counts[code] >= least);
    let levels: Vec<String> = frequent.map(|code| name(code).to_string()).collect();
    let pooled = used - levels.len();
    Cut::Levels(levels, pooled)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::monitor::drift::{Level, drift};
    use crate::table::role::Role;
    use crate::table::texts::TextsBuilder;

    fn numbers_of(values: &[f64]) -> Column {
        Column::number("x", Role::Other, values.to_vec())
    }

    fn texts_of(values: &[&str]) -> Column {
        let mut texts = TextsBuilder::default();
        values.iter().for_each(|value| if value.is_empty() { texts.push_missing() } else { _ = texts.push(value) });
        Column::text("t", Role::Other, texts.finish(), Bitmap::from_fn(values.len(), |row| !values[row].is_empty()))
    }

    #[test]
    fn numbers_are_cut_at_their_deciles_and_missing_values_have_a_bin() {
        let values: Vec<f64> = (0..=100).map(f64::from).chain([f64::NAN]).collect();
        let spread = Spread::of(&numbers_of(&values), 0, &[]).unwrap();
        assert_eq!(spread.cut, Cut::Edges((1..10).map(|at| f64::from(at * 10)).collect()));
        assert_eq!(spread.counts[0], [10, 10, 10, 10, 10, 10, 10, 10, 10, 11, 1]);
        assert_eq!((spread.median, spread.moments.mean, spread.moments.count), (50.0, 50.0, 101.0));
        let later = spread.again(&numbers_of(&[-5.0, 10.0, 1e9]), 0, &[&Bitmap::from_fn(3, |row| row == 1)]).unwrap();
        assert_eq!(later.counts[0], [1, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0]);
        assert_eq!(later.counts[1].iter().sum::<u64>(), 1);
        assert_eq!(spread.labels()[0], "below 10");
    }

    #[test]
    fn tied_deciles_are_one_edge() {
        let spread = Spread::of(&numbers_of(&[1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 2.0, 3.0]), 0, &[]).unwrap();
        assert!(matches!(&spread.cut, Cut::Edges(edges) if edges.len() < 5 && edges[0] == 1.0));
        assert_eq!(spread.counts[0].iter().sum::<u64>(), 9);
        let nobody = Spread::of(&numbers_of(&[f64::NAN]), 0, &[]).unwrap();
        assert_eq!((nobody.counts[0].clone(), nobody.labels()[0].as_str()), (vec![0, 1], "all"));
    }

    #[test]
    fn a_value_that_is_many_deciles_has_a_bin_of_its_own() {
        // Nineteen of twenty have no refunds; later only half of them.
        let refunds = |free: usize| {
            let some = (free..1_000).map(|row| 1.0 + (row % 9) as f64 / 4.0);
            numbers_of(&std::iter::repeat_n(0.0, free).chain(some).collect::<Vec<_>>())
        };
        let then = Spread::of(&refunds(950), 0, &[]).unwrap();
        assert_eq!(then.labels(), ["below 0", "0", "above 0", "missing"]);
        assert_eq!(then.counts[0], [0, 950, 50, 0]);
        let now = then.again(&refunds(400), 0, &[]).unwrap();
        assert_eq!(now.counts[0], [0, 400, 600, 0]);
        let (index, document) = drift(&then, &now);
        let expected = 0.55 * (libm::log(0.6 / 0.05) - libm::log(0.4 / 0.95));
        assert!((index.psi - expected).abs() < 1e-9 && index.level == Level::Strong, "{index:?}");
        assert!((document["statistic"]["value"].as_f64().unwrap() - 0.55).abs() < 1e-12);
        let kept = Spread::read(&again(&then), 0).unwrap();
        let (from_bins, document) = drift(&kept, &kept.again(&refunds(400), 0, &[]).unwrap());
        assert_eq!(from_bins, index);
        assert!((document["statistic"]["value"].as_f64().unwrap() - 0.55).abs() < 1e-12);
        // A constant of which half moved on, up and down.
        let fives: Vec<f64> = vec![5.0; 1_000];
        let then = Spread::of(&numbers_of(&fives), 0, &[]).unwrap();
        assert_eq!((then.labels()[1].as_str(), &then.counts[0]), ("5", &vec![0, 1_000, 0, 0]));
        for (other, counts) in [(6.0, [0, 500, 500, 0]), (4.0, [500, 500, 0, 0])] {
            let half: Vec<f64> = (0..1_000).map(|row| if row % 2 == 0 { 5.0 } else { other }).collect();
            let now = then.again(&numbers_of(&half), 0, &[]).unwrap();
            assert_eq!(now.counts[0], counts);
            let index = drift(&then, &now).0;
            assert!(index.psi > 3.0 && index.level == Level::Strong, "{index:?}");
        }
        assert_eq!(drift(&then, &then.again(&numbers_of(&fives), 0, &[]).unwrap()).0.psi, 0.0);
        // Between other deciles.
        let middle: Vec<f64> = (0..100).map(|row| f64::from(row).clamp(30.0, 60.0)).collect();
        let spread = Spread::of(&numbers_of(&middle), 0, &[]).unwrap();
        let labels = spread.labels();
        assert_eq!((labels[0].as_str(), labels[1].as_str()), ("below 30", "30"));
        assert!(labels[2].starts_with("above 30 to below ") && labels.contains(&"above 60".into()), "{labels:?}");
    }

    /// The document as text, and read again.
    fn again(spread: &Spread) -> Value {
        serde_json::from_str(&spread.document().to_string()).unwrap()
    }

    #[test]
    fn edges_behind_a_value_survive_being_written() {
        let mut rng = crate::math::rng::Rng::new(7);
        let some = (0..2_000).map(|_| (rng.unit() - 0.5) * libm::exp(40.0 * (rng.unit() - 0.5)));
        for value in some.chain([0.0, -1.0, 0.1, 19.99, 1e300, f64::MAX, f64::MIN_POSITIVE, -f64::MAX]) {
            let spread = Spread::of(&numbers_of(&[value; 3]), 0, &[]).unwrap();
            assert_eq!(Spread::read(&again(&spread), 0).unwrap().cut, spread.cut, "{value}");
        }
    }

    #[test]
    fn rare_values_share_a_bin_and_so_do_new_ones() {
        let values: Vec<&str> = [["a"; 9].to_vec(), ["b"; 6].to_vec(), vec!["rare", "rarer", ""]].concat();
        let spread = Spread::of(&texts_of(&values), 0, &[]).unwrap();
        assert_eq!(spread.cut, Cut::Levels(vec!["a".into(), "b".into()], 2));
        assert_eq!(spread.counts[0], [9, 6, 2, 1]);
        assert_eq!(spread.again(&texts_of(&["b", "new", "rare"]), 0, &[]).unwrap().counts[0], [0, 1, 2, 0]);
        assert_eq!(spread.again(&numbers_of(&[1.0]), 0, &[]), None, "another kind");
    }

    #[test]
    fn a_document_gives_the_spread_again_without_its_values() {
        let segment = Bitmap::from_fn(4, |row| row > 1);
        for column in [numbers_of(&[1.0, 2.0, 2.5, f64::NAN]), texts_of(&["a", "a", "", "b"])] {
            let spread = Spread::of(&column, 0, &[&segment]).unwrap();
            let back = Spread::read(&spread.document(), 1).unwrap();
            assert_eq!((&back.cut, &back.counts, back.labels()), (&spread.cut, &spread.counts, spread.labels()));
            assert!(back.sorted.is_empty());
            assert_eq!(Spread::read(&spread.document(), 0), None);
        }
        assert_eq!(Spread::read(&json!({ "column": "x", "edges": [2, 1], "counts": [[0, 0, 0, 0]] }), 0), None);
    }
}
