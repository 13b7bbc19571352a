//! The sentences of docs/LANGUAGE.md, each as a test; and what a mistake tells its reader.

use marquetry::error::{Code, Error};
use marquetry::segment::rules::check::check;
use marquetry::segment::rules::evaluate::{Context, evaluate};
use marquetry::segment::rules::format::format;
use marquetry::segment::rules::from_json::from_json;
use marquetry::segment::rules::json::to_json;
use marquetry::segment::rules::parse::parse;
use marquetry::segment::rules::rule_error::RuleError;
use marquetry::segment::rules::schema::Schema;
use marquetry::table::bitmap::Bitmap;
use marquetry::table::column::{Column, ColumnType, Data};
use marquetry::table::date::{MS_PER_DAY, parse_iso_day};
use marquetry::table::role::Role;
use marquetry::table::table::{Kind, Table};
use marquetry::table::texts::TextsBuilder;
use serde_json::json;

#[test]
fn every_example_of_the_page_is_canonical() {
    let page = include_str!("../../docs/LANGUAGE.md");
    let mut examples = 0;
    for block in page.split("```rule\n").skip(1) {
        for line in block.split("```").next().unwrap().lines() {
            let rule = parse(line).unwrap_or_else(|errors| panic!("{line}: {errors:?}"));
            assert_eq!(format(&rule), line);
            examples += 1;
        }
    }
    assert!(examples >= 5);
    let json = page.split("```json\n").nth(1).unwrap().split("```").next().unwrap();
    let json: serde_json::Value = serde_json::from_str(json).unwrap();
    let rule = from_json(&json).unwrap();
    assert_eq!(to_json(&rule), json);
    assert_eq!(
        format(&rule),
        "Contract = 'Month-to-month' and last_order in last 90 days and \
         not (spend > budget treat missing as 0 or city starts with 'san' ignoring case)"
    );
}

