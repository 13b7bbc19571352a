//! What is true, false or unknown for each row? Kleene's three-valued logic, 64 rows at a time.

use crate::table::bitmap::Bitmap;

/// One answer a row: in (`yes`), out (known, not yes) or unknown (not known). `yes` is always part of `known`.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// Rows for which it is true.
    pub yes: Bitmap,
    /// Rows for which it is true or false.
    pub known: Bitmap,
}

impl Answer {
    /// True where the bits say so, unknown outside `known`.
    pub fn new(yes: &Bitmap, known: Bitmap) -> Answer {
        Answer { yes: yes.and(&known), known }
    }

    /// True for every row.
    pub fn everyone(rows: usize) -> Answer {
        Answer { yes: Bitmap::ones(rows), known: Bitmap::ones(rows) }
    }

    /// False if either is false, else unknown if either is unknown.
    pub fn and(&self, other: &Answer) -> Answer {
        let either_known = self.known.and(&other.known).or(&self.no()).or(&other.no());
        Answer { yes: self.yes.and(&other.yes), known: either_known }
    }

    /// True if either is true, else unknown if either is unknown.
    pub fn or(&self, other: &Answer) -> Answer {
        let yes = self.yes.or(&other.yes);
        Answer { known: self.known.and(&other.known).or(&yes), yes }
    }

    /// True and false swapped; unknown stays.
    pub fn not(&self) -> Answer {
        Answer { yes: self.no(), known: self.known.clone() }
    }

    /// The opposite, if it is asked for.
    pub fn negated_if(self, negated: bool) -> Answer {
        if negated { self.not() } else { self }
    }

    /// Unknown becomes this.
    pub fn unknown_as(&self, answer: bool) -> Answer {
        let yes = if answer { self.yes.or(&self.known.not()) } else { self.yes.clone() };
        Answer { yes, known: Bitmap::ones(self.known.len()) }
    }

    fn no(&self) -> Bitmap {
        self.known.and_not(&self.yes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn and_or_not_are_kleenes() {
        // All nine pairs of true, false, unknown.
        let truth = [Some(true), Some(false), None];
        let answer = |values: Vec<Option<bool>>| Answer {
            yes: Bitmap::from_fn(9, |row| values[row] == Some(true)),
            known: Bitmap::from_fn(9, |row| values[row].is_some()),
        };
        let left = answer((0..9).map(|row| truth[row / 3]).collect());
        let right = answer((0..9).map(|row| truth[row % 3]).collect());
        let and = |a: Option<bool>, b: Option<bool>| match (a, b) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        };
        let not = |a: Option<bool>| a.map(|a| !a);
        assert_eq!(left.and(&right), answer((0..9).map(|row| and(truth[row / 3], truth[row % 3])).collect()));
        let or = |a, b| not(and(not(a), not(b)));
        assert_eq!(left.or(&right), answer((0..9).map(|row| or(truth[row / 3], truth[row % 3])).collect()));
        assert_eq!(left.not(), answer((0..9).map(|row| not(truth[row / 3])).collect()));
        assert_eq!(left.unknown_as(true).yes.count(), 6);
        assert_eq!(left.unknown_as(false).yes.count(), 3);
    }
}
