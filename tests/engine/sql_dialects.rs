//! What a dialect's own spelling must be, for all 14: those that run nowhere here are held to their texts.

use marquetry::error::{Code, Error};
use marquetry::export::sql::dialect::Dialect;
use marquetry::export::sql::request::answer;
use marquetry::segment::rules::json::to_json;
use marquetry::segment::rules::parse::parse;
use serde_json::{Value, json};

/// A request about customers with odd columns and their orders.
fn request(dialect: &str, rule: &str) -> Value {
    let rule = to_json(&parse(rule).unwrap_or_else(|errors| panic!("{rule}: {errors:?}")));
    json!({
        "options": { "dialect": dialect, "table": "crm.customers", "key": "id", "orders": { "table": "orders", "key": "customer" } },
        "recipe": {
            "referenceDate": "2024-02-29",
            "columns": [
                { "name": "id", "type": "text" }, { "name": "n", "type": "number" }, { "name": "word", "type": "text" },
                { "name": "a\"b`c]d\\e", "type": "text" }, { "name": "born", "type": "date" }, { "name": "clicked", "type": "time" },
                { "name": "vip", "type": "boolean" }, { "name": "tags", "type": "list" },
                { "name": "recency_days", "type": "number" }, { "name": "frequency", "type": "number" },
                { "name": "monetary", "type": "number" },
            ],
            "segments": [], "groupings": [],
        },
        "orders": [
            { "name": "customer", "type": "text", "role": "customer-id" }, { "name": "day", "type": "date", "role": "date" },
            { "name": "number", "type": "text", "role": "order-id" }, { "name": "amount", "type": "number", "role": "amount" },
            { "name": "category", "type": "text", "role": "category" },
        ],
        "segment": { "name": "s", "rule": rule },
    })
}

fn said(dialect: &str, rule: &str) -> Result<String, Error> {
    answer(&request(dialect, rule).to_string())
}

fn sql(dialect: &str, rule: &str) -> String {
    said(dialect, rule).unwrap_or_else(|error| panic!("{dialect}: {rule}: {error}"))
}

fn condition(dialect: &str, rule: &str) -> String {
    let sql = sql(dialect, rule);
    let (_, condition) = sql.split_once("WHERE ").unwrap_or_else(|| panic!("{sql}"));
    condition.trim_end().to_string()
}

/// Where the texts of a statement begin and end, by the dialect's own rules: everything else is the statement.
fn outside_texts(dialect: &str, sql: &str) -> String {
    let escapes =
        ["spark", "databricks", "bigquery", "mysql", "snowflake", "redshift", "clickhouse"].contains(&dialect);
    let sql: String = sql.lines().filter(|line| !line.starts_with("--")).collect::<Vec<_>>().join("\n");
    let (mut out, mut letters) = (String::new(), sql.chars().peekable());
    while let Some(letter) = letters.next() {
        if letter != '\'' {
            out.push(letter);
            continue;
        }
        let backslash = escapes || (dialect == "postgres" && out.ends_with('E'));
        while let Some(inside) = letters.next() {
            match inside {
                '\\' if backslash => _ = letters.next(),
                '\'' if letters.peek() == Some(&'\'') => _ = letters.next(),
                '\'' => break,
                _ => {}
            }
        }
        out.push('?');
    }
    out
}

#[test]
fn every_dialect_says_the_plain_things() {
    for (dialect, _) in Dialect::ALL.map(Dialect::names) {
        for rule in [
            "everyone",
            "n > 5 and not word = 'x' or vip = true",
            "n between 1 and 2 treat missing as true",
            "word contains 'x' ignoring case or word like 'a%'",
            "born in last 3 months and clicked in last 5 hours and weekday(born) = 1",
            "born anniversary in next 40 days or born in previous fiscal quarter from april",
            "tags any of ('a', 'b') or tags exactly ('a')",
            "count(orders where category = 'tea' in last 90 days) >= 3 and last(day of orders) > '2024-01-01'",
            "sum(amount of orders in any 30 days) > 5 or sequence(orders then not orders within 2 months with same category)",
            "n in top 10 percent per word ties by id or percentile_rank(n) > 50",
            "length(word) > 3 and absolute(n) > 1 and days_between(born, reference_date()) > 100",
            "distance_km(n, n, 48.1, 11.6) < 50",
        ] {
            let sql = sql(dialect, rule);
            assert!(sql.contains("SELECT") && sql.ends_with('\n') && !sql.contains("TODO"), "{dialect}: {sql}");
            assert_eq!(
                sql.matches('(').count() - sql.lines().next().unwrap().matches('(').count(),
                sql.matches(')').count() - sql.lines().next().unwrap().matches(')').count(),
                "{dialect}: {sql}"
            );
        }
    }
}

