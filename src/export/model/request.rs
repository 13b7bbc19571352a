//! What is asked for, as one JSON document: `{ model }`, the model as it was saved.

use crate::error::{Code, Error, Result};
use crate::export::model::onnx::onnx as as_onnx;
use crate::export::model::placement::Placement;
use crate::export::model::pmml::pmml as as_pmml;
use crate::segment::cluster::document::Saved;
use crate::segment::rules::json_text::read_json;

/// A model as the bytes of an ONNX file.
///
/// # Errors
/// `bad-option` for what cannot be read; `unsupported` for what the format cannot say, with the reason.
pub fn onnx(request: &str) -> Result<Vec<u8>> {
    let (saved, placement) = read(request)?;
    Ok(as_onnx(&saved, &placement))
}

/// A model as the text of a PMML file.
///
/// # Errors
/// As [`onnx`].
pub fn pmml(request: &str) -> Result<String> {
    as_pmml(&read(request)?.1)
}

fn read(request: &str) -> Result<(Saved, Placement)> {
    let request =
        read_json(request).map_err(|error| Error::new(Code::BadOption, format!("The request is no JSON: {error}.")))?;
    let saved = Saved::read(&request["model"])?;
    let placement = Placement::of(&saved)?;
    Ok((saved, placement))
}
