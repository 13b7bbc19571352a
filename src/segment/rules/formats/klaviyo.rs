//! What does a Klaviyo segment definition say in ours? All of the groups, of each any of the conditions.

use crate::error::{Code, Error, Result};
use crate::segment::rules::formats::imported::{
    Imported, Known, asked, compares, condition, ignoring_case, joined_rest, missing, not, operands,
};
use crate::segment::rules::formats::lowered::opposite;
use crate::segment::rules::formats::vendor::{OrderQuestion, Vendor, When, between, bounded, date_tests};
use crate::segment::rules::formats::written::{day_from, literal_from};
use crate::segment::rules::tree::{
    Combinator, Comparison, Direction, Function, Holding, Measure, MissingAs, Part, PatternKind, Rule, Test, Unit,
    Value,
};
use crate::table::column::ColumnType;
use serde_json::Value as Json;

/// Reads a definition, or whatever holds one as `definition`.
///
/// # Errors
/// `rule-syntax` for what has no groups of conditions. A segment there is whoever meets conditions: without any it is none, and
/// nobody is to be addressed because a list came out empty.
pub fn import(source: &Json, known: &Known) -> Result<Imported> {
    let mut importer = Importer { vendor: Vendor::new(known) };
    let attributes = source.pointer("/data/attributes").unwrap_or(source);
    let definition = attributes.get("definition").unwrap_or(attributes);
    let groups = definition["condition_groups"].as_array().filter(|groups| !groups.is_empty()).ok_or_else(|| {
        Error::new(Code::RuleSyntax, "This is no Klaviyo segment: it has no “condition_groups” with a condition.")
    })?;
    let rule = importer.all(groups);
    Ok(importer.vendor.collected.finish(rule))
}

struct Importer<'a> {
    vendor: Vendor<'a>,
}

type Read<T> = std::result::Result<T, String>;

