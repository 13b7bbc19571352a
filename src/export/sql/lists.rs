//! What does a list hold? A list is a text with a mark between its values, or what a customer's orders come to.

use crate::error::Result;
use crate::export::sql::operand::StandIn;
use crate::export::sql::spell::Needle;
use crate::export::sql::writer::{Scope, Sql, Writer};
use crate::segment::rules::tree::{Condition, Holding, Operand, Part};
use crate::segment::rules::words::fold;
use crate::table::column::ColumnType::List;
use std::collections::BTreeSet;

impl Writer<'_> {
    /// Whether one value of a list is a text, or begins or ends with it.
    ///
    /// # Errors
    /// As for texts.
    pub fn list_has(&mut self, list: &Sql, part: Part, text: &str, fold_case: bool) -> Result<String> {
        let (dialect, mark) = (self.dialect(), list.mark.clone());
        if text.contains(&mark) || (text.is_empty() && part == Part::Anywhere) {
            // No value has the mark, and none is empty; a missing list stays unknown.
            return Ok(format!("{0} <> {0}", list.text));
        }
        let text = fold(text, fold_case);
        let (before, after) = match part {
            Part::Anywhere => (&*mark, &*mark),
            Part::Start => (&*mark, ""),
            Part::End => ("", &*mark),
        };
        if text.is_empty() {
            return Ok(format!("{} <> ''", list.text));
        }
        let wanted = format!("{before}{text}{after}");
        let quoted = dialect.text(&mark)?;
        let whole = dialect.joined(&[quoted.clone(), self.folded(&list.text, fold_case), quoted]);
        Ok(dialect.contains(&whole, Needle::Literal(&wanted, &dialect.text(&wanted)?)))
    }

    /// Whether a list has any or all of some values, or these and no others.
    ///
    /// # Errors
    /// As for texts.
    pub fn holds(&mut self, condition: &Condition, list: &Sql, how: Holding, options: &[String]) -> Result<String> {
        let fold_case = condition.ignoring_case;
        let wanted: BTreeSet<String> = options.iter().map(|option| fold(option, fold_case).into_owned()).collect();
        let has = wanted
            .iter()
            .map(|option| self.list_has(list, Part::Anywhere, option, fold_case))
            .collect::<Result<Vec<_>>>()?;
        Ok(match how {
            Holding::Any => format!("({})", has.join(" OR ")),
            Holding::All => format!("({})", has.join(" AND ")),
            Holding::Exactly => {
                // Nothing is left once the wanted values are taken out.
                let (dialect, mark) = (self.dialect(), list.mark.clone());
                let quoted = dialect.text(&mark)?;
                let twice = dialect.text(&format!("{mark}{mark}"))?;
                let inner = dialect.replaced(&self.folded(&list.text, fold_case), &quoted, &twice);
                let mut rest = dialect.joined(&[quoted.clone(), inner, quoted]);
                for option in &wanted {
                    rest = dialect.replaced(&rest, &dialect.text(&format!("{mark}{option}{mark}"))?, "''");
                }
                format!("({} AND {rest} = '')", has.join(" AND "))
            }
        })
    }

    /// The number of characters of a text, or of entries of a list.
    ///
    /// # Errors
    /// As for operands.
    pub fn length(&mut self, operand: &Operand, scope: Scope, stand_in: StandIn) -> Result<String> {
        let dialect = self.dialect();
        let sql = self.operand(operand, scope, stand_in)?;
        if sql.kind != List {
            return Ok(dialect.length(&sql.text));
        }
        let without = dialect.replaced(&sql.text, &dialect.text(&sql.mark)?, "''");
        let (all, without) = (dialect.length(&sql.text), dialect.length(&without));
        Ok(format!("CASE WHEN {} = '' THEN 0 ELSE {all} - ({without}) + 1 END", sql.text))
    }
}
