//! The analysis of one table: its segments, groupings and recipe, kept in step with each other.

use crate::error::{Code, Error, Result};
use crate::segment::cluster::clustering::Clustering;
use crate::segment::explain::describe::Words;
use crate::segment::explain::tree::Explanation;
use crate::segment::grouping::Grouping;
use crate::segment::rules::answer::Answer;
use crate::segment::rules::cache::Cache;
use crate::segment::rules::counts::{Revenue, RuleCounts, at_row, counts};
use crate::segment::rules::definitions::Definitions;
use crate::segment::rules::evaluate::{Context, Verdict, evaluate_with};
use crate::segment::rules::format::format;
use crate::segment::rules::json::to_json;
use crate::segment::rules::overlap::{MOST_SEGMENTS, Overlap, overlap};
use crate::segment::rules::tree::Rule;
use crate::study::rows::reference_of;
use crate::study::views::{RuleInput, SegmentInfo, StudyOptions};
use crate::table::bitmap::Bitmap;
use crate::table::column::{Column, Data};
use crate::table::date::parse_iso_day;
use crate::table::role::Role;
use crate::table::table::Table;
use serde_json::Value;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Version of the recipe's form.
pub const RECIPE_VERSION: u32 = 1;
/// The seed of a study that was given none.
pub const DEFAULT_SEED: u64 = 42;

/// The analysis of one table.
#[derive(Debug)]
pub struct Study {
    pub(in crate::study) base: Rc<Table>,
    /// The base with the columns that groupings add.
    pub(in crate::study) table: Rc<Table>,
    pub(in crate::study) reference_date: i32,
    /// What rules may refer to: the segments, as they are below, and parameters.
    pub(in crate::study) definitions: Definitions,
    /// Conditions that were answered, over `table` and in this context.
    pub(in crate::study) cache: Cache,
    pub(in crate::study) seed: u64,
    pub(in crate::study) segments: Vec<Segment>,
    pub(in crate::study) next_id: usize,
    pub(in crate::study) groupings: Vec<Kept>,
}

#[derive(Debug)]
pub(in crate::study) struct Segment {
    pub(in crate::study) id: String,
    pub(in crate::study) name: String,
    pub(in crate::study) rule: Rule,
    /// Who is in; the answers of its parts are found again when they are asked for.
    pub(in crate::study) answer: Answer,
    pub(in crate::study) counts: RuleCounts,
}

