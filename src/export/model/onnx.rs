//! A model as ONNX: one input a column, `label` and `scores` as outputs.
//!
//! Numbers are 64-bit floats, one tensor [rows, 1] a column; NaN is missing. Categories are texts, the empty one is missing.
//! `label` is the cluster's number, −1 for not clustered; `scores` is one number a cluster, higher is better. Additions are
//! separate nodes in the engine's order instead of one matrix product, whose order is the runtime's own: so labels agree to
//! the bit. Opset 17 and ai.onnx.ml 3, which runtimes have had since 2022.

use crate::export::model::placement::{Input, Placement, Score, Turn};
use crate::export::model::protobuf::Message;
use crate::features::scale::{Scale, Transform};
use crate::segment::cluster::document::Saved;
use serde_json::json;

/// Types of tensors.
const INTEGER: i64 = 7;
const TEXT: i64 = 8;
const DOUBLE: i64 = 11;

/// The model as the bytes of a file.
pub fn onnx(saved: &Saved, placement: &Placement) -> Vec<u8> {
    let names = input_names(placement);
    let mut graph = Graph::new(&names);
    let codes: Vec<String> = placement
        .columns
        .iter()
        .zip(&names)
        .map(|(column, name)| column.levels.as_deref().map_or(name.clone(), |levels| graph.codes(name, levels)))
        .collect();
    let inputs: Vec<String> = placement.inputs.iter().map(|input| graph.input(input, placement, &codes)).collect();
    let points = graph.points(&placement.scores, &inputs);
    graph.label(placement, &points);
    graph.scores(placement, &inputs, &points);

    let columns: Vec<_> = placement.columns.iter().zip(&names).collect();
    let described = columns.iter().map(|(column, input)| {
        json!({ "name": column.name, "input": input, "type": if column.levels.is_some() { "text" } else { "number" } })
    });
    let metadata = [
        ("columns", json!(described.collect::<Vec<_>>()).to_string()),
        ("labels", json!(placement.labels).to_string()),
        ("method", saved.method.clone()),
        ("seed", saved.seed.to_string()),
    ];
    let inputs =
        columns.iter().map(|(column, name)| tensor(name, if column.levels.is_some() { TEXT } else { DOUBLE }, &[1]));
    let outputs = [tensor("label", INTEGER, &[]), tensor("scores", DOUBLE, &[placement.labels.len()])];
    let body = Message::default()
        .messages(1, graph.nodes)
        .bytes(2, "clusters")
        .messages(5, graph.constants)
        .messages(11, inputs)
        .messages(12, outputs);
    let opset = |domain: &str, version| Message::default().bytes(1, domain).whole(2, version);
    let entry = |(key, value): (&str, String)| Message::default().bytes(1, key).bytes(2, value);
    Message::default()
        .whole(1, 8)
        .bytes(2, "marquetry")
        .bytes(3, env!("CARGO_PKG_VERSION"))
        .message(7, body)
        .messages(8, [opset("", 17), opset("ai.onnx.ml", 3)])
        .messages(14, metadata.map(entry))
        .done()
}

/// The names of the columns; one that an output has is told apart by a word before it.
fn input_names(placement: &Placement) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for column in &placement.columns {
        let mut name = column.name.clone();
        let taken = |name: &String| ["label", "scores", ""].contains(&name.as_str()) || names.contains(name);
        while taken(&name) {
            name = format!("column {name}");
        }
        names.push(name);
    }
    names
}

/// A tensor of any number of rows.
fn tensor(name: &str, kind: i64, width: &[usize]) -> Message {
    let rows = Message::default().bytes(2, "rows");
    let others = width.iter().map(|&size| Message::default().whole(1, size as i64));
    let shape = Message::default().messages(1, std::iter::once(rows).chain(others));
    let tensor = Message::default().whole(1, kind).message(2, shape);
    Message::default().bytes(1, name).message(2, Message::default().message(1, tensor))
}

/// Nodes and constants that are being put together.
struct Graph {
    nodes: Vec<Message>,
    constants: Vec<Message>,
    prefix: String,
    last: usize,
}

impl Graph {
    fn new(inputs: &[String]) -> Graph {
        let mut prefix = String::from("mq_");
        while inputs.iter().any(|name| name.starts_with(&prefix)) {
            prefix.push('_');
        }
        Graph { nodes: Vec::new(), constants: Vec::new(), prefix, last: 0 }
    }

    fn fresh(&mut self) -> String {
        self.last += 1;
        format!("{}{}", self.prefix, self.last)
    }

