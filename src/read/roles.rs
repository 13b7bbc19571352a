//! What do the columns mean? Known exports say it all at once; otherwise it is proposed from the names (in seven languages)
//! and checked against the values; a file without a header is judged by its values alone, with less confidence. Nothing is
//! invented: a role that neither a name nor a clear pattern speaks for stays `other`.

use crate::read::exports::{Export, Meaning, recognise};
use crate::read::names::{role_of_name, words};
use crate::read::patterns::{is_consent, is_country, is_email, is_phone, is_postcode};
use crate::table::cancelled::is_cancelled;
use crate::table::column::{Column, ColumnType, Data};
use crate::table::role::Role;
use crate::table::table::Kind;

/// Gives every column its role and confidence, and tells what a row stands for and which system wrote the file, if it is a
/// known one. Columns whose role the user chose (that is, with confidence 1) are left as they are.
pub fn propose(columns: &mut [&mut Column], header: bool) -> (Kind, Option<&'static Export>) {
    let chosen: Vec<bool> = columns.iter().map(|column| column.role_confidence == 1.0).collect();
    for (column, _) in columns.iter_mut().zip(&chosen).filter(|(_, chosen)| !**chosen) {
        (column.role, column.role_confidence) = if header { by_name(column) } else { (Role::Other, 0.0) };
        if column.role == Role::Other {
            (column.role, column.role_confidence) = by_pattern(column);
        }
    }
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let export = if header { recognise(&names) } else { None };
    if let Some((_, meanings)) = &export {
        by_export(columns, &chosen, meanings);
    }
    if !header {
        by_values(columns, &chosen);
    }
    for role in [Role::CustomerId, Role::OrderId, Role::Cancellation] {
        keep_the_surest(columns, &chosen, role);
    }
    let export = export.map(|(export, _)| export);
    let kind = export.map_or_else(|| kind(columns), |export| export.kind);
    // In a list of customers a status is theirs, and may be what is asked about.
    for (column, _) in columns.iter_mut().zip(&chosen).filter(|(_, chosen)| !**chosen) {
        if kind == Kind::Customers && column.role == Role::Cancellation && column.kind() == ColumnType::Text {
            (column.role, column.role_confidence) = (Role::Other, 0.0);
        }
    }
    (kind, export)
}

/// Roles of which a row has one.
fn is_single(role: Role) -> bool {
    use Role::{Amount, Cancellation, CustomerId, Date, OrderId, Product, Quantity, Refund, UnitPrice};
    matches!(role, CustomerId | OrderId | Date | Amount | Refund | Cancellation | UnitPrice | Quantity | Product)
}

/// The roles that a known export gives, for certain; what it does not name is no id, money or day of the order.
fn by_export(columns: &mut [&mut Column], chosen: &[bool], meanings: &[Meaning]) {
    let mut given = vec![(Role::Other, 0.0); columns.len()];
    for (at, (column, meaning)) in columns.iter().zip(meanings).enumerate() {
        given[at] = match *meaning {
            // Of several columns for one role the first one of the export's list that holds anything.
            Some((role, place)) if is_single(role) => {
                let better = |other: &(&&mut Column, &Meaning)| {
                    matches!(*other.1, Some((same, before)) if same == role && before < place)
                        && other.0.valid.count() > 0
                };
                if suits(role, column) && columns.iter().zip(meanings).find(better).is_none() {
                    (role, 1.0)
                } else {
                    (Role::Other, 0.0)
                }
            }
            Some((role, _)) if suits(role, column) => (role, 1.0),
            Some(_) => (Role::Other, 0.0),
            None if is_single(column.role) => (Role::Other, 0.0),
            None => (column.role, column.role_confidence),
        };
    }
    for (at, given) in given.into_iter().enumerate().filter(|(at, _)| !chosen[*at]) {
        (columns[at].role, columns[at].role_confidence) = given;
    }
}

/// The role a name speaks for, if the values agree.
fn by_name(column: &Column) -> (Role, f64) {
    let (role, confidence) = role_of_name(&column.name);
    if suits(role, column) { (role, confidence) } else { (Role::Other, 0.0) }
}

