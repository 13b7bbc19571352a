//! Which columns describe a customer, and as what: as numbers or as categories? The ones asked for, or the sensible ones,
//! with reasons for those left out.

use crate::error::{Code, Error, Result};
use crate::features::categories::{ID_SHARE, MOST_LEVELS};
use crate::features::scale::Transform;
use crate::features::wanted::{Kind, Wanted};
use crate::table::column::{Column, ColumnType, Data};
use crate::table::figures::grouped;
use crate::table::protected::{protected, speaks};
use crate::table::role::Role;
use crate::table::table::{Table, not_loaded, plural};

/// A column with more than this share of rows missing is not chosen without being asked for.
pub const MOSTLY_MISSING: f64 = 0.5;
/// Whole numbers with at most so many values are codes where the column's name says so.
const CODES: usize = 20;
/// Numbers with at most so many values are answers to a survey, where every feature is to be a category.
const ANSWERS: usize = 10;
/// Columns with fewer values than this are never refused as ids: there is too little to tell.
const FEW: usize = 10;
/// Words by which a name says that its numbers are codes.
const CODE_WORDS: &str = "channel region type class zip plz code category kategorie status group gruppe segment cluster store \
                          branch filiale plan tier kanal typ klasse canal tipo classe";

/// What a method does with categories.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// It compares numbers.
    Numbers,
    /// It compares numbers and categories.
    Both,
    /// It compares categories: every feature is one.
    Categories,
}

fn refused(code: Code, name: &str, message: String) -> Error {
    Error::new(code, message).column(name)
}

/// Settles as what each column takes part: text is a category; numbers, dates and yes/no columns are numbers where the method
/// compares numbers only, yes/no columns are categories where it compares both, and all are where it compares categories.
///
/// # Errors
/// `unknown-column`; `wrong-type` for a column that does not suit the method or the kind; `bad-option` for a transform or a
/// weight that has no meaning, and for ids, which are another value in nearly every row.
pub fn resolve(table: &Table, wanted: &[Wanted], takes: Takes) -> Result<Vec<Wanted>> {
    let mut settled = wanted.to_vec();
    for one in &mut settled {
        let column = table.column(&one.column)?;
        let name = one.column.as_str();
        let category = match (one.kind, takes) {
            (Kind::Category, Takes::Numbers) => return Err(needs_numbers(column)),
            (Kind::Number, Takes::Categories) => {
                let message = format!("“{name}” is to be a number, but this method takes every column as a category.");
                return Err(refused(Code::BadOption, name, message));
            }
            (Kind::Category, _) | (_, Takes::Categories) => true,
            (Kind::Number, _) | (_, Takes::Numbers) => false,
            (Kind::Auto, Takes::Both) => matches!(column.kind(), ColumnType::Text | ColumnType::Boolean),
        };
        one.kind = if category { Kind::Category } else { Kind::Number };
        if !category {
            continue;
        }
        if !matches!(one.transform, Transform::Auto | Transform::None) {
            let message = format!("“{name}” is a category, so it takes no transform. Leave the transform out.");
            return Err(refused(Code::BadOption, name, message));
        }
        if takes == Takes::Categories && one.weight != 1.0 {
            let message = format!("“{name}” has a weight, but latent classes count every answer once. Leave it out.");
            return Err(refused(Code::BadOption, name, message));
        }
        if is_id(column) {
            let message = format!(
                "“{name}” has another value in nearly every row ({} in {}), so it can only tell rows apart. Choose other columns.",
                grouped(column.distinct as u64),
                grouped(column.valid.count() as u64)
            );
            return Err(refused(Code::BadOption, name, message));
        }
    }
    Ok(settled)
}

/// Whether a column has another value in nearly every row that has one.
fn is_id(column: &Column) -> bool {
    column.distinct > FEW && column.distinct as f64 > ID_SHARE * column.valid.count() as f64
}

fn needs_numbers(column: &Column) -> Error {
    let message = format!(
        "Column “{}” holds {}. This method compares numbers, dates and yes/no values. The methods “kprototypes” (numbers and categories together) and “latent-class” (categories) take it as a category.",
        column.name,
        plural(column.kind())
    );
    refused(Code::WrongType, &column.name, message)
}

