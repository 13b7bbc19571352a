//! Every operator of the language: in, out and unknown partition the rows, `not` swaps in and out, answers kept from before
//! change nothing; and what each finds, by hand.

use marquetry::error::Code;
use marquetry::segment::rules::cache::Cache;
use marquetry::segment::rules::counts::counts;
use marquetry::segment::rules::definitions::Definitions;
use marquetry::segment::rules::evaluate::{Context, evaluate, evaluate_with};
use marquetry::segment::rules::from_json::from_json;
use marquetry::segment::rules::json::to_json;
use marquetry::segment::rules::json_text::read_json;
use marquetry::segment::rules::parse::parse;
use marquetry::segment::rules::patterns::Pattern;
use marquetry::segment::rules::tree::{MAX_DEPTH, MAX_JSON_LEVELS, PatternKind, Rule, Value};
use marquetry::study::study::Study;
use marquetry::study::views::{RuleInput, StudyOptions, TierInput};
use marquetry::table::bitmap::Bitmap;
use marquetry::table::column::{Column, Data};
use marquetry::table::date::{format_day, parse_iso_day};
use marquetry::table::list::Lists;
use marquetry::table::role::Role;
use marquetry::table::table::{Kind, Table};
use marquetry::table::texts::TextsBuilder;
use std::rc::Rc;

const ROWS: usize = 6;

fn texts(name: &str, values: [Option<&str>; ROWS]) -> Column {
    let mut texts = TextsBuilder::default();
    for value in values {
        match value {
            Some(value) => _ = texts.push(value),
            None => texts.push_missing(),
        }
    }
    Column::text(name, Role::Other, texts.finish(), Bitmap::from_fn(ROWS, |row| values[row].is_some()))
}

fn days(name: &str, values: [&str; ROWS]) -> Column {
    let day = |text: &&str| parse_iso_day(text).unwrap_or(Data::NO_DAY);
    Column::date(name, Role::Other, values.iter().map(day).collect())
}

/// Six customers, the last with nothing at all.
fn table() -> Table {
    let (none, nan) = (None, f64::NAN);
    let number = |name: &str, values: [f64; ROWS]| Column::number(name, Role::Other, values.to_vec());
    let signup = days("signup", ["2026-02-18", "2025-12-31", "2024-02-29", "2026-01-05", "1990-03-01", ""]);
    // A quarter past nine of each day, and one that is missing.
    let moments = |column: &Column| match &column.data {
        Data::Date(days) => days.iter().map(|&day| i64::from(day) * 86_400_000 + 33_300_000).collect(),
        _ => Vec::new(),
    };
    let seen = Column { name: "seen".into(), data: Data::Time(moments(&signup)), ..signup.clone() };
    let tags = texts("tags", [Some("a,b"), Some("b"), Some(""), Some("B,c"), Some("a,b,c"), none]);
    let Data::Text(cells) = &tags.data else { panic!("texts") };
    let split = |cell: &str, visit: &mut dyn FnMut(&str)| {
        cell.split(',').filter(|value| !value.is_empty()).for_each(visit);
    };
    let tags = Column { data: Data::List(Lists::new(cells.clone(), &split)), ..tags };
    let truths = Bitmap::from_fn(ROWS, |row| row % 2 == 0);
    let known = Bitmap::from_fn(ROWS, |row| row < 4);
    let consent = Column { name: "consent".into(), data: Data::Boolean(truths), valid: known, ..signup.clone() };
    Table::computed(
        vec![
            number("spend", [10.0, -2.5, 0.0, 4.0, nan, nan]),
            number("budget", [5.0, -2.5, nan, 0.0, 1.0, nan]),
            texts("name", [Some("Anna"), Some("anna b"), Some("  "), Some("Zoë"), Some("50%_x"), none]),
            texts("city", [Some("An"), Some("nn"), Some(""), none, Some("50%"), none]),
            signup,
            seen,
            tags,
            consent,
            number("lat", [48.2, 0.0, 91.0, -33.9, nan, nan]),
            number("lon", [16.4, 0.0, 0.0, 151.2, 1.0, nan]),
        ],
        Kind::Customers,
    )
}

