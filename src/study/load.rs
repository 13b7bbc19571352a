//! The first part of the line: bytes → table → findings, and order lines → customers.

use crate::error::Result;
use crate::features::attributes::join;
use crate::features::customers::{CustomersJob, CustomersOptions};
use crate::job::{Job, Progress, Step};
use crate::quality::inspect::{inspect_column, inspect_rows};
use crate::quality::offers::offer;
use crate::read::encoding::Encoding;
use crate::read::options::ReadOptions;
use crate::read::reader::ReadJob;
use crate::segment::rules::evaluate::{Context, evaluate};
use crate::study::rows::reference_of;
use crate::study::views::RuleInput;
use crate::table::table::Table;
use serde::Deserialize;
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
    /// Column of the joined customer list that holds the ids; its customer id when left out.
    pub attributes_key: Option<String>,
}

/// Folds order lines into customers, joins a customer list to them and inspects the result.
#[derive(Debug)]
pub struct FoldJob {
    fold: CustomersJob,
    attributes: Option<Rc<Table>>,
    attributes_key: Option<String>,
}

impl FoldJob {
    /// Prepares the fold.
    ///
    /// # Errors
    /// Those of the fold and of the rule.
    pub fn new(lines: Rc<Table>, options: &FoldOptions, attributes: Option<Rc<Table>>) -> Result<FoldJob> {
        let excluded = match &options.exclude {
            Some(rule) => {
                let context = Context::on(reference_of(&lines));
                Some(evaluate(&rule.tree(&lines)?, &lines, &context)?.yes)
            }
            None => None,
        };
        let attributes_key = options.attributes_key.clone();
        Ok(FoldJob {
            fold: CustomersJob::new(lines, &options.columns, excluded.as_deref())?,
            attributes,
            attributes_key,
        })
    }
}

impl Job for FoldJob {
    type Output = Table;

    fn step(&mut self) -> Result<Step<Table>> {
        Ok(match (self.fold.step()?, &self.attributes) {
            (Step::Done(customers), Some(attributes)) => {
                Step::Done(join(customers, attributes, self.attributes_key.as_deref())?)
            }
            (other, _) => other,
        })
    }
}
