//! From a finished reading to columns: open texts get their type, every column its role.

use crate::read::builder::{Builder, Counts, convert};
use crate::read::infer::{Format, Tally};
use crate::read::lists::{is_list_name, mark_of, split};
use crate::read::names::is_flag_name;
use crate::read::number::Decimal;
use crate::read::options::DateOrder;
use crate::read::plan::{ColumnPlan, Plan};
use crate::table::bitmap::Bitmap;
use crate::table::column::{Column, Data};
use crate::table::list::Lists;
use crate::table::role::Role;
use crate::table::texts::Texts;

/// A finished column with what was counted over it.
#[derive(Debug)]
pub struct Finished {
    /// The column, its role still open unless the user chose it.
    pub column: Column,
    /// How its cells were converted.
    pub format: Format,
    /// What was counted.
    pub counts: Counts,
}

/// Finishes one column.
pub fn finish(builder: Builder, column: &ColumnPlan, plan: &Plan, order: DateOrder) -> Finished {
    let mut format = builder.format();
    let (mut data, mut valid, mut distinct, mut counts) = builder.finish();
    let mut sample = column.sample.clone();
    if let (Data::Text(texts), true) = (&data, column.open) {
        for value in texts.values() {
            if sample.len() < 5 && !sample.iter().any(|known| known == value) {
                sample.push(value.to_string());
            }
        }
        let found = tally(texts, &uses(texts, &valid), plan).decide(
            plan.settled,
            plan.decimal,
            order,
            is_flag_name(&column.name),
        );
        if found != Format::Text {
            format = found;
            (data, valid, distinct, counts) = convert(texts, &valid, found, &counts.missing_examples).finish();
        }
    }
    if let Data::Text(texts) = &mut data {
        let named = matches!(format, Format::List(_)) || is_list_name(&column.name);
        let may = matches!(format, Format::List(_)) || !column.settled || column.open;
        let mark = if may { mark_of(texts, &|| uses(texts, &valid), named) } else { None };
        // Who chose lists gets lists, of one value each where nothing parts them.
        if let Some(mark) = mark.or((format == Format::List(0)).then_some(b',')) {
            let lists = Lists::new(std::mem::take(texts), &|cell, visit| split(cell, mark, visit));
            (format, distinct) = (Format::List(mark), lists.values().distinct());
            data = Data::List(lists);
        }
    }
    let fit = if counts.present == 0 { 1.0 } else { counts.fits_count() as f64 / counts.present as f64 };
    let (role, role_confidence) = column.role.map_or((Role::Other, 0.0), |role| (role, 1.0));
    let column = Column { name: column.name.clone(), data, valid, role, role_confidence, fit, distinct, sample };
    Finished { column, format, counts }
}

/// How often each distinct text occurs.
fn uses(texts: &Texts, valid: &Bitmap) -> Vec<u64> {
    let mut uses = vec![0; texts.distinct()];
    valid.iter().for_each(|row| uses[texts.codes()[row] as usize] += 1);
    uses
}

/// The counts that inference needs, over all cells, by way of the distinct texts.
fn tally(texts: &Texts, uses: &[u64], plan: &Plan) -> Tally {
    let mut tally = Tally::default();
    texts.values().zip(uses).for_each(|(value, &count)| tally.add(value, count, plan.settled));
    tally
}

/// The decimal mark that the columns use: the file's own, unless all its number columns use the other.
pub fn decimal_of(finished: &[Finished], plan: &Plan) -> Decimal {
    let uses = |mark| finished.iter().filter(|found| found.format == Format::Number(mark)).count();
    if uses(plan.decimal) == 0 && uses(plan.decimal.other()) > 0 { plan.decimal.other() } else { plan.decimal }
}
