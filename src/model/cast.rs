//! A scenario, resolved: who talks, in which sessions and lanes, and what is said.

use super::{LaneId, SessionId, TurnId, UserId};
use std::ops::Range;

/// The most client lanes that a scenario may have.
pub const LANES_MAX: usize = 16;
/// The most turns that a scenario may have, over all lanes.
pub const TURNS_MAX: usize = 64;
/// How long the assistant thinks unless a scenario says otherwise, in milliseconds.
pub const INFER_MS: u64 = 1000;
/// The longest time that may be written, in milliseconds: an hour.
pub const MS_MAX: u64 = 3_600_000;

/// Everybody and everything that is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cast {
    /// Names of the users, in the order of their first lane.
    pub users: Vec<String>,
    /// The network addresses, in the order of their first lane.
    pub addresses: Vec<String>,
    /// The sessions, in the order of their first lane.
    pub sessions: Vec<Session>,
    /// The client lanes, in the order of the file; 1 to [`LANES_MAX`].
    pub lanes: Vec<ClientLane>,
    /// The turns of all lanes, lane by lane; 1 to [`TURNS_MAX`].
    pub turns: Vec<Turn>,
    /// The turns that their client may cancel while they wait.
    pub cancels: Vec<TurnId>,
    /// How the assistant words its answers.
    pub phrases: Phrases,
    /// How long the assistant thinks about one question, in milliseconds of virtual time.
    pub infer_ms: u64,
}

/// One conversation of a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its name.
    pub name: String,
    /// Whose it is.
    pub user: UserId,
}

/// One sequential stream of requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientLane {
    /// Its name, as typed in schedules.
    pub name: String,
    /// The session that it talks in.
    pub session: SessionId,
    /// Where its requests come from, in [`Cast::addresses`].
    pub address: usize,
    /// Its turns in [`Cast::turns`], in order.
    pub turns: Range<TurnId>,
}

/// One request and what it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// The lane that it belongs to.
    pub lane: LaneId,
    /// Its place in that lane, from 1.
    pub number: usize,
    /// What the user says.
    pub text: String,
    /// What the assistant can learn from it: a topic and its value.
    pub tells: Vec<(String, String)>,
    /// The topic that it asks for.
    pub asks: Option<String>,
    /// It is not sent before this moment, in milliseconds of virtual time; and not before the lane
    /// has the reply to its turn before.
    pub at_ms: u64,
}

/// How the assistant words its answers. `{topic}`, `{value}` and `{count}` are filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrases {
    /// When it was told something: `{topic}`, `{value}`.
    pub told: String,
    /// When it was told a name: `{value}`.
    pub greeting: String,
    /// When it knows what it was asked: `{topic}`, `{value}`.
    pub known: String,
    /// When it does not: `{topic}`.
    pub unknown: String,
    /// When it was neither told nor asked anything: `{count}` questions heard so far.
    pub other: String,
}

impl Default for Phrases {
    fn default() -> Self {
        Phrases {
            told: "Noted: your {topic} is {value}.".into(),
            greeting: "Nice to meet you, {value}.".into(),
            known: "Your {topic} is {value}.".into(),
            unknown: "I do not know your {topic}.".into(),
            other: "Messages heard so far: {count}.".into(),
        }
    }
}

impl Cast {
    /// The session of a turn.
    pub fn session_of(&self, turn: TurnId) -> SessionId {
        self.lanes[self.turns[turn].lane].session
    }

    /// The user who speaks in a turn.
    pub fn user_of(&self, turn: TurnId) -> UserId {
        self.sessions[self.session_of(turn)].user
    }

    /// What a turn's question, or its reply, is called for short: `alice#1`.
    pub fn label(&self, turn: TurnId) -> String {
        format!("{}#{}", self.lane_name_of(turn), self.turns[turn].number)
    }

    /// Name of the lane of a turn.
    pub fn lane_name_of(&self, turn: TurnId) -> &str {
        &self.lanes[self.turns[turn].lane].name
    }
}
