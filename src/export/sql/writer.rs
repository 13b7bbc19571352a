//! What is a statement made of while it is written? The rule's condition at the end, and before it whatever the condition
//! needs that a WHERE cannot say: counted orders, ranks, groups. Each is a column `mq_…` of one more named query.

use crate::error::{Code, Error, Result};
use crate::export::sql::dialect::Dialect;
use crate::segment::rules::definitions::Definitions;
use crate::segment::rules::schema::{Columns, OrderColumns, Schema};
use crate::segment::rules::tree::{Combinator, Place, Rule};
use crate::table::column::ColumnType;
use std::collections::BTreeSet;

/// The warehouse's table of order lines.
#[derive(Clone, Debug)]
pub struct OrderTable {
    /// As SQL.
    pub table: String,
    /// The column with the customer's key, as it is called.
    pub key: String,
    /// By name and type.
    pub columns: Vec<(String, ColumnType)>,
    /// The column with the order's day, and the one with its id.
    pub date: Option<String>,
    /// See `date`.
    pub id: Option<String>,
}

/// A value as SQL, and its type.
#[derive(Clone, Debug, PartialEq)]
pub struct Sql {
    /// The expression.
    pub text: String,
    /// Its type.
    pub kind: ColumnType,
    /// What parts the values of a list.
    pub mark: String,
}

impl Sql {
    /// A single value of a type.
    pub fn new(text: impl Into<String>, kind: ColumnType) -> Sql {
        Sql { text: text.into(), kind, mark: String::new() }
    }
}

/// Whose columns a rule speaks of.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// What the columns may be.
    pub schema: Schema<'a>,
    /// What the table is called in the statement: `c` for customers, `o` for orders.
    pub alias: &'static str,
}

/// What is known about the whole question.
#[derive(Debug)]
pub struct Setting {
    /// The language.
    pub dialect: Dialect,
    /// The customers' table, as SQL.
    pub table: String,
    /// The column by which a customer is known, as it is called.
    pub key: String,
    /// The study's columns, derived ones included.
    pub columns: Vec<(String, ColumnType)>,
    /// The orders, where there are any.
    pub orders: Option<OrderTable>,
    /// Segments and parameters.
    pub definitions: Definitions,
    /// The groupings of the study, as its recipe has them.
    pub groupings: Vec<serde_json::Value>,
    /// Names of columns that the groupings add, with the grouping's place.
    pub derived: Vec<(String, usize)>,
    /// Days since 1970.
    pub reference_date: i32,
    /// What parts the values of lists.
    pub mark: String,
    /// Whom the study excludes, as its recipe has it.
    pub exclude: serde_json::Value,
}

impl Setting {
    /// The customers, of whom rules speak.
    pub fn customers(&self) -> Scope<'_> {
        let orders = match &self.orders {
            Some(orders) => OrderColumns::Present { columns: &orders.columns, date: orders.date.as_deref() },
            None => OrderColumns::Absent,
        };
        let schema = Schema { columns: &self.columns, orders, definitions: Some(&self.definitions) };
        Scope { schema, alias: "c" }
    }

    /// The orders, of which their conditions speak.
    pub fn lines<'s>(&'s self, columns: &'s Columns) -> Scope<'s> {
        let schema = Schema { columns, orders: OrderColumns::Absent, definitions: Some(&self.definitions) };
        Scope { schema, alias: "o" }
    }
}

/// A statement that is being written.
#[derive(Debug)]
pub struct Writer<'a> {
    /// What is known about the whole question.
    pub setting: &'a Setting,
    /// Named queries, in the order in which they may refer to each other.
    queries: Vec<(String, String)>,
    /// Where the customers come from: the table, or the last query that added columns to it.
    source: String,
    /// What was already added, so that nothing is counted twice.
    known: Vec<(String, String)>,
    /// Queries that are not to be written into those that refer to them.
    worked_out: Vec<String>,
    notes: BTreeSet<String>,
    prefix: String,
    last: usize,
    /// What the names of scores stand for in the rules that name RFM groups.
    pub scores: Option<[Sql; 4]>,
}

