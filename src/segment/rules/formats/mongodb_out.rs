//! How does a MongoDB filter say a rule? A missing value is an absent field or null, a day its ISO text.

use crate::segment::rules::formats::lowered::{Expression, Literal, Logic, Question, columns_of};
use crate::segment::rules::formats::written::{literal_json, regex_of};
use crate::segment::rules::kernels::mirrored;
use crate::segment::rules::tree::{Arithmetic, Comparison, Holding};
use serde_json::{Map, Value as Json, json};

/// The rule as a filter.
///
/// # Errors
/// What a filter has no words for.
pub fn write(logic: &Logic) -> Result<Json, String> {
    Ok(match logic {
        Logic::Constant(true) => json!({}),
        Logic::Constant(false) => json!({ "$nor": [{}] }),
        Logic::All(parts) => merged(parts.iter().map(write).collect::<Result<_, _>>()?),
        Logic::Any(parts) => json!({ "$or": parts.iter().map(write).collect::<Result<Vec<_>, _>>()? }),
        Logic::Missing(name, true) => json!({ (field(name)?): null }),
        Logic::Missing(name, false) => json!({ (field(name)?): { "$ne": null } }),
        Logic::Compare(left, comparison, right) => compare(left, *comparison, right)?,
        Logic::Asks(name, question, sense) => asks(field(name)?, question, *sense)?,
    })
}

fn compare(left: &Expression, comparison: Comparison, right: &Expression) -> Result<Json, String> {
    let (name, comparison, literal) = match (left, right) {
        (Expression::Column(name), Expression::Literal(literal)) => (name, comparison, literal),
        (Expression::Literal(literal), Expression::Column(name)) => (name, mirrored(comparison), literal),
        _ => {
            let said = json!({ "$expr": { (operator(comparison)): [value(left)?, value(right)?] } });
            let mut columns = Vec::new();
            columns_of(left, &mut columns);
            columns_of(right, &mut columns);
            let mut parts = Vec::new();
            for name in &columns {
                parts.push(json!({ (field(name)?): { "$ne": null } }));
            }
            parts.push(said);
            return Ok(merged(parts));
        }
    };
    let (name, literal) = (field(name)?, literal_json(literal));
    Ok(match comparison {
        Comparison::Equal => json!({ name: literal }),
        // "Not equal" is also met by whoever has no value.
        Comparison::NotEqual => json!({ name: { "$nin": [literal, null] } }),
        other => json!({ name: { (operator(other)): literal } }),
    })
}

fn asks(name: &str, question: &Question, sense: bool) -> Result<Json, String> {
    let said = match question {
        Question::Among(options) => {
            let mut options: Vec<Json> = options.iter().map(literal_json).collect();
            if !sense {
                options.push(Json::Null);
            }
            return Ok(json!({ name: { (if sense { "$in" } else { "$nin" }): options } }));
        }
        Question::Has { place, text, ignoring_case } => {
            let mut said = json!({ "$regex": regex_of(*place, text, r"(?![\s\S])") });
            if *ignoring_case {
                said["$options"] = json!("i");
            }
            said
        }
        Question::Matches { .. } => return Err(format!("“{name}” with a pattern, which MongoDB reads differently")),
        Question::Filled => {
            return Ok(json!({ name: { (if sense { "$nin" } else { "$in" }): [null, []] } }));
        }
        Question::Holds(Holding::Any, options) => json!({ "$in": options }),
        Question::Holds(Holding::All, options) => json!({ "$all": options }),
        Question::Holds(Holding::Exactly, options) => {
            let exactly = json!({ "$all": options, "$not": { "$elemMatch": { "$nin": options } } });
            return Ok(match sense {
                true => json!({ name: exactly }),
                false => json!({ "$nor": [{ name: exactly }], name: { "$ne": null } }),
            });
        }
    };
    Ok(json!({ name: if sense { said } else { json!({ "$not": said, "$ne": null }) } }))
}

/// Several filters in one: side by side where no key is said twice.
fn merged(parts: Vec<Json>) -> Json {
    let mut all = Map::new();
    for part in &parts {
        for (key, inner) in part.as_object().into_iter().flatten() {
            if all.insert(key.clone(), inner.clone()).is_some() {
                return json!({ "$and": parts });
            }
        }
    }
    Json::Object(all)
}

fn value(expression: &Expression) -> Result<Json, String> {
    Ok(match expression {
        Expression::Column(name) => json!(format!("${}", field(name)?)),
        Expression::Literal(Literal::Text(text)) => json!({ "$literal": text }),
        Expression::Literal(literal) => literal_json(literal),
        Expression::Filled(name, literal) => {
            json!({ "$ifNull": [format!("${}", field(name)?), value(&Expression::Literal(literal.clone()))?] })
        }
        Expression::Calculation(calculation, of) => {
            let name = match calculation {
                Arithmetic::Add => "$add",
                Arithmetic::Subtract => "$subtract",
                Arithmetic::Multiply => "$multiply",
                Arithmetic::Divide => "$divide",
            };
            json!({ name: [value(&of[0])?, value(&of[1])?] })
        }
    })
}

/// A name that a filter takes for a field.
fn field(name: &str) -> Result<&str, String> {
    if name.starts_with('$') || name.is_empty() { Err(format!("the column “{name}”")) } else { Ok(name) }
}

fn operator(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equal => "$eq",
        Comparison::NotEqual => "$ne",
        Comparison::Less => "$lt",
        Comparison::AtMost => "$lte",
        Comparison::Greater => "$gt",
        Comparison::AtLeast => "$gte",
    }
}
