//! What do the names in a rule stand for? Segments and parameters that rules may refer to.

use crate::error::Code;
use crate::segment::rules::format::format_name;
use crate::segment::rules::rule_error::RuleError;
use crate::segment::rules::tree::{Place, Reference, Rule, Value};
use crate::table::table::nearest_names;
use std::collections::{BTreeMap, BTreeSet};

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
        fn references(rule: &Rule) -> Vec<&Reference> {
            rule.segments().into_iter().rev().collect()
        }
        // The way from the rule to the segment at hand, each with what is still to follow; what was found to lead nowhere back.
        let mut way = vec![(name, references(rule))];
        let mut passed: BTreeSet<&str> = name.into_iter().collect();
        let mut done: BTreeSet<&str> = BTreeSet::new();
        // Mistakes are shown where the rule at hand refers to the first segment of the way.
        let mut place = Place::default();
        while let Some((segment, waiting)) = way.last_mut() {
            let Some(reference) = waiting.pop() else {
                if let Some(segment) = segment {
                    passed.remove(segment);
                    done.insert(segment);
                }
                way.pop();
                continue;
            };
            if way.len() == 1 {
                place = reference.place;
            }
            let next = reference.name.as_str();
            if passed.contains(next) {
                let names = way.iter().filter_map(|(segment, _)| *segment).skip_while(|segment| *segment != next);
                let circle: Vec<String> = names.chain([next]).map(format_name).collect();
                let message =
                    format!("A segment cannot depend on itself: {}. Change one of these rules.", circle.join(" → "));
                return Err(RuleError::new(Code::RuleCycle, place, message));
            }
            if let Some(rule) = self.segments.get(next).filter(|_| !done.contains(next)) {
                passed.insert(next);
                way.push((Some(next), references(rule)));
            }
        }
        Ok(())
    }
}
