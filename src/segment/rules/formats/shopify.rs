//! What does a Shopify segment query say in ours? `amount_spent >= 100 AND customer_tags CONTAINS 'VIP'` and the like.
//!
//! A clause that cannot be said is left out and named by its own text.

use crate::error::{Code, Error, Result};
use crate::segment::rules::formats::imported::{
    Imported, Known, among, asked, compares, condition, joined_rest, missing, not,
};
use crate::segment::rules::formats::shopify_tokens::{Token, tokens};
use crate::segment::rules::formats::vendor::{OrderQuestion, Vendor, When, all_of, between, bounded, date_tests};
use crate::segment::rules::tree::{
    Combinator, Comparison, Direction, Function, MAX_DEPTH, Measure, MissingAs, Rule, Test, Unit, Value,
};
use crate::table::column::ColumnType;
use crate::table::date::MS_PER_DAY;

/// Reads a query.
///
/// # Errors
/// `rule-syntax` where it is no query.
pub fn import(query: &str, known: &Known) -> Result<Imported> {
    let words = tokens(query).map_err(|reason| syntax(&reason))?;
    let mut reader = Reader { query, words, at: 0, depth: 0, vendor: Vendor::new(known) };
    let rule = reader.any().map_err(|reason| syntax(&reason))?;
    if reader.at < reader.words.len() {
        return Err(syntax(&reader.unexpected("AND or OR")));
    }
    reader.vendor.collected.note("Shopify counts days in the shop’s own time zone; here a day is a day of the file.");
    Ok(reader.vendor.collected.finish(rule))
}

fn syntax(reason: &str) -> Error {
    Error::new(
        Code::RuleSyntax,
        format!("This is no Shopify segment query: {reason}. Copy the whole text from the segment editor."),
    )
}

struct Reader<'a> {
    query: &'a str,
    words: Vec<(Token, usize)>,
    at: usize,
    depth: usize,
    vendor: Vendor<'a>,
}

/// A text that stops everything: the query is none.
type Read<T> = std::result::Result<T, String>;

/// A parameter within brackets.
struct Parameter {
    name: String,
    comparison: Option<Comparison>,
    negated: bool,
    values: Vec<Token>,
}

