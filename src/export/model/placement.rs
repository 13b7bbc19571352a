//! How is a row placed, whatever the model? Columns → scaled values → one score for each centre, point, bell or class → the
//! cluster of the highest score, of equal ones the first.

use crate::error::{Code, Error, Result};
use crate::features::matrix::{Feature, Level};
use crate::features::scale::Scale;
use crate::segment::cluster::document::Saved;
use crate::segment::cluster::model::Model;

/// A column that a model asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// The texts that mean something, for a category; none for a column of numbers.
    pub levels: Option<Vec<String>>,
}

/// The scaled value of one feature.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// Of a number: by its scale; the fill stands in for a missing one.
    Number {
        /// Which of the columns.
        column: usize,
        /// How it is scaled.
        scale: Scale,
        /// In own units.
        fill: Option<f64>,
    },
    /// Of a category.
    Level {
        /// Which of the columns.
        column: usize,
        /// Which of the column's levels tell.
        levels: Vec<usize>,
        /// The value of rows that have one of them.
        within: f64,
        /// Of those that have another.
        without: f64,
        /// Of those that have none; without it they are not placed.
        missing: Option<f64>,
    },
}

impl Input {
    /// Which of the columns it is made of.
    pub fn column(&self) -> usize {
        match self {
            Input::Number { column, .. } | Input::Level { column, .. } => *column,
        }
    }
}

/// What a row's score is. Additions are made from the left.
#[derive(Clone, Debug, PartialEq)]
pub enum Score {
    /// start + x₁·w₁ + x₂·w₂ + …: half the squared distance with a minus, up to what all scores have in common.
    Near {
        /// −|c|²/2.
        start: f64,
        /// One a feature: the point.
        weights: Vec<f64>,
    },
    /// start + (x₁·w₁ + x₂·w₂ + …): logarithm of share × likelihood. Who has 0 everywhere answered nothing and has no score.
    Likely {
        /// Logarithm of the share.
        start: f64,
        /// One a feature.
        weights: Vec<f64>,
    },
    /// start + (c₁ − t₁²/2) + (c₂ − t₂²/2) + …: logarithm of share × density.
    Bell {
        /// Logarithm of the share.
        start: f64,
        /// One a feature.
        turns: Vec<Turn>,
    },
}

/// t = Σ weight · (x − mean), along one axis of a bell.
#[derive(Clone, Debug, PartialEq)]
pub struct Turn {
    /// What is added to the score.
    pub constant: f64,
    /// Feature, weight, mean; the weights are not 0.
    pub terms: Vec<(usize, f64, f64)>,
}

/// A model in terms that every format has.
#[derive(Clone, Debug, PartialEq)]
pub struct Placement {
    /// What a row must bring, each once.
    pub columns: Vec<Column>,
    /// One a feature.
    pub inputs: Vec<Input>,
    /// One a centre, point, bell or class.
    pub scores: Vec<Score>,
    /// The cluster of each score; none is “not clustered”.
    pub clusters: Vec<Option<usize>>,
    /// One a cluster.
    pub labels: Vec<String>,
}

impl Placement {
    /// The placement that a saved model means.
    ///
    /// # Errors
    /// `unsupported` for a column that is a number and a category at once.
    pub fn of(saved: &Saved) -> Result<Placement> {
        let mut columns: Vec<Column> = Vec::new();
        let inputs =
            saved.features.iter().map(|feature| input(feature, &mut columns)).collect::<Result<Vec<Input>>>()?;
        let mut clusters: Vec<Option<usize>> = (0..saved.labels.len()).map(Some).collect();
        let near = |point: &Vec<f64>| Score::Near {
            start: -0.5 * point.iter().map(|value| value * value).sum::<f64>(),
            weights: point.clone(),
        };
        let scores = match &saved.model {
            Model::Centers { centers } => centers.iter().map(near).collect(),
            Model::Prototypes { points, clusters: own } => {
                clusters = own.iter().map(|&cluster| usize::try_from(cluster).ok()).collect();
                points.iter().map(near).collect()
            }
            Model::Gaussian { shares, means, roots } => {
                (0..shares.len()).map(|bell| of_bell(shares[bell], &means[bell], &roots[bell])).collect()
            }
            Model::Classes { shares, answers } => {
                let class = |(share, weights): (&f64, &Vec<f64>)| Score::Likely {
                    start: libm::log(*share),
                    weights: weights.clone(),
                };
                shares.iter().zip(answers).map(class).collect()
            }
        };
        Ok(Placement { columns, inputs, scores, clusters, labels: saved.labels.clone() })
    }
}

fn input(feature: &Feature, columns: &mut Vec<Column>) -> Result<Input> {
    let known = columns.iter().position(|column| column.name == feature.column);
    let column = known.unwrap_or_else(|| {
        let levels = feature.level.is_some().then(Vec::new);
        columns.push(Column { name: feature.column.clone(), levels });
        columns.len() - 1
    });
    let scaled = |value: f64| (value - feature.scale.center) * feature.scale.factor();
    let (yes, no, missing) = (scaled(1.0), scaled(0.0), feature.fill.map(scaled));
    Ok(match (&feature.level, &mut columns[column].levels) {
        (None, None) => Input::Number { column, scale: feature.scale.clone(), fill: feature.fill },
        (Some(Level::Missing), Some(_)) => {
            Input::Level { column, levels: Vec::new(), within: yes, without: no, missing: Some(yes) }
        }
        (Some(Level::Text(text)), Some(known)) => {
            Input::Level { column, levels: vec![place_of(text, known)], within: yes, without: no, missing }
        }
        (Some(Level::Other(texts)), Some(known)) => {
            let levels = texts.iter().map(|text| place_of(text, known)).collect();
            Input::Level { column, levels, within: no, without: yes, missing }
        }
        _ => {
            let message = format!(
                "“{}” is compared as a number and as a category: other systems take a column for one of the two.",
                feature.column
            );
            return Err(Error::new(Code::Unsupported, message).column(&feature.column));
        }
    })
}

/// Which of the known levels a text is; a new one is added.
fn place_of(text: &str, known: &mut Vec<String>) -> usize {
    known.iter().position(|level| level == text).unwrap_or_else(|| {
        known.push(text.to_string());
        known.len() - 1
    })
}

fn of_bell(share: f64, mean: &[f64], root: &[f64]) -> Score {
    let width = mean.len();
    let turn = |axis: usize| {
        let line = &root[axis * width..][..=axis];
        let term = |feature: usize| (feature, line[feature], mean[feature]);
        Turn {
            constant: libm::log(line[axis]),
            terms: (0..=axis).map(term).filter(|(_, weight, _)| *weight != 0.0).collect(),
        }
    };
    Score::Bell { start: libm::log(share), turns: (0..width).map(turn).collect() }
}
