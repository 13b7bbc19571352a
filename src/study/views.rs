//! What goes in and out of a study, in the shapes of the public interface.

use crate::error::{Code, Error, Result};
use crate::features::rfm::{Edges, NestedEdges, ScoreOptions};
use crate::segment::grouping::Grouping;
use crate::segment::rules::check::check;
use crate::segment::rules::counts::RuleCounts;
use crate::segment::rules::from_json::from_json;
use crate::segment::rules::json::to_json;
use crate::segment::rules::parse::parse;
use crate::segment::rules::rule_error::first;
use crate::segment::rules::schema::Schema;
use crate::segment::rules::tree::{Rule, Value as Literal};
use crate::table::column::ColumnType;
use crate::table::finding::Finding;
use crate::table::table::Table;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A rule as text or as JSON.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(from = "Value")]
pub enum RuleInput {
    /// A SQL-like expression.
    Text(String),
    /// A superset of react-querybuilder's JSON.
    Json(Value),
}

impl From<Value> for RuleInput {
    fn from(value: Value) -> RuleInput {
        match value {
            Value::String(text) => RuleInput::Text(text),
            json => RuleInput::Json(json),
        }
    }
}

impl RuleInput {
    /// The syntax tree, checked against a table's columns.
    ///
    /// # Errors
    /// `rule-syntax`, `rule-type`, `unknown-column`, with the place in the text where there is one.
    pub fn tree(&self, table: &Table) -> Result<Rule> {
        let rule = match self {
            RuleInput::Text(text) => parse(text).map_err(first)?,
            RuleInput::Json(value) => from_json(value)?,
        };
        let columns: Vec<(String, ColumnType)> =
            table.columns.iter().map(|column| (column.name.clone(), column.kind())).collect();
        match check(&rule, &Schema::of(&columns)) {
            errors if errors.is_empty() => Ok(rule),
            errors => Err(first(errors)),
        }
    }
}

/// Options of a study.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct StudyOptions {
    /// ISO day to which times are measured; the table's own, or its last date, when left out.
    pub reference_date: Option<String>,
    /// Seed of everything random; 42 when left out.
    pub seed: Option<u64>,
    /// What rules call by name (`:minimum`): numbers, texts (also ISO days), yes or no.
    pub parameters: BTreeMap<String, Value>,
    /// Column of the orders that holds the customers' ids; their customer id when left out.
    pub orders_key: Option<String>,
}

impl StudyOptions {
    /// The parameters as literals.
    ///
    /// # Errors
    /// `bad-option` for other values.
    pub fn parameters(&self) -> Result<BTreeMap<String, Literal>> {
        parameters(&self.parameters)
    }
}

/// Parameters as literals.
///
/// # Errors
/// `bad-option` for other values than numbers, texts, true and false.
pub fn parameters(parameters: &BTreeMap<String, Value>) -> Result<BTreeMap<String, Literal>> {
    let literal = |(name, value): (&String, &Value)| {
        let literal = match value {
            Value::String(text) => Some(Literal::Text(text.clone())),
            Value::Bool(truth) => Some(Literal::Boolean(*truth)),
            value => value.as_f64().map(Literal::Number),
        };
        let literal = literal.ok_or_else(|| {
            Error::new(Code::BadOption, format!("The parameter “{name}” is to be a number, a text, true or false."))
        })?;
        Ok((name.clone(), literal))
    };
    parameters.iter().map(literal).collect()
}

/// A rule segment.
#[derive(Clone, Debug, Serialize)]
pub struct SegmentInfo {
    /// Unique in the study.
    pub id: String,
    /// Unique in the study.
    pub name: String,
    /// The rule as JSON.
    pub rule: Value,
    /// The rule as canonical text.
    pub text: String,
    /// Counts at every node.
    pub counts: RuleCounts,
}

/// A segment made from a snapshot.
#[derive(Clone, Debug, Serialize)]
pub struct RestoredInfo {
    /// The segment.
    #[serde(flatten)]
    pub segment: SegmentInfo,
    /// Keys of the snapshot that a customer has.
    pub found: usize,
    /// Keys that none has.
    pub missing: usize,
}

/// An exclusive grouping.
#[derive(Clone, Debug, Serialize)]
pub struct GroupingInfo {
    /// Unique in the study; rules may use it as a column of labels.
    pub name: String,
    /// One label a group.
    pub labels: Vec<String>,
    /// Customers in each group.
    pub sizes: Vec<usize>,
    /// A rule for each label, usable in the study that made the grouping.
    pub rules: Vec<Value>,
}

