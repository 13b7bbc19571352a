//! What would be read? Dialect, columns, questions and the first rows, from the first bytes only.

use crate::error::Result;
use crate::read::batch::{Spill, clean};
use crate::read::encoding::Encoding;
use crate::read::finish::{Finished, finish};
use crate::read::json::peek;
use crate::read::json_shape::is_json;
use crate::read::limits;
use crate::read::options::ReadOptions;
use crate::read::pass::{BATCH_ROWS, Pass};
use crate::read::plan::{HEAD, Plan, file_order, plan};
use crate::read::reader::assemble;
use crate::read::scan::{Bounds, Rows, scan};
use crate::table::column::ColumnInfo;
use crate::table::dialect::Dialect;
use crate::table::finding::Question;
use serde::Serialize;

/// Rows that a preview shows.
const SHOWN: usize = 50;

/// What `load` would decide, as far as the first bytes tell.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Preview {
    /// How the file is written.
    pub dialect: Dialect,
    /// Columns with types and roles; counts are of the rows looked at.
    pub columns: Vec<ColumnInfo>,
    /// What should be asked.
    pub questions: Vec<Question>,
    /// The first rows, cells as they stand; absent cells are empty.
    pub rows: Vec<Vec<String>>,
    /// What the whole file will be.
    pub estimate: Estimate,
}

/// The whole file, estimated from its beginning.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Estimate {
    /// Rows.
    pub rows: u64,
    /// Bytes by which the engine's memory grows while it is loaded.
    pub memory_bytes: u64,
    /// The same for each column: what leaving it out of `only` would save.
    pub columns: Vec<u64>,
}

/// Looks at the first bytes (UTF-8; up to [`HEAD`] are used) of a file of `total_bytes`.
///
/// # Errors
/// As for reading, as far as the first bytes show it.
pub fn preview(head: &[u8], total_bytes: u64, encoding: &Encoding, options: &ReadOptions) -> Result<Preview> {
    options.check()?;
    encoding.check()?;
    limits::bytes(total_bytes, options)?;
    if options.origin.format.is_none() && is_json(head, options) {
        let (rows, origin, bytes) = peek(head, total_bytes, options)?;
        return preview(&rows, bytes, encoding, &options.clone().rewritten(origin));
    }
    let whole = head.len() as u64 >= total_bytes && head.len() <= HEAD;
    let head = &head[..head.len().min(HEAD)];
    let plan = plan(head, whole, options)?;
    let estimate = Estimate {
        rows: plan.estimate_rows(total_bytes),
        memory_bytes: plan.estimate_memory(total_bytes),
        columns: plan.columns.iter().map(|column| plan.column_memory(column, total_bytes)).collect(),
    };
    let (head, whole) = match plan.end {
        Some(end) => (&head[..end as usize], true),
        None => (head, whole),
    };
    let rows = first_rows(head, whole, &plan);
    let mut pass = Pass::new(plan, 0);
    let mut used = pass.plan.body;
    while used < head.len() {
        match pass.take(&head[used..], used as u64, whole, BATCH_ROWS, options)? {
            0 => break,
            bytes => used += bytes,
        }
    }
    let order = file_order(pass.builders.iter().map(|builder| &builder.counts.orders));
    let builders = std::mem::take(&mut pass.builders);
    let plan = &pass.plan;
    let finished: Vec<Finished> =
        builders.into_iter().zip(&plan.columns).map(|(builder, column)| finish(builder, column, plan, order)).collect();
    let table = assemble(pass, finished, encoding, options, &[]);
    Ok(Preview { columns: table.infos(), dialect: table.dialect, questions: table.questions, rows, estimate })
}

fn first_rows(head: &[u8], whole: bool, plan: &Plan) -> Vec<Vec<String>> {
    let (mut rows, mut spill) = (Rows::default(), Spill::default());
    let bytes = &head[plan.body.min(head.len())..];
    let bounds = Bounds { last: whole, rows: SHOWN, ..Bounds::all() };
    let Ok(end) = scan(plan.shape.grammar, bytes, 0, bounds, &mut rows) else { return Vec::new() };
    let cells = clean(&bytes[..end], &mut rows, plan.shape.grammar, &mut spill);
    let width = plan.columns.len();
    let padded = |row| cells.row(row).chain(std::iter::repeat("")).take(width).map(String::from).collect();
    (0..cells.len()).map(padded).collect()
}
