//! How is a model asked about many histories at once? They lie by repeats, and their times are whole days: what depends on
//! the repeats alone is found once for each number of them, and what depends on a day once for each day.

use crate::math::stats::Sum;
use crate::value::history::Histories;
use crate::value::purchases::{Fitted, Moment, Repeats, log_one_plus};

/// Nothing was found yet for this number of repeats.
const NEVER: u32 = 0;

/// A model on its way through the histories, from the first to the last.
#[derive(Clone, Debug)]
pub struct Walk {
    /// The model.
    pub fitted: Fitted,
    repeats: Repeats,
    /// How many different numbers of repeats were met; the present one's number, counted from 1.
    run: u32,
    moments: Vec<Moment>,
    /// For which run the series of a moment was found.
    series_of: Vec<u32>,
    has_series: bool,
}

impl Walk {
    /// At its beginning.
    pub fn new(fitted: Fitted, histories: &Histories) -> Walk {
        let moments: Vec<Moment> = histories.times.iter().map(|&time| fitted.logs(time)).collect();
        Walk {
            fitted,
            repeats: Repeats::default(),
            run: NEVER,
            series_of: vec![NEVER; moments.len()],
            moments,
            has_series: fitted.has_series(),
        }
    }

    /// ln of the likelihood of still being there, and ln of the odds of having left, of the history at this place.
    pub fn at(&mut self, histories: &Histories, at: usize) -> (f64, f64) {
        let history = &histories.distinct[at];
        if self.run == NEVER || history.repeats != self.repeats.count {
            self.repeats = self.fitted.repeats(history.repeats);
            self.run += 1;
        }
        let [last, age] = histories.moments[at].map(|place| place as usize);
        if self.has_series {
            for place in [last, age] {
                if self.series_of[place] != self.run {
                    self.series_of[place] = self.run;
                    self.moments[place].series = self.fitted.series(&self.repeats, histories.times[place]);
                }
            }
        }
        self.fitted.told(&self.repeats, &self.moments[last], &self.moments[age])
    }

    /// The number of the present run of equal repeats, from 1.
    pub fn run(&self) -> u32 {
        self.run
    }
}

/// The log-likelihood of all histories in the making.
#[derive(Clone, Debug)]
pub struct Likelihood {
    walk: Walk,
    next: usize,
    total: Sum,
}

impl Likelihood {
    /// Nothing summed yet.
    pub fn new(fitted: Fitted, histories: &Histories) -> Likelihood {
        Likelihood { walk: Walk::new(fitted, histories), next: 0, total: Sum::default() }
    }

    /// Takes in the next `count` histories; gives the sum after the last.
    pub fn read(&mut self, histories: &Histories, count: usize) -> Option<f64> {
        let end = (self.next + count).min(histories.distinct.len());
        for at in self.next..end {
            let (there, odds) = self.walk.at(histories, at);
            self.total.add(histories.weights[at] * (there + log_one_plus(odds)));
        }
        self.next = end;
        (end == histories.distinct.len()).then(|| self.total.value())
    }
}
