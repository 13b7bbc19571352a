//! What is true, false or unknown for each row? Kleene's three-valued logic, 64 rows at a time.

use crate::math::tally::{both, either};
use crate::segment::rules::tree::Combinator;
use crate::table::bitmap::Bitmap;
use std::rc::Rc;

/// One answer a row: in (`yes`), out (known, not yes) or unknown (not known). `yes` is always part of `known`.
///
/// The bits are shared: to keep an answer twice costs nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// Rows for which it is true.
    pub yes: Rc<Bitmap>,
    /// Rows for which it is true or false.
    pub known: Rc<Bitmap>,
}

impl Answer {
    /// True where the bits say so, unknown outside `known`.
    pub fn new(mut yes: Bitmap, known: Bitmap) -> Answer {
        yes.words_mut().iter_mut().zip(known.words()).for_each(|(yes, known)| *yes &= known);
        Answer { yes: Rc::new(yes), known: Rc::new(known) }
    }

    /// True for every row, or false.
    pub fn constant(rows: usize, truth: bool) -> Answer {
        let everyone = Rc::new(Bitmap::ones(rows));
        Answer { yes: if truth { Rc::clone(&everyone) } else { Rc::new(Bitmap::zeros(rows)) }, known: everyone }
    }

    /// False if either is false, else unknown if either is unknown.
    pub fn and(self, other: &Answer) -> Answer {
        self.joined(Combinator::And, other)
    }

    /// True if either is true, else unknown if either is unknown.
    pub fn or(self, other: &Answer) -> Answer {
        self.joined(Combinator::Or, other)
    }

    /// Both as one group of rules.
    pub fn joined(mut self, combinator: Combinator, other: &Answer) -> Answer {
        let join = if combinator == Combinator::And { both } else { either };
        let (yes, known) = (Rc::make_mut(&mut self.yes), Rc::make_mut(&mut self.known));
        join(yes.words_mut(), known.words_mut(), other.yes.words(), other.known.words());
        self
    }

    /// True and false swapped; unknown stays.
    #[allow(clippy::should_implement_trait, reason = "as Bitmap’s: a word of rules, not the sign")]
    pub fn not(self) -> Answer {
        Answer { yes: Rc::new(self.known.and_not(&self.yes)), known: self.known }
    }

    /// The opposite, if it is asked for.
    pub fn negated_if(self, negated: bool) -> Answer {
        if negated { self.not() } else { self }
    }

    /// Unknown becomes this.
    pub fn unknown_as(self, answer: bool) -> Answer {
        let yes = if answer { Rc::new(self.yes.or(&self.known.not())) } else { self.yes };
        Answer { yes, known: Rc::new(Bitmap::ones(self.known.len())) }
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
            yes: Rc::new(Bitmap::from_fn(9, |row| values[row] == Some(true))),
            known: Rc::new(Bitmap::from_fn(9, |row| values[row].is_some())),
        };
        let left = answer((0..9).map(|row| truth[row / 3]).collect());
        let right = answer((0..9).map(|row| truth[row % 3]).collect());
        let and = |a: Option<bool>, b: Option<bool>| match (a, b) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        };
        let not = |a: Option<bool>| a.map(|a| !a);
        let each = |of: &dyn Fn(usize) -> Option<bool>| answer((0..9).map(of).collect());
        assert_eq!(left.clone().and(&right), each(&|row| and(truth[row / 3], truth[row % 3])));
        let or = |a, b| not(and(not(a), not(b)));
        assert_eq!(left.clone().or(&right), each(&|row| or(truth[row / 3], truth[row % 3])));
        assert_eq!(left.clone().not(), each(&|row| not(truth[row / 3])));
        assert_eq!(left.clone().unknown_as(true).yes.count(), 6);
        assert_eq!(left.unknown_as(false).yes.count(), 3);
    }
}
