//! *What has changed?* Drift of columns, migration of customers, and what of it wants attention.

pub mod alerts;
pub mod baseline;
pub mod changes;
pub mod drift;
pub mod migration;
pub mod packed;
pub mod roll;
pub mod sides;
pub mod spread;
pub mod watch;
