//! A tree as it is drawn: what is asked at each place, what leads there, and how many arrive.

use crate::segment::explain::axes::{Axis, Kind};
use crate::segment::explain::grow::{Node, Parting, Tree};
use crate::segment::explain::paths::Stop;
use crate::segment::rules::format::format;
use crate::segment::rules::tree::Value;
use crate::table::date::format_day;
use serde::Serialize;
use serde_json::{Value as Json, json};

/// A place of the tree; the first is the root.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NodeInfo {
    /// The column that is asked here; none at a leaf.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub feature: Option<String>,
    /// Values up to this go to the lower side: a number, or the last day as ISO text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cut: Option<Json>,
    /// Values that go to the lower side, of categories and yes/no.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub values: Option<Vec<Json>>,
    /// What leads here from the place above; "everyone" for the root.
    pub text: String,
    /// Rows that come here.
    pub n: usize,
    /// The same, of all rows of the table, 0 to 1.
    pub share: f64,
    /// The place of the lower side.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub low: Option<usize>,
    /// The place of the upper side.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub high: Option<usize>,
    /// The cluster a leaf names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Share of those at a leaf who belong to it; NaN without rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purity: Option<f64>,
    /// The share or mean of an outcome at a leaf; NaN without rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
}

/// The places of a tree. `counts` says how many rows come to each stop that is a leaf, of `rows` in all.
pub fn nodes(tree: &Tree, axes: &[Axis], stops: &[Stop], counts: &[usize], rows: usize) -> Vec<NodeInfo> {
    let mut counts = counts.to_vec();
    for (at, stop) in stops.iter().enumerate().rev() {
        if let Some([low, high]) = stop.sides {
            counts[at] = counts[low] + counts[high];
        }
    }
    let node = |(stop, &n): (&Stop, &usize)| {
        let mut info = NodeInfo {
            feature: None,
            cut: None,
            values: None,
            text: format(&stop.step),
            n,
            share: n as f64 / rows.max(1) as f64,
            low: stop.sides.map(|sides| sides[0]),
            high: stop.sides.map(|sides| sides[1]),
            label: None,
            purity: None,
            value: None,
        };
        if let Node::Split { axis, parting, .. } = &tree.nodes[stop.node] {
            let axis = &axes[*axis];
            info.feature = Some(axis.name.clone());
            match (&axis.kind, parting) {
                (_, Parting::Cut(cut)) if !cut.is_finite() => {}
                (Kind::Day, Parting::Cut(cut)) => info.cut = Some(format_day(cut.floor() as i32).into()),
                (Kind::Flag, Parting::Cut(_)) => info.values = Some(vec![json!(false)]),
                (Kind::Category(levels), Parting::Levels(set)) => {
                    let low = levels.iter().zip(set).filter(|(_, low)| **low);
                    info.values = Some(low.map(|(level, _)| literal(level)).collect());
                }
                (_, Parting::Cut(cut)) => info.cut = Some(json!(cut)),
                _ => {}
            }
        }
        info
    };
    stops.iter().zip(&counts).map(node).collect()
}

fn literal(value: &Value) -> Json {
    match value {
        Value::Number(number) => json!(number),
        Value::Text(text) => json!(text),
        _ => Json::Null,
    }
}
