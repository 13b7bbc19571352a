//! What is the outcome of each row, and by what is it told? Columns of the table as the models of outcomes take them.

use crate::error::{Code, Error, Result};
use crate::features::matrix;
use crate::table::column::{Column, Data};
use crate::table::table::Table;
use crate::value::design::{Input, MISSING, Values};
use serde_json::Value;

/// Of each row whether the outcome is there (1, 0, NaN where unknown), and how the value that counts is called.
pub(in crate::study) fn yes_or_no(table: &Table, column: &Column, positive: &Value) -> Result<(Vec<f64>, String)> {
    let name = &column.name;
    let truth = |truth: bool| f64::from(u8::from(truth));
    let by_row = |of: &dyn Fn(usize) -> f64| -> Vec<f64> {
        (0..table.row_count).map(|row| if column.valid.get(row) { of(row) } else { f64::NAN }).collect()
    };
    let which = |found: &str| {
        Error::new(
            Code::BadOption,
            format!("Which value of “{name}” is the outcome? Say it as “positive”; there are {found}."),
        )
        .column(name)
    };
    match &column.data {
        Data::Boolean(truths) => {
            let wanted = match positive {
                Value::Null => true,
                Value::Bool(wanted) => *wanted,
                other => match other.as_str().map(str::to_lowercase).as_deref() {
                    Some("yes" | "true" | "y" | "1") => true,
                    Some("no" | "false" | "n" | "0") => false,
                    _ => return Err(which("“yes” and “no”")),
                },
            };
            Ok((by_row(&|row| truth(truths.get(row) == wanted)), if wanted { "yes".into() } else { "no".into() }))
        }
        Data::Number(numbers) => {
            let is_flag = numbers.iter().all(|&one| one.is_nan() || one == 0.0 || one == 1.0);
            let wanted = match positive.as_f64().or_else(|| positive.as_str()?.trim().parse().ok()) {
                Some(wanted) => wanted,
                None if is_flag && positive.is_null() => 1.0,
                None if is_flag => return Err(which("0 and 1")),
                None => return Err(which("numbers other than 0 and 1")),
            };
            Ok((
                by_row(&|row| if numbers[row].is_nan() { f64::NAN } else { truth(numbers[row] == wanted) }),
                wanted.to_string(),
            ))
        }
        Data::Text(texts) => {
            let values: Vec<&str> = texts.values().collect();
            let usual = || {
                let is_yes = |value: &&str| ["yes", "true", "y", "1"].contains(&value.to_lowercase().as_str());
                values.iter().copied().find(is_yes).filter(|_| values.len() == 2)
            };
            let wanted = positive.as_str().or_else(usual);
            let found = wanted.and_then(|wanted| Some((wanted, values.iter().position(|value| *value == wanted)?)));
            let Some((wanted, code)) = found else {
                let some: Vec<String> = values.iter().take(6).map(|value| format!("“{value}”")).collect();
                return Err(which(&some.join(", ")));
            };
            let codes = texts.codes();
            Ok((by_row(&|row| truth(codes[row] as usize == code)), format!("“{wanted}”")))
        }
        _ => Err(Error::new(Code::WrongType, format!("“{name}” is neither a category, a number nor yes or no."))
            .column(name)),
    }
}

/// A column of the table to tell an outcome by.
pub(in crate::study) fn input(table: &Table, name: &str) -> Result<Input> {
    let column = table.column(name)?;
    let values = match &column.data {
        Data::Text(texts) => {
            let codes = texts.codes();
            let code = |row: usize| if column.valid.get(row) { codes[row] } else { MISSING };
            Values::Levels((0..table.row_count).map(code).collect(), texts.values().map(String::from).collect())
        }
        _ => match matrix::Values::of(table, name)? {
            Some(values) => Values::Numbers((0..table.row_count).map(|row| values.get(row)).collect()),
            None => {
                let message = format!(
                    "“{name}” holds neither numbers, days, categories nor yes or no. Leave it out of “features”."
                );
                return Err(Error::new(Code::WrongType, message).column(name));
            }
        },
    };
    Ok(Input { name: column.name.clone(), values })
}
