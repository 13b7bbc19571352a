//! The first part of the line: bytes → table → findings, and order lines → customers.

use crate::error::Result;
use crate::features::attributes::join;
use crate::features::customers::{CustomersJob, CustomersOptions, LeftOut};
use crate::job::{Job, Progress, Step};
use crate::quality::inspect::{inspect_column, inspect_rows};
use crate::quality::offers::offer;
use crate::read::encoding::Encoding;
use crate::read::options::ReadOptions;
use crate::read::reader::ReadJob;
use crate::segment::rules::evaluate::{Context, evaluate};
use crate::segment::rules::json::to_json;
use crate::study::rows::reference_of;
use crate::study::views::RuleInput;
use crate::table::bitmap::Bitmap;
use crate::table::table::Table;
use serde::Deserialize;
use serde_json::Value;
use std::rc::Rc;

/// Reads a file and inspects what was read.
#[derive(Debug)]
pub struct LoadJob {
    read: ReadJob,
    /// What was read, and how many of its columns are inspected.
    inspecting: Option<(Table, usize)>,
}

impl LoadJob {
    /// Prepares to read a source of so many UTF-8 bytes.
    ///
    /// # Errors
    /// Options that cannot be used, an empty source, limits that would be passed.
    pub fn new(total_bytes: u64, encoding: Encoding, options: ReadOptions) -> Result<LoadJob> {
        Ok(LoadJob { read: ReadJob::new(total_bytes, encoding, options)?, inspecting: None })
    }

    /// Has stretches of the source, that end at these bytes, read in turn here and by so many other engines.
    pub fn with_stretches(self, ends: &[u64], others: usize) -> LoadJob {
        LoadJob { read: self.read.with_stretches(ends, others), ..self }
    }
}

impl Job for LoadJob {
    type Output = Table;

    fn step(&mut self) -> Result<Step<Table>> {
        // One column a step, so that a long file can be stopped here too.
        if let Some((mut table, column)) = self.inspecting.take() {
            if column == table.columns.len() {
                return Ok(Step::Done(table));
            }
            let noticed = inspect_column(&table, column);
            table.findings.extend(noticed);
            let progress = Progress { phase: "inspecting", ratio: 1.0, rows: table.row_count as u64 };
            self.inspecting = Some((table, column + 1));
            return Ok(Step::Working(progress));
        }
        Ok(match self.read.step()? {
            Step::Done(mut table) => {
                offer(&mut table);
                let noticed = inspect_rows(&table);
                table.findings.extend(noticed);
                let progress = Progress { phase: "inspecting", ratio: 1.0, rows: table.row_count as u64 };
                self.inspecting = Some((table, 0));
                Step::Working(progress)
            }
            other => other,
        })
    }

    fn feed(&mut self, bytes: &[u8]) -> Result<()> {
        self.read.feed(bytes)
    }

    fn join(&mut self, part: Vec<u8>) -> Result<()> {
        self.read.join(part)
    }
}

/// How order lines become customers: the columns to fold by, and lines to leave out.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct FoldOptions {
    /// The columns.
    #[serde(flatten)]
    pub columns: CustomersOptions,
    /// Lines for which this rule is true are left out.
    pub exclude: Option<RuleInput>,
    /// Lines for which this rule is true are of test orders, and left out.
    pub tests: Option<RuleInput>,
    /// Column of the joined customer list that holds the ids; its customer id when left out.
    pub attributes_key: Option<String>,
    /// Whether customers of that list who have no order are rows; they are when not said.
    pub prospects: Option<bool>,
    /// All that was asked for, as it was given, for the recipe.
    #[serde(skip)]
    pub definition: Value,
}

impl FoldOptions {
    /// The lines that are left out by rules.
    ///
    /// # Errors
    /// Those of the rules.
    pub fn left_out(&self, lines: &Table) -> Result<LeftOut> {
        let context = Context::on(reference_of(lines));
        let rows = |rule: &Option<RuleInput>| -> Result<Option<Rc<Bitmap>>> {
            rule.as_ref().map(|rule| Ok(evaluate(&rule.tree(lines)?, lines, &context)?.yes)).transpose()
        };
        Ok(LeftOut { excluded: rows(&self.exclude)?, tests: rows(&self.tests)? })
    }
}

/// Folds order lines into customers, joins a customer list to them and inspects the result.
#[derive(Debug)]
pub struct FoldJob {
    fold: CustomersJob,
    attributes: Option<Rc<Table>>,
    attributes_key: Option<String>,
    prospects: bool,
    definition: Value,
}

impl FoldJob {
    /// Prepares the fold.
    ///
    /// # Errors
    /// Those of the fold and of the rule.
    pub fn new(lines: Rc<Table>, options: &FoldOptions, attributes: Option<Rc<Table>>) -> Result<FoldJob> {
        let mut definition = options.definition.clone();
        // Rules as JSON, in which columns can be called otherwise when the fold is made again.
        for (rule, place) in [(&options.exclude, "/exclude"), (&options.tests, "/counts/test")] {
            if let (Some(rule), Some(said)) = (rule, definition.pointer_mut(place)) {
                *said = to_json(&rule.tree(&lines)?);
            }
        }
        let left_out = options.left_out(&lines)?;
        Ok(FoldJob {
            fold: CustomersJob::new(lines, &options.columns, left_out)?,
            attributes,
            attributes_key: options.attributes_key.clone(),
            prospects: options.prospects != Some(false),
            definition,
        })
    }
}

impl Job for FoldJob {
    type Output = Table;

    fn step(&mut self) -> Result<Step<Table>> {
        let mut customers = match self.fold.step()? {
            Step::Done(customers) => customers,
            other => return Ok(other),
        };
        customers.folded = std::mem::take(&mut self.definition);
        Ok(Step::Done(match &self.attributes {
            Some(attributes) => join(customers, attributes, self.attributes_key.as_deref(), self.prospects)?,
            None => customers,
        }))
    }
}