/// The most characters of a statement: segments that refer to segments multiply.
const MOST_CHARACTERS: usize = 4_000_000;

impl<'a> Writer<'a> {
    /// An empty statement.
    pub fn new(setting: &'a Setting) -> Writer<'a> {
        let mut prefix = String::from("mq_");
        while setting.columns.iter().any(|(name, _)| name.to_lowercase().starts_with(&prefix)) {
            prefix.push('_');
        }
        Writer {
            setting,
            queries: Vec::new(),
            source: setting.table.clone(),
            known: Vec::new(),
            worked_out: Vec::new(),
            notes: BTreeSet::new(),
            prefix,
            last: 0,
            scores: None,
        }
    }

    /// The language.
    pub fn dialect(&self) -> Dialect {
        self.setting.dialect
    }

    /// Something that whoever reads the statement must know.
    pub fn note(&mut self, note: impl Into<String>) {
        self.notes.insert(note.into());
    }

    /// A name that nothing has yet.
    pub fn fresh(&mut self) -> String {
        self.last += 1;
        format!("{}{}", self.prefix, self.last)
    }

    /// A named query; the same query is written once.
    pub fn query(&mut self, text: String) -> String {
        if let Some((name, _)) = self.queries.iter().find(|(_, known)| *known == text) {
            return name.clone();
        }
        let name = self.fresh();
        self.queries.push((name.clone(), text));
        name
    }

    /// Adds a column to the customers, made of columns that they have; gives its expression. The same one is added once.
    pub fn column(&mut self, expression: &str) -> String {
        self.add(expression, "")
    }

    /// Adds columns that many others are made of, so that each is worked out once; gives their expressions. `keep` is what stays
    /// of the customers: `c.*`, or the columns that are still needed.
    pub fn columns(&mut self, keep: &str, expressions: &[String]) -> Vec<String> {
        let names: Vec<String> = expressions.iter().map(|_| self.fresh()).collect();
        let list: String =
            expressions.iter().zip(&names).map(|(value, name)| format!(",\n  {value} AS {name}")).collect();
        self.source = self.query(format!("SELECT {keep}{list}\nFROM {} AS c", self.source));
        self.worked_out.push(self.source.clone());
        names.into_iter().map(|name| format!("c.{name}")).collect()
    }

    /// Adds the columns `values` of a query to the customers who are in it by its column `k`.
    pub fn join(&mut self, query: &str, value: &str) -> Result<String> {
        let key = self.key(self.setting.customers())?;
        let theirs = match &self.setting.orders {
            Some(orders) => self.key(self.setting.lines(&orders.columns))?.kind,
            None => key.kind,
        };
        let condition = format!("j.k = {}", self.keyed(&key, theirs));
        Ok(self.add(&format!("j.{value}"), &format!("\nLEFT JOIN {query} AS j ON {condition}")))
    }

    fn add(&mut self, expression: &str, join: &str) -> String {
        let what = format!("{expression}{join}");
        if let Some((_, name)) = self.known.iter().find(|(known, _)| *known == what) {
            return format!("c.{name}");
        }
        let (name, source) = (self.fresh(), self.source.clone());
        self.source = self.query(format!("SELECT c.*, {expression} AS {name} FROM {source} AS c{join}"));
        self.known.push((what, name.clone()));
        format!("c.{name}")
    }

    /// The column by which a customer is known, of customers or of orders, as it is.
    pub fn key(&self, scope: Scope) -> Result<Sql> {
        let (name, columns) = match &self.setting.orders {
            Some(orders) if scope.alias == "o" => (&orders.key, &orders.columns),
            _ => (&self.setting.key, &self.setting.columns),
        };
        let kind = columns.iter().find(|(known, _)| known == name).map_or(ColumnType::Text, |(_, kind)| *kind);
        Ok(Sql::new(format!("{}.{}", scope.alias, self.dialect().name(name)?), kind))
    }

    /// A key as keys are compared with those of the other table: texts byte for byte, and a whole number with a text by its
    /// digits. The bound is that of the type by which digits are written.
    pub fn keyed(&self, key: &Sql, other: ColumnType) -> String {
        let dialect = self.dialect();
        match (key.kind, other) {
            (ColumnType::Text, _) => dialect.exact(&key.text, false),
            (ColumnType::Number, ColumnType::Text) => dialect.exact(&dialect.whole_digits(&key.text, "9e18"), false),
            _ => key.text.clone(),
        }
    }

    /// The whole statement: a title, what must be known, the named queries, and what is selected besides the key.
    ///
    /// # Errors
    /// `limit-exceeded` for a statement that no warehouse would read.
    pub fn finish(&mut self, title: &str, also: &[(String, &str)], condition: Option<String>) -> Result<String> {
        let mut out = String::new();
        let lines = std::iter::once(title).chain(self.notes.iter().map(String::as_str));
        for line in lines {
            // A line break in a text of the rule must not end the comment.
            let line: String = line
                .chars()
                .map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c })
                .collect();
            out.push_str(&format!("-- {line}\n"));
        }
        let said = |(name, text): &(String, String)| {
            let once = self.worked_out.contains(name) && matches!(self.dialect(), Dialect::Postgres | Dialect::Sqlite);
            // Not indented: a line break may stand within a text.
            format!("{name} AS {}(\n{text}\n)", if once { "MATERIALIZED " } else { "" })
        };
        let queries: Vec<String> = self.queries.iter().map(said).collect();
        if !queries.is_empty() {
            out.push_str(&format!("WITH {}\n", queries.join(",\n")));
        }
        let key = self.key(self.setting.customers())?.text;
        let also: String = also.iter().map(|(value, name)| format!(",\n  {value} AS {name}")).collect();
        out.push_str(&format!("SELECT {key}{also}\nFROM {} AS c", self.source));
        if let Some(condition) = condition {
            out.push_str(&format!("\nWHERE {condition}"));
        }
        if self.dialect() == Dialect::ClickHouse && !self.queries.is_empty() {
            // Otherwise who is not found by a join gets 0 and not nothing.
            out.push_str("\nSETTINGS join_use_nulls = 1");
        }
        out.push('\n');
        bounded(out)
    }

    /// A rule as a condition with three answers.
    ///
    /// # Errors
    /// `unsupported` for what the dialect cannot say.
    pub fn rule(&mut self, rule: &Rule, scope: Scope) -> Result<String> {
        Ok(match rule {
            Rule::Everyone => "1 = 1".into(),
            Rule::Not(inner) => format!("NOT ({})", self.rule(inner, scope)?),
            Rule::Group(combinator, rules) => {
                let word = if *combinator == Combinator::And { " AND " } else { " OR " };
                let parts = rules
                    .iter()
                    .map(|rule| {
                        let part = self.rule(rule, scope)?;
                        Ok(if matches!(rule, Rule::Group(..)) { format!("({part})") } else { part })
                    })
                    .collect::<Result<Vec<_>>>()?;
                parts.join(word)
            }
            Rule::Condition(condition) => self.condition(condition, scope)?,
            Rule::Segment(reference) => {
                let definitions = &self.setting.definitions;
                bounded(format!("({})", self.rule(definitions.segment(reference)?, scope)?))?
            }
            Rule::Sequence(sequence) => self.sequence(sequence)?,
        })
    }
}

/// Refuses what no warehouse would read, before it is written twice more.
fn bounded(text: String) -> Result<String> {
    if text.len() <= MOST_CHARACTERS {
        return Ok(text);
    }
    let message = "As SQL this would be longer than 4 million characters: its segments refer to segments many times. Say it in fewer rules.";
    Err(Error::new(Code::LimitExceeded, message).limit(MOST_CHARACTERS as f64))
}

/// The place of something that was written by us.
pub const NOWHERE: Place = Place { at: 0, length: 0 };
