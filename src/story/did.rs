//! What a line did, and what a place held.

use crate::model::TurnId;
use crate::model::op::Part;
use crate::model::program::Program;
use crate::replay::record::{Event, Message, Value};
use schemars::JsonSchema;
use serde::Serialize;

/// Something that a line did. Requests and messages are named for short: `alice#1`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "did", rename_all = "kebab-case")]
pub enum Did {
    /// A request began.
    Began {
        /// The request.
        request: String,
        /// What it asks.
        text: String,
    },
    /// A cell was read.
    Read {
        /// Its name.
        place: String,
        /// What was in it.
        value: Held,
    },
    /// A cell was written.
    Wrote {
        /// Its name.
        place: String,
        /// What was in it before.
        before: Held,
        /// What is in it now.
        value: Held,
    },
    /// A cell was not written, because somebody else wrote it since it was loaded.
    SwapFailed {
        /// Its name.
        place: String,
    },
    /// A lock was taken.
    Acquired {
        /// Its name.
        lock: String,
    },
    /// A lock was given back.
    Released {
        /// Its name.
        lock: String,
    },
    /// A request was put into a mailbox.
    Sent {
        /// The mailbox's name.
        mailbox: String,
        /// The request.
        request: String,
    },
    /// A request was taken out of a mailbox.
    Received {
        /// The mailbox's name.
        mailbox: String,
        /// The request.
        request: String,
    },
    /// An answer was put into a pipe.
    Piped {
        /// The pipe's name.
        pipe: String,
        /// The request that the answer was computed for.
        answer_to: String,
    },
    /// An answer was taken out of a pipe.
    Unpiped {
        /// The pipe's name.
        pipe: String,
        /// The request that the answer was computed for.
        answer_to: String,
    },
    /// What was in a pipe was thrown away.
    Dropped {
        /// The pipe's name.
        pipe: String,
        /// The requests that the answers in it were computed for.
        answers_to: Vec<String>,
    },
    /// A request was cancelled by its client.
    Cancelled {
        /// The request.
        request: String,
    },
    /// The lane waits in a way that lets nobody else go on.
    Froze,
    /// An answer was handed to the lane that asked.
    HandedBack {
        /// That lane.
        to: String,
    },
    /// A reply was shown to the user.
    Replied {
        /// The request that it ends.
        request: String,
        /// What was shown.
        text: String,
    },
}

/// What a cell held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "held", rename_all = "kebab-case")]
pub enum Held {
    /// Messages, oldest first.
    Messages {
        /// `alice#1` is alice's first question, `alice#1:a` the answer to it.
        messages: Vec<String>,
    },
    /// A cached answer, if there was one.
    Answer {
        /// The request that it was computed for.
        to: Option<String>,
    },
    /// A small value.
    Small {
        /// The value.
        value: String,
    },
}

impl Did {
    /// What an event of a record was.
    pub fn of(program: &Program, event: &Event) -> Did {
        let label = |turn: &TurnId| program.cast.label(*turn);
        match event {
            Event::Began(turn) => {
                Did::Began { request: label(turn), text: program.cast.turns[*turn].text.clone() }
            }
            Event::Read { name, value, .. } => {
                Did::Read { place: name.clone(), value: held(program, value) }
            }
            Event::Wrote { name, before, value, .. } => Did::Wrote {
                place: name.clone(),
                before: held(program, before),
                value: held(program, value),
            },
            Event::SwapFailed { name } => Did::SwapFailed { place: name.clone() },
            Event::Acquired { name } => Did::Acquired { lock: name.clone() },
            Event::Released { name } => Did::Released { lock: name.clone() },
            Event::Sent { name, turn } => Did::Sent { mailbox: name.clone(), request: label(turn) },
            Event::Received { name, turn } => {
                Did::Received { mailbox: name.clone(), request: label(turn) }
            }
            Event::Piped { name, turn } => {
                Did::Piped { pipe: name.clone(), answer_to: label(turn) }
            }
            Event::Unpiped { name, turn } => {
                Did::Unpiped { pipe: name.clone(), answer_to: label(turn) }
            }
            Event::Dropped { name, turns } => {
                Did::Dropped { pipe: name.clone(), answers_to: turns.iter().map(label).collect() }
            }
            Event::Cancelled(turn) => Did::Cancelled { request: label(turn) },
            Event::Froze => Did::Froze,
            Event::HandedBack { to } => Did::HandedBack { to: program.lanes[*to].name.clone() },
            Event::Replied { turn, said } => {
                Did::Replied { request: label(turn), text: said.text.to_string() }
            }
        }
    }

    /// The place that it touched, if it touched one.
    pub fn place(&self) -> Option<&str> {
        match self {
            Did::Read { place, .. } | Did::Wrote { place, .. } | Did::SwapFailed { place } => {
                Some(place)
            }
            Did::Acquired { lock } | Did::Released { lock } => Some(lock),
            Did::Sent { mailbox, .. } | Did::Received { mailbox, .. } => Some(mailbox),
            Did::Piped { pipe, .. } | Did::Unpiped { pipe, .. } | Did::Dropped { pipe, .. } => {
                Some(pipe)
            }
            Did::Began { .. }
            | Did::Cancelled { .. }
            | Did::Froze
            | Did::HandedBack { .. }
            | Did::Replied { .. } => None,
        }
    }
}

impl Held {
    /// What it is, as a list: the messages, the answer, or the value.
    pub fn labels(&self) -> Vec<String> {
        match self {
            Held::Messages { messages } => messages.clone(),
            Held::Answer { to } => to.iter().map(|to| format!("{to}:a")).collect(),
            Held::Small { value } => vec![value.clone()],
        }
    }
}

/// What a value is.
pub fn held(program: &Program, value: &Value) -> Held {
    let label = |message: &Message| {
        let answer = if message.part == Part::Answer { ":a" } else { "" };
        program.cast.label(message.turn) + answer
    };
    match value {
        Value::Messages(messages) => {
            Held::Messages { messages: messages.iter().map(label).collect() }
        }
        Value::Answer(said) => {
            Held::Answer { to: said.as_ref().map(|said| program.cast.label(said.turn)) }
        }
        Value::Small(id) => Held::Small { value: program.id_name(*id) },
    }
}
