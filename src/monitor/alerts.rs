//! Which of the changes want attention? Thresholds in shares or counts, from a smallest size on.

use crate::error::{Code, Error, Result};
use crate::monitor::drift::{Index, Level};
use crate::monitor::migration::Flow;
use crate::monitor::watch::Lost;
use crate::table::figures::{grouped, percent, short};
use crate::table::table::nearest_names;
use serde_json::{Value, json};

/// What is told when nothing else is said: groups that grew or shrank by more than a quarter.
const SIZE: f64 = 0.25;
/// Indices of drift beyond this.
const PSI: f64 = 0.25;
/// Groups and columns with fewer customers are left alone.
pub const SMALLEST: u64 = 100;
/// Names that an error tells, at most.
const NAMED: usize = 10;
/// What can be measured.
const MEASURES: [&str; 6] = ["size", "entered", "left", "retention", "psi", "no-match"];

/// When to tell.
#[derive(Clone, Debug, PartialEq)]
pub struct AlertRule {
    measure: String,
    /// Only of this segment or group.
    segment: Option<String>,
    /// Only of this column.
    column: Option<String>,
    above: Option<f64>,
    below: Option<f64>,
    /// Thresholds are customers rather than shares.
    counts: bool,
    smallest: u64,
}

/// The rules as they were asked for, or the usual ones.
///
/// # Errors
/// `bad-option` for measures that there are not, thresholds that are no numbers, and rules without any.
pub fn rules(options: &Value) -> Result<Vec<AlertRule>> {
    let usual = json!([
        { "measure": "size", "above": SIZE, "below": -SIZE },
        { "measure": "psi", "above": PSI },
        { "measure": "no-match" },
    ]);
    let wrong = |message: String| Error::new(Code::BadOption, message);
    let smallest = match &options["smallest"] {
        Value::Null => SMALLEST as f64,
        given => given.as_f64().unwrap_or(-1.0),
    };
    let asked = if options["alerts"].is_null() { &usual } else { &options["alerts"] };
    let list = asked.as_array().ok_or_else(|| wrong("“alerts” is to be a list of rules.".into()))?;
    let rule = |rule: &Value| {
        let text = |key: &str| rule[key].as_str().map(String::from);
        let number = |key: &str| match &rule[key] {
            Value::Null => Ok(None),
            value => {
                let wrong = || wrong(format!("“{key}” of an alert is to be a number, not {value}."));
                value.as_f64().map(Some).ok_or_else(wrong)
            }
        };
        let measure = text("measure").filter(|measure| MEASURES.contains(&measure.as_str())).ok_or_else(|| {
            wrong(format!(
                "An alert can measure {}; not {}.",
                MEASURES.map(|one| format!("“{one}”")).join(", "),
                rule["measure"]
            ))
        })?;
        let (above, below) = (number("above")?, number("below")?);
        if measure != "no-match" && above.is_none() && below.is_none() {
            return Err(wrong(format!("When shall an alert on “{measure}” be told? Say “above” or “below”.")));
        }
        if measure == "no-match" && (above.is_some() || below.is_some()) {
            return Err(wrong("An alert on “no-match” takes no threshold: leave out “above” and “below”.".into()));
        }
        let counts = match rule["unit"].as_str() {
            None if rule["unit"].is_null() => false,
            Some("share") => false,
            Some("count") if !["retention", "psi"].contains(&measure.as_str()) => true,
            _ => return Err(wrong(format!("The unit of an alert on “{measure}” cannot be {}.", rule["unit"]))),
        };
        let smallest = number("smallest")?.unwrap_or(smallest);
        if smallest < 0.0 {
            return Err(wrong("“smallest” is to be a number of customers, 0 or more.".into()));
        }
        for key in ["segment", "column"] {
            if !rule[key].is_null() && !rule[key].is_string() {
                return Err(wrong(format!("“{key}” of an alert is to be a name, not {}.", rule[key])));
            }
        }
        let (segment, column) = (text("segment"), text("column"));
        Ok(AlertRule { measure, segment, column, above, below, counts, smallest: smallest as u64 })
    };
    list.iter().map(rule).collect()
}

/// Names that an alert can be about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Names {
    /// All there are, then or now.
    pub all: Vec<String>,
    /// Those that can be told of, which takes both sides.
    pub followed: Vec<String>,
}

