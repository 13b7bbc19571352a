//! The chosen columns as one matrix of scaled numbers: quick tiles in 32 bits for the search, exact values in 64 bits where
//! they decide.

use crate::error::Result;
use crate::features::scale::Scale;
use crate::math::lanes::Scalar;
use crate::math::stats::BLOCK;
use crate::math::tiles::{TILE, Tiles};
use crate::table::bitmap::Bitmap;
use crate::table::column::Data;
use crate::table::date::MS_PER_DAY;
use crate::table::table::Table;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::ops::Range;
use std::rc::Rc;

/// Rows whose cells are brought over together, so that the tiles they land in stay in the cache.
const CHUNK: usize = 2_048;
/// Rows whose quick tiles are made and filled at once, likewise.
const LOADED: usize = 4 * CHUNK;

/// One column as it enters the comparison.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Feature {
    /// Name of the column.
    pub column: String,
    /// How its values are scaled.
    pub scale: Scale,
    /// What stands in for a missing value, in own units; without it rows with missing values are left out.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub fill: Option<f64>,
    /// Of a column used as a category: the one level this feature tells of. Its value is 1 where the column has that level,
    /// else 0. The features of one column's levels lie side by side.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub level: Option<Level>,
}

/// A value of a category.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Level {
    /// This text; of numbers and yes/no columns, the value as text ("2", "true").
    Text(String),
    /// No value.
    Missing,
    /// Any value but these, which have features of their own.
    Other(Vec<String>),
}

impl Feature {
    /// What a reader calls it: the column, or "column = level".
    pub fn name(&self) -> String {
        match &self.level {
            None => self.column.clone(),
            Some(Level::Text(text)) => format!("{} = {text}", self.column),
            Some(Level::Missing) => format!("{} is missing", self.column),
            Some(Level::Other(_)) => format!("{} is another", self.column),
        }
    }

    /// The numbers it makes of a table, before any scaling; nothing where the column does not suit.
    ///
    /// # Errors
    /// `unknown-column`.
    pub fn values<'a>(&self, table: &'a Table) -> Result<Option<Values<'a>>> {
        let column = table.column(&self.column)?;
        Ok(match (&self.level, &column.data) {
            (None, _) => Values::of(table, &self.column)?,
            (Some(Level::Missing), _) => Some(Values::Gone(&column.valid)),
            (Some(Level::Text(text)), Data::Text(texts)) => {
                let code = texts.values().position(|value| value == text).map_or(u32::MAX, |code| code as u32);
                Some(Values::Code(texts.codes(), &column.valid, code))
            }
            (Some(Level::Other(known)), Data::Text(texts)) => {
                let rest = texts.values().map(|value| known.iter().all(|text| text != value)).collect();
                Some(Values::Codes(texts.codes(), &column.valid, rest))
            }
            (Some(Level::Other(known)), Data::Number(values)) => {
                let known = known.iter().map(|text| text.parse().unwrap_or(f64::NAN)).collect();
                Some(Values::Unlike(values, known))
            }
            (Some(Level::Text(text)), Data::Number(values)) => {
                Some(Values::Equal(values, text.parse().unwrap_or(f64::NAN)))
            }
            (Some(Level::Text(text)), Data::Boolean(values)) => {
                Some(Values::Flag(values, &column.valid, text == "true"))
            }
            _ => None,
        })
    }
}

/// Which rows of the table are used.
#[derive(Clone, Debug, PartialEq)]
pub enum Rows {
    /// Every one of so many.
    All(usize),
    /// These, rising.
    Some(Vec<u32>),
}

impl Rows {
    /// Number of rows used.
    pub fn len(&self) -> usize {
        match self {
            Rows::All(count) => *count,
            Rows::Some(rows) => rows.len(),
        }
    }

    /// Whether none is used.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The table's row at a position.
    #[inline(always)]
    pub fn at(&self, position: usize) -> usize {
        match self {
            Rows::All(_) => position,
            Rows::Some(rows) => rows[position] as usize,
        }
    }
}

