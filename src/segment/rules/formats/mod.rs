//! *How do other systems say it?* Rules from and to the formats of others.
//!
//! In: each importer makes a rule that means what the source means there, with what a missing value counts as written
//! out; what cannot be said is left out and named ([`imported`]). Out: [`lowered`] says who is in without "unknown", and
//! each exporter writes that; what cannot be said is an error that names every part. Our own JSON is in the room above.

pub mod cel;
pub mod constant;
pub mod exchange;
pub mod fitted;
pub mod hubspot;
pub mod imported;
pub mod jsonlogic;
pub mod jsonlogic_lists;
pub mod jsonlogic_out;
pub mod jsonlogic_parts;
pub mod klaviyo;
pub mod lowered;
pub mod mongodb;
pub mod mongodb_out;
pub mod number_pattern;
pub mod rqb;
pub mod shopify;
pub mod shopify_tokens;
pub mod vendor;
pub mod written;
