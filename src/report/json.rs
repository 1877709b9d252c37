//! The JSON document of `interleak run --format json`. Other programs rely on it.

use super::trouble::BrokenStrategy;
use crate::screen::drives;
use crate::story::Story;
use schemars::{JsonSchema, Schema};
use serde::Serialize;

/// What interleak found: one result for each scenario × strategy.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "interleak report")]
struct Document<'a> {
    /// The version of this format: 1.
    format: u32,
    /// One entry for each scenario × strategy, in the order asked.
    results: &'a [Story],
    /// The strategies of which there is no result; left out if there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    broken: Option<&'a [BrokenStrategy]>,
}

/// The document for all results, with a line end.
pub fn render(results: &[Story], broken: &[BrokenStrategy]) -> serde_json::Result<String> {
    let broken = (!broken.is_empty()).then_some(broken);
    let document = Document { format: 1, results, broken };
    to_text(&document)
}

/// A document as text that cannot drive a terminal.
pub(super) fn to_text(document: &impl Serialize) -> serde_json::Result<String> {
    Ok(harmless(serde_json::to_string_pretty(document)? + "\n"))
}

/// JSON in which nothing drives a terminal: such a character can only stand inside a string, where
/// JSON has another way to write it.
pub fn harmless(json: String) -> String {
    let driving = |character| character != '\n' && drives(character);
    if !json.contains(driving) {
        return json;
    }
    let mut written = String::with_capacity(json.len());
    for character in json.chars() {
        match driving(character) {
            false => written.push(character),
            true => {
                let mut units = [0; 2];
                let units = character.encode_utf16(&mut units);
                written.extend(units.iter().map(|unit| format!("\\u{unit:04x}")));
            }
        }
    }
    written
}

/// The JSON Schema of the document.
pub fn schema() -> Schema {
    schemars::schema_for!(Document)
}
