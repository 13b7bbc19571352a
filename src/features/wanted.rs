//! What is asked for? Columns, as what they take part, and what happens where they have no value.

use crate::features::scale::Transform;
use serde::{Deserialize, Serialize};

/// How a column takes part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// As its values suggest, once it is known what the method takes: see [`crate::features::select::resolve`].
    #[default]
    Auto,
    /// As numbers, dates or yes and no.
    Number,
    /// By its values, which are alike or not; numbers are codes then.
    Category,
}

/// A column to be used.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// Its name.
    pub column: String,
    /// How it is to be scaled, as a number.
    pub transform: Transform,
    /// How much it counts; a finite number above 0.
    pub weight: f64,
    /// As what it takes part.
    pub kind: Kind,
}

impl Wanted {
    /// A column as `auto` has it.
    pub fn plain(column: &str) -> Wanted {
        Wanted { column: column.to_string(), transform: Transform::Auto, weight: 1.0, kind: Kind::Auto }
    }
}

/// What happens to rows in which a chosen column has no value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Missing {
    /// They are left out and belong to no group.
    #[default]
    Drop,
    /// The column's median, in own units, stands in; of a category, its most frequent value.
    Median,
    /// A category has a level for rows without a value; rows that lack a number are left out.
    Category,
    /// What is there decides; rows without any value are left out. For latent classes, where every feature is a category.
    Likelihood,
}
