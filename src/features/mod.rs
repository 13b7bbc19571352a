//! *What describes a customer in numbers?* Orders folded into customers, RFM scores, scales.

pub mod attributes;
pub mod customers;
pub mod latest;
pub mod levels;
pub mod matrix;
pub mod money;
pub mod orders;
pub mod prepare;
pub mod propose;
pub mod purchases;
pub mod rfm;
pub mod scale;
pub mod select;
