//! What was noticed about the data, and what had to be decided without the user.

use serde::{Deserialize, Serialize};

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Good to know.
    Info,
    /// Some analyses are affected.
    Warning,
    /// Results would be wrong.
    Error,
}

/// One cell as evidence. `row` counts from 1 without the header.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Example {
    /// Row of the file.
    pub row: u64,
    /// The cell, or the part of the row, as text.
    pub value: String,
}

/// One finding about the data: what, how many rows, and which repairs would mend it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Stable kebab-case name.
    pub code: String,
    /// How much it matters.
    pub severity: Severity,
    /// The column it is about, if it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// Rows affected.
    pub rows: u64,
    /// Rows affected as a share of all rows, 0 to 1.
    #[serde(default)]
    pub share: f64,
    /// The first few, in file order.
    pub examples: Vec<Example>,
    /// What, where, and what follows, for a person.
    pub message: String,
    /// Names of the repairs that mend it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub repair: Vec<String>,
}

impl Finding {
    /// Number of examples kept.
    pub const EXAMPLES: usize = 5;
}

/// A decision the reader could not make alone, and the default it took.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// Stable kebab-case name: `date-order`, `decimal`, `encoding` …
    pub code: String,
    /// The column it is about, if it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// What could be chosen; values that the option of the same meaning takes.
    pub choices: Vec<String>,
    /// What was taken.
    pub taken: String,
    /// Why, with counts and an example.
    pub evidence: String,
}

/// One repair, as findings name it. A list of them is replayed on another file with the same effect.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Repair {
    /// Which one: a name that a finding offers.
    pub code: String,
    /// The column it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// How, where there is more than one way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choice: Option<String>,
}
