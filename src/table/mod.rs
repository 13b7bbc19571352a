//! *What is known about the file's rows?* Typed columns with validity, and what was noticed while making them.
//!
//! Useful for every room above. Not for parsing text, statistics beyond counts, or anything about customers.

pub mod bitmap;
pub mod cancelled;
pub mod column;
pub mod date;
pub mod dialect;
pub mod figures;
pub mod finding;
pub mod lines;
pub mod list;
pub mod protected;
pub mod role;
pub mod table;
pub mod texts;
