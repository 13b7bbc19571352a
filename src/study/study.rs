//! The analysis of one table: its segments, groupings and recipe, kept in step with each other.

use crate::error::{Code, Error, Result};
use crate::export::json::document;
use crate::export::rows::{Belonging, RowsJob};
use crate::features::rfm::score;
use crate::profile::job::ProfileJob;
use crate::segment::cluster::clustering::Clustering;
use crate::segment::cluster::job::ClusterJob;
use crate::segment::cluster::map::{Map, project};
use crate::segment::cluster::options::ClusterOptions;
use crate::segment::explain::describe::{Words, describe};
use crate::segment::explain::members::{Members, members};
use crate::segment::explain::tree::{Explanation, Leaf, explain};
use crate::segment::grouping::Grouping;
use crate::segment::rfm_groups::{by_cell, by_rules, by_scheme, score_columns};
use crate::segment::rules::counts::{RuleCounts, at_row, counts};
use crate::segment::rules::evaluate::{Context, Verdict, evaluate};
use crate::segment::rules::format::format;
use crate::segment::rules::json::to_json;
use crate::segment::rules::overlap::{Overlap, overlap};
use crate::segment::rules::tree::Rule;
use crate::segment::tiers::{Tier, assign};
use crate::study::export::{ExportJob, ExportOptions};
use crate::study::grouped::{label_column, with_columns};
use crate::study::rows::reference_of;
use crate::study::views::{
    Description, GroupingInfo, LeafInfo, ProfileOptions, RfmOptions, RfmResult, RuleInput, Scheme, SegmentInfo,
    StudyOptions, TierInput, TreeInfo,
};
use crate::table::bitmap::Bitmap;
use crate::table::column::{Column, Data};
use crate::table::date::{format_day, parse_iso_day};
use crate::table::role::Role;
use crate::table::table::Table;
use serde_json::{Value, json};
use std::rc::Rc;

/// Version of the recipe's form.
pub const RECIPE_VERSION: u32 = 1;
/// The seed of a study that was given none.
pub const DEFAULT_SEED: u64 = 42;

/// The analysis of one table.
#[derive(Debug)]
pub struct Study {
    base: Rc<Table>,
    /// The base with the columns that groupings add.
    table: Rc<Table>,
    context: Context,
    seed: u64,
    segments: Vec<Segment>,
    next_id: usize,
    groupings: Vec<Kept>,
}

#[derive(Debug)]
struct Segment {
    id: String,
    name: String,
    rule: Rule,
    verdict: Verdict,
}

#[derive(Debug)]
struct Kept {
    grouping: Grouping,
    /// How it was made, for the recipe.
    definition: Value,
    clustering: Option<Clustering>,
    /// The clustering in rules and words, once somebody asked.
    explained: Option<(Explanation, Vec<Words>)>,
    /// Columns that rules may use.
    columns: Vec<Rc<Column>>,
}

impl Study {
    /// Begins a study of a table.
    ///
    /// # Errors
    /// `bad-date` when the reference date is no ISO day.
    pub fn new(table: Rc<Table>, options: &StudyOptions) -> Result<Study> {
        let reference_date = match &options.reference_date {
            Some(day) => parse_iso_day(day)?,
            None => reference_of(&table),
        };
        Ok(Study {
            base: Rc::clone(&table),
            table,
            context: Context { reference_date },
            seed: options.seed.unwrap_or(DEFAULT_SEED),
            segments: Vec::new(),
            next_id: 1,
            groupings: Vec::new(),
        })
    }

    /// Counts at every node of a rule, without keeping it.
    ///
    /// # Errors
    /// Rules that cannot be read or do not suit the table.
    pub fn count(&self, rule: &RuleInput) -> Result<RuleCounts> {
        let rule = rule.tree(&self.table)?;
        Ok(self.counts_of(&evaluate(&rule, &self.table, &self.context)?))
    }

