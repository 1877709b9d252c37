//! What happened in one order, step by step and line by line.
//!
//! What a line read or wrote is kept as it was at that moment. Lists are shared until one of them
//! changes, so an order of thousands of lines keeps each list once.

use crate::model::op::Part;
use crate::model::state::Id;
use crate::model::step::Blocked;
use crate::model::{LaneId, TurnId};
use crate::platform::Arc;

/// One message, as a lane, a cell or an answer has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Whose question it is, or to whose question it is the answer.
    pub turn: TurnId,
    /// Which of the two it is.
    pub part: Part,
    /// The questions that it carries: itself, or for an answer those that it is based on.
    pub basis: Arc<[TurnId]>,
}

/// Messages in their order.
pub type Messages = Arc<Vec<Message>>;

/// An answer with everything that it was computed from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The turn that it was computed for.
    pub turn: TurnId,
    /// The messages that it was computed from.
    pub context: Messages,
    /// Its words.
    pub text: Arc<str>,
}

impl Said {
    /// The questions that it is based on, each once.
    pub fn basis(&self) -> Vec<TurnId> {
        questions(&self.context)
    }

    /// No answer at all.
    pub fn nothing(turn: TurnId) -> Said {
        Said { turn, context: Messages::default(), text: "".into() }
    }

    /// The answer as a message of a history.
    pub fn message(&self) -> Message {
        Message { turn: self.turn, part: Part::Answer, basis: self.basis().into() }
    }
}

/// The questions that some messages carry, each once, in turn order.
pub fn questions(messages: &[Message]) -> Vec<TurnId> {
    let mut all: Vec<TurnId> =
        messages.iter().flat_map(|message| message.basis.iter().copied()).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// Something that a line did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A request began.
    Began(TurnId),
    /// A cell was read.
    Read {
        /// The cell's number.
        cell: usize,
        /// The cell's name.
        name: String,
        /// What was in it.
        value: Value,
    },
    /// A cell was written.
    Wrote {
        /// The cell's number.
        cell: usize,
        /// The cell's name.
        name: String,
        /// What was in it before.
        before: Value,
        /// What is in it now.
        value: Value,
    },
    /// A cell was not written, because somebody else wrote it since it was loaded.
    SwapFailed {
        /// The cell's name.
        name: String,
    },
    /// A lock was taken.
    Acquired {
        /// The lock's name.
        name: String,
    },
    /// A lock was given back.
    Released {
        /// The lock's name.
        name: String,
    },
    /// A question went into a mailbox.
    Sent {
        /// The mailbox's name.
        name: String,
        /// The question.
        turn: TurnId,
    },
    /// A question came out of a mailbox.
    Received {
        /// The mailbox's name.
        name: String,
        /// The question.
        turn: TurnId,
    },
    /// An answer went into a pipe.
    Piped {
        /// The pipe's name.
        name: String,
        /// The turn that it was computed for.
        turn: TurnId,
    },
    /// An answer came out of a pipe.
    Unpiped {
        /// The pipe's name.
        name: String,
        /// The turn that it was computed for.
        turn: TurnId,
    },
    /// What was in a pipe was thrown away.
    Dropped {
        /// The pipe's name.
        name: String,
        /// The turns that the answers in it were computed for.
        turns: Vec<TurnId>,
    },
    /// A request was cancelled by its client.
    Cancelled(TurnId),
    /// The lane waits in a way that lets nobody else go on.
    Froze,
    /// An answer was handed to the lane that asked.
    HandedBack {
        /// That lane.
        to: LaneId,
    },
    /// A reply was shown to the user.
    Replied {
        /// The turn that it ends.
        turn: TurnId,
        /// What was shown.
        said: Said,
    },
}

/// What a cell held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A list of messages.
    Messages(Messages),
    /// A cached answer.
    Answer(Option<Said>),
    /// A small value.
    Small(Id),
}

impl Value {
    /// The questions that it carries, each once.
    pub fn questions(&self) -> Vec<TurnId> {
        match self {
            Value::Messages(messages) => questions(messages),
            Value::Answer(Some(said)) => said.basis(),
            Value::Answer(None) | Value::Small(_) => Vec::new(),
        }
    }
}

/// One line that ran.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineRun {
    /// The lane that ran it; a daemon's line may run in a client's step at grain `turn`.
    pub lane: LaneId,
    /// The turn that it worked on; a daemon may work on none.
    pub turn: Option<TurnId>,
    /// Its number in the listing.
    pub number: usize,
    /// Its code.
    pub text: String,
    /// What it did.
    pub events: Vec<Event>,
    /// The locks that the lane holds afterwards, by name.
    pub holds: Vec<String>,
}

/// One step of the schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepRun {
    /// The lane that the schedule moved.
    pub lane: LaneId,
    /// Whether the lane before it was inside a turn and could have moved on.
    pub preempts: bool,
    /// The lines that ran, in order.
    pub lines: Vec<LineRun>,
}

/// A reply and when it was shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The turn that it ends.
    pub turn: TurnId,
    /// The step, from 0.
    pub step: usize,
    /// What was shown.
    pub said: Said,
    /// The questions of the same session that had been answered when this turn began.
    pub earlier: Vec<TurnId>,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Not yet: the schedule was shorter than the run.
    Open,
    /// Every client lane is through.
    Complete,
    /// Somebody is unfinished and nobody can move: the unfinished client lanes, and the daemons
    /// that wait for a lock, and why.
    Stuck(Vec<(LaneId, Blocked)>),
}

/// Everything that happened in one order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The steps.
    pub steps: Vec<StepRun>,
    /// The replies, in the order in which they were shown.
    pub replies: Vec<Shown>,
    /// What the cells held at the end, by number.
    pub cells: Vec<Value>,
    /// How it ended.
    pub ending: Ending,
}

impl Record {
    /// Every event with its step and lane, in order.
    pub fn events(&self) -> impl Iterator<Item = (usize, LaneId, &Event)> {
        self.steps.iter().enumerate().flat_map(|(step, run)| {
            run.lines
                .iter()
                .flat_map(move |line| line.events.iter().map(move |event| (step, line.lane, event)))
        })
    }

    /// Whether a turn was cancelled by its client.
    pub fn cancelled(&self, turn: TurnId) -> bool {
        self.events().any(|(_, _, event)| *event == Event::Cancelled(turn))
    }

    /// Whether a turn got a reply.
    pub fn answered(&self, turn: TurnId) -> bool {
        self.replies.iter().any(|reply| reply.turn == turn)
    }
}
