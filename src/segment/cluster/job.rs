//! From a table and options to a clustering, step by step.
//!
//! Up to [`CHOICE_ROWS`] rows everything is done on all rows. Above, the starts and the choice of k are made on a seeded
//! sample of that size (the notices say so). The chosen centres of k-means are then brought to rest on all rows; the models of
//! other methods place the other rows as they are.

use crate::error::{Code, Error, Result};
use crate::features::categories::most_features;
use crate::features::matrix::{Matrix, Rows};
use crate::features::prepare::{Features, Preparation, Weighing};
use crate::features::scale::Transform;
use crate::features::select::{Takes, resolve, sensible};
use crate::features::wanted::Wanted;
use crate::job::{Job, Step};
use crate::math::measured::Measured;
use crate::math::rng::Rng;
use crate::segment::cluster::bootstrap::Bootstrap;
use crate::segment::cluster::budget::Budget;
use crate::segment::cluster::choose::choose;
use crate::segment::cluster::clustering::{Candidate, Clustering};
use crate::segment::cluster::distinct::Distinct;
use crate::segment::cluster::evaluate::{Evaluated, Evaluation, Separation, silhouette_rows};
use crate::segment::cluster::finish::{Parts, candidate, finish, put_in_order};
use crate::segment::cluster::fit::{Fit, mix};
use crate::segment::cluster::found::Found;
use crate::segment::cluster::gap::Gap;
use crate::segment::cluster::lloyd::Lloyd;
use crate::segment::cluster::measure::Measuring;
use crate::segment::cluster::method::Method;
use crate::segment::cluster::model::Model;
use crate::segment::cluster::null::Null;
use crate::segment::cluster::options::{CHOICE_ROWS, ClusterOptions, Plan, default_restarts};
use crate::segment::cluster::outliers::{Outliers, Screen};
use crate::segment::cluster::search::{Search, Seek};
use crate::segment::cluster::share::{Shared, Turn};
use crate::segment::cluster::strength::Strength;
use crate::segment::cluster::ward::Ward;
use crate::table::table::Table;
use serde_json::Value;
use std::rc::Rc;

/// Customers that gap and prediction strength are measured on at most.
const SHOWN_ROWS: usize = 1_000;
/// Clusters are put into order so often at most; two or three times is usual.
const MOST_ROUNDS: usize = 20;
/// Memory the quick values may take.
const MOST_BYTES: usize = 1 << 31;

/// Clustering in the making.
#[derive(Debug)]
pub struct ClusterJob {
    pub(in crate::segment::cluster) table: Rc<Table>,
    pub(in crate::segment::cluster) plan: Plan,
    /// The columns, settled.
    pub(in crate::segment::cluster) wanted: Vec<Wanted>,
    /// Notices there were before the columns were prepared.
    pub(in crate::segment::cluster) noticed: usize,
    pub(in crate::segment::cluster) notices: Vec<String>,
    pub(in crate::segment::cluster) stage: Stage,
    pub(in crate::segment::cluster) ratio: f64,
    /// What is known once the features are prepared.
    pub(in crate::segment::cluster) features: Option<Features>,
    pub(in crate::segment::cluster) all: Option<Matrix>,
    /// The sample for starts and choice, and the rows of `all` it holds; none where all rows serve.
    pub(in crate::segment::cluster) sample: Option<(Matrix, Vec<usize>)>,
    /// The customers that draws are made from, and their rows in the matrix chosen on.
    pub(in crate::segment::cluster) draws: Option<(Matrix, Vec<usize>)>,
    /// Who lies far outside, once it was looked.
    pub(in crate::segment::cluster) outliers: Option<Outliers>,
    /// Rows of the table that shall not shape the clusters, rising.
    pub(in crate::segment::cluster) aside: Vec<u32>,
    pub(in crate::segment::cluster) range: (usize, usize),
    pub(in crate::segment::cluster) tried: Vec<Tried>,
    /// How many of them were told.
    pub(in crate::segment::cluster) told: usize,
    pub(in crate::segment::cluster) others: usize,
    /// What goes out instead of progress.
    pub(in crate::segment::cluster) said: Option<Step<Clustering>>,
}

