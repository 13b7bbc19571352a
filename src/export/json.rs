//! Documents as JSON.

use serde::Serialize;

/// The document, indented, ended by a line break.
pub fn document(value: &impl Serialize) -> Vec<u8> {
    let mut text = serde_json::to_vec_pretty(value).unwrap_or_default();
    text.push(b'\n');
    text
}
