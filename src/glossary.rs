//! What the words on the pages mean. The texts are the catalogue's (`locales/en/terms.ftl`), so that
//! each language brings its own terms; here they are only found.

use crate::words::Words;

/// A word that stands on pages, explained.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Term {
    /// Its names, the one that is shown first.
    pub names: Vec<String>,
    /// What it means, in a few sentences.
    pub text: String,
    /// What the field calls it.
    pub field: Option<String>,
    /// An example.
    pub example: Option<String>,
    /// A command to try.
    pub try_it: Option<String>,
}

/// Every term, in the order of a list. Behind `term-` they are keys of the catalogue.
pub const TERMS: [&str; 55] = [
    "race",
    "sharing",
    "lane",
    "turn",
    "order",
    "step",
    "move",
    "function",
    "chain",
    "grain",
    "access",
    "line",
    "await",
    "switch",
    "preemption",
    "chance",
    "place",
    "outcome",
    "essentially-different",
    "schedule",
    "witness",
    "anomaly",
    "verdict",
    "clean",
    "unknown",
    "scenario",
    "strategy",
    "listing",
    "mark",
    "twin",
    "user",
    "session",
    "daemon",
    "mailbox",
    "pipe",
    "lock",
    "worker",
    "replica",
    "limit",
    "fault",
    "context",
    "heard",
    "label",
    "virtual-time",
    "interval",
    "expectation",
    "false-repair",
    "stale-write",
    "assumption",
    "doubt",
    "repair",
    "idle",
    "pause",
    "batch",
    "half-turn",
];

/// Every term.
pub fn terms(words: &Words) -> Vec<Term> {
    TERMS.iter().map(|id| Term::new(words, id)).collect()
}

/// The term with this name, whether it is typed with spaces, hyphens or capitals.
pub fn named(words: &Words, name: &str) -> Option<Term> {
    let name = plain(name);
    terms(words).into_iter().find(|term| term.names.iter().any(|known| plain(known) == name))
}

fn plain(name: &str) -> String {
    name.trim().to_lowercase().replace(['-', '_'], " ")
}

impl Term {
    fn new(words: &Words, id: &str) -> Term {
        // A line end in the catalogue is none of the text.
        let attribute =
            |name| Some(words.attribute(&format!("term-{id}"), name)?.replace('\n', " "));
        let names = attribute("names").unwrap_or_default();
        Term {
            names: names.split('|').map(|name| name.trim().to_owned()).collect(),
            text: attribute("text").unwrap_or_default(),
            field: attribute("field"),
            example: attribute("example"),
            try_it: attribute("try"),
        }
    }

    /// The name that it is shown with.
    pub fn name(&self) -> &str {
        self.names.first().map_or("", String::as_str)
    }

    /// The first sentence of what it means.
    pub fn short(&self) -> &str {
        let end = |stop: &str| self.text.find(stop).map(|at| at + stop.len());
        let end = [". ", "。"].into_iter().filter_map(end).min();
        self.text[..end.unwrap_or(self.text.len())].trim_end()
    }
}
