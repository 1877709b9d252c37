//! What is found and what is waited for, as plain values: words come later, from the catalogue.

use crate::model::program::Program;
use crate::model::step::Blocked;
use crate::model::{LaneId, TurnId};
use crate::words::Phrase;
use schemars::JsonSchema;
use serde::Serialize;

/// Something that a user said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Message {
    /// The lane that said it.
    pub lane: String,
    /// Its words.
    pub text: String,
}

impl Message {
    /// The message that begins a turn.
    pub fn of(program: &Program, turn: TurnId) -> Message {
        Message {
            lane: program.cast.lane_name_of(turn).to_owned(),
            text: program.cast.turns[turn].text.clone(),
        }
    }
}

/// A reply that was shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Reply {
    /// The lane that it was shown to.
    pub lane: String,
    /// Which of its replies, from 1.
    pub number: usize,
}

impl Reply {
    /// The reply that ends a turn.
    pub fn of(program: &Program, turn: TurnId) -> Reply {
        let lane = program.cast.lane_name_of(turn).to_owned();
        Reply { lane, number: program.cast.turns[turn].number }
    }
}

/// What is wrong: who was answered, and with whose data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "fact", rename_all = "kebab-case")]
pub enum Said {
    /// A reply was built from what another user said.
    BuiltFrom {
        /// The reply.
        reply: Reply,
        /// The first of the messages.
        about: Message,
        /// How many more.
        more: usize,
    },
    /// A reply was computed for another lane.
    ComputedFor {
        /// The reply.
        reply: Reply,
        /// What it was meant for.
        about: Message,
    },
    /// A reply is an answer from before.
    KeptAnswer {
        /// The reply.
        reply: Reply,
        /// What was answered like this before.
        kept: Message,
        /// The first of the messages that it does not know.
        about: Message,
        /// How many more.
        more: usize,
    },
    /// A reply does not know what was said before.
    Forgets {
        /// The reply.
        reply: Reply,
        /// The first of the messages that it does not know.
        about: Message,
        /// How many more.
        more: usize,
    },
    /// A message was answered and is stored no more.
    Lost {
        /// The message.
        about: Message,
        /// Where it is missing.
        place: String,
    },
    /// A message and its answer do not stand together.
    Torn {
        /// The message.
        about: Message,
        /// Where they stand.
        place: String,
    },
    /// A message and its answer are in different lists of what is stored for a session.
    Split {
        /// The message.
        about: Message,
        /// Where the message is.
        place: String,
        /// Where its answer is.
        other: String,
    },
    /// A message was never answered.
    NoReply {
        /// The message.
        about: Message,
    },
    /// Nobody can move.
    Stuck {
        /// Who waits for what.
        waits: Vec<Wait>,
    },
    /// No whole turn can be brought to its end.
    TurnStuck {
        /// Who waits for what inside of it.
        waits: Vec<Wait>,
    },
}

impl Said {
    /// One sentence, without a full stop.
    pub fn phrase(&self) -> Phrase {
        match self {
            Said::Stuck { waits } => Phrase::new("say-stuck").with("waits", all(waits)),
            Said::TurnStuck { waits } => Phrase::new("say-turn-stuck").with("waits", all(waits)),
            Said::BuiltFrom { .. }
            | Said::ComputedFor { .. }
            | Said::KeptAnswer { .. }
            | Said::Forgets { .. }
            | Said::Lost { .. }
            | Said::Torn { .. }
            | Said::Split { .. }
            | Said::NoReply { .. } => Phrase::of("say", self),
        }
    }
}

fn all(waits: &[Wait]) -> Phrase {
    Phrase::joined("wait-and", waits.iter().map(Wait::phrase))
}