#[test]
fn no_text_ends_its_literal_in_any_dialect() {
    let evil = [
        "'; DROP TABLE customers; --",
        "\\'; DROP TABLE customers; --",
        "\\",
        "\\\\'",
        "''",
        "\n-- \n'; DROP TABLE x",
        "$$; DROP",
        "/* */",
        "\u{2028}'",
        "`\"]",
    ];
    for (dialect, _) in Dialect::ALL.map(Dialect::names) {
        let plain = outside_texts(dialect, &sql(dialect, "word = 'plain'")).replace(['E', 'N'], "");
        for text in evil {
            let quoted = text.replace('\'', "''");
            let whole = sql(dialect, &format!("word = '{quoted}'"));
            assert_eq!(outside_texts(dialect, &whole).replace(['E', 'N'], ""), plain, "{dialect}: {whole}");
            // Nothing of the rule's text leaves the comment.
            let comments = whole.lines().take_while(|line| line.starts_with("-- ")).count();
            assert!(whole.lines().nth(comments).is_some_and(|line| line.starts_with("SELECT")), "{dialect}: {whole}");
        }
        let nul = request(dialect, "word = 'x'").to_string().replace("\"x\"", "\"x\\u0000\"");
        assert_eq!(answer(&nul).unwrap_err().code, Code::Unsupported, "{dialect}");
    }
}

#[test]
fn names_are_quoted_as_each_dialect_does() {
    let rule = "\"a\"\"b`c]d\\e\" is missing";
    for (dialect, name) in [
        ("ansi", "\"a\"\"b`c]d\\e\""),
        ("snowflake", "\"a\"\"b`c]d\\e\""),
        ("spark", "`a\"b``c]d\\e`"),
        ("mysql", "`a\"b``c]d\\e`"),
        ("databricks", "`a\"b``c]d\\e`"),
        ("bigquery", "`a\"b\\`c]d\\\\e`"),
        ("clickhouse", "`a\"b\\`c]d\\\\e`"),
        ("tsql", "[a\"b`c]]d\\e]"),
    ] {
        assert_eq!(condition(dialect, rule), format!("c.{name} IS NULL"), "{dialect}");
    }
    let mut odd = request("duckdb", "everyone");
    odd["options"]["table"] = json!("\"my.schema\".x; DROP TABLE y");
    assert!(answer(&odd.to_string()).unwrap().contains("FROM \"my.schema\".\"x; DROP TABLE y\" AS c"));
    odd["options"]["key"] = json!("line\nbreak");
    assert_eq!(answer(&odd.to_string()).unwrap_err().code, Code::Unsupported);
}

#[test]
fn a_tables_name_keeps_every_character_or_is_refused() {
    let table = |path: &str| Dialect::named("duckdb").and_then(|dialect| dialect.table(path));
    for (path, said) in [
        ("a", "\"a\""),
        ("c.s.t", "\"c\".\"s\".\"t\""),
        ("s.\"a.b\"", "\"s\".\"a.b\""),
        ("\"a\"\"b\".t", "\"a\"\"b\".\"t\""),
    ] {
        assert_eq!(table(path), Ok(said.to_string()), "{path}");
    }
    for path in ["a\"b", "a\"b\"", "\"a\"b", "\"a", "a.", ".a", "a..b", "\"\"", "\""] {
        assert_eq!(table(path).map_err(|error| error.code), Err(Code::BadOption), "{path}");
    }
}

