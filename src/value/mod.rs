//! *What are they worth, and what will they bring?* Models of repeat purchases and of spending, fitted by likelihood; models of any
//! outcome, measured on customers held back; cohorts and stages of purchases so far; groups to measure a campaign by.

pub mod churn;
pub mod cohorts;
pub mod control;
pub mod design;
pub mod drivers;
pub mod estimate;
pub mod history;
pub mod holdout;
pub mod job;
pub mod learners;
pub mod logistic;
pub mod measure;
pub mod options;
pub mod outcomes;
pub mod periods;
pub mod predict;
pub mod propensity;
pub mod purchases;
pub mod seen;
pub mod spend;
pub mod stages;
pub mod total;
pub mod walk;
pub mod warn;
