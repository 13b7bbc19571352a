//! Who ordered this and then that, or then not? Two orders of one customer, the second within so long after the first.

use crate::error::Result;
use crate::segment::rules::calendar::shift;
use crate::segment::rules::keys::{Keys, NO_KEY};
use crate::segment::rules::orders::Orders;
use crate::segment::rules::tree::Sequence;
use crate::table::bitmap::Bitmap;

/// The customers for whom the sequence holds. The lines are those that meet what the first and the second order must meet;
/// of them only lines with a day take part. Nobody is unknown.
///
/// Where a second order must be absent, a first line that lacks the value that must be the same has none, since nothing
/// equals a missing value.
///
/// # Errors
/// `unknown-column`, `wrong-type` for the column that must be the same.
pub fn sequence(sequence: &Sequence, orders: &Orders, lines: [&Bitmap; 2], reference_date: i32) -> Result<Bitmap> {
    let [first, second] = lines.map(|lines| lines.and(orders.dated()));
    let same = match &sequence.same {
        Some(name) => {
            let column = orders.table().column(&name.name)?;
            let mut keys = Keys::of(column)?.keys;
            column.valid.not().iter().for_each(|line| keys[line] = NO_KEY);
            Some(keys)
        }
        None => None,
    };
    let until = |day| shift(day, i64::from(sequence.amount), sequence.unit);
    let absent = sequence.absent.then_some(reference_date);
    let lines = [first.words(), second.words()];
    let words = orders.sorted().followed(lines, &until, absent, same.as_deref());
    let mut found = Bitmap::from_words(words, orders.customer_count());
    orders.repeated().iter().for_each(|&(row, first)| found.set(row as usize, found.get(first as usize)));
    Ok(found)
}
