//! What does a HubSpot list's filter branch say in ours? Branches of branches with filters, as the lists interface gives them.

use crate::error::{Code, Error, Result};
use crate::segment::rules::formats::imported::{
    Imported, Known, among, asked, compares, ignoring_case, joined, joined_rest, missing, not, operands,
};
use crate::segment::rules::formats::vendor::{OrderQuestion, Vendor, When, all_of, between, bounded, date_tests};
use crate::segment::rules::formats::written::{day_from, literal_from};
use crate::segment::rules::tree::{Combinator, Comparison, Direction, Holding, Measure, Part, Rule, Test, Unit, Value};
use crate::table::column::ColumnType;
use serde_json::Value as Json;

/// Reads a filter branch, or whatever holds one as `filterBranch`.
///
/// # Errors
/// `rule-syntax` for what has no branch.
pub fn import(source: &Json, known: &Known) -> Result<Imported> {
    let mut importer = Importer { vendor: Vendor::new(known) };
    let branch = source.get("filterBranch").unwrap_or(source);
    if !branch["filterBranchType"].is_string() {
        let message = "This is no HubSpot list: it has no “filterBranch” with a “filterBranchType”.";
        return Err(Error::new(Code::RuleSyntax, message));
    }
    let rule = importer.branch(branch, "filterBranch");
    Ok(importer.vendor.collected.finish(rule))
}

struct Importer<'a> {
    vendor: Vendor<'a>,
}

type Read<T> = std::result::Result<T, String>;