    /// A node with one output of this name.
    fn named(&mut self, output: &str, operator: &str, inputs: &[&str], attributes: Vec<Message>) {
        let mut node = Message::default();
        for input in inputs {
            node = node.bytes(1, input);
        }
        node = node.bytes(2, output).bytes(4, operator).messages(5, attributes);
        if operator == "LabelEncoder" {
            node = node.bytes(7, "ai.onnx.ml");
        }
        self.nodes.push(node);
    }

    fn with(&mut self, operator: &str, inputs: &[&str], attributes: Vec<Message>) -> String {
        let output = self.fresh();
        self.named(&output, operator, inputs, attributes);
        output
    }

    fn node(&mut self, operator: &str, inputs: &[&str]) -> String {
        self.with(operator, inputs, Vec::new())
    }

    fn constant(&mut self, kind: i64, dims: &[usize], raw: Vec<u8>) -> String {
        let name = self.fresh();
        let mut tensor = Message::default();
        for &size in dims {
            tensor = tensor.whole(1, size as i64);
        }
        self.constants.push(tensor.whole(2, kind).bytes(8, &name).bytes(9, raw));
        name
    }

    /// Floats side by side, to meet rows.
    fn floats(&mut self, values: &[f64]) -> String {
        self.constant(DOUBLE, &[1, values.len()], values.iter().flat_map(|value| value.to_le_bytes()).collect())
    }

    fn integers(&mut self, dims: &[usize], values: &[i64]) -> String {
        self.constant(INTEGER, dims, values.iter().flat_map(|value| value.to_le_bytes()).collect())
    }

    /// The number of each text: its level's; behind them that of unknown texts, then that of missing ones.
    fn codes(&mut self, input: &str, levels: &[String]) -> String {
        let mut keys: Vec<(&str, i64)> =
            levels.iter().enumerate().map(|(code, level)| (level.as_str(), code as i64)).collect();
        if !levels.iter().any(String::is_empty) {
            keys.push(("", levels.len() as i64 + 1));
        }
        let texts = keys.iter().fold(Message::default().bytes(1, "keys_strings"), |list, (key, _)| list.bytes(9, key));
        let codes =
            keys.iter().fold(Message::default().bytes(1, "values_int64s"), |list, (_, code)| list.whole(8, *code));
        let attributes = vec![texts.whole(20, 8), codes.whole(20, 7), whole("default_int64", levels.len() as i64)];
        self.with("LabelEncoder", &[input], attributes)
    }

    /// The scaled value of a feature, [rows, 1].
    fn input(&mut self, input: &Input, placement: &Placement, columns: &[String]) -> String {
        let own = &columns[input.column()];
        match input {
            Input::Number { scale, fill, .. } => {
                let mut value = own.clone();
                if let Some(fill) = fill {
                    let (missing, fill) = (self.node("IsNaN", &[&value]), self.floats(&[*fill]));
                    value = self.node("Where", &[&missing, &fill, &value]);
                }
                value = self.shaped(scale, value);
                let (center, factor) = (self.floats(&[scale.center]), self.floats(&[scale.factor()]));
                value = self.node("Sub", &[&value, &center]);
                self.node("Mul", &[&value, &factor])
            }
            Input::Level { column, levels, within, without, missing } => {
                let known = placement.columns[*column].levels.as_ref().map_or(0, Vec::len);
                let mut values = vec![*without; known + 2];
                values[known + 1] = missing.unwrap_or(f64::NAN);
                levels.iter().for_each(|level| values[*level] = *within);
                let raw = values.iter().flat_map(|value| value.to_le_bytes()).collect();
                let values = self.constant(DOUBLE, &[values.len()], raw);
                self.node("Gather", &[&values, own])
            }
        }
    }

    /// f of a number.
    fn shaped(&mut self, scale: &Scale, value: String) -> String {
        match scale.transform {
            Transform::Log => {
                let (zero, one) = (self.floats(&[0.0]), self.floats(&[1.0]));
                let below = self.node("Less", &[&value, &zero]);
                let value = self.node("Where", &[&below, &zero, &value]);
                let value = self.node("Add", &[&one, &value]);
                self.node("Log", &[&value])
            }
            Transform::YeoJohnson => {
                let (zero, one) = (self.floats(&[0.0]), self.floats(&[1.0]));
                let size = self.node("Abs", &[&value]);
                let size = self.node("Add", &[&one, &size]);
                let log = self.node("Log", &[&size]);
                let grown = |graph: &mut Graph, power: f64| {
                    if power == 0.0 {
                        return log.clone();
                    }
                    let power = graph.floats(&[power]);
                    let grown = graph.node("Mul", &[&power, &log]);
                    let grown = graph.node("Exp", &[&grown]);
                    let grown = graph.node("Sub", &[&grown, &one]);
                    graph.node("Div", &[&grown, &power])
                };
                let lambda = scale.lambda.unwrap_or(1.0);
                let above = grown(self, lambda);
                let below = grown(self, 2.0 - lambda);
                let below = self.node("Neg", &[&below]);
                let is_below = self.node("Less", &[&value, &zero]);
                self.node("Where", &[&is_below, &below, &above])
            }
            Transform::Quantile => self.along(&scale.landmarks, value),
            _ => value,
        }
    }

