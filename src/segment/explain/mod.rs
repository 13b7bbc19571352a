//! *How would a person say it?* Groups turned into rules that can be read, edited and applied elsewhere.

pub mod axes;
pub mod bands;
pub mod cut;
pub mod describe;
pub mod grow;
pub mod imm;
pub mod importance;
pub mod lasso;
pub mod leaks;
pub mod members;
pub mod nodes;
pub mod outcome;
pub mod paths;
pub mod silhouettes;
pub mod tree;
pub mod why;
