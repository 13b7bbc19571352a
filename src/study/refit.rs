//! What would the groups be if they were found anew on today's customers? RFM edges and clusters, beside the frozen ones.

use crate::error::{Code, Error, Result};
use crate::features::rfm::{Bands, ScoreOptions};
use crate::features::wanted::Kind;
use crate::job::{Job, Progress, Step};
use crate::math::order::arranged;
use crate::monitor::changes::{Changed, ChangesJob};
use crate::segment::cluster::document::Saved;
use crate::segment::cluster::job::ClusterJob;
use crate::segment::cluster::options::{ClusterOptions, Clusters, FeatureOption};
use crate::segment::grouping::Grouping;
use crate::study::study::{Kept, Study};
use crate::study::views::{RfmOptions, Scheme};
use crate::table::figures::percent;
use serde_json::{Value, json};
use std::rc::Rc;

/// Methods whose options a saved model tells in full.
const METHODS: [&str; 4] = ["kmeans", "kprototypes", "ward", "latent-class"];

/// A comparison, and then what is found anew.
#[derive(Debug)]
pub struct StudyChangesJob {
    job: Option<ChangesJob>,
    changed: Option<Changed>,
    waiting: Vec<Refit>,
    told: Vec<Value>,
    notices: Vec<String>,
    all: usize,
}

#[derive(Debug)]
struct Refit {
    frozen: Grouping,
    how: How,
}

#[derive(Debug)]
enum How {
    /// Already found, under the same labels.
    Found(Grouping),
    Finding(Box<ClusterJob>),
}

impl StudyChangesJob {
    /// A comparison, with the groupings of `study` found anew where the options say “refit”.
    pub fn new(job: ChangesJob, study: &Study, options: &Value) -> StudyChangesJob {
        let (mut waiting, mut notices) = (Vec::new(), Vec::new());
        for kept in study.groupings.iter().filter(|_| options["refit"] == true) {
            match study.refit(kept) {
                Ok(None) => {}
                Ok(Some(how)) => waiting.push(Refit { frozen: kept.grouping.clone(), how }),
                Err(error) => {
                    notices.push(format!("“{}” could not be found anew: {}", kept.grouping.name, error.message));
                }
            }
        }
        waiting.reverse();
        StudyChangesJob { job: Some(job), changed: None, all: waiting.len(), waiting, told: Vec::new(), notices }
    }
}

impl Study {
    /// How a grouping is found anew. Nothing for tiers, which are not fitted to anybody.
    fn refit(&self, kept: &Kept) -> Result<Option<How>> {
        match kept.definition["kind"].as_str() {
            // Edges that somebody chose are not found anew.
            Some("rfm") if kept.definition["bands"] == "fixed" => Ok(None),
            Some("rfm") => self.refit_rfm(&kept.definition).map(|grouping| Some(How::Found(grouping))),
            Some("clusters") => {
                let job = self.refit_clusters(&kept.definition["model"])?;
                Ok(Some(How::Finding(Box::new(job))))
            }
            _ => Ok(None),
        }
    }

    /// The same scale and scheme with edges of these customers.
    fn refit_rfm(&self, definition: &Value) -> Result<Grouping> {
        let text = |key: &str| definition[key].as_str().map(String::from);
        let scores = ScoreOptions {
            scale: definition["scale"].as_f64().map(|scale| scale as u32),
            bands: if definition["bands"] == "kmeans" { Bands::Kmeans } else { Bands::Quantile },
            compatibility: text("compatibility"),
            nested: definition["nestedEdges"].is_object(),
            ..ScoreOptions::default()
        };
        let scheme = Scheme::try_from(definition["scheme"].clone());
        let scheme = scheme.map_err(|message| Error::new(Code::Internal, message))?;
        // In a study of its own, so that this one stays as it is.
        let mut aside = Study::new(Rc::clone(&self.base), &Default::default())?;
        aside.reference_date = self.reference_date;
        aside.definitions = self.definitions.clone();
        aside.rfm(&RfmOptions { scores, scheme: Some(scheme), unscored: text("unscored") })?;
        let kept = aside.groupings.pop();
        kept.map(|kept| kept.grouping).ok_or_else(|| Error::new(Code::Internal, "RFM gave no groups."))
    }

    /// The same method, columns and number of clusters.
    fn refit_clusters(&self, model: &Value) -> Result<ClusterJob> {
        let saved = Saved::read(model)?;
        if !METHODS.contains(&saved.method.as_str()) {
            let message = "its method has options that its model does not tell. Find clusters by hand to compare them.";
            return Err(Error::new(Code::Unsupported, message));
        }
        let mut features: Vec<FeatureOption> = Vec::new();
        for (at, feature) in saved.features.iter().enumerate() {
            let column = feature.column.clone();
            if at > 0 && feature.level.is_some() && saved.features[at - 1].column == column {
                continue;
            }
            let (transform, weight) = (feature.scale.transform, Some(feature.scale.weight));
            let one = match &feature.level {
                None => FeatureOption::Full { column, transform, kind: Kind::Number, weight },
                Some(_) => {
                    FeatureOption::Full { column, transform: Default::default(), kind: Kind::Category, weight: None }
                }
            };
            features.push(one);
        }
        let fills = saved.features.iter().any(|feature| feature.fill.is_some());
        self.cluster(ClusterOptions {
            method: Some(saved.method),
            features: Some(features),
            k: Some(Clusters::Given(saved.labels.len())),
            seed: Some(saved.seed),
            missing: fills.then(|| "median".into()),
            ..ClusterOptions::default()
        })
    }
}

impl Job for StudyChangesJob {
    type Output = Value;

