//! A file that several engines read in stretches is the table that one reads alone, to the bit: wherever the cuts fall, in
//! quotes, in line ends, in totals at the end.

use crate::common::shared;
use marquetry::error::Result;
use marquetry::job::{Job, Step, run};
use marquetry::math::rng::Rng;
use marquetry::read::encoding::Encoding;
use marquetry::read::options::ReadOptions;
use marquetry::read::reader::ReadJob;
use marquetry::read::stretch::StretchJob;
use marquetry::table::table::Table;

fn alone(bytes: &[u8], options: &ReadOptions) -> Result<Table> {
    run(&mut ReadJob::new(bytes.len() as u64, Encoding::utf8(), options.clone())?, bytes).map(|(table, _)| table)
}

/// Reads with others; gives the table and how many stretches were asked for and came from them.
fn together(bytes: &[u8], ends: &[u64], others: usize, options: &ReadOptions) -> Result<(Table, usize, usize)> {
    let job = ReadJob::new(bytes.len() as u64, Encoding::utf8(), options.clone())?;
    let mut job = job.with_chunk(70_000).with_stretches(ends, others);
    let elsewhere: Vec<usize> = (0..ends.len()).filter(|at| at % (others + 1) > 0).collect();
    let (mut asked, mut before) = (0, None);
    let (mut refused, mut plan) = (0, None);
    loop {
        match job.step()? {
            Step::Working(_) | Step::Emit(_) => {}
            Step::Need(range) => job.feed(&bytes[range.start as usize..range.end as usize])?,
            Step::Join(at) => {
                let part = elsewhere[asked];
                let stretch = ends[part - 1]..ends[part];
                let mut other = StretchJob::new(bytes.len() as u64, options.clone(), stretch)?;
                if let Some(plan) = plan.take() {
                    other = other.with_plan(plan)?;
                }
                let packed = match run(&mut other, bytes) {
                    Ok((packed, _)) => {
                        plan = Some(packed.plan);
                        packed.bytes
                    }
                    Err(_) => Vec::new(),
                };
                let begins = packed.first_chunk().is_some_and(|start| u64::from_le_bytes(*start) == at);
                refused += usize::from(!begins);
                assert_ne!(before.replace(at), Some(at), "asked twice for the same part");
                job.join(packed)?;
                asked += 1;
            }
            Step::Done(table) => return Ok((table, asked, asked - refused)),
        }
    }
}

fn assert_same(one: &Table, other: &Table) {
    for (one, other) in one.columns.iter().zip(&other.columns) {
        assert!(format!("{one:?}") == format!("{other:?}"), "“{}” differs", one.name);
    }
    assert_eq!(format!("{:?}", one.layout), format!("{:?}", other.layout));
    assert_eq!(format!("{:?}", one.findings), format!("{:?}", other.findings));
    assert!(format!("{one:?}") == format!("{other:?}"));
}

/// Ends of so many stretches of about the same length, each moved a little.
fn cuts(bytes: &[u8], count: usize, rng: &mut Rng) -> Vec<u64> {
    let length = bytes.len() / count;
    let mut cut = |at: usize| if at == count { bytes.len() } else { at * length + rng.below(200) };
    (1..=count).map(&mut cut).map(|end| end as u64).collect()
}