/// The values of a column as numbers: dates and times in days, yes as 1 and no as 0, NaN where missing.
#[derive(Clone, Debug)]
pub enum Values<'a> {
    /// Numbers.
    Numbers(&'a [f64]),
    /// Days.
    Days(&'a [i32]),
    /// Milliseconds.
    Times(&'a [i64]),
    /// Set and valid bits.
    Flags(&'a Bitmap, &'a Bitmap),
    /// 1 where a code is the wanted one: codes, valid bits.
    Code(&'a [u32], &'a Bitmap, u32),
    /// 1 where a code is one of those set: codes, valid bits.
    Codes(&'a [u32], &'a Bitmap, Vec<bool>),
    /// 1 where a number is the wanted one.
    Equal(&'a [f64], f64),
    /// 1 where a number is none of these.
    Unlike(&'a [f64], Vec<f64>),
    /// 1 where a flag is the wanted one: set bits, valid bits.
    Flag(&'a Bitmap, &'a Bitmap, bool),
    /// 1 where there is no value: valid bits.
    Gone(&'a Bitmap),
}

impl<'a> Values<'a> {
    /// A column's values, or nothing when it holds text or is not in memory.
    pub fn of(table: &'a Table, name: &str) -> Result<Option<Values<'a>>> {
        let column = table.column(name)?;
        Ok(match &column.data {
            Data::Number(values) => Some(Values::Numbers(values)),
            Data::Date(values) => Some(Values::Days(values)),
            Data::Time(values) => Some(Values::Times(values)),
            Data::Boolean(values) => Some(Values::Flags(values, &column.valid)),
            Data::Text(_) | Data::List(_) | Data::Unloaded(_) => None,
        })
    }

    /// The value of a row.
    #[inline(always)]
    pub fn get(&self, row: usize) -> f64 {
        match self {
            Values::Numbers(values) => values[row],
            Values::Days(values) if values[row] == Data::NO_DAY => f64::NAN,
            Values::Days(values) => f64::from(values[row]),
            Values::Times(values) if values[row] == Data::NO_TIME => f64::NAN,
            Values::Times(values) => values[row] as f64 / MS_PER_DAY as f64,
            Values::Flags(_, valid) if !valid.get(row) => f64::NAN,
            Values::Flags(values, _) => f64::from(u8::from(values.get(row))),
            Values::Code(_, valid, _) | Values::Codes(_, valid, _) | Values::Flag(_, valid, _) if !valid.get(row) => {
                f64::NAN
            }
            Values::Code(codes, _, wanted) => f64::from(u8::from(codes[row] == *wanted)),
            Values::Codes(codes, _, wanted) => f64::from(u8::from(wanted[codes[row] as usize])),
            Values::Equal(values, _) | Values::Unlike(values, _) if values[row].is_nan() => f64::NAN,
            Values::Equal(values, wanted) => f64::from(u8::from(values[row] == *wanted)),
            Values::Unlike(values, known) => f64::from(u8::from(!known.contains(&values[row]))),
            Values::Flag(values, _, wanted) => f64::from(u8::from(values.get(row) == *wanted)),
            Values::Gone(valid) => f64::from(u8::from(!valid.get(row))),
        }
    }

    /// The values at some positions of `rows`; borrowed where they lie side by side already.
    pub fn at(&self, rows: &Rows, positions: Range<usize>) -> Cow<'a, [f64]> {
        match (self, rows) {
            (Values::Numbers(values), Rows::All(_)) => Cow::Borrowed(&values[positions]),
            _ => Cow::Owned(positions.map(|position| self.get(rows.at(position))).collect()),
        }
    }
}

/// Writes the scaled values of some positions of `rows` into tiles, from the first tile on; `unit` multiplies every one.
/// Without a fill a missing value becomes NaN.
///
/// # Errors
/// `unknown-column`; columns that hold no numbers give NaN.
pub fn scaled<T: Scalar>(
    table: &Table,
    features: &[Feature],
    rows: &Rows,
    positions: Range<usize>,
    unit: f64,
    out: &mut [[T; TILE]],
) -> Result<()> {
    let width = features.len();
    let sources = features.iter().map(|feature| feature.values(table)).collect::<Result<Vec<Option<Values<'_>>>>>()?;
    for start in positions.clone().step_by(CHUNK) {
        let chunk = start..(start + CHUNK).min(positions.end);
        let first_tile = (start - positions.start) / TILE * width;
        for (index, (feature, source)) in features.iter().zip(&sources).enumerate() {
            let mut own = match source {
                Some(values) => values.at(rows, chunk.clone()),
                None => Cow::Owned(vec![f64::NAN; chunk.len()]),
            };
            if let Some(fill) = feature.fill {
                own.to_mut().iter_mut().filter(|value| value.is_nan()).for_each(|value| *value = fill);
            }
            let scale = &feature.scale;
            if scale.transform.bends() {
                own.to_mut().iter_mut().for_each(|value| *value = scale.shape(*value));
            }
            let (center, factor) = (scale.center, scale.factor());
            T::fill(&mut out[first_tile + index..], width, &own, (center, factor, unit));
        }
    }
    Ok(())
}

/// Where exact values come from.
#[derive(Clone, Debug)]
enum Exact {
    /// They are kept.
    Kept(Tiles<f64>),
    /// They are made again from the table whenever they are needed: a million rows need no second copy.
    Table(Rc<Table>, Rc<Vec<Feature>>, Rc<Rows>),
}

/// Rows × features, scaled and centred.
#[derive(Clone, Debug)]
pub struct Matrix {
    fast: Tiles<f32>,
    unit: f64,
    exact: Exact,
    groups: Groups,
}

/// Which features are the levels of one category, side by side; features in no group are numbers.
pub type Groups = Rc<Vec<Range<usize>>>;

impl Matrix {
    /// A small matrix of which everything is kept.
    pub fn kept(exact: Tiles<f64>, groups: Groups) -> Matrix {
        let largest = exact.values().iter().flatten().fold(0.0, |largest: f64, value| largest.max(value.abs()));
        Matrix::part(exact, unit_for(largest), groups)
    }

    /// A part of a larger matrix with this unit; everything of it is kept.
    pub fn part(exact: Tiles<f64>, unit: f64, groups: Groups) -> Matrix {
        let mut fast = Tiles::zeros(exact.rows(), exact.features());
        for (to, from) in fast.values_mut().iter_mut().zip(exact.values()) {
            *to = from.map(|value| (value * unit) as f32);
        }
        Matrix { fast, unit, exact: Exact::Kept(exact), groups }
    }

    /// The matrix of a table's rows whose quick values are still to be written, block by block, by [`Matrix::load`].
    /// `largest` is the largest absolute scaled value.
    pub fn of_table(table: Rc<Table>, features: Rc<Vec<Feature>>, rows: Rc<Rows>, largest: f64) -> Matrix {
        let fast = Tiles::reserved(rows.len(), features.len());
        let groups = Rc::new(groups(&features));
        Matrix { fast, unit: unit_for(largest), exact: Exact::Table(table, features, rows), groups }
    }

    /// Which features are one category.
    pub fn groups(&self) -> &Groups {
        &self.groups
    }

    /// Writes the quick values of one block.
    ///
    /// # Errors
    /// `unknown-column` when the table is not the one prepared.
    pub fn load(&mut self, block: usize) -> Result<()> {
        let range = self.block(block);
        if let Exact::Table(table, features, rows) = &self.exact {
            for start in range.clone().step_by(LOADED) {
                let piece = start..range.end.min(start + LOADED);
                scaled(table, features, rows, piece.clone(), self.unit, self.fast.part_mut(piece))?;
            }
        }
        Ok(())
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.fast.rows()
    }

    /// Number of features.
    pub fn features(&self) -> usize {
        self.fast.features()
    }

    /// Number of blocks of rows.
    pub fn blocks(&self) -> usize {
        self.rows().div_ceil(BLOCK)
    }

    /// The rows of a block.
    pub fn block(&self, block: usize) -> Range<usize> {
        block * BLOCK..((block + 1) * BLOCK).min(self.rows())
    }

    /// The quick values, multiplied by [`Matrix::unit`] so that none overflows when squared.
    pub fn fast(&self) -> &Tiles<f32> {
        &self.fast
    }

    /// The power of two that quick values were multiplied by.
    pub fn unit(&self) -> f64 {
        self.unit
    }

    /// The quick tiles of a block of rows, and what they were multiplied by.
    pub fn quick(&self, block: usize) -> (&[[f32; TILE]], f64) {
        let (range, width) = (self.block(block), self.features());
        (&self.fast.values()[range.start / TILE * width..range.end.div_ceil(TILE) * width], self.unit)
    }

    /// The exact tiles of a block of rows.
    ///
    /// # Errors
    /// `unknown-column` when the table is not the one prepared.
    pub fn exact(&self, block: usize) -> Result<Cow<'_, [[f64; TILE]]>> {
        match &self.exact {
            Exact::Kept(kept) => {
                let (range, width) = (self.block(block), self.features());
                Ok(Cow::Borrowed(&kept.values()[range.start / TILE * width..range.end.div_ceil(TILE) * width]))
            }
            Exact::Table(..) => {
                let mut made = Vec::new();
                self.exact_in(block, &mut made)?;
                Ok(Cow::Owned(made))
            }
        }
    }

    /// The same, written over what `scratch` holds where it must be made.
    ///
    /// # Errors
    /// As [`Matrix::exact`].
    pub fn exact_in<'a>(&'a self, block: usize, scratch: &'a mut Vec<[f64; TILE]>) -> Result<&'a [[f64; TILE]]> {
        let (range, width) = (self.block(block), self.features());
        let tiles = range.start / TILE * width..range.end.div_ceil(TILE) * width;
        match &self.exact {
            Exact::Kept(kept) => Ok(&kept.values()[tiles]),
            Exact::Table(table, features, rows) => {
                scratch.resize(tiles.len(), [0.0; TILE]);
                scaled(table, features, rows, range, 1.0, scratch)?;
                Ok(scratch)
            }
        }
    }

    /// A small matrix of some rows, rising; everything of it is kept.
    ///
    /// # Errors
    /// `unknown-column` when the table is not the one prepared.
    pub fn sample(&self, positions: &[usize]) -> Result<Matrix> {
        match &self.exact {
            Exact::Kept(kept) => Ok(Matrix::kept(kept.select(positions), Rc::clone(&self.groups))),
            Exact::Table(table, features, rows) => {
                let chosen = Rows::Some(positions.iter().map(|&position| rows.at(position) as u32).collect());
                let mut tiles = Tiles::zeros(positions.len(), features.len());
                scaled(table, features, &chosen, 0..positions.len(), 1.0, tiles.values_mut())?;
                Ok(Matrix::kept(tiles, Rc::clone(&self.groups)))
            }
        }
    }
}

/// The ranges of features that tell of levels of the same column.
pub fn groups(features: &[Feature]) -> Vec<Range<usize>> {
    let mut groups: Vec<Range<usize>> = Vec::new();
    for (at, feature) in features.iter().enumerate().filter(|(_, feature)| feature.level.is_some()) {
        match groups.last_mut() {
            Some(group) if group.end == at && features[at - 1].column == feature.column => group.end = at + 1,
            _ => groups.push(at..at + 1),
        }
    }
    groups
}

/// The power of two that brings `largest` to about 1: it changes no digit, only the exponent.
fn unit_for(largest: f64) -> f64 {
    let exponent = if largest > 0.0 { libm::frexp(largest).1 } else { 0 };
    libm::ldexp(1.0, -exponent.clamp(-1_000, 1_000))
}