#[test]
fn texts_are_compared_byte_for_byte() {
    for (dialect, expected) in [
        ("duckdb", "c.\"word\" < 'a'"),
        ("postgres", "c.\"word\" COLLATE \"C\" < 'a'"),
        ("sqlite", "c.\"word\" COLLATE BINARY < 'a'"),
        ("mysql", "CONVERT(c.`word` USING utf8mb4) COLLATE utf8mb4_0900_bin < 'a'"),
        (
            "tsql",
            "CONVERT(VARBINARY(MAX), CONVERT(VARCHAR(MAX), c.[word] COLLATE Latin1_General_100_BIN2_UTF8)) < \
             CONVERT(VARBINARY(MAX), CONVERT(VARCHAR(MAX), N'a' COLLATE Latin1_General_100_BIN2_UTF8))",
        ),
    ] {
        assert_eq!(condition(dialect, "word < 'a'"), expected, "{dialect}");
    }
    assert_eq!(condition("sqlite", "word like 'a*%_\\%'"), "c.\"word\" GLOB 'a[*]*?%'");
    assert!(condition("tsql", "word like '[a]%'").ends_with("LIKE N'\\[a]%' ESCAPE N'\\'"));
    assert!(condition("mysql", "word like 'a\\%'").ends_with("LIKE 'a\\\\%' ESCAPE '\\\\'"));
}

#[test]
fn numbers_are_floats_and_divisions_are_safe() {
    assert_eq!(
        condition("postgres", "n / 2 > 0.5"),
        "(CAST(c.\"n\" AS DOUBLE PRECISION) / NULLIF(CAST(2 AS DOUBLE PRECISION), 0)) > 0.5e0"
    );
    assert_eq!(condition("bigquery", "n = -1e300"), "CAST(c.`n` AS FLOAT64) = (-1e300)");
    assert!(condition("duckdb", "n * 2 > 1").contains("CAST('-Infinity' AS DOUBLE)"));
}

#[test]
fn days_and_weekdays_are_spelt_for_each() {
    for (dialect, day, monday) in [
        ("ansi", "DATE '2024-01-31'", "EXTRACT(ISODOW FROM CAST(c.\"born\" AS DATE))"),
        ("sqlite", "'2024-01-31'", "((CAST(STRFTIME('%w', DATE(c.\"born\")) AS INTEGER) + 6) % 7 + 1)"),
        ("tsql", "CAST('2024-01-31' AS DATE)", "((DATEDIFF(DAY, '19000101', CAST(c.[born] AS DATE)) % 7 + 7) % 7 + 1)"),
        ("bigquery", "DATE '2024-01-31'", "(MOD(EXTRACT(DAYOFWEEK FROM CAST(c.`born` AS DATE)) + 5, 7) + 1)"),
        ("redshift", "DATE '2024-01-31'", "(MOD(EXTRACT(DOW FROM CAST(c.\"born\" AS DATE)) + 6, 7) + 1)"),
        ("snowflake", "DATE '2024-01-31'", "DAYOFWEEKISO(CAST(c.\"born\" AS DATE))"),
        ("clickhouse", "toDate32('2024-01-31')", "toDayOfWeek(toDate32(c.`born`))"),
        ("mysql", "DATE '2024-01-31'", "(WEEKDAY(CAST(c.`born` AS DATE)) + 1)"),
        ("trino", "DATE '2024-01-31'", "DAY_OF_WEEK(CAST(c.\"born\" AS DATE))"),
    ] {
        assert!(condition(dialect, "born = '2024-01-31'").ends_with(&format!(" = {day}")), "{dialect}");
        assert!(
            condition(dialect, "weekday(born) = 1").contains(monday),
            "{dialect}: {}",
            condition(dialect, "weekday(born) = 1")
        );
    }
}

#[test]
fn relative_days_are_days() {
    assert_eq!(
        condition("duckdb", "born in last 1 month"),
        "(CAST(c.\"born\" AS DATE) > DATE '2024-01-29' AND CAST(c.\"born\" AS DATE) <= DATE '2024-02-29')"
    );
    assert_eq!(condition("duckdb", "born in last 90000 years"), "CAST(c.\"born\" AS DATE) <= DATE '2024-02-29'");
    assert!(
        sql("duckdb", "born in last 1 month").starts_with("-- s: born in last 1 month; reference date 2024-02-29\n")
    );
}

