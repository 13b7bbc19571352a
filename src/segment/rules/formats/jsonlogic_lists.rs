//! What does JsonLogic ask of the entries of a list? Said in tests of a column of lists, whose entries are texts.

use crate::segment::rules::formats::constant::{compare, comparison, fold, needs_data, truthy, turned};
use crate::segment::rules::formats::imported::{asked, joined, nobody, not, operands};
use crate::segment::rules::formats::lowered::opposite;
use crate::segment::rules::formats::number_pattern::pattern;
use crate::segment::rules::formats::written::regex_escaped;
use crate::segment::rules::patterns::Pattern;
use crate::segment::rules::tree::{Combinator, Comparison, Holding, Operand, PatternKind, Rule, Test, Value};
use serde_json::{Value as Json, json};

/// Of so many texts all combinations are written out.
const MOST: usize = 4;

/// The column whose entries are asked.
#[derive(Debug)]
pub struct Entries<'a> {
    column: &'a str,
}

impl Entries<'_> {
    /// The entries of this column.
    pub fn of(column: &str) -> Entries<'_> {
        Entries { column }
    }

    /// For whom all, some or none of the entries pass.
    ///
    /// # Errors
    /// The reason, where a column of lists cannot be asked so.
    pub fn rule(&self, how: &str, asked: &Json) -> Result<Rule, String> {
        Ok(match how {
            "some" => self.hit(asked, true)?,
            "none" => not(self.hit(asked, true)?),
            _ => joined(Combinator::And, vec![self.any(), not(self.hit(asked, false)?)]),
        })
    }

    fn any(&self) -> Rule {
        asked(self.column, Test::Blank { negated: true }, None)
    }

    fn test(&self, test: Test) -> Rule {
        asked(self.column, test, Some(false))
    }

    /// For whom there is an entry of which `asked` is `want`.
    fn hit(&self, asked: &Json, want: bool) -> Result<Rule, String> {
        if !needs_data(asked) {
            return Ok(if truthy(&fold(asked, None)?) == want { self.any() } else { nobody() });
        }
        // A single value has no fields: whatever is asked of one is asked of null. (A text has a length.)
        if fields_of(asked).is_some_and(|names| !names.is_empty() && names.iter().all(|name| *name != "length")) {
            let answer = fold(asked, Some(&Json::Null))?;
            return Ok(if truthy(&answer) == want { self.any() } else { nobody() });
        }
        let Some((operation, given)) = asked.as_object().and_then(|fields| fields.iter().next()) else {
            return Err("it is neither an operation nor a constant".into());
        };
        let parts = given.as_array().map_or(std::slice::from_ref(given), Vec::as_slice);
        match (operation.as_str(), parts) {
            ("!", [inner]) => self.hit(inner, !want),
            ("and" | "or", [inner]) => self.hit(inner, want),
            ("and" | "or", _) if (operation == "or") == want => {
                let hits = parts.iter().map(|part| self.hit(part, want)).collect::<Result<Vec<_>, _>>()?;
                Ok(joined(Combinator::Or, hits))
            }
            ("in", [needle, hay]) if is_entry(needle) && want => {
                let options = texts(hay).ok_or("“in” works for a list of texts that are not empty")?;
                Ok(self.test(Test::Holds { negated: false, how: Holding::Any, options }))
            }
            ("in", [needle, hay]) if is_entry(needle) => {
                let options = texts(hay).filter(|options| options.len() <= MOST);
                let options = options.ok_or(format!("all entries among more than {MOST} texts"))?;
                // All are among them: they are just some of them.
                let some = (1..1usize << options.len()).map(|chosen| {
                    let kept = options.iter().enumerate().filter(|(at, _)| chosen >> at & 1 == 1);
                    let options = kept.map(|(_, option)| option.clone()).collect();
                    self.test(Test::Holds { negated: false, how: Holding::Exactly, options })
                });
                Ok(joined(Combinator::And, vec![self.any(), not(joined(Combinator::Or, some.collect()))]))
            }
            ("in", [Json::String(text), hay]) if is_entry(hay) && want => Ok(self.test(matches(regex_escaped(text))?)),
            ("==" | "===" | "!=" | "!==" | "<" | "<=" | ">" | ">=", [left, right]) => {
                let (symbol, with) = match (is_entry(left), is_entry(right)) {
                    (true, false) if !needs_data(right) => (operation.as_str(), fold(right, None)?),
                    (false, true) if !needs_data(left) => (turned(operation), fold(left, None)?),
                    _ => return Err("an entry can be compared with a constant".into()),
                };
                self.compared(symbol, &with, want)
            }
            _ => Err("this cannot be asked of one entry of a list".into()),
        }
    }

    fn compared(&self, symbol: &str, with: &Json, want: bool) -> Result<Rule, String> {
        let sign = comparison(symbol);
        match with {
            Json::String(text) if text.is_empty() => Err("an empty entry, which lists do not keep".into()),
            Json::String(text) => match sign {
                Comparison::Equal | Comparison::NotEqual => {
                    let options = vec![Value::Text(text.clone()).operand()];
                    // Some entry is another one when they are not just this one.
                    Ok(if (sign == Comparison::Equal) == want {
                        self.test(Test::Holds { negated: false, how: Holding::Any, options })
                    } else {
                        let other = self.test(Test::Holds { negated: true, how: Holding::Exactly, options });
                        joined(Combinator::And, vec![self.any(), other])
                    })
                }
                _ => Err("the order of texts in a list".into()),
            },
            Json::Number(bound) => {
                let bound = bound.as_f64().unwrap_or_default();
                let mut said = pattern(if want { sign } else { opposite(sign) }, bound);
                // What is no number passes nothing but "not equal".
                if (sign == Comparison::NotEqual) == want {
                    said.push_str("|[^0-9.-]");
                }
                for truth in [true, false] {
                    if compare(symbol, &json!(truth), with)? == want {
                        said = format!("{said}|^{truth}$");
                    }
                }
                Ok(self.test(matches(said)?))
            }
            _ => Err("an entry can be compared with a number or a text".into()),
        }
    }
}