/// One k that was fitted on the rows chosen on.
#[derive(Debug)]
pub(in crate::segment::cluster) struct Tried {
    found: Found,
    measured: Measured,
    evaluated: Evaluated,
}

/// What is being done, with what was found on the way.
#[derive(Debug)]
pub(in crate::segment::cluster) enum Stage {
    Preparing(Preparation),
    Loading(usize, Distinct),
    Sampling(usize),
    /// Before anything is searched, or with all that was found.
    Screening(Screen, Option<Box<(Found, Measured, Evaluated, f64)>>),
    Fitting(usize, Search),
    Evaluating(Box<(Found, Measured)>, Evaluation),
    Running(Shared),
    /// At rest, if what is measured now says so, too.
    Settling(Shared, Measuring),
    /// How often the clusters were put into another order and measured again.
    Measuring(Found, Measuring, usize),
    /// The clusters of all rows stand.
    Placed(Box<(Found, Measured)>),
    Judging(Box<(Found, Measured)>, Evaluation),
    Comparing(Box<(Found, Measured, Evaluated)>, Null),
    Gathering(Box<(Found, Evaluated, f64)>, Matrix, usize),
    Placing(Box<(Found, Evaluated, f64)>, Matrix, Measuring),
    Over,
}

impl ClusterJob {
    /// Checks the options and the columns; nothing heavy happens yet.
    ///
    /// # Errors
    /// `bad-option`, `unsupported`, `unknown-column`, `wrong-type`, `too-few-rows`, `limit-exceeded`.
    pub fn new(table: Rc<Table>, options: ClusterOptions, default_seed: u64) -> Result<ClusterJob> {
        let plan = options.plan(default_seed)?;
        let (wanted, mut notices) = match &plan.wanted {
            Some(wanted) => (wanted.clone(), Vec::new()),
            None => sensible(&table, plan.method.takes())?,
        };
        if options.k.is_some() && plan.method.finds_k() {
            notices.push("“k” was not looked at: this method finds the number of clusters itself.".into());
        }
        let wanted = resolve(&table, &wanted, plan.method.takes())?;
        let features: usize = wanted.iter().map(|one| most_features(&table, one)).sum();
        let bytes = table.row_count.saturating_mul(features).saturating_mul(4);
        if bytes > MOST_BYTES {
            return Err(Error::new(
                Code::LimitExceeded,
                format!("{} rows × {features} features need {bytes} bytes. Choose fewer columns.", table.row_count),
            )
            .limit(MOST_BYTES as f64));
        }
        if let Some(row) = plan.initial.iter().flatten().find(|row| row.len() != wanted.len()) {
            return Err(Error::new(
                Code::BadOption,
                format!("A starting centre has {} values, but {} columns are compared.", row.len(), wanted.len()),
            ));
        }
        let stage = Stage::Preparing(preparation(&table, &wanted, &plan)?);
        Ok(ClusterJob {
            table,
            wanted,
            noticed: notices.len(),
            range: plan.clusters,
            plan,
            notices,
            stage,
            ratio: 0.0,
            features: None,
            all: None,
            sample: None,
            draws: None,
            outliers: None,
            aside: Vec::new(),
            tried: Vec::new(),
            told: 0,
            others: 0,
            said: None,
        })
    }

    /// The same with so many other engines. What the job emits is for them, each piece for the one that its first byte
    /// names; a join is the next answer of the engine of that number.
    pub fn with_others(self, others: usize) -> ClusterJob {
        ClusterJob { others, ..self }
    }