impl Names {
    /// What is to be noted of a name that one side lacks.
    fn check(&self, name: &str, what: &str, unfollowed: &[(String, &str)]) -> Result<Option<String>> {
        if self.followed.iter().any(|known| known == name) {
            return Ok(None);
        }
        if self.all.iter().any(|known| known == name) {
            let why = unfollowed.iter().find(|(known, _)| known == name).map(|(_, why)| format!(": {why}"));
            let why = why.unwrap_or_default();
            return Ok(Some(format!("An alert asks for “{name}”, which cannot be followed from then to now{why}.")));
        }
        let mut there: Vec<String> = Vec::new();
        self.all.iter().for_each(|known| {
            if !there.contains(known) {
                there.push(known.clone())
            }
        });
        let near = nearest_names(name, there.iter().map(String::as_str));
        let others = there.iter().filter(|known| !near.contains(known));
        let listed: Vec<String> = near.iter().chain(others).take(NAMED).map(|known| format!("“{known}”")).collect();
        let more = if there.len() > NAMED { " and others" } else { "" };
        let rest = match listed.as_slice() {
            [] => "There is none.".to_string(),
            _ => format!("There are {}{more}.", listed.join(", ")),
        };
        let error = Error::new(Code::BadOption, format!("There is no {what} “{name}” for an alert to tell of. {rest}"));
        Err(error.suggestions(near))
    }
}

/// What alerts can be about in a comparison.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Known {
    /// Segments, for drift within them.
    pub segments: Names,
    /// Segments and the groups of groupings, for sizes.
    pub labels: Names,
    /// Whose rules are watched: segments, and tiers as “Tiers: first”.
    pub watched: Names,
    /// Columns.
    pub columns: Names,
    /// Columns of now whose drift is not told, and why.
    pub unfollowed: Vec<(String, &'static str)>,
}

impl AlertRule {
    /// What is to be noted of names that one side lacks.
    ///
    /// # Errors
    /// `bad-option` for names that neither side has.
    pub fn check(&self, known: &Known) -> Result<Vec<String>> {
        let (names, what) = match self.measure.as_str() {
            "psi" => (&known.segments, "segment"),
            "no-match" => (&known.watched, "segment or tier with a rule"),
            _ => (&known.labels, "segment or group"),
        };
        let segment = self.segment.as_ref().map_or(Ok(None), |name| names.check(name, what, &[]))?;
        let column =
            self.column.as_ref().map_or(Ok(None), |name| known.columns.check(name, "column", &known.unfollowed))?;
        Ok(segment.into_iter().chain(column).collect())
    }

    fn passed(&self, value: f64) -> Option<f64> {
        let above = self.above.filter(|&above| value > above);
        above.or(self.below.filter(|&below| value < below))
    }

    fn is_about(&self, segment: &str) -> bool {
        self.segment.as_ref().is_none_or(|wanted| wanted == segment)
    }

    /// What is to be told of a segment (or a group of a grouping).
    pub fn of_flow(&self, grouping: Option<&str>, flow: &Flow) -> Option<Value> {
        if !self.is_about(&flow.label) || flow.before.max(flow.after) < self.smallest {
            return None;
        }
        let [before, after, entered, left] = [flow.before, flow.after, flow.entered, flow.left].map(|n| n as f64);
        let (count, whole) = match self.measure.as_str() {
            "size" => (after - before, before),
            "entered" => (entered, after),
            "left" => (left, before),
            "retention" => (flow.stayed as f64, before),
            _ => return None,
        };
        // A segment that nobody was in has grown beyond every share.
        let share = if whole > 0.0 {
            count / whole
        } else if count > 0.0 {
            f64::MAX
        } else {
            return None;
        };
        let value = if self.counts { count } else { share };
        let threshold = self.passed(value)?;
        let name = grouping.map_or(format!("“{}”", flow.label), |of| format!("“{}” of “{of}”", flow.label));
        let figure = |n: f64| grouped(n.abs() as u64);
        let of = |part: f64, whole: f64| percent(part as u64, whole as u64);
        let what = match self.measure.as_str() {
            "size" if before == 0.0 => format!("{name} has {} customers and had none", figure(after)),
            "size" => {
                let word = if count < 0.0 { "fewer" } else { "more" };
                format!(
                    "{name} has {} customers, {} {word} than the {} of then",
                    figure(after),
                    of(count.abs(), before),
                    figure(before)
                )
            }
            "entered" => format!(
                "{} of the {} customers of {name} are new to it ({})",
                figure(entered),
                figure(after),
                of(entered, after)
            ),
            "left" => format!(
                "{} of the {} customers of {name} have left it ({})",
                figure(left),
                figure(before),
                of(left, before)
            ),
            _ => format!(
                "{} of the {} customers of {name} are still in it ({})",
                figure(count),
                figure(before),
                of(count, before)
            ),
        };
        let limit = if self.counts { figure(threshold) } else { format!("{} %", short(threshold.abs() * 100.0)) };
        let message = format!("{what}; the threshold is {limit}.");
        // JSON has no infinity.
        let value = if value == f64::MAX { Value::Null } else { json!(value) };
        let mut alert = json!({
            "code": self.measure, "message": message, "segment": flow.label, "value": value,
            "threshold": threshold, "n": flow.before.max(flow.after),
        });
        if let Some(grouping) = grouping {
            alert["grouping"] = grouping.into();
        }
        Some(alert)
    }

