//! By what are customers told apart? Columns as a matrix of numbers: measures standardised, categories by their levels.

use crate::math::order::arranged;
use crate::math::stats::{mean_and_deviation, quantile_sorted, sorted};

/// Levels of a category with a number of their own, besides the most frequent one and missing; the rarer ones count together.
const LEVELS: usize = 12;
/// Rows that a level needs for that.
const LEAST: usize = 20;
/// The code of a missing level.
pub const MISSING: u32 = u32::MAX;

/// The values of a column, one a customer.
#[derive(Clone, Debug)]
pub enum Values {
    /// NaN where missing.
    Numbers(Vec<f64>),
    /// Codes of levels, [`MISSING`] where missing, and the levels' names.
    Levels(Vec<u32>, Vec<String>),
}

/// A column by which customers are told apart.
#[derive(Clone, Debug)]
pub struct Input {
    /// Its name.
    pub name: String,
    /// One a customer.
    pub values: Values,
}

/// How an input becomes numbers.
#[derive(Clone, Debug)]
enum Way {
    /// (value − mean) / deviation; the median stands in for a missing value.
    Number { mean: f64, deviation: f64, median: f64, has_missing: bool },
    /// For each level (by code) the number of the matrix that is 1, counted from 1; 0 for the one that the others are held
    /// against. Then the numbers of any other level and of missing.
    Levels { place: Vec<u32>, other: u32, missing: u32 },
}

/// A number of the matrix: of which input, and what it stands for.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Position of the input.
    pub input: usize,
    /// "value" for a measure, or the level that is 1 here.
    pub name: String,
}

/// How inputs become a matrix, found from the rows that a model is fitted to.
#[derive(Clone, Debug, Default)]
pub struct Design {
    ways: Vec<Way>,
    /// Where the numbers of each input begin.
    starts: Vec<usize>,
    /// What the numbers of the matrix stand for.
    pub parts: Vec<Part>,
    /// For each input, the level that the others are held against; empty for measures.
    pub against: Vec<String>,
}

/// What stands for the level of rows without one.
const NONE: &str = "(missing)";

impl Design {
    /// Takes in the next input. One that is the same for all rows has no numbers.
    pub fn add(&mut self, input: &Input, rows: &[usize]) {
        let at = self.ways.len();
        self.starts.push(self.parts.len());
        let mut against = String::new();
        let mut part = |name: String| self.parts.push(Part { input: at, name });
        let way = match &input.values {
            Values::Numbers(values) => {
                let known = sorted(rows.iter().map(|&row| values[row]));
                let (mean, deviation) = mean_and_deviation(&known);
                let has_missing = known.len() < rows.len() && !known.is_empty();
                if deviation > 0.0 {
                    part("value".into());
                }
                if has_missing {
                    part(NONE.into());
                }
                Way::Number { mean, deviation, median: quantile_sorted(&known, 0.5), has_missing }
            }
            Values::Levels(codes, names) => {
                let (mut counts, mut missing) = (vec![0usize; names.len()], 0);
                for &row in rows {
                    match counts.get_mut(codes[row] as usize) {
                        Some(count) => *count += 1,
                        None => missing += 1,
                    }
                }
                let order =
                    arranged(names.len(), &|a, b| counts[b].cmp(&counts[a]).then_with(|| names[a].cmp(&names[b])));
                let (mut place, mut next) = (vec![u32::MAX; names.len()], 0);
                for (rank, &level) in order.iter().enumerate() {
                    if rank == 0 {
                        place[level] = 0;
                        against.clone_from(&names[level]);
                    } else if rank <= LEVELS && counts[level] >= LEAST {
                        next += 1;
                        place[level] = next;
                        part(names[level].clone());
                    }
                }
                let rare = order.iter().filter(|&&level| place[level] == u32::MAX && counts[level] > 0).count();
                let mut one_more = |is_there: bool, name: &str| {
                    if is_there {
                        next += 1;
                        part(name.into());
                    }
                    if is_there { next } else { 0 }
                };
                let (other, missing) = (one_more(rare > 0, "(any other)"), one_more(missing > 0, NONE));
                Way::Levels { place, other, missing }
            }
        };
        self.ways.push(way);
        self.against.push(against);
    }

