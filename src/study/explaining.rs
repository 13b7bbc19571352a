//! What does a study say of its clusters, of an outcome, of some rows? Rules, words and reasons.

use crate::error::{Code, Error, Result};
use crate::job::run;
use crate::segment::explain::describe::{DescribeJob, Explained};
use crate::segment::explain::lasso::rule_for;
use crate::segment::explain::members::{Members, members};
use crate::segment::explain::outcome::{HOLDOUT, LEAVES, OutcomeJob, Question};
use crate::segment::explain::silhouettes::SilhouettesJob;
use crate::segment::explain::tree::{ExplainJob, Kind};
use crate::segment::explain::why::{Why, why};
use crate::segment::rules::format::format;
use crate::segment::rules::json::to_json;
use crate::study::study::Study;
use crate::study::views::{Description, OutcomeOptions, RowsRule, RuleInput};
use crate::table::bitmap::Bitmap;
use crate::table::column::{Column, ColumnType, Data};
use crate::table::protected::protected;
use std::rc::Rc;

/// Texts of more different values than this are names rather than categories.
const MOST_TEXTS: usize = 1_000;

impl Study {
    /// A job that explains a clustering; hand its result to [`Study::keep_explained`]. Nothing where that was done before.
    ///
    /// # Errors
    /// `not-found`.
    pub fn explain_clusters(&self, clustering: &str) -> Result<Option<DescribeJob>> {
        let clusters = self.clustering(clustering)?;
        if self.kept(clustering)?.explained.is_some() {
            return Ok(None);
        }
        DescribeJob::new(Rc::clone(&self.table), Rc::clone(clusters), &self.describing()).map(Some)
    }

    /// Keeps what a clustering was explained by.
    pub fn keep_explained(&mut self, clustering: &str, explained: Explained) {
        if let Some(kept) = self.groupings.iter_mut().find(|kept| kept.grouping.name == clustering) {
            kept.explained = Some(explained);
        }
    }

    /// A cluster as words and as a rule, with the customers who stand for it. Explains the clustering where that was not
    /// done yet.
    ///
    /// # Errors
    /// `not-found` for an unknown clustering or label.
    pub fn describe(&mut self, clustering: &str, label: &str) -> Result<Description> {
        if let Some(mut job) = self.explain_clusters(clustering)? {
            self.keep_explained(clustering, run(&mut job, &[])?.0);
        }
        let (clusters, explained) = (self.clustering(clustering)?, self.kept(clustering)?.explained.as_ref());
        let cluster = clusters.labels.iter().position(|known| known == label);
        let (Some(cluster), Some(Explained { tree, words })) = (cluster, explained) else {
            return Err(Error::new(
                Code::NotFound,
                format!("“{clustering}” has no group “{label}”. There are: {}.", clusters.labels.join(", ")),
            ));
        };
        let Members { typical, borderline } = members(clusters, &self.table, cluster)?;
        let (group, words) = (&tree.groups[cluster], &words[cluster]);
        let nobody = || {
            format!("No leaf of the tree names “{label}”: its rule takes nobody. A tree with more leaves may name it.")
        };
        Ok(Description {
            name: words.name.clone(),
            sentence: words.sentence.clone(),
            rule: to_json(&group.rule),
            text: format(&group.rule),
            precision: group.precision,
            recall: group.recall,
            note: (!group.named).then(nobody),
            typical,
            borderline,
            index: words.index.clone(),
        })
    }

    /// A job that explains a clustering as a tree of one kind ("threshold", "cart"; the better one when left out) with so
    /// many leaves at most (three a cluster when left out).
    ///
    /// # Errors
    /// `not-found`, `bad-option`.
    pub fn tree(&self, clustering: &str, kind: Option<&str>, leaves: Option<usize>) -> Result<ExplainJob> {
        ExplainJob::new(Rc::clone(&self.table), Rc::clone(self.clustering(clustering)?), Kind::of(kind)?, leaves)
    }

    /// A job that gives the silhouettes of a clustering.
    ///
    /// # Errors
    /// `not-found`.
    pub fn silhouettes(&self, clustering: &str) -> Result<SilhouettesJob> {
        SilhouettesJob::new(&self.table, self.clustering(clustering)?)
    }

    /// Why a row (from 0) is in its cluster and not in the next.
    ///
    /// # Errors
    /// `not-found` for an unknown clustering and for a row in no cluster, `bad-option` for a row there is not.
    pub fn why(&self, clustering: &str, row: usize) -> Result<Why> {
        why(self.clustering(clustering)?, &self.table, row)
    }