#[test]
fn one_rule_may_be_written_in_many_ways() {
    for (written, canonical) in [
        ("a=1 AND b<>2 Or c≥3", "(a = 1 and b != 2) or c >= 3"),
        ("((a = 1))", "a = 1"),
        ("not a = 1 and b = 2", "not a = 1 and b = 2"),
        ("not (a = 1 and b = 2)", "not (a = 1 and b = 2)"),
        ("a = 1 and (b = 2 and c = 3)", "a = 1 and (b = 2 and c = 3)"),
        ("[total spend] > 1 and `x y` > 2 and “z” > 3", "\"total spend\" > 1 and \"x y\" > 2 and z > 3"),
        ("a = 'it''s' and b = ‘x’", "a = 'it''s' and b = 'x'"),
        ("d before '2026-01-31' and d on or after 2025-01-01", "d < '2026-01-31' and d >= date '2025-01-01'"),
        ("d not on date '2026-01-31'", "d != date '2026-01-31'"),
        ("d in the last 1 Month and d not in past 2 week", "d in last 1 month and d not in last 2 weeks"),
        ("a is null and b IS NOT NULL", "a is missing and b is not missing"),
        ("a is true and b is not false", "a = true and b != false"),
        ("a doesn't contain 'x' and b not begins with 'y'", "a does not contain 'x' and b does not start with 'y'"),
        ("a > +.5 and b < 1E3 and c = −2", "a > 0.5 and b < 1000 and c = -2"),
        ("a > 1e300", "a > 1e300"),
        ("true", "everyone"),
        ("false or Everyone", "not everyone or everyone"),
        ("a = 'x' treat missing as false ignoring case", "a = 'x' ignoring case treat missing as false"),
        ("date >= '2026-01-31' and a < date", "date >= '2026-01-31' and a < date"),
        ("größe = 1 and \"and\" = 2", "größe = 1 and \"and\" = 2"),
        ("last in last 5 days", "last in last 5 days"),
        ("a is empty or a is not blank", "a is blank or a is not blank"),
        ("a -1 > +2 and (a+ 1) * 2 > (a)", "a - 1 > 2 and (a + 1) * 2 > a"),
        ("((a + b)) / 2 between 0 and 9", "(a + b) / 2 between 0 and 9"),
        ("a - (b - c) > 0 and (a - b) - c > 0", "a - (b - c) > 0 and a - b - c > 0"),
        ("(a + 1 > 2) or ((b * 2) in (1, 2))", "a + 1 > 2 or b * 2 in (1, 2)"),
        ("1 - a > 0 and 0 - a < 3", "1 - a > 0 and 0 - a < 3"),
        ("a NOT LIKE 'x%' or a Matches '^x'", "a not like 'x%' or a matches '^x'"),
        ("t not any of ('a') or t none of ('a')", "t none of ('a') or t none of ('a')"),
        ("t all of ('a', 'b') and t not exactly ('c')", "t all of ('a', 'b') and t not exactly ('c')"),
        ("a in the top 10 % per c ties by d", "a in top 10 percent per c ties by d"),
        ("d in This Fiscal Year from April", "d in this fiscal year from april"),
        ("d in next month or d in next 2 months", "d in next month or d in next 2 months"),
        ("d has anniversary in the next 1 day", "d anniversary in next 1 day"),
        ("a between 1 and :high exclusive", "a between 1 and :high exclusive"),
        ("sum(orders.amount) > 5", "sum(amount of orders) > 5"),
        ("sum(orders.\"net amount\" where a = 1) > 5", "sum(\"net amount\" of orders where a = 1) > 5"),
        ("Average(amount of lines) > 5", "avg(amount of orders) > 5"),
        ("never(orders where a = 'x')", "count(orders where a = 'x') = 0"),
        ("not ever(orders in last 3 months)", "not count(orders in last 3 months) >= 1"),
        ("nth(2, amount of orders before '2026-01-31') > 5", "nth(2, amount of orders < '2026-01-31') > 5"),
        (
            "count(orders where (a = 1 or b = 2) and c = 3 in any 30 days) > 2",
            "count(orders where (a = 1 or b = 2) and c = 3 in any 30 days) > 2",
        ),
        (
            "sequence(orders where a = 1 then not orders within 2 week with same p) and not in segment \"x y\"",
            "sequence(orders where a = 1 then not orders within 2 weeks with same p) and not in segment 'x y'",
        ),
    ] {
        let rule = parse(written).unwrap_or_else(|errors| panic!("{written}: {errors:?}"));
        assert_eq!(format(&rule), canonical);
        assert_eq!(parse(canonical).unwrap(), rule);
    }
}

// ---------------------------------------------------------------- answers

/// The same four customers throughout; the last one has no values at all.
fn customers() -> Table {
    let text = |name: &str, values: [Option<&str>; 4]| {
        let mut texts = TextsBuilder::default();
        values.iter().for_each(|value| match value {
            Some(value) => _ = texts.push(value),
            None => texts.push_missing(),
        });
        Column::text(name, Role::Other, texts.finish(), Bitmap::from_fn(4, |row| values[row].is_some()))
    };
    let day = |text: &str| parse_iso_day(text).unwrap();
    let moment = |text: &str, hours: i64| i64::from(day(text)) * MS_PER_DAY + hours * 3_600_000;
    let mut seen = Column::number("seen", Role::Other, vec![1.0, 2.0, 3.0, f64::NAN]);
    seen.data =
        Data::Time(vec![moment("2026-01-31", 0), moment("2026-01-31", 23), moment("2026-02-01", 0), Data::NO_TIME]);
    let mut vip = Column::number("vip", Role::Other, vec![1.0, 2.0, 3.0, f64::NAN]);
    vip.data = Data::Boolean(Bitmap::from_fn(4, |row| row == 0));
    let mut left_out = Column::number("left_out", Role::Other, vec![0.0; 4]);
    left_out.data = Data::Unloaded(ColumnType::Number);
    let columns = vec![
        Column::number("spend", Role::Other, vec![0.0, 100.0, 250.5, f64::NAN]),
        Column::number("budget", Role::Other, vec![f64::NAN, 50.0, 300.0, f64::NAN]),
        text("city", [Some("Köln"), Some("KÖLN"), Some(""), None]),
        text("zip", [Some("01234"), Some("1234"), Some("01234"), None]),
        Column::date("order", Role::Other, vec![day("2026-02-28"), day("2026-03-01"), day("2026-03-31"), Data::NO_DAY]),
        seen,
        vip,
        left_out,
    ];
    Table::computed(columns, Kind::Customers)
}

