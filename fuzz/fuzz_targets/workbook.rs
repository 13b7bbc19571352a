//! The law of `workbook`, for inputs that reach ever more of the code.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../wasm/workbook/tests/common/mod.rs"]
mod common;

fuzz_target!(|bytes: &[u8]| common::law(bytes));
