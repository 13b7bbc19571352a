//! Pure numeric kernels with stated behaviour for NaN, ties and empty input. They know no column names and no business words.

pub mod lanes;
pub mod moments;
pub mod nearest;
pub mod order;
pub mod rng;
pub mod separation;
pub mod special;
pub mod stats;
pub mod tiles;