    /// The straight line between the two landmarks on either side: which one is told by counting those that are not above.
    fn along(&mut self, marks: &[(f64, f64)], value: String) -> String {
        let values: Vec<f64> = marks.iter().map(|mark| mark.0).collect();
        let lines = |of: fn(&(f64, f64)) -> f64, last: f64| -> Vec<f64> {
            marks.windows(2).map(|pair| of(&pair[1]) - of(&pair[0])).chain([last]).collect()
        };
        let (rises, runs) = (lines(|mark| mark.1, 0.0), lines(|mark| mark.0, 1.0));
        let first = self.floats(&values[..1]);
        let below = self.node("Less", &[&value, &first]);
        let value = self.node("Where", &[&below, &first, &value]);
        let all = self.floats(&values);
        let passed = self.node("GreaterOrEqual", &[&value, &all]);
        let passed = self.with("Cast", &[&passed], vec![whole("to", INTEGER)]);
        let axes = self.integers(&[1], &[1]);
        let passed = self.with("ReduceSum", &[&passed, &axes], vec![whole("keepdims", 1)]);
        let one = self.integers(&[1, 1], &[1]);
        let at = self.node("Sub", &[&passed, &one]);
        let pick = |graph: &mut Graph, values: &[f64]| {
            let list =
                graph.constant(DOUBLE, &[values.len()], values.iter().flat_map(|one| one.to_le_bytes()).collect());
            graph.node("Gather", &[&list, &at])
        };
        let from = pick(self, &values);
        let to = pick(self, &marks.iter().map(|mark| mark.1).collect::<Vec<_>>());
        let (rise, run) = (pick(self, &rises), pick(self, &runs));
        let away = self.node("Sub", &[&value, &from]);
        let part = self.node("Div", &[&away, &run]);
        let part = self.node("Mul", &[&rise, &part]);
        self.node("Add", &[&to, &part])
    }

    /// The sum of values, from the left.
    fn sum(&mut self, values: impl IntoIterator<Item = String>) -> String {
        let mut values = values.into_iter();
        let first = values.next().unwrap_or_default();
        values.fold(first, |total, value| self.node("Add", &[&total, &value]))
    }

    /// The score of each point, [rows, points].
    fn points(&mut self, scores: &[Score], inputs: &[String]) -> String {
        let starts: Vec<f64> = scores
            .iter()
            .map(|score| match score {
                Score::Near { start, .. } | Score::Likely { start, .. } | Score::Bell { start, .. } => *start,
            })
            .collect();
        let start = self.floats(&starts);
        if matches!(scores[0], Score::Bell { .. }) {
            return self.bells(scores, inputs, start);
        }
        let terms: Vec<String> = inputs
            .iter()
            .enumerate()
            .map(|(feature, value)| {
                let weight = |score: &Score| match score {
                    Score::Near { weights, .. } | Score::Likely { weights, .. } => weights[feature],
                    Score::Bell { .. } => 0.0,
                };
                let weights = self.floats(&scores.iter().map(weight).collect::<Vec<_>>());
                self.node("Mul", &[value, &weights])
            })
            .collect();
        if matches!(scores[0], Score::Near { .. }) {
            return self.sum(std::iter::once(start).chain(terms));
        }
        let likely = self.sum(terms);
        let likely = self.node("Add", &[&start, &likely]);
        // Who answered nothing that is known has no score.
        let squares: Vec<String> = inputs.iter().map(|value| self.node("Mul", &[value, value])).collect();
        let (any, zero, none) = (self.sum(squares), self.floats(&[0.0]), self.floats(&[f64::NAN]));
        let nothing = self.node("Equal", &[&any, &zero]);
        self.node("Where", &[&nothing, &none, &likely])
    }