/// Why a lane cannot move.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "fact", rename_all = "kebab-case")]
pub enum Wait {
    /// It has no turn left.
    Finished {
        /// The lane.
        lane: String,
    },
    /// The server works on as many requests as it can.
    Full {
        /// The lane.
        lane: String,
        /// How many those are.
        limit: usize,
    },
    /// Another lane holds the lock.
    Lock {
        /// The lane.
        lane: String,
        /// The lock.
        place: String,
        /// Who holds it.
        holder: String,
    },
    /// The lane itself holds the lock.
    OwnLock {
        /// The lane.
        lane: String,
        /// The lock.
        place: String,
    },
    /// The mailbox is empty.
    Empty {
        /// The lane.
        lane: String,
        /// The mailbox.
        place: String,
    },
    /// Nobody has answered yet.
    NoAnswer {
        /// The lane.
        lane: String,
    },
    /// The pipe is empty.
    NothingToRead {
        /// The lane.
        lane: String,
        /// The pipe.
        place: String,
    },
    /// The event loop is stopped.
    Frozen {
        /// The lane.
        lane: String,
        /// Who stops it.
        by: String,
    },
    /// The turn does not wait where it could be cancelled.
    NothingToCancel {
        /// The lane.
        lane: String,
    },
    /// At grains `turn` and `chain` a daemon moves with the requests that it serves.
    PartOfTurns {
        /// The lane.
        lane: String,
    },
}

impl Wait {
    /// Why this lane cannot move.
    pub fn of(program: &Program, lane: LaneId, reason: Blocked) -> Wait {
        let own = lane;
        let name = |lane: LaneId| program.lanes[lane].name.clone();
        let lane = name(lane);
        match reason {
            Blocked::Finished => Wait::Finished { lane },
            Blocked::Full { limit } => Wait::Full { lane, limit },
            Blocked::Lock { lock, place, holder } => {
                let place = program.instance_name(place, lock);
                match holder == own {
                    true => Wait::OwnLock { lane, place },
                    false => Wait::Lock { lane, place, holder: name(holder) },
                }
            }
            Blocked::Empty { mailbox, place } => {
                Wait::Empty { lane, place: program.instance_name(place, mailbox) }
            }
            Blocked::NoAnswer => Wait::NoAnswer { lane },
            Blocked::NothingToRead { pipe, place } => {
                Wait::NothingToRead { lane, place: program.instance_name(place, pipe) }
            }
            Blocked::Frozen { by } => Wait::Frozen { lane, by: name(by) },
            Blocked::NothingToCancel => Wait::NothingToCancel { lane },
            Blocked::PartOfTurns => Wait::PartOfTurns { lane },
        }
    }

    /// A sentence, without a full stop: `bob waits for LOCK, held by alice`.
    pub fn phrase(&self) -> Phrase {
        Phrase::of("wait", self)
    }
}

/// An access that a diagram marks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The step, from 0.
    pub step: usize,
    /// The lane that makes the access.
    pub lane: LaneId,
    /// Whether it writes.
    pub writes: bool,
    /// The place.
    pub place: String,
    /// What happens there.
    pub says: MarkFact,
}

/// What happens at an access that a diagram marks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "fact", rename_all = "kebab-case")]
pub enum MarkFact {
    /// A lane reads what another user said.
    ReadsWhatSaid {
        /// Who reads.
        lane: String,
        /// Who said it.
        said: String,
    },
    /// A lane stores a copy in which a message is missing.
    StoresWithout {
        /// Who stores.
        lane: String,
        /// Whose message is missing.
        said: String,
    },
    /// A lane reads an answer from before.
    ReadsKept {
        /// Who reads.
        lane: String,
    },
    /// A lane puts a message between a question and its answer.
    PutsBehind {
        /// Who writes.
        lane: String,
        /// Whose question it is.
        said: String,
    },
    /// A lane stores something without a message, and no copy, where the message was.
    Overwrites {
        /// Who stores.
        lane: String,
        /// Whose message is missing.
        said: String,
    },
    /// A lane writes a question and its answer apart.
    WritesApart {
        /// Who writes.
        lane: String,
        /// Whose question it is.
        said: String,
    },
    /// A lane writes an answer where its question is not.
    AnswersElsewhere {
        /// Who writes.
        lane: String,
        /// Whose question it is.
        said: String,
    },
}

impl MarkFact {
    /// What happens there, in a few words.
    pub fn phrase(&self) -> Phrase {
        Phrase::of("mark", self)
    }
}