    /// Keeps a rule under a name; a segment of the same name gets the new rule.
    ///
    /// # Errors
    /// As for [`Study::count`]; `bad-option` for an empty name or the name of a grouping.
    pub fn segment(&mut self, name: &str, rule: &RuleInput) -> Result<SegmentInfo> {
        self.check_name(name)?;
        if self.groupings.iter().any(|kept| kept.grouping.name == name) {
            return Err(Error::new(
                Code::BadOption,
                format!("“{name}” is already the name of a grouping. Choose another name."),
            ));
        }
        let rule = rule.tree(&self.table)?;
        let verdict = evaluate(&rule, &self.table, &self.context)?;
        let at = match self.segments.iter().position(|segment| segment.name == name) {
            Some(at) => at,
            None => {
                let id = format!("segment-{}", self.next_id);
                self.next_id += 1;
                self.segments.push(Segment { id, name: name.into(), rule: rule.clone(), verdict: verdict.clone() });
                self.segments.len() - 1
            }
        };
        self.segments[at].rule = rule;
        self.segments[at].verdict = verdict;
        Ok(self.info(&self.segments[at]))
    }

    /// Gives a kept segment another rule.
    ///
    /// # Errors
    /// As for [`Study::count`]; `not-found` for an unknown segment. The segment is left as it was.
    pub fn update(&mut self, segment: &str, rule: &RuleInput) -> Result<SegmentInfo> {
        let at = self.segment_at(segment)?;
        let rule = rule.tree(&self.table)?;
        self.segments[at].verdict = evaluate(&rule, &self.table, &self.context)?;
        self.segments[at].rule = rule;
        Ok(self.info(&self.segments[at]))
    }

    /// Forgets a segment.
    ///
    /// # Errors
    /// `not-found`.
    pub fn remove_segment(&mut self, segment: &str) -> Result<()> {
        let at = self.segment_at(segment)?;
        self.segments.remove(at);
        Ok(())
    }

    /// The rows of a segment's members, rising.
    ///
    /// # Errors
    /// `not-found`.
    pub fn members(&self, segment: &str) -> Result<Vec<u32>> {
        Ok(self.found(segment)?.verdict.yes.iter().map(|row| row as u32).collect())
    }

    /// Which conditions a customer passed, failed, or has no answer for: counts of one row.
    ///
    /// # Errors
    /// `not-found` for an unknown segment, `bad-option` for a row that is not there.
    pub fn explain(&self, row: usize, segment: &str) -> Result<RuleCounts> {
        if row >= self.base.row_count {
            return Err(Error::new(
                Code::BadOption,
                format!(
                    "There is no row {row}; rows are numbered from 0 to {}.",
                    self.base.row_count.saturating_sub(1)
                ),
            ));
        }
        Ok(at_row(&self.found(segment)?.verdict, row))
    }

    /// How segments overlap; all of them when none are named.
    ///
    /// # Errors
    /// `not-found`.
    pub fn overlap(&self, segments: Option<&[String]>) -> Result<Overlap> {
        let chosen: Vec<&Segment> = match segments {
            Some(names) => names.iter().map(|name| self.found(name)).collect::<Result<_>>()?,
            None => self.segments.iter().collect(),
        };
        let names: Vec<String> = chosen.iter().map(|segment| segment.name.clone()).collect();
        let members: Vec<&Bitmap> = chosen.iter().map(|segment| &segment.verdict.yes).collect();
        if members.len() > 64 {
            return Err(Error::new(Code::LimitExceeded, "Overlap can be shown for at most 64 segments; choose fewer.")
                .limit(64.0));
        }
        if members.is_empty() {
            return Err(Error::new(Code::BadOption, "There is no segment yet to look for overlap. Add one first."));
        }
        Ok(overlap(&names, &members))
    }

    /// Ordered rules, first match wins.
    ///
    /// # Errors
    /// Those of the rules, and of names.
    pub fn tiers(&mut self, name: &str, tiers: &[TierInput]) -> Result<GroupingInfo> {
        let tiers = self.trees(tiers, &self.table)?;
        let grouping = assign(name, &tiers, &self.table, &self.context)?;
        let definition = json!({ "kind": "tiers", "name": name, "tiers": tiers_json(&tiers) });
        self.keep_grouping(grouping, definition, None, Vec::new())
    }