/// Everything that a stretch could get wrong: quotes with line ends, cells of every type that fit and do not fit, ids that
/// repeat late, blank lines, ragged rows, damaged bytes, zeros, totals below.
fn difficult(rows: usize, newline: &str) -> Vec<u8> {
    let mut rng = Rng::new(17);
    let mut text = format!("id,e-mail,amount,day,time,flag,note,short{newline}").into_bytes();
    for row in 0..rows {
        let id = if rng.below(9) == 0 { rng.below(row + 1) } else { row };
        let amount = match rng.below(40) {
            0 => "n/a".into(),
            1 => "much".into(),
            2 => String::new(),
            3 => format!("{}{}", ["$ ", "€ ", "USD "][rng.below(3)], rng.below(90)),
            _ => format!("{}.{:02}", rng.below(5_000), rng.below(100)),
        };
        let note = match rng.below(12) {
            0 => format!("\"two lines{newline}of {row}\""),
            1 => "\"she said \"\"yes\"\", twice\"".into(),
            2 => "\"a, b\"".into(),
            _ => ["", "call", "mail", "naïve"][rng.below(4)].into(),
        };
        let (day, month) = (rng.below(28) + 1, rng.below(12) + 1);
        let flag = ["yes", "no", "", "Yes"][rng.below(4)];
        text.extend_from_slice(
            format!("c{id:07},user{id}@shop.example,{amount},2025-{month:02}-{day:02},2025-01-{day:02} 10:{month:02}:00,{flag},{note},{}", rng.below(3)).as_bytes(),
        );
        match rng.below(3_000) {
            0 => text.extend_from_slice(b",extra"),
            1 => text.extend_from_slice(b"\xFF"),
            2 => text.push(0),
            3 => text.extend_from_slice(newline.as_bytes()),
            _ => {}
        }
        text.extend_from_slice(newline.as_bytes());
    }
    text.extend_from_slice(format!("{newline}Total,,123.45{newline}").as_bytes());
    text
}

#[test]
fn wherever_the_cuts_fall() {
    let mut rng = Rng::new(4);
    for newline in ["\n", "\r\n"] {
        let bytes = difficult(25_000, newline);
        let table = alone(&bytes, &ReadOptions::default()).expect("a table");
        assert!(table.findings.len() > 5 && table.row_count == 25_000);
        for (count, others) in [(2, 1), (3, 1), (7, 1), (7, 3), (40, 2)] {
            let ends = cuts(&bytes, count, &mut rng);
            let (other, asked, joined) = together(&bytes, &ends, others, &ReadOptions::default()).expect("a table");
            assert_same(&table, &other);
            assert!(asked > 0 && joined * 10 >= asked * 9, "{joined} of {asked} stretches were joined");
        }
    }
}

#[test]
fn many_ids_and_columns_that_are_left_out() {
    let mut rng = Rng::new(5);
    let bytes = difficult(80_000, "\n");
    let only: ReadOptions = serde_json::from_str(r#"{"only": ["id", "amount", "flag"]}"#).expect("options");
    for options in [ReadOptions::default(), only] {
        let table = alone(&bytes, &options).expect("a table");
        let ends = cuts(&bytes, 4, &mut rng);
        let (other, asked, joined) = together(&bytes, &ends, 1, &options).expect("a table");
        assert_same(&table, &other);
        assert_eq!((asked, joined), (2, 2));
    }
}

#[test]
fn a_wrong_guess_is_read_again() {
    // Rows within a cell that look like rows of the file.
    let mut text = String::from("a,b\n");
    (0..200_000).for_each(|row| text.push_str(&format!("{row},x\n")));
    text.push_str("1,\"");
    (0..200_000).for_each(|row| text.push_str(&format!("{row},y\n")));
    text.push_str("\"\n2,z\n");
    let options = ReadOptions::default();
    let table = alone(text.as_bytes(), &options).expect("a table");
    assert_eq!(table.row_count, 200_002);
    let size = text.len() as u64;
    let ends = [size / 4, size / 2, size / 4 * 3, size];
    let (other, asked, joined) = together(text.as_bytes(), &ends, 1, &options).expect("a table");
    assert_same(&table, &other);
    assert_eq!((asked, joined), (2, 1));
}

#[test]
fn real_files_cut_anywhere() {
    let mut rng = Rng::new(6);
    for file in ["telco_customer_churn.csv", "CDNOW_sample.txt", "bank_additional.csv", "rfm_data_orders.csv"] {
        let Some(bytes) = shared(&format!("data/{file}")) else { continue };
        let table = alone(&bytes, &ReadOptions::default()).expect("a table");
        for count in [2, 5, 11] {
            let ends = cuts(&bytes, count, &mut rng);
            assert_same(&table, &together(&bytes, &ends, 1, &ReadOptions::default()).expect("a table").0);
        }
    }
}
