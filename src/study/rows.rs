//! Rows for looking at: chosen, sorted, paged; typed or as they stood in the file.

use crate::error::{Code, Error, Result};
use crate::job::{Job, Progress, Step};
use crate::math::order::{arrange, arranged};
use crate::read::cells::{block_range, for_each_row};
use crate::segment::rules::evaluate::{Context, evaluate};
use crate::study::views::RuleInput;
use crate::table::column::{Column, Data};
use crate::table::dialect::Layout;
use crate::table::role::Role;
use crate::table::table::{Table, not_loaded};
use serde::Deserialize;
use std::cmp::Ordering;
use std::rc::Rc;

/// Which rows and columns to give.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct RowsOptions {
    /// Rows to pass over.
    pub offset: usize,
    /// Rows to give at most; all when left out.
    pub limit: Option<usize>,
    /// Columns, in this order; all when left out.
    pub columns: Option<Vec<String>>,
    /// Only rows for which this is true.
    #[serde(rename = "where")]
    pub condition: Option<RuleInput>,
    /// Sorted by these columns, the first one first; missing values last. Equal rows keep the file's order.
    pub sort: Vec<SortKey>,
    /// Whether cells are wanted as they stood in the file.
    pub raw: bool,
}

/// A column to sort by.
#[derive(Clone, Debug, Deserialize)]
pub struct SortKey {
    /// Name of the column.
    pub column: String,
    /// Largest first.
    #[serde(default)]
    pub descending: bool,
}

/// The rows and columns an option set names, as numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Selection {
    /// In the order they are wanted.
    pub rows: Vec<usize>,
    /// Positions, in the order they are wanted.
    pub columns: Vec<usize>,
}

/// Finds the rows and columns.
///
/// # Errors
/// Unknown columns, rules that cannot be used.
pub fn select(table: &Table, options: &RowsOptions) -> Result<Selection> {
    let columns = match &options.columns {
        Some(names) => names.iter().map(|name| table.position(name)).collect::<Result<Vec<_>>>()?,
        None => (0..table.columns.len()).collect(),
    };
    let page = |count: usize| {
        let end = options.limit.map_or(count, |limit| options.offset.saturating_add(limit)).min(count);
        options.offset.min(end)..end
    };
    let mut rows: Vec<usize> = match &options.condition {
        Some(rule) => {
            let context = Context::on(reference_of(table));
            evaluate(&rule.tree(table)?, table, &context)?.yes.iter().collect()
        }
        // A page of a long file needs no list of all its rows.
        None if options.sort.is_empty() => return Ok(Selection { rows: page(table.row_count).collect(), columns }),
        None => (0..table.row_count).collect(),
    };
    for key in options.sort.iter().rev() {
        let column = table.column(&key.column)?;
        if matches!(column.data, Data::Unloaded(_)) {
            return Err(not_loaded(&key.column));
        }
        arrange(&mut rows, &|a, b| compare(column, a, b, key.descending));
    }
    Ok(Selection { rows: rows[page(rows.len())].to_vec(), columns })
}

fn compare(column: &Column, a: usize, b: usize, descending: bool) -> Ordering {
    match (column.valid.get(a), column.valid.get(b)) {
        (false, false) => return Ordering::Equal,
        (true, false) => return Ordering::Less,
        (false, true) => return Ordering::Greater,
        (true, true) => {}
    }
    let order = match &column.data {
        Data::Number(values) => values[a].total_cmp(&values[b]),
        Data::Text(texts) => texts.get(a).cmp(texts.get(b)),
        Data::Date(days) => days[a].cmp(&days[b]),
        Data::Time(times) => times[a].cmp(&times[b]),
        Data::Boolean(truths) => truths.get(a).cmp(&truths.get(b)),
        Data::List(lists) => lists.get(a).cmp(lists.get(b)),
        Data::Unloaded(_) => Ordering::Equal,
    };
    if descending { order.reverse() } else { order }
}

/// The day to which times are measured when nobody says otherwise: the one the table was made for, the last day in the
/// column with the role date, else the last day in any date column. 1970-01-01 for tables without dates.
pub fn reference_of(table: &Table) -> i32 {
    table
        .reference_date
        .or_else(|| table.by_role(Role::Date).and_then(Column::last_day))
        .or_else(|| table.columns.iter().filter_map(|column| column.last_day()).max())
        .unwrap_or(0)
}

/// Cells as they stood in the file, row by row; `None` where a row was too short. Computed tables give canonical text.
pub type OriginalRows = Vec<Vec<Option<String>>>;

/// Reads original cells again from the source, only the blocks that hold wanted rows.
#[derive(Debug)]
pub struct OriginalRowsJob {
    table: Rc<Table>,
    columns: Vec<usize>,
    /// Wanted rows with their place in the answer, by row.
    wanted: Vec<(usize, usize)>,
    next: usize,
    found: OriginalRows,
    fed: Option<Vec<u8>>,
}

impl OriginalRowsJob {
    /// Prepares to read the selection.
    pub fn new(table: Rc<Table>, selection: Selection) -> OriginalRowsJob {
        let rows = selection.rows;
        let order = arranged(rows.len(), &|a, b| rows[a].cmp(&rows[b]));
        let wanted: Vec<(usize, usize)> = order.into_iter().map(|place| (rows[place], place)).collect();
        let found = vec![Vec::new(); wanted.len()];
        OriginalRowsJob { table, columns: selection.columns, wanted, next: 0, found, fed: None }
    }

    fn take_computed(&mut self) {
        for &(row, place) in &self.wanted {
            self.found[place] = self.columns.iter().map(|&at| self.table.columns[at].text_of(row)).collect();
        }
        self.next = self.wanted.len();
    }

    fn take_block(&mut self, layout: &Layout, block: usize, bytes: &[u8]) -> Result<()> {
        let mut row = block * Layout::ROWS_PER_START;
        let last = (row + Layout::ROWS_PER_START).min(self.table.row_count);
        let (wanted, found, next, columns) = (&self.wanted, &mut self.found, &mut self.next, &self.columns);
        for_each_row(&self.table.dialect, layout, bytes, &mut |cells| {
            while let Some(&(_, place)) = wanted.get(*next).filter(|(wanted, _)| *wanted == row) {
                found[place] = columns.iter().map(|&at| cells.get(at).copied().flatten().map(String::from)).collect();
                *next += 1;
            }
            row += 1;
        });
        if row < last {
            return Err(Error::new(
                Code::Internal,
                "The file has changed since it was read: rows are missing where they were. Load it again.",
            ));
        }
        Ok(())
    }
}

impl Job for OriginalRowsJob {
    type Output = OriginalRows;

    fn step(&mut self) -> Result<Step<OriginalRows>> {
        let Some(&(row, _)) = self.wanted.get(self.next) else {
            return Ok(Step::Done(std::mem::take(&mut self.found)));
        };
        let table = Rc::clone(&self.table);
        let Some(layout) = &table.layout else {
            self.take_computed();
            return self.step();
        };
        let block = row / Layout::ROWS_PER_START;
        match self.fed.take() {
            None => Ok(Step::Need(block_range(layout, block))),
            Some(bytes) => {
                self.take_block(layout, block, &bytes)?;
                let ratio = self.next as f64 / self.wanted.len() as f64;
                Ok(Step::Working(Progress { phase: "reading rows", ratio, rows: self.next as u64 }))
            }
        }
    }

    fn feed(&mut self, bytes: &[u8]) -> Result<()> {
        self.fed = Some(bytes.to_vec());
        Ok(())
    }
}
