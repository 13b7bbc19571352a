//! What does JavaScript see of the core? One [`session::Session`] that owns tables, studies and running jobs.
//!
//! Handles are numbers. Options come in and small results go out as plain objects (serde); everything that has a value a
//! row crosses as a typed array. Long work is a job that JavaScript steps: the engine never calls out and has no clock.
//!
//! Useful for: the wrapper in `js/src/wasm.ts`. Not useful for: Rust callers, who use the core itself.

mod changes;
mod convert;
mod error;
mod grouping;
mod handles;
mod job;
mod plain;
mod read;
mod rows;
mod rules;
mod session;
mod study;
mod table;
mod time;
mod value;

use std::sync::Mutex;
use wasm_bindgen::prelude::wasm_bindgen;

static LAST_PANIC: Mutex<Option<String>> = Mutex::new(None);

/// Runs once when the module is instantiated: keeps a panic's message, since the trap that follows carries none.
#[wasm_bindgen(start)]
pub fn start() {
    std::panic::set_hook(Box::new(|panic| {
        if let Ok(mut last) = LAST_PANIC.lock() {
            *last = Some(panic.to_string());
        }
    }));
}

/// The message of the panic that ended this instance, if one did.
#[wasm_bindgen(js_name = lastPanic)]
pub fn last_panic() -> Option<String> {
    LAST_PANIC.lock().ok().and_then(|last| last.clone())
}
