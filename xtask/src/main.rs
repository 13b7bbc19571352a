//! Builds the engine.
fn main() {}
