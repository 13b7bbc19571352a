//! Groupings as columns: so that a rule can say "RFM = 'Champions'" or "frequency_score >= 4".

use crate::segment::grouping::Grouping;
use crate::table::bitmap::Bitmap;
use crate::table::column::Column;
use crate::table::role::Role;
use crate::table::table::Table;
use crate::table::texts::TextsBuilder;
use std::rc::Rc;

/// The labels of a grouping as a text column of its name, missing for rows in no group.
pub fn label_column(grouping: &Grouping) -> Column {
    const NONE: u32 = u32::MAX;
    let mut texts = TextsBuilder::default();
    // Labels are numbered as they are first met; of nobody, 0.
    let mut codes = vec![NONE; grouping.labels.len()];
    let code = |&group: &i32| {
        let Ok(group) = usize::try_from(group) else { return 0 };
        if codes[group] == NONE {
            codes[group] = texts.number_of(&grouping.labels[group]);
        }
        codes[group]
    };
    let rows: Vec<u32> = grouping.assignments.iter().map(code).collect();
    let valid = Bitmap::from_fn(grouping.assignments.len(), |row| grouping.assignments[row] >= 0);
    Column::text(&grouping.name, Role::Other, texts.finish().with_codes(rows), valid)
}

/// The table with more columns, each in place of a derived one of the same name. A column of the file keeps its name and
/// hides a derived one.
pub fn with_columns(base: &Table, derived: &[Rc<Column>]) -> Table {
    let mut table = base.clone();
    for column in derived {
        if table.columns.iter().all(|known| known.name != column.name) {
            table.columns.push(Rc::clone(column));
        }
    }
    table
}