impl GroupingInfo {
    /// The view of a grouping.
    ///
    /// # Errors
    /// `internal` should a label not be sayable in a rule.
    pub fn of(grouping: &Grouping) -> Result<GroupingInfo> {
        let rule = |label: &String| {
            Ok(to_json(&from_json(&json!({ "field": grouping.name, "operator": "=", "value": label }))?))
        };
        Ok(GroupingInfo {
            name: grouping.name.clone(),
            labels: grouping.labels.clone(),
            sizes: grouping.sizes.clone(),
            rules: grouping.labels.iter().map(rule).collect::<Result<_>>()?,
        })
    }
}

/// A named rule in an ordered list.
#[derive(Clone, Debug, Deserialize)]
pub struct TierInput {
    /// Label of those who match.
    pub name: String,
    /// Who may match.
    pub rule: RuleInput,
}

/// Options of RFM: the scores and how they are named.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RfmOptions {
    /// How scores are made.
    #[serde(flatten)]
    pub scores: ScoreOptions,
    /// A scheme's name, or own ordered rules.
    pub scheme: Option<Scheme>,
}

/// How scores are named.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "Value")]
pub enum Scheme {
    /// `segments-11`, `groups-6` or `cells`.
    Named(String),
    /// First match wins.
    Own(Vec<TierInput>),
}

impl TryFrom<Value> for Scheme {
    type Error = &'static str;

    fn try_from(value: Value) -> std::result::Result<Scheme, &'static str> {
        let tier = |value: Value| match value {
            Value::Object(mut tier) => match (tier.remove("name"), tier.remove("rule")) {
                (Some(Value::String(name)), Some(rule)) => Some(TierInput { name, rule: rule.into() }),
                _ => None,
            },
            _ => None,
        };
        let scheme = match value {
            Value::String(name) => Some(Scheme::Named(name)),
            Value::Array(tiers) => tiers.into_iter().map(tier).collect::<Option<_>>().map(Scheme::Own),
            _ => None,
        };
        scheme.ok_or("data did not match any variant of untagged enum Scheme")
    }
}

/// RFM: the groups, and where the bands meet. The scores themselves are columns of bytes, one a customer.
#[derive(Clone, Debug, Serialize)]
pub struct RfmResult {
    /// The named groups.
    #[serde(flatten)]
    pub grouping: GroupingInfo,
    /// Where the bands meet.
    pub edges: Edges,
    /// Where nested bands meet.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[serde(rename = "nestedEdges")]
    pub nested_edges: Option<NestedEdges>,
    /// Bands an axis.
    pub scale: u8,
    /// Axes on which fewer levels can be told apart.
    pub findings: Vec<Finding>,
    /// One score a customer, 0 for not scored.
    #[serde(skip)]
    pub recency: Vec<u8>,
    /// One score a customer, 0 for not scored.
    #[serde(skip)]
    pub frequency: Vec<u8>,
    /// One score a customer, 0 for not scored.
    #[serde(skip)]
    pub monetary: Vec<u8>,
}

/// Options of a profile.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ProfileOptions {
    /// Id or name of a segment, or name of a grouping.
    pub of: String,
    /// Id or name of the segment to compare with; everyone when left out.
    pub baseline: Option<String>,
    /// Columns, in this order; all that suit when left out.
    pub columns: Option<Vec<String>>,
}

/// A cluster in words and as a rule.
#[derive(Clone, Debug, Serialize)]
pub struct Description {
    /// Its strongest differences.
    pub name: String,
    /// Size and strongest differences.
    pub sentence: String,
    /// An editable rule that covers it, as JSON.
    pub rule: Value,
    /// The rule as text.
    pub text: String,
    /// Share of those the rule takes who are members; NaN when it takes nobody.
    pub precision: f64,
    /// Share of the members the rule takes.
    pub recall: f64,
    /// Rows nearest to the centre.
    pub typical: Vec<u32>,
    /// Rows nearly as near to another centre.
    pub borderline: Vec<u32>,
}

/// A clustering as a tree.
#[derive(Clone, Debug, Serialize)]
pub struct TreeInfo {
    /// Share of the clustered rows whose leaf names their cluster.
    pub fidelity: f64,
    /// From the lowest cuts up.
    pub leaves: Vec<LeafInfo>,
}

/// A leaf of the tree.
#[derive(Clone, Debug, Serialize)]
pub struct LeafInfo {
    /// Who ends here, as JSON.
    pub rule: Value,
    /// The rule as text.
    pub text: String,
    /// The most frequent cluster here.
    pub label: String,
    /// Rows that end here.
    pub n: usize,
    /// Share of them in that cluster.
    pub purity: f64,
}
