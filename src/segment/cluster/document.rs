//! What does a saved model say? Reads the JSON that [`Clustering::document`] writes, whoever wrote or changed it.
//!
//! Read by hand from a JSON value, so that each wrong part is named by its path, and no part is taken on trust: a model that
//! was read can place rows.
//!
//! [`Clustering::document`]: crate::segment::cluster::clustering::Clustering::document

use crate::error::{Code, Error, Result};
use crate::features::matrix::{Feature, Level};
use crate::features::scale::{Scale, Transform};
use crate::segment::cluster::clustering::MODEL_VERSION;
use crate::segment::cluster::model::Model;
use crate::segment::cluster::options::MOST_CLUSTERS;
use serde_json::Value;

/// Numbers that a document's model may hold.
const MOST_NUMBERS: usize = 4_000_000;

/// A model that was saved: all that is needed to place rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Saved {
    /// As [`crate::segment::cluster::method::Method::as_str`] spells it.
    pub method: String,
    /// The seed it was found with.
    pub seed: u64,
    /// One a cluster.
    pub labels: Vec<String>,
    /// The features with their fitted numbers.
    pub features: Vec<Feature>,
    /// What places rows, in scaled units; it has as many clusters as there are labels.
    pub model: Model,
    /// Rows it was fitted to.
    pub rows: u64,
}

impl Saved {
    /// Reads a document.
    ///
    /// # Errors
    /// `unsupported` for a document of another version; `bad-option` for anything else that is not as it is written, with
    /// its path; `limit-exceeded`.
    pub fn read(document: &Value) -> Result<Saved> {
        let top = At { value: document, path: String::new() };
        if !document.is_object() || document["kind"] != "clustering" {
            let message = "This is no saved model. A model is what “toJSON()” of clusters gives: an object with “kind”: “clustering”.";
            return Err(Error::new(Code::BadOption, message));
        }
        let version = top.part("version").whole()?;
        if version != u64::from(MODEL_VERSION) {
            return Err(Error::new(
                Code::Unsupported,
                format!(
                    "The model was saved in version {version} of its form; this version reads {MODEL_VERSION}. Find the clusters again and save them anew."
                ),
            ));
        }
        let labels: Vec<String> = top.part("labels").each(|label| Ok(label.text()?.to_string()))?;
        if labels.is_empty() {
            let message = "The saved model holds no clusters (“labels” is empty): nobody is in one, so there is nothing to place customers by.";
            return Err(Error::new(Code::BadOption, message));
        }
        let mut sorted: Vec<&String> = labels.iter().collect();
        sorted.sort_unstable();
        if labels.len() > MOST_CLUSTERS || sorted.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(top.part("labels").wrong(&format!("one to {MOST_CLUSTERS} different labels")));
        }
        let features = top.part("features").each(feature)?;
        if features.is_empty() {
            return Err(top.part("features").wrong("at least one feature"));
        }
        let model = model(&top.part("model"), features.len(), labels.len())?;
        Ok(Saved {
            method: top.part("method").text()?.to_string(),
            seed: top.part("seed").whole()?,
            labels,
            features,
            model,
            rows: top.part("rows").whole()?,
        })
    }
}

/// A part of the document and how one gets there.
struct At<'a> {
    value: &'a Value,
    path: String,
}

impl<'a> At<'a> {
    fn part(&self, name: &str) -> At<'a> {
        let dot = if self.path.is_empty() { "" } else { "." };
        At { value: &self.value[name], path: format!("{}{dot}{name}", self.path) }
    }

    fn wrong(&self, expected: &str) -> Error {
        let mut found = self.value.to_string();
        if self.value.is_null() {
            found = "missing".into();
        } else if found.len() > 60 {
            found = format!("{}…", found.chars().take(59).collect::<String>());
        }
        let message =
            format!("The saved model cannot be read: “{}” is {found}, expected {expected}. Save it anew.", self.path);
        Error::new(Code::BadOption, message)
    }

    fn text(&self) -> Result<&'a str> {
        self.value.as_str().ok_or_else(|| self.wrong("a text"))
    }

    fn whole(&self) -> Result<u64> {
        // What came through JavaScript may be a float.
        let float = || self.value.as_f64().filter(|number| *number >= 0.0 && number.trunc() == *number);
        self.value.as_u64().or_else(|| float().map(|number| number as u64)).ok_or_else(|| self.wrong("a whole number"))
    }

    fn number(&self) -> Result<f64> {
        self.value.as_f64().filter(|number| number.is_finite()).ok_or_else(|| self.wrong("a number"))
    }

    fn above_zero(&self) -> Result<f64> {
        let number = self.number()?;
        if number > 0.0 { Ok(number) } else { Err(self.wrong("a number above 0")) }
    }

    fn each<T>(&self, read: impl Fn(At<'a>) -> Result<T>) -> Result<Vec<T>> {
        let list = self.value.as_array().ok_or_else(|| self.wrong("a list"))?;
        let at = |(at, value)| read(At { value, path: format!("{}[{at}]", self.path) });
        list.iter().enumerate().map(at).collect()
    }

    fn numbers(&self, count: usize) -> Result<Vec<f64>> {
        let numbers = self.each(|one| one.number())?;
        if numbers.len() == count { Ok(numbers) } else { Err(self.wrong(&format!("{count} numbers"))) }
    }

    /// So many lists of so many numbers; any number of lists where it is not said.
    fn lists(&self, lists: Option<usize>, count: usize) -> Result<Vec<Vec<f64>>> {
        let length = self.value.as_array().map_or(0, Vec::len);
        if length.saturating_mul(count) > MOST_NUMBERS {
            let message = format!("“{}” of the saved model holds more than {MOST_NUMBERS} numbers.", self.path);
            return Err(Error::new(Code::LimitExceeded, message).limit(MOST_NUMBERS as f64));
        }
        if length == 0 || lists.is_some_and(|lists| lists != length) {
            return Err(self.wrong(&lists.map_or("at least one list".into(), |lists| format!("{lists} lists"))));
        }
        self.each(|one| one.numbers(count))
    }
}