impl Importer<'_> {
    fn all(&mut self, groups: &[Json]) -> Option<Rule> {
        let mut all = Vec::new();
        for (at, group) in groups.iter().enumerate() {
            let mut any = Vec::new();
            for (index, condition) in group["conditions"].as_array().into_iter().flatten().enumerate() {
                let path = format!("condition_groups[{at}].conditions[{index}]");
                any.push(match self.condition(condition) {
                    Ok(rule) => Some(rule),
                    Err(reason) => self.vendor.collected.leave_out(&path, reason),
                });
            }
            if any.is_empty() {
                any.push(self.vendor.collected.leave_out(&format!("condition_groups[{at}]"), "it has no conditions"));
            }
            all.push(joined_rest(Combinator::Or, any));
        }
        joined_rest(Combinator::And, all)
    }

    fn condition(&mut self, condition: &Json) -> Read<Rule> {
        match text(condition, "type") {
            "profile-property" => {
                let column = self.vendor.column(&property(text(condition, "property")));
                self.filter(&column, &condition["filter"])
            }
            "profile-metric" => self.metric(condition),
            "profile-marketing-consent" => self.consent(&condition["consent"]),
            "profile-postal-code-distance" => Err("a distance around a postcode; use latitude and longitude".into()),
            "profile-group-membership" => {
                Err("membership of another list or segment, whose rule stands elsewhere".into())
            }
            "profile-predictive-analytics" => Err("a prediction that Klaviyo makes".into()),
            other => Err(format!("the condition “{other}” is not offered")),
        }
    }

    fn filter(&mut self, column: &str, filter: &Json) -> Read<Rule> {
        let (kind, operator) = (text(filter, "type"), text(filter, "operator"));
        let value = literal_from(&filter["value"]);
        match (kind, operator) {
            ("existence", "is-set") | (_, "is-set") => return Ok(missing(column, true)),
            ("existence", _) | (_, "not-set" | "is-not-set") => return Ok(missing(column, false)),
            ("date", _) => return self.date(column, filter),
            ("list", _) => return self.list(column, filter),
            _ => {}
        }
        let (positive, negated) = match operator.strip_prefix("not-").or(operator.strip_prefix("doesnt-")) {
            Some(positive) => (positive, true),
            None if operator == "nregex" => ("regex", true),
            None => (operator, false),
        };
        if negated {
            self.vendor.collected.note("In Klaviyo a profile without the property meets the negated operators, so a missing value counts as true there.");
        }
        let answer = Some(negated);
        if let Some(comparison) = comparison(positive) {
            let value = value.ok_or("a value is needed")?;
            let texts = matches!(value, Value::Text(_));
            if kind == "numeric" && !matches!(value, Value::Number(_)) {
                return Err("a number is needed".into());
            }
            let comparison = if negated { opposite(comparison) } else { comparison };
            let rule = asked(column, compares(comparison, value), answer);
            return Ok(if texts { self.folded(rule) } else { rule });
        }
        let what = |value: Option<Value>| value.map(Value::operand).ok_or_else(|| "a text is needed".to_string());
        let part = match positive {
            "contains" => Part::Anywhere,
            "starts-with" => Part::Start,
            "ends-with" => Part::End,
            "in" => {
                let values: Vec<Value> =
                    filter["value"].as_array().into_iter().flatten().filter_map(literal_from).collect();
                if values.is_empty() {
                    return Err("a list of values is needed".into());
                }
                let texts = values.iter().all(|value| matches!(value, Value::Text(_)));
                let rule = asked(column, Test::In { negated, options: operands(values) }, answer);
                return Ok(if texts { self.folded(rule) } else { rule });
            }
            "regex" => {
                let test = Test::Pattern { negated, kind: PatternKind::Matches, pattern: what(value)? };
                return Ok(asked(column, test, answer));
            }
            other => return Err(format!("the operator “{other}” is not offered")),
        };
        let rule = asked(column, Test::Has { negated, part, what: what(value)? }, answer);
        Ok(self.folded(rule))
    }

    fn folded(&mut self, rule: Rule) -> Rule {
        self.vendor
            .collected
            .note("Klaviyo compares texts without regard to capital letters; here that is “ignoring case”.");
        ignoring_case(rule)
    }

    fn list(&mut self, column: &str, filter: &Json) -> Read<Rule> {
        let operator = text(filter, "operator");
        if let Some(length) = operator.strip_prefix("length-") {
            let comparison = comparison(length).ok_or(format!("the operator “{operator}” is not offered"))?;
            let number = filter["value"].as_f64().ok_or("a number is needed")?;
            let entries = Value::Call(Function::Length, vec![Value::Column(column.into()).operand()]);
            let zero = MissingAs::Value(Value::Number(0.0).operand());
            return Ok(condition(entries, compares(comparison, Value::Number(number)), Some(zero)));
        }
        let values: Vec<Value> = match &filter["value"] {
            Json::Array(values) => values.iter().filter_map(literal_from).collect(),
            value => literal_from(value).into_iter().collect(),
        };
        let negated = operator.starts_with("not-") || operator == "contains-none";
        let how = match operator {
            "contains-all" | "not-contains-all" => Holding::All,
            "contains" | "contains-any" | "not-contains" | "contains-none" | "equals" => Holding::Any,
            other => return Err(format!("the operator “{other}” is not offered")),
        };
        if values.is_empty() {
            return Err("a value is needed".into());
        }
        if how == Holding::Any {
            return self.vendor.in_list(column, values, negated, negated);
        }
        let rule = asked(column, Test::Holds { negated, how, options: operands(values) }, Some(negated));
        Ok(self.folded(rule))
    }

    fn date(&mut self, column: &str, filter: &Json) -> Read<Rule> {
        let operator = text(filter, "operator");
        if let "anniversary" | "anniversary-in-next" | "anniversary-in-the-next" = operator {
            let days = match (quantity(filter)?, unit(filter)?) {
                (days, Unit::Day) if days < 366 => days,
                (weeks, Unit::Week) if weeks < 52 => weeks * 7,
                _ => return Err("a yearly return within so long a time".into()),
            };
            let test = Test::Anniversary { negated: false, direction: Direction::Next, days: days + 1 };
            return Ok(asked(column, test, Some(false)));
        }
        let tests = self.when(filter)?;
        if tests.is_empty() {
            return Ok(missing(column, true));
        }
        let all = tests.into_iter().map(|test| Some(asked(column, test, Some(false)))).collect();
        joined_rest(Combinator::And, all).ok_or_else(|| "nothing is asked".into())
    }

    /// The tests of a day; none for "at any time".
    fn when(&mut self, filter: &Json) -> Read<Vec<Test>> {
        let operator = text(filter, "operator");
        let day = |key: &str| filter[key].as_str().and_then(day_from).ok_or_else(|| format!("“{key}” is no day"));
        let span = |negated, direction, amount, unit| vec![Test::Within { negated, direction, amount, unit }];
        match operator {
            "alltime" | "over-all-time" | "" => Ok(Vec::new()),
            "in-the-last" | "not-in-the-last" | "at-least" => {
                self.vendor.collected.note("Klaviyo counts “in the last N days” back from the present moment and re-evaluates once a day; here the last N days up to the reference date.");
                let (amount, unit) = (quantity(filter)?, unit(filter)?);
                match operator {
                    "at-least" => date_tests(Comparison::AtMost, When::Ago(amount, unit)),
                    operator => Ok(span(operator != "in-the-last", Direction::Last, amount, unit)),
                }
            }
            "in-the-next" => Ok(span(false, Direction::Next, quantity(filter)?, unit(filter)?)),
            "before" | "is-before" => Ok(vec![compares(Comparison::Less, day("date")?)]),
            "after" | "is-after" => Ok(vec![compares(Comparison::Greater, day("date")?)]),
            "equals" | "on" => Ok(vec![compares(Comparison::Equal, day("date")?)]),
            "between" if filter.get("unit").is_some() => {
                let unit = unit(filter)?;
                let bound = |key: &str| {
                    filter[key].as_u64().filter(|amount| *amount <= 36_600).ok_or(format!("“{key}” is no number"))
                };
                let (near, far) = (bound("start")?.min(bound("end")?), bound("start")?.max(bound("end")?));
                let [low, high] = [When::Ago(far as u32, unit), When::Ago(near as u32, unit)];
                Ok(bounded(date_tests(Comparison::AtLeast, low)?, date_tests(Comparison::AtMost, high)?))
            }
            "between" | "between-static" => Ok(vec![between(day("start")?.operand(), day("end")?.operand(), false)]),
            other => Err(format!("the time “{other}” is not offered")),
        }
    }

    fn metric(&mut self, condition: &Json) -> Read<Rule> {
        let mut question = OrderQuestion::default();
        for filter in condition["metric_filters"].as_array().into_iter().flatten() {
            let column = self.vendor.order_column(&property(text(filter, "property")));
            question.filters.push(self.filter(&column, &filter["filter"])?);
        }
        let date = self.vendor.order_column("date");
        question.made(self.when(&condition["timeframe_filter"])?, &date);
        let filter = &condition["measurement_filter"];
        let value = filter["value"].as_f64().ok_or("a number to compare with is needed")?;
        let operator = text(filter, "operator");
        let (positive, negated) = operator.strip_prefix("not-").map_or((operator, false), |positive| (positive, true));
        let comparison = comparison(positive).ok_or(format!("the operator “{operator}” is not offered"))?;
        let (measure, of) = match text(condition, "measurement") {
            "count" => (Measure::Orders, None),
            "sum" => (Measure::Sum, Some(self.vendor.order_column("amount"))),
            "unique" => return Err("a number of different values".into()),
            other => return Err(format!("the measurement “{other}” is not offered")),
        };
        self.vendor.collected.note(format!(
            "The metric “{}” is taken for an order: check that it is “Placed Order”. Who has no orders counts as zero, so “zero times” holds for them too.",
            text(condition, "metric_id")
        ));
        let rule = question.rule(measure, of.as_deref(), comparison, value);
        Ok(if negated { not(rule) } else { rule })
    }

    fn consent(&mut self, consent: &Json) -> Read<Rule> {
        let channel = text(consent, "channel");
        let wanted = consent["can_receive_marketing"].as_bool().ok_or("a consent without “can_receive_marketing”")?;
        if consent
            .pointer("/consent_status/filters")
            .is_some_and(|filters| filters.as_array().is_some_and(|all| !all.is_empty()))
        {
            return Err("how and when consent was given".into());
        }
        let column = self.vendor.column(&format!("{channel}_subscription_status"));
        if self.vendor.kind(&column) != Some(ColumnType::Boolean) {
            return Err(format!("the consent for {channel}; the table needs a yes/no column of it"));
        }
        self.vendor.collected.note("A missing consent counts as none.");
        Ok(asked(&column, compares(Comparison::Equal, Value::Boolean(wanted)), Some(!wanted)))
    }
}

/// `properties['Favourite colour']` and `location['country']` as a column's name.
fn property(written: &str) -> String {
    let quoted = written.split_once("['").and_then(|(_, rest)| rest.strip_suffix("']"));
    quoted.unwrap_or(written).to_string()
}

fn quantity(filter: &Json) -> Read<u32> {
    let found = filter["quantity"].as_u64().filter(|amount| (1..=100_000).contains(amount));
    found.map(|amount| amount as u32).ok_or_else(|| "a whole number of days is needed".into())
}

fn unit(filter: &Json) -> Read<Unit> {
    Unit::named(text(filter, "unit")).ok_or_else(|| format!("the unit “{}” is not offered", text(filter, "unit")))
}

fn comparison(operator: &str) -> Option<Comparison> {
    Some(match operator {
        "equals" => Comparison::Equal,
        "greater-than" => Comparison::Greater,
        "greater-than-or-equal" => Comparison::AtLeast,
        "less-than" => Comparison::Less,
        "less-than-or-equal" => Comparison::AtMost,
        _ => return None,
    })
}

fn text<'a>(json: &'a Json, key: &str) -> &'a str {
    json[key].as_str().unwrap_or_default()
}
