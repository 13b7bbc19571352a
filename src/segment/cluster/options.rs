//! What can be asked of clustering, and what is refused before any work begins.

use crate::error::{Code, Error, Result};
use crate::features::scale::Transform;
use crate::features::select::Takes;
use crate::features::wanted::{Kind, Missing, Wanted};
use crate::segment::cluster::method::{Covariance, Method};
use crate::segment::cluster::mixture;
use serde::Deserialize;
use serde_json::{Map, Value};

/// The most clusters that may be asked for.
pub const MOST_CLUSTERS: usize = 1_000;
/// Rows on which starts are compared and k is chosen.
pub const CHOICE_ROWS: usize = 20_000;
/// Passes when nothing else is said.
pub const PASSES: usize = 300;
/// The same for methods that creep up on the most likely model (EM).
pub const EM_PASSES: usize = 5_000;
/// Starts when nothing else is said, at least and at most: few rows, where a start costs next to nothing, get more.
pub const RESTARTS: (usize, usize) = (10, 100);
/// Rows × k × features × starts that the default aims at.
const START_WORK: usize = 4_000_000;

/// Starts of latent classes at least, when nothing else is said: their likelihood has many peaks.
const CLASS_RESTARTS: usize = 30;

/// Starts for so much work a start, when nothing else is said.
pub fn default_restarts(method: Method, rows: usize, k: usize, features: usize) -> usize {
    let least = match method {
        Method::Gaussian(_) => return mixture::default_restarts(rows, k, features),
        Method::LatentClass => CLASS_RESTARTS,
        _ => RESTARTS.0,
    };
    (START_WORK / (rows * k * features).max(1)).clamp(least, RESTARTS.1)
}

/// A column to compare customers by: its name, or more.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "Value")]
pub enum FeatureOption {
    /// The name; the transform is `auto`.
    Name(String),
    /// The name and how it is to be used.
    Full {
        /// Name of the column.
        column: String,
        /// How it is scaled.
        transform: Transform,
        /// As a number or as a category; what its values suggest when left out.
        kind: Kind,
        /// How much it counts.
        weight: Option<f64>,
    },
}

impl TryFrom<Value> for FeatureOption {
    type Error = &'static str;

    fn try_from(value: Value) -> std::result::Result<FeatureOption, &'static str> {
        let full = |map: &Map<String, Value>| {
            Some(FeatureOption::Full {
                column: map.get("column")?.as_str()?.to_string(),
                transform: match map.get("transform") {
                    Some(transform) => Transform::deserialize(transform).ok()?,
                    None => Transform::default(),
                },
                kind: match map.get("kind") {
                    None | Some(Value::Null) => Kind::Auto,
                    Some(kind) => Kind::deserialize(kind).ok()?,
                },
                weight: match map.get("weight") {
                    None | Some(Value::Null) => None,
                    Some(weight) => Some(weight.as_f64()?),
                },
            })
        };
        let feature = match &value {
            Value::String(name) => Some(FeatureOption::Name(name.clone())),
            Value::Object(map) => full(map),
            _ => None,
        };
        feature.ok_or("a feature is a column's name or an object with “column” (and “transform”, “kind”, “weight”)")
    }
}

/// The number of clusters: given, or a range to choose from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Value")]
pub enum Clusters {
    /// Exactly so many.
    Given(usize),
    /// The best number from `min` to `max`, both included.
    Range {
        /// At least.
        min: usize,
        /// At most.
        max: usize,
    },
}

impl TryFrom<Value> for Clusters {
    type Error = &'static str;

    fn try_from(value: Value) -> std::result::Result<Clusters, &'static str> {
        let whole = |value: &Value| value.as_u64().and_then(|number| usize::try_from(number).ok());
        let range = || Some(Clusters::Range { min: whole(value.get("min")?)?, max: whole(value.get("max")?)? });
        whole(&value)
            .map(Clusters::Given)
            .or_else(range)
            .ok_or("“k” is a whole number or an object with whole numbers “min” and “max”")
    }
}