impl Importer<'_> {
    fn branch(&mut self, branch: &Json, path: &str) -> Option<Rule> {
        let kind = text(branch, "filterBranchType");
        let combinator = match kind {
            "OR" | "NOT_ANY" => Combinator::Or,
            "AND" | "NOT_ALL" => Combinator::And,
            "UNIFIED_EVENTS" => return self.event(branch, path),
            other => return self.vendor.collected.leave_out(path, format!("the branch type “{other}” is not offered")),
        };
        let mut parts = Vec::new();
        for (index, filter) in list(branch, "filters").iter().enumerate() {
            let here = format!("{path}.filters[{index}]");
            parts.push(match self.filter(filter) {
                Ok(rule) => Some(rule),
                Err(reason) => self.vendor.collected.leave_out(&here, reason),
            });
        }
        for (index, inner) in list(branch, "filterBranches").iter().enumerate() {
            parts.push(self.branch(inner, &format!("{path}.filterBranches[{index}]")));
        }
        let rule = joined_rest(combinator, parts);
        if kind.starts_with("NOT") { rule.map(not) } else { rule }
    }

    fn filter(&mut self, filter: &Json) -> Read<Rule> {
        match text(filter, "filterType") {
            "PROPERTY" => {
                let property = text(filter, "property").to_string();
                let column = self.vendor.column(&property);
                self.property(&column, &filter["operation"])
            }
            "IN_LIST" => Err(format!("membership of the list {}, whose rule stands elsewhere", filter["listId"])),
            other => Err(format!("the filter “{other}” is about something that is not in the table")),
        }
    }

    fn property(&mut self, column: &str, operation: &Json) -> Read<Rule> {
        let (kind, operator) = (text(operation, "operationType"), text(operation, "operator"));
        let with_missing = operation["includeObjectsWithNoValueSet"] == Json::Bool(true);
        self.vendor.collected.note("HubSpot says for each filter whether records without a value are included; here that is “treat missing as”.");
        if operation.get("pruningRefineBy").is_some_and(Json::is_object)
            || operation.get("coalescingRefineBy").is_some_and(Json::is_object)
        {
            return Err("how often or when a value was changed".into());
        }
        match operator {
            "IS_KNOWN" => return Ok(missing(column, true)),
            "IS_UNKNOWN" => return Ok(missing(column, false)),
            _ => {}
        }
        match kind {
            "NUMBER" | "NUMBER_RANGED" | "RANGED_NUMBER" => self.number(column, operator, operation, with_missing),
            "BOOL" => {
                let value = match &operation["value"] {
                    Json::Bool(value) => *value,
                    Json::String(word) => word == "true",
                    _ => return Err("a value that is neither true nor false".into()),
                };
                Ok(self.vendor.compared(column, comparison(operator)?, Value::Boolean(value), with_missing))
            }
            "STRING" | "MULTISTRING" | "PROPERTY_VALUE" => self.text(column, operator, operation, with_missing),
            "ENUMERATION" => self.enumeration(column, operator, operation, with_missing),
            "DATE"
            | "TIME_POINT"
            | "TIME_RANGED"
            | "ROLLING_DATE_RANGE"
            | "ROLLING_PROPERTY_UPDATED"
            | "DATETIME"
            | "CALENDAR_DATE" => self.date(column, kind, operator, operation, with_missing),
            other => Err(format!("the operation “{other}” is not offered")),
        }
    }

    fn number(&self, column: &str, operator: &str, operation: &Json, missing: bool) -> Read<Rule> {
        if let "IS_BETWEEN" | "IS_NOT_BETWEEN" = operator {
            let bound = |key: &str| number(&operation[key]).map(|number| Value::Number(number).operand());
            let (Some(low), Some(high)) = (bound("lowerBound"), bound("upperBound")) else {
                return Err("two bounds are needed".into());
            };
            return Ok(asked(column, between(low, high, operator == "IS_NOT_BETWEEN"), Some(missing)));
        }
        let value = number(&operation["value"]).ok_or("a number is needed")?;
        Ok(self.vendor.compared(column, comparison(operator)?, Value::Number(value), missing))
    }

    fn text(&mut self, column: &str, operator: &str, operation: &Json, missing: bool) -> Read<Rule> {
        let values: Vec<Value> = match operation.get("values") {
            Some(Json::Array(values)) => values.iter().filter_map(literal_from).collect(),
            _ => operation.get("value").and_then(literal_from).into_iter().collect(),
        };
        if values.is_empty() {
            return Err("a text is needed".into());
        }
        self.vendor
            .collected
            .note("HubSpot takes capital and small letters for the same; here that is “ignoring case”.");
        let negated = operator.contains("NOT");
        let part = match operator {
            "IS_EQUAL_TO" | "IS_NOT_EQUAL_TO" | "CONTAINS_EXACTLY" | "DOES_NOT_CONTAIN_EXACTLY" | "IS_EXACTLY" => None,
            "CONTAINS" | "DOES_NOT_CONTAIN" => Some(Part::Anywhere),
            "STARTS_WITH" | "DOES_NOT_START_WITH" => Some(Part::Start),
            "ENDS_WITH" | "DOES_NOT_END_WITH" => Some(Part::End),
            other => return Err(format!("the operator “{other}” is not offered")),
        };
        let test = |part: Part, value: Value| Test::Has { negated, part, what: value.operand() };
        let rule = match part {
            None if values.len() == 1 => {
                let comparison = if negated { Comparison::NotEqual } else { Comparison::Equal };
                asked(column, compares(comparison, values[0].clone()), Some(missing))
            }
            None => asked(column, among(values, negated), Some(missing)),
            Some(part) => {
                let combinator = if negated { Combinator::And } else { Combinator::Or };
                joined(
                    combinator,
                    values.into_iter().map(|value| asked(column, test(part, value), Some(missing))).collect(),
                )
            }
        };
        Ok(ignoring_case(rule))
    }

    fn enumeration(&self, column: &str, operator: &str, operation: &Json, missing: bool) -> Read<Rule> {
        let values: Vec<Value> = list(operation, "values").iter().filter_map(literal_from).collect();
        if values.is_empty() {
            return Err("at least one value is needed".into());
        }
        let is_list = self.vendor.kind(column) == Some(ColumnType::List);
        let (how, negated) = match operator {
            "IS_ANY_OF" | "IS_EQUAL_TO" => (Holding::Any, false),
            "IS_NONE_OF" | "IS_NOT_EQUAL_TO" => (Holding::Any, true),
            "CONTAINS_ALL" => (Holding::All, false),
            "DOES_NOT_CONTAIN_ALL" => (Holding::All, true),
            "IS_EXACTLY" => (Holding::Exactly, false),
            "IS_NOT_EXACTLY" => (Holding::Exactly, true),
            other => return Err(format!("“{other}” asks for the past of a property, and a table holds one value")),
        };
        let test = match how {
            Holding::Any if !is_list => among(values, negated),
            how => Test::Holds { negated, how, options: operands(values) },
        };
        Ok(asked(column, test, Some(missing)))
    }

    fn date(&mut self, column: &str, kind: &str, operator: &str, operation: &Json, missing: bool) -> Read<Rule> {
        self.vendor.collected.note("HubSpot counts days to the present moment in a named zone; here to the reference date, in days of the file.");
        if let Some(days) =
            number(&operation["numberOfDays"]).filter(|days| days.fract() == 0.0 && (0.0..36_600.0).contains(days))
        {
            let days = days as u32;
            let tests = match operator {
                "IS_LESS_THAN_X_DAYS_AGO" => date_tests(Comparison::AtLeast, When::Ago(days, Unit::Day))?,
                "IS_MORE_THAN_X_DAYS_AGO" => date_tests(Comparison::Less, When::Ago(days, Unit::Day))?,
                "IS_LESS_THAN_X_DAYS_FROM_NOW" => {
                    vec![Test::Within { negated: false, direction: Direction::Next, amount: days + 1, unit: Unit::Day }]
                }
                other => return Err(format!("the operator “{other}” is not offered")),
            };
            return Ok(all_of(column, tests, missing));
        }
        if kind == "DATE" {
            let day = day_of(operation).ok_or("a day is needed")?;
            let comparison = match operator {
                "IS_EQUAL_TO" => Comparison::Equal,
                "IS_NOT_EQUAL_TO" => Comparison::NotEqual,
                "IS_BEFORE_DATE" | "IS_BEFORE" => Comparison::Less,
                "IS_AFTER_DATE" | "IS_AFTER" => Comparison::Greater,
                other => return Err(format!("the operator “{other}” is not offered")),
            };
            return Ok(self.vendor.compared(column, comparison, Value::Day(day), missing));
        }
        let tests = match operator {
            "IS_BETWEEN" | "IS_NOT_BETWEEN" => {
                let low = point(&operation["lowerBoundTimePoint"], Comparison::AtLeast)?;
                bounded(low, point(&operation["upperBoundTimePoint"], Comparison::AtMost)?)
            }
            "IS_AFTER" => point(&operation["timePoint"], Comparison::Greater)?,
            "IS_BEFORE" => point(&operation["timePoint"], Comparison::Less)?,
            "IS_EQUAL_TO" => point(&operation["timePoint"], Comparison::Equal)?,
            other => return Err(format!("the operator “{other}” is not offered")),
        };
        Ok(if operator == "IS_NOT_BETWEEN" {
            not(all_of(column, tests, !missing))
        } else {
            all_of(column, tests, missing)
        })
    }

    /// Something that happened. Only orders are known here.
    fn event(&mut self, branch: &Json, path: &str) -> Option<Rule> {
        let mut question = OrderQuestion::default();
        for (index, filter) in list(branch, "filters").iter().enumerate() {
            let column = self.vendor.order_column(text(filter, "property"));
            match self.property(&column, &filter["operation"]) {
                Ok(rule) => question.filters.push(rule),
                // An event without one of its filters would be another event.
                Err(reason) => return self.vendor.collected.leave_out(&format!("{path}.filters[{index}]"), reason),
            }
        }
        if !list(branch, "filterBranches").is_empty() {
            return self.vendor.collected.leave_out(path, "branches within an event are not offered");
        }
        let refined = match self.window(&branch["pruningRefineBy"]) {
            Ok(tests) => tests,
            Err(reason) => return self.vendor.collected.leave_out(&format!("{path}.pruningRefineBy"), reason),
        };
        let date = self.vendor.order_column("date");
        question.made(refined, &date);
        let times = &branch["coalescingRefineBy"];
        let (least, most) = (number(&times["minOccurrences"]), number(&times["maxOccurrences"]));
        let mut parts = Vec::new();
        if let Some(least) = least {
            parts.push(question.rule(Measure::Orders, None, Comparison::AtLeast, least));
        }
        if let Some(most) = most {
            parts.push(question.rule(Measure::Orders, None, Comparison::AtMost, most));
        }
        if parts.is_empty() {
            parts.push(question.rule(Measure::Orders, None, Comparison::AtLeast, 1.0));
        }
        let event = text(branch, "eventTypeId");
        self.vendor.collected.note(format!(
            "The event “{event}” is taken for an order: check that it is one. Who has no orders counts as zero."
        ));
        let rule = joined(Combinator::And, parts);
        Some(if text(branch, "operator") == "HAS_NOT_COMPLETED" { not(rule) } else { rule })
    }

    fn window(&self, refine: &Json) -> Read<Vec<Test>> {
        if refine.is_null() {
            return Ok(Vec::new());
        }
        match text(refine, "type") {
            "TIME_OFFSET" | "RELATIVE_COMPARATIVE" => {
                let offset = &refine["timeOffset"];
                let amount = number(&offset["amount"])
                    .filter(|amount| (1.0..=100_000.0).contains(amount))
                    .ok_or("an amount is needed")?;
                let unit = Unit::named(text(offset, "timeUnit")).ok_or("a unit that is not offered")?;
                match text(offset, "offsetDirection") {
                    "PAST" | "" => date_tests(Comparison::AtLeast, When::Ago(amount as u32, unit)),
                    _ => Err("a time in the future".into()),
                }
            }
            "RELATIVE_RANGED" | "ABSOLUTE_RANGED" => Err("a window with two ends".into()),
            _ if refine.get("lowerBoundTimePoint").is_some() => {
                let low = point(&refine["lowerBoundTimePoint"], Comparison::AtLeast)?;
                Ok(bounded(low, point(&refine["upperBoundTimePoint"], Comparison::AtMost)?))
            }
            other => Err(format!("the window “{other}” is not offered")),
        }
    }
}