/// One letter a customer: in, out, unknown.
fn answers(text: &str) -> String {
    let rule = parse(text).unwrap_or_else(|errors| panic!("{text}: {errors:?}"));
    let context = Context::on(parse_iso_day("2026-03-31").unwrap());
    let verdict = evaluate(&rule, &customers(), &context).unwrap_or_else(|error| panic!("{text}: {error}"));
    let letter = |row| match (verdict.yes.get(row), verdict.known.get(row)) {
        (true, _) => 'i',
        (false, true) => 'o',
        (false, false) => 'u',
    };
    (0..4).map(letter).collect()
}

#[test]
fn missing_values_are_unknown_until_said_otherwise() {
    for (rule, expected) in [
        ("everyone", "iiii"),
        ("not everyone", "oooo"),
        ("spend > 50", "oiiu"),
        ("not spend > 50", "ioou"),
        ("spend != 100", "ioiu"),
        ("spend is missing", "oooi"),
        ("spend is not missing", "iiio"),
        ("spend > 50 or city = ''", "oiiu"),
        ("spend > 50 and city = ''", "ooiu"),
        ("spend > 50 or spend is missing", "oiii"),
        ("spend > 50 treat missing as 60", "oiii"),
        ("spend > 50 treat missing as 0", "oiio"),
        ("spend > 50 treat missing as true", "oiii"),
        ("spend > 50 treat missing as false", "oiio"),
        ("spend not in (100) treat missing as false", "ioio"),
        ("vip = false treat missing as false", "oiio"),
        ("city contains 'L' treat missing as 'L'", "oioi"),
        ("city does not contain 'L' treat missing as 'L'", "ioio"),
        ("order in last 1 day treat missing as '2026-03-31'", "ooii"),
        // Between and in, settled by the known half.
        ("spend between budget and 60", "uoou"),
        ("spend between 10 and budget", "ooiu"),
        ("spend in (0, budget)", "ioou"),
        ("spend in (1, budget)", "uoou"),
        ("spend > budget treat missing as 0", "oioo"),
        ("spend >= budget treat missing as 0", "iioi"),
        ("vip is true", "ioou"),
        ("vip is not true", "oiiu"),
    ] {
        assert_eq!(answers(rule), expected, "{rule}");
    }
}

#[test]
fn types_case_and_ties() {
    for (rule, expected) in [
        ("city = 'Köln'", "ioou"),
        ("city = 'köln' ignoring case", "iiou"),
        ("city in ('kÖLN', 'x') ignoring case", "iiou"),
        ("city starts with 'kö' ignoring case", "iiou"),
        ("city ends with 'N'", "oiou"),
        ("city contains ''", "iiiu"),
        ("city = ''", "ooiu"),
        ("city >= 'KÖLN'", "iiou"),
        ("city < 'K'", "ooiu"),
        ("zip = '01234'", "ioiu"),
        ("zip contains zip", "iiiu"),
        ("spend < 100", "ioou"),
        ("spend <= 100", "iiou"),
        ("spend between 0 and 100", "iiou"),
        ("spend between 100 and 0", "ooou"),
        ("spend = -0", "ioou"),
        ("spend not between 100 and 300", "ioou"),
        ("vip = 'Yes'", "ioou"),
        ("vip != 'nein'", "ioou"),
        ("vip = 0", "oiiu"),
        ("vip in (true, 'no')", "iiiu"),
        ("vip = vip", "iiiu"),
    ] {
        assert_eq!(answers(rule), expected, "{rule}");
    }
}

