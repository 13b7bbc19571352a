//! *Who belongs where?* Rules, clusters, and the groupings made of them.

pub mod agreement;
pub mod cluster;
pub mod explain;
pub mod grouping;
pub mod rfm_groups;
pub mod rules;
pub mod templates;
pub mod tiers;