/// Checks columns that were asked for.
///
/// # Errors
/// `unknown-column`; `wrong-type` for text as numbers, and for lists, dates and times as categories; `bad-option` for no
/// column, a column named twice, or a weight that is not above 0.
pub fn check(table: &Table, wanted: &[Wanted]) -> Result<()> {
    if wanted.is_empty() {
        return Err(Error::new(Code::BadOption, "No columns were chosen. Name at least one column of numbers."));
    }
    for (position, one) in wanted.iter().enumerate() {
        let name = &one.column;
        let column = table.column(name)?;
        if wanted[..position].iter().any(|earlier| earlier.column == *name) {
            let message = format!("Column “{name}” was chosen twice. Name it once.");
            return Err(refused(Code::BadOption, name, message));
        }
        if !(one.weight.is_finite() && one.weight > 0.0) {
            let message = format!("The weight of “{name}” is {}; it must be a number above 0.", one.weight);
            return Err(refused(Code::BadOption, name, message));
        }
        match (&column.data, one.kind) {
            (Data::Unloaded(_), _) => return Err(not_loaded(name)),
            (Data::Date(_) | Data::Time(_), Kind::Category) | (Data::List(_), _) => {
                let message = format!(
                    "Column “{name}” holds {}, which are no category: nearly every row is another. Choose other columns.",
                    plural(column.kind())
                );
                return Err(refused(Code::WrongType, name, message));
            }
            (Data::Text(_), Kind::Number | Kind::Auto) => return Err(needs_numbers(column)),
            _ => {}
        }
    }
    Ok(())
}

/// The columns that are sensible to compare customers by: numbers that measure something and, where the method takes them,
/// categories. Every other column that could take part is named with the reason in the notices.
///
/// # Errors
/// `bad-option` when no column is sensible.
pub fn sensible(table: &Table, takes: Takes) -> Result<(Vec<Wanted>, Vec<String>)> {
    let mut wanted = Vec::new();
    let mut notices = Vec::new();
    let (mut others, mut codes) = (Vec::new(), false);
    for column in &table.columns {
        let number = matches!(column.data, Data::Number(_));
        if takes == Takes::Numbers && !number {
            if !column.role.is_identifier() {
                others.push(format!("“{}”", column.name));
            }
            continue;
        }
        let kind = match (number, takes) {
            (true, Takes::Numbers) => Kind::Number,
            (true, Takes::Both) if reason_against_codes(column).is_none() => Kind::Number,
            _ => Kind::Category,
        };
        let reason = match kind {
            Kind::Category => reason_against_category(column, takes),
            _ => reason_against(column),
        };
        codes |= takes == Takes::Numbers && reason_against_codes(column).is_some();
        match reason {
            None => wanted.push(Wanted { kind, ..Wanted::plain(&column.name) }),
            Some(reason) => notices.push(format!("“{}” was left out: {reason}.", column.name)),
        }
    }
    if !others.is_empty() {
        notices.push(format!("Only columns of numbers were compared; not used: {}.", others.join(", ")));
    }
    if codes || !others.is_empty() {
        notices.push("To compare categories and codes as well, use the method “kprototypes”.".into());
    }
    if wanted.is_empty() {
        let what = if takes == Takes::Categories { "category" } else { "column of numbers" };
        return Err(Error::new(
            Code::BadOption,
            format!("No {what} is left to compare customers by. Name the columns to use."),
        )
        .hint(notices.join(" ")));
    }
    Ok((wanted, notices))
}

/// Why a column is not compared, whatever it holds.
fn reason_against_any(column: &Column) -> Option<String> {
    let plain = match column.role {
        role if role.is_personal() => "it identifies a person",
        Role::CustomerId | Role::OrderId => "it only tells rows apart",
        Role::Date => "it is a date",
        Role::Consent => "it is a permission, not a trait",
        _ if column.distinct <= 1 => "it has one single value",
        _ if column.missing() as f64 > MOSTLY_MISSING * column.len() as f64 => "it is missing in most rows",
        _ => {
            let about = protected(&column.name)?;
            return Some(format!(
                "it tells of {about}, which the law protects; name it yourself if you may compare customers by it"
            ));
        }
    };
    Some(plain.into())
}

/// Why the numbers of a column are codes.
fn reason_against_codes(column: &Column) -> Option<&'static str> {
    if let Role::Country | Role::Region | Role::City | Role::Postcode | Role::Product | Role::Category = column.role {
        return Some("its numbers are codes");
    }
    if column.distinct == 2 {
        return Some("it has two values only, which are codes rather than amounts");
    }
    let Data::Number(values) = &column.data else { return None };
    let whole = || values.iter().all(|value| value.is_nan() || value.fract() == 0.0);
    (column.distinct <= CODES && speaks(&column.name, CODE_WORDS) && whole())
        .then_some("its name says that its numbers are codes")
}

