//! How something came about, as plain values. Each speaks of steps of one order, and is true of it.

use super::facts::Message;
use crate::words::Phrase;
use schemars::JsonSchema;
use serde::Serialize;

/// A link of the chain that led to something wrong. Steps count from 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "fact", rename_all = "kebab-case")]
pub enum Reason {
    /// What was said went through a place.
    Through {
        /// The place.
        place: String,
        /// Who put it there.
        writer: String,
        /// In which step.
        put: usize,
        /// Who read it from there.
        reader: String,
        /// In which step.
        read: usize,
    },
    /// An answer went through a pipe.
    Piped {
        /// The pipe.
        place: String,
        /// Whose answer it was.
        writer: String,
        /// In which step it was left there.
        put: usize,
        /// Who took it out.
        reader: String,
        /// In which step.
        read: usize,
    },
    /// An answer was kept, and read again.
    Kept {
        /// The place.
        place: String,
        /// Who kept it.
        writer: String,
        /// In which step.
        put: usize,
        /// Who read it from there.
        reader: String,
        /// In which step.
        read: usize,
    },
    /// An answer is no better than what was known when it was computed.
    OnlyThen,
    /// An answer reached another lane than the one that it was computed for.
    Crossed {
        /// The lane that it was computed for.
        lane: String,
    },
    /// A copy that was made before a message was stored was stored over it.
    Overtaken {
        /// The message.
        about: Message,
        /// The place.
        place: String,
        /// Who stored the copy.
        writer: String,
        /// The step in which the copy was made.
        copied: usize,
        /// The step that stored the message.
        stored: usize,
        /// The step that stored the copy over it.
        step: usize,
    },
    /// Something without a message was stored where the message had been.
    Overwrote {
        /// The message.
        about: Message,
        /// The place.
        place: String,
        /// Who stored.
        writer: String,
        /// In which step.
        step: usize,
    },
    /// A message was never put where it is missing.
    NeverPut {
        /// The place.
        place: String,
    },
    /// Nothing was read in a turn.
    NothingRead,
    /// A message was read, and not used.
    ReadUnused,
    /// A message was not where it was looked for.
    NotThere {
        /// The place.
        place: String,
    },
    /// A message was put into a list.
    Asked {
        /// The message.
        about: Message,
        /// The place.
        place: String,
        /// Who put it there.
        writer: String,
        /// In which step.
        step: usize,
    },
    /// Another message was put behind it.
    MessageBetween {
        /// The other message.
        about: Message,
        /// Who put it there.
        writer: String,
        /// In which step.
        step: usize,
    },
    /// The answer to another message was put behind it.
    AnswerBetween {
        /// The other message.
        about: Message,
        /// Who put it there.
        writer: String,
        /// In which step.
        step: usize,
    },
    /// The answer came too late to stand behind its question.
    TooLate {
        /// The message that it answers.
        text: String,
        /// Who put it there.
        writer: String,
        /// In which step.
        step: usize,
    },
    /// There is a way through the handler that shows no reply.
    NoReplyLine,
    /// On one event loop, an ordinary lock lets nobody go on.
    LoopStopped {
        /// Who waits for the lock.
        lane: String,
        /// The lock.
        place: String,
        /// Who holds it.
        holder: String,
    },
    /// A lane takes a lock that it holds.
    TakenTwice {
        /// The lane.
        lane: String,
        /// The lock.
        place: String,
    },
    /// A lane is through and holds a lock.
    NeverFreed {
        /// The lane.
        lane: String,
        /// The lock.
        place: String,
    },
    /// Everybody waits for somebody who waits.
    Circle,
}

impl Reason {
    /// A sentence or a few of them.
    pub fn phrase(&self) -> Phrase {
        Phrase::of("why", self)
    }
}
