//! The JSON document of `interleak stress --format json`. Other programs rely on it.

use super::Stressed;
use crate::report::json::to_text;
use schemars::{JsonSchema, Schema};
use serde::Serialize;

/// A strategy on real threads, beside what the explorer says.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "interleak stress")]
struct Document<'a> {
    /// The version of this format: 1.
    format: u32,
    #[serde(flatten)]
    stressed: &'a Stressed,
}

/// The document, with a line end.
pub fn render(stressed: &Stressed) -> serde_json::Result<String> {
    to_text(&Document { format: 1, stressed })
}

/// The JSON Schema of the document.
pub fn schema() -> Schema {
    schemars::schema_for!(Document)
}
