//! Which rows go on with the order of the row above? Shops write an order's own fields once, on its first line.

use crate::table::bitmap::Bitmap;
use crate::table::column::{Column, Data};

/// Rows with the same order id as the row above; none where no row has, or where the ids are not in memory.
pub fn later_lines(order: &Column) -> Option<Bitmap> {
    let same: &dyn Fn(usize) -> bool = match &order.data {
        Data::Text(texts) => &|row| texts.codes()[row] == texts.codes()[row - 1],
        Data::Number(values) => &|row| values[row] == values[row - 1],
        _ => return None,
    };
    let later =
        Bitmap::from_fn(order.len(), |row| row > 0 && order.valid.get(row) && order.valid.get(row - 1) && same(row));
    (later.count() > 0).then_some(later)
}

/// Whether a column speaks of the order and not of its lines: it has values, and none on any later line.
pub fn is_of_the_order(column: &Column, later: &Bitmap) -> bool {
    column.valid.count() > 0 && column.valid.count_and(later) == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::role::Role;
    use crate::table::texts::TextsBuilder;

    #[test]
    fn fields_of_the_order_stand_on_its_first_line() {
        let mut ids = TextsBuilder::default();
        ["#1", "#1", "#2", "#2", "#1"].iter().for_each(|id| _ = ids.push(id));
        let order = Column::text("Name", Role::OrderId, ids.finish(), Bitmap::ones(5));
        let later = later_lines(&order).unwrap();
        assert_eq!(later.iter().collect::<Vec<_>>(), [1, 3]);
        let nan = f64::NAN;
        let total = Column::number("Total", Role::Amount, vec![1.0, nan, 2.0, nan, nan]);
        let price = Column::number("Price", Role::UnitPrice, vec![1.0, nan, 2.0, 3.0, nan]);
        assert!(is_of_the_order(&total, &later) && !is_of_the_order(&price, &later));
        assert!(later_lines(&price).is_none());
    }
}
