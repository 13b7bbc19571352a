//! *What is wrong with the data, and what would mend it?* Findings on the typed table, and repairs that are explicit and logged.

pub mod inspect;
pub mod outliers;
pub mod repair;
pub mod repeats;
