//! How good are probabilities? Measured on customers that no model has seen.

use crate::math::order::arranged;

/// A probability nearer to 0 or 1 than this is taken as this far off: one miss shall not cost everything.
const LEAST: f64 = 1e-6;

/// How well probabilities do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scores {
    /// Area under the ROC curve, equal probabilities at one half; NaN where one of the two is lacking.
    pub auc: f64,
    /// Mean of −ln of the probability given to what happened.
    pub log_loss: f64,
    /// Mean of the squared difference.
    pub brier: f64,
}

impl Scores {
    /// Of probabilities and what happened.
    pub fn of(probabilities: &[f64], happened: &[bool]) -> Scores {
        let n = happened.len() as f64;
        let (mut log_loss, mut brier) = (0.0, 0.0);
        for (&p, &happened) in probabilities.iter().zip(happened) {
            log_loss += loss(p, happened);
            let off = p - f64::from(u8::from(happened));
            brier += off * off;
        }
        Scores { auc: auc(probabilities, happened), log_loss: log_loss / n, brier: brier / n }
    }
}

/// −ln of the probability given to what happened.
pub fn loss(p: f64, happened: bool) -> f64 {
    let p = p.clamp(LEAST, 1.0 - LEAST);
    -libm::log(if happened { p } else { 1.0 - p })
}

/// Mann and Whitney's U over the number of pairs.
fn auc(probabilities: &[f64], happened: &[bool]) -> f64 {
    let order = arranged(happened.len(), &|a, b| probabilities[a].total_cmp(&probabilities[b]));
    let (mut below, mut yes, mut wins) = (0.0, 0.0, 0.0);
    for same in order.chunk_by(|&a, &b| probabilities[a] == probabilities[b]) {
        let own = same.iter().filter(|&&at| happened[at]).count() as f64;
        let others = same.len() as f64 - own;
        wins += own * (below + others / 2.0);
        below += others;
        yes += own;
    }
    wins / (yes * below)
}

/// A tenth of the customers held back, by their probability.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tenth {
    /// Customers.
    pub n: usize,
    /// Of these, those to whom it happened. Where equal probabilities reach into several tenths, each has its share of them.
    pub positives: f64,
    /// The least probability among them, the greatest, and their mean.
    pub from: f64,
    /// The greatest.
    pub to: f64,
    /// The mean.
    pub predicted: f64,
}

/// Ten parts of equal size (to one customer), the highest probabilities first. Who of equal ones comes first makes no difference.
pub fn tenths(probabilities: &[f64], happened: &[bool]) -> Vec<Tenth> {
    let order = arranged(happened.len(), &|a, b| probabilities[b].total_cmp(&probabilities[a]));
    let part = |tenth: usize| order.len() * tenth / 10..order.len() * (tenth + 1) / 10;
    let tenth = |at: usize| {
        let part = &order[part(at)];
        let sum: f64 = part.iter().map(|&at| probabilities[at]).sum();
        Tenth {
            n: part.len(),
            positives: 0.0,
            from: part.last().map_or(f64::NAN, |&at| probabilities[at]),
            to: part.first().map_or(f64::NAN, |&at| probabilities[at]),
            predicted: sum / part.len() as f64,
        }
    };
    let mut tenths: Vec<Tenth> = (0..10).map(tenth).collect();
    let mut start = 0;
    for same in order.chunk_by(|&a, &b| probabilities[a] == probabilities[b]) {
        let (end, own) = (start + same.len(), same.iter().filter(|&&at| happened[at]).count() as f64);
        for (at, tenth) in tenths.iter_mut().enumerate() {
            let within = part(at).end.min(end).saturating_sub(part(at).start.max(start));
            tenth.positives += own * within as f64 / same.len() as f64;
        }
        start = end;
    }
    tenths.retain(|tenth| tenth.n > 0);
    tenths
}

/// What a model says made into a probability: 1 / (1 + e^−(slope · ln odds + shift)). Platt, "Probabilistic outputs for support
/// vector machines", 1999, with the targets proposed there; Newton's method as by Lin, Lin and Weng, 2007.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Platt {
    /// 1 where odds need no correction.
    pub slope: f64,
    /// 0 where they need none.
    pub shift: f64,
}

