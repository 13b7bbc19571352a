//! What groups does a study make, and what do they say?

use crate::convert;
use crate::error::{Result, Thrown};
use crate::session::Session;
use js_sys::{Float32Array, Int32Array, Reflect, Uint8Array, Uint32Array};
use marquetry::error::{Code, Error};
use marquetry::features::survey::ScaleOptions;
use marquetry::segment::cluster::clustering::Clustering;
use marquetry::segment::explain::silhouettes::Blade;
use marquetry::study::schemes::scheme_lists;
use marquetry::study::study::Study;
use marquetry::study::views::{OutcomeInfo, OutcomeOptions, RfmOptions, Scheme, TierInput, TreeInfo};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// Points of a map when nobody says how many.
const MAP_POINTS: u32 = 5_000;

#[wasm_bindgen]
impl Session {
    /// Ordered rules, first match wins.
    pub fn tiers(&mut self, study: u32, name: &str, tiers: JsValue, everyone_else: Option<String>) -> Result<JsValue> {
        let tiers: Vec<TierInput> = convert::options_from(tiers)?;
        convert::document(&self.store.study_mut(study)?.tiers(name, &tiers, everyone_else.as_deref())?)
    }

    /// Scores and named groups.
    pub fn rfm(&mut self, study: u32, options: JsValue) -> Result<JsValue> {
        let options = RfmOptions {
            scores: convert::options(options.clone())?,
            scheme: convert::part(&options, "scheme")?,
            unscored: convert::part(&options, "unscored")?,
        };
        let result = self.store.study_mut(study)?.rfm(&options)?;
        let scores = convert::object([
            ("recency", Uint8Array::from(result.recency.as_slice()).into()),
            ("frequency", Uint8Array::from(result.frequency.as_slice()).into()),
            ("monetary", Uint8Array::from(result.monetary.as_slice()).into()),
        ]);
        with(convert::document(&result)?, [("scores", scores)])
    }

    /// The built-in schemes of RFM, as lists.
    pub fn schemes(&self) -> Result<JsValue> {
        convert::document(&scheme_lists())
    }

    /// Groupings beside each other.
    pub fn agreement(&self, study: u32, groupings: JsValue) -> Result<JsValue> {
        let groupings: Vec<Scheme> = convert::options_from(groupings)?;
        convert::document(&self.store.study(study)?.agreement(&groupings)?)
    }

    /// A job that says how a column is spread over customers.
    pub fn concentration(&mut self, study: u32, column: Option<String>) -> Result<u32> {
        let job = self.store.study(study)?.concentration(column.as_deref())?;
        Ok(self.start(job, |found, _| convert::document(&found)))
    }

    /// A job that gives a column before and after its transform.
    #[wasm_bindgen(js_name = previewFeature)]
    pub fn preview_feature(&mut self, study: u32, column: &str, transform: JsValue) -> Result<u32> {
        let transform = convert::options(transform)?;
        let job = self.store.study(study)?.preview(column, transform)?;
        Ok(self.start(job, |preview, _| convert::plain(&preview)))
    }

    /// A job that finds clusters, keeps them in the study (in place of those of the same name) and gives what they say. So
    /// many other engines may help: what it emits is for their [`Session::share`], each piece for the one that its first
    /// byte names.
    pub fn cluster(&mut self, study: u32, options: JsValue, name: Option<String>, others: usize) -> Result<u32> {
        let job = self.store.study(study)?.cluster(convert::options(options)?)?;
        Ok(self.start(job.with_others(others), move |clustering, store| {
            keep(store.study_mut(study)?, clustering, name.as_deref())
        }))
    }

    /// Places the study's rows by a saved model, keeps the clusters and gives what they say.
    pub fn place(&mut self, study: u32, model: JsValue, name: Option<String>) -> Result<JsValue> {
        let model = convert::options_from(model)?;
        convert::document(&self.store.study_mut(study)?.place(&model, name.as_deref())?)
    }

    /// Does a share of another engine's work; a session does so for one job.
    pub fn share(&mut self, message: &[u8]) -> Result<Vec<u8>> {
        Ok(self.store.share.answer(message)?)
    }

    /// The group of each row, −1 for none.
    pub fn assignments(&self, study: u32, grouping: &str) -> Result<Int32Array> {
        Ok(Int32Array::from(self.store.study(study)?.assignments(grouping)?))
    }

    /// The nearest cluster of each row of another table.
    pub fn apply(&self, study: u32, clustering: &str, table: u32) -> Result<Int32Array> {
        let clusters = self.store.study(study)?.clustering(clustering)?.apply(self.store.table(table)?)?;
        Ok(Int32Array::from(clusters.as_slice()))
    }

    /// Scores scales of survey answers and keeps them as columns.
    pub fn scales(&mut self, study: u32, scales: JsValue) -> Result<JsValue> {
        let scales: Vec<ScaleOptions> = convert::options_from(scales)?;
        convert::plain(&self.store.study_mut(study)?.scales(&scales)?)
    }

    /// A job that explains a clustering; nothing where that was done before.
    #[wasm_bindgen(js_name = explainClusters)]
    pub fn explain_clusters(&mut self, study: u32, clustering: String) -> Result<Option<u32>> {
        let job = self.store.study(study)?.explain_clusters(&clustering)?;
        Ok(job.map(|job| {
            self.start(job, move |explained, store| {
                store.study_mut(study)?.keep_explained(&clustering, explained);
                Ok(JsValue::UNDEFINED)
            })
        }))
    }

