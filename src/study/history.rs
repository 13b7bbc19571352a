//! Who bought when? The purchase days behind a study's customers, for all that looks at how they came and went.

use crate::error::{Code, Error, Result};
use crate::features::customers::{CustomersOptions, LeftOut, PurchasesJob};
use crate::features::purchases::PurchaseDays;
use crate::segment::rules::orders::Orders;
use crate::study::study::Study;
use crate::table::column::Column;
use crate::table::date::format_day;
use crate::table::role::Role;
use crate::table::texts::TextsBuilder;

impl Study {
    /// The study's order lines.
    ///
    /// # Errors
    /// `missing-role` where it has none.
    pub(in crate::study) fn lines(&self) -> Result<&Orders> {
        self.orders.as_ref().ok_or_else(|| {
            Error::new(
                Code::MissingRole,
                "This is worked out from orders, and this study has none. Fold order lines into customers, or give the study its order table as “orders”.",
            )
        })
    }

    /// Prepares to find the purchase days of all customers up to the reference date, by the same columns and without the
    /// same lines as the customers were folded.
    ///
    /// # Errors
    /// `missing-role` where the study has no orders, or these no day.
    pub fn purchases(&self) -> Result<PurchasesJob> {
        let orders = self.lines()?;
        let (columns, left_out) = match &self.fold {
            Some(fold) => (fold.columns.clone(), fold.left_out(orders.table())?),
            None => (CustomersOptions::default(), LeftOut::default()),
        };
        let options = CustomersOptions {
            id: Some(orders.key().name.clone()),
            reference_date: Some(format_day(self.reference_date)),
            ..columns
        };
        PurchasesJob::without(orders.table().clone(), &options, left_out)
    }

    /// The number among these purchases of each row's customer; nothing for who has no line.
    ///
    /// # Errors
    /// `missing-role` where the customers have no id.
    pub(in crate::study) fn buyers(&self, purchases: &PurchaseDays) -> Result<Vec<Option<usize>>> {
        Ok(rows_of(purchases, self.base.by_role(Role::CustomerId).ok_or_else(no_id)?))
    }
}

/// The error where customers cannot be told apart.
pub(in crate::study) fn no_id() -> Error {
    Error::new(Code::MissingRole, "The customers of this study have no id, by which their orders are found.")
}

/// The customer of the purchase days whom each row is about, by their ids.
pub(in crate::study) fn rows_of(purchases: &PurchaseDays, ids: &Column) -> Vec<Option<usize>> {
    let count = purchases.customers();
    let mut numbers = TextsBuilder::default();
    (0..count).for_each(|customer| _ = numbers.number_of(purchases.ids.value(customer as u32)));
    let customer = |row: usize| {
        let number = numbers.number_of(&ids.text_of(row)?) as usize;
        (number < count).then_some(number)
    };
    (0..ids.len()).map(customer).collect()
}
