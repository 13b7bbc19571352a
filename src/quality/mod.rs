//! *What is wrong with the data, and what would mend it?* Findings on the typed table, and repairs that are explicit and logged.

pub mod contact;
pub mod countries;
pub mod distribution;
pub mod inspect;
pub mod offers;
pub mod outliers;
pub mod repair;
pub mod repeats;
pub mod rows;
pub mod sentinels;
pub mod spelling;
pub mod touches;
