//! How does a workbook become text with one row a line? [`look`] measures and judges the archive before anything is taken
//! for it, [`book`] opens it and names its sheets, [`convert`] writes one of them as CSV.
//!
//! Useful for: XLSX, XLSM and ODS. Not useful for: formulas, formats, pictures, macros, and the older XLS and XLSB. The parts
//! below [`bindings`] are plain Rust and run in native tests.

pub mod bindings;
pub mod book;
pub mod bytes;
mod cell;
pub mod convert;
mod csv;
pub mod extent;
pub mod look;
mod refuse;
mod tally;
mod xml;
mod zip;