    /// Scores recency, frequency and money, and names the scores.
    ///
    /// # Errors
    /// Tables without the three columns, options that cannot be used.
    pub fn rfm(&mut self, options: &RfmOptions) -> Result<RfmResult> {
        if options.nested {
            return Err(Error::new(
                Code::Unsupported,
                "Nested bands are not offered; leave “nested” out for independent ones.",
            ));
        }
        let scores = score(&self.base, &options.scores)?;
        let columns: Vec<Rc<Column>> = score_columns(&scores).into_iter().map(Rc::new).collect();
        let (grouping, scheme) = match &options.scheme {
            None => (by_scheme("RFM", "segments-11", &scores)?, json!("segments-11")),
            Some(Scheme::Named(scheme)) if scheme == "cells" => (by_cell("RFM", &scores), json!(scheme)),
            Some(Scheme::Named(scheme)) => (by_scheme("RFM", scheme, &scores)?, json!(scheme)),
            Some(Scheme::Own(list)) => {
                let tiers = self.trees(list, &with_columns(&self.base, &columns))?;
                (by_rules("RFM", &tiers, &self.base, &scores, &self.context)?, json!(tiers_json(&tiers)))
            }
        };
        let definition = json!({
            "kind": "rfm", "name": "RFM", "scale": scores.scale, "edges": scores.edges, "scheme": scheme,
            "compatibility": options.scores.compatibility,
        });
        let grouping = self.keep_grouping(grouping, definition, None, columns)?;
        Ok(RfmResult {
            grouping,
            edges: scores.edges,
            scale: scores.scale,
            recency: scores.recency,
            frequency: scores.frequency,
            monetary: scores.monetary,
        })
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
        let definition = json!({ "kind": "clusters", "name": name, "model": clustering.model() });
        let info = self.keep_grouping(grouping, definition, Some(clustering.clone()), Vec::new())?;
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
    pub fn clustering(&self, name: &str) -> Result<&Clustering> {
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

    /// A cluster as words and as a rule, with the customers who stand for it.
    ///
    /// # Errors
    /// `not-found` for an unknown clustering or label.
    pub fn describe(&mut self, clustering: &str, label: &str) -> Result<Description> {
        self.explain_clusters(clustering)?;
        let table = Rc::clone(&self.table);
        let kept = self.kept(clustering)?;
        let (clusters, explained) = (self.clustering(clustering)?, kept.explained.as_ref());
        let cluster = clusters.labels.iter().position(|known| known == label);
        let (Some(cluster), Some((explanation, words))) = (cluster, explained) else {
            return Err(Error::new(
                Code::NotFound,
                format!("“{clustering}” has no group “{label}”. There are: {}.", clusters.labels.join(", ")),
            ));
        };
        let Members { typical, borderline } = members(clusters, &table, cluster)?;
        let group = &explanation.groups[cluster];
        Ok(Description {
            name: words[cluster].name.clone(),
            sentence: words[cluster].sentence.clone(),
            rule: to_json(&group.rule),
            text: format(&group.rule),
            precision: group.precision,
            recall: group.recall,
            typical,
            borderline,
        })
    }

    /// A clustering as a tree of cuts in the columns' own units.
    ///
    /// # Errors
    /// `not-found`.
    pub fn tree(&mut self, clustering: &str) -> Result<TreeInfo> {
        self.explain_clusters(clustering)?;
        let labels = &self.clustering(clustering)?.labels;
        let Some((explanation, _)) = &self.kept(clustering)?.explained else {
            return Err(Error::new(Code::Internal, "The explanation was lost."));
        };
        let leaf = |leaf: &Leaf| LeafInfo {
            rule: to_json(&leaf.rule),
            text: format(&leaf.rule),
            label: labels[leaf.group].clone(),
            n: leaf.n,
            purity: leaf.purity,
        };
        Ok(TreeInfo { fidelity: explanation.fidelity, leaves: explanation.leaves.iter().map(leaf).collect() })
    }

    /// Explains a clustering once.
    fn explain_clusters(&mut self, name: &str) -> Result<()> {
        let clustering = self.clustering(name)?;
        if self.kept(name)?.explained.is_some() {
            return Ok(());
        }
        let (columns, assignments) = (&clustering.features, &clustering.assignments);
        let explanation = explain(&self.table, columns, assignments, clustering.k)?;
        let words = describe(&self.table, columns, assignments, &clustering.labels)?;
        if let Some(kept) = self.groupings.iter_mut().find(|kept| kept.grouping.name == name) {
            kept.explained = Some((explanation, words));
        }
        Ok(())
    }

    /// Prepares the profile of a segment or of every group of a grouping.
    ///
    /// # Errors
    /// `not-found`, `unknown-column`.
    pub fn profile(&self, options: &ProfileOptions) -> Result<ProfileJob> {
        let mut defining = Vec::new();
        let groups = match self.groupings.iter().find(|kept| kept.grouping.name == options.of) {
            Some(kept) => {
                let grouping = &kept.grouping;
                let members = |group: usize| {
                    Bitmap::from_fn(grouping.assignments.len(), |row| grouping.assignments[row] == group as i32)
                };
                grouping.labels.iter().enumerate().map(|(group, label)| (label.clone(), members(group))).collect()
            }
            None => {
                let segment = self.found(&options.of)?;
                defining.extend(segment.rule.conditions().into_iter().map(|condition| condition.column.clone()));
                vec![(segment.name.clone(), segment.verdict.yes.clone())]
            }
        };
        let baseline = options.baseline.as_ref().map(|name| self.found(name)).transpose()?;
        let baseline = baseline.map(|segment| segment.verdict.yes.clone());
        ProfileJob::new(
            Rc::clone(&self.base),
            groups,
            baseline,
            options.columns.as_deref(),
            self.revenue_name(),
            defining,
        )
    }

    /// Prepares an export.
    ///
    /// # Errors
    /// `not-found`, `unknown-column`, `unsupported` for what is not offered.
    pub fn export(&self, options: &ExportOptions) -> Result<ExportJob> {
        match options.what.as_str() {
            "recipe" => {
                options.check_format("json")?;
                Ok(ExportJob::Document(Some(document(&self.recipe()))))
            }
            "rows" | "members" => {
                options.check_format("csv")?;
                self.export_rows(options).map(ExportJob::Rows)
            }
            other => Err(Error::new(
                Code::Unsupported,
                format!("“{other}” cannot be exported; “rows”, “members” and “recipe” can."),
            )),
        }
    }

    /// Everything but the rows, as JSON: columns and their roles, segments, groupings with their fitted numbers, seed.
    pub fn recipe(&self) -> Value {
        let columns: Vec<Value> = self
            .base
            .columns
            .iter()
            .map(|column| json!({ "name": column.name, "type": column.kind(), "role": column.role }))
            .collect();
        let segments: Vec<Value> = self
            .segments
            .iter()
            .map(|segment| json!({ "name": segment.name, "text": format(&segment.rule), "rule": to_json(&segment.rule) }))
            .collect();
        let groupings: Vec<&Value> = self.groupings.iter().map(|kept| &kept.definition).collect();
        json!({
            "version": RECIPE_VERSION,
            "referenceDate": format_day(self.context.reference_date),
            "seed": self.seed,
            "kind": self.base.kind,
            "dialect": self.base.dialect,
            "columns": columns,
            "segments": segments,
            "groupings": groupings,
        })
    }

    fn export_rows(&self, options: &ExportOptions) -> Result<RowsJob> {
        let style = options.style()?;
        let names: Vec<String> = match &options.segments {
            Some(names) => names.clone(),
            None => {
                let segments = self.segments.iter().map(|segment| segment.name.clone());
                segments.chain(self.groupings.iter().map(|kept| kept.grouping.name.clone())).collect()
            }
        };
        let belongings = names.iter().map(|name| self.belonging(name)).collect::<Result<Vec<_>>>()?;
        let is_members = options.what == "members";
        let columns = match (&options.columns, self.base.by_role(Role::CustomerId)) {
            (Some(names), _) => names.iter().map(|name| self.base.position(name)).collect::<Result<Vec<_>>>()?,
            (None, Some(id)) if is_members => vec![self.base.position(&id.name)?],
            _ => (0..self.base.columns.len()).collect(),
        };
        let rows = self.base.row_count;
        let chosen =
            is_members.then(|| Bitmap::from_fn(rows, |row| belongings.iter().any(|belonging| belonging.holds(row))));
        Ok(RowsJob::new(Rc::clone(&self.base), columns, belongings, chosen, style))
    }

    fn belonging(&self, name: &str) -> Result<Belonging> {
        if let Some(kept) = self.groupings.iter().find(|kept| kept.grouping.name == name) {
            let Grouping { name, labels, assignments, .. } = kept.grouping.clone();
            return Ok(Belonging::Grouping { name, labels, assignments });
        }
        let segment = self.found(name)?;
        let (yes, known) = (segment.verdict.yes.clone(), segment.verdict.known.clone());
        Ok(Belonging::Segment { name: segment.name.clone(), yes, known })
    }

    fn keep_grouping(
        &mut self,
        grouping: Grouping,
        definition: Value,
        clustering: Option<Clustering>,
        mut columns: Vec<Rc<Column>>,
    ) -> Result<GroupingInfo> {
        self.check_name(&grouping.name)?;
        if self.segments.iter().any(|segment| segment.name == grouping.name) {
            return Err(Error::new(
                Code::BadOption,
                format!("“{}” is already the name of a segment. Choose another name.", grouping.name),
            ));
        }
        let info = GroupingInfo::of(&grouping)?;
        columns.push(Rc::new(label_column(&grouping)));
        let kept = Kept { grouping, definition, clustering, explained: None, columns };
        match self.groupings.iter().position(|known| known.grouping.name == info.name) {
            Some(at) => self.groupings[at] = kept,
            None => self.groupings.push(kept),
        }
        let derived: Vec<Rc<Column>> = self.groupings.iter().flat_map(|kept| kept.columns.clone()).collect();
        self.table = Rc::new(with_columns(&self.base, &derived));
        Ok(info)
    }

    fn trees(&self, tiers: &[TierInput], table: &Table) -> Result<Vec<Tier>> {
        tiers.iter().map(|tier| Ok(Tier { name: tier.name.clone(), rule: tier.rule.tree(table)? })).collect()
    }

    fn info(&self, segment: &Segment) -> SegmentInfo {
        SegmentInfo {
            id: segment.id.clone(),
            name: segment.name.clone(),
            rule: to_json(&segment.rule),
            text: format(&segment.rule),
            counts: self.counts_of(&segment.verdict),
        }
    }

    fn counts_of(&self, verdict: &Verdict) -> RuleCounts {
        let revenue = self.base.by_role(Role::Amount).and_then(|column| match &column.data {
            Data::Number(values) => Some(values.as_slice()),
            _ => None,
        });
        counts(verdict, revenue)
    }

    fn revenue_name(&self) -> Option<String> {
        let column = self.base.by_role(Role::Amount)?;
        matches!(column.data, Data::Number(_)).then(|| column.name.clone())
    }

    fn segment_at(&self, segment: &str) -> Result<usize> {
        let by_id = self.segments.iter().position(|known| known.id == segment);
        by_id.or_else(|| self.segments.iter().position(|known| known.name == segment)).ok_or_else(|| {
            let names: Vec<&str> = self.segments.iter().map(|known| known.name.as_str()).collect();
            let there = if names.is_empty() {
                "There is none yet.".into()
            } else {
                format!("There are: {}.", names.join(", "))
            };
            Error::new(Code::NotFound, format!("There is no segment “{segment}”. {there}"))
        })
    }

    fn found(&self, segment: &str) -> Result<&Segment> {
        self.segment_at(segment).map(|at| &self.segments[at])
    }

    fn kept(&self, name: &str) -> Result<&Kept> {
        self.groupings
            .iter()
            .find(|kept| kept.grouping.name == name)
            .ok_or_else(|| Error::new(Code::NotFound, format!("There is no grouping “{name}”.")))
    }

    fn free_name(&self, stem: &str) -> String {
        let taken = |name: &str| {
            self.groupings.iter().any(|kept| kept.grouping.name == name)
                || self.segments.iter().any(|known| known.name == name)
        };
        let numbered = (2..).map(|number| format!("{stem} {number}"));
        std::iter::once(stem.to_string()).chain(numbered).find(|name| !taken(name)).unwrap_or_default()
    }

    fn check_name(&self, name: &str) -> Result<()> {
        if name.trim().is_empty() {
            return Err(Error::new(Code::BadOption, "A segment needs a name of at least one character."));
        }
        Ok(())
    }
}

fn tiers_json(tiers: &[Tier]) -> Vec<Value> {
    let one = |tier: &Tier| json!({ "name": tier.name, "text": format(&tier.rule), "rule": to_json(&tier.rule) });
    tiers.iter().map(one).collect()
}
