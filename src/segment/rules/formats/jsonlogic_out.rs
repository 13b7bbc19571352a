//! How does JsonLogic say a rule? In the operations that every implementation has.

use crate::segment::rules::formats::lowered::{Expression, Logic, Place, Question, columns_of};
use crate::segment::rules::formats::written::literal_json;
use crate::segment::rules::tree::{Comparison, Holding};
use serde_json::{Value as Json, json};

/// The rule in JsonLogic. A missing value is an absent field or null, a day its ISO text.
///
/// # Errors
/// What JsonLogic has no words for.
pub fn write(logic: &Logic) -> Result<Json, String> {
    Ok(match logic {
        Logic::Constant(answer) => json!(answer),
        Logic::All(parts) => json!({ "and": parts.iter().map(write).collect::<Result<Vec<_>, _>>()? }),
        Logic::Any(parts) => json!({ "or": parts.iter().map(write).collect::<Result<Vec<_>, _>>()? }),
        Logic::Missing(name, true) => json!({ "===": [var(name), null] }),
        Logic::Missing(name, false) => present(name),
        Logic::Compare(left, comparison, right) => {
            let said = json!({ (symbol(*comparison)): [value(left), value(right)] });
            let mut columns = Vec::new();
            columns_of(left, &mut columns);
            columns_of(right, &mut columns);
            let alone = matches!((left, right), (Expression::Column(_), Expression::Literal(_)));
            if alone && *comparison == Comparison::Equal { said } else { guarded(&columns, said) }
        }
        Logic::Asks(name, question, sense) => {
            let said = asks(name, question)?;
            if *sense { said } else { guarded(std::slice::from_ref(name), json!({ "!": [said] })) }
        }
    })
}

fn asks(name: &str, question: &Question) -> Result<Json, String> {
    Ok(match question {
        Question::Among(options) => json!({ "in": [var(name), options.iter().map(literal_json).collect::<Vec<_>>()] }),
        Question::Has { ignoring_case: true, .. } => return Err(format!("“{name}” ignoring case")),
        Question::Has { place, text, .. } => {
            let units = text.encode_utf16().count() as i64;
            let cut = match place {
                Place::Anywhere => return Ok(guarded(&[name.into()], json!({ "in": [text, var(name)] }))),
                Place::Whole => var(name),
                Place::Start => json!({ "substr": [var(name), 0, units] }),
                Place::End => json!({ "substr": [var(name), -units] }),
            };
            guarded(&[name.into()], json!({ "===": [cut, text] }))
        }
        Question::Matches { .. } => return Err(format!("“{name}” with a pattern")),
        Question::Filled => json!({ "!!": [var(name)] }),
        Question::Holds(how, options) => {
            let among = json!({ "in": [{ "var": "" }, options] });
            let each = options.iter().map(|option| json!({ "in": [option, var(name)] }));
            match how {
                Holding::Any => json!({ "some": [var(name), among] }),
                Holding::All => guarded(&[name.into()], json!({ "and": each.collect::<Vec<_>>() })),
                Holding::Exactly => {
                    let all = json!({ "all": [var(name), among] });
                    guarded(&[name.into()], json!({ "and": each.chain([all]).collect::<Vec<_>>() }))
                }
            }
        }
    })
}

fn guarded(columns: &[String], said: Json) -> Json {
    if columns.is_empty() {
        return said;
    }
    json!({ "and": columns.iter().map(|name| present(name)).chain([said]).collect::<Vec<_>>() })
}

fn present(name: &str) -> Json {
    json!({ "!==": [var(name), null] })
}

fn var(name: &str) -> Json {
    json!({ "var": name })
}

fn value(expression: &Expression) -> Json {
    match expression {
        Expression::Column(name) => var(name),
        Expression::Literal(literal) => literal_json(literal),
        Expression::Filled(name, literal) => {
            json!({ "if": [{ "===": [var(name), null] }, literal_json(literal), var(name)] })
        }
        Expression::Calculation(calculation, of) => json!({ (calculation.symbol()): [value(&of[0]), value(&of[1])] }),
    }
}

fn symbol(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equal => "===",
        Comparison::NotEqual => "!==",
        other => other.symbol(),
    }
}
