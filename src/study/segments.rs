//! What does a study do with segments? They are kept by name, refer to one another, and follow each other's changes.

use crate::error::{Code, Error, Result};
use crate::segment::rules::counts::{RuleCounts, at_row};
use crate::segment::rules::format::format;
use crate::segment::rules::from_json::from_json;
use crate::segment::rules::json::to_json;
use crate::segment::rules::overlap::{MOST_SEGMENTS, Overlap, overlap};
use crate::segment::rules::tree::Rule;
use crate::study::study::{By, Exclusion, Segment, Study};
use crate::study::views::{RuleInput, SegmentInfo};
use crate::table::bitmap::Bitmap;
use serde_json::Value;

/// Where the definition of a grouping has rules.
const TIERS: [&str; 2] = ["tiers", "scheme"];

impl Study {
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

    /// Keeps a segment; those that refer to it follow.
    fn define(&mut self, id: String, name: &str, rule: Rule) -> Result<SegmentInfo> {
        self.definitions.refuse_cycles(Some(name), &rule)?;
        self.refuse_circles(name, std::slice::from_ref(&rule))?;
        let verdict = self.evaluated(&rule)?;
        // Nobody can refer to a name that is new.
        if let Some(before) = self.definitions.segments.insert(name.into(), rule.clone()) {
            self.follow(|other| other.segments().iter().any(|reference| reference.name == name))
                .inspect_err(|_| _ = self.definitions.segments.insert(name.into(), before))?;
        }
        match self.segments.iter_mut().find(|segment| segment.name == name) {
            Some(segment) => segment.rule = rule,
            None => {
                let (answer, counts) = (verdict.answer(), self.counts_of(&verdict));
                self.segments.push(Segment { id, name: name.into(), rule, answer, counts });
            }
        }
        self.take(name, &verdict);
        self.found(name).map(|segment| self.info(segment))
    }

    /// Gives a segment another name; rules that refer to it follow.
    ///
    /// # Errors
    /// `not-found`; `bad-option` for a name that is empty or taken, and for a restored snapshot.
    pub fn rename(&mut self, segment: &str, name: &str) -> Result<SegmentInfo> {
        let at = self.segment_at(segment)?;
        let before = self.segments[at].name.clone();
        self.check_name(name)?;
        let taken = |other: &str| other == name && other != before;
        if self.segments.iter().any(|other| taken(&other.name))
            || self.groupings.iter().any(|kept| taken(&kept.grouping.name))
        {
            return Err(Error::new(Code::BadOption, format!("“{name}” is taken. Choose another name.")));
        }
        if self.snapshots.iter().any(|kept| kept.name == before) {
            let message = format!("“{before}” is a snapshot. Restore it under another name, and remove this one.");
            return Err(Error::new(Code::BadOption, message));
        }
        self.segments[at].name = name.into();
        for segment in &mut self.segments {
            if refer(&mut segment.rule, &before, name) {
                segment.counts.text = format(&segment.rule);
                self.touched.insert(segment.id.clone());
            }
        }
        self.touched.insert(self.segments[at].id.clone());
        let rules = self.segments.iter().map(|segment| (segment.name.clone(), segment.rule.clone()));
        self.definitions.segments = rules.collect();
        if let Some(Exclusion { by: By::Rule(rule), .. }) = &mut self.exclusion {
            refer(rule, &before, name);
        }
        self.groupings.iter_mut().try_for_each(|kept| refer_json(&mut kept.definition, &before, name))?;
        // The texts of parts have the name, too.
        let all: Vec<(String, Rule)> =
            self.segments.iter().map(|segment| (segment.name.clone(), segment.rule.clone())).collect();
        for (known, rule) in all.into_iter().filter(|(_, rule)| rule.segments().iter().any(|one| one.name == name)) {
            let verdict = self.evaluated(&rule)?;
            self.take(&known, &verdict);
        }
        Ok(self.info(&self.segments[at]))
    }

    /// Forgets a segment.
    ///
    /// # Errors
    /// `not-found`; `bad-option` where another rule refers to it.
    pub fn remove_segment(&mut self, segment: &str) -> Result<()> {
        let at = self.segment_at(segment)?;
        let name = &self.segments[at].name;
        let refers = |rule: &Rule| {
            let by_column =
                self.snapshots.iter().any(|kept| kept.name == *name) && rule.columns().contains(&name.as_str());
            by_column || rule.segments().iter().any(|reference| reference.name == *name)
        };
        let others = self.segments.iter().filter(|other| other.name != *name);
        let in_segment =
            others.clone().find(|other| refers(&other.rule)).map(|other| format!("the rule of “{}”", other.name));
        let in_exclusion = match &self.exclusion {
            Some(Exclusion { by: By::Rule(rule), .. }) if refers(rule) => {
                Some("the rule that excludes customers".into())
            }
            _ => None,
        };
        let mut in_grouping = None;
        for kept in &self.groupings {
            for tier in TIERS.iter().filter_map(|key| kept.definition[key].as_array()).flatten() {
                if refers(&from_json(&tier["rule"])?) {
                    in_grouping = Some(format!("the rules of “{}”", kept.grouping.name));
                }
            }
        }
        if let Some(part) = in_segment.or(in_exclusion).or(in_grouping) {
            let message = format!("“{name}” is part of {part}. Change that first.");
            return Err(Error::new(Code::BadOption, message));
        }
        let name = self.segments.remove(at).name;
        self.definitions.segments.remove(&name);
        if self.snapshots.iter().any(|kept| kept.name == name) {
            self.snapshots.retain(|kept| kept.name != name);
            self.derive()?;
        }
        Ok(())
    }

    /// The rows of a segment's members, rising, without those that are excluded.
    ///
    /// # Errors
    /// `not-found`.
    pub fn members(&self, segment: &str) -> Result<Vec<u32>> {
        Ok(self.kept_rows(&self.found(segment)?.answer.yes).iter().map(|row| row as u32).collect())
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
        let mut counts = at_row(&self.evaluated(&self.found(segment)?.rule)?, row);
        let is_excluded = |exclusion: &Exclusion| usize::from(counts.within == 1 && exclusion.rows.get(row));
        counts.excluded = self.exclusion.as_ref().map(is_excluded);
        Ok(counts)
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
        let members: Vec<Bitmap> = chosen.iter().map(|segment| self.kept_rows(&segment.answer.yes)).collect();
        let members: Vec<&Bitmap> = members.iter().collect();
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
            counts: RuleCounts { excluded: self.excluded(&segment.answer.yes), ..segment.counts.clone() },
        }
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
}

/// Has a rule refer to a segment by another name; says whether it does.
fn refer(rule: &mut Rule, before: &str, name: &str) -> bool {
    match rule {
        Rule::Segment(reference) if reference.name == before => {
            reference.name = name.into();
            true
        }
        Rule::Not(inner) => refer(inner, before, name),
        // Each is looked at, also behind one that refers.
        Rule::Group(_, rules) => {
            rules.iter_mut().filter_map(|rule| refer(rule, before, name).then_some(())).count() > 0
        }
        _ => false,
    }
}

/// The same for the rules of a grouping as the recipe has them.
fn refer_json(definition: &mut Value, before: &str, name: &str) -> Result<()> {
    if definition["of"] == before {
        definition["of"] = name.into();
    }
    for key in TIERS {
        for tier in definition.get_mut(key).and_then(Value::as_array_mut).into_iter().flatten() {
            let mut rule = from_json(&tier["rule"])?;
            if refer(&mut rule, before, name) {
                (tier["text"], tier["rule"]) = (format(&rule).into(), to_json(&rule));
            }
        }
    }
    Ok(())
}