impl Reader<'_> {
    fn any(&mut self) -> Read<Option<Rule>> {
        let mut parts = vec![self.all()?];
        while self.keyword("OR") {
            parts.push(self.all()?);
        }
        Ok(joined_rest(Combinator::Or, parts))
    }

    fn all(&mut self) -> Read<Option<Rule>> {
        let mut parts = vec![self.part()?];
        while self.keyword("AND") {
            parts.push(self.part()?);
        }
        Ok(joined_rest(Combinator::And, parts))
    }

    fn part(&mut self) -> Read<Option<Rule>> {
        if self.sign("(") {
            self.depth += 1;
            if self.depth > MAX_DEPTH {
                return Err(format!("it is nested deeper than {MAX_DEPTH} levels"));
            }
            let rule = self.any()?;
            self.depth -= 1;
            return if self.sign(")") { Ok(rule) } else { Err(self.unexpected("a closing bracket")) };
        }
        let begin = self.words.get(self.at).map_or(self.query.len(), |(_, at)| *at);
        let Some(Token::Word(name)) = self.next() else {
            self.at = self.at.saturating_sub(1);
            return Err(self.unexpected("an attribute’s name"));
        };
        let clause = self.clause(&name)?;
        let end = self.words.get(self.at).map_or(self.query.len(), |(_, at)| *at);
        match clause {
            Ok(rule) => Ok(Some(rule)),
            Err(reason) => Ok(self.vendor.collected.leave_out(self.query[begin..end].trim(), reason)),
        }
    }

    /// The outer result stops, the inner one leaves the clause out.
    fn clause(&mut self, name: &str) -> Read<Read<Rule>> {
        let mut old_parameters = None;
        if self.sign("(") {
            old_parameters = Some(self.parameters()?);
        }
        if self.keyword("IS") {
            let negated = self.keyword("NOT");
            return if self.keyword("NULL") { Ok(self.null(name, negated)) } else { Err(self.unexpected("NULL")) };
        }
        if self.keyword("BETWEEN") {
            let low = self.value()?;
            if !self.keyword("AND") {
                return Err(self.unexpected("AND"));
            }
            let high = self.value()?;
            return Ok(self.between(name, &low, &high));
        }
        let negated = self.keyword("NOT");
        if self.keyword("CONTAINS") {
            let value = self.value()?;
            return Ok(self.contains(name, &value, negated));
        }
        if self.keyword("MATCHES") {
            if !self.sign("(") {
                return Err(self.unexpected("an opening bracket"));
            }
            let parameters = self.parameters()?;
            return Ok(self.matches(name, &parameters).map(|rule| if negated { not(rule) } else { rule }));
        }
        let Some(comparison) = self.comparison().filter(|_| !negated) else {
            return Err(self.unexpected("a comparison, CONTAINS, MATCHES, BETWEEN or IS NULL"));
        };
        let value = self.value()?;
        if let Some(parameters) = old_parameters {
            let wanted = (value == Token::Word("true".into())) == (comparison == Comparison::Equal);
            return Ok(self.matches(name, &parameters).map(|rule| if wanted { rule } else { not(rule) }));
        }
        Ok(self.compare(name, comparison, &value))
    }

    /// Until the closing bracket: `name = value`, `name IN (…)`, `name BETWEEN a AND b`, or the old `name: value`.
    fn parameters(&mut self) -> Read<Vec<Parameter>> {
        let mut found = Vec::new();
        while !self.sign(")") {
            let Some(Token::Word(name)) = self.next() else {
                self.at = self.at.saturating_sub(1);
                return Err(self.unexpected("a parameter’s name"));
            };
            let mut parameter = Parameter { name, comparison: None, negated: self.keyword("NOT"), values: Vec::new() };
            if self.keyword("BETWEEN") {
                parameter.values.push(self.value()?);
                if !self.keyword("AND") {
                    return Err(self.unexpected("AND"));
                }
                parameter.values.push(self.value()?);
            } else if self.keyword("IN") {
                parameter.comparison = Some(Comparison::Equal);
                parameter.values = self.list()?;
            } else {
                parameter.comparison = if self.sign(":") { Some(Comparison::Equal) } else { self.comparison() };
                if parameter.comparison.is_none() {
                    return Err(self.unexpected("a comparison"));
                }
                parameter.values =
                    if self.peek() == Some(&Token::Sign("(")) { self.list()? } else { vec![self.value()?] };
            }
            found.push(parameter);
            if !self.sign(",") && self.peek() != Some(&Token::Sign(")")) {
                return Err(self.unexpected("a comma or a closing bracket"));
            }
        }
        Ok(found)
    }

    fn list(&mut self) -> Read<Vec<Token>> {
        if !self.sign("(") {
            return Err(self.unexpected("an opening bracket"));
        }
        let mut values = Vec::new();
        while !self.sign(")") {
            values.push(self.value()?);
            self.sign(",");
        }
        Ok(values)
    }

    // ------------------------------------------------------------ clauses

    fn compare(&mut self, name: &str, comparison: Comparison, value: &Token) -> Read<Rule> {
        let column = self.vendor.column(name);
        match value {
            Token::Day(when) => {
                self.note_days(*when);
                Ok(all_of(&column, date_tests(comparison, self.fitting(&column, *when))?, false))
            }
            Token::Number(number) => {
                let zero = self.zero_for_none(name);
                let missing_as =
                    if zero { MissingAs::Value(Value::Number(0.0).operand()) } else { MissingAs::Answer(false) };
                Ok(condition(Value::Column(column), compares(comparison, Value::Number(*number)), Some(missing_as)))
            }
            Token::Word(word)
                if word.eq_ignore_ascii_case("NULL")
                    && matches!(comparison, Comparison::Equal | Comparison::NotEqual) =>
            {
                self.null(name, comparison == Comparison::NotEqual)
            }
            Token::Word(word) if word.starts_with(|first: char| first.is_ascii_digit()) => {
                Err(format!("“{word}” is no number, and no day or moment that can be read"))
            }
            Token::Text(text) | Token::Word(text) => {
                let value = match (self.vendor.kind(&column), text.as_str()) {
                    (Some(ColumnType::Boolean), "SUBSCRIBED" | "true") => Value::Boolean(true),
                    (Some(ColumnType::Boolean), "UNSUBSCRIBED" | "NOT_SUBSCRIBED" | "false") => Value::Boolean(false),
                    (None, "true" | "false") if matches!(value, Token::Word(_)) => Value::Boolean(text == "true"),
                    _ => Value::Text(text.clone()),
                };
                if comparison == Comparison::NotEqual {
                    self.vendor
                        .collected
                        .note("In Shopify a missing value meets neither = nor !=; ask for it with IS NULL.");
                }
                Ok(self.vendor.compared(&column, comparison, value, false))
            }
            _ => Err("this value is not offered here".into()),
        }
    }

    fn between(&mut self, name: &str, low: &Token, high: &Token) -> Read<Rule> {
        let column = self.vendor.column(name);
        match (low, high) {
            (Token::Day(low), Token::Day(high)) => {
                self.note_days(*low);
                let [low, high] = [low, high].map(|when| self.fitting(&column, *when));
                Ok(all_of(&column, days_between(low, high)?, false))
            }
            (Token::Number(low), Token::Number(high)) => {
                let test = between(Value::Number(*low).operand(), Value::Number(*high).operand(), false);
                let zero = self.zero_for_none(name);
                let missing_as =
                    if zero { MissingAs::Value(Value::Number(0.0).operand()) } else { MissingAs::Answer(false) };
                Ok(condition(Value::Column(column), test, Some(missing_as)))
            }
            _ => Err("BETWEEN works for two numbers or two days".into()),
        }
    }

    fn contains(&mut self, name: &str, value: &Token, negated: bool) -> Read<Rule> {
        let (Token::Text(text) | Token::Word(text)) = value else { return Err("CONTAINS needs a text".into()) };
        let column = self.vendor.column(name);
        self.vendor.collected.note("CONTAINS looks for a whole entry of a list and ignores case, = does not; NOT CONTAINS is met by an empty list.");
        self.vendor.in_list(&column, vec![Value::Text(text.clone())], negated, negated)
    }

    fn null(&mut self, name: &str, negated: bool) -> Read<Rule> {
        if matches!(name, "orders_placed" | "products_purchased") {
            let none = OrderQuestion::default().rule(Measure::Orders, None, Comparison::Equal, 0.0);
            return Ok(if negated { not(none) } else { none });
        }
        let column = self.vendor.column(name);
        Ok(match self.vendor.kind(&column) {
            Some(ColumnType::List) => asked(&column, Test::Blank { negated }, None),
            _ => missing(&column, negated),
        })
    }

    fn matches(&mut self, name: &str, parameters: &[Parameter]) -> Read<Rule> {
        match name {
            "orders_placed" | "products_purchased" => self.orders(name, parameters),
            "customer_within_distance" => self.distance(parameters),
            "anniversary" => self.anniversary(parameters),
            _ => Err(format!("“{name}” is something that happened outside the orders, and only orders are known here")),
        }
    }

    fn orders(&mut self, name: &str, parameters: &[Parameter]) -> Read<Rule> {
        let mut question = OrderQuestion::default();
        let mut compared = Vec::new();
        for parameter in parameters {
            let Parameter { name, comparison, negated, values } = parameter;
            match (name.as_str(), values.as_slice(), comparison) {
                ("date" | "since", [Token::Day(when)], Some(comparison)) => {
                    let comparison = if name == "since" { Comparison::AtLeast } else { *comparison };
                    self.note_days(*when);
                    let date = self.vendor.order_column("date");
                    question.made(date_tests(comparison, *when)?, &date);
                }
                ("date", [Token::Day(low), Token::Day(high)], None) => {
                    let date = self.vendor.order_column("date");
                    question.made(days_between(*low, *high)?, &date);
                }
                ("count", [Token::Number(number)], Some(comparison)) => {
                    compared.push((Measure::Orders, None, *comparison, *number))
                }
                ("sum_amount" | "sum_quantity", [Token::Number(number)], Some(comparison)) => {
                    let of = self.vendor.order_column(&name[4..]);
                    compared.push((Measure::Sum, Some(of), *comparison, *number));
                }
                (_, values, comparison) if !values.is_empty() => {
                    let column = self.vendor.order_column(match name.as_str() {
                        "id" => "product_id",
                        "tag" => "product_tag",
                        other => other,
                    });
                    let mut options = Vec::new();
                    for value in values {
                        options.push(match value {
                            // Ids are texts.
                            Token::Number(number)
                                if matches!(column.as_str(), "product_id") || name.ends_with("id") =>
                            {
                                Value::Text(number.to_string())
                            }
                            Token::Number(number) => Value::Number(*number),
                            Token::Text(text) | Token::Word(text) => Value::Text(text.clone()),
                            _ => return Err(format!("the parameter “{name}”")),
                        });
                    }
                    let test = match (comparison, options.len()) {
                        (None, 2) => between(options.remove(0).operand(), options.remove(0).operand(), *negated),
                        (Some(comparison), 1) if !negated => compares(*comparison, options.remove(0)),
                        (Some(Comparison::Equal), _) => among(options, *negated),
                        _ => return Err(format!("the parameter “{name}”")),
                    };
                    question.filters.push(asked(&column, test, Some(false)));
                }
                _ => return Err(format!("the parameter “{name}”")),
            }
        }
        if compared.is_empty() {
            compared.push((Measure::Orders, None, Comparison::AtLeast, 1.0));
        }
        self.vendor.collected.note(format!("“{name}” is asked of the order table that comes with the customers; who has no orders counts as zero, also in NOT MATCHES."));
        let rules = compared
            .iter()
            .map(|(measure, of, comparison, value)| Some(question.rule(*measure, of.as_deref(), *comparison, *value)));
        joined_rest(Combinator::And, rules.collect()).ok_or_else(|| "nothing is asked".into())
    }

    fn distance(&mut self, parameters: &[Parameter]) -> Read<Rule> {
        let (mut place, mut distance, mut miles) = ([None, None], None, false);
        for Parameter { name, values, .. } in parameters {
            match (name.as_str(), values.as_slice()) {
                ("coordinates", [Token::Text(text)]) => {
                    let mut numbers =
                        text.trim_matches(['(', ')']).split(',').map(|part| part.trim().parse::<f64>().ok());
                    place = [numbers.next().flatten(), numbers.next().flatten()];
                }
                ("coordinates", [Token::Number(latitude), Token::Number(longitude)]) => {
                    place = [Some(*latitude), Some(*longitude)]
                }
                ("lat", [Token::Number(number)]) => place[0] = Some(*number),
                ("lng" | "lon", [Token::Number(number)]) => place[1] = Some(*number),
                ("distance_km" | "distance", [Token::Number(number)]) => distance = Some(*number),
                ("distance_mi", [Token::Number(number)]) => (distance, miles) = (Some(*number), true),
                ("unit", [Token::Text(unit) | Token::Word(unit)]) => miles = unit.starts_with("mi"),
                _ => return Err(format!("the parameter “{name}”")),
            }
        }
        let ([Some(latitude), Some(longitude)], Some(distance)) = (place, distance) else {
            return Err("a place and a distance are needed".into());
        };
        let columns = ["latitude", "longitude"].map(|name| Value::Column(self.vendor.column(name)).operand());
        let [first, second] = columns;
        let function = if miles { Function::DistanceMiles } else { Function::DistanceKm };
        let place = [latitude, longitude].map(|number| Value::Number(number).operand());
        let [third, fourth] = place;
        let call = Value::Call(function, vec![first, second, third, fourth]);
        Ok(condition(call, compares(Comparison::AtMost, Value::Number(distance)), Some(MissingAs::Answer(false))))
    }

    fn anniversary(&mut self, parameters: &[Parameter]) -> Read<Rule> {
        let of = |wanted: &str| parameters.iter().find(|parameter| parameter.name == wanted);
        let (Some(attribute), Some(date)) = (of("attribute"), of("date")) else {
            return Err("an attribute and a date are needed".into());
        };
        let [Token::Text(attribute) | Token::Word(attribute)] = attribute.values.as_slice() else {
            return Err("the attribute is no name".into());
        };
        let (direction, days) = match date.values.as_slice() {
            [Token::Day(When::Ago(0, _))] => (Direction::Next, 1),
            [Token::Day(When::Ago(0, _)), Token::Ahead(days, Unit::Day)] if *days < 366 => (Direction::Next, days + 1),
            [Token::Day(When::Ago(0, _)), Token::Ahead(weeks, Unit::Week)] if *weeks < 52 => {
                (Direction::Next, weeks * 7 + 1)
            }
            [Token::Day(When::Ago(days, Unit::Day)), Token::Day(When::Ago(0, _))] if *days < 366 => {
                (Direction::Last, days + 1)
            }
            _ => return Err("a return in this span of days".into()),
        };
        let column = self.vendor.column(attribute);
        Ok(asked(&column, Test::Anniversary { negated: false, direction, days }, Some(false)))
    }

    /// Numbers that every customer has in Shopify.
    fn zero_for_none(&mut self, name: &str) -> bool {
        let zero = matches!(name, "amount_spent" | "number_of_orders");
        if zero {
            self.vendor.collected.note(format!(
                "“{name}” is 0 in Shopify for customers without orders, so a missing value counts as 0."
            ));
        }
        zero
    }

    /// Midnight is the day itself where a column holds days; other moments have no place there.
    fn fitting(&self, column: &str, when: When) -> When {
        match when {
            When::Moment(ms) if self.vendor.kind(column) == Some(ColumnType::Date) && ms % MS_PER_DAY == 0 => {
                When::Day((ms / MS_PER_DAY) as i32)
            }
            when => when,
        }
    }

    fn note_days(&mut self, when: When) {
        match when {
            When::Moment(_) => self.vendor.collected.note(
                "A moment is read as UTC; Shopify reads one without a zone in the shop’s own time zone.",
            ),
            When::Ago(days, Unit::Day | Unit::Week) if days > 0 => self.vendor.collected.note(
                "The day N days ago counts in Shopify: date >= -90d is “in last 91 days”, date > -90d “in last 90 days”.",
            ),
            When::Ago(amount, _) if amount > 0 => self.vendor.collected.note(
                "Months, quarters and years back may differ from Shopify by the one day at the far end.",
            ),
            _ => {}
        }
    }

    // ------------------------------------------------------------ words

    fn peek(&self) -> Option<&Token> {
        self.words.get(self.at).map(|(token, _)| token)
    }

    fn next(&mut self) -> Option<Token> {
        self.at += 1;
        self.words.get(self.at - 1).map(|(token, _)| token.clone())
    }

    fn keyword(&mut self, word: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Word(found)) if found.eq_ignore_ascii_case(word));
        self.at += usize::from(found);
        found
    }

    fn sign(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Sign(found)) if *found == sign);
        self.at += usize::from(found);
        found
    }

    fn comparison(&mut self) -> Option<Comparison> {
        let signs = [
            ("=", Comparison::Equal),
            ("!=", Comparison::NotEqual),
            ("<", Comparison::Less),
            ("<=", Comparison::AtMost),
            (">", Comparison::Greater),
            (">=", Comparison::AtLeast),
        ];
        signs.into_iter().find(|(sign, _)| self.sign(sign)).map(|(_, comparison)| comparison)
    }

    fn value(&mut self) -> Read<Token> {
        match self.next() {
            Some(Token::Sign("(")) => {
                // A place: (45.4, -75.7).
                self.at -= 1;
                let values = self.list()?;
                let numbers: Vec<String> = values
                    .iter()
                    .filter_map(|value| if let Token::Number(number) = value { Some(number.to_string()) } else { None })
                    .collect();
                Ok(Token::Text(numbers.join(",")))
            }
            Some(Token::Sign(_)) | None => {
                self.at -= 1;
                Err(self.unexpected("a value"))
            }
            Some(value) => Ok(value),
        }
    }

    fn unexpected(&self, expected: &str) -> String {
        match self.words.get(self.at) {
            Some((_, at)) => format!("at character {} {expected} is expected", self.query[..*at].chars().count() + 1),
            None => format!("at the end {expected} is expected"),
        }
    }
}

/// From the one day to the other.
fn days_between(low: When, high: When) -> Read<Vec<Test>> {
    if let (Some(low), Some(high)) = (low.fixed(), high.fixed()) {
        return Ok(vec![between(low.operand(), high.operand(), false)]);
    }
    Ok(bounded(date_tests(Comparison::AtLeast, low)?, date_tests(Comparison::AtMost, high)?))
}
