//! A model as PMML 4.4: derived fields down to “this point's score is the highest”, and a flat tree that reads them in order.
//!
//! One way for all models: a ClusteringModel says centres only, and leaves ties and missing values to its reader. A child of
//! the tree is taken when its point's score is no less than the highest; children are asked in order, so of equal scores the
//! first wins. Where a value is missing no score is known, and the prediction is null, as it is for “not clustered”.

use crate::error::{Code, Error, Result};
use crate::export::model::placement::{Input, Placement, Score};
use crate::features::scale::Transform;

/// The model as the text of a file.
///
/// # Errors
/// `unsupported` for names and levels with characters that XML cannot hold.
pub fn pmml(placement: &Placement) -> Result<String> {
    let mut prefix = String::from("mq_");
    while placement.columns.iter().any(|column| column.name.starts_with(&prefix)) {
        prefix.push('_');
    }
    let mut fields = Fields { prefix, text: String::new() };
    let is_column = |name: &str| placement.columns.iter().any(|column| column.name == name);
    let mut output = String::from("label");
    while is_column(&output) {
        output.insert_str(0, "cluster ");
    }
    let columns: Vec<String> = placement.columns.iter().map(|column| escaped(&column.name)).collect::<Result<_>>()?;
    let levels = placement.columns.iter().map(|column| {
        let levels = column.levels.as_deref().unwrap_or_default();
        levels.iter().map(|level| escaped(level)).collect::<Result<Vec<String>>>()
    });
    let levels: Vec<Vec<String>> = levels.collect::<Result<_>>()?;
    let inputs: Vec<String> = placement
        .inputs
        .iter()
        .enumerate()
        .map(|(at, input)| fields.add(&format!("x{at}"), &value_of(input, &columns, &levels)))
        .collect();
    let scores: Vec<String> = placement
        .scores
        .iter()
        .enumerate()
        .map(|(at, score)| {
            let value = fields.score(at, score, &inputs);
            fields.add(&format!("s{at}"), &value)
        })
        .collect();
    let highest = match scores.as_slice() {
        [one] => one.clone(),
        several => fields.add("highest", &apply("max", several)),
    };
    let behind: Vec<String> = scores
        .iter()
        .enumerate()
        .map(|(at, score)| {
            fields.add(&format!("d{at}"), &apply("-", &[score.clone(), highest.clone()]));
            format!("{}d{at}", fields.prefix)
        })
        .collect();

    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<PMML xmlns=\"http://www.dmg.org/PMML-4_4\" version=\"4.4\">\n  <Header><Application name=\"marquetry\" version=\"{}\"/></Header>\n  <DataDictionary>\n",
        env!("CARGO_PKG_VERSION")
    );
    for (column, name) in placement.columns.iter().zip(&columns) {
        let kind = match column.levels {
            Some(_) => "optype=\"categorical\" dataType=\"string\"",
            None => "optype=\"continuous\" dataType=\"double\"",
        };
        out.push_str(&format!("    <DataField name=\"{name}\" {kind}/>\n"));
    }
    out.push_str("  </DataDictionary>\n  <TransformationDictionary>\n");
    out.push_str(&fields.text);
    out.push_str("  </TransformationDictionary>\n  <TreeModel modelName=\"clusters\" functionName=\"classification\" missingValueStrategy=\"nullPrediction\" noTrueChildStrategy=\"returnNullPrediction\" splitCharacteristic=\"multiSplit\">\n    <MiningSchema>\n");
    for name in &columns {
        out.push_str(&format!("      <MiningField name=\"{name}\" invalidValueTreatment=\"asIs\"/>\n"));
    }
    out.push_str("    </MiningSchema>\n    <Output>\n      <OutputField name=\"");
    out.push_str(&format!("{output}\" optype=\"categorical\" dataType=\"string\" feature=\"predictedValue\"/>\n    </Output>\n    <Node>\n      <True/>\n"));
    for (field, cluster) in behind.iter().zip(&placement.clusters) {
        let score = match cluster {
            Some(cluster) => format!(" score=\"{}\"", escaped(&placement.labels[*cluster])?),
            None => String::new(),
        };
        out.push_str(&format!(
            "      <Node{score}><SimplePredicate field=\"{field}\" operator=\"greaterOrEqual\" value=\"0\"/></Node>\n"
        ));
    }
    out.push_str("    </Node>\n  </TreeModel>\n</PMML>\n");
    Ok(out)
}

