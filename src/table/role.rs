//! What a column means.

use serde::{Deserialize, Serialize};

/// The meaning of a column, proposed from its name and values and changeable by the user.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Who: one value a customer.
    CustomerId,
    /// Which order a line belongs to.
    OrderId,
    /// When: the day (or moment) of an order or another event.
    Date,
    /// A total of money. `unit-price` × `quantity` stands in only where there is none.
    Amount,
    /// Money of the order that was given back, as a positive number: what is left of the amount is the order's worth.
    Refund,
    /// Whether or when the order was cancelled.
    Cancellation,
    /// Money for one piece.
    UnitPrice,
    /// Number of pieces.
    Quantity,
    /// What was bought.
    Product,
    /// A group of products.
    Category,
    /// Country, by name or code.
    Country,
    /// State, province, region.
    Region,
    /// Town.
    City,
    /// Postal code, kept as text.
    Postcode,
    /// E-mail address: personal.
    Email,
    /// Telephone number: personal.
    Phone,
    /// A person's name: personal.
    Name,
    /// Whether the customer may be contacted.
    Consent,
    /// Age, gender, income, household …
    Demographic,
    /// Attitudes, interests, survey answers.
    Psychographic,
    /// Devices, browsers, software.
    Technographic,
    /// Industry, company size …
    Firmographic,
    /// None of these, or unknown.
    #[default]
    Other,
}

impl Role {
    /// Whether the column names a person directly and is therefore kept out of clustering and charts.
    pub fn is_personal(self) -> bool {
        matches!(self, Role::Email | Role::Phone | Role::Name)
    }

    /// Whether the column only tells rows apart and can carry no pattern.
    pub fn is_identifier(self) -> bool {
        matches!(self, Role::CustomerId | Role::OrderId) || self.is_personal()
    }
}
