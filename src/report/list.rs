//! The JSON document of `interleak list --format json`. Other programs rely on it.

use super::json::to_text;
use crate::words::Phrase;
use schemars::{JsonSchema, Schema};
use serde::Serialize;

/// What is there to try. What was not asked for is left empty.
#[derive(Default, Serialize, JsonSchema)]
#[schemars(title = "interleak list")]
pub struct Listed {
    /// The version of this format: 1.
    pub format: u32,
    /// Who says what, topic by topic.
    pub scenarios: Vec<ListedScenario>,
    /// How an app keeps its state, in lesson order.
    pub strategies: Vec<ListedStrategy>,
    /// What can go wrong, the worst first.
    pub anomalies: Vec<ListedAnomaly>,
}

/// A shipped scenario.
#[derive(Serialize, JsonSchema)]
pub struct ListedScenario {
    /// Its name.
    pub name: &'static str,
    /// The folder that it is in.
    pub topic: &'static str,
    /// What it is about.
    pub title: String,
}

/// A shipped strategy.
#[derive(Serialize, JsonSchema)]
pub struct ListedStrategy {
    /// Its name.
    pub name: &'static str,
    /// What it is good for.
    pub group: &'static str,
    /// What it does, in a sentence.
    pub summary: String,
    /// What one believes of it; null if its lesson does not say so.
    pub believed: Option<String>,
    /// What is true of it; null if its lesson does not say so.
    pub actual: Option<String>,
}

/// An anomaly.
#[derive(Serialize, JsonSchema)]
pub struct ListedAnomaly {
    /// Its name.
    pub name: &'static str,
    /// What it is.
    pub what: Phrase,
}

/// The document, with a line end.
pub fn render(listed: &Listed) -> serde_json::Result<String> {
    to_text(listed)
}

/// The JSON Schema of the document.
pub fn schema() -> Schema {
    schemars::schema_for!(Listed)
}
