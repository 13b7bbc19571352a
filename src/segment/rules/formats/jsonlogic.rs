//! What does a JsonLogic rule say in ours? Every answer is the same as JsonLogic's, or the part is left out and named.
//!
//! JsonLogic knows true and false only, and takes a missing value for 0 or false. So every condition made here says what a
//! missing value counts as, and none is ever unknown. What needs no data is worked out at once ([`constant`]).

use crate::segment::rules::formats::constant::{compare, comparison, fold, needs_data, number, truthy, turned};
use crate::segment::rules::formats::imported::{
    Collected, Imported, Known, among, asked, compares, condition, constant, joined, joined_rest, missing, nobody, not,
    of_orders,
};
use crate::segment::rules::formats::jsonlogic_lists::Entries;
use crate::segment::rules::formats::jsonlogic_parts::{
    Copies, calculated, choose, chosen, chosen_missing, columns_compared, names_fields, said,
};
use crate::segment::rules::tree::{Arithmetic, Combinator, Comparison, Measure, MissingAs, Part, Rule, Test, Value};
use crate::table::column::ColumnType;
use crate::table::date::parse_iso_day;
use serde_json::{Value as Json, json};

/// Reads a JsonLogic rule, as a filter: whoever it gives something true for is in.
pub fn import(source: &Json, known: &Known) -> Imported {
    let mut importer =
        Importer { known, lines: None, all_lines: None, copies: Copies::default(), collected: Collected::default() };
    let rule = importer.truth(source, "");
    importer.collected.finish(rule)
}

struct Importer<'a> {
    known: &'a Known<'a>,
    /// The list whose entries are asked, where they are order lines.
    lines: Option<String>,
    /// The one list that is taken for the order lines.
    all_lines: Option<String>,
    copies: Copies,
    collected: Collected,
}

/// One side of a comparison.
enum Side {
    Constant(Json),
    /// A value of the row, its type if that is known, and what JsonLogic takes when it is missing.
    Data(Value, Option<ColumnType>, Json),
    /// Something that is true or false.
    Truth(Rule),
}

type Read<T> = Result<T, String>;

