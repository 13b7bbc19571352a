//! Life-cycle stages of a study's customers: a grouping with the columns that it rests on.

use crate::error::Result;
use crate::features::purchases::PurchaseDays;
use crate::segment::grouping::Grouping;
use crate::study::study::Study;
use crate::study::views::GroupingInfo;
use crate::table::bitmap::Bitmap;
use crate::table::column::Column;
use crate::table::figures::{grouped, percent, short};
use crate::table::role::Role;
use crate::value::stages::{Course, NO_RHYTHM, Plan, STAGES, file_rhythm};
use serde_json::{Value, json};
use std::rc::Rc;

/// Columns that stages add, for rules.
const COLUMNS: [&str; 5] =
    ["order_days", "days_since_order", "days_between_orders", "rhythms_since_order", "pause_before_order"];
/// Customers with a pause below which the file's rhythm is doubtful.
const FEW: usize = 30;

impl Study {
    /// Puts every customer into a stage and keeps the stages under the name of the options, or "Stages"; what it gives is in the
    /// shape of the public interface. Rows without a customer id are in none.
    ///
    /// # Errors
    /// Those of [`Plan::read`] and of names; `missing-role` without orders.
    pub fn stages(&mut self, purchases: &PurchaseDays, options: &Value) -> Result<Value> {
        let (rhythm, known_from) = file_rhythm(purchases);
        let plan = Plan::read(options, rhythm)?;
        let name = options["name"].as_str().unwrap_or("Stages");
        let rows = self.base.row_count;
        let buyers = self.buyers(purchases)?;
        let known = self.base.by_role(Role::CustomerId).map_or_else(|| Bitmap::zeros(rows), |ids| ids.valid.clone());
        let is_somebody = |row: usize| known.get(row);
        let courses: Vec<Course> = buyers
            .iter()
            .map(|buyer| plan.course(buyer.map_or(&[][..], |buyer| purchases.of_customer(buyer).0), purchases.end))
            .collect();
        let stage = |row: usize| if is_somebody(row) { plan.stage(&courses[row]) as i32 } else { -1 };
        let grouping =
            Grouping::new(name, STAGES.map(String::from).to_vec(), (0..rows).map(stage).collect::<Vec<i32>>());
        let column = |(name, of): (&str, &dyn Fn(&Course) -> f64)| {
            let value = |row: usize| if is_somebody(row) { of(&courses[row]) } else { f64::NAN };
            Rc::new(Column::number(name, Role::Other, (0..rows).map(value).collect()))
        };
        let figures: [&dyn Fn(&Course) -> f64; 5] = [
            &|course| course.order_days,
            &|course| course.since_last,
            &|course| course.rhythm,
            &|course| course.since_last / course.rhythm,
            &|course| course.pause,
        ];
        let columns = COLUMNS.into_iter().zip(figures).map(column).collect();
        let is_own = |course: &&Course| course.pause > 0.0;
        let (own, ordered) =
            (courses.iter().filter(is_own).count(), courses.iter().filter(|course| course.order_days > 0.0).count());
        let by = if plan.by_rhythm { "rhythm" } else { "days" };
        let settings = json!({
            "kind": "stages", "name": name, "by": by, "rhythm": plan.rhythm, "newDays": plan.new_days,
            "atRiskAfter": plan.at_risk_after, "lapsedAfter": plan.lapsed_after, "columns": COLUMNS,
        });
        let info = self.keep_grouping(grouping, settings.clone(), None, columns)?;
        let mut notices = Vec::new();
        if !options["rhythm"].is_number() && rhythm.is_nan() {
            notices.push(format!(
                "Nobody has ordered on two days, so that no rhythm is known; {NO_RHYTHM} days stand in for it."
            ));
        } else if known_from < FEW && !options["rhythm"].is_number() {
            notices.push(format!("The file's rhythm is that of {known_from} customers only, and may be another."));
        }
        if plan.by_rhythm && ordered > own {
            let (n, all) = ((ordered - own) as u64, ordered as u64);
            notices.push(format!(
                "{} of {} customers with orders ({}) have ordered on one day only: the file's rhythm of {} days stands for theirs.",
                grouped(n),
                grouped(all),
                percent(n, all),
                short(plan.rhythm)
            ));
        }
        if purchases.undated > 0 {
            let n = grouped(purchases.undated);
            notices.push(format!("{n} orders have no date. Who has no others counts as a prospect."));
        }
        let nobody = known.not().count() as u64;
        if nobody > 0 {
            let (n, all) = (grouped(nobody), grouped(rows as u64));
            notices.push(format!(
                "{n} of {all} rows ({}) have no customer id and no stage.",
                percent(nobody, rows as u64)
            ));
        }
        let mut document = settings;
        document["definition"] = definition(&plan).into();
        document["notices"] = notices.into();
        Ok(with_info(document, info))
    }
}

/// A document with the facts of the grouping that it tells of.
pub(in crate::study) fn with_info(mut document: Value, info: GroupingInfo) -> Value {
    document["name"] = info.name.into();
    document["labels"] = info.labels.into();
    document["sizes"] = info.sizes.into();
    document["rules"] = info.rules.into();
    document
}

fn definition(plan: &Plan) -> String {
    let (rhythm, new) = (short(plan.rhythm), short(plan.new_days));
    let span = |number: f64| {
        let unit = if plan.by_rhythm { "times the customer's rhythm" } else { "days" };
        format!("{} {unit}", short(number))
    };
    let (risk, lapsed) = (span(plan.at_risk_after), span(plan.lapsed_after));
    let of_rhythm = if plan.by_rhythm {
        format!(
            " A customer's rhythm is the median number of days between order days, drawn towards the file's {rhythm} days where there are few."
        )
    } else {
        String::new()
    };
    format!(
        "Prospect: no order. Lapsed: the last order is more than {lapsed} ago. At risk: more than {risk}. New: the first order is at most {new} days ago. Reactivated: came back after a pause of more than {lapsed}. Active: all others. The first that is true decides, prospect, lapsed and at risk before new.{of_rhythm}"
    )
}