    fn advance(&mut self) -> Result<Option<Clustering>> {
        let stage = std::mem::replace(&mut self.stage, Stage::Over);
        let budget = &mut Budget::default();
        self.stage = match stage {
            Stage::Preparing(mut preparation) => match preparation.step(&self.table)? {
                None => Stage::Preparing(preparation),
                Some(features) => self.prepared(features),
            },
            Stage::Loading(block, mut distinct) => {
                let all = need_mut(&mut self.all)?;
                if block == all.blocks() && self.plan.set_aside && self.outliers.is_none() {
                    Stage::Screening(self.screen()?, None)
                } else if block == all.blocks() {
                    let rows = all.rows();
                    self.limit_clusters(distinct.count());
                    if rows > CHOICE_ROWS && self.plan.given && self.plan.initial.is_some() {
                        self.run(self.initial()?)?
                    } else {
                        Stage::Sampling(0)
                    }
                } else {
                    all.load(block)?;
                    distinct.add(all.fast(), all.block(block));
                    Stage::Loading(block + 1, distinct)
                }
            }
            Stage::Sampling(0) => {
                self.sample()?;
                Stage::Sampling(1)
            }
            Stage::Sampling(_) => {
                self.draw()?;
                self.begin()?
            }
            Stage::Fitting(k, mut search) => {
                let choice = self.choice()?;
                match search.step(choice, budget)? {
                    None => Stage::Fitting(k, search),
                    Some(found) if self.sample.is_some() && self.plan.given => self.onto_all(found)?,
                    Some(mut found) => {
                        let mut measured = Measuring::all(choice, &found.model)?;
                        let mut rounds = 0;
                        while self.sample.is_none() && self.put_in_order(&mut found, &measured, rounds)? {
                            measured = Measuring::all(choice, &found.model)?;
                            rounds += 1;
                        }
                        let evaluation = self.evaluate(choice, &measured, &[])?;
                        Stage::Evaluating(Box::new((found, measured)), evaluation)
                    }
                }
            }
            Stage::Evaluating(found, mut evaluation) => match evaluation.step(&need(&self.draws)?.0, budget)? {
                None => Stage::Evaluating(found, evaluation),
                Some(evaluated) => {
                    let (found, measured) = *found;
                    self.tried.push(Tried { found, measured, evaluated });
                    self.after_tried()?
                }
            },
            Stage::Running(mut run) => {
                let all = need(&self.all)?;
                match run.step(all, budget)? {
                    Turn::Rest => {
                        let measuring = Measuring::new(all, &run.run().model());
                        Stage::Settling(run, measuring)
                    }
                    turn => {
                        self.said = match turn {
                            Turn::Tell(bytes) => Some(Step::Emit(bytes)),
                            Turn::Await(other) => Some(Step::Join(other as u64)),
                            Turn::More | Turn::Rest => None,
                        };
                        Stage::Running(run)
                    }
                }
            }
            Stage::Settling(mut run, mut measuring) => {
                let all = need(&self.all)?;
                match measuring.step_knowing(all, run.run().known())? {
                    None => Stage::Settling(run, measuring),
                    Some(measured) if run.run_mut().settle(&measured, all.unit()) => {
                        Stage::Placed(Box::new((run.into_run().found(0), measured)))
                    }
                    Some(_) => Stage::Running(run),
                }
            }
            Stage::Measuring(mut found, mut measuring, rounds) => {
                let all = need(&self.all)?;
                match measuring.step(all)? {
                    None => Stage::Measuring(found, measuring, rounds),
                    Some(measured) if self.put_in_order(&mut found, &measured, rounds)? => {
                        let measuring = Measuring::new(all, &found.model);
                        Stage::Measuring(found, measuring, rounds + 1)
                    }
                    Some(measured) => Stage::Placed(Box::new((found, measured))),
                }
            }
            Stage::Placed(found) => {
                if self.draws.is_none() {
                    self.sample()?;
                    self.draw()?;
                }
                let positions = self.sample.as_ref().map_or(&[][..], |(_, positions)| positions);
                let evaluation = self.evaluate(need(&self.all)?, &found.1, positions)?;
                Stage::Judging(found, evaluation)
            }
            Stage::Judging(found, mut evaluation) => match evaluation.step(&need(&self.draws)?.0, budget)? {
                None => Stage::Judging(found, evaluation),
                Some(evaluated) => {
                    let (found, measured) = *found;
                    self.compare(found, measured, evaluated)?
                }
            },
            Stage::Comparing(found, mut null) => match null.step(budget)? {
                None => Stage::Comparing(found, null),
                Some(largest) => {
                    let (found, measured, evaluated) = *found;
                    if self.aside.is_empty() && self.outliers.is_none() {
                        Stage::Screening(self.screen()?, Some(Box::new((found, measured, evaluated, largest))))
                    } else if self.aside.is_empty() {
                        return self.finish(found, measured, evaluated, largest).map(Some);
                    } else {
                        Stage::Gathering(Box::new((found, evaluated, largest)), self.everyone()?, 0)
                    }
                }
            },
            Stage::Screening(mut screen, done) => {
                if screen.step(need(&self.all)?, budget) {
                    let features = need(&self.features)?;
                    let outliers = screen.outliers(&features.list, self.plan.set_aside, &|at| features.rows.at(at));
                    let mut told = screen.crowds(&features.list);
                    told.extend(outliers.notice(features.rows.len()));
                    let beyond = screen.found();
                    self.outliers = Some(outliers);
                    if let Some(done) = done {
                        let (found, measured, evaluated, null) = *done;
                        self.notices.extend(told);
                        return self.finish(found, measured, evaluated, null).map(Some);
                    }
                    let stage = if beyond.is_empty() {
                        Stage::Loading(0, Distinct::new(self.range.1))
                    } else {
                        self.set_aside(&beyond)?
                    };
                    self.notices.extend(told);
                    stage
                } else {
                    Stage::Screening(screen, done)
                }
            }
            Stage::Gathering(found, mut everyone, block) => {
                if block < everyone.blocks() {
                    everyone.load(block)?;
                    Stage::Gathering(found, everyone, block + 1)
                } else {
                    let measuring = Measuring::new(&everyone, &found.0.model);
                    Stage::Placing(found, everyone, measuring)
                }
            }
            Stage::Placing(found, everyone, mut measuring) => match measuring.step(&everyone)? {
                None => Stage::Placing(found, everyone, measuring),
                Some(measured) => {
                    let (found, evaluated, null) = *found;
                    return self.finish(found, measured, evaluated, null).map(Some);
                }
            },
            Stage::Over => {
                return Err(Error::new(Code::Internal, "A finished clustering was stepped again. Please report this."));
            }
        };
        Ok(None)
    }

