//! What do calculations and functions give for each row?

use crate::error::Result;
use crate::math::masks;
use crate::segment::rules::answer::Answer;
use crate::segment::rules::rows::Rows;
use crate::segment::rules::tree::{Arithmetic, Comparison, Function};
use crate::segment::rules::values::Values;
use crate::segment::rules::words::broken;
use crate::table::bitmap::Bitmap;
use crate::table::date::{MS_PER_DAY, parse_iso_day, to_civil};

/// Two numbers calculated; missing where one is missing or the result is no finite number.
pub fn calculate<'a>(arithmetic: Arithmetic, left: &Rows<f64>, right: &Rows<f64>) -> Rows<'a, f64> {
    let operation = match arithmetic {
        Arithmetic::Add => masks::Operation::Add,
        Arithmetic::Subtract => masks::Operation::Subtract,
        Arithmetic::Multiply => masks::Operation::Multiply,
        Arithmetic::Divide => masks::Operation::Divide,
    };
    let values = masks::calculate(operation, &left.values, &right.values);
    finite(values, left.known.and(&right.known))
}

/// Computed numbers, missing where they are not finite.
fn finite<'a>(values: Vec<f64>, known: Bitmap) -> Rows<'a, f64> {
    let rows = known.len();
    if let [value] = values[..] {
        return Rows::computed(values, if value.is_finite() { known } else { Bitmap::zeros(rows) });
    }
    let finite = Bitmap::from_words(masks::finite(&values), rows);
    Rows::computed(values, known.and(&finite))
}

/// Days (or moments, by their day, UTC) as something told of the day alone. Asked once of each day where they lie close together.
pub fn by_day<'a>(days: Rows<i32>, of: impl Fn(i32) -> f64) -> Rows<'a, f64> {
    /// Days in a table: 180 years.
    const MOST: i64 = 1 << 16;
    let known = days.known.into_owned();
    let values = match days.values.as_ref() {
        [day] => vec![of(*day)],
        days => {
            let (mut low, mut high) = (i32::MAX, i32::MIN);
            known.iter().for_each(|row| (low, high) = (low.min(days[row]), high.max(days[row])));
            let span = i64::from(high) - i64::from(low);
            if (0..MOST).contains(&span) {
                let table: Vec<f64> = (low..=high).map(&of).collect();
                let at = |day: i32| table.get(day.wrapping_sub(low) as u32 as usize).copied().unwrap_or(0.0);
                days.iter().map(|&day| at(day)).collect()
            } else {
                days.iter().map(|&day| of(day)).collect()
            }
        }
    };
    Rows::computed(values, known)
}

/// What a function gives.
///
/// # Errors
/// None for a checked rule.
pub fn call<'a>(function: Function, values: Vec<Values<'a>>, reference: i32, rows: usize) -> Result<Values<'a>> {
    let mut values = values.into_iter();
    let mut next = || values.next().ok_or_else(broken);
    let mut number = || match next()? {
        Values::Number(rows) => Ok(rows),
        _ => Err(broken()),
    };
    Ok(Values::Number(match function {
        Function::ReferenceDate => return Ok(Values::Day(Rows::constant(reference, rows))),
        Function::Length => match next()? {
            Values::Text(words) => words.lengths(),
            Values::List(words) => words.entries()?,
            _ => return Err(broken()),
        },
        Function::Absolute => {
            let rows = number()?;
            Rows::computed(rows.values.iter().map(|value| value.abs()).collect(), rows.known.into_owned())
        }
        Function::Year => by_day(day_of(next()?)?, |day| f64::from(to_civil(day).0)),
        Function::Quarter => by_day(day_of(next()?)?, |day| f64::from((to_civil(day).1 - 1) / 3 + 1)),
        Function::Month => by_day(day_of(next()?)?, |day| f64::from(to_civil(day).1)),
        Function::Day => by_day(day_of(next()?)?, |day| f64::from(to_civil(day).2)),
        Function::Weekday => by_day(day_of(next()?)?, |day| f64::from((i64::from(day) + 3).rem_euclid(7) as u8 + 1)),
        Function::Hour => match next()? {
            Values::Moment(rows) => {
                let hour = |moment: &i64| (moment.rem_euclid(MS_PER_DAY) / 3_600_000) as f64;
                Rows::computed(rows.values.iter().map(hour).collect(), rows.known.into_owned())
            }
            _ => return Err(broken()),
        },
        Function::DaysBetween => {
            let (from, to) = (day_of(next()?)?, day_of(next()?)?);
            let numbers = |days: Rows<i32>| {
                let values = days.values.iter().map(|&day| f64::from(day)).collect();
                Rows::computed(values, days.known.into_owned())
            };
            calculate(Arithmetic::Subtract, &numbers(to), &numbers(from))
        }
        Function::DistanceKm => distance([number()?, number()?, number()?, number()?], 1.0, rows),
        Function::DistanceMiles => distance([number()?, number()?, number()?, number()?], 1.609_344, rows),
        Function::PercentileRank | Function::Random => return Err(broken()),
    }))
}

/// Days of a function's value; a text that was written is a day.
fn day_of(values: Values) -> Result<Rows<i32>> {
    match &values {
        Values::Text(words) => {
            let day = words.written().and_then(|text| parse_iso_day(text).ok()).ok_or_else(broken)?;
            Ok(Rows::constant(day, words.known().len()))
        }
        _ => values.days(),
    }
}

/// Along the sphere (haversine), in units of so many kilometres; missing for what is no place on it.
fn distance<'a>(places: [Rows<f64>; 4], kilometres: f64, rows: usize) -> Rows<'a, f64> {
    const RADIUS: f64 = 6371.0088;
    let everyone = Answer::constant(rows, true);
    let on_earth = places.iter().enumerate().fold(everyone, |sofar, (at, values)| {
        let most = if at % 2 == 0 { 90.0 } else { 180.0 };
        let within = values.with(Comparison::AtLeast, -most).and(&values.with(Comparison::AtMost, most));
        sofar.and(&within)
    });
    let at = |part: usize, row: usize| {
        let values = &places[part].values;
        values[if values.len() == 1 { 0 } else { row }].to_radians()
    };
    let mut values = vec![0.0; rows];
    for row in on_earth.yes.iter() {
        let [from_latitude, from_longitude, to_latitude, to_longitude] = [0, 1, 2, 3].map(|part| at(part, row));
        let half = |from: f64, to: f64| libm::sin((to - from) / 2.0);
        let (north, east) = (half(from_latitude, to_latitude), half(from_longitude, to_longitude));
        let chord = north * north + libm::cos(from_latitude) * libm::cos(to_latitude) * east * east;
        values[row] = 2.0 * RADIUS * libm::asin(chord.sqrt().min(1.0)) / kilometres;
    }
    Rows::computed(values, on_earth.yes.as_ref().clone())
}