#[derive(Debug)]
pub(in crate::study) struct Kept {
    pub(in crate::study) grouping: Grouping,
    /// How it was made, for the recipe.
    pub(in crate::study) definition: Value,
    pub(in crate::study) clustering: Option<Clustering>,
    /// The clustering in rules and words, once somebody asked.
    pub(in crate::study) explained: Option<(Explanation, Vec<Words>)>,
    /// Columns that rules may use.
    pub(in crate::study) columns: Vec<Rc<Column>>,
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
            reference_date,
            definitions: Definitions { segments: BTreeMap::new(), parameters: options.parameters()? },
            cache: Cache::default(),
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
        Ok(self.counts_of(&self.evaluated(&rule)?))
    }

    /// What the answers of rules depend on besides the rows.
    pub(in crate::study) fn context(&self) -> Context<'_> {
        Context { reference_date: self.reference_date, definitions: &self.definitions }
    }

    pub(in crate::study) fn evaluated(&self, rule: &Rule) -> Result<Verdict> {
        evaluate_with(rule, &self.table, &self.context(), &self.cache)
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
        let known = self.segments.iter().position(|segment| segment.name == name);
        let id = known.map_or_else(|| format!("segment-{}", self.next_id), |at| self.segments[at].id.clone());
        let info = self.define(id, name, rule)?;
        self.next_id += usize::from(known.is_none());
        Ok(info)
    }

    /// Gives a kept segment another rule.
    ///
    /// # Errors
    /// As for [`Study::count`]; `not-found` for an unknown segment. The segment is left as it was.
    pub fn update(&mut self, segment: &str, rule: &RuleInput) -> Result<SegmentInfo> {
        let at = self.segment_at(segment)?;
        let rule = rule.tree(&self.table)?;
        let (id, name) = (self.segments[at].id.clone(), self.segments[at].name.clone());
        self.define(id, &name, rule)
    }

    /// Keeps a segment, and finds the answers again of all that refer to others: one of those may be this.
    fn define(&mut self, id: String, name: &str, rule: Rule) -> Result<SegmentInfo> {
        self.definitions.refuse_cycles(Some(name), &rule)?;
        let before = self.definitions.segments.insert(name.into(), rule.clone());
        let mut found = Vec::new();
        let others = self.segments.iter().filter(|other| other.name != name && !other.rule.segments().is_empty());
        let this = std::iter::once((name, &rule));
        for (name, rule) in this.chain(others.map(|other| (other.name.as_str(), &other.rule))) {
            found.push(
                self.evaluated(rule).map(|verdict| (name.to_string(), verdict.answer(), self.counts_of(&verdict))),
            );
        }
        let found = match found.into_iter().collect::<Result<Vec<_>>>() {
            Ok(found) => found,
            Err(error) => {
                match before {
                    Some(before) => self.definitions.segments.insert(name.into(), before),
                    None => self.definitions.segments.remove(name),
                };
                return Err(error);
            }
        };
        for (found, answer, counts) in found {
            match self.segments.iter_mut().find(|segment| segment.name == found) {
                Some(segment) => {
                    (segment.answer, segment.counts) = (answer, counts);
                    if found == name {
                        segment.rule = rule.clone();
                    }
                }
                None => self.segments.push(Segment { id: id.clone(), name: found, rule: rule.clone(), answer, counts }),
            }
        }
        self.found(name).map(|segment| self.info(segment))
    }

    /// Forgets a segment.
    ///
    /// # Errors
    /// `not-found`; `bad-option` where another segment refers to it.
    pub fn remove_segment(&mut self, segment: &str) -> Result<()> {
        let at = self.segment_at(segment)?;
        let name = &self.segments[at].name;
        let refers = |other: &&Segment| other.rule.segments().iter().any(|reference| reference.name == *name);
        if let Some(other) = self.segments.iter().find(refers) {
            let message = format!("“{name}” is part of the rule of “{}”. Change that rule first.", other.name);
            return Err(Error::new(Code::BadOption, message));
        }
        self.definitions.segments.remove(name);
        self.segments.remove(at);
        Ok(())
    }

    /// The rows of a segment's members, rising.
    ///
    /// # Errors
    /// `not-found`.
    pub fn members(&self, segment: &str) -> Result<Vec<u32>> {
        Ok(self.found(segment)?.answer.yes.iter().map(|row| row as u32).collect())
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
        Ok(at_row(&self.evaluated(&self.found(segment)?.rule)?, row))
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
        let members: Vec<&Bitmap> = chosen.iter().map(|segment| segment.answer.yes.as_ref()).collect();
        if members.len() > MOST_SEGMENTS {
            return Err(Error::new(
                Code::LimitExceeded,
                format!("Overlap can be shown for at most {MOST_SEGMENTS} segments; choose fewer."),
            )
            .limit(MOST_SEGMENTS as f64));
        }
        if members.is_empty() {
            return Err(Error::new(Code::BadOption, "There is no segment yet to look for overlap. Add one first."));
        }
        Ok(overlap(&names, &members))
    }

    pub(in crate::study) fn info(&self, segment: &Segment) -> SegmentInfo {
        SegmentInfo {
            id: segment.id.clone(),
            name: segment.name.clone(),
            rule: to_json(&segment.rule),
            text: format(&segment.rule),
            counts: segment.counts.clone(),
        }
    }

    pub(in crate::study) fn counts_of(&self, verdict: &Verdict) -> RuleCounts {
        let revenue = self.base.by_role(Role::Amount).and_then(|column| match &column.data {
            Data::Number(values) => Some(Revenue { values, valid: &column.valid }),
            _ => None,
        });
        counts(verdict, revenue)
    }

    pub(in crate::study) fn segment_at(&self, segment: &str) -> Result<usize> {
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

    pub(in crate::study) fn found(&self, segment: &str) -> Result<&Segment> {
        self.segment_at(segment).map(|at| &self.segments[at])
    }

    pub(in crate::study) fn check_name(&self, name: &str) -> Result<()> {
        if name.trim().is_empty() {
            return Err(Error::new(Code::BadOption, "A segment needs a name of at least one character."));
        }
        Ok(())
    }
}
