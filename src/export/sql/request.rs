//! What is asked for, as one JSON document: a study's recipe, the tables' names, and a segment or grouping of it.

use crate::error::{Code, Error, Result};
use crate::export::sql::dialect::Dialect;
use crate::export::sql::groupings::columns_of;
use crate::export::sql::writer::{OrderTable, Setting, Writer};
use crate::segment::rules::check::check;
use crate::segment::rules::definitions::Definitions;
use crate::segment::rules::format::{format, format_name};
use crate::segment::rules::from_json::from_json;
use crate::segment::rules::json_text::read_json;
use crate::segment::rules::rule_error::first;
use crate::segment::rules::tree::{self, Rule};
use crate::table::column::ColumnType;
use crate::table::date::{format_day, parse_iso_day};
use serde_json::Value;

/// What parts the values of lists when nobody says.
const MARK: &str = ",";

/// The answer to a request in JSON: `{ options, recipe, orders, segment: { name, rule } | grouping: name }`. `orders` are the
/// columns of the order table, as a recipe lists columns.
///
/// # Errors
/// `bad-option` for what cannot be read; `unsupported` for what the dialect cannot say, naming the part and the reason.
pub fn answer(request: &str) -> Result<String> {
    let request: Value =
        read_json(request).map_err(|error| Error::new(Code::BadOption, format!("The request is no JSON: {error}.")))?;
    let setting = setting(&request)?;
    match request["grouping"].as_str() {
        Some(name) => of_grouping(&setting, name),
        None => {
            let segment = &request["segment"];
            of_rule(&setting, segment["name"].as_str().unwrap_or_default(), &from_json(&segment["rule"])?)
        }
    }
}

/// The keys of a rule's members.
///
/// # Errors
/// As for [`answer`].
pub fn of_rule(setting: &Setting, name: &str, rule: &Rule) -> Result<String> {
    let mut writer = Writer::new(setting);
    match check(rule, &setting.customers().schema) {
        errors if errors.is_empty() => {}
        errors => return Err(first(errors)),
    }
    let mut condition = writer.rule(rule, setting.customers())?;
    if let Some(kept) = writer.kept()? {
        condition = format!("({condition}) AND {kept}");
    }
    let day = format_day(setting.reference_date);
    writer.finish(&format!("{}: {}; reference date {day}", format_name(name), format(rule)), &[], Some(condition))
}

/// The keys of everyone with the label of the grouping; of RFM with the scores, too.
fn of_grouping(setting: &Setting, name: &str) -> Result<String> {
    let grouping = setting
        .groupings
        .iter()
        .find(|grouping| grouping["name"] == name)
        .ok_or_else(|| Error::new(Code::NotFound, format!("There is no grouping “{name}”.")))?;
    let mut writer = Writer::new(setting);
    let day = format_day(setting.reference_date);
    let title = format!("{}: each key with its label; reference date {day}", format_name(name));
    if grouping["kind"] == "rfm" {
        let (scores, label) = writer.rfm(grouping)?;
        let [recency, frequency, monetary, _] = scores.map(|score| score.text);
        let also = [
            (recency, "recency_score"),
            (frequency, "frequency_score"),
            (monetary, "monetary_score"),
            (label.text, "label"),
        ];
        return writer.finish(&title, &also, None);
    }
    let label = if grouping["kind"] == "clusters" {
        // Nothing else is asked: only the key goes on, and the customers' other columns are left behind.
        let key = writer.key(setting.customers())?.text;
        writer.clusters(grouping, &key)?
    } else {
        writer.tiers(grouping)?
    };
    writer.finish(&title, &[(label.text, "label")], None)
}

fn setting(request: &Value) -> Result<Setting> {
    let (options, recipe) = (&request["options"], &request["recipe"]);
    let dialect = Dialect::named(text(options, "dialect")?)?;
    let mut columns = columns(&recipe["columns"]);
    let mut groupings = recipe["groupings"].as_array().cloned().unwrap_or_default();
    groupings.extend(recipe["snapshots"].as_array().cloned().unwrap_or_default());
    let mut derived = Vec::new();
    for (at, grouping) in groupings.iter().enumerate() {
        for (name, kind) in columns_of(grouping) {
            // A column of the file hides a derived one of the same name.
            if columns.iter().all(|(known, _)| *known != name) {
                columns.push((name.clone(), kind));
                derived.push((name, at));
            }
        }
    }
    let key = text(options, "key")?.to_string();
    let orders = match &options["orders"] {
        Value::Null => None,
        orders => Some(order_table(dialect, orders, &request["orders"])?),
    };
    let mark = options["listDelimiter"].as_str().unwrap_or(MARK).to_string();
    if mark.is_empty() {
        return Err(Error::new(Code::BadOption, "“listDelimiter” must be at least one character."));
    }
    Ok(Setting {
        dialect,
        table: dialect.table(text(options, "table")?)?,
        key,
        columns,
        orders,
        definitions: definitions(recipe)?,
        groupings,
        derived,
        reference_date: parse_iso_day(text(recipe, "referenceDate")?)?,
        mark,
        exclude: recipe["exclude"].clone(),
    })
}

fn order_table(dialect: Dialect, options: &Value, known: &Value) -> Result<OrderTable> {
    let with_role = |role: &str| {
        let column = known.as_array()?.iter().find(|column| column["role"] == role)?;
        Some(column["name"].as_str()?.to_string())
    };
    Ok(OrderTable {
        table: dialect.table(text(options, "table")?)?,
        key: text(options, "key")?.to_string(),
        columns: columns(known),
        date: with_role("date"),
        id: with_role("order-id"),
    })
}

fn columns(known: &Value) -> Vec<(String, ColumnType)> {
    let column = |column: &Value| {
        let kind = match column["type"].as_str()? {
            "number" => ColumnType::Number,
            "text" => ColumnType::Text,
            "date" => ColumnType::Date,
            "time" => ColumnType::Time,
            "boolean" => ColumnType::Boolean,
            "list" => ColumnType::List,
            _ => return None,
        };
        Some((column["name"].as_str()?.to_string(), kind))
    };
    known.as_array().map_or(&[][..], Vec::as_slice).iter().filter_map(column).collect()
}

/// The study's segments by name, and its parameters.
fn definitions(recipe: &Value) -> Result<Definitions> {
    let mut definitions = Definitions::default();
    for segment in recipe["segments"].as_array().map_or(&[][..], Vec::as_slice) {
        let name = segment["name"].as_str().unwrap_or_default().to_string();
        definitions.segments.insert(name, from_json(&segment["rule"])?);
    }
    for (name, value) in recipe["parameters"].as_object().into_iter().flatten() {
        let value = match value {
            Value::Number(number) => tree::Value::Number(number.as_f64().unwrap_or_default()),
            Value::String(text) => tree::Value::Text(text.clone()),
            Value::Bool(truth) => tree::Value::Boolean(*truth),
            other => tree::Value::Day(parse_iso_day(text(other, "date")?)?),
        };
        definitions.parameters.insert(name.clone(), value);
    }
    Ok(definitions)
}

fn text<'a>(options: &'a Value, name: &str) -> Result<&'a str> {
    options[name]
        .as_str()
        .filter(|text| !text.is_empty())
        .ok_or_else(|| Error::new(Code::BadOption, format!("SQL needs the option “{name}”: a text that is not empty.")))
}