    /// A job that cuts the customers into segments by an outcome and tests them on customers held back.
    ///
    /// # Errors
    /// Those of the rule; `wrong-type` for an outcome of texts, days or lists; `bad-option`, `too-few-rows`,
    /// `unknown-column`.
    pub fn outcome(&self, options: &OutcomeOptions) -> Result<OutcomeJob> {
        let (name, values, is_share, of) = self.outcome_of(&options.outcome)?;
        let describing = || self.describing().into_iter().filter(|column| !of.contains(column));
        let mut notices = Vec::new();
        if options.columns.is_none() {
            let told = |column: String| {
                let what = protected(&column)?;
                Some(format!(
                    "“{column}” was left out: it tells of {what}, which the law protects; name it yourself if you may cut customers by it."
                ))
            };
            notices.extend(describing().filter_map(told));
        }
        let usual = || describing().filter(|column| protected(column).is_none()).collect();
        let question = Question {
            name,
            values,
            is_share,
            columns: options.columns.clone().unwrap_or_else(usual),
            notices,
            leaves: options.leaves.unwrap_or(LEAVES),
            holdout: options.holdout.unwrap_or(HOLDOUT),
            seed: self.seed,
        };
        if let Some(own) = question.columns.iter().find(|column| of.contains(column)) {
            let message = format!("“{own}” is the outcome itself and cannot explain it. Leave it out of “columns”.");
            return Err(Error::new(Code::BadOption, message).column(own));
        }
        OutcomeJob::new(Rc::clone(&self.table), question)
    }

    /// A readable rule for some rows, over the columns named or all that describe customers.
    ///
    /// # Errors
    /// `bad-option` for no rows or one there is not; `unknown-column`.
    pub fn explain_rows(&self, rows: &[u32], columns: Option<&[String]>) -> Result<RowsRule> {
        let mut wanted = Bitmap::zeros(self.table.row_count);
        for &row in rows {
            if row as usize >= self.table.row_count {
                let last = self.table.row_count.saturating_sub(1);
                let message = format!("There is no row {row}; rows are numbered from 0 to {last}.");
                return Err(Error::new(Code::BadOption, message));
            }
            wanted.set(row as usize, true);
        }
        let describing = self.describing();
        let found = rule_for(&self.table, &wanted, columns.unwrap_or(&describing))?;
        Ok(RowsRule {
            rule: to_json(&found.rule),
            text: format(&found.rule),
            precision: found.precision,
            recall: found.recall,
            n: found.n,
        })
    }

    /// The table's own columns that say something of a customer: neither identifiers nor personal, and not nearly all
    /// different.
    pub(in crate::study) fn describing(&self) -> Vec<String> {
        let says = |column: &Column| {
            let many = matches!(&column.data, Data::Text(texts) if texts.distinct() > MOST_TEXTS);
            let cannot = matches!(column.data, Data::List(_) | Data::Unloaded(_));
            !(column.role.is_identifier() || many || cannot)
        };
        self.base.columns.iter().filter(|column| says(column)).map(|column| column.name.clone()).collect()
    }

    /// The name of an outcome, its value for each row (NaN where unknown), whether it is yes or no, and its columns.
    fn outcome_of(&self, outcome: &RuleInput) -> Result<(String, Vec<f64>, bool, Vec<String>)> {
        let rows = self.table.row_count;
        let known = |name: &String| self.table.columns.iter().find(|column| column.name == *name);
        if let RuleInput::Text(name) = outcome
            && let Some(column) = known(name)
        {
            let values: Vec<f64> = match &column.data {
                Data::Number(values) => values.clone(),
                Data::Boolean(truths) => {
                    let value = |row: usize| if truths.get(row) { 1.0 } else { 0.0 };
                    (0..rows).map(|row| if column.valid.get(row) { value(row) } else { f64::NAN }).collect()
                }
                _ => {
                    let message = format!(
                        "“{name}” is neither a number nor yes or no. Say which value counts, such as `{name} = '…'`."
                    );
                    return Err(Error::new(Code::WrongType, message).column(name));
                }
            };
            let is_share = column.kind() == ColumnType::Boolean
                || values.iter().all(|&value| value.is_nan() || value == 0.0 || value == 1.0);
            return Ok((name.clone(), values, is_share, vec![name.clone()]));
        }
        let rule = outcome.tree(&self.table)?;
        let verdict = self.evaluated(&rule)?;
        let value = |row: usize| match (verdict.yes.get(row), verdict.known.get(row)) {
            (true, _) => 1.0,
            (false, true) => 0.0,
            (false, false) => f64::NAN,
        };
        let columns = rule.columns().into_iter().map(String::from).collect();
        Ok((format(&rule), (0..rows).map(value).collect(), true, columns))
    }
}
