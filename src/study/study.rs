//! The analysis of one table: its segments, groupings and recipe, kept in step with each other.

use crate::error::{Code, Error, Result};
use crate::features::survey::ScaleOptions;
use crate::segment::cluster::clustering::Clustering;
use crate::segment::explain::describe::Explained;
use crate::segment::grouping::Grouping;
use crate::segment::rules::answer::Answer;
use crate::segment::rules::cache::Cache;
use crate::segment::rules::counts::{Revenue, RuleCounts, counts};
use crate::segment::rules::definitions::Definitions;
use crate::segment::rules::evaluate::{Context, Verdict, evaluate_with};
use crate::segment::rules::orders::Orders;
use crate::segment::rules::tree::{Rule, Value as Literal};
use crate::study::load::FoldOptions;
use crate::study::rows::reference_of;
use crate::study::views::{RuleInput, SegmentInfo, StudyOptions};
use crate::table::bitmap::Bitmap;
use crate::table::column::Column;
use crate::table::date::parse_iso_day;
use crate::table::finding::Finding;
use crate::table::role::Role;
use crate::table::table::Table;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
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
    /// The customers' orders, for rules that ask for them.
    pub(in crate::study) orders: Option<Orders>,
    /// As it was asked for, for the recipe.
    pub(in crate::study) orders_key: Option<String>,
    /// How the customers were folded from the orders; nothing where they are a file of their own.
    pub(in crate::study) fold: Option<FoldOptions>,
    pub(in crate::study) exclusion: Option<Exclusion>,
    pub(in crate::study) snapshots: Vec<Restored>,
    pub(in crate::study) scales: Vec<Scaled>,
    /// What value was asked for, and the columns it gave.
    pub(in crate::study) valued: Option<(Value, Vec<Rc<Column>>)>,
    /// Models of outcomes as they were asked for, and the columns of their probabilities.
    pub(in crate::study) propensities: Vec<(Value, Rc<Column>)>,
    /// Segments whose facts became others since somebody asked.
    pub(in crate::study) touched: BTreeSet<String>,
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
    pub(in crate::study) clustering: Option<Rc<Clustering>>,
    /// The clustering in rules and words, once somebody asked.
    pub(in crate::study) explained: Option<Explained>,
    /// Columns that rules may use.
    pub(in crate::study) columns: Vec<Rc<Column>>,
}

/// Who is excluded.
#[derive(Debug)]
pub(in crate::study) struct Exclusion {
    pub(in crate::study) by: By,
    pub(in crate::study) rows: Bitmap,
    /// Keys of a list that no customer has.
    pub(in crate::study) missing: usize,
}

#[derive(Debug)]
pub(in crate::study) enum By {
    Rule(Rule),
    /// The column with the keys, and the keys' hashes: a recipe shall not show whom it suppresses. Who holds both the recipe and
    /// a guess (a telephone number, a short id) can still test it: the hashes have no salt.
    List {
        column: String,
        hashes: BTreeSet<String>,
    },
}

/// A scale of survey answers, and the column with its scores.
#[derive(Clone, Debug)]
pub(in crate::study) struct Scaled {
    pub(in crate::study) options: ScaleOptions,
    pub(in crate::study) column: Rc<Column>,
}

