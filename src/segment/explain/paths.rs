//! What leads to a leaf, as a rule: a condition for each column that was asked, and an answer for those without a value.
//!
//! Where a tree has seen rows without a value, its rules say where these belong ("treat missing as true" or "false"). Where it
//! has seen none they say nothing, and such rows are unknown, as everywhere in the language.

use crate::segment::explain::axes::{Axis, Kind};
use crate::segment::explain::grow::{Node, Parting, Tree};
use crate::segment::rules::tree::{Combinator, Comparison, Condition, MissingAs, Place, Rule, Test, Value};

/// What of one column leads to a place in the tree.
#[derive(Clone, Debug, PartialEq)]
struct Reach {
    /// Above this.
    above: f64,
    /// Up to this.
    up_to: f64,
    /// Levels that lead here; none where no level was asked for.
    levels: Option<Vec<bool>>,
    /// Whether any other level leads here.
    others: bool,
    /// Whether rows with a value may come here.
    present: bool,
    /// Whether rows without one do.
    missing: bool,
}

impl Reach {
    const EVERYTHING: Reach = Reach {
        above: f64::NEG_INFINITY,
        up_to: f64::INFINITY,
        levels: None,
        others: true,
        present: true,
        missing: true,
    };

    fn narrow(&mut self, parting: &Parting, missing_low: bool, low: bool) {
        self.missing &= missing_low == low;
        match parting {
            Parting::Cut(cut) if low => {
                self.up_to = self.up_to.min(*cut);
                self.present &= *cut > f64::NEG_INFINITY;
            }
            Parting::Cut(cut) => self.above = self.above.max(*cut),
            Parting::Levels(set) => {
                let before = self.levels.take().unwrap_or_else(|| vec![true; set.len()]);
                self.levels = Some(before.iter().zip(set).map(|(before, inside)| *before && *inside == low).collect());
                self.others &= !low;
            }
        }
    }

    fn conditions(&self, axis: &Axis) -> Vec<Rule> {
        let mut tests = Vec::new();
        let day = |cut: f64| Value::Day(cut.floor().clamp(f64::from(i32::MIN), f64::from(i32::MAX)) as i32);
        let value = |cut: f64| if axis.kind == Kind::Day { day(cut) } else { Value::Number(cut) };
        let compare = |comparison, value: Value| Test::Compare(comparison, value.operand());
        let bounded = self.above.is_finite() || self.up_to.is_finite();
        let mut present = self.present;
        match (&axis.kind, &self.levels) {
            (Kind::Flag, _) if bounded => {
                tests.push(compare(Comparison::Equal, Value::Boolean(self.above.is_finite())))
            }
            (Kind::Category(levels), Some(set)) => {
                // Where others lead here, too, the levels that do not are named.
                let named: Vec<Value> = levels
                    .iter()
                    .zip(set)
                    .filter(|(_, inside)| **inside != self.others)
                    .map(|(one, _)| one.clone())
                    .collect();
                present &= self.others || !named.is_empty();
                let equal = if self.others { Comparison::NotEqual } else { Comparison::Equal };
                match named.len() {
                    0 => {}
                    1 => tests.extend(named.into_iter().map(|one| compare(equal, one))),
                    _ => tests.push(Test::In {
                        negated: self.others,
                        options: named.into_iter().map(Value::operand).collect(),
                    }),
                }
            }
            _ => {
                if self.above.is_finite() {
                    tests.push(compare(Comparison::Greater, value(self.above)));
                }
                if self.up_to.is_finite() {
                    tests.push(compare(Comparison::AtMost, value(self.up_to)));
                }
            }
        }
        if !present {
            tests = vec![Test::Missing { negated: false }];
        } else if tests.is_empty() && !self.missing && axis.missing {
            tests.push(Test::Missing { negated: true });
        }
        let count = tests.len();
        let treated = |at: usize| {
            // Of several that must all hold, one that a missing value fails is enough.
            let said = axis.missing && (self.missing || at + 1 == count);
            said.then_some(MissingAs::Answer(self.missing))
        };
        let condition = |(at, test): (usize, Test)| {
            Rule::Condition(Condition {
                subject: Value::Column(axis.name.clone()).operand(),
                missing_as: if test.is_always_known() { None } else { treated(at) },
                test,
                test_place: Place::default(),
                ignoring_case: false,
            })
        };
        tests.into_iter().enumerate().map(condition).collect()
    }
}

