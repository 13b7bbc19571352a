//! What is known about a customer from the order lines: the latest value of each column that describes the person.

use crate::table::bitmap::Bitmap;
use crate::table::column::{Column, Data};
use crate::table::role::Role;
use crate::table::texts::TextsBuilder;

/// Whether a column of an order file speaks of the customer and not of the order.
pub fn describes_customer(column: &Column) -> bool {
    matches!(
        column.role,
        Role::Country
            | Role::Region
            | Role::City
            | Role::Postcode
            | Role::Email
            | Role::Phone
            | Role::Name
            | Role::Consent
            | Role::Demographic
            | Role::Psychographic
            | Role::Technographic
            | Role::Firmographic
    ) && !matches!(column.data, Data::Unloaded(_))
}

/// The number of no customer: of a row without an id, or one that is left out.
pub const NOBODY: u32 = u32::MAX;

/// For each customer the row that holds the latest value: by day, then by row; undated rows count as earliest.
/// `None` where no row of the customer has a value.
pub fn latest_rows(column: &Column, customers: &[u32], days: &[i32], count: usize) -> Vec<Option<u32>> {
    let mut latest: Vec<Option<u32>> = vec![None; count];
    for row in column.valid.iter() {
        if customers[row] == NOBODY {
            continue;
        }
        let best = &mut latest[customers[row] as usize];
        if best.is_none_or(|known| days[row] >= days[known as usize]) {
            *best = Some(row as u32);
        }
    }
    latest
}

/// The column's values at those rows, one a customer.
pub fn take(column: &Column, rows: &[Option<u32>]) -> Column {
    let valid = Bitmap::from_fn(rows.len(), |customer| rows[customer].is_some());
    let at = |row: &Option<u32>| row.map(|row| row as usize);
    match &column.data {
        Data::Number(values) => {
            let taken = rows.iter().map(|row| at(row).map_or(f64::NAN, |row| values[row])).collect();
            Column::number(&column.name, column.role, taken)
        }
        Data::Date(values) => {
            let taken = rows.iter().map(|row| at(row).map_or(Data::NO_DAY, |row| values[row])).collect();
            Column::date(&column.name, column.role, taken)
        }
        Data::Boolean(values) => Column {
            data: Data::Boolean(Bitmap::from_fn(rows.len(), |customer| {
                at(&rows[customer]).is_some_and(|row| values.get(row))
            })),
            valid,
            ..column.clone()
        },
        Data::List(lists) => Column { data: Data::List(lists.at(&mut rows.iter().map(at))), valid, ..column.clone() },
        Data::Text(_) | Data::Time(_) | Data::Unloaded(_) => {
            let mut builder = TextsBuilder::with_capacity(rows.len());
            for row in rows {
                match at(row).and_then(|row| column.text_of(row)) {
                    Some(value) => {
                        builder.push(&value);
                    }
                    None => builder.push_missing(),
                }
            }
            Column::text(&column.name, column.role, builder.finish(), valid)
        }
    }
}
