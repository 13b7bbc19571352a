//! Cohorts of a study's customers, in the shape of the public interface.

use crate::error::Result;
use crate::features::purchases::PurchaseDays;
use crate::study::study::Study;
use crate::table::date::format_day;
use crate::table::figures::{grouped, percent, short};
use crate::value::cohorts::{Cohort, Cohorts, cohorts};
use crate::value::periods::Period;
use serde_json::{Value, json};

impl Study {
    /// The customers of the study by the period of their first order. Those whom the study excludes are left out.
    ///
    /// # Errors
    /// `missing-role` without orders; `limit-exceeded` for too many cells.
    pub fn cohorts(&self, purchases: &PurchaseDays, by: Period) -> Result<Value> {
        let mut counts = vec![false; purchases.customers()];
        let (mut without, mut rows) = (0, 0);
        for (row, buyer) in self.buyers(purchases)?.into_iter().enumerate() {
            if self.exclusion.as_ref().is_some_and(|exclusion| exclusion.rows.get(row)) {
                continue;
            }
            rows += 1;
            match buyer {
                Some(buyer) => counts[buyer] = true,
                None => without += 1,
            }
        }
        let found = cohorts(purchases, &counts, by)?;
        let without = without + u64::from(found.without_orders);
        let last = by.of(purchases.end);
        let one = |cohort: &Cohort| {
            json!({
                "start": format_day(by.start(cohort.period)),
                "label": by.label(cohort.period),
                "customers": cohort.customers,
                "firstRevenue": cohort.first_revenue,
                "active": cohort.active,
                "orders": cohort.orders,
                "revenue": cohort.revenue,
                "repeated": cohort.repeated,
                "repeatRate": f64::from(cohort.repeated) / f64::from(cohort.customers),
            })
        };
        let incomplete = |cohort: &Cohort| if found.is_last_incomplete { last - cohort.period } else { -1 };
        Ok(json!({
            "by": by.as_str(),
            "definition": self.definition_of_cohorts(by),
            "periods": found.cohorts.first().map_or(0, |first| first.active.len()),
            "cohorts": found.cohorts.iter().map(one).collect::<Vec<Value>>(),
            "incomplete": found.cohorts.iter().map(incomplete).collect::<Vec<i32>>(),
            "average": found.average,
            "withoutOrders": without,
            "refunds": { "n": found.refunds.0, "revenue": found.refunds.1 },
            "notices": self.notices_of_cohorts(&found, purchases, by, (without, rows)),
        }))
    }

    fn definition_of_cohorts(&self, by: Period) -> String {
        let (period, day) = (by.as_str(), format_day(self.reference_date));
        format!(
            "A cohort is all customers whose first order was in the same {period}. Active in a {period}: at least one order in it. Revenue is net of refunds, which count in the {period} in which they were made. Repeated: ordered again on a later day, up to {day}."
        )
    }

    fn notices_of_cohorts(
        &self,
        found: &Cohorts,
        purchases: &PurchaseDays,
        by: Period,
        (without, rows): (u64, u64),
    ) -> Vec<String> {
        let mut notices = Vec::new();
        if found.is_last_incomplete && !found.cohorts.is_empty() {
            let last = by.label(by.of(purchases.end));
            notices.push(format!(
                "{last} is not over on {}: its cells are incomplete, and the averages are without them.",
                format_day(purchases.end)
            ));
        }
        if without > 0 {
            notices.push(format!(
                "{} of {} customers ({}) have no order with a date and are in no cohort.",
                grouped(without),
                grouped(rows),
                percent(without, rows)
            ));
        }
        if let (n @ 1.., money) = found.unplaced {
            let all = n + found.refunds.0;
            notices.push(format!(
                "{} of {} refunds ({}; {} in all) are in no cell: they have no date, are older than the customer's first order, or the customer has none.",
                grouped(n.into()),
                grouped(all.into()),
                percent(n.into(), all.into()),
                short(money)
            ));
        }
        if purchases.undated > 0 {
            notices.push(format!("{} orders have no date and are in no cell.", grouped(purchases.undated)));
        }
        if let Some(exclusion) = &self.exclusion {
            let n = exclusion.rows.count() as u64;
            let all = self.base.row_count as u64;
            notices.push(format!(
                "{} of {} customers ({}) are excluded and in no cohort.",
                grouped(n),
                grouped(all),
                percent(n, all)
            ));
        }
        notices
    }
}