/// Derived fields, as they are added.
struct Fields {
    prefix: String,
    text: String,
}

impl Fields {
    /// Adds a field; gives the expression that names it.
    fn add(&mut self, name: &str, value: &str) -> String {
        let name = format!("{}{name}", self.prefix);
        self.text.push_str(&format!(
            "    <DerivedField name=\"{name}\" optype=\"continuous\" dataType=\"double\">{value}</DerivedField>\n"
        ));
        field(&name)
    }

    fn score(&mut self, at: usize, score: &Score, inputs: &[String]) -> String {
        let terms = |weights: &[f64]| -> Vec<String> {
            let pairs = inputs.iter().zip(weights);
            pairs.map(|(value, weight)| apply("*", &[value.clone(), number(*weight)])).collect()
        };
        match score {
            Score::Near { start, weights } => sum(std::iter::once(number(*start)).chain(terms(weights))),
            Score::Likely { start, weights } => apply("+", &[number(*start), sum(terms(weights))]),
            Score::Bell { start, turns } => {
                let mut parts = vec![number(*start)];
                for (axis, turn) in turns.iter().enumerate() {
                    let away = |(feature, weight, mean): &(usize, f64, f64)| {
                        apply("*", &[number(*weight), apply("-", &[inputs[*feature].clone(), number(*mean)])])
                    };
                    let turned = self.add(&format!("t{at}_{axis}"), &sum(turn.terms.iter().map(away)));
                    let square = apply("*", &[apply("*", &[number(0.5), turned.clone()]), turned]);
                    parts.push(apply("-", &[number(turn.constant), square]));
                }
                sum(parts)
            }
        }
    }
}

/// The scaled value of a feature.
fn value_of(input: &Input, columns: &[String], levels: &[Vec<String>]) -> String {
    let own = field(&columns[input.column()]);
    match input {
        Input::Number { scale, fill, .. } => {
            let mut value = own.clone();
            if let Some(fill) = fill {
                value = apply("if", &[apply("isMissing", &[own.clone()]), number(*fill), own]);
            }
            if scale.transform == Transform::Log {
                value = apply(
                    "ln1p",
                    &[apply("if", &[apply("lessThan", &[value.clone(), number(0.0)]), number(0.0), value])],
                );
            }
            apply("*", &[apply("-", &[value, number(scale.center)]), number(scale.factor())])
        }
        Input::Level { level: None, yes, no, .. } => {
            apply("if", &[apply("isMissing", &[own]), number(*yes), number(*no)])
        }
        Input::Level { column, level: Some(level), yes, no, missing } => {
            let text = format!("<Constant dataType=\"string\">{}</Constant>", levels[*column][*level]);
            let has = apply("if", &[apply("equal", &[own.clone(), text]), number(*yes), number(*no)]);
            // Without an “else” what is missing stays missing.
            let parts = [apply("isNotMissing", &[own]), has];
            apply("if", &parts.into_iter().chain(missing.map(number)).collect::<Vec<_>>())
        }
    }
}

/// Added from the left, two at a time.
fn sum(values: impl IntoIterator<Item = String>) -> String {
    values.into_iter().reduce(|total, value| apply("+", &[total, value])).unwrap_or_else(|| number(0.0))
}

fn apply(function: &str, arguments: &[String]) -> String {
    format!("<Apply function=\"{function}\">{}</Apply>", arguments.concat())
}

fn field(name: &str) -> String {
    format!("<FieldRef field=\"{name}\"/>")
}

fn number(value: f64) -> String {
    format!("<Constant dataType=\"double\">{value:?}</Constant>")
}

/// A text within XML, in an attribute or between tags. Line breaks are written by their number, or readers make blanks of them.
///
/// # Errors
/// `unsupported` for characters that XML 1.0 has not.
fn escaped(text: &str) -> Result<String> {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push_str(&format!("&#{};", letter as u32)),
            '\0'..' ' | '\u{fffe}' | '\u{ffff}' => {
                let message = format!(
                    "PMML cannot say “{}”: it has a character (number {}) that XML has not. Replace it in the file.",
                    text.escape_debug(),
                    letter as u32
                );
                return Err(Error::new(Code::Unsupported, message));
            }
            letter => out.push(letter),
        }
    }
    Ok(out)
}
