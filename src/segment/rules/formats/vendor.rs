//! What do importers of shop and marketing systems share? Columns that are called differently there, days back, and orders.

use crate::segment::rules::formats::imported::{
    Collected, Known, among, asked, compares, condition, ignoring_case, joined, of_orders, operands,
};
use crate::segment::rules::tree::{
    Combinator, Comparison, Direction, Function, Holding, Measure, MissingAs, Operand, Rule, Test, Unit, Value, Window,
};
use crate::table::column::ColumnType;
use crate::table::date::format_time;

/// Names of the same thing; the first are the vendors'.
const SAME: &str = "\
amount_spent,total_revenue,total_spent,total_amount_spent,monetary,lifetime_value
number_of_orders,num_associated_deals,total_orders,orders_count,order_count,frequency
last_order_date,recent_deal_close_date,last_order,last_purchase
first_order_date,first_deal_created_date,first_order,first_purchase
customer_added_date,createdate,created,created_at,signup,sign_up_date
customer_tags,tags
customer_countries,country,default_address_country_code,country_code
customer_cities,city,default_address_city
customer_regions,state,region,province,default_address_province_code
postal_code,zip,default_address_zip,postcode
customer_language,hs_language,locale,language
email_subscription_status,accepts_email_marketing,email_consent,consent
sms_subscription_status,accepts_sms_marketing,sms_consent
phone_number,phone
product_id,id,product,sku
product_tag,tag
amount,value,$value,total,revenue,order_total
date,order_date,ordered_at,created_at
quantity,qty";

/// What an importer knows and collects.
#[derive(Debug)]
pub struct Vendor<'a> {
    known: &'a Known<'a>,
    /// What it could not say, and what it has to say besides.
    pub collected: Collected,
}

/// A day that is compared with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum When {
    /// Days since 1970-01-01.
    Day(i32),
    /// Milliseconds since 1970 UTC.
    Moment(i64),
    /// So many units before the reference date; 0 is the date itself.
    Ago(u32, Unit),
}

impl<'a> Vendor<'a> {
    /// For a rule that is meant for this table.
    pub fn new(known: &'a Known<'a>) -> Vendor<'a> {
        Vendor { known, collected: Collected::default() }
    }

    /// The table's column of that name, or of the same thing.
    pub fn column(&mut self, name: &str) -> String {
        let found = self.known.columns.and_then(|columns| same(name, columns.iter().map(|(known, _)| known.as_str())));
        if let Some(found) = found.as_ref().filter(|found| *found != name) {
            self.collected.note(format!("“{name}” is read as the column “{found}”."));
        }
        found.unwrap_or_else(|| name.into())
    }

    /// The column of the order lines of that name, or of the same thing.
    pub fn order_column(&mut self, name: &str) -> String {
        let found = self.known.orders.and_then(|columns| same(name, columns.iter().map(|(known, _)| known.as_str())));
        found.unwrap_or_else(|| name.into())
    }

    /// The column's type, where it is known.
    pub fn kind(&self, column: &str) -> Option<ColumnType> {
        self.known.kind(column)
    }

    /// `symbol` on a number, a text or a yes/no value.
    pub fn compared(&self, column: &str, comparison: Comparison, value: Value, missing: bool) -> Rule {
        asked(column, compares(comparison, value), Some(missing))
    }

    /// A value of a list; of a column that holds one text, that text. Ignoring case.
    ///
    /// # Errors
    /// The reason, where the column holds neither.
    pub fn in_list(&self, column: &str, values: Vec<Value>, negated: bool, missing: bool) -> Result<Rule, String> {
        let test = match self.kind(column) {
            None | Some(ColumnType::List) => Test::Holds { negated, how: Holding::Any, options: operands(values) },
            Some(ColumnType::Text) => among(values, negated),
            Some(_) => return Err(format!("“{column}” holds neither a list nor texts")),
        };
        Ok(ignoring_case(asked(column, test, Some(missing))))
    }
}

/// The name among the known ones that means the same: itself, itself written otherwise, or another word for it.
fn same<'n>(name: &str, known: impl Iterator<Item = &'n str> + Clone) -> Option<String> {
    let plain = |name: &str| {
        let mut plain = String::new();
        for char in name.chars() {
            match char {
                char if char.is_alphanumeric() || char == '$' => plain.extend(char.to_lowercase()),
                _ if plain.is_empty() || plain.ends_with('_') => {}
                _ => plain.push('_'),
            }
        }
        plain
    };
    let wanted = plain(name);
    let others = SAME
        .lines()
        .find(|line| line.split(',').any(|word| word == wanted))
        .into_iter()
        .flat_map(|line| line.split(','));
    let mut words = [wanted.as_str()].into_iter().chain(others);
    if let Some(exact) = known.clone().find(|known| *known == name) {
        return Some(exact.into());
    }
    words.find_map(|word| known.clone().find(|known| plain(known) == word)).map(str::to_string)
}

