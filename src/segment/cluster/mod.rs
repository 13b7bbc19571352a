//! *Which customers are alike?* One algorithm a file: options → job → result with diagnostics.

pub mod apply;
pub mod assign;
pub mod bootstrap;
pub mod budget;
pub mod choose;
pub mod classes;
pub mod clustering;
pub mod distinct;
pub mod evaluate;
pub mod finish;
pub mod fit;
pub mod found;
pub mod job;
pub mod lloyd;
pub mod map;
pub mod measure;
pub mod method;
pub mod mixed;
pub mod model;
pub mod null;
pub mod options;
pub mod search;
pub mod share;
pub mod start;