    fn step(&mut self) -> Result<Step<Value>> {
        let share = if self.all == 0 { 1.0 } else { 0.5 };
        let Some(changed) = &mut self.changed else {
            let Some(job) = &mut self.job else {
                return Err(Error::new(Code::Internal, "A finished comparison was stepped again. Please report this."));
            };
            return Ok(match job.step()? {
                Step::Done(changed) => {
                    self.job = None;
                    self.changed = Some(changed);
                    Step::Working(Progress { phase: "comparing columns", ratio: share, rows: 0 })
                }
                Step::Working(progress) => Step::Working(Progress { ratio: progress.ratio * share, ..progress }),
                _ => Step::Working(Progress { phase: "comparing", ratio: 0.0, rows: 0 }),
            });
        };
        let Some(refit) = self.waiting.last_mut() else {
            let mut document = std::mem::take(&mut changed.document);
            self.changed = None;
            if self.all > 0 {
                document["refit"] = json!(self.told);
            }
            if let Some(notices) = document["notices"].as_array_mut() {
                notices.extend(self.notices.drain(..).map(Value::from));
            }
            return Ok(Step::Done(document));
        };
        if let How::Finding(job) = &mut refit.how {
            match job.step() {
                Ok(Step::Done(clustering)) => {
                    let found = matched(&refit.frozen, &clustering.assignments, clustering.labels.len());
                    refit.how = How::Found(found);
                }
                Ok(_) => {}
                Err(error) => {
                    self.notices.push(format!("“{}” could not be found anew: {}", refit.frozen.name, error.message));
                    self.waiting.pop();
                }
            }
        } else if let Some(Refit { frozen, how: How::Found(found) }) = self.waiting.pop() {
            self.told.push(told(&frozen, &found, changed));
        }
        let done = 1.0 - self.waiting.len() as f64 / self.all as f64;
        Ok(Step::Working(Progress { phase: "finding groups anew", ratio: share + (1.0 - share) * done, rows: 0 }))
    }
}

/// Groups found anew under the labels of the frozen ones: the two that share most customers first, each once. What is left
/// over is called “new”.
fn matched(frozen: &Grouping, assignments: &[i32], count: usize) -> Grouping {
    let width = frozen.labels.len();
    let mut shared = vec![0usize; width * count];
    for (&old, &new) in frozen.assignments.iter().zip(assignments) {
        if let (Ok(old), Ok(new)) = (usize::try_from(old), usize::try_from(new)) {
            shared[old * count + new] += 1;
        }
    }
    let mut labels: Vec<Option<usize>> = vec![None; count];
    for cell in arranged(shared.len(), &|a, b| shared[b].cmp(&shared[a])) {
        let (old, new) = (cell / count, cell % count);
        if labels[new].is_none() && !labels.contains(&Some(old)) {
            labels[new] = Some(old);
        }
    }
    let mut names = frozen.labels.clone();
    let mut places = Vec::with_capacity(count);
    for label in labels {
        places.push(label.unwrap_or(names.len()) as i32);
        if label.is_none() {
            names.push(format!("new {}", names.len() + 1 - width));
        }
    }
    let moved = assignments.iter().map(|&new| usize::try_from(new).map_or(-1, |new| places[new]));
    Grouping::new(frozen.name.clone(), names, moved.collect())
}

/// Both side by side, and how much of what moved is due to edges that moved.
fn told(frozen: &Grouping, found: &Grouping, changed: &Changed) -> Value {
    let mut labels = frozen.labels.clone();
    for label in &found.labels {
        if !labels.contains(label) {
            labels.push(label.clone());
        }
    }
    let size = |grouping: &Grouping, label: &String| {
        grouping.labels.iter().position(|known| known == label).map_or(0, |at| grouping.sizes[at])
    };
    let name = |grouping: &'_ Grouping, row: usize| usize::try_from(grouping.assignments[row]).ok();
    let is_same = |row: usize| {
        let [one, other] = [frozen, found].map(|grouping| name(grouping, row).map(|at| &grouping.labels[at]));
        one == other
    };
    let rows = frozen.assignments.len();
    let same = (0..rows).filter(|&row| is_same(row)).count();
    let (mut both, mut moved, mut by_edges) = (0u64, 0u64, 0u64);
    if let Some(part) = changed.before.parts().iter().position(|part| part.name == frozen.name) {
        let then_labels = &changed.before.parts()[part].labels;
        for row in 0..rows {
            let Some(then) = changed.then(row) else { continue };
            let then = usize::try_from(changed.before.group(part, then)).ok().map(|at| &then_labels[at]);
            let [now, anew] = [frozen, found].map(|grouping| name(grouping, row).map(|at| &grouping.labels[at]));
            both += 1;
            moved += u64::from(anew != then);
            by_edges += u64::from(anew != then && now == then);
        }
    }
    let share = |part: u64, of: u64| part as f64 / of.max(1) as f64;
    let sentence = if both == 0 {
        format!(
            "Found anew, {} of all customers are in the same group of “{}”.",
            percent(same as u64, rows as u64),
            frozen.name
        )
    } else {
        format!(
            "With “{}” found anew, {} of the customers of both dates are in another group than then; {} of these only because the edges moved.",
            frozen.name,
            percent(moved, both),
            percent(by_edges, moved)
        )
    };
    json!({
        "grouping": frozen.name,
        "labels": labels,
        "frozen": labels.iter().map(|label| size(frozen, label)).collect::<Vec<usize>>(),
        "refitted": labels.iter().map(|label| size(found, label)).collect::<Vec<usize>>(),
        "agreement": share(same as u64, rows as u64),
        "movedShare": share(moved, both),
        "byEdgesShare": share(by_edges, moved),
        "sentence": sentence,
    })
}