#[test]
fn days_times_and_the_reference_date() {
    for (rule, expected) in [
        ("order = '2026-03-01'", "oiou"),
        ("order after date '2026-03-01'", "ooiu"),
        ("order between '2026-02-28' and 2026-03-01", "iiou"),
        // 31 March less one month is 28 February, which is left out.
        ("order in last 1 month", "oiiu"),
        ("order in last 31 days", "oiiu"),
        ("order in last 30 days", "ooiu"),
        ("order in last 32 days", "iiiu"),
        ("order not in last 30 days", "iiou"),
        ("order in last 5 weeks", "iiiu"),
        ("order in last 1 year", "iiiu"),
        ("order in next 1 day", "ooiu"),
        ("seen = '2026-01-31'", "iiou"),
        ("seen > '2026-01-31'", "ooiu"),
        ("seen > '2026-01-31T00:00:00Z'", "oiiu"),
        ("seen in ('2026-01-31T23:00', '2026-02-01')", "oiiu"),
        ("seen in last 59 days", "ooiu"),
        ("seen in last 60 days", "iiiu"),
        ("seen < order", "iiiu"),
        ("order > seen", "iiiu"),
    ] {
        assert_eq!(answers(rule), expected, "{rule}");
    }
}

// ---------------------------------------------------------------- mistakes

fn columns() -> Vec<(String, ColumnType)> {
    customers().columns.iter().map(|column| (column.name.clone(), column.kind())).collect()
}

/// The first mistake of a rule, in its text or against the columns.
fn mistake(text: &str) -> RuleError {
    match parse(text) {
        Err(mut errors) => errors.remove(0),
        Ok(rule) => {
            check(&rule, &Schema::of(&columns())).into_iter().next().unwrap_or_else(|| panic!("{text} has no mistake"))
        }
    }
}

/// The faulty piece of the text is marked by «»; a mended rule is made by putting the first suggestion there.
#[test]
fn a_mistake_has_a_place_and_a_way_out() {
    for (marked, suggestion) in [
        ("spend «==» 5", "="),
        ("spend > 5 «&&» vip = true", "and"),
        ("spend > 5 «||» vip = true", "or"),
        ("«!»vip = true", "not"),
        ("spend «=>» 5", ">="),
        ("city «contians» 'x'", "contains"),
        ("city «licke» 'x%'", "like"),
        ("«lenght»(city) > 3", "length"),
        ("order in «last month»", "previous month"),
        ("spend in top «ten»", "10"),
        ("city «is» 'x'", "="),
        ("city «is not» 'x'", "!="),
        ("city is «emty»", "missing"),
        ("city «not» 'x'", "!="),
        ("spend > 5 «andd» vip = true", "and"),
        ("city = 'x' «ignore» case", "ignoring case"),
        ("city = 'x' or «'y'»", "city = 'y'"),
        ("«total-spend» > 5", "\"total-spend\""),
        ("«total spend» > 5", "\"total spend\""),
        ("«'city'» = 'x'", "\"city\""),
        ("«in» = 5", "\"in\""),
        ("order in last 90 «dyas»", "days"),
        ("zip = «01234»", "'01234'"),
        ("zip = «1234»", "'1234'"),
        ("spend > «'100'»", "100"),
        ("«sepnd» > 5", "spend"),
        ("spend > «Budget»", "budget"),
        ("city = «\"Köln\"»", "'Köln'"),
        ("city = 'ü😀' and «sepnd» > 5", "spend"),
        ("vip «> true»", "= true"),
    ] {
        let at = marked[..marked.find('«').unwrap()].encode_utf16().count();
        let piece = &marked[marked.find('«').unwrap() + 2..marked.find('»').unwrap()];
        let text = marked.replace(['«', '»'], "");
        let found = mistake(&text);
        assert_eq!((found.at, found.length), (at, piece.encode_utf16().count()), "{marked}: {found:?}");
        assert_eq!(found.suggestions.first().map(String::as_str), Some(suggestion), "{marked}: {found:?}");
        let mended = marked.replace(&format!("«{piece}»"), suggestion).replace("ignoring case case", "ignoring case");
        let still: Vec<RuleError> = match parse(&mended) {
            Err(errors) => errors,
            Ok(rule) => check(&rule, &Schema::of(&columns()))
                .into_iter()
                .filter(|error| error.code != Code::UnknownColumn)
                .collect(),
        };
        assert_eq!(still, [], "{mended}");
    }
}

