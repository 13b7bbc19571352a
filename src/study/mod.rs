//! The straight line from bytes to what leaves the house: the only place that knows the order of the rooms. No formulas.

pub mod circles;
pub mod exclusion;
pub mod explaining;
pub mod export;
pub mod fingerprint;
pub mod grouped;
pub mod groupings;
pub mod leave;
pub mod load;
pub mod placing;
pub mod rows;
pub mod scales;
pub mod segments;
pub mod snapshots;
pub mod study;
pub mod value;
pub mod views;
