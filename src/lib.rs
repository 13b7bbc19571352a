//! **marquetry** cuts a customer file into segments: file → table → features → segments → profile → export.
//!
//! This crate is the pure core. It knows no JavaScript, no clock, no global randomness and no input but the bytes it is
//! given; the same bytes, options and seed give the same bits natively and in WebAssembly. The rooms and the direction of
//! their arrows are drawn in `docs/ARCHITECTURE.md`, which a test reads.
#![forbid(unsafe_code)]

pub mod error;
pub mod export;
pub mod features;
pub mod job;
pub use marquetry_math as math;
pub mod monitor;
pub mod profile;
pub mod quality;
pub mod read;
pub mod segment;
pub mod study;
pub mod table;
pub mod value;
