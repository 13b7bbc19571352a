//! *How does a warehouse find the same customers?* A rule, tiers or RFM groups as one SELECT statement.
//!
//! Text from a tree, a schema and a reference date; no rows. `docs/SQL.md` says what a warehouse's tables must look like
//! and where dialects differ. Not for clusters, and not for reading SQL.

pub mod dialect;
pub mod request;
