//! Any text is a number or none, and a number that is written again is the same one.
#![no_main]

use libfuzzer_sys::fuzz_target;
use marquetry::read::number::{self, Decimal};

fuzz_target!(|text: &str| {
    for decimal in [Decimal::Point, Decimal::Comma] {
        let Some(number) = number::parse(text, decimal) else { continue };
        let written = format!("{}", number.value);
        if !written.contains(['e', 'N', 'i']) {
            let again = number::parse(&written, Decimal::Point).map(|number| number.value);
            assert_eq!(again, Some(number.value), "{text:?} was read and written as {written}");
        }
    }
});