fn feature(at: At) -> Result<Feature> {
    let scale = at.part("scale");
    let transform = scale.part("transform");
    let known =
        [Transform::None, Transform::Z, Transform::Log, Transform::YeoJohnson, Transform::Robust, Transform::Quantile];
    let (lambda, landmarks) = (scale.part("lambda"), scale.part("landmarks"));
    let named = transform.text()?;
    let spread = scale.part("spread").above_zero()?;
    let weight = scale.part("weight").number()?;
    if weight < 0.0 {
        return Err(scale.part("weight").wrong("a number from 0"));
    }
    let level = at.part("level");
    Ok(Feature {
        column: at.part("column").text()?.to_string(),
        scale: Scale {
            transform: known
                .into_iter()
                .find(|known| known.as_str() == named)
                .ok_or_else(|| transform.wrong("a transform: none, z, log, yeo-johnson, robust or quantile"))?,
            center: scale.part("center").number()?,
            spread,
            weight,
            lambda: if named == "yeo-johnson" { Some(lambda.number()?) } else { None },
            landmarks: if named == "quantile" { marks(&landmarks)? } else { Vec::new() },
        },
        fill: if at.value["fill"].is_null() { None } else { Some(at.part("fill").number()?) },
        level: match level.value {
            Value::Null => None,
            Value::String(word) if word == "missing" => Some(Level::Missing),
            Value::Object(parts) if parts.contains_key("other") => {
                Some(Level::Other(level.part("other").each(|one| Ok(one.text()?.to_string()))?))
            }
            Value::Object(_) => Some(Level::Text(level.part("text").text()?.to_string())),
            _ => return Err(level.wrong("“missing” or an object with “text” or “other”")),
        },
    })
}

/// Values with their scores, rising.
fn marks(at: &At) -> Result<Vec<(f64, f64)>> {
    let marks: Vec<(f64, f64)> = at.lists(None, 2)?.into_iter().map(|pair| (pair[0], pair[1])).collect();
    if marks.windows(2).all(|pair| pair[0].0 < pair[1].0) { Ok(marks) } else { Err(at.wrong("values that rise")) }
}