impl Importer<'_> {
    /// For whom a piece is true; `None` where it was left out.
    fn truth(&mut self, logic: &Json, path: &str) -> Option<Rule> {
        if let Ok(value) = fold(logic, None) {
            return Some(constant(truthy(&value)));
        }
        let (operation, given) = match logic.as_object().and_then(|fields| fields.iter().next()) {
            Some(found) if logic.as_object().is_some_and(|fields| fields.len() == 1) => found,
            _ => return self.collected.leave_out(path, "it is neither an operation nor a constant"),
        };
        let here = if path.is_empty() { operation.clone() } else { format!("{path}.{operation}") };
        let one = std::slice::from_ref(given);
        let parts = given.as_array().map_or(one, Vec::as_slice);
        let first = parts.first().unwrap_or(&Json::Null);
        match operation.as_str() {
            "and" | "or" => {
                let combinator = if operation == "and" { Combinator::And } else { Combinator::Or };
                let deciding = constant(combinator == Combinator::Or);
                let mut rules = Vec::new();
                for (index, part) in parts.iter().enumerate() {
                    let rule = self.truth(part, &format!("{here}[{index}]"));
                    let decides = rule.as_ref() == Some(&deciding);
                    rules.push(rule);
                    // The rest is never looked at.
                    if decides {
                        break;
                    }
                }
                joined_rest(combinator, rules)
            }
            "!" => self.truth(first, &here).map(not),
            "!!" => self.truth(first, &here),
            "if" | "?:" => {
                let mut rules: Vec<Option<Rule>> = Vec::new();
                for (index, part) in parts.iter().enumerate() {
                    rules.push(Some(self.truth(part, &format!("{here}[{index}]"))?));
                }
                let rules = rules.into_iter().flatten().collect();
                match choose(rules, &mut self.copies) {
                    Ok(rule) => Some(rule),
                    Err(reason) => self.collected.leave_out(&here, reason),
                }
            }
            _ => match self.leaf(operation, parts) {
                Ok(rule) => Some(rule),
                Err(reason) => self.collected.leave_out(&here, reason),
            },
        }
    }

    fn leaf(&mut self, operation: &str, parts: &[Json]) -> Read<Rule> {
        let at = |index: usize| parts.get(index).ok_or(format!("“{operation}” needs more values"));
        match operation {
            "var" | "val" | "+" | "-" | "*" | "/" | "%" | "min" | "max" => {
                match self.side(&json!({ (operation): parts }))? {
                    Side::Constant(value) => Ok(constant(truthy(&value))),
                    Side::Data(value, kind, default) => self.something(value, kind, &default),
                    Side::Truth(rule) => Ok(rule),
                }
            }
            "==" | "!=" | "===" | "!==" | "<" | "<=" | ">" | ">=" => {
                at(1)?;
                if let Some(rule) = self.cut(operation, parts) {
                    return Ok(rule);
                }
                let sides = parts.iter().map(|part| self.side(part)).collect::<Read<Vec<_>>>()?;
                match between(operation, &sides) {
                    Some(rule) => Ok(rule),
                    None => self.in_turn(operation, sides),
                }
            }
            "in" => self.within(at(0)?, at(1)?),
            "missing" => {
                let names = parts.iter().map(|name| self.name(name)).collect::<Read<Vec<_>>>()?;
                Ok(joined(Combinator::Or, names.iter().map(|name| self.is_missing(name)).collect()))
            }
            "missing_some" => {
                let needed = at(0)?.as_u64().ok_or("the number of fields needed is no whole number")?;
                let names: Vec<Json> = at(1)?.as_array().cloned().ok_or("the fields are no list")?;
                let missing =
                    names.iter().map(|name| Ok(self.is_missing(&self.name(name)?))).collect::<Read<Vec<_>>>()?;
                match needed {
                    0 => Ok(nobody()),
                    1 => Ok(joined(Combinator::And, missing)),
                    all if all == names.len() as u64 => Ok(joined(Combinator::Or, missing)),
                    _ => Err("“some of several fields” can be said for one of them or all of them only".into()),
                }
            }
            "exists" => {
                let name = self.name(&Json::Array(parts.to_vec()))?;
                self.refuse_object(&name)?;
                match self.known.lacks(&name) {
                    true => Ok(nobody()),
                    false => Err("a table does not tell a field that is absent from one that is null".into()),
                }
            }
            "all" | "some" | "none" => self.list(operation, at(0)?, at(1)?),
            _ => Err(format!("“{operation}” is not offered")),
        }
    }

    /// A rule for "the value is something true".
    fn something(&mut self, value: Value, kind: Option<ColumnType>, default: &Json) -> Read<Rule> {
        let answer = Some(truthy(default));
        let Value::Column(name) = &value else {
            return self.compared("!=", value, kind, default, &json!(0));
        };
        Ok(match kind {
            Some(ColumnType::Number) => asked(name, compares(Comparison::NotEqual, Value::Number(0.0)), answer),
            Some(ColumnType::Text) => asked(name, compares(Comparison::NotEqual, Value::Text(String::new())), answer),
            Some(ColumnType::List) => asked(name, Test::Blank { negated: true }, None),
            Some(ColumnType::Date | ColumnType::Time) if !truthy(default) => missing(name, true),
            Some(ColumnType::Date | ColumnType::Time) => Rule::Everyone,
            None if self.lines.is_none() && self.known.columns.is_some() => {
                return Err(format!("“{name}” has no values, so that its type is not known"));
            }
            Some(ColumnType::Boolean) | None => {
                if kind.is_none() {
                    self.collected
                        .note(format!("“{name}” is asked for something true, so it is taken for a yes/no column."));
                }
                asked(name, compares(Comparison::Equal, Value::Boolean(true)), answer)
            }
        })
    }

    // ------------------------------------------------------------ what is compared

    fn side(&mut self, logic: &Json) -> Read<Side> {
        if !needs_data(logic) {
            return fold(logic, None).map(Side::Constant);
        }
        let fields = logic.as_object().ok_or("a list made of data is not offered")?;
        let Some((operation, given)) = fields.iter().next().filter(|_| fields.len() == 1) else {
            return Err("an object with several keys is no operation".into());
        };
        let one = std::slice::from_ref(given);
        let parts = given.as_array().map_or(one, Vec::as_slice);
        match operation.as_str() {
            "var" | "val" => {
                let (path, default) = match (operation.as_str(), parts) {
                    ("var", [path, default]) => (path, fold(default, None)?),
                    ("var", [path]) => (path, Json::Null),
                    _ => (given, Json::Null),
                };
                let name = self.name(path)?;
                if self.lines.is_some() {
                    let kind =
                        self.known.orders.and_then(|columns| columns.iter().find(|(known, _)| *known == name)?.1);
                    return Ok(Side::Data(Value::Column(name), kind, default));
                }
                self.refuse_object(&name)?;
                if self.known.lacks(&name) {
                    return Ok(Side::Constant(default));
                }
                let kind = self.known.kind(&name);
                Ok(Side::Data(Value::Column(name), kind, default))
            }
            "+" | "-" | "*" | "/" => {
                let mut sides = parts.iter().map(|part| self.side(part)).collect::<Read<Vec<_>>>()?.into_iter();
                let symbol = Arithmetic::ALL.into_iter().find(|one| one.symbol() == operation.as_str());
                let calculation = symbol.ok_or("an unknown calculation")?;
                let mut missing = None;
                let first = numeric(sides.next().ok_or("a calculation without numbers")?, &mut missing)?;
                let mut sofar = match (operation.as_str(), sides.len()) {
                    ("-", 0) => calculated(Arithmetic::Subtract, Value::Number(0.0), first),
                    ("/", 0) => return Err("one divided by a column".into()),
                    ("+" | "*", 0) => calculated(Arithmetic::Multiply, first, Value::Number(1.0)),
                    _ => first,
                };
                for side in sides {
                    let next = numeric(side, &mut missing)?;
                    if calculation == Arithmetic::Divide && !matches!(next, Value::Number(number) if number != 0.0) {
                        return Err("a division by a column: JsonLogic fails where it is 0 or missing".into());
                    }
                    sofar = calculated(calculation, sofar, next);
                }
                Ok(Side::Data(sofar, Some(ColumnType::Number), json!(missing.unwrap_or(0.0))))
            }
            // A column with what stands in where it is missing.
            "if" | "?:" if self.filled(parts).is_some() => {
                let (name, default) = self.filled(parts).ok_or("a choice")?;
                let kind = self.known.kind(&name);
                Ok(Side::Data(Value::Column(name), kind, default))
            }
            "!" | "!!" | "==" | "!=" | "===" | "!==" | "<" | "<=" | ">" | ">=" | "in" | "all" | "some" | "none" => {
                let before = self.collected.count();
                match self.truth(logic, "") {
                    Some(rule) if self.collected.count() == before => Ok(Side::Truth(rule)),
                    _ => Err("a part of it is not offered".into()),
                }
            }
            _ => Err(format!("“{operation}” of data is not offered")),
        }
    }

    /// `if x === null then constant else x`
    fn filled(&self, parts: &[Json]) -> Option<(String, Json)> {
        let [condition, default, column] = parts else { return None };
        if needs_data(default) || self.lines.is_some() || *condition != json!({ "===": [column, null] }) {
            return None;
        }
        let name = self.name(column.get("var")?).ok()?;
        (!self.known.lacks(&name)).then_some((name, default.clone()))
    }

    /// The column that a way into the data leads to.
    fn name(&self, path: &Json) -> Read<String> {
        let name = match path {
            Json::String(name) => name.clone(),
            Json::Number(_) => return Err("a place in a list is not offered".into()),
            Json::Array(steps) => {
                let names: Option<Vec<&str>> = steps.iter().map(Json::as_str).collect();
                names.ok_or("a way out of the list or to a place in it is not offered")?.join(".")
            }
            _ => return Err("a name that depends on data is not offered".into()),
        };
        match (&self.lines, name.is_empty()) {
            (Some(list), true) => Ok(list.clone()),
            (None, true) => Err("the whole record is no value".into()),
            _ if name.split('.').any(str::is_empty) => Err("a field without a name".into()),
            _ => Ok(name),
        }
    }

    fn is_missing(&self, name: &str) -> Rule {
        if self.known.lacks(name) { Rule::Everyone } else { missing(name, false) }
    }

    /// A field that holds fields is several columns, and no value.
    fn refuse_object(&self, name: &str) -> Read<()> {
        let inside = |column: &str| column.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'));
        match self.known.columns {
            Some(columns) if columns.iter().any(|(column, _)| inside(column)) => {
                Err(format!("“{name}” is a record of several fields"))
            }
            _ => Ok(()),
        }
    }

    // ------------------------------------------------------------ comparisons

    /// Each side compared with the next one.
    fn in_turn(&mut self, symbol: &str, sides: Vec<Side>) -> Read<Rule> {
        let mut rules = Vec::new();
        let mut sides = sides.into_iter();
        let mut left = sides.next();
        while let (Some(first), Some(second)) = (left.take(), sides.next()) {
            if sides.len() > 0 {
                left = Some(match &second {
                    Side::Constant(value) => Side::Constant(value.clone()),
                    Side::Data(value, kind, default) => Side::Data(value.clone(), *kind, default.clone()),
                    Side::Truth(rule) => Side::Truth(self.copies.of(rule)?),
                });
            }
            rules.push(self.pair(symbol, first, second)?);
        }
        Ok(joined(Combinator::And, rules))
    }

    fn pair(&mut self, symbol: &str, left: Side, right: Side) -> Read<Rule> {
        match (left, right) {
            (Side::Constant(left), Side::Constant(right)) => Ok(constant(compare(symbol, &left, &right)?)),
            (Side::Data(value, kind, default), Side::Constant(with)) => {
                self.compared(symbol, value, kind, &default, &with)
            }
            (Side::Constant(with), Side::Data(value, kind, default)) => {
                self.compared(turned(symbol), value, kind, &default, &with)
            }
            (Side::Truth(rule), Side::Constant(with)) => {
                let answer = |truth: bool| compare(symbol, &json!(truth), &with);
                Ok(chosen(rule, answer(true)?, answer(false)?))
            }
            (Side::Constant(with), Side::Truth(rule)) => {
                let answer = |truth: bool| compare(symbol, &with, &json!(truth));
                Ok(chosen(rule, answer(true)?, answer(false)?))
            }
            (Side::Data(left, kind, default), Side::Data(right, other, second)) => {
                let plain = default.is_null() && second.is_null();
                match (number(&default), number(&second)) {
                    (Some(zero), Some(other_zero)) if zero == other_zero => {
                        columns_compared(symbol, (left, kind), (right, other), zero, plain)
                    }
                    _ => Err("two columns with different defaults".into()),
                }
            }
            _ => Err("an answer compared with data".into()),
        }
    }

    /// `substr` of a column that equals a text of that length: how it begins, or how it ends.
    fn cut(&mut self, symbol: &str, pair: &[Json]) -> Option<Rule> {
        let (cut, text) = match pair {
            [cut, Json::String(text)] | [Json::String(text), cut]
                if !text.is_empty() && matches!(symbol, "==" | "===" | "!=" | "!==") =>
            {
                (cut["substr"].as_array()?, text)
            }
            _ => return None,
        };
        let units = text.encode_utf16().count() as i64;
        let part = match cut.as_slice() {
            [_, from, length] if from.as_i64() == Some(0) && length.as_i64() == Some(units) => Part::Start,
            [_, from] if from.as_i64() == Some(-units) => Part::End,
            _ => return None,
        };
        let Ok(Side::Data(Value::Column(name), None | Some(ColumnType::Text), Json::Null)) = self.side(&cut[0]) else {
            return None;
        };
        let negated = comparison(symbol) == Comparison::NotEqual;
        let what = Value::Text(text.clone()).operand();
        Some(asked(&name, Test::Has { negated, part, what }, Some(negated)))
    }

    /// `value symbol with`, where a missing value is taken for `default`.
    fn compared(
        &mut self,
        symbol: &str,
        value: Value,
        kind: Option<ColumnType>,
        default: &Json,
        with: &Json,
    ) -> Read<Rule> {
        let strict = symbol.len() == 3;
        let comparison = comparison(symbol);
        let unequal = comparison == Comparison::NotEqual;
        let answer = |value: &Json| compare(symbol, value, with).unwrap_or(unequal);
        let at_missing = answer(default);
        // What JsonLogic holds for equal by kind alone never is.
        let never = || Ok(chosen_missing(&value, unequal, at_missing));
        if with.is_null() && matches!(comparison, Comparison::Equal | Comparison::NotEqual) {
            let Value::Column(name) = &value else { return Err("a calculation compared with null".into()) };
            if !strict {
                self.collected.note(
                    "“== null” is read as “is missing”; in some JsonLogic engines 0 and false equal null as well.",
                );
            }
            return Ok(if default.is_null() { missing(name, unequal) } else { constant(unequal) });
        }
        let kind = match (kind, with) {
            (Some(kind), _) => kind,
            (None, Json::String(_)) => ColumnType::Text,
            (None, Json::Bool(_)) => ColumnType::Boolean,
            (None, Json::Number(_) | Json::Null) => ColumnType::Number,
            (None, _) => return Err("a comparison with a list or an object".into()),
        };
        let literal = match (kind, with) {
            (_, Json::Array(_) | Json::Object(_)) => return Err("a comparison with a list or an object".into()),
            (ColumnType::Boolean, _) => {
                let Value::Column(name) = &value else { return Err("a calculation of yes and no".into()) };
                let by = [answer(&json!(true)), answer(&json!(false))];
                return Ok(match by {
                    [yes, no] if yes == no => chosen_missing(&value, yes, at_missing),
                    [yes, _] => asked(name, compares(Comparison::Equal, Value::Boolean(yes)), Some(at_missing)),
                });
            }
            (ColumnType::Number, Json::Number(_)) | (ColumnType::Text, Json::String(_)) => with.clone(),
            (ColumnType::Number, Json::String(_)) if strict => return never(),
            (ColumnType::Number, _) if strict => return never(),
            (ColumnType::Number, _) => match number(with) {
                Some(number) => json!(number),
                None => return Err(format!("{with} is no number, and “{}” holds numbers", said(&value))),
            },
            (ColumnType::Text, _) if strict => return never(),
            (ColumnType::Text, _) => {
                return Err(format!("“{}” holds texts, which would be read as numbers", said(&value)));
            }
            (ColumnType::Date, Json::String(text)) if parse_iso_day(text).is_ok() => with.clone(),
            (ColumnType::Date | ColumnType::Time, _) => {
                return Err(format!(
                    "“{}” holds days or times; compare it with a day such as 2026-01-31",
                    said(&value)
                ));
            }
            (ColumnType::List, _) => {
                return Err(format!("“{}” holds lists; ask for “in”, “some” or “all”", said(&value)));
            }
        };
        let literal = match literal {
            Json::String(text) => {
                let ordered = !matches!(comparison, Comparison::Equal | Comparison::NotEqual);
                if ordered && text.chars().any(|char| u32::from(char) >= 0xD800) {
                    return Err("the order of texts with such characters differs in JavaScript".into());
                }
                Value::Text(text)
            }
            number => Value::Number(number.as_f64().unwrap_or_default()),
        };
        let missing_as = match &value {
            Value::Column(_) => MissingAs::Answer(at_missing),
            _ => MissingAs::Value(Value::Number(number(default).unwrap_or_default()).operand()),
        };
        Ok(condition(value, compares(comparison, literal), Some(missing_as)))
    }

    /// `needle in hay`.
    fn within(&mut self, needle: &Json, hay: &Json) -> Read<Rule> {
        match (self.side(needle)?, self.side(hay)?) {
            (Side::Data(Value::Column(name), kind, default), Side::Constant(Json::Array(options))) => {
                let mut values = Vec::new();
                let mut at_missing = false;
                for option in &options {
                    at_missing = at_missing || compare("===", &default, option).unwrap_or(false);
                    match (option, kind) {
                        (Json::Null, _) => {}
                        (Json::Number(number), None | Some(ColumnType::Number)) => {
                            values.push(Value::Number(number.as_f64().unwrap_or_default()));
                        }
                        (Json::String(text), None | Some(ColumnType::Text)) => values.push(Value::Text(text.clone())),
                        (Json::String(day), Some(ColumnType::Date)) if parse_iso_day(day).is_ok() => {
                            values.push(Value::Text(day.clone()));
                        }
                        (Json::Bool(value), None | Some(ColumnType::Boolean)) => values.push(Value::Boolean(*value)),
                        (
                            Json::Number(_) | Json::String(_) | Json::Bool(_),
                            Some(ColumnType::Number | ColumnType::Text | ColumnType::Boolean),
                        ) => {}
                        _ => return Err(format!("“in” of such values for “{name}”")),
                    }
                }
                let first = values.first().map(std::mem::discriminant);
                if values.iter().any(|value| Some(std::mem::discriminant(value)) != first) {
                    return Err("“in” a list of several kinds of values".into());
                }
                if values.is_empty() {
                    return Ok(chosen_missing(&Value::Column(name), false, at_missing));
                }
                Ok(asked(&name, among(values, false), Some(at_missing)))
            }
            (Side::Constant(Json::String(text)), Side::Data(Value::Column(name), kind, default)) => {
                if !default.is_null() || !matches!(kind, None | Some(ColumnType::Text | ColumnType::List)) {
                    return Err(format!("“in” of “{name}” works for texts and lists without a default"));
                }
                let what = Value::Text(text).operand();
                Ok(asked(&name, Test::Has { negated: false, part: Part::Anywhere, what }, Some(false)))
            }
            _ => Err("“in” works for a column in a list of constants, and for a text in a column".into()),
        }
    }

    // ------------------------------------------------------------ lists

    /// `all`, `some` or `none` of a list: a column of lists, or the customer's order lines.
    fn list(&mut self, how: &str, list: &Json, asked: &Json) -> Read<Rule> {
        if self.lines.is_some() {
            return Err("a list within a list is not offered".into());
        }
        let Some(path) = list
            .get("var")
            .or_else(|| list.get("val"))
            .filter(|_| list.as_object().is_some_and(|fields| fields.len() == 1))
        else {
            return Err("only the entries of a field can be asked".into());
        };
        let name = self.name(path)?;
        match self.known.kind(&name) {
            _ if self.known.lacks(&name) => {
                self.refuse_object(&name)?;
                if self.known.orders.is_none() {
                    return Ok(constant(how == "none"));
                }
            }
            Some(ColumnType::List) => return Entries::of(&name).rule(how, asked),
            Some(_) => return Err(format!("“{name}” holds no lists of single values")),
            None if names_fields(asked) != Some(true) => return Entries::of(&name).rule(how, asked),
            None => {}
        }
        if self.all_lines.as_ref().is_some_and(|other| *other != name) {
            return Err("two lists: only one can be the order lines".into());
        }
        self.all_lines = Some(name.clone());
        self.lines = Some(name.clone());
        let before = self.collected.count();
        let filter = self.truth(asked, "");
        self.lines = None;
        let Some(filter) = filter.filter(|_| self.collected.count() == before) else {
            return Err("what is asked of the entries is not offered".into());
        };
        self.collected.note(format!("The entries of “{name}” are taken for the customer’s order lines."));
        let lines = |filter: Rule, comparison, n: f64| match filter {
            filter if filter == nobody() => constant(matches!(comparison, Comparison::Equal)),
            filter => {
                let lines = of_orders(Measure::Lines, None, Some(filter), None);
                condition(lines, compares(comparison, Value::Number(n)), None)
            }
        };
        Ok(match how {
            "some" => lines(filter, Comparison::AtLeast, 1.0),
            "none" => lines(filter, Comparison::Equal, 0.0),
            _ => {
                let any = lines(Rule::Everyone, Comparison::AtLeast, 1.0);
                joined(Combinator::And, vec![any, lines(not(filter), Comparison::Equal, 0.0)])
            }
        })
    }
}

