//! What groups does a study make, and what do they say?

use crate::convert;
use crate::error::Result;
use crate::session::Session;
use js_sys::{Float32Array, Int32Array, Reflect, Uint8Array, Uint32Array};
use marquetry::segment::cluster::clustering::Clustering;
use marquetry::study::study::Study;
use marquetry::study::views::{RfmOptions, TierInput};
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
        let options =
            RfmOptions { scores: convert::options(options.clone())?, scheme: convert::part(&options, "scheme")? };
        let result = self.store.study_mut(study)?.rfm(&options)?;
        let scores = convert::object([
            ("recency", Uint8Array::from(result.recency.as_slice()).into()),
            ("frequency", Uint8Array::from(result.frequency.as_slice()).into()),
            ("monetary", Uint8Array::from(result.monetary.as_slice()).into()),
        ]);
        with(convert::document(&result)?, [("scores", scores)])
    }

    /// A job that finds clusters, keeps them in the study (in place of those of the same name) and gives what they say.
    pub fn cluster(&mut self, study: u32, options: JsValue, name: Option<String>) -> Result<u32> {
        let job = self.store.study(study)?.cluster(convert::options(options)?)?;
        Ok(self.start(job, move |clustering, store| keep(store.study_mut(study)?, clustering, name.as_deref())))
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

    /// A cluster in words and as a rule.
    #[wasm_bindgen(js_name = describeCluster)]
    pub fn describe_cluster(&mut self, study: u32, clustering: &str, label: &str) -> Result<JsValue> {
        convert::document(&self.store.study_mut(study)?.describe(clustering, label)?)
    }

    /// A clustering as a tree of cuts.
    #[wasm_bindgen(js_name = clusterTree)]
    pub fn cluster_tree(&mut self, study: u32, clustering: &str) -> Result<JsValue> {
        convert::document(&self.store.study_mut(study)?.tree(clustering)?)
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

/// An object with more properties.
fn with<const N: usize>(object: JsValue, properties: [(&str, JsValue); N]) -> Result<JsValue> {
    for (name, value) in properties {
        // Setting a property of a fresh ordinary object cannot fail.
        let _ = Reflect::set(&object, &name.into(), &value);
    }
    Ok(object)
}
