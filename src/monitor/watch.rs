//! Does a rule still find what it asks for? Its conditions with how many they are true for, and the values they name.

use crate::math::order::arranged;
use crate::segment::rules::counts::RuleCounts;
use crate::segment::rules::tree::{Comparison, Condition, Rule, Test, Value as Literal};
use crate::table::column::Data;
use crate::table::figures::grouped;
use crate::table::table::Table;
use serde_json::{Value, json};

/// Values that a message names.
const NAMED: usize = 5;

/// The conditions of one rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Watched {
    /// Whose rule: a segment, or a tier as “Tiers: first”.
    pub name: String,
    /// The whole rule in canonical text; unknown of baselines written before it was kept.
    pub text: Option<String>,
    /// In the rule's order.
    pub leaves: Vec<Leaf>,
}

/// A condition.
#[derive(Clone, Debug, PartialEq)]
pub struct Leaf {
    /// As text.
    pub text: String,
    /// Customers for whom it is true.
    pub n: usize,
    /// Texts that it compares a column with: the column, the text, and the customers who have it.
    pub values: Vec<(String, String, usize)>,
}

/// What a rule finds no more.
#[derive(Clone, Debug, PartialEq)]
pub struct Lost {
    /// Whose rule.
    pub name: String,
    /// What is wrong and what there is instead.
    pub message: String,
    /// How many there were then.
    pub n: usize,
    /// The column whose value is gone, where it is one.
    pub column: Option<String>,
    /// The values there are, the most frequent first.
    pub values: Vec<String>,
}

impl Watched {
    /// The conditions of a rule with its counts.
    pub fn of(name: &str, rule: &Rule, counts: &RuleCounts, table: &Table) -> Watched {
        let mut leaves = Vec::new();
        collect(rule, counts, table, &mut leaves);
        Watched { name: name.into(), text: Some(counts.text.clone()), leaves }
    }

    /// For a baseline.
    pub fn document(&self) -> Value {
        let value = |(column, value, n): &(String, String, usize)| json!([column, value, n]);
        let leaf = |leaf: &Leaf| json!({ "text": leaf.text, "n": leaf.n, "values": leaf.values.iter().map(value).collect::<Vec<_>>() });
        json!({ "name": self.name, "text": self.text, "leaves": self.leaves.iter().map(leaf).collect::<Vec<_>>() })
    }

    /// From such a document; nothing where it is not as it is written.
    pub fn read(document: &Value) -> Option<Watched> {
        let text = |value: &Value| value.as_str().map(String::from);
        let value = |value: &Value| Some((text(&value[0])?, text(&value[1])?, value[2].as_f64()? as usize));
        let leaf = |leaf: &Value| {
            let values = leaf["values"].as_array()?.iter().map(value).collect::<Option<_>>()?;
            Some(Leaf { text: text(&leaf["text"])?, n: leaf["n"].as_f64()? as usize, values })
        };
        let leaves = document["leaves"].as_array()?.iter().map(leaf).collect::<Option<_>>()?;
        Some(Watched { name: text(&document["name"])?, text: text(&document["text"]), leaves })
    }

    /// Says so where the rule is another one now: what moved then may be the rule, not the customers. Rules that name a column
    /// which is called otherwise now (`mapping`) differ in that, and are not compared.
    pub fn reworded(&self, now: &Watched, mapping: &Value) -> Option<String> {
        let (then, now) = (self.text.as_ref()?, now.text.as_ref()?);
        let is_renamed = |column: &String| then.contains(column.as_str());
        let is_same = then == now || mapping.as_object().is_some_and(|names| names.keys().any(is_renamed));
        (!is_same).then(|| {
            format!(
                "The rule of “{}” is another one now, so who came and went may be its doing: it was {then}, and is {now}.",
                self.name
            )
        })
    }