fn reason_against(column: &Column) -> Option<String> {
    reason_against_any(column).or_else(|| reason_against_codes(column).map(String::from))
}

fn reason_against_category(column: &Column, takes: Takes) -> Option<String> {
    let reason = match &column.data {
        Data::Unloaded(_) => Some("it was not kept in memory".into()),
        Data::Date(_) | Data::Time(_) => Some("it is a date".into()),
        Data::List(_) => Some("it holds lists".into()),
        _ => reason_against_any(column),
    };
    let most = if takes == Takes::Categories && column.kind() == ColumnType::Number { ANSWERS } else { MOST_LEVELS };
    let many = || {
        let different = || format!("it has {} different values", grouped(column.distinct as u64));
        (column.distinct > most || is_id(column)).then(different)
    };
    reason.or_else(many)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::bitmap::Bitmap;
    use crate::table::table::Kind as TableKind;
    use crate::table::texts::TextsBuilder;

    fn words(name: &str, values: &[&str]) -> Column {
        let mut builder = TextsBuilder::with_capacity(values.len());
        values.iter().for_each(|value| _ = builder.push(value));
        Column::text(name, Role::Other, builder.finish(), Bitmap::ones(values.len()))
    }

    fn table() -> Table {
        let ids: Vec<String> = (0..12).map(|row| format!("k{row}")).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let every = |of: usize| (0..12).map(|row| (row % of) as f64).collect::<Vec<f64>>();
        Table::computed(
            vec![
                Column::number("id", Role::CustomerId, every(12)),
                Column::number("zip", Role::Postcode, every(4)),
                Column::number("Channel", Role::Other, every(3)),
                Column::number("one", Role::Other, vec![1.0; 12]),
                Column::number("age", Role::Demographic, every(11)),
                Column::number("spend", Role::Other, every(11)),
                words("key", &ids),
                words("plan", &["a", "b", "c"].repeat(4)),
                words("gender", &["f", "m"].repeat(6)),
            ],
            TableKind::Customers,
        )
    }

    fn names(takes: Takes) -> (Vec<String>, Vec<String>) {
        let (wanted, notices) = sensible(&table(), takes).unwrap();
        (wanted.into_iter().map(|one| one.column).collect(), notices)
    }

    #[test]
    fn ids_codes_constants_and_what_the_law_protects_are_left_out_with_a_reason() {
        let (used, notices) = names(Takes::Numbers);
        assert_eq!(used, ["spend"]);
        assert_eq!(notices.len(), 7, "{notices:?}");
        assert!(notices[4].contains("age") && notices[4].contains("the law protects"), "{notices:?}");
        assert!(notices[5].contains("“key”") && notices[6].contains("kprototypes"), "{notices:?}");
        assert_eq!(names(Takes::Both).0, ["zip", "Channel", "spend", "plan"]);
        assert_eq!(names(Takes::Categories).0, ["zip", "Channel", "plan"]);
    }

    #[test]
    fn each_column_is_what_the_method_takes() {
        let table = table();
        let kinds = |names: &[&str], takes| {
            let wanted: Vec<Wanted> = names.iter().map(|name| Wanted::plain(name)).collect();
            resolve(&table, &wanted, takes).map(|list| list.iter().map(|one| one.kind).collect::<Vec<Kind>>())
        };
        assert_eq!(kinds(&["spend", "plan"], Takes::Both).unwrap(), [Kind::Number, Kind::Category]);
        assert_eq!(kinds(&["zip", "plan"], Takes::Categories).unwrap(), [Kind::Category; 2]);
        assert_eq!(kinds(&["plan", "key"], Takes::Both).unwrap_err().code, Code::BadOption);
        let text = [Wanted { kind: Kind::Number, ..Wanted::plain("plan") }];
        let error = check(&table, &text).unwrap_err();
        assert!(error.code == Code::WrongType && error.message.contains("latent-class"), "{error:?}");
        let codes = [Wanted { kind: Kind::Category, ..Wanted::plain("zip") }];
        assert_eq!(resolve(&table, &codes, Takes::Numbers).unwrap_err().code, Code::WrongType);
    }
}
