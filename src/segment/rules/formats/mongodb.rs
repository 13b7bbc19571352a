//! What does a MongoDB filter say in ours? A filter's answer is true or false: whoever has no value passes `$ne`, `$nin` and
//! `$not`, and nothing else; so every condition made here says what a missing value counts as.

use crate::error::{Code, Error, Result};
use crate::segment::rules::calendar::parse_moment;
use crate::segment::rules::formats::imported::{
    Collected, Imported, Known, among, asked, compares, condition, constant, ignoring_case, joined, joined_rest,
    missing, not, operands,
};
use crate::segment::rules::formats::written::{day_from, literal_from};
use crate::segment::rules::kernels::mirrored;
use crate::segment::rules::patterns::Pattern;
use crate::segment::rules::tree::{
    Arithmetic, Combinator, Comparison, Function, Holding, MissingAs, Part, PatternKind, Rule, Test, Value,
};
use crate::table::column::ColumnType;
use serde_json::{Map, Value as Json, json};

/// Reads a filter.
///
/// # Errors
/// `rule-syntax` for what is no object.
pub fn import(source: &Json, known: &Known) -> Result<Imported> {
    if !source.is_object() {
        let message = "This is no MongoDB filter. One is an object, such as {\"age\": {\"$gt\": 5}}.";
        return Err(Error::new(Code::RuleSyntax, message));
    }
    let mut importer = Importer { known, guarded: Vec::new(), collected: Collected::default() };
    let rule = importer.filter(source, "");
    Ok(importer.collected.finish(rule))
}

struct Importer<'a> {
    known: &'a Known<'a>,
    /// Fields that have a value wherever the filter at hand is asked.
    guarded: Vec<String>,
    collected: Collected,
}

type Read<T> = std::result::Result<T, String>;