    fn prepared(&mut self, mut features: Features) -> Stage {
        self.notices.append(&mut features.notices);
        let list = Rc::new(features.list.clone());
        let rows = Rc::new(std::mem::replace(&mut features.rows, Rows::All(0)));
        features.rows = (*rows).clone();
        let rows = if self.aside.is_empty() { rows } else { self.kept(&rows) };
        self.all = Some(Matrix::of_table(self.table.clone(), list, rows, features.largest));
        self.features = Some(features);
        Stage::Loading(0, Distinct::new(self.range.1))
    }

    fn screen(&self) -> Result<Screen> {
        Ok(Screen::new(need(&self.all)?, &need(&self.features)?.list, self.plan.seed))
    }

    /// Never more clusters than different rows.
    fn limit_clusters(&mut self, distinct: usize) {
        let (min, max) = self.range;
        if max > distinct {
            if self.plan.given || min > distinct {
                self.notices.push(match distinct {
                    1 => "All rows are alike, so there is one cluster.".into(),
                    _ => format!(
                        "There are only {distinct} different rows, so there are {distinct} clusters instead of {max}."
                    ),
                });
            }
            self.range = (min.min(distinct), distinct);
        }
    }

    fn begin(&mut self) -> Result<Stage> {
        if self.plan.given && self.plan.initial.is_some() {
            let fit = Fit::from_centers(self.choice()?, self.initial()?, self.plan.passes);
            return Ok(Stage::Fitting(self.range.0, Search::KMeans(Box::new(fit))));
        }
        if self.sample.is_some() {
            let what = if self.plan.given { "Starts were compared" } else { "The number of clusters was chosen" };
            let then = match self.plan.method {
                Method::KMeans => "the clusters were then found on all rows",
                _ => "the other rows were then placed by what was found there",
            };
            self.notices.push(format!("{what} on a sample of {CHOICE_ROWS} rows; {then}."));
        }
        self.fitting(self.range.0)
    }

