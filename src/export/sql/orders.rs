//! What do a customer's orders come to, and did one follow another? Each as a query of its own, with one row a customer.

use crate::error::{Code, Error, Result};
use crate::export::sql::writer::{NOWHERE, OrderTable, Scope, Sql, Writer};
use crate::segment::rules::schema::Columns;
use crate::segment::rules::tree::{Aggregate, Condition, Measure, Operand, Reference, Rule, Sequence, Value, Window};
use crate::table::column::ColumnType::{self, Date, List, Number, Text, Time};

/// What stands between the values of a list that is made of orders: the picture of the unit separator, which no text has.
const MADE_MARK: &str = "␟";

/// The orders and what they may be asked.
struct Lines<'a> {
    table: &'a OrderTable,
    scope: Scope<'a>,
    /// The customer's key, as keys are compared.
    key: String,
    /// The day of the line, where lines have one.
    day: Option<String>,
}

impl<'a> Writer<'a> {
    /// What a customer's orders come to, as a column of the customers.
    ///
    /// # Errors
    /// `unsupported` for what the dialect cannot say; `bad-option` where the orders' table is not named.
    pub fn aggregate(&mut self, aggregate: &Aggregate) -> Result<Sql> {
        let lines = self.lines()?;
        let mut conditions = vec![format!("{} IS NOT NULL", lines.key)];
        if let Some(filter) = &aggregate.filter {
            conditions.push(self.filter(filter, &lines)?);
        }
        let value = aggregate.of.as_ref().map(|of| self.measured(of, lines.scope)).transpose()?;
        if let Some(value) = &value {
            conditions.push(format!("{} IS NOT NULL", value.text));
        }
        if let (Some(Window::Passing(test)), Some(date)) = (&aggregate.window, &lines.table.date) {
            let subject = Operand { value: Value::Column(date.clone()), place: NOWHERE };
            let condition =
                Condition { subject, test: test.clone(), test_place: NOWHERE, ignoring_case: false, missing_as: None };
            conditions.push(format!("({})", self.condition(&condition, lines.scope)?));
        }
        let kind = value.as_ref().map_or(Number, |value| value.kind);
        let from = |also: &str| format!("FROM {} AS o\nWHERE {}{also}", lines.table.table, conditions.join("\n  AND "));
        let by = &lines.key;
        let of = value.as_ref().map_or("", |value| value.text.as_str());
        let grouped = |made: &str| format!("SELECT {by} AS k, {made} AS v\n{}\nGROUP BY {by}", from(""));
        let dialect = self.dialect();
        let (query, kind) = match aggregate.measure {
            _ if matches!(aggregate.window, Some(Window::AnyDays(_))) => {
                (self.any_days(aggregate, &lines, &from, of)?, Number)
            }
            Measure::Orders => (grouped(&self.counted_orders(&lines, "o")?), Number),
            Measure::Lines => (grouped("COUNT(*)"), Number),
            Measure::Days => (grouped(&format!("COUNT(DISTINCT {})", lines.day()?)), Number),
            Measure::Distinct => (grouped(&format!("COUNT(DISTINCT {})", self.ordered(of, kind))), Number),
            Measure::Sum | Measure::Average => {
                self.note("Sums of fractions may differ from the study's in the last of 16 digits: warehouses add in any order.");
                let word = if aggregate.measure == Measure::Sum { "SUM" } else { "AVG" };
                (grouped(&dialect.finite(&format!("{word}({of})"))), Number)
            }
            Measure::Minimum | Measure::Maximum => {
                let word = if aggregate.measure == Measure::Minimum { "MIN" } else { "MAX" };
                let descending = aggregate.measure == Measure::Maximum;
                if kind == Text {
                    // The least of texts as bytes, whatever the column's collation.
                    (self.nth(by, of, &from(""), &[(of, kind, descending)], 1), kind)
                } else {
                    (grouped(&format!("{word}({of})")), kind)
                }
            }
            Measure::First | Measure::Last | Measure::Nth(_) => {
                let day = lines.day()?;
                let dated = from(&format!("\n  AND {day} IS NOT NULL"));
                let last = aggregate.measure == Measure::Last;
                let n = if let Measure::Nth(n) = aggregate.measure { n } else { 1 };
                (self.nth(by, of, &dated, &[(day, Date, last), (of, kind, last)], n), kind)
            }
            Measure::MostFrequent => {
                let counted = format!("SELECT {by} AS k, {of} AS v, COUNT(*) AS n\n{}\nGROUP BY {by}, {of}", from(""));
                let counts = self.query(counted);
                let order = format!("f.n DESC, {}", self.ordered("f.v", kind));
                let ranked = format!(
                    "SELECT f.k, f.v, ROW_NUMBER() OVER (PARTITION BY f.k ORDER BY {order}) AS n\nFROM {counts} AS f"
                );
                let ranked = self.query(ranked);
                (format!("SELECT r.k, r.v\nFROM {ranked} AS r\nWHERE r.n = 1"), kind)
            }
            Measure::List => {
                if kind == List {
                    return Err(dialect.unsupported("list(…) of a column of lists", "lists are single texts there."));
                }
                let distinct = self.query(format!("SELECT DISTINCT {by} AS k, {of} AS v\n{}", from("")));
                let list = dialect.listed("d.v", &dialect.text(MADE_MARK)?);
                (format!("SELECT d.k, {list} AS v\nFROM {distinct} AS d\nGROUP BY d.k"), List)
            }
        };
        let query = self.query(query);
        let joined = self.join(&query, "v")?;
        let text = if aggregate.measure.is_zero_for_none() { format!("COALESCE({joined}, 0)") } else { joined };
        let text = if kind == Number { dialect.as_number(&text) } else { text };
        Ok(Sql { text, kind, mark: MADE_MARK.into() })
    }