impl When {
    /// The literal, where it does not move.
    pub fn fixed(self) -> Option<Value> {
        match self {
            When::Day(day) => Some(Value::Day(day)),
            When::Moment(ms) => Some(Value::Text(format_time(ms))),
            When::Ago(..) => None,
        }
    }
}

/// Days back, counted as the vendors do: N days ago is itself a day. `compare(date, N days ago)` in tests that must all pass.
///
/// # Errors
/// The reason, where no test of ours says it.
pub fn date_tests(comparison: Comparison, when: When) -> Result<Vec<Test>, String> {
    let last = |negated: bool, amount: u32, unit| Test::Within { negated, direction: Direction::Last, amount, unit };
    if let Some(literal) = when.fixed() {
        return Ok(vec![compares(comparison, literal)]);
    }
    let (days, unit) = match when {
        When::Day(_) | When::Moment(_) => (0, Unit::Day),
        When::Ago(weeks, Unit::Week) => (weeks.saturating_mul(7), Unit::Day),
        When::Ago(amount, unit) => (amount, unit),
    };
    let today = |comparison| compares(comparison, Value::Call(Function::ReferenceDate, Vec::new()));
    let until_today = today(Comparison::AtMost);
    Ok(match (comparison, unit) {
        (comparison, _) if days == 0 && comparison != Comparison::Equal => vec![today(comparison)],
        // In calendar units the bounds differ by the one day at the far end.
        (Comparison::Greater | Comparison::AtLeast, unit) if unit != Unit::Day => vec![last(false, days, unit)],
        // Not in the last days are also those to come, which lie before none of the last.
        (Comparison::Less | Comparison::AtMost, unit) if unit != Unit::Day => vec![last(true, days, unit), until_today],
        (Comparison::AtLeast, _) => vec![last(false, days + 1, Unit::Day)],
        (Comparison::Greater, _) => vec![last(false, days, Unit::Day)],
        (Comparison::Less, _) => vec![last(true, days + 1, Unit::Day), until_today],
        (Comparison::AtMost, _) => vec![last(true, days, Unit::Day), until_today],
        (Comparison::Equal, Unit::Day) if days == 0 => vec![last(false, 1, Unit::Day)],
        (Comparison::Equal, Unit::Day) => vec![last(false, days + 1, Unit::Day), last(true, days, Unit::Day)],
        _ => return Err("this comparison with a day that moves".into()),
    })
}

/// From the one bound to the other. The last days end today, so that nothing more has to say it.
pub fn bounded(low: Vec<Test>, high: Vec<Test>) -> Vec<Test> {
    let ends_today = low.iter().any(|test| matches!(test, Test::Within { negated: false, .. }));
    let says_today = |test: &Test| matches!(test, Test::Compare(Comparison::AtMost, bound) if matches!(bound.value, Value::Call(Function::ReferenceDate, _)));
    low.into_iter().chain(high.into_iter().filter(|test| !(ends_today && says_today(test)))).collect()
}

/// All the tests of one column.
pub fn all_of(column: &str, tests: Vec<Test>, missing: bool) -> Rule {
    joined(Combinator::And, tests.into_iter().map(|test| asked(column, test, Some(missing))).collect())
}

/// What is asked of a customer's orders.
#[derive(Debug, Default)]
pub struct OrderQuestion {
    /// Which orders count.
    pub filters: Vec<Rule>,
    /// When they were made; the first is the window, more become filters.
    pub window: Option<Test>,
}

impl OrderQuestion {
    /// Takes in when orders were made; `date` is their column of days.
    pub fn made(&mut self, tests: Vec<Test>, date: &str) {
        for test in tests {
            match test.is_negated() || self.window.is_some() {
                true => self.filters.push(asked(date, test, Some(false))),
                false => self.window = Some(test),
            }
        }
    }

    /// Compares what they come to. Customers without orders count 0.
    pub fn rule(&self, measure: Measure, of: Option<&str>, comparison: Comparison, value: f64) -> Rule {
        let filter = joined(Combinator::And, self.filters.clone());
        let orders = of_orders(measure, of, Some(filter), self.window.clone().map(Window::Passing));
        // Only sums and counts have a value for everyone.
        let missing = (!measure.is_zero_for_none()).then_some(MissingAs::Answer(false));
        condition(orders, compares(comparison, Value::Number(value)), missing)
    }
}

/// Between two bounds, both included.
pub fn between(low: Operand, high: Operand, negated: bool) -> Test {
    Test::Between { negated, low, high, exclusive: false }
}
