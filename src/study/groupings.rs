//! What does a study do with groupings? Tiers, RFM and clusters, kept beside the segments and usable in their rules.

use crate::error::{Code, Error, Result};
use crate::features::levels::{few_levels, not_scored};
use crate::features::preview::PreviewJob;
use crate::features::rfm::{prospects, score};
use crate::features::scale::Transform;
use crate::features::wanted::{Kind, Wanted};
use crate::segment::cluster::clustering::Clustering;
use crate::segment::cluster::job::ClusterJob;
use crate::segment::cluster::map::{Map, project};
use crate::segment::cluster::options::ClusterOptions;
use crate::segment::grouping::Grouping;
use crate::segment::rfm_groups::{score_columns, with_label};
use crate::segment::rules::format::format;
use crate::segment::rules::json::to_json;
use crate::segment::rules::tree::Rule;
use crate::segment::tiers::{Tier, assign};
use crate::study::grouped::{label_column, with_columns};
use crate::study::study::{Kept, Study};
use crate::study::views::{GroupingInfo, PROSPECTS, RfmOptions, RfmResult, TierInput};
use crate::table::column::Column;
use crate::table::table::Table;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::rc::Rc;

impl Study {
    /// Ordered rules, first match wins; `everyone_else` is the label of those whom no rule takes. Whoever is excluded is in no
    /// tier, also not in that of everyone else.
    ///
    /// # Errors
    /// Those of the rules, and of names.
    pub fn tiers(&mut self, name: &str, tiers: &[TierInput], everyone_else: Option<&str>) -> Result<GroupingInfo> {
        let tiers = self.trees(tiers, &self.table)?;
        let rules: Vec<Rule> = tiers.iter().map(|tier| tier.rule.clone()).collect();
        self.refuse_circles(name, &rules)?;
        let excluded = self.exclusion.as_ref().map(|exclusion| &exclusion.rows);
        let grouping = assign(name, &tiers, everyone_else, excluded, &self.table, &self.context())?;
        let mut definition = json!({ "kind": "tiers", "name": name, "tiers": tiers_json(&tiers) });
        if let Some(label) = everyone_else {
            definition["everyoneElse"] = label.into();
        }
        self.keep_grouping(grouping, definition, None, Vec::new())
    }

    /// Scores recency, frequency and money, and names the scores.
    ///
    /// # Errors
    /// Tables without the three columns, options that cannot be used.
    pub fn rfm(&mut self, options: &RfmOptions) -> Result<RfmResult> {
        let label = options.unscored.as_deref().unwrap_or(PROSPECTS);
        if label.trim().is_empty() {
            return Err(Error::new(
                Code::BadOption,
                "“unscored” is the label of customers without orders; it cannot be empty.",
            ));
        }
        let scores = score(&self.base, &options.scores)?;
        let columns: Vec<Rc<Column>> = score_columns(&scores).into_iter().map(Rc::new).collect();
        let (grouping, scheme) = self.grouped("RFM", options.scheme.as_ref(), &scores, &columns)?;
        if grouping.labels.iter().any(|one| one == label) {
            let message = format!("“{label}” is already the name of a group. Call customers without orders otherwise.");
            return Err(Error::new(Code::BadOption, message));
        }
        let prospects = prospects(&self.base);
        let grouping = with_label(grouping, label, &prospects);
        let mut definition = json!({
            "kind": "rfm", "name": "RFM", "scale": scores.scale, "edges": scores.edges, "scheme": scheme,
            "compatibility": options.scores.compatibility, "unscored": label,
        });
        if let Some(nested) = &scores.nested {
            definition["nestedEdges"] = json!(nested);
        } else if let Some(bands) = options.scores.bands.not_usual() {
            definition["bands"] = bands.into();
        }
        let grouping = self.keep_grouping(grouping, definition, None, columns)?;
        Ok(RfmResult {
            grouping,
            findings: few_levels(&scores).into_iter().chain(not_scored(&scores, &prospects)).collect(),
            possible: scores.possible,
            edges: scores.edges,
            nested_edges: scores.nested,
            scale: scores.scale,
            recency: scores.recency,
            frequency: scores.frequency,
            monetary: scores.monetary,
        })
    }

    /// A column before and after its transform, as clustering would take it.
    ///
    /// # Errors
    /// `unknown-column`; `wrong-type` for text; `bad-option` for a logarithm of negative values.
    pub fn preview(&self, column: &str, transform: Transform) -> Result<PreviewJob> {
        let wanted = Wanted { transform, kind: Kind::Number, ..Wanted::plain(column) };
        PreviewJob::new(Rc::clone(&self.table), &wanted)
    }

    /// Prepares clustering; hand its result to [`Study::keep`]. Columns that groupings added take part only when named.
    ///
    /// # Errors
    /// Options that cannot be used, features that do not suit.
    pub fn cluster(&self, options: ClusterOptions) -> Result<ClusterJob> {
        let table = if options.features.is_some() { &self.table } else { &self.base };
        ClusterJob::new(Rc::clone(table), options, self.seed)
    }

    /// Keeps a clustering under a name (the next free one of "Clusters", "Clusters 2" … when none is given); one of the
    /// same name is replaced. The clustering then carries the name it is kept under.
    ///
    /// # Errors
    /// `bad-option` when the name is a segment's.
    pub fn keep(&mut self, mut clustering: Clustering, name: Option<&str>) -> Result<(Clustering, GroupingInfo)> {
        let name = name.map_or_else(|| self.free_name("Clusters"), String::from);
        clustering.name.clone_from(&name);
        let grouping = Grouping::new(name.clone(), clustering.labels.clone(), clustering.assignments.clone());
        let definition = json!({ "kind": "clusters", "name": name, "model": clustering.document() });
        let info = self.keep_grouping(grouping, definition, Some(Rc::new(clustering.clone())), Vec::new())?;
        Ok((clustering, info))
    }