impl Importer<'_> {
    fn filter(&mut self, filter: &Json, path: &str) -> Option<Rule> {
        let Some(fields) = filter.as_object() else {
            return self.collected.leave_out(path, "it is no filter, which is an object");
        };
        let before = self.guarded.len();
        let mut among = vec![fields];
        among.extend(fields.get("$and").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_object));
        let guards = among.into_iter().flatten().filter(|(_, asked)| asked.get("$ne") == Some(&Json::Null));
        self.guarded.extend(guards.map(|(name, _)| name.clone()));
        let mut parts = Vec::new();
        for (key, inner) in fields {
            let here = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            parts.push(match key.as_str() {
                "$and" | "$or" | "$nor" => match inner.as_array() {
                    Some(filters) => {
                        let rules: Vec<Option<Rule>> = (filters.iter().enumerate())
                            .map(|(index, filter)| self.filter(filter, &format!("{here}[{index}]")))
                            .collect();
                        let combinator = if key == "$and" { Combinator::And } else { Combinator::Or };
                        let rule = joined_rest(combinator, rules);
                        if key == "$nor" { rule.map(not) } else { rule }
                    }
                    None => self.collected.leave_out(&here, "it is no list of filters"),
                },
                "$expr" => match self.expression_test(inner) {
                    Ok(rule) => Some(rule),
                    Err(reason) => self.collected.leave_out(&here, reason),
                },
                "$comment" => continue,
                key if key.starts_with('$') => self.collected.leave_out(&here, "this operator is not offered"),
                name => self.field(name, inner, &here),
            });
        }
        self.guarded.truncate(before);
        joined_rest(Combinator::And, parts)
    }

    /// What is asked of one field.
    fn field(&mut self, name: &str, asked_of_it: &Json, path: &str) -> Option<Rule> {
        let operators = asked_of_it.as_object().filter(|fields| fields.keys().any(|key| key.starts_with('$')));
        let Some(operators) = operators.filter(|_| self.value(name, asked_of_it).is_err()) else {
            return match self.one(name, "$eq", asked_of_it) {
                Ok(rule) => Some(rule),
                Err(reason) => self.collected.leave_out(path, reason),
            };
        };
        if let Some(options) = exactly(operators) {
            let test = Test::Holds { negated: false, how: Holding::Exactly, options: operands(options) };
            return Some(asked(name, test, Some(false)));
        }
        let mut parts = Vec::new();
        for (operator, with) in operators {
            let here = format!("{path}.{operator}");
            let read = match operator.as_str() {
                "$options" => continue,
                "$not" => {
                    let regex = json!({ "$regex": with });
                    let inner = if with.is_string() { &regex } else { with };
                    parts.push(self.field(name, inner, &here).map(not));
                    continue;
                }
                "$regex" => self.regex(name, with, operators.get("$options")),
                operator => self.one(name, operator, with),
            };
            parts.push(match read {
                Ok(rule) => Some(rule),
                Err(reason) => self.collected.leave_out(&here, reason),
            });
        }
        joined_rest(Combinator::And, parts)
    }

    fn one(&mut self, name: &str, operator: &str, with: &Json) -> Read<Rule> {
        let comparison = comparison(operator);
        match (operator, comparison) {
            ("$eq" | "$ne", _) if with.is_null() => Ok(missing(name, operator == "$ne")),
            (_, Some(comparison)) => {
                let value = self.value(name, with)?;
                Ok(asked(name, compares(comparison, value), Some(comparison == Comparison::NotEqual)))
            }
            ("$in" | "$nin", _) => {
                let negated = operator == "$nin";
                let options = with.as_array().ok_or("it needs a list")?;
                if *options == [json!(null), json!([])] {
                    return Ok(asked(name, Test::Blank { negated }, None));
                }
                let mut values = Vec::new();
                for option in options.iter().filter(|option| !option.is_null()) {
                    values.push(self.value(name, option)?);
                }
                let with_missing = values.len() < options.len();
                Ok(match (values.is_empty(), with_missing) {
                    (true, true) => missing(name, negated),
                    (true, false) => constant(negated),
                    (false, _) => asked(name, among(values, negated), Some(with_missing != negated)),
                })
            }
            ("$exists", _) => {
                self.collected.note("$exists tells an absent field from one that is null; a table knows missing values only, so null counts as absent.");
                Ok(missing(name, !matches!(with, Json::Bool(false) | Json::Null) && *with != json!(0)))
            }
            ("$all", _) => {
                let options = with.as_array().ok_or("it needs a list")?;
                let values = options.iter().map(|option| self.value(name, option)).collect::<Read<Vec<_>>>()?;
                let test = Test::Holds { negated: false, how: Holding::All, options: operands(values) };
                if options.is_empty() { Err("an empty list".into()) } else { Ok(asked(name, test, Some(false))) }
            }
            ("$size", _) => {
                let size = with.as_f64().ok_or("it needs a number")?;
                let length = Value::Call(Function::Length, vec![Value::Column(name.into()).operand()]);
                let answer = Some(MissingAs::Answer(false));
                Ok(condition(length, compares(Comparison::Equal, Value::Number(size)), answer))
            }
            ("$elemMatch", _) => Err("several questions about one entry of a list".into()),
            _ => Err("this operator is not offered".into()),
        }
    }

    fn regex(&mut self, name: &str, pattern: &Json, options: Option<&Json>) -> Read<Rule> {
        let pattern = pattern.as_str().ok_or("a pattern that is no text")?;
        let options = options.and_then(Json::as_str).unwrap_or_default();
        if options.chars().any(|option| !"isu".contains(option)) {
            return Err(format!("the pattern’s options “{options}”"));
        }
        let what = |text: String| Value::Text(text).operand();
        let test = match plain_regex(pattern) {
            Some((true, text, true)) => compares(Comparison::Equal, Value::Text(text)),
            Some((true, text, false)) => Test::Has { negated: false, part: Part::Start, what: what(text) },
            Some((false, text, true)) => Test::Has { negated: false, part: Part::End, what: what(text) },
            Some((false, text, false)) => Test::Has { negated: false, part: Part::Anywhere, what: what(text) },
            None => {
                let pattern = if options.contains('s') { format!("(?s){pattern}") } else { pattern.to_string() };
                Pattern::new(PatternKind::Matches, &pattern, options.contains('i'))
                    .map_err(|_| format!("the pattern “{pattern}”"))?;
                self.collected
                    .note("Patterns are read without look-around; \\d, \\w and \\b know the letters a to z only.");
                Test::Pattern { negated: false, kind: PatternKind::Matches, pattern: what(pattern) }
            }
        };
        let rule = asked(name, test, Some(false));
        Ok(if options.contains('i') { ignoring_case(rule) } else { rule })
    }

    /// A literal, also in MongoDB's extended JSON.
    fn value(&mut self, name: &str, json: &Json) -> Read<Value> {
        let of = |key: &str| json.as_object().filter(|fields| fields.len() == 1).and_then(|fields| fields.get(key));
        for key in ["$numberInt", "$numberLong", "$numberDouble", "$numberDecimal"] {
            if let Some(number) = of(key).and_then(Json::as_str).and_then(|text| text.parse::<f64>().ok()) {
                return if number.is_finite() { Ok(Value::Number(number)) } else { Err("a number without end".into()) };
            }
        }
        if let Some(Json::String(id)) = of("$oid") {
            return Ok(Value::Text(id.clone()));
        }
        if let Some(Json::String(moment)) = of("$date") {
            let kind = self.known.kind(name);
            let midnight = moment.len() == 10
                || moment.get(10..).is_some_and(|rest| rest.trim_start_matches(['T', '0', ':', '.']) == "Z");
            if midnight && kind != Some(ColumnType::Time) {
                self.collected.note("Dates at midnight UTC are read as whole days.");
                return day_from(moment).ok_or_else(|| format!("the date “{moment}”"));
            }
            return if parse_moment(moment).is_some() {
                Ok(Value::Text(moment.clone()))
            } else {
                Err(format!("the date “{moment}”"))
            };
        }
        literal_from(json).ok_or_else(|| "a comparison with a list, an object or null".into())
    }

    // ------------------------------------------------------------ $expr

    /// `{$lt: ["$a", "$b"]}`. MongoDB sorts a missing value before every other one.
    fn expression_test(&mut self, test: &Json) -> Read<Rule> {
        let fields = test.as_object().filter(|fields| fields.len() == 1).and_then(|fields| fields.iter().next());
        let (operator, sides) = fields.ok_or("it is no single comparison")?;
        let (Some(comparison), Some([left, right])) = (comparison(operator), sides.as_array().map(Vec::as_slice))
        else {
            return Err("it is no comparison of two values".into());
        };
        let (mut first, mut second) = (Filled::default(), Filled::default());
        let (left, right) = (expression(left, &mut first)?, expression(right, &mut second)?);
        for side in [&mut first, &mut second] {
            side.open = side.columns.iter().any(|name| !self.guarded.contains(name));
        }
        if let (Value::Column(a), Value::Column(b), true) = (&left, &right, first.open && second.open) {
            return Ok(columns(a, comparison, b));
        }
        let missing_as = match (first.open, second.open, first.with.or(second.with)) {
            (false, false, None) if first.columns.is_empty() && second.columns.is_empty() => {
                return Err("it has no field".into());
            }
            (false, false, None) => MissingAs::Answer(false),
            (false, false, Some(with)) => MissingAs::Value(with.operand()),
            (true, false, None) => {
                MissingAs::Answer(matches!(comparison, Comparison::Less | Comparison::AtMost | Comparison::NotEqual))
            }
            (false, true, None) => MissingAs::Answer(matches!(
                comparison,
                Comparison::Greater | Comparison::AtLeast | Comparison::NotEqual
            )),
            _ => return Err("fields that may be missing on both sides of a calculation".into()),
        };
        let (left, comparison, right) = match &left {
            Value::Number(_) | Value::Text(_) | Value::Boolean(_) => (right, mirrored(comparison), left),
            _ => (left, comparison, right),
        };
        Ok(condition(left, Test::Compare(comparison, right.operand()), Some(missing_as)))
    }
}

