//! The law of `json`, for inputs that reach ever more of the code.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../tests/engine/common/laws.rs"]
#[allow(dead_code)]
mod laws;

fuzz_target!(|bytes: &[u8]| laws::json(bytes));
