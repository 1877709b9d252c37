//! Where a real execution leaves the simulated program.

use crate::anomalies::facts::Wait;
use crate::phrase;
use crate::words::Phrase;
use schemars::JsonSchema;
use serde::Serialize;

/// Where a real execution leaves the simulated program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Drift {
    /// The step, from 1; null if only the end differs.
    pub step: Option<usize>,
    /// What is different.
    // Boxed, so that a `Result` with a drift in it stays small.
    pub what: Box<Apart>,
}

impl Drift {
    /// What is different after so many steps, or at the end.
    pub fn new(step: impl Into<Option<usize>>, what: Apart) -> Drift {
        Drift { step: step.into(), what: Box::new(what) }
    }
}

/// What is different between a real execution and the simulated one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "fact", rename_all = "kebab-case")]
pub enum Apart {
    /// An access, of a lane that has none left in the listing.
    NothingLeft {
        /// The access.
        did: Did,
    },
    /// An access, where the listing has another line next.
    AnotherLine {
        /// The access.
        did: Did,
        /// The line that is next.
        line: usize,
        /// Its code.
        code: String,
    },
    /// An access that the simulated program does not allow at this moment.
    CannotMove {
        /// The access.
        did: Did,
        /// Why not.
        why: Wait,
    },
    /// An access after which the simulated place holds something else.
    PutsElse {
        /// The access.
        did: Did,
    },
    /// A reply, though a line before it was not run.
    RepliedWithout {
        /// Who replied.
        lane: String,
        /// The line.
        line: usize,
        /// Its code.
        code: String,
    },
    /// A reply that the simulated program does not give.
    NoReply {
        /// Whose.
        lane: String,
        /// Which of its replies, from 1.
        number: usize,
    },
    /// Another reply than the simulated one.
    AnotherReply {
        /// Whose.
        lane: String,
        /// Which of its replies, from 1.
        number: usize,
        /// What was replied.
        text: String,
        /// What the simulated program replies.
        simulated: String,
    },
    /// The simulated program is not at its end.
    NotAtEnd,
    /// The simulated program is stuck.
    Stuck,
    /// A thread panicked.
    Panicked,
}

/// What a lane did to which place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "fact", rename_all = "kebab-case")]
#[allow(missing_docs, reason = "every variant has the lane, and the place if there is one")]
pub enum Did {
    Loads { lane: String, place: String },
    Stores { lane: String, place: String },
    AppendsQuestion { lane: String, place: String },
    AppendsAnswer { lane: String, place: String },
    Acquires { lane: String, place: String },
    Releases { lane: String, place: String },
    Sends { lane: String, place: String },
    Receives { lane: String, place: String },
    Answers { lane: String },
    Awaits { lane: String },
    LooksUp { lane: String, place: String },
    Saves { lane: String, place: String },
    Swaps { lane: String, place: String },
    PutsSession { lane: String, place: String },
    Takes { lane: String, place: String },
}

impl From<&Drift> for Phrase {
    fn from(drift: &Drift) -> Phrase {
        let what = match &*drift.what {
            Apart::CannotMove { did, why } => {
                let did = Phrase::of("twin", did);
                phrase!("twin-cannot-move", did = did, why = why.phrase())
            }
            what => Phrase::of("twin", what),
        };
        match drift.step {
            Some(step) => phrase!("twin-in-step", step = step, what = what),
            None => phrase!("twin-at-end", what = what),
        }
    }
}

impl std::fmt::Display for Drift {
    fn fmt(&self, formatter: &mut std::fmt::Formatter) -> std::fmt::Result {
        formatter.write_str(&Phrase::from(self).english())
    }
}