/// The names of fields that are asked for, where nothing but fields is.
fn fields_of(asked: &Json) -> Option<Vec<&str>> {
    match asked {
        Json::Array(parts) => parts.iter().map(fields_of).collect::<Option<Vec<_>>>().map(|names| names.concat()),
        Json::Object(fields) => {
            let names = fields.iter().map(|(key, inner)| match (key.as_str(), inner) {
                ("var" | "val", Json::String(name)) if !name.is_empty() => Some(vec![name.as_str()]),
                ("var" | "val" | "exists" | "missing" | "missing_some", _) => None,
                _ => fields_of(inner),
            });
            names.collect::<Option<Vec<_>>>().map(|names| names.concat())
        }
        _ => Some(Vec::new()),
    }
}

fn matches(pattern: String) -> Result<Test, String> {
    Pattern::new(PatternKind::Matches, &pattern, false)
        .map_err(|_| "a number or text of so many characters, asked of the entries of a list")?;
    Ok(Test::Pattern { negated: false, kind: PatternKind::Matches, pattern: Value::Text(pattern).operand() })
}

/// The entry itself.
fn is_entry(logic: &Json) -> bool {
    *logic == json!({ "var": "" }) || *logic == json!({ "val": [] }) || *logic == json!({ "var": [""] })
}

/// A list of texts, none of them empty, as operands.
fn texts(options: &Json) -> Option<Vec<Operand>> {
    let texts: Option<Vec<Value>> = options
        .as_array()?
        .iter()
        .map(|option| option.as_str().filter(|text| !text.is_empty()).map(|text| Value::Text(text.into())))
        .collect();
    texts.filter(|texts| !texts.is_empty()).map(operands)
}