/// A day, or one that is counted from today.
fn point(point: &Json, comparison: Comparison) -> Read<Vec<Test>> {
    if text(point, "timeType") == "DATE" {
        let day = day_of(point).ok_or("a day is needed")?;
        return date_tests(comparison, When::Day(day));
    }
    let reference = text(&point["indexReference"], "referenceType");
    if !matches!(reference, "TODAY" | "NOW") {
        return Err(format!("a time counted from “{reference}”"));
    }
    let mut found = When::Ago(0, Unit::Day);
    for (key, amount) in point["offset"].as_object().into_iter().flatten() {
        let amount =
            amount.as_i64().filter(|amount| amount.unsigned_abs() <= 36_600).ok_or("an offset that is no number")?;
        let unit = Unit::named(key).filter(|unit| *unit != Unit::Hour).ok_or(format!("an offset in {key}"))?;
        match amount {
            0 => {}
            amount if amount > 0 => return Err("a day in the future".into()),
            amount => found = When::Ago(amount.unsigned_abs() as u32, unit),
        }
    }
    date_tests(comparison, found)
}

fn day_of(json: &Json) -> Option<i32> {
    let part = |key: &str| json[key].as_i64();
    match (part("year"), part("month"), part("day")) {
        (Some(year), Some(month), Some(day)) if (1..=12).contains(&month) && (1..=31).contains(&day) => {
            let text = format!("{year:04}-{month:02}-{day:02}");
            match day_from(&text)? {
                Value::Day(day) => Some(day),
                _ => None,
            }
        }
        _ => match json["value"].as_str().map(day_from)?? {
            Value::Day(day) => Some(day),
            _ => None,
        },
    }
}

fn comparison(operator: &str) -> Read<Comparison> {
    Ok(match operator {
        "IS_EQUAL_TO" => Comparison::Equal,
        "IS_NOT_EQUAL_TO" => Comparison::NotEqual,
        "IS_LESS_THAN" => Comparison::Less,
        "IS_LESS_THAN_OR_EQUAL_TO" => Comparison::AtMost,
        "IS_GREATER_THAN" => Comparison::Greater,
        "IS_GREATER_THAN_OR_EQUAL_TO" => Comparison::AtLeast,
        other => return Err(format!("the operator “{other}” is not offered")),
    })
}

fn number(json: &Json) -> Option<f64> {
    json.as_f64().or_else(|| json.as_str()?.parse().ok()).filter(|number: &f64| number.is_finite())
}

fn text<'a>(json: &'a Json, key: &str) -> &'a str {
    json[key].as_str().unwrap_or_default()
}

fn list<'a>(json: &'a Json, key: &str) -> &'a [Json] {
    json[key].as_array().map_or(&[], Vec::as_slice)
}