/// What each row of the table answers: `+` in, `-` out, `?` unknown. Wednesday, 18 February 2026.
const ANSWERS: &[(&str, &str)] = &[
    ("spend > 0", "+--+??"),
    ("spend between -2.5 and 4", "-+++??"),
    ("spend between -2.5 and 4 exclusive", "--+-??"),
    ("spend between budget and 10", "++?+??"),
    ("spend in (4, 10, budget)", "++?+??"),
    ("spend not in (4, 10)", "-++-??"),
    ("spend + budget = 15", "+-?-??"),
    ("spend / budget > 1", "+-????"),
    ("spend - budget * 2 >= 0", "++?+??"),
    ("absolute(spend) > 3", "+--+??"),
    ("spend is missing", "----++"),
    ("spend > budget treat missing as 2", "+--++-"),
    ("spend > 0 treat missing as true", "+--+++"),
    ("name = 'Anna'", "+----?"),
    ("name = 'ANNA' ignoring case", "+----?"),
    ("name = 'ZOË' ignoring case", "---+-?"),
    ("name contains 'nn'", "++---?"),
    ("name contains city", "+++?+?"),
    ("name not contains 'nn'", "--+++?"),
    ("name starts with 'an'", "-+---?"),
    ("name starts with 'an' ignoring case", "++---?"),
    ("name ends with 'b'", "-+---?"),
    ("name < 'a'", "+-+++?"),
    ("name in ('Zoë', 'Anna', city)", "+--+-?"),
    ("name like '%nn%'", "++---?"),
    ("name like '__ë'", "---+-?"),
    ("name like '50\\%\\_%'", "----+?"),
    ("name not like 'A%' ignoring case", "--+++?"),
    ("name matches '^[A-Z][a-z]+$'", "+----?"),
    ("name matches 'ZO.' ignoring case", "---+-?"),
    ("name is blank", "--+--+"),
    ("name is not blank", "++-++-"),
    ("length(name) = 3", "---+-?"),
    ("tags any of ('a', 'c')", "+--++?"),
    ("tags all of ('a', 'b')", "+---+?"),
    ("tags exactly ('b')", "-+---?"),
    ("tags exactly ('b', 'a')", "+----?"),
    ("tags none of ('a', 'c')", "-++--?"),
    ("tags = 'b' ignoring case", "++-++?"),
    ("tags contains 'b'", "++--+?"),
    ("length(tags) >= 2", "+--++?"),
    ("tags is blank", "--+--+"),
    ("consent = true", "+-+-??"),
    ("consent != true", "-+-+??"),
    ("signup = '2026-02-18'", "+----?"),
    ("signup before '2026-01-01'", "-++-+?"),
    ("signup in last 1 days", "+----?"),
    ("signup in last 49 days", "+--+-?"),
    ("signup in last 50 days", "++-+-?"),
    ("signup not in last 50 days", "--+-+?"),
    ("signup in next 1 weeks", "+----?"),
    ("signup in last 1 quarters", "++-+-?"),
    ("signup in this week", "+----?"),
    ("signup in this year", "+--+-?"),
    ("signup in previous year", "-+---?"),
    ("signup in this fiscal year from april", "++-+-?"),
    ("signup in previous fiscal quarter from march", "-----?"),
    ("signup in this fiscal quarter from march", "++-+-?"),
    ("signup anniversary in next 11 days", "--+--?"),
    ("signup anniversary in next 12 days", "--+-+?"),
    ("signup anniversary in last 355 days", "----+?"),
    ("signup anniversary in last 356 days", "--+-+?"),
    ("year(signup) = 2026", "+--+-?"),
    ("quarter(signup) = 1", "+-+++?"),
    ("month(signup) = 2 and day(signup) = 29", "--+--?"),
    ("weekday(signup) = 3", "++---?"),
    ("days_between(signup, reference_date()) = 44", "---+-?"),
    ("days_between('2026-01-01', signup) > 0", "+--+-?"),
    ("seen = '2026-02-18'", "+----?"),
    ("seen > '2026-01-05'", "+----?"),
    ("seen >= '2026-01-05T09:15:00Z'", "+--+-?"),
    ("seen = signup", "+++++?"),
    ("seen in last 15 hours", "+----?"),
    ("seen in last 14 hours", "-----?"),
    ("hour(seen) = 9", "+++++?"),
    ("distance_km(lat, lon, 48.2, 16.4) < 1", "+-?-??"),
    ("distance_miles(lat, lon, 0, 0) = 0", "-+?-??"),
    ("in segment 'Spenders'", "+--+??"),
    ("not in segment 'Both'", "-+++??"),
    ("spend >= :least", "+--+??"),
    ("everyone", "++++++"),
];

fn definitions() -> Definitions {
    let rule = |text: &str| parse(text).unwrap();
    Definitions {
        segments: [
            ("Spenders".to_string(), rule("spend > 0")),
            ("Both".to_string(), rule("in segment 'Spenders' and consent = true")),
        ]
        .into(),
        parameters: [("least".to_string(), Value::Number(4.0))].into(),
    }
}

