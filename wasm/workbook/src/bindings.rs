//! What does JavaScript see? One object per workbook, which it steps until it is done and then throws away with its instance.

use crate::book::{Book, Choice, Sheet};
use crate::bytes::{Bytes, Pieces};
use crate::convert::Convert;
use crate::look::{Look, may_hold};
use js_sys::{Array, Error as JsError, JSON, Object, Reflect, Uint8Array};
use marquetry::error::{Code, Error};
use marquetry::job::{Job, Progress, Step};
use marquetry::table::finding::{Finding, Question};
use serde::Serialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// One workbook on its way to CSV.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Workbook {
    stage: Stage,
    sheet: Option<Choice>,
    most_rows: Option<u64>,
    story: Story,
}

#[derive(Debug)]
enum Stage {
    /// The file's bytes, as far as they were handed over.
    Filling(Pieces),
    Looking(Box<Look>),
    Writing(Box<Convert<'static>>),
    Over,
}

/// What is told in the end.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Story {
    format: &'static str,
    sheets: Vec<Sheet>,
    findings: Vec<Finding>,
    questions: Vec<Question>,
    rows: u64,
    of_rows: u64,
    decimals: bool,
}

/// An error on its way out.
#[derive(Debug)]
pub struct Thrown(Error);

type Result<T> = std::result::Result<T, Thrown>;

impl From<Error> for Thrown {
    fn from(error: Error) -> Thrown {
        Thrown(error)
    }
}

impl From<Thrown> for JsValue {
    fn from(Thrown(error): Thrown) -> JsValue {
        let thrown = JsError::new(&error.message);
        thrown.set_name("MarquetryError");
        set(&thrown, "code", error.code.as_str().into());
        set(&thrown, "details", plain(&*error.details));
        thrown.into()
    }
}

#[wasm_bindgen]
impl Workbook {
    /// A workbook of so many bytes, which [`Workbook::put`] hands over. `sheet` is a name, a place from 0 or nothing; after
    /// `most_rows` rows it stops.
    #[wasm_bindgen(constructor)]
    pub fn new(size: f64, sheet: &JsValue, most_rows: Option<f64>) -> Result<Workbook> {
        may_hold(size as usize)?;
        let index = sheet.as_f64().map(|at| Choice::Index(if at >= 0.0 { at as usize } else { usize::MAX }));
        let sheet = index.or_else(|| sheet.as_string().map(Choice::Name));
        let stage = Stage::Filling(Pieces::of(size as usize));
        Ok(Workbook { stage, sheet, most_rows: most_rows.map(|rows| rows as u64), story: Story::default() })
    }

    /// Takes the bytes of one place, before the first step. For a few rows the beginning of a long sheet is enough.
    pub fn put(&mut self, at: f64, bytes: &[u8]) {
        if let Stage::Filling(pieces) = &mut self.stage {
            pieces.put(at as usize, bytes);
        }
    }

    /// Does one small piece of the work: `{ phase, ratio, rows }`, `{ emit: bytes }` or `{ done: story }`.
    pub fn step(&mut self) -> Result<JsValue> {
        match &mut self.stage {
            Stage::Filling(pieces) => {
                let look = Look::new(Bytes::from(std::mem::replace(pieces, Pieces::of(0))))?;
                self.stage = Stage::Looking(Box::new(if self.most_rows.is_some() { look.brief() } else { look }));
                Ok(working(Progress { phase: "checking", ratio: 0.0, rows: 0 }))
            }
            Stage::Looking(look) => match look.step()? {
                Step::Done(safe) => {
                    // Jobs borrow the workbook that they read. This instance reads one workbook and is thrown away.
                    let book = Box::leak(Box::new(Book::open(safe)?));
                    let sheet = book.choose(self.sheet.as_ref())?;
                    if self.sheet.is_none() {
                        self.story.questions.extend(book.question(sheet));
                    }
                    (self.story.format, self.story.sheets) = (book.format(), book.sheets().to_vec());
                    self.stage = Stage::Writing(Box::new(book.convert(sheet, self.most_rows)?));
                    Ok(working(Progress { phase: "checking", ratio: 0.2, rows: 0 }))
                }
                Step::Working(progress) => Ok(working(Progress { ratio: 0.2 * progress.ratio, ..progress })),
                _ => Err(over()),
            },
            Stage::Writing(convert) => match convert.step()? {
                Step::Working(progress) => Ok(working(Progress { ratio: 0.2 + 0.8 * progress.ratio, ..progress })),
                Step::Emit(bytes) => Ok(object([("emit", Uint8Array::from(bytes.as_slice()).into())])),
                Step::Done(converted) => {
                    let story = &mut self.story;
                    story.findings = converted.findings;
                    (story.rows, story.of_rows, story.decimals) =
                        (converted.rows, converted.of_rows, converted.decimals);
                    self.stage = Stage::Over;
                    Ok(object([("done", plain(&self.story))]))
                }
                Step::Need(_) | Step::Join(_) => Err(over()),
            },
            Stage::Over => Err(over()),
        }
    }
}

fn over() -> Thrown {
    Thrown(Error::new(Code::Internal, "A workbook that was read was asked to go on."))
}

fn working(progress: Progress) -> JsValue {
    let rows = (progress.rows as f64).into();
    object([("phase", progress.phase.into()), ("ratio", progress.ratio.into()), ("rows", rows)])
}

fn object<const N: usize>(properties: [(&str, JsValue); N]) -> JsValue {
    let object = Object::new();
    for (name, value) in properties {
        set(&object, name, value);
    }
    object.into()
}

fn set(object: &Object, name: &str, value: JsValue) {
    // Setting a property of a fresh ordinary object cannot fail.
    let _ = Reflect::set(object, &name.into(), &value);
}

/// Small results by way of JSON.
fn plain<T: Serialize>(value: &T) -> JsValue {
    serde_json::to_string(value).ok().and_then(|text| JSON::parse(&text).ok()).unwrap_or_else(|| Array::new().into())
}
