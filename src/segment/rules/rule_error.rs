//! What is wrong with a rule, and at which of its characters?

use crate::error::{Code, Error};
use crate::segment::rules::tree::{MAX_DEPTH, Place};
use serde::Serialize;

/// A mistake in a rule, with the words that would mend it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RuleError {
    /// Where it begins, in UTF-16 units.
    pub at: usize,
    /// How long the faulty part is, in UTF-16 units; 0 at the end of the text, and for rules that did not come from text.
    pub length: usize,
    /// What was found, and what is expected there.
    pub message: String,
    /// What could stand there instead, best first.
    pub suggestions: Vec<String>,
    /// The kind of mistake.
    #[serde(skip)]
    pub code: Code,
    /// The column it is about.
    #[serde(skip)]
    pub column: Option<String>,
}

impl RuleError {
    /// A mistake in how the rule is written.
    pub fn syntax(place: Place, message: impl Into<String>) -> RuleError {
        RuleError::new(Code::RuleSyntax, place, message)
    }

    /// A mistake of the given kind.
    pub fn new(code: Code, place: Place, message: impl Into<String>) -> RuleError {
        RuleError {
            at: place.at,
            length: place.length,
            message: message.into(),
            suggestions: Vec::new(),
            code,
            column: None,
        }
    }

    /// What could stand there instead.
    pub fn suggest(mut self, suggestions: impl IntoIterator<Item = impl Into<String>>) -> RuleError {
        self.suggestions.extend(suggestions.into_iter().map(Into::into));
        self
    }

    /// The column it is about.
    pub fn column(mut self, name: &str) -> RuleError {
        self.column = Some(name.to_string());
        self
    }
}

impl From<RuleError> for Error {
    fn from(error: RuleError) -> Error {
        let result = Error::new(error.code, error.message).suggestions(error.suggestions);
        let result = if error.at + error.length > 0 { result.span(error.at, error.length) } else { result };
        match error.column {
            Some(name) => result.column(name),
            None => result,
        }
    }
}

/// The first of several mistakes as the one error that a call gives.
pub fn first(errors: Vec<RuleError>) -> Error {
    match errors.into_iter().next() {
        Some(error) => error.into(),
        None => Error::new(Code::Internal, "A rule was refused without a reason. Please report this."),
    }
}

/// Nested deeper than anything may be.
pub fn too_deep(place: Place) -> RuleError {
    RuleError::syntax(
        place,
        format!("This is nested deeper than {MAX_DEPTH} levels. Split the rule into simpler ones."),
    )
}