/// What missing fields of an expression are filled with.
#[derive(Default)]
struct Filled {
    /// Some are not, and may be missing.
    open: bool,
    /// Those that are not filled.
    columns: Vec<String>,
    with: Option<Value>,
}

fn expression(json: &Json, filled: &mut Filled) -> Read<Value> {
    if let Json::String(text) = json {
        return match text.strip_prefix('$') {
            Some(name) if !name.starts_with('$') => {
                filled.columns.push(name.into());
                Ok(Value::Column(name.into()))
            }
            _ => Ok(Value::Text(text.clone())),
        };
    }
    let Some((operator, given)) =
        json.as_object().filter(|fields| fields.len() == 1).and_then(|fields| fields.iter().next())
    else {
        return literal_from(json).ok_or_else(|| "a value that is neither a field nor a literal".into());
    };
    match (operator.as_str(), given.as_array().map(Vec::as_slice)) {
        ("$literal", _) => literal_from(given).ok_or_else(|| "a literal list or object".into()),
        ("$ifNull", Some([Json::String(name), with])) if name.starts_with('$') => {
            let mut none = Filled::default();
            let with = expression(with, &mut none)?;
            if !none.columns.is_empty() || filled.with.as_ref().is_some_and(|other| *other != with) {
                return Err("fields that are filled with different values".into());
            }
            filled.with = Some(with);
            Ok(Value::Column(name[1..].into()))
        }
        ("$add" | "$subtract" | "$multiply" | "$divide", Some([left, right])) => {
            let calculation = match operator.as_str() {
                "$add" => Arithmetic::Add,
                "$subtract" => Arithmetic::Subtract,
                "$multiply" => Arithmetic::Multiply,
                _ => Arithmetic::Divide,
            };
            let [left, right] = [expression(left, filled)?, expression(right, filled)?];
            if calculation == Arithmetic::Divide && !matches!(right, Value::Number(number) if number != 0.0) {
                return Err("a division by what may be 0, which fails in MongoDB".into());
            }
            Ok(Value::Calculation(calculation, Box::new([left.operand(), right.operand()])))
        }
        _ => Err(format!("“{operator}” in an expression")),
    }
}

