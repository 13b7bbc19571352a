//! Who has the most? Ranks among those who have a value, of everyone or within groups.

use crate::error::{Code, Error, Result};
use crate::export::sql::writer::{Scope, Sql, Writer};
use crate::segment::rules::rank::LEAN;
use crate::segment::rules::tree::{End, Operand, Top, Value};
use crate::table::column::ColumnType::Number;

impl Writer<'_> {
    /// Among the greatest or smallest. Unknown for those without a value, who take no part.
    ///
    /// # Errors
    /// `unsupported` among orders.
    pub fn top(&mut self, subject: &Sql, top: &Top, scope: Scope) -> Result<String> {
        let dialect = self.dialect();
        let group = self.group(top.per.as_ref().map(|per| per.name.as_str()), scope)?;
        let value = self.column(&subject.text);
        let mut order = format!("{value}{}", if top.end == End::Top { " DESC" } else { "" });
        let function = match &top.ties_by {
            None => "RANK()",
            Some(ties) => {
                let ties = self.named(&ties.name, scope)?;
                let key = self.key(scope)?;
                self.note("Who is equal in everything that decides is ordered by the key here, by the row of the file in the study.");
                let exact = self.ordered(&ties.text, ties.kind);
                let key = self.keyed(&key, key.kind);
                order = format!("{order}, CASE WHEN {} IS NULL THEN 1 ELSE 0 END, {exact}, {key}", ties.text);
                "ROW_NUMBER()"
            }
        };
        let window = format!("PARTITION BY {group}CASE WHEN {value} IS NULL THEN 1 ELSE 0 END");
        let rank =
            self.column(&format!("CASE WHEN {value} IS NOT NULL THEN {function} OVER ({window} ORDER BY {order}) END"));
        if !top.percent {
            return Ok(format!("{rank} <= {}", dialect.number(top.amount)));
        }
        let all = self.column(&format!("COUNT(*) OVER ({window})"));
        // A rank is at most the rounded-up share when the one before it is below the share itself.
        let amount = dialect.as_number(&dialect.number(top.amount));
        Ok(format!("{rank} - 1 < {amount} * {all} / 100 * {}", dialect.number(LEAN)))
    }

    /// The share of all who have less, of a hundred; of the column itself, whatever stands in for missing values.
    ///
    /// # Errors
    /// `unsupported` among orders.
    pub fn percentile_rank(&mut self, operands: &[Operand], scope: Scope) -> Result<Sql> {
        let dialect = self.dialect();
        let group = match operands.get(1).map(|operand| &operand.value) {
            None => None,
            Some(Value::Column(name)) => Some(name.as_str()),
            Some(_) => {
                return Err(Error::new(Code::RuleType, "percentile_rank(…) takes a column that makes groups second."));
            }
        };
        let group = self.group(group, scope)?;
        let value = self.operand(&operands[0], scope, None)?;
        let value = self.column(&value.text);
        let window = format!("PARTITION BY {group}CASE WHEN {value} IS NULL THEN 1 ELSE 0 END");
        let rank = self.column(&format!("RANK() OVER ({window} ORDER BY {value})"));
        let all = self.column(&format!("COUNT(*) OVER ({window})"));
        let others = dialect.as_number(&format!("CASE WHEN {all} > 1 THEN {all} - 1 ELSE 1 END"));
        let share = format!("{} / {others}", dialect.as_number(&format!("100 * ({rank} - 1)")));
        Ok(Sql::new(format!("CASE WHEN {value} IS NOT NULL THEN {share} END"), Number))
    }

    /// What rows are grouped by, before whether they have a value.
    fn group(&mut self, name: Option<&str>, scope: Scope) -> Result<String> {
        if scope.alias != "c" {
            return Err(self.dialect().unsupported(
                "a rank among orders",
                "ranks are offered among customers only. Rank what the orders come to instead.",
            ));
        }
        let Some(name) = name else { return Ok(String::new()) };
        let column = self.named(name, scope)?;
        Ok(format!("{}, ", self.ordered(&column.text, column.kind)))
    }
}