impl Platt {
    /// Fitted to customers whom the model has not seen.
    pub fn fit(said: &[f64], happened: &[bool]) -> Platt {
        let yes = happened.iter().filter(|&&one| one).count() as f64;
        let no = happened.len() as f64 - yes;
        let target = |happened: bool| if happened { (yes + 1.0) / (yes + 2.0) } else { 1.0 / (no + 2.0) };
        let odds: Vec<f64> = said.iter().map(|&said| log_odds(said)).collect();
        let cost = |platt: &Platt| -> f64 {
            let one = |(&odds, &happened): (&f64, &bool)| {
                let z = platt.slope * odds + platt.shift;
                let (larger, t) = (if z > 0.0 { z } else { 0.0 }, target(happened));
                larger - t * z + libm::log1p(libm::exp(-z.abs()))
            };
            odds.iter().zip(happened).map(one).sum()
        };
        let mut best = Platt { slope: 1.0, shift: 0.0 };
        let mut least = cost(&best);
        for _ in 0..50 {
            // Gradient and curvature; a little is added to the latter, so that it can be turned round.
            let (mut g, mut h) = ([0.0; 2], [1e-9, 0.0, 1e-9]);
            for (&odds, &happened) in odds.iter().zip(happened) {
                let p = sigmoid(best.slope * odds + best.shift);
                let (off, weight) = (p - target(happened), p * (1.0 - p));
                g = [g[0] + off * odds, g[1] + off];
                h = [h[0] + weight * odds * odds, h[1] + weight * odds, h[2] + weight];
            }
            let whole = h[0] * h[2] - h[1] * h[1];
            let step = [(h[2] * g[0] - h[1] * g[1]) / whole, (h[0] * g[1] - h[1] * g[0]) / whole];
            let moved = |share: f64| Platt { slope: best.slope - share * step[0], shift: best.shift - share * step[1] };
            let lower = (0..20).map(|halvings| moved(1.0 / f64::from(1u32 << halvings))).find(|one| cost(one) < least);
            let Some(next) = lower else { break };
            let won = least - cost(&next);
            (best, least) = (next, least - won);
            if won < 1e-10 {
                break;
            }
        }
        best
    }

    /// The probability.
    pub fn of(&self, said: f64) -> f64 {
        sigmoid(self.slope * log_odds(said) + self.shift)
    }
}

/// ln of p / (1 − p), within bounds.
fn log_odds(p: f64) -> f64 {
    let p = p.clamp(1e-4, 1.0 - 1e-4);
    libm::log(p / (1.0 - p))
}

/// 1 / (1 + e^−z).
pub fn sigmoid(z: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-z))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_by_hand() {
        let scores = Scores::of(&[0.1, 0.4, 0.35, 0.8, 0.4], &[false, false, true, true, true]);
        // Pairs won: 0.35 one of two, 0.8 both, 0.4 one and a half.
        assert!((scores.auc - 4.5 / 6.0).abs() < 1e-12);
        let expected = -[0.9, 0.6, 0.35, 0.8, 0.4].into_iter().map(libm::log).sum::<f64>() / 5.0;
        assert!((scores.log_loss - expected).abs() < 1e-12);
        assert!((scores.brier - (0.01 + 0.16 + 0.4225 + 0.04 + 0.36) / 5.0).abs() < 1e-12);
        assert!(Scores::of(&[0.5], &[true]).auc.is_nan());
    }

    #[test]
    fn odds_that_are_twice_too_bold_are_put_right() {
        // Of 1,000 with true odds e^z the model says e^2z.
        let (mut said, mut happened) = (Vec::new(), Vec::new());
        for z in -20..=20 {
            let z = f64::from(z) / 10.0;
            for at in 0..1_000 {
                said.push(sigmoid(2.0 * z));
                happened.push(f64::from(at) + 0.5 < 1_000.0 * sigmoid(z));
            }
        }
        let platt = Platt::fit(&said, &happened);
        assert!((platt.slope - 0.5).abs() < 0.01 && platt.shift.abs() < 0.01, "{platt:?}");
    }

    #[test]
    fn tenths_hold_everybody() {
        let probabilities: Vec<f64> = (0..25).map(|at| f64::from(at) / 25.0).collect();
        let happened: Vec<bool> = (0..25).map(|at| at >= 20).collect();
        let tenths = tenths(&probabilities, &happened);
        assert_eq!(tenths.iter().map(|one| one.n).sum::<usize>(), 25);
        assert_eq!((tenths[0].n, tenths[0].positives, tenths[0].to), (2, 2.0, 0.96));
        assert_eq!(tenths.iter().map(|one| one.positives).collect::<Vec<_>>()[..3], [2.0, 3.0, 0.0]);
    }
    #[test]
    fn equal_probabilities_share_what_happened() {
        let probabilities: Vec<f64> = (0..40).map(|at| if at < 10 { 0.2 } else { 0.7 }).collect();
        let happened: Vec<bool> = (0..40).map(|at| at % 2 == 0 && at >= 10).collect();
        let there = tenths(&probabilities, &happened);
        let back = |list: &[f64]| list.iter().rev().copied().collect::<Vec<f64>>();
        let turned: Vec<bool> = happened.iter().rev().copied().collect();
        assert_eq!(there, tenths(&back(&probabilities), &turned));
        // 15 of 30 at 0.7, none of 10 at 0.2; the eighth tenth has two of each.
        let positives: Vec<f64> = there.iter().map(|one| one.positives).collect();
        assert_eq!(positives, [2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 1.0, 0.0, 0.0]);
    }
}