#[test]
fn every_operator_by_hand_with_its_opposite_and_from_the_cache() {
    let (table, definitions, cache) = (table(), definitions(), Cache::default());
    let context = Context { definitions: &definitions, ..Context::on(parse_iso_day("2026-02-18").unwrap()) };
    let mut wrong = Vec::new();
    for (text, expected) in ANSWERS {
        let rule = parse(text).unwrap_or_else(|errors| panic!("{text}: {errors:?}"));
        let verdict = evaluate(&rule, &table, &context).unwrap_or_else(|error| panic!("{text}: {error}"));
        let letter = |row| match (verdict.yes.get(row), verdict.known.get(row)) {
            (true, _) => '+',
            (false, true) => '-',
            (false, false) => '?',
        };
        let found: String = (0..ROWS).map(letter).collect();
        if found != *expected {
            wrong.push(format!("{text}: {found}, not {expected}"));
        }
        let plain = counts(&verdict, None);
        assert_eq!(plain.within + plain.out + plain.unknown, ROWS, "{text}");
        let negated = counts(&evaluate(&Rule::Not(Box::new(rule.clone())), &table, &context).unwrap(), None);
        assert_eq!((plain.within, plain.out, plain.unknown), (negated.out, negated.within, negated.unknown), "{text}");
        for _ in 0..2 {
            assert_eq!(evaluate_with(&rule, &table, &context, &cache).unwrap(), verdict, "{text}");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_a_choice_about_missing_values_decided_is_counted() {
    let table = table();
    let treated = |text: &str| {
        let verdict = evaluate(&parse(text).unwrap(), &table, &Context::on(0)).unwrap();
        counts(&verdict, None).treated
    };
    assert_eq!(treated("spend > budget"), None);
    assert_eq!(treated("spend > budget treat missing as false"), Some(3));
    assert_eq!(treated("spend > budget treat missing as 2"), Some(3));
    assert_eq!(treated("spend / budget > 1 treat missing as 0"), Some(4));
    assert_eq!(treated("name = 'x' treat missing as 'x'"), Some(1));
}

#[test]
fn kept_answers_are_forgotten_when_what_they_hang_on_changes() {
    let options = StudyOptions { parameters: [("least".to_string(), 4.into())].into(), ..StudyOptions::default() };
    let mut study = Study::new(Rc::new(table()), &options).unwrap();
    let rule = |text: &str| RuleInput::Text(text.into());
    let tiers = |text: &str| vec![TierInput { name: "a".into(), rule: rule(text) }];
    let within = |study: &Study, text: &str| study.count(&rule(text)).unwrap().within;
    study.tiers("T", &tiers("spend > 0"), None).unwrap();
    assert_eq!((within(&study, "T = 'a'"), within(&study, "spend >= :least")), (2, 2));
    study.tiers("T", &tiers("spend > 5"), None).unwrap();
    assert_eq!(within(&study, "T = 'a'"), 1);
    // An edit finds the same as a study that never saw another rule; who refers to the segment follows.
    study.segment("One", &rule("spend > 0 and consent = true")).unwrap();
    study.segment("Two", &rule("not in segment 'One'")).unwrap();
    let edited = study.update("One", &rule("spend > 5 and consent = true")).unwrap();
    let fresh = Study::new(Rc::new(table()), &options).unwrap();
    assert_eq!(edited.counts, fresh.count(&rule("spend > 5 and consent = true")).unwrap());
    assert_eq!(study.members("Two").unwrap().len(), study.count(&rule("not in segment 'One'")).unwrap().within);
    assert_eq!(study.members("Two").unwrap(), [1, 2, 3]);
}

#[test]
fn the_deepest_rule_travels_as_json() {
    let text = format!("{}n = 1{}", "(n = 2 or ".repeat(MAX_DEPTH), ")".repeat(MAX_DEPTH));
    let rule = parse(&text).unwrap();
    assert_eq!(rule.depth(), MAX_DEPTH);
    let json = serde_json::json!({ "segment": { "rule": to_json(&rule) } }).to_string();
    assert_eq!(from_json(&read_json(&json).unwrap()["segment"]["rule"]).unwrap(), rule);
    for (text, accepted) in [
        ("[".repeat(MAX_JSON_LEVELS) + &"]".repeat(MAX_JSON_LEVELS), true),
        ("[".repeat(MAX_JSON_LEVELS + 1) + &"]".repeat(MAX_JSON_LEVELS + 1), false),
        ("[".repeat(1_000_000), false),
        (format!(r#"["\"{}"]"#, "[".repeat(10_000)), true),
        ("[] 1".into(), false),
    ] {
        assert_eq!(read_json(&text).is_ok(), accepted, "{text:.20}");
    }
}

#[test]
fn expressions_ignore_the_case_of_every_letter() {
    for (pattern, fits) in [("^MÜNCHEN$", true), ("^münchen$", true), ("^M[À-Þ]NCHEN$", true), ("^MUNCHEN$", false)]
    {
        let pattern = Pattern::new(PatternKind::Matches, pattern, true).unwrap();
        assert_eq!(pattern.fits("münchen"), fits, "{pattern:?}");
    }
    assert!(Pattern::new(PatternKind::Matches, r"^\S\D\W$", true).unwrap().fits("öö "));
    assert!(!Pattern::new(PatternKind::Matches, "Ü", false).unwrap().fits("ü"));
}

/// A hundred thousand customers, n from 0 on, and the number as a text.
fn many() -> Table {
    const MANY: usize = 100_000;
    let mut texts = TextsBuilder::default();
    (0..MANY).for_each(|row| _ = texts.push(&format!("K{row}")));
    let numbers = (0..MANY).map(|row| row as f64).collect();
    let days = (0..MANY).map(|row| row as i32).collect();
    let columns = vec![
        Column::number("n", Role::Other, numbers),
        Column::text("t", Role::Other, texts.finish(), Bitmap::ones(MANY)),
        Column::date("d", Role::Other, days),
    ];
    Table::computed(columns, Kind::Customers)
}

#[test]
fn a_share_is_rounded_up_from_what_it_says() {
    let table = many();
    let found = |rule: &str| evaluate(&parse(rule).unwrap(), &table, &Context::on(0)).unwrap().yes.count();
    assert_eq!(found("n in top 1.1 percent"), 1_100);
    assert_eq!(found("n in top 1.1001 percent"), 1_101);
    assert_eq!(found("n in bottom 0.0001 percent"), 1);
    assert_eq!(found("n in top 100 percent"), 100_000);
}

#[test]
fn one_of_many_is_found_as_one_of_few() {
    let table = many();
    let found = |rule: &str| evaluate(&parse(rule).unwrap(), &table, &Context::on(0)).unwrap().yes.count();
    let list =
        |write: &dyn Fn(usize) -> String| (0..2_000).rev().map(|at| write(at * 70)).collect::<Vec<_>>().join(", ");
    // Of 2,000 steps of 70 those below 100,000: 1,429.
    assert_eq!(found(&format!("n in ({})", list(&|n| n.to_string()))), 1_429);
    assert_eq!(found(&format!("n not in ({})", list(&|n| n.to_string()))), 100_000 - 1_429);
    assert_eq!(found(&format!("t in ({})", list(&|n| format!("'K{n}'")))), 1_429);
    assert_eq!(found(&format!("t in ({})", list(&|n| format!("'k{n}'")))), 0);
    assert_eq!(found(&format!("t in ({}) ignoring case", list(&|n| format!("'k{n}'")))), 1_429);
    assert_eq!(found(&format!("d in ({})", list(&|n| format_day(n as i32)))), 1_429);
    assert_eq!(found("n in (1, 2, 2, 1000000)"), 2);
}

#[test]
fn a_chain_of_segments_may_be_as_long_as_it_likes() {
    const LONG: usize = 5_000;
    let table = table();
    let mut definitions = Definitions::default();
    for at in 0..LONG {
        let rule = if at + 1 == LONG { "spend > 0".into() } else { format!("in segment 's{}'", at + 1) };
        definitions.segments.insert(format!("s{at}"), parse(&rule).unwrap());
    }
    let first = parse("in segment 's0'").unwrap();
    let context = Context { definitions: &definitions, ..Context::on(0) };
    assert_eq!(evaluate(&first, &table, &context).unwrap().yes.count(), 2);
    let last = parse("spend > 0 and in segment 's4998'").unwrap();
    let error = definitions.refuse_cycles(Some("s4999"), &last).unwrap_err();
    assert_eq!((error.code, error.at), (Code::RuleCycle, 25));
    assert!(
        error.message.contains(": s4999 → s4998 → s4999.") || error.message.contains("'s4998'"),
        "{}",
        error.message
    );
    definitions.segments.insert("s4999".into(), last);
    assert_eq!(definitions.refuse_cycles(None, &first).unwrap_err().code, Code::RuleCycle);
}