/// `low < column < high`, of two numbers.
fn between(symbol: &str, sides: &[Side]) -> Option<Rule> {
    let [
        Side::Constant(low),
        Side::Data(Value::Column(name), None | Some(ColumnType::Number), default),
        Side::Constant(high),
    ] = sides
    else {
        return None;
    };
    let bound = |value: &Json| value.as_f64().map(|number| Value::Number(number).operand());
    let (from, to) = (bound(low)?, bound(high)?);
    let holds = |left: &Json, right: &Json| compare(symbol, left, right).unwrap_or(false);
    let test = Test::Between { negated: false, low: from, high: to, exclusive: symbol == "<" };
    matches!(symbol, "<" | "<=").then(|| asked(name, test, Some(holds(low, default) && holds(default, high))))
}

/// A side as a number in a calculation, and what its columns count where they are missing: the same for all of them.
fn numeric(side: Side, missing: &mut Option<f64>) -> Read<Value> {
    match side {
        Side::Constant(value) => Ok(Value::Number(number(&value).ok_or("a calculation with what is no number")?)),
        Side::Data(value, None | Some(ColumnType::Number), default) => {
            let default = number(&default).ok_or("a calculation with what is no number")?;
            if missing.replace(default).is_some_and(|other| other != default) {
                return Err("a calculation of columns with different defaults".into());
            }
            Ok(value)
        }
        _ => Err("a calculation with what is no number".into()),
    }
}
