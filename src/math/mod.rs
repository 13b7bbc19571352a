//! Pure numeric kernels with stated behaviour for NaN, ties and empty input. They know no column names and no business words.
//!
//! A room of the house that is a crate of its own: what loops over every row for the sake of a number stands here and is
//! compiled for speed, all else to be small. So entrances are concrete functions: a generic one would be compiled where
//! it is called.
#![forbid(unsafe_code)]

pub mod association;
pub mod bands;
pub mod bells;
pub mod bytes;
pub mod calm;
pub mod cells;
pub mod dictionary;
pub mod distinct;
pub mod divergence;
pub mod extent;
pub mod groups;
pub mod lanes;
pub mod masks;
pub mod measured;
pub mod memo;
pub mod merging;
pub mod minimise;
pub mod moments;
pub mod nearest;
pub mod order;
pub mod pass;
pub mod reach;
pub mod records;
pub mod rng;
pub mod rows;
pub mod search;
pub mod separation;
pub mod series;
pub mod slices;
pub mod special;
pub mod spread;
pub mod stats;
pub mod tally;
pub mod tiles;
pub mod wide;
pub mod within;
pub mod words;
