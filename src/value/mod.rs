//! *What are they worth?* Models of repeat purchases and of spending, fitted by likelihood.

pub mod estimate;
pub mod history;
pub mod purchases;
pub mod spend;