fn model(at: &At, features: usize, k: usize) -> Result<Model> {
    let shares = || {
        let shares = at.part("shares").each(|share| share.above_zero())?;
        if shares.len() == k { Ok(shares) } else { Err(at.part("shares").wrong(&format!("{k} shares"))) }
    };
    Ok(match at.part("kind").text()? {
        "centers" => Model::Centers { centers: at.part("centers").lists(Some(k), features)? },
        "prototypes" => {
            let points = at.part("points").lists(None, features)?;
            let clusters = at.part("clusters").each(|cluster| {
                let number = cluster.number()?;
                let known = number.trunc() == number && number >= -1.0 && number < k as f64;
                if known { Ok(number as i32) } else { Err(cluster.wrong(&format!("a cluster from −1 to {}", k - 1))) }
            })?;
            if clusters.len() != points.len() {
                return Err(at.part("clusters").wrong(&format!("{} clusters", points.len())));
            }
            Model::Prototypes { points, clusters }
        }
        "gaussian" => {
            let roots = at.part("roots").lists(Some(k), features * features)?;
            if roots.iter().any(|root| (0..features).any(|row| root[row * features + row] <= 0.0)) {
                return Err(at.part("roots").wrong("numbers above 0 along each diagonal"));
            }
            Model::Gaussian { shares: shares()?, means: at.part("means").lists(Some(k), features)?, roots }
        }
        "classes" => Model::Classes { shares: shares()?, answers: at.part("answers").lists(Some(k), features)? },
        _ => return Err(at.part("kind").wrong("centers, prototypes, gaussian or classes")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn document(model: Model) -> Value {
        let scale = Scale {
            transform: Transform::Log,
            center: 0.1,
            spread: 3.0,
            weight: 1.0,
            lambda: None,
            landmarks: Vec::new(),
        };
        let spend = Feature { column: "spend".into(), scale: scale.clone(), fill: Some(2.5), level: None };
        let bent = Scale { transform: Transform::YeoJohnson, lambda: Some(0.3), ..scale.clone() };
        let ranked =
            Scale { transform: Transform::Quantile, landmarks: vec![(1.0, -2.0), (5.0, 2.0)], ..scale.clone() };
        let plain = |scale: Scale| Feature { column: "age".into(), scale, fill: None, level: None };
        let level = |level| Feature {
            column: "plan".into(),
            scale: Scale {
                transform: Transform::None,
                center: 0.0,
                spread: 1.0,
                weight: 0.7,
                lambda: None,
                landmarks: Vec::new(),
            },
            fill: None,
            level: Some(level),
        };
        json!({
            "version": MODEL_VERSION, "kind": "clustering", "method": "kmeans", "seed": 7, "rows": 90,
            "labels": ["a", "b"], "features": [
                spend, level(Level::Text("x".into())), level(Level::Missing), level(Level::Other(vec!["x".into()])),
                plain(bent), plain(ranked),
            ], "model": model,
        })
    }

    fn models() -> [Model; 4] {
        let two = vec![vec![1.0, 2.0, 3.0, 0.0, 0.0, 0.0], vec![-1.0, 0.1, 1e-300, 0.0, 0.0, 0.0]];
        let root: Vec<f64> = (0..36).map(|at| f64::from(u8::from(at % 7 == 0)) * 2.0).collect();
        let shares = vec![0.25, 0.75];
        [
            Model::Centers { centers: two.clone() },
            Model::Prototypes { points: [two.clone(), two.clone()].concat(), clusters: vec![1, -1, 0, 0] },
            Model::Gaussian { shares: shares.clone(), means: two.clone(), roots: vec![root.clone(), root] },
            Model::Classes { shares, answers: two },
        ]
    }

    #[test]
    fn what_was_written_is_read() {
        for model in models() {
            let written = document(model.clone());
            let read = Saved::read(&written).unwrap_or_else(|error| panic!("{error:?}"));
            assert_eq!(read.model, model);
            assert_eq!((read.seed, read.rows, read.labels.len()), (7, 90, 2));
            assert_eq!(json!(read.features), written["features"]);
        }
    }

    #[test]
    fn whatever_is_wrong_is_named_by_its_path() {
        let [centers, prototypes, gaussian, classes] = models().map(document);
        let wrong = |document: &Value, pointer: &str, value: Value, path: &str| {
            let mut document = document.clone();
            *document.pointer_mut(pointer).unwrap() = value;
            let error = Saved::read(&document).unwrap_err();
            assert_eq!(error.code, Code::BadOption, "{pointer}");
            assert!(error.message.contains(&format!("“{path}”")), "{}", error.message);
        };
        wrong(&centers, "/labels/1", json!("a"), "labels");
        wrong(&centers, "/labels", json!([]), "labels");
        wrong(&centers, "/features/0/scale/center", Value::Null, "features[0].scale.center");
        wrong(&centers, "/features/0/scale/spread", json!(0), "features[0].scale.spread");
        wrong(&centers, "/features/0/scale/transform", json!("auto"), "features[0].scale.transform");
        wrong(&centers, "/features/1/level", json!(3), "features[1].level");
        wrong(&centers, "/features/1/column", json!(3), "features[1].column");
        wrong(&centers, "/features/4/scale/lambda", Value::Null, "features[4].scale.lambda");
        wrong(&centers, "/features/5/scale/landmarks/1/0", json!(1), "features[5].scale.landmarks");
        wrong(&centers, "/model/centers/1", json!([1, 2]), "model.centers[1]");
        wrong(&centers, "/model/kind", json!("cube"), "model.kind");
        wrong(&centers, "/seed", json!(-1), "seed");
        wrong(&prototypes, "/model/clusters/0", json!(2), "model.clusters[0]");
        wrong(&prototypes, "/model/clusters", json!([0]), "model.clusters");
        wrong(&gaussian, "/model/roots/0/7", json!(0.0), "model.roots");
        wrong(&gaussian, "/model/shares/0", json!(0.0), "model.shares[0]");
        wrong(&classes, "/model/answers/0/0", Value::Null, "model.answers[0][0]");
        let mut old = classes;
        old["version"] = json!(1);
        assert_eq!(Saved::read(&old).unwrap_err().code, Code::Unsupported);
        assert_eq!(Saved::read(&json!([])).unwrap_err().code, Code::BadOption);
    }
}
