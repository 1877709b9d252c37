//! The JSON document of `interleak check --format json`. Other programs rely on it.

use super::{Case, Counted, words};
use crate::report::json::to_text;
use crate::words::Phrase;
use schemars::{JsonSchema, Schema};
use serde::Serialize;

/// Every expectation, and what came of it.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "interleak check")]
struct Document<'a> {
    /// The version of this format: 1.
    format: u32,
    /// How many there are of each outcome.
    counts: Counted,
    /// One for each expectation, scenario by scenario in the order asked.
    cases: Vec<CaseDocument<'a>>,
}

/// One expectation.
#[derive(Serialize, JsonSchema)]
struct CaseDocument<'a> {
    #[serde(flatten)]
    case: &'a Case,
    /// What came of it, in sentences.
    says: Vec<Phrase>,
}

/// The document for all cases, with a line end.
pub fn render(cases: &[Case]) -> serde_json::Result<String> {
    let documents = cases.iter().map(|case| CaseDocument { case, says: words::says(case) });
    to_text(&Document { format: 1, counts: Counted::of(cases), cases: documents.collect() })
}

/// The JSON Schema of the document.
pub fn schema() -> Schema {
    schemars::schema_for!(Document)
}