/// A snapshot that was restored: the document, and the column by which rules find its customers.
#[derive(Debug)]
pub(in crate::study) struct Restored {
    pub(in crate::study) name: String,
    pub(in crate::study) document: Value,
    pub(in crate::study) column: Rc<Column>,
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
            orders: None,
            orders_key: None,
            fold: None,
            exclusion: None,
            snapshots: Vec::new(),
            scales: Vec::new(),
            valued: None,
            propensities: Vec::new(),
            touched: BTreeSet::new(),
        })
    }

    /// The study with the customers' order lines, for rules that ask for them. Where neither the options nor the table say to
    /// which day times are measured, the orders' last day counts, too.
    ///
    /// # Errors
    /// `missing-role` when customers or orders have no customer id, `unknown-column` for the key.
    pub fn with_orders(mut self, lines: Rc<Table>, options: &StudyOptions) -> Result<Study> {
        if options.reference_date.is_none() && self.base.reference_date.is_none() {
            self.reference_date = self.reference_date.max(reference_of(&lines));
        }
        self.orders = Some(Orders::new(lines, &self.base, options.orders_key.as_deref())?);
        self.orders_key.clone_from(&options.orders_key);
        Ok(self)
    }

    /// The study with what its customers were folded from its orders by: so that they can be folded anew.
    pub fn with_fold(self, fold: FoldOptions) -> Study {
        Study { fold: Some(fold), ..self }
    }

    /// What was noticed when orders were joined to their customers.
    pub fn findings(&self) -> Vec<Finding> {
        self.orders.as_ref().map(Orders::findings).unwrap_or_default()
    }

    /// Gives the parameters other values. Segments follow, and who is excluded; groupings stay as they were made.
    ///
    /// # Errors
    /// Those of the rules that can no longer be answered: then all is left as it was.
    pub fn set_parameters(&mut self, parameters: BTreeMap<String, Literal>) -> Result<()> {
        let before = std::mem::replace(&mut self.definitions.parameters, parameters);
        self.forget_answers();
        self.follow(|_| true).inspect_err(|_| {
            self.definitions.parameters = before;
            self.forget_answers();
        })
    }

    /// Finds again who is excluded, and who is in the segments whose rules, or the rules that they refer to, are concerned by
    /// a change.
    ///
    /// # Errors
    /// Those of the rules that can no longer be answered: then all is left as it was.
    pub(in crate::study) fn follow(&mut self, is_concerned: impl Fn(&Rule) -> bool) -> Result<()> {
        let concerned =
            self.segments.iter().filter(|segment| self.reached(segment).iter().any(|(_, rule)| is_concerned(rule)));
        let found: Vec<(String, Verdict)> = concerned
            .map(|segment| Ok((segment.name.clone(), self.evaluated(&segment.rule)?)))
            .collect::<Result<_>>()?;
        self.exclude_again()?;
        found.iter().for_each(|(name, verdict)| self.take(name, verdict));
        Ok(())
    }

    /// Segments whose facts became others since this was last asked.
    pub fn touched(&mut self) -> Vec<SegmentInfo> {
        let touched = std::mem::take(&mut self.touched);
        self.segments.iter().filter(|segment| touched.contains(&segment.id)).map(|segment| self.info(segment)).collect()
    }

    pub(in crate::study) fn touch_all(&mut self) {
        self.touched.extend(self.segments.iter().map(|segment| segment.id.clone()));
    }

    /// Lets go of kept answers: what they depend on has changed.
    pub(in crate::study) fn forget_answers(&self) {
        self.cache.clear();
        if let Some(orders) = &self.orders {
            orders.cache().clear();
        }
    }

    /// Takes in what was found for a segment.
    pub(in crate::study) fn take(&mut self, name: &str, verdict: &Verdict) {
        let (answer, counts) = (verdict.answer(), self.counts_of(verdict));
        if let Some(segment) = self.segments.iter_mut().find(|segment| segment.name == name) {
            (segment.answer, segment.counts) = (answer, counts);
            self.touched.insert(segment.id.clone());
        }
    }

    /// Counts at every node of a rule, without keeping it.
    ///
    /// # Errors
    /// Rules that cannot be read or do not suit the table.
    pub fn count(&self, rule: &RuleInput) -> Result<RuleCounts> {
        let rule = rule.tree(&self.table)?;
        let verdict = self.evaluated(&rule)?;
        Ok(RuleCounts { excluded: self.excluded(&verdict.yes), ..self.counts_of(&verdict) })
    }

    /// What the answers of rules depend on besides the rows.
    pub(in crate::study) fn context(&self) -> Context<'_> {
        Context { reference_date: self.reference_date, definitions: &self.definitions, orders: self.orders.as_ref() }
    }

    pub(in crate::study) fn evaluated(&self, rule: &Rule) -> Result<Verdict> {
        evaluate_with(rule, &self.table, &self.context(), &self.cache)
    }

    pub(in crate::study) fn counts_of(&self, verdict: &Verdict) -> RuleCounts {
        let revenue = self.base.by_role(Role::Amount).and_then(Revenue::of);
        counts(verdict, revenue)
    }

    pub(in crate::study) fn check_name(&self, name: &str) -> Result<()> {
        if name.trim().is_empty() {
            return Err(Error::new(Code::BadOption, "A segment needs a name of at least one character."));
        }
        Ok(())
    }
}
