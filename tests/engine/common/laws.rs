//! What holds for any input of each parser. The property tests try it with bytes at random, the fuzz targets with bytes that
//! reach ever more of the code.

use marquetry::error::Result;
use marquetry::job::{Job, Step, run};
use marquetry::read::cells::{block_range, for_each_row};
use marquetry::read::dates;
use marquetry::read::encoding::{Encoding, detect};
use marquetry::read::json::JsonJob;
use marquetry::read::number::{self, Decimal};
use marquetry::read::options::{DateOrder, ReadOptions};
use marquetry::read::preview::preview;
use marquetry::read::reader::ReadJob;
use marquetry::read::stretch::StretchJob;
use marquetry::segment::rules::check::check;
use marquetry::segment::rules::format::format;
use marquetry::segment::rules::from_json::from_json;
use marquetry::segment::rules::json::to_json;
use marquetry::segment::rules::parse::parse;
use marquetry::segment::rules::schema::{OrderColumns, Schema};
use marquetry::segment::rules::tree::Rule;
use marquetry::table::column::ColumnType;
use marquetry::table::date;
use marquetry::table::table::Table;

/// Reads a file in three stretches, the middle one by another engine.
fn in_stretches(job: ReadJob, bytes: &[u8]) -> Result<Table> {
    let size = bytes.len() as u64;
    let ends = [size / 3, size / 3 * 2, size];
    let mut job = job.with_stretches(&ends, 1);
    loop {
        match job.step()? {
            Step::Working(_) | Step::Emit(_) => {}
            Step::Need(range) => job.feed(&bytes[range.start as usize..range.end as usize])?,
            Step::Join(_) => {
                let mut other = StretchJob::new(size, ReadOptions::default(), ends[0]..ends[1])?;
                job.join(run(&mut other, bytes).map_or(Vec::new(), |(packed, _)| packed.bytes))?;
            }
            Step::Done(table) => return Ok(table),
        }
    }
}

/// Any bytes are a table or a typed error, and the same one in pieces and in stretches.
pub fn csv(bytes: &[u8]) {
    let job = || ReadJob::new(bytes.len() as u64, Encoding::utf8(), ReadOptions::default());
    let read = |chunk: u64| run(&mut job()?.with_chunk(chunk), bytes).map(|(table, _)| table);
    let whole = read(u64::MAX);
    let shown = format!("{whole:?}");
    assert_eq!(shown, format!("{:?}", read(7)));
    assert_eq!(shown, format!("{:?}", job().and_then(|job| in_stretches(job, bytes))));
    let Ok(table) = whole else { return };
    assert!(table.columns.iter().all(|column| column.len() == table.row_count));
    let Some(layout) = table.layout.as_ref() else { return };
    let mut rows = 0;
    for block in 0..layout.starts.len() {
        let range = block_range(layout, block);
        let cells = &bytes[range.start as usize..range.end as usize];
        for_each_row(&table.dialect, layout, cells, &mut |_| rows += 1);
    }
    assert_eq!(rows, table.row_count);
}

/// Any first bytes have an encoding, a shape and a preview, or a typed error.
pub fn sniff(bytes: &[u8]) {
    let options = ReadOptions::default();
    for whole in [true, false] {
        let encoding = detect(bytes, whole, &options);
        assert!((0.0..=1.0).contains(&encoding.confidence), "{encoding:?}");
        let total = bytes.len() as u64 + if whole { 0 } else { 1 << 20 };
        if let Ok(found) = preview(bytes, total, &encoding, &options) {
            assert!(found.rows.iter().all(|row| row.len() == found.columns.len()));
        }
    }
}

/// Any text is a number or none, and a number that is written again is the same one.
pub fn number(text: &str) {
    for decimal in [Decimal::Point, Decimal::Comma] {
        let Some(number) = number::parse(text, decimal) else { continue };
        let written = format!("{}", number.value);
        if !written.contains(['e', 'N', 'i']) {
            let again = number::parse(&written, Decimal::Point).map(|number| number.value);
            assert_eq!(again, Some(number.value), "{text:?} was read and written as {written}");
        }
    }
}

/// Any text is a moment or none, and its day is one of the calendar.
pub fn date(text: &str) {
    for order in [DateOrder::Dmy, DateOrder::Mdy, DateOrder::Ymd] {
        let Some(moment) = dates::parse(text, order) else { continue };
        let iso = date::format_day(moment.day);
        let again = dates::parse(&iso, order).map(|moment| moment.day);
        assert_eq!(again, Some(moment.day), "{text:?} is {iso}");
    }
}

/// Any bytes are records or a typed error, the same ones in pieces, and what is written is a table of as many columns.
pub fn json(bytes: &[u8]) {
    let options = || ReadOptions { format: Some("json".into()), ..ReadOptions::default() };
    let rewrite = |chunk: u64| {
        let mut job = JsonJob::new(bytes.len() as u64, options())?.with_chunk(chunk);
        run(&mut job, bytes)
    };
    let (whole, pieces) = (rewrite(u64::MAX), rewrite(7));
    assert_eq!(format!("{whole:?}"), format!("{pieces:?}"));
    let _ = preview(bytes, bytes.len() as u64 + 1, &Encoding::utf8(), &options());
    let Ok((origin, csv)) = whole else { return };
    let width = origin.width;
    let job = ReadJob::new(csv.len() as u64, Encoding::utf8(), ReadOptions::default().rewritten(origin));
    if let Ok((table, _)) = job.and_then(|mut job| run(&mut job, &csv)) {
        assert_eq!(table.columns.len(), width);
    }
}

/// Any text is a rule or has one mistake with a place and a sentence; a rule says the same as text and as JSON.
pub fn rule(text: &str) {
    match parse(text) {
        Ok(rule) => both_ways(&rule),
        Err(errors) => {
            assert_eq!(errors.len(), 1);
            assert!(errors[0].at + errors[0].length <= text.encode_utf16().count(), "{text}: {errors:?}");
            assert!(!errors[0].message.is_empty());
        }
    }
}

/// Any JSON is a rule or a typed error.
pub fn rule_json(json: &serde_json::Value) {
    if let Ok(rule) = from_json(json) {
        both_ways(&rule);
    }
}

fn both_ways(rule: &Rule) {
    let text = format(rule);
    assert_eq!(parse(&text).as_ref(), Ok(rule), "{text}");
    assert_eq!(from_json(&to_json(rule)).as_ref(), Ok(rule), "{text}");
    let kinds = [
        ColumnType::Number,
        ColumnType::Text,
        ColumnType::Date,
        ColumnType::Time,
        ColumnType::Boolean,
        ColumnType::List,
    ];
    let columns: Vec<(String, ColumnType)> =
        ["a", "b", "c", "d", "e", "f"].map(String::from).into_iter().zip(kinds).collect();
    let orders = OrderColumns::Present { columns: &columns, date: Some("c") };
    for error in check(rule, &Schema { columns: &columns, orders, definitions: None }) {
        assert!(!error.message.is_empty());
    }
}
