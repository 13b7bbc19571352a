//! *Which customers are alike?* One algorithm a file: options → job → result with diagnostics.

pub mod apply;
pub mod bootstrap;
pub mod budget;
pub mod choose;
pub mod clustering;
pub mod distinct;
pub mod evaluate;
pub mod finish;
pub mod fit;
pub mod found;
pub mod gap;
pub mod job;
pub mod lloyd;
pub mod map;
pub mod measure;
pub mod method;
pub mod model;
pub mod null;
pub mod options;
pub mod search;
pub mod start;
pub mod strength;
