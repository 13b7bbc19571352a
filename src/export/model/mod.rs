//! *How does another system place a customer in a cluster?* A saved model as SQL, ONNX or PMML.
//!
//! [`placement`] says a model of any kind in the few terms that all formats have: inputs, scaled values, one score a point, the
//! highest score wins. The others write that down, in the same order of additions as the engine, so that even ties fall alike.
//! `docs/MODELS.md` describes the documents. Made of the model's JSON alone; rows are never seen here.

pub mod onnx;
pub mod placement;
pub mod pmml;
pub mod protobuf;
pub mod request;
pub mod sql;
