//! What do the names in a rule stand for? Segments and parameters that rules may refer to.

use crate::error::Code;
use crate::segment::rules::format::format_name;
use crate::segment::rules::rule_error::RuleError;
use crate::segment::rules::tree::{Place, Reference, Rule, Value};
use crate::table::table::nearest_names;
use std::collections::BTreeMap;

/// Segments and parameters by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Definitions {
    /// Named rules, which may refer to one another but not in a circle.
    pub segments: BTreeMap<String, Rule>,
    /// Literals.
    pub parameters: BTreeMap<String, Value>,
}

impl Definitions {
    /// The rule of a segment.
    ///
    /// # Errors
    /// `not-found`, with the nearest names.
    pub fn segment(&self, reference: &Reference) -> Result<&Rule, RuleError> {
        self.segments.get(&reference.name).ok_or_else(|| {
            let nearest = nearest_names(&reference.name, self.segments.keys().map(String::as_str));
            let hint = nearest.first().map(|best| format!(" Did you mean “{best}”?")).unwrap_or_default();
            let message = format!("There is no segment “{}”.{hint}", reference.name);
            let names = nearest.iter().map(|name| format!("'{}'", name.replace('\'', "''")));
            RuleError::new(Code::NotFound, reference.place, message).suggest(names)
        })
    }

    /// The literal of a parameter.
    ///
    /// # Errors
    /// `not-found`, with the nearest names.
    pub fn parameter(&self, name: &str, place: Place) -> Result<&Value, RuleError> {
        self.parameters.get(name).ok_or_else(|| {
            let nearest = nearest_names(name, self.parameters.keys().map(String::as_str));
            let hint = nearest.first().map(|best| format!(" Did you mean :{best}?")).unwrap_or_default();
            let message = format!("The parameter :{name} has no value.{hint}");
            RuleError::new(Code::NotFound, place, message).suggest(nearest.iter().map(|name| format!(":{name}")))
        })
    }

    /// Refuses a rule that refers to itself, over however many segments. `name` is the segment whose rule it is to be.
    ///
    /// # Errors
    /// `rule-cycle`, with the whole way round.
    pub fn refuse_cycles(&self, name: Option<&str>, rule: &Rule) -> Result<(), RuleError> {
        // What is on the way from the rule to the segment at hand, and what was found to lead nowhere back.
        let mut way: Vec<String> = name.map(str::to_string).into_iter().collect();
        let mut done = Vec::new();
        self.walk(rule, &mut way, &mut done)
    }

    fn walk(&self, rule: &Rule, way: &mut Vec<String>, done: &mut Vec<String>) -> Result<(), RuleError> {
        for reference in rule.segments() {
            if let Some(start) = way.iter().position(|passed| *passed == reference.name) {
                let circle: Vec<String> =
                    way[start..].iter().chain([&reference.name]).map(|name| format_name(name)).collect();
                let message =
                    format!("A segment cannot depend on itself: {}. Change one of these rules.", circle.join(" → "));
                return Err(RuleError::new(Code::RuleCycle, reference.place, message));
            }
            let Some(next) = self.segments.get(&reference.name).filter(|_| !done.contains(&reference.name)) else {
                continue;
            };
            way.push(reference.name.clone());
            // Mistakes are shown where the rule at hand refers to the first segment of the way.
            self.walk(next, way, done).map_err(|error| RuleError {
                at: reference.place.at,
                length: reference.place.length,
                ..error
            })?;
            way.pop();
            done.push(reference.name.clone());
        }
        Ok(())
    }
}