/// What to do; everything may be left out.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ClusterOptions {
    /// "kmeans", "kprototypes", "gaussian", "latent-class", "hdbscan" or "ward".
    pub method: Option<String>,
    /// The columns; the sensible columns of numbers when left out.
    pub features: Option<Vec<FeatureOption>>,
    /// 2 to 10 when left out.
    pub k: Option<Clusters>,
    /// Start of every random draw; the study's seed when left out.
    pub seed: Option<u64>,
    /// Seeded starts for each k; 10 to 100 (of latent classes 30 to 100) by the number of rows when left out.
    pub restarts: Option<usize>,
    /// Starting centres in the columns' own units, one row a cluster: then there is one start and no draw.
    pub initial: Option<Vec<Vec<f64>>>,
    /// Passes at most.
    pub max_iterations: Option<usize>,
    /// "drop", "median", "category" or "likelihood"; "drop" when left out, for latent classes "likelihood".
    pub missing: Option<String>,
    /// Of mixtures: "spherical", "diagonal", "tied" or "full".
    pub covariance: Option<String>,
    /// Of HDBSCAN.
    pub min_cluster_size: Option<usize>,
    /// Of k-prototypes.
    pub gamma: Option<f64>,
    /// The share of rows that the smallest cluster shall hold, 0 to 1: numbers of clusters that break it are not chosen as
    /// long as another keeps it. A given number stays, with a notice.
    pub min_share: Option<f64>,
    /// "keep" or "set-aside".
    pub outliers: Option<String>,
}

/// Options that were checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// How clusters are found, with what only that method is told.
    pub method: Method,
    /// Columns; none means the sensible ones.
    pub wanted: Option<Vec<Wanted>>,
    /// Least and greatest k.
    pub clusters: (usize, usize),
    /// Whether one k was given.
    pub given: bool,
    /// The share of rows that the smallest cluster shall hold.
    pub least_share: f64,
    /// Seed of every draw.
    pub seed: u64,
    /// Starts, where the user said so.
    pub restarts: Option<usize>,
    /// Starting centres in own units.
    pub initial: Option<Vec<Vec<f64>>>,
    /// Passes at most.
    pub passes: usize,
    /// What happens to rows with missing values.
    pub missing: Missing,
    /// Whether rows far outside are kept from shaping the clusters.
    pub set_aside: bool,
}

fn unsupported(what: &str, instead: &str) -> Error {
    Error::new(Code::Unsupported, format!("{what} is not offered. {instead}"))
}

fn bad(message: String) -> Error {
    Error::new(Code::BadOption, message)
}

impl ClusterOptions {
    /// Checks everything that can be checked without the table.
    ///
    /// # Errors
    /// `unsupported` for methods and options that are not built, `bad-option` for values that make no sense.
    pub fn plan(&self, default_seed: u64) -> Result<Plan> {
        let method = self.method()?;
        let set_aside = match self.outliers.as_deref().unwrap_or("keep") {
            "keep" => false,
            "set-aside" => true,
            other => return Err(unsupported(&format!("“{other}” for outliers"), "Use “keep” or “set-aside”.")),
        };
        let missing = self.missing(method)?;
        let usual = if method == Method::LatentClass { EM_PASSES } else { PASSES };
        let passes = self.max_iterations.unwrap_or(usual);
        if passes == 0 || self.restarts == Some(0) {
            return Err(bad("“maxIterations” and “restarts” must be at least 1.".into()));
        }
        let clusters = if method.finds_k() { (0, 0) } else { self.clusters()? };
        let least_share = self.min_share.unwrap_or(0.0);
        let most = clusters.0.max(1) as f64;
        if !(0.0..=1.0).contains(&least_share) || least_share * most > 1.0 {
            return Err(bad(format!(
                "“minShare” is {least_share}; it must be from 0 to 1, and {most} clusters can hold {:.2} each at most.",
                1.0 / most
            )));
        }
        let wanted = self.features.as_ref().map(|list| list.iter().map(FeatureOption::wanted).collect());
        Ok(Plan {
            method,
            wanted,
            clusters,
            given: clusters.0 == clusters.1,
            least_share,
            seed: self.seed.unwrap_or(default_seed),
            restarts: self.restarts,
            initial: self.initial.clone(),
            passes,
            missing,
            set_aside,
        })
    }

