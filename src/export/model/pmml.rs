//! A model as PMML 4.4: derived fields down to “this point's score is the highest”, and a flat tree that reads them in order.
//!
//! One way for all models: a ClusteringModel says centres only, and leaves ties and missing values to its reader. A child of
//! the tree is taken when its point's score is no less than the highest; children are asked in order, so of equal scores the
//! first wins. Where a value is missing no score is known, and the prediction is null, as it is for “not clustered”.

use crate::error::{Code, Error, Result};
use crate::export::model::placement::{Input, Placement, Score};
use crate::features::scale::{Scale, Transform};

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
        .map(|(at, input)| {
            let value = fields.input(at, input, &columns, &levels);
            fields.added(&format!("x{at}"), &value)
        })
        .collect();
    let known = match placement.scores[0] {
        Score::Likely { .. } => Some(fields.answered(&inputs)),
        _ => None,
    };
    let scores: Vec<String> = placement
        .scores
        .iter()
        .enumerate()
        .map(|(at, score)| {
            let value = sum([fields.score(at, score, &inputs)].into_iter().chain(known.clone()));
            fields.added(&format!("s{at}"), &value)
        })
        .collect();
    let highest = match scores.as_slice() {
        [one] => one.clone(),
        several => fields.added("highest", &apply("max", several)),
    };
    // How far a point lies behind the highest; of points outside all clusters, the nearest of those so far.
    let mut behind: Vec<(String, Option<String>)> = Vec::new();
    let (mut outside, mut last): (Vec<String>, Option<String>) = (Vec::new(), None);
    for (at, (score, cluster)) in scores.iter().zip(&placement.clusters).enumerate() {
        if cluster.is_none() {
            outside.push(score.clone());
            continue;
        }
        if !outside.is_empty() {
            let nearest = apply("max", &std::mem::take(&mut outside));
            let away = fields.added(&format!("e{at}"), &apply("-", &[nearest, highest.clone()]));
            let so_far = match &last {
                Some(last) => apply("max", &[field(last), away]),
                None => away,
            };
            last = Some(fields.add(&format!("n{at}"), &so_far));
        }
        let own = fields.add(&format!("d{at}"), &apply("-", &[score.clone(), highest.clone()]));
        behind.push((own, last.clone()));
    }

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
    let clusters = placement.clusters.iter().flatten();
    for ((own, outside), cluster) in behind.iter().zip(clusters) {
        let ahead = format!("<SimplePredicate field=\"{own}\" operator=\"greaterOrEqual\" value=\"0\"/>");
        let predicate = match outside {
            None => ahead,
            Some(outside) => format!(
                "<CompoundPredicate booleanOperator=\"and\">{ahead}<SimplePredicate field=\"{outside}\" operator=\"lessThan\" value=\"0\"/></CompoundPredicate>"
            ),
        };
        out.push_str(&format!("      <Node score=\"{}\">{predicate}</Node>\n", escaped(&placement.labels[*cluster])?));
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
    /// Adds a field; gives its name.
    fn add(&mut self, name: &str, value: &str) -> String {
        let name = format!("{}{name}", self.prefix);
        self.text.push_str(&format!(
            "    <DerivedField name=\"{name}\" optype=\"continuous\" dataType=\"double\">{value}</DerivedField>\n"
        ));
        name
    }

    /// Adds a field; gives the expression that names it.
    fn added(&mut self, name: &str, value: &str) -> String {
        field(&self.add(name, value))
    }

    /// The scaled value of a feature.
    fn input(&mut self, at: usize, input: &Input, columns: &[String], levels: &[Vec<String>]) -> String {
        let own = field(&columns[input.column()]);
        match input {
            Input::Number { scale, fill, .. } => {
                let value = match fill {
                    Some(fill) => apply("if", &[apply("isMissing", std::slice::from_ref(&own)), number(*fill), own]),
                    None => own,
                };
                let value = self.shaped(at, scale, value);
                apply("*", &[apply("-", &[value, number(scale.center)]), number(scale.factor())])
            }
            Input::Level { column, levels: wanted, within, without, missing } => {
                let text =
                    |level: &usize| format!("<Constant dataType=\"string\">{}</Constant>", levels[*column][*level]);
                let wanted: Vec<String> = std::iter::once(own.clone()).chain(wanted.iter().map(text)).collect();
                let has = match wanted.len() {
                    1 => number(*without),
                    count => {
                        let has = apply(if count == 2 { "equal" } else { "isIn" }, &wanted);
                        apply("if", &[has, number(*within), number(*without)])
                    }
                };
                // Without an “else” what is missing stays missing.
                let parts = [apply("isNotMissing", &[own]), has];
                apply("if", &parts.into_iter().chain(missing.map(number)).collect::<Vec<_>>())
            }
        }
    }

    /// f of a number.
    fn shaped(&mut self, at: usize, scale: &Scale, value: String) -> String {
        match scale.transform {
            Transform::Log => {
                let value = self.added(&format!("v{at}"), &value);
                let below = apply("lessThan", &[value.clone(), number(0.0)]);
                let kept = apply("if", &[below, number(0.0), value.clone()]);
                known(&value, apply("ln1p", &[kept]))
            }
            Transform::YeoJohnson => {
                let value = self.added(&format!("v{at}"), &value);
                let log = apply("ln1p", &[apply("abs", std::slice::from_ref(&value))]);
                let log = self.added(&format!("l{at}"), &known(&value, log));
                let grown = |power: f64| match power {
                    0.0 => log.clone(),
                    power => apply("/", &[apply("expm1", &[apply("*", &[number(power), log.clone()])]), number(power)]),
                };
                let lambda = scale.lambda.unwrap_or(1.0);
                let below = apply("*", &[number(-1.0), grown(2.0 - lambda)]);
                let above = apply("greaterOrEqual", &[value.clone(), number(0.0)]);
                known(&value, apply("if", &[above, grown(lambda), below]))
            }
            Transform::Quantile => {
                let name = self.add(&format!("v{at}"), &value);
                if let [(_, score)] = scale.landmarks.as_slice() {
                    return apply("if", &[apply("isNotMissing", &[field(&name)]), number(*score)]);
                }
                let line = |(value, score): &(f64, f64)| format!("<LinearNorm orig=\"{value:?}\" norm=\"{score:?}\"/>");
                let lines: String = scale.landmarks.iter().map(line).collect();
                let lines =
                    format!("<NormContinuous field=\"{name}\" outliers=\"asExtremeValues\">{lines}</NormContinuous>");
                self.added(&format!("q{at}"), &lines)
            }
            _ => value,
        }
    }

    /// For classes: 0 for who answered anything that is known, and missing for who did not.
    fn answered(&mut self, inputs: &[String]) -> String {
        let any: Vec<String> = inputs.iter().map(|value| apply("notEqual", &[value.clone(), number(0.0)])).collect();
        let any = if any.len() > 1 { apply("or", &any) } else { any.concat() };
        let all = self.added("all", &sum(inputs.iter().cloned()));
        self.added("known", &known(&all, apply("if", &[any, number(0.0)])))
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
                    let turned = self.added(&format!("t{at}_{axis}"), &sum(turn.terms.iter().map(away)));
                    let square = apply("*", &[apply("*", &[number(0.5), turned.clone()]), turned]);
                    parts.push(apply("-", &[number(turn.constant), square]));
                }
                sum(parts)
            }
        }
    }
}

/// What is said of a value, and missing where that is: functions that compare take nothing missing.
fn known(value: &str, said: String) -> String {
    apply("if", &[apply("isNotMissing", &[value.to_string()]), said])
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
