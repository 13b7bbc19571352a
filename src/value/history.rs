//! What does a purchase model see of a customer? How often they came back, when last, and for how long they are known
//! (Fader, Hardie and Lee 2005: x, tₓ, T).

use crate::math::order::{numbers, pairs};

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

/// The place of a customer without a history.
pub const NOWHERE: u32 = u32::MAX;

/// Customers with the same history, looked at once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Histories {
    /// Different histories, by repeats, then last, then age.
    pub distinct: Vec<History>,
    /// Customers with each.
    pub weights: Vec<f64>,
    /// Every time that is somebody's last purchase or age, once, rising.
    pub times: Vec<f64>,
    /// Of each history, where `last` and `age` stand among the times.
    pub moments: Vec<[u32; 2]>,
    /// Of each customer, the history; [`NOWHERE`] without one.
    pub places: Vec<u32>,
}

impl Histories {
    /// Brings equal histories together; the order of customers does not show.
    pub fn of(customers: &[Option<History>]) -> Histories {
        // Times are days or weeks of seven: sevenths are whole. Others that fall together are only not brought together.
        let part = |time: f64| ((7.0 * time).round() as u64).min((1 << 20) - 1);
        let key = |one: &History| (one.repeats as u64) << 40 | part(one.last) << 20 | part(one.age);
        let known = customers.iter().enumerate().filter_map(|(at, one)| one.as_ref().map(|one| (key(one), at as u32)));
        let mut order: Vec<(u64, u32)> = known.collect();
        pairs(&mut order);
        let mut found = Histories { places: vec![NOWHERE; customers.len()], ..Histories::default() };
        for customer in order.into_iter().map(|(_, at)| at as usize) {
            let Some(history) = customers[customer] else { continue };
            match (found.distinct.last(), found.weights.last_mut()) {
                (Some(last), Some(weight)) if *last == history => *weight += 1.0,
                _ => {
                    found.distinct.push(history);
                    found.weights.push(1.0);
                }
            }
            found.places[customer] = found.distinct.len() as u32 - 1;
        }
        found.times = found.distinct.iter().flat_map(|one| [one.last, one.age]).collect();
        numbers(&mut found.times);
        found.times.dedup();
        let place = |time: f64| found.times.partition_point(|&one| one < time) as u32;
        found.moments = found.distinct.iter().map(|one| [place(one.last), place(one.age)]).collect();
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

    /// Every so many-th history, so that at most `most` are left; for a first look. Nobody's place is kept.
    pub fn thinned(&self, most: usize) -> Histories {
        let step = self.distinct.len().div_ceil(most.max(1)).max(1);
        Histories {
            distinct: self.distinct.iter().copied().step_by(step).collect(),
            weights: self.weights.iter().copied().step_by(step).collect(),
            times: self.times.clone(),
            moments: self.moments.iter().copied().step_by(step).collect(),
            places: Vec::new(),
        }
    }
}
