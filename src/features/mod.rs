//! *What describes a customer in numbers?* Orders folded into customers, RFM scores, scales.