/// Two fields, where a missing one comes before all others.
fn columns(a: &str, comparison: Comparison, b: &str) -> Rule {
    let test = |comparison| asked(a, compares(comparison, Value::Column(b.into())), Some(false));
    let (no_a, no_b) = (missing(a, false), missing(b, false));
    let both = joined(Combinator::And, vec![no_a.clone(), no_b.clone()]);
    let more = match comparison {
        Comparison::NotEqual => return not(columns(a, Comparison::Equal, b)),
        Comparison::Equal => both,
        Comparison::Less => joined(Combinator::And, vec![no_a, not(no_b)]),
        Comparison::AtMost => no_a,
        Comparison::Greater => joined(Combinator::And, vec![no_b, not(no_a)]),
        Comparison::AtLeast => no_b,
    };
    joined(Combinator::Or, vec![test(comparison), more])
}

/// `{$all: options, $not: {$elemMatch: {$nin: options}}}`: these and no others.
fn exactly(operators: &Map<String, Json>) -> Option<Vec<Value>> {
    let all = operators.get("$all").filter(|_| operators.len() == 2)?;
    let others = operators.get("$not")?.get("$elemMatch")?.get("$nin")?;
    if all != others {
        return None;
    }
    all.as_array()?.iter().map(literal_from).collect::<Option<Vec<Value>>>().filter(|values| !values.is_empty())
}

fn comparison(operator: &str) -> Option<Comparison> {
    Some(match operator {
        "$eq" => Comparison::Equal,
        "$ne" => Comparison::NotEqual,
        "$lt" => Comparison::Less,
        "$lte" => Comparison::AtMost,
        "$gt" => Comparison::Greater,
        "$gte" => Comparison::AtLeast,
        _ => return None,
    })
}

/// A pattern that means a text: whether it must begin there, the text, and whether it must end there.
fn plain_regex(pattern: &str) -> Option<(bool, String, bool)> {
    let (start, rest) = pattern.strip_prefix('^').map_or((false, pattern), |rest| (true, rest));
    let ended =
        rest.strip_suffix(r"(?![\s\S])").or_else(|| rest.strip_suffix('$').filter(|inner| !inner.ends_with('\\')));
    let (end, rest) = ended.map_or((false, rest), |rest| (true, rest));
    let (mut text, mut chars) = (String::new(), rest.chars());
    while let Some(char) = chars.next() {
        match char {
            '\\' => match chars.next()? {
                escaped if escaped.is_ascii_punctuation() => text.push(escaped),
                _ => return None,
            },
            char if r"\.+*?()|[]{}^$".contains(char) => return None,
            char => text.push(char),
        }
    }
    Some((start, text, end))
}
