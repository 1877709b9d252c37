//! The JSON document of `interleak compare --format json`. Other programs rely on it.

use super::Comparison;
use crate::report::json::to_text;
use schemars::{JsonSchema, Schema};
use serde::Serialize;

/// Strategies side by side, on one or several scenarios.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "interleak comparison")]
struct Document<'a> {
    /// The version of this format: 1.
    format: u32,
    /// One for each scenario, in the order asked.
    comparisons: &'a [Comparison],
}

/// The document for all comparisons.
pub fn render(comparisons: &[Comparison]) -> serde_json::Result<String> {
    to_text(&Document { format: 1, comparisons })
}

/// The JSON Schema of the document.
pub fn schema() -> Schema {
    schemars::schema_for!(Document)
}