/// The role that the writing of the values speaks for.
fn by_pattern(column: &Column) -> (Role, f64) {
    type Test = fn(&str) -> bool;
    const PATTERNS: [(Role, f64, Test); 5] = [
        (Role::Email, 0.9, is_email),
        (Role::Phone, 0.8, is_phone),
        (Role::Consent, 0.8, is_consent),
        (Role::Country, 0.7, is_country),
        (Role::Postcode, 0.7, is_postcode),
    ];
    let found = PATTERNS
        .iter()
        .find(|(role, _, test)| are(column, *test) && (*role != Role::Country || tells_countries(column)));
    found.map_or((Role::Other, 0.0), |(role, confidence, _)| (*role, *confidence))
}

/// Whether nine in ten of the first different values pass the test; of columns that hold no texts the sample is asked.
fn are(column: &Column, test: fn(&str) -> bool) -> bool {
    const ASKED: usize = 200;
    let share = |values: &mut dyn Iterator<Item = &str>| {
        let (mut all, mut fits) = (0, 0);
        values.for_each(|value| (all, fits) = (all + 1, fits + usize::from(test(value.trim()))));
        all > 0 && fits * 10 >= all * 9
    };
    match &column.data {
        Data::Text(texts) => share(&mut texts.values().take(ASKED)),
        _ => share(&mut column.sample.iter().map(String::as_str)),
    }
}

/// Many codes of countries are states of the USA too: one that is none must be there.
fn tells_countries(column: &Column) -> bool {
    const STATES: &str = "AL AR AZ CA CO DE GA ID IL IN KY LA MA MD ME MN MO MS MT NC NE PA SC SD TN VA";
    let Data::Text(texts) = &column.data else { return false };
    texts.values().any(|value| !STATES.split(' ').any(|state| state == value.trim()))
}

fn suits(role: Role, column: &Column) -> bool {
    let (kind, present) = (column.kind(), column.valid.count());
    let number = kind == ColumnType::Number;
    let text = kind == ColumnType::Text;
    match role {
        Role::CustomerId | Role::OrderId => {
            (text || number && is_whole(column)) && (column.distinct > 1 || present < 2)
        }
        Role::Date => matches!(kind, ColumnType::Date | ColumnType::Time),
        Role::Amount | Role::UnitPrice | Role::Quantity => number,
        Role::Refund => number || present == 0,
        Role::Cancellation => {
            present == 0
                || matches!(kind, ColumnType::Date | ColumnType::Time | ColumnType::Boolean)
                || text && any_cancelled(column)
                || number && is_yes_or_no(column)
        }
        Role::Product | Role::Category | Role::Country | Role::Region | Role::City | Role::Postcode => text || number,
        Role::Email => present == 0 || are(column, is_email),
        Role::Phone => text && column.sample.iter().all(|cell| cell.bytes().filter(u8::is_ascii_digit).count() >= 5),
        Role::Name => text && column.sample.iter().filter(|cell| cell.bytes().any(|b| b.is_ascii_digit())).count() < 2,
        _ => true,
    }
}

/// Whether some value says that an order was cancelled; of columns that are not in memory the sample is asked.
fn any_cancelled(column: &Column) -> bool {
    match &column.data {
        Data::Text(texts) => texts.values().any(is_cancelled),
        _ => column.sample.iter().any(|cell| is_cancelled(cell)),
    }
}

/// Whether a column of numbers knows 0 and 1 only.
fn is_yes_or_no(column: &Column) -> bool {
    column.distinct <= 2 && column.sample.iter().all(|cell| cell == "0" || cell == "1")
}

fn is_whole(column: &Column) -> bool {
    match &column.data {
        Data::Number(values) => values.iter().all(|value| value.is_nan() || value.fract() == 0.0),
        _ => true,
    }
}

/// The pattern of an order log: an id that comes again, a date, money, and perhaps small counts.
fn by_values(columns: &mut [&mut Column], chosen: &[bool]) {
    let Some(date) = columns.iter().position(|column| matches!(column.kind(), ColumnType::Date | ColumnType::Time))
    else {
        return;
    };
    let repeats = |column: &Column| {
        let present = column.valid.count();
        let code = column.sample.iter().all(|cell| cell.bytes().any(|byte| byte.is_ascii_digit()));
        // Between twenty different and one for each row and a half.
        column.distinct >= 20 && column.distinct * 3 <= present * 2 && code
    };
    let id = columns.iter().position(|column| {
        let kind = column.kind();
        (kind == ColumnType::Text || kind == ColumnType::Number && is_whole(column)) && repeats(column)
    });
    let Some(id) = id else { return };
    let amount = columns.iter().rposition(|column| column.kind() == ColumnType::Number && !is_whole(column));
    let quantity = columns.iter().rposition(|column| match &column.data {
        Data::Number(values) => {
            is_whole(column) && values.iter().all(|value| value.is_nan() || (0.0..=1000.0).contains(value))
        }
        _ => false,
    });
    let found = [
        (Some(id), Role::CustomerId, 0.6),
        (Some(date), Role::Date, 0.7),
        (amount, Role::Amount, 0.6),
        (quantity.filter(|&at| at != id), Role::Quantity, 0.5),
    ];
    for (at, role, confidence) in found {
        if let Some(at) = at.filter(|&at| !chosen[at]) {
            (columns[at].role, columns[at].role_confidence) = (role, confidence);
        }
    }
}