    /// The numbers of one input for a customer, into `numbers` (which holds zeros).
    fn fill(&self, at: usize, input: &Input, row: usize, numbers: &mut [f64]) {
        match (&self.ways[at], &input.values) {
            (Way::Number { mean, deviation, median, has_missing }, Values::Numbers(values)) => {
                let is_missing = values[row].is_nan();
                let mut next = 0;
                if *deviation > 0.0 {
                    numbers[0] = (if is_missing { *median } else { values[row] } - mean) / deviation;
                    next = 1;
                }
                if *has_missing {
                    numbers[next] = f64::from(u8::from(is_missing));
                }
            }
            (Way::Levels { place, other, missing }, Values::Levels(codes, _)) => {
                let number = match place.get(codes[row] as usize) {
                    _ if codes[row] == MISSING => *missing,
                    Some(&place) if place != u32::MAX => place,
                    _ => *other,
                };
                if number > 0 {
                    numbers[number as usize - 1] = 1.0;
                }
            }
            // An input keeps its kind.
            _ => {}
        }
    }

    /// The matrix of these customers, column by column. Where `instead` names an input, its values are taken from other customers:
    /// one each.
    pub fn matrix(&self, inputs: &[Input], rows: &[usize], instead: Option<(usize, &[usize])>) -> Vec<f64> {
        let (width, height) = (self.parts.len(), rows.len());
        let mut cells = vec![0.0; width * height];
        let mut numbers = vec![0.0; width];
        for (line, &row) in rows.iter().enumerate() {
            numbers.fill(0.0);
            for (at, input) in inputs.iter().enumerate() {
                let from = match instead {
                    Some((which, others)) if which == at => others[line],
                    _ => row,
                };
                let end = self.starts.get(at + 1).copied().unwrap_or(width);
                self.fill(at, input, from, &mut numbers[self.starts[at]..end]);
            }
            numbers.iter().enumerate().for_each(|(column, &number)| cells[column * height + line] = number);
        }
        cells
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_are_standardised_and_levels_told_apart() {
        let numbers = Input { name: "n".into(), values: Values::Numbers(vec![1.0, 3.0, f64::NAN, 3.0, 1.0]) };
        let codes = [0u32, 1, MISSING, 0, 2];
        let many: Vec<u32> = (0..100).map(|row| codes[row % 5]).collect();
        let levels = Input { name: "l".into(), values: Values::Levels(many, vec!["a".into(), "b".into(), "c".into()]) };
        let mut design = Design::default();
        design.add(&numbers, &[0, 1, 2, 3, 4]);
        design.add(&levels, &(0..100).filter(|row| row % 5 != 4).collect::<Vec<_>>());
        let names: Vec<&str> = design.parts.iter().map(|part| part.name.as_str()).collect();
        assert_eq!(names, ["value", "(missing)", "b", "(missing)"]);
        assert_eq!(design.against, ["", "a"]);
        let inputs = [numbers, levels];
        // The median of 1, 1, 3, 3 is their mean; “c” was not seen and counts as the level held against.
        assert_eq!(design.matrix(&inputs, &[1], None), [1.0, 0.0, 1.0, 0.0]);
        assert_eq!(design.matrix(&inputs, &[2], None), [0.0, 1.0, 0.0, 1.0]);
        assert_eq!(design.matrix(&inputs, &[4], None), [-1.0, 0.0, 0.0, 0.0]);
        assert_eq!(design.matrix(&inputs, &[4], Some((1, &[1]))), [-1.0, 0.0, 1.0, 0.0]);
    }
}