#[test]
fn a_mistake_says_what_is_expected() {
    let mut wrong = Vec::new();
    for (text, at, words) in [
        ("", 0, "The rule is empty"),
        ("  ", 0, "The rule is empty"),
        ("spend", 5, "what to ask of “spend”"),
        ("spend >", 7, "expected a value"),
        ("spend > 5 and", 13, "a condition is expected"),
        ("and spend > 5", 0, "the one before it is missing"),
        ("(spend > 5", 0, "never closed"),
        ("spend > 5)", 9, "closes nothing"),
        ("city = 'x", 7, "does not end"),
        ("spend in ()", 10, "expected a value"),
        ("spend in (1 2)", 12, "expected “,” or “)”"),
        ("spend between 1", 15, "upper bound"),
        ("spend > 1,5", 9, "Decimals are written with a point"),
        ("spend > 1,000", 10, "Numbers have no commas"),
        ("spend > €5", 8, "without “€”"),
        ("spend > 1e999", 8, "too large"),
        ("spend ^ 2 > 3", 6, "Powers are not offered"),
        ("spend-budget > 3", 0, "To calculate, put blanks around the sign"),
        ("-spend > 3", 0, "0 - column"),
        ("5 > spend", 0, "begins with a column"),
        (":minimum < spend", 0, "The parameter :minimum stands behind the comparison"),
        ("spend > :", 8, "A colon begins a parameter"),
        ("spend + 'a' > 3", 8, "Only numbers can be added"),
        ("spend + city > 3", 8, "A calculation takes numbers"),
        ("(spend + 5 > 3", 0, "never closed"),
        ("spend > 50%", 10, "without “%”"),
        ("length(spend) > 3", 7, "takes text, lists"),
        ("days_between(order) > 3", 0, "takes 2 values, found 1"),
        ("reference_date(order) > order", 0, "takes nothing, found 1"),
        ("count(customers) > 3", 6, "“orders” or “lines”"),
        ("sum(amount) > 3", 10, "“of orders”"),
        ("nth(amount of orders) > 3", 4, "which one"),
        ("count(orders where) > 3", 18, "where a column’s name is expected"),
        ("count(orders where count(orders) > 1) > 3", 24, "no orders of their own"),
        ("count(orders in any 30 weeks) > 3", 23, "whole number of days"),
        ("count(orders contains 'x') > 3", 13, "A span of time is expected here"),
        ("sequence(orders within 3 days)", 16, "“then”"),
        ("sequence(orders then orders)", 27, "“within”"),
        ("in segment VIP", 11, "the segment’s name in single quotes"),
        ("city like 'a\\'", 5, "A backslash in a pattern"),
        ("city matches '('", 5, "cannot be read"),
        ("spend like '1%'", 6, "only a text can fit a pattern"),
        ("city any of ('a')", 5, "only a list can have"),
        ("spend in this month", 6, "only a date"),
        ("order in last 3 hours", 6, "without a time of day"),
        ("order in this fiscal month from april", 21, "quarter, year"),
        ("order in this fiscal year", 25, "from april"),
        ("order anniversary in next 400 days", 26, "from 1 to 366"),
        ("city in top 3", 5, "only numbers and dates"),
        ("spend in top 101 percent", 13, "at most 100 percent"),
        ("spend in top 1.5", 13, "whole number"),
        ("percentile_rank(spend + 1) > 3", 16, "takes a column’s name first"),
        ("random(zip, 3) < 10", 12, "a seed in single quotes"),
        ("order > 31.01.2026", 8, "year-month-day"),
        ("order > '31.01.2026'", 8, "year-month-day"),
        ("order > date '2026-02-30'", 13, "2026-02-30"),
        ("order in last 0 days", 14, "from 1 to 100000"),
        ("order > yesterday", 8, "in last 30 days"),
        ("city = null", 7, "is missing"),
        ("spend is missing treat missing as 0", 17, "never unknown"),
        ("spend > 5 treat missing as city", 27, "not as the column"),
        ("spend > 5 treat missing as 'a'", 27, "holds numbers"),
        ("spend > city", 8, "cannot be compared"),
        ("spend contains '5'", 6, "only a text"),
        ("spend in last 5 days", 6, "only a date"),
        ("spend = 5 ignoring case", 6, "no capital letters"),
        ("vip between false and true", 4, "nothing lies between"),
        ("vip = 'maybe'", 6, "true or false"),
        ("seen = 'noon'", 7, "a moment such as"),
        ("where spend > 5", 0, "Leave out “where”"),
        ("spend > 5;", 9, "not needed"),
    ] {
        let found = mistake(text);
        if found.at != at || !found.message.contains(words) {
            wrong.push(format!("{text}, {at}, {words}: {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(check(&parse("nope = 1 and zip = 2 and spend > city").unwrap(), &Schema::of(&columns())).len(), 3);
}

#[test]
fn evaluation_gives_the_one_error_of_the_house() {
    let evaluated = |text: &str| evaluate(&parse(text).unwrap(), &customers(), &Context::on(0)).unwrap_err();
    let error = evaluated("spend > 5 and Citty = 'x'");
    assert_eq!(error.code, Code::UnknownColumn);
    assert_eq!((error.details.at, error.details.length), (Some(14), Some(5)));
    assert_eq!(error.details.suggestions, ["city"]);
    assert_eq!(error.details.column.as_deref(), Some("Citty"));
    assert_eq!(evaluated("spend > 'x'").code, Code::RuleType);
    assert_eq!(evaluated("left_out > 5").code, Code::WrongType);
    assert_eq!(evaluated("spend = left_out").code, Code::WrongType);
    assert_eq!(evaluated("left_out is missing").code, Code::WrongType);
    assert_eq!(Error::from(parse("spend >").unwrap_err().remove(0)).code, Code::RuleSyntax);
    // A rule from JSON has no text and therefore no place.
    let rule = from_json(&json!({"rules": [{"field": "Citty", "operator": "=", "value": "x"}]})).unwrap();
    let error = evaluate(&rule, &customers(), &Context::on(0)).unwrap_err();
    assert_eq!((error.code, error.details.at), (Code::UnknownColumn, None));
}

// ---------------------------------------------------------------- JSON

#[test]
fn a_react_querybuilder_query_is_read() {
    for (json, text) in [
        (json!({"id": "1", "combinator": "and", "not": false, "rules": []}), "everyone"),
        (json!({"combinator": "or", "rules": []}), "everyone"),
        (json!({"combinator": "or", "not": true, "rules": []}), "not everyone"),
        (
            json!({"combinator": "and", "rules": [{"id": "x", "field": "a", "operator": "=", "value": "1", "valueSource": "value"}]}),
            "a = '1'",
        ),
        (
            json!({"rules": [
            {"field": "a", "operator": "=", "value": 1}, "and", {"field": "b", "operator": "null", "value": null}, "or",
            {"combinator": "and", "rules": [{"field": "c", "operator": "notIn", "value": "x, y,"}]}]}),
            "(a = 1 and b is missing) or c not in ('x', 'y')",
        ),
        (
            json!({"combinator": "or", "not": true, "rules": [
            {"field": "a", "operator": "between", "value": [1, 2]},
            {"field": "b", "operator": "notBetween", "value": "c,d", "valueSource": "field"},
            {"field": "e", "operator": "doesNotEndWith", "value": "f", "valueSource": "field"}]}),
            "not (a between 1 and 2 or b not between c and d or e does not end with f)",
        ),
        (json!({"field": "a", "operator": "inNext", "value": {"amount": 2, "unit": "weeks"}}), "a in next 2 weeks"),
        (
            json!({"field": "a", "operator": "in", "value": [{"date": "2026-01-31"}, {"column": "b"}], "missingAs": {"date": "2026-01-01"}}),
            "a in (date '2026-01-31', b) treat missing as date '2026-01-01'",
        ),
    ] {
        let rule = from_json(&json).unwrap_or_else(|error| panic!("{json}: {error}"));
        assert_eq!(format(&rule), text);
        assert_eq!(from_json(&to_json(&rule)).unwrap(), rule);
    }
}

#[test]
fn faulty_json_is_refused_with_its_path() {
    let rule = |rule: serde_json::Value| json!({"combinator": "and", "rules": [{"combinator": "or", "rules": [rule]}]});
    for (json, code, words) in [
        (json!(5), Code::RuleSyntax, "In the rule: found the number 5"),
        (json!({}), Code::RuleSyntax, "neither “rules”"),
        (json!({"rules": {}}), Code::RuleSyntax, "not a list"),
        (
            json!({"rules": [{"field": "a", "operator": "=", "value": 1}, {"field": "a", "operator": "=", "value": 1}]}),
            Code::RuleSyntax,
            "combinator is nothing",
        ),
        (json!({"rules": [{"field": "a", "operator": "=", "value": 1}, "and"]}), Code::RuleSyntax, "Add a rule"),
        (json!({"combinator": "xor", "rules": []}), Code::Unsupported, "xor"),
        (
            rule(json!({"field": "a", "operator": "~", "value": 1})),
            Code::RuleSyntax,
            "rules[0].rules[0]: there is no operator “~”",
        ),
        (rule(json!({"field": "", "operator": "=", "value": 1})), Code::RuleSyntax, "“field”"),
        (rule(json!({"field": "a", "value": 1})), Code::RuleSyntax, "“operator” is missing"),
        (rule(json!({"field": "a", "operator": "="})), Code::RuleSyntax, "notNull"),
        (rule(json!({"field": "a", "operator": "in", "value": []})), Code::RuleSyntax, "at least one"),
        (rule(json!({"field": "a", "operator": "between", "value": "1"})), Code::RuleSyntax, "exactly two"),
        (
            rule(json!({"field": "a", "operator": "inLast", "value": {"amount": 0.5, "unit": "day"}})),
            Code::RuleSyntax,
            "whole amount",
        ),
        (rule(json!({"field": "a", "operator": "=", "value": {"date": "x"}})), Code::RuleSyntax, "not a day"),
        (rule(json!({"field": "a", "operator": "=", "value": [1]})), Code::RuleSyntax, "a list"),
        (rule(json!({"field": "a", "operator": "null", "missingAs": 1})), Code::RuleSyntax, "never unknown"),
        (rule(json!({"field": "a", "operator": "=", "value": 1, "ignoreCase": "yes"})), Code::RuleSyntax, "ignoreCase"),
        (rule(json!({"field": "a", "operator": "=", "value": 1, "muted": true})), Code::Unsupported, "muted"),
        (
            rule(json!({"field": "a", "operator": "=", "match": {"mode": "all"}, "value": []})),
            Code::Unsupported,
            "match modes",
        ),
    ] {
        let error = from_json(&json).unwrap_err();
        assert_eq!(error.code, code, "{error}");
        assert!(error.message.contains(words), "{json}: {error}");
    }
}
