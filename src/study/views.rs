//! What goes in and out of a study, in the shapes of the public interface.

use crate::error::{Code, Error, Result};
use crate::features::rfm::{Edges, NestedEdges, Possible, ScoreOptions};
use crate::segment::explain::describe::IndexEntry;
use crate::segment::explain::leaks::Leak;
use crate::segment::explain::nodes::NodeInfo;
use crate::segment::explain::outcome::{OutcomeLeaf, OutcomeTree, Tested};
use crate::segment::explain::tree::{Explanation, Leaf};
use crate::segment::explain::why::Share;
use crate::segment::grouping::Grouping;
use crate::segment::rules::check::check;
use crate::segment::rules::counts::RuleCounts;
use crate::segment::rules::format::format;
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
    /// Label of customers without orders; [`PROSPECTS`] when left out.
    pub unscored: Option<String>,
}

/// What customers without orders are called.
pub const PROSPECTS: &str = "Prospects";

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
        scheme.ok_or("“scheme” is the name of one, or a list of objects with “name” and “rule”")
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
    /// Bands that the values of each axis allow at most.
    pub possible: Possible,
    /// Axes on which fewer levels can be told apart, and customers in no group.
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
    /// Why the rule takes nobody, where it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Rows nearest to the centre.
    pub typical: Vec<u32>,
    /// Rows nearly as near to another centre.
    pub borderline: Vec<u32>,
    /// What it has more or less often than everyone, the strongest differences first.
    pub index: Vec<IndexEntry>,
}

/// A clustering as a tree.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TreeInfo {
    /// "threshold" or "cart".
    pub kind: &'static str,
    /// Share of the clustered rows whose leaf names their cluster.
    pub fidelity: f64,
    /// What the tree costs in squared distances against the clusters themselves, 1 or more for k-means.
    pub cost_ratio: f64,
    /// The tree as it is drawn; the first is the root.
    pub nodes: Vec<NodeInfo>,
    /// The lower side of a split before the upper.
    pub leaves: Vec<LeafInfo>,
}

/// A leaf of the tree.
#[derive(Clone, Debug, Serialize)]
pub struct LeafInfo {
    /// Who ends here, as JSON.
    pub rule: Value,
    /// The rule as text.
    pub text: String,
    /// The cluster it names.
    pub label: String,
    /// Rows that end here.
    pub n: usize,
    /// Share of them in that cluster.
    pub purity: f64,
}

impl TreeInfo {
    /// The view of an explanation; `labels` are the clusters' names.
    pub fn of(tree: &Explanation, labels: &[String]) -> TreeInfo {
        let leaf = |leaf: &Leaf| LeafInfo {
            rule: to_json(&leaf.rule),
            text: format(&leaf.rule),
            label: labels.get(leaf.group).cloned().unwrap_or_default(),
            n: leaf.n,
            purity: leaf.purity,
        };
        TreeInfo {
            kind: tree.kind.as_str(),
            fidelity: tree.fidelity,
            cost_ratio: tree.cost_ratio,
            nodes: tree.nodes.clone(),
            leaves: tree.leaves.iter().map(leaf).collect(),
        }
    }
}

/// What a tree by an outcome is made of.
#[derive(Clone, Debug, Deserialize)]
pub struct OutcomeOptions {
    /// A column (yes or no, or numbers), or a rule: who it takes is a yes.
    pub outcome: RuleInput,
    /// Columns that may part customers; those that describe them when left out.
    #[serde(default)]
    pub columns: Option<Vec<String>>,
    /// Leaves at most; 8 when left out.
    #[serde(default)]
    pub leaves: Option<usize>,
    /// Share of the customers held back; 0.3 when left out.
    #[serde(default)]
    pub holdout: Option<f64>,
}

/// Customers cut by an outcome.
#[derive(Clone, Debug, Serialize)]
pub struct OutcomeInfo {
    /// The column's name or the rule's text.
    pub outcome: String,
    /// "share" of yes, or "mean".
    pub measure: &'static str,
    /// Customers the tree was made from.
    pub trained: usize,
    /// Customers held back.
    pub tested: usize,
    /// Share or mean of those it was made from.
    pub value: f64,
    /// The highest value first.
    pub leaves: Vec<OutcomeLeafInfo>,
    /// The tree as it is drawn.
    pub nodes: Vec<NodeInfo>,
    /// What each column adds in a random forest; shares of 1.
    pub importance: Vec<Share>,
    /// Columns that tell the outcome nearly alone.
    pub leaks: Vec<Leak>,
    /// What a reader should know.
    pub notices: Vec<String>,
}

/// A segment of it.
#[derive(Clone, Debug, Serialize)]
pub struct OutcomeLeafInfo {
    /// Who ends here, as JSON.
    pub rule: Value,
    /// The rule as text.
    pub text: String,
    /// Rows that end here.
    pub n: usize,
    /// Share or mean.
    pub value: f64,
    /// Over that of all.
    pub lift: f64,
    /// On those held back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test: Option<Tested>,
}

impl OutcomeInfo {
    /// The view of a tree.
    pub fn of(tree: OutcomeTree) -> OutcomeInfo {
        let leaf = |leaf: OutcomeLeaf| OutcomeLeafInfo {
            rule: to_json(&leaf.rule),
            text: format(&leaf.rule),
            n: leaf.n,
            value: leaf.value,
            lift: leaf.lift,
            test: leaf.test,
        };
        OutcomeInfo {
            outcome: tree.outcome,
            measure: if tree.is_share { "share" } else { "mean" },
            trained: tree.trained,
            tested: tree.tested,
            value: tree.value,
            leaves: tree.leaves.into_iter().map(leaf).collect(),
            nodes: tree.nodes,
            importance: tree.importance.into_iter().map(|(name, share)| Share { name, share }).collect(),
            leaks: tree.leaks,
            notices: tree.notices,
        }
    }
}

/// A rule for some rows.
#[derive(Clone, Debug, Serialize)]
pub struct RowsRule {
    /// As JSON.
    pub rule: Value,
    /// As text.
    pub text: String,
    /// Share of those it takes who were asked for.
    pub precision: f64,
    /// Share of those asked for whom it takes.
    pub recall: f64,
    /// Rows it takes.
    pub n: usize,
}
