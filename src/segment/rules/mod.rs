//! *Who meets this condition?* A rule as text, as a tree, as JSON, and its three-valued answer for every row.
//!
//! The tree ([`tree::Rule`]) stands in the middle: [`parse`] and [`json`] make it, [`mod@format`] and [`json`] write it,
//! [`check`] holds it against a table's columns, [`evaluate`] answers it and [`counts`] and [`overlap`] count the answers.
//! `docs/LANGUAGE.md` defines the language. Not for clusters, nor for anything that makes more than one answer a row.

pub mod aggregate;
pub mod answer;
pub mod cache;
pub mod calendar;
pub mod check;
pub mod counts;
pub mod cursor;
pub mod definitions;
pub mod evaluate;
pub mod format;
pub mod formats;
pub mod from_json;
pub mod functions;
pub mod json;
pub mod json_text;
pub mod kernels;
pub mod keys;
pub mod orders;
pub mod overlap;
pub mod parse;
pub mod parse_operand;
pub mod parse_test;
pub mod passing;
pub mod patterns;
pub mod random;
pub mod rank;
pub mod rows;
pub mod rule_error;
pub mod schema;
pub mod sequence;
pub mod token;
pub mod tree;
pub mod values;
pub mod vocabulary;
pub mod words;