    /// The method, with the options that are its own. An option of another method is refused: it would do nothing.
    fn method(&self) -> Result<Method> {
        let name = self.method.as_deref().unwrap_or("kmeans");
        let method = match name {
            "kmeans" => Method::KMeans,
            "gaussian" => Method::Gaussian(match self.covariance.as_deref() {
                None | Some("full") => Covariance::Full,
                Some("tied") => Covariance::Tied,
                Some("diagonal") => Covariance::Diagonal,
                Some("spherical") => Covariance::Spherical,
                Some(other) => {
                    return Err(bad(format!(
                        "“{other}” is no shape of “covariance”. Use “spherical”, “diagonal”, “tied” or “full”."
                    )));
                }
            }),
            "kprototypes" => Method::KPrototypes { gamma: self.gamma },
            "latent-class" => Method::LatentClass,
            "hdbscan" if self.min_cluster_size.is_some_and(|size| size < 2) => {
                return Err(bad("“minClusterSize” must be at least 2.".into()));
            }
            "hdbscan" => Method::Hdbscan { min_cluster_size: self.min_cluster_size },
            "ward" => Method::Ward,
            other => {
                return Err(unsupported(
                    &format!("The method “{other}”"),
                    "Use “kmeans”, “kprototypes”, “gaussian”, “latent-class”, “hdbscan” or “ward”.",
                ));
            }
        };
        if let Some(gamma) = self.gamma.filter(|gamma| !(gamma.is_finite() && *gamma > 0.0)) {
            return Err(bad(format!("“gamma” is {gamma}; it must be a number above 0.")));
        }
        let own = [
            ("covariance", self.covariance.is_some(), "gaussian"),
            ("minClusterSize", self.min_cluster_size.is_some(), "hdbscan"),
            ("gamma", self.gamma.is_some(), "kprototypes"),
            ("initial", self.initial.is_some(), "kmeans"),
        ];
        if name == "hdbscan" && self.min_share.is_some() {
            return Err(bad("HDBSCAN finds the number of clusters itself; say with “minClusterSize” how small one may be, not with “minShare”.".into()));
        }
        match own.iter().find(|(_, used, of)| *used && *of != name) {
            Some((option, _, of)) => {
                Err(bad(format!("“{option}” is an option of the method “{of}”, not of “{name}”. Leave it out.")))
            }
            None => Ok(method),
        }
    }

    /// What happens to rows with missing values: they are left out when nothing is said, but survey answers count as far as
    /// they go.
    fn missing(&self, method: Method) -> Result<Missing> {
        let takes = method.takes();
        let usual = if takes == Takes::Categories { "likelihood" } else { "drop" };
        Ok(match (self.missing.as_deref().unwrap_or(usual), takes) {
            ("drop", _) => Missing::Drop,
            ("median", _) => Missing::Median,
            ("category", Takes::Both | Takes::Categories) => Missing::Category,
            ("likelihood", Takes::Categories) => Missing::Likelihood,
            ("category", _) => {
                return Err(bad("“category” for missing values is for the methods that take categories, “kprototypes” and “latent-class”. Use “drop” or “median”.".into()));
            }
            ("likelihood", _) => {
                return Err(bad(
                    "“likelihood” for missing values is for the method “latent-class”. Use “drop” or “median”.".into(),
                ));
            }
            (other, _) => {
                return Err(bad(format!(
                    "“{other}” for missing values is not known. Use “drop”, “median”, “category” or “likelihood”."
                )));
            }
        })
    }

