//! *What leaves the house, as text?* The only room that makes outgoing text.

pub mod csv;
pub mod json;
pub mod model;
pub mod rows;
pub mod sql;
