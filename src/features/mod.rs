//! *What describes a customer in numbers?* Orders folded into customers, RFM scores, scales.

pub mod matrix;
pub mod prepare;
pub mod scale;
pub mod select;
