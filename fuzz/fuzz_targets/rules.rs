//! The laws of rules, for texts and JSON that reach ever more of the code.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../tests/engine/common/laws.rs"]
#[allow(dead_code)]
mod laws;

fuzz_target!(|text: &str| {
    laws::rule(text);
    if let Ok(json) = serde_json::from_str(text) {
        laws::rule_json(&json);
    }
});