#[test]
fn what_cannot_be_said_is_an_error_that_names_the_part() {
    for (dialect, rule, part) in [
        ("sqlite", "random(id, 'x') < 50", "random"),
        ("ansi", "random(id, 'x') < 50", "random"),
        ("postgres", "word matches 'a+'", "matches 'a+'"),
        ("mysql", "word matches 'a+'", "matches 'a+'"),
        ("spark", "word matches '(?m)a$'", "matches '(?m)a$'"),
        ("duckdb", "tags like 'a%'", "like 'a%'"),
        ("duckdb", "count(orders where amount in top 3) > 1", "rank among orders"),
        ("duckdb", "born = '0000-01-01'", "0000-01-01"),
        ("duckdb", "tags = 'x' treat missing as 'a,b'", "treat missing as 'a,b'"),
    ] {
        let error = said(dialect, rule).unwrap_err();
        assert_eq!(error.code, Code::Unsupported, "{rule}: {error}");
        assert!(error.message.contains(part), "{rule}: {}", error.message);
    }
    let mut alone = request("duckdb", "count(orders) > 1");
    alone["options"]["orders"] = Value::Null;
    assert_eq!(answer(&alone.to_string()).unwrap_err().code, Code::RuleType);
    let mut other = request("duckdb", "everyone");
    other["options"]["dialect"] = json!("oracle");
    let error = answer(&other.to_string()).unwrap_err();
    assert_eq!(error.code, Code::BadOption);
    assert!(error.message.contains("clickhouse"));
}

#[test]
fn what_stands_in_for_a_missing_yes_or_no_is_said() {
    for (dialect, column, yes, no) in
        [("postgres", "c.\"vip\"", "TRUE", "FALSE"), ("tsql", "c.[vip]", "1", "0"), ("sqlite", "c.\"vip\"", "1", "0")]
    {
        for (stand_in, filled) in [("'no'", no), ("0", no), ("1", yes), ("'yes'", yes)] {
            assert_eq!(
                condition(dialect, &format!("not vip = true treat missing as {stand_in}")),
                format!("NOT (COALESCE({column}, {filled}) = {yes})"),
                "{dialect}"
            );
        }
        let mut asked = request(dialect, "vip = true treat missing as :willing");
        asked["recipe"]["parameters"] = json!({ "willing": true });
        let whole = answer(&asked.to_string()).unwrap();
        assert!(whole.ends_with(&format!("WHERE COALESCE({column}, {yes}) = {yes}\n")), "{whole}");
    }
}

#[test]
fn clickhouse_joins_give_nothing_where_nothing_is() {
    assert!(sql("clickhouse", "count(orders) = 0").ends_with("SETTINGS join_use_nulls = 1\n"));
    assert!(!sql("clickhouse", "n = 0").contains("SETTINGS"));
}

#[test]
fn groupings_clusters_and_exclusions() {
    let mut asked = request("duckdb", "RFM = 'Champions' and recency_score >= 4 and steps = 'high'");
    asked["recipe"]["groupings"] = json!([
        { "kind": "rfm", "name": "RFM", "scale": 5, "scheme": "segments-11", "compatibility": null,
          "edges": { "recency": [10, 20, 30, 40], "frequency": [1, 2, 3, 4], "monetary": [1, 2, 3, 4.5] } },
        { "kind": "tiers", "name": "steps", "everyoneElse": "rest", "tiers": [
            { "name": "high", "rule": to_json(&parse("n > 5").unwrap()) } ] },
        { "kind": "clusters", "name": "Clusters", "model": {} },
    ]);
    let whole = answer(&asked.to_string()).unwrap();
    assert!(whole.contains("WHEN CAST(c.\"recency_days\" AS DOUBLE) > 40 THEN 1"), "{whole}");
    assert!(whole.contains("THEN 'Champions'"), "{whole}");

    asked["segment"] = Value::Null;
    asked["grouping"] = json!("RFM");
    let rfm = answer(&asked.to_string()).unwrap();
    assert!(rfm.contains("AS recency_score,") && rfm.contains("AS label\nFROM"), "{rfm}");
    asked["grouping"] = json!("steps");
    assert!(answer(&asked.to_string()).unwrap().contains("'rest')"));
    asked["grouping"] = json!("Clusters");
    let no_model = answer(&asked.to_string()).unwrap_err();
    assert_eq!(no_model.code, Code::BadOption);
    asked["grouping"] = json!("nothing");
    assert_eq!(answer(&asked.to_string()).unwrap_err().code, Code::NotFound);

    let mut excluding = request("duckdb", "n > 5");
    excluding["recipe"]["exclude"] = json!({ "text": "vip = false", "rule": to_json(&parse("vip = false").unwrap()) });
    assert!(answer(&excluding.to_string()).unwrap().contains("AND CASE WHEN c.\"vip\" = FALSE THEN 0 ELSE 1 END = 1"));
    excluding["recipe"]["exclude"] = json!({ "column": "id", "hashes": ["00"] });
    assert_eq!(answer(&excluding.to_string()).unwrap_err().code, Code::Unsupported);

    let mut restored = request("duckdb", "then = true");
    restored["recipe"]["snapshots"] = json!([{ "name": "then", "key": "id", "keys": ["a", "it's"] }]);
    assert!(answer(&restored.to_string()).unwrap().contains("c.\"id\" IN ('a', 'it''s')"));
}