    /// What is to be told of a column, for everyone or within a segment.
    pub fn of_drift(&self, segment: Option<&str>, column: &str, index: &Index, sentence: &str) -> Option<Value> {
        let is_other = |wanted: &Option<String>, name: &str| wanted.as_ref().is_some_and(|wanted| wanted != name);
        // Rules of everyone are not about segments.
        if self.measure != "psi"
            || is_other(&self.column, column)
            || self.segment.as_deref() != segment
            || index.n < self.smallest
        {
            return None;
        }
        // What chance alone makes is no news, however large.
        let threshold = self.passed(index.psi).filter(|_| index.level > Level::Stable || self.below.is_some())?;
        let mut alert = json!({
            "code": "psi", "message": sentence, "column": column, "value": index.psi, "threshold": threshold, "n": index.n,
        });
        if let Some(segment) = segment {
            alert["segment"] = segment.into();
        }
        Some(alert)
    }

    /// What is to be told of a rule that finds nothing any more. No size is too small for that.
    pub fn of_lost(&self, lost: &Lost) -> Option<Value> {
        if self.measure != "no-match" || !self.is_about(&lost.name) {
            return None;
        }
        let mut alert = json!({
            "code": "no-match", "message": lost.message, "segment": lost.name, "value": 0, "threshold": 0, "n": lost.n,
        });
        if let Some(column) = &lost.column {
            alert["column"] = column.as_str().into();
            alert["values"] = json!(lost.values);
        }
        Some(alert)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flow(before: u64, after: u64, stayed: u64) -> Flow {
        let (entered, left) = (after - stayed, before - stayed);
        Flow { label: "A".into(), before, after, stayed, entered, left, is_new: 0, lost: 0, money: [0.0; 4] }
    }

    fn told(options: Value, flow: &Flow) -> Vec<Value> {
        rules(&options).unwrap().iter().filter_map(|rule| rule.of_flow(None, flow)).collect()
    }

    #[test]
    fn the_usual_rules_tell_of_a_quarter_from_a_hundred_on() {
        assert!(told(json!({}), &flow(400, 300, 300)).is_empty(), "a quarter is not more than a quarter");
        let alerts = told(json!({}), &flow(4_000, 2_900, 2_900));
        assert_eq!(
            (&alerts[0]["code"], &alerts[0]["value"], &alerts[0]["n"]),
            (&json!("size"), &json!(-0.275), &json!(4000))
        );
        assert_eq!(
            alerts[0]["message"],
            "“A” has 2,900 customers, 27.5 % fewer than the 4,000 of then; the threshold is 25 %."
        );
        assert!(told(json!({}), &flow(99, 5, 5)).is_empty());
        assert_eq!(told(json!({ "smallest": 50 }), &flow(99, 5, 5)).len(), 1);
        let grown = &told(json!({}), &flow(0, 120, 0))[0];
        assert_eq!((&grown["value"], &grown["threshold"]), (&Value::Null, &json!(0.25)));
        assert!(told(json!({}), &flow(0, 0, 0)).is_empty());
    }

    #[test]
    fn thresholds_in_customers_and_of_one_segment() {
        let rule = |measure: &str, above: f64| json!({ "alerts": [{ "measure": measure, "above": above, "unit": "count", "segment": "A" }] });
        assert_eq!(told(rule("left", 99.0), &flow(500, 400, 400)).len(), 1);
        assert_eq!(told(rule("left", 100.0), &flow(500, 400, 400)).len(), 0);
        let other = json!({ "alerts": [{ "measure": "retention", "below": 0.9, "segment": "B" }] });
        assert!(told(other, &flow(500, 400, 400)).is_empty());
        let alerts = told(json!({ "alerts": [{ "measure": "retention", "below": 0.9 }] }), &flow(500, 400, 400));
        assert_eq!(alerts[0]["value"], 0.8);
    }

    #[test]
    fn rules_that_cannot_be_meant_are_refused() {
        for wrong in [
            json!([{ "measure": "seize", "above": 1 }]),
            json!([{ "measure": "size" }]),
            json!([{ "measure": "size", "above": "much" }]),
            json!([{ "measure": "psi", "above": 1, "unit": "count" }]),
            json!([{ "measure": "size", "above": 1, "smallest": -1 }]),
            json!([{ "measure": "no-match", "above": 1 }]),
            json!([{ "measure": "no-match", "below": 1 }]),
            json!([{ "measure": "size", "above": 1, "segment": 5 }]),
            json!("all"),
        ] {
            assert_eq!(rules(&json!({ "alerts": wrong })).unwrap_err().code, Code::BadOption);
        }
    }
}