    fn bells(&mut self, scores: &[Score], inputs: &[String], start: String) -> String {
        let bells: Vec<_> = scores
            .iter()
            .filter_map(|score| if let Score::Bell { turns, .. } = score { Some(turns) } else { None })
            .collect();
        let away: Vec<String> = (0..inputs.len())
            .map(|feature| {
                // Each bell's last axis of a feature is the one that begins with it: its own term is there.
                let mean = |turns: &Vec<Turn>| {
                    turns[feature].terms.iter().find(|term| term.0 == feature).map_or(0.0, |term| term.2)
                };
                let means = self.floats(&bells.iter().map(|turns| mean(turns)).collect::<Vec<_>>());
                self.node("Sub", &[&inputs[feature], &means])
            })
            .collect();
        let half = self.floats(&[0.5]);
        let mut parts = vec![start];
        for axis in 0..inputs.len() {
            let mut terms = Vec::new();
            for (feature, away) in away.iter().enumerate().take(axis + 1) {
                let weight = |turns: &Vec<Turn>| {
                    turns[axis].terms.iter().find(|term| term.0 == feature).map_or(0.0, |term| term.1)
                };
                let weights: Vec<f64> = bells.iter().map(|turns| weight(turns)).collect();
                if weights.iter().any(|weight| *weight != 0.0) {
                    let weights = self.floats(&weights);
                    terms.push(self.node("Mul", &[&weights, away]));
                }
            }
            let turn = self.sum(terms);
            let halved = self.node("Mul", &[&half, &turn]);
            let square = self.node("Mul", &[&halved, &turn]);
            let constants = self.floats(&bells.iter().map(|turns| turns[axis].constant).collect::<Vec<_>>());
            parts.push(self.node("Sub", &[&constants, &square]));
        }
        self.sum(parts)
    }

    /// The cluster of the highest score, of equal ones the first; −1 where a value is missing.
    fn label(&mut self, placement: &Placement, points: &str) {
        let best = self.with("ArgMax", &[points], vec![whole("axis", 1), whole("keepdims", 0)]);
        let clusters: Vec<i64> =
            placement.clusters.iter().map(|cluster| cluster.map_or(-1, |cluster| cluster as i64)).collect();
        let clusters = self.integers(&[clusters.len()], &clusters);
        let cluster = self.node("Gather", &[&clusters, &best]);
        // A score is missing where any value is, and then all are.
        let first = self.integers(&[1], &[0]);
        let score = self.with("Gather", &[points, &first], vec![whole("axis", 1)]);
        let missing = self.node("IsNaN", &[&score]);
        let flat = self.integers(&[1], &[-1]);
        let missing = self.node("Reshape", &[&missing, &flat]);
        let none = self.integers(&[], &[-1]);
        self.named("label", "Where", &[&missing, &none, &cluster], Vec::new());
    }

    /// What the engine calls scores: squared distances with a minus, logarithms of share × density or likelihood.
    fn scores(&mut self, placement: &Placement, inputs: &[String], points: &str) {
        if !matches!(placement.scores[0], Score::Near { .. }) {
            return self.named("scores", "Identity", &[points], Vec::new());
        }
        let two = self.floats(&[2.0]);
        let doubled = self.node("Mul", &[&two, points]);
        let squares: Vec<String> = inputs.iter().map(|value| self.node("Mul", &[value, value])).collect();
        let squares = self.sum(squares);
        let near = self.node("Sub", &[&doubled, &squares]);
        let one_each = placement.clusters.iter().enumerate().all(|(at, cluster)| *cluster == Some(at));
        if one_each {
            return self.named("scores", "Identity", &[&near], Vec::new());
        }
        let mut columns = Vec::new();
        for cluster in 0..placement.labels.len() {
            let own: Vec<i64> = (0..placement.clusters.len())
                .filter(|at| placement.clusters[*at] == Some(cluster))
                .map(|at| at as i64)
                .collect();
            columns.push(if own.is_empty() {
                let (never, nothing) = (self.floats(&[f64::NEG_INFINITY]), self.floats(&[0.0]));
                let nothing = self.node("Mul", &[&inputs[0], &nothing]);
                self.node("Add", &[&never, &nothing])
            } else {
                let own = self.integers(&[own.len()], &own);
                let own = self.with("Gather", &[&near, &own], vec![whole("axis", 1)]);
                let axes = Message::default().bytes(1, "axes").whole(8, 1).whole(20, 7);
                self.with("ReduceMax", &[&own], vec![axes, whole("keepdims", 1)])
            });
        }
        let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
        self.named("scores", "Concat", &columns, vec![whole("axis", 1)]);
    }
}

/// A whole number as an attribute.
fn whole(name: &str, value: i64) -> Message {
    Message::default().bytes(1, name).whole(3, value).whole(20, 2)
}