    fn clusters(&self) -> Result<(usize, usize)> {
        let (min, max) = match (self.k, &self.initial) {
            (None, None) => (2, 10),
            (None, Some(initial)) => (initial.len(), initial.len()),
            (Some(Clusters::Given(k)), _) => (k, k),
            (Some(Clusters::Range { min, max }), _) => (min, max),
        };
        if min == 0 || max < min {
            return Err(bad(format!("“k” runs from {min} to {max}; it must run upwards from at least 1.")));
        }
        if max > MOST_CLUSTERS {
            return Err(bad(format!("{max} clusters are more than the {MOST_CLUSTERS} that are possible."))
                .limit(MOST_CLUSTERS as f64));
        }
        let Some(initial) = &self.initial else {
            return Ok((min, max));
        };
        if min != max || initial.len() != min {
            return Err(bad(format!(
                "“initial” has {} starting centres; give as many as “k” says, and no range of k.",
                initial.len()
            )));
        }
        for (row, values) in initial.iter().enumerate() {
            if let Some(column) = values.iter().position(|value| !value.is_finite()) {
                return Err(Error::new(
                    Code::NotFinite,
                    format!(
                        "“initial” holds {} in row {}, column {}; every starting centre is made of finite numbers.",
                        values[column],
                        row + 1,
                        column + 1
                    ),
                ));
            }
        }
        Ok((min, max))
    }
}

impl FeatureOption {
    fn wanted(&self) -> Wanted {
        match self {
            FeatureOption::Name(column) => Wanted::plain(column),
            FeatureOption::Full { column, transform, kind, weight } => {
                Wanted { column: column.clone(), transform: *transform, weight: weight.unwrap_or(1.0), kind: *kind }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(json: &str) -> Result<Plan> {
        let options: ClusterOptions = serde_json::from_str(json).unwrap();
        options.plan(7)
    }

    #[test]
    fn options_are_read_as_the_interface_writes_them() {
        let all = plan(
            r#"{"features":["a",{"column":"b","transform":"log","weight":2}],"k":{"min":3,"max":5},"maxIterations":20}"#,
        );
        let all = all.unwrap();
        assert_eq!((all.clusters, all.given, all.seed, all.passes), ((3, 5), false, 7, 20));
        let wanted = all.wanted.unwrap();
        assert_eq!((wanted[1].transform, wanted[1].weight), (Transform::Log, 2.0));
        assert_eq!(plan("{}").unwrap().clusters, (2, 10));
        assert_eq!(plan(r#"{"initial":[[1],[2]]}"#).unwrap().clusters, (2, 2));
    }

    #[test]
    fn what_cannot_be_done_is_refused() {
        for (json, code) in [
            (r#"{"missing":"likelihood"}"#, Code::BadOption),
            (r#"{"missing":"likelihood","method":"kprototypes"}"#, Code::BadOption),
            (r#"{"missing":"zero","method":"latent-class"}"#, Code::BadOption),
            (r#"{"missing":"category"}"#, Code::BadOption),
            (r#"{"method":"spectral"}"#, Code::Unsupported),
            (r#"{"method":"gaussian","covariance":"round"}"#, Code::BadOption),
            (r#"{"method":"hdbscan","minClusterSize":1}"#, Code::BadOption),
            (r#"{"method":"ward","minClusterSize":9}"#, Code::BadOption),
            (r#"{"gamma":0.5}"#, Code::BadOption),
            (r#"{"gamma":0,"method":"kprototypes"}"#, Code::BadOption),
            (r#"{"initial":[[1],[2]],"method":"kprototypes"}"#, Code::BadOption),
            (r#"{"minShare":1.5}"#, Code::BadOption),
            (r#"{"minShare":0.3,"k":4}"#, Code::BadOption),
            (r#"{"minShare":0.1,"method":"hdbscan"}"#, Code::BadOption),
            (r#"{"k":0}"#, Code::BadOption),
            (r#"{"k":{"min":5,"max":3}}"#, Code::BadOption),
            (r#"{"k":3,"initial":[[1],[2]]}"#, Code::BadOption),
            (r#"{"k":100000}"#, Code::BadOption),
            (r#"{"restarts":0}"#, Code::BadOption),
        ] {
            assert_eq!(plan(json).unwrap_err().code, code, "{json}");
        }
        assert!(serde_json::from_str::<ClusterOptions>(r#"{"features":[{"column":"a","kind":"letters"}]}"#).is_err());
        assert!(
            serde_json::from_str::<ClusterOptions>(r#"{"k":2.5}"#).unwrap_err().to_string().contains("whole number")
        );
    }
}