    fn fitting(&self, k: usize) -> Result<Stage> {
        // The limit on passes is for the run the user sees; a start that is only compared may go to rest.
        let passes = if self.sample.is_some() { self.plan.passes.max(100) } else { self.plan.passes };
        let choice = self.choice()?;
        let usual = default_restarts(self.plan.method, choice.rows(), k, choice.features());
        let seek = Seek { restarts: self.plan.restarts.unwrap_or(usual), passes, ..self.seek(k) };
        let search = match self.tried.last().and_then(|tried| tried.found.linkage.clone()) {
            Some(linkage) => Search::Ward(Ward::cut(linkage, k)),
            None => seek.begin(choice),
        };
        Ok(Stage::Fitting(k, search))
    }

    /// How clusters are looked for, with one start: draws and comparisons say how many they take.
    fn seek(&self, k: usize) -> Seek {
        let Plan { method, seed, passes, .. } = self.plan;
        Seek { method, k, seed, restarts: 1, passes, of: self.all.as_ref().map_or(0, Matrix::rows) }
    }

    /// Starting centres in scaled units, of the features that are left.
    fn initial(&self) -> Result<Vec<f64>> {
        let features = need(&self.features)?;
        let names: Vec<String> = match &self.plan.wanted {
            Some(wanted) => wanted.iter().map(|one| one.column.clone()).collect(),
            None => sensible(&self.table, self.plan.method.takes())?.0.into_iter().map(|one| one.column).collect(),
        };
        let rows = self.plan.initial.iter().flatten().take(self.range.1);
        Ok(rows
            .flat_map(|row| names.iter().zip(row))
            .filter_map(|(name, &value)| {
                let feature = features.list.iter().find(|feature| feature.column == *name)?;
                Some(feature.scale.apply(value))
            })
            .collect())
    }

    /// k-means on all rows.
    fn run(&self, centers: Vec<f64>) -> Result<Stage> {
        let all = need(&self.all)?;
        Ok(Stage::Running(Shared::new(
            all,
            Lloyd::new(all, centers, self.plan.passes).measured_afterwards(),
            self.others,
        )))
    }

    /// From what was found in the sample to all rows.
    fn onto_all(&self, found: Found) -> Result<Stage> {
        let all = need(&self.all)?;
        Ok(match (&found.model, self.plan.method) {
            (Model::Centers { centers }, Method::KMeans) => self.run(centers.concat())?,
            (model, _) => {
                let measuring = Measuring::new(all, model);
                Stage::Measuring(found, measuring, 0)
            }
        })
    }

    /// Silhouette of some labels and the draws that follow. `positions` are the rows of the sample, when labels belong to
    /// all rows and draws to the sample.
    fn evaluate(&self, matrix: &Matrix, measured: &Measured, positions: &[usize]) -> Result<Evaluation> {
        let clusters = measured.counts.len();
        let mut rng = Rng::new(mix(self.plan.seed, 4_000, 2));
        let rows = silhouette_rows(&measured.labels, clusters, &mut rng);
        let separation = Separation::new(matrix, &rows, &measured.labels, clusters);
        let label = |&row: &usize| measured.labels[positions.get(row).copied().unwrap_or(row)];
        let draws = need(&self.draws)?;
        let labels: Vec<u32> = draws.1.iter().map(label).collect();
        let rescale = need(&self.features)?.list.iter().map(|one| one.scale.transform != Transform::None).collect();
        let seek = self.seek(clusters);
        let (mut gap, mut strength) = (None, None);
        // What is only shown is measured once for each k, and only where searches are quick.
        let quick = matches!(seek.method, Method::KMeans | Method::KPrototypes { .. });
        if quick && clusters > 0 && (positions.is_empty() || self.tried.is_empty()) {
            let some: Vec<usize> = (0..labels.len()).step_by(labels.len().div_ceil(SHOWN_ROWS)).collect();
            let small = draws.0.sample(&some)?;
            let labels: Vec<u32> = some.iter().map(|&row| labels[row]).collect();
            // Evenly spread categories are no such thing.
            gap = small.groups().is_empty().then(|| Gap::new(&small, seek, &labels));
            strength = (clusters > 1).then(|| Strength::new(small, seek));
        }
        Ok(Evaluation::new(separation, Bootstrap::new(clusters, seek, labels, rescale), gap, strength))
    }

