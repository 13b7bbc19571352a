//! *Who are they, against everyone?* Shares, means, medians and most frequent values of a group beside a baseline.

pub mod apart;
pub mod compare;
pub mod concentration;
pub mod job;
pub mod profile;
pub mod sentence;
