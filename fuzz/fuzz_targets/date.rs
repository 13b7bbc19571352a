//! Any text is a moment or none, and its day is one of the calendar.
#![no_main]

use libfuzzer_sys::fuzz_target;
use marquetry::read::dates;
use marquetry::read::options::DateOrder;
use marquetry::table::date;

fuzz_target!(|text: &str| {
    for order in [DateOrder::Dmy, DateOrder::Mdy, DateOrder::Ymd] {
        let Some(moment) = dates::parse(text, order) else { continue };
        let iso = date::format_day(moment.day);
        let again = dates::parse(&iso, order).map(|moment| moment.day);
        assert_eq!(again, Some(moment.day), "{text:?} is {iso}");
    }
});