    /// What in another table a clustering has never seen.
    #[wasm_bindgen(js_name = checkTable)]
    pub fn check_table(&self, study: u32, clustering: &str, table: u32) -> Result<JsValue> {
        convert::plain(&self.store.study(study)?.clustering(clustering)?.check(self.store.table(table)?)?)
    }

    /// A cluster in words and as a rule.
    #[wasm_bindgen(js_name = describeCluster)]
    pub fn describe_cluster(&mut self, study: u32, clustering: &str, label: &str) -> Result<JsValue> {
        convert::document(&self.store.study_mut(study)?.describe(clustering, label)?)
    }

    /// A job that gives a clustering as a tree of cuts.
    #[wasm_bindgen(js_name = clusterTree)]
    pub fn cluster_tree(
        &mut self,
        study: u32,
        clustering: String,
        kind: Option<String>,
        leaves: Option<f64>,
    ) -> Result<u32> {
        let job = self.store.study(study)?.tree(&clustering, kind.as_deref(), leaves.map(whole).transpose()?)?;
        Ok(self.start(job, move |tree, store| {
            let labels = &store.study(study)?.clustering(&clustering)?.labels;
            convert::document(&TreeInfo::of(&tree, labels))
        }))
    }

    /// A job that gives the silhouettes of a clustering.
    #[wasm_bindgen(js_name = clusterSilhouettes)]
    pub fn cluster_silhouettes(&mut self, study: u32, clustering: &str) -> Result<u32> {
        let study = self.store.study(study)?;
        let (job, labels) = (study.silhouettes(clustering)?, study.clustering(clustering)?.labels.clone());
        Ok(self.start(job, move |found, _| {
            let blade = |(blade, label): (&Blade, &String)| {
                convert::object([
                    ("label", label.as_str().into()),
                    ("n", (blade.n as f64).into()),
                    ("mean", blade.mean.into()),
                    ("below", blade.below.into()),
                    ("values", Float32Array::from(blade.values.as_slice()).into()),
                ])
            };
            Ok(convert::object([
                ("clusters", convert::array(found.clusters.iter().zip(&labels).map(blade))),
                ("sampleSize", (found.sample_size as f64).into()),
                ("mean", found.mean.into()),
            ]))
        }))
    }

    /// Why a row is in its cluster and not in the next.
    #[wasm_bindgen(js_name = clusterWhy)]
    pub fn cluster_why(&self, study: u32, clustering: &str, row: u32) -> Result<JsValue> {
        convert::document(&self.store.study(study)?.why(clustering, row as usize)?)
    }

    /// A job that cuts customers into segments by an outcome.
    #[wasm_bindgen(js_name = outcomeTree)]
    pub fn outcome_tree(&mut self, study: u32, options: JsValue) -> Result<u32> {
        let options: OutcomeOptions = convert::options_from(options)?;
        let job = self.store.study(study)?.outcome(&options)?;
        Ok(self.start(job, |tree, _| convert::document(&OutcomeInfo::of(tree))))
    }

    /// A readable rule for some rows.
    #[wasm_bindgen(js_name = explainRows)]
    pub fn explain_rows(&self, study: u32, rows: &[u32], columns: JsValue) -> Result<JsValue> {
        let columns: Option<Vec<String>> =
            if columns.is_undefined() { None } else { Some(convert::options_from(columns)?) };
        convert::document(&self.store.study(study)?.explain_rows(rows, columns.as_deref())?)
    }

    /// A clustering as points on two principal components.
    #[wasm_bindgen(js_name = clusterMap)]
    pub fn cluster_map(&self, study: u32, clustering: &str, max_points: Option<u32>) -> Result<JsValue> {
        let points = max_points.unwrap_or(MAP_POINTS) as usize;
        let map = self.store.study(study)?.map(clustering, points)?;
        let rows = Uint32Array::from(map.rows.as_slice()).into();
        let (x, y) = (Float32Array::from(map.x.as_slice()).into(), Float32Array::from(map.y.as_slice()).into());
        with(convert::plain(&map)?, [("rows", rows), ("x", x), ("y", y)])
    }
}

fn keep(study: &mut Study, clustering: Clustering, name: Option<&str>) -> Result<JsValue> {
    let (clustering, grouping) = study.keep(clustering, name)?;
    let rules = convert::document(&grouping.rules)?;
    with(convert::plain(&clustering)?, [("rules", rules), ("document", convert::document(&clustering.document())?)])
}

/// A number of things, as JavaScript says it.
fn whole(number: f64) -> Result<usize> {
    if number.fract() == 0.0 && number >= 0.0 {
        return Ok(number as usize);
    }
    Err(Thrown(Error::new(Code::BadOption, format!("“leaves” is a whole number, not {number}."))))
}

/// An object with more properties.
fn with<const N: usize>(object: JsValue, properties: [(&str, JsValue); N]) -> Result<JsValue> {
    for (name, value) in properties {
        // Setting a property of a fresh ordinary object cannot fail.
        let _ = Reflect::set(&object, &name.into(), &value);
    }
    Ok(object)
}
