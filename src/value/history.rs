//! What does a purchase model see of a customer? How often they came back, when last, and for how long they are known
//! (Fader, Hardie and Lee 2005: x, tₓ, T).

use crate::math::order::arranged;

/// A customer's past, in one unit of time throughout.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct History {
    /// Purchase days after the first: 0 for someone who came once.
    pub repeats: f64,
    /// Time from the first purchase day to the last; 0 without repeats.
    pub last: f64,
    /// Time from the first purchase day to the end of what is looked at; at least `last`.
    pub age: f64,
}

/// Customers with the same history, counted once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Histories {
    /// Different histories, by repeats, then last, then age.
    pub distinct: Vec<History>,
    /// Customers with each.
    pub weights: Vec<f64>,
}

impl Histories {
    /// Brings equal histories together; the order of customers does not show.
    pub fn of(customers: &[History]) -> Histories {
        let order = arranged(customers.len(), &|a, b| {
            let (a, b) = (&customers[a], &customers[b]);
            a.repeats.total_cmp(&b.repeats).then(a.last.total_cmp(&b.last)).then(a.age.total_cmp(&b.age))
        });
        let mut found = Histories::default();
        for at in order {
            match (found.distinct.last(), found.weights.last_mut()) {
                (Some(last), Some(weight)) if *last == customers[at] => *weight += 1.0,
                _ => {
                    found.distinct.push(customers[at]);
                    found.weights.push(1.0);
                }
            }
        }
        found
    }

    /// Number of customers.
    pub fn customers(&self) -> f64 {
        self.weights.iter().sum()
    }

    /// The longest age; 0 without customers.
    pub fn longest(&self) -> f64 {
        self.distinct.iter().fold(0.0, |longest, one| longest.max(one.age))
    }

    /// Every so many-th history, so that at most `most` are left; for a first look.
    pub fn thinned(&self, most: usize) -> Histories {
        let step = self.distinct.len().div_ceil(most.max(1)).max(1);
        Histories {
            distinct: self.distinct.iter().copied().step_by(step).collect(),
            weights: self.weights.iter().copied().step_by(step).collect(),
        }
    }
}