/// A row has one customer and one order: of several columns that could name them the surest stays, the first of equals.
fn keep_the_surest(columns: &mut [&mut Column], chosen: &[bool], role: Role) {
    let mut best: Option<usize> = None;
    for at in (0..columns.len()).filter(|&at| columns[at].role == role) {
        if best.is_none_or(|best| columns[at].role_confidence > columns[best].role_confidence) {
            best = Some(at);
        }
    }
    for (at, column) in columns.iter_mut().enumerate() {
        if column.role == role && Some(at) != best && !chosen[at] {
            (column.role, column.role_confidence) = (Role::Other, 0.0);
        }
    }
}

/// Orders when a customer comes again and there is a day for it; a few repeated customers among many with nothing that
/// speaks of orders are duplicates in a customer list.
fn kind(columns: &[&mut Column]) -> Kind {
    let find = |role: Role| columns.iter().find(|column| column.role == role);
    let id = find(Role::CustomerId).or_else(|| find(Role::Email));
    let (Some(id), Some(date)) = (id, find(Role::Date)) else { return Kind::Customers };
    let present = id.valid.count();
    let often = id.distinct * 6 <= present * 5 && id.role == Role::CustomerId;
    let order_date = words(&date.name).iter().any(|word| ORDER_WORDS.contains(&word.as_str()));
    let spoken = find(Role::OrderId).is_some() || order_date || find(Role::Quantity).is_some();
    // Addresses come again among customers too: only an order's number makes such rows orders.
    let spoken = spoken && (id.role == Role::CustomerId || find(Role::OrderId).is_some());
    if id.distinct < present && (often || spoken) { Kind::Orders } else { Kind::Customers }
}

/// Words that a date of an order has in its name.
const ORDER_WORDS: [&str; 10] = [
    "order",
    "invoice",
    "purchase",
    "transaction",
    "sale",
    "bestellung",
    "bestelldatum",
    "rechnungsdatum",
    "kaufdatum",
    "paid",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::bitmap::Bitmap;
    use crate::table::texts::TextsBuilder;

    fn text(name: &str, cells: &[&str]) -> Column {
        let mut builder = TextsBuilder::default();
        cells.iter().for_each(|cell| {
            builder.push(cell);
        });
        unknown(Column::text(name, Role::Other, builder.finish(), Bitmap::ones(cells.len())))
    }

    fn kind_of(columns: &mut [Column]) -> Kind {
        propose(&mut columns.iter_mut().collect::<Vec<_>>(), true).0
    }

    fn unknown(mut column: Column) -> Column {
        column.role_confidence = 0.0;
        column
    }

    #[test]
    fn repeated_ids_with_days_are_orders() {
        let mut columns = vec![
            text("customer_id", &["a", "b", "a", "a"]),
            unknown(Column::date("order_date", Role::Other, vec![1, 2, 3, 4])),
            unknown(Column::number("revenue", Role::Other, vec![1.0, 2.0, 3.5, 4.0])),
        ];
        assert_eq!(kind_of(&mut columns), Kind::Orders);
        assert_eq!(columns.iter().map(|c| c.role).collect::<Vec<_>>(), [Role::CustomerId, Role::Date, Role::Amount]);
        columns[0] = text("customer_id", &["a", "b", "c", "d"]);
        assert_eq!(kind_of(&mut columns), Kind::Customers);
    }

    #[test]
    fn names_whose_values_disagree_are_not_believed() {
        let mut columns = vec![
            text("Phone Number", &["Yes", "No"]),
            text("order date", &["soon", "late"]),
            text("contact", &["a@b.de", "c@d.org"]),
        ];
        kind_of(&mut columns);
        assert_eq!(columns.iter().map(|c| c.role).collect::<Vec<_>>(), [Role::Other, Role::Other, Role::Email]);
    }
}
