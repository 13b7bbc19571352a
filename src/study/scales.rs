//! What do respondents say all in all? Scales of survey answers, kept beside the groupings: their scores are columns for rules
//! and clusters.

use crate::error::{Code, Error, Result};
use crate::features::survey::{ScaleInfo, ScaleOptions, score};
use crate::study::study::{Scaled, Study};
use serde_json::{Value, json};
use std::rc::Rc;

impl Study {
    /// Scores scales and keeps their columns; a scale of the same name is replaced. All of them are kept, or none.
    ///
    /// # Errors
    /// As [`score`]; `bad-option` for the name of a column, a segment or a grouping; those of rules that use a replaced scale.
    pub fn scales(&mut self, wanted: &[ScaleOptions]) -> Result<Vec<ScaleInfo>> {
        let mut scales = self.scales.clone();
        let mut infos = Vec::with_capacity(wanted.len());
        for options in wanted {
            let name = &options.name;
            let taken = self.base.columns.iter().any(|column| column.name == *name)
                || self.segments.iter().any(|segment| segment.name == *name)
                || self.groupings.iter().any(|kept| kept.grouping.name == *name)
                || self.snapshots.iter().any(|kept| kept.name == *name);
            if taken {
                let message =
                    format!("“{name}” is taken. Give the scale a name that no column, segment or grouping has.");
                return Err(Error::new(Code::BadOption, message));
            }
            let (column, info) = score(&self.table, options)?;
            scales.retain(|kept| kept.options.name != *name);
            scales.push(Scaled { options: options.clone(), column: Rc::new(column) });
            infos.push(info);
        }
        let before = std::mem::replace(&mut self.scales, scales);
        if let Err(error) = self.derive() {
            self.scales = before;
            self.derive()?;
            return Err(error);
        }
        Ok(infos)
    }

    /// How the scales are made, for the recipe.
    pub(in crate::study) fn scales_recipe(&self) -> Option<Value> {
        let options = || self.scales.iter().map(|kept| json!(kept.options)).collect();
        (!self.scales.is_empty()).then(options)
    }
}
