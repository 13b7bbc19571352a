//! A control group drawn from a study's customers: a grouping of "control" and "treated".

use crate::error::{Code, Error, Result};
use crate::segment::grouping::Grouping;
use crate::segment::rules::random::random;
use crate::study::stages::with_info;
use crate::study::study::Study;
use crate::table::figures::{grouped, percent, short};
use crate::table::role::Role;
use crate::value::control::{Design, draw};
use serde_json::{Value, json};

/// What the rows are that a stratifying grouping has no label for.
const UNGROUPED: &str = "(in no group)";

impl Study {
    /// Draws the control group and keeps it under the name of the options, or "Holdout"; what it gives is in the shape of the
    /// public interface. Who is in it is decided by the hash of seed, name and customer id, so that neither the order of the
    /// rows nor new ones move anybody but at the margin. Who is excluded is in neither group.
    ///
    /// # Errors
    /// Those of [`Design::read`] and of names; `not-found` for the segment or grouping; `missing-role` without a customer id.
    pub fn holdout(&mut self, options: &Value) -> Result<Value> {
        let design = Design::read(options)?;
        let name = options["name"].as_str().unwrap_or("Holdout").to_string();
        let seed = options["seed"].as_u64().unwrap_or(self.seed);
        let Some(ids) = self.base.by_role(Role::CustomerId) else {
            let message =
                "A control group is drawn by customer id, and no column has that role. Say which column has the ids.";
            return Err(Error::new(Code::MissingRole, message));
        };
        let ranks = random(ids, &format!("{seed} {name}"));
        let rows = self.base.row_count;
        let of = options["of"].as_str().map(|of| self.found(of)).transpose()?;
        let members = of.map(|segment| self.kept_rows(&segment.answer.yes));
        let is_excluded = |row: usize| self.exclusion.as_ref().is_some_and(|exclusion| exclusion.rows.get(row));
        let by = options["stratifyBy"].as_str().map(|by| self.kept(by)).transpose()?.map(|kept| &kept.grouping);
        let mut labels = by.map_or_else(|| vec!["everyone".to_string()], |by| by.labels.clone());
        let others = labels.len() as i32;
        labels.push(UNGROUPED.into());
        let is_meant = |row: usize| members.as_ref().map_or(!is_excluded(row), |members| members.get(row));
        let stratum = |row: usize| match by.map_or(0, |by| by.assignments[row]) {
            _ if !is_meant(row) || ranks[row].is_nan() => -1,
            group if group < 0 => others,
            group => group,
        };
        let strata: Vec<i32> = (0..rows).map(stratum).collect();
        let control = draw(&strata, &ranks, design.share);
        let assignments = strata.iter().zip(&control).map(|(&stratum, &control)| match stratum {
            ..0 => -1,
            _ => i32::from(!control),
        });
        let grouping =
            Grouping::new(name.as_str(), ["control", "treated"].map(String::from).to_vec(), assignments.collect());
        let counted = |stratum: i32| {
            let own = strata.iter().zip(&control).filter(|(own, _)| **own == stratum);
            own.fold([0u64, 0], |[n, held], (_, &control)| [n + 1, held + u64::from(control)])
        };
        let counts: Vec<[u64; 2]> = (0..=others).map(counted).collect();
        let nameless = (0..rows).filter(|&row| is_meant(row) && ranks[row].is_nan()).count() as u64;
        let mut settings = json!({
            "kind": "holdout", "name": name, "share": design.share, "seed": seed, "rate": design.rate,
            "power": design.power, "alpha": design.alpha,
        });
        for key in ["of", "stratifyBy", "lift"].into_iter().filter(|key| !options[*key].is_null()) {
            settings[key] = options[key].clone();
        }
        if let Some(segment) = of {
            settings["of"] = segment.name.as_str().into();
        }
        let info = self.keep_grouping(grouping, settings.clone(), None, Vec::new())?;
        let [held, treated] = [info.sizes[0] as f64, info.sizes[1] as f64];
        let least = design.detectable(held, treated);
        let mut document = settings;
        document["column"] = document["name"].clone();
        document["control"] = info.sizes[0].into();
        document["treated"] = info.sizes[1].into();
        let strata = labels.iter().zip(&counts).filter(|(_, [n, _])| *n > 0);
        let strata = strata.map(|(label, [n, held])| json!({ "label": label, "n": n, "control": held }));
        document["strata"] = strata.collect();
        document["minimumDetectable"] =
            json!({ "absolute": least, "relative": least.map(|least| least / design.rate) });
        if let Some(lift) = design.lift {
            let ratio = (1.0 - design.share) / design.share;
            let needed = design.needed(design.rate * (1.0 + lift), ratio);
            let (control, others) = (needed.ceil(), (needed * ratio).ceil());
            document["needed"] =
                json!({ "control": control, "treated": others, "enough": held >= control && treated >= others });
        }
        document["sentence"] = sentence(&design, least, [info.sizes[0] as u64, info.sizes[1] as u64]).into();
        document["notices"] = notices(&labels, &counts, nameless).into();
        Ok(with_info(document, info))
    }
}

fn sentence(design: &Design, least: Option<f64>, [held, treated]: [u64; 2]) -> String {
    let share = |share: f64| format!("{} %", short(100.0 * share));
    let found = match least {
        Some(least) => format!(
            "Where {} do so without the campaign, a rise to {} or more ({} more than before) is found in {} of 100 campaigns.",
            share(design.rate),
            share(design.rate + least),
            share(least / design.rate),
            short(100.0 * design.power)
        ),
        None => "These are too few for any rise to be found for sure.".into(),
    };
    format!(
        "{} of {} customers ({}) get no campaign (control), {} get it. {found}",
        grouped(held),
        grouped(held + treated),
        percent(held, held + treated),
        grouped(treated)
    )
}

fn notices(labels: &[String], counts: &[[u64; 2]], nameless: u64) -> Vec<String> {
    let mut notices = Vec::new();
    let all: u64 = counts.iter().map(|[n, _]| n).sum();
    for (label, [n, _]) in labels.iter().zip(counts).filter(|(_, [n, held])| *n > 0 && *held == 0) {
        notices.push(format!(
            "“{label}” has {} of {} customers ({}), too few to give anyone to the control group.",
            grouped(*n),
            grouped(all),
            percent(*n, all)
        ));
    }
    if nameless > 0 {
        let of = all + nameless;
        notices.push(format!(
            "{} of {} customers ({}) have no customer id and are in neither group.",
            grouped(nameless),
            grouped(of),
            percent(nameless, of)
        ));
    }
    notices
}
