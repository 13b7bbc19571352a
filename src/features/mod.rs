//! *What describes a customer in numbers?* Orders folded into customers, RFM scores, scales, categories,
//! survey scores.

pub mod attributes;
pub mod cancelled;
pub mod categories;
pub mod counting;
pub mod customers;
pub mod folding;
pub mod latest;
pub mod levels;
pub mod lines;
pub mod matrix;
pub mod money;
pub mod orders;
pub mod prepare;
pub mod preview;
pub mod propose;
pub mod purchases;
pub mod rfm;
pub mod scale;
pub mod select;
pub mod survey;
pub mod wanted;
