//! The assistant: a fixed function of its context, so that a leak can be heard.
//!
//! It answers the latest question in its context. Asked for a topic, it tells the latest value
//! that anybody in that context told. What it was not given it cannot know.

use super::record::Message;
use crate::model::cast::{Cast, Turn};
use crate::model::op::Part;

/// What the assistant says to a context.
pub fn answer(cast: &Cast, context: &[Message]) -> String {
    let phrases = &cast.phrases;
    let heard: Vec<&Turn> = context
        .iter()
        .filter(|message| message.part == Part::Question)
        .map(|message| &cast.turns[message.turn])
        .collect();
    let other = || phrases.other.replace("{count}", &heard.len().to_string());
    let Some(question) = heard.last() else { return other() };
    if let Some(topic) = &question.asks {
        let told = heard.iter().rev().flat_map(|turn| &turn.tells);
        let value = told.into_iter().find(|(told, _)| told == topic).map(|(_, value)| value);
        return match value {
            Some(value) => fill(&phrases.known, topic, value),
            None => phrases.unknown.replace("{topic}", topic),
        };
    }
    match question.tells.first() {
        Some((topic, value)) if topic == "name" => fill(&phrases.greeting, topic, value),
        Some((topic, value)) => fill(&phrases.told, topic, value),
        None => other(),
    }
}

/// Fills in both fields at once: a value that looks like a field stays as it is.
fn fill(phrase: &str, topic: &str, value: &str) -> String {
    let mut parts = phrase.split("{value}").map(|part| part.replace("{topic}", topic));
    let first = parts.next().unwrap_or_default();
    parts.fold(first, |filled, part| filled + value + &part)
}
