//! Which value is meant? Columns, literals, calculations and functions as SQL.

use crate::error::{Code, Error, Result};
use crate::export::sql::dialect::Dialect;
use crate::export::sql::groupings::SCORES;
use crate::export::sql::writer::{NOWHERE, Scope, Sql, Writer};
use crate::segment::rules::calendar::{day_of, parse_moment};
use crate::segment::rules::check::{Typed, typed};
use crate::segment::rules::format::format_value;
use crate::segment::rules::tree::{Arithmetic, Function, Operand, Value};
use crate::table::column::ColumnType::{Boolean, Date, List, Number, Text, Time};
use crate::table::date::{MS_PER_DAY, parse_iso_day};

/// The value that stands in for missing ones; none where they stay missing.
pub type StandIn<'a> = Option<&'a Value>;

impl Writer<'_> {
    /// A value of each row, not a literal that takes its type from what it is compared with.
    ///
    /// # Errors
    /// `unsupported` for what the dialect cannot say.
    pub fn operand(&mut self, operand: &Operand, scope: Scope, stand_in: StandIn) -> Result<Sql> {
        let value = scope.schema.resolved(operand)?.clone();
        let dialect = self.dialect();
        let sql = match &value {
            Value::Number(number) => return Ok(Sql::new(dialect.number(*number), Number)),
            Value::Text(text) => return Ok(Sql::new(dialect.text(text)?, Text)),
            Value::Day(day) => return Ok(Sql::new(dialect.day(*day)?, Date)),
            Value::Boolean(truth) => return Ok(Sql::new(self.truth(*truth), Boolean)),
            Value::Parameter(name) => {
                return Err(Error::new(Code::NotFound, format!("The parameter :{name} has no value.")));
            }
            Value::Column(name) => self.named(name, scope)?,
            Value::Calculation(how, sides) => {
                let left = self.calculated(&sides[0], scope, stand_in)?;
                let right = self.calculated(&sides[1], scope, stand_in)?;
                let result = match how {
                    Arithmetic::Divide => format!("({left} / NULLIF({right}, 0))"),
                    how => format!("({left} {} {right})", how.symbol()),
                };
                if dialect.ends_beyond() {
                    self.note("A result beyond the range of 64-bit floats ends with an error here; in the study it is missing.");
                }
                Sql::new(dialect.finite(&result), Number)
            }
            Value::Call(function, operands) => self.call(*function, operands, scope, stand_in)?,
            Value::Orders(aggregate) => self.aggregate(aggregate)?,
        };
        self.filled(sql, stand_in)
    }

    /// A number to calculate with: a 64-bit float also where it is a literal.
    fn calculated(&mut self, operand: &Operand, scope: Scope, stand_in: StandIn) -> Result<String> {
        let sql = self.operand(operand, scope, stand_in)?;
        let literal = matches!(scope.schema.resolved(operand)?, Value::Number(_));
        Ok(if literal { self.dialect().as_number(&sql.text) } else { sql.text })
    }

    /// A column by its name: of the table, or of a grouping of the study.
    ///
    /// # Errors
    /// `unknown-column`; `unsupported` for a grouping that the dialect cannot say.
    pub fn named(&mut self, name: &str, scope: Scope) -> Result<Sql> {
        let kind = scope.schema.column(name, NOWHERE)?;
        if scope.alias == "c"
            && let Some(scores) = &self.scores
            && let Some(at) = SCORES.iter().position(|known| *known == name)
        {
            return Ok(scores[at].clone());
        }
        if scope.alias == "c"
            && let Some((_, at)) = self.setting.derived.iter().find(|(known, _)| known == name)
        {
            return self.derived(name, *at);
        }
        let dialect = self.dialect();
        let column = format!("{}.{}", scope.alias, dialect.name(name)?);
        if kind == List {
            let mark = &self.setting.mark;
            self.note(format!("“{name}” holds lists: texts with “{mark}” between the values and nothing else."));
        }
        let text = match kind {
            Number => dialect.as_number(&column),
            Date => dialect.as_day(&column),
            Time => dialect.as_moment(&column),
            Text | Boolean | List => column,
        };
        Ok(Sql { text, kind, mark: self.setting.mark.clone() })
    }

    fn filled(&self, sql: Sql, stand_in: StandIn) -> Result<Sql> {
        let Some(value) = stand_in else { return Ok(sql) };
        let Some(literal) = self.stand_in(value, &sql)? else { return Ok(sql) };
        Ok(Sql { text: format!("COALESCE({}, {literal})", sql.text), ..sql })
    }

    /// What stands in for a missing value of a type; none where it is of another type.
    fn stand_in(&self, value: &Value, sql: &Sql) -> Result<Option<String>> {
        let dialect = self.dialect();
        let moment = match value {
            Value::Day(day) => Some(i64::from(*day) * MS_PER_DAY),
            Value::Text(text) => match parse_iso_day(text) {
                Ok(day) => Some(i64::from(day) * MS_PER_DAY),
                Err(_) => parse_moment(text),
            },
            _ => None,
        };
        Ok(match (sql.kind, value) {
            (Number, Value::Number(number)) => Some(dialect.as_number(&dialect.number(*number))),
            (List, Value::Text(text)) if text.contains(&sql.mark) => {
                return Err(dialect.unsupported(
                    &format!("treat missing as {}", format_value(value)),
                    "it has the character that parts the values of lists.",
                ));
            }
            (Text | List, Value::Text(text)) => Some(dialect.text(text)?),
            (Date, _) => moment.map(|moment| dialect.day(day_of(moment))).transpose()?,
            (Time, _) => moment.map(|moment| dialect.moment(moment)).transpose()?,
            (Boolean, _) => match typed("", Boolean, &value.clone().operand(), &self.setting.customers().schema) {
                Ok(Typed::Boolean(truth)) => Some(self.truth(truth)),
                _ => None,
            },
            _ => None,
        })
    }

    /// Yes or no as a value.
    pub fn truth(&self, truth: bool) -> String {
        match (self.dialect(), truth) {
            (Dialect::TSql | Dialect::Sqlite, truth) => u8::from(truth).to_string(),
            (_, true) => "TRUE".into(),
            (_, false) => "FALSE".into(),
        }
    }

    /// A day, or the day of a moment.
    pub fn day_of(&self, sql: &Sql) -> String {
        if sql.kind == Time { self.dialect().as_day(&sql.text) } else { sql.text.clone() }
    }

    /// A literal or another value as a day.
    fn day_operand(&mut self, operand: &Operand, scope: Scope, stand_in: StandIn) -> Result<String> {
        if let Value::Text(text) = scope.schema.resolved(operand)?
            && let Ok(day) = parse_iso_day(text)
        {
            return self.dialect().day(day);
        }
        let sql = self.operand(operand, scope, stand_in)?;
        Ok(self.day_of(&sql))
    }

    fn call(&mut self, function: Function, operands: &[Operand], scope: Scope, stand_in: StandIn) -> Result<Sql> {
        let dialect = self.dialect();
        let number = |text: String| Sql::new(dialect.as_number(&text), Number);
        let first = || operands.first().ok_or_else(|| Error::new(Code::Internal, "A function lost its value."));
        Ok(match function {
            Function::ReferenceDate => Sql::new(dialect.day(self.setting.reference_date)?, Date),
            Function::Length => number(self.length(first()?, scope, stand_in)?),
            Function::Absolute => {
                let value = self.calculated(first()?, scope, stand_in)?;
                Sql::new(format!("ABS({value})"), Number)
            }
            Function::Year | Function::Quarter | Function::Month | Function::Day | Function::Weekday => {
                let day = self.day_operand(first()?, scope, stand_in)?;
                number(dialect.part(function, &day))
            }
            Function::Hour => {
                let moment = self.operand(first()?, scope, stand_in)?;
                number(dialect.part(function, &moment.text))
            }
            Function::DaysBetween => {
                let from = self.day_operand(&operands[0], scope, stand_in)?;
                let to = self.day_operand(&operands[1], scope, stand_in)?;
                number(dialect.days_between(&from, &to))
            }
            Function::DistanceKm | Function::DistanceMiles => {
                let places = operands
                    .iter()
                    .map(|operand| self.calculated(operand, scope, stand_in))
                    .collect::<Result<Vec<_>>>()?;
                self.note("Distances may differ from the study's in the last of 16 digits.");
                Sql::new(distance(dialect, &places, function == Function::DistanceMiles), Number)
            }
            Function::PercentileRank => self.percentile_rank(operands, scope)?,
            Function::Random => self.random(operands, scope)?,
        })
    }

    /// Of the column itself: what stands in for missing values stands in for the number that is drawn.
    fn random(&mut self, operands: &[Operand], scope: Scope) -> Result<Sql> {
        let dialect = self.dialect();
        let value = self.operand(&operands[0], scope, None)?;
        let Value::Text(seed) = scope.schema.resolved(&operands[1])? else {
            return Err(Error::new(Code::RuleType, "random(…) takes a seed in single quotes second."));
        };
        let text = match value.kind {
            Text => value.text,
            Number => {
                self.note("Only whole numbers below 10^15 can be drawn by random(…) here; others are missing.");
                dialect.whole_digits(&value.text, "1e15")
            }
            Date => dialect.iso(&value.text),
            _ => {
                return Err(
                    dialect.unsupported("random(…) of a time", "moments are written differently there. Take an id.")
                );
            }
        };
        let salted = dialect.joined(&[dialect.text(&format!("{seed}\n"))?, text]);
        let bits = dialect.as_number(&dialect.first_bits(&salted)?);
        Ok(Sql::new(format!("({bits} / {} * 100)", dialect.as_number("4503599627370496")), Number))
    }
}

/// Along the sphere of radius 6371.0088 km; missing for places that are none.
fn distance(dialect: Dialect, places: &[String], miles: bool) -> String {
    let [from_latitude, from_longitude, to_latitude, to_longitude] = places else { return "NULL".into() };
    let half = |a: &str, b: &str| format!("SIN(RADIANS({b} - {a}) / 2)");
    let (north, east) = (half(from_latitude, to_latitude), half(from_longitude, to_longitude));
    let cosines = format!("COS(RADIANS({from_latitude})) * COS(RADIANS({to_latitude}))");
    let kilometres = dialect.as_number(if miles { "12742.0176e0 / 1.609344e0" } else { "12742.0176e0" });
    let square = format!("{north} * {north} + {cosines} * {east} * {east}");
    // Rounding may lead beyond 1 for places that are opposite.
    let root = format!("SQRT(CASE WHEN {square} > 1 THEN 1 ELSE {square} END)");
    let known = format!(
        "ABS({from_latitude}) <= 90 AND ABS({to_latitude}) <= 90 AND ABS({from_longitude}) <= 180 AND ABS({to_longitude}) <= 180"
    );
    format!("CASE WHEN {known} THEN {kilometres} * ASIN({root}) END")
}