/// A place in a tree, with what leads there.
#[derive(Clone, Debug)]
pub struct Stop {
    /// The tree's node.
    pub node: usize,
    /// Who comes here.
    pub rule: Rule,
    /// The last condition alone: what is asked on the way from the place above. Everyone for the root.
    pub step: Rule,
    /// Positions of the lower and the upper side in the list, for splits.
    pub sides: Option<[usize; 2]>,
}

/// The places of a tree that are reached, the root first, each before those below it and the lower side before the upper.
pub fn stops(tree: &Tree, axes: &[Axis]) -> Vec<Stop> {
    let mut found = Vec::new();
    let start = vec![Reach::EVERYTHING; axes.len()];
    walk(tree, axes, 0, start, Rule::Everyone, &mut found);
    found
}

fn walk(tree: &Tree, axes: &[Axis], node: usize, reach: Vec<Reach>, step: Rule, found: &mut Vec<Stop>) -> usize {
    let here = found.len();
    let asked =
        |(axis, reach): (&Axis, &Reach)| if *reach == Reach::EVERYTHING { Vec::new() } else { reach.conditions(axis) };
    let rule = Rule::group(Combinator::And, axes.iter().zip(&reach).flat_map(asked).collect());
    found.push(Stop { node, rule, step, sides: None });
    if let Node::Split { axis, parting, missing_low, low, high } = &tree.nodes[node] {
        let sides = [(true, *low), (false, *high)].map(|(is_low, child)| {
            let (mut narrowed, mut alone) = (reach.clone(), Reach::EVERYTHING);
            narrowed[*axis].narrow(parting, *missing_low, is_low);
            alone.narrow(parting, *missing_low, is_low);
            let step = Rule::group(Combinator::And, alone.conditions(&axes[*axis]));
            walk(tree, axes, child, narrowed, step, found)
        });
        found[here].sides = Some(sides);
    }
    here
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segment::rules::format::format;

    #[test]
    fn rules_say_what_happens_to_those_without_a_value() {
        let names = ["DE", "AT", "CH"].map(|name| Value::Text(name.into())).to_vec();
        let axes = [
            Axis { name: "country".into(), kind: Kind::Category(names), values: Vec::new(), missing: true },
            Axis { name: "spend".into(), kind: Kind::Number, values: Vec::new(), missing: true },
            Axis { name: "visits".into(), kind: Kind::Number, values: Vec::new(), missing: false },
        ];
        let split = |axis, parting, missing_low, low| Node::Split { axis, parting, missing_low, low, high: low + 1 };
        let tree = Tree {
            nodes: vec![
                split(0, Parting::Levels(vec![true, true, false]), true, 1),
                split(1, Parting::Cut(10.0), false, 3),
                split(0, Parting::Levels(vec![false, false, true]), false, 5),
                Node::Leaf(0),
                split(1, Parting::Cut(f64::NEG_INFINITY), true, 7),
                split(2, Parting::Cut(3.0), false, 9),
                Node::Leaf(1),
                Node::Leaf(0),
                Node::Leaf(1),
                Node::Leaf(0),
                Node::Leaf(1),
            ],
        };
        let all = stops(&tree, &axes);
        let leaves: Vec<String> =
            all.iter().filter(|stop| stop.sides.is_none()).map(|stop| format(&stop.rule)).collect();
        assert_eq!(
            leaves,
            [
                "country in ('DE', 'AT') treat missing as true and spend <= 10 treat missing as false",
                "country in ('DE', 'AT') treat missing as true and spend is missing",
                "country in ('DE', 'AT') treat missing as true and spend > 10 treat missing as false",
                "country = 'CH' treat missing as false and visits <= 3",
                "country = 'CH' treat missing as false and visits > 3",
                "country not in ('DE', 'AT', 'CH') treat missing as false",
            ]
        );
        assert_eq!(format(&all[0].step), "everyone");
        assert_eq!(
            (all[0].sides, format(&all[1].step)),
            (Some([1, 6]), leaves[0].split(" and ").next().unwrap().to_string())
        );
    }
}
