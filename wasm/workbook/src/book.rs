//! Which sheets does a workbook have, and which one is meant?

use crate::bytes::Source;
use crate::convert::Convert;
use crate::extent::Extent;
use crate::look::Safe;
use crate::refuse::{damaged, locked};
use crate::tally::{Kind, Tally};
use calamine::{Ods, OdsError, Reader, Sheet as Found, SheetType, SheetVisible, Xlsx, XlsxError};
use marquetry::error::{Code, Error, Result};
use marquetry::table::figures::grouped;
use marquetry::table::finding::Question;
use serde::Serialize;
use std::collections::BTreeMap;

/// One sheet, as people choose it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// Whether the spreadsheet program shows it.
    pub visible: bool,
    /// Rows of the smallest box around all values.
    pub rows: u64,
    /// Columns of it.
    pub columns: u32,
    #[serde(skip)]
    pub(crate) extent: Extent,
}

impl Sheet {
    fn new(found: &Found, extent: Extent) -> Sheet {
        let visible = found.visible == SheetVisible::Visible;
        Sheet { name: found.name.clone(), visible, rows: extent.rows(), columns: extent.columns(), extent }
    }

    /// `Orders (5,000 × 12)`.
    fn label(&self) -> String {
        let hidden = if self.visible { "" } else { ", hidden" };
        format!("{} ({} × {}{hidden})", self.name, grouped(self.rows), grouped(u64::from(self.columns)))
    }
}

/// Which sheet was asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum Choice {
    /// By its name.
    Name(String),
    /// By its place, from 0.
    Index(usize),
}

/// An open workbook.
pub struct Book {
    pub(crate) reader: Opened,
    sheets: Vec<Sheet>,
}

pub(crate) enum Opened {
    Xlsx(Box<Xlsx<Source>>),
    Ods(Ods<Source>),
}

impl std::fmt::Debug for Book {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Book({:?})", self.sheets)
    }
}

impl Book {
    /// Opens a workbook that was looked at.
    ///
    /// # Errors
    /// `bad-workbook`, `password-protected`, `not-text` for archives of another kind.
    pub fn open(safe: Safe) -> Result<Book> {
        let Safe { bytes, mut parts } = safe;
        if let Some(Tally { kind: Kind::Document(document), .. }) = parts.remove("content.xml") {
            let reader = Ods::new(Source::new(bytes)).map_err(ods)?;
            let sheets = pair(reader.sheets_metadata(), document.sheets.into_iter())?;
            return Ok(Book { reader: Opened::Ods(reader), sheets });
        }
        let paths = sheet_paths(&parts)?;
        let reader = Xlsx::new(Source::new(bytes)).map_err(xlsx)?;
        let extents = paths.iter().map(|path| match parts.remove(path) {
            Some(Tally { kind: Kind::Sheet(cells), .. }) => cells.extent,
            _ => Extent::default(),
        });
        let mut sheets = pair(reader.sheets_metadata(), extents)?;
        let tables = reader.sheets_metadata().iter().map(|found| found.typ == SheetType::WorkSheet);
        let mut tables = tables.collect::<Vec<_>>().into_iter();
        sheets.retain(|_| tables.next().unwrap_or(false));
        Ok(Book { reader: Opened::Xlsx(Box::new(reader)), sheets })
    }