    fn after_tried(&mut self) -> Result<Stage> {
        let k = self.range.0 + self.tried.len();
        if k <= self.range.1 {
            return self.fitting(k);
        }
        let chosen = choose(&self.candidates()?, self.plan.least_share);
        if self.sample.is_some() {
            return self.onto_all(self.tried[chosen].found.clone());
        }
        let Tried { found, measured, evaluated } = &self.tried[chosen];
        self.compare(found.clone(), measured.clone(), evaluated.clone())
    }

    /// Rows that suit two clusters alike, which categories make many of, belong to the one that is shown first. So the order,
    /// which goes by size, is settled before rows are counted for good: a larger cluster only grows by that. True when rows are
    /// to be placed again.
    fn put_in_order(&self, found: &mut Found, measured: &Measured, rounds: usize) -> Result<bool> {
        if rounds == MOST_ROUNDS || self.plan.method.takes() == Takes::Numbers {
            return Ok(false);
        }
        put_in_order(&self.table, need(&self.features)?, measured, &mut found.model)
    }

    fn candidates(&self) -> Result<Vec<Candidate>> {
        let rows = self.choice()?.rows();
        let scale = need(&self.all)?.rows() as f64 / rows as f64;
        let one = |tried: &Tried| candidate(&tried.found, rows, &tried.measured, &tried.evaluated, scale);
        Ok(self.tried.iter().map(one).collect())
    }

    fn compare(&self, found: Found, measured: Measured, evaluated: Evaluated) -> Result<Stage> {
        let null = Null::new(&need(&self.draws)?.0, self.seek(measured.counts.len()))?;
        Ok(Stage::Comparing(Box::new((found, measured, evaluated)), null))
    }

    fn finish(&mut self, found: Found, measured: Measured, evaluated: Evaluated, null: f64) -> Result<Clustering> {
        let parts = Parts {
            features: self.features.take().ok_or_else(lost)?,
            found,
            measured,
            evaluated,
            candidates: self.candidates()?,
            null,
            outliers: self.outliers.take().unwrap_or_default(),
            notices: std::mem::take(&mut self.notices),
            searched: self.choice()?.rows(),
        };
        finish(&self.table, &self.plan, parts)
    }
}

impl Job for ClusterJob {
    type Output = Clustering;

    /// The numbers of clusters that were tried so far.
    fn partial(&mut self) -> Option<Value> {
        if self.told == self.tried.len() {
            return None;
        }
        self.told = self.tried.len();
        self.candidates().ok().and_then(|candidates| serde_json::to_value(candidates).ok())
    }

    fn step(&mut self) -> Result<Step<Clustering>> {
        Ok(match self.advance()? {
            Some(clustering) => Step::Done(clustering),
            None => self.said.take().unwrap_or_else(|| Step::Working(self.progress())),
        })
    }

    fn join(&mut self, part: Vec<u8>) -> Result<()> {
        match &mut self.stage {
            Stage::Running(run) => run.join(need(&self.all)?, &part),
            _ => Ok(()),
        }
    }
}

pub(in crate::segment::cluster) fn preparation(table: &Table, wanted: &[Wanted], plan: &Plan) -> Result<Preparation> {
    let weighing = match plan.method {
        Method::KPrototypes { gamma } => Weighing::Against(gamma),
        _ => Weighing::Plain,
    };
    Ok(Preparation::new(table, wanted, plan.missing)?.weighing(weighing))
}

fn lost() -> Error {
    Error::new(Code::Internal, "Clustering lost what it had prepared. Please report this.")
}

pub(in crate::segment::cluster) fn need<T>(part: &Option<T>) -> Result<&T> {
    part.as_ref().ok_or_else(lost)
}

fn need_mut<T>(part: &mut Option<T>) -> Result<&mut T> {
    part.as_mut().ok_or_else(lost)
}
