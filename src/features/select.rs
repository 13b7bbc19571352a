//! Which columns describe a customer? The ones asked for, or the sensible ones, with reasons for those left out.

use crate::error::{Code, Error, Result};
use crate::features::scale::Transform;
use crate::table::column::{Column, ColumnType, Data};
use crate::table::role::Role;
use crate::table::table::{Table, not_loaded, plural};

/// A column with more than this share of rows missing is not chosen without being asked for.
pub const MOSTLY_MISSING: f64 = 0.5;

/// A column to be used.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// Its name.
    pub column: String,
    /// How it is to be scaled.
    pub transform: Transform,
    /// How much it counts; a finite number above 0.
    pub weight: f64,
}

/// Checks columns that were asked for.
///
/// # Errors
/// `unknown-column`; `wrong-type` for text; `bad-option` for no column, a column named twice, or a weight that is not above 0.
pub fn check(table: &Table, wanted: &[Wanted]) -> Result<()> {
    if wanted.is_empty() {
        return Err(Error::new(Code::BadOption, "No columns were chosen. Name at least one column of numbers."));
    }
    for (position, one) in wanted.iter().enumerate() {
        let name = &one.column;
        let column = table.column(name)?;
        if wanted[..position].iter().any(|earlier| earlier.column == *name) {
            return Err(
                Error::new(Code::BadOption, format!("Column “{name}” was chosen twice. Name it once.")).column(name)
            );
        }
        if !(one.weight.is_finite() && one.weight > 0.0) {
            return Err(Error::new(
                Code::BadOption,
                format!("The weight of “{name}” is {}; it must be a number above 0.", one.weight),
            )
            .column(name));
        }
        match column.data {
            Data::Unloaded(_) => return Err(not_loaded(name)),
            Data::Text(_) | Data::List(_) => {
                return Err(Error::new(
                    Code::WrongType,
                    format!(
                        "Column “{name}” holds {}. This method compares numbers, dates and yes/no values; methods for categories are not offered yet.",
                        plural(column.kind())
                    ),
                )
                .column(name));
            }
            _ => {}
        }
    }
    Ok(())
}

/// The columns that are sensible to compare customers by: numbers that measure something. Every other column of numbers is
/// named with the reason in the notices.
///
/// # Errors
/// `too-few-rows` is not raised here; `bad-option` when no column is sensible.
pub fn sensible(table: &Table) -> Result<(Vec<Wanted>, Vec<String>)> {
    let mut wanted = Vec::new();
    let mut notices = Vec::new();
    for column in table.columns.iter().filter(|column| matches!(column.data, Data::Number(_))) {
        match reason_against(column) {
            None => wanted.push(Wanted { column: column.name.clone(), transform: Transform::Auto, weight: 1.0 }),
            Some(reason) => notices.push(format!("“{}” was left out: {reason}.", column.name)),
        }
    }
    let others: Vec<String> = table
        .columns
        .iter()
        .filter(|column| column.kind() != ColumnType::Number && !column.role.is_identifier())
        .map(|column| format!("“{}”", column.name))
        .collect();
    if !others.is_empty() {
        notices.push(format!("Only columns of numbers were compared; not used: {}.", others.join(", ")));
    }
    if wanted.is_empty() {
        return Err(Error::new(
            Code::BadOption,
            "No column of numbers is left to compare customers by. Name the columns to use.",
        )
        .hint(notices.join(" ")));
    }
    Ok((wanted, notices))
}

fn reason_against(column: &Column) -> Option<&'static str> {
    match column.role {
        role if role.is_personal() => return Some("it identifies a person"),
        Role::CustomerId | Role::OrderId => return Some("it only tells rows apart"),
        Role::Date => return Some("it is a date"),
        Role::Country | Role::Region | Role::City | Role::Postcode | Role::Product | Role::Category => {
            return Some("its numbers are codes");
        }
        Role::Consent => return Some("it is a permission, not a trait"),
        _ => {}
    }
    if column.distinct <= 1 {
        return Some("it has one single value");
    }
    if column.distinct == 2 {
        return Some("it has two values only, which are codes rather than amounts");
    }
    let missing = column.missing() as f64;
    (missing > MOSTLY_MISSING * column.len() as f64).then_some("it is missing in most rows")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::table::Kind;

    #[test]
    fn ids_codes_and_constants_are_left_out_with_a_reason() {
        let table = Table::computed(
            vec![
                Column::number("id", Role::CustomerId, vec![1.0, 2.0, 3.0]),
                Column::number("zip", Role::Postcode, vec![1.0, 2.0, 3.0]),
                Column::number("one", Role::Other, vec![1.0, 1.0, 1.0]),
                Column::number("age", Role::Demographic, vec![30.0, 40.0, 50.0]),
            ],
            Kind::Customers,
        );
        let (wanted, notices) = sensible(&table).unwrap();
        assert_eq!(wanted.iter().map(|one| one.column.as_str()).collect::<Vec<_>>(), ["age"]);
        assert_eq!(notices.len(), 3);
    }
}