    /// What the dialect calls the file.
    pub fn format(&self) -> &'static str {
        match self.reader {
            Opened::Xlsx(_) => "xlsx",
            Opened::Ods(_) => "ods",
        }
    }

    /// All sheets that are tables, in the order of their tabs.
    pub fn sheets(&self) -> &[Sheet] {
        &self.sheets
    }

    /// The sheet that is meant, by its place: the one asked for, else the first visible one that holds something.
    ///
    /// # Errors
    /// `not-found` for a sheet that is not there, `no-rows` for one that holds nothing.
    pub fn choose(&self, wanted: Option<&Choice>) -> Result<usize> {
        let names = || self.sheets.iter().map(|sheet| sheet.name.clone()).collect::<Vec<_>>();
        let missing = |what: String| {
            let message = format!("The workbook has no sheet {what}. It has: {}.", names().join(", "));
            Error::new(Code::NotFound, message).suggestions(names())
        };
        let at = match wanted {
            Some(Choice::Index(at)) if *at < self.sheets.len() => *at,
            Some(Choice::Index(at)) => return Err(missing(format!("number {at}, counted from 0"))),
            Some(Choice::Name(name)) => {
                let lower = name.to_lowercase();
                let exact = self.sheets.iter().position(|sheet| sheet.name == *name);
                exact
                    .or_else(|| self.sheets.iter().position(|sheet| sheet.name.to_lowercase() == lower))
                    .ok_or_else(|| missing(format!("“{name}”")))?
            }
            None => {
                let filled = |sheet: &Sheet| sheet.rows > 0;
                let shown = self.sheets.iter().position(|sheet| filled(sheet) && sheet.visible);
                shown.or_else(|| self.sheets.iter().position(filled)).ok_or_else(|| {
                    let message = format!("The workbook holds no values. Its sheets: {}.", names().join(", "));
                    Error::new(Code::NoRows, message)
                })?
            }
        };
        if self.sheets[at].rows == 0 {
            return Err(Error::new(Code::NoRows, format!("The sheet “{}” holds no values.", self.sheets[at].name)));
        }
        Ok(at)
    }

    /// What to ask when the choice was not made and there is one. Choices are names, as the option takes them.
    pub fn question(&self, taken: usize) -> Option<Question> {
        let filled: Vec<&Sheet> = self.sheets.iter().filter(|sheet| sheet.rows > 0).collect();
        (filled.len() > 1).then(|| Question {
            code: "sheet".into(),
            column: None,
            choices: filled.iter().map(|sheet| sheet.name.clone()).collect(),
            taken: self.sheets[taken].name.clone(),
            evidence: format!(
                "The workbook has {} sheets with values: {}.",
                filled.len(),
                filled.iter().map(|sheet| sheet.label()).collect::<Vec<_>>().join(", ")
            ),
        })
    }

    /// A job that writes one sheet as CSV; after `most_rows` rows it stops, where that is set.
    ///
    /// # Errors
    /// `bad-workbook`, `limit-exceeded` for a sheet that is nearly all gaps.
    pub fn convert(&mut self, sheet: usize, most_rows: Option<u64>) -> Result<Convert<'_>> {
        let Sheet { name, extent, .. } = self.sheets[sheet].clone();
        Convert::new(&mut self.reader, &name, extent, most_rows)
    }
}

/// Sheets as the reader found them, with what the look found in them.
fn pair(found: &[Found], extents: impl ExactSizeIterator<Item = Extent>) -> Result<Vec<Sheet>> {
    if found.len() != extents.len() {
        return Err(damaged("its list of sheets does not fit the sheets"));
    }
    Ok(found.iter().zip(extents).map(|(found, extent)| Sheet::new(found, extent)).collect())
}

/// The path of each sheet's part: the archive names the workbook, the workbook its sheets' relations, those the parts.
fn sheet_paths(parts: &BTreeMap<String, Tally>) -> Result<Vec<String>> {
    let relations = |path: &str| match parts.get(path) {
        Some(Tally { kind: Kind::Relations(all), .. }) => Ok(all),
        _ => Err(damaged("a part is missing that every workbook has")),
    };
    let office = relations("_rels/.rels")?.iter().rfind(|[_, kind, _]| kind.ends_with("/relationships/officeDocument"));
    let target = office.map(|[_, _, target]| path_of("", target)).unwrap_or_default();
    let (folder, name) = target.rfind('/').map_or(("", target.as_str()), |at| target.split_at(at + 1));
    let Some(Tally { kind: Kind::Workbook(sheets), .. }) = parts.get(&target) else {
        let message = "This is an Office document, but no workbook. Load an .xlsx or .ods file, or CSV.";
        return Err(Error::new(Code::NotText, message));
    };
    let relations = relations(&format!("{folder}_rels/{name}.rels"))?;
    let path = |id: &String| {
        let relation = relations.iter().rfind(|[name, _, _]| name == id);
        relation.map(|[_, _, target]| path_of(folder, target)).unwrap_or_default()
    };
    Ok(sheets.iter().map(path).collect())
}

/// A relation's target as the path of a part.
fn path_of(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/").to_ascii_lowercase();
    target.strip_prefix('/').map_or_else(|| format!("{folder}{target}"), String::from)
}

pub(crate) fn xlsx(error: XlsxError) -> Error {
    match error {
        XlsxError::Password => locked(),
        other => unfit(&other),
    }
}

pub(crate) fn ods(error: OdsError) -> Error {
    match error {
        OdsError::Password => locked(),
        other => unfit(&other),
    }
}

fn unfit(error: &dyn std::fmt::Display) -> Error {
    damaged(&format!("its parts do not fit together ({error})"))
}
