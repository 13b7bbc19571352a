//! *How would a person say it?* Groups turned into rules that can be read, edited and applied elsewhere.

pub mod cut;
pub mod describe;
pub mod grow;
pub mod members;
pub mod tree;
