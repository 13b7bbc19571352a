//! Does something that is kept depend on itself? Segments refer to segments by name, and to groupings as columns of labels;
//! groupings are made of rules.

use crate::error::{Code, Error, Result};
use crate::segment::rules::format::format_name;
use crate::segment::rules::from_json::from_json;
use crate::segment::rules::tree::Rule;
use crate::study::study::Study;
use serde_json::Value;

impl Study {
    /// Refuses rules by which a segment or grouping of this name would depend on itself, over whatever else is kept.
    ///
    /// # Errors
    /// `rule-cycle`, with the whole way round.
    pub(in crate::study) fn refuse_circles(&self, name: &str, rules: &[Rule]) -> Result<()> {
        // Each name that was reached, and from where in this list.
        let mut reached: Vec<(String, usize)> = vec![(name.to_string(), 0)];
        let mut next = 0;
        while next < reached.len() {
            let kept = if next == 0 { rules.to_vec() } else { self.rules_of(&reached[next].0)? };
            for named in kept.iter().flat_map(|rule| self.kept_names(rule)) {
                if named == name {
                    return Err(circle(&reached, next));
                }
                if reached.iter().all(|(known, _)| *known != named) {
                    reached.push((named, next));
                }
            }
            next += 1;
        }
        Ok(())
    }

    /// The segments and groupings of which a rule speaks.
    fn kept_names(&self, rule: &Rule) -> Vec<String> {
        let is_grouping = |name: &&str| self.groupings.iter().any(|kept| kept.grouping.name == *name);
        let segments = rule.segments().into_iter().map(|reference| reference.name.clone());
        segments.chain(rule.columns().into_iter().filter(is_grouping).map(str::to_string)).collect()
    }

    /// The rules behind a name: a segment's, or those of a grouping's tiers.
    fn rules_of(&self, name: &str) -> Result<Vec<Rule>> {
        let segment = self.definitions.segments.get(name).cloned();
        let grouping = self.groupings.iter().find(|kept| kept.grouping.name == name);
        let tiers = grouping.into_iter().flat_map(|kept| ["tiers", "scheme"].map(|key| kept.definition.get(key)));
        let tiers = tiers.flatten().filter_map(Value::as_array).flatten().filter_map(|tier| tier.get("rule"));
        segment.map(Ok).into_iter().chain(tiers.map(from_json)).collect()
    }
}

/// The way from the first name to the one at `last`, which leads back to the first.
fn circle(reached: &[(String, usize)], last: usize) -> Error {
    let mut way = vec![0];
    let mut at = last;
    while at != 0 {
        way.push(at);
        at = reached[at].1;
    }
    way.push(0);
    let names: Vec<String> = way.iter().rev().map(|&at| format_name(&reached[at].0)).collect();
    let message = format!("Nothing can depend on itself: {}. Change one of these rules.", names.join(" → "));
    Error::new(Code::RuleCycle, message)
}