    fn lines(&self) -> Result<Lines<'a>> {
        let setting = self.setting;
        let table = setting.orders.as_ref().ok_or_else(|| {
            Error::new(
                Code::BadOption,
                "This rule speaks of orders: say which table of the warehouse has them with the option “orders”, { table, key }.",
            )
        })?;
        let scope = setting.lines(&table.columns as &Columns);
        let key = self.key(scope)?;
        let kind = |name: &str| table.columns.iter().find(|(known, _)| known == name).map(|(_, kind)| *kind);
        let day = table.date.as_deref().filter(|name| matches!(kind(name), Some(Date | Time)));
        let day: Option<Result<String>> =
            day.map(|name| Ok(self.dialect().as_day(&format!("o.{}", self.dialect().name(name)?))));
        let theirs = self.key(setting.customers())?.kind;
        Ok(Lines { table, scope, key: self.keyed(&key, theirs), day: day.transpose()? })
    }

    fn filter(&mut self, filter: &Rule, lines: &Lines) -> Result<String> {
        Ok(format!("({})", self.rule(filter, lines.scope)?))
    }

    fn measured(&mut self, of: &Reference, scope: Scope) -> Result<Sql> {
        self.named(&of.name, scope)
    }

    /// Distinct orders; a line without an order's id is one of its own.
    fn counted_orders(&self, lines: &Lines, alias: &str) -> Result<String> {
        let Some(id) = &lines.table.id else { return Ok("COUNT(*)".into()) };
        let kind = lines.scope.schema.column(id, NOWHERE)?;
        let id = format!("{alias}.{}", self.dialect().name(id)?);
        let distinct = self.ordered(&id, kind);
        Ok(format!("COUNT(DISTINCT {distinct}) + COUNT(CASE WHEN {id} IS NULL THEN 1 END)"))
    }

    /// A value as values are ordered and told apart.
    pub fn ordered(&self, value: &str, kind: ColumnType) -> String {
        if kind == Text { self.dialect().exact(value, true) } else { value.to_string() }
    }

    /// The n-th value of each customer, in this order; `(value, type, descending)`.
    fn nth(&mut self, by: &str, of: &str, from: &str, order: &[(&str, ColumnType, bool)], n: u32) -> String {
        let order: Vec<String> = order
            .iter()
            .map(|(value, kind, descending)| {
                format!("{}{}", self.ordered(value, *kind), if *descending { " DESC" } else { "" })
            })
            .collect();
        let ranked = format!(
            "SELECT {by} AS k, {of} AS v, ROW_NUMBER() OVER (PARTITION BY {by} ORDER BY {}) AS n\n{from}",
            order.join(", ")
        );
        let ranked = self.query(ranked);
        format!("SELECT r.k, r.v\nFROM {ranked} AS r\nWHERE r.n = {n}")
    }

    /// The greatest value over spans of so many days that begin with a day on which there was a line.
    fn any_days(
        &mut self,
        aggregate: &Aggregate,
        lines: &Lines,
        from: &dyn Fn(&str) -> String,
        of: &str,
    ) -> Result<String> {
        let Some(Window::AnyDays(days)) = aggregate.window else { return Ok(String::new()) };
        let (day, by) = (lines.day()?, &lines.key);
        let dialect = self.dialect();
        let id = match &lines.table.id {
            Some(id) => format!("o.{}", dialect.name(id)?),
            None => "NULL".into(),
        };
        let value = if of.is_empty() { "1" } else { of };
        let dated = format!(
            "SELECT {by} AS k, {day} AS d, {id} AS i, {value} AS v\n{}",
            from(&format!("\n  AND {day} IS NOT NULL"))
        );
        let all = self.query(dated);
        let starts = self.query(format!("SELECT DISTINCT a.k, a.d\nFROM {all} AS a"));
        let made = match aggregate.measure {
            Measure::Orders if lines.table.id.is_some() => {
                let id = lines.table.id.as_deref().unwrap_or_default();
                let distinct = self.ordered("a.i", lines.scope.schema.column(id, NOWHERE)?);
                format!("COUNT(DISTINCT {distinct}) + COUNT(CASE WHEN a.i IS NULL THEN 1 END)")
            }
            Measure::Orders | Measure::Lines => "COUNT(*)".into(),
            Measure::Days => "COUNT(DISTINCT a.d)".into(),
            _ => "SUM(a.v)".into(),
        };
        let span = dialect.days_between("s.d", "a.d");
        let spans = self.query(format!(
            "SELECT s.k, s.d, {made} AS v\nFROM {starts} AS s\nJOIN {all} AS a ON a.k = s.k AND a.d >= s.d AND {span} < {days}\nGROUP BY s.k, s.d"
        ));
        Ok(format!("SELECT t.k, MAX(t.v) AS v\nFROM {spans} AS t\nGROUP BY t.k"))
    }

    /// Whether an order was followed by another, or was not though there was time.
    ///
    /// # Errors
    /// As for [`Writer::aggregate`].
    pub fn sequence(&mut self, sequence: &Sequence) -> Result<String> {
        let lines = self.lines()?;
        let day = lines.day()?.to_string();
        let dialect = self.dialect();
        let same = sequence.same.as_ref().map(|same| self.measured(same, lines.scope)).transpose()?;
        let mut side = |filter: &Option<Rule>| -> Result<String> {
            let filter = filter.as_ref().map(|filter| self.filter(filter, &lines)).transpose()?;
            let value = same.as_ref().map_or("1", |same| same.text.as_str());
            let filter = filter.map(|filter| format!("\n  AND {filter}")).unwrap_or_default();
            Ok(self.query(format!(
                "SELECT DISTINCT {0} AS k, {day} AS d, {value} AS s\nFROM {1} AS o\nWHERE {0} IS NOT NULL\n  AND {day} IS NOT NULL{filter}",
                lines.key, lines.table.table
            )))
        };
        let (first, second) = (side(&sequence.first)?, side(&sequence.second)?);
        let until = dialect.later("a.d", sequence.amount, sequence.unit);
        let kind = same.as_ref().map_or(Number, |same| same.kind);
        let equal = match &same {
            Some(_) => format!(" AND {} = {}", self.ordered("b.s", kind), self.ordered("a.s", kind)),
            None => String::new(),
        };
        let follows = format!("b.k = a.k AND b.d > a.d AND b.d <= {until}{equal}");
        let found = if sequence.absent {
            let today = dialect.day(self.setting.reference_date)?;
            format!("LEFT JOIN {second} AS b ON {follows}\nWHERE b.k IS NULL AND {until} <= {today}")
        } else {
            format!("JOIN {second} AS b ON {follows}")
        };
        let query = self.query(format!("SELECT DISTINCT a.k, 1 AS v\nFROM {first} AS a\n{found}"));
        Ok(format!("{} IS NOT NULL", self.join(&query, "v")?))
    }
}

impl Lines<'_> {
    fn day(&self) -> Result<&str> {
        self.day.as_deref().ok_or_else(|| {
            Error::new(
                Code::RuleType,
                "The orders have no column with the role “date”, so that nothing is known of when they were made.",
            )
        })
    }
}
