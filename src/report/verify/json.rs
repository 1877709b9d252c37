//! The JSON document of `interleak verify --format json`. Other programs rely on it.

use super::Verification;
use crate::report::json::to_text;
use schemars::{JsonSchema, Schema};
use serde::Serialize;

/// Listings, and what their Python does.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "interleak verification")]
struct Document<'a> {
    /// The version of this format: 1.
    format: u32,
    /// One for each strategy, in the order asked.
    results: &'a [Verification],
    /// How many strategies were not begun, because the work was interrupted.
    not_begun: usize,
}

/// The document, with a line end.
pub fn render(results: &[Verification], not_begun: usize) -> serde_json::Result<String> {
    to_text(&Document { format: 1, results, not_begun })
}

/// The JSON Schema of the document.
pub fn schema() -> Schema {
    schemars::schema_for!(Document)
}