    /// Conditions that were true for somebody and are for nobody now, and values that were there and are no more. A rule that
    /// has another number of conditions now is another rule, and not compared.
    pub fn lost(&self, now: &Watched, table: &Table) -> Vec<Lost> {
        let mut lost = Vec::new();
        if self.leaves.len() != now.leaves.len() {
            return lost;
        }
        for (then, now) in self.leaves.iter().zip(&now.leaves) {
            let gone = then.values.iter().zip(&now.values).filter(|(then, now)| then.2 > 0 && now.2 == 0);
            let before = lost.len();
            for ((_, value, n), (column, ..)) in gone {
                let values = values_of(table, column);
                let there = match values.as_slice() {
                    [] => "It has no values at all now.".to_string(),
                    some => format!(
                        "Its values now are {}.",
                        some.iter().map(|value| format!("“{value}”")).collect::<Vec<_>>().join(", ")
                    ),
                };
                let message = format!(
                    "The rule of “{}” asks for “{value}”, which {} customers had in “{column}” and nobody has now. {there}",
                    self.name,
                    grouped(*n as u64)
                );
                lost.push(Lost { name: self.name.clone(), message, n: *n, column: Some(column.clone()), values });
            }
            if then.n > 0 && now.n == 0 && lost.len() == before {
                let message = format!(
                    "In the rule of “{}”, “{}” is true for nobody now; it was true for {} customers.",
                    self.name,
                    now.text,
                    grouped(then.n as u64)
                );
                lost.push(Lost { name: self.name.clone(), message, n: then.n, column: None, values: Vec::new() });
            }
        }
        lost
    }
}

/// A rule's conditions are the counts' leaves, in the same order.
fn collect(rule: &Rule, counts: &RuleCounts, table: &Table, into: &mut Vec<Leaf>) {
    let parts: Vec<&Rule> = match rule {
        Rule::Not(inner) => vec![inner],
        Rule::Group(_, rules) => rules.iter().collect(),
        _ => Vec::new(),
    };
    if parts.is_empty() {
        let values = if let Rule::Condition(condition) = rule { named(condition, table) } else { Vec::new() };
        into.push(Leaf { text: counts.text.clone(), n: counts.within, values });
    }
    parts.iter().zip(&counts.children).for_each(|(rule, counts)| collect(rule, counts, table, into));
}

/// The texts that a condition compares a column of texts with, and how many have them.
fn named(condition: &Condition, table: &Table) -> Vec<(String, String, usize)> {
    let Literal::Column(name) = &condition.subject.value else { return Vec::new() };
    let Ok(column) = table.column(name) else { return Vec::new() };
    let (Data::Text(texts), options) = (
        &column.data,
        match &condition.test {
            Test::Compare(Comparison::Equal | Comparison::NotEqual, one) => std::slice::from_ref(one),
            Test::In { options, .. } => options,
            _ => return Vec::new(),
        },
    ) else {
        return Vec::new();
    };
    let fold = |text: &str| if condition.ignoring_case { text.to_lowercase() } else { text.to_string() };
    let mut found = Vec::new();
    for option in options {
        let Literal::Text(text) = &option.value else { continue };
        let wanted = fold(text);
        let codes: Vec<u32> = (0..texts.distinct() as u32).filter(|&code| fold(texts.value(code)) == wanted).collect();
        found.push((name.clone(), text.clone(), texts.rows_of(&codes, &column.valid).len()));
    }
    found
}

/// The most frequent values of a column of texts.
fn values_of(table: &Table, column: &str) -> Vec<String> {
    let Ok(column) = table.column(column) else { return Vec::new() };
    let Data::Text(texts) = &column.data else { return Vec::new() };
    let counts = texts.uses(&column.valid);
    let order = arranged(counts.len(), &|a, b| counts[b].cmp(&counts[a]));
    let used = order.into_iter().filter(|&code| counts[code] > 0).take(NAMED);
    used.map(|code| texts.value(code as u32).to_string()).collect()
}
