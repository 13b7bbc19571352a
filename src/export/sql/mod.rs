//! *How does a warehouse find the same customers?* A rule, tiers, RFM groups or clusters as one SELECT statement.
//!
//! Text from a tree, a schema and a reference date; no rows. [`dialect`] and [`spell`] hold what differs between dialects,
//! [`writer`] the statement, and the others one part of the language each. `docs/SQL.md` says what a warehouse's tables must
//! look like and where dialects differ. Not for reading SQL.

pub mod condition;
pub mod dialect;
pub mod groupings;
pub mod lists;
pub mod operand;
pub mod orders;
pub mod periods;
pub mod ranks;
pub mod request;
pub mod spell;
pub mod writer;