    /// The group of each row, −1 for none.
    ///
    /// # Errors
    /// `not-found`.
    pub fn assignments(&self, grouping: &str) -> Result<&[i32]> {
        Ok(&self.kept(grouping)?.grouping.assignments)
    }

    /// A kept clustering.
    ///
    /// # Errors
    /// `not-found`.
    pub fn clustering(&self, name: &str) -> Result<&Rc<Clustering>> {
        self.kept(name)?
            .clustering
            .as_ref()
            .ok_or_else(|| Error::new(Code::NotFound, format!("“{name}” was not made by clustering.")))
    }

    /// Customers of a clustering as points in two dimensions.
    ///
    /// # Errors
    /// `not-found`; too few features or rows for a plane.
    pub fn map(&self, clustering: &str, max_points: usize) -> Result<Map> {
        project(self.clustering(clustering)?, &self.table, max_points)
    }

    pub(in crate::study) fn keep_grouping(
        &mut self,
        grouping: Grouping,
        definition: Value,
        clustering: Option<Rc<Clustering>>,
        mut columns: Vec<Rc<Column>>,
    ) -> Result<GroupingInfo> {
        self.check_name(&grouping.name)?;
        let known = self.groupings.iter().position(|known| known.grouping.name == grouping.name);
        let taken = if self.segments.iter().any(|segment| segment.name == grouping.name) {
            "a segment"
        } else if known.is_some_and(|at| self.groupings[at].definition["kind"] != definition["kind"]) {
            "a grouping of another kind"
        } else {
            ""
        };
        if !taken.is_empty() {
            let message = format!("“{}” is already the name of {taken}. Choose another name.", grouping.name);
            return Err(Error::new(Code::BadOption, message));
        }
        let info = GroupingInfo::of(&grouping)?;
        columns.push(Rc::new(label_column(&grouping)));
        let kept = Kept { grouping, definition, clustering, explained: None, columns };
        let at = known.unwrap_or(self.groupings.len());
        let before: Vec<Kept> = self.groupings.splice(at..known.map_or(at, |at| at + 1), [kept]).collect();
        self.derive().inspect_err(|_| _ = self.groupings.splice(at..=at, before))?;
        Ok(info)
    }

    /// Adds the columns of scales, groupings and snapshots to those of the table. Segments whose rules speak of a column that is
    /// another now follow, and who is excluded.
    ///
    /// # Errors
    /// Those of the rules that can no longer be answered: then the table is left as it was.
    pub(in crate::study) fn derive(&mut self) -> Result<()> {
        let of_groupings = self.groupings.iter().flat_map(|kept| kept.columns.clone());
        let of_scales = self.scales.iter().map(|kept| Rc::clone(&kept.column));
        let of_snapshots = self.snapshots.iter().map(|kept| Rc::clone(&kept.column));
        let of_value = self.valued.iter().flat_map(|(_, columns)| columns.iter().cloned());
        let of_outcomes = self.propensities.iter().map(|(_, column)| Rc::clone(column));
        let derived: Vec<Rc<Column>> =
            of_scales.chain(of_groupings).chain(of_snapshots).chain(of_value).chain(of_outcomes).collect();
        let table = Rc::new(with_columns(&self.base, &derived));
        let before = std::mem::replace(&mut self.table, Rc::clone(&table));
        self.forget_answers();
        let is_gone = |column: &&Rc<Column>| !table.columns.iter().any(|now| Rc::ptr_eq(now, column));
        let gone: BTreeSet<&str> = before.columns.iter().filter(is_gone).map(|column| column.name.as_str()).collect();
        let result = self.follow(|rule| rule.columns().iter().any(|name| gone.contains(name)));
        if result.is_err() {
            self.table = Rc::clone(&before);
            self.forget_answers();
        }
        result
    }

    pub(in crate::study) fn trees(&self, tiers: &[TierInput], table: &Table) -> Result<Vec<Tier>> {
        let of = |name: &str| tiers.iter().filter(|tier| tier.name == name).count();
        if tiers.is_empty() || tiers.iter().any(|tier| tier.name.trim().is_empty() || of(&tier.name) > 1) {
            let message = "A list of groups needs at least one, and each a name of its own of at least one character.";
            return Err(Error::new(Code::BadOption, message));
        }
        tiers.iter().map(|tier| Ok(Tier { name: tier.name.clone(), rule: tier.rule.tree(table)? })).collect()
    }

    pub(in crate::study) fn kept(&self, name: &str) -> Result<&Kept> {
        self.groupings
            .iter()
            .find(|kept| kept.grouping.name == name)
            .ok_or_else(|| Error::new(Code::NotFound, format!("There is no grouping “{name}”.")))
    }

    pub(in crate::study) fn free_name(&self, stem: &str) -> String {
        let taken = |name: &str| {
            self.groupings.iter().any(|kept| kept.grouping.name == name)
                || self.segments.iter().any(|known| known.name == name)
        };
        let numbered = (2..).map(|number| format!("{stem} {number}"));
        std::iter::once(stem.to_string()).chain(numbered).find(|name| !taken(name)).unwrap_or_default()
    }
}

pub(in crate::study) fn tiers_json(tiers: &[Tier]) -> Vec<Value> {
    let one = |tier: &Tier| json!({ "name": tier.name, "text": format(&tier.rule), "rule": to_json(&tier.rule) });
    tiers.iter().map(one).collect()
}
