//! *What are they worth?* Models of repeat purchases and of spending, fitted by likelihood.

pub mod estimate;
pub mod history;
pub mod job;
pub mod options;
pub mod predict;
pub mod purchases;
pub mod seen;
pub mod spend;
pub mod warn;
