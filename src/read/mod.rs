//! *What do these bytes say?* The only room that sees bytes: encoding, dialect, rows, types, roles, limits.
//!
//! Below the encoding, bytes are UTF-8: whoever drives the room decodes anything else first. Reading is *plan, then
//! verify*: types are planned from the first [`plan::HEAD`] bytes, the whole file is converted by that plan while totals
//! are kept, and where the totals contradict the plan the file is read once more. Every decision is made from the head or
//! from totals, never from a chunk, so that any split of the bytes gives the same table.

pub mod batch;
pub mod binary;
pub mod bits;
pub mod blocks;
pub mod builder;
pub mod cells;
pub mod charset;
pub mod dates;
pub mod encoding;
pub mod estimate;
pub mod exports;
pub mod finish;
pub mod footer;
pub mod grammar;
pub mod growth;
pub mod infer;
pub mod json;
pub mod json_columns;
pub mod json_fields;
pub mod json_report;
pub mod json_shape;
pub mod json_text;
pub mod json_walk;
pub mod limits;
pub mod lists;
pub mod marks;
pub mod names;
pub mod number;
pub mod options;
pub mod origin;
pub mod pass;
pub mod patterns;
pub mod plan;
pub mod preview;
pub mod reader;
pub mod report;
pub mod roles;
pub mod sample;
pub mod scan;
pub mod serials;
pub mod sniff;
pub mod stretch;
pub mod window;
pub mod wire;
pub mod words;
