//! What `interleak verify` found: a listing and its Python, side by side.

mod gather;
pub mod json;
pub mod page;

use super::trouble::Trouble;
use crate::exit::Exit;
use crate::python::limits::Stopped;
use crate::python::{LeftOut, Told};
use crate::words::Phrase;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeSet;

pub use gather::Ran;

/// What came of one strategy.
#[derive(Serialize, JsonSchema)]
pub struct Verification {
    /// Name or path of the strategy.
    pub strategy: String,
    /// Whether Python does what the marks say.
    pub outcome: Outcome,
    /// The scenarios, by name or path.
    pub scenarios: Vec<String>,
    /// The version of Python; null if it was not run.
    pub python: Option<String>,
    /// So many orders were to be run.
    pub orders: usize,
    /// So many were run.
    pub ran: usize,
    /// So many of them show a difference.
    pub differ: usize,
    /// What was compared in the orders that were run to their end.
    pub compared: Compared,
    /// Parts of scenarios that one process of Python does not play.
    pub left_out: Vec<Unplayed>,
    /// The earliest difference; null if there is none.
    pub difference: Option<Differs>,
    /// What stopped Python, in words; null if nothing did.
    pub stopped: Option<Phrase>,
    /// The same as a fact.
    pub limit: Option<Stopped>,
    /// The scenario whose order was not run to its end; null if that can be said of none.
    pub stopped_in: Option<String>,
    /// What is wrong with the input; null unless the strategy is broken.
    pub problem: Option<Trouble>,
}

/// Whether Python does what the marks say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It does.
    Same,
    /// It does not.
    Differs,
    /// It was stopped before that was known.
    Unknown,
    /// It cannot be run.
    Broken,
}

/// What is the same.
#[derive(Default, Serialize, JsonSchema)]
pub struct Compared {
    /// Orders that were run to their end.
    pub orders: usize,
    /// Moves in them.
    pub moves: usize,
    /// Replies, word by word.
    pub replies: usize,
    /// Cells at the end of an order, element by element.
    pub cells: usize,
    /// Moments at which a lane had to wait, and did.
    pub waits: usize,
    /// Declared places that could not be looked at.
    pub not_compared: BTreeSet<String>,
}

/// A part of scenarios that was not run.
#[derive(Serialize, JsonSchema)]
pub struct Unplayed {
    /// Which part.
    pub what: LeftOut,
    /// The scenarios that have it.
    pub scenarios: Vec<String>,
}

/// Where Python does something else.
#[derive(Serialize, JsonSchema)]
pub struct Differs {
    /// The scenario.
    pub scenario: String,
    /// The line of the listing, from 1; null if it is about none.
    pub line: Option<usize>,
    /// That line.
    pub code: Option<String>,
    /// What is wrong, without a full stop.
    pub what: Phrase,
    /// When that is seen.
    pub when: Phrase,
    /// What the marks say.
    pub marks: Phrase,
    /// What Python does.
    pub does: Phrase,
    /// How it came about, in sentences.
    pub why: Vec<Phrase>,
    /// The same as facts.
    pub facts: Told,
    /// The command that shows the same order as the marks say it; null if it shows before any step.
    pub command: Option<String>,
}

impl Verification {
    /// How a command that shows this ends.
    pub fn exit(&self) -> Exit {
        match self.outcome {
            Outcome::Same => Exit::AsExpected,
            Outcome::Differs => Exit::Unexpected,
            Outcome::Unknown => Exit::Inconclusive,
            Outcome::Broken => Exit::BadInput,
        }
    }
}
