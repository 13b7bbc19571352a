//! Pure numeric kernels with stated behaviour for NaN, ties and empty input. They know no column names and no business words.

pub mod rng;
pub mod special;
pub mod stats;