#[test]
fn a_number_and_a_text_are_one_key_by_their_bytes() {
    let utf8 = |text: &str| {
        format!("CONVERT(VARBINARY(MAX), CONVERT(VARCHAR(MAX), {text} COLLATE Latin1_General_100_BIN2_UTF8))")
    };
    let bytes = |text: &str| format!("TO_VARBYTE({text}, 'utf8')");
    let digits = |name: &str, round: &str, text: &str| {
        format!("CASE WHEN {name} = {round}({name}) AND ABS({name}) < 9e18 THEN CAST(CAST({name} AS {text} END")
    };
    let plain = digits("c.\"id\"", "FLOOR", "BIGINT) AS VARCHAR(20))");
    for (dialect, key, literal) in [
        ("tsql", utf8(&digits("c.[id]", "FLOOR", "BIGINT) AS NVARCHAR(20))")), utf8("N'7'")),
        ("redshift", bytes(&plain), bytes("'7'")),
        ("sqlite", format!("{} COLLATE BINARY", digits("c.\"id\"", "ROUND", "INTEGER) AS TEXT)")), "'7'".into()),
        ("duckdb", plain.clone(), "'7'".into()),
    ] {
        let mut asked = request(dialect, "then = true and count(orders) > 1");
        asked["recipe"]["columns"][0]["type"] = json!("number");
        asked["recipe"]["snapshots"] = json!([{ "name": "then", "key": "id", "keys": ["7"] }]);
        let whole = answer(&asked.to_string()).unwrap();
        for part in [format!("WHEN {key} IN ({literal}) THEN"), format!("ON j.k = {key}")] {
            assert!(whole.contains(&part), "{dialect}: {part}\n{whole}");
        }
    }
}

#[test]
fn segments_are_written_out_and_their_growth_is_bounded() {
    let mut asked = request("duckdb", "in segment 'VIP' and not in segment 'VIP'");
    asked["recipe"]["segments"] = json!([{ "name": "VIP", "rule": to_json(&parse("n > 5").unwrap()) }]);
    let whole = answer(&asked.to_string()).unwrap();
    assert!(whole.contains("WHERE (CAST(c.\"n\" AS DOUBLE) > 5) AND NOT ((CAST(c.\"n\" AS DOUBLE) > 5))"), "{whole}");

    let mut segments = vec![json!({ "name": "s0", "rule": to_json(&parse("n > 5").unwrap()) })];
    for at in 1..40 {
        let before = at - 1;
        let rule = parse(&format!("in segment 's{before}' or not in segment 's{before}'")).unwrap();
        segments.push(json!({ "name": format!("s{at}"), "rule": to_json(&rule) }));
    }
    let mut asked = request("duckdb", "in segment 's39'");
    asked["recipe"]["segments"] = json!(segments);
    assert_eq!(answer(&asked.to_string()).unwrap_err().code, Code::LimitExceeded);
}
