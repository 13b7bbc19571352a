//! No bytes make a parser panic, hang or contradict itself: each law with bytes at random, and with what fuzzing found.

use crate::common::laws;
use proptest::prelude::*;

/// Bytes that tables, numbers, dates and JSON are made of, and now and then any other.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let known = b",;\t|\"'\\\r\n 0123456789-./:+eE()%$aeinuTZ#{}[]\xC2\xA0\xE2\x82\xAC\xC3\xBC\xFF\0".to_vec();
    prop::collection::vec(prop_oneof![8 => prop::sample::select(known), 1 => any::<u8>()], 0..300)
}

/// Cells of numbers and days: their signs in any order, or any text.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[0-9]{0,4}[-./, '\u{a0}:€$%()+TZeE]{0,2}[0-9]{0,4}[-./, :]?[0-9a-zé]{0,5}[-./, :€)%]{0,2}[0-9]{0,4} ?[APap]?[Mm]?",
        1 => any::<String>(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn csv(bytes in bytes()) {
        laws::csv(&bytes);
    }

    #[test]
    fn sniff(bytes in bytes()) {
        laws::sniff(&bytes);
    }

    #[test]
    fn json(bytes in bytes()) {
        laws::json(&bytes);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn number(text in text()) {
        laws::number(&text);
    }

    #[test]
    fn date(text in text()) {
        laws::date(&text);
    }
}
