//! What should make a reader careful? Sentences, never a locked door.

use crate::features::purchases::PurchaseDays;
use crate::table::date::format_day;
use crate::table::figures::{grouped, percent};
use crate::value::estimate::{BOUND, Estimate, Tried};
use crate::value::seen::Seen;
use crate::value::spend::GammaGamma;

/// Fewer customers who came again than this tell little.
const FEW: usize = 100;
/// Correlation of repeats and money from which on the model of spending is in doubt.
pub const RELATED: f64 = 0.3;
/// First purchases a day in the first tenth of the time, against those in the second half, from which on the history seems to
/// start mid-way.
const CROWDED: f64 = 3.0;
/// Fewer first purchases in the first tenth tell nothing of that.
const CROWD: f64 = 30.0;

/// What is said of the data whatever the model.
pub fn doubts(seen: &Seen, end: i32, purchases: &PurchaseDays) -> Vec<String> {
    let mut said = Vec::new();
    if seen.repeaters < FEW {
        said.push(format!(
            "Only {} customers came again up to {}; with fewer than {FEW} the figures are rough.",
            grouped(seen.repeaters as u64),
            format_day(end)
        ));
    }
    if let Some((early, all)) = crowded(seen, end, purchases) {
        said.push(format!(
            "{} of {} customers ({}) have their first order in the first tenth of the time, far more than later. If these are not their first orders ever, the history starts mid-way, and customers are older than the models think.",
            grouped(early),
            grouped(all),
            percent(early, all)
        ));
    }
    if seen.unseen > 0 {
        said.push(format!(
            "{} customers first bought after {} (or never) and get no figures.",
            grouped(seen.unseen as u64),
            format_day(end)
        ));
    }
    if purchases.undated > 0 {
        said.push(format!("{} orders have no date and were left out.", grouped(purchases.undated)));
    }
    said
}

/// What is said of what was fitted; `related` is the [`correlation`].
pub fn warnings(best: &Tried, spend: Option<&(GammaGamma, Estimate)>, seen: &Seen, related: f64) -> Vec<String> {
    let mut said = Vec::new();
    if !best.estimate.converged {
        said.push("The search for the parameters did not come to rest; take the figures with care.".into());
    }
    let model = best.fitted.model;
    let named = model.names().into_iter().zip(model.scales()).zip(best.fitted.parameters);
    let is_far = |is_time: bool, value: f64| {
        let bound = if is_time { 100.0 * BOUND } else { BOUND };
        value > bound || value < 1.0 / bound
    };
    let far: Vec<&str> = named.filter(|((_, time), value)| is_far(*time, *value)).map(|((name, _), _)| name).collect();
    if !far.is_empty() {
        said.push(format!(
            "{} ran to its bound: the orders do not tell how customers differ in it. Where it is about leaving, nobody seems to leave, or all alike.",
            far.join(", ")
        ));
    }
    if best.estimate.covariance.is_none() {
        said.push(
            "How sure the parameters are cannot be told; the interval of the total leaves that out and is too narrow."
                .into(),
        );
    }
    if spend.is_some() && related.abs() > RELATED {
        said.push(format!(
            "Who comes more often spends {} an order (correlation {related:.2}); the model of spending takes the two to be unrelated.",
            if related > 0.0 { "more" } else { "less" }
        ));
    }
    if spend.is_some_and(|(model, _)| model.q <= 1.0) {
        said.push("Spending varies so much that it has no mean (q is not above 1); money expected is missing for customers who came once.".into());
    }
    if spend.is_none() && seen.spending.iter().flatten().count() < 3 {
        said.push("Too few customers spent money on repeat orders; there is no model of spending.".into());
    }
    if seen.without_money > 0 {
        let (count, all) = (seen.without_money as u64, seen.repeaters as u64);
        said.push(format!(
            "{} of {} customers who came again ({}) brought no money then; the model of spending leaves them out.",
            grouped(count),
            grouped(all),
            percent(count, all)
        ));
    }
    said
}

/// First purchases in the first tenth of the time and all, where that is suspicious: new customers keep coming later, but far
/// fewer a day.
fn crowded(seen: &Seen, end: i32, purchases: &PurchaseDays) -> Option<(u64, u64)> {
    let limit = seen.first + (end - seen.first) / 10;
    let half = seen.first + (end - seen.first) / 2;
    let (mut early, mut late, mut all) = (0.0, 0.0, 0u64);
    for customer in 0..purchases.customers() {
        let Some(&first) = purchases.of_customer(customer).0.first().filter(|&&first| first <= end) else { continue };
        all += 1;
        early += f64::from(u8::from(first <= limit));
        late += f64::from(u8::from(first > half));
    }
    let days = |from: i32, to: i32| f64::from((to - from).max(1));
    let (soon, later) = (early / (days(seen.first, limit) + 1.0), late / days(half, end));
    // A cohort that was chosen by its first weeks has nobody later; a shop whose file starts mid-way has.
    (early >= CROWD && late > 0.0 && soon > CROWDED * later).then_some((early as u64, all))
}

/// Pearson's correlation of repeat days and their mean money; 0 where one of them does not vary.
pub fn correlation(seen: &Seen) -> f64 {
    let pairs = || seen.spending.iter().flatten();
    let n = pairs().count() as f64;
    let mean = |of: &dyn Fn(f64, f64) -> f64| pairs().map(|one| of(one.days, one.mean)).sum::<f64>() / n;
    let (x, m) = (mean(&|x, _| x), mean(&|_, m| m));
    let (xx, mm) = (mean(&|a, _| (a - x) * (a - x)), mean(&|_, b| (b - m) * (b - m)));
    let both = mean(&|a, b| (a - x) * (b - m));
    let related = both / (xx * mm).sqrt();
    if related.is_finite() { related } else { 0.0 }
}
