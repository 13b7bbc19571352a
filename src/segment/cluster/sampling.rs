//! Which rows are starts compared on, k chosen on, and draws made from? And which do not shape the clusters at all?

use crate::error::Result;
use crate::features::matrix::{Matrix, Rows};
use crate::math::rng::Rng;
use crate::segment::cluster::alike::near_duplicates;
use crate::segment::cluster::fit::mix;
use crate::segment::cluster::job::{ClusterJob, Stage, need, preparation};
use crate::segment::cluster::options::CHOICE_ROWS;
use std::rc::Rc;

/// Customers that bootstrap draws are made from at most; fewer where k × features is large.
const DRAW_ROWS: usize = 2_000;
/// Rows × k × features of one draw.
const DRAW_WORK: usize = 1_000_000;

impl ClusterJob {
    /// Begins anew without some rows of the matrix: neither scales nor clusters are to follow them.
    pub(in crate::segment::cluster) fn set_aside(&mut self, found: &[usize]) -> Result<Stage> {
        // What was noticed of the columns will be noticed again.
        self.notices.truncate(self.noticed);
        let rows = &need(&self.features)?.rows;
        self.aside = found.iter().map(|&position| rows.at(position) as u32).collect();
        Ok(Stage::Preparing(preparation(&self.table, &self.wanted, &self.plan)?.without(&self.aside)))
    }

    /// The rows that shape the clusters.
    pub(in crate::segment::cluster) fn kept(&self, rows: &Rows) -> Rc<Rows> {
        let all = (0..rows.len()).map(|position| rows.at(position) as u32);
        Rc::new(Rows::Some(all.filter(|row| self.aside.binary_search(row).is_err()).collect()))
    }

    /// All rows, those set aside among them, not loaded yet.
    pub(in crate::segment::cluster) fn everyone(&self) -> Result<Matrix> {
        let features = need(&self.features)?;
        let (list, rows) = (Rc::new(features.list.clone()), Rc::new(features.rows.clone()));
        Ok(Matrix::of_table(self.table.clone(), list, rows, features.largest))
    }

    /// Takes the rows on which starts are compared and k is chosen.
    pub(in crate::segment::cluster) fn sample(&mut self) -> Result<()> {
        let all = need(&self.all)?;
        let rows = all.rows();
        if rows > CHOICE_ROWS {
            let positions = Rng::new(mix(self.plan.seed, 4_000, 0)).sample(rows, CHOICE_ROWS);
            self.sample = Some((all.sample(&positions)?, positions));
        } else {
            let everything: Vec<usize> = (0..rows).collect();
            self.all = Some(all.sample(&everything)?);
        }
        Ok(())
    }

    /// Takes the customers that draws are made from.
    pub(in crate::segment::cluster) fn draw(&mut self) -> Result<()> {
        let choice = self.choice()?;
        let least = (4 * self.range.1).clamp(200, DRAW_ROWS);
        let rows = if self.plan.method.is_slow() { DRAW_ROWS / 2 } else { DRAW_ROWS };
        let most = (DRAW_WORK / (self.range.1 * choice.features()).max(1)).clamp(least.min(rows), rows);
        let positions = Rng::new(mix(self.plan.seed, 4_000, 1)).sample(choice.rows(), most);
        let draws = choice.sample(&positions)?;
        let told = near_duplicates(&draws, &need(&self.features)?.list)?;
        self.notices.extend(told);
        self.draws = Some((draws, positions));
        Ok(())
    }

    /// The matrix on which starts are compared and k is chosen.
    pub(in crate::segment::cluster) fn choice(&self) -> Result<&Matrix> {
        match &self.sample {
            Some((matrix, _)) => Ok(matrix),
            None => need(&self.all),
        }
    }
}
